/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-cause.h"

G_BEGIN_DECLS

/* The branches of the cause tree, a file each: dyno-cause.c asks them in order. */

typedef struct
{
  const DynoModes    *modes;    /* (borrowed), as what follows */
  const DynoSurfaces *surfaces;
  const DynoValleys  *valleys;
  DynoMixError        tip_in;
  DynoAdvice         *advice;   /* what was found so far */
} DynoCauseTree;

void dyno_cause_tip_in (DynoCauseTree *tree);
void dyno_cause_knock  (DynoCauseTree *tree);
void dyno_cause_heat   (DynoCauseTree *tree);

G_END_DECLS
