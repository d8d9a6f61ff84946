/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The virtual dyno: processor time of a pull of each engine, of a whole session of
 * virtual tuning (aim: below 0.5 s), and of the question whether a gain is real. */

#include "config.h"

#include "dyno-bench.h"
#include "dyno-bike.h"
#include "dyno-gain.h"
#include "dyno-loop.h"
#include "dyno-noise.h"

#define ROUNDS 5
#define PULLS_A_SIDE 5

static void
figure_of (const char *what,
           const char *which,
           double      value,
           const char *unit)
{
  g_autofree char *name = g_strdup_printf ("%s_%s", what, which);

  dyno_bench_figure (name, value, unit);
}

static void
bench_pull (const DynoBikeEngine *engine)
{
  gint64 best_us = G_MAXINT64;

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr(DynoBike) bike = dyno_bike_new (engine);
      gint64 begin_us = dyno_bench_thread_us ();
      DynoBikeFigures figures;

      dyno_bike_pull (bike, &figures);
      best_us = MIN (best_us, dyno_bench_thread_us () - begin_us);
    }
  figure_of ("pull", engine->name, (double) best_us / 1000, "ms");
}

static void
bench_session (DynoLoopScenario scenario)
{
  gint64 best_us = G_MAXINT64;
  guint n_iterations = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr(DynoLoop) loop = NULL;
      gint64 begin_us = dyno_bench_thread_us ();
      DynoLoopOptions options;

      dyno_loop_options_init (&options);
      options.scenario = scenario;
      options.sensor.delay_s = 0.15;
      options.sensor.noise_afr = 0.12;
      loop = dyno_loop_run (&options, NULL, NULL);
      best_us = MIN (best_us, dyno_bench_thread_us () - begin_us);
      n_iterations = loop->iterations->len;
    }
  figure_of ("session", dyno_loop_scenario_name (scenario), (double) best_us / 1e6, "s");
  figure_of ("iterations", dyno_loop_scenario_name (scenario), n_iterations, "");
}

static DynoCurve *
make_curve (DynoNoise *noise)
{
  g_autoptr(DynoCurve) raw = dyno_curve_new (400, FALSE);
  double scale = 60 * (1 + 0.007 * dyno_noise_normal (noise));

  for (gsize i = 0; i < raw->n; i++)
    {
      raw->x[i] = 2000 + 9 * (double) i;
      raw->torque_nm[i] = scale * (1 + 0.005 * dyno_noise_normal (noise));
      raw->power_kw[i] = raw->torque_nm[i] * raw->x[i] / 9549.3;
    }

  return dyno_curve_smooth (raw, DYNO_CURVE_DEFAULT_LEVEL);
}

static void
bench_gain (void)
{
  DynoCurve *curves[2 * PULLS_A_SIDE];
  gint64 best_us = G_MAXINT64;
  DynoNoise noise;

  dyno_noise_init (&noise, 1, 0);
  for (guint i = 0; i < G_N_ELEMENTS (curves); i++)
    curves[i] = make_curve (&noise);
  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 begin_us = dyno_bench_thread_us ();
      const DynoCurve *const *all = (const DynoCurve *const *) curves;
      g_autoptr(DynoGain) gain = dyno_gain_new (all, PULLS_A_SIDE, all + PULLS_A_SIDE,
                                                PULLS_A_SIDE);

      best_us = MIN (best_us, dyno_bench_thread_us () - begin_us);
    }
  dyno_bench_figure ("is_the_gain_real", (double) best_us / 1000, "ms");
  for (guint i = 0; i < G_N_ELEMENTS (curves); i++)
    dyno_curve_free (curves[i]);
}

int
main (int    argc,
      char **argv)
{
  dyno_bench_begin ("analysis-loop");
  for (guint i = 0; dyno_bike_engine_at (i) != NULL; i++)
    bench_pull (dyno_bike_engine_at (i));
  for (DynoLoopScenario scenario = 0; scenario < DYNO_N_LOOP_SCENARIOS; scenario++)
    bench_session (scenario);
  bench_gain ();

  return 0;
}
