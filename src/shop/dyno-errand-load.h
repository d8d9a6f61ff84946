/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-operation.h"
#include "dyno-samples.h"
#include "dyno-store-runs.h"

G_BEGIN_DECLS

/* What most operations begin with, on the thread of the operation. Without a store
 * they fail with the shop's trouble. */

/* With its long texts. NOT_FOUND. (transfer full) */
DynoRun     *dyno_errand_load_run     (const DynoErrand  *errand,
                                       const char        *run_id,
                                       GError           **error);
/* All of them. NOT_FOUND, CORRUPT. (transfer full) */
DynoSamples *dyno_errand_load_samples (const DynoErrand  *errand,
                                       const char        *run_id,
                                       GError           **error);

G_END_DECLS
