/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-progress.h"

G_BEGIN_DECLS

/* Takes samples out that disagree with the rest of their home cell: further from
 * its median than `mad_limit` robust deviations (analysis.md 3.5). */

/* A byte, a cell and a factor a row; only rows with a home cell are looked at.
 * Outliers get DYNO_GATE_OUTLIER and no home. The answer is their number. Cut short
 * when cancelled. */
gsize dyno_outlier_reject (guint8             *reasons,
                           guint16            *homes,
                           const double       *factors,
                           gsize               n_rows,
                           guint               n_cells,
                           double              mad_limit,
                           const DynoProgress *progress);

/* What is left afterwards: the median absolute deviation of the correction (f − 1) · 100
 * in each cell (analysis.md 4.5). (transfer full) n_cells numbers, NaN without samples. */
double *dyno_outlier_mads (const guint16      *homes,
                           const double       *factors,
                           gsize               n_rows,
                           guint               n_cells);

G_END_DECLS
