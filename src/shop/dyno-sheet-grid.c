/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A table of cells on paper: coloured where a colour says something, with the number
 * in every cell. */

#include "config.h"

#include "dyno-sheet-private.h"

#include "dyno-plot.h"

#include <math.h>

#define ROW 13.0
#define CHANGE_RANGE 7.0 /* percent at the end of the scale */

typedef struct
{
  const DynoSheetGrid *grid;
  DynoPaper           *paper;
  double               label_width;
  double               cell_width;
} Layout;

/* What stands behind a number. */
static DynoColour
cell_colour (const DynoSheetGrid *grid,
             double               value)
{
  if (grid->kind == DYNO_SHEET_GRID_CHANGE)
    return dyno_palette_diverging (DYNO_LOOK_LIGHT, dyno_palette_class (value, CHANGE_RANGE));
  if (grid->kind == DYNO_SHEET_GRID_HITS && value >= 1)
    return dyno_palette_hits (DYNO_LOOK_LIGHT, dyno_palette_hits_class ((guint64) value));

  return dyno_palette_ground (DYNO_LOOK_LIGHT);
}

/* With its sign where it is a change; a number that rounds to nothing has none. */
static char *
cell_text (const DynoSheetGrid *grid,
           double               value)
{
  gboolean is_nothing = fabs (value) < 0.5 * pow (10, -grid->decimals);

  return g_strdup_printf ("%s%.*f",
                          grid->kind == DYNO_SHEET_GRID_CHANGE && !is_nothing && value > 0 ? "+"
                                                                                           : "",
                          grid->decimals, is_nothing ? 0.0 : value);
}

static void
put_cell (const Layout *layout,
          double        value,
          double        x,
          double        y)
{
  const DynoSheetGrid *grid = layout->grid;
  cairo_t *cr = layout->paper->cr;
  g_autofree char *text = NULL;
  DynoColour ground;

  if (isnan (value))
    {
      dyno_plot_hatch (cr, DYNO_LOOK_LIGHT, x, y, layout->cell_width, ROW);
      return;
    }
  ground = cell_colour (grid, value);
  dyno_plot_set_colour (cr, ground);
  cairo_rectangle (cr, x, y, layout->cell_width, ROW);
  cairo_fill (cr);
  text = cell_text (grid, value);
  dyno_paper_put_on (layout->paper, ground, DYNO_FACE_CELL, text, x, y + 2, layout->cell_width, 0.5);
}

static void
put_heads (const Layout *layout)
{
  const DynoAxis *load = &layout->grid->shape.load;
  double y = layout->paper->y;

  dyno_paper_put (layout->paper, DYNO_FACE_SMALL, "rpm \\ kPa", layout->paper->left, y, -1, 0);
  for (guint i = 0; i < load->n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%.0f", load->at[i]);

      dyno_paper_put (layout->paper, DYNO_FACE_SMALL, text,
                      layout->paper->left + layout->label_width + i * layout->cell_width, y,
                      layout->cell_width, 0.5);
    }
  layout->paper->y += ROW;
}

static void
put_line (const Layout *layout,
          guint         row)
{
  const DynoGridShape *shape = &layout->grid->shape;
  g_autofree char *text = g_strdup_printf ("%.0f", shape->rpm.at[row]);
  double y = layout->paper->y;

  dyno_paper_put (layout->paper, DYNO_FACE_SMALL, text, layout->paper->left, y + 2,
                  layout->label_width - 6, 1);
  for (guint i = 0; i < shape->load.n; i++)
    {
      double value = layout->grid->values[row * shape->load.n + i];
      double x = layout->paper->left + layout->label_width + i * layout->cell_width;

      put_cell (layout, value, x, y);
    }
  layout->paper->y += ROW;
}

void
dyno_sheet_put_grid (DynoPaper           *paper,
                     const DynoSheetGrid *grid)
{
  Layout layout = { grid, paper, 42, 0 };

  layout.cell_width = (dyno_paper_width (paper) - layout.label_width) / grid->shape.load.n;
  dyno_paper_need (paper, (grid->shape.rpm.n + 3) * ROW);
  dyno_paper_head (paper, grid->title);
  put_heads (&layout);
  for (guint row = 0; row < grid->shape.rpm.n; row++)
    {
      if (paper->y + ROW > paper->bottom)
        {
          dyno_paper_need (paper, ROW);
          put_heads (&layout);
        }
      put_line (&layout, row);
    }
  paper->y += 4;
}
