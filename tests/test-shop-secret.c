/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-await.h"
#include "dyno-error.h"
#include "dyno-secret.h"
#include "dyno-test.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

/* A real gnome-keyring-daemon on a bus of the test's own. Each state is looked
 * at in a process of its own, because libsecret keeps what it found. */

typedef struct
{
  char     *folder; /* (owned) */
  GTestDBus *bus;   /* (owned) (nullable) */
  GPid      daemon;
} Fixture;

static gboolean
start_daemon (Fixture    *f,
              const char *password)
{
  const char *const unlocked[] = { "gnome-keyring-daemon", "--foreground", "--unlock",
                                   "--components=secrets", NULL };
  const char *const locked[] = { "gnome-keyring-daemon", "--foreground", "--components=secrets",
                                 NULL };
  int input = -1;
  g_autoptr(GError) error = NULL;

  if (!g_spawn_async_with_pipes (NULL, (char **) (password != NULL ? unlocked : locked), NULL,
                                 G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL
                                     | G_SPAWN_STDOUT_TO_DEV_NULL,
                                 NULL, NULL, &f->daemon, &input, NULL, NULL, &error))
    {
      g_test_skip ("gnome-keyring-daemon is not installed");
      return FALSE;
    }
  if (password != NULL)
    g_assert_cmpint (write (input, password, strlen (password)), ==, (gssize) strlen (password));
  close (input);

  return TRUE;
}

static gboolean
service_is_there (void)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GVariant) answer = NULL;

  for (int i = 0; i < 200; i++)
    {
      gboolean has_owner = FALSE;

      answer = g_dbus_connection_call_sync (
          bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
          "NameHasOwner", g_variant_new ("(s)", "org.freedesktop.secrets"), G_VARIANT_TYPE ("(b)"),
          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
      g_variant_get (answer, "(b)", &has_owner);
      if (has_owner)
        return TRUE;
      g_clear_pointer (&answer, g_variant_unref);
      g_usleep (20000);
    }

  return FALSE;
}

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  f->folder = dyno_test_make_folder ();
  g_assert_cmpint (g_chmod (f->folder, 0700), ==, 0);
  g_setenv ("XDG_DATA_HOME", f->folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", f->folder, TRUE);
  g_setenv ("HOME", f->folder, TRUE);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  if (f->daemon != 0)
    kill (f->daemon, SIGKILL);
  if (f->bus != NULL)
    {
      g_test_dbus_stop (f->bus);
      g_object_unref (f->bus);
    }
  dyno_test_remove_folder (f->folder);
  g_free (f->folder);
}

static gboolean
start (Fixture    *f,
       const char *password)
{
  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->bus);

  return start_daemon (f, password);
}

/* A part that fails does not end the test here: daemons that nobody stops keep its
 * output open, and whoever reads that waits for ever. */
static void
run_part (const char *part)
{
  g_test_trap_subprocess (part, 20 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  if (!g_test_trap_has_passed ())
    g_test_fail_printf ("%s failed", part);
}

/* libsecret 0.20 loses the message that each successful look-up brings; its place
 * of birth is a thread of GDBus, where no suppression could name it alone. */
static void
run_part_leaking (const char *part)
{
  const char *options = g_getenv ("ASAN_OPTIONS");
  g_autofree char *before = g_strdup (options != NULL ? options : "");
  g_autofree char *lenient = g_strconcat (before, ":detect_leaks=0", NULL);

  g_setenv ("ASAN_OPTIONS", lenient, TRUE);
  run_part (part);
  g_setenv ("ASAN_OPTIONS", before, TRUE);
}

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

  g_assert_true (service_is_there ());
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

  g_assert_true (service_is_there ());
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
test_no_service (Fixture       *f,
                 gconstpointer  unused)
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  run_part ("/secret/subprocess/no-service");
}

static void
test_locked (Fixture       *f,
             gconstpointer  unused)
{
  if (start (f, NULL))
    run_part ("/secret/subprocess/locked");
}

static void
test_life (Fixture       *f,
           gconstpointer  unused)
{
  if (start (f, "pw\n"))
    run_part_leaking ("/secret/subprocess/life");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/subprocess/no-service", part_no_service);
  g_test_add_func ("/secret/subprocess/locked", part_locked);
  g_test_add_func ("/secret/subprocess/life", part_life);
  g_test_add ("/secret/no-service", Fixture, NULL, set_up, test_no_service, tear_down);
  g_test_add ("/secret/locked", Fixture, NULL, set_up, test_locked, tear_down);
  g_test_add ("/secret/life", Fixture, NULL, set_up, test_life, tear_down);

  return g_test_run ();
}
