/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-run-import-item.h"
#include "dyno-run-import-review.h"
#include "dyno-run-import-window.h"
#include "dyno-test-app.h"
#include "dyno-test-runs.h"
#include "dyno-test.h"

/* Logs into the run book by the window: looked into, decided about, refused, imported,
 * told when they were there before. */

static DynoRunImportWindow *
open_window (DynoTestApp *f)
{
  DynoVehicleList *vehicles = dyno_vehicle_list_new (dyno_test_app_shop (f));
  GtkWidget *window = dyno_run_import_window_new (dyno_test_app_shop (f), vehicles);

  g_object_unref (vehicles);
  gtk_window_present (GTK_WINDOW (window));

  return DYNO_RUN_IMPORT_WINDOW (window);
}

static void
add_file (DynoRunImportWindow *window,
          const char          *path)
{
  g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr(GFile) file = g_file_new_for_path (path);

  g_list_store_append (files, file);
  dyno_run_import_window_add_files (window, G_LIST_MODEL (files));
}

static guint
n_items (DynoRunImportWindow *window)
{
  return g_list_model_get_n_items (dyno_run_import_window_get_items (window));
}

/* The window keeps it. */
static DynoRunImportItem *
item_at (DynoRunImportWindow *window,
         guint                index)
{
  g_autoptr(DynoRunImportItem) item =
      g_list_model_get_item (dyno_run_import_window_get_items (window), index);

  return item;
}

static DynoImportState
state_at (DynoRunImportWindow *window,
          guint                index)
{
  return n_items (window) > index ? dyno_run_import_item_get_state (item_at (window, index))
                                  : DYNO_IMPORT_LOOKING;
}

static guint
n_runs (DynoTestApp *f)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
  g_autoptr(DynoRunPage) page = NULL;

  dyno_runbook_list_async (dyno_test_app_shop (f), query, NULL, dyno_await_cb, await);
  page = dyno_runbook_list_finish (dyno_await_wait (await), NULL);
  g_assert_nonnull (page);

  return (guint) page->n_all;
}

/* Looked into, seen column by column, imported, and refused the second time. */
static void
good (DynoTestApp *f)
{
  g_autofree char *text = dyno_test_runs_pull_text (150);
  g_autofree char *path = dyno_test_runs_write (f->folder, "Hot day.csv", text);
  DynoRunImportWindow *window = open_window (f);
  DynoRunImportReview *review;
  g_autoptr(DynoRun) run = NULL;

  add_file (window, path);
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_READY, 10);
  g_assert_cmpuint (n_runs (f), ==, 0);
  review = DYNO_RUN_IMPORT_REVIEW (dyno_test_app_find (GTK_WIDGET (window),
                                                       DYNO_TYPE_RUN_IMPORT_REVIEW, NULL));
  g_assert_nonnull (strstr (dyno_run_import_review_get_text (review), "161"));
  g_assert_nonnull (strstr (dyno_run_import_review_get_text (review), "comma"));
  g_assert_cmpuint (dyno_run_import_review_get_n_columns (review), ==, 12);

  g_assert_true (dyno_test_app_click (GTK_WIDGET (window), "Import"));
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_DONE, 10);
  g_assert_cmpuint (n_runs (f), ==, 1);
  run = dyno_test_runs_get (dyno_test_app_shop (f),
                            dyno_run_import_item_get_run_id (item_at (window, 0)));
  g_assert_cmpstr (run->title, ==, "Hot day");
  g_assert_cmpint (run->source, ==, DYNO_SOURCE_UPLOAD);
  gtk_window_destroy (GTK_WINDOW (window));

  /* The same bytes again: told with the run it is, taken when asked for. */
  window = open_window (f);
  add_file (window, path);
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_READY, 10);
  g_assert_true (dyno_test_app_click (GTK_WIDGET (window), "Import"));
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_DUPLICATE, 10);
  g_assert_cmpstr (dyno_run_import_item_get_run_id (item_at (window, 0)), ==, run->id);
  g_assert_cmpuint (n_runs (f), ==, 1);
  g_assert_true (dyno_test_app_click (GTK_WIDGET (window), "Import Again"));
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_DONE, 10);
  g_assert_cmpuint (n_runs (f), ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_good (void)
{
  dyno_test_app_run (good, NULL);
}

/* A file that is refused stays with its reason, and stops nobody. */
static void
refused (DynoTestApp *f)
{
  g_autofree char *letter =
      dyno_test_runs_write (f->folder, "Letter.csv", "Dear customer,\nyour bike is ready.\n");
  g_autofree char *nothing = dyno_test_runs_write (f->folder, "Empty.csv", "");
  g_autofree char *text = dyno_test_runs_pull_text (140);
  g_autofree char *path = dyno_test_runs_write (f->folder, "Good.csv", text);
  DynoRunImportWindow *window = open_window (f);

  g_assert_null (dyno_test_app_find (GTK_WIDGET (window), DYNO_TYPE_RUN_IMPORT_REVIEW, NULL));
  add_file (window, letter);
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_REFUSED, 10);
  add_file (window, nothing);
  dyno_test_app_wait (state_at (window, 1) == DYNO_IMPORT_REFUSED, 10);
  g_assert_false (dyno_test_app_click (GTK_WIDGET (window), "Import"));
  g_assert_cmpint (strlen (dyno_run_import_item_get_error (item_at (window, 0))->message), >, 20);
  add_file (window, path);
  dyno_test_app_wait (state_at (window, 2) == DYNO_IMPORT_READY, 10);
  g_assert_true (dyno_test_app_click (GTK_WIDGET (window), "Import"));
  dyno_test_app_wait (state_at (window, 2) == DYNO_IMPORT_DONE, 10);
  g_assert_cmpint (state_at (window, 0), ==, DYNO_IMPORT_REFUSED);
  g_assert_cmpuint (n_runs (f), ==, 1);

  g_assert_true (dyno_test_app_click (GTK_WIDGET (window), "Take Off the List"));
  g_assert_cmpuint (n_items (window), ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_refused (void)
{
  dyno_test_app_run (refused, NULL);
}

static const DynoImportChannel *
column (DynoRunImportItem *item,
        const char        *name)
{
  const DynoImportReport *report = dyno_run_import_item_get_report (item);

  g_assert_nonnull (report);

  return dyno_import_report_find_column (report, name);
}

/* A decision shows at once and is what is imported. */
static void
decided (DynoTestApp *f)
{
  g_autofree char *text = dyno_test_runs_pull_text (150);
  g_autofree char *path = dyno_test_runs_write (f->folder, "Hot day.csv", text);
  DynoRunImportWindow *window = open_window (f);
  DynoRunImportItem *item;
  g_autoptr(DynoRun) run = NULL;

  add_file (window, path);
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_READY, 10);
  item = item_at (window, 0);
  g_assert_cmpint (column (item, "AFR Rear")->channel, ==, DYNO_CHANNEL_MIX_R);
  dyno_run_import_item_map (item, "AFR Rear", "none");
  g_assert_cmpint (state_at (window, 0), ==, DYNO_IMPORT_LOOKING);
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_READY, 10);
  g_assert_cmpint (column (item, "AFR Rear")->channel, ==, DYNO_CHANNEL_NONE);

  /* Semicolons are not what this file has. */
  dyno_run_import_item_set_delimiter (item, "semicolon");
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_REFUSED, 10);
  dyno_run_import_item_set_delimiter (item, NULL);
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_READY, 10);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_decided (void)
{
  dyno_test_app_run (decided, NULL);
}

/* A folder stands for the logs in it. */
static void
of_folder (DynoTestApp *f)
{
  g_autofree char *text = dyno_test_runs_pull_text (150);
  g_autofree char *folder = g_build_filename (f->folder, "logs", NULL);
  DynoRunImportWindow *window = open_window (f);

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_free (dyno_test_runs_write (folder, "a.csv", text));
  g_free (dyno_test_runs_write (folder, "b.csv", text));
  g_free (dyno_test_runs_write (folder, "picture.png", "no log"));
  add_file (window, folder);
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_READY
                          && state_at (window, 1) == DYNO_IMPORT_READY,
                      10);
  g_assert_cmpuint (n_items (window), ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_folder (void)
{
  dyno_test_app_run (of_folder, NULL);
}

/* Real exports, where they are at hand. */
static void
real (DynoTestApp *f)
{
  g_autofree char *path = dyno_test_shared_file ("logs/wrl-dyno-check/RunFile_40.csv");
  DynoRunImportWindow *window = open_window (f);
  g_autoptr(DynoRun) run = NULL;

  add_file (window, path);
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_READY, 20);
  g_assert_true (dyno_test_app_click (GTK_WIDGET (window), "Import"));
  dyno_test_app_wait (state_at (window, 0) == DYNO_IMPORT_DONE, 20);
  run = dyno_test_runs_get (dyno_test_app_shop (f),
                            dyno_run_import_item_get_run_id (item_at (window, 0)));
  g_assert_cmpfloat (run->peaks.power_kw, >, 30);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_real (void)
{
  g_autofree char *path = dyno_test_shared_file ("logs/wrl-dyno-check/RunFile_40.csv");

  if (path != NULL)
    dyno_test_app_run (real, NULL);
}

int
main (int    argc,
      char **argv)
{
  dyno_test_ui_init (&argc, &argv);
  g_test_add_func ("/app/run-import/good", test_good);
  g_test_add_func ("/app/run-import/refused", test_refused);
  g_test_add_func ("/app/run-import/decided", test_decided);
  g_test_add_func ("/app/run-import/folder", test_folder);
  g_test_add_func ("/app/run-import/real", test_real);

  return g_test_run ();
}
