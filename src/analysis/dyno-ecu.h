/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-grid.h"

G_BEGIN_DECLS

/* A speed-density engine computer with tables of 11x9 for VE and target mixture,
 * and the engine that it believes to know (analysis.md 6.4). Where its VE table is
 * wrong, the mixture is: that is what tuning has to find. */

typedef struct
{
  DynoGrid *ve;         /* (owned) 0.3…1.5 */
  DynoGrid *target_afr; /* (owned) 10…18 */
} DynoEcu;

/* What the engine really breathes, 0.4…1.2. */
double   dyno_ecu_actual_ve     (double          rpm,
                                 double          map_kpa);
/* The formula behind the target table. */
double   dyno_ecu_wanted_afr    (double          map_kpa);

/* Both tables right. */
DynoEcu *dyno_ecu_new           (void);
/* Of the same axes as the one it has; copied. */
void     dyno_ecu_set_ve        (DynoEcu        *self,
                                 const DynoGrid *ve);
void     dyno_ecu_free          (DynoEcu        *self);

/* Table look-up: bilinear, extrapolated in straight lines, within the tables'
 * limits. */
double   dyno_ecu_ve            (const DynoEcu  *self,
                                 double          rpm,
                                 double          map_kpa);
double   dyno_ecu_target_afr    (const DynoEcu  *self,
                                 double          rpm,
                                 double          map_kpa);
/* Air in one cylinder at full VE, mg. */
double   dyno_ecu_air_mg        (double          displacement_ci,
                                 guint           cylinders,
                                 double          map_kpa,
                                 double          temperature_c);
/* Fuel that is delivered for that air, mg. */
double   dyno_ecu_fuel_mg       (const DynoEcu  *self,
                                 double          rpm,
                                 double          map_kpa,
                                 double          air_mg);
/* What burns when the engine breathes `actual_ve`: 8…20. */
double   dyno_ecu_resulting_afr (const DynoEcu  *self,
                                 double          rpm,
                                 double          map_kpa,
                                 double          actual_ve);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoEcu, dyno_ecu_free)

G_END_DECLS
