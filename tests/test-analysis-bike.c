/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bike-sensors.h"
#include "dyno-bike.h"
#include "dyno-test.h"
#include "dyno-units.h"

#include <math.h>
#include <string.h>

static double
number (const DynoJson *object,
        const char     *name)
{
  double value = dyno_json_get_number (object, name, NAN);

  g_assert_false (isnan (value));

  return value;
}

static void
assert_share (double value,
              double wanted,
              double share)
{
  dyno_assert_near (value / wanted, 1, share);
}

static void
assert_parameters (const DynoBikeEngine *engine,
                   const DynoJson       *row)
{
  const DynoJson *curve = dyno_json_member (row, "curve");

  g_assert_cmpuint (engine->n_points, ==, dyno_json_n_elements (curve));
  for (guint i = 0; i < engine->n_points; i++)
    {
      const DynoJson *point = dyno_json_element (curve, i);

      g_assert_cmpfloat (engine->points[i].rpm, ==,
                         dyno_json_number (dyno_json_element (point, 0), NAN));
      g_assert_cmpfloat (engine->points[i].torque_nm, ==,
                         dyno_json_number (dyno_json_element (point, 1), NAN));
    }
  g_assert_cmpfloat (engine->idle_rpm, ==, number (row, "idle"));
  g_assert_cmpfloat (engine->redline_rpm, ==, number (row, "redline"));
  g_assert_cmpfloat (engine->start_rpm, ==, number (row, "rpm_start"));
  g_assert_cmpfloat (engine->drag0_nm, ==, number (row, "drag0"));
  g_assert_cmpfloat (engine->drag1_nm_per_rpm, ==, number (row, "drag1"));
  g_assert_cmpfloat (engine->m_eff_kg, ==, number (row, "m_eff"));
  g_assert_cmpfloat (engine->c0_n, ==, number (row, "c0"));
  g_assert_cmpfloat (engine->c1_n_per_kmh, ==, number (row, "c1"));
  g_assert_cmpfloat (engine->c2_n_per_kmh2, ==, number (row, "c2"));
  g_assert_cmpfloat (engine->gears[0].rpm_per_kmh, ==, number (row, "gear"));
  g_assert_cmpfloat (engine->baro_kpa, ==, number (row, "p"));
  g_assert_cmpfloat (engine->ambient_c, ==, number (row, "t"));
  g_assert_cmpfloat (engine->humidity_pct, ==, number (row, "rh"));
}

static void
assert_pull (const DynoBikeFigures *f,
             const DynoJson        *row)
{
  double share = number (row, "tolerance");

  g_assert_cmpfloat (share, ==, 0.01);
  assert_share (f->duration_s, number (row, "duration_s"), share);
  assert_share (f->start_kmh, number (row, "speed_start_kmh"), share);
  assert_share (f->end_kmh, number (row, "speed_end_kmh"), share);
  assert_share (f->distance_m, number (row, "distance_m"), share);
  assert_share (f->peak_power_kw, number (row, "peak_power_unc_kw"), share);
  assert_share (f->peak_power_rpm, number (row, "peak_power_rpm"), share);
  assert_share (f->peak_torque_nm, number (row, "peak_torque_unc_nm"), share);
  assert_share (f->peak_torque_rpm, number (row, "peak_torque_rpm"), share);
  assert_share (f->max_accel_kmh_s, number (row, "max_accel_kmh_s"), share);
  assert_share (f->sae_factor, number (row, "sae_factor"), 0.0005);
  assert_share (f->peak_power_corr_kw, number (row, "peak_power_corr_kw"), share);
}

static void
test_vectors (void)
{
  g_autoptr(DynoJson) vectors = dyno_test_shared_json ("jetdrive/vectors.json");
  const DynoJson *physics = dyno_json_member (vectors, "physics");
  static const char *const names[] = { "twin114", "four20" };

  if (vectors == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const DynoBikeEngine *engine = dyno_bike_engine_find (names[i]);
      g_autoptr(DynoBike) bike = dyno_bike_new (engine);
      DynoBikeFigures figures;

      assert_parameters (engine,
                         dyno_json_member (dyno_json_member (physics, "engines"), names[i]));
      g_assert_true (dyno_bike_pull (bike, &figures));
      assert_pull (&figures, dyno_json_member (dyno_json_member (physics, "pulls"), names[i]));
    }
}

static void
test_demo_error (void)
{
  g_autoptr(DynoJson) vectors = dyno_test_shared_json ("jetdrive/vectors.json");
  g_autoptr(DynoGrid) demo = dyno_bike_demo_error ();
  const DynoJson *rows = dyno_json_member (
      dyno_json_member (dyno_json_member (vectors, "physics"), "afr_error_percent"), "front");

  if (vectors == NULL)
    return;
  g_assert_cmpuint (dyno_json_n_elements (rows), ==, 11);
  for (guint i = 0; i < 99; i++)
    g_assert_cmpfloat (
        demo->values[i], ==,
        dyno_json_number (dyno_json_element (dyno_json_element (rows, i / 9), i % 9), NAN));
}

/* analysis.md 6.3: the reference's pulls, printed with one decimal and stepped
 * by 20 ms, hence 0.5 % and half a digit. */
static void
test_data_sheet_engines (void)
{
  static const struct
  {
    const char *name;
    double      seconds, hp, hp_rpm, lbft, lbft_rpm, share;
  } rows[] = {
    { "m8_114", 10.4, 108.2, 5012, 120.1, 3224, 0.03 },
    { "m8_131", 10.0, 143.0, 4996, 155.9, 3523, 0.03 },
    { "twin_cam_103", 9.7, 83.5, 4799, 98.3, 3018, 0.03 },
    { "sportbike_600", 10.4, 114.0, 13484, 46.4, 10528, 0.04 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const DynoBikeEngine *engine = dyno_bike_engine_find (rows[i].name);
      g_autoptr(DynoBike) bike = dyno_bike_new (engine);
      DynoBikeFigures f;
      double hp;
      double lbft;

      g_assert_true (dyno_bike_pull (bike, &f));
      hp = f.peak_power_kw * 1000 / DYNO_W_PER_HP;
      lbft = f.peak_torque_nm / DYNO_NM_PER_LBFT;
      g_assert_cmpfloat (f.duration_s, <, 15);
      g_assert_cmpfloat (fabs (f.duration_s - rows[i].seconds), <, 0.005 * rows[i].seconds + 0.05);
      assert_share (hp, rows[i].hp, 0.005);
      assert_share (lbft, rows[i].lbft, 0.005);
      assert_share (f.peak_power_rpm, rows[i].hp_rpm, 0.005);
      assert_share (f.peak_torque_rpm, rows[i].lbft_rpm, 0.005);
      assert_share (hp, engine->peak_hp, rows[i].share);
      assert_share (lbft, engine->peak_lbft, rows[i].share);
      dyno_assert_near (f.sae_factor, 1, 1e-9);
    }
}

static void
test_curve_has_its_peaks (void)
{
  for (guint i = 0; dyno_bike_engine_at (i) != NULL; i++)
    {
      const DynoBikeEngine *engine = dyno_bike_engine_at (i);
      g_autoptr(GArray) curve = dyno_bike_engine_curve (engine);

      g_assert_true (dyno_bike_engine_find (engine->name) == engine);
      if (engine->points != NULL)
        continue;
      assert_share (dyno_bike_curve_at (curve, engine->peak_lbft_rpm),
                    engine->peak_lbft * DYNO_NM_PER_LBFT, 1e-6);
      assert_share (dyno_bike_curve_at (curve, engine->peak_hp_rpm) * engine->peak_hp_rpm,
                    engine->peak_hp * DYNO_NM_PER_LBFT * DYNO_LBFT_RPM_PER_HP, 1e-6);
      /* The ends do not collapse: zero padding once made them. */
      g_assert_cmpfloat (dyno_bike_curve_at (curve, engine->redline_rpm), >,
                         0.7 * dyno_bike_curve_at (curve, engine->peak_hp_rpm));
    }
  g_assert_null (dyno_bike_engine_find ("steam"));
}

static void
test_map_rises_with_throttle (void)
{
  for (guint i = 0; dyno_bike_engine_at (i) != NULL; i++)
    {
      const DynoBikeEngine *engine = dyno_bike_engine_at (i);

      for (double rpm = engine->idle_rpm; rpm < engine->redline_rpm; rpm += 250)
        {
          for (double tps = 0; tps < 100; tps += 1)
            g_assert_cmpfloat (dyno_bike_engine_map (engine, rpm, tps), <,
                               dyno_bike_engine_map (engine, rpm, tps + 1));
        }
    }
}

/* How the time is cut into calls does not matter. */
static void
test_steps_do_not_matter (void)
{
  g_autoptr(DynoBike) fine = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  g_autoptr(DynoBike) coarse = dyno_bike_new (dyno_bike_engine_find ("twin114"));

  dyno_bike_place (fine, 2500);
  dyno_bike_place (coarse, 2500);
  dyno_bike_command_throttle (fine, 60, 100);
  dyno_bike_command_throttle (coarse, 60, 100);
  dyno_bike_advance (coarse, 1000);
  for (int i = 0; i < 1000; i++)
    dyno_bike_advance (fine, 1);
  g_assert_cmpfloat (dyno_bike_state (fine)->speed_kmh, ==, dyno_bike_state (coarse)->speed_kmh);
  g_assert_cmpfloat (dyno_bike_state (fine)->mixture.sensed_afr[0], ==,
                     dyno_bike_state (coarse)->mixture.sensed_afr[0]);
  g_assert_cmpint (dyno_bike_time_ms (fine), ==, 1000);
}

static void
assert_force_model (const DynoBike *bike)
{
  const DynoBikeEngine *e = dyno_bike_engine (bike);
  const DynoBikeState *s = dyno_bike_state (bike);
  double v = s->speed_kmh;

  dyno_assert_near (s->force_n,
                    e->m_eff_kg * s->accel_kmh_s / 3.6 + e->c0_n + e->c1_n_per_kmh * v
                        + e->c2_n_per_kmh2 * v * v + s->brake_n,
                    1e-9);
  dyno_assert_near (s->power_kw, s->force_n * v / 3600, 1e-12);
}

static void
test_coast_down_is_negative_force (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));

  dyno_bike_place (bike, 5000);
  for (int i = 0; i < 100; i++)
    {
      dyno_bike_advance (bike, 20);
      assert_force_model (bike);
    }
  g_assert_cmpfloat (dyno_bike_state (bike)->accel_kmh_s, <, -0.5);
  g_assert_cmpfloat (dyno_bike_state (bike)->force_n, <, 0);
  g_assert_cmpfloat (dyno_bike_state (bike)->rpm, <, 5000);
}

static void
test_engine_braking_without_drag_law (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("m8_114"));

  dyno_bike_place (bike, 5000);
  dyno_bike_advance (bike, 1000);
  assert_share (dyno_bike_state (bike)->rpm, 5000 * exp (-0.18), 0.001);
  assert_force_model (bike);
}

static void
test_roll_up_and_rest (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));

  dyno_bike_advance (bike, 5000);
  g_assert_cmpfloat (dyno_bike_state (bike)->speed_kmh, ==, 0);
  g_assert_cmpfloat (dyno_bike_state (bike)->force_n, ==, 0);
  g_assert_cmpfloat (dyno_bike_state (bike)->rpm, ==, 900);
  dyno_bike_command_accel (bike, 2.5);
  dyno_bike_advance (bike, 20000);
  dyno_assert_near (dyno_bike_state (bike)->accel_kmh_s, 2.5, 1e-3);
  dyno_assert_near (dyno_bike_state (bike)->speed_kmh, 50, 0.02);
  g_assert_cmpfloat (dyno_bike_state (bike)->tps_pct, <, 70);
  dyno_bike_command_accel (bike, -20);
  dyno_bike_advance (bike, 1000);
  dyno_assert_near (dyno_bike_state (bike)->accel_kmh_s, -20, 1e-6);
  dyno_bike_command_throttle (bike, 0, 800);
  dyno_bike_advance (bike, 20000);
  g_assert_cmpfloat (dyno_bike_state (bike)->speed_kmh, ==, 0);
}

static void
test_limiter (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));

  dyno_bike_place (bike, 5500);
  dyno_bike_command_throttle (bike, 100, 0);
  dyno_bike_advance (bike, 20000);
  g_assert_cmpfloat (dyno_bike_state (bike)->rpm, >, 5800);
  g_assert_cmpfloat (dyno_bike_state (bike)->rpm, <, 6000);
}

static void
test_load_control (void)
{
  static const char *const names[] = { "twin114", "m8_114" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find (names[i]));

      dyno_bike_place (bike, 2000);
      for (double rpm = 2000; rpm <= 5500; rpm += 500)
        {
          for (double kpa = 30; kpa <= 90; kpa += 10)
            {
              dyno_bike_command_hold (bike, rpm, kpa, 1);
              dyno_bike_advance (bike, 2000);
              dyno_assert_near (dyno_bike_state (bike)->rpm, rpm, 1e-6);
              dyno_assert_near (dyno_bike_state (bike)->map_kpa, kpa, 1e-6);
              dyno_assert_near (dyno_bike_state (bike)->accel_kmh_s, 0, 1e-6);
              assert_force_model (bike);
            }
        }
      dyno_bike_command_hold (bike, 3000, 500, 0);
      dyno_bike_advance (bike, 1000);
      dyno_assert_near (dyno_bike_state (bike)->tps_pct, 100, 1e-6);
    }
}

static void
test_gears (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));

  g_assert_false (dyno_bike_set_gear (bike, 3));
  g_assert_false (dyno_bike_set_gear (bike, 0));
  g_assert_true (dyno_bike_set_gear (bike, 6));
  dyno_bike_place (bike, 2600);
  dyno_assert_near (dyno_bike_state (bike)->speed_kmh, 100, 1e-12);
  g_assert_cmpint (dyno_bike_state (bike)->gear, ==, 6);
}

/* Lean is more AFR, the rear has its offset, a correction takes both away. */
static void
test_mixture (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  g_autoptr(DynoGrid) demo = dyno_bike_demo_error ();
  g_autoptr(DynoGrid) front = dyno_grid_copy (demo);
  const DynoBikeState *s = dyno_bike_state (bike);

  dyno_bike_mixture_set_error (dyno_bike_mixture (bike), demo, 1.5);
  dyno_bike_place (bike, 4000);
  dyno_bike_command_hold (bike, 4000, 80, 0);
  dyno_bike_advance (bike, 3000);
  dyno_assert_near (s->mixture.error_pct[0], 3.5, 1e-6);
  dyno_assert_near (s->mixture.error_pct[1], 5.0, 1e-6);
  dyno_assert_near (s->mixture.target_afr, 12.8, 1e-6);
  dyno_assert_near (s->mixture.sensed_afr[0], 12.8 * 1.035, 1e-6);
  dyno_assert_near (s->mixture.sensed_afr[1], 12.8 * 1.05, 1e-6);

  for (guint i = 0; i < 99; i++)
    front->values[i] = i == 0 ? NAN : 1 + front->values[i] / 100;
  dyno_bike_mixture_set_factor (dyno_bike_mixture (bike), front, NULL);
  dyno_bike_advance (bike, 3000);
  dyno_assert_near (s->mixture.sensed_afr[0], 12.8, 1e-6);
  dyno_assert_near (s->mixture.sensed_afr[1], 12.8 * 1.05, 1e-6);
  dyno_assert_near (s->ve_pct[0] / s->ve_pct[1], 1.035, 1e-6);
}

/* A step in MAP arrives after the pipe's time and rises with the lag. */
static void
test_sensor_delay (void)
{
  g_autoptr(DynoBikeMixture) mixture = dyno_bike_mixture_new ();
  DynoBikeMixtureState state;
  int ms = 0;

  dyno_bike_mixture_settle (mixture, 3000, 40, &state);
  g_assert_cmpfloat (state.sensed_afr[0], ==, 14.5);
  while (state.sensed_afr[0] > 14.49 && ms < 1000)
    {
      dyno_bike_mixture_step (mixture, 3000, 100, &state);
      ms++;
    }
  g_assert_cmpint (ABS (ms - 100), <=, 2); /* 40 + 180000 / 3000 */
  while (state.sensed_afr[0] > 12.2 + 2.3 * exp (-1) && ms < 1000)
    {
      dyno_bike_mixture_step (mixture, 3000, 100, &state);
      ms++;
    }
  g_assert_cmpint (ABS (ms - 160), <=, 2);

  dyno_bike_mixture_set_sensor (mixture, 400, 0, 0);
  dyno_bike_mixture_settle (mixture, 3000, 40, &state);
  for (ms = 0; state.sensed_afr[0] > 12.3 && ms < 1000; ms++)
    dyno_bike_mixture_step (mixture, 3000, 100, &state);
  g_assert_cmpint (ABS (ms - 401), <=, 1);
}

static void
test_channels_agree (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("four20"));
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (42, 1);

  dyno_bike_place (bike, 2000);
  dyno_bike_command_throttle (bike, 100, 0);
  for (int i = 0; i < 500; i++)
    {
      DynoBikeReading r;

      dyno_bike_advance (bike, 20);
      dyno_bike_sensors_read (sensors, dyno_bike_state (bike), &r);
      assert_share (r.power_kw, r.force_n * r.speed_kmh / 3600, 1e-6);
      assert_share (r.torque_nm, 9549.296585513721 * r.power_kw / r.rpm, 1e-6);
      assert_share (r.power_corr_kw, r.correction * r.power_kw, 1e-6);
      assert_share (r.torque_corr_nm, r.correction * r.torque_nm, 1e-6);
      assert_share (r.gear_ratio, r.rpm / r.speed_kmh, 1e-6);
      assert_share (r.correction, 1.2219, 0.001);
      g_assert_cmpfloat (r.rpm, !=, r.ecu_rpm);
    }
}

static double
spread (const double *values,
        guint         n)
{
  double sum = 0;
  double squares = 0;

  for (guint i = 0; i < n; i++)
    {
      sum += values[i];
      squares += values[i] * values[i];
    }

  return sqrt (squares / n - sum / n * sum / n);
}

static void
test_noise (void)
{
  enum { N = 20000 };
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (1, 1);
  g_autoptr(DynoBikeSensors) again = dyno_bike_sensors_new (1, 1);
  g_autoptr(DynoBikeSensors) exact = dyno_bike_sensors_new (1, 0);
  g_autofree double *rpm = g_new (double, N);
  g_autofree double *force = g_new (double, N);
  g_autofree double *afr = g_new (double, N);
  const DynoBikeState *s = dyno_bike_state (bike);
  DynoBikeReading r;
  DynoBikeReading twin;

  dyno_bike_place (bike, 3000);
  for (guint i = 0; i < N; i++)
    {
      dyno_bike_sensors_read (sensors, s, &r);
      dyno_bike_sensors_read (again, s, &twin);
      g_assert_cmpmem (&r, sizeof r, &twin, sizeof twin);
      rpm[i] = r.rpm / s->rpm;
      force[i] = r.force_n / s->force_n;
      afr[i] = r.afr[1] - s->mixture.sensed_afr[1];
    }
  dyno_assert_near (spread (rpm, N), 0.003 / sqrt (50), 0.00002);
  dyno_assert_near (spread (force, N), 0.015 / sqrt (50), 0.0001);
  dyno_assert_near (spread (afr, N), 0.12, 0.003);

  dyno_bike_sensors_read (exact, s, &r);
  g_assert_cmpfloat (r.rpm, ==, s->rpm);
  g_assert_cmpfloat (r.force_n, ==, s->force_n);
  g_assert_cmpfloat (r.afr[0], ==, s->mixture.sensed_afr[0]);
  g_assert_cmpfloat (r.baro_kpa, ==, s->baro_kpa);
}

static void
test_drum_is_silent_at_rest (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (1, 1);
  DynoBikeReading r;

  dyno_bike_advance (bike, 10);
  dyno_bike_sensors_read (sensors, dyno_bike_state (bike), &r);
  g_assert_true (isnan (r.speed_kmh) && isnan (r.force_n) && isnan (r.power_kw));
  g_assert_true (isfinite (r.rpm) && isfinite (r.afr[0]) && isfinite (r.correction));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/bike/vectors", test_vectors);
  g_test_add_func ("/analysis/bike/demo-error", test_demo_error);
  g_test_add_func ("/analysis/bike/data-sheet-engines", test_data_sheet_engines);
  g_test_add_func ("/analysis/bike/curve-has-its-peaks", test_curve_has_its_peaks);
  g_test_add_func ("/analysis/bike/map-rises", test_map_rises_with_throttle);
  g_test_add_func ("/analysis/bike/steps-do-not-matter", test_steps_do_not_matter);
  g_test_add_func ("/analysis/bike/coast-down", test_coast_down_is_negative_force);
  g_test_add_func ("/analysis/bike/engine-braking", test_engine_braking_without_drag_law);
  g_test_add_func ("/analysis/bike/roll-up-and-rest", test_roll_up_and_rest);
  g_test_add_func ("/analysis/bike/limiter", test_limiter);
  g_test_add_func ("/analysis/bike/load-control", test_load_control);
  g_test_add_func ("/analysis/bike/gears", test_gears);
  g_test_add_func ("/analysis/bike/mixture", test_mixture);
  g_test_add_func ("/analysis/bike/sensor-delay", test_sensor_delay);
  g_test_add_func ("/analysis/bike/channels-agree", test_channels_agree);
  g_test_add_func ("/analysis/bike/noise", test_noise);
  g_test_add_func ("/analysis/bike/silent-at-rest", test_drum_is_silent_at_rest);

  return g_test_run ();
}
