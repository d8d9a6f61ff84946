/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-delay-measure.h"

#include "dyno-delay-cells.h"
#include "dyno-delay-series.h"
#include "dyno-stat.h"

/* Wanted (u) and read mixture (y) are put on a grid of 10 ms as logarithms. Where
 * both are known without a hole there is a segment; in it a change over 50 ms is a
 * difference of two grid points. Segments are cut into pieces that lie in one bin
 * of flow and in one of ten blocks of time: sums over a piece come from running
 * sums, only the product of the two series is added up for each delay. Sums are
 * kept by bin, block and delay, so that leaving a block out costs nothing. */

#define MIN_BIN_S 30
#define MIN_CHANGE 0.01
#define MIN_R 0.5
#define MAX_HALF_WIDTH_MS 60
#define MIN_GAIN 1.2 /* of the variance within cells, over that of any delay */
#define ALIKE_MS 40  /* delays of ranges that differ by less are one */

typedef struct
{
  double n, x, xx, y, yy, xy;
} Sums;

typedef Sums Correlation[DYNO_DELAY_BLOCKS][DYNO_DELAY_LAGS];

typedef struct
{
  guint        n_bins;
  double       edges[DYNO_DELAY_BINS + 1];
  Correlation *sums; /* (owned) a bin each */
} Measure;

/* Four bins of equal time, or one when they would be too short. */
static void
choose_bins (Measure               *measure,
             const DynoDelaySeries *series)
{
  gsize n = series->flow->len;
  g_autofree double *sorted = g_memdup2 (series->flow->data, MAX (n, 1) * sizeof (double));

  measure->n_bins =
      (double) n * DYNO_DELAY_GRID_S / DYNO_DELAY_BINS < MIN_BIN_S ? 1 : DYNO_DELAY_BINS;
  for (guint b = 0; b <= measure->n_bins; b++)
    measure->edges[b] = dyno_stat_quantile (sorted, n, (double) b / measure->n_bins);
}

static guint
bin_of (const Measure *measure,
        double         flow)
{
  guint b = 0;

  while (b + 1 < measure->n_bins && flow > measure->edges[b + 1])
    b++;

  return b;
}

/* Running sums of the changes of one series in a segment: at k, over those before
 * it. Index 0 is the first change, at begin + DYNO_DELAY_CHANGE. */
typedef struct
{
  gsize   n;
  double *change;
  double *sum;
  double *squares;
} Changes;

static void
changes_init (Changes      *changes,
              const double *values,
              gsize         n)
{
  changes->n = n - DYNO_DELAY_CHANGE;
  changes->change = g_new (double, changes->n);
  changes->sum = g_new (double, changes->n + 1);
  changes->squares = g_new (double, changes->n + 1);
  changes->sum[0] = changes->squares[0] = 0;
  for (gsize k = 0; k < changes->n; k++)
    {
      double d = values[k + DYNO_DELAY_CHANGE] - values[k];

      changes->change[k] = d;
      changes->sum[k + 1] = changes->sum[k] + d;
      changes->squares[k + 1] = changes->squares[k] + d * d;
    }
}

static void
changes_clear (Changes *changes)
{
  g_free (changes->change);
  g_free (changes->sum);
  g_free (changes->squares);
}

/* Four sums side by side: the same on every processor, and fast. */
static double
product (const double *x,
         const double *y,
         gsize         n)
{
  double sums[4] = { 0 };
  gsize i = 0;

  for (; i + 4 <= n; i += 4)
    {
      sums[0] += x[i] * y[i];
      sums[1] += x[i + 1] * y[i + 1];
      sums[2] += x[i + 2] * y[i + 2];
      sums[3] += x[i + 3] * y[i + 3];
    }
  for (; i < n; i++)
    sums[0] += x[i] * y[i];

  return sums[0] + sums[1] + (sums[2] + sums[3]);
}

/* Pairs of a change wanted at k − lag and a change read at k, a ≤ k < b. */
static void
add_piece (Sums          *by_lag,
           const Changes *u,
           const Changes *y,
           gsize          a,
           gsize          b)
{
  for (gsize lag = 0; lag < DYNO_DELAY_LAGS && lag < b; lag++)
    {
      gsize from = MAX (a, lag);
      Sums *s = &by_lag[lag];

      s->n += (double) (b - from);
      s->x += u->sum[b - lag] - u->sum[from - lag];
      s->xx += u->squares[b - lag] - u->squares[from - lag];
      s->y += y->sum[b] - y->sum[from];
      s->yy += y->squares[b] - y->squares[from];
      s->xy += product (u->change + (from - lag), y->change + from, b - from);
    }
}

static void
add_segment (Measure                *measure,
             const DynoDelaySeries  *series,
             const DynoDelaySegment *segment)
{
  Changes u;
  Changes y;
  gsize a = 0;

  changes_init (&u, &g_array_index (series->u, double, segment->begin),
                segment->end - segment->begin);
  changes_init (&y, &g_array_index (series->y, double, segment->begin),
                segment->end - segment->begin);
  while (a < y.n)
    {
      gsize at = segment->begin + DYNO_DELAY_CHANGE + a;
      guint bin = bin_of (measure, dyno_delay_number (series->flow, at));
      guint block = dyno_delay_block (series, at);
      gsize b = a + 1;

      while (b < y.n && bin_of (measure, dyno_delay_number (series->flow, at + b - a)) == bin
             && dyno_delay_block (series, at + b - a) == block)
        b++;
      add_piece (measure->sums[bin][block], &u, &y, a, b);
      a = b;
    }
  changes_clear (&u);
  changes_clear (&y);
}

static double
pearson (const Sums *s)
{
  double xx = s->xx - s->x * s->x / s->n;
  double yy = s->yy - s->y * s->y / s->n;

  if (s->n < 10 || !(xx > 0) || !(yy > 0))
    return NAN;

  return (s->xy - s->x * s->y / s->n) / sqrt (xx * yy);
}

static void
add_sums (Sums       *total,
          const Sums *part)
{
  total->n += part->n;
  total->x += part->x;
  total->xx += part->xx;
  total->y += part->y;
  total->yy += part->yy;
  total->xy += part->xy;
}

/* r by delay over the blocks whose bit is set. */
static void
correlate (const Correlation sums,
           guint             blocks,
           double            r[DYNO_DELAY_LAGS])
{
  for (guint lag = 0; lag < DYNO_DELAY_LAGS; lag++)
    {
      Sums total = { 0 };

      for (guint block = 0; block < DYNO_DELAY_BLOCKS; block++)
        {
          if ((blocks >> block & 1) != 0)
            add_sums (&total, &sums[block][lag]);
        }
      r[lag] = pearson (&total);
    }
}

/* The delay of the largest r in ms, between grid points by a parabola; NaN when
 * there is none. */
static double
best_delay_ms (const double r[DYNO_DELAY_LAGS],
               double      *best_r)
{
  gint best = -1;
  double shift = 0;

  for (gint lag = 0; lag < DYNO_DELAY_LAGS; lag++)
    {
      if (!isnan (r[lag]) && (best < 0 || r[lag] > r[best]))
        best = lag;
    }
  if (best < 0)
    return NAN;

  *best_r = r[best];
  if (best > 0 && best + 1 < DYNO_DELAY_LAGS)
    {
      double bend = r[best - 1] - 2 * r[best] + r[best + 1];

      if (bend < 0)
        shift = (r[best - 1] - r[best + 1]) / (2 * bend);
    }

  return (best + shift) * DYNO_DELAY_GRID_S * 1000;
}

#define ALL_BLOCKS ((1u << DYNO_DELAY_BLOCKS) - 1)
#define EVEN_BLOCKS 0x155u /* 0, 2, 4, 6, 8 */

/* 2.262 · √(9/10 · Σ (τ − mean)²) of the delays with one block left out. */
static double
jackknife_ms (const Correlation sums)
{
  double found[DYNO_DELAY_BLOCKS];
  double mean;
  double squares = 0;

  for (guint block = 0; block < DYNO_DELAY_BLOCKS; block++)
    {
      double r[DYNO_DELAY_LAGS];
      double best_r;

      correlate (sums, ALL_BLOCKS & ~(1u << block), r);
      found[block] = best_delay_ms (r, &best_r);
    }
  mean = dyno_stat_mean (found, DYNO_DELAY_BLOCKS);
  for (guint block = 0; block < DYNO_DELAY_BLOCKS; block++)
    squares += (found[block] - mean) * (found[block] - mean);

  return DYNO_DELAY_T * sqrt (9.0 / 10 * squares);
}

/* Standard deviation of the wanted changes in a bin. */
static double
wanted_change (const Correlation sums)
{
  Sums total = { 0 };

  for (guint block = 0; block < DYNO_DELAY_BLOCKS; block++)
    add_sums (&total, &sums[block][0]);

  return total.n > 1 ? sqrt (MAX (0, total.xx / total.n - pow (total.x / total.n, 2))) : 0;
}

typedef struct
{
  double n, sum, squares;
} Spread;

static void
spread_segment (const DynoDelaySeries  *series,
                const Measure          *measure,
                guint                   bin,
                gsize                   lag,
                const DynoDelaySegment *segment,
                Spread                 *cells)
{
  for (gsize k = segment->begin + MAX (lag, DYNO_DELAY_CHANGE); k < segment->end; k++)
    {
      double ln_f;
      Spread *cell;

      if (dyno_delay_block (series, k) % 2 == 0
          || bin_of (measure, dyno_delay_number (series->flow, k)) != bin)
        continue;
      ln_f = dyno_delay_number (series->y, k) - dyno_delay_number (series->target, k - lag);
      cell = &cells[g_array_index (series->cell, guint16, k - lag)];
      cell->n++;
      cell->sum += ln_f;
      cell->squares += ln_f * ln_f;
    }
}

/* Variance of ln f within cells over the odd blocks, with a delay. */
static double
held_out_variance (const DynoDelaySeries *series,
                   const Measure         *measure,
                   guint                  bin,
                   double                 delay_ms)
{
  guint n_cells = dyno_grid_shape_cells (&series->set->shape);
  g_autofree Spread *cells = g_new0 (Spread, n_cells);
  gsize lag = (gsize) rint (delay_ms / 1000 / DYNO_DELAY_GRID_S);
  double squares = 0;
  double freedom = 0;

  for (guint i = 0; i < series->segments->len; i++)
    spread_segment (series, measure, bin, lag,
                    &g_array_index (series->segments, DynoDelaySegment, i), cells);
  for (guint c = 0; c < n_cells; c++)
    {
      if (cells[c].n < 2)
        continue;
      squares += MAX (0, cells[c].squares - cells[c].sum * cells[c].sum / cells[c].n);
      freedom += cells[c].n - 1;
    }

  return freedom > 0 ? squares / freedom : NAN;
}

static DynoDelayVerdict
judge_bin (const DynoDelaySeries *series,
           const Measure         *measure,
           guint                  b,
           DynoDelayBin          *bin)
{
  double r[DYNO_DELAY_LAGS];
  double best_r = NAN;
  double even_ms;

  correlate (measure->sums[b], ALL_BLOCKS, r);
  bin->r_zero = r[0];
  bin->tau_ms = best_delay_ms (r, &best_r);
  bin->r = best_r;
  if (isnan (bin->tau_ms) || wanted_change (measure->sums[b]) < MIN_CHANGE)
    return DYNO_DELAY_NOT_MEASURABLE;

  bin->half_width_ms = jackknife_ms (measure->sums[b]);
  correlate (measure->sums[b], EVEN_BLOCKS, r);
  even_ms = best_delay_ms (r, &best_r);
  if (!isnan (even_ms))
    bin->variance = held_out_variance (series, measure, b, even_ms);
  bin->variance_zero = held_out_variance (series, measure, b, 0);
  if (!(bin->r >= MIN_R))
    return DYNO_DELAY_LOW_CORRELATION;
  if (!(bin->half_width_ms <= MAX_HALF_WIDTH_MS))
    return DYNO_DELAY_WIDE_INTERVAL;

  return bin->variance < bin->variance_zero ? DYNO_DELAY_ACCEPTED : DYNO_DELAY_HOLD_OUT;
}

/* Does the table itself tell a delay, and one that does better than none on the half
 * of the log that it was not found in? */
static gboolean
is_proved (const DynoDelayFit *fit)
{
  return fit->half_width_ms <= MAX_HALF_WIDTH_MS && fit->gain >= MIN_GAIN
         && fit->variance < fit->variance_zero;
}

static void
take_fit (DynoDelayBin       *bin,
          const DynoDelayFit *fit)
{
  bin->tau_ms = fit->tau_ms;
  bin->half_width_ms = fit->half_width_ms;
  bin->variance = fit->variance;
  bin->variance_zero = fit->variance_zero;
  bin->verdict = DYNO_DELAY_ACCEPTED;
}

/* What the changes found is sharpened; what they did not find is looked for in this
 * range of flow. */
static void
ask_cells (DynoDelayBin          *bin,
           const DynoDelaySeries *series,
           double                 low)
{
  gboolean is_found = bin->verdict == DYNO_DELAY_ACCEPTED;
  DynoDelayFit fit;

  dyno_delay_cells_fit (series, low, bin->flow_high, is_found ? bin->tau_ms : NAN, &fit);
  if (is_proved (&fit) && (!is_found || fit.half_width_ms < bin->half_width_ms))
    take_fit (bin, &fit);
}

/* Ranges that cannot tell by themselves take what the whole log tells, and so do those
 * that say the same with less certainty; but not where the gas's flow explains the log
 * as well as one delay for all of it. */
static void
ask_whole_log (DynoDelay             *delay,
               const DynoDelaySeries *series)
{
  DynoDelayFit fit;

  if (delay->n_bins == 1)
    return;
  dyno_delay_cells_fit (series, -INFINITY, INFINITY, NAN, &fit);
  if (!is_proved (&fit) || dyno_delay_cells_of_flow (series, delay) <= fit.least)
    return;
  for (guint b = 0; b < delay->n_bins; b++)
    {
      DynoDelayBin *bin = &delay->bins[b];

      if (bin->verdict != DYNO_DELAY_ACCEPTED
          || (fabs (bin->tau_ms - fit.tau_ms) < ALIKE_MS && fit.half_width_ms < bin->half_width_ms))
        take_fit (bin, &fit);
    }
}

static void
measure_bins (DynoDelay             *delay,
              const DynoDelaySeries *series)
{
  Measure measure = { 0 };

  choose_bins (&measure, series);
  measure.sums = g_new0 (Correlation, measure.n_bins);
  for (guint i = 0; i < series->segments->len; i++)
    add_segment (&measure, series, &g_array_index (series->segments, DynoDelaySegment, i));
  delay->n_bins = measure.n_bins;
  for (guint b = 0; b < measure.n_bins; b++)
    {
      DynoDelayBin *bin = &delay->bins[b];

      *bin = (DynoDelayBin){ .flow_low = measure.edges[b], .flow_high = measure.edges[b + 1],
                             .half_width_ms = NAN, .variance = NAN, .variance_zero = NAN };
      bin->verdict = judge_bin (series, &measure, b, bin);
      ask_cells (bin, series, b == 0 ? -INFINITY : bin->flow_low);
    }
  ask_whole_log (delay, series);
  g_free (measure.sums);
}

void
dyno_delay_measure (DynoVeSet *set,
                    guint      cylinder)
{
  DynoDelay *delay = &set->delay[cylinder];
  DynoDelaySeries series;

  if (delay->mode != DYNO_DELAY_AUTO || !set->has_sensor[cylinder])
    return;

  dyno_delay_series_init (&series, set, cylinder);
  if (series.segments->len > 0)
    measure_bins (delay, &series);
  dyno_delay_series_clear (&series);
}
