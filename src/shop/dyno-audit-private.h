/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-audit.h"
#include "dyno-operation.h"

G_BEGIN_DECLS

/* Rows of the audit within an operation:
 *
 *   dyno_audit_carry (errand, DYNO_AUDIT_KEY_CREATED, "key", id, NULL);
 *   dyno_store_add_key_async (…);
 *
 * the next write takes the row along, and the mark of a request that may have its
 * effect only once (dyno-once.h). */
void       dyno_audit_carry     (const DynoErrand *errand,
                                 DynoAuditEvent    event,
                                 const char       *resource_type,
                                 const char       *resource_id,
                                 const char       *details);

/* The same for several rows: dyno_store_carry () the rider. `resource_id` (nullable)
 * is what the request as a whole makes or changes. */
DynoRider *dyno_audit_new_rider (const DynoErrand *errand,
                                 const char       *resource_id);
void       dyno_audit_add       (const DynoErrand *errand,
                                 DynoRider        *rider,
                                 DynoAuditEvent    event,
                                 const char       *resource_type,
                                 const char       *resource_id,
                                 const char       *details);

/* Counts of what was refused, until their minute is over. */
typedef struct _DynoDenials DynoDenials;

DynoDenials *dyno_denials_new   (void);
void         dyno_denials_free  (DynoDenials      *self);
/* Tells the minutes that are over, or (`is_end`) all. Blocking. */
void         dyno_denials_flush (DynoShop         *shop,
                                 DynoAwait        *await,
                                 gboolean          is_end);

G_END_DECLS
