/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-outlier.h"

#include <math.h>

#include "dyno-gate-judge.h"
#include "dyno-stat.h"

#define MIN_SAMPLES 5
#define MIN_SIGMA 0.005
#define SIGMA_PER_MAD 1.4826

/* Median of a cell's factors and how far from it they may be. */
typedef struct
{
  double median;
  double reach; /* INFINITY: too few to judge */
} Bounds;

/* Where the factors of each cell begin; the last entry is their number. */
static gsize *
count_homes (const guint16 *homes,
             gsize          n_rows,
             guint          n_cells)
{
  gsize *begins = g_new0 (gsize, n_cells + 1);

  for (gsize i = 0; i < n_rows; i++)
    {
      if (homes[i] != DYNO_NO_CELL)
        begins[homes[i] + 1]++;
    }
  for (guint c = 0; c < n_cells; c++)
    begins[c + 1] += begins[c];

  return begins;
}

static Bounds
bounds_of (double *factors,
           gsize   n,
           double  limit)
{
  Bounds bounds = { NAN, INFINITY };

  if (n < MIN_SAMPLES)
    return bounds;

  bounds.median = dyno_stat_median (factors, n);
  bounds.reach =
      limit * MAX (SIGMA_PER_MAD * dyno_stat_mad (factors, n, bounds.median), MIN_SIGMA);

  return bounds;
}

/* The factors cell by cell, and from them the bounds. (transfer full) */
static Bounds *
find_bounds (const guint16 *homes,
             const double  *factors,
             gsize          n_rows,
             guint          n_cells,
             double         limit)
{
  g_autofree gsize *begins = count_homes (homes, n_rows, n_cells);
  g_autofree gsize *next = g_memdup2 (begins, (n_cells + 1) * sizeof (gsize));
  g_autofree double *gathered = g_new (double, MAX (begins[n_cells], 1));
  Bounds *bounds = g_new (Bounds, n_cells);

  for (gsize i = 0; i < n_rows; i++)
    {
      if (homes[i] != DYNO_NO_CELL)
        gathered[next[homes[i]]++] = factors[i];
    }
  for (guint c = 0; c < n_cells; c++)
    bounds[c] = bounds_of (gathered + begins[c], begins[c + 1] - begins[c], limit);

  return bounds;
}

gsize
dyno_outlier_reject (guint8             *reasons,
                     guint16            *homes,
                     const double       *factors,
                     gsize               n_rows,
                     guint               n_cells,
                     double              mad_limit,
                     const DynoProgress *progress)
{
  g_autofree Bounds *bounds = find_bounds (homes, factors, n_rows, n_cells, mad_limit);
  gsize n = 0;

  for (gsize i = 0; i < n_rows && !dyno_progress_stops (progress, i); i++)
    {
      if (homes[i] == DYNO_NO_CELL
          || !(fabs (factors[i] - bounds[homes[i]].median) > bounds[homes[i]].reach))
        continue;
      reasons[i] = DYNO_GATE_OUTLIER;
      homes[i] = DYNO_NO_CELL;
      n++;
    }

  return n;
}
