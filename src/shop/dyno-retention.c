/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-retention-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-recording.h"
#include "dyno-shop-private.h"

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

static guint64
remove_file (const char *folder,
             const char *name,
             gboolean    is_dry)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf about;

  if (g_stat (path, &about) != 0 || (!is_dry && g_unlink (path) != 0))
    return 0;

  return (guint64) about.st_size;
}

/* Journals */

typedef struct
{
  DynoStore           *store;
  DynoConfig          *config;
  DynoClock           *clock;
  const char          *data_dir;
  DynoAwait           *await;
  gboolean             is_dry;
  DynoRetentionReport *report;
} Trim;

static gboolean
may_go (const DynoRunFile *file)
{
  return file->removed_ms == 0 && !file->is_starred;
}

static gint64
total_of (GPtrArray *files)
{
  gint64 total = 0;

  for (guint i = 0; i < files->len; i++)
    {
      const DynoRunFile *file = g_ptr_array_index (files, i);

      if (file->removed_ms == 0)
        total += file->bytes;
    }

  return total;
}

/* The store is told first: a file that is gone without its knowing would look like
 * damage; one that is there although it is let go is a stray. */
static gboolean
let_go (const Trim        *self,
        const DynoRunFile *file)
{
  const char *ids[] = { file->id, NULL };
  g_autoptr(GError) error = NULL;

  self->report->n_journals++;
  self->report->bytes += (guint64) file->bytes;
  if (self->is_dry)
    return TRUE;

  dyno_store_remove_run_files_async (self->store, ids, NULL, dyno_await_cb, self->await);
  if (!dyno_store_remove_run_files_finish (self->store, dyno_await_wait (self->await), &error))
    {
      g_warning ("A packet journal cannot be let go: %s", error->message);
      return FALSE;
    }
  remove_file (self->data_dir, file->path, FALSE);

  return TRUE;
}

static void
trim_files (const Trim *self,
            GPtrArray  *files)
{
  gint64 days = dyno_config_get_integer (self->config, "capture.journal_days");
  gint64 most = dyno_config_get_integer (self->config, "capture.journal_gib") << 30;
  gint64 oldest_ms = dyno_clock_real_us (self->clock) / 1000 - days * DAY_MS;
  gint64 total = total_of (files);

  for (guint i = 0; i < files->len; i++)
    {
      const DynoRunFile *file = g_ptr_array_index (files, i);

      if (!may_go (file) || (file->created_ms >= oldest_ms && total <= most))
        continue;
      if (!let_go (self, file))
        return;
      total -= file->bytes;
    }
}

void
dyno_retention_trim_journals (DynoStore           *store,
                              DynoConfig          *config,
                              DynoClock           *clock,
                              const char          *data_dir,
                              DynoAwait           *await,
                              gboolean             is_dry,
                              DynoRetentionReport *report)
{
  DynoRetentionReport unseen = { 0 };
  Trim self = { store, config, clock, data_dir, await, is_dry, report != NULL ? report : &unseen };
  g_autoptr(GPtrArray) files = NULL;

  dyno_store_list_run_files_async (store, NULL, DYNO_FILE_JOURNAL, NULL, dyno_await_cb, await);
  files = dyno_store_list_run_files_finish (store, dyno_await_wait (await), NULL);
  if (files != NULL)
    trim_files (&self, files);
}

/* The trash */

static gboolean
is_due (DynoShop      *shop,
        const DynoRun *run)
{
  gint64 now_ms = dyno_clock_real_us (shop->clock) / 1000;

  if (run->discarded != NULL && run->created_ms < shop->opened_ms)
    return TRUE;

  return run->deleted_ms
         < now_ms - dyno_config_get_integer (shop->config, "privacy.trash_days") * DAY_MS;
}

/* Ids of runs in the trash whose time has come. (transfer full) of utf8 */
static GPtrArray *
list_due (const DynoErrand *errand,
          GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) due = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();

  query->trash = DYNO_TRASH_ONLY;
  query->limit = 1000;
  do
    {
      g_autoptr(DynoRunPage) page = NULL;

      dyno_store_list_runs_async (store, query, errand->cancellable, dyno_await_cb, errand->await);
      page = dyno_store_list_runs_finish (store, dyno_await_wait (errand->await), error);
      if (page == NULL)
        return NULL;
      for (guint i = 0; i < page->runs->len; i++)
        {
          const DynoRun *run = g_ptr_array_index (page->runs, i);

          if (is_due (errand->shop, run))
            g_ptr_array_add (due, g_strdup (run->id));
        }
      g_free (query->cursor);
      query->cursor = g_steal_pointer (&page->cursor);
    }
  while (query->cursor != NULL);

  return g_steal_pointer (&due);
}

/* A discarded pull's journal is known to nobody but by its name. */
static void
purge_run (const DynoErrand    *errand,
           const char          *run_id,
           DynoRetentionReport *report)
{
  DynoStore *store = errand->shop->store;
  const char *data_dir = errand->shop->folders->data;
  const char *ids[] = { run_id, NULL };
  g_autofree char *journal = dyno_recording_journal_path (run_id);
  g_autoptr(GPtrArray) paths = NULL;

  dyno_store_purge_runs_async (store, ids, 0, NULL, dyno_await_cb, errand->await);
  paths = dyno_store_purge_runs_finish (store, dyno_await_wait (errand->await), NULL);
  if (paths == NULL)
    return;

  for (guint i = 0; i < paths->len; i++)
    report->bytes += remove_file (data_dir, g_ptr_array_index (paths, i), FALSE);
  report->bytes += remove_file (data_dir, journal, FALSE);
  report->n_runs++;
}

static gboolean
empty_trash (const DynoErrand    *errand,
             gboolean             is_dry,
             DynoRetentionReport *report,
             GError             **error)
{
  g_autoptr(GPtrArray) due = list_due (errand, error);

  if (due == NULL)
    return FALSE;
  if (is_dry)
    {
      report->n_runs += due->len;
      return TRUE;
    }
  for (guint i = 0; i < due->len && !g_cancellable_is_cancelled (errand->cancellable); i++)
    purge_run (errand, g_ptr_array_index (due, i), report);

  return TRUE;
}

/* Files that belong to nobody */

static gboolean
is_known (const DynoErrand *errand,
          const char       *run_id)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoRun) run = NULL;

  dyno_store_get_run_async (store, run_id, NULL, dyno_await_cb, errand->await);
  run = dyno_store_get_run_finish (store, dyno_await_wait (errand->await), NULL);

  return run != NULL;
}

/* Times of files are told in seconds here, and by a coarser clock than ours: what is
 * about as old is not older. */
static gboolean
is_older (const char *folder,
          const char *name,
          gint64      than_ms)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf about;

  return g_stat (path, &about) == 0 && ((gint64) about.st_mtime + 2) * 1000 < than_ms;
}

/* The run of "run_…" or, where parts of an archive lie beside it, of "run_….2". */
static gboolean
is_of_a_run (const DynoErrand *errand,
             const char       *name)
{
  g_autofree char *id = g_strndup (name, strcspn (name, "."));

  return dyno_crypt_is_id (id, "run") && is_known (errand, id);
}

/* What an import left behind that was cut before its run was kept. */
static void
sweep_sources (const DynoErrand    *errand,
               gboolean             is_dry,
               DynoRetentionReport *report)
{
  g_autofree char *folder = g_build_filename (errand->shop->folders->data, "source", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (!is_older (folder, name, errand->shop->opened_ms)
          || is_of_a_run (errand, name))
        continue;
      report->bytes += remove_file (folder, name, is_dry);
      report->n_strays++;
    }
}

static void
sweep_days (const DynoErrand    *errand,
            gboolean             is_dry,
            DynoRetentionReport *report)
{
  DynoShop *shop = errand->shop;
  gint64 days = dyno_config_get_integer (shop->config, "capture.journal_days");
  gint64 oldest_ms = dyno_clock_real_us (shop->clock) / 1000 - days * DAY_MS;
  g_autofree char *folder = g_build_filename (shop->folders->data, "journal", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (!g_str_has_prefix (name, "day-") || !is_older (folder, name, oldest_ms))
        continue;
      report->bytes += remove_file (folder, name, is_dry);
      report->n_journals++;
    }
}

static gpointer
retain (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  gboolean is_dry = GPOINTER_TO_INT (data) == 2;
  DynoShop *shop = errand->shop;
  g_autofree DynoRetentionReport *report = g_new0 (DynoRetentionReport, 1);

  if (!empty_trash (errand, is_dry, report, error))
    return NULL;
  dyno_retention_trim_journals (shop->store, shop->config, shop->clock, shop->folders->data,
                                errand->await, is_dry, report);
  sweep_sources (errand, is_dry, report);
  sweep_days (errand, is_dry, report);
  if (!dyno_retention_rows (errand, is_dry, report, error))
    return NULL;
  if (!is_dry && report->n_runs > 0)
    dyno_bus_publish (shop->bus, DYNO_TOPIC_RUN, "trash", "removed");

  return g_steal_pointer (&report);
}

static const DynoOperation operation = { "retention", retain, g_free, TRUE };

void
dyno_retention_async (DynoShop            *shop,
                      gboolean             is_dry,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  dyno_operation_start (shop, &operation, GINT_TO_POINTER (is_dry ? 2 : 1), NULL, cancellable,
                        callback, user_data);
}

DynoRetentionReport *
dyno_retention_finish (GAsyncResult *result,
                       GError      **error)
{
  return dyno_operation_finish (result, &operation, error);
}

static void
retained_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree DynoRetentionReport *report = dyno_retention_finish (result, &error);

  if (report == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("Old files are not let go: %s", error->message);
}

void
dyno_retention_begin (DynoShop *shop)
{
  dyno_retention_async (shop, FALSE, NULL, retained_cb, NULL);
}
