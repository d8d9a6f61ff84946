/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-record-private.h"

#include "dyno-measure.h"

#include <math.h>

/* Long enough for the longest pre-roll (10 s), the time that a pull takes to show
 * itself, and the distance of two key frames. */
#define HISTORY_US (15 * G_USEC_PER_SEC)

static void
free_discard (gpointer data)
{
  DynoArmDiscard *discard = data;

  g_free (discard->run_id);
}

static void
read_settings (DynoRecord *self)
{
  g_autofree char *journal = dyno_config_dup (self->parts.config, "capture.journal");
  g_autofree char *folder = g_build_filename (self->parts.data_dir, "journal", NULL);

  self->stays_armed = dyno_config_get_boolean (self->parts.config, "capture.stay_armed");
  if (self->parts.store != NULL && g_str_equal (journal, "day"))
    self->day = dyno_day_journal_new (self->parts.journal, self->parts.clock, folder,
                                      self->parts.group, self->parts.port);
}

DynoRecord *
dyno_record_new (const DynoRecordParts *parts,
                 DynoLive              *live,
                 const char            *vehicle_id,
                 const char            *provider)
{
  DynoRecord *self = g_new0 (DynoRecord, 1);

  self->parts = *parts;
  self->parts.data_dir = g_strdup (parts->data_dir);
  self->parts.group = g_strdup (parts->group);
  self->live = live;
  self->vehicle_id = g_strdup (vehicle_id);
  self->wanted = g_strdup (provider);
  self->context = g_main_context_new ();
  self->asked = g_async_queue_new_full (g_object_unref);
  self->waiting = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->lineup = dyno_lineup_new ();
  self->feed = dyno_feed_new (live);
  self->trigger = dyno_trigger_new (dyno_record_take_pull, self);
  self->ring = dyno_packet_ring_new (DYNO_PACKET_RING_SPAN_US, DYNO_PACKET_RING_BYTES);
  g_queue_init (&self->history);
  self->recordings = g_ptr_array_new ();
  self->discards = g_array_new (FALSE, TRUE, sizeof (DynoArmDiscard));
  g_array_set_clear_func (self->discards, free_discard);
  self->has_start = TRUE;
  read_settings (self);
  dyno_record_show (self);

  return self;
}

void
dyno_record_free (DynoRecord *self)
{
  if (self == NULL)
    return;

  g_assert (self->recordings->len == 0 && self->n_pending == 0);
  dyno_day_journal_free (self->day, self->now_us);
  g_queue_clear_full (&self->history, (GDestroyNotify) dyno_batch_unref);
  g_ptr_array_unref (self->recordings);
  g_clear_pointer (&self->saved, dyno_recording_free);
  g_clear_pointer (&self->state, dyno_capture_state_unref);
  g_array_unref (self->discards);
  dyno_packet_ring_free (self->ring);
  dyno_trigger_free (self->trigger);
  dyno_feed_free (self->feed);
  dyno_lineup_free (self->lineup);
  g_hash_table_unref (self->waiting);
  g_async_queue_unref (self->asked);
  g_main_context_unref (self->context);
  g_free (self->parts.data_dir);
  g_free (self->parts.group);
  g_free (self->vehicle_id);
  g_free (self->wanted);
  g_free (self->title);
  g_free (self->override);
  g_free (self->failure);
  g_free (self);
}

void
dyno_record_set_failure (DynoRecord *self,
                         const char *sentence)
{
  g_free (self->failure);
  self->failure = g_strdup (sentence);
  dyno_record_show (self);
}

void
dyno_record_set_capture (DynoRecord  *self,
                         DynoCapture *capture)
{
  self->capture = capture;
}

/* Runs what has been answered, without waiting. */
static void
hear_answers (DynoRecord *self)
{
  while (self->n_pending > 0 && g_main_context_iteration (self->context, FALSE))
    ;
}

static void
remember (DynoRecord *self,
          DynoBatch  *batch)
{
  const DynoBatch *oldest;

  dyno_packet_ring_push (self->ring, batch);
  g_queue_push_tail (&self->history, dyno_batch_ref (batch));
  while ((oldest = g_queue_peek_head (&self->history)) != NULL
         && batch->end_us - oldest->end_us > HISTORY_US)
    {
      dyno_batch_unref (g_queue_pop_head (&self->history));
      self->has_start = FALSE;
    }
}

static void
keep_state (DynoRecord *self,
            DynoBatch  *batch)
{
  guint64 file_drops = 0;

  if (batch->state == NULL)
    return;

  dyno_measure_capture (self->state, batch->state);
  g_clear_pointer (&self->state, dyno_capture_state_unref);
  self->state = dyno_capture_state_ref (batch->state);
  dyno_live_set_capture (self->live, batch->state);
  dyno_bus_publish (self->parts.bus, DYNO_TOPIC_CAPTURE, "state",
                    dyno_link_name (batch->state->link));
  for (guint i = 0; i < self->recordings->len; i++)
    {
      const DynoRecording *recording = g_ptr_array_index (self->recordings, i);

      if (recording->file != NULL)
        file_drops += dyno_journal_file_dropped (recording->file);
    }
  if (self->capture != NULL)
    dyno_capture_count_drops (self->capture, dyno_packet_ring_n_dropped (self->ring), file_drops);
  self->is_stale = TRUE;
}

/* The capture has stopped: nothing of this stream comes any more, and the next one
 * begins anew. */
static void
take_end (DynoRecord *self)
{
  self->is_ending = TRUE;
  dyno_record_end_runs (self);
  self->is_ending = FALSE;
  g_queue_clear_full (&self->history, (GDestroyNotify) dyno_batch_unref);
  g_queue_init (&self->history);
  self->has_start = TRUE;
  dyno_packet_ring_free (self->ring);
  self->ring = dyno_packet_ring_new (DYNO_PACKET_RING_SPAN_US, DYNO_PACKET_RING_BYTES);
  dyno_record_refuse_all (self);
  self->is_stale = TRUE;
}

void
dyno_record_push (DynoBatch *batch,
                  gpointer   user_data)
{
  DynoRecord *self = user_data;

  g_main_context_push_thread_default (self->context);
  self->batch = batch;
  self->now_us = batch->end_us;
  dyno_lineup_push (self->lineup, batch);
  dyno_feed_push (self->feed, self->lineup, batch);
  dyno_record_feed_runs (self, batch);
  remember (self, batch);
  if (self->day != NULL)
    dyno_day_journal_push (self->day, batch);
  keep_state (self, batch);
  dyno_record_take_inputs (self, batch);
  dyno_trigger_push (self->trigger, self->lineup, batch);
  if (batch->state != NULL && batch->state->link == DYNO_LINK_OFF)
    take_end (self);
  hear_answers (self);
  dyno_record_look_after (self);
  if (self->is_stale)
    dyno_record_show (self);
  self->batch = NULL;
  g_main_context_pop_thread_default (self->context);
}

void
dyno_record_drain (DynoRecord *self)
{
  g_main_context_push_thread_default (self->context);
  self->is_ending = TRUE;
  dyno_record_end_runs (self);
  dyno_record_look_after (self);
  while (self->n_pending > 0)
    {
      g_main_context_iteration (self->context, TRUE);
      dyno_record_look_after (self);
    }
  g_atomic_int_set (&self->is_drained, TRUE);
  dyno_record_refuse_all (self);
  dyno_record_show (self);
  g_main_context_pop_thread_default (self->context);
}
