/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* Accepted samples into cells (analysis.md 3.5). A sample has a weight in up to
 * four cells around it; its home is the nearest one. Sums run left to right in a
 * chunk, chunks are added in their order: that is what makes a result repeat to
 * the last bit. */

typedef struct
{
  double weight;
  double weight_squared;
  double factor;         /* weight · f */
  double square;         /* weight · (f − 1)² */
  double mix;            /* of the samples at home here, without weight */
  double target;
  double rpm;
  double map;
} DynoCellSums;

/* Where the last point was found: a search begins there. */
typedef struct
{
  guint row;
  guint column;
} DynoBinHint;

/* The four cells around a point and its weights in them, ascending; a weight may
 * be 0. */
static inline void
dyno_bin_weights (const DynoGridShape *shape,
                  double               rpm,
                  double               map,
                  DynoBinHint         *hint,
                  guint                cells[4],
                  double               weights[4])
{
  guint columns = shape->load.n;
  double u;
  double v;

  hint->row = dyno_axis_locate (&shape->rpm, rpm, hint->row, &u);
  hint->column = dyno_axis_locate (&shape->load, map, hint->column, &v);
  cells[0] = hint->row * columns + hint->column;
  cells[1] = cells[0] + 1;
  cells[2] = cells[0] + columns;
  cells[3] = cells[2] + 1;
  weights[0] = (1 - u) * (1 - v);
  weights[1] = (1 - u) * v;
  weights[2] = u * (1 - v);
  weights[3] = u * v;
}

/* Adds the rows begin…end−1 of a run that have a home to `sums`, one a cell.
 * `homes` and `factors` are of the run, as dyno_gate_judge () leaves them. */
void  dyno_bin_chunk   (const DynoVeSet     *set,
                        const DynoVeRun     *run,
                        guint                cylinder,
                        const guint16       *homes,
                        const double        *factors,
                        gsize                begin,
                        gsize                end,
                        DynoCellSums        *sums);

/* `total` += `part`, cell by cell; `part` is empty afterwards. */
void  dyno_bin_add     (DynoCellSums        *total,
                        DynoCellSums        *part,
                        guint                n_cells);

G_END_DECLS
