/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-legacy.h"

#include <math.h>

#include "dyno-legacy-cells.h"
#include "dyno-legacy-log.h"
#include "dyno-spark-pull.h"

/* Every row to its cell of both cylinders. FALSE when cancelled. */
static gboolean
read_rows (DynoLegacyLog       *log,
           const DynoGridShape *shape,
           DynoLegacyCells     *cells[DYNO_LEGACY_CYLINDERS],
           const DynoProgress  *progress,
           gsize               *n_rows)
{
  double row[DYNO_LEGACY_N_ROLES];

  for (*n_rows = 0; dyno_legacy_log_next (log, row); (*n_rows)++)
    {
      guint cell = dyno_axis_nearest (&shape->rpm, row[DYNO_LEGACY_RPM]) * DYNO_LEGACY_COLUMNS
                   + dyno_axis_nearest (&shape->load, row[DYNO_LEGACY_MAP]);

      if (dyno_progress_stops (progress, *n_rows))
        return FALSE;
      for (guint c = 0; c < DYNO_LEGACY_CYLINDERS; c++)
        dyno_legacy_cells_add (cells[c], row, cell);
    }

  return TRUE;
}

static gboolean
aggregate (DynoLegacyResult     *self,
           DynoLegacyLog        *log,
           const DynoGridShape  *shape,
           DynoLegacyRole        weight,
           const DynoProgress   *progress,
           DynoAnalysisError   **error)
{
  g_autoptr(DynoLegacyCells) front = dyno_legacy_cells_new (DYNO_LEGACY_FRONT, weight);
  g_autoptr(DynoLegacyCells) rear = dyno_legacy_cells_new (DYNO_LEGACY_REAR, weight);
  DynoLegacyCells *cells[DYNO_LEGACY_CYLINDERS] = { front, rear };

  if (!read_rows (log, shape, cells, progress, &self->n_rows))
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_CANCELLED, "The analysis was cancelled.");
      return FALSE;
    }
  if (self->n_rows == 0)
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_NO_ROWS,
                               "No row of the log has engine speed, MAP and torque.");
      return FALSE;
    }
  for (guint c = 0; c < DYNO_LEGACY_CYLINDERS; c++)
    dyno_legacy_cells_finish (cells[c], &self->cylinders[c]);

  return TRUE;
}

static double
mean_of_both (double front,
              double rear)
{
  if (isnan (front) || isnan (rear))
    return isnan (front) ? rear : front;

  return (front + rear) / 2;
}

static void
combine (DynoLegacyResult *self)
{
  const DynoLegacyCylinder *front = &self->cylinders[DYNO_LEGACY_FRONT];
  const DynoLegacyCylinder *rear = &self->cylinders[DYNO_LEGACY_REAR];

  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    {
      self->delta_pct[i] = mean_of_both (front->error_pct[i], rear->error_pct[i]);
      self->torque[i] = mean_of_both (front->torque[i], rear->torque[i]);
      self->hp[i] = mean_of_both (front->hp[i], rear->hp[i]);
    }
}

/* Too late to reach the delta, as in the original. */
static void
add_rear_bias (DynoLegacyResult    *self,
               const DynoGridShape *shape,
               double               bias_pct)
{
  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    {
      double rpm = shape->rpm.at[i / DYNO_LEGACY_COLUMNS];
      double map = shape->load.at[i % DYNO_LEGACY_COLUMNS];

      if (rpm >= 2500 && rpm <= 3800 && map >= 65 && map <= 95)
        self->cylinders[DYNO_LEGACY_REAR].error_pct[i] += bias_pct;
    }
}

static void
smooth_and_clamp (DynoLegacyResult    *self,
                  const DynoVeOptions *options)
{
  dyno_legacy_smooth (self->delta_pct, (guint) options->smooth_passes);
  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    {
      if (!isnan (self->delta_pct[i]))
        self->delta_pct[i] = CLAMP (self->delta_pct[i], -options->clamp_pct, options->clamp_pct);
    }
}

static void
suggest_spark (DynoLegacyResult    *self,
               const DynoGridShape *shape,
               const DynoVeOptions *options)
{
  for (guint c = 0; c < DYNO_LEGACY_CYLINDERS; c++)
    {
      DynoLegacyCylinder *cylinder = &self->cylinders[c];

      for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
        {
          gboolean is_hot = cylinder->iat_f[i] >= DYNO_SPARK_HOT_F;

          cylinder->spark_deg[i] = dyno_spark_pull (cylinder->knock[i], is_hot);
          if (c == DYNO_LEGACY_REAR
              && dyno_spark_in_rear_rule (shape->rpm.at[i / DYNO_LEGACY_COLUMNS],
                                          shape->load.at[i % DYNO_LEGACY_COLUMNS]))
            cylinder->spark_deg[i]
              = dyno_spark_add_rear_rule (cylinder->spark_deg[i], options->rear_rule_deg,
                                          options->hot_extra_deg, is_hot);
        }
    }
}

static void
update_bases (DynoLegacyResult    *self,
              const double *const  bases[DYNO_LEGACY_CYLINDERS])
{
  const double *front = bases != NULL ? bases[DYNO_LEGACY_FRONT] : NULL;
  const double *rear = bases != NULL ? bases[DYNO_LEGACY_REAR] : NULL;
  const double *used[DYNO_LEGACY_CYLINDERS] = { front != NULL ? front : rear,
                                                rear != NULL ? rear : front };

  self->has_base = used[0] != NULL;
  for (guint c = 0; self->has_base && c < DYNO_LEGACY_CYLINDERS; c++)
    {
      for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
        self->cylinders[c].updated[i]
          = isnan (self->delta_pct[i]) ? used[c][i]
                                       : used[c][i] * (1 + self->delta_pct[i] / 100);
    }
}

/* The column that weighs the rows must be there. */
static gboolean
can_weigh (const DynoLegacyLog  *log,
           DynoLegacyRole        weight,
           DynoAnalysisError   **error)
{
  if (dyno_legacy_log_has (log, weight))
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_MISSING_CHANNEL,
                           "legacy_weight is hp, but the log has no column with “hp” or "
                           "“horsepower” in its name.");

  return FALSE;
}

DynoLegacyResult *
dyno_legacy_run (const char          *text,
                 gsize                length,
                 const DynoVeOptions *options,
                 const double *const  bases[DYNO_LEGACY_CYLINDERS],
                 const DynoProgress  *progress,
                 DynoAnalysisError  **error)
{
  g_autofree DynoLegacyResult *self = g_new0 (DynoLegacyResult, 1);
  DynoLegacyRole weight
    = options->legacy_weight == DYNO_LEGACY_WEIGHT_HP ? DYNO_LEGACY_HP : DYNO_LEGACY_TORQUE;
  DynoGridShape shape;
  DynoLegacyLog log;

  dyno_grid_shape_named (&shape, "11x5");
  if (!dyno_legacy_log_init (&log, text, length, error) || !can_weigh (&log, weight, error)
      || !aggregate (self, &log, &shape, weight, progress, error))
    return NULL;
  dyno_progress_tell (progress, 0.6, "bin");

  combine (self);
  add_rear_bias (self, &shape, options->rear_bias_pct);
  smooth_and_clamp (self, options);
  suggest_spark (self, &shape, options);
  update_bases (self, bases);
  dyno_progress_tell (progress, 0.7, "smooth");

  return g_steal_pointer (&self);
}
