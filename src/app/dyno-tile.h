/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-json.h"

G_BEGIN_DECLS

/* One number of a layout: which, how large, in what form, with what limits. Main
 * thread. Every field is a property of the same name; `notify` tells of a change.
 *
 * The source is the canonical name of a channel ("rpm") or, for an extra one, its name
 * on the wire. Numbers are SI; NaN: none, or what the channel itself says. */

#define DYNO_TYPE_TILE (dyno_tile_get_type ())
G_DECLARE_FINAL_TYPE (DynoTile, dyno_tile, DYNO, TILE, GObject)

typedef enum
{
  DYNO_TILE_READOUT,
  DYNO_TILE_GAUGE,
  DYNO_TILE_BAR,
  DYNO_N_TILE_KINDS
} DynoTileKind;

typedef enum
{
  DYNO_TILE_SMALL,
  DYNO_TILE_MEDIUM,
  DYNO_TILE_LARGE,
  DYNO_N_TILE_SIZES
} DynoTileSize;

DynoTile    *dyno_tile_new           (const char     *source,
                                      DynoTileKind    kind,
                                      DynoTileSize    size);
DynoTile    *dyno_tile_copy          (DynoTile       *self);

const char  *dyno_tile_get_source    (DynoTile       *self);
DynoTileKind dyno_tile_get_kind      (DynoTile       *self);
DynoTileSize dyno_tile_get_size      (DynoTile       *self);
gboolean     dyno_tile_get_hold_max  (DynoTile       *self);
/* low, high; amber low, high; red low, high. */
typedef struct
{
  double low;
  double high;
  double amber_low;
  double amber_high;
  double red_low;
  double red_high;
} DynoTileLimits;

DynoTileLimits dyno_tile_get_limits  (DynoTile       *self);

/* {"source","kind","size", …}; NULL for JSON that is no tile. */
DynoTile    *dyno_tile_from_json     (const DynoJson *json);
void         dyno_tile_to_json       (DynoTile       *self,
                                      DynoJsonWriter *w);

/* "Engine speed" of "rpm", else the source itself: for people. */
const char  *dyno_tile_source_title  (const char     *source);
/* The same where there is little room. */
const char  *dyno_tile_source_short  (const char     *source);

G_END_DECLS
