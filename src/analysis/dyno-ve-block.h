/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* Where the engine stood when the mixtures of some rows were made: a block of rows
 * at a time, one step after the other for all of them, which a processor does
 * several times faster than all steps for one row. Blocks say nothing about the
 * order of sums. */

#define DYNO_VE_BLOCK 256

typedef struct
{
  guint    n;
  gsize    rows[DYNO_VE_BLOCK];   /* in the run: put there by the caller, ascending */
  gboolean is_known[DYNO_VE_BLOCK]; /* FALSE: no engine state at that instant */
  gsize    at[DYNO_VE_BLOCK];     /* the row at or before the instant */
  double   u[DYNO_VE_BLOCK];      /* 0…1 towards the next */
  double   time_s[DYNO_VE_BLOCK]; /* of the instant */
  double   rpm[DYNO_VE_BLOCK];    /* NaN: missing, as below */
  double   map[DYNO_VE_BLOCK];
  double   target[DYNO_VE_BLOCK]; /* AFR of petrol */
  double   mix[DYNO_VE_BLOCK];    /* read in `rows` */
  gsize    hint;                  /* where the search for instants begins */
} DynoVeBlock;

/* Fills all but `n`, `rows` and `hint` (0 at first). */
void   dyno_ve_block_fill   (const DynoVeSet   *set,
                             const DynoVeRun   *run,
                             guint              cylinder,
                             DynoVeBlock       *block);
/* The factor of an entry that has mixture and target; NaN outside 9…20 AFR. */
double dyno_ve_block_factor (const DynoVeSet   *set,
                             const DynoVeRun   *run,
                             const DynoVeBlock *block,
                             guint              entry);

G_END_DECLS
