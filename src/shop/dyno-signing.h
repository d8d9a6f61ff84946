/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store-signing.h"

G_BEGIN_DECLS

/* Where the keys that sign access tokens are kept: their lives as rows, their private
 * halves sealed in the vault under "jwt:<kid>". What a key is, the server knows. */

typedef struct _DynoShop DynoShop;

typedef struct
{
  char             *kid;
  DynoSigningState  state;
  char             *public_key;     /* JSON: a JWK */
  GBytes           *der;            /* (owned) the private half */
  gint64            created_ms;
  gint64            active_from_ms;
  gint64            retired_ms;     /* 0: not yet */
} DynoSigningKey;

void       dyno_signing_key_free     (DynoSigningKey      *self);

/* All that were not destroyed. Errors of the vault. (element-type DynoSigningKey) */
void       dyno_signing_load_async   (DynoShop            *shop,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
GPtrArray *dyno_signing_load_finish  (GAsyncResult        *result,
                                      GError             **error);

/* Keeps exactly these (transfer full, of DynoSigningKey); all others are destroyed,
 * with their secrets. Errors of the vault. */
void       dyno_signing_keep_async   (DynoShop            *shop,
                                      GPtrArray           *keys,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
gboolean   dyno_signing_keep_finish  (GAsyncResult        *result,
                                      GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSigningKey, dyno_signing_key_free)

G_END_DECLS
