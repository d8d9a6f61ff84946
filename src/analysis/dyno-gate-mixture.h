/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-progress.h"
#include "dyno-ve-run.h"

G_BEGIN_DECLS

/* Marks the readings of a mixture sensor that cannot be believed, whatever the
 * engine did: gates 13 to 16. `marks` has a byte a row, all 0 at first; a marked
 * row gets the smallest of the codes that apply. Cut short when cancelled. */
void dyno_gate_mixture (const DynoVeRun     *run,
                        guint                cylinder,
                        const DynoVeOptions *options,
                        guint8              *marks,
                        const DynoProgress  *progress);

G_END_DECLS
