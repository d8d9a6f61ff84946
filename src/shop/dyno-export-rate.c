/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Columns at a fixed step; part of dyno-export-columns.h. */

#include "config.h"

#include "dyno-export-columns.h"

#include <math.h>

#include "dyno-stat.h"

#define EDGE_S 1e-9

/* The readings of one column in the order of time. */
typedef struct
{
  gsize   n;
  double *t;     /* (owned) s */
  double *value; /* (owned) as exported */
  double  step;  /* median s between two of them; NaN below two */
} Readings;

static void
readings_clear (Readings *self)
{
  g_clear_pointer (&self->t, g_free);
  g_clear_pointer (&self->value, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Readings, readings_clear)

static double
median_step (const Readings *self)
{
  g_autofree double *steps = g_new (double, MAX (self->n, 1));
  gsize n = 0;

  for (gsize i = 1; i < self->n; i++)
    {
      if (self->t[i] > self->t[i - 1])
        steps[n++] = self->t[i] - self->t[i - 1];
    }

  return dyno_stat_median (steps, n);
}

/* Of equal stamps the last one counts. */
static void
gather (const DynoExportColumn *column,
        const DynoSamples      *samples,
        Readings               *self)
{
  gsize n_rows = dyno_samples_n_rows (samples);
  const double *time_s = dyno_samples_time (samples);

  self->t = g_new (double, MAX (n_rows, 1));
  self->value = g_new (double, MAX (n_rows, 1));
  for (gsize i = 0; i < n_rows; i++)
    {
      double value = dyno_export_column_value (column, i);

      if (isnan (value))
        continue;
      if (self->n > 0 && self->t[self->n - 1] == time_s[i])
        self->n--;
      self->t[self->n] = time_s[i];
      self->value[self->n++] = value;
    }
  self->step = median_step (self);
}

/* `i` is the last reading at or before `t`. */
static double
value_at (const Readings         *self,
          const DynoExportColumn *column,
          gsize                   i,
          double                  t,
          double                  widest)
{
  double width;

  if (self->t[i] == t)
    return self->value[i];
  if (i + 1 >= self->n)
    return NAN;
  width = self->t[i + 1] - self->t[i];
  if (width > widest)
    return NAN;
  if (column->is_held)
    return self->value[i];

  return self->value[i] + (self->value[i + 1] - self->value[i]) * ((t - self->t[i]) / width);
}

static void
fill_between (const Readings         *self,
              const DynoExportColumn *column,
              double                  step_s,
              gsize                   n,
              double                 *values)
{
  double widest = fmax (2.5 * self->step, 1.5 * step_s);
  gsize at = 0;

  for (gsize k = 0; k < n; k++)
    {
      double t = (double) k * step_s;

      while (at + 1 < self->n && self->t[at + 1] <= t)
        at++;
      values[k] = self->n > 0 && self->t[at] <= t ? value_at (self, column, at, t, widest) : NAN;
    }
}

/* Boxes from half a step before to half a step behind; a stamp on the edge between two
 * belongs to the later one, whatever the rounding of the edge. */
static void
fill_means (const Readings *self,
            double          step_s,
            gsize           n,
            double         *values)
{
  gsize at = 0;

  for (gsize k = 0; k < n; k++)
    {
      double end = ((double) k + 0.5) * step_s - EDGE_S;
      double sum = 0;
      gsize first = at;

      while (at < self->n && self->t[at] < end)
        sum += self->value[at++];
      values[k] = at > first ? sum / (double) (at - first) : NAN;
    }
}

gsize
dyno_export_n_steps (const DynoSamples *samples,
                     double             step_s)
{
  gsize n_rows = dyno_samples_n_rows (samples);
  double last = n_rows > 0 ? dyno_samples_time (samples)[n_rows - 1] : NAN;

  g_return_val_if_fail (step_s > 0, 0);

  /* A last stamp that a division misses by a rounding is still met. */
  return isnan (last) ? 0 : (gsize) floor (last / step_s + 1e-9) + 1;
}

double *
dyno_export_column_resample (const DynoExportColumn *self,
                             const DynoSamples      *samples,
                             double                  step_s,
                             gboolean                is_mean)
{
  gsize n = dyno_export_n_steps (samples, step_s);
  double *values = g_new (double, MAX (n, 1));
  g_auto(Readings) readings = { 0 };

  gather (self, samples, &readings);
  if (is_mean && !self->is_held && step_s > readings.step)
    fill_means (&readings, step_s, n, values);
  else
    fill_between (&readings, self, step_s, n, values);

  return values;
}
