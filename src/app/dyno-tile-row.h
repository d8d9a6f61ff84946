/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-layout.h"
#include "dyno-units.h"

G_BEGIN_DECLS

/* A tile of a layout, to be edited: form, size, range, limits, highest value, strip
 * chart, place. Numbers are typed in the units of the reader and kept in SI.
 *
 * Signals: move (int by) −1 or 1; remove. Ctrl+Up and Ctrl+Down move it. */

#define DYNO_TYPE_TILE_ROW (dyno_tile_row_get_type ())
G_DECLARE_FINAL_TYPE (DynoTileRow, dyno_tile_row, DYNO, TILE_ROW, AdwExpanderRow)

GtkWidget *dyno_tile_row_new      (DynoLayout  *layout,
                                   DynoTile    *tile,
                                   DynoUnitSet  units);
DynoTile  *dyno_tile_row_get_tile (DynoTileRow *self);

G_END_DECLS
