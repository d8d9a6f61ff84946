/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-provider-row.h"

#include "dyno-access.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>

struct _DynoProviderRow
{
  AdwActionRow  parent_instance;

  char         *name;  /* (owned) */
  GtkWidget    *tag;   /* children */
  GtkWidget    *check;
};

G_DEFINE_FINAL_TYPE (DynoProviderRow, dyno_provider_row, ADW_TYPE_ACTION_ROW)

const char *
dyno_provider_row_get_name (DynoProviderRow *self)
{
  return self->name;
}

static char *
describe (const DynoProviderState *provider)
{
  g_autofree char *address = dyno_address_text (provider->address);
  g_autofree char *loss = dyno_wording_percent (provider->loss_percent);
  g_autofree char *age = dyno_wording_age (provider->age_s);

  if (provider->is_incompatible)
    return g_strdup_printf (_ ("%s · speaks another version"), address);
  if (provider->is_gone)
    return g_strdup_printf (_ ("%s · gone"), address);
  if (provider->is_silent)
    return g_strdup_printf (_ ("%s · silent for %s"), address, age);

  /* Translators: address, datagrams a second, loss, age of the last one. */
  return g_strdup_printf (_ ("%s · %.0f/s · loss %s · %s ago"), address, provider->datagrams_hz,
                          loss, age);
}

void
dyno_provider_row_show (DynoProviderRow         *self,
                        const DynoProviderState *provider)
{
  g_autofree char *text = describe (provider);
  g_autofree char *spoken = g_strdup_printf ("%s%s%s", text,
                                             provider->is_simulator ? ", " : "",
                                             provider->is_simulator ? _ ("simulator") : "");

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_widget_set_visible (self->tag, provider->is_simulator);
  gtk_widget_set_opacity (self->check, provider->is_chosen ? 1 : 0);
  dyno_access_describe (GTK_WIDGET (self), spoken);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED,
                               provider->is_chosen, -1);
}

static void
dyno_provider_row_finalize (GObject *object)
{
  g_free (DYNO_PROVIDER_ROW (object)->name);

  G_OBJECT_CLASS (dyno_provider_row_parent_class)->finalize (object);
}

static void
dyno_provider_row_class_init (DynoProviderRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dyno_provider_row_finalize;
}

static void
dyno_provider_row_init (DynoProviderRow *self)
{
  self->tag = gtk_label_new (_ ("SIMULATOR"));
  gtk_widget_add_css_class (self->tag, "dyno-tag");
  gtk_widget_set_valign (self->tag, GTK_ALIGN_CENTER);
  self->check = gtk_image_new_from_icon_name ("dyno-ok-symbolic");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->tag);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->check);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
}

GtkWidget *
dyno_provider_row_new (const char *name)
{
  DynoProviderRow *self = g_object_new (DYNO_TYPE_PROVIDER_ROW, NULL);

  self->name = g_strdup (name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);

  return GTK_WIDGET (self);
}
