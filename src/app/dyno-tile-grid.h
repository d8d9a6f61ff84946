/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-layout.h"
#include "dyno-live.h"
#include "dyno-meter.h"

G_BEGIN_DECLS

/* The tiles of a layout in rows (dyno-tile-rows.h), each with its meter, as readout,
 * gauge or bar.
 *
 * Signal `tile-activated` (DynoTile *tile): Enter or a double click. A tile can be
 * dragged away as text, its source. */

#define DYNO_TYPE_TILE_GRID (dyno_tile_grid_get_type ())
G_DECLARE_FINAL_TYPE (DynoTileGrid, dyno_tile_grid, DYNO, TILE_GRID, GtkWidget)

void       dyno_tile_grid_set_layout (DynoTileGrid *self,
                                      DynoLayout   *layout); /* (nullable) */
void       dyno_tile_grid_set_live   (DynoTileGrid *self,
                                      DynoLive     *live); /* (nullable) */
void       dyno_tile_grid_set_units  (DynoTileGrid *self,
                                      DynoUnitSet   units);
/* Shows the newest values; ten times a second is enough. */
void       dyno_tile_grid_update     (DynoTileGrid *self);
/* The highest so far of all tiles is forgotten: a new pull begins. */
void       dyno_tile_grid_reset_max  (DynoTileGrid *self);
/* Meter of the n-th tile. (transfer none) */
DynoMeter *dyno_tile_grid_get_meter  (DynoTileGrid *self,
                                      guint         index);

G_END_DECLS
