/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A chart and the frame clock.
 *
 * All looking at data happens in tick_cb (), once a frame and only while there is
 * a reason: the chart follows the ring, a long series is still being reduced, or
 * something asked by dyno_chart_queue_update (). An unmapped chart has no tick.
 * What the folds find changed is drawn in the same frame. */

#include "config.h"

#include "dyno-chart-private.h"

#include <math.h>

#define LEAST_MARGIN 16
#define MARGIN_STEP 8
/* After the last motion by hand, ms. */
#define REST_AFTER 150
/* How often a screen reader may hear of a change, ms. */
#define TELL_EVERY 1000

static gboolean
tell_cb (gpointer data)
{
  DynoChart *self = data;
  g_autofree char *text = dyno_chart_describe (self);

  self->told_timer = 0;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);

  return G_SOURCE_REMOVE;
}

void
dyno_chart_queue_tell (DynoChart *self)
{
  if (self->told_timer == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->told_timer = g_timeout_add (TELL_EVERY, tell_cb, self);
}

/* The widest texts of all panes, in steps so that a digit more moves nothing. */
gboolean
dyno_chart_update_margins (DynoChart *self)
{
  double margins[DYNO_N_SIDES] = { 0, 0 };
  double left;
  double right;

  for (guint i = 0; i < self->panes->len; i++)
    for (int side = 0; side < DYNO_N_SIDES; side++)
      margins[side] = fmax (margins[side],
                            dyno_chart_pane_text_width (g_ptr_array_index (self->panes, i), side));
  left = fmax (ceil (margins[DYNO_SIDE_LEFT] / MARGIN_STEP) * MARGIN_STEP, LEAST_MARGIN);
  right = fmax (ceil (margins[DYNO_SIDE_RIGHT] / MARGIN_STEP) * MARGIN_STEP, LEAST_MARGIN);
  if (left == self->left && right == self->right)
    return FALSE;

  self->left = left;
  self->right = right;

  return TRUE;
}

void
dyno_chart_update_x (DynoChart *self)
{
  double min;
  double max;

  if (self->live != NULL)
    {
      dyno_ruler_set_limits (self->x, NAN, NAN);
      return;
    }
  if (!dyno_chart_data_extent (self, &min, &max))
    return;

  dyno_ruler_set_limits (self->x, min, max);
  if (self->is_x_auto)
    dyno_ruler_fit (self->x);
}

/* Folds all panes; when an axis changed, the texts may need other margins. */
static void
update_panes (DynoChart *self)
{
  gint64 start = g_get_monotonic_time ();
  gboolean has_axis_changed = FALSE;

  for (guint i = 0; i < self->panes->len; i++)
    has_axis_changed |= dyno_chart_pane_update (g_ptr_array_index (self->panes, i));
  self->stats.fold_us = g_get_monotonic_time () - start;
  if (has_axis_changed && dyno_chart_update_margins (self))
    gtk_widget_queue_allocate (GTK_WIDGET (self));
  if (self->live == NULL || has_axis_changed)
    gtk_widget_queue_draw (self->hover);
}

/* One piece of one series a frame. TRUE when nothing is left. */
static gboolean
reduce_series (DynoChart *self)
{
  for (guint i = 0; i < dyno_chart_n_series (self); i++)
    {
      if (!dyno_series_reduce (dyno_chart_series_at (self, i)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
pull_series (DynoChart *self)
{
  gboolean has_come = FALSE;

  for (guint i = 0; i < dyno_chart_n_series (self); i++)
    has_come |= dyno_series_pull (dyno_chart_series_at (self, i));

  return has_come;
}

/* Following, only a full column is a reason to draw; standing still, points
 * that came late into the view are one. */
static void
follow_live (DynoChart *self)
{
  gboolean has_come = pull_series (self);
  double now = (double) dyno_live_now_us (self->live) / G_USEC_PER_SEC;

  if (self->is_following && now > 0 && dyno_ruler_scroll_to (self->x, now))
    {
      update_panes (self);
      dyno_chart_place_cursors (self);
      gtk_widget_queue_draw (self->hover);
      dyno_chart_queue_tell (self);
    }
  else if (!self->is_following && has_come)
    update_panes (self);
}

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       data)
{
  DynoChart *self = DYNO_CHART (widget);
  gboolean is_reduced = reduce_series (self);

  self->stats.n_ticks++;
  if (self->live != NULL)
    follow_live (self);
  if (self->is_dirty || !is_reduced)
    {
      self->is_dirty = FALSE;
      dyno_chart_update_x (self);
      update_panes (self);
      dyno_chart_place_cursors (self);
      dyno_chart_queue_tell (self);
    }
  if (self->live != NULL || !is_reduced)
    return G_SOURCE_CONTINUE;

  self->tick = 0;

  return G_SOURCE_REMOVE;
}

static void
ensure_tick (DynoChart *self)
{
  if (self->tick == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

void
dyno_chart_queue_update (DynoChart *self)
{
  self->is_dirty = TRUE;
  ensure_tick (self);
}

/* Motion and rest. */

void
dyno_chart_set_quality (DynoChart   *self,
                        DynoQuality  quality)
{
  for (guint i = 0; i < self->panes->len; i++)
    dyno_chart_pane_set_quality (g_ptr_array_index (self->panes, i), quality);
}

gboolean
dyno_chart_is_scrolling (DynoChart *self)
{
  return self->live != NULL && self->is_following;
}

static gboolean
rest_cb (gpointer data)
{
  DynoChart *self = data;

  self->rest_timer = 0;
  if (!dyno_chart_is_scrolling (self))
    dyno_chart_set_quality (self, DYNO_QUALITY_FULL);

  return G_SOURCE_REMOVE;
}

void
dyno_chart_note_motion (DynoChart *self)
{
  g_clear_handle_id (&self->rest_timer, g_source_remove);
  self->rest_timer = g_timeout_add (REST_AFTER, rest_cb, self);
  dyno_chart_set_quality (self, DYNO_QUALITY_MOVING);
  dyno_chart_queue_update (self);
}
