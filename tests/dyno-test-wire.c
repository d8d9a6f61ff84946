/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-wire.h"

#include <string.h>

#include "dyno-test.h"

#define START_US (1000 * G_USEC_PER_SEC)

DynoJson *
dyno_test_wire_vectors (void)
{
  return dyno_test_shared_json ("jetdrive/vectors.json");
}

guint8 *
dyno_test_wire_from_hex (const char *hex,
                         gsize      *size)
{
  guint8 *data;

  *size = strlen (hex) / 2;
  data = g_malloc (MAX (*size, 1));
  for (gsize i = 0; i < *size; i++)
    data[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4
                        | g_ascii_xdigit_value (hex[2 * i + 1]));

  return data;
}

static void
wire_unref0 (gpointer wire)
{
  if (wire != NULL)
    dyno_wire_channel_unref (wire);
}

DynoGathered *
dyno_gathered_new (void)
{
  DynoGathered *self = g_new0 (DynoGathered, 1);

  self->samples = g_array_new (FALSE, FALSE, sizeof (DynoSample));
  self->batches = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_batch_unref);
  self->wires = g_ptr_array_new_with_free_func (wire_unref0);

  return self;
}

void
dyno_gathered_free (DynoGathered *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->samples);
  g_ptr_array_unref (self->batches);
  g_ptr_array_unref (self->wires);
  g_clear_pointer (&self->state, dyno_capture_state_unref);
  g_free (self);
}

static void
keep_wire (DynoGathered    *self,
           DynoWireChannel *wire)
{
  if (self->wires->len <= wire->index)
    g_ptr_array_set_size (self->wires, (int) wire->index + 1);
  wire_unref0 (g_ptr_array_index (self->wires, wire->index));
  g_ptr_array_index (self->wires, wire->index) = dyno_wire_channel_ref (wire);
}

void
dyno_gathered_push (DynoBatch *batch,
                    gpointer   data)
{
  DynoGathered *self = data;

  if (batch->n_samples > 0)
    g_array_append_vals (self->samples, batch->samples, batch->n_samples);
  for (guint i = 0; i < batch->n_events; i++)
    {
      g_assert_cmpuint (batch->events[i].at, <=, batch->n_samples);
      if (batch->events[i].kind == DYNO_EVENT_CHANNEL_ADDED
          || batch->events[i].kind == DYNO_EVENT_CHANNEL_CHANGED)
        keep_wire (self, batch->events[i].wire);
    }
  if (batch->state != NULL)
    {
      g_clear_pointer (&self->state, dyno_capture_state_unref);
      self->state = dyno_capture_state_ref (batch->state);
    }
  g_ptr_array_add (self->batches, dyno_batch_ref (batch));
}

guint
dyno_gathered_count (const DynoGathered *self,
                     DynoEventKind       kind)
{
  guint n = 0;

  for (guint i = 0; i < self->batches->len; i++)
    {
      const DynoBatch *batch = g_ptr_array_index (self->batches, i);

      for (guint j = 0; j < batch->n_events; j++)
        n += batch->events[j].kind == kind ? 1 : 0;
    }

  return n;
}

const DynoEvent *
dyno_gathered_last (const DynoGathered *self,
                    DynoEventKind       kind)
{
  for (guint i = self->batches->len; i > 0; i--)
    {
      const DynoBatch *batch = g_ptr_array_index (self->batches, i - 1);

      for (guint j = batch->n_events; j > 0; j--)
        {
          if (batch->events[j - 1].kind == kind)
            return &batch->events[j - 1];
        }
    }

  return NULL;
}

const DynoChannelState *
dyno_gathered_channel (const DynoGathered *self,
                       const char         *name)
{
  for (guint i = 0; self->state != NULL && i < self->state->n_channels; i++)
    {
      const DynoChannelState *channel = &self->state->channels[i];

      if ((int) channel->provider == self->state->chosen
          && g_str_equal (channel->channel->display_name, name))
        return channel;
    }

  return NULL;
}

DynoTestWire *
dyno_test_wire_new (void)
{
  DynoTestWire *self = g_new0 (DynoTestWire, 1);

  self->intake = dyno_intake_new (TRUE);
  self->out = dyno_gathered_new ();
  self->now_us = START_US;
  self->address = 0xC0A80151;
  self->ifindex = 2;

  return self;
}

void
dyno_test_wire_free (DynoTestWire *self)
{
  if (self == NULL)
    return;

  dyno_intake_free (self->intake);
  dyno_gathered_free (self->out);
  g_free (self);
}

void
dyno_test_wire_flush (DynoTestWire *self)
{
  DynoBatch *batch;

  while ((batch = dyno_intake_take_batch (self->intake, self->now_us)) != NULL)
    {
      dyno_gathered_push (batch, self->out);
      dyno_batch_unref (batch);
    }
}

void
dyno_test_wire_input (DynoTestWire *self,
                      const char   *json)
{
  dyno_intake_input (self->intake, json, -1, self->now_us);
  dyno_test_wire_flush (self);
}

void
dyno_test_wire_start (DynoTestWire *self,
                      const char   *extra)
{
  g_autofree char *start
    = g_strdup_printf ("{\"event\":\"capture\",\"state\":\"start\",\"seed\":\"2a\"%s}",
                       extra != NULL ? extra : "");

  dyno_test_wire_input (self, start);
  dyno_test_wire_input (self, "{\"event\":\"interfaces\",\"tx_port\":40000,\"buffer\":8388608,"
                              "\"interfaces\":[{\"name\":\"eth0\",\"mac\":\"02:00:00:00:00:01\","
                              "\"index\":2,\"address\":\"192.168.1.20\",\"up\":true,"
                              "\"joined\":true}]}");
}

void
dyno_test_wire_hear (DynoTestWire *self,
                     const guint8 *data,
                     gsize         size)
{
  DynoDatagram datagram = { .data = data,
                            .size = size,
                            .address = self->address,
                            .port = 50000,
                            .ifindex = self->ifindex,
                            .arrival_us = self->now_us,
                            .kernel_us = 50 };

  dyno_intake_datagram (self->intake, &datagram, FALSE);
  dyno_test_wire_flush (self);
}

void
dyno_test_wire_wait (DynoTestWire *self,
                     gint64        us)
{
  self->now_us += us;
  dyno_intake_advance (self->intake, self->now_us);
  dyno_test_wire_flush (self);
}

static DynoKlhdvHeader
next_header (DynoTestProvider *self,
             guint16           destination)
{
  return (DynoKlhdvHeader){ self->host, self->seq++, destination };
}

void
dyno_test_provider_announce (DynoTestProvider      *self,
                             DynoTestWire          *wire,
                             const DynoTestChannel *channels,
                             guint                  n_channels)
{
  DynoKlhdvEntry entries[41];
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];

  for (guint first = 0; first == 0 || first < n_channels; first += 39)
    {
      guint n = MIN (n_channels - first, 39);
      DynoKlhdvHeader header = next_header (self, DYNO_KLHDV_ALL_HOSTS);

      for (guint i = 0; i < n; i++)
        dyno_klhdv_set_entry (&entries[i], channels[first + i].id, channels[first + i].name,
                              channels[first + i].unit);
      dyno_test_wire_hear (wire, data,
                           dyno_klhdv_write_info (data, &header, self->name, entries, n));
    }
}

void
dyno_test_provider_clear (DynoTestProvider *self,
                          DynoTestWire     *wire)
{
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  DynoKlhdvHeader header = next_header (self, DYNO_KLHDV_ALL_HOSTS);

  dyno_test_wire_hear (wire, data, dyno_klhdv_write_empty (data, &header, DYNO_KLHDV_CLEAR));
}

void
dyno_test_provider_value (DynoTestProvider *self,
                          DynoTestWire     *wire,
                          guint16           id,
                          guint32           time_ms,
                          float             value)
{
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  DynoKlhdvHeader header = next_header (self, DYNO_KLHDV_ALL_HOSTS);
  DynoKlhdvRecord record = { id, time_ms, value };

  dyno_test_wire_hear (wire, data, dyno_klhdv_write_values (data, &header, &record, 1));
}

void
dyno_test_provider_ping (DynoTestProvider *self,
                         DynoTestWire     *wire,
                         guint16           destination,
                         guint8            version)
{
  guint8 data[DYNO_KLHDV_DATAGRAM_SIZE];
  DynoKlhdvHeader header = next_header (self, destination);
  DynoKlhdvPing ping = { .version = version, .clock_ms = 1000 };

  dyno_test_wire_hear (wire, data, dyno_klhdv_write_ping (data, &header, &ping));
}
