/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-trouble-page.h"

#include "dyno-trouble.h"

#include <glib/gi18n.h>

struct _DynoTroublePage
{
  AdwBin         parent_instance;

  GError        *error;   /* (owned) (nullable) */
  AdwStatusPage *status;  /* template */
};

G_DEFINE_FINAL_TYPE (DynoTroublePage, dyno_trouble_page, ADW_TYPE_BIN)

static void
details_action (GtkWidget  *widget,
                const char *name,
                GVariant   *unused)
{
  dyno_trouble_show (widget, DYNO_TROUBLE_PAGE (widget)->error);
}

void
dyno_trouble_page_set_error (DynoTroublePage *self,
                             const GError    *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  adw_status_page_set_icon_name (self->status, dyno_trouble_icon (error));
  adw_status_page_set_title (self->status, _ ("The Run Book Cannot Be Opened"));
  adw_status_page_set_description (self->status, escaped);
}

static void
dyno_trouble_page_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_TROUBLE_PAGE);

  G_OBJECT_CLASS (dyno_trouble_page_parent_class)->dispose (object);
}

static void
dyno_trouble_page_finalize (GObject *object)
{
  g_clear_error (&DYNO_TROUBLE_PAGE (object)->error);

  G_OBJECT_CLASS (dyno_trouble_page_parent_class)->finalize (object);
}

static void
dyno_trouble_page_class_init (DynoTroublePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_trouble_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = dyno_trouble_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-trouble-page.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoTroublePage, status);
  gtk_widget_class_install_action (widget_class, "trouble.details", NULL, details_action);
}

static void
dyno_trouble_page_init (DynoTroublePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
dyno_trouble_page_new (void)
{
  return g_object_new (DYNO_TYPE_TROUBLE_PAGE, NULL);
}
