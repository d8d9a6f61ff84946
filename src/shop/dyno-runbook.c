/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-runbook.h"

#include "dyno-errand-load.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"

void
dyno_run_detail_free (DynoRunDetail *self)
{
  if (self == NULL)
    return;

  dyno_run_free (self->run);
  g_clear_pointer (&self->channels, g_ptr_array_unref);
  g_clear_pointer (&self->marks, g_ptr_array_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self);
}

/* Lists */

static gpointer
list (const DynoErrand *errand,
      gpointer          query,
      GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_runs_async (store, query, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_list_runs_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation list_operation = { "runs-list", list,
                                              (GDestroyNotify) dyno_run_page_free, TRUE };

void
dyno_runbook_list_async (DynoShop            *shop,
                         const DynoRunQuery  *query,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  DynoRunQuery *copy = query != NULL ? dyno_run_query_copy (query) : dyno_run_query_new ();

  dyno_operation_start (shop, &list_operation, copy, (GDestroyNotify) dyno_run_query_free,
                        cancellable, callback, user_data);
}

DynoRunPage *
dyno_runbook_list_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

/* One run */

static gboolean
is_number (const char *text)
{
  if (*text == '\0')
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    {
      if (!g_ascii_isdigit (*c))
        return FALSE;
    }

  return TRUE;
}

/* Runs by number, the newest first: the numbers only fall. (transfer full) */
static char *
find_number (const DynoErrand *errand,
             gint64            number,
             GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();

  query->sort = DYNO_SORT_NUMBER_DOWN;
  query->trash = DYNO_TRASH_INCLUDED;
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

          if (run->number == number)
            return g_strdup (run->id);
        }
      g_free (query->cursor);
      query->cursor = g_steal_pointer (&page->cursor);
    }
  while (query->cursor != NULL);
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no run %" G_GINT64_FORMAT ".",
                  number);

  return NULL;
}

static gboolean
load_parts (const DynoErrand *errand,
            DynoRunDetail    *detail,
            GError          **error)
{
  DynoStore *store = errand->shop->store;
  DynoAwait *await = errand->await;

  dyno_store_list_run_channels_async (store, detail->run->id, NULL, dyno_await_cb, await);
  detail->channels = dyno_store_list_run_channels_finish (store, dyno_await_wait (await), error);
  if (detail->channels == NULL)
    return FALSE;
  dyno_store_list_run_marks_async (store, detail->run->id, NULL, dyno_await_cb, await);
  detail->marks = dyno_store_list_run_marks_finish (store, dyno_await_wait (await), error);
  if (detail->marks == NULL)
    return FALSE;
  dyno_store_list_run_files_async (store, detail->run->id, NULL, NULL, dyno_await_cb, await);
  detail->files = dyno_store_list_run_files_finish (store, dyno_await_wait (await), error);

  return detail->files != NULL;
}

static gpointer
get (const DynoErrand *errand,
     gpointer          data,
     GError          **error)
{
  const char *wanted = data;
  g_autofree char *run_id = is_number (wanted)
                              ? find_number (errand, g_ascii_strtoll (wanted, NULL, 10), error)
                              : g_strdup (wanted);
  DynoRunDetail *detail;

  if (run_id == NULL)
    return NULL;

  detail = g_new0 (DynoRunDetail, 1);
  detail->run = dyno_errand_load_run (errand, run_id, error);
  if (detail->run != NULL && load_parts (errand, detail, error))
    return detail;
  dyno_run_detail_free (detail);

  return NULL;
}

static const DynoOperation get_operation = { "runs-get", get,
                                             (GDestroyNotify) dyno_run_detail_free, TRUE };

void
dyno_runbook_get_async (DynoShop            *shop,
                        const char          *run,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  dyno_operation_start (shop, &get_operation, g_strdup (run), g_free, cancellable, callback,
                        user_data);
}

DynoRunDetail *
dyno_runbook_get_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &get_operation, error);
}

/* Samples */

typedef struct
{
  char    *run_id; /* (owned) */
  DynoLoad load;   /* indices owned */
} Loading;

static void
loading_free (gpointer data)
{
  Loading *loading = data;

  g_free (loading->run_id);
  g_free ((gpointer) loading->load.indices);
  g_free (loading);
}

static gpointer
load (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  const Loading *loading = data;
  DynoStore *store = errand->shop->store;

  dyno_store_load_samples_async (store, loading->run_id, &loading->load, errand->cancellable,
                                 dyno_await_cb, errand->await);

  return dyno_store_load_samples_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation load_operation = { "runs-load", load,
                                              (GDestroyNotify) dyno_samples_unref, TRUE };

void
dyno_runbook_load_async (DynoShop            *shop,
                         const char          *run_id,
                         const DynoLoad      *wanted,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  Loading *loading = g_new0 (Loading, 1);

  loading->run_id = g_strdup (run_id);
  if (wanted != NULL)
    {
      loading->load = *wanted;
      loading->load.indices
        = g_memdup2 (wanted->indices, wanted->n_indices * sizeof *wanted->indices);
    }
  dyno_operation_start (shop, &load_operation, loading, loading_free, cancellable, callback,
                        user_data);
}

DynoSamples *
dyno_runbook_load_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &load_operation, error);
}

/* Tags and notes */

static gpointer
list_tags (const DynoErrand *errand,
           gpointer          data,
           GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_run_tags_async (store, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_list_run_tags_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation tags_operation = { "runs-tags", list_tags,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_runbook_tags_async (DynoShop            *shop,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  dyno_operation_start (shop, &tags_operation, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_runbook_tags_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &tags_operation, error);
}

static gpointer
list_notes (const DynoErrand *errand,
            gpointer          run_id,
            GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_run_notes_async (store, run_id, errand->cancellable, dyno_await_cb,
                                   errand->await);

  return dyno_store_list_run_notes_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation notes_operation = { "runs-notes", list_notes,
                                               (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_runbook_notes_async (DynoShop            *shop,
                          const char          *run_id,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &notes_operation, g_strdup (run_id), g_free, cancellable, callback,
                        user_data);
}

GPtrArray *
dyno_runbook_notes_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &notes_operation, error);
}
