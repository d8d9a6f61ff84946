/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-db.h"
#include "dyno-error.h"
#include "dyno-schema.h"
#include "dyno-snapshot.h"
#include "dyno-statement.h"
#include "dyno-test.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

typedef struct
{
  char   *folder;
  char   *path;
  DynoDb *db;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer unused)
{
  g_autoptr(GError) error = NULL;

  f->folder = dyno_test_make_folder ();
  f->path = g_build_filename (f->folder, "dynoai.db", NULL);
  f->db = dyno_db_open (f->path, DYNO_DB_CREATE, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  dyno_db_close (f->db);
  dyno_test_remove_folder (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

static void
exec (DynoDb     *db,
      const char *sql)
{
  g_autoptr(GError) error = NULL;

  dyno_db_exec (db, sql, &error);
  g_assert_no_error (error);
}

static void
test_pragmas (Fixture      *f,
              gconstpointer unused)
{
  static const struct
  {
    const char *name;
    const char *value;
  } expected[] = {
    { "journal_mode", "wal" },
    { "synchronous", "2" },
    { "foreign_keys", "1" },
    { "busy_timeout", "5000" },
    { "wal_autocheckpoint", "0" },
    { "trusted_schema", "0" },
    { "secure_delete", "1" },
    { "cell_size_check", "1" },
    { "mmap_size", "0" },
    { "temp_store", "2" },
    { "cache_size", "-16384" },
    { "journal_size_limit", "67108864" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *value = dyno_db_dup_pragma (f->db, expected[i].name);

      g_test_message ("%s", expected[i].name);
      g_assert_cmpstr (value, ==, expected[i].value);
    }
}

static void
test_private_file (Fixture      *f,
                   gconstpointer unused)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_hardened (Fixture      *f,
               gconstpointer unused)
{
  exec (f->db, "CREATE TABLE t (x TEXT) STRICT; INSERT INTO t VALUES ('a');");
  g_assert_false (dyno_db_exec (f->db, "SELECT \"no such column\" FROM t", NULL));
  g_assert_false (dyno_db_exec (f->db,
                                "PRAGMA writable_schema=ON;"
                                "UPDATE sqlite_schema SET sql = 'x' WHERE name = 't'",
                                NULL));
  g_assert_false (dyno_db_exec (f->db, "INSERT INTO t VALUES (1, 2)", NULL));
}

static void
test_limits (Fixture      *f,
             gconstpointer unused)
{
  g_autoptr(GString) sql = g_string_new ("CREATE TABLE wide (c0");
  g_autoptr(GError) error = NULL;

  for (int i = 1; i < 101; i++)
    g_string_append_printf (sql, ", c%d", i);
  g_string_append (sql, ")");
  g_assert_false (dyno_db_exec (f->db, sql->str, &error));
  g_clear_error (&error);

  exec (f->db, "CREATE TABLE t (x BLOB) STRICT");
  g_assert_false (dyno_db_exec (f->db, "INSERT INTO t VALUES (zeroblob (300000000))", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_TOO_LARGE);
}

static void
test_read_only (Fixture      *f,
                gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoDb) reader = NULL;

  exec (f->db, "CREATE TABLE t (x TEXT) STRICT");
  reader = dyno_db_open (f->path, DYNO_DB_READ, &error);
  g_assert_no_error (error);
  g_assert_false (dyno_db_exec (reader, "INSERT INTO t VALUES ('a')", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "read_only");
}

static void
test_not_there (Fixture      *f,
                gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "other.db", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_db_open (path, DYNO_DB_WRITE, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "cannot_open");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_no_database (Fixture      *f,
                  gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "other.db", NULL);
  g_autofree char *text = g_strnfill (5000, 'x');
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_null (dyno_db_open (path, DYNO_DB_WRITE, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CORRUPT);
}

static void
test_check_finds_damage (Fixture      *f,
                         gconstpointer unused)
{
  g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *bytes = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  exec (f->db, "CREATE TABLE t (x TEXT UNIQUE) STRICT");
  for (int i = 0; i < 400; i++)
    {
      g_autofree char *sql =
          g_strdup_printf ("INSERT INTO t VALUES ('row %04d of some length')", i);

      exec (f->db, sql);
    }
  g_assert_true (dyno_db_check (f->db, DYNO_DB_CHECK_INDEXES, findings, &error));
  g_assert_cmpuint (findings->len, ==, 0);
  g_assert_true (dyno_db_checkpoint (f->db, TRUE, NULL, &error));
  g_clear_pointer (&f->db, dyno_db_close);

  bytes = dyno_test_read (f->path, &size);
  memset (bytes + 2 * 4096, 0x5a, 4096);
  g_assert_true (g_file_set_contents (f->path, bytes, (gssize) size, NULL));
  f->db = dyno_db_open (f->path, DYNO_DB_WRITE, &error);
  g_assert_no_error (error);
  g_assert_true (dyno_db_check (f->db, DYNO_DB_CHECK_PAGES, findings, &error));
  g_assert_cmpuint (findings->len, >, 0);
}

static void
test_check_finds_orphans (Fixture      *f,
                          gconstpointer unused)
{
  g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);

  exec (f->db, "CREATE TABLE a (x INTEGER PRIMARY KEY) STRICT;"
               "CREATE TABLE b (x INTEGER REFERENCES a (x)) STRICT;"
               "PRAGMA foreign_keys=OFF; INSERT INTO b VALUES (7); PRAGMA foreign_keys=ON;");
  g_assert_true (dyno_db_check (f->db, DYNO_DB_CHECK_REFERENCES, findings, NULL));
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_cmpstr (findings->pdata[0], ==,
                   "row 1 of b belongs to a row of a that is not there");
}

static void
test_cancelled_read (Fixture      *f,
                     gconstpointer unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  dyno_db_set_cancellable (f->db, cancellable);
  exec (f->db, "SELECT 1");
  g_cancellable_cancel (cancellable);
  g_assert_false (dyno_db_exec (f->db,
                                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                                " SELECT count (*) FROM n",
                                &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  dyno_db_set_cancellable (f->db, NULL);
  exec (f->db, "SELECT 1");
}

static void
test_checkpoint_waits_for_nobody (Fixture      *f,
                                  gconstpointer unused)
{
  g_autoptr(DynoDb) reader = dyno_db_open (f->path, DYNO_DB_READ, NULL);
  g_autofree char *log = g_strconcat (f->path, "-wal", NULL);
  gboolean is_complete = TRUE;
  GStatBuf info;

  exec (f->db, "CREATE TABLE t (x TEXT) STRICT");
  g_assert_true (dyno_db_begin (reader, FALSE, NULL));
  exec (reader, "SELECT * FROM t");
  exec (f->db, "INSERT INTO t VALUES ('a')");
  g_assert_cmpuint (dyno_db_wal_bytes (f->db), >, 0);
  g_assert_true (dyno_db_checkpoint (f->db, TRUE, &is_complete, NULL));
  g_assert_false (is_complete);

  dyno_db_rollback (reader);
  g_assert_true (dyno_db_checkpoint (f->db, TRUE, &is_complete, NULL));
  g_assert_true (is_complete);
  g_assert_cmpint (g_stat (log, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 0);
}

/* Every statement of the catalogue fits the tables as they are. */
static void
test_catalogue (Fixture      *f,
                gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  const DynoMigration *steps;
  sqlite3 *handle;
  guint n;

  steps = dyno_schema_migrations (&n);
  g_assert_true (dyno_schema_migrate (f->db, steps, n, f->folder, 0, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (f->path, &handle), ==, SQLITE_OK);
  for (guint i = 0; i < DYNO_N_SQL; i++)
    {
      const char *tail;
      sqlite3_stmt *stmt = NULL;

      g_test_message ("%s", dyno_sql_text (i));
      sqlite3_prepare_v2 (handle, dyno_sql_text (i), -1, &stmt, &tail);
      g_assert_cmpstr (sqlite3_errmsg (handle), ==, "not an error");
      g_assert_cmpstr (tail, ==, "");
      sqlite3_finalize (stmt);
    }
  sqlite3_close (handle);
}

static void
test_snapshot (Fixture      *f,
               gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "copy.db", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoDb) copy = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  const DynoTableCount *t;

  exec (f->db, "CREATE TABLE t (x TEXT) STRICT; INSERT INTO t VALUES ('a'), ('b');");
  g_assert_true (dyno_snapshot_write (f->db, path, &error));
  g_assert_no_error (error);

  copy = dyno_db_open (path, DYNO_DB_FROZEN, &error);
  g_assert_no_error (error);
  rows = dyno_snapshot_count_rows (copy, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  t = rows->pdata[0];
  g_assert_cmpstr (t->name, ==, "t");
  g_assert_cmpint (t->n_rows, ==, 2);

  g_assert_false (dyno_snapshot_write (f->db, path, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
}

static void
test_snapshot_leaves_nothing (Fixture      *f,
                              gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "nowhere", "copy.db", NULL);
  g_autofree char *bad = g_build_filename (f->folder, "bad.db", NULL);
  g_autofree char *part = g_strconcat (bad, ".part", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (dyno_snapshot_write (f->db, path, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_clear_error (&error);

  exec (f->db, "CREATE TABLE a (x INTEGER PRIMARY KEY) STRICT;"
               "CREATE TABLE b (x INTEGER REFERENCES a (x)) STRICT;"
               "PRAGMA foreign_keys=OFF; INSERT INTO b VALUES (7); PRAGMA foreign_keys=ON;");
  g_assert_false (dyno_snapshot_write (f->db, bad, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CORRUPT);
  g_assert_false (g_file_test (bad, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/db/pragmas", test_pragmas);
  ADD ("/db/private-file", test_private_file);
  ADD ("/db/hardened", test_hardened);
  ADD ("/db/limits", test_limits);
  ADD ("/db/read-only", test_read_only);
  ADD ("/db/not-there", test_not_there);
  ADD ("/db/no-database", test_no_database);
  ADD ("/db/check/damage", test_check_finds_damage);
  ADD ("/db/check/orphans", test_check_finds_orphans);
  ADD ("/db/cancelled", test_cancelled_read);
  ADD ("/db/checkpoint", test_checkpoint_waits_for_nobody);
  ADD ("/db/catalogue", test_catalogue);
  ADD ("/db/snapshot/good", test_snapshot);
  ADD ("/db/snapshot/bad", test_snapshot_leaves_nothing);

  return g_test_run ();
}
