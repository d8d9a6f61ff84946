/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "dyno-backup.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-privacy.h"
#include "dyno-restore.h"
#include "dyno-test-shop.h"
#include "dyno-test-vault.h"
#include "dyno-test.h"

#define HOUR_US (3600 * G_GINT64_CONSTANT (1000000))
#define DAY_US (24 * HOUR_US)
#define NOW_US G_GINT64_CONSTANT (1789000000000000)

static const char people[] =
  "INSERT INTO users (id, role, status, email, email_key, display_name, password,"
  " max_requests_per_day, locale, timezone, units, epoch, revision, created_at, updated_at)"
  " VALUES ('usr_boss', 'admin', 'active', 'boss@example.org', 'boss@example.org', 'Boss', 'x', 100,"
  " '', '', '', 1, 1, 5, 5),"
  " ('usr_jo', 'tuner', 'active', 'jo@example.org', 'jo@example.org', 'Josephine', 'x', 100,"
  " '', '', '', 1, 1, 5, 5);"
  "INSERT INTO login_sessions VALUES ('ses_jo', 'usr_jo', 'Tablet', '192.0.2.9', 'Firefox', 0, 5,"
  " 5, 5, 9999999999999, NULL, NULL);";

static gint64
ask (DynoTestShop *f,
     const char   *sql)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  sqlite3 *handle;
  sqlite3_stmt *stmt;
  gint64 answer = -1;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_busy_timeout (handle, 5000);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  if (sqlite3_step (stmt) == SQLITE_ROW)
    answer = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  sqlite3_close (handle);

  return answer;
}

static void
run_sql (DynoTestShop *f,
         const char   *sql)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static void
reopen (DynoTestShop *f)
{
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  dyno_test_vault_open (f);
}

static void
set_up (DynoTestShop  *f,
        gconstpointer  flags)
{
  dyno_test_shop_set_up (f, flags);
  dyno_test_shop_close (f);
  run_sql (f, people);
  f->clock = dyno_clock_new_fake (NOW_US, NOW_US);
  dyno_test_vault_give (f);
  reopen (f);
}

static DynoErasure *
erase (DynoTestShop *f,
       gboolean      is_now)
{
  g_autoptr(GError) error = NULL;
  DynoErasure *erasure
    = dyno_test_ask (f, dyno_privacy_erase, &error, DYNO_SUBJECT_USER, "usr_jo", is_now);

  g_assert_no_error (error);

  return erasure;
}

static char *
read_log (DynoTestShop *f)
{
  g_autofree char *path = g_build_filename (f->folder, "erasures.log", NULL);

  return dyno_test_read (path, NULL);
}

/* Name to content of every member. (transfer full) */
static GHashTable *
read_zip (const char *path)
{
  GHashTable *members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  struct archive *in = archive_read_new ();
  struct archive_entry *entry;

  archive_read_support_format_zip (in);
  g_assert_cmpint (archive_read_open_filename (in, path, 10240), ==, ARCHIVE_OK);
  while (archive_read_next_header (in, &entry) == ARCHIVE_OK)
    {
      g_autoptr(GString) content = g_string_new (NULL);
      char block[1000];
      la_ssize_t n;

      while ((n = archive_read_data (in, block, sizeof block)) > 0)
        g_string_append_len (content, block, n);
      g_assert_cmpint (n, ==, 0);
      g_hash_table_insert (members, g_strdup (archive_entry_pathname (entry)),
                           g_strdup (content->str));
    }
  archive_read_free (in);

  return members;
}

static void
assert_manifest (GHashTable *members)
{
  g_autoptr(DynoJson) manifest
    = dyno_json_parse (g_hash_table_lookup (members, "manifest.json"), -1, NULL);
  const DynoJson *tables = dyno_json_member (manifest, "tables");

  g_assert_cmpstr (dyno_json_get_string (manifest, "subject_id"), ==, "usr_jo");
  g_assert_cmpuint (dyno_json_n_elements (tables), ==, g_hash_table_size (members) - 1);
  for (guint i = 0; i < dyno_json_n_elements (tables); i++)
    {
      const DynoJson *table = dyno_json_element (tables, i);
      const char *content = g_hash_table_lookup (members, dyno_json_get_string (table, "file"));
      g_autofree char *sum = dyno_crypt_sha256_hex (content, strlen (content));

      g_assert_cmpstr (dyno_json_get_string (table, "sha256"), ==, sum);
      g_assert_cmpint (dyno_json_get_integer (table, "bytes", -1), ==, strlen (content));
    }
}

static void
test_export (DynoTestShop  *f,
             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *job_id = NULL;
  g_autoptr(DynoExportRecord) made
    = dyno_test_ask (f, dyno_privacy_export, &error, DYNO_SUBJECT_USER, "usr_jo", &job_id);
  g_autoptr(DynoExportRecord) got = NULL;
  g_autoptr(GHashTable) members = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (made->job_id, ==, job_id);
  members = read_zip (made->path);
  assert_manifest (members);
  g_assert_nonnull (strstr (g_hash_table_lookup (members, "users.ndjson"), "Josephine"));
  g_assert_nonnull (strstr (g_hash_table_lookup (members, "login_sessions.ndjson"), "192.0.2.9"));

  dyno_clock_advance (f->clock, DAY_US - HOUR_US);
  got = dyno_test_ask (f, dyno_privacy_get_export, &error, made->id);
  g_assert_no_error (error);
  g_assert_cmpstr (got->sha256, ==, made->sha256);
  g_clear_pointer (&got, dyno_export_record_free);
  g_assert_null (dyno_test_ask (f, dyno_privacy_export, &error, DYNO_SUBJECT_USER, "usr_nobody", NULL));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* After a day it is gone, as a row and as a file. */
  dyno_clock_advance (f->clock, HOUR_US);
  got = dyno_test_ask (f, dyno_privacy_get_export, &error, made->id);
  g_assert_null (got);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_free (dyno_test_ask (f, dyno_retention, &error, FALSE));
  g_assert_no_error (error);
  g_assert_false (g_file_test (made->path, G_FILE_TEST_EXISTS));
}

/* What the owner of the machine asked for is nobody else's. */
static void
test_export_of_another (DynoTestShop  *f,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoExportRecord) made
    = dyno_test_ask (f, dyno_privacy_export, &error, DYNO_SUBJECT_USER, "usr_jo", NULL);
  DynoPrincipal *principal = dyno_principal_new (DYNO_PRINCIPAL_USER);
  g_autoptr(DynoAsker) asker = NULL;
  g_autoptr(DynoExportRecord) got = NULL;

  principal->user_id = g_strdup ("usr_boss");
  asker = dyno_asker_new (principal, "192.0.2.1", NULL);
  dyno_asker_push (asker);
  got = dyno_test_ask (f, dyno_privacy_get_export, &error, made->id);
  dyno_asker_pop (asker);
  g_assert_null (got);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  dyno_principal_unref (principal);
}

static void
test_erase_later (DynoTestShop  *f,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoErasure) first = erase (f, FALSE);
  g_autoptr(DynoErasure) cancelled = NULL;
  g_autoptr(DynoErasure) second = NULL;
  g_autofree char *log = read_log (f);

  g_assert_cmpint (first->purge_ms, ==, NOW_US / 1000 + 7 * DAY_US / 1000);
  g_assert_nonnull (strstr (log, first->receipt));
  g_assert_null (strstr (log, "Josephine"));
  g_assert_cmpint (ask (f, "SELECT count (*) FROM login_sessions WHERE ended_at IS NULL"), ==, 0);
  cancelled = dyno_test_ask (f, dyno_privacy_cancel, &error, first->id);
  g_assert_no_error (error);
  second = erase (f, FALSE);
  dyno_clock_advance (f->clock, 7 * DAY_US - 1);
  g_assert_true (dyno_test_ask0 (f, dyno_privacy_tend, &error));
  g_assert_cmpint (ask (f, "SELECT count (*) FROM users WHERE display_name = 'Josephine'"), ==, 1);
  dyno_clock_advance (f->clock, 1);
  g_assert_true (dyno_test_ask0 (f, dyno_privacy_tend, &error));
  g_assert_no_error (error);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM users WHERE display_name = 'Josephine'"), ==, 0);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM audit WHERE event = 'data.erased'"
                           " AND resource_id = 'usr_jo'"), ==, 1);
}

/* Case 39 of service.md 11.3: whoever was erased is not there after a restore either,
 * nor is anybody still logged in. */
static void
test_erased_stays_erased (DynoTestShop  *f,
                          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoBackup) backup = dyno_test_ask (f, dyno_backup_make, &error, FALSE, NULL);
  g_autoptr(DynoErasure) erasure = NULL;
  g_autoptr(DynoRestoreReport) report = NULL;
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  g_autofree char *content = NULL;
  DynoRestoreOptions options = { .data_dir = f->folder, .clock = f->clock };
  gsize size;

  g_assert_no_error (error);
  erasure = erase (f, TRUE);
  dyno_test_shop_close (f);
  options.backup = backup->path;
  options.environment = (const char *const *) f->environment;
  dyno_restore_async (&options, NULL, dyno_await_cb, f->await);
  report = dyno_restore_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_erasures, ==, 1);

  content = dyno_test_read (path, &size);
  g_assert_null (memmem (content, size, "Josephine", 9));
  g_assert_cmpint (ask (f, "SELECT count (*) FROM login_sessions WHERE ended_at IS NULL"), ==, 0);
  g_assert_cmpint (ask (f, "SELECT min (epoch) FROM users"), ==, 2);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM erasures WHERE purged_at IS NOT NULL"), ==, 1);
  reopen (f);
  g_assert_true (dyno_test_ask0 (f, dyno_privacy_tend, &error));
}

/* A line that broke off is no reason to bring anybody back. */
static void
test_broken_log (DynoTestShop  *f,
                 gconstpointer  unused)
{
  g_autoptr(DynoErasure) erasure = erase (f, TRUE);
  g_autofree char *path = g_build_filename (f->folder, "erasures.log", NULL);
  g_autofree char *log = read_log (f);
  g_autofree char *broken = g_strconcat ("{\"id\":\"era_1\",\"rec\n[]\n", log, "{\"id", NULL);
  g_autofree char *mended = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, broken, -1, NULL));
  g_assert_true (dyno_test_ask0 (f, dyno_privacy_tend, &error));
  g_assert_no_error (error);
  mended = read_log (f);
  g_assert_cmpstr (mended, ==, log);
}

static void
test_daily_look (DynoTestShop  *f,
                 gconstpointer  unused)
{
  g_autoptr(DynoErasure) erasure = erase (f, FALSE);
  g_autoptr(GPtrArray) backups = NULL;
  g_autoptr(GError) error = NULL;

  for (guint day = 0; day < 9; day++)
    {
      g_assert_true (dyno_test_ask0 (f, dyno_daily_look, &error));
      g_assert_no_error (error);
      dyno_clock_advance (f->clock, DAY_US);
    }
  backups = dyno_test_ask0 (f, dyno_backup_list, &error);
  g_assert_cmpuint (backups->len, >=, 7);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM users WHERE display_name = 'Josephine'"), ==, 0);
}

static gboolean
has_backup (gpointer data)
{
  DynoTestShop *f = data;
  g_autoptr(GPtrArray) backups = dyno_test_ask0 (f, dyno_backup_list, NULL);

  return backups != NULL && backups->len > 0;
}

/* The watch looks at once, and the closing ends it. */
static void
test_watch (DynoTestShop  *f,
            gconstpointer  unused)
{
  dyno_daily_watch (f->shop, NULL);
  dyno_test_wait_for (has_backup, f, 60);
}

/* The database is older than what became of the erasures: one waits, one was taken back. */
static void
test_waiting_after_restore (DynoTestShop  *f,
                            gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoErasure) before = erase (f, FALSE);
  g_autoptr(DynoBackup) backup = dyno_test_ask (f, dyno_backup_make, &error, FALSE, NULL);
  g_autoptr(DynoErasure) cancelled = NULL;
  g_autoptr(DynoRestoreReport) report = NULL;
  DynoRestoreOptions options = { .data_dir = f->folder, .clock = f->clock };

  cancelled = dyno_test_ask (f, dyno_privacy_cancel, &error, before->id);
  g_assert_no_error (error);
  dyno_test_shop_close (f);
  options.backup = backup->path;
  options.environment = (const char *const *) f->environment;
  dyno_restore_async (&options, NULL, dyno_await_cb, f->await);
  report = dyno_restore_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM users WHERE id = 'usr_jo' AND status = 'active'"),
                   ==, 1);
  reopen (f);
  dyno_clock_advance (f->clock, 8 * DAY_US);
  g_assert_true (dyno_test_ask0 (f, dyno_privacy_tend, &error));
  g_assert_cmpint (ask (f, "SELECT count (*) FROM users WHERE display_name = 'Josephine'"), ==, 1);
}

static void
test_retention (DynoTestShop  *f,
                gconstpointer  unused)
{
  g_autoptr(DynoErasure) erasure = erase (f, TRUE);
  g_autofree DynoRetentionReport *dry = NULL;
  g_autofree DynoRetentionReport *wet = NULL;
  g_autofree DynoRetentionReport *early = NULL;
  g_autoptr(DynoAuditVerdict) verdict = NULL;
  g_autoptr(GError) error = NULL;

  early = dyno_test_ask (f, dyno_retention, &error, TRUE);
  g_assert_cmpuint (early->n_accounts + early->n_audit_rows + early->n_jobs, ==, 0);
  dyno_clock_advance (f->clock, 366 * DAY_US);
  g_assert_true (dyno_test_ask0 (f, dyno_privacy_tend, &error));
  dry = dyno_test_ask (f, dyno_retention, &error, TRUE);
  g_assert_cmpuint (dry->n_accounts, ==, 1);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM users WHERE id = 'usr_jo'"), ==, 1);
  wet = dyno_test_ask (f, dyno_retention, &error, FALSE);
  g_assert_no_error (error);
  g_assert_cmpuint (wet->n_accounts, ==, 1);
  g_assert_cmpuint (wet->n_audit_rows, ==, dry->n_audit_rows);
  g_assert_cmpint (ask (f, "SELECT count (*) FROM users WHERE id = 'usr_jo'"), ==, 0);
  verdict = dyno_test_ask0 (f, dyno_audit_verify, &error);
  g_assert_true (verdict->is_good);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                      \
  g_test_add (path, DynoTestShop, GUINT_TO_POINTER (DYNO_SHOP_NO_CAPTURE), set_up, function,     \
              dyno_test_shop_tear_down)

  ADD ("/shop/privacy/export", test_export);
  ADD ("/shop/privacy/export-of-another", test_export_of_another);
  ADD ("/shop/privacy/erase-later", test_erase_later);
  ADD ("/shop/privacy/erased-stays-erased", test_erased_stays_erased);
  ADD ("/shop/privacy/broken-log", test_broken_log);
  ADD ("/shop/privacy/daily-look", test_daily_look);
  ADD ("/shop/privacy/retention", test_retention);
  ADD ("/shop/privacy/waiting-after-restore", test_waiting_after_restore);
  ADD ("/shop/privacy/watch", test_watch);

  return g_test_run ();
}
