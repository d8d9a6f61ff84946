/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How many requests a principal has used of a day, so that a restart gives nothing
 * back. */

typedef struct _DynoStore DynoStore;

typedef struct
{
  char  *subject; /* usr_…, key_…, an address */
  gint64 day;     /* since 1970-01-01, UTC */
  gint64 used;
} DynoDayUsage;

void       dyno_day_usage_free              (DynoDayUsage        *self);

/* All of a day. (element-type DynoDayUsage) */
void       dyno_store_list_day_usage_async  (DynoStore           *self,
                                             gint64               day,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
GPtrArray *dyno_store_list_day_usage_finish (DynoStore           *self,
                                             GAsyncResult        *result,
                                             GError             **error);

/* Keeps these (taken over; element-type DynoDayUsage), each unless more is kept
 * already, and forgets days before `oldest_day`. */
void       dyno_store_set_day_usage_async   (DynoStore           *self,
                                             GPtrArray           *usage,
                                             gint64               oldest_day,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
gboolean   dyno_store_set_day_usage_finish  (DynoStore           *self,
                                             GAsyncResult        *result,
                                             GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoDayUsage, dyno_day_usage_free)

G_END_DECLS
