/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The engines of the virtual dyno. An engine is a set of parameters of one
 * model: a torque curve at full throttle, the law by which the throttle lets air
 * in, drag, drum and weather. `twin114` and `four20` are those of jetdrive.md
 * 12.2 (fixed curves), the others those of analysis.md 6.2 (curve from the two
 * peaks of a data sheet). */

#define DYNO_BIKE_MAX_GEARS 3

/* How throttle and engine speed make manifold pressure and torque. */
typedef enum
{
  DYNO_BIKE_AIR_MANIFOLD, /* jetdrive.md 12.2: load from the pressure ratio, drag below it */
  DYNO_BIKE_AIR_THROTTLE, /* analysis.md 6.2: VE from speed and throttle, heat and density count */
} DynoBikeAir;

typedef struct
{
  double rpm;
  double torque_nm;
} DynoBikePoint;

typedef struct
{
  int    number;
  double rpm_per_kmh;
} DynoBikeGear;

typedef struct
{
  const char          *name;         /* "twin114" */
  const char          *title;
  DynoBikeAir          air;
  double               displacement_ci;
  double               idle_rpm;
  double               redline_rpm;
  double               start_rpm;    /* where a pull begins */
  const DynoBikePoint *points;       /* the curve; NULL: made from the peaks below */
  guint                n_points;
  double               peak_hp;
  double               peak_hp_rpm;
  double               peak_lbft;
  double               peak_lbft_rpm;
  double               peak_ve;      /* 0…1 */
  double               drag0_nm;     /* of the closed engine */
  double               drag1_nm_per_rpm;
  double               overrun_per_s; /* speed lost a second with the throttle shut; 0: by drag */
  double               inertia_kgm2; /* of the engine, beside the drum's equivalent mass */
  double               m_eff_kg;
  double               c0_n;
  double               c1_n_per_kmh;
  double               c2_n_per_kmh2;
  double               baro_kpa;
  double               ambient_c;
  double               humidity_pct;
  DynoBikeGear         gears[DYNO_BIKE_MAX_GEARS]; /* number 0 ends the list; the first is the default */
} DynoBikeEngine;

/* The engines, "twin114" first; NULL behind the last. */
const DynoBikeEngine *dyno_bike_engine_at    (guint                 index);
/* NULL for a name nobody knows. */
const DynoBikeEngine *dyno_bike_engine_find  (const char           *name);

/* Full-throttle torque at the drum in the weather the figures belong to, as a
 * table of ascending rpm. (transfer full): an array of DynoBikePoint. */
GArray               *dyno_bike_engine_curve (const DynoBikeEngine *self);
/* Between the points linear, held beyond the ends. */
double                dyno_bike_curve_at     (const GArray         *curve,
                                              double                rpm);

/* Manifold pressure in kPa at a throttle of 0…100 %. Rises with the throttle. */
double                dyno_bike_engine_map   (const DynoBikeEngine *self,
                                              double                rpm,
                                              double                tps_pct);
/* The share of full torque, 0…1, that this throttle gives. */
double                dyno_bike_engine_load  (const DynoBikeEngine *self,
                                              double                map_kpa,
                                              double                tps_pct);

G_END_DECLS
