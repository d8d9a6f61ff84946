/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analysis-error.h"
#include "dyno-anomaly.h"
#include "dyno-balance.h"
#include "dyno-confidence-report.h"
#include "dyno-decel.h"
#include "dyno-environment.h"
#include "dyno-heat.h"
#include "dyno-knock.h"
#include "dyno-opportunity.h"
#include "dyno-transient.h"

G_BEGIN_DECLS

/* All advisers over one VE result, in the order of analysis.md 4.2–4.9: one
 * function, one answer. They read and never change a table. Same result, same
 * advice, to the last bit.
 *
 * What each has as grids, events and tables stands in its own member; what it says
 * in `advice`, as findings. An adviser that lacks a channel is in `advice` too, with
 * the channel's name and without findings. A further adviser is a member here and a
 * row in the table of dyno-advise.c. Immutable once made, any thread; it does not
 * need the result any more. */

typedef struct
{
  DynoKnock              *knock;         /* (owned) */
  DynoDecel              *decel;         /* (owned) */
  DynoBalance            *balance;       /* (owned) */
  DynoConfidenceReport    confidence;
  GArray                 *opportunities; /* (owned) of DynoOpportunity */
  DynoTransient          *transients[DYNO_VE_CYLINDERS]; /* (owned) (nullable) no sensor */
  DynoHeat               *heat;          /* (owned) */
  DynoEnvironmentFigures  environment;   /* NaN without the channels */
  GPtrArray              *advice;        /* (owned) of DynoAdvice: "anomalies", the rules of it
                                          * that lack a channel, "decel", "balance",
                                          * "confidence", "opportunities", "transient",
                                          * "heat", "environment" */
} DynoAdvices;

/* The options are those of the result (`decel_severity`, `balance_mode`,
 * `balance_max_pct`). Fails with CANCELLED only. (transfer full) */
DynoAdvices      *dyno_advise_run   (const DynoVeResult  *result,
                                     const DynoProgress  *progress,
                                     DynoAnalysisError  **error);
void              dyno_advices_free (DynoAdvices         *self);
/* NULL for an adviser that is not there. (transfer none) */
const DynoAdvice *dyno_advices_find (const DynoAdvices   *self,
                                     const char          *adviser);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAdvices, dyno_advices_free)

G_END_DECLS
