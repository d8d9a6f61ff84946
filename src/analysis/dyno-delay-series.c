/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-delay-series.h"

#include <math.h>

/* What a long log is measured by: ten stretches of half a minute. */
#define WHOLE_S 300
#define STRETCHES 10

static guint16
cell_of (const DynoGridShape *shape,
         double               rpm,
         double               map)
{
  return (guint16) (dyno_axis_nearest (&shape->rpm, rpm) * shape->load.n
                    + dyno_axis_nearest (&shape->load, map));
}

/* Cells of the table are too coarse to tell a shift of the state from the table's own
 * slope. Few of the fine ones are ever met, so they are numbered as they come. */
#define FINE_RPM 250
#define FINE_KPA 5
#define FINE_SIDE 80

static guint16
fine_of (DynoDelaySeries *series,
         double           rpm,
         double           map)
{
  guint row = (guint) CLAMP (rpm / FINE_RPM, 0, FINE_SIDE - 1);
  guint column = (guint) CLAMP (map / FINE_KPA, 0, FINE_SIDE - 1);
  guint16 *number = &series->numbers[row * FINE_SIDE + column];

  if (*number == 0)
    *number = (guint16) ++series->n_fine;

  return (guint16) (*number - 1);
}

static double
target_at (const DynoVeSet     *set,
           const DynoVeRun     *run,
           guint                cylinder,
           const DynoVeInstant *at,
           double               rpm,
           double               map)
{
  if (set->target[cylinder] == DYNO_VE_TARGET_TABLE)
    return dyno_target_afr (set->table, rpm, map);

  return dyno_ve_state (run, &run->target[cylinder], at);
}

/* One point of the grid; FALSE where something is missing. */
static gboolean
append_point (DynoDelaySeries     *series,
              const DynoVeRun     *run,
              const DynoVeInstant *at)
{
  guint c = series->cylinder;
  double rpm = dyno_ve_state (run, &run->rpm, at);
  double map = dyno_ve_state (run, &run->map, at);
  double target = log (target_at (series->set, run, c, at, rpm, map));
  double y = log (dyno_ve_state (run, &run->mix[c], at));
  double u = target;
  double flow = rpm * map;
  guint16 cell;
  guint16 fine;

  if (dyno_ve_has (&run->pw[c]))
    u = log (map / dyno_ve_state (run, &run->pw[c], at));
  if (!isfinite (u) || !isfinite (y) || !isfinite (target) || !isfinite (flow))
    return FALSE;

  cell = cell_of (&series->set->shape, rpm, map);
  g_array_append_val (series->u, u);
  g_array_append_val (series->y, y);
  g_array_append_val (series->target, target);
  g_array_append_val (series->flow, flow);
  g_array_append_val (series->cell, cell);
  fine = fine_of (series, rpm, map);
  g_array_append_val (series->fine, fine);

  return TRUE;
}

static void
end_segment (DynoDelaySeries *series,
             gsize   begin)
{
  const DynoDelaySegment segment = { begin, series->u->len };

  if (segment.end > begin + DYNO_DELAY_CHANGE)
    g_array_append_val (series->segments, segment);
}

static void
append_stretch (DynoDelaySeries *series,
                const DynoVeRun *run,
                double           from_s,
                double           to_s)
{
  DynoVeInstant at = { .row = 0 };
  gsize begin = series->u->len;
  gsize n = to_s > from_s ? (gsize) ((to_s - from_s) / DYNO_DELAY_GRID_S) : 0;

  for (gsize k = 0; k <= n; k++)
    {
      double time_s = from_s + (double) k * DYNO_DELAY_GRID_S;

      if (dyno_ve_locate (run, time_s, &at) && append_point (series, run, &at))
        continue;
      end_segment (series, begin);
      begin = series->u->len;
    }
  end_segment (series, begin);
}

static double
run_seconds (const DynoVeRun *run)
{
  return run->n > 0 ? run->time_s[run->n - 1] - run->time_s[0] : 0;
}

/* The part of `run` that lies in from…to of all runs one behind the other. */
static void
append_part (DynoDelaySeries *series,
             const DynoVeRun *run,
             double           begin_s,
             double           from_s,
             double           to_s)
{
  double low = MAX (from_s - begin_s, 0);
  double high = MIN (to_s - begin_s, run_seconds (run));

  if (run->n > 0 && low < high)
    append_stretch (series, run, run->time_s[0] + low, run->time_s[0] + high);
}

static void
fill_series (DynoDelaySeries *series)
{
  const DynoVeSet *set = series->set;
  double total_s = 0;
  guint n_stretches = 1;

  for (guint i = 0; i < set->n_runs; i++)
    total_s += run_seconds (&set->runs[i]);
  if (total_s > WHOLE_S)
    n_stretches = STRETCHES;

  for (guint k = 0; k < n_stretches; k++)
    {
      double from_s = total_s * k / n_stretches;
      double to_s = n_stretches == 1 ? total_s : from_s + (double) WHOLE_S / STRETCHES;
      double begin_s = 0;

      for (guint i = 0; i < set->n_runs; i++)
        {
          append_part (series, &set->runs[i], begin_s, from_s, to_s);
          begin_s += run_seconds (&set->runs[i]);
        }
    }
}

void
dyno_delay_series_init (DynoDelaySeries *series,
                        const DynoVeSet *set,
                        guint            cylinder)
{
  *series = (DynoDelaySeries){
    .set = set,
    .cylinder = cylinder,
    .u = g_array_new (FALSE, FALSE, sizeof (double)),
    .y = g_array_new (FALSE, FALSE, sizeof (double)),
    .target = g_array_new (FALSE, FALSE, sizeof (double)),
    .flow = g_array_new (FALSE, FALSE, sizeof (double)),
    .cell = g_array_new (FALSE, FALSE, sizeof (guint16)),
    .fine = g_array_new (FALSE, FALSE, sizeof (guint16)),
    .numbers = g_new0 (guint16, FINE_SIDE * FINE_SIDE),
    .segments = g_array_new (FALSE, FALSE, sizeof (DynoDelaySegment)),
  };
  fill_series (series);
}

void
dyno_delay_series_clear (DynoDelaySeries *series)
{
  g_array_unref (series->u);
  g_array_unref (series->y);
  g_array_unref (series->target);
  g_array_unref (series->flow);
  g_array_unref (series->cell);
  g_array_unref (series->fine);
  g_free (series->numbers);
  g_array_unref (series->segments);
}
