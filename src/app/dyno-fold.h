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

/* The curve over the columns from ≤ i < to as points: x in columns from the left
 * edge of the view, y in SI, NaN lifts the pen. Two points beyond each end are
 * among them where there are any, so that what is drawn joins what is drawn
 * already. `one_each`: one point a column, for many curves in motion. The array
 * lives until the next call. */
const DynoPlotPoint  *dyno_fold_points   (DynoFold      *self,
                                          guint          from,
                                          guint          to,
                                          gboolean       one_each,
                                          gsize         *n_points);

/* The first column of the view where the curve may look different from what it
 * was at the last dyno_fold_clean (), other than by scrolling: the line that
 * leads to what changed begins there. n_columns: nowhere. */
guint                 dyno_fold_touched  (DynoFold      *self);
void                  dyno_fold_clean    (DynoFold      *self);

/* Columns that were looked at since the fold was made, for tests and benches. */
guint64               dyno_fold_n_folded (DynoFold      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoFold, dyno_fold_free)

G_END_DECLS
