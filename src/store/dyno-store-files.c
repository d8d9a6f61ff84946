/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-files.h"

#include "dyno-crypt.h"
#include "dyno-store-files-private.h"
#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"

DynoRunFile *
dyno_run_file_new (const char *kind,
                   const char *path,
                   const char *name,
                   gint64      bytes,
                   const char *sha256)
{
  DynoRunFile *self = g_new0 (DynoRunFile, 1);

  self->kind = g_strdup (kind);
  self->path = g_strdup (path);
  self->name = g_strdup (name);
  self->bytes = bytes;
  self->sha256 = g_strdup (sha256);

  return self;
}

void
dyno_run_file_free (DynoRunFile *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->run_id);
  g_free (self->kind);
  g_free (self->path);
  g_free (self->name);
  g_free (self->sha256);
  g_free (self);
}

static gpointer
make_link (DynoStatement *row)
{
  DynoChainLink *link = g_new0 (DynoChainLink, 1);

  link->position = dyno_statement_integer (row, 0);
  link->run_id = dyno_statement_dup_text (row, 1);
  link->path = dyno_statement_dup_text (row, 2);
  link->bytes = dyno_statement_integer (row, 3);
  link->sha256 = dyno_statement_dup_text (row, 4);
  link->hash = dyno_statement_dup_text (row, 5);
  link->added_ms = dyno_statement_integer (row, 6);
  link->removed_ms = dyno_statement_integer (row, 7);

  return link;
}

/* The last link, NULL for an empty chain; FALSE on failure. */
static gboolean
find_last_link (DynoTurn       *turn,
                DynoChainLink **link,
                GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHAIN_LAST);
  DynoStep step = dyno_statement_step (s, error);

  *link = step == DYNO_STEP_ROW ? make_link (s) : NULL;
  dyno_statement_end (s);

  return step != DYNO_STEP_FAILED;
}

static gboolean
add_link (DynoTurn          *turn,
          const char        *run_id,
          const DynoRunFile *file,
          GError           **error)
{
  g_autoptr(DynoChainLink) last = NULL;
  g_autofree char *hash = NULL;
  DynoStatement *s;

  if (!find_last_link (turn, &last, error))
    return FALSE;
  hash = dyno_chain_hash (last != NULL ? last->hash : NULL, run_id, file->sha256);
  if (hash == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "chain",
                      "The sum of the journal %s, or the last link of the chain, is no SHA-256.",
                      file->path);
      return FALSE;
    }

  s = dyno_statement_begin (turn->db, DYNO_SQL_CHAIN_ADD);
  dyno_statement_set_integer (s, ":position", last != NULL ? last->position + 1 : 1);
  dyno_statement_set_text (s, ":run_id", run_id);
  dyno_statement_set_text (s, ":path", file->path);
  dyno_statement_set_integer (s, ":bytes", file->bytes);
  dyno_statement_set_text (s, ":sha256", file->sha256);
  dyno_statement_set_text (s, ":hash", hash);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

static gboolean
add_file (DynoTurn          *turn,
          gint64             number,
          const DynoRunFile *file,
          GError           **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_FILE_ADD);
  g_autofree char *id = file->id != NULL ? g_strdup (file->id) : dyno_crypt_new_id ("file");

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_text (s, ":kind", file->kind);
  dyno_statement_set_text (s, ":path", file->path);
  dyno_statement_set_text (s, ":name", file->name);
  dyno_statement_set_integer (s, ":bytes", file->bytes);
  dyno_statement_set_text (s, ":sha256", file->sha256);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

gboolean
dyno_file_rows_add (DynoTurn   *turn,
                    gint64      number,
                    const char *run_id,
                    GPtrArray  *files,
                    GError    **error)
{
  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const DynoRunFile *file = g_ptr_array_index (files, i);

      if (!add_file (turn, number, file, error))
        return FALSE;
      if (g_str_equal (file->kind, DYNO_FILE_JOURNAL) && !add_link (turn, run_id, file, error))
        return FALSE;
    }

  return TRUE;
}

typedef struct
{
  char      *run_id; /* (owned) (nullable) */
  char      *kind;   /* (owned) (nullable) */
  GPtrArray *files;  /* (owned) (nullable) of DynoRunFile */
} FilesArgs;

static void
files_args_free (gpointer data)
{
  FilesArgs *args = data;

  g_free (args->run_id);
  g_free (args->kind);
  g_clear_pointer (&args->files, g_ptr_array_unref);
  g_free (args);
}

static FilesArgs *
files_args_new (const char *run_id,
                const char *kind,
                GPtrArray  *files)
{
  FilesArgs *args = g_new0 (FilesArgs, 1);

  args->run_id = g_strdup (run_id);
  args->kind = g_strdup (kind);
  args->files = files;

  return args;
}

static gpointer
add_run_files (DynoTurn     *turn,
               gconstpointer data,
               GError      **error)
{
  const FilesArgs *args = data;
  gint64 number = dyno_run_rows_find (turn, args->run_id, error);

  if (number == 0 || !dyno_file_rows_add (turn, number, args->run_id, args->files, error)
      || !dyno_run_rows_refresh_text (turn, number, error))
    return NULL;

  return DYNO_VERB_DONE;
}

static const DynoVerb add_run_files_verb = { "add-run-files", add_run_files, NULL };

void
dyno_store_add_run_files_async (DynoStore          *self,
                                const char         *run_id,
                                GPtrArray          *files,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  dyno_store_write (self, &add_run_files_verb, files_args_new (run_id, NULL, files),
                    files_args_free, cancellable, callback, user_data);
}

gboolean
dyno_store_add_run_files_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &add_run_files_verb, error) != NULL;
}

static gpointer
make_file (DynoStatement *row)
{
  DynoRunFile *file = g_new0 (DynoRunFile, 1);

  file->id = dyno_statement_dup_text (row, 0);
  file->run_id = dyno_statement_dup_text (row, 1);
  file->kind = dyno_statement_dup_text (row, 2);
  file->path = dyno_statement_dup_text (row, 3);
  file->name = dyno_statement_dup_text (row, 4);
  file->bytes = dyno_statement_integer (row, 5);
  file->sha256 = dyno_statement_dup_text (row, 6);
  file->created_ms = dyno_statement_integer (row, 7);
  file->removed_ms = dyno_statement_integer (row, 8);
  file->is_starred = dyno_statement_integer (row, 9) != 0;

  return file;
}

static gpointer
list_run_files (DynoTurn     *turn,
                gconstpointer data,
                GError      **error)
{
  const FilesArgs *args = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_FILE_LIST);

  dyno_statement_set_text (s, ":run_id", args->run_id);
  dyno_statement_set_text (s, ":kind", args->kind);

  return dyno_statement_list (s, make_file, (GDestroyNotify) dyno_run_file_free, error);
}

static const DynoVerb list_run_files_verb = { "list-run-files", list_run_files,
                                              (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_run_files_async (DynoStore          *self,
                                 const char         *run_id,
                                 const char         *kind,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_read (self, &list_run_files_verb, files_args_new (run_id, kind, NULL),
                   files_args_free, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_run_files_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &list_run_files_verb, error);
}

/* The file, and the link of the chain that is of it. */
static gboolean
remove_file (DynoTurn   *turn,
             const char *file_id,
             GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CHAIN_REMOVE_FILE);

  dyno_statement_set_text (s, ":id", file_id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return FALSE;

  s = dyno_statement_begin (turn->db, DYNO_SQL_FILE_REMOVE);
  dyno_statement_set_text (s, ":id", file_id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return FALSE;
  if (dyno_db_n_changed (turn->db) > 0)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no such file, or it was removed.");

  return FALSE;
}

static gpointer
remove_run_files (DynoTurn     *turn,
                  gconstpointer data,
                  GError      **error)
{
  const char *const *ids = data;

  for (guint i = 0; ids[i] != NULL; i++)
    {
      if (!remove_file (turn, ids[i], error))
        return NULL;
    }

  return DYNO_VERB_DONE;
}

static const DynoVerb remove_run_files_verb = { "remove-run-files", remove_run_files, NULL };

void
dyno_store_remove_run_files_async (DynoStore          *self,
                                   const char *const  *file_ids,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  dyno_store_write (self, &remove_run_files_verb, g_strdupv ((char **) file_ids),
                    (GDestroyNotify) g_strfreev, cancellable, callback, user_data);
}

gboolean
dyno_store_remove_run_files_finish (DynoStore    *self,
                                    GAsyncResult *result,
                                    GError      **error)
{
  return dyno_call_finish (result, &remove_run_files_verb, error) != NULL;
}

static gpointer
find_import (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_FIND_IMPORT);

  dyno_statement_set_text (s, ":sha256", data);

  return dyno_statement_get (s, dyno_run_rows_make, "This file was not imported before.", error);
}

static const DynoVerb find_import_verb = { "find-import", find_import,
                                           (GDestroyNotify) dyno_run_free };

void
dyno_store_find_import_async (DynoStore          *self,
                              const char         *sha256,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  dyno_store_read (self, &find_import_verb, g_strdup (sha256), g_free, cancellable, callback,
                   user_data);
}

DynoRun *
dyno_store_find_import_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &find_import_verb, error);
}

static gpointer
read_chain (DynoTurn     *turn,
            gconstpointer unused,
            GError      **error)
{
  return dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_CHAIN_LIST), make_link,
                              (GDestroyNotify) dyno_chain_link_free, error);
}

static const DynoVerb read_chain_verb = { "read-chain", read_chain,
                                          (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_read_chain_async (DynoStore          *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  dyno_store_read (self, &read_chain_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_read_chain_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &read_chain_verb, error);
}
