/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-store-audit.h"
#include "dyno-store-idempotency.h"

G_BEGIN_DECLS

/* What goes along with a write and is kept in its transaction, or not at all: rows
 * of the audit and the reply to a request.
 *
 *   dyno_store_carry (store, rider);
 *   dyno_store_add_changes_async (store, changes, …);
 *
 * Any write verb takes it. Where a rider fails, the write fails with its error. */

typedef struct _DynoRider DynoRider;

/* Fills in the reply, of which it gets a copy, from what the verb answers; on the
 * thread of the writer, more than once if a commit fails: it must only compute. */
typedef void (*DynoReplyFunc) (DynoReplyRecord *reply,
                               gconstpointer    answer,
                               gint64           now_ms,
                               gpointer         data);

/* `audit_key` (nullable) chains its rows, and those that wait. */
DynoRider *dyno_rider_new           (GBytes           *audit_key);
void       dyno_rider_free          (DynoRider        *self);

/* Both take the record over. */
void       dyno_rider_add_audit     (DynoRider        *self,
                                     DynoAuditRecord  *record);
void       dyno_rider_set_reply     (DynoRider        *self,
                                     DynoReplyRecord  *reply,
                                     DynoReplyFunc     fill,
                                     gpointer          data,
                                     GDestroyNotify    free_data);

/* The next write that this thread asks of a store takes the rider (transfer full,
 * nullable) along. */
void       dyno_store_carry         (DynoStore        *self,
                                     DynoRider        *rider);

/* A write that does nothing itself. */
void       dyno_store_send_rider_async  (DynoStore           *self,
                                         DynoRider           *rider,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
gboolean   dyno_store_send_rider_finish (DynoStore           *self,
                                         GAsyncResult        *result,
                                         GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRider, dyno_rider_free)

G_END_DECLS
