/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* One flipped byte anywhere is found, and the run it belongs to is named. */

typedef struct
{
  DynoTestShop  shop;
  char         *first;  /* ids of two recorded runs */
  char         *second;
} Fixture;

/* Without a wire there are no runs: the test is skipped. */
static void
set_up (Fixture      *f,
        gconstpointer unused)
{
  g_autoptr(GPtrArray) runs = NULL;

  dyno_test_shop_set_up (&f->shop, GUINT_TO_POINTER (DYNO_SHOP_DEFAULT));
  if (!dyno_test_shop_has_wire ())
    return;
  runs = dyno_test_shop_record (&f->shop, 2);
  g_assert_cmpuint (runs->len, ==, 2);
  f->first = g_strdup (((DynoRun *) runs->pdata[0])->id);
  f->second = g_strdup (((DynoRun *) runs->pdata[1])->id);
  dyno_test_shop_assert_verified (&f->shop);
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  g_free (f->first);
  g_free (f->second);
  dyno_test_shop_tear_down (&f->shop, NULL);
}

static char *
journal_path (Fixture    *f,
              const char *run_id)
{
  g_autofree char *name = g_strconcat (run_id, ".jdj", NULL);

  return g_build_filename (f->shop.folder, "journal", name, NULL);
}

static sqlite3 *
open_database (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->shop.folder, "dynoai.db", NULL);
  sqlite3 *handle;

  dyno_test_shop_close (&f->shop);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "PRAGMA foreign_keys = ON", NULL, NULL, NULL), ==,
                   SQLITE_OK);

  return handle;
}

static void
close_database (Fixture *f,
                sqlite3 *handle)
{
  g_assert_cmpint (sqlite3_changes (handle), ==, 1);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
  dyno_test_shop_open (&f->shop, DYNO_SHOP_NO_CAPTURE);
}

/* One row of the closed database is changed. */
static void
run_sql (Fixture    *f,
         const char *sql)
{
  sqlite3 *handle = open_database (f);
  char *message = NULL;

  sqlite3_exec (handle, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  close_database (f, handle);
}

static sqlite3_stmt *
prepare (sqlite3    *handle,
         const char *sql,
         const char *run_id)
{
  sqlite3_stmt *statement;

  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
  sqlite3_bind_text (statement, 1, run_id, -1, SQLITE_TRANSIENT);

  return statement;
}

#define ONE_BLOCK \
  "WHERE second = 2 AND channel = 5 AND run = (SELECT number FROM runs WHERE id = ?1)"

/* One bit of a stored block; a second time it is right again. */
static void
flip_block (Fixture    *f,
            const char *run_id)
{
  sqlite3 *handle = open_database (f);
  sqlite3_stmt *get = prepare (handle, "SELECT data FROM sample_blocks " ONE_BLOCK, run_id);
  sqlite3_stmt *set = prepare (handle, "UPDATE sample_blocks SET data = ?2 " ONE_BLOCK, run_id);
  g_autofree guint8 *data = NULL;
  int size;

  g_assert_cmpint (sqlite3_step (get), ==, SQLITE_ROW);
  size = sqlite3_column_bytes (get, 0);
  data = g_memdup2 (sqlite3_column_blob (get, 0), (gsize) size);
  data[size / 2] ^= 0x10;
  sqlite3_bind_blob (set, 2, data, size, SQLITE_TRANSIENT);
  sqlite3_finalize (get);
  g_assert_cmpint (sqlite3_step (set), ==, SQLITE_DONE);
  sqlite3_finalize (set);
  close_database (f, handle);
}

static void
assert_bad (Fixture    *f,
            const char *run_id,
            const char *words)
{
  g_autoptr(DynoVerifyReport) report = dyno_test_shop_verify (&f->shop);
  const DynoVerifyFinding *finding;

  g_assert_false (report->is_ok);
  g_assert_cmpstr (report->first_bad, ==, run_id);
  g_assert_cmpuint (report->findings->len, ==, 1);
  finding = g_ptr_array_index (report->findings, 0);
  g_assert_cmpstr (finding->run_id, ==, run_id);
  g_assert_nonnull (strstr (finding->text, words));
}

static DynoVerifyReport *
verify_run (Fixture    *f,
            const char *run_id,
            GError    **error)
{
  dyno_verify_run_async (f->shop.shop, run_id, NULL, dyno_await_cb, f->shop.await);

  return dyno_verify_finish (dyno_await_wait (f->shop.await), error);
}

/* The bytes of a journal */
static void
test_journal (Fixture      *f,
              gconstpointer unused)
{
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVerifyReport) one = NULL;
  g_autoptr(DynoVerifyReport) other = NULL;
  gsize length;

  if (f->first == NULL)
    return;
  path = journal_path (f, f->second);
  bytes = dyno_test_read (path, &length);
  for (guint i = 0; i < 3; i++)
    {
      gsize at = i == 0 ? 0 : i == 1 ? length / 2 : length - 1;

      bytes[at] ^= 0x20;
      g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
      assert_bad (f, f->second, "was changed");
      bytes[at] ^= 0x20;
    }
  one = verify_run (f, f->second, &error);
  g_assert_no_error (error);
  g_assert_false (one->is_ok);
  other = verify_run (f, f->first, &error);
  g_assert_no_error (error);
  g_assert_true (other->is_ok);

  g_unlink (path);
  assert_bad (f, f->second, "is missing");
}

/* The other run's journal in its place */
static void
test_swapped (Fixture      *f,
              gconstpointer unused)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  if (f->first == NULL)
    return;
  first = journal_path (f, f->first);
  second = journal_path (f, f->second);
  bytes = dyno_test_read (second, &length);
  g_assert_true (g_file_set_contents (first, bytes, (gssize) length, NULL));
  assert_bad (f, f->first, "was changed");
}

static void
test_samples (Fixture      *f,
              gconstpointer unused)
{
  g_autofree char *sql = NULL;

  if (f->first == NULL)
    return;
  flip_block (f, f->second);
  assert_bad (f, f->second, "damaged");
  flip_block (f, f->second);
  dyno_test_shop_assert_verified (&f->shop);

  /* A second that is gone. */
  sql = g_strdup_printf ("DELETE FROM sample_seconds WHERE second = 1 AND run = "
                         "(SELECT number FROM runs WHERE id = '%s')", f->first);
  run_sql (f, sql);
  assert_bad (f, f->first, "samples");
}

static void
test_chain (Fixture      *f,
            gconstpointer unused)
{
  g_autofree char *sql = NULL;

  if (f->first == NULL)
    return;
  sql = g_strdup_printf ("UPDATE chain SET hash = sha256 WHERE run_id = '%s'", f->first);
  run_sql (f, sql);
  assert_bad (f, f->first, "chain");
}

/* A run that is left out of the middle. */
static void
test_left_out (Fixture      *f,
               gconstpointer unused)
{
  g_autofree char *sql = NULL;

  if (f->first == NULL)
    return;
  sql = g_strdup_printf ("DELETE FROM chain WHERE run_id = '%s'", f->first);
  run_sql (f, sql);
  assert_bad (f, f->second, "chain");
}

/* A journal alone, without a store. */
static void
test_file (DynoTestShop *f,
           gconstpointer unused)
{
  g_autofree char *notes = g_build_filename (f->folder, "notes.txt", NULL);
  g_autofree char *missing = g_build_filename (f->folder, "missing.jdj", NULL);
  g_autoptr(GError) no_journal = NULL;
  g_autoptr(GError) not_found = NULL;
  g_autoptr(GError) unknown = NULL;

  g_assert_true (g_file_set_contents (notes, "This is no journal of packets at all, but it is "
                                             "long enough to have a header.", -1, NULL));
  dyno_verify_file_async (f->shop, notes, NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_verify_finish (dyno_await_wait (f->await), &no_journal));
  g_assert_error (no_journal, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (no_journal), ==, "verify_unknown");
  dyno_verify_file_async (f->shop, missing, NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_verify_finish (dyno_await_wait (f->await), &not_found));
  g_assert_error (not_found, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  dyno_verify_run_async (f->shop, "run_00000000000000000000", NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_verify_finish (dyno_await_wait (f->await), &unknown));
  g_assert_error (unknown, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/shop/verify/journal", Fixture, NULL, set_up, test_journal, tear_down);
  g_test_add ("/shop/verify/swapped", Fixture, NULL, set_up, test_swapped, tear_down);
  g_test_add ("/shop/verify/samples", Fixture, NULL, set_up, test_samples, tear_down);
  g_test_add ("/shop/verify/chain", Fixture, NULL, set_up, test_chain, tear_down);
  g_test_add ("/shop/verify/left-out", Fixture, NULL, set_up, test_left_out, tear_down);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/verify/file", test_file);

  return g_test_run ();
}
