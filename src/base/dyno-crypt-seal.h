/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is done with a secret key: sign, derive, seal, open, compare, forget. Any
 * thread. */

#define DYNO_HMAC_SIZE       32
#define DYNO_SEAL_KEY_SIZE   32
#define DYNO_SEAL_NONCE_SIZE 12
/* A sealed text is so much longer than the text. */
#define DYNO_SEAL_TAG_SIZE   16

/* HMAC-SHA-256 (RFC 2104). */
void      dyno_crypt_hmac  (GBytes        *key,
                            gconstpointer  data,
                            gsize          size,
                            guint8         mac[DYNO_HMAC_SIZE]);

/* `size` bytes, at most 8160, by HKDF-SHA-256 (RFC 5869) without salt. */
GBytes   *dyno_crypt_hkdf  (GBytes        *key,
                            const char    *info,
                            gsize          size);

/* AES-256-GCM. `key` is 32 bytes; a nonce is used once only with a key; `label` is
 * not sealed, but must be the same when it is opened. Answers text and tag. */
GBytes   *dyno_crypt_seal  (GBytes        *key,
                            const guint8   nonce[DYNO_SEAL_NONCE_SIZE],
                            GBytes        *label,
                            GBytes        *text);
/* NULL: another key, nonce or label, or a changed byte. */
GBytes   *dyno_crypt_open  (GBytes        *key,
                            const guint8   nonce[DYNO_SEAL_NONCE_SIZE],
                            GBytes        *label,
                            GBytes        *sealed);

/* Takes the same time wherever they differ. */
gboolean  dyno_crypt_equal (gconstpointer  a,
                            gconstpointer  b,
                            gsize          size);

/* Overwrites, and no compiler leaves it out. */
void      dyno_crypt_wipe  (gpointer       data,
                            gsize          size);
/* Bytes of that content whose memory is overwritten when the last one lets go. */
GBytes   *dyno_crypt_secret_new (gconstpointer data,
                                 gsize         size);

G_END_DECLS
