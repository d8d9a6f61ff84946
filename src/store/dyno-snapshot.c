/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "dyno-db-private.h"
#include "dyno-error.h"

static void
table_count_free (gpointer data)
{
  DynoTableCount *count = data;

  g_free (count->name);
  g_free (count);
}

/* Names come from the file, so they are quoted like text from outside. */
static int
count_table (DynoDb         *db,
             DynoTableCount *count)
{
  char *sql = sqlite3_mprintf ("SELECT count (*) FROM \"%w\"", count->name);
  sqlite3_stmt *stmt = NULL;
  int status = sqlite3_prepare_v2 (db->handle, sql, -1, &stmt, NULL);

  if (status == SQLITE_OK)
    status = sqlite3_step (stmt);
  if (status == SQLITE_ROW)
    count->n_rows = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  sqlite3_free (sql);

  return status;
}

GPtrArray *
dyno_snapshot_count_rows (DynoDb  *db,
                          GError **error)
{
  static const char sql[] = "SELECT name FROM sqlite_schema WHERE type = 'table'"
                            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                            " AND name NOT LIKE 'run\\_text\\_%' ESCAPE '\\' ORDER BY name";
  g_autoptr(GPtrArray) counts = g_ptr_array_new_with_free_func (table_count_free);
  sqlite3_stmt *stmt = NULL;
  int status = sqlite3_prepare_v2 (db->handle, sql, -1, &stmt, NULL);

  while (status == SQLITE_OK && (status = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      DynoTableCount *count = g_new0 (DynoTableCount, 1);

      count->name = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
      g_ptr_array_add (counts, count);
      status = count_table (db, count);
      status = status == SQLITE_ROW ? SQLITE_OK : status;
    }
  sqlite3_finalize (stmt);
  if (status == SQLITE_DONE)
    return g_steal_pointer (&counts);
  dyno_db_set_error (db, status, error);

  return NULL;
}

static gboolean
bad_copy (const char *finding,
          GError    **error)
{
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "backup",
                  "The copy of the database is not good (%s), so it was not kept. Check the "
                  "database and the disk.",
                  finding);

  return FALSE;
}

static gboolean
have_same_rows (GPtrArray *a,
                GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const DynoTableCount *x = g_ptr_array_index (a, i);
      const DynoTableCount *y = g_ptr_array_index (b, i);

      if (!g_str_equal (x->name, y->name) || x->n_rows != y->n_rows)
        return FALSE;
    }

  return TRUE;
}

/* What a copy must hold. */
typedef struct
{
  char      *schema_sum; /* (owned) */
  GPtrArray *rows;       /* (owned) of DynoTableCount */
} Contents;

static void
contents_clear (Contents *contents)
{
  g_clear_pointer (&contents->schema_sum, g_free);
  g_clear_pointer (&contents->rows, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Contents, contents_clear)

static gboolean
read_contents (DynoDb   *db,
               Contents *contents,
               GError  **error)
{
  contents->schema_sum = dyno_db_dup_schema_sum (db, error);
  if (contents->schema_sum != NULL)
    contents->rows = dyno_snapshot_count_rows (db, error);

  return contents->rows != NULL;
}

static gboolean
compare (const Contents *expected,
         const char     *part,
         GError        **error)
{
  g_autoptr(DynoDb) copy = dyno_db_open (part, DYNO_DB_FROZEN, error);
  g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_auto(Contents) found = { NULL, NULL };

  if (copy == NULL || !dyno_db_check (copy, DYNO_DB_CHECK_INDEXES, findings, error)
      || !dyno_db_check (copy, DYNO_DB_CHECK_REFERENCES, findings, error))
    return FALSE;
  if (findings->len > 0)
    return bad_copy (g_ptr_array_index (findings, 0), error);
  if (!read_contents (copy, &found, error))
    return FALSE;
  if (!g_str_equal (expected->schema_sum, found.schema_sum)
      || !have_same_rows (expected->rows, found.rows))
    return bad_copy ("it holds something else", error);

  return TRUE;
}

static gboolean
copy_pages (DynoDb     *db,
            const char *path,
            GError    **error)
{
  sqlite3 *target = NULL;
  sqlite3_backup *backup = NULL;
  int status;

  status = sqlite3_open_v2 (path, &target,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                            NULL);
  if (status == SQLITE_OK)
    {
      backup = sqlite3_backup_init (target, "main", db->handle, "main");
      status = backup != NULL ? sqlite3_backup_step (backup, -1) : sqlite3_errcode (target);
    }
  if (backup != NULL)
    sqlite3_backup_finish (backup);
  sqlite3_close (target);
  if (status == SQLITE_DONE)
    return TRUE;
  dyno_db_set_error (db, status, error);

  return FALSE;
}

static void
cannot_write (const char *path,
              GError    **error)
{
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, errno == ENOSPC ? "disk_full" : "cannot_write",
                  "The backup %s cannot be written: %s. Choose another place.", path,
                  g_strerror (errno));
}

static gboolean
make_file (const char *path,
           GError    **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      cannot_write (path, error);
      return FALSE;
    }
  close (fd);

  return TRUE;
}

static gboolean
sync_path (const char *path,
           int         flags)
{
  int fd = open (path, flags | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);

  return ok;
}

/* The copy gets its name only when it is on the disk; then the name goes there. */
static gboolean
give_name (const char *part,
           const char *path,
           GError    **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (sync_path (part, O_RDONLY) && rename (part, path) == 0
      && sync_path (folder, O_RDONLY | O_DIRECTORY))
    return TRUE;
  cannot_write (path, error);

  return FALSE;
}

/* The first read pins the moment that the whole copy is of. */
static gboolean
write_and_compare (DynoDb     *db,
                   const char *part,
                   GError    **error)
{
  g_auto(Contents) contents = { NULL, NULL };

  return read_contents (db, &contents, error) && make_file (part, error)
         && copy_pages (db, part, error) && compare (&contents, part, error);
}

gboolean
dyno_snapshot_write (DynoDb     *db,
                     const char *path,
                     GError    **error)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  gboolean is_mine = !dyno_db_is_in_transaction (db);
  gboolean ok;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "exists",
                      "There is a file %s already. Choose another name.", path);
      return FALSE;
    }

  if (is_mine && !dyno_db_begin (db, FALSE, error))
    return FALSE;
  ok = write_and_compare (db, part, error) && give_name (part, path, error);
  if (is_mine)
    dyno_db_rollback (db);
  if (!ok)
    g_unlink (part);

  return ok;
}
