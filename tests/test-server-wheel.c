/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-wheel.h"

#define S(x) ((gint64) ((double) (x) * G_USEC_PER_SEC))

typedef struct
{
  DynoWheelEntry  entry;
  gint64          told_us;
  guint           n_told;
  DynoWheel      *again;  /* (nullable) set again on it, 2 s later */
  DynoWheelEntry *cleared; /* (nullable) cleared when told */
} Watched;

static void
told_cb (DynoWheelEntry *entry,
         gint64          now_us,
         gpointer        data)
{
  Watched *watched = (Watched *) entry;

  watched->told_us = now_us;
  watched->n_told++;
  if (watched->again != NULL)
    dyno_wheel_set (watched->again, entry, now_us + S (2));
  if (watched->cleared != NULL)
    dyno_wheel_clear (watched->cleared);
}

/* Turns once a second, not on the second. */
static void
turn_until (DynoWheel *wheel,
            gint64     from_us,
            gint64     to_us)
{
  for (gint64 now = from_us; now <= to_us; now += S (1))
    dyno_wheel_turn (wheel, now, told_cb, NULL);
}

static void
test_never_early (void)
{
  g_autoptr(DynoWheel) wheel = dyno_wheel_new (S (100.3));
  Watched watched[2000] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    dyno_wheel_set (wheel, &watched[i].entry, S (100.3) + i * 470000);
  turn_until (wheel, S (101.3), S (1100.3));
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    {
      gint64 late = watched[i].told_us - (S (100.3) + i * 470000);

      g_assert_cmpuint (watched[i].n_told, ==, 1);
      g_assert_cmpint (late, >=, 0);
      g_assert_cmpint (late, <=, S (2));
    }
}

static void
test_moved_and_cleared (void)
{
  g_autoptr(DynoWheel) wheel = dyno_wheel_new (0);
  Watched moved = { 0 };
  Watched cleared = { 0 };
  Watched passed = { 0 };

  dyno_wheel_set (wheel, &moved.entry, S (5));
  dyno_wheel_set (wheel, &cleared.entry, S (5));
  dyno_wheel_set (wheel, &passed.entry, S (-3));
  dyno_wheel_set (wheel, &moved.entry, S (50));
  dyno_wheel_clear (&cleared.entry);
  dyno_wheel_clear (&cleared.entry);
  turn_until (wheel, S (1), S (49));
  g_assert_cmpuint (moved.n_told, ==, 0);
  turn_until (wheel, S (50), S (60));
  g_assert_cmpuint (moved.n_told, ==, 1);
  g_assert_cmpuint (cleared.n_told, ==, 0);
  g_assert_cmpint (passed.told_us, ==, S (1));
}

static void
test_set_while_told (void)
{
  g_autoptr(DynoWheel) wheel = dyno_wheel_new (0);
  Watched other = { 0 };
  Watched again = { .again = wheel, .cleared = &other.entry };

  dyno_wheel_set (wheel, &again.entry, S (3));
  dyno_wheel_set (wheel, &other.entry, S (3));
  turn_until (wheel, S (1), S (11));
  g_assert_cmpuint (again.n_told, ==, 5);
  g_assert_cmpuint (other.n_told, ==, 0);
  dyno_wheel_clear (&again.entry);
}

/* A machine that slept turns once, far on. */
static void
test_long_sleep (void)
{
  g_autoptr(DynoWheel) wheel = dyno_wheel_new (0);
  Watched near_by = { 0 };
  Watched far_off = { 0 };

  dyno_wheel_set (wheel, &near_by.entry, S (20));
  dyno_wheel_set (wheel, &far_off.entry, S (90000));
  dyno_wheel_turn (wheel, S (80000), told_cb, NULL);
  g_assert_cmpuint (near_by.n_told, ==, 1);
  g_assert_cmpuint (far_off.n_told, ==, 0);
  turn_until (wheel, S (80001), S (90001));
  g_assert_cmpuint (far_off.n_told, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/wheel/never-early", test_never_early);
  g_test_add_func ("/server/wheel/moved-and-cleared", test_moved_and_cleared);
  g_test_add_func ("/server/wheel/set-while-told", test_set_while_told);
  g_test_add_func ("/server/wheel/long-sleep", test_long_sleep);

  return g_test_run ();
}
