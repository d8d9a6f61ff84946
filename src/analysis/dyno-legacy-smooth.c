/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-legacy-smooth.h"

#include <math.h>
#include <string.h>

#define MOST_PASSES 5
#define LARGE_PCT 3.0 /* such a correction is left as it is */
#define SMALL_PCT 1.0 /* such a one gets all passes */
#define STEEP_PCT 1.0 /* above it the original comes back, wholly at twice of it */
#define OWN_WEIGHT 1.25
#define NEIGHBOUR_SHARE 0.20

/* Values of the cells above, below, left and right that have data, in this order:
 * sums are made in it. */
static guint
read_neighbours (const double *cells,
                 guint         cell,
                 double        found[4])
{
  guint row = cell / DYNO_LEGACY_COLUMNS;
  guint column = cell % DYNO_LEGACY_COLUMNS;
  guint n = 0;

  if (row > 0 && !isnan (cells[cell - DYNO_LEGACY_COLUMNS]))
    found[n++] = cells[cell - DYNO_LEGACY_COLUMNS];
  if (row + 1 < DYNO_LEGACY_ROWS && !isnan (cells[cell + DYNO_LEGACY_COLUMNS]))
    found[n++] = cells[cell + DYNO_LEGACY_COLUMNS];
  if (column > 0 && !isnan (cells[cell - 1]))
    found[n++] = cells[cell - 1];
  if (column + 1 < DYNO_LEGACY_COLUMNS && !isnan (cells[cell + 1]))
    found[n++] = cells[cell + 1];

  return n;
}

static double
gradient (const double *cells,
          guint         cell)
{
  double found[4];
  guint n = read_neighbours (cells, cell, found);
  double steepest = 0;

  for (guint i = 0; i < n; i++)
    steepest = MAX (steepest, fabs (cells[cell] - found[i]));

  return steepest;
}

static guint
passes_for (double value,
            guint  passes)
{
  double size = fabs (value);

  if (size >= LARGE_PCT)
    return 0;
  if (size <= SMALL_PCT)
    return passes;

  return (guint) rint (passes * ((LARGE_PCT - size) / (LARGE_PCT - SMALL_PCT)));
}

static void
smooth_by_size (double *cells,
                guint   passes)
{
  for (guint cell = 0; cell < DYNO_LEGACY_CELLS; cell++)
    {
      double found[4];
      guint n = read_neighbours (cells, cell, found);
      double value = cells[cell];

      if (isnan (value))
        continue;
      for (guint left = passes_for (cells[cell], passes); left > 0; left--)
        {
          for (guint i = 0; i < n; i++)
            value += found[i];
          value /= n + 1;
        }
      cells[cell] = value;
    }
}

static void
keep_steps (const double *original,
            double       *cells)
{
  for (guint cell = 0; cell < DYNO_LEGACY_CELLS; cell++)
    {
      double steepness;
      double blend;

      if (isnan (cells[cell]))
        continue;
      steepness = gradient (original, cell);
      if (steepness <= STEEP_PCT)
        continue;
      blend = MIN (1.0, steepness / (STEEP_PCT * 2));
      cells[cell] = (1 - blend) * cells[cell] + blend * original[cell];
    }
}

static void
tie_to_neighbours (double *cells)
{
  for (guint cell = 0; cell < DYNO_LEGACY_CELLS; cell++)
    {
      double found[4];
      guint n = read_neighbours (cells, cell, found);
      double sum = cells[cell] * OWN_WEIGHT;

      if (isnan (cells[cell]))
        continue;
      for (guint i = 0; i < n; i++)
        sum += found[i];
      cells[cell] = NEIGHBOUR_SHARE * (sum / (OWN_WEIGHT + n))
                    + (1 - NEIGHBOUR_SHARE) * cells[cell];
    }
}

void
dyno_legacy_smooth (double cells[DYNO_LEGACY_CELLS],
                    guint  passes)
{
  double original[DYNO_LEGACY_CELLS];

  memcpy (original, cells, sizeof original);
  smooth_by_size (cells, MIN (passes, MOST_PASSES));
  keep_steps (original, cells);
  tie_to_neighbours (cells);
}
