/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-look.h"

#include <adwaita.h>

DynoLook
dyno_look_now (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  gboolean is_dark = adw_style_manager_get_dark (manager);

  if (adw_style_manager_get_high_contrast (manager))
    return is_dark ? DYNO_LOOK_HIGH_CONTRAST_DARK : DYNO_LOOK_HIGH_CONTRAST;

  return is_dark ? DYNO_LOOK_DARK : DYNO_LOOK_LIGHT;
}

gboolean
dyno_look_is_shop (GtkWidget *widget)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      if (gtk_widget_has_css_class (widget, "shop"))
        return TRUE;
    }

  return FALSE;
}

double
dyno_look_line_width (GtkWidget *widget)
{
  return dyno_look_is_high_contrast (dyno_look_now ()) || dyno_look_is_shop (widget) ? 3 : 2;
}

GdkRGBA
dyno_look_rgba (DynoColour colour)
{
  return (GdkRGBA) { colour.red, colour.green, colour.blue, colour.alpha };
}

void
dyno_look_draw_icon (GtkWidget     *widget,
                     GtkSnapshot   *snapshot,
                     const char    *name,
                     double         x,
                     double         y,
                     double         size,
                     const GdkRGBA *color)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  g_autoptr(GtkIconPaintable) icon =
      gtk_icon_theme_lookup_icon (theme, name, NULL, (int) size,
                                  gtk_widget_get_scale_factor (widget),
                                  gtk_widget_get_direction (widget), 0);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), GDK_SNAPSHOT (snapshot),
                                            size, size, color, 1);
  gtk_snapshot_restore (snapshot);
}

void
dyno_look_watch (GtkWidget  *widget,
                 void      (*changed) (GtkWidget *widget))
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (changed), widget,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (changed), widget,
                           G_CONNECT_SWAPPED);
}
