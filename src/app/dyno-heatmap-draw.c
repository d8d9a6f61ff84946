/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* How a heatmap looks: colours and marks of ui.md 1.2. */

#include "config.h"

#include "dyno-heatmap-private.h"

#include "dyno-look.h"
#include "dyno-plot.h"
#include "dyno-wording.h"

#include <math.h>

#define TWO_LINES_FROM 40 /* px of a cell that has room for its hits, too */
#define MARK 6            /* px of square and triangle */
#define INSET 3

typedef struct
{
  GtkSnapshot *snapshot;
  PangoLayout *layout; /* (owned) text of all cells, one after the other */
  PangoLayout *small;  /* (owned) */
  DynoLook     look;
} Pen;

char *
dyno_heatmap_text (double value,
                   int    decimals)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  const char *format = decimals > 0 ? "%.1f" : "%.0f";

  if (!isfinite (value))
    return g_strdup (DYNO_DASH_TEXT);

  g_ascii_formatd (text, sizeof text, format, fabs (value));
  if (g_str_equal (text, "0.0") || g_str_equal (text, "0"))
    return g_strdup (text);

  return g_strconcat (value < 0 ? "\342\210\222" : "+", text, NULL);
}

static void
draw_text (Pen           *pen,
           PangoLayout   *layout,
           double         center_x,
           double         center_y,
           const GdkRGBA *color)
{
  int width;
  int height;

  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (pen->snapshot);
  gtk_snapshot_translate (pen->snapshot,
                          &GRAPHENE_POINT_INIT ((float) round (center_x - width / 2.0),
                                                (float) round (center_y - height / 2.0)));
  gtk_snapshot_append_layout (pen->snapshot, layout, color);
  gtk_snapshot_restore (pen->snapshot);
}

/* The number loses its decimals, then goes, before it is clipped. */
static gboolean
fit_number (PangoLayout  *layout,
            DynoHeatKind  kind,
            double        value,
            double        room)
{
  for (int decimals = kind == DYNO_HEAT_HITS ? 0 : 1; decimals >= 0; decimals--)
    {
      g_autofree char *text = kind == DYNO_HEAT_HITS ? dyno_wording_count ((guint64) value)
                                                     : dyno_heatmap_text (value, decimals);
      int width;

      pango_layout_set_text (layout, text, -1);
      pango_layout_get_pixel_size (layout, &width, NULL);
      if (width + 4 <= room)
        return TRUE;
    }

  return FALSE;
}

static DynoColour
ground_of (DynoHeatmap        *self,
           const DynoHeatCell *cell,
           DynoLook            look)
{
  if (self->kind == DYNO_HEAT_HITS)
    return dyno_palette_hits (look, dyno_palette_hits_class (cell->hits));

  return dyno_palette_diverging (look, dyno_palette_class (cell->value, self->range));
}

static gboolean
has_data (DynoHeatmap        *self,
          const DynoHeatCell *cell)
{
  return self->kind == DYNO_HEAT_HITS ? cell->hits > 0 : isfinite (cell->value);
}

static void
draw_hatch (Pen                   *pen,
            const graphene_rect_t *area)
{
  GdkRGBA color = dyno_look_rgba (dyno_palette_dim (pen->look));
  cairo_t *cr = gtk_snapshot_append_cairo (pen->snapshot, area);

  dyno_plot_hatch (cr, pen->look, area->origin.x, area->origin.y, area->size.width,
                   area->size.height);
  cairo_destroy (cr);
  pango_layout_set_text (pen->layout, DYNO_DASH_TEXT, -1);
  draw_text (pen, pen->layout, area->origin.x + area->size.width / 2,
             area->origin.y + area->size.height / 2, &color);
}

static void
draw_marks (DynoHeatmap           *self,
            Pen                   *pen,
            const DynoHeatCell    *cell,
            const graphene_rect_t *area,
            const GdkRGBA         *ink)
{
  double right = area->origin.x + area->size.width;
  double bottom = area->origin.y + area->size.height;
  cairo_t *cr = gtk_snapshot_append_cairo (pen->snapshot, area);

  gdk_cairo_set_source_rgba (cr, ink);
  if (cell->is_clamped)
    cairo_rectangle (cr, right - MARK - INSET, area->origin.y + INSET, MARK, MARK);
  if (self->kind == DYNO_HEAT_CORRECTION && dyno_palette_is_beyond (cell->value, self->range))
    {
      cairo_move_to (cr, right, bottom - MARK - INSET);
      cairo_line_to (cr, right, bottom);
      cairo_line_to (cr, right - MARK - INSET, bottom);
    }
  cairo_fill (cr);
  if (cell->is_dim)
    {
      const double dots[] = { 1, 2 };

      cairo_set_line_width (cr, 1);
      cairo_set_dash (cr, dots, G_N_ELEMENTS (dots), 0);
      cairo_rectangle (cr, area->origin.x + 1.5, area->origin.y + 1.5, area->size.width - 3,
                       area->size.height - 3);
      cairo_stroke (cr);
    }
  cairo_destroy (cr);
}

static void
draw_numbers (DynoHeatmap           *self,
              Pen                   *pen,
              const DynoHeatCell    *cell,
              const graphene_rect_t *area,
              GdkRGBA                ink)
{
  double value = self->kind == DYNO_HEAT_HITS ? cell->hits : cell->value;
  double x = area->origin.x + area->size.width / 2;
  double y = area->origin.y + area->size.height / 2;
  gboolean has_two = self->kind == DYNO_HEAT_CORRECTION && area->size.height >= TWO_LINES_FROM;

  if (cell->is_dim)
    ink.alpha = 0.75f;
  if (fit_number (pen->layout, self->kind, value, area->size.width))
    draw_text (pen, pen->layout, x, has_two ? y - 7 : y, &ink);
  if (has_two && fit_number (pen->small, DYNO_HEAT_HITS, cell->hits, area->size.width))
    draw_text (pen, pen->small, x, y + 10, &ink);
}

static void
draw_cell (DynoHeatmap *self,
           Pen         *pen,
           guint        index)
{
  const DynoHeatCell *cell = &self->cells[index];
  graphene_rect_t area;
  GdkRGBA color;
  DynoColour ground;

  dyno_heatmap_get_area (self, index, &area);
  graphene_rect_inset (&area, 0.5f, 0.5f);
  if (!has_data (self, cell))
    {
      draw_hatch (pen, &area);
      return;
    }

  ground = ground_of (self, cell, pen->look);
  color = dyno_look_rgba (ground);
  gtk_snapshot_append_color (pen->snapshot, &color, &area);
  color = dyno_look_rgba (dyno_palette_ink_on (ground));
  if (cell->is_clamped || cell->is_dim || dyno_palette_is_beyond (cell->value, self->range))
    draw_marks (self, pen, cell, &area, &color);
  draw_numbers (self, pen, cell, &area, color);
}

static void
draw_head (Pen    *pen,
           double  value,
           double  x,
           double  y)
{
  GdkRGBA ink = dyno_look_rgba (dyno_palette_ink (pen->look));
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%.6g", value);
  pango_layout_set_text (pen->small, number, -1);
  draw_text (pen, pen->small, x, y, &ink);
}

static void
draw_heads (DynoHeatmap *self,
            Pen         *pen)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  GdkRGBA dim = dyno_look_rgba (dyno_palette_dim (pen->look));
  DynoHeatLayout at;

  dyno_heatmap_lay_out (self, &at);
  gtk_snapshot_push_clip (pen->snapshot,
                          &GRAPHENE_RECT_INIT (0, 0, DYNO_HEAT_HEAD_WIDTH,
                                               (float) height - DYNO_HEAT_HEAD_HEIGHT));
  for (guint i = 0; i < self->shape.load.n; i++)
    draw_head (pen, self->shape.load.at[i], DYNO_HEAT_HEAD_WIDTH / 2.0,
               at.y + (self->shape.load.n - i - 0.5) * at.height);
  gtk_snapshot_pop (pen->snapshot);

  gtk_snapshot_push_clip (pen->snapshot,
                          &GRAPHENE_RECT_INIT (DYNO_HEAT_HEAD_WIDTH,
                                               (float) height - DYNO_HEAT_HEAD_HEIGHT,
                                               (float) width - DYNO_HEAT_HEAD_WIDTH,
                                               DYNO_HEAT_HEAD_HEIGHT));
  for (guint i = 0; i < self->shape.rpm.n; i++)
    draw_head (pen, self->shape.rpm.at[i], at.x + (i + 0.5) * at.width,
               height - DYNO_HEAT_HEAD_HEIGHT / 2.0);
  gtk_snapshot_pop (pen->snapshot);

  pango_layout_set_text (pen->small, "kPa", -1);
  draw_text (pen, pen->small, DYNO_HEAT_HEAD_WIDTH / 2.0, height - DYNO_HEAT_HEAD_HEIGHT / 2.0,
             &dim);
}

static PangoLayout *
make_layout (DynoHeatmap *self,
             double       scale)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);

  return layout;
}

void
dyno_heatmap_draw (DynoHeatmap *self,
                   GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  g_autoptr(PangoLayout) layout = make_layout (self, 1);
  g_autoptr(PangoLayout) small = make_layout (self, 0.8);
  Pen pen = { snapshot, layout, small, dyno_look_now () };
  guint n = dyno_grid_shape_cells (&self->shape);

  gtk_snapshot_push_clip (snapshot,
                          &GRAPHENE_RECT_INIT (DYNO_HEAT_HEAD_WIDTH, 0,
                                               (float) width - DYNO_HEAT_HEAD_WIDTH,
                                               (float) height - DYNO_HEAT_HEAD_HEIGHT));
  for (guint i = 0; i < n; i++)
    draw_cell (self, &pen, i);
  gtk_snapshot_pop (snapshot);
  draw_heads (self, &pen);
}
