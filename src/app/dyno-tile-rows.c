/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tile-rows.h"

#define COLUMN 64    /* px, without the spacing */
#define FEW_COLUMNS 8

static guint
columns_of (DynoTileSize size,
            guint        capacity)
{
  return MIN (capacity < FEW_COLUMNS ? 2 : (guint) size + 2, capacity);
}

/* The first box that does not fit into the row of `first`. */
static guint
end_of_row (const DynoTileBox *boxes,
            guint              n_boxes,
            guint              first,
            guint              capacity,
            guint             *used)
{
  guint i;

  *used = 0;
  for (i = first; i < n_boxes; i++)
    {
      guint columns = columns_of (boxes[i].size, capacity);

      if (i > first && *used + columns > capacity)
        break;
      *used += columns;
    }

  return i;
}

static guint
count_rows (const DynoTileBox *boxes,
            guint              n_boxes,
            guint              capacity)
{
  guint n_rows = 0;
  guint used;

  for (guint first = 0; first < n_boxes; n_rows++)
    first = end_of_row (boxes, n_boxes, first, capacity, &used);

  return n_rows;
}

/* Both edges of a tile that begins after `before` of a row's `used` columns. */
static void
find_edges (guint before,
            guint columns,
            guint used,
            int   width,
            int  *from,
            int  *to)
{
  *from = (int) (before * (guint) (width + DYNO_TILE_SPACING) / used);
  *to = (int) ((before + columns) * (guint) (width + DYNO_TILE_SPACING) / used)
        - DYNO_TILE_SPACING;
}

static gboolean
fits (const DynoTileBox *boxes,
      guint              n_boxes,
      guint              capacity,
      int                width)
{
  guint used;

  for (guint first = 0, end; first < n_boxes; first = end)
    {
      guint before = 0;

      end = end_of_row (boxes, n_boxes, first, capacity, &used);
      for (guint i = first; i < end; i++)
        {
          guint columns = columns_of (boxes[i].size, capacity);
          int from;
          int to;

          find_edges (before, columns, used, width, &from, &to);
          if (to - from < boxes[i].least_width)
            return FALSE;
          before += columns;
        }
    }

  return TRUE;
}

/* Columns a row: as many as the width holds and all tiles can live with; then as few
 * as still give no row more. */
static guint
find_capacity (const DynoTileBox *boxes,
               guint              n_boxes,
               int                width)
{
  guint capacity = (guint) MAX ((width + DYNO_TILE_SPACING) / (COLUMN + DYNO_TILE_SPACING), 1);
  guint n_rows;

  while (capacity > 1 && !fits (boxes, n_boxes, capacity, width))
    capacity--;
  n_rows = count_rows (boxes, n_boxes, capacity);
  while (capacity > 1 && capacity != FEW_COLUMNS
         && count_rows (boxes, n_boxes, capacity - 1) == n_rows
         && fits (boxes, n_boxes, capacity - 1, width))
    capacity--;

  return capacity;
}

/* A large tile is a third higher than it must be. */
static int
height_of_row (const DynoTileBox *boxes,
               guint              first,
               guint              end)
{
  int height = 0;

  for (guint i = first; i < end; i++)
    height = MAX (height, boxes[i].least_height
                              + (boxes[i].size == DYNO_TILE_LARGE ? boxes[i].least_height / 3 : 0));

  return height;
}

/* Of what is left of the height a row with a large tile takes twice as much as one of
 * small ones. */
static guint
weight_of_row (const DynoTileBox *boxes,
               guint              first,
               guint              end)
{
  guint weight = 0;

  for (guint i = first; i < end; i++)
    weight = MAX (weight, (guint) boxes[i].size + 2);

  return weight;
}

static guint
weight_of_all (const DynoTileBox *boxes,
               guint              n_boxes,
               guint              capacity)
{
  guint weight = 0;
  guint used;

  for (guint first = 0, end; first < n_boxes; first = end)
    {
      end = end_of_row (boxes, n_boxes, first, capacity, &used);
      weight += weight_of_row (boxes, first, end);
    }

  return weight;
}

static int
least_height (const DynoTileBox *boxes,
              guint              n_boxes,
              guint              capacity)
{
  int height = 0;
  guint used;

  for (guint first = 0, end; first < n_boxes; first = end)
    {
      end = end_of_row (boxes, n_boxes, first, capacity, &used);
      height += height_of_row (boxes, first, end) + (first > 0 ? DYNO_TILE_SPACING : 0);
    }

  return height;
}

int
dyno_tile_rows_height (const DynoTileBox *boxes,
                       guint              n_boxes,
                       int                width)
{
  return least_height (boxes, n_boxes, find_capacity (boxes, n_boxes, width));
}

static void
place_row (DynoTileBox *boxes,
           guint        first,
           guint        end,
           guint        capacity,
           guint        used,
           int          width)
{
  guint before = 0;

  for (guint i = first; i < end; i++)
    {
      guint columns = columns_of (boxes[i].size, capacity);
      int to;

      find_edges (before, columns, used, width, &boxes[i].x, &to);
      boxes[i].width = to - boxes[i].x;
      before += columns;
    }
}

/* Tiles that would be much higher than wide stand in more rows. */
static guint
find_capacity_for_height (const DynoTileBox *boxes,
                          guint              n_boxes,
                          int                width,
                          int                height)
{
  guint capacity = find_capacity (boxes, n_boxes, width);

  while (capacity > FEW_COLUMNS)
    {
      guint n_rows = count_rows (boxes, n_boxes, capacity);

      if ((guint) height * n_boxes <= (guint) width * n_rows * n_rows
          || least_height (boxes, n_boxes, capacity - 1) > height
          || !fits (boxes, n_boxes, capacity - 1, width))
        break;
      capacity--;
    }

  return capacity;
}

void
dyno_tile_rows_place (DynoTileBox *boxes,
                      guint        n_boxes,
                      int          width,
                      int          height)
{
  guint capacity = find_capacity_for_height (boxes, n_boxes, width, height);
  double spare = MAX (height - least_height (boxes, n_boxes, capacity), 0);
  guint weight = MAX (weight_of_all (boxes, n_boxes, capacity), 1);
  double y = 0;
  guint used;

  for (guint first = 0, end; first < n_boxes; first = end)
    {
      double row;

      end = end_of_row (boxes, n_boxes, first, capacity, &used);
      row = height_of_row (boxes, first, end) + spare * weight_of_row (boxes, first, end) / weight;
      place_row (boxes, first, end, capacity, used, width);
      for (guint i = first; i < end; i++)
        {
          boxes[i].y = (int) y;
          boxes[i].height = (int) row;
        }
      y += row + DYNO_TILE_SPACING;
    }
}
