/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-statement.h"
#include "dyno-store-audit.h"

G_BEGIN_DECLS

/* Appends a row, not chained yet. */
gboolean dyno_audit_rows_add   (DynoTurn               *turn,
                                const DynoAuditRecord  *record,
                                GError                **error);

/* Chains the rows that wait. */
gboolean dyno_audit_rows_chain (DynoTurn               *turn,
                                GBytes                 *key,
                                GError                **error);

/* Of a row with all columns, in the order of the catalogue's AUDIT_COLUMNS. */
void     dyno_audit_row_hash   (DynoStatement          *row,
                                GBytes                 *key,
                                const guint8            before[DYNO_AUDIT_HASH_SIZE],
                                guint8                  hash[DYNO_AUDIT_HASH_SIZE]);

/* FALSE: the column holds no hash. */
gboolean dyno_audit_take_hash  (DynoStatement          *row,
                                int                     column,
                                guint8                  hash[DYNO_AUDIT_HASH_SIZE]);

/* The proof that an anchor carries: of its number, its hash, and how many went. */
char    *dyno_audit_dup_proof  (GBytes                 *key,
                                gint64                  seq,
                                gint64                  n_removed,
                                const guint8            hash[DYNO_AUDIT_HASH_SIZE]);

G_END_DECLS
