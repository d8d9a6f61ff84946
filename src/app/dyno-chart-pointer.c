/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Pointer and touch on a chart: the first column of the table in ui.md 4.1. All
 * places come in px of the chart. */

#include "config.h"

#include "dyno-chart-private.h"

#include <math.h>

#define WHEEL_STEP 1.25
#define PAN_STEP 0.1
/* Pointer this near takes hold of a cursor, px. */
#define CURSOR_REACH 8

static GdkModifierType
modifiers_of (gpointer controller)
{
  return gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
}

static double
plot_x (DynoChart *self,
        double     x)
{
  return CLAMP (x - self->left, 0, dyno_chart_plot_width (self));
}

/* The place within the plot of a pane, from its top. */
static double
plot_y (DynoChart     *self,
        DynoChartPane *pane,
        double         y)
{
  graphene_point_t at = GRAPHENE_POINT_INIT (0, (float) y);
  graphene_rect_t plot;

  if (!gtk_widget_compute_point (GTK_WIDGET (self), GTK_WIDGET (pane), &at, &at))
    return NAN;

  dyno_chart_pane_get_plot (pane, &plot);

  return at.y - plot.origin.y;
}

static void
motion_cb (GtkEventControllerMotion *controller,
           double                    x,
           double                    y,
           DynoChart                *self)
{
  gboolean is_over = x >= self->left && x <= self->left + dyno_chart_plot_width (self)
                     && dyno_chart_pane_at (self, y) != NULL;

  self->pointer_x = x;
  self->pointer_y = y;
  dyno_chart_hover_set_place (self->hover, is_over ? x - self->left : NAN);
}

static void
leave_cb (GtkEventControllerMotion *controller,
          DynoChart                *self)
{
  dyno_chart_hover_set_place (self->hover, NAN);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller,
           double                    dx,
           double                    dy,
           DynoChart                *self)
{
  GdkModifierType state = modifiers_of (controller);
  DynoChartPane *pane = dyno_chart_pane_at (self, self->pointer_y);

  if ((state & GDK_SHIFT_MASK) != 0 || dx != 0)
    {
      dyno_chart_push_undo (self);
      dyno_chart_pan (self, NULL,
                      (dx != 0 ? dx : dy) * PAN_STEP * dyno_chart_plot_width (self), 0);
    }
  else if ((state & GDK_CONTROL_MASK) != 0 && pane != NULL)
    dyno_chart_zoom_y (self, pane, pow (WHEEL_STEP, -dy), plot_y (self, pane, self->pointer_y));
  else
    dyno_chart_zoom_x (self, pow (WHEEL_STEP, -dy), plot_x (self, self->pointer_x));

  return TRUE;
}

static void
pinch_begin_cb (GtkGesture       *gesture,
                GdkEventSequence *sequence,
                DynoChart        *self)
{
  self->pinch = 1;
}

static void
pinch_cb (GtkGestureZoom *gesture,
          double          scale,
          DynoChart      *self)
{
  double x;
  double y;

  if (scale <= 0 || !gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    return;

  dyno_chart_zoom_x (self, scale / self->pinch, plot_x (self, x));
  self->pinch = scale;
}

/* The cursor whose line is under the pointer; −1 for none. */
static int
cursor_at (DynoChart *self,
           double     x)
{
  for (int i = 0; i < 2; i++)
    {
      double place = dyno_ruler_place (self->x, self->cursor_x[i]);

      if (!isnan (self->cursor_x[i]) && fabs (x - self->left - place) <= CURSOR_REACH)
        return i;
    }

  return -1;
}

static void
drag_begin_cb (GtkGestureDrag *gesture,
               double          x,
               double          y,
               DynoChart      *self)
{
  self->drag_cursor = cursor_at (self, x);
  self->drag_pane = dyno_chart_pane_at (self, y);
  self->drag_x = self->drag_y = 0;
  self->is_drag_begun = FALSE;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* Less than the system's threshold is a click. */
static gboolean
drag_has_begun (GtkGestureDrag *gesture,
                DynoChart      *self,
                double          dx,
                double          dy)
{
  if (self->is_drag_begun)
    return TRUE;
  if (!gtk_drag_check_threshold (GTK_WIDGET (self), 0, 0, (int) dx, (int) dy))
    return FALSE;

  self->is_drag_begun = TRUE;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (self->drag_cursor < 0)
    {
      self->last_zoom_us = 0;
      dyno_chart_push_undo (self);
    }

  return TRUE;
}

static void
drag_update_cb (GtkGestureDrag *gesture,
                double          dx,
                double          dy,
                DynoChart      *self)
{
  double x;
  double y;
  gint64 first;
  gint64 before;
  guint n;

  if (!drag_has_begun (gesture, self, dx, dy))
    return;

  if (self->drag_cursor >= 0)
    {
      gtk_gesture_drag_get_start_point (gesture, &x, &y);
      self->active_cursor = (guint) self->drag_cursor;
      dyno_chart_put_cursor (self, dyno_ruler_value (self->x, plot_x (self, x + dx)));
      return;
    }

  /* The ruler moves by whole columns: what it did not take is left for later. */
  dyno_ruler_get_columns (self->x, &before, &n);
  dyno_chart_pan (self, self->drag_pane, self->drag_x - dx, dy - self->drag_y);
  dyno_ruler_get_columns (self->x, &first, &n);
  self->drag_x -= (double) (first - before) / gtk_widget_get_scale_factor (GTK_WIDGET (self));
  self->drag_y = dy;
}

static void
drag_end_cb (GtkGestureDrag *gesture,
             double          dx,
             double          dy,
             DynoChart      *self)
{
  self->drag_cursor = -1;
}

static void
set_cursor_at (DynoChart *self,
               guint      which,
               double     x)
{
  self->active_cursor = which;
  dyno_chart_put_cursor (self, dyno_ruler_value (self->x, plot_x (self, x)));
}

static void
click_cb (GtkGestureClick *gesture,
          int              n_press,
          double           x,
          double           y,
          DynoChart       *self)
{
  gboolean is_plot = x >= self->left && x <= self->left + dyno_chart_plot_width (self);
  DynoChartPane *pane = dyno_chart_pane_at (self, y);

  if (n_press == 2)
    {
      self->last_zoom_us = 0;
      dyno_chart_fit (self, pane == NULL ? DYNO_FIT_X : is_plot ? DYNO_FIT_ALL : DYNO_FIT_Y);
    }
  else if (n_press == 1 && is_plot && pane != NULL)
    set_cursor_at (self, (modifiers_of (gesture) & GDK_SHIFT_MASK) != 0 ? 1 : 0, x);
}

static void
box_of_drag (GtkGestureDrag  *gesture,
             DynoChart       *self,
             double           dx,
             double           dy,
             graphene_rect_t *box)
{
  double x;
  double y;
  double left;
  double right;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  left = plot_x (self, fmin (x, x + dx));
  right = plot_x (self, fmax (x, x + dx));
  graphene_rect_init (box, (float) left, (float) fmin (y, y + dy), (float) (right - left),
                      (float) fabs (dy));
}

static void
box_begin_cb (GtkGestureDrag *gesture,
              double          x,
              double          y,
              DynoChart      *self)
{
  self->drag_pane = dyno_chart_pane_at (self, y);
}

static void
box_update_cb (GtkGestureDrag *gesture,
               double          dx,
               double          dy,
               DynoChart      *self)
{
  graphene_rect_t box;

  box_of_drag (gesture, self, dx, dy, &box);
  dyno_chart_hover_set_box (self->hover, &box);
}

/* A right click that did not become a box asks for the menu. */
static void
box_end_cb (GtkGestureDrag *gesture,
            double          dx,
            double          dy,
            DynoChart      *self)
{
  graphene_rect_t box;
  double x;
  double y;

  dyno_chart_hover_set_box (self->hover, NULL);
  box_of_drag (gesture, self, dx, dy, &box);
  if (dyno_chart_zoom_to_box (self, self->drag_pane, &box))
    return;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  dyno_chart_show_menu (self, x, y);
}

static void
long_press_cb (GtkGestureLongPress *gesture,
               double               x,
               double               y,
               DynoChart           *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  dyno_chart_show_menu (self, x, y);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         DynoChart     *self)
{
  DynoChartPane *pane = dyno_chart_pane_at (self, y);
  guint index;

  if (pane == NULL || !g_ptr_array_find (self->panes, pane, &index))
    return FALSE;

  g_signal_emit_by_name (self, "series-dropped", index, g_value_get_string (value));

  return TRUE;
}

static void
add_controller (DynoChart *self,
                gpointer   controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (controller));
}

void
dyno_chart_add_pointer (DynoChart *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (
      GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *box = gtk_gesture_drag_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_COPY);

  g_signal_connect (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (click, "released", G_CALLBACK (click_cb), self);
  g_signal_connect (box, "drag-begin", G_CALLBACK (box_begin_cb), self);
  g_signal_connect (box, "drag-update", G_CALLBACK (box_update_cb), self);
  g_signal_connect (box, "drag-end", G_CALLBACK (box_end_cb), self);
  g_signal_connect (press, "pressed", G_CALLBACK (long_press_cb), self);
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (box), GDK_BUTTON_SECONDARY);
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);

  add_controller (self, motion);
  add_controller (self, scroll);
  add_controller (self, pinch);
  add_controller (self, drag);
  add_controller (self, click);
  add_controller (self, box);
  add_controller (self, press);
  add_controller (self, drop);
}
