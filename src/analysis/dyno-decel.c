/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-decel.h"

#include <math.h>

#include "dyno-ratio.h"
#include "dyno-rowwise.h"

#define CLOSING_RATE (-15.0) /* %/s */
#define CLOSED_RATE (-5.0)
#define OPENING_RATE 5.0
#define SHUT_TPS 7.0
#define FALLING_RPM 5.0      /* from row to row */
#define MIN_RPM 1500
#define MAX_RPM 5500
#define MIN_MS 200
#define MAX_MS 3000
#define STOICH_AFR 14.7
#define MIN_TPS_ROWS 5
#define COMPAT_STEP_S 0.01

/* One row after the other: outside an event, or in one that began at `start`. */
typedef struct
{
  const DynoDecelRows *rows;
  DynoDecelRules       rules;
  double               gap_s;
  gsize                offset;
  GArray              *events;
  const DynoProgress  *progress;
  gsize                start; /* G_MAXSIZE: outside */
} Finder;

static double
throttle (const Finder *self,
          gsize         row)
{
  double tps = dyno_numbers_at (&self->rows->tps_pct, row);

  return isnan (tps) && self->rules == DYNO_DECEL_RULES_COMPAT ? 0 : tps;
}

static double
seconds_between (const Finder *self,
                 gsize         first,
                 gsize         last)
{
  if (self->rules == DYNO_DECEL_RULES_COMPAT)
    return (double) (last - first) * COMPAT_STEP_S;

  return self->rows->time_s[last] - self->rows->time_s[first];
}

static gboolean
is_gap (const Finder *self,
        gsize         row)
{
  return row > 0 && seconds_between (self, row - 1, row) > self->gap_s;
}

/* Central difference, one-sided at the ends and beside a gap; NaN without two
 * stamps that differ. */
static double
throttle_rate (const Finder *self,
               gsize         row)
{
  gsize before = row > 0 && !is_gap (self, row) ? row - 1 : row;
  gsize after = row + 1 < self->rows->n && !is_gap (self, row + 1) ? row + 1 : row;
  double seconds = seconds_between (self, before, after);

  return seconds > 0 ? (throttle (self, after) - throttle (self, before)) / seconds : NAN;
}

static gboolean
begins (const Finder *self,
        gsize         row)
{
  double rpm = dyno_numbers_at (&self->rows->rpm, row);
  double fall = row > 0 && !is_gap (self, row) ? dyno_numbers_at (&self->rows->rpm, row - 1) - rpm : 0;

  return (throttle_rate (self, row) <= CLOSING_RATE
          || (throttle (self, row) <= SHUT_TPS && fall > FALLING_RPM))
         && rpm >= MIN_RPM && rpm <= MAX_RPM;
}

static gboolean
ends (const Finder *self,
      gsize         row)
{
  double tps = throttle (self, row);
  double rate = throttle_rate (self, row);

  if (dyno_numbers_at (&self->rows->rpm, row) < MIN_RPM || row + 1 == self->rows->n)
    return TRUE;

  return (rate > CLOSED_RATE && tps <= SHUT_TPS) || (tps > SHUT_TPS && rate > OPENING_RATE);
}

/* `afr` is one reading in the event; NaN and readings outside 9…20 do not count. */
static void
add_reading (DynoDecelEvent *event,
             guint           cylinder,
             double          afr)
{
  if (!dyno_ratio_has_value (afr))
    return;

  event->max_afr[cylinder] = fmax (event->max_afr[cylinder], afr);
  event->pop[cylinder] = CLAMP ((event->max_afr[cylinder] - STOICH_AFR) / 2, 0, 1);
}

/* Closes the event in hand with `last` as its last row. */
static void
close_event (Finder *self,
             gsize   last)
{
  gsize first = self->start;
  double duration_ms = seconds_between (self, first, last) * 1000;
  DynoDecelEvent event = {
    .first = self->offset + first,
    .last = self->offset + last,
    .start_rpm = dyno_numbers_at (&self->rows->rpm, first),
    .end_rpm = dyno_numbers_at (&self->rows->rpm, last),
    .start_tps_pct = throttle (self, first),
    .end_tps_pct = throttle (self, last),
    .duration_ms = duration_ms,
    .max_afr = { NAN, NAN },
    .pop = { NAN, NAN },
  };

  self->start = G_MAXSIZE;
  if (!(duration_ms >= MIN_MS && duration_ms <= MAX_MS))
    return;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      for (gsize i = first; self->rows->afr[c] != NULL && i <= last; i++)
        add_reading (&event, c, self->rows->afr[c][i]);
    }
  g_array_append_val (self->events, event);
}

static gboolean
is_missing (const Finder *self,
            gsize         row)
{
  return isnan (dyno_numbers_at (&self->rows->rpm, row)) || isnan (throttle (self, row));
}

static void
follow (Finder *self,
        gsize   row)
{
  gboolean is_broken = is_missing (self, row) || is_gap (self, row);

  if (is_broken && self->rules == DYNO_DECEL_RULES_OURS && self->start != G_MAXSIZE)
    close_event (self, row - 1);
  if (is_missing (self, row))
    return;

  if (self->start == G_MAXSIZE)
    self->start = begins (self, row) ? row : G_MAXSIZE;
  else if (ends (self, row))
    close_event (self, row);
}

void
dyno_decel_find (const DynoDecelRows *rows,
                 DynoDecelRules       rules,
                 double               gap_s,
                 gsize                offset,
                 GArray              *events,
                 const DynoProgress  *progress)
{
  Finder finder = { rows, rules, gap_s, offset, events, progress, G_MAXSIZE };

  for (gsize i = 0; i < rows->n && !dyno_progress_stops (progress, i); i++)
    follow (&finder, i);
}

/* The mixtures are looked at only where a throttle closed. */
static void
read_mixtures (const DynoVeRun *run,
               DynoDecelEvent  *event)
{
  for (gsize i = event->first - run->first; i <= event->last - run->first; i++)
    {
      const DynoVeInstant at = dyno_ve_on_row (run, i);

      for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
        add_reading (event, c, dyno_ve_state (run, &run->mix[c], &at));
    }
}

static void
find_in_run (const DynoVeRun    *run,
             GArray             *events,
             const DynoProgress *progress)
{
  g_auto (DynoRowwise) rpm = dyno_rowwise_open (run->samples, DYNO_CHANNEL_RPM);
  g_auto (DynoRowwise) tps = dyno_rowwise_open (run->samples, DYNO_CHANNEL_TPS);
  const DynoDecelRows rows = { run->n, run->time_s, rpm.numbers, tps.numbers, { NULL, NULL } };
  guint first = events->len;

  if (!run->has_time || dyno_numbers_is_null (&tps.numbers))
    return;

  dyno_decel_find (&rows, DYNO_DECEL_RULES_OURS, run->gap_s, run->first, events,
                   progress);
  for (guint i = first; i < events->len; i++)
    read_mixtures (run, &g_array_index (events, DynoDecelEvent, i));
}

typedef struct
{
  guint  cell;
  double tps;
} Reading;

static int
compare_readings (gconstpointer a,
                  gconstpointer b)
{
  const Reading *left = a;
  const Reading *right = b;

  if (left->cell != right->cell)
    return left->cell < right->cell ? -1 : 1;

  return (left->tps > right->tps) - (left->tps < right->tps);
}

/* The throttle in the rows of an event, by cell. */
static void
read_throttle (const DynoVeResult   *result,
               const DynoDecelEvent *event,
               GArray               *readings)
{
  const DynoVeRun *run = dyno_ve_set_run_of (result->set, event->first);
  const DynoColumn *tps = dyno_samples_find (run->samples, DYNO_CHANNEL_TPS);
  const DynoGridShape *shape = &result->set->shape;

  for (gsize i = event->first - run->first; i <= event->last - run->first; i++)
    {
      const DynoVeInstant at = dyno_ve_on_row (run, i);
      double rpm = dyno_ve_state (run, &run->rpm, &at);
      double map = dyno_ve_state (run, &run->map, &at);
      Reading reading = { 0, dyno_column_si (tps, i) };

      if (isnan (reading.tps) || !dyno_axis_holds (&shape->rpm, rpm)
          || !dyno_axis_holds (&shape->load, map))
        continue;
      reading.cell = dyno_axis_nearest (&shape->rpm, rpm) * shape->load.n
                     + dyno_axis_nearest (&shape->load, map);
      g_array_append_val (readings, reading);
    }
}

/* Median throttle of the decel rows of each cell, NaN below five. (transfer full) */
static double *
measured_throttle (const DynoVeResult *result,
                   const GArray       *events)
{
  g_autoptr(GArray) readings = g_array_new (FALSE, FALSE, sizeof (Reading));
  double *medians = g_new (double, MAX (result->n_cells, 1));
  guint next = 0;

  for (guint i = 0; i < events->len; i++)
    read_throttle (result, &g_array_index (events, DynoDecelEvent, i), readings);
  g_array_sort (readings, compare_readings);
  for (guint c = 0; c < result->n_cells; c++)
    {
      guint first = next;
      guint n;

      while (next < readings->len && g_array_index (readings, Reading, next).cell == c)
        next++;
      n = next - first;
      medians[c] = n < MIN_TPS_ROWS ? NAN
                   : (g_array_index (readings, Reading, first + (n - 1) / 2).tps
                      + g_array_index (readings, Reading, first + n / 2).tps) / 2;
    }

  return medians;
}

DynoDecel *
dyno_decel_of_result (const DynoVeResult *result,
                      const DynoProgress *progress)
{
  DynoDecel *self = g_new0 (DynoDecel, 1);
  g_autofree double *throttle_pct = NULL;

  self->events = g_array_new (FALSE, FALSE, sizeof (DynoDecelEvent));
  for (guint r = 0; r < result->set->n_runs && !dyno_progress_is_cancelled (progress); r++)
    find_in_run (&result->set->runs[r], self->events, progress);
  throttle_pct = measured_throttle (result, self->events);
  dyno_decel_zones_init (&self->zones, result->set->options->decel_severity,
                         (const DynoDecelEvent *) (gconstpointer) self->events->data,
                         self->events->len, FALSE);
  self->overlay = dyno_decel_overlay (&self->zones, &result->set->shape, throttle_pct);

  return self;
}

void
dyno_decel_free (DynoDecel *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->events);
  dyno_grid_free (self->overlay);
  g_free (self);
}
