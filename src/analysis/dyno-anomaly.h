/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-anomaly-cells.h"
#include "dyno-anomaly-rows.h"

G_BEGIN_DECLS

/* What is odd about a log and its corrections (analysis.md 4.2), in this order:
 * spatial, cylinder-imbalance, exhaust-leak, knock-cluster, electrical, sensor,
 * clock, held. The first four look at cells, the others at rows. Any thread. */

/* The findings of all rules. A rule that lacks a channel is silent there and adds an
 * advice of its own to `unavailable`, named by its kind, that says which. (transfer
 * full) */
DynoAdvice *dyno_anomalies_advise (const DynoVeResult *result,
                                   const DynoKnock    *knock,
                                   GPtrArray          *unavailable,
                                   const DynoProgress *progress);

G_END_DECLS
