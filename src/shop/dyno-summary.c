/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-summary.h"

#include <math.h>

double
dyno_summary_stoich (const char *data)
{
  g_autoptr(DynoJson) json = data != NULL ? dyno_json_parse (data, -1, NULL) : NULL;
  double stoich = dyno_json_get_number (json, "stoich", DYNO_STOICH_PETROL);

  return stoich >= 1 && stoich <= 20 ? stoich : DYNO_STOICH_PETROL;
}

void
dyno_summary_trim (DynoPowerOptions  *options,
                   const DynoSamples *samples,
                   const DynoRun     *run)
{
  const double *time_s = dyno_samples_time (samples);
  gsize n = dyno_samples_n_rows (samples);
  gsize first = 0;
  gsize last = n;

  if (isnan (run->trim_start_s) || isnan (run->trim_end_s) || options->first_row >= 0)
    return;

  while (first < n && time_s[first] < run->trim_start_s)
    first++;
  while (last > first && time_s[last - 1] > run->trim_end_s)
    last--;
  if (last <= first + 1)
    return;

  options->first_row = (gssize) first;
  options->last_row = (gssize) last - 1;
}

/* Mean measured mixture over the curve; NaN without one. */
static double
mean_afr (const DynoCurve *curve)
{
  double sum = 0;
  gsize n = 0;

  for (gsize i = 0; i < curve->n; i++)
    {
      if (!isfinite (curve->afr[i]))
        continue;
      sum += curve->afr[i];
      n++;
    }

  return n > 0 ? sum / (double) n : NAN;
}

static void
set_peaks (DynoRunPeaks    *peaks,
           const DynoPower *power)
{
  gboolean has_rpm = !power->curve->is_over_speed;

  peaks->power_kw = power->peak_power.value;
  peaks->power_rpm = has_rpm ? power->peak_power.x : NAN;
  peaks->torque_nm = power->peak_torque.value;
  peaks->torque_rpm = power->peak_torque.x;
  peaks->mean_afr = mean_afr (power->curve);
  g_free (peaks->correction);
  peaks->correction = g_strdup (dyno_standard_info (power->correction.standard)->id);
  peaks->smoothing = DYNO_SUMMARY_LEVEL;
  peaks->factor = power->correction.factor;
}

void
dyno_summary_write_peaks (DynoJsonWriter     *w,
                          const DynoRunPeaks *peaks)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "peak_power_kw", peaks->power_kw, 4);
  dyno_json_writer_add_rounded (w, "peak_power_rpm", peaks->power_rpm, 2);
  dyno_json_writer_add_rounded (w, "peak_torque_nm", peaks->torque_nm, 4);
  dyno_json_writer_add_rounded (w, "peak_torque_rpm", peaks->torque_rpm, 2);
  dyno_json_writer_end_object (w);
}

static void
write_selfcheck (DynoJsonWriter    *w,
                 const DynoSamples *samples)
{
  DynoSelfcheck check;

  dyno_json_writer_name (w, "dyno");
  if (!dyno_selfcheck_run (samples, &check))
    {
      dyno_json_writer_null (w);
      return;
    }

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_number (w, "effective_mass_kg", check.drum.m_eff_kg);
  dyno_json_writer_add_number (w, "c0_n", check.drum.c0_n);
  dyno_json_writer_add_number (w, "c1_n_per_kmh", check.drum.c1_n_per_kmh);
  dyno_json_writer_add_number (w, "c2_n_per_kmh2", check.drum.c2_n_per_kmh2);
  dyno_json_writer_add_number (w, "rms_n", check.rms_n);
  dyno_json_writer_end_object (w);
}

static void
write_atmosphere (DynoJsonWriter    *w,
                  const DynoWeather *weather)
{
  dyno_json_writer_name (w, "atmosphere");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "pressure_hpa", weather->pressure_hpa, 4);
  dyno_json_writer_add_rounded (w, "temperature_c", weather->temperature_c, 4);
  dyno_json_writer_add_rounded (w, "humidity_pct", weather->humidity_pct, 4);
  dyno_json_writer_add_string (w, "source", dyno_weather_source_name (weather->source));
  dyno_json_writer_end_object (w);
}

static char *
results_json (const DynoRun     *run,
              const DynoSamples *samples,
              const DynoPower   *power)
{
  const double *time_s = dyno_samples_time (samples);
  gboolean has_pull = power->trim == DYNO_TRIM_OK;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "peaks");
  dyno_summary_write_peaks (w, &run->peaks);
  write_atmosphere (w, &power->correction.weather);
  dyno_json_writer_add_string (w, "input", dyno_power_input_name (power->input));
  dyno_json_writer_add_string (w, "no_curve",
                               has_pull ? NULL : dyno_trim_reason_name (power->trim));
  dyno_json_writer_add_rounded (w, "pull_from_s", has_pull ? time_s[power->first_row] : NAN, 6);
  dyno_json_writer_add_rounded (w, "pull_to_s", has_pull ? time_s[power->last_row] : NAN, 6);
  dyno_json_writer_add_rounded (w, "rpm_per_kmh", power->ratio, 6);
  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < DYNO_N_POWER_WARNINGS; i++)
    {
      if ((power->warnings >> i & 1) != 0)
        dyno_json_writer_string (w, dyno_power_warning_code (i));
    }
  dyno_json_writer_end_array (w);
  write_selfcheck (w, samples);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

void
dyno_summary_fill (DynoRun                *run,
                   const DynoSamples      *samples,
                   const DynoPowerOptions *options)
{
  DynoPowerOptions mine = *options;
  g_autoptr(DynoPower) power = NULL;

  mine.level = DYNO_SUMMARY_LEVEL;
  dyno_summary_trim (&mine, samples, run);
  power = dyno_power_new (samples, &mine);
  set_peaks (&run->peaks, power);
  g_free (run->results);
  run->results = results_json (run, samples, power);
}
