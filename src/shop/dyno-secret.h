/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The system keyring, and in it one entry: the 32-byte master key of this data
 * folder (schema org.dynoai.DynoAI, attribute `install`). Nothing is ever
 * written to a plain file. libsecret is called in GLib's pool, because it may
 * wait for a person.
 *
 * A keyring that does not answer, one that is locked and one that has no entry
 * are three things and have three remedies. */

typedef enum
{
  DYNO_SECRET_READY,
  DYNO_SECRET_NO_SERVICE, /* no session bus, or nobody there keeps secrets */
  DYNO_SECRET_LOCKED,     /* a person must unlock it */
  DYNO_SECRET_ABSENT,     /* open, but without our entry: make one */
} DynoSecretState;

#define DYNO_SECRET_KEY_SIZE 32

const char      *dyno_secret_state_name    (DynoSecretState       state);
/* What it means and what to do, one sentence. */
const char      *dyno_secret_state_advice  (DynoSecretState       state);
/* What to do alone; NULL where nothing is to be done. */
const char      *dyno_secret_state_fix     (DynoSecretState       state);

/* Looks, asks nobody, changes nothing. Never fails: the state is the answer. */
void             dyno_secret_probe_async   (const char           *install,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
DynoSecretState  dyno_secret_probe_finish  (GAsyncResult         *result);

/* The master key. DYNO_ERROR_UNAVAILABLE "keyring_absent", DYNO_ERROR_DENIED
 * "keyring_locked", DYNO_ERROR_NOT_FOUND "secret_absent". */
void             dyno_secret_load_async    (const char           *install,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
GBytes          *dyno_secret_load_finish   (GAsyncResult         *result,
                                            GError              **error);

/* Makes a new key, stores it and answers it. Refuses to replace one
 * (DYNO_ERROR_CONFLICT). */
void             dyno_secret_create_async  (const char           *install,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
GBytes          *dyno_secret_create_finish (GAsyncResult         *result,
                                            GError              **error);

/* Stores that one, of a backup that was restored. Refuses to replace one. */
void             dyno_secret_put_async     (const char           *install,
                                            GBytes               *key,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean         dyno_secret_put_finish    (GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
