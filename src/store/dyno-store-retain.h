/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Rows that are let go by their age (service.md 9.5). */

typedef struct _DynoStore DynoStore;

typedef enum
{
  DYNO_RETAIN_ACCOUNTS, /* that were erased */
  DYNO_RETAIN_REPLIES,  /* to requests that may come twice */
  DYNO_RETAIN_SESSIONS, /* logins that ended, with their refresh tokens */
  DYNO_RETAIN_JOBS,     /* that are finished */
  DYNO_RETAIN_AUDIT,    /* counted here; dyno_store_prune_audit_async () removes */
  DYNO_N_RETAIN
} DynoRetainKind;

/* Rows from before `before_ms` of each kind: removed, or (`is_dry`) counted; 0 leaves a
 * kind alone. Answers how many, DYNO_N_RETAIN of guint64; g_free () it. */
void      dyno_store_retain_async  (DynoStore           *self,
                                    const gint64         before_ms[DYNO_N_RETAIN],
                                    gboolean             is_dry,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data);
guint64  *dyno_store_retain_finish (DynoStore           *self,
                                    GAsyncResult        *result,
                                    GError             **error);

G_END_DECLS
