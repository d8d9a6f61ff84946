/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-shop.h"
#include "dyno-token-ring.h"

G_BEGIN_DECLS

/* Keeps the ring of signing keys turning: loads it from the vault, makes a key where one
 * is wanted (on a thread of the pool), turns it when the time has come, and keeps what
 * it has turned to. Looks once an hour. Used on one thread, which runs a main context. */

typedef struct _DynoTokenKeeper DynoTokenKeeper;

/* Told in the keeper's context whenever the ring is another one. */
typedef void (*DynoTokenRingFunc) (DynoTokenRing *ring,
                                   gpointer       data);

DynoTokenKeeper *dyno_token_keeper_new            (DynoShop            *shop,
                                                   DynoTokenRingFunc    changed,
                                                   gpointer             data);
/* Nothing is told after it. A key that is being made is thrown away. */
void             dyno_token_keeper_free           (DynoTokenKeeper     *self);

/* Loads, makes, turns and keeps as needed; then there is an active key. Errors of the
 * vault and the store. Also what the hourly look does: calls may overlap. */
void             dyno_token_keeper_turn_async     (DynoTokenKeeper     *self,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
/* After a theft: a new key alone; everybody logs in again or refreshes. */
void             dyno_token_keeper_replace_async  (DynoTokenKeeper     *self,
                                                   GCancellable        *cancellable,
                                                   GAsyncReadyCallback  callback,
                                                   gpointer             user_data);
gboolean         dyno_token_keeper_finish         (GAsyncResult        *result,
                                                   GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTokenKeeper, dyno_token_keeper_free)

G_END_DECLS
