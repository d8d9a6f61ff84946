/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse-legacy.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* {"applicable":false,"notice","fingerprint","math_version","options","grid",
 * "correction","front","rear","rows","rejected","files"}: `analyze` with the legacy
 * mathematics. Correction in percent of the wrong sign, a row an engine speed. */
void dyno_shape_legacy (DynoJsonWriter          *w,
                        const DynoLegacyAnalyse *self);

G_END_DECLS
