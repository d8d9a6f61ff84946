/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-decel-advise.h"
#include "dyno-test-csv.h"
#include "dyno-test-plant.h"
#include "dyno-test.h"

#define CELL DYNO_TEST_PLANT_CELL

static void
assert_grid (const DynoGrid *grid,
             const DynoJson *wanted)
{
  for (guint i = 0; i < dyno_grid_shape_cells (&grid->shape); i++)
    dyno_assert_near (grid->values[i],
                      dyno_json_number (dyno_json_element (
                          dyno_json_element (wanted, i / grid->shape.load.n),
                          i % grid->shape.load.n), NAN),
                      1e-9);
}

static double *
column_of (const DynoJson *records,
           const char     *name)
{
  guint n = dyno_json_n_elements (records);
  double *values = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    values[i] = dyno_json_get_number (dyno_json_element (records, i), name, NAN);

  return values;
}

/* (transfer full) of DynoDecelEvent; the records have no time. */
static GArray *
golden_events (const DynoJson *records,
               DynoDecelRules  rules)
{
  guint n = dyno_json_n_elements (records);
  g_autofree double *time = g_new (double, MAX (n, 1));
  g_autofree double *rpm = column_of (records, "rpm");
  g_autofree double *tps = column_of (records, "tps");
  g_autofree double *front = column_of (records, "afr_meas_f");
  g_autofree double *rear = column_of (records, "afr_meas_r");
  const DynoDecelRows rows = { n, time, dyno_numbers_view (rpm, n), dyno_numbers_view (tps, n),
                               { front, rear } };
  GArray *events = g_array_new (FALSE, FALSE, sizeof (DynoDecelEvent));

  for (guint i = 0; i < n; i++)
    time[i] = i * 0.01;
  dyno_decel_find (&rows, rules, 0.5, 0, events, NULL);

  return events;
}

static void
test_golden (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/decel_micro/cases.json");
  static const char *const names[DYNO_N_DECEL_SEVERITIES] = { "low", "medium", "high" };
  g_autoptr(GArray) events = NULL;
  DynoGridShape shape;

  if (golden == NULL)
    return;
  g_assert_true (dyno_grid_shape_named (&shape, "11x5"));
  events = golden_events (dyno_json_member (golden, "records"), DYNO_DECEL_RULES_COMPAT);
  for (guint s = 0; s < DYNO_N_DECEL_SEVERITIES; s++)
    {
      const DynoJson *wanted = dyno_json_member (golden, names[s]);
      g_autofree char *empty_name = g_strconcat ("empty_overlay_", names[s], NULL);
      const DynoJson *empty = dyno_json_member (golden, empty_name);
      g_autoptr(DynoGrid) overlay = NULL;
      g_autoptr(DynoGrid) without = NULL;
      DynoDecelZones zones;

      dyno_decel_zones_init (&zones, (DynoDecelSeverity) s,
                             (const DynoDecelEvent *) (gconstpointer) events->data, events->len,
                             TRUE);
      overlay = dyno_decel_overlay_compat (&zones, &shape);
      if (wanted != NULL)
        {
          assert_grid (overlay, dyno_json_member (wanted, "overlay"));
          g_assert_cmpuint (events->len, ==,
                            (guint) dyno_json_get_number (wanted, "events_detected", NAN));
          dyno_assert_near (dyno_decel_pop (&g_array_index (events, DynoDecelEvent, 0)),
                            dyno_json_get_number (wanted, "avg_pop_likelihood", NAN), 1e-9);
        }
      dyno_decel_zones_init (&zones, (DynoDecelSeverity) s, NULL, 0, TRUE);
      without = dyno_decel_overlay_compat (&zones, &shape);
      if (empty != NULL)
        assert_grid (without, empty);
    }
}

/* The report of the original: one event of 410 ms, and the zone that it raised. */
static void
test_golden_report (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/decel_micro/cases.json");
  g_autoptr(DynoJson) report =
      dyno_test_shared_json ("golden/decel_micro/medium/Decel_Analysis_Report.json");
  const DynoJson *wanted = dyno_json_element (dyno_json_member (report, "events"), 0);
  const DynoJson *zone_list = dyno_json_member (report, "enrichment_zones");
  g_autoptr(GArray) events = NULL;
  const DynoDecelEvent *event;
  DynoDecelZones zones;

  if (golden == NULL || report == NULL)
    return;
  events = golden_events (dyno_json_member (golden, "records"), DYNO_DECEL_RULES_COMPAT);
  event = &g_array_index (events, DynoDecelEvent, 0);
  g_assert_cmpuint (event->first, ==, (gsize) dyno_json_get_number (wanted, "start_idx", NAN));
  g_assert_cmpuint (event->last, ==, (gsize) dyno_json_get_number (wanted, "end_idx", NAN));
  dyno_assert_near (event->duration_ms, dyno_json_get_number (wanted, "duration_ms", NAN), 1e-9);
  dyno_decel_zones_init (&zones, DYNO_DECEL_MEDIUM, event, 1, TRUE);
  for (guint z = 0; z < dyno_json_n_elements (zone_list); z++)
    {
      const DynoJson *zone = dyno_json_element (zone_list, z);

      dyno_assert_near (zones.at[z / 3][z % 3] * 100,
                        dyno_json_get_number (zone, "enrichment_pct", NAN), 0.0501);
    }
}

/* A log without decelerations: the base values all the same. */
static void
test_golden_tools (void)
{
  g_autoptr(DynoTestCsv) log =
      dyno_test_csv_read ("golden/cli_tools_realistic3600/input/test_realistic.csv");
  g_autoptr(DynoTestCsv) wanted =
      dyno_test_csv_read ("golden/cli_tools_realistic3600/output/Decel_Fuel_Overlay.csv");
  g_autofree double *time = NULL;
  g_autoptr(GArray) events = g_array_new (FALSE, FALSE, sizeof (DynoDecelEvent));
  g_autoptr(DynoGrid) overlay = NULL;
  DynoDecelRows rows = { 0 };
  DynoDecelZones zones;
  DynoGridShape shape;

  if (log == NULL || wanted == NULL)
    return;
  rows.n = log->n_rows;
  rows.time_s = time = g_new0 (double, log->n_rows);
  rows.rpm = dyno_numbers_view (dyno_test_csv_column (log, "rpm"), log->n_rows);
  rows.tps_pct = dyno_numbers_view (dyno_test_csv_column (log, "tps"), log->n_rows);
  rows.afr[0] = dyno_test_csv_column (log, "afr_meas_f");
  rows.afr[1] = dyno_test_csv_column (log, "afr_meas_r");
  dyno_decel_find (&rows, DYNO_DECEL_RULES_COMPAT, 0.5, 0, events, NULL);
  g_assert_cmpuint (events->len, ==, 0);
  g_assert_true (dyno_grid_shape_named (&shape, "11x5"));
  dyno_decel_zones_init (&zones, DYNO_DECEL_MEDIUM, NULL, 0, TRUE);
  overlay = dyno_decel_overlay_compat (&zones, &shape);
  for (guint i = 0; i < 55; i++)
    dyno_assert_near (overlay->values[i] * 100,
                      wanted->values[(1 + i % 5) * wanted->n_rows + i / 5], 0.0051);
}

static void
test_golden_wizard (void)
{
  static const struct
  {
    const char       *name;
    DynoDecelSeverity severity;
    double            cam;
  } rows[] = { { "low/stock", DYNO_DECEL_LOW, 1 },        { "medium/stock", DYNO_DECEL_MEDIUM, 1 },
               { "high/stock", DYNO_DECEL_HIGH, 1 },      { "low/race", DYNO_DECEL_LOW, 1.35 },
               { "medium/race", DYNO_DECEL_MEDIUM, 1.35 }, { "high/race", DYNO_DECEL_HIGH, 1.35 } };
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/wizards/cases.json");
  DynoGridShape shape;

  g_assert_true (dyno_grid_shape_named (&shape, "11x5"));
  for (gsize i = 0; golden != NULL && i < G_N_ELEMENTS (rows); i++)
    {
      const DynoJson *wanted = dyno_json_member (dyno_json_member (golden, "decel"), rows[i].name);
      g_autoptr(DynoGrid) overlay = dyno_decel_wizard (&shape, rows[i].severity, rows[i].cam);

      if (wanted != NULL)
        assert_grid (overlay, dyno_json_member (wanted, "overlay"));
    }
}

static void
test_zones (void)
{
  const DynoDecelEvent events[] = {
    { .start_rpm = 3000, .start_tps_pct = 40, .end_rpm = 2000, .pop = { 1, NAN } },
    { .start_rpm = 1500, .start_tps_pct = 1, .pop = { 0.2, 0.8 } },
    { .start_rpm = 1500, .start_tps_pct = 1, .pop = { 0.29, NAN } }, /* too little to count */
  };
  DynoDecelZones zones;

  dyno_decel_zones_init (&zones, DYNO_DECEL_HIGH, events, 3, FALSE);
  dyno_assert_near (dyno_decel_zones_find (&zones, 3000, 6, FALSE), 0.08 * 1.3 + 0.05, 1e-12);
  dyno_assert_near (dyno_decel_zones_find (&zones, 1500, 0, FALSE), 0.30, 1e-12); /* the cap */
  dyno_assert_near (dyno_decel_zones_find (&zones, 5500, 7, FALSE), 0.04 * 1.3, 1e-12);
  g_assert_true (isnan (dyno_decel_zones_find (&zones, 5500, 7, TRUE)));
  g_assert_true (isnan (dyno_decel_zones_find (&zones, 5501, 7, FALSE)));
  g_assert_true (isnan (dyno_decel_zones_find (&zones, 3000, 7.1, FALSE)));
  g_assert_true (isnan (dyno_decel_zones_find (&zones, NAN, NAN, FALSE)));
  dyno_decel_zones_init (&zones, DYNO_DECEL_LOW, NULL, 0, FALSE);
  dyno_assert_near (dyno_decel_zones_find (&zones, 5000, 6, FALSE), 0.05, 0); /* the floor */
}

/* 4000 1/min, throttle from 40 to 1 % between 1.0 and 1.4 s, lean by `afr` in it. */
static DynoTestPlant *
decel_plant (double front_afr,
             double rear_afr)
{
  DynoTestPlant *plant = dyno_test_plant_new (200);
  double *tps = dyno_test_plant_channel (plant, DYNO_CHANNEL_TPS, 40);
  double *rpm = dyno_test_plant_channel (plant, DYNO_CHANNEL_RPM, 4000);
  double *map = dyno_test_plant_channel (plant, DYNO_CHANNEL_MAP, 60);
  double *front = dyno_test_plant_channel (plant, DYNO_CHANNEL_MIX_F, 13.2);
  double *rear = dyno_test_plant_channel (plant, DYNO_CHANNEL_MIX_R, 13.2);

  for (gsize i = 0; i < plant->n; i++)
    {
      double closed = CLAMP ((plant->time_s[i] - 1) / 0.4, 0, 1);
      gboolean is_lean = plant->time_s[i] > 1.15 && plant->time_s[i] < 1.35;

      tps[i] = 40 - 39 * closed + (i % 2) * 0.01;
      rpm[i] -= 300 * closed + (i % 2) * 1e-3;
      map[i] = 60 - 25 * closed + (i % 2) * 1e-3;
      front[i] = (is_lean ? front_afr : 13.2) + (i % 2) * 1e-3;
      rear[i] = (is_lean ? rear_afr : 13.2) + (i % 2) * 1e-3;
    }

  return plant;
}

static DynoAdvice *
advise_on (const DynoTestPlant *plant,
           DynoDecelSeverity    severity,
           DynoDecel          **decel)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = NULL;

  options->decel_severity = severity;
  result = dyno_test_plant_analyse (plant, options);
  *decel = dyno_decel_of_result (result, NULL);

  return dyno_decel_advise (*decel, result);
}

static void
test_planted (void)
{
  g_autoptr(DynoTestPlant) plant = decel_plant (14.0, 16.2);
  g_autoptr(DynoDecel) decel = NULL;
  g_autoptr(DynoAdvice) advice = advise_on (plant, DYNO_DECEL_MEDIUM, &decel);
  const DynoFinding *finding = dyno_test_find_kind (advice, "decel-pop");
  const DynoDecelEvent *event;

  g_assert_cmpuint (decel->events->len, ==, 1);
  event = &g_array_index (decel->events, DynoDecelEvent, 0);
  g_assert_cmpuint (event->first, >=, 49);
  g_assert_cmpuint (event->first, <=, 51);
  g_assert_cmpuint (event->last, >=, 68);
  g_assert_cmpuint (event->last, <=, 71);
  dyno_assert_near (event->pop[0], 0, 1e-9);
  dyno_assert_near (event->pop[1], 0.75, 0.001);
  g_assert_nonnull (finding);
  dyno_assert_near (finding->score, 0.75, 0.001);
  g_assert_cmpuint (dyno_test_count_kind (advice, "decel-overlay"), ==, 1);
  /* It starts at 4000, the throttle still open: the last zone there. */
  dyno_assert_near (decel->zones.at[2][2], 0.05 + 0.75 * 0.05, 1e-4);
  dyno_assert_near (decel->zones.at[2][0], 0.12, 1e-12);
}

/* A closed throttle that stays rich pops nowhere; no closed throttle, no overlay. */
static void
test_absent (void)
{
  g_autoptr(DynoTestPlant) plant = decel_plant (13.0, 13.0);
  g_autoptr(DynoDecel) decel = NULL;
  g_autoptr(DynoAdvice) advice = advise_on (plant, DYNO_DECEL_MEDIUM, &decel);
  g_autoptr(DynoTestPlant) steady = dyno_test_plant_map (5);
  g_autoptr(DynoDecel) none = NULL;
  g_autoptr(DynoAdvice) silent = NULL;

  g_assert_cmpuint (advice->findings->len, ==, 0);
  g_assert_cmpuint (decel->events->len, ==, 1);
  dyno_test_plant_channel (steady, DYNO_CHANNEL_TPS, 30);
  silent = advise_on (steady, DYNO_DECEL_MEDIUM, &none);
  g_assert_true (dyno_advice_is_available (silent));
  g_assert_cmpuint (silent->findings->len, ==, 0);
}

/* Where the throttle was measured it counts, elsewhere the pressure stands for it. */
static void
test_measured_throttle (void)
{
  double tps[99];
  g_autoptr(DynoGrid) overlay = NULL;
  g_autoptr(DynoGrid) inferred = NULL;
  DynoDecelZones zones;
  DynoGridShape shape;

  g_assert_true (dyno_grid_shape_named (&shape, "11x9"));
  for (guint i = 0; i < 99; i++)
    tps[i] = NAN;
  tps[CELL (1, 2)] = 1;
  tps[CELL (2, 2)] = 12; /* open: no decel */
  dyno_decel_zones_init (&zones, DYNO_DECEL_MEDIUM, NULL, 0, FALSE);
  overlay = dyno_decel_overlay (&zones, &shape, tps);
  inferred = dyno_decel_overlay (&zones, &shape, NULL);
  dyno_assert_near (inferred->values[CELL (1, 2)], 0.10, 1e-12); /* 40 kPa: 6.2 % */
  dyno_assert_near (overlay->values[CELL (1, 2)], 0.22, 1e-12);
  g_assert_true (isnan (overlay->values[CELL (2, 2)]));
  dyno_assert_near (overlay->values[CELL (3, 2)], inferred->values[CELL (3, 2)], 0);
  g_assert_true (isnan (overlay->values[CELL (1, 3)]));
  dyno_assert_near (inferred->values[CELL (8, 0)], 0.06, 1e-12); /* 5500: the last bound counts */
}

/* Five rows of a closing throttle in a cell are enough to say how far it was open. */
static void
test_throttle_of_cells (void)
{
  g_autoptr(DynoTestPlant) plant = decel_plant (13.0, 16.0);
  g_autoptr(DynoDecel) decel = NULL;
  g_autoptr(DynoAdvice) advice = NULL;

  for (gsize i = 0; i < plant->n; i++)
    plant->columns[DYNO_CHANNEL_MAP][i] = plant->columns[DYNO_CHANNEL_TPS][i] < 30 ? 40 : 60;
  for (gsize i = 1; i < plant->n; i += 2)
    plant->columns[DYNO_CHANNEL_MAP][i] += 0.01;
  advice = advise_on (plant, DYNO_DECEL_MEDIUM, &decel);
  g_assert_cmpuint (decel->events->len, ==, 1);
  /* Half open in the median: not a shut throttle, whatever the pressure says. */
  g_assert_true (isnan (decel->overlay->values[CELL (5, 2)]));
  g_assert_false (isnan (decel->overlay->values[CELL (3, 2)]));
}

static void
test_severity_option (void)
{
  g_autoptr(DynoTestPlant) plant = decel_plant (13.0, 15.6);
  double before = 0;

  for (guint s = 0; s < DYNO_N_DECEL_SEVERITIES; s++)
    {
      g_autoptr(DynoDecel) decel = NULL;
      g_autoptr(DynoAdvice) advice = advise_on (plant, (DynoDecelSeverity) s, &decel);
      double value = decel->overlay->values[CELL (1, 0)];

      g_assert_cmpfloat (value, >, before);
      before = value;
      g_assert_true (isnan (decel->overlay->values[CELL (1, 3)])); /* 50 kPa */
      g_assert_cmpuint (advice->findings->len, ==, 2);
      dyno_assert_near (dyno_finding_get_number (dyno_test_find_kind (advice, "decel-overlay"),
                                                 "pops"), 1, 0);
    }
}

static void
test_missing (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (5);
  g_autoptr(DynoDecel) decel = NULL;
  g_autoptr(DynoAdvice) advice = advise_on (plant, DYNO_DECEL_MEDIUM, &decel);

  g_assert_true (dyno_test_lacks (advice, "tps"));
  g_assert_cmpuint (advice->findings->len, ==, 0);
}

/* A throttle that is missing in the middle of the closing ends the event. */
static void
test_missing_throttle_ends (void)
{
  double time[60], rpm[60], tps[60];
  const DynoDecelRows rows = { 60, time, dyno_numbers_view (rpm, 60), dyno_numbers_view (tps, 60),
                               { NULL, NULL } };
  g_autoptr(GArray) events = g_array_new (FALSE, FALSE, sizeof (DynoDecelEvent));
  const DynoDecelEvent *event;

  for (guint i = 0; i < 60; i++)
    {
      time[i] = i * 0.02;
      rpm[i] = 3000;
      tps[i] = 70 - i;
    }
  tps[30] = NAN;
  dyno_decel_find (&rows, DYNO_DECEL_RULES_OURS, 0.5, 100, events, NULL);
  g_assert_cmpuint (events->len, ==, 2);
  event = &g_array_index (events, DynoDecelEvent, 0);
  g_assert_cmpuint (event->first, ==, 100);
  g_assert_cmpuint (event->last, ==, 129);
  g_assert_true (isnan (event->pop[0]));
  dyno_assert_near (dyno_decel_pop (event), 0, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/decel/golden", test_golden);
  g_test_add_func ("/analysis/decel/golden-report", test_golden_report);
  g_test_add_func ("/analysis/decel/golden-tools", test_golden_tools);
  g_test_add_func ("/analysis/decel/golden-wizard", test_golden_wizard);
  g_test_add_func ("/analysis/decel/zones", test_zones);
  g_test_add_func ("/analysis/decel/planted", test_planted);
  g_test_add_func ("/analysis/decel/absent", test_absent);
  g_test_add_func ("/analysis/decel/measured-throttle", test_measured_throttle);
  g_test_add_func ("/analysis/decel/throttle-of-cells", test_throttle_of_cells);
  g_test_add_func ("/analysis/decel/severity-option", test_severity_option);
  g_test_add_func ("/analysis/decel/missing", test_missing);
  g_test_add_func ("/analysis/decel/missing-throttle-ends", test_missing_throttle_ends);

  return g_test_run ();
}
