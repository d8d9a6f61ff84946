/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-legacy-log.h"
#include "dyno-legacy.h"

G_BEGIN_DECLS

/* One cylinder of the legacy engine while its rows are added
 * (analysis-legacy.md A.2). */

typedef struct _DynoLegacyCells DynoLegacyCells;

/* `cylinder` DYNO_LEGACY_FRONT or DYNO_LEGACY_REAR; `weight` DYNO_LEGACY_TORQUE or
 * DYNO_LEGACY_HP. */
DynoLegacyCells *dyno_legacy_cells_new    (guint               cylinder,
                                           DynoLegacyRole      weight);
void             dyno_legacy_cells_free   (DynoLegacyCells    *self);
/* A row whose nearest cell is `cell`. */
void             dyno_legacy_cells_add    (DynoLegacyCells    *self,
                                           const double        row[DYNO_LEGACY_N_ROLES],
                                           guint               cell);
/* All but spark and updated. */
void             dyno_legacy_cells_finish (DynoLegacyCells    *self,
                                           DynoLegacyCylinder *cylinder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLegacyCells, dyno_legacy_cells_free)

G_END_DECLS
