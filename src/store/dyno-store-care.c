/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-care.h"

#include <glib/gstdio.h>

#include "dyno-schema.h"
#include "dyno-snapshot.h"
#include "dyno-store-private.h"

static const char *const pragma_names[] = {
  "journal_mode",    "synchronous",     "foreign_keys",       "busy_timeout", "wal_autocheckpoint",
  "trusted_schema",  "secure_delete",   "cell_size_check",    "mmap_size",    "temp_store",
  "cache_size",      "page_size",       "journal_size_limit", "encoding",     "auto_vacuum",
  "application_id",  "user_version",
};

typedef struct
{
  char            *path;   /* (owned) of the database or of the copy */
  DynoWriterCounts counts;
} CareArgs;

static void
care_args_free (gpointer data)
{
  CareArgs *args = data;

  g_free (args->path);
  g_free (args);
}

static void
pragma_free (gpointer data)
{
  DynoStorePragma *pragma = data;

  g_free (pragma->name);
  g_free (pragma->value);
  g_free (pragma);
}

static void
step_free (gpointer data)
{
  DynoStoreStep *step = data;

  g_free (step->name);
  g_free (step->sha256);
  g_free (step);
}

void
dyno_store_info_free (DynoStoreInfo *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_free (self->sqlite_version);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  g_clear_pointer (&self->pragmas, g_ptr_array_unref);
  g_free (self);
}

static gpointer
make_step (DynoStatement *row)
{
  DynoStoreStep *step = g_new0 (DynoStoreStep, 1);

  step->number = (int) dyno_statement_integer (row, 0);
  step->name = dyno_statement_dup_text (row, 1);
  step->sha256 = dyno_statement_dup_text (row, 2);
  step->applied_ms = dyno_statement_integer (row, 4);

  return step;
}

static gpointer
make_text (DynoStatement *row)
{
  return dyno_statement_dup_text (row, 0);
}

static GPtrArray *
read_pragmas (DynoDb *db)
{
  GPtrArray *pragmas = g_ptr_array_new_with_free_func (pragma_free);

  for (guint i = 0; i < G_N_ELEMENTS (pragma_names); i++)
    {
      DynoStorePragma *pragma = g_new0 (DynoStorePragma, 1);

      pragma->name = g_strdup (pragma_names[i]);
      pragma->value = dyno_db_dup_pragma (db, pragma_names[i]);
      g_ptr_array_add (pragmas, pragma);
    }

  return pragmas;
}

static gint64
size_of (const char *path,
         const char *suffix)
{
  g_autofree char *whole = g_strconcat (path, suffix, NULL);
  GStatBuf info;

  return g_stat (whole, &info) == 0 ? (gint64) info.st_size : 0;
}

static gpointer
describe (DynoTurn     *turn,
          gconstpointer data,
          GError      **error)
{
  const CareArgs *args = data;
  g_autoptr(DynoStoreInfo) info = g_new0 (DynoStoreInfo, 1);
  guint n_steps;

  dyno_schema_migrations (&n_steps);
  info->path = g_strdup (args->path);
  info->schema = (int) dyno_db_pragma (turn->db, "user_version");
  info->schema_known = (int) n_steps;
  info->pragmas = read_pragmas (turn->db);
  info->bytes = size_of (args->path, "");
  info->wal_bytes = size_of (args->path, "-wal");
  info->free_bytes =
      dyno_db_pragma (turn->db, "freelist_count") * dyno_db_pragma (turn->db, "page_size");
  info->n_writes = args->counts.n_calls;
  info->n_commits = args->counts.n_commits;
  info->n_checkpoints = args->counts.n_checkpoints;

  info->sqlite_version = dyno_statement_get (
      dyno_statement_begin (turn->db, DYNO_SQL_VERSION), make_text, "", error);
  info->steps = dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_MIGRATION_LIST),
                                     make_step, step_free, error);
  if (info->steps != NULL)
    info->tables = dyno_snapshot_count_rows (turn->db, error);

  return info->tables != NULL ? g_steal_pointer (&info) : NULL;
}

static const DynoVerb info_verb = { "info", describe, (GDestroyNotify) dyno_store_info_free };

void
dyno_store_info_async (DynoStore          *self,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  CareArgs *args = g_new0 (CareArgs, 1);

  args->path = g_strdup (self->path);
  if (self->writer != NULL)
    dyno_writer_get_counts (self->writer, &args->counts);
  dyno_store_read (self, &info_verb, args, care_args_free, cancellable, callback, user_data);
}

DynoStoreInfo *
dyno_store_info_finish (DynoStore    *self,
                        GAsyncResult *result,
                        GError      **error)
{
  return dyno_call_finish (result, &info_verb, error);
}

static gpointer
back_up (DynoTurn     *turn,
         gconstpointer data,
         GError      **error)
{
  const CareArgs *args = data;

  return dyno_snapshot_write (turn->db, args->path, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb backup_verb = { "backup", back_up, NULL };

void
dyno_store_backup_async (DynoStore          *self,
                         const char         *path,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  CareArgs *args = g_new0 (CareArgs, 1);

  args->path = g_strdup (path);
  dyno_store_read (self, &backup_verb, args, care_args_free, cancellable, callback, user_data);
}

gboolean
dyno_store_backup_finish (DynoStore    *self,
                          GAsyncResult *result,
                          GError      **error)
{
  return dyno_call_finish (result, &backup_verb, error) != NULL;
}
