/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* Do the two cylinders burn the same mixture, and what would bring them together
 * (analysis.md 4.4). A cell counts with three samples of each. Any thread. */

typedef enum
{
  DYNO_BALANCE_NO_DATA,
  DYNO_BALANCE_EVEN,   /* below 0.5 AFR apart */
  DYNO_BALANCE_LOW,
  DYNO_BALANCE_MEDIUM, /* from 0.7 AFR */
  DYNO_BALANCE_HIGH,   /* from 1 AFR */
  DYNO_N_BALANCE_SEVERITIES
} DynoBalanceSeverity;

typedef struct
{
  double              afr[DYNO_VE_CYLINDERS];    /* mean mixture; NaN without data */
  double              delta_afr;                 /* rear − front; NaN without data */
  double              factor[DYNO_VE_CYLINDERS]; /* f − 1, a fraction of fuel: 0 where they
                                                  * are even, NaN without data */
  DynoBalanceSeverity severity;
} DynoBalanceCell;

typedef struct
{
  DynoGridShape    shape;
  DynoBalanceMode  mode;
  DynoBalanceCell *cells; /* (owned) row-major */
  guint            n_by_severity[DYNO_N_BALANCE_SEVERITIES];
  guint            n_analysed;
  guint            n_imbalanced;
  double           max_abs_afr;  /* NaN without a cell */
  double           mean_abs_afr;
} DynoBalance;

/* Mixtures that fell into a cell. */
typedef struct
{
  double  sum_afr[DYNO_VE_CYLINDERS];
  guint32 n[DYNO_VE_CYLINDERS];
} DynoBalanceSum;

/* Adds one reading of a cylinder to the nearest cell; outside 10…18 AFR it does
 * not count. */
void         dyno_balance_add       (const DynoGridShape  *shape,
                                     guint                 cylinder,
                                     double                rpm,
                                     double                map_kpa,
                                     double                afr,
                                     DynoBalanceSum       *sums);
/* `sums` has an entry a cell; `max_pct` is the most a factor may be, 5 % at most.
 * (transfer full) */
DynoBalance *dyno_balance_new       (const DynoGridShape  *shape,
                                     const DynoBalanceSum *sums,
                                     DynoMathVersion       version,
                                     DynoBalanceMode       mode,
                                     double                max_pct);
/* Of the accepted samples, with the result's own options. (transfer full) */
DynoBalance *dyno_balance_of_result (const DynoVeResult   *result);
void         dyno_balance_free      (DynoBalance          *self);
/* `imbalance` for each uneven cell, worst first. (transfer full) */
DynoAdvice  *dyno_balance_advise    (const DynoBalance    *self,
                                     const DynoVeResult   *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBalance, dyno_balance_free)

G_END_DECLS
