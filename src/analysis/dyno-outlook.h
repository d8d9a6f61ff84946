/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-cause.h"
#include "dyno-coverage.h"
#include "dyno-planner.h"

G_BEGIN_DECLS

/* All of analysis.md 4.10 to 4.12 for one VE result, in the order in which one needs
 * the other: modes, surfaces, valleys, causes, plan. Pure. */

typedef struct
{
  DynoModes    *modes;    /* (owned) */
  DynoSurfaces *surfaces; /* (owned) */
  DynoValleys   valleys;
  DynoAdvice   *causes;   /* (owned) */
  DynoPlan     *plan;     /* (owned) from this result alone */
} DynoOutlook;

/* `constraints` NULL: the defaults. NULL only when cancelled. (transfer full) */
DynoOutlook *dyno_outlook_make (const DynoVeResult         *result,
                                const DynoPlanConstraints  *constraints,
                                const DynoProgress         *progress);
void         dyno_outlook_free (DynoOutlook                *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoOutlook, dyno_outlook_free)

G_END_DECLS
