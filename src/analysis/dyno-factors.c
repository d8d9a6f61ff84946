/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-factors.h"

#include "dyno-stat.h"
#include "dyno-ve-block.h"

static void
put_block (const DynoVeResult *result,
           const DynoVeRun    *run,
           guint               cylinder,
           DynoVeBlock        *block,
           double             *factors_pct)
{
  dyno_ve_block_fill (result->set, run, cylinder, block);
  for (guint i = 0; i < block->n; i++)
    factors_pct[run->first + block->rows[i]] =
        (dyno_ve_block_factor (result->set, run, block, i) - 1) * 100;
  block->n = 0;
}

double *
dyno_factors_pct (const DynoVeResult *result,
                  guint               cylinder)
{
  double *factors_pct = g_new (double, MAX (result->n_rows, 1));

  for (gsize i = 0; i < result->n_rows; i++)
    factors_pct[i] = NAN;
  for (guint r = 0; r < result->set->n_runs; r++)
    {
      const DynoVeRun *run = &result->set->runs[r];
      DynoVeBlock block = { 0 };

      for (gsize i = 0; i < run->n; i++)
        {
          if (result->reasons[cylinder][run->first + i] != DYNO_GATE_ACCEPTED)
            continue;
          block.rows[block.n++] = i;
          if (block.n == DYNO_VE_BLOCK)
            put_block (result, run, cylinder, &block, factors_pct);
        }
      put_block (result, run, cylinder, &block, factors_pct);
    }

  return factors_pct;
}

static gboolean
is_at_home (const DynoVeResult *result,
            guint               cylinder,
            const double       *factors_pct,
            gsize               row)
{
  return result->homes[cylinder][row] != DYNO_NO_CELL && !isnan (factors_pct[row]);
}

/* Begin of each cell's numbers and the end of the last one. (transfer full) */
static gsize *
count_cells (const DynoVeResult *result,
             guint               cylinder,
             const double       *factors_pct)
{
  gsize *begins = g_new0 (gsize, result->n_cells + 1);

  for (gsize i = 0; i < result->n_rows; i++)
    {
      if (is_at_home (result, cylinder, factors_pct, i))
        begins[result->homes[cylinder][i] + 1]++;
    }
  for (guint c = 0; c < result->n_cells; c++)
    begins[c + 1] += begins[c];

  return begins;
}

double *
dyno_factors_mad (const DynoVeResult *result,
                  guint               cylinder,
                  const double       *factors_pct)
{
  g_autofree gsize *begins = count_cells (result, cylinder, factors_pct);
  g_autofree gsize *next = g_memdup2 (begins, (result->n_cells + 1) * sizeof *begins);
  g_autofree double *gathered = g_new (double, MAX (begins[result->n_cells], 1));
  double *mads = g_new (double, MAX (result->n_cells, 1));

  for (gsize i = 0; i < result->n_rows; i++)
    {
      if (is_at_home (result, cylinder, factors_pct, i))
        gathered[next[result->homes[cylinder][i]]++] = factors_pct[i];
    }
  for (guint c = 0; c < result->n_cells; c++)
    {
      double *values = gathered + begins[c];
      gsize n = begins[c + 1] - begins[c];

      mads[c] = n > 0 ? dyno_stat_mad (values, n, dyno_stat_median (values, n)) : NAN;
    }

  return mads;
}
