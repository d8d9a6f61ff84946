/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-folder.h"
#include "dyno-operation.h"

G_BEGIN_DECLS

/* What the files of dyno-folder.h share. */

/* dyno-folder-figures.c */
DynoFolderFigures *dyno_folder_figures_new   (const DynoAnalyse       *analyse,
                                              const DynoImportOutcome *outcome);
void               dyno_folder_figures_free  (DynoFolderFigures       *self);
void               dyno_folder_figures_write (DynoJsonWriter          *w,
                                              const DynoFolderFigures *self);
/* NULL where the text is not what was written. (transfer full) */
DynoFolderFigures *dyno_folder_figures_read  (const DynoJson          *json);

/* dyno-folder-place.c: the results of one file, on a thread that may wait. */

/* What must be the same for a result to be kept: one line of JSON. (transfer full) */
char              *dyno_folder_key           (const DynoImportRequest  *reading,
                                              const DynoAnalyseRequest *request,
                                              const char               *input_sha256);
/* The figures of results that are there for that key, each file of them with the sum
 * of the manifest; NULL where they are not. (transfer full) */
DynoFolderFigures *dyno_folder_find_kept     (const char               *out,
                                              const char               *name,
                                              const char               *key);
/* Puts the results in the place of older ones at once. */
gboolean           dyno_folder_place         (const DynoErrand         *errand,
                                              DynoAnalyse              *analyse,
                                              const DynoFolderFigures  *figures,
                                              const char               *out,
                                              const char               *name,
                                              const char               *key,
                                              GError                  **error);
/* Likewise the manifest of a file that cannot be analysed (analysis.md 7.2); it is
 * tried again the next time. */
gboolean           dyno_folder_place_failure (const DynoErrand         *errand,
                                              const GError             *failure,
                                              const char               *out,
                                              const char               *name,
                                              GError                  **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoFolderFigures, dyno_folder_figures_free)

G_END_DECLS
