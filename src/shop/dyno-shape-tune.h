/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-timeline.h"
#include "dyno-tune.h"

G_BEGIN_DECLS

/* The JSON of everything about tunes, under the same rules as dyno-shape.h. */

/* {"id","name","kind","cylinder","vehicle","vehicle_id","tune_id","version","sha256", …};
 * `vehicle` (nullable) is its label. */
void dyno_shape_tune_table    (DynoJsonWriter         *w,
                               const DynoTableRecord  *record,
                               const char             *vehicle);
/* The same with {"axes":{"rpm","map_kpa"},"cells":[[…]],"unit", …}. */
void dyno_shape_tune_cells    (DynoJsonWriter         *w,
                               const DynoTuneTable    *table,
                               const char             *vehicle);
/* {"table_id","base_version","sha256_before","sha256_after","preview_sha256","cells",
 * "blocked","warnings","tables", …}: `preview`. The cells of both tables, each with its
 * cylinder: those that the correction reaches, and changed padding. */
void dyno_shape_tune_preview  (DynoJsonWriter         *w,
                               const DynoTunePreview  *preview);
/* The same and {"change_id","version","applied_at","applied_by","changes","files",
 * "metadata"}: `apply`. */
void dyno_shape_tune_applied  (DynoJsonWriter         *w,
                               const DynoTuneApplied  *applied);
/* {"sha256_before","sha256_after","restored","changes"}: `rollback`. */
void dyno_shape_tune_restored (DynoJsonWriter         *w,
                               const DynoTuneRestored *restored);
/* {"cells_changed","conflicts","sha256_after","version","change_id"} */
void dyno_shape_tune_merged   (DynoJsonWriter         *w,
                               const DynoTuneMerged   *merged);
/* {"id","seq","kind","at","by","sha256_before","sha256_after", …}: a row of history. */
void dyno_shape_tune_change   (DynoJsonWriter         *w,
                               const DynoChangeRecord *change);
/* {"rpm","map_kpa","delta","changed","mean","min","max","top"} */
void dyno_shape_tune_diff     (DynoJsonWriter         *w,
                               const DynoDiff         *diff);

G_END_DECLS
