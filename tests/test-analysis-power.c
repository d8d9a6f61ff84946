/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-power.h"
#include "dyno-test-log.h"
#include "dyno-test.h"
#include "dyno-units.h"

#include <math.h>

#define ROW_MS 20

/* A pull between a roll and a coast-down, as a dyno records it. */
static DynoTestLog *
record_pull (const char *engine_name,
             double      noise)
{
  const DynoBikeEngine *engine = dyno_bike_engine_find (engine_name);
  g_autoptr(DynoBike) bike = dyno_bike_new (engine);
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (5, noise);
  DynoTestLog *log = dyno_test_log_new ();

  dyno_bike_place (bike, engine->start_rpm);
  dyno_bike_command_accel (bike, 0);
  dyno_test_log_record (log, bike, sensors, 100, ROW_MS);
  dyno_bike_command_throttle (bike, 100, 0);
  while (dyno_bike_state (bike)->rpm < 0.98 * engine->redline_rpm)
    dyno_test_log_record (log, bike, sensors, 1, ROW_MS);
  dyno_bike_command_throttle (bike, 0, 0);
  dyno_test_log_record (log, bike, sensors, 200, ROW_MS);

  return log;
}

static void
true_figures (const char      *engine_name,
              DynoBikeFigures *figures)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find (engine_name));

  g_assert_true (dyno_bike_pull (bike, figures));
}

static DynoPower *
power_of (DynoTestLog            *log,
          const DynoChannel      *channels,
          const DynoPowerOptions *options)
{
  g_autoptr(DynoSamples) samples = dyno_test_log_finish (log, channels);

  return dyno_power_new (samples, options);
}

static void
assert_share (double value,
              double wanted,
              double share)
{
  dyno_assert_near (value / wanted, 1, share);
}

/* Peaks within 1 % without noise, whatever the input. */
static void
test_every_input (void)
{
  static const struct
  {
    DynoChannel    channels[8];
    DynoPowerInput input;
  } cases[] = {
    { { DYNO_CHANNEL_FORCE, DYNO_CHANNEL_SPEED, DYNO_CHANNEL_RPM, DYNO_CHANNEL_TPS,
        DYNO_CHANNEL_TORQUE }, DYNO_POWER_FROM_FORCE_SPEED },
    { { DYNO_CHANNEL_FORCE, DYNO_CHANNEL_SPEED, DYNO_CHANNEL_RPM }, DYNO_POWER_FROM_FORCE_SPEED },
    { { DYNO_CHANNEL_TORQUE, DYNO_CHANNEL_RPM, DYNO_CHANNEL_TPS }, DYNO_POWER_FROM_TORQUE_RPM },
    { { DYNO_CHANNEL_TORQUE_CORR, DYNO_CHANNEL_CORRECTION, DYNO_CHANNEL_RPM, DYNO_CHANNEL_TPS },
      DYNO_POWER_FROM_TORQUE_RPM },
    { { DYNO_CHANNEL_POWER, DYNO_CHANNEL_RPM, DYNO_CHANNEL_TPS }, DYNO_POWER_FROM_POWER_RPM },
    { { DYNO_CHANNEL_SPEED, DYNO_CHANNEL_RPM, DYNO_CHANNEL_TPS }, DYNO_POWER_FROM_SPEED },
  };
  static const char *const engines[] = { "twin114", "four20" };

  for (gsize e = 0; e < G_N_ELEMENTS (engines); e++)
    {
      const DynoBikeEngine *engine = dyno_bike_engine_find (engines[e]);
      const DynoDrum drum = { engine->m_eff_kg, engine->c0_n, engine->c1_n_per_kmh,
                              engine->c2_n_per_kmh2 };
      g_autoptr(DynoTestLog) log = record_pull (engines[e], 0);
      DynoPowerOptions options;
      DynoBikeFigures figures;

      true_figures (engines[e], &figures);
      dyno_power_options_init (&options);
      options.standard = DYNO_STANDARD_NONE;
      options.drum = &drum;
      for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        {
          g_autoptr(DynoPower) power = power_of (log, cases[i].channels, &options);

          g_assert_cmpint (power->input, ==, cases[i].input);
          g_assert_cmpint (power->trim, ==, DYNO_TRIM_OK);
          assert_share (power->peak_power.value, figures.peak_power_kw, 0.01);
          assert_share (power->peak_torque.value, figures.peak_torque_nm, 0.01);
          assert_share (power->peak_power.x, figures.peak_power_rpm, 0.02);
          g_assert_cmpuint (power->warnings, ==, 0);
        }
    }
}

static void
test_correction_is_applied (void)
{
  g_autoptr(DynoTestLog) log = record_pull ("four20", 0);
  g_autoptr(DynoPower) power = NULL;
  g_autoptr(DynoPower) typed = NULL;
  g_autoptr(DynoPower) none = NULL;
  static const DynoChannel bare[] = { DYNO_CHANNEL_FORCE, DYNO_CHANNEL_SPEED, DYNO_CHANNEL_RPM,
                                      DYNO_CHANNEL_TPS, DYNO_CHANNEL_NONE };
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  power = power_of (log, NULL, &options);
  dyno_assert_near (power->correction.factor, 1.2219, 0.0005);
  g_assert_cmpuint (power->correction.warnings & DYNO_CORRECTION_CF_DIFFERS, ==, 0);
  g_assert_cmpuint (power->correction.warnings & DYNO_CORRECTION_CF_OUTSIDE_7, !=, 0);
  assert_share (power->peak_power.value, 118.26, 0.01);

  none = power_of (log, bare, &options);
  g_assert_cmpint (none->correction.standard, ==, DYNO_STANDARD_NONE);
  g_assert_cmpuint (none->correction.warnings, ==, DYNO_CORRECTION_NO_WEATHER);
  assert_share (none->peak_power.value, 96.784, 0.01);

  options.typed.pressure_hpa = 826.3;
  options.typed.temperature_c = 16.12;
  options.typed.humidity_pct = 30.07;
  typed = power_of (log, bare, &options);
  dyno_assert_near (typed->correction.factor, 1.2219, 0.0005);
  g_assert_cmpuint (typed->correction.warnings & DYNO_CORRECTION_PROBE_MISSING, !=, 0);
}

static void
test_noise_and_levels (void)
{
  g_autoptr(DynoTestLog) log = record_pull ("twin114", 1);
  DynoPowerOptions options;
  DynoBikeFigures figures;

  true_figures ("twin114", &figures);
  dyno_power_options_init (&options);
  options.standard = DYNO_STANDARD_NONE;
  for (options.level = 3; options.level < DYNO_CURVE_LEVELS; options.level++)
    {
      g_autoptr(DynoPower) power = power_of (log, NULL, &options);

      g_assert_cmpuint (power->curve->level, ==, options.level);
      assert_share (power->peak_power.value, figures.peak_power_kw, 0.025);
    }
}

static void
test_as_logged (void)
{
  g_autoptr(DynoTestLog) log = record_pull ("four20", 0);
  g_autoptr(DynoPower) printed = NULL;
  g_autoptr(DynoPower) raw = NULL;
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  options.as_logged = TRUE;
  printed = power_of (log, NULL, &options);
  g_assert_cmpint (printed->input, ==, DYNO_POWER_FROM_POWER_RPM);
  g_assert_cmpint (printed->correction.weather.source, ==, DYNO_WEATHER_FILE);
  assert_share (printed->peak_power.value, 118.26, 0.01);
  options.standard = DYNO_STANDARD_NONE;
  raw = power_of (log, NULL, &options);
  assert_share (raw->peak_power.value, 96.784, 0.01);
  g_assert_cmpfloat (raw->correction.factor, ==, 1);
}

static void
test_unknown_correction (void)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_TORQUE_CORR, DYNO_CHANNEL_RPM,
                                          DYNO_CHANNEL_TPS, DYNO_CHANNEL_BARO,
                                          DYNO_CHANNEL_AMBIENT_TEMP, DYNO_CHANNEL_NONE };
  g_autoptr(DynoTestLog) log = record_pull ("four20", 0);
  g_autoptr(DynoPower) power = NULL;
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  power = power_of (log, channels, &options);
  g_assert_cmpuint (power->warnings, ==, DYNO_POWER_UNKNOWN_CORRECTION);
  g_assert_cmpint (power->correction.standard, ==, DYNO_STANDARD_NONE);
  g_assert_cmpfloat (power->correction.factor, ==, 1);
}

static void
test_over_speed (void)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_FORCE, DYNO_CHANNEL_SPEED, DYNO_CHANNEL_TPS,
                                          DYNO_CHANNEL_NONE };
  g_autoptr(DynoTestLog) log = record_pull ("four20", 0);
  g_autoptr(DynoPower) power = NULL;
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  power = power_of (log, channels, &options);
  g_assert_true (power->curve->is_over_speed);
  g_assert_cmpuint (power->warnings, ==, DYNO_POWER_NO_RPM);
  g_assert_true (isnan (power->peak_torque.value));
  assert_share (power->peak_power.value, 96.784, 0.01);
  assert_share (power->peak_power.x, 5500.0 / 40, 0.02);
}

static void
test_drum_rpm (void)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_SPEED, DYNO_CHANNEL_RPM, DYNO_CHANNEL_TPS,
                                          DYNO_CHANNEL_NONE };
  const DynoBikeEngine *engine = dyno_bike_engine_find ("twin114");
  const DynoDrum drum = { engine->m_eff_kg, engine->c0_n, engine->c1_n_per_kmh,
                          engine->c2_n_per_kmh2 };
  g_autoptr(DynoTestLog) log = record_pull ("twin114", 0);
  g_autoptr(DynoSamples) source = dyno_test_log_finish (log, channels);
  gsize n = dyno_samples_n_rows (source);
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoPower) power = NULL;
  double *drum_rpm = dyno_samples_dup_si (source, dyno_samples_find (source, DYNO_CHANNEL_SPEED));
  DynoPowerOptions options;

  for (gsize i = 0; i < n; i++)
    drum_rpm[i] /= dyno_drum_speed_kmh (DYNO_DRUM_CIRCUMFERENCE_M, 1);
  dyno_samples_builder_take_time (builder,
                                  g_memdup2 (dyno_samples_time (source), n * sizeof (double)));
  dyno_samples_builder_take (builder, "Drum RPM", "", DYNO_CHANNEL_NONE, dyno_unit_find ("rpm"),
                             drum_rpm);
  dyno_samples_builder_take (builder, dyno_channel_info (DYNO_CHANNEL_RPM)->name, "", DYNO_CHANNEL_RPM,
                             dyno_unit_find ("rpm"),
                             dyno_test_dup_column (dyno_samples_find (source, DYNO_CHANNEL_RPM)));
  dyno_samples_builder_take (builder, dyno_channel_info (DYNO_CHANNEL_TPS)->name, "", DYNO_CHANNEL_TPS,
                             dyno_unit_find ("%"),
                             dyno_test_dup_column (dyno_samples_find (source, DYNO_CHANNEL_TPS)));
  samples = dyno_samples_builder_finish (builder);
  dyno_power_options_init (&options);
  options.drum = &drum;
  options.drum_rpm_name = "Drum RPM";
  power = dyno_power_new (samples, &options);
  g_assert_cmpint (power->input, ==, DYNO_POWER_FROM_DRUM_RPM);
  assert_share (power->peak_power.value, 78.505, 0.01);
}

/* What the trim keeps rises, and the rest is told apart. */
static void
test_trim (void)
{
  g_autoptr(DynoTestLog) log = record_pull ("twin114", 1);
  g_autoptr(DynoPower) power = NULL;
  guint kept = 0;
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  power = power_of (log, NULL, &options);
  g_assert_cmpuint (power->first_row, >=, 100);
  g_assert_cmpuint (power->last_row, <, dyno_test_log_length (log) - 190);
  for (guint i = 0; i < dyno_test_log_length (log); i++)
    {
      kept += power->is_kept[i];
      if (power->is_kept[i])
        g_assert_true (i >= power->first_row && i <= power->last_row);
    }
  g_assert_cmpuint (kept, ==, power->raw->n);
  for (gsize i = 1; i < power->raw->n; i++)
    g_assert_cmpfloat (power->raw->x[i], >, power->raw->x[i - 1]);
  /* The roll-on of 0.2 s is no part of the curve. */
  g_assert_cmpfloat (power->raw->time_s[0], >=, power->first_row * ROW_MS / 1000.0 + 0.2);
}

static void
test_trim_by_hand (void)
{
  g_autoptr(DynoTestLog) log = record_pull ("twin114", 0);
  g_autoptr(DynoPower) power = NULL;
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  options.first_row = 130;
  options.last_row = 200;
  power = power_of (log, NULL, &options);
  g_assert_cmpuint (power->first_row, ==, 130);
  g_assert_cmpuint (power->last_row, ==, 200);
  g_assert_cmpuint (power->raw->n, ==, 71);
}

static void
test_no_pull (void)
{
  static const DynoChannel no_throttle[] = { DYNO_CHANNEL_FORCE, DYNO_CHANNEL_SPEED,
                                             DYNO_CHANNEL_RPM, DYNO_CHANNEL_NONE };
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (5, 0);
  g_autoptr(DynoTestLog) idle = dyno_test_log_new ();
  g_autoptr(DynoTestLog) held = dyno_test_log_new ();
  g_autoptr(DynoTestLog) none = dyno_test_log_new ();
  g_autoptr(DynoPower) power = NULL;
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  dyno_bike_place (bike, 3000);
  dyno_bike_command_accel (bike, 0);
  dyno_test_log_record (idle, bike, sensors, 200, ROW_MS);
  power = power_of (idle, NULL, &options);
  g_assert_cmpstr (dyno_trim_reason_name (power->trim), ==, "no-load");
  g_assert_cmpuint (power->curve->n, ==, 0);
  g_assert_true (isnan (power->peak_power.value));
  g_clear_pointer (&power, dyno_power_free);

  power = power_of (idle, no_throttle, &options);
  g_assert_cmpuint (power->curve->n, ==, 0);
  g_clear_pointer (&power, dyno_power_free);

  dyno_bike_command_hold (bike, 3000, 200, 0);
  dyno_test_log_record (held, bike, sensors, 200, ROW_MS);
  power = power_of (held, NULL, &options);
  g_assert_cmpint (power->trim, ==, DYNO_TRIM_NO_RISE);
  g_clear_pointer (&power, dyno_power_free);

  power = power_of (none, NULL, &options);
  g_assert_cmpuint (power->curve->n, ==, 0);
  g_assert_cmpint (power->correction.standard, ==, DYNO_STANDARD_NONE);
}

static void
test_too_short (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("four20"));
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (5, 0);
  g_autoptr(DynoTestLog) log = dyno_test_log_new ();
  g_autoptr(DynoPower) power = NULL;
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  dyno_bike_place (bike, 3000);
  dyno_bike_command_throttle (bike, 100, 0);
  dyno_test_log_record (log, bike, sensors, 60, ROW_MS);
  power = power_of (log, NULL, &options);
  g_assert_cmpint (power->trim, ==, DYNO_TRIM_TOO_SHORT);
  g_assert_cmpuint (power->curve->n, ==, 0);
}

static double *
channel_values (const DynoSamples *samples,
                DynoChannel        channel)
{
  return dyno_samples_dup_si (samples, dyno_samples_find (samples, channel));
}

/* A tyre that slips in a tenth of the samples, and a file that uses another
 * constant for its torque. */
static void
test_slip_and_inconsistency (void)
{
  g_autoptr(DynoTestLog) log = record_pull ("four20", 0);
  g_autoptr(DynoSamples) good = dyno_test_log_finish (log, NULL);
  g_autofree double *rpm = channel_values (good, DYNO_CHANNEL_RPM);
  g_autofree double *speed = channel_values (good, DYNO_CHANNEL_SPEED);
  g_autofree double *force = channel_values (good, DYNO_CHANNEL_FORCE);
  g_autofree double *torque = channel_values (good, DYNO_CHANNEL_TORQUE);
  g_autofree double *kw = channel_values (good, DYNO_CHANNEL_POWER);
  gsize n = dyno_samples_n_rows (good);
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  g_autoptr(DynoSamples) bad = NULL;
  g_autoptr(DynoPower) before = NULL;
  g_autoptr(DynoPower) after = NULL;
  DynoPowerOptions options;

  for (gsize i = 0; i < n; i++)
    {
      rpm[i] *= i % 10 == 0 ? 1.02 : 1;
      torque[i] *= 5260 / DYNO_LBFT_RPM_PER_HP * 1.005;
    }
  dyno_samples_builder_take_time (builder,
                                  g_memdup2 (dyno_samples_time (good), n * sizeof (double)));
  dyno_test_take (builder, DYNO_CHANNEL_RPM, "rpm", rpm, n);
  dyno_test_take (builder, DYNO_CHANNEL_SPEED, "km/h", speed, n);
  dyno_test_take (builder, DYNO_CHANNEL_FORCE, "N", force, n);
  dyno_test_take (builder, DYNO_CHANNEL_TORQUE, "N·m", torque, n);
  dyno_test_take (builder, DYNO_CHANNEL_POWER, "kW", kw, n);
  bad = dyno_samples_builder_finish (builder);
  dyno_power_options_init (&options);
  before = dyno_power_new (good, &options);
  after = dyno_power_new (bad, &options);
  g_assert_cmpuint (before->warnings, ==, 0);
  dyno_assert_near (before->ratio, 40, 1e-9);
  g_assert_cmpfloat (before->slip_share, ==, 0);
  dyno_assert_near (before->torque_factor, 1, 1e-9);
  g_assert_cmpuint (after->warnings, ==, DYNO_POWER_SLIP | DYNO_POWER_INCONSISTENT);
  dyno_assert_near (after->slip_share, 0.1, 0.01);
  dyno_assert_near (after->torque_factor, 1.0065, 0.0005);
  dyno_assert_near (after->force_factor, 1, 1e-9);
}

/* Channels on time bases of their own are joined. */
static void
test_several_time_bases (void)
{
  g_autoptr(DynoTestLog) log = record_pull ("twin114", 0);
  g_autoptr(DynoSamples) source = dyno_test_log_finish (log, NULL);
  static const DynoChannel channels[] = { DYNO_CHANNEL_FORCE, DYNO_CHANNEL_SPEED,
                                          DYNO_CHANNEL_RPM, DYNO_CHANNEL_TPS };
  gsize n = dyno_samples_n_rows (source);
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoPower) power = NULL;
  DynoPowerOptions options;

  dyno_samples_builder_take_time (builder,
                                  g_memdup2 (dyno_samples_time (source), n * sizeof (double)));
  for (gsize c = 0; c < G_N_ELEMENTS (channels); c++)
    {
      double *values = channel_values (source, channels[c]);
      guint8 *bits = g_new0 (guint8, n / 8 + 1);
      guint index;

      for (gsize i = 0; i < n; i++)
        {
          if (i % 3 == c % 3)
            bits[i / 8] |= (guint8) (1 << (i % 8));
          else
            values[i] = NAN;
        }
      index = dyno_samples_builder_take (builder, "x", "", channels[c],
                                         dyno_unit_find (dyno_channel_info (channels[c])->unit),
                                         values);
      dyno_samples_builder_take_updates (builder, index, bits);
    }
  samples = dyno_samples_builder_finish (builder);
  dyno_power_options_init (&options);
  power = dyno_power_new (samples, &options);
  g_assert_cmpint (power->input, ==, DYNO_POWER_FROM_FORCE_SPEED);
  assert_share (power->peak_power.value, 78.505, 0.01);
  assert_share (power->peak_torque.value, 161.037, 0.01);
}

/* Columns that part from each other are smoothed each by itself. */
static void
test_as_logged_keeps_both (void)
{
  g_autoptr(DynoCurve) raw = dyno_curve_new (200, FALSE);
  g_autoptr(DynoCurve) own = NULL;
  g_autoptr(DynoCurve) derived = NULL;

  for (gsize i = 0; i < raw->n; i++)
    {
      raw->x[i] = 3000 + 10 * (double) i;
      raw->power_kw[i] = 50;
      raw->torque_nm[i] = 200;
    }
  raw->is_pair = TRUE;
  own = dyno_curve_smooth (raw, 2);
  raw->is_pair = FALSE;
  derived = dyno_curve_smooth (raw, 2);
  for (gsize i = 0; i < own->n; i++)
    {
      dyno_assert_near (own->power_kw[i], 50, 1e-9);
      dyno_assert_near (own->torque_nm[i], 200, 1e-9);
      dyno_assert_near (derived->power_kw[i], 200 * derived->x[i] / DYNO_NM_RPM_PER_KW, 1e-9);
    }
}

/* Two real runs of an independent reading: peaks as the file prints them. */
static void
test_real_runs (void)
{
  static const char *const names[] = { "wrl-dyno-check/134power.csv",
                                       "wrl-dyno-check/RunFile_40.csv" };
  g_autoptr(DynoJson) expected = dyno_test_shared_json ("logs/expected.json");

  if (expected == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strconcat ("logs/", names[i], NULL);
      g_autoptr(DynoSamples) samples = dyno_test_read_winpep (path);
      const DynoJson *run = dyno_json_member (dyno_json_member (expected, names[i]), "run");
      const DynoJson *corrected = dyno_json_member (run, "power_hp");
      const DynoJson *raw = dyno_json_member (run, "power_unc_hp");
      const DynoJson *torque = dyno_json_member (run, "torque_lbft");
      g_autoptr(DynoPower) printed = NULL;
      g_autoptr(DynoPower) derived = NULL;
      DynoPowerOptions options;

      dyno_power_options_init (&options);
      options.level = 0;
      options.as_logged = TRUE;
      printed = dyno_power_new (samples, &options);
      assert_share (printed->peak_power.value, dyno_json_get_number (corrected, "si", NAN), 1e-5);
      assert_share (printed->peak_power.x, dyno_json_get_number (corrected, "rpm", NAN), 1e-6);
      assert_share (printed->peak_torque.value, dyno_json_get_number (torque, "si", NAN), 1e-5);
      g_assert_cmpuint (printed->correction.warnings & DYNO_CORRECTION_CF_DIFFERS, ==, 0);

      options.as_logged = FALSE;
      options.standard = DYNO_STANDARD_NONE;
      derived = dyno_power_new (samples, &options);
      g_assert_cmpint (derived->input, ==, DYNO_POWER_FROM_FORCE_SPEED);
      assert_share (derived->peak_power.value, dyno_json_get_number (raw, "si", NAN), 0.005);
      g_assert_cmpuint (derived->warnings & DYNO_POWER_INCONSISTENT, ==, 0);
      /* 67.1 rpm/mph and clean; 61.4–63.1 and slipping (the file's 5260 for 5252). */
      dyno_assert_near (derived->ratio * DYNO_KMH_PER_MPH, i == 0 ? 62.8 : 67.1, 0.005);
      g_assert_cmpint ((derived->warnings & DYNO_POWER_SLIP) != 0, ==, i == 0);
    }
}

/* Derived against printed over the whole curve: power of both runs, torque of the one
 * whose gear ratio is live (the other prints torque with a ratio that lags by 0.5 %). */
static void
test_real_curves (void)
{
  static const char *const paths[] = { "logs/wrl-dyno-check/134power.csv",
                                       "logs/wrl-dyno-check/RunFile_40.csv" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = dyno_test_shared_file (paths[i]);
      g_autoptr(DynoSamples) samples = NULL;
      g_autoptr(DynoPower) printed = NULL;
      g_autoptr(DynoPower) derived = NULL;
      DynoPowerOptions options;
      double power = 0, torque = 0;
      guint n = 0;

      if (path == NULL)
        {
          g_test_skip ("the shared data has no logs here");
          return;
        }
      samples = dyno_test_read_winpep (paths[i]);
      dyno_power_options_init (&options);
      derived = dyno_power_new (samples, &options);
      options.as_logged = TRUE;
      printed = dyno_power_new (samples, &options);
      for (gsize k = 0, j = 0; k < derived->curve->n; k++)
        {
          while (j < printed->curve->n && printed->curve->x[j] < derived->curve->x[k])
            j++;
          if (j == printed->curve->n || printed->curve->x[j] != derived->curve->x[k])
            continue;
          power += pow (derived->curve->power_kw[k] / printed->curve->power_kw[j] - 1, 2);
          torque += pow (derived->curve->torque_nm[k] / printed->curve->torque_nm[j] - 1, 2);
          n++;
        }
      g_assert_cmpuint (n, >, 900);
      g_assert_cmpfloat (sqrt (power / n), <, 0.001);
      g_assert_cmpfloat (sqrt (torque / n), <, i == 0 ? 0.004 : 0.001);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/power/every-input", test_every_input);
  g_test_add_func ("/analysis/power/correction", test_correction_is_applied);
  g_test_add_func ("/analysis/power/noise-and-levels", test_noise_and_levels);
  g_test_add_func ("/analysis/power/as-logged", test_as_logged);
  g_test_add_func ("/analysis/power/as-logged-keeps-both", test_as_logged_keeps_both);
  g_test_add_func ("/analysis/power/unknown-correction", test_unknown_correction);
  g_test_add_func ("/analysis/power/over-speed", test_over_speed);
  g_test_add_func ("/analysis/power/drum-rpm", test_drum_rpm);
  g_test_add_func ("/analysis/power/real-curves", test_real_curves);
  g_test_add_func ("/analysis/power/trim", test_trim);
  g_test_add_func ("/analysis/power/trim-by-hand", test_trim_by_hand);
  g_test_add_func ("/analysis/power/no-pull", test_no_pull);
  g_test_add_func ("/analysis/power/too-short", test_too_short);
  g_test_add_func ("/analysis/power/slip-and-inconsistency", test_slip_and_inconsistency);
  g_test_add_func ("/analysis/power/several-time-bases", test_several_time_bases);
  g_test_add_func ("/analysis/power/real-runs", test_real_runs);

  return g_test_run ();
}
