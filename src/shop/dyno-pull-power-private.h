/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-operation.h"
#include "dyno-pull-power.h"
#include "dyno-store-runs.h"

G_BEGIN_DECLS

/* Inside other operations: the answer of dyno_pull_power_run_async () for a run that is
 * at hand. (transfer full) */
DynoPullPower *dyno_pull_power_of_run (const DynoErrand       *errand,
                                       const DynoRun          *run,
                                       const DynoPowerOptions *options,
                                       GError                **error);

G_END_DECLS
