/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-noise.h"
#include "dyno-stat.h"
#include "dyno-test.h"

#include <math.h>
#include <stdlib.h>

static int
compare (const void *a,
         const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

typedef double (*Shape) (DynoNoise *noise,
                         gsize      i,
                         gsize      n);

static double
shape_random (DynoNoise *noise,
              gsize      i,
              gsize      n)
{
  return dyno_noise_normal (noise);
}

static double
shape_few_values (DynoNoise *noise,
                  gsize      i,
                  gsize      n)
{
  return (double) (dyno_noise_bits (noise) % 3);
}

static double
shape_ascending (DynoNoise *noise,
                 gsize      i,
                 gsize      n)
{
  return (double) i;
}

static double
shape_descending (DynoNoise *noise,
                  gsize      i,
                  gsize      n)
{
  return (double) (n - i);
}

static double
shape_organ_pipe (DynoNoise *noise,
                  gsize      i,
                  gsize      n)
{
  return (double) MIN (i, n - i);
}

static double
shape_equal (DynoNoise *noise,
             gsize      i,
             gsize      n)
{
  return 5;
}

static const Shape shapes[] = { shape_random,     shape_few_values, shape_ascending,
                                shape_descending, shape_organ_pipe, shape_equal };

static double *
make (DynoNoise *noise,
      Shape      shape,
      gsize      n)
{
  double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    values[i] = shape (noise, i, n);

  return values;
}

static void
test_select_is_sorting (void)
{
  DynoNoise noise;

  dyno_noise_init (&noise, 11, 0);
  for (guint round = 0; round < 2000; round++)
    {
      gsize n = 1 + dyno_noise_bits (&noise) % (round % 100 == 0 ? 5000 : 60);
      gsize k = dyno_noise_bits (&noise) % n;
      g_autofree double *values = make (&noise, shapes[round % G_N_ELEMENTS (shapes)], n);
      g_autofree double *sorted = g_memdup2 (values, n * sizeof (double));

      qsort (sorted, n, sizeof (double), compare);
      g_assert_cmpfloat (dyno_stat_select (values, n, k), ==, sorted[k]);
      for (gsize i = 0; i < n; i++)
        g_assert_true (i < k ? values[i] <= sorted[k] : values[i] >= sorted[k]);
      qsort (values, n, sizeof (double), compare);
      g_assert_cmpmem (values, n * sizeof (double), sorted, n * sizeof (double));
    }
}

/* A list made to defeat every pivot still has an answer. */
static void
test_worst_case_ends (void)
{
  gsize n = 300000;
  g_autofree double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (double) ((i * 7) % 9 == 0 ? i : n + i);
  dyno_stat_select (values, n, n / 2);
  for (gsize i = 0; i < n / 2; i++)
    g_assert_cmpfloat (values[i], <=, values[n / 2]);
}

static void
test_median_and_quantile (void)
{
  double odd[] = { 3, 1, 2 };
  double even[] = { 4, 1, 3, 2 };
  double five[] = { 50, 10, 40, 20, 30 };
  double one[] = { 7 };

  g_assert_cmpfloat (dyno_stat_median (odd, 3), ==, 2);
  g_assert_cmpfloat (dyno_stat_median (even, 4), ==, 2.5);
  g_assert_true (isnan (dyno_stat_median (NULL, 0)));
  dyno_assert_near (dyno_stat_quantile (five, 5, 0.9), 46, 1e-12);
  g_assert_cmpfloat (dyno_stat_quantile (five, 5, 0), ==, 10);
  g_assert_cmpfloat (dyno_stat_quantile (five, 5, 1), ==, 50);
  g_assert_cmpfloat (dyno_stat_quantile (five, 5, 0.5), ==, 30);
  g_assert_cmpfloat (dyno_stat_quantile (one, 1, 0.3), ==, 7);
  g_assert_true (isnan (dyno_stat_quantile (NULL, 0, 0.5)));
}

static void
test_spread (void)
{
  double values[] = { 1, 1, 2, 2, 4, 6, 9 };

  dyno_assert_near (dyno_stat_mean (values, 7), 25.0 / 7, 1e-15);
  dyno_assert_near (dyno_stat_sd (values, 7), 2.992053, 1e-6);
  g_assert_cmpfloat (dyno_stat_mad (values, 7, 2), ==, 1);
  g_assert_true (isnan (dyno_stat_sd (values, 1)));
  g_assert_true (isnan (dyno_stat_mean (values, 0)));
}

static DynoStatPairs
pairs_of (const double *x,
          const double *y,
          gsize         n)
{
  DynoStatPairs pairs = { 0 };

  for (gsize i = 0; i < n; i++)
    dyno_stat_pairs_add (&pairs, x[i], y[i]);

  return pairs;
}

static void
test_pearson_one_by_one (void)
{
  double x[30], y[30], flat[30];
  DynoStatPairs pairs;

  for (gsize i = 0; i < G_N_ELEMENTS (x); i++)
    {
      x[i] = 1e6 + (double) (i * 7 % 30);
      y[i] = -3.0 * (double) (i * 7 % 30) + (double) (i * 11 % 17);
      flat[i] = 13.8;
    }
  pairs = pairs_of (x, y, 30);
  dyno_assert_near (dyno_stat_pairs_pearson (&pairs), dyno_stat_pearson (x, y, 30), 1e-12);
  pairs = pairs_of (x, y, 9);
  g_assert_true (isnan (dyno_stat_pairs_pearson (&pairs)));
  pairs = pairs_of (x, flat, 30);
  g_assert_true (isnan (dyno_stat_pairs_pearson (&pairs)));
}

static void
test_pearson (void)
{
  double x[12];
  double y[12];
  double flat[12] = { 0 };

  for (int i = 0; i < 12; i++)
    {
      x[i] = i;
      y[i] = 3 - 2 * i;
    }
  dyno_assert_near (dyno_stat_pearson (x, y, 12), -1, 1e-14);
  dyno_assert_near (dyno_stat_pearson (x, x, 12), 1, 1e-14);
  g_assert_true (isnan (dyno_stat_pearson (x, y, 9)));
  g_assert_true (isnan (dyno_stat_pearson (x, flat, 12)));
}

static void
test_streams_are_apart (void)
{
  DynoNoise a;
  DynoNoise b;
  double sum = 0;

  dyno_noise_init (&a, 1, 0);
  dyno_noise_init (&b, 1, 1);
  for (int i = 0; i < 20000; i++)
    {
      double x = dyno_noise_uniform (&a);

      g_assert_true (x >= 0 && x < 1);
      sum += (x - 0.5) * (dyno_noise_uniform (&b) - 0.5);
    }
  g_assert_cmpfloat (fabs (sum / 20000), <, 0.003);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/stat/select-is-sorting", test_select_is_sorting);
  g_test_add_func ("/analysis/stat/worst-case-ends", test_worst_case_ends);
  g_test_add_func ("/analysis/stat/median-and-quantile", test_median_and_quantile);
  g_test_add_func ("/analysis/stat/spread", test_spread);
  g_test_add_func ("/analysis/stat/pearson", test_pearson);
  g_test_add_func ("/analysis/stat/pearson-one-by-one", test_pearson_one_by_one);
  g_test_add_func ("/analysis/stat/streams-are-apart", test_streams_are_apart);

  return g_test_run ();
}
