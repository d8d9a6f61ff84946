/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-measure.h"
#include "dyno-metrics.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* What moves the counters of the shop and of the rooms below it (service.md 11.3, 16). */

/* The sum of the series whose labels begin so; of a histogram how often it was fed. */
static double
read_metric (DynoMetric  metric,
             const char *first,
             const char *second)
{
  g_autoptr(GPtrArray) samples = dyno_metrics_snapshot ();
  double sum = 0;

  for (guint i = 0; i < samples->len; i++)
    {
      const DynoMetricSample *sample = g_ptr_array_index (samples, i);

      if (sample->metric != metric || isnan (sample->value)
          || (first != NULL && g_strcmp0 (sample->labels[0], first) != 0)
          || (second != NULL && g_strcmp0 (sample->labels[1], second) != 0))
        continue;
      sum += sample->buckets != NULL ? (double) sample->count : sample->value;
    }

  return sum;
}

static char *
write_log (DynoTestShop *f)
{
  char *path = g_build_filename (f->folder, "measured.csv", NULL);
  g_autoptr(GString) text = g_string_new ("Time (s),RPM,Torque (Nm),AFR\n");

  for (int i = 0; i <= 120; i++)
    g_string_append_printf (text, "%d.%02d,%d,200.%d,13.%d\n", i / 20, i % 20 * 5, 2000 + i * 30,
                            i % 3, 1 + i % 5);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));

  return path;
}

static void
test_import (DynoTestShop *f,
             gconstpointer unused)
{
  g_autofree char *path = write_log (f);
  g_autoptr(DynoImportOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  double runs = read_metric (DYNO_METRIC_RUNS, "upload", "complete");
  double files = read_metric (DYNO_METRIC_FILE_UPLOAD, NULL, NULL);
  double jobs = read_metric (DYNO_METRIC_JOBS, "import", "succeeded");
  double times = read_metric (DYNO_METRIC_JOB_DURATION, "import", NULL);
  double commits = read_metric (DYNO_METRIC_SQLITE_TXN, "commit", NULL);

  dyno_import_job_async (f->shop, dyno_import_request_new (path), NULL, NULL, dyno_await_cb,
                         f->await);
  outcome = dyno_import_job_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  dyno_assert_near (read_metric (DYNO_METRIC_RUNS, "upload", "complete"), runs + 1, 0);
  dyno_assert_near (read_metric (DYNO_METRIC_FILE_UPLOAD, NULL, NULL), files + 1, 0);
  dyno_assert_near (read_metric (DYNO_METRIC_JOBS, "import", "succeeded"), jobs + 1, 0);
  dyno_assert_near (read_metric (DYNO_METRIC_JOB_DURATION, "import", NULL), times + 1, 0);
  g_assert_cmpfloat (read_metric (DYNO_METRIC_SQLITE_TXN, "commit", NULL), >, commits);
  g_assert_cmpfloat (read_metric (DYNO_METRIC_SQLITE_WAL, NULL, NULL), >, 0);
}

static void
test_analysis (DynoTestShop *f,
               gconstpointer unused)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, NULL);
  g_autofree char *run_id = dyno_test_shop_keep (f, "measured", samples);
  g_autoptr(DynoAnalyse) good = NULL;
  g_autoptr(GError) error = NULL;
  DynoAnalyseRequest *request = dyno_analyse_request_new ();
  double ended = read_metric (DYNO_METRIC_ANALYSIS, "success", NULL);
  double failed = read_metric (DYNO_METRIC_ANALYSIS, "error", NULL);
  double times = read_metric (DYNO_METRIC_ANALYSIS_DURATION, NULL, NULL);
  double counts = read_metric (DYNO_METRIC_VE_CORRECTIONS, NULL, NULL);
  double cells = read_metric (DYNO_METRIC_VE_MAGNITUDE, NULL, NULL);

  dyno_analyse_request_add_run (request, run_id);
  dyno_analyse_async (f->shop, request, NULL, NULL, dyno_await_cb, f->await);
  good = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  dyno_assert_near (read_metric (DYNO_METRIC_ANALYSIS, "success", NULL), ended + 1, 0);
  dyno_assert_near (read_metric (DYNO_METRIC_ANALYSIS_DURATION, NULL, NULL), times + 1, 0);
  dyno_assert_near (read_metric (DYNO_METRIC_VE_CORRECTIONS, NULL, NULL), counts + 1, 0);
  g_assert_cmpfloat (read_metric (DYNO_METRIC_VE_MAGNITUDE, NULL, NULL), >, cells);

  request = dyno_analyse_request_new ();
  dyno_analyse_request_add_run (request, "run_00000000000000000000");
  dyno_analyse_async (f->shop, request, NULL, NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_analyse_finish (dyno_await_wait (f->await), &error));
  dyno_assert_near (read_metric (DYNO_METRIC_ANALYSIS, "error", NULL), failed + 1, 0);
  dyno_assert_near (read_metric (DYNO_METRIC_VE_CORRECTIONS, NULL, NULL), counts + 1, 0);
}

static void
test_virtual (DynoTestShop *f,
              gconstpointer unused)
{
  g_autoptr(DynoLoop) loop = NULL;
  DynoLoopOptions options;
  double ended = read_metric (DYNO_METRIC_VIRTUAL_SESSIONS, "converged", NULL);
  double rounds = read_metric (DYNO_METRIC_VIRTUAL_ITERATIONS, NULL, NULL);

  dyno_loop_options_init (&options);
  dyno_virtual_tune_async (f->shop, &options, NULL, NULL, dyno_await_cb, f->await);
  loop = dyno_virtual_tune_finish (dyno_await_wait (f->await), NULL);
  g_assert_nonnull (loop);
  dyno_assert_near (read_metric (DYNO_METRIC_VIRTUAL_SESSIONS, "converged", NULL), ended + 1, 0);
  dyno_assert_near (read_metric (DYNO_METRIC_VIRTUAL_ITERATIONS, NULL, NULL), rounds + 1, 0);
  dyno_assert_near (read_metric (DYNO_METRIC_ACTIVE_SESSIONS, NULL, NULL), 0, 0);
}

static void
test_capture (DynoTestShop *f,
              gconstpointer unused)
{
  g_autoptr(GPtrArray) runs = NULL;
  double datagrams = read_metric (DYNO_METRIC_CAPTURE_DATAGRAMS, NULL, NULL);
  double samples = read_metric (DYNO_METRIC_CAPTURE_SAMPLES, NULL, NULL);
  double kept = read_metric (DYNO_METRIC_RUNS, "simulator", "complete");

  if (!dyno_test_shop_has_wire ())
    return;
  runs = dyno_test_shop_record (f, 1);
  g_assert_cmpfloat (read_metric (DYNO_METRIC_CAPTURE_DATAGRAMS, NULL, NULL), >, datagrams + 10);
  g_assert_cmpfloat (read_metric (DYNO_METRIC_CAPTURE_SAMPLES, NULL, NULL), >, samples + 100);
  dyno_assert_near (read_metric (DYNO_METRIC_CAPTURE_STATE, NULL, NULL), 1, 0);
  dyno_assert_near (read_metric (DYNO_METRIC_RUNS, "simulator", "complete"), kept + 1, 0);
}

/* Losses and nonsense of a host are counted once, whatever the capture forgets. */
static void
test_capture_states (void)
{
  g_autoptr(DynoCaptureState) first = dyno_capture_state_new ();
  g_autoptr(DynoCaptureState) next = dyno_capture_state_new ();

  first->n_providers = next->n_providers = 1;
  first->providers = g_new0 (DynoProviderState, 1);
  next->providers = g_new0 (DynoProviderState, 1);
  first->providers[0].host_id = next->providers[0].host_id = 0x1A2B;
  first->providers[0].counts = (DynoHostCounts) { .received = 10, .lost = 2, .malformed = 1 };
  next->providers[0].counts = (DynoHostCounts) { .received = 15, .lost = 2, .malformed = 4 };
  dyno_measure_capture (NULL, first);
  dyno_measure_capture (first, next);
  dyno_measure_capture (next, first);
  dyno_assert_near (read_metric (DYNO_METRIC_CAPTURE_DATAGRAMS, "0x1A2B", NULL), 15, 0);
  dyno_assert_near (read_metric (DYNO_METRIC_CAPTURE_LOST, "0x1A2B", NULL), 2, 0);
  dyno_assert_near (read_metric (DYNO_METRIC_CAPTURE_MALFORMED, "0x1A2B", NULL), 4, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/measure/import", test_import);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/measure/analysis", test_analysis);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/measure/virtual", test_virtual);
  DYNO_TEST_SHOP_ADD ("/shop/measure/capture", test_capture);
  g_test_add_func ("/shop/measure/capture-states", test_capture_states);

  return g_test_run ();
}
