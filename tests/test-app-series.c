/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Series, pyramid and fold against a plain loop over all points. */

#include "config.h"

#include "dyno-fold.h"
#include "dyno-pyramid.h"
#include "dyno-series.h"
#include "dyno-test.h"

#include <malloc.h>
#include <math.h>
#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000)

static double *
random_walk (gsize  n,
             double nan_share)
{
  double *values = g_new (double, n);
  double value = 0;

  for (gsize i = 0; i < n; i++)
    {
      value += g_test_rand_double_range (-1, 1);
      values[i] = g_test_rand_double () < nan_share ? NAN : value;
    }

  return values;
}

static void
plain_range (const double *values,
             gsize         first,
             gsize         last,
             double       *min,
             double       *max)
{
  *min = INFINITY;
  *max = -INFINITY;
  for (gsize i = first; i < last; i++)
    {
      *min = fmin (*min, values[i]);
      *max = fmax (*max, values[i]);
    }
}

static void
test_pyramid (void)
{
  gsize n = 100000 + (gsize) g_test_rand_int_range (0, 300);
  g_autofree double *values = random_walk (n, 0.01);
  g_autoptr(DynoPyramid) pyramid = dyno_pyramid_new (0);

  g_assert_false (dyno_pyramid_reduce (pyramid, values, n, 50000));
  g_assert_cmpuint (dyno_pyramid_n (pyramid), ==, 49984);
  for (int i = 0; i < 1000; i++)
    {
      gsize a = (gsize) g_test_rand_int_range (0, (gint32) n);
      gsize b = (gsize) g_test_rand_int_range (0, (gint32) n);
      double min;
      double max;
      double plain_min;
      double plain_max;

      if (i == 500)
        g_assert_true (dyno_pyramid_reduce (pyramid, values, n, G_MAXSIZE));
      dyno_pyramid_range (pyramid, values, MIN (a, b), MAX (a, b), &min, &max);
      plain_range (values, MIN (a, b), MAX (a, b), &plain_min, &plain_max);
      g_assert_cmpfloat (min, ==, plain_min);
      g_assert_cmpfloat (max, ==, plain_max);
    }
}

/* Values changed behind the pyramid's back are seen after truncate (), and no
 * earlier block is built anew. */
static void
test_pyramid_tail (void)
{
  g_autofree double *values = random_walk (20000, 0);
  g_autoptr(DynoPyramid) pyramid = dyno_pyramid_new (20000);
  double min;
  double max;

  dyno_pyramid_reduce (pyramid, values, 20000, G_MAXSIZE);
  values[10000] = 1e6;
  dyno_pyramid_range (pyramid, values, 0, 20000, &min, &max);
  g_assert_cmpfloat (max, <, 1e6);
  dyno_pyramid_truncate (pyramid, 10000);
  g_assert_cmpuint (dyno_pyramid_n (pyramid), ==, 9984);
  dyno_pyramid_reduce (pyramid, values, 20000, G_MAXSIZE);
  dyno_pyramid_range (pyramid, values, 0, 20000, &min, &max);
  g_assert_cmpfloat (max, ==, 1e6);
}

/* Arrays. */

static void
test_arrays (void)
{
  static const double x[] = { 3, 1, 2, NAN, 2 };
  static const double y[] = { 30, 10, 20, 99, 21 };
  DynoSeries *series = dyno_series_new ("torque", DYNO_QUANTITY_TORQUE);
  DynoSeriesData data;
  double min;
  double max;

  dyno_series_set_arrays (series, 5, x, y);
  dyno_series_get_data (series, &data);
  g_assert_cmpuint (data.n, ==, 4);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat (data.y[i], ==, ((double[]) { 10, 20, 21, 30 })[i]);
  g_assert_true (dyno_series_extent (series, &min, &max));
  g_assert_cmpfloat (min, ==, 1);
  g_assert_cmpfloat (max, ==, 3);
  g_assert_cmpfloat (dyno_series_value_at (series, 1.5), ==, 15);
  g_assert_cmpfloat (dyno_series_value_at (series, 2.5), ==, 25.5);
  g_assert_cmpfloat (dyno_series_value_at (series, 3), ==, 30);
  g_assert_true (isnan (dyno_series_value_at (series, 0.99)));
  g_assert_true (isnan (dyno_series_value_at (series, 3.01)));
  dyno_series_range (series, 1, 3, &min, &max);
  g_assert_cmpfloat (min, ==, 20);
  g_assert_cmpfloat (max, ==, 21);
  dyno_series_clear (series);
  g_assert_false (dyno_series_extent (series, &min, &max));
  dyno_series_range (series, 0, 9, &min, &max);
  g_assert_cmpfloat (min, ==, INFINITY);
  g_assert_finalize_object (series);
}

static void
count_cb (DynoSeries *series,
          int        *n)
{
  (*n)++;
}

static void
test_properties (void)
{
  DynoSeries *series = dyno_series_new_channel (DYNO_CHANNEL_POWER);
  int n_changed = 0;

  g_assert_cmpstr (dyno_series_get_name (series), ==, "Power");
  g_assert_cmpint (dyno_series_get_quantity (series), ==, DYNO_QUANTITY_POWER);
  g_assert_cmpint (dyno_series_get_channel (series), ==, DYNO_CHANNEL_POWER);
  g_signal_connect (series, "changed", G_CALLBACK (count_cb), &n_changed);
  g_object_bind_property (series, "visible", series, "pinned", G_BINDING_DEFAULT);
  dyno_series_set_visible (series, FALSE);
  dyno_series_set_visible (series, TRUE);
  g_assert_true (dyno_series_get_pinned (series));
  g_object_set (series, "trace", 13, "name", "Run 3", NULL);
  g_assert_cmpuint (dyno_series_get_trace (series), ==, 13);
  dyno_series_set_arrays (series, 0, NULL, NULL);
  g_assert_cmpint (n_changed, ==, 1);
  g_assert_finalize_object (series);
}

/* Samples. */

static DynoSamples *
make_samples (gsize n)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  double *time = g_new (double, n);
  double *celsius = g_new (double, n);
  double *power = g_new (double, n);
  guint8 *bits = g_new0 (guint8, n / 8 + 1);
  guint column;

  for (gsize i = 0; i < n; i++)
    {
      time[i] = 0.02 * (double) i + (i >= n / 2 ? 3 : 0);
      celsius[i] = i == 5 ? NAN : (double) i;
      power[i] = i % 5 == 0 ? 100 + (double) i : NAN;
      if (i % 5 == 0)
        bits[i / 8] |= (guint8) (1 << (i % 8));
    }
  dyno_samples_builder_take_time (builder, time);
  dyno_samples_builder_take (builder, "Engine Temp", NULL, DYNO_CHANNEL_ENGINE_TEMP,
                             dyno_unit_find ("°F"), celsius);
  column = dyno_samples_builder_take (builder, "Power", NULL, DYNO_CHANNEL_POWER,
                                      dyno_unit_find ("hp"), power);
  dyno_samples_builder_take_updates (builder, column, bits);

  return dyno_samples_builder_finish (builder);
}

static void
test_samples (void)
{
  g_autoptr(DynoSamples) samples = make_samples (100);
  DynoSeries *series = dyno_series_new_channel (DYNO_CHANNEL_ENGINE_TEMP);
  DynoSeriesData data;
  double min;
  double max;

  dyno_series_set_samples (series, samples,
                           dyno_samples_find (samples, DYNO_CHANNEL_ENGINE_TEMP), NULL);
  dyno_series_get_data (series, &data);
  g_assert_cmpuint (data.n, ==, 100);
  g_assert_true (data.x == dyno_samples_time (samples)); /* not a copy */
  dyno_assert_near (dyno_series_y (series, 50), 10, 1e-12); /* 50 °F in °C */
  dyno_series_range (series, 32, 51, &min, &max);
  dyno_assert_near (min, 0, 1e-12);
  dyno_assert_near (max, 10, 1e-12);
  /* A NaN is a gap on both sides, a pause is one. */
  g_assert_true (dyno_series_is_gap (series, 5));
  g_assert_true (dyno_series_is_gap (series, 6));
  g_assert_false (dyno_series_is_gap (series, 7));
  g_assert_true (dyno_series_is_gap (series, 50));
  g_assert_true (isnan (dyno_series_value_at (series, 2)));

  /* Rows without a new reading are no gap: the column knows its readings. */
  dyno_series_set_samples (series, samples, dyno_samples_find (samples, DYNO_CHANNEL_POWER), NULL);
  dyno_series_get_data (series, &data);
  g_assert_cmpuint (data.n, ==, 20);
  g_assert_false (dyno_series_is_gap (series, 1));
  dyno_assert_near (dyno_series_y (series, 1), 105 * 0.7456998715822702, 1e-12);

  /* Over another channel. */
  dyno_series_set_samples (series, samples, dyno_samples_find (samples, DYNO_CHANNEL_POWER),
                           dyno_samples_find (samples, DYNO_CHANNEL_ENGINE_TEMP));
  dyno_series_get_data (series, &data);
  g_assert_cmpuint (data.n, ==, 19);
  dyno_assert_near (data.x[1], (10 - 32) / 1.8, 1e-12);
  g_assert_finalize_object (series);
}

/* Folding. */

static void
assert_column (DynoSeries           *series,
               const DynoFoldColumn *column,
               double                from,
               double                to)
{
  DynoSeriesData data;
  double min = INFINITY;
  double max = -INFINITY;
  guint n = 0;

  dyno_series_get_data (series, &data);
  for (gsize i = 0; i < data.n; i++)
    {
      double y = data.y[i] * data.scale + data.offset;

      if (data.x[i] < from || data.x[i] >= to || isnan (y))
        continue;
      min = fmin (min, y);
      max = fmax (max, y);
      n++;
    }
  g_assert_cmpuint (column->n, >=, MIN (n, 3));
  g_assert_true ((column->n == 0) == (n == 0));
  if (n == 0)
    {
      g_assert_true (isnan (column->min) && isnan (column->max));
      return;
    }
  g_assert_cmpfloat (column->min, ==, min);
  g_assert_cmpfloat (column->max, ==, max);
}

static double *
irregular_x (gsize n)
{
  double *x = g_new (double, n);
  double at = 0;

  for (gsize i = 0; i < n; i++)
    {
      x[i] = at;
      at += g_test_rand_int_range (0, 20) == 0 ? 0 : g_test_rand_double_range (0, 0.04);
    }

  return x;
}

/* A thousand views of one series, some beside the last, some anywhere: every
 * looked-at column is what a plain loop finds. */
static void
test_fold_is_brute_force (void)
{
  gsize n = 4000;
  g_autofree double *x = irregular_x (n);
  g_autofree double *y = random_walk (n, 0.02);
  DynoSeries *series = dyno_series_new ("", DYNO_QUANTITY_NONE);
  g_autoptr(DynoFold) fold = dyno_fold_new ();
  double dx = 0.5;
  gint64 first = 0;

  dyno_series_set_arrays (series, n, x, y);
  for (int view = 0; view < 1000; view++)
    {
      guint n_columns = (guint) g_test_rand_int_range (1, 120);
      const DynoFoldColumn *columns;

      if (view % 4 == 0)
        dx = pow (10, g_test_rand_double_range (-3, 1));
      if (view % 4 == 0)
        first = (gint64) (g_test_rand_double_range (-5, x[n - 1] + 5) / dx);
      else
        first += g_test_rand_int_range (-60, 60);
      dyno_fold_update (fold, series, FALSE, first, n_columns, dx);
      columns = dyno_fold_columns (fold, &n_columns);
      for (int k = 0; k < 5; k++)
        {
          guint c = (guint) g_test_rand_int_range (0, (gint32) n_columns);

          assert_column (series, &columns[c], (double) (first + c) * dx,
                         (double) (first + c + 1) * dx);
        }
    }
  g_assert_finalize_object (series);
}

static guint
count_points (const DynoPlotPoint *points,
              gsize                n,
              double               from,
              double               to)
{
  guint n_found = 0;

  for (gsize i = 0; i < n; i++)
    n_found += !isnan (points[i].y) && points[i].x >= from && points[i].x < to;

  return n_found;
}

static void
test_two_points_a_column (void)
{
  gsize n = 200000;
  g_autofree double *x = g_new (double, n);
  g_autofree double *y = random_walk (n, 0.001);
  DynoSeries *series = dyno_series_new ("", DYNO_QUANTITY_NONE);
  g_autoptr(DynoFold) fold = dyno_fold_new ();
  const DynoPlotPoint *points;
  gsize n_points;

  for (gsize i = 0; i < n; i++)
    x[i] = (double) i;
  dyno_series_set_arrays (series, n, x, y);
  while (!dyno_series_reduce (series))
    ;
  for (double dx = 0.1; dx < 1000; dx *= 3)
    {
      dyno_fold_update (fold, series, FALSE, 10, 150, dx);
      points = dyno_fold_points (fold, 0, G_MAXUINT, FALSE, &n_points);
      for (int c = 0; c < 150; c++)
        g_assert_cmpuint (count_points (points, n_points, c, c + 1), <=, 2);
      points = dyno_fold_points (fold, 0, G_MAXUINT, TRUE, &n_points);
      for (int c = 0; c < 150; c++)
        g_assert_cmpuint (count_points (points, n_points, c, c + 1), <=, 1);
    }
  g_assert_finalize_object (series);
}

/* Is there a line from before column `c` to behind it? */
static gboolean
is_bridged (const DynoPlotPoint *points,
            gsize                n,
            double               c)
{
  for (gsize i = 1; i < n; i++)
    {
      if (points[i - 1].x < c && points[i].x > c && !isnan (points[i].y)
          && !isnan (points[i - 1].y))
        return TRUE;
    }

  return FALSE;
}

static void
test_gaps_are_not_bridged (void)
{
  g_autoptr(DynoSamples) samples = make_samples (1000); /* a pause of 3 s at 10 s */
  DynoSeries *series = dyno_series_new_channel (DYNO_CHANNEL_ENGINE_TEMP);
  g_autoptr(DynoFold) fold = dyno_fold_new ();
  const DynoPlotPoint *points;
  gsize n;

  dyno_series_set_samples (series, samples,
                           dyno_samples_find (samples, DYNO_CHANNEL_ENGINE_TEMP), NULL);
  for (double dx = 0.005; dx < 0.7; dx *= 2)
    {
      guint n_columns = (guint) (24 / dx);

      dyno_fold_update (fold, series, FALSE, 0, n_columns, dx);
      points = dyno_fold_points (fold, 0, G_MAXUINT, FALSE, &n);
      g_assert_false (is_bridged (points, n, 11.5 / dx));
      g_assert_true (is_bridged (points, n, 9.001 / dx) || dx > 0.02);
      if (dx < 0.02)
        g_assert_false (is_bridged (points, n, 0.1 / dx)); /* the NaN of row 5 */

      /* The same when only the gap is in view. */
      dyno_fold_update (fold, series, FALSE, (gint64) (10.5 / dx), 2, dx);
      points = dyno_fold_points (fold, 0, G_MAXUINT, FALSE, &n);
      g_assert_false (is_bridged (points, n, 1));
    }
  g_assert_finalize_object (series);
}

/* Zoomed in between two samples, the line still crosses the view. */
static void
test_line_runs_through (void)
{
  static const double x[] = { 0, 100 };
  static const double y[] = { 0, 50 };
  DynoSeries *series = dyno_series_new ("", DYNO_QUANTITY_NONE);
  g_autoptr(DynoFold) fold = dyno_fold_new ();
  const DynoPlotPoint *points;
  gsize n;

  dyno_series_set_arrays (series, 2, x, y);
  dyno_fold_update (fold, series, FALSE, 400, 100, 0.1);
  points = dyno_fold_points (fold, 0, G_MAXUINT, FALSE, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (points[0].x, ==, -400);
  g_assert_cmpfloat (points[1].x, ==, 600);
  g_assert_cmpfloat (points[1].y, ==, 50);
  g_assert_finalize_object (series);
}

static void
test_one_point_and_none (void)
{
  static const double x = 5;
  static const double y = 7;
  DynoSeries *series = dyno_series_new ("", DYNO_QUANTITY_NONE);
  g_autoptr(DynoFold) fold = dyno_fold_new ();
  double min;
  double max;
  gsize n;

  dyno_fold_update (fold, series, FALSE, 0, 10, 1);
  dyno_fold_points (fold, 0, G_MAXUINT, FALSE, &n);
  g_assert_cmpuint (n, ==, 0);
  dyno_fold_range (fold, &min, &max);
  g_assert_cmpfloat (min, >, max);

  dyno_series_set_arrays (series, 1, &x, &y);
  g_assert_true (dyno_fold_update (fold, series, FALSE, 0, 10, 1));
  dyno_fold_points (fold, 0, G_MAXUINT, FALSE, &n);
  g_assert_cmpuint (n, ==, 1);
  dyno_fold_range (fold, &min, &max);
  g_assert_cmpfloat (min, ==, 7);
  g_assert_cmpfloat (max, ==, 7);
  g_assert_false (dyno_fold_update (fold, series, FALSE, 0, 10, 1));
  g_assert_finalize_object (series);
}

static void
test_band_has_two_edges (void)
{
  static const double x[] = { 0, 1, 2 };
  static const double low[] = { 12.7, 12.5, 12.7 };
  static const double high[] = { 13.3, 13.5, 13.3 };
  DynoSeries *series = dyno_series_new ("", DYNO_QUANTITY_AFR);
  g_autoptr(DynoFold) upper = dyno_fold_new ();
  const DynoPlotPoint *points;
  double min;
  double max;
  gsize n;

  dyno_series_set_band (series, 3, x, low, high);
  dyno_series_range (series, 0, 3, &min, &max);
  g_assert_cmpfloat (min, ==, 12.5);
  g_assert_cmpfloat (max, ==, 13.5);
  dyno_fold_update (upper, series, TRUE, 0, 20, 0.2);
  points = dyno_fold_points (upper, 0, G_MAXUINT, FALSE, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpfloat (points[1].y, ==, 13.5);
  g_assert_finalize_object (series);
}

/* A long series comes into view piece by piece, and every piece says so. */
static void
test_long_series_in_pieces (void)
{
  gsize n = 1000000;
  g_autofree double *x = g_new (double, n);
  g_autofree double *y = g_new (double, n);
  DynoSeries *series = dyno_series_new ("", DYNO_QUANTITY_NONE);
  g_autoptr(DynoFold) fold = dyno_fold_new ();
  DynoSeriesData data;
  guint n_columns;
  guint n_pieces = 0;

  for (gsize i = 0; i < n; i++)
    x[i] = y[i] = (double) i;
  dyno_series_set_arrays (series, n, x, y);
  dyno_series_get_data (series, &data);
  g_assert_cmpuint (data.n, <, n);
  dyno_fold_update (fold, series, FALSE, 0, 100, 10000);
  g_assert_cmpuint (dyno_fold_columns (fold, &n_columns)[99].n, ==, 0);
  while (!dyno_series_reduce (series))
    {
      g_assert_true (dyno_fold_update (fold, series, FALSE, 0, 100, 10000));
      n_pieces++;
    }
  g_assert_true (dyno_fold_update (fold, series, FALSE, 0, 100, 10000));
  g_assert_cmpuint (n_pieces, >, 3);
  g_assert_cmpfloat (dyno_fold_columns (fold, &n_columns)[99].max, ==, 999999);
  g_assert_cmpfloat (dyno_fold_columns (fold, &n_columns)[0].max, ==, 9999);
  g_assert_finalize_object (series);
}

/* Live. */

typedef struct
{
  DynoClock  *clock;
  DynoLive   *live;
  DynoSeries *series;
} Live;

static void
live_set_up (Live          *f,
             gconstpointer  unused)
{
  f->clock = dyno_clock_new_fake (0, 0);
  f->live = dyno_live_new (f->clock);
  f->series = dyno_series_new_channel (DYNO_CHANNEL_RPM);
  dyno_series_set_live (f->series, f->live);
}

static void
live_tear_down (Live          *f,
                gconstpointer  unused)
{
  g_assert_finalize_object (f->series);
  dyno_live_unref (f->live);
  dyno_clock_free (f->clock);
}

static void
append (Live   *f,
        guint   channel,
        double  t_s,
        double  value)
{
  gint64 t_us = (gint64) llround (t_s * 1e6);

  dyno_live_append (f->live, channel, 1, &t_us, &value);
}

static gsize
n_points (Live *f)
{
  DynoSeriesData data;

  dyno_series_pull (f->series);
  dyno_series_get_data (f->series, &data);

  return data.n;
}

static void
test_live (Live          *f,
           gconstpointer  unused)
{
  g_assert_false (dyno_series_pull (f->series));
  dyno_live_add (f->live, "other", DYNO_QUANTITY_NONE);
  dyno_live_bind (f->live, DYNO_CHANNEL_RPM,
                  dyno_live_add (f->live, "rpm", DYNO_QUANTITY_ROTATION));
  g_assert_false (dyno_series_pull (f->series));
  for (int i = 0; i < 100; i++)
    append (f, 1, i * 0.02, 1000 + i);
  g_assert_true (dyno_series_pull (f->series));
  g_assert_false (dyno_series_pull (f->series));
  g_assert_cmpuint (n_points (f), ==, 100);
  g_assert_cmpfloat (dyno_series_y (f->series, 99), ==, 1099);

  /* Bound to another channel: goes on with what comes from now. */
  append (f, 0, 1.99, 5);
  dyno_live_bind (f->live, DYNO_CHANNEL_RPM, 0);
  g_assert_cmpuint (n_points (f), ==, 100);
  append (f, 0, 2.0, 6);
  g_assert_cmpuint (n_points (f), ==, 101);
  dyno_live_bind (f->live, DYNO_CHANNEL_RPM, -1);
  append (f, 0, 2.1, 6);
  g_assert_cmpuint (n_points (f), ==, 101);

  /* A new generation has a time of its own. */
  dyno_live_clear (f->live);
  dyno_live_bind (f->live, DYNO_CHANNEL_RPM,
                  dyno_live_add (f->live, "rpm", DYNO_QUANTITY_ROTATION));
  append (f, 0, 0.5, 7);
  g_assert_cmpuint (n_points (f), ==, 1);
  g_assert_cmpfloat (dyno_series_x (f->series, 0), ==, 0.5);
}

static void
test_live_late (Live          *f,
                gconstpointer  unused)
{
  g_autoptr(DynoFold) fold = dyno_fold_new ();
  guint n;

  dyno_live_bind (f->live, DYNO_CHANNEL_RPM,
                  dyno_live_add (f->live, "rpm", DYNO_QUANTITY_ROTATION));
  for (int i = 0; i < 500; i++)
    append (f, 0, i * 0.02 + (i >= 400 ? 0.02 : 0), i);
  g_assert_cmpuint (n_points (f), ==, 500);
  dyno_fold_update (fold, f->series, FALSE, 0, 100, 0.1);
  append (f, 0, 8.0, 1e6); /* between sample 399 and 400 */
  g_assert_cmpuint (n_points (f), ==, 501);
  g_assert_cmpfloat (dyno_series_y (f->series, 400), ==, 1e6);
  g_assert_cmpfloat (dyno_series_y (f->series, 401), ==, 400);
  g_assert_true (dyno_fold_update (fold, f->series, FALSE, 0, 100, 0.1));
  g_assert_cmpfloat (dyno_fold_columns (fold, &n)[80].max, ==, 1e6);
  append (f, 0, 0.1, 1); /* much too late */
  g_assert_cmpuint (n_points (f), ==, 501);
}

/* A day of samples keeps its memory and its order; the fold that follows looks
 * at the new columns only and is the same as one made from nothing. */
static void
test_live_long (Live          *f,
                gconstpointer  unused)
{
  g_autoptr(DynoFold) fold = dyno_fold_new ();
  g_autoptr(DynoFold) fresh = dyno_fold_new ();
  guint64 n_folded;
  guint n;
  gint64 first = 0;

  dyno_live_bind (f->live, DYNO_CHANNEL_RPM,
                  dyno_live_add (f->live, "rpm", DYNO_QUANTITY_ROTATION));
  for (int i = 0; i < 150000; i++)
    {
      append (f, 0, i * 0.02, sin (i * 0.01));
      if (i % 25 == 24)
        {
          first = (gint64) floor (i * 0.02 / 0.1) - 299;
          dyno_series_pull (f->series);
          dyno_fold_update (fold, f->series, FALSE, first, 300, 0.1);
        }
    }
  g_assert_cmpuint (n_points (f), <=, 1.5 * DYNO_SERIES_LIVE_POINTS);
  g_assert_cmpuint (n_points (f), >=, DYNO_SERIES_LIVE_POINTS);
  n_folded = dyno_fold_n_folded (fold);
  g_assert_cmpuint (n_folded, <, 6000 * 8);

  dyno_fold_update (fresh, f->series, FALSE, first, 300, 0.1);
  for (guint i = 0; i < 300; i++)
    {
      const DynoFoldColumn *a = dyno_fold_columns (fold, &n) + i;
      const DynoFoldColumn *b = dyno_fold_columns (fresh, &n) + i;

      g_assert_cmpfloat (a->min, ==, b->min);
      g_assert_cmpfloat (a->max, ==, b->max);
      g_assert_cmpuint (a->n, ==, b->n);
      g_assert_cmpint (a->is_broken, ==, b->is_broken);
    }
}

static void
test_no_allocation_a_frame (Live          *f,
                            gconstpointer  unused)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  g_test_skip ("the sanitizer has an allocator of its own");
#else
  g_autoptr(DynoFold) fold = dyno_fold_new ();
  struct mallinfo2 before = { 0 };
  gsize n;

  dyno_live_bind (f->live, DYNO_CHANNEL_RPM,
                  dyno_live_add (f->live, "rpm", DYNO_QUANTITY_ROTATION));
  for (int i = 0; i < 30000; i++)
    {
      append (f, 0, i * 0.02, i);
      if (i == 20000)
        before = mallinfo2 ();
      dyno_series_pull (f->series);
      dyno_fold_update (fold, f->series, FALSE, (gint64) (i * 0.2) - 299, 300, 0.1);
      dyno_fold_points (fold, 0, G_MAXUINT, FALSE, &n);
    }
  g_assert_cmpuint (mallinfo2 ().uordblks, ==, before.uordblks);
#endif
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/series/pyramid", test_pyramid);
  g_test_add_func ("/series/pyramid-tail", test_pyramid_tail);
  g_test_add_func ("/series/arrays", test_arrays);
  g_test_add_func ("/series/properties", test_properties);
  g_test_add_func ("/series/samples", test_samples);
  g_test_add_func ("/series/fold-is-brute-force", test_fold_is_brute_force);
  g_test_add_func ("/series/two-points-a-column", test_two_points_a_column);
  g_test_add_func ("/series/gaps-are-not-bridged", test_gaps_are_not_bridged);
  g_test_add_func ("/series/line-runs-through", test_line_runs_through);
  g_test_add_func ("/series/one-point-and-none", test_one_point_and_none);
  g_test_add_func ("/series/band-has-two-edges", test_band_has_two_edges);
  g_test_add_func ("/series/long-series-in-pieces", test_long_series_in_pieces);
#define ADD(name, func) g_test_add ("/series/" name, Live, NULL, live_set_up, func, live_tear_down)
  ADD ("live", test_live);
  ADD ("live-late", test_live_late);
  ADD ("live-long", test_live_long);
  ADD ("no-allocation-a-frame", test_no_allocation_a_frame);
#undef ADD

  return g_test_run ();
}
