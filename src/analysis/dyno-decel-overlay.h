/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-grid.h"
#include "dyno-ve-options.h"
#include "dyno-ve-run.h"

G_BEGIN_DECLS

/* Fuel for a shut throttle by speed and throttle, and laid over a VE table
 * (analysis.md 4.3). Fractions: 0.1 is 10 % more. Plain values, any thread. */

#define DYNO_DECEL_RPM_ZONES 4 /* 1500, 2500, 3500, 4500 … 5500 1/min */
#define DYNO_DECEL_TPS_ZONES 3 /* 0, 2, 5 … 7 % */
#define DYNO_DECEL_KPA 45.0    /* cells above are not decel */

typedef struct
{
  double at[DYNO_DECEL_RPM_ZONES][DYNO_DECEL_TPS_ZONES];
} DynoDecelZones;

/* The throttle closed from row `first` to row `last`. */
typedef struct
{
  gsize  first;
  gsize  last;
  double start_rpm;
  double end_rpm;
  double start_tps_pct;
  double end_tps_pct;
  double duration_ms;
  double max_afr[DYNO_VE_CYLINDERS]; /* NaN without a reading of 9…20 */
  double pop[DYNO_VE_CYLINDERS];     /* 0…1; NaN without */
} DynoDecelEvent;

/* The larger of both cylinders; 0 where neither has a value. */
double    dyno_decel_pop          (const DynoDecelEvent *event);

/* Base values for the severity, more where events popped, never below 0.05.
 * `at_end` puts an event into the zone it ends in, as the original did, not into
 * the one it starts from; a throttle above 7 % at the start counts as 7 %. */
void      dyno_decel_zones_init   (DynoDecelZones       *zones,
                                   DynoDecelSeverity     severity,
                                   const DynoDecelEvent *events,
                                   guint                 n_events,
                                   gboolean              at_end);
/* NaN outside. Upper bounds belong to the next zone; those of the last zones to
 * them, unless `is_open`. */
double    dyno_decel_zones_find   (const DynoDecelZones *zones,
                                   double                rpm,
                                   double                tps_pct,
                                   gboolean              is_open);

/* Cells up to 45 kPa. `tps_pct` has the throttle measured in each cell, NaN where
 * there is none: there, and everywhere when it is NULL, it follows from the
 * pressure (kPa/45 · 7). NaN in cells that are no decel. (transfer full) */
DynoGrid *dyno_decel_overlay      (const DynoDecelZones *zones,
                                   const DynoGridShape  *shape,
                                   const double         *tps_pct);
/* The same as the original laid it: upper bounds open, 0 for cells that are no
 * decel. (transfer full) */
DynoGrid *dyno_decel_overlay_compat (const DynoDecelZones *zones,
                                     const DynoGridShape  *shape);
/* The preset that knows no log: by severity and the cam's multiplier, 0 outside
 * 1750…5500 1/min and above 45 kPa. (transfer full) */
DynoGrid *dyno_decel_wizard       (const DynoGridShape  *shape,
                                   DynoDecelSeverity     severity,
                                   double                cam_multiplier);

G_END_DECLS
