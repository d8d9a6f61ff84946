/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-lock.h"
#include "dyno-test.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_one_owner (void)
{
  g_autofree char *base = dyno_test_make_folder ();
  g_autofree char *folder = g_build_filename (base, "shop", "data", NULL);
  g_autofree char *socket_path = NULL;
  g_autofree char *own_pid = g_strdup_printf ("process %d", (int) getpid ());
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoLock) lock = NULL;
  GStatBuf info;
  int pid = 0;

  g_assert_false (dyno_lock_find_holder (folder, &pid, &socket_path));
  lock = dyno_lock_take (folder, "/run/user/0/a-rather-long-name.sock", &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (folder, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);

  g_assert_true (dyno_lock_find_holder (folder, &pid, &socket_path));
  g_assert_cmpint (pid, ==, (int) getpid ());
  g_assert_cmpstr (socket_path, ==, "/run/user/0/a-rather-long-name.sock");

  g_assert_null (dyno_lock_take (folder, NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "folder_in_use");
  g_assert_nonnull (strstr (error->message, own_pid));
  g_assert_nonnull (strstr (error->message, "a-rather-long-name.sock"));

  /* Asking did not let go of it. */
  g_assert_true (dyno_lock_find_holder (folder, NULL, NULL));
  g_clear_pointer (&socket_path, g_free);
  dyno_lock_set_socket (lock, NULL);
  g_assert_true (dyno_lock_find_holder (folder, NULL, &socket_path));
  g_assert_null (socket_path);

  g_clear_pointer (&lock, dyno_lock_free);
  g_assert_false (dyno_lock_find_holder (folder, NULL, NULL));
  g_clear_error (&error);
  lock = dyno_lock_take (folder, NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&lock, dyno_lock_free);
  dyno_test_remove_folder (base);
}

/* A process that was killed holds nothing, whatever its file says. */
static void
test_killed_owner (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoLock) lock = NULL;
  int pipe_fds[2];
  char byte = 0;
  int found = 0;
  pid_t child;

  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  child = fork ();
  if (child == 0)
    {
      DynoLock *held = dyno_lock_take (folder, "/tmp/s", NULL);

      if (held != NULL && write (pipe_fds[1], "x", 1) == 1)
        pause ();
      _exit (1);
    }
  g_assert_cmpint (read (pipe_fds[0], &byte, 1), ==, 1);

  g_assert_null (dyno_lock_take (folder, NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_true (dyno_lock_find_holder (folder, &found, NULL));
  g_assert_cmpint (found, ==, child);
  g_clear_error (&error);

  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  lock = dyno_lock_take (folder, NULL, &error);
  g_assert_no_error (error);
  close (pipe_fds[0]);
  close (pipe_fds[1]);
  g_clear_pointer (&lock, dyno_lock_free);
  dyno_test_remove_folder (folder);
}

static void
test_no_folder (void)
{
  g_autofree char *base = dyno_test_make_folder ();
  g_autofree char *file = g_build_filename (base, "file", NULL);
  g_autofree char *folder = g_build_filename (file, "data", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  g_assert_null (dyno_lock_take (folder, NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  dyno_test_remove_folder (base);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lock/one-owner", test_one_owner);
  g_test_add_func ("/lock/killed-owner", test_killed_owner);
  g_test_add_func ("/lock/no-folder", test_no_folder);

  return g_test_run ();
}
