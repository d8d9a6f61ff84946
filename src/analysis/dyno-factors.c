/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-factors.h"

#include "dyno-stat.h"
#include "dyno-ve-block.h"

static void
tell_block (const DynoVeResult *result,
            const DynoVeRun    *run,
            guint               cylinder,
            DynoVeBlock        *block,
            DynoFactorFunc      func,
            gpointer            user_data)
{
  dyno_ve_block_fill (result->set, run, cylinder, block);
  for (guint i = 0; i < block->n; i++)
    func (run->first + block->rows[i],
          (dyno_ve_block_factor (result->set, run, block, i) - 1) * 100, user_data);
  block->n = 0;
}

void
dyno_factors_each (const DynoVeResult *result,
                   guint               cylinder,
                   DynoFactorFunc      func,
                   gpointer            user_data,
                   const DynoProgress *progress)
{
  for (guint r = 0; r < result->set->n_runs; r++)
    {
      const DynoVeRun *run = &result->set->runs[r];
      DynoVeBlock block = { 0 };

      for (gsize i = 0; i < run->n && !dyno_progress_stops (progress, i); i++)
        {
          if (result->reasons[cylinder][run->first + i] != DYNO_GATE_ACCEPTED)
            continue;
          block.rows[block.n++] = i;
          if (block.n == DYNO_VE_BLOCK)
            tell_block (result, run, cylinder, &block, func, user_data);
        }
      tell_block (result, run, cylinder, &block, func, user_data);
    }
}

/* Numbers sorted by the home of their row. */
typedef struct
{
  const guint16 *homes;
  gsize         *next;     /* a place a cell */
  double        *gathered;
} Gathering;

static void
gather (gsize    row,
        double   factor_pct,
        gpointer user_data)
{
  Gathering *self = user_data;

  if (self->homes[row] != DYNO_NO_CELL)
    self->gathered[self->next[self->homes[row]]++] = factor_pct;
}

/* Where each cell's numbers begin; one more than cells. (transfer full) */
static gsize *
begins_of (const DynoVeCell *cells,
           guint             n_cells)
{
  gsize *begins = g_new0 (gsize, n_cells + 1);

  for (guint c = 0; c < n_cells; c++)
    begins[c + 1] = begins[c] + cells[c].hits;

  return begins;
}

double *
dyno_factors_mad (const DynoVeResult *result,
                  guint               cylinder,
                  const DynoProgress *progress)
{
  guint n_cells = result->n_cells;
  g_autofree gsize *begins = begins_of (result->cylinders[cylinder].cells, n_cells);
  g_autofree gsize *next = g_memdup2 (begins, (n_cells + 1) * sizeof *begins);
  g_autofree double *gathered = g_new (double, MAX (begins[n_cells], 1));
  Gathering gathering = { result->homes[cylinder], next, gathered };
  double *mads = g_new (double, MAX (n_cells, 1));

  dyno_factors_each (result, cylinder, gather, &gathering, progress);
  for (guint c = 0; c < n_cells; c++)
    {
      double *values = gathered + begins[c];
      gsize n = next[c] - begins[c];

      mads[c] = n > 0 ? dyno_stat_mad (values, n, dyno_stat_median (values, n)) : NAN;
    }

  return mads;
}
