/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-gate.h"
#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* The gates in their order: one reason per sample and cylinder, and the home cell
 * of what passes. Chunks of a run are independent of each other: they may be
 * judged in any order, also at once. */

#define DYNO_NO_CELL 0xFFFF

/* How often a gate could not see. */
typedef guint64 DynoGateCounts[DYNO_N_GATES];

/* Judges rows begin…end−1 of a run. `flags` are those of dyno_gate_rows ();
 * `reasons` holds the marks of dyno_gate_mixture () and gets the reason, `homes`
 * the home cell or DYNO_NO_CELL, `factors` the factor of what is accepted (other
 * entries are not touched); all three are of the run. `blind` is added to. */
void dyno_gate_judge (const DynoVeSet *set,
                      const DynoVeRun *run,
                      guint            cylinder,
                      const guint16   *flags,
                      gsize            begin,
                      gsize            end,
                      guint8          *reasons,
                      guint16         *homes,
                      double          *factors,
                      DynoGateCounts   blind);

G_END_DECLS
