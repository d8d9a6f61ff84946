/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A key that signs access tokens: RSA of 3072 bits, RS256 (RSASSA-PKCS1-v1_5 with
 * SHA-256). Immutable, counted, any thread. */

typedef struct _DynoTokenKey DynoTokenKey;

/* Takes 0.1 to 3 s: never on a thread that others wait for. */
DynoTokenKey *dyno_token_key_generate  (void);
/* From PKCS #8 in DER. CORRUPT "signing_key": no RSA key of 3072 bits. */
DynoTokenKey *dyno_token_key_from_der  (GBytes             *der,
                                        GError            **error);
DynoTokenKey *dyno_token_key_ref       (DynoTokenKey       *self);
void          dyno_token_key_unref     (DynoTokenKey       *self);

/* PKCS #8 in DER, wiped when it is let go. (transfer full) */
GBytes       *dyno_token_key_to_der    (const DynoTokenKey *self);
/* The first 8 hexadecimal digits of the thumbprint (RFC 7638, SHA-256). */
const char   *dyno_token_key_get_id    (const DynoTokenKey *self);
/* The first segment, dot excluded, of every token that it signs:
 * base64url of {"alg":"RS256","kid":"…","typ":"at+jwt"}. */
const char   *dyno_token_key_get_head  (const DynoTokenKey *self);
/* The public half as a member of a key set (RFC 7517). (transfer full) */
char         *dyno_token_key_to_jwk    (const DynoTokenKey *self);

/* 384 bytes. (transfer full) */
GBytes       *dyno_token_key_sign      (const DynoTokenKey *self,
                                        const char         *text,
                                        gsize               length);
gboolean      dyno_token_key_verify    (const DynoTokenKey *self,
                                        const char         *text,
                                        gsize               length,
                                        GBytes             *signature);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTokenKey, dyno_token_key_unref)

G_END_DECLS
