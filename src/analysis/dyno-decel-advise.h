/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-decel.h"
#include "dyno-finding.h"

G_BEGIN_DECLS

/* What shut throttles mean for the tuner: `decel-pop` for each event that pops, and
 * one `decel-overlay` where any does. Any thread. */

/* (transfer full) */
DynoAdvice *dyno_decel_advise (const DynoDecel    *self,
                               const DynoVeResult *result);

G_END_DECLS
