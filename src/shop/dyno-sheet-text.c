/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The words and figures of a sheet. */

#include "config.h"

#include "dyno-sheet-private.h"

#include "dyno-curve-compare.h"
#include "dyno-gain.h"

#include <math.h>

#define LOSS_AT_KMH 160.0

char *
dyno_sheet_quantity (const DynoSheet *self,
                     DynoQuantity     quantity,
                     double           value_si)
{
  const DynoUnit *unit = dyno_unit_shown (self->units, quantity);
  g_autofree char *number = dyno_unit_format (unit, value_si, FALSE);

  if (!isfinite (value_si) || *unit->symbol == '\0')
    return g_steal_pointer (&number);

  return g_strdup_printf ("%s %s", number, unit->symbol);
}

static const DynoSheetRun *
run_at (const DynoSheet *self,
        guint            index)
{
  return g_ptr_array_index (self->runs, index);
}

gboolean
dyno_sheet_is_baseline (const DynoSheet *self,
                        guint            index)
{
  return self->baseline >= 0 && index >= (guint) self->baseline;
}

static DynoQuantity
axis_of (const DynoCurve *curve)
{
  return curve->is_over_speed ? DYNO_QUANTITY_SPEED : DYNO_QUANTITY_ROTATION;
}

/* "101.2 kW at 5,000 rpm" */
static char *
peak_text (const DynoSheet *self,
           const DynoCurve *curve,
           const DynoPeak  *peak,
           DynoQuantity     quantity)
{
  g_autofree char *value = NULL;
  g_autofree char *at = NULL;

  if (!isfinite (peak->value))
    return g_strdup ("—");
  value = dyno_sheet_quantity (self, quantity, peak->value);
  at = dyno_sheet_quantity (self, axis_of (curve), peak->x);

  return g_strdup_printf ("%s\nat %s", value, at);
}

static void
mixture_range (const DynoCurve *curve,
               double          *min,
               double          *mean,
               double          *max)
{
  double sum = 0;
  gsize n = 0;

  *min = INFINITY;
  *max = -INFINITY;
  for (gsize i = 0; i < curve->n; i++)
    {
      if (isnan (curve->afr[i]))
        continue;
      *min = fmin (*min, curve->afr[i]);
      *max = fmax (*max, curve->afr[i]);
      sum += curve->afr[i];
      n++;
    }
  *mean = n > 0 ? sum / n : NAN;
}

static char *
mixture_text (const DynoCurve *curve)
{
  double min;
  double mean;
  double max;

  mixture_range (curve, &min, &mean, &max);

  return isnan (mean) ? g_strdup ("—") : g_strdup_printf ("%.1f\n%.1f … %.1f", mean, min, max);
}

/* The window that all curves share. */
static gboolean
find_window (const DynoSheet *self,
             double          *from,
             double          *to)
{
  g_autofree const DynoCurve **curves = g_new0 (const DynoCurve *, self->runs->len + 1);

  for (guint i = 0; i < self->runs->len; i++)
    {
      curves[i] = run_at (self, i)->power->power->curve;
      if (curves[i]->is_over_speed != curves[0]->is_over_speed)
        return FALSE;
    }

  return self->runs->len > 0 && dyno_curve_window (curves, self->runs->len, from, to);
}

static char *
average_text (const DynoSheet *self,
              const DynoCurve *curve)
{
  double from;
  double to;
  double power;
  double torque;
  g_autofree char *power_text = NULL;
  g_autofree char *torque_text = NULL;

  if (!find_window (self, &from, &to))
    return g_strdup ("—");
  dyno_curve_mean (curve, from, to, &power, &torque);
  power_text = dyno_sheet_quantity (self, DYNO_QUANTITY_POWER, power);
  torque_text = dyno_sheet_quantity (self, DYNO_QUANTITY_TORQUE, torque);

  return g_strdup_printf ("%s\n%s", power_text, torque_text);
}

static char *
run_text (const DynoSheet *self,
          guint            index)
{
  const DynoSheetRun *run = run_at (self, index);

  return g_strdup_printf ("%s%s%s%s", run->name,
                          dyno_sheet_is_baseline (self, index) ? " (baseline)" : "",
                          *run->date != '\0' ? "\n" : "", run->date);
}

GPtrArray *
dyno_sheet_figures (const DynoSheet *self)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->runs->len; i++)
    {
      const DynoPower *power = run_at (self, i)->power->power;

      g_ptr_array_add (cells, g_strdup (dyno_palette_letter (i)));
      g_ptr_array_add (cells, run_text (self, i));
      g_ptr_array_add (cells, peak_text (self, power->curve, &power->peak_power,
                                         DYNO_QUANTITY_POWER));
      g_ptr_array_add (cells, peak_text (self, power->curve, &power->peak_torque,
                                         DYNO_QUANTITY_TORQUE));
      g_ptr_array_add (cells, average_text (self, power->curve));
      g_ptr_array_add (cells, mixture_text (power->curve));
    }

  return cells;
}

/* With its sign: "+1.9 kW". */
static char *
signed_text (const DynoSheet *self,
             DynoQuantity     quantity,
             double           value_si)
{
  g_autofree char *text = dyno_sheet_quantity (self, quantity, value_si);

  return g_strconcat (value_si > 0 ? "+" : "", text, NULL);
}

char *
dyno_sheet_gain (const DynoSheet *self)
{
  g_autoptr(DynoCurveGain) gain = NULL;
  g_autofree char *mean_power = NULL;
  g_autofree char *mean_torque = NULL;
  g_autofree char *most = NULL;
  g_autofree char *window = NULL;
  const DynoCurve *mine;

  if (self->baseline < 0)
    return NULL;
  mine = run_at (self, 0)->power->power->curve;
  gain = dyno_curve_compare (run_at (self, (guint) self->baseline)->power->power->curve, mine);
  if (gain == NULL)
    return g_strdup ("The two runs have no range in common, so no gain can be told.");

  mean_power = signed_text (self, DYNO_QUANTITY_POWER, gain->area.mean_kw);
  mean_torque = signed_text (self, DYNO_QUANTITY_TORQUE, gain->area.mean_nm);
  most = signed_text (self, DYNO_QUANTITY_POWER, gain->max_gain_kw);
  window = dyno_sheet_quantity (self, axis_of (mine), gain->area.to);

  return g_strdup_printf ("Over the baseline, mean of %.0f … %s: %s, %s. Largest gain %s at %.0f.",
                          dyno_unit_from_si (dyno_unit_shown (self->units, axis_of (mine)),
                                             gain->area.from),
                          window, mean_power, mean_torque, most,
                          dyno_unit_from_si (dyno_unit_shown (self->units, axis_of (mine)),
                                             gain->max_gain_x));
}

char *
dyno_sheet_verdict (const DynoSheet *self)
{
  g_autofree const DynoCurve **curves = g_new0 (const DynoCurve *, self->runs->len + 1);
  g_autoptr(DynoGain) gain = NULL;
  g_autofree char *sentence = NULL;
  gsize n = (gsize) self->baseline;

  if (self->baseline <= 0)
    return NULL;
  for (guint i = 0; i < self->runs->len; i++)
    curves[i] = run_at (self, i)->power->power->curve;
  gain = dyno_gain_new (curves + n, self->runs->len - n, curves, n);

  if (gain == NULL)
    return NULL;
  sentence = dyno_gain_sentence (gain, self->units);

  return g_strdup_printf ("Is the gain real? %s.", sentence);
}

/* Passport. */

/* Air pressure with the digits that a factor is made of. */
static char *
pressure_text (const DynoSheet *self,
               double           hpa)
{
  if (self->units == DYNO_UNITS_US)
    return g_strdup_printf ("%.2f inHg", hpa * 100 / DYNO_PA_PER_INHG);

  return g_strdup_printf ("%.1f hPa", hpa);
}

static char *
temperature_text (const DynoSheet *self,
                  double           celsius)
{
  const DynoUnit *unit = dyno_unit_shown (self->units, DYNO_QUANTITY_TEMPERATURE);

  return g_strdup_printf ("%.1f %s", dyno_unit_from_si (unit, celsius), unit->symbol);
}

static const char *
source_words (DynoWeatherSource source)
{
  switch (source)
    {
    case DYNO_WEATHER_PROBE:
      return "the dyno's probes";
    case DYNO_WEATHER_TYPED:
      return "typed by the operator";
    case DYNO_WEATHER_FILE:
    default:
      return "the file";
    }
}

static char *
weather_text (const DynoSheet      *self,
              const DynoCorrection *correction)
{
  const DynoWeather *weather = &correction->weather;
  const char *date = run_at (self, 0)->date;
  g_autofree char *pressure = pressure_text (self, weather->pressure_hpa);
  g_autofree char *dry = pressure_text (self, correction->dry_hpa);
  g_autofree char *vapour = pressure_text (self, correction->vapour_hpa);
  g_autofree char *temperature = temperature_text (self, weather->temperature_c);
  g_autofree char *humidity = isfinite (weather->humidity_pct)
                                ? g_strdup_printf ("%.1f %%", weather->humidity_pct)
                                : g_strdup ("not measured, taken as 0 %");

  return g_strdup_printf ("Air: %s, of it vapour %s, so dry %s; %s; humidity %s. Source: %s%s%s.",
                          pressure, vapour, dry, temperature, humidity,
                          source_words (weather->source), *date != '\0' ? ", " : "", date);
}

/* Factors of the other runs, where they are not the same. */
static char *
factors_text (const DynoSheet *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 1; i < self->runs->len; i++)
    g_string_append_printf (text, "%s%s %.4f", i > 1 ? ", " : "Factors of the others: ",
                            dyno_palette_letter (i),
                            run_at (self, i)->power->power->correction.factor);
  if (text->len > 0)
    g_string_append_c (text, '.');

  return g_string_free (text, FALSE);
}

GPtrArray *
dyno_sheet_passport (const DynoSheet *self)
{
  const DynoCorrection *correction = &run_at (self, 0)->power->power->correction;
  const DynoStandardInfo *info = dyno_standard_info (correction->standard);
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  char *factors;

  if (correction->standard == DYNO_STANDARD_NONE)
    {
      g_ptr_array_add (lines, g_strdup ("Power and torque as measured: no correction for weather."));
      return lines;
    }

  g_ptr_array_add (lines, g_strdup_printf ("%s, factor %.4f%s", info->title, correction->factor,
                                           fabs (correction->factor - 1) > 0.07
                                             ? " – outside the standard's limit of ±7 %" : ""));
  g_ptr_array_add (lines, g_strdup_printf ("Factor = %s", info->formula));
  g_ptr_array_add (lines, weather_text (self, correction));
  factors = factors_text (self);
  if (*factors != '\0')
    g_ptr_array_add (lines, factors);
  else
    g_free (factors);

  return lines;
}

/* Method. */

static void
append_dyno (GString         *text,
             const DynoSheet *self)
{
  const DynoPullPower *pull = run_at (self, 0)->power;
  const DynoDrum *drum = &pull->selfcheck.drum;
  g_autofree char *loss = NULL;

  if (!pull->has_selfcheck || pull->verdict == DYNO_SELFCHECK_NO_MODEL)
    return;
  loss = dyno_sheet_quantity (self, DYNO_QUANTITY_POWER, dyno_drum_loss_kw (drum, LOSS_AT_KMH));
  g_string_append_printf (text, " This run shows an effective mass of %.1f kg and a loss of %s at "
                          "160 km/h (c0 %.2f N, c1 %.4f N/(km/h), c2 %.6f N/(km/h)²).",
                          drum->m_eff_kg, loss, drum->c0_n, drum->c1_n_per_kmh, drum->c2_n_per_kmh2);
}

static const char *
input_words (DynoPowerInput input)
{
  switch (input)
    {
    case DYNO_POWER_FROM_FORCE_SPEED:
      return "force and speed of the drum";
    case DYNO_POWER_FROM_TORQUE_RPM:
      return "the logged torque";
    case DYNO_POWER_FROM_POWER_RPM:
      return "the logged power";
    case DYNO_POWER_FROM_SPEED:
      return "the speed and the dyno's mass";
    case DYNO_POWER_FROM_DRUM_RPM:
      return "the drum's revolutions and mass";
    case DYNO_POWER_FROM_NOTHING:
    default:
      return "no channel";
    }
}

char *
dyno_sheet_method (const DynoSheet *self)
{
  const DynoPower *power = run_at (self, 0)->power->power;
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s%sPower from %s; engine speed from the log. Smoothing level %u",
                          self->dyno != NULL ? self->dyno : "",
                          self->dyno != NULL && *self->dyno != '\0' ? ". " : "",
                          input_words (power->input), power->curve->level);
  if (power->curve->level > 0)
    g_string_append_printf (text, " (±%.0f rpm)", dyno_curve_half_rpm (power->curve->level));
  g_string_append_c (text, '.');
  append_dyno (text, self);

  return g_string_free (text, FALSE);
}

/* Warnings. */

static void
add_once (GPtrArray  *lines,
          const char *letter,
          const char *sentence)
{
  char *line = letter != NULL ? g_strdup_printf ("%s: %s", letter, sentence) : g_strdup (sentence);

  if (g_ptr_array_find_with_equal_func (lines, line, g_str_equal, NULL))
    g_free (line);
  else
    g_ptr_array_add (lines, line);
}

static void
add_run_warnings (GPtrArray          *lines,
                  const char         *letter,
                  const DynoSheetRun *run)
{
  const DynoPower *power = run->power->power;

  if (run->is_simulated)
    add_once (lines, letter, "Simulated: no engine made this power.");
  if (power->curve->n == 0)
    add_once (lines, letter, "There is no pull in this run, so there is no curve.");
  for (guint i = 0; i < DYNO_N_CORRECTION_WARNINGS; i++)
    {
      if ((power->correction.warnings >> i & 1) != 0)
        add_once (lines, letter, dyno_correction_sentence (i));
    }
  for (guint i = 0; i < DYNO_N_POWER_WARNINGS; i++)
    {
      if ((power->warnings >> i & 1) != 0)
        add_once (lines, letter, dyno_power_warning_sentence (i));
    }
  if (run->power->verdict == DYNO_SELFCHECK_CHANGED || run->power->verdict == DYNO_SELFCHECK_DRIFT)
    add_once (lines, letter, "The dyno does not weigh or lose what it did when it was first seen.");
  if (run->stored_as != NULL)
    {
      g_autofree char *text = g_strdup_printf ("Kept with %s; computed again for this sheet.",
                                               run->stored_as);

      add_once (lines, letter, text);
    }
}

GPtrArray *
dyno_sheet_all_warnings (const DynoSheet *self)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->runs->len; i++)
    add_run_warnings (lines, self->runs->len > 1 ? dyno_palette_letter (i) : NULL,
                      run_at (self, i));
  for (guint i = 0; i < self->warnings->len; i++)
    add_once (lines, NULL, g_ptr_array_index (self->warnings, i));
  if (self->without_log)
    add_once (lines, NULL, "The log is too large for this file: the run inside is without it.");

  return lines;
}
