/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-breaker.h"
#include "dyno-error.h"
#include "dyno-test.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define WALL_US (1700000000 * SECOND)

typedef struct
{
  DynoClock *clock;
  DynoBreaker *breaker;
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
       gconstpointer  name)
{
  f->clock = dyno_clock_new_fake (100 * SECOND, WALL_US);
  f->chance = 0.5;
  f->breaker = dyno_breaker_new (name, f->clock, draw, f);
}

static void
end (Fixture       *f,
     gconstpointer  unused)
{
  dyno_breaker_free (f->breaker);
  dyno_clock_free (f->clock);
}

static void
call (Fixture     *f,
      DynoCallEnd  how,
      guint        status,
      gint64       lasts_us)
{
  DynoBreakerCall one;
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_breaker_begin (f->breaker, &one, NULL, &error));
  g_assert_no_error (error);
  dyno_clock_advance (f->clock, lasts_us);
  dyno_breaker_end (f->breaker, &one, how, status);
}

static void
call_many (Fixture     *f,
           int          n,
           DynoCallEnd  how,
           guint        status)
{
  for (int i = 0; i < n; i++)
    call (f, how, status, 0);
}

static DynoBreakerState
state_of (Fixture *f)
{
  DynoBreakerStatus status;

  dyno_breaker_get_status (f->breaker, &status);
  return status.state;
}

static gint64
wait_of (Fixture *f)
{
  DynoBreakerCall one;
  gint64 wait_us = -1;

  g_assert_false (dyno_breaker_begin (f->breaker, &one, &wait_us, NULL));
  return wait_us;
}

static void
test_five_in_a_row (Fixture       *f,
                    gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  DynoBreakerCall one;

  call_many (f, 4, DYNO_CALL_TIMED_OUT, 0);
  call (f, DYNO_CALL_ANSWERED, 200, 0);
  call_many (f, 4, DYNO_CALL_ANSWERED, 503);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_CLOSED);
  call (f, DYNO_CALL_BROKEN, 0, 0);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_OPEN);

  g_assert_false (dyno_breaker_begin (f->breaker, &one, NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "CIRCUIT_OPEN");
  g_assert_nonnull (strstr (error->message, "60 seconds"));
}

static void
test_what_is_no_failure (Fixture       *f,
                         gconstpointer  unused)
{
  call_many (f, 10, DYNO_CALL_ANSWERED, 404);
  call_many (f, 10, DYNO_CALL_ANSWERED, 429);
  call_many (f, 10, DYNO_CALL_ANSWERED, 0);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_CLOSED);

  /* Our own cancelling neither counts nor ends a row of failures. */
  for (int i = 0; i < 4; i++)
    {
      call (f, DYNO_CALL_NO_CONNECTION, 0, 0);
      call (f, DYNO_CALL_CANCELLED, 0, 0);
    }
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_CLOSED);
  call (f, DYNO_CALL_TLS_FAILED, 0, 0);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_OPEN);
}

static void
test_half_of_twenty (Fixture       *f,
                     gconstpointer  unused)
{
  for (int i = 0; i < 9; i++)
    {
      call (f, DYNO_CALL_TIMED_OUT, 0, 0);
      call (f, DYNO_CALL_ANSWERED, 200, 0);
    }
  call (f, DYNO_CALL_ANSWERED, 200, 0);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_CLOSED);
  call (f, DYNO_CALL_TIMED_OUT, 0, 0);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_OPEN);
}

static void
test_window_forgets (Fixture       *f,
                     gconstpointer  unused)
{
  for (int i = 0; i < 9; i++)
    {
      call (f, DYNO_CALL_TIMED_OUT, 0, 0);
      call (f, DYNO_CALL_ANSWERED, 200, 0);
    }
  dyno_clock_advance (f->clock, 60 * SECOND);
  call (f, DYNO_CALL_ANSWERED, 200, 0);
  call (f, DYNO_CALL_TIMED_OUT, 0, 0);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_CLOSED);
}

static void
test_slow (Fixture       *f,
           gconstpointer  unused)
{
  /* Twenty side by side, sixteen of them over five seconds. */
  DynoBreakerCall calls[20];

  for (int i = 0; i < 20; i++)
    g_assert_true (dyno_breaker_begin (f->breaker, &calls[i], NULL, NULL));
  dyno_clock_advance (f->clock, 5 * SECOND);
  for (int i = 0; i < 4; i++)
    dyno_breaker_end (f->breaker, &calls[i], DYNO_CALL_ANSWERED, 200);
  dyno_clock_advance (f->clock, 1);
  for (int i = 4; i < 19; i++)
    dyno_breaker_end (f->breaker, &calls[i], DYNO_CALL_ANSWERED, 200);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_CLOSED);
  dyno_breaker_end (f->breaker, &calls[19], DYNO_CALL_ANSWERED, 200);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_OPEN);
}

static void
test_slow_model (Fixture       *f,
                 gconstpointer  unused)
{
  DynoBreakerCall calls[40];

  for (int i = 0; i < 40; i++)
    g_assert_true (dyno_breaker_begin (f->breaker, &calls[i], NULL, NULL));
  dyno_clock_advance (f->clock, 20 * SECOND);
  for (int i = 0; i < 20; i++)
    dyno_breaker_end (f->breaker, &calls[i], DYNO_CALL_ANSWERED, 200);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_CLOSED);
  dyno_clock_advance (f->clock, 60 * SECOND);
  for (int i = 20; i < 40; i++)
    dyno_breaker_end (f->breaker, &calls[i], DYNO_CALL_ANSWERED, 200);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_OPEN);
}

static void
test_opens_for_longer (Fixture       *f,
                       gconstpointer  unused)
{
  static const gint64 open_s[] = { 60, 120, 240, 480, 600, 600 };

  call_many (f, 5, DYNO_CALL_TIMED_OUT, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (open_s); i++)
    {
      g_assert_cmpint (wait_of (f), ==, open_s[i] * SECOND);
      dyno_clock_advance (f->clock, open_s[i] * SECOND - 1);
      g_assert_cmpint (wait_of (f), ==, 1);
      dyno_clock_advance (f->clock, 1);
      call (f, DYNO_CALL_TIMED_OUT, 0, 0);
    }
}

static void
test_jitter (Fixture       *f,
             gconstpointer  unused)
{
  f->chance = 0;
  call_many (f, 5, DYNO_CALL_TIMED_OUT, 0);
  g_assert_cmpint (wait_of (f), ==, 48 * SECOND);

  dyno_breaker_reset (f->breaker);
  f->chance = 0.999999;
  call_many (f, 5, DYNO_CALL_TIMED_OUT, 0);
  g_assert_cmpint (wait_of (f), >, 71 * SECOND);
  g_assert_cmpint (wait_of (f), <, 72 * SECOND);
}

static void
test_half_open (Fixture       *f,
                gconstpointer  unused)
{
  DynoBreakerCall probe;

  call_many (f, 5, DYNO_CALL_TIMED_OUT, 0);
  dyno_clock_advance (f->clock, 60 * SECOND);

  g_assert_true (dyno_breaker_begin (f->breaker, &probe, NULL, NULL));
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_HALF_OPEN);
  g_assert_cmpint (wait_of (f), ==, SECOND);
  dyno_breaker_end (f->breaker, &probe, DYNO_CALL_ANSWERED, 200);
  call (f, DYNO_CALL_CANCELLED, 0, 0);
  call (f, DYNO_CALL_ANSWERED, 200, 0);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_HALF_OPEN);
  call (f, DYNO_CALL_ANSWERED, 404, 0);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_CLOSED);

  /* Not yet ten minutes well: the second opening lasts longer. */
  dyno_clock_advance (f->clock, 599 * SECOND);
  call_many (f, 5, DYNO_CALL_TIMED_OUT, 0);
  g_assert_cmpint (wait_of (f), ==, 120 * SECOND);

  dyno_clock_advance (f->clock, 120 * SECOND);
  call_many (f, 3, DYNO_CALL_ANSWERED, 200);
  dyno_clock_advance (f->clock, 600 * SECOND);
  call_many (f, 5, DYNO_CALL_TIMED_OUT, 0);
  g_assert_cmpint (wait_of (f), ==, 60 * SECOND);
}

/* What was begun before the circuit opened says nothing when it ends after. */
static void
test_late_end (Fixture       *f,
               gconstpointer  unused)
{
  DynoBreakerCall late[3];

  for (int i = 0; i < 3; i++)
    g_assert_true (dyno_breaker_begin (f->breaker, &late[i], NULL, NULL));
  call_many (f, 5, DYNO_CALL_TIMED_OUT, 0);
  dyno_clock_advance (f->clock, 60 * SECOND);
  call (f, DYNO_CALL_CANCELLED, 0, 0);
  dyno_breaker_end (f->breaker, &late[0], DYNO_CALL_TIMED_OUT, 0);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_HALF_OPEN);
  call_many (f, 2, DYNO_CALL_ANSWERED, 200);
  dyno_breaker_end (f->breaker, &late[1], DYNO_CALL_ANSWERED, 200);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_HALF_OPEN);
  call (f, DYNO_CALL_ANSWERED, 200, 0);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_CLOSED);
}

static void
test_by_hand (Fixture       *f,
              gconstpointer  unused)
{
  DynoBreakerStatus status;

  dyno_breaker_force_open (f->breaker);
  dyno_clock_advance (f->clock, 86400 * SECOND);
  wait_of (f);

  dyno_breaker_disable (f->breaker);
  call_many (f, 100, DYNO_CALL_TIMED_OUT, 0);
  g_assert_cmpint (state_of (f), ==, DYNO_BREAKER_DISABLED);

  dyno_breaker_reset (f->breaker);
  dyno_breaker_get_status (f->breaker, &status);
  g_assert_cmpint (status.state, ==, DYNO_BREAKER_CLOSED);
  g_assert_cmpuint (status.calls, ==, 100);
  g_assert_cmpuint (status.rejected, ==, 1);
  g_assert_cmpuint (status.openings, ==, 0);
}

static void
test_survives_restart (Fixture       *f,
                       gconstpointer  unused)
{
  g_autoptr(DynoClock) later = dyno_clock_new_fake (7, WALL_US + 100 * SECOND);
  g_autoptr(DynoBreaker) next = dyno_breaker_new ("stt", later, draw, f);
  DynoBreakerStatus status;
  DynoBreakerStatus restored;
  DynoBreakerCall one;
  gint64 wait_us;

  call_many (f, 5, DYNO_CALL_TIMED_OUT, 0);
  dyno_clock_advance (f->clock, 60 * SECOND);
  call (f, DYNO_CALL_TIMED_OUT, 0, 0);
  dyno_breaker_get_status (f->breaker, &status);
  g_assert_cmpint (status.opened_at_us, ==, WALL_US + 60 * SECOND);
  g_assert_cmpint (status.next_probe_at_us, ==, WALL_US + 180 * SECOND);

  dyno_breaker_restore (next, &status);
  dyno_breaker_get_status (next, &restored);
  g_assert_cmpint (restored.state, ==, DYNO_BREAKER_OPEN);
  g_assert_cmpint (restored.opened_at_us, ==, status.opened_at_us);
  g_assert_cmpuint (restored.failures, ==, 6);
  g_assert_cmpuint (restored.openings, ==, 2);
  g_assert_false (dyno_breaker_begin (next, &one, &wait_us, NULL));
  g_assert_cmpint (wait_us, ==, 80 * SECOND);

  /* A clock that was wrong does not close it off for ever. */
  status.next_probe_at_us += 365 * 86400 * SECOND;
  dyno_breaker_restore (next, &status);
  g_assert_false (dyno_breaker_begin (next, &one, &wait_us, NULL));
  g_assert_cmpint (wait_us, ==, 720 * SECOND);
}

static void
test_names (void)
{
  static const char *const good[] = { "stt", "otlp", "model:xai", "model:local-8b" };
  static const char *const bad[] = { "", "capture", "store", "model:", "model:A", "sttx", "model:a b" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (dyno_breaker_is_name (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (dyno_breaker_is_name (bad[i]));
}

static void
test_set (void)
{
  g_autoptr(DynoClock) clock = dyno_clock_new_fake (0, 0);
  g_autoptr(DynoBreakerSet) set = dyno_breaker_set_new (clock);
  g_autoptr(GArray) list = NULL;
  DynoBreaker *webhook;

  g_assert_null (dyno_breaker_set_find (set, "webhook"));
  g_assert_null (dyno_breaker_set_get (set, "capture"));
  webhook = dyno_breaker_set_get (set, "webhook");
  g_assert_true (dyno_breaker_set_get (set, "webhook") == webhook);
  g_assert_true (dyno_breaker_set_find (set, "webhook") == webhook);
  dyno_breaker_set_get (set, "keyring");

  list = dyno_breaker_set_list (set);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (g_array_index (list, DynoBreakerStatus, 0).name, ==, "keyring");
}

static void
test_state_names (void)
{
  DynoBreakerState state;

  for (int i = DYNO_BREAKER_CLOSED; i <= DYNO_BREAKER_DISABLED; i++)
    {
      g_assert_true (dyno_breaker_find_state (dyno_breaker_state_name (i), &state));
      g_assert_cmpint (state, ==, i);
    }
  g_assert_false (dyno_breaker_find_state ("ajar", &state));
}

/* Of 64 threads that find it half open, one gets through at a time. */

typedef struct
{
  DynoBreaker *breaker;
  gint inside;  /* (atomic) */
  gint most;    /* (atomic) */
  gint through; /* (atomic) */
} Crowd;

static gpointer
crowd_thread (gpointer data)
{
  Crowd *crowd = data;

  for (int i = 0; i < 200; i++)
    {
      DynoBreakerCall one;

      if (!dyno_breaker_begin (crowd->breaker, &one, NULL, NULL))
        continue;
      if (g_atomic_int_add (&crowd->inside, 1) > 0)
        g_atomic_int_inc (&crowd->most);
      g_atomic_int_inc (&crowd->through);
      g_thread_yield ();
      g_atomic_int_add (&crowd->inside, -1);
      dyno_breaker_end (crowd->breaker, &one, DYNO_CALL_CANCELLED, 0);
    }

  return NULL;
}

static void
test_crowd (Fixture       *f,
            gconstpointer  unused)
{
  Crowd crowd = { .breaker = f->breaker };
  GThread *threads[64];

  call_many (f, 5, DYNO_CALL_TIMED_OUT, 0);
  dyno_clock_advance (f->clock, 60 * SECOND);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("crowd", crowd_thread, &crowd);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (crowd.most, ==, 0);
  g_assert_cmpint (crowd.through, >, 0);
}

#define ADD(name, function) g_test_add (name, Fixture, "stt", begin, function, end)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/breaker/five-in-a-row", test_five_in_a_row);
  ADD ("/breaker/what-is-no-failure", test_what_is_no_failure);
  ADD ("/breaker/half-of-twenty", test_half_of_twenty);
  ADD ("/breaker/window-forgets", test_window_forgets);
  ADD ("/breaker/slow", test_slow);
  g_test_add ("/breaker/slow-model", Fixture, "model:xai", begin, test_slow_model, end);
  ADD ("/breaker/opens-for-longer", test_opens_for_longer);
  ADD ("/breaker/jitter", test_jitter);
  ADD ("/breaker/half-open", test_half_open);
  ADD ("/breaker/late-end", test_late_end);
  ADD ("/breaker/by-hand", test_by_hand);
  ADD ("/breaker/survives-restart", test_survives_restart);
  ADD ("/breaker/crowd", test_crowd);
  g_test_add_func ("/breaker/names", test_names);
  g_test_add_func ("/breaker/set", test_set);
  g_test_add_func ("/breaker/state-names", test_state_names);

  return g_test_run ();
}
