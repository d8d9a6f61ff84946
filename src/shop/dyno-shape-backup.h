/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-backup.h"
#include "dyno-json.h"
#include "dyno-privacy.h"
#include "dyno-retention.h"

G_BEGIN_DECLS

/* The JSON of what is kept safe and of what is let go (dyno-shape.h says how). */

/* {"id","created_at","size","sha256","schema","verified_at","drilled_at","error"}; never
 * where it lies. */
void dyno_shape_backup         (DynoJsonWriter            *w,
                                const DynoBackup          *backup);
/* {"receipt_id","subject_kind","subject_id","requested_at","purge_at","purged_at",
 * "cancelled_at"} */
void dyno_shape_erasure        (DynoJsonWriter            *w,
                                const DynoErasure         *erasure);
/* {"id","created_at","expires_at","size","sha256"} */
void dyno_shape_export_record  (DynoJsonWriter            *w,
                                const DynoExportRecord    *record);
/* {"counts":{kind:n},"bytes"} */
void dyno_shape_retention      (DynoJsonWriter            *w,
                                const DynoRetentionReport *report);

G_END_DECLS
