/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-bin.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* From sums to corrections: cell values, smoothing, confidence, limits
 * (analysis.md 3.5–3.7), and the two cylinders together (3.8). */

/* `sums` and `hits` have an entry a cell. (transfer full) */
DynoVeCell *dyno_ve_cells_new      (const DynoVeSet     *set,
                                    guint                cylinder,
                                    const DynoCellSums  *sums,
                                    const guint32       *hits);

/* Limited corrections of both cylinders by hits; the one where the other has none.
 * (transfer full) */
double     *dyno_ve_cells_combine  (const DynoVeCell    *front,
                                    const DynoVeCell    *rear,
                                    guint                n_cells);
/* Rear against front in the cells where both have at least three hits. */
void        dyno_ve_cells_balance  (const DynoVeCell    *front,
                                    const DynoVeCell    *rear,
                                    guint                n_cells,
                                    DynoVeBalance       *balance);

G_END_DECLS
