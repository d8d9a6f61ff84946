/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-details-window.h"

struct _DynoDetailsWindow
{
  AdwWindow       parent_instance;

  AdwWindowTitle *heading; /* template */
  GtkLabel       *text;
};

G_DEFINE_FINAL_TYPE (DynoDetailsWindow, dyno_details_window, ADW_TYPE_WINDOW)

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  DynoDetailsWindow *self = DYNO_DETAILS_WINDOW (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), gtk_label_get_label (self->text));
}

static void
dyno_details_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_DETAILS_WINDOW);

  G_OBJECT_CLASS (dyno_details_window_parent_class)->dispose (object);
}

static void
dyno_details_window_class_init (DynoDetailsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_details_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-details-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoDetailsWindow, heading);
  gtk_widget_class_bind_template_child (widget_class, DynoDetailsWindow, text);
  gtk_widget_class_install_action (widget_class, "details.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
dyno_details_window_init (DynoDetailsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
dyno_details_window_new (const char *title,
                         const char *text)
{
  DynoDetailsWindow *self = g_object_new (DYNO_TYPE_DETAILS_WINDOW, "title", title, NULL);

  adw_window_title_set_title (self->heading, title);
  gtk_label_set_label (self->text, text);

  return GTK_WIDGET (self);
}
