/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The master key of a data folder and what hangs on it: one key for each purpose,
 * and secrets that lie sealed in the database.
 *
 * The 32 bytes come from the first of these that is there: the file that
 * auth.master_key_file names (0600, 64 hexadecimal digits), the systemd credential
 * "dynoai-master", the system keyring. In a keyring that holds none yet, and only
 * where nothing was ever sealed, a new one is made. Nothing is kept in the clear.
 *
 * The vault of a shop is closed until somebody opens it; from then on it stays
 * open, whatever becomes of the keyring. Any thread. */

typedef struct _DynoShop DynoShop;

typedef enum
{
  DYNO_VAULT_CLOSED,     /* nobody has asked yet */
  DYNO_VAULT_READY,
  DYNO_VAULT_LOCKED,     /* a person must unlock the keyring */
  DYNO_VAULT_NO_SERVICE, /* no keyring, and neither file nor credential */
  DYNO_VAULT_ABSENT,     /* there are sealed rows, but their key is gone */
  DYNO_VAULT_MISMATCH,   /* there is a key, but another one than the rows were sealed with */
  DYNO_VAULT_BAD_FILE,   /* file or credential is not what it must be */
  DYNO_N_VAULT_STATES
} DynoVaultState;

typedef enum
{
  DYNO_VAULT_WRAP,    /* seals the rows of secrets */
  DYNO_VAULT_PEPPER,  /* of passwords */
  DYNO_VAULT_REFRESH, /* successors of refresh tokens */
  DYNO_VAULT_CURSOR,  /* signs cursors of pages */
  DYNO_VAULT_AUDIT,   /* chains the audit */
  DYNO_VAULT_BACKUP,  /* wraps the keys of backups */
  DYNO_N_VAULT_PURPOSES
} DynoVaultPurpose;

/* "ready", "locked", "no_service", …; never NULL. */
const char     *dyno_vault_state_name          (DynoVaultState       state);
/* What it means and what to do, one sentence. */
const char     *dyno_vault_state_advice        (DynoVaultState       state);
/* What to do alone; NULL where nothing is to be done. */
const char     *dyno_vault_state_fix           (DynoVaultState       state);
DynoVaultState  dyno_vault_get_state           (DynoShop            *shop);

/* Tries to open it; does nothing where it is open. While the keyring is locked or
 * not there, the context that this was last called in goes on trying every 3 s
 * until the shop closes. Each change of the state is told on the bus (DYNO_TOPIC_HEALTH,
 * subject "keyring", detail: the name of the state). Fails only with the store's
 * own errors; else the state is the answer. */
void            dyno_vault_open_async          (DynoShop            *shop,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
gboolean        dyno_vault_open_finish         (GAsyncResult        *result,
                                                DynoVaultState      *state,
                                                GError             **error);

/* The uuid under which the keyring knows this data folder, once somebody has tried to
 * open the vault; else NULL. (transfer full) */
char           *dyno_vault_dup_install         (DynoShop            *shop);

/* 32 bytes that are overwritten when the last one lets go of them (transfer full).
 * Not open: DENIED "keyring_locked", else UNAVAILABLE "keyring_…" with the state's
 * name, and its advice as sentence. */
GBytes         *dyno_vault_ref_key             (DynoShop            *shop,
                                                DynoVaultPurpose     purpose,
                                                GError             **error);

/* Keeps `secret` sealed under that name, in the place of an older one. Errors of
 * dyno_vault_ref_key (). */
void            dyno_vault_keep_secret_async   (DynoShop            *shop,
                                                const char          *name,
                                                GBytes              *secret,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
gboolean        dyno_vault_keep_secret_finish  (GAsyncResult        *result,
                                                GError             **error);

/* What is kept under that name (transfer full; overwritten when it is freed).
 * NOT_FOUND; CORRUPT "secret" where the row was changed; errors of
 * dyno_vault_ref_key (). */
void            dyno_vault_load_secret_async   (DynoShop            *shop,
                                                const char          *name,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
GBytes         *dyno_vault_load_secret_finish  (GAsyncResult        *result,
                                                GError             **error);

/* One that is not there is no error. */
void            dyno_vault_drop_secret_async   (DynoShop            *shop,
                                                const char          *name,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
gboolean        dyno_vault_drop_secret_finish  (GAsyncResult        *result,
                                                GError             **error);

G_END_DECLS
