/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-decel-overlay.h"

#define FLOOR 0.05
#define CEILING 0.30
#define POP_COUNTS 0.3
#define POP_ADDS 0.05
#define SHUT_TPS 7.0

static const double rpm_bounds[DYNO_DECEL_RPM_ZONES + 1] = { 1500, 2500, 3500, 4500, 5500 };
static const double tps_bounds[DYNO_DECEL_TPS_ZONES + 1] = { 0, 2, 5, SHUT_TPS };

static const double base[DYNO_DECEL_RPM_ZONES][DYNO_DECEL_TPS_ZONES] = {
  { 0.22, 0.17, 0.10 },
  { 0.18, 0.12, 0.08 },
  { 0.12, 0.08, 0.05 },
  { 0.10, 0.06, 0.04 },
};

static const double multipliers[DYNO_N_DECEL_SEVERITIES] = { 0.7, 1.0, 1.3 };
static const double wizard_bases[DYNO_N_DECEL_SEVERITIES] = { 0.12, 0.18, 0.25 };

double
dyno_decel_pop (const DynoDecelEvent *event)
{
  double pop = fmax (event->pop[0], event->pop[1]);

  return isnan (pop) ? 0 : pop;
}

/* FALSE outside the bounds. */
static gboolean
find_zone (const double *bounds,
           guint         n,
           double        value,
           gboolean      is_open,
           guint        *zone)
{
  for (*zone = 0; *zone < n; (*zone)++)
    {
      if (value >= bounds[*zone] && value < bounds[*zone + 1])
        return TRUE;
    }
  *zone = n - 1;

  return !is_open && value == bounds[n];
}

static gboolean
find_both (double   rpm,
           double   tps_pct,
           gboolean is_open,
           guint   *row,
           guint   *column)
{
  return find_zone (rpm_bounds, DYNO_DECEL_RPM_ZONES, rpm, is_open, row)
         && find_zone (tps_bounds, DYNO_DECEL_TPS_ZONES, tps_pct, is_open, column);
}

static void
add_event (DynoDecelZones       *zones,
           const DynoDecelEvent *event,
           gboolean              at_end)
{
  double rpm = at_end ? event->end_rpm : event->start_rpm;
  double tps = at_end ? event->end_tps_pct : fmin (event->start_tps_pct, SHUT_TPS);
  double pop = dyno_decel_pop (event);
  guint row;
  guint column;

  if (pop < POP_COUNTS || !find_both (rpm, tps, at_end, &row, &column))
    return;

  zones->at[row][column] = fmin (CEILING, zones->at[row][column] + POP_ADDS * pop);
}

void
dyno_decel_zones_init (DynoDecelZones       *zones,
                       DynoDecelSeverity     severity,
                       const DynoDecelEvent *events,
                       guint                 n_events,
                       gboolean              at_end)
{
  g_return_if_fail (severity < DYNO_N_DECEL_SEVERITIES);

  for (guint r = 0; r < DYNO_DECEL_RPM_ZONES; r++)
    {
      for (guint t = 0; t < DYNO_DECEL_TPS_ZONES; t++)
        zones->at[r][t] = base[r][t] * multipliers[severity];
    }
  for (guint i = 0; i < n_events; i++)
    add_event (zones, &events[i], at_end);
  for (guint r = 0; r < DYNO_DECEL_RPM_ZONES; r++)
    {
      for (guint t = 0; t < DYNO_DECEL_TPS_ZONES; t++)
        zones->at[r][t] = fmax (zones->at[r][t], FLOOR);
    }
}

double
dyno_decel_zones_find (const DynoDecelZones *zones,
                       double                rpm,
                       double                tps_pct,
                       gboolean              is_open)
{
  guint row;
  guint column;

  return find_both (rpm, tps_pct, is_open, &row, &column) ? zones->at[row][column] : NAN;
}

/* Lower pressure, smaller opening: the original's guess. */
static double
inferred_tps (double kpa)
{
  return kpa / DYNO_DECEL_KPA * SHUT_TPS;
}

DynoGrid *
dyno_decel_overlay (const DynoDecelZones *zones,
                    const DynoGridShape  *shape,
                    const double         *tps_pct)
{
  DynoGrid *overlay = dyno_grid_new (shape);

  for (guint i = 0; i < dyno_grid_shape_cells (shape); i++)
    {
      double kpa = shape->load.at[i % shape->load.n];
      double tps = tps_pct != NULL ? tps_pct[i] : NAN;

      if (kpa <= DYNO_DECEL_KPA)
        overlay->values[i] = dyno_decel_zones_find (zones, shape->rpm.at[i / shape->load.n],
                                                    isnan (tps) ? inferred_tps (kpa) : tps, FALSE);
    }

  return overlay;
}

DynoGrid *
dyno_decel_overlay_compat (const DynoDecelZones *zones,
                           const DynoGridShape  *shape)
{
  DynoGrid *overlay = dyno_grid_new (shape);

  for (guint i = 0; i < dyno_grid_shape_cells (shape); i++)
    {
      double kpa = shape->load.at[i % shape->load.n];
      double value = dyno_decel_zones_find (zones, shape->rpm.at[i / shape->load.n],
                                            inferred_tps (kpa), TRUE);

      overlay->values[i] = kpa > DYNO_DECEL_KPA || isnan (value) ? 0 : value;
    }

  return overlay;
}

static double
wizard_speed_factor (double rpm)
{
  if (rpm < 2000)
    return 1.2;
  if (rpm < 3000)
    return 1.0;

  return rpm < 4000 ? 0.8 : 0.6;
}

DynoGrid *
dyno_decel_wizard (const DynoGridShape *shape,
                   DynoDecelSeverity    severity,
                   double               cam_multiplier)
{
  DynoGrid *overlay = dyno_grid_new (shape);

  g_return_val_if_fail (severity < DYNO_N_DECEL_SEVERITIES, overlay);

  for (guint i = 0; i < dyno_grid_shape_cells (shape); i++)
    {
      double rpm = shape->rpm.at[i / shape->load.n];
      double kpa = shape->load.at[i % shape->load.n];
      gboolean is_decel = kpa <= DYNO_DECEL_KPA && rpm >= 1750 && rpm <= 5500;
      double value = wizard_bases[severity] * wizard_speed_factor (rpm)
                     * (1 - 0.4 * kpa / DYNO_DECEL_KPA) * cam_multiplier;

      overlay->values[i] = is_decel ? fmin (value, CEILING) : 0;
    }

  return overlay;
}
