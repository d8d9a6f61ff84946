/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-keys.h"
#include "dyno-pairing.h"
#include "dyno-test-service.h"

/* API keys through the whole service: what one may is in force for the next request. */

#define DAY_S 86400

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
ask_if (DynoTestService *f,
        const char      *method,
        const char      *target,
        const char      *body,
        const char      *bearer,
        const char      *tag)
{
  return dyno_test_service_ask (f, method, target, body, "Authorization", bearer, "If-Match", tag,
                                NULL);
}

static DynoTestReply *
ask_me (DynoTestService *f,
        const char      *key)
{
  return dyno_test_service_ask (f, "GET", "/api/v1/me", NULL, "X-API-Key", key, NULL);
}

static guint
status_of (DynoTestService *f,
           const char      *key)
{
  g_autoptr(DynoTestReply) reply = ask_me (f, key);

  return reply->status;
}

static gboolean
has_permission (DynoTestService *f,
                const char      *key,
                const char      *name)
{
  g_autoptr(DynoTestReply) reply = ask_me (f, key);
  const DynoJson *names = dyno_json_member (reply->json, "permissions");

  dyno_test_assert_reply (reply, 200, NULL);
  for (guint i = 0; i < dyno_json_n_elements (names); i++)
    {
      if (g_strcmp0 (dyno_json_string (dyno_json_element (names, i)), name) == 0)
        return TRUE;
    }

  return FALSE;
}

/* A key of that body; `target` (nullable) is its path. */
static char *
make (DynoTestService  *f,
      const char       *bearer,
      const char       *body,
      char            **target)
{
  g_autoptr(DynoTestReply) reply = ask (f, "POST", "/api/v1/keys", body, bearer);
  const DynoJson *info = dyno_json_member (reply->json, "key_info");

  dyno_test_assert_reply (reply, 201, NULL);
  if (target != NULL)
    *target = g_strconcat ("/api/v1/keys/", dyno_json_get_string (info, "id"), NULL);

  return g_strdup (dyno_test_reply_text (reply, "key"));
}

/* Making */

static void
test_make (DynoTestService *f,
           gconstpointer    unused)
{
  static const char body[] = "{\"name\":\"Grafana\",\"scopes\":[\"metrics:read\"],\"cidrs\":[],"
                             "\"expires_at\":null,\"rate_limit_per_minute\":60,"
                             "\"rate_limit_per_day\":10000}";
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) made = ask (f, "POST", "/api/v1/keys", body, bearer);
  g_autoptr(DynoTestReply) list = ask (f, "GET", "/api/v1/keys", NULL, bearer);
  const DynoJson *info = dyno_json_member (made->json, "key_info");
  const char *key = dyno_test_reply_text (made, "key");
  g_autofree char *location
    = g_strconcat ("/api/v1/keys/", dyno_json_get_string (info, "id"), NULL);

  dyno_test_assert_reply (made, 201, NULL);
  g_assert_cmpstr (dyno_test_reply_header (made, "Cache-Control"), ==, "no-store");
  g_assert_cmpstr (dyno_test_reply_header (made, "Location"), ==, location);
  g_assert_true (g_regex_match_simple ("^dynoai_[0-9A-Za-z]{49}$", key, 0, 0));
  g_assert_cmpint (dyno_json_get_integer (info, "version", 0), ==, 1);
  g_assert_cmpstr (dyno_json_get_string (info, "expires_at"), ==, "2026-12-09T00:26:40.000Z");
  g_assert_cmpuint (list->status, ==, 200);
  g_assert_null (strstr (list->body, key));
  g_assert_null (strstr (list->body, key + strlen ("dynoai_") + 4));
  g_assert_true (has_permission (f, key, "metrics:read"));
  g_assert_false (has_permission (f, key, "runs:read"));
}

static void
test_bounds (DynoTestService *f,
             gconstpointer    unused)
{
  static const struct
  {
    const char *body;
    guint       status;
  } rows[] = {
    { "{\"scopes\":[]}", 400 },
    { "{\"name\":\"a\",\"scopes\":[\"*\"]}", 400 },
    { "{\"name\":\"a\",\"scopes\":[\"runs:fly\"]}", 400 },
    { "{\"name\":\"a\",\"scopes\":[],\"cidrs\":[\"10.0.0.0/33\"]}", 400 },
    { "{\"name\":\"a\",\"scopes\":[],\"expires_at\":\"2020-01-01T00:00:00.000Z\"}", 400 },
    { "{\"name\":\"a\",\"scopes\":[],\"expires_at\":\"2099-01-01T00:00:00.000Z\"}", 400 },
    { "{\"name\":\"a\",\"scopes\":[],\"rate_limit_per_minute\":6001}", 400 },
    { "{\"name\":\"a\",\"scopes\":[],\"rate_limit_per_day\":0}", 400 },
    { "{\"name\":\"a\",\"scopes\":[],\"is_endless\":true}", 400 },
    { "{\"name\":\"a\",\"scopes\":[\"backup:run\"]}", 403 },
  };
  g_autofree char *id = dyno_test_service_add_user (f, "bo", DYNO_ROLE_TUNER);
  g_autofree char *bearer = dyno_test_service_log_in (f, "bo");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(DynoTestReply) reply = ask (f, "POST", "/api/v1/keys", rows[i].body, bearer);

      if (reply->status != rows[i].status)
        g_error ("%s: %u %s", rows[i].body, reply->status, reply->body);
    }
}

/* A key that was told once is not told again. */
static void
test_replay (DynoTestService *f,
             gconstpointer    unused)
{
  static const char body[] = "{\"name\":\"Once\",\"scopes\":[\"runs:read\"]}";
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) first
    = dyno_test_service_ask (f, "POST", "/api/v1/keys", body, "Authorization", bearer,
                             "Idempotency-Key", "b7", NULL);
  g_autoptr(DynoTestReply) again
    = dyno_test_service_ask (f, "POST", "/api/v1/keys", body, "Authorization", bearer,
                             "Idempotency-Key", "b7", NULL);
  const DynoJson *info = dyno_json_member (first->json, "key_info");

  dyno_test_assert_reply (first, 201, NULL);
  dyno_test_assert_reply (again, 409, "CONFLICT");
  g_assert_nonnull (strstr (again->body, dyno_json_get_string (info, "id")));
  g_assert_null (strstr (again->body, "dynoai_"));
}

/* Changing */

static void
test_revoke (DynoTestService *f,
             gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autofree char *target = NULL;
  g_autofree char *key = make (f, bearer, "{\"name\":\"a\",\"scopes\":[\"runs:read\"]}", &target);
  g_autofree char *as_bearer = g_strconcat ("Bearer ", key, NULL);
  g_autoptr(DynoTestReply) before = ask (f, "GET", target, NULL, bearer);
  const char *tag = dyno_test_reply_header (before, "ETag");
  g_autoptr(DynoTestReply) unseen = ask (f, "DELETE", target, NULL, bearer);
  g_autoptr(DynoTestReply) gone = NULL, next = NULL, as_token = NULL;

  g_assert_cmpuint (status_of (f, key), ==, 200);
  dyno_test_assert_reply (unseen, 428, "PRECONDITION_REQUIRED");
  gone = ask_if (f, "DELETE", target, NULL, bearer, tag);
  dyno_test_assert_reply (gone, 200, NULL);
  g_assert_true (dyno_json_get_boolean (gone->json, "revoked", FALSE));
  next = ask_me (f, key);
  dyno_test_assert_reply (next, 403, "INVALID_API_KEY");
  as_token = ask (f, "GET", "/api/v1/me", NULL, as_bearer);
  dyno_test_assert_reply (as_token, 401, "AUTHENTICATION_ERROR");
}

static void
test_change (DynoTestService *f,
             gconstpointer    unused)
{
  g_autofree char *id = dyno_test_service_add_user (f, "bo", DYNO_ROLE_OPERATOR);
  g_autofree char *bearer = dyno_test_service_log_in (f, "bo");
  g_autofree char *target = NULL;
  g_autofree char *key
    = make (f, bearer, "{\"name\":\"a\",\"scopes\":[\"runs:read\",\"runs:write\"]}", &target);
  g_autoptr(DynoTestReply) before = ask (f, "GET", target, NULL, bearer);
  const char *tag = dyno_test_reply_header (before, "ETag");
  g_autoptr(DynoTestReply) any = NULL, less = NULL, stale = NULL, more = NULL;

  any = ask_if (f, "PATCH", target, "{\"name\":\"b\"}", bearer, "*");
  dyno_test_assert_reply (any, 400, "BAD_REQUEST");
  less = ask_if (f, "PATCH", target, "{\"scopes\":[\"runs:read\"]}", bearer, tag);
  dyno_test_assert_reply (less, 200, NULL);
  g_assert_false (has_permission (f, key, "runs:write"));
  g_assert_true (has_permission (f, key, "runs:read"));
  stale = ask_if (f, "PATCH", target, "{\"name\":\"b\"}", bearer, tag);
  dyno_test_assert_reply (stale, 412, "PRECONDITION_FAILED");
  more = ask_if (f, "PATCH", target, "{\"scopes\":[\"tune:apply\"]}", bearer,
                 dyno_test_reply_header (less, "ETag"));
  dyno_test_assert_reply (more, 403, "AUTHORIZATION_ERROR");
  g_assert_true (has_permission (f, key, "runs:read"));
}

static void
test_rotate (DynoTestService *f,
             gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autofree char *target = NULL;
  g_autofree char *key = make (f, bearer, "{\"name\":\"a\",\"scopes\":[\"runs:read\"]}", &target);
  g_autofree char *path = g_strconcat (target, "/rotate", NULL);
  g_autoptr(DynoTestReply) next = ask (f, "POST", path, "{\"overlap_seconds\":60}", bearer);
  const DynoJson *info = dyno_json_member (next->json, "key_info");
  g_autofree char *second
    = g_strdup_printf ("/api/v1/keys/%s/rotate", dyno_json_get_string (info, "id"));
  g_autoptr(DynoTestReply) last = NULL;

  dyno_test_assert_reply (next, 201, NULL);
  g_assert_cmpuint (status_of (f, key), ==, 200);
  g_assert_cmpuint (status_of (f, dyno_test_reply_text (next, "key")), ==, 200);
  dyno_test_service_advance (f, 61);
  g_assert_cmpuint (status_of (f, key), ==, 403);

  last = ask (f, "POST", second, NULL, bearer);
  dyno_test_assert_reply (last, 201, NULL);
  g_assert_cmpuint (status_of (f, dyno_test_reply_text (next, "key")), ==, 403);
  g_assert_cmpuint (status_of (f, dyno_test_reply_text (last, "key")), ==, 200);
}

/* Whose role is lowered loses it with all his keys, and gets it back with them (26). */
static void
set_role (DynoTestService *f,
          const char      *bearer,
          const char      *id,
          const char      *member)
{
  g_autofree char *target = g_strconcat ("/api/v1/users/", id, NULL);
  g_autoptr(DynoTestReply) user = ask (f, "GET", target, NULL, bearer);
  g_autoptr(DynoTestReply) changed
    = ask_if (f, "PATCH", target, member, bearer, dyno_test_reply_header (user, "ETag"));

  dyno_test_assert_reply (changed, 200, NULL);
}

static void
test_role_lowered (DynoTestService *f,
                   gconstpointer    unused)
{
  g_autofree char *id = dyno_test_service_add_user (f, "bo", DYNO_ROLE_TUNER);
  g_autofree char *admin = dyno_test_service_log_in (f, "admin");
  g_autofree char *bearer = dyno_test_service_log_in (f, "bo");
  g_autofree char *key = dyno_test_service_make_key (f, bearer, "tune:apply,runs:read");
  g_autoptr(DynoTestReply) token = NULL;

  g_assert_true (has_permission (f, key, "tune:apply"));
  set_role (f, admin, id, "{\"role\":\"viewer\"}");
  g_assert_false (has_permission (f, key, "tune:apply"));
  g_assert_true (has_permission (f, key, "runs:read"));
  token = ask (f, "GET", "/api/v1/me", NULL, bearer);
  dyno_test_assert_reply (token, 401, "AUTHENTICATION_ERROR");
  set_role (f, admin, id, "{\"role\":\"tuner\"}");
  g_assert_true (has_permission (f, key, "tune:apply"));
  set_role (f, admin, id, "{\"status\":\"disabled\"}");
  g_assert_cmpuint (status_of (f, key), ==, 403);
}

static void
test_cidrs (DynoTestService *f,
            gconstpointer    unused)
{
  static const struct
  {
    const char *address;
    guint       status;
  } rows[] = {
    { "192.0.2.9", 200 }, { "192.0.3.9", 403 }, { "2001:db8::1", 200 }, { "2001:db9::1", 403 },
  };
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autofree char *key
    = make (f, bearer, "{\"name\":\"a\",\"scopes\":[\"runs:read\"],"
                       "\"cidrs\":[\"192.0.2.0/24\",\"2001:db8::/32\"]}", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(DynoTestReply) reply
        = dyno_test_service_ask (f, "GET", "/api/v1/me", NULL, "X-API-Key", key,
                                 "X-Forwarded-For", rows[i].address, NULL);

      g_assert_cmpuint (reply->status, ==, rows[i].status);
    }
}

static void
test_expires (DynoTestService *f,
              gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autofree char *key = make (f, bearer, "{\"name\":\"a\",\"scopes\":[\"runs:read\"]}", NULL);
  g_autoptr(DynoTestReply) expired = NULL;

  dyno_test_service_advance (f, 90 * DAY_S - 5);
  g_assert_cmpuint (status_of (f, key), ==, 200);
  dyno_test_service_advance (f, 6);
  expired = ask_me (f, key);
  dyno_test_assert_reply (expired, 403, "INVALID_API_KEY");
}

/* Somebody else's key is no key at all (22). */
static void
test_foreign (DynoTestService *f,
              gconstpointer    unused)
{
  g_autofree char *ana = dyno_test_service_add_user (f, "ana", DYNO_ROLE_TUNER);
  g_autofree char *bo = dyno_test_service_add_user (f, "bo", DYNO_ROLE_TUNER);
  g_autofree char *hers = dyno_test_service_log_in (f, "ana");
  g_autofree char *his = dyno_test_service_log_in (f, "bo");
  g_autofree char *target = NULL;
  g_autofree char *key = make (f, hers, "{\"name\":\"a\",\"scopes\":[\"runs:read\"]}", &target);
  g_autofree char *path = g_strconcat (target, "/rotate", NULL);
  g_autoptr(DynoTestReply) mine = ask (f, "GET", target, NULL, hers);
  const char *tag = dyno_test_reply_header (mine, "ETag");
  g_autoptr(DynoTestReply) get = ask (f, "GET", target, NULL, his);
  g_autoptr(DynoTestReply) patch = ask_if (f, "PATCH", target, "{\"name\":\"b\"}", his, tag);
  g_autoptr(DynoTestReply) gone = ask_if (f, "DELETE", target, NULL, his, tag);
  g_autoptr(DynoTestReply) rotate = ask (f, "POST", path, NULL, his);
  g_autoptr(DynoTestReply) list = ask (f, "GET", "/api/v1/keys", NULL, his);

  dyno_test_assert_reply (get, 404, "NOT_FOUND");
  dyno_test_assert_reply (patch, 404, "NOT_FOUND");
  dyno_test_assert_reply (gone, 404, "NOT_FOUND");
  dyno_test_assert_reply (rotate, 404, "NOT_FOUND");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (list->json, "items")), ==, 0);
  g_assert_cmpuint (status_of (f, key), ==, 200);
}

static void
test_pages (DynoTestService *f,
            gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autofree char *target = g_strdup ("/api/v1/keys?limit=2");
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_pages = 0;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *key = dyno_test_service_make_key (f, bearer, "runs:read");

      dyno_test_service_advance (f, i % 2);
    }
  while (target != NULL)
    {
      g_autoptr(DynoTestReply) page = ask (f, "GET", target, NULL, bearer);
      const DynoJson *items = dyno_json_member (page->json, "items");
      const char *next = dyno_test_reply_text (page, "next_cursor");

      g_assert_cmpuint (dyno_json_n_elements (items), ==, 2);
      for (guint i = 0; i < 2; i++)
        g_assert_true (g_hash_table_add (
          seen, g_strdup (dyno_json_get_string (dyno_json_element (items, i), "id"))));
      g_free (target);
      target = next != NULL ? g_strdup_printf ("/api/v1/keys?limit=2&cursor=%s", next) : NULL;
      n_pages++;
    }
  g_assert_cmpuint (n_pages, ==, 2);
}

/* The paths of the first releases */

static void
test_older_paths (DynoTestService *f,
                  gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) json
    = ask (f, "POST", "/api/v1/admin/keys/generate",
           "{\"name\":\"Test Key\",\"user_id\":\"test_user\"}", bearer);
  g_autoptr(DynoTestReply) query
    = ask (f, "POST", "/api/v1/admin/keys/generate?name=Other&user_id=test_user"
           "&rate_limit_per_minute=7", NULL, bearer);
  g_autoptr(DynoTestReply) nameless
    = ask (f, "POST", "/api/v1/admin/keys/generate?user_id=test_user", NULL, bearer);
  g_autoptr(DynoTestReply) list = ask (f, "GET", "/api/v1/admin/keys", NULL, bearer);
  const char *key = dyno_test_reply_text (json, "key");
  g_autofree char *target
    = g_strconcat ("/api/v1/admin/keys/", dyno_test_reply_text (json, "key_id"), NULL);
  g_autoptr(DynoTestReply) gone = NULL;
  const DynoJson *row;

  dyno_test_assert_reply (json, 201, NULL);
  g_assert_nonnull (dyno_test_reply_text (json, "message"));
  dyno_test_assert_reply (query, 201, NULL);
  dyno_test_assert_reply (nameless, 400, "VALIDATION_ERROR");
  g_assert_true (has_permission (f, key, "assistant:use"));
  g_assert_cmpuint (dyno_json_n_elements (list->json), ==, 2);
  g_assert_null (strstr (list->body, "dynoai_"));
  row = dyno_json_element (list->json, 0);
  g_assert_true (dyno_json_get_boolean (row, "is_active", FALSE));

  gone = ask (f, "DELETE", target, NULL, bearer);
  dyno_test_assert_reply (gone, 200, NULL);
  g_assert_true (dyno_json_get_boolean (gone->json, "revoked", FALSE));
  g_assert_cmpuint (status_of (f, key), ==, 403);
  g_assert_cmpuint (status_of (f, dyno_test_reply_text (query, "key")), ==, 200);
}

static void
test_environment (DynoTestService *f,
                  gconstpointer    unused)
{
  static const char first[] = "an-old-key-of-the-shop-0123456789abcdef";
  static const char second[] = "another-key-of-the-shop-0123456789abcdef";
  g_autoptr(DynoTestReply) missing = NULL;

  dyno_test_service_stop (f);
  dyno_test_shop_set (&f->shop, "API_KEYS",
                      "an-old-key-of-the-shop-0123456789abcdef,"
                      "another-key-of-the-shop-0123456789abcdef");
  dyno_test_service_start (f);
  g_assert_true (has_permission (f, first, "tune:apply"));
  g_assert_cmpuint (status_of (f, second), ==, 200);
  g_assert_cmpuint (status_of (f, "no-key-of-the-shop-0123456789abcdefghij"), ==, 403);
  missing = dyno_test_service_ask (f, "GET", "/api/v1/me", NULL, NULL);
  g_assert_cmpuint (missing->status, ==, 401);
}

/* Pairing */

typedef struct
{
  DynoTestService *f;
  const char      *code;
  DynoTestReply   *reply;
} Device;

static gpointer
device_thread (gpointer data)
{
  Device *device = data;
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *body = g_strdup_printf ("{\"code\":\"%s\",\"name\":\"Bay 2\"}", device->code);

  device->reply = dyno_test_service_ask_in (device->f, session, "POST", "/api/v1/pair", body,
                                            "X-Forwarded-For", "192.0.2.44", NULL);

  return NULL;
}

/* A device asks, and the person at the window answers on these terms (NULL: no). */
static DynoTestReply *
pair (DynoTestService        *f,
      const DynoPairingTerms *terms)
{
  const DynoPairingTerms offered = { .role = DYNO_ROLE_OPERATOR };
  gint64 expires_ms;
  g_autofree char *code = dyno_pairing_offer (f->shop.shop, f->owner, &offered, &expires_ms, NULL);
  Device device = { f, code, NULL };
  GThread *thread = g_thread_new ("device", device_thread, &device);
  g_autoptr(GPtrArray) waiting = dyno_pairing_list (f->shop.shop);
  const DynoPairingRequest *request;

  while (waiting->len == 0)
    {
      g_usleep (1000);
      g_clear_pointer (&waiting, g_ptr_array_unref);
      waiting = dyno_pairing_list (f->shop.shop);
    }
  request = g_ptr_array_index (waiting, 0);
  g_assert_cmpstr (request->name, ==, "Bay 2");
  g_assert_cmpstr (request->address, ==, "192.0.2.44");
  g_assert_true (dyno_pairing_answer (f->shop.shop, f->owner, request->id, terms, NULL));
  g_thread_join (thread);

  return device.reply;
}

static void
test_pair (DynoTestService *f,
           gconstpointer    unused)
{
  const DynoPairingTerms operator = { .role = DYNO_ROLE_OPERATOR };
  const DynoPairingTerms page = { .role = DYNO_ROLE_VIEWER, .is_page = TRUE };
  g_autoptr(DynoTestReply) good = pair (f, &operator);
  g_autoptr(DynoTestReply) narrow = pair (f, &page);
  g_autoptr(DynoTestReply) refused = pair (f, NULL);
  g_autoptr(DynoTestReply) wrong
    = dyno_test_service_ask (f, "POST", "/api/v1/pair",
                             "{\"code\":\"AAAAAAAAAAAAA\",\"name\":\"Bay 3\"}", NULL);

  dyno_test_assert_reply (good, 201, NULL);
  g_assert_cmpstr (dyno_test_reply_text (good, "role"), ==, "operator");
  g_assert_true (has_permission (f, dyno_test_reply_text (good, "key"), "live:control"));
  g_assert_false (has_permission (f, dyno_test_reply_text (good, "key"), "keys:self"));
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (narrow->json, "scopes")), ==, 2);
  g_assert_true (has_permission (f, dyno_test_reply_text (narrow, "key"), "live:read"));
  dyno_test_assert_reply (refused, 403, "AUTHORIZATION_ERROR");
  dyno_test_assert_reply (wrong, 403, "AUTHORIZATION_ERROR");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  DYNO_TEST_SERVICE_ADD ("/server/api-keys/bounds", test_bounds);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/change", test_change);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/cidrs", test_cidrs);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/environment", test_environment);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/expires", test_expires);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/foreign", test_foreign);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/make", test_make);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/older-paths", test_older_paths);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/pages", test_pages);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/pair", test_pair);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/replay", test_replay);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/revoke", test_revoke);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/role-lowered", test_role_lowered);
  DYNO_TEST_SERVICE_ADD ("/server/api-keys/rotate", test_rotate);

  return g_test_run ();
}
