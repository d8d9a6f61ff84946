/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* Where a rule of thumb sees power (analysis.md 4.6): estimates, never applied by
 * any face, never summed, since items of a cell exclude each other. Any thread. */

#define DYNO_OPPORTUNITIES 10 /* so many are kept */

typedef enum
{
  DYNO_OPPORTUNITY_LEAN,
  DYNO_OPPORTUNITY_ADVANCE,
  DYNO_OPPORTUNITY_BOTH,
} DynoOpportunityKind;

typedef struct
{
  DynoOpportunityKind kind;
  guint               cell;
  double              lean_pct;       /* fuel to take away; 0: none */
  double              advance_deg;    /* 0: none */
  double              gain_hp;        /* two decimals */
  guint               confidence_pct; /* 0…100, by hits */
  guint32             hits;           /* of both cylinders */
  double              rich_pct;       /* how rich the cell is now */
} DynoOpportunity;

/* What is looked at; arrays have an entry a cell, NaN without data. */
typedef struct
{
  DynoGridShape  shape;
  const guint32 *hits[DYNO_VE_CYLINDERS];
  const double  *rich_pct[DYNO_VE_CYLINDERS];  /* (target − measured) / measured · 100 */
  const double  *knock_deg[DYNO_VE_CYLINDERS]; /* k of 4.1; NaN counts as none */
  const double  *spark_deg[DYNO_VE_CYLINDERS]; /* (nullable) suggestion of 4.1: none */
  const double  *power_hp;                     /* (nullable) */
  const double  *leanest_afr;                  /* (nullable) measured, the leaner cylinder:
                                                * no cell is leaned beyond λ 0.85 at
                                                * 85 kPa and more. NULL: the original's way */
} DynoOpportunityInput;

/* By gain, best first; equal ones in the order of cells. (transfer full) of
 * DynoOpportunity. */
GArray     *dyno_opportunities_find (const DynoOpportunityInput *input);
/* "lean", "advance", "lean-and-advance" */
const char *dyno_opportunity_name   (DynoOpportunityKind         kind);

G_END_DECLS
