/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-valley.h"

G_BEGIN_DECLS

/* What may be behind what a log shows (the table of analysis.md 4.11): findings whose
 * kind is the cause and whose score is the confidence, 0…1, the surest first. A cause
 * is a guess with a test that would settle it: it never changes a table. Pure.
 *
 * Kinds: transient_tipin_hesitation, transient_tipin_rich, knock_limit_valley_<cyl>,
 * knock_rear_dominant, knock_front_dominant, temp_trim_high_load, temp_trim_broad,
 * ve_lean_<cyl>, ve_rich_<cyl>, ve_inconsistent, low_sample_count, low_coverage;
 * <cyl> is front, rear or (a valley of one spark channel) both. low_coverage looks at
 * spark and mixture: knock is drawn at full load only. */

/* All of them are of one set. (transfer full) */
DynoAdvice *dyno_causes_find        (const DynoModes     *modes,
                                     const DynoSurfaces  *surfaces,
                                     const DynoValleys   *valleys);
/* The original's: it looks at the front's steady mixture error for tip-in. */
DynoAdvice *dyno_causes_find_compat (const DynoModes     *modes,
                                     const DynoSurfaces  *surfaces,
                                     const DynoValleys   *valleys);

G_END_DECLS
