/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-live.h"
#include "dyno-test.h"

#include <math.h>

#define SECOND G_GINT64_CONSTANT (1000000)

typedef struct
{
  DynoClock *clock;
  DynoLive  *live;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  f->clock = dyno_clock_new_fake (1000 * SECOND, 0);
  f->live = dyno_live_new (f->clock);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  dyno_live_unref (f->live);
  dyno_clock_free (f->clock);
}

static void
append_one (DynoLive *live,
            guint     channel,
            gint64    t_us,
            double    value)
{
  dyno_live_append (live, channel, 1, &t_us, &value);
}

/* `n` samples a millisecond apart, value = running number from `first`. */
static void
append_count (DynoLive *live,
              guint     channel,
              guint     first,
              guint     n)
{
  g_autofree gint64 *t_us = g_new (gint64, n);
  g_autofree double *values = g_new (double, n);

  for (guint i = 0; i < n; i++)
    {
      t_us[i] = (gint64) (first + i) * 1000;
      values[i] = first + i;
    }
  dyno_live_append (live, channel, n, t_us, values);
}

static void
test_names_and_binding (Fixture       *f,
                        gconstpointer  unused)
{
  g_autofree char *name = NULL;
  int rpm = dyno_live_add (f->live, "Engine RPM", DYNO_QUANTITY_ROTATION);
  int drum = dyno_live_add (f->live, "Speed", DYNO_QUANTITY_SPEED);

  g_assert_cmpint (rpm, ==, 0);
  g_assert_cmpint (drum, ==, 1);
  g_assert_cmpuint (dyno_live_n_channels (f->live), ==, 2);
  g_assert_cmpint (dyno_live_find_name (f->live, "Speed"), ==, 1);
  g_assert_cmpint (dyno_live_find_name (f->live, "speed"), ==, -1);
  g_assert_cmpint (dyno_live_find (f->live, DYNO_CHANNEL_RPM), ==, -1);

  dyno_live_bind (f->live, DYNO_CHANNEL_RPM, rpm);
  g_assert_cmpint (dyno_live_find (f->live, DYNO_CHANNEL_RPM), ==, rpm);
  g_assert_cmpint (dyno_live_canonical (f->live, 0), ==, DYNO_CHANNEL_RPM);
  dyno_live_bind (f->live, DYNO_CHANNEL_RPM, drum);
  g_assert_cmpint (dyno_live_find (f->live, DYNO_CHANNEL_RPM), ==, drum);
  g_assert_cmpint (dyno_live_canonical (f->live, 0), ==, DYNO_CHANNEL_NONE);
  dyno_live_bind (f->live, DYNO_CHANNEL_SPEED, drum);
  g_assert_cmpint (dyno_live_find (f->live, DYNO_CHANNEL_RPM), ==, -1);
  dyno_live_bind (f->live, DYNO_CHANNEL_SPEED, -1);
  g_assert_cmpint (dyno_live_find (f->live, DYNO_CHANNEL_SPEED), ==, -1);

  name = dyno_live_dup_name (f->live, 1);
  g_assert_cmpstr (name, ==, "Speed");
  g_assert_cmpint (dyno_live_quantity (f->live, 1), ==, DYNO_QUANTITY_SPEED);
  g_assert_null (dyno_live_dup_name (f->live, 2));
}

static void
test_since_my_index (Fixture       *f,
                     gconstpointer  unused)
{
  DynoLiveCursor cursor = DYNO_LIVE_CURSOR_INIT;
  gint64 t_us[8];
  double values[8];

  dyno_live_add (f->live, "a", DYNO_QUANTITY_NONE);
  append_count (f->live, 0, 0, 10);
  g_assert_cmpuint (dyno_live_read (f->live, 0, &cursor, t_us, values, 8), ==, 8);
  g_assert_cmpfloat (values[7], ==, 7);
  g_assert_cmpint (t_us[7], ==, 7000);
  g_assert_cmpuint (dyno_live_read (f->live, 0, &cursor, t_us, values, 8), ==, 2);
  g_assert_cmpfloat (values[1], ==, 9);
  g_assert_cmpuint (dyno_live_read (f->live, 0, &cursor, t_us, values, 8), ==, 0);
  append_count (f->live, 0, 10, 1);
  g_assert_cmpuint (dyno_live_read (f->live, 0, &cursor, t_us, values, 8), ==, 1);
  g_assert_cmpfloat (values[0], ==, 10);
  g_assert_cmpuint (dyno_live_read (f->live, 1, &cursor, t_us, values, 8), ==, 0);
}

/* Reads all there is and answers with the first and the last value. */
static guint
read_all (DynoLive *live,
          guint     channel,
          double   *first,
          double   *last)
{
  g_autofree gint64 *t_us = g_new (gint64, DYNO_LIVE_MAX_COPY);
  g_autofree double *values = g_new (double, DYNO_LIVE_MAX_COPY);
  DynoLiveCursor cursor = DYNO_LIVE_CURSOR_INIT;
  guint n_all = 0;
  gsize n;

  while ((n = dyno_live_read (live, channel, &cursor, t_us, values, G_MAXSIZE)) > 0)
    {
      g_assert_cmpuint (n, <=, DYNO_LIVE_MAX_COPY);
      if (n_all == 0)
        *first = values[0];
      *last = values[n - 1];
      n_all += n;
    }

  return n_all;
}

static void
test_overrun (Fixture       *f,
              gconstpointer  unused)
{
  DynoLiveReading reading;
  double first;
  double last;

  dyno_live_add (f->live, "a", DYNO_QUANTITY_NONE);
  append_count (f->live, 0, 0, 100);
  for (guint i = 100; i < 100 + 3 * DYNO_LIVE_CAPACITY; i += 1024)
    append_count (f->live, 0, i, 1024);
  g_assert_cmpuint (read_all (f->live, 0, &first, &last), ==, DYNO_LIVE_CAPACITY);
  g_assert_cmpfloat (last, ==, 99 + 3 * DYNO_LIVE_CAPACITY);
  g_assert_cmpfloat (first, ==, last - DYNO_LIVE_CAPACITY + 1);

  /* One block longer than the ring: its newest end stays, all are counted. */
  append_count (f->live, 0, 0, 2 * DYNO_LIVE_CAPACITY);
  g_assert_cmpuint (read_all (f->live, 0, &first, &last), ==, DYNO_LIVE_CAPACITY);
  g_assert_cmpfloat (first, ==, DYNO_LIVE_CAPACITY);
  dyno_live_get (f->live, 0, &reading);
  g_assert_cmpuint (reading.n_samples, ==, 100 + 5 * DYNO_LIVE_CAPACITY);
}

/* 104 channels keep the full ring; more make all of them shorter, within 64 MiB
 * and with their newest samples in place. */
static void
test_many_channels (Fixture       *f,
                    gconstpointer  unused)
{
  double first;
  double last;

  for (int i = 0; i < 104; i++)
    dyno_live_add (f->live, "a", DYNO_QUANTITY_NONE);
  g_assert_cmpuint (dyno_live_capacity (f->live), ==, DYNO_LIVE_CAPACITY);
  append_count (f->live, 7, 0, DYNO_LIVE_CAPACITY + 5);
  append_count (f->live, 8, 0, 3);

  for (int i = 104; i < DYNO_LIVE_MAX_CHANNELS; i++)
    {
      guint n;

      g_assert_cmpint (dyno_live_add (f->live, "a", DYNO_QUANTITY_NONE), ==, i);
      n = dyno_live_n_channels (f->live);
      g_assert_cmpuint (dyno_live_capacity (f->live) * 16 * n, <=, 64 << 20);
    }
  g_assert_cmpint (dyno_live_add (f->live, "a", DYNO_QUANTITY_NONE), ==, -1);
  g_assert_cmpuint (dyno_live_capacity (f->live), ==, 1024);
  g_assert_cmpuint (read_all (f->live, 7, &first, &last), ==, 1024);
  g_assert_cmpfloat (last, ==, DYNO_LIVE_CAPACITY + 4);
  g_assert_cmpfloat (first, ==, last - 1023);
  g_assert_cmpuint (read_all (f->live, 8, &first, &last), ==, 3);
  g_assert_cmpfloat (last, ==, 2);
}

static DynoLiveState
state_of (DynoLive *live,
          guint     channel)
{
  DynoLiveReading reading;

  g_assert_true (dyno_live_get (live, (int) channel, &reading));

  return reading.state;
}

static void
test_age (Fixture       *f,
          gconstpointer  unused)
{
  DynoLiveReading reading;

  dyno_live_add (f->live, "fast", DYNO_QUANTITY_NONE);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_NO_SIGNAL);
  for (int i = 0; i < 30; i++)
    append_one (f->live, 0, i * 20000, i);
  dyno_live_get (f->live, 0, &reading);
  g_assert_cmpint (reading.state, ==, DYNO_LIVE_OK);
  g_assert_cmpint (reading.period_us, ==, 20000);
  g_assert_cmpfloat (reading.value, ==, 29);
  g_assert_cmpint (reading.t_us, ==, 580000);

  dyno_clock_advance (f->clock, SECOND);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_OK);
  dyno_clock_advance (f->clock, 1);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_STALE);
  dyno_clock_advance (f->clock, 4 * SECOND);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_LOST);
  dyno_live_get (f->live, 0, &reading);
  g_assert_cmpint (reading.age_us, ==, 5 * SECOND + 1);
  append_one (f->live, 0, 6 * SECOND, 1);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_OK);
}

/* The atmosphere comes every 1.3 s: stale after 6.5 s, lost after 13 s. */
static void
test_age_of_slow_channel (Fixture       *f,
                          gconstpointer  unused)
{
  dyno_live_add (f->live, "baro", DYNO_QUANTITY_PRESSURE);
  for (int i = 0; i < 5; i++)
    append_one (f->live, 0, i * 1300000, 98);
  dyno_clock_advance (f->clock, 6500000);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_OK);
  dyno_clock_advance (f->clock, 1);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_STALE);
  dyno_clock_advance (f->clock, 6500000);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_LOST);
}

static void
test_state_of_writer (Fixture       *f,
                      gconstpointer  unused)
{
  DynoLiveReading reading;

  dyno_live_add (f->live, "drum", DYNO_QUANTITY_SPEED);
  append_one (f->live, 0, 0, 0);
  dyno_live_set_state (f->live, 0, DYNO_LIVE_IDLE);
  dyno_clock_advance (f->clock, 3600 * SECOND);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_IDLE);
  dyno_live_set_state (f->live, 0, DYNO_LIVE_PEGGED);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_LOST);
  append_one (f->live, 0, 1, 0);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_PEGGED);
  dyno_live_set_state (f->live, 0, DYNO_LIVE_LOST);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_LOST);

  g_assert_false (dyno_live_get (f->live, -1, &reading));
  g_assert_cmpint (reading.state, ==, DYNO_LIVE_UNMAPPED);
  g_assert_true (isnan (reading.value));
  g_assert_false (dyno_live_get (f->live, 9, &reading));
}

/* A NaN breaks the line, but the value shown and its age are those of the last
 * number. */
static void
test_nan_is_no_value (Fixture       *f,
                      gconstpointer  unused)
{
  DynoLiveReading reading;

  dyno_live_add (f->live, "a", DYNO_QUANTITY_NONE);
  append_one (f->live, 0, 0, NAN);
  g_assert_cmpint (state_of (f->live, 0), ==, DYNO_LIVE_NO_SIGNAL);
  append_one (f->live, 0, 20000, 7);
  dyno_clock_advance (f->clock, SECOND + 1);
  append_one (f->live, 0, SECOND, NAN);
  dyno_live_get (f->live, 0, &reading);
  g_assert_cmpfloat (reading.value, ==, 7);
  g_assert_cmpint (reading.t_us, ==, 20000);
  g_assert_cmpint (reading.age_us, ==, SECOND + 1);
  g_assert_cmpuint (reading.n_samples, ==, 3);
}

static void
test_clear_begins_anew (Fixture       *f,
                        gconstpointer  unused)
{
  DynoLiveCursor cursor = DYNO_LIVE_CURSOR_INIT;
  gint64 t_us[4];
  double values[4];
  int rpm = dyno_live_add (f->live, "a", DYNO_QUANTITY_NONE);

  dyno_live_bind (f->live, DYNO_CHANNEL_RPM, rpm);
  append_count (f->live, 0, 0, 4);
  g_assert_cmpuint (dyno_live_read (f->live, 0, &cursor, t_us, values, 4), ==, 4);
  dyno_live_clear (f->live);
  g_assert_cmpuint (dyno_live_generation (f->live), ==, 2);
  g_assert_cmpint (dyno_live_find (f->live, DYNO_CHANNEL_RPM), ==, -1);
  g_assert_cmpint (dyno_live_now_us (f->live), ==, 0);

  dyno_live_add (f->live, "b", DYNO_QUANTITY_NONE);
  append_count (f->live, 0, 50, 1);
  g_assert_cmpuint (dyno_live_read (f->live, 0, &cursor, t_us, values, 4), ==, 1);
  g_assert_cmpfloat (values[0], ==, 50);
}

/* Datagrams that waited must not push the picture back. */
static void
test_now_is_even (Fixture       *f,
                  gconstpointer  unused)
{
  dyno_live_add (f->live, "a", DYNO_QUANTITY_NONE);
  append_one (f->live, 0, 500, 1);
  g_assert_cmpint (dyno_live_now_us (f->live), ==, 500);
  dyno_clock_advance (f->clock, 40000);
  g_assert_cmpint (dyno_live_now_us (f->live), ==, 40500);
  append_one (f->live, 0, 10500, 1); /* 30 ms late */
  g_assert_cmpint (dyno_live_now_us (f->live), ==, 40500);
  append_one (f->live, 0, 45500, 1); /* quicker than the first */
  g_assert_cmpint (dyno_live_now_us (f->live), ==, 45500);
  dyno_clock_advance (f->clock, 2 * SECOND);
  g_assert_cmpint (dyno_live_now_us (f->live), ==, 2045500);

  /* A clock that was set back is believed after two windows. */
  for (int i = 0; i < 3; i++)
    {
      dyno_clock_advance (f->clock, 6 * SECOND);
      append_one (f->live, 0, i * 6 * SECOND, 1);
    }
  g_assert_cmpint (dyno_live_now_us (f->live), ==, 12 * SECOND);
}

/* One writer against readers: every sample read carries its own number, in
 * order; the thread sanitizer sees the rest. */

typedef struct
{
  DynoLive *live;
  int       is_done; /* (atomic) */
} Race;

static gpointer
write_thread (gpointer data)
{
  Race *race = data;
  guint n_channels = 124;

  for (guint round = 0; round < 300; round++)
    {
      for (guint c = 0; c < 4; c++)
        append_count (race->live, c, round * 50, 50);
      dyno_live_set_state (race->live, 0, round % 2 ? DYNO_LIVE_OK : DYNO_LIVE_SLOW);
      if (round % 40 == 39) /* grows past 128: the rings are exchanged */
        {
          dyno_live_add (race->live, "more", DYNO_QUANTITY_NONE);
          dyno_live_bind (race->live, DYNO_CHANNEL_RPM, (int) (++n_channels % 4));
        }
    }
  g_atomic_int_set (&race->is_done, 1);

  return NULL;
}

static gpointer
read_thread (gpointer data)
{
  Race *race = data;
  gint64 *t_us = g_new (gint64, DYNO_LIVE_MAX_COPY);
  double *values = g_new (double, DYNO_LIVE_MAX_COPY);
  DynoLiveCursor cursor = DYNO_LIVE_CURSOR_INIT;
  DynoLiveReading reading;
  double next = 0;

  while (next < 15000)
    {
      gboolean was_done = g_atomic_int_get (&race->is_done);
      gsize n = dyno_live_read (race->live, 2, &cursor, t_us, values, DYNO_LIVE_MAX_COPY);

      for (gsize i = 0; i < n; i++, next++)
        {
          g_assert_cmpfloat (values[i], ==, next);
          g_assert_cmpint (t_us[i], ==, (gint64) next * 1000);
        }
      dyno_live_get (race->live, dyno_live_find (race->live, DYNO_CHANNEL_RPM), &reading);
      dyno_live_now_us (race->live);
      if (was_done && n == 0)
        break;
    }
  g_assert_cmpfloat (next, ==, 15000);
  g_free (t_us);
  g_free (values);

  return NULL;
}

static void
test_threads (Fixture       *f,
              gconstpointer  unused)
{
  Race race = { f->live, 0 };
  GThread *threads[4];

  for (int i = 0; i < 124; i++)
    dyno_live_add (f->live, "a", DYNO_QUANTITY_NONE);
  threads[0] = g_thread_new ("write", write_thread, &race);
  for (gsize i = 1; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("read", read_thread, &race);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/live/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("names-and-binding", test_names_and_binding);
  ADD ("since-my-index", test_since_my_index);
  ADD ("overrun", test_overrun);
  ADD ("many-channels", test_many_channels);
  ADD ("age", test_age);
  ADD ("age-of-slow-channel", test_age_of_slow_channel);
  ADD ("state-of-writer", test_state_of_writer);
  ADD ("nan-is-no-value", test_nan_is_no_value);
  ADD ("clear-begins-anew", test_clear_begins_anew);
  ADD ("now-is-even", test_now_is_even);
  ADD ("threads", test_threads);
#undef ADD

  return g_test_run ();
}
