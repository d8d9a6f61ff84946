/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-test-api-runs.h"
#include "dyno-test.h"

/* Comparisons, reports and exports over HTTP. */

#define NOBODY "run_00000000000000000000"

static DynoTestReply *
compare (DynoTestApiRuns *f,
         guint            status,
         const char      *a,
         const char      *b,
         const char      *more)
{
  g_autofree char *body = g_strdup_printf ("{\"run_ids\":[\"%s\",\"%s\"]%s}", a, b, more);
  DynoTestReply *reply = dyno_test_api_runs_ask (f, "POST", "/api/v1/runs/compare", body);

  if (reply->status != status)
    g_test_message ("%s", reply->body);
  g_assert_cmpuint (reply->status, ==, status);

  return reply;
}

static void
test_compare (DynoTestApiRuns *f,
              gconstpointer    unused)
{
  g_autofree char *weak = dyno_test_api_runs_pull (f, 120);
  g_autofree char *strong = dyno_test_api_runs_pull (f, 132);
  g_autofree char *baseline = g_strdup_printf (",\"baseline_id\":\"%s\",\"correction\":\"none\"", strong);
  g_autoptr(DynoTestReply) up = compare (f, 200, weak, strong, "");
  g_autoptr(DynoTestReply) down = compare (f, 200, weak, strong, baseline);

  dyno_assert_near (dyno_json_get_number (up->json, "area_gain_pct", NAN), 10, 1);
  dyno_assert_near (dyno_json_get_number (down->json, "area_gain_pct", NAN), -9, 1);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (up->json, "series")), ==, 2);
  g_assert_cmpint (dyno_json_get_integer (down->json, "baseline", -1), ==, 1);
  g_assert_cmpstr (dyno_json_get_string (down->json, "standard"), ==, "none");
  dyno_test_api_assert_no_path (up);
}

static void
test_wrong_compare (DynoTestApiRuns *f,
                    gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 120);
  g_autofree char *alone = g_strdup_printf ("{\"run_ids\":[\"%s\"]}", run_id);
  g_autoptr(DynoTestReply) one = dyno_test_api_runs_ask (f, "POST", "/api/v1/runs/compare", alone);

  g_assert_cmpuint (one->status, ==, 400);
  dyno_test_reply_free (compare (f, 404, run_id, NOBODY, ""));
  dyno_test_reply_free (compare (f, 400, run_id, run_id, ",\"baseline_id\":\"" NOBODY "\""));
  dyno_test_reply_free (compare (f, 400, run_id, run_id, ",\"x\":\"gear\""));
  dyno_test_reply_free (compare (f, 400, run_id, run_id, ",\"x\":\"speed\""));
  dyno_test_reply_free (compare (f, 400, run_id, run_id, ",\"smoothing\":6"));
}

static guint
count_audit (DynoTestApiRuns *f)
{
  DynoAuditQuery *query = g_new0 (DynoAuditQuery, 1);
  g_autoptr(GPtrArray) records = NULL;

  query->event = g_strdup ("run.exported");
  query->success = -1;
  records = dyno_test_ask (&f->shop, dyno_audit_list, NULL, query);
  g_assert_nonnull (records);

  return records->len;
}

static void
test_report (DynoTestApiRuns *f,
             gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 120);
  g_autofree char *other = dyno_test_api_runs_pull (f, 125);
  g_autoptr(DynoTestReply) page = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/report", run_id);
  g_autoptr(DynoTestReply) full = dyno_test_api_runs_get (
    f, 200, "/api/v1/runs/%s/report?pages=full&units=us&paper=letter&redact=true&baseline_id=%s",
    run_id, other);

  g_assert_true (g_str_has_prefix (page->body, "%PDF-"));
  g_assert_true (g_str_has_prefix (full->body, "%PDF-"));
  g_assert_cmpuint (full->length, !=, page->length);
  g_assert_cmpstr (dyno_test_reply_header (page, "Content-Type"), ==, "application/pdf");
  g_assert_true (g_str_has_prefix (dyno_test_reply_header (page, "Content-Disposition"),
                                   "attachment; filename*=UTF-8''"));
  for (guint i = 0; i < 1000 && count_audit (f) < 2; i++)
    g_usleep (2000);
  g_assert_cmpuint (count_audit (f), ==, 2);
  dyno_test_reply_free (dyno_test_api_runs_get (f, 404, "/api/v1/runs/" NOBODY "/report"));
  dyno_test_reply_free (dyno_test_api_runs_get (f, 400, "/api/v1/runs/%s/report?pages=2", run_id));
}

static void
test_formats (DynoTestApiRuns *f,
              gconstpointer    unused)
{
  static const struct
  {
    const char *query;
    const char *type;
    const char *begin;
  } cases[] = {
    { "format=csv", "text/csv; charset=utf-8", "Time (s)" },
    { "format=json", "application/json", "{\"schema\":\"org.dynoai.run/1\"" },
    { "format=text", "text/plain; charset=utf-8", "" },
    { "format=png&scale=2", "image/png", "\x89PNG" },
    { "format=svg&chart=rpm", "image/svg+xml", "<?xml" },
    { "format=pdf", "application/pdf", "%PDF-" },
    { "format=archive&redact=true", "application/gzip", "\x1f\x8b" },
    { "format=csv&chart=ve", "text/csv; charset=utf-8", "" },
    { "format=pvv&fill=neutral", "application/xml", "<PVV>" },
  };
  g_autofree char *text = dyno_test_runs_pull_text (125);
  g_autofree char *run_id = dyno_test_api_runs_keep (f, "a.csv", text);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(DynoTestReply) reply
        = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/export?%s", run_id, cases[i].query);

      g_test_message ("%s: %.60s", cases[i].query, reply->body);
      g_assert_cmpstr (dyno_test_reply_header (reply, "Content-Type"), ==, cases[i].type);
      g_assert_true (g_str_has_prefix (reply->body, cases[i].begin));
      g_assert_cmpuint (reply->length, >, 100);
      g_assert_nonnull (dyno_test_reply_header (reply, "Content-Disposition"));
    }
}

/* 15: a cell without data is empty, not 0; 20: every other one is a plain number. */
static void
test_empty_cells (DynoTestApiRuns *f,
                  gconstpointer    unused)
{
  g_autofree char *text = dyno_test_runs_pull_text (125);
  g_autofree char *run_id = dyno_test_api_runs_keep (f, "cells.csv", text);
  g_autoptr(DynoTestReply) reply
    = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/export?format=csv&chart=ve", run_id);
  g_auto(GStrv) lines = g_strsplit (reply->body, "\r\n", -1);
  guint n_empty = 0;
  guint n = 0;

  for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[i], ",", -1);

      for (guint c = 0; cells[c] != NULL; c++, n++)
        {
          char *end;

          g_ascii_strtod (cells[c], &end);
          g_assert_cmpint (*end, ==, '\0');
          n_empty += cells[c][0] == '\0';
        }
    }
  g_assert_cmpuint (n_empty, >, 0);
  g_assert_cmpuint (n, >, n_empty);
}

static void
test_options (DynoTestApiRuns *f,
              gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 125);
  g_autoptr(DynoTestReply) native
    = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/export?decimals=full", run_id);
  g_autoptr(DynoTestReply) coarse
    = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s/export?rate=2&decimals=1&units=us", run_id);
  g_autoptr(DynoTestReply) comma = dyno_test_api_runs_get (
    f, 200, "/api/v1/runs/%s/export?decimal_comma=true&bom=true&preamble=true", run_id);

  g_assert_cmpuint (coarse->length * 4, <, native->length);
  g_assert_true (g_str_has_prefix (comma->body, "\xef\xbb\xbf#"));
  g_assert_nonnull (strchr (comma->body, ';'));
}

static void
test_wrong_exports (DynoTestApiRuns *f,
                    gconstpointer    unused)
{
  static const char *const queries[] = { "format=xls", "rate=fast", "rate=0", "decimals=10",
                                         "scale=9", "units=imperial", "redact=perhaps",
                                         "format=pcap" };
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 125);

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr(DynoTestReply) reply
        = dyno_test_api_runs_get (f, 400, "/api/v1/runs/%s/export?%s", run_id, queries[i]);

      g_assert_cmpstr (dyno_test_reply_code (reply), ==, "VALIDATION_ERROR");
      dyno_test_api_assert_no_path (reply);
    }
  dyno_test_reply_free (dyno_test_api_runs_get (f, 404, "/api/v1/runs/" NOBODY "/export"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-papers/compare", test_compare);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-papers/wrong-compare", test_wrong_compare);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-papers/report", test_report);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-papers/formats", test_formats);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-papers/empty-cells", test_empty_cells);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-papers/options", test_options);
  DYNO_TEST_API_RUNS_ADD ("/server/api/run-papers/wrong-exports", test_wrong_exports);

  return g_test_run ();
}
