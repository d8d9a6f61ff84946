/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-keys.h"
#include "dyno-reply.h"
#include "dyno-test-api.h"
#include "dyno-test-shop.h"

/* Idempotency-Key from a client down to the database and back: the mark is written with
 * the effect, here of making a key. */

static const DynoField made_fields[] = {
  { "id", DYNO_ID ("key"), 0, "The key" },
  { NULL }
};
static const DynoSchema made_schema = { "Made", "What was made", made_fields };

static const DynoField body[] = {
  { "name", DYNO_NAME, DYNO_REQUIRED, "Its name" },
  { NULL }
};

static void
made_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(DynoRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoKeyMade) made = dyno_keys_create_finish (result, &error);
  DynoJsonWriter *w;

  if (made == NULL)
    {
      dyno_reply_error (request, error);
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", made->record->id);
  dyno_json_writer_end_object (w);
  dyno_reply_created (request, made->record->id, w);
}

static void
make (DynoRequest *request)
{
  DynoKeyRequest wanted = { .name = (char *) dyno_request_text (request, "name"),
                            .scopes = DYNO_SCOPE_BIT (DYNO_SCOPE_RUNS_READ) };

  dyno_keys_create_async (dyno_request_get_shop (request), &wanted,
                          dyno_request_get_cancellable (request), made_cb,
                          dyno_request_ref (request));
}

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/v1/things", DYNO_MAY (KEYS_MANAGE), make, .body = body,
              .status = 201, .reply = &made_schema, .summary = "Make"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/secrets", DYNO_MAY (KEYS_MANAGE), make, .body = body,
              .flags = DYNO_ROUTE_SECRET_REPLY, .status = 201, .reply = &made_schema,
              .summary = "Make what is shown once"),
};
static const DynoRouteTable table = { "Things", "Things.", rows, G_N_ELEMENTS (rows) };
static const DynoRouteTable *const tables[] = { &table, NULL };

static DynoTestReply *
post (DynoTestApi *api,
      const char  *target,
      const char  *name,
      const char  *key)
{
  g_autofree char *text = g_strdup_printf ("{\"name\":\"%s\"}", name);

  return dyno_test_api_ask (api, "POST", target, text, "X-Test-Role", "owner",
                            key != NULL ? "Idempotency-Key" : NULL, key, NULL);
}

static guint
count_keys (DynoTestShop *f)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) keys = NULL;

  dyno_keys_list_async (f->shop, g_new0 (DynoKeyQuery, 1), NULL, dyno_await_cb, f->await);
  keys = dyno_keys_list_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  return keys->len;
}

/* Twice sent, once made: the second answer is the first. */
static void
test_replayed (DynoTestShop  *f,
               gconstpointer  unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) first = post (api, "/api/v1/things", "a", "k");
  g_autoptr(DynoTestReply) again = post (api, "/api/v1/things", "a", "k");
  g_autoptr(DynoTestReply) other = post (api, "/api/v1/things", "b", "k");

  g_assert_cmpuint (first->status, ==, 201);
  g_assert_cmpuint (again->status, ==, 201);
  g_assert_cmpstr (again->body, ==, first->body);
  g_assert_cmpstr (dyno_test_reply_header (again, "Idempotent-Replayed"), ==, "true");
  g_assert_cmpstr (dyno_test_reply_header (again, "Location"), ==,
                   dyno_test_reply_header (first, "Location"));
  g_assert_cmpstr (dyno_test_reply_code (other), ==, "IDEMPOTENCY_KEY_REUSED");
  g_assert_cmpuint (count_keys (f), ==, 1);
}

/* Without a key, or with another, it is another change. */
static void
test_not_replayed (DynoTestShop  *f,
                   gconstpointer  unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) first = post (api, "/api/v1/things", "a", NULL);
  g_autoptr(DynoTestReply) second = post (api, "/api/v1/things", "a", "k");
  g_autoptr(DynoTestReply) third = post (api, "/api/v1/things", "a", "l");

  g_assert_cmpuint (third->status, ==, 201);
  g_assert_cmpuint (count_keys (f), ==, 3);
}

/* A secret is told once: then its id, and nothing new is made. */
static void
test_secret (DynoTestShop  *f,
             gconstpointer  unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) first = post (api, "/api/v1/secrets", "a", "k");
  g_autoptr(DynoTestReply) again = post (api, "/api/v1/secrets", "a", "k");

  g_assert_cmpuint (first->status, ==, 201);
  g_assert_cmpuint (again->status, ==, 409);
  g_assert_cmpstr (dyno_json_get_string (dyno_json_member (dyno_json_member (again->json, "error"),
                                                           "details"), "id"), ==,
                   dyno_json_get_string (first->json, "id"));
  g_assert_cmpuint (count_keys (f), ==, 1);
}

#define QUIET GUINT_TO_POINTER (DYNO_SHOP_NO_CAPTURE)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/server/once/replayed", DynoTestShop, QUIET, dyno_test_shop_set_up, test_replayed,
              dyno_test_shop_tear_down);
  g_test_add ("/server/once/not-replayed", DynoTestShop, QUIET, dyno_test_shop_set_up,
              test_not_replayed, dyno_test_shop_tear_down);
  g_test_add ("/server/once/secret", DynoTestShop, QUIET, dyno_test_shop_set_up, test_secret,
              dyno_test_shop_tear_down);

  return g_test_run ();
}
