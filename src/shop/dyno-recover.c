/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-recover.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-figures.h"
#include "dyno-intake.h"
#include "dyno-measure.h"
#include "dyno-rederive.h"

/* A cut in the middle of a record leaves no more of it. */
#define MOST_CUT (DYNO_JOURNAL_RECORD_SIZE + DYNO_JOURNAL_MOST_PAYLOAD)

typedef struct
{
  DynoStore  *store;    /* (borrowed) */
  DynoConfig *config;   /* (borrowed) */
  const char *data_dir; /* (borrowed) */
  DynoAwait  *await;    /* (borrowed) */
} Recovery;

static char *
path_of (const Recovery *self,
         const char     *run_id)
{
  g_autofree char *relative = dyno_recording_journal_path (run_id);

  return g_build_filename (self->data_dir, relative, NULL);
}

/* What the store has of a run. (nullable) */
static GPtrArray *
load_seconds (const Recovery *self,
              const char     *run_id)
{
  dyno_store_load_seconds_async (self->store, run_id, 0, G_MAXINT64, NULL, dyno_await_cb,
                                 self->await);

  return dyno_store_load_seconds_finish (self->store, dyno_await_wait (self->await), NULL);
}

static gint64
last_number (GPtrArray *seconds)
{
  return seconds->len > 0 ? dyno_second_number (g_ptr_array_index (seconds, seconds->len - 1)) : -1;
}

static gsize
count_samples (GPtrArray *seconds)
{
  gsize n = 0;

  for (guint i = 0; i < seconds->len; i++)
    n += dyno_second_n_samples (g_ptr_array_index (seconds, i));

  return n;
}

/* A journal whose disk was full ends before the run did: then the store knows more. */
static gboolean
has_less (GPtrArray *stored,
          GPtrArray *derived)
{
  if (last_number (stored) != last_number (derived))
    return last_number (stored) < last_number (derived);

  return count_samples (stored) < count_samples (derived);
}

/* Greatest stamp; DYNO_NO_STAMP without samples. */
static gint64
last_stamp (GPtrArray *seconds)
{
  gint64 last_us = DYNO_NO_STAMP;

  for (guint i = 0; i < seconds->len; i++)
    {
      const DynoSecond *second = g_ptr_array_index (seconds, i);

      for (guint k = 0; k < dyno_second_n_blocks (second); k++)
        {
          DynoSampleBlock block = dyno_second_block (second, k);

          for (gsize n = 0; n < block.n; n++)
            last_us = MAX (last_us, block.t_us[n]);
        }
    }

  return last_us;
}

/* The samples of the run are what the journal or the store has, whichever has more.
 * `derived` may be NULL. `last_us` is the last stamp then. */
static gboolean
put_samples (const Recovery *self,
             const char     *run_id,
             DynoRederived  *derived,
             gint64         *last_us,
             GError        **error)
{
  g_autoptr(GPtrArray) stored = load_seconds (self, run_id);

  *last_us = stored != NULL ? last_stamp (stored) : DYNO_NO_STAMP;
  if (derived == NULL || (stored != NULL && !has_less (stored, derived->seconds)))
    return TRUE;

  *last_us = last_stamp (derived->seconds);
  dyno_store_replace_samples_async (self->store, run_id, dyno_take_dup_channels (derived->take),
                                    g_steal_pointer (&derived->seconds), NULL, dyno_await_cb,
                                    self->await);

  return dyno_store_replace_samples_finish (self->store, dyno_await_wait (self->await), error);
}

/* The journal as it lies there now, whole or cut. */
static GPtrArray *
list_file (const Recovery *self,
           const char     *run_id)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);
  g_autofree char *relative = dyno_recording_journal_path (run_id);
  g_autofree char *path = path_of (self, run_id);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr(DynoJournalReport) report = dyno_journal_verify (path, NULL, NULL);

  if (report != NULL)
    g_ptr_array_add (files, dyno_run_file_new (DYNO_FILE_JOURNAL, relative, name,
                                               (gint64) report->length, report->sha256));

  return files;
}

static void
set_text (char      **text,
          const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

/* What the journal knows of the run and the store does not yet. */
static void
take_over (DynoRun             *run,
           const DynoRederived *derived)
{
  const DynoRecordingNote *note = &derived->note;
  const DynoTake *take = derived->take;

  run->origin_us = dyno_take_from_us (take);
  run->roll_start_us = run->origin_us;
  if (note->run_id != NULL)
    run->run_start_us = note->start_us;
  if (run->run_start_us == DYNO_NO_STAMP)
    run->run_start_us = run->origin_us;
  if (note->has_end)
    {
      run->run_end_us = note->end_us;
      run->roll_end_us = note->roll_end_us;
    }
  run->loss_pct = dyno_take_loss_pct (take);
  run->n_gaps = dyno_take_n_gaps (take);
  g_free (run->mapping);
  run->mapping = dyno_take_mapping_json (take);
  g_free (run->gaps);
  run->gaps = dyno_take_gaps_json (take);
  if (note->discard != DYNO_PULL_DISCARD_NONE)
    set_text (&run->discarded, dyno_pull_discard_name (note->discard));
  g_free (run->derivation);
  run->derivation = g_strdup_printf ("%d", DYNO_DERIVATION_VERSION);
}

/* A pull that was no run: it stands in the trash until it is purged. */
static gboolean
throw_away (const Recovery *self,
            const char     *run_id,
            GError        **error)
{
  const char *ids[] = { run_id, NULL };

  dyno_store_trash_runs_async (self->store, ids, NULL, dyno_await_cb, self->await);

  return dyno_store_trash_runs_finish (self->store, dyno_await_wait (self->await), error);
}

/* Where nobody noted the end it is that of the samples. */
static void
set_end (DynoRun *run,
         gint64   last_us)
{
  if (run->run_start_us == DYNO_NO_STAMP)
    run->run_start_us = run->origin_us;
  if (run->run_end_us == DYNO_NO_STAMP)
    run->run_end_us = last_us;
  if (run->roll_end_us == DYNO_NO_STAMP)
    run->roll_end_us = last_us;
  run->run_end_us = MAX (run->run_end_us, run->run_start_us);
  run->duration_s = (double) (run->run_end_us - run->run_start_us) / G_USEC_PER_SEC;
}

/* Closes the run with what there is. `derived` may be NULL. */
static gboolean
finish (const Recovery      *self,
        DynoRun             *run,
        const DynoRederived *derived,
        gint64               last_us,
        GError             **error)
{
  g_autoptr(DynoRun) answer = NULL;
  DynoRun *ended = dyno_run_new ();
  GPtrArray *channels = derived != NULL ? dyno_take_dup_channels (derived->take) : NULL;
  GPtrArray *marks = derived != NULL ? dyno_take_dup_marks (derived->take) : NULL;
  gboolean is_discarded;

  ended->id = g_strdup (run->id);
  ended->vehicle_id = g_strdup (run->vehicle_id);
  ended->status = DYNO_RUN_INTERRUPTED;
  ended->progress = 1;
  set_text (&ended->error, "The program ended in the middle of this run; it is kept as far as "
                           "it was recorded.");
  ended->source = run->source;
  ended->is_simulator = run->is_simulator;
  ended->provider = g_strdup (run->provider);
  ended->started_ms = run->started_ms;
  ended->origin_us = run->origin_us;
  ended->roll_start_us = run->roll_start_us;
  ended->run_start_us = run->run_start_us;
  ended->run_end_us = run->run_end_us;
  ended->roll_end_us = run->roll_end_us;
  if (derived != NULL)
    take_over (ended, derived);
  set_end (ended, last_us);
  is_discarded = ended->discarded != NULL;
  dyno_figures_make (self->store, self->config, self->await, ended, FALSE);
  dyno_store_finish_run_async (self->store, ended, channels,
                               is_discarded ? NULL : list_file (self, run->id), marks, NULL,
                               dyno_await_cb, self->await);
  answer = dyno_store_finish_run_finish (self->store, dyno_await_wait (self->await), error);

  if (answer != NULL)
    dyno_measure_run (answer, 0);

  return answer != NULL && (!is_discarded || throw_away (self, run->id, error));
}

/* The journal's own note says best which part of it is the run; one that was cut
 * before the note has at least the store's beginning. */
static DynoRederived *
derive (const Recovery *self,
        const DynoRun  *run)
{
  g_autofree char *path = path_of (self, run->id);
  DynoRunWindow window = { run->provider, run->origin_us, G_MAXINT64 };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRederived) derived = dyno_rederive (path, NULL, NULL, &error);

  if (derived != NULL && derived->note.run_id == NULL && run->provider != NULL)
    {
      g_clear_pointer (&derived, dyno_rederived_free);
      derived = dyno_rederive (path, &window, NULL, &error);
    }
  if (derived == NULL)
    g_message ("Run %" G_GINT64_FORMAT " has no packet journal to be completed from: %s",
               run->number, error->message);

  return g_steal_pointer (&derived);
}

static gboolean
recover_run (const Recovery *self,
             DynoRun        *run,
             GError        **error)
{
  g_autoptr(DynoRederived) derived = derive (self, run);
  gint64 last_us;

  return put_samples (self, run->id, derived, &last_us, error)
         && finish (self, run, derived, last_us, error);
}

/* (nullable): it may have been removed since. */
static char *
known_vehicle (const Recovery *self,
               const char     *vehicle_id)
{
  g_autoptr(DynoVehicle) vehicle = NULL;

  if (vehicle_id == NULL)
    return NULL;

  dyno_store_get_vehicle_async (self->store, vehicle_id, NULL, dyno_await_cb, self->await);
  vehicle = dyno_store_get_vehicle_finish (self->store, dyno_await_wait (self->await), NULL);

  return vehicle != NULL ? g_strdup (vehicle_id) : NULL;
}

/* The program ended before anything of a run was written: there is nothing in it,
 * and nothing in it is damaged. */
static gboolean
is_barely_begun (const char   *path,
                 const GError *error)
{
  g_autoptr(DynoJournalReport) report = NULL;
  GStatBuf about;

  if (g_stat (path, &about) == 0 && about.st_size == 0)
    return TRUE;
  if (g_strcmp0 (dyno_error_get_reason (error), "import_no_data") != 0)
    return FALSE;
  report = dyno_journal_verify (path, NULL, NULL);

  return report != NULL && (report->is_complete || report->good_length + MOST_CUT > report->length);
}

/* A journal whose run the store never heard of. */
static gboolean
adopt_run (const Recovery *self,
           const char     *run_id,
           GError        **error)
{
  g_autofree char *path = path_of (self, run_id);
  g_autoptr(GError) failure = NULL;
  g_autoptr(DynoRederived) derived = dyno_rederive (path, NULL, NULL, &failure);
  g_autoptr(DynoRun) begun = NULL;
  gint64 last_us;
  DynoRun *run;

  if (derived == NULL && is_barely_begun (path, failure))
    {
      g_unlink (path);
      return TRUE;
    }
  if (derived == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (g_strcmp0 (derived->note.run_id, run_id) != 0
      || derived->note.discard != DYNO_PULL_DISCARD_NONE)
    {
      /* The beginning of no run, or a pull that was thrown away. */
      g_unlink (path);
      return TRUE;
    }

  run = dyno_run_new ();
  run->id = g_strdup (run_id);
  run->title = g_strdup (derived->note.title);
  run->source = derived->note.is_simulator ? DYNO_SOURCE_SIMULATOR : DYNO_SOURCE_CAPTURE;
  run->is_simulator = derived->note.is_simulator;
  run->provider = g_strdup (derived->note.provider);
  run->started_ms = derived->note.started_ms;
  run->origin_us = derived->note.from_us;
  run->roll_start_us = derived->note.from_us;
  run->run_start_us = derived->note.start_us;
  run->config = g_strdup (derived->note.config);
  run->vehicle_id = known_vehicle (self, derived->note.vehicle_id);
  dyno_store_begin_run_async (self->store, run, NULL, NULL, dyno_await_cb, self->await);
  begun = dyno_store_begin_run_finish (self->store, dyno_await_wait (self->await), error);

  return begun != NULL && put_samples (self, run_id, derived, &last_us, error)
         && finish (self, begun, derived, last_us, error);
}

static gboolean
is_known (const Recovery *self,
          const char     *run_id)
{
  g_autoptr(DynoRun) run = NULL;

  dyno_store_get_run_async (self->store, run_id, NULL, dyno_await_cb, self->await);
  run = dyno_store_get_run_finish (self->store, dyno_await_wait (self->await), NULL);

  return run != NULL;
}

/* Runs that were ended for ever, or whose journal was let go: what is left of it
 * after a cut between the store and the disk is nobody's. (transfer full) of run id */
static GHashTable *
list_removed (const Recovery *self)
{
  GHashTable *removed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) links = NULL;

  dyno_store_read_chain_async (self->store, NULL, dyno_await_cb, self->await);
  links = dyno_store_read_chain_finish (self->store, dyno_await_wait (self->await), NULL);
  for (guint i = 0; links != NULL && i < links->len; i++)
    {
      const DynoChainLink *link = g_ptr_array_index (links, i);

      if (link->removed_ms != 0)
        g_hash_table_add (removed, g_strdup (link->run_id));
    }

  return removed;
}

static void
look_at_stray (const Recovery *self,
               GHashTable     *removed,
               const char     *run_id)
{
  g_autofree char *path = path_of (self, run_id);
  g_autoptr(GError) error = NULL;

  if (g_hash_table_contains (removed, run_id))
    g_unlink (path);
  else if (!is_known (self, run_id) && !adopt_run (self, run_id, &error))
    g_warning ("The packet journal %s belongs to no run and is left alone: %s", path,
               error->message);
}

static void
adopt_strays (const Recovery *self)
{
  g_autofree char *folder = g_build_filename (self->data_dir, "journal", NULL);
  g_autoptr(GHashTable) removed = list_removed (self);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *run_id = g_str_has_suffix (name, ".jdj")
                                  ? g_strndup (name, strlen (name) - strlen (".jdj")) : NULL;

      if (run_id != NULL && dyno_crypt_is_id (run_id, "run"))
        look_at_stray (self, removed, run_id);
    }
}

void
dyno_recover_runs (DynoStore  *store,
                   DynoConfig *config,
                   const char *data_dir,
                   DynoAwait  *await)
{
  Recovery self = { store, config, data_dir, await };
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GError) failure = NULL;

  dyno_store_list_unfinished_async (store, NULL, dyno_await_cb, await);
  runs = dyno_store_list_unfinished_finish (store, dyno_await_wait (await), &failure);
  if (runs == NULL)
    g_warning ("Runs that were cut short cannot be looked for: %s", failure->message);
  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      DynoRun *run = g_ptr_array_index (runs, i);
      g_autoptr(GError) error = NULL;

      if (!recover_run (&self, run, &error))
        g_warning ("Run %" G_GINT64_FORMAT " cannot be completed: %s", run->number,
                   error->message);
    }
  adopt_strays (&self);
}
