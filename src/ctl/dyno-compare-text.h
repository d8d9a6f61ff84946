/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-compare.h"
#include "dyno-units.h"

G_BEGIN_DECLS

/* A comparison for people: the pulls with their peaks and gains, a table of power by
 * engine speed, repeatability, and whether the gain is real. A row every `step` of x
 * (0: the usual). (transfer full) */
char *dyno_compare_text (const DynoCompare *compare,
                         double             step,
                         DynoUnitSet        units);

G_END_DECLS
