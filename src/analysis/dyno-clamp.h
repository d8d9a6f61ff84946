/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-confidence.h"
#include "dyno-ve-options.h"

G_BEGIN_DECLS

/* How far one analysis may move a cell (analysis.md 3.7). */

/* In percent; NaN for SKIP. The operator's clamp can only lower it. */
double   dyno_clamp_limit_pct (const DynoVeOptions *options,
                               DynoConfidence       confidence);
/* `delta_pct` within ±limit; NaN stays NaN and a NaN limit gives NaN. TRUE in
 * `is_clamped` when that changed it by more than 0.01. */
double   dyno_clamp           (double               delta_pct,
                               double               limit_pct,
                               gboolean            *is_clamped);

G_END_DECLS
