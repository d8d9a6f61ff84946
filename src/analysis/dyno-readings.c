/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-readings.h"

static void
add_column (DynoReadings      *self,
            const DynoSamples *samples,
            DynoChannel        channel)
{
  const DynoColumn *column
      = channel != DYNO_CHANNEL_NONE ? dyno_samples_find (samples, channel) : NULL;

  if (column == NULL)
    return;

  self->columns[self->n] = column;
  self->updates[self->n++] = dyno_samples_updates_always (samples, column)
                                 ? NULL
                                 : dyno_samples_dup_updates (samples, column);
}

DynoReadings
dyno_readings_open (const DynoSamples *samples,
                    const DynoChannel *channels)
{
  DynoReadings self = { .n = 0 };

  for (guint i = 0; i < DYNO_READINGS_MAX; i++)
    add_column (&self, samples, channels[i]);

  return self;
}

void
dyno_readings_clear (DynoReadings *self)
{
  for (guint i = 0; i < self->n; i++)
    g_free (self->updates[i]);
  self->n = 0;
}

double
dyno_readings_max (const DynoReadings *self,
                   gsize               row)
{
  double most = NAN;

  for (guint i = 0; i < self->n; i++)
    {
      double value = dyno_column_si (self->columns[i], row);

      if ((self->updates[i] == NULL || self->updates[i][row]) && !(value <= most)
          && !isnan (value))
        most = value;
    }

  return most;
}

static gboolean
varies (const DynoColumn *column,
        gsize             n)
{
  double first = NAN;

  for (gsize i = 0; column != NULL && i < n; i++)
    {
      if (isnan (first))
        first = dyno_column_value (column, i);
      else if (!dyno_column_is_missing (column, i)
               && dyno_column_value (column, i) != first)
        return TRUE;
    }

  return FALSE;
}

gboolean
dyno_readings_vary (const DynoVeSet   *set,
                    const DynoChannel *channels)
{
  for (guint i = 0; i < set->n_runs; i++)
    {
      DynoReadings readings = dyno_readings_open (set->runs[i].samples, channels);
      gboolean is_alive = FALSE;

      for (guint k = 0; k < readings.n; k++)
        is_alive |= varies (readings.columns[k], set->runs[i].n);
      dyno_readings_clear (&readings);
      if (is_alive)
        return TRUE;
    }

  return FALSE;
}
