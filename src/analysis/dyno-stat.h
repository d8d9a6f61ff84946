/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The statistics of analysis.md 1.5. Arrays hold finite numbers only: missing
 * ones are left out by the caller. No values, no answer: NaN.
 *
 * Functions that take `double *` reorder the array, in O(n) on average and never
 * worse than O(n log n). */

/* The k-th smallest, 0 ≤ k < n; smaller ones then stand before it, larger ones
 * behind. */
double dyno_stat_select   (double       *values,
                           gsize         n,
                           gsize         k);
/* Of an even count the mean of the middle two. */
double dyno_stat_median   (double       *values,
                           gsize         n);
/* Linear between the values at (n − 1) q; 0 ≤ q ≤ 1. */
double dyno_stat_quantile (double       *values,
                           gsize         n,
                           double        q);
/* Median of |x − centre|; the array holds these distances afterwards. */
double dyno_stat_mad      (double       *values,
                           gsize         n,
                           double        centre);
double dyno_stat_mean     (const double *values,
                           gsize         n);
/* With n − 1; NaN below two values. */
double dyno_stat_sd       (const double *values,
                           gsize         n);
/* Pearson's r; NaN below ten pairs or without variance in one of them. */
double dyno_stat_pearson  (const double *x,
                           const double *y,
                           gsize         n);

/* The same without arrays, for pairs that come one by one (Welford). Begin with
 * { 0 }. */
typedef struct
{
  gsize  n;
  double x_mean, y_mean;
  double xx, yy, xy; /* sums of products of distances to the means */
} DynoStatPairs;

void   dyno_stat_pairs_add     (DynoStatPairs       *self,
                                double               x,
                                double               y);
double dyno_stat_pairs_pearson (const DynoStatPairs *self);

G_END_DECLS
