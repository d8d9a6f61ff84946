/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-config.h"
#include "dyno-power.h"

G_BEGIN_DECLS

/* The drum as its plate says it (settings dyno.drum1_…; what dyno.drum2_… weighs turns
 * with it), for logs that have speed
 * or the drum's rpm and no force. */

/* Gives the options the circumference, and the mass where they have none; `drum` is
 * what they borrow then. `shown` (nullable) is what this dyno showed of itself: it knows the
 * losses, which no plate does. */
void dyno_plate_give (DynoConfig       *config,
                      const DynoDrum   *shown,
                      DynoDrum         *drum,
                      DynoPowerOptions *options);

G_END_DECLS
