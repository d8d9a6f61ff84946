/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-power-words.h"

#include "dyno-curve-compare.h"
#include "dyno-run-words.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

#define CSV_STEP_RPM 50.0
#define CSV_STEP_KMH 2.0

static char *
words_of_peak (const DynoPeak *peak,
               DynoQuantity    quantity,
               gboolean        is_over_speed,
               DynoUnitSet     units)
{
  g_autofree char *value = dyno_wording_quantity (units, quantity, peak->value);
  g_autofree char *x = is_over_speed
                           ? dyno_wording_quantity (units, DYNO_QUANTITY_SPEED, peak->x)
                           : dyno_wording_count ((guint64) lround (fmax (peak->x, 0)));

  return g_strdup_printf ("%s @ %s", value, x);
}

char *
dyno_power_words_peaks (const DynoPower *power,
                        DynoUnitSet      units)
{
  gboolean is_over_speed = power->curve->is_over_speed;
  g_autofree char *kw = NULL;
  g_autofree char *nm = NULL;

  if (power->curve->n == 0)
    return NULL;

  kw = words_of_peak (&power->peak_power, DYNO_QUANTITY_POWER, is_over_speed, units);
  if (isnan (power->peak_torque.value))
    return g_steal_pointer (&kw);
  nm = words_of_peak (&power->peak_torque, DYNO_QUANTITY_TORQUE, is_over_speed, units);

  return g_strdup_printf ("%s · %s", kw, nm);
}

static gboolean
has_simulated (DynoPowerSet *set)
{
  for (guint i = 0; i < dyno_power_set_get_n (set); i++)
    {
      const DynoRun *run = dyno_run_item_get_run (dyno_power_set_get (set, i)->item);

      if (run->is_simulator || run->source == DYNO_SOURCE_SIMULATOR)
        return TRUE;
    }

  return FALSE;
}

char *
dyno_power_words_title (DynoPowerSet *set)
{
  guint n = set != NULL ? dyno_power_set_get_n (set) : 0;
  g_autofree char *text = NULL;

  if (n == 0)
    return g_strdup ("");
  if (n == 1)
    {
      const DynoRun *run = dyno_run_item_get_run (dyno_power_set_get (set, 0)->item);
      g_autofree char *name = dyno_run_words_name (run);

      text = g_strdup_printf ("%s · %s", name, dyno_run_words_subject (run));
    }
  else
    text = g_strdup_printf (ngettext ("%u run", "%u runs", n), n);

  return has_simulated (set) ? g_strconcat (text, " · ", _ ("SIMULATOR"), NULL)
                             : g_steal_pointer (&text);
}

static char *
words_of_difference (DynoUnitSet  units,
                     DynoQuantity quantity,
                     double       value)
{
  g_autofree char *text = dyno_wording_quantity (units, quantity, value);

  return value > 0 ? g_strconcat ("+", text, NULL) : g_steal_pointer (&text);
}

char *
dyno_power_words_gain (const DynoPowerEntry *from,
                       const DynoPowerEntry *to,
                       DynoUnitSet           units)
{
  g_autofree char *kw = NULL;
  g_autofree char *nm = NULL;
  g_autofree char *most = NULL;
  DynoCurveGain *gain;
  gboolean is_gain;
  char *text;

  gain = dyno_curve_compare (from->power->power->curve, to->power->power->curve);
  if (gain == NULL)
    return NULL;

  kw = words_of_difference (units, DYNO_QUANTITY_POWER, gain->area.mean_kw);
  nm = words_of_difference (units, DYNO_QUANTITY_TORQUE, gain->area.mean_nm);
  is_gain = gain->max_gain_kw >= -gain->max_loss_kw;
  most = words_of_difference (units, DYNO_QUANTITY_POWER,
                              is_gain ? gain->max_gain_kw : gain->max_loss_kw);
  text = g_strdup_printf (_ ("%s against %s: %s and %s in the mean of %.0f–%.0f rpm, at most %s at "
                             "%.0f rpm"),
                          dyno_palette_letter (to->trace), dyno_palette_letter (from->trace), kw,
                          nm, gain->area.from, gain->area.to, most,
                          is_gain ? gain->max_gain_x : gain->max_loss_x);
  dyno_curve_gain_free (gain);

  return text;
}

/* CSV. */

/* A run with a curve over the quantity of the first one. */
static gboolean
is_column (const DynoPowerEntry *entry,
           const DynoCurve      *first)
{
  return entry->power != NULL && entry->power->power->curve->n > 0
         && (first == NULL || entry->power->power->curve->is_over_speed == first->is_over_speed);
}

static const DynoCurve *
find_range (DynoPowerSet *set,
            double       *from,
            double       *to)
{
  const DynoCurve *first = NULL;

  for (guint i = 0; i < dyno_power_set_get_n (set); i++)
    {
      const DynoPowerEntry *entry = dyno_power_set_get (set, i);
      const DynoCurve *curve;

      if (!is_column (entry, first))
        continue;
      curve = entry->power->power->curve;
      *from = first != NULL ? fmin (*from, curve->x[0]) : curve->x[0];
      *to = first != NULL ? fmax (*to, curve->x[curve->n - 1]) : curve->x[curve->n - 1];
      first = first != NULL ? first : curve;
    }

  return first;
}

/* Linear; NaN beyond the ends. */
static double
value_at (const DynoCurve *curve,
          const double    *values,
          double           x)
{
  gsize low = 0;
  gsize high = curve->n - 1;

  if (x < curve->x[0] || x > curve->x[high])
    return NAN;
  while (high - low > 1)
    {
      gsize middle = (low + high) / 2;

      *(curve->x[middle] <= x ? &low : &high) = middle;
    }

  return high == low ? values[low]
                     : values[low]
                           + (values[high] - values[low]) * (x - curve->x[low])
                                 / (curve->x[high] - curve->x[low]);
}

static void
append_number (GString *text,
               double   value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (text, ',');
  if (isfinite (value))
    g_string_append (text, g_ascii_formatd (number, sizeof number, "%.2f", value));
}

static void
append_head (GString         *text,
             DynoPowerSet    *set,
             const DynoCurve *first)
{
  g_string_append (text, first->is_over_speed ? "Speed (km/h)" : "Engine speed (rpm)");
  for (guint i = 0; i < dyno_power_set_get_n (set); i++)
    {
      const DynoPowerEntry *entry = dyno_power_set_get (set, i);
      gint64 number = dyno_run_item_get_run (entry->item)->number;

      if (is_column (entry, first))
        g_string_append_printf (text,
                                ",Run %" G_GINT64_FORMAT " power (kW),Run %" G_GINT64_FORMAT
                                " torque (N·m)",
                                number, number);
    }
  g_string_append (text, "\r\n");
}

static void
append_row (GString         *text,
            DynoPowerSet    *set,
            const DynoCurve *first,
            double           x)
{
  g_string_append_printf (text, "%.0f", x);
  for (guint i = 0; i < dyno_power_set_get_n (set); i++)
    {
      const DynoPowerEntry *entry = dyno_power_set_get (set, i);
      const DynoCurve *curve;

      if (!is_column (entry, first))
        continue;
      curve = entry->power->power->curve;
      append_number (text, value_at (curve, curve->power_kw, x));
      append_number (text, value_at (curve, curve->torque_nm, x));
    }
  g_string_append (text, "\r\n");
}

char *
dyno_power_words_csv (DynoPowerSet *set)
{
  double from = NAN;
  double to = NAN;
  const DynoCurve *first = find_range (set, &from, &to);
  double step = first != NULL && first->is_over_speed ? CSV_STEP_KMH : CSV_STEP_RPM;
  GString *text;

  if (first == NULL)
    return NULL;

  text = g_string_new (NULL);
  append_head (text, set, first);
  for (double x = ceil (from / step) * step; x <= to; x += step)
    append_row (text, set, first, x);

  return g_string_free (text, FALSE);
}
