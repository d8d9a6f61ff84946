/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-batch.h"

static const char *const kind_names[] = {
  [DYNO_EVENT_PROVIDER_NEW] = "provider_new",
  [DYNO_EVENT_PROVIDER_RENAMED] = "provider_renamed",
  [DYNO_EVENT_PROVIDER_REPLACED] = "provider_replaced",
  [DYNO_EVENT_PROVIDER_SILENT] = "provider_silent",
  [DYNO_EVENT_PROVIDER_BACK] = "provider_back",
  [DYNO_EVENT_PROVIDER_GONE] = "provider_gone",
  [DYNO_EVENT_PROVIDER_FORGOTTEN] = "provider_forgotten",
  [DYNO_EVENT_PROVIDER_CHOSEN] = "provider_chosen",
  [DYNO_EVENT_PROVIDER_CLEARED] = "provider_cleared",
  [DYNO_EVENT_PROVIDER_RESTARTED] = "provider_restarted",
  [DYNO_EVENT_PROVIDER_VERSION] = "provider_version",
  [DYNO_EVENT_CHANNEL_ADDED] = "channel_added",
  [DYNO_EVENT_CHANNEL_CHANGED] = "channel_changed",
  [DYNO_EVENT_CHANNEL_REMOVED] = "channel_removed",
  [DYNO_EVENT_CHANNEL_BOUND] = "channel_bound",
  [DYNO_EVENT_CHANNEL_HEALTH] = "channel_health",
  [DYNO_EVENT_CHANNEL_LIST] = "channel_list",
  [DYNO_EVENT_LINK] = "link",
  [DYNO_EVENT_GAP] = "gap",
  [DYNO_EVENT_LOSS_OF_INPUT] = "loss_of_input",
  [DYNO_EVENT_KERNEL_DROPS] = "kernel_drops",
  [DYNO_EVENT_SMALL_BUFFER] = "small_buffer",
  [DYNO_EVENT_COLLISION] = "collision",
  [DYNO_EVENT_OVERALL] = "overall",
  [DYNO_EVENT_INPUT] = "input",
};

DynoBatch *
dyno_batch_new (DynoSample *samples,
                guint       n_samples,
                DynoEvent  *events,
                guint       n_events)
{
  DynoBatch *self = g_new0 (DynoBatch, 1);

  self->samples = samples;
  self->n_samples = n_samples;
  self->events = events;
  self->n_events = n_events;
  self->key_at = -1;
  g_atomic_ref_count_init (&self->n_refs);

  return self;
}

DynoBatch *
dyno_batch_ref (DynoBatch *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

static void
clear_event (DynoEvent *event)
{
  g_clear_pointer (&event->wire, dyno_wire_channel_unref);
  g_clear_pointer (&event->text, g_free);
}

static void
batch_free (DynoBatch *self)
{
  for (guint i = 0; i < self->n_events; i++)
    clear_event ((DynoEvent *) &self->events[i]);

  g_clear_pointer (&self->records, g_bytes_unref);
  g_clear_pointer (&self->state, dyno_capture_state_unref);
  g_free ((gpointer) self->samples);
  g_free ((gpointer) self->events);
  g_free (self);
}

void
dyno_batch_unref (DynoBatch *self)
{
  if (g_atomic_ref_count_dec (&self->n_refs))
    batch_free (self);
}

const char *
dyno_event_kind_name (DynoEventKind kind)
{
  return kind < G_N_ELEMENTS (kind_names) ? kind_names[kind] : "";
}
