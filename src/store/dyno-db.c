/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-db.h"

#include <fcntl.h>
#include <unistd.h>

#include "dyno-db-private.h"
#include "dyno-error.h"

#define MIB (1024 * 1024)

#define BUSY_MS 5000

/* Steps of SQLite's machine between two looks at the cancellable: about 0.1 ms. */
#define STEPS_A_LOOK 4000

static const char common_pragmas[] =
  "PRAGMA synchronous=FULL;"
  "PRAGMA foreign_keys=ON;"
  "PRAGMA busy_timeout=" G_STRINGIFY (BUSY_MS) ";"
  "PRAGMA wal_autocheckpoint=0;"
  "PRAGMA trusted_schema=OFF;"
  "PRAGMA secure_delete=ON;"
  "PRAGMA cell_size_check=ON;"
  "PRAGMA mmap_size=0;"
  "PRAGMA temp_store=MEMORY;"
  "PRAGMA cache_size=-16384;"
  "PRAGMA journal_size_limit=67108864;";

static const struct
{
  int limit;
  int value;
} limits[] = {
  { SQLITE_LIMIT_LENGTH, 256 * MIB },
  { SQLITE_LIMIT_SQL_LENGTH, 64 * 1024 },
  { SQLITE_LIMIT_COLUMN, 100 },
  { SQLITE_LIMIT_EXPR_DEPTH, 100 },
  { SQLITE_LIMIT_VARIABLE_NUMBER, 250 },
};

/* A finished copy is opened as what it is: unchanging, so that nothing is
 * written beside it. */
static char *
dup_location (const char *path,
              DynoDbMode  mode)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (absolute, NULL, NULL);

  return g_strconcat (uri, mode == DYNO_DB_FROZEN ? "?immutable=1" : "", NULL);
}

/* SQLite would make the file readable by everybody. */
static void
make_private_file (const char *path)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0)
    close (fd);
}

static int
open_handle (DynoDb    *self,
             DynoDbMode mode)
{
  g_autofree char *location = dup_location (self->path, mode);
  int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
              | SQLITE_OPEN_EXRESCODE;

  if (mode == DYNO_DB_CREATE)
    make_private_file (self->path);
  flags |= mode == DYNO_DB_READ || mode == DYNO_DB_FROZEN ? SQLITE_OPEN_READONLY
                                                          : SQLITE_OPEN_READWRITE;

  return sqlite3_open_v2 (location, &self->handle, flags, NULL);
}

static void
harden (DynoDb    *self,
        DynoDbMode mode)
{
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  if (mode == DYNO_DB_READ || mode == DYNO_DB_FROZEN)
    dyno_db_keep_log (self);
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    sqlite3_limit (self->handle, limits[i].limit, limits[i].value);
}

static int
wal_cb (gpointer    data,
        sqlite3    *handle,
        const char *name,
        int         n_pages)
{
  DynoDb *self = data;

  /* A page of the log has a head of 24 bytes. */
  self->wal_bytes = (gsize) n_pages * (self->page_bytes + 24);

  return SQLITE_OK;
}

static int
progress_cb (gpointer data)
{
  DynoDb *self = data;

  return self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable);
}

static gboolean
use_wal (DynoDb  *self,
         GError **error)
{
  g_autofree char *mode = dyno_db_dup_pragma (self, "journal_mode=WAL");

  if (g_strcmp0 (mode, "wal") == 0)
    return TRUE;

  if (sqlite3_errcode (self->handle) != SQLITE_OK)
    dyno_db_set_error (self, sqlite3_extended_errcode (self->handle), error);
  else
    dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "no_wal",
                    "The data folder lies on a disk that cannot share memory (a network drive?). "
                    "Choose a folder on a disk of this computer.");

  return FALSE;
}

static gboolean
has_fts5 (DynoDb  *self,
          GError **error)
{
  sqlite3_stmt *stmt = NULL;
  int status = sqlite3_prepare_v2 (self->handle, "SELECT fts5_source_id ()", -1, &stmt, NULL);

  sqlite3_finalize (stmt);
  if (status == SQLITE_ERROR)
    dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "no_fts5",
                    "This computer's SQLite has no full-text search (FTS5). Install the SQLite of "
                    "your distribution.");
  else if (status != SQLITE_OK)
    dyno_db_set_error (self, status, error);

  return status == SQLITE_OK;
}

static gboolean
set_up (DynoDb    *self,
        DynoDbMode mode,
        GError   **error)
{
  harden (self, mode);
  if ((mode == DYNO_DB_CREATE || mode == DYNO_DB_WRITE) && !use_wal (self, error))
    return FALSE;
  if (!dyno_db_exec (self, common_pragmas, error))
    return FALSE;
  self->page_bytes = (gsize) dyno_db_pragma (self, "page_size");
  sqlite3_wal_hook (self->handle, wal_cb, self);
  sqlite3_progress_handler (self->handle, STEPS_A_LOOK, progress_cb, self);

  return has_fts5 (self, error);
}

DynoDb *
dyno_db_open (const char *path,
              DynoDbMode  mode,
              GError    **error)
{
  g_autoptr(DynoDb) self = g_new0 (DynoDb, 1);
  int status;

  self->path = g_strdup (path);
  status = open_handle (self, mode);
  /* SQLite opens for reading what it may not write. */
  if (status == SQLITE_OK && (mode == DYNO_DB_CREATE || mode == DYNO_DB_WRITE)
      && sqlite3_db_readonly (self->handle, "main") == 1)
    status = SQLITE_READONLY;
  if (status != SQLITE_OK)
    {
      dyno_db_set_error (self, status, error);
      return NULL;
    }

  return set_up (self, mode, error) ? g_steal_pointer (&self) : NULL;
}

void
dyno_db_close (DynoDb *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < DYNO_N_SQL; i++)
    sqlite3_finalize (self->statements[i].stmt);
  sqlite3_close (self->handle);
  g_free (self->path);
  g_free (self);
}

void
dyno_db_keep_log (DynoDb *self)
{
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

gboolean
dyno_db_exec (DynoDb     *self,
              const char *sql,
              GError    **error)
{
  int status = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);

  if (status == SQLITE_OK)
    return TRUE;
  dyno_db_set_error (self, status, error);

  return FALSE;
}

static gboolean
run (DynoDb  *self,
     DynoSql  sql,
     GError **error)
{
  return dyno_statement_run (dyno_statement_begin (self, sql), error);
}

gboolean
dyno_db_begin (DynoDb  *self,
               gboolean is_write,
               GError **error)
{
  return run (self, is_write ? DYNO_SQL_BEGIN_WRITE : DYNO_SQL_BEGIN, error);
}

gboolean
dyno_db_commit (DynoDb  *self,
                GError **error)
{
  return run (self, DYNO_SQL_COMMIT, error);
}

void
dyno_db_rollback (DynoDb *self)
{
  dyno_statement_end_all (self);
  if (dyno_db_is_in_transaction (self))
    run (self, DYNO_SQL_ROLLBACK, NULL);
}

gboolean
dyno_db_is_in_transaction (DynoDb *self)
{
  return sqlite3_get_autocommit (self->handle) == 0;
}

gboolean
dyno_db_savepoint (DynoDb  *self,
                   GError **error)
{
  return run (self, DYNO_SQL_SAVEPOINT, error);
}

gboolean
dyno_db_release (DynoDb  *self,
                 GError **error)
{
  return run (self, DYNO_SQL_RELEASE, error);
}

void
dyno_db_undo_savepoint (DynoDb *self)
{
  if (!dyno_db_is_in_transaction (self))
    return;
  run (self, DYNO_SQL_UNDO_SAVEPOINT, NULL);
  run (self, DYNO_SQL_RELEASE, NULL);
}

gint64
dyno_db_n_changed (DynoDb *self)
{
  return sqlite3_changes64 (self->handle);
}

gint64
dyno_db_last_number (DynoDb *self)
{
  return sqlite3_last_insert_rowid (self->handle);
}

sqlite3_stmt *
dyno_db_prepare_pragma (DynoDb     *self,
                        const char *name)
{
  g_autofree char *sql = g_strconcat ("PRAGMA ", name, NULL);
  sqlite3_stmt *stmt = NULL;

  sqlite3_prepare_v2 (self->handle, sql, -1, &stmt, NULL);

  return stmt;
}

gint64
dyno_db_pragma (DynoDb     *self,
                const char *name)
{
  sqlite3_stmt *stmt = dyno_db_prepare_pragma (self, name);
  gint64 value = 0;

  if (sqlite3_step (stmt) == SQLITE_ROW)
    value = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);

  return value;
}

char *
dyno_db_dup_pragma (DynoDb     *self,
                    const char *name)
{
  sqlite3_stmt *stmt = dyno_db_prepare_pragma (self, name);
  char *value = NULL;

  if (sqlite3_step (stmt) == SQLITE_ROW)
    value = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  sqlite3_finalize (stmt);

  return value;
}

gsize
dyno_db_wal_bytes (DynoDb *self)
{
  return self->wal_bytes;
}

gboolean
dyno_db_checkpoint (DynoDb   *self,
                    gboolean  is_truncate,
                    gboolean *is_complete,
                    GError  **error)
{
  int n_pages = 0;
  int n_moved = 0;
  int status;

  /* A reader in the middle of a long read is not waited for. */
  sqlite3_busy_timeout (self->handle, 0);
  status = sqlite3_wal_checkpoint_v2 (self->handle, NULL,
                                      is_truncate ? SQLITE_CHECKPOINT_TRUNCATE
                                                  : SQLITE_CHECKPOINT_PASSIVE,
                                      &n_pages, &n_moved);
  sqlite3_busy_timeout (self->handle, BUSY_MS);
  if (is_complete != NULL)
    *is_complete = status == SQLITE_OK && n_pages == n_moved;
  if (status == SQLITE_OK && n_pages == n_moved)
    self->wal_bytes = 0;
  if (status == SQLITE_OK || status == SQLITE_BUSY)
    return TRUE;
  dyno_db_set_error (self, status, error);

  return FALSE;
}

void
dyno_db_set_cancellable (DynoDb       *self,
                         GCancellable *cancellable)
{
  self->cancellable = cancellable;
}
