/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-outlier.h"

#include <math.h>

#include "dyno-crew.h"
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

/* The factors of all cells, one cell behind the other. */
typedef struct
{
  gsize  *begins; /* (owned) one more than cells */
  double *values; /* (owned) */
} Gathered;

static Gathered
gather (const guint16 *homes,
        const double  *factors,
        gsize          n_rows,
        guint          n_cells)
{
  gsize *begins = count_homes (homes, n_rows, n_cells);
  g_autofree gsize *next = g_memdup2 (begins, (n_cells + 1) * sizeof (gsize));
  Gathered gathered = { begins, g_new (double, MAX (begins[n_cells], 1)) };

  for (gsize i = 0; i < n_rows; i++)
    {
      if (homes[i] != DYNO_NO_CELL)
        gathered.values[next[homes[i]]++] = factors[i];
    }

  return gathered;
}

static void
gathered_clear (Gathered *gathered)
{
  g_free (gathered->begins);
  g_free (gathered->values);
}

typedef struct
{
  const Gathered *gathered;
  double          limit;
  Bounds         *bounds; /* one a cell */
  double         *mads;   /* likewise */
} Cells;

/* On any thread. */
static void
find_bounds (guint    cell,
             gpointer data)
{
  const Cells *cells = data;
  double *factors = cells->gathered->values + cells->gathered->begins[cell];
  gsize n = cells->gathered->begins[cell + 1] - cells->gathered->begins[cell];
  Bounds bounds = { NAN, INFINITY };

  if (n >= MIN_SAMPLES)
    {
      bounds.median = dyno_stat_median (factors, n);
      bounds.reach = cells->limit
                     * MAX (SIGMA_PER_MAD * dyno_stat_mad (factors, n, bounds.median), MIN_SIGMA);
    }
  cells->bounds[cell] = bounds;
}

/* On any thread. */
static void
find_mad (guint    cell,
          gpointer data)
{
  const Cells *cells = data;
  double *factors = cells->gathered->values + cells->gathered->begins[cell];
  gsize n = cells->gathered->begins[cell + 1] - cells->gathered->begins[cell];

  for (gsize i = 0; i < n; i++)
    factors[i] = (factors[i] - 1) * 100;
  cells->mads[cell] = n > 0 ? dyno_stat_mad (factors, n, dyno_stat_median (factors, n)) : NAN;
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
  g_autofree Bounds *bounds = g_new (Bounds, n_cells);
  Gathered gathered = gather (homes, factors, n_rows, n_cells);
  Cells cells = { &gathered, mad_limit, bounds, NULL };
  gsize n = 0;

  dyno_crew_share (n_cells, n_rows > DYNO_VE_CHUNK, find_bounds, &cells);
  gathered_clear (&gathered);
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

double *
dyno_outlier_mads (const guint16 *homes,
                   const double  *factors,
                   gsize          n_rows,
                   guint          n_cells)
{
  double *mads = g_new (double, MAX (n_cells, 1));
  Gathered gathered = gather (homes, factors, n_rows, n_cells);
  Cells cells = { &gathered, 0, NULL, mads };

  dyno_crew_share (n_cells, n_rows > DYNO_VE_CHUNK, find_mad, &cells);
  gathered_clear (&gathered);

  return mads;
}
