/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* One pane of a chart: its layers, its y axes and the widgets that draw them. */

#include "config.h"

#include "dyno-chart-private.h"

#include <math.h>
#include <string.h>

/* Between axis and text, px. */
#define TEXT_GAP 6

G_DEFINE_FINAL_TYPE (DynoChartPane, dyno_chart_pane, GTK_TYPE_WIDGET)

static void
layer_free (gpointer data)
{
  DynoChartLayer *layer = data;

  g_object_unref (layer->series);
  dyno_fold_free (layer->fold);
  dyno_fold_free (layer->upper);
  g_free (layer->phases);
  g_free (layer);
}

static gboolean
layer_is_shown (const DynoChartLayer *layer)
{
  return dyno_series_get_visible (layer->series);
}

/* The side on which a quantity can stand; −1 for none. */
static int
side_for (DynoChartPane *self,
          DynoQuantity   quantity)
{
  if (dyno_ruler_get_quantity (self->y[DYNO_SIDE_LEFT]) == quantity)
    return DYNO_SIDE_LEFT;
  if (!self->has_side[DYNO_SIDE_RIGHT])
    return DYNO_SIDE_RIGHT;
  if (dyno_ruler_get_quantity (self->y[DYNO_SIDE_RIGHT]) == quantity)
    return DYNO_SIDE_RIGHT;

  return -1;
}

gboolean
dyno_chart_pane_add_layer (DynoChartPane *self,
                           guint          id,
                           DynoLayerKind  kind,
                           DynoSeries    *series)
{
  DynoQuantity quantity = dyno_series_get_quantity (series);
  int side = side_for (self, quantity);
  DynoChartLayer *layer;

  if (side < 0)
    return FALSE;

  if (side == DYNO_SIDE_RIGHT && !self->has_side[DYNO_SIDE_RIGHT])
    {
      self->has_side[DYNO_SIDE_RIGHT] = TRUE;
      dyno_ruler_set_quantity (self->y[DYNO_SIDE_RIGHT], quantity);
      dyno_ruler_set_unit (self->y[DYNO_SIDE_RIGHT], dyno_unit_shown (self->units, quantity));
    }
  layer = g_new0 (DynoChartLayer, 1);
  layer->id = id;
  layer->kind = kind;
  layer->side = (DynoSide) side;
  layer->series = g_object_ref (series);
  layer->fold = dyno_fold_new ();
  if (kind == DYNO_LAYER_BAND)
    layer->upper = dyno_fold_new ();
  g_ptr_array_add (self->layers, layer);

  return TRUE;
}

gboolean
dyno_chart_pane_remove_layer (DynoChartPane *self,
                              guint          id)
{
  for (guint i = 0; i < self->layers->len; i++)
    {
      DynoChartLayer *layer = g_ptr_array_index (self->layers, i);

      if (layer->id == id)
        {
          g_ptr_array_remove_index (self->layers, i);
          gtk_widget_queue_draw (self->lines);
          gtk_widget_queue_draw (self->letters);
          return TRUE;
        }
    }

  return FALSE;
}

void
dyno_chart_pane_set_units (DynoChartPane *self,
                           DynoUnitSet    units)
{
  self->units = units;
  for (int i = 0; i < DYNO_N_SIDES; i++)
    dyno_ruler_set_unit (self->y[i], dyno_unit_shown (units, dyno_ruler_get_quantity (self->y[i])));
}

void
dyno_chart_pane_get_plot (DynoChartPane   *self,
                          graphene_rect_t *plot)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - self->left - self->right;
  double height = gtk_widget_get_height (GTK_WIDGET (self)) - self->head;

  graphene_rect_init (plot, (float) self->left, (float) self->head, (float) fmax (width, 0),
                      (float) fmax (height, 0));
}

double
dyno_chart_pane_text_width (DynoChartPane *self,
                            DynoSide       side)
{
  DynoRulerTick ticks[64];
  guint n;
  int widest = 0;

  if (!self->has_side[side])
    return 0;

  n = dyno_ruler_ticks (self->y[side], ticks, G_N_ELEMENTS (ticks));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(PangoLayout) layout =
          gtk_widget_create_pango_layout (GTK_WIDGET (self), ticks[i].text);
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      widest = MAX (widest, width);
    }
  dyno_ruler_clear_ticks (ticks, n);

  return widest + 2 * TEXT_GAP;
}

guint
dyno_chart_pane_n_lines (DynoChartPane *self)
{
  guint n = 0;

  for (guint i = 0; i < self->layers->len; i++)
    {
      const DynoChartLayer *layer = g_ptr_array_index (self->layers, i);

      n += layer_is_shown (layer)
           && (layer->kind == DYNO_LAYER_LINE || layer->kind == DYNO_LAYER_RAW);
    }

  return n;
}

static void
layer_extent (const DynoChartLayer *layer,
              gboolean              in_view,
              double               *min,
              double               *max)
{
  DynoSeriesData data;

  if (!in_view)
    {
      dyno_series_get_data (layer->series, &data);
      dyno_series_range (layer->series, 0, data.n, min, max);
      return;
    }

  dyno_fold_range (layer->fold, min, max);
  if (layer->upper != NULL)
    {
      double low;
      double high;

      dyno_fold_range (layer->upper, &low, &high);
      *min = fmin (*min, low);
      *max = fmax (*max, high);
    }
}

void
dyno_chart_pane_extent (DynoChartPane *self,
                        DynoSide       side,
                        gboolean       in_view,
                        double        *min,
                        double        *max)
{
  *min = INFINITY;
  *max = -INFINITY;
  for (guint i = 0; i < self->layers->len; i++)
    {
      const DynoChartLayer *layer = g_ptr_array_index (self->layers, i);
      double low;
      double high;

      if (layer->side != side || !layer_is_shown (layer))
        continue;
      layer_extent (layer, in_view, &low, &high);
      *min = fmin (*min, low);
      *max = fmax (*max, high);
      if (layer->kind == DYNO_LAYER_BARS && *min <= *max)
        {
          *min = fmin (*min, 0);
          *max = fmax (*max, 0);
        }
    }
}

/* The same numbers on both axes, in the units shown. */
static void
join_extents (DynoChartPane *self,
              double         min[DYNO_N_SIDES],
              double         max[DYNO_N_SIDES])
{
  const DynoUnit *left = dyno_ruler_get_unit (self->y[DYNO_SIDE_LEFT]);
  const DynoUnit *right = dyno_ruler_get_unit (self->y[DYNO_SIDE_RIGHT]);
  double low = fmin (dyno_unit_from_si (left, min[0]), dyno_unit_from_si (right, min[1]));
  double high = fmax (dyno_unit_from_si (left, max[0]), dyno_unit_from_si (right, max[1]));

  min[DYNO_SIDE_LEFT] = dyno_unit_to_si (left, low);
  max[DYNO_SIDE_LEFT] = dyno_unit_to_si (left, high);
  min[DYNO_SIDE_RIGHT] = dyno_unit_to_si (right, low);
  max[DYNO_SIDE_RIGHT] = dyno_unit_to_si (right, high);
}

static void
follow_axes (DynoChartPane *self,
             gboolean       in_view)
{
  double min[DYNO_N_SIDES];
  double max[DYNO_N_SIDES];

  for (int i = 0; i < DYNO_N_SIDES; i++)
    dyno_chart_pane_extent (self, i, in_view, &min[i], &max[i]);
  if (self->is_linked && min[0] <= max[0] && min[1] <= max[1])
    join_extents (self, min, max);

  for (int i = 0; i < DYNO_N_SIDES; i++)
    {
      if (min[i] > max[i])
        continue;
      dyno_ruler_set_limits (self->y[i], min[i], max[i]);
      if (self->is_auto[i] && in_view)
        dyno_ruler_follow (self->y[i], min[i], max[i]);
      else if (self->is_auto[i])
        dyno_ruler_fit (self->y[i]);
    }
}

void
dyno_chart_pane_fit_y (DynoChartPane *self)
{
  for (int i = 0; i < DYNO_N_SIDES; i++)
    self->is_auto[i] = TRUE;
}

gboolean
dyno_chart_pane_update (DynoChartPane *self)
{
  gboolean in_view = dyno_ruler_get_relative (self->x);
  double before[4];
  double after[4];
  gboolean has_changed = FALSE;
  gint64 first;
  guint n;
  double dx = dyno_ruler_get_columns (self->x, &first, &n);

  if (n == 0)
    return FALSE;

  for (guint i = 0; i < self->layers->len; i++)
    {
      DynoChartLayer *layer = g_ptr_array_index (self->layers, i);

      if (!layer_is_shown (layer))
        continue;
      has_changed |= dyno_fold_update (layer->fold, layer->series, FALSE, first, n, dx);
      if (layer->upper != NULL)
        has_changed |= dyno_fold_update (layer->upper, layer->series, TRUE, first, n, dx);
    }

  dyno_ruler_get_range (self->y[0], &before[0], &before[1]);
  dyno_ruler_get_range (self->y[1], &before[2], &before[3]);
  follow_axes (self, in_view);
  dyno_ruler_get_range (self->y[0], &after[0], &after[1]);
  dyno_ruler_get_range (self->y[1], &after[2], &after[3]);

  if (has_changed)
    {
      gtk_widget_queue_draw (self->lines);
      gtk_widget_queue_draw (self->letters);
      dyno_chart_gaps_update (self->gaps);
    }

  return memcmp (before, after, sizeof before) != 0;
}

void
dyno_chart_pane_set_quality (DynoChartPane *self,
                             DynoQuality    quality)
{
  if (self->quality == quality)
    return;

  self->quality = quality;
  gtk_widget_queue_draw (self->lines);
}

void
dyno_chart_pane_redraw (DynoChartPane *self)
{
  gtk_widget_queue_draw (self->grid);
  gtk_widget_queue_draw (self->gaps);
  gtk_widget_queue_draw (self->lines);
  gtk_widget_queue_draw (self->letters);
}

static void
dyno_chart_pane_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : 60;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 600 : 200;
}

static void
allocate_at (GtkWidget             *child,
             const graphene_rect_t *area)
{
  gtk_widget_allocate (child, (int) area->size.width, (int) area->size.height, -1,
                       gsk_transform_translate (NULL, &area->origin));
}

static void
dyno_chart_pane_size_allocate (GtkWidget *widget,
                               int        width,
                               int        height,
                               int        baseline)
{
  dyno_chart_pane_lay_out (DYNO_CHART_PANE (widget));
}

void
dyno_chart_pane_lay_out (DynoChartPane *self)
{
  graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (GTK_WIDGET (self)),
                                            (float) gtk_widget_get_height (GTK_WIDGET (self)));
  graphene_rect_t plot;

  dyno_chart_pane_get_plot (self, &plot);
  for (int i = 0; i < DYNO_N_SIDES; i++)
    dyno_ruler_set_length (self->y[i], plot.size.height, 0);
  allocate_at (self->grid, &all);
  allocate_at (self->gaps, &plot);
  allocate_at (self->lines, &plot);
  allocate_at (self->letters, &plot);
}

static void
dyno_chart_pane_dispose (GObject *object)
{
  DynoChartPane *self = DYNO_CHART_PANE (object);

  g_clear_pointer (&self->grid, gtk_widget_unparent);
  g_clear_pointer (&self->gaps, gtk_widget_unparent);
  g_clear_pointer (&self->lines, gtk_widget_unparent);
  g_clear_pointer (&self->letters, gtk_widget_unparent);
  g_clear_object (&self->x);
  for (int i = 0; i < DYNO_N_SIDES; i++)
    g_clear_object (&self->y[i]);
  g_clear_pointer (&self->layers, g_ptr_array_unref);

  G_OBJECT_CLASS (dyno_chart_pane_parent_class)->dispose (object);
}

static void
dyno_chart_pane_finalize (GObject *object)
{
  g_free (DYNO_CHART_PANE (object)->title);

  G_OBJECT_CLASS (dyno_chart_pane_parent_class)->finalize (object);
}

static void
dyno_chart_pane_class_init (DynoChartPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_chart_pane_dispose;
  object_class->finalize = dyno_chart_pane_finalize;
  widget_class->measure = dyno_chart_pane_measure;
  widget_class->size_allocate = dyno_chart_pane_size_allocate;

  gtk_widget_class_set_css_name (widget_class, "dynochartpane");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dyno_chart_pane_init (DynoChartPane *self)
{
  self->layers = g_ptr_array_new_with_free_func (layer_free);
  self->has_side[DYNO_SIDE_LEFT] = TRUE;
  for (int i = 0; i < DYNO_N_SIDES; i++)
    self->is_auto[i] = TRUE;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_VISIBLE);
}

GtkWidget *
dyno_chart_pane_new (DynoRuler    *x,
                     const char   *title,
                     DynoQuantity  quantity,
                     double        weight)
{
  DynoChartPane *self = g_object_new (DYNO_TYPE_CHART_PANE, NULL);

  self->x = g_object_ref (x);
  self->title = g_strdup (title != NULL ? title : "");
  self->weight = weight;
  self->y[DYNO_SIDE_LEFT] = dyno_ruler_new (quantity, TRUE);
  self->y[DYNO_SIDE_RIGHT] = dyno_ruler_new (DYNO_QUANTITY_NONE, TRUE);

  self->grid = dyno_chart_grid_new (self);
  self->gaps = dyno_chart_gaps_new (self);
  self->lines = dyno_chart_lines_new (self);
  self->letters = dyno_chart_letters_new (self);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
  gtk_widget_set_parent (self->gaps, GTK_WIDGET (self));
  gtk_widget_set_parent (self->lines, GTK_WIDGET (self));
  gtk_widget_set_parent (self->letters, GTK_WIDGET (self));

  g_signal_connect_object (x, "changed", G_CALLBACK (dyno_chart_pane_redraw), self,
                           G_CONNECT_SWAPPED);
  for (int i = 0; i < DYNO_N_SIDES; i++)
    g_signal_connect_object (self->y[i], "changed", G_CALLBACK (dyno_chart_pane_redraw), self,
                             G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
