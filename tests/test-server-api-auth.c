/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-test-service.h"

/* Coming in and going out, through the whole service. */

#define N_RACERS 64

static DynoTestReply *
post (DynoTestService *f,
      const char      *target,
      const char      *bearer,
      const char      *format,
      ...)
{
  g_autofree char *path = g_strconcat ("/api/v1", target, NULL);
  g_autofree char *body = NULL;
  va_list args;

  va_start (args, format);
  body = g_strdup_vprintf (format, args);
  va_end (args);

  return dyno_test_service_ask (f, "POST", path, body, bearer != NULL ? "Authorization" : NULL,
                                bearer, NULL);
}

static guint
status_of_me (DynoTestService *f,
              const char      *bearer)
{
  g_autoptr(DynoTestReply) reply
    = dyno_test_service_ask (f, "GET", "/api/v1/me", NULL, "Authorization", bearer, NULL);

  return reply->status;
}

static DynoTestReply *
refresh (DynoTestService *f,
         const char      *token)
{
  return post (f, "/auth/refresh", NULL, "{\"refresh_token\":\"%s\"}", token);
}

/* Login */

static void
test_login (DynoTestService *f,
            gconstpointer    unused)
{
  g_autoptr(DynoTestReply) reply
    = post (f, "/auth/login", NULL,
            "{\"email\":\"Admin@Shop.example\",\"password\":\"%s\",\"remember_me\":true,"
            "\"client_label\":\"Bay 2 tablet\"}", DYNO_TEST_PASSWORD);
  g_autofree char *bearer = NULL;
  const DynoJson *user;

  dyno_test_assert_reply (reply, 200, NULL);
  g_assert_cmpstr (dyno_test_reply_header (reply, "Cache-Control"), ==, "no-store");
  g_assert_cmpstr (dyno_test_reply_text (reply, "token_type"), ==, "Bearer");
  g_assert_cmpint (dyno_json_get_integer (reply->json, "expires_in", 0), ==, 900);
  g_assert_cmpint (dyno_json_get_integer (reply->json, "refresh_expires_in", 0), ==, 2592000);
  g_assert_true (g_regex_match_simple ("^dynort_[0-9A-Za-z]{49}$",
                                       dyno_test_reply_text (reply, "refresh_token"), 0, 0));
  user = dyno_json_member (reply->json, "user");
  g_assert_cmpstr (dyno_json_get_string (user, "email"), ==, "admin@shop.example");
  g_assert_cmpstr (dyno_json_get_string (user, "role"), ==, "admin");
  bearer = dyno_test_service_bearer (reply);
  g_assert_cmpuint (status_of_me (f, bearer), ==, 200);
}

/* Who is known cannot be told from who is not (27). */
static void
test_unknown (DynoTestService *f,
              gconstpointer    unused)
{
  static const char *const names[] = { "admin@shop.example", "nobody@shop.example" };
  g_autofree char *known = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"email\":\"%s\",\"password\":\"not that one, "
                                               "surely\"}", names[i]);
      g_autoptr(DynoTestReply) reply
        = dyno_test_service_ask (f, "POST", "/api/v1/auth/login", body, "X-Correlation-ID", "same",
                                 NULL);

      dyno_test_assert_reply (reply, 401, "AUTHENTICATION_ERROR");
      g_assert_true (g_str_has_prefix (dyno_test_reply_header (reply, "WWW-Authenticate"),
                                       "Bearer realm="));
      if (known == NULL)
        known = g_strdup (reply->body);
      g_assert_cmpstr (reply->body, ==, known);
    }
}

/* A guesser is held back by account and address, whatever he guesses. */
static void
test_throttle (DynoTestService *f,
               gconstpointer    unused)
{
  guint n_refused = 0;

  for (guint i = 0; i < 8; i++)
    {
      g_autoptr(DynoTestReply) reply
        = dyno_test_service_ask (f, "POST", "/api/v1/auth/login",
                                 "{\"email\":\"admin@shop.example\",\"password\":\"guess\"}",
                                 "X-Forwarded-For", "203.0.113.7", NULL);

      if (reply->status == 401)
        continue;
      dyno_test_assert_reply (reply, 429, "RATE_LIMIT_EXCEEDED");
      g_assert_cmpint (g_ascii_strtoll (dyno_test_reply_header (reply, "Retry-After"), NULL, 10), >, 0);
      n_refused++;
    }
  g_assert_cmpuint (n_refused, >=, 3);
}

/* Ten in five minutes from one address, whoever is meant. */
static void
test_login_class (DynoTestService *f,
                  gconstpointer    unused)
{
  for (guint i = 0; i < 11; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"email\":\"guest%u@shop.example\","
                                               "\"password\":\"guess\"}", i);
      g_autoptr(DynoTestReply) reply
        = dyno_test_service_ask (f, "POST", "/api/v1/auth/login", body, "X-Forwarded-For",
                                 "203.0.113.8", NULL);

      g_assert_cmpuint (reply->status, ==, i < 10 ? 401 : 429);
    }
  dyno_test_service_advance (f, 301);
  g_assert_cmpuint (status_of_me (f, "Bearer nothing"), ==, 401);
}

/* Refresh */

static void
test_refresh (DynoTestService *f,
              gconstpointer    unused)
{
  g_autoptr(DynoTestReply) login = dyno_test_service_login (f, "admin");
  const char *first = dyno_test_reply_text (login, "refresh_token");
  g_autoptr(DynoTestReply) next = refresh (f, first);
  g_autoptr(DynoTestReply) again = NULL, late = NULL, dead = NULL;
  g_autofree char *bearer = dyno_test_service_bearer (next);

  dyno_test_assert_reply (next, 200, NULL);
  g_assert_cmpstr (dyno_test_reply_text (next, "refresh_token"), !=, first);

  dyno_test_service_advance (f, 29);
  again = refresh (f, first);
  dyno_test_assert_reply (again, 200, NULL);
  g_assert_cmpstr (dyno_test_reply_text (again, "refresh_token"), ==,
                   dyno_test_reply_text (next, "refresh_token"));

  dyno_test_service_advance (f, 2);
  late = refresh (f, first);
  dyno_test_assert_reply (late, 401, "REFRESH_TOKEN_REUSED");
  dead = refresh (f, dyno_test_reply_text (next, "refresh_token"));
  g_assert_cmpuint (dead->status, ==, 401);
  g_assert_cmpuint (status_of_me (f, bearer), ==, 401);
}

/* Neither kind of token serves as the other. */
static void
test_kinds (DynoTestService *f,
            gconstpointer    unused)
{
  g_autoptr(DynoTestReply) login = dyno_test_service_login (f, "admin");
  g_autofree char *bearer
    = g_strconcat ("Bearer ", dyno_test_reply_text (login, "refresh_token"), NULL);
  g_autoptr(DynoTestReply) reply = refresh (f, dyno_test_reply_text (login, "access_token"));

  g_assert_cmpuint (reply->status, ==, 401);
  g_assert_cmpuint (status_of_me (f, bearer), ==, 401);
}

typedef struct
{
  DynoTestService *f;
  const char      *token;
  char            *successor; /* (owned) (nullable) */
  guint            status;
} Racer;

static gpointer
race_thread (gpointer data)
{
  Racer *racer = data;
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *body = g_strdup_printf ("{\"refresh_token\":\"%s\"}", racer->token);
  g_autoptr(DynoTestReply) reply
    = dyno_test_service_ask_in (racer->f, session, "POST", "/api/v1/auth/refresh", body, NULL);

  racer->status = reply->status;
  racer->successor = g_strdup (dyno_test_reply_text (reply, "refresh_token"));

  return NULL;
}

static void
race (DynoTestService *f,
      const char      *token,
      Racer            racers[N_RACERS])
{
  GThread *threads[N_RACERS];

  for (guint i = 0; i < N_RACERS; i++)
    {
      racers[i] = (Racer) { .f = f, .token = token };
      threads[i] = g_thread_new ("racer", race_thread, &racers[i]);
    }
  for (guint i = 0; i < N_RACERS; i++)
    g_thread_join (threads[i]);
}

/* One token sent by 64 at a time has one successor; too late it has none. */
static void
test_race (DynoTestService *f,
           gconstpointer    unused)
{
  g_autoptr(DynoTestReply) login = dyno_test_service_login (f, "admin");
  g_autoptr(DynoTestReply) dead = NULL;
  g_autofree char *successor = NULL;
  Racer racers[N_RACERS];

  race (f, dyno_test_reply_text (login, "refresh_token"), racers);
  for (guint i = 0; i < N_RACERS; i++)
    {
      g_assert_cmpuint (racers[i].status, ==, 200);
      g_assert_cmpstr (racers[i].successor, ==, racers[0].successor);
    }
  successor = g_strdup (racers[0].successor);
  for (guint i = 0; i < N_RACERS; i++)
    g_free (racers[i].successor);

  dyno_test_service_advance (f, 31);
  race (f, dyno_test_reply_text (login, "refresh_token"), racers);
  for (guint i = 0; i < N_RACERS; i++)
    {
      g_assert_cmpuint (racers[i].status, ==, 401);
      g_assert_null (racers[i].successor);
    }
  dead = refresh (f, successor);
  g_assert_cmpuint (dead->status, ==, 401);
}

/* Out */

static void
test_logout (DynoTestService *f,
             gconstpointer    unused)
{
  g_autofree char *here = dyno_test_service_log_in (f, "admin");
  g_autofree char *there = dyno_test_service_log_in (f, "admin");
  g_autofree char *third = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) one = post (f, "/auth/logout", here, "{}");
  g_autoptr(DynoTestReply) all = NULL;

  dyno_test_assert_reply (one, 200, NULL);
  g_assert_cmpint (dyno_json_get_integer (one->json, "revoked", 0), ==, 1);
  g_assert_cmpuint (status_of_me (f, here), ==, 401);
  g_assert_cmpuint (status_of_me (f, there), ==, 200);

  all = post (f, "/auth/logout", there, "{\"all\":true}");
  g_assert_cmpint (dyno_json_get_integer (all->json, "revoked", 0), ==, 2);
  g_assert_cmpuint (status_of_me (f, there), ==, 401);
  g_assert_cmpuint (status_of_me (f, third), ==, 401);
}

/* Passwords */

static void
test_change (DynoTestService *f,
             gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) wrong
    = post (f, "/auth/password", bearer,
            "{\"current_password\":\"not it\",\"new_password\":\"quiet mango valve 77\"}");
  g_autoptr(DynoTestReply) weak
    = post (f, "/auth/password", bearer,
            "{\"current_password\":\"%s\",\"new_password\":\"short\"}", DYNO_TEST_PASSWORD);
  g_autoptr(DynoTestReply) good
    = post (f, "/auth/password", bearer,
            "{\"current_password\":\"%s\",\"new_password\":\"quiet mango valve 77\"}",
            DYNO_TEST_PASSWORD);
  g_autoptr(DynoTestReply) old = NULL, fresh = NULL;

  dyno_test_assert_reply (wrong, 401, "AUTHENTICATION_ERROR");
  dyno_test_assert_reply (weak, 400, "VALIDATION_ERROR");
  g_assert_cmpuint (good->status, ==, 204);
  g_assert_cmpuint (status_of_me (f, bearer), ==, 401);
  old = post (f, "/auth/login", NULL, "{\"email\":\"admin@shop.example\",\"password\":\"%s\"}",
              DYNO_TEST_PASSWORD);
  fresh = post (f, "/auth/login", NULL, "{\"email\":\"admin@shop.example\","
                "\"password\":\"quiet mango valve 77\"}");
  g_assert_cmpuint (old->status, ==, 401);
  g_assert_cmpuint (fresh->status, ==, 200);
}

/* A code of an administrator's serves once, and for half an hour. */
static void
test_reset (DynoTestService *f,
            gconstpointer    unused)
{
  g_autofree char *id = dyno_test_service_add_user (f, "bo", DYNO_ROLE_VIEWER);
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autofree char *target = g_strdup_printf ("/users/%s/reset-code", id);
  g_autoptr(DynoTestReply) code = post (f, target, bearer, "");
  const char *text = dyno_test_reply_text (code, "reset_code");
  static const char body[] = "{\"email\":\"bo@shop.example\",\"reset_code\":\"%s\","
                             "\"new_password\":\"quiet mango valve 77\"}";
  g_autoptr(DynoTestReply) wrong = NULL, good = NULL, twice = NULL, nobody = NULL;

  dyno_test_assert_reply (code, 201, NULL);
  wrong = post (f, "/auth/password", NULL, body, "AAAAAAAAAAAAA");
  dyno_test_assert_reply (wrong, 403, "AUTHORIZATION_ERROR");
  good = post (f, "/auth/password", NULL, body, text);
  g_assert_cmpuint (good->status, ==, 204);
  twice = post (f, "/auth/password", NULL, body, text);
  g_assert_cmpuint (twice->status, ==, 403);
  nobody = post (f, "/auth/password", NULL, "{\"new_password\":\"quiet mango valve 77\"}");
  dyno_test_assert_reply (nobody, 401, "AUTHENTICATION_ERROR");
}

/* A password that was given 15 minutes ago is no longer recent. */
static void
test_reauth (DynoTestService *f,
             gconstpointer    unused)
{
  g_autoptr(DynoTestReply) login = dyno_test_service_login (f, "admin");
  g_autoptr(DynoTestReply) next = NULL, refused = NULL, wrong = NULL, proved = NULL, made = NULL;
  g_autofree char *bearer = NULL, *fresh = NULL;

  dyno_test_service_advance (f, 16 * 60);
  next = refresh (f, dyno_test_reply_text (login, "refresh_token"));
  bearer = dyno_test_service_bearer (next);
  refused = post (f, "/users/invitations", bearer, "{\"role\":\"viewer\"}");
  dyno_test_assert_reply (refused, 403, "REAUTH_REQUIRED");
  wrong = post (f, "/auth/reauth", bearer, "{\"password\":\"not it\"}");
  dyno_test_assert_reply (wrong, 401, "AUTHENTICATION_ERROR");
  proved = post (f, "/auth/reauth", bearer, "{\"password\":\"%s\"}", DYNO_TEST_PASSWORD);
  dyno_test_assert_reply (proved, 200, NULL);
  g_assert_null (dyno_test_reply_text (proved, "refresh_token"));
  fresh = dyno_test_service_bearer (proved);
  made = post (f, "/users/invitations", fresh, "{\"role\":\"viewer\"}");
  dyno_test_assert_reply (made, 201, NULL);
}

/* Registration */

static DynoTestReply *
enter (DynoTestService *f,
       const char      *name,
       const char      *code,
       const char      *address)
{
  g_autofree char *body
    = g_strdup_printf ("{\"email\":\"%s@shop.example\",\"password\":\"%s\","
                       "\"display_name\":\"%s\"%s%s%s}", name, DYNO_TEST_PASSWORD, name,
                       code != NULL ? ",\"invite_code\":\"" : "", code != NULL ? code : "",
                       code != NULL ? "\"" : "");

  return dyno_test_service_ask (f, "POST", "/api/v1/auth/register", body, "X-Forwarded-For",
                                address, NULL);
}

static void
restart_with (DynoTestService *f,
              const char      *registration)
{
  dyno_test_service_stop (f);
  dyno_test_shop_set (&f->shop, "DYNOAI_REGISTRATION", registration);
  dyno_test_service_start (f);
}

static void
test_register (DynoTestService *f,
               gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) invitation
    = post (f, "/users/invitations", bearer, "{\"role\":\"tuner\"}");
  const char *code = dyno_test_reply_text (invitation, "invite_code");
  g_autoptr(DynoTestReply) without = enter (f, "cy", NULL, "127.0.0.1");
  g_autoptr(DynoTestReply) wrong = enter (f, "cy", "AAAAAAAAAAAAA", "10.9.0.1");
  g_autoptr(DynoTestReply) good = enter (f, "cy", code, "10.9.0.2");
  g_autoptr(DynoTestReply) twice = enter (f, "di", code, "10.9.0.3");
  g_autofree char *his = NULL;

  dyno_test_assert_reply (without, 403, "REGISTRATION_CLOSED");
  dyno_test_assert_reply (wrong, 403, "AUTHORIZATION_ERROR");
  dyno_test_assert_reply (good, 201, NULL);
  g_assert_cmpstr (dyno_test_reply_text (good, "role"), ==, "tuner");
  g_assert_null (strstr (good->body, "password"));
  g_assert_cmpuint (twice->status, ==, 403);
  his = dyno_test_service_log_in (f, "cy");
  g_assert_cmpuint (status_of_me (f, his), ==, 200);
}

static void
test_register_open (DynoTestService *f,
                    gconstpointer    unused)
{
  g_autoptr(DynoTestReply) closed = NULL, far = NULL, near = NULL, twice = NULL, weak = NULL;

  restart_with (f, "closed");
  closed = enter (f, "cy", NULL, "127.0.0.1");
  dyno_test_assert_reply (closed, 403, "REGISTRATION_CLOSED");

  restart_with (f, "open");
  far = enter (f, "cy", NULL, "10.9.0.1");
  dyno_test_assert_reply (far, 403, "REGISTRATION_CLOSED");
  near = enter (f, "cy", NULL, "127.0.0.1");
  dyno_test_assert_reply (near, 201, NULL);
  g_assert_cmpstr (dyno_test_reply_text (near, "role"), ==, "viewer");
  twice = enter (f, "CY", NULL, "127.0.0.1");
  dyno_test_assert_reply (twice, 409, "CONFLICT");
}

/* Tokens */

static void
test_jwks (DynoTestService *f,
           gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) reply
    = dyno_test_service_ask (f, "GET", "/.well-known/jwks.json", NULL, NULL);
  const DynoJson *key = dyno_json_element (dyno_json_member (reply->json, "keys"), 0);
  g_auto(GStrv) parts = g_strsplit (bearer + strlen ("Bearer "), ".", 3);
  g_autofree char *padded = g_strconcat (parts[0], "==", NULL);
  g_autofree guchar *head = NULL;
  g_autofree char *kid = g_strdup_printf ("\"kid\":\"%s\"", dyno_json_get_string (key, "kid"));
  gsize length;

  dyno_test_assert_reply (reply, 200, NULL);
  g_assert_cmpstr (dyno_test_reply_header (reply, "Cache-Control"), ==, "public, max-age=3600");
  g_assert_cmpstr (dyno_json_get_string (key, "kty"), ==, "RSA");
  g_assert_null (dyno_json_member (key, "d"));
  head = g_base64_decode (padded, &length);
  g_assert_nonnull (g_strstr_len ((const char *) head, (gssize) length, kid));
}

/* Every byte counts, and so do time, session and epoch. */
static void
test_forged (DynoTestService *f,
             gconstpointer    unused)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  gsize length = strlen (bearer);
  g_autofree char *none
    = g_strconcat ("Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0", strchr (bearer, '.'), NULL);

  for (gsize i = strlen ("Bearer ") + 1; i < length - 1; i += 17)
    {
      g_autofree char *forged = g_strdup (bearer);
      const char *place = strchr (alphabet, forged[i]);

      if (place == NULL)
        continue;
      forged[i] = alphabet[(place - alphabet + 32) % 64];
      g_assert_cmpuint (status_of_me (f, forged), ==, 401);
    }
  g_assert_cmpuint (status_of_me (f, none), ==, 401);
  g_assert_cmpuint (status_of_me (f, bearer), ==, 200);
}

static void
test_stale (DynoTestService *f,
            gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) reply = NULL, login = NULL;

  dyno_test_service_advance (f, 899);
  g_assert_cmpuint (status_of_me (f, bearer), ==, 200);
  dyno_test_service_advance (f, 2);
  for (guint i = 0; i < 1000; i++)
    {
      g_clear_pointer (&reply, dyno_test_reply_free);
      reply = dyno_test_service_ask (f, "GET", "/api/v1/me", NULL, "Authorization", bearer,
                                     "X-Forwarded-For", "203.0.113.9", NULL);
      if (reply->status == 429) /* 600 in ten seconds, before anybody is looked at */
        dyno_test_service_advance (f, 11);
      else
        dyno_test_assert_reply (reply, 401, "TOKEN_EXPIRED");
    }
  dyno_test_service_advance (f, 11);
  login = dyno_test_service_ask (f, "POST", "/api/v1/auth/login",
                                 "{\"email\":\"admin@shop.example\",\"password\":\""
                                 DYNO_TEST_PASSWORD "\"}", "X-Forwarded-For", "203.0.113.9", NULL);
  dyno_test_assert_reply (login, 200, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  DYNO_TEST_SERVICE_ADD ("/server/api-auth/change", test_change);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/forged", test_forged);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/jwks", test_jwks);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/kinds", test_kinds);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/login", test_login);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/login-class", test_login_class);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/logout", test_logout);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/race", test_race);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/reauth", test_reauth);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/refresh", test_refresh);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/register", test_register);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/register-open", test_register_open);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/reset", test_reset);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/stale", test_stale);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/throttle", test_throttle);
  DYNO_TEST_SERVICE_ADD ("/server/api-auth/unknown", test_unknown);

  return g_test_run ();
}
