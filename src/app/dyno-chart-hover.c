/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What follows the pointer over all panes: an upright line, a disc on each curve
 * and a card with the values; and the box of a zoom in hand. Nothing else is
 * drawn again when the pointer moves. */

#include "config.h"

#include "dyno-chart-private.h"
#include "dyno-look.h"

#include <math.h>

#define PADDING 8
#define GAP 12
#define DISC 7
/* Series on the card; the rest is in the legend. */
#define MAX_ROWS 12

#define DYNO_TYPE_CHART_HOVER (dyno_chart_hover_get_type ())
G_DECLARE_FINAL_TYPE (DynoChartHover, dyno_chart_hover, DYNO, CHART_HOVER, GtkWidget)

struct _DynoChartHover
{
  GtkWidget        parent_instance;

  DynoChart       *chart; /* (borrowed) parent */
  double           place; /* of the pointer, px of the plots; NaN: hidden */
  double           x;     /* what is there now, SI */
  gboolean         has_box;
  graphene_rect_t  box;
};

G_DEFINE_FINAL_TYPE (DynoChartHover, dyno_chart_hover, GTK_TYPE_WIDGET)

/* The place stays when the data scrolls under it. */
void
dyno_chart_hover_set_place (GtkWidget *hover,
                            double     place)
{
  DynoChartHover *self = DYNO_CHART_HOVER (hover);

  if (self->place == place || (isnan (self->place) && isnan (place)))
    return;

  self->place = place;
  gtk_widget_queue_draw (hover);
}

void
dyno_chart_hover_set_box (GtkWidget             *hover,
                          const graphene_rect_t *box)
{
  DynoChartHover *self = DYNO_CHART_HOVER (hover);

  self->has_box = box != NULL;
  if (box != NULL)
    self->box = *box;
  gtk_widget_queue_draw (hover);
}

static void
draw_disc (GtkSnapshot *snapshot,
           double       x,
           double       y,
           GdkRGBA      color,
           GdkRGBA      ground)
{
  GskRoundedRect disc;

  gsk_rounded_rect_init_from_rect (&disc,
                                   &GRAPHENE_RECT_INIT ((float) x - DISC / 2.0f,
                                                        (float) y - DISC / 2.0f, DISC, DISC),
                                   DISC / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &disc);
  gtk_snapshot_append_color (snapshot, &ground, &disc.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &disc, (float[4]) { 2, 2, 2, 2 },
                              (GdkRGBA[4]) { color, color, color, color });
}

/* One layer: its disc, and a row of the card. */
static void
visit_layer (DynoChartHover *self,
             DynoChartPane  *pane,
             DynoChartLayer *layer,
             GtkSnapshot    *snapshot,
             GString        *rows,
             guint          *n_rows)
{
  DynoLook look = dyno_look_now ();
  double y = dyno_series_value_at (layer->series, self->x);
  graphene_point_t at;
  graphene_rect_t plot;
  g_autofree char *text = NULL;

  if (layer->kind != DYNO_LAYER_LINE || !dyno_series_get_visible (layer->series) || isnan (y))
    return;

  dyno_chart_pane_get_plot (pane, &plot);
  at = GRAPHENE_POINT_INIT (plot.origin.x,
                            plot.origin.y + (float) dyno_ruler_place (pane->y[layer->side], y));
  if (gtk_widget_compute_point (GTK_WIDGET (pane), GTK_WIDGET (self), &at, &at))
    draw_disc (snapshot, self->place, at.y,
               dyno_look_rgba (dyno_palette_trace (look, dyno_series_get_trace (layer->series))),
               dyno_look_rgba (dyno_palette_ground (look)));
  if ((*n_rows)++ >= MAX_ROWS)
    return;

  text = dyno_ruler_format (pane->y[layer->side], y, TRUE);
  g_string_append_printf (rows, "\n%s  %s  %s",
                          dyno_palette_letter (dyno_series_get_trace (layer->series)), text,
                          dyno_series_get_name (layer->series));
}

static void
draw_card (DynoChartHover *self,
           GtkSnapshot    *snapshot,
           const char     *text,
           double          place)
{
  DynoLook look = dyno_look_now ();
  GdkRGBA ink = dyno_look_rgba (dyno_palette_ink (look));
  GdkRGBA ground = dyno_look_rgba (dyno_palette_fade (dyno_palette_ground (look), 0.92));
  GdkRGBA rule = dyno_look_rgba (dyno_palette_grid (look));
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  GskRoundedRect card;
  int width;
  int height;
  double x;

  pango_layout_get_pixel_size (layout, &width, &height);
  width += 2 * PADDING;
  height += 2 * PADDING;
  x = place + GAP + width <= gtk_widget_get_width (GTK_WIDGET (self)) ? place + GAP
                                                                      : place - GAP - width;
  gsk_rounded_rect_init_from_rect (&card,
                                   &GRAPHENE_RECT_INIT ((float) floor (x), 30, (float) width,
                                                        (float) height), 6);
  gtk_snapshot_push_rounded_clip (snapshot, &card);
  gtk_snapshot_append_color (snapshot, &ground, &card.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &card, (float[4]) { 1, 1, 1, 1 },
                              (GdkRGBA[4]) { rule, rule, rule, rule });
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (card.bounds.origin.x + PADDING,
                                                          card.bounds.origin.y + PADDING));
  gtk_snapshot_append_layout (snapshot, layout, &ink);
  gtk_snapshot_restore (snapshot);
}

static void
draw_values (DynoChartHover *self,
             GtkSnapshot    *snapshot)
{
  GdkRGBA dim = dyno_look_rgba (dyno_palette_dim (dyno_look_now ()));
  double place = floor (self->place);
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  g_autofree char *head = dyno_ruler_format (self->chart->x, self->x, TRUE);
  g_autoptr(GString) rows = g_string_new (head);
  guint n_rows = 0;

  gtk_snapshot_append_color (snapshot, &dim,
                             &GRAPHENE_RECT_INIT ((float) place, 0, 1, height));
  for (guint p = 0; p < self->chart->panes->len; p++)
    {
      DynoChartPane *pane = g_ptr_array_index (self->chart->panes, p);

      for (guint i = 0; i < pane->layers->len; i++)
        visit_layer (self, pane, g_ptr_array_index (pane->layers, i), snapshot, rows, &n_rows);
    }
  if (n_rows > MAX_ROWS)
    g_string_append (rows, "\n…");
  draw_card (self, snapshot, rows->str, place);
}

static void
dyno_chart_hover_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  DynoChartHover *self = DYNO_CHART_HOVER (widget);
  DynoLook look = dyno_look_now ();
  GdkRGBA fill = dyno_look_rgba (dyno_palette_fade (dyno_palette_ink (look), 0.12));
  GdkRGBA edge = dyno_look_rgba (dyno_palette_dim (look));
  GskRoundedRect frame;

  if (self->has_box)
    {
      gtk_snapshot_append_color (snapshot, &fill, &self->box);
      gsk_rounded_rect_init_from_rect (&frame, &self->box, 0);
      gtk_snapshot_append_border (snapshot, &frame, (float[4]) { 1, 1, 1, 1 },
                                  (GdkRGBA[4]) { edge, edge, edge, edge });
      return;
    }
  if (isnan (self->place))
    return;

  self->x = dyno_ruler_value (self->chart->x, self->place);
  draw_values (self, snapshot);
}

static void
dyno_chart_hover_class_init (DynoChartHoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = dyno_chart_hover_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dyno_chart_hover_init (DynoChartHover *self)
{
  self->place = NAN;
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
dyno_chart_hover_new (DynoChart *chart)
{
  DynoChartHover *self = g_object_new (DYNO_TYPE_CHART_HOVER, NULL);

  self->chart = chart;
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);

  return GTK_WIDGET (self);
}
