/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Speed and memory of the advisers over a VE result: a log of 15 columns at 50 Hz
 * with throttle snaps, decelerations and knock, recorded by the virtual bike and
 * repeated. The original needs 3.67 s for the transients of 100 k rows. */

#include "config.h"

#include "dyno-advise.h"
#include "dyno-analysis.h"
#include "dyno-bench-bike.h"
#include "dyno-bench.h"
#include "dyno-factors.h"

#define ROUNDS 5

/* Cells held for 3 s; every fourth time the throttle snaps open and shut. */
static GArray *
record_pattern (void)
{
  g_autoptr(DynoBike) bike = dyno_bike_new (dyno_bike_engine_find ("twin114"));
  g_autoptr(DynoBikeSensors) sensors = dyno_bike_sensors_new (1, 1);
  GArray *pattern = g_array_new (FALSE, FALSE, sizeof (DynoBikeReading));

  dyno_bike_place (bike, 2000);
  for (guint cell = 0; pattern->len < DYNO_BENCH_PATTERN_ROWS; cell++)
    {
      if (cell % 4 == 3)
        dyno_bike_command_throttle (bike, cell % 8 == 3 ? 90 : 0, 300);
      else
        dyno_bike_command_hold (bike, 2000 + 500 * (cell / 7 % 8), 35 + 10 * (cell % 7), 0.5);
      dyno_bench_bike_record (pattern, bike, sensors, 150);
    }

  return pattern;
}

/* Knock in one row of 97, a battery that wanders. */
static void
take_made_columns (DynoSamplesBuilder *builder,
                   gsize               n)
{
  double *knock = g_new (double, n);
  double *volts = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    {
      knock[i] = i % 97 == 0 ? 1 + (double) (i % 3) : 0;
      volts[i] = 13.5 + 0.01 * (double) (i * 7 % 50);
    }
  dyno_samples_builder_take (builder, "knock", "", DYNO_CHANNEL_KNOCK, dyno_unit_find ("deg"),
                             knock);
  dyno_samples_builder_take (builder, "vbatt", "", DYNO_CHANNEL_VBATT, dyno_unit_find ("V"),
                             volts);
}

static DynoSamples *
repeat_pattern (const GArray *pattern,
                gsize         n)
{
  const DynoChannel leave_out[] = { DYNO_CHANNEL_FORCE, DYNO_CHANNEL_SPEED, DYNO_CHANNEL_NONE };
  DynoSamplesBuilder *builder = dyno_bench_bike_builder (pattern, n, leave_out);

  take_made_columns (builder, n);

  return dyno_samples_builder_finish (builder);
}

static void
run_transient (const DynoVeResult *result)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    dyno_transient_free (dyno_transient_of_result (result, c, NULL));
}

static void
run_decel (const DynoVeResult *result)
{
  dyno_decel_free (dyno_decel_of_result (result, NULL));
}

static void
run_heat (const DynoVeResult *result)
{
  dyno_heat_free (dyno_heat_of_result (result, NULL));
}

static void
run_knock (const DynoVeResult *result)
{
  dyno_knock_free (dyno_knock_new (result, NULL));
}

static void
run_all (const DynoVeResult *result)
{
  dyno_advices_free (dyno_advise_run (result, NULL, NULL));
}

static const struct
{
  const char *name;
  void      (*run) (const DynoVeResult *result);
} parts[] = {
  { "knock", run_knock },         { "decel", run_decel }, { "transient", run_transient },
  { "heat", run_heat },           { "all_advisers", run_all },
};

static void
measure_part (const DynoVeResult *result,
              gsize               part,
              gsize               n)
{
  g_autofree char *name = g_strdup_printf ("%s_%zu", parts[part].name, n);
  double best_ms = G_MAXDOUBLE;

  for (guint round = 0; round < ROUNDS; round++)
    {
      gint64 begin_us = dyno_bench_thread_us ();

      parts[part].run (result);
      best_ms = MIN (best_ms, (double) (dyno_bench_thread_us () - begin_us) / 1000);
    }
  dyno_bench_figure (name, best_ms, "ms");
}

static void
bench_rows (const GArray *pattern,
            gsize         n)
{
  g_autoptr(DynoSamples) samples = repeat_pattern (pattern, n);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = NULL;
  g_autofree char *extra = g_strdup_printf ("extra_bytes_%zu", n);
  g_autofree char *events = g_strdup_printf ("transient_events_%zu", n);
  g_autoptr(DynoAdvices) advices = NULL;
  double before_mib;

  options->delay = DYNO_DELAY_FLOW;
  result = dyno_analysis_run (&samples, 1, options, NULL, NULL, NULL);
  before_mib = dyno_bench_rss_mib ();
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    measure_part (result, i, n);
  dyno_bench_figure (extra, (dyno_bench_peak_mib () - before_mib) * 1048576 / (double) n, "B/row");
  advices = dyno_advise_run (result, NULL, NULL);
  dyno_bench_figure (events, advices->transients[0]->events->len, "");
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GArray) pattern = record_pattern ();

  dyno_bench_begin ("analysis-advise");
  bench_rows (pattern, 100000);
  bench_rows (pattern, 1000000);
  bench_rows (pattern, 5000000);

  return 0;
}
