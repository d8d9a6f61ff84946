/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-await.h"
#include "dyno-config.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* Makes the figures of a run from its samples in the store: peaks and results of
 * `run`, with the shop's correction and the vehicle's fuel. Where the samples cannot
 * be read the run stays without. `is_reference`: a dyno that has no reference yet
 * gets this one. Blocking; on a thread that may wait. */
void dyno_figures_make (DynoStore  *store,
                        DynoConfig *config,
                        DynoAwait  *await,
                        DynoRun    *run,
                        gboolean    is_reference);

G_END_DECLS
