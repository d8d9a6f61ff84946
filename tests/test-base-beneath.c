/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "dyno-beneath.h"
#include "dyno-test.h"

/* Nothing outside of the folder is opened, whatever the name says. */

static void
assert_not_beneath (const char *folder,
                    const char *relative)
{
  g_assert_cmpint (dyno_beneath_open (folder, relative), <, 0);
}

static void
test_beneath (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *inside = g_build_filename (folder, "data", NULL);
  g_autofree char *secret = g_build_filename (folder, "secret", NULL);
  g_autofree char *kept = g_build_filename (inside, "kept", NULL);
  g_autofree char *link = g_build_filename (inside, "link", NULL);
  int fd;

  g_assert_cmpint (g_mkdir (inside, 0700), ==, 0);
  g_assert_true (g_file_set_contents (secret, "x", -1, NULL));
  g_assert_true (g_file_set_contents (kept, "y", -1, NULL));
  g_assert_cmpint (symlink (secret, link), ==, 0);
  fd = dyno_beneath_open (inside, "kept");
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  assert_not_beneath (inside, "link");
  assert_not_beneath (inside, "../secret");
  assert_not_beneath (inside, secret);
  assert_not_beneath (inside, "nothing");
  dyno_test_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/beneath", test_beneath);

  return g_test_run ();
}
