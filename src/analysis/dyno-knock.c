/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-knock.h"

#include "dyno-bin.h"
#include "dyno-rowwise.h"
#include "dyno-stat.h"

#define SURE_ROWS 3
#define PERCENTILE 0.9
#define HEAVY_RATE 0.1

static const DynoChannel own_channels[DYNO_VE_CYLINDERS] = { DYNO_CHANNEL_KNOCK_F,
                                                             DYNO_CHANNEL_KNOCK_R };

static const DynoColumn *
find_column (const DynoVeRun *run,
             guint            cylinder)
{
  const DynoColumn *column = dyno_samples_find (run->samples, own_channels[cylinder]);

  return column != NULL ? column : dyno_samples_find (run->samples, DYNO_CHANNEL_KNOCK);
}

/* The cell of a row, or DYNO_NO_CELL where knock does not count. */
static guint
cell_of (const DynoVeSet *set,
         const DynoVeRun *run,
         gsize            row,
         DynoBinHint     *hint)
{
  const DynoVeInstant at = dyno_ve_on_row (run, row);
  const DynoGridShape *shape = &set->shape;
  const double *rpm_range = set->options->rpm_range;
  const double *map_range = set->options->map_range;
  double rpm = dyno_ve_state (run, &run->rpm, &at);
  double map = dyno_ve_state (run, &run->map, &at);
  double fraction;

  if ((run->excluded != NULL && (run->excluded[row / 8] >> (row % 8) & 1) != 0)
      || !(rpm >= rpm_range[0] && rpm <= rpm_range[1])
      || !(map >= map_range[0] && map <= map_range[1])
      || !dyno_axis_holds (&shape->rpm, rpm) || !dyno_axis_holds (&shape->load, map))
    return DYNO_NO_CELL;

  hint->row = dyno_axis_locate (&shape->rpm, rpm, hint->row, &fraction);
  hint->column = dyno_axis_locate (&shape->load, map, hint->column, &fraction);

  return dyno_axis_nearer (&shape->rpm, rpm, hint->row) * shape->load.n
         + dyno_axis_nearer (&shape->load, map, hint->column);
}

/* A row that knocked, to be sorted by cell. */
typedef struct
{
  guint  cell;
  double knock;
} Event;

typedef struct
{
  const DynoVeSet    *set;
  DynoKnockCylinder  *cylinder;
  const DynoProgress *progress;
  GArray             *events; /* (owned) of Event */
  double              low;    /* of the channel over the whole log */
  double              high;
} Reduction;

static void
count_row (Reduction *reduction,
           guint      cell,
           double     knock,
           double     iat_c)
{
  DynoKnockCell *into = &reduction->cylinder->cells[cell];
  const Event event = { cell, knock };

  into->rows++;
  into->max = fmax (into->max, knock);
  into->iat_max_c = fmax (into->iat_max_c, iat_c);
  if (!(knock > 0))
    return;
  into->knock_rows++;
  g_array_append_val (reduction->events, event);
}

static gboolean
is_reading (const DynoColumn *column,
            gsize             row)
{
  return !isnan (column->values[row])
         && (column->updates == NULL || (column->updates[row / 8] >> (row % 8) & 1) != 0);
}

static void
reduce_run (Reduction        *reduction,
            const DynoVeRun  *run,
            const DynoColumn *column)
{
  g_auto (DynoRowwise) iat = dyno_rowwise_open (run->samples, DYNO_CHANNEL_IAT);
  DynoBinHint hint = { 0, 0 };

  if (column->unit->quantity != DYNO_QUANTITY_ANGLE)
    reduction->cylinder->is_count = TRUE;
  for (gsize i = 0; i < run->n && !dyno_progress_stops (reduction->progress, i); i++)
    {
      double knock = dyno_column_si (column, i);
      guint cell;

      if (!is_reading (column, i))
        continue;
      reduction->low = fmin (reduction->low, knock);
      reduction->high = fmax (reduction->high, knock);
      cell = cell_of (reduction->set, run, i, &hint);
      if (cell != DYNO_NO_CELL)
        count_row (reduction, cell, knock, iat.values != NULL ? iat.values[i] : NAN);
    }
}

static int
compare_events (gconstpointer a,
                gconstpointer b)
{
  const Event *left = a;
  const Event *right = b;

  return left->cell != right->cell ? (left->cell > right->cell) - (left->cell < right->cell)
                                   : (left->knock > right->knock) - (left->knock < right->knock);
}

/* `first` is the cell's first event; the number of its events is known. */
static void
finish_cell (DynoKnockCell *cell,
             const GArray  *events,
             guint          first)
{
  g_autofree double *values = g_new (double, MAX (cell->knock_rows, 1));

  if (cell->rows == 0)
    return;
  for (guint i = 0; i < cell->knock_rows; i++)
    values[i] = g_array_index (events, Event, first + i).knock;
  cell->is_single_event = cell->knock_rows > 0 && cell->knock_rows < SURE_ROWS;
  if (cell->knock_rows >= SURE_ROWS)
    cell->knock = dyno_stat_quantile (values, cell->knock_rows, PERCENTILE);
  else
    cell->knock = cell->knock_rows > 0 ? cell->max : 0;
}

static void
finish_cells (Reduction *reduction,
              guint      n_cells)
{
  guint first = 0;

  g_array_sort (reduction->events, compare_events);
  for (guint c = 0; c < n_cells; c++)
    {
      finish_cell (&reduction->cylinder->cells[c], reduction->events, first);
      first += reduction->cylinder->cells[c].knock_rows;
    }
  reduction->cylinder->is_live = reduction->low < reduction->high;
  g_array_unref (reduction->events);
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
  Reduction reduction = { result->set, self, progress, NULL, INFINITY, -INFINITY };

  self->cells = new_cells (result->n_cells);
  reduction.events = g_array_new (FALSE, FALSE, sizeof (Event));
  for (guint r = 0; r < result->set->n_runs; r++)
    {
      const DynoVeRun *run = &result->set->runs[r];
      const DynoColumn *column = find_column (run, cylinder);

      if (column != NULL)
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
