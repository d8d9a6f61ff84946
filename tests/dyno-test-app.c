/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-app.h"

#include "dyno-test.h"
#include "dyno-trouble-page.h"

DynoShop *
dyno_test_app_shop (DynoTestApp *f)
{
  return dyno_application_get_shop (f->application);
}

DynoPage *
dyno_test_app_page (DynoTestApp *f,
                    const char  *name)
{
  return dyno_window_find_page (f->window, name);
}

/* Sleeps until something happens, at most a few milliseconds. */
static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

void
dyno_test_app_turn (void)
{
  guint wake = g_timeout_add (5, wake_cb, NULL);

  g_main_context_iteration (NULL, TRUE);
  if (g_main_context_find_source_by_id (NULL, wake) != NULL)
    g_source_remove (wake);
}

gboolean
dyno_test_app_is_phase (DynoTestApp  *f,
                        DynoArmPhase  phase)
{
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (dyno_shop_get_live (dyno_test_app_shop (f)));

  return arm != NULL && arm->phase == phase;
}

guint
dyno_test_app_n_saved (DynoTestApp *f)
{
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (dyno_shop_get_live (dyno_test_app_shop (f)));

  return arm != NULL ? arm->n_saved : 0;
}

GtkWindow *
dyno_test_app_dialog (DynoTestApp *f)
{
  g_autoptr(GListModel) windows = g_object_ref (gtk_window_get_toplevels ());
  GtkWindow *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      if (window != GTK_WINDOW (f->window) && gtk_widget_get_visible (GTK_WIDGET (window)))
        found = window;
    }

  return found;
}

/* Keys. */

static gboolean
press_in_controllers (GtkWidget       *widget,
                      guint            key,
                      GdkModifierType  modifiers)
{
  return dyno_test_ui_press (widget, key, modifiers);
}

static gboolean
press_accelerator (GtkWindow  *window,
                   const char *accelerator)
{
  GtkApplication *application = gtk_window_get_application (window);
  g_auto(GStrv) actions =
      application != NULL ? gtk_application_get_actions_for_accel (application, accelerator) : NULL;

  for (guint i = 0; actions != NULL && actions[i] != NULL; i++)
    {
      g_autofree char *name = NULL;
      g_autoptr(GVariant) target = NULL;

      if (g_action_parse_detailed_name (actions[i], &name, &target, NULL)
          && gtk_widget_activate_action_variant (GTK_WIDGET (window), name, target))
        return TRUE;
    }

  return FALSE;
}

gboolean
dyno_test_app_key (GtkWindow  *window,
                   const char *accelerator)
{
  guint key;
  GdkModifierType modifiers;

  g_assert_true (gtk_accelerator_parse (accelerator, &key, &modifiers));
  for (GtkWidget *widget = gtk_window_get_focus (window);
       widget != NULL && widget != GTK_WIDGET (window); widget = gtk_widget_get_parent (widget))
    {
      if (press_in_controllers (widget, key, modifiers))
        return TRUE;
    }

  return press_in_controllers (GTK_WIDGET (window), key, modifiers)
         || press_accelerator (window, accelerator);
}

/* Finding. */

static char *
label_of (GtkWidget *widget)
{
  char *label = NULL;

  if (GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) != NULL)
    label = g_strdup (gtk_button_get_label (GTK_BUTTON (widget)));
  else if (GTK_IS_LABEL (widget))
    label = g_strdup (gtk_label_get_label (GTK_LABEL (widget)));
  else if (ADW_IS_PREFERENCES_ROW (widget))
    label = g_strdup (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)));
  else
    label = g_strdup (gtk_widget_get_tooltip_text (widget));

  /* Without the sign of the mnemonic. */
  for (char *p = label; p != NULL && (p = strchr (p, '_')) != NULL;)
    memmove (p, p + 1, strlen (p));

  return label;
}

GtkWidget *
dyno_test_app_find (GtkWidget  *root,
                    GType       type,
                    const char *label)
{
  g_autofree char *ours = NULL;

  if (!gtk_widget_get_visible (root) || !gtk_widget_get_child_visible (root))
    return NULL;
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    {
      ours = label_of (root);
      if (label == NULL || g_strcmp0 (ours, label) == 0)
        return root;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = dyno_test_app_find (child, type, label);

      if (found != NULL)
        return found;
    }

  return NULL;
}

gboolean
dyno_test_app_click (GtkWidget  *root,
                     const char *label)
{
  GtkWidget *button = dyno_test_app_find (root, GTK_TYPE_BUTTON, label);

  if (button == NULL || !gtk_widget_is_sensitive (button))
    return FALSE;

  g_signal_emit_by_name (button, "clicked");
  dyno_test_ui_settle ();

  return TRUE;
}

/* Running. */

typedef struct
{
  DynoTestApp    *f;
  DynoTestAppFunc body;
} Play;

static gboolean
is_ready (DynoTestApp *f)
{
  return dyno_window_get_page (f->window) != NULL
         || dyno_test_app_find (GTK_WIDGET (f->window), DYNO_TYPE_TROUBLE_PAGE, NULL) != NULL;
}

static gboolean
play_cb (gpointer data)
{
  Play *play = data;
  DynoTestApp *f = play->f;

  f->window = DYNO_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (f->application)));
  g_object_add_weak_pointer (G_OBJECT (f->window), (gpointer *) &f->window);
  dyno_test_app_wait (is_ready (f), 20);
  dyno_test_ui_settle ();
  play->body (f);
  /* As a person who has nothing in hand. */
  if (f->window != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (f->application), "quit", NULL);

  return G_SOURCE_REMOVE;
}

static void
activated_cb (GApplication *application,
              Play         *play)
{
  g_idle_add (play_cb, play);
}

static void
set (DynoTestApp *f,
     const char  *variable,
     const char  *value)
{
  f->environment = g_environ_setenv (f->environment, variable, value, TRUE);
}

static void
set_environment (DynoTestApp       *f,
                 const char *const *extra)
{
  g_autofree char *port = g_strdup_printf ("%u", dyno_test_shop_port ());

  f->environment = g_new0 (char *, 1);
  set (f, "JETDRIVE_MCAST_GROUP", DYNO_TEST_SHOP_GROUP);
  set (f, "JETDRIVE_PORT", port);
  set (f, "JETDRIVE_IFACE", "lo");
  for (guint i = 0; extra != NULL && extra[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (extra[i], "=", 2);

      set (f, parts[0], parts[1]);
    }
}

static void
reset_settings (void)
{
  g_autoptr(GSettings) settings = g_settings_new ("org.dynoai.DynoAI");
  g_autoptr(GSettingsSchema) schema = NULL;
  g_auto(GStrv) keys = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (guint i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
}

void
dyno_test_app_run_in (const char        *folder,
                      DynoTestAppFunc    body,
                      const char *const *extra)
{
  DynoTestApp f = { .folder = g_strdup (folder) };
  Play play = { &f, body };
  DynoShopOptions options = { .data_dir = folder };

  reset_settings ();
  set_environment (&f, extra);
  options.environment = (const char *const *) f.environment;
  f.application = dyno_application_new (&options, NULL);
  g_application_set_flags (G_APPLICATION (f.application), G_APPLICATION_NON_UNIQUE);
  g_signal_connect_after (f.application, "activate", G_CALLBACK (activated_cb), &play);
  g_application_run (G_APPLICATION (f.application), 0, NULL);
  dyno_test_ui_settle ();
  g_assert_null (f.window);
  g_assert_finalize_object (f.application);
  g_strfreev (f.environment);
  g_free (f.folder);
}

void
dyno_test_app_run (DynoTestAppFunc    body,
                   const char *const *extra)
{
  g_autofree char *folder = dyno_test_make_folder ();

  dyno_test_app_run_in (folder, body, extra);
  dyno_test_remove_folder (folder);
}
