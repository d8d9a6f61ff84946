/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-pull-power.h"

G_BEGIN_DECLS

/* A power curve over what the asker wants below it: GET /runs/{id}/power. */

typedef enum
{
  DYNO_CURVE_OVER_RPM,
  DYNO_CURVE_OVER_SPEED,
  DYNO_CURVE_OVER_TIME,     /* from the beginning of the pull */
  DYNO_CURVE_OVER_DISTANCE, /* likewise, on the drum */
  DYNO_N_CURVE_AXES
} DynoCurveAxis;

/* Between bars, as DynoField has words. */
#define DYNO_CURVE_AXES "rpm|speed|time|distance"

/* FALSE for a word that is none of these. */
gboolean dyno_curve_axis_find (const char          *name,
                               DynoCurveAxis       *axis);

/* {"x","curve":[{"rpm","speed_kmh","time_s","distance_m","power_kw","torque_nm","afr",
 * "map_kpa"}],"peaks","correction","no_curve","smoothing","warnings"}: a point every 50 rpm,
 * 1 km/h, 0.05 s or 1 m, between those of the curve linear. The curve is empty where the
 * run does not have that axis, and `no_curve` says so. */
void     dyno_shape_curve     (DynoJsonWriter      *w,
                               const DynoPullPower *power,
                               DynoCurveAxis        axis);

G_END_DECLS
