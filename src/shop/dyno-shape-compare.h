/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-compare.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* {"x","window","standard","smoothing","baseline","series":[…],"delta":[…],
 * "area_gain_pct","repeatability":{"all","before","after"},"gain":{…},"verdict",
 * "sentence","warnings"}, beside dyno-shape.h: POST /runs/compare and `compare`.
 *
 * A series has a point every `step` of x (0: 250 rpm, 10 km/h) with its time; a delta
 * has the same points of a run against the baseline, its area gain with thirds, and
 * where it gains and loses most. `area_gain_pct` is that of after against before. */
void dyno_shape_compare (DynoJsonWriter    *w,
                         const DynoCompare *compare,
                         double             step);

G_END_DECLS
