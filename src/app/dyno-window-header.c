/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-window-private.h"

#include "dyno-application.h"

#include <glib/gi18n.h>

#define LEAST_CHARS 6 /* of the suggested action that are always seen */

/* Where there is no room for the tag the title says it. */
static const char *
subtitle_of (DynoWindow *self,
             DynoPage   *page)
{
  if (self->is_narrow && self->is_simulator)
    return _ ("SIMULATOR");

  return page != NULL ? dyno_page_get_subtitle (page) : "";
}

/* A narrow header may cut it, but not to nothing. */
static void
set_primary_label (GtkButton  *button,
                   const char *text)
{
  GtkLabel *label;

  gtk_button_set_label (button, text);
  label = GTK_LABEL (gtk_button_get_child (button));
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (label, MIN ((int) g_utf8_strlen (text, -1), LEAST_CHARS));
}

static void
update_title (DynoWindow *self)
{
  DynoPage *page = dyno_window_get_page (self);
  const char *label = page != NULL ? dyno_page_get_primary_label (page) : NULL;

  adw_window_title_set_title (self->title, page != NULL ? dyno_page_get_title (page) : "DynoAI");
  adw_window_title_set_subtitle (self->title, subtitle_of (self, page));
  gtk_widget_set_visible (GTK_WIDGET (self->primary_button), label != NULL);
  set_primary_label (self->primary_button, label != NULL ? label : "");
  gtk_window_set_title (GTK_WINDOW (self), adw_window_title_get_title (self->title));
}

static void
update_primary_tip (DynoWindow *self)
{
  DynoPage *page = dyno_window_get_page (self);
  const char *action = page != NULL ? dyno_page_get_primary_action (page) : NULL;
  const DynoKey *key = action != NULL ? dyno_application_find_key (action) : NULL;
  g_autofree char *tip = NULL;

  if (key != NULL)
    tip = dyno_application_key_tip (key, dyno_page_get_primary_label (page));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->primary_button), tip);
}

void
dyno_window_update_header (DynoWindow *self)
{
  update_title (self);
  update_primary_tip (self);
}
