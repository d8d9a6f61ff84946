/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

#include <string.h>

/* A key frame holds what decides about samples to come: hosts, lists, clocks,
 * sequences, bindings, pins, waiting values, and of health what marks a sample.
 * Periods and rates begin anew after it. It is a row of events:
 *
 *   key           time, settings, our node, interfaces, the provider in use
 *   key_pins      as many records as it takes
 *   key_host      a host without its channels
 *   key_channels  some of its channels, as many records as it takes
 *   key_bindings  what they are bound to
 *   key_end
 *
 * Numbers of 64 bits that may pass 2^53 stand as text. */

#define LEAST_US (2 * G_USEC_PER_SEC)
#define MOST_US (10 * G_USEC_PER_SEC)
#define WORTH 6           /* bytes of stream that make a frame of one byte worth it */
#define ROWS_A_RECORD 150 /* of channels: keeps a record below 64 KiB, */
#define PINS_A_RECORD 80  /* whatever the names */

static void
write_text (DynoIntake     *self,
            DynoJsonWriter *w)
{
  g_autofree char *text = NULL;
  gsize length;

  dyno_json_writer_end_object (w);
  text = dyno_json_writer_finish (w);
  length = strlen (text);
  g_assert (length <= DYNO_JOURNAL_MOST_PAYLOAD);
  dyno_intake_append_json (self, text, length);
}

static DynoJsonWriter *
begin_part (const char *event)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", event);

  return w;
}

static void
add_hex (DynoJsonWriter *w,
         const char     *name,
         guint64         value)
{
  char text[20];

  g_snprintf (text, sizeof text, "%" G_GINT64_MODIFIER "x", value);
  dyno_json_writer_add_string (w, name, text);
}

static void
add_node (DynoJsonWriter *w,
          const DynoNode *node)
{
  dyno_json_writer_name (w, "node");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "phase", node->phase);
  dyno_json_writer_add_integer (w, "id", node->id);
  dyno_json_writer_add_integer (w, "seq", node->seq);
  dyno_json_writer_add_integer (w, "due", node->due_us);
  dyno_json_writer_add_integer (w, "origin", node->origin_us);
  dyno_json_writer_add_integer (w, "collisions", node->n_collisions);
  add_hex (w, "chance", node->chance);
  dyno_json_writer_end_object (w);
}

static void
add_interfaces (DynoJsonWriter *w,
                const GArray   *interfaces)
{
  dyno_json_writer_name (w, "interfaces");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < interfaces->len; i++)
    {
      const DynoInterfaceState *interface = &g_array_index (interfaces, DynoInterfaceState, i);
      g_autofree char *address = dyno_address_text (interface->address);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "name", interface->name);
      dyno_json_writer_add_string (w, "mac", interface->mac);
      dyno_json_writer_add_integer (w, "index", interface->index);
      dyno_json_writer_add_string (w, "address", address);
      dyno_json_writer_add_boolean (w, "up", interface->is_up);
      dyno_json_writer_add_boolean (w, "joined", interface->is_joined);
      dyno_json_writer_add_boolean (w, "loopback", interface->is_loopback);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
add_pin (DynoJsonWriter *w,
         const DynoPin  *pin)
{
  const char *canonical = dyno_channel_info (pin->canonical)->name;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "provider", pin->provider);
  dyno_json_writer_add_string (w, "channel", pin->channel);
  dyno_json_writer_add_integer (w, "unit", pin->unit_code);
  dyno_json_writer_add_integer (w, "occurrence", pin->occurrence);
  dyno_json_writer_add_string (w, "canonical",
                               pin->canonical != DYNO_CHANNEL_NONE ? canonical : NULL);
  dyno_json_writer_end_object (w);
}

static void
write_pins (DynoIntake *self)
{
  for (guint first = 0; first < self->pins->len; first += PINS_A_RECORD)
    {
      DynoJsonWriter *w = begin_part ("key_pins");

      dyno_json_writer_name (w, "pins");
      dyno_json_writer_begin_array (w);
      for (guint i = first; i < MIN (first + PINS_A_RECORD, self->pins->len); i++)
        add_pin (w, g_ptr_array_index (self->pins, i));
      dyno_json_writer_end_array (w);
      write_text (self, w);
    }
}

static void
add_counts (DynoJsonWriter *w,
            const char     *name,
            gconstpointer   counts,
            gsize           size)
{
  const guint64 *numbers = counts;

  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (gsize i = 0; i < size / sizeof *numbers; i++)
    dyno_json_writer_integer (w, (gint64) MIN (numbers[i], (guint64) DYNO_KEY_MOST));
  dyno_json_writer_end_array (w);
}

static void
write_head (DynoIntake *self)
{
  DynoJsonWriter *w = begin_part ("key");
  g_autofree char *expected = dyno_address_text (self->expected);

  dyno_json_writer_add_integer (w, "time", self->now_us);
  dyno_json_writer_add_integer (w, "derivation", DYNO_DERIVATION_VERSION);
  dyno_json_writer_add_boolean (w, "on", self->is_on);
  dyno_json_writer_add_integer (w, "since", self->on_since_us);
  add_hex (w, "seed", self->seed);
  dyno_json_writer_add_boolean (w, "passive", self->is_passive);
  dyno_json_writer_add_string (w, "provider", self->wanted);
  dyno_json_writer_add_string (w, "expected", self->expected != 0 ? expected : NULL);
  dyno_json_writer_add_integer (w, "chosen", self->chosen != NULL ? self->chosen->id : 0);
  dyno_json_writer_add_integer (w, "chosen_since", self->chosen_us);
  dyno_json_writer_add_integer (w, "next_index", self->hosts.next_index);
  dyno_json_writer_add_integer (w, "tx_port", self->tx_port);
  dyno_json_writer_add_integer (w, "buffer", self->receive_buffer);
  dyno_json_writer_add_integer (w, "trouble", self->trouble);
  add_counts (w, "counts", &self->counts, sizeof self->counts);
  add_node (w, &self->node);
  add_interfaces (w, self->interfaces);
  write_text (self, w);
}

static void
add_sequence (DynoJsonWriter     *w,
              const DynoSequence *sequence)
{
  guint n = MIN (sequence->n_memory, DYNO_SEQUENCE_MEMORY);

  dyno_json_writer_name (w, "sequence");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "last", sequence->has_last ? sequence->last : -1);
  dyno_json_writer_add_integer (w, "late_run", sequence->late_run);
  dyno_json_writer_add_integer (w, "advanced", sequence->advanced_us);
  dyno_json_writer_name (w, "missing");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < 256; i++)
    {
      if ((sequence->missing[i / 64] >> (i % 64) & 1) != 0)
        dyno_json_writer_integer (w, i);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "memory");
  dyno_json_writer_begin_array (w);
  for (guint back = n; back > 0; back--)
    {
      const DynoSequenceStep *step
        = &sequence->memory[(sequence->n_memory - back) % DYNO_SEQUENCE_MEMORY];

      dyno_json_writer_integer (w, step->seq);
      dyno_json_writer_integer (w, step->sum);
      dyno_json_writer_integer (w, step->ifindex);
      dyno_json_writer_integer (w, step->arrival_us);
    }
  dyno_json_writer_end_array (w);
  add_counts (w, "counts", &sequence->received, 6 * sizeof sequence->received);
  dyno_json_writer_end_object (w);
}

static void
add_clock (DynoJsonWriter      *w,
           const DynoHostClock *clock)
{
  guint n = MIN (clock->n_pongs, DYNO_HOST_CLOCK_PONGS);

  dyno_json_writer_name (w, "clock");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "last", clock->has_last ? clock->last_ms : -1);
  dyno_json_writer_add_integer (w, "arrival", clock->last_arrival_us);
  dyno_json_writer_name (w, "pongs");
  dyno_json_writer_begin_array (w);
  for (guint back = n; back > 0; back--)
    {
      const DynoHostClockPong *pong
        = &clock->pongs[(clock->n_pongs - back) % DYNO_HOST_CLOCK_PONGS];

      dyno_json_writer_integer (w, pong->at_us);
      dyno_json_writer_integer (w, pong->offset_us);
      dyno_json_writer_integer (w, pong->rtt_us);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "lags");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < DYNO_HOST_CLOCK_BUCKETS; i++)
    {
      if (clock->buckets[i].at_us == 0)
        continue;
      dyno_json_writer_integer (w, clock->buckets[i].at_us);
      dyno_json_writer_integer (w, clock->buckets[i].offset_us);
    }
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}

static void
write_bindings (DynoIntake     *self,
                const DynoHost *host)
{
  const DynoBinding *binding = host->binding;
  DynoJsonWriter *w = begin_part ("key_bindings");

  dyno_json_writer_add_integer (w, "id", host->id);
  dyno_json_writer_name (w, "bindings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    {
      const DynoBound *bound = dyno_binding_bound (binding, i);

      if (!bound->is_bound)
        continue;
      dyno_json_writer_string (w, dyno_channel_info (dyno_binding_rows[i].canonical)->name);
      dyno_json_writer_integer (w, bound->slot);
      dyno_json_writer_integer (w, (bound->is_provisional ? 1 : 0) | (bound->is_pinned ? 2 : 0));
      dyno_json_writer_integer (w, bound->by);
      dyno_json_writer_integer (w, bound->rank);
      dyno_json_writer_integer (w, bound->since_us);
    }
  dyno_json_writer_end_array (w);
  write_text (self, w);
}

/* A float as its 32 bits: NaN and −0 survive. */
static guint32
bits_of (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);

  return bits;
}

static void
add_pending (DynoJsonWriter *w,
             const DynoHost *host)
{
  dyno_json_writer_name (w, "pending");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < host->n_pending; i++)
    {
      const DynoPending *pending
        = &host->pending[(host->first_pending + i) % DYNO_HOST_PENDING];

      dyno_json_writer_integer (w, pending->id);
      dyno_json_writer_integer (w, bits_of (pending->value));
      dyno_json_writer_integer (w, pending->t_us);
      dyno_json_writer_integer (w, pending->arrival_us);
    }
  dyno_json_writer_end_array (w);
}

static void
write_host (DynoIntake     *self,
            const DynoHost *host)
{
  DynoJsonWriter *w = begin_part ("key_host");
  g_autofree char *address = dyno_address_text (host->address);
  g_autofree char *sum = dyno_crypt_hex (host->set_sum, sizeof host->set_sum);

  dyno_json_writer_add_integer (w, "id", host->id);
  dyno_json_writer_add_string (w, "name", host->name);
  dyno_json_writer_add_string (w, "address", address);
  dyno_json_writer_add_integer (w, "port", host->port);
  dyno_json_writer_add_integer (w, "ifindex", host->ifindex);
  dyno_json_writer_add_integer (w, "first", host->first_us);
  dyno_json_writer_add_integer (w, "last", host->last_us);
  dyno_json_writer_add_integer (w, "last_values", host->last_values_us);
  dyno_json_writer_add_integer (w, "last_info", host->last_info_us);
  dyno_json_writer_add_integer (w, "presence", host->presence);
  dyno_json_writer_add_boolean (w, "incompatible", host->is_incompatible);
  dyno_json_writer_add_boolean (w, "provider", host->is_provider);
  dyno_json_writer_add_integer (w, "generation", host->generation);
  dyno_json_writer_name (w, "origin");
  if (host->has_origin)
    dyno_json_writer_integer (w, host->origin_us);
  else
    dyno_json_writer_null (w);
  dyno_json_writer_add_boolean (w, "spoken", host->has_spoken);
  dyno_json_writer_add_boolean (w, "told", host->list_was_told);
  dyno_json_writer_add_string (w, "sum", host->has_set_sum ? sum : NULL);
  dyno_json_writer_add_integer (w, "requests", host->n_requests);
  dyno_json_writer_add_integer (w, "next_request", host->next_request_us);
  dyno_json_writer_add_integer (w, "next_ping", host->next_ping_us);
  add_counts (w, "counts", &host->counts, sizeof host->counts);
  add_sequence (w, &host->sequence);
  add_clock (w, &host->clock);
  add_pending (w, host);
  write_text (self, w);
}

static void
add_channel (DynoJsonWriter *w,
             const DynoSlot *slot)
{
  const DynoWireChannel *channel = slot->channel;
  const DynoLiveHealth *health = &slot->health;
  guint marks = (channel->is_full_width ? 1u : 0) | (health->has_finite ? 2u : 0)
                | (health->has_changed ? 4u : 0) | (health->is_low_pegged ? 8u : 0)
                | (health->last_was_pegged ? 16u : 0) | (health->has_other_unit ? 32u : 0);

  dyno_json_writer_begin_array (w);
  dyno_json_writer_integer (w, channel->id);
  dyno_json_writer_string (w, channel->name);
  dyno_json_writer_integer (w, channel->unit_code);
  dyno_json_writer_integer (w, channel->occurrence);
  dyno_json_writer_integer (w, channel->index);
  dyno_json_writer_integer (w, marks);
  if (health->n_samples > 0)
    {
      dyno_json_writer_integer (w, (gint64) MIN (health->n_samples, (guint64) DYNO_KEY_MOST));
      dyno_json_writer_integer (w, bits_of (health->last));
      dyno_json_writer_integer (w, health->last_t_us);
      dyno_json_writer_integer (w, health->last_arrival_us);
      dyno_json_writer_integer (w, health->last_finite_us);
      dyno_json_writer_integer (w, health->same_since_us);
      dyno_json_writer_integer (w, health->low_peg_since_us);
      dyno_json_writer_integer (w, health->invalid_score);
    }
  dyno_json_writer_end_array (w);
}

static void
write_channels (DynoIntake     *self,
                const DynoHost *host)
{
  for (guint first = 0; first < host->slots->len; first += ROWS_A_RECORD)
    {
      DynoJsonWriter *w = begin_part ("key_channels");

      dyno_json_writer_add_integer (w, "id", host->id);
      dyno_json_writer_name (w, "rows");
      dyno_json_writer_begin_array (w);
      for (guint i = first; i < MIN (first + ROWS_A_RECORD, host->slots->len); i++)
        add_channel (w, g_ptr_array_index (host->slots, i));
      dyno_json_writer_end_array (w);
      write_text (self, w);
    }
}

static gboolean
is_due (const DynoIntake *self)
{
  gint64 age_us = self->now_us - self->key_us;

  if (self->key_us == 0 || age_us >= MOST_US)
    return TRUE;

  return age_us >= LEAST_US && self->bytes_since_key >= WORTH * self->key_size;
}

void
dyno_intake_write_key (DynoIntake *self)
{
  gsize begin = self->records->len;

  if (!self->keeps_records || !is_due (self))
    return;

  write_head (self);
  write_pins (self);
  for (guint i = 0; i < self->hosts.hosts->len; i++)
    {
      const DynoHost *host = g_ptr_array_index (self->hosts.hosts, i);

      write_host (self, host);
      write_channels (self, host);
      write_bindings (self, host);
    }
  write_text (self, begin_part ("key_end"));

  self->key_at = (gssize) begin;
  self->key_us = self->now_us;
  self->key_size = self->records->len - begin;
  self->bytes_since_key = 0;
}
