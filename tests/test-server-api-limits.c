/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt-text.h"
#include "dyno-test-service.h"

/* Limits, through the whole service. The clock stands still: what is let through in that
 * moment is counted exactly. Logging out with a key ends nothing, and is of the class
 * `default`. */

#define N_CLIENTS 64
#define N_EACH    3

typedef struct
{
  DynoTestService *f;
  const char      *key;
  guint            n_good;
  guint            n_refused;
} Client;

static gint64
number_in (DynoTestReply *reply,
           const char    *header)
{
  const char *text = dyno_test_reply_header (reply, header);

  g_assert_nonnull (text);

  return g_ascii_strtoll (text, NULL, 10);
}

/* Both families of headers, whatever the answer. */
static void
check_headers (DynoTestReply *reply)
{
  g_assert_cmpint (number_in (reply, "X-RateLimit-Limit"), ==, 60);
  g_assert_cmpint (number_in (reply, "X-RateLimit-Remaining"), <, 60);
  g_assert_cmpint (number_in (reply, "X-RateLimit-Reset"), >, 1789000000);
  g_assert_nonnull (g_strstr_len (dyno_test_reply_header (reply, "RateLimit-Policy"), -1,
                                  "\"default-minute\";q=60;w=60"));
  g_assert_true (g_str_has_prefix (dyno_test_reply_header (reply, "RateLimit"),
                                   "\"default-minute\";r="));
}

static void
check_refusal (DynoTestReply *reply)
{
  dyno_test_assert_reply (reply, 429, "RATE_LIMIT_EXCEEDED");
  g_assert_cmpint (number_in (reply, "X-RateLimit-Remaining"), ==, 0);
  g_assert_cmpint (number_in (reply, "Retry-After"), >=, 1);
  g_assert_cmpint (dyno_json_get_integer (reply->json, "retry_after", 0), ==,
                   number_in (reply, "Retry-After"));
}

/* Each request from another address and with another id: none of that helps. */
static gpointer
client_thread (gpointer data)
{
  Client *client = data;

  for (guint i = 0; i < N_EACH; i++)
    {
      /* It never sends a POST on a connection that it has used. */
      g_autoptr(SoupSession) session = soup_session_new ();
      g_autofree char *id = g_uuid_string_random ();
      g_autoptr(DynoTestReply) reply
        = dyno_test_service_ask_in (client->f, session, "POST", "/api/v1/auth/logout", NULL,
                                    "X-API-Key", client->key, "X-Request-ID", id, NULL);

      check_headers (reply);
      if (reply->status == 200)
        client->n_good++;
      else
        {
          check_refusal (reply);
          client->n_refused++;
        }
    }

  return NULL;
}

/* 60 in a minute are 60, of 64 clients at a time (23). */
static void
test_minute (DynoTestService *f,
             gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autofree char *key = dyno_test_service_make_key (f, bearer, "runs:read");
  Client clients[N_CLIENTS];
  GThread *threads[N_CLIENTS];
  guint n_good = 0, n_refused = 0;
  g_autoptr(DynoTestReply) later = NULL;

  for (guint i = 0; i < N_CLIENTS; i++)
    {
      clients[i] = (Client) { f, key, 0, 0 };
      threads[i] = g_thread_new ("client", client_thread, &clients[i]);
    }
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_thread_join (threads[i]);
      n_good += clients[i].n_good;
      n_refused += clients[i].n_refused;
    }
  g_assert_cmpuint (n_good, ==, 60);
  g_assert_cmpuint (n_refused, ==, N_CLIENTS * N_EACH - 60);

  dyno_test_service_advance (f, 62);
  later = dyno_test_service_ask (f, "POST", "/api/v1/auth/logout", "{}", "X-API-Key", key, NULL);
  dyno_test_assert_reply (later, 200, NULL);
}

/* Keys that are none buy nothing: after twenty the address is held back (8); one that is
 * good passes all the same. */
static void
test_guesses (DynoTestService *f,
              gconstpointer    unused)
{
  g_autofree char *bearer = dyno_test_service_log_in (f, "admin");
  g_autofree char *key = dyno_test_service_make_key (f, bearer, "runs:read");
  g_autoptr(DynoTestReply) good = NULL;

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *guess = dyno_crypt_new_token ("dynoai_");
      g_autoptr(DynoTestReply) reply
        = dyno_test_service_ask (f, "GET", "/api/v1/me", NULL, "X-API-Key", guess,
                                 "X-Forwarded-For", "203.0.113.5", NULL);

      g_assert_cmpuint (reply->status, ==, i < 20 ? 403 : 429);
    }
  good = dyno_test_service_ask (f, "GET", "/api/v1/me", NULL, "X-API-Key", key, "X-Forwarded-For",
                                "203.0.113.5", NULL);
  dyno_test_assert_reply (good, 200, NULL);
}

/* 600 in ten seconds from one address, before anybody is looked at. */
static void
test_address (DynoTestService *f,
              gconstpointer    unused)
{
  guint n_good = 0;

  for (guint i = 0; i < 650; i++)
    {
      g_autoptr(DynoTestReply) reply
        = dyno_test_service_ask (f, "GET", "/health/live", NULL, "X-Forwarded-For", "203.0.113.6",
                                 NULL);

      n_good += reply->status == 200;
      g_assert_true (reply->status == 200 || reply->status == 429);
    }
  g_assert_cmpuint (n_good, ==, 600);
}

static DynoTestReply *
knock (DynoTestService *f,
       const char      *bearer)
{
  return dyno_test_service_ask (f, "PATCH", "/api/v1/me", "{}", "Authorization", bearer, NULL);
}

/* What a user may ask in a day ends, and begins anew with the next. */
static void
test_day (DynoTestService *f,
          gconstpointer    unused)
{
  g_autofree char *id = dyno_test_service_add_user (f, "bo", DYNO_ROLE_VIEWER);
  g_autofree char *admin = dyno_test_service_log_in (f, "admin");
  g_autofree char *bearer = dyno_test_service_log_in (f, "bo");
  g_autofree char *target = g_strconcat ("/api/v1/users/", id, NULL);
  g_autoptr(DynoTestReply) user
    = dyno_test_service_ask (f, "GET", target, NULL, "Authorization", admin, NULL);
  g_autoptr(DynoTestReply) less
    = dyno_test_service_ask (f, "PATCH", target, "{\"max_requests_per_day\":3}", "Authorization",
                             admin, "If-Match", dyno_test_reply_header (user, "ETag"), NULL);
  g_autoptr(DynoTestReply) over = NULL, next = NULL;

  dyno_test_assert_reply (less, 200, NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(DynoTestReply) reply = knock (f, bearer);

      dyno_test_assert_reply (reply, 428, "PRECONDITION_REQUIRED");
    }
  over = knock (f, bearer);
  dyno_test_assert_reply (over, 429, "RATE_LIMIT_EXCEEDED");
  g_assert_cmpint (number_in (over, "X-RateLimit-Limit"), ==, 3);
  g_assert_cmpint (number_in (over, "X-RateLimit-Reset") % 86400, ==, 0);

  dyno_test_service_advance (f, 86400);
  g_free (bearer);
  bearer = dyno_test_service_log_in (f, "bo");
  next = knock (f, bearer);
  dyno_test_assert_reply (next, 428, "PRECONDITION_REQUIRED");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  DYNO_TEST_SERVICE_ADD ("/server/api-limits/address", test_address);
  DYNO_TEST_SERVICE_ADD ("/server/api-limits/day", test_day);
  DYNO_TEST_SERVICE_ADD ("/server/api-limits/guesses", test_guesses);
  DYNO_TEST_SERVICE_ADD ("/server/api-limits/minute", test_minute);

  return g_test_run ();
}
