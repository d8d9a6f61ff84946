/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-gate-rows.h"

#include "dyno-held.h"
#include "dyno-slope.h"

#define WARM_UP_S 10.0
#define FIRST_S 5.0
#define STANDING_RPM 400
#define CUT_TPS 3
#define CUT_RPM 1500
#define CUT_MAP 30

typedef struct
{
  const DynoVeRun     *run;
  const DynoVeOptions *options;
  const DynoProgress  *progress;
  guint16             *flags;
} Rows;

static void
mark (guint32 *unavailable,
      DynoGate gate)
{
  *unavailable |= (guint32) 1 << gate;
}

static gboolean
is_outside (double        value,
            const double *range)
{
  return value < range[0] || value > range[1];
}

/* A gate on the range of a slow channel. */
static void
flag_range (Rows                *rows,
            const DynoVeChannel *channel,
            const double        *range,
            guint16              bad,
            guint16              blind)
{
  DynoHeld held = dyno_held_begin (channel);

  for (gsize i = 0; i < rows->run->n && !dyno_progress_stops (rows->progress, i); i++)
    {
      if (!dyno_held_follow (&held, rows->run, i))
        rows->flags[i] |= blind;
      else if (is_outside (held.value, range))
        rows->flags[i] |= bad;
    }
}

/* What the row's rate says: nothing with fewer than three rows, or all at one
 * instant. The slope is rise / spread; no division is needed to compare it. */
static inline guint16
slope_flag (const DynoSlope *slope,
            double           limit)
{
  double spread = slope->n * slope->tt - slope->t * slope->t;
  double rise = slope->n * slope->ty - slope->t * slope->y;

  if (slope->n < DYNO_SLOPE_ROWS || !(spread > 1e-9))
    return DYNO_ROW_RATE_BLIND;

  return fabs (rise) > limit * spread ? DYNO_ROW_TRANSIENT : 0;
}

/* FALSE: there is no such rate in this run. */
static gboolean
flag_rate (Rows                *rows,
           const DynoVeChannel *channel,
           double               limit)
{
  const DynoVeRun *run = rows->run;
  DynoSlope slope = dyno_slope_begin (run, channel);

  if (!dyno_ve_has (channel) || !run->has_time)
    return FALSE;

  for (gsize i = 0; i < run->n && !dyno_progress_stops (rows->progress, i); i++)
    {
      dyno_slope_move (&slope, i);
      rows->flags[i] |= slope_flag (&slope, limit);
    }

  return TRUE;
}

static void
flag_rates (Rows    *rows,
            guint32 *unavailable)
{
  const DynoVeOptions *options = rows->options;

  if (!flag_rate (rows, &rows->run->map, options->rate_map)
      || !flag_rate (rows, &rows->run->rpm, options->rate_rpm))
    mark (unavailable, DYNO_GATE_TRANSIENT);
  flag_rate (rows, &rows->run->tps, options->rate_tps);
}

#define BOTH(flag) (DYNO_ROW_OF (flag, 0) | DYNO_ROW_OF (flag, 1))

/* Overrun: throttle shut at speed, with the manifold empty. */
static void
flag_overrun (Rows *rows)
{
  const DynoVeRun *run = rows->run;
  DynoHeld tps = dyno_held_begin (&run->tps);

  for (gsize i = 0; i < run->n && !dyno_progress_stops (rows->progress, i); i++)
    {
      if (dyno_held_follow (&tps, run, i) && tps.value <= CUT_TPS
          && dyno_ve_raw (&run->rpm, i) > CUT_RPM && dyno_ve_raw (&run->map, i) <= CUT_MAP)
        rows->flags[i] |= BOTH (DYNO_ROW_CUT);
    }
}

/* An injector that is shut. */
static void
flag_injector (Rows *rows,
               guint cylinder)
{
  const DynoVeRun *run = rows->run;

  for (gsize i = 0; i < run->n && !dyno_progress_stops (rows->progress, i); i++)
    {
      if (dyno_ve_raw (&run->pw[cylinder], i) == 0)
        rows->flags[i] |= DYNO_ROW_OF (DYNO_ROW_CUT, cylinder);
    }
}

static void
flag_cut (Rows    *rows,
          guint32 *unavailable)
{
  const DynoVeRun *run = rows->run;

  if (dyno_ve_has (&run->tps))
    flag_overrun (rows);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      if (dyno_ve_has (&run->pw[c]))
        flag_injector (rows, c);
      else if (!dyno_ve_has (&run->tps) && dyno_ve_has (&run->mix[c]))
        mark (unavailable, DYNO_GATE_FUEL_CUT);
    }
}

/* For a while after each row that is transient or cut. */
static void
flag_settling (Rows *rows)
{
  const DynoVeRun *run = rows->run;
  double settle_s = rows->options->settle_ms / 1000;
  gboolean has_cut = dyno_ve_options_has_gate (rows->options, DYNO_GATE_FUEL_CUT);
  gboolean has_rate = dyno_ve_options_has_gate (rows->options, DYNO_GATE_TRANSIENT);
  const guint16 unrest[DYNO_VE_CYLINDERS] = {
    (guint16) ((has_cut ? DYNO_ROW_OF (DYNO_ROW_CUT, 0) : 0) | (has_rate ? DYNO_ROW_TRANSIENT : 0)),
    (guint16) ((has_cut ? DYNO_ROW_OF (DYNO_ROW_CUT, 1) : 0) | (has_rate ? DYNO_ROW_TRANSIENT : 0)),
  };
  double last_s[DYNO_VE_CYLINDERS] = { -INFINITY, -INFINITY };

  for (gsize i = 0; i < run->n && !dyno_progress_stops (rows->progress, i); i++)
    {
      for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
        {
          if ((rows->flags[i] & unrest[c]) != 0)
            last_s[c] = run->time_s[i];
          else if (run->time_s[i] - last_s[c] <= settle_s)
            rows->flags[i] |= DYNO_ROW_OF (DYNO_ROW_SETTLING, c);
        }
    }
}

/* By the sensor's own flag: not ready, or ready for less than 10 s. */
static void
flag_ready (Rows *rows,
            guint cylinder)
{
  const DynoVeRun *run = rows->run;
  DynoHeld ready = dyno_held_begin (&run->ready[cylinder]);
  gboolean was_off = FALSE;
  double since_s = -INFINITY;

  for (gsize i = 0; i < run->n && !dyno_progress_stops (rows->progress, i); i++)
    {
      if (!dyno_held_follow (&ready, run, i))
        {
          rows->flags[i] |= DYNO_ROW_OF (DYNO_ROW_READY_BLIND, cylinder);
          continue;
        }
      if (was_off && ready.value >= 0.5)
        since_s = run->time_s[i];
      was_off = ready.value < 0.5;
      if (was_off || run->time_s[i] - since_s < WARM_UP_S)
        rows->flags[i] |= DYNO_ROW_OF (DYNO_ROW_NOT_READY, cylinder);
    }
}

static gsize
first_reading (const DynoVeRun     *run,
               const DynoVeChannel *channel)
{
  gsize i = 0;

  while (i < run->n && dyno_numbers_is_missing (&channel->numbers, i))
    i++;

  return i;
}

/* Without a flag: a log that begins with the engine off begins with a cold
 * sensor. */
static void
flag_first_seconds (Rows *rows,
                    guint cylinder)
{
  const DynoVeRun *run = rows->run;
  gsize rpm = first_reading (run, &run->rpm);
  gsize mix = first_reading (run, &run->mix[cylinder]);

  if (rpm == run->n || dyno_ve_raw (&run->rpm, rpm) >= STANDING_RPM)
    return;
  for (gsize i = mix; i < run->n && run->time_s[i] - run->time_s[mix] < FIRST_S; i++)
    rows->flags[i] |= DYNO_ROW_OF (DYNO_ROW_NOT_READY, cylinder);
}

static void
flag_sensor (Rows *rows,
             guint cylinder)
{
  const DynoVeRun *run = rows->run;

  if (!dyno_ve_has (&run->mix[cylinder]) || !run->has_time)
    return;

  if (dyno_ve_has (&run->ready[cylinder]))
    flag_ready (rows, cylinder);
  else
    flag_first_seconds (rows, cylinder);
}

static void
flag_slow_channels (Rows    *rows,
                    guint32 *unavailable)
{
  static const double tps_range[] = { -5, 105 }; /* the last 5 % are clipped */
  const DynoVeRun *run = rows->run;
  const double warm[] = { rows->options->warm_c, INFINITY };

  if (dyno_ve_has (&run->tps))
    flag_range (rows, &run->tps, tps_range, DYNO_ROW_TPS_BAD, DYNO_ROW_TPS_BLIND);
  else
    mark (unavailable, DYNO_GATE_TPS_RANGE);
  if (dyno_ve_has (&run->iat))
    flag_range (rows, &run->iat, rows->options->iat_range, DYNO_ROW_IAT_BAD, DYNO_ROW_IAT_BLIND);
  else
    mark (unavailable, DYNO_GATE_IAT_RANGE);
  if (dyno_ve_has (&run->engine_temp))
    flag_range (rows, &run->engine_temp, warm, DYNO_ROW_COLD, DYNO_ROW_COLD_BLIND);
  else
    mark (unavailable, DYNO_GATE_ENGINE_COLD);
}

guint16 *
dyno_gate_rows (const DynoVeRun     *run,
                const DynoVeOptions *options,
                guint32             *unavailable,
                const DynoProgress  *progress)
{
  Rows rows = { run, options, progress, g_new0 (guint16, MAX (run->n, 1)) };

  flag_slow_channels (&rows, unavailable);
  flag_rates (&rows, unavailable);
  flag_cut (&rows, unavailable);
  if (run->has_time)
    flag_settling (&rows);
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    flag_sensor (&rows, c);
  if (!run->has_time)
    {
      mark (unavailable, DYNO_GATE_SENSOR_NOT_READY);
      mark (unavailable, DYNO_GATE_SENSOR_FROZEN);
      mark (unavailable, DYNO_GATE_MIX_NEIGHBOUR);
      mark (unavailable, DYNO_GATE_SETTLING);
    }

  return rows.flags;
}
