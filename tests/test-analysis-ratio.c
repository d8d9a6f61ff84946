/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ratio.h"
#include "dyno-test.h"

#include <math.h>

static void
assert_case (const DynoJson *row)
{
  static const struct
  {
    DynoMathVersion version;
    const char     *raw;
    const char     *clamped;
  } versions[] = {
    { DYNO_MATH_1_0_0, "1.0.0_raw", "1.0.0_clamp15" },
    { DYNO_MATH_2_0_0, "2.0.0_raw", "2.0.0_clamp15" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      double factor = dyno_ratio_factor (versions[i].version,
                                         dyno_json_get_number (row, "meas", NAN),
                                         dyno_json_get_number (row, "target", NAN));

      dyno_assert_near (factor, dyno_json_get_number (row, versions[i].raw, NAN), 1e-15);
      dyno_assert_near (dyno_ratio_clamp (factor),
                        dyno_json_get_number (row, versions[i].clamped, NAN), 1e-15);
    }
}

static void
test_golden (void)
{
  g_autoptr(DynoJson) cases = dyno_test_shared_json ("golden/ve_math/cases.json");

  if (cases == NULL)
    return;
  g_assert_cmpuint (dyno_json_n_elements (cases), >=, 5);
  for (guint i = 0; i < dyno_json_n_elements (cases); i++)
    assert_case (dyno_json_element (cases, i));
}

/* The table of analysis.md 0.6. */
static void
test_vectors (void)
{
  static const double rows[][4] = {
    { 14.0, 13.0, 1.07, 1.0769230769230769 },
    { 12.0, 13.0, 0.9299999999999999, 0.9230769230769231 },
    { 14.7, 12.5, 1.154, 1.176 },
    { 11.0, 13.0, 0.86, 0.8461538461538461 },
    { 9.0, 20.0, 0.22999999999999998, 0.45 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_cmpfloat (dyno_ratio_factor (DYNO_MATH_1_0_0, rows[i][0], rows[i][1]), ==,
                         rows[i][2]);
      g_assert_cmpfloat (dyno_ratio_factor (DYNO_MATH_2_0_0, rows[i][0], rows[i][1]), ==,
                         rows[i][3]);
    }
  g_assert_cmpfloat (dyno_ratio_clamp (0.45), ==, 0.85);
  g_assert_cmpfloat (dyno_ratio_clamp (1.176), ==, 1.15);
}

static void
test_no_value (void)
{
  static const double pairs[][2] = { { 8.99, 13 }, { 20.01, 13 }, { 13, 8 },  { 13, 21 },
                                     { NAN, 13 },  { 13, NAN },   { 0, 13 },  { INFINITY, 13 } };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_assert_true (isnan (dyno_ratio_factor (DYNO_MATH_2_0_0, pairs[i][0], pairs[i][1])));
}

/* Leaner than wanted asks for more fuel, in every version. */
static void
test_sign (void)
{
  for (guint v = 0; v <= DYNO_MATH_1_0_0; v++)
    {
      for (double target = 11; target < 15; target += 0.25)
        {
          g_assert_cmpfloat (dyno_ratio_factor ((DynoMathVersion) v, target + 0.5, target), >, 1);
          g_assert_cmpfloat (dyno_ratio_factor ((DynoMathVersion) v, target - 0.5, target), <, 1);
          g_assert_cmpfloat (dyno_ratio_factor ((DynoMathVersion) v, target, target), ==, 1);
        }
    }
}

static void
test_versions (void)
{
  g_autoptr(DynoAnalysisError) error = NULL;
  DynoMathVersion version;

  for (guint v = 0; v < DYNO_N_MATH_VERSIONS; v++)
    {
      g_assert_true (dyno_math_version_find (dyno_math_version_name ((DynoMathVersion) v),
                                             &version, NULL));
      g_assert_cmpint (version, ==, v);
      g_assert_cmpint (dyno_math_version_is_applicable (version), ==, v <= DYNO_MATH_1_0_0);
    }
  g_assert_null (dyno_math_version_warning (DYNO_MATH_2_0_0));
  g_assert_nonnull (strstr (dyno_math_version_warning (DYNO_MATH_1_0_0), "2.0.0"));
  g_assert_true (g_str_has_prefix (dyno_math_version_warning (DYNO_MATH_LEGACY_CLI_1_2),
                                   "LEGACY – NOT FOR USE"));
  g_assert_false (dyno_math_version_find ("legacy-cli-1.1", &version, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_BAD_OPTION);
  g_assert_nonnull (strstr (error->message, "legacy-cli-1.1"));
  g_assert_nonnull (strstr (error->message, "1.0.0"));
  g_assert_cmpstr (dyno_analysis_reason_name (error->reason), ==, "BAD_OPTION");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/ratio/golden", test_golden);
  g_test_add_func ("/analysis/ratio/vectors", test_vectors);
  g_test_add_func ("/analysis/ratio/no-value", test_no_value);
  g_test_add_func ("/analysis/ratio/sign", test_sign);
  g_test_add_func ("/analysis/ratio/versions", test_versions);

  return g_test_run ();
}
