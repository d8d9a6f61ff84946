/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-keyring.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dyno-test.h"

static gboolean
start_daemon (DynoTestKeyring *f,
              const char      *password)
{
  const char *const unlocked[] = { "gnome-keyring-daemon", "--replace", "--foreground", "--unlock",
                                   "--components=secrets", NULL };
  const char *const locked[] = { "gnome-keyring-daemon", "--foreground", "--components=secrets",
                                 NULL };
  int input = -1;
  g_autoptr(GError) error = NULL;

  if (!g_spawn_async_with_pipes (NULL, (char **) (password != NULL ? unlocked : locked), NULL,
                                 G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL
                                     | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_DO_NOT_REAP_CHILD,
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

static void
stop_daemon (DynoTestKeyring *f)
{
  if (f->daemon == 0)
    return;

  kill (f->daemon, SIGKILL);
  waitpid (f->daemon, NULL, 0);
  f->daemon = 0;
}

void
dyno_test_keyring_set_up (DynoTestKeyring *f,
                          gconstpointer    unused)
{
  f->folder = dyno_test_make_folder ();
  g_assert_cmpint (g_chmod (f->folder, 0700), ==, 0);
  g_setenv ("XDG_DATA_HOME", f->folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", f->folder, TRUE);
  g_setenv ("HOME", f->folder, TRUE);
}

void
dyno_test_keyring_tear_down (DynoTestKeyring *f,
                             gconstpointer    unused)
{
  stop_daemon (f);
  if (f->bus != NULL)
    {
      g_test_dbus_stop (f->bus);
      g_object_unref (f->bus);
    }
  dyno_test_remove_folder (f->folder);
  g_free (f->folder);
}

gboolean
dyno_test_keyring_start (DynoTestKeyring *f,
                         const char      *password)
{
  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->bus);

  return start_daemon (f, password);
}

void
dyno_test_keyring_unlock (DynoTestKeyring *f,
                          const char      *password)
{
  stop_daemon (f);
  start_daemon (f, password);
}

void
dyno_test_keyring_lose (DynoTestKeyring *f)
{
  g_autofree char *kept = g_build_filename (f->folder, "keyrings", NULL);

  stop_daemon (f);
  dyno_test_remove_folder (kept);
}

void
dyno_test_keyring_await (void)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  gboolean has_owner = FALSE;

  for (int i = 0; i < 200 && !has_owner; i++)
    {
      g_autoptr(GVariant) answer = g_dbus_connection_call_sync (
          bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
          "NameHasOwner", g_variant_new ("(s)", "org.freedesktop.secrets"), G_VARIANT_TYPE ("(b)"),
          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

      g_variant_get (answer, "(b)", &has_owner);
      if (!has_owner)
        g_usleep (20000);
    }
  g_assert_true (has_owner);
}

/* A part that fails does not end the test here: daemons that nobody stops keep its
 * output open, and whoever reads that waits for ever. */
void
dyno_test_keyring_run_part (const char *part)
{
  g_test_trap_subprocess (part, 20 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  if (!g_test_trap_has_passed ())
    g_test_fail_printf ("%s failed", part);
}

/* libsecret 0.20 loses the message that each successful look-up brings; its place
 * of birth is a thread of GDBus, where no suppression could name it alone. */
void
dyno_test_keyring_run_part_leaking (const char *part)
{
  const char *options = g_getenv ("ASAN_OPTIONS");
  g_autofree char *before = g_strdup (options != NULL ? options : "");
  g_autofree char *lenient = g_strconcat (before, ":detect_leaks=0", NULL);

  g_setenv ("ASAN_OPTIONS", lenient, TRUE);
  dyno_test_keyring_run_part (part);
  g_setenv ("ASAN_OPTIONS", before, TRUE);
}
