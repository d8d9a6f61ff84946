/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The page Runs as pictures: shots-runs FOLDER [NAME]. Under run-ui.sh. The file names
 * are those of the table. */

#include "config.h"

#include "dyno-run-import-window.h"
#include "dyno-runs-page-private.h"
#include "dyno-test-app.h"
#include "dyno-test-runs.h"
#include "dyno-test.h"

static const char *out;
static const char *only;

typedef struct
{
  const char *name;
  int         width;
  int         height;
  gboolean    is_dark;
  guint       n_runs;
  void      (*scene) (DynoTestApp  *f,
                      DynoRunsPage *page);
} Shot;

static const Shot *shot;
static GtkWidget *target; /* what the picture is of; NULL: the window */

static void
select_range (DynoRunsPage *page,
              guint         n)
{
  GtkSelectionModel *model =
      gtk_column_view_get_model (GTK_COLUMN_VIEW (dyno_test_app_find (GTK_WIDGET (page->table),
                                                                      GTK_TYPE_COLUMN_VIEW, NULL)));

  gtk_selection_model_select_range (model, 0, n, TRUE);
}

static gboolean
has_curves (DynoRunsPage *page)
{
  return dyno_run_view_get_n (page->view) > 0
         && !dyno_power_set_is_reading (dyno_run_view_get_set (page->view));
}

static void
scene_empty (DynoTestApp  *f,
             DynoRunsPage *page)
{
  dyno_test_app_wait (g_str_equal (dyno_run_table_get_shown (page->table), "empty"), 5);
}

static void
scene_list (DynoTestApp  *f,
            DynoRunsPage *page)
{
  dyno_test_app_wait (has_curves (page), 5);
}

static void
scene_nomatch (DynoTestApp  *f,
               DynoRunsPage *page)
{
  scene_list (f, page);
  dyno_run_search_set_text (page->search, "colour:red nothing");
  dyno_test_app_wait (g_str_equal (dyno_run_table_get_shown (page->table), "nomatch"), 5);
}

static void
scene_detail (DynoTestApp  *f,
              DynoRunsPage *page)
{
  scene_list (f, page);
  gtk_widget_activate_action (GTK_WIDGET (page), "runs.open", NULL);
}

static void
scene_notes (DynoTestApp  *f,
             DynoRunsPage *page)
{
  scene_list (f, page);
  gtk_widget_activate_action (GTK_WIDGET (page), "runs.notes", NULL);
}

static void
scene_compare (DynoTestApp  *f,
               DynoRunsPage *page)
{
  scene_list (f, page);
  select_range (page, shot->n_runs);
  gtk_widget_activate_action (GTK_WIDGET (page), "runs.compare", NULL);
  dyno_test_app_wait (has_curves (page) && dyno_run_view_get_n (page->view) == shot->n_runs, 10);
}

static void
scene_deleted (DynoTestApp  *f,
               DynoRunsPage *page)
{
  scene_list (f, page);
  gtk_widget_activate_action (GTK_WIDGET (page), "runs.delete", NULL);
  dyno_test_app_wait (page->deleted->len > 0, 5);
  dyno_test_ui_run (400);
}

static void
scene_passport (DynoTestApp  *f,
                DynoRunsPage *page)
{
  GtkWidget *button;

  scene_list (f, page);
  button = dyno_test_app_find (GTK_WIDGET (page), GTK_TYPE_MENU_BUTTON,
                               "Where the figures come from");
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  target = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
}

static void
scene_fuel (DynoTestApp  *f,
            DynoRunsPage *page)
{
  g_autofree char *text = dyno_test_runs_cells_text (4, -3);
  g_autofree char *path = dyno_test_runs_write (f->folder, "Mapping.csv", text);
  g_autoptr(DynoRun) run = dyno_test_runs_import (dyno_test_app_shop (f), path, "FXDLS Rosa", NULL,
                                                  NULL);

  gtk_widget_activate_action (GTK_WIDGET (page), "runs.show", "s", run->id);
  dyno_test_app_wait (page->wanted == NULL && has_curves (page)
                          && g_str_equal (dyno_run_item_get_id (dyno_run_view_get_item (page->view)),
                                          run->id),
                      5);
  gtk_widget_activate_action (GTK_WIDGET (page), "runs.analyse", NULL);
  dyno_test_app_wait (g_str_equal (dyno_run_fuel_get_shown (dyno_run_view_get_fuel (page->view)),
                                   "result"),
                      20);
}

static void
scene_import (DynoTestApp  *f,
              DynoRunsPage *page)
{
  g_autofree char *good = dyno_test_runs_pull_text (150);
  g_autofree char *good_path = dyno_test_runs_write (f->folder, "Hot day.csv", good);
  g_autofree char *bad_path = dyno_test_runs_write (f->folder, "Letter.csv", "Dear customer,\n");
  g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr(GFile) a = g_file_new_for_path (good_path);
  g_autoptr(GFile) b = g_file_new_for_path (bad_path);

  g_list_store_append (files, a);
  g_list_store_append (files, b);
  dyno_runs_page_import (page, G_LIST_MODEL (files));
  dyno_test_app_wait (dyno_test_app_dialog (f) != NULL, 5);
  dyno_test_ui_run (600);
}

static void
scene_importfailed (DynoTestApp  *f,
                    DynoRunsPage *page)
{
  GtkListBox *files;

  scene_import (f, page);
  files = GTK_LIST_BOX (dyno_test_app_find (GTK_WIDGET (dyno_test_app_dialog (f)),
                                            GTK_TYPE_LIST_BOX, NULL));
  gtk_list_box_select_row (files, gtk_list_box_get_row_at_index (files, 1));
}

static const Shot shots[] = {
  { "runs-empty-light", 1280, 800, FALSE, 0, scene_empty },
  { "runs-list-light", 1280, 800, FALSE, 14, scene_list },
  { "runs-list-dark", 1280, 800, TRUE, 14, scene_list },
  { "runs-list-narrow", 360, 640, FALSE, 14, scene_list },
  { "runs-list-medium", 900, 640, FALSE, 14, scene_list },
  { "runs-nomatch-light", 1280, 800, FALSE, 3, scene_nomatch },
  { "runs-detail-light", 1280, 800, FALSE, 3, scene_detail },
  { "runs-detail-narrow", 360, 640, FALSE, 3, scene_detail },
  { "runs-notes-light", 1280, 800, FALSE, 3, scene_notes },
  { "runs-compare3-light", 1280, 800, FALSE, 3, scene_compare },
  { "runs-compare3-dark", 1280, 800, TRUE, 3, scene_compare },
  { "runs-compare20-light", 1280, 800, FALSE, 20, scene_compare },
  { "runs-deleted-light", 1280, 800, FALSE, 3, scene_deleted },
  { "runs-passport-light", 1280, 800, FALSE, 3, scene_passport },
  { "runs-fuel-light", 1280, 800, FALSE, 2, scene_fuel },
  { "runs-fuel-dark", 1280, 800, TRUE, 2, scene_fuel },
  { "runs-fuel-narrow", 360, 640, FALSE, 2, scene_fuel },
  { "runs-import-light", 1280, 800, FALSE, 2, scene_import },
  { "runs-importfailed-light", 1280, 800, FALSE, 2, scene_importfailed },
};

static void
save (GtkWidget *widget)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.png", out, shot->name);
  g_autoptr(GdkTexture) texture = NULL;

  dyno_test_ui_run (300);
  dyno_test_ui_frames (widget, 3);
  texture = dyno_test_ui_shot (widget);
  g_assert_true (gdk_texture_save_to_png (texture, path));
  g_print ("%s %dx%d\n", path, gdk_texture_get_width (texture), gdk_texture_get_height (texture));
}

static void
play (DynoTestApp *f)
{
  DynoRunsPage *page;
  GtkWindow *dialog;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      shot->is_dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                    : ADW_COLOR_SCHEME_FORCE_LIGHT);
  /* Twice: the open sidebar does not let the window be narrow. */
  gtk_window_set_default_size (GTK_WINDOW (f->window), shot->width, shot->height);
  dyno_test_ui_run (150);
  gtk_window_set_default_size (GTK_WINDOW (f->window), shot->width + 1, shot->height);
  gtk_window_set_default_size (GTK_WINDOW (f->window), shot->width, shot->height);
  dyno_test_runs_fill (dyno_test_app_shop (f), f->folder, shot->n_runs);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.page", "s", "runs");
  dyno_test_ui_run (200);
  page = DYNO_RUNS_PAGE (dyno_test_app_page (f, "runs"));
  target = NULL;
  shot->scene (f, page);
  dialog = dyno_test_app_dialog (f);
  if (target == NULL)
    target = dialog != NULL ? GTK_WIDGET (dialog) : GTK_WIDGET (f->window);
  save (target);
  if (dialog != NULL)
    gtk_window_destroy (dialog);
}

int
main (int    argc,
      char **argv)
{
  if (argc < 2 || !dyno_test_ui_start ())
    return 1;

  out = argv[1];
  only = argc > 2 ? argv[2] : NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (shots); i++)
    {
      shot = &shots[i];
      if (only == NULL || strstr (shot->name, only) != NULL)
        dyno_test_app_run (play, NULL);
    }

  return 0;
}
