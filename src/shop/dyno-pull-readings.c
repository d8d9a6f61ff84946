/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pull-readings.h"

#include <math.h>

/* The speed of the curve at a time of the log; `hint` goes along with ascending
 * times. */
static double
x_at (const DynoCurve *curve,
      double           time_s,
      gsize           *hint)
{
  double u;

  while (*hint + 2 < curve->n && curve->time_s[*hint + 1] < time_s)
    (*hint)++;
  u = (time_s - curve->time_s[*hint]) / (curve->time_s[*hint + 1] - curve->time_s[*hint]);

  return curve->x[*hint] + u * (curve->x[*hint + 1] - curve->x[*hint]);
}

gsize
dyno_pull_readings (const DynoPullPower  *power,
                    DynoChannel           channel,
                    double              **x,
                    double              **y)
{
  const DynoCurve *raw = power->power->raw;
  const DynoColumn *column = dyno_samples_find (power->samples, channel);
  const double *time_s = dyno_samples_time (power->samples);
  gsize n_rows = dyno_samples_n_rows (power->samples);
  gsize hint = 0;
  gsize n = 0;

  *x = g_new (double, MAX (n_rows, 1));
  *y = g_new (double, MAX (n_rows, 1));
  if (column == NULL || raw->n < 2)
    return 0;

  for (gsize i = 0; i < n_rows; i++)
    {
      double value = dyno_column_afr (column, i, DYNO_STOICH_PETROL);

      if (!isfinite (value) || time_s[i] < raw->time_s[0] || time_s[i] > raw->time_s[raw->n - 1])
        continue;
      (*x)[n] = x_at (raw, time_s[i], &hint);
      (*y)[n] = value;
      n += isfinite ((*x)[n]) ? 1 : 0;
    }

  return n;
}
