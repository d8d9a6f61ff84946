/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-spark.h"

#include "dyno-spark-pull.h"
#include "dyno-stat.h"

#define QUANTILE 0.9
#define ENOUGH_EVENTS 3      /* for a quantile */
#define COUNTS_PULL (-1.0)   /* for knock without degrees, in at least COUNTS_ROWS rows */
#define COUNTS_ROWS 2
#define FREQUENT_SHARE 0.1
#define FREQUENT_SEVERITY (-4.0)
#define SOME_SEVERITY (-2.0)
#define SLOW_S 2.0           /* how old a reading of the intake air may be */
#define MOVED_RPM 300        /* beyond either the engine did not stand still */
#define MOVED_KPA 10

typedef struct
{
  double low;
  double high;
} Range;

/* One cylinder while its rows are gathered. */
typedef struct
{
  const DynoVeSet *set;
  DynoSparkCell   *cells;
  GArray         **events; /* of double, a cell: knock above 0 */
  Range            knock;
  Range            rpm;
  Range            map;
} Work;

static void
widen (Range *range,
       double value)
{
  range->low = fmin (range->low, value);
  range->high = fmax (range->high, value);
}

/* The channel of the cylinder, else the one of both; NULL without. */
static const DynoColumn *
find_knock (const DynoVeRun *run,
            guint            cylinder,
            gboolean        *is_shared)
{
  static const DynoChannel own[DYNO_VE_CYLINDERS] = { DYNO_CHANNEL_KNOCK_F, DYNO_CHANNEL_KNOCK_R };
  const DynoColumn *column = dyno_samples_find (run->samples, own[cylinder]);

  *is_shared = column == NULL;

  return column != NULL ? column : dyno_samples_find (run->samples, DYNO_CHANNEL_KNOCK);
}

static gboolean
is_set (const guint8 *bits,
        gsize         row)
{
  return (bits[row / 8] >> (row % 8) & 1) != 0;
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

/* The cell of a row, or DYNO_NO_CELL where it does not count. */
static guint
find_cell (Work            *work,
           const DynoVeRun *run,
           gsize            row)
{
  const DynoVeSet *set = work->set;
  double rpm = read_state (run, &run->rpm, row);
  double map = read_state (run, &run->map, row);

  if ((run->excluded != NULL && is_set (run->excluded, row)) || isnan (rpm) || isnan (map))
    return DYNO_NO_CELL;
  widen (&work->rpm, rpm);
  widen (&work->map, map);
  if (!is_in (set, DYNO_GATE_RPM_RANGE, set->options->rpm_range, rpm)
      || !is_in (set, DYNO_GATE_MAP_RANGE, set->options->map_range, map)
      || !dyno_axis_holds (&set->shape.rpm, rpm) || !dyno_axis_holds (&set->shape.load, map))
    return DYNO_NO_CELL;

  return dyno_axis_nearest (&set->shape.rpm, rpm) * set->shape.load.n
         + dyno_axis_nearest (&set->shape.load, map);
}

static void
add_row (Work   *work,
         guint   cell,
         double  knock,
         double  iat_c)
{
  DynoSparkCell *one = &work->cells[cell];

  one->n_rows++;
  one->iat_c = fmax (one->iat_c, iat_c);
  if (!(knock > 0))
    return;

  one->n_knock++;
  if (work->events[cell] == NULL)
    work->events[cell] = g_array_new (FALSE, FALSE, sizeof (double));
  g_array_append_val (work->events[cell], knock);
}

/* The reading of the row, else the last one if it is not old. */
static double
read_iat (const DynoVeRun *run,
          gsize            row,
          gsize           *last)
{
  if (run->iat.values == NULL)
    return NAN;
  if (!isnan (run->iat.values[row]))
    *last = row;
  if (*last == G_MAXSIZE || (run->has_time && run->time_s[row] - run->time_s[*last] > SLOW_S))
    return NAN;

  return dyno_ve_raw (&run->iat, *last);
}

static void
gather_run (Work             *work,
            const DynoVeRun  *run,
            const DynoColumn *column)
{
  gsize last_iat = G_MAXSIZE;

  for (gsize row = 0; row < run->n; row++)
    {
      double iat_c = read_iat (run, row, &last_iat);
      double knock = dyno_column_si (column, row);
      guint cell;

      if (isnan (knock))
        continue;
      widen (&work->knock, knock);
      cell = find_cell (work, run, row);
      if (cell != DYNO_NO_CELL)
        add_row (work, cell, knock, iat_c);
    }
}

/* A channel that stood still while the engine did not is dead, and silence alone
 * proves nothing. A steady engine may well knock steadily. */
static gboolean
is_constant (const Work *work)
{
  gboolean has_moved = work->rpm.high - work->rpm.low >= MOVED_RPM
                       || work->map.high - work->map.low >= MOVED_KPA;

  return !(work->knock.high > work->knock.low) && (has_moved || !(work->knock.high > 0));
}

static double
severity_of (const DynoSparkCell *cell)
{
  if (cell->n_knock == 0)
    return 0;

  return cell->n_knock > FREQUENT_SHARE * cell->n_rows ? FREQUENT_SEVERITY : SOME_SEVERITY;
}

static double
pull_of (const DynoSparkCell *cell,
         gboolean             is_degree_unknown)
{
  if (cell->n_rows == 0)
    return NAN;
  if (is_degree_unknown)
    return cell->n_knock >= COUNTS_ROWS ? COUNTS_PULL : 0;

  return dyno_spark_pull (cell->knock, cell->iat_c >= DYNO_SPARK_HOT_C);
}

static void
finish_cell (DynoSparkCell *cell,
             GArray        *events,
             gboolean       is_degree_unknown)
{
  double *values = events != NULL ? (double *) (gpointer) events->data : NULL;

  cell->is_single_event = cell->n_knock > 0 && cell->n_knock < ENOUGH_EVENTS;
  if (cell->n_knock > 0)
    cell->knock = dyno_stat_quantile (values, events->len, cell->is_single_event ? 1 : QUANTILE);
  cell->severity = severity_of (cell);
  cell->pull_deg = pull_of (cell, is_degree_unknown);
}

/* The rear rule, where the operator wants it and the cell was driven. */
static void
add_rear_rule (const DynoVeSet *set,
               DynoSparkCell   *cells)
{
  const DynoGridShape *shape = &set->shape;

  for (guint i = 0; i < dyno_grid_shape_cells (shape); i++)
    {
      if (!isnan (cells[i].pull_deg)
          && dyno_spark_in_rear_rule (shape->rpm.at[i / shape->load.n],
                                      shape->load.at[i % shape->load.n]))
        cells[i].pull_deg
          = dyno_spark_add_rear_rule (cells[i].pull_deg, set->options->rear_rule_deg,
                                      set->options->hot_extra_deg,
                                      cells[i].iat_c >= DYNO_SPARK_HOT_C);
    }
}

static void
gather (Work              *work,
        DynoSparkCylinder *self,
        guint              cylinder)
{
  self->state = DYNO_SPARK_NO_CHANNEL;
  for (guint i = 0; i < work->set->n_runs; i++)
    {
      const DynoVeRun *run = &work->set->runs[i];
      gboolean is_shared;
      const DynoColumn *column = find_knock (run, cylinder, &is_shared);

      if (column == NULL)
        continue;
      self->state = DYNO_SPARK_AVAILABLE;
      self->is_shared |= is_shared;
      self->is_degree_unknown |= column->unit->quantity != DYNO_QUANTITY_ANGLE;
      gather_run (work, run, column);
    }
  if (self->state == DYNO_SPARK_AVAILABLE && is_constant (work))
    self->state = DYNO_SPARK_CONSTANT;
}

static void
make_cylinder (DynoSparkCylinder *self,
               const DynoVeSet   *set,
               guint              cylinder,
               guint              n_cells)
{
  const Range nothing = { INFINITY, -INFINITY };
  Work work = { set, g_new0 (DynoSparkCell, n_cells), g_new0 (GArray *, n_cells), nothing, nothing,
                nothing };

  for (guint i = 0; i < n_cells; i++)
    work.cells[i].knock = work.cells[i].iat_c = NAN;
  gather (&work, self, cylinder);
  for (guint i = 0; i < n_cells; i++)
    {
      finish_cell (&work.cells[i], work.events[i], self->is_degree_unknown);
      g_clear_pointer (&work.events[i], g_array_unref);
    }
  g_free (work.events);
  if (cylinder == 1 && set->options->spark_rear_rule)
    add_rear_rule (set, work.cells);
  if (self->state == DYNO_SPARK_AVAILABLE)
    self->cells = g_steal_pointer (&work.cells);
  g_free (work.cells);
}

DynoSpark *
dyno_spark_new (const DynoVeResult *result)
{
  DynoSpark *self = g_new0 (DynoSpark, 1);

  self->n_cells = result->n_cells;
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    make_cylinder (&self->cylinders[c], result->set, c, self->n_cells);

  return self;
}

void
dyno_spark_free (DynoSpark *self)
{
  if (self == NULL)
    return;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    g_free (self->cylinders[c].cells);
  g_free (self);
}

const char *
dyno_spark_state_name (DynoSparkState state)
{
  static const char *const names[] = { "available", "no-channel", "constant" };

  g_return_val_if_fail (state < G_N_ELEMENTS (names), NULL);

  return names[state];
}
