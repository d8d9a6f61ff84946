/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

#include <string.h>

#include "dyno-crypt.h"

/* After so long without anything every host is forgotten, and after a while more
 * every timer has run: a longer jump of arrival need not be walked tick by tick. */
#define LONGEST_WALK_US (11 * 60 * G_USEC_PER_SEC)
#define EMPTY_WALK_US (45 * G_USEC_PER_SEC)

static void
clear_event (gpointer data)
{
  DynoEvent *event = data;

  g_clear_pointer (&event->wire, dyno_wire_channel_unref);
  g_clear_pointer (&event->text, g_free);
}

static void
clear_interface (gpointer data)
{
  DynoInterfaceState *interface = data;

  g_clear_pointer (&interface->name, g_free);
  g_clear_pointer (&interface->mac, g_free);
}

/* What a pass fills; the arrays of events are given away, not reused. */
static void
begin_pass (DynoIntake *self)
{
  self->n_records = 0;
  self->key_at = -1;
  self->pass_begin_us = 0;
}

DynoIntake *
dyno_intake_new (gboolean keeps_records)
{
  DynoIntake *self = g_new0 (DynoIntake, 1);

  self->keeps_records = keeps_records;
  self->node.phase = DYNO_NODE_OFF;
  self->pins = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_pin_free);
  self->interfaces = g_array_new (FALSE, TRUE, sizeof (DynoInterfaceState));
  g_array_set_clear_func (self->interfaces, clear_interface);
  self->events = g_array_new (FALSE, TRUE, sizeof (DynoEvent));
  self->records = g_byte_array_new ();
  g_queue_init (&self->outgoing);
  dyno_hosts_init (&self->hosts, 0);
  begin_pass (self);

  return self;
}

void
dyno_intake_free (DynoIntake *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < self->events->len; i++)
    clear_event (&g_array_index (self->events, DynoEvent, i));
  g_queue_clear_full (&self->outgoing, g_free);
  g_array_unref (self->events);
  g_free (self->samples);
  g_array_unref (self->interfaces);
  g_byte_array_unref (self->records);
  g_ptr_array_unref (self->pins);
  dyno_hosts_clear (&self->hosts);
  g_free (self->wanted);
  g_free (self);
}

DynoEvent *
dyno_intake_event (DynoIntake     *self,
                   DynoEventKind   kind,
                   const DynoHost *host)
{
  DynoEvent event = { .kind = kind,
                      .arrival_us = self->now_us,
                      .at = self->n_samples,
                      .channel = DYNO_NO_CHANNEL };

  if (host != NULL)
    {
      event.host_id = host->id;
      event.generation = host->generation;
    }
  g_array_append_val (self->events, event);
  if (self->pass_begin_us == 0)
    self->pass_begin_us = self->now_us;

  return &g_array_index (self->events, DynoEvent, self->events->len - 1);
}

DynoSample *
dyno_intake_sample (DynoIntake *self)
{
  if (self->n_samples == self->n_sample_places)
    {
      self->n_sample_places = MAX (2 * self->n_sample_places, 1024);
      self->samples = g_renew (DynoSample, self->samples, self->n_sample_places);
    }

  return &self->samples[self->n_samples++];
}

DynoEvent *
dyno_intake_channel_event (DynoIntake      *self,
                           DynoEventKind    kind,
                           const DynoHost  *host,
                           DynoWireChannel *channel)
{
  DynoEvent *event = dyno_intake_event (self, kind, host);

  event->channel = channel->index;
  event->wire = dyno_wire_channel_ref (channel);

  return event;
}

/* Nobody is there, nothing is asked for: ticks would change nothing. */
static gboolean
is_quiet (const DynoIntake *self)
{
  return self->hosts.hosts->len == 0 && !self->is_on;
}

static void
set_first_tick (DynoIntake *self,
                gint64      now_us)
{
  self->next_tick_us = (now_us / DYNO_TICK_US + 1) * DYNO_TICK_US;
}

/* How far the ticks must be walked before the rest of a silence can be jumped. */
static gint64
walk_us (const DynoIntake *self)
{
  return self->hosts.hosts->len > 0 ? LONGEST_WALK_US : EMPTY_WALK_US;
}

static void
walk (DynoIntake *self,
      gint64      until_us)
{
  for (; self->next_tick_us <= until_us; self->next_tick_us += DYNO_TICK_US)
    {
      self->now_us = self->next_tick_us;
      dyno_intake_tick (self);
    }
}

static void
run_ticks (DynoIntake *self,
           gint64      now_us)
{
  if (self->next_tick_us == 0 || is_quiet (self))
    set_first_tick (self, now_us);

  while (now_us - self->next_tick_us > 2 * walk_us (self))
    {
      gboolean was_empty = self->hosts.hosts->len == 0;

      walk (self, self->next_tick_us + walk_us (self));
      if (was_empty)
        set_first_tick (self, now_us - DYNO_TICK_US);
    }
  walk (self, now_us);
}

/* Something came in: time goes on to it, never back. */
gint64
dyno_intake_arrive (DynoIntake *self,
                    gint64      arrival_us)
{
  if (self->is_reading_key)
    dyno_intake_drop_key (self);
  arrival_us = MAX (CLAMP (arrival_us, 0, G_MAXINT64 / 2000), self->now_us);
  run_ticks (self, arrival_us);
  self->now_us = arrival_us;
  self->was_fed = TRUE;

  return arrival_us;
}

static void
count_at_interface (DynoIntake *self,
                    guint32     ifindex)
{
  for (guint i = 0; i < self->interfaces->len; i++)
    {
      DynoInterfaceState *interface = &g_array_index (self->interfaces, DynoInterfaceState, i);

      if (interface->index == ifindex)
        interface->datagrams++;
    }
}

static DynoHost *
meet (DynoIntake         *self,
      guint16             id,
      const DynoDatagram *datagram)
{
  DynoHost *host = dyno_hosts_find (&self->hosts, id);
  DynoHost *evicted;

  if (host == NULL)
    {
      host = dyno_hosts_add (&self->hosts, id, self->chosen, self->now_us, &evicted);
      if (evicted != NULL)
        {
          dyno_intake_event (self, DYNO_EVENT_PROVIDER_FORGOTTEN, evicted);
          dyno_host_free (evicted);
        }
      if (host == NULL)
        return NULL;
    }
  if (host->presence != DYNO_HOST_ALIVE && host->is_provider)
    dyno_intake_event (self, DYNO_EVENT_PROVIDER_BACK, host)->text = g_strdup (host->name);

  host->presence = DYNO_HOST_ALIVE;
  host->last_us = self->now_us;
  host->address = datagram->address;
  host->port = datagram->port;
  host->ifindex = datagram->ifindex;

  return host;
}

/* TRUE where the message is new and to be believed. */
static gboolean
track (DynoIntake         *self,
       DynoHost           *host,
       guint8              seq,
       const DynoDatagram *datagram)
{
  DynoSequenceStep step = { .seq = seq,
                            .sum = dyno_crypt_crc32 (0, datagram->data, datagram->size),
                            .ifindex = datagram->ifindex,
                            .arrival_us = self->now_us };
  DynoSequenceVerdict verdict;
  guint gap;

  verdict = dyno_sequence_track (&host->sequence, &step, &gap);
  if (verdict == DYNO_SEQUENCE_GAP)
    dyno_intake_event (self, DYNO_EVENT_GAP, host)->count = gap;

  return verdict != DYNO_SEQUENCE_DUPLICATE && verdict != DYNO_SEQUENCE_COPY;
}

static void
count_message (DynoHostCounts *counts,
               guint           marks)
{
  counts->malformed += (marks & DYNO_KLHDV_COUNT_MALFORMED) != 0;
  counts->trailing += (marks & DYNO_KLHDV_COUNT_TRAILING) != 0;
  counts->unknown_key += (marks & DYNO_KLHDV_COUNT_UNKNOWN_KEY) != 0;
  counts->remainder += (marks & DYNO_KLHDV_COUNT_REMAINDER) != 0;
}

/* Channel content is taken whatever its destination says. */
static gboolean
is_for_us (const DynoIntake     *self,
           const DynoKlhdvFrame *frame)
{
  guint16 to = frame->header.destination;

  return frame->key <= DYNO_KLHDV_CLEAR || to == DYNO_KLHDV_ALL_HOSTS || to == self->node.id;
}

static void
take_message (DynoIntake           *self,
              DynoHost             *host,
              const DynoKlhdvFrame *frame,
              gint64                sent_us)
{
  if (frame->key == DYNO_KLHDV_PING)
    dyno_intake_take_ping (self, host, frame);
  else if (frame->key == DYNO_KLHDV_PONG)
    dyno_intake_take_pong (self, host, frame);
  if (host == NULL || host->is_incompatible)
    return;

  if (frame->key == DYNO_KLHDV_CHANNEL_INFO)
    dyno_intake_take_info (self, host, frame);
  else if (frame->key == DYNO_KLHDV_CHANNEL_VALUES)
    dyno_intake_take_values (self, host, frame, sent_us);
  else if (frame->key == DYNO_KLHDV_CLEAR)
    dyno_intake_take_clear (self, host);
}

/* A whole message of another node. `host` is NULL for one without an id. */
static void
judge_message (DynoIntake           *self,
               const DynoDatagram   *datagram,
               const DynoKlhdvFrame *frame)
{
  gint64 sent_us = self->now_us;
  DynoHost *host = NULL;

  self->last_foreign_us = self->now_us;
  count_at_interface (self, datagram->ifindex);
  if (datagram->kernel_us != DYNO_JOURNAL_KERNEL_UNKNOWN)
    sent_us -= datagram->kernel_us;

  if (frame->header.host != DYNO_KLHDV_NO_HOST)
    {
      if (dyno_node_hear (&self->node, frame->header.host, self->now_us))
        dyno_intake_event (self, DYNO_EVENT_COLLISION, NULL)->host_id = frame->header.host;
      host = meet (self, frame->header.host, datagram);
      if (host == NULL)
        {
          self->counts.refused++;
          return;
        }
      if (!track (self, host, frame->header.seq, datagram))
        return;
      count_message (&host->counts, frame->counts);
    }
  if (frame->verdict == DYNO_KLHDV_IGNORED_HOST)
    self->counts.unnegotiated++;
  if (frame->verdict != DYNO_KLHDV_ACCEPTED)
    return;

  if (is_for_us (self, frame))
    take_message (self, host, frame, sent_us);
  else if (host != NULL)
    host->counts.not_for_us++;
}

void
dyno_intake_datagram (DynoIntake         *self,
                      const DynoDatagram *datagram,
                      gboolean            is_own)
{
  DynoKlhdvFrame frame;

  dyno_intake_arrive (self, datagram->arrival_us);
  dyno_intake_record_datagram (self, datagram, is_own);
  self->counts.datagrams++;
  self->counts.truncated += datagram->is_truncated ? 1 : 0;

  dyno_klhdv_decode (datagram->data, datagram->size, &frame);
  if (frame.verdict == DYNO_KLHDV_MALFORMED)
    self->counts.malformed++;
  else if ((frame.counts & DYNO_KLHDV_COUNT_BAD_HOST) != 0)
    self->counts.bad_host++;
  else if (is_own)
    {
      self->counts.own++;
      self->last_own_us = self->now_us;
    }
  else
    judge_message (self, datagram, &frame);
}

void
dyno_intake_input (DynoIntake *self,
                   const char *json,
                   gssize      length,
                   gint64      arrival_us)
{
  gsize size = length < 0 ? strlen (json) : (gsize) length;
  g_autoptr(DynoJson) input = dyno_json_parse (json, (gssize) size, NULL);

  if (dyno_json_get_string (input, "event") == NULL || size > DYNO_JOURNAL_MOST_PAYLOAD)
    return;
  if (dyno_intake_read_key (self, input))
    return;

  dyno_intake_arrive (self, arrival_us);
  dyno_intake_append_json (self, json, size);
  dyno_intake_event (self, DYNO_EVENT_INPUT, NULL)->text = g_strndup (json, size);
  dyno_intake_apply (self, input);
}

void
dyno_intake_advance (DynoIntake *self,
                     gint64      now_us)
{
  if (self->next_tick_us == 0)
    return;

  run_ticks (self, MAX (now_us, self->now_us));
}

gint64
dyno_intake_next_tick (const DynoIntake *self)
{
  return self->next_tick_us != 0 ? self->next_tick_us : G_MAXINT64;
}

/* Exact copies of what the pass gathered; the places are kept for the next. */

static DynoSample *
take_samples (DynoIntake *self,
              guint      *n)
{
  *n = self->n_samples;
  self->n_samples = 0;

  return g_memdup2 (self->samples, *n * sizeof *self->samples);
}

static DynoEvent *
take_events (DynoIntake *self,
             guint      *n)
{
  DynoEvent *copy = g_memdup2 (self->events->data, self->events->len * sizeof *copy);

  *n = self->events->len;
  g_array_set_size (self->events, 0);

  return copy;
}

static DynoBatch *
take_state (DynoIntake *self,
            gint64      now_us)
{
  DynoBatch *batch = dyno_batch_new (NULL, 0, NULL, 0);

  self->wants_state = FALSE;
  batch->state = dyno_intake_make_state (self);
  batch->begin_us = self->now_us;
  batch->end_us = MAX (now_us, self->now_us);

  return batch;
}

DynoBatch *
dyno_intake_take_batch (DynoIntake *self,
                        gint64      now_us)
{
  DynoBatch *batch;
  DynoSample *samples;
  DynoEvent *events;
  guint n_samples, n_events;

  if (self->pass_begin_us == 0)
    return self->wants_state ? take_state (self, now_us) : NULL;

  samples = take_samples (self, &n_samples);
  events = take_events (self, &n_events);
  batch = dyno_batch_new (samples, n_samples, events, n_events);
  if (self->records->len > 0)
    batch->records = g_bytes_new (self->records->data, self->records->len);
  batch->n_records = self->n_records;
  batch->key_at = self->key_at;
  batch->begin_us = self->pass_begin_us;
  batch->end_us = MAX (now_us, self->now_us);
  g_byte_array_set_size (self->records, 0);
  begin_pass (self);

  return batch;
}

gboolean
dyno_intake_next_outgoing (DynoIntake   *self,
                           DynoOutgoing *outgoing)
{
  g_autofree DynoOutgoing *next = g_queue_pop_head (&self->outgoing);

  if (next == NULL)
    return FALSE;
  *outgoing = *next;

  return TRUE;
}

guint32
dyno_intake_next_index (const DynoIntake *self)
{
  return self->hosts.next_index;
}
