/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ecu.h"

#include <math.h>

#define M3_PER_CI 1.63871e-5 /* with the digits of the specification */
#define AIR_J_PER_KG_K 287.05
#define KELVIN 273.15

double
dyno_ecu_actual_ve (double rpm,
                    double map_kpa)
{
  double x = (rpm / 4000 - 1) / 0.4;

  return CLAMP (0.85 * exp (-0.5 * x * x) * (0.7 + 0.3 * map_kpa / 100), 0.4, 1.2);
}

double
dyno_ecu_wanted_afr (double map_kpa)
{
  return 14 - 1.5 * CLAMP ((map_kpa - 20) / 80, 0, 1);
}

DynoEcu *
dyno_ecu_new (void)
{
  DynoEcu *self = g_new (DynoEcu, 1);
  DynoGridShape shape;

  dyno_grid_shape_named (&shape, "11x9");
  self->ve = dyno_grid_new (&shape);
  self->target_afr = dyno_grid_new (&shape);
  for (guint i = 0; i < dyno_grid_shape_cells (&shape); i++)
    {
      double map_kpa = shape.load.at[i % shape.load.n];

      self->ve->values[i] = dyno_ecu_actual_ve (shape.rpm.at[i / shape.load.n], map_kpa);
      self->target_afr->values[i] = dyno_ecu_wanted_afr (map_kpa);
    }

  return self;
}

void
dyno_ecu_set_ve (DynoEcu        *self,
                 const DynoGrid *ve)
{
  g_return_if_fail (dyno_grid_shape_equal (&ve->shape, &self->ve->shape));

  dyno_grid_free (self->ve);
  self->ve = dyno_grid_copy (ve);
}

void
dyno_ecu_free (DynoEcu *self)
{
  if (self == NULL)
    return;

  dyno_grid_free (self->ve);
  dyno_grid_free (self->target_afr);
  g_free (self);
}

static guint
locate_beyond (const DynoAxis *axis,
               double          value,
               double         *fraction)
{
  guint i = dyno_axis_locate (axis, value, 0, fraction);

  *fraction = (value - axis->at[i]) / (axis->at[i + 1] - axis->at[i]);

  return i;
}

static double
look_up (const DynoGrid *table,
         double          rpm,
         double          map_kpa)
{
  guint columns = table->shape.load.n;
  double u;
  double w;
  const double *cell = table->values + locate_beyond (&table->shape.rpm, rpm, &u) * columns;

  cell += locate_beyond (&table->shape.load, map_kpa, &w);

  return (1 - u) * (1 - w) * cell[0] + (1 - u) * w * cell[1] + u * (1 - w) * cell[columns]
         + u * w * cell[columns + 1];
}

double
dyno_ecu_ve (const DynoEcu *self,
             double         rpm,
             double         map_kpa)
{
  return CLAMP (look_up (self->ve, rpm, map_kpa), 0.3, 1.5);
}

double
dyno_ecu_target_afr (const DynoEcu *self,
                     double         rpm,
                     double         map_kpa)
{
  return CLAMP (look_up (self->target_afr, rpm, map_kpa), 10, 18);
}

double
dyno_ecu_air_mg (double displacement_ci,
                 guint  cylinders,
                 double map_kpa,
                 double temperature_c)
{
  return 1e6 * map_kpa * 1000 * (displacement_ci / cylinders * M3_PER_CI)
         / (AIR_J_PER_KG_K * (temperature_c + KELVIN));
}

double
dyno_ecu_fuel_mg (const DynoEcu *self,
                  double         rpm,
                  double         map_kpa,
                  double         air_mg)
{
  return air_mg / dyno_ecu_target_afr (self, rpm, map_kpa) * dyno_ecu_ve (self, rpm, map_kpa);
}

double
dyno_ecu_resulting_afr (const DynoEcu *self,
                        double         rpm,
                        double         map_kpa,
                        double         actual_ve)
{
  return CLAMP (dyno_ecu_target_afr (self, rpm, map_kpa) * actual_ve
                    / dyno_ecu_ve (self, rpm, map_kpa), 8, 20);
}
