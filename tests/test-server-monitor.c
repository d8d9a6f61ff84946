/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "dyno-test-server.h"
#include "dyno-test-house.h"
#include "dyno-test.h"

typedef struct
{
  DynoTestShop     f;
  DynoTestHouse *service;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  is_lan)
{
  dyno_test_shop_prepare (&fixture->f, dyno_test_make_folder ());
  dyno_test_house_prepare (&fixture->f);
  dyno_test_shop_set (&fixture->f, "TRUST_PROXY", "true");
  dyno_test_shop_open (&fixture->f, DYNO_SHOP_NO_CAPTURE);
  fixture->service = dyno_test_house_start (&fixture->f, is_lan != NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_clear_pointer (&fixture->service, dyno_test_house_free);
  dyno_test_shop_tear_down (&fixture->f, NULL);
}

static DynoTestReply *
get (Fixture     *fixture,
     DynoTestWay  way,
     const char  *target)
{
  return dyno_test_house_ask (fixture->service, way, "GET", target, NULL, NULL);
}

static void
look_at_health (Fixture *fixture)
{
  g_autoptr(DynoHealthReport) report = dyno_test_ask0 (&fixture->f, dyno_health_report, NULL);

  g_assert_nonnull (report);
}

static void
test_ready (Fixture       *fixture,
            gconstpointer  unused)
{
  static const char *const paths[] = { "/health/ready", "/ready", "/api/health/ready" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(DynoTestReply) reply = get (fixture, DYNO_TEST_LOCAL, paths[i]);

      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_cmpstr (dyno_json_get_string (reply->json, "status"), ==, "ready");
      g_assert_null (dyno_json_member (reply->json, "reason"));
    }
}

/* This machine sees all of it, before and after the first look. */
static void
test_health (Fixture       *fixture,
             gconstpointer  unused)
{
  static const char *const paths[] = { "/health", "/api/health", "/api/v1/health" };
  g_autoptr(DynoTestReply) early = get (fixture, DYNO_TEST_LOCAL, "/health");

  g_assert_cmpuint (early->status, ==, 200);
  g_assert_null (dyno_json_member (early->json, "components"));
  look_at_health (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(DynoTestReply) reply = get (fixture, DYNO_TEST_LOCAL, paths[i]);

      g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (reply->json, "components")), >, 5);
      g_assert_cmpstr (dyno_json_get_string (reply->json, "version"), ==, DYNO_VERSION);
    }
}

static DynoTestReply *
get_from_afar (Fixture    *fixture,
               const char *target)
{
  return dyno_test_house_ask (fixture->service, DYNO_TEST_LOCAL, "GET", target, NULL,
                                "X-Forwarded-For", "203.0.113.9", NULL);
}

/* Others see three members, and no counters. */
static void
test_health_of_others (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(DynoTestReply) reply = NULL;
  g_autoptr(DynoTestReply) owner = NULL;
  g_autoptr(DynoTestReply) metrics = NULL;

  look_at_health (fixture);
  reply = get_from_afar (fixture, "/health");
  owner = get (fixture, DYNO_TEST_OWNER, "/health");
  metrics = get_from_afar (fixture, "/metrics");
  g_assert_nonnull (dyno_json_member (owner->json, "components"));
  g_assert_nonnull (dyno_json_member (reply->json, "status"));
  g_assert_null (dyno_json_member (reply->json, "components"));
  g_assert_null (dyno_json_member (reply->json, "memory"));
  g_assert_cmpuint (metrics->status, ==, 401);
}

static void
break_database (DynoComponent *component,
                gpointer       unused)
{
  dyno_component_set (component, DYNO_COMPONENT_UNHEALTHY, NULL, "It is broken for a test.");
}

static void
test_unhealthy (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(DynoTestReply) health = NULL;

  dyno_health_add (fixture->f.shop, "test", break_database, NULL);
  look_at_health (fixture);
  health = get (fixture, DYNO_TEST_LOCAL, "/health");
  dyno_health_remove (fixture->f.shop, "test");
  g_assert_cmpuint (health->status, ==, 503);
  g_assert_cmpstr (dyno_json_get_string (health->json, "status"), ==, "unhealthy");
}

static void
test_metrics (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(DynoTestReply) text = get (fixture, DYNO_TEST_LOCAL, "/metrics");
  g_autoptr(DynoTestReply) open
    = dyno_test_house_ask (fixture->service, DYNO_TEST_LOCAL, "GET", "/metrics", NULL, "Accept",
                             "application/openmetrics-text;version=1.0.0,text/plain;q=0.5", NULL);

  g_assert_cmpuint (text->status, ==, 200);
  g_assert_true (g_str_has_prefix (dyno_test_reply_header (text, "Content-Type"),
                                   "text/plain; version=0.0.4"));
  g_assert_nonnull (strstr (text->body, "http_server_active_requests 1"));
  g_assert_true (g_str_has_prefix (dyno_test_reply_header (open, "Content-Type"),
                                   "application/openmetrics-text"));
  g_assert_true (g_str_has_suffix (open->body, "# EOF\n"));
}

static void
set_config (Fixture    *fixture,
            const char *key,
            const char *value)
{
  g_autoptr(GError) error = NULL;

  dyno_shop_set_config_async (fixture->f.shop, key, value, NULL, dyno_await_cb, fixture->f.await);
  dyno_shop_set_config_finish (dyno_await_wait (fixture->f.await), &error);
  g_assert_no_error (error);
}

static void
test_metrics_off (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(DynoTestReply) reply = NULL;

  set_config (fixture, "metrics.enabled", "false");
  reply = get (fixture, DYNO_TEST_LOCAL, "/metrics");
  g_assert_cmpuint (reply->status, ==, 404);
}

/* Until the page of the counters has this line; fails the test after some seconds. */
static void
wait_for_metric (Fixture    *fixture,
                 const char *line)
{
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr(DynoTestReply) reply = get (fixture, DYNO_TEST_OWNER, "/metrics");

      if (strstr (reply->body, line) != NULL)
        return;
      g_usleep (100000);
    }
  g_error ("There never was “%s”", line);
}

/* What the wire refuses, and who is connected. */
static void
test_gauges (Fixture       *fixture,
             gconstpointer  unused)
{
  static const char bad[] = "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n";
  guint16 port = dyno_test_house_get_port (fixture->service);
  g_autofree char *answer = dyno_test_talk (port, bad, strlen (bad));

  g_assert_cmpuint (dyno_test_status_of (answer), ==, 400);
  wait_for_metric (fixture, "dynoai_guard_rejected_total{reason=\"host\"} 1");
  wait_for_metric (fixture, "dynoai_http_connections{listener=\"admin\"} 1");
  wait_for_metric (fixture, "dynoai_queue_delay_seconds_count{priority=\"P2\"}");
}

/* A head that was begun before the end finds the door closed, but may ask how it is. */
static void
test_draining (Fixture       *fixture,
               gconstpointer  unused)
{
  guint16 port = dyno_test_house_get_port (fixture->service);
  g_autofree char *work_head
    = g_strdup_printf ("GET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n", port);
  g_autofree char *ready_head
    = g_strdup_printf ("GET /ready HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n", port);
  int work = dyno_test_connect (port);
  int ready = dyno_test_connect (port);
  g_autofree char *refused = NULL;
  g_autofree char *told = NULL;

  dyno_test_send (work, work_head, strlen (work_head));
  dyno_test_send (ready, ready_head, strlen (ready_head));
  wait_for_metric (fixture, "dynoai_http_connections{listener=\"loopback\"} 2");
  dyno_test_house_drain (fixture->service);
  dyno_test_send (work, "\r\n", 2);
  dyno_test_send (ready, "\r\n", 2);
  refused = dyno_test_receive_all (work);
  told = dyno_test_receive_all (ready);
  close (work);
  close (ready);

  g_assert_cmpuint (dyno_test_status_of (refused), ==, 503);
  g_assert_nonnull (strstr (refused, "\"DRAINING\""));
  g_assert_cmpuint (dyno_test_status_of (told), ==, 503);
  g_assert_nonnull (strstr (told, "not_ready"));
}

#define ADD(path, function, is_lan) \
  g_test_add (path, Fixture, GINT_TO_POINTER (is_lan), set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/server/monitor/ready", test_ready, FALSE);
  ADD ("/server/monitor/health", test_health, FALSE);
  ADD ("/server/monitor/health-of-others", test_health_of_others, FALSE);
  ADD ("/server/monitor/unhealthy", test_unhealthy, FALSE);
  ADD ("/server/monitor/metrics", test_metrics, FALSE);
  ADD ("/server/monitor/metrics-off", test_metrics_off, FALSE);
  ADD ("/server/monitor/gauges", test_gauges, FALSE);
  ADD ("/server/monitor/draining", test_draining, FALSE);

  return g_test_run ();
}
