/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-style.h"

#include <adwaita.h>

#define PLAIN_DPI (96 * 1024)

struct _DynoStyle
{
  GSettings *settings;  /* (owned) */
  GPtrArray *windows;   /* of GtkWidget, each gone from here when it is finalized */
  int        plain_dpi; /* as it was before shop mode, in 1/1024 */
};

static void
take_style (DynoStyle *self)
{
  static const AdwColorScheme schemes[] = {
    ADW_COLOR_SCHEME_DEFAULT,
    ADW_COLOR_SCHEME_FORCE_LIGHT,
    ADW_COLOR_SCHEME_FORCE_DARK,
  };
  int style = g_settings_get_enum (self->settings, "style");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), schemes[style]);
}

static void
mark_window (gpointer window,
             gpointer is_shop)
{
  if (GPOINTER_TO_INT (is_shop))
    gtk_widget_add_css_class (window, "shop");
  else
    gtk_widget_remove_css_class (window, "shop");
}

static void
take_shop_mode (DynoStyle *self)
{
  gboolean is_shop = g_settings_get_boolean (self->settings, "shop-mode");
  guint percent = is_shop ? g_settings_get_uint (self->settings, "shop-scale") : 100;

  g_object_set (gtk_settings_get_default (),
                "gtk-xft-dpi", (int) (self->plain_dpi * (gint64) percent / 100), NULL);
  g_ptr_array_foreach (self->windows, mark_window, GINT_TO_POINTER (is_shop));
}

static void
changed_cb (GSettings  *settings,
            const char *key,
            DynoStyle  *self)
{
  if (g_str_equal (key, "style"))
    take_style (self);
  else if (g_str_has_prefix (key, "shop-"))
    take_shop_mode (self);
}

static void
window_gone_cb (gpointer  data,
                GObject  *window)
{
  g_ptr_array_remove (((DynoStyle *) data)->windows, window);
}

void
dyno_style_add_window (DynoStyle *self,
                       GtkWidget *window)
{
  g_object_weak_ref (G_OBJECT (window), window_gone_cb, self);
  g_ptr_array_add (self->windows, window);
  mark_window (window,
               GINT_TO_POINTER (g_settings_get_boolean (self->settings, "shop-mode")));
}

DynoStyle *
dyno_style_new (GSettings *settings)
{
  DynoStyle *self = g_new0 (DynoStyle, 1);

  self->settings = g_object_ref (settings);
  self->windows = g_ptr_array_new ();
  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &self->plain_dpi, NULL);
  if (self->plain_dpi <= 0)
    self->plain_dpi = PLAIN_DPI;
  g_signal_connect (settings, "changed", G_CALLBACK (changed_cb), self);
  take_style (self);
  take_shop_mode (self);

  return self;
}

void
dyno_style_free (DynoStyle *self)
{
  for (guint i = 0; i < self->windows->len; i++)
    g_object_weak_unref (g_ptr_array_index (self->windows, i), window_gone_cb, self);
  g_ptr_array_unref (self->windows);
  g_signal_handlers_disconnect_by_data (self->settings, self);
  g_object_unref (self->settings);
  g_free (self);
}
