/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-face.h"

G_BEGIN_DECLS

/* Parses the command line, runs its verb, prints a failure. The answer is the
 * exit status. `face` is the service that the verb serve starts. */
int                 dyno_command_line_run     (int              argc,
                                               char           **argv,
                                               const DynoFace  *face);

/* The options of every verb, ended by an empty one. */
const GOptionEntry *dyno_command_line_entries (void);

G_END_DECLS
