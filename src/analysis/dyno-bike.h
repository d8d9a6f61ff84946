/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-bike-engine.h"
#include "dyno-bike-mixture.h"

G_BEGIN_DECLS

/* A motorcycle on an inertia dyno with an eddy brake: the one integrator
 * (jetdrive.md 12.2, analysis.md 6), 1 ms semi-implicit Euler on a clock of its
 * own. Nothing here is random: noise is what dyno-bike-sensors.h adds.
 *
 *   g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
 *   dyno_bike_place (bike, 2000);
 *   dyno_bike_command_throttle (bike, 100, 0);
 *   while (dyno_bike_state (bike)->rpm < 0.98 * 5800)
 *     dyno_bike_advance (bike, 20);
 *
 * Speeds are km/h, accelerations km/h/s, as on the wire. One thread at a time. */

typedef struct _DynoBike DynoBike;

/* The model at one instant; all of it belongs together. */
typedef struct
{
  gint64               t_ms;
  int                  gear;
  double               rpm_per_kmh;
  double               rpm;             /* never below idle: the clutch slips there */
  gboolean             is_slipping;
  double               speed_kmh;
  double               accel_kmh_s;
  double               distance_m;
  double               tps_pct;
  double               map_kpa;
  double               load;            /* 0…1, share of full torque */
  double               engine_nm;       /* at the drum, before inertia; negative is motoring */
  double               brake_n;         /* of the eddy brake; negative: the dyno motors */
  double               force_n;         /* what the drum shows */
  double               power_kw;        /* force · speed, uncorrected */
  double               torque_nm;       /* of that power at this rpm */
  double               baro_kpa;
  double               ambient_c;
  double               humidity_pct;
  double               iat_c;
  double               engine_c;
  double               ve_pct[DYNO_BIKE_CYLINDERS]; /* what the ECU's table holds, corrected */
  double               knock_risk;      /* 0…1; engines of analysis.md 6.2 only */
  gboolean             is_knocking;
  DynoBikeMixtureState mixture;
} DynoBikeState;

/* What a stretch really made, without noise. */
typedef struct
{
  double duration_s;
  double start_kmh;
  double end_kmh;
  double distance_m;
  double max_accel_kmh_s;
  double peak_power_kw;       /* uncorrected */
  double peak_power_rpm;
  double peak_torque_nm;      /* uncorrected */
  double peak_torque_rpm;
  double sae_factor;          /* sae-1990 of the bike's weather */
  double peak_power_corr_kw;
  double peak_torque_corr_nm;
} DynoBikeFigures;

/* `engine` must outlive the bike (those of dyno-bike-engine.h do). It stands at
 * rest, in the first gear of its list, without error, throttle shut. */
DynoBike             *dyno_bike_new              (const DynoBikeEngine *engine);
void                  dyno_bike_free             (DynoBike             *self);
const DynoBikeEngine *dyno_bike_engine           (const DynoBike       *self);
/* Errors, corrections and sensor of its mixture, for the setters there. */
DynoBikeMixture      *dyno_bike_mixture          (DynoBike             *self);

/* FALSE for a gear that the engine does not list. The speed stays. */
gboolean              dyno_bike_set_gear         (DynoBike             *self,
                                                  int                   gear);
void                  dyno_bike_set_weather      (DynoBike             *self,
                                                  double                baro_kpa,
                                                  double                ambient_c,
                                                  double                humidity_pct);
/* Rolls in gear at that engine speed, throttle shut, sensors settled; 0 is rest.
 * The clock goes on, the distance stays. */
void                  dyno_bike_place            (DynoBike             *self,
                                                  double                rpm);

/* Throttle (moves at 200 %/s) and a constant brake force. */
void                  dyno_bike_command_throttle (DynoBike             *self,
                                                  double                tps_pct,
                                                  double                brake_n);
/* Keeps this acceleration: by throttle, and by the brake where a shut throttle
 * is too much. 0 keeps the speed. */
void                  dyno_bike_command_accel    (DynoBike             *self,
                                                  double                kmh_per_s);
/* Load control: holds engine speed and MAP after a ramp; the throttle is solved,
 * the brake takes or gives what is left. A MAP out of reach: shut or wide open. */
void                  dyno_bike_command_hold     (DynoBike             *self,
                                                  double                rpm,
                                                  double                map_kpa,
                                                  double                ramp_s);

void                  dyno_bike_advance          (DynoBike             *self,
                                                  guint                 n_ms);
/* As of the last millisecond computed; valid until the bike is freed. */
const DynoBikeState  *dyno_bike_state            (const DynoBike       *self);
gint64                dyno_bike_time_ms          (const DynoBike       *self);

/* Peaks and sums from here on. */
void                  dyno_bike_begin_figures    (DynoBike             *self);
void                  dyno_bike_figures          (const DynoBike       *self,
                                                  DynoBikeFigures      *figures);
/* A whole pull at once: placed at the engine's start speed, full throttle to
 * 0.98 redline. FALSE when that was not reached in 120 s. */
gboolean              dyno_bike_pull             (DynoBike             *self,
                                                  DynoBikeFigures      *figures);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBike, dyno_bike_free)

G_END_DECLS
