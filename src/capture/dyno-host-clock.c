/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-host-clock.h"

#include <math.h>
#include <string.h>

#define WRAP_MS (G_GINT64_CONSTANT (1) << 32)
#define HALF_WRAP_MS (WRAP_MS / 2)
#define REORDER_MS 5000
#define AHEAD_MS 60000
#define LONGEST_RTT_US 500000
#define PONG_AGE_US (90 * G_USEC_PER_SEC)
#define BUCKET_US (5 * G_USEC_PER_SEC)
#define DRIFT_SPAN_US (15 * G_USEC_PER_SEC) /* less tells noise, not drift */
#define MOST_DRIFT_PPM 1000.0
#define FOREIGN_CLOCK_US (5 * G_USEC_PER_SEC)

/* The nearest number that is `low` modulo 2³². */
static gint64
extend_near (gint64  near,
             guint32 low)
{
  gint64 step = (gint64) low - (gint64) (guint32) near;

  if (step < -HALF_WRAP_MS)
    step += WRAP_MS;
  else if (step > HALF_WRAP_MS)
    step -= WRAP_MS;

  return near + step;
}

DynoHostClockStep
dyno_host_clock_judge (const DynoHostClock *self,
                       guint32              time_ms,
                       gint64               arrival_us,
                       gint64              *extended_ms)
{
  gint64 step;

  if (!self->has_last)
    {
      *extended_ms = time_ms;
      return DYNO_HOST_CLOCK_GOOD;
    }

  *extended_ms = extend_near (self->last_ms, time_ms);
  step = *extended_ms - self->last_ms;
  if (step < -REORDER_MS || step - (arrival_us - self->last_arrival_us) / 1000 > AHEAD_MS)
    return DYNO_HOST_CLOCK_RESTART;

  return step < 0 ? DYNO_HOST_CLOCK_BACK : DYNO_HOST_CLOCK_GOOD;
}

/* The least offset of each 5 s; a slow message only ever raises it. */
static void
note_lag (DynoHostClock *self,
          gint64         offset_us,
          gint64         at_us)
{
  gint64 slot = at_us / BUCKET_US;
  DynoHostClockBucket *bucket = &self->buckets[ABS (slot) % DYNO_HOST_CLOCK_BUCKETS];
  gboolean is_same = bucket->at_us != 0 && bucket->at_us / BUCKET_US == slot;

  if (is_same && offset_us >= bucket->offset_us)
    return;

  bucket->at_us = at_us;
  bucket->offset_us = offset_us;
}

void
dyno_host_clock_restore_lag (DynoHostClock *self,
                             gint64         at_us,
                             gint64         offset_us)
{
  note_lag (self, offset_us, at_us);
}

void
dyno_host_clock_advance (DynoHostClock *self,
                         gint64         extended_ms,
                         gint64         arrival_us)
{
  if (self->has_last && extended_ms < self->last_ms)
    return;

  self->has_last = TRUE;
  self->last_ms = extended_ms;
  self->last_arrival_us = arrival_us;
  note_lag (self, arrival_us - extended_ms * 1000, arrival_us);
}

void
dyno_host_clock_restart (DynoHostClock *self)
{
  memset (self, 0, sizeof *self);
}

gboolean
dyno_host_clock_pong (DynoHostClock *self,
                      guint32        host_ms,
                      guint32        remote_ms,
                      gint64         now_us)
{
  guint32 now_ms = (guint32) (now_us / 1000);
  gint64 rtt_us = (gint64) (guint32) (now_ms - host_ms) * 1000;
  gint64 remote = self->has_last ? extend_near (self->last_ms, remote_ms) : remote_ms;
  DynoHostClockPong *pong;

  if (rtt_us > LONGEST_RTT_US)
    return FALSE;

  pong = &self->pongs[self->n_pongs++ % DYNO_HOST_CLOCK_PONGS];
  pong->at_us = now_us;
  pong->rtt_us = rtt_us;
  pong->offset_us = now_us - remote * 1000 - rtt_us / 2;

  return TRUE;
}

/* A point of a straight line: our time, offset. */
typedef struct
{
  gint64 at_us;
  gint64 offset_us;
} Point;

/* The least lags of the last 60 s. The bucket that is still filling comes last:
 * it may hold one slow message only. `n_full` counts the others. */
static guint
collect_lags (const DynoHostClock *self,
              gint64               now_us,
              Point                points[DYNO_HOST_CLOCK_BUCKETS],
              guint               *n_full)
{
  gint64 newest = now_us / BUCKET_US;
  const DynoHostClockBucket *filling = NULL;
  guint n = 0;

  for (guint i = 0; i < DYNO_HOST_CLOCK_BUCKETS; i++)
    {
      const DynoHostClockBucket *bucket = &self->buckets[i];
      gint64 age = newest - bucket->at_us / BUCKET_US;

      if (bucket->at_us == 0 || age >= DYNO_HOST_CLOCK_BUCKETS)
        continue;
      if (age <= 0)
        filling = bucket;
      else
        points[n++] = (Point){ bucket->at_us, bucket->offset_us };
    }
  *n_full = n;
  if (filling != NULL)
    points[n++] = (Point){ filling->at_us, filling->offset_us };

  return n;
}

/* The quickest pong of the last 90 s, the newest of equals; NULL without one. */
static const DynoHostClockPong *
best_pong (const DynoHostClock *self,
           gint64               now_us)
{
  const DynoHostClockPong *best = NULL;
  guint n = MIN (self->n_pongs, DYNO_HOST_CLOCK_PONGS);

  for (guint back = 1; back <= n; back++)
    {
      const DynoHostClockPong *pong = &self->pongs[(self->n_pongs - back) % DYNO_HOST_CLOCK_PONGS];

      if (now_us - pong->at_us <= PONG_AGE_US && (best == NULL || pong->rtt_us < best->rtt_us))
        best = pong;
    }

  return best;
}

/* Least squares, µs per µs; 0 where the points span too little. */
static double
slope_of (const Point *points,
          guint        n)
{
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  gint64 first = G_MAXINT64, last = G_MININT64;

  for (guint i = 0; i < n; i++)
    {
      first = MIN (first, points[i].at_us);
      last = MAX (last, points[i].at_us);
    }
  if (n < 3 || last - first < DRIFT_SPAN_US)
    return 0;

  for (guint i = 0; i < n; i++)
    {
      mean_x += (double) (points[i].at_us - first) / n;
      mean_y += (double) (points[i].offset_us - points[0].offset_us) / n;
    }
  for (guint i = 0; i < n; i++)
    {
      double x = (double) (points[i].at_us - first) - mean_x;

      xx += x * x;
      xy += x * ((double) (points[i].offset_us - points[0].offset_us) - mean_y);
    }

  return xx > 0 ? CLAMP (xy / xx, -MOST_DRIFT_PPM / 1e6, MOST_DRIFT_PPM / 1e6) : 0;
}

/* The offset at `now_us` of the line of that slope under all points. */
static gint64
lowest_line (const Point *points,
             guint        n,
             double       slope,
             gint64       now_us)
{
  gint64 lowest = G_MAXINT64;

  for (guint i = 0; i < n; i++)
    lowest = MIN (lowest, points[i].offset_us
                            + (gint64) (slope * (double) (now_us - points[i].at_us)));

  return lowest;
}

void
dyno_host_clock_line (const DynoHostClock *self,
                      gint64               now_us,
                      DynoHostClockLine   *line)
{
  Point lags[DYNO_HOST_CLOCK_BUCKETS];
  guint n_full;
  guint n_lags = collect_lags (self, now_us, lags, &n_full);
  const DynoHostClockPong *pong = best_pong (self, now_us);
  double slope = slope_of (lags, n_full);
  gint64 offset_us;

  memset (line, 0, sizeof *line);
  line->is_known = n_lags > 0 || pong != NULL;
  line->offset_us = n_lags > 0 ? lowest_line (lags, n_lags, slope, now_us) : 0;
  line->drift_ppm = slope * 1e6;
  if (pong == NULL)
    return;

  /* Some providers stamp values with another clock than they answer with: a
   * pong far from what the values say is no help for them. */
  offset_us = pong->offset_us + (gint64) (slope * (double) (now_us - pong->at_us));
  line->latency_us = pong->rtt_us / 2;
  line->is_measured = n_lags == 0 || ABS (offset_us - line->offset_us) <= FOREIGN_CLOCK_US;
  if (line->is_measured)
    line->offset_us = offset_us;
}
