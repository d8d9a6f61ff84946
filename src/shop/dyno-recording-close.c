/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-recording-private.h"

#include "dyno-await.h"
#include "dyno-figures.h"
#include "dyno-intake.h"
#include "dyno-measure.h"
#include "dyno-retention-private.h"

/* The closing of a run: straight code on a thread of GLib's pool. Everything it
 * needs is taken out of the recording before, so nothing is shared. */

typedef struct
{
  const DynoRecordParts *parts;    /* (borrowed) */
  DynoRun               *run;      /* (owned) with what it ends with */
  DynoJournalFile       *file;     /* (owned) until its end */
  gint64                 end_us;   /* arrival of the end record */
  GPtrArray             *channels; /* (owned) of DynoRunChannel */
  GPtrArray             *marks;    /* (owned) of DynoRunMark */
  gboolean               is_discarded;
} Closing;

static void
closing_free (Closing *self)
{
  dyno_run_free (self->run);
  g_clear_pointer (&self->channels, g_ptr_array_unref);
  g_clear_pointer (&self->marks, g_ptr_array_unref);
  g_free (self);
}

static DynoRunStatus
final_status (const DynoRecording *recording)
{
  return recording->is_cut || recording->is_incomplete ? DYNO_RUN_INTERRUPTED : DYNO_RUN_COMPLETE;
}

/* What is known before the samples are looked at. */
static DynoRun *
describe (const DynoRecording *recording)
{
  const DynoTake *take = recording->take;
  DynoRun *run = dyno_run_new ();

  run->id = g_strdup (recording->run_id);
  run->vehicle_id = g_strdup (recording->vehicle_id);
  run->status = final_status (recording);
  run->source = recording->is_simulator ? DYNO_SOURCE_SIMULATOR : DYNO_SOURCE_CAPTURE;
  run->is_simulator = recording->is_simulator;
  run->provider = g_strdup (recording->provider);
  run->progress = 1;
  run->error = g_strdup (recording->complaint);
  run->started_ms = recording->started_ms;
  run->duration_s = (double) (recording->end_us - recording->start_us) / G_USEC_PER_SEC;
  run->loss_pct = dyno_take_loss_pct (take);
  run->n_gaps = dyno_take_n_gaps (take);
  run->discarded = recording->discard != DYNO_PULL_DISCARD_NONE
                     ? g_strdup (dyno_pull_discard_name (recording->discard)) : NULL;
  run->origin_us = dyno_take_from_us (take);
  run->roll_start_us = run->origin_us;
  run->run_start_us = recording->start_us;
  run->run_end_us = recording->end_us;
  run->roll_end_us = recording->roll_end_us;
  run->derivation = g_strdup_printf ("%d", DYNO_DERIVATION_VERSION);
  run->mapping = dyno_take_mapping_json (take);
  run->gaps = dyno_take_gaps_json (take);

  return run;
}

/* Ends the file. The run's file as the store keeps it; NULL where nothing whole was
 * written. */
static DynoRunFile *
end_journal (Closing   *self,
             DynoAwait *await)
{
  g_autoptr(DynoJournalResult) written = NULL;
  g_autofree char *path = dyno_recording_journal_path (self->run->id);
  g_autofree char *name = g_path_get_basename (path);

  dyno_journal_file_finish_async (g_steal_pointer (&self->file), self->end_us, dyno_await_cb,
                                  await);
  written = dyno_journal_file_finish (dyno_await_wait (await), NULL);
  if (written == NULL || written->length == 0)
    return NULL;
  if (self->run->error == NULL && written->status != DYNO_JOURNAL_FILE_WRITING)
    self->run->error = g_strdup (written->complaint);
  else if (self->run->error == NULL && written->n_dropped > 0)
    self->run->error = g_strdup_printf ("The disk was too slow for the packet journal: %"
                                        G_GUINT64_FORMAT " records are missing in it.",
                                        written->n_dropped);

  return dyno_run_file_new (DYNO_FILE_JOURNAL, path, name, (gint64) written->length,
                            written->sha256);
}

static DynoRun *
finish (Closing      *self,
        DynoRunFile  *file,
        DynoAwait    *await,
        GError      **error)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);

  /* A discarded pull is no link of the chain unless it is kept. */
  if (file != NULL && !self->is_discarded)
    g_ptr_array_add (files, file);
  else
    dyno_run_file_free (file);
  dyno_store_finish_run_async (self->parts->store, g_steal_pointer (&self->run),
                               g_steal_pointer (&self->channels), files,
                               g_steal_pointer (&self->marks), NULL, dyno_await_cb, await);

  return dyno_store_finish_run_finish (self->parts->store, dyno_await_wait (await), error);
}

static gboolean
throw_away (Closing    *self,
            const char *run_id,
            DynoAwait  *await,
            GError    **error)
{
  const char *ids[] = { run_id, NULL };

  dyno_store_trash_runs_async (self->parts->store, ids, NULL, dyno_await_cb, await);

  return dyno_store_trash_runs_finish (self->parts->store, dyno_await_wait (await), error);
}

static void
tell_incomplete (Closing       *self,
                 const DynoRun *run)
{
  g_autofree char *cause = g_strconcat ("run.incomplete.", run->id, NULL);

  if (run->status == DYNO_RUN_INTERRUPTED && !self->is_discarded)
    dyno_bus_publish (self->parts->bus, DYNO_TOPIC_NOTICE, cause,
                      "A run was cut short or has lost samples; look at it on the Runs page.");
}

/* pool thread */
static void
close_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *unused)
{
  Closing *self = task_data;
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(DynoRun) run = NULL;
  GError *error = NULL;
  DynoRunFile *file = end_journal (self, await);

  dyno_figures_make (self->parts->store, self->parts->config, await, self->run,
                     self->run->status == DYNO_RUN_COMPLETE && !self->is_discarded);
  run = finish (self, file, await, &error);
  if (run == NULL || (self->is_discarded && !throw_away (self, run->id, await, &error)))
    {
      g_task_return_error (task, error);
      return;
    }
  dyno_retention_trim_journals (self->parts->store, self->parts->config, self->parts->clock,
                                self->parts->data_dir, await, FALSE, NULL);
  dyno_bus_publish (self->parts->bus, DYNO_TOPIC_RUN, run->id,
                    self->is_discarded ? "removed" : "changed");
  dyno_measure_run (run, 0);
  tell_incomplete (self, run);
  g_task_return_pointer (task, g_steal_pointer (&run), (GDestroyNotify) dyno_run_free);
}

void
dyno_recording_close_async (DynoRecording       *self,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Closing *closing = g_new0 (Closing, 1);

  closing->parts = self->parts;
  closing->run = describe (self);
  closing->file = g_steal_pointer (&self->file);
  closing->end_us = self->end_arrival_us;
  closing->channels = dyno_take_dup_channels (self->take);
  closing->marks = dyno_take_dup_marks (self->take);
  closing->is_discarded = self->discard != DYNO_PULL_DISCARD_NONE;
  g_task_set_source_tag (task, dyno_recording_close_async);
  g_task_set_task_data (task, closing, (GDestroyNotify) closing_free);
  g_task_run_in_thread (task, close_thread);
}

DynoRun *
dyno_recording_close_finish (GAsyncResult *result,
                             GError      **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, dyno_recording_close_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
