/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-math-version.h"
#include "dyno-weight.h"

G_BEGIN_DECLS

/* The two engines of the original whose sign was right, to check old results
 * (analysis.md 3.1, profiles `compat-workflow` and `compat-jetdrive`). For the library
 * and its tests: no face offers them. They differ from ours in what ours mends: no
 * gates, no delay, a guessed MAP, one sensor, everything outside in the edge cell, and
 * 1.0 in cells without data. Pure; any thread. */

typedef enum
{
  DYNO_COMPAT_WORKFLOW, /* 11x9 */
  DYNO_COMPAT_JETDRIVE, /* 11x5 */
} DynoCompatProfile;

typedef struct
{
  DynoCompatProfile profile;
  DynoMathVersion   math_version; /* 2.0.0 or 1.0.0 */
  gboolean          is_weighted;  /* by log-distance, else the plain mean of the nearest */
  gboolean          is_filtered;  /* low-pass, window and statistics say what counts */
} DynoCompatOptions;

/* Columns of one log, row by row; NaN is missing. */
typedef struct
{
  gsize         n;
  const double *time_ms; /* (nullable) needed when filtered */
  const double *rpm;
  const double *map_kpa; /* (nullable): guessed from engine speed */
  const double *afr;
} DynoCompatRows;

typedef struct
{
  DynoCompatProfile profile;
  DynoGridShape     shape;
  double           *error;      /* (owned) mean AFR − target; NaN below 3 hits */
  double           *delta_pct;  /* (owned) of VE, unclamped; NaN likewise */
  double           *multiplier; /* (owned) clamped to ±10 %; 1 without data */
  guint32          *hits;       /* (owned) */
  guint             n_adjusted;
  guint             n_clipped;
  guint             n_lean;     /* cells with an error beyond ±0.3 AFR, and within */
  guint             n_rich;
  guint             n_ok;
  double            mean_delta_pct; /* 0 without data, as the next */
  double            mean_error;
} DynoCompatResult;

/* BAD_OPTION for the legacy mathematics or filters without time. (transfer full) */
DynoCompatResult *dyno_compat_run    (const DynoCompatRows     *rows,
                                      const DynoCompatOptions  *options,
                                      DynoAnalysisError       **error);
void              dyno_compat_free   (DynoCompatResult         *self);

/* The measured AFR: the first header with "AFR" and "Meas" in it, else the first with
 * "AFR"; −1 without. `headers` ends with NULL. */
int               dyno_compat_afr_column (const char *const *headers);

/* The target for a MAP: that of the nearest key of 20…100 kPa, the lower on ties. */
double            dyno_compat_target (double map_kpa);

/* The grids byte for byte as the engine wrote them. (transfer full) */
char             *dyno_compat_correction_csv (const DynoCompatResult *self);
char             *dyno_compat_error_csv      (const DynoCompatResult *self);
char             *dyno_compat_hits_csv       (const DynoCompatResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCompatResult, dyno_compat_free)

G_END_DECLS
