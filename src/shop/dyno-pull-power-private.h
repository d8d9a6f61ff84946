/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-operation.h"
#include "dyno-pull-power.h"
#include "dyno-store-runs.h"

G_BEGIN_DECLS

/* Inside other operations: the answers of dyno_pull_power_run_async (), for a run that
 * is at hand, and of dyno_pull_power_samples_async (). (transfer full) */
DynoPullPower *dyno_pull_power_of_run     (const DynoErrand       *errand,
                                           const DynoRun          *run,
                                           const DynoPowerOptions *options,
                                           GError                **error);
DynoPullPower *dyno_pull_power_of_samples (const DynoErrand       *errand,
                                           DynoSamples            *samples,
                                           const DynoPowerOptions *options);

G_END_DECLS
