/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-live-page.h"
#include "dyno-test-app.h"
#include "dyno-tile-grid.h"
#include "dyno-state-word.h"

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
  g_autoptr(GPtrArray) runs = NULL;

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
}

static void
test_first_start (void)
{
  if (dyno_test_shop_has_wire ())
    dyno_test_app_run (first_start, NULL);
}

int
main (int    argc,
      char **argv)
{
  dyno_test_ui_init (&argc, &argv);
  g_test_add_func ("/app/live-page/first-start", test_first_start);

  return g_test_run ();
}
