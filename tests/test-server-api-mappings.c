/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-api.h"
#include "dyno-test-api.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* Mappings over a real connection; the dyno is the simulator on loopback. */

#define AS(role) "X-Test-Role", role

static const DynoRouteTable *const tables[] = { &dyno_api_live, &dyno_api_mappings, NULL };

typedef struct
{
  DynoTestShop  shop;
  DynoTestApi  *api;
  DynoTestDyno *dyno; /* (nullable) */
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
  dyno_test_dyno_free (f->dyno);
  dyno_test_shop_tear_down (&f->shop, NULL);
}

static gboolean
start_dyno (Fixture *f)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();

  if (!dyno_test_shop_has_wire ())
    return FALSE;
  f->dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (&f->shop, DYNO_ARM_LIVE, 20);

  return TRUE;
}

static DynoTestReply *
get (Fixture    *f,
     const char *target)
{
  return dyno_test_api_ask (f->api, "GET", target, NULL, AS ("viewer"), NULL);
}

static const DynoJson *
source (const DynoJson *mapping,
        const char     *channel)
{
  return dyno_json_member (dyno_json_member (mapping, "channels"), channel);
}

static DynoTestReply *
put (Fixture    *f,
     const char *target,
     const char *tag,
     const char *body)
{
  return dyno_test_api_ask (f->api, "PUT", target, body, AS ("tuner"), "If-Match", tag, NULL);
}

static void
assert_refused (DynoTestReply *reply,
                guint          status,
                const char    *code)
{
  g_assert_cmpuint (reply->status, ==, status);
  g_assert_cmpstr (dyno_test_reply_code (reply), ==, code);
}

/* By the names first; then a pin, which the capture follows; then by the names again. */
static void
test_pin (Fixture       *f,
          gconstpointer  unused)
{
  g_autoptr(DynoTestReply) list = NULL;
  g_autoptr(DynoTestReply) one = NULL;
  g_autoptr(DynoTestReply) wrong = NULL;
  g_autoptr(DynoTestReply) absent = NULL;
  g_autoptr(DynoTestReply) pinned = NULL;
  g_autoptr(DynoTestReply) stale = NULL;
  g_autoptr(DynoTestReply) after = NULL;
  g_autoptr(DynoTestReply) deleted = NULL;
  g_autoptr(DynoTestReply) back = NULL;
  g_autofree char *target = NULL;
  const char *tag;

  if (!start_dyno (f))
    return;

  list = get (f, "/api/v1/mappings");
  target = g_strconcat ("/api/v1/mappings/",
                        dyno_json_get_string (dyno_json_element (dyno_json_member (list->json,
                                                                                   "items"), 0),
                                              "signature"), NULL);
  one = get (f, target);
  g_assert_cmpuint (one->status, ==, 200);
  g_assert_false (dyno_json_get_boolean (source (one->json, "rpm"), "pinned", TRUE));
  tag = dyno_test_reply_header (one, "ETag");

  wrong = put (f, target, tag, "{\"channels\":{\"map\":{\"source_name\":\"Humidity\"}}}");
  assert_refused (wrong, 400, "VALIDATION_ERROR");
  absent = put (f, target, tag, "{\"channels\":{\"rpm\":{\"source_name\":\"Warp\"}}}");
  assert_refused (absent, 400, "VALIDATION_ERROR");
  pinned = put (f, target, tag,
                "{\"channels\":{\"rpm\":{\"source_name\":\"Engine Speed\"}}}");
  g_assert_cmpuint (pinned->status, ==, 200);
  stale = put (f, target, tag, "{\"channels\":{}}");
  assert_refused (stale, 412, "PRECONDITION_FAILED");
  g_usleep (G_USEC_PER_SEC);
  after = get (f, target);
  g_assert_cmpstr (dyno_json_get_string (source (after->json, "rpm"), "source_name"), ==,
                   "Engine Speed");
  g_assert_true (dyno_json_get_boolean (source (after->json, "rpm"), "pinned", FALSE));

  deleted = dyno_test_api_ask (f->api, "DELETE", target, NULL, AS ("tuner"), "If-Match",
                               dyno_test_reply_header (after, "ETag"), NULL);
  g_assert_cmpuint (deleted->status, ==, 204);
  g_usleep (G_USEC_PER_SEC);
  back = get (f, target);
  g_assert_false (dyno_json_get_boolean (source (back->json, "rpm"), "pinned", TRUE));
}

static void
test_suggest (Fixture       *f,
              gconstpointer  unused)
{
  g_autoptr(DynoTestReply) providers = NULL;
  g_autoptr(DynoTestReply) reply = NULL;
  g_autofree char *body = NULL;

  if (!start_dyno (f))
    return;

  providers = get (f, "/api/v1/providers");
  body = g_strdup_printf ("{\"provider_id\":\"%s\",\"template\":\"dynojet_rt150\"}",
                          dyno_json_get_string (dyno_json_element (dyno_json_member (providers->json,
                                                                                     "providers"), 0),
                                                "id"));
  reply = dyno_test_api_ask (f->api, "POST", "/api/v1/mappings/suggest", body, AS ("viewer"), NULL);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (dyno_json_get_string (source (reply->json, "power"), "source_name"), ==,
                   "Power Drum 1 (uncorrected)");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (reply->json, "missing_required")), ==,
                    0);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (reply->json, "suspected_mislabels")),
                    ==, 0);
}

static void
test_nothing_there (Fixture       *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoTestReply) list = get (f, "/api/v1/mappings");
  g_autoptr(DynoTestReply) unknown = get (f, "/api/v1/mappings/0123456789abcdef");
  g_autoptr(DynoTestReply) templates = get (f, "/api/v1/mapping-templates");
  g_autoptr(DynoTestReply) suggest
    = dyno_test_api_ask (f->api, "POST", "/api/v1/mappings/suggest",
                         "{\"provider_id\":\"0x1A2B\"}", AS ("viewer"), NULL);
  g_autoptr(DynoTestReply) blind
    = dyno_test_api_ask (f->api, "PUT", "/api/v1/mappings/0123456789abcdef", "{\"channels\":{}}",
                         AS ("tuner"), NULL);
  g_autoptr(DynoTestReply) operator
    = dyno_test_api_ask (f->api, "PUT", "/api/v1/mappings/0123456789abcdef", "{\"channels\":{}}",
                         AS ("operator"), NULL);
  g_autoptr(DynoTestReply) channel
    = put (f, "/api/v1/mappings/0123456789abcdef", "\"0123456789abcdef-1\"",
           "{\"channels\":{\"warp\":{\"source_id\":1}}}");

  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (list->json, "items")), ==, 0);
  assert_refused (unknown, 404, "NOT_FOUND");
  g_assert_cmpuint (dyno_json_n_elements (templates->json), ==, 3);
  assert_refused (suggest, 409, "NO_PROVIDER");
  assert_refused (blind, 428, "PRECONDITION_REQUIRED");
  assert_refused (operator, 403, "AUTHORIZATION_ERROR");
  assert_refused (channel, 400, "VALIDATION_ERROR");
}

#define ADD(path, function) \
  g_test_add (path, Fixture, GUINT_TO_POINTER (DYNO_SHOP_DEFAULT), set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/server/api/mappings/pin", test_pin);
  ADD ("/server/api/mappings/suggest", test_suggest);
  ADD ("/server/api/mappings/nothing-there", test_nothing_there);

  return g_test_run ();
}
