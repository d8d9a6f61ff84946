/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-rowwise.h"

#include "dyno-derive.h"

static void
leave_out_excluded (const DynoSamples *samples,
                    double            *values)
{
  const guint8 *excluded = dyno_samples_excluded (samples);

  for (gsize i = 0; excluded != NULL && i < dyno_samples_n_rows (samples); i++)
    {
      if ((excluded[i / 8] >> (i % 8) & 1) != 0)
        values[i] = NAN;
    }
}

static gboolean
has_every_row (const double *values,
               gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      if (isnan (values[i]))
        return FALSE;
    }

  return TRUE;
}

double *
dyno_rowwise_si (const DynoSamples *samples,
                 DynoChannel        channel)
{
  const DynoColumn *column = dyno_samples_find (samples, channel);
  gsize n = dyno_samples_n_rows (samples);
  g_autofree guint8 *updates = NULL;
  double *readings;
  double *values;

  if (column == NULL)
    return NULL;

  readings = dyno_samples_dup_si (samples, column);
  if (dyno_samples_updates_always (samples, column) && has_every_row (readings, n))
    {
      leave_out_excluded (samples, readings);
      return readings;
    }

  updates = dyno_samples_dup_updates (samples, column);
  values = dyno_derive_between (dyno_samples_time (samples), readings, updates, n,
                                dyno_samples_has_time (samples) ? dyno_samples_gap_s (samples)
                                                                : INFINITY);
  g_free (readings);
  leave_out_excluded (samples, values);

  return values;
}

double *
dyno_rowwise_channel (const DynoVeRun     *run,
                      const DynoVeChannel *channel)
{
  double *values;

  if (channel->values == NULL)
    return NULL;

  values = g_new (double, MAX (run->n, 1));
  for (gsize i = 0; i < run->n; i++)
    {
      const DynoVeInstant at = dyno_ve_on_row (run, i);

      values[i] = dyno_ve_state (run, channel, &at);
    }
  leave_out_excluded (run->samples, values);

  return values;
}

static gboolean
every_run_has (const DynoVeSet *set,
               DynoChannel      channel)
{
  if (channel == DYNO_CHANNEL_TIME)
    return set->has_time;

  for (guint r = 0; r < set->n_runs; r++)
    {
      if (dyno_samples_find (set->runs[r].samples, channel) == NULL)
        return FALSE;
    }

  return TRUE;
}

void
dyno_rowwise_require (DynoAdvice        *advice,
                      const DynoVeSet   *set,
                      const DynoChannel *needed)
{
  for (; *needed != DYNO_CHANNEL_NONE; needed++)
    {
      if (!every_run_has (set, *needed))
        dyno_advice_lacks (advice, dyno_channel_info (*needed)->name);
    }
}
