/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-replay.h"

#include <poll.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-intake.h"
#include "dyno-interfaces.h"
#include "dyno-transmit.h"

/* A journal on the wire again. The records go through an intake, as in every
 * derivation; what comes out of it is said once more by providers of ours, one a
 * name, each with an id that is free now. So repeats and bad messages of then
 * are not repeated, and nothing malformed leaves. */

#define BATCH_US 50000
#define MOST_SPEAKERS 8
#define NEGOTIATION_US (3 * G_USEC_PER_SEC)

typedef struct
{
  char         *name;     /* (owned) */
  DynoTransmit *transmit; /* (owned) */
  GArray       *entries;  /* (owned) of DynoKlhdvEntry */
  gboolean      list_is_new;
} Speaker;

/* A column of the recording and who says it now. */
typedef struct
{
  Speaker *speaker; /* (borrowed) (nullable) */
  guint16  id;
} Column;

typedef struct
{
  DynoWire          *wire;      /* (owned) */
  guint32            ifindex;
  double             speed;
  GCancellable      *cancellable; /* (borrowed) (nullable) */
  DynoReplayReport  *report;    /* (borrowed) */
  DynoIntake        *intake;    /* (owned) */
  GPtrArray         *speakers;  /* (owned) of Speaker */
  GHashTable        *columns;   /* (owned) channel index to Column */
  gint64             begin_us;  /* wall time of the first record */
  guint32            clock_ms;  /* of the newest sample */
} Player;

static void
speaker_free (Speaker *speaker)
{
  dyno_transmit_free (speaker->transmit);
  g_array_unref (speaker->entries);
  g_free (speaker->name);
  g_free (speaker);
}

static void
send_cb (const guint8 *data,
         gsize         size,
         gpointer      user_data)
{
  Player *self = user_data;

  if (!dyno_wire_send (self->wire, self->ifindex, data, size))
    g_debug ("A message of the replay could not be sent");
}

static void
serve (Player *self)
{
  DynoDatagram datagrams[DYNO_WIRE_MOST_AT_ONCE];
  gint64 now_us = g_get_monotonic_time ();
  guint n;

  while ((n = dyno_wire_receive (self->wire, datagrams)) > 0)
    {
      for (guint i = 0; i < n; i++)
        {
          for (guint s = 0; s < self->speakers->len
                            && datagrams[i].port != dyno_wire_tx_port (self->wire); s++)
            dyno_transmit_hear (((Speaker *) g_ptr_array_index (self->speakers, s))->transmit,
                                datagrams[i].data, datagrams[i].size, now_us);
        }
    }
  for (guint s = 0; s < self->speakers->len; s++)
    {
      Speaker *speaker = g_ptr_array_index (self->speakers, s);

      dyno_transmit_set_clock (speaker->transmit, self->clock_ms);
      dyno_transmit_step (speaker->transmit, now_us);
    }
}

/* Waits until `until_us` and serves the wire meanwhile; FALSE when cancelled. */
static gboolean
wait_until (Player *self,
            gint64  until_us)
{
  serve (self);
  while (g_get_monotonic_time () < until_us && !g_cancellable_is_cancelled (self->cancellable))
    {
      gint64 left_us = until_us - g_get_monotonic_time ();
      struct pollfd fd = { .fd = dyno_wire_fd (self->wire), .events = POLLIN };

      poll (&fd, 1, (int) CLAMP (left_us / 1000 + 1, 1, 50));
      serve (self);
    }

  return !g_cancellable_is_cancelled (self->cancellable);
}

/* A provider needs its id before it can speak; the recording waits for it. */
static void
negotiate (Player  *self,
           Speaker *speaker)
{
  gint64 begin_us = g_get_monotonic_time ();

  dyno_transmit_start (speaker->transmit, begin_us);
  while (!dyno_transmit_is_ready (speaker->transmit)
         && g_get_monotonic_time () - begin_us < NEGOTIATION_US
         && wait_until (self, g_get_monotonic_time () + BATCH_US))
    ;
  self->begin_us += g_get_monotonic_time () - begin_us;
}

static Speaker *
find_speaker (Player     *self,
              const char *name)
{
  DynoTransmitConfig config = { .name = name };
  Speaker *speaker;

  for (guint i = 0; i < self->speakers->len; i++)
    {
      speaker = g_ptr_array_index (self->speakers, i);
      if (g_str_equal (speaker->name, name))
        return speaker;
    }
  if (self->speakers->len >= MOST_SPEAKERS)
    return NULL;

  dyno_crypt_random (&config.seed, sizeof config.seed);
  speaker = g_new0 (Speaker, 1);
  speaker->name = g_strdup (name);
  speaker->transmit = dyno_transmit_new (&config, send_cb, self);
  speaker->entries = g_array_new (FALSE, FALSE, sizeof (DynoKlhdvEntry));
  g_ptr_array_add (self->speakers, speaker);
  negotiate (self, speaker);

  return speaker;
}

static void
add_column (Player                *self,
            const DynoWireChannel *wire)
{
  Column *column = g_new0 (Column, 1);
  DynoKlhdvEntry entry;
  guint i = 0;

  column->id = wire->id;
  column->speaker = find_speaker (self, wire->provider);
  g_hash_table_insert (self->columns, GUINT_TO_POINTER (wire->index), column);
  if (column->speaker == NULL)
    return;

  dyno_klhdv_set_entry (&entry, wire->id, wire->name, wire->unit_code);
  while (i < column->speaker->entries->len
         && g_array_index (column->speaker->entries, DynoKlhdvEntry, i).id != wire->id)
    i++;
  if (i == column->speaker->entries->len)
    g_array_append_val (column->speaker->entries, entry);
  else
    g_array_index (column->speaker->entries, DynoKlhdvEntry, i) = entry;
  column->speaker->list_is_new = TRUE;
}

static void
forget_list (Player     *self,
             const char *name)
{
  Speaker *speaker = find_speaker (self, name);

  if (speaker == NULL)
    return;
  g_array_set_size (speaker->entries, 0);
  dyno_transmit_flush (speaker->transmit);
  dyno_transmit_clear (speaker->transmit);
}

static void
take_event (Player          *self,
            const DynoEvent *event)
{
  if (event->kind == DYNO_EVENT_CHANNEL_ADDED)
    add_column (self, event->wire);
  else if ((event->kind == DYNO_EVENT_PROVIDER_CLEARED
            || event->kind == DYNO_EVENT_PROVIDER_RESTARTED) && event->text != NULL)
    forget_list (self, event->text);
}

static void
announce_new (Player *self)
{
  for (guint i = 0; i < self->speakers->len; i++)
    {
      Speaker *speaker = g_ptr_array_index (self->speakers, i);

      if (speaker->list_is_new)
        dyno_transmit_set_channels (speaker->transmit,
                                    (const DynoKlhdvEntry *) (gpointer) speaker->entries->data,
                                    speaker->entries->len, TRUE);
      speaker->list_is_new = FALSE;
    }
}

static void
take_sample (Player           *self,
             const DynoSample *sample)
{
  const Column *column
    = g_hash_table_lookup (self->columns, GUINT_TO_POINTER (sample->channel));

  if (column == NULL || column->speaker == NULL)
    return;
  announce_new (self);
  self->clock_ms = (guint32) (sample->t_us / 1000);
  dyno_transmit_queue (column->speaker->transmit, column->id, self->clock_ms, sample->raw);
}

static void
say_batch (Player          *self,
           const DynoBatch *batch)
{
  guint e = 0;

  for (guint i = 0; i <= batch->n_samples; i++)
    {
      for (; e < batch->n_events && batch->events[e].at <= i; e++)
        take_event (self, &batch->events[e]);
      if (i < batch->n_samples)
        take_sample (self, &batch->samples[i]);
    }
  self->report->n_samples += batch->n_samples;
}

static void
say (Player *self,
     gint64  now_us)
{
  DynoBatch *batch;
  DynoOutgoing unheard;

  while (dyno_intake_next_outgoing (self->intake, &unheard))
    ;
  while ((batch = dyno_intake_take_batch (self->intake, now_us)) != NULL)
    {
      say_batch (self, batch);
      dyno_batch_unref (batch);
    }
  announce_new (self);
  for (guint i = 0; i < self->speakers->len; i++)
    dyno_transmit_flush (((Speaker *) g_ptr_array_index (self->speakers, i))->transmit);
}

static gboolean
keep_pace (Player *self,
           gint64  arrival_us)
{
  gint64 since_us = arrival_us - self->report->first_us;

  if (self->speed <= 0)
    return wait_until (self, 0);

  return wait_until (self, self->begin_us + (gint64) ((double) since_us / self->speed));
}

static void
play (Player            *self,
      DynoJournalReader *reader)
{
  const DynoJournalRecord *record;
  gint64 say_us = G_MININT64;

  self->begin_us = g_get_monotonic_time ();
  while ((record = dyno_journal_reader_next (reader)) != NULL)
    {
      if (self->report->n_records++ == 0)
        self->report->first_us = record->arrival_us;
      if (record->arrival_us >= say_us)
        {
          say (self, record->arrival_us);
          say_us = record->arrival_us + BATCH_US;
          if (!keep_pace (self, record->arrival_us))
            break;
        }
      self->report->n_received += record->type == DYNO_JOURNAL_RECEIVED ? 1 : 0;
      self->report->last_us = MAX (self->report->last_us, record->arrival_us);
      dyno_intake_record (self->intake, record);
    }
  say (self, self->report->last_us);
}

static void
leave (Player *self)
{
  for (int again = 0; again < 2; again++)
    {
      for (guint i = 0; i < self->speakers->len; i++)
        dyno_transmit_clear (((Speaker *) g_ptr_array_index (self->speakers, i))->transmit);
      g_usleep (20000);
    }
}

static gboolean
open_wire (Player                      *self,
           const DynoReplayWireConfig  *config,
           GError                     **error)
{
  const char *wish = config->interface != NULL ? config->interface : "lo";
  g_autoptr(GArray) all = dyno_interfaces_list ();
  g_autoptr(GArray) chosen = dyno_interfaces_choose (all, wish);
  DynoWireConfig wire = { .group = config->group != NULL ? config->group : DYNO_KLHDV_GROUP,
                          .port = config->port != 0 ? config->port : DYNO_KLHDV_PORT,
                          .ttl = config->ttl };

  if (chosen->len != 1)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "simulator",
                      "The interface %s is not there or not up; name one interface.", wish);
      return FALSE;
    }
  self->ifindex = g_array_index (chosen, DynoInterface, 0).index;
  if (config->ttl < 0)
    wire.ttl = g_array_index (chosen, DynoInterface, 0).is_loopback ? 0 : 1;
  self->wire = dyno_wire_open (&wire, error);

  return self->wire != NULL && dyno_wire_join (self->wire, self->ifindex, error);
}

gboolean
dyno_replay_send (const char                  *path,
                  const DynoReplayWireConfig  *config,
                  GCancellable                *cancellable,
                  DynoReplayReport            *report,
                  GError                     **error)
{
  g_autoptr(DynoJournalReader) reader = dyno_journal_reader_open (path, error);
  Player self = { .speed = config->speed, .cancellable = cancellable, .report = report };

  *report = (DynoReplayReport){ 0 };
  if (reader == NULL)
    return FALSE;
  if (!open_wire (&self, config, error))
    {
      dyno_wire_free (self.wire);
      return FALSE;
    }

  self.intake = dyno_intake_new (FALSE);
  self.speakers = g_ptr_array_new_with_free_func ((GDestroyNotify) speaker_free);
  self.columns = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  play (&self, reader);
  leave (&self);
  report->is_complete = dyno_journal_reader_is_complete (reader);
  report->complaint = g_strdup (dyno_journal_reader_complaint (reader));

  g_hash_table_unref (self.columns);
  g_ptr_array_unref (self.speakers);
  dyno_intake_free (self.intake);
  dyno_wire_free (self.wire);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
