/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-environment.h"
#include "dyno-test-plant.h"
#include "dyno-test.h"

#include <string.h>

static DynoEnvironment
conditions_of (const DynoJson *json)
{
  const DynoEnvironment environment = {
    dyno_json_get_number (json, "barometric_pressure_inhg", 29.92),
    dyno_json_get_number (json, "ambient_temp_f", 77),
    dyno_json_get_number (json, "humidity_percent", 0),
    dyno_json_get_number (json, "ect_f", NAN),
  };

  return environment;
}

static DynoEnvironmentStandard
standard_of (const char *name)
{
  if (g_str_has_prefix (name, "sae"))
    return DYNO_ENVIRONMENT_SAE;
  if (g_str_has_prefix (name, "iso"))
    return DYNO_ENVIRONMENT_ISO;

  return g_str_has_prefix (name, "din") ? DYNO_ENVIRONMENT_DIN : DYNO_ENVIRONMENT_SIMPLE;
}

static void
test_golden_factors (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/environment/cases.json");
  const DynoJson *rows = dyno_json_member (golden, "env");

  for (guint i = 0; golden != NULL && i < dyno_json_n_elements (rows); i++)
    {
      const DynoJson *row = dyno_json_element (rows, i);
      DynoEnvironment environment = conditions_of (dyno_json_member (row, "cond"));
      DynoEnvironmentFigures figures;

      dyno_environment_figures (&environment, standard_of (dyno_json_get_string (row, "std")),
                                &figures);
      dyno_assert_near (figures.pressure, dyno_json_get_number (row, "p", NAN), 1e-12);
      dyno_assert_near (figures.temperature, dyno_json_get_number (row, "t", NAN), 1e-12);
      dyno_assert_near (figures.humidity, dyno_json_get_number (row, "h", NAN), 1e-12);
      dyno_assert_near (figures.engine, dyno_json_get_number (row, "ect", NAN), 1e-12);
      dyno_assert_near (figures.total, dyno_json_get_number (row, "total", NAN), 1e-12);
      dyno_assert_near (figures.altitude_ft, dyno_json_get_number (row, "altitude_ft", NAN), 1e-12);
      g_assert_cmpint (figures.is_standard_day, ==,
                       dyno_json_boolean (dyno_json_member (row, "is_std"), -1));
    }
}

static void
test_golden_altitude (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/environment/cases.json");
  const DynoJson *rows = dyno_json_member (golden, "alt");
  const DynoJson *da = dyno_json_member (golden, "da");

  for (guint i = 0; golden != NULL && i < dyno_json_n_elements (rows); i++)
    {
      const DynoJson *row = dyno_json_element (rows, i);
      double baro = dyno_environment_baro_inhg (dyno_json_get_number (row, "alt", NAN));

      dyno_assert_near (baro, dyno_json_get_number (row, "baro", NAN), 1e-12);
      dyno_assert_near (baro / 29.92, dyno_json_get_number (row, "corr", NAN), 1e-12);
    }
  for (guint i = 0; golden != NULL && i < dyno_json_n_elements (da); i++)
    {
      const DynoJson *row = dyno_json_element (da, i);

      dyno_assert_near (dyno_environment_density_altitude_ft (
                            dyno_json_get_number (row, "pa", NAN), dyno_json_get_number (row, "t", NAN)),
                        dyno_json_get_number (row, "da", NAN), 1e-12);
    }
}

static void
test_engine (void)
{
  static const double rows[][2] = { { 180, 1 }, { 250, 1 }, { 170, 1.075 }, { 160, 1.15 },
                                    { 60, 1.25 }, { -40, 1.3 }, { NAN, 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const DynoEnvironment environment = { 29.92, 77, 0, rows[i][0] };
      DynoEnvironmentFigures figures;

      dyno_environment_figures (&environment, DYNO_ENVIRONMENT_SAE, &figures);
      dyno_assert_near (figures.engine, rows[i][1], 1e-12);
    }
}

/* Analysed in the mountains, with and without its weather channels: no cell moves. */
static void
test_weather_never_multiplies (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (20);
  g_autoptr(DynoVeResult) without = NULL;
  g_autoptr(DynoVeResult) with = NULL;
  g_autoptr(DynoAdvice) advice = NULL;
  DynoEnvironmentFigures figures;

  dyno_test_plant_lean (plant, 0, DYNO_TEST_PLANT_CELL (3, 5), 5);
  without = dyno_test_plant_analyse (plant, NULL);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_BARO, 84.3);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_AMBIENT_TEMP, 32);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_HUMIDITY, 20);
  with = dyno_test_plant_analyse (plant, NULL);
  for (guint i = 0; i < with->n_cells; i++)
    dyno_assert_near (with->cylinders[0].cells[i].limited, without->cylinders[0].cells[i].limited, 0);

  advice = dyno_environment_advise (with, &figures);
  g_assert_cmpuint (advice->findings->len, ==, 1);
  g_assert_cmpfloat (figures.total, <, 0.85);
  dyno_assert_near (figures.altitude_ft, 5000, 0.02);
  g_assert_nonnull (strstr (dyno_test_find_kind (advice, "weather")->text, "already contains"));
}

static void
test_missing (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (5);
  g_autoptr(DynoVeResult) result = NULL;
  g_autoptr(DynoAdvice) advice = NULL;
  DynoEnvironmentFigures figures;

  dyno_test_plant_channel (plant, DYNO_CHANNEL_BARO, 101);
  result = dyno_test_plant_analyse (plant, NULL);
  advice = dyno_environment_advise (result, &figures);
  g_assert_cmpuint (advice->findings->len, ==, 0);
  g_assert_true (dyno_test_lacks (advice, "ambient_temp"));
  g_assert_false (dyno_test_lacks (advice, "baro"));
  g_assert_true (isnan (figures.total));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/environment/golden-factors", test_golden_factors);
  g_test_add_func ("/analysis/environment/golden-altitude", test_golden_altitude);
  g_test_add_func ("/analysis/environment/engine", test_engine);
  g_test_add_func ("/analysis/environment/weather-never-multiplies", test_weather_never_multiplies);
  g_test_add_func ("/analysis/environment/missing", test_missing);

  return g_test_run ();
}
