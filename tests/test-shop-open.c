/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* Starting and stopping: in order, more than once, and with a data folder that
 * cannot be used. */

/* A second shop of the same folder. Never fails: trouble is what it says. */
static DynoShop *
open_other (DynoTestShop *f,
            const char   *folder,
            DynoShopFlags flags)
{
  DynoShopOptions options = { .data_dir = folder,
                              .environment = (const char *const *) f->environment,
                              .flags = flags | DYNO_SHOP_NO_CAPTURE };
  g_autoptr(GError) error = NULL;
  DynoShop *shop;

  dyno_shop_open_async (&options, NULL, dyno_await_cb, f->await);
  shop = dyno_shop_open_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  return shop;
}

static void
close_other (DynoTestShop *f,
             DynoShop     *shop)
{
  g_autoptr(GError) error = NULL;

  dyno_shop_close_async (shop, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_shop_close_finish (shop, dyno_await_wait (f->await), &error));
  g_assert_no_error (error);
  dyno_shop_unref (shop);
}

static void
assert_trouble (DynoShop   *shop,
                int         code,
                const char *reason)
{
  const GError *trouble = dyno_shop_get_trouble (shop);

  g_assert_error (trouble, DYNO_ERROR, code);
  g_assert_cmpstr (dyno_error_get_reason (trouble), ==, reason);
  g_assert_false (dyno_shop_has_store (shop));
}

/* One process owns a folder; the second one is told who, and can use nothing. */
static void
test_folder_in_use (DynoTestShop *f,
                    gconstpointer unused)
{
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());
  DynoShop *other = open_other (f, f->folder, DYNO_SHOP_DEFAULT);
  g_autoptr(GError) error = NULL;
  DynoTestShop second = { .shop = other, .await = f->await };

  assert_trouble (other, DYNO_ERROR_CONFLICT, "folder_in_use");
  g_assert_nonnull (strstr (dyno_shop_get_trouble (other)->message, pid));
  g_assert_null (dyno_test_ask (&second, dyno_runbook_list, &error, NULL));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  close_other (f, other);

  /* It has not taken the folder from the first. */
  g_clear_error (&error);
  other = open_other (f, f->folder, DYNO_SHOP_DEFAULT);
  assert_trouble (other, DYNO_ERROR_CONFLICT, "folder_in_use");
  close_other (f, other);
  dyno_test_shop_close (f);
  other = open_other (f, f->folder, DYNO_SHOP_DEFAULT);
  g_assert_no_error (dyno_shop_get_trouble (other));
  close_other (f, other);
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

/* Written by a newer program: nothing is touched. */
static void
test_newer_schema (DynoTestShop *f,
                   gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize n_before, n_after;
  DynoShop *other;

  dyno_test_shop_close (f);
  run_sql (f, "PRAGMA user_version = 9999");
  before = dyno_test_read (path, &n_before);
  other = open_other (f, f->folder, DYNO_SHOP_DEFAULT);
  assert_trouble (other, DYNO_ERROR_CONFLICT, "schema_newer");
  close_other (f, other);
  after = dyno_test_read (path, &n_after);
  g_assert_cmpmem (before, n_before, after, n_after);
}

static void
test_damaged (DynoTestShop *f,
              gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  DynoShop *other;

  dyno_test_shop_close (f);
  g_assert_true (g_file_set_contents (path, "This is no database at all, whatever its name says.",
                                      -1, NULL));
  other = open_other (f, f->folder, DYNO_SHOP_DEFAULT);
  g_assert_error (dyno_shop_get_trouble (other), DYNO_ERROR, DYNO_ERROR_CORRUPT);
  close_other (f, other);
}

static void
test_without_store (DynoTestShop *f,
                    gconstpointer unused)
{
  g_autofree char *missing = g_build_filename (f->folder, "missing", NULL);
  DynoShop *other = open_other (f, missing, DYNO_SHOP_NO_STORE);

  assert_trouble (other, DYNO_ERROR_UNAVAILABLE, "no_store");
  close_other (f, other);
  other = open_other (f, missing, DYNO_SHOP_NO_CREATE);
  assert_trouble (other, DYNO_ERROR_NOT_FOUND, NULL);
  close_other (f, other);
  g_assert_false (g_file_test (missing, G_FILE_TEST_EXISTS));
}

/* Wrong settings are the only thing that refuses. */
static void
test_wrong_settings (DynoTestShop *f,
                     gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  DynoShopOptions options = { .data_dir = f->folder,
                              .environment = (const char *const *) f->environment };

  dyno_test_shop_close (f);
  dyno_test_shop_set (f, "JETDRIVE_PORT", "0");
  options.environment = (const char *const *) f->environment;
  dyno_shop_open_async (&options, NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_shop_open_finish (dyno_await_wait (f->await), &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "config");
  g_assert_nonnull (strstr (error->message, "capture.port"));
}

/* A setting of the window is there again at the next start; what may not be is
 * refused. */
static void
test_settings_stay (DynoTestShop *f,
                    gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) bad = NULL;
  g_autoptr(GError) boot = NULL;
  g_autoptr(GError) unknown = NULL;
  g_autofree char *value = NULL;
  g_autofree char *taken_back = NULL;

  g_assert_true (dyno_test_ask (f, dyno_shop_set_config, &error, "ui.correction", "din-70020"));
  g_assert_no_error (error);
  g_assert_false (dyno_test_ask (f, dyno_shop_set_config, &bad, "ui.correction", "sae"));
  g_assert_error (bad, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_false (dyno_test_ask (f, dyno_shop_set_config, &boot, "log.format", "text"));
  g_assert_error (boot, DYNO_ERROR, DYNO_ERROR_DENIED);
  g_assert_false (dyno_test_ask (f, dyno_shop_set_config, &unknown, "ui.colour", "red"));
  g_assert_error (unknown, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  dyno_test_shop_close (f);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  value = dyno_config_dup (dyno_shop_get_config (f->shop), "ui.correction");
  g_assert_cmpstr (value, ==, "din-70020");
  g_assert_true (dyno_test_ask (f, dyno_shop_set_config, &error, "ui.correction", NULL));
  taken_back = dyno_config_dup (dyno_shop_get_config (f->shop), "ui.correction");
  g_assert_cmpstr (taken_back, ==, "sae-1990");
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      is_answered)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunPage) page = dyno_runbook_list_finish (result, &error);

  g_assert_true ((page != NULL) != (error != NULL));
  *(gboolean *) is_answered = TRUE;
}

/* What is asked before it closes is answered, one way or the other, and nothing
 * after it. */
static void
test_asked_while_closing (DynoTestShop *f,
                          gconstpointer unused)
{
  g_autoptr(GError) late = NULL;
  DynoShop *shop = dyno_shop_ref (f->shop);
  DynoTestShop closed = { .shop = shop, .await = f->await };
  gboolean is_answered = FALSE;

  dyno_runbook_list_async (shop, NULL, NULL, listed_cb, &is_answered);
  dyno_test_shop_close (f);
  g_assert_null (dyno_test_ask (&closed, dyno_runbook_list, &late, NULL));
  g_assert_error (late, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (late), ==, "closed");
  g_assert_true (is_answered);
  dyno_shop_unref (shop);
}

/* Fifty times all of it. */
static void
test_fifty_times (DynoTestShop *f,
                  gconstpointer unused)
{
  for (guint i = 0; i < 50; i++)
    {
      dyno_test_shop_close (f);
      dyno_test_shop_open (f, DYNO_SHOP_DEFAULT);
      g_assert_no_error (dyno_shop_get_trouble (f->shop));
      g_assert_true (dyno_shop_has_capture (f->shop));
    }
}

/* The care of the database that people ask for. */
static void
test_database (DynoTestShop *f,
               gconstpointer unused)
{
  g_autofree char *id = dyno_test_shop_keep (f, "One", NULL);
  g_autofree char *copy = g_build_filename (f->folder, "copy.db", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) exists = NULL;
  g_autoptr(DynoStoreInfo) info = dyno_test_ask0 (f, dyno_database_info, &error);
  g_autoptr(DynoStoreCheck) check = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (info);
  check = dyno_test_ask0 (f, dyno_database_check, &error);
  g_assert_no_error (error);
  g_assert_true (check->is_ok);
  g_assert_cmpint (check->n_runs, ==, 1);
  g_assert_true (dyno_test_ask (f, dyno_database_backup, &error, copy));
  g_assert_no_error (error);
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_false (dyno_test_ask (f, dyno_database_backup, &exists, copy));
  g_assert_error (exists, DYNO_ERROR, DYNO_ERROR_CONFLICT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/open/folder-in-use", test_folder_in_use);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/open/newer-schema", test_newer_schema);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/open/damaged", test_damaged);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/open/without-store", test_without_store);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/open/wrong-settings", test_wrong_settings);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/open/settings-stay", test_settings_stay);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/open/asked-while-closing", test_asked_while_closing);
  DYNO_TEST_SHOP_ADD ("/shop/open/fifty-times", test_fifty_times);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/open/database", test_database);

  return g_test_run ();
}
