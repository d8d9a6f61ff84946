/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-rowwise.h"
#include "dyno-test-log.h"
#include "dyno-test-plant.h"
#include "dyno-test.h"

/* The throttle of a log at 50 Hz. `bits` may be NULL and is taken over. */
static DynoSamples *
throttle_samples (const double *time_s,
                  const double *tps,
                  gsize         n,
                  guint8       *bits,
                  guint8       *excluded)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  double *time = g_new (double, n);
  guint column;

  for (gsize i = 0; i < n; i++)
    time[i] = time_s != NULL ? time_s[i] : (double) i * 0.02;
  dyno_samples_builder_take_time (builder, time);
  column = dyno_samples_builder_take (builder, "tps", "", DYNO_CHANNEL_TPS, dyno_unit_find ("%"),
                                      g_memdup2 (tps, n * sizeof *tps));
  if (bits != NULL)
    dyno_samples_builder_take_updates (builder, column, bits);
  if (excluded != NULL)
    dyno_samples_builder_take_excluded (builder, excluded);

  return dyno_samples_builder_finish (builder);
}

static void
test_own_readings (void)
{
  double tps[20];
  g_autoptr(DynoSamples) samples = NULL;
  g_auto (DynoRowwise) held = { .owned = NULL };
  DynoRowwise none;

  for (gsize i = 0; i < 20; i++)
    tps[i] = (double) (i * 7 % 20);
  samples = throttle_samples (NULL, tps, 20, NULL, NULL);
  held = dyno_rowwise_open (samples, DYNO_CHANNEL_TPS);
  for (gsize i = 0; i < 20; i++)
    dyno_assert_near (dyno_numbers_at (&held.numbers, i), tps[i], 0);
  g_assert_null (held.owned);
  none = dyno_rowwise_open (samples, DYNO_CHANNEL_MAP);
  g_assert_true (dyno_numbers_is_null (&none.numbers));
}

/* Two readings with bits, in rows 2 and 6: a line between them, nothing outside. */
static void
test_update_bits (void)
{
  const double tps[] = { 9, 9, 10, 10, 10, 10, 20, 20 };
  guint8 *bits = g_new0 (guint8, 2);
  g_autoptr(DynoSamples) samples = NULL;
  g_auto (DynoRowwise) held = { .owned = NULL };

  bits[0] = 1 << 2 | 1 << 6;
  samples = throttle_samples (NULL, tps, 8, bits, NULL);
  held = dyno_rowwise_open (samples, DYNO_CHANNEL_TPS);
  g_assert_true (isnan (dyno_numbers_at (&held.numbers, 1)) && isnan (dyno_numbers_at (&held.numbers, 7)));
  dyno_assert_near (dyno_numbers_at (&held.numbers, 4), 15, 1e-12);
  dyno_assert_near (dyno_numbers_at (&held.numbers, 6), 20, 1e-12);
}

/* A value every four rows, held in between: a ramp, not a stair. */
static void
test_held (void)
{
  double tps[80];
  g_autoptr(DynoSamples) samples = NULL;
  g_auto (DynoRowwise) held = { .owned = NULL };

  for (gsize i = 0; i < 80; i++)
    tps[i] = (double) (i / 4);
  samples = throttle_samples (NULL, tps, 80, NULL, NULL);
  held = dyno_rowwise_open (samples, DYNO_CHANNEL_TPS);
  for (gsize i = 0; i < 76; i++)
    dyno_assert_near (dyno_numbers_at (&held.numbers, i), (double) i / 4, 1e-12);
}

/* A throttle that stands for seconds and snaps: a step stays a step. */
static void
test_snap (void)
{
  double tps[400];
  g_autoptr(DynoSamples) samples = NULL;
  g_auto (DynoRowwise) held = { .owned = NULL };

  for (gsize i = 0; i < 400; i++)
    tps[i] = i / 100 % 2 == 0 ? 10 : 60;
  samples = throttle_samples (NULL, tps, 400, NULL, NULL);
  held = dyno_rowwise_open (samples, DYNO_CHANNEL_TPS);
  for (gsize i = 0; i < 400; i++)
    dyno_assert_near (dyno_numbers_at (&held.numbers, i), tps[i], 0);
}

/* Missing rows are bridged, a gap of the log is not; brushed rows are missing. */
static void
test_gaps (void)
{
  double time[30];
  double tps[30];
  guint8 *excluded = g_new0 (guint8, 4);
  g_autoptr(DynoSamples) samples = NULL;
  g_auto (DynoRowwise) held = { .owned = NULL };

  for (gsize i = 0; i < 30; i++)
    {
      time[i] = (double) i * 0.02 + (i >= 20 ? 5 : 0);
      tps[i] = (double) i + (i % 2 == 0 ? 0 : 0.5);
    }
  tps[10] = tps[19] = tps[20] = NAN;
  excluded[3] = 1 << 1; /* row 25 */
  samples = throttle_samples (time, tps, 30, NULL, excluded);
  held = dyno_rowwise_open (samples, DYNO_CHANNEL_TPS);
  dyno_assert_near (dyno_numbers_at (&held.numbers, 10), (tps[9] + tps[11]) / 2, 1e-9);
  g_assert_true (isnan (dyno_numbers_at (&held.numbers, 19)) && isnan (dyno_numbers_at (&held.numbers, 20)) && isnan (dyno_numbers_at (&held.numbers, 25)));
  dyno_assert_near (dyno_numbers_at (&held.numbers, 24), tps[24], 0);
}

static void
test_require (void)
{
  static const DynoChannel needed[] = { DYNO_CHANNEL_TIME, DYNO_CHANNEL_RPM, DYNO_CHANNEL_TPS,
                                        DYNO_CHANNEL_NONE };
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (5);
  g_autoptr(DynoVeResult) result = dyno_test_plant_analyse (plant, NULL);
  g_autoptr(DynoAdvice) advice = dyno_advice_new ("decel");

  dyno_rowwise_require (advice, result->set, needed);
  g_assert_cmpuint (advice->missing->len, ==, 1);
  g_assert_true (dyno_test_lacks (advice, "tps"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/rowwise/own-readings", test_own_readings);
  g_test_add_func ("/analysis/rowwise/update-bits", test_update_bits);
  g_test_add_func ("/analysis/rowwise/held", test_held);
  g_test_add_func ("/analysis/rowwise/snap", test_snap);
  g_test_add_func ("/analysis/rowwise/gaps", test_gaps);
  g_test_add_func ("/analysis/rowwise/require", test_require);

  return g_test_run ();
}
