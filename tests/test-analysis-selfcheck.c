/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-derive.h"
#include "dyno-lsq.h"
#include "dyno-noise.h"
#include "dyno-selfcheck.h"
#include "dyno-test-log.h"
#include "dyno-test.h"
#include "dyno-units.h"

#include <math.h>

static void
test_lsq_recovers (void)
{
  enum { ROWS = 200 };
  double a[ROWS * 3];
  double b[ROWS];
  DynoNoise noise;
  DynoLsq lsq;

  dyno_noise_init (&noise, 9, 0);
  for (guint i = 0; i < ROWS; i++)
    {
      a[3 * i] = 1;
      a[3 * i + 1] = dyno_noise_normal (&noise) * 1e6;
      a[3 * i + 2] = dyno_noise_normal (&noise) * 1e-6;
      b[i] = 5 - 3e-6 * a[3 * i + 1] + 2e6 * a[3 * i + 2];
    }
  g_assert_true (dyno_lsq_solve (a, b, ROWS, 3, &lsq));
  dyno_assert_near (lsq.solution[0], 5, 1e-12);
  dyno_assert_near (lsq.solution[1] * 1e6, -3, 1e-12);
  dyno_assert_near (lsq.solution[2] / 1e6, 2, 1e-12);
  g_assert_cmpfloat (lsq.rms, <, 1e-12);
}

/* A straight line by hand: y = 1 + 2 x with residuals ±0.1. */
static void
test_lsq_errors (void)
{
  double a[] = { 1, 0, 1, 1, 1, 2, 1, 3 };
  double b[] = { 1.1, 2.9, 4.9, 7.1 };
  double again[] = { 1, 0, 1, 1 };
  double one[] = { 1 };
  DynoLsq lsq;

  g_assert_true (dyno_lsq_solve (a, b, 4, 2, &lsq));
  dyno_assert_near (lsq.solution[0], 1, 1e-12);
  dyno_assert_near (lsq.solution[1], 2, 1e-12);
  dyno_assert_near (lsq.rms, 0.1, 1e-12);
  dyno_assert_near (lsq.std_error[1], sqrt (0.02 / 5), 1e-12);
  dyno_assert_near (lsq.std_error[0], sqrt (0.02 * 14 / 20), 1e-12);
  g_assert_false (dyno_lsq_solve (again, one, 1, 2, &lsq));
}

static void
test_lsq_dependent_columns (void)
{
  double a[] = { 1, 2, 2, 4, 3, 6 };
  double b[] = { 1, 2, 3 };
  double zero[] = { 1, 0, 1, 0, 1, 0 };
  DynoLsq lsq;

  g_assert_false (dyno_lsq_solve (a, b, 3, 2, &lsq));
  g_assert_false (dyno_lsq_solve (zero, b, 3, 2, &lsq));
}

static void
test_rate (void)
{
  double time_s[100];
  double values[100];
  g_autofree double *rate = NULL;
  g_autofree double *lone = NULL;

  for (int i = 0; i < 100; i++)
    {
      time_s[i] = 0.05 * i + (i >= 60 ? 2 : 0);
      values[i] = i % 7 == 3 ? NAN : 3 * time_s[i] * time_s[i] - time_s[i];
    }
  rate = dyno_derive_rate (time_s, values, 100, 0.2, 0.5);
  for (int i = 0; i < 100; i++)
    {
      if (!isnan (rate[i]))
        dyno_assert_near (rate[i], 6 * time_s[i] - 1, 1e-9);
    }
  g_assert_false (isnan (rate[30]));
  g_assert_false (isnan (rate[58]));
  lone = dyno_derive_rate (time_s, values, 2, 0.2, 0.5);
  g_assert_true (isnan (lone[0]));
}

static void
test_between (void)
{
  const double time_s[] = { 0, 0.1, 0.2, 0.3, 0.4, 2.0, 2.1, 2.2 };
  const double values[] = { NAN, 10, 10, 40, NAN, NAN, 50, NAN };
  const guint8 updates[] = { 0, 1, 0, 1, 0, 0, 1, 0 };
  g_autofree double *filled = dyno_derive_between (time_s, values, updates, 8, 0.5);

  g_assert_true (isnan (filled[0]));
  g_assert_cmpfloat (filled[1], ==, 10);
  dyno_assert_near (filled[2], 25, 1e-12);
  g_assert_cmpfloat (filled[3], ==, 40);
  g_assert_true (isnan (filled[4]) && isnan (filled[5]));
  g_assert_cmpfloat (filled[6], ==, 50);
  g_assert_true (isnan (filled[7]));
}

/* analysis.md 2.6 */
static void
test_shipped_drum (void)
{
  double circumference_ft = DYNO_DRUM_CIRCUMFERENCE_M / DYNO_M_PER_FT;
  double speed = dyno_drum_speed_kmh (DYNO_DRUM_CIRCUMFERENCE_M, 3000);
  double inertia =
      dyno_drum_inertia_kgm2 (DYNO_DRUM_SLUGS * DYNO_KG_PER_SLUG, DYNO_DRUM_CIRCUMFERENCE_M);

  dyno_assert_near (circumference_ft / (2 * G_PI), 0.7437310490684269, 1e-12);
  dyno_assert_near (inertia, 5.295, 0.0005);
  dyno_assert_near (inertia / (DYNO_KG_PER_SLUG * DYNO_M_PER_FT * DYNO_M_PER_FT),
                    3.9054158337765394, 1e-9);
  dyno_assert_near (dyno_drum_power_kw (100 * DYNO_N_PER_LBF, speed) * 1000 / DYNO_W_PER_HP,
                    42.4818181818, 1e-9);
  dyno_assert_near (dyno_drum_speed_kmh (1.42433, 11.7014), 1, 1e-5);
}

static void
test_virtual_run (void)
{
  for (guint e = 0; dyno_bike_engine_at (e) != NULL; e++)
    {
      const DynoBikeEngine *engine = dyno_bike_engine_at (e);
      const DynoDrum true_drum = { engine->m_eff_kg, engine->c0_n, engine->c1_n_per_kmh,
                                   engine->c2_n_per_kmh2 };
      g_autoptr(DynoBike) bike = dyno_bike_new (engine);
      g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (1, 0);
      g_autoptr(DynoTestLog) log = dyno_test_log_new ();
      g_autoptr(DynoSamples) samples = NULL;
      DynoSelfcheck check;

      dyno_bike_place (bike, engine->start_rpm);
      dyno_bike_command_throttle (bike, 100, 0);
      while (dyno_bike_state (bike)->rpm < 0.98 * engine->redline_rpm)
        dyno_test_log_record (log, bike, sensors, 1, 20);
      samples = dyno_test_log_finish (log, NULL);
      g_assert_true (dyno_selfcheck_run (samples, &check));
      dyno_assert_near (check.drum.m_eff_kg / engine->m_eff_kg, 1, 0.001);
      dyno_assert_near (dyno_drum_loss_kw (&check.drum, 160) / dyno_drum_loss_kw (&true_drum, 160),
                        1, 0.01);
      g_assert_cmpint (dyno_selfcheck_judge (&check, NULL), ==, DYNO_SELFCHECK_REFERENCE);
      g_assert_cmpint (dyno_selfcheck_judge (&check, &true_drum), ==, DYNO_SELFCHECK_OK);
    }
}

static void
test_verdicts (void)
{
  const DynoDrum reference = { 1310, 12.3, 0.092, 0.00127 };
  DynoSelfcheck check = { .n = 200, .drum = reference, .rms_n = 0.2 };

  check.drum.m_eff_kg = 1310 * 1.002;
  g_assert_cmpint (dyno_selfcheck_judge (&check, &reference), ==, DYNO_SELFCHECK_OK);
  check.drum.m_eff_kg = 1310 * 1.005;
  g_assert_cmpint (dyno_selfcheck_judge (&check, &reference), ==, DYNO_SELFCHECK_DRIFT);
  check.drum.m_eff_kg = 1310 * 0.98;
  g_assert_cmpint (dyno_selfcheck_judge (&check, &reference), ==, DYNO_SELFCHECK_CHANGED);
  check.drum = reference;
  check.drum.c0_n += 30; /* 1.3 kW at 160 km/h: a brake drags */
  g_assert_cmpint (dyno_selfcheck_judge (&check, &reference), ==, DYNO_SELFCHECK_CHANGED);
  check.drum.c0_n = reference.c0_n + 10;
  g_assert_cmpint (dyno_selfcheck_judge (&check, &reference), ==, DYNO_SELFCHECK_DRIFT);
  check.rms_n = 6;
  g_assert_cmpint (dyno_selfcheck_judge (&check, &reference), ==, DYNO_SELFCHECK_NO_MODEL);
}

/* The anchors of analysis.md 2.6, in both systems of units. */
static void
test_us_units (void)
{
  const double slope = DYNO_N_PER_LBF / DYNO_KMH_PER_MPH;
  const DynoDrum drum = { 131.67 * DYNO_KG_PER_LBF_S_PER_MPH, 2.76 * DYNO_N_PER_LBF,
                          0.033 * slope, 0.00074 * slope / DYNO_KMH_PER_MPH };
  static const double mph[] = { 50, 100, 150 };
  static const double hp[] = { 0.8, 3.6, 9.7 };
  DynoDrumUs us;

  dyno_drum_to_us (&drum, &us);
  dyno_assert_near (drum.m_eff_kg, 1310, 0.001);
  dyno_assert_near (us.mass_lbf_s_per_mph, 131.67, 1e-12);
  dyno_assert_near (us.c0_lbf, 2.76, 1e-12);
  dyno_assert_near (us.c1_lbf_per_mph, 0.033, 1e-12);
  dyno_assert_near (us.c2_lbf_per_mph2, 0.00074, 1e-12);
  for (gsize i = 0; i < G_N_ELEMENTS (mph); i++)
    g_assert_cmpfloat_with_epsilon (dyno_drum_loss_kw (&drum, mph[i] * DYNO_KMH_PER_MPH) * 1000
                                      / DYNO_W_PER_HP, hp[i], 0.06);
}

static void
test_alarm (void)
{
  const DynoDrum reference = { 1310, 12.3, 0.092, 0.00127 };
  DynoSelfcheck check = { .n = 200, .drum = reference, .rms_n = 0.2 };
  g_autofree char *drift = NULL;
  g_autofree char *changed = NULL;

  g_assert_null (dyno_selfcheck_alarm (DYNO_SELFCHECK_OK, &check, &reference));
  g_assert_null (dyno_selfcheck_alarm (DYNO_SELFCHECK_REFERENCE, &check, NULL));
  check.drum.m_eff_kg = 1310 * 1.005;
  drift = dyno_selfcheck_alarm (DYNO_SELFCHECK_DRIFT, &check, &reference);
  g_assert_nonnull (strstr (drift, "drifts: its mass is off its reference by +0.50 %"));
  check.drum.c0_n -= 30;
  changed = dyno_selfcheck_alarm (DYNO_SELFCHECK_CHANGED, &check, &reference);
  g_assert_nonnull (strstr (changed, "losses at 160 km/h by -1.33 kW"));
}

static void
test_coast_down (void)
{
  enum { N = 400 };
  const DynoDrum drum = { 236.2, 6.7, 0.05, 0.0007 };
  double kmh[N];
  double ms2[N];
  double v = 160;
  DynoSamplesBuilder *builder = dyno_samples_builder_new (N);
  g_autoptr(DynoSamples) samples = NULL;
  DynoSelfcheck check;

  for (guint i = 0; i < N; i++)
    {
      kmh[i] = v;
      ms2[i] = -dyno_drum_losses_n (&drum, v) / drum.m_eff_kg;
      v += ms2[i] * 3.6;
    }
  dyno_test_take (builder, DYNO_CHANNEL_SPEED, "km/h", kmh, N);
  dyno_test_take (builder, DYNO_CHANNEL_ACCEL, "m/s²", ms2, N);
  samples = dyno_samples_builder_finish (builder);
  g_assert_true (dyno_selfcheck_coast_down (samples, drum.m_eff_kg, &check));
  dyno_assert_near (check.drum.c0_n, 6.7, 1e-9);
  dyno_assert_near (check.drum.c1_n_per_kmh, 0.05, 1e-9);
  dyno_assert_near (check.drum.c2_n_per_kmh2, 0.0007, 1e-9);
  g_assert_false (dyno_selfcheck_run (samples, &check)); /* no force */
}

/* Real runs of two dynos: mass and losses in lbf/(mph/s), lbf, lbf/mph, lbf/mph². */
static void
assert_anchor (const char *name,
               double      mass,
               double      c0,
               double      c1,
               double      c2)
{
  g_autoptr(DynoSamples) samples = dyno_test_read_winpep (name);
  DynoSelfcheck check;

  if (samples == NULL)
    return;
  g_assert_true (dyno_selfcheck_run (samples, &check));
  dyno_assert_near (check.drum.m_eff_kg / DYNO_KG_PER_LBF_S_PER_MPH, mass, 0.0003);
  dyno_assert_near (check.drum.c0_n / DYNO_N_PER_LBF / c0, 1, 0.02);
  dyno_assert_near (check.drum.c1_n_per_kmh / DYNO_N_PER_LBF * DYNO_KMH_PER_MPH / c1, 1, 0.05);
  dyno_assert_near (check.drum.c2_n_per_kmh2 / DYNO_N_PER_LBF * DYNO_KMH_PER_MPH
                        * DYNO_KMH_PER_MPH / c2, 1, 0.03);
  g_assert_cmpfloat (check.rms_n / DYNO_N_PER_LBF, <, 0.05);
}

static void
test_real_dynos (void)
{
  assert_anchor ("logs/wrl-dyno-check/RunFile_40.csv", 131.67, 2.76, 0.0328, 0.000738);
  assert_anchor ("logs/wrl-dyno-check/134power.csv", 133.54, 2.67, 0.0356, 0.000723);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/selfcheck/lsq-recovers", test_lsq_recovers);
  g_test_add_func ("/analysis/selfcheck/lsq-errors", test_lsq_errors);
  g_test_add_func ("/analysis/selfcheck/lsq-dependent", test_lsq_dependent_columns);
  g_test_add_func ("/analysis/selfcheck/rate", test_rate);
  g_test_add_func ("/analysis/selfcheck/between", test_between);
  g_test_add_func ("/analysis/selfcheck/shipped-drum", test_shipped_drum);
  g_test_add_func ("/analysis/selfcheck/us-units", test_us_units);
  g_test_add_func ("/analysis/selfcheck/alarm", test_alarm);
  g_test_add_func ("/analysis/selfcheck/virtual-run", test_virtual_run);
  g_test_add_func ("/analysis/selfcheck/verdicts", test_verdicts);
  g_test_add_func ("/analysis/selfcheck/coast-down", test_coast_down);
  g_test_add_func ("/analysis/selfcheck/real-dynos", test_real_dynos);

  return g_test_run ();
}
