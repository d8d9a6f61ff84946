/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-mlg-blocks.h"

G_BEGIN_DECLS

/* What a MegaLogViewer binary log says beside its numbers, as a person shall read it:
 * version, column of the time, names of bits, words for 1 and 0, and what its blocks
 * lack. After the time was made, before the columns get a meaning. */
void dyno_mlg_findings_add (const DynoMlg         *mlg,
                            const DynoImportTable *table,
                            const DynoMlgCounts   *counts,
                            DynoImportReport      *report);

G_END_DECLS
