/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analysis.h"
#include "dyno-finding.h"

G_BEGIN_DECLS

/* A log whose faults the test knows, because it planted them: columns in SI that
 * may be written to until samples are made of them. */

typedef struct
{
  gsize   n;
  double *time_s;                    /* (owned) */
  double *columns[DYNO_N_CHANNELS];  /* (owned) (nullable) n numbers */
} DynoTestPlant;

#define DYNO_TEST_PLANT_STEP_S 0.02
#define DYNO_TEST_PLANT_CELL(row, column) ((row) * 9 + (column)) /* on 11x9 */

/* Rows at 50 Hz without any column. */
DynoTestPlant *dyno_test_plant_new      (gsize                n);
/* Every cell of 11x9 held for `rows_per_cell` rows, row by row of the grid, both
 * cylinders at their target of 13 AFR, with a ripple of ±0.02 AFR. */
DynoTestPlant *dyno_test_plant_map      (guint                rows_per_cell);
void           dyno_test_plant_free     (DynoTestPlant       *self);
/* The column, filled with `value` when it is new. (transfer none) */
double        *dyno_test_plant_channel  (DynoTestPlant       *self,
                                         DynoChannel          channel,
                                         double               value);
/* Of dyno_test_plant_map (): one cell of a cylinder leaner by `percent`. */
void           dyno_test_plant_lean     (DynoTestPlant       *self,
                                         guint                cylinder,
                                         guint                cell,
                                         double               percent);
/* (transfer full) */
DynoSamples   *dyno_test_plant_samples  (const DynoTestPlant *self);
/* The analysis of it, without delay. `options` may be NULL. (transfer full) */
DynoVeResult  *dyno_test_plant_analyse  (const DynoTestPlant *self,
                                         const DynoVeOptions *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestPlant, dyno_test_plant_free)

/* The findings of that kind in an advice. */
guint              dyno_test_count_kind (const DynoAdvice *advice,
                                         const char       *kind);
/* The first of them, or NULL. (transfer none) */
const DynoFinding *dyno_test_find_kind  (const DynoAdvice *advice,
                                         const char       *kind);
gboolean           dyno_test_lacks      (const DynoAdvice *advice,
                                         const char       *channel);

G_END_DECLS
