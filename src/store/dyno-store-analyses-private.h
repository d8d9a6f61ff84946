/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-store-analyses.h"

G_BEGIN_DECLS

/* Joins an analysis to a run, and keeps it where its id is not known yet. The ids of
 * its runs are not looked at: others of them may be in another shop. */
gboolean dyno_analysis_rows_keep (DynoTurn                  *turn,
                                  gint64                     number,
                                  const DynoAnalysisRecord  *analysis,
                                  GError                   **error);

G_END_DECLS
