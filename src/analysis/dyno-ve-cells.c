/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ve-cells.h"

#include "dyno-clamp.h"
#include "dyno-smooth.h"

#define BALANCE_HITS 3
#define MINOR_PCT 1
#define NOTICEABLE_PCT 2
#define SIGNIFICANT_PCT 5

static void
set_empty (DynoVeCell *cell,
           guint32     hits)
{
  *cell = (DynoVeCell){
    .hits = hits,
    .factor = NAN,
    .raw = NAN,
    .smoothed = NAN,
    .limited = NAN,
    .limit = NAN,
    .se = NAN,
    .spread = NAN,
    .mean_mix = NAN,
    .mean_target = NAN,
    .mean_rpm = NAN,
    .mean_map = NAN,
    .confidence = DYNO_CONFIDENCE_SKIP,
    .reason = DYNO_CELL_NO_DATA,
  };
}

static void
set_value (DynoVeCell          *cell,
           const DynoCellSums  *sums,
           const DynoVeOptions *options)
{
  double fuel = options->afr_stoich / DYNO_STOICH_PETROL;
  double change;

  cell->factor = sums->factor / sums->weight;
  change = cell->factor - 1;
  cell->spread = 100 * sqrt (MAX (0, sums->square / sums->weight - change * change));
  cell->n_eff = sums->weight * sums->weight / sums->weight_squared;
  cell->se = cell->spread / sqrt (cell->n_eff);
  cell->mean_mix = sums->mix / cell->hits * fuel;
  cell->mean_target = sums->target / cell->hits * fuel;
  cell->mean_rpm = sums->rpm / cell->hits;
  cell->mean_map = sums->map / cell->hits;
  cell->reason = DYNO_CELL_FEW_HITS;
  if (cell->hits < options->min_hits)
    return;

  cell->raw = (cell->factor - 1) * 100;
  cell->reason = DYNO_CELL_OK;
}

/* A wish for the rear cylinder, where an air-cooled twin runs hot. */
static double
rear_bias (const DynoVeSet *set,
           guint            cylinder,
           double           rpm,
           double           map)
{
  if (cylinder != 1 || rpm < 2500 || rpm > 3800 || map < 65 || map > 95)
    return 0;

  return set->options->rear_bias_pct;
}

static void
smooth_cells (const DynoVeSet *set,
              guint            cylinder,
              DynoVeCell      *cells,
              const guint32   *hits)
{
  const DynoGridShape *shape = &set->shape;
  guint n = dyno_grid_shape_cells (shape);
  g_autofree double *delta = g_new (double, n);
  g_autofree double *smoothed = g_new (double, n);

  for (guint i = 0; i < n; i++)
    delta[i] = cells[i].raw
               + rear_bias (set, cylinder, shape->rpm.at[i / shape->load.n],
                            shape->load.at[i % shape->load.n]);
  dyno_smooth (shape, delta, hits, (guint) set->options->smooth_passes,
               set->options->smooth_threshold, smoothed);
  for (guint i = 0; i < n; i++)
    cells[i].smoothed = smoothed[i];
}

static void
limit_cell (DynoVeCell          *cell,
            const DynoVeOptions *options)
{
  gboolean is_clamped;

  if (cell->reason != DYNO_CELL_OK)
    return;

  cell->confidence = dyno_confidence_of (cell->zone, cell->hits, cell->se);
  cell->limit = dyno_clamp_limit_pct (options, cell->confidence);
  cell->limited = dyno_clamp (cell->smoothed, cell->limit, &is_clamped);
  if (cell->confidence == DYNO_CONFIDENCE_SKIP)
    cell->reason = DYNO_CELL_SKIP;
  else if (is_clamped)
    cell->reason = DYNO_CELL_CLAMPED;
}

DynoVeCell *
dyno_ve_cells_new (const DynoVeSet    *set,
                   guint               cylinder,
                   const DynoCellSums *sums,
                   const guint32      *hits)
{
  const DynoGridShape *shape = &set->shape;
  guint n = dyno_grid_shape_cells (shape);
  DynoVeCell *cells = g_new (DynoVeCell, n);

  for (guint i = 0; i < n; i++)
    {
      set_empty (&cells[i], hits[i]);
      cells[i].zone = dyno_zone_of (shape->rpm.at[i / shape->load.n],
                                    shape->load.at[i % shape->load.n], set->options->edge_rpm);
      if (hits[i] > 0)
        set_value (&cells[i], &sums[i], set->options);
    }
  smooth_cells (set, cylinder, cells, hits);
  for (guint i = 0; i < n; i++)
    limit_cell (&cells[i], set->options);

  return cells;
}

double *
dyno_ve_cells_combine (const DynoVeCell *front,
                       const DynoVeCell *rear,
                       guint             n_cells)
{
  double *combined = g_new (double, n_cells);

  for (guint i = 0; i < n_cells; i++)
    {
      double f = front[i].limited;
      double r = rear[i].limited;

      if (isnan (f) || isnan (r))
        combined[i] = isnan (f) ? r : f;
      else
        combined[i] = (front[i].hits * f + rear[i].hits * r)
                      / ((double) front[i].hits + (double) rear[i].hits);
    }

  return combined;
}

static DynoBias
bias_of (double mean_pct)
{
  double size = fabs (mean_pct);

  if (isnan (mean_pct))
    return DYNO_BIAS_UNKNOWN;
  if (size < MINOR_PCT)
    return DYNO_BIAS_NONE;
  if (size < NOTICEABLE_PCT)
    return DYNO_BIAS_MINOR;

  return size < SIGNIFICANT_PCT ? DYNO_BIAS_NOTICEABLE : DYNO_BIAS_SIGNIFICANT;
}

void
dyno_ve_cells_balance (const DynoVeCell *front,
                       const DynoVeCell *rear,
                       guint             n_cells,
                       DynoVeBalance    *balance)
{
  double sum = 0;
  double weight = 0;

  *balance = (DynoVeBalance){ .mean_pct = NAN, .worst_pct = NAN };
  for (guint i = 0; i < n_cells; i++)
    {
      double both = ((double) front[i].hits + (double) rear[i].hits) / 2;
      double pct;

      if (front[i].hits < BALANCE_HITS || rear[i].hits < BALANCE_HITS)
        continue;
      pct = (rear[i].factor / front[i].factor - 1) * 100;
      sum += both * pct;
      weight += both;
      balance->n_cells++;
      if (!(fabs (pct) <= fabs (balance->worst_pct)))
        {
          balance->worst_pct = pct;
          balance->worst_cell = i;
        }
    }
  if (weight > 0)
    balance->mean_pct = sum / weight;
  balance->bias = bias_of (balance->mean_pct);
}
