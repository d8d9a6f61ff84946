/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-spark.h"

#include "dyno-spark-pull.h"

#define COUNTS_PULL (-1.0) /* for knock without degrees, in at least COUNTS_ROWS rows */
#define COUNTS_ROWS 2

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
take_cell (DynoSparkCell       *cell,
           const DynoKnockCell *from,
           gboolean             is_degree_unknown)
{
  cell->n_rows = from->rows;
  cell->n_knock = from->knock_rows;
  cell->knock = from->knock_rows > 0 ? from->knock : NAN;
  cell->iat_c = from->iat_max_c;
  cell->is_single_event = from->is_single_event;
  cell->severity = dyno_knock_severity (from->rows, from->knock_rows);
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
make_cylinder (DynoSparkCylinder       *self,
               const DynoVeSet         *set,
               guint                    cylinder,
               const DynoKnockCylinder *knock)
{
  guint n_cells = dyno_grid_shape_cells (&set->shape);

  self->is_shared = knock->is_plain;
  self->is_degree_unknown = knock->is_count;
  if (!knock->is_live)
    {
      self->state = knock->has_channel ? DYNO_SPARK_CONSTANT : DYNO_SPARK_NO_CHANNEL;
      return;
    }

  self->state = DYNO_SPARK_AVAILABLE;
  self->cells = g_new0 (DynoSparkCell, n_cells);
  for (guint i = 0; i < n_cells; i++)
    take_cell (&self->cells[i], &knock->cells[i], knock->is_count);
  if (cylinder == 1 && set->options->spark_rear_rule)
    add_rear_rule (set, self->cells);
}

DynoSpark *
dyno_spark_new (const DynoVeResult *result,
                const DynoKnock    *knock)
{
  DynoSpark *self = g_new0 (DynoSpark, 1);

  self->n_cells = result->n_cells;
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    make_cylinder (&self->cylinders[c], result->set, c, &knock->cylinders[c]);

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
