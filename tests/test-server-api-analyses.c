/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-api.h"
#include "dyno-test-api.h"
#include "dyno-test-shop.h"

/* Analyses and plans over the wire: begun as jobs, told as they are kept. */

static const DynoRouteTable *const tables[] = { &dyno_api_analyses, &dyno_api_analyze,
                                                &dyno_api_jobs, &dyno_api_planner, &dyno_api_runs,
                                                &dyno_api_vehicles, NULL };

static DynoTestReply *
get (DynoTestApi *api,
     const char  *path,
     const char  *id,
     const char  *more)
{
  g_autofree char *target = g_strconcat (path, id, more, NULL);

  return dyno_test_api_ask (api, "GET", target, NULL, "X-Test-Role", "tuner", NULL);
}

static DynoTestReply *
post (DynoTestApi *api,
      const char  *target,
      const char  *body)
{
  return dyno_test_api_ask (api, "POST", target, body, "X-Test-Role", "tuner", NULL);
}

/* The last event of a job. (transfer full) */
static DynoTestReply *
follow (DynoTestApi   *api,
        DynoTestReply *begun)
{
  g_assert_cmpuint (begun->status, ==, 202);

  return get (api, "/api/v1/jobs/", dyno_json_get_string (begun->json, "job_id"), "/events");
}

static char *
keep_pull (DynoTestShop *f)
{
  g_autoptr(DynoSamples) pull = dyno_test_pull_samples (0, NULL);

  return dyno_test_shop_keep (f, "Pull", pull);
}

static char *
run_body (const char *run_id,
          const char *options)
{
  return g_strdup_printf ("{\"run_ids\":[\"%s\"],\"options\":%s}", run_id, options);
}

/* Example 5, and cases 1, 14 and 15: what is not there is null. */
static void
test_analysis (DynoTestShop *f,
               gconstpointer unused)
{
  g_autofree char *run_id = keep_pull (f);
  g_autofree char *body = run_body (run_id, "{\"min_hits\":5}");
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) begun = post (api, "/api/v1/analyses", body);
  g_autoptr(DynoTestReply) events = follow (api, begun);
  const char *id = dyno_json_get_string (begun->json, "analysis_id");
  g_autoptr(DynoTestReply) one = get (api, "/api/v1/analyses/", id, NULL);
  g_autoptr(DynoTestReply) newest = get (api, "/api/v1/runs/", run_id, "/analysis");
  const DynoJson *front = dyno_json_member (one->json, "front");
  const DynoJson *first = dyno_json_element (
    dyno_json_element (dyno_json_member (front, "correction"), 0), 0);

  g_assert_nonnull (strstr (events->body, "event: done"));
  g_assert_nonnull (strstr (events->body, id));
  g_assert_cmpuint (one->status, ==, 200);
  g_assert_cmpstr (dyno_json_get_string (newest->json, "id"), ==, id);
  g_assert_cmpint (dyno_json_get_integer (dyno_json_member (one->json, "options"), "min_hits", 0),
                   ==, 5);
  g_assert_cmpint (dyno_json_type (first), ==, DYNO_JSON_NULL);
}

/* Twice the same: the promised ids both hold. */
static void
test_promised (DynoTestShop *f,
               gconstpointer unused)
{
  g_autofree char *run_id = keep_pull (f);
  g_autofree char *body = run_body (run_id, "{}");
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(DynoTestReply) begun = post (api, "/api/v1/analyses", body);
      g_autoptr(DynoTestReply) events = follow (api, begun);
      g_autoptr(DynoTestReply) one = get (api, "/api/v1/analyses/",
                                          dyno_json_get_string (begun->json, "analysis_id"), NULL);

      g_assert_cmpuint (one->status, ==, 200);
    }
}

static void
test_refused (DynoTestShop *f,
              gconstpointer unused)
{
  static const char *const options[] = { "{\"colour\":1}", "{\"min_hits\":0}",
                                         "{\"clamp_pct\":\"much\"}",
                                         "{\"math_version\":\"legacy-cli-1.2\"}", "[]" };
  g_autofree char *run_id = keep_pull (f);
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) none = post (api, "/api/v1/analyses", "{\"run_ids\":[]}");
  g_autoptr(DynoTestReply) nobody = post (
    api, "/api/v1/analyses", "{\"run_ids\":[\"run_00000000000000000000\"]}");
  g_autoptr(DynoTestReply) failed = follow (api, nobody);
  g_autoptr(DynoTestReply) unknown = get (api, "/api/v1/analyses/", "ana_00000000000000000000",
                                          NULL);
  g_autoptr(DynoTestReply) bare = get (api, "/api/v1/runs/", run_id, "/analysis");
  g_autoptr(DynoTestReply) viewer = dyno_test_api_ask (api, "POST", "/api/v1/analyses", "{}",
                                                       "X-Test-Role", "viewer", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autofree char *body = run_body (run_id, options[i]);
      g_autoptr(DynoTestReply) reply = post (api, "/api/v1/analyses", body);

      g_assert_cmpuint (reply->status, ==, 400);
    }
  g_assert_cmpuint (none->status, ==, 400);
  g_assert_nonnull (strstr (failed->body, "event: failed"));
  g_assert_cmpuint (unknown->status, ==, 404);
  g_assert_cmpuint (bare->status, ==, 404);
  g_assert_cmpuint (viewer->status, ==, 403);
}

/* "/explain?…" of a cell that has data. (transfer full) */
static char *
cell_with_hits (DynoTestApi *api,
                const char  *id)
{
  g_autoptr(DynoTestReply) reply = get (api, "/api/v1/analyses/", id, NULL);
  const DynoJson *grid = dyno_json_member (reply->json, "grid");
  const DynoJson *rpm = dyno_json_member (grid, "rpm");
  const DynoJson *map = dyno_json_member (grid, "map_kpa");
  const DynoJson *hits = dyno_json_member (dyno_json_member (reply->json, "front"), "hits");

  for (guint r = 0; r < dyno_json_n_elements (rpm); r++)
    {
      for (guint c = 0; c < dyno_json_n_elements (map); c++)
        {
          if (dyno_json_integer (dyno_json_element (dyno_json_element (hits, r), c), 0) > 0)
            return g_strdup_printf ("/explain?rpm=%g&map_kpa=%g&cylinder=front",
                                    dyno_json_number (dyno_json_element (rpm, r), 0),
                                    dyno_json_number (dyno_json_element (map, c), 0));
        }
    }
  g_assert_not_reached ();
}

static void
test_sections (DynoTestShop *f,
               gconstpointer unused)
{
  static const char *const sections[] = { "/opportunities", "/heat-soak", "/transient", "/causes",
                                          "/spark" };
  g_autofree char *run_id = keep_pull (f);
  g_autofree char *body = run_body (run_id, "{}");
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) begun = post (api, "/api/v1/analyses", body);
  g_autoptr(DynoTestReply) events = follow (api, begun);
  const char *id = dyno_json_get_string (begun->json, "analysis_id");
  g_autofree char *cell = cell_with_hits (api, id);
  g_autoptr(DynoTestReply) story = get (api, "/api/v1/analyses/", id, cell);
  g_autoptr(DynoTestReply) outside = get (api, "/api/v1/analyses/", id,
                                          "/explain?rpm=20000&map_kpa=95");
  g_autoptr(DynoTestReply) bare = get (api, "/api/v1/analyses/", id, "/explain");
  g_autoptr(DynoTestReply) other = get (api, "/api/v1/analyses/", id, "/colour");

  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      g_autoptr(DynoTestReply) reply = get (api, "/api/v1/analyses/", id, sections[i]);

      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_cmpstr (dyno_json_get_string (reply->json, "section"), ==, sections[i] + 1);
    }
  g_assert_cmpuint (story->status, ==, 200);
  g_assert_cmpint (dyno_json_get_integer (story->json, "hits", 0), >, 0);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (story->json, "samples")), ==,
                    (guint) dyno_json_get_integer (story->json, "hits", 0));
  g_assert_cmpuint (outside->status, ==, 400);
  g_assert_cmpuint (bare->status, ==, 400);
  g_assert_cmpuint (other->status, ==, 404);
}

/* The old upload */

/* A log of a sweep that is a bit lean in front and a bit rich behind. (transfer full) */
static char *
make_log (void)
{
  GString *log = g_string_new ("Time,RPM,MAP (kPa),AFR Front,AFR Rear,AFR Target\r\n");

  for (guint i = 0; i < 1200; i++)
    g_string_append_printf (log, "%.2f,%u,%u,%.2f,%.2f,%.1f\r\n", i * 0.05, 2000 + i * 2,
                            80 + i / 200, 13.6 + i % 5 * 0.02, 12.4 + i % 7 * 0.02,
                            13.0 + i % 3 * 0.1);

  return g_string_free (log, FALSE);
}

static DynoTestReply *
upload (DynoTestApi *api,
        const char  *name,
        const char  *log,
        const char  *fields)
{
  g_autofree char *body = g_strdup_printf (
    "%s--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
    "Content-Type: text/csv\r\n\r\n%s\r\n--cut--\r\n", fields, name, log);

  return dyno_test_api_ask (api, "POST", "/api/analyze", body, "X-Test-Role", "tuner",
                            "Content-Type", "multipart/form-data; boundary=cut", NULL);
}

#define FIELD(name, value) \
  "--cut\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

/* The largest correction of the front cylinder, %. */
static double
largest (DynoTestReply *analysis)
{
  const DynoJson *rows = dyno_json_member (dyno_json_member (analysis->json, "front"),
                                           "correction");
  double most = 0;

  for (guint r = 0; r < dyno_json_n_elements (rows); r++)
    {
      const DynoJson *row = dyno_json_element (rows, r);

      for (guint c = 0; c < dyno_json_n_elements (row); c++)
        most = MAX (most, fabs (dyno_json_number (dyno_json_element (row, c), 0)));
    }

  return most;
}

/* Cases 5 and 18: options are kept and change the result; one name, two runs. */
static void
test_upload (DynoTestShop *f,
             gconstpointer unused)
{
  g_autofree char *log = make_log ();
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) plain = upload (api, "pull.csv", log, "");
  g_autoptr(DynoTestReply) plain_events = follow (api, plain);
  g_autoptr(DynoTestReply) tight
    = upload (api, "pull.csv", log, FIELD ("clamp", "1") FIELD ("smoothPasses", "0")
                                      FIELD ("decelRpmMin", "1500"));
  g_autoptr(DynoTestReply) tight_events = follow (api, tight);
  const char *plain_id = dyno_json_get_string (plain->json, "runId");
  const char *tight_id = dyno_json_get_string (tight->json, "runId");
  g_autoptr(DynoTestReply) loose = get (api, "/api/v1/runs/", plain_id, "/analysis");
  g_autoptr(DynoTestReply) narrow = get (api, "/api/v1/runs/", tight_id, "/analysis");
  g_autoptr(DynoTestReply) run = get (api, "/api/v1/runs/", tight_id, NULL);

  g_assert_cmpstr (plain_id, !=, tight_id);
  g_assert_nonnull (strstr (tight_events->body, "event: done"));
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (plain->json, "warnings")), ==, 0);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (tight->json, "warnings")), ==, 1);
  g_assert_cmpfloat (dyno_json_get_number (dyno_json_member (narrow->json, "options"),
                                           "clamp_pct", 0), ==, 1);
  g_assert_cmpfloat (dyno_json_get_number (dyno_json_member (loose->json, "options"),
                                           "clamp_pct", 0), ==, 7);
  g_assert_cmpfloat (largest (narrow), <=, 1);
  g_assert_cmpfloat (largest (loose), >, 1);
  g_assert_nonnull (strstr (run->body, "\"clamp_pct\""));
}

static void
test_bad_uploads (DynoTestShop *f,
                  gconstpointer unused)
{
  g_autofree char *log = make_log ();
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) name = upload (api, "pull.exe", log, "");
  g_autoptr(DynoTestReply) range = upload (api, "pull.csv", log, FIELD ("clamp", "99"));
  g_autoptr(DynoTestReply) unknown = upload (api, "pull.csv", log, FIELD ("colour", "1"));
  g_autoptr(DynoTestReply) noise = upload (api, "pull.csv", "hello\n", "");
  g_autoptr(DynoTestReply) raw = dyno_test_api_ask (api, "POST", "/api/analyze", log, "X-Test-Role",
                                                    "tuner", "Content-Type", "text/csv", NULL);

  g_assert_cmpuint (name->status, ==, 400);
  g_assert_cmpuint (range->status, ==, 400);
  g_assert_cmpuint (unknown->status, ==, 400);
  g_assert_cmpuint (noise->status, ==, 422);
  g_assert_cmpuint (raw->status, ==, 415);
}

/* The planner */

static void
test_planner (DynoTestShop *f,
              gconstpointer unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) vehicle = post (api, "/api/v1/vehicles", "{\"label\":\"Glide\"}");
  const char *id = dyno_json_get_string (vehicle->json, "id");
  g_autofree char *target = g_strdup_printf ("/api/v1/planner/%s/constraints", id);
  g_autofree char *reset_target = g_strdup_printf ("/api/v1/planner/%s/reset", id);
  g_autoptr(DynoTestReply) plan = get (api, "/api/v1/planner/", id, NULL);
  const char *tag = dyno_test_reply_header (plan, "ETag");
#define PUT(body, tag) \
  dyno_test_api_ask (api, "PUT", target, body, "X-Test-Role", "tuner", \
                     tag != NULL ? "If-Match" : NULL, tag, NULL)
  g_autoptr(DynoTestReply) missing = PUT ("{\"max_rpm\":5000}", (const char *) NULL);
  g_autoptr(DynoTestReply) set = PUT ("{\"max_rpm\":5000}", tag);
  g_autoptr(DynoTestReply) stale = PUT ("{\"max_rpm\":4000}", tag);
  g_autoptr(DynoTestReply) wrong = PUT ("{\"min_rpm\":6000,\"max_rpm\":2000}",
                                        dyno_test_reply_header (set, "ETag"));
#undef PUT
  g_autoptr(DynoTestReply) reset = post (api, reset_target, NULL);
  g_autoptr(DynoTestReply) nobody = get (api, "/api/v1/planner/", "veh_00000000000000000000", NULL);

  g_assert_cmpuint (plan->status, ==, 200);
  g_assert_cmpuint (missing->status, ==, 428);
  g_assert_cmpfloat (dyno_json_get_number (dyno_json_member (set->json, "constraints"), "max_rpm",
                                           0), ==, 5000);
  g_assert_cmpuint (stale->status, ==, 412);
  g_assert_cmpuint (wrong->status, ==, 400);
  g_assert_true (dyno_json_get_boolean (reset->json, "constraints_are_default", FALSE));
  g_assert_cmpuint (nobody->status, ==, 404);
}

#define ADD(path, test) DYNO_TEST_SHOP_ADD_QUIET ("/server/api-analyses/" path, test)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("analysis", test_analysis);
  ADD ("promised", test_promised);
  ADD ("refused", test_refused);
  ADD ("sections", test_sections);
  ADD ("upload", test_upload);
  ADD ("bad-uploads", test_bad_uploads);
  ADD ("planner", test_planner);

  return g_test_run ();
}
