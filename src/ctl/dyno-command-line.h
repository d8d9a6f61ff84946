/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Parses the command line, runs its verb, prints a failure. The answer is the
 * exit status. */
int                 dyno_command_line_run     (int    argc,
                                               char **argv);

/* The options of every verb, ended by an empty one. */
const GOptionEntry *dyno_command_line_entries (void);

G_END_DECLS
