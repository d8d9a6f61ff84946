/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-plant.h"
#include "dyno-test.h"
#include "dyno-transient.h"

#define MAX_ROWS 1000

/* The log of the original: time, rpm, map, tps, afr, iat, target_afr. */
typedef struct
{
  gsize  n;
  double columns[7][MAX_ROWS];
} Ramp;

static gboolean
read_ramp (Ramp *ramp)
{
  g_autofree char *path = dyno_test_shared_file ("golden/transient_ramp/input.csv");
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  if (path == NULL)
    return FALSE;
  text = dyno_test_read (path, NULL);
  lines = g_strsplit (text, "\n", -1);
  ramp->n = 0;
  for (gsize i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto(GStrv) fields = g_strsplit (lines[i], ",", -1);

      g_assert_cmpuint (g_strv_length (fields), ==, 7);
      g_assert_cmpuint (ramp->n, <, MAX_ROWS);
      for (guint c = 0; c < 7; c++)
        ramp->columns[c][ramp->n] = g_ascii_strtod (fields[c], NULL);
      ramp->n++;
    }

  return TRUE;
}

/* (transfer full) of DynoTransientEvent */
static GArray *
ramp_events (const Ramp *ramp)
{
  const DynoTransientRows rows = { ramp->n, ramp->columns[0], ramp->columns[1], ramp->columns[2],
                                   ramp->columns[3], ramp->columns[4], ramp->columns[6],
                                   ramp->columns[5] };
  GArray *events = g_array_new (FALSE, FALSE, sizeof (DynoTransientEvent));

  dyno_transient_find (&rows, INFINITY, 0, events);

  return events;
}

#define ASSERT_MEMBER(value, json, name) \
  dyno_assert_near ((value), dyno_json_get_number ((json), (name), NAN), 1e-9)

static void
assert_event (const DynoTransientEvent *event,
              const DynoJson           *wanted)
{
  ASSERT_MEMBER (event->start_s, wanted, "start_time");
  ASSERT_MEMBER (event->end_s, wanted, "end_time");
  ASSERT_MEMBER (event->peak_map_rate, wanted, "peak_map_rate");
  ASSERT_MEMBER (event->peak_tps_rate, wanted, "peak_tps_rate");
  ASSERT_MEMBER (event->mean_rpm, wanted, "avg_rpm");
  ASSERT_MEMBER (event->mean_error, wanted, "afr_error_avg");
  ASSERT_MEMBER (event->peak_error, wanted, "afr_error_peak");
  ASSERT_MEMBER (event->mean_iat_c, wanted, "avg_iat_c");
  g_assert_cmpstr (event->is_accel ? "accel" : "decel", ==,
                   dyno_json_get_string (wanted, "event_type"));
  g_assert_cmpstr (dyno_transient_severity_name (event->severity), ==,
                   dyno_json_get_string (wanted, "severity"));
  g_assert_cmpstr (dyno_transient_air_name (dyno_transient_air_of (event->mean_iat_c)), ==,
                   dyno_json_get_string (wanted, "iat_category"));
}

static double
number_at (const DynoJson *object,
           const char     *name,
           guint           index)
{
  return dyno_json_number (dyno_json_element (dyno_json_member (object, name), index), NAN);
}

/* Bins without events are 0 and 25 °C there, empty here. */
static void
assert_rates (const DynoTransientBin *bins,
              const double           *bounds,
              const DynoJson         *table,
              const char             *rates)
{
  for (guint i = 0; i < DYNO_TRANSIENT_RATE_BINS; i++)
    {
      gboolean is_empty = bins[i].n_events == 0;

      g_assert_cmpint (isnan (bins[i].enrichment_pct), ==, is_empty);
      dyno_assert_near ((bounds[i] + bounds[i + 1]) / 2, number_at (table, rates, i), 1e-9);
      dyno_assert_near (is_empty ? 0 : bins[i].enrichment_pct,
                        number_at (table, "enrichment_percent", i), 1e-9);
      dyno_assert_near (is_empty ? 25 : bins[i].mean_iat_c, number_at (table, "avg_iat_c", i), 1e-9);
    }
}

static void
assert_bands (const DynoTransientTables *tables,
              const DynoJson            *golden)
{
  for (guint b = 0; b < DYNO_TRANSIENT_BANDS; b++)
    {
      const DynoTransientBand *band = &tables->bands[b];
      const DynoJson *tau = dyno_json_element (dyno_json_member (golden, "tau"), b);

      ASSERT_MEMBER (band->x, tau, "x_fraction");
      ASSERT_MEMBER (band->tau_s, tau, "tau_seconds");
      g_assert_cmpstr (dyno_transient_band_name (b), ==, dyno_json_get_string (tau, "rpm_range"));
      g_assert_cmpstr (dyno_transient_air_name (band->air), ==,
                       dyno_json_get_string (tau, "temperature_condition"));
      ASSERT_MEMBER (band->n_events == 0 ? 1 : band->wall, dyno_json_member (golden, "wall"),
                     dyno_transient_band_name (b));
    }
}

static void
assert_grid (const DynoTransientTables *tables,
             const DynoJson            *cells)
{
  guint n = 0;

  for (guint i = 0; i < DYNO_TRANSIENT_SPEED_BINS * DYNO_TRANSIENT_GRID_RATES; i++)
    {
      guint s = i / DYNO_TRANSIENT_GRID_RATES;
      guint r = i % DYNO_TRANSIENT_GRID_RATES;
      const DynoJson *wanted;

      if (tables->by_speed[s][r].n_events == 0)
        continue;
      wanted = dyno_json_element (cells, n++);
      ASSERT_MEMBER (tables->by_speed[s][r].enrichment_pct, wanted, "enrichment_percent");
      ASSERT_MEMBER (tables->by_speed[s][r].mean_iat_c, wanted, "avg_iat_c");
      ASSERT_MEMBER ((dyno_transient_speed_bounds ()[s] + dyno_transient_speed_bounds ()[s + 1]) / 2,
                     wanted, "rpm");
      ASSERT_MEMBER ((dyno_transient_grid_bounds ()[r] + dyno_transient_grid_bounds ()[r + 1]) / 2,
                     wanted, "map_rate_kpa_per_sec");
    }
  g_assert_cmpuint (n, ==, dyno_json_n_elements (cells));
}

static void
test_golden (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/transient_ramp/cases.json");
  const DynoJson *wanted = dyno_json_member (golden, "events");
  const DynoJson *decel = dyno_json_member (golden, "decel");
  g_autofree Ramp *ramp = g_new0 (Ramp, 1);
  g_autoptr(GArray) events = NULL;
  DynoTransientTables tables;

  if (golden == NULL || !read_ramp (ramp))
    return;
  events = ramp_events (ramp);
  g_assert_cmpuint (events->len, ==, dyno_json_n_elements (wanted));
  for (guint i = 0; i < events->len; i++)
    assert_event (&g_array_index (events, DynoTransientEvent, i), dyno_json_element (wanted, i));
  dyno_transient_tables_init (&tables, (const DynoTransientEvent *) (gconstpointer) events->data,
                              events->len, 13.0);
  assert_rates (tables.map_rate, dyno_transient_map_bounds (),
                dyno_json_member (golden, "map_table"), "map_rate_kpa_per_sec");
  assert_rates (tables.tps_rate, dyno_transient_tps_bounds (),
                dyno_json_member (golden, "tps_table"), "tps_rate_percent_per_sec");
  assert_grid (&tables, dyno_json_member (golden, "t3d"));
  assert_bands (&tables, golden);
  for (guint s = 0; s < DYNO_TRANSIENT_SPEED_BINS; s++)
    dyno_assert_near (isnan (tables.decel_cut_pct[s]) ? 0 : tables.decel_cut_pct[s],
                      number_at (decel, "fuel_cut_percent", s), 1e-9);
}

static void
test_air (void)
{
  static const double rows[][3] = { /* °C, density, wetting */
    { 25, 1, 1 }, { 0, 1.0875, 1.625 }, { -40, 1.2, 2.5 }, { 45, 0.93, 0.5 }, { 90, 0.85, 0.3 } };
  const DynoTransientBand band = { 1, 0.2, 0.5, 1, DYNO_TRANSIENT_WARM };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      dyno_assert_near (dyno_transient_density (rows[i][0]), rows[i][1], 1e-12);
      dyno_assert_near (dyno_transient_wetting (rows[i][0]), rows[i][2], 1e-12);
    }
  g_assert_cmpint (dyno_transient_air_of (9.9), ==, DYNO_TRANSIENT_COLD);
  g_assert_cmpint (dyno_transient_air_of (45), ==, DYNO_TRANSIENT_HOT);
  dyno_assert_near (dyno_transient_enrichment (1, 13, 25), 5, 1e-12);
  dyno_assert_near (dyno_transient_enrichment (-1, 13, 25), 0, 0);
  dyno_assert_near (dyno_transient_enrichment (9, 13, 25), 25, 0);
  dyno_assert_near (dyno_transient_film_pct (&band, 100), 10, 1e-12);
  dyno_assert_near (dyno_transient_film_pct (&band, 1000), 25, 0);
  dyno_assert_near (dyno_transient_film_pct (&band, -10), 0, 0);
}

/* Nothing moves: no events, and every bin is empty. */
static void
test_no_events (void)
{
  DynoTransientTables tables;

  dyno_transient_tables_init (&tables, NULL, 0, NAN);
  for (guint i = 0; i < DYNO_TRANSIENT_RATE_BINS; i++)
    g_assert_true (isnan (tables.map_rate[i].enrichment_pct)
                   && isnan (tables.tps_rate[i].enrichment_pct));
  for (guint s = 0; s < DYNO_TRANSIENT_SPEED_BINS; s++)
    g_assert_true (isnan (tables.decel_cut_pct[s]) && isnan (tables.by_speed[s][0].enrichment_pct));
  for (guint b = 0; b < DYNO_TRANSIENT_BANDS; b++)
    {
      g_assert_cmpuint (tables.bands[b].n_events, ==, 0);
      dyno_assert_near (tables.bands[b].x, 0.15, 0);
      dyno_assert_near (tables.bands[b].tau_s, 1, 0);
      g_assert_true (isnan (tables.bands[b].wall));
    }
}

/* The throttle opens from 2 to 2.6 s; the mixture made then is lean by 1 AFR, and
 * is read `delay_s` later. */
static DynoTestPlant *
snap_plant (double delay_s)
{
  DynoTestPlant *plant = dyno_test_plant_new (400);
  double *tps = dyno_test_plant_channel (plant, DYNO_CHANNEL_TPS, 10);
  double *map = dyno_test_plant_channel (plant, DYNO_CHANNEL_MAP, 40);
  double *rpm = dyno_test_plant_channel (plant, DYNO_CHANNEL_RPM, 3500);
  double *mix = dyno_test_plant_channel (plant, DYNO_CHANNEL_MIX_F, 13);

  dyno_test_plant_channel (plant, DYNO_CHANNEL_TARGET, 13);
  for (gsize i = 0; i < plant->n; i++)
    {
      double t = plant->time_s[i];

      tps[i] += 50 * CLAMP ((t - 2) / 0.6, 0, 1) + (i % 2) * 1e-3;
      map[i] += 50 * CLAMP ((t - 2) / 0.6, 0, 1) + (i % 2) * 1e-3;
      rpm[i] += (i % 2) * 1e-2;
      mix[i] += (t >= 2 + delay_s && t <= 2.6 + delay_s ? 1 : 0) + (i % 2) * 1e-4;
    }

  return plant;
}

static DynoAdvice *
advise_on (const DynoTestPlant *plant,
           double               delay_ms,
           DynoTransient      **front)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoSamples) samples = dyno_test_plant_samples (plant);
  g_autoptr(DynoVeResult) result = NULL;
  g_autoptr(DynoTransient) rear = NULL;

  options->delay = DYNO_DELAY_FIXED;
  options->delay_ms = delay_ms;
  result = dyno_analysis_run (&samples, 1, options, NULL, NULL, NULL);
  g_assert_nonnull (result);
  *front = dyno_transient_of_result (result, 0, NULL);
  rear = dyno_transient_of_result (result, 1, NULL);
  g_assert_cmpint (rear != NULL, ==, plant->columns[DYNO_CHANNEL_MIX_R] != NULL);

  return dyno_transient_advise (*front, rear, result);
}

static void
test_planted (void)
{
  g_autoptr(DynoTestPlant) plant = snap_plant (0);
  g_autoptr(DynoTransient) front = NULL;
  g_autoptr(DynoAdvice) advice = advise_on (plant, 0, &front);
  const DynoFinding *finding = dyno_test_find_kind (advice, "transient-lean");
  const DynoTransientEvent *event;

  g_assert_cmpuint (front->events->len, ==, 1);
  event = &g_array_index (front->events, DynoTransientEvent, 0);
  g_assert_true (event->is_accel);
  dyno_assert_near (event->mean_error, 1, 0.1);
  dyno_assert_near (event->peak_map_rate, 50 / 0.6, 0.05);
  g_assert_nonnull (finding);
  g_assert_cmpuint (advice->findings->len, ==, 1);
  g_assert_cmpuint (front->tables.bands[2].n_events, ==, 1);
  g_assert_cmpfloat (front->tables.bands[2].wall, >, 1);
}

/* What is read late belongs to the throttle's movement all the same. */
static void
test_delay_is_taken_off (void)
{
  g_autoptr(DynoTestPlant) plant = snap_plant (0.6);
  g_autoptr(DynoTransient) shifted = NULL;
  g_autoptr(DynoAdvice) advice = advise_on (plant, 600, &shifted);
  g_autoptr(DynoTransient) unshifted = NULL;
  g_autoptr(DynoAdvice) silent = advise_on (plant, 0, &unshifted);

  dyno_assert_near (g_array_index (shifted->events, DynoTransientEvent, 0).mean_error, 1, 0.1);
  g_assert_cmpuint (dyno_test_count_kind (advice, "transient-lean"), ==, 1);
  g_assert_cmpfloat (g_array_index (unshifted->events, DynoTransientEvent, 0).mean_error, <, 0.2);
  g_assert_cmpuint (silent->findings->len, ==, 0);
}

static void
test_missing (void)
{
  g_autoptr(DynoTestPlant) plant = snap_plant (0);
  g_autoptr(DynoTransient) front = NULL;
  g_autoptr(DynoAdvice) advice = NULL;

  g_clear_pointer (&plant->columns[DYNO_CHANNEL_TPS], g_free);
  advice = advise_on (plant, 0, &front);
  g_assert_true (dyno_test_lacks (advice, "tps"));
  g_assert_cmpuint (advice->findings->len, ==, 0);
  g_assert_cmpuint (front->events->len, ==, 0);
}

/* A jump across a gap, or at one instant, is no rate. */
static void
test_gap_and_equal_stamps (void)
{
  double time[40], rpm[40], map[40], tps[40], afr[40];
  const DynoTransientRows rows = { 40, time, rpm, map, tps, afr, afr, NULL };
  g_autoptr(GArray) events = g_array_new (FALSE, FALSE, sizeof (DynoTransientEvent));

  for (guint i = 0; i < 40; i++)
    {
      time[i] = i * 0.02 + (i >= 20 ? 5 : 0);
      rpm[i] = 3000;
      map[i] = i >= 20 ? 90 : 30;
      tps[i] = 20;
      afr[i] = 13;
    }
  dyno_transient_find (&rows, 0.5, 0, events);
  g_assert_cmpuint (events->len, ==, 0);
  dyno_transient_find (&rows, INFINITY, 0, events);
  g_assert_cmpuint (events->len, ==, 0); /* 12 kPa/s over the gap */
  for (guint i = 0; i < 40; i++)
    {
      time[i] = 1;
      map[i] = i;
    }
  dyno_transient_find (&rows, 0.5, 0, events);
  g_assert_cmpuint (events->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/transient/golden", test_golden);
  g_test_add_func ("/analysis/transient/air", test_air);
  g_test_add_func ("/analysis/transient/no-events", test_no_events);
  g_test_add_func ("/analysis/transient/planted", test_planted);
  g_test_add_func ("/analysis/transient/delay-is-taken-off", test_delay_is_taken_off);
  g_test_add_func ("/analysis/transient/missing", test_missing);
  g_test_add_func ("/analysis/transient/gap-and-equal-stamps", test_gap_and_equal_stamps);

  return g_test_run ();
}
