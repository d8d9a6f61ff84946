/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-face-switch.h"
#include "dyno-test-shop.h"

/* A face that answers a moment later and counts. */
static guint    n_made;
static guint    n_freed;
static guint    n_stopped;
static gboolean fails;

static gboolean
answer_cb (gpointer data)
{
  g_autoptr(GTask) task = data;

  if (g_task_get_task_data (task) != NULL && fails)
    g_task_return_new_error (task, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE, "Port 5001 is in use.");
  else
    g_task_return_boolean (task, TRUE);

  return G_SOURCE_REMOVE;
}

static void
answer_later (gboolean            is_start,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr(GSource) source = g_timeout_source_new (1);

  g_task_set_task_data (task, GINT_TO_POINTER (is_start), NULL);
  g_source_set_callback (source, answer_cb, task, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static gpointer
make (DynoShop              *shop,
      const DynoFaceOptions *options)
{
  n_made++;

  return &n_made;
}

static void
start_async (gpointer            face,
             GAsyncReadyCallback callback,
             gpointer            user_data)
{
  answer_later (TRUE, callback, user_data);
}

static gboolean
finish (gpointer      face,
        GAsyncResult *result,
        GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
stop_async (gpointer            face,
            guint               drain_ms,
            GAsyncReadyCallback callback,
            gpointer            user_data)
{
  g_assert_cmpuint (drain_ms, <=, 2000);
  n_stopped++;
  answer_later (FALSE, callback, user_data);
}

static void
describe (gpointer       face,
          DynoFaceState *state)
{
  *state = (DynoFaceState) { .url = g_strdup ("http://127.0.0.1:1") };
}

static void
free_face (gpointer face)
{
  n_freed++;
}

static const DynoFace face = { make, start_async, finish, stop_async, finish, describe, free_face };

static void
wait_for (DynoFaceSwitch *service,
          gboolean        is_on)
{
  while (dyno_face_switch_is_on (service) != is_on)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static void
set_up (DynoTestShop *f,
        gconstpointer unused)
{
  dyno_test_shop_set_up (f, GUINT_TO_POINTER (DYNO_SHOP_NO_CAPTURE));
  n_made = n_freed = n_stopped = 0;
  fails = FALSE;
}

static void
close_switch (DynoTestShop   *f,
              DynoFaceSwitch *service)
{
  dyno_face_switch_close_async (service, 2000, dyno_await_cb, f->await);
  dyno_face_switch_close_finish (dyno_await_wait (f->await));
  g_assert_cmpuint (n_freed, ==, n_made);
}

static void
set_enabled (DynoTestShop *f,
             const char   *text)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_test_ask (f, dyno_shop_set_config, &error, "server.enabled", text));
  g_assert_no_error (error);
}

static void
test_follows_setting (DynoTestShop *f,
                      gconstpointer unused)
{
  DynoFaceSwitch *service = dyno_face_switch_new (f->shop, &face);
  g_auto(DynoFaceState) on = { NULL };
  g_auto(DynoFaceState) off = { NULL };

  wait_for (service, TRUE);
  dyno_face_switch_describe (service, &on);
  g_assert_cmpstr (on.url, ==, "http://127.0.0.1:1");
  set_enabled (f, "false");
  wait_for (service, FALSE);
  dyno_face_switch_describe (service, &off);
  g_assert_null (off.url);
  set_enabled (f, "true");
  wait_for (service, TRUE);
  g_assert_cmpuint (n_made, ==, 2);
  close_switch (f, service);
  g_assert_cmpuint (n_stopped, ==, 2);
}

/* It says why, and begins when the keyring is open. */
static void
test_waits_for_keyring (DynoTestShop *f,
                        gconstpointer unused)
{
  DynoFaceSwitch *service;

  fails = TRUE;
  service = dyno_face_switch_new (f->shop, &face);
  while (dyno_face_switch_get_trouble (service) == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  g_assert_error (dyno_face_switch_get_trouble (service), DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  fails = FALSE;
  dyno_bus_publish (dyno_shop_get_bus (f->shop), DYNO_TOPIC_HEALTH, "keyring", "ready");
  wait_for (service, TRUE);
  g_assert_null (dyno_face_switch_get_trouble (service));
  close_switch (f, service);
}

/* The end comes while it starts. */
static void
test_closed_early (DynoTestShop *f,
                   gconstpointer unused)
{
  DynoFaceSwitch *service = dyno_face_switch_new (f->shop, &face);

  close_switch (f, service);
  g_assert_cmpuint (n_made, ==, 1);
  g_assert_cmpuint (n_stopped, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/face-switch/follows-setting", DynoTestShop, NULL, set_up, test_follows_setting,
              dyno_test_shop_tear_down);
  g_test_add ("/face-switch/waits-for-keyring", DynoTestShop, NULL, set_up, test_waits_for_keyring,
              dyno_test_shop_tear_down);
  g_test_add ("/face-switch/closed-early", DynoTestShop, NULL, set_up, test_closed_early,
              dyno_test_shop_tear_down);

  return g_test_run ();
}
