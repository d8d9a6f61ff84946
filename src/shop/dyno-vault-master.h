/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-await.h"
#include "dyno-vault.h"

G_BEGIN_DECLS

/* Where the master key lies: see dyno-vault.h. Blocking; needs no shop. */

/* systemd's name for it. */
#define DYNO_VAULT_CREDENTIAL "dynoai-master"

typedef struct
{
  char *path;    /* (owned) of the file with the key; empty: the keyring has it */
  char *install; /* (owned) uuid of the data folder, by which the keyring knows it */
} DynoVaultPlace;

void      dyno_vault_place_clear  (DynoVaultPlace        *self);

/* Of the settings (a path or empty) or, where these name none, of systemd: `credential`
 * (nullable) is the path there. */
void      dyno_vault_place_init   (DynoVaultPlace        *self,
                                   const char            *path,
                                   const char            *credential,
                                   const char            *install);

/* NULL with the state. `may_make`: a keyring without one gets a new one. */
GBytes   *dyno_vault_find_at      (const DynoVaultPlace  *self,
                                   gboolean               may_make,
                                   DynoAwait             *await,
                                   GCancellable          *cancellable,
                                   DynoVaultState        *state);

/* Puts a known one there, where there is none; the same one is no matter. CONFLICT
 * "master_key": there is another; DENIED, UNAVAILABLE of the keyring; UNAVAILABLE "io". */
gboolean  dyno_vault_put_at       (const DynoVaultPlace  *self,
                                   GBytes                *master,
                                   DynoAwait             *await,
                                   GCancellable          *cancellable,
                                   GError               **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DynoVaultPlace, dyno_vault_place_clear)

G_END_DECLS
