/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The bits of a double that is not negative, read as an integer, are in the order
 * of the numbers. So the step of a rank is found digit by digit: count the steps
 * that begin with the digits found so far by their next one. */
#define DIGIT_BITS 11
#define N_DIGITS (1u << DIGIT_BITS)

/* A steady clock has few different steps: one drawn at the right place of a sample
 * is the one looked for more often than not, and a pass proves it. */
#define SAMPLE_SIZE 1024
#define LEAST_TO_SAMPLE (16 * SAMPLE_SIZE)

static gboolean
step_bits (const double *time,
           gsize         row,
           gboolean      with_zero,
           guint64      *bits)
{
  double step = time[row] - time[row - 1];

  *bits = 0;
  if (!(step > 0 || (with_zero && step == 0)))
    return FALSE;

  memcpy (bits, &step, sizeof *bits);
  *bits &= G_MAXUINT64 >> 1;

  return TRUE;
}

typedef struct
{
  gsize   n;
  guint64 least;
  guint64 most;
} Range;

static Range
find_range (const double *time,
            gsize         n,
            gboolean      with_zero)
{
  Range range = { 0, G_MAXUINT64, 0 };
  guint64 bits;

  for (gsize i = 1; i < n; i++)
    {
      if (!step_bits (time, i, with_zero, &bits))
        continue;
      range.n++;
      range.least = MIN (range.least, bits);
      range.most = MAX (range.most, bits);
    }

  return range;
}

static double
from_bits (guint64 bits)
{
  double step;

  memcpy (&step, &bits, sizeof step);

  return step;
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

static int
compare_bits (const void *a,
              const void *b)
{
  guint64 x = *(const guint64 *) a;
  guint64 y = *(const guint64 *) b;

  return x < y ? -1 : x > y;
}

/* FALSE when the sample has no step of that rank. */
static gboolean
draw_step (const double *time,
           gsize         n,
           gboolean      with_zero,
           gsize         n_steps,
           gsize         rank,
           guint64      *step)
{
  guint64 sample[SAMPLE_SIZE];
  gsize n_sample = 0;
  gsize n_below = 0;
  gsize n_equal = 0;
  guint64 bits;

  for (gsize i = 0; i < SAMPLE_SIZE; i++)
    {
      if (step_bits (time, 1 + i * ((n - 1) / SAMPLE_SIZE), with_zero, &sample[n_sample]))
        n_sample++;
    }
  if (n_sample == 0)
    return FALSE;

  qsort (sample, n_sample, sizeof *sample, compare_bits);
  *step = sample[(gsize) ((double) rank / (double) n_steps * (double) n_sample)];
  for (gsize i = 1; i < n; i++)
    {
      gsize counts = (gsize) step_bits (time, i, with_zero, &bits);

      n_below += counts & (gsize) (bits < *step);
      n_equal += counts & (gsize) (bits == *step);
    }

  return rank >= n_below && rank < n_below + n_equal;
}

/* `rank` counts from 0 and is below the number of steps. What all steps begin with
 * need not be looked for: those of a steady clock differ in their last digits only. */
static double
step_of_rank (const double *time,
              gsize         n,
              gboolean      with_zero,
              const Range  *range,
              gsize         rank)
{
  guint64 differing = range->least ^ range->most;
  guint n_bits = differing != 0 ? 64 - (guint) __builtin_clzll (differing) : 0;
  guint shift = (n_bits + DIGIT_BITS - 1) / DIGIT_BITS * DIGIT_BITS;
  guint64 found = shift > 63 ? 0 : range->least >> shift << shift;
  guint64 drawn;

  if (n > LEAST_TO_SAMPLE && draw_step (time, n, with_zero, range->n, rank, &drawn))
    return from_bits (drawn);

  while (shift > 0)
    {
      gsize counts[N_DIGITS];
      guint digit = 0;

      shift -= DIGIT_BITS;
      count_digits (time, n, with_zero, shift, found, counts);
      while (rank >= counts[digit])
        rank -= counts[digit++];
      found |= (guint64) digit << shift;
    }

  return from_bits (found);
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

/* The step of the nearest rank ⌈q · n⌉. */
static double
find_quantile (const double *time,
               gsize         n,
               gboolean      with_zero,
               const Range  *range,
               double        q)
{
  double rank = ceil (q * (double) range->n);

  return step_of_rank (time, n, with_zero, range, CLAMP ((gsize) rank, 1, range->n) - 1);
}

static double
find_median (const double *time,
             gsize         n,
             const Range  *range)
{
  gsize rank = (range->n - 1) / 2;
  double low = step_of_rank (time, n, FALSE, range, rank);

  return range->n % 2 == 1 ? low : (low + step_after (time, n, low, rank)) / 2;
}

double
dyno_steps_median (const double *time,
                   gsize         n)
{
  Range range = find_range (time, n, FALSE);

  return range.n > 0 ? find_median (time, n, &range) : NAN;
}

void
dyno_steps_describe (const double *time,
                     gsize         n,
                     DynoSteps    *steps)
{
  Range range = find_range (time, n, TRUE);
  gboolean has_zero = range.least == 0;

  *steps = (DynoSteps){ NAN, NAN, NAN, NAN };
  if (range.n == 0)
    return;

  steps->least = from_bits (range.least);
  steps->most = from_bits (range.most);
  steps->p99 = find_quantile (time, n, TRUE, &range, 0.99);
  steps->median = has_zero ? dyno_steps_median (time, n) : find_median (time, n, &range);
}
