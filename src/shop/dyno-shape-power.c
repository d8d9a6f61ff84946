/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-private.h"

#include <math.h>

#include "dyno-shape-selfcheck.h"

/* Curves and their passport; part of dyno-shape.h. */

#define USUAL_STEP 250.0

static void
write_inputs (DynoJsonWriter       *w,
              const DynoCorrection *correction)
{
  dyno_json_writer_name (w, "inputs");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "pressure_hpa", correction->weather.pressure_hpa, 4);
  dyno_json_writer_add_rounded (w, "temperature_c", correction->weather.temperature_c, 4);
  dyno_json_writer_add_rounded (w, "humidity_pct", correction->weather.humidity_pct, 4);
  dyno_json_writer_add_rounded (w, "vapour_hpa", correction->vapour_hpa, 4);
  dyno_json_writer_add_rounded (w, "dry_hpa", correction->dry_hpa, 4);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_correction (DynoJsonWriter       *w,
                       const DynoCorrection *correction)
{
  const DynoStandardInfo *standard = dyno_standard_info (correction->standard);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "standard", standard->id);
  dyno_shape_add_text (w, "revision", standard->revision);
  dyno_json_writer_add_string (w, "formula", standard->formula);
  write_inputs (w, correction);
  dyno_json_writer_add_string (w, "input_source",
                               dyno_weather_source_name (correction->weather.source));
  dyno_json_writer_add_rounded (w, "factor", correction->factor, 6);
  dyno_shape_add_text (w, "limits", dyno_standard_limits (correction->standard));
  dyno_json_writer_add_string (w, "warning", dyno_correction_first_warning (correction));
  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < DYNO_N_CORRECTION_WARNINGS; i++)
    {
      if ((correction->warnings >> i & 1) != 0)
        dyno_json_writer_string (w, dyno_correction_code (i));
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}

/* A value at x between two points; missing stays missing. */
static double
between (double from,
         double to,
         double share)
{
  return share == 0 ? from : from + (to - from) * share;
}

static void
write_point (DynoJsonWriter  *w,
             const DynoCurve *curve,
             gsize            i,
             double           x)
{
  gsize j = MIN (i + 1, curve->n - 1);
  double width = curve->x[j] - curve->x[i];
  double share = width > 0 ? (x - curve->x[i]) / width : 0;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, curve->is_over_speed ? "speed_kmh" : "rpm", x, 3);
  dyno_json_writer_add_rounded (w, "power_kw",
                                between (curve->power_kw[i], curve->power_kw[j], share), 4);
  dyno_json_writer_add_rounded (w, "torque_nm",
                                between (curve->torque_nm[i], curve->torque_nm[j], share), 4);
  dyno_json_writer_add_rounded (w, "afr", between (curve->afr[i], curve->afr[j], share), 4);
  dyno_json_writer_add_rounded (w, "map_kpa",
                                between (curve->map_kpa[i], curve->map_kpa[j], share), 3);
  dyno_json_writer_end_object (w);
}

/* At the multiples of the step inside the curve. */
static void
write_curve (DynoJsonWriter  *w,
             const DynoCurve *curve,
             double           step)
{
  gsize i = 0;

  dyno_json_writer_name (w, "curve");
  dyno_json_writer_begin_array (w);
  for (double x = curve->n > 0 ? ceil (curve->x[0] / step) * step : NAN;
       curve->n > 0 && x <= curve->x[curve->n - 1]; x += step)
    {
      while (i + 1 < curve->n && curve->x[i + 1] <= x)
        i++;
      write_point (w, curve, i, x);
    }
  dyno_json_writer_end_array (w);
}

void
dyno_shape_add_peaks (DynoJsonWriter  *w,
                      const DynoPower *power)
{
  gboolean has_rpm = !power->curve->is_over_speed;

  dyno_json_writer_name (w, "peaks");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "peak_power_kw", power->peak_power.value, 4);
  dyno_json_writer_add_rounded (w, "peak_power_rpm", has_rpm ? power->peak_power.x : NAN, 2);
  dyno_json_writer_add_rounded (w, "peak_torque_nm", power->peak_torque.value, 4);
  dyno_json_writer_add_rounded (w, "peak_torque_rpm", power->peak_torque.x, 2);
  dyno_json_writer_end_object (w);
}

static void
write_warnings (DynoJsonWriter      *w,
                const DynoPullPower *self)
{
  const DynoPower *power = self->power;

  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < DYNO_N_POWER_WARNINGS; i++)
    {
      if ((power->warnings >> i & 1) == 0)
        continue;
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "code", dyno_power_warning_code (i));
      dyno_json_writer_add_string (w, "text", dyno_power_warning_sentence (i));
      dyno_json_writer_end_object (w);
    }
  dyno_shape_selfcheck_warning (w, self);
  dyno_json_writer_end_array (w);
}

void
dyno_shape_power (DynoJsonWriter      *w,
                  const DynoPullPower *self,
                  double               step_rpm)
{
  const DynoPower *power = self->power;
  const double *time_s = dyno_samples_time (self->samples);
  gboolean has_pull = power->trim == DYNO_TRIM_OK;
  double step = step_rpm > 0 ? step_rpm : USUAL_STEP;

  dyno_json_writer_begin_object (w);
  /* Over speed a step of 250 would be no curve: a tenth of it in km/h. */
  write_curve (w, power->curve, power->curve->is_over_speed && step_rpm <= 0 ? step / 25 : step);
  dyno_shape_add_peaks (w, power);
  dyno_json_writer_name (w, "correction");
  dyno_shape_correction (w, &power->correction);
  dyno_json_writer_name (w, "dyno");
  dyno_shape_selfcheck (w, self);
  dyno_json_writer_name (w, "coast_down");
  dyno_shape_coast_down (w, self);
  dyno_json_writer_add_string (w, "input", dyno_power_input_name (power->input));
  dyno_json_writer_add_string (w, "no_curve",
                               has_pull ? NULL : dyno_trim_reason_name (power->trim));
  dyno_json_writer_add_integer (w, "smoothing", power->curve->level);
  dyno_json_writer_add_number (w, "half_width_rpm", dyno_curve_half_rpm (power->curve->level));
  dyno_json_writer_add_rounded (w, "pull_from_s", has_pull ? time_s[power->first_row] : NAN, 6);
  dyno_json_writer_add_rounded (w, "pull_to_s", has_pull ? time_s[power->last_row] : NAN, 6);
  dyno_json_writer_add_rounded (w, "rpm_per_kmh", power->ratio, 6);
  write_warnings (w, self);
  dyno_json_writer_end_object (w);
}
