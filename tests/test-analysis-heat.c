/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-heat.h"
#include "dyno-test-plant.h"
#include "dyno-test.h"

#define HP_KW 0.7456998715822702

static double
celsius (double fahrenheit)
{
  return (fahrenheit - 32) / 1.8;
}

static void
test_golden (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/heat_micro/cases.json");
  const DynoJson *density = dyno_json_member (golden, "density");
  const DynoJson *event = dyno_json_element (dyno_json_member (golden, "events"), 0);

  if (golden == NULL)
    return;
  for (guint i = 0; i < dyno_json_n_elements (density); i++)
    {
      const DynoJson *row = dyno_json_element (density, i);

      dyno_assert_near (dyno_heat_density_ratio (dyno_json_number (dyno_json_element (row, 0), NAN)),
                        dyno_json_number (dyno_json_element (row, 1), NAN), 1e-12);
    }
  dyno_assert_near (dyno_heat_density_ratio (110)
                        / dyno_heat_density_ratio (dyno_json_get_number (event, "avg_iat", NAN)) - 1,
                    dyno_json_get_number (event, "estimated_density_error_pct", NAN), 1e-12);
}

/* The session of the original: hp and °F. */
static void
test_golden_session (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/wizards/cases.json");
  const DynoJson *sessions = dyno_json_member (golden, "heat");

  for (guint s = 0; golden != NULL && s < dyno_json_n_elements (sessions); s++)
    {
      const DynoJson *rows = dyno_json_member (dyno_json_element (sessions, s), "pulls");
      const DynoJson *summary = dyno_json_member (dyno_json_element (sessions, s), "summary");
      DynoHeatPull pulls[20];
      DynoHeatSession session;
      guint n = dyno_json_n_elements (rows);

      for (guint i = 0; i < n; i++)
        {
          const DynoJson *row = dyno_json_element (rows, i);
          const DynoJson *iat = dyno_json_member (row, "iat");

          pulls[i].peak_kw = dyno_json_get_number (row, "peak_hp", NAN) * HP_KW;
          pulls[i].iat_start_c = celsius (dyno_json_get_number (iat, "start", NAN));
          pulls[i].iat_end_c = celsius (dyno_json_get_number (iat, "end", NAN));
        }
      dyno_heat_session (pulls, n, &session);
      dyno_assert_near (session.loss_pct, dyno_json_get_number (summary, "hp_degradation_pct", NAN),
                        1e-9);
      dyno_assert_near (session.confidence, dyno_json_get_number (summary, "confidence", NAN), 1e-9);
    }
}

static void
test_session_levels (void)
{
  static const struct
  {
    double       last;
    DynoHeatLoss loss;
  } rows[] = { { 100, DYNO_HEAT_LOSS_NONE }, { 98.6, DYNO_HEAT_LOSS_NONE },
               { 98.4, DYNO_HEAT_LOSS_MINOR }, { 96.9, DYNO_HEAT_LOSS_MODERATE },
               { 94.9, DYNO_HEAT_LOSS_SEVERE } };
  DynoHeatSession session;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const DynoHeatPull pulls[] = { { 100, 20, 25 }, { rows[i].last, 25, 30 } };

      dyno_heat_session (pulls, 2, &session);
      g_assert_cmpint (session.loss, ==, rows[i].loss);
    }
  dyno_heat_session (NULL, 0, &session);
  g_assert_true (isnan (session.loss_pct));
  g_assert_cmpint (session.loss, ==, DYNO_HEAT_LOSS_NONE);
}

/* An engine idling at `rpm` with a hot intake from 1 s to `until` s. */
static DynoTestPlant *
idle_plant (double rpm,
            double until_s)
{
  DynoTestPlant *plant = dyno_test_plant_new (500);
  double *iat = dyno_test_plant_channel (plant, DYNO_CHANNEL_IAT, 30);

  dyno_test_plant_channel (plant, DYNO_CHANNEL_RPM, rpm);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_MAP, 35);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_TPS, 2);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_MIX_F, 13);
  for (gsize i = 0; i < plant->n; i++)
    {
      plant->columns[DYNO_CHANNEL_RPM][i] += (i % 2) * 100;
      iat[i] += (i % 2) * 0.1;
      if (plant->time_s[i] >= 1 && plant->time_s[i] <= until_s)
        iat[i] += 30;
    }

  return plant;
}

static DynoHeat *
heat_of (const DynoTestPlant  *plant,
         DynoAdvice          **advice)
{
  g_autoptr(DynoVeResult) result = dyno_test_plant_analyse (plant, NULL);
  DynoHeat *heat = dyno_heat_of_result (result, NULL);

  *advice = dyno_heat_advise (heat, result);

  return heat;
}

static guint
cells_with_value (const DynoGrid *grid)
{
  guint n = 0;

  for (guint i = 0; i < dyno_grid_shape_cells (&grid->shape); i++)
    n += !isnan (grid->values[i]);

  return n;
}

static void
test_planted (void)
{
  g_autoptr(DynoTestPlant) plant = idle_plant (1950, 6);
  g_autoptr(DynoAdvice) advice = NULL;
  g_autoptr(DynoHeat) heat = heat_of (plant, &advice);
  const DynoFinding *finding = dyno_test_find_kind (advice, "heat-soak");
  double error = dyno_heat_density_ratio (110) / dyno_heat_density_ratio (60.05 * 1.8 + 32) - 1;

  g_assert_nonnull (finding);
  g_assert_cmpuint (heat->events->len, ==, 1);
  g_assert_cmpuint (g_array_index (finding->samples, DynoRowRange, 0).first, ==, 50);
  g_assert_cmpuint (g_array_index (finding->samples, DynoRowRange, 0).last, ==, 300);
  /* Only row 2000 lies inside 1950…2050; 20 to 60 kPa. */
  g_assert_cmpuint (cells_with_value (heat->overlay), ==, 5);
  g_assert_cmpuint (finding->cells->len, ==, 5);
  dyno_assert_near (heat->overlay->values[DYNO_TEST_PLANT_CELL (1, 0)], -error, 1e-4);
  g_assert_true (isnan (heat->overlay->values[DYNO_TEST_PLANT_CELL (1, 5)]));
}

/* An idle below the grid leaves the rows above it alone. */
static void
test_idle_leaves_rows_alone (void)
{
  g_autoptr(DynoTestPlant) plant = idle_plant (1000, 6);
  g_autoptr(DynoAdvice) advice = NULL;
  g_autoptr(DynoHeat) heat = heat_of (plant, &advice);

  g_assert_cmpuint (dyno_test_count_kind (advice, "heat-soak"), ==, 1);
  g_assert_cmpuint (cells_with_value (heat->overlay), ==, 0);
}

static void
test_absent (void)
{
  g_autoptr(DynoTestPlant) plant = idle_plant (1950, 2.9); /* 1.9 s is too short */
  g_autoptr(DynoAdvice) advice = NULL;
  g_autoptr(DynoHeat) heat = heat_of (plant, &advice);
  g_autoptr(DynoAdvice) without = NULL;
  g_autoptr(DynoHeat) nothing = NULL;

  g_assert_true (dyno_advice_is_available (advice));
  g_assert_cmpuint (advice->findings->len, ==, 0);
  g_assert_cmpuint (heat->events->len, ==, 0);

  g_clear_pointer (&plant->columns[DYNO_CHANNEL_IAT], g_free);
  nothing = heat_of (plant, &without);
  g_assert_true (dyno_test_lacks (without, "iat"));
  g_assert_cmpuint (without->findings->len, ==, 0);
}

/* Two short soaks around a gap of the log are no long one. */
static void
test_gap (void)
{
  g_autoptr(DynoTestPlant) plant = idle_plant (1950, 4.4);
  g_autoptr(DynoAdvice) advice = NULL;
  g_autoptr(DynoHeat) heat = NULL;

  for (gsize i = 135; i < plant->n; i++)
    plant->time_s[i] += 10;
  heat = heat_of (plant, &advice);
  g_assert_cmpuint (heat->events->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/heat/golden", test_golden);
  g_test_add_func ("/analysis/heat/golden-session", test_golden_session);
  g_test_add_func ("/analysis/heat/session-levels", test_session_levels);
  g_test_add_func ("/analysis/heat/planted", test_planted);
  g_test_add_func ("/analysis/heat/idle-leaves-rows-alone", test_idle_leaves_rows_alone);
  g_test_add_func ("/analysis/heat/absent", test_absent);
  g_test_add_func ("/analysis/heat/gap", test_gap);

  return g_test_run ();
}
