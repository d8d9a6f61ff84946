/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-timeline.h"
#include "dyno-tune.h"

G_BEGIN_DECLS

/* Tunes and their changes as a person reads them. All texts (transfer full), with an
 * end of line. */

/* What would change: a grid a table with the new numbers, the largest changes, what
 * forbids it, what is to be looked at. */
char *dyno_tune_text_preview (const DynoTunePreview *preview);
/* Of a correction that was resampled, cell by cell, the cells it lies between and their
 * shares; "" of another. */
char *dyno_tune_text_mapping (const DynoChange      *change);
/* All cells of a table. */
char *dyno_tune_text_table   (const DynoTable       *table);
/* (element-type DynoTableRecord) */
char *dyno_tune_text_list    (GPtrArray             *records);
/* (element-type DynoChangeRecord) */
char *dyno_tune_text_history (GPtrArray             *changes);
char *dyno_tune_text_diff    (const DynoDiff        *diff);
char *dyno_tune_text_merged  (const DynoTuneMerged  *merged);

G_END_DECLS
