/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-tune-json.h"

/* Import, list, one table, and taking one out; part of dyno-tune.h. */

static void
import_file_free (gpointer data)
{
  DynoTuneImportFile *file = data;

  g_free (file->path);
  g_free (file);
}

DynoTuneImport *
dyno_tune_import_new (void)
{
  DynoTuneImport *self = g_new0 (DynoTuneImport, 1);

  self->files = g_ptr_array_new_with_free_func (import_file_free);
  self->kind = DYNO_TABLE_VE_MAP;

  return self;
}

void
dyno_tune_import_free (DynoTuneImport *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->files);
  g_free (self->vehicle_id);
  g_free (self->name);
  g_free (self->made_by);
  g_free (self);
}

void
dyno_tune_import_add (DynoTuneImport *self,
                      const char     *path,
                      DynoTableSide   side)
{
  DynoTuneImportFile *file = g_new0 (DynoTuneImportFile, 1);

  file->path = g_strdup (path);
  file->side = side;
  g_ptr_array_add (self->files, file);
}

/* Import */

static DynoTableRecord *
make_record (const DynoTable *table,
             guint            item)
{
  DynoTableRecord *record = g_new0 (DynoTableRecord, 1);

  record->item = (int) item;
  record->name = g_strdup (table->name);
  record->kind = g_strdup (dyno_table_kind_name (table->kind));
  record->cylinder = g_strdup (dyno_table_side_name (table->side));
  record->bytes = g_bytes_ref (table->bytes);
  record->content_sha256 = dyno_table_content_sha256 (table);

  return record;
}

/* "VE front": a CSV table has no name of its own. */
static DynoTable *
name_csv (DynoTable     *table,
          DynoTableKind  kind,
          DynoTableSide  side)
{
  static const char *const names[DYNO_N_TABLE_KINDS] = { "Table", "VE", "VE (TPS)", "Spark",
                                                         "AFR" };
  g_autofree char *name = g_strconcat (names[kind], side != DYNO_TABLE_BOTH ? " " : "",
                                       dyno_table_side_name (side), NULL);

  return dyno_table_rename (table, name, kind, side);
}

static gboolean
add_json (GBytes    *bytes,
          GPtrArray *records,
          GError   **error)
{
  g_autoptr(GPtrArray) tables = dyno_tune_json_parse (bytes, error);

  for (guint i = 0; tables != NULL && i < tables->len; i++)
    g_ptr_array_add (records, make_record (tables->pdata[i], records->len));

  return tables != NULL;
}

static void
add_tables (const DynoTuneImport     *import,
            const DynoTuneImportFile *from,
            const DynoTuneFile       *file,
            GPtrArray                *records)
{
  for (guint i = 0; i < file->tables->len; i++)
    {
      DynoTable *table = file->tables->pdata[i];
      g_autoptr(DynoTable) named
        = file->pvv != NULL ? dyno_table_ref (table) : name_csv (table, import->kind, from->side);

      g_ptr_array_add (records, make_record (named, file->pvv != NULL
                                                      ? g_array_index (file->items, guint, i)
                                                      : records->len));
    }
}

static gboolean
add_file (const DynoErrand         *errand,
          const DynoTuneImport     *import,
          const DynoTuneImportFile *from,
          GPtrArray                *records,
          GByteArray               *all,
          const char              **form,
          GError                  **error)
{
  g_autoptr(GBytes) bytes = dyno_tune_read_bytes (from->path, errand->cancellable, error);
  g_autoptr(DynoTuneFile) file = NULL;
  gboolean is_json = bytes != NULL && dyno_tune_json_is (bytes);

  if (bytes == NULL)
    return FALSE;
  g_byte_array_append (all, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  file = is_json ? NULL : dyno_tune_file_parse (bytes, error);
  if (!is_json && file == NULL)
    return FALSE;
  *form = is_json ? "json" : dyno_tune_file_form (file);
  if ((is_json || file->pvv != NULL) && import->files->len > 1)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_TABLE",
                      "%s is a whole tune: import it alone.", from->path);
      return FALSE;
    }
  if (is_json)
    return add_json (bytes, records, error);
  add_tables (import, from, file, records);

  return TRUE;
}

static gpointer
import_tune (const DynoErrand *errand,
             gpointer          data,
             GError          **error)
{
  const DynoTuneImport *import = data;
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) records
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_table_record_free);
  g_autoptr(GByteArray) all = g_byte_array_new ();
  const DynoTuneImportFile *first = g_ptr_array_index (import->files, 0);
  const char *form = NULL;
  DynoTuneRecord *tune;
  GPtrArray *kept;

  for (guint i = 0; i < import->files->len; i++)
    {
      if (!add_file (errand, import, import->files->pdata[i], records, all, &form, error))
        return NULL;
    }
  tune = g_new0 (DynoTuneRecord, 1);
  tune->vehicle_id = g_strdup (import->vehicle_id);
  tune->name = import->name != NULL ? g_strdup (import->name) : g_path_get_basename (first->path);
  tune->format = g_strdup (form);
  tune->file = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  dyno_audit_carry (errand, DYNO_AUDIT_TABLE_IMPORTED, "tune", NULL, NULL);
  dyno_store_add_tune_async (store, tune, g_steal_pointer (&records),
                             import->made_by != NULL ? import->made_by : DYNO_TUNE_OWNER, NULL,
                             dyno_await_cb, errand->await);
  kept = dyno_store_add_tune_finish (store, dyno_await_wait (errand->await), error);
  if (kept != NULL && import->vehicle_id != NULL)
    dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_VEHICLE, import->vehicle_id, "changed");

  return kept;
}

static const DynoOperation import_operation = { "tune-import", import_tune,
                                                (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_tune_import_async (DynoShop            *shop,
                        DynoTuneImport      *import,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_return_if_fail (import->files->len > 0);

  dyno_operation_start (shop, &import_operation, import, (GDestroyNotify) dyno_tune_import_free,
                        cancellable, callback, user_data);
}

GPtrArray *
dyno_tune_import_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &import_operation, error);
}

/* List */

static void
filter_free (gpointer data)
{
  dyno_table_record_free (data);
}

static gpointer
list_tables (const DynoErrand *errand,
             gpointer          data,
             GError          **error)
{
  const DynoTableRecord *filter = data;
  DynoStore *store = errand->shop->store;
  gboolean is_ve = g_strcmp0 (filter->kind, "ve") == 0;
  GPtrArray *tables;

  dyno_store_list_tables_async (store, filter->vehicle_id, is_ve ? NULL : filter->kind,
                                filter->cylinder, errand->cancellable, dyno_await_cb,
                                errand->await);
  tables = dyno_store_list_tables_finish (store, dyno_await_wait (errand->await), error);
  for (guint i = tables != NULL && is_ve ? tables->len : 0; i-- > 0;)
    {
      if (!g_str_has_prefix (((DynoTableRecord *) tables->pdata[i])->kind, "ve"))
        g_ptr_array_remove_index (tables, i);
    }

  return tables;
}

static const DynoOperation list_operation = { "tune-list", list_tables,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_tune_list_async (DynoShop            *shop,
                      const char          *vehicle_id,
                      const char          *kind,
                      const char          *cylinder,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  DynoTableRecord *filter = g_new0 (DynoTableRecord, 1);

  filter->vehicle_id = g_strdup (vehicle_id);
  filter->kind = g_strdup (kind);
  filter->cylinder = g_strdup (cylinder);
  dyno_operation_start (shop, &list_operation, filter, filter_free, cancellable, callback,
                        user_data);
}

GPtrArray *
dyno_tune_list_finish (GAsyncResult *result,
                       GError      **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

/* One table */

typedef struct
{
  char *table;   /* (owned) id or path */
  char *name;    /* (owned) (nullable) */
  int   version;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->table);
  g_free (wanted->name);
  g_free (wanted);
}

/* The only one of a CSV; of a tune the one that was named. */
static DynoTable *
choose_table (const DynoTuneFile *file,
              const char         *name,
              GError            **error)
{
  int place = 0;

  if (file->pvv != NULL && name == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "pvv_ambiguous",
                      "%s holds %u tables: name one of them.", file->path, file->tables->len);
      return NULL;
    }
  if (file->pvv != NULL)
    place = dyno_tune_file_find_name (file, name, error);

  return place >= 0 ? dyno_table_ref (file->tables->pdata[place]) : NULL;
}

DynoTuneTable *
dyno_tune_load_table (const DynoErrand *errand,
                      const char       *table,
                      int               version,
                      const char       *name,
                      GError          **error)
{
  g_autoptr(DynoTuneTable) found = g_new0 (DynoTuneTable, 1);
  g_autoptr(DynoTuneFile) file = NULL;

  if (dyno_crypt_is_id (table, "tbl"))
    {
      found->record = dyno_tune_load_record (errand, table, version, error);
      found->table = found->record != NULL ? dyno_tune_open_record (found->record, error) : NULL;
    }
  else
    {
      file = dyno_tune_file_read (table, errand->cancellable, error);
      found->table = file != NULL ? choose_table (file, name, error) : NULL;
    }

  return found->table != NULL ? g_steal_pointer (&found) : NULL;
}

static gpointer
get_table (const DynoErrand *errand,
           gpointer          data,
           GError          **error)
{
  const Wanted *wanted = data;

  return dyno_tune_load_table (errand, wanted->table, wanted->version, wanted->name, error);
}

static const DynoOperation get_operation = { "tune-get", get_table,
                                             (GDestroyNotify) dyno_tune_table_free, FALSE };

void
dyno_tune_get_async (DynoShop            *shop,
                     const char          *table,
                     int                  version,
                     const char          *name,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->table = g_strdup (table);
  wanted->name = g_strdup (name);
  wanted->version = version;
  dyno_operation_start (shop, &get_operation, wanted, wanted_free, cancellable, callback,
                        user_data);
}

DynoTuneTable *
dyno_tune_get_finish (GAsyncResult *result,
                      GError      **error)
{
  return dyno_operation_finish (result, &get_operation, error);
}

/* Taking one out */

static gpointer
delete_table (const DynoErrand *errand,
              gpointer          data,
              GError          **error)
{
  const Wanted *wanted = data;
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoTableRecord) record
    = dyno_tune_load_record (errand, wanted->table, 0, error);

  if (record == NULL)
    return NULL;
  dyno_audit_carry (errand, DYNO_AUDIT_TABLE_DELETED, "table", wanted->table, NULL);
  dyno_store_delete_table_async (store, wanted->table, wanted->version, NULL, dyno_await_cb,
                                 errand->await);
  if (!dyno_store_delete_table_finish (store, dyno_await_wait (errand->await), error))
    return NULL;
  if (record->vehicle_id != NULL)
    dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_VEHICLE, record->vehicle_id, "changed");

  return DYNO_OPERATION_DONE;
}

static const DynoOperation delete_operation = { "tune-delete", delete_table, NULL, TRUE };

void
dyno_tune_delete_async (DynoShop            *shop,
                        const char          *table_id,
                        int                  shown_version,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->table = g_strdup (table_id);
  wanted->version = shown_version;
  dyno_operation_start (shop, &delete_operation, wanted, wanted_free, cancellable, callback,
                        user_data);
}

gboolean
dyno_tune_delete_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &delete_operation, error) != NULL;
}
