/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The chart puts together panes, layers and series and lays them out. Beside it:
 *
 *   dyno-chart-frame.c     looks at the data once a frame
 *   dyno-chart-cursors.c   the two cursors
 *   dyno-chart-undo.c      what the axes showed before
 *   dyno-chart-actions.c   zoom, pan, keys and menu
 *   dyno-chart-pointer.c   pointer and touch
 *   dyno-chart-describe.c  words
 *   dyno-chart-export.c    pictures
 *   dyno-chart-pane.c      a pane, with a file for each of its layers
 */

#include "config.h"

#include "dyno-chart-private.h"

#include "dyno-channel.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define PANE_GAP 6

enum
{
  PROP_TITLE = 1,
  PROP_FOLLOWING,
  PROP_ACTIVE_SERIES,
  N_PROPS
};

enum
{
  CURSOR_MOVED,
  RANGE_CHANGED,
  SERIES_DROPPED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoChart, dyno_chart, GTK_TYPE_WIDGET)

/* Finding things. */

DynoChartPane *
dyno_chart_get_pane (DynoChart *self,
                     guint      index)
{
  return index < self->panes->len ? g_ptr_array_index (self->panes, index) : NULL;
}

double
dyno_chart_plot_left (DynoChart *self)
{
  return self->left;
}

double
dyno_chart_plot_width (DynoChart *self)
{
  return fmax (gtk_widget_get_width (GTK_WIDGET (self)) - self->left - self->right, 0);
}

DynoChartPane *
dyno_chart_pane_at (DynoChart *self,
                    double     y)
{
  for (guint i = 0; i < self->panes->len; i++)
    {
      DynoChartPane *pane = g_ptr_array_index (self->panes, i);
      graphene_rect_t bounds;

      if (gtk_widget_compute_bounds (GTK_WIDGET (pane), GTK_WIDGET (self), &bounds)
          && y >= bounds.origin.y && y < bounds.origin.y + bounds.size.height)
        return pane;
    }

  return NULL;
}

DynoRuler *
dyno_chart_ruler_of (DynoChart  *self,
                     DynoSeries *series)
{
  for (guint p = 0; p < self->panes->len; p++)
    {
      DynoChartPane *pane = g_ptr_array_index (self->panes, p);

      for (guint i = 0; i < pane->layers->len; i++)
        {
          DynoChartLayer *layer = g_ptr_array_index (pane->layers, i);

          if (layer->series == series)
            return pane->y[layer->side];
        }
    }

  return NULL;
}

DynoSeries *
dyno_chart_series_at (DynoChart *self,
                      guint      index)
{
  g_autoptr(DynoSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), index);

  /* The list keeps it. */
  return series;
}

guint
dyno_chart_n_series (DynoChart *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->series));
}

gboolean
dyno_chart_data_extent (DynoChart *self,
                        double    *min,
                        double    *max)
{
  *min = INFINITY;
  *max = -INFINITY;
  for (guint i = 0; i < dyno_chart_n_series (self); i++)
    {
      DynoSeries *series = dyno_chart_series_at (self, i);
      double from;
      double to;

      if (!dyno_series_get_visible (series) || !dyno_series_extent (series, &from, &to))
        continue;
      *min = fmin (*min, from);
      *max = fmax (*max, to);
    }

  return *min <= *max;
}

void
dyno_chart_emit_range (DynoChart *self)
{
  double min;
  double max;

  dyno_ruler_get_range (self->x, &min, &max);
  g_signal_emit (self, signals[RANGE_CHANGED], 0, min, max);
}

/* Public: what is shown. */

void
dyno_chart_set_title (DynoChart  *self,
                      const char *title)
{
  g_return_if_fail (DYNO_IS_CHART (self));

  if (g_strcmp0 (self->title, title) == 0)
    return;

  g_free (self->title);
  self->title = g_strdup (title != NULL ? title : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  *self->title != '\0' ? self->title : _ ("Chart"), -1);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
}

void
dyno_chart_set_caption (DynoChart  *self,
                        const char *caption)
{
  g_free (self->caption);
  self->caption = g_strdup (caption);
}

void
dyno_chart_set_units (DynoChart   *self,
                      DynoUnitSet  units)
{
  g_return_if_fail (units < DYNO_N_UNIT_SETS);

  self->units = units;
  dyno_ruler_set_unit (self->x, dyno_unit_shown (units, dyno_ruler_get_quantity (self->x)));
  for (guint i = 0; i < self->panes->len; i++)
    dyno_chart_pane_set_units (g_ptr_array_index (self->panes, i), units);
  for (guint i = 0; i < 2; i++)
    dyno_chart_name_cursor (self, i);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  dyno_chart_queue_update (self);
}

guint
dyno_chart_add_pane (DynoChart    *self,
                     const char   *title,
                     DynoQuantity  y,
                     double        weight)
{
  GtkWidget *pane;

  g_return_val_if_fail (DYNO_IS_CHART (self), 0);
  g_return_val_if_fail (weight > 0, 0);

  pane = dyno_chart_pane_new (self->x, title, y, weight);
  dyno_chart_pane_set_units (DYNO_CHART_PANE (pane), self->units);
  dyno_chart_pane_set_quality (DYNO_CHART_PANE (pane), dyno_chart_is_scrolling (self)
                                                           ? DYNO_QUALITY_MOVING
                                                           : DYNO_QUALITY_FULL);
  gtk_widget_insert_before (pane, GTK_WIDGET (self), self->axis);
  g_ptr_array_add (self->panes, pane);
  gtk_widget_queue_resize (GTK_WIDGET (self));

  return self->panes->len - 1;
}

void
dyno_chart_link_axes (DynoChart *self,
                      guint      pane,
                      gboolean   is_linked)
{
  g_return_if_fail (pane < self->panes->len);

  dyno_chart_get_pane (self, pane)->is_linked = !!is_linked;
  dyno_chart_queue_update (self);
}

static void
series_changed_cb (DynoSeries *series,
                   GParamSpec *pspec,
                   DynoChart  *self)
{
  for (guint i = 0; i < self->panes->len; i++)
    {
      DynoChartPane *pane = g_ptr_array_index (self->panes, i);

      gtk_widget_queue_draw (pane->lines);
      gtk_widget_queue_draw (pane->letters);
      dyno_chart_gaps_update (pane->gaps);
    }
  dyno_chart_queue_update (self);
}

static void
points_changed_cb (DynoSeries *series,
                   DynoChart  *self)
{
  series_changed_cb (series, NULL, self);
}

static void
take_series (DynoChart     *self,
             DynoLayerKind  kind,
             DynoSeries    *series)
{
  if (kind != DYNO_LAYER_BAND && kind != DYNO_LAYER_RAW
      && !g_list_store_find (self->listed, series, NULL))
    {
      g_list_store_append (self->listed, series);
      if (self->active == NULL)
        dyno_chart_set_active (self, series);
    }
  if (g_list_store_find (self->series, series, NULL))
    return;

  g_list_store_append (self->series, series);
  g_signal_connect_object (series, "changed", G_CALLBACK (points_changed_cb), self, 0);
  g_signal_connect_object (series, "notify", G_CALLBACK (series_changed_cb), self, 0);
  if (self->live != NULL && !dyno_series_has_points (series))
    dyno_series_set_live (series, self->live);
}

guint
dyno_chart_add_layer (DynoChart     *self,
                      guint          pane,
                      DynoLayerKind  kind,
                      DynoSeries    *series)
{
  g_return_val_if_fail (DYNO_IS_CHART (self), 0);
  g_return_val_if_fail (pane < self->panes->len, 0);
  g_return_val_if_fail (kind < DYNO_N_LAYER_KINDS, 0);
  g_return_val_if_fail (DYNO_IS_SERIES (series), 0);

  if (!dyno_chart_pane_add_layer (dyno_chart_get_pane (self, pane), self->last_layer + 1, kind,
                                  series))
    return 0;

  take_series (self, kind, series);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  dyno_chart_queue_update (self);

  return ++self->last_layer;
}

static void
drop_series (DynoChart  *self,
             DynoSeries *series)
{
  guint at;

  if (dyno_chart_ruler_of (self, series) != NULL
      || !g_list_store_find (self->series, series, &at))
    return;

  g_object_ref (series);
  g_signal_handlers_disconnect_by_data (series, self);
  if (self->active == series)
    dyno_chart_set_active (self, NULL);
  g_list_store_remove (self->series, at);
  if (g_list_store_find (self->listed, series, &at))
    g_list_store_remove (self->listed, at);
  g_object_unref (series);
}

void
dyno_chart_remove_layer (DynoChart *self,
                         guint      layer)
{
  g_return_if_fail (DYNO_IS_CHART (self));

  for (guint i = 0; i < self->panes->len; i++)
    {
      if (dyno_chart_pane_remove_layer (g_ptr_array_index (self->panes, i), layer))
        break;
    }
  for (guint i = dyno_chart_n_series (self); i-- > 0;)
    drop_series (self, dyno_chart_series_at (self, i));
  dyno_chart_queue_update (self);
}

void
dyno_chart_clear (DynoChart *self)
{
  g_return_if_fail (DYNO_IS_CHART (self));

  for (guint i = 0; i < self->panes->len; i++)
    gtk_widget_unparent (g_ptr_array_index (self->panes, i));
  g_ptr_array_set_size (self->panes, 0);
  for (guint i = dyno_chart_n_series (self); i-- > 0;)
    drop_series (self, dyno_chart_series_at (self, i));
  dyno_chart_clear_undo (self);
  self->is_x_auto = TRUE;
  dyno_chart_set_cursor (self, 0, NAN);
  dyno_chart_set_cursor (self, 1, NAN);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

GListModel *
dyno_chart_get_series (DynoChart *self)
{
  return G_LIST_MODEL (self->listed);
}

GListModel *
dyno_chart_get_all_series (DynoChart *self)
{
  return G_LIST_MODEL (self->series);
}

DynoSeries *
dyno_chart_get_active (DynoChart *self)
{
  return self->active;
}

void
dyno_chart_set_active (DynoChart  *self,
                       DynoSeries *series)
{
  g_return_if_fail (series == NULL || DYNO_IS_SERIES (series));

  if (g_set_object (&self->active, series))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVE_SERIES]);
}

/* Public: samples and ring. */

static const DynoColumn *
x_column (DynoChart   *self,
          DynoSamples *samples)
{
  switch ((int) dyno_ruler_get_quantity (self->x))
    {
    case DYNO_QUANTITY_ROTATION:
      return dyno_samples_find (samples, DYNO_CHANNEL_RPM);
    case DYNO_QUANTITY_SPEED:
      return dyno_samples_find (samples, DYNO_CHANNEL_SPEED);
    case DYNO_QUANTITY_DISTANCE:
      return dyno_samples_find (samples, DYNO_CHANNEL_DISTANCE);
    default:
      return NULL;
    }
}

void
dyno_chart_set_samples (DynoChart   *self,
                        DynoSamples *samples)
{
  const DynoColumn *x;

  g_return_if_fail (DYNO_IS_CHART (self));
  g_return_if_fail (samples != NULL);

  dyno_chart_set_live (self, NULL, 0);
  x = x_column (self, samples);
  for (guint i = 0; i < dyno_chart_n_series (self); i++)
    {
      DynoSeries *series = dyno_chart_series_at (self, i);
      const DynoColumn *y =
          dyno_series_get_channel (series) != DYNO_CHANNEL_NONE
              ? dyno_samples_find (samples, dyno_series_get_channel (series))
              : dyno_samples_find_name (samples, dyno_series_get_name (series));

      if (y != NULL)
        dyno_series_set_samples (series, samples, y, x);
      else if (dyno_series_get_channel (series) != DYNO_CHANNEL_NONE)
        dyno_series_clear (series);
    }
}

static void
set_scrolling (DynoChart *self)
{
  dyno_ruler_set_relative (self->x, self->live != NULL);
  dyno_chart_set_quality (self, dyno_chart_is_scrolling (self) ? DYNO_QUALITY_MOVING
                                                               : DYNO_QUALITY_FULL);
  dyno_chart_queue_update (self);
}

void
dyno_chart_set_live (DynoChart *self,
                     DynoLive  *live,
                     gint64     span_us)
{
  g_return_if_fail (DYNO_IS_CHART (self));
  g_return_if_fail (live == NULL || span_us > 0);

  if (live == NULL && self->live == NULL)
    return;

  if (live != NULL)
    dyno_live_ref (live);
  g_clear_pointer (&self->live, dyno_live_unref);
  self->live = live;
  dyno_chart_clear_undo (self);
  self->is_x_auto = live == NULL;
  if (live != NULL)
    {
      double now = (double) dyno_live_now_us (live) / G_USEC_PER_SEC;

      self->span = (double) span_us / G_USEC_PER_SEC;
      dyno_ruler_set_quantity (self->x, DYNO_QUANTITY_TIME);
      dyno_ruler_set_range (self->x, now - self->span, now);
      dyno_chart_set_following (self, TRUE);
      for (guint i = 0; i < dyno_chart_n_series (self); i++)
        dyno_series_set_live (dyno_chart_series_at (self, i), live);
    }
  set_scrolling (self);
}

gboolean
dyno_chart_get_following (DynoChart *self)
{
  return self->is_following;
}

void
dyno_chart_set_following (DynoChart *self,
                          gboolean   is_following)
{
  g_return_if_fail (DYNO_IS_CHART (self));

  if (self->is_following == !!is_following)
    return;

  self->is_following = !!is_following;
  set_scrolling (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOLLOWING]);
}

gint64
dyno_chart_get_behind_us (DynoChart *self)
{
  double min;
  double max;

  if (self->live == NULL || self->is_following)
    return 0;

  dyno_ruler_get_range (self->x, &min, &max);

  return MAX (dyno_live_now_us (self->live) - (gint64) (max * G_USEC_PER_SEC), 0);
}

/* Public: ranges. */

void
dyno_chart_set_x (DynoChart    *self,
                  DynoQuantity  x,
                  double        min,
                  double        max)
{
  g_return_if_fail (DYNO_IS_CHART (self));

  dyno_ruler_set_quantity (self->x, x);
  dyno_ruler_set_unit (self->x, dyno_unit_shown (self->units, x));
  self->is_x_auto = isnan (min) && isnan (max);
  if (!self->is_x_auto)
    {
      dyno_ruler_set_range (self->x, min, max);
      dyno_chart_emit_range (self);
    }
  dyno_chart_queue_update (self);
}

void
dyno_chart_get_x (DynoChart *self,
                  double    *min,
                  double    *max)
{
  dyno_ruler_get_range (self->x, min, max);
}

void
dyno_chart_get_y (DynoChart *self,
                  guint      pane,
                  DynoSide   side,
                  double    *min,
                  double    *max)
{
  g_return_if_fail (pane < self->panes->len && side < DYNO_N_SIDES);

  dyno_ruler_get_range (dyno_chart_get_pane (self, pane)->y[side], min, max);
}

void
dyno_chart_fit (DynoChart *self,
                DynoFit    fit)
{
  g_return_if_fail (DYNO_IS_CHART (self));

  dyno_chart_push_undo (self);
  if (fit != DYNO_FIT_Y && self->live != NULL)
    {
      double now = (double) dyno_live_now_us (self->live) / G_USEC_PER_SEC;

      dyno_ruler_set_range (self->x, now - self->span, now);
      dyno_chart_set_following (self, TRUE);
    }
  else if (fit != DYNO_FIT_Y)
    self->is_x_auto = TRUE;
  for (guint i = 0; i < self->panes->len && fit != DYNO_FIT_X; i++)
    dyno_chart_pane_fit_y (g_ptr_array_index (self->panes, i));
  dyno_chart_update_x (self);
  dyno_chart_note_motion (self);
  dyno_chart_emit_range (self);
}

void
dyno_chart_get_stats (DynoChart      *self,
                      DynoChartStats *stats)
{
  *stats = self->stats;
  for (guint p = 0; p < self->panes->len; p++)
    {
      DynoChartPane *pane = g_ptr_array_index (self->panes, p);
      guint64 n_drawn;
      guint64 n_whole;
      guint n_lines;
      guint n_points;

      dyno_chart_lines_get_counts (pane->lines, &n_drawn, &n_whole, &n_lines,
                                   &n_points);
      stats->n_drawn += n_drawn;
      stats->n_whole += n_whole;
      stats->n_lines += n_lines;
      stats->n_points += n_points;
      for (guint i = 0; i < pane->layers->len; i++)
        stats->n_folded +=
            dyno_fold_n_folded (((DynoChartLayer *) g_ptr_array_index (pane->layers, i))->fold);
    }
}

/* Widget. */

static void
dyno_chart_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  DynoChart *self = DYNO_CHART (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 200;
      *natural = 640;
      return;
    }
  *minimum = 80 * MAX ((int) self->panes->len, 1) + 40;
  *natural = 200 * MAX ((int) self->panes->len, 1) + 40;
}

static int
head_height (DynoChart *self)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);

  return height + PANE_GAP;
}

/* Heights first: the ticks of y depend on them, the margins on the ticks, the
 * length of x on the margins. */
static void
allocate_panes (DynoChart *self,
                int        width,
                int        height)
{
  int head = head_height (self);
  double weights = 0;
  double y = 0;

  for (guint i = 0; i < self->panes->len; i++)
    weights += dyno_chart_get_pane (self, i)->weight;
  for (guint i = 0; i < self->panes->len; i++)
    {
      DynoChartPane *pane = dyno_chart_get_pane (self, i);
      double share = height * pane->weight / weights;

      pane->head = head;
      for (int side = 0; side < DYNO_N_SIDES; side++)
        dyno_ruler_set_length (pane->y[side], fmax (floor (share) - head, 1), 0);
    }
  dyno_chart_update_margins (self);
  for (guint i = 0; i < self->panes->len; i++)
    {
      DynoChartPane *pane = dyno_chart_get_pane (self, i);
      double share = height * pane->weight / weights;
      graphene_point_t at = GRAPHENE_POINT_INIT (0, (float) floor (y));

      pane->left = self->left;
      pane->right = self->right;
      gtk_widget_allocate (GTK_WIDGET (pane), width, MAX ((int) floor (share), 1), -1,
                           gsk_transform_translate (NULL, &at));
      dyno_chart_pane_lay_out (pane);
      y += share;
    }
}

static void
allocate_over_plots (DynoChart *self,
                     GtkWidget *child,
                     double     y,
                     double     height)
{
  graphene_point_t at = GRAPHENE_POINT_INIT ((float) self->left, (float) y);

  gtk_widget_allocate (child, MAX ((int) dyno_chart_plot_width (self), 1), MAX ((int) height, 1),
                       -1, gsk_transform_translate (NULL, &at));
}

static void
dyno_chart_size_allocate (GtkWidget *widget,
                          int        width,
                          int        height,
                          int        baseline)
{
  DynoChart *self = DYNO_CHART (widget);
  double axis = dyno_chart_axis_get_height (self->axis);
  double plots = fmax (height - axis, 1);
  double length;

  allocate_panes (self, width, (int) plots);
  length = fmax (floor (width - self->left - self->right), 1);
  dyno_ruler_set_length (self->x, length,
                         (guint) (length * gtk_widget_get_scale_factor (widget)));
  if (dyno_chart_is_scrolling (self))
    dyno_ruler_scroll_to (self->x, (double) dyno_live_now_us (self->live) / G_USEC_PER_SEC);
  allocate_over_plots (self, self->axis, plots, axis);
  allocate_over_plots (self, self->hover, 0, plots);
  dyno_chart_place_cursors (self);
  if (self->menu != NULL)
    gtk_popover_present (GTK_POPOVER (self->menu));
  dyno_chart_queue_update (self);
}

static void
dyno_chart_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (dyno_chart_parent_class)->map (widget);
  dyno_chart_queue_update (DYNO_CHART (widget));
}

static void
dyno_chart_unmap (GtkWidget *widget)
{
  DynoChart *self = DYNO_CHART (widget);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (widget, self->tick);
  self->tick = 0;
  g_clear_handle_id (&self->told_timer, g_source_remove);
  g_clear_handle_id (&self->rest_timer, g_source_remove);
  GTK_WIDGET_CLASS (dyno_chart_parent_class)->unmap (widget);
}

/* Text of another size has other margins, and lines in shop mode are wider. */
static void
dyno_chart_css_changed (GtkWidget         *widget,
                        GtkCssStyleChange *change)
{
  DynoChart *self = DYNO_CHART (widget);

  GTK_WIDGET_CLASS (dyno_chart_parent_class)->css_changed (widget, change);
  for (guint i = 0; i < self->panes->len; i++)
    dyno_chart_pane_redraw (g_ptr_array_index (self->panes, i));
  gtk_widget_queue_draw (self->axis);
  gtk_widget_queue_resize (widget);
}

static void
dyno_chart_dispose (GObject *object)
{
  DynoChart *self = DYNO_CHART (object);

  dyno_chart_clear_undo (self);
  g_clear_handle_id (&self->told_timer, g_source_remove);
  g_clear_handle_id (&self->rest_timer, g_source_remove);
  for (guint i = 0; i < self->panes->len; i++)
    gtk_widget_unparent (g_ptr_array_index (self->panes, i));
  g_ptr_array_set_size (self->panes, 0);
  g_clear_pointer (&self->axis, gtk_widget_unparent);
  g_clear_pointer (&self->hover, gtk_widget_unparent);
  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&self->cursors[i], gtk_widget_unparent);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->active);
  g_clear_object (&self->series);
  g_clear_object (&self->listed);
  g_clear_object (&self->x);
  g_clear_pointer (&self->live, dyno_live_unref);

  G_OBJECT_CLASS (dyno_chart_parent_class)->dispose (object);
}

static void
dyno_chart_finalize (GObject *object)
{
  DynoChart *self = DYNO_CHART (object);

  g_ptr_array_unref (self->panes);
  g_queue_free (self->undo);
  g_free (self->title);
  g_free (self->caption);

  G_OBJECT_CLASS (dyno_chart_parent_class)->finalize (object);
}

static void
dyno_chart_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  DynoChart *self = DYNO_CHART (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_FOLLOWING:
      g_value_set_boolean (value, self->is_following);
      break;
    case PROP_ACTIVE_SERIES:
      g_value_set_object (value, self->active);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_chart_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  DynoChart *self = DYNO_CHART (object);

  switch (id)
    {
    case PROP_TITLE:
      dyno_chart_set_title (self, g_value_get_string (value));
      break;
    case PROP_FOLLOWING:
      dyno_chart_set_following (self, g_value_get_boolean (value));
      break;
    case PROP_ACTIVE_SERIES:
      dyno_chart_set_active (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_chart_class_init (DynoChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = dyno_chart_dispose;
  object_class->finalize = dyno_chart_finalize;
  object_class->get_property = dyno_chart_get_property;
  object_class->set_property = dyno_chart_set_property;
  widget_class->measure = dyno_chart_measure;
  widget_class->size_allocate = dyno_chart_size_allocate;
  widget_class->map = dyno_chart_map;
  widget_class->unmap = dyno_chart_unmap;
  widget_class->css_changed = dyno_chart_css_changed;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  props[PROP_FOLLOWING] = g_param_spec_boolean ("following", NULL, NULL, TRUE, flags);
  props[PROP_ACTIVE_SERIES] =
      g_param_spec_object ("active-series", NULL, NULL, DYNO_TYPE_SERIES, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[CURSOR_MOVED] =
      g_signal_new ("cursor-moved", DYNO_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_DOUBLE);
  signals[RANGE_CHANGED] =
      g_signal_new ("range-changed", DYNO_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[SERIES_DROPPED] =
      g_signal_new ("series-dropped", DYNO_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);

  gtk_widget_class_set_css_name (widget_class, "dynochart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  dyno_chart_class_install_actions (widget_class);
}

static void
dyno_chart_init (DynoChart *self)
{
  self->title = g_strdup ("");
  self->panes = g_ptr_array_new ();
  self->series = g_list_store_new (DYNO_TYPE_SERIES);
  self->listed = g_list_store_new (DYNO_TYPE_SERIES);
  self->x = dyno_ruler_new (DYNO_QUANTITY_TIME, FALSE);
  self->is_x_auto = TRUE;
  self->is_following = TRUE;
  self->cursor_x[0] = self->cursor_x[1] = NAN;
  self->box_mark = NAN;
  self->drag_cursor = -1;
  self->undo = g_queue_new ();

  self->axis = dyno_chart_axis_new (self->x);
  gtk_widget_set_parent (self->axis, GTK_WIDGET (self));
  self->hover = dyno_chart_hover_new (self);
  gtk_widget_set_parent (self->hover, GTK_WIDGET (self));
  for (guint i = 0; i < 2; i++)
    {
      self->cursors[i] = dyno_cursor_new (i);
      gtk_widget_set_parent (self->cursors[i], GTK_WIDGET (self));
      gtk_widget_set_child_visible (self->cursors[i], FALSE);
    }

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Chart"), GTK_ACCESSIBLE_PROPERTY_ROLE_DESCRIPTION,
                                  _ ("chart"), -1);
  dyno_chart_add_pointer (self);
  dyno_chart_enable_actions (self);
}

GtkWidget *
dyno_chart_new (void)
{
  return g_object_new (DYNO_TYPE_CHART, NULL);
}
