/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-patience.h"

#define S(x) ((gint64) ((double) (x) * G_USEC_PER_SEC))

static gint64
deadline (DynoGuardPhase phase,
          gint64         length,
          guint64        received,
          gint64         now_us)
{
  /* All begin at 100 s. */
  return dyno_patience_get_deadline (dyno_patience_default (), phase, S (100), length, received,
                                     now_us);
}

static void
test_idle_and_reply (void)
{
  g_assert_cmpint (deadline (DYNO_GUARD_IDLE, 0, 0, S (100)), ==, S (160));
  g_assert_cmpint (deadline (DYNO_GUARD_REPLY, 0, 0, S (100)), ==, 0);
  g_assert_cmpint (deadline (DYNO_GUARD_CLOSED, 0, 0, S (100)), ==, 0);
}

/* 10 s for any head, then as long as it comes at 1 000 B/s, 20 s in all. */
static void
test_head (void)
{
  g_assert_cmpint (deadline (DYNO_GUARD_HEAD, 0, 1, S (100)), ==, S (110));
  g_assert_cmpint (deadline (DYNO_GUARD_HEAD, 0, 9999, S (110)), ==, S (110));
  g_assert_cmpint (deadline (DYNO_GUARD_HEAD, 0, 10000, S (110)), ==, S (111));
  g_assert_cmpint (deadline (DYNO_GUARD_HEAD, 0, 10000, S (111)), ==, S (111));
  g_assert_cmpint (deadline (DYNO_GUARD_HEAD, 0, 16000, S (119.5)), ==, S (119.5));
  g_assert_cmpint (deadline (DYNO_GUARD_HEAD, 0, 1000000, S (119.5)), ==, S (120));
  g_assert_cmpint (deadline (DYNO_GUARD_HEAD, 0, 1000000, S (120)), ==, S (120));
}

/* 20 s and what the length takes at 4 KiB/s, 300 s in all; without a length what came. */
static void
test_body (void)
{
  g_assert_cmpint (deadline (DYNO_GUARD_BODY, 0, 0, S (100)), ==, S (120));
  g_assert_cmpint (deadline (DYNO_GUARD_BODY, 40960, 0, S (100)), ==, S (130));
  g_assert_cmpint (deadline (DYNO_GUARD_BODY, 280 * 4096, 0, S (100)), ==, S (400));
  g_assert_cmpint (deadline (DYNO_GUARD_BODY, G_MAXINT64, 0, S (100)), ==, S (400));
  g_assert_cmpint (deadline (DYNO_GUARD_BODY, -1, 0, S (120)), ==, S (120));
  g_assert_cmpint (deadline (DYNO_GUARD_BODY, -1, 8192, S (120)), ==, S (122));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/patience/idle-and-reply", test_idle_and_reply);
  g_test_add_func ("/server/patience/head", test_head);
  g_test_add_func ("/server/patience/body", test_body);

  return g_test_run ();
}
