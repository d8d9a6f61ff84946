/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Moments as a command line names them: a day here (2026-03-14) or a time of RFC 3339.
 * `ms` since 1970; a usage failure names the option. NULL leaves it as it is. */
gboolean dyno_moment_parse  (const char  *option,
                             const char  *text,
                             gint64      *ms,
                             GError     **error);
/* The same, or a number of days from now on: for what is to end then. */
gboolean dyno_moment_parse_end (const char  *option,
                                const char  *text,
                                gint64      *ms,
                                GError     **error);

G_END_DECLS
