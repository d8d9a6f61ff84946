/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-run.h"

#include "dyno-error.h"
#include "dyno-tune-private.h"

typedef struct
{
  char *run_id;   /* (owned) */
  char *table_id; /* (owned) (nullable) */
  char *made_by;  /* (owned) (nullable) */
} Order;

static Order *
order_new (const char *run_id,
           const char *table_id,
           const char *made_by)
{
  Order *order = g_new0 (Order, 1);

  order->run_id = g_strdup (run_id);
  order->table_id = g_strdup (table_id);
  order->made_by = g_strdup (made_by);

  return order;
}

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->run_id);
  g_free (order->table_id);
  g_free (order->made_by);
  g_free (order);
}

static DynoRun *
load_run (const DynoErrand *errand,
          const Order      *order,
          GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_get_run_async (store, order->run_id, errand->cancellable, dyno_await_cb,
                            errand->await);

  return dyno_store_get_run_finish (store, dyno_await_wait (errand->await), error);
}

static GPtrArray *
list_analyses (const DynoErrand *errand,
               const Order      *order,
               GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_analyses_async (store, order->run_id, errand->cancellable, dyno_await_cb,
                                  errand->await);

  return dyno_store_list_analyses_finish (store, dyno_await_wait (errand->await), error);
}

/* The tables of the vehicle */

static GPtrArray *
list_tunes (const DynoErrand *errand,
            const char       *vehicle_id,
            GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_tunes_async (store, vehicle_id, errand->cancellable, dyno_await_cb,
                               errand->await);

  return dyno_store_list_tunes_finish (store, dyno_await_wait (errand->await), error);
}

static GPtrArray *
list_tables (const DynoErrand *errand,
             const char       *vehicle_id,
             GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_tables_async (store, vehicle_id, "ve-map", NULL, errand->cancellable,
                                dyno_await_cb, errand->await);

  return dyno_store_list_tables_finish (store, dyno_await_wait (errand->await), error);
}

/* The newest of a cylinder: tunes are in that order. */
static const DynoTableRecord *
find_newest (GPtrArray  *tunes,
             GPtrArray  *tables,
             const char *cylinder)
{
  for (guint t = 0; t < tunes->len; t++)
    {
      const DynoTuneRecord *tune = g_ptr_array_index (tunes, t);

      for (guint i = 0; i < tables->len; i++)
        {
          const DynoTableRecord *table = g_ptr_array_index (tables, i);

          if (g_str_equal (table->tune_id, tune->id) && g_str_equal (table->cylinder, cylinder))
            return table;
        }
    }

  return NULL;
}

static void
add_base (DynoTuneRequest       *request,
          const DynoTableRecord *table)
{
  if (table != NULL)
    dyno_tune_request_add_base (request, table->id, DYNO_TABLE_BOTH);
}

static gboolean
add_tables (const DynoErrand *errand,
            const char       *vehicle_id,
            DynoTuneRequest  *request,
            GError          **error)
{
  g_autoptr(GPtrArray) tunes = list_tunes (errand, vehicle_id, error);
  g_autoptr(GPtrArray) tables = tunes != NULL ? list_tables (errand, vehicle_id, error) : NULL;
  const DynoTableRecord *front;
  const DynoTableRecord *rear;

  if (tables == NULL)
    return FALSE;
  front = find_newest (tunes, tables, "front");
  rear = find_newest (tunes, tables, "rear");
  add_base (request, front);
  add_base (request, rear);
  if (front == NULL && rear == NULL)
    add_base (request, find_newest (tunes, tables, ""));
  else if (front == NULL || rear == NULL)
    request->options->side = front != NULL ? DYNO_TABLE_FRONT : DYNO_TABLE_REAR;
  if (request->bases->len > 0)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "no_table",
                  "The vehicle has no VE table. Import its tune first.");

  return FALSE;
}

static gboolean
choose_tables (const DynoErrand *errand,
               const Order      *order,
               const DynoRun    *run,
               DynoTuneRequest  *request,
               GError          **error)
{
  if (order->table_id != NULL)
    {
      dyno_tune_request_add_base (request, order->table_id, DYNO_TABLE_BOTH);
      return TRUE;
    }
  if (run->vehicle_id != NULL)
    return add_tables (errand, run->vehicle_id, request, error);

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "no_table",
                  "The run belongs to no vehicle: name the table that is meant.");

  return FALSE;
}

/* Applying */

static gpointer
apply_run (const DynoErrand *errand,
           gpointer          data,
           GError          **error)
{
  const Order *order = data;
  g_autoptr(DynoRun) run = load_run (errand, order, error);
  g_autoptr(GPtrArray) analyses = run != NULL ? list_analyses (errand, order, error) : NULL;
  g_autoptr(DynoTuneRequest) request = dyno_tune_request_new ();

  if (analyses == NULL)
    return NULL;
  if (analyses->len == 0)
    {
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "no_analysis",
                      "The run has not been analysed. Analyse it first.");
      return NULL;
    }
  request->analysis_id = g_strdup (((DynoAnalysisRecord *) analyses->pdata[0])->id);
  request->made_by = g_strdup (order->made_by);
  if (!choose_tables (errand, order, run, request, error))
    return NULL;

  return dyno_tune_apply (errand, request, error);
}

static const DynoOperation apply_operation = { "tune-apply-run", apply_run,
                                               (GDestroyNotify) dyno_tune_applied_free, TRUE };

void
dyno_tune_apply_run_async (DynoShop            *shop,
                           const char          *run_id,
                           const char          *table_id,
                           const char          *made_by,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  dyno_operation_start (shop, &apply_operation, order_new (run_id, table_id, made_by), order_free,
                        cancellable, callback, user_data);
}

DynoTuneApplied *
dyno_tune_apply_run_finish (GAsyncResult *result,
                            GError      **error)
{
  return dyno_operation_finish (result, &apply_operation, error);
}

/* Rolling back */

static gboolean
is_undone (GPtrArray  *changes,
           const char *id)
{
  for (guint i = 0; i < changes->len; i++)
    {
      if (g_strcmp0 (((DynoChangeRecord *) changes->pdata[i])->undoes, id) == 0)
        return TRUE;
    }

  return FALSE;
}

/* The newest that stands of an analysis, where it is newer than `*newest`. */
static gboolean
find_change (const DynoErrand *errand,
             const Order      *order,
             const char       *analysis_id,
             char            **change_id,
             gint64           *newest,
             GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) changes = NULL;

  dyno_store_list_changes_async (store, order->table_id, analysis_id, errand->cancellable,
                                 dyno_await_cb, errand->await);
  changes = dyno_store_list_changes_finish (store, dyno_await_wait (errand->await), error);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      const DynoChangeRecord *change = g_ptr_array_index (changes, i);

      if (change->kind != DYNO_CHANGE_RECORD_APPLY || change->seq <= *newest
          || is_undone (changes, change->id))
        continue;
      g_free (*change_id);
      *change_id = g_strdup (change->id);
      *newest = change->seq;
    }

  return changes != NULL;
}

static gpointer
rollback_run (const DynoErrand *errand,
              gpointer          data,
              GError          **error)
{
  const Order *order = data;
  g_autoptr(DynoRun) run = load_run (errand, order, error);
  g_autoptr(GPtrArray) analyses = run != NULL ? list_analyses (errand, order, error) : NULL;
  g_autofree char *change_id = NULL;
  gint64 newest = 0;

  if (analyses == NULL)
    return NULL;
  for (guint i = 0; i < analyses->len; i++)
    {
      const DynoAnalysisRecord *analysis = g_ptr_array_index (analyses, i);

      if (!find_change (errand, order, analysis->id, &change_id, &newest, error))
        return NULL;
    }
  if (change_id != NULL)
    return dyno_tune_rollback (errand, change_id, NULL, order->made_by, error);

  dyno_error_set (error, DYNO_ERROR_INVALID, "nothing_to_roll_back",
                  "Nothing of this run is applied, so there is nothing to roll back.");

  return NULL;
}

static const DynoOperation rollback_operation = { "tune-rollback-run", rollback_run,
                                                  (GDestroyNotify) dyno_tune_restored_free, TRUE };

void
dyno_tune_rollback_run_async (DynoShop            *shop,
                              const char          *run_id,
                              const char          *table_id,
                              const char          *made_by,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  dyno_operation_start (shop, &rollback_operation, order_new (run_id, table_id, made_by),
                        order_free, cancellable, callback, user_data);
}

DynoTuneRestored *
dyno_tune_rollback_run_finish (GAsyncResult *result,
                               GError      **error)
{
  return dyno_operation_finish (result, &rollback_operation, error);
}
