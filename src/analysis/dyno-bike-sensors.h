/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-bike.h"

G_BEGIN_DECLS

/* What the instruments of the virtual dyno read: the state with noise. Each
 * noisy quantity has a stream of its own, and what a dyno computes (power,
 * torque, correction, gear ratio) comes from the noised numbers, so that the
 * channels of one reading agree with each other (jetdrive.md 4). */

typedef struct _DynoBikeSensors DynoBikeSensors;

typedef struct
{
  gint64 t_ms;
  double rpm;            /* of the dyno's own pick-up */
  double ecu_rpm;        /* the same engine, other noise */
  double speed_kmh;      /* the drum's quantities have no value below 0.5 km/h: NaN */
  double accel_kmh_s;
  double distance_m;
  double force_n;
  double power_kw;       /* uncorrected */
  double torque_nm;      /* uncorrected */
  double power_corr_kw;
  double torque_corr_nm;
  double correction;     /* sae-1990 of the weather in this reading */
  double gear_ratio;     /* 1/min per km/h */
  double tps_pct;
  double map_kpa;
  double target_afr;
  double afr[DYNO_BIKE_CYLINDERS];
  double ve_pct[DYNO_BIKE_CYLINDERS];
  double baro_kpa;
  double ambient_c;
  double humidity_pct;
  double iat_c;
  double engine_c;
} DynoBikeReading;

/* `scale` 1 is the noise of jetdrive.md 12.2 (of one reading of a millisecond: rpm 0.3 %,
 * force 1.5 %; rpm and force are told as the mean of 50; AFR 0.12; weather wandering by
 * 0.01 %), 0 is exact. */
DynoBikeSensors *dyno_bike_sensors_new  (guint64              seed,
                                         double               scale);
void             dyno_bike_sensors_free (DynoBikeSensors     *self);
/* Draws new noise at each call. */
void             dyno_bike_sensors_read (DynoBikeSensors     *self,
                                         const DynoBikeState *state,
                                         DynoBikeReading     *reading);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBikeSensors, dyno_bike_sensors_free)

G_END_DECLS
