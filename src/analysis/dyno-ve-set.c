/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ve-set.h"

#include "dyno-notes.h"

#define RUNNING_RPM 400
#define PLAUSIBLE_SHARE 0.9
#define MIN_LAMBDA 0.6
#define MAX_LAMBDA 1.2

/* Readings of the commanded mixture while the engine runs, and those that can be
 * a target. */
static void
count_plausible (const DynoVeRun     *run,
                 const DynoVeChannel *target,
                 gsize               *n,
                 gsize               *plausible)
{
  for (gsize i = 0; i < run->n; i++)
    {
      double afr = dyno_ve_raw (target, i);

      if (isnan (afr) || dyno_ve_raw (&run->rpm, i) <= RUNNING_RPM)
        continue;
      (*n)++;
      *plausible +=
          afr >= MIN_LAMBDA * DYNO_STOICH_PETROL && afr <= MAX_LAMBDA * DYNO_STOICH_PETROL;
    }
}

static DynoVeTargetSource
choose_target (const DynoVeSet *self,
               guint            cylinder)
{
  gsize n = 0;
  gsize plausible = 0;

  if (self->options->target != DYNO_TARGET_AUTO)
    return self->options->target == DYNO_TARGET_TABLE ? DYNO_VE_TARGET_TABLE
                                                      : DYNO_VE_TARGET_COMMANDED;

  for (guint i = 0; i < self->n_runs; i++)
    {
      const DynoVeChannel *target = &self->runs[i].target[cylinder];

      if (!dyno_ve_has (target))
        return DYNO_VE_TARGET_TABLE;
      count_plausible (&self->runs[i], target, &n, &plausible);
    }

  return n > 0 && (double) plausible >= PLAUSIBLE_SHARE * (double) n ? DYNO_VE_TARGET_COMMANDED
                                                                     : DYNO_VE_TARGET_TABLE;
}

/* Both cylinders read the same column in every run. */
static gboolean
shares_target (const DynoVeSet *self)
{
  for (guint i = 0; i < self->n_runs; i++)
    {
      const DynoVeChannel *target = self->runs[i].target;

      if (!dyno_numbers_is_same (&target[0].numbers, &target[1].numbers))
        return FALSE;
    }

  return TRUE;
}

static gboolean
choose_shape (DynoVeSet           *self,
              const DynoGridShape *base)
{
  switch (self->options->grid_choice)
    {
    case DYNO_GRID_GIVEN:
      self->shape = self->options->grid;
      return TRUE;
    case DYNO_GRID_11X5:
      return dyno_grid_shape_named (&self->shape, "11x5");
    case DYNO_GRID_11X9:
      return dyno_grid_shape_named (&self->shape, "11x9");
    case DYNO_GRID_AUTO:
    default:
      if (base == NULL)
        return dyno_grid_shape_named (&self->shape, "11x9");
      self->shape = *base;
      return TRUE;
    }
}

static gboolean
is_valid (const DynoVeOptions *options,
          guint                n_runs,
          DynoAnalysisError  **error)
{
  if (n_runs == 0 || n_runs > DYNO_VE_MAX_RUNS)
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                               "An analysis takes 1 to %d runs, not %u.", DYNO_VE_MAX_RUNS, n_runs);
      return FALSE;
    }
  if (!dyno_math_version_is_applicable (options->math_version))
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                               "The mathematics %s reads one log file, alone and by itself: "
                               "dynoctl analyze FILE --math %s.",
                               dyno_math_version_name (options->math_version),
                               dyno_math_version_name (options->math_version));
      return FALSE;
    }
  if (options->delay == DYNO_DELAY_TABLE && options->delay_table == NULL)
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                               "The option delay is table, but delay_table is not set.");
      return FALSE;
    }

  return TRUE;
}

static gboolean
take_runs (DynoVeSet          *self,
           DynoSamples *const *runs,
           guint               n_runs,
           GPtrArray          *notes,
           DynoAnalysisError **error)
{
  self->runs = g_new0 (DynoVeRun, n_runs);
  self->has_time = TRUE;
  self->has_sensor[0] = self->has_sensor[1] = TRUE;
  for (guint i = 0; i < n_runs; i++)
    {
      DynoVeRun *run = &self->runs[i];

      self->n_runs = i + 1;
      if (!dyno_ve_run_init (run, runs[i], self->n_rows, self->options, notes, error))
        return FALSE;
      self->n_rows += run->n;
      self->has_time = self->has_time && run->has_time;
      for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
        self->has_sensor[c] = self->has_sensor[c] && dyno_ve_has (&run->mix[c]);
    }
  if (self->n_rows > 0)
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_NO_ROWS, "The log has no rows to analyse.");

  return FALSE;
}

static gboolean
has_any_sensor (const DynoVeSet    *self,
                DynoAnalysisError **error)
{
  if (self->has_sensor[0] || self->has_sensor[1])
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_MISSING_CHANNEL,
                           "No mixture sensor is in all of these runs; analyse them one by one.");

  return FALSE;
}

DynoVeSet *
dyno_ve_set_new (DynoSamples *const  *runs,
                 guint                n_runs,
                 const DynoVeOptions *options,
                 const DynoGridShape *base,
                 GPtrArray           *notes,
                 DynoAnalysisError  **error)
{
  g_autoptr(DynoVeSet) self = NULL;

  if (!is_valid (options, n_runs, error))
    return NULL;

  self = g_new0 (DynoVeSet, 1);
  self->options = dyno_ve_options_copy (options);
  self->table = options->target_table != NULL ? dyno_target_copy (options->target_table)
                                              : dyno_target_new_default ();
  choose_shape (self, base);
  if (!take_runs (self, runs, n_runs, notes, error) || !has_any_sensor (self, error))
    return NULL;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      self->target[c] = c > 0 && shares_target (self) ? self->target[0] : choose_target (self, c);
      dyno_delay_init (&self->delay[c], self->options, self->has_time);
    }

  return g_steal_pointer (&self);
}

void
dyno_ve_set_free (DynoVeSet *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < self->n_runs; i++)
    dyno_ve_run_clear (&self->runs[i]);
  g_free (self->runs);
  dyno_target_free (self->table);
  dyno_ve_options_free (self->options);
  g_free (self);
}

const DynoVeRun *
dyno_ve_set_run_of (const DynoVeSet *self,
                    gsize            row)
{
  guint i = self->n_runs;

  while (i > 1 && self->runs[i - 1].first > row)
    i--;

  return &self->runs[i - 1];
}
