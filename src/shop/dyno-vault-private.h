/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-operation.h"
#include "dyno-store.h"
#include "dyno-vault.h"

G_BEGIN_DECLS

/* The vault among the owners of a shop. */

typedef struct
{
  char           *credential; /* (owned) (nullable) path of systemd's */
  GMutex          trying;     /* one try at a time; held on a thread of the pool */
  GMutex          lock;
  DynoVaultState  state;      /* (lock) */
  GBytes         *keys[DYNO_N_VAULT_PURPOSES]; /* (owned) (nullable) (lock) */
  GSource        *retry;      /* (owned) (nullable) (lock) */
  char           *install;    /* (owned) (nullable) (lock) */
  gboolean        is_closed;  /* (lock) */
} DynoVault;

/* `credentials` (nullable): the folder that systemd put its credentials into. */
DynoVault        *dyno_vault_new         (const char              *credentials);
/* No further try begins. Any thread. */
void              dyno_vault_close       (DynoVault               *self);
void              dyno_vault_free        (DynoVault               *self);

/* The next try (nullable), in the place of the one before. FALSE: no more. */
gboolean          dyno_vault_set_retry   (DynoVault               *self,
                                          GSource                 *retry);

/* NULL while it is not open. (transfer full) */
GBytes           *dyno_vault_peek_key    (DynoVault               *self,
                                          DynoVaultPurpose         purpose);
void              dyno_vault_take_master (DynoVault               *self,
                                          GBytes                  *master);
void              dyno_vault_set_install (DynoVault               *self,
                                          const char              *install);
GBytes           *dyno_vault_derive      (GBytes                  *master,
                                          DynoVaultPurpose         purpose);
/* And tells it. */
void              dyno_vault_set_state   (DynoShop                *shop,
                                          DynoVaultState           state);

/* Within operations, blocking. The master key, looked up again where it lies (transfer
 * full). Errors of dyno_vault_ref_key (); UNAVAILABLE
 * "keyring_absent" where it is gone. */
GBytes           *dyno_vault_find_master (const DynoErrand        *errand,
                                          GError                 **error);
/* As dyno_vault_keep_secret_async () and dyno_vault_load_secret_async (). */
gboolean          dyno_vault_keep        (const DynoErrand        *errand,
                                          const char              *name,
                                          GBytes                  *secret,
                                          GError                 **error);
GBytes           *dyno_vault_load        (const DynoErrand        *errand,
                                          const char              *name,
                                          GError                 **error);

/* Rows of secrets under a wrapping key. */
gboolean          dyno_vault_seal_row    (const DynoErrand        *errand,
                                          GBytes                  *wrap,
                                          const char              *name,
                                          GBytes                  *secret,
                                          GError                 **error);
DynoSecretRecord *dyno_vault_get_row     (const DynoErrand        *errand,
                                          const char              *name,
                                          GError                 **error);
/* NULL: another key, or it was changed. */
GBytes           *dyno_vault_open_row    (const DynoSecretRecord  *record,
                                          GBytes                  *wrap);

G_END_DECLS
