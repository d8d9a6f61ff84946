/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-api.h"
#include "dyno-test-house.h"
#include "dyno-test.h"
#include "dyno-vault.h"

#define SETTINGS "/api/v1/settings"

typedef struct
{
  DynoTestShop  f;
  DynoTestApi  *api;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  DynoVaultState state;

  dyno_test_shop_prepare (&fixture->f, dyno_test_make_folder ());
  dyno_test_house_prepare (&fixture->f);
  dyno_test_shop_open (&fixture->f, DYNO_SHOP_NO_CAPTURE);
  dyno_vault_open_async (fixture->f.shop, NULL, dyno_await_cb, fixture->f.await);
  g_assert_true (dyno_vault_open_finish (dyno_await_wait (fixture->f.await), &state, NULL));
  fixture->api = dyno_test_api_start (dyno_api_tables, fixture->f.shop);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_clear_pointer (&fixture->api, dyno_test_api_free);
  dyno_test_shop_tear_down (&fixture->f, NULL);
}

static DynoTestReply *
get (Fixture    *fixture,
     const char *target,
     const char *role)
{
  return dyno_test_api_ask (fixture->api, "GET", target, NULL, "X-Test-Role", role, NULL);
}

static char *
tag_of_settings (Fixture *fixture)
{
  g_autoptr(DynoTestReply) reply = get (fixture, SETTINGS, "admin");

  g_assert_cmpuint (reply->status, ==, 200);

  return g_strdup (dyno_test_reply_header (reply, "ETag"));
}

static DynoTestReply *
patch (Fixture    *fixture,
       const char *body)
{
  g_autofree char *tag = tag_of_settings (fixture);

  return dyno_test_api_ask (fixture->api, "PATCH", SETTINGS, body, "X-Test-Role", "admin",
                            "If-Match", tag, NULL);
}

static const DynoJson *
setting (DynoTestReply *reply,
         const char    *key)
{
  return dyno_json_member (reply->json, key);
}

/* Every key of the table, by its type. */
static void
test_get (Fixture       *fixture,
          gconstpointer  unused)
{
  g_autoptr(DynoTestReply) reply = get (fixture, SETTINGS, "admin");
  g_autofree char *tag = g_strdup (dyno_test_reply_header (reply, "ETag"));
  g_autoptr(DynoTestReply) again
    = dyno_test_api_ask (fixture->api, "GET", SETTINGS, NULL, "X-Test-Role", "admin",
                         "If-None-Match", tag, NULL);

  for (const DynoConfigRow *row = dyno_config_rows (); row->key != NULL; row++)
    g_assert_nonnull (setting (reply, row->key));
  g_assert_cmpint (dyno_json_get_integer (setting (reply, "server.port"), "default", 0), ==, 5001);
  g_assert_cmpint (dyno_json_get_integer (setting (reply, "server.port"), "max", 0), ==, 65535);
  g_assert_true (dyno_json_get_boolean (setting (reply, "metrics.enabled"), "value", FALSE));
  g_assert_true (dyno_json_get_boolean (setting (reply, "auth.enabled"), "locked", FALSE));
  g_assert_cmpstr (dyno_json_get_string (setting (reply, "server.environment"), "origin"), ==,
                   "environment");
  g_assert_null (strstr (reply->body, DYNO_TEST_HOUSE_KEY));
  g_assert_cmpuint (again->status, ==, 304);
}

static void
test_patch (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(DynoTestReply) reply
    = patch (fixture, "{\"server.max_upload_mb\":128,\"ui.units\":\"us\",\"server.mdns\":true}");
  g_autoptr(DynoTestReply) back = NULL;
  DynoConfig *config = dyno_shop_get_config (fixture->f.shop);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpint (dyno_json_get_integer (setting (reply, "server.max_upload_mb"), "value", 0), ==,
                   128);
  g_assert_cmpint (dyno_config_get_integer (config, "server.max_upload_mb"), ==, 128);
  g_assert_true (dyno_config_get_boolean (config, "server.mdns"));

  back = patch (fixture, "{\"server.max_upload_mb\":null}");
  g_assert_cmpstr (dyno_json_get_string (setting (back, "server.max_upload_mb"), "origin"), ==,
                   "default");
  g_assert_cmpstr (dyno_json_get_string (setting (back, "ui.units"), "value"), ==, "us");
}

/* One that will not do, and none of them is taken. */
static void
test_all_or_nothing (Fixture       *fixture,
                     gconstpointer  unused)
{
  static const struct
  {
    const char *body;
    guint       status;
  } cases[] = {
    { "{\"ui.units\":\"us\",\"server.port\":70000}", 400 },
    { "{\"ui.units\":\"us\",\"server.port\":\"5002\"}", 400 },
    { "{\"ui.units\":\"us\",\"server.mdns\":\"true\"}", 400 },
    { "{\"ui.units\":\"us\",\"no.such\":1}", 400 },
    { "{\"ui.units\":\"us\",\"server.cors_origins\":\"*\"}", 400 },
    { "{\"ui.units\":\"us\",\"auth.enabled\":false}", 403 },
    { "[\"ui.units\"]", 400 },
  };
  DynoConfig *config = dyno_shop_get_config (fixture->f.shop);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(DynoTestReply) reply = patch (fixture, cases[i].body);

      g_assert_cmpuint (reply->status, ==, cases[i].status);
      g_assert_cmpint (dyno_config_get_origin (config, "ui.units"), ==, DYNO_CONFIG_FROM_DEFAULT);
    }
}

static void
test_versions (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autofree char *old = tag_of_settings (fixture);
  g_autoptr(DynoTestReply) first = patch (fixture, "{\"ui.units\":\"us\"}");
  g_autoptr(DynoTestReply) stale
    = dyno_test_api_ask (fixture->api, "PATCH", SETTINGS, "{\"ui.units\":\"metric\"}",
                         "X-Test-Role", "admin", "If-Match", old, NULL);
  g_autoptr(DynoTestReply) bare
    = dyno_test_api_ask (fixture->api, "PATCH", SETTINGS, "{}", "X-Test-Role", "admin", NULL);

  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpuint (stale->status, ==, 412);
  g_assert_cmpuint (bare->status, ==, 428);
}

static void
test_permissions (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autofree char *tag = tag_of_settings (fixture);
  g_autoptr(DynoTestReply) nobody = dyno_test_api_ask (fixture->api, "GET", SETTINGS, NULL, NULL);
  g_autoptr(DynoTestReply) tuner = get (fixture, SETTINGS, "tuner");
  g_autoptr(DynoTestReply) stale
    = dyno_test_api_ask (fixture->api, "PATCH", SETTINGS, "{\"ui.units\":\"us\"}", "X-Test-Role",
                         "admin", "X-Test-Stale", "1", "If-Match", tag, NULL);
  g_autoptr(DynoTestReply) reset
    = dyno_test_api_ask (fixture->api, "POST", "/api/v1/circuits/webhook/reset", NULL,
                         "X-Test-Role", "tuner", NULL);

  g_assert_cmpuint (nobody->status, ==, 401);
  g_assert_cmpuint (tuner->status, ==, 403);
  g_assert_cmpstr (dyno_test_reply_code (stale), ==, "REAUTH_REQUIRED");
  g_assert_cmpuint (reset->status, ==, 403);
}

/* Who changed what, and a secret that no file of the shop has in it. */
static void
test_secret (Fixture       *fixture,
             gconstpointer  unused)
{
  static const char secret[] = "correct-horse-battery-staple";
  g_autofree char *body = g_strdup_printf ("{\"jetstream.key\":\"%s\"}", secret);
  g_autoptr(DynoTestReply) reply = patch (fixture, body);
  g_autofree char *value
    = dyno_config_dup (dyno_shop_get_config (fixture->f.shop), "jetstream.key");
  g_autofree char *path = g_build_filename (fixture->f.folder, "dynoai.db", NULL);
  g_autofree char *bytes = NULL;
  DynoAuditQuery *query = g_new0 (DynoAuditQuery, 1);
  g_autoptr(GPtrArray) rows = NULL;
  gsize length;

  query->success = -1;
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (value, ==, secret);
  g_assert_null (strstr (reply->body, secret));
  rows = dyno_test_ask (&fixture->f, dyno_audit_list, NULL, query);
  g_assert_cmpstr (((DynoAuditRecord *) g_ptr_array_index (rows, 0))->event, ==, "settings.changed");
  g_assert_cmpstr (((DynoAuditRecord *) g_ptr_array_index (rows, 0))->resource_id, ==,
                   "jetstream.key");

  g_clear_pointer (&fixture->api, dyno_test_api_free);
  dyno_test_shop_close (&fixture->f);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_null (memmem (bytes, length, secret, strlen (secret)));
}

static void
open_circuit (Fixture    *fixture,
              const char *name)
{
  DynoBreaker *breaker
    = dyno_breaker_set_get (dyno_shop_get_breakers (fixture->f.shop), name);

  for (guint i = 0; i < 5; i++)
    {
      DynoBreakerCall call;

      g_assert_true (dyno_breaker_begin (breaker, &call, NULL, NULL));
      dyno_breaker_end (breaker, &call, DYNO_CALL_NO_CONNECTION, 0);
    }
}

static void
test_circuits (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(DynoTestReply) list = NULL;
  g_autoptr(DynoTestReply) reset = NULL;
  g_autoptr(DynoTestReply) unknown = NULL;
  const DynoJson *first;

  open_circuit (fixture, "model:xai");
  list = get (fixture, "/api/v1/circuits", "admin");
  first = dyno_json_element (list->json, 0);
  g_assert_cmpstr (dyno_json_get_string (first, "name"), ==, "model:xai");
  g_assert_cmpstr (dyno_json_get_string (first, "state"), ==, "open");
  g_assert_nonnull (dyno_json_get_string (first, "next_probe_at"));

  reset = dyno_test_api_ask (fixture->api, "POST", "/api/v1/circuits/model:xai/reset", NULL,
                             "X-Test-Role", "admin", NULL);
  unknown = dyno_test_api_ask (fixture->api, "POST", "/api/v1/circuits/nobody/reset", NULL,
                               "X-Test-Role", "admin", NULL);
  g_assert_cmpuint (reset->status, ==, 200);
  g_assert_cmpstr (dyno_json_get_string (reset->json, "state"), ==, "closed");
  g_assert_cmpuint (unknown->status, ==, 404);
}

static void
test_policy (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(DynoTestReply) reply
    = dyno_test_api_ask (fixture->api, "GET", "/api/v1/privacy/policy", NULL, NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpint (dyno_json_get_integer (reply->json, "version", 0), >=, 1);
  g_assert_cmpuint (strlen (dyno_json_get_string (reply->json, "text")), >, 200);
}

/* From the wish to the list, and away again. */
static void
test_backups (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(DynoTestReply) wish
    = dyno_test_api_ask (fixture->api, "POST", "/api/v1/backups", NULL, "X-Test-Role", "admin", NULL);
  g_autoptr(DynoTestReply) refused = get (fixture, "/api/v1/backups", "tuner");
  g_autofree char *target = NULL;
  g_autofree char *verify = NULL;

  g_assert_cmpuint (wish->status, ==, 202);
  g_assert_nonnull (dyno_json_get_string (wish->json, "job_id"));
  g_assert_cmpuint (refused->status, ==, 403);
  for (guint i = 0; i < 300 && target == NULL; i++)
    {
      g_autoptr(DynoTestReply) list = get (fixture, "/api/v1/backups", "admin");
      const DynoJson *first = dyno_json_element (dyno_json_member (list->json, "items"), 0);

      if (first != NULL)
        target = g_strconcat ("/api/v1/backups/", dyno_json_get_string (first, "id"), NULL);
      g_usleep (50000);
    }

  g_assert_nonnull (target);
  verify = g_strconcat (target, "/verify", NULL);
  {
    g_autoptr(DynoTestReply) one = get (fixture, target, "admin");
    g_autoptr(DynoTestReply) checked
      = dyno_test_api_ask (fixture->api, "POST", verify, NULL, "X-Test-Role", "admin", NULL);
    g_autoptr(DynoTestReply) deleted
      = dyno_test_api_ask (fixture->api, "DELETE", target, NULL, "X-Test-Role", "admin", NULL);
    g_autoptr(DynoTestReply) gone = get (fixture, target, "admin");

    g_assert_cmpuint (one->status, ==, 200);
    g_assert_null (strstr (one->body, fixture->f.folder));
    g_assert_nonnull (dyno_json_get_string (one->json, "verified_at"));
    g_assert_cmpuint (checked->status, ==, 202);
    g_assert_cmpuint (deleted->status, ==, 204);
    g_assert_cmpuint (gone->status, ==, 404);
  }
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/server/api-operation/settings", test_get);
  ADD ("/server/api-operation/settings-patch", test_patch);
  ADD ("/server/api-operation/settings-all-or-nothing", test_all_or_nothing);
  ADD ("/server/api-operation/settings-versions", test_versions);
  ADD ("/server/api-operation/settings-permissions", test_permissions);
  ADD ("/server/api-operation/settings-secret", test_secret);
  ADD ("/server/api-operation/circuits", test_circuits);
  ADD ("/server/api-operation/policy", test_policy);
  ADD ("/server/api-operation/backups", test_backups);

  return g_test_run ();
}
