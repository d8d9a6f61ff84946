/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-await.h"
#include "dyno-drum.h"
#include "dyno-samples.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* What the shop remembers of a dyno by its provider's name: the mass and losses
 * that its first good run showed (analysis.md 2.6). Later runs are judged against
 * it. Blocking; on a thread that may wait. */

/* FALSE where none is kept. */
gboolean dyno_reference_load   (DynoStore         *store,
                                DynoAwait         *await,
                                const char        *provider,
                                DynoDrum          *drum);
/* Keeps what these samples show, unless there is a reference already or they show
 * no model. */
void     dyno_reference_offer  (DynoStore         *store,
                                DynoAwait         *await,
                                const char        *provider,
                                const char        *run_id,
                                const DynoSamples *samples);

/* The stoichiometric ratio of a vehicle's fuel; petrol for none (NULL). */
double   dyno_reference_stoich (DynoStore         *store,
                                DynoAwait         *await,
                                const char        *vehicle_id);

G_END_DECLS
