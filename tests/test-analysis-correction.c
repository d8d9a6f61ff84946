/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-correction.h"
#include "dyno-test.h"

#include <math.h>

static void
test_golden (void)
{
  g_autoptr(DynoJson) cases = dyno_test_shared_json ("golden/house/correction.json");

  if (cases == NULL)
    return;
  g_assert_cmpuint (dyno_json_n_elements (cases), ==, 8);
  for (guint i = 0; i < 8; i++)
    {
      const DynoJson *row = dyno_json_element (cases, i);
      const DynoJson *wanted = dyno_json_member (row, "cf");
      double hpa = dyno_json_get_number (row, "pressure_hpa", NAN);
      double t = dyno_json_get_number (row, "temperature_c", NAN);
      double rh = dyno_json_get_number (row, "humidity_pct", NAN);
      double printed = dyno_json_get_number (row, "printed_in_file", NAN);

      g_assert_cmpuint (dyno_json_n_elements (wanted), ==, DYNO_N_STANDARDS);
      dyno_assert_near (dyno_correction_vapour_hpa (t, rh),
                        dyno_json_get_number (row, "vapour_pressure_hpa", NAN), 1e-9);
      for (guint s = 0; s < DYNO_N_STANDARDS; s++)
        dyno_assert_near (dyno_correction_factor ((DynoStandard) s, hpa, t, rh),
                          dyno_json_get_number (wanted, dyno_standard_info (s)->id, NAN), 1e-9);
      if (!isnan (printed))
        dyno_assert_near (dyno_correction_factor (DYNO_STANDARD_SAE_1990, hpa, t, rh), printed,
                          0.0006);
    }
}

/* The dyno's own formula differs by the vapour pressure: 0.0005. */
static void
test_as_the_dyno_prints (void)
{
  static const struct
  {
    const char  *key;
    DynoStandard standard;
  } columns[] = {
    { "sae", DYNO_STANDARD_SAE_1990 },  { "std", DYNO_STANDARD_STD_J607 },
    { "din", DYNO_STANDARD_DIN_70020 }, { "eec", DYNO_STANDARD_ISO_1585 },
    { "reported", DYNO_STANDARD_SAE_1990 },
  };
  g_autoptr(DynoJson) vectors = dyno_test_shared_json ("jetdrive/vectors.json");
  const DynoJson *rows = dyno_json_member (vectors, "correction");

  if (vectors == NULL)
    return;
  g_assert_cmpuint (dyno_json_n_elements (rows), ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      const DynoJson *row = dyno_json_element (rows, i);

      for (gsize k = 0; k < G_N_ELEMENTS (columns); k++)
        dyno_assert_near (dyno_correction_factor (columns[k].standard,
                                                  dyno_json_get_number (row, "p_kpa", NAN) * 10,
                                                  dyno_json_get_number (row, "t_c", NAN),
                                                  dyno_json_get_number (row, "rh_pct", NAN)),
                          dyno_json_get_number (row, columns[k].key, NAN), 0.0005);
    }
}

static void
test_names (void)
{
  DynoStandard standard = DYNO_N_STANDARDS;

  for (guint s = 0; s < DYNO_N_STANDARDS; s++)
    {
      g_assert_true (dyno_standard_find (dyno_standard_info (s)->id, &standard));
      g_assert_cmpint (standard, ==, s);
      g_assert_true (dyno_standard_find (dyno_standard_info (s)->short_id, &standard));
      g_assert_cmpint (standard, ==, s);
    }
  g_assert_false (dyno_standard_find ("SAE", &standard));
  g_assert_false (dyno_standard_find (NULL, &standard));
}

static guint
warnings_of (DynoStandard standard,
             double       hpa,
             double       t,
             double       rh,
             double       printed)
{
  const DynoWeather weather = { hpa, t, rh, DYNO_WEATHER_PROBE };
  DynoCorrection passport;

  dyno_correction_init (&passport, standard, &weather, printed, DYNO_STANDARD_SAE_1990);

  return passport.warnings;
}

/* Shops at altitude print 1.21…1.25: said for every standard, refused by none. */
static void
test_altitude_warns (void)
{
  for (guint s = 0; s < DYNO_STANDARD_NONE; s++)
    g_assert_cmpuint (
        warnings_of ((DynoStandard) s, 827.97, 27.05, 15.7, NAN) & DYNO_CORRECTION_CF_OUTSIDE_7,
        !=, 0);
  g_assert_cmpuint (warnings_of (DYNO_STANDARD_NONE, 827.97, 27.05, 15.7, NAN), ==, 0);
  g_assert_cmpuint (warnings_of (DYNO_STANDARD_SAE_1990, 990, 25, 0, NAN), ==, 0);
  g_assert_cmpuint (warnings_of (DYNO_STANDARD_SAE_1990, 880, 25, 0, NAN) , ==,
                    DYNO_CORRECTION_CF_OUTSIDE_7 | DYNO_CORRECTION_PRESSURE_OUTSIDE);
}

static void
test_temperature_limits (void)
{
  g_assert_cmpuint (warnings_of (DYNO_STANDARD_SAE_1990, 990, 14.9, 0, NAN), ==,
                    DYNO_CORRECTION_TEMP_OUTSIDE);
  g_assert_cmpuint (warnings_of (DYNO_STANDARD_SAE_2004, 1000, 35.1, 0, NAN), ==,
                    DYNO_CORRECTION_TEMP_OUTSIDE);
  g_assert_cmpuint (warnings_of (DYNO_STANDARD_ISO_1585, 990, 14.9, 0, NAN), ==, 0);
  g_assert_cmpuint (warnings_of (DYNO_STANDARD_ISO_1585, 990, 9.9, 0, NAN), ==,
                    DYNO_CORRECTION_TEMP_OUTSIDE);
  g_assert_cmpuint (warnings_of (DYNO_STANDARD_DIN_70020, 1013, 5, 0, NAN), ==, 0);
}

static void
test_printed_factor (void)
{
  DynoCorrection passport;
  const DynoWeather weather = { 827.97, 27.05, 15.7, DYNO_WEATHER_PROBE };

  g_assert_cmpuint (warnings_of (DYNO_STANDARD_STD_J607, 827.97, 27.05, 15.7, 1.245)
                        & DYNO_CORRECTION_CF_DIFFERS, ==, 0);
  g_assert_cmpuint (warnings_of (DYNO_STANDARD_STD_J607, 827.97, 27.05, 15.7, 1.249)
                        & DYNO_CORRECTION_CF_DIFFERS, !=, 0);
  dyno_correction_init_printed (&passport, DYNO_STANDARD_SAE_1990, &weather, 1.245);
  g_assert_cmpfloat (passport.factor, ==, 1.245);
  g_assert_cmpstr (dyno_weather_source_name (passport.weather.source), ==, "file");
}

static void
test_missing_weather (void)
{
  const DynoWeather dry = { 990, 25, NAN, DYNO_WEATHER_TYPED };
  DynoCorrection passport;

  dyno_correction_init (&passport, DYNO_STANDARD_SAE_1990, NULL, NAN, DYNO_STANDARD_SAE_1990);
  g_assert_cmpint (passport.standard, ==, DYNO_STANDARD_NONE);
  g_assert_cmpfloat (passport.factor, ==, 1);
  g_assert_cmpuint (passport.warnings, ==, DYNO_CORRECTION_NO_WEATHER);
  g_assert_nonnull (dyno_correction_first_warning (&passport));

  dyno_correction_init (&passport, DYNO_STANDARD_SAE_1990, &dry, NAN, DYNO_STANDARD_SAE_1990);
  dyno_assert_near (passport.factor, 1, 1e-12);
  g_assert_cmpfloat (passport.weather.humidity_pct, ==, 0);
  g_assert_cmpuint (passport.warnings, ==,
                    DYNO_CORRECTION_PROBE_MISSING | DYNO_CORRECTION_HUMIDITY_MISSING);
  g_assert_cmpstr (dyno_correction_code (4), ==, "probe-missing");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/correction/golden", test_golden);
  g_test_add_func ("/analysis/correction/as-the-dyno-prints", test_as_the_dyno_prints);
  g_test_add_func ("/analysis/correction/names", test_names);
  g_test_add_func ("/analysis/correction/altitude", test_altitude_warns);
  g_test_add_func ("/analysis/correction/temperature", test_temperature_limits);
  g_test_add_func ("/analysis/correction/printed", test_printed_factor);
  g_test_add_func ("/analysis/correction/missing-weather", test_missing_weather);

  return g_test_run ();
}
