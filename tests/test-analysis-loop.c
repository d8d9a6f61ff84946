/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-loop.h"
#include "dyno-test.h"

#include <math.h>

static const DynoLoopIteration *
iteration_of (const DynoLoop *loop,
              guint           index)
{
  return &g_array_index (loop->iterations, DynoLoopIteration, index);
}

static DynoGrid *
read_table (const DynoJson *rows)
{
  DynoGridShape shape;
  DynoGrid *table;

  dyno_grid_shape_named (&shape, "11x9");
  table = dyno_grid_new (&shape);
  for (guint i = 0; i < dyno_grid_shape_cells (&shape); i++)
    table->values[i] = dyno_json_number (dyno_json_element (dyno_json_element (rows, i / 9), i % 9),
                                         NAN);

  return table;
}

static void
assert_history (const DynoLoop *loop,
                const DynoJson *history)
{
  g_assert_cmpint (loop->outcome, ==, DYNO_LOOP_CONVERGED);
  g_assert_cmpuint (loop->iterations->len, ==, dyno_json_n_elements (history));
  for (guint i = 0; i < loop->iterations->len; i++)
    {
      const DynoLoopIteration *iteration = iteration_of (loop, i);
      const DynoJson *row = dyno_json_element (history, i);

      g_assert_cmpuint (iteration->cells, ==, dyno_json_get_number (row, "cells", NAN));
      dyno_assert_near (iteration->max_afr_error, dyno_json_get_number (row, "max_afr_error", NAN),
                        0.01);
      dyno_assert_near ((double) iteration->cells_converged / iteration->cells,
                        dyno_json_get_number (row, "share_below_2_1", NAN), 0.01);
    }
}

static void
test_golden (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/house/virtual-scenarios.json");
  const DynoJson *rows = dyno_json_member (golden, "scenarios");

  if (golden == NULL)
    return;
  for (guint i = 0; i < DYNO_N_LOOP_SCENARIOS; i++)
    {
      const DynoJson *row = dyno_json_member (rows, dyno_loop_scenario_name (i));
      g_autoptr(DynoGrid) start = read_table (dyno_json_member (row, "start_table"));
      g_autoptr(DynoLoop) loop = NULL;
      DynoLoopOptions options;

      dyno_loop_options_init (&options);
      options.start_ve = start;
      loop = dyno_loop_run (&options, NULL, NULL);
      assert_history (loop, dyno_json_member (row, "history"));
    }
}

static DynoLoop *
run (const DynoLoopOptions *options)
{
  DynoLoop *loop = dyno_loop_run (options, NULL, NULL);

  g_assert_nonnull (loop);

  return loop;
}

/* A sensor as it is: 150 ms behind the engine and noisy. */
static void
test_seeds (void)
{
  for (DynoLoopScenario scenario = 0; scenario < DYNO_N_LOOP_SCENARIOS; scenario++)
    {
      for (guint seed = 1; seed <= 20; seed++)
        {
          g_autoptr(DynoLoop) loop = NULL;
          DynoLoopOptions options;

          dyno_loop_options_init (&options);
          options.scenario = scenario;
          options.sensor.seed = seed;
          options.sensor.delay_s = 0.15;
          options.sensor.noise_afr = 0.12;
          loop = run (&options);
          g_assert_cmpint (loop->outcome, ==, DYNO_LOOP_CONVERGED);
          g_assert_cmpuint (loop->iterations->len, <, 8);
        }
    }
}

/* Late, slow, held and noisy in engine speed, too: the gates see to it. */
static void
test_poor_sensors (void)
{
  static const DynoLoopSensor sensors[] = {
    { 0.04, 0, 0.12, 0, 0, 3 }, { 0.4, 0, 0.12, 0, 0, 4 },  { 0.2, 0.1, 0.05, 0, 0, 5 },
    { 0, 0.06, 0, 0, 0, 6 },    { 0.15, 0, 0.12, 0.3, 0, 7 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sensors); i++)
    {
      g_autoptr(DynoLoop) loop = NULL;
      DynoLoopOptions options;

      dyno_loop_options_init (&options);
      options.sensor = sensors[i];
      loop = run (&options);
      g_assert_cmpint (loop->outcome, ==, DYNO_LOOP_CONVERGED);
      g_assert_cmpuint (loop->iterations->len, <, 8);
    }
}

static void
test_start_tables (void)
{
  static const double mean_pct[] = { -10, 10, 0 };
  static const double scatter_pct[] = { 5, 5, 8 };

  for (DynoLoopScenario scenario = 0; scenario < DYNO_N_LOOP_SCENARIOS; scenario++)
    {
      double sum = 0;
      double squares = 0;
      guint n = 0;

      for (guint seed = 0; seed < 50; seed++)
        {
          g_autoptr(DynoGrid) table = dyno_loop_start_table (scenario, seed);

          for (guint i = 0; i < 99; i++, n++)
            {
              double error = (table->values[i]
                              / dyno_ecu_actual_ve (table->shape.rpm.at[i / 9],
                                                    table->shape.load.at[i % 9]) - 1) * 100;

              g_assert_cmpfloat (table->values[i], >=, 0.3);
              sum += error;
              squares += error * error;
            }
        }
      dyno_assert_near (sum / n - mean_pct[scenario], 0, 0.4);
      dyno_assert_near (sqrt (squares / n - pow (sum / n, 2)) / scatter_pct[scenario], 1, 0.05);
    }
}

static void
test_same_bits (void)
{
  g_autoptr(DynoLoop) one = NULL;
  g_autoptr(DynoLoop) two = NULL;
  DynoLoopOptions options;

  dyno_loop_options_init (&options);
  options.sensor.noise_afr = 0.12;
  one = run (&options);
  two = run (&options);
  g_assert_cmpmem (one->iterations->data, one->iterations->len * sizeof (DynoLoopIteration),
                   two->iterations->data, two->iterations->len * sizeof (DynoLoopIteration));
  g_assert_cmpmem (one->ve->values, 99 * sizeof (double), two->ve->values, 99 * sizeof (double));
}

/* A lean engine knocks and loses power; in tune it makes what its data sheet says. */
static void
test_power_comes_back (void)
{
  g_autoptr(DynoLoop) loop = NULL;
  const DynoLoopIteration *first;
  const DynoLoopIteration *last;
  DynoLoopOptions options;

  dyno_loop_options_init (&options);
  options.sensor.seed = 2;
  loop = run (&options);
  first = iteration_of (loop, 0);
  last = iteration_of (loop, loop->iterations->len - 1);
  dyno_assert_near (last->peak_power_kw / (110 * 0.7456998715822702), 1, 0.03);
  g_assert_cmpfloat (first->peak_power_kw, <=, last->peak_power_kw);
  g_assert_cmpuint (first->cells_corrected, ==, 99);
  g_assert_cmpuint (last->cells_corrected, ==, 0);
  g_assert_cmpfloat (first->rms_afr_error, >, first->mean_afr_error);
  g_assert_cmpfloat (first->max_afr_error, >, first->rms_afr_error);
  g_assert_cmpfloat (last->max_error_pct, <, first->max_error_pct);
}

static void
assert_ends (const DynoLoopOptions *options,
             DynoLoopOutcome        outcome,
             const char            *words)
{
  g_autoptr(DynoLoop) loop = run (options);

  g_assert_cmpint (loop->outcome, ==, outcome);
  if (strstr (loop->sentence, words) == NULL)
    g_error ("“%s” does not say “%s”", loop->sentence, words);
}

static void
test_other_ends (void)
{
  DynoLoopOptions options;

  dyno_loop_options_init (&options);
  options.max_iterations = 2;
  assert_ends (&options, DYNO_LOOP_OUT_OF_ITERATIONS, "its correction is not done");

  dyno_loop_options_init (&options);
  options.scenario = DYNO_LOOP_MIXED;
  options.sensor.drift_afr = 2.2;
  assert_ends (&options, DYNO_LOOP_DIVERGING, "rose twice running");

  dyno_loop_options_init (&options);
  options.max_iterations = 20;
  options.sensor.drift_afr = 1.2;
  assert_ends (&options, DYNO_LOOP_LIMIT, "more than 60 %");
}

static void
stop_after_two_cb (double      fraction,
                   const char *stage,
                   gpointer    user_data)
{
  g_assert_cmpstr (stage, ==, "iterate");
  if (fraction > 0.15)
    g_atomic_int_set ((gint *) user_data, TRUE);
}

static void
test_cancel (void)
{
  gint is_cancelled = FALSE;
  DynoProgress progress = { stop_after_two_cb, &is_cancelled, &is_cancelled };
  g_autoptr(DynoLoop) loop = NULL;
  g_autoptr(DynoLoop) at_once = NULL;
  DynoLoopOptions options;

  dyno_loop_options_init (&options);
  loop = dyno_loop_run (&options, &progress, NULL);
  g_assert_cmpint (loop->outcome, ==, DYNO_LOOP_STOPPED);
  g_assert_cmpuint (loop->iterations->len, ==, 2);
  at_once = dyno_loop_run (&options, &progress, NULL);
  g_assert_cmpuint (at_once->iterations->len, ==, 0);
  g_assert_cmpstr (at_once->sentence, ==, "Stopped before the first iteration.");
}

static void
assert_refused (const DynoLoopOptions *options,
                DynoAnalysisReason     reason)
{
  g_autoptr(DynoAnalysisError) error = NULL;

  g_assert_null (dyno_loop_run (options, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (error->reason, ==, reason);
}

static void
test_refusals (void)
{
  DynoLoopOptions options;
  DynoGridShape shape;
  g_autoptr(DynoGrid) other = NULL;
  DynoLoopScenario scenario = DYNO_LOOP_RICH;

  dyno_grid_shape_named (&shape, "11x5");
  other = dyno_grid_new (&shape);
  dyno_loop_options_init (&options);
  options.start_ve = other;
  assert_refused (&options, DYNO_ANALYSIS_GRID_MISMATCH);
  dyno_loop_options_init (&options);
  options.max_iterations = 0;
  assert_refused (&options, DYNO_ANALYSIS_BAD_OPTION);
  dyno_loop_options_init (&options);
  options.sensor.delay_s = 1.5;
  assert_refused (&options, DYNO_ANALYSIS_BAD_OPTION);
  options.sensor.delay_s = 0;
  options.sensor.noise_afr = NAN;
  assert_refused (&options, DYNO_ANALYSIS_BAD_OPTION);
  g_assert_false (dyno_loop_scenario_find ("fat", &scenario));
  g_assert_true (dyno_loop_scenario_find ("mixed", &scenario));
  g_assert_cmpint (scenario, ==, DYNO_LOOP_MIXED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/loop/golden", test_golden);
  g_test_add_func ("/analysis/loop/seeds", test_seeds);
  g_test_add_func ("/analysis/loop/poor-sensors", test_poor_sensors);
  g_test_add_func ("/analysis/loop/start-tables", test_start_tables);
  g_test_add_func ("/analysis/loop/same-bits", test_same_bits);
  g_test_add_func ("/analysis/loop/power", test_power_comes_back);
  g_test_add_func ("/analysis/loop/other-ends", test_other_ends);
  g_test_add_func ("/analysis/loop/cancel", test_cancel);
  g_test_add_func ("/analysis/loop/refusals", test_refusals);

  return g_test_run ();
}
