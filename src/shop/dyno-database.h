/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store-care.h"

G_BEGIN_DECLS

/* Care of the database: what it is, whether it is sound, a copy. */

typedef struct _DynoShop DynoShop;

void            dyno_database_info_async    (DynoShop            *shop,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoStoreInfo  *dyno_database_info_finish   (GAsyncResult        *result,
                                             GError             **error);

/* Looks at everything. Damage is an answer, not an error. */
void            dyno_database_check_async   (DynoShop            *shop,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoStoreCheck *dyno_database_check_finish  (GAsyncResult        *result,
                                             GError             **error);

/* A verified copy at `path`, while everything else goes on. CONFLICT "exists". */
void            dyno_database_backup_async  (DynoShop            *shop,
                                             const char          *path,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
gboolean        dyno_database_backup_finish (GAsyncResult        *result,
                                             GError             **error);

G_END_DECLS
