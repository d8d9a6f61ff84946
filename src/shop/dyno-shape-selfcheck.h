/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-pull-power.h"

G_BEGIN_DECLS

/* What a run says of its dyno, as JSON; beside dyno-shape.h. */

/* {"effective_mass_kg","c0_n","c1_n_per_kmh","c2_n_per_kmh2","rms_n","samples",
 * "std_error","us","loss_kw","verdict","reference","mass_off_pct","loss_off_kw"}, null
 * where the run has not the channels. */
void dyno_shape_selfcheck         (DynoJsonWriter      *w,
                                   const DynoPullPower *power);
/* The same members of a coast-down, without a verdict; null without one. */
void dyno_shape_coast_down        (DynoJsonWriter      *w,
                                   const DynoPullPower *power);
/* The alarm as an element of "warnings": {"code":"dyno-drift","text"}; nothing where
 * all is well. */
void dyno_shape_selfcheck_warning (DynoJsonWriter      *w,
                                   const DynoPullPower *power);

G_END_DECLS
