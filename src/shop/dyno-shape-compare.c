/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-compare.h"

#include <math.h>

#include "dyno-shape.h"

static const char *
x_member (const DynoCompare *compare)
{
  return compare->x == DYNO_COMPARE_OVER_RPM ? "rpm" : "speed_kmh";
}

static void
add_window (DynoJsonWriter *w,
            const char     *name,
            double          from,
            double          to)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "from", from, 4);
  dyno_json_writer_add_rounded (w, "to", to, 4);
  dyno_json_writer_end_object (w);
}

/* Who it is: a run by its id, a file by its name. */
static void
add_identity (DynoJsonWriter          *w,
              const DynoCompareSeries *series)
{
  dyno_json_writer_add_string (w, "run_id", series->run_id);
  dyno_json_writer_add_string (w, "name", series->name);
  dyno_json_writer_add_string (w, "group", series->is_before ? "before" : "after");
}

/* Series */

static void
add_points (DynoJsonWriter    *w,
            const DynoCompare *compare,
            const DynoCurve   *curve,
            double             step)
{
  g_autoptr(DynoCurve) rows = dyno_curve_resample (curve, step);

  dyno_json_writer_name (w, "points");
  dyno_json_writer_begin_array (w);
  for (gsize i = 0; i < rows->n; i++)
    {
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_rounded (w, x_member (compare), rows->x[i], 4);
      dyno_json_writer_add_rounded (w, "time_s", rows->time_s[i] - curve->time_s[0], 4);
      dyno_json_writer_add_rounded (w, "power_kw", rows->power_kw[i], 4);
      dyno_json_writer_add_rounded (w, "torque_nm", rows->torque_nm[i], 4);
      dyno_json_writer_add_rounded (w, "afr", rows->afr[i], 4);
      dyno_json_writer_add_rounded (w, "map_kpa", rows->map_kpa[i], 3);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_series (DynoJsonWriter          *w,
              const DynoCompare       *compare,
              const DynoCompareSeries *series,
              double                   step)
{
  const DynoPower *power = series->power->power;
  gboolean has_rpm = !power->curve->is_over_speed;

  dyno_json_writer_begin_object (w);
  add_identity (w, series);
  dyno_json_writer_add_rounded (w, "peak_power_kw", power->peak_power.value, 4);
  dyno_json_writer_add_rounded (w, "peak_power_rpm", has_rpm ? power->peak_power.x : NAN, 2);
  dyno_json_writer_add_rounded (w, "peak_torque_nm", power->peak_torque.value, 4);
  dyno_json_writer_add_rounded (w, "peak_torque_rpm", has_rpm ? power->peak_torque.x : NAN, 2);
  dyno_json_writer_name (w, "correction");
  dyno_shape_correction (w, &power->correction);
  add_points (w, compare, series->curve, step);
  dyno_json_writer_end_object (w);
}

/* Differences */

static void
add_area (DynoJsonWriter      *w,
          const DynoCurveArea *area)
{
  dyno_json_writer_add_rounded (w, "mean_kw", area->mean_kw, 4);
  dyno_json_writer_add_rounded (w, "area_gain_pct", area->mean_pct, 4);
  dyno_json_writer_add_rounded (w, "mean_nm", area->mean_nm, 4);
}

static void
add_thirds (DynoJsonWriter      *w,
            const DynoCurveGain *gain)
{
  dyno_json_writer_name (w, "thirds");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < DYNO_CURVE_PARTS; i++)
    {
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_rounded (w, "from", gain->parts[i].from, 4);
      dyno_json_writer_add_rounded (w, "to", gain->parts[i].to, 4);
      add_area (w, &gain->parts[i]);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
add_extreme (DynoJsonWriter    *w,
             const DynoCompare *compare,
             const char        *name,
             double             power_kw,
             double             x)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "power_kw", power_kw, 4);
  dyno_json_writer_add_rounded (w, x_member (compare), x, 4);
  dyno_json_writer_end_object (w);
}

/* The points of the grid that are multiples of the step. */
static void
add_differences (DynoJsonWriter      *w,
                 const DynoCompare   *compare,
                 const DynoCurveGain *gain,
                 double               step)
{
  dyno_json_writer_name (w, "points");
  dyno_json_writer_begin_array (w);
  for (gsize i = 0; i < gain->n; i++)
    {
      if (fabs (remainder (gain->x[i], step)) > 1e-6)
        continue;
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_rounded (w, x_member (compare), gain->x[i], 4);
      dyno_json_writer_add_rounded (w, "power_kw", gain->power_kw[i], 4);
      dyno_json_writer_add_rounded (w, "power_pct", gain->power_pct[i], 4);
      dyno_json_writer_add_rounded (w, "torque_nm", gain->torque_nm[i], 4);
      dyno_json_writer_add_rounded (w, "torque_pct", gain->torque_pct[i], 4);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_delta (DynoJsonWriter          *w,
             const DynoCompare       *compare,
             const DynoCompareSeries *series,
             double                   step)
{
  const DynoCurveGain *gain = series->gain;

  dyno_json_writer_begin_object (w);
  add_identity (w, series);
  add_area (w, &gain->area);
  add_thirds (w, gain);
  add_extreme (w, compare, "max_gain", gain->max_gain_kw, gain->max_gain_x);
  add_extreme (w, compare, "max_loss", gain->max_loss_kw, gain->max_loss_x);
  add_differences (w, compare, gain, step);
  dyno_json_writer_end_object (w);
}

/* Repeatability */

static void
add_repeat (DynoJsonWriter    *w,
            const DynoCompare *compare,
            const char        *name,
            const DynoRepeat  *repeat)
{
  dyno_json_writer_name (w, name);
  if (repeat == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "runs", (gint64) repeat->n_runs);
  dyno_json_writer_add_rounded (w, "sr_kw", repeat->sr_kw, 5);
  dyno_json_writer_add_rounded (w, "limit_kw", repeat->limit_kw, 5);
  dyno_json_writer_name (w, "bins");
  dyno_json_writer_begin_array (w);
  for (gsize i = 0; i < repeat->n; i++)
    {
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_rounded (w, x_member (compare), repeat->x[i], 4);
      dyno_json_writer_add_rounded (w, "mean_kw", repeat->mean_kw[i], 4);
      dyno_json_writer_add_rounded (w, "sd_kw", repeat->sd_kw[i], 5);
      dyno_json_writer_add_rounded (w, "cv_pct", repeat->cv_pct[i], 4);
      dyno_json_writer_add_rounded (w, "ci95_kw", repeat->ci_kw[i], 5);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}

static void
write_repeatability (DynoJsonWriter    *w,
                     const DynoCompare *compare)
{
  dyno_json_writer_name (w, "repeatability");
  dyno_json_writer_begin_object (w);
  add_repeat (w, compare, "all", compare->all);
  add_repeat (w, compare, "before", compare->before);
  add_repeat (w, compare, "after", compare->after);
  dyno_json_writer_end_object (w);
}

/* The gain */

static void
add_welch (DynoJsonWriter  *w,
           const DynoWelch *test)
{
  dyno_json_writer_add_rounded (w, "gain_kw", test->gain, 5);
  dyno_json_writer_name (w, "ci95_kw");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_rounded (w, test->ci_low, 5);
  dyno_json_writer_rounded (w, test->ci_high, 5);
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_rounded (w, "t", test->t, 6);
  dyno_json_writer_add_rounded (w, "nu", test->nu, 6);
  dyno_json_writer_add_rounded (w, "p", test->p, 9);
}

static void
add_bins (DynoJsonWriter    *w,
          const DynoCompare *compare,
          const DynoGain    *gain)
{
  dyno_json_writer_name (w, "bins");
  dyno_json_writer_begin_array (w);
  for (gsize i = 0; i < gain->n; i++)
    {
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_rounded (w, x_member (compare), gain->x[i], 4);
      add_welch (w, &gain->bins[i]);
      dyno_json_writer_add_rounded (w, "p_holm", gain->holm[i], 9);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
add_stretches (DynoJsonWriter *w,
               const DynoGain *gain)
{
  dyno_json_writer_name (w, "real_between");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < gain->stretches->len; i++)
    {
      const DynoGainStretch *stretch = &g_array_index (gain->stretches, DynoGainStretch, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_rounded (w, "from", stretch->from, 4);
      dyno_json_writer_add_rounded (w, "to", stretch->to, 4);
      dyno_json_writer_add_boolean (w, "is_loss", stretch->is_loss);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_gain (DynoJsonWriter    *w,
            const DynoCompare *compare)
{
  const DynoGain *gain = compare->gain;
  g_autofree char *sentence = dyno_gain_sentence (gain, DYNO_UNITS_METRIC);

  dyno_json_writer_add_rounded (w, "area_gain_pct", gain->area_pct, 4);
  write_repeatability (w, compare);
  dyno_json_writer_name (w, "gain");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "runs_before", (gint64) gain->n_a);
  dyno_json_writer_add_integer (w, "runs_after", (gint64) gain->n_b);
  dyno_json_writer_add_integer (w, "missing_before", gain->missing_a);
  dyno_json_writer_add_integer (w, "missing_after", gain->missing_b);
  dyno_json_writer_add_integer (w, "more_pulls_a_side", gain->more);
  add_welch (w, &gain->area);
  add_stretches (w, gain);
  add_bins (w, compare, gain);
  dyno_json_writer_end_object (w);
  dyno_json_writer_add_string (w, "verdict", dyno_gain_verdict_name (gain->verdict));
  dyno_json_writer_add_string (w, "sentence", sentence);
}

static void
write_warnings (DynoJsonWriter    *w,
                const DynoCompare *compare)
{
  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  if (compare->is_uncorrected)
    {
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "code", "no-weather");
      dyno_json_writer_add_string (w, "text", DYNO_COMPARE_UNCORRECTED);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

void
dyno_shape_compare (DynoJsonWriter    *w,
                    const DynoCompare *compare,
                    double             step)
{
  const DynoCompareSeries *baseline = g_ptr_array_index (compare->series, compare->baseline);
  double usual = compare->x == DYNO_COMPARE_OVER_RPM ? DYNO_CURVE_TABLE_RPM : DYNO_CURVE_TABLE_KMH;

  step = step > 0 ? step : usual;
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "x", dyno_compare_x_name (compare->x));
  add_window (w, "window", compare->from, compare->to);
  dyno_json_writer_add_string (w, "standard", dyno_standard_info (compare->standard)->id);
  dyno_json_writer_add_integer (w, "smoothing", baseline->curve->level);
  dyno_json_writer_add_integer (w, "baseline", compare->baseline);
  dyno_json_writer_name (w, "series");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < compare->series->len; i++)
    write_series (w, compare, g_ptr_array_index (compare->series, i), step);
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "delta");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < compare->series->len; i++)
    {
      if (i != compare->baseline)
        write_delta (w, compare, g_ptr_array_index (compare->series, i), step);
    }
  dyno_json_writer_end_array (w);
  write_gain (w, compare);
  write_warnings (w, compare);
  dyno_json_writer_end_object (w);
}
