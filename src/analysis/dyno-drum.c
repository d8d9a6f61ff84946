/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-drum.h"

#include "dyno-units.h"

void
dyno_drum_to_us (const DynoDrum *self,
                 DynoDrumUs     *us)
{
  us->mass_lbf_s_per_mph = self->m_eff_kg / DYNO_KG_PER_LBF_S_PER_MPH;
  us->c0_lbf = self->c0_n / DYNO_N_PER_LBF;
  us->c1_lbf_per_mph = self->c1_n_per_kmh * DYNO_KMH_PER_MPH / DYNO_N_PER_LBF;
  us->c2_lbf_per_mph2 = self->c2_n_per_kmh2 * DYNO_KMH_PER_MPH * DYNO_KMH_PER_MPH / DYNO_N_PER_LBF;
}

double
dyno_drum_losses_n (const DynoDrum *self,
                    double          speed_kmh)
{
  return self->c0_n + self->c1_n_per_kmh * speed_kmh + self->c2_n_per_kmh2 * speed_kmh * speed_kmh;
}

double
dyno_drum_loss_kw (const DynoDrum *self,
                   double          speed_kmh)
{
  return dyno_drum_power_kw (dyno_drum_losses_n (self, speed_kmh), speed_kmh);
}

double
dyno_drum_force_n (const DynoDrum *self,
                   double          speed_kmh,
                   double          accel_ms2)
{
  return self->m_eff_kg * accel_ms2 + dyno_drum_losses_n (self, speed_kmh);
}

double
dyno_drum_speed_kmh (double circumference_m,
                     double drum_rpm)
{
  return circumference_m * drum_rpm / 60 * 3.6;
}

double
dyno_drum_power_kw (double force_n,
                    double speed_kmh)
{
  return force_n * speed_kmh / 3600;
}

double
dyno_drum_inertia_kgm2 (double mass_kg,
                        double circumference_m)
{
  double radius_m = circumference_m / (2 * G_PI);

  return mass_kg * radius_m * radius_m / 2;
}
