/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analysis.h"

#include <string.h>

#include "dyno-bin.h"
#include "dyno-delay-measure.h"
#include "dyno-explain.h"
#include "dyno-gate-mixture.h"
#include "dyno-gate-rows.h"
#include "dyno-outlier.h"
#include "dyno-ve-cells.h"

#define GATE_FRACTION 0.45
#define BIN_FRACTION 0.60
#define SMOOTH_FRACTION 0.70
#define WORST_CELL_PCT 5
#define BIAS_PCT 2

/* A cylinder at a time: its factors are the largest thing in memory beside the
 * log, and need not be there for both. */
typedef struct
{
  DynoVeResult       *result;
  const DynoProgress *progress;
  guint16           **flags;    /* (owned) of each run */
  double             *factors;  /* (owned) of the whole set */
} Work;

static gboolean
is_cancelled (const Work *work)
{
  return dyno_progress_is_cancelled (work->progress);
}

static gboolean
judge_run (Work            *work,
           const DynoVeRun *run,
           guint            cylinder)
{
  DynoVeResult *result = work->result;
  const guint16 *flags = work->flags[run - result->set->runs];
  guint8 *reasons = result->reasons[cylinder] + run->first;
  guint16 *homes = result->homes[cylinder] + run->first;

  dyno_gate_mixture (run, cylinder, result->set->options, reasons, work->progress);
  for (gsize begin = 0; begin < run->n; begin += DYNO_VE_CHUNK)
    {
      if (is_cancelled (work))
        return FALSE;
      dyno_gate_judge (result->set, run, cylinder, flags, begin,
                       MIN (begin + DYNO_VE_CHUNK, run->n), reasons, homes,
                       work->factors + run->first, result->cylinders[cylinder].blind);
    }

  return TRUE;
}

/* All rows of a cylinder without sensor are without a mixture. */
static void
leave_out (DynoVeResult *result,
           guint         cylinder)
{
  memset (result->reasons[cylinder], DYNO_GATE_NO_MIXTURE, result->n_rows);
  memset (result->homes[cylinder], 0xFF, result->n_rows * sizeof (guint16));
}

static gboolean
gate (Work *work,
      guint cylinder)
{
  DynoVeResult *result = work->result;

  result->reasons[cylinder] = g_new0 (guint8, result->n_rows);
  result->homes[cylinder] = g_new (guint16, result->n_rows);
  if (!result->set->has_sensor[cylinder])
    {
      leave_out (result, cylinder);
      return TRUE;
    }
  for (guint i = 0; i < result->set->n_runs; i++)
    {
      if (!judge_run (work, &result->set->runs[i], cylinder))
        return FALSE;
    }

  return TRUE;
}

static void
reject_outliers (Work *work,
                 guint cylinder)
{
  DynoVeResult *result = work->result;
  const DynoVeOptions *options = result->set->options;

  if (options->mad_limit > 0 && dyno_ve_options_has_gate (options, DYNO_GATE_OUTLIER))
    dyno_outlier_reject (result->reasons[cylinder], result->homes[cylinder], work->factors,
                         result->n_rows, result->n_cells, options->mad_limit, work->progress);
}

/* Chunk by chunk, each summed for itself and added in its order. */
static gboolean
sum_cells (Work         *work,
           guint         cylinder,
           DynoCellSums *sums)
{
  DynoVeResult *result = work->result;
  g_autofree DynoCellSums *part = g_new0 (DynoCellSums, result->n_cells);

  for (guint i = 0; i < result->set->n_runs; i++)
    {
      const DynoVeRun *run = &result->set->runs[i];

      for (gsize begin = 0; begin < run->n; begin += DYNO_VE_CHUNK)
        {
          if (is_cancelled (work))
            return FALSE;
          dyno_bin_chunk (result->set, run, cylinder, result->homes[cylinder] + run->first,
                          work->factors + run->first, begin, MIN (begin + DYNO_VE_CHUNK, run->n),
                          part);
          dyno_bin_add (sums, part, result->n_cells);
        }
    }

  return TRUE;
}

static guint32 *
count_hits (const DynoVeResult *result,
            guint               cylinder)
{
  guint32 *hits = g_new0 (guint32, result->n_cells);

  for (gsize i = 0; i < result->n_rows; i++)
    {
      if (result->homes[cylinder][i] != DYNO_NO_CELL)
        hits[result->homes[cylinder][i]]++;
    }

  return hits;
}

static void
count_reasons (DynoVeResult *result,
               guint         cylinder)
{
  guint64 *counts = result->cylinders[cylinder].counts;

  for (gsize i = 0; i < result->n_rows; i++)
    counts[result->reasons[cylinder][i]]++;
}

static gboolean
bin (Work *work,
     guint cylinder)
{
  DynoVeResult *result = work->result;
  DynoVeCylinder *made = &result->cylinders[cylinder];
  g_autofree DynoCellSums *sums = g_new0 (DynoCellSums, result->n_cells);
  g_autofree guint32 *hits = NULL;

  if (!sum_cells (work, cylinder, sums))
    return FALSE;

  hits = count_hits (result, cylinder);
  made->has_sensor = result->set->has_sensor[cylinder];
  made->target = result->set->target[cylinder];
  made->delay = result->set->delay[cylinder];
  made->cells = dyno_ve_cells_new (result->set, cylinder, sums, hits);
  count_reasons (result, cylinder);

  return TRUE;
}

static void
flag_rows (Work *work)
{
  DynoVeResult *result = work->result;

  for (guint i = 0; i < result->set->n_runs; i++)
    work->flags[i] = dyno_gate_rows (&result->set->runs[i], result->set->options,
                                     &result->gates_unavailable, work->progress);
}

static gboolean
analyse_cylinders (Work *work)
{
  static const double gated[DYNO_VE_CYLINDERS] = { 0.38, GATE_FRACTION };

  flag_rows (work);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (!gate (work, c))
        return FALSE;
      dyno_progress_tell (work->progress, gated[c], "gate");
      reject_outliers (work, c);
      if (!bin (work, c))
        return FALSE;
    }
  dyno_progress_tell (work->progress, BIN_FRACTION, "bin");

  return !is_cancelled (work);
}

static gboolean
analyse (DynoVeResult       *result,
         const DynoProgress *progress)
{
  guint n_runs = result->set->n_runs;
  Work work = { result, progress, g_new0 (guint16 *, n_runs), g_new (double, result->n_rows) };
  gboolean is_done = analyse_cylinders (&work);

  for (guint i = 0; i < n_runs; i++)
    g_free (work.flags[i]);
  g_free (work.flags);
  g_free (work.factors);

  return is_done;
}

static void
note_targets (DynoVeResult *result)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (result->cylinders[c].has_sensor && result->set->options->target == DYNO_TARGET_AUTO
          && result->cylinders[c].target == DYNO_VE_TARGET_TABLE)
        dyno_notes_add (result->assumptions, c == 0 ? "target-table-front" : "target-table-rear",
                        "The %s cylinder has no usable commanded mixture: the target table was "
                        "used.", c == 0 ? "front" : "rear");
    }
}

static void
note_balance (DynoVeResult *result)
{
  const DynoVeBalance *balance = &result->balance;
  const DynoGridShape *shape = &result->set->shape;
  char mean[G_ASCII_DTOSTR_BUF_SIZE];
  char worst[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (mean, sizeof mean, "%.1f", fabs (balance->mean_pct));
  g_ascii_formatd (worst, sizeof worst, "%.1f", fabs (balance->worst_pct));
  if (fabs (balance->mean_pct) > BIAS_PCT)
    dyno_notes_add (result->warnings, "cylinder-bias",
                    "The rear cylinder wants %s %% %s fuel than the front on average (%s).", mean,
                    balance->mean_pct > 0 ? "more" : "less", dyno_bias_name (balance->bias));
  if (fabs (balance->worst_pct) > WORST_CELL_PCT)
    dyno_notes_add (result->warnings, "cylinder-local",
                    "At %.0f rpm and %.0f kPa the cylinders differ by %s %%: look for a leak or a "
                    "sensor first.", shape->rpm.at[balance->worst_cell / shape->load.n],
                    shape->load.at[balance->worst_cell % shape->load.n], worst);
}

static void
note_warnings (DynoVeResult *result)
{
  const char *warning = dyno_math_version_warning (result->set->options->math_version);

  if (warning != NULL)
    dyno_notes_add (result->warnings, "math-version", "%s", warning);
  if (!result->set->has_time)
    dyno_notes_add (result->warnings, "no-time",
                    "The log has no time: rules that need it were left out, the delay among them.");
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (!result->cylinders[c].has_sensor)
        dyno_notes_add (result->warnings, c == 0 ? "no-sensor-front" : "no-sensor-rear",
                        "The %s cylinder has no mixture sensor, so it has no correction.",
                        c == 0 ? "front" : "rear");
    }
  note_balance (result);
  dyno_ve_explain_losses (result);
}

static void
finish (DynoVeResult       *result,
        const DynoProgress *progress)
{
  const DynoVeCell *front = result->cylinders[0].cells;
  const DynoVeCell *rear = result->cylinders[1].cells;

  result->combined = dyno_ve_cells_combine (front, rear, result->n_cells);
  dyno_ve_cells_balance (front, rear, result->n_cells, &result->balance);
  note_targets (result);
  note_warnings (result);
  dyno_progress_tell (progress, SMOOTH_FRACTION, "smooth");
}

static DynoVeResult *
result_new (DynoVeSet *set,
            GPtrArray *assumptions)
{
  DynoVeResult *result = g_new0 (DynoVeResult, 1);

  result->set = set;
  result->n_rows = set->n_rows;
  result->n_cells = dyno_grid_shape_cells (&set->shape);
  result->assumptions = assumptions;
  result->warnings = dyno_notes_new ();
  result->options = dyno_ve_options_canonical (set->options);
  result->index = dyno_ve_index_new ();

  return result;
}

DynoVeResult *
dyno_analysis_run (DynoSamples *const  *runs,
                   guint                n_runs,
                   const DynoVeOptions *options,
                   const DynoGridShape *base,
                   const DynoProgress  *progress,
                   DynoAnalysisError  **error)
{
  g_autoptr(GPtrArray) assumptions = dyno_notes_new ();
  g_autoptr(DynoVeSet) set =
      dyno_ve_set_new (runs, n_runs, options, base, assumptions, error);
  g_autoptr(DynoVeResult) result = NULL;

  if (set == NULL)
    return NULL;

  for (guint c = 0; c < DYNO_VE_CYLINDERS && !dyno_progress_is_cancelled (progress); c++)
    dyno_delay_measure (set, c);
  result = result_new (g_steal_pointer (&set), g_steal_pointer (&assumptions));
  if (!analyse (result, progress))
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_CANCELLED, "The analysis was cancelled.");
      return NULL;
    }
  finish (result, progress);

  return g_steal_pointer (&result);
}
