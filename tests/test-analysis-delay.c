/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-analysis.h"
#include "dyno-test.h"

/* Logs of an engine that is driven as on the road: throttle and speed change every few
 * seconds and slowly, the table is off by up to 9 %, the sensor's noise is 0.1 AFR. */

#define SECONDS 600
#define STEP_S 0.005
#define N_STEPS 120000 /* of STEP_S */

typedef struct
{
  double rpm[N_STEPS];
  double map[N_STEPS];
} Drive;

static Drive *
drive (GRand *rand)
{
  Drive *self = g_new (Drive, 1);
  double rpm = 3000;
  double map = 60;
  double to_rpm = rpm;
  double to_map = map;
  double next_s = 0;

  for (int i = 0; i < N_STEPS; i++)
    {
      if (i * STEP_S >= next_s)
        {
          to_rpm = g_rand_double_range (rand, 1800, 5500);
          to_map = g_rand_double_range (rand, 35, 98);
          next_s += g_rand_double_range (rand, 1, 4);
        }
      rpm += (to_rpm - rpm) * STEP_S / 0.6;
      map += (to_map - map) * STEP_S / 0.25;
      self->rpm[i] = rpm;
      self->map[i] = map;
    }

  return self;
}

static double
target_of (double map)
{
  return 14.7 - 2.5 * CLAMP ((map - 35) / 60, 0, 1);
}

static double
noise (GRand *rand)
{
  double sum = -6;

  for (int i = 0; i < 12; i++)
    sum += g_rand_double (rand);

  return 0.1 * sum;
}

#define BY_FLOW (-1.0)
#define IS_NOISE (-2.0) /* 14.7 and noise, whatever the engine does and the table wants */

static double
read_mixture (const Drive *self,
              int          i,
              double       tau_s,
              GRand       *rand)
{
  double tau = tau_s >= 0 || tau_s == IS_NOISE ? tau_s
                          : CLAMP (0.02 + 0.12 * 180000 / (self->rpm[i] * self->map[i]), 0.04, 0.6);
  int j = MAX (i - (int) rint (fmax (tau, 0) / STEP_S), 0);
  double error = 1 + 0.05 * sin (self->rpm[j] / 900) + 0.04 * cos (self->map[j] / 15);

  return (tau_s == IS_NOISE ? 14.7 : target_of (self->map[j]) * error) + noise (rand);
}

static DynoSamples *
log_of (const Drive *self,
        int          rate_hz,
        double       tau_s,
        GRand       *rand)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_RPM, DYNO_CHANNEL_MAP,
                                          DYNO_CHANNEL_TARGET_F, DYNO_CHANNEL_MIX_F };
  static const char *const units[] = { "rpm", "kPa", "AFR", "AFR" };
  gsize n = (gsize) SECONDS * (gsize) rate_hz;
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  double *values[G_N_ELEMENTS (channels)];
  double *time_s = g_new (double, n);

  for (guint c = 0; c < G_N_ELEMENTS (channels); c++)
    values[c] = g_new (double, n);
  for (gsize k = 0; k < n; k++)
    {
      int i = (int) (k * N_STEPS / n);

      time_s[k] = (double) k / rate_hz;
      values[0][k] = self->rpm[i];
      values[1][k] = self->map[i];
      values[2][k] = target_of (self->map[i]);
      values[3][k] = read_mixture (self, i, tau_s, rand);
    }
  dyno_samples_builder_take_time (builder, time_s);
  for (guint c = 0; c < G_N_ELEMENTS (channels); c++)
    dyno_samples_builder_take (builder, units[c], "", channels[c], dyno_unit_find (units[c]),
                               values[c]);

  return dyno_samples_builder_finish (builder);
}

static DynoVeResult *
analyse (DynoSamples *samples)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoAnalysisError) error = NULL;
  DynoVeResult *result = dyno_analysis_run (&samples, 1, options, NULL, NULL, &error);

  g_assert_null (error);

  return result;
}

static void
test_planted (gconstpointer rate_hz)
{
  static const double planted_ms[] = { 40, 200, 640, 990 };
  g_autoptr(GRand) rand = g_rand_new_with_seed (11);

  for (guint p = 0; p < G_N_ELEMENTS (planted_ms); p++)
    {
      g_autofree Drive *driven = drive (rand);
      g_autoptr(DynoSamples) samples
        = log_of (driven, GPOINTER_TO_INT (rate_hz), planted_ms[p] / 1000, rand);
      g_autoptr(DynoVeResult) result = analyse (samples);
      const DynoDelay *delay = &result->cylinders[0].delay;

      for (guint b = 0; b < delay->n_bins; b++)
        {
          g_assert_cmpint (delay->bins[b].verdict, ==, DYNO_DELAY_ACCEPTED);
          dyno_assert_near (delay->bins[b].tau_ms, planted_ms[p], 15);
        }
    }
}

/* Where the gas's flow makes the delay, ranges of flow keep their own, or the model. */
static void
test_by_flow (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (12);
  g_autofree Drive *driven = drive (rand);
  g_autoptr(DynoSamples) samples = log_of (driven, 50, BY_FLOW, rand);
  g_autoptr(DynoVeResult) result = analyse (samples);
  const DynoDelay *delay = &result->cylinders[0].delay;

  for (double flow = 100000; flow < 500000; flow += 20000)
    dyno_assert_near (dyno_delay_s (delay, flow / 60, 60), 0.02 + 0.12 * 180000 / flow, 0.06);
}

/* A mixture that is noise alone, however the engine is driven, says nothing. */
static void
test_nothing_to_follow (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (13);

  for (int i = 0; i < 8; i++)
    {
      g_autofree Drive *driven = drive (rand);
      g_autoptr(DynoSamples) samples = log_of (driven, 20, IS_NOISE, rand);
      g_autoptr(DynoVeResult) result = analyse (samples);

      for (guint b = 0; b < result->cylinders[0].delay.n_bins; b++)
        g_assert_cmpint (result->cylinders[0].delay.bins[b].verdict, !=, DYNO_DELAY_ACCEPTED);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/analysis/delay/planted-20-hz", GINT_TO_POINTER (20), test_planted);
  g_test_add_data_func ("/analysis/delay/planted-50-hz", GINT_TO_POINTER (50), test_planted);
  g_test_add_func ("/analysis/delay/by-flow", test_by_flow);
  g_test_add_func ("/analysis/delay/nothing-to-follow", test_nothing_to_follow);

  return g_test_run ();
}
