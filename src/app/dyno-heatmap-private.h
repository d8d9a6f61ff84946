/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-heatmap.h"

G_BEGIN_DECLS

/* What widget and drawing of a heatmap share. Speeds are columns on the screen and
 * loads rows from the bottom up, whereas cells lie row-major by speed. */

#define DYNO_HEAT_HEAD_WIDTH 36
#define DYNO_HEAT_HEAD_HEIGHT 24
#define DYNO_HEAT_CELL_WIDTH 44
#define DYNO_HEAT_CELL_HEIGHT 32

struct _DynoHeatmap
{
  GtkWidget            parent_instance;

  gboolean             has_grid;
  DynoGridShape        shape;
  DynoHeatCell        *cells;       /* (owned) (nullable) one a cell of the shape */
  DynoHeatKind         kind;
  double               range;
  guint                cursor;      /* cell */
  GtkWidget           *cursor_child; /* says what is under the cursor */
  GtkAdjustment       *hadjustment; /* (owned) (nullable) */
  GtkAdjustment       *vadjustment; /* (owned) (nullable) */
  GtkScrollablePolicy  hpolicy;
  GtkScrollablePolicy  vpolicy;
};

/* Where the cells begin and how large each is, px of the widget. */
typedef struct
{
  double x;
  double y; /* of the topmost row */
  double width;
  double height;
} DynoHeatLayout;

void dyno_heatmap_lay_out  (DynoHeatmap    *self,
                            DynoHeatLayout *layout);
void dyno_heatmap_draw     (DynoHeatmap    *self,
                            GtkSnapshot    *snapshot);

G_END_DECLS
