/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-delay.h"
#include "dyno-ve-run.h"

G_BEGIN_DECLS

/* All runs of an analysis as one sample set, with what belongs to all of them:
 * options, grid, targets, delays. From it every accepted sample can be worked out
 * again, to the last bit (dyno-ve-block.h), which is how a cell tells its samples.
 * Immutable once the delays are measured. */

#define DYNO_VE_MAX_RUNS 20

typedef enum
{
  DYNO_VE_TARGET_COMMANDED,
  DYNO_VE_TARGET_TABLE,
} DynoVeTargetSource;

typedef struct
{
  DynoVeOptions     *options;     /* (owned) */
  DynoGridShape      shape;
  DynoTarget        *table;       /* (owned) the target table in use */
  guint              n_runs;
  DynoVeRun         *runs;        /* (owned) */
  gsize              n_rows;      /* of all runs */
  gboolean           has_time;    /* in every run */
  gboolean           has_sensor[DYNO_VE_CYLINDERS]; /* in every run */
  DynoVeTargetSource target[DYNO_VE_CYLINDERS];
  DynoDelay          delay[DYNO_VE_CYLINDERS];
} DynoVeSet;

/* NO_ROWS, MISSING_CHANNEL, BAD_OPTION (a base table's axes missing for `table`).
 * `base` may be NULL. */
DynoVeSet *dyno_ve_set_new      (DynoSamples         *const *runs,
                                 guint                n_runs,
                                 const DynoVeOptions *options,
                                 const DynoGridShape *base,
                                 GPtrArray           *notes,
                                 DynoAnalysisError  **error);
void       dyno_ve_set_free     (DynoVeSet           *self);

/* The run that holds a row of the set. */
const DynoVeRun *dyno_ve_set_run_of (const DynoVeSet *self,
                                     gsize            row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoVeSet, dyno_ve_set_free)

G_END_DECLS
