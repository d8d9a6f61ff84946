/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-history.h"
#include "dyno-layouts.h"
#include "dyno-test.h"
#include "dyno-tile-rows.h"

/* Places. */

static const DynoTileSize pull[] = { DYNO_TILE_LARGE,  DYNO_TILE_LARGE, DYNO_TILE_LARGE,
                                     DYNO_TILE_MEDIUM, DYNO_TILE_MEDIUM, DYNO_TILE_SMALL,
                                     DYNO_TILE_SMALL,  DYNO_TILE_SMALL };

static void
make_boxes (DynoTileBox *boxes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pull); i++)
    boxes[i] = (DynoTileBox) { .size = pull[i], .least_width = 100, .least_height = 90 };
}

/* Nobody stands on another, in front of another, or outside. */
static void
check_boxes (const DynoTileBox *boxes,
             int                width,
             int                height)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pull); i++)
    {
      const DynoTileBox *box = &boxes[i];

      g_assert_cmpint (box->x, >=, 0);
      g_assert_cmpint (box->x + box->width, <=, width);
      g_assert_cmpint (box->y, >=, 0);
      g_assert_cmpint (box->y + box->height, <=, height);
      g_assert_cmpint (box->width, >=, box->least_width);
      g_assert_cmpint (box->height, >=, box->least_height);
      for (gsize k = i + 1; k < G_N_ELEMENTS (pull); k++)
        {
          const DynoTileBox *other = &boxes[k];

          g_assert_true (other->y >= box->y + box->height
                         || (other->y == box->y && other->x >= box->x + box->width));
        }
    }
}

static void
test_rows (void)
{
  static const int widths[] = { 330, 600, 820, 1060, 1700, 3600 };
  DynoTileBox boxes[G_N_ELEMENTS (pull)];

  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      make_boxes (boxes);
      int least = dyno_tile_rows_height (boxes, G_N_ELEMENTS (pull), widths[i]);

      for (int height = least; height < 3 * least; height += 37)
        {
          dyno_tile_rows_place (boxes, G_N_ELEMENTS (pull), widths[i], height);
          check_boxes (boxes, widths[i], height);
        }
    }
}

/* Two a row where it is narrow; three large ones and then the rest on a screen. */
static void
test_rows_shape (void)
{
  DynoTileBox boxes[G_N_ELEMENTS (pull)];

  make_boxes (boxes);
  dyno_tile_rows_place (boxes, G_N_ELEMENTS (pull), 330,
                        dyno_tile_rows_height (boxes, G_N_ELEMENTS (pull), 330));
  g_assert_cmpint (boxes[1].y, ==, boxes[0].y);
  g_assert_cmpint (boxes[2].y, >, boxes[0].y);
  g_assert_cmpint (boxes[7].y, ==, boxes[6].y);

  dyno_tile_rows_place (boxes, G_N_ELEMENTS (pull), 1060, 300);
  g_assert_cmpint (boxes[2].y, ==, boxes[0].y);
  g_assert_cmpint (boxes[3].y, >, boxes[0].y);
  g_assert_cmpint (boxes[7].y, ==, boxes[3].y);
  g_assert_cmpint (boxes[0].height, >, boxes[3].height);
}

/* Layouts. */

static GSettings *
make_settings (void)
{
  GSettings *settings = g_settings_new ("org.dynoai.DynoAI");

  g_settings_reset (settings, "live-layout");
  g_settings_reset (settings, "live-layouts");

  return settings;
}

static void
test_presets (void)
{
  g_autoptr(GSettings) settings = make_settings ();
  g_autoptr(DynoLayouts) layouts = dyno_layouts_new (settings);
  DynoLayout *current = dyno_layouts_get_current (layouts);

  g_assert_cmpstr (dyno_layout_get_id (current), ==, "pull");
  g_assert_true (dyno_layout_is_preset (current));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (layouts)), ==, 4);
  g_assert_cmpstr (dyno_tile_get_source (dyno_layout_tile (current, 0)), ==, "rpm");
  g_assert_true (dyno_layout_shows_all (dyno_layouts_find (layouts, "all")));
}

/* A preset is copied, never changed; what was made of it is there again. */
static void
test_edit_and_keep (void)
{
  g_autoptr(GSettings) settings = make_settings ();
  g_autoptr(DynoLayouts) layouts = dyno_layouts_new (settings);
  DynoLayout *own = dyno_layouts_edit (layouts, "veh_1");
  g_autofree char *id = g_strdup (dyno_layout_get_id (own));
  g_autoptr(DynoLayouts) again = NULL;
  DynoTile *tile;

  g_assert_false (dyno_layout_is_preset (own));
  g_assert_true (dyno_layouts_edit (layouts, NULL) == own);
  dyno_layout_set_name (own, "Rosa");
  dyno_layout_move (own, 0, 2);
  g_object_set (dyno_layout_tile (own, 2), "kind", (guint) DYNO_TILE_BAR, "red-high", 6800.0,
                NULL);
  dyno_layout_toggle_in_panes (own, -1, "Oil Pressure");

  again = dyno_layouts_new (settings);
  own = dyno_layouts_get_current (again);
  g_assert_cmpstr (dyno_layout_get_id (own), ==, id);
  g_assert_cmpstr (dyno_layout_get_name (own), ==, "Rosa");
  g_assert_cmpstr (dyno_layout_get_vehicle (own), ==, "veh_1");
  tile = dyno_layout_tile (own, 2);
  g_assert_cmpstr (dyno_tile_get_source (tile), ==, "rpm");
  g_assert_cmpint (dyno_tile_get_kind (tile), ==, DYNO_TILE_BAR);
  g_assert_cmpfloat (dyno_tile_get_limits (tile).red_high, ==, 6800);
  g_assert_true (isnan (dyno_tile_get_limits (tile).red_low));
  g_assert_true (dyno_layout_is_in_panes (own, "Oil Pressure"));
  g_assert_cmpuint (dyno_layout_n_panes (own), ==, 4);
  g_assert_cmpstr (dyno_tile_get_source (dyno_layout_tile (dyno_layouts_find (again, "pull"), 0)),
                   ==, "rpm");
}

static void
test_remove_and_undo (void)
{
  g_autoptr(GSettings) settings = make_settings ();
  g_autoptr(DynoLayouts) layouts = dyno_layouts_new (settings);
  g_autoptr(DynoLayout) removed = NULL;
  g_autofree char *text = NULL;

  removed = dyno_layouts_remove (layouts, dyno_layouts_edit (layouts, NULL));
  g_assert_cmpstr (dyno_layout_get_id (dyno_layouts_get_current (layouts)), ==, "pull");
  text = g_settings_get_string (settings, "live-layouts");
  g_assert_cmpstr (text, ==, "[]");
  dyno_layouts_add (layouts, removed);
  g_assert_true (dyno_layouts_find (layouts, dyno_layout_get_id (removed)) == removed);
}

/* What somebody wrote into the settings by hand is left out, the rest is kept. */
static void
test_damaged (void)
{
  g_autoptr(GSettings) settings = make_settings ();
  g_autoptr(DynoLayouts) layouts = NULL;

  g_settings_set_string (settings, "live-layouts",
                         "[7, {\"id\":\"pull\",\"name\":\"x\"}, {\"id\":\"own_1\",\"name\":\"Good\","
                         "\"tiles\":[{\"kind\":\"gauge\"},{\"source\":\"rpm\",\"size\":\"vast\"}],"
                         "\"panes\":[[\"rpm\",3]]}]");
  layouts = dyno_layouts_new (settings);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (layouts)), ==, 5);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (dyno_layouts_find (layouts, "own_1"))),
                    ==, 1);
  g_settings_set_string (settings, "live-layouts", "no JSON");
  g_clear_object (&layouts);
  layouts = dyno_layouts_new (settings);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (layouts)), ==, 4);
}

/* History. */

static void
test_history (void)
{
  g_autoptr(DynoHistory) history = dyno_history_new ();

  g_assert_null (dyno_history_back (history, "live"));
  dyno_history_leave (history, "live");
  dyno_history_leave (history, "runs");
  g_assert_cmpstr (dyno_history_back (history, "settings"), ==, "runs");
  g_assert_cmpstr (dyno_history_back (history, "runs"), ==, "live");
  g_assert_false (dyno_history_has_back (history));
  g_assert_cmpstr (dyno_history_forward (history, "live"), ==, "runs");
  g_assert_true (dyno_history_has_back (history));
  /* A new way makes what was ahead forgotten. */
  dyno_history_leave (history, "runs");
  g_assert_false (dyno_history_has_forward (history));
  for (int i = 0; i < 200; i++)
    dyno_history_leave (history, "live");
  for (int i = 0; i < 64; i++)
    g_assert_nonnull (dyno_history_back (history, NULL));
  g_assert_null (dyno_history_back (history, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/layout/rows", test_rows);
  g_test_add_func ("/app/layout/rows-shape", test_rows_shape);
  g_test_add_func ("/app/layout/presets", test_presets);
  g_test_add_func ("/app/layout/edit-and-keep", test_edit_and_keep);
  g_test_add_func ("/app/layout/remove-and-undo", test_remove_and_undo);
  g_test_add_func ("/app/layout/damaged", test_damaged);
  g_test_add_func ("/app/layout/history", test_history);

  return g_test_run ();
}
