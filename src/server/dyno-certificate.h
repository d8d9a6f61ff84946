/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The certificate of the LAN listener: self-signed, P-256, made by GnuTLS. The key stays
 * when names or addresses change, so that the pin a tablet has learnt stays good. Where
 * the key is kept is the caller's matter: it comes and goes as bytes. Pure but for chance;
 * any thread. */

/* A new private key, PEM (PKCS#8). INTERNAL. (transfer full) */
GBytes   *dyno_certificate_new_key   (GError             **error);

/* A certificate for `key`, PEM: CN and SAN `host`, SAN `<host>.local`, `localhost` and
 * each literal of `addresses`; serverAuth; valid from an hour before `now_ms` (since 1970)
 * for 397 days. A host name that DNS would not take is left out. INVALID for a key that
 * is none. (transfer full) */
char     *dyno_certificate_issue     (GBytes              *key,
                                      const char          *host,
                                      const char * const  *addresses,
                                      gint64               now_ms,
                                      GError             **error);

/* FALSE as well for what is no certificate or no key. */
gboolean  dyno_certificate_is_of_key (const char          *certificate_pem,
                                      GBytes              *key);

/* Whether it must be issued again: it is not of `key`, lacks a name or address, or ends
 * within 30 days. TRUE for what is no certificate. */
gboolean  dyno_certificate_is_due    (const char          *certificate_pem,
                                      GBytes              *key,
                                      const char          *host,
                                      const char * const  *addresses,
                                      gint64               now_ms);

/* base64url (SHA-256 (SubjectPublicKeyInfo)), 43 characters. INVALID. (transfer full) */
char     *dyno_certificate_get_pin   (const char          *certificate_pem,
                                      GError             **error);

/* The first 128 bits of a pin as eight words that can be said aloud and compared, five
 * letters each: "lusab babad …" (proquints, arXiv:0901.4016). NULL for what is no pin.
 * (transfer full) */
char     *dyno_certificate_pin_words (const char          *pin);

G_END_DECLS
