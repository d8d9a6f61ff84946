/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-knock.h"

#include "dyno-bin.h"
#include "dyno-held.h"
#include "dyno-stat.h"

#define SURE_ROWS 3
#define PERCENTILE 0.9
#define HEAVY_RATE 0.1
#define MOVED_RPM 300 /* beyond either the engine did not stand still */
#define MOVED_KPA 10

static const DynoChannel own_channels[DYNO_VE_CYLINDERS] = { DYNO_CHANNEL_KNOCK_F,
                                                             DYNO_CHANNEL_KNOCK_R };

/* The channel of the cylinder, else the one of both; NULL without. */
static const DynoColumn *
find_column (const DynoVeRun *run,
             guint            cylinder)
{
  const DynoColumn *column = dyno_samples_find (run->samples, own_channels[cylinder]);

  return column != NULL ? column : dyno_samples_find (run->samples, DYNO_CHANNEL_KNOCK);
}

typedef struct
{
  double low;
  double high;
} Range;

/* One cylinder while its rows are gathered. */
typedef struct
{
  const DynoVeSet    *set;
  DynoKnockCylinder  *cylinder;
  const DynoProgress *progress;
  GArray            **events; /* (owned) of double, a cell: knock above 0 */
  Range               knock;
  Range               rpm;
  Range               map;
  DynoBinHint         hint;
} Reduction;

static inline void
widen (Range *range,
       double value)
{
  range->low = value < range->low ? value : range->low;
  range->high = value > range->high ? value : range->high;
}

static gboolean
is_in (const DynoVeSet *set,
       DynoGate         gate,
       const double     range[2],
       double           value)
{
  return !dyno_ve_options_has_gate (set->options, gate)
         || (value >= range[0] && value <= range[1]);
}

/* What stands in the row, else the state between the readings around it. */
static double
read_state (const DynoVeRun     *run,
            const DynoVeChannel *channel,
            gsize                row)
{
  const DynoVeInstant at = dyno_ve_on_row (run, row);
  double value = dyno_ve_raw (channel, row);

  return isnan (value) ? dyno_ve_state (run, channel, &at) : value;
}

static guint
nearest (const DynoAxis *axis,
         double          value,
         guint          *hint)
{
  double fraction;

  *hint = dyno_axis_locate (axis, value, *hint, &fraction);

  return dyno_axis_nearer (axis, value, *hint);
}

/* The cell of a row, or DYNO_NO_CELL where knock does not count. */
static guint
find_cell (Reduction       *reduction,
           const DynoVeRun *run,
           gsize            row)
{
  const DynoVeSet *set = reduction->set;
  double rpm = read_state (run, &run->rpm, row);
  double map = read_state (run, &run->map, row);

  if (dyno_ve_is_excluded (run, row) || isnan (rpm) || isnan (map))
    return DYNO_NO_CELL;
  widen (&reduction->rpm, rpm);
  widen (&reduction->map, map);
  if (!is_in (set, DYNO_GATE_RPM_RANGE, set->options->rpm_range, rpm)
      || !is_in (set, DYNO_GATE_MAP_RANGE, set->options->map_range, map)
      || !dyno_axis_holds (&set->shape.rpm, rpm) || !dyno_axis_holds (&set->shape.load, map))
    return DYNO_NO_CELL;

  return nearest (&set->shape.rpm, rpm, &reduction->hint.row) * set->shape.load.n
         + nearest (&set->shape.load, map, &reduction->hint.column);
}

static void
count_row (Reduction *reduction,
           guint      cell,
           double     knock,
           double     iat_c)
{
  DynoKnockCell *into = &reduction->cylinder->cells[cell];

  into->rows++;
  into->max = fmax (into->max, knock);
  into->iat_max_c = fmax (into->iat_max_c, iat_c);
  if (!(knock > 0))
    return;

  into->knock_rows++;
  if (reduction->events[cell] == NULL)
    reduction->events[cell] = g_array_new (FALSE, FALSE, sizeof (double));
  g_array_append_val (reduction->events[cell], knock);
}

static void
reduce_run (Reduction        *reduction,
            const DynoVeRun  *run,
            const DynoColumn *column)
{
  DynoHeld iat = dyno_held_begin (&run->iat);

  for (gsize i = 0; i < run->n && !dyno_progress_stops (reduction->progress, i); i++)
    {
      gboolean has_iat = dyno_ve_has (&run->iat) && dyno_held_follow (&iat, run, i);
      double knock = dyno_column_si (column, i);
      guint cell;

      if (isnan (knock))
        continue;
      widen (&reduction->knock, knock);
      cell = find_cell (reduction, run, i);
      if (cell != DYNO_NO_CELL)
        count_row (reduction, cell, knock, has_iat ? iat.value : NAN);
    }
}

/* `events` may be NULL. */
static void
finish_cell (DynoKnockCell *cell,
             GArray        *events)
{
  if (cell->rows == 0)
    return;

  cell->is_single_event = cell->knock_rows > 0 && cell->knock_rows < SURE_ROWS;
  if (events == NULL)
    cell->knock = 0;
  else
    cell->knock = dyno_stat_quantile ((double *) (gpointer) events->data, events->len,
                                      cell->is_single_event ? 1 : PERCENTILE);
}

/* A channel that stood still while the engine did not is dead, and silence alone
 * proves nothing. A steady engine may well knock steadily. */
static gboolean
is_live (const Reduction *reduction)
{
  gboolean has_moved = reduction->rpm.high - reduction->rpm.low >= MOVED_RPM
                       || reduction->map.high - reduction->map.low >= MOVED_KPA;

  return reduction->knock.high > reduction->knock.low
         || (!has_moved && reduction->knock.high > 0);
}

static void
finish_cells (Reduction *reduction,
              guint      n_cells)
{
  for (guint c = 0; c < n_cells; c++)
    {
      finish_cell (&reduction->cylinder->cells[c], reduction->events[c]);
      g_clear_pointer (&reduction->events[c], g_array_unref);
    }
  g_free (reduction->events);
  reduction->cylinder->is_live = reduction->cylinder->has_channel && is_live (reduction);
}

static DynoKnockCell *
new_cells (guint n)
{
  DynoKnockCell *cells = g_new0 (DynoKnockCell, MAX (n, 1));

  for (guint c = 0; c < n; c++)
    cells[c].max = cells[c].knock = cells[c].iat_max_c = NAN;

  return cells;
}

static void
reduce (DynoKnockCylinder  *self,
        const DynoVeResult *result,
        guint               cylinder,
        const DynoProgress *progress)
{
  const Range nothing = { INFINITY, -INFINITY };
  Reduction reduction = { .set = result->set, .cylinder = self, .progress = progress,
                          .knock = nothing, .rpm = nothing, .map = nothing };

  self->cells = new_cells (result->n_cells);
  reduction.events = g_new0 (GArray *, MAX (result->n_cells, 1));
  for (guint r = 0; r < result->set->n_runs; r++)
    {
      const DynoVeRun *run = &result->set->runs[r];
      const DynoColumn *column = find_column (run, cylinder);

      if (column == NULL)
        continue;
      self->has_channel = TRUE;
      self->is_plain |= column->channel == DYNO_CHANNEL_KNOCK;
      self->is_count |= column->unit->quantity != DYNO_QUANTITY_ANGLE;
      reduce_run (&reduction, run, column);
    }
  finish_cells (&reduction, result->n_cells);
}

/* In every run that has one, the same plain channel stands for both. */
static gboolean
is_one_channel (const DynoVeSet *set)
{
  gboolean has_one = FALSE;

  for (guint r = 0; r < set->n_runs; r++)
    {
      if (find_column (&set->runs[r], 0) != find_column (&set->runs[r], 1))
        return FALSE;
      has_one |= find_column (&set->runs[r], 0) != NULL;
    }

  return has_one;
}

DynoKnock *
dyno_knock_new (const DynoVeResult *result,
                const DynoProgress *progress)
{
  DynoKnock *self = g_new0 (DynoKnock, 1);

  self->n_cells = result->n_cells;
  self->is_shared = is_one_channel (result->set);
  reduce (&self->cylinders[0], result, 0, progress);
  if (!self->is_shared)
    {
      reduce (&self->cylinders[1], result, 1, progress);
      return self;
    }
  self->cylinders[1] = self->cylinders[0];
  self->cylinders[1].cells =
      g_memdup2 (self->cylinders[0].cells, MAX (self->n_cells, 1) * sizeof (DynoKnockCell));

  return self;
}

void
dyno_knock_free (DynoKnock *self)
{
  if (self == NULL)
    return;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    g_free (self->cylinders[c].cells);
  g_free (self);
}

gboolean
dyno_knock_is_live (const DynoKnock *self)
{
  return self->cylinders[0].is_live || self->cylinders[1].is_live;
}

double
dyno_knock_severity (guint32 rows,
                     guint32 knock_rows)
{
  if (knock_rows == 0 || rows == 0)
    return 0;

  return (double) knock_rows / rows > HEAVY_RATE ? -4 : -2;
}
