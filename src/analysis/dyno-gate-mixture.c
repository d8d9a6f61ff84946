/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-gate-mixture.h"

#include <string.h>

#include "dyno-gate.h"
#include "dyno-still.h"

#define PEG_AFR 0.01
#define FROZEN_RPM 300
#define FROZEN_KPA 10

/* Ends of the sensors' scales, and what loggers write for "no value". */
static const double pegs[] = {
  5.1, 7.35, 7.4, 9.0, 20.0, 22.0, 22.4, 25.5, 0, 65535, -65535, 99999, -2147483637,
};

/* `raw` is the number of the file, for the error codes. */
static inline gboolean
is_peg (double afr,
        double raw)
{
  if (afr > 9.01 && afr < 19.99)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (pegs); i++)
    {
      if (fabs (afr - pegs[i]) <= PEG_AFR || raw == pegs[i])
        return TRUE;
    }

  return FALSE;
}

/* At an end for two readings running, or longer. */
static void
mark_pegged (const DynoVeRun     *run,
             const DynoVeChannel *mix,
             guint8              *marks,
             const DynoProgress  *progress)
{
  gsize before = G_MAXSIZE; /* the reading before this one, if it was at an end */

  for (gsize i = 0; i < run->n && !dyno_progress_stops (progress, i); i++)
    {
      if (!dyno_ve_is_update (mix, i))
        continue;
      if (!is_peg (dyno_ve_raw (mix, i), dyno_numbers_at (&mix->numbers, i)))
        {
          before = G_MAXSIZE;
          continue;
        }
      if (before != G_MAXSIZE)
        marks[before] = marks[i] = DYNO_GATE_SENSOR_PEGGED;
      before = i;
    }
}

/* Equal readings for long: frozen when the engine moved meanwhile. */
static void
mark_frozen (const DynoVeRun     *run,
             const DynoVeChannel *mix,
             guint8              *marks,
             const DynoProgress  *progress)
{
  DynoStill still = { .run = run, .channel = mix };

  while (dyno_still_next (&still, progress))
    {
      if (dyno_still_duration (&still) < DYNO_STILL_S
          || (!dyno_still_other_moves (&still, &run->rpm, FROZEN_RPM)
              && !dyno_still_other_moves (&still, &run->map, FROZEN_KPA)))
        continue;
      for (gsize i = still.first; i <= still.last; i++)
        {
          if (marks[i] == 0 && dyno_ve_is_update (mix, i))
            marks[i] = DYNO_GATE_SENSOR_FROZEN;
        }
    }
}

static void
mark_window (const DynoVeRun     *run,
             const DynoVeChannel *mix,
             const double        *window,
             guint8              *marks,
             const DynoProgress  *progress)
{
  for (gsize i = 0; i < run->n && !dyno_progress_stops (progress, i); i++)
    {
      double afr = dyno_ve_raw (mix, i);

      if (marks[i] == 0 && (afr < window[0] || afr > window[1]) && dyno_ve_is_update (mix, i))
        marks[i] = DYNO_GATE_MIX_WINDOW;
    }
}

static gboolean
is_bad (guint8 mark)
{
  return mark == DYNO_GATE_SENSOR_PEGGED || mark == DYNO_GATE_MIX_WINDOW;
}

static gboolean
has_bad (const guint8 *marks,
         gsize         n)
{
  return memchr (marks, DYNO_GATE_SENSOR_PEGGED, n) != NULL
         || memchr (marks, DYNO_GATE_MIX_WINDOW, n) != NULL;
}

/* Both ways from each bad reading. */
static void
mark_neighbours (const DynoVeRun    *run,
                 double              near_s,
                 guint8             *marks,
                 const DynoProgress *progress)
{
  double last_s = -INFINITY;
  double next_s = INFINITY;

  if (!has_bad (marks, run->n))
    return;
  for (gsize i = 0; i < run->n && !dyno_progress_stops (progress, i); i++)
    {
      if (is_bad (marks[i]))
        last_s = run->time_s[i];
      else if (marks[i] == 0 && run->time_s[i] - last_s <= near_s)
        marks[i] = DYNO_GATE_MIX_NEIGHBOUR;
    }
  for (gsize i = run->n; i-- > 0 && !dyno_progress_stops (progress, i);)
    {
      if (is_bad (marks[i]))
        next_s = run->time_s[i];
      else if (marks[i] == 0 && next_s - run->time_s[i] <= near_s)
        marks[i] = DYNO_GATE_MIX_NEIGHBOUR;
    }
}

void
dyno_gate_mixture (const DynoVeRun     *run,
                   guint                cylinder,
                   const DynoVeOptions *options,
                   guint8              *marks,
                   const DynoProgress  *progress)
{
  const DynoVeChannel *mix = &run->mix[cylinder];

  if (dyno_ve_options_has_gate (options, DYNO_GATE_SENSOR_PEGGED))
    mark_pegged (run, mix, marks, progress);
  if (dyno_ve_options_has_gate (options, DYNO_GATE_SENSOR_FROZEN) && run->has_time)
    mark_frozen (run, mix, marks, progress);
  if (dyno_ve_options_has_gate (options, DYNO_GATE_MIX_WINDOW))
    mark_window (run, mix, options->mix_window, marks, progress);
  if (dyno_ve_options_has_gate (options, DYNO_GATE_MIX_NEIGHBOUR) && run->has_time)
    mark_neighbours (run, options->mix_neighbour_ms / 1000, marks, progress);
}
