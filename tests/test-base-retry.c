/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-retry.h"
#include "dyno-test.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define AGES (1000 * SECOND)

typedef struct
{
  DynoClock *clock;
  DynoRetry *retry;
  double chance;
} Fixture;

static double
draw (gpointer data)
{
  Fixture *f = data;

  return f->chance;
}

static void
begin (Fixture       *f,
       gconstpointer  unused)
{
  f->clock = dyno_clock_new_fake (5000 * SECOND, 0);
  f->chance = 0.5;
  f->retry = dyno_retry_new (f->clock, draw, f);
}

static void
end (Fixture       *f,
     gconstpointer  unused)
{
  dyno_retry_free (f->retry);
  dyno_clock_free (f->clock);
}

static gboolean
again (Fixture *f)
{
  gint64 wait_us;

  return dyno_retry_again (f->retry, 1, DYNO_CALL_TIMED_OUT, 0, 0, AGES, &wait_us);
}

static int
again_many (Fixture *f,
            int      times)
{
  int n = 0;

  for (int i = 0; i < times; i++)
    n += again (f);

  return n;
}

static void
test_kinds (Fixture       *f,
            gconstpointer  unused)
{
  static const struct
  {
    DynoCallEnd end;
    guint status;
    gboolean is_worth;
  } rows[] = {
    { DYNO_CALL_NO_CONNECTION, 0, TRUE },
    { DYNO_CALL_TIMED_OUT, 0, TRUE },
    { DYNO_CALL_ANSWERED, 429, TRUE },
    { DYNO_CALL_ANSWERED, 502, TRUE },
    { DYNO_CALL_ANSWERED, 503, TRUE },
    { DYNO_CALL_ANSWERED, 504, TRUE },
    { DYNO_CALL_ANSWERED, 500, FALSE },
    { DYNO_CALL_ANSWERED, 501, FALSE },
    { DYNO_CALL_ANSWERED, 401, FALSE },
    { DYNO_CALL_ANSWERED, 200, FALSE },
    { DYNO_CALL_TLS_FAILED, 0, FALSE },
    { DYNO_CALL_BROKEN, 0, FALSE },
    { DYNO_CALL_CANCELLED, 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 wait_us;

      g_assert_cmpint (dyno_retry_again (f->retry, 1, rows[i].end, rows[i].status, 0, AGES, &wait_us),
                       ==, rows[i].is_worth);
      dyno_clock_advance (f->clock, 100 * SECOND);
    }
}

static void
test_waits (Fixture       *f,
            gconstpointer  unused)
{
  gint64 wait_us;

  g_assert_true (dyno_retry_again (f->retry, 1, DYNO_CALL_TIMED_OUT, 0, 0, AGES, &wait_us));
  g_assert_cmpint (wait_us, ==, SECOND / 2);
  g_assert_true (dyno_retry_again (f->retry, 2, DYNO_CALL_TIMED_OUT, 0, 0, AGES, &wait_us));
  g_assert_cmpint (wait_us, ==, SECOND);
  g_assert_false (dyno_retry_again (f->retry, 3, DYNO_CALL_TIMED_OUT, 0, 0, AGES, &wait_us));
}

static void
test_retry_after (Fixture       *f,
                  gconstpointer  unused)
{
  gint64 wait_us;

  g_assert_true (dyno_retry_again (f->retry, 1, DYNO_CALL_ANSWERED, 429, 60, AGES, &wait_us));
  g_assert_cmpint (wait_us, ==, 60 * SECOND);
  g_assert_false (dyno_retry_again (f->retry, 1, DYNO_CALL_ANSWERED, 429, 61, AGES, &wait_us));

  /* Shorter than what chance said: chance stays. */
  f->chance = 0.9;
  g_assert_true (dyno_retry_again (f->retry, 2, DYNO_CALL_ANSWERED, 503, 1, AGES, &wait_us));
  g_assert_cmpint (wait_us, ==, 1800000);
}

static void
test_deadline (Fixture       *f,
               gconstpointer  unused)
{
  gint64 wait_us;

  g_assert_false (dyno_retry_again (f->retry, 1, DYNO_CALL_TIMED_OUT, 0, 5, 5 * SECOND, &wait_us));
  g_assert_true (dyno_retry_again (f->retry, 1, DYNO_CALL_TIMED_OUT, 0, 5, 5 * SECOND + 1, &wait_us));
}

static void
test_few (Fixture       *f,
          gconstpointer  unused)
{
  g_assert_cmpint (again_many (f, 10), ==, 3);
  dyno_clock_advance (f->clock, 9 * SECOND);
  g_assert_cmpint (again_many (f, 10), ==, 0);
  dyno_clock_advance (f->clock, 2 * SECOND);
  g_assert_cmpint (again_many (f, 10), ==, 3);
}

static void
test_fifth_of_many (Fixture       *f,
                    gconstpointer  unused)
{
  for (int i = 0; i < 200; i++)
    dyno_retry_first (f->retry);
  g_assert_cmpint (again_many (f, 100), ==, 40);
  dyno_clock_advance (f->clock, 12 * SECOND);
  g_assert_cmpint (again_many (f, 100), ==, 3);
}

/* What waits a minute takes its place until ten seconds after it went out. */
static void
test_waiting_counts (Fixture       *f,
                     gconstpointer  unused)
{
  gint64 wait_us;

  for (int i = 0; i < 3; i++)
    g_assert_true (dyno_retry_again (f->retry, 1, DYNO_CALL_ANSWERED, 503, 60, AGES, &wait_us));
  for (int i = 0; i < 14; i++)
    {
      g_assert_cmpint (again_many (f, 3), ==, 0);
      dyno_clock_advance (f->clock, 5 * SECOND);
    }
  dyno_clock_advance (f->clock, 2 * SECOND);
  g_assert_cmpint (again_many (f, 9), ==, 3);
}

/* At every moment the repeats that went out or wait are within the budget, counted from
 * exact lists. */
static void
test_budget_holds (Fixture       *f,
                   gconstpointer  unused)
{
  g_autoptr(GArray) firsts = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GArray) repeats = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (int i = 0; i < 6000; i++)
    {
      gint64 now_us = dyno_clock_monotonic_us (f->clock);
      guint n_firsts = 0;
      guint n_repeats = 0;
      gint64 wait_us;

      f->chance = g_test_rand_double ();
      if (g_test_rand_int_range (0, 3) > 0)
        {
          dyno_retry_first (f->retry);
          g_array_append_val (firsts, now_us);
        }
      else if (dyno_retry_again (f->retry, 2, DYNO_CALL_TIMED_OUT, 0,
                                 g_test_rand_int_range (0, 20) == 0 ? 60 : 0, AGES, &wait_us))
        {
          gint64 at_us = now_us + wait_us;

          g_array_append_val (repeats, at_us);
          for (guint r = 0; r < repeats->len; r++)
            n_repeats += g_array_index (repeats, gint64, r) > now_us - 10 * SECOND;
          for (guint r = 0; r < firsts->len; r++)
            n_firsts += g_array_index (firsts, gint64, r) > now_us - 10 * SECOND;
          g_assert_cmpuint (n_repeats, <=, MAX (3, n_firsts / 5));
        }
      dyno_clock_advance (f->clock, g_test_rand_int_range (0, 200000));
    }
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, begin, function, end)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/retry/kinds", test_kinds);
  ADD ("/retry/waits", test_waits);
  ADD ("/retry/retry-after", test_retry_after);
  ADD ("/retry/deadline", test_deadline);
  ADD ("/retry/few", test_few);
  ADD ("/retry/fifth-of-many", test_fifth_of_many);
  ADD ("/retry/waiting-counts", test_waiting_counts);
  ADD ("/retry/budget-holds", test_budget_holds);

  return g_test_run ();
}
