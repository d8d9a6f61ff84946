/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-record-private.h"

#include <math.h>

#include "dyno-run-config.h"

/* Datagrams that came so long before the first sample of a run are in its journal:
 * a sample may be that late, and a list may be asked for. */
#define JOURNAL_MARGIN_US G_USEC_PER_SEC

static gint64
setting_us (DynoRecord *self,
            const char *key)
{
  return (gint64) llround (dyno_config_get_number (self->parts.config, key) * G_USEC_PER_SEC);
}

static const DynoProviderState *
provider_in_use (const DynoRecord *self)
{
  return self->state != NULL && self->state->chosen >= 0
           ? &self->state->providers[self->state->chosen] : NULL;
}

/* All records since the capture began: they need no key frame. NULL where the
 * history does not reach back so far. */
static GPtrArray *
records_since_start (const DynoRecord *self,
                     gint64           *begin_us)
{
  GPtrArray *all;

  if (!self->has_start || self->history.head == NULL)
    return NULL;

  all = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  *begin_us = ((const DynoBatch *) self->history.head->data)->begin_us;
  for (const GList *l = self->history.head; l != NULL; l = l->next)
    {
      const DynoBatch *batch = l->data;

      if (batch->records != NULL)
        g_ptr_array_add (all, g_bytes_ref (batch->records));
    }

  return all;
}

/* The journal's beginning: from a point where everything is known that the first
 * sample needs. */
static GPtrArray *
first_records (const DynoRecord *self,
               gint64            since_us,
               gint64           *begin_us)
{
  g_autoptr(GPtrArray) records = NULL;
  GPtrArray *all;

  *begin_us = G_MAXINT64;
  records = dyno_packet_ring_copy_since (self->ring, since_us, begin_us);
  if (*begin_us <= since_us)
    return g_steal_pointer (&records);

  all = records_since_start (self, begin_us);
  if (all != NULL)
    return all;

  *begin_us = MIN (*begin_us, self->now_us);
  return g_steal_pointer (&records);
}

static void
feed_history (DynoRecord    *self,
              DynoRecording *recording)
{
  for (const GList *l = self->history.head; l != NULL; l = l->next)
    dyno_recording_push (recording, self->lineup, l->data, TRUE);
}

static DynoRecording *
begin_recording (DynoRecord          *self,
                 const DynoPullEvent *event)
{
  const DynoProviderState *provider = provider_in_use (self);
  gint64 lag_us = dyno_trigger_lag_us (self->trigger);
  gint64 from_us = event->start_us - setting_us (self, "capture.pre_roll_s");
  g_autofree char *config
    = dyno_run_config (self->parts.config, self->override,
                       dyno_live_ref_preflight (self->live));
  g_autoptr(GPtrArray) records = NULL;
  DynoRecordingStart start = { .provider = provider->name,
                               .is_simulator = provider->is_simulator,
                               .from_us = from_us,
                               .start_us = event->start_us,
                               .trigger = event->trigger,
                               .now_us = self->now_us,
                               .vehicle_id = self->vehicle_id,
                               .title = self->title,
                               .config = config };
  DynoRecording *recording;

  start.started_ms = (dyno_clock_real_us (self->parts.clock)
                      - (dyno_trigger_now_us (self->trigger) - event->start_us)) / 1000;
  records = first_records (self, from_us + lag_us - JOURNAL_MARGIN_US, &start.records_us);
  start.records = records;
  recording = dyno_recording_new (&self->parts, &start, &self->n_pending);
  recording->pull = event->run;
  g_clear_pointer (&self->title, g_free);
  feed_history (self, recording);
  g_ptr_array_add (self->recordings, recording);

  return recording;
}

static void
begin_run (DynoRecord          *self,
           const DynoPullEvent *event)
{
  if (self->parts.store == NULL || provider_in_use (self) == NULL)
    return;

  self->post_roll_us = setting_us (self, "capture.post_roll_s");
  self->current = begin_recording (self, event);
}

/* A pull that the end of the program cuts is no pull to be judged. */
static void
settle_run (DynoRecord          *self,
            const DynoPullEvent *event)
{
  DynoPullEvent verdict = *event;

  if (self->current->is_cut)
    {
      verdict.kind = DYNO_PULL_KEPT;
      verdict.discard = DYNO_PULL_DISCARD_NONE;
    }
  dyno_recording_take_event (self->current, &verdict, self->is_ending ? 0 : self->post_roll_us);
  self->current = NULL;
}

void
dyno_record_take_pull (const DynoPullEvent *event,
                       gpointer             user_data)
{
  DynoRecord *self = user_data;

  self->is_stale = TRUE;
  if (event->kind == DYNO_PULL_STARTED)
    begin_run (self, event);
  if (self->current == NULL)
    return;

  if (event->kind == DYNO_PULL_ENDED && self->is_ending)
    self->current->is_cut = TRUE;
  if (event->kind == DYNO_PULL_KEPT || event->kind == DYNO_PULL_DISCARDED)
    settle_run (self, event);
  else if (event->kind != DYNO_PULL_STARTED)
    dyno_recording_take_event (self->current, event, self->post_roll_us);
}

void
dyno_record_feed_runs (DynoRecord      *self,
                       const DynoBatch *batch)
{
  for (guint i = 0; i < self->recordings->len; i++)
    {
      DynoRecording *recording = g_ptr_array_index (self->recordings, i);

      if (recording->phase == DYNO_RECORDING_OPEN)
        dyno_recording_push (recording, self->lineup, batch, FALSE);
    }
}

void
dyno_record_end_runs (DynoRecord *self)
{
  dyno_trigger_finish (self->trigger);
  for (guint i = 0; i < self->recordings->len; i++)
    {
      DynoRecording *recording = g_ptr_array_index (self->recordings, i);

      if (recording->phase == DYNO_RECORDING_OPEN)
        dyno_recording_end (recording, self->now_us);
    }
  self->current = NULL;
}

/* What came of a run */

static void
note_discard (DynoRecord          *self,
              const DynoRecording *recording)
{
  DynoArmDiscard discard = { .run_id = g_strdup (recording->run_id),
                             .started_ms = recording->started_ms,
                             .duration_s = (double) (recording->end_us - recording->start_us)
                                           / G_USEC_PER_SEC,
                             .span_rpm = recording->span_rpm,
                             .reason = recording->discard };

  g_array_append_val (self->discards, discard);
}

/* After so many kept runs as were asked for, or after the first one. */
static void
count_saved (DynoRecord *self)
{
  self->n_saved++;
  if (self->n_wanted > 0)
    {
      if (--self->n_wanted == 0)
        dyno_trigger_arm (self->trigger, FALSE);
      return;
    }
  if (!self->stays_armed)
    dyno_trigger_arm (self->trigger, FALSE);
}

static void
take_done (DynoRecord    *self,
           DynoRecording *recording)
{
  self->is_stale = TRUE;
  if (recording->failure != NULL)
    {
      g_free (self->failure);
      self->failure = g_strdup (recording->failure->message);
      dyno_recording_free (recording);
      return;
    }

  g_clear_pointer (&self->failure, g_free);
  if (recording->discard != DYNO_PULL_DISCARD_NONE)
    {
      note_discard (self, recording);
      dyno_recording_free (recording);
      return;
    }
  g_clear_pointer (&self->saved, dyno_recording_free);
  self->saved = recording;
  self->saved_us = self->now_us;
  count_saved (self);
}

void
dyno_record_look_after (DynoRecord *self)
{
  gint64 now_us = dyno_trigger_now_us (self->trigger);

  for (guint i = self->recordings->len; i > 0; i--)
    {
      DynoRecording *recording = g_ptr_array_index (self->recordings, i - 1);

      if (recording->phase == DYNO_RECORDING_OPEN && dyno_recording_is_over (recording, now_us))
        dyno_recording_end (recording, self->now_us);
      if (dyno_recording_look_after (recording))
        self->is_stale = TRUE;
      if (recording->phase != DYNO_RECORDING_DONE)
        continue;
      g_ptr_array_remove_index (self->recordings, i - 1);
      take_done (self, recording);
    }
}
