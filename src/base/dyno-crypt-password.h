/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Passwords of people: which are good enough, and how one is kept.
 *
 * Kept is bcrypt (cost 12) of base64 (HMAC-SHA-256 (pepper, NFC (password))), as
 * "hmac$2b$12$…": 44 characters go into bcrypt, so that neither its end at 72
 * bytes nor a NUL ever matters, and a stolen database is of no use without the
 * pepper. A bare "$2b$…" is the bcrypt of the password itself, as other programs
 * make it: good for one more login, then made anew.
 *
 * A hash takes about 0.2 s. Any thread; never one that others wait for. */

#define DYNO_PASSWORD_MIN_LENGTH 12  /* code points */
#define DYNO_PASSWORD_MAX_LENGTH 256

typedef enum
{
  DYNO_PASSWORD_WRONG,
  DYNO_PASSWORD_RIGHT,
  DYNO_PASSWORD_RIGHT_OLD, /* right, but kept in an older form: hash it anew */
} DynoPasswordVerdict;

/* What is to be kept; NULL for a text that is not UTF-8. (transfer full) */
char                *dyno_crypt_password_hash           (GBytes        *pepper,
                                                         const char    *password);

/* `kept` NULL or in a form that is not known is WRONG after the same work, so
 * that nobody learns from the time taken which accounts there are. */
DynoPasswordVerdict  dyno_crypt_password_verify         (GBytes        *pepper,
                                                         const char    *password,
                                                         const char    *kept);

/* INVALID "password": shorter than 12 or longer than 256 code points, what the
 * word list of libpwquality refuses, or what holds the e-mail address, the name
 * (both nullable) or a word of this program. There are no rules of composition. */
gboolean             dyno_crypt_password_judge          (const char    *password,
                                                         const char    *email,
                                                         const char    *name,
                                                         GError       **error);

/* FALSE: this machine has no word list, and length alone is judged. */
gboolean             dyno_crypt_password_has_dictionary (void);

G_END_DECLS
