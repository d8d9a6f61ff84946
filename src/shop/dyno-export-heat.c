/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-heat.h"

#include <math.h>
#include <pango/pango.h>

#include "dyno-plot-text.h"
#include "dyno-plot.h"

#define LINES_OF_TEXT 52
#define MINUS "\342\210\222"
#define N_CLASSES 5 /* to each side of none */

typedef struct
{
  const DynoExportHeat *heat;
  cairo_t              *cr;     /* (borrowed) */
  PangoLayout          *layout; /* (owned) */
  double                em;
} Sheet;

typedef struct
{
  double x;
  double y;
  double width;
  double height;
} Box;

static void
put (Sheet      *sheet,
     DynoColour  colour,
     const char *text,
     double      size_em,
     double      x,
     double      y,
     double      align)
{
  dyno_plot_set_colour (sheet->cr, colour);
  dyno_plot_text (sheet->cr, sheet->layout, text, sheet->em * size_em, x, y, align);
}

/* Signed, one decimal; a cell that is too narrow has none. (transfer full) */
static char *
number_text (double value,
             int    decimals)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, decimals > 0 ? "%.1f" : "%.0f", fabs (value));
  if (g_ascii_strtod (text, NULL) == 0)
    return g_strdup (text);

  return g_strconcat (value < 0 ? MINUS : "+", text, NULL);
}

static void
fill_box (Sheet      *sheet,
          const Box  *box,
          DynoColour  colour)
{
  dyno_plot_set_colour (sheet->cr, colour);
  cairo_rectangle (sheet->cr, box->x, box->y, box->width, box->height);
  cairo_fill (sheet->cr);
}

/* The corner that says: more than the scale has. */
static void
draw_beyond (Sheet      *sheet,
             const Box  *box,
             DynoColour  ink)
{
  double size = fmin (sheet->em * 0.6, fmin (box->width, box->height) / 3);
  double right = box->x + box->width;
  double bottom = box->y + box->height;

  dyno_plot_set_colour (sheet->cr, ink);
  cairo_move_to (sheet->cr, right, bottom - size);
  cairo_line_to (sheet->cr, right, bottom);
  cairo_line_to (sheet->cr, right - size, bottom);
  cairo_close_path (sheet->cr);
  cairo_fill (sheet->cr);
}

static void
draw_number (Sheet      *sheet,
             const Box  *box,
             double      value,
             DynoColour  ink)
{
  for (int decimals = 1; decimals >= 0; decimals--)
    {
      g_autofree char *text = number_text (value, decimals);

      if (dyno_plot_text_width (sheet->layout, text, sheet->em * 0.85) + 2 > box->width)
        continue;
      put (sheet, ink, text, 0.85, box->x + box->width / 2, box->y + box->height / 2, 0.5);
      return;
    }
}

/* Hatch, and a dash on a piece of clear ground. */
static void
draw_no_data (Sheet     *sheet,
              const Box *box)
{
  DynoLook look = sheet->heat->look;
  Box clear = { box->x + box->width / 2 - 0.7 * sheet->em,
                box->y + box->height / 2 - 0.5 * sheet->em, 1.4 * sheet->em, sheet->em };

  dyno_plot_hatch (sheet->cr, look, box->x, box->y, box->width, box->height);
  if (clear.width > box->width || clear.height > box->height)
    return;
  fill_box (sheet, &clear, dyno_palette_ground (look));
  put (sheet, dyno_palette_dim (look), "—", 0.85, box->x + box->width / 2,
       box->y + box->height / 2, 0.5);
}

static void
draw_cell (Sheet     *sheet,
           const Box *box,
           double     value)
{
  DynoLook look = sheet->heat->look;
  double range = sheet->heat->range_pct;
  DynoColour ground = dyno_palette_diverging (look, dyno_palette_class (value, range));
  DynoColour ink = dyno_palette_ink_on (ground);

  if (isnan (value))
    {
      draw_no_data (sheet, box);
      return;
    }
  fill_box (sheet, box, ground);
  draw_number (sheet, box, value, ink);
  if (dyno_palette_is_beyond (value, range))
    draw_beyond (sheet, box, ink);
}

/* One panel */

static void
draw_labels (Sheet                *sheet,
             const DynoExportGrid *grid,
             const Box            *cells)
{
  DynoColour dim = dyno_palette_dim (sheet->heat->look);
  double width = cells->width / grid->n_columns;
  double height = cells->height / grid->n_rpm;

  for (guint i = 0; i < grid->n_columns; i++)
    {
      g_autofree char *text = g_strdup_printf ("%.0f", grid->columns[i]);

      put (sheet, dim, text, 0.85, cells->x + (i + 0.5) * width, cells->y - 0.8 * sheet->em, 0.5);
    }
  for (guint row = 0; row < grid->n_rpm; row++)
    {
      g_autofree char *text = g_strdup_printf ("%.0f", grid->rpm[row]);

      put (sheet, dim, text, 0.85, cells->x - 0.5 * sheet->em, cells->y + (row + 0.5) * height, 1);
    }
}

static void
draw_cells (Sheet                *sheet,
            const DynoExportGrid *grid,
            const Box            *cells)
{
  double width = cells->width / grid->n_columns;
  double height = cells->height / grid->n_rpm;

  for (guint i = 0; i < grid->n_rpm * grid->n_columns; i++)
    {
      Box box = { cells->x + i % grid->n_columns * width, cells->y + i / grid->n_columns * height,
                  width - 1, height - 1 };

      draw_cell (sheet, &box, grid->values[i]);
    }
}

static void
draw_panel (Sheet                *sheet,
            const DynoExportGrid *grid,
            const char           *title,
            const Box            *panel)
{
  double em = sheet->em;
  DynoColour ink = dyno_palette_ink (sheet->heat->look);
  Box cells = { panel->x + 4 * em, panel->y + 4 * em, panel->width - 4 * em,
                panel->height - 4 * em };

  put (sheet, ink, title, 1, panel->x + 4 * em, panel->y + 0.6 * em, 0);
  put (sheet, ink, "kPa", 0.85, panel->x + panel->width, panel->y + 1.9 * em, 1);
  put (sheet, ink, "rpm", 0.85, panel->x + 3.5 * em, panel->y + 1.9 * em, 1);
  draw_labels (sheet, grid, &cells);
  draw_cells (sheet, grid, &cells);
}

/* "rich · remove fuel" on the left, "lean · add fuel" on the right. */
static void
draw_legend (Sheet  *sheet,
             double  x,
             double  y,
             double  width)
{
  DynoLook look = sheet->heat->look;
  DynoColour dim = dyno_palette_dim (look);
  double em = sheet->em;
  double step = em * 2.4;
  double from = x + (width - step * (2 * N_CLASSES + 1)) / 2;
  g_autofree char *low = g_strdup_printf (MINUS "%.0f %%", sheet->heat->range_pct);
  g_autofree char *high = g_strdup_printf ("+%.0f %%", sheet->heat->range_pct);

  for (int i = -N_CLASSES; i <= N_CLASSES; i++)
    {
      Box box = { from + (i + N_CLASSES) * step, y - 0.6 * em, step - 1, 1.2 * em };

      fill_box (sheet, &box, dyno_palette_diverging (look, i));
    }
  put (sheet, dim, "rich · remove fuel", 0.9, from - em, y, 1);
  put (sheet, dim, "lean · add fuel", 0.9, from + step * (2 * N_CLASSES + 1) + em, y, 0);
  put (sheet, dim, low, 0.8, from, y + 1.3 * em, 0);
  put (sheet, dim, high, 0.8, from + step * (2 * N_CLASSES + 1), y + 1.3 * em, 1);
}

static void
draw_panels (Sheet  *sheet,
             double  width,
             double  height)
{
  static const char *const names[] = { "Front cylinder, correction of fuel in %",
                                       "Rear cylinder, correction of fuel in %" };
  double em = sheet->em;
  DynoExportGrid grids[2];
  const char *titles[2];
  guint n = 0;

  for (guint side = DYNO_EXPORT_FRONT; side <= DYNO_EXPORT_REAR; side++)
    {
      if (dyno_export_tables_grid (sheet->heat->tables, (DynoExportSide) side, &grids[n]))
        titles[n++] = names[side];
    }
  for (guint i = 0; i < n; i++)
    {
      double share = (width - 4 * em) / n;
      Box panel = { 2 * em + i * share, 4 * em, share - (n > 1 ? 1.5 * em : 0), height - 11 * em };

      draw_panel (sheet, &grids[i], titles[i], &panel);
    }
}

void
dyno_export_heat_draw (const DynoExportHeat *self,
                       cairo_t              *cr,
                       double                width,
                       double                height)
{
  Sheet sheet = { self, cr, dyno_plot_text_layout (cr), height / LINES_OF_TEXT };
  double em = sheet.em;

  dyno_plot_set_colour (cr, dyno_palette_ground (self->look));
  cairo_paint (cr);
  put (&sheet, dyno_palette_ink (self->look), self->title, 1.4, 2 * em, 2 * em, 0);
  draw_panels (&sheet, width, height);
  draw_legend (&sheet, 0, height - 4.8 * em, width);
  put (&sheet, dyno_palette_dim (self->look), self->caption, 0.9, 2 * em, height - 1.5 * em, 0);
  g_object_unref (sheet.layout);
}

char *
dyno_export_heat_text (const DynoExportTables *tables)
{
  DynoExportGrid grid;
  g_autofree char *text = NULL;
  int worst = -1;
  guint n = 0;

  if (!dyno_export_tables_grid (tables, DYNO_EXPORT_COMBINED, &grid))
    return g_strdup ("");
  for (guint i = 0; i < grid.n_rpm * grid.n_columns; i++)
    {
      if (isnan (grid.values[i]))
        continue;
      n++;
      if (worst < 0 || fabs (grid.values[i]) > fabs (grid.values[worst]))
        worst = (int) i;
    }
  if (worst < 0)
    return g_strdup ("No cell of the fuel table has data.");
  text = number_text (grid.values[worst], 1);

  return g_strdup_printf ("%u of %u cells of the fuel table have data; the largest correction is "
                          "%s %% at %.0f rpm and %.0f kPa.", n, grid.n_rpm * grid.n_columns, text,
                          grid.rpm[(guint) worst / grid.n_columns],
                          grid.columns[(guint) worst % grid.n_columns]);
}
