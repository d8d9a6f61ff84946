/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-heat.h"

G_BEGIN_DECLS

/* What heat soak means for the tuner: `heat-soak` for each event, `heat-loss` for a
 * session that lost power. Any thread. */

/* (transfer full) */
DynoAdvice *dyno_heat_advise (const DynoHeat     *self,
                              const DynoVeResult *result);

G_END_DECLS
