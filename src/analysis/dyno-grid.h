/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-analysis-error.h"

G_BEGIN_DECLS

/* Axes and grids (analysis.md 1.4). Rows are engine speed in 1/min, columns are
 * MAP in kPa (throttle in % in TPS tables), row-major: cell = row · columns +
 * column. A cell without data is NaN, never 0 and never 1. */

#define DYNO_AXIS_MAX 64

/* 2…64 finite numbers, strictly ascending. A plain value: copy it. */
typedef struct
{
  guint  n;
  double at[DYNO_AXIS_MAX];
} DynoAxis;

typedef struct
{
  DynoAxis rpm;
  DynoAxis load;
} DynoGridShape;

typedef struct
{
  DynoGridShape shape;
  double       *values; /* (owned) one a cell, NaN without data */
  guint32      *hits;   /* (owned) one a cell */
} DynoGrid;

/* FALSE with BAD_AXIS naming the offending number. */
gboolean  dyno_axis_init         (DynoAxis            *axis,
                                  const double        *values,
                                  guint                n,
                                  DynoAnalysisError  **error);
/* The leading part that ascends: tunes fill an axis up with repeated numbers. */
gboolean  dyno_axis_init_padded  (DynoAxis            *axis,
                                  const double        *values,
                                  guint                n,
                                  DynoAnalysisError  **error);
gboolean  dyno_axis_equal        (const DynoAxis      *a,
                                  const DynoAxis      *b);

/* Index of the nearest bin, also for values beyond the ends; ties go down. */
guint     dyno_axis_nearest      (const DynoAxis      *axis,
                                  double               value);

/* FALSE beyond half a cell outside the first or last bin, and for NaN. */
static inline gboolean
dyno_axis_holds (const DynoAxis *axis,
                 double          value)
{
  const double *at = axis->at;
  guint n = axis->n;

  return value >= at[0] - (at[1] - at[0]) / 2 && value <= at[n - 1] + (at[n - 1] - at[n - 2]) / 2;
}

/* The bin at or below `value` (never the last) and the fraction 0…1 towards the
 * next; clamped outside. `hint` is where the search begins: the answer of the
 * call before makes a scan over neighbouring samples cheap. */
static inline guint
dyno_axis_locate (const DynoAxis *axis,
                  double          value,
                  guint           hint,
                  double         *fraction)
{
  const double *at = axis->at;
  gint last = (gint) axis->n - 2;
  gint i = MIN ((gint) hint, last);

  /* An engine held on a bin is now below, now above it: no branch to guess wrong. */
  i += (gint) (value >= at[i + 1]) - (gint) (value < at[i]);
  i = MAX (MIN (i, last), 0);
  while (i > 0 && value < at[i])
    i--;
  while (i < last && value >= at[i + 1])
    i++;
  *fraction = CLAMP ((value - at[i]) / (at[i + 1] - at[i]), 0, 1);

  return (guint) i;
}

/* Of the bin found and the next the nearer one; ties go down. */
static inline guint
dyno_axis_nearer (const DynoAxis *axis,
                  double          value,
                  guint           found)
{
  return axis->at[found + 1] - value < value - axis->at[found] ? found + 1 : found;
}

/* "11x9" or "11x5"; FALSE for another name. */
gboolean  dyno_grid_shape_named  (DynoGridShape       *shape,
                                  const char          *name);
gboolean  dyno_grid_shape_equal  (const DynoGridShape *a,
                                  const DynoGridShape *b);
guint     dyno_grid_shape_cells  (const DynoGridShape *shape);

/* All cells NaN, all hits 0. */
DynoGrid *dyno_grid_new          (const DynoGridShape *shape);
DynoGrid *dyno_grid_copy         (const DynoGrid      *self);
void      dyno_grid_free         (DynoGrid            *self);

/* Bilinear between the cells, held beyond the ends; NaN when a cell with weight
 * is NaN or an argument is. */
double    dyno_grid_interpolate  (const DynoGrid      *self,
                                  double               rpm,
                                  double               load);

/* A cell that takes part in the value at a point. */
typedef struct
{
  guint  cell;
  double weight; /* 0…1, never 0; they sum to 1 */
} DynoGridShare;

#define DYNO_GRID_SHARES 4

/* The cells of which dyno_grid_interpolate () makes its answer; how many (1…4). */
guint     dyno_grid_shape_shares (const DynoGridShape *shape,
                                  double               rpm,
                                  double               load,
                                  DynoGridShare        shares[DYNO_GRID_SHARES]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoGrid, dyno_grid_free)

G_END_DECLS
