/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-steps.h"

#include <math.h>
#include <string.h>

/* The bits of a double that is not negative, read as an integer, are in the order
 * of the numbers. So the step of a rank is found digit by digit: count the steps
 * that begin with the digits found so far by their next one. */
#define DIGIT_BITS 11
#define N_DIGITS (1u << DIGIT_BITS)

static gboolean
step_bits (const double *time,
           gsize         row,
           gboolean      with_zero,
           guint64      *bits)
{
  double step = time[row] - time[row - 1];

  if (!(step > 0 || (with_zero && step == 0)))
    return FALSE;

  memcpy (bits, &step, sizeof *bits);
  *bits &= G_MAXUINT64 >> 1;

  return TRUE;
}

static gsize
count_steps (const double *time,
             gsize         n,
             gboolean      with_zero)
{
  gsize count = 0;
  guint64 bits;

  for (gsize i = 1; i < n; i++)
    count += (gsize) step_bits (time, i, with_zero, &bits);

  return count;
}

static void
count_digits (const double *time,
              gsize         n,
              gboolean      with_zero,
              guint         shift,
              guint64       found,
              gsize         counts[N_DIGITS])
{
  guint64 known = shift + DIGIT_BITS >= 64 ? 0 : G_MAXUINT64 << (shift + DIGIT_BITS);
  guint64 bits;

  memset (counts, 0, N_DIGITS * sizeof *counts);
  for (gsize i = 1; i < n; i++)
    {
      if (step_bits (time, i, with_zero, &bits) && (bits & known) == found)
        counts[bits >> shift & (N_DIGITS - 1)]++;
    }
}

/* `rank` counts from 0 and is below the number of steps. */
static double
step_of_rank (const double *time,
              gsize         n,
              gboolean      with_zero,
              gsize         rank)
{
  guint64 found = 0;
  double step;

  for (guint shift = 55;; shift -= DIGIT_BITS)
    {
      gsize counts[N_DIGITS];
      guint digit = 0;

      count_digits (time, n, with_zero, shift, found, counts);
      while (rank >= counts[digit])
        rank -= counts[digit++];
      found |= (guint64) digit << shift;
      if (shift == 0)
        break;
    }
  memcpy (&step, &found, sizeof step);

  return step;
}

/* The next greater step when no other one equals `step` beyond `rank`. */
static double
step_after (const double *time,
            gsize         n,
            double        step,
            gsize         rank)
{
  double next = INFINITY;
  gsize n_up_to = 0;

  for (gsize i = 1; i < n; i++)
    {
      double other = time[i] - time[i - 1];

      if (other > step)
        next = fmin (next, other);
      else if (other > 0)
        n_up_to++;
    }

  return n_up_to > rank + 1 ? step : next;
}

double
dyno_steps_median (const double *time,
                   gsize         n)
{
  gsize n_steps = count_steps (time, n, FALSE);
  gsize rank = n_steps == 0 ? 0 : (n_steps - 1) / 2;
  double low;

  if (n_steps == 0)
    return NAN;

  low = step_of_rank (time, n, FALSE, rank);
  if (n_steps % 2 == 1)
    return low;

  return (low + step_after (time, n, low, rank)) / 2;
}

double
dyno_steps_quantile (const double *time,
                     gsize         n,
                     double        q)
{
  gsize n_steps = count_steps (time, n, TRUE);
  double rank = ceil (q * (double) n_steps);

  if (n_steps == 0)
    return NAN;

  return step_of_rank (time, n, TRUE, rank < 1 ? 0 : MIN ((gsize) rank, n_steps) - 1);
}
