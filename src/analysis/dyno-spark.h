/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-knock.h"

G_BEGIN_DECLS

/* What knock says about spark, on the grid of a VE result (K3, analysis.md 4.1). It
 * only ever takes degrees away, and only where the engine was heard: it is an
 * advice, no table is changed by it. Which rows count: dyno-knock.h. */

typedef struct
{
  guint32  n_rows;            /* with a reading of the knock channel */
  guint32  n_knock;           /* of them with knock */
  double   knock;             /* ° or count: 90 % of the rows with knock lie below it, or the */
                              /* largest of fewer than three; NaN without */
  double   iat_c;             /* largest; NaN without */
  double   pull_deg;          /* ≤ 0, the advice; NaN without rows */
  double   severity;          /* 0, −2, −4 by the share of rows with knock: no degrees */
  gboolean is_single_event;   /* fewer than three rows with knock */
} DynoSparkCell;

typedef enum
{
  DYNO_SPARK_AVAILABLE,
  DYNO_SPARK_NO_CHANNEL,
  DYNO_SPARK_CONSTANT, /* the channel never moved, though the engine did, or is always 0 */
} DynoSparkState;

typedef struct
{
  DynoSparkState state;             /* no cells unless available */
  gboolean       is_shared;         /* one channel for both cylinders */
  gboolean       is_degree_unknown; /* counts: any in two rows of a cell is −1° */
  DynoSparkCell *cells;             /* (owned) (nullable) row-major */
} DynoSparkCylinder;

typedef struct
{
  guint             n_cells;
  DynoSparkCylinder cylinders[DYNO_VE_CYLINDERS];
} DynoSpark;

/* `knock` is of that result. Of its options count spark_rear_rule, rear_rule_deg and
 * hot_extra_deg. Pure. (transfer full) */
DynoSpark  *dyno_spark_new        (const DynoVeResult *result,
                                   const DynoKnock    *knock);
void        dyno_spark_free       (DynoSpark          *self);

/* "available", "no-channel", "constant" */
const char *dyno_spark_state_name (DynoSparkState      state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSpark, dyno_spark_free)

G_END_DECLS
