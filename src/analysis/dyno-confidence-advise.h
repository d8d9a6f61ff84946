/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-confidence-report.h"
#include "dyno-finding.h"

G_BEGIN_DECLS

/* The confidence of a whole result, ours: unavailable gates cost, and no data is a D.
 * Any thread. */

/* `anomalies` are of dyno_anomalies_advise (). */
void        dyno_confidence_report_of_result (DynoConfidenceReport       *self,
                                              const DynoVeResult         *result,
                                              const DynoAdvice           *anomalies);
/* One finding `confidence` with the gains as next checks. (transfer full) */
DynoAdvice *dyno_confidence_report_advise    (const DynoConfidenceReport *self,
                                              const DynoVeResult         *result);

G_END_DECLS
