/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bike.h"

#include <math.h>

#include "dyno-correction.h"
#include "dyno-units.h"

#define STEP_S 0.001
#define THROTTLE_PCT_PER_S 200
#define N_PER_NM_GEAR (2 * G_PI * 3.6 / 60) /* drum force of 1 N·m at 1 rpm per km/h */
#define VE_BASE_PCT 85
#define LIMITER_RPM 200 /* the torque is gone this far above redline */

typedef enum
{
  DRIVE_THROTTLE,
  DRIVE_ACCEL,
  DRIVE_HOLD,
} Drive;

typedef struct
{
  double rpm;
  double map_kpa;
} Point;

struct _DynoBike
{
  const DynoBikeEngine *engine;  /* (borrowed) */
  GArray               *curve;   /* (owned) DynoBikePoint */
  double                peak_nm; /* of the curve */
  DynoBikeMixture      *mixture; /* (owned) */
  DynoBikeGear          gear;

  Drive                 drive;
  double                wanted_tps_pct;
  double                wanted_brake_n;
  double                wanted_accel_kmh_s;
  Point                 ramp_from;
  Point                 ramp_to;
  gint64                ramp_begin_ms;
  double                ramp_ms;
  Point                 solved;     /* the point that solved_tps_pct belongs to */
  double                solved_tps_pct;

  gint64                t_ms;
  double                speed_kmh;
  double                distance_m;
  double                tps_pct;
  double                iat_c;
  double                engine_c;
  DynoBikeState         state;

  DynoBikeFigures       figures;
  gint64                figures_begin_ms;
  double                figures_begin_m;
};

static double
fahrenheit (double celsius)
{
  return celsius * 1.8 + 32;
}

static double
celsius (double degrees_f)
{
  return (degrees_f - 32) / 1.8;
}

static double
engine_rpm (const DynoBike *self)
{
  return MAX (self->gear.rpm_per_kmh * self->speed_kmh, self->engine->idle_rpm);
}

/* Mass at the drum's surface with what turns in the engine. */
static double
total_mass_kg (const DynoBike *self)
{
  double per_m = N_PER_NM_GEAR * self->gear.rpm_per_kmh;

  return self->engine->m_eff_kg + self->engine->inertia_kgm2 * per_m * per_m;
}

static double
losses_n (const DynoBike *self)
{
  double v = self->speed_kmh;

  return self->engine->c0_n + self->engine->c1_n_per_kmh * v + self->engine->c2_n_per_kmh2 * v * v;
}

/* Air density against the reference of SAE, and what a cold or hot engine loses. */
static double
air_factor (const DynoBike *self)
{
  const DynoBikeState *s = &self->state;
  double dry_hpa;
  double over_f;

  if (self->engine->air == DYNO_BIKE_AIR_MANIFOLD)
    return 1;

  dry_hpa = s->baro_kpa * 10 - dyno_correction_vapour_hpa (s->ambient_c, s->humidity_pct);
  over_f = fahrenheit (self->engine_c) - 180;

  return dry_hpa / 990 * 298.15 / (self->iat_c + 273.15)
         * (over_f < 0 ? 1 + 0.001 * over_f : 1 - 0.0015 * over_f)
         * (s->is_knocking ? 0.96 : 1);
}

static double
limiter (const DynoBike *self,
         double          rpm)
{
  return CLAMP (1 - (rpm - self->engine->redline_rpm) / LIMITER_RPM, 0, 1);
}

static double
engine_nm (const DynoBike *self,
           double          rpm,
           double          tps_pct)
{
  const DynoBikeEngine *engine = self->engine;
  double map_kpa = dyno_bike_engine_map (engine, rpm, tps_pct);
  double load = dyno_bike_engine_load (engine, map_kpa, tps_pct);
  double full_nm = dyno_bike_curve_at (self->curve, rpm) * limiter (self, rpm) * air_factor (self);

  return full_nm * load - (engine->drag0_nm + engine->drag1_nm_per_rpm * rpm) * (1 - load);
}

/* The throttle at which `value` is `wanted`; both rise together. */
static double
solve_throttle (const DynoBike *self,
                double          rpm,
                double          wanted,
                double        (*value) (const DynoBike *, double, double))
{
  double low = 0;
  double high = 100;

  for (int i = 0; i < 40; i++)
    {
      double middle = (low + high) / 2;

      if (value (self, rpm, middle) < wanted)
        low = middle;
      else
        high = middle;
    }

  return high < 1e-9 ? 0 : (low + high) / 2;
}

static double
map_at (const DynoBike *self,
        double          rpm,
        double          tps_pct)
{
  return dyno_bike_engine_map (self->engine, rpm, tps_pct);
}

static Point
ramp_point (const DynoBike *self,
            gint64          t_ms)
{
  double passed = (double) (t_ms - self->ramp_begin_ms);
  double share = self->ramp_ms > 0 ? CLAMP (passed / self->ramp_ms, 0, 1) : 1;
  Point point = {
    self->ramp_from.rpm + share * (self->ramp_to.rpm - self->ramp_from.rpm),
    self->ramp_from.map_kpa + share * (self->ramp_to.map_kpa - self->ramp_from.map_kpa),
  };

  return share < 1 ? point : self->ramp_to;
}

static double
wanted_throttle (DynoBike *self)
{
  double rpm = engine_rpm (self);
  Point point;

  switch (self->drive)
    {
    case DRIVE_ACCEL:
      return solve_throttle (self, rpm,
                             (losses_n (self) + total_mass_kg (self) * self->wanted_accel_kmh_s / 3.6)
                                 / (N_PER_NM_GEAR * self->gear.rpm_per_kmh),
                             engine_nm);
    case DRIVE_HOLD:
      point = ramp_point (self, self->t_ms);
      if (point.rpm != self->solved.rpm || point.map_kpa != self->solved.map_kpa)
        self->solved_tps_pct = solve_throttle (self, rpm, point.map_kpa, map_at);
      self->solved = point;
      return self->solved_tps_pct;
    case DRIVE_THROTTLE:
    default:
      return self->wanted_tps_pct;
    }
}

static void
move_throttle (DynoBike *self)
{
  double step = THROTTLE_PCT_PER_S * STEP_S;

  self->tps_pct = CLAMP (wanted_throttle (self), self->tps_pct - step, self->tps_pct + step);
  self->tps_pct = CLAMP (self->tps_pct, 0, 100);
}

/* In gear with the throttle shut, engines without a drag law lose a fixed share
 * of their speed a second. */
static gboolean
is_overrunning (const DynoBike *self)
{
  return self->drive == DRIVE_THROTTLE && self->engine->overrun_per_s > 0 && self->tps_pct <= 0;
}

static double
engine_force_n (const DynoBike *self,
                double          torque_nm)
{
  /* Below idle speed the clutch slips; with the throttle shut it is pulled. */
  if (self->state.is_slipping)
    return self->tps_pct > 0 ? N_PER_NM_GEAR * self->gear.rpm_per_kmh * MAX (torque_nm, 0) : 0;
  if (is_overrunning (self))
    return losses_n (self)
           - total_mass_kg (self) * self->engine->overrun_per_s * self->speed_kmh / 3.6;

  return N_PER_NM_GEAR * self->gear.rpm_per_kmh * torque_nm;
}

static double
held_accel_kmh_s (const DynoBike *self)
{
  double next_kmh = ramp_point (self, self->t_ms + 1).rpm / self->gear.rpm_per_kmh;

  return (next_kmh - self->speed_kmh) / STEP_S;
}

/* `free_n` is what would accelerate the drum if the brake were off. */
static double
brake_n (const DynoBike *self,
         double          free_n)
{
  switch (self->drive)
    {
    case DRIVE_ACCEL:
      return MAX (0, free_n - total_mass_kg (self) * self->wanted_accel_kmh_s / 3.6);
    case DRIVE_HOLD:
      return free_n - total_mass_kg (self) * held_accel_kmh_s (self) / 3.6;
    case DRIVE_THROTTLE:
    default:
      return self->wanted_brake_n;
    }
}

static void
balance_forces (DynoBike *self,
                double    force_n)
{
  DynoBikeState *s = &self->state;
  double free_n = force_n - losses_n (self);

  s->brake_n = brake_n (self, free_n);
  s->accel_kmh_s = 3.6 * (free_n - s->brake_n) / total_mass_kg (self);
  if (self->speed_kmh <= 0 && s->accel_kmh_s <= 0)
    {
      /* At rest nothing rolls backwards and the drum shows no force. */
      s->accel_kmh_s = 0;
      s->brake_n = 0;
      s->force_n = 0;
      return;
    }
  s->force_n =
      self->engine->m_eff_kg * s->accel_kmh_s / 3.6 + losses_n (self) + s->brake_n;
}

/* analysis.md 6.2, last paragraph. */
static void
judge_knock (DynoBike *self)
{
  DynoBikeState *s = &self->state;
  double lean = s->mixture.afr[0] - s->mixture.target_afr;
  double iat_f = fahrenheit (self->iat_c);
  double engine_f = fahrenheit (self->engine_c);
  double risk = 0;

  if (self->engine->air == DYNO_BIKE_AIR_MANIFOLD)
    return;

  if (s->tps_pct > 80 && lean > 1)
    risk += 0.4 * MIN (1, (lean - 1) / 2);
  if (iat_f > 120)
    risk += 0.25 * MIN (1, (iat_f - 120) / 30);
  if (engine_f > 200)
    risk += 0.2 * MIN (1, (engine_f - 200) / 40);
  if (s->tps_pct > 85 && s->rpm > self->engine->peak_hp_rpm)
    risk += 0.15 * s->rpm / self->engine->redline_rpm * s->tps_pct / 100;
  s->knock_risk = MIN (risk, 1);
  s->is_knocking = (s->tps_pct > 80 && lean > 2) || iat_f > 140;
}

static void
evaluate (DynoBike *self)
{
  DynoBikeState *s = &self->state;
  double shape;

  s->t_ms = self->t_ms;
  s->gear = self->gear.number;
  s->rpm_per_kmh = self->gear.rpm_per_kmh;
  s->rpm = engine_rpm (self);
  s->is_slipping = self->gear.rpm_per_kmh * self->speed_kmh < self->engine->idle_rpm * (1 - 1e-9);
  s->speed_kmh = self->speed_kmh;
  s->distance_m = self->distance_m;
  s->tps_pct = self->tps_pct;
  s->map_kpa = dyno_bike_engine_map (self->engine, s->rpm, s->tps_pct);
  s->load = dyno_bike_engine_load (self->engine, s->map_kpa, s->tps_pct);
  s->engine_nm = engine_nm (self, s->rpm, s->tps_pct);
  balance_forces (self, engine_force_n (self, s->engine_nm));
  s->power_kw = s->force_n * s->speed_kmh / 3600;
  s->torque_nm = DYNO_NM_RPM_PER_KW * s->power_kw / s->rpm;
  s->iat_c = self->iat_c;
  s->engine_c = self->engine_c;
  shape = dyno_bike_curve_at (self->curve, s->rpm) / self->peak_nm;
  for (guint c = 0; c < DYNO_BIKE_CYLINDERS; c++)
    s->ve_pct[c] = VE_BASE_PCT * s->mixture.factor[c] * shape;
}

static void
warm_up (DynoBike *self)
{
  double ambient_c = self->state.ambient_c;
  double power_hp = self->state.power_kw * 1000 / DYNO_W_PER_HP;
  double over_f;

  if (self->engine->air == DYNO_BIKE_AIR_MANIFOLD)
    {
      self->engine_c += (90 - self->engine_c) * STEP_S / 60;
      self->iat_c += (ambient_c + 12 - self->iat_c) * STEP_S / 90;
      return;
    }

  over_f = MAX (0, fahrenheit (self->engine_c) - 180);
  self->engine_c +=
      (power_hp - (fahrenheit (self->engine_c) - fahrenheit (ambient_c))) * 0.005 * STEP_S / 1.8;
  self->engine_c = CLAMP (self->engine_c, ambient_c + 20 / 1.8, celsius (250));
  self->iat_c += (ambient_c + 0.3 * over_f / 1.8 - self->iat_c) * 0.1 * STEP_S;
}

static void
note_figures (DynoBike *self)
{
  const DynoBikeState *s = &self->state;
  DynoBikeFigures *f = &self->figures;

  f->max_accel_kmh_s = MAX (f->max_accel_kmh_s, s->accel_kmh_s);
  if (s->power_kw > f->peak_power_kw)
    {
      f->peak_power_kw = s->power_kw;
      f->peak_power_rpm = s->rpm;
    }
  if (s->torque_nm > f->peak_torque_nm)
    {
      f->peak_torque_nm = s->torque_nm;
      f->peak_torque_rpm = s->rpm;
    }
}

static void
step (DynoBike *self)
{
  move_throttle (self);
  evaluate (self);
  dyno_bike_mixture_step (self->mixture, self->state.rpm, self->state.map_kpa,
                          &self->state.mixture);
  judge_knock (self);
  note_figures (self);
  warm_up (self);

  self->speed_kmh = MAX (0, self->speed_kmh + self->state.accel_kmh_s * STEP_S);
  self->distance_m += self->speed_kmh / 3.6 * STEP_S;
  self->t_ms++;
}

DynoBike *
dyno_bike_new (const DynoBikeEngine *engine)
{
  DynoBike *self = g_new0 (DynoBike, 1);

  self->engine = engine;
  self->curve = dyno_bike_engine_curve (engine);
  for (guint i = 0; i < self->curve->len; i++)
    self->peak_nm = MAX (self->peak_nm, g_array_index (self->curve, DynoBikePoint, i).torque_nm);
  self->mixture = dyno_bike_mixture_new ();
  self->gear = engine->gears[0];
  dyno_bike_set_weather (self, engine->baro_kpa, engine->ambient_c, engine->humidity_pct);
  /* Both kinds of engine come to the dyno warm. */
  self->engine_c = engine->air == DYNO_BIKE_AIR_MANIFOLD ? 82 : celsius (180);
  self->iat_c = engine->ambient_c;
  dyno_bike_place (self, 0);
  dyno_bike_begin_figures (self);

  return self;
}

void
dyno_bike_free (DynoBike *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->curve);
  dyno_bike_mixture_free (self->mixture);
  g_free (self);
}

const DynoBikeEngine *
dyno_bike_engine (const DynoBike *self)
{
  return self->engine;
}

DynoBikeMixture *
dyno_bike_mixture (DynoBike *self)
{
  return self->mixture;
}

gboolean
dyno_bike_set_gear (DynoBike *self,
                    int       gear)
{
  for (guint i = 0; i < DYNO_BIKE_MAX_GEARS; i++)
    {
      if (gear != 0 && self->engine->gears[i].number == gear)
        {
          self->gear = self->engine->gears[i];
          return TRUE;
        }
    }

  return FALSE;
}

void
dyno_bike_set_weather (DynoBike *self,
                       double    baro_kpa,
                       double    ambient_c,
                       double    humidity_pct)
{
  self->state.baro_kpa = baro_kpa;
  self->state.ambient_c = ambient_c;
  self->state.humidity_pct = humidity_pct;
}

void
dyno_bike_place (DynoBike *self,
                 double    rpm)
{
  self->speed_kmh = rpm / self->gear.rpm_per_kmh;
  self->tps_pct = 0;
  dyno_bike_command_throttle (self, 0, 0);
  dyno_bike_mixture_settle (self->mixture, engine_rpm (self),
                            dyno_bike_engine_map (self->engine, engine_rpm (self), 0),
                            &self->state.mixture);
  evaluate (self);
}

void
dyno_bike_command_throttle (DynoBike *self,
                            double    tps_pct,
                            double    wanted_brake_n)
{
  self->drive = DRIVE_THROTTLE;
  self->wanted_tps_pct = CLAMP (tps_pct, 0, 100);
  self->wanted_brake_n = wanted_brake_n;
}

void
dyno_bike_command_accel (DynoBike *self,
                         double    kmh_per_s)
{
  self->drive = DRIVE_ACCEL;
  self->wanted_accel_kmh_s = kmh_per_s;
}

void
dyno_bike_command_hold (DynoBike *self,
                        double    rpm,
                        double    map_kpa,
                        double    ramp_s)
{
  self->ramp_from.rpm = self->gear.rpm_per_kmh * self->speed_kmh;
  self->ramp_from.map_kpa = self->state.map_kpa;
  self->ramp_to.rpm = rpm;
  self->ramp_to.map_kpa = map_kpa;
  self->ramp_begin_ms = self->t_ms;
  self->ramp_ms = ramp_s * 1000;
  self->solved.rpm = NAN;
  self->drive = DRIVE_HOLD;
}

void
dyno_bike_advance (DynoBike *self,
                   guint     n_ms)
{
  for (guint i = 0; i < n_ms; i++)
    step (self);
}

const DynoBikeState *
dyno_bike_state (const DynoBike *self)
{
  return &self->state;
}

gint64
dyno_bike_time_ms (const DynoBike *self)
{
  return self->t_ms;
}

void
dyno_bike_begin_figures (DynoBike *self)
{
  const DynoBikeFigures none = { .start_kmh = self->speed_kmh };

  self->figures = none;
  self->figures_begin_ms = self->t_ms;
  self->figures_begin_m = self->distance_m;
}

void
dyno_bike_figures (const DynoBike  *self,
                   DynoBikeFigures *figures)
{
  const DynoBikeState *s = &self->state;

  *figures = self->figures;
  figures->duration_s = (double) (self->t_ms - self->figures_begin_ms) / 1000;
  figures->end_kmh = self->speed_kmh;
  figures->distance_m = self->distance_m - self->figures_begin_m;
  figures->sae_factor = dyno_correction_factor (DYNO_STANDARD_SAE_1990, s->baro_kpa * 10,
                                                s->ambient_c, s->humidity_pct);
  figures->peak_power_corr_kw = figures->peak_power_kw * figures->sae_factor;
  figures->peak_torque_corr_nm = figures->peak_torque_nm * figures->sae_factor;
}

gboolean
dyno_bike_pull (DynoBike        *self,
                DynoBikeFigures *figures)
{
  double end_rpm = 0.98 * self->engine->redline_rpm;
  gint64 deadline_ms = self->t_ms + 120000;

  dyno_bike_place (self, self->engine->start_rpm);
  dyno_bike_begin_figures (self);
  dyno_bike_command_throttle (self, 100, 0);
  while (self->gear.rpm_per_kmh * self->speed_kmh < end_rpm && self->t_ms < deadline_ms)
    step (self);
  dyno_bike_figures (self, figures);

  return self->t_ms < deadline_ms;
}
