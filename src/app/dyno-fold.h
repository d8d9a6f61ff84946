/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-series.h"

G_BEGIN_DECLS

/* A series in pixel columns: of each column the least and greatest value, so
 * that a curve has at most two points a column however many samples it has.
 *
 * Columns lie on a grid of their own: column k holds k·dx ≤ x < (k + 1)·dx. A
 * view begins at a whole column, so scrolling and panning moves whole columns;
 * those already folded are kept and only new ones are looked at. Folding and
 * making points allocate nothing once the width is known. */

typedef struct _DynoFold DynoFold;

typedef struct
{
  double   min; /* NaN: no number in the column */
  double   max;
  double   first_x; /* the first and last number in it; one number: the same */
  double   first_y;
  double   last_x;
  double   last_y;
  guint    n;         /* points from first to last: 0, 1, 2, or 3 for more */
  gboolean is_broken; /* a gap between the number before and the first here */
} DynoFoldColumn;

DynoFold             *dyno_fold_new      (void);
void                  dyno_fold_free     (DynoFold      *self);

/* Folds what changed; TRUE when any column of the view is different from the
 * view before. `upper` folds the upper edge of a band. `dx` > 0. */
gboolean              dyno_fold_update   (DynoFold      *self,
                                          DynoSeries    *series,
                                          gboolean       upper,
                                          gint64         first_column,
                                          guint          n_columns,
                                          double         dx);
const DynoFoldColumn *dyno_fold_columns  (DynoFold      *self,
                                          guint         *n_columns);
/* Over the view; +∞ and −∞ without a number. */
void                  dyno_fold_range    (DynoFold      *self,
                                          double        *min,
                                          double        *max);

/* The curve as points: x in columns from the left edge, y in SI, NaN lifts the
 * pen; the nearest points outside the view are among them. `one_each`: one point
 * a column, for many curves in motion. The array lives until the next call. */
const DynoPlotPoint  *dyno_fold_points   (DynoFold      *self,
                                          gboolean       one_each,
                                          gsize         *n_points);

/* Columns that were looked at since the fold was made, for tests and benches. */
guint64               dyno_fold_n_folded (DynoFold      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoFold, dyno_fold_free)

G_END_DECLS
