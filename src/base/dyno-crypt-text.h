/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes as text that people and programs carry: tokens, codes, base64url. Any
 * thread. */

/* A token: its prefix, 43 base62 digits of 32 bytes, 6 of the CRC-32 over all that
 * stands before. Digits are 0-9 A-Z a-z, numbers big-endian, zeros in front. */
#define DYNO_TOKEN_RAW_SIZE 32
#define DYNO_TOKEN_BODY     43
#define DYNO_TOKEN_CRC      6

/* The number in `size` bytes (big-endian) as `n_digits` digits of base62; digits
 * that do not fit are cut in front. */
char     *dyno_crypt_base62          (const guint8 *data,
                                      gsize         size,
                                      guint         n_digits);

/* From the system's generator. `prefix` with its line: "dynoai_". */
char     *dyno_crypt_new_token       (const char   *prefix);
char     *dyno_crypt_make_token      (const char   *prefix,
                                      const guint8  raw[DYNO_TOKEN_RAW_SIZE]);
/* The form only: that prefix, 49 digits, and the sum is right. */
gboolean  dyno_crypt_is_token        (const char   *text,
                                      const char   *prefix);

/* Base64 of RFC 4648, 5, without padding. */
char     *dyno_crypt_base64url       (gconstpointer data,
                                      gsize         size);
/* Strict: of `length` characters none but the alphabet, no padding, no bits too
 * many. NULL: it is something else. */
GBytes   *dyno_crypt_from_base64url  (const char   *text,
                                      gsize         length);

/* The bytes of `length` hexadecimal digits; NULL: it is something else. They are
 * overwritten when the last one lets go of them. */
GBytes   *dyno_crypt_from_hex        (const char   *text,
                                      gsize         length);

/* Codes that a person reads aloud or types: base32 in Crockford's alphabet, 0-9 and
 * A-Z without I L O U. 13 characters hold 65 bits, 26 hold 130. */
#define DYNO_CODE_SHORT 13
#define DYNO_CODE_LONG  26

char     *dyno_crypt_new_code        (guint         n_characters);
/* As it was made, of what was typed: small letters, blanks, dashes and the
 * letters O, I and L are understood. NULL where it cannot be such a code. */
char     *dyno_crypt_normal_code     (const char   *typed,
                                      guint         n_characters);

G_END_DECLS
