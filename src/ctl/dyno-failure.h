/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a failure leaves the program: the table of cli.md from kinds of errors to
 * exit statuses, and the words on standard error. */

enum
{
  DYNO_EXIT_DONE = 0,
  DYNO_EXIT_FAILED = 1,
  DYNO_EXIT_USAGE = 2,
  DYNO_EXIT_BAD_INPUT = 3,
  DYNO_EXIT_NOT_FOUND = 4,
  DYNO_EXIT_CONFLICT = 5,
  DYNO_EXIT_DENIED = 6,
  DYNO_EXIT_UNAVAILABLE = 7,
  DYNO_EXIT_INTERRUPTED = 130,
};

/* What the command line lacks or has too much: a sentence and exit status 2. */
void dyno_failure_set_usage   (GError      **error,
                               const char   *format,
                               ...) G_GNUC_PRINTF (2, 3);
/* An error that comes from a word of the command line is one of usage. Its
 * message stays; `*error` may be NULL. */
void dyno_failure_make_usage  (GError      **error);

int  dyno_failure_exit_status (const GError *error);

/* A sentence, or with `is_json` the error body of the API, on standard error;
 * nothing where a reader of the output has gone. The answer is the exit status. */
int  dyno_failure_print       (const GError *error,
                               gboolean      is_json);

G_END_DECLS
