/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-sidebar-row.h"

#include "dyno-status.h"

struct _DynoSidebarRow
{
  GtkListBoxRow  parent_instance;

  char          *page;  /* (owned) */
  GtkImage      *icon;  /* template */
  GtkLabel      *title;
  GtkImage      *badge;
};

G_DEFINE_FINAL_TYPE (DynoSidebarRow, dyno_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

const char *
dyno_sidebar_row_get_page (DynoSidebarRow *self)
{
  return self->page;
}

void
dyno_sidebar_row_set_badge (DynoSidebarRow *self,
                            DynoStatus      status,
                            const char     *word)
{
  gtk_widget_set_visible (GTK_WIDGET (self->badge), word != NULL);
  gtk_image_set_from_icon_name (self->badge, dyno_status_icon (status));
  gtk_widget_set_css_classes (GTK_WIDGET (self->badge),
                              (const char *[]) { dyno_status_class (status), NULL });
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  word != NULL ? word : "", -1);
}

static void
dyno_sidebar_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_SIDEBAR_ROW);

  G_OBJECT_CLASS (dyno_sidebar_row_parent_class)->dispose (object);
}

static void
dyno_sidebar_row_finalize (GObject *object)
{
  g_free (DYNO_SIDEBAR_ROW (object)->page);

  G_OBJECT_CLASS (dyno_sidebar_row_parent_class)->finalize (object);
}

static void
dyno_sidebar_row_class_init (DynoSidebarRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_sidebar_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = dyno_sidebar_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoSidebarRow, icon);
  gtk_widget_class_bind_template_child (widget_class, DynoSidebarRow, title);
  gtk_widget_class_bind_template_child (widget_class, DynoSidebarRow, badge);
}

static void
dyno_sidebar_row_init (DynoSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
dyno_sidebar_row_new (const char *page,
                      const char *title,
                      const char *icon_name)
{
  DynoSidebarRow *self = g_object_new (DYNO_TYPE_SIDEBAR_ROW, NULL);

  self->page = g_strdup (page);
  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_label_set_label (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);

  return GTK_WIDGET (self);
}
