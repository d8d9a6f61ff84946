/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-units.h"

#include <math.h>
#include <string.h>

/* The first unit of a quantity is its SI unit here: what columns, API and store
 * count in. Spellings are compared without case, blanks and points. */

#define KELVIN 273.15

typedef struct
{
  DynoUnit    unit;
  const char *spellings; /* '|' between, compared folded */
} Row;

static const Row rows[] = {
  { { "", DYNO_QUANTITY_NONE, 1, 0 }, "none|-|count|raw" },
  { { "s", DYNO_QUANTITY_TIME, 1, 0 }, "sec|second|seconds" },
  { { "ms", DYNO_QUANTITY_TIME, 1e-3, 0 }, "msec|millisecond|milliseconds" },
  { { "µs", DYNO_QUANTITY_TIME, 1e-6, 0 }, "us|usec|μs" },
  { { "m", DYNO_QUANTITY_DISTANCE, 1, 0 }, "meter|metre" },
  { { "km", DYNO_QUANTITY_DISTANCE, 1000, 0 }, "" },
  { { "ft", DYNO_QUANTITY_DISTANCE, DYNO_M_PER_FT, 0 }, "feet" },
  { { "mi", DYNO_QUANTITY_DISTANCE, 1609.344, 0 }, "mile|miles" },
  { { "km/h", DYNO_QUANTITY_SPEED, 1, 0 }, "kph|kmh|kmph" },
  { { "mph", DYNO_QUANTITY_SPEED, DYNO_KMH_PER_MPH, 0 }, "mi/h" },
  { { "m/s", DYNO_QUANTITY_SPEED, 3.6, 0 }, "mps" },
  { { "N", DYNO_QUANTITY_FORCE, 1, 0 }, "newton" },
  { { "lbf", DYNO_QUANTITY_FORCE, DYNO_N_PER_LBF, 0 }, "lbs|lb" },
  { { "kW", DYNO_QUANTITY_POWER, 1, 0 }, "" },
  { { "hp", DYNO_QUANTITY_POWER, DYNO_W_PER_HP / 1000, 0 }, "bhp|whp" },
  { { "PS", DYNO_QUANTITY_POWER, DYNO_W_PER_PS / 1000, 0 }, "cv" },
  { { "N·m", DYNO_QUANTITY_TORQUE, 1, 0 }, "nm|n-m|n*m" },
  { { "lbf·ft", DYNO_QUANTITY_TORQUE, DYNO_NM_PER_LBFT, 0 },
    "lbft|ftlb|ft-lb|lb-ft|lbf-ft|ft-lbf|ftlbs|ft-lbs|lb·ft|lbfft" },
  { { "°C", DYNO_QUANTITY_TEMPERATURE, 1, 0 }, "c|degc|celsius|ºc" },
  { { "°F", DYNO_QUANTITY_TEMPERATURE, 1 / 1.8, -32 / 1.8 }, "f|degf|fahrenheit|ºf" },
  { { "K", DYNO_QUANTITY_TEMPERATURE, 1, -KELVIN }, "kelvin|degk" },
  { { "kPa", DYNO_QUANTITY_PRESSURE, 1, 0 }, "kpaa|kpa(a)" },
  { { "hPa", DYNO_QUANTITY_PRESSURE, 0.1, 0 }, "mbar" },
  { { "bar", DYNO_QUANTITY_PRESSURE, 100, 0 }, "" },
  { { "psi", DYNO_QUANTITY_PRESSURE, DYNO_PA_PER_PSI / 1000, 0 }, "psia" },
  { { "inHg", DYNO_QUANTITY_PRESSURE, DYNO_PA_PER_INHG / 1000, 0 }, "" },
  { { "rpm", DYNO_QUANTITY_ROTATION, 1, 0 }, "1/min|/min|r/min|u/min" },
  { { "krpm", DYNO_QUANTITY_ROTATION, 1000, 0 }, "rpmx1000|x1000rpm" },
  { { "rpm/(km/h)", DYNO_QUANTITY_GEAR_RATIO, 1, 0 }, "rpm/kmh|rpm/kph" },
  { { "rpm/mph", DYNO_QUANTITY_GEAR_RATIO, 1 / DYNO_KMH_PER_MPH, 0 }, "" },
  { { "m/s²", DYNO_QUANTITY_ACCELERATION, 1, 0 }, "m/s2|m/s^2" },
  { { "km/h/s", DYNO_QUANTITY_ACCELERATION, 1 / 3.6, 0 }, "kph/s|kmh/s" },
  { { "mph/s", DYNO_QUANTITY_ACCELERATION, DYNO_MPS_PER_MPH, 0 }, "" },
  { { "g", DYNO_QUANTITY_ACCELERATION, 9.80665, 0 }, "" },
  { { "AFR", DYNO_QUANTITY_AFR, 1, 0 }, "o2|a/f|air/fuel" },
  { { "λ", DYNO_QUANTITY_LAMBDA, 1, 0 }, "lambda|la" },
  { { "kg/h", DYNO_QUANTITY_FLOW, 1, 0 }, "" },
  { { "g/s", DYNO_QUANTITY_FLOW, 3.6, 0 }, "" },
  { { "lb/h", DYNO_QUANTITY_FLOW, 0.45359237, 0 }, "lbs/h|lb/hr" },
  { { "V", DYNO_QUANTITY_VOLTAGE, 1, 0 }, "volt|volts" },
  { { "mV", DYNO_QUANTITY_VOLTAGE, 1e-3, 0 }, "" },
  { { "A", DYNO_QUANTITY_CURRENT, 1, 0 }, "amp|amps" },
  { { "%", DYNO_QUANTITY_PERCENT, 1, 0 }, "percent|pct" },
  { { "°", DYNO_QUANTITY_ANGLE, 1, 0 }, "deg|degrees|°btdc|degbtdc|btdc|°ca|º" },
};

/* Lower case without blanks and points; "deg C" and "degC" become one. Only the
 * letters of ASCII: what lower case is elsewhere depends on the locale (in
 * Turkish that of "INHG" is no "inhg"). */
static char *
fold (const char *spelling)
{
  g_autofree char *lower = g_ascii_strdown (spelling, -1);
  GString *text = g_string_new (NULL);

  for (const char *p = lower; *p != '\0'; p++)
    {
      if (*p != ' ' && *p != '.')
        g_string_append_c (text, *p);
    }

  return g_string_free (text, FALSE);
}

/* Folded spelling to unit; of two units with one spelling the first has it. */
static GHashTable *
get_spellings (void)
{
  static GHashTable *spellings = NULL;
  static gsize is_made = 0;

  if (g_once_init_enter (&is_made))
    {
      spellings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        {
          g_autofree char *all = g_strconcat (rows[i].unit.symbol, "|", rows[i].spellings, NULL);
          g_auto(GStrv) words = g_strsplit (all, "|", -1);

          for (guint w = 0; words[w] != NULL; w++)
            {
              char *folded = fold (words[w]);

              if (g_hash_table_contains (spellings, folded))
                g_free (folded);
              else
                g_hash_table_insert (spellings, folded, (gpointer) &rows[i].unit);
            }
        }
      g_once_init_leave (&is_made, 1);
    }

  return spellings;
}

const DynoUnit *
dyno_unit_none (void)
{
  return &rows[0].unit;
}

const DynoUnit *
dyno_unit_find (const char *spelling)
{
  g_autofree char *folded = NULL;

  if (spelling == NULL || !g_utf8_validate (spelling, -1, NULL))
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (g_str_equal (rows[i].unit.symbol, spelling))
        return &rows[i].unit;
    }

  folded = fold (spelling);

  return g_hash_table_lookup (get_spellings (), folded);
}

const DynoUnit *
dyno_unit_si (DynoQuantity quantity)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (rows[i].unit.quantity == quantity)
        return &rows[i].unit;
    }

  return dyno_unit_none ();
}

double
dyno_unit_to_si (const DynoUnit *unit,
                 double          value)
{
  return value * unit->scale + unit->offset;
}

double
dyno_unit_from_si (const DynoUnit *unit,
                   double          value)
{
  return (value - unit->offset) / unit->scale;
}

gboolean
dyno_unit_line (const DynoUnit *from,
                const DynoUnit *to,
                double         *scale,
                double         *offset)
{
  *scale = 1;
  *offset = 0;
  if (from == to)
    return TRUE;
  if (from->quantity != to->quantity || from->quantity == DYNO_QUANTITY_NONE)
    return FALSE;

  if (to->scale == 1 && to->offset == 0)
    {
      *scale = from->scale;
      *offset = from->offset;
      return TRUE;
    }
  *scale = from->scale / to->scale;
  *offset = (from->offset - to->offset) / to->scale;

  return TRUE;
}

const DynoUnit *
dyno_unit_shown (DynoUnitSet  set,
                 DynoQuantity quantity)
{
  static const char *const symbols[DYNO_N_UNIT_SETS][DYNO_N_QUANTITIES] = {
    [DYNO_UNITS_US] = {
      [DYNO_QUANTITY_DISTANCE] = "ft",    [DYNO_QUANTITY_SPEED] = "mph",
      [DYNO_QUANTITY_FORCE] = "lbf",      [DYNO_QUANTITY_POWER] = "hp",
      [DYNO_QUANTITY_TORQUE] = "lbf·ft",  [DYNO_QUANTITY_TEMPERATURE] = "°F",
      [DYNO_QUANTITY_PRESSURE] = "inHg",  [DYNO_QUANTITY_GEAR_RATIO] = "rpm/mph",
      [DYNO_QUANTITY_ACCELERATION] = "mph/s", [DYNO_QUANTITY_FLOW] = "lb/h",
    },
    [DYNO_UNITS_EUROPEAN] = {
      [DYNO_QUANTITY_POWER] = "PS",       [DYNO_QUANTITY_PRESSURE] = "hPa",
    },
  };
  const char *symbol = symbols[set][quantity];

  return symbol != NULL ? dyno_unit_find (symbol) : dyno_unit_si (quantity);
}

/* ui.md 1.3 */
int
dyno_unit_decimals (const DynoUnit *unit,
                    gboolean        is_live)
{
  if (g_str_equal (unit->symbol, "inHg") || g_str_equal (unit->symbol, "bar"))
    return 2;

  switch (unit->quantity)
    {
    case DYNO_QUANTITY_ROTATION:
    case DYNO_QUANTITY_TEMPERATURE:
    case DYNO_QUANTITY_PRESSURE:
      return 0;
    case DYNO_QUANTITY_AFR:
      return is_live ? 1 : 2;
    case DYNO_QUANTITY_LAMBDA:
      return is_live ? 2 : 3;
    case DYNO_QUANTITY_NONE:
    case DYNO_QUANTITY_TIME:
      return is_live ? 2 : 3;
    case DYNO_QUANTITY_ACCELERATION:
    case DYNO_QUANTITY_VOLTAGE:
      return 2;
    case DYNO_QUANTITY_DISTANCE:
    case DYNO_QUANTITY_SPEED:
    case DYNO_QUANTITY_FORCE:
    case DYNO_QUANTITY_POWER:
    case DYNO_QUANTITY_TORQUE:
    case DYNO_QUANTITY_GEAR_RATIO:
    case DYNO_QUANTITY_FLOW:
    case DYNO_QUANTITY_CURRENT:
    case DYNO_QUANTITY_PERCENT:
    case DYNO_QUANTITY_ANGLE:
    case DYNO_N_QUANTITIES:
    default:
      return 1;
    }
}

static gboolean
has_digit_above_zero (const char *text)
{
  return strpbrk (text, "123456789") != NULL;
}

char *
dyno_unit_format (const DynoUnit *unit,
                  double          value_si,
                  gboolean        is_live)
{
  double value = dyno_unit_from_si (unit, value_si);
  char format[8];
  char text[64];

  if (!isfinite (value) || fabs (value) > 1e15)
    return g_strdup ("—");
  /* Live engine speed in tens: the last digit would only flicker. */
  if (is_live && unit->quantity == DYNO_QUANTITY_ROTATION && unit->scale == 1)
    value = nearbyint (value / 10) * 10;

  g_snprintf (format, sizeof format, "%%.%df", dyno_unit_decimals (unit, is_live));
  g_ascii_formatd (text, sizeof text, format, value);
  if (text[0] != '-')
    return g_strdup (text);

  return has_digit_above_zero (text) ? g_strconcat ("−", text + 1, NULL) : g_strdup (text + 1);
}
