/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-settings-page.h"

#include "dyno-access.h"
#include "dyno-compat.h"
#include "dyno-setting-row.h"

#include <glib/gi18n.h>

struct _DynoSettingsPage
{
  DynoPage             parent_instance;

  GPtrArray           *rows;      /* (owned) of AdwActionRow (borrowed), most DynoSettingRow */
  GtkSearchEntry      *search;    /* template */
  AdwPreferencesGroup *interface;
  AdwActionRow        *style_row;
  GtkDropDown         *style;
  AdwActionRow        *shop_row;
  GtkSwitch           *shop_mode;
  AdwActionRow        *scale_row;
  GtkSpinButton       *shop_scale;
  AdwPreferencesGroup *units;
  AdwPreferencesGroup *dyno;
  AdwPreferencesGroup *detection;
  AdwPreferencesGroup *data;
  AdwActionRow        *folder_row;
  GtkButton           *open_folder;
  AdwPreferencesGroup *shop;
  GtkLabel            *nothing;
};

G_DEFINE_FINAL_TYPE (DynoSettingsPage, dyno_settings_page, DYNO_TYPE_PAGE)

typedef struct
{
  const char *key;
  const char *title;
} Setting;

static const Setting unit_settings[] = {
  { "ui.units", N_ ("Units") },
  { "ui.correction", N_ ("Correction") },
  { "ui.smoothing", N_ ("Smoothing") },
};

static const Setting dyno_settings[] = {
  { "capture.interface", N_ ("Network Interface") },
  { "capture.simulator", N_ ("Start with the Simulator") },
  { "dyno.model", N_ ("Model") },
  { "dyno.drum1_mass_slugs", N_ ("Drum Mass") },
  { "dyno.drum1_circumference_ft", N_ ("Drum Circumference") },
  { "capture.expected_address", N_ ("Address of the Dyno") },
  { "capture.passive", N_ ("Only Listen") },
};

static const Setting detection_settings[] = {
  { "capture.stay_armed", N_ ("Stay Armed") },
  { "capture.pre_roll_s", N_ ("Before a Run") },
  { "capture.post_roll_s", N_ ("After a Run") },
};

static const Setting data_settings[] = {
  { "capture.journal", N_ ("Datagrams Kept") },
  { "capture.journal_days", N_ ("Days Kept") },
  { "capture.journal_gib", N_ ("Space for Datagrams") },
};

static const Setting shop_settings[] = {
  { "shop.name", N_ ("Name") },
};

/* Rows. */

static void
failed_cb (DynoSettingRow   *row,
           const GError     *error,
           DynoSettingsPage *self)
{
  dyno_page_toast_error (DYNO_PAGE (self), error);
}

static void
add_settings (DynoSettingsPage    *self,
              AdwPreferencesGroup *group,
              const Setting       *settings,
              gsize                n_settings)
{
  for (gsize i = 0; i < n_settings; i++)
    {
      GtkWidget *row = dyno_setting_row_new (dyno_page_get_shop (DYNO_PAGE (self)),
                                             settings[i].key, _ (settings[i].title));

      g_signal_connect_object (row, "failed", G_CALLBACK (failed_cb), self, 0);
      g_ptr_array_add (self->rows, row);
      adw_preferences_group_add (group, row);
    }
}

GtkWidget *
dyno_settings_page_find_row (DynoSettingsPage *self,
                             const char       *key)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      if (DYNO_IS_SETTING_ROW (row)
          && g_strcmp0 (dyno_setting_row_get_key (DYNO_SETTING_ROW (row)), key) == 0)
        return row;
    }

  return NULL;
}

static void
dyno_settings_page_config_changed (DynoPage   *page,
                                   const char *key)
{
  GtkWidget *row = dyno_settings_page_find_row (DYNO_SETTINGS_PAGE (page), key);

  if (row != NULL)
    dyno_setting_row_update (DYNO_SETTING_ROW (row));
}

static void
show_folder (DynoSettingsPage *self)
{
  const DynoFolders *folders = dyno_shop_get_folders (dyno_page_get_shop (DYNO_PAGE (self)));
  g_autofree char *text =
      g_strdup_printf (_ ("%s\nAnother one: start the program with --data-dir"), folders->data);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_action_row_set_subtitle (self->folder_row, escaped);
}

static void
open_folder_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *unused)
{
  const DynoFolders *folders = dyno_shop_get_folders (dyno_page_get_shop (DYNO_PAGE (widget)));

  dyno_compat_show_folder (widget, folders->data);
}

/* Search: rows that say it, and groups with such rows. */

static gboolean
says (GtkWidget  *row,
      const char *folded)
{
  const char *subtitle = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
  g_autofree char *text =
      g_strconcat (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), " ",
                   subtitle != NULL ? subtitle : "", NULL);
  g_autofree char *ours = g_utf8_casefold (text, -1);

  return strstr (ours, folded) != NULL;
}

static void
search_changed_cb (DynoSettingsPage *self)
{
  g_autofree char *wanted =
      g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  AdwPreferencesGroup *groups[] = { self->interface, self->units, self->dyno,
                                    self->detection, self->data,  self->shop };
  gboolean has_found = FALSE;

  for (guint i = 0; i < self->rows->len; i++)
    gtk_widget_set_visible (g_ptr_array_index (self->rows, i),
                            says (g_ptr_array_index (self->rows, i), wanted));
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      gboolean has_row = FALSE;

      for (guint k = 0; k < self->rows->len; k++)
        {
          GtkWidget *row = g_ptr_array_index (self->rows, k);

          has_row |= gtk_widget_get_visible (row)
                     && gtk_widget_is_ancestor (row, GTK_WIDGET (groups[i]));
        }
      gtk_widget_set_visible (GTK_WIDGET (groups[i]), has_row);
      has_found |= has_row;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->nothing), !has_found);
}

static void
search_action (GtkWidget  *widget,
               const char *name,
               GVariant   *unused)
{
  gtk_widget_grab_focus (GTK_WIDGET (DYNO_SETTINGS_PAGE (widget)->search));
}

/* Object. */

static void
dyno_settings_page_constructed (GObject *object)
{
  DynoSettingsPage *self = DYNO_SETTINGS_PAGE (object);

  G_OBJECT_CLASS (dyno_settings_page_parent_class)->constructed (object);

  g_ptr_array_add (self->rows, self->style_row);
  g_ptr_array_add (self->rows, self->shop_row);
  g_ptr_array_add (self->rows, self->scale_row);
  g_ptr_array_add (self->rows, self->folder_row);
  add_settings (self, self->units, unit_settings, G_N_ELEMENTS (unit_settings));
  add_settings (self, self->dyno, dyno_settings, G_N_ELEMENTS (dyno_settings));
  add_settings (self, self->detection, detection_settings, G_N_ELEMENTS (detection_settings));
  add_settings (self, self->data, data_settings, G_N_ELEMENTS (data_settings));
  add_settings (self, self->shop, shop_settings, G_N_ELEMENTS (shop_settings));
  show_folder (self);
  dyno_access_name (GTK_WIDGET (self->style), _ ("Style"));
}

static void
dyno_settings_page_dispose (GObject *object)
{
  g_ptr_array_set_size (DYNO_SETTINGS_PAGE (object)->rows, 0);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_SETTINGS_PAGE);

  G_OBJECT_CLASS (dyno_settings_page_parent_class)->dispose (object);
}

static void
dyno_settings_page_finalize (GObject *object)
{
  g_ptr_array_unref (DYNO_SETTINGS_PAGE (object)->rows);

  G_OBJECT_CLASS (dyno_settings_page_parent_class)->finalize (object);
}

static void
dyno_settings_page_class_init (DynoSettingsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = dyno_settings_page_constructed;
  object_class->dispose = dyno_settings_page_dispose;
  object_class->finalize = dyno_settings_page_finalize;
  DYNO_PAGE_CLASS (klass)->config_changed = dyno_settings_page_config_changed;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-settings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, search);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, interface);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, style_row);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, style);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, shop_row);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, shop_mode);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, scale_row);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, shop_scale);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, units);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, dyno);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, detection);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, data);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, folder_row);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, open_folder);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, shop);
  gtk_widget_class_bind_template_child (widget_class, DynoSettingsPage, nothing);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_install_action (widget_class, "page.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "settings.open-folder", NULL, open_folder_action);
}

static void
dyno_settings_page_init (DynoSettingsPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* An enumeration of the schema as the place in a list. */

static gboolean
style_to_place (GValue   *value,
                GVariant *variant,
                gpointer  unused)
{
  static const char *const styles[] = { "system", "light", "dark" };

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    {
      if (g_str_equal (styles[i], g_variant_get_string (variant, NULL)))
        g_value_set_uint (value, i);
    }

  return TRUE;
}

static GVariant *
place_to_style (const GValue       *value,
                const GVariantType *type,
                gpointer            unused)
{
  static const char *const styles[] = { "system", "light", "dark" };

  return g_variant_new_string (styles[MIN (g_value_get_uint (value), G_N_ELEMENTS (styles) - 1)]);
}

GtkWidget *
dyno_settings_page_new (DynoShop  *shop,
                        GSettings *settings)
{
  DynoSettingsPage *self = g_object_new (DYNO_TYPE_SETTINGS_PAGE, "shop", shop, NULL);

  g_settings_bind_with_mapping (settings, "style", self->style, "selected",
                                G_SETTINGS_BIND_DEFAULT, style_to_place, place_to_style, NULL,
                                NULL);
  g_settings_bind (settings, "shop-mode", self->shop_mode, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "shop-scale", self->shop_scale, "value", G_SETTINGS_BIND_DEFAULT);

  return GTK_WIDGET (self);
}
