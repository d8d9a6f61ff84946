/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-grid.h"
#include "dyno-target.h"

G_BEGIN_DECLS

/* Grids that a person keeps in a CSV file (formats.md C.4): a first row of "RPM" and
 * the columns, then a row for each engine speed; blank is no value. Comma, tab or
 * semicolon; with semicolons the decimal mark may be a comma.
 *
 * INVALID "grid_file" names file, line and what is wrong; NOT_FOUND; TOO_LARGE. */

/* `sha256` (nullable) gets the sum of the file's bytes; free it. (transfer full) */
DynoGrid   *dyno_grid_file_read        (const char  *path,
                                        char       **sha256,
                                        GError     **error);
/* The same, or two columns "MAP,AFR". (transfer full) */
DynoTarget *dyno_grid_file_read_target (const char  *path,
                                        GError     **error);

/* Blank cells get a value. */
void        dyno_grid_file_fill        (DynoGrid    *grid,
                                        double       value);

G_END_DECLS
