/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-trigger.h"

#include <math.h>

#define MOST_SAMPLING 8

struct _DynoTrigger
{
  DynoPullsFunc  func;
  gpointer       user_data;              /* (borrowed) */
  DynoPulls     *pulls;                  /* (owned) (nullable) at work */
  gboolean       is_armed;
  guint32        sampling[MOST_SAMPLING]; /* wire indices of channels called Sampling */
  guint          n_sampling;
  gboolean       has_speed;              /* what is bound */
  gboolean       has_accel;
  guint16        host_id;                /* of the provider in use */
  gint64         newest_us;              /* of the samples */
  gint64         now_us;                 /* the same, or what passed since without one */
  gint64         lag_us;
  gboolean       has_time;
  gboolean       is_new_clock;           /* the next sample may be earlier than the last */
};

DynoTrigger *
dyno_trigger_new (DynoPullsFunc func,
                  gpointer      user_data)
{
  DynoTrigger *self = g_new0 (DynoTrigger, 1);

  self->func = func;
  self->user_data = user_data;
  self->is_new_clock = TRUE;

  return self;
}

void
dyno_trigger_free (DynoTrigger *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->pulls, dyno_pulls_free);
  g_free (self);
}

static void
pull_cb (const DynoPullEvent *event,
         gpointer             user_data)
{
  DynoTrigger *self = user_data;

  if (event->kind != DYNO_PULL_ARMED && event->kind != DYNO_PULL_DISARMED)
    self->func (event, self->user_data);
}

static void
tell_bound (DynoTrigger *self)
{
  if (self->pulls == NULL)
    return;

  dyno_pulls_set_bound (self->pulls, DYNO_CHANNEL_SPEED, self->has_speed);
  dyno_pulls_set_bound (self->pulls, DYNO_CHANNEL_ACCEL, self->has_accel);
}

static void
wake_detector (DynoTrigger *self)
{
  if (self->pulls != NULL)
    return;

  self->pulls = dyno_pulls_new (pull_cb, self);
  tell_bound (self);
}

/* It has nothing to do any more: what it knows would be old when it is needed. */
static void
rest_detector (DynoTrigger *self)
{
  DynoPullEvent event;

  if (!self->is_armed && self->pulls != NULL && !dyno_pulls_run (self->pulls, &event))
    g_clear_pointer (&self->pulls, dyno_pulls_free);
}

void
dyno_trigger_arm (DynoTrigger *self,
                  gboolean     is_on)
{
  self->is_armed = is_on;
  if (is_on)
    wake_detector (self);
  else
    rest_detector (self);
}

gboolean
dyno_trigger_is_armed (const DynoTrigger *self)
{
  return self->is_armed;
}

gboolean
dyno_trigger_run (const DynoTrigger *self,
                  DynoPullEvent     *event)
{
  return self->pulls != NULL && dyno_pulls_run (self->pulls, event);
}

gboolean
dyno_trigger_start (DynoTrigger *self)
{
  DynoPullEvent run;

  if (dyno_trigger_run (self, &run) && run.trigger == DYNO_PULL_BY_HAND
      && run.end == DYNO_PULL_END_NONE)
    return FALSE;

  wake_detector (self);
  dyno_pulls_start (self->pulls, self->now_us);

  return TRUE;
}

gboolean
dyno_trigger_stop (DynoTrigger *self)
{
  DynoPullEvent run;

  if (!dyno_trigger_run (self, &run))
    return FALSE;

  dyno_pulls_stop (self->pulls, self->now_us);
  rest_detector (self);

  return TRUE;
}

void
dyno_trigger_finish (DynoTrigger *self)
{
  self->is_armed = FALSE;
  if (self->pulls != NULL)
    dyno_pulls_finish (self->pulls);
  g_clear_pointer (&self->pulls, dyno_pulls_free);
}

/* Channels */

static gboolean
is_bound (const DynoLineup *lineup,
          DynoChannel       canonical)
{
  for (guint i = 0; i < lineup->channels->len; i++)
    {
      const DynoLineupChannel *channel = dyno_lineup_find (lineup, i);

      if (channel != NULL && channel->is_ours && channel->canonical == canonical)
        return TRUE;
    }

  return FALSE;
}

static void
find_sampling (DynoTrigger      *self,
               const DynoLineup *lineup)
{
  self->n_sampling = 0;
  for (guint i = 0; i < lineup->channels->len && self->n_sampling < MOST_SAMPLING; i++)
    {
      const DynoLineupChannel *channel = dyno_lineup_find (lineup, i);
      g_autofree char *folded = NULL;

      if (channel == NULL || !channel->is_ours)
        continue;
      folded = dyno_binding_fold (channel->wire->name);
      if (g_str_equal (folded, "sampling"))
        self->sampling[self->n_sampling++] = i;
    }
}

/* What the detector must know of the channels; when they may have changed. */
static void
follow_lineup (DynoTrigger      *self,
               const DynoLineup *lineup)
{
  find_sampling (self, lineup);
  self->has_speed = is_bound (lineup, DYNO_CHANNEL_SPEED);
  self->has_accel = is_bound (lineup, DYNO_CHANNEL_ACCEL);
  tell_bound (self);
}

static int
sampling_index (const DynoTrigger *self,
                guint32            channel)
{
  for (guint i = 0; i < self->n_sampling; i++)
    {
      if (self->sampling[i] == channel)
        return (int) i;
    }

  return -1;
}

static gboolean
says_something (DynoChannel canonical)
{
  return canonical == DYNO_CHANNEL_SPEED || canonical == DYNO_CHANNEL_ACCEL
         || canonical == DYNO_CHANNEL_TPS || canonical == DYNO_CHANNEL_RPM;
}

static void
push_sample (DynoTrigger      *self,
             const DynoLineup *lineup,
             const DynoSample *sample)
{
  const DynoLineupChannel *channel = dyno_lineup_find (lineup, sample->channel);
  int sampling;

  if (channel == NULL || !channel->is_ours || (sample->flags & DYNO_SAMPLE_OTHER_PROVIDER) != 0)
    return;
  if ((sample->flags & DYNO_SAMPLE_UNRESOLVED_AT_ARRIVAL) == 0)
    {
      self->newest_us = self->is_new_clock ? sample->t_us : MAX (self->newest_us, sample->t_us);
      self->now_us = self->newest_us;
      self->is_new_clock = FALSE;
      self->lag_us = sample->arrival_us - sample->t_us;
      self->has_time = TRUE;
    }
  if (self->pulls == NULL || !isfinite (sample->raw))
    return;

  if (says_something (channel->canonical) && (sample->flags & DYNO_SAMPLE_OUT_OF_RANGE) == 0)
    dyno_pulls_push (self->pulls, channel->canonical, sample->t_us,
                     (double) sample->raw * channel->scale + channel->offset);
  sampling = sampling_index (self, sample->channel);
  if (sampling >= 0)
    dyno_pulls_push_sampling (self->pulls, (guint) sampling, sample->t_us, (double) sample->raw);
}

/* Another dyno, another list, another clock: what was begun ends here. */
static void
take_event (DynoTrigger      *self,
            const DynoLineup *lineup,
            const DynoEvent  *event)
{
  gboolean is_end = event->kind == DYNO_EVENT_PROVIDER_CLEARED
                    || event->kind == DYNO_EVENT_PROVIDER_RESTARTED;
  gboolean is_change
    = event->kind == DYNO_EVENT_PROVIDER_CHOSEN && event->host_id != self->host_id;

  if (!(is_end && event->host_id == self->host_id && self->host_id != 0) && !is_change)
    return;

  if (self->pulls != NULL)
    dyno_pulls_provider_gone (self->pulls, self->now_us);
  self->is_new_clock = TRUE;
  if (is_change)
    self->host_id = event->host_id;
}

void
dyno_trigger_push (DynoTrigger      *self,
                   const DynoLineup *lineup,
                   const DynoBatch  *batch)
{
  guint event = 0;

  if (batch->n_events > 0 || batch->state != NULL)
    follow_lineup (self, lineup);
  for (guint i = 0; i < batch->n_samples; i++)
    {
      while (event < batch->n_events && batch->events[event].at <= i)
        take_event (self, lineup, &batch->events[event++]);
      push_sample (self, lineup, &batch->samples[i]);
    }
  while (event < batch->n_events)
    take_event (self, lineup, &batch->events[event++]);

  if (self->has_time)
    self->now_us = MAX (self->now_us, batch->end_us - self->lag_us);
  if (self->pulls != NULL)
    dyno_pulls_tick (self->pulls, self->now_us);
  rest_detector (self);
}

gint64
dyno_trigger_now_us (const DynoTrigger *self)
{
  return self->now_us;
}

gint64
dyno_trigger_lag_us (const DynoTrigger *self)
{
  return self->lag_us;
}
