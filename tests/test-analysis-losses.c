/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analysis.h"
#include "dyno-explain-losses.h"
#include "dyno-test-csv.h"
#include "dyno-test-log.h"
#include "dyno-test.h"

#include <math.h>
#include <string.h>

/* An empty correction says why it is empty, and what to do. */

#define N 400
#define HZ 50

typedef struct
{
  double time_s[N];
  double rpm[N];
  double map[N];
  double mix[N];
} Log;

static DynoVeResult *
analyse (const double *time_s,
         const double *rpm,
         const double *map,
         const double *mix,
         gsize         n)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoAnalysisError) error = NULL;
  DynoVeResult *result;

  dyno_samples_builder_take_time (builder, g_memdup2 (time_s, n * sizeof *time_s));
  dyno_test_take (builder, DYNO_CHANNEL_RPM, "rpm", rpm, n);
  dyno_test_take (builder, DYNO_CHANNEL_MAP, "kPa", map, n);
  dyno_test_take (builder, DYNO_CHANNEL_MIX_F, "AFR", mix, n);
  samples = dyno_samples_builder_finish (builder);
  result = dyno_analysis_run (&samples, 1, options, NULL, NULL, &error);
  g_assert_null (error);

  return result;
}

/* Steady at 3000/60 for all of the log. */
static void
log_init (Log *log)
{
  for (guint i = 0; i < N; i++)
    {
      log->time_s[i] = (double) i / HZ;
      log->rpm[i] = 3000 + (i % 3);
      log->map[i] = 60 + 0.1 * (i % 2);
      log->mix[i] = 13.5 + 0.01 * (i % 2);
    }
}

static DynoVeResult *
log_run (const Log *log)
{
  return analyse (log->time_s, log->rpm, log->map, log->mix, N);
}

static const char *
find_text (const DynoVeResult *result,
           const char         *code)
{
  const DynoNote *note = dyno_notes_find (result->warnings, code);

  return note != NULL ? note->text : NULL;
}

/* Its manifold pressure sweeps from 18 to 104 kPa again and again, by 55 kPa/s at the least
 * at any time: no row of it is steady, and the gates are right. */
static void
test_golden_sweep (void)
{
  g_autoptr(DynoTestCsv) csv = dyno_test_csv_read ("golden/autotune_workflow/jetdrive.csv");
  g_autofree double *time_s = NULL;
  g_autoptr(DynoVeResult) result = NULL;
  const double *time_ms;

  if (csv == NULL)
    return;
  time_ms = dyno_test_csv_column (csv, "timestamp_ms");
  time_s = g_new (double, csv->n_rows);
  for (guint i = 0; i < csv->n_rows; i++)
    time_s[i] = time_ms[i] / 1000;
  result = analyse (time_s, dyno_test_csv_column (csv, "RPM"),
                    dyno_test_csv_column (csv, "MAP_kPa"), dyno_test_csv_column (csv, "AFR"),
                    csv->n_rows);

  g_assert_cmpuint (result->cylinders[0].counts[DYNO_GATE_ACCEPTED], ==, 0);
  g_assert_true (g_str_has_prefix (
      find_text (result, "nothing-counts-front"),
      "None of the 400 readings of the front cylinder counts: 383 transient, 11 no-partner, "
      "4 mix-neighbour, 2 mix-window. Hold speed and load steady"));
  g_assert_nonnull (strstr (find_text (result, "nothing-counts-front"), "rate_map"));
  g_assert_null (find_text (result, "nothing-counts-rear"));
}

/* The remedy is that of the reason that took most. */
static void
test_nothing_counts (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  for (guint i = 0; i < N; i++)
    log.rpm[i] = i < N / 4 ? NAN : 200;
  result = log_run (&log);
  g_assert_nonnull (strstr (find_text (result, "nothing-counts-front"), "rpm-range, "));
  g_assert_nonnull (strstr (find_text (result, "nothing-counts-front"),
                            "Check the unit of the engine speed"));
  g_assert_null (find_text (result, "no-cell-front"));
}

/* Four readings in a cell that wants five. */
static void
test_no_cell (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  for (guint i = 104; i < N; i++)
    log.mix[i] = NAN;
  for (guint i = 0; i < 100; i++)
    log.mix[i] = NAN;
  result = log_run (&log);
  g_assert_cmpuint (result->cylinders[0].counts[DYNO_GATE_ACCEPTED], ==, 4);
  g_assert_nonnull (strstr (find_text (result, "no-cell-front"), "4 readings"));
  g_assert_nonnull (strstr (find_text (result, "no-cell-front"), "has the 5 that it needs"));
  g_assert_null (find_text (result, "nothing-counts-front"));
}

static void
test_good_log_is_silent (void)
{
  g_autoptr(DynoVeResult) result = NULL;
  Log log;

  log_init (&log);
  result = log_run (&log);
  g_assert_null (find_text (result, "nothing-counts-front"));
  g_assert_null (find_text (result, "no-cell-front"));
}

static void
test_remedies (void)
{
  for (guint gate = DYNO_GATE_EXCLUDED; gate < DYNO_GATE_LOW_WEIGHT; gate++)
    {
      const char *remedy = dyno_gate_remedy ((DynoGate) gate);

      g_assert_true (g_str_has_suffix (remedy, "."));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/losses/golden-sweep", test_golden_sweep);
  g_test_add_func ("/analysis/losses/nothing-counts", test_nothing_counts);
  g_test_add_func ("/analysis/losses/no-cell", test_no_cell);
  g_test_add_func ("/analysis/losses/good-log-is-silent", test_good_log_is_silent);
  g_test_add_func ("/analysis/losses/remedies", test_remedies);

  return g_test_run ();
}
