/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pulls.h"

#include <math.h>

#include "dyno-pull-watch.h"

#define GEAR_CHANGE_US (1500 * 1000)
#define LONGEST_US (120 * G_USEC_PER_SEC)
#define SHORTEST_US (1500 * 1000)
#define SPAN_RPM 800
#define SPAN_KMH 25

typedef enum
{
  STATE_IDLE,
  STATE_ARMED,
  STATE_RUN,
  STATE_POST, /* ended by the drum, a gear change may still resume it */
} State;

struct _DynoPulls
{
  DynoPullsFunc   func;
  gpointer        user_data;    /* (borrowed) */
  DynoPullWatch   watch;
  State           state;
  /* The run in hand, or the last one. */
  guint           n_runs;
  DynoPullTrigger trigger;
  gint64          start_us;
  gint64          end_us;
  DynoPullEnd     end;
  DynoPullRange   span_rpm;
  DynoPullRange   span_kmh;
  gboolean        had_throttle; /* it was open in this run */
};

const char *
dyno_pull_trigger_name (DynoPullTrigger trigger)
{
  static const char *const names[] = { "drum", "rpm", "sampling", "manual" };

  g_return_val_if_fail (trigger < G_N_ELEMENTS (names), "");

  return names[trigger];
}

const char *
dyno_pull_end_name (DynoPullEnd end)
{
  static const char *const names[] = {
    "", "decel", "throttle", "silent", "max", "rpm", "sampling", "manual", "provider",
  };

  g_return_val_if_fail (end < G_N_ELEMENTS (names), "");

  return names[end];
}

const char *
dyno_pull_discard_name (DynoPullDiscard discard)
{
  static const char *const names[] = { "", "short", "span" };

  g_return_val_if_fail (discard < G_N_ELEMENTS (names), "");

  return names[discard];
}

static gboolean
has_run (const DynoPulls *self)
{
  return self->state == STATE_RUN || self->state == STATE_POST;
}

/* By the state machine: by drum, or by engine speed alone. */
static gboolean
is_automatic (const DynoPulls *self)
{
  return self->trigger == DYNO_PULL_BY_DRUM || self->trigger == DYNO_PULL_BY_RPM;
}

static DynoPullDiscard
verdict (const DynoPulls *self)
{
  double rpm = dyno_pull_range_span (&self->span_rpm);
  double kmh = dyno_pull_range_span (&self->span_kmh);

  if (self->trigger == DYNO_PULL_BY_HAND)
    return DYNO_PULL_DISCARD_NONE;
  if (self->end_us - self->start_us < SHORTEST_US)
    return DYNO_PULL_DISCARD_SHORT;
  if (isnan (rpm) ? !(kmh >= SPAN_KMH) : rpm < SPAN_RPM)
    return DYNO_PULL_DISCARD_SPAN;

  return DYNO_PULL_DISCARD_NONE;
}

static void
describe (const DynoPulls  *self,
          DynoPullEventKind kind,
          DynoPullEvent    *event)
{
  gboolean is_run = has_run (self);

  *event = (DynoPullEvent){
    .kind = kind,
    .run = is_run ? self->n_runs : 0,
    .t_us = self->watch.now_us,
    .start_us = is_run ? self->start_us : self->watch.now_us,
    .end_us = is_run ? self->end_us : self->watch.now_us,
    .trigger = self->trigger,
    .end = is_run ? self->end : DYNO_PULL_END_NONE,
    .span_rpm = is_run ? dyno_pull_range_span (&self->span_rpm) : NAN,
    .span_kmh = is_run ? dyno_pull_range_span (&self->span_kmh) : NAN,
  };
}

static void
emit (DynoPulls        *self,
      DynoPullEventKind kind,
      DynoPullDiscard   discard)
{
  DynoPullEvent event;

  describe (self, kind, &event);
  event.discard = discard;
  self->func (&event, self->user_data);
}

static void
begin_run (DynoPulls      *self,
           DynoPullTrigger trigger,
           gint64          start_us)
{
  self->state = STATE_RUN;
  self->trigger = trigger;
  self->n_runs++;
  self->start_us = start_us;
  self->end_us = start_us;
  self->end = DYNO_PULL_END_NONE;
  self->had_throttle = FALSE;
  dyno_pull_range_clear (&self->span_rpm);
  dyno_pull_range_clear (&self->span_kmh);
  if (is_automatic (self))
    {
      /* What came while the condition had still to last belongs to the run. */
      self->span_rpm = self->watch.candidate_rpm;
      self->span_kmh = self->watch.candidate_kmh;
    }
  emit (self, DYNO_PULL_STARTED, DYNO_PULL_DISCARD_NONE);
}

/* The run in hand runs on: taken over, or no end after all. */
static void
run_on (DynoPulls        *self,
        DynoPullEventKind kind)
{
  self->state = STATE_RUN;
  self->end = DYNO_PULL_END_NONE;
  self->end_us = self->start_us;
  self->had_throttle = FALSE;
  emit (self, kind, DYNO_PULL_DISCARD_NONE);
}

/* Judges the run in hand and is done with it. */
static void
settle (DynoPulls *self)
{
  DynoPullDiscard discard = verdict (self);
  gint64 since_us = MAX (self->watch.wants.since_us, self->watch.fast.since_us);

  emit (self, discard == DYNO_PULL_DISCARD_NONE ? DYNO_PULL_KEPT : DYNO_PULL_DISCARDED, discard);
  /* What already held when the run ended does not begin the next. */
  if (since_us != DYNO_PULL_NEVER && since_us <= self->end_us)
    dyno_pull_watch_block (&self->watch);
  self->state = STATE_IDLE;
}

static void
end_run (DynoPulls  *self,
         DynoPullEnd end,
         gint64      end_us)
{
  self->end = end;
  self->end_us = MAX (end_us, self->start_us);
  emit (self, DYNO_PULL_ENDED, DYNO_PULL_DISCARD_NONE);
  if (end == DYNO_PULL_END_MAX)
    dyno_pull_watch_block (&self->watch);
  if (self->trigger == DYNO_PULL_BY_DRUM && end < DYNO_PULL_END_SAMPLING)
    self->state = STATE_POST;
  else
    settle (self);
}

/* A higher trigger begins a run, or takes over the one in hand. */
static void
begin_or_take_over (DynoPulls      *self,
                    DynoPullTrigger trigger,
                    gint64          t_us)
{
  if (self->state == STATE_POST && trigger == DYNO_PULL_BY_SAMPLING)
    settle (self);
  if (!has_run (self))
    {
      begin_run (self, trigger, t_us);
      return;
    }

  self->trigger = trigger;
  run_on (self, DYNO_PULL_TAKEN_OVER);
}

static void
follow_drum (DynoPulls *self)
{
  gboolean turns = dyno_pull_watch_turns (&self->watch);

  if (turns == (self->state == STATE_ARMED))
    return;
  self->state = turns ? STATE_ARMED : STATE_IDLE;
  emit (self, turns ? DYNO_PULL_ARMED : DYNO_PULL_DISARMED, DYNO_PULL_DISCARD_NONE);
}

static gboolean
pull_may_resume (const DynoPulls *self)
{
  gint64 since_us = self->watch.wants.since_us;

  return since_us > self->end_us && since_us - self->end_us <= GEAR_CHANGE_US;
}

static void
watch_without_run (DynoPulls *self)
{
  if (dyno_pull_watch_pulls (&self->watch))
    begin_run (self, DYNO_PULL_BY_DRUM, self->watch.wants.since_us);
  else if (dyno_pull_watch_revs (&self->watch))
    begin_run (self, DYNO_PULL_BY_RPM, self->watch.fast.since_us);
  else
    follow_drum (self);
}

static void
watch_drum_run (DynoPulls *self)
{
  const DynoPullWatch *watch = &self->watch;

  if (dyno_pull_watch_is_open (watch))
    self->had_throttle = TRUE;
  /* A throttle channel that never opened is dead, not lifted. */
  if (self->had_throttle && dyno_pull_watch_is_shut (watch))
    end_run (self, DYNO_PULL_END_THROTTLE, watch->tps.t_us);
  else if (dyno_pull_watch_brakes (watch))
    end_run (self, DYNO_PULL_END_DECEL, watch->slows.since_us);
}

/* Ends that only time brings: silence and the longest run. */
static void
judge_time (DynoPulls *self)
{
  const DynoPullWatch *watch = &self->watch;
  const DynoPullReading *pulse =
      self->trigger == DYNO_PULL_BY_RPM ? &watch->rpm : &watch->speed;

  if (!dyno_pull_watch_is_fresh (watch, pulse))
    end_run (self, DYNO_PULL_END_SILENT, pulse->t_us);
  else if (watch->now_us - self->start_us >= LONGEST_US)
    end_run (self, DYNO_PULL_END_MAX, self->start_us + LONGEST_US);
}

static void
judge_sampling (DynoPulls *self)
{
  gint64 fell_us;

  if (!dyno_pull_watch_samples (&self->watch, &fell_us))
    end_run (self, DYNO_PULL_END_SAMPLING, fell_us);
}

/* What the time alone brings about. */
static void
follow_time (DynoPulls *self)
{
  if (self->state == STATE_RUN && is_automatic (self))
    judge_time (self);
  else if (self->state == STATE_RUN && self->trigger == DYNO_PULL_BY_SAMPLING)
    judge_sampling (self);
  if (self->state == STATE_POST && self->watch.now_us - self->end_us > GEAR_CHANGE_US
      && !pull_may_resume (self))
    settle (self);
  if (self->state == STATE_ARMED)
    follow_drum (self);
}

void
dyno_pulls_tick (DynoPulls *self,
                 gint64     t_us)
{
  dyno_pull_watch_tick (&self->watch, t_us);
  follow_time (self);
}

static void
see_sample (DynoPulls *self,
            gint64     t_us)
{
  dyno_pull_watch_see (&self->watch, t_us);
  follow_time (self);
}

static void
follow_watch (DynoPulls *self)
{
  if (self->state == STATE_RUN)
    dyno_pull_watch_widen (&self->watch, &self->span_rpm, &self->span_kmh);

  if (!has_run (self))
    watch_without_run (self);
  else if (self->state == STATE_POST && pull_may_resume (self)
           && dyno_pull_watch_pulls (&self->watch))
    {
      self->watch.slows.since_us = DYNO_PULL_NEVER;
      self->watch.slows.n = 0;
      run_on (self, DYNO_PULL_RESUMED);
    }
  else if (self->state == STATE_RUN && self->trigger == DYNO_PULL_BY_DRUM)
    watch_drum_run (self);
  else if (self->state == STATE_RUN && self->trigger == DYNO_PULL_BY_RPM
           && dyno_pull_watch_idles (&self->watch))
    end_run (self, DYNO_PULL_END_RPM, self->watch.slow.since_us);
}

void
dyno_pulls_push (DynoPulls  *self,
                 DynoChannel channel,
                 gint64      t_us,
                 double      value)
{
  if (channel == DYNO_CHANNEL_SAMPLING)
    dyno_pulls_push_sampling (self, 0, t_us, value);
  if (channel == DYNO_CHANNEL_SAMPLING || !isfinite (value))
    return;

  see_sample (self, t_us);
  if (dyno_pull_watch_push (&self->watch, channel, t_us, value))
    follow_watch (self);
}

void
dyno_pulls_push_sampling (DynoPulls *self,
                          guint      candidate,
                          gint64     t_us,
                          double     value)
{
  DynoPullSampling *sampling;
  gboolean rises;

  g_return_if_fail (candidate < DYNO_PULL_SAMPLING_CHANNELS);
  if (!isfinite (value))
    return;

  see_sample (self, t_us);
  sampling = &self->watch.sampling[candidate];
  rises = value >= 0.5 && !sampling->is_high;
  if (value < 0.5 && sampling->is_high)
    sampling->fell_us = t_us;
  sampling->is_high = value >= 0.5;
  sampling->t_us = t_us;

  if (rises && (!has_run (self) || is_automatic (self)))
    begin_or_take_over (self, DYNO_PULL_BY_SAMPLING, t_us);
  else if (self->state == STATE_RUN && self->trigger == DYNO_PULL_BY_SAMPLING)
    judge_sampling (self);
}

void
dyno_pulls_start (DynoPulls *self,
                  gint64     t_us)
{
  dyno_pulls_tick (self, t_us);
  if (!has_run (self) || self->trigger != DYNO_PULL_BY_HAND)
    begin_or_take_over (self, DYNO_PULL_BY_HAND, t_us);
}

/* Ends the run in hand now, whoever began it. */
static void
cut_run (DynoPulls  *self,
         DynoPullEnd end,
         gint64      t_us)
{
  if (self->state == STATE_RUN)
    end_run (self, end, t_us);
  else if (self->state == STATE_POST)
    settle (self);
}

void
dyno_pulls_stop (DynoPulls *self,
                 gint64     t_us)
{
  dyno_pulls_tick (self, t_us);
  cut_run (self, DYNO_PULL_END_MANUAL, t_us);
}

void
dyno_pulls_provider_gone (DynoPulls *self,
                          gint64     t_us)
{
  dyno_pulls_tick (self, t_us);
  cut_run (self, DYNO_PULL_END_PROVIDER, t_us);
  dyno_pull_watch_forget (&self->watch);
  if (self->state == STATE_ARMED)
    follow_drum (self);
}

void
dyno_pulls_finish (DynoPulls *self)
{
  const DynoPullWatch *watch = &self->watch;

  if (self->state == STATE_RUN && is_automatic (self))
    end_run (self, DYNO_PULL_END_SILENT,
             self->trigger == DYNO_PULL_BY_RPM ? watch->rpm.t_us : watch->speed.t_us);
  cut_run (self, DYNO_PULL_END_SILENT, watch->now_us);
}

gboolean
dyno_pulls_run (const DynoPulls *self,
                DynoPullEvent   *event)
{
  if (!has_run (self))
    return FALSE;

  describe (self, self->state == STATE_RUN ? DYNO_PULL_STARTED : DYNO_PULL_ENDED, event);

  return TRUE;
}

DynoPulls *
dyno_pulls_new (DynoPullsFunc func,
                gpointer      user_data)
{
  DynoPulls *self = g_new0 (DynoPulls, 1);

  self->func = func;
  self->user_data = user_data;
  dyno_pull_watch_init (&self->watch);

  return self;
}

void
dyno_pulls_free (DynoPulls *self)
{
  g_free (self);
}

void
dyno_pulls_set_bound (DynoPulls  *self,
                      DynoChannel channel,
                      gboolean    is_bound)
{
  if (channel == DYNO_CHANNEL_SPEED)
    self->watch.has_speed = is_bound;
  else if (channel == DYNO_CHANNEL_ACCEL)
    self->watch.has_accel = is_bound;
}

static void
collect_verdict_cb (const DynoPullEvent *event,
                    gpointer             user_data)
{
  GArray *found = user_data;

  if (event->kind == DYNO_PULL_KEPT || event->kind == DYNO_PULL_DISCARDED)
    g_array_append_vals (found, event, 1);
}

static void
push_row (DynoPulls               *self,
          gint64                   t_us,
          gsize                    row,
          const DynoChannel       *channels,
          const DynoColumn *const *columns,
          gsize                    n)
{
  for (gsize c = 0; c < n; c++)
    dyno_pulls_push (self, channels[c], t_us, dyno_column_si (columns[c], row));
}

GArray *
dyno_pulls_find (const DynoSamples *samples)
{
  static const DynoChannel channels[] = {
    DYNO_CHANNEL_RPM, DYNO_CHANNEL_SPEED,    DYNO_CHANNEL_ACCEL,
    DYNO_CHANNEL_TPS, DYNO_CHANNEL_SAMPLING,
  };
  const DynoColumn *columns[G_N_ELEMENTS (channels)];
  GArray *found = g_array_new (FALSE, FALSE, sizeof (DynoPullEvent));
  g_autoptr(DynoPulls) pulls = dyno_pulls_new (collect_verdict_cb, found);

  if (!dyno_samples_has_time (samples))
    return found;

  for (gsize c = 0; c < G_N_ELEMENTS (channels); c++)
    {
      columns[c] = dyno_samples_find (samples, channels[c]);
      dyno_pulls_set_bound (pulls, channels[c], columns[c] != NULL);
    }
  for (gsize i = 0; i < dyno_samples_n_rows (samples); i++)
    push_row (pulls, (gint64) llround (dyno_samples_time (samples)[i] * 1e6), i, channels, columns,
              G_N_ELEMENTS (channels));
  dyno_pulls_finish (pulls);

  return found;
}
