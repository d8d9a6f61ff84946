/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-stat.h"

#include <math.h>

#define SMALL 16
#define PEARSON_MIN 10

static void
swap (double *a,
      double *b)
{
  double kept = *a;

  *a = *b;
  *b = kept;
}

static void
sort_small (double *values,
            gsize   n)
{
  for (gsize i = 1; i < n; i++)
    {
      for (gsize j = i; j > 0 && values[j] < values[j - 1]; j--)
        swap (&values[j], &values[j - 1]);
    }
}

static void
sift_down (double *values,
           gsize   root,
           gsize   n)
{
  while (2 * root + 1 < n)
    {
      gsize child = 2 * root + 1;

      if (child + 1 < n && values[child] < values[child + 1])
        child++;
      if (values[root] >= values[child])
        return;
      swap (&values[root], &values[child]);
      root = child;
    }
}

/* For ranges on which choosing a pivot has failed too often. */
static void
sort_heap (double *values,
           gsize   n)
{
  for (gsize i = n / 2; i-- > 0;)
    sift_down (values, i, n);
  for (gsize i = n; i-- > 1;)
    {
      swap (&values[0], &values[i]);
      sift_down (values, 0, i);
    }
}

static double
middle_of (double a,
           double b,
           double c)
{
  return MAX (MIN (a, b), MIN (MAX (a, b), c));
}

/* Median of nine, spread over the range. */
static double
choose_pivot (const double *v,
              gsize         n)
{
  gsize s = n / 9;

  return middle_of (middle_of (v[0], v[s], v[2 * s]), middle_of (v[3 * s], v[4 * s], v[5 * s]),
                    middle_of (v[6 * s], v[7 * s], v[n - 1]));
}

/* Moves what is below the limit to the front, without a branch to guess wrong; the
 * answer is how many that are. */
static gsize
move_below (double *v,
            gsize   n,
            double  limit)
{
  gsize below = 0;

  for (gsize i = 0; i < n; i++)
    {
      double value = v[i];

      v[i] = v[below];
      v[below] = value;
      below += value < limit;
    }

  return below;
}

static gsize
move_equal (double *v,
            gsize   n,
            double  limit)
{
  gsize equal = 0;

  for (gsize i = 0; i < n; i++)
    {
      double value = v[i];

      v[i] = v[equal];
      v[equal] = value;
      equal += value <= limit;
    }

  return equal;
}

double
dyno_stat_select (double *values,
                  gsize   n,
                  gsize   k)
{
  gsize wanted = k;
  gsize rounds = 4 + 2 * g_bit_storage (n);

  g_return_val_if_fail (k < n, NAN);

  while (n > SMALL && rounds-- > 0)
    {
      double pivot = choose_pivot (values, n);
      gsize below = move_below (values, n, pivot);
      gsize equal;

      if (wanted < below)
        {
          n = below;
          continue;
        }
      values += below;
      wanted -= below;
      n -= below;
      equal = move_equal (values, n, pivot);
      if (wanted < equal)
        return pivot;
      values += equal;
      wanted -= equal;
      n -= equal;
    }
  if (n > SMALL)
    sort_heap (values, n);
  else
    sort_small (values, n);

  return values[wanted];
}

static double
largest (const double *values,
         gsize         n)
{
  double best = values[0];

  for (gsize i = 1; i < n; i++)
    best = MAX (best, values[i]);

  return best;
}

double
dyno_stat_median (double *values,
                  gsize   n)
{
  double upper;

  if (n == 0)
    return NAN;

  upper = dyno_stat_select (values, n, n / 2);

  return n % 2 == 1 ? upper : (largest (values, n / 2) + upper) / 2;
}

double
dyno_stat_quantile (double *values,
                    gsize   n,
                    double  q)
{
  double at;
  double upper;
  double lower;
  gsize k;

  if (n == 0)
    return NAN;
  if (n == 1)
    return values[0];

  at = (double) (n - 1) * q;
  k = MIN ((gsize) at, n - 2);
  upper = dyno_stat_select (values, n, k + 1);
  lower = largest (values, k + 1);

  return lower + (at - (double) k) * (upper - lower);
}

double
dyno_stat_mad (double *values,
               gsize   n,
               double  centre)
{
  for (gsize i = 0; i < n; i++)
    values[i] = fabs (values[i] - centre);

  return dyno_stat_median (values, n);
}

double
dyno_stat_mean (const double *values,
                gsize         n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += values[i];

  return n > 0 ? sum / (double) n : NAN;
}

double
dyno_stat_sd (const double *values,
              gsize         n)
{
  double mean = dyno_stat_mean (values, n);
  double squares = 0;

  for (gsize i = 0; i < n; i++)
    squares += (values[i] - mean) * (values[i] - mean);

  return n > 1 ? sqrt (squares / (double) (n - 1)) : NAN;
}

double
dyno_stat_pearson (const double *x,
                   const double *y,
                   gsize         n)
{
  double x_mean = dyno_stat_mean (x, n);
  double y_mean = dyno_stat_mean (y, n);
  double xx = 0;
  double yy = 0;
  double xy = 0;

  for (gsize i = 0; i < n; i++)
    {
      xx += (x[i] - x_mean) * (x[i] - x_mean);
      yy += (y[i] - y_mean) * (y[i] - y_mean);
      xy += (x[i] - x_mean) * (y[i] - y_mean);
    }
  if (n < PEARSON_MIN || !(xx > 0) || !(yy > 0))
    return NAN;

  return xy / sqrt (xx * yy);
}

void
dyno_stat_pairs_add (DynoStatPairs *self,
                     double         x,
                     double         y)
{
  double dx = x - self->x_mean;
  double dy = y - self->y_mean;

  self->n++;
  self->x_mean += dx / (double) self->n;
  self->y_mean += dy / (double) self->n;
  self->xx += dx * (x - self->x_mean);
  self->yy += dy * (y - self->y_mean);
  self->xy += dx * (y - self->y_mean);
}

double
dyno_stat_pairs_pearson (const DynoStatPairs *self)
{
  if (self->n < PEARSON_MIN || !(self->xx > 0) || !(self->yy > 0))
    return NAN;

  return self->xy / sqrt (self->xx * self->yy);
}
