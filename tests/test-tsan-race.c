/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib.h>

/* What tsan-glib.h tells the thread sanitizer must not make it blind: a race that is
 * planted is found. In builds with that sanitizer only. */

static int counter;

static gpointer
count_thread (gpointer unused)
{
  for (int i = 0; i < 100000; i++)
    counter++;

  return NULL;
}

static int
race (void)
{
  GThread *one = g_thread_new ("one", count_thread, NULL);
  GThread *two = g_thread_new ("two", count_thread, NULL);

  g_thread_join (one);
  g_thread_join (two);

  return counter > 0 ? 0 : 1;
}

static void
test_race_is_found (void)
{
  g_test_trap_subprocess ("/tsan/race/subprocess", 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*data race*");
}

static void
test_race (void)
{
  g_assert_cmpint (race (), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tsan/race", test_race_is_found);
  g_test_add_func ("/tsan/race/subprocess", test_race);

  return g_test_run ();
}
