/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-recording-private.h"

#include <math.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

/* The store may be so many seconds of data behind; then seconds are dropped. */
#define MOST_BEHIND 10

char *
dyno_recording_journal_path (const char *run_id)
{
  return g_strconcat ("journal/", run_id, ".jdj", NULL);
}

/* What went wrong first is what people should know. */
static void
complain (DynoRecording *self,
          const char    *sentence)
{
  if (self->complaint == NULL)
    self->complaint = g_strdup (sentence);
}

/* Answers come on the thread of the sink; the recording is there until the last. */
static gpointer
ask (DynoRecording *self)
{
  (*self->n_pending)++;
  self->n_unanswered++;

  return self;
}

static DynoRecording *
answered (gpointer user_data)
{
  DynoRecording *self = user_data;

  (*self->n_pending)--;
  self->n_unanswered--;

  return self;
}

static void
lose (DynoRecording *self,
      const char    *sentence)
{
  if (!self->is_incomplete)
    dyno_bus_publish (self->parts->bus, DYNO_TOPIC_STORE, "failed", sentence);
  self->is_incomplete = TRUE;
  complain (self, sentence);
}

static void
appended_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  DynoRecording *self = answered (user_data);
  g_autoptr(GError) error = NULL;

  if (!dyno_store_append_second_finish (self->parts->store, result, &error))
    lose (self, error->message);
}

static void
begun_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  DynoRecording *self = answered (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = dyno_store_begin_run_finish (self->parts->store, result, &error);

  if (run == NULL)
    {
      lose (self, error->message);
      return;
    }
  self->is_known = TRUE;
  self->number = run->number;
  dyno_bus_publish (self->parts->bus, DYNO_TOPIC_RUN, self->run_id, "added");
}


static void
second_cb (DynoSecond *second,
           gpointer    user_data)
{
  DynoRecording *self = user_data;

  self->n_history += self->is_history ? 1 : 0;
  if (!self->is_history && self->n_unanswered > MOST_BEHIND + self->n_history)
    {
      dyno_second_free (second);
      lose (self, "The disk is too slow: samples of this run are missing. Its packet journal has "
                  "them; free the disk before the next run.");
      return;
    }
  dyno_store_append_second_async (self->parts->store, self->run_id, second, NULL, appended_cb,
                                  ask (self));
}

static DynoRun *
describe (const DynoRecording *self)
{
  DynoRun *run = dyno_run_new ();

  run->id = g_strdup (self->run_id);
  run->title = g_strdup (self->title);
  run->vehicle_id = g_strdup (self->vehicle_id);
  run->source = self->is_simulator ? DYNO_SOURCE_SIMULATOR : DYNO_SOURCE_CAPTURE;
  run->is_simulator = self->is_simulator;
  run->provider = g_strdup (self->provider);
  run->started_ms = self->started_ms;
  run->origin_us = dyno_take_from_us (self->take);
  run->roll_start_us = run->origin_us;
  run->run_start_us = self->start_us;
  run->config = g_strdup (self->config);

  return run;
}

static void
begin_journal (DynoRecording            *self,
               const DynoRecordingStart *start)
{
  g_autofree char *relative = dyno_recording_journal_path (self->run_id);
  g_autofree char *path = g_build_filename (self->parts->data_dir, relative, NULL);

  /* The note stands at the end of the first block: who finds the file knows the run. */
  g_ptr_array_add (start->records, dyno_recording_note_begin (self, start->now_us));
  self->file = dyno_journal_begin (self->parts->journal, path, self->run_id, self->parts->group,
                                   self->parts->port, start->records, start->records_us);
}

DynoRecording *
dyno_recording_new (const DynoRecordParts    *parts,
                    const DynoRecordingStart *start,
                    guint                    *n_pending)
{
  DynoRecording *self = g_new0 (DynoRecording, 1);

  self->parts = parts;
  self->n_pending = n_pending;
  self->run_id = dyno_crypt_new_id ("run");
  self->provider = g_strdup (start->provider);
  self->is_simulator = start->is_simulator;
  self->vehicle_id = g_strdup (start->vehicle_id);
  self->title = g_strdup (start->title);
  self->config = g_strdup (start->config);
  self->started_ms = start->started_ms;
  self->trigger = start->trigger;
  self->start_us = start->start_us;
  self->span_rpm = NAN;
  self->power_kw = NAN;
  self->power_rpm = NAN;
  self->torque_nm = NAN;
  self->torque_rpm = NAN;
  self->take = dyno_take_new (start->provider, start->from_us, second_cb, self);
  begin_journal (self, start);
  dyno_store_begin_run_async (parts->store, describe (self), NULL, NULL, begun_cb,
                              ask (self));

  return self;
}

void
dyno_recording_free (DynoRecording *self)
{
  if (self == NULL)
    return;

  g_assert (self->phase == DYNO_RECORDING_DONE && self->n_unanswered == 0);
  g_clear_pointer (&self->take, dyno_take_free);
  g_clear_pointer (&self->saved, dyno_run_free);
  g_clear_error (&self->failure);
  g_free (self->run_id);
  g_free (self->provider);
  g_free (self->vehicle_id);
  g_free (self->title);
  g_free (self->config);
  g_free (self->complaint);
  g_free (self);
}

/* The highest power and torque so far, as the dyno says them. */
static void
follow_peak (const DynoLineup *lineup,
             const DynoSample *sample,
             DynoChannel       canonical,
             double            rpm,
             double           *peak,
             double           *peak_rpm)
{
  const DynoLineupChannel *channel = dyno_lineup_find (lineup, sample->channel);
  double value = (double) sample->raw * channel->scale + channel->offset;

  if (canonical == DYNO_CHANNEL_NONE || channel->canonical != canonical || !isfinite (value)
      || value <= *peak)
    return;
  *peak = value;
  *peak_rpm = rpm;
}

static DynoChannel
first_bound (const DynoCaptureState *state,
             DynoChannel             best,
             DynoChannel             other)
{
  return dyno_capture_state_bound (state, best) != NULL ? best : other;
}

static void
follow_peaks (DynoRecording    *self,
              const DynoLineup *lineup,
              const DynoBatch  *batch)
{
  for (guint i = 0; i < batch->n_samples; i++)
    {
      const DynoSample *sample = &batch->samples[i];
      const DynoLineupChannel *channel = dyno_lineup_find (lineup, sample->channel);

      if (channel == NULL || !channel->is_ours || sample->t_us < self->start_us
          || sample->flags != 0)
        continue;
      if (channel->canonical == DYNO_CHANNEL_RPM)
        self->rpm = (double) sample->raw * channel->scale + channel->offset;
      follow_peak (lineup, sample, self->power, self->rpm, &self->power_kw, &self->power_rpm);
      follow_peak (lineup, sample, self->torque, self->rpm, &self->torque_nm, &self->torque_rpm);
    }
}

void
dyno_recording_push (DynoRecording    *self,
                     const DynoLineup *lineup,
                     const DynoBatch  *batch,
                     gboolean          is_history)
{
  g_return_if_fail (self->phase == DYNO_RECORDING_OPEN);

  self->is_history = is_history;
  dyno_take_push (self->take, lineup, batch);
  if (batch->state != NULL)
    {
      self->power = first_bound (batch->state, DYNO_CHANNEL_POWER_CORR, DYNO_CHANNEL_POWER);
      self->torque = first_bound (batch->state, DYNO_CHANNEL_TORQUE_CORR, DYNO_CHANNEL_TORQUE);
    }
  if (self->end == DYNO_PULL_END_NONE)
    follow_peaks (self, lineup, batch);
  if (!is_history && batch->records != NULL)
    dyno_journal_file_append (self->file, batch->records, batch->end_us);
}

void
dyno_recording_take_event (DynoRecording       *self,
                           const DynoPullEvent *event,
                           gint64               post_roll_us)
{
  self->trigger = event->trigger;
  self->end = event->end;
  self->end_us = event->end_us;
  self->span_rpm = event->span_rpm;
  if (event->kind != DYNO_PULL_KEPT && event->kind != DYNO_PULL_DISCARDED)
    return;

  /* What was taken until the verdict stays; so the window is the same in a replay. */
  self->is_settled = TRUE;
  self->discard = event->discard;
  self->roll_end_us = MAX (event->end_us + post_roll_us, dyno_take_last_us (self->take));
  dyno_take_set_end (self->take, self->roll_end_us);
}

gboolean
dyno_recording_is_over (const DynoRecording *self,
                        gint64               now_us)
{
  return self->is_settled && now_us > self->roll_end_us;
}

void
dyno_recording_end (DynoRecording *self,
                    gint64         now_us)
{
  g_autoptr(GBytes) note = NULL;

  g_return_if_fail (self->phase == DYNO_RECORDING_OPEN);

  if (!self->is_settled)
    {
      self->is_cut = TRUE;
      self->end_us = dyno_take_last_us (self->take);
      self->roll_end_us = self->end_us;
    }
  dyno_take_finish (self->take);
  note = dyno_recording_note_end (self, now_us);
  dyno_journal_file_append (self->file, note, now_us);
  self->end_arrival_us = now_us;
  self->phase = DYNO_RECORDING_POSTED;
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  DynoRecording *self = answered (user_data);

  self->saved = dyno_recording_close_finish (result, &self->failure);
  self->phase = DYNO_RECORDING_DONE;
  if (self->failure != NULL)
    lose (self, self->failure->message);
}

gboolean
dyno_recording_look_after (DynoRecording *self)
{
  if (self->phase == DYNO_RECORDING_OPEN && self->complaint == NULL
      && dyno_journal_file_status (self->file) != DYNO_JOURNAL_FILE_WRITING)
    {
      complain (self, "The packet journal of this run has ended: the disk is full or cannot be "
                      "written. The run goes on.");
      dyno_bus_publish (self->parts->bus, DYNO_TOPIC_STORE, "failed", self->complaint);
      return TRUE;
    }
  if (self->phase != DYNO_RECORDING_POSTED || self->n_unanswered > 0)
    return FALSE;

  self->phase = DYNO_RECORDING_CLOSING;
  dyno_recording_close_async (self, closed_cb, ask (self));

  return TRUE;
}
