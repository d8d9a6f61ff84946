/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-check-row.h"

#include "dyno-status.h"

struct _DynoCheckRow
{
  AdwActionRow  parent_instance;

  GtkWidget    *icon;   /* children */
  GtkWidget    *word;
  GtkWidget    *button;
};

enum
{
  FIX,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoCheckRow, dyno_check_row, ADW_TYPE_ACTION_ROW)

void
dyno_check_row_show (DynoCheckRow *self,
                     DynoStatus    status,
                     const char   *word,
                     const char   *message,
                     const char   *fix,
                     const char   *button)
{
  gboolean has_fix = fix != NULL && *fix != '\0';
  g_autofree char *text = has_fix ? g_strdup_printf ("%s\n%s", message, fix) : g_strdup (message);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", word, text);
  const char *classes[] = { dyno_status_class (status), NULL };

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), dyno_status_icon (status));
  gtk_widget_set_css_classes (self->icon, classes);
  gtk_label_set_label (GTK_LABEL (self->word), word);
  gtk_widget_set_css_classes (self->word, classes);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), escaped);
  gtk_button_set_label (GTK_BUTTON (self->button), button != NULL ? button : "");
  gtk_widget_set_visible (self->button, button != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  spoken, -1);
}

static void
clicked_cb (DynoCheckRow *self)
{
  g_signal_emit (self, signals[FIX], 0);
}

static void
dyno_check_row_class_init (DynoCheckRowClass *klass)
{
  signals[FIX] = g_signal_new ("fix", DYNO_TYPE_CHECK_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static void
dyno_check_row_init (DynoCheckRow *self)
{
  self->icon = gtk_image_new ();
  self->word = gtk_label_new (NULL);
  self->button = gtk_button_new ();
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->button, FALSE);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (clicked_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->word);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
}

GtkWidget *
dyno_check_row_new (const char *title)
{
  return g_object_new (DYNO_TYPE_CHECK_ROW, "title", title, NULL);
}
