/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-explain-sample.h"
#include "dyno-explain.h"
#include "dyno-units.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* A VE analysis as a person at a terminal reads it, pressures in `units`. All
 * (transfer full). */

/* The corrections of both cylinders, what did not count and why, the delay, what
 * was assumed and what to doubt. */
char *dyno_analysis_text        (const DynoVeResult *result,
                                 DynoUnitSet         units);
/* How a cell came to its number, with its first samples. */
char *dyno_analysis_text_story  (DynoVeResult       *result,
                                 const DynoVeStory  *story,
                                 DynoUnitSet         units);
/* What became of one row. */
char *dyno_analysis_text_sample (const DynoVeResult *result,
                                 const DynoVeSample *sample,
                                 DynoUnitSet         units);

G_END_DECLS
