/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* All curves of a pane as one cairo node.
 *
 * Cairo's stroker is what a chart costs: about 1 ms for a curve of 1,200 columns
 * at full quality, a third of it with coarse antialiasing, and more the more ink
 * there is. So a chart at rest is drawn well and one in motion well enough. */

#include "config.h"

#include "dyno-chart-private.h"
#include "dyno-look.h"

#include <math.h>

/* In motion, more curves than this get one point a column and no antialiasing. */
#define MOST_FINE_LINES 8
/* In motion, more px of curve than this go without antialiasing. */
#define MOST_INK 150000

#define DYNO_TYPE_CHART_LINES (dyno_chart_lines_get_type ())
G_DECLARE_FINAL_TYPE (DynoChartLines, dyno_chart_lines, DYNO, CHART_LINES, GtkWidget)

struct _DynoChartLines
{
  GtkWidget      parent_instance;

  DynoChartPane *pane;     /* (borrowed) parent */
  DynoPlotPoint *places;   /* (owned) of one curve, in px */
  DynoPlotPoint *upper;    /* (owned) of the upper edge of a band */
  gsize          n_room;   /* of both */
  double         last_ink; /* px of curve in the last drawing */
  double         ink;      /* in this one, so far */

  guint64        n_drawn;
  guint          n_lines;
  guint          n_points;
};

G_DEFINE_FINAL_TYPE (DynoChartLines, dyno_chart_lines, GTK_TYPE_WIDGET)

static void
reserve (DynoChartLines *self,
         gsize           n)
{
  if (n <= self->n_room)
    return;

  self->n_room = MAX (n, 2 * self->n_room);
  self->places = g_renew (DynoPlotPoint, self->places, self->n_room);
  self->upper = g_renew (DynoPlotPoint, self->upper, self->n_room);
}

/* Points of a fold to px. Far outside the plot a place is cut off, or cairo's
 * numbers of 24 bits would wrap. */
static void
place_points (const DynoPlotPoint *points,
              gsize                n,
              DynoRuler           *y,
              double               px_per_column,
              DynoPlotPoint       *places)
{
  double min;
  double max;
  double length = dyno_ruler_get_length (y);
  double scale;

  dyno_ruler_get_range (y, &min, &max);
  scale = length / (max - min);
  for (gsize i = 0; i < n; i++)
    {
      places[i].x = CLAMP (points[i].x * px_per_column, -1e6, 1e6);
      places[i].y = isnan (points[i].y) ? NAN : CLAMP (length - (points[i].y - min) * scale, -1e5, 1e5);
    }
}

static double
length_of (const DynoPlotPoint *places,
           gsize                n)
{
  double length = 0;

  for (gsize i = 1; i < n; i++)
    {
      double step = fabs (places[i].y - places[i - 1].y);

      length += step < 1e4 ? 1 + step : 1;
    }

  return length;
}

static gboolean
is_coarse (DynoChartLines *self)
{
  return self->pane->quality == DYNO_QUALITY_MOVING
         && dyno_chart_pane_n_lines (self->pane) > MOST_FINE_LINES;
}

static cairo_antialias_t
antialias_now (DynoChartLines *self)
{
  if (self->pane->quality == DYNO_QUALITY_FULL)
    return CAIRO_ANTIALIAS_GOOD;

  return is_coarse (self) || self->last_ink > MOST_INK ? CAIRO_ANTIALIAS_NONE
                                                       : CAIRO_ANTIALIAS_FAST;
}

static void
draw_band (DynoChartLines       *self,
           cairo_t              *cr,
           const DynoChartLayer *layer,
           const DynoPlotStyle  *style,
           gsize                 n,
           double                px_per_column)
{
  const DynoPlotPoint *points;
  gsize n_upper;

  points = dyno_fold_points (layer->upper, FALSE, &n_upper);
  reserve (self, n_upper);
  place_points (points, n_upper, self->pane->y[layer->side], px_per_column, self->upper);
  dyno_plot_band (cr, style, self->places, self->upper, MIN (n, n_upper));
}

static void
draw_layer (DynoChartLines       *self,
            cairo_t              *cr,
            const DynoChartLayer *layer,
            DynoLook              look,
            double                width)
{
  DynoRuler *y = self->pane->y[layer->side];
  double px_per_column = 1.0 / gtk_widget_get_scale_factor (GTK_WIDGET (self));
  DynoPlotStyle style = dyno_plot_style (look, layer->kind, dyno_series_get_trace (layer->series),
                                         dyno_series_get_dash (layer->series), width);
  const DynoPlotPoint *points;
  gsize n;

  points = dyno_fold_points (layer->fold, is_coarse (self), &n);
  reserve (self, n);
  place_points (points, n, y, px_per_column, self->places);
  self->ink += length_of (self->places, n);
  self->n_points += (guint) n;
  self->n_lines++;
  if (dyno_series_get_pinned (layer->series) && layer->kind == DYNO_LAYER_LINE)
    style.width += 1;

  switch (layer->kind)
    {
    case DYNO_LAYER_BAND:
      draw_band (self, cr, layer, &style, n, px_per_column);
      break;
    case DYNO_LAYER_BARS:
      dyno_plot_bars (cr, &style, self->places, n, dyno_ruler_place (y, 0));
      break;
    case DYNO_LAYER_POINTS:
      dyno_plot_points (cr, &style, self->places, n);
      break;
    case DYNO_LAYER_LINE:
    case DYNO_LAYER_RAW:
    case DYNO_N_LAYER_KINDS:
    default:
      dyno_plot_curve (cr, &style, self->places, n);
      break;
    }
}

/* What covers most lies lowest. */
static void
draw_layers (DynoChartLines *self,
             cairo_t        *cr)
{
  static const DynoLayerKind order[] = { DYNO_LAYER_BAND, DYNO_LAYER_BARS, DYNO_LAYER_RAW,
                                         DYNO_LAYER_LINE, DYNO_LAYER_POINTS };
  const GPtrArray *layers = self->pane->layers;
  DynoLook look = dyno_look_now ();
  double width = dyno_look_line_width (GTK_WIDGET (self));

  for (gsize k = 0; k < G_N_ELEMENTS (order); k++)
    for (guint i = 0; i < layers->len; i++)
      {
        const DynoChartLayer *layer = g_ptr_array_index (layers, i);

        if (layer->kind == order[k] && dyno_series_get_visible (layer->series))
          draw_layer (self, cr, layer, look, width);
      }
}

static void
dyno_chart_lines_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  DynoChartLines *self = DYNO_CHART_LINES (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                               (float) gtk_widget_get_height (widget));
  cairo_t *cr;

  if (bounds.size.width <= 0 || bounds.size.height <= 0)
    return;

  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_set_antialias (cr, antialias_now (self));
  self->ink = 0;
  self->n_lines = 0;
  self->n_points = 0;
  draw_layers (self, cr);
  cairo_destroy (cr);
  self->last_ink = self->ink;
  self->n_drawn++;
}

void
dyno_chart_lines_get_counts (GtkWidget *lines,
                             guint64   *n_drawn,
                             guint     *n_lines,
                             guint     *n_points)
{
  DynoChartLines *self = DYNO_CHART_LINES (lines);

  *n_drawn = self->n_drawn;
  *n_lines = self->n_lines;
  *n_points = self->n_points;
}

static void
dyno_chart_lines_finalize (GObject *object)
{
  DynoChartLines *self = DYNO_CHART_LINES (object);

  g_free (self->places);
  g_free (self->upper);

  G_OBJECT_CLASS (dyno_chart_lines_parent_class)->finalize (object);
}

static void
dyno_chart_lines_class_init (DynoChartLinesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = dyno_chart_lines_finalize;
  widget_class->snapshot = dyno_chart_lines_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dyno_chart_lines_init (DynoChartLines *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
dyno_chart_lines_new (DynoChartPane *pane)
{
  DynoChartLines *self = g_object_new (DYNO_TYPE_CHART_LINES, NULL);

  self->pane = pane;
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);

  return GTK_WIDGET (self);
}
