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
#define POP_COUNTS 0.3
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
  gsize                start; /* G_MAXSIZE: outside */
} Finder;

static double
throttle (const Finder *self,
          gsize         row)
{
  double tps = self->rows->tps_pct[row];

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
  double rpm = self->rows->rpm[row];
  double fall = row > 0 && !is_gap (self, row) ? self->rows->rpm[row - 1] - rpm : 0;

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

  if (self->rows->rpm[row] < MIN_RPM || row + 1 == self->rows->n)
    return TRUE;

  return (rate > CLOSED_RATE && tps <= SHUT_TPS) || (tps > SHUT_TPS && rate > OPENING_RATE);
}

static void
judge_mixture (const DynoDecelRows *rows,
               guint                cylinder,
               gsize                first,
               gsize                last,
               DynoDecelEvent      *event)
{
  double max = NAN;

  for (gsize i = first; rows->afr[cylinder] != NULL && i <= last; i++)
    {
      if (dyno_ratio_has_value (rows->afr[cylinder][i]))
        max = fmax (max, rows->afr[cylinder][i]);
    }
  event->max_afr[cylinder] = max;
  event->pop[cylinder] = isnan (max) ? NAN : CLAMP ((max - STOICH_AFR) / 2, 0, 1);
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
    .start_rpm = self->rows->rpm[first],
    .end_rpm = self->rows->rpm[last],
    .start_tps_pct = throttle (self, first),
    .end_tps_pct = throttle (self, last),
    .duration_ms = duration_ms,
  };

  self->start = G_MAXSIZE;
  if (!(duration_ms >= MIN_MS && duration_ms <= MAX_MS))
    return;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    judge_mixture (self->rows, c, first, last, &event);
  g_array_append_val (self->events, event);
}

static gboolean
is_missing (const Finder *self,
            gsize         row)
{
  return isnan (self->rows->rpm[row]) || isnan (throttle (self, row));
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
                 GArray              *events)
{
  Finder finder = { rows, rules, gap_s, offset, events, G_MAXSIZE };

  for (gsize i = 0; i < rows->n; i++)
    follow (&finder, i);
}

static void
find_in_run (const DynoVeRun *run,
             GArray          *events)
{
  g_autofree double *rpm = dyno_rowwise_channel (run, &run->rpm);
  g_autofree double *tps = dyno_rowwise_si (run->samples, DYNO_CHANNEL_TPS);
  g_autofree double *front = dyno_rowwise_channel (run, &run->mix[0]);
  g_autofree double *rear = dyno_rowwise_channel (run, &run->mix[1]);
  const DynoDecelRows rows = { run->n, run->time_s, rpm, tps, { front, rear } };

  if (run->has_time && tps != NULL)
    dyno_decel_find (&rows, DYNO_DECEL_RULES_OURS, run->gap_s, run->first, events);
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
    find_in_run (&result->set->runs[r], self->events);
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

static void
add_event (DynoAdvice           *advice,
           const DynoDecelEvent *event)
{
  const DynoRowRange range = { event->first, event->last };
  double pop = dyno_decel_pop (event);
  DynoFinding *finding;

  if (pop < POP_COUNTS)
    return;

  finding = dyno_finding_new ("decel-pop", pop, DYNO_EVIDENCE_INFERRED,
                              "Throttle closed at %.0f 1/min; %.1f AFR in it is lean enough to pop.",
                              event->start_rpm, fmax (event->max_afr[0], event->max_afr[1]));
  g_array_append_val (finding->samples, range);
  dyno_finding_add_number (finding, "pop_front", event->pop[0]);
  dyno_finding_add_number (finding, "pop_rear", event->pop[1]);
  dyno_finding_add_number (finding, "max_afr_front", event->max_afr[0]);
  dyno_finding_add_number (finding, "max_afr_rear", event->max_afr[1]);
  dyno_finding_add_number (finding, "duration_ms", event->duration_ms);
  dyno_finding_add_check (finding, "Look for a leaking exhaust joint: it pops the same way.");
  dyno_advice_take (advice, finding);
}

static void
add_overlay (DynoAdvice      *advice,
             const DynoDecel *self)
{
  DynoFinding *finding;
  double most = 0;

  for (guint i = 0; i < dyno_grid_shape_cells (&self->overlay->shape); i++)
    most = fmax (most, self->overlay->values[i]);
  finding = dyno_finding_new (
      "decel-overlay", most * 100, DYNO_EVIDENCE_INFERRED,
      "Up to %.1f %% more fuel in shut-throttle cells would quiet popping (%u events in the log).",
      most * 100, self->events->len);
  for (guint i = 0; i < dyno_grid_shape_cells (&self->overlay->shape); i++)
    {
      if (!isnan (self->overlay->values[i]))
        dyno_finding_add_cell (finding, i);
    }
  dyno_finding_add_number (finding, "most_pct", most * 100);
  dyno_finding_add_number (finding, "events", self->events->len);
  dyno_finding_add_check (finding, "Use it in shut-throttle cells only, then listen again.");
  dyno_advice_take (advice, finding);
}

DynoAdvice *
dyno_decel_advise (const DynoDecel    *self,
                   const DynoVeResult *result)
{
  static const DynoChannel needed[] = { DYNO_CHANNEL_TIME, DYNO_CHANNEL_TPS, DYNO_CHANNEL_NONE };
  DynoAdvice *advice = dyno_advice_new ("decel");

  dyno_rowwise_require (advice, result->set, needed);
  if (!dyno_advice_is_available (advice))
    return advice;

  for (guint i = 0; i < self->events->len; i++)
    add_event (advice, &g_array_index (self->events, DynoDecelEvent, i));
  if (self->events->len > 0)
    add_overlay (advice, self);

  return advice;
}
