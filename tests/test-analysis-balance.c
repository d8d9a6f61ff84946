/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-balance.h"
#include "dyno-test-plant.h"
#include "dyno-test.h"

#define CELL DYNO_TEST_PLANT_CELL

static double
grid_number (const DynoJson *grid,
             guint           cell)
{
  return dyno_json_number (dyno_json_element (dyno_json_element (grid, cell / 5), cell % 5), NAN);
}

static DynoBalance *
golden_balance (const DynoJson *golden,
                DynoBalanceMode mode)
{
  const DynoJson *records = dyno_json_member (golden, "records");
  DynoGridShape shape;
  DynoBalanceSum sums[55] = { 0 };

  g_assert_true (dyno_grid_shape_named (&shape, "11x5"));
  for (guint i = 0; i < dyno_json_n_elements (records); i++)
    {
      const DynoJson *record = dyno_json_element (records, i);
      double rpm = dyno_json_get_number (record, "rpm", NAN);
      double kpa = dyno_json_get_number (record, "kpa", NAN);

      dyno_balance_add (&shape, 0, rpm, kpa, dyno_json_get_number (record, "afr_meas_f", NAN), sums);
      dyno_balance_add (&shape, 1, rpm, kpa, dyno_json_get_number (record, "afr_meas_r", NAN), sums);
    }

  return dyno_balance_new (&shape, sums, DYNO_MATH_2_0_0, mode, 3);
}

/* A cell without data is 0 there and empty here. */
static void
assert_factors (const DynoBalance *balance,
                guint              cylinder,
                const DynoJson    *grid)
{
  for (guint i = 0; i < 55; i++)
    {
      double factor = balance->cells[i].factor[cylinder];

      g_assert_cmpint (isnan (factor), ==, balance->cells[i].severity == DYNO_BALANCE_NO_DATA);
      dyno_assert_near (isnan (factor) ? 0 : factor, grid_number (grid, i), 1e-9);
    }
}

static void
assert_summary (const DynoBalance *balance,
                const DynoJson    *summary)
{
  const DynoJson *severities = dyno_json_member (summary, "severity_breakdown");

  g_assert_cmpuint (balance->n_analysed, ==,
                    (guint) dyno_json_get_number (summary, "cells_analyzed", NAN));
  g_assert_cmpuint (balance->n_imbalanced, ==,
                    (guint) dyno_json_get_number (summary, "cells_imbalanced", NAN));
  dyno_assert_near (balance->max_abs_afr, dyno_json_get_number (summary, "max_afr_delta", NAN),
                    0.0051);
  dyno_assert_near (balance->mean_abs_afr, dyno_json_get_number (summary, "avg_afr_delta", NAN),
                    0.0051);
  g_assert_cmpuint (balance->n_by_severity[DYNO_BALANCE_HIGH], ==,
                    (guint) dyno_json_get_number (severities, "high", NAN));
  g_assert_cmpuint (balance->n_by_severity[DYNO_BALANCE_MEDIUM], ==,
                    (guint) dyno_json_get_number (severities, "medium", NAN));
  g_assert_cmpuint (balance->n_by_severity[DYNO_BALANCE_LOW], ==,
                    (guint) dyno_json_get_number (severities, "low", NAN));
}

static void
test_golden (void)
{
  static const struct
  {
    const char     *name;
    DynoBalanceMode mode;
  } rows[] = { { "equalize", DYNO_BALANCE_EQUALIZE }, { "match_front", DYNO_BALANCE_MATCH_FRONT },
               { "match_rear", DYNO_BALANCE_MATCH_REAR } };
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/cyl_balance_micro/cases.json");

  for (gsize i = 0; golden != NULL && i < G_N_ELEMENTS (rows); i++)
    {
      const DynoJson *wanted = dyno_json_member (golden, rows[i].name);
      g_autoptr(DynoBalance) balance = golden_balance (golden, rows[i].mode);

      if (wanted == NULL)
        continue;
      assert_factors (balance, 0, dyno_json_member (wanted, "front"));
      assert_factors (balance, 1, dyno_json_member (wanted, "rear"));
      assert_summary (balance, dyno_json_member (wanted, "summary"));
    }
}

static DynoBalance *
two_mixtures (double          front,
              double          rear,
              guint           n,
              DynoBalanceMode mode,
              double          max_pct)
{
  DynoGridShape shape;
  DynoBalanceSum sums[99] = { 0 };

  g_assert_true (dyno_grid_shape_named (&shape, "11x9"));
  for (guint i = 0; i < n; i++)
    {
      dyno_balance_add (&shape, 0, 3000, 60, front, sums);
      dyno_balance_add (&shape, 1, 3000, 60, rear, sums);
    }

  return dyno_balance_new (&shape, sums, DYNO_MATH_2_0_0, mode, max_pct);
}

static void
test_rules (void)
{
  const guint cell = CELL (3, 4);
  g_autoptr(DynoBalance) rear = two_mixtures (13.0, 13.6, 3, DYNO_BALANCE_MATCH_REAR, 3);
  g_autoptr(DynoBalance) hard = two_mixtures (12.0, 14.0, 3, DYNO_BALANCE_EQUALIZE, 15);
  g_autoptr(DynoBalance) even = two_mixtures (13.0, 13.4, 3, DYNO_BALANCE_EQUALIZE, 3);
  g_autoptr(DynoBalance) few = two_mixtures (13.0, 14.0, 2, DYNO_BALANCE_EQUALIZE, 3);
  g_autoptr(DynoBalance) outside = two_mixtures (13.0, 18.5, 3, DYNO_BALANCE_EQUALIZE, 3);

  dyno_assert_near (rear->cells[cell].factor[0], -0.03, 1e-12);
  dyno_assert_near (rear->cells[cell].factor[1], 0, 1e-12);
  dyno_assert_near (hard->cells[cell].factor[0], -0.05, 1e-12);
  dyno_assert_near (hard->cells[cell].factor[1], 0.05, 1e-12);
  g_assert_cmpint (even->cells[cell].severity, ==, DYNO_BALANCE_EVEN);
  dyno_assert_near (even->cells[cell].factor[0], 0, 0);
  g_assert_cmpint (few->cells[cell].severity, ==, DYNO_BALANCE_NO_DATA);
  g_assert_true (isnan (few->cells[cell].factor[0]) && isnan (few->max_abs_afr));
  g_assert_cmpint (outside->cells[cell].severity, ==, DYNO_BALANCE_NO_DATA);
}

/* A rear that runs lean in two cells is found there and nowhere else. */
static void
test_planted (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (40);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = NULL;
  g_autoptr(DynoBalance) balance = NULL;
  g_autoptr(DynoAdvice) advice = NULL;
  const DynoFinding *worst;

  dyno_test_plant_lean (plant, 1, CELL (4, 5), 6);
  dyno_test_plant_lean (plant, 1, CELL (6, 6), 10);
  options->balance_mode = DYNO_BALANCE_MATCH_FRONT;
  options->balance_max_pct = 2;
  result = dyno_test_plant_analyse (plant, options);
  balance = dyno_balance_of_result (result);
  advice = dyno_balance_advise (balance, result);

  g_assert_true (dyno_advice_is_available (advice));
  g_assert_cmpuint (advice->findings->len, ==, 2);
  worst = g_ptr_array_index (advice->findings, 0);
  g_assert_cmpuint (g_array_index (worst->cells, guint, 0), ==, CELL (6, 6));
  dyno_assert_near (dyno_finding_get_number (worst, "delta_afr"), 1.3, 0.02);
  dyno_assert_near (dyno_finding_get_number (worst, "front_change_pct"), 0, 0);
  dyno_assert_near (dyno_finding_get_number (worst, "rear_change_pct"), 2, 1e-9);
}

static void
test_one_sensor (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (10);
  g_autoptr(DynoVeResult) result = NULL;
  g_autoptr(DynoBalance) balance = NULL;
  g_autoptr(DynoAdvice) advice = NULL;

  g_clear_pointer (&plant->columns[DYNO_CHANNEL_MIX_R], g_free);
  result = dyno_test_plant_analyse (plant, NULL);
  balance = dyno_balance_of_result (result);
  advice = dyno_balance_advise (balance, result);
  g_assert_cmpuint (balance->n_analysed, ==, 0);
  g_assert_true (dyno_test_lacks (advice, "mix_r"));
  g_assert_false (dyno_test_lacks (advice, "mix_f"));
  g_assert_cmpuint (advice->findings->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/balance/golden", test_golden);
  g_test_add_func ("/analysis/balance/rules", test_rules);
  g_test_add_func ("/analysis/balance/planted", test_planted);
  g_test_add_func ("/analysis/balance/one-sensor", test_one_sensor);

  return g_test_run ();
}
