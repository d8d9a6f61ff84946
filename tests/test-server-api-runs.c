/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-test-api-runs.h"

/* The run book over HTTP. */

#define NOBODY "run_00000000000000000000"

static const DynoJson *
item (DynoTestReply *reply,
      guint          i)
{
  return dyno_json_element (dyno_json_member (reply->json, "items"), i);
}

static guint
count (DynoTestReply *reply)
{
  return dyno_json_n_elements (dyno_json_member (reply->json, "items"));
}

static char *
tag_of (DynoTestApiRuns *f,
        const char      *run_id)
{
  g_autoptr(DynoTestReply) reply = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s", run_id);

  return g_strdup (dyno_test_reply_header (reply, "ETag"));
}

static DynoTestReply *
patch (DynoTestApiRuns *f,
       const char      *run_id,
       const char      *tag,
       const char      *body)
{
  g_autofree char *target = g_strconcat ("/api/v1/runs/", run_id, NULL);

  return dyno_test_api_ask (f->api, "PATCH", target, body, "X-Test-Role", "tuner",
                            tag != NULL ? "If-Match" : NULL, tag, NULL);
}

static void
test_list (DynoTestApiRuns *f,
           gconstpointer    unused)
{
  g_autofree char *first = dyno_test_api_runs_pull (f, 120);
  g_autofree char *second = dyno_test_api_runs_pull (f, 140);
  g_autoptr(DynoTestReply) empty = dyno_test_api_runs_get (f, 200, "/api/v1/runs?q=nothing");
  g_autoptr(DynoTestReply) reply = dyno_test_api_runs_get (f, 200, "/api/v1/runs");
  const DynoJson *run = item (reply, 0);

  g_assert_cmpuint (count (empty), ==, 0);
  g_assert_cmpuint (count (reply), ==, 2);
  g_assert_cmpstr (dyno_json_get_string (run, "source"), ==, "upload");
  g_assert_cmpstr (dyno_json_get_string (run, "status"), ==, "complete");
  g_assert_cmpfloat (dyno_json_get_number (run, "peak_torque_nm", 0), >, 100);
  g_assert_cmpint (dyno_json_type (dyno_json_member (run, "coverage_pct")), ==, DYNO_JSON_NULL);
  g_assert_cmpint (dyno_json_type (dyno_json_member (run, "vehicle")), ==, DYNO_JSON_NULL);
  dyno_test_api_assert_no_path (reply);
}

static void
test_filters (DynoTestApiRuns *f,
              gconstpointer    unused)
{
  static const struct
  {
    const char *query;
    guint       n;
  } cases[] = {
    { "q=120", 1 }, { "status=complete", 2 }, { "status=error", 0 }, { "source=capture", 0 },
    { "source=upload", 2 }, { "tag=hot", 1 }, { "tag=cold", 0 }, { "starred=true", 1 },
    { "starred=false", 1 }, { "from=2100-01-01T00:00:00Z", 0 }, { "to=2100-01-01T00:00:00Z", 2 },
    { "vehicle_id=veh_00000000000000000000", 0 }, { "customer_id=cus_00000000000000000000", 0 },
  };
  g_autofree char *first = dyno_test_api_runs_pull (f, 120);
  g_autofree char *second = dyno_test_api_runs_pull (f, 140);
  g_autofree char *tag = tag_of (f, first);
  g_autoptr(DynoTestReply) changed = patch (f, first, tag, "{\"starred\":true,\"tags\":[\"hot\"]}");

  g_assert_cmpuint (changed->status, ==, 200);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(DynoTestReply) reply = dyno_test_api_runs_get (f, 200, "/api/v1/runs?%s",
                                                               cases[i].query);

      g_test_message ("%s", cases[i].query);
      g_assert_cmpuint (count (reply), ==, cases[i].n);
    }
}

static void
test_sort (DynoTestApiRuns *f,
           gconstpointer    unused)
{
  g_autofree char *weak = dyno_test_api_runs_pull (f, 100);
  g_autofree char *strong = dyno_test_api_runs_pull (f, 150);
  g_autofree char *middle = dyno_test_api_runs_pull (f, 120);
  g_autoptr(DynoTestReply) reply
    = dyno_test_api_runs_get (f, 200, "/api/v1/runs?sort=-peak_power_kw");
  g_autoptr(DynoTestReply) oldest = dyno_test_api_runs_get (f, 200, "/api/v1/runs?sort=started_at");

  g_assert_cmpstr (dyno_json_get_string (item (reply, 0), "id"), ==, strong);
  g_assert_cmpstr (dyno_json_get_string (item (reply, 2), "id"), ==, weak);
  g_assert_cmpstr (dyno_json_get_string (item (oldest, 0), "id"), ==, weak);
  g_assert_cmpstr (dyno_json_get_string (item (oldest, 2), "id"), ==, middle);
}

/* 36: forged, or of another filter. */
static void
test_cursor (DynoTestApiRuns *f,
             gconstpointer    unused)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *cursor = NULL;
  g_autofree char *first = NULL;

  dyno_test_runs_fill (f->shop.shop, f->shop.folder, 5);
  do
    {
      g_autoptr(DynoTestReply) reply
        = cursor == NULL ? dyno_test_api_runs_get (f, 200, "/api/v1/runs?limit=2")
                         : dyno_test_api_runs_get (f, 200, "/api/v1/runs?limit=2&cursor=%s", cursor);

      for (guint i = 0; i < count (reply); i++)
        g_assert_true (g_hash_table_add (seen, g_strdup (dyno_json_get_string (item (reply, i),
                                                                               "id"))));
      g_clear_pointer (&cursor, g_free);
      cursor = g_strdup (dyno_json_get_string (reply->json, "next_cursor"));
      if (first == NULL)
        {
          first = g_strdup (cursor);
          g_assert_nonnull (strstr (dyno_test_reply_header (reply, "Link"), "rel=\"next\""));
        }
    }
  while (cursor != NULL);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 5);

  dyno_test_reply_free (dyno_test_api_runs_get (f, 400, "/api/v1/runs?limit=2&q=x&cursor=%s", first));
  first[3] = first[3] == 'A' ? 'B' : 'A';
  dyno_test_reply_free (dyno_test_api_runs_get (f, 400, "/api/v1/runs?limit=2&cursor=%s", first));
  dyno_test_reply_free (dyno_test_api_runs_get (f, 400, "/api/v1/runs?cursor=eyJ9"));
}

static void
test_wrong_queries (DynoTestApiRuns *f,
                    gconstpointer    unused)
{
  static const char *const queries[] = { "sort=title", "status=done", "starred=maybe", "from=monday",
                                         "limit=0", "limit=201", "vehicle_id=7", "color=red" };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr(DynoTestReply) reply = dyno_test_api_runs_get (f, 400, "/api/v1/runs?%s", queries[i]);

      g_assert_cmpstr (dyno_test_reply_code (reply), ==, "VALIDATION_ERROR");
    }
}

static void
test_get (DynoTestApiRuns *f,
          gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 130);
  g_autofree char *tag = tag_of (f, run_id);
  g_autofree char *target = g_strconcat ("/api/v1/runs/", run_id, NULL);
  g_autofree char *expected = g_strdup_printf ("\"%s-1\"", run_id);
  g_autoptr(DynoTestReply) reply = dyno_test_api_runs_get (f, 200, "%s", target);
  g_autoptr(DynoTestReply) known = dyno_test_api_ask (f->api, "GET", target, NULL, "X-Test-Role",
                                                      "viewer", "If-None-Match", tag, NULL);

  g_assert_cmpstr (tag, ==, expected);
  g_assert_cmpuint (known->status, ==, 304);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (reply->json, "channels")), ==, 12);
  g_assert_cmpfloat (dyno_json_get_number (dyno_json_member (reply->json, "atmosphere"),
                                           "pressure_hpa", 0), ==, 960);
  g_assert_cmpint (dyno_json_type (dyno_json_member (reply->json, "analysis_id")), ==,
                   DYNO_JSON_NULL);
  dyno_test_api_assert_no_path (reply);
  dyno_test_reply_free (dyno_test_api_runs_get (f, 404, "/api/v1/runs/" NOBODY));
  dyno_test_reply_free (dyno_test_api_runs_get (f, 404, "/api/v1/runs/1"));
}

static void
test_patch (DynoTestApiRuns *f,
            gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 130);
  g_autofree char *tag = tag_of (f, run_id);
  g_autoptr(DynoTestReply) reply
    = patch (f, run_id, tag, "{\"title\":\"After cams\",\"notes\":\"a\\nb\",\"gear\":4,"
                             "\"baseline\":true,\"tags\":[\"b\",\"a\"]}");
  g_autoptr(DynoTestReply) stale = patch (f, run_id, tag, "{\"title\":\"x\"}");
  g_autoptr(DynoTestReply) missing = patch (f, run_id, NULL, "{\"title\":\"x\"}");
  g_autoptr(DynoTestReply) any = patch (f, run_id, "*", "{\"title\":\"x\"}");
  g_autofree char *now = tag_of (f, run_id);
  g_autoptr(DynoTestReply) unknown = patch (f, run_id, now, "{\"titel\":\"x\"}");
  g_autoptr(DynoTestReply) number = patch (f, run_id, now, "{\"starred\":\"true\"}");
  g_autoptr(DynoTestReply) nobody = patch (f, NOBODY, "\"" NOBODY "-1\"", "{\"title\":\"x\"}");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (dyno_json_get_string (reply->json, "title"), ==, "After cams");
  g_assert_cmpstr (dyno_json_get_string (reply->json, "notes"), ==, "a\nb");
  g_assert_cmpint (dyno_json_get_integer (reply->json, "gear", 0), ==, 4);
  g_assert_cmpint (dyno_json_get_integer (reply->json, "version", 0), >, 1);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (reply->json, "tags")), ==, 2);
  g_assert_cmpuint (stale->status, ==, 412);
  g_assert_cmpuint (missing->status, ==, 428);
  g_assert_cmpuint (any->status, ==, 400);
  g_assert_cmpuint (unknown->status, ==, 400);
  g_assert_cmpuint (number->status, ==, 400);
  g_assert_cmpuint (nobody->status, ==, 404);
}

static DynoTestReply *
delete (DynoTestApiRuns *f,
        const char      *run_id,
        const char      *tag,
        const char      *role)
{
  g_autofree char *target = g_strconcat ("/api/v1/runs/", run_id, NULL);

  return dyno_test_api_ask (f->api, "DELETE", target, NULL, "X-Test-Role", role, "If-Match", tag,
                            NULL);
}

static void
test_trash (DynoTestApiRuns *f,
            gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 130);
  g_autofree char *tag = tag_of (f, run_id);
  g_autofree char *old = g_strdup_printf ("\"%s-7\"", run_id);
  g_autofree char *target = g_strdup_printf ("/api/v1/runs/%s/restore", run_id);
  g_autoptr(DynoTestReply) may_not = delete (f, run_id, tag, "operator");
  g_autoptr(DynoTestReply) stale = delete (f, run_id, old, "tuner");
  g_autoptr(DynoTestReply) gone = delete (f, run_id, tag, "tuner");
  g_autoptr(DynoTestReply) list = dyno_test_api_runs_get (f, 200, "/api/v1/runs");
  g_autoptr(DynoTestReply) inside = dyno_test_api_runs_get (f, 200, "/api/v1/runs/%s", run_id);
  g_autoptr(DynoTestReply) back = dyno_test_api_runs_ask (f, "POST", target, NULL);
  g_autoptr(DynoTestReply) nobody
    = dyno_test_api_runs_ask (f, "POST", "/api/v1/runs/" NOBODY "/restore", NULL);

  g_assert_cmpuint (may_not->status, ==, 403);
  g_assert_cmpuint (stale->status, ==, 412);
  g_assert_cmpuint (gone->status, ==, 204);
  g_assert_cmpuint (count (list), ==, 0);
  g_assert_nonnull (dyno_json_get_string (inside->json, "deleted_at"));
  g_assert_cmpuint (back->status, ==, 200);
  g_assert_null (dyno_json_get_string (back->json, "deleted_at"));
  g_assert_cmpuint (nobody->status, ==, 404);
}

static void
test_verify (DynoTestApiRuns *f,
             gconstpointer    unused)
{
  g_autofree char *run_id = dyno_test_api_runs_pull (f, 130);
  g_autoptr(DynoTestReply) may_not = dyno_test_api_runs_ask (f, "POST", "/api/v1/runs/verify", NULL);
  g_autoptr(DynoTestReply) reply = dyno_test_api_ask (f->api, "POST", "/api/v1/runs/verify", NULL,
                                                      "X-Test-Role", "admin", NULL);

  g_assert_cmpuint (may_not->status, ==, 403);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (dyno_json_get_boolean (reply->json, "ok", FALSE));
  dyno_test_api_assert_no_path (reply);
}

static void
test_nobody (DynoTestApiRuns *f,
             gconstpointer    unused)
{
  g_autoptr(DynoTestReply) list = dyno_test_api_ask (f->api, "GET", "/api/v1/runs", NULL, NULL);
  g_autoptr(DynoTestReply) edit
    = dyno_test_api_ask (f->api, "PATCH", "/api/v1/runs/" NOBODY, "{}", "X-Test-Role", "viewer",
                         "If-Match", "\"" NOBODY "-1\"", NULL);

  g_assert_cmpuint (list->status, ==, 401);
  g_assert_cmpuint (edit->status, ==, 403);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_API_RUNS_ADD ("/server/api/runs/list", test_list);
  DYNO_TEST_API_RUNS_ADD ("/server/api/runs/filters", test_filters);
  DYNO_TEST_API_RUNS_ADD ("/server/api/runs/sort", test_sort);
  DYNO_TEST_API_RUNS_ADD ("/server/api/runs/cursor", test_cursor);
  DYNO_TEST_API_RUNS_ADD ("/server/api/runs/wrong-queries", test_wrong_queries);
  DYNO_TEST_API_RUNS_ADD ("/server/api/runs/get", test_get);
  DYNO_TEST_API_RUNS_ADD ("/server/api/runs/patch", test_patch);
  DYNO_TEST_API_RUNS_ADD ("/server/api/runs/trash", test_trash);
  DYNO_TEST_API_RUNS_ADD ("/server/api/runs/verify", test_verify);
  DYNO_TEST_API_RUNS_ADD ("/server/api/runs/nobody", test_nobody);

  return g_test_run ();
}
