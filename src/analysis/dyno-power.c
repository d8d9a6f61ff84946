/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-power.h"

#include <math.h>

#include "dyno-power-source.h"
#include "dyno-stat.h"

#define N_(text) text
#define SLIP_STEP 0.005
#define SLIP_SHARE 0.05
#define CONSISTENT 0.005

static const struct
{
  const char *code;
  const char *sentence;
} warnings[DYNO_N_POWER_WARNINGS] = {
  { "slip", N_ ("Engine and drum speed part: tyre, clutch or belt slips in this run.") },
  { "inconsistent-power", N_ ("The force, speed, power and torque of this file disagree.") },
  { "unknown-correction",
    N_ ("The file does not say how its power was corrected, so it is shown as it is.") },
  { "no-rpm", N_ ("Without engine speed there is no torque; the curve is over speed.") },
};

const char *
dyno_power_warning_code (guint index)
{
  g_return_val_if_fail (index < DYNO_N_POWER_WARNINGS, NULL);

  return warnings[index].code;
}

const char *
dyno_power_warning_sentence (guint index)
{
  g_return_val_if_fail (index < DYNO_N_POWER_WARNINGS, NULL);

  return warnings[index].sentence;
}

const char *
dyno_power_input_name (DynoPowerInput input)
{
  static const char *const names[] = {
    "", "force-speed", "torque-rpm", "power-rpm", "speed", "drum-rpm",
  };

  g_return_val_if_fail (input < G_N_ELEMENTS (names), NULL);

  return names[input];
}

void
dyno_power_options_init (DynoPowerOptions *options)
{
  *options = (DynoPowerOptions){
    .standard = DYNO_STANDARD_SAE_1990,
    .level = DYNO_CURVE_DEFAULT_LEVEL,
    .typed = { NAN, NAN, NAN, DYNO_WEATHER_TYPED },
    .circumference_m = DYNO_DRUM_CIRCUMFERENCE_M,
    .first_row = -1,
    .last_row = -1,
    .stoich = DYNO_STOICH_PETROL,
  };
}

/* Median of rpm per km/h, and the share that is more than 0.5 % off it. */
static void
measure_slip (DynoPower               *self,
              const DynoPowerChannels *c,
              const gsize             *rows,
              gsize                    n)
{
  g_autofree double *ratios = g_new (double, MAX (n, 1));
  gsize known = 0;
  gsize slipping = 0;

  if (c->rpm == NULL || c->speed == NULL)
    return;
  for (gsize i = 0; i < n; i++)
    {
      double ratio = c->rpm[rows[i]] / c->speed[rows[i]];

      if (isfinite (ratio))
        ratios[known++] = ratio;
    }
  self->ratio = dyno_stat_median (ratios, known);
  for (gsize i = 0; i < known; i++)
    slipping += fabs (ratios[i] / self->ratio - 1) > SLIP_STEP;
  if (known > 0)
    self->slip_share = (double) slipping / (double) known;
  if (self->slip_share > SLIP_SHARE)
    self->warnings |= DYNO_POWER_SLIP;
}

static double
median_ratio (const double *a,
              const double *b,
              const double *power,
              double        factor,
              const gsize  *rows,
              gsize         n)
{
  g_autofree double *ratios = g_new (double, MAX (n, 1));
  gsize known = 0;

  for (gsize i = 0; i < n; i++)
    {
      double ratio = a[rows[i]] * b[rows[i]] * factor / power[rows[i]];

      if (isfinite (ratio))
        ratios[known++] = ratio;
    }

  return dyno_stat_median (ratios, known);
}

/* A log that carries all of force, speed, power, torque and rpm tests itself. */
static void
test_itself (DynoPower               *self,
             const DynoPowerChannels *c,
             const gsize             *rows,
             gsize                    n)
{
  const double *power = c->power != NULL ? c->power : c->power_corr;
  const double *torque = c->power != NULL ? c->torque : c->torque_corr;

  if (c->force == NULL || c->speed == NULL || c->rpm == NULL || power == NULL || torque == NULL)
    return;

  if (c->power != NULL)
    self->force_factor = median_ratio (c->force, c->speed, power, 1.0 / 3600, rows, n);
  self->torque_factor = median_ratio (torque, c->rpm, power, 1 / DYNO_NM_RPM_PER_KW, rows, n);
  if (fabs (self->force_factor - 1) > CONSISTENT || fabs (self->torque_factor - 1) > CONSISTENT)
    self->warnings |= DYNO_POWER_INCONSISTENT;
}

/* Rows with a reading of the source and all that a point needs. (transfer full) */
static GArray *
usable_rows (const DynoPowerChannels *c,
             const DynoPowerSource   *source,
             const double            *x)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize i = 0; i < c->n && source->power_kw != NULL && x != NULL; i++)
    {
      if (source->base[i] && isfinite (source->power_kw[i]) && isfinite (x[i]) && x[i] > 0)
        g_array_append_val (rows, i);
    }

  return rows;
}

static double *
gather (const double *values,
        const gsize  *rows,
        gsize         n)
{
  double *gathered;

  if (values == NULL)
    return NULL;

  gathered = g_new (double, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    gathered[i] = values[rows[i]];

  return gathered;
}

/* The index into `rows` of the first row at or above `row`, at most n − 1. */
static gsize
index_of_row (const gsize *rows,
              gsize        n,
              gssize       row)
{
  gsize i = 0;

  while (i + 1 < n && (gssize) rows[i] < row)
    i++;

  return i;
}

static void
trim (const DynoPowerChannels *c,
      const DynoPowerOptions  *options,
      const double            *x,
      const gsize             *rows,
      gsize                    n,
      DynoTrim                *found)
{
  gboolean has_time = dyno_samples_has_time (c->samples);
  g_autofree double *time_s = has_time ? gather (c->time_s, rows, n) : NULL;
  g_autofree double *along = gather (x, rows, n);
  g_autofree double *tps = gather (c->tps, rows, n);
  g_autofree double *progress = gather (c->speed, rows, n);
  const DynoTrimInput input = { n, time_s, along, tps, progress, c->gap_s, c->rpm == NULL };

  if (options->first_row < 0 || options->last_row < options->first_row || n == 0)
    dyno_trim_find (&input, found);
  else
    {
      gsize first = index_of_row (rows, n, options->first_row);
      gsize last = index_of_row (rows, n, options->last_row + 1);

      if ((gssize) rows[last] > options->last_row && last > first)
        last--;
      dyno_trim_between (&input, first, last, found);
    }
}

static double
at_row (const double *values,
        gsize         row)
{
  return values != NULL ? values[row] : NAN;
}

static void
set_point (DynoPower               *self,
           const DynoPowerChannels *c,
           const DynoPowerSource   *source,
           gsize                    i,
           gsize                    row)
{
  DynoCurve *raw = self->raw;

  raw->x[i] = c->rpm != NULL ? c->rpm[row] : c->speed[row];
  raw->time_s[i] = c->time_s[row];
  raw->power_kw[i] = source->power_kw[row];
  if (source->torque_nm != NULL)
    raw->torque_nm[i] = source->torque_nm[row];
  else if (c->rpm != NULL)
    raw->torque_nm[i] = DYNO_NM_RPM_PER_KW * source->power_kw[row] / c->rpm[row];
  raw->afr[i] = at_row (c->afr, row);
  raw->map_kpa[i] = at_row (c->map, row);
  self->is_kept[row] = 1;
}

static double
mean_between (const double *values,
              gsize         first,
              gsize         last)
{
  double sum = 0;
  gsize n = 0;

  for (gsize i = first; values != NULL && i <= last; i++)
    {
      if (isnan (values[i]))
        continue;
      sum += values[i];
      n++;
    }

  return n > 0 ? sum / (double) n : NAN;
}

/* Slow probes may have no reading in a short pull: then the whole run counts. */
static double
column_mean (const DynoSamples *samples,
             DynoChannel        channel,
             gsize              first,
             gsize              last)
{
  const DynoColumn *column = dyno_samples_find (samples, channel);
  const DynoChannelInfo *info = dyno_channel_info (channel);
  g_autofree double *values = NULL;
  double mean;

  if (column == NULL || dyno_samples_n_rows (samples) == 0)
    return NAN;

  values = dyno_samples_dup_si (samples, column);
  for (gsize i = 0; i < dyno_samples_n_rows (samples); i++)
    {
      if (!(values[i] >= info->low && values[i] <= info->high))
        values[i] = NAN;
    }
  mean = mean_between (values, first, last);

  return isnan (mean) ? mean_between (values, 0, dyno_samples_n_rows (samples) - 1) : mean;
}

gboolean
dyno_power_probe_weather (const DynoSamples *samples,
                          gsize              first,
                          gsize              last,
                          DynoWeather       *weather)
{
  weather->pressure_hpa = 10 * column_mean (samples, DYNO_CHANNEL_BARO, first, last);
  weather->temperature_c = column_mean (samples, DYNO_CHANNEL_AMBIENT_TEMP, first, last);
  weather->humidity_pct = column_mean (samples, DYNO_CHANNEL_HUMIDITY, first, last);
  weather->source = DYNO_WEATHER_PROBE;

  return isfinite (weather->pressure_hpa) && isfinite (weather->temperature_c);
}

static void
set_correction (DynoPower               *self,
                const DynoPowerChannels *c,
                const DynoPowerSource   *source,
                const DynoPowerOptions  *options)
{
  double printed = column_mean (c->samples, DYNO_CHANNEL_CORRECTION, self->first_row,
                                self->last_row);
  const DynoWeather *used = NULL;
  DynoStandard standard = options->standard;
  DynoWeather probe;

  if (dyno_power_probe_weather (c->samples, self->first_row, self->last_row, &probe))
    used = &probe;
  else if (isfinite (options->typed.pressure_hpa) && isfinite (options->typed.temperature_c))
    used = &options->typed;
  if ((source->warnings & DYNO_POWER_UNKNOWN_CORRECTION) != 0)
    standard = DYNO_STANDARD_NONE;

  if (source->is_printed)
    dyno_correction_init_printed (&self->correction, standard, used, printed);
  else
    dyno_correction_init (&self->correction, standard, used, printed, DYNO_STANDARD_SAE_1990);
}

static void
make_curve (DynoPower               *self,
            const DynoPowerChannels *c,
            const DynoPowerSource   *source,
            const DynoPowerOptions  *options,
            const gsize             *rows,
            const DynoTrim          *found)
{
  self->trim = found->reason;
  self->raw = dyno_curve_new (found->kept->len, c->rpm == NULL);
  self->raw->is_pair = options->as_logged && source->torque_nm != NULL;
  for (gsize i = 0; i < found->kept->len; i++)
    set_point (self, c, source, i, rows[g_array_index (found->kept, gsize, i)]);
  set_correction (self, c, source, options);
  self->curve = dyno_curve_smooth (self->raw, options->level);
  if (!source->is_printed)
    dyno_curve_scale (self->curve, self->correction.factor);
  self->peak_power = dyno_curve_peak_power (self->curve);
  self->peak_torque = dyno_curve_peak_torque (self->curve);
}

DynoPower *
dyno_power_new (const DynoSamples      *samples,
                const DynoPowerOptions *options)
{
  DynoPower *self = g_new0 (DynoPower, 1);
  g_autoptr(GArray) usable = NULL;
  const gsize *rows;
  const double *x;
  DynoPowerChannels c;
  DynoPowerSource source;
  DynoTrim found;

  dyno_power_channels_init (&c, samples, options);
  dyno_power_source_init (&source, &c, options);
  self->input = source.input;
  self->warnings = source.warnings;
  self->ratio = self->slip_share = self->force_factor = self->torque_factor = NAN;
  self->is_kept = g_new0 (guint8, MAX (c.n, 1));
  x = c.rpm != NULL ? c.rpm : c.speed;
  if (c.rpm == NULL && source.input != DYNO_POWER_FROM_NOTHING)
    self->warnings |= DYNO_POWER_NO_RPM;

  usable = usable_rows (&c, &source, x);
  rows = (const gsize *) (gconstpointer) usable->data;
  trim (&c, options, x, rows, usable->len, &found);
  if (usable->len > 0)
    {
      self->first_row = rows[found.first];
      self->last_row = rows[found.last];
      measure_slip (self, &c, rows + found.first, found.last - found.first + 1);
      test_itself (self, &c, rows + found.first, found.last - found.first + 1);
    }
  make_curve (self, &c, &source, options, rows, &found);

  dyno_trim_clear (&found);
  dyno_power_source_clear (&source);
  dyno_power_channels_clear (&c);

  return self;
}

void
dyno_power_free (DynoPower *self)
{
  if (self == NULL)
    return;

  g_free (self->is_kept);
  dyno_curve_free (self->raw);
  dyno_curve_free (self->curve);
  g_free (self);
}
