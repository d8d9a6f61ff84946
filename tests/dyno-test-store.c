/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-store.h"

#include <sqlite3.h>

#include "dyno-test.h"

void
dyno_test_store_open (DynoTestStore *f,
                      DynoStoreFlags flags,
                      GError       **error)
{
  dyno_store_open_async (f->folder, flags, f->clock, NULL, dyno_await_cb, f->await);
  f->store = dyno_store_open_finish (dyno_await_wait (f->await), error);
}

void
dyno_test_store_close (DynoTestStore *f)
{
  g_autoptr(GError) error = NULL;

  dyno_store_close_async (f->store, NULL, dyno_await_cb, f->await);
  dyno_store_close_finish (f->store, dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_clear_pointer (&f->store, dyno_store_free);
}

void
dyno_test_store_reopen (DynoTestStore *f)
{
  g_autoptr(GError) error = NULL;

  dyno_test_store_close (f);
  dyno_test_store_open (f, DYNO_STORE_DEFAULT, &error);
  g_assert_no_error (error);
}

void
dyno_test_store_set_up (DynoTestStore *f,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  f->folder = dyno_test_make_folder ();
  f->clock = dyno_clock_new_fake (0, DYNO_TEST_STORE_BEGIN_MS * 1000);
  f->await = dyno_await_new ();
  dyno_test_store_open (f, DYNO_STORE_CREATE, &error);
  g_assert_no_error (error);
}

void
dyno_test_store_tear_down (DynoTestStore *f,
                           gconstpointer  unused)
{
  g_clear_pointer (&f->store, dyno_store_free);
  dyno_await_free (f->await);
  dyno_clock_free (f->clock);
  dyno_test_remove_folder (f->folder);
  g_free (f->folder);
}

DynoRun *
dyno_test_make_run (const char *title)
{
  DynoRun *run = dyno_run_new ();

  run->title = g_strdup (title);
  run->status = DYNO_RUN_COMPLETE;
  run->source = DYNO_SOURCE_UPLOAD;

  return run;
}

DynoRun *
dyno_test_keep_run (DynoTestStore *f,
                    DynoRun       *run)
{
  g_autoptr(DynoSamples) samples = dyno_samples_builder_finish (dyno_samples_builder_new (0));
  g_autoptr(GError) error = NULL;
  DynoRun *kept = dyno_test_verb (f, import_run, &error, run, samples, NULL, NULL, NULL);

  g_assert_no_error (error);

  return kept;
}

void
dyno_test_store_sql (DynoTestStore *f,
                     const char    *sql)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  sqlite3 *handle;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_exec (handle, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  sqlite3_close (handle);
}
