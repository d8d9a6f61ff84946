/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-house.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "dyno-http-face.h"
#include "dyno-test.h"

#define MASTER "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define PATIENCE_S 30

void
dyno_test_house_prepare (DynoTestShop *f)
{
  g_autofree char *path = g_build_filename (f->folder, "master", NULL);
  g_autofree char *lan_port = g_strdup_printf ("%d", g_random_int_range (20000, 60000));

  g_assert_true (g_file_set_contents (path, MASTER, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  dyno_test_shop_set (f, "DYNOAI_MASTER_KEY_FILE", path);
  dyno_test_shop_set (f, "DYNOAI_ENV", "development");
  dyno_test_shop_set (f, "DYNOAI_LAN_PORT", lan_port);
  dyno_test_shop_set (f, "API_KEYS", DYNO_TEST_HOUSE_KEY);
  g_setenv ("XDG_RUNTIME_DIR", f->folder, TRUE);
}

static gboolean
trust (SoupMessage          *message,
       GTlsCertificate      *certificate,
       GTlsCertificateFlags  errors,
       gpointer              unused)
{
  return TRUE;
}

static void
trust_any (SoupSession *session,
           SoupMessage *message,
           gpointer     unused)
{
  g_signal_connect (message, "accept-certificate", G_CALLBACK (trust), NULL);
}

static void
open_sessions (DynoTestHouse *self)
{
  g_autoptr(GSocketAddress) admin = g_unix_socket_address_new (self->state.socket);

  self->sessions[DYNO_TEST_OWNER]
    = soup_session_new_with_options ("timeout", PATIENCE_S, "remote-connectable", admin, NULL);
  self->sessions[DYNO_TEST_LOCAL] = soup_session_new_with_options ("timeout", PATIENCE_S, NULL);
  self->sessions[DYNO_TEST_REMOTE] = soup_session_new_with_options ("timeout", PATIENCE_S, NULL);
  g_signal_connect (self->sessions[DYNO_TEST_REMOTE], "request-queued", G_CALLBACK (trust_any),
                    NULL);
}

DynoTestHouse *
dyno_test_house_start (DynoTestShop *f,
                       gboolean      is_lan)
{
  const DynoFaceOptions options = { .port = 0, .is_lan = is_lan };
  DynoTestHouse *self = g_new0 (DynoTestHouse, 1);
  g_autoptr(GError) error = NULL;

  self->f = f;
  self->face = dyno_http_face.make (f->shop, &options);
  dyno_http_face.start_async (self->face, dyno_await_cb, f->await);
  dyno_http_face.start_finish (self->face, dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  dyno_test_house_look (self);
  open_sessions (self);

  return self;
}

void
dyno_test_house_look (DynoTestHouse *self)
{
  dyno_face_state_clear (&self->state);
  dyno_http_face.describe (self->face, &self->state);
}

guint16
dyno_test_house_get_port (DynoTestHouse *self)
{
  return (guint16) g_ascii_strtoull (strrchr (self->state.url, ':') + 1, NULL, 10);
}

static gboolean
is_listening (guint16 port)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection
    = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);

  return connection != NULL;
}

static void
drained_cb (GObject      *unused,
            GAsyncResult *result,
            gpointer      data)
{
  DynoTestHouse *self = data;

  g_assert_true (dyno_http_face.stop_finish (self->face, result, NULL));
  self->is_draining = FALSE;
}

void
dyno_test_house_drain (DynoTestHouse *self)
{
  self->is_draining = TRUE;
  dyno_http_face.stop_async (self->face, PATIENCE_S * 1000, drained_cb, self);
  while (is_listening (dyno_test_house_get_port (self)))
    g_usleep (10000);
}

void
dyno_test_house_free (DynoTestHouse *self)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (self->sessions); i++)
    g_clear_object (&self->sessions[i]);
  dyno_http_face.stop_async (self->face, 0, dyno_await_cb, self->f->await);
  dyno_http_face.stop_finish (self->face, dyno_await_wait (self->f->await), &error);
  g_assert_no_error (error);
  while (self->is_draining)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  dyno_http_face.free (self->face);
  dyno_face_state_clear (&self->state);
  g_free (self);
}

/* (transfer full) */
static char *
url_of (DynoTestHouse *self,
        DynoTestWay    way)
{
  const char *colon = self->state.lan_url != NULL ? strrchr (self->state.lan_url, ':') : NULL;

  if (way == DYNO_TEST_OWNER)
    return g_strdup ("http://localhost");
  if (way == DYNO_TEST_LOCAL)
    return g_strdup (self->state.url);

  g_assert_nonnull (colon);

  return g_strconcat ("https://127.0.0.1", colon, NULL);
}

DynoTestReply *
dyno_test_house_ask (DynoTestHouse *self,
                     DynoTestWay    way,
                     const char    *method,
                     const char    *target,
                     const char    *body,
                     ...)
{
  g_autofree char *url = url_of (self, way);
  DynoTestReply *reply;
  va_list args;

  va_start (args, body);
  reply = dyno_test_http_ask (self->sessions[way], url, method, target, body, NULL, args);
  va_end (args);

  return reply;
}
