/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-anomaly-cells.h"
#include "dyno-anomaly-rows.h"

G_BEGIN_DECLS

/* What is odd about a log and its corrections (analysis.md 4.2), in this order:
 * spatial, cylinder-imbalance, exhaust-leak, knock-cluster, electrical, sensor,
 * clock, held. The first four look at cells, the others at rows. Any thread. */

typedef struct
{
  DynoAdvice *advice;      /* (owned) all findings in the order above */
  GPtrArray  *unavailable; /* (owned) of DynoAdvice, named by the kind: rules that lack a
                            * channel, and which */
} DynoAnomalies;

/* `factors_pct` are of dyno_factors_pct (), one a cylinder. (transfer full) */
DynoAnomalies *dyno_anomalies_new  (const DynoVeResult *result,
                                    const DynoKnock    *knock,
                                    const double       *const factors_pct[DYNO_VE_CYLINDERS]);
void           dyno_anomalies_free (DynoAnomalies      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAnomalies, dyno_anomalies_free)

G_END_DECLS
