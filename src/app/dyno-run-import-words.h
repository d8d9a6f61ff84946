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
/* A line each; "" for none. */
char *dyno_run_import_words_warnings (const DynoImportReport  *report);
char *dyno_run_import_words_assumptions (const DynoImportReport *report);
/* Of a column: unit and where it comes from, range, what was rejected. */
char *dyno_run_import_words_column   (const DynoImportChannel *channel);

G_END_DECLS
