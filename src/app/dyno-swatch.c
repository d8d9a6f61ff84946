/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-swatch.h"

#include "dyno-look.h"

#include <math.h>

struct _DynoSwatch
{
  GtkWidget  parent_instance;

  guint      trace;
  DynoDash   dash;
};

G_DEFINE_FINAL_TYPE (DynoSwatch, dyno_swatch, GTK_TYPE_WIDGET)

static int
text_height (GtkWidget *widget)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, "A");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);

  return height;
}

static void
draw_line (DynoSwatch  *self,
           GtkSnapshot *snapshot,
           double       width,
           double       height)
{
  DynoPlotStyle style = dyno_plot_style (dyno_look_now (), DYNO_LAYER_LINE, self->trace, self->dash,
                                         dyno_look_line_width (GTK_WIDGET (self)));
  DynoPlotPoint ends[2] = { { 0, height / 2 }, { width, height / 2 } };
  cairo_t *cr =
      gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width,
                                                                (float) height));

  style.is_marked = FALSE;
  dyno_plot_curve (cr, &style, ends, 2);
  if (dyno_palette_is_marked (self->trace))
    dyno_plot_points (cr, &style, &(DynoPlotPoint) { 4, height / 2 }, 1);
  cairo_destroy (cr);
}

static void
dyno_swatch_snapshot (GtkWidget   *widget,
                      GtkSnapshot *snapshot)
{
  DynoSwatch *self = DYNO_SWATCH (widget);
  DynoLook look = dyno_look_now ();
  g_autoptr(PangoLayout) layout =
      gtk_widget_create_pango_layout (widget, dyno_palette_letter (self->trace));
  GdkRGBA ground = dyno_look_rgba (dyno_palette_ground (look));
  GdkRGBA frame = dyno_look_rgba (dyno_palette_trace (look, self->trace));
  GdkRGBA ink = dyno_look_rgba (dyno_palette_ink (look));
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);
  float side = (float) text_height (widget);
  float x = (float) width - side;
  float y = floorf (((float) height - side) / 2);
  int text_width;

  draw_line (self, snapshot, width - side, height);
  gtk_snapshot_append_color (snapshot, &frame, &GRAPHENE_RECT_INIT (x, y, side, side));
  gtk_snapshot_append_color (snapshot, &ground,
                             &GRAPHENE_RECT_INIT (x + 2, y + 2, side - 4, side - 4));
  pango_layout_get_pixel_size (layout, &text_width, NULL);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (x + floorf ((side - (float) text_width) / 2), y));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
}

static void
dyno_swatch_measure (GtkWidget      *widget,
                     GtkOrientation  orientation,
                     int             for_size,
                     int            *minimum,
                     int            *natural,
                     int            *minimum_baseline,
                     int            *natural_baseline)
{
  int height = text_height (widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 3 * height : height;
}

static void
dyno_swatch_class_init (DynoSwatchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = dyno_swatch_snapshot;
  widget_class->measure = dyno_swatch_measure;
  gtk_widget_class_set_css_name (widget_class, "dynoswatch");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dyno_swatch_init (DynoSwatch *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);
}

GtkWidget *
dyno_swatch_new (void)
{
  return g_object_new (DYNO_TYPE_SWATCH, NULL);
}

void
dyno_swatch_set (DynoSwatch *self,
                 guint       trace,
                 DynoDash    dash)
{
  g_return_if_fail (DYNO_IS_SWATCH (self));

  self->trace = trace;
  self->dash = dash;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
