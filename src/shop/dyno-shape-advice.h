/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-advise.h"
#include "dyno-json.h"
#include "dyno-outlook.h"
#include "dyno-spark.h"

G_BEGIN_DECLS

/* What advisers say, for `analyze`, for findings.json and for tools. Members are in the
 * order of the alphabet; cells are named by their engine speed and pressure; numbers
 * have at most six decimals, so that every processor writes the same. */

/* [{"adviser","available","findings","missing"}, …], in the order of analysis.md 4.
 * Element-type DynoAdvice. */
void dyno_shape_advice     (DynoJsonWriter             *w,
                            const DynoGridShape        *shape,
                            GPtrArray                  *advice);
/* [{"cells","evidence","kind","next_checks","numbers","samples","score","text"}, …]. */
void dyno_shape_findings   (DynoJsonWriter             *w,
                            const DynoGridShape        *shape,
                            const DynoAdvice           *advice);
/* {"anomalies","clamped_pct","covered_pct","gains","gates_unavailable","grade",
 * "mean_mad","overall","parts","regions"} */
void dyno_shape_confidence (DynoJsonWriter             *w,
                            const DynoGridShape        *shape,
                            const DynoConfidenceReport *report);

G_END_DECLS
