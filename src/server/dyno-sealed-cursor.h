/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the next page of a list begins, sealed so that a client can neither make nor
 * change one, nor use it with other filters: base64url (HMAC-SHA-256 cut to 128 bit of
 * payload and filter ‖ payload). Any thread. */

#define DYNO_CURSOR_KEY_SIZE 32

/* `payload` is any text, `filter` what it was made for. (transfer full) */
char *dyno_sealed_cursor_make (const guint8  key[DYNO_CURSOR_KEY_SIZE],
                               const char   *payload,
                               const char   *filter);

/* The payload. INVALID, reason BAD_REQUEST, for a text that was not made with this key
 * and filter. (transfer full) */
char *dyno_sealed_cursor_open (const guint8  key[DYNO_CURSOR_KEY_SIZE],
                               const char   *text,
                               const char   *filter,
                               GError      **error);

G_END_DECLS
