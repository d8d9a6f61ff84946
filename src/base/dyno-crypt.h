/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Random numbers, ids and sums. Any thread. */

#define DYNO_SHA256_SIZE 32

/* From the system's generator; aborts when there is none. */
void     dyno_crypt_random     (gpointer      buffer,
                                gsize         size);

/* "<prefix>_" and 20 characters of base62, about 119 bits. `prefix` is two to
 * four small letters: run, tbl, chg, ana, job, veh, cus, usr, key. */
char    *dyno_crypt_new_id     (const char   *prefix);

/* True for a text of that form with that prefix. */
gboolean dyno_crypt_is_id      (const char   *text,
                                const char   *prefix);

/* A UUIDv7 (RFC 9562, 5.7) of that time, small letters. `ms` since 1970. */
char    *dyno_crypt_new_uuid   (gint64        ms);

void     dyno_crypt_sha256     (gconstpointer data,
                                gsize         size,
                                guint8        sum[DYNO_SHA256_SIZE]);

/* 64 small hexadecimal digits. */
char    *dyno_crypt_sha256_hex (gconstpointer data,
                                gsize         size);
char    *dyno_crypt_hex        (const guint8 *data,
                                gsize         size);

/* The SHA-256 of bytes that come piece by piece. */
typedef struct _DynoCryptSum DynoCryptSum;

DynoCryptSum *dyno_crypt_sum_new    (void);
void          dyno_crypt_sum_free   (DynoCryptSum  *self);
void          dyno_crypt_sum_update (DynoCryptSum  *self,
                                     gconstpointer  data,
                                     gsize          size);
/* 64 small hexadecimal digits of all bytes since new or the last call; the sum
 * then begins anew. */
char         *dyno_crypt_sum_hex    (DynoCryptSum  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCryptSum, dyno_crypt_sum_free)

/* CRC-32 as in zlib and Ethernet. Begin with `crc` = 0; the answer of one call
 * is the beginning of the next. */
guint32  dyno_crypt_crc32      (guint32       crc,
                                gconstpointer data,
                                gsize         size);

G_END_DECLS
