/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-setting-row.h"

#include "dyno-access.h"

#include <glib/gi18n.h>

struct _DynoSettingRow
{
  AdwActionRow          parent_instance;

  DynoShop             *shop;        /* (owned) */
  GCancellable         *cancellable; /* (owned) */
  const DynoConfigRow  *row;
  char                **choices;     /* (owned) (nullable) of a choice, in the order shown */
  gboolean              is_showing;  /* what is shown is not what somebody chose */

  GtkWidget            *origin;      /* children */
  GtkWidget            *reset;
  GtkWidget            *editor;
};

enum
{
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoSettingRow, dyno_setting_row, ADW_TYPE_ACTION_ROW)

const char *
dyno_setting_row_get_key (DynoSettingRow *self)
{
  return self->row->key;
}

/* Words for the values of choices; others stand for themselves. */
static const char *
choice_title (const char *choice)
{
  static const struct
  {
    const char *choice;
    const char *title;
  } titles[] = {
    { "metric", N_ ("Metric (kW)") },
    { "us", N_ ("US (hp)") },
    { "european", N_ ("European (PS)") },
    { "none", N_ ("None") },
    { "sae-1990", N_ ("SAE J1349 (1990)") },
    { "sae-2004", N_ ("SAE J1349 (2004)") },
    { "std-j607", N_ ("STD (SAE J607)") },
    { "din-70020", N_ ("DIN 70020") },
    { "iso-1585", N_ ("EEC (ISO 1585)") },
    { "jis-d1001", N_ ("JIS D1001") },
    { "runs", N_ ("Of each run") },
    { "day", N_ ("Of the whole day") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      if (g_str_equal (titles[i].choice, choice))
        return _ (titles[i].title);
    }

  return choice;
}

/* Setting. */

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(DynoSettingRow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_shop_set_config_finish (result, &error))
    g_signal_emit (self, signals[FAILED], 0, error);
  if (!g_cancellable_is_cancelled (self->cancellable))
    dyno_setting_row_update (self);
}

void
dyno_setting_row_set (DynoSettingRow *self,
                      const char     *text)
{
  dyno_shop_set_config_async (self->shop, self->row->key, text, self->cancellable, set_cb,
                              g_object_ref (self));
}

static void
take (DynoSettingRow *self,
      const char     *text)
{
  g_autofree char *before = dyno_config_dup (dyno_shop_get_config (self->shop), self->row->key);

  if (!self->is_showing && g_strcmp0 (before, text) != 0)
    dyno_setting_row_set (self, text);
}

static void
reset_cb (DynoSettingRow *self)
{
  dyno_setting_row_set (self, NULL);
}

static void
switched_cb (DynoSettingRow *self)
{
  take (self, gtk_switch_get_active (GTK_SWITCH (self->editor)) ? "true" : "false");
}

static void
chosen_cb (DynoSettingRow *self)
{
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->editor));

  if (chosen < g_strv_length (self->choices))
    take (self, self->choices[chosen]);
}

static void
counted_cb (DynoSettingRow *self)
{
  g_autofree char *text =
      g_strdup_printf ("%d", gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->editor)));

  take (self, text);
}

static void
typed_cb (DynoSettingRow *self)
{
  g_autofree char *text =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->editor))));

  take (self, text);
}

/* Editors. */

static void
make_switch (DynoSettingRow *self)
{
  self->editor = gtk_switch_new ();
  g_signal_connect_object (self->editor, "notify::active", G_CALLBACK (switched_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
make_choice (DynoSettingRow *self)
{
  g_autoptr(GPtrArray) titles = g_ptr_array_new ();

  self->choices = g_strsplit (self->row->choices, "|", -1);
  for (guint i = 0; self->choices[i] != NULL; i++)
    g_ptr_array_add (titles, (gpointer) choice_title (self->choices[i]));
  g_ptr_array_add (titles, NULL);
  self->editor = gtk_drop_down_new_from_strings ((const char *const *) titles->pdata);
  g_signal_connect_object (self->editor, "notify::selected", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
make_counter (DynoSettingRow *self)
{
  self->editor = gtk_spin_button_new_with_range (self->row->low, self->row->high, 1);
  g_signal_connect_object (self->editor, "value-changed", G_CALLBACK (counted_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
make_entry (DynoSettingRow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  int width = self->row->type == DYNO_CONFIG_NUMBER ? 8 : 16;

  self->editor = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->editor), width);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->editor), width);
  g_signal_connect_object (self->editor, "activate", G_CALLBACK (typed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (self->editor, focus);
}

static void
make_editor (DynoSettingRow *self)
{
  switch (self->row->type)
    {
    case DYNO_CONFIG_BOOLEAN:
      make_switch (self);
      break;
    case DYNO_CONFIG_CHOICE:
      make_choice (self);
      break;
    case DYNO_CONFIG_INTEGER:
      make_counter (self);
      break;
    case DYNO_CONFIG_NUMBER:
    case DYNO_CONFIG_TEXT:
    case DYNO_CONFIG_FOLDER:
    case DYNO_CONFIG_SECRET:
    default:
      make_entry (self);
    }
  gtk_widget_set_valign (self->editor, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (self->editor, !self->row->is_boot);
}

/* Showing. */

static void
show_choice (DynoSettingRow *self,
             const char     *value)
{
  for (guint i = 0; self->choices[i] != NULL; i++)
    {
      if (g_strcmp0 (self->choices[i], value) == 0)
        gtk_drop_down_set_selected (GTK_DROP_DOWN (self->editor), i);
    }
}

static void
show_value (DynoSettingRow *self,
            const char     *value)
{
  switch (self->row->type)
    {
    case DYNO_CONFIG_BOOLEAN:
      gtk_switch_set_active (GTK_SWITCH (self->editor), g_strcmp0 (value, "true") == 0);
      break;
    case DYNO_CONFIG_CHOICE:
      show_choice (self, value);
      break;
    case DYNO_CONFIG_INTEGER:
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->editor), g_ascii_strtod (value, NULL));
      break;
    case DYNO_CONFIG_NUMBER:
    case DYNO_CONFIG_TEXT:
    case DYNO_CONFIG_FOLDER:
    case DYNO_CONFIG_SECRET:
    default:
      gtk_editable_set_text (GTK_EDITABLE (self->editor), value);
    }
}

static const char *
origin_text (DynoConfigOrigin origin)
{
  switch (origin)
    {
    case DYNO_CONFIG_FROM_FILE:
      return _ ("from the file");
    case DYNO_CONFIG_FROM_ENVIRONMENT:
      return _ ("from the environment");
    case DYNO_CONFIG_FROM_WINDOW:
    case DYNO_CONFIG_FROM_DEFAULT:
    default:
      return "";
    }
}

void
dyno_setting_row_update (DynoSettingRow *self)
{
  DynoConfig *config = dyno_shop_get_config (self->shop);
  DynoConfigOrigin origin = dyno_config_get_origin (config, self->row->key);
  g_autofree char *value = dyno_config_dup_shown (config, self->row->key);

  self->is_showing = TRUE;
  show_value (self, value);
  self->is_showing = FALSE;
  gtk_label_set_label (GTK_LABEL (self->origin), origin_text (origin));
  gtk_widget_set_visible (self->reset, origin == DYNO_CONFIG_FROM_WINDOW);
}

static void
dyno_setting_row_dispose (GObject *object)
{
  g_cancellable_cancel (DYNO_SETTING_ROW (object)->cancellable);

  G_OBJECT_CLASS (dyno_setting_row_parent_class)->dispose (object);
}

static void
dyno_setting_row_finalize (GObject *object)
{
  DynoSettingRow *self = DYNO_SETTING_ROW (object);

  g_clear_object (&self->cancellable);
  g_strfreev (self->choices);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_setting_row_parent_class)->finalize (object);
}

static void
dyno_setting_row_class_init (DynoSettingRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dyno_setting_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = dyno_setting_row_finalize;
  signals[FAILED] = g_signal_new ("failed", DYNO_TYPE_SETTING_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
dyno_setting_row_init (DynoSettingRow *self)
{
  self->cancellable = g_cancellable_new ();
  self->origin = gtk_label_new (NULL);
  self->reset = gtk_button_new_from_icon_name ("dyno-undo-symbolic");
  gtk_widget_add_css_class (self->origin, "caption");
  gtk_widget_add_css_class (self->reset, "flat");
  gtk_widget_set_valign (self->reset, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->reset, _ ("Take Back"));
  g_signal_connect_object (self->reset, "clicked", G_CALLBACK (reset_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
dyno_setting_row_new (DynoShop   *shop,
                      const char *key,
                      const char *title)
{
  DynoSettingRow *self = g_object_new (DYNO_TYPE_SETTING_ROW, "title", title, NULL);
  g_autofree char *take_back = g_strdup_printf (_ ("Take back: %s"), title);

  self->shop = dyno_shop_ref (shop);
  self->row = dyno_config_find_row (key);
  g_assert (self->row != NULL);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _ (self->row->meaning));
  make_editor (self);
  if (self->row->is_boot)
    adw_action_row_add_suffix (ADW_ACTION_ROW (self),
                               gtk_image_new_from_icon_name ("dyno-lock-symbolic"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->origin);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->reset);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->editor);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->editor);
  dyno_access_name (self->reset, take_back);
  if (GTK_IS_DROP_DOWN (self->editor)) /* the others are labelled by the row's title */
    dyno_access_name (self->editor, title);
  dyno_setting_row_update (self);

  return GTK_WIDGET (self);
}
