/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-delay-cells.h"

#include <math.h>
#include <string.h>

#include "dyno-stat.h"

#define COARSE 4 /* grid points between the delays of the first look: 40 ms */
#define FINE 8   /* grid points to each side in the second */
#define MIN_HITS 5
#define LAST_LAG (DYNO_DELAY_LAGS - 1)
#define N_WINDOW (2 * FINE + 1)

typedef struct
{
  double n, sum, squares;
} Spread;

/* What is summed up anew for each delay. */
typedef struct
{
  const DynoDelaySeries *series;
  double                 flow_low;
  double                 flow_high;
  guint                  n_cells;
  Spread                *blocks; /* (owned) by block, then cell */
} Work;

/* Variances with one delay. */
typedef struct
{
  double all;
  double even;
  double odd;
  double without[DYNO_DELAY_BLOCKS]; /* one block each */
} Variances;

static inline gsize
lag_of (const DynoDelay *model,
        double           flow,
        gsize            fixed_lag)
{
  if (model == NULL)
    return fixed_lag;

  return (gsize) rint (dyno_delay_flow_s (model, flow, 1) / DYNO_DELAY_GRID_S);
}

/* The points begin … end − 1 of one block. The engine stays in a cell for a while: its
 * spread is at hand so long, and not fetched for each point. */
static void
add_points (const Work      *work,
            gsize            begin,
            gsize            end,
            Spread          *cells,
            gsize            fixed_lag,
            const DynoDelay *model)
{
  const DynoDelaySeries *series = work->series;
  Spread *cell = NULL;
  Spread here = { 0 };

  for (gsize k = begin; k < end; k++)
    {
      double flow = dyno_delay_number (series->flow, k);
      gsize from;
      double ln_f;

      if (!(flow > work->flow_low && flow <= work->flow_high))
        continue;
      from = k - lag_of (model, flow, fixed_lag);
      ln_f = dyno_delay_number (series->y, k) - dyno_delay_number (series->target, from);
      if (cell != &cells[g_array_index (series->fine, guint16, from)])
        {
          if (cell != NULL)
            *cell = here;
          cell = &cells[g_array_index (series->fine, guint16, from)];
          here = *cell;
        }
      here.n++;
      here.sum += ln_f;
      here.squares += ln_f * ln_f;
    }
  if (cell != NULL)
    *cell = here;
}

/* The same points whatever the delay: those that have a state 1.5 s before them. With
 * a model the delay is that of each point's flow. */
static void
add_segment (const Work             *work,
             const DynoDelaySegment *segment,
             gsize                   fixed_lag,
             const DynoDelay        *model)
{
  gsize end;

  for (gsize k = segment->begin + LAST_LAG; k < segment->end; k = end)
    {
      guint block = dyno_delay_block (work->series, k);

      end = MIN (segment->end, dyno_delay_block_end (work->series, block));
      add_points (work, k, end, work->blocks + block * work->n_cells, fixed_lag, model);
    }
}

/* Pooled variance within cells over the blocks whose bit is set; NaN without any. */
static double
pool (const Work *work,
      guint       blocks)
{
  double squares = 0;
  double freedom = 0;

  for (guint c = 0; c < work->n_cells; c++)
    {
      Spread total = { 0 };

      for (guint b = 0; b < DYNO_DELAY_BLOCKS; b++)
        {
          const Spread *part = &work->blocks[b * work->n_cells + c];

          if ((blocks >> b & 1) == 0)
            continue;
          total.n += part->n;
          total.sum += part->sum;
          total.squares += part->squares;
        }
      if (total.n < MIN_HITS)
        continue;
      squares += MAX (0, total.squares - total.sum * total.sum / total.n);
      freedom += total.n - 1;
    }

  return freedom > 0 ? squares / freedom : NAN;
}

#define ALL_BLOCKS ((1u << DYNO_DELAY_BLOCKS) - 1)
#define EVEN_BLOCKS 0x155u

static void
sum_up (Work            *work,
        gsize            lag,
        const DynoDelay *model)
{
  const GArray *segments = work->series->segments;

  memset (work->blocks, 0, sizeof (Spread) * DYNO_DELAY_BLOCKS * work->n_cells);
  for (guint i = 0; i < segments->len; i++)
    add_segment (work, &g_array_index (segments, DynoDelaySegment, i), lag, model);
}

static Variances
variances_at (Work  *work,
              gsize  lag)
{
  Variances v;

  sum_up (work, lag, NULL);
  v.all = pool (work, ALL_BLOCKS);
  v.even = pool (work, EVEN_BLOCKS);
  v.odd = pool (work, ALL_BLOCKS & ~EVEN_BLOCKS);
  for (guint b = 0; b < DYNO_DELAY_BLOCKS; b++)
    v.without[b] = pool (work, ALL_BLOCKS & ~(1u << b));

  return v;
}

#define N_COARSE (LAST_LAG / COARSE + 1)
#define NEARLY 0.2 /* of the depth below the median */

static gboolean
is_dip (const double *v,
        gsize         i)
{
  return (i == 0 || v[i] <= v[i - 1]) && (i + 1 == N_COARSE || v[i] <= v[i + 1]);
}

/* The delay to look around, in grid points; the median of all variances. Of dips that
 * are nearly as deep it is the first: a map that is stepped through evenly looks the
 * same again a step later. */
static gsize
look (Work   *work,
      double *median)
{
  double v[N_COARSE];
  double sorted[N_COARSE];
  gsize least = 0;
  gsize found = 0;

  for (gsize i = 0; i < N_COARSE; i++)
    {
      sum_up (work, i * COARSE, NULL);
      v[i] = sorted[i] = pool (work, ALL_BLOCKS);
      if (v[i] < v[least])
        least = i;
    }
  *median = dyno_stat_median (sorted, N_COARSE);
  while (found < least
         && (!is_dip (v, found) || v[found] - v[least] > NEARLY * (*median - v[least])))
    found++;

  return found * COARSE;
}

/* The least of n numbers that are 10 ms apart, between two by a parabola; in ms from
 * the first. */
static double
least_ms (const double *v,
          guint         n)
{
  guint best = 0;
  double shift = 0;

  for (guint i = 1; i < n; i++)
    {
      if (v[i] < v[best])
        best = i;
    }
  if (best > 0 && best + 1 < n)
    {
      double bend = v[best - 1] - 2 * v[best] + v[best + 1];

      if (bend > 0)
        shift = (v[best - 1] - v[best + 1]) / (2 * bend);
    }

  return (best + shift) * DYNO_DELAY_GRID_S * 1000;
}

static double
half_width_ms (const Variances *window,
               guint            n)
{
  double found[DYNO_DELAY_BLOCKS];
  double squares = 0;
  double mean;

  for (guint b = 0; b < DYNO_DELAY_BLOCKS; b++)
    {
      double v[N_WINDOW];

      for (guint i = 0; i < n; i++)
        v[i] = window[i].without[b];
      found[b] = least_ms (v, n);
    }
  mean = dyno_stat_mean (found, DYNO_DELAY_BLOCKS);
  for (guint b = 0; b < DYNO_DELAY_BLOCKS; b++)
    squares += (found[b] - mean) * (found[b] - mean);

  return DYNO_DELAY_T * sqrt (9.0 / 10 * squares);
}

static void
fill_fit (DynoDelayFit    *fit,
          const Variances *window,
          guint            n,
          gsize            first,
          double           median,
          const Variances *zero)
{
  double all[N_WINDOW];
  double even[N_WINDOW];
  double offset = (double) first * DYNO_DELAY_GRID_S * 1000;
  guint nearest;

  for (guint i = 0; i < n; i++)
    {
      all[i] = window[i].all;
      even[i] = window[i].even;
    }
  fit->tau_ms = offset + least_ms (all, n);
  fit->half_width_ms = half_width_ms (window, n);
  nearest = (guint) CLAMP (rint ((fit->tau_ms - offset) / 10), 0, n - 1);
  fit->least = window[nearest].all;
  fit->gain = median / fit->least;
  nearest = (guint) CLAMP (rint (least_ms (even, n) / 10), 0, n - 1);
  fit->variance = window[nearest].odd;
  fit->variance_zero = zero->odd;
}

void
dyno_delay_cells_fit (const DynoDelaySeries *series,
                      double                 flow_low,
                      double                 flow_high,
                      double                 near_ms,
                      DynoDelayFit          *fit)
{
  Work work = { series, flow_low, flow_high, series->n_fine, NULL };
  Variances window[N_WINDOW];
  Variances zero;
  double median = INFINITY;
  gsize centre;
  gsize first;
  gsize last;

  *fit = (DynoDelayFit){ NAN, NAN, NAN, NAN, NAN, NAN };
  work.blocks = g_new (Spread, DYNO_DELAY_BLOCKS * work.n_cells);
  zero = variances_at (&work, 0);
  if (!isnan (zero.all))
    {
      centre = isnan (near_ms) ? look (&work, &median) : (gsize) rint (near_ms / 10);
      first = centre > FINE ? centre - FINE : 0;
      last = MIN (centre + FINE, LAST_LAG);
      for (gsize lag = first; lag <= last; lag++)
        window[lag - first] = variances_at (&work, lag);
      fill_fit (fit, window, (guint) (last - first + 1), first, median, &zero);
    }
  g_free (work.blocks);
}

double
dyno_delay_cells_of_flow (const DynoDelaySeries *series,
                          const DynoDelay       *delay)
{
  Work work = { series, -INFINITY, INFINITY, series->n_fine, NULL };
  double variance;

  work.blocks = g_new (Spread, DYNO_DELAY_BLOCKS * work.n_cells);
  sum_up (&work, 0, delay);
  variance = pool (&work, ALL_BLOCKS);
  g_free (work.blocks);

  return variance;
}
