/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Modes, surfaces, causes and plan of a log in memory: 50 Hz, both cylinders, spark
 * and knock, engine speed and load wandering over the map. Processor time. */

#include "config.h"

#include "dyno-analysis.h"
#include "dyno-bench.h"
#include "dyno-outlook.h"

#include <math.h>

static double
value_at (DynoChannel channel,
          double      t)
{
  double load = 0.5 + 0.5 * sin (t / 7);

  if (channel == DYNO_CHANNEL_RPM)
    return 3500 + 2200 * sin (t / 11);
  if (channel == DYNO_CHANNEL_MAP)
    return 30 + 68 * load;
  if (channel == DYNO_CHANNEL_TPS)
    return 100 * load;
  if (channel == DYNO_CHANNEL_IAT)
    return 35;
  if (channel == DYNO_CHANNEL_SPARK_F || channel == DYNO_CHANNEL_SPARK_R)
    return 32 - 6 * load;
  if (channel == DYNO_CHANNEL_KNOCK)
    return load > 0.95 ? 1 : 0;

  return channel == DYNO_CHANNEL_TARGET ? 13 : 13.2 + 0.1 * sin (t * 3);
}

static DynoSamples *
make_samples (gsize n)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_RPM,     DYNO_CHANNEL_MAP,
                                          DYNO_CHANNEL_TPS,     DYNO_CHANNEL_IAT,
                                          DYNO_CHANNEL_MIX_F,   DYNO_CHANNEL_MIX_R,
                                          DYNO_CHANNEL_TARGET,  DYNO_CHANNEL_SPARK_F,
                                          DYNO_CHANNEL_SPARK_R, DYNO_CHANNEL_KNOCK };
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  double *time = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    time[i] = (double) i * 0.02;
  for (gsize c = 0; c < G_N_ELEMENTS (channels); c++)
    {
      const DynoChannelInfo *info = dyno_channel_info (channels[c]);
      double *values = g_new (double, n);

      for (gsize i = 0; i < n; i++)
        values[i] = value_at (channels[c], time[i]);
      dyno_samples_builder_take (builder, info->name, "", channels[c],
                                 dyno_unit_find (dyno_channel_is_mixture (channels[c])
                                                     ? "AFR" : info->unit), values);
    }
  dyno_samples_builder_take_time (builder, time);

  return dyno_samples_builder_finish (builder);
}

static void
figure (const char *what,
        gsize       n,
        gint64      begin_us)
{
  g_autofree char *name = g_strdup_printf ("%s_%zu", what, n);

  dyno_bench_figure (name, (double) (dyno_bench_thread_us () - begin_us) / 1000, "ms");
}

static void
bench_rows (gsize n)
{
  g_autoptr(DynoSamples) samples = make_samples (n);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = NULL;
  g_autoptr(DynoModes) modes = NULL;
  g_autoptr(DynoSurfaces) surfaces = NULL;
  g_autoptr(DynoOutlook) outlook = NULL;
  gint64 begin_us;

  dyno_ve_options_set_text (options, "delay", "flow", NULL);
  result = dyno_analysis_run (&samples, 1, options, NULL, NULL, NULL);
  begin_us = dyno_bench_thread_us ();
  modes = dyno_modes_find (result->set, NULL);
  figure ("modes", n, begin_us);
  begin_us = dyno_bench_thread_us ();
  surfaces = dyno_surfaces_make (result->set, modes, NULL);
  figure ("surfaces", n, begin_us);
  begin_us = dyno_bench_thread_us ();
  outlook = dyno_outlook_make (result, NULL, NULL);
  figure ("outlook", n, begin_us);
}

int
main (int    argc,
      char **argv)
{
  dyno_bench_begin ("analysis-plan");
  bench_rows (100000);
  bench_rows (1000000);

  return 0;
}
