/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-transient.h"

#include <math.h>

#include "dyno-rowwise.h"

#define MAP_RATE 50.0 /* kPa/s above which a row is part of an event */
#define TPS_RATE 20.0 /* %/s */
#define MIN_ROWS 3
#define REFERENCE_C 25.0
#define TOLERANCE_AFR 0.3

/* Change a second from the row before; 0 in the first row of a stretch. */
static double
step_rate (const DynoTransientRows *rows,
           const double            *values,
           gsize                    begin,
           gsize                    row)
{
  double seconds;

  if (row == begin)
    return 0;

  seconds = rows->time_s[row] - rows->time_s[row - 1];

  return seconds > 0 ? (values[row] - values[row - 1]) / seconds : NAN;
}

/* Mean of the values of three that there are. */
static double
mean_of_three (double before,
               double here,
               double after)
{
  guint n = !isnan (before) + !isnan (here) + !isnan (after);
  double sum = (isnan (before) ? 0 : before) + (isnan (here) ? 0 : here)
               + (isnan (after) ? 0 : after);

  return n > 0 ? sum / n : NAN;
}

/* Centred means of the rates of rows begin…end−1 into `rates`. */
static void
smooth_rates (const DynoTransientRows *rows,
              const double            *values,
              gsize                    begin,
              gsize                    end,
              double                  *rates)
{
  double before = NAN;
  double here = step_rate (rows, values, begin, begin);

  for (gsize i = begin; i < end; i++)
    {
      double after = i + 1 < end ? step_rate (rows, values, begin, i + 1) : NAN;

      rates[i] = mean_of_three (before, here, after);
      before = here;
      here = after;
    }
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

typedef struct
{
  const DynoTransientRows *rows;
  double                  *map_rates; /* (owned) */
  double                  *tps_rates; /* (owned) */
  gsize                    offset;
  GArray                  *events;
} Finder;

static void
add_event (Finder *self,
           gsize   first,
           gsize   end)
{
  const DynoTransientRows *rows = self->rows;
  Mean map_rate = { 0 }, tps_rate = { 0 }, rpm = { 0 }, error = { 0 }, target = { 0 }, iat = { 0 };
  DynoTransientEvent event = { .first = self->offset + first, .last = self->offset + end - 1 };

  for (gsize i = first; i < end; i++)
    {
      mean_add (&map_rate, self->map_rates[i]);
      mean_add (&tps_rate, self->tps_rates[i]);
      mean_add (&rpm, rows->rpm[i]);
      mean_add (&error, rows->afr[i] - rows->target_afr[i]);
      mean_add (&target, rows->target_afr[i]);
      if (rows->iat_c != NULL)
        mean_add (&iat, rows->iat_c[i]);
    }
  event.start_s = rows->time_s[first];
  event.end_s = rows->time_s[end - 1];
  event.is_accel = mean_value (&map_rate) > 0 || mean_value (&tps_rate) > 0;
  event.severity = severity_of (map_rate.peak, tps_rate.peak);
  event.peak_map_rate = map_rate.peak;
  event.peak_tps_rate = tps_rate.peak;
  event.mean_rpm = mean_value (&rpm);
  event.mean_error = mean_value (&error);
  event.peak_error = error.n > 0 ? error.peak : NAN;
  event.mean_target = mean_value (&target);
  event.mean_iat_c = iat.n > 0 ? mean_value (&iat) : REFERENCE_C;
  g_array_append_val (self->events, event);
}

static gboolean
is_fast (const Finder *self,
         gsize         row)
{
  return fabs (self->map_rates[row]) > MAP_RATE || fabs (self->tps_rates[row]) > TPS_RATE;
}

static void
find_in_stretch (Finder *self,
                 gsize   begin,
                 gsize   end)
{
  gsize after;

  smooth_rates (self->rows, self->rows->map_kpa, begin, end, self->map_rates);
  smooth_rates (self->rows, self->rows->tps_pct, begin, end, self->tps_rates);
  for (gsize first = begin; first < end; first = after)
    {
      for (after = first; after < end && is_fast (self, after); after++)
        ;
      if (after - first >= MIN_ROWS)
        add_event (self, first, after);
      after = MAX (after, first + 1);
    }
}

void
dyno_transient_find (const DynoTransientRows *rows,
                     double                   gap_s,
                     gsize                    offset,
                     GArray                  *events)
{
  Finder finder = { rows, NULL, NULL, offset, events };
  gsize begin = 0;

  if (rows->n < DYNO_TRANSIENT_MIN_ROWS)
    return;

  finder.map_rates = g_new (double, rows->n);
  finder.tps_rates = g_new (double, rows->n);
  for (gsize i = 1; i <= rows->n; i++)
    {
      if (i < rows->n && !(rows->time_s[i] - rows->time_s[i - 1] > gap_s))
        continue;
      find_in_stretch (&finder, begin, i);
      begin = i;
    }
  g_free (finder.map_rates);
  g_free (finder.tps_rates);
}

static double
delay_at (const DynoVeSet     *set,
          const DynoVeRun     *run,
          guint                cylinder,
          const DynoVeInstant *at)
{
  double delay = dyno_delay_s (&set->delay[cylinder], dyno_ve_state (run, &run->rpm, at),
                               dyno_ve_state (run, &run->map, at));

  return isnan (delay) ? 0 : delay;
}

/* The mixture made in a row is read later, by the delay at the time of reading:
 * found in two steps. NaN where the log has no reading then. */
static double
mixture_made (const DynoVeSet *set,
              const DynoVeRun *run,
              guint            cylinder,
              gsize            row,
              DynoVeInstant   *hint)
{
  DynoVeInstant at = dyno_ve_on_row (run, row);

  hint->row = MAX (hint->row, row);
  if (dyno_ve_locate (run, run->time_s[row] + delay_at (set, run, cylinder, &at), hint))
    at = *hint;
  if (!dyno_ve_locate (run, run->time_s[row] + delay_at (set, run, cylinder, &at), hint))
    return NAN;

  return dyno_ve_state (run, &run->mix[cylinder], hint);
}

/* (transfer full) */
static double *
mixtures_made (const DynoVeSet *set,
               const DynoVeRun *run,
               guint            cylinder)
{
  double *values = g_new (double, MAX (run->n, 1));
  DynoVeInstant hint = { 0, 0, 0 };

  for (gsize i = 0; i < run->n; i++)
    values[i] = mixture_made (set, run, cylinder, i, &hint);

  return values;
}

/* (transfer full) */
static double *
targets (const DynoVeSet *set,
         const DynoVeRun *run,
         guint            cylinder,
         const double    *rpm,
         const double    *map_kpa)
{
  double *values;

  if (set->target[cylinder] == DYNO_VE_TARGET_COMMANDED && run->target[cylinder].values != NULL)
    return dyno_rowwise_channel (run, &run->target[cylinder]);

  values = g_new (double, MAX (run->n, 1));
  for (gsize i = 0; i < run->n; i++)
    values[i] = isnan (rpm[i]) || isnan (map_kpa[i]) ? NAN
                                                     : dyno_target_afr (set->table, rpm[i], map_kpa[i]);

  return values;
}

static void
find_in_run (const DynoVeSet *set,
             const DynoVeRun *run,
             guint            cylinder,
             GArray          *events)
{
  g_autofree double *rpm = dyno_rowwise_channel (run, &run->rpm);
  g_autofree double *map = dyno_rowwise_channel (run, &run->map);
  g_autofree double *tps = dyno_rowwise_si (run->samples, DYNO_CHANNEL_TPS);
  g_autofree double *iat = dyno_rowwise_si (run->samples, DYNO_CHANNEL_IAT);
  g_autofree double *afr = NULL;
  g_autofree double *target = NULL;
  DynoTransientRows rows = { run->n, run->time_s, rpm, map, tps };

  if (!run->has_time || tps == NULL)
    return;

  rows.afr = afr = mixtures_made (set, run, cylinder);
  rows.target_afr = target = targets (set, run, cylinder, rpm, map);
  rows.iat_c = iat;
  dyno_transient_find (&rows, run->gap_s, run->first, events);
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
    find_in_run (result->set, &result->set->runs[r], cylinder, self->events);
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

static const char *
cylinder_name (guint cylinder)
{
  return cylinder == 0 ? "front" : "rear";
}

/* Rows of the events of one kind. */
static void
add_rows (DynoFinding         *finding,
          const DynoTransient *self,
          gboolean             is_accel)
{
  for (guint i = 0; i < self->events->len; i++)
    {
      const DynoTransientEvent *event = &g_array_index (self->events, DynoTransientEvent, i);
      const DynoRowRange range = { event->first, event->last };

      if (event->is_accel == is_accel && !isnan (event->mean_error))
        g_array_append_val (finding->samples, range);
    }
}

/* Mean error of the events of one kind; NaN without. */
static double
mean_error (const DynoTransient *self,
            gboolean             is_accel,
            guint               *n)
{
  Mean mean = { 0 };

  for (guint i = 0; i < self->events->len; i++)
    {
      const DynoTransientEvent *event = &g_array_index (self->events, DynoTransientEvent, i);

      if (event->is_accel == is_accel)
        mean_add (&mean, event->mean_error);
    }
  *n = (guint) mean.n;

  return mean_value (&mean);
}

static void
add_film (DynoFinding         *finding,
          const DynoTransient *self)
{
  for (guint b = 0; b < DYNO_TRANSIENT_BANDS; b++)
    {
      const DynoTransientBand *band = &self->tables.bands[b];
      g_autofree char *x = g_strconcat ("x_", dyno_transient_band_name (b), NULL);
      g_autofree char *tau = g_strconcat ("tau_s_", dyno_transient_band_name (b), NULL);

      if (band->n_events == 0)
        continue;
      dyno_finding_add_number (finding, x, band->x);
      dyno_finding_add_number (finding, tau, band->tau_s);
    }
}

static void
advise_accel (DynoAdvice          *advice,
              const DynoTransient *self,
              guint                cylinder)
{
  guint n;
  double error = mean_error (self, TRUE, &n);
  DynoFinding *finding;

  if (!(fabs (error) > TOLERANCE_AFR))
    return;

  finding = dyno_finding_new (
      error > 0 ? "transient-lean" : "transient-rich", fabs (error), DYNO_EVIDENCE_INFERRED,
      "When the throttle opens the %s cylinder runs %.2f AFR too %s (%u events).",
      cylinder_name (cylinder), fabs (error), error > 0 ? "lean" : "rich", n);
  add_rows (finding, self, TRUE);
  dyno_finding_add_number (finding, "cylinder", cylinder);
  dyno_finding_add_number (finding, "mean_error_afr", error);
  dyno_finding_add_number (finding, "events", n);
  add_film (finding, self);
  dyno_finding_add_check (finding, error > 0 ? "Add acceleration enrichment, then repeat the same "
                                               "throttle movements."
                                             : "Take acceleration enrichment back, then repeat "
                                               "the same throttle movements.");
  dyno_advice_take (advice, finding);
}

static void
advise_decel (DynoAdvice          *advice,
              const DynoTransient *self,
              guint                cylinder)
{
  guint n;
  double error = mean_error (self, FALSE, &n);
  DynoFinding *finding;

  if (!(error < -TOLERANCE_AFR))
    return;

  finding = dyno_finding_new ("decel-rich", -error, DYNO_EVIDENCE_INFERRED,
                              "When the throttle shuts the %s cylinder runs %.2f AFR too rich "
                              "(%u events).", cylinder_name (cylinder), -error, n);
  add_rows (finding, self, FALSE);
  dyno_finding_add_number (finding, "cylinder", cylinder);
  dyno_finding_add_number (finding, "mean_error_afr", error);
  dyno_finding_add_number (finding, "events", n);
  dyno_finding_add_check (finding, "Try more fuel cut when the throttle shuts.");
  dyno_advice_take (advice, finding);
}

DynoAdvice *
dyno_transient_advise (const DynoTransient *front,
                       const DynoTransient *rear,
                       const DynoVeResult  *result)
{
  static const DynoChannel needed[] = { DYNO_CHANNEL_TIME, DYNO_CHANNEL_TPS, DYNO_CHANNEL_NONE };
  const DynoTransient *const cylinders[DYNO_VE_CYLINDERS] = { front, rear };
  DynoAdvice *advice = dyno_advice_new ("transient");

  dyno_rowwise_require (advice, result->set, needed);
  if (!dyno_advice_is_available (advice))
    return advice;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (cylinders[c] == NULL)
        continue;
      advise_accel (advice, cylinders[c], c);
      advise_decel (advice, cylinders[c], c);
    }

  return advice;
}
