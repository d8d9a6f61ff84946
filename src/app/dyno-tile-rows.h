/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-tile.h"

G_BEGIN_DECLS

/* Places of tiles in rows that are as wide as the room and share its height. A small
 * tile takes two columns, a medium one three, a large one four; where there are few
 * columns two each. No more rows than are needed, filled as evenly as the order allows.
 * Pure; px. */

#define DYNO_TILE_SPACING 12

typedef struct
{
  DynoTileSize size;
  int          least_width;
  int          least_height;
  int          x; /* the answer */
  int          y;
  int          width;
  int          height;
} DynoTileBox;

/* What all of them need at that width. */
int  dyno_tile_rows_height (const DynoTileBox *boxes,
                            guint              n_boxes,
                            int                width);
/* Rows are as high as their tiles need; of what is left a row of large tiles takes more
 * than one of small ones. */
void dyno_tile_rows_place  (DynoTileBox       *boxes,
                            guint              n_boxes,
                            int                width,
                            int                height);

G_END_DECLS
