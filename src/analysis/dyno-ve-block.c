/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ve-block.h"

#include "dyno-ratio.h"

/* The channel as it is in the rows themselves. */
static void
state_on_rows (const DynoVeRun     *run,
               const DynoVeChannel *channel,
               const DynoVeBlock   *block,
               double              *values)
{
  for (guint i = 0; i < block->n; i++)
    {
      DynoVeInstant now = dyno_ve_on_row (run, block->rows[i]);

      values[i] = dyno_ve_state (run, channel, &now);
    }
}

/* Engine speed and MAP when the mixture was read decide how long it took. */
static void
find_times (const DynoVeSet *set,
            const DynoVeRun *run,
            const DynoDelay *delay,
            DynoVeBlock     *block)
{
  state_on_rows (run, &run->rpm, block, block->rpm);
  state_on_rows (run, &run->map, block, block->map);
  for (guint i = 0; i < block->n; i++)
    {
      double delay_s = dyno_delay_s (delay, block->rpm[i], block->map[i]);

      /* Without engine speed or MAP: they are missing right here. */
      block->time_s[i] = run->time_s[block->rows[i]] - (isnan (delay_s) ? 0 : delay_s);
    }
}

static void
find_instants (const DynoVeRun *run,
               DynoVeBlock     *block)
{
  DynoVeInstant at = { .row = MIN (block->hint, run->n - 1) };

  for (guint i = 0; i < block->n; i++)
    {
      /* Of rows with one stamp the reading's own counts. */
      if (block->time_s[i] == run->time_s[block->rows[i]])
        at = dyno_ve_on_row (run, block->rows[i]);
      block->is_known[i] = dyno_ve_locate (run, block->time_s[i], &at)
                           || block->time_s[i] == run->time_s[block->rows[i]];
      block->at[i] = at.row;
    }
  block->hint = at.row;
}

static void
stay_on_rows (const DynoVeRun *run,
              DynoVeBlock     *block)
{
  for (guint i = 0; i < block->n; i++)
    {
      block->is_known[i] = TRUE;
      block->at[i] = block->rows[i];
      block->time_s[i] = run->time_s[block->rows[i]];
      block->u[i] = 0;
    }
}

/* Between two rows; 0 on a row, also where the next is not joined to it. */
static void
find_fractions (const DynoVeRun *run,
                DynoVeBlock     *block)
{
  const double *t = run->time_s;

  for (guint i = 0; i < block->n; i++)
    {
      gsize row = block->at[i];
      gsize next = MIN (row + 1, run->n - 1);
      double step = t[next] - t[row];

      block->u[i] = block->is_known[i] && step > 0 ? (block->time_s[i] - t[row]) / step : 0;
    }
}

static void
interpolate (const DynoVeRun     *run,
             const DynoVeChannel *channel,
             const DynoVeBlock   *block,
             double              *values)
{
  if (!channel->is_dense)
    {
      for (guint i = 0; i < block->n; i++)
        {
          const DynoVeInstant at = { block->at[i], block->time_s[i], block->u[i] };

          values[i] = dyno_ve_between (run, channel, &at);
        }
      return;
    }

  for (guint i = 0; i < block->n; i++)
    {
      gsize row = block->at[i];
      double here = dyno_ve_raw (channel, row);
      double next = dyno_ve_raw (channel, row + (block->u[i] > 0));

      values[i] = here + block->u[i] * (next - here);
    }
}

static void
find_targets (const DynoVeSet *set,
              const DynoVeRun *run,
              guint            cylinder,
              DynoVeBlock     *block)
{
  if (set->target[cylinder] == DYNO_VE_TARGET_COMMANDED)
    {
      interpolate (run, &run->target[cylinder], block, block->target);
      return;
    }

  for (guint i = 0; i < block->n; i++)
    block->target[i] = dyno_target_afr (set->table, block->rpm[i], block->map[i]);
}

void
dyno_ve_block_fill (const DynoVeSet *set,
                    const DynoVeRun *run,
                    guint            cylinder,
                    DynoVeBlock     *block)
{
  const DynoDelay *delay = &set->delay[cylinder];

  if (delay->mode == DYNO_DELAY_NONE)
    {
      stay_on_rows (run, block);
    }
  else
    {
      find_times (set, run, delay, block);
      find_instants (run, block);
      find_fractions (run, block);
    }
  interpolate (run, &run->rpm, block, block->rpm);
  interpolate (run, &run->map, block, block->map);
  find_targets (set, run, cylinder, block);
  for (guint i = 0; i < block->n; i++)
    block->mix[i] = dyno_ve_raw (&run->mix[cylinder], block->rows[i]);
}

/* What closed loop adds already, as a factor; a trim that is not known adds
 * nothing. */
static double
trims (const DynoVeRun     *run,
       const DynoVeInstant *at)
{
  double stft = dyno_ve_has (&run->stft) ? dyno_ve_state (run, &run->stft, at) : 0;
  double ltft = dyno_ve_has (&run->ltft) ? dyno_ve_state (run, &run->ltft, at) : 0;

  return 1 + ((isnan (stft) ? 0 : stft) + (isnan (ltft) ? 0 : ltft)) / 100;
}

double
dyno_ve_block_factor (const DynoVeSet   *set,
                      const DynoVeRun   *run,
                      const DynoVeBlock *block,
                      guint              entry)
{
  const DynoVeInstant at = { block->at[entry], block->time_s[entry], block->u[entry] };
  double factor = dyno_ratio_factor (set->options->math_version, block->mix[entry],
                                     block->target[entry]);

  if (dyno_ve_has (&run->stft) || dyno_ve_has (&run->ltft))
    factor *= trims (run, &at);

  return set->options->gain == 1 ? factor : 1 + set->options->gain * (factor - 1);
}
