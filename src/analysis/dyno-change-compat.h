/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-table.h"

G_BEGIN_DECLS

/* Applying as the first program did it (analysis.md 5.4), to reproduce its files: every
 * cell times 1 + factor / 100, the factor within ±`max_pct`, blank as 0; all numbers with
 * four decimals, CRLF. Library and tests only; no face offers it. GRID_MISMATCH.
 * (transfer full) */
GBytes *dyno_change_apply_compat (const DynoTable    *base,
                                  const DynoTable    *factors,
                                  double              max_pct,
                                  DynoAnalysisError **error);

G_END_DECLS
