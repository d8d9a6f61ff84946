/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-timeline.h"

#include "dyno-error.h"
#include "dyno-tune-private.h"

/* List */

static gpointer
list (const DynoErrand *errand,
      gpointer          table_id,
      GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoTableRecord) record = dyno_tune_load_record (errand, table_id, 0, error);

  if (record == NULL)
    return NULL;
  dyno_store_list_changes_async (store, table_id, NULL, errand->cancellable, dyno_await_cb,
                                 errand->await);

  return dyno_store_list_changes_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation list_operation = { "timeline-list", list,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_timeline_list_async (DynoShop            *shop,
                          const char          *table_id,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &list_operation, g_strdup (table_id), g_free, cancellable, callback,
                        user_data);
}

GPtrArray *
dyno_timeline_list_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

/* Diff */

typedef struct
{
  char *from; /* (owned) */
  char *to;   /* (owned) */
  char *name; /* (owned) (nullable) */
  int   from_version;
  int   to_version;
} Pair;

static void
pair_free (gpointer data)
{
  Pair *pair = data;

  g_free (pair->from);
  g_free (pair->to);
  g_free (pair->name);
  g_free (pair);
}

static DynoTable *
load_table (const DynoErrand *errand,
            const char       *table,
            int               version,
            const char       *name,
            GError          **error)
{
  g_autoptr(DynoTuneTable) found = dyno_tune_load_table (errand, table, version, name, error);

  return found != NULL ? dyno_table_ref (found->table) : NULL;
}

static gpointer
diff (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  const Pair *pair = data;
  g_autoptr(DynoTable) from
      = load_table (errand, pair->from, pair->from_version, pair->name, error);
  g_autoptr(DynoTable) to = NULL;
  DynoAnalysisError *cause = NULL;
  DynoDiff *found;

  if (from != NULL)
    to = load_table (errand, pair->to, pair->to_version, pair->name, error);
  if (to == NULL)
    return NULL;
  found = dyno_diff_tables (from, to, &cause);
  if (found == NULL)
    dyno_tune_set_error (error, cause, NULL);

  return found;
}

static const DynoOperation diff_operation = { "timeline-diff", diff,
                                              (GDestroyNotify) dyno_diff_free, FALSE };

void
dyno_timeline_diff_async (DynoShop            *shop,
                          const char          *from,
                          int                  from_version,
                          const char          *to,
                          int                  to_version,
                          const char          *name,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Pair *pair = g_new0 (Pair, 1);

  pair->from = g_strdup (from);
  pair->to = g_strdup (to);
  pair->name = g_strdup (name);
  pair->from_version = from_version;
  pair->to_version = to_version;
  dyno_operation_start (shop, &diff_operation, pair, pair_free, cancellable, callback, user_data);
}

DynoDiff *
dyno_timeline_diff_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &diff_operation, error);
}

/* Restore */

typedef struct
{
  char *table_id; /* (owned) */
  char *comment;  /* (owned) (nullable) */
  char *made_by;  /* (owned) (nullable) */
  int   version;
  int   shown_version;
} Restore;

static void
restore_free (gpointer data)
{
  Restore *order = data;

  g_free (order->table_id);
  g_free (order->comment);
  g_free (order->made_by);
  g_free (order);
}

static guint
count_changed (const DynoTable *from,
               const DynoTable *to)
{
  g_autoptr(DynoDiff) found = dyno_diff_tables (from, to, NULL);

  return found != NULL ? found->changed->len : dyno_table_n_cells (to);
}

static gboolean
may_restore (const Restore         *order,
             const DynoTableRecord *present,
             const DynoTableRecord *earlier,
             GError               **error)
{
  if (order->shown_version != 0 && order->shown_version != present->version)
    dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                    "The table is at version %d by now. Look at it again.", present->version);
  else if (g_bytes_equal (present->bytes, earlier->bytes))
    dyno_error_set (error, DYNO_ERROR_CONFLICT, "unchanged",
                    "The table holds exactly the bytes of version %d.", earlier->version);
  else
    return TRUE;

  return FALSE;
}

static gpointer
restore (const DynoErrand *errand,
         gpointer          data,
         GError          **error)
{
  const Restore *order = data;
  g_autoptr(DynoTableRecord) present = dyno_tune_load_record (errand, order->table_id, 0, error);
  g_autoptr(DynoTableRecord) earlier = NULL;
  g_autoptr(DynoTable) before = NULL;
  g_autoptr(DynoTable) after = NULL;
  g_autoptr(GPtrArray) rows
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_change_record_free);
  g_autoptr(GPtrArray) kept = NULL;
  DynoChangeRecord *row;

  if (present != NULL)
    earlier = dyno_tune_load_record (errand, order->table_id, order->version, error);
  if (earlier == NULL || !may_restore (order, present, earlier, error))
    return NULL;
  before = dyno_tune_open_record (present, error);
  after = before != NULL ? dyno_tune_open_record (earlier, error) : NULL;
  if (after == NULL)
    return NULL;
  row = dyno_tune_make_change (order->table_id, DYNO_CHANGE_RECORD_ROLLBACK, before, after);
  row->made_by = g_strdup (order->made_by != NULL ? order->made_by : DYNO_TUNE_OWNER);
  row->comment = order->comment != NULL ? g_strdup (order->comment)
                                        : g_strdup_printf ("Version %d restored", earlier->version);
  row->cells_changed = (int) count_changed (before, after);
  g_ptr_array_add (rows, row);
  kept = dyno_tune_add_changes (errand, g_steal_pointer (&rows), present->vehicle_id, error);

  return kept != NULL ? g_ptr_array_steal_index (kept, 0) : NULL;
}

static const DynoOperation restore_operation = { "timeline-restore", restore,
                                                 (GDestroyNotify) dyno_change_record_free, TRUE };

void
dyno_timeline_restore_async (DynoShop            *shop,
                             const char          *table_id,
                             int                  version,
                             int                  shown_version,
                             const char          *comment,
                             const char          *made_by,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  Restore *order = g_new0 (Restore, 1);

  order->table_id = g_strdup (table_id);
  order->comment = g_strdup (comment);
  order->made_by = g_strdup (made_by);
  order->version = version;
  order->shown_version = shown_version;
  dyno_operation_start (shop, &restore_operation, order, restore_free, cancellable, callback,
                        user_data);
}

DynoChangeRecord *
dyno_timeline_restore_finish (GAsyncResult *result,
                              GError      **error)
{
  return dyno_operation_finish (result, &restore_operation, error);
}
