/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the shop does by itself: the backup that is due, erasures whose time has come,
 * and once a day what is let go (dyno-retention.h). */

typedef struct _DynoShop DynoShop;

/* Looks now and every ten minutes, to the closing of the shop, on `context` (NULL: the
 * default one), which somebody must run. What goes wrong is logged and tried again. Once
 * for a shop. */
void     dyno_daily_watch       (DynoShop            *shop,
                                 GMainContext        *context);

/* One look. FALSE with the first error; the rest was done all the same. */
void     dyno_daily_look_async  (DynoShop            *shop,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);
gboolean dyno_daily_look_finish (GAsyncResult        *result,
                                 GError             **error);

G_END_DECLS
