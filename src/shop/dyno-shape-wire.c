/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-wire.h"

#include <math.h>

#include "dyno-shape-private.h"

static void
write_source (DynoJsonWriter         *w,
              const DynoChannelState *channel)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "id", channel->channel->id);
  dyno_json_writer_add_string (w, "name", channel->channel->display_name);
  dyno_json_writer_add_string (w, "unit", channel->unit->symbol);
  dyno_json_writer_end_object (w);
}

static void
write_provider (DynoJsonWriter         *w,
                const DynoCaptureState *state,
                guint                   index,
                gint64                  utc_minus_monotonic_us)
{
  const DynoProviderState *provider = &state->providers[index];
  g_autofree char *address = dyno_address_text (provider->address);
  gint64 seen_us = state->time_us - (gint64) (provider->age_s * G_USEC_PER_SEC);

  dyno_json_writer_begin_object (w);
  dyno_shape_add_host (w, "id", provider->host_id);
  dyno_json_writer_add_string (w, "name", provider->name);
  dyno_json_writer_add_string (w, "address", address);
  dyno_json_writer_add_boolean (w, "chosen", provider->is_chosen);
  dyno_json_writer_add_boolean (w, "simulated", provider->is_simulator);
  dyno_json_writer_add_boolean (w, "silent", provider->is_silent);
  dyno_shape_add_time_us (w, "last_seen_at", seen_us + utc_minus_monotonic_us);
  dyno_json_writer_add_integer (w, "datagrams", (gint64) provider->counts.received);
  dyno_json_writer_add_integer (w, "lost", (gint64) provider->counts.lost);
  dyno_json_writer_add_integer (w, "malformed", (gint64) provider->counts.malformed);
  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < provider->n_channels; i++)
    write_source (w, &state->channels[provider->first_channel + i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}

static void
write_interface (DynoJsonWriter           *w,
                 const DynoInterfaceState *interface)
{
  g_autofree char *address
    = interface->address != 0 ? dyno_address_text (interface->address) : NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", interface->name);
  dyno_json_writer_add_string (w, "address", address);
  dyno_json_writer_add_boolean (w, "up", interface->is_up);
  dyno_json_writer_add_boolean (w, "joined", interface->is_joined);
  dyno_json_writer_add_boolean (w, "loopback", interface->is_loopback);
  dyno_json_writer_add_integer (w, "datagrams", (gint64) interface->datagrams);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_wire_providers (DynoJsonWriter         *w,
                           const DynoCaptureState *state,
                           gint64                  utc_minus_monotonic_us)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "link", dyno_link_name (state != NULL ? state->link
                                                                        : DYNO_LINK_OFF));
  dyno_shape_add_text (w, "message", state != NULL ? dyno_link_reason_text (state->reason) : NULL);
  dyno_json_writer_name (w, "providers");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; state != NULL && i < state->n_providers; i++)
    {
      if (state->providers[i].is_provider)
        write_provider (w, state, i, utc_minus_monotonic_us);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "interfaces");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; state != NULL && i < state->n_interfaces; i++)
    write_interface (w, &state->interfaces[i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}

static void
write_channel (DynoJsonWriter         *w,
               const DynoChannelState *channel)
{
  dyno_json_writer_begin_object (w);
  dyno_shape_add_channel (w, "canonical", channel->canonical);
  dyno_json_writer_add_integer (w, "source_id", channel->channel->id);
  dyno_json_writer_add_string (w, "name", channel->channel->display_name);
  dyno_json_writer_add_string (w, "unit", channel->unit->symbol);
  dyno_json_writer_add_string (w, "health", dyno_health_name (channel->health));
  dyno_shape_add_text (w, "reason", channel->health_reason);
  dyno_json_writer_add_number (w, "value", dyno_shape_wire_value (channel));
  dyno_json_writer_add_rounded (w, "age_s", channel->age_s, 3);
  dyno_json_writer_add_rounded (w, "rate_hz", channel->rate_hz, 2);
  dyno_json_writer_add_integer (w, "invalid", (gint64) channel->n_invalid);
  dyno_json_writer_end_object (w);
}

static void
write_absent (DynoJsonWriter *w,
              DynoChannel     canonical)
{
  dyno_json_writer_begin_object (w);
  dyno_shape_add_channel (w, "canonical", canonical);
  dyno_json_writer_add_string (w, "source_id", NULL);
  dyno_json_writer_add_string (w, "name", NULL);
  dyno_json_writer_add_string (w, "unit", NULL);
  dyno_json_writer_add_string (w, "health", dyno_health_name (DYNO_HEALTH_UNMAPPED));
  dyno_json_writer_add_string (w, "reason", NULL);
  dyno_json_writer_add_number (w, "value", NAN);
  dyno_json_writer_add_number (w, "age_s", NAN);
  dyno_json_writer_add_number (w, "rate_hz", NAN);
  dyno_json_writer_add_integer (w, "invalid", 0);
  dyno_json_writer_end_object (w);
}

static void
write_all (DynoJsonWriter         *w,
           const DynoCaptureState *state)
{
  const DynoProviderState *provider = &state->providers[state->chosen];

  for (guint i = 0; i < provider->n_channels; i++)
    write_channel (w, &state->channels[provider->first_channel + i]);
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      const DynoBindingRow *row = &dyno_binding_rows[i];

      if (row->need != DYNO_NEED_NONE && state->bound[row->canonical] < 0)
        write_absent (w, row->canonical);
    }
}

void
dyno_shape_wire_channels (DynoJsonWriter         *w,
                          const DynoCaptureState *state)
{
  static const char *const words[] = { "ok", "warning", "idle", "critical", "stale" };
  gboolean is_heard = state != NULL && state->chosen >= 0;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "overall", is_heard ? words[state->overall] : "stale");
  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  if (is_heard)
    write_all (w, state);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}
