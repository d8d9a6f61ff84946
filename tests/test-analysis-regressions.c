/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-analysis.h"
#include "dyno-fingerprint.h"
#include "dyno-test-log.h"
#include "dyno-test.h"

/* Defects of the original, each by its name (the end of analysis.md 9), as far as they
 * have no better place: sign, few hits, rear bias and rear sensor stand in
 * test-analysis-ve.c, held samples and the smooth sweep in test-analysis-gate.c, knock
 * columns in test-shop-reference.c. */

#define N_ROWS 200
#define CELL(row, column) ((row) * 9 + (column)) /* on 11x9 */

typedef struct
{
  DynoChannel channel; /* DYNO_CHANNEL_NONE ends a list */
  const char *unit;
  double      value;
} Steady;

/* 4 s of one state. */
static DynoVeResult *
run (const Steady *channels)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (N_ROWS);
  double *time = g_new (double, N_ROWS);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoSamples) samples = NULL;
  DynoVeResult *result;

  for (guint i = 0; i < N_ROWS; i++)
    time[i] = i * 0.02;
  dyno_samples_builder_take_time (builder, time);
  for (; channels->channel != DYNO_CHANNEL_NONE; channels++)
    {
      double values[N_ROWS];

      for (guint i = 0; i < N_ROWS; i++)
        values[i] = channels->value;
      dyno_test_take (builder, channels->channel, channels->unit, values, N_ROWS);
    }
  samples = dyno_samples_builder_finish (builder);
  options->delay = DYNO_DELAY_NONE;
  result = dyno_analysis_run (&samples, 1, options, NULL, NULL, NULL);
  g_assert_nonnull (result);

  return result;
}

/* An idle at 900 rpm falls into no cell; the original put it into the row of 1500. */
static void
test_idle_tunes_nothing (void)
{
  static const Steady idle[] = { { DYNO_CHANNEL_RPM, "rpm", 900 },
                                 { DYNO_CHANNEL_MAP, "kPa", 40 },
                                 { DYNO_CHANNEL_MIX_F, "AFR", 14.3 },
                                 { DYNO_CHANNEL_TARGET, "AFR", 13 },
                                 { DYNO_CHANNEL_NONE } };
  g_autoptr(DynoVeResult) result = run (idle);

  for (guint i = 0; i < result->n_cells; i++)
    {
      g_assert_cmpuint (result->cylinders[0].cells[i].hits, ==, 0);
      g_assert_true (isnan (result->cylinders[0].cells[i].limited));
    }
  g_assert_cmpuint (result->cylinders[0].counts[DYNO_GATE_OUT_OF_GRID], ==, N_ROWS);
}

/* The measured mixture has the weather in it already. */
static void
test_weather_never_multiplies (void)
{
  static const Steady dry[] = { { DYNO_CHANNEL_RPM, "rpm", 3000 },
                                { DYNO_CHANNEL_MAP, "kPa", 80 },
                                { DYNO_CHANNEL_MIX_F, "AFR", 13.65 },
                                { DYNO_CHANNEL_TARGET, "AFR", 13 },
                                { DYNO_CHANNEL_NONE } };
  static const Steady wet[] = { { DYNO_CHANNEL_RPM, "rpm", 3000 },
                                { DYNO_CHANNEL_MAP, "kPa", 80 },
                                { DYNO_CHANNEL_MIX_F, "AFR", 13.65 },
                                { DYNO_CHANNEL_TARGET, "AFR", 13 },
                                { DYNO_CHANNEL_BARO, "kPa", 82 },
                                { DYNO_CHANNEL_AMBIENT_TEMP, "°C", 38 },
                                { DYNO_CHANNEL_HUMIDITY, "%", 90 },
                                { DYNO_CHANNEL_IAT, "°C", 55 },
                                { DYNO_CHANNEL_CORRECTION, "", 1.24 },
                                { DYNO_CHANNEL_NONE } };
  g_autoptr(DynoVeResult) a = run (dry);
  g_autoptr(DynoVeResult) b = run (wet);

  g_assert_cmpuint (a->cylinders[0].cells[CELL (3, 6)].hits, ==, N_ROWS);
  dyno_assert_near (a->cylinders[0].cells[CELL (3, 6)].raw, 5, 1e-9);
  for (guint i = 0; i < a->n_cells; i++)
    g_assert_cmpmem (&a->cylinders[0].cells[i].factor, sizeof (double),
                     &b->cylinders[0].cells[i].factor, sizeof (double));
}

/* 220 °F of coolant is a warm engine and 60 °C a cold one: the unit says so, not a name
 * or a size. */
static void
test_engine_temperature_by_unit (void)
{
  static const struct
  {
    const char *unit;
    double      value;
    DynoGate    gate;
  } rows[] = { { "°F", 220, DYNO_GATE_ACCEPTED },    { "°F", 160, DYNO_GATE_ENGINE_COLD },
               { "°C", 104, DYNO_GATE_ACCEPTED },    { "°C", 60, DYNO_GATE_ENGINE_COLD } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Steady channels[] = { { DYNO_CHANNEL_RPM, "rpm", 3000 },
                                  { DYNO_CHANNEL_MAP, "kPa", 80 },
                                  { DYNO_CHANNEL_MIX_F, "AFR", 13.65 },
                                  { DYNO_CHANNEL_TARGET, "AFR", 13 },
                                  { DYNO_CHANNEL_ENGINE_TEMP, rows[i].unit, rows[i].value },
                                  { DYNO_CHANNEL_NONE } };
      g_autoptr(DynoVeResult) result = run (channels);

      g_assert_cmpuint (result->cylinders[0].counts[rows[i].gate], ==, N_ROWS);
    }
}

/* Engine speed, MAP and one mixture are all that is needed. */
static void
test_no_torque (void)
{
  static const Steady few[] = { { DYNO_CHANNEL_RPM, "rpm", 3000 },
                                { DYNO_CHANNEL_MAP, "kPa", 80 },
                                { DYNO_CHANNEL_MIX_R, "λ", 0.9 },
                                { DYNO_CHANNEL_NONE } };
  g_autoptr(DynoVeResult) result = run (few);

  dyno_assert_near (result->cylinders[1].cells[CELL (3, 6)].factor, 0.9 * 14.7 / 12.8, 1e-9);
  g_assert_false (result->cylinders[0].has_sensor);
}

/* The original kept results by schema version alone: one log got the answer of
 * another. */
static void
test_cache_key_has_the_input (void)
{
  static const DynoFingerprintOutput outputs[] = { { "a.csv", "00" } };
  static const char *const one[] = { "aa" };
  static const char *const other[] = { "ab" };
  g_autofree char *first = dyno_fingerprint ("2.0.0", "{}", one, 1, NULL, outputs, 1);
  g_autofree char *second = dyno_fingerprint ("2.0.0", "{}", other, 1, NULL, outputs, 1);
  g_autofree char *third = dyno_fingerprint ("1.0.0", "{}", one, 1, NULL, outputs, 1);

  g_assert_cmpstr (first, !=, second);
  g_assert_cmpstr (first, !=, third);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/analysis/regressions/idle-tunes-nothing", test_idle_tunes_nothing);
  g_test_add_func ("/analysis/regressions/weather-never-multiplies", test_weather_never_multiplies);
  g_test_add_func ("/analysis/regressions/engine-temperature", test_engine_temperature_by_unit);
  g_test_add_func ("/analysis/regressions/no-torque", test_no_torque);
  g_test_add_func ("/analysis/regressions/cache-key", test_cache_key_has_the_input);

  return g_test_run ();
}
