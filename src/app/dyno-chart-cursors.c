/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The two cursors of a chart: where they stand and what they say. */

#include "config.h"

#include "dyno-chart-private.h"

#include <math.h>

/* Over all panes, with its middle at its x. */
static void
place_cursor (DynoChart *self,
              guint      which)
{
  GtkWidget *cursor = self->cursors[which];
  double place = dyno_ruler_place (self->x, self->cursor_x[which]);
  gboolean is_seen = !isnan (self->cursor_x[which]) && place >= 0
                     && place <= dyno_chart_plot_width (self);
  graphene_point_t at;
  int width;
  int height;

  gtk_widget_set_child_visible (cursor, is_seen);
  if (!is_seen)
    return;

  gtk_widget_measure (cursor, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  height = gtk_widget_get_height (GTK_WIDGET (self))
           - (int) dyno_chart_axis_get_height (self->axis);
  at = GRAPHENE_POINT_INIT ((float) floor (self->left + place - width / 2), 0);
  gtk_widget_allocate (cursor, width, MAX (height, 1), -1, gsk_transform_translate (NULL, &at));
}

/* What stands on the flag and what is said. */
void
dyno_chart_name_cursor (DynoChart *self,
                        guint      which)
{
  g_autofree char *spoken = NULL;
  g_autofree char *text = NULL;

  if (isnan (self->cursor_x[which]))
    return;

  spoken = dyno_chart_describe_cursor (self, which);
  text = dyno_ruler_format (self->x, self->cursor_x[which], TRUE);
  dyno_cursor_set_text (DYNO_CURSOR (self->cursors[which]), text);
  dyno_cursor_set_spoken (DYNO_CURSOR (self->cursors[which]), spoken);
  dyno_cursor_set_active (DYNO_CURSOR (self->cursors[which]), which == self->active_cursor);
}

/* Time runs away under a cursor of a live chart: "−4.2 s". */
void
dyno_chart_place_cursors (DynoChart *self)
{
  for (guint i = 0; i < 2; i++)
    {
      place_cursor (self, i);
      if (!isnan (self->cursor_x[i]) && self->live != NULL)
        {
          g_autofree char *text = dyno_ruler_format (self->x, self->cursor_x[i], TRUE);

          dyno_cursor_set_text (DYNO_CURSOR (self->cursors[i]), text);
        }
    }
}

/* A key whose action can do nothing goes on to whoever wants it: Escape closes a
 * dialog again. */
void
dyno_chart_enable_actions (DynoChart *self)
{
  gboolean has_first = !isnan (self->cursor_x[0]);
  gboolean has_second = !isnan (self->cursor_x[1]);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chart.clear-cursors", has_first || has_second);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chart.zoom-to-cursors",
                                 has_first && has_second);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chart.undo-zoom",
                                 !g_queue_is_empty (self->undo));
}

void
dyno_chart_set_cursor (DynoChart *self,
                       guint      which,
                       double     x)
{
  g_return_if_fail (DYNO_IS_CHART (self));
  g_return_if_fail (which < 2);

  if (self->cursor_x[which] == x || (isnan (self->cursor_x[which]) && isnan (x)))
    return;

  self->cursor_x[which] = x;
  for (guint i = 0; i < 2; i++)
    dyno_chart_name_cursor (self, i);
  if (isnan (self->cursor_x[self->active_cursor]))
    gtk_accessible_reset_relation (GTK_ACCESSIBLE (self),
                                   GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT);
  else
    gtk_accessible_update_relation (GTK_ACCESSIBLE (self),
                                    GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT,
                                    self->cursors[self->active_cursor], -1);
  dyno_chart_enable_actions (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  g_signal_emit_by_name (self, "cursor-moved", which, x);
}

double
dyno_chart_get_cursor (DynoChart *self,
                       guint      which)
{
  g_return_val_if_fail (which < 2, NAN);

  return self->cursor_x[which];
}
