/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test.h"
#include "dyno-units.h"

#include <locale.h>
#include <math.h>

static double
to_si (const char *unit,
       double      value)
{
  return dyno_unit_to_si (dyno_unit_find (unit), value);
}

/* analysis.md 1.3 */
static void
test_constants (void)
{
  dyno_assert_near (to_si ("lbf", 1), 4.4482216152605, 1e-15);
  dyno_assert_near (to_si ("ft", 1), 0.3048, 1e-15);
  dyno_assert_near (to_si ("mph", 1), 0.44704 * 3.6, 1e-15);
  dyno_assert_near (to_si ("inHg", 1), 3.386389, 1e-15);
  dyno_assert_near (to_si ("psi", 1), 6.894757293168, 1e-15);
  dyno_assert_near (to_si ("lbf·ft", 1), 1.3558179483314, 1e-15);
  dyno_assert_near (to_si ("hp", 1), 0.7456998715822702, 1e-15);
  dyno_assert_near (to_si ("PS", 1), 0.73549875, 1e-15);
  dyno_assert_near (to_si ("°F", 212), 100, 1e-12);
  dyno_assert_near (to_si ("K", 273.15), 0, 1e-12);
  dyno_assert_near (to_si ("mph/s", 1), 0.44704, 1e-15);
  dyno_assert_near (DYNO_LBFT_RPM_PER_HP,
                    DYNO_W_PER_HP * 60 / (2 * G_PI) / DYNO_NM_PER_LBFT, 1e-12);
  dyno_assert_near (DYNO_NM_RPM_PER_KW, 1000 * 60 / (2 * G_PI), 1e-15);
}

static void
test_spellings (void)
{
  static const char *const same[][2] = {
    { "deg F", "°F" }, { "DegF", "°F" }, { "ft-lb", "lbf·ft" }, { "RPM", "rpm" },
    { "in Hg", "inHg" }, { "KPA", "kPa" }, { "lambda", "λ" },   { "kph", "km/h" },
    { "", "" },        { "count", "" },  { "O2", "AFR" },       { "deg", "°" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    g_assert_cmpstr (dyno_unit_find (same[i][0])->symbol, ==, same[i][1]);
  g_assert_null (dyno_unit_find ("furlong"));
  g_assert_null (dyno_unit_find (NULL));
  g_assert_null (dyno_unit_find ("\xff"));
}

static void
test_round_trip (void)
{
  static const char *const units[] = { "hp", "lbf·ft", "°F", "K", "inHg", "mph", "g", "krpm" };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      const DynoUnit *unit = dyno_unit_find (units[i]);

      dyno_assert_near (dyno_unit_from_si (unit, dyno_unit_to_si (unit, 37.5)), 37.5, 1e-12);
    }
}

static void
test_lines (void)
{
  double scale;
  double offset;

  g_assert_true (dyno_unit_line (dyno_unit_find ("°F"), dyno_unit_find ("K"), &scale, &offset));
  dyno_assert_near (212 * scale + offset, 373.15, 1e-12);
  g_assert_false (dyno_unit_line (dyno_unit_find ("°F"), dyno_unit_find ("kPa"), &scale, &offset));
  g_assert_cmpfloat (scale, ==, 1);
  g_assert_cmpfloat (offset, ==, 0);
  g_assert_false (dyno_unit_line (dyno_unit_find ("λ"), dyno_unit_find ("AFR"), &scale, &offset));
}

static void
test_shown (void)
{
  g_assert_cmpstr (dyno_unit_shown (DYNO_UNITS_US, DYNO_QUANTITY_POWER)->symbol, ==, "hp");
  g_assert_cmpstr (dyno_unit_shown (DYNO_UNITS_EUROPEAN, DYNO_QUANTITY_POWER)->symbol, ==, "PS");
  g_assert_cmpstr (dyno_unit_shown (DYNO_UNITS_METRIC, DYNO_QUANTITY_POWER)->symbol, ==, "kW");
  for (guint set = 0; set < DYNO_N_UNIT_SETS; set++)
    {
      for (guint q = 0; q < DYNO_N_QUANTITIES; q++)
        g_assert_cmpint (dyno_unit_shown ((DynoUnitSet) set, (DynoQuantity) q)->quantity, ==, q);
    }
}

static void
assert_format (const char *unit,
               double      value_si,
               gboolean    is_live,
               const char *wanted)
{
  g_autofree char *text = dyno_unit_format (dyno_unit_find (unit), value_si, is_live);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_format (void)
{
  assert_format ("kW", 78.55, FALSE, "78.5"); /* 78.549999…: the exact double decides */
  assert_format ("kW", 0.25, FALSE, "0.2"); /* half to even */
  assert_format ("kW", -0.04, FALSE, "0.0");
  assert_format ("kW", -1.25, FALSE, "−1.2");
  assert_format ("rpm", 3456, TRUE, "3460");
  assert_format ("rpm", 3456, FALSE, "3456");
  assert_format ("λ", 0.98765, TRUE, "0.99");
  assert_format ("λ", 0.98765, FALSE, "0.988");
  assert_format ("inHg", 100, FALSE, "29.53");
  assert_format ("kW", NAN, FALSE, "—");
  assert_format ("kW", INFINITY, FALSE, "—");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/units/constants", test_constants);
  g_test_add_func ("/analysis/units/spellings", test_spellings);
  g_test_add_func ("/analysis/units/round-trip", test_round_trip);
  g_test_add_func ("/analysis/units/lines", test_lines);
  g_test_add_func ("/analysis/units/shown", test_shown);
  g_test_add_func ("/analysis/units/format", test_format);

  return g_test_run ();
}
