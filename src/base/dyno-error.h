/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What went wrong in the world, in ten kinds. Every face translates the kind
 * in one table of its own (HTTP status, exit status, sentence in the window).
 *
 * An error may carry a reason: a word that a program can test, such as
 * "import_no_time". The message is a sentence for a person and says what to do.
 *
 * Cancelling is not an error of ours: it stays G_IO_ERROR_CANCELLED. */

#define DYNO_ERROR (dyno_error_quark ())

typedef enum
{
  DYNO_ERROR_INVALID,     /* the request or file is wrong; names the member or line */
  DYNO_ERROR_NOT_FOUND,   /* no such thing, or not yours */
  DYNO_ERROR_CONFLICT,    /* stale base, duplicate, folder in use */
  DYNO_ERROR_DENIED,      /* the caller may not; keyring locked */
  DYNO_ERROR_LIMITED,     /* too often; says when again */
  DYNO_ERROR_UNAVAILABLE, /* network, provider, server, store not there now */
  DYNO_ERROR_CORRUPT,     /* stored data fails its check */
  DYNO_ERROR_TOO_LARGE,   /* over a stated limit */
  DYNO_ERROR_TIMED_OUT,   /* deadline passed */
  DYNO_ERROR_INTERNAL,    /* our mistake; logged with its id */
  DYNO_N_ERRORS
} DynoErrorCode;

GQuark      dyno_error_quark      (void);

/* `reason` may be NULL. `error` may be NULL, as everywhere in GLib. */
void        dyno_error_set        (GError       **error,
                                   DynoErrorCode  code,
                                   const char    *reason,
                                   const char    *format,
                                   ...) G_GNUC_PRINTF (4, 5);

/* The reason word, or NULL when `error` has none or is not of this domain. */
const char *dyno_error_get_reason (const GError  *error);

/* A text from outside as a message may show it: at most 60 bytes of it, what is no UTF-8
 * in them replaced. (transfer full) */
char       *dyno_error_excerpt    (const char    *text);

/* "invalid", "not_found", … for logs and JSON; never NULL. */
const char *dyno_error_code_name  (DynoErrorCode  code);

G_END_DECLS
