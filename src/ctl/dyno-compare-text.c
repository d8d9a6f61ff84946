/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-compare-text.h"

#include <math.h>

#include "dyno-listing.h"
#include "dyno-print.h"

static const DynoCompareSeries *
series_at (const DynoCompare *compare,
           guint              index)
{
  return g_ptr_array_index (compare->series, index);
}

static DynoQuantity
x_quantity (const DynoCompare *compare)
{
  return compare->x == DYNO_COMPARE_OVER_RPM ? DYNO_QUANTITY_ROTATION : DYNO_QUANTITY_SPEED;
}

/* A, B, … of the table's heads. */
static char
letter_of (guint index)
{
  return (char) ('A' + index);
}

/* "+1.9 kW" */
static char *
signed_quantity (double       value,
                 DynoQuantity quantity,
                 DynoUnitSet  units)
{
  g_autofree char *text = dyno_print_quantity (value, quantity, units);

  return value > 0 ? g_strconcat ("+", text, NULL) : g_steal_pointer (&text);
}

static char *
signed_percent (double value)
{
  g_autofree char *text = dyno_print_number (value, 2);

  return g_strdup_printf ("%s%s %%", value > 0 ? "+" : "", text);
}

/* "+3.1 kW at 4200 rpm": where the two part most. (transfer full) */
static char *
most_of (const DynoCompare   *compare,
         const DynoCurveGain *gain,
         DynoUnitSet          units)
{
  gboolean is_gain = gain->max_gain_kw >= -gain->max_loss_kw;
  g_autofree char *power = signed_quantity (is_gain ? gain->max_gain_kw : gain->max_loss_kw,
                                            DYNO_QUANTITY_POWER, units);
  g_autofree char *x = dyno_print_quantity (is_gain ? gain->max_gain_x : gain->max_loss_x,
                                            x_quantity (compare), units);

  return g_strdup_printf ("%s at %s", power, x);
}

static void
add_gain (DynoListing         *listing,
          const DynoCompare   *compare,
          const DynoCurveGain *gain,
          DynoUnitSet          units)
{
  if (gain == NULL)
    {
      for (guint i = 0; i < 3; i++)
        dyno_listing_add (listing, NULL);
      return;
    }

  dyno_listing_take (listing, signed_quantity (gain->area.mean_kw, DYNO_QUANTITY_POWER, units));
  dyno_listing_take (listing, signed_percent (gain->area.mean_pct));
  dyno_listing_take (listing, most_of (compare, gain, units));
}

static void
add_peak (DynoListing    *listing,
          const DynoPeak *peak,
          DynoQuantity    quantity,
          DynoUnitSet     units)
{
  dyno_listing_take (listing, isfinite (peak->value)
                                ? dyno_print_quantity (peak->value, quantity, units) : NULL);
}

/* The pulls, each on a line. */
static void
append_pulls (GString           *text,
              const DynoCompare *compare,
              DynoUnitSet        units)
{
  static const char *const columns[] = { "", "pull", "", ">power", ">torque", ">mean gain", ">%",
                                         ">most", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autofree char *lines = NULL;

  for (guint i = 0; i < compare->series->len; i++)
    {
      const DynoCompareSeries *series = series_at (compare, i);

      dyno_listing_add_f (listing, "%c", letter_of (i));
      dyno_listing_take (listing, dyno_print_clean (series->name));
      dyno_listing_add (listing, i == compare->baseline ? "baseline"
                                 : series->is_before    ? "before" : NULL);
      add_peak (listing, &series->power->power->peak_power, DYNO_QUANTITY_POWER, units);
      add_peak (listing, &series->power->power->peak_torque, DYNO_QUANTITY_TORQUE, units);
      add_gain (listing, compare, series->gain, units);
    }
  lines = dyno_listing_format (listing, 0);
  g_string_append (text, lines);
}

static void
append_window (GString           *text,
               const DynoCompare *compare,
               DynoUnitSet        units)
{
  g_autofree char *from = dyno_print_quantity (compare->from, x_quantity (compare), units);
  g_autofree char *to = dyno_print_quantity (compare->to, x_quantity (compare), units);

  g_string_append_printf (text, "\nMeans are over %s to %s, %s, smoothing %u.\n", from, to,
                          dyno_standard_info (compare->standard)->title,
                          series_at (compare, 0)->curve->level);
  if (compare->is_uncorrected)
    g_string_append (text, "Warning: " DYNO_COMPARE_UNCORRECTED "\n");
}

/* Power of all, side by side. */
static void
append_table (GString           *text,
              const DynoCompare *compare,
              double             step,
              DynoUnitSet        units)
{
  const DynoUnit *x_unit = dyno_unit_shown (units, x_quantity (compare));
  const DynoUnit *unit = dyno_unit_shown (units, DYNO_QUANTITY_POWER);
  g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(DynoListing) listing = NULL;
  g_autofree char *lines = NULL;

  g_ptr_array_add (columns, g_strconcat (">", x_unit->symbol, NULL));
  for (guint i = 0; i < compare->series->len; i++)
    g_ptr_array_add (columns, g_strdup_printf (">%c %s", letter_of (i), unit->symbol));
  g_ptr_array_add (columns, NULL);
  listing = dyno_listing_new ((const char *const *) columns->pdata);
  for (double x = ceil (compare->from / step) * step; x <= compare->to; x += step)
    {
      dyno_listing_take (listing, dyno_unit_format (x_unit, x, FALSE));
      for (guint i = 0; i < compare->series->len; i++)
        {
          const DynoCurve *curve = series_at (compare, i)->curve;
          double kw;

          dyno_curve_column_at (curve, curve->power_kw, &x, 1, &kw);
          dyno_listing_take (listing, dyno_unit_format (unit, kw, FALSE));
        }
    }
  lines = dyno_listing_format (listing, 0);
  g_string_append_printf (text, "\n%s", lines);
}

static void
append_repeat (GString          *text,
               const char       *who,
               const DynoRepeat *repeat,
               DynoUnitSet       units)
{
  g_autofree char *sr = NULL;
  g_autofree char *limit = NULL;

  if (repeat == NULL)
    return;
  sr = dyno_print_quantity (repeat->sr_kw, DYNO_QUANTITY_POWER, units);
  limit = dyno_print_quantity (repeat->limit_kw, DYNO_QUANTITY_POWER, units);
  g_string_append_printf (text, "%s (%zu pulls) scatter by %s; two alike differ by less than %s.\n",
                          who, repeat->n_runs, sr, limit);
}

/* With a group of before the scatter of each side counts, and the verdict. */
static void
append_verdict (GString           *text,
                const DynoCompare *compare,
                DynoUnitSet        units)
{
  g_autofree char *sentence = dyno_gain_sentence (compare->gain, units);

  g_string_append_c (text, '\n');
  if (!compare->has_groups)
    {
      append_repeat (text, "All", compare->all, units);
      return;
    }

  append_repeat (text, "Before", compare->before, units);
  append_repeat (text, "After", compare->after, units);
  g_string_append_printf (text, "Is the gain real? %s.\n", sentence);
}

char *
dyno_compare_text (const DynoCompare *compare,
                   double             step,
                   DynoUnitSet        units)
{
  GString *text = g_string_new (NULL);
  double usual = compare->x == DYNO_COMPARE_OVER_RPM ? DYNO_CURVE_TABLE_RPM : DYNO_CURVE_TABLE_KMH;

  append_pulls (text, compare, units);
  append_window (text, compare, units);
  append_table (text, compare, step > 0 ? step : usual, units);
  append_verdict (text, compare, units);

  return g_string_free (text, FALSE);
}
