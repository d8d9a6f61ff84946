/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-tables.h"

#include "dyno-crypt.h"
#include "dyno-store-changes-private.h"
#include "dyno-store-private.h"
#include "dyno-store-vehicles-private.h"

static const char no_such_table[] = "There is no such table, or not that version of it.";

typedef struct
{
  DynoTuneRecord *tune;    /* (owned) */
  GPtrArray      *tables;  /* (owned) of DynoTableRecord */
  char           *made_by; /* (owned) */
} AddTuneArgs;

void
dyno_tune_record_free (DynoTuneRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->vehicle_id);
  g_free (self->name);
  g_free (self->format);
  g_clear_pointer (&self->file, g_bytes_unref);
  g_free (self->sha256);
  g_free (self);
}

void
dyno_table_record_free (DynoTableRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->tune_id);
  g_free (self->vehicle_id);
  g_free (self->name);
  g_free (self->kind);
  g_free (self->cylinder);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->bytes_sha256);
  g_free (self->content_sha256);
  g_free (self);
}

static gpointer
make_table (DynoStatement *row)
{
  DynoTableRecord *table = g_new0 (DynoTableRecord, 1);
  int i = 0;

  table->id = dyno_statement_dup_text (row, i++);
  table->tune_id = dyno_statement_dup_text (row, i++);
  table->vehicle_id = dyno_statement_dup_text (row, i++);
  table->item = (int) dyno_statement_integer (row, i++);
  table->name = dyno_statement_dup_text (row, i++);
  table->kind = dyno_statement_dup_text (row, i++);
  table->cylinder = dyno_statement_dup_text (row, i++);
  table->version = (int) dyno_statement_integer (row, i++);
  table->bytes_sha256 = dyno_statement_dup_text (row, i++);
  table->content_sha256 = dyno_statement_dup_text (row, i++);
  table->created_ms = dyno_statement_integer (row, i++);
  table->deleted_ms = dyno_statement_integer (row, i);

  return table;
}

static gpointer
make_table_with_bytes (DynoStatement *row)
{
  DynoTableRecord *table = make_table (row);

  table->bytes = dyno_statement_dup_bytes (row, DYNO_SQL_N_TABLE_COLUMNS);

  return table;
}

static gpointer
make_tune (DynoStatement *row)
{
  DynoTuneRecord *tune = g_new0 (DynoTuneRecord, 1);

  tune->id = dyno_statement_dup_text (row, 0);
  tune->vehicle_id = dyno_statement_dup_text (row, 1);
  tune->name = dyno_statement_dup_text (row, 2);
  tune->format = dyno_statement_dup_text (row, 3);
  tune->sha256 = dyno_statement_dup_text (row, 4);
  tune->created_ms = dyno_statement_integer (row, 5);

  return tune;
}

static gpointer
make_tune_with_file (DynoStatement *row)
{
  DynoTuneRecord *tune = make_tune (row);

  tune->file = dyno_statement_dup_bytes (row, 6);

  return tune;
}

static DynoTableRecord *
get_version (DynoTurn   *turn,
             const char *table_id,
             int         version,
             GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_TABLE_GET);

  dyno_statement_set_text (s, ":id", table_id);
  dyno_statement_set_integer (s, ":version", version);

  return dyno_statement_get (s, make_table_with_bytes, no_such_table, error);
}

static gboolean
add_tune_row (DynoTurn             *turn,
              const DynoTuneRecord *tune,
              const char           *id,
              GError              **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_TUNE_ADD);
  gsize size;
  gconstpointer data = g_bytes_get_data (tune->file, &size);
  g_autofree char *sum = dyno_crypt_sha256_hex (data, size);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_text (s, ":vehicle_id", tune->vehicle_id);
  dyno_statement_set_text (s, ":name", tune->name);
  dyno_statement_set_text (s, ":format", tune->format);
  dyno_statement_set_bytes (s, ":file", tune->file);
  dyno_statement_set_text (s, ":sha256", sum);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

static gboolean
add_table_row (DynoTurn              *turn,
               const DynoTableRecord *table,
               const char            *id,
               const char            *tune_id,
               GError               **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_TABLE_ADD);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_text (s, ":tune_id", tune_id);
  dyno_statement_set_integer (s, ":item", table->item);
  dyno_statement_set_text (s, ":name", table->name);
  dyno_statement_set_text (s, ":kind", table->kind);
  dyno_statement_set_text (s, ":cylinder", table->cylinder != NULL ? table->cylinder : "");
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

static DynoTableRecord *
add_table (DynoTurn              *turn,
           const DynoTableRecord *table,
           const char            *tune_id,
           const char            *made_by,
           GError               **error)
{
  g_autofree char *id = dyno_crypt_new_id ("tbl");
  g_autofree char *change_id = dyno_crypt_new_id ("chg");
  DynoChangeRecord import = {
    .table_id = id,
    .kind = DYNO_CHANGE_RECORD_IMPORT,
    .made_by = (char *) made_by,
    .sha256_after = table->content_sha256,
  };

  if (!add_table_row (turn, table, id, tune_id, error)
      || !dyno_change_rows_add_version (turn, id, 1, table->bytes, table->content_sha256, error)
      || !dyno_change_rows_add_row (turn, &import, change_id, 0, error))
    return NULL;

  return get_version (turn, id, 0, error);
}

static gpointer
add_tune (DynoTurn     *turn,
          gconstpointer data,
          GError      **error)
{
  const AddTuneArgs *args = data;
  g_autofree char *id = dyno_crypt_new_id ("tune");
  g_autoptr(GPtrArray) stored =
      g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_table_record_free);

  if (!dyno_vehicle_rows_is_known (turn, args->tune->vehicle_id, error)
      || !add_tune_row (turn, args->tune, id, error))
    return NULL;
  for (guint i = 0; i < args->tables->len; i++)
    {
      DynoTableRecord *table =
          add_table (turn, g_ptr_array_index (args->tables, i), id, args->made_by, error);

      if (table == NULL)
        return NULL;
      g_ptr_array_add (stored, table);
    }

  return g_steal_pointer (&stored);
}

static const DynoVerb add_tune_verb = { "add-tune", add_tune, (GDestroyNotify) g_ptr_array_unref };

static void
add_tune_args_free (gpointer data)
{
  AddTuneArgs *args = data;

  dyno_tune_record_free (args->tune);
  g_ptr_array_unref (args->tables);
  g_free (args->made_by);
  g_free (args);
}

void
dyno_store_add_tune_async (DynoStore          *self,
                           DynoTuneRecord     *tune,
                           GPtrArray          *tables,
                           const char         *made_by,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  AddTuneArgs *args = g_new0 (AddTuneArgs, 1);

  args->tune = tune;
  args->tables = tables;
  args->made_by = g_strdup (made_by);
  dyno_store_write (self, &add_tune_verb, args, add_tune_args_free, cancellable, callback,
                    user_data);
}

GPtrArray *
dyno_store_add_tune_finish (DynoStore    *self,
                            GAsyncResult *result,
                            GError      **error)
{
  return dyno_call_finish (result, &add_tune_verb, error);
}

static gpointer
get_tune (DynoTurn     *turn,
          gconstpointer data,
          GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_TUNE_GET);

  dyno_statement_set_text (s, ":id", data);

  return dyno_statement_get (s, make_tune_with_file, "There is no such tune.", error);
}

static const DynoVerb get_tune_verb = { "get-tune", get_tune,
                                        (GDestroyNotify) dyno_tune_record_free };

void
dyno_store_get_tune_async (DynoStore          *self,
                           const char         *tune_id,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  dyno_store_read (self, &get_tune_verb, g_strdup (tune_id), g_free, cancellable, callback,
                   user_data);
}

DynoTuneRecord *
dyno_store_get_tune_finish (DynoStore    *self,
                            GAsyncResult *result,
                            GError      **error)
{
  return dyno_call_finish (result, &get_tune_verb, error);
}

static gpointer
list_tunes (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_TUNE_LIST);

  dyno_statement_set_text (s, ":vehicle_id", data);

  return dyno_statement_list (s, make_tune, (GDestroyNotify) dyno_tune_record_free, error);
}

static const DynoVerb list_tunes_verb = { "list-tunes", list_tunes,
                                          (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_tunes_async (DynoStore          *self,
                             const char         *vehicle_id,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  dyno_store_read (self, &list_tunes_verb, g_strdup (vehicle_id), g_free, cancellable, callback,
                   user_data);
}

GPtrArray *
dyno_store_list_tunes_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &list_tunes_verb, error);
}

static gpointer
get_table (DynoTurn     *turn,
           gconstpointer data,
           GError      **error)
{
  const DynoTableRecord *args = data;

  return get_version (turn, args->id, args->version, error);
}

static const DynoVerb get_table_verb = { "get-table", get_table,
                                         (GDestroyNotify) dyno_table_record_free };

void
dyno_store_get_table_async (DynoStore          *self,
                            const char         *table_id,
                            int                 version,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  DynoTableRecord *args = g_new0 (DynoTableRecord, 1);

  args->id = g_strdup (table_id);
  args->version = version;
  dyno_store_read (self, &get_table_verb, args, (GDestroyNotify) dyno_table_record_free,
                   cancellable, callback, user_data);
}

DynoTableRecord *
dyno_store_get_table_finish (DynoStore    *self,
                             GAsyncResult *result,
                             GError      **error)
{
  return dyno_call_finish (result, &get_table_verb, error);
}

static gpointer
list_tables (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  const DynoTableRecord *filter = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_TABLE_LIST);

  dyno_statement_set_text (s, ":vehicle_id", filter->vehicle_id);
  dyno_statement_set_text (s, ":kind", filter->kind);
  dyno_statement_set_text (s, ":cylinder", filter->cylinder);

  return dyno_statement_list (s, make_table, (GDestroyNotify) dyno_table_record_free, error);
}

static const DynoVerb list_tables_verb = { "list-tables", list_tables,
                                           (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_tables_async (DynoStore          *self,
                              const char         *vehicle_id,
                              const char         *kind,
                              const char         *cylinder,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  DynoTableRecord *filter = g_new0 (DynoTableRecord, 1);

  filter->vehicle_id = g_strdup (vehicle_id);
  filter->kind = g_strdup (kind);
  filter->cylinder = g_strdup (cylinder);
  dyno_store_read (self, &list_tables_verb, filter, (GDestroyNotify) dyno_table_record_free,
                   cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_tables_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &list_tables_verb, error);
}

static gpointer
list_table_versions (DynoTurn     *turn,
                     gconstpointer data,
                     GError      **error)
{
  g_autoptr(DynoTableRecord) present = get_version (turn, data, 0, error);
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_TABLE_VERSION_LIST);

  if (present == NULL)
    return NULL;
  dyno_statement_set_text (s, ":id", data);

  return dyno_statement_list (s, make_table, (GDestroyNotify) dyno_table_record_free, error);
}

static const DynoVerb list_table_versions_verb = { "list-table-versions", list_table_versions,
                                                   (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_table_versions_async (DynoStore          *self,
                                      const char         *table_id,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  dyno_store_read (self, &list_table_versions_verb, g_strdup (table_id), g_free, cancellable,
                   callback, user_data);
}

GPtrArray *
dyno_store_list_table_versions_finish (DynoStore    *self,
                                       GAsyncResult *result,
                                       GError      **error)
{
  return dyno_call_finish (result, &list_table_versions_verb, error);
}

static gpointer
delete_table (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  const DynoTableRecord *seen = data;
  g_autoptr(DynoTableRecord) present = get_version (turn, seen->id, 0, error);
  DynoStatement *s;

  if (present == NULL)
    return NULL;
  if (seen->version != 0 && seen->version != present->version)
    {
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                      "The table is at version %d by now. Look at it again.", present->version);
      return NULL;
    }
  s = dyno_statement_begin (turn->db, DYNO_SQL_TABLE_DELETE);
  dyno_statement_set_text (s, ":id", seen->id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return NULL;
  if (dyno_db_n_changed (turn->db) > 0)
    return DYNO_VERB_DONE;
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no such table.");

  return NULL;
}

static const DynoVerb delete_table_verb = { "delete-table", delete_table, NULL };

void
dyno_store_delete_table_async (DynoStore          *self,
                               const char         *table_id,
                               int                 version,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  DynoTableRecord *seen = g_new0 (DynoTableRecord, 1);

  seen->id = g_strdup (table_id);
  seen->version = version;
  dyno_store_write (self, &delete_table_verb, seen, (GDestroyNotify) dyno_table_record_free,
                    cancellable, callback, user_data);
}

gboolean
dyno_store_delete_table_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &delete_table_verb, error) != NULL;
}
