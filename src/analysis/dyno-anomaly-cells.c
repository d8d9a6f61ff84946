/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-anomaly-cells.h"

#include <math.h>

#include "dyno-stat.h"

#define MIN_CELLS 8
#define MAX_Z 3.5
#define MIN_MAD 1e-6
#define LEAST_PCT 1.0 /* the threshold of smoothing, 3.6 */
#define IMBALANCE_PCT 3
#define LEAK_PCT 4
#define KNOCK_DEG 1.5
#define KNOCK_ROWS 2
#define HOT_C 48.9 /* 120 °F */
#define LISTED_CELLS 10

/* A part of the map, both ends included. */
typedef struct
{
  double rpm[2];
  double kpa[2];
} Region;

static const Region mid_band = { { 2500, 3800 }, { 65, 95 } };
static const Region leak_band = { { 1500, 2500 }, { 35, 50 } };
static const Region sound_band = { { 2500, 3500 }, { 65, 80 } };

static double
cell_rpm (const DynoGridShape *shape,
          guint                cell)
{
  return shape->rpm.at[cell / shape->load.n];
}

static double
cell_kpa (const DynoGridShape *shape,
          guint                cell)
{
  return shape->load.at[cell % shape->load.n];
}

static gboolean
is_inside (const DynoGridShape *shape,
           const Region        *region,
           guint                cell)
{
  double rpm = cell_rpm (shape, cell);
  double kpa = cell_kpa (shape, cell);

  return rpm >= region->rpm[0] && rpm <= region->rpm[1] && kpa >= region->kpa[0]
         && kpa <= region->kpa[1];
}

/* Mean of the cells of a region that have a value; NaN without. These cells are
 * added to `finding`, which may be NULL. */
static double
region_mean (const DynoGridShape *shape,
             const Region        *region,
             const double        *values,
             DynoFinding         *finding)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < dyno_grid_shape_cells (shape); i++)
    {
      if (isnan (values[i]) || !is_inside (shape, region, i))
        continue;
      sum += values[i];
      n++;
      if (finding != NULL)
        dyno_finding_add_cell (finding, i);
    }

  return n > 0 ? sum / n : NAN;
}

/* How far a cell is from the mean of its neighbours; NaN without either. */
static double
distance_at (const DynoGridShape *shape,
             const double        *values,
             guint                cell)
{
  guint row = cell / shape->load.n;
  guint column = cell % shape->load.n;
  double sum = 0;
  guint n = 0;

  for (guint k = 0; k < 4; k++)
    {
      static const int steps[4][2] = { { -1, 0 }, { 1, 0 }, { 0, -1 }, { 0, 1 } };
      gint r = (gint) row + steps[k][0];
      gint c = (gint) column + steps[k][1];
      double value;

      if (r < 0 || c < 0 || r >= (gint) shape->rpm.n || c >= (gint) shape->load.n)
        continue;
      value = values[(guint) r * shape->load.n + (guint) c];
      sum += isnan (value) ? 0 : value;
      n += !isnan (value);
    }

  return n > 0 ? fabs (values[cell] - sum / n) : NAN;
}

static void
add_spatial (DynoAdvice          *advice,
             const DynoGridShape *shape,
             guint                cylinder,
             guint                cell,
             double               delta_pct,
             double               z)
{
  DynoFinding *finding = dyno_finding_new (
      "spatial", z, DYNO_EVIDENCE_MEASURED,
      "The %s cell at %g rpm, %g kPa (%+.1f %%) does not fit its neighbours.",
      dyno_ve_cylinder_name (cylinder), cell_rpm (shape, cell), cell_kpa (shape, cell), delta_pct);

  dyno_finding_add_cell (finding, cell);
  dyno_finding_add_number (finding, "cylinder", cylinder);
  dyno_finding_add_number (finding, "delta_pct", delta_pct);
  dyno_finding_add_number (finding, "z", z);
  dyno_finding_add_check (finding, "Hold this cell again for some seconds.");
  dyno_finding_add_check (finding, "Look for vacuum leaks, throttle sync and sensor noise.");
  dyno_advice_take (advice, finding);
}

void
dyno_anomaly_spatial (DynoAdvice          *advice,
                      const DynoGridShape *shape,
                      guint                cylinder,
                      const double        *limited_pct,
                      const guint32       *hits)
{
  guint n_cells = dyno_grid_shape_cells (shape);
  g_autofree double *distances = g_new (double, MAX (n_cells, 1));
  g_autofree double *sorted = g_new (double, MAX (n_cells, 1));
  guint n = 0;
  guint n_data = 0;
  double median;
  double mad;

  for (guint i = 0; i < n_cells; i++)
    {
      distances[i] = distance_at (shape, limited_pct, i);
      n_data += !isnan (limited_pct[i]);
      if (!isnan (distances[i]))
        sorted[n++] = distances[i];
    }
  if (n_data < MIN_CELLS || n == 0)
    return;

  median = dyno_stat_median (sorted, n);
  mad = fmax (dyno_stat_mad (sorted, n, median), MIN_MAD);
  for (guint i = 0; i < n_cells; i++)
    {
      double z = 0.6745 * (distances[i] - median) / mad;

      if (z > MAX_Z && distances[i] >= LEAST_PCT && hits[i] > 0)
        add_spatial (advice, shape, cylinder, i, limited_pct[i], z);
    }
}

void
dyno_anomaly_imbalance (DynoAdvice          *advice,
                        const DynoGridShape *shape,
                        const double        *front_pct,
                        const double        *rear_pct)
{
  guint n_cells = dyno_grid_shape_cells (shape);
  g_autofree double *difference = g_new (double, MAX (n_cells, 1));
  double mean;
  DynoFinding *finding;

  for (guint i = 0; i < n_cells; i++)
    difference[i] = rear_pct[i] - front_pct[i];
  mean = region_mean (shape, &mid_band, difference, NULL);
  if (!(fabs (mean) >= IMBALANCE_PCT))
    return;

  finding = dyno_finding_new ("cylinder-imbalance", fabs (mean), DYNO_EVIDENCE_MEASURED,
                              "In the middle of the map the rear asks for %.1f %% %s fuel than "
                              "the front.", fabs (mean), mean > 0 ? "more" : "less");
  region_mean (shape, &mid_band, difference, finding);
  dyno_finding_add_number (finding, "imbalance_pct", mean);
  dyno_finding_add_check (finding, "Flow-test the injectors.");
  dyno_finding_add_check (finding, "Look for exhaust leaks near the rear sensor.");
  dyno_advice_take (advice, finding);
}

void
dyno_anomaly_leak (DynoAdvice          *advice,
                   const DynoGridShape *shape,
                   guint                cylinder,
                   const double        *raw_pct)
{
  double low = region_mean (shape, &leak_band, raw_pct, NULL);
  double high = region_mean (shape, &sound_band, raw_pct, NULL);
  DynoFinding *finding;

  if (!(low - high >= LEAK_PCT))
    return;

  finding = dyno_finding_new ("exhaust-leak", low - high, DYNO_EVIDENCE_INFERRED,
                              "The %s reads %.1f %% leaner at low load than above: false air "
                              "may reach its sensor.", dyno_ve_cylinder_name (cylinder),
                              low - high);
  region_mean (shape, &leak_band, raw_pct, finding);
  dyno_finding_add_number (finding, "cylinder", cylinder);
  dyno_finding_add_number (finding, "low_load_pct", low);
  dyno_finding_add_number (finding, "above_pct", high);
  dyno_finding_add_check (finding, "Smoke-test the exhaust joints.");
  dyno_finding_add_check (finding, "Check the weld of the sensor's bung.");
  dyno_advice_take (advice, finding);
}

static gboolean
is_knocking (const DynoKnock *knock,
             guint            cell)
{
  gboolean knocks = FALSE;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      const DynoKnockCylinder *cylinder = &knock->cylinders[c];

      if (!cylinder->is_live)
        continue;
      knocks |= cylinder->is_count ? cylinder->cells[cell].knock_rows >= KNOCK_ROWS
                                   : cylinder->cells[cell].knock >= KNOCK_DEG;
    }

  return knocks;
}

static gboolean
is_hot (const DynoKnock *knock,
        guint            cell)
{
  return knock->cylinders[0].cells[cell].iat_max_c >= HOT_C
         || knock->cylinders[1].cells[cell].iat_max_c >= HOT_C;
}

void
dyno_anomaly_knock (DynoAdvice          *advice,
                    const DynoGridShape *shape,
                    const DynoKnock     *knock)
{
  g_autoptr(GArray) cells = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n_hot = 0;
  DynoFinding *finding;

  for (guint i = 0; i < dyno_grid_shape_cells (shape); i++)
    {
      if (!is_knocking (knock, i))
        continue;
      g_array_append_val (cells, i);
      n_hot += is_hot (knock, i);
    }
  if (cells->len == 0)
    return;

  finding = dyno_finding_new ("knock-cluster", cells->len, DYNO_EVIDENCE_MEASURED,
                              "%u cells knock, %u of them with a hot intake.", cells->len, n_hot);
  for (guint i = 0; i < MIN (cells->len, LISTED_CELLS); i++)
    dyno_finding_add_cell (finding, g_array_index (cells, guint, i));
  dyno_finding_add_number (finding, "cells", cells->len);
  dyno_finding_add_number (finding, "hot_cells", n_hot);
  dyno_finding_add_check (finding, "Take spark out of these cells and look again.");
  dyno_finding_add_check (finding, "Let the intake cool down, then repeat.");
  dyno_advice_take (advice, finding);
}
