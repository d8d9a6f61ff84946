/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-grid.h"
#include "dyno-json.h"
#include "dyno-target.h"

G_BEGIN_DECLS

/* Grids and target tables as JSON: {kpa[], rpm[]}, and the values as rows of
 * engine speed under a name of their own, which sorts before "rpm". Keys are
 * written in sorted order. Readers answer FALSE or NULL for all that is not that. */

gboolean    dyno_grid_shape_read  (const DynoJson      *value,
                                   DynoGridShape       *shape);
void        dyno_grid_shape_write (const DynoGridShape *shape,
                                   DynoJsonWriter      *writer);

DynoGrid   *dyno_grid_read        (const DynoJson      *value,
                                   const char          *name);
void        dyno_grid_write       (const DynoGrid      *grid,
                                   const char          *name,
                                   DynoJsonWriter      *writer);

/* By MAP {afr[], kpa[]}, or on a grid {afr[][], kpa[], rpm[]}. */
DynoTarget *dyno_target_read      (const DynoJson      *value);
void        dyno_target_write     (const DynoTarget    *table,
                                   DynoJsonWriter      *writer);

G_END_DECLS
