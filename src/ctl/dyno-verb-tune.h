/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"
#include "dyno-table.h"

G_BEGIN_DECLS

/* The verbs that look at tune tables and change them. */

/* Of preview and of apply. */
extern const GOptionEntry dyno_verb_correction_entries[];
extern const GOptionEntry dyno_verb_apply_entries[];
extern const GOptionEntry dyno_verb_rollback_entries[];
extern const GOptionEntry dyno_verb_tables_entries[];

gboolean dyno_verb_preview  (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_apply    (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_rollback (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_tables   (DynoCtl *ctl, int *status, GError **error);
/* By way of the process that holds the data folder. */
gboolean dyno_verb_tables_there (DynoCtl *ctl, int *status, GError **error);

/* "front=FILE,rear=FILE" as two words, any other as it is. (transfer full) */
GStrv       dyno_verb_tune_words (char         **words);
/* "front=FILE": the file and its side; else the word itself, for both. */
const char *dyno_verb_tune_split (const char    *word,
                                  DynoTableSide *side);
/* front, rear or both; NULL is both. FALSE with a usage error. */
gboolean    dyno_verb_tune_side  (const char    *word,
                                  DynoTableSide *side,
                                  GError       **error);

G_END_DECLS
