/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pull-watch.h"

#include <math.h>

#define SILENCE_US G_USEC_PER_SEC
#define HOLD_US (300 * 1000)
#define SLOPE_US (300 * 1000)
#define SLOPE_MIN 4
#define RPM_SAMPLES 5
#define RPM_SPAN_US (250 * 1000)

static const DynoPullReading no_reading = { DYNO_PULL_NEVER, NAN };
static const DynoPullHold no_hold = { DYNO_PULL_NEVER, 0 };

void
dyno_pull_watch_forget (DynoPullWatch *self)
{
  self->speed = self->accel = self->tps = self->rpm = no_reading;
  self->wants = self->slows = self->fast = self->slow = no_hold;
  self->newest_us = DYNO_PULL_NEVER;
  self->trail_n = 0;
  self->is_blocked = FALSE;
  dyno_pull_range_clear (&self->candidate_rpm);
  dyno_pull_range_clear (&self->candidate_kmh);
  for (guint i = 0; i < DYNO_PULL_SAMPLING_CHANNELS; i++)
    self->sampling[i] = (DynoPullSampling){ DYNO_PULL_NEVER, DYNO_PULL_NEVER, FALSE };
}

void
dyno_pull_watch_init (DynoPullWatch *self)
{
  *self = (DynoPullWatch){ .now_us = DYNO_PULL_NEVER };
  dyno_pull_watch_forget (self);
}

void
dyno_pull_watch_block (DynoPullWatch *self)
{
  self->is_blocked = TRUE;
  self->wants = no_hold;
  self->fast = no_hold;
}

void
dyno_pull_range_clear (DynoPullRange *range)
{
  range->low = INFINITY;
  range->high = -INFINITY;
}

double
dyno_pull_range_span (const DynoPullRange *range)
{
  return range->high >= range->low ? range->high - range->low : NAN;
}

static void
range_add (DynoPullRange *range,
           double         value)
{
  range->low = MIN (range->low, value);
  range->high = MAX (range->high, value);
}

void
dyno_pull_watch_widen (const DynoPullWatch *self,
                       DynoPullRange       *rpm,
                       DynoPullRange       *kmh)
{
  if (dyno_pull_watch_is_fresh (self, &self->speed))
    range_add (kmh, self->speed.value);
  if (dyno_pull_watch_is_fresh (self, &self->rpm))
    range_add (rpm, self->rpm.value);
}

/* TRUE when the condition has just become true. */
static gboolean
hold_follow (DynoPullHold *hold,
             gboolean      is_true,
             gint64        t_us)
{
  if (!is_true)
    *hold = no_hold;
  else if (hold->n++ == 0)
    hold->since_us = t_us;

  return is_true && hold->n == 1;
}

static gboolean
hold_lasts (const DynoPullWatch *self,
            const DynoPullHold  *hold,
            gint64               duration_us)
{
  return hold->since_us != DYNO_PULL_NEVER && self->now_us - hold->since_us >= duration_us;
}

gboolean
dyno_pull_watch_is_fresh (const DynoPullWatch   *self,
                          const DynoPullReading *reading)
{
  return reading->t_us != DYNO_PULL_NEVER && self->now_us - reading->t_us <= SILENCE_US;
}

static double
fresh_value (const DynoPullWatch   *self,
             const DynoPullReading *reading)
{
  return dyno_pull_watch_is_fresh (self, reading) ? reading->value : NAN;
}

gboolean
dyno_pull_watch_turns (const DynoPullWatch *self)
{
  return fresh_value (self, &self->speed) > 8;
}

gboolean
dyno_pull_watch_is_open (const DynoPullWatch *self)
{
  return fresh_value (self, &self->tps) >= 20;
}

gboolean
dyno_pull_watch_is_shut (const DynoPullWatch *self)
{
  return fresh_value (self, &self->tps) < 20;
}

gboolean
dyno_pull_watch_pulls (const DynoPullWatch *self)
{
  return hold_lasts (self, &self->wants, HOLD_US);
}

gboolean
dyno_pull_watch_brakes (const DynoPullWatch *self)
{
  return hold_lasts (self, &self->slows, HOLD_US);
}

gboolean
dyno_pull_watch_revs (const DynoPullWatch *self)
{
  return self->fast.n >= RPM_SAMPLES && hold_lasts (self, &self->fast, RPM_SPAN_US);
}

gboolean
dyno_pull_watch_idles (const DynoPullWatch *self)
{
  return self->slow.n >= RPM_SAMPLES && hold_lasts (self, &self->slow, RPM_SPAN_US);
}

gboolean
dyno_pull_watch_samples (const DynoPullWatch *self,
                         gint64              *fell_us)
{
  gboolean is_high = FALSE;

  *fell_us = DYNO_PULL_NEVER;
  for (guint i = 0; i < DYNO_PULL_SAMPLING_CHANNELS; i++)
    {
      is_high = is_high || self->sampling[i].is_high;
      *fell_us = MAX (*fell_us, self->sampling[i].fell_us);
    }

  return is_high;
}

static void
end_silent_conditions (DynoPullWatch *self)
{
  for (guint i = 0; i < DYNO_PULL_SAMPLING_CHANNELS; i++)
    {
      DynoPullSampling *s = &self->sampling[i];

      if (s->is_high && self->now_us - s->t_us > SILENCE_US)
        {
          s->is_high = FALSE;
          s->fell_us = s->t_us;
        }
    }
  if (!dyno_pull_watch_is_fresh (self, &self->speed))
    {
      self->wants = self->slows = no_hold;
      self->trail_n = 0;
    }
  if (!dyno_pull_watch_is_fresh (self, &self->rpm))
    self->fast = self->slow = no_hold;
}

void
dyno_pull_watch_tick (DynoPullWatch *self,
                      gint64         t_us)
{
  self->now_us = MAX (self->now_us, t_us);
  end_silent_conditions (self);
}

void
dyno_pull_watch_see (DynoPullWatch *self,
                     gint64         t_us)
{
  self->newest_us = MAX (self->newest_us, t_us);
  self->now_us = self->newest_us;
  end_silent_conditions (self);
}

static void
trail_add (DynoPullWatch *self,
           gint64         t_us,
           double         value)
{
  while (self->trail_n > 0
         && (self->trail_n == DYNO_PULL_TRAIL
             || t_us - self->trail[self->trail_first].t_us > SLOPE_US))
    {
      self->trail_first = (self->trail_first + 1) % DYNO_PULL_TRAIL;
      self->trail_n--;
    }
  self->trail[(self->trail_first + self->trail_n) % DYNO_PULL_TRAIL] =
      (DynoPullReading){ t_us, value };
  self->trail_n++;
}

/* Least squares over the trail, km/h/s; NaN with fewer than four speeds. */
static double
trail_slope (const DynoPullWatch *self)
{
  double n = self->trail_n;
  double t_sum = 0;
  double v_sum = 0;
  double tt = 0;
  double tv = 0;

  if (self->trail_n < SLOPE_MIN)
    return NAN;
  for (guint i = 0; i < self->trail_n; i++)
    {
      const DynoPullReading *r = &self->trail[(self->trail_first + i) % DYNO_PULL_TRAIL];
      double t = (double) (r->t_us - self->trail[self->trail_first].t_us) / G_USEC_PER_SEC;

      t_sum += t;
      v_sum += r->value;
      tt += t * t;
      tv += t * r->value;
    }

  return (n * tv - t_sum * v_sum) / (n * tt - t_sum * t_sum);
}

static void
follow_drum (DynoPullWatch *self,
             gint64         t_us)
{
  double accel = self->has_accel ? fresh_value (self, &self->accel) : trail_slope (self);
  double tps = fresh_value (self, &self->tps);
  gboolean wants = dyno_pull_watch_turns (self) && accel > 1.5 && (tps > 70 || accel > 3);

  if (!wants)
    self->is_blocked = FALSE;
  if (hold_follow (&self->wants, wants && !self->is_blocked, t_us))
    {
      dyno_pull_range_clear (&self->candidate_rpm);
      dyno_pull_range_clear (&self->candidate_kmh);
    }
  hold_follow (&self->slows, accel < -0.5, t_us);
}

static void
follow_engine (DynoPullWatch *self,
               gint64         t_us)
{
  gboolean is_fast = self->rpm.value >= 1500;

  if (!is_fast)
    self->is_blocked = FALSE;
  if (hold_follow (&self->fast, is_fast && !self->is_blocked, t_us))
    dyno_pull_range_clear (&self->candidate_rpm);
  hold_follow (&self->slow, self->rpm.value <= 1200, t_us);
}

gboolean
dyno_pull_watch_push (DynoPullWatch *self,
                      DynoChannel    channel,
                      gint64         t_us,
                      double         value)
{
  const DynoPullReading reading = { t_us, channel == DYNO_CHANNEL_ACCEL ? value * 3.6 : value };

  if (channel == DYNO_CHANNEL_SPEED)
    self->speed = reading;
  else if (channel == DYNO_CHANNEL_ACCEL)
    self->accel = reading;
  else if (channel == DYNO_CHANNEL_TPS)
    self->tps = reading;
  else if (channel == DYNO_CHANNEL_RPM)
    self->rpm = reading;
  else
    return FALSE;

  if (channel == DYNO_CHANNEL_SPEED)
    trail_add (self, t_us, value);
  if (self->has_speed && channel != DYNO_CHANNEL_RPM)
    follow_drum (self, t_us);
  if (!self->has_speed && channel == DYNO_CHANNEL_RPM)
    follow_engine (self, t_us);
  dyno_pull_watch_widen (self, &self->candidate_rpm, &self->candidate_kmh);

  return TRUE;
}
