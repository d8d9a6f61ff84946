/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The original's modes, for its golden case; part of dyno-mode.h. */

#include "config.h"

#include "dyno-mode-private.h"

#include <math.h>

#define COMPAT_WINDOW 5
#define COMPAT_STEP_S 0.01 /* assumed without time */
#define COMPAT_LEAST_STEP_S 0.001
#define COMPAT_TPS 50
#define COMPAT_MAP 50
#define COMPAT_IAT_C 25

static const DynoModeLimits original = { 98 / 1.8, 20, 15, -15, -10 }; /* 130 °F */

static double
compat_value (const DynoVeChannel *channel,
              gsize                row,
              double               absent)
{
  return dyno_ve_has (channel) ? dyno_ve_raw (channel, row) : absent;
}

/* Stamps of files are whole µs. */
static double
compat_step_s (const DynoVeRun *run,
               gsize            row)
{
  double step_s = COMPAT_STEP_S;

  if (run->has_time)
    step_s = row > 0 ? round ((run->time_s[row] - run->time_s[row - 1]) * 1e6) / 1e6 : 0;

  return MAX (step_s, COMPAT_LEAST_STEP_S);
}

/* The trailing mean as a running sum with compensation for what rounding loses, of
 * which the original's limits see the last bit. */
typedef struct
{
  double window[COMPAT_WINDOW]; /* a ring */
  double sum;
  double lost_in;
  double lost_out;
} Trailing;

static void
add_compensated (double *sum,
                 double *lost,
                 double  value)
{
  double more = value - *lost;
  double next = *sum + more;

  *lost = next - *sum - more;
  *sum = next;
}

static double
compat_rate (Trailing            *trailing,
             const DynoVeRun     *run,
             const DynoVeChannel *channel,
             gsize                row)
{
  double *oldest = &trailing->window[row % COMPAT_WINDOW];
  double change;

  if (!dyno_ve_has (channel))
    return 0;

  change = row > 0 ? dyno_ve_raw (channel, row) - dyno_ve_raw (channel, row - 1) : 0;
  if (row >= COMPAT_WINDOW)
    add_compensated (&trailing->sum, &trailing->lost_out, -*oldest);
  *oldest = isnan (change) ? 0 : change / compat_step_s (run, row);
  add_compensated (&trailing->sum, &trailing->lost_in, *oldest);

  return trailing->sum / (double) MIN (row + 1, COMPAT_WINDOW);
}

static void
find_compat_in_run (DynoModes       *self,
                    const DynoVeRun *run)
{
  Trailing tps = { 0 };
  Trailing map = { 0 };

  for (gsize i = 0; i < run->n; i++)
    {
      const DynoModeState state = { compat_value (&run->rpm, i, 0),
                            compat_value (&run->map, i, COMPAT_MAP),
                            compat_value (&run->tps, i, COMPAT_TPS),
                            compat_value (&run->iat, i, COMPAT_IAT_C),
                            compat_rate (&tps, run, &run->tps, i),
                            compat_rate (&map, run, &run->map, i) };

      self->modes[run->first + i] = (guint8) dyno_mode_of (&original, &state);
    }
}

DynoModes *
dyno_modes_find_compat (const DynoVeSet *set)
{
  DynoModes *self;

  g_return_val_if_fail (set != NULL, NULL);

  self = dyno_modes_begin (set);
  for (guint i = 0; i < set->n_runs; i++)
    find_compat_in_run (self, &set->runs[i]);
  dyno_modes_end (self, set);

  return self;
}
