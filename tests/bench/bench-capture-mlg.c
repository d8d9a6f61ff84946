/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bench.h"
#include "dyno-import.h"
#include "dyno-test-mlg.h"

#include <math.h>
#include <stdlib.h>

/* A MegaLogViewer log of 256 MiB (or so many MiB as the first argument says) in memory,
 * with the fields of a real one: mostly bytes and words, a few floats. MB are 10^6 bytes.
 *
 * Where a core stands between 240 and 300 MB/s and not at 500: a number takes 2 bytes in such
 * a log and 8 in a column of doubles, so 268 MB become 1.07 GB of fresh memory. A release
 * build spent 1.07 s of processor time a whole import (perf, cpu-clock; user and kernel):
 *
 *   kernel, clearing the pages of the columns    0.25 s  (0.13 … 2 s, as the host has them)
 *   dyno_samples_builder_take, reading them all  0.18 s
 *   SHA-256 of the file, 1.6 GB/s                0.17 s
 *   decode of the fields                         0.17 s
 *   copies: file to block, block to column       0.10 s
 *   extent and changes of the columns            0.13 s
 *   equal columns, stamps, sums of records       0.07 s
 *
 * At 500 MB/s all of it would have 0.54 s; the first three alone take 0.60 s. Shorter chunks
 * and a decoder over gathered bytes were tried and won nothing. What will: columns that hold
 * the bytes or words of the log with their scale, an eighth to a quarter of the memory. */

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

/* The least seconds that a way of importing took. */
typedef struct
{
  double wall;
  double processor;
  double user; /* of the processors without the kernel, which clears the memory of the columns */
} Took;

static void
time_import (const GByteArray *file,
             gboolean          is_preview,
             Took             *took)
{
  gint64 wall = dyno_bench_now_us ();
  gint64 processor = dyno_bench_process_us ();
  gint64 user = dyno_bench_user_us ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report
    = dyno_import_bytes ("bench", file->data, file->len, NULL, NULL, is_preview ? NULL : &samples,
                         &error);

  if (report == NULL)
    g_error ("%s", error->message);

  took->wall = fmin (took->wall, (double) (dyno_bench_now_us () - wall) / 1e6);
  took->processor = fmin (took->processor, (double) (dyno_bench_process_us () - processor) / 1e6);
  took->user = fmin (took->user, (double) (dyno_bench_user_us () - user) / 1e6);
}

static void
print_rates (const char *name,
             const Took *took,
             gsize       size)
{
  g_autofree char *wall = g_strconcat (name, "_wall", NULL);
  g_autofree char *user = g_strconcat (name, "_user", NULL);
  double mb = (double) size / 1e6;

  dyno_bench_figure (name, mb / took->processor, "MB/s");
  dyno_bench_figure (wall, mb / took->wall, "MB/s");
  dyno_bench_figure (user, mb / took->user, "MB/s");
}

int
main (int    argc,
      char **argv)
{
  gsize mib = argc > 1 ? (gsize) g_ascii_strtoull (argv[1], NULL, 10) : 256;
  DynoTestMlg *log = make_log (mib * 1024 * 1024);
  g_autoptr(GByteArray) file = dyno_test_mlg_finish (log);
  Took whole = { INFINITY, INFINITY, INFINITY };
  Took preview = { INFINITY, INFINITY, INFINITY };

  dyno_test_mlg_free (log);
  dyno_bench_begin ("capture-mlg");
  for (int round = 0; round < N_ROUNDS; round++)
    {
      time_import (file, TRUE, &preview);
      time_import (file, FALSE, &whole);
    }
  print_rates ("whole", &whole, file->len);
  print_rates ("preview", &preview, file->len);

  return EXIT_SUCCESS;
}
