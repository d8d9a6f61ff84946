/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Undo of zooming and panning: what the axes showed before. */

#include "config.h"

#include "dyno-chart-private.h"

#define MOST_UNDO 64
/* Steps of a wheel this close are one zoom, µs. */
#define ZOOM_TOGETHER_US 600000

static void
view_free (DynoChartView *view)
{
  g_array_unref (view->y);
  g_free (view);
}

static DynoChartView *
view_new (DynoChart *self)
{
  DynoChartView *view = g_new0 (DynoChartView, 1);

  dyno_ruler_get_range (self->x, &view->x[0], &view->x[1]);
  view->is_following = self->is_following;
  view->is_x_auto = self->is_x_auto;
  view->y = g_array_new (FALSE, FALSE, sizeof (DynoChartYView));
  for (guint i = 0; i < self->panes->len; i++)
    {
      DynoChartPane *pane = g_ptr_array_index (self->panes, i);

      for (int side = 0; side < DYNO_N_SIDES; side++)
        {
          DynoChartYView y = { .is_auto = pane->is_auto[side] };

          dyno_ruler_get_range (pane->y[side], &y.min, &y.max);
          g_array_append_val (view->y, y);
        }
    }

  return view;
}

void
dyno_chart_push_undo (DynoChart *self)
{
  gint64 now = g_get_monotonic_time ();
  gboolean goes_on = now - self->last_zoom_us < ZOOM_TOGETHER_US;

  self->last_zoom_us = now;
  if (goes_on && !g_queue_is_empty (self->undo))
    return;

  g_queue_push_head (self->undo, view_new (self));
  while (g_queue_get_length (self->undo) > MOST_UNDO)
    view_free (g_queue_pop_tail (self->undo));
  dyno_chart_enable_actions (self);
}

void
dyno_chart_clear_undo (DynoChart *self)
{
  g_queue_clear_full (self->undo, (GDestroyNotify) view_free);
  if (!gtk_widget_in_destruction (GTK_WIDGET (self)))
    dyno_chart_enable_actions (self);
}

void
dyno_chart_undo_zoom (DynoChart *self)
{
  DynoChartView *view = g_queue_pop_head (self->undo);

  if (view == NULL)
    return;

  for (guint i = 0; i < view->y->len && i / DYNO_N_SIDES < self->panes->len; i++)
    {
      DynoChartPane *pane = g_ptr_array_index (self->panes, i / DYNO_N_SIDES);
      const DynoChartYView *y = &g_array_index (view->y, DynoChartYView, i);

      pane->is_auto[i % DYNO_N_SIDES] = y->is_auto;
      dyno_ruler_set_range (pane->y[i % DYNO_N_SIDES], y->min, y->max);
    }
  self->is_x_auto = view->is_x_auto;
  dyno_ruler_set_range (self->x, view->x[0], view->x[1]);
  dyno_chart_set_following (self, view->is_following);
  self->last_zoom_us = 0;
  view_free (view);
  dyno_chart_enable_actions (self);
  dyno_chart_note_motion (self);
  dyno_chart_emit_range (self);
}
