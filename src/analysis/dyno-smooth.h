/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-grid.h"

G_BEGIN_DECLS

/* Smoothing of a correction grid in percent (analysis.md 3.6): K1 quiets small
 * corrections and leaves large ones and steps alone, K2 ties the rest to its
 * neighbours. Cells without value stay without and lend nothing. Every stage reads
 * the old grid and writes a new one, so that the order of cells does not matter.
 *
 * `delta` and `smoothed` have a number a cell, NaN without value. */
void dyno_smooth (const DynoGridShape *shape,
                  const double        *delta,
                  const guint32       *hits,
                  guint                passes,    /* 0…5 */
                  double               threshold, /* percentage points */
                  double              *smoothed);

G_END_DECLS
