/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-delay-measure.h"


#include "dyno-stat.h"

/* Wanted (u) and read mixture (y) are put on a grid of 10 ms as logarithms. Where
 * both are known without a hole there is a segment; in it a change over 50 ms is a
 * difference of two grid points. Segments are cut into pieces that lie in one bin
 * of flow and in one of ten blocks of time: sums over a piece come from running
 * sums, only the product of the two series is added up for each delay. Sums are
 * kept by bin, block and delay, so that leaving a block out costs nothing. */

#define GRID_S 0.01
#define LAGS (DYNO_DELAY_MAX_MS / 10 + 1)
#define CHANGE 5 /* grid points */
#define BLOCKS 10
#define MIN_BIN_S 30
#define WHOLE_S 300
#define STRETCHES 10
#define MIN_CHANGE 0.01
#define MIN_R 0.5
#define MAX_HALF_WIDTH_MS 60
#define T_975_9 2.262

typedef struct
{
  gsize begin; /* of the grid arrays */
  gsize end;
} Segment;

typedef struct
{
  const DynoVeSet *set;
  guint            cylinder;
  GArray          *u;        /* (owned) of double: ln of the wanted mixture, or of load by fuel */
  GArray          *y;        /* (owned) of double: ln of the mixture read */
  GArray          *target;   /* (owned) of double: ln of the target */
  GArray          *flow;     /* (owned) of double */
  GArray          *cell;     /* (owned) of guint16 */
  GArray          *segments; /* (owned) of Segment */
} Series;

typedef struct
{
  double n, x, xx, y, yy, xy;
} Sums;

typedef Sums Correlation[BLOCKS][LAGS];

typedef struct
{
  guint        n_bins;
  double       edges[DYNO_DELAY_BINS + 1];
  Correlation *sums; /* (owned) a bin each */
} Measure;

static double
number (const GArray *array,
        gsize         i)
{
  return g_array_index (array, double, i);
}

static void
series_init (Series          *series,
             const DynoVeSet *set,
             guint            cylinder)
{
  *series = (Series){
    .set = set,
    .cylinder = cylinder,
    .u = g_array_new (FALSE, FALSE, sizeof (double)),
    .y = g_array_new (FALSE, FALSE, sizeof (double)),
    .target = g_array_new (FALSE, FALSE, sizeof (double)),
    .flow = g_array_new (FALSE, FALSE, sizeof (double)),
    .cell = g_array_new (FALSE, FALSE, sizeof (guint16)),
    .segments = g_array_new (FALSE, FALSE, sizeof (Segment)),
  };
}

static void
series_clear (Series *series)
{
  g_array_unref (series->u);
  g_array_unref (series->y);
  g_array_unref (series->target);
  g_array_unref (series->flow);
  g_array_unref (series->cell);
  g_array_unref (series->segments);
}

static guint16
cell_of (const DynoGridShape *shape,
         double               rpm,
         double               map)
{
  return (guint16) (dyno_axis_nearest (&shape->rpm, rpm) * shape->load.n
                    + dyno_axis_nearest (&shape->load, map));
}

static double
target_at (const DynoVeSet     *set,
           const DynoVeRun     *run,
           guint                cylinder,
           const DynoVeInstant *at,
           double               rpm,
           double               map)
{
  if (set->target[cylinder] == DYNO_VE_TARGET_TABLE)
    return dyno_target_afr (set->table, rpm, map);

  return dyno_ve_state (run, &run->target[cylinder], at);
}

/* One point of the grid; FALSE where something is missing. */
static gboolean
append_point (Series              *series,
              const DynoVeRun     *run,
              const DynoVeInstant *at)
{
  guint c = series->cylinder;
  double rpm = dyno_ve_state (run, &run->rpm, at);
  double map = dyno_ve_state (run, &run->map, at);
  double target = log (target_at (series->set, run, c, at, rpm, map));
  double y = log (dyno_ve_state (run, &run->mix[c], at));
  double u = target;
  double flow = rpm * map;
  guint16 cell;

  if (run->pw[c].values != NULL)
    u = log (map / dyno_ve_state (run, &run->pw[c], at));
  if (!isfinite (u) || !isfinite (y) || !isfinite (target) || !isfinite (flow))
    return FALSE;

  cell = cell_of (&series->set->shape, rpm, map);
  g_array_append_val (series->u, u);
  g_array_append_val (series->y, y);
  g_array_append_val (series->target, target);
  g_array_append_val (series->flow, flow);
  g_array_append_val (series->cell, cell);

  return TRUE;
}

static void
end_segment (Series *series,
             gsize   begin)
{
  const Segment segment = { begin, series->u->len };

  if (segment.end > begin + CHANGE)
    g_array_append_val (series->segments, segment);
}

static void
append_stretch (Series          *series,
                const DynoVeRun *run,
                double           from_s,
                double           to_s)
{
  DynoVeInstant at = { .row = 0 };
  gsize begin = series->u->len;
  gsize n = to_s > from_s ? (gsize) ((to_s - from_s) / GRID_S) : 0;

  for (gsize k = 0; k <= n; k++)
    {
      double time_s = from_s + (double) k * GRID_S;

      if (dyno_ve_locate (run, time_s, &at) && append_point (series, run, &at))
        continue;
      end_segment (series, begin);
      begin = series->u->len;
    }
  end_segment (series, begin);
}

static double
run_seconds (const DynoVeRun *run)
{
  return run->n > 0 ? run->time_s[run->n - 1] - run->time_s[0] : 0;
}

/* The part of `run` that lies in from…to of all runs one behind the other. */
static void
append_part (Series          *series,
             const DynoVeRun *run,
             double           begin_s,
             double           from_s,
             double           to_s)
{
  double low = MAX (from_s - begin_s, 0);
  double high = MIN (to_s - begin_s, run_seconds (run));

  if (run->n > 0 && low < high)
    append_stretch (series, run, run->time_s[0] + low, run->time_s[0] + high);
}

static void
fill_series (Series *series)
{
  const DynoVeSet *set = series->set;
  double total_s = 0;
  guint n_stretches = 1;

  for (guint i = 0; i < set->n_runs; i++)
    total_s += run_seconds (&set->runs[i]);
  if (total_s > WHOLE_S)
    n_stretches = STRETCHES;

  for (guint k = 0; k < n_stretches; k++)
    {
      double from_s = total_s * k / n_stretches;
      double to_s = n_stretches == 1 ? total_s : from_s + (double) WHOLE_S / STRETCHES;
      double begin_s = 0;

      for (guint i = 0; i < set->n_runs; i++)
        {
          append_part (series, &set->runs[i], begin_s, from_s, to_s);
          begin_s += run_seconds (&set->runs[i]);
        }
    }
}

/* Four bins of equal time, or one when they would be too short. */
static void
choose_bins (Measure      *measure,
             const Series *series)
{
  gsize n = series->flow->len;
  g_autofree double *sorted = g_memdup2 (series->flow->data, MAX (n, 1) * sizeof (double));

  measure->n_bins =
      (double) n * GRID_S / DYNO_DELAY_BINS < MIN_BIN_S ? 1 : DYNO_DELAY_BINS;
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
 * it. Index 0 is the first change, at begin + CHANGE. */
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
  changes->n = n - CHANGE;
  changes->change = g_new (double, changes->n);
  changes->sum = g_new (double, changes->n + 1);
  changes->squares = g_new (double, changes->n + 1);
  changes->sum[0] = changes->squares[0] = 0;
  for (gsize k = 0; k < changes->n; k++)
    {
      double d = values[k + CHANGE] - values[k];

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
  for (gsize lag = 0; lag < LAGS && lag < b; lag++)
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
add_segment (Measure       *measure,
             const Series  *series,
             const Segment *segment)
{
  gsize total = series->u->len;
  Changes u;
  Changes y;
  gsize a = 0;

  changes_init (&u, &g_array_index (series->u, double, segment->begin),
                segment->end - segment->begin);
  changes_init (&y, &g_array_index (series->y, double, segment->begin),
                segment->end - segment->begin);
  while (a < y.n)
    {
      gsize at = segment->begin + CHANGE + a;
      guint bin = bin_of (measure, number (series->flow, at));
      guint block = (guint) (at * BLOCKS / total);
      gsize b = a + 1;

      while (b < y.n && bin_of (measure, number (series->flow, at + b - a)) == bin
             && (at + b - a) * BLOCKS / total == block)
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
           double            r[LAGS])
{
  for (guint lag = 0; lag < LAGS; lag++)
    {
      Sums total = { 0 };

      for (guint block = 0; block < BLOCKS; block++)
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
best_delay_ms (const double r[LAGS],
               double      *best_r)
{
  gint best = -1;
  double shift = 0;

  for (gint lag = 0; lag < LAGS; lag++)
    {
      if (!isnan (r[lag]) && (best < 0 || r[lag] > r[best]))
        best = lag;
    }
  if (best < 0)
    return NAN;

  *best_r = r[best];
  if (best > 0 && best + 1 < LAGS)
    {
      double bend = r[best - 1] - 2 * r[best] + r[best + 1];

      if (bend < 0)
        shift = (r[best - 1] - r[best + 1]) / (2 * bend);
    }

  return (best + shift) * GRID_S * 1000;
}

#define ALL_BLOCKS ((1u << BLOCKS) - 1)
#define EVEN_BLOCKS 0x155u /* 0, 2, 4, 6, 8 */

/* 2.262 · √(9/10 · Σ (τ − mean)²) of the delays with one block left out. */
static double
jackknife_ms (const Correlation sums)
{
  double found[BLOCKS];
  double mean;
  double squares = 0;

  for (guint block = 0; block < BLOCKS; block++)
    {
      double r[LAGS];
      double best_r;

      correlate (sums, ALL_BLOCKS & ~(1u << block), r);
      found[block] = best_delay_ms (r, &best_r);
    }
  mean = dyno_stat_mean (found, BLOCKS);
  for (guint block = 0; block < BLOCKS; block++)
    squares += (found[block] - mean) * (found[block] - mean);

  return T_975_9 * sqrt (9.0 / 10 * squares);
}

/* Standard deviation of the wanted changes in a bin. */
static double
wanted_change (const Correlation sums)
{
  Sums total = { 0 };

  for (guint block = 0; block < BLOCKS; block++)
    add_sums (&total, &sums[block][0]);

  return total.n > 1 ? sqrt (MAX (0, total.xx / total.n - pow (total.x / total.n, 2))) : 0;
}

typedef struct
{
  double n, sum, squares;
} Spread;

static void
spread_segment (const Series  *series,
                const Measure *measure,
                guint          bin,
                gsize          lag,
                const Segment *segment,
                Spread        *cells)
{
  gsize total = series->u->len;

  for (gsize k = segment->begin + MAX (lag, CHANGE); k < segment->end; k++)
    {
      double ln_f;
      Spread *cell;

      if ((k * BLOCKS / total) % 2 == 0 || bin_of (measure, number (series->flow, k)) != bin)
        continue;
      ln_f = number (series->y, k) - number (series->target, k - lag);
      cell = &cells[g_array_index (series->cell, guint16, k - lag)];
      cell->n++;
      cell->sum += ln_f;
      cell->squares += ln_f * ln_f;
    }
}

/* Variance of ln f within cells over the odd blocks, with a delay. */
static double
held_out_variance (const Series  *series,
                   const Measure *measure,
                   guint          bin,
                   double         delay_ms)
{
  guint n_cells = dyno_grid_shape_cells (&series->set->shape);
  g_autofree Spread *cells = g_new0 (Spread, n_cells);
  gsize lag = (gsize) rint (delay_ms / 1000 / GRID_S);
  double squares = 0;
  double freedom = 0;

  for (guint i = 0; i < series->segments->len; i++)
    spread_segment (series, measure, bin, lag, &g_array_index (series->segments, Segment, i),
                    cells);
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
judge_bin (const Series  *series,
           const Measure *measure,
           guint          b,
           DynoDelayBin  *bin)
{
  double r[LAGS];
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

static void
measure_bins (DynoDelay    *delay,
              const Series *series)
{
  Measure measure = { 0 };

  choose_bins (&measure, series);
  measure.sums = g_new0 (Correlation, measure.n_bins);
  for (guint i = 0; i < series->segments->len; i++)
    add_segment (&measure, series, &g_array_index (series->segments, Segment, i));
  delay->n_bins = measure.n_bins;
  for (guint b = 0; b < measure.n_bins; b++)
    {
      DynoDelayBin *bin = &delay->bins[b];

      *bin = (DynoDelayBin){ .flow_low = measure.edges[b], .flow_high = measure.edges[b + 1],
                             .half_width_ms = NAN, .variance = NAN, .variance_zero = NAN };
      bin->verdict = judge_bin (series, &measure, b, bin);
    }
  g_free (measure.sums);
}

void
dyno_delay_measure (DynoVeSet *set,
                    guint      cylinder)
{
  DynoDelay *delay = &set->delay[cylinder];
  Series series;

  if (delay->mode != DYNO_DELAY_AUTO || !set->has_sensor[cylinder])
    return;

  series_init (&series, set, cylinder);
  fill_series (&series);
  if (series.segments->len > 0)
    measure_bins (delay, &series);
  series_clear (&series);
}
