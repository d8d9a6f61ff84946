/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-table.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* By how much the fuel is to be changed, cell by cell, from wherever it comes: an
 * analysis at hand, one that was kept, a folder that one wrote, or a file of percents.
 * What such a source does not know is NaN or absent. Any thread once it is made. */

typedef struct
{
  char          *math_version; /* (owned) (nullable) of a file of percents: not known */
  char          *fingerprint;  /* (owned) "sha256:…", of a file that of its bytes */
  char          *result_id;    /* (owned) (nullable) ana_… */
  char          *base_sha256;  /* (owned) (nullable) of the table it was made on */
  GPtrArray     *base_sums;    /* (owned) of char *: of each table, where it was a pair */
  DynoGridShape  shape;
  DynoVeCell    *cells[DYNO_N_TABLE_SIDES]; /* (owned) (nullable) [0]: both cylinders as one */
  gboolean       is_foreign;   /* a file of percents: nothing but the numbers is known */
  gboolean       is_resampled;
  double         bias_mean_pct;  /* rear against front; NaN: not known */
  double         bias_worst_pct;
  double         edge_rpm[2];
  GPtrArray     *gates_unavailable; /* (owned) of char * */
} DynoCorrections;

DynoCorrections *dyno_corrections_new           (const DynoGridShape *shape);
void             dyno_corrections_free          (DynoCorrections     *self);

/* (transfer full) */
DynoCorrections *dyno_corrections_from_result   (const DynoVeResult  *result,
                                                 const char          *math_version,
                                                 const char          *fingerprint,
                                                 const char          *result_id);
/* From the JSON that `analyze --json` prints and the store keeps. BAD_TABLE.
 * (transfer full) */
DynoCorrections *dyno_corrections_from_json     (const DynoJson      *json,
                                                 DynoAnalysisError  **error);
/* A grid of percents, taken for one side. `fingerprint` is the sum of the file.
 * BAD_TABLE where it is no grid. (transfer full) */
DynoCorrections *dyno_corrections_from_table    (const DynoTable     *percents,
                                                 DynoTableSide        side,
                                                 const char          *fingerprint,
                                                 DynoAnalysisError  **error);

/* The cells of a side, made where they are absent: all without value. */
DynoVeCell      *dyno_corrections_side          (DynoCorrections     *self,
                                                 DynoTableSide        side);
/* Both cylinders as one, by hits, where it is not there. */
void             dyno_corrections_combine       (DynoCorrections     *self);

/* The same numbers on another grid (5.2): bilinear inside the hull, a value only where
 * every cell that takes part has one, never surer than “low”. (transfer full) */
DynoCorrections *dyno_corrections_resample      (const DynoCorrections *self,
                                                 const DynoGridShape   *shape);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCorrections, dyno_corrections_free)

G_END_DECLS
