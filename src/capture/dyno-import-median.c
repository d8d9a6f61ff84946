/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-median.h"

#include <math.h>
#include <stdlib.h>

#define MAX_ROWS 8192

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* A row somewhere in its stretch: with a fixed distance a channel that is written
 * every fifth row might never be met. */
static gsize
pick_row (gsize place,
          gsize stretch)
{
  guint64 mixed = (guint64) place * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);

  return place * stretch + (gsize) ((mixed >> 33) % stretch);
}

double
dyno_import_row_median (gsize              n_rows,
                        gsize              least,
                        DynoImportRowValue value,
                        gpointer           data)
{
  gsize stretch = MAX (n_rows / MAX_ROWS, 1);
  gsize n_places = n_rows / stretch;
  g_autofree double *values = g_new (double, MAX (n_places, 1));
  gsize n = 0;

  for (gsize place = 0; place < n_places; place++)
    {
      double number = value (pick_row (place, stretch), data);

      if (!isnan (number))
        values[n++] = number;
    }
  if (n < MAX (least, 1))
    return NAN;

  qsort (values, n, sizeof *values, compare_doubles);

  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}
