/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-progress.h"
#include "dyno-transient-tables.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* Mixture while the throttle moves (analysis.md 4.7): where pressure or throttle
 * changed fast, how far the mixture went off, and what acceleration enrichment and
 * the film on the port's wall would ask for. Needs real time. Any thread. */

#define DYNO_TRANSIENT_MIN_ROWS 10

/* What is looked at, a number a row; NaN where missing. */
typedef struct
{
  gsize         n;
  const double *time_s;   /* never decreasing */
  const double *rpm;
  const double *map_kpa;
  const double *tps_pct;
  const double *afr;      /* of petrol, made at that instant: the delay is taken off */
  const double *target_afr;
  const double *iat_c;    /* (nullable): 25 °C */
} DynoTransientRows;

/* What an adviser of a whole result found for one cylinder. Immutable. */
typedef struct
{
  GArray              *events; /* (owned) of DynoTransientEvent, rows of the set */
  DynoTransientTables  tables;
} DynoTransient;

/* Appends DynoTransientEvent, rows counted from `offset`; nothing below ten rows.
 * No rate across a step in time above `gap_s`, and none at equal stamps. */
void           dyno_transient_find      (const DynoTransientRows *rows,
                                         double                   gap_s,
                                         gsize                    offset,
                                         GArray                  *events);

/* (transfer full) NULL for a cylinder without a sensor. Cut short when cancelled. */
DynoTransient *dyno_transient_of_result (const DynoVeResult      *result,
                                         guint                    cylinder,
                                         const DynoProgress      *progress);
void           dyno_transient_free      (DynoTransient           *self);
/* `transient-lean`, `transient-rich`, `decel-rich`; one cylinder may be NULL.
 * (transfer full) */
DynoAdvice    *dyno_transient_advise    (const DynoTransient     *front,
                                         const DynoTransient     *rear,
                                         const DynoVeResult      *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTransient, dyno_transient_free)

G_END_DECLS
