/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-compat.h"

#include <math.h>
#include <string.h>

#include "dyno-filter.h"
#include "dyno-ratio.h"
#include "dyno-target.h"

#define LEAST_HITS 3
#define CLAMP_SHARE 0.1
#define CLIPPED_SHARE 1e-4
#define TOLERANCE_AFR 0.3
#define LOW_PASS_MS 500.0
#define LOW_AFR 10.0
#define HIGH_AFR 19.0
#define AROUND_MS 50.0
#define N_SIGMA 2.0
#define LEAST_SIGMA 0.5
#define AROUND_ROWS 5

typedef struct
{
  double value; /* Σ AFR · weight */
  double weight;
} Sums;

int
dyno_compat_afr_column (const char *const *headers)
{
  int first = -1;

  for (int i = 0; headers[i] != NULL; i++)
    {
      if (strstr (headers[i], "AFR") == NULL)
        continue;
      if (strstr (headers[i], "Meas") != NULL)
        return i;
      first = first < 0 ? i : first;
    }

  return first;
}

static double
guess_map (double rpm)
{
  if (rpm < 2000)
    return 35;
  if (rpm < 3500)
    return 50;

  return rpm < 5000 ? 65 : 80;
}

double
dyno_compat_target (double map_kpa)
{
  g_autoptr(DynoTarget) table = dyno_target_new_default ();
  const double *afr;
  const DynoAxis *keys = dyno_target_keys (table, &afr);

  return afr[dyno_axis_nearest (keys, map_kpa)];
}

static gboolean
is_valid (const DynoCompatRows     *rows,
          const DynoCompatOptions  *options,
          DynoAnalysisError       **error)
{
  if (!dyno_math_version_is_applicable (options->math_version))
    dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                             "The compatible profiles have the mathematics 2.0.0 and 1.0.0.");
  else if (options->is_filtered && rows->time_ms == NULL)
    dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                             "The filters need the time of every row.");
  else
    return TRUE;

  return FALSE;
}

/* The mixture with rejected rows as NaN; what stays is the raw value. */
static double *
filter_afr (const DynoCompatRows    *rows,
            const DynoCompatOptions *options)
{
  double *afr = g_memdup2 (rows->afr, rows->n * sizeof (double));
  g_autofree double *filtered = NULL;
  DynoFilterSignal signal;

  if (!options->is_filtered)
    return afr;

  filtered = g_memdup2 (rows->afr, rows->n * sizeof (double));
  signal = (DynoFilterSignal){ filtered, rows->time_ms, rows->n };
  dyno_filter_low_pass (&signal, LOW_PASS_MS);
  dyno_filter_window (&signal, LOW_AFR, HIGH_AFR, AROUND_MS);
  dyno_filter_outliers (&signal, N_SIGMA, LEAST_SIGMA, AROUND_ROWS);
  for (gsize i = 0; i < rows->n; i++)
    {
      if (isnan (filtered[i]))
        afr[i] = NAN;
    }

  return afr;
}

static guint
place (const DynoGridShape     *shape,
       const DynoCompatOptions *options,
       double                   rpm,
       double                   map,
       double                  *weight)
{
  double distance;
  guint cell;

  *weight = 1;
  if (!options->is_weighted)
    return dyno_axis_nearest (&shape->rpm, rpm) * shape->load.n
           + dyno_axis_nearest (&shape->load, map);

  cell = dyno_weight_cell (shape, rpm, map, &distance);
  *weight = dyno_weight_of (DYNO_WEIGHT_LOG, distance);

  return cell;
}

/* A sample without weight still is a hit. */
static void
add_rows (DynoCompatResult        *self,
          const DynoCompatRows    *rows,
          const DynoCompatOptions *options,
          const double            *afr,
          Sums                    *sums)
{
  for (gsize i = 0; i < rows->n; i++)
    {
      double rpm = rows->rpm[i];
      double map = rows->map_kpa != NULL ? rows->map_kpa[i] : guess_map (rpm);
      double weight;
      guint cell;

      if (isnan (rpm) || isnan (map) || isnan (afr[i]))
        continue;
      cell = place (&self->shape, options, rpm, map, &weight);
      self->hits[cell]++;
      sums[cell].value += afr[i] * weight;
      sums[cell].weight += weight;
    }
}

static void
finish_cell (DynoCompatResult *self,
             guint             cell,
             const Sums       *sums,
             DynoMathVersion   version)
{
  double target = dyno_compat_target (self->shape.load.at[cell % self->shape.load.n]);
  double mean = sums->value / sums->weight;
  double factor = dyno_ratio_factor (version, mean, target);
  double wanted;

  if (self->hits[cell] < LEAST_HITS || isnan (factor))
    return;

  self->error[cell] = mean - target;
  self->delta_pct[cell] = (factor - 1) * 100;
  wanted = 1 + self->delta_pct[cell] / 100;
  self->multiplier[cell] = CLAMP (wanted, 1 - CLAMP_SHARE, 1 + CLAMP_SHARE);
  self->n_adjusted++;
  self->n_clipped += fabs (wanted - self->multiplier[cell]) > CLIPPED_SHARE;
  self->n_lean += self->error[cell] > TOLERANCE_AFR;
  self->n_rich += self->error[cell] < -TOLERANCE_AFR;
  self->n_ok += fabs (self->error[cell]) <= TOLERANCE_AFR;
  self->mean_delta_pct += self->delta_pct[cell];
  self->mean_error += self->error[cell];
}

static DynoCompatResult *
result_new (DynoCompatProfile profile)
{
  DynoCompatResult *self = g_new0 (DynoCompatResult, 1);
  guint n;

  self->profile = profile;
  dyno_grid_shape_named (&self->shape, profile == DYNO_COMPAT_WORKFLOW ? "11x9" : "11x5");
  n = dyno_grid_shape_cells (&self->shape);
  self->error = g_new (double, n);
  self->delta_pct = g_new (double, n);
  self->multiplier = g_new (double, n);
  self->hits = g_new0 (guint32, n);
  for (guint i = 0; i < n; i++)
    {
      self->error[i] = self->delta_pct[i] = NAN;
      self->multiplier[i] = 1;
    }

  return self;
}

DynoCompatResult *
dyno_compat_run (const DynoCompatRows     *rows,
                 const DynoCompatOptions  *options,
                 DynoAnalysisError       **error)
{
  g_autofree double *afr = NULL;
  g_autofree Sums *sums = NULL;
  DynoCompatResult *self;
  guint n;

  if (!is_valid (rows, options, error))
    return NULL;

  self = result_new (options->profile);
  n = dyno_grid_shape_cells (&self->shape);
  sums = g_new0 (Sums, n);
  afr = filter_afr (rows, options);
  add_rows (self, rows, options, afr, sums);
  for (guint i = 0; i < n; i++)
    finish_cell (self, i, &sums[i], options->math_version);
  if (self->n_adjusted > 0)
    {
      self->mean_delta_pct /= self->n_adjusted;
      self->mean_error /= self->n_adjusted;
    }

  return self;
}

void
dyno_compat_free (DynoCompatResult *self)
{
  if (self == NULL)
    return;

  g_free (self->error);
  g_free (self->delta_pct);
  g_free (self->multiplier);
  g_free (self->hits);
  g_free (self);
}
