/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The service while its settings change, and what the service manager hears of it. */

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "dyno-test-house.h"
#include "dyno-test.h"

typedef struct
{
  DynoTestShop   f;
  DynoTestHouse *house;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  dyno_test_shop_prepare (&fixture->f, dyno_test_make_folder ());
  dyno_test_house_prepare (&fixture->f);
  dyno_test_shop_open (&fixture->f, DYNO_SHOP_NO_CAPTURE);
  fixture->house = dyno_test_house_start (&fixture->f, FALSE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_clear_pointer (&fixture->house, dyno_test_house_free);
  dyno_test_shop_tear_down (&fixture->f, NULL);
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

/* Looks until it is, or is no longer, reachable from the LAN. */
static void
wait_for_lan (Fixture  *fixture,
              gboolean  is_wanted)
{
  for (guint i = 0; i < 500; i++)
    {
      dyno_test_house_look (fixture->house);
      if ((fixture->house->state.lan_url != NULL) == is_wanted)
        return;
      g_usleep (20000);
    }
  g_error ("The LAN's listener did not %s", is_wanted ? "come" : "go");
}

static guint
status_of (Fixture     *fixture,
           DynoTestWay  way,
           const char  *target)
{
  g_autoptr(DynoTestReply) reply
    = dyno_test_house_ask (fixture->house, way, "GET", target, NULL, NULL);

  return reply->status;
}

/* On the LAN and back, while it runs; this machine's port stays. */
static void
test_listen_anew (Fixture       *fixture,
                  gconstpointer  unused)
{
  guint16 port = dyno_test_house_get_port (fixture->house);

  set_config (fixture, "server.host", "127.0.0.1,0.0.0.0");
  wait_for_lan (fixture, TRUE);
  g_assert_nonnull (fixture->house->state.pin_words);
  g_assert_cmpuint (status_of (fixture, DYNO_TEST_REMOTE, "/health/live"), ==, 200);
  g_assert_cmpuint (dyno_test_house_get_port (fixture->house), ==, port);
  g_assert_cmpuint (status_of (fixture, DYNO_TEST_LOCAL, "/health/live"), ==, 200);
  g_assert_cmpuint (status_of (fixture, DYNO_TEST_OWNER, "/health/live"), ==, 200);

  set_config (fixture, "server.host", "127.0.0.1");
  wait_for_lan (fixture, FALSE);
  g_assert_cmpuint (status_of (fixture, DYNO_TEST_LOCAL, "/health/live"), ==, 200);
}

/* A page of another origin, before and after it is listed. */
static void
test_cors (Fixture       *fixture,
           gconstpointer  unused)
{
  set_config (fixture, "server.cors_origins", "https://board.example");
  for (guint i = 0; i < 500; i++)
    {
      g_autoptr(DynoTestReply) reply
        = dyno_test_house_ask (fixture->house, DYNO_TEST_LOCAL, "GET", "/health/live", NULL,
                               "Origin", "https://board.example", NULL);

      if (g_strcmp0 (dyno_test_reply_header (reply, "Access-Control-Allow-Origin"),
                     "https://board.example") == 0)
        return;
      g_usleep (20000);
    }
  g_error ("The origin was never let in");
}

static void
test_lan_page (Fixture       *fixture,
               gconstpointer  unused)
{
  static const char *const files[] = { "/m/", "/m/dyno.css", "/m/dyno.js" };

  g_assert_cmpuint (status_of (fixture, DYNO_TEST_LOCAL, "/m/"), ==, 404);
  set_config (fixture, "server.lan_page", "true");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(DynoTestReply) reply
        = dyno_test_house_ask (fixture->house, DYNO_TEST_LOCAL, "GET", files[i], NULL, NULL);
      g_autofree char *tag = g_strdup (dyno_test_reply_header (reply, "ETag"));
      g_autoptr(DynoTestReply) known
        = dyno_test_house_ask (fixture->house, DYNO_TEST_LOCAL, "GET", files[i], NULL,
                               "If-None-Match", tag, NULL);

      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_nonnull (strstr (dyno_test_reply_header (reply, "Content-Security-Policy"),
                                "base-uri 'none'"));
      g_assert_cmpuint (known->status, ==, 304);
    }
  g_assert_cmpuint (status_of (fixture, DYNO_TEST_LOCAL, "/m/docs.js"), ==, 404);
  g_assert_cmpuint (status_of (fixture, DYNO_TEST_LOCAL, "/docs"), ==, 200);
  g_assert_cmpuint (status_of (fixture, DYNO_TEST_LOCAL, "/docs/docs.js"), ==, 200);
  g_assert_cmpuint (status_of (fixture, DYNO_TEST_LOCAL, "/docs/dyno.js"), ==, 404);
}

static char *
hear (GSocket *socket)
{
  char text[64] = "";

  g_socket_set_timeout (socket, 10);
  g_assert_cmpint (g_socket_receive (socket, text, sizeof text - 1, NULL, NULL), >, 0);

  return g_strdup (text);
}

static void
test_service_manager (void)
{
  Fixture fixture = { 0 };
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "notify", NULL);
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM,
                                            G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_autofree char *ready = NULL;
  g_autofree char *stopping = NULL;

  g_assert_true (g_socket_bind (socket, address, TRUE, NULL));
  g_setenv ("NOTIFY_SOCKET", path, TRUE);
  set_up (&fixture, NULL);
  ready = hear (socket);
  tear_down (&fixture, NULL);
  stopping = hear (socket);
  g_unsetenv ("NOTIFY_SOCKET");
  g_assert_cmpstr (ready, ==, "READY=1");
  g_assert_cmpstr (stopping, ==, "STOPPING=1");
  dyno_test_remove_folder (folder);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/server/network/listen-anew", test_listen_anew);
  ADD ("/server/network/cors", test_cors);
  ADD ("/server/network/lan-page", test_lan_page);
  g_test_add_func ("/server/network/service-manager", test_service_manager);

  return g_test_run ();
}
