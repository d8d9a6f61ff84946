/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-live.h"
#include "dyno-meter.h"
#include "dyno-tile.h"

G_BEGIN_DECLS

/* What a tile shows: its meter, made after its channel and limits and fed from the
 * ring. Main thread. */

/* The channel of the ring that a source means, −1: none. */
int        dyno_tile_meter_find   (DynoLive    *live,
                                   const char  *source);
/* `live` may be NULL. (transfer full) */
DynoMeter *dyno_tile_meter_new    (DynoTile    *tile,
                                   DynoLive    *live,
                                   DynoUnitSet  units);
/* The newest value, and the target that a mixture is coloured round. FALSE when the
 * channel turns out to be of another quantity: the meter must be made anew. */
gboolean   dyno_tile_meter_update (DynoMeter   *meter,
                                   DynoTile    *tile,
                                   DynoLive    *live);

G_END_DECLS
