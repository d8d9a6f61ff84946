/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-arm-private.h"

#include "dyno-error.h"
#include "dyno-journal.h"
#include "dyno-recording.h"
#include "dyno-shop-private.h"

/* A discarded pull becomes a run; part of dyno-arm.h. */

/* Only now is its journal a link of the chain. */
static gboolean
chain_journal (const DynoErrand *errand,
               const char       *run_id,
               GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autofree char *relative = dyno_recording_journal_path (run_id);
  g_autofree char *path = g_build_filename (errand->shop->folders->data, relative, NULL);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr(DynoJournalReport) report = dyno_journal_verify (path, errand->cancellable, NULL);
  GPtrArray *files;

  if (report == NULL)
    return TRUE;

  files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);
  g_ptr_array_add (files, dyno_run_file_new (DYNO_FILE_JOURNAL, relative, name,
                                             (gint64) report->length, report->sha256));
  dyno_store_add_run_files_async (store, run_id, files, NULL, dyno_await_cb, errand->await);

  return dyno_store_add_run_files_finish (store, dyno_await_wait (errand->await), error);
}

static gboolean
take_out_of_trash (const DynoErrand *errand,
                   const char       *run_id,
                   GError          **error)
{
  DynoStore *store = errand->shop->store;
  const char *ids[] = { run_id, NULL };

  dyno_store_restore_runs_async (store, ids, NULL, dyno_await_cb, errand->await);

  return dyno_store_restore_runs_finish (store, dyno_await_wait (errand->await), error);
}

static gboolean
clear_discard (const DynoErrand *errand,
               DynoRun          *run,
               GError          **error)
{
  DynoStore *store = errand->shop->store;

  g_clear_pointer (&run->discarded, g_free);
  dyno_store_save_run_async (store, run, NULL, dyno_await_cb, errand->await);

  return dyno_store_save_run_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
keep (const DynoErrand *errand,
      gpointer          run_id,
      GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autofree char *json = dyno_arm_command ("kept", "run", run_id);
  g_autoptr(DynoRun) run = NULL;

  dyno_store_get_run_async (store, run_id, NULL, dyno_await_cb, errand->await);
  run = dyno_store_get_run_finish (store, dyno_await_wait (errand->await), error);
  if (run == NULL)
    return NULL;
  if (run->discarded == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "This pull was not discarded.");
      return NULL;
    }
  if (!chain_journal (errand, run_id, error) || !take_out_of_trash (errand, run_id, error)
      || !clear_discard (errand, g_steal_pointer (&run), error))
    return NULL;

  dyno_arm_tell (errand, json, NULL);
  dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_RUN, run_id, "added");

  return DYNO_OPERATION_DONE;
}

static const DynoOperation keep_operation = { "keep", keep, NULL, TRUE };

void
dyno_arm_keep_async (DynoShop            *shop,
                     const char          *run_id,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  dyno_operation_start (shop, &keep_operation, g_strdup (run_id), g_free, cancellable, callback,
                        user_data);
}

gboolean
dyno_arm_keep_finish (GAsyncResult *result,
                      GError      **error)
{
  return dyno_operation_finish (result, &keep_operation, error) != NULL;
}
