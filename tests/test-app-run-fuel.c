/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-palette.h"
#include "dyno-run-fuel.h"
#include "dyno-run-view.h"
#include "dyno-test-app.h"
#include "dyno-test-runs.h"
#include "dyno-test.h"

/* The correction of the fuel table on the page Runs: as a job, with the right sign,
 * cell by cell with its reason; found again without being asked. */

#define FRONT_PCT 6.0 /* what the front asks for at 100 kPa; at 20 kPa as much less */
#define REAR_PCT -4.0

static DynoRunFuel *
fuel_of (DynoTestApp *f)
{
  GtkWidget *view = dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_RUN_VIEW, NULL);

  g_assert_nonnull (view);

  return dyno_run_view_get_fuel (DYNO_RUN_VIEW (view));
}

static gboolean
shows (DynoTestApp *f,
       const char  *name)
{
  return g_strcmp0 (dyno_run_fuel_get_shown (fuel_of (f)), name) == 0;
}

static gboolean
shows_run (DynoTestApp *f,
           const char  *run_id)
{
  DynoRunView *view =
      DYNO_RUN_VIEW (dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_RUN_VIEW, NULL));

  return dyno_run_view_get_n (view) == 1
         && g_str_equal (dyno_run_item_get_id (dyno_run_view_get_item (view)), run_id);
}

/* (transfer full) the id of a run that maps every cell, shown. */
static char *
open_mapping (DynoTestApp *f)
{
  g_autofree char *text = dyno_test_runs_cells_text (FRONT_PCT, REAR_PCT);
  g_autofree char *path = dyno_test_runs_write (f->folder, "Mapping.csv", text);
  g_autoptr(DynoRun) run = dyno_test_runs_import (dyno_test_app_shop (f), path, NULL, NULL, NULL);

  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.open-run", "s", run->id);
  dyno_test_app_wait (shows_run (f, run->id), 10);

  return g_steal_pointer (&run->id);
}

static void
analyse (DynoTestApp *f)
{
  gtk_widget_activate_action (GTK_WIDGET (dyno_window_get_page (f->window)), "runs.analyse", NULL);
  dyno_test_app_wait (shows (f, "result"), 20);
  dyno_test_ui_frames (GTK_WIDGET (dyno_run_fuel_get_heatmap (fuel_of (f))), 3);
}

/* The ground of a cell as it is drawn, brought into sight by the cursor. */
static GdkRGBA
ground_of (DynoHeatmap *heatmap,
           guint        cell)
{
  g_autoptr(GdkTexture) texture = NULL;
  g_autofree guchar *pixels = NULL;
  gsize stride;
  graphene_rect_t area;
  const guchar *at;

  dyno_heatmap_set_cursor (heatmap, cell);
  dyno_test_ui_frames (GTK_WIDGET (heatmap), 3);
  texture = dyno_test_ui_shot (GTK_WIDGET (heatmap));
  stride = (gsize) gdk_texture_get_width (texture) * 4;
  pixels = g_malloc (stride * (gsize) gdk_texture_get_height (texture));
  g_assert_true (dyno_heatmap_get_area (heatmap, cell, &area));
  gdk_texture_download (texture, pixels, stride);
  at = pixels + (gsize) (area.origin.y + area.size.height - 4) * stride
       + (gsize) (area.origin.x + 6) * 4;

  return (GdkRGBA){ (float) at[2] / 255, (float) at[1] / 255, (float) at[0] / 255, 1 };
}

static void
signs (DynoTestApp *f)
{
  g_autofree char *run_id = open_mapping (f);
  DynoHeatmap *heatmap;
  const DynoVeResult *result;
  const DynoGridShape *shape;
  guint lean;
  guint rich;
  GdkRGBA color;
  g_autofree char *said = NULL;

  analyse (f);
  heatmap = dyno_run_fuel_get_heatmap (fuel_of (f));
  result = dyno_run_fuel_get_result (fuel_of (f))->result;
  shape = &result->set->shape;
  for (guint i = 0; i < result->n_cells; i++)
    {
      const DynoVeCell *cell = &result->cylinders[0].cells[i];
      double part = (shape->load.at[i % shape->load.n] - 60) / 40;

      g_assert_cmpuint (cell->hits, >=, 20);
      dyno_assert_near (cell->raw, FRONT_PCT * part, 0.15);
    }

  /* Orange with a plus where fuel is to be added, blue with a minus where not. */
  lean = 4 * shape->load.n + shape->load.n - 1;
  rich = 4 * shape->load.n;
  color = ground_of (heatmap, lean);
  g_assert_cmpfloat (color.red, >, color.blue);
  color = ground_of (heatmap, rich);
  g_assert_cmpfloat (color.blue, >, color.red);
  said = dyno_heatmap_describe (heatmap, lean);
  g_assert_true (g_str_has_prefix (said, "3500 rpm, 100 kilopascal, lean "));
  g_assert_nonnull (strstr (said, " hits"));

  /* The rear is no copy of the front. */
  g_assert_true (dyno_test_app_find (GTK_WIDGET (fuel_of (f)), GTK_TYPE_TOGGLE_BUTTON, "Rear")
                 != NULL);
  gtk_toggle_button_set_active (
      GTK_TOGGLE_BUTTON (dyno_test_app_find (GTK_WIDGET (fuel_of (f)), GTK_TYPE_TOGGLE_BUTTON,
                                             "Rear")),
      TRUE);
  color = ground_of (heatmap, lean);
  g_assert_cmpfloat (color.blue, >, color.red);
}

static void
test_signs (void)
{
  dyno_test_app_run (signs, NULL);
}

/* The story of a cell follows the cursor, which follows the keys. */
static void
story (DynoTestApp *f)
{
  g_autofree char *run_id = open_mapping (f);
  DynoRunFuel *fuel;
  DynoHeatmap *heatmap;
  guint before;

  analyse (f);
  fuel = fuel_of (f);
  heatmap = dyno_run_fuel_get_heatmap (fuel);
  dyno_heatmap_set_cursor (heatmap, 0);
  dyno_test_app_wait (g_str_has_prefix (dyno_run_fuel_get_story (fuel), "1500 rpm, 20 kPa"), 5);
  g_assert_nonnull (strstr (dyno_run_fuel_get_story (fuel), "count"));
  g_assert_nonnull (strstr (dyno_run_fuel_get_story (fuel), "confidence"));

  gtk_widget_grab_focus (GTK_WIDGET (heatmap));
  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "Up"));
  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "Right"));
  dyno_test_app_wait (g_str_has_prefix (dyno_run_fuel_get_story (fuel), "2000 rpm, 30 kPa"), 5);
  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "End"));
  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "Page_Up"));
  before = dyno_heatmap_get_cursor (heatmap);
  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "Right"));
  g_assert_cmpuint (dyno_heatmap_get_cursor (heatmap), ==, before);
  g_assert_cmpuint (before, ==, 11 * 9 - 1);
}

static void
test_story (void)
{
  dyno_test_app_run (story, NULL);
}

/* A run that was analysed before has its correction as soon as it is looked at; a log
 * without mixture says what is missing. */
static void
kept (DynoTestApp *f)
{
  static const char no_mixture[] = "Time (s),Engine RPM,MAP kPa\n0,2000,50\n1,2100,51\n"
                                   "2,2200,52\n3,2300,53\n4,2400,54\n";
  g_autofree char *run_id = open_mapping (f);
  g_autofree char *path = dyno_test_runs_write (f->folder, "Bare.csv", no_mixture);
  g_autoptr(DynoRun) bare = NULL;

  analyse (f);
  bare = dyno_test_runs_import (dyno_test_app_shop (f), path, NULL, NULL, NULL);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.open-run", "s", bare->id);
  dyno_test_app_wait (shows_run (f, bare->id), 10);
  dyno_test_app_wait (shows (f, "ask"), 5);
  gtk_widget_activate_action (GTK_WIDGET (dyno_window_get_page (f->window)), "runs.analyse", NULL);
  dyno_test_app_wait (shows (f, "failed"), 10);
  g_assert_null (dyno_run_fuel_get_result (fuel_of (f)));

  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.open-run", "s", run_id);
  dyno_test_app_wait (shows_run (f, run_id), 10);
  dyno_test_app_wait (shows (f, "result"), 10);
}

static void
test_kept (void)
{
  dyno_test_app_run (kept, NULL);
}

/* The widget alone: what it draws where, and that it goes. */
static void
test_heatmap (void)
{
  DynoGridShape shape = { .rpm = { 3, { 1000, 2000, 3000 } }, .load = { 2, { 40, 80 } } };
  DynoHeatCell cells[6] = { { NAN, 0, FALSE, FALSE, NULL },    { 7, 30, FALSE, TRUE, "limited" },
                            { -7, 12, FALSE, FALSE, NULL },    { 0.01, 400, FALSE, FALSE, NULL },
                            { 40, 2, TRUE, FALSE, "too few" }, { NAN, 0, FALSE, FALSE, NULL } };
  DynoHeatmap *heatmap = DYNO_HEATMAP (dyno_heatmap_new ());
  GtkWidget *window;
  graphene_rect_t low;
  graphene_rect_t high;
  g_autofree char *none = NULL;
  g_autofree char *limited = NULL;
  g_autofree char *zero = NULL;

  dyno_heatmap_set_grid (heatmap, &shape, cells);
  dyno_heatmap_set_scale (heatmap, DYNO_HEAT_CORRECTION, 15);
  window = dyno_test_ui_show (GTK_WIDGET (heatmap), 400, 300);
  g_assert_true (dyno_heatmap_get_area (heatmap, 0, &low));
  g_assert_true (dyno_heatmap_get_area (heatmap, 1, &high));
  /* Load grows upward, speed to the right. */
  g_assert_cmpfloat (high.origin.y, <, low.origin.y);
  g_assert_true (dyno_heatmap_get_area (heatmap, 2, &high));
  g_assert_cmpfloat (high.origin.x, >, low.origin.x);
  g_assert_false (dyno_heatmap_get_area (heatmap, 6, &high));

  none = dyno_heatmap_describe (heatmap, 0);
  limited = dyno_heatmap_describe (heatmap, 1);
  zero = dyno_heatmap_describe (heatmap, 3);
  g_assert_cmpstr (none, ==, "1000 rpm, 40 kilopascal, no data, 0 hits");
  g_assert_cmpstr (limited, ==, "1000 rpm, 80 kilopascal, lean 7.0 percent, 30 hits, limited");
  g_assert_cmpstr (zero, ==, "2000 rpm, 80 kilopascal, on target, 400 hits");

  dyno_heatmap_set_grid (heatmap, NULL, NULL);
  g_assert_cmpuint (dyno_heatmap_get_cursor (heatmap), ==, DYNO_NO_HEAT_CELL);
  g_object_ref (heatmap);
  dyno_test_ui_close (window);
  g_assert_finalize_object (heatmap);
}

int
main (int    argc,
      char **argv)
{
  dyno_test_ui_init (&argc, &argv);
  g_test_add_func ("/app/run-fuel/heatmap", test_heatmap);
  g_test_add_func ("/app/run-fuel/signs", test_signs);
  g_test_add_func ("/app/run-fuel/story", test_story);
  g_test_add_func ("/app/run-fuel/kept", test_kept);

  return g_test_run ();
}
