/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-wire.h"

#include "dyno-capture.h"
#include "dyno-clock.h"
#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-journal-file.h"
#include "dyno-print.h"
#include "dyno-providers-text.h"
#include "dyno-replay.h"
#include "dyno-shape.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#define USUAL_S 5.0     /* the list and rates of a real dyno are there by then */
#define PICTURE_MS 1000 /* between two pictures of --values on a terminal */

static char     *interface;
static char     *group;
static char     *journal_path;
static char     *replay_path;
static int       port;
static gboolean  is_passive;
static gboolean  with_values;
static double    seconds = NAN;
static double    speed = 0;

const GOptionEntry dyno_verb_listen_entries[] = {
  { "interface", 0, 0, G_OPTION_ARG_STRING, &interface, "Network interface", "IF|all" },
  { "group", 0, 0, G_OPTION_ARG_STRING, &group, "Multicast group", "ADDRESS" },
  { "port", 0, 0, G_OPTION_ARG_INT, &port, "UDP port", "N" },
  { "passive", 0, 0, G_OPTION_ARG_NONE, &is_passive, "Send nothing, only listen", NULL },
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "Listen so long; 0: until Ctrl-C (5)", "N" },
  { "values", 0, 0, G_OPTION_ARG_NONE, &with_values, "Print the newest values too; on a terminal "
    "every second", NULL },
  { "journal", 0, 0, G_OPTION_ARG_FILENAME, &journal_path, "Keep the datagrams in this new file",
    "FILE" },
  { "replay", 0, 0, G_OPTION_ARG_FILENAME, &replay_path, "Decode a journal instead of the network",
    "JOURNAL" },
  { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &speed,
    "Of the replay: 1 as recorded, 0 as fast as it goes "
    "(0)", "X" },
  { NULL },
};

/* What came from the wire; the sink runs on another thread. */
typedef struct
{
  DynoCtl          *ctl;     /* (borrowed) */
  GMutex            lock;
  DynoCaptureState *state;   /* (owned) (nullable) (lock) the newest that still listens */
  DynoJournalFile  *journal; /* (owned) (nullable) fixed before the capture starts */
  DynoCaptureState *shown;   /* (owned) (nullable) main thread: what was painted last */
} Listener;

static void
sink_cb (DynoBatch *batch,
         gpointer   user_data)
{
  Listener *self = user_data;

  if (self->journal != NULL && batch->records != NULL)
    dyno_journal_file_append (self->journal, batch->records, batch->end_us);
  if (batch->state == NULL || batch->state->link == DYNO_LINK_OFF)
    return;

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->state, dyno_capture_state_unref);
  self->state = dyno_capture_state_ref (batch->state);
  g_mutex_unlock (&self->lock);
}

static DynoCaptureState *
ref_state (Listener *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->state != NULL ? dyno_capture_state_ref (self->state) : NULL;
}

/* Painted over the one before, like a gauge. */
static gboolean
paint_cb (gpointer user_data)
{
  Listener *self = user_data;
  g_autoptr(DynoCaptureState) state = ref_state (self);
  g_autofree char *text = NULL;

  if (state == NULL || state == self->shown)
    return G_SOURCE_CONTINUE;

  text = dyno_providers_text (state, TRUE, dyno_print_width (STDOUT_FILENO));
  dyno_print_text ("\033[H\033[2J");
  dyno_print_text (text);
  g_clear_pointer (&self->shown, dyno_capture_state_unref);
  self->shown = g_steal_pointer (&state);

  return G_SOURCE_CONTINUE;
}

static GSource *
begin_painting (Listener *self)
{
  GSource *timer;

  if (!with_values || self->ctl->is_json || !dyno_print_is_terminal (STDOUT_FILENO))
    return NULL;

  timer = g_timeout_source_new (PICTURE_MS);
  g_source_set_callback (timer, paint_cb, self, NULL);
  g_source_attach (timer, g_main_context_get_thread_default ());

  return timer;
}

static void
end_painting (GSource *timer)
{
  if (timer == NULL)
    return;

  g_source_destroy (timer);
  g_source_unref (timer);
}

static gboolean
has_list (const DynoCaptureState *state)
{
  for (guint i = 0; i < state->n_providers; i++)
    {
      if (state->providers[i].n_channels > 0)
        return TRUE;
    }

  return FALSE;
}

/* Silence is a failure of `listen`: what it is and what can be done. Who ended it
 * early knows why. */
static gboolean
was_heard (Listener                *self,
           const DynoCaptureState  *state,
           GError                 **error)
{
  if (state != NULL && has_list (state))
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (self->ctl->cancellable, error))
    dyno_place_set_silence (state, error);

  return FALSE;
}

static void
print_state (DynoCtl                *ctl,
             const DynoCaptureState *state)
{
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_providers (w, state);
      dyno_print_json (w);
    }
  else if (!with_values || !dyno_print_is_terminal (STDOUT_FILENO))
    {
      g_autofree char *text = dyno_providers_text (
        state, with_values,
        dyno_print_is_terminal (STDOUT_FILENO) ? dyno_print_width (STDOUT_FILENO) : 0);

      dyno_print_text (text);
    }
}

/* Said at once: the file itself is made on another thread. */
static gboolean
journal_can_be (GError **error)
{
  g_autofree char *folder = g_path_get_dirname (journal_path);

  if (g_file_test (journal_path, G_FILE_TEST_EXISTS))
    dyno_error_set (error, DYNO_ERROR_CONFLICT, "exists",
                    "There is a file %s already. Choose another name.", journal_path);
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "folder", "There is no folder %s.", folder);
  else
    return TRUE;

  return FALSE;
}

/* The file is whole when this returns. */
static gboolean
end_journal (Listener  *self,
             GError   **error)
{
  g_autoptr(DynoJournalResult) result = NULL;
  g_autofree char *size = NULL;

  if (self->journal == NULL)
    return TRUE;

  dyno_journal_file_finish_async (g_steal_pointer (&self->journal), g_get_monotonic_time (),
                                  dyno_await_cb, self->ctl->await);
  result = dyno_journal_file_finish (dyno_await_wait (self->ctl->await), error);
  if (result == NULL)
    return FALSE;
  if (result->status != DYNO_JOURNAL_FILE_WRITING)
    {
      dyno_error_set (error, DYNO_ERROR_INTERNAL, "journal", "%s", result->complaint);
      return FALSE;
    }
  size = dyno_print_bytes (result->length);
  dyno_print_note (self->ctl, "%s: %" G_GUINT64_FORMAT " records, %s.", journal_path,
                   result->n_records, size);

  return TRUE;
}

static gboolean
never (gpointer data)
{
  return FALSE;
}

static gboolean
listen_on (Listener         *self,
           const DynoPlace  *place,
           GError          **error)
{
  DynoCaptureConfig config = { .group = place->group,
                               .port = place->port,
                               .interface = place->interface,
                               .ttl = -1,
                               .is_passive = is_passive };
  g_autoptr(DynoCapture) capture = dyno_capture_new (&config, sink_cb, self);
  GSource *timer = begin_painting (self);

  dyno_print_note (self->ctl, "Listening on %s, %s:%u%s", place->interface, place->group,
                   place->port, seconds > 0 ? "…" : "; Ctrl-C ends it.");
  dyno_capture_start (capture);
  dyno_ctl_wait (self->ctl, never, NULL, seconds > 0 ? seconds : -1);
  end_painting (timer);
  dyno_capture_stop (capture);

  return end_journal (self, error);
}

static gboolean
listen_with_journal (Listener         *self,
                     const DynoPlace  *place,
                     GError          **error)
{
  g_autoptr(DynoJournal) worker = NULL;

  if (journal_path != NULL)
    {
      if (!journal_can_be (error))
        return FALSE;
      worker = dyno_journal_new (dyno_clock_get_system ());
      self->journal = dyno_journal_begin (worker, journal_path, NULL, place->group, place->port,
                                          NULL, g_get_monotonic_time ());
    }

  return listen_on (self, place, error);
}

typedef struct
{
  Listener         *listener; /* (borrowed) */
  DynoReplayReport  report;
} Replay;

static gboolean
derive (gpointer       data,
        GCancellable  *cancellable,
        GError       **error)
{
  Replay *replay = data;

  return dyno_replay_derive (replay_path, speed, sink_cb, replay->listener, cancellable,
                             &replay->report, error);
}

static gboolean
listen_to_journal (Listener  *self,
                   GError   **error)
{
  Replay replay = { .listener = self };
  GSource *timer = begin_painting (self);
  gboolean is_good = dyno_ctl_work (self->ctl, derive, &replay, error);

  end_painting (timer);
  if (is_good && !replay.report.is_complete)
    dyno_print_note (self->ctl, "The journal is not whole, %s: what comes before was read.",
                     replay.report.complaint);
  dyno_replay_report_clear (&replay.report);

  return is_good;
}

static gboolean
options_are_good (DynoCtl  *ctl,
                  GError  **error)
{
  if (isnan (seconds))
    seconds = USUAL_S;
  if (replay_path != NULL && journal_path != NULL)
    {
      dyno_failure_set_usage (error, "--replay and --journal do not go together.");
      return FALSE;
    }

  return dyno_ctl_want (ctl, 0, 0, "", error)
         && dyno_ctl_check_number ("--seconds", seconds, 0, 1e6, error)
         && dyno_ctl_check_number ("--speed", speed, 0, 1000, error);
}

static gboolean
listen_and_print (Listener  *self,
                  GError   **error)
{
  g_auto(DynoPlace) place = { 0 };
  g_autoptr(DynoCaptureState) state = NULL;
  gboolean is_good;

  if (!dyno_place_init (&place, self->ctl, group, port, interface, error))
    return FALSE;

  is_good = replay_path != NULL ? listen_to_journal (self, error)
                                : listen_with_journal (self, &place, error);
  state = ref_state (self);
  if (!is_good)
    return FALSE;
  if (!was_heard (self, state, error))
    return FALSE;
  print_state (self->ctl, state);

  return TRUE;
}

gboolean
dyno_verb_listen (DynoCtl  *ctl,
                  int      *status,
                  GError  **error)
{
  Listener listener = { .ctl = ctl };
  gboolean is_good;

  if (!options_are_good (ctl, error))
    return FALSE;

  g_mutex_init (&listener.lock);
  is_good = listen_and_print (&listener, error);
  g_clear_pointer (&listener.state, dyno_capture_state_unref);
  g_clear_pointer (&listener.shown, dyno_capture_state_unref);
  g_mutex_clear (&listener.lock);

  return is_good;
}
