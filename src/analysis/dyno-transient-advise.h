/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-transient.h"

G_BEGIN_DECLS

/* What moving throttles mean for the tuner: `transient-lean` or `transient-rich`
 * when they open, `decel-rich` when they shut, from 0.3 AFR on. Any thread. */

/* One cylinder may be NULL. (transfer full) */
DynoAdvice *dyno_transient_advise (const DynoTransient *front,
                                   const DynoTransient *rear,
                                   const DynoVeResult  *result);

G_END_DECLS
