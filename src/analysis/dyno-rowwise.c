/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-rowwise.h"

#include "dyno-derive.h"

#define HELD_S 0.25

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

static gsize
count (const guint8 *flags,
       gsize         n)
{
  gsize sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += flags[i];

  return sum;
}

/* Which rows have a reading of their own. (transfer full) */
static guint8 *
readings_of (const DynoSamples *samples,
             const DynoColumn  *column,
             const double      *values)
{
  gsize n = dyno_samples_n_rows (samples);
  guint8 *flags = dyno_samples_dup_updates (samples, column);
  double rows_between = (double) n / (double) MAX (count (flags, n), 1);

  if (column->updates != NULL || rows_between * dyno_samples_step_s (samples) <= HELD_S)
    return flags;

  for (gsize i = 0; i < n; i++)
    flags[i] = !isnan (values[i]);

  return flags;
}

/* A copy with what is missing between readings filled in. (transfer full) */
static double *
fill (const DynoSamples *samples,
      const DynoColumn  *column)
{
  gsize n = dyno_samples_n_rows (samples);
  g_autofree double *raw = dyno_samples_dup_si (samples, column);
  g_autofree guint8 *flags = readings_of (samples, column, raw);
  double *values;

  if (count (flags, n) == n)
    values = g_steal_pointer (&raw);
  else
    values = dyno_derive_between (dyno_samples_time (samples), raw, flags, n,
                                  dyno_samples_has_time (samples) ? dyno_samples_gap_s (samples)
                                                                  : INFINITY);
  leave_out_excluded (samples, values);

  return values;
}

/* A reading in SI in every row: most columns of most logs, and no copy of them. */
static gboolean
is_whole (const DynoSamples *samples,
          const DynoColumn  *column)
{
  return column->scale == 1 && column->offset == 0 && dyno_samples_excluded (samples) == NULL
         && dyno_column_is_whole (column)
         && dyno_samples_updates_always (samples, column);
}

DynoRowwise
dyno_rowwise_open (const DynoSamples *samples,
                   DynoChannel        channel)
{
  const DynoColumn *column = dyno_samples_find (samples, channel);
  DynoRowwise self = { .owned = NULL };

  if (column == NULL)
    return self;

  if (is_whole (samples, column))
    self.numbers = column->numbers;
  else
    {
      self.owned = fill (samples, column);
      self.numbers = dyno_numbers_view (self.owned, dyno_samples_n_rows (samples));
    }

  return self;
}

void
dyno_rowwise_clear (DynoRowwise *self)
{
  g_clear_pointer (&self->owned, g_free);
  self->numbers = dyno_numbers_view (NULL, 0);
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
