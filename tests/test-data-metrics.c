/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "dyno-json.h"
#include "dyno-metrics.h"
#include "dyno-test.h"

/* What stands beside the program for those who watch it names only what is counted, and
 * the tools of Prometheus agree with it. */

/* (transfer full) */
static char *
data_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "..", "data", name, NULL);
}

/* Of a family, or one of the series that a histogram or an info is printed as. */
static gboolean
is_known (const char *name)
{
  static const char *const suffixes[] = { "", "_bucket", "_sum", "_count", "_info" };

  for (int metric = 0; metric < DYNO_N_METRICS; metric++)
    {
      const DynoMetricFamily *family = dyno_metrics_family (metric);
      guint n = family->type == DYNO_METRIC_HISTOGRAM ? 4 : 1;
      guint first = family->type == DYNO_METRIC_HISTOGRAM ? 1
                    : family->type == DYNO_METRIC_INFO    ? 4 : 0;

      for (guint i = first; i < MAX (first + 1, n); i++)
        {
          g_autofree char *series = g_strconcat (family->name, suffixes[i], NULL);

          if (g_str_equal (series, name))
            return TRUE;
        }
    }

  return FALSE;
}

static void
test_names (gconstpointer file)
{
  g_autofree char *path = data_path (file);
  g_autofree char *text = dyno_test_read (path, NULL);
  g_autoptr(GRegex) pattern
    = g_regex_new ("\\b(?:dynoai|http_server|process)_[a-z_]+\\b(?!\")", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  guint n = 0;

  g_regex_match (pattern, text, 0, &match);
  for (; g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *name = g_match_info_fetch (match, 0);

      if (!is_known (name))
        g_error ("%s: nothing counts %s", (const char *) file, name);
      n++;
    }
  g_assert_cmpuint (n, >, 10);
}

static void
test_no_such_name (void)
{
  g_assert_true (is_known ("dynoai_analysis_total"));
  g_assert_true (is_known ("dynoai_analysis_duration_seconds_bucket"));
  g_assert_true (is_known ("dynoai_app_info"));
  g_assert_false (is_known ("dynoai_app"));
  g_assert_false (is_known ("dynoai_analysis_duration_seconds"));
  g_assert_false (is_known ("dynoai_nothing_total"));
}

/* Each family has a panel, but for those whose only use is inside another one. */
static void
test_board (void)
{
  g_autofree char *path = data_path ("dynoai-grafana.json");
  g_autofree char *text = dyno_test_read (path, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoJson) json = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (dyno_json_get_string (json, "uid"), ==, "dynoai");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (json, "panels")), >, 30);
  for (int metric = 0; metric <= DYNO_METRIC_APP; metric++)
    {
      if (metric != DYNO_METRIC_JETSTREAM_RUNS)
        g_assert_nonnull (strstr (text, dyno_metrics_family (metric)->name));
    }
}

/* FALSE: promtool is not there, and the test was skipped by name. */
static gboolean
has_promtool (void)
{
  g_autofree char *program = g_find_program_in_path ("promtool");

  if (program == NULL)
    g_test_skip ("promtool (package prometheus) is not installed");

  return program != NULL;
}

static void
run_promtool (const char *const *arguments,
              const char        *input)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;
  g_autoptr(GSubprocess) process
    = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                      | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error);

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (g_subprocess_get_exit_status (process) != 0)
    g_error ("%s %s: %s", arguments[0], arguments[2], output);
}

static void
test_promtool_rules (void)
{
  g_autofree char *path = data_path ("dynoai-prometheus-rules.yml");
  const char *const arguments[] = { "promtool", "check", "rules", path, NULL };

  if (has_promtool ())
    run_promtool (arguments, "");
}

static void
test_promtool_config (void)
{
  g_autofree char *path = data_path ("dynoai-scrape.yml");
  const char *const arguments[] = { "promtool", "check", "config", path, NULL };

  if (has_promtool ())
    run_promtool (arguments, "");
}

/* Each family has a series, so that each form is seen. */
static void
feed_all (void)
{
  for (int metric = 0; metric < DYNO_N_METRICS; metric++)
    {
      DynoSeries *series = dyno_metrics_series (metric, "a", "b", "c", NULL);

      switch (dyno_metrics_family (metric)->type)
        {
        case DYNO_METRIC_COUNTER:
          dyno_series_add (series, 1);
          break;
        case DYNO_METRIC_HISTOGRAM:
          dyno_series_observe (series, 0.3);
          break;
        case DYNO_METRIC_GAUGE:
        case DYNO_METRIC_INFO:
          dyno_series_set (series, 1);
          break;
        default:
          g_assert_not_reached ();
        }
    }
}

static void
test_promtool_metrics (void)
{
  const char *const arguments[] = { "promtool", "check", "metrics", NULL };
  g_autofree char *text = NULL;

  if (!has_promtool ())
    return;
  feed_all ();
  text = dyno_metrics_print (DYNO_METRICS_TEXT);
  run_promtool (arguments, text);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data/metrics/no-such-name", test_no_such_name);
  g_test_add_data_func ("/data/metrics/names/grafana", "dynoai-grafana.json", test_names);
  g_test_add_data_func ("/data/metrics/names/rules", "dynoai-prometheus-rules.yml", test_names);
  g_test_add_func ("/data/metrics/board", test_board);
  g_test_add_func ("/data/metrics/promtool-rules", test_promtool_rules);
  g_test_add_func ("/data/metrics/promtool-config", test_promtool_config);
  g_test_add_func ("/data/metrics/promtool-metrics", test_promtool_metrics);

  return g_test_run ();
}
