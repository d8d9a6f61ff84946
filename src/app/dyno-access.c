/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-access.h"

#include "dyno-application.h"

#include <glib/gi18n.h>

static gboolean
is_compound (GtkWidget *widget)
{
  return GTK_IS_MENU_BUTTON (widget) || GTK_IS_DROP_DOWN (widget);
}

void
dyno_access_name (GtkWidget  *widget,
                  const char *name)
{
  GtkWidget *inner = GTK_IS_DROP_DOWN (widget) ? gtk_widget_get_first_child (widget) : NULL;

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (inner != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (inner), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    -1);
}

void
dyno_access_describe (GtkWidget  *widget,
                      const char *description)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
}

void
dyno_access_name_row (GtkWidget  *child,
                      const char *name)
{
  GtkWidget *parent = gtk_widget_get_parent (child);

  for (; parent != NULL && !GTK_IS_SCROLLABLE (parent) && !GTK_IS_COLUMN_VIEW (parent);
       parent = gtk_widget_get_parent (parent))
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    -1);
}

void
dyno_access_name_columns (GtkColumnView *view,
                          const char    *name)
{
  GtkWidget *heads = gtk_widget_get_first_child (GTK_WIDGET (view));

  dyno_access_name (heads, _ ("Heads of the columns"));
  dyno_access_name (gtk_widget_get_next_sibling (heads), name);
}

/* A button with words of its own is named by them. */
static gboolean
shows_words (GtkWidget *widget)
{
  if (!GTK_IS_BUTTON (widget))
    return FALSE;

  return gtk_button_get_label (GTK_BUTTON (widget)) != NULL
         || (gtk_button_get_child (GTK_BUTTON (widget)) != NULL
             && !GTK_IS_IMAGE (gtk_button_get_child (GTK_BUTTON (widget))));
}

static void
name_by_key (GtkWidget *widget)
{
  const char *action = gtk_actionable_get_action_name (GTK_ACTIONABLE (widget));
  const DynoKey *key = action != NULL ? dyno_application_find_key (action) : NULL;
  const char *tip = gtk_widget_get_tooltip_text (widget);
  const char *label;
  g_autofree char *text = NULL;

  if (key == NULL)
    return;

  label = tip != NULL ? tip : dyno_application_key_title (key);
  text = dyno_application_key_tip (key, label);
  gtk_widget_set_tooltip_text (widget, text);
  if (!shows_words (widget))
    dyno_access_name (widget, label);
}

static void
name_one (GtkWidget *widget)
{
  const char *tip = gtk_widget_get_tooltip_text (widget);

  if (GTK_IS_BUTTON (widget) && GTK_IS_ACTIONABLE (widget))
    name_by_key (widget);
  else if (is_compound (widget) && tip != NULL)
    dyno_access_name (widget, tip);
}

void
dyno_access_name_all (GtkWidget *root)
{
  GtkWidget *child;

  name_one (root);
  for (child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    dyno_access_name_all (child);
}
