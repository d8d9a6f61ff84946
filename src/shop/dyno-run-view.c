/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-view.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-shop-private.h"

void
dyno_run_list_free (DynoRunList *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->page, dyno_run_page_free);
  g_clear_pointer (&self->verdicts, g_hash_table_unref);
  g_free (self);
}

void
dyno_run_view_free (DynoRunView *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->detail, dyno_run_detail_free);
  g_clear_pointer (&self->verdict, dyno_run_verdict_free);
  g_free (self);
}

const DynoRunVerdict *
dyno_run_list_verdict (const DynoRunList *self,
                       const char        *run_id)
{
  return g_hash_table_lookup (self->verdicts, run_id);
}

/* (transfer full) of DynoRunVerdict */
static GPtrArray *
load_verdicts (const DynoErrand  *errand,
               const char *const *run_ids,
               GError           **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_verdicts_async (store, run_ids, errand->cancellable, dyno_await_cb,
                                  errand->await);

  return dyno_store_list_verdicts_finish (store, dyno_await_wait (errand->await), error);
}

/* A list */

/* (transfer container) */
static GPtrArray *
list_ids (const DynoRunPage *page)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < page->runs->len; i++)
    g_ptr_array_add (ids, ((const DynoRun *) page->runs->pdata[i])->id);
  g_ptr_array_add (ids, NULL);

  return ids;
}

/* One that was purged just now gets an empty one. */
static void
fill_verdicts (DynoRunList *self,
               GPtrArray   *verdicts)
{
  g_ptr_array_set_free_func (verdicts, NULL);
  for (guint i = 0; i < verdicts->len; i++)
    {
      DynoRunVerdict *verdict = g_ptr_array_index (verdicts, i);

      g_hash_table_insert (self->verdicts, verdict->run_id, verdict);
    }
  for (guint i = 0; i < self->page->runs->len; i++)
    {
      const DynoRun *run = g_ptr_array_index (self->page->runs, i);
      DynoRunVerdict *none;

      if (g_hash_table_contains (self->verdicts, run->id))
        continue;
      none = g_new0 (DynoRunVerdict, 1);
      none->run_id = g_strdup (run->id);
      none->coverage_pct = NAN;
      g_hash_table_insert (self->verdicts, none->run_id, none);
    }
}

static gpointer
list (const DynoErrand *errand,
      gpointer          query,
      GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoRunList) self = g_new0 (DynoRunList, 1);
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(GPtrArray) verdicts = NULL;

  dyno_store_list_runs_async (store, query, errand->cancellable, dyno_await_cb, errand->await);
  self->page = dyno_store_list_runs_finish (store, dyno_await_wait (errand->await), error);
  if (self->page == NULL)
    return NULL;

  ids = list_ids (self->page);
  verdicts = load_verdicts (errand, (const char *const *) ids->pdata, error);
  if (verdicts == NULL)
    return NULL;
  self->verdicts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                          (GDestroyNotify) dyno_run_verdict_free);
  fill_verdicts (self, verdicts);

  return g_steal_pointer (&self);
}

static const DynoOperation list_operation = { "runs-view-list", list,
                                              (GDestroyNotify) dyno_run_list_free, TRUE };

void
dyno_run_list_async (DynoShop            *shop,
                     DynoRunQuery        *query,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  dyno_operation_start (shop, &list_operation, query, (GDestroyNotify) dyno_run_query_free,
                        cancellable, callback, user_data);
}

DynoRunList *
dyno_run_list_finish (GAsyncResult *result,
                      GError      **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

/* One */

static gpointer
view (const DynoErrand *errand,
      gpointer          run_id,
      GError          **error)
{
  const char *const ids[] = { run_id, NULL };
  g_autoptr(DynoRunView) self = g_new0 (DynoRunView, 1);
  g_autoptr(GPtrArray) verdicts = NULL;

  dyno_runbook_get_async (errand->shop, run_id, errand->cancellable, dyno_await_cb, errand->await);
  self->detail = dyno_runbook_get_finish (dyno_await_wait (errand->await), error);
  if (self->detail == NULL)
    return NULL;
  verdicts = load_verdicts (errand, ids, error);
  if (verdicts == NULL)
    return NULL;
  if (verdicts->len > 0)
    self->verdict = g_ptr_array_steal_index (verdicts, 0);
  else
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no such run.");

  return self->verdict != NULL ? g_steal_pointer (&self) : NULL;
}

static const DynoOperation view_operation = { "runs-view", view,
                                              (GDestroyNotify) dyno_run_view_free, TRUE };

void
dyno_run_view_async (DynoShop            *shop,
                     const char          *run_id,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  dyno_operation_start (shop, &view_operation, g_strdup (run_id), g_free, cancellable, callback,
                        user_data);
}

DynoRunView *
dyno_run_view_finish (GAsyncResult *result,
                      GError      **error)
{
  return dyno_operation_finish (result, &view_operation, error);
}
