/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Speed and memory of the VE analysis on columns in memory: a log of 15 columns
 * at 50 Hz, recorded by the virtual bike and repeated. */

#include "config.h"

#include "dyno-analysis.h"
#include "dyno-bench-bike.h"
#include "dyno-bench.h"
#include "dyno-explain.h"

#include <stdlib.h>
#include <unistd.h>

#define N_COLUMNS 14 /* of the bike */

/* Every cell held for 3 s, throttle snaps between them. (transfer full) */
static GArray *
record_pattern (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (1, 1);
  g_autoptr(DynoGrid) error = dyno_bike_demo_error ();
  GArray *pattern = g_array_new (FALSE, FALSE, sizeof (DynoBikeReading));

  dyno_bike_mixture_set_error (dyno_bike_mixture (bike), error, 1.5);
  dyno_bike_place (bike, 2000);
  for (guint cell = 0; pattern->len < DYNO_BENCH_PATTERN_ROWS; cell++)
    {
      dyno_bike_command_hold (bike, 2000 + 500 * (cell / 7 % 8), 35 + 10 * (cell % 7), 0.5);
      dyno_bench_bike_record (pattern, bike, sensors, 150);
    }

  return pattern;
}

/* `leave_out` is DYNO_CHANNEL_NONE for all columns. */
static DynoSamples *
repeat_pattern (const GArray *pattern,
                gsize         n,
                DynoChannel   leave_out)
{
  const DynoChannel channels[] = { leave_out, DYNO_CHANNEL_NONE };

  return dyno_samples_builder_finish (dyno_bench_bike_builder (pattern, n, channels));
}

static void
figure (const char *what,
        gsize       n,
        double      value,
        const char *unit)
{
  g_autofree char *name = g_strdup_printf ("%s_%zu", what, n);

  dyno_bench_figure (name, value, unit);
}

static double
measure (DynoSamples *samples,
         const char  *delay,
         gint64      *best_us)
{
  double accepted = 0;

  *best_us = G_MAXINT64;
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
      g_autoptr(DynoVeResult) result = NULL;
      gint64 begin_us;

      dyno_ve_options_set_text (options, "delay", delay, NULL);
      begin_us = dyno_bench_thread_us ();
      result = dyno_analysis_run (&samples, 1, options, NULL, NULL, NULL);
      *best_us = MIN (*best_us, dyno_bench_thread_us () - begin_us);
      accepted = (double) result->cylinders[0].counts[DYNO_GATE_ACCEPTED]
                 / (double) result->n_rows;
    }

  return accepted;
}

static void
measure_trace (DynoSamples *samples,
               gsize        n)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = dyno_analysis_run (&samples, 1, options, NULL, NULL, NULL);
  g_autoptr(DynoVeSamples) first = NULL;
  g_autoptr(DynoVeSamples) second = NULL;
  gint64 begin_us = dyno_bench_now_us ();

  first = dyno_ve_result_cell_samples (result, 0, 3 * 9 + 3);
  figure ("trace_first", n, (double) (dyno_bench_now_us () - begin_us) / 1000, "ms");
  begin_us = dyno_bench_now_us ();
  second = dyno_ve_result_cell_samples (result, 0, 4 * 9 + 4);
  figure ("trace_next", n, (double) (dyno_bench_now_us () - begin_us) / 1000, "ms");
}

/* One sensor, one cylinder. */
static void
measure_front (const GArray *pattern,
               gsize         n)
{
  g_autoptr(DynoSamples) samples = repeat_pattern (pattern, n, DYNO_CHANNEL_MIX_R);
  gint64 us;

  measure (samples, "flow", &us);
  figure ("gate_bin_smooth_front", n, (double) n / (double) us, "Mrows/s");
}

static void
bench_rows (const GArray *pattern,
            gsize         n)
{
  g_autoptr(DynoSamples) samples = repeat_pattern (pattern, n, DYNO_CHANNEL_NONE);
  double columns_mib = dyno_bench_rss_mib ();
  double accepted;
  gint64 us;

  accepted = measure (samples, "flow", &us);
  figure ("accepted", n, 100 * accepted, "%");
  figure ("gate_bin_smooth", n, (double) n / (double) us, "Mrows/s");
  figure ("gate_bin_smooth_time", n, (double) us / 1000, "ms");
  figure ("extra_bytes", n, (dyno_bench_peak_mib () - columns_mib) * 1048576 / (double) n, "B/row");
  measure (samples, "auto", &us);
  figure ("with_auto_delay_time", n, (double) us / 1000, "ms");
  figure ("extra_bytes_auto", n, (dyno_bench_peak_mib () - columns_mib) * 1048576 / (double) n,
          "B/row");
  measure_trace (samples, n);
  g_clear_pointer (&samples, dyno_samples_unref);
  measure_front (pattern, n);
}

/* Fifty million rows are 6 GB of columns: only where there is room for them. */
static gboolean
has_room (gsize n)
{
  double wanted_mib = (double) n * (N_COLUMNS + 2) * sizeof (double) / 1048576;
  double there_mib = (double) sysconf (_SC_AVPHYS_PAGES) * (double) sysconf (_SC_PAGESIZE) / 1048576;

  if (wanted_mib > there_mib)
    g_printerr ("%zu rows left out: they take %.0f MiB, %.0f are free\n", n, wanted_mib, there_mib);

  return wanted_mib <= there_mib;
}

int
main (int    argc,
      char **argv)
{
  static const gsize sizes[] = { 36000, 100000, 1000000, 5000000, 50000000 };
  g_autoptr(GArray) pattern = record_pattern ();

  dyno_bench_begin ("analysis-ve");
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      if (has_room (sizes[i]))
        bench_rows (pattern, sizes[i]);
    }

  return EXIT_SUCCESS;
}
