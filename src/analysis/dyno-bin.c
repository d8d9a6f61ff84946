/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bin.h"

#include <string.h>

#include "dyno-gate-judge.h"
#include "dyno-ve-block.h"

/* The inner loop of the analysis. A weight of 0 adds nothing, and saves a branch. */
static inline void
add_weighted (DynoCellSums *sums,
              double        weight,
              double        factor)
{
  sums->weight += weight;
  sums->weight_squared += weight * weight;
  sums->factor += weight * factor;
  sums->square += weight * ((factor - 1) * (factor - 1));
}

static inline void
add_means (DynoCellSums      *sums,
           const DynoVeBlock *block,
           guint              i)
{
  sums->mix += block->mix[i];
  sums->target += block->target[i];
  sums->rpm += block->rpm[i];
  sums->map += block->map[i];
}

static void
add_block (const DynoVeSet *set,
           const DynoVeRun *run,
           guint            cylinder,
           const guint16   *homes,
           const double    *factors,
           DynoVeBlock     *block,
           DynoBinHint     *hint,
           DynoCellSums    *sums)
{
  guint cells[DYNO_VE_BLOCK][4];
  double weights[DYNO_VE_BLOCK][4];

  dyno_ve_block_fill (set, run, cylinder, block);
  for (guint i = 0; i < block->n; i++)
    dyno_bin_weights (&set->shape, block->rpm[i], block->map[i], hint, cells[i], weights[i]);
  for (guint i = 0; i < block->n; i++)
    {
      for (guint k = 0; k < 4; k++)
        add_weighted (&sums[cells[i][k]], weights[i][k], factors[block->rows[i]]);
      add_means (&sums[homes[block->rows[i]]], block, i);
    }
  block->n = 0;
}

void
dyno_bin_chunk (const DynoVeSet *set,
                const DynoVeRun *run,
                guint            cylinder,
                const guint16   *homes,
                const double    *factors,
                gsize            begin,
                gsize            end,
                DynoCellSums    *sums)
{
  DynoVeBlock block = { .hint = begin };
  DynoBinHint hint = { 0 };

  for (gsize i = begin; i < end; i++)
    {
      if (homes[i] == DYNO_NO_CELL)
        continue;
      block.rows[block.n++] = i;
      if (block.n == DYNO_VE_BLOCK)
        add_block (set, run, cylinder, homes, factors, &block, &hint, sums);
    }
  add_block (set, run, cylinder, homes, factors, &block, &hint, sums);
}

void
dyno_bin_add (DynoCellSums *total,
              DynoCellSums *part,
              guint         n_cells)
{
  for (guint c = 0; c < n_cells; c++)
    {
      total[c].weight += part[c].weight;
      total[c].weight_squared += part[c].weight_squared;
      total[c].factor += part[c].factor;
      total[c].square += part[c].square;
      total[c].mix += part[c].mix;
      total[c].target += part[c].target;
      total[c].rpm += part[c].rpm;
      total[c].map += part[c].map;
    }
  memset (part, 0, n_cells * sizeof (DynoCellSums));
}
