/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-audit.h"
#include "dyno-json.h"
#include "dyno-keys.h"

G_BEGIN_DECLS

/* The JSON of API keys and of the audit (dyno-shape.h says how). */

/* {"id","name","display","user_id","scopes","cidrs", …}; never the key. */
void dyno_shape_key           (DynoJsonWriter         *w,
                               const DynoKeyRecord    *key);
/* {"key","message","key_info"}: the only time that its text is told. */
void dyno_shape_key_made      (DynoJsonWriter         *w,
                               const DynoKeyMade      *made);
/* {"seq","at","event","severity","actor", …} */
void dyno_shape_audit         (DynoJsonWriter         *w,
                               const DynoAuditRecord  *record);
/* {"ok","rows","first_seq","last_seq","head","first_bad_seq"} */
void dyno_shape_audit_verdict (DynoJsonWriter         *w,
                               const DynoAuditVerdict *verdict);

G_END_DECLS
