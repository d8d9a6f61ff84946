/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-recording-private.h"

#include <string.h>

#include "dyno-journal.h"

/* Two events in a run's own journal, beside the datagrams:
 *
 *   run      what it begins with: window, provider, vehicle, settings
 *   run_end  where it ended and why; absent after a crash
 */

void
dyno_recording_note_clear (DynoRecordingNote *note)
{
  g_free (note->run_id);
  g_free (note->provider);
  g_free (note->vehicle_id);
  g_free (note->title);
  g_free (note->config);
  *note = (DynoRecordingNote){ 0 };
}

static char *
begin_json (const DynoRecording *self)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", "run");
  dyno_json_writer_add_string (w, "run", self->run_id);
  dyno_json_writer_add_string (w, "provider", self->provider);
  dyno_json_writer_add_boolean (w, "simulator", self->is_simulator);
  dyno_json_writer_add_string (w, "vehicle", self->vehicle_id);
  dyno_json_writer_add_string (w, "title", self->title);
  dyno_json_writer_add_integer (w, "started_ms", self->started_ms);
  dyno_json_writer_add_integer (w, "from_us", dyno_take_from_us (self->take));
  dyno_json_writer_add_integer (w, "start_us", self->start_us);
  dyno_json_writer_add_integer (w, "trigger", self->trigger);
  dyno_json_writer_add_string (w, "config", self->config);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static char *
end_json (const DynoRecording *self)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", "run_end");
  dyno_json_writer_add_string (w, "run", self->run_id);
  dyno_json_writer_add_integer (w, "end_us", self->end_us);
  dyno_json_writer_add_integer (w, "roll_end_us", self->roll_end_us);
  dyno_json_writer_add_string (w, "end", dyno_pull_end_name (self->end));
  dyno_json_writer_add_integer (w, "discard", self->discard);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static GBytes *
make_record (const char *json,
             gint64      now_us)
{
  GByteArray *bytes = g_byte_array_new ();
  DynoJournalRecord record = { .type = DYNO_JOURNAL_EVENT,
                               .arrival_us = now_us,
                               .kernel_us = DYNO_JOURNAL_KERNEL_UNKNOWN,
                               .payload = (const guint8 *) json,
                               .size = strlen (json) };

  dyno_journal_append (bytes, &record);

  return g_byte_array_free_to_bytes (bytes);
}

GBytes *
dyno_recording_note_begin (const DynoRecording *self,
                           gint64               now_us)
{
  g_autofree char *json = begin_json (self);

  return make_record (json, now_us);
}

GBytes *
dyno_recording_note_end (const DynoRecording *self,
                         gint64               now_us)
{
  g_autofree char *json = end_json (self);

  return make_record (json, now_us);
}

/* What comes from a file is checked like anything from outside. */
static gint64
read_stamp (const DynoJson *event,
            const char     *name)
{
  return CLAMP (dyno_json_get_integer (event, name, 0), -(G_GINT64_CONSTANT (1) << 52),
                G_GINT64_CONSTANT (1) << 52);
}

static void
read_begin (DynoRecordingNote *note,
            const DynoJson    *event)
{
  dyno_recording_note_clear (note);
  note->run_id = g_strdup (dyno_json_get_string (event, "run"));
  note->provider = g_strdup (dyno_json_get_string (event, "provider"));
  note->is_simulator = dyno_json_get_boolean (event, "simulator", FALSE);
  note->vehicle_id = g_strdup (dyno_json_get_string (event, "vehicle"));
  note->title = g_strdup (dyno_json_get_string (event, "title"));
  note->config = g_strdup (dyno_json_get_string (event, "config"));
  note->started_ms = read_stamp (event, "started_ms");
  note->from_us = read_stamp (event, "from_us");
  note->start_us = read_stamp (event, "start_us");
  note->trigger = (DynoPullTrigger) CLAMP (dyno_json_get_integer (event, "trigger", 0),
                                           DYNO_PULL_BY_DRUM, DYNO_PULL_BY_HAND);
}

gboolean
dyno_recording_note_read (DynoRecordingNote *note,
                          const DynoJson    *event)
{
  const char *name = dyno_json_get_string (event, "event");

  if (g_strcmp0 (name, "run") == 0 && dyno_json_get_string (event, "run") != NULL
      && dyno_json_get_string (event, "provider") != NULL)
    {
      read_begin (note, event);
      return TRUE;
    }
  if (g_strcmp0 (name, "run_end") != 0 || note->run_id == NULL
      || g_strcmp0 (note->run_id, dyno_json_get_string (event, "run")) != 0)
    return FALSE;

  note->has_end = TRUE;
  note->end_us = read_stamp (event, "end_us");
  note->roll_end_us = read_stamp (event, "roll_end_us");
  note->discard = (DynoPullDiscard) CLAMP (dyno_json_get_integer (event, "discard", 0),
                                           DYNO_PULL_DISCARD_NONE, DYNO_PULL_DISCARD_SPAN);

  return TRUE;
}
