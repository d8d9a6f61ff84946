/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-power-text.h"

#include "dyno-listing.h"
#include "dyno-print.h"

#include <math.h>

#define USUAL_STEP_RPM 250.0
#define USUAL_STEP_KMH 10.0

/* Of an engine speed, or of a drum speed where no engine speed is known. */
static char *
at_text (const DynoCurve *curve,
         double           x,
         DynoUnitSet      units)
{
  return dyno_print_quantity (x,
                              curve->is_over_speed ? DYNO_QUANTITY_SPEED : DYNO_QUANTITY_ROTATION,
                              units);
}

static void
append_peak (GString         *text,
             const char      *name,
             const DynoPeak  *peak,
             const DynoCurve *curve,
             DynoQuantity     quantity,
             DynoUnitSet      units)
{
  g_autofree char *value = NULL;
  g_autofree char *at = NULL;

  if (!isfinite (peak->value))
    return;
  value = dyno_print_quantity (peak->value, quantity, units);
  at = at_text (curve, peak->x, units);
  g_string_append_printf (text, "%-12s%s at %s\n", name, value, at);
}

char *
dyno_power_text_passport (const DynoCorrection *correction,
                          DynoUnitSet           units)
{
  const DynoStandardInfo *info = dyno_standard_info (correction->standard);
  g_autofree char *factor = dyno_print_number (correction->factor, 4);
  g_autofree char *pressure = NULL;
  g_autofree char *temperature = NULL;
  g_autofree char *humidity = NULL;

  if (correction->standard == DYNO_STANDARD_NONE)
    return g_strdup (info->title);

  pressure = dyno_print_quantity (correction->weather.pressure_hpa / 10, DYNO_QUANTITY_PRESSURE,
                                  units);
  temperature = dyno_print_quantity (correction->weather.temperature_c, DYNO_QUANTITY_TEMPERATURE,
                                     units);
  humidity = dyno_print_number (correction->weather.humidity_pct, 0);

  return g_strdup_printf ("%s, factor %s (%s: %s, %s, %s %%)", info->title, factor,
                          dyno_weather_source_name (correction->weather.source), pressure,
                          temperature, humidity);
}

static void
append_warnings (GString             *text,
                 const DynoPullPower *pull)
{
  const DynoPower *power = pull->power;
  g_autofree char *alarm = dyno_selfcheck_alarm (pull->verdict, &pull->selfcheck,
                                                 &pull->reference);

  if (alarm != NULL)
    g_string_append_printf (text, "Warning: %s\n", alarm);
  for (guint i = 0; i < DYNO_N_POWER_WARNINGS; i++)
    {
      if ((power->warnings >> i & 1) != 0)
        g_string_append_printf (text, "Warning: %s\n", dyno_power_warning_sentence (i));
    }
  for (guint i = 0; i < DYNO_N_CORRECTION_WARNINGS; i++)
    {
      if ((power->correction.warnings >> i & 1) != 0)
        g_string_append_printf (text, "Warning: %s\n", dyno_correction_sentence (i));
    }
}

static void
add_value (DynoListing  *listing,
           double        value,
           DynoQuantity  quantity,
           DynoUnitSet   units)
{
  dyno_listing_take (listing, isfinite (value)
                                ? dyno_unit_format (dyno_unit_shown (units, quantity), value, FALSE)
                                : NULL);
}

static char *
head (DynoQuantity quantity,
      DynoUnitSet  units)
{
  return g_strconcat (">", dyno_unit_shown (units, quantity)->symbol, NULL);
}

static void
append_curve (GString         *text,
              const DynoCurve *curve,
              double           step,
              DynoUnitSet      units)
{
  DynoQuantity axis = curve->is_over_speed ? DYNO_QUANTITY_SPEED : DYNO_QUANTITY_ROTATION;
  double usual = curve->is_over_speed ? USUAL_STEP_KMH : USUAL_STEP_RPM;
  g_autoptr(DynoCurve) rows = dyno_curve_resample (curve, step > 0 ? step : usual);
  g_autofree char *x = head (axis, units);
  g_autofree char *power = head (DYNO_QUANTITY_POWER, units);
  g_autofree char *torque = head (DYNO_QUANTITY_TORQUE, units);
  const char *columns[] = { x, power, torque, ">AFR", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autofree char *lines = NULL;

  for (gsize i = 0; i < rows->n; i++)
    {
      add_value (listing, rows->x[i], axis, units);
      add_value (listing, rows->power_kw[i], DYNO_QUANTITY_POWER, units);
      add_value (listing, rows->torque_nm[i], DYNO_QUANTITY_TORQUE, units);
      add_value (listing, rows->afr[i], DYNO_QUANTITY_AFR, units);
    }
  lines = dyno_listing_format (listing, 0);
  g_string_append_printf (text, "\n%s", lines);
}

static const char *
verdict_text (DynoSelfcheckVerdict verdict)
{
  switch (verdict)
    {
    case DYNO_SELFCHECK_REFERENCE:
      return "; there is no earlier measure of it to compare with";
    case DYNO_SELFCHECK_OK:
      return ", as always";
    case DYNO_SELFCHECK_DRIFT:
      return ", drifting from its reference";
    case DYNO_SELFCHECK_CHANGED:
      return ", not the dyno of its reference: another drum file, a dragging brake or bearing?";
    case DYNO_SELFCHECK_NOT_AVAILABLE:
    case DYNO_SELFCHECK_NO_MODEL:
    default:
      return "";
    }
}

/* Mass and losses of a fit, with a line of its own. */
static void
append_drum (GString             *text,
             const char          *opening,
             const DynoSelfcheck *check,
             const char          *closing,
             DynoUnitSet          units)
{
  static const double speed_kmh[] = { 80, 160, 240 };
  g_autofree char *mass = dyno_print_number (check->drum.m_eff_kg, 1);
  g_autofree char *rms = dyno_print_number (check->rms_n, 2);

  g_string_append_printf (text, "\n%s %s kg (rms %s N)%s.\nIt loses", opening, mass, rms, closing);
  for (gsize i = 0; i < G_N_ELEMENTS (speed_kmh); i++)
    {
      g_autofree char *loss = dyno_print_quantity (dyno_drum_loss_kw (&check->drum, speed_kmh[i]),
                                                   DYNO_QUANTITY_POWER, units);
      g_autofree char *speed = dyno_print_quantity (speed_kmh[i], DYNO_QUANTITY_SPEED, units);

      g_string_append_printf (text, "%s %s at %s", i == 0 ? "" : ",", loss, speed);
    }
  g_string_append (text, ".\n");
}

static void
append_dyno (GString             *text,
             const DynoPullPower *power,
             DynoUnitSet          units)
{
  if (power->has_coast_down)
    append_drum (text, "The dyno rolls out; with", &power->coast_down, "", units);
  if (!power->has_selfcheck || power->verdict == DYNO_SELFCHECK_NOT_AVAILABLE
      || power->verdict == DYNO_SELFCHECK_NO_MODEL)
    return;

  append_drum (text, "The dyno weighs", &power->selfcheck, verdict_text (power->verdict), units);
}

static const char *
why_no_pull (const DynoPower *power)
{
  static const char *const words[] = {
    [DYNO_TRIM_TOO_SHORT] = "the stretch under load is under 20 readings or 500 rpm",
    [DYNO_TRIM_NO_RISE] = "the engine speed does not rise",
    [DYNO_TRIM_NO_LOAD] = "the engine is never at full throttle, nor gaining speed",
  };

  if (power->input == DYNO_POWER_FROM_NOTHING)
    return "no channels that make power. It takes force and speed, torque and engine speed, or "
           "power and engine speed; bind their columns with --map";
  if (power->trim < G_N_ELEMENTS (words) && words[power->trim] != NULL)
    return words[power->trim];

  return "no stretch under load";
}

char *
dyno_power_text (const DynoPullPower *pull,
                 double               step,
                 DynoUnitSet          units)
{
  const DynoPower *power = pull->power;
  GString *text = g_string_new (NULL);
  g_autofree char *passport = dyno_power_text_passport (&power->correction, units);
  g_autofree char *half = dyno_print_number (dyno_curve_half_rpm (power->curve->level), 0);

  if (power->curve->n == 0)
    {
      g_string_append_printf (text, "There is no pull in it: %s.\n", why_no_pull (power));
      append_warnings (text, pull);
      append_dyno (text, pull, units);
      return g_string_free (text, FALSE);
    }

  append_peak (text, "Power", &power->peak_power, power->curve, DYNO_QUANTITY_POWER, units);
  append_peak (text, "Torque", &power->peak_torque, power->curve, DYNO_QUANTITY_TORQUE, units);
  g_string_append_printf (text, "%-12s%s\n", "Corrected", passport);
  g_string_append_printf (text, "%-12s%s, smoothing %u (±%s rpm)\n", "Derived",
                          dyno_power_input_name (power->input), power->curve->level, half);
  append_warnings (text, pull);
  append_curve (text, power->curve, step, units);
  append_dyno (text, pull, units);

  return g_string_free (text, FALSE);
}
