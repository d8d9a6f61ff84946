/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* All curves of a pane as one cairo node.
 *
 * Cairo's stroker is what a chart costs: about 1 ms for a curve of 1,200 columns
 * with coarse antialiasing, three times that at full quality, and more the more
 * ink there is. So curves are kept as pixels on a canvas:
 *
 * - what lies over them (hover, cursors) redraws no curve;
 * - scrolling and panning, which move whole columns, shift the canvas and draw
 *   only the columns that are new or changed;
 * - all is drawn anew when zoom, an axis y, the look or the layers change: coarsely
 *   while in motion, well once at rest.
 */

#include "config.h"

#include "dyno-canvas.h"
#include "dyno-chart-private.h"
#include "dyno-look.h"

#include <math.h>
#include <string.h>

/* In motion, more curves than this get one point a column and no antialiasing. */
#define MOST_FINE_LINES 8
/* In motion, more px of curve than this go without antialiasing. */
#define MOST_INK 150000
/* How far a stroke or a marker reaches beyond its points, px. */
#define REACH 10
/* Points this near to the straight line are not needed, px: at rest, in motion,
 * in motion with many curves. */
#define THIN_FULL 0.05
#define THIN_MOVING 0.25
#define THIN_COARSE 0.5

#define DYNO_TYPE_CHART_LINES (dyno_chart_lines_get_type ())
G_DECLARE_FINAL_TYPE (DynoChartLines, dyno_chart_lines, DYNO, CHART_LINES, GtkWidget)

/* All that the canvas depends on but the points. */
typedef struct
{
  double   dx;
  guint    n_columns;
  double   y[2 * DYNO_N_SIDES];
  DynoLook look;
  double   width;
  guint    layers; /* a sum over what the layers are */
} View;

struct _DynoChartLines
{
  GtkWidget      parent_instance;

  DynoChartPane *pane;      /* (borrowed) parent */
  DynoCanvas    *canvas;    /* (owned) */
  View           view;      /* what the canvas shows */
  gint64         first;     /* its first column */
  gboolean       is_coarse; /* and not for want of anything better */
  gboolean       must_draw; /* all of it */

  DynoPlotPoint *places;    /* (owned) of one curve, in px */
  DynoPlotPoint *upper;     /* (owned) of the upper edge of a band */
  gsize          n_room;    /* of both */
  double         last_ink;  /* px of curve when all was drawn last */
  double         ink;       /* so far */

  guint64        n_drawn;   /* times that anything was drawn on the canvas */
  guint64        n_whole;   /* times that all was */
  guint          n_lines;
  guint          n_points;
};

G_DEFINE_FINAL_TYPE (DynoChartLines, dyno_chart_lines, GTK_TYPE_WIDGET)

/* One drawing: the columns from…to of the view. */
typedef struct
{
  cairo_t *cr;       /* (owned) */
  guint    from;
  guint    to;
  gboolean one_each;
  double   tolerance; /* px */
} Stretch;

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

static double
px_per_column (DynoChartLines *self)
{
  return 1.0 / gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

/* Points of a fold to px. Far outside the plot a place is cut off, or cairo's
 * numbers of 24 bits would wrap. */
static void
place_points (DynoChartLines      *self,
              const DynoPlotPoint *points,
              gsize                n,
              DynoRuler           *y,
              DynoPlotPoint       *places)
{
  double length = dyno_ruler_get_length (y);
  double step = px_per_column (self);
  double min;
  double max;
  double scale;

  dyno_ruler_get_range (y, &min, &max);
  scale = length / (max - min);
  for (gsize i = 0; i < n; i++)
    {
      double place = length - (points[i].y - min) * scale;

      places[i].x = CLAMP (points[i].x * step, -1e6, 1e6);
      places[i].y = isnan (place) ? NAN : CLAMP (place, -1e5, 1e5);
    }
}

/* Leaves out points of a smooth curve in place; the answer is how many are left.
 * From the last point kept, a cone of slopes meets all points since: the next one
 * outside begins a new cone. What rises straight up is kept. */
static gsize
thin_out (DynoPlotPoint *places,
          gsize          n,
          double         tolerance)
{
  double least = -INFINITY;
  double most = INFINITY;
  gsize n_kept = MIN (n, 1);

  for (gsize i = 1; i < n; i++)
    {
      const DynoPlotPoint *from = &places[n_kept - 1];
      double run = places[i].x - from->x;
      double rise = places[i].y - from->y;
      gboolean is_inside = run > 0 && rise / run >= least && rise / run <= most;
      gboolean is_last = i + 1 == n || isnan (places[i + 1].y);

      if (is_inside && !is_last)
        {
          least = fmax (least, (rise - tolerance) / run);
          most = fmin (most, (rise + tolerance) / run);
          continue;
        }
      /* The cone ends with the point before, which it still held. */
      if (!is_inside && !isnan (places[i].y) && !isnan (places[i - 1].y)
          && places[i - 1].x > from->x)
        places[n_kept++] = places[i - 1];
      places[n_kept++] = places[i];
      least = -INFINITY;
      most = INFINITY;
    }

  return n_kept;
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

/* Markers stay on their points while the curve scrolls: they count from a column
 * that all views share. The number is whole markers at any scale. */
static double
anchor_of (DynoChartLines *self)
{
  return -(double) (self->first % 120000) * px_per_column (self);
}

/* Dashes. A dashed curve that is drawn in parts must know how much of it lies
 * before the part: that stands with the columns, at column modulo their number,
 * so that it scrolls with them. */

static double *
phase_at (DynoChartLines       *self,
          const DynoChartLayer *layer,
          gint64                column)
{
  gint64 n = layer->n_phases;

  return &layer->phases[((self->first + column) % n + n) % n];
}

static void
forget_phases (DynoChartLines *self,
               guint           from,
               guint           to)
{
  guint n = self->view.n_columns;

  for (guint i = 0; i < self->pane->layers->len; i++)
    {
      DynoChartLayer *layer = g_ptr_array_index (self->pane->layers, i);
      gboolean is_new = layer->n_phases != n;

      if (is_new)
        {
          layer->n_phases = n;
          layer->phases = g_renew (double, layer->phases, n);
        }
      for (guint k = is_new ? 0 : from; k < (is_new ? n : to); k++)
        *phase_at (self, layer, k) = NAN;
    }
}

/* The phase of the first point, by the first of those that follow whose phase is
 * known; 0 where none is. */
static double
find_phase (DynoChartLines       *self,
            const DynoChartLayer *layer,
            const DynoPlotPoint  *points,
            gsize                 n)
{
  double length = 0;

  for (gsize i = 0; i < n && !isnan (points[i].y); i++)
    {
      gint64 column = (gint64) floor (points[i].x);
      gboolean is_first = i == 0 || column != (gint64) floor (points[i - 1].x);

      if (i > 0)
        length += hypot (self->places[i].x - self->places[i - 1].x,
                         self->places[i].y - self->places[i - 1].y);
      if (is_first && column >= 0 && column < layer->n_phases
          && !isnan (*phase_at (self, layer, column)))
        return *phase_at (self, layer, column) - length;
    }

  return 0;
}

static void
note_phases (DynoChartLines       *self,
             const DynoChartLayer *layer,
             const DynoPlotPoint  *points,
             gsize                 n,
             double                phase)
{
  for (gsize i = 0; i < n; i++)
    {
      gint64 column = (gint64) floor (points[i].x);
      gboolean is_down = i > 0 && !isnan (points[i - 1].y);

      if (isnan (points[i].y))
        {
          phase = 0;
          continue;
        }
      if (is_down)
        phase += hypot (self->places[i].x - self->places[i - 1].x,
                        self->places[i].y - self->places[i - 1].y);
      if (column >= 0 && column < layer->n_phases
          && (!is_down || column != (gint64) floor (points[i - 1].x)))
        *phase_at (self, layer, column) = phase;
    }
}

static void
draw_points (DynoChartLines       *self,
             const Stretch        *stretch,
             const DynoChartLayer *layer,
             const DynoPlotStyle  *style,
             gsize                 n)
{
  DynoRuler *y = self->pane->y[layer->side];
  const DynoPlotPoint *points;
  gsize n_upper;

  switch (layer->kind)
    {
    case DYNO_LAYER_BAND:
      points = dyno_fold_points (layer->upper, stretch->from, stretch->to, FALSE, &n_upper);
      reserve (self, n_upper);
      place_points (self, points, n_upper, y, self->upper);
      dyno_plot_band (stretch->cr, style, self->places, self->upper, MIN (n, n_upper));
      break;
    case DYNO_LAYER_BARS:
      dyno_plot_bars (stretch->cr, style, self->places, n, dyno_ruler_place (y, 0));
      break;
    case DYNO_LAYER_POINTS:
      dyno_plot_points (stretch->cr, style, self->places, n);
      break;
    case DYNO_LAYER_LINE:
    case DYNO_LAYER_RAW:
    case DYNO_N_LAYER_KINDS:
    default:
      dyno_plot_curve (stretch->cr, style, self->places, n);
      break;
    }
}

static void
draw_layer (DynoChartLines       *self,
            const Stretch        *stretch,
            const DynoChartLayer *layer)
{
  DynoPlotStyle style = dyno_plot_style (self->view.look, layer->kind,
                                         dyno_series_get_trace (layer->series),
                                         dyno_series_get_dash (layer->series), self->view.width);
  const DynoPlotPoint *points;
  gsize n;

  style.anchor = anchor_of (self);
  style.is_marked &= !stretch->one_each;
  if (dyno_series_get_pinned (layer->series) && layer->kind == DYNO_LAYER_LINE)
    style.width += 1;
  points = dyno_fold_points (layer->fold, stretch->from, stretch->to,
                             stretch->one_each && layer->kind != DYNO_LAYER_BAND, &n);
  reserve (self, n);
  place_points (self, points, n, self->pane->y[layer->side], self->places);
  if (style.dash != DYNO_DASH_SOLID)
    {
      double phase = find_phase (self, layer, points, n);

      note_phases (self, layer, points, n, phase);
      style.phase = fmod (phase, dyno_plot_period (&style));
    }
  self->ink += length_of (self->places, n);
  self->n_points += (guint) n;
  self->n_lines++;
  if (layer->kind == DYNO_LAYER_LINE || layer->kind == DYNO_LAYER_RAW)
    n = thin_out (self->places, n, stretch->tolerance);
  draw_points (self, stretch, layer, &style, n);
}

/* What covers most lies lowest. */
static void
draw_stretch (DynoChartLines *self,
              const Stretch  *stretch)
{
  static const DynoLayerKind order[] = { DYNO_LAYER_BAND, DYNO_LAYER_BARS, DYNO_LAYER_RAW,
                                         DYNO_LAYER_LINE, DYNO_LAYER_POINTS };
  const GPtrArray *layers = self->pane->layers;

  self->n_lines = 0;
  self->n_points = 0;
  self->ink = 0;
  for (gsize k = 0; k < G_N_ELEMENTS (order); k++)
    for (guint i = 0; i < layers->len; i++)
      {
        const DynoChartLayer *layer = g_ptr_array_index (layers, i);

        if (layer->kind == order[k] && dyno_series_get_visible (layer->series))
          draw_layer (self, stretch, layer);
      }
}

static void
draw_whole (DynoChartLines *self)
{
  gboolean is_moving = self->pane->quality == DYNO_QUALITY_MOVING;
  gboolean is_many = is_moving && dyno_chart_pane_n_lines (self->pane) > MOST_FINE_LINES;
  Stretch stretch = { .cr = dyno_canvas_begin (self->canvas, G_MAXINT / 2),
                      .to = self->view.n_columns,
                      .one_each = is_many,
                      .tolerance = is_many     ? THIN_COARSE
                                   : is_moving ? THIN_MOVING
                                               : THIN_FULL };

  cairo_set_antialias (stretch.cr, !is_moving ? CAIRO_ANTIALIAS_GOOD
                                   : is_many || self->last_ink > MOST_INK ? CAIRO_ANTIALIAS_NONE
                                                                          : CAIRO_ANTIALIAS_FAST);
  draw_stretch (self, &stretch);
  cairo_destroy (stretch.cr);
  self->last_ink = self->ink;
  self->is_coarse = is_moving;
  self->n_whole++;
}

/* The columns from…to anew, over what was shifted there. A stroke that ends in
 * them reaches a little further. */
static void
draw_part (DynoChartLines *self,
           cairo_t        *cr,
           guint           from,
           guint           to)
{
  double step = px_per_column (self);
  double left = floor (fmax (from * step - REACH, 0));
  double right = to >= self->view.n_columns ? gtk_widget_get_width (GTK_WIDGET (self))
                                            : ceil (to * step + REACH);
  Stretch stretch = { .cr = cr,
                      .from = (guint) (left / step),
                      .to = (guint) fmin (right / step, self->view.n_columns),
                      .tolerance = THIN_FULL };

  if (from >= to)
    return;

  cairo_save (cr);
  cairo_rectangle (cr, left, 0, right - left, gtk_widget_get_height (GTK_WIDGET (self)));
  cairo_clip (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_CLEAR);
  cairo_paint (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_GOOD);
  draw_stretch (self, &stretch);
  cairo_restore (cr);
}

/* The first column where points changed since the last drawing. */
static guint
first_touched (DynoChartLines *self)
{
  guint touched = self->view.n_columns;

  for (guint i = 0; i < self->pane->layers->len; i++)
    {
      const DynoChartLayer *layer = g_ptr_array_index (self->pane->layers, i);

      if (!dyno_series_get_visible (layer->series))
        continue;
      touched = MIN (touched, dyno_fold_touched (layer->fold));
      if (layer->upper != NULL)
        touched = MIN (touched, dyno_fold_touched (layer->upper));
    }

  return touched;
}

static void
clean_folds (DynoChartLines *self)
{
  for (guint i = 0; i < self->pane->layers->len; i++)
    {
      const DynoChartLayer *layer = g_ptr_array_index (self->pane->layers, i);

      dyno_fold_clean (layer->fold);
      if (layer->upper != NULL)
        dyno_fold_clean (layer->upper);
    }
}

/* Sums up what the layers look like, so that any change of it is seen. */
static guint
sum_of_layers (const DynoChartPane *pane)
{
  guint sum = pane->layers->len;

  for (guint i = 0; i < pane->layers->len; i++)
    {
      const DynoChartLayer *layer = g_ptr_array_index (pane->layers, i);
      guint parts[] = { layer->id, layer->kind, layer->side,
                        (guint) dyno_series_get_visible (layer->series),
                        (guint) dyno_series_get_pinned (layer->series),
                        dyno_series_get_trace (layer->series),
                        (guint) dyno_series_get_dash (layer->series) };

      for (gsize k = 0; k < G_N_ELEMENTS (parts); k++)
        sum = sum * 31 + parts[k];
    }

  return sum;
}

static void
look_at_view (DynoChartLines *self,
              View           *view,
              gint64         *first)
{
  DynoChartPane *pane = self->pane;

  memset (view, 0, sizeof *view);
  view->dx = dyno_ruler_get_columns (pane->x, first, &view->n_columns);
  for (int side = 0; side < DYNO_N_SIDES; side++)
    dyno_ruler_get_range (pane->y[side], &view->y[2 * side], &view->y[2 * side + 1]);
  view->look = dyno_look_now ();
  view->width = dyno_look_line_width (GTK_WIDGET (self));
  view->layers = sum_of_layers (pane);
}

/* How wide a bar is depends on all of them, so they are not drawn in parts. */
static gboolean
has_bars (DynoChartLines *self)
{
  for (guint i = 0; i < self->pane->layers->len; i++)
    {
      const DynoChartLayer *layer = g_ptr_array_index (self->pane->layers, i);

      if (layer->kind == DYNO_LAYER_BARS && dyno_series_get_visible (layer->series))
        return TRUE;
    }

  return FALSE;
}

/* The curves lie where they did, but for whole columns to the side. */
static gboolean
is_shifted_only (const View *a,
                 const View *b)
{
  return a->dx == b->dx && a->n_columns == b->n_columns && memcmp (a->y, b->y, sizeof a->y) == 0;
}

/* Brings the canvas up to date. `shift` columns have gone out on the left. */
static void
draw (DynoChartLines *self)
{
  View view;
  gint64 first;
  gint64 shift;
  gboolean is_whole;
  gboolean is_elsewhere;
  guint left;  /* columns that came in on the left */
  guint right; /* the first of those that are new or changed on the right */
  cairo_t *cr;

  look_at_view (self, &view, &first);
  shift = first - self->first;
  is_elsewhere = !is_shifted_only (&view, &self->view) || ABS (shift) >= view.n_columns;
  is_whole = self->must_draw || is_elsewhere || memcmp (&view, &self->view, sizeof view) != 0
             || (self->is_coarse && self->pane->quality == DYNO_QUALITY_FULL);
  self->view = view;
  self->first = first;
  left = is_elsewhere ? view.n_columns : (guint) MAX (-shift, 0);
  right = is_elsewhere ? 0 : MIN (first_touched (self), view.n_columns - (guint) MAX (shift, 0));
  if (!is_whole && left == 0 && right == view.n_columns)
    return;

  clean_folds (self);
  forget_phases (self, 0, left);
  forget_phases (self, right + 1, view.n_columns);
  self->n_drawn++;
  if (is_whole || right == 0 || has_bars (self))
    {
      self->must_draw = FALSE;
      draw_whole (self);
      return;
    }
  cr = dyno_canvas_begin (self->canvas, (int) shift);
  draw_part (self, cr, 0, left);
  draw_part (self, cr, right, view.n_columns);
  cairo_destroy (cr);
}

static void
dyno_chart_lines_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  DynoChartLines *self = DYNO_CHART_LINES (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);

  if (width <= 0 || height <= 0)
    return;

  self->must_draw |= dyno_canvas_resize (self->canvas, width, height,
                                         gtk_widget_get_scale_factor (widget));
  draw (self);
  dyno_canvas_append (self->canvas, snapshot);
}

void
dyno_chart_lines_get_counts (GtkWidget *lines,
                             guint64   *n_drawn,
                             guint64   *n_whole,
                             guint     *n_lines,
                             guint     *n_points)
{
  DynoChartLines *self = DYNO_CHART_LINES (lines);

  *n_drawn = self->n_drawn;
  *n_whole = self->n_whole;
  *n_lines = self->n_lines;
  *n_points = self->n_points;
}

static void
dyno_chart_lines_finalize (GObject *object)
{
  DynoChartLines *self = DYNO_CHART_LINES (object);

  dyno_canvas_free (self->canvas);
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
  self->canvas = dyno_canvas_new ();
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
