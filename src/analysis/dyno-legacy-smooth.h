/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The grid of the legacy engine and its smoothing (analysis-legacy.md A.4). */

#define DYNO_LEGACY_ROWS 11   /* 1500…6500 rpm */
#define DYNO_LEGACY_COLUMNS 5 /* 35, 50, 65, 80, 95 kPa */
#define DYNO_LEGACY_CELLS (DYNO_LEGACY_ROWS * DYNO_LEGACY_COLUMNS)

/* K1 and K2 on a grid of percent, NaN without data, in place and row by row: a cell
 * sees the new values of those above and left of it. `passes` beyond 5 are 5. */
void dyno_legacy_smooth (double cells[DYNO_LEGACY_CELLS],
                         guint  passes);

G_END_DECLS
