/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bench-rows.h"
#include "dyno-bench.h"
#include "dyno-import.h"
#include "dyno-test-source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A log of 48 MiB (or so many MiB as the first argument says) of each kind, imported
 * whole by one thread. MB are 10^6 bytes of processor time. */

#define N_ROUNDS 3

typedef struct
{
  const char     *id;
  const char     *head;       /* all above the first row */
  DynoBenchStamp  stamp;
  guint           step_ms;
  const char     *formats[9]; /* of the cells behind the stamp, with what stands between; */
                              /* "" is a number that is missing in four rows of five */
  const char     *end;        /* of a row */
} Kind;

#define PV_SIGNALS \
  "\"Dynojet Power Vision Log File\"\n\n\"Format:\",\"Pro-XY CSV 1.0.0\"\n\n" \
  "0,\"J1850\",\"1\",\"RPM\",\"RPM\",\"\",\"#1\"\n1,\"J1850\",\"2\",\"MAP\",\"kPa\",\"\",\"#2\"\n" \
  "2,\"WB\",\"3\",\"WBO2 F\",\"AFR\",\"\",\"#3\"\n\n\"Time(ms)\",\"Signal\",\"Value\"\n"

#define HALTECH(name, type) \
  "Channel : " name "\r\nID : 1\r\nType : " type "\r\nDisplayMaxMin : 9,0\r\n"

static const Kind kinds[] = {
  { "winpep",
    "Time, (DWRT CPU) Engine RPM, (DWRT CPU) Force Drum 1, (DWRT CPU) Speed 1, (DWRT CPU) Power"
    " (Uncorrected), (DWRT CPU) Torque, (DWRT WB2) Air/Fuel Ratio 1, (DWRT CPU) Humidity, \n",
    DYNO_BENCH_SECONDS, 50,
    { ", %.3f", ", %.2f", ", %.2f", ", %.3f", ", %.2f", ", %.3f", ", %.2f" }, ",\n" },
  { "pv-multiline", PV_SIGNALS, DYNO_BENCH_MILLISECONDS, 1, { ",2,%.3f" }, "\n" },
  { "pv-flat",
    "\xEF\xBB\xBFTime,(Harley - ECU Type 22 SW Level 353) RPM,(PV) MAP,(PV) WBO2 F,(PV) WBO2 R,"
    "(PV) TP,(PV) ET\n",
    DYNO_BENCH_SECONDS, 50, { ",%.1f", ",%.1f", ",%.2f", ",%.2f", ",%.1f", ",%.1f" }, "\n" },
  { "jetdrive-capture",
    "\"Timestamp\",\"chan_1\",\"chan_2\",\"Engine RPM\",\"chan_4\",\"chan_5\",\"chan_6\"\n",
    DYNO_BENCH_DATE, 20,
    { ",\"%.14f\"", ",\"%.13f\"", ",\"%.10f\"", ",\"%.12f\"", ",\"%.14f\"", ",\"%.13f\"" }, "\n" },
  { "msl", "\"Speeduino\"\nTime\tRPM\tMAP\tTPS\tAFR\tIAT\tCLT\ns\trpm\tkPa\t%\tAFR\tC\tC\n",
    DYNO_BENCH_SECONDS, 50, { "\t%.0f", "\t%.1f", "\t%.1f", "\t%.2f", "\t%.0f", "\t%.0f" }, "\n" },
  { "romraider",
    "Time (msec),Engine Speed (rpm),Manifold Absolute Pressure (psi),A/F Sensor #1 (AFR),"
    "Throttle Opening Angle (%),Intake Air Temperature (C)\n",
    DYNO_BENCH_MILLISECONDS, 50, { ",%.0f", ",%.2f", ",%.2f", ",%.2f", ",%.0f" }, "\r\n" },
  { "haltech-nsp",
    "%DataLog%\r\nDataLogVersion : 1.1\r\n" HALTECH ("RPM", "EngineSpeed")
    HALTECH ("Manifold Pressure", "Pressure") HALTECH ("Throttle Position", "Percentage")
    HALTECH ("Intake Air Temperature", "Temperature") HALTECH ("Wideband O2 1", "AFR")
    "Log Source : 20\r\nLog Number : 7\r\nLog : 20250718 14:15:46\r\n",
    DYNO_BENCH_CLOCK, 20, { ",%.0f", ",%.0f", ",%.0f", ",%.0f", ",%.0f" }, "\r\n" },
  { "ecumaster", "TIME;engine/rpm;engine/map;sensors/tps1;sensors/clt_temp;ignition/angle\r\n",
    DYNO_BENCH_SECONDS, 20, { ";%.0f", ";%.1f", "", "", "" }, "\r\n" },
  { "zeitronix",
    "Filename:a.zdl\nDate Exported:10/19/2025\n\n\"Time\",\"Zt-2 AFR\",\"Zt-2 RPM\",\"Zt-2 Boost\","
    "\"Zt-2 EGT\",\"Zt-2 TPS\"\n",
    DYNO_BENCH_CLOCK, 16, { ",%.3f", ",%.2f", ",%.1f", ",%.0f", ",%.0f" }, "\n" },
  { "cobb-ap",
    "Time (sec),RPM (RPM),Man Abs Press (psi),Boost (kPa),Throttle Pos (%),Intake Temp (F),"
    "\"AP Info:[AP3-SUB-004]\"\n",
    DYNO_BENCH_SECONDS, 50, { ",%.0f", ",%.2f", ",%.2f", ",%.2f", ",%.0f" }, ",0\n" },
  { "hptuners",
    "HP Tuners CSV Log File\nVersion: 1.0\n\n[Log Information]\nNotes: \n\n[Channel Information]\n"
    "0,12,11,13,51\nOffset,Engine RPM (SAE),Manifold Absolute Pressure (SAE),Vehicle Speed (SAE),"
    "Knock Retard\ns,rpm,kPa,mph,°\n\n[Channel Data]\n",
    DYNO_BENCH_SECONDS, 20, { ",%.0f", ",%.0f", "", "" }, "\n" },
  { "dynoai", "Time (s),rpm (rpm),map (kPa),mix_f (AFR),target (AFR),tps (%)\r\n",
    DYNO_BENCH_SECONDS, 50, { ",%.1f", ",%.2f", ",%.3f", ",%.1f", ",%.2f" }, "\r\n" },
  { "plain", "Time,RPM,MAP,AFR,IAT,TPS\n", DYNO_BENCH_SECONDS, 50,
    { ",%.1f", ",%.2f", ",%.2f", ",%.1f", ",%.2f" }, "\n" },
};

static char *
make_rest (gsize         row,
           gconstpointer data)
{
  const Kind *kind = data;
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (kind->formats) && kind->formats[i] != NULL; i++)
    {
      double value = 60 + 40 * sin ((double) row * 0.01 + (double) i);
      char number[64];

      if (kind->formats[i][0] == '\0')
        {
          g_string_append_c (text, g_str_equal (kind->id, "ecumaster") ? ';' : ',');
          if (row % 5 != 0)
            continue;
          g_string_append (text, g_ascii_formatd (number, sizeof number, "%.1f", value));
          continue;
        }
      /* The separators before the per cent sign are text. */
      g_string_append_len (text, kind->formats[i], strchr (kind->formats[i], '%')
                                                     - kind->formats[i]);
      g_string_append (text, g_ascii_formatd (number, sizeof number,
                                              strchr (kind->formats[i], '%'), value));
    }

  return g_string_free (g_string_append (text, kind->end), FALSE);
}

/* Seconds; NaN where the log is refused. Of a source without a size nobody knows that
 * several threads would pay. */
static double
time_import (const Kind    *kind,
             const GString *log)
{
  DynoTestSource memory;
  gint64 begin = dyno_bench_thread_us ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = NULL;

  dyno_test_source_init (&memory, log->str, log->len, 0);
  report = dyno_import_run (&memory.source, NULL, NULL, &samples, &error);
  if (report == NULL)
    {
      g_printerr ("%s is left out: %s\n", kind->id, error->message);
      return NAN;
    }
  if (!g_str_equal (report->dialect, kind->id))
    g_error ("%s was taken for %s", kind->id, report->dialect);

  return (double) (dyno_bench_thread_us () - begin) / 1e6;
}

int
main (int    argc,
      char **argv)
{
  gsize mib = argc > 1 ? (gsize) g_ascii_strtoull (argv[1], NULL, 10) : 48;

  dyno_bench_begin ("capture-dialects");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      GString *log;
      double best = INFINITY;

      if (argc > 2 && !g_str_equal (argv[2], kinds[i].id))
        continue;
      log = dyno_bench_rows (kinds[i].head, kinds[i].stamp, kinds[i].step_ms, make_rest, &kinds[i],
                             mib * 1024 * 1024);
      for (guint round = 0; round < N_ROUNDS && !isnan (best); round++)
        {
          double seconds = time_import (&kinds[i], log);

          best = isnan (seconds) ? NAN : fmin (best, seconds);
        }
      if (!isnan (best))
        dyno_bench_figure (kinds[i].id, (double) log->len / 1e6 / best, "MB/s");
      g_string_free (log, TRUE);
    }

  return EXIT_SUCCESS;
}
