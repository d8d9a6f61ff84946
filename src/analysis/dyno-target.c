/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-target.h"

#include <math.h>

struct _DynoTarget
{
  DynoAxis  keys;
  double    afr[DYNO_AXIS_MAX];
  DynoGrid *grid; /* (owned) (nullable): then the table by MAP is unused */
};

static const double default_kpa[] = { 20, 30, 40, 50, 60, 70, 80, 90, 100 };
static const double default_afr[] = { 14.7, 14.7, 14.5, 14.0, 13.5, 13.0, 12.8, 12.5, 12.2 };

static gboolean
is_afr (double              value,
        DynoAnalysisError **error)
{
  if (value >= 6 && value <= 35)
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_TABLE,
                           "Every cell of a target table must hold an AFR from 6 to 35.");

  return FALSE;
}

DynoTarget *
dyno_target_new_default (void)
{
  return dyno_target_new_by_map (default_kpa, default_afr, G_N_ELEMENTS (default_kpa), NULL);
}

DynoTarget *
dyno_target_new_by_map (const double       *kpa,
                        const double       *afr,
                        guint               n,
                        DynoAnalysisError **error)
{
  g_autoptr(DynoTarget) self = g_new0 (DynoTarget, 1);

  if (!dyno_axis_init (&self->keys, kpa, n, error))
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      if (!is_afr (afr[i], error))
        return NULL;
      self->afr[i] = afr[i];
    }

  return g_steal_pointer (&self);
}

DynoTarget *
dyno_target_new_grid (const DynoGrid     *grid,
                      DynoAnalysisError **error)
{
  DynoTarget *self;

  for (guint i = 0; i < dyno_grid_shape_cells (&grid->shape); i++)
    {
      if (!is_afr (grid->values[i], error))
        return NULL;
    }
  self = g_new0 (DynoTarget, 1);
  self->grid = dyno_grid_copy (grid);

  return self;
}

DynoTarget *
dyno_target_copy (const DynoTarget *self)
{
  DynoTarget *copy = g_memdup2 (self, sizeof *self);

  if (self->grid != NULL)
    copy->grid = dyno_grid_copy (self->grid);

  return copy;
}

void
dyno_target_free (DynoTarget *self)
{
  if (self == NULL)
    return;

  dyno_grid_free (self->grid);
  g_free (self);
}

double
dyno_target_afr (const DynoTarget *self,
                 double            rpm,
                 double            map_kpa)
{
  double u;
  guint i;

  if (self->grid != NULL)
    return dyno_grid_interpolate (self->grid, rpm, map_kpa);
  if (isnan (map_kpa))
    return NAN;
  i = dyno_axis_locate (&self->keys, map_kpa, 0, &u);

  return self->afr[i] + u * (self->afr[i + 1] - self->afr[i]);
}

const DynoGrid *
dyno_target_grid (const DynoTarget *self)
{
  return self->grid;
}

const DynoAxis *
dyno_target_keys (const DynoTarget *self,
                  const double    **afr)
{
  if (self->grid != NULL)
    return NULL;
  *afr = self->afr;

  return &self->keys;
}
