/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-load-map.h"

typedef struct
{
  const DynoColumn *torque; /* (nullable) */
  const DynoColumn *power;  /* (nullable) */
  const DynoColumn *rpm;
} Columns;

typedef struct
{
  double torque;
  double power;
  guint  n_torque;
  guint  n_power;
} Sums;

static const DynoColumn *
find_either (const DynoVeRun *run,
             DynoChannel      wanted,
             DynoChannel      corrected,
             gboolean        *is_corrected)
{
  const DynoColumn *column = dyno_samples_find (run->samples, wanted);

  if (column != NULL)
    return column;
  column = dyno_samples_find (run->samples, corrected);
  *is_corrected |= column != NULL;

  return column;
}

/* FALSE for a run that has neither. */
static gboolean
find_columns (const DynoVeRun *run,
              Columns         *columns,
              gboolean        *is_corrected)
{
  columns->torque = find_either (run, DYNO_CHANNEL_TORQUE, DYNO_CHANNEL_TORQUE_CORR, is_corrected);
  columns->power = find_either (run, DYNO_CHANNEL_POWER, DYNO_CHANNEL_POWER_CORR, is_corrected);
  columns->rpm = dyno_samples_find (run->samples, DYNO_CHANNEL_RPM);

  return columns->torque != NULL || columns->power != NULL;
}

static void
add_row (Sums          *sums,
         const Columns *columns,
         gsize          row)
{
  double torque = dyno_column_si (columns->torque, row);
  double power = dyno_column_si (columns->power, row);
  double rpm = dyno_column_si (columns->rpm, row);

  if (columns->torque == NULL)
    torque = power * DYNO_NM_RPM_PER_KW / rpm;
  else if (columns->power == NULL)
    power = torque * rpm / DYNO_NM_RPM_PER_KW;
  if (isfinite (torque))
    {
      sums->torque += torque;
      sums->n_torque++;
    }
  if (isfinite (power))
    {
      sums->power += power;
      sums->n_power++;
    }
}

static guint
home_of (const DynoVeResult *result,
         gsize               row)
{
  return result->homes[0][row] != DYNO_NO_CELL ? result->homes[0][row] : result->homes[1][row];
}

static void
add_run (const DynoVeResult *result,
         const DynoVeRun    *run,
         const Columns      *columns,
         Sums               *sums)
{
  for (gsize i = 0; i < run->n; i++)
    {
      guint home = home_of (result, run->first + i);

      if (home != DYNO_NO_CELL)
        add_row (&sums[home], columns, i);
    }
}

DynoLoadMap *
dyno_load_map_new (const DynoVeResult *result)
{
  g_autoptr(DynoLoadMap) self = g_new0 (DynoLoadMap, 1);
  g_autofree Sums *sums = g_new0 (Sums, result->n_cells);
  gboolean has_any = FALSE;

  for (guint i = 0; i < result->set->n_runs; i++)
    {
      const DynoVeRun *run = &result->set->runs[i];
      Columns columns;

      if (!find_columns (run, &columns, &self->is_corrected))
        continue;
      has_any = TRUE;
      add_run (result, run, &columns, sums);
    }
  if (!has_any)
    return NULL;

  self->torque_nm = g_new (double, result->n_cells);
  self->power_kw = g_new (double, result->n_cells);
  for (guint i = 0; i < result->n_cells; i++)
    {
      self->torque_nm[i] = sums[i].n_torque > 0 ? sums[i].torque / sums[i].n_torque : NAN;
      self->power_kw[i] = sums[i].n_power > 0 ? sums[i].power / sums[i].n_power : NAN;
    }

  return g_steal_pointer (&self);
}

void
dyno_load_map_free (DynoLoadMap *self)
{
  if (self == NULL)
    return;

  g_free (self->torque_nm);
  g_free (self->power_kw);
  g_free (self);
}
