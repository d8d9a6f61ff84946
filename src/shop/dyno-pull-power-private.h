/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-operation.h"
#include "dyno-pull-power.h"

G_BEGIN_DECLS

/* The two questions of dyno-pull-power.h for operations of this room: on their
 * thread, which may wait. `options` NULL: the defaults. (transfer full) */

/* NOT_FOUND, CORRUPT; the shop must have its store. */
DynoPullPower *dyno_pull_power_load (const DynoErrand       *errand,
                                     const char             *run_id,
                                     const DynoPowerOptions *options,
                                     GError                **error);
DynoPullPower *dyno_pull_power_of   (const DynoErrand       *errand,
                                     DynoSamples            *samples,
                                     const DynoPowerOptions *options);

G_END_DECLS
