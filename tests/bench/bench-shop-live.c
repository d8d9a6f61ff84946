/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The live ring: what a sample costs the writer, and the longest that the lock is
 * held (house.md 6: under 50 µs), a JSON line a figure. */

#include "config.h"

#include "dyno-live.h"

#include <math.h>

#define N_CHANNELS 104
#define N_ROUNDS 20000

static void
print_figure (const char *name,
              double      value,
              const char *unit)
{
  g_print ("{\"bench\":\"shop-live\",\"figure\":\"%s\",\"value\":%.4f,\"unit\":\"%s\"}\n", name,
           value, unit);
}

int
main (void)
{
  g_autoptr(DynoLive) live = dyno_live_new (dyno_clock_get_system ());
  gint64 t_us[DYNO_LIVE_MAX_COPY];
  double values[DYNO_LIVE_MAX_COPY];
  DynoLiveReading reading;
  gint64 begin;
  double copy_us = INFINITY;

  for (int i = 0; i < N_CHANNELS; i++)
    dyno_live_add (live, "", DYNO_QUANTITY_NONE);
  for (int i = 0; i < 3; i++)
    {
      t_us[i] = i * 20000;
      values[i] = i;
    }

  /* A datagram of 50 ms brings two or three samples a channel. */
  begin = g_get_monotonic_time ();
  for (int round = 0; round < N_ROUNDS; round++)
    dyno_live_append (live, (guint) round % N_CHANNELS, 3, t_us, values);
  print_figure ("append_us_per_sample",
                (double) (g_get_monotonic_time () - begin) / (3.0 * N_ROUNDS), "us");

  for (int i = 0; i < DYNO_LIVE_CAPACITY; i++)
    dyno_live_append (live, 0, 1, t_us, values);
  for (int i = 0; i < 100; i++)
    {
      DynoLiveCursor cursor = DYNO_LIVE_CURSOR_INIT;

      begin = g_get_monotonic_time ();
      for (int k = 0; k < 16; k++)
        dyno_live_read (live, 0, &cursor, t_us, values, G_MAXSIZE);
      copy_us = fmin (copy_us, (double) (g_get_monotonic_time () - begin) / 16);
    }
  print_figure ("lock_for_longest_copy_us", copy_us, "us");

  begin = g_get_monotonic_time ();
  for (int i = 0; i < N_ROUNDS; i++)
    dyno_live_get (live, i % N_CHANNELS, &reading);
  print_figure ("get_us", (double) (g_get_monotonic_time () - begin) / N_ROUNDS, "us");

  return 0;
}
