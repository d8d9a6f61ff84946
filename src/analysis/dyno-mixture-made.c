/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mixture-made.h"

static double
delay_at (const DynoVeSet     *set,
          const DynoVeRun     *run,
          guint                cylinder,
          const DynoVeInstant *at)
{
  double delay = dyno_delay_s (&set->delay[cylinder], dyno_ve_state (run, &run->rpm, at),
                               dyno_ve_state (run, &run->map, at));

  return isnan (delay) ? 0 : delay;
}

double
dyno_mixture_made (const DynoVeSet *set,
                   const DynoVeRun *run,
                   guint            cylinder,
                   gsize            row,
                   DynoVeInstant   *hint)
{
  DynoVeInstant at = dyno_ve_on_row (run, row);

  hint->row = MAX (hint->row, row);
  if (dyno_ve_locate (run, run->time_s[row] + delay_at (set, run, cylinder, &at), hint))
    at = *hint;
  if (!dyno_ve_locate (run, run->time_s[row] + delay_at (set, run, cylinder, &at), hint))
    return NAN;

  return dyno_ve_state (run, &run->mix[cylinder], hint);
}

double
dyno_mixture_wanted (const DynoVeSet *set,
                     const DynoVeRun *run,
                     guint            cylinder,
                     gsize            row)
{
  const DynoVeInstant at = dyno_ve_on_row (run, row);
  double rpm;
  double map;

  if (set->target[cylinder] == DYNO_VE_TARGET_COMMANDED && dyno_ve_has (&run->target[cylinder]))
    return dyno_ve_state (run, &run->target[cylinder], &at);

  rpm = dyno_ve_state (run, &run->rpm, &at);
  map = dyno_ve_state (run, &run->map, &at);

  return isnan (rpm) || isnan (map) ? NAN : dyno_target_afr (set->table, rpm, map);
}
