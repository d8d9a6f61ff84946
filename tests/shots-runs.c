/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Pictures of the page Runs with imported runs: shots-runs FOLDER [STATE…], names and
 * sizes as in ui.md 8.1. With ADW_DEBUG_HIGH_CONTRAST only those of high contrast. */

#include "config.h"

#include "dyno-run-import-window.h"
#include "dyno-run-search.h"
#include "dyno-run-table.h"
#include "dyno-run-view.h"
#include "dyno-runs-page.h"
#include "dyno-test-app.h"
#include "dyno-test-runs.h"
#include "dyno-test.h"

#define WIDTH 1280
#define HEIGHT 800
#define NARROW_WIDTH 360
#define NARROW_HEIGHT 640

typedef struct
{
  const char *state;
  guint       n_runs;
  gboolean    is_narrow;   /* also in a narrow window */
  gboolean    is_contrast; /* also in high contrast */
  void      (*scene) (DynoTestApp *f,
                      GtkWidget   *page);
} Shot;

static const char *folder;
static const Shot *shot;
static gboolean is_narrow;
static GtkWidget *target; /* what the picture is of; NULL: the window */

static DynoRunView *
view_of (GtkWidget *page)
{
  return DYNO_RUN_VIEW (dyno_test_app_find (page, DYNO_TYPE_RUN_VIEW, NULL));
}

static gboolean
shows (GtkWidget  *page,
       const char *name)
{
  GtkWidget *table = dyno_test_app_find (page, DYNO_TYPE_RUN_TABLE, NULL);

  return g_str_equal (dyno_run_table_get_shown (DYNO_RUN_TABLE (table)), name);
}

static GtkSelectionModel *
model_of (GtkWidget *page)
{
  GtkWidget *view = dyno_test_app_find (page, GTK_TYPE_COLUMN_VIEW, NULL);

  return gtk_column_view_get_model (GTK_COLUMN_VIEW (view));
}

/* In a narrow window a run is chosen and opened by hand. */
static gboolean
has_curves (GtkWidget *page)
{
  DynoRunView *view = view_of (page);

  return view != NULL && dyno_run_view_get_n (view) > 0
         && !dyno_power_set_is_reading (dyno_run_view_get_set (view));
}

static void
scene_empty (DynoTestApp *f,
             GtkWidget   *page)
{
  dyno_test_app_wait (shows (page, "empty"), 5);
}

static void
scene_list (DynoTestApp *f,
            GtkWidget   *page)
{
  dyno_test_app_wait (g_list_model_get_n_items (G_LIST_MODEL (model_of (page))) == shot->n_runs, 5);
  if (is_narrow)
    gtk_selection_model_select_item (model_of (page), 0, TRUE);
  else
    dyno_test_app_wait (has_curves (page), 5);
}

static void
scene_nomatch (DynoTestApp *f,
               GtkWidget   *page)
{
  scene_list (f, page);
  dyno_run_search_set_text (
      DYNO_RUN_SEARCH (dyno_test_app_find (page, DYNO_TYPE_RUN_SEARCH, NULL)),
      "colour:red nothing");
  dyno_test_app_wait (shows (page, "nomatch"), 5);
}

static void
scene_detail (DynoTestApp *f,
              GtkWidget   *page)
{
  scene_list (f, page);
  gtk_widget_activate_action (page, "runs.open", NULL);
}

static void
scene_notes (DynoTestApp *f,
             GtkWidget   *page)
{
  scene_list (f, page);
  gtk_widget_activate_action (page, "runs.notes", NULL);
}

static void
scene_compare (DynoTestApp *f,
               GtkWidget   *page)
{
  scene_list (f, page);
  gtk_selection_model_select_range (model_of (page), 0, shot->n_runs, TRUE);
  gtk_widget_activate_action (page, "runs.compare", NULL);
  dyno_test_app_wait (has_curves (page)
                          && dyno_run_view_get_n (view_of (page)) == shot->n_runs,
                      10);
}

static void
scene_deleted (DynoTestApp *f,
               GtkWidget   *page)
{
  scene_list (f, page);
  gtk_widget_activate_action (page, "runs.delete", NULL);
  dyno_test_app_wait (g_list_model_get_n_items (G_LIST_MODEL (model_of (page))) < shot->n_runs, 5);
  dyno_test_ui_run (400);
}

static void
scene_passport (DynoTestApp *f,
                GtkWidget   *page)
{
  GtkWidget *button;

  scene_list (f, page);
  button = dyno_test_app_find (page, GTK_TYPE_MENU_BUTTON,
                               "Where the figures come from");
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  target = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
}

static void
scene_fuel (DynoTestApp *f,
            GtkWidget   *page)
{
  g_autofree char *text = dyno_test_runs_cells_text (9, -6);
  g_autofree char *path = dyno_test_runs_write (f->folder, "Mapping.csv", text);
  g_autoptr(DynoRun) run = dyno_test_runs_import (dyno_test_app_shop (f), path, "FXDLS Rosa", NULL,
                                                  NULL);
  DynoRunFuel *fuel;

  gtk_widget_activate_action (page, "runs.show", "s", run->id);
  dyno_test_app_wait (has_curves (page)
                          && g_str_equal (dyno_run_item_get_id (
                                              dyno_run_view_get_item (view_of (page))),
                                          run->id),
                      5);
  gtk_widget_activate_action (page, "runs.analyse", NULL);
  fuel = dyno_run_view_get_fuel (view_of (page));
  dyno_test_app_wait (g_str_equal (dyno_run_fuel_get_shown (fuel), "result"), 20);
}

/* Two pulls of the simulator, compared. */
static void
scene_simulator (DynoTestApp *f,
                 GtkWidget   *page)
{
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.page", "s", "live");
  g_assert_true (dyno_test_app_click (GTK_WIDGET (f->window), "Use Simulator"));
  dyno_test_app_wait (dyno_test_app_is_phase (f, DYNO_ARM_LIVE), 10);
  dyno_test_ui_run (1500);
  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "F5"));
  dyno_test_app_wait (dyno_test_app_n_saved (f) >= 2, 120);
  g_assert_true (dyno_test_app_key (GTK_WINDOW (f->window), "<Control>period"));
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.page", "s", "runs");
  dyno_test_app_wait (g_list_model_get_n_items (G_LIST_MODEL (model_of (page))) >= 2, 10);
  gtk_selection_model_select_range (model_of (page), 0, 2, TRUE);
  gtk_widget_activate_action (page, "runs.compare", NULL);
  dyno_test_app_wait (has_curves (page) && dyno_run_view_get_n (view_of (page)) == 2, 10);
}

static void
scene_import (DynoTestApp *f,
              GtkWidget   *page)
{
  g_autofree char *good = dyno_test_runs_pull_text (150);
  g_autofree char *good_path = dyno_test_runs_write (f->folder, "Hot day.csv", good);
  g_autofree char *bad_path = dyno_test_runs_write (f->folder, "Letter.csv", "Dear customer,\n");
  g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr(GFile) a = g_file_new_for_path (good_path);
  g_autoptr(GFile) b = g_file_new_for_path (bad_path);
  g_autoptr(DynoVehicleList) vehicles = dyno_vehicle_list_new (dyno_test_app_shop (f));
  GtkWidget *window;

  g_list_store_append (files, a);
  g_list_store_append (files, b);
  window = dyno_run_import_window_new (dyno_test_app_shop (f), vehicles);
  dyno_run_import_window_add_files (DYNO_RUN_IMPORT_WINDOW (window), G_LIST_MODEL (files));
  gtk_window_present (GTK_WINDOW (window));
  dyno_test_ui_run (600);
}

static void
scene_importfailed (DynoTestApp *f,
                    GtkWidget   *page)
{
  GtkListBox *files;

  scene_import (f, page);
  files = GTK_LIST_BOX (dyno_test_app_find (GTK_WIDGET (dyno_test_app_dialog (f)),
                                            GTK_TYPE_LIST_BOX, NULL));
  gtk_list_box_select_row (files, gtk_list_box_get_row_at_index (files, 1));
}

static const Shot shots[] = {
  { "empty", 0, FALSE, FALSE, scene_empty },
  { "list", 14, TRUE, FALSE, scene_list },
  { "nomatch", 3, FALSE, FALSE, scene_nomatch },
  { "detail", 3, TRUE, FALSE, scene_detail },
  { "notes", 3, TRUE, FALSE, scene_notes },
  { "compare3", 3, FALSE, TRUE, scene_compare },
  { "compare20", 20, FALSE, FALSE, scene_compare },
  { "deleted", 3, FALSE, FALSE, scene_deleted },
  { "passport", 3, FALSE, FALSE, scene_passport },
  { "fuel", 2, TRUE, TRUE, scene_fuel },
  { "import", 2, FALSE, FALSE, scene_import },
  { "importfailed", 2, FALSE, FALSE, scene_importfailed },
  { "simulator", 0, FALSE, FALSE, scene_simulator },
};

static void
save (const char *end)
{
  g_autofree char *path = g_strdup_printf ("%s/runs-%s-%s.png", folder, shot->state, end);
  g_autoptr(GdkTexture) texture = NULL;

  dyno_test_ui_run (300);
  dyno_test_ui_frames (target, 3);
  texture = dyno_test_ui_shot (target);
  g_assert_true (gdk_texture_save_to_png (texture, path));
  g_print ("%s\n", path);
}

/* Without a window manager there is a frame that is part of the size asked for; and an
 * open sidebar does not let the window be narrow at once. */
static void
resize (GtkWidget *window,
        int        width,
        int        height)
{
  for (int i = 0; i < 3; i++)
    {
      int asked_width;
      int asked_height;

      gtk_window_get_default_size (GTK_WINDOW (window), &asked_width, &asked_height);
      gtk_window_set_default_size (GTK_WINDOW (window),
                                   i > 1 ? width + asked_width - gtk_widget_get_width (window)
                                         : width + i,
                                   i > 1 ? height + asked_height - gtk_widget_get_height (window)
                                         : height);
      dyno_test_ui_run (200);
    }
}

static void
set_dark (gboolean is_dark)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      is_dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                              : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

static void
play (DynoTestApp *f)
{
  gboolean is_contrast = g_getenv ("ADW_DEBUG_HIGH_CONTRAST") != NULL;
  GtkWindow *dialog;

  set_dark (FALSE);
  resize (GTK_WIDGET (f->window), is_narrow ? NARROW_WIDTH : WIDTH,
          is_narrow ? NARROW_HEIGHT : HEIGHT);
  dyno_test_runs_fill (dyno_test_app_shop (f), f->folder, shot->n_runs);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.page", "s", "runs");
  dyno_test_ui_run (200);
  target = NULL;
  shot->scene (f, GTK_WIDGET (dyno_test_app_page (f, "runs")));
  dialog = dyno_test_app_dialog (f);
  if (target == NULL)
    target = dialog != NULL ? GTK_WIDGET (dialog) : GTK_WIDGET (f->window);
  save (is_narrow ? "narrow" : is_contrast ? "hc" : "light");
  if (!is_narrow)
    {
      set_dark (TRUE);
      save (is_contrast ? "hcdark" : "dark");
      set_dark (FALSE);
    }
  if (dialog != NULL)
    gtk_window_destroy (dialog);
}

static gboolean
is_wanted (int    argc,
           char **argv)
{
  for (int i = 2; i < argc; i++)
    {
      if (g_str_equal (argv[i], shot->state) || g_str_equal (argv[i], "runs"))
        return TRUE;
    }

  return argc <= 2;
}

int
main (int    argc,
      char **argv)
{
  gboolean is_contrast = g_getenv ("ADW_DEBUG_HIGH_CONTRAST") != NULL;

  if (argc < 2 || !dyno_test_ui_start ())
    return 1;

  folder = argv[1];
  g_mkdir_with_parents (folder, 0755);
  for (gsize i = 0; i < G_N_ELEMENTS (shots); i++)
    {
      shot = &shots[i];
      if (!is_wanted (argc, argv) || (is_contrast && !shot->is_contrast))
        continue;
      is_narrow = FALSE;
      dyno_test_app_run (play, NULL);
      is_narrow = TRUE;
      if (shot->is_narrow && !is_contrast)
        dyno_test_app_run (play, NULL);
    }

  return 0;
}
