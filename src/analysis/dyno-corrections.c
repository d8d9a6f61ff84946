/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-corrections.h"

#include <math.h>
#include <string.h>

#include "dyno-clamp.h"

DynoCorrections *
dyno_corrections_new (const DynoGridShape *shape)
{
  DynoCorrections *self = g_new0 (DynoCorrections, 1);
  g_autoptr(DynoVeOptions) defaults = dyno_ve_options_new ();

  self->shape = *shape;
  self->bias_mean_pct = NAN;
  self->bias_worst_pct = NAN;
  memcpy (self->edge_rpm, defaults->edge_rpm, sizeof self->edge_rpm);
  self->gates_unavailable = g_ptr_array_new_with_free_func (g_free);
  self->base_sums = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
dyno_corrections_free (DynoCorrections *self)
{
  if (self == NULL)
    return;

  g_free (self->math_version);
  g_free (self->fingerprint);
  g_free (self->result_id);
  g_free (self->base_sha256);
  g_ptr_array_unref (self->base_sums);
  for (guint i = 0; i < DYNO_N_TABLE_SIDES; i++)
    g_free (self->cells[i]);
  g_ptr_array_unref (self->gates_unavailable);
  g_free (self);
}

static void
clear_cell (DynoVeCell *cell,
            DynoZone    zone)
{
  *cell = (DynoVeCell){ .factor = NAN,     .raw = NAN,         .smoothed = NAN, .limited = NAN,
                        .limit = NAN,      .se = NAN,          .spread = NAN,   .n_eff = NAN,
                        .mean_mix = NAN,   .mean_target = NAN, .mean_rpm = NAN, .mean_map = NAN,
                        .zone = zone,      .confidence = DYNO_CONFIDENCE_SKIP,
                        .reason = DYNO_CELL_NO_DATA };
}

DynoVeCell *
dyno_corrections_side (DynoCorrections *self,
                       DynoTableSide    side)
{
  guint n = dyno_grid_shape_cells (&self->shape);
  guint n_columns = self->shape.load.n;

  if (self->cells[side] != NULL)
    return self->cells[side];

  self->cells[side] = g_new (DynoVeCell, n);
  for (guint i = 0; i < n; i++)
    clear_cell (&self->cells[side][i],
                dyno_zone_of (self->shape.rpm.at[i / n_columns],
                              self->shape.load.at[i % n_columns], self->edge_rpm));

  return self->cells[side];
}

/* The mean by hits of what both have, else what the one has. */
static double
by_hits (double  front,
         guint32 hits_front,
         double  rear,
         guint32 hits_rear)
{
  if (isnan (front) || isnan (rear) || hits_front + hits_rear == 0)
    return isnan (front) ? rear : front;

  return (hits_front * front + hits_rear * rear) / (hits_front + hits_rear);
}

/* Where both have a value the less sure one speaks. */
static DynoVeCell
combine_cells (const DynoVeCell *front,
               const DynoVeCell *rear)
{
  DynoVeCell cell = isnan (front->limited) && !isnan (rear->limited) ? *rear : *front;

  cell.hits = front->hits + rear->hits;
  cell.raw = by_hits (front->raw, front->hits, rear->raw, rear->hits);
  cell.smoothed = by_hits (front->smoothed, front->hits, rear->smoothed, rear->hits);
  cell.limited = by_hits (front->limited, front->hits, rear->limited, rear->hits);
  if (!isnan (front->limited) && !isnan (rear->limited))
    {
      cell.confidence = MAX (front->confidence, rear->confidence);
      cell.limit = MAX (front->limit, rear->limit);
      cell.reason = MAX (front->reason, rear->reason);
    }

  return cell;
}

void
dyno_corrections_combine (DynoCorrections *self)
{
  const DynoVeCell *front;
  const DynoVeCell *rear;
  DynoVeCell *both;

  if (self->cells[DYNO_TABLE_BOTH] != NULL)
    return;
  both = dyno_corrections_side (self, DYNO_TABLE_BOTH);
  front = dyno_corrections_side (self, DYNO_TABLE_FRONT);
  rear = dyno_corrections_side (self, DYNO_TABLE_REAR);
  for (guint i = 0; i < dyno_grid_shape_cells (&self->shape); i++)
    both[i] = combine_cells (&front[i], &rear[i]);
}

static void
take_gates (DynoCorrections    *self,
            const DynoVeResult *result)
{
  for (guint i = 0; i < DYNO_N_GATES; i++)
    {
      if ((result->gates_unavailable >> i & 1) != 0)
        g_ptr_array_add (self->gates_unavailable, g_strdup (dyno_gate_name ((DynoGate) i)));
    }
}

DynoCorrections *
dyno_corrections_from_result (const DynoVeResult *result,
                              const char         *math_version,
                              const char         *fingerprint,
                              const char         *result_id)
{
  static const DynoTableSide sides[DYNO_VE_CYLINDERS] = { DYNO_TABLE_FRONT, DYNO_TABLE_REAR };
  DynoCorrections *self = dyno_corrections_new (&result->set->shape);

  self->math_version = g_strdup (math_version);
  self->fingerprint = g_strdup (fingerprint);
  self->result_id = g_strdup (result_id);
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    {
      if (result->cylinders[i].has_sensor)
        self->cells[sides[i]] = g_memdup2 (result->cylinders[i].cells,
                                           result->n_cells * sizeof (DynoVeCell));
    }
  if (result->balance.bias != DYNO_BIAS_UNKNOWN)
    {
      self->bias_mean_pct = result->balance.mean_pct;
      self->bias_worst_pct = result->balance.worst_pct;
    }
  take_gates (self, result);
  dyno_corrections_combine (self);

  return self;
}

DynoCorrections *
dyno_corrections_from_table (const DynoTable    *percents,
                             DynoTableSide       side,
                             const char         *fingerprint,
                             DynoAnalysisError **error)
{
  DynoGridShape shape;
  DynoCorrections *self;
  DynoVeCell *cells;

  if (!dyno_table_shape (percents, &shape, error))
    return NULL;
  self = dyno_corrections_new (&shape);
  self->fingerprint = g_strdup (fingerprint);
  self->is_foreign = TRUE;
  cells = dyno_corrections_side (self, side);
  for (guint i = 0; i < dyno_grid_shape_cells (&shape); i++)
    {
      guint at = dyno_table_cell (percents, i / shape.load.n, i % shape.load.n);

      cells[i].raw = cells[i].smoothed = cells[i].limited = percents->cells[at].value;
      if (isnan (cells[i].raw))
        continue;
      cells[i].confidence = DYNO_CONFIDENCE_HIGH;
      cells[i].reason = DYNO_CELL_OK;
    }

  return self;
}

/* Resampling */

/* NaN beyond the first and the last row or column: nothing is held there. */
static double
sample_at (const DynoGrid *grid,
           double          rpm,
           double          load)
{
  const DynoAxis *rows = &grid->shape.rpm;
  const DynoAxis *columns = &grid->shape.load;

  if (rpm < rows->at[0] || rpm > rows->at[rows->n - 1] || load < columns->at[0]
      || load > columns->at[columns->n - 1])
    return NAN;

  return dyno_grid_interpolate (grid, rpm, load);
}

static void
resample_side (const DynoCorrections *from,
               DynoCorrections       *to,
               DynoTableSide          side)
{
  g_autoptr(DynoGrid) grid = dyno_grid_new (&from->shape);
  DynoVeCell *cells = dyno_corrections_side (to, side);
  guint n_columns = to->shape.load.n;

  for (guint i = 0; i < dyno_grid_shape_cells (&from->shape); i++)
    grid->values[i] = from->cells[side][i].raw;
  for (guint i = 0; i < dyno_grid_shape_cells (&to->shape); i++)
    {
      double value = sample_at (grid, to->shape.rpm.at[i / n_columns],
                                to->shape.load.at[i % n_columns]);

      cells[i].raw = cells[i].smoothed = cells[i].limited = value;
      if (isnan (value))
        continue;
      cells[i].confidence = DYNO_CONFIDENCE_LOW;
      cells[i].reason = DYNO_CELL_OK;
    }
}

DynoCorrections *
dyno_corrections_resample (const DynoCorrections *self,
                           const DynoGridShape   *shape)
{
  DynoCorrections *other = dyno_corrections_new (shape);

  other->math_version = g_strdup (self->math_version);
  other->fingerprint = g_strdup (self->fingerprint);
  other->result_id = g_strdup (self->result_id);
  other->is_foreign = self->is_foreign;
  other->is_resampled = TRUE;
  for (guint i = 0; i < DYNO_N_TABLE_SIDES; i++)
    {
      if (self->cells[i] != NULL)
        resample_side (self, other, (DynoTableSide) i);
    }

  return other;
}
