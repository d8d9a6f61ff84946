/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-window-private.h"

gboolean
dyno_window_activate (DynoWindow *self,
                      const char *action)
{
  g_auto(GStrv) parts = g_strsplit (action, ".", 2);
  DynoPage *page = g_strcmp0 (parts[0], "page") == 0 ? dyno_window_get_page (self)
                                                     : dyno_window_find_page (self, parts[0]);

  if (page == NULL)
    return FALSE;
  /* What opens something on another page is seen there; what the operator does to a
   * run in hand he does from wherever he is. */
  if (g_strcmp0 (parts[0], "runs") == 0)
    dyno_window_show_page (self, parts[0]);

  return gtk_widget_activate_action (GTK_WIDGET (page), action, NULL);
}

static void
page_action (GtkWidget  *widget,
             const char *name,
             GVariant   *page)
{
  dyno_window_show_page (DYNO_WINDOW (widget), g_variant_get_string (page, NULL));
}

static void
open_run_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *run_id)
{
  DynoWindow *self = DYNO_WINDOW (widget);

  if (dyno_window_show_page (self, "runs"))
    gtk_widget_activate_action_variant (GTK_WIDGET (dyno_window_get_page (self)), "runs.show",
                                        run_id);
}

static void
back_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  dyno_window_go_back (DYNO_WINDOW (widget));
}

static void
forward_action (GtkWidget  *widget,
                const char *name,
                GVariant   *unused)
{
  dyno_window_go_forward (DYNO_WINDOW (widget));
}

static void
sidebar_action (GtkWidget  *widget,
                const char *name,
                GVariant   *unused)
{
  DynoWindow *self = DYNO_WINDOW (widget);

  gtk_toggle_button_set_active (self->sidebar_toggle,
                                !gtk_toggle_button_get_active (self->sidebar_toggle));
}

static void
fullscreen_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *unused)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (widget)))
    gtk_window_unfullscreen (GTK_WINDOW (widget));
  else
    gtk_window_fullscreen (GTK_WINDOW (widget));
}

/* What the window offers of a page, so that banner and foot can name it. */
static void
relay_action (GtkWidget  *widget,
              const char *name,
              GVariant   *unused)
{
  static const struct
  {
    const char *ours;
    const char *theirs;
  } relays[] = {
    { "win.stop", "live.stop" },
    { "win.doctor", "live.doctor" },
    { "win.link", "live.link" },
    { "win.stop-simulator", "live.stop-simulator" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (relays); i++)
    {
      if (g_str_equal (relays[i].ours, name))
        dyno_window_activate (DYNO_WINDOW (widget), relays[i].theirs);
    }
}

static void
trouble_action (GtkWidget  *widget,
                const char *name,
                GVariant   *unused)
{
  DynoWindow *self = DYNO_WINDOW (widget);
  const GError *trouble = self->shop != NULL ? dyno_shop_get_trouble (self->shop) : NULL;

  if (trouble != NULL)
    dyno_window_show_trouble (self, trouble);
}

void
dyno_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.page", "s", page_action);
  gtk_widget_class_install_action (widget_class, "win.open-run", "s", open_run_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.forward", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "win.sidebar", NULL, sidebar_action);
  gtk_widget_class_install_action (widget_class, "win.fullscreen", NULL, fullscreen_action);
  gtk_widget_class_install_action (widget_class, "win.stop", NULL, relay_action);
  gtk_widget_class_install_action (widget_class, "win.doctor", NULL, relay_action);
  gtk_widget_class_install_action (widget_class, "win.link", NULL, relay_action);
  gtk_widget_class_install_action (widget_class, "win.stop-simulator", NULL, relay_action);
  gtk_widget_class_install_action (widget_class, "win.trouble", NULL, trouble_action);
}
