/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-metrics.h"
#include "dyno-test.h"

/* The counters belong to the process: each test counts under labels of its own. */

#define N_THREADS 8
#define N_TURNS 20000

static void
assert_has (const char *text,
            const char *line)
{
  if (strstr (text, line) == NULL)
    g_error ("no \"%s\" in\n%s", line, text);
}

/* service.md 7.3: these never change. */
static void
test_first_names (void)
{
  static const struct
  {
    const char    *name;
    DynoMetricType type;
    guint          n_bounds;
    double         first, last;
  } rows[] = {
    { "dynoai_analysis_total", DYNO_METRIC_COUNTER, 0, 0, 0 },
    { "dynoai_analysis_duration_seconds", DYNO_METRIC_HISTOGRAM, 11, .01, 300 },
    { "dynoai_ve_corrections_count", DYNO_METRIC_HISTOGRAM, 8, 0, 1000 },
    { "dynoai_ve_corrections_magnitude_percent", DYNO_METRIC_HISTOGRAM, 7, .5, 15 },
    { "dynoai_jetstream_runs_total", DYNO_METRIC_COUNTER, 0, 0, 0 },
    { "dynoai_virtual_tuning_sessions_total", DYNO_METRIC_COUNTER, 0, 0, 0 },
    { "dynoai_virtual_tuning_iterations", DYNO_METRIC_HISTOGRAM, 8, 1, 20 },
    { "dynoai_file_upload_bytes", DYNO_METRIC_HISTOGRAM, 6, 1024, 52428800 },
    { "dynoai_active_sessions", DYNO_METRIC_GAUGE, 0, 0, 0 },
    { "dynoai_app", DYNO_METRIC_INFO, 0, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const DynoMetricFamily *family = dyno_metrics_family (i);

      g_assert_cmpstr (family->name, ==, rows[i].name);
      g_assert_cmpint (family->type, ==, rows[i].type);
      g_assert_cmpuint (family->n_bounds, ==, rows[i].n_bounds);
      if (rows[i].n_bounds > 0)
        {
          dyno_assert_near (family->bounds[0], rows[i].first, 0);
          dyno_assert_near (family->bounds[family->n_bounds - 1], rows[i].last, 0);
        }
    }
}

/* Every row is whole, every name there once, every bound above the one before. */
static void
test_table (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int metric = 0; metric < DYNO_N_METRICS; metric++)
    {
      const DynoMetricFamily *family = dyno_metrics_family (metric);

      g_assert_nonnull (family->name);
      g_assert_true (g_hash_table_add (seen, (char *) family->name));
      g_assert_cmpstr (family->help, !=, "");
      g_assert_cmpint (g_str_has_suffix (family->name, "_total"), ==,
                       family->type == DYNO_METRIC_COUNTER);
      g_assert_cmpint (family->n_bounds > 0, ==, family->type == DYNO_METRIC_HISTOGRAM);
      for (guint i = 1; i < family->n_bounds; i++)
        g_assert_cmpfloat (family->bounds[i - 1], <, family->bounds[i]);
    }
}

static void
test_text (void)
{
  g_autofree char *text = NULL;
  g_autofree char *open = NULL;

  dyno_metrics_add (DYNO_METRIC_ANALYSIS, 2, "success", "text", NULL);
  dyno_metrics_observe (DYNO_METRIC_ANALYSIS_DURATION, 0.05, "text", NULL);
  dyno_metrics_observe (DYNO_METRIC_ANALYSIS_DURATION, 2, "text", NULL);
  dyno_metrics_observe (DYNO_METRIC_ANALYSIS_DURATION, 1000, "text", NULL);
  dyno_metrics_observe (DYNO_METRIC_ANALYSIS_DURATION, NAN, "text", NULL);
  dyno_metrics_set_app ("production");

  text = dyno_metrics_print (DYNO_METRICS_TEXT);
  assert_has (text, "# TYPE dynoai_analysis_total counter\n");
  assert_has (text, "dynoai_analysis_total{status=\"success\",source=\"text\"} 2\n");
  assert_has (text, "dynoai_analysis_duration_seconds_bucket{source=\"text\",le=\"0.01\"} 0\n");
  assert_has (text, "dynoai_analysis_duration_seconds_bucket{source=\"text\",le=\"0.05\"} 1\n");
  assert_has (text, "dynoai_analysis_duration_seconds_bucket{source=\"text\",le=\"1\"} 1\n");
  assert_has (text, "dynoai_analysis_duration_seconds_bucket{source=\"text\",le=\"+Inf\"} 3\n");
  assert_has (text, "dynoai_analysis_duration_seconds_count{source=\"text\"} 3\n");
  assert_has (text, "# TYPE dynoai_app_info gauge\n");
  assert_has (text, "dynoai_app_info{version=\"" DYNO_VERSION "\",environment=\"production\"} 1\n");
  g_assert_null (strstr (text, "# EOF"));

  open = dyno_metrics_print (DYNO_METRICS_OPENMETRICS);
  assert_has (open, "# TYPE dynoai_analysis counter\n");
  assert_has (open, "dynoai_analysis_total{status=\"success\",source=\"text\"} 2\n");
  assert_has (open, "# UNIT dynoai_analysis_duration_seconds seconds\n");
  assert_has (open, "dynoai_analysis_duration_seconds_bucket{source=\"text\",le=\"1.0\"} 1\n");
  assert_has (open, "# TYPE dynoai_app info\n");
  g_assert_true (g_str_has_suffix (open, "\n# EOF\n"));
}

/* A gauge is as it was set; of what is not known there is no sample. */
static void
test_gauge (void)
{
  g_autofree char *text = NULL;
  g_autofree char *later = NULL;

  dyno_metrics_set (DYNO_METRIC_CAPTURE_CHANNEL_AGE, 0.25, "rpm", NULL);
  dyno_metrics_shift (DYNO_METRIC_HTTP_CONNECTIONS, 1, "lan", NULL);
  dyno_metrics_shift (DYNO_METRIC_HTTP_CONNECTIONS, 1, "lan", NULL);
  dyno_metrics_shift (DYNO_METRIC_HTTP_CONNECTIONS, -1, "lan", NULL);
  text = dyno_metrics_print (DYNO_METRICS_TEXT);
  assert_has (text, "dynoai_capture_channel_age_seconds{channel=\"rpm\"} 0.25\n");
  assert_has (text, "dynoai_http_connections{listener=\"lan\"} 1\n");
  g_assert_null (strstr (text, "\ndynoai_backup_verified_timestamp_seconds "));

  dyno_metrics_set (DYNO_METRIC_CAPTURE_CHANNEL_AGE, NAN, "rpm", NULL);
  later = dyno_metrics_print (DYNO_METRICS_TEXT);
  g_assert_null (strstr (later, "{channel=\"rpm\"}"));
}

/* What comes from outside neither breaks the text nor grows without end. */
static void
test_hostile_labels (void)
{
  g_autofree char *text = NULL;
  g_autofree char *huge = g_strnfill (5000, 'x');
  g_autofree char *cut = g_strnfill (128, 'x');
  g_autofree char *line = g_strdup_printf ("dynoai_memory_ops_total{op=\"%s\"} 1\n", cut);

  dyno_metrics_add (DYNO_METRIC_MEMORY_OPS, 1, "a\"b\\c\nd", NULL);
  dyno_metrics_add (DYNO_METRIC_MEMORY_OPS, 1, "\xff\xfe", NULL);
  dyno_metrics_add (DYNO_METRIC_MEMORY_OPS, 1, huge, NULL);
  dyno_metrics_add (DYNO_METRIC_MEMORY_OPS, 1, "", NULL);
  text = dyno_metrics_print (DYNO_METRICS_TEXT);
  assert_has (text, "dynoai_memory_ops_total{op=\"a\\\"b\\\\c\\nd\"} 1\n");
  assert_has (text, "dynoai_memory_ops_total{op=\"none\"} 1\n");
  assert_has (text, line);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static guint
count_series (DynoMetric metric,
              guint64   *sum,
              double    *other)
{
  g_autoptr(GPtrArray) samples = dyno_metrics_snapshot ();
  guint n = 0;

  *sum = 0;
  *other = 0;
  for (guint i = 0; i < samples->len; i++)
    {
      const DynoMetricSample *sample = g_ptr_array_index (samples, i);

      if (sample->metric != metric)
        continue;
      n++;
      *sum += (guint64) sample->value;
      if (g_str_equal (sample->labels[0], "other"))
        *other = sample->value;
    }

  return n;
}

static void
test_other (void)
{
  guint64 sum;
  double other;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *policy = g_strdup_printf ("policy-%u", i);

      dyno_metrics_add (DYNO_METRIC_RATE_LIMIT_REJECTED, 1, policy, NULL);
    }
  g_assert_cmpuint (count_series (DYNO_METRIC_RATE_LIMIT_REJECTED, &sum, &other), ==,
                    DYNO_METRICS_MAX_SERIES + 1);
  g_assert_cmpuint (sum, ==, 1000);
  dyno_assert_near (other, 1000 - DYNO_METRICS_MAX_SERIES, 0);
}

static const DynoMetricSample *
find (GPtrArray  *samples,
      DynoMetric  metric,
      const char *label)
{
  for (guint i = 0; i < samples->len; i++)
    {
      const DynoMetricSample *sample = g_ptr_array_index (samples, i);

      if (sample->metric == metric && g_strcmp0 (sample->labels[0], label) == 0)
        return sample;
    }
  g_error ("no series %s", label);
}

static void
test_quantile (void)
{
  g_autoptr(GPtrArray) samples = NULL;
  const DynoMetricSample *sample;

  for (guint i = 0; i < 100; i++)
    dyno_metrics_observe (DYNO_METRIC_JOB_DURATION, i < 50 ? 0.05 : 0.3, "quantile", NULL);
  samples = dyno_metrics_snapshot ();
  sample = find (samples, DYNO_METRIC_JOB_DURATION, "quantile");
  g_assert_cmpuint (sample->count, ==, 100);
  dyno_assert_near (sample->value, 17.5, 1e-9);
  dyno_assert_near (dyno_metric_sample_quantile (sample, 0.25), 0.05, 1e-9);
  dyno_assert_near (dyno_metric_sample_quantile (sample, 0.75), 0.3, 1e-9);
}

static void
test_process (void)
{
  g_autoptr(GPtrArray) samples = dyno_metrics_snapshot ();
  double start = find (samples, DYNO_METRIC_PROCESS_START, NULL)->value;

  if (!g_file_test ("/proc/self/stat", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("no /proc here");
      return;
    }
  g_assert_cmpfloat (find (samples, DYNO_METRIC_PROCESS_MEMORY, NULL)->value, >, 1e5);
  g_assert_cmpfloat (find (samples, DYNO_METRIC_PROCESS_CPU, NULL)->value, >=, 0);
  g_assert_cmpfloat (find (samples, DYNO_METRIC_PROCESS_FDS, NULL)->value, >=, 3);
  g_assert_cmpfloat (find (samples, DYNO_METRIC_PROCESS_MAX_FDS, NULL)->value, >=, 3);
  g_assert_cmpfloat (start, >, 1.5e9);
}

static void
test_accept (void)
{
  static const struct
  {
    const char       *accept;
    DynoMetricsFormat format;
  } rows[] = {
    { NULL, DYNO_METRICS_TEXT },
    { "", DYNO_METRICS_TEXT },
    { "*/*", DYNO_METRICS_TEXT },
    { "text/plain", DYNO_METRICS_TEXT },
    { "application/openmetrics-text", DYNO_METRICS_OPENMETRICS },
    { "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
      "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", DYNO_METRICS_OPENMETRICS },
    { "text/plain, Application/OpenMetrics-Text ; q=0.1", DYNO_METRICS_OPENMETRICS },
    { "application/openmetrics-text; q=0, text/plain", DYNO_METRICS_TEXT },
    { ",,;;,q=", DYNO_METRICS_TEXT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (dyno_metrics_choose_format (rows[i].accept), ==, rows[i].format);
  g_assert_cmpstr (dyno_metrics_content_type (DYNO_METRICS_TEXT), ==,
                   "text/plain; version=0.0.4; charset=utf-8");
  g_assert_cmpstr (dyno_metrics_content_type (DYNO_METRICS_OPENMETRICS), ==,
                   "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

static gpointer
count_thread (gpointer data)
{
  for (guint i = 0; i < N_TURNS; i++)
    {
      g_autofree char *provider = g_strdup_printf ("p%u", i % 300);

      dyno_metrics_add (DYNO_METRIC_PROVIDER_CALLS, 1, provider, "ok", NULL);
      dyno_metrics_observe (DYNO_METRIC_QUEUE_DELAY, 0.5, "P1", NULL);
      dyno_metrics_shift (DYNO_METRIC_SSE_CLIENTS, i % 2 == 0 ? 1 : -1, "live", NULL);
    }

  return NULL;
}

/* Nothing is lost between eight threads, and one that reads meanwhile. */
static void
test_threads (void)
{
  GThread *threads[N_THREADS];
  g_autoptr(GPtrArray) samples = NULL;
  guint64 sum;
  double other;

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("count", count_thread, NULL);
  for (guint i = 0; i < 20; i++)
    g_free (dyno_metrics_print (DYNO_METRICS_TEXT));
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  g_assert_cmpuint (count_series (DYNO_METRIC_PROVIDER_CALLS, &sum, &other), ==,
                    DYNO_METRICS_MAX_SERIES + 1);
  g_assert_cmpuint (sum, ==, N_THREADS * N_TURNS);
  samples = dyno_metrics_snapshot ();
  g_assert_cmpuint (find (samples, DYNO_METRIC_QUEUE_DELAY, "P1")->count, ==,
                    N_THREADS * N_TURNS);
  dyno_assert_near (find (samples, DYNO_METRIC_QUEUE_DELAY, "P1")->value,
                    0.5 * N_THREADS * N_TURNS, 0);
  dyno_assert_near (find (samples, DYNO_METRIC_SSE_CLIENTS, "live")->value, 0, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/metrics/first-names", test_first_names);
  g_test_add_func ("/base/metrics/table", test_table);
  g_test_add_func ("/base/metrics/text", test_text);
  g_test_add_func ("/base/metrics/gauge", test_gauge);
  g_test_add_func ("/base/metrics/hostile-labels", test_hostile_labels);
  g_test_add_func ("/base/metrics/other", test_other);
  g_test_add_func ("/base/metrics/quantile", test_quantile);
  g_test_add_func ("/base/metrics/process", test_process);
  g_test_add_func ("/base/metrics/accept", test_accept);
  g_test_add_func ("/base/metrics/threads", test_threads);

  return g_test_run ();
}
