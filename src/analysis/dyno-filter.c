/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-filter.h"

#include <math.h>
#include <string.h>

#define LEAST_STEP_MS 1.0 /* for stamps that stand still or go back */

void
dyno_filter_low_pass (DynoFilterSignal *signal,
                      double            rc_ms)
{
  gsize state = 0; /* 0: none yet */

  for (gsize i = 1; i < signal->n; i++)
    {
      double step;
      double alpha;

      if (isnan (signal->values[i]))
        continue;
      if (state > 0)
        {
          step = signal->time_ms[i] - signal->time_ms[state];
          step = step > 0 ? step : LEAST_STEP_MS;
          alpha = step / (rc_ms + step);
          signal->values[i] = alpha * signal->values[i] + (1 - alpha) * signal->values[state];
        }
      state = i;
    }
}

static gboolean
is_outside (double value,
            double low,
            double high)
{
  return value < low || value > high;
}

void
dyno_filter_range (DynoFilterSignal *signal,
                   double            low,
                   double            high)
{
  for (gsize i = 0; i < signal->n; i++)
    {
      if (is_outside (signal->values[i], low, high))
        signal->values[i] = NAN;
    }
}

static void
reject_between (DynoFilterSignal *signal,
                double            from_ms,
                double            to_ms)
{
  for (gsize i = 0; i < signal->n; i++)
    {
      if (signal->time_ms[i] >= from_ms && signal->time_ms[i] <= to_ms)
        signal->values[i] = NAN;
    }
}

/* The bad stretches are found in the signal as it came: rejecting around one may not
 * end another. */
void
dyno_filter_window (DynoFilterSignal *signal,
                    double            low,
                    double            high,
                    double            around_ms)
{
  g_autofree double *before = g_memdup2 (signal->values, signal->n * sizeof (double));
  gboolean is_bad = FALSE;
  double from_ms = 0;

  for (gsize i = 0; i < signal->n; i++)
    {
      if (isnan (before[i]))
        continue;
      if (is_outside (before[i], low, high))
        {
          if (!is_bad)
            from_ms = signal->time_ms[i] - around_ms;
          is_bad = TRUE;
          signal->values[i] = NAN;
        }
      else if (is_bad)
        {
          is_bad = FALSE;
          reject_between (signal, from_ms, signal->time_ms[i] + around_ms);
        }
    }
  if (is_bad)
    reject_between (signal, from_ms, signal->time_ms[signal->n - 1] + around_ms);
}

/* Mean and deviation by Welford's recurrence, as the original summed them. */
static double
find_sigma (const DynoFilterSignal *signal,
            double                 *mean)
{
  double squares = 0;
  gsize n = 0;

  *mean = 0;
  for (gsize i = 0; i < signal->n; i++)
    {
      double away = signal->values[i] - *mean;

      if (isnan (away))
        continue;
      *mean += away / (double) ++n;
      squares += away * (signal->values[i] - *mean);
    }

  return n < 2 ? 0 : sqrt (squares / (double) (n - 1));
}

void
dyno_filter_outliers (DynoFilterSignal *signal,
                      double            n_sigma,
                      double            least_sigma,
                      guint             n_around)
{
  g_autofree guint8 *rejected = g_new0 (guint8, MAX (signal->n, 1));
  double mean;
  double sigma = find_sigma (signal, &mean);

  if (signal->n < 3 || sigma < least_sigma)
    return;
  for (gsize i = 0; i < signal->n; i++)
    {
      gsize from = i > n_around ? i - n_around : 0;

      if (fabs (signal->values[i] - mean) > n_sigma * sigma)
        memset (rejected + from, 1, MIN (i + n_around + 1, signal->n) - from);
    }
  for (gsize i = 0; i < signal->n; i++)
    {
      if (rejected[i] != 0)
        signal->values[i] = NAN;
    }
}
