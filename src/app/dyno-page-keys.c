/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-page-keys.h"

#include "dyno-application.h"

static gboolean
pressed_cb (GtkWidget *window,
            GVariant  *action,
            gpointer   unused)
{
  return dyno_window_activate (DYNO_WINDOW (window), g_variant_get_string (action, NULL));
}

/* An empty first key: of the widget that has the focus, not of the window. */
static void
add_key (GtkShortcutController *controller,
         const DynoKey         *key)
{
  g_auto(GStrv) accelerators = g_strsplit (key->keys, "|", -1);

  for (guint i = 0; *accelerators[0] != '\0' && accelerators[i] != NULL; i++)
    {
      GtkShortcut *shortcut =
          gtk_shortcut_new (gtk_shortcut_trigger_parse_string (accelerators[i]),
                            gtk_callback_action_new (pressed_cb, NULL, NULL));

      gtk_shortcut_set_arguments (shortcut, g_variant_new_string (key->action));
      gtk_shortcut_controller_add_shortcut (controller, shortcut);
    }
}

void
dyno_page_keys_add (DynoWindow *window)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  guint n_keys;
  const DynoKey *keys = dyno_application_keys (&n_keys);

  for (guint i = 0; i < n_keys; i++)
    {
      if (!g_str_has_prefix (keys[i].action, "app.") && !g_str_has_prefix (keys[i].action, "win."))
        add_key (GTK_SHORTCUT_CONTROLLER (controller), &keys[i]);
    }
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (window), controller);
}
