/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analysis.h"

#include <string.h>

#include "dyno-bin.h"
#include "dyno-crew.h"
#include "dyno-delay-measure.h"
#include "dyno-explain-losses.h"
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

/* Rows that are judged and summed together, the same ones whoever does it. */
typedef struct
{
  const DynoVeRun *run;
  gsize            begin; /* of the run */
  gsize            end;
  DynoCellSums    *sums;  /* (owned) one a cell, while the chunk is summed */
  DynoGateCounts   blind;
} Chunk;

/* A cylinder at a time: its factors are the largest thing in memory beside the
 * log, and need not be there for both. */
typedef struct
{
  DynoVeResult *result;
  DynoProgress  progress;  /* for any thread */
  guint16     **flags;     /* (owned) of each run */
  double       *factors;   /* (owned) of the whole set */
  GArray       *chunks;    /* (owned) of Chunk, in the order of the rows */
  guint         cylinder;  /* in hand */
  guint         first;     /* chunk of those that are summed together */
} Work;

#define TOGETHER 16 /* chunks whose sums wait for their turn */

static gboolean
is_cancelled (const Work *work)
{
  return dyno_progress_is_cancelled (&work->progress);
}

static gboolean
is_large (const Work *work)
{
  return work->result->n_rows > DYNO_VE_CHUNK;
}

static Chunk *
chunk_at (const Work *work,
          guint       index)
{
  return &g_array_index (work->chunks, Chunk, index);
}

static void
cut_chunks (Work *work)
{
  const DynoVeSet *set = work->result->set;

  for (guint i = 0; i < set->n_runs; i++)
    {
      const DynoVeRun *run = &set->runs[i];

      for (gsize begin = 0; begin < run->n; begin += DYNO_VE_CHUNK)
        {
          const Chunk chunk = { .run = run, .begin = begin,
                                .end = MIN (begin + DYNO_VE_CHUNK, run->n) };

          g_array_append_val (work->chunks, chunk);
        }
    }
}

/* What can be said before the delay is known, and the delay itself */

static void
flag_rows (Work *work)
{
  DynoVeResult *result = work->result;

  for (guint i = 0; i < result->set->n_runs; i++)
    work->flags[i] = dyno_gate_rows (&result->set->runs[i], result->set->options,
                                     &result->gates_unavailable, &work->progress);
}

static void
mark_mixtures (Work *work,
               guint cylinder)
{
  DynoVeResult *result = work->result;
  const DynoVeSet *set = result->set;

  for (guint i = 0; set->has_sensor[cylinder] && i < set->n_runs; i++)
    dyno_gate_mixture (&set->runs[i], cylinder, set->options,
                       result->reasons[cylinder] + set->runs[i].first, &work->progress);
}

#define PREPARATIONS (1 + 2 * DYNO_VE_CYLINDERS)

/* On any thread; none reads what another writes. */
static void
prepare (guint    index,
         gpointer data)
{
  Work *work = data;

  if (is_cancelled (work))
    return;
  if (index == 0)
    flag_rows (work);
  else if (index <= DYNO_VE_CYLINDERS)
    dyno_delay_measure (work->result->set, index - 1);
  else
    mark_mixtures (work, index - 1 - DYNO_VE_CYLINDERS);
}

/* Judging */

/* On any thread. */
static void
judge_chunk (guint    index,
             gpointer data)
{
  const Work *work = data;
  const DynoVeResult *result = work->result;
  Chunk *chunk = chunk_at (work, index);
  gsize first = chunk->run->first;

  memset (chunk->blind, 0, sizeof chunk->blind);
  if (is_cancelled (work))
    return;
  dyno_gate_judge (result->set, chunk->run, work->cylinder,
                   work->flags[chunk->run - result->set->runs], chunk->begin, chunk->end,
                   result->reasons[work->cylinder] + first, result->homes[work->cylinder] + first,
                   work->factors + first, chunk->blind);
}

/* All rows of a cylinder without sensor are without a mixture. */
static void
leave_out (DynoVeResult *result,
           guint         cylinder)
{
  memset (result->reasons[cylinder], DYNO_GATE_NO_MIXTURE, result->n_rows);
  memset (result->homes[cylinder], 0xFF, result->n_rows * sizeof (guint16));
}

static void
gate (Work *work)
{
  DynoVeResult *result = work->result;

  if (!result->set->has_sensor[work->cylinder])
    {
      leave_out (result, work->cylinder);
      return;
    }
  dyno_crew_share (work->chunks->len, is_large (work), judge_chunk, work);
  for (guint i = 0; i < work->chunks->len; i++)
    {
      for (guint g = 0; g < DYNO_N_GATES; g++)
        result->cylinders[work->cylinder].blind[g] += chunk_at (work, i)->blind[g];
    }
}

static void
reject_outliers (Work *work)
{
  DynoVeResult *result = work->result;
  const DynoVeOptions *options = result->set->options;
  guint c = work->cylinder;

  if (options->mad_limit > 0 && dyno_ve_options_has_gate (options, DYNO_GATE_OUTLIER))
    dyno_outlier_reject (result->reasons[c], result->homes[c], work->factors, result->n_rows,
                         result->n_cells, options->mad_limit, &work->progress);
  result->cylinders[c].mads
    = dyno_outlier_mads (result->homes[c], work->factors, result->n_rows, result->n_cells);
}

/* Summing */

/* On any thread. */
static void
sum_chunk (guint    index,
           gpointer data)
{
  const Work *work = data;
  const DynoVeResult *result = work->result;
  Chunk *chunk = chunk_at (work, work->first + index);

  chunk->sums = g_new0 (DynoCellSums, result->n_cells);
  if (!is_cancelled (work))
    dyno_bin_chunk (result->set, chunk->run, work->cylinder,
                    result->homes[work->cylinder] + chunk->run->first,
                    work->factors + chunk->run->first, chunk->begin, chunk->end, chunk->sums);
}

/* Each chunk is summed for itself and added in its order. */
static void
sum_cells (Work         *work,
           DynoCellSums *sums)
{
  for (work->first = 0; work->first < work->chunks->len; work->first += TOGETHER)
    {
      guint n = MIN (TOGETHER, work->chunks->len - work->first);

      dyno_crew_share (n, is_large (work), sum_chunk, work);
      for (guint i = 0; i < n; i++)
        {
          Chunk *chunk = chunk_at (work, work->first + i);

          dyno_bin_add (sums, chunk->sums, work->result->n_cells);
          g_clear_pointer (&chunk->sums, g_free);
        }
    }
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

static void
bin (Work *work)
{
  DynoVeResult *result = work->result;
  guint c = work->cylinder;
  DynoVeCylinder *made = &result->cylinders[c];
  g_autofree DynoCellSums *sums = g_new0 (DynoCellSums, result->n_cells);
  g_autofree guint32 *hits = NULL;

  sum_cells (work, sums);
  hits = count_hits (result, c);
  made->has_sensor = result->set->has_sensor[c];
  made->target = result->set->target[c];
  made->delay = result->set->delay[c];
  made->cells = dyno_ve_cells_new (result->set, c, sums, hits);
  count_reasons (result, c);
}

static gboolean
analyse_cylinders (Work               *work,
                   const DynoProgress *progress)
{
  static const double gated[DYNO_VE_CYLINDERS] = { 0.38, GATE_FRACTION };

  dyno_crew_share (PREPARATIONS, is_large (work), prepare, work);
  if (is_cancelled (work))
    return FALSE;
  for (work->cylinder = 0; work->cylinder < DYNO_VE_CYLINDERS; work->cylinder++)
    {
      gate (work);
      if (is_cancelled (work)) /* rows that were not judged have no home to be read */
        return FALSE;
      dyno_progress_tell (progress, gated[work->cylinder], "gate");
      reject_outliers (work);
      bin (work);
    }
  dyno_progress_tell (progress, BIN_FRACTION, "bin");

  return !is_cancelled (work);
}

static gboolean
analyse (DynoVeResult       *result,
         const DynoProgress *progress)
{
  guint n_runs = result->set->n_runs;
  Work work = { .result = result, .progress = dyno_progress_quiet (progress),
                .flags = g_new0 (guint16 *, n_runs), .factors = g_new (double, result->n_rows),
                .chunks = g_array_new (FALSE, TRUE, sizeof (Chunk)) };
  gboolean is_done;

  cut_chunks (&work);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      result->reasons[c] = g_new0 (guint8, result->n_rows);
      result->homes[c] = g_new (guint16, result->n_rows);
    }
  is_done = analyse_cylinders (&work, progress);

  for (guint i = 0; i < n_runs; i++)
    g_free (work.flags[i]);
  g_free (work.flags);
  g_free (work.factors);
  g_array_unref (work.chunks);

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

  result = result_new (g_steal_pointer (&set), g_steal_pointer (&assumptions));
  if (!analyse (result, progress))
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_CANCELLED, "The analysis was cancelled.");
      return NULL;
    }
  finish (result, progress);

  return g_steal_pointer (&result);
}
