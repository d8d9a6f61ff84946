/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* What is let go, and when. The clock is the test's own. */

#define BEGIN_US (G_GINT64_CONSTANT (1789000000) * G_USEC_PER_SEC)
#define DAY_US (24 * 3600 * G_GINT64_CONSTANT (1000000))

static void
set_up (DynoTestShop *f,
        gconstpointer unused)
{
  dyno_test_shop_set_up (f, GUINT_TO_POINTER (DYNO_SHOP_NO_CAPTURE));
  dyno_test_shop_close (f);
  f->clock = dyno_clock_new_fake (0, BEGIN_US);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
}

static DynoRetentionReport *
retain (DynoTestShop *f,
        gboolean      is_dry)
{
  g_autoptr(GError) error = NULL;
  DynoRetentionReport *report = dyno_test_ask (f, dyno_retention, &error, is_dry);

  g_assert_no_error (error);

  return report;
}

static char *
journal_of (DynoTestShop *f,
            const char   *run_id)
{
  g_autofree char *name = g_strconcat (run_id, ".jdj", NULL);

  return g_build_filename (f->folder, "journal", name, NULL);
}

/* A run with a file of so many bytes as its journal; the shop is closed and opened. */
static char *
keep_with_journal (DynoTestShop *f,
                   const char   *title,
                   gboolean      is_starred)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, title, -1);
  g_autofree char *path = NULL;
  g_autofree char *relative = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) edited = NULL;
  DynoRun *star = dyno_run_new ();
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);
  char *id = dyno_test_shop_keep (f, title, NULL);
  DynoStore *store;

  path = journal_of (f, id);
  relative = g_strconcat ("journal/", id, ".jdj", NULL);
  g_assert_true (g_file_set_contents (path, title, -1, NULL));
  g_ptr_array_add (files, dyno_run_file_new (DYNO_FILE_JOURNAL, relative, "x.jdj",
                                             (gint64) strlen (title), sum));
  dyno_test_shop_close (f);
  store = dyno_test_shop_open_store (f);
  dyno_store_add_run_files_async (store, id, files, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_store_add_run_files_finish (store, dyno_await_wait (f->await), &error));
  dyno_test_shop_close_store (f, store);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  star->id = g_strdup (id);
  star->is_starred = is_starred;
  edited = dyno_test_ask (f, dyno_runbook_edit, &error, star, DYNO_RUN_STAR);
  g_assert_no_error (error);

  return id;
}

/* Packets go after their days; the run, its link and a starred run's packets stay. */
static void
test_journals (DynoTestShop *f,
               gconstpointer unused)
{
  g_autofree char *plain = keep_with_journal (f, "Plain", FALSE);
  g_autofree char *starred = keep_with_journal (f, "Starred", TRUE);
  g_autofree char *plain_path = journal_of (f, plain);
  g_autofree char *starred_path = journal_of (f, starred);
  g_autofree DynoRetentionReport *early = NULL;
  g_autofree DynoRetentionReport *dry = NULL;
  g_autofree DynoRetentionReport *done = NULL;
  g_autoptr(DynoVerifyReport) report = NULL;
  g_autoptr(GPtrArray) runs = NULL;

  dyno_clock_advance (f->clock, 89 * DAY_US);
  early = retain (f, FALSE);
  g_assert_cmpuint (early->n_journals, ==, 0);
  dyno_clock_advance (f->clock, 2 * DAY_US);
  dry = retain (f, TRUE);
  g_assert_cmpuint (dry->n_journals, ==, 1);
  g_assert_true (g_file_test (plain_path, G_FILE_TEST_EXISTS));
  done = retain (f, FALSE);
  g_assert_cmpuint (done->n_journals, ==, 1);
  g_assert_cmpuint (done->bytes, ==, 5);
  g_assert_false (g_file_test (plain_path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (starred_path, G_FILE_TEST_EXISTS));

  runs = dyno_test_shop_runs (f);
  g_assert_cmpuint (runs->len, ==, 2);
  report = dyno_test_shop_verify (f);
  g_assert_true (report->is_ok);
  g_assert_cmpuint (report->n_links, ==, 2);
  g_assert_cmpuint (report->removed->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (report->removed, 0), ==, plain);
}

static void
test_trash (DynoTestShop *f,
            gconstpointer unused)
{
  g_autofree char *id = keep_with_journal (f, "Thrown away", FALSE);
  g_autofree char *path = journal_of (f, id);
  const char *ids[] = { id, NULL };
  g_autofree DynoRetentionReport *early = NULL;
  g_autofree DynoRetentionReport *done = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) gone = NULL;

  g_assert_true (dyno_test_ask (f, dyno_runbook_delete, &error, ids));
  dyno_clock_advance (f->clock, 29 * DAY_US);
  early = retain (f, FALSE);
  g_assert_cmpuint (early->n_runs, ==, 0);
  dyno_clock_advance (f->clock, 2 * DAY_US);
  done = retain (f, FALSE);
  g_assert_cmpuint (done->n_runs, ==, 1);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_null (dyno_test_ask (f, dyno_runbook_get, &gone, id));
  g_assert_error (gone, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static void
write_old (const char *folder,
           const char *name,
           gint64      written_us)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct utimbuf times = { written_us / G_USEC_PER_SEC, written_us / G_USEC_PER_SEC };

  g_assert_true (g_file_set_contents (path, "something", -1, NULL));
  g_assert_cmpint (g_utime (path, &times), ==, 0);
}

/* Files of imports that came to nothing, and journals of whole days. */
static void
test_strays (DynoTestShop *f,
             gconstpointer unused)
{
  g_autofree char *source = g_build_filename (f->folder, "source", NULL);
  g_autofree char *journal = g_build_filename (f->folder, "journal", NULL);
  g_autofree char *id = dyno_test_shop_keep (f, "Known", NULL);
  g_autofree char *known = g_build_filename (source, id, NULL);
  g_autofree char *stray = g_build_filename (source, "run_0123456789abcdefghij", NULL);
  g_autofree char *fresh = g_build_filename (source, "run_now.part", NULL);
  g_autofree char *old_day = g_build_filename (journal, "day-2026-06-01.jdj", NULL);
  g_autofree char *new_day = g_build_filename (journal, "day-2026-09-09.jdj", NULL);
  g_autofree DynoRetentionReport *done = NULL;

  write_old (source, id, BEGIN_US - DAY_US);
  write_old (source, "run_0123456789abcdefghij", BEGIN_US - DAY_US);
  write_old (source, "run_now.part", BEGIN_US + DAY_US);
  write_old (journal, "day-2026-06-01.jdj", BEGIN_US - 91 * DAY_US);
  write_old (journal, "day-2026-09-09.jdj", BEGIN_US - DAY_US);
  /* The one that each start begins by itself may have been faster. */
  done = retain (f, FALSE);
  g_assert_cmpuint (done->n_strays, <=, 1);
  g_assert_true (g_file_test (known, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (stray, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (fresh, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (old_day, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (new_day, G_FILE_TEST_EXISTS));
}

#define ADD(path, function) \
  g_test_add (path, DynoTestShop, NULL, set_up, function, dyno_test_shop_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/shop/retention/journals", test_journals);
  ADD ("/shop/retention/trash", test_trash);
  ADD ("/shop/retention/strays", test_strays);

  return g_test_run ();
}
