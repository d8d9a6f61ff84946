/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bike-sensors.h"

#include <math.h>

#include "dyno-correction.h"
#include "dyno-noise.h"
#include "dyno-units.h"

/* One reading of a millisecond (jetdrive.md 12.2). What an instrument tells is the mean
 * of its last 50, as with real ones: the force of real logs moves by 0.02 % from row to
 * row, and a curve of raw readings would peak 2 % too high. */
#define MEAN_OF 50
#define RPM_SHARE 0.003
#define FORCE_SHARE 0.015
#define AFR_STEP 0.12
#define WANDER_SHARE 1e-4
#define DRUM_MOVES_KMH 0.5

typedef enum
{
  STREAM_RPM,
  STREAM_ECU_RPM,
  STREAM_FORCE,
  STREAM_AFR_FRONT,
  STREAM_AFR_REAR,
  STREAM_WEATHER, /* phases only */
  N_STREAMS
} Stream;

struct _DynoBikeSensors
{
  double    scale;
  DynoNoise streams[N_STREAMS];
  double    phases[3]; /* of the slow wander of baro, temperature, humidity; 0…1 */
};

DynoBikeSensors *
dyno_bike_sensors_new (guint64 seed,
                       double  scale)
{
  DynoBikeSensors *self = g_new0 (DynoBikeSensors, 1);

  self->scale = scale;
  for (guint i = 0; i < N_STREAMS; i++)
    dyno_noise_init (&self->streams[i], seed, i);
  for (guint i = 0; i < G_N_ELEMENTS (self->phases); i++)
    self->phases[i] = dyno_noise_uniform (&self->streams[STREAM_WEATHER]);

  return self;
}

void
dyno_bike_sensors_free (DynoBikeSensors *self)
{
  g_free (self);
}

static double
noise (DynoBikeSensors *self,
       Stream           stream,
       double           sigma)
{
  double normal = dyno_noise_normal (&self->streams[stream]);

  return self->scale > 0 ? normal * sigma * self->scale : 0;
}

/* The same for the mean of readings. */
static double
mean_noise (DynoBikeSensors *self,
            Stream           stream,
            double           sigma)
{
  return noise (self, stream, sigma / sqrt (MEAN_OF));
}

/* Weather moves slowly: a sine of 97, 131 or 173 s. */
static double
wander (const DynoBikeSensors *self,
        guint                  which,
        gint64                 t_ms)
{
  static const double periods_ms[] = { 97000, 131000, 173000 };

  return 1 + WANDER_SHARE * self->scale
                 * sin (2 * G_PI * ((double) t_ms / periods_ms[which] + self->phases[which]));
}

static void
read_weather (const DynoBikeSensors *self,
              const DynoBikeState   *state,
              DynoBikeReading       *r)
{
  r->baro_kpa = state->baro_kpa * wander (self, 0, state->t_ms);
  r->ambient_c = state->ambient_c * wander (self, 1, state->t_ms);
  r->humidity_pct = state->humidity_pct * wander (self, 2, state->t_ms);
  r->correction = dyno_correction_factor (DYNO_STANDARD_SAE_1990, r->baro_kpa * 10, r->ambient_c,
                                          r->humidity_pct);
}

static void
read_drum (DynoBikeSensors     *self,
           const DynoBikeState *state,
           DynoBikeReading     *r)
{
  gboolean moves = state->speed_kmh >= DRUM_MOVES_KMH;

  r->speed_kmh = moves ? state->speed_kmh : NAN;
  r->accel_kmh_s = moves ? state->accel_kmh_s : NAN;
  r->distance_m = moves ? state->distance_m : NAN;
  r->force_n = (moves ? state->force_n : NAN) * (1 + mean_noise (self, STREAM_FORCE, FORCE_SHARE));
  r->power_kw = r->force_n * r->speed_kmh / 3600;
  r->torque_nm = DYNO_NM_RPM_PER_KW * r->power_kw / r->rpm;
  r->power_corr_kw = r->correction * r->power_kw;
  r->torque_corr_nm = r->correction * r->torque_nm;
  r->gear_ratio = r->rpm / r->speed_kmh;
}

void
dyno_bike_sensors_read (DynoBikeSensors     *self,
                        const DynoBikeState *state,
                        DynoBikeReading     *reading)
{
  DynoBikeReading *r = reading;

  r->t_ms = state->t_ms;
  r->rpm = state->rpm * (1 + mean_noise (self, STREAM_RPM, RPM_SHARE));
  r->ecu_rpm = state->rpm * (1 + mean_noise (self, STREAM_ECU_RPM, RPM_SHARE));
  read_weather (self, state, r);
  read_drum (self, state, r);
  r->tps_pct = state->tps_pct;
  r->map_kpa = state->map_kpa;
  r->target_afr = state->mixture.target_afr;
  for (guint c = 0; c < DYNO_BIKE_CYLINDERS; c++)
    {
      r->afr[c] = state->mixture.sensed_afr[c]
                  + noise (self, c == 0 ? STREAM_AFR_FRONT : STREAM_AFR_REAR, AFR_STEP);
      r->ve_pct[c] = state->ve_pct[c];
    }
  r->iat_c = state->iat_c;
  r->engine_c = state->engine_c;
}
