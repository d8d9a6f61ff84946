/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-gate.h"
#include "dyno-legacy-smooth.h"
#include "dyno-progress.h"
#include "dyno-ve-options.h"

G_BEGIN_DECLS

/* The engine of the command-line program 1.2 (analysis-legacy.md), to make its old
 * results again and for nothing else: its correction is inverted, so a lean engine
 * gets less fuel. No change of a table can be made from it.
 *
 * Everything is in the log's own units (lbf·ft, °F, kPa, AFR), in strict row order
 * with plain sums, on the grid 11x5, where every sample beyond the axes falls into
 * the edge cell. Pure; any thread. */

enum
{
  DYNO_LEGACY_FRONT,
  DYNO_LEGACY_REAR,
  DYNO_LEGACY_CYLINDERS
};

typedef struct
{
  double  error_pct[DYNO_LEGACY_CELLS]; /* mean by weight, rear bias included; NaN: no data */
  double  torque[DYNO_LEGACY_CELLS];    /* the same; NaN where it is not positive */
  double  hp[DYNO_LEGACY_CELLS];
  double  mad_pct[DYNO_LEGACY_CELLS];   /* of the errors */
  double  knock[DYNO_LEGACY_CELLS];     /* largest; 0 without */
  double  iat_f[DYNO_LEGACY_CELLS];     /* largest; NaN without */
  double  spark_deg[DYNO_LEGACY_CELLS];
  guint32 hits[DYNO_LEGACY_CELLS];
  guint64 counts[DYNO_N_GATES];         /* rows by reason */
  double  updated[DYNO_LEGACY_CELLS];   /* with a base table: VE; NaN where that is blank */
} DynoLegacyCylinder;

typedef struct
{
  gsize              n_rows;    /* with engine speed, MAP and torque */
  DynoLegacyCylinder cylinders[DYNO_LEGACY_CYLINDERS];
  double             torque[DYNO_LEGACY_CELLS]; /* of both */
  double             hp[DYNO_LEGACY_CELLS];
  double             delta_pct[DYNO_LEGACY_CELLS]; /* combined, smoothed, clamped */
  gboolean           has_base;
} DynoLegacyResult;

/* `log` is text with `,`, TAB or `;` between its columns. Of the options count
 * smooth_passes, clamp_pct, rear_bias_pct, rear_rule_deg, hot_extra_deg and
 * legacy_weight. `bases` (each nullable, DYNO_LEGACY_CELLS numbers, NaN for blank)
 * are the tables of front and rear; a single one serves both.
 *
 * NO_ROWS; MISSING_CHANNEL naming the role; CANCELLED. (transfer full): g_free () */
DynoLegacyResult *dyno_legacy_run (const char          *log,
                                   gsize                length,
                                   const DynoVeOptions *options,
                                   const double *const  bases[DYNO_LEGACY_CYLINDERS],
                                   const DynoProgress  *progress,
                                   DynoAnalysisError  **error);

G_END_DECLS
