/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-transient.h"

#include <math.h>
#include <string.h>

#include "dyno-mixture-made.h"
#include "dyno-rowwise.h"

#define MAP_RATE 50.0 /* kPa/s above which a row is part of an event */
#define TPS_RATE 20.0 /* %/s */
#define CALM 0.99
#define BLOCK 512 /* rows whose steps are judged together */
#define MIN_ROWS 3
#define REFERENCE_C 25.0

/* A channel's change a second. */
typedef struct
{
  const double *time_s;
  DynoNumbers   numbers; /* (borrowed) */
  gsize         n;
  double        gap_s;
} Rates;

static inline double
difference (const Rates *self,
            gsize        row)
{
  return dyno_numbers_at (&self->numbers, row) - dyno_numbers_at (&self->numbers, row - 1);
}

static inline gboolean
is_gap (const Rates *self,
        gsize        row)
{
  return self->time_s[row] - self->time_s[row - 1] > self->gap_s;
}

/* From the row before, which there must be; NaN at equal stamps. */
static inline double
step_rate (const Rates *self,
           gsize        row)
{
  double seconds = self->time_s[row] - self->time_s[row - 1];

  return seconds > 0 ? difference (self, row) / seconds : NAN;
}

/* Mean of the rates of three rows, as far as no gap parts them; 0 counts for the
 * first row of a stretch, which has none before it. */
static double
rate_at (const Rates *self,
         gsize        row)
{
  gboolean is_first = row == 0 || is_gap (self, row);
  gboolean is_last = row + 1 == self->n || is_gap (self, row + 1);
  double rates[3] = { NAN, is_first ? 0 : step_rate (self, row), NAN };
  double sum = 0;
  guint n = 0;

  if (!is_first)
    rates[0] = row == 1 || is_gap (self, row - 1) ? 0 : step_rate (self, row - 1);
  if (!is_last)
    rates[2] = step_rate (self, row + 1);
  for (guint k = 0; k < 3; k++)
    {
      sum += isnan (rates[k]) ? 0 : rates[k];
      n += !isnan (rates[k]);
    }

  return n > 0 ? sum / n : NAN;
}

/* What an event says, summed over its rows; what is missing is left out. */
typedef struct
{
  double sum;
  gsize  n;
  double peak; /* without sign */
} Mean;

static inline void
mean_add (Mean   *mean,
          double  value)
{
  if (isnan (value))
    return;

  mean->sum += value;
  mean->n++;
  mean->peak = fmax (mean->peak, fabs (value));
}

static double
mean_value (const Mean *mean)
{
  return mean->n > 0 ? mean->sum / (double) mean->n : NAN;
}

static DynoTransientSeverity
severity_of (double peak_map_rate,
             double peak_tps_rate)
{
  if (peak_map_rate > 150 || peak_tps_rate > 60)
    return DYNO_TRANSIENT_AGGRESSIVE;

  return peak_map_rate > 100 || peak_tps_rate > 40 ? DYNO_TRANSIENT_MODERATE
                                                   : DYNO_TRANSIENT_MILD;
}

/* What moves: the only columns that are looked at in every row. */
typedef struct
{
  Rates               map;
  Rates               tps;
  const guint8       *is_calm; /* (borrowed) of each row: neither moves much from the row before */
  const DynoProgress *progress;
} Movement;

/* Columns of which only the rows of events matter; they begin with row `first`. */
typedef struct
{
  gsize         first;
  const double *rpm;
  const double *afr;
  const double *target_afr;
  const double *iat_c; /* (nullable) */
} Detail;

/* Steps well below a limit, told without a division; NaN and equal stamps are not. */
static void
judge_steps (const Rates *self,
             double       limit,
             gsize        first,
             gsize        n,
             guint8      *is_calm)
{
  const double *t = self->time_s + first;
  double values[BLOCK + 1];

  dyno_numbers_copy (&self->numbers, first - 1, n + 1, values);
  for (gsize i = 0; i < n; i++)
    is_calm[i] &= fabs (values[i + 1] - values[i]) < CALM * limit * (t[i] - t[i - 1]);
}

/* (transfer full) */
static guint8 *
find_calm_steps (const Rates *map,
                 const Rates *tps)
{
  guint8 *is_calm = g_malloc (MAX (map->n, 1));

  memset (is_calm, TRUE, map->n);
  for (gsize first = 1; first < map->n; first += BLOCK)
    {
      gsize n = MIN (BLOCK, map->n - first);

      judge_steps (map, MAP_RATE, first, n, is_calm + first);
      judge_steps (tps, TPS_RATE, first, n, is_calm + first);
    }

  return is_calm;
}

/* Most rows: where the steps around a row are calm, so is their mean. */
static inline gboolean
is_calm (const Movement *self,
         gsize           row)
{
  return row >= 2 && row + 1 < self->map.n && self->is_calm[row - 1] && self->is_calm[row]
         && self->is_calm[row + 1];
}

static gboolean
is_fast (const Movement *self,
         gsize           row)
{
  if (is_calm (self, row))
    return FALSE;

  return fabs (rate_at (&self->map, row)) > MAP_RATE || fabs (rate_at (&self->tps, row)) > TPS_RATE;
}

/* The next stretch of fast rows from `row` on: its first row and one behind its
 * last. FALSE: none any more, or cancelled. */
static gboolean
next_event (const Movement *self,
            gsize           row,
            gsize          *first,
            gsize          *end)
{
  gsize n = self->map.n;

  for (; row < n && !dyno_progress_stops (self->progress, row); row = MAX (*end, row + 1))
    {
      *first = *end = row;
      while (*end < n && (*end == row || !is_gap (&self->map, *end)) && is_fast (self, *end))
        (*end)++;
      if (*end - *first >= MIN_ROWS)
        return TRUE;
    }

  return FALSE;
}

static void
describe (const Movement     *self,
          gsize               first,
          gsize               end,
          const Detail       *detail,
          DynoTransientEvent *event)
{
  Mean map_rate = { 0 }, tps_rate = { 0 }, rpm = { 0 }, error = { 0 }, target = { 0 }, iat = { 0 };

  for (gsize i = first; i < end; i++)
    {
      gsize k = i - detail->first;

      mean_add (&map_rate, rate_at (&self->map, i));
      mean_add (&tps_rate, rate_at (&self->tps, i));
      mean_add (&rpm, detail->rpm[k]);
      mean_add (&error, detail->afr[k] - detail->target_afr[k]);
      mean_add (&target, detail->target_afr[k]);
      mean_add (&iat, detail->iat_c != NULL ? detail->iat_c[k] : NAN);
    }
  event->start_s = self->map.time_s[first];
  event->end_s = self->map.time_s[end - 1];
  event->is_accel = mean_value (&map_rate) > 0 || mean_value (&tps_rate) > 0;
  event->severity = severity_of (map_rate.peak, tps_rate.peak);
  event->peak_map_rate = map_rate.peak;
  event->peak_tps_rate = tps_rate.peak;
  event->mean_rpm = mean_value (&rpm);
  event->mean_error = mean_value (&error);
  event->peak_error = error.n > 0 ? error.peak : NAN;
  event->mean_target = mean_value (&target);
  event->mean_iat_c = iat.n > 0 ? mean_value (&iat) : REFERENCE_C;
}

void
dyno_transient_find (const DynoTransientRows *rows,
                     double                   gap_s,
                     gsize                    offset,
                     GArray                  *events,
                     const DynoProgress      *progress)
{
  const Rates map = { rows->time_s, dyno_numbers_view (rows->map_kpa, rows->n), rows->n, gap_s };
  const Rates tps = { rows->time_s, dyno_numbers_view (rows->tps_pct, rows->n), rows->n, gap_s };
  g_autofree guint8 *is_calm = find_calm_steps (&map, &tps);
  const Movement movement = { map, tps, is_calm, progress };
  const Detail detail = { 0, rows->rpm, rows->afr, rows->target_afr, rows->iat_c };
  gsize first;
  gsize end = 0;

  while (rows->n >= DYNO_TRANSIENT_MIN_ROWS && next_event (&movement, end, &first, &end))
    {
      DynoTransientEvent event = { .first = offset + first, .last = offset + end - 1 };

      describe (&movement, first, end, &detail, &event);
      g_array_append_val (events, event);
    }
}

/* Fills what belongs to the rows of an event and describes it. */
static void
read_event (const DynoVeSet    *set,
            const DynoVeRun    *run,
            guint               cylinder,
            const Movement     *movement,
            DynoTransientEvent *event)
{
  const DynoColumn *iat_column = dyno_samples_find (run->samples, DYNO_CHANNEL_IAT);
  gsize n = event->last - event->first + 1;
  g_autofree double *columns = g_new (double, 4 * n);
  const Detail detail = { event->first, columns, columns + n, columns + 2 * n, columns + 3 * n };
  DynoVeInstant hint = dyno_ve_on_row (run, event->first);

  for (gsize k = 0; k < n; k++)
    {
      const DynoVeInstant at = dyno_ve_on_row (run, event->first + k);

      columns[k] = dyno_ve_state (run, &run->rpm, &at);
      columns[n + k] = dyno_mixture_made (set, run, cylinder, event->first + k, &hint);
      columns[2 * n + k] = dyno_mixture_wanted (set, run, cylinder, event->first + k);
      columns[3 * n + k] = dyno_column_si (iat_column, event->first + k);
    }
  describe (movement, event->first, event->last + 1, &detail, event);
  event->first += run->first;
  event->last += run->first;
}

static void
find_in_run (const DynoVeSet    *set,
             const DynoVeRun    *run,
             guint               cylinder,
             GArray             *events,
             const DynoProgress *progress)
{
  g_auto (DynoRowwise) map = dyno_rowwise_open (run->samples, DYNO_CHANNEL_MAP);
  g_auto (DynoRowwise) tps = dyno_rowwise_open (run->samples, DYNO_CHANNEL_TPS);
  const Rates map_rates = { run->time_s, map.numbers, run->n, run->gap_s };
  const Rates tps_rates = { run->time_s, tps.numbers, run->n, run->gap_s };
  g_autofree guint8 *is_calm = NULL;
  Movement movement = { map_rates, tps_rates, NULL, progress };
  gsize first;
  gsize end = 0;

  if (!run->has_time || dyno_numbers_is_null (&tps.numbers) || run->n < DYNO_TRANSIENT_MIN_ROWS)
    return;

  movement.is_calm = is_calm = find_calm_steps (&map_rates, &tps_rates);
  while (next_event (&movement, end, &first, &end))
    {
      DynoTransientEvent event = { .first = first, .last = end - 1 };

      read_event (set, run, cylinder, &movement, &event);
      g_array_append_val (events, event);
    }
}

DynoTransient *
dyno_transient_of_result (const DynoVeResult *result,
                          guint               cylinder,
                          const DynoProgress *progress)
{
  DynoTransient *self;

  if (!result->set->has_sensor[cylinder])
    return NULL;

  self = g_new0 (DynoTransient, 1);
  self->events = g_array_new (FALSE, FALSE, sizeof (DynoTransientEvent));
  for (guint r = 0; r < result->set->n_runs && !dyno_progress_is_cancelled (progress); r++)
    find_in_run (result->set, &result->set->runs[r], cylinder, self->events, progress);
  dyno_transient_tables_init (&self->tables,
                              (const DynoTransientEvent *) (gconstpointer) self->events->data,
                              self->events->len, NAN);

  return self;
}

void
dyno_transient_free (DynoTransient *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->events);
  g_free (self);
}
