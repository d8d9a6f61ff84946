/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bike.h"
#include "dyno-gain.h"
#include "dyno-noise.h"
#include "dyno-power.h"
#include "dyno-repeat.h"
#include "dyno-student.h"
#include "dyno-test-log.h"
#include "dyno-test.h"

#include <math.h>

#define FROM_RPM 2000
#define TO_RPM 5700

/* Student, Welch, Holm */

static void
test_student (void)
{
  /* Closed forms: ν 1 is Cauchy's law, ν 2 has t / √(2 + t²). */
  dyno_assert_near (dyno_student_p (1, 1), 0.5, 1e-14);
  dyno_assert_near (dyno_student_p (2, 2), 1 - 2 / sqrt (6), 1e-14);
  dyno_assert_near (dyno_student_p (-2, 2), dyno_student_p (2, 2), 0);
  dyno_assert_near (dyno_student_p (1e-9, 5), 1, 1e-8);
  g_assert_cmpfloat (dyno_student_p (INFINITY, 5), ==, 0);
  g_assert_true (isnan (dyno_student_p (NAN, 5)));
  g_assert_true (isnan (dyno_student_p (1, 0)));
  /* Many degrees of freedom are the normal law. */
  dyno_assert_near (dyno_student_p (1.959963984540054, 1e8), 0.05, 1e-7);
  dyno_assert_near (dyno_student_quantile (0.5, 3), 0, 1e-12);
  dyno_assert_near (dyno_student_quantile (0.025, 4), -dyno_student_quantile (0.975, 4), 1e-14);
  for (double nu = 0.5; nu < 1000; nu *= 1.7)
    dyno_assert_near (dyno_student_p (dyno_student_quantile (0.9, nu), nu), 0.2, 1e-12);
}

static gsize
numbers (const DynoJson *object,
         const char     *name,
         double         *values)
{
  const DynoJson *array = dyno_json_member (object, name);

  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    values[i] = dyno_json_number (dyno_json_element (array, i), NAN);

  return dyno_json_n_elements (array);
}

static void
assert_welch (const DynoJson *row)
{
  double a[20], b[20], ci[20];
  gsize n_a = numbers (row, "a", a);
  gsize n_b = numbers (row, "b", b);
  DynoWelch test;

  dyno_welch_test (a, n_a, b, n_b, &test);
  numbers (row, "ci95", ci);
  dyno_assert_near (test.mean_a, dyno_json_get_number (row, "mean_a", NAN), 1e-9);
  dyno_assert_near (test.sd_b, dyno_json_get_number (row, "s_b", NAN), 1e-9);
  dyno_assert_near (test.gain, dyno_json_get_number (row, "gain", NAN), 1e-9);
  dyno_assert_near (test.t, dyno_json_get_number (row, "t", NAN), 1e-9);
  dyno_assert_near (test.nu, dyno_json_get_number (row, "nu", NAN), 1e-9);
  dyno_assert_near (test.p, dyno_json_get_number (row, "p", NAN), 1e-9);
  dyno_assert_near (test.ci_low, ci[0], 1e-9);
  dyno_assert_near (test.ci_high, ci[1], 1e-9);
}

static void
test_golden (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/house/welch.json");
  const DynoJson *rows = dyno_json_member (golden, "welch");
  const DynoJson *quantiles = dyno_json_member (golden, "t_quantile_975");
  double p[20], wanted[20];
  gsize n;

  if (golden == NULL)
    return;
  g_assert_cmpuint (dyno_json_n_elements (rows), >, 0);
  for (guint i = 0; i < dyno_json_n_elements (rows); i++)
    assert_welch (dyno_json_element (rows, i));
  for (guint i = 0; i < dyno_json_n_elements (quantiles); i++)
    {
      const DynoJson *row = dyno_json_element (quantiles, i);

      dyno_assert_near (dyno_student_quantile (0.975, dyno_json_get_number (row, "nu", NAN)),
                        dyno_json_get_number (row, "t975", NAN), 1e-9);
    }
  n = numbers (dyno_json_member (golden, "holm"), "p", p);
  numbers (dyno_json_member (golden, "holm"), "adjusted", wanted);
  dyno_welch_holm (p, n, p);
  for (gsize i = 0; i < n; i++)
    dyno_assert_near (p[i], wanted[i], 1e-9);
}

/* The figures that the specification prints. */
static void
test_printed (void)
{
  const double before[] = { 80.1, 80.9, 79.2 };
  const double after[] = { 80.6, 81.9, 80.1 };
  double p[] = { 0.001, 0.04, NAN, 0.03, 0.2 };
  DynoWelch test;

  dyno_welch_test (before, 3, after, 3, &test);
  dyno_assert_near (test.t, 1.10004, 1e-5);
  dyno_assert_near (test.nu, 3.9691, 1e-4);
  dyno_assert_near (test.p, 0.33351, 1e-5);
  dyno_welch_holm (p, G_N_ELEMENTS (p), p);
  dyno_assert_near (p[0], 0.004, 1e-15);
  dyno_assert_near (p[1], 0.09, 1e-15);
  g_assert_true (isnan (p[2]));
  dyno_assert_near (p[3], 0.09, 1e-15);
  dyno_assert_near (p[4], 0.2, 1e-15);
}

static void
test_without_scatter (void)
{
  const double same[] = { 80, 80, 80 };
  const double near[] = { 80.03, 80.03, 80.03 };
  const double more[] = { 80.05, 80.05, 80.05 };
  DynoWelch test;

  dyno_welch_test (same, 3, near, 3, &test);
  g_assert_cmpfloat (test.p, ==, 1);
  dyno_welch_test (same, 3, more, 3, &test);
  g_assert_cmpfloat (test.p, ==, 0);
  dyno_assert_near (test.ci_low, 0.05, 1e-9);
  dyno_welch_test (same, 1, more, 3, &test);
  g_assert_true (isnan (test.p));
}

/* Curves by hand */

static double
power_at (double rpm)
{
  return rpm / 9549.3 * (80 + 0.03 * rpm - 4e-6 * rpm * rpm);
}

static DynoCurve *
flat_curve (double factor)
{
  DynoCurve *curve = dyno_curve_new ((TO_RPM - FROM_RPM) / 5 + 1, FALSE);

  for (gsize i = 0; i < curve->n; i++)
    {
      curve->x[i] = FROM_RPM + 5 * (double) i;
      curve->power_kw[i] = 60 * factor;
    }

  return curve;
}

static GPtrArray *
flat_group (const double *factors,
            gsize         n)
{
  GPtrArray *group = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_curve_free);

  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (group, flat_curve (factors[i]));

  return group;
}

static DynoGain *
gain_of (GPtrArray *a,
         GPtrArray *b)
{
  return dyno_gain_new ((const DynoCurve *const *) a->pdata, a->len,
                        (const DynoCurve *const *) b->pdata, b->len);
}

static DynoGain *
gain_of_factors (const double *a,
                 gsize         n_a,
                 const double *b,
                 gsize         n_b)
{
  g_autoptr(GPtrArray) before = flat_group (a, n_a);
  g_autoptr(GPtrArray) after = flat_group (b, n_b);

  return gain_of (before, after);
}

static void
assert_sentence (const DynoGain *gain,
                 const char     *wanted)
{
  g_autofree char *sentence = dyno_gain_sentence (gain, DYNO_UNITS_METRIC);

  g_assert_cmpstr (sentence, ==, wanted);
}

static void
test_repeat (void)
{
  const double factors[] = { 1, 1.01, 0.99 };
  g_autoptr(GPtrArray) group = flat_group (factors, 3);
  const DynoCurve *const *runs = (const DynoCurve *const *) group->pdata;
  g_autoptr(DynoRepeat) repeat = dyno_repeat_new (runs, 3, FROM_RPM, TO_RPM);
  g_autoptr(DynoRepeat) alone = dyno_repeat_new (runs, 1, FROM_RPM, TO_RPM);

  g_assert_cmpuint (repeat->n, ==, 149);
  g_assert_cmpfloat (repeat->x[1], ==, 2025);
  dyno_assert_near (repeat->mean_kw[7], 60, 1e-12);
  dyno_assert_near (repeat->sd_kw[7], 0.6, 1e-12);
  dyno_assert_near (repeat->cv_pct[7], 1, 1e-12);
  dyno_assert_near (repeat->ci_kw[7], 4.302652729911275 * 0.6 / sqrt (3), 1e-9);
  dyno_assert_near (repeat->sr_kw, 0.6, 1e-12);
  dyno_assert_near (repeat->limit_kw, 1.68, 1e-12);
  g_assert_cmpuint (alone->n, ==, 0);
  g_assert_true (isnan (alone->sr_kw));
}

static void
test_verdicts (void)
{
  const double before[] = { 1, 1.002, 0.998, 1.001 };
  const double better[] = { 1.02, 1.022, 1.018 };
  const double worse[] = { 0.98, 0.982, 0.978 };
  const double alike[] = { 1.001, 1.004, 0.998 };
  g_autoptr(DynoGain) gain = gain_of_factors (before, 4, better, 3);
  g_autoptr(DynoGain) loss = gain_of_factors (before, 4, worse, 3);
  g_autoptr(DynoGain) none = gain_of_factors (before, 4, alike, 3);
  g_autoptr(DynoGain) few = gain_of_factors (before, 4, better, 1);
  g_autoptr(DynoGain) same = gain_of_factors (before, 4, before, 4);

  g_assert_cmpint (gain->verdict, ==, DYNO_GAIN_REAL_GAIN);
  dyno_assert_near (gain->area_pct, (1.02 / 1.00025 - 1) * 100, 1e-9);
  assert_sentence (gain, "+1.2 kW (0.9 … 1.4), real");
  g_assert_cmpint (loss->verdict, ==, DYNO_GAIN_REAL_LOSS);
  assert_sentence (loss, "−1.2 kW (−1.5 … −1.0), real");
  g_assert_cmpint (none->verdict, ==, DYNO_GAIN_NOT_PROVED);
  g_assert_cmpuint (none->more, ==, 31);
  g_assert_cmpint (few->verdict, ==, DYNO_GAIN_NOT_ENOUGH_RUNS);
  g_assert_cmpuint (few->missing_a, ==, 0);
  g_assert_cmpuint (few->missing_b, ==, 2);
  assert_sentence (few, "not enough pulls: 3 a side are the least; 0 more before and 2 more after "
                        "are missing");
  g_assert_cmpint (same->verdict, ==, DYNO_GAIN_NOT_PROVED);
  g_assert_cmpuint (same->more, >, DYNO_GAIN_MANY_MORE);
}

/* s 0.6 kW a side and 0.9 kW seen: ⌈2 · 7.84 · (0.6 / 0.9)²⌉ = 7 a side, four more. */
static void
test_more_pulls (void)
{
  const double before[] = { 1, 1.01, 0.99 };
  const double after[] = { 1.015, 1.025, 1.005 };
  g_autoptr(DynoGain) gain = gain_of_factors (before, 3, after, 3);

  g_assert_cmpint (gain->verdict, ==, DYNO_GAIN_NOT_PROVED);
  g_assert_cmpuint (gain->more, ==, 4);
  assert_sentence (gain, "within the scatter; about 4 more pulls a side would show a gain of this "
                         "size");
}

/* Better in the middle, as much worse at the end: nothing over the window. */
static void
test_partly (void)
{
  const double factors[] = { 1, 1.003, 0.997, 1.001, 0.999 };
  g_autoptr(GPtrArray) before = flat_group (factors, 5);
  g_autoptr(GPtrArray) after = flat_group (factors, 5);
  g_autoptr(DynoGain) gain = NULL;

  for (guint run = 0; run < after->len; run++)
    {
      DynoCurve *curve = g_ptr_array_index (after, run);

      for (gsize i = 0; i < curve->n; i++)
        {
          if (curve->x[i] >= 3200 && curve->x[i] <= 4100)
            curve->power_kw[i] *= 1.04;
          if (curve->x[i] > 4795 && curve->x[i] < 5700)
            curve->power_kw[i] *= 0.96;
        }
    }
  gain = gain_of (before, after);
  g_assert_cmpint (gain->verdict, ==, DYNO_GAIN_PARTLY);
  g_assert_cmpuint (gain->stretches->len, ==, 2);
  assert_sentence (gain, "real between 3200 and 4100 rpm and between 4800 and 5675 rpm (loss) "
                         "only");
}

static void
test_no_common_range (void)
{
  const double factors[] = { 1, 1, 1 };
  g_autoptr(GPtrArray) before = flat_group (factors, 3);
  g_autoptr(GPtrArray) after = flat_group (factors, 3);
  DynoCurve *last = g_ptr_array_index (after, 2);

  last->is_over_speed = TRUE;
  g_assert_null (gain_of (before, after));
  last->is_over_speed = FALSE;
  for (gsize i = 0; i < last->n; i++)
    last->x[i] += 10000;
  g_assert_null (gain_of (before, after));
}

/* How often it is wrong, and how often it finds what is there */

typedef struct
{
  double scale_pct; /* from pull to pull, all of the curve alike */
  double tilt_pct;  /* from pull to pull, one end against the other */
  double wave_pct;  /* slow waves over engine speed */
  double bin_pct;   /* from sample to sample, before smoothing */
} Scatter;

/* A pull as a dyno shows it. */
static DynoCurve *
noisy_curve (DynoNoise     *noise,
             const Scatter *scatter,
             double         factor)
{
  g_autoptr(DynoCurve) raw = dyno_curve_new ((TO_RPM - FROM_RPM) / 10, FALSE);
  double scale = 1 + scatter->scale_pct / 100 * dyno_noise_normal (noise);
  double tilt = scatter->tilt_pct / 100 * dyno_noise_normal (noise);
  double wave = scatter->wave_pct / 100 * dyno_noise_normal (noise);
  double phase = 2 * G_PI * dyno_noise_uniform (noise);

  for (gsize i = 0; i < raw->n; i++)
    {
      double rpm = FROM_RPM + 10 * (double) i + dyno_noise_uniform (noise);
      double share = (rpm - FROM_RPM) / (TO_RPM - FROM_RPM) - 0.5;

      raw->x[i] = rpm;
      raw->power_kw[i] = power_at (rpm) * factor
                         * (scale + tilt * share + wave * sin (12 * share + phase)
                            + scatter->bin_pct / 100 * dyno_noise_normal (noise));
      raw->torque_nm[i] = raw->power_kw[i] * 9549.3 / rpm;
    }

  return dyno_curve_smooth (raw, DYNO_CURVE_DEFAULT_LEVEL);
}

static GPtrArray *
noisy_group (DynoNoise     *noise,
             const Scatter *scatter,
             double         factor,
             guint          n)
{
  GPtrArray *group = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_curve_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (group, noisy_curve (noise, scatter, factor));

  return group;
}

static gboolean
is_claim (GPtrArray *before,
          GPtrArray *after)
{
  g_autoptr(DynoGain) gain = gain_of (before, after);

  return gain->verdict == DYNO_GAIN_REAL_GAIN || gain->verdict == DYNO_GAIN_REAL_LOSS
         || gain->verdict == DYNO_GAIN_PARTLY;
}

/* Comparisons of five pulls a side that claim something; `factor` is what is there. */
static guint
count_claims (guint          seed,
              const Scatter *scatter,
              double         factor,
              guint          n_pairs)
{
  guint n_claims = 0;
  DynoNoise noise;

  dyno_noise_init (&noise, seed, 0);
  for (guint i = 0; i < n_pairs; i++)
    {
      g_autoptr(GPtrArray) before = noisy_group (&noise, scatter, 1, 5);
      g_autoptr(GPtrArray) after = noisy_group (&noise, scatter, factor, 5);

      n_claims += is_claim (before, after);
    }

  return n_claims;
}

/* The scatter of a dyno in good hands, and of one whose bins scatter for themselves. */
static const Scatter scatters[] = {
  { 0.7, 0.2, 0.2, 0.8 },
  { 0.1, 0.0, 0.3, 2.0 },
};

static void
test_false_claims (void)
{
  g_assert_cmpuint (count_claims (1, &scatters[0], 1, 1000), <=, 50);
  g_assert_cmpuint (count_claims (3, &scatters[1], 1, 200), <=, 10);
}

static void
test_true_gains (void)
{
  g_assert_cmpuint (count_claims (4, &scatters[0], 1.02, 200), >=, 160);
  g_assert_cmpuint (count_claims (5, &scatters[1], 1.02, 50), >=, 40);
}

/* The same through whole pulls of the virtual dyno */

#define ROW_MS 20

static GArray *
record_pull (double factor)
{
  DynoBikeEngine engine = *dyno_bike_engine_find ("m8_114");
  g_autoptr(DynoBike) bike = NULL;
  GArray *states = g_array_new (FALSE, FALSE, sizeof (DynoBikeState));

  engine.peak_hp *= factor;
  engine.peak_lbft *= factor;
  bike = dyno_bike_new (&engine);
  dyno_bike_place (bike, 1800);
  dyno_bike_command_throttle (bike, 100, 0);
  while (dyno_bike_state (bike)->rpm < 0.98 * engine.redline_rpm)
    {
      dyno_bike_advance (bike, ROW_MS);
      g_array_append_vals (states, dyno_bike_state (bike), 1);
    }

  return states;
}

/* The pull as the instruments see it that day, by way of all of power's steps. */
static DynoCurve *
measure_pull (const GArray *states,
              guint64       seed,
              double        scale)
{
  static const DynoChannel channels[] = {
    DYNO_CHANNEL_RPM, DYNO_CHANNEL_SPEED, DYNO_CHANNEL_FORCE, DYNO_CHANNEL_TPS,
    DYNO_CHANNEL_BARO, DYNO_CHANNEL_AMBIENT_TEMP, DYNO_CHANNEL_HUMIDITY, DYNO_CHANNEL_NONE,
  };
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (seed, 1);
  g_autoptr(DynoTestLog) log = dyno_test_log_new ();
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoPower) power = NULL;
  DynoPowerOptions options;

  for (guint i = 0; i < states->len; i++)
    {
      DynoBikeReading reading;

      dyno_bike_sensors_read (sensors, &g_array_index (states, DynoBikeState, i), &reading);
      reading.force_n *= scale;
      dyno_test_log_add (log, &reading);
    }
  samples = dyno_test_log_finish (log, channels);
  dyno_power_options_init (&options);
  power = dyno_power_new (samples, &options);

  return dyno_curve_smooth (power->curve, 0);
}

static GPtrArray *
measure_pulls (const GArray *states,
               DynoNoise    *noise)
{
  GPtrArray *group = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_curve_free);

  for (guint i = 0; i < 5; i++)
    g_ptr_array_add (group, measure_pull (states, dyno_noise_bits (noise),
                                          1 + 0.007 * dyno_noise_normal (noise)));

  return group;
}

static guint
count_pull_claims (guint  seed,
                   double factor,
                   guint  n_pairs)
{
  g_autoptr(GArray) before_states = record_pull (1);
  g_autoptr(GArray) after_states = record_pull (factor);
  guint n_claims = 0;
  DynoNoise noise;

  dyno_noise_init (&noise, seed, 1);
  for (guint i = 0; i < n_pairs; i++)
    {
      g_autoptr(GPtrArray) before = measure_pulls (before_states, &noise);
      g_autoptr(GPtrArray) after = measure_pulls (after_states, &noise);

      n_claims += is_claim (before, after);
    }

  return n_claims;
}

static void
test_virtual_pulls (void)
{
  g_assert_cmpuint (count_pull_claims (6, 1, 100), <=, 5);
  g_assert_cmpuint (count_pull_claims (7, 1.02, 50), >=, 40);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/gain/student", test_student);
  g_test_add_func ("/analysis/gain/golden", test_golden);
  g_test_add_func ("/analysis/gain/printed", test_printed);
  g_test_add_func ("/analysis/gain/no-scatter", test_without_scatter);
  g_test_add_func ("/analysis/gain/repeat", test_repeat);
  g_test_add_func ("/analysis/gain/verdicts", test_verdicts);
  g_test_add_func ("/analysis/gain/more-pulls", test_more_pulls);
  g_test_add_func ("/analysis/gain/partly", test_partly);
  g_test_add_func ("/analysis/gain/no-range", test_no_common_range);
  g_test_add_func ("/analysis/gain/false-claims", test_false_claims);
  g_test_add_func ("/analysis/gain/true-gains", test_true_gains);
  g_test_add_func ("/analysis/gain/virtual-pulls", test_virtual_pulls);

  return g_test_run ();
}
