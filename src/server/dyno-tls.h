/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* TLS of the LAN listener: 1.2 and 1.3, ECDHE with AEAD ciphers only. */

/* The first statement of main (), before any thread: the library reads it once. */
void             dyno_tls_set_floor          (void);

/* What the handshake shows. `key` is PEM (PKCS#8), as dyno_certificate_new_key () made it
 * or a person brought it. INVALID when they are none, or not of one another. */
GTlsCertificate *dyno_tls_new_certificate    (const char           *certificate_pem,
                                              GBytes               *key,
                                              GError              **error);

/* The server's side of a handshake over `base`; ALPN http/1.1. Bytes that are no TLS end
 * it. It has no time limit of its own: cancel it. (transfer full) the TLS connection. */
void             dyno_tls_shake_hands_async  (GIOStream            *base,
                                              GTlsCertificate      *certificate,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GIOStream       *dyno_tls_shake_hands_finish (GAsyncResult         *result,
                                              GError              **error);

G_END_DECLS
