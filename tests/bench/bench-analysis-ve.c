/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Speed and memory of the VE analysis on columns in memory: a log of 15 columns
 * at 50 Hz, recorded by the virtual bike and repeated. */

#include "config.h"

#include "dyno-analysis.h"
#include "dyno-bench.h"
#include "dyno-bike-sensors.h"
#include "dyno-explain.h"

#include <stdlib.h>
#include <unistd.h>

#define ROW_MS 20
#define PATTERN_ROWS 20000

typedef struct
{
  DynoChannel channel;
  const char *unit;
  gsize       offset;
} Column;

#define AT(field) G_STRUCT_OFFSET (DynoBikeReading, field)

static const Column columns[] = {
  { DYNO_CHANNEL_RPM, "rpm", AT (rpm) },
  { DYNO_CHANNEL_MAP, "kPa", AT (map_kpa) },
  { DYNO_CHANNEL_TPS, "%", AT (tps_pct) },
  { DYNO_CHANNEL_IAT, "°C", AT (iat_c) },
  { DYNO_CHANNEL_ENGINE_TEMP, "°C", AT (engine_c) },
  { DYNO_CHANNEL_MIX_F, "AFR", AT (afr) },
  { DYNO_CHANNEL_MIX_R, "AFR", AT (afr) + sizeof (double) },
  { DYNO_CHANNEL_TARGET, "AFR", AT (target_afr) },
  { DYNO_CHANNEL_TORQUE, "N·m", AT (torque_nm) },
  { DYNO_CHANNEL_POWER, "kW", AT (power_kw) },
  { DYNO_CHANNEL_FORCE, "N", AT (force_n) },
  { DYNO_CHANNEL_SPEED, "km/h", AT (speed_kmh) },
  { DYNO_CHANNEL_BARO, "kPa", AT (baro_kpa) },
  { DYNO_CHANNEL_AMBIENT_TEMP, "°C", AT (ambient_c) },
};

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
  for (guint cell = 0; pattern->len < PATTERN_ROWS; cell++)
    {
      dyno_bike_command_hold (bike, 2000 + 500 * (cell / 7 % 8), 35 + 10 * (cell % 7), 0.5);
      for (guint i = 0; i < 150; i++)
        {
          DynoBikeReading reading;

          dyno_bike_advance (bike, ROW_MS);
          dyno_bike_sensors_read (sensors, dyno_bike_state (bike), &reading);
          g_array_append_val (pattern, reading);
        }
    }

  return pattern;
}

/* `leave_out` is DYNO_CHANNEL_NONE for all columns. */
static DynoSamples *
repeat_pattern (const GArray *pattern,
                gsize         n,
                DynoChannel   leave_out)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);
  double *time = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    time[i] = (double) i * ROW_MS / 1000;
  dyno_samples_builder_take_time (builder, time);
  for (gsize c = 0; c < G_N_ELEMENTS (columns); c++)
    {
      double *values;

      if (columns[c].channel == leave_out)
        continue;
      values = g_new (double, n);
      for (gsize i = 0; i < n; i++)
        {
          const char *reading = (const char *) &g_array_index (pattern, DynoBikeReading,
                                                               i % PATTERN_ROWS);

          values[i] = *(const double *) (gconstpointer) (reading + columns[c].offset);
        }
      dyno_samples_builder_take (builder, dyno_channel_info (columns[c].channel)->name, "",
                                 columns[c].channel, dyno_unit_find (columns[c].unit), values);
    }

  return dyno_samples_builder_finish (builder);
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
  double wanted_mib = (double) n * (G_N_ELEMENTS (columns) + 2) * sizeof (double) / 1048576;
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
