/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-feed.h"

#include <math.h>

/* Samples come mixed; the ring takes them channel by channel. Each channel has a
 * place where those of one batch wait, kept from batch to batch. */

typedef struct
{
  char         *name;     /* (owned) as shown */
  DynoQuantity  quantity;
  DynoLiveState state;
  GArray       *t_us;     /* (owned) of gint64 */
  GArray       *values;   /* (owned) of double */
  gint64        last_us;  /* stamp of the newest; G_MININT64 before one */
} Curve;

struct _DynoFeed
{
  DynoLive  *live;      /* (owned) */
  char      *provider;  /* (owned) (nullable) whose curves these are */
  GPtrArray *curves;    /* (owned) of Curve, by index in the ring */
  GArray    *by_wire;   /* (owned) of int: index on the wire to the curve; −1 none */
  GArray    *waiting;   /* (owned) of guint: curves with samples of this batch */
  int        bound[DYNO_N_CHANNELS];
};

static void
curve_free (gpointer data)
{
  Curve *curve = data;

  g_free (curve->name);
  g_array_unref (curve->t_us);
  g_array_unref (curve->values);
  g_free (curve);
}

static void
forget_bindings (DynoFeed *self)
{
  for (guint i = 0; i < DYNO_N_CHANNELS; i++)
    self->bound[i] = -1;
}

DynoFeed *
dyno_feed_new (DynoLive *live)
{
  DynoFeed *self = g_new0 (DynoFeed, 1);

  self->live = dyno_live_ref (live);
  self->curves = g_ptr_array_new_with_free_func (curve_free);
  self->by_wire = g_array_new (FALSE, FALSE, sizeof (int));
  self->waiting = g_array_new (FALSE, FALSE, sizeof (guint));
  forget_bindings (self);

  return self;
}

void
dyno_feed_free (DynoFeed *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->curves);
  g_array_unref (self->by_wire);
  g_array_unref (self->waiting);
  dyno_live_unref (self->live);
  g_free (self->provider);
  g_free (self);
}

static void
begin_generation (DynoFeed   *self,
                  const char *provider)
{
  g_free (self->provider);
  self->provider = g_strdup (provider);
  g_ptr_array_set_size (self->curves, 0);
  g_array_set_size (self->by_wire, 0);
  forget_bindings (self);
  dyno_live_clear (self->live);
}

/* Curves */

static int
find_curve (const DynoFeed *self,
            const char     *name,
            DynoQuantity    quantity)
{
  for (guint i = 0; i < self->curves->len; i++)
    {
      const Curve *curve = g_ptr_array_index (self->curves, i);

      if (curve->quantity == quantity && g_str_equal (curve->name, name))
        return (int) i;
    }

  return -1;
}

static int
add_curve (DynoFeed    *self,
           const char  *name,
           DynoQuantity quantity)
{
  int index = dyno_live_add (self->live, name, quantity);
  Curve *curve;

  if (index < 0)
    return -1;

  curve = g_new0 (Curve, 1);
  curve->name = g_strdup (name);
  curve->quantity = quantity;
  curve->state = DYNO_LIVE_OK;
  curve->t_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  curve->values = g_array_new (FALSE, FALSE, sizeof (double));
  curve->last_us = G_MININT64;
  g_ptr_array_add (self->curves, curve);

  return index;
}

static void
set_curve_of (DynoFeed *self,
              guint32   wire,
              int       curve)
{
  while (self->by_wire->len <= wire)
    {
      int none = -1;

      g_array_append_val (self->by_wire, none);
    }
  g_array_index (self->by_wire, int, wire) = curve;
}

static int
curve_of (const DynoFeed *self,
          guint32         wire)
{
  return wire < self->by_wire->len ? g_array_index (self->by_wire, int, wire) : -1;
}

/* A channel that shows itself to be of another quantity than announced (λ that
 * carries AFR) gets a curve of its own. */
static void
assign_curve (DynoFeed                *self,
              const DynoLineupChannel *channel)
{
  DynoQuantity quantity = channel->unit->quantity;
  int index = curve_of (self, channel->wire->index);

  if (index >= 0 && ((Curve *) g_ptr_array_index (self->curves, index))->quantity == quantity)
    return;

  index = find_curve (self, channel->wire->display_name, quantity);
  if (index < 0)
    index = add_curve (self, channel->wire->display_name, quantity);
  set_curve_of (self, channel->wire->index, index);
}

static void
follow_lineup (DynoFeed         *self,
               const DynoLineup *lineup)
{
  if (lineup->provider != NULL && g_strcmp0 (lineup->provider, self->provider) != 0)
    begin_generation (self, lineup->provider);

  for (guint i = 0; i < lineup->channels->len; i++)
    {
      const DynoLineupChannel *channel = dyno_lineup_find (lineup, i);

      if (channel != NULL && channel->is_ours)
        assign_curve (self, channel);
    }
}

/* Samples */

static void
wait_in_line (DynoFeed *self,
              guint     index,
              gint64    t_us,
              double    value)
{
  Curve *curve = g_ptr_array_index (self->curves, index);

  if (curve->t_us->len == 0)
    g_array_append_val (self->waiting, index);
  g_array_append_val (curve->t_us, t_us);
  g_array_append_val (curve->values, value);
  curve->last_us = MAX (curve->last_us, t_us);
}

/* What is late belongs to the recording, not to a display. */
static void
push_sample (DynoFeed         *self,
             const DynoLineup *lineup,
             const DynoSample *sample)
{
  const DynoLineupChannel *channel = dyno_lineup_find (lineup, sample->channel);
  int index = curve_of (self, sample->channel);
  gboolean is_refused
    = (sample->flags & (DYNO_SAMPLE_NOT_FINITE | DYNO_SAMPLE_OUT_OF_RANGE)) != 0;

  if (channel == NULL || !channel->is_ours || index < 0
      || (sample->flags & (DYNO_SAMPLE_LATE | DYNO_SAMPLE_OTHER_PROVIDER)) != 0)
    return;

  wait_in_line (self, (guint) index, sample->t_us,
                is_refused ? NAN : (double) sample->raw * channel->scale + channel->offset);
}

/* A break in every curve: something was lost here. */
static void
break_curves (DynoFeed *self)
{
  for (guint i = 0; i < self->curves->len; i++)
    {
      const Curve *curve = g_ptr_array_index (self->curves, i);

      if (curve->last_us != G_MININT64)
        wait_in_line (self, i, curve->last_us + 1, NAN);
    }
}

static void
take_event (DynoFeed         *self,
            const DynoLineup *lineup,
            const DynoEvent  *event)
{
  gboolean is_break = event->kind == DYNO_EVENT_GAP
                      || event->kind == DYNO_EVENT_PROVIDER_CLEARED
                      || event->kind == DYNO_EVENT_PROVIDER_RESTARTED;

  if (is_break && event->host_id == lineup->host_id)
    break_curves (self);
}

static void
hand_over (DynoFeed *self)
{
  for (guint i = 0; i < self->waiting->len; i++)
    {
      guint index = g_array_index (self->waiting, guint, i);
      Curve *curve = g_ptr_array_index (self->curves, index);

      dyno_live_append (self->live, index, curve->t_us->len,
                        (const gint64 *) (gpointer) curve->t_us->data,
                        (const double *) (gpointer) curve->values->data);
      g_array_set_size (curve->t_us, 0);
      g_array_set_size (curve->values, 0);
    }
  g_array_set_size (self->waiting, 0);
}

/* States */

static DynoLiveState
live_state (DynoHealth health)
{
  static const DynoLiveState states[DYNO_N_HEALTHS] = {
    [DYNO_HEALTH_OK] = DYNO_LIVE_OK,
    [DYNO_HEALTH_SLOW] = DYNO_LIVE_SLOW,
    [DYNO_HEALTH_FROZEN] = DYNO_LIVE_FROZEN,
    [DYNO_HEALTH_INVALID] = DYNO_LIVE_INVALID,
    [DYNO_HEALTH_PEGGED] = DYNO_LIVE_PEGGED,
    [DYNO_HEALTH_STALE] = DYNO_LIVE_STALE,
    [DYNO_HEALTH_IDLE] = DYNO_LIVE_IDLE,
    [DYNO_HEALTH_NO_SIGNAL] = DYNO_LIVE_NO_SIGNAL,
    [DYNO_HEALTH_UNMAPPED] = DYNO_LIVE_UNMAPPED,
  };

  return states[health];
}

static void
show_health (DynoFeed               *self,
             const DynoChannelState *channel)
{
  int index = channel->is_resolved ? curve_of (self, channel->channel->index) : -1;
  DynoLiveState state = live_state (channel->health);
  Curve *curve;

  if (index < 0)
    return;
  curve = g_ptr_array_index (self->curves, index);
  if (curve->state == state)
    return;

  curve->state = state;
  dyno_live_set_state (self->live, (guint) index, state);
}

static void
show_bindings (DynoFeed               *self,
               const DynoCaptureState *state)
{
  for (guint i = DYNO_CHANNEL_NONE + 1; i < DYNO_N_CHANNELS; i++)
    {
      int channel = state->bound[i];
      int index = channel >= 0 && state->channels[channel].is_resolved
                    ? curve_of (self, state->channels[channel].channel->index) : -1;

      if (index == self->bound[i])
        continue;
      dyno_live_bind (self->live, (DynoChannel) i, index);
      for (guint other = 0; index >= 0 && other < DYNO_N_CHANNELS; other++)
        {
          if (self->bound[other] == index)
            self->bound[other] = -1;
        }
      self->bound[i] = index;
    }
}

static void
show_state (DynoFeed               *self,
            const DynoCaptureState *state)
{
  const DynoProviderState *chosen = state->chosen >= 0 ? &state->providers[state->chosen] : NULL;

  for (guint i = 0; chosen != NULL && i < chosen->n_channels; i++)
    show_health (self, &state->channels[chosen->first_channel + i]);
  show_bindings (self, state);
}

void
dyno_feed_push (DynoFeed         *self,
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

  hand_over (self);
  if (batch->state != NULL)
    show_state (self, batch->state);
}
