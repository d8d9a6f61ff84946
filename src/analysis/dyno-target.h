/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-grid.h"

G_BEGIN_DECLS

/* The mixture a tuner wants, in AFR of petrol (stoichiometric 14.7), by MAP or
 * on a grid of rpm and MAP (analysis.md 3.2). Immutable once built. */

typedef struct _DynoTarget DynoTarget;

/* 14.7 up to 30 kPa, 12.2 at 100 kPa. */
DynoTarget *dyno_target_new_default (void);
/* By MAP: linear between the keys, held beyond. BAD_AXIS for keys that are no
 * axis, BAD_TABLE for a value outside 6…35 AFR. */
DynoTarget *dyno_target_new_by_map  (const double        *kpa,
                                     const double        *afr,
                                     guint                n,
                                     DynoAnalysisError  **error);
/* On a grid: bilinear, held beyond; the grid is copied. BAD_TABLE for a cell
 * without value or outside 6…35 AFR. */
DynoTarget *dyno_target_new_grid    (const DynoGrid      *grid,
                                     DynoAnalysisError  **error);
DynoTarget *dyno_target_copy        (const DynoTarget    *self);
void        dyno_target_free        (DynoTarget          *self);

double      dyno_target_afr         (const DynoTarget    *self,
                                     double               rpm,
                                     double               map_kpa);
/* The grid, or NULL for a table by MAP. */
const DynoGrid *dyno_target_grid    (const DynoTarget    *self);
/* The keys of a table by MAP; `afr` gets as many values. NULL for a grid. */
const DynoAxis *dyno_target_keys    (const DynoTarget    *self,
                                     const double       **afr);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTarget, dyno_target_free)

G_END_DECLS
