/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-align.h"
#include "dyno-noise.h"
#include "dyno-test.h"

#include <math.h>

static DynoTrack
track (DynoChannel   channel,
       const gint64 *t_us,
       const double *values,
       gsize         n)
{
  DynoTrack made = { dyno_channel_info (channel)->name, "", channel, dyno_unit_none (), 1, 0, n,
                     t_us, values };

  return made;
}

/* Rows are the union of all stamps; nothing is held. */
static void
test_union (void)
{
  const gint64 rpm_us[] = { 1000000, 1050000, 1100000 };
  const double rpm[] = { 2000, 2100, 2200 };
  const gint64 map_us[] = { 1050000, 1070000 };
  const double map[] = { 60, 61 };
  const DynoTrack tracks[] = { track (DYNO_CHANNEL_RPM, rpm_us, rpm, 3),
                               track (DYNO_CHANNEL_MAP, map_us, map, 2) };
  g_autoptr(DynoSamples) samples = dyno_align (tracks, 2, 1000000);
  const DynoColumn *a = dyno_samples_find (samples, DYNO_CHANNEL_RPM);
  const DynoColumn *b = dyno_samples_find (samples, DYNO_CHANNEL_MAP);

  g_assert_cmpuint (dyno_samples_n_rows (samples), ==, 4);
  dyno_assert_near (dyno_samples_time (samples)[2], 0.07, 1e-12);
  g_assert_cmpfloat (dyno_column_value (a, 1), ==, 2100);
  g_assert_true (isnan (dyno_column_value (a, 2)));
  g_assert_true (isnan (dyno_column_value (b, 0)));
  g_assert_cmpfloat (dyno_column_value (b, 2), ==, 61);
  g_assert_cmphex (a->updates[0], ==, 0x0B);
  g_assert_cmphex (b->updates[0], ==, 0x06);
}

static void
test_double_stamp_is_two_rows (void)
{
  const gint64 t_us[] = { 5, 5, 7 };
  const double values[] = { 1, 2, 3 };
  const DynoTrack tracks[] = { track (DYNO_CHANNEL_RPM, t_us, values, 3) };
  g_autoptr(DynoSamples) samples = dyno_align (tracks, 1, 0);

  g_assert_cmpuint (dyno_samples_n_rows (samples), ==, 3);
  g_assert_cmpfloat (dyno_column_value (dyno_samples_find (samples, DYNO_CHANNEL_RPM), 1), ==, 2);
}

static void
test_nothing (void)
{
  const DynoTrack empty = track (DYNO_CHANNEL_RPM, NULL, NULL, 0);
  g_autoptr(DynoSamples) none = dyno_align (NULL, 0, 0);
  g_autoptr(DynoSamples) one = dyno_align (&empty, 1, 0);

  g_assert_cmpuint (dyno_samples_n_rows (none), ==, 0);
  g_assert_cmpuint (dyno_samples_n_rows (one), ==, 0);
  g_assert_cmpuint (dyno_samples_n_columns (one), ==, 1);
}

/* Every reading is found again, once, in its order. */
static void
test_no_reading_is_lost (void)
{
  enum { TRACKS = 3, N = 400 };
  static const DynoChannel channels[] = { DYNO_CHANNEL_RPM, DYNO_CHANNEL_MAP, DYNO_CHANNEL_TPS };
  gint64 t_us[TRACKS][N];
  double values[TRACKS][N];
  DynoTrack tracks[TRACKS];
  g_autoptr(DynoSamples) samples = NULL;
  DynoNoise noise;

  dyno_noise_init (&noise, 4, 0);
  for (guint k = 0; k < TRACKS; k++)
    {
      gint64 t = 0;

      for (guint i = 0; i < N; i++)
        {
          t += (gint64) (dyno_noise_bits (&noise) % 5);
          t_us[k][i] = t;
          values[k][i] = dyno_noise_uniform (&noise);
        }
      tracks[k] = track (channels[k], t_us[k], values[k], N);
    }
  samples = dyno_align (tracks, TRACKS, 0);
  for (guint k = 0; k < TRACKS; k++)
    {
      const DynoColumn *column = dyno_samples_find (samples, channels[k]);
      guint found = 0;

      for (gsize row = 0; row < dyno_samples_n_rows (samples); row++)
        {
          gboolean is_update = (column->updates[row / 8] >> (row % 8) & 1) != 0;

          g_assert_cmpint (is_update, ==, !isnan (dyno_column_value (column, row)));
          if (!is_update)
            continue;
          g_assert_cmpfloat (dyno_column_value (column, row), ==, values[k][found]);
          dyno_assert_near (dyno_samples_time (samples)[row], (double) t_us[k][found] / 1e6, 1e-12);
          found++;
        }
      g_assert_cmpuint (found, ==, N);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/align/union", test_union);
  g_test_add_func ("/analysis/align/double-stamp", test_double_stamp_is_two_rows);
  g_test_add_func ("/analysis/align/nothing", test_nothing);
  g_test_add_func ("/analysis/align/no-reading-is-lost", test_no_reading_is_lost);

  return g_test_run ();
}
