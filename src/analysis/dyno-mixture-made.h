/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* Mixtures laid beside the row they were made in, for what looks at single instants
 * (analysis.md 3.4). AFR of petrol, NaN where nothing is known. Any thread. */

/* What was made in a row is read later, by the delay at the time of reading, which is
 * found in two steps. `hint` is where the search begins: the row before, or on the
 * row itself. The run must have time and that cylinder a sensor. */
double dyno_mixture_made   (const DynoVeSet *set,
                            const DynoVeRun *run,
                            guint            cylinder,
                            gsize            row,
                            DynoVeInstant   *hint);
/* What was asked for in a row: commanded, or by the target table. */
double dyno_mixture_wanted (const DynoVeSet *set,
                            const DynoVeRun *run,
                            guint            cylinder,
                            gsize            row);

G_END_DECLS
