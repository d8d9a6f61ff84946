/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Ground, lines and texts of a pane. It lies under everything and is drawn when
 * an axis changes. */

#include "config.h"

#include "dyno-chart-private.h"
#include "dyno-look.h"

#include <math.h>

#define TEXT_GAP 6
#define MAX_TICKS 64

#define DYNO_TYPE_CHART_GRID (dyno_chart_grid_get_type ())
G_DECLARE_FINAL_TYPE (DynoChartGrid, dyno_chart_grid, DYNO, CHART_GRID, GtkWidget)

struct _DynoChartGrid
{
  GtkWidget      parent_instance;

  DynoChartPane *pane; /* (borrowed) parent */
};

G_DEFINE_FINAL_TYPE (DynoChartGrid, dyno_chart_grid, GTK_TYPE_WIDGET)

/* One drawing. */
typedef struct
{
  DynoChartGrid   *self;
  GtkSnapshot     *snapshot;
  graphene_rect_t  plot;
  GdkRGBA          ink;
  GdkRGBA          dim;
  GdkRGBA          rule;
} Sheet;

static void
put_rule (Sheet  *sheet,
          double  x,
          double  y,
          double  width,
          double  height)
{
  graphene_rect_t rect = GRAPHENE_RECT_INIT ((float) floor (x), (float) floor (y), (float) width,
                                             (float) height);

  gtk_snapshot_append_color (sheet->snapshot, &sheet->rule, &rect);
}

/* `align` 0: from x on, 0.5: around x, 1: up to x; y is the middle. */
static void
put_text (Sheet         *sheet,
          const char    *text,
          const GdkRGBA *color,
          double         x,
          double         y,
          double         align)
{
  g_autoptr(PangoLayout) layout =
      gtk_widget_create_pango_layout (GTK_WIDGET (sheet->self), text);
  int width;
  int height;

  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (sheet->snapshot);
  gtk_snapshot_translate (sheet->snapshot,
                          &GRAPHENE_POINT_INIT ((float) floor (x - align * width),
                                                (float) floor (y - 0.5 * height)));
  gtk_snapshot_append_layout (sheet->snapshot, layout, color);
  gtk_snapshot_restore (sheet->snapshot);
}

static void
draw_side (Sheet    *sheet,
           DynoSide  side)
{
  DynoChartPane *pane = sheet->self->pane;
  const graphene_rect_t *plot = &sheet->plot;
  gboolean is_left = side == DYNO_SIDE_LEFT;
  double edge = is_left ? plot->origin.x - TEXT_GAP
                        : plot->origin.x + plot->size.width + TEXT_GAP;
  DynoRulerTick ticks[MAX_TICKS];
  g_autofree char *label = dyno_ruler_label (pane->y[side]);
  guint n;

  if (!pane->has_side[side])
    return;

  n = dyno_ruler_ticks (pane->y[side], ticks, MAX_TICKS);
  for (guint i = 0; i < n; i++)
    {
      double y = plot->origin.y + ticks[i].place;

      if (is_left)
        put_rule (sheet, plot->origin.x, y, plot->size.width, 1);
      put_text (sheet, ticks[i].text, &sheet->dim, edge, y, is_left ? 1 : 0);
    }
  dyno_ruler_clear_ticks (ticks, n);
  put_text (sheet, label, &sheet->ink, plot->origin.x + (is_left ? 0 : plot->size.width),
            plot->origin.y / 2, is_left ? 0 : 1);
}

static void
draw_x (Sheet *sheet)
{
  const graphene_rect_t *plot = &sheet->plot;
  DynoRulerTick ticks[MAX_TICKS];
  guint n = dyno_ruler_ticks (sheet->self->pane->x, ticks, MAX_TICKS);

  for (guint i = 0; i < n; i++)
    put_rule (sheet, plot->origin.x + ticks[i].place, plot->origin.y, 1, plot->size.height);
  dyno_ruler_clear_ticks (ticks, n);
}

static void
dyno_chart_grid_snapshot (GtkWidget   *widget,
                          GtkSnapshot *snapshot)
{
  DynoChartGrid *self = DYNO_CHART_GRID (widget);
  DynoLook look = dyno_look_now ();
  GdkRGBA ground = dyno_look_rgba (dyno_palette_ground (look));
  Sheet sheet = {
    .self = self,
    .snapshot = snapshot,
    .ink = dyno_look_rgba (dyno_palette_ink (look)),
    .dim = dyno_look_rgba (dyno_palette_dim (look)),
    .rule = dyno_look_rgba (dyno_palette_grid (look)),
  };

  dyno_chart_pane_get_plot (self->pane, &sheet.plot);
  gtk_snapshot_append_color (snapshot, &ground, &sheet.plot);
  draw_x (&sheet);
  for (int i = 0; i < DYNO_N_SIDES; i++)
    draw_side (&sheet, i);
  put_text (&sheet, self->pane->title, &sheet.ink,
            sheet.plot.origin.x + sheet.plot.size.width / 2, sheet.plot.origin.y / 2, 0.5);
}

static void
dyno_chart_grid_class_init (DynoChartGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = dyno_chart_grid_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
dyno_chart_grid_init (DynoChartGrid *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

GtkWidget *
dyno_chart_grid_new (DynoChartPane *pane)
{
  DynoChartGrid *self = g_object_new (DYNO_TYPE_CHART_GRID, NULL);

  self->pane = pane;
  dyno_look_watch (GTK_WIDGET (self), gtk_widget_queue_draw);

  return GTK_WIDGET (self);
}
