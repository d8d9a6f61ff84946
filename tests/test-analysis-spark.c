/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-analysis.h"
#include "dyno-spark-pull.h"
#include "dyno-spark.h"
#include "dyno-test-log.h"
#include "dyno-test.h"

#define CELL(row, column) ((row) * 9 + (column)) /* on 11x9 */
#define HOME CELL (3, 6)                         /* 3000/80 */
#define MOST_ROWS 200

/* A log at 3000/80 but for its first two rows, which stand at 2000/40; knock is 0
 * where nothing is said. */
typedef struct
{
  guint       n;
  double      rpm[MOST_ROWS];
  double      map[MOST_ROWS];
  double      mix[MOST_ROWS];
  double      knock[MOST_ROWS];
  double      iat_c[MOST_ROWS];
  DynoChannel channel;
  const char *unit;
} Log;

static void
log_init (Log   *log,
          guint  n)
{
  *log = (Log){ .n = n, .channel = DYNO_CHANNEL_KNOCK_F, .unit = "°" };
  for (guint i = 0; i < n; i++)
    {
      log->rpm[i] = i < 2 ? 2000 : 3000;
      log->map[i] = i < 2 ? 40 : 80;
      log->mix[i] = 13;
      log->iat_c[i] = 30;
    }
}

static DynoVeResult *
analyse (const Log           *log,
         const DynoVeOptions *options)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (log->n);
  double *time = g_new (double, log->n);
  g_autoptr(DynoVeOptions) defaults = dyno_ve_options_new ();
  g_autoptr(DynoSamples) samples = NULL;
  DynoSamples *runs[1];
  DynoVeResult *result;

  for (guint i = 0; i < log->n; i++)
    time[i] = i * 0.02;
  dyno_samples_builder_take_time (builder, time);
  dyno_test_take (builder, DYNO_CHANNEL_RPM, "rpm", log->rpm, log->n);
  dyno_test_take (builder, DYNO_CHANNEL_MAP, "kPa", log->map, log->n);
  dyno_test_take (builder, DYNO_CHANNEL_MIX_F, "AFR", log->mix, log->n);
  dyno_test_take (builder, DYNO_CHANNEL_IAT, "°C", log->iat_c, log->n);
  if (log->channel != DYNO_CHANNEL_NONE)
    dyno_test_take (builder, log->channel, log->unit, log->knock, log->n);
  runs[0] = samples = dyno_samples_builder_finish (builder);
  result = dyno_analysis_run (runs, 1, options != NULL ? options : defaults, NULL, NULL, NULL);
  g_assert_nonnull (result);

  return result;
}

static DynoSpark *
run (const Log           *log,
     const DynoVeOptions *options)
{
  g_autoptr(DynoVeResult) result = analyse (log, options);
  g_autoptr(DynoKnock) knock = dyno_knock_new (result, NULL);

  return dyno_spark_new (result, knock);
}

/* Golden: pull by tiers, and the rear rule on a grid without any data but heat. */

static void
test_golden (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/spark_k3_micro/cases.json");
  const DynoJson *tiers;
  const DynoJson *rule;
  DynoGridShape shape;

  if (golden == NULL)
    return;
  tiers = dyno_json_member (golden, "tier");
  g_assert_cmpuint (dyno_json_n_elements (tiers), >, 0);
  for (guint i = 0; i < dyno_json_n_elements (tiers); i++)
    {
      const DynoJson *tier = dyno_json_element (tiers, i);
      gboolean is_hot = dyno_json_get_number (tier, "iat", NAN) >= DYNO_SPARK_HOT_F;

      dyno_assert_near (dyno_spark_pull (dyno_json_get_number (tier, "knock", NAN), is_hot),
                        dyno_json_get_number (tier, "pull", NAN), 1e-12);
    }
  rule = dyno_json_member (golden, "rear_rule");
  dyno_grid_shape_named (&shape, "11x5");
  for (guint i = 0; i < 55; i++)
    {
      gboolean is_in = dyno_spark_in_rear_rule (shape.rpm.at[i / 5], shape.load.at[i % 5]);
      double expected
        = dyno_json_number (dyno_json_element (dyno_json_element (rule, i / 5), i % 5), NAN);

      dyno_assert_near (is_in ? dyno_spark_add_rear_rule (0, 2, -1, TRUE) : 0, expected, 1e-12);
    }
}

/* 4.1: .5, .7, 1, 1.5, 3 and 6 degrees of knock. */
static void
test_pull (void)
{
  static const double rows[][2] = { { 0.49, 0 },     { 0.5, -0.5 }, { 0.7, -0.5 }, { 1, -2.0 / 3 },
                                    { 1.5, -1 },     { 3, -2 },     { 6, -2 },     { NAN, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    dyno_assert_near (dyno_spark_pull (rows[i][0], FALSE), rows[i][1], 1e-15);
  g_assert_cmpfloat (dyno_spark_pull (0.4, TRUE), ==, 0);
  dyno_assert_near (dyno_spark_pull (3, TRUE), -2.5, 1e-15);
  /* 120 °F by way of a log's °F column. */
  g_assert_true ((120.0 - 32) / 1.8 >= DYNO_SPARK_HOT_C);
  g_assert_true ((119.9 - 32) / 1.8 < DYNO_SPARK_HOT_C);
}

/* Ten rows with 1…10 degrees: the 90th percentile is 9.1, a lone spike is not it. */
static void
test_quantile (void)
{
  g_autoptr(DynoSpark) spark = NULL;
  const DynoSparkCell *cell;
  Log log;

  log_init (&log, 100);
  for (guint i = 0; i < 10; i++)
    log.knock[50 + i] = i < 9 ? 0.9 : 8;
  spark = run (&log, NULL);
  cell = &spark->cylinders[0].cells[HOME];
  g_assert_cmpint (spark->cylinders[0].state, ==, DYNO_SPARK_AVAILABLE);
  g_assert_cmpuint (cell->n_rows, ==, 98);
  g_assert_cmpuint (cell->n_knock, ==, 10);
  dyno_assert_near (cell->knock, 0.9 + 0.1 * 7.1, 1e-12);
  dyno_assert_near (cell->pull_deg, -(0.9 + 0.1 * 7.1) * 2 / 3, 1e-12);
  g_assert_false (cell->is_single_event);
  g_assert_false (spark->cylinders[0].is_degree_unknown);
  g_assert_cmpfloat (spark->cylinders[0].cells[CELL (1, 2)].pull_deg, ==, 0);
  g_assert_true (isnan (spark->cylinders[0].cells[CELL (8, 8)].pull_deg));
}

static void
test_single_event (void)
{
  g_autoptr(DynoSpark) spark = NULL;
  Log log;

  log_init (&log, 50);
  log.knock[20] = 3;
  log.knock[21] = 1;
  spark = run (&log, NULL);
  g_assert_true (spark->cylinders[0].cells[HOME].is_single_event);
  g_assert_cmpfloat (spark->cylinders[0].cells[HOME].knock, ==, 3);
  g_assert_cmpfloat (spark->cylinders[0].cells[HOME].pull_deg, ==, -2);
}

/* A knock of one cylinder says nothing of the other; one named so is both's. */
static void
test_cylinders (void)
{
  static const struct
  {
    DynoChannel    channel;
    DynoSparkState states[2];
  } rows[] = {
    { DYNO_CHANNEL_KNOCK_F, { DYNO_SPARK_AVAILABLE, DYNO_SPARK_NO_CHANNEL } },
    { DYNO_CHANNEL_KNOCK_R, { DYNO_SPARK_NO_CHANNEL, DYNO_SPARK_AVAILABLE } },
    { DYNO_CHANNEL_KNOCK, { DYNO_SPARK_AVAILABLE, DYNO_SPARK_AVAILABLE } },
    { DYNO_CHANNEL_NONE, { DYNO_SPARK_NO_CHANNEL, DYNO_SPARK_NO_CHANNEL } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(DynoSpark) spark = NULL;
      Log log;

      log_init (&log, 50);
      log.channel = rows[i].channel;
      log.knock[20] = 3;
      spark = run (&log, NULL);
      for (guint c = 0; c < 2; c++)
        {
          const DynoSparkCylinder *cylinder = &spark->cylinders[c];

          g_assert_cmpint (cylinder->state, ==, rows[i].states[c]);
          g_assert_cmpint (cylinder->cells != NULL, ==, cylinder->state == DYNO_SPARK_AVAILABLE);
          if (cylinder->cells == NULL)
            continue;
          g_assert_cmpint (cylinder->is_shared, ==, log.channel == DYNO_CHANNEL_KNOCK);
          g_assert_cmpfloat (cylinder->cells[HOME].pull_deg, ==, -2);
        }
    }
}

/* Counts know no degrees: two rows with any are −1, one is not enough. */
static void
test_counts (void)
{
  for (guint n = 0; n < 4; n++)
    {
      g_autoptr(DynoSpark) spark = NULL;
      Log log;

      log_init (&log, 50);
      log.unit = "";
      log.knock[0] = 40;
      for (guint i = 0; i < n; i++)
        log.knock[20 + i] = 17;
      spark = run (&log, NULL);
      g_assert_true (spark->cylinders[0].is_degree_unknown);
      g_assert_cmpfloat (spark->cylinders[0].cells[HOME].pull_deg, ==, n >= 2 ? -1 : 0);
    }
}

/* Dead channels are no silence. */
static void
test_constant (void)
{
  g_autoptr(DynoSpark) silent = NULL;
  g_autoptr(DynoSpark) stuck = NULL;
  g_autoptr(DynoSpark) steady = NULL;
  Log log;

  log_init (&log, 50);
  silent = run (&log, NULL);
  g_assert_cmpint (silent->cylinders[0].state, ==, DYNO_SPARK_CONSTANT);
  g_assert_null (silent->cylinders[0].cells);

  for (guint i = 0; i < log.n; i++)
    log.knock[i] = 6;
  stuck = run (&log, NULL);
  g_assert_cmpint (stuck->cylinders[0].state, ==, DYNO_SPARK_CONSTANT);

  log.rpm[0] = log.rpm[1] = 3000;
  log.map[0] = log.map[1] = 80;
  steady = run (&log, NULL);
  g_assert_cmpint (steady->cylinders[0].state, ==, DYNO_SPARK_AVAILABLE);
  g_assert_cmpfloat (steady->cylinders[0].cells[HOME].pull_deg, ==, -2);
}

/* 48.9 °C is hot, where knock is. */
static void
test_heat (void)
{
  g_autoptr(DynoSpark) spark = NULL;
  Log log;

  log_init (&log, 60);
  log.iat_c[30] = 48.9;
  log.knock[20] = log.knock[21] = log.knock[22] = 1.5;
  log.iat_c[1] = 60;
  spark = run (&log, NULL);
  dyno_assert_near (spark->cylinders[0].cells[HOME].iat_c, 48.9, 1e-12);
  dyno_assert_near (spark->cylinders[0].cells[HOME].pull_deg, -1.5, 1e-12);
  g_assert_cmpfloat (spark->cylinders[0].cells[CELL (1, 2)].pull_deg, ==, 0);
}

/* Without a mixture knock counts all the same; out of range or of the grid it does
 * not. */
static void
test_rows_that_count (void)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoSpark) spark = NULL;
  g_autoptr(DynoSpark) narrow = NULL;
  Log log;

  log_init (&log, 60);
  for (guint i = 10; i < 60; i++)
    {
      log.mix[i] = NAN;
      log.knock[i] = i % 2 == 0 ? 3 : 0;
    }
  log.rpm[20] = NAN; /* between two readings: 3000 */
  log.rpm[22] = 7000;
  log.map[24] = 110;
  log.rpm[26] = 300;
  spark = run (&log, NULL);
  g_assert_cmpuint (spark->cylinders[0].cells[HOME].n_rows, ==, 55);
  g_assert_cmpuint (spark->cylinders[0].cells[HOME].n_knock, ==, 22);

  g_assert_true (dyno_ve_options_set_text (options, "map_range", "[10,79]", NULL));
  narrow = run (&log, options);
  g_assert_cmpuint (narrow->cylinders[0].cells[HOME].n_rows, ==, 0);
  g_assert_true (dyno_ve_options_set_text (options, "gates_off", "[\"map-range\"]", NULL));
  g_clear_pointer (&narrow, dyno_spark_free);
  narrow = run (&log, options);
  g_assert_cmpuint (narrow->cylinders[0].cells[HOME].n_rows, ==, 55);
}

/* R (knock_opt_micro): the original added −4 or −2 degrees by the share of knock and
 * +1 for silence; here the share is a rank, and silence gives nothing back. */
static void
test_severity (void)
{
  static const struct
  {
    guint  n_knock; /* of 100 rows */
    double severity;
  } rows[] = { { 0, 0 }, { 1, -2 }, { 10, -2 }, { 11, -4 }, { 100, -4 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(DynoSpark) spark = NULL;
      Log log;

      log_init (&log, 102);
      log.knock[0] = 1;
      for (guint k = 0; k < rows[i].n_knock; k++)
        log.knock[2 + k] = 0.3;
      spark = run (&log, NULL);
      g_assert_cmpfloat (spark->cylinders[0].cells[HOME].severity, ==, rows[i].severity);
      g_assert_cmpfloat (spark->cylinders[0].cells[HOME].pull_deg, ==, 0);
    }
}

/* Off unless wanted; then for driven cells of the rear only. */
static void
test_rear_rule (void)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoSpark) off = NULL;
  g_autoptr(DynoSpark) on = NULL;
  g_autoptr(DynoSpark) hot = NULL;
  Log log;

  log_init (&log, 50);
  log.channel = DYNO_CHANNEL_KNOCK;
  log.knock[0] = 1;
  off = run (&log, options);
  g_assert_cmpfloat (off->cylinders[1].cells[HOME].pull_deg, ==, 0);

  options->spark_rear_rule = TRUE;
  on = run (&log, options);
  g_assert_cmpfloat (on->cylinders[1].cells[HOME].pull_deg, ==, -2);
  g_assert_cmpfloat (on->cylinders[0].cells[HOME].pull_deg, ==, 0);
  g_assert_true (isnan (on->cylinders[1].cells[CELL (4, 6)].pull_deg));

  options->rear_rule_deg = 3;
  options->hot_extra_deg = -1.5;
  log.iat_c[40] = 50;
  hot = run (&log, options);
  g_assert_cmpfloat (hot->cylinders[1].cells[HOME].pull_deg, ==, -4.5);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/analysis/spark/golden", test_golden);
  g_test_add_func ("/analysis/spark/pull", test_pull);
  g_test_add_func ("/analysis/spark/quantile", test_quantile);
  g_test_add_func ("/analysis/spark/single-event", test_single_event);
  g_test_add_func ("/analysis/spark/cylinders", test_cylinders);
  g_test_add_func ("/analysis/spark/counts", test_counts);
  g_test_add_func ("/analysis/spark/constant", test_constant);
  g_test_add_func ("/analysis/spark/heat", test_heat);
  g_test_add_func ("/analysis/spark/rows-that-count", test_rows_that_count);
  g_test_add_func ("/analysis/spark/severity", test_severity);
  g_test_add_func ("/analysis/spark/rear-rule", test_rear_rule);

  return g_test_run ();
}
