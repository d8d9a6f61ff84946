/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-sparkline.h"

#include "dyno-look.h"
#include "dyno-plot.h"

#include <math.h>
#include <string.h>

#define LINE_WIDTH 1.5
#define MARGIN 2

struct _DynoSparkline
{
  GtkWidget  parent_instance;

  double     values[DYNO_SPARKLINE_MAX_VALUES];
  gsize      n;
};

G_DEFINE_FINAL_TYPE (DynoSparkline, dyno_sparkline, GTK_TYPE_WIDGET)

/* A flat line lies in the middle. */
static DynoPlotScale
make_scale (DynoSparkline *self,
            double         height)
{
  DynoPlotScale scale = { INFINITY, -INFINITY, height - MARGIN, MARGIN };

  for (gsize i = 0; i < self->n; i++)
    {
      scale.min = fmin (scale.min, self->values[i]);
      scale.max = fmax (scale.max, self->values[i]);
    }
  dyno_plot_widen (&scale.min, &scale.max);

  return scale;
}

static void
dyno_sparkline_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  DynoSparkline *self = DYNO_SPARKLINE (widget);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);
  DynoPlotScale scale = make_scale (self, height);
  DynoPlotStyle style = dyno_plot_style (dyno_look_now (), DYNO_LAYER_LINE, 0, DYNO_DASH_SOLID,
                                         LINE_WIDTH);
  DynoPlotPoint points[DYNO_SPARKLINE_MAX_VALUES];
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  cairo_t *cr;

  if (self->n == 0 || width <= 0 || height <= 0)
    return;

  for (gsize i = 0; i < self->n; i++)
    {
      points[i].x = MARGIN + (double) i * (width - 2 * MARGIN) / MAX (self->n - 1, 1);
      points[i].y = dyno_plot_place (&scale, self->values[i]);
    }
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  dyno_plot_curve (cr, &style, points, self->n);
  dyno_plot_points (cr, &style, points + self->n - 1, 1);
  cairo_destroy (cr);
}

static void
dyno_sparkline_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 40 : 16;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 96 : 24;
}

void
dyno_sparkline_set_values (DynoSparkline *self,
                           gsize          n,
                           const double  *values)
{
  gsize skip = n > DYNO_SPARKLINE_MAX_VALUES ? n - DYNO_SPARKLINE_MAX_VALUES : 0;

  g_return_if_fail (DYNO_IS_SPARKLINE (self));

  n -= skip;
  if (n == self->n && memcmp (self->values, values + skip, n * sizeof *values) == 0)
    return;

  self->n = n;
  if (n > 0)
    memcpy (self->values, values + skip, n * sizeof *values);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
dyno_sparkline_set_text (DynoSparkline *self,
                         const char    *label,
                         const char    *description)
{
  g_return_if_fail (DYNO_IS_SPARKLINE (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), description);
}

static void
dyno_sparkline_class_init (DynoSparklineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = dyno_sparkline_snapshot;
  widget_class->measure = dyno_sparkline_measure;
  gtk_widget_class_set_css_name (widget_class, "dynosparkline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
dyno_sparkline_init (DynoSparkline *self)
{
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);
}

GtkWidget *
dyno_sparkline_new (void)
{
  return g_object_new (DYNO_TYPE_SPARKLINE, NULL);
}
