/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-run-import-item.h"
#include "dyno-palette.h"

G_BEGIN_DECLS

/* What an import found, in words. Texts that are built are (transfer full). */

/* Of a file in the list: "ready", "imported as run …", the sentence of its error. */
char *dyno_run_import_words_state    (DynoRunImportItem       *item,
                                      DynoStatus              *status);
/* Format, encoding, delimiter, decimal sign, time, rows, rate: two or three lines. */
char *dyno_run_import_words_summary  (const DynoImportReport  *report);
/* Warnings and assumptions, a line each. */
char *dyno_run_import_words_findings (const DynoImportReport  *report);
/* Of a column: unit and where it comes from, range, what was rejected. */
char *dyno_run_import_words_column   (const DynoImportChannel *channel);

G_END_DECLS
