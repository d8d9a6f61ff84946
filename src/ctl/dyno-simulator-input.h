/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"
#include "dyno-simulator.h"

G_BEGIN_DECLS

/* Verbs of a scenario on standard input (jetdrive.md §12.3): "drop 2" at once,
 * "12.5 drop 2" when the simulated clock is there. A line that is wrong is told on
 * standard error and skipped; an input that ends is no end of the simulation. */

typedef struct _DynoSimulatorInput DynoSimulatorInput;

/* From now on, on the main thread. `speed` is simulated over real time. */
DynoSimulatorInput *dyno_simulator_input_new  (DynoCtl            *ctl,
                                               DynoSimulator      *simulator,
                                               double              speed);
void                dyno_simulator_input_free (DynoSimulatorInput *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSimulatorInput, dyno_simulator_input_free)

G_END_DECLS
