/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bike-engine.h"

#include <math.h>

#include "dyno-units.h"

#define KGM2_PER_LBFT2 0.04214011009380480
#define CURVE_POINTS 1000
#define CURVE_HALF_WINDOW 4

static const DynoBikePoint twin114_points[] = {
  { 1000, 118 },   { 1500, 132 }, { 2000, 146 },   { 2500, 158 }, { 3000, 164.5 },
  { 3200, 165.4 }, { 3500, 165 }, { 4000, 162.5 }, { 4500, 160 }, { 5000, 156.7 },
  { 5300, 146 },   { 5600, 134 }, { 5800, 124 },   { 6200, 90 },
};

static const DynoBikePoint four20_points[] = {
  { 1000, 120 }, { 1500, 140 }, { 2000, 158 }, { 2500, 170 }, { 3000, 180 },
  { 3500, 188 }, { 4000, 194 }, { 4500, 196 }, { 5000, 190 }, { 5500, 175 },
  { 6000, 158 }, { 6200, 152 }, { 6500, 140 }, { 7000, 105 },
};

/* The drum of analysis.md 6.3 in the units of this file (there per m/s), and the
 * weather in which no standard of SAE corrects anything. */
#define MOTORCYCLE_DYNO                                                                           \
  .m_eff_kg = 450, .c0_n = 12.28, .c1_n_per_kmh = 0.328 / 3.6, .c2_n_per_kmh2 = 0.01647 / 12.96,  \
  .baro_kpa = 99, .ambient_c = 25, .humidity_pct = 0, .overrun_per_s = 0.18

static const DynoBikeEngine engines[] = {
  {
      .name = "twin114", .title = "V-twin 114 on an RT-150", .air = DYNO_BIKE_AIR_MANIFOLD,
      .displacement_ci = 114, .idle_rpm = 900, .redline_rpm = 5800, .start_rpm = 2000,
      .points = twin114_points, .n_points = G_N_ELEMENTS (twin114_points),
      .drag0_nm = 12, .drag1_nm_per_rpm = 0.004,
      .m_eff_kg = 236.2, .c0_n = 6.7, .c1_n_per_kmh = 0.05, .c2_n_per_kmh2 = 0.0007,
      .baro_kpa = 100.58, .ambient_c = 28.75, .humidity_pct = 45,
      .gears = { { 4, 36 }, { 5, 30.5 }, { 6, 26 } },
  },
  {
      .name = "four20", .title = "Four-cylinder 2.0 on a car dyno", .air = DYNO_BIKE_AIR_MANIFOLD,
      .displacement_ci = 122, .idle_rpm = 850, .redline_rpm = 6800, .start_rpm = 2000,
      .points = four20_points, .n_points = G_N_ELEMENTS (four20_points),
      .drag0_nm = 10, .drag1_nm_per_rpm = 0.004,
      .m_eff_kg = 1310, .c0_n = 12.3, .c1_n_per_kmh = 0.092, .c2_n_per_kmh2 = 0.00127,
      .baro_kpa = 82.63, .ambient_c = 16.12, .humidity_pct = 30.07,
      .gears = { { 4, 40 } },
  },
  {
      .name = "m8_114", .title = "Milwaukee-Eight 114", .air = DYNO_BIKE_AIR_THROTTLE,
      .displacement_ci = 114, .idle_rpm = 900, .redline_rpm = 5800, .start_rpm = 900,
      .peak_hp = 110, .peak_hp_rpm = 5000, .peak_lbft = 122, .peak_lbft_rpm = 3200,
      .peak_ve = 0.88, .inertia_kgm2 = 0.85 * KGM2_PER_LBFT2, MOTORCYCLE_DYNO,
      .gears = { { 4, 36 } },
  },
  {
      .name = "m8_131", .title = "Milwaukee-Eight 131", .air = DYNO_BIKE_AIR_THROTTLE,
      .displacement_ci = 131, .idle_rpm = 900, .redline_rpm = 5600, .start_rpm = 900,
      .peak_hp = 145, .peak_hp_rpm = 5000, .peak_lbft = 158, .peak_lbft_rpm = 3500,
      .peak_ve = 0.90, .inertia_kgm2 = 0.9 * KGM2_PER_LBFT2, MOTORCYCLE_DYNO,
      .gears = { { 4, 32 } },
  },
  {
      .name = "twin_cam_103", .title = "Twin Cam 103", .air = DYNO_BIKE_AIR_THROTTLE,
      .displacement_ci = 103, .idle_rpm = 900, .redline_rpm = 5500, .start_rpm = 900,
      .peak_hp = 85, .peak_hp_rpm = 4800, .peak_lbft = 100, .peak_lbft_rpm = 3000,
      .peak_ve = 0.85, .inertia_kgm2 = 0.75 * KGM2_PER_LBFT2, MOTORCYCLE_DYNO,
      .gears = { { 4, 40 } },
  },
  {
      .name = "sportbike_600", .title = "Sport bike 600", .air = DYNO_BIKE_AIR_THROTTLE,
      .displacement_ci = 36.6, .idle_rpm = 1200, .redline_rpm = 14500, .start_rpm = 1200,
      .peak_hp = 118, .peak_hp_rpm = 13500, .peak_lbft = 48, .peak_lbft_rpm = 10500,
      .peak_ve = 0.95, .inertia_kgm2 = 0.25 * KGM2_PER_LBFT2, MOTORCYCLE_DYNO,
      .gears = { { 4, 100 } },
  },
};

const DynoBikeEngine *
dyno_bike_engine_at (guint index)
{
  return index < G_N_ELEMENTS (engines) ? &engines[index] : NULL;
}

const DynoBikeEngine *
dyno_bike_engine_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (engines); i++)
    {
      if (g_strcmp0 (engines[i].name, name) == 0)
        return &engines[i];
    }

  return NULL;
}

double
dyno_bike_curve_at (const GArray *curve,
                    double        rpm)
{
  const DynoBikePoint *points = (const DynoBikePoint *) (gconstpointer) curve->data;
  guint low = 0;
  guint high = curve->len - 1;

  if (rpm <= points[0].rpm)
    return points[0].torque_nm;
  if (rpm >= points[high].rpm)
    return points[high].torque_nm;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;

      if (rpm < points[middle].rpm)
        high = middle;
      else
        low = middle;
    }

  return points[low].torque_nm
         + (points[high].torque_nm - points[low].torque_nm) * (rpm - points[low].rpm)
               / (points[high].rpm - points[low].rpm);
}

static double
smoothstep (double low,
            double high,
            double x)
{
  double s = CLAMP ((x - low) / (high - low), 0, 1);

  return s * s * (3 - 2 * s);
}

static void
append_point (GArray *curve,
              double  rpm,
              double  torque_nm)
{
  DynoBikePoint point = { rpm, torque_nm };

  g_array_append_val (curve, point);
}

/* At the horse power's peak the torque that makes it, never above the torque's. */
static double
torque_at_power_peak_nm (const DynoBikeEngine *self)
{
  return MIN (self->peak_lbft, self->peak_hp * DYNO_LBFT_RPM_PER_HP / self->peak_hp_rpm)
         * DYNO_NM_PER_LBFT;
}

/* Straight lines through idle, both peaks and redline. (transfer full) */
static GArray *
corner_curve (const DynoBikeEngine *self)
{
  double peak_nm = self->peak_lbft * DYNO_NM_PER_LBFT;
  double power_peak_nm = torque_at_power_peak_nm (self);
  GArray *corners = g_array_new (FALSE, FALSE, sizeof (DynoBikePoint));

  append_point (corners, self->idle_rpm, 0.35 * peak_nm);
  append_point (corners, self->peak_lbft_rpm, peak_nm);
  append_point (corners, self->peak_hp_rpm, power_peak_nm);
  append_point (corners, self->redline_rpm, 0.78 * power_peak_nm);

  return corners;
}

/* Mean over nine points; the window is cut at the ends, not padded. (transfer full) */
static GArray *
smoothed_curve (const DynoBikeEngine *self)
{
  g_autoptr(GArray) corners = corner_curve (self);
  GArray *curve = g_array_sized_new (FALSE, FALSE, sizeof (DynoBikePoint), CURVE_POINTS);
  double step = (self->redline_rpm - self->idle_rpm) / (CURVE_POINTS - 1);

  for (int i = 0; i < CURVE_POINTS; i++)
    {
      int first = MAX (i - CURVE_HALF_WINDOW, 0);
      int last = MIN (i + CURVE_HALF_WINDOW, CURVE_POINTS - 1);
      double sum = 0;

      for (int j = first; j <= last; j++)
        sum += dyno_bike_curve_at (corners, self->idle_rpm + j * step);
      append_point (curve, self->idle_rpm + i * step, sum / (last - first + 1));
    }

  return curve;
}

static void
scale_curve (GArray *curve,
             double  factor)
{
  for (guint i = 0; i < curve->len; i++)
    g_array_index (curve, DynoBikePoint, i).torque_nm *= factor;
}

/* Lifts what smoothing took from the two peaks. */
static void
restore_peaks (const DynoBikeEngine *self,
               GArray               *curve)
{
  double lift;

  scale_curve (curve, self->peak_lbft * DYNO_NM_PER_LBFT
                          / dyno_bike_curve_at (curve, self->peak_lbft_rpm));
  lift = torque_at_power_peak_nm (self) / dyno_bike_curve_at (curve, self->peak_hp_rpm) - 1;
  for (guint i = 0; i < curve->len; i++)
    {
      DynoBikePoint *point = &g_array_index (curve, DynoBikePoint, i);

      point->torque_nm *= 1 + lift * smoothstep (self->peak_lbft_rpm, self->peak_hp_rpm, point->rpm);
    }
}

GArray *
dyno_bike_engine_curve (const DynoBikeEngine *self)
{
  GArray *curve;

  if (self->points == NULL)
    {
      curve = smoothed_curve (self);
      restore_peaks (self, curve);
      return curve;
    }

  curve = g_array_sized_new (FALSE, FALSE, sizeof (DynoBikePoint), self->n_points);
  g_array_append_vals (curve, self->points, self->n_points);

  return curve;
}

/* What the throttle plate lets through, of the full stroke. */
static double
plate_share (double tps_pct)
{
  return 0.05 + 0.95 * tps_pct / 100;
}

static double
full_throttle_ve (const DynoBikeEngine *self,
                  double                rpm)
{
  double x = (rpm / self->peak_lbft_rpm - 1) / 0.45;

  if (rpm < self->peak_lbft_rpm)
    return self->peak_ve * exp (-0.5 * x * x);

  return self->peak_ve
         * (1 - 0.14 * smoothstep (self->peak_hp_rpm, self->redline_rpm, rpm));
}

static double
manifold_map (const DynoBikeEngine *self,
              double                rpm,
              double                tps_pct)
{
  return self->baro_kpa * (0.27 + 0.70 * pow (tps_pct / 100, 0.7))
         * (1 - 0.03 * rpm / self->redline_rpm * tps_pct / 100);
}

static double
throttle_map (const DynoBikeEngine *self,
              double                rpm,
              double                tps_pct)
{
  double span = (rpm - self->idle_rpm) / (self->redline_rpm - self->idle_rpm);
  double ve = full_throttle_ve (self, rpm) * plate_share (tps_pct);

  return (30 + 0.7 * tps_pct) * (0.92 + 0.08 * ve) * (1 - 0.03 * span);
}

double
dyno_bike_engine_map (const DynoBikeEngine *self,
                      double                rpm,
                      double                tps_pct)
{
  return self->air == DYNO_BIKE_AIR_MANIFOLD ? manifold_map (self, rpm, tps_pct)
                                             : throttle_map (self, rpm, tps_pct);
}

double
dyno_bike_engine_load (const DynoBikeEngine *self,
                       double                map_kpa,
                       double                tps_pct)
{
  if (self->air == DYNO_BIKE_AIR_THROTTLE)
    return plate_share (tps_pct);

  return CLAMP ((map_kpa / self->baro_kpa - 0.27) / 0.70, 0, 1);
}
