/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The drum of an inertia dyno: its equivalent mass at the surface and what it
 * loses (analysis.md 2.6, jetdrive.md 4). Speeds in km/h. */

typedef struct
{
  double m_eff_kg;
  double c0_n;
  double c1_n_per_kmh;
  double c2_n_per_kmh2;
} DynoDrum;

#define DYNO_KG_PER_SLUG 14.59390293720636
/* m [kg] of x lbf/(mph/s) */
#define DYNO_KG_PER_LBF_S_PER_MPH (4.4482216152605 / 0.44704)

/* The same in the units of its maker: lbf/(mph/s), lbf, lbf/mph, lbf/mph². */
typedef struct
{
  double mass_lbf_s_per_mph;
  double c0_lbf;
  double c1_lbf_per_mph;
  double c2_lbf_per_mph2;
} DynoDrumUs;

/* The drum that is shipped: 14.121 slug, 4.673 ft round. */
#define DYNO_DRUM_SLUGS 14.121
#define DYNO_DRUM_CIRCUMFERENCE_M (4.673 * 0.3048)

void   dyno_drum_to_us           (const DynoDrum *self,
                                  DynoDrumUs     *us);
double dyno_drum_losses_n        (const DynoDrum *self,
                                  double          speed_kmh);
double dyno_drum_loss_kw         (const DynoDrum *self,
                                  double          speed_kmh);
/* Force at the surface that gives this acceleration in m/s². */
double dyno_drum_force_n         (const DynoDrum *self,
                                  double          speed_kmh,
                                  double          accel_ms2);
/* Surface speed of a drum that turns at `drum_rpm`. */
double dyno_drum_speed_kmh       (double          circumference_m,
                                  double          drum_rpm);
double dyno_drum_power_kw        (double          force_n,
                                  double          speed_kmh);
/* Of a solid drum of that mass: ½ m r². */
double dyno_drum_inertia_kgm2    (double          mass_kg,
                                  double          circumference_m);

G_END_DECLS
