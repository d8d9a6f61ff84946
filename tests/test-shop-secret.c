/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-await.h"
#include "dyno-error.h"
#include "dyno-secret.h"
#include "dyno-test-keyring.h"

static DynoSecretState
probe (DynoAwait *await)
{
  dyno_secret_probe_async ("bench-1", NULL, dyno_await_cb, await);

  return dyno_secret_probe_finish (dyno_await_wait (await));
}

static GBytes *
load (DynoAwait  *await,
      GError    **error)
{
  dyno_secret_load_async ("bench-1", NULL, dyno_await_cb, await);

  return dyno_secret_load_finish (dyno_await_wait (await), error);
}

static GBytes *
create (DynoAwait  *await,
        GError    **error)
{
  dyno_secret_create_async ("bench-1", NULL, dyno_await_cb, await);

  return dyno_secret_create_finish (dyno_await_wait (await), error);
}

static void
part_no_service (void)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (probe (await), ==, DYNO_SECRET_NO_SERVICE);
  g_assert_null (load (await, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "keyring_absent");
}

static void
part_locked (void)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) refused = NULL;

  dyno_test_keyring_await ();
  g_assert_cmpint (probe (await), ==, DYNO_SECRET_LOCKED);
  g_assert_null (load (await, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_DENIED);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "keyring_locked");
  g_assert_null (create (await, &refused));
  g_assert_error (refused, DYNO_ERROR, DYNO_ERROR_DENIED);
}

static void
part_life (void)
{
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) conflict = NULL;
  g_autoptr(GBytes) made = NULL;
  g_autoptr(GBytes) kept = NULL;

  dyno_test_keyring_await ();
  g_assert_cmpint (probe (await), ==, DYNO_SECRET_ABSENT);
  g_assert_null (load (await, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  made = create (await, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (made), ==, DYNO_SECRET_KEY_SIZE);
  kept = load (await, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (made, kept));
  g_assert_cmpint (probe (await), ==, DYNO_SECRET_READY);
  g_assert_null (create (await, &conflict));
  g_assert_error (conflict, DYNO_ERROR, DYNO_ERROR_CONFLICT);
}

static void
test_no_service (DynoTestKeyring *f,
                 gconstpointer    unused)
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  dyno_test_keyring_run_part ("/secret/subprocess/no-service");
}

static void
test_locked (DynoTestKeyring *f,
             gconstpointer    unused)
{
  if (dyno_test_keyring_start (f, NULL))
    dyno_test_keyring_run_part ("/secret/subprocess/locked");
}

static void
test_life (DynoTestKeyring *f,
           gconstpointer    unused)
{
  if (dyno_test_keyring_start (f, "pw\n"))
    dyno_test_keyring_run_part_leaking ("/secret/subprocess/life");
}

#define ADD(path, function) \
  g_test_add (path, DynoTestKeyring, NULL, dyno_test_keyring_set_up, function, \
              dyno_test_keyring_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/subprocess/no-service", part_no_service);
  g_test_add_func ("/secret/subprocess/locked", part_locked);
  g_test_add_func ("/secret/subprocess/life", part_life);
  ADD ("/secret/no-service", test_no_service);
  ADD ("/secret/locked", test_locked);
  ADD ("/secret/life", test_life);

  return g_test_run ();
}
