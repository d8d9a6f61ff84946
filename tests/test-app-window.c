/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-banner.h"
#include "dyno-lock.h"
#include "dyno-setting-row.h"
#include "dyno-settings-page.h"
#include "dyno-shortcuts-window.h"
#include "dyno-sidebar-row.h"
#include "dyno-test-app.h"
#include "dyno-trouble-page.h"

/* The frame: pages, keys, history, width, trouble, settings. No dyno is needed. */

static const char *
page_name (DynoTestApp *f)
{
  DynoPage *page = dyno_window_get_page (f->window);

  return page != NULL ? dyno_page_get_title (page) : "";
}

static gboolean
press (DynoTestApp *f,
       const char  *key)
{
  gboolean has_worked = dyno_test_app_key (GTK_WINDOW (f->window), key);

  dyno_test_ui_settle ();

  return has_worked;
}

static void
keys (DynoTestApp *f)
{
  g_assert_cmpstr (page_name (f), ==, "Live");
  g_assert_true (press (f, "<Control>comma"));
  g_assert_cmpstr (page_name (f), ==, "Settings");
  g_assert_true (press (f, "<Control>1"));
  g_assert_cmpstr (page_name (f), ==, "Live");
  g_assert_true (press (f, "<Alt>Left"));
  g_assert_cmpstr (page_name (f), ==, "Settings");
  g_assert_true (press (f, "<Alt>Right"));
  g_assert_cmpstr (page_name (f), ==, "Live");
  /* Without a window manager nobody does it; that the key asks for it is seen. */
  g_assert_true (press (f, "F11"));
  g_assert_true (press (f, "F1"));
  dyno_test_app_wait (DYNO_IS_SHORTCUTS_WINDOW (dyno_test_app_dialog (f)), 2);
  gtk_window_close (dyno_test_app_dialog (f));
}

/* Each action of the table is one of the application, of the window, or of a widget
 * that a class installs it on: no key is dead. */
static void
every_key (DynoTestApp *f)
{
  guint n_keys;
  const DynoKey *all = dyno_application_keys (&n_keys);

  for (guint i = 0; i < n_keys; i++)
    {
      g_auto(GStrv) parts = g_strsplit (all[i].action, "::", 2);
      g_auto(GStrv) accelerators = g_strsplit (all[i].keys, "|", -1);
      gboolean is_app = g_str_has_prefix (parts[0], "app.");

      if (is_app)
        g_assert_true (g_action_group_has_action (G_ACTION_GROUP (f->application), parts[0] + 4));
      for (guint k = 0; accelerators[k] != NULL; k++)
        {
          guint key;
          GdkModifierType modifiers;

          if (*accelerators[k] != '\0')
            g_assert_true (gtk_accelerator_parse (accelerators[k], &key, &modifiers));
        }
    }
}

/* Sidebar. */

static GtkListBox *
sidebar (DynoTestApp *f)
{
  GtkWidget *row =
      dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_SIDEBAR_ROW, NULL);

  return row != NULL ? GTK_LIST_BOX (gtk_widget_get_parent (row)) : NULL;
}

static void
wait_width (DynoTestApp *f,
            int          width)
{
  gtk_window_set_default_size (GTK_WINDOW (f->window), width, 640);
  dyno_test_app_wait (ABS (gtk_widget_get_width (GTK_WIDGET (f->window)) - width) < 20, 5);
  dyno_test_ui_frames (GTK_WIDGET (f->window), 2);
}

static gboolean
is_narrow (DynoTestApp *f)
{
  gboolean answer;

  g_object_get (f->window, "narrow", &answer, NULL);

  return answer;
}

/* Looking round by the keys changes neither the page nor what the sidebar says of it. */
static void
look_round (DynoTestApp *f)
{
  GtkListBox *list = sidebar (f);
  GtkListBoxRow *here = gtk_list_box_get_selected_row (list);
  GtkListBoxRow *other;
  g_autofree char *page = g_strdup (page_name (f));

  g_assert_nonnull (here);
  other = gtk_list_box_get_row_at_index (list, gtk_list_box_row_get_index (here) == 0 ? 1 : 0);
  gtk_list_box_select_row (list, other);
  g_assert_true (gtk_list_box_get_selected_row (list) == here);
  g_assert_cmpstr (page_name (f), ==, page);
}

/* Narrow: the sidebar gives way; opened, it fills the window, and choosing a page
 * closes it. */
static void
narrow (DynoTestApp *f)
{
  GtkListBoxRow *row;
  GtkListBox *list;

  wait_width (f, 900);
  g_assert_false (is_narrow (f));
  look_round (f);
  wait_width (f, 380);
  g_assert_true (is_narrow (f));
  dyno_test_ui_run (400);
  g_assert_true (press (f, "F9"));
  dyno_test_ui_run (400);
  list = sidebar (f);
  g_assert_nonnull (list);
  row = gtk_list_box_get_row_at_index (
      list, gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (dyno_test_app_find (
                GTK_WIDGET (list), DYNO_TYPE_SIDEBAR_ROW, NULL))) + 1);
  g_assert_nonnull (row);
  gtk_widget_activate (GTK_WIDGET (row));
  dyno_test_ui_run (400);
  g_assert_cmpstr (page_name (f), !=, "Live");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (dyno_window_get_page (f->window))));
  wait_width (f, 1000);
  g_assert_false (is_narrow (f));
}

/* Settings. */

static DynoConfigOrigin
origin (DynoTestApp *f,
        const char  *key)
{
  return dyno_config_get_origin (dyno_shop_get_config (dyno_test_app_shop (f)), key);
}

static void
settings (DynoTestApp *f)
{
  DynoSettingsPage *page;
  DynoSettingRow *units;
  DynoSettingRow *port;
  g_autofree char *value = NULL;

  g_assert_true (press (f, "<Control>comma"));
  page = DYNO_SETTINGS_PAGE (dyno_window_get_page (f->window));
  units = DYNO_SETTING_ROW (dyno_settings_page_find_row (page, "ui.units"));
  dyno_setting_row_set (units, "us");
  dyno_test_app_wait (dyno_page_get_units (DYNO_PAGE (page)) == DYNO_UNITS_US, 5);
  dyno_test_app_wait (dyno_page_get_units (dyno_test_app_page (f, "live")) == DYNO_UNITS_US, 5);
  dyno_test_app_wait (origin (f, "ui.units") == DYNO_CONFIG_FROM_WINDOW, 2);
  g_assert_true (dyno_test_app_click (GTK_WIDGET (units), "Take Back"));
  dyno_test_app_wait (origin (f, "ui.units") == DYNO_CONFIG_FROM_DEFAULT, 5);
  dyno_test_app_wait (dyno_page_get_units (DYNO_PAGE (page)) == DYNO_UNITS_METRIC, 5);

  /* What is refused is said, and the row shows what holds. */
  port = DYNO_SETTING_ROW (dyno_settings_page_find_row (page, "capture.pre_roll_s"));
  dyno_setting_row_set (port, "99");
  dyno_test_app_wait (dyno_test_app_find (GTK_WIDGET (f->window), GTK_TYPE_BUTTON, "Details")
                          != NULL, 5);
  value = dyno_config_dup (dyno_shop_get_config (dyno_test_app_shop (f)), "capture.pre_roll_s");
  g_assert_cmpstr (value, ==, "2");

  /* A search leaves what says it. */
  g_assert_true (press (f, "<Control>f"));
  gtk_editable_set_text (GTK_EDITABLE (dyno_test_app_find (GTK_WIDGET (page),
                                                           GTK_TYPE_SEARCH_ENTRY, NULL)),
                         "smoothing");
  dyno_test_app_wait (!gtk_widget_get_visible (GTK_WIDGET (units)), 3);
  g_assert_true (gtk_widget_get_visible (dyno_settings_page_find_row (page, "ui.smoothing")));
}

/* Trouble: a folder that another program has, until it has not. */

static DynoLock *lock;

static void
in_use (DynoTestApp *f)
{
  GtkWidget *trouble =
      dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_TROUBLE_PAGE, NULL);
  GtkWidget *banner = dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_BANNER, NULL);

  g_assert_nonnull (trouble);
  g_assert_nonnull (strstr (dyno_banner_get_sentence (DYNO_BANNER (banner)), "data folder"));
  g_assert_true (dyno_test_app_click (trouble, "Details"));
  dyno_test_app_wait (dyno_test_app_dialog (f) != NULL, 2);
  gtk_window_close (dyno_test_app_dialog (f));
  dyno_test_app_wait (dyno_test_app_dialog (f) == NULL, 2);

  g_clear_pointer (&lock, dyno_lock_free);
  g_assert_true (dyno_test_app_click (trouble, "Try Again"));
  dyno_test_app_wait (g_str_equal (page_name (f), "Live"), 10);
  g_assert_null (dyno_shop_get_trouble (dyno_test_app_shop (f)));
  g_assert_null (dyno_banner_get_sentence (DYNO_BANNER (banner)));
}

static void
test_in_use (void)
{
  g_autofree char *folder = dyno_test_make_folder ();

  lock = dyno_lock_take (folder, NULL, NULL);
  dyno_test_app_run_in (folder, in_use, NULL);
  dyno_test_remove_folder (folder);
}

/* A settings file with nonsense: there is no shop at all. */
static void
bad_config (DynoTestApp *f)
{
  g_assert_null (dyno_test_app_shop (f));
  g_assert_nonnull (dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_TROUBLE_PAGE, NULL));
  g_assert_cmpstr (page_name (f), ==, "");
  g_assert_true (press (f, "<Control>comma"));
  g_assert_cmpstr (page_name (f), ==, "");
}

static void
test_bad_config (void)
{
  dyno_test_app_run (bad_config, (const char *[]) { "JETDRIVE_PORT=many", NULL });
}

/* Both templates have the widgets that the code binds. */

static char *
read_template (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "ui", name, NULL);

  return dyno_test_read (path, NULL);
}

static void
test_templates (void)
{
  static const char *const ids[] = { "sidebar_list",  "sidebar_toggle", "stack",       "title",
                                     "banner",        "toast_overlay",  "footer",
                                     "jobs_button",   "primary_button" };
  static const char *const handlers[] = { "row_activated_cb", "primary_clicked_cb" };
  static const char *const names[] = { "dyno-window.ui", "floor/dyno-window.ui" };

  for (gsize n = 0; n < G_N_ELEMENTS (names); n++)
    {
      g_autofree char *text = read_template (names[n]);

      for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
        {
          g_autofree char *id = g_strdup_printf ("id=\"%s\"", ids[i]);

          if (strstr (text, id) == NULL)
            g_error ("%s has no %s", names[n], ids[i]);
        }
      for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
        g_assert_nonnull (strstr (text, handlers[i]));
    }
}

/* Opened again and again; the harness asserts that the program is gone each time. */
static void
nothing (DynoTestApp *f)
{
  press (f, "<Control>comma");
}

static void
test_again (void)
{
  for (int i = 0; i < 5; i++)
    dyno_test_app_run (nothing, NULL);
}

static void
run (gconstpointer body)
{
  dyno_test_app_run ((DynoTestAppFunc) body, NULL);
}

int
main (int    argc,
      char **argv)
{
  dyno_test_ui_init (&argc, &argv);
  g_test_add_data_func ("/app/window/keys", keys, run);
  g_test_add_data_func ("/app/window/every-key", every_key, run);
  g_test_add_data_func ("/app/window/narrow", narrow, run);
  g_test_add_data_func ("/app/window/settings", settings, run);
  g_test_add_func ("/app/window/in-use", test_in_use);
  g_test_add_func ("/app/window/bad-config", test_bad_config);
  g_test_add_func ("/app/window/templates", test_templates);
  g_test_add_func ("/app/window/again", test_again);

  return g_test_run ();
}
