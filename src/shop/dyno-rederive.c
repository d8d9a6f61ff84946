/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-rederive.h"

#include <string.h>

#include "dyno-align.h"
#include "dyno-error.h"

/* First the notes are looked for, without interpreting packets: they may stand
 * behind the first sample of the run. Then the packets are played once. */

static void
second_cb (DynoSecond *second,
           gpointer    user_data)
{
  DynoRederived *self = user_data;

  g_ptr_array_add (self->seconds, second);
}

static void
read_event (DynoRederived           *self,
            const DynoJournalRecord *record)
{
  const char *text = (const char *) record->payload;
  g_autoptr(DynoJson) event = NULL;

  if (g_strstr_len (text, (gssize) MIN (record->size, 32), "\"run") == NULL)
    return;
  event = dyno_json_parse (text, (gssize) record->size, NULL);
  dyno_recording_note_read (&self->note, event);
}

static void
read_clocks (DynoRederived           *self,
             const DynoJournalRecord *record)
{
  guint64 utc_ns, monotonic_ns;

  if (record->size != 16)
    return;
  memcpy (&utc_ns, record->payload, 8);
  memcpy (&monotonic_ns, record->payload + 8, 8);
  self->utc_us = (gint64) (GUINT64_FROM_LE (utc_ns) / 1000 - GUINT64_FROM_LE (monotonic_ns) / 1000);
}

static gboolean
read_notes (DynoRederived *self,
            const char    *path,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(DynoJournalReader) reader = dyno_journal_reader_open (path, error);
  const DynoJournalRecord *record;
  const DynoJournalHeader *header;

  if (reader == NULL)
    return FALSE;

  header = dyno_journal_reader_header (reader);
  self->utc_us = (gint64) (header->utc_ns / 1000) - (gint64) (header->monotonic_ns / 1000);
  while ((record = dyno_journal_reader_next (reader)) != NULL
         && !g_cancellable_is_cancelled (cancellable))
    {
      if (record->type == DYNO_JOURNAL_EVENT)
        read_event (self, record);
      else if (record->type == DYNO_JOURNAL_CLOCK)
        read_clocks (self, record);
    }

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Who spoke, and from when on: for a journal without a note. */
typedef struct
{
  char    *provider; /* (owned) (nullable) the first one in use */
  gboolean is_simulator;
  gint64   from_us;  /* G_MAXINT64: nobody spoke */
} Speaker;

static void
listen_cb (DynoBatch *batch,
           gpointer   user_data)
{
  Speaker *speaker = user_data;

  for (guint i = 0; i < batch->n_events && speaker->provider == NULL; i++)
    {
      if (batch->events[i].kind == DYNO_EVENT_PROVIDER_CHOSEN && batch->events[i].host_id != 0)
        speaker->provider = g_strdup (batch->events[i].text);
    }
  for (guint i = 0; i < batch->n_samples && speaker->provider != NULL; i++)
    {
      if ((batch->samples[i].flags & DYNO_SAMPLE_OTHER_PROVIDER) == 0)
        speaker->from_us = MIN (speaker->from_us, batch->samples[i].t_us);
    }
}

static gboolean
find_speaker (const char   *path,
              Speaker      *speaker,
              GCancellable *cancellable,
              GError      **error)
{
  g_auto(DynoReplayReport) report = { 0 };

  if (!dyno_replay_derive (path, 0, listen_cb, speaker, cancellable, &report, error))
    return FALSE;
  if (speaker->provider != NULL && speaker->from_us != G_MAXINT64)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "import_no_data",
                  "No dyno speaks in this packet journal: there are no values in it.");

  return FALSE;
}

static gboolean
choose_window (DynoRederived       *self,
               const char          *path,
               const DynoRunWindow *window,
               GCancellable        *cancellable,
               GError             **error)
{
  Speaker speaker = { NULL, FALSE, G_MAXINT64 };
  gint64 to_us = G_MAXINT64;

  if (window != NULL && window->provider != NULL)
    {
      self->take = dyno_take_new (window->provider, window->from_us, second_cb, self);
      to_us = window->to_us;
    }
  else if (self->note.run_id != NULL)
    {
      self->take = dyno_take_new (self->note.provider, self->note.from_us, second_cb, self);
      to_us = self->note.has_end ? self->note.roll_end_us : G_MAXINT64;
    }
  else
    {
      if (find_speaker (path, &speaker, cancellable, error))
        self->take = dyno_take_new (speaker.provider, speaker.from_us, second_cb, self);
      g_free (speaker.provider);
      if (self->take == NULL)
        return FALSE;
    }
  dyno_take_set_end (self->take, to_us);

  return TRUE;
}

typedef struct
{
  DynoRederived *self;
  DynoLineup    *lineup;
} Playing;

static void
play_cb (DynoBatch *batch,
         gpointer   user_data)
{
  Playing *playing = user_data;
  const DynoCaptureState *state = batch->state;

  dyno_lineup_push (playing->lineup, batch);
  dyno_take_push (playing->self->take, playing->lineup, batch);
  if (state != NULL && state->chosen >= 0)
    playing->self->is_simulator = state->providers[state->chosen].is_simulator;
}

DynoRederived *
dyno_rederive (const char           *path,
               const DynoRunWindow  *window,
               GCancellable         *cancellable,
               GError              **error)
{
  g_autoptr(DynoRederived) self = g_new0 (DynoRederived, 1);
  g_autoptr(DynoLineup) lineup = dyno_lineup_new ();
  Playing playing = { self, lineup };

  self->seconds = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_second_free);
  if (!read_notes (self, path, cancellable, error)
      || !choose_window (self, path, window, cancellable, error)
      || !dyno_replay_derive (path, 0, play_cb, &playing, cancellable, &self->report, error))
    return NULL;

  dyno_take_finish (self->take);
  if (self->note.run_id != NULL)
    self->is_simulator = self->note.is_simulator;

  return g_steal_pointer (&self);
}

void
dyno_rederived_free (DynoRederived *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->take, dyno_take_free);
  g_clear_pointer (&self->seconds, g_ptr_array_unref);
  dyno_recording_note_clear (&self->note);
  dyno_replay_report_clear (&self->report);
  g_free (self);
}

/* Samples */

typedef struct
{
  gint64 t_us;
  double value;
} Reading;

static int
compare_readings (gconstpointer a,
                  gconstpointer b)
{
  const Reading *x = a;
  const Reading *y = b;

  return x->t_us < y->t_us ? -1 : x->t_us > y->t_us;
}

/* All readings of one channel, in the order of their stamps. */
static GArray *
gather (const DynoRederived *self,
        guint                channel)
{
  GArray *readings = g_array_new (FALSE, FALSE, sizeof (Reading));

  for (guint i = 0; i < self->seconds->len; i++)
    {
      const DynoSecond *second = g_ptr_array_index (self->seconds, i);

      for (guint k = 0; k < dyno_second_n_blocks (second); k++)
        {
          DynoSampleBlock block = dyno_second_block (second, k);

          for (gsize j = 0; block.channel == channel && j < block.n; j++)
            {
              Reading reading = { block.t_us[j], (double) block.raw[j] };

              g_array_append_val (readings, reading);
            }
        }
    }
  g_array_sort (readings, compare_readings);

  return readings;
}

static void
fill_track (DynoTrack            *track,
            const DynoRunChannel *channel,
            const GArray         *readings,
            guint64              *taken)
{
  const DynoUnit *unit = dyno_unit_find (channel->unit);
  gint64 *t_us = g_new (gint64, MAX (readings->len, 1));
  double *values = g_new (double, MAX (readings->len, 1));
  gboolean is_first = (*taken >> channel->channel & 1) == 0;

  for (guint i = 0; i < readings->len; i++)
    {
      t_us[i] = g_array_index (readings, Reading, i).t_us;
      values[i] = g_array_index (readings, Reading, i).value;
    }
  *track = (DynoTrack){ .name = channel->name,
                        .module = channel->module,
                        .channel = is_first ? channel->channel : DYNO_CHANNEL_NONE,
                        .unit = unit != NULL ? unit : dyno_unit_none (),
                        .scale = channel->scale,
                        .offset = channel->offset,
                        .n = readings->len,
                        .t_us = t_us,
                        .values = values };
  if (channel->channel != DYNO_CHANNEL_NONE && readings->len > 0)
    *taken |= G_GUINT64_CONSTANT (1) << channel->channel;
}

DynoSamples *
dyno_rederived_samples (const DynoRederived *self)
{
  g_autoptr(GPtrArray) channels = dyno_take_dup_channels (self->take);
  g_autofree DynoTrack *tracks = g_new0 (DynoTrack, MAX (channels->len, 1));
  DynoSamples *samples;
  guint64 taken = 0;

  for (guint i = 0; i < channels->len; i++)
    {
      g_autoptr(GArray) readings = gather (self, i);

      fill_track (&tracks[i], g_ptr_array_index (channels, i), readings, &taken);
    }
  samples = dyno_align (tracks, channels->len, dyno_take_from_us (self->take));
  for (guint i = 0; i < channels->len; i++)
    {
      g_free ((gpointer) tracks[i].t_us);
      g_free ((gpointer) tracks[i].values);
    }

  return samples;
}
