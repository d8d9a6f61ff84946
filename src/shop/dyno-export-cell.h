/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Cells of exported tables (formats.md C.2). A number has a point, or a comma where
 * that is asked for, whatever the locale; no "+", no "-0.00", and nothing at all for
 * a value that is not finite. Pure, any thread. */

/* Decimals of a cell: 0…9, or the shortest text that reads back to the same double. */
#define DYNO_EXPORT_FULL (-1)

/* `mark` is '.' or ','. */
void dyno_export_add_number (GString    *text,
                             double      value,
                             int         decimals,
                             char        mark);

/* A text cell: quoted where it must be; with a leading ' where a spreadsheet would
 * take it for a formula. */
void dyno_export_add_text   (GString    *text,
                             const char *value,
                             char        delimiter);

G_END_DECLS
