/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a number of a row is; NaN where the row does not count. */
typedef double (*DynoImportRowValue) (gsize    row,
                                      gpointer data);

/* The median of a number over the rows of a log, to decide what it is: of long logs
 * over some thousand rows spread evenly and always the same. NaN with fewer than
 * `least` rows that count. */
double dyno_import_row_median (gsize              n_rows,
                               gsize              least,
                               DynoImportRowValue value,
                               gpointer           data);

G_END_DECLS
