/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-run-import-item.h"

G_BEGIN_DECLS

/* What an import would make of a file: how it is read, each column with the channel
 * it is taken for, what was assumed and what is missing. Decisions are made here and
 * show at once. */

#define DYNO_TYPE_RUN_IMPORT_REVIEW (dyno_run_import_review_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunImportReview, dyno_run_import_review, DYNO, RUN_IMPORT_REVIEW,
                      GtkWidget)

/* NULL: none. */
void  dyno_run_import_review_set_item (DynoRunImportReview *self,
                                       DynoRunImportItem   *item);
/* What is said above the columns; for tests. */
const char *dyno_run_import_review_get_text (DynoRunImportReview *self);
guint dyno_run_import_review_get_n_columns (DynoRunImportReview *self);

G_END_DECLS
