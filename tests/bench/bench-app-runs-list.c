/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The page Runs over a run book of 10,000 runs, a JSON line a figure: how long until
 * something is seen, until all is there, until a search is answered; how long the
 * window stands still meanwhile; and what a frame of scrolling costs in processor time
 * of the main thread. Run under run-ui.sh. */

#include "config.h"

#include <math.h>

#include "dyno-bench.h"
#include "dyno-run-search.h"
#include "dyno-run-table.h"
#include "dyno-runs-page.h"
#include "dyno-store.h"
#include "dyno-test-app.h"
#include "dyno-test.h"

#define N_RUNS 10000
#define N_AHEAD 256 /* asked of the store before the first answer is waited for */
#define N_STEPS 300

/* Filling. */

static guint n_pending;

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = dyno_store_import_run_finish (NULL, result, &error);

  g_assert_no_error (error);
  n_pending--;
}

static DynoRun *
make_run (guint index)
{
  DynoRun *run = dyno_run_new ();

  run->title = g_strdup_printf ("Pull %u", index);
  run->status = DYNO_RUN_COMPLETE;
  run->source = index % 3 == 0 ? DYNO_SOURCE_UPLOAD : DYNO_SOURCE_CAPTURE;
  run->started_ms = 1773480000000 - (gint64) index * 700000;
  run->duration_s = 8;
  run->peaks.power_kw = 60 + index % 50;
  run->peaks.power_rpm = 5400;
  run->peaks.torque_nm = 120 + index % 40;
  run->peaks.torque_rpm = 3400;
  run->peaks.factor = 1.02;
  run->tags = g_strdupv ((char *[]){ (char *) (index % 7 == 0 ? "stage2" : "stock"), NULL });

  return run;
}

static void
fill (const char *folder)
{
  DynoAwait *await = dyno_await_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) nothing =
      dyno_samples_builder_finish (dyno_samples_builder_new (1));
  DynoStore *store;

  dyno_store_open_async (folder, DYNO_STORE_CREATE, NULL, NULL, dyno_await_cb, await);
  store = dyno_store_open_finish (dyno_await_wait (await), &error);
  g_assert_no_error (error);
  dyno_await_free (await);
  for (guint i = 0; i < N_RUNS; i++)
    {
      dyno_store_import_run_async (store, make_run (i), nothing, NULL, NULL, NULL, NULL,
                                   imported_cb, NULL);
      for (n_pending++; n_pending >= N_AHEAD;)
        g_main_context_iteration (NULL, TRUE);
    }
  while (n_pending > 0)
    g_main_context_iteration (NULL, TRUE);
  dyno_store_free (store);
}

/* Measuring. */

static gint64 longest_us; /* processor time of one turn of the main loop */

static void
turn (void)
{
  gint64 before = dyno_bench_thread_us ();

  dyno_test_app_turn ();
  longest_us = MAX (longest_us, dyno_bench_thread_us () - before);
}

static guint
n_listed (GtkColumnView *view)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (view)));
}

static void
figure_ms (const char *name,
           gint64      from_us)
{
  dyno_bench_figure (name, (double) (dyno_bench_now_us () - from_us) / 1000, "ms");
}

static void
open_list (DynoTestApp *f)
{
  gint64 begin = dyno_bench_now_us ();
  GtkColumnView *view;

  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.page", "s", "runs");
  figure_ms ("open_page", begin);
  view = GTK_COLUMN_VIEW (dyno_test_app_find (GTK_WIDGET (f->window), GTK_TYPE_COLUMN_VIEW, NULL));
  longest_us = 0;
  while (n_listed (view) == 0)
    turn ();
  figure_ms ("first_runs", begin);
  while (n_listed (view) < N_RUNS)
    turn ();
  figure_ms ("all_runs", begin);
  dyno_bench_figure ("longest_turn_while_loading", (double) longest_us / 1000, "ms");
}

static void
scroll (DynoTestApp *f)
{
  GtkWidget *view = dyno_test_app_find (GTK_WIDGET (f->window), GTK_TYPE_COLUMN_VIEW, NULL);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  double all = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
  double frames[N_STEPS];

  for (guint i = 0; i < N_STEPS; i++)
    {
      gint64 before = dyno_bench_thread_us ();

      gtk_adjustment_set_value (adjustment, all * (i + 1) / N_STEPS);
      dyno_test_ui_frames (view, 1);
      frames[i] = (double) (dyno_bench_thread_us () - before) / 2000; /* of the two frames */
    }
  dyno_bench_figure ("scroll_frame_p50", dyno_bench_quantile (frames, N_STEPS, 0.5), "ms");
  dyno_bench_figure ("scroll_frame_p99", dyno_bench_quantile (frames, N_STEPS, 0.99), "ms");
}

static void
search (DynoTestApp *f,
        const char  *text,
        const char  *name)
{
  GtkColumnView *view =
      GTK_COLUMN_VIEW (dyno_test_app_find (GTK_WIDGET (f->window), GTK_TYPE_COLUMN_VIEW, NULL));
  DynoRunSearch *field =
      DYNO_RUN_SEARCH (dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_RUN_SEARCH, NULL));
  guint before = n_listed (view);
  gint64 begin = dyno_bench_now_us ();

  longest_us = 0;
  dyno_run_search_set_text (field, text);
  while (n_listed (view) == before)
    turn ();
  figure_ms (name, begin);
}

static void
play (DynoTestApp *f)
{
  open_list (f);
  dyno_test_ui_run (500);
  scroll (f);
  search (f, "tag:stage2", "search_tag");
  search (f, "pull 77", "search_words");
  search (f, "", "search_cleared");
  dyno_bench_figure ("longest_turn_of_search", (double) longest_us / 1000, "ms");
  dyno_bench_figure ("rss", dyno_bench_rss_mib (), "MiB");
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = NULL;

  if (!dyno_test_ui_start ())
    return 77;

  dyno_bench_begin ("app-runs-list");
  folder = dyno_test_make_folder ();
  fill (folder);
  dyno_test_app_run_in (folder, play, NULL);
  dyno_test_remove_folder (folder);

  return 0;
}
