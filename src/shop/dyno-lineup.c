/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-lineup.h"

#include <math.h>

/* A stream that names a larger index is no stream of ours. */
#define MOST_CHANNELS (1 << 24)

static void
clear_channel (gpointer data)
{
  DynoLineupChannel *channel = data;

  g_clear_pointer (&channel->wire, dyno_wire_channel_unref);
}

DynoLineup *
dyno_lineup_new (void)
{
  DynoLineup *self = g_new0 (DynoLineup, 1);

  self->channels = g_array_new (FALSE, TRUE, sizeof (DynoLineupChannel));
  g_array_set_clear_func (self->channels, clear_channel);

  return self;
}

void
dyno_lineup_free (DynoLineup *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->channels);
  g_free (self->provider);
  g_free (self);
}

void
dyno_lineup_scale (const DynoUnit *unit,
                   DynoChannel     canonical,
                   double         *scale,
                   double         *offset)
{
  const DynoUnit *wanted = dyno_unit_find (dyno_channel_info (canonical)->unit);

  *scale = unit->scale;
  *offset = unit->offset;
  if (canonical != DYNO_CHANNEL_NONE && wanted != NULL && wanted->quantity == unit->quantity)
    dyno_unit_line (unit, wanted, scale, offset);
}

static DynoLineupChannel *
reach (DynoLineup *self,
       guint32     index)
{
  if (index >= MOST_CHANNELS)
    return NULL;
  if (index >= self->channels->len)
    g_array_set_size (self->channels, index + 1);

  return &g_array_index (self->channels, DynoLineupChannel, index);
}

static void
set_meaning (DynoLineupChannel *channel,
             DynoChannel        canonical,
             const DynoUnit    *unit)
{
  if (channel->unit == unit && channel->canonical == canonical)
    return;

  channel->canonical = canonical;
  channel->unit = unit;
  dyno_lineup_scale (unit, canonical, &channel->scale, &channel->offset);
}

static void
describe (DynoLineup      *self,
          DynoWireChannel *wire)
{
  DynoLineupChannel *channel = reach (self, wire->index);
  gboolean is_new;

  if (channel == NULL || channel->wire == wire)
    return;

  is_new = channel->wire == NULL;
  g_clear_pointer (&channel->wire, dyno_wire_channel_unref);
  channel->wire = dyno_wire_channel_ref (wire);
  channel->is_ours = self->host_id != 0 && wire->host_id == self->host_id;
  if (is_new)
    {
      channel->confidence = NAN;
      set_meaning (channel, DYNO_CHANNEL_NONE, wire->unit);
    }
}

static void
choose (DynoLineup      *self,
        const DynoEvent *event)
{
  g_free (self->provider);
  self->provider = event->host_id != 0 ? g_strdup (event->text) : NULL;
  self->host_id = event->host_id;
  for (guint i = 0; i < self->channels->len; i++)
    {
      DynoLineupChannel *channel = &g_array_index (self->channels, DynoLineupChannel, i);

      channel->is_ours = channel->wire != NULL && self->host_id != 0
                         && channel->wire->host_id == self->host_id && !channel->is_retired;
    }
}

static void
bind_channel (DynoLineup      *self,
              const DynoEvent *event)
{
  DynoLineupChannel *channel = reach (self, event->channel);

  if (channel != NULL && channel->wire != NULL)
    set_meaning (channel, event->canonical, channel->unit);
}

/* Its samples are over; what it meant to the run that has them stays there. */
static void
retire (DynoLineup      *self,
        const DynoEvent *event)
{
  DynoLineupChannel *channel = reach (self, event->channel);

  if (channel == NULL || channel->wire == NULL)
    return;
  set_meaning (channel, DYNO_CHANNEL_NONE, channel->unit);
  channel->is_retired = TRUE;
  channel->is_ours = FALSE;
}

static void
take_event (DynoLineup      *self,
            const DynoEvent *event)
{
  if (event->wire != NULL && event->kind != DYNO_EVENT_CHANNEL_REMOVED)
    describe (self, event->wire);
  if (event->kind == DYNO_EVENT_CHANNEL_BOUND)
    bind_channel (self, event);
  else if (event->kind == DYNO_EVENT_CHANNEL_REMOVED)
    retire (self, event);
  else if (event->kind == DYNO_EVENT_PROVIDER_CHOSEN)
    choose (self, event);
}

/* The state knows more than the events: how sure a binding is, and a unit that the
 * values show to be another than the one announced. */
static void
take_state (DynoLineup             *self,
            const DynoCaptureState *state)
{
  for (guint i = 0; i < state->n_channels; i++)
    {
      const DynoChannelState *now = &state->channels[i];
      DynoLineupChannel *channel;

      if (!now->is_resolved)
        continue;
      describe (self, now->channel);
      channel = reach (self, now->channel->index);
      if (channel == NULL)
        continue;
      channel->confidence = now->canonical != DYNO_CHANNEL_NONE ? now->confidence : NAN;
      set_meaning (channel, now->canonical, now->unit);
    }
}

void
dyno_lineup_push (DynoLineup      *self,
                  const DynoBatch *batch)
{
  for (guint i = 0; i < batch->n_events; i++)
    take_event (self, &batch->events[i]);
  if (batch->state != NULL)
    take_state (self, batch->state);
}
