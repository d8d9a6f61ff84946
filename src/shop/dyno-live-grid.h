/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-grid.h"
#include "dyno-live.h"

G_BEGIN_DECLS

/* Where in the map the engine has been, as far as the live ring reaches back (about ten
 * minutes): hits a cell, and the mixture's mean error against what was wanted. A look for the
 * person at the dyno; nothing is gated or delayed as in an analysis. */

typedef struct
{
  DynoGridShape  shape;
  guint32       *hits;      /* (owned) one a cell, row-major */
  double        *error_pct; /* (owned) positive is lean; NaN without a mixture */
  int            active;    /* cell of the newest sample; −1: none, or older than 2 s */
  guint          n_samples; /* of engine speed */
  guint          n_used;    /* of them with MAP and mixture in the map */
} DynoLiveGrid;

/* Reads the ring once: a few ms. The target is the dyno's own channel, else the default one.
 * Any thread. */
DynoLiveGrid *dyno_live_grid_new  (DynoLive     *live);
void          dyno_live_grid_free (DynoLiveGrid *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLiveGrid, dyno_live_grid_free)

G_END_DECLS
