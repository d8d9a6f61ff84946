/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-banner.h"
#include "dyno-link-window.h"
#include "dyno-mapping-row.h"
#include "dyno-mapping-window.h"
#include "dyno-state-word.h"
#include "dyno-test-app.h"
#include "dyno-tile-grid.h"

/* What the page Live says when the dyno is lost, stands still or lies, and that what
 * the operator says of its channels holds. Tiles of the layout Pull: 0 engine speed,
 * 1 power, 3 mixture front, 7 speed. */

static DynoTestDyno *dyno;

static void
start_dyno (const char *cycle,
            const char *scenario)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();

  config.cycle = cycle;
  config.scenario = scenario;
  dyno = dyno_test_dyno_start (&config);
}

static void
tell (const char *line)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_simulator_command (dyno->simulator, line, &error));
  g_assert_no_error (error);
}

static DynoMeter *
meter (DynoTestApp *f,
       guint        tile)
{
  GtkWidget *tiles = dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_TILE_GRID, NULL);

  g_assert_nonnull (tiles);

  return dyno_tile_grid_get_meter (DYNO_TILE_GRID (tiles), tile);
}

static gboolean
shows (DynoTestApp   *f,
       guint          tile,
       DynoMeterForm  form)
{
  return dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_TILE_GRID, NULL) != NULL
         && dyno_meter_get_form (meter (f, tile)) == form;
}

static const char *
banner (DynoTestApp *f)
{
  GtkWidget *widget = dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_BANNER, NULL);
  const char *sentence = dyno_banner_get_sentence (DYNO_BANNER (widget));

  return sentence != NULL ? sentence : "";
}

static const char *
bound_to (DynoTestApp *f,
          DynoChannel  canonical)
{
  static char *name = NULL;
  g_autoptr(DynoCaptureState) state =
      dyno_live_ref_capture (dyno_shop_get_live (dyno_test_app_shop (f)));
  const DynoChannelState *bound =
      state != NULL ? dyno_capture_state_bound (state, canonical) : NULL;

  g_free (name);
  name = g_strdup (bound != NULL ? bound->channel->name : "");

  return name;
}

static void
lost (DynoTestApp *f)
{
  start_dyno ("pulls", NULL);
  dyno_test_app_wait (shows (f, 0, DYNO_METER_VALUE), 15);
  tell ("stall 10");

  /* At once the word, after five seconds dashes, and the reason in the banner. */
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_LINK_LOST), 5);
  dyno_test_app_wait (strstr (banner (f), "No data from") != NULL, 2);
  dyno_test_app_wait (shows (f, 0, DYNO_METER_DASH), 8);
  g_assert_cmpstr (dyno_meter_get_word (meter (f, 0)), ==, "lost");
  g_assert_cmpstr (dyno_page_get_primary_action (dyno_test_app_page (f, "live")), ==,
                   "live.doctor");

  /* It comes back by itself. */
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_LIVE), 15);
  dyno_test_app_wait (shows (f, 0, DYNO_METER_VALUE), 3);
  dyno_test_app_wait (strstr (banner (f), "SIMULATOR") != NULL, 2);
  dyno_test_dyno_free (dyno);
}

static void
idle (DynoTestApp *f)
{
  start_dyno ("pulls", NULL);
  dyno_test_app_wait (shows (f, 7, DYNO_METER_VALUE), 15);
  tell ("idle");

  /* The drum stands: a value and the word, no alarm. */
  dyno_test_app_wait (g_str_equal (dyno_meter_get_word (meter (f, 7)), "idle"), 30);
  g_assert_cmpint (dyno_meter_get_form (meter (f, 7)), ==, DYNO_METER_VALUE);
  g_assert_cmpint (dyno_meter_get_alarm (meter (f, 7)), ==, DYNO_ALARM_NONE);
  dyno_test_dyno_free (dyno);
}

static void
pegged (DynoTestApp *f)
{
  g_autofree char *line = NULL;

  start_dyno ("pulls", NULL);
  dyno_test_app_wait (shows (f, 3, DYNO_METER_VALUE), 15);
  line = g_strdup_printf ("peg \"%s\"", bound_to (f, DYNO_CHANNEL_MIX_F));
  tell (line);
  dyno_test_app_wait (shows (f, 3, DYNO_METER_STRUCK), 15);
  g_assert_cmpstr (dyno_meter_get_word (meter (f, 3)), ==, "pegged");
  /* Nothing else is struck through for it. */
  g_assert_cmpint (dyno_meter_get_form (meter (f, 0)), ==, DYNO_METER_VALUE);
  dyno_test_dyno_free (dyno);
}

/* Mapping. */

static guint
id_of (DynoTestApp *f,
       DynoChannel  canonical)
{
  g_autoptr(DynoCaptureState) state =
      dyno_live_ref_capture (dyno_shop_get_live (dyno_test_app_shop (f)));
  const DynoChannelState *bound = dyno_capture_state_bound (state, canonical);

  return bound != NULL ? bound->channel->id : 0;
}

static DynoMappingWindow *
open_mapping (DynoTestApp *f)
{
  g_assert_true (dyno_window_activate (f->window, "live.mapping"));
  dyno_test_app_wait (DYNO_IS_MAPPING_WINDOW (dyno_test_app_dialog (f)), 2);

  return DYNO_MAPPING_WINDOW (dyno_test_app_dialog (f));
}

static void
mapping (DynoTestApp *f)
{
  DynoMappingWindow *window;
  g_autofree char *found = NULL;
  guint before;

  start_dyno ("pulls", NULL);
  dyno_test_app_wait (*bound_to (f, DYNO_CHANNEL_SPEED) != '\0', 15);
  dyno_test_ui_run (600);
  found = g_strdup (bound_to (f, DYNO_CHANNEL_SPEED));
  g_assert_cmpstr (found, !=, "Speed");

  /* Humidity is not MAP: refused in words, nothing is changed. */
  window = open_mapping (f);
  dyno_mapping_window_choose (window, DYNO_CHANNEL_MAP);
  dyno_mapping_window_take (window, "Humidity");
  g_assert_cmpstr (dyno_mapping_window_get_refusal (window), !=, "");

  /* Another speed is taken, and holds when every id has moved. */
  dyno_mapping_window_choose (window, DYNO_CHANNEL_SPEED);
  g_assert_cmpstr (dyno_mapping_window_get_refusal (window), ==, "");
  dyno_mapping_window_take (window, "Speed");
  dyno_test_app_wait (g_str_equal (bound_to (f, DYNO_CHANNEL_SPEED), "Speed"), 5);
  before = id_of (f, DYNO_CHANNEL_SPEED);
  tell ("renumber clear");
  dyno_test_app_wait (id_of (f, DYNO_CHANNEL_SPEED) != before
                          && g_str_equal (bound_to (f, DYNO_CHANNEL_SPEED), "Speed"), 20);
  tell ("restart");
  dyno_test_ui_run (3000);
  dyno_test_app_wait (g_str_equal (bound_to (f, DYNO_CHANNEL_SPEED), "Speed"), 20);

  /* Revert, and Undo of it. */
  g_assert_true (dyno_test_app_click (GTK_WIDGET (window), "Revert"));
  dyno_test_app_wait (g_str_equal (bound_to (f, DYNO_CHANNEL_SPEED), found), 10);
  dyno_test_app_wait (dyno_test_app_click (GTK_WIDGET (window), "Undo"), 5);
  dyno_test_app_wait (g_str_equal (bound_to (f, DYNO_CHANNEL_SPEED), "Speed"), 10);
  gtk_window_close (GTK_WINDOW (window));
  dyno_test_dyno_free (dyno);
}

static void
link_in_words (DynoTestApp *f)
{
  DynoLinkWindow *window;

  start_dyno ("pulls", "0 drop 10\n");
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_LIVE), 15);
  g_assert_true (dyno_window_activate (f->window, "live.link"));
  dyno_test_app_wait (DYNO_IS_LINK_WINDOW (dyno_test_app_dialog (f)), 2);
  window = DYNO_LINK_WINDOW (dyno_test_app_dialog (f));
  dyno_test_app_wait (strstr (dyno_link_window_get_summary (window), "were lost") != NULL, 15);
  tell ("drop 0");
  tell ("stall 20");
  dyno_test_app_wait (strstr (dyno_link_window_get_summary (window), "has been silent") != NULL,
                      15);
  gtk_window_close (GTK_WINDOW (window));
  dyno_test_dyno_free (dyno);
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
  g_test_add_data_func ("/app/live-link/lost", lost, run);
  g_test_add_data_func ("/app/live-link/idle", idle, run);
  g_test_add_data_func ("/app/live-link/pegged", pegged, run);
  g_test_add_data_func ("/app/live-link/mapping", mapping, run);
  g_test_add_data_func ("/app/live-link/in-words", link_in_words, run);

  return g_test_run ();
}
