/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-factors.h"

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
