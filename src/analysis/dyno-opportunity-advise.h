/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-knock.h"
#include "dyno-opportunity.h"

G_BEGIN_DECLS

/* Opportunities of a whole result, where they may be spoken of: only with a knock
 * channel that lives, and with the gates against a cold engine and a cold sensor. A
 * cylinder that burns and has no knock channel is not taken for a quiet one. Any
 * thread. */

/* Empty where it may not speak. (transfer full) of DynoOpportunity */
GArray     *dyno_opportunities_of_result (const DynoVeResult *result,
                                          const DynoKnock    *knock);
/* What is missing, or a finding each, best first. (transfer full) */
DynoAdvice *dyno_opportunities_advise    (const GArray       *opportunities,
                                          const DynoVeResult *result,
                                          const DynoKnock    *knock);

G_END_DECLS
