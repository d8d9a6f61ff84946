/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-heat.h"

#include <math.h>

#include "dyno-rowwise.h"

#define SOAK_C 54.4 /* 130 °F */
#define SOAK_RPM 3500
#define SOAK_TPS 15
#define SOAK_S 2.0
#define BELIEVED_F 110 /* what the air in the cylinder has when the sensor says 130 */
#define OVERLAY_KPA 60
#define OVERLAY_FLOOR (-0.10)
#define SAME_KW (DYNO_W_PER_HP / 1000) /* pulls within 1 hp do not differ */
#define RISE_C 11.1

double
dyno_heat_density_ratio (double temp_f)
{
  return (77 + 459.67) / (temp_f + 459.67);
}

static gboolean
is_soaked (const DynoHeatRows *rows,
           gsize               row)
{
  return dyno_numbers_at (&rows->iat_c, row) >= SOAK_C
         && dyno_numbers_at (&rows->rpm, row) < SOAK_RPM
         && dyno_numbers_at (&rows->tps_pct, row) < SOAK_TPS;
}

static void
describe (const DynoHeatRows *rows,
          gsize               first,
          gsize               end,
          DynoHeatEvent      *event)
{
  double sum = 0;

  *event = (DynoHeatEvent){ .max_iat_c = -INFINITY, .min_rpm = INFINITY, .max_rpm = -INFINITY };
  for (gsize i = first; i < end; i++)
    {
      double iat_c = dyno_numbers_at (&rows->iat_c, i);
      double rpm = dyno_numbers_at (&rows->rpm, i);

      sum += iat_c;
      event->max_iat_c = fmax (event->max_iat_c, iat_c);
      event->min_rpm = fmin (event->min_rpm, rpm);
      event->max_rpm = fmax (event->max_rpm, rpm);
    }
  event->duration_s = rows->time_s[end - 1] - rows->time_s[first];
  event->mean_iat_c = sum / (double) (end - first);
  event->error = dyno_heat_density_ratio (BELIEVED_F)
                 / dyno_heat_density_ratio (event->mean_iat_c * 1.8 + 32) - 1;
}

/* One behind the last row of the stretch that begins with a soaked row. */
static gsize
end_of_stretch (const DynoHeatRows *rows,
                gsize               first,
                double              gap_s)
{
  gsize end = first + 1;

  while (end < rows->n && is_soaked (rows, end)
         && !(rows->time_s[end] - rows->time_s[end - 1] > gap_s))
    end++;

  return end;
}

void
dyno_heat_find (const DynoHeatRows *rows,
                double              gap_s,
                gsize               offset,
                GArray             *events)
{
  gsize end;

  for (gsize first = 0; first < rows->n; first = end)
    {
      DynoHeatEvent event;

      end = first + 1;
      if (!is_soaked (rows, first))
        continue;
      end = end_of_stretch (rows, first, gap_s);
      if (!(rows->time_s[end - 1] - rows->time_s[first] > SOAK_S))
        continue;
      describe (rows, first, end, &event);
      event.first = offset + first;
      event.last = offset + end - 1;
      g_array_append_val (events, event);
    }
}

/* Mean of what the events say at that speed; NaN when none of them was there. */
static double
overlay_at (double               rpm,
            const DynoHeatEvent *events,
            guint                n_events)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < n_events; i++)
    {
      if (rpm < events[i].min_rpm || rpm > events[i].max_rpm)
        continue;
      sum -= events[i].error;
      n++;
    }

  return n > 0 ? CLAMP (sum / n, OVERLAY_FLOOR, 0) : NAN;
}

DynoGrid *
dyno_heat_overlay (const DynoGridShape *shape,
                   const DynoHeatEvent *events,
                   guint                n_events)
{
  DynoGrid *overlay = dyno_grid_new (shape);

  for (guint r = 0; r < shape->rpm.n; r++)
    {
      double value = overlay_at (shape->rpm.at[r], events, n_events);

      for (guint k = 0; k < shape->load.n && shape->load.at[k] <= OVERLAY_KPA; k++)
        overlay->values[r * shape->load.n + k] = value;
    }

  return overlay;
}

static DynoHeatLoss
loss_of (double percent)
{
  if (percent > 5)
    return DYNO_HEAT_LOSS_SEVERE;
  if (percent > 3)
    return DYNO_HEAT_LOSS_MODERATE;

  return percent > 1.5 ? DYNO_HEAT_LOSS_MINOR : DYNO_HEAT_LOSS_NONE;
}

void
dyno_heat_session (const DynoHeatPull *pulls,
                   guint               n_pulls,
                   DynoHeatSession    *session)
{
  double best = -INFINITY;
  gboolean never_rises = TRUE;

  *session = (DynoHeatSession){ .n_pulls = n_pulls, .loss_pct = NAN, .iat_rise_c = NAN };
  if (n_pulls < 2)
    return;

  for (guint i = 0; i < n_pulls; i++)
    {
      best = fmax (best, pulls[i].peak_kw);
      never_rises &= i == 0 || pulls[i].peak_kw <= pulls[i - 1].peak_kw + SAME_KW;
    }
  session->loss_pct = best > 0 ? (best - pulls[n_pulls - 1].peak_kw) / best * 100 : NAN;
  session->loss = loss_of (session->loss_pct);
  session->iat_rise_c = pulls[n_pulls - 1].iat_end_c - pulls[0].iat_start_c;
  session->confidence = 0.5 + (never_rises ? 0.3 : 0) + (session->iat_rise_c > RISE_C ? 0.2 : 0);
}

const char *
dyno_heat_loss_name (DynoHeatLoss loss)
{
  static const char *const names[] = { "none", "minor", "moderate", "severe" };

  return names[loss];
}

static gboolean
is_ever_hot (const DynoNumbers *iat_c)
{
  gsize i = 0;

  while (i < iat_c->n && !(dyno_numbers_at (iat_c, i) >= SOAK_C))
    i++;

  return i < iat_c->n;
}

static void
find_in_run (const DynoVeRun   *run,
             const DynoNumbers *iat_c,
             GArray            *events)
{
  g_auto (DynoRowwise) rpm = { .owned = NULL };
  g_auto (DynoRowwise) tps = { .owned = NULL };
  DynoHeatRows rows = { run->n, run->time_s, { .n = 0 }, *iat_c, { .n = 0 } };

  if (!run->has_time || !is_ever_hot (iat_c))
    return;

  rpm = dyno_rowwise_open (run->samples, DYNO_CHANNEL_RPM);
  tps = dyno_rowwise_open (run->samples, DYNO_CHANNEL_TPS);
  rows.rpm = rpm.numbers;
  rows.tps_pct = tps.numbers;
  if (!dyno_numbers_is_null (&tps.numbers))
    dyno_heat_find (&rows, run->gap_s, run->first, events);
}

static double
peak_kw (const DynoVeRun *run)
{
  const DynoColumn *column = dyno_samples_find (run->samples, DYNO_CHANNEL_POWER);
  double peak = NAN;

  if (column == NULL)
    column = dyno_samples_find (run->samples, DYNO_CHANNEL_POWER_CORR);

  for (gsize i = 0; column != NULL && i < run->n; i++)
    peak = fmax (peak, dyno_column_si (column, i));

  return peak;
}

/* FALSE: the run has no power or no intake temperature. */
static gboolean
pull_of (const DynoVeRun   *run,
         const DynoNumbers *iat_c,
         DynoHeatPull      *pull)
{
  *pull = (DynoHeatPull){ peak_kw (run), NAN, NAN };
  for (gsize i = 0; i < iat_c->n; i++)
    {
      double here = dyno_numbers_at (iat_c, i);

      if (isnan (here))
        continue;
      if (isnan (pull->iat_start_c))
        pull->iat_start_c = here;
      pull->iat_end_c = here;
    }

  return !isnan (pull->peak_kw) && !isnan (pull->iat_start_c);
}

DynoHeat *
dyno_heat_of_result (const DynoVeResult *result,
                     const DynoProgress *progress)
{
  DynoHeat *self = g_new0 (DynoHeat, 1);
  DynoHeatPull pulls[DYNO_VE_MAX_RUNS];
  guint n_pulls = 0;

  self->events = g_array_new (FALSE, FALSE, sizeof (DynoHeatEvent));
  for (guint r = 0; r < result->set->n_runs && !dyno_progress_is_cancelled (progress); r++)
    {
      const DynoVeRun *run = &result->set->runs[r];
      g_auto (DynoRowwise) iat_c = dyno_rowwise_open (run->samples, DYNO_CHANNEL_IAT);

      find_in_run (run, &iat_c.numbers, self->events);
      n_pulls += pull_of (run, &iat_c.numbers, &pulls[n_pulls]) ? 1 : 0;
    }
  self->overlay = dyno_heat_overlay (&result->set->shape,
                                     (const DynoHeatEvent *) (gconstpointer) self->events->data,
                                     self->events->len);
  dyno_heat_session (pulls, n_pulls, &self->session);

  return self;
}

void
dyno_heat_free (DynoHeat *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->events);
  dyno_grid_free (self->overlay);
  g_free (self);
}
