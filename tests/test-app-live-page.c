/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-channel-table.h"
#include "dyno-chart.h"
#include "dyno-live-page.h"
#include "dyno-preflight-window.h"
#include "dyno-test-app.h"
#include "dyno-tile-grid.h"

static DynoTileGrid *
tiles_of (DynoTestApp *f)
{
  return DYNO_TILE_GRID (dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_TILE_GRID, NULL));
}

static gboolean
shows_number (DynoTestApp *f,
              guint        tile)
{
  DynoTileGrid *tiles = tiles_of (f);

  return tiles != NULL && isfinite (dyno_meter_get_value (dyno_tile_grid_get_meter (tiles, tile)));
}

static gboolean
is_armed (DynoTestApp *f)
{
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (dyno_shop_get_live (dyno_test_app_shop (f)));

  return arm->is_armed;
}

/* The first start: a click, numbers, a key, a pull, a run that is kept. */
static void
first_start (DynoTestApp *f)
{
  DynoPage *live = dyno_test_app_page (f, "live");

  g_assert_true (dyno_window_get_page (f->window) == live);
  g_assert_true (dyno_test_app_is_phase (f, DYNO_ARM_NO_DYNO));
  g_assert_null (tiles_of (f));
  g_assert_cmpstr (dyno_page_get_primary_action (live), ==, "live.simulator");

  g_assert_true (dyno_test_app_click (GTK_WIDGET (live), "Use Simulator"));
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_LIVE), 10);
  dyno_test_app_wait (shows_number (f, 0), 5);
  g_assert_cmpstr (dyno_page_get_primary_action (live), ==, "live.arm");

  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "F5"));
  dyno_test_app_wait (is_armed (f), 30);
  dyno_test_app_wait (dyno_test_app_n_saved (f) > 0, 60);
  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "<Control>period"));
  dyno_test_app_wait (!is_armed (f), 5);

  /* The toast of the run leads to it. */
  dyno_test_app_wait (dyno_test_app_click (GTK_WIDGET (f->window), "Open Run"), 5);
  dyno_test_app_wait (dyno_window_get_page (f->window) == dyno_test_app_page (f, "runs"), 5);
  dyno_test_app_wait (dyno_test_app_find (GTK_WIDGET (dyno_window_get_page (f->window)),
                                          DYNO_TYPE_CHART, NULL) != NULL, 10);
  dyno_test_ui_run (500);
}

/* Runs in the book. */
static guint
n_runs (const char *folder)
{
  DynoTestShop shop = { .folder = (char *) folder, .await = dyno_await_new () };
  g_autoptr(GPtrArray) runs = NULL;
  guint n;

  dyno_test_shop_open (&shop, DYNO_SHOP_NO_CAPTURE);
  runs = dyno_test_shop_runs (&shop);
  n = runs->len;
  dyno_test_shop_close (&shop);
  dyno_await_free (shop.await);

  return n;
}

static void
test_first_start (void)
{
  g_autofree char *folder = dyno_test_make_folder ();

  if (dyno_test_shop_has_wire ())
    {
      dyno_test_app_run_in (folder, first_start, NULL);
      g_assert_cmpuint (n_runs (folder), >=, 1);
    }
  dyno_test_remove_folder (folder);
}

/* Keys only: to the button by Tab, from then on by the keys of the table. */

static gboolean
press (DynoTestApp *f,
       const char  *key)
{
  gboolean has_worked = dyno_test_app_key (GTK_WINDOW (f->window), key);

  dyno_test_ui_settle ();

  return has_worked;
}

static void
tab_to (DynoTestApp *f,
        const char  *label)
{
  for (int i = 0; i < 60; i++)
    {
      GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (f->window));

      if (GTK_IS_BUTTON (focus)
          && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (focus)), label) == 0)
        return;
      gtk_widget_child_focus (GTK_WIDGET (f->window), GTK_DIR_TAB_FORWARD);
    }
  g_error ("Tab never comes to %s", label);
}

static gboolean
is_recording (DynoTestApp *f)
{
  return dyno_test_app_is_phase (f, DYNO_ARM_RECORDING);
}

static guint
n_marks (DynoTestApp *f)
{
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (dyno_shop_get_live (dyno_test_app_shop (f)));

  return arm->n_marks;
}

static void
keys_only (DynoTestApp *f)
{
  tab_to (f, "Use Simulator");
  gtk_widget_activate (gtk_window_get_focus (GTK_WINDOW (f->window)));
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_LIVE), 10);
  dyno_test_app_wait (shows_number (f, 0), 5);

  /* By hand: a run with a mark, ended by its key. */
  g_assert_true (press (f, "F7"));
  dyno_test_app_wait (is_recording (f), 5);
  dyno_test_ui_run (2500);
  g_assert_true (press (f, "F12"));
  dyno_test_app_wait (n_marks (f) == 1, 5);
  g_assert_true (press (f, "F7"));
  dyno_test_app_wait (dyno_test_app_n_saved (f) == 1, 15);
  g_assert_true (press (f, "<Control>space"));
  dyno_test_app_wait (dyno_test_app_find (GTK_WIDGET (f->window), GTK_TYPE_TOGGLE_BUTTON,
                                          "Pause the Strip Chart (Ctrl+Space)") != NULL, 2);
  g_assert_true (press (f, "F4"));
  dyno_test_app_wait (DYNO_IS_PREFLIGHT_WINDOW (dyno_test_app_dialog (f)), 3);
  gtk_window_close (dyno_test_app_dialog (f));
}

/* A preflight that fails blocks; a reason that is none does not help. */

static gboolean
has_failed_preflight (DynoTestApp *f)
{
  g_autoptr(DynoPreflight) preflight =
      dyno_live_ref_preflight (dyno_shop_get_live (dyno_test_app_shop (f)));

  return preflight != NULL && !preflight->has_passed;
}

static void
blocked (DynoTestApp *f)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  DynoTestDyno *dyno;
  GtkWidget *window;
  GtkWidget *reason;

  config.scenario = "0 drop 15\n";
  dyno = dyno_test_dyno_start (&config);
  dyno_test_app_wait (has_failed_preflight (f), 40);
  dyno_test_ui_run (300);
  g_assert_true (press (f, "F5"));
  dyno_test_app_wait (DYNO_IS_PREFLIGHT_WINDOW (dyno_test_app_dialog (f)), 3);
  window = GTK_WIDGET (dyno_test_app_dialog (f));
  dyno_test_ui_run (500);
  g_assert_false (is_armed (f));
  g_assert_null (dyno_test_app_find (window, GTK_TYPE_BUTTON, "Arm"));

  reason = dyno_test_app_find (window, GTK_TYPE_ENTRY, NULL);
  g_assert_false (dyno_test_app_click (window, "Arm Anyway"));
  gtk_editable_set_text (GTK_EDITABLE (reason), "  why   ");
  g_assert_false (dyno_test_app_click (window, "Arm Anyway"));
  gtk_editable_set_text (GTK_EDITABLE (reason), "the customer waits");
  g_assert_true (dyno_test_app_click (window, "Arm Anyway"));
  dyno_test_app_wait (is_armed (f), 5);
  g_assert_true (press (f, "F5"));
  dyno_test_app_wait (!is_armed (f), 5);
  dyno_test_dyno_free (dyno);
}

/* Quitting while a run is open asks; what was recorded is kept. */

/* The question is a window of its own, or at the top a part of the window. */
static gboolean
answer (DynoTestApp *f,
        const char  *label)
{
  GtkWindow *dialog = dyno_test_app_dialog (f);

  return dyno_test_app_click (dialog != NULL ? GTK_WIDGET (dialog) : GTK_WIDGET (f->window),
                              label);
}

static void
quit (DynoTestApp *f)
{
  g_assert_true (dyno_test_app_click (GTK_WIDGET (f->window), "Use Simulator"));
  dyno_test_app_wait (shows_number (f, 0), 15);
  g_assert_true (press (f, "F7"));
  dyno_test_app_wait (is_recording (f), 5);
  dyno_test_ui_run (2500);

  gtk_window_close (GTK_WINDOW (f->window));
  dyno_test_app_wait (answer (f, "Keep Recording"), 3);
  dyno_test_ui_run (500);
  g_assert_nonnull (f->window);
  g_assert_true (is_recording (f));

  g_assert_true (press (f, "<Control>q"));
  dyno_test_app_wait (answer (f, "Stop and Keep the Run"), 3);
  dyno_test_app_wait (f->window == NULL, 15);
}

static void
test_quit (void)
{
  g_autofree char *folder = dyno_test_make_folder ();

  if (dyno_test_shop_has_wire ())
    {
      dyno_test_app_run_in (folder, quit, NULL);
      g_assert_cmpuint (n_runs (folder), ==, 1);
    }
  dyno_test_remove_folder (folder);
}

/* A vehicle is made, chosen, and whose the next run is; the title says it. */

static void
vehicle (DynoTestApp *f)
{
  DynoPage *live = dyno_test_app_page (f, "live");

  gtk_widget_activate_action (GTK_WIDGET (live), "live.new-vehicle", "s", "FXDLS Rosa");
  dyno_test_app_wait (g_str_equal (dyno_page_get_subtitle (live), "FXDLS Rosa"), 10);
  gtk_widget_activate_action (GTK_WIDGET (live), "live.set-vehicle", "s", "");
  dyno_test_app_wait (*dyno_page_get_subtitle (live) == '\0', 10);
}

/* Every channel in a table, and Enter puts one into the strip chart of an own layout. */

static void
channels (DynoTestApp *f)
{
  GtkWidget *live = GTK_WIDGET (dyno_test_app_page (f, "live"));
  GtkWidget *table;
  g_autofree char *layout = NULL;

  g_assert_true (dyno_test_app_click (live, "Use Simulator"));
  dyno_test_app_wait (shows_number (f, 0), 15);
  gtk_widget_activate_action (live, "live.layout", "s", "all");
  dyno_test_app_wait (dyno_test_app_find (live, DYNO_TYPE_CHANNEL_TABLE, NULL) != NULL, 3);
  table = dyno_test_app_find (live, DYNO_TYPE_CHANNEL_TABLE, NULL);
  dyno_test_app_wait (dyno_test_app_find (table, GTK_TYPE_LABEL, "Engine RPM") != NULL, 5);
  gtk_editable_set_text (GTK_EDITABLE (dyno_test_app_find (table, GTK_TYPE_SEARCH_ENTRY, NULL)),
                         "humidity");
  dyno_test_app_wait (dyno_test_app_find (table, GTK_TYPE_LABEL, "Engine RPM") == NULL, 3);
  dyno_test_app_wait (dyno_test_app_find (table, GTK_TYPE_LABEL, "Humidity") != NULL, 3);
  g_signal_emit_by_name (dyno_test_app_find (table, GTK_TYPE_COLUMN_VIEW, NULL), "activate", 0);
  g_object_get (live, "layout", &layout, NULL);
  g_assert_true (g_str_has_prefix (layout, "own_"));
}

static void
run (gconstpointer body)
{
  if (dyno_test_shop_has_wire ())
    dyno_test_app_run ((DynoTestAppFunc) body, NULL);
}

int
main (int    argc,
      char **argv)
{
  dyno_test_ui_init (&argc, &argv);
  g_test_add_func ("/app/live-page/first-start", test_first_start);
  g_test_add_data_func ("/app/live-page/keys-only", keys_only, run);
  g_test_add_data_func ("/app/live-page/blocked", blocked, run);
  g_test_add_func ("/app/live-page/quit", test_quit);
  g_test_add_data_func ("/app/live-page/vehicle", vehicle, run);
  g_test_add_data_func ("/app/live-page/channels", channels, run);

  return g_test_run ();
}
