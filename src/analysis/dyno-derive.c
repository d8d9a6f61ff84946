/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-derive.h"

#include <math.h>

#include "dyno-stat.h"

#define RATE_MIN 4
#define EDGE_S 1e-9 /* stamps are printed numbers: 0.1 + 0.2 is not 0.3 */

/* Slope at t = 0 of the parabola through points (t, y) in the mean square. */
static double
parabola_slope (const double *t,
                const double *y,
                gsize         n)
{
  double s1 = 0, s2 = 0, s3 = 0, s4 = 0;
  double y0 = 0, y1 = 0, y2 = 0;
  double count = (double) n;
  double a, b, c, d, p, q;

  for (gsize i = 0; i < n; i++)
    {
      double tt = t[i] * t[i];

      s1 += t[i];
      s2 += tt;
      s3 += tt * t[i];
      s4 += tt * tt;
      y0 += y[i];
      y1 += y[i] * t[i];
      y2 += y[i] * tt;
    }
  /* The constant is eliminated; two equations are left for slope and bend. */
  a = s2 - s1 * s1 / count;
  b = s3 - s1 * s2 / count;
  c = b;
  d = s4 - s2 * s2 / count;
  p = y1 - s1 * y0 / count;
  q = y2 - s2 * y0 / count;

  return (p * d - q * b) / (a * d - b * c);
}

typedef struct
{
  GArray *t; /* of double, seconds from the row in question */
  GArray *y;
} Window;

/* The values around row `at`, as far as no gap parts them from it. */
static void
fill_window (Window       *window,
             const double *time_s,
             const double *values,
             gsize         n,
             gsize         at,
             double        half_s,
             double        gap_s)
{
  gsize first = at;
  gsize last = at;

  while (first > 0 && time_s[at] - time_s[first - 1] <= half_s + EDGE_S
         && time_s[first] - time_s[first - 1] <= gap_s)
    first--;
  while (last + 1 < n && time_s[last + 1] - time_s[at] <= half_s + EDGE_S
         && time_s[last + 1] - time_s[last] <= gap_s)
    last++;

  g_array_set_size (window->t, 0);
  g_array_set_size (window->y, 0);
  for (gsize i = first; i <= last; i++)
    {
      double t = (time_s[i] - time_s[at]) / half_s;

      if (isnan (values[i]))
        continue;
      g_array_append_val (window->t, t);
      g_array_append_val (window->y, values[i]);
    }
}

double *
dyno_derive_rate (const double *time_s,
                  const double *values,
                  gsize         n,
                  double        half_s,
                  double        gap_s)
{
  double *rate = g_new (double, MAX (n, 1));
  Window window = { g_array_new (FALSE, FALSE, sizeof (double)),
                    g_array_new (FALSE, FALSE, sizeof (double)) };

  for (gsize i = 0; i < n; i++)
    {
      fill_window (&window, time_s, values, n, i, half_s, gap_s);
      rate[i] = NAN;
      if (window.t->len >= RATE_MIN)
        rate[i] = parabola_slope (&g_array_index (window.t, double, 0),
                                  &g_array_index (window.y, double, 0), window.t->len)
                  / half_s;
      if (!isfinite (rate[i]))
        rate[i] = NAN;
    }
  g_array_unref (window.t);
  g_array_unref (window.y);

  return rate;
}

double
dyno_derive_gap_s (const double *time_s,
                   const guint8 *updates,
                   gsize         n,
                   double        gap_s)
{
  g_autofree double *steps = g_new (double, MAX (n, 1));
  gsize n_steps = 0;
  gsize last = n;
  double median;

  for (gsize i = 0; i < n; i++)
    {
      if (!updates[i])
        continue;
      if (last < n && time_s[i] > time_s[last])
        steps[n_steps++] = time_s[i] - time_s[last];
      last = i;
    }
  median = dyno_stat_median (steps, n_steps);

  return isnan (median) ? gap_s : MAX (gap_s, 10 * median);
}

static gboolean
has_row_gap (const double *time_s,
             gsize         first,
             gsize         last,
             double        gap_s)
{
  for (gsize i = first + 1; i <= last; i++)
    {
      if (time_s[i] - time_s[i - 1] > gap_s)
        return TRUE;
    }

  return FALSE;
}

/* Fills the rows between two readings, ends included. */
static void
fill_between (double       *filled,
              const double *time_s,
              const double *values,
              gsize         first,
              gsize         last)
{
  double span = time_s[last] - time_s[first];

  for (gsize i = first; i <= last; i++)
    {
      double u = span > 0 ? (time_s[i] - time_s[first]) / span : i == last;

      filled[i] = values[first] + u * (values[last] - values[first]);
    }
  filled[first] = values[first];
  filled[last] = values[last];
}

double *
dyno_derive_between (const double *time_s,
                     const double *values,
                     const guint8 *updates,
                     gsize         n,
                     double        gap_s)
{
  double *filled = g_new (double, MAX (n, 1));
  double own_gap_s = dyno_derive_gap_s (time_s, updates, n, gap_s);
  gsize last = n;

  for (gsize i = 0; i < n; i++)
    {
      filled[i] = NAN;
      if (!updates[i])
        continue;
      filled[i] = values[i];
      if (last < n && time_s[i] - time_s[last] <= own_gap_s
          && !has_row_gap (time_s, last, i, gap_s))
        fill_between (filled, time_s, values, last, i);
      last = i;
    }

  return filled;
}
