/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How much of a day's limits was used, kept over a restart. Of a policy and a subject;
 * a store row names both. */

typedef struct _DynoShop DynoShop;

typedef struct
{
  char  *policy;  /* (owned) "default-day" */
  char  *subject; /* (owned) */
  gint64 day;     /* since 1970, UTC */
  gint64 used;
} DynoDayPage;

void       dyno_day_page_free        (DynoDayPage         *self);

/* Keeps these (element-type DynoDayPage) (transfer full), each unless more is kept; what
 * is older than yesterday goes. The answer may be ignored. */
void       dyno_day_book_save_async  (DynoShop            *shop,
                                      GPtrArray           *pages,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
gboolean   dyno_day_book_save_finish (GAsyncResult        *result,
                                      GError             **error);

/* All of today. (element-type DynoDayPage) */
void       dyno_day_book_load_async  (DynoShop            *shop,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
GPtrArray *dyno_day_book_load_finish (GAsyncResult        *result,
                                      GError             **error);

G_END_DECLS
