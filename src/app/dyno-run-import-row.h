/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-run-import-item.h"

G_BEGIN_DECLS

/* A file that is imported, as a row: name, what becomes of it, progress while it
 * runs, and what can be done: cancel, import again, show the run, take it off the
 * list.
 *
 * Signals: show-run; again; remove. */

#define DYNO_TYPE_RUN_IMPORT_ROW (dyno_run_import_row_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunImportRow, dyno_run_import_row, DYNO, RUN_IMPORT_ROW, GtkListBoxRow)

GtkWidget         *dyno_run_import_row_new      (DynoShop          *shop,
                                                 DynoRunImportItem *item);
DynoRunImportItem *dyno_run_import_row_get_item (DynoRunImportRow  *self);

G_END_DECLS
