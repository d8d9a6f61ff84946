/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-progress.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* The VE analysis: one function, one result. Same runs, options and program: the
 * same bits (analysis.md 7.4).
 *
 * 1 to 20 runs are one sample set in the order given. `base` are the axes of the
 * base table, or NULL. The runs are kept by reference as long as the result lives.
 * Fails with NO_ROWS, MISSING_CHANNEL, BAD_OPTION or CANCELLED. */
DynoVeResult *dyno_analysis_run (DynoSamples *const   *runs,
                                 guint                 n_runs,
                                 const DynoVeOptions  *options,
                                 const DynoGridShape  *base,
                                 const DynoProgress   *progress,
                                 DynoAnalysisError   **error);

G_END_DECLS
