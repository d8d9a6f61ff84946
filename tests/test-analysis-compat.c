/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-compat.h"
#include "dyno-filter.h"
#include "dyno-test.h"

#define WORKFLOW "golden/autotune_workflow/"
#define JETDRIVE "golden/jetdrive_autotune/"

/* Numbers of an array; null is NaN. */
static double *
read_numbers (const DynoJson *array,
              gsize          *n)
{
  double *numbers;

  *n = dyno_json_n_elements (array);
  numbers = g_new (double, MAX (*n, 1));
  for (gsize i = 0; i < *n; i++)
    numbers[i] = dyno_json_number (dyno_json_element (array, (guint) i), NAN);

  return numbers;
}

/* Weights and placement */

static void
test_golden_weights (void)
{
  static const struct
  {
    const char *name;
    DynoWeight  weight;
  } rows[] = { { "uniform", DYNO_WEIGHT_UNIFORM }, { "linear", DYNO_WEIGHT_LINEAR },
               { "log", DYNO_WEIGHT_LOG }, { "gauss", DYNO_WEIGHT_GAUSSIAN } };
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/weighted_binning_micro/cases.json");

  for (guint i = 0; golden != NULL && i < G_N_ELEMENTS (rows); i++)
    {
      const DynoJson *pairs = dyno_json_member (dyno_json_member (golden, "weights"), rows[i].name);

      g_assert_cmpuint (dyno_json_n_elements (pairs), >, 0);
      for (guint k = 0; k < dyno_json_n_elements (pairs); k++)
        {
          const DynoJson *pair = dyno_json_element (pairs, k);
          double distance = dyno_json_number (dyno_json_element (pair, 0), NAN);

          dyno_assert_near (dyno_weight_of (rows[i].weight, distance),
                            dyno_json_number (dyno_json_element (pair, 1), NAN), 1e-12);
        }
    }
}

static void
test_golden_placement (void)
{
  static const double axis_values[] = { 1500, 2000, 2500, 3000 };
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/weighted_binning_micro/cases.json");
  const DynoJson *places;
  DynoAxis axis;

  if (golden == NULL)
    return;
  dyno_axis_init (&axis, axis_values, G_N_ELEMENTS (axis_values), NULL);
  places = dyno_json_member (golden, "placement");
  g_assert_cmpuint (dyno_json_n_elements (places), >, 0);
  for (guint i = 0; i < dyno_json_n_elements (places); i++)
    {
      const DynoJson *expected = dyno_json_element (dyno_json_element (places, i), 1);
      double value = dyno_json_number (dyno_json_element (dyno_json_element (places, i), 0), NAN);
      double fraction;

      g_assert_cmpint (dyno_weight_place (&axis, value, &fraction), ==,
                       dyno_json_get_integer (expected, "index", -1));
      dyno_assert_near (fraction, dyno_json_get_number (expected, "percent_to_next", NAN), 1e-12);
    }
}

/* The samples of the case in its cells, by log-distance. */
static void
test_golden_cells (void)
{
  static const double rpm[] = { 1500, 2000, 2500, 3000 };
  static const double kpa[] = { 20, 30, 40, 50 };
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/weighted_binning_micro/cases.json");
  double sums[16] = { 0 };
  double weights[16] = { 0 };
  guint hits[16] = { 0 };
  DynoGridShape shape;
  const DynoJson *samples;

  if (golden == NULL)
    return;
  dyno_axis_init (&shape.rpm, rpm, G_N_ELEMENTS (rpm), NULL);
  dyno_axis_init (&shape.load, kpa, G_N_ELEMENTS (kpa), NULL);
  samples = dyno_json_member (golden, "samples");
  for (guint i = 0; i < dyno_json_n_elements (samples); i++)
    {
      gsize n;
      g_autofree double *sample = read_numbers (dyno_json_element (samples, i), &n);
      double distance;
      guint cell = dyno_weight_cell (&shape, sample[0], sample[1], &distance);
      double weight = dyno_weight_of (DYNO_WEIGHT_LOG, distance);

      sums[cell] += sample[2] * weight;
      weights[cell] += weight;
      hits[cell]++;
    }
  for (guint i = 0; i < 16; i++)
    {
      const DynoJson *table = dyno_json_element (dyno_json_member (golden, "table"), i / 4);
      const DynoJson *counts = dyno_json_element (dyno_json_member (golden, "hits"), i / 4);

      dyno_assert_near (hits[i] > 0 ? sums[i] / weights[i] : NAN,
                        dyno_json_number (dyno_json_element (table, i % 4), NAN), 1e-12);
      g_assert_cmpint (hits[i], ==, dyno_json_integer (dyno_json_element (counts, i % 4), -1));
    }
}

/* analysis.md 1.4. */
static void
test_weights (void)
{
  static const double rows[][2] = { { 0, 19.999999992 },
                                    { 0.1, 1.366026910730141 },
                                    { 0.25, 0.49320754489586677 },
                                    { 0.5, 0.11892543038577034 },
                                    { 1, 0 },
                                    { 3, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    dyno_assert_near (dyno_weight_of (DYNO_WEIGHT_LOG, rows[i][0]), rows[i][1], 1e-12);
}

/* Filters */

typedef void (*Filter) (DynoFilterSignal *signal);

static void
low_pass (DynoFilterSignal *signal)
{
  dyno_filter_low_pass (signal, 200);
}

static void
range (DynoFilterSignal *signal)
{
  dyno_filter_range (signal, 10, 19);
}

static void
window (DynoFilterSignal *signal)
{
  dyno_filter_window (signal, 10, 19, 50);
}

static void
chain (DynoFilterSignal *signal)
{
  dyno_filter_low_pass (signal, 500);
  window (signal);
  dyno_filter_outliers (signal, 2, 0.5, 5);
}

static void
test_golden_filters (void)
{
  static const struct
  {
    const char *name;
    Filter      filter;
  } rows[] = { { "lowpass200", low_pass }, { "minmax", range }, { "timeminmax", window },
               { "chain", chain } };
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/filters_micro/cases.json");

  for (guint i = 0; golden != NULL && i < G_N_ELEMENTS (rows); i++)
    {
      const DynoJson *answer = dyno_json_member (golden, rows[i].name);
      const DynoJson *list = dyno_json_member (answer, "v");
      gsize n;
      gsize n_expected;
      g_autofree double *time = read_numbers (dyno_json_member (golden, "t"), &n);
      g_autofree double *values = read_numbers (dyno_json_member (golden, "v"), &n);
      g_autofree double *expected = read_numbers (list != NULL ? list : answer, &n_expected);
      DynoFilterSignal signal = { values, time, n };

      g_test_message ("%s", rows[i].name);
      g_assert_cmpuint (n, ==, n_expected);
      rows[i].filter (&signal);
      for (gsize k = 0; k < n; k++)
        dyno_assert_near (values[k], expected[k], 1e-12);
    }
}

/* A spike of 20 samples' company goes with five on each side; quiet signals are left. */
static void
test_outliers (void)
{
  double time[40];
  double values[40];
  DynoFilterSignal signal = { values, time, 40 };

  for (guint i = 0; i < 40; i++)
    {
      time[i] = i * 10;
      values[i] = 13 + 0.1 * (i % 2);
    }
  values[20] = 13.9;
  dyno_filter_outliers (&signal, 2, 0.5, 5);
  g_assert_cmpfloat (values[20], ==, 13.9);

  values[20] = 18;
  dyno_filter_outliers (&signal, 2, 0.5, 5);
  for (guint i = 0; i < 40; i++)
    g_assert_cmpint (isnan (values[i]) != 0, ==, i >= 15 && i <= 25);
}

/* Stamps that stand still count as 1 ms; the first sample is not the state. */
static void
test_low_pass (void)
{
  double time[] = { 0, 10, 10, 30 };
  double values[] = { 99, 10, 12, NAN };
  DynoFilterSignal signal = { values, time, 4 };

  dyno_filter_low_pass (&signal, 499);
  g_assert_cmpfloat (values[0], ==, 99);
  g_assert_cmpfloat (values[1], ==, 10);
  dyno_assert_near (values[2], 10 + 2.0 / 500, 1e-12);
  g_assert_true (isnan (values[3]));
}

/* The engines */

typedef struct
{
  DynoCompatRows rows;
  double        *columns[4]; /* (owned) time, rpm, MAP, AFR */
} Log;

/* "timestamp_ms,RPM,MAP_kPa,Torque,Horsepower,AFR" */
static gboolean
log_read (Log        *log,
          const char *name)
{
  static const guint wanted[] = { 0, 1, 2, 5 };
  g_autofree char *path = dyno_test_shared_file (name);
  g_autofree char *text = path != NULL ? dyno_test_read (path, NULL) : NULL;
  g_auto(GStrv) lines = text != NULL ? g_strsplit (g_strstrip (text), "\n", -1) : NULL;

  if (lines == NULL)
    return FALSE;
  log->rows.n = g_strv_length (lines) - 1;
  for (guint c = 0; c < 4; c++)
    {
      log->columns[c] = g_new (double, log->rows.n);
      for (gsize i = 0; i < log->rows.n; i++)
        {
          g_auto(GStrv) cells = g_strsplit (lines[i + 1], ",", -1);

          log->columns[c][i] = g_ascii_strtod (cells[wanted[c]], NULL);
        }
    }
  log->rows.time_ms = log->columns[0];
  log->rows.rpm = log->columns[1];
  log->rows.map_kpa = log->columns[2];
  log->rows.afr = log->columns[3];

  return TRUE;
}

static void
log_clear (Log *log)
{
  for (guint c = 0; c < 4; c++)
    g_free (log->columns[c]);
}

static void
assert_file (char       *made,
             const char *folder,
             const char *name)
{
  g_autofree char *text = made;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *file = dyno_test_shared_file (path);
  g_autofree char *expected = dyno_test_read (file, NULL);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_grids (const DynoCompatResult *result,
              const char             *folder)
{
  assert_file (dyno_compat_correction_csv (result), folder, "VE_Corrections_2D.csv");
  assert_file (dyno_compat_error_csv (result), folder, "AFR_Error_2D.csv");
  assert_file (dyno_compat_hits_csv (result), folder, "Hit_Count_2D.csv");
}

static void
assert_cells (const DynoJson *expected,
              const char     *name,
              const double   *cells)
{
  const DynoJson *rows = dyno_json_member (expected, name);

  for (guint i = 0; i < 99; i++)
    dyno_assert_near (cells[i],
                      dyno_json_number (dyno_json_element (dyno_json_element (rows, i / 9), i % 9),
                                        NAN), 1e-12);
}

static const struct
{
  const char *name;
  gboolean    is_weighted;
  gboolean    is_filtered;
} workflows[] = { { "v2_default", FALSE, FALSE }, { "weighted", TRUE, FALSE },
                  { "filtered", FALSE, TRUE } };

static void
test_golden_workflow (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *folder = g_strconcat (WORKFLOW, workflows[i].name, NULL);
  g_autofree char *file = g_strconcat (folder, ".json", NULL);
  const DynoCompatOptions options = { .profile = DYNO_COMPAT_WORKFLOW,
                                      .is_weighted = workflows[i].is_weighted,
                                      .is_filtered = workflows[i].is_filtered };
  g_autoptr(DynoJson) expected = dyno_test_shared_json (file);
  g_autoptr(DynoCompatResult) result = NULL;
  Log log;

  if (expected == NULL || !log_read (&log, WORKFLOW "jetdrive.csv"))
    return;
  result = dyno_compat_run (&log.rows, &options, NULL);
  assert_grids (result, folder);
  assert_cells (expected, "err", result->error);
  assert_cells (expected, "ve", result->delta_pct);
  assert_cells (expected, "corr", result->multiplier);
  g_assert_cmpint (result->n_adjusted, ==, dyno_json_get_integer (expected, "adjusted", -1));
  g_assert_cmpint (result->n_clipped, ==, dyno_json_get_integer (expected, "clipped", -1));
  g_assert_cmpint (result->n_lean, ==, dyno_json_get_integer (expected, "lean", -1));
  g_assert_cmpint (result->n_rich, ==, dyno_json_get_integer (expected, "rich", -1));
  g_assert_cmpint (result->n_ok, ==, dyno_json_get_integer (expected, "ok", -1));
  dyno_assert_near (result->mean_delta_pct, dyno_json_get_number (expected, "mean_pct", NAN),
                    1e-12);
  dyno_assert_near (result->mean_error, dyno_json_get_number (expected, "mean_afr", NAN), 1e-12);
  log_clear (&log);
}

static void
test_golden_jetdrive (void)
{
  const DynoCompatOptions options = { .profile = DYNO_COMPAT_JETDRIVE };
  g_autoptr(DynoCompatResult) result = NULL;
  Log log;

  if (!log_read (&log, JETDRIVE "input.csv"))
    return;
  result = dyno_compat_run (&log.rows, &options, NULL);
  assert_grids (result, JETDRIVE "2.0.0");
  g_assert_cmpuint (result->n_lean, ==, 5);
  g_assert_cmpuint (result->n_rich, ==, 5);
  g_assert_cmpuint (result->n_ok, ==, 42);
  log_clear (&log);
}

/* Rows of one state in place of a log. */
static DynoCompatResult *
run_steady (DynoCompatProfile  profile,
            DynoMathVersion    version,
            guint              n,
            double             rpm,
            const double      *map_kpa,
            double             afr)
{
  double speeds[8];
  double maps[8];
  double mixtures[8];
  const DynoCompatRows rows = { n, NULL, speeds, map_kpa != NULL ? maps : NULL, mixtures };
  const DynoCompatOptions options = { .profile = profile, .math_version = version };
  DynoCompatResult *result;

  for (guint i = 0; i < n; i++)
    {
      speeds[i] = rpm;
      maps[i] = map_kpa != NULL ? *map_kpa : NAN;
      mixtures[i] = afr;
    }
  result = dyno_compat_run (&rows, &options, NULL);
  g_assert_nonnull (result);

  return result;
}

/* Three hits are enough, two are not; without data the multiplier is 1. */
static void
test_hits (void)
{
  static const double map = 80;

  for (guint n = 0; n < 5; n++)
    {
      g_autoptr(DynoCompatResult) result
        = run_steady (DYNO_COMPAT_WORKFLOW, DYNO_MATH_2_0_0, n, 3000, &map, 13.44);
      guint cell = 3 * 9 + 6;

      g_assert_cmpuint (result->hits[cell], ==, n);
      dyno_assert_near (result->multiplier[cell], n >= 3 ? 1.05 : 1, 1e-12);
      g_assert_cmpint (isnan (result->error[cell]) != 0, ==, n < 3);
      g_assert_cmpuint (result->n_adjusted, ==, n >= 3);
    }
}

/* The sign is that of today, in both versions, and ±10 % is the most. */
static void
test_versions (void)
{
  static const double map = 80; /* target 12.8 */
  g_autoptr(DynoCompatResult) linear
    = run_steady (DYNO_COMPAT_WORKFLOW, DYNO_MATH_1_0_0, 3, 3000, &map, 13.8);
  g_autoptr(DynoCompatResult) rich
    = run_steady (DYNO_COMPAT_JETDRIVE, DYNO_MATH_2_0_0, 3, 3000, &map, 10);

  dyno_assert_near (linear->delta_pct[3 * 9 + 6], 7, 1e-12);
  dyno_assert_near (rich->multiplier[3 * 5 + 3], 0.9, 1e-12);
  g_assert_cmpuint (rich->n_clipped, ==, 1);
  g_assert_cmpuint (rich->n_rich, ==, 1);
}

/* A log without MAP: 35, 50, 65 or 80 kPa by engine speed. Beyond the axes counts the
 * edge. */
static void
test_guessed_map (void)
{
  static const struct
  {
    double rpm;
    guint  cell; /* on 11x5 */
  } rows[] = { { 900, 0 },   { 1999, 5 },      { 2000, 5 + 1 },  { 3499, 20 + 1 },
               { 3500, 20 + 2 }, { 4999, 35 + 2 }, { 5000, 35 + 3 }, { 9000, 50 + 3 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(DynoCompatResult) result
        = run_steady (DYNO_COMPAT_JETDRIVE, DYNO_MATH_2_0_0, 3, rows[i].rpm, NULL, 13);

      g_assert_cmpuint (result->hits[rows[i].cell], ==, 3);
    }
}

static void
test_target (void)
{
  static const double rows[][2] = { { 10, 14.7 }, { 35, 14.7 }, { 35.1, 14.5 }, { 65, 13.5 },
                                    { 95, 12.5 }, { 96, 12.2 }, { 200, 12.2 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpfloat (dyno_compat_target (rows[i][0]), ==, rows[i][1]);
}

static void
test_afr_column (void)
{
  static const char *const measured[] = { "RPM", "AFR Cmd F", "AFR", "AFR Meas R", NULL };
  static const char *const plain[] = { "RPM", "AFR", "WB AFR", NULL };
  static const char *const none[] = { "RPM", "afr", "Lambda Meas", NULL };

  g_assert_cmpint (dyno_compat_afr_column (measured), ==, 3);
  g_assert_cmpint (dyno_compat_afr_column (plain), ==, 1);
  g_assert_cmpint (dyno_compat_afr_column (none), ==, -1);
}

static void
test_refused (void)
{
  const DynoCompatRows rows = { 0, NULL, NULL, NULL, NULL };
  const DynoCompatOptions options[] = { { .math_version = DYNO_MATH_LEGACY_CLI_1_2 },
                                        { .is_filtered = TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autoptr(DynoAnalysisError) error = NULL;

      g_assert_null (dyno_compat_run (&rows, &options[i], &error));
      g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_BAD_OPTION);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/analysis/compat/golden/weights", test_golden_weights);
  g_test_add_func ("/analysis/compat/golden/placement", test_golden_placement);
  g_test_add_func ("/analysis/compat/golden/cells", test_golden_cells);
  g_test_add_func ("/analysis/compat/golden/filters", test_golden_filters);
  for (guint i = 0; i < G_N_ELEMENTS (workflows); i++)
    {
      g_autofree char *name
        = g_strconcat ("/analysis/compat/golden/workflow/", workflows[i].name, NULL);

      g_test_add_data_func (name, GUINT_TO_POINTER (i), test_golden_workflow);
    }
  g_test_add_func ("/analysis/compat/golden/jetdrive", test_golden_jetdrive);
  g_test_add_func ("/analysis/compat/weights", test_weights);
  g_test_add_func ("/analysis/compat/outliers", test_outliers);
  g_test_add_func ("/analysis/compat/low-pass", test_low_pass);
  g_test_add_func ("/analysis/compat/hits", test_hits);
  g_test_add_func ("/analysis/compat/versions", test_versions);
  g_test_add_func ("/analysis/compat/guessed-map", test_guessed_map);
  g_test_add_func ("/analysis/compat/target", test_target);
  g_test_add_func ("/analysis/compat/afr-column", test_afr_column);
  g_test_add_func ("/analysis/compat/refused", test_refused);

  return g_test_run ();
}
