/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-diff.h"
#include "dyno-store-changes.h"

G_BEGIN_DECLS

/* The life of a table: what was done to it, what is different between any two of its
 * versions, and any of them again. Nothing is ever taken out of it: restoring is one
 * more change. */

typedef struct _DynoShop DynoShop;

/* Changes, newest first. NOT_FOUND. (element-type DynoChangeRecord) */
void              dyno_timeline_list_async     (DynoShop            *shop,
                                                const char          *table_id,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
GPtrArray        *dyno_timeline_list_finish    (GAsyncResult        *result,
                                                GError             **error);

/* `from` and `to` are ids of tables or paths (of a tune file `name` says which table);
 * versions 0: the present one. INVALID "GRID_MISMATCH". */
void              dyno_timeline_diff_async     (DynoShop            *shop,
                                                const char          *from,
                                                int                  from_version,
                                                const char          *to,
                                                int                  to_version,
                                                const char          *name,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
DynoDiff         *dyno_timeline_diff_finish    (GAsyncResult        *result,
                                                GError             **error);

/* The bytes of an earlier version as a new one. `shown_version` (0: any) is the present
 * version that the person saw: CONFLICT "stale" where it is another. CONFLICT
 * "unchanged" where it is these bytes already. */
void              dyno_timeline_restore_async  (DynoShop            *shop,
                                                const char          *table_id,
                                                int                  version,
                                                int                  shown_version,
                                                const char          *comment,
                                                const char          *made_by,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
DynoChangeRecord *dyno_timeline_restore_finish (GAsyncResult        *result,
                                                GError             **error);

G_END_DECLS
