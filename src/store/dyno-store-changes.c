/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-changes.h"

#include "dyno-crypt.h"
#include "dyno-store-changes-private.h"
#include "dyno-store-private.h"

static const char *const kind_names[DYNO_N_CHANGE_RECORD_KINDS] = { "import", "apply", "rollback",
                                                             "merge" };

/* What a table is at the moment. */
typedef struct
{
  int   version;
  char *content_sha256; /* (owned) */
} Present;

static void
present_free (Present *present)
{
  g_free (present->content_sha256);
  g_free (present);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Present, present_free)

void
dyno_change_record_free (DynoChangeRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->table_id);
  g_free (self->made_by);
  g_free (self->analysis_id);
  g_free (self->undoes);
  g_free (self->sha256_before);
  g_free (self->sha256_after);
  g_free (self->comment);
  g_free (self->data);
  g_clear_pointer (&self->bytes_after, g_bytes_unref);
  g_free (self);
}

const char *
dyno_change_record_kind_name (DynoChangeRecordKind kind)
{
  g_return_val_if_fail (kind < DYNO_N_CHANGE_RECORD_KINDS, NULL);

  return kind_names[kind];
}

static DynoChangeRecordKind
find_kind (const char *name)
{
  for (int i = 0; i < DYNO_N_CHANGE_RECORD_KINDS; i++)
    {
      if (g_strcmp0 (kind_names[i], name) == 0)
        return (DynoChangeRecordKind) i;
    }

  return DYNO_CHANGE_RECORD_IMPORT;
}

static gpointer
make_change (DynoStatement *row)
{
  DynoChangeRecord *change = g_new0 (DynoChangeRecord, 1);
  int i = 0;

  change->id = dyno_statement_dup_text (row, i++);
  change->seq = dyno_statement_integer (row, i++);
  change->table_id = dyno_statement_dup_text (row, i++);
  change->kind = find_kind (dyno_statement_text (row, i++));
  change->made_ms = dyno_statement_integer (row, i++);
  change->made_by = dyno_statement_dup_text (row, i++);
  change->analysis_id = dyno_statement_dup_text (row, i++);
  change->undoes = dyno_statement_dup_text (row, i++);
  change->version_before = (int) dyno_statement_integer (row, i++);
  change->version_after = (int) dyno_statement_integer (row, i++);
  change->sha256_before = dyno_statement_dup_text (row, i++);
  change->sha256_after = dyno_statement_dup_text (row, i++);
  change->cells_changed = (int) dyno_statement_integer (row, i++);
  change->comment = dyno_statement_dup_text (row, i++);
  change->data = dyno_statement_dup_text (row, i);

  return change;
}

static gpointer
get_change (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHANGE_GET);

  dyno_statement_set_text (s, ":id", data);

  return dyno_statement_get (s, make_change, "There is no such change.", error);
}

gboolean
dyno_change_rows_add_version (DynoTurn   *turn,
                              const char *table_id,
                              int         version,
                              GBytes     *bytes,
                              const char *content_sha256,
                              GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_TABLE_VERSION_ADD);
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  g_autofree char *sum = dyno_crypt_sha256_hex (data, size);

  dyno_statement_set_text (s, ":table_id", table_id);
  dyno_statement_set_integer (s, ":version", version);
  dyno_statement_set_bytes (s, ":bytes", bytes);
  dyno_statement_set_text (s, ":bytes_sha256", sum);
  dyno_statement_set_text (s, ":content_sha256", content_sha256);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

gboolean
dyno_change_rows_add_row (DynoTurn               *turn,
                          const DynoChangeRecord *change,
                          const char             *id,
                          int                     version_before,
                          GError                **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHANGE_ADD);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_text (s, ":table_id", change->table_id);
  dyno_statement_set_text (s, ":kind", kind_names[change->kind]);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_text (s, ":made_by", change->made_by != NULL ? change->made_by : "");
  dyno_statement_set_text (s, ":analysis_id", change->analysis_id);
  dyno_statement_set_text (s, ":undoes", change->undoes);
  if (version_before > 0)
    dyno_statement_set_integer (s, ":version_before", version_before);
  dyno_statement_set_integer (s, ":version_after", version_before + 1);
  dyno_statement_set_text (s, ":sha256_before", change->sha256_before);
  dyno_statement_set_text (s, ":sha256_after", change->sha256_after);
  dyno_statement_set_integer (s, ":cells_changed", change->cells_changed);
  dyno_statement_set_text (s, ":comment", change->comment != NULL ? change->comment : "");
  dyno_statement_set_text (s, ":data", change->data != NULL ? change->data : "{}");

  return dyno_statement_run (s, error);
}

static gpointer
make_present (DynoStatement *row)
{
  Present *present = g_new0 (Present, 1);

  present->version = (int) dyno_statement_integer (row, 0);
  present->content_sha256 = dyno_statement_dup_text (row, 1);

  return present;
}

static gboolean
set_version (DynoTurn   *turn,
             const char *table_id,
             int         version,
             GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_TABLE_SET_VERSION);

  dyno_statement_set_text (s, ":id", table_id);
  dyno_statement_set_integer (s, ":version", version);

  return dyno_statement_run (s, error);
}

static DynoChangeRecord *
add_change (DynoTurn               *turn,
            const DynoChangeRecord *change,
            GError                **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_TABLE_PRESENT);
  g_autofree char *id = dyno_crypt_new_id ("chg");
  g_autoptr(Present) present = NULL;

  dyno_statement_set_text (s, ":id", change->table_id);
  present = dyno_statement_get (s, make_present, "There is no such table.", error);
  if (present == NULL)
    return NULL;
  if (g_strcmp0 (present->content_sha256, change->sha256_before) != 0)
    {
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                      "The table has changed since the preview was made. Make the preview again.");
      return NULL;
    }
  if (!dyno_change_rows_add_version (turn, change->table_id, present->version + 1,
                                     change->bytes_after, change->sha256_after, error)
      || !set_version (turn, change->table_id, present->version + 1, error)
      || !dyno_change_rows_add_row (turn, change, id, present->version, error))
    return NULL;

  return get_change (turn, id, error);
}

static gpointer
add_changes (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  const GPtrArray *changes = data;
  g_autoptr(GPtrArray) stored =
      g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_change_record_free);

  for (guint i = 0; i < changes->len; i++)
    {
      DynoChangeRecord *change = add_change (turn, g_ptr_array_index (changes, i), error);

      if (change == NULL)
        return NULL;
      g_ptr_array_add (stored, change);
    }

  return g_steal_pointer (&stored);
}

static const DynoVerb add_changes_verb = { "add-changes", add_changes,
                                           (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_add_changes_async (DynoStore          *self,
                              GPtrArray          *changes,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  dyno_store_write (self, &add_changes_verb, changes, (GDestroyNotify) g_ptr_array_unref,
                    cancellable, callback, user_data);
}

GPtrArray *
dyno_store_add_changes_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &add_changes_verb, error);
}

static const DynoVerb get_change_verb = { "get-change", get_change,
                                          (GDestroyNotify) dyno_change_record_free };

void
dyno_store_get_change_async (DynoStore          *self,
                             const char         *change_id,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  dyno_store_read (self, &get_change_verb, g_strdup (change_id), g_free, cancellable, callback,
                   user_data);
}

DynoChangeRecord *
dyno_store_get_change_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &get_change_verb, error);
}

static gpointer
list_changes (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  const DynoChangeRecord *filter = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHANGE_LIST);

  dyno_statement_set_text (s, ":table_id", filter->table_id);
  dyno_statement_set_text (s, ":analysis_id", filter->analysis_id);

  return dyno_statement_list (s, make_change, (GDestroyNotify) dyno_change_record_free, error);
}

static const DynoVerb list_changes_verb = { "list-changes", list_changes,
                                            (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_changes_async (DynoStore          *self,
                               const char         *table_id,
                               const char         *analysis_id,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  DynoChangeRecord *filter = g_new0 (DynoChangeRecord, 1);

  filter->table_id = g_strdup (table_id);
  filter->analysis_id = g_strdup (analysis_id);
  dyno_store_read (self, &list_changes_verb, filter, (GDestroyNotify) dyno_change_record_free,
                   cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_changes_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &list_changes_verb, error);
}
