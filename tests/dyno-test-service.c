/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-service.h"

#include <glib/gstdio.h>

#include "dyno-http-face.h"
#include "dyno-test.h"

#define MASTER  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define NOW_US  G_GINT64_CONSTANT (1789000000000000)
#define DRAIN_MS 200

/* The shop */

static void
put_settings (DynoTestService *f)
{
  g_autofree char *path = g_build_filename (f->shop.folder, "master", NULL);

  g_assert_true (g_file_set_contents (path, MASTER, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  dyno_test_shop_set (&f->shop, "DYNOAI_MASTER_KEY_FILE", path);
  dyno_test_shop_set (&f->shop, "DYNOAI_HOST", "127.0.0.1");
  dyno_test_shop_set (&f->shop, "DYNOAI_ENV", "development");
  dyno_test_shop_set (&f->shop, "TRUST_PROXY", "true");
}

void
dyno_test_service_set_up (DynoTestService *f,
                          gconstpointer    unused)
{
  g_autofree char *id = NULL;

  if (g_getenv ("XDG_RUNTIME_DIR") != NULL)
    g_unsetenv ("XDG_RUNTIME_DIR");
  f->owner = dyno_principal_new_owner ();
  f->session = soup_session_new ();
  dyno_test_shop_prepare (&f->shop, dyno_test_make_folder ());
  f->shop.clock = dyno_clock_new_fake (G_USEC_PER_SEC, NOW_US);
  put_settings (f);
  dyno_test_service_start (f);
  id = dyno_test_service_add_user (f, "admin", DYNO_ROLE_ADMIN);
}

void
dyno_test_service_tear_down (DynoTestService *f,
                             gconstpointer    unused)
{
  dyno_test_service_stop (f);
  g_clear_object (&f->session);
  dyno_principal_unref (f->owner);
  dyno_test_shop_tear_down (&f->shop, NULL);
}

void
dyno_test_service_start (DynoTestService *f)
{
  const DynoFaceOptions options = { .port = 0 };
  g_auto(DynoFaceState) state = { NULL };
  g_autoptr(GError) error = NULL;

  if (f->shop.shop == NULL)
    dyno_test_shop_open (&f->shop, DYNO_SHOP_NO_CAPTURE);
  f->face = dyno_http_face.make (f->shop.shop, &options);
  dyno_http_face.start_async (f->face, dyno_await_cb, f->shop.await);
  dyno_http_face.start_finish (f->face, dyno_await_wait (f->shop.await), &error);
  g_assert_no_error (error);
  dyno_http_face.describe (f->face, &state);
  g_free (f->url);
  f->url = g_strdup (state.url);
}

void
dyno_test_service_stop (DynoTestService *f)
{
  g_autoptr(GError) error = NULL;

  if (f->face == NULL)
    return;

  soup_session_abort (f->session);
  dyno_http_face.stop_async (f->face, DRAIN_MS, dyno_await_cb, f->shop.await);
  dyno_http_face.stop_finish (f->face, dyno_await_wait (f->shop.await), &error);
  g_assert_no_error (error);
  g_clear_pointer (&f->face, dyno_http_face.free);
  g_clear_pointer (&f->url, g_free);
  dyno_test_shop_close (&f->shop);
}

void
dyno_test_service_advance (DynoTestService *f,
                           gint64           seconds)
{
  dyno_clock_advance (f->shop.clock, seconds * G_USEC_PER_SEC);
}

char *
dyno_test_service_add_user (DynoTestService *f,
                            const char      *name,
                            DynoRole         role)
{
  DynoUser *user = g_new0 (DynoUser, 1);
  g_autoptr(DynoUserCode) told = NULL;
  g_autoptr(GError) error = NULL;

  user->email = g_strdup_printf ("%s@shop.example", name);
  user->display_name = g_strdup (name);
  user->role = g_strdup (dyno_role_name (role));
  told = dyno_test_ask (&f->shop, dyno_users_create, &error, f->owner, user, DYNO_TEST_PASSWORD);
  g_assert_no_error (error);

  return g_strdup (told->user->id);
}

/* Requests */

/* 10.0.0.1, 10.0.0.2, … */
static char *
next_address (DynoTestService *f)
{
  guint n = (guint) g_atomic_int_add (&f->n_clients, 1) + 1;

  return g_strdup_printf ("10.%u.%u.%u", n >> 16 & 0xff, n >> 8 & 0xff, n & 0xff);
}

DynoTestReply *
dyno_test_service_ask (DynoTestService *f,
                       const char      *method,
                       const char      *target,
                       const char      *body,
                       ...)
{
  g_autofree char *client = next_address (f);
  DynoTestReply *reply;
  va_list args;

  va_start (args, body);
  reply = dyno_test_http_ask (f->session, f->url, method, target, body, client, args);
  va_end (args);

  return reply;
}

DynoTestReply *
dyno_test_service_ask_in (DynoTestService *f,
                          SoupSession     *session,
                          const char      *method,
                          const char      *target,
                          const char      *body,
                          ...)
{
  g_autofree char *client = next_address (f);
  DynoTestReply *reply;
  va_list args;

  va_start (args, body);
  reply = dyno_test_http_ask (session, f->url, method, target, body, client, args);
  va_end (args);

  return reply;
}

DynoTestReply *
dyno_test_service_login (DynoTestService *f,
                         const char      *name)
{
  g_autofree char *body
    = g_strdup_printf ("{\"email\":\"%s@shop.example\",\"password\":\"%s\"}", name,
                       DYNO_TEST_PASSWORD);
  DynoTestReply *reply = dyno_test_service_ask (f, "POST", "/api/v1/auth/login", body, NULL);

  dyno_test_assert_reply (reply, 200, NULL);

  return reply;
}

const char *
dyno_test_reply_text (DynoTestReply *reply,
                      const char    *name)
{
  return dyno_json_get_string (reply->json, name);
}

char *
dyno_test_service_bearer (DynoTestReply *reply)
{
  return g_strconcat ("Bearer ", dyno_test_reply_text (reply, "access_token"), NULL);
}

char *
dyno_test_service_log_in (DynoTestService *f,
                          const char      *name)
{
  g_autoptr(DynoTestReply) reply = dyno_test_service_login (f, name);

  return dyno_test_service_bearer (reply);
}

char *
dyno_test_service_make_key (DynoTestService *f,
                            const char      *bearer,
                            const char      *scopes)
{
  g_auto(GStrv) names = g_strsplit (scopes, ",", -1);
  g_autofree char *list = g_strjoinv ("\",\"", names);
  g_autofree char *body = g_strdup_printf ("{\"name\":\"Test\",\"scopes\":[\"%s\"]}", list);
  g_autoptr(DynoTestReply) reply
    = dyno_test_service_ask (f, "POST", "/api/v1/keys", body, "Authorization", bearer, NULL);

  dyno_test_assert_reply (reply, 201, NULL);

  return g_strdup (dyno_test_reply_text (reply, "key"));
}
