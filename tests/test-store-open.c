/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

#include <glib/gstdio.h>
#include <string.h>

static void
assert_refused (DynoTestStore *f,
                DynoStoreFlags flags,
                DynoErrorCode  code,
                const char    *reason)
{
  g_autoptr(GError) error = NULL;

  dyno_test_store_open (f, flags, &error);
  g_assert_null (f->store);
  g_assert_error (error, DYNO_ERROR, (int) code);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
}

static char *
path_of (DynoTestStore *f,
         const char    *name)
{
  return g_build_filename (f->folder, name, NULL);
}

static void
copy_file (const char *from,
           const char *to)
{
  gsize size;
  g_autofree char *bytes = dyno_test_read (from, &size);

  g_assert_true (g_file_set_contents (to, bytes, (gssize) size, NULL));
}

static void
test_no_database (DynoTestStore *f,
                  gconstpointer  unused)
{
  g_autofree char *path = path_of (f, "dynoai.db");

  dyno_test_store_close (f);
  g_assert_cmpint (g_unlink (path), ==, 0);
  assert_refused (f, DYNO_STORE_DEFAULT, DYNO_ERROR_NOT_FOUND, "no_database");
  assert_refused (f, DYNO_STORE_READONLY, DYNO_ERROR_NOT_FOUND, "no_database");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_clean_close (DynoTestStore *f,
                  gconstpointer  unused)
{
  g_autofree char *wal = path_of (f, "dynoai.db-wal");
  g_autofree char *backups = path_of (f, "backups");

  dyno_run_free (dyno_test_keep_run (f, dyno_test_make_run ("x")));
  dyno_test_store_close (f);
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (backups, G_FILE_TEST_EXISTS));
  dyno_test_store_open (f, DYNO_STORE_DEFAULT, NULL);
  g_assert_nonnull (f->store);
}

static void
test_readonly (DynoTestStore *f,
               gconstpointer  unused)
{
  g_autofree char *path = path_of (f, "dynoai.db");
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, dyno_test_make_run ("x"));
  g_autoptr(DynoRun) seen = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  const char *keys[] = { "a" };
  const char *values[] = { "1" };
  gsize size_before;
  gsize size_after;

  dyno_test_store_close (f);
  before = dyno_test_read (path, &size_before);
  dyno_test_store_open (f, DYNO_STORE_READONLY, &error);
  g_assert_no_error (error);
  seen = dyno_test_verb (f, get_run, &error, kept->id);
  g_assert_no_error (error);
  g_assert_false (dyno_test_verb (f, set_settings, &error, 1, keys, values));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "read_only");
  dyno_test_store_close (f);
  after = dyno_test_read (path, &size_after);
  g_assert_cmpmem (before, size_before, after, size_after);
}

static const char back_to_step_3[] =
  "DROP VIEW audit_logs; DROP TABLE audit; DROP TABLE audit_pruning; DROP TABLE key_usage;"
  "DROP TABLE api_key_networks; DROP TABLE api_keys; DROP TABLE signing_keys; DROP TABLE secrets;"
  "DROP TABLE refresh_tokens; DROP TABLE login_sessions; DROP TABLE login_addresses;"
  "DROP TABLE login_throttle; DROP TABLE revoked_jti; DROP TABLE invitations; DROP TABLE users;"
  "DROP TABLE day_usage; DROP TABLE idempotency; DROP TABLE circuits; DROP TABLE erasures;"
  "DROP TABLE exports; DROP TABLE backups;"
  "DROP TABLE run_coverage; DROP TABLE plan_constraints; DROP TABLE run_text;"
  "DELETE FROM schema_migrations WHERE number > 3; PRAGMA user_version = 3;";

static void
test_older (DynoTestStore *f,
            gconstpointer  unused)
{
  g_autofree char *backups = path_of (f, "backups");
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, dyno_test_make_run ("findable"));
  g_autoptr(DynoRunPage) page = NULL;
  g_autoptr(GError) error = NULL;
  DynoRunQuery query = { .text = (char *) "findable" };

  dyno_test_store_close (f);
  dyno_test_store_sql (f, back_to_step_3);
  assert_refused (f, DYNO_STORE_NO_MIGRATE, DYNO_ERROR_CONFLICT, "schema_older");
  assert_refused (f, DYNO_STORE_READONLY, DYNO_ERROR_CONFLICT, "schema_older");
  g_assert_false (g_file_test (backups, G_FILE_TEST_EXISTS));

  dyno_test_store_open (f, DYNO_STORE_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (backups, G_FILE_TEST_IS_DIR));
  page = dyno_test_verb (f, list_runs, &error, &query);
  g_assert_cmpint (page->n_found, ==, 1);
}

static void
test_newer (DynoTestStore *f,
            gconstpointer  unused)
{
  dyno_test_store_close (f);
  dyno_test_store_sql (f, "PRAGMA user_version = 99;");
  assert_refused (f, DYNO_STORE_DEFAULT, DYNO_ERROR_CONFLICT, "schema_newer");
  assert_refused (f, DYNO_STORE_READONLY, DYNO_ERROR_CONFLICT, "schema_newer");
}

static void
test_drift (DynoTestStore *f,
            gconstpointer  unused)
{
  dyno_test_store_close (f);
  dyno_test_store_sql (f, "ALTER TABLE runs ADD COLUMN mine TEXT;");
  assert_refused (f, DYNO_STORE_DEFAULT, DYNO_ERROR_CORRUPT, "schema_drift");
}

static void
test_not_ours (DynoTestStore *f,
               gconstpointer  unused)
{
  dyno_test_store_close (f);
  dyno_test_store_sql (f, "PRAGMA application_id = 7;");
  assert_refused (f, DYNO_STORE_DEFAULT, DYNO_ERROR_CONFLICT, "not_ours");
}

static gint64
log_bytes (DynoTestStore *f)
{
  g_autofree char *path = path_of (f, "dynoai.db-wal");
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (gint64) info.st_size : 0;
}

/* What lies on the disk while the store is open is what a crash leaves. */
static void
leave_as_crashed (DynoTestStore *f)
{
  static const char *const names[] = { "dynoai.db", "dynoai.db-wal" };
  g_autofree char *other = dyno_test_make_folder ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = path_of (f, names[i]);
      g_autofree char *to = g_build_filename (other, names[i], NULL);

      copy_file (from, to);
    }
  dyno_test_store_close (f);
  dyno_test_remove_folder (f->folder);
  g_free (f->folder);
  f->folder = g_steal_pointer (&other);
}

static void
test_after_a_crash (DynoTestStore *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoRun) kept = dyno_test_keep_run (f, dyno_test_make_run ("x"));
  g_autoptr(DynoRun) seen = NULL;
  g_autoptr(GError) error = NULL;

  leave_as_crashed (f);
  dyno_test_store_open (f, DYNO_STORE_DEFAULT, &error);
  g_assert_no_error (error);
  seen = dyno_test_verb (f, get_run, &error, kept->id);
  g_assert_no_error (error);
}

/* Damage is found at the opening after a crash, and only then looked for. */
static void
test_damaged_after_a_crash (DynoTestStore *f,
                            gconstpointer  unused)
{
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  dyno_test_store_reopen (f);
  dyno_run_free (dyno_test_keep_run (f, dyno_test_make_run ("x")));
  leave_as_crashed (f);
  path = path_of (f, "dynoai.db");
  bytes = dyno_test_read (path, &size);
  g_assert_cmpuint (size, >, 40 * 4096);
  memset (bytes + 30 * 4096, 0xa5, 4096);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
  assert_refused (f, DYNO_STORE_DEFAULT, DYNO_ERROR_CORRUPT, "database");

  /* Nothing was touched: somebody may want to look at it. */
  g_free (bytes);
  bytes = dyno_test_read (path, &size);
  g_assert_cmpmem (bytes + 30 * 4096, 4, "\xa5\xa5\xa5\xa5", 4);
  g_assert_cmpint (log_bytes (f), >, 0);
}

static void
test_no_folder (DynoTestStore *f,
                gconstpointer  unused)
{
  g_autofree char *file = path_of (f, "file");

  dyno_test_store_close (f);
  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  dyno_test_remove_folder (f->folder);
  g_assert_true (g_file_set_contents (f->folder, "in the way", -1, NULL));
  assert_refused (f, DYNO_STORE_CREATE, DYNO_ERROR_UNAVAILABLE, "cannot_open");
  g_unlink (f->folder);
}

/* Opened and closed many times, nothing is left over. */
static void
test_fifty_times (DynoTestStore *f,
                  gconstpointer  unused)
{
  for (int i = 0; i < 50; i++)
    dyno_test_store_reopen (f);
  dyno_run_free (dyno_test_keep_run (f, dyno_test_make_run ("x")));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_STORE_ADD ("/open/no-database", test_no_database);
  DYNO_TEST_STORE_ADD ("/open/clean-close", test_clean_close);
  DYNO_TEST_STORE_ADD ("/open/readonly", test_readonly);
  DYNO_TEST_STORE_ADD ("/open/older", test_older);
  DYNO_TEST_STORE_ADD ("/open/newer", test_newer);
  DYNO_TEST_STORE_ADD ("/open/drift", test_drift);
  DYNO_TEST_STORE_ADD ("/open/not-ours", test_not_ours);
  DYNO_TEST_STORE_ADD ("/open/crashed", test_after_a_crash);
  DYNO_TEST_STORE_ADD ("/open/crashed/damaged", test_damaged_after_a_crash);
  DYNO_TEST_STORE_ADD ("/open/no-folder", test_no_folder);
  DYNO_TEST_STORE_ADD ("/open/fifty-times", test_fifty_times);

  return g_test_run ();
}
