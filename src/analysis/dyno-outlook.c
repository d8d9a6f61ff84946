/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-outlook.h"

static DynoCoverageSummary *
cover (const DynoVeResult *result)
{
  const DynoVeSet *set = result->set;
  g_autoptr(DynoCoverage) coverage = dyno_coverage_new (&set->shape);

  for (guint i = 0; i < set->n_runs; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      dyno_coverage_add (coverage, dyno_coverage_run_of (result, i, name, 0));
    }

  return dyno_coverage_summarise (coverage, set->options->edge_rpm);
}

static DynoPlan *
plan (const DynoOutlook         *self,
      const DynoVeResult        *result,
      const DynoPlanConstraints *constraints)
{
  g_autoptr(DynoCoverageSummary) summary = cover (result);
  g_autofree guint32 *hits = dyno_coverage_summary_hits (summary);
  DynoPlanFacts facts = { .shape = &result->set->shape, .hits = hits,
                          .coverage_pct = summary->pct, .has_modes = TRUE };
  DynoPlanConstraints defaults;

  dyno_plan_constraints_init (&defaults);
  for (guint i = 0; i < DYNO_N_MODES; i++)
    facts.rows[i] = self->modes->counts[i];
  for (guint i = 0; i < self->causes->findings->len; i++)
    {
      const DynoFinding *cause = g_ptr_array_index (self->causes->findings, i);

      dyno_plan_facts_add_cause (&facts, cause->kind, cause->score);
    }

  return dyno_plan_make (&facts, constraints != NULL ? constraints : &defaults);
}

DynoOutlook *
dyno_outlook_make (const DynoVeResult        *result,
                   const DynoPlanConstraints *constraints,
                   const DynoProgress        *progress)
{
  g_autoptr(DynoOutlook) self = NULL;

  g_return_val_if_fail (result != NULL, NULL);

  self = g_new0 (DynoOutlook, 1);
  self->modes = dyno_modes_find (result->set, progress);
  if (self->modes == NULL)
    return NULL;
  self->surfaces = dyno_surfaces_make (result->set, self->modes, progress);
  if (self->surfaces == NULL)
    return NULL;

  dyno_valleys_find (self->surfaces, &self->valleys);
  self->causes = dyno_causes_find (self->modes, self->surfaces, &self->valleys);
  self->plan = plan (self, result, constraints);

  return g_steal_pointer (&self);
}

void
dyno_outlook_free (DynoOutlook *self)
{
  if (self == NULL)
    return;

  dyno_modes_free (self->modes);
  dyno_surfaces_free (self->surfaces);
  g_clear_pointer (&self->causes, dyno_advice_free);
  dyno_plan_free (self->plan);
  g_free (self);
}
