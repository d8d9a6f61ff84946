/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The texts of the x axis, below all panes. */

#include "config.h"

#include "dyno-chart-private.h"
#include "dyno-look.h"

#include <math.h>

#define TEXT_GAP 4

#define DYNO_TYPE_CHART_AXIS (dyno_chart_axis_get_type ())
G_DECLARE_FINAL_TYPE (DynoChartAxis, dyno_chart_axis, DYNO, CHART_AXIS, GtkWidget)

struct _DynoChartAxis
{
  GtkWidget  parent_instance;

  DynoRuler *x; /* (owned) the chart's */
};

G_DEFINE_FINAL_TYPE (DynoChartAxis, dyno_chart_axis, GTK_TYPE_WIDGET)

static int
line_height (GtkWidget *widget)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);

  return height;
}

double
dyno_chart_axis_get_height (GtkWidget *axis)
{
  return 2 * line_height (axis) + 2 * TEXT_GAP;
}

static void
put_text (DynoChartAxis  *self,
          GtkSnapshot    *snapshot,
          const char     *text,
          double          x,
          double          y,
          const GdkRGBA  *color)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) floor (x - width / 2.0),
                                                          (float) y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
dyno_chart_axis_snapshot (GtkWidget   *widget,
                          GtkSnapshot *snapshot)
{
  DynoChartAxis *self = DYNO_CHART_AXIS (widget);
  DynoLook look = dyno_look_now ();
  GdkRGBA ink = dyno_look_rgba (dyno_palette_ink (look));
  GdkRGBA dim = dyno_look_rgba (dyno_palette_dim (look));
  g_autofree char *label = dyno_ruler_label (self->x);
  DynoRulerTick ticks[64];
  guint n = dyno_ruler_ticks (self->x, ticks, G_N_ELEMENTS (ticks));

  for (guint i = 0; i < n; i++)
    put_text (self, snapshot, ticks[i].text, ticks[i].place, TEXT_GAP, &dim);
  dyno_ruler_clear_ticks (ticks, n);
  put_text (self, snapshot, label, gtk_widget_get_width (widget) / 2.0,
            TEXT_GAP + line_height (widget), &ink);
}

static void
dyno_chart_axis_dispose (GObject *object)
{
  g_clear_object (&DYNO_CHART_AXIS (object)->x);

  G_OBJECT_CLASS (dyno_chart_axis_parent_class)->dispose (object);
}

static void
dyno_chart_axis_class_init (DynoChartAxisClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_chart_axis_dispose;
  widget_class->snapshot = dyno_chart_axis_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dyno_chart_axis_init (DynoChartAxis *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

GtkWidget *
dyno_chart_axis_new (DynoRuler *x)
{
  DynoChartAxis *self = g_object_new (DYNO_TYPE_CHART_AXIS, NULL);

  self->x = g_object_ref (x);
  g_signal_connect_object (x, "changed", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);

  return GTK_WIDGET (self);
}
