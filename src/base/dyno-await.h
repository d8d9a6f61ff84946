/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An asynchronous call run to its end on a thread that has nothing else to do:
 * a verb of dynoctl, a worker, a test. Never on the thread of a window.
 *
 *   g_autoptr(DynoAwait) await = dyno_await_new ();
 *
 *   dyno_store_load_run_async (store, id, cancellable, dyno_await_cb, await);
 *   run = dyno_store_load_run_finish (store, dyno_await_wait (await), &error);
 *
 * One DynoAwait serves any number of calls, one after the other. It must be
 * made, used and freed on one thread. */

typedef struct _DynoAwait DynoAwait;

DynoAwait    *dyno_await_new  (void);
void          dyno_await_free (DynoAwait    *self);

/* The callback to give; `user_data` is the DynoAwait. */
void          dyno_await_cb   (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data);

/* Runs the thread's context until the answer is there. (transfer none), valid
 * until the next wait or free. */
GAsyncResult *dyno_await_wait (DynoAwait    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAwait, dyno_await_free)

G_END_DECLS
