/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bench.h"
#include "dyno-import.h"
#include "dyno-test-mlg.h"

#include <math.h>
#include <stdlib.h>

/* A MegaLogViewer log of 256 MiB (or so many MiB as the first argument says) in memory,
 * with the fields of a real one: mostly bytes and words, a few floats. MB are 10^6 bytes. */

#define N_FIELDS 67
#define N_ROUNDS 3

static const guint types[] = { 0, 0, 2, 7, 0, 2, 0, 2, 7, 0, 2 };

static DynoTestMlg *
make_log (gsize size)
{
  DynoTestMlg *log = dyno_test_mlg_new (1);
  double raw[N_FIELDS];
  gsize n = 0;

  dyno_test_mlg_add_field (log, 7, "Time", "s", 0, 1, 0);
  for (guint i = 1; i < N_FIELDS; i++)
    {
      g_autofree char *name = g_strdup_printf ("Field %u", i);

      dyno_test_mlg_add_field (log, types[i % G_N_ELEMENTS (types)], name, "", 0, 0.1, 0);
    }
  for (; n * dyno_test_mlg_block_size (log) < size; n++)
    {
      raw[0] = (double) n / 8; /* exact in a float for a day */
      for (guint i = 1; i < N_FIELDS; i++)
        raw[i] = (double) ((n * i / 8) % (185 + i));
      dyno_test_mlg_add_record (log, raw);
    }

  return log;
}

/* Seconds of the processors, and of the clock on the wall. */
static double
time_import (const GByteArray *file,
             gboolean          is_preview,
             double           *wall_s)
{
  gint64 wall = dyno_bench_now_us ();
  gint64 begin = dyno_bench_process_us ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report
    = dyno_import_bytes ("bench", file->data, file->len, NULL, NULL, is_preview ? NULL : &samples,
                         &error);

  if (report == NULL)
    g_error ("%s", error->message);

  *wall_s = fmin (*wall_s, (double) (dyno_bench_now_us () - wall) / 1e6);

  return (double) (dyno_bench_process_us () - begin) / 1e6;
}

int
main (int    argc,
      char **argv)
{
  gsize mib = argc > 1 ? (gsize) g_ascii_strtoull (argv[1], NULL, 10) : 256;
  DynoTestMlg *log = make_log (mib * 1024 * 1024);
  g_autoptr(GByteArray) file = dyno_test_mlg_finish (log);
  double whole = INFINITY;
  double preview = INFINITY;
  double preview_wall = INFINITY;
  double whole_wall = INFINITY;

  dyno_test_mlg_free (log);
  dyno_bench_begin ("capture-mlg");
  for (int round = 0; round < N_ROUNDS; round++)
    {
      preview = fmin (preview, time_import (file, TRUE, &preview_wall));
      whole = fmin (whole, time_import (file, FALSE, &whole_wall));
    }
  dyno_bench_figure ("whole", (double) file->len / 1e6 / whole, "MB/s");
  dyno_bench_figure ("whole_wall", (double) file->len / 1e6 / whole_wall, "MB/s");
  dyno_bench_figure ("preview", (double) file->len / 1e6 / preview, "MB/s");
  dyno_bench_figure ("preview_wall", (double) file->len / 1e6 / preview_wall, "MB/s");

  return EXIT_SUCCESS;
}
