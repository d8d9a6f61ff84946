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

/* The step of the nearest rank ⌈q · n⌉ among those of 0 and above; 0 ≤ q ≤ 1, so
 * that 0 is the smallest and 1 the largest. NaN where there is none. */
double dyno_steps_quantile (const double *time,
                            gsize         n,
                            double        q);

G_END_DECLS
