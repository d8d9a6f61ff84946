/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <sqlite3.h>
#include <string.h>

#include "dyno-test-service.h"

/* Accounts, login sessions and the audit, through the whole service. */

static DynoTestReply *
ask (DynoTestService *f,
     const char      *method,
     const char      *target,
     const char      *body,
     const char      *bearer)
{
  return dyno_test_service_ask (f, method, target, body, "Authorization", bearer, NULL);
}

static DynoTestReply *
patch (DynoTestService *f,
       const char      *target,
       const char      *body,
       const char      *bearer)
{
  g_autoptr(DynoTestReply) seen = ask (f, "GET", target, NULL, bearer);

  return dyno_test_service_ask (f, "PATCH", target, body, "Authorization", bearer, "If-Match",
                                dyno_test_reply_header (seen, "ETag"), NULL);
}

static const DynoJson *
item (DynoTestReply *reply,
      guint          i)
{
  return dyno_json_element (dyno_json_member (reply->json, "items"), i);
}

static guint
n_items (DynoTestReply *reply)
{
  return dyno_json_n_elements (dyno_json_member (reply->json, "items"));
}

/* Oneself */

static void
test_me (DynoTestService *f,
         gconstpointer    unused)
{
  g_autofree char *id = dyno_test_service_add_user (f, "bo", DYNO_ROLE_VIEWER);
  g_autofree char *bearer = dyno_test_service_log_in (f, "bo");
  g_autoptr(DynoTestReply) me = ask (f, "GET", "/api/v1/me", NULL, bearer);
  g_autoptr(DynoTestReply) same
    = dyno_test_service_ask (f, "GET", "/api/v1/me", NULL, "Authorization", bearer,
                             "If-None-Match", dyno_test_reply_header (me, "ETag"), NULL);
  g_autoptr(DynoTestReply) blind = ask (f, "PATCH", "/api/v1/me", "{\"locale\":\"de_DE\"}", bearer);
  g_autoptr(DynoTestReply) other
    = patch (f, "/api/v1/me", "{\"display_name\":\"Bo B.\",\"locale\":\"de_DE\",\"units\":\"us\"}",
             bearer);
  g_autoptr(DynoTestReply) taken
    = patch (f, "/api/v1/me", "{\"email\":\"ADMIN@shop.example\"}", bearer);
  g_autoptr(DynoTestReply) role = patch (f, "/api/v1/me", "{\"role\":\"admin\"}", bearer);
  const DynoJson *auth = dyno_json_member (me->json, "auth");

  dyno_test_assert_reply (me, 200, NULL);
  g_assert_cmpstr (dyno_test_reply_text (me, "id"), ==, id);
  g_assert_null (dyno_test_reply_text (me, "locale"));
  g_assert_cmpstr (dyno_json_get_string (auth, "kind"), ==, "user");
  g_assert_nonnull (dyno_json_get_string (auth, "expires_at"));
  g_assert_cmpuint (same->status, ==, 304);
  dyno_test_assert_reply (blind, 428, "PRECONDITION_REQUIRED");
  dyno_test_assert_reply (other, 200, NULL);
  g_assert_cmpstr (dyno_test_reply_text (other, "display_name"), ==, "Bo B.");
  g_assert_cmpstr (dyno_test_reply_text (other, "units"), ==, "us");
  dyno_test_assert_reply (taken, 409, "CONFLICT");
  dyno_test_assert_reply (role, 400, "VALIDATION_ERROR");
}

/* A key of somebody's does not change the address by which he logs in. */
static void
test_me_by_key (DynoTestService *f,
                gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autofree char *key = dyno_test_service_make_key (f, bearer, "runs:read");
  g_autofree char *header = g_strconcat ("ApiKey ", key, NULL);
  g_autoptr(DynoTestReply) me = ask (f, "GET", "/api/v1/me", NULL, header);
  g_autoptr(DynoTestReply) mine
    = patch (f, "/api/v1/me", "{\"email\":\"thief@shop.example\"}", header);

  g_assert_cmpstr (dyno_json_get_string (dyno_json_member (me->json, "auth"), "kind"), ==, "key");
  g_assert_cmpstr (dyno_test_reply_text (me, "email"), ==, "admin@shop.example");
  dyno_test_assert_reply (mine, 403, "AUTHORIZATION_ERROR");
}

static void
test_sessions (DynoTestService *f,
               gconstpointer    unused)
{
  g_autofree char *id = dyno_test_service_add_user (f, "bo", DYNO_ROLE_VIEWER);
  g_autofree char *here = dyno_test_service_log_in (f, "admin");
  g_autofree char *there = dyno_test_service_log_in (f, "admin");
  g_autofree char *his = dyno_test_service_log_in (f, "bo");
  g_autoptr(DynoTestReply) list = ask (f, "GET", "/api/v1/me/sessions", NULL, here);
  guint n_current = 0;
  g_autofree char *target = NULL;
  g_autoptr(DynoTestReply) foreign = NULL, gone = NULL, after = NULL, twice = NULL;

  g_assert_cmpuint (n_items (list), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      gboolean is_current = dyno_json_get_boolean (item (list, i), "current", FALSE);

      n_current += is_current;
      if (!is_current)
        target = g_strconcat ("/api/v1/me/sessions/", dyno_json_get_string (item (list, i), "id"),
                              NULL);
    }
  g_assert_cmpuint (n_current, ==, 1);

  foreign = ask (f, "DELETE", target, NULL, his);
  dyno_test_assert_reply (foreign, 404, "NOT_FOUND");
  gone = ask (f, "DELETE", target, NULL, here);
  g_assert_cmpuint (gone->status, ==, 204);
  after = ask (f, "GET", "/api/v1/me", NULL, there);
  g_assert_cmpuint (after->status, ==, 401);
  twice = ask (f, "DELETE", target, NULL, here);
  dyno_test_assert_reply (twice, 404, "NOT_FOUND");
}

/* Others */

/* A second after what was made before. */
static DynoTestReply *
later (DynoTestService *f,
       const char      *target,
       const char      *body,
       const char      *bearer)
{
  dyno_test_service_advance (f, 1);

  return ask (f, "POST", target, body, bearer);
}

/* How often he is in the list, page after page of one. */
static guint
count_users (DynoTestService *f,
             const char      *bearer,
             const char      *email)
{
  g_autofree char *target = g_strdup ("/api/v1/users?limit=1");
  guint n = 0;

  while (target != NULL)
    {
      g_autoptr(DynoTestReply) page = ask (f, "GET", target, NULL, bearer);
      const char *next = dyno_test_reply_text (page, "next_cursor");

      g_assert_cmpuint (n_items (page), ==, 1);
      n += g_strcmp0 (dyno_json_get_string (item (page, 0), "email"), email) == 0;
      g_free (target);
      target = next != NULL ? g_strconcat ("/api/v1/users?limit=1&cursor=", next, NULL) : NULL;
    }

  return n;
}

static void
test_users (DynoTestService *f,
            gconstpointer    unused)
{
  static const char body[]
    = "{\"email\":\"ana@shop.example\",\"display_name\":\"Ana\",\"role\":\"tuner\"}";
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) made = later (f, "/api/v1/users", body, bearer);
  g_autoptr(DynoTestReply) twice = ask (f, "POST", "/api/v1/users", body, bearer);
  g_autoptr(DynoTestReply) nobody
    = ask (f, "GET", "/api/v1/users/usr_0aZ9bY8cX7dW6eV5fU4g", NULL, bearer);
  g_autoptr(DynoTestReply) entered = NULL;
  g_autofree char *enter
    = g_strdup_printf ("{\"email\":\"ana@shop.example\",\"password\":\"%s\","
                       "\"display_name\":\"Ana\",\"invite_code\":\"%s\"}", DYNO_TEST_PASSWORD,
                       dyno_test_reply_text (made, "invite_code"));

  dyno_test_assert_reply (made, 201, NULL);
  g_assert_cmpstr (dyno_json_get_string (dyno_json_member (made->json, "user"), "status"), ==,
                   "invited");
  dyno_test_assert_reply (twice, 409, "CONFLICT");
  g_assert_cmpuint (count_users (f, bearer, "ana@shop.example"), ==, 1);
  g_assert_cmpuint (count_users (f, bearer, "admin@shop.example"), ==, 1);
  dyno_test_assert_reply (nobody, 404, "NOT_FOUND");

  entered = dyno_test_service_ask (f, "POST", "/api/v1/auth/register", enter, NULL);
  dyno_test_assert_reply (entered, 201, NULL);
  g_assert_cmpstr (dyno_test_reply_text (entered, "role"), ==, "tuner");
}

/* A new role or state is in force with the next request; one administrator stays. */
static void
test_rights (DynoTestService *f,
             gconstpointer    unused)
{
  g_autofree char *id = dyno_test_service_add_user (f, "bo", DYNO_ROLE_ADMIN);
  g_autofree char *admin = dyno_test_service_log_in (f, "admin");
  g_autofree char *his = dyno_test_service_log_in (f, "bo");
  g_autofree char *target = g_strconcat ("/api/v1/users/", id, NULL);
  g_autoptr(DynoTestReply) before = ask (f, "GET", target, NULL, admin);
  g_autoptr(DynoTestReply) lowered = patch (f, target, "{\"role\":\"viewer\"}", admin);
  g_autoptr(DynoTestReply) stale
    = dyno_test_service_ask (f, "PATCH", target, "{\"role\":\"tuner\"}", "Authorization", admin,
                             "If-Match", dyno_test_reply_header (before, "ETag"), NULL);
  g_autoptr(DynoTestReply) next = ask (f, "GET", "/api/v1/users", NULL, his);
  g_autofree char *again = dyno_test_service_log_in (f, "bo");
  g_autoptr(DynoTestReply) refused = ask (f, "GET", "/api/v1/users", NULL, again);
  g_autoptr(DynoTestReply) me = ask (f, "GET", "/api/v1/me", NULL, admin);
  g_autofree char *own = g_strconcat ("/api/v1/users/", dyno_test_reply_text (me, "id"), NULL);
  g_autoptr(DynoTestReply) last = patch (f, own, "{\"role\":\"viewer\"}", admin);
  g_autoptr(DynoTestReply) disabled = patch (f, target, "{\"status\":\"disabled\"}", admin);
  g_autoptr(DynoTestReply) out = ask (f, "GET", "/api/v1/me", NULL, again);

  dyno_test_assert_reply (lowered, 200, NULL);
  dyno_test_assert_reply (stale, 412, "PRECONDITION_FAILED");
  dyno_test_assert_reply (next, 401, "AUTHENTICATION_ERROR");
  dyno_test_assert_reply (refused, 403, "AUTHORIZATION_ERROR");
  g_assert_nonnull (strstr (refused->body, "users:read"));
  g_assert_nonnull (strstr (dyno_test_reply_header (refused, "WWW-Authenticate"),
                            "insufficient_scope"));
  dyno_test_assert_reply (last, 409, "CONFLICT");
  dyno_test_assert_reply (disabled, 200, NULL);
  g_assert_cmpuint (out->status, ==, 401);
}

/* Who did what */

static void
test_audit (DynoTestService *f,
            gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autofree char *key = dyno_test_service_make_key (f, bearer, "runs:read");
  g_autoptr(DynoTestReply) made = ask (f, "GET", "/api/v1/audit?event=key.created", NULL, bearer);
  g_autoptr(DynoTestReply) logins
    = ask (f, "GET", "/api/v1/audit?event=auth.login.success", NULL, bearer);
  g_autoptr(DynoTestReply) future
    = ask (f, "GET", "/api/v1/audit?from=2099-01-01T00:00:00.000Z", NULL, bearer);
  g_autoptr(DynoTestReply) me = ask (f, "GET", "/api/v1/me", NULL, bearer);
  g_autoptr(DynoTestReply) page = ask (f, "GET", "/api/v1/audit?limit=1", NULL, bearer);
  g_autofree char *target = g_strconcat ("/api/v1/audit?limit=1&cursor=",
                                         dyno_test_reply_text (page, "next_cursor"), NULL);
  g_autoptr(DynoTestReply) next = ask (f, "GET", target, NULL, bearer);

  g_assert_cmpuint (n_items (made), ==, 1);
  g_assert_cmpstr (dyno_json_get_string (item (made, 0), "actor"), ==,
                   dyno_test_reply_text (me, "id"));
  g_assert_nonnull (dyno_json_get_string (item (made, 0), "correlation_id"));
  g_assert_cmpuint (n_items (logins), ==, 1);
  g_assert_nonnull (dyno_json_get_string (item (logins, 0), "ip"));
  g_assert_nonnull (dyno_json_get_string (item (logins, 0), "correlation_id"));
  g_assert_cmpuint (n_items (future), ==, 0);
  g_assert_cmpint (dyno_json_get_integer (item (next, 0), "seq", 0), ==,
                   dyno_json_get_integer (item (page, 0), "seq", 0) - 1);
}

/* What is refused is in the audit when the minute is over, or the program. */
static void
test_denials (DynoTestService *f,
              gconstpointer    unused)
{
  g_autofree char *id = dyno_test_service_add_user (f, "bo", DYNO_ROLE_VIEWER);
  g_autofree char *his = dyno_test_service_log_in (f, "bo");
  g_autoptr(DynoTestReply) refused = ask (f, "GET", "/api/v1/users", NULL, his);
  g_autoptr(DynoTestReply) foreign
    = ask (f, "GET", "/api/v1/keys/key_0aZ9bY8cX7dW6eV5fU4g", NULL, his);
  g_autoptr(DynoTestReply) rows = NULL;
  g_autofree char *target = g_strconcat ("/api/v1/audit?event=authz.denied&actor=", id, NULL);
  g_autofree char *bearer = NULL;

  g_assert_cmpuint (refused->status, ==, 403);
  g_assert_cmpuint (foreign->status, ==, 404);
  dyno_test_service_stop (f);
  dyno_test_service_start (f);
  bearer = dyno_test_service_log_in (f, "admin");
  rows = ask (f, "GET", target, NULL, bearer);
  g_assert_cmpuint (n_items (rows), ==, 2);
  g_assert_nonnull (strstr (rows->body, "/api/v1/keys/{id}"));
  g_assert_nonnull (strstr (rows->body, "/api/v1/users"));
}

/* An edited row is named (37). */
static void
test_verify (DynoTestService *f,
             gconstpointer    unused)
{
  g_autofree char *path = g_build_filename (f->shop.folder, "dynoai.db", NULL);
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autofree char *key = dyno_test_service_make_key (f, bearer, "runs:read");
  g_autoptr(DynoTestReply) good = ask (f, "GET", "/api/v1/audit/verify", NULL, bearer);
  g_autoptr(DynoTestReply) bad = NULL;
  sqlite3 *handle;

  dyno_test_assert_reply (good, 200, NULL);
  g_assert_true (dyno_json_get_boolean (good->json, "ok", FALSE));
  g_assert_null (dyno_json_member (good->json, "first_bad_seq"));

  dyno_test_service_stop (f);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  g_assert_cmpint (sqlite3_exec (handle, "UPDATE audit SET actor = 'usr_x' WHERE seq = 2", NULL,
                                 NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
  dyno_test_service_start (f);

  g_free (bearer);
  bearer = dyno_test_service_log_in (f, "admin");
  bad = ask (f, "GET", "/api/v1/audit/verify", NULL, bearer);
  dyno_test_assert_reply (bad, 200, NULL);
  g_assert_false (dyno_json_get_boolean (bad->json, "ok", TRUE));
  g_assert_cmpint (dyno_json_get_integer (bad->json, "first_bad_seq", 0), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  DYNO_TEST_SERVICE_ADD ("/server/api-people/audit", test_audit);
  DYNO_TEST_SERVICE_ADD ("/server/api-people/denials", test_denials);
  DYNO_TEST_SERVICE_ADD ("/server/api-people/me", test_me);
  DYNO_TEST_SERVICE_ADD ("/server/api-people/me-by-key", test_me_by_key);
  DYNO_TEST_SERVICE_ADD ("/server/api-people/rights", test_rights);
  DYNO_TEST_SERVICE_ADD ("/server/api-people/sessions", test_sessions);
  DYNO_TEST_SERVICE_ADD ("/server/api-people/users", test_users);
  DYNO_TEST_SERVICE_ADD ("/server/api-people/verify", test_verify);

  return g_test_run ();
}
