/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-api.h"
#include "dyno-test-api.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* What is live, recording, preflight and simulator, asked over a real connection; the dyno is
 * the simulator on loopback. */

#define AS(role) "X-Test-Role", role

static const DynoRouteTable *const tables[] = { &dyno_api_capture, &dyno_api_dyno, &dyno_api_live,
                                                &dyno_api_preflight, &dyno_api_simulator, NULL };

typedef struct
{
  DynoTestShop  shop;
  DynoTestApi  *api;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  flags)
{
  dyno_test_shop_set_up (&f->shop, flags);
  f->api = dyno_test_api_start (tables, f->shop.shop);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  dyno_test_api_free (f->api);
  dyno_test_shop_tear_down (&f->shop, NULL);
}

static DynoTestReply *
get (Fixture    *f,
     const char *target)
{
  DynoTestReply *reply = dyno_test_api_ask (f->api, "GET", target, NULL, AS ("viewer"), NULL);

  g_assert_cmpuint (reply->status, ==, 200);

  return reply;
}

static DynoTestReply *
post (Fixture    *f,
      const char *target,
      const char *body)
{
  return dyno_test_api_ask (f->api, "POST", target, body, AS ("operator"), NULL);
}

static void
assert_refused (DynoTestReply *reply,
                guint          status,
                const char    *code)
{
  g_assert_cmpuint (reply->status, ==, status);
  g_assert_cmpstr (dyno_test_reply_code (reply), ==, code);
}

static void
assert_state (Fixture    *f,
              const char *state)
{
  g_autoptr(DynoTestReply) reply = get (f, "/api/v1/capture");

  g_assert_cmpstr (dyno_json_get_string (reply->json, "state"), ==, state);
}

/* FALSE: skipped. */
static gboolean
start_simulator (Fixture    *f,
                 const char *body)
{
  g_autoptr(DynoTestReply) reply = NULL;

  if (!dyno_test_shop_has_wire ())
    return FALSE;
  reply = dyno_test_api_ask (f->api, "PUT", "/api/v1/simulator", body, AS ("operator"), NULL);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (dyno_json_get_boolean (reply->json, "running", FALSE));
  dyno_test_shop_wait_phase (&f->shop, DYNO_ARM_LIVE, 20);

  return TRUE;
}

/* Without a dyno */

static void
test_nothing_there (Fixture       *f,
                    gconstpointer  unused)
{
  static const char *const starts[] = { "/api/v1/capture/start", "/api/v1/capture/arm" };
  g_autoptr(DynoTestReply) live = get (f, "/api/v1/live");
  g_autoptr(DynoTestReply) providers = get (f, "/api/v1/providers");
  g_autoptr(DynoTestReply) channels = get (f, "/api/v1/channels");
  g_autoptr(DynoTestReply) unknown = post (f, starts[0], "{\"provider_id\":\"0x1A2B\"}");
  g_autoptr(DynoTestReply) stop = post (f, "/api/v1/capture/stop", NULL);
  g_autoptr(DynoTestReply) mark = post (f, "/api/v1/capture/mark", "{\"n\":3}");

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autoptr(DynoTestReply) reply = post (f, starts[i], NULL);

      assert_refused (reply, 409, "NO_PROVIDER");
    }
  assert_state (f, "idle");
  assert_refused (unknown, 409, "NO_PROVIDER");
  assert_refused (stop, 409, "CONFLICT");
  assert_refused (mark, 409, "CONFLICT");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (live->json, "v")), ==, 0);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (providers->json, "providers")), ==, 0);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (channels->json, "channels")), ==, 0);
}

static void
test_wrong_input (Fixture       *f,
                  gconstpointer  unused)
{
  static const struct
  {
    const char *method;
    const char *target;
    const char *body;
  } cases[] = {
    { "POST", "/api/v1/capture/start", "{\"override_reason\":\"short\"}" },
    { "POST", "/api/v1/capture/start", "{\"warp\":9}" },
    { "POST", "/api/v1/capture/arm", "{\"pre_roll_s\":11}" },
    { "POST", "/api/v1/capture/mark", "{\"n\":10}" },
    { "POST", "/api/v1/preflight", "{\"sample_s\":4}" },
    { "POST", "/api/v1/preflight", "{\"mode\":\"maybe\"}" },
    { "PUT", "/api/v1/simulator", "{}" },
    { "PUT", "/api/v1/simulator", "{\"running\":true,\"profile\":\"warp-9\"}" },
    { "PUT", "/api/v1/simulator", "{\"running\":true,\"engine\":\"warp\"}" },
    { "PUT", "/api/v1/simulator", "{\"running\":true,\"throttle_pct\":101}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(DynoTestReply) reply = dyno_test_api_ask (f->api, cases[i].method, cases[i].target,
                                                          cases[i].body, AS ("operator"), NULL);

      g_test_message ("%s %s", cases[i].target, cases[i].body);
      assert_refused (reply, 400, "VALIDATION_ERROR");
    }
}

static void
test_permissions (Fixture       *f,
                  gconstpointer  unused)
{
  static const char *const targets[] = {
    "/api/v1/capture/start", "/api/v1/capture/stop", "/api/v1/capture/arm",
    "/api/v1/capture/disarm", "/api/v1/capture/mark", "/api/v1/preflight",
    "/api/v1/simulator/pull",
  };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr(DynoTestReply) nobody = dyno_test_api_ask (f->api, "POST", targets[i], NULL, NULL);
      g_autoptr(DynoTestReply) viewer
        = dyno_test_api_ask (f->api, "POST", targets[i], NULL, AS ("viewer"), NULL);

      assert_refused (nobody, 401, "AUTHENTICATION_ERROR");
      assert_refused (viewer, 403, "AUTHORIZATION_ERROR");
    }
}

static void
test_unknown_vehicle (Fixture       *f,
                      gconstpointer  unused)
{
  g_autoptr(DynoTestReply) reply
    = post (f, "/api/v1/capture/start", "{\"vehicle_id\":\"veh_5tR4eW3qA2sD1fG0hJ9k\"}");

  assert_refused (reply, 404, "NOT_FOUND");
}

/* With one */

static void
test_what_is_there (Fixture       *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoTestReply) live = NULL;
  g_autoptr(DynoTestReply) providers = NULL;
  g_autoptr(DynoTestReply) channels = NULL;
  const DynoJson *provider;
  const DynoJson *row;

  if (!start_simulator (f, "{\"running\":true,\"auto_pull\":false}"))
    return;
  g_usleep (G_USEC_PER_SEC / 2);

  live = get (f, "/api/v1/live");
  g_assert_cmpfloat (dyno_json_get_number (dyno_json_member (live->json, "v"), "rpm", 0), >, 500);
  g_assert_true (dyno_json_get_boolean (live->json, "simulated", FALSE));

  providers = get (f, "/api/v1/providers");
  provider = dyno_json_element (dyno_json_member (providers->json, "providers"), 0);
  g_assert_cmpstr (dyno_json_get_string (provider, "id"), ==,
                   dyno_json_get_string (live->json, "provider_id"));
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (provider, "channels")), ==, 104);
  g_assert_cmpint (dyno_json_get_integer (provider, "malformed", -1), ==, 0);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (providers->json, "interfaces")), >, 0);

  channels = get (f, "/api/v1/channels");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (channels->json, "channels")), >=, 104);
  row = dyno_json_element (dyno_json_member (channels->json, "channels"), 0);
  g_assert_nonnull (dyno_json_get_string (row, "name"));
}

static void
test_run_by_hand (Fixture       *f,
                  gconstpointer  unused)
{
  g_autoptr(DynoTestReply) started = NULL;
  g_autoptr(DynoTestReply) again = NULL;
  g_autoptr(DynoTestReply) mark = NULL;
  g_autoptr(DynoTestReply) stopped = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  const char *run_id;

  if (!start_simulator (f, "{\"running\":true,\"auto_pull\":false}"))
    return;

  started = post (f, "/api/v1/capture/start", "{\"title\":\"After cams\"}");
  g_assert_cmpuint (started->status, ==, 200);
  g_usleep (G_USEC_PER_SEC);
  assert_state (f, "recording");
  again = post (f, "/api/v1/capture/start", NULL);
  assert_refused (again, 409, "BUSY");
  mark = post (f, "/api/v1/capture/mark", "{\"n\":3,\"text\":\"Knock\"}");
  g_assert_cmpuint (mark->status, ==, 200);
  run_id = dyno_json_get_string (mark->json, "run_id");
  g_assert_cmpint (dyno_json_get_integer (mark->json, "n", 0), ==, 3);
  g_assert_cmpfloat (dyno_json_get_number (mark->json, "t_s", 0), >, 0.5);
  stopped = post (f, "/api/v1/capture/stop", NULL);
  g_assert_cmpuint (stopped->status, ==, 200);
  dyno_test_shop_wait_saved (&f->shop, 1, 30);
  runs = dyno_test_shop_runs (&f->shop);
  g_assert_cmpuint (runs->len, ==, 1);
  g_assert_cmpstr (((DynoRun *) g_ptr_array_index (runs, 0))->id, ==, run_id);
  g_assert_cmpstr (((DynoRun *) g_ptr_array_index (runs, 0))->title, ==, "After cams");
}

/* The pull ends within 15 s, and what was recorded has the peak of the engine (twin114 makes
 * 78.5 kW) within 3 %. */
static void
test_pull (Fixture       *f,
           gconstpointer  unused)
{
  g_autoptr(DynoTestReply) armed = NULL;
  g_autoptr(DynoTestReply) pull = NULL;
  g_autoptr(DynoTestReply) disarmed = NULL;
  g_autoptr(DynoTestReply) simulator = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  const DynoRun *run;

  if (!start_simulator (f, "{\"running\":true,\"auto_pull\":false}"))
    return;

  armed = post (f, "/api/v1/capture/arm", "{\"pre_roll_s\":1,\"post_roll_s\":1}");
  g_assert_cmpuint (armed->status, ==, 200);
  assert_state (f, "armed");
  pull = post (f, "/api/v1/simulator/pull", NULL);
  g_assert_cmpuint (pull->status, ==, 200);
  dyno_test_shop_wait_saved (&f->shop, 1, 30);
  disarmed = post (f, "/api/v1/capture/disarm", NULL);
  g_assert_cmpuint (disarmed->status, ==, 200);
  g_assert_cmpstr (dyno_json_get_string (disarmed->json, "state"), ==, "idle");
  simulator = get (f, "/api/v1/simulator");
  g_assert_true (dyno_json_get_boolean (simulator->json, "running", FALSE));
  runs = dyno_test_shop_runs (&f->shop);
  g_assert_cmpuint (runs->len, ==, 1);
  run = g_ptr_array_index (runs, 0);
  g_assert_cmpfloat (run->duration_s, <, 15);
  dyno_assert_near (run->peaks.power_kw, 79.3, 0.03 * 79.3);
}

static void
test_pull_of_nothing (Fixture       *f,
                      gconstpointer  unused)
{
  g_autoptr(DynoTestReply) reply = post (f, "/api/v1/simulator/pull", NULL);

  assert_refused (reply, 409, "CONFLICT");
}

static void
test_simulator_stops (Fixture       *f,
                      gconstpointer  unused)
{
  g_autoptr(DynoTestReply) reply = NULL;

  if (!start_simulator (f, "{\"running\":true,\"auto_pull_interval_s\":20}"))
    return;
  reply = dyno_test_api_ask (f->api, "PUT", "/api/v1/simulator", "{\"running\":false}",
                             AS ("operator"), NULL);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_false (dyno_json_get_boolean (reply->json, "running", TRUE));
  dyno_assert_near (dyno_json_get_number (reply->json, "auto_pull_interval_s", 0), 20, 0);
  g_assert_true (dyno_json_get_boolean (reply->json, "auto_pull", FALSE));
}

/* One that blocks and fails keeps from arming and from recording, until a reason is given. */
static void
test_preflight (Fixture       *f,
                gconstpointer  unused)
{
  g_autoptr(DynoTestReply) none = dyno_test_api_ask (f->api, "GET", "/api/v1/preflight", NULL,
                                                     AS ("viewer"), NULL);
  g_autoptr(DynoTestReply) job = post (f, "/api/v1/preflight",
                                       "{\"sample_s\":5,\"mode\":\"blocking\"}");
  g_autoptr(DynoTestReply) last = NULL;
  g_autoptr(DynoTestReply) start = NULL;
  DynoJobs *jobs = dyno_shop_get_jobs (f->shop.shop);

  assert_refused (none, 404, "NOT_FOUND");
  g_assert_cmpuint (job->status, ==, 202);
  while (dyno_jobs_n_running (jobs) > 0)
    g_usleep (50000);
  last = get (f, "/api/v1/preflight");
  g_assert_false (dyno_json_get_boolean (last->json, "passed", TRUE));
  g_assert_true (dyno_json_get_boolean (last->json, "can_override", FALSE));
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (last->json, "checks")), ==,
                    DYNO_N_PREFLIGHT_CHECKS);
  start = post (f, "/api/v1/capture/start", NULL);
  assert_refused (start, 409, "PREFLIGHT_REQUIRED");
  g_clear_pointer (&start, dyno_test_reply_free);
  start = post (f, "/api/v1/capture/start", "{\"override_reason\":\"The sensor is new\"}");
  assert_refused (start, 409, "NO_PROVIDER");
}

/* The dyno of the shop */

static DynoTestReply *
put_dyno (Fixture    *f,
          const char *tag,
          const char *body)
{
  return dyno_test_api_ask (f->api, "PUT", "/api/v1/dyno", body, AS ("tuner"), "If-Match", tag,
                            NULL);
}

static void
test_dyno (Fixture       *f,
           gconstpointer  unused)
{
  static const char body[]
    = "{\"drums\":[{\"effective_mass_kg\":206.08,\"circumference_m\":1.4243,\"tabs\":64}],"
      "\"model\":\"Model 250\",\"expected_address\":null}";
  g_autoptr(DynoTestReply) before = get (f, "/api/v1/dyno");
  g_autofree char *tag = g_strdup (dyno_test_reply_header (before, "ETag"));
  g_autoptr(DynoTestReply) wrong = put_dyno (f, tag, "{\"drums\":[{\"tabs\":0}]}");
  g_autoptr(DynoTestReply) network
    = put_dyno (f, tag, "{\"drums\":[{}],\"network\":{\"group\":\"192.0.2.1\"}}");
  g_autoptr(DynoTestReply) put = put_dyno (f, tag, body);
  g_autoptr(DynoTestReply) stale = put_dyno (f, tag, body);
  g_autoptr(DynoTestReply) blind
    = dyno_test_api_ask (f->api, "PUT", "/api/v1/dyno", body, AS ("tuner"), NULL);
  g_autoptr(DynoTestReply) operator
    = dyno_test_api_ask (f->api, "PUT", "/api/v1/dyno", body, AS ("operator"), "If-Match", tag,
                         NULL);
  const DynoJson *drum = dyno_json_element (dyno_json_member (put->json, "drums"), 0);

  g_assert_null (dyno_json_get_string (before->json, "model"));
  assert_refused (wrong, 400, "VALIDATION_ERROR");
  assert_refused (network, 400, "VALIDATION_ERROR");
  g_assert_cmpuint (put->status, ==, 200);
  dyno_assert_near (dyno_json_get_number (drum, "effective_mass_kg", 0), 206.08, 0.001);
  dyno_assert_near (dyno_json_get_number (drum, "circumference_m", 0), 1.4243, 1e-5);
  g_assert_cmpint (dyno_json_get_integer (drum, "tabs", 0), ==, 64);
  g_assert_cmpstr (dyno_json_get_string (put->json, "model"), ==, "Model 250");
  assert_refused (stale, 412, "PRECONDITION_FAILED");
  assert_refused (blind, 428, "PRECONDITION_REQUIRED");
  assert_refused (operator, 403, "AUTHORIZATION_ERROR");
}

#define ADD(path, function) \
  g_test_add (path, Fixture, GUINT_TO_POINTER (DYNO_SHOP_DEFAULT), set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/server/api/live/nothing-there", test_nothing_there);
  ADD ("/server/api/live/wrong-input", test_wrong_input);
  ADD ("/server/api/live/permissions", test_permissions);
  ADD ("/server/api/live/unknown-vehicle", test_unknown_vehicle);
  ADD ("/server/api/live/what-is-there", test_what_is_there);
  ADD ("/server/api/live/run-by-hand", test_run_by_hand);
  ADD ("/server/api/live/pull", test_pull);
  ADD ("/server/api/live/pull-of-nothing", test_pull_of_nothing);
  ADD ("/server/api/live/simulator-stops", test_simulator_stops);
  ADD ("/server/api/live/preflight", test_preflight);
  ADD ("/server/api/live/dyno", test_dyno);

  return g_test_run ();
}
