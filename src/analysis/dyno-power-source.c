/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-power-source.h"

#include <math.h>

#include "dyno-derive.h"

#define RATE_HALF_S 0.2

/* A value in every row; NULL for an absent or empty column. */
static double *
join_column (const DynoPowerChannels *c,
             const DynoColumn        *column,
             double                   scale)
{
  g_autofree double *values = NULL;
  g_autofree guint8 *updates = NULL;
  gboolean is_empty = TRUE;

  if (column == NULL)
    return NULL;

  values = dyno_samples_dup_si (c->samples, column);
  for (gsize i = 0; i < c->n; i++)
    {
      values[i] *= scale;
      is_empty = is_empty && isnan (values[i]);
    }
  if (is_empty)
    return NULL;
  if (!dyno_samples_has_time (c->samples))
    return g_steal_pointer (&values);

  updates = dyno_samples_dup_updates (c->samples, column);

  return dyno_derive_between (c->time_s, values, updates, c->n, c->gap_s);
}

static double *
join (const DynoPowerChannels *c,
      DynoChannel              channel)
{
  return join_column (c, dyno_samples_find (c->samples, channel), 1);
}

static double *
join_mixture (const DynoPowerChannels *c,
              double                   stoich)
{
  static const DynoChannel order[] = { DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_MIX, DYNO_CHANNEL_MIX_R };

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const DynoColumn *column = dyno_samples_find (c->samples, order[i]);
      double *joined;

      if (column == NULL)
        continue;
      joined =
          join_column (c, column, column->unit->quantity == DYNO_QUANTITY_LAMBDA ? stoich : 1);
      if (joined != NULL)
        return joined;
    }

  return NULL;
}

static gboolean
is_constant (const double *values,
             gsize         n)
{
  gsize first = 0;

  while (first < n && isnan (values[first]))
    first++;
  for (gsize i = first + 1; i < n; i++)
    {
      if (!isnan (values[i]) && values[i] != values[first])
        return FALSE;
    }

  return TRUE;
}

/* Without any of these a run has no power, and a long log shall not be copied to find
 * that out. */
static gboolean
has_source (const DynoSamples      *samples,
            const DynoPowerOptions *options)
{
  static const DynoChannel sources[] = { DYNO_CHANNEL_FORCE, DYNO_CHANNEL_POWER,
                                         DYNO_CHANNEL_POWER_CORR, DYNO_CHANNEL_TORQUE,
                                         DYNO_CHANNEL_TORQUE_CORR };

  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      if (dyno_samples_find (samples, sources[i]) != NULL)
        return TRUE;
    }

  return options->drum != NULL;
}

void
dyno_power_channels_init (DynoPowerChannels      *c,
                          const DynoSamples      *samples,
                          const DynoPowerOptions *options)
{
  *c = (DynoPowerChannels){ .samples = samples,
                   .n = dyno_samples_n_rows (samples),
                   .time_s = dyno_samples_time (samples),
                   .gap_s = dyno_samples_gap_s (samples) };
  if (!has_source (samples, options))
    return;
  c->rpm = join (c, DYNO_CHANNEL_RPM);
  c->speed = join (c, DYNO_CHANNEL_SPEED);
  c->force = join (c, DYNO_CHANNEL_FORCE);
  c->power = join (c, DYNO_CHANNEL_POWER);
  c->power_corr = join (c, DYNO_CHANNEL_POWER_CORR);
  c->torque = join (c, DYNO_CHANNEL_TORQUE);
  c->torque_corr = join (c, DYNO_CHANNEL_TORQUE_CORR);
  c->correction = join (c, DYNO_CHANNEL_CORRECTION);
  c->tps = join (c, DYNO_CHANNEL_TPS);
  c->map = join (c, DYNO_CHANNEL_MAP);
  c->afr = join_mixture (c, options->stoich);
  /* A throttle that never moves is a dead sensor. */
  if (c->tps != NULL && is_constant (c->tps, c->n))
    g_clear_pointer (&c->tps, g_free);
}

void
dyno_power_channels_clear (DynoPowerChannels *c)
{
  g_free (c->rpm);
  g_free (c->speed);
  g_free (c->force);
  g_free (c->power);
  g_free (c->power_corr);
  g_free (c->torque);
  g_free (c->torque_corr);
  g_free (c->correction);
  g_free (c->tps);
  g_free (c->afr);
  g_free (c->map);
}

static double *
multiply (const double *a,
          const double *b,
          gsize         n,
          double        factor)
{
  double *product = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    product[i] = a[i] * b[i] * factor;

  return product;
}

static double *
divide (const double *a,
        const double *b,
        gsize         n)
{
  double *quotient = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    quotient[i] = b[i] != 0 ? a[i] / b[i] : NAN;

  return quotient;
}

static double *
copy (const double *values,
      gsize         n)
{
  return g_memdup2 (values, MAX (n, 1) * sizeof (double));
}

/* The log's own column without its correction; NULL when there is none. */
static double *
logged_raw (const DynoPowerChannels *c,
            const double            *raw,
            const double            *corrected,
            guint                   *found)
{
  if (raw != NULL)
    return copy (raw, c->n);
  if (corrected == NULL)
    return NULL;
  if (c->correction != NULL)
    return divide (corrected, c->correction, c->n);

  *found |= DYNO_POWER_UNKNOWN_CORRECTION;

  return copy (corrected, c->n);
}

static const guint8 *
rows_of (const DynoPowerChannels *c,
         DynoChannel              channel,
         DynoChannel              otherwise)
{
  const DynoColumn *column = dyno_samples_find (c->samples, channel);

  if (column == NULL)
    column = dyno_samples_find (c->samples, otherwise);

  return dyno_samples_dup_updates (c->samples, column);
}

static gboolean
take_torque (const DynoPowerChannels *c,
             DynoPowerSource         *source)
{
  if (c->rpm == NULL || (c->torque == NULL && c->torque_corr == NULL))
    return FALSE;

  source->input = DYNO_POWER_FROM_TORQUE_RPM;
  source->torque_nm = logged_raw (c, c->torque, c->torque_corr, &source->warnings);
  source->power_kw = multiply (source->torque_nm, c->rpm, c->n, 1 / DYNO_NM_RPM_PER_KW);
  source->base = rows_of (c, DYNO_CHANNEL_TORQUE, DYNO_CHANNEL_TORQUE_CORR);

  return TRUE;
}

static gboolean
take_power (const DynoPowerChannels *c,
            DynoPowerSource         *source)
{
  if (c->power == NULL && c->power_corr == NULL)
    return FALSE;

  source->input = DYNO_POWER_FROM_POWER_RPM;
  source->power_kw = logged_raw (c, c->power, c->power_corr, &source->warnings);
  source->base = rows_of (c, DYNO_CHANNEL_POWER, DYNO_CHANNEL_POWER_CORR);

  return TRUE;
}

static gboolean
take_force (const DynoPowerChannels *c,
            DynoPowerSource         *source)
{
  if (c->force == NULL || c->speed == NULL)
    return FALSE;

  source->input = DYNO_POWER_FROM_FORCE_SPEED;
  source->power_kw = multiply (c->force, c->speed, c->n, 1.0 / 3600);
  source->base = rows_of (c, DYNO_CHANNEL_FORCE, DYNO_CHANNEL_NONE);

  return TRUE;
}

static double *
power_from_speed (const DynoPowerChannels *c,
                  const double            *speed,
                  const DynoDrum          *drum)
{
  double *power = dyno_derive_rate (c->time_s, speed, c->n, RATE_HALF_S, c->gap_s);

  for (gsize i = 0; i < c->n; i++)
    power[i] =
        dyno_drum_power_kw (dyno_drum_force_n (drum, speed[i], power[i] / 3.6), speed[i]);

  return power;
}

/* Speed alone, or a drum's rpm in its place. */
static gboolean
take_speed (DynoPowerChannels      *c,
            const DynoPowerOptions *options,
            DynoPowerSource        *source)
{
  const DynoColumn *drum_rpm = NULL;

  if (options->drum == NULL || !dyno_samples_has_time (c->samples))
    return FALSE;
  if (c->speed == NULL && options->drum_rpm_name != NULL)
    drum_rpm = dyno_samples_find_name (c->samples, options->drum_rpm_name);
  if (drum_rpm != NULL)
    c->speed = join_column (c, drum_rpm, dyno_drum_speed_kmh (options->circumference_m, 1));
  if (c->speed == NULL)
    return FALSE;

  source->input = drum_rpm != NULL ? DYNO_POWER_FROM_DRUM_RPM : DYNO_POWER_FROM_SPEED;
  source->power_kw = power_from_speed (c, c->speed, options->drum);
  source->base = drum_rpm != NULL ? dyno_samples_dup_updates (c->samples, drum_rpm)
                                  : rows_of (c, DYNO_CHANNEL_SPEED, DYNO_CHANNEL_NONE);

  return TRUE;
}

/* The file's corrected figures as it prints them. */
static gboolean
take_printed (const DynoPowerChannels *c,
              DynoPowerSource         *source)
{
  if (c->power_corr == NULL || c->correction == NULL)
    return FALSE;

  source->input = DYNO_POWER_FROM_POWER_RPM;
  source->is_printed = TRUE;
  source->power_kw = copy (c->power_corr, c->n);
  source->torque_nm = c->torque_corr != NULL ? copy (c->torque_corr, c->n) : NULL;
  source->base = rows_of (c, DYNO_CHANNEL_POWER_CORR, DYNO_CHANNEL_NONE);

  return TRUE;
}

static gboolean
take_logged (const DynoPowerChannels *c,
             DynoPowerSource         *source)
{
  if (!take_power (c, source))
    return take_torque (c, source);
  if (c->torque != NULL || c->torque_corr != NULL)
    source->torque_nm = logged_raw (c, c->torque, c->torque_corr, &source->warnings);

  return TRUE;
}

void
dyno_power_source_init (DynoPowerSource        *source,
                        DynoPowerChannels      *c,
                        const DynoPowerOptions *options)
{
  *source = (DynoPowerSource){ .input = DYNO_POWER_FROM_NOTHING };
  if (options->as_logged)
    {
      if (options->standard != DYNO_STANDARD_SAE_1990 || !take_printed (c, source))
        take_logged (c, source);
      return;
    }

  if (!take_force (c, source) && !take_torque (c, source) && !take_power (c, source))
    take_speed (c, options, source);
}

void
dyno_power_source_clear (DynoPowerSource *source)
{
  g_free (source->power_kw);
  g_free (source->torque_nm);
  g_free ((gpointer) source->base);
}

