/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-curve-bins.h"
#include "dyno-curve-compare.h"
#include "dyno-curve.h"
#include "dyno-noise.h"
#include "dyno-test.h"
#include "dyno-units.h"

#include <math.h>

static double *
numbers (const DynoJson *array)
{
  double *values = g_new (double, dyno_json_n_elements (array));

  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    values[i] = dyno_json_number (dyno_json_element (array, i), NAN);

  return values;
}

static void
test_golden (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/house/smoothing.json");
  const DynoJson *input = dyno_json_member (golden, "input");
  const DynoJson *levels = dyno_json_member (golden, "level");
  guint n = dyno_json_n_elements (input);
  g_autofree double *values = NULL;

  if (golden == NULL)
    return;
  values = numbers (input);
  g_assert_cmpuint (dyno_json_n_elements (levels), ==, 3);
  for (guint level = 1; level <= 3; level++)
    {
      const char name[] = { (char) ('0' + level), '\0' };
      g_autofree double *wanted = numbers (dyno_json_member (levels, name));
      g_autofree double *smoothed = g_new (double, n);

      dyno_curve_filter (values, n, (guint) (dyno_curve_half_rpm (level) / 5), smoothed);
      for (guint i = 0; i < n; i++)
        dyno_assert_near (smoothed[i], wanted[i], 1e-9);
    }
}

static double
parabola (double x)
{
  return 40 + 0.03 * x - 4e-6 * x * x;
}

/* A torque curve that is a parabola, at rising uneven speeds. */
static DynoCurve *
parabola_curve (double from,
                double to,
                double scale)
{
  gsize n = (gsize) ((to - from) / 2.5) + 1;
  DynoCurve *curve = dyno_curve_new (n, FALSE);

  for (gsize i = 0; i < n; i++)
    {
      double x = from + 2.5 * (double) i;

      curve->x[i] = x;
      curve->time_s[i] = (x - from) / 500;
      curve->torque_nm[i] = scale * parabola (x);
      curve->power_kw[i] = curve->torque_nm[i] * x / DYNO_NM_RPM_PER_KW;
    }

  return curve;
}

static void
test_exact_for_parabolas (void)
{
  g_autoptr(DynoCurve) raw = parabola_curve (2000, 6000, 1);

  for (guint level = 1; level < DYNO_CURVE_LEVELS; level++)
    {
      g_autoptr(DynoCurve) curve = dyno_curve_smooth (raw, level);

      g_assert_cmpuint (curve->level, ==, level);
      g_assert_cmpuint (curve->n, ==, 801);
      g_assert_cmpfloat (curve->x[0], ==, 2000);
      for (gsize i = 0; i < curve->n; i++)
        {
          dyno_assert_near (curve->torque_nm[i], parabola (curve->x[i]), 1e-10);
          dyno_assert_near (curve->power_kw[i] * DYNO_NM_RPM_PER_KW,
                            curve->torque_nm[i] * curve->x[i], 1e-12);
        }
      g_assert_true (isnan (curve->afr[0]));
    }
}

static void
test_peak_is_the_first (void)
{
  g_autoptr(DynoCurve) curve = dyno_curve_new (4, FALSE);
  g_autoptr(DynoCurve) empty = dyno_curve_new (0, FALSE);
  DynoPeak peak;

  for (gsize i = 0; i < 4; i++)
    {
      curve->x[i] = 3000 + 100 * (double) i;
      curve->time_s[i] = (double) i;
      curve->power_kw[i] = i == 1 || i == 3 ? 50 : 40;
    }
  peak = dyno_curve_peak_power (curve);
  g_assert_cmpfloat (peak.value, ==, 50);
  g_assert_cmpfloat (peak.x, ==, 3100);
  g_assert_cmpfloat (peak.time_s, ==, 1);
  g_assert_true (isnan (dyno_curve_peak_torque (curve).value));
  g_assert_true (isnan (dyno_curve_peak_power (empty).value));
}

static void
test_smoothing_quiets_noise (void)
{
  g_autoptr(DynoCurve) raw = parabola_curve (2000, 6000, 1);
  double before = INFINITY;
  DynoNoise noise;

  dyno_noise_init (&noise, 1, 0);
  for (gsize i = 0; i < raw->n; i++)
    raw->torque_nm[i] += dyno_noise_normal (&noise);
  for (guint level = 1; level < DYNO_CURVE_LEVELS; level++)
    {
      g_autoptr(DynoCurve) curve = dyno_curve_smooth (raw, level);
      double squares = 0;

      for (gsize i = 0; i < curve->n; i++)
        squares += pow (curve->torque_nm[i] - parabola (curve->x[i]), 2);
      g_assert_cmpfloat (squares, <, before * 0.8);
      before = squares;
    }
}

static void
test_short_curves (void)
{
  for (gsize n = 0; n < 4; n++)
    {
      g_autoptr(DynoCurve) raw = dyno_curve_new (n, FALSE);
      g_autoptr(DynoCurve) curve = NULL;

      for (gsize i = 0; i < n; i++)
        {
          raw->x[i] = 3000 + 5 * (double) i;
          raw->torque_nm[i] = 100;
        }
      curve = dyno_curve_smooth (raw, 5);
      g_assert_cmpuint (curve->n, ==, n);
      for (gsize i = 0; i < n; i++)
        dyno_assert_near (curve->torque_nm[i], 100, 1e-12);
    }
}

static void
test_table (void)
{
  g_autoptr(DynoCurve) raw = parabola_curve (2010, 5995, 1);
  g_autoptr(DynoCurve) smooth = dyno_curve_smooth (raw, 2);
  g_autoptr(DynoCurve) table = dyno_curve_resample (smooth, 250);

  g_assert_cmpuint (table->n, ==, 15);
  g_assert_cmpfloat (table->x[0], ==, 2250);
  g_assert_cmpfloat (table->x[14], ==, 5750);
  dyno_assert_near (table->torque_nm[3], parabola (3000), 1e-9);
}

/* A hole in the mixture is bridged, its ends are not made longer. */
static void
test_missing_mixture (void)
{
  g_autoptr(DynoCurve) raw = parabola_curve (2000, 3000, 1);
  g_autoptr(DynoCurve) curve = NULL;

  for (gsize i = 40; i < raw->n - 40; i += 8)
    raw->afr[i] = 13 + raw->x[i] / 10000;
  curve = dyno_curve_smooth (raw, 1);
  g_assert_true (isnan (curve->afr[0]));
  g_assert_true (isnan (curve->afr[curve->n - 1]));
  dyno_assert_near (curve->afr[100], 13.25, 1e-9);
}

static void
test_mean_and_comparison (void)
{
  g_autoptr(DynoCurve) a = parabola_curve (2012.5, 5990, 1);
  g_autoptr(DynoCurve) b = parabola_curve (1900, 6100, 1.1);
  g_autoptr(DynoCurve) over_speed = dyno_curve_new (2, TRUE);
  g_autoptr(DynoCurveGain) gain = dyno_curve_compare (a, b);
  const DynoCurve *both[] = { a, b };
  double from, to, kw, nm, exact;

  g_assert_true (dyno_curve_window (both, 2, &from, &to));
  g_assert_cmpfloat (from, ==, 2050);
  g_assert_cmpfloat (to, ==, 5950);
  dyno_curve_mean (a, from, to, &kw, &nm);
  exact = (40 * (to - from) + 0.015 * (to * to - from * from)
           - 4e-6 / 3 * (to * to * to - from * from * from)) / (to - from);
  dyno_assert_near (nm, exact, 1e-6);
  g_assert_cmpfloat (gain->area.from, ==, from);
  g_assert_cmpfloat (gain->area.to, ==, to);
  g_assert_cmpuint (gain->n, ==, 781);
  dyno_assert_near (gain->area.mean_kw, 0.1 * kw, 1e-9);
  dyno_assert_near (gain->area.mean_pct, 10, 1e-9);
  dyno_assert_near (gain->area.mean_nm, 0.1 * nm, 1e-9);
  dyno_assert_near (gain->power_pct[300], 10, 1e-9);
  dyno_assert_near (gain->torque_nm[300], 0.1 * parabola (3550), 1e-9);
  g_assert_cmpfloat (gain->max_loss_kw, ==, 0);
  g_assert_cmpfloat (gain->max_gain_kw, >, 0);
  g_assert_null (dyno_curve_compare (a, over_speed));
}

/* Better by 2 kW in the middle third, worse by 1 kW at the end. */
static void
test_parts (void)
{
  g_autoptr(DynoCurve) a = parabola_curve (2000, 5000, 1);
  g_autoptr(DynoCurve) b = parabola_curve (2000, 5000, 1);
  g_autoptr(DynoCurveGain) gain = NULL;

  for (gsize i = 0; i < b->n; i++)
    b->power_kw[i] += b->x[i] > 3000 && b->x[i] < 4000 ? 2 : b->x[i] > 4800 ? -1 : 0;
  gain = dyno_curve_compare (a, b);
  dyno_assert_near (gain->parts[0].to, 3000, 1e-9);
  g_assert_cmpfloat_with_epsilon (gain->parts[0].mean_kw, 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (gain->parts[1].mean_kw, 2, 0.02);
  g_assert_cmpfloat_with_epsilon (gain->parts[2].mean_kw, -0.2, 0.01);
  dyno_assert_near (gain->area.mean_kw,
                    (gain->parts[0].mean_kw + gain->parts[1].mean_kw + gain->parts[2].mean_kw) / 3,
                    1e-9);
  g_assert_cmpfloat (fabs (gain->max_gain_x - 3500), <, 500);
  dyno_assert_near (gain->max_gain_kw, 2, 1e-9);
  g_assert_cmpfloat (gain->max_loss_x, >, 4800);
  g_assert_null (dyno_curve_compare_over (a, b, 1900, 4000));
  g_assert_null (dyno_curve_compare_over (a, b, 4000, 4000));
}

static void
test_window_over_speed (void)
{
  g_autoptr(DynoCurve) curve = dyno_curve_new (400, TRUE);
  const DynoCurve *one[] = { curve };
  double from, to;

  for (gsize i = 0; i < curve->n; i++)
    curve->x[i] = 61 + 0.25 * (double) i;
  g_assert_true (dyno_curve_window (one, 1, &from, &to));
  g_assert_cmpfloat (from, ==, 65);
  g_assert_cmpfloat (to, ==, 160);
  g_assert_false (dyno_curve_window (one, 0, &from, &to));
}

/* Ties go to the even hundred; the best of a bin, each by itself. */
static void
test_engine_bins (void)
{
  const double rpm[] = { 3050, 3150, 2990, 3040, 0, 20000, -5, NAN, 3301 };
  const double kw[] = { 30, 40, 31, 29, 99, 99, 99, 99, NAN };
  const double nm[] = { 90, 95, 88, 92, 999, 999, 999, 999, 80 };
  g_autoptr(DynoCurve) bins = dyno_curve_bins (rpm, kw, nm, G_N_ELEMENTS (rpm));
  g_autoptr(DynoCurve) none = dyno_curve_bins (NULL, NULL, NULL, 0);

  g_assert_cmpuint (bins->n, ==, 3);
  g_assert_cmpfloat (bins->x[0], ==, 3000);
  g_assert_cmpfloat (bins->power_kw[0], ==, 31);
  g_assert_cmpfloat (bins->torque_nm[0], ==, 92);
  g_assert_cmpfloat (bins->x[1], ==, 3200);
  g_assert_cmpfloat (bins->power_kw[1], ==, 40);
  g_assert_true (isnan (bins->power_kw[2]));
  g_assert_cmpfloat (bins->torque_nm[2], ==, 80);
  g_assert_cmpuint (none->n, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/curve/golden", test_golden);
  g_test_add_func ("/analysis/curve/parabolas", test_exact_for_parabolas);
  g_test_add_func ("/analysis/curve/peak", test_peak_is_the_first);
  g_test_add_func ("/analysis/curve/noise", test_smoothing_quiets_noise);
  g_test_add_func ("/analysis/curve/short", test_short_curves);
  g_test_add_func ("/analysis/curve/table", test_table);
  g_test_add_func ("/analysis/curve/missing-mixture", test_missing_mixture);
  g_test_add_func ("/analysis/curve/comparison", test_mean_and_comparison);
  g_test_add_func ("/analysis/curve/parts", test_parts);
  g_test_add_func ("/analysis/curve/window-over-speed", test_window_over_speed);
  g_test_add_func ("/analysis/curve/engine-bins", test_engine_bins);

  return g_test_run ();
}
