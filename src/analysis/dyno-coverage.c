/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-coverage.h"

/* How much a covered cell of a zone counts (analysis.md 3.7). */
static const double weights[DYNO_N_ZONES] = { [DYNO_ZONE_CRUISE] = 5,
                                              [DYNO_ZONE_PART] = 4,
                                              [DYNO_ZONE_WOT] = 2,
                                              [DYNO_ZONE_DECEL] = 1,
                                              [DYNO_ZONE_EDGE] = 1 };

DynoCoverageRun *
dyno_coverage_run_new (const char *run_id,
                       gint64      seen_ms)
{
  DynoCoverageRun *self = g_new0 (DynoCoverageRun, 1);

  self->run_id = g_strdup (run_id);
  self->seen_ms = seen_ms;

  return self;
}

void
dyno_coverage_run_free (DynoCoverageRun *self)
{
  if (self == NULL)
    return;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    g_free (self->hits[c]);
  g_free (self->run_id);
  g_free (self);
}

static guint32 *
count_hits (const DynoVeResult *result,
            const DynoVeRun    *run,
            guint               cylinder)
{
  guint32 *hits = g_new0 (guint32, result->n_cells);

  for (gsize i = run->first; i < run->first + run->n; i++)
    {
      if (result->reasons[cylinder][i] == DYNO_GATE_ACCEPTED)
        hits[result->homes[cylinder][i]]++;
    }

  return hits;
}

DynoCoverageRun *
dyno_coverage_run_of (const DynoVeResult *result,
                      guint               run,
                      const char         *run_id,
                      gint64              seen_ms)
{
  DynoCoverageRun *self;

  g_return_val_if_fail (result != NULL && run < result->set->n_runs, NULL);

  self = dyno_coverage_run_new (run_id, seen_ms);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (result->cylinders[c].has_sensor)
        self->hits[c] = count_hits (result, &result->set->runs[run], c);
    }

  return self;
}

DynoCoverage *
dyno_coverage_new (const DynoGridShape *shape)
{
  DynoCoverage *self = g_new0 (DynoCoverage, 1);

  self->shape = *shape;
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_coverage_run_free);

  return self;
}

void
dyno_coverage_free (DynoCoverage *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->runs);
  g_free (self);
}

static gboolean
find_run (const DynoCoverage *self,
          const char         *run_id,
          guint              *index)
{
  for (*index = 0; *index < self->runs->len; (*index)++)
    {
      const DynoCoverageRun *run = g_ptr_array_index (self->runs, *index);

      if (g_str_equal (run->run_id, run_id))
        return TRUE;
    }

  return FALSE;
}

gboolean
dyno_coverage_add (DynoCoverage    *self,
                   DynoCoverageRun *run)
{
  guint index;

  g_return_val_if_fail (self != NULL && run != NULL, FALSE);

  if (find_run (self, run->run_id, &index))
    {
      dyno_coverage_run_free (run);
      return FALSE;
    }
  g_ptr_array_add (self->runs, run);

  return TRUE;
}

gboolean
dyno_coverage_remove (DynoCoverage *self,
                      const char   *run_id)
{
  guint index;

  if (!find_run (self, run_id, &index))
    return FALSE;
  g_ptr_array_remove_index (self->runs, index);

  return TRUE;
}

static guint32
add_saturated (guint32 a,
               guint32 b)
{
  return a > G_MAXUINT32 - b ? G_MAXUINT32 : a + b;
}

/* Over all runs; FALSE where no run has a sensor there. */
static gboolean
sum_cylinder (const DynoCoverage *self,
              guint               cylinder,
              guint               cell,
              guint32            *hits)
{
  gboolean has_sensor = FALSE;

  *hits = 0;
  for (guint i = 0; i < self->runs->len; i++)
    {
      const DynoCoverageRun *run = g_ptr_array_index (self->runs, i);

      if (run->hits[cylinder] == NULL)
        continue;
      has_sensor = TRUE;
      *hits = add_saturated (*hits, run->hits[cylinder][cell]);
    }

  return has_sensor;
}

static guint32
worst_hits (const DynoCoverage *self,
            guint               cell)
{
  guint32 worst = G_MAXUINT32;
  gboolean is_known = FALSE;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      guint32 hits;

      if (!sum_cylinder (self, c, cell, &hits))
        continue;
      is_known = TRUE;
      worst = MIN (worst, hits);
    }

  return is_known ? worst : 0;
}

static gint64
last_seen (const DynoCoverage *self,
           guint               cell)
{
  gint64 seen_ms = 0;

  for (guint i = 0; i < self->runs->len; i++)
    {
      const DynoCoverageRun *run = g_ptr_array_index (self->runs, i);

      for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
        {
          if (run->hits[c] != NULL && run->hits[c][cell] > 0)
            seen_ms = MAX (seen_ms, run->seen_ms);
        }
    }

  return seen_ms;
}

static char
grade_of (double pct)
{
  if (pct >= 90)
    return 'A';
  if (pct >= 75)
    return 'B';
  if (pct >= 50)
    return 'C';

  return pct >= 25 ? 'D' : 'F';
}

static void
count_cells (DynoCoverageSummary *summary)
{
  double covered = 0;
  double all = 0;

  for (guint i = 0; i < summary->n_cells; i++)
    {
      const DynoCoverageCell *cell = &summary->cells[i];
      gboolean is_covered = cell->hits >= DYNO_COVERED_HITS;

      summary->n_covered += is_covered;
      summary->n_weak += cell->hits > 0 && cell->hits < DYNO_WEAK_HITS;
      covered += is_covered ? weights[cell->zone] : 0;
      all += weights[cell->zone];
    }
  summary->pct = 100 * covered / all;
  summary->grade = grade_of (summary->pct);
}

DynoCoverageSummary *
dyno_coverage_summarise (const DynoCoverage *self,
                         const double        edge_rpm[2])
{
  DynoCoverageSummary *summary = g_new0 (DynoCoverageSummary, 1);
  const DynoAxis *load = &self->shape.load;

  summary->n_cells = dyno_grid_shape_cells (&self->shape);
  summary->cells = g_new0 (DynoCoverageCell, summary->n_cells);
  for (guint i = 0; i < summary->n_cells; i++)
    {
      DynoCoverageCell *cell = &summary->cells[i];

      cell->hits = worst_hits (self, i);
      cell->seen_ms = last_seen (self, i);
      cell->zone = dyno_zone_of (self->shape.rpm.at[i / load->n], load->at[i % load->n], edge_rpm);
    }
  count_cells (summary);

  return summary;
}

void
dyno_coverage_summary_free (DynoCoverageSummary *self)
{
  if (self == NULL)
    return;

  g_free (self->cells);
  g_free (self);
}

DynoAdvice *
dyno_coverage_advise (const DynoCoverageSummary *summary)
{
  DynoAdvice *advice = dyno_advice_new ("coverage");
  DynoFinding *finding =
      dyno_finding_new ("coverage", summary->pct, DYNO_EVIDENCE_MEASURED,
                        "%.0f %% of the map that matters is covered (grade %c).", summary->pct,
                        summary->grade);

  dyno_finding_add_number (finding, "cells", summary->n_cells);
  dyno_finding_add_number (finding, "covered", summary->n_covered);
  dyno_finding_add_number (finding, "coverage_pct", summary->pct);
  dyno_advice_take (advice, finding);
  if (summary->n_weak == 0)
    return advice;

  finding = dyno_finding_new ("weak-cells", summary->n_weak, DYNO_EVIDENCE_MEASURED,
                              "%u cells have fewer than %d hits.", summary->n_weak,
                              DYNO_WEAK_HITS);
  for (guint i = 0; i < summary->n_cells; i++)
    {
      if (summary->cells[i].hits > 0 && summary->cells[i].hits < DYNO_WEAK_HITS)
        dyno_finding_add_cell (finding, i);
    }
  dyno_advice_take (advice, finding);

  return advice;
}
