/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-grid.h"

#include <math.h>
#include <string.h>

static const double rpm_11[] = { 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000, 5500, 6000, 6500 };
static const double kpa_9[] = { 20, 30, 40, 50, 60, 70, 80, 90, 100 };
static const double kpa_5[] = { 35, 50, 65, 80, 95 };

static gboolean
refuse_number (const char         *what,
               double              value,
               DynoAnalysisError **error)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%g", value);
  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_AXIS, "The axis value %s %s.", text, what);

  return FALSE;
}

gboolean
dyno_axis_init (DynoAxis           *axis,
                const double       *values,
                guint               n,
                DynoAnalysisError **error)
{
  if (n < 2 || n > DYNO_AXIS_MAX)
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_AXIS,
                               "An axis has 2 to %d values, not %u.", DYNO_AXIS_MAX, n);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      if (!isfinite (values[i]))
        return refuse_number ("is not a number", values[i], error);
      if (i > 0 && values[i] <= values[i - 1])
        return refuse_number ("is not above the one before it", values[i], error);
    }

  memset (axis, 0, sizeof *axis);
  axis->n = n;
  memcpy (axis->at, values, n * sizeof (double));

  return TRUE;
}

gboolean
dyno_axis_init_padded (DynoAxis           *axis,
                       const double       *values,
                       guint               n,
                       DynoAnalysisError **error)
{
  guint used = MIN (n, 1);

  while (used < n && values[used] > values[used - 1])
    used++;

  return dyno_axis_init (axis, values, used, error);
}

gboolean
dyno_axis_equal (const DynoAxis *a,
                 const DynoAxis *b)
{
  return a->n == b->n && memcmp (a->at, b->at, a->n * sizeof (double)) == 0;
}

guint
dyno_axis_nearest (const DynoAxis *axis,
                   double          value)
{
  double fraction;

  return dyno_axis_nearer (axis, value, dyno_axis_locate (axis, value, 0, &fraction));
}

gboolean
dyno_grid_shape_named (DynoGridShape *shape,
                       const char    *name)
{
  if (g_strcmp0 (name, "11x9") == 0)
    return dyno_axis_init (&shape->rpm, rpm_11, G_N_ELEMENTS (rpm_11), NULL)
           && dyno_axis_init (&shape->load, kpa_9, G_N_ELEMENTS (kpa_9), NULL);
  if (g_strcmp0 (name, "11x5") == 0)
    return dyno_axis_init (&shape->rpm, rpm_11, G_N_ELEMENTS (rpm_11), NULL)
           && dyno_axis_init (&shape->load, kpa_5, G_N_ELEMENTS (kpa_5), NULL);

  return FALSE;
}

gboolean
dyno_grid_shape_equal (const DynoGridShape *a,
                       const DynoGridShape *b)
{
  return dyno_axis_equal (&a->rpm, &b->rpm) && dyno_axis_equal (&a->load, &b->load);
}

guint
dyno_grid_shape_cells (const DynoGridShape *shape)
{
  return shape->rpm.n * shape->load.n;
}

DynoGrid *
dyno_grid_new (const DynoGridShape *shape)
{
  DynoGrid *self = g_new (DynoGrid, 1);
  guint n = dyno_grid_shape_cells (shape);

  self->shape = *shape;
  self->values = g_new (double, n);
  self->hits = g_new0 (guint32, n);
  for (guint i = 0; i < n; i++)
    self->values[i] = NAN;

  return self;
}

DynoGrid *
dyno_grid_copy (const DynoGrid *self)
{
  DynoGrid *copy = g_memdup2 (self, sizeof *self);
  guint n = dyno_grid_shape_cells (&self->shape);

  copy->values = g_memdup2 (self->values, n * sizeof (double));
  copy->hits = g_memdup2 (self->hits, n * sizeof (guint32));

  return copy;
}

void
dyno_grid_free (DynoGrid *self)
{
  if (self == NULL)
    return;

  g_free (self->values);
  g_free (self->hits);
  g_free (self);
}

guint
dyno_grid_shape_shares (const DynoGridShape *shape,
                        double               rpm,
                        double               load,
                        DynoGridShare        shares[DYNO_GRID_SHARES])
{
  double u;
  double w;
  guint n_columns = shape->load.n;
  guint cell = dyno_axis_locate (&shape->rpm, rpm, 0, &u) * n_columns
               + dyno_axis_locate (&shape->load, load, 0, &w);
  const DynoGridShare all[] = { { cell, (1 - u) * (1 - w) },
                                { cell + 1, (1 - u) * w },
                                { cell + n_columns, u * (1 - w) },
                                { cell + n_columns + 1, u * w } };
  guint n = 0;

  for (guint i = 0; i < DYNO_GRID_SHARES; i++)
    {
      if (all[i].weight > 0)
        shares[n++] = all[i];
    }

  return n;
}

/* NaN in a cell without weight does not spoil the answer. */
double
dyno_grid_interpolate (const DynoGrid *self,
                       double          rpm,
                       double          load)
{
  DynoGridShare shares[DYNO_GRID_SHARES];
  double value = 0;
  guint n;

  if (isnan (rpm) || isnan (load))
    return NAN;

  n = dyno_grid_shape_shares (&self->shape, rpm, load, shares);
  for (guint i = 0; i < n; i++)
    value += shares[i].weight * self->values[shares[i].cell];

  return value;
}
