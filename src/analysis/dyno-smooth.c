/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-smooth.h"

#include <math.h>
#include <string.h>

#define MOST_HITS 50
#define LARGE_PCT 3.0 /* such a correction is left as it is */
#define SMALL_PCT 1.0 /* such a one gets all passes */
#define OWN_WEIGHT 1.25
#define NEIGHBOUR_SHARE 0.20

/* The cells above, below, left and right that have a value. */
static guint
neighbours_of (const DynoGridShape *shape,
               const double        *values,
               guint                cell,
               guint                found[4])
{
  guint columns = shape->load.n;
  guint row = cell / columns;
  guint column = cell % columns;
  guint n = 0;

  if (row > 0 && !isnan (values[cell - columns]))
    found[n++] = cell - columns;
  if (row + 1 < shape->rpm.n && !isnan (values[cell + columns]))
    found[n++] = cell + columns;
  if (column > 0 && !isnan (values[cell - 1]))
    found[n++] = cell - 1;
  if (column + 1 < columns && !isnan (values[cell + 1]))
    found[n++] = cell + 1;

  return n;
}

static double
weight_of (const guint32 *hits,
           guint          cell)
{
  return MIN (hits[cell], MOST_HITS);
}

/* Mean of a cell and its neighbours by hits, its own counted `own` times. */
static double
local_mean (const DynoGridShape *shape,
            const double        *values,
            const guint32       *hits,
            guint                cell,
            double               own)
{
  guint found[4];
  guint n = neighbours_of (shape, values, cell, found);
  double weight = own * weight_of (hits, cell);
  double sum = weight * values[cell];

  for (guint i = 0; i < n; i++)
    {
      sum += weight_of (hits, found[i]) * values[found[i]];
      weight += weight_of (hits, found[i]);
    }

  return weight > 0 ? sum / weight : values[cell];
}

static double
gradient (const DynoGridShape *shape,
          const double        *values,
          guint                cell)
{
  guint found[4];
  guint n = neighbours_of (shape, values, cell, found);
  double steepest = 0;

  for (guint i = 0; i < n; i++)
    steepest = MAX (steepest, fabs (values[cell] - values[found[i]]));

  return steepest;
}

static double
passes_for (double delta,
            guint  passes)
{
  double size = fabs (delta);

  if (size >= LARGE_PCT)
    return 0;
  if (size <= SMALL_PCT)
    return passes;

  return rint (passes * (LARGE_PCT - size) / (LARGE_PCT - SMALL_PCT));
}

static void
smooth_by_size (const DynoGridShape *shape,
                const double        *delta,
                const guint32       *hits,
                guint                passes,
                double              *smoothed)
{
  guint n_cells = dyno_grid_shape_cells (shape);
  g_autofree double *before = g_new (double, n_cells);

  for (guint pass = 1; pass <= passes; pass++)
    {
      memcpy (before, smoothed, n_cells * sizeof (double));
      for (guint c = 0; c < n_cells; c++)
        {
          if (!isnan (delta[c]) && passes_for (delta[c], passes) >= pass)
            smoothed[c] = local_mean (shape, before, hits, c, 1);
        }
    }
}

/* Where the input is steep its own value comes back. */
static void
keep_steps (const DynoGridShape *shape,
            const double        *delta,
            double               threshold,
            double              *smoothed)
{
  for (guint c = 0; c < dyno_grid_shape_cells (shape); c++)
    {
      double blend;

      if (isnan (delta[c]))
        continue;
      blend = CLAMP ((gradient (shape, delta, c) - threshold) / threshold, 0, 1);
      smoothed[c] = (1 - blend) * smoothed[c] + blend * delta[c];
    }
}

static void
tie_to_neighbours (const DynoGridShape *shape,
                   const guint32       *hits,
                   double              *smoothed)
{
  guint n_cells = dyno_grid_shape_cells (shape);
  g_autofree double *before = g_memdup2 (smoothed, n_cells * sizeof (double));

  for (guint c = 0; c < n_cells; c++)
    {
      if (!isnan (before[c]))
        smoothed[c] = NEIGHBOUR_SHARE * local_mean (shape, before, hits, c, OWN_WEIGHT)
                      + (1 - NEIGHBOUR_SHARE) * before[c];
    }
}

void
dyno_smooth (const DynoGridShape *shape,
             const double        *delta,
             const guint32       *hits,
             guint                passes,
             double               threshold,
             double              *smoothed)
{
  memcpy (smoothed, delta, dyno_grid_shape_cells (shape) * sizeof (double));
  smooth_by_size (shape, delta, hits, passes, smoothed);
  keep_steps (shape, delta, threshold, smoothed);
  tie_to_neighbours (shape, hits, smoothed);
}
