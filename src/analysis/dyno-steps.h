/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The steps of a time column: the differences of neighbouring stamps. Stamps may
 * go backwards and may be NaN here; such steps count for nothing. Time and
 * memory do not depend on the order: no copy, no sorting of a log. */

/* Median of the steps above 0, of an even number the mean of the middle two. NaN
 * where there is none. */
double dyno_steps_median   (const double *time,
                            gsize         n);

/* All of them at once. Median as above; the others of the steps of 0 and above,
 * NaN where there is none. */
typedef struct
{
  double median;
  double least;
  double p99; /* of the nearest rank ⌈0.99 · n⌉ */
  double most;
} DynoSteps;

void   dyno_steps_describe (const double *time,
                            gsize         n,
                            DynoSteps    *steps);

G_END_DECLS
