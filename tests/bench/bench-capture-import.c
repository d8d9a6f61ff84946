/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bench-rows.h"
#include "dyno-bench.h"
#include "dyno-dialects.h"
#include "dyno-import-layout.h"
#include "dyno-import-reader.h"
#include "dyno-import-rows.h"
#include "dyno-import.h"
#include "dyno-number.h"
#include "dyno-test-source.h"

#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Logs of 256 MiB (or so many MiB as the first argument says) in memory, imported as
 * a whole and in parts: where the time goes. MB are 10^6 bytes. */

#define N_ROUNDS 3

typedef struct
{
  const char     *name;
  const char     *header;
  guint           n_channels;
  DynoBenchStamp  stamp;
  guint           step_ms;
  void          (*append_cell) (GString *line,
                                guint    column,
                                gsize    row);
} Kind;

static double
wave (guint column,
      gsize row)
{
  return 100 + 80 * sin ((double) row * 0.01 + column) + 0.05 * (double) (row % 7);
}

/* 3 decimals, a fifth of the columns at a lower rate, as Power Core writes. */
static void
append_winpep (GString *line,
               guint    column,
               gsize    row)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (line, ' ');
  if (column % 10 != 9 || row % 5 == 0)
    g_string_append (line, g_ascii_formatd (text, sizeof text, "%.3f", wave (column, row)));
  g_string_append_c (line, ',');
}

/* Floats printed as doubles, in quotes. */
static void
append_jetdrive (GString *line,
                 guint    column,
                 gsize    row)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (line, "%s\"%s\"", column > 0 ? "," : "",
                          g_ascii_dtostr (text, sizeof text, (double) (float) wave (column, row)));
}

static void
append_wideband (GString *line,
                 guint    column,
                 gsize    row)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (line, "%s%s", column > 0 ? "," : "",
                          g_ascii_formatd (text, sizeof text, column % 2 == 0 ? "%.1f" : "%.3f",
                                           wave (column, row)));
}

static const Kind kinds[] = {
  { "winpep", "Time", 38, DYNO_BENCH_SECONDS, 50, append_winpep },
  { "jetdrive", "\"Timestamp\"", 48, DYNO_BENCH_DATE, 20, append_jetdrive },
  { "wideband", "\"Time\"", 6, DYNO_BENCH_CLOCK, 16, append_wideband },
};

static GString *
make_header (const Kind *kind)
{
  GString *text = g_string_new (kind->header);

  for (guint i = 0; i < kind->n_channels; i++)
    g_string_append_printf (
        text, kind->append_cell == append_winpep ? ", (DWRT CPU) Channel %u" : ",chan_%u", i);
  if (kind->append_cell == append_winpep)
    g_string_append (text, ", ");

  return g_string_append_c (text, '\n');
}

static char *
make_rest (gsize         row,
           gconstpointer data)
{
  const Kind *kind = data;
  GString *line = g_string_new (",");

  for (guint i = 0; i < kind->n_channels; i++)
    kind->append_cell (line, i, row);

  return g_string_free (g_string_append_c (line, '\n'), FALSE);
}

static GString *
make_log (const Kind *kind,
          gsize       size)
{
  g_autofree char *header = g_string_free (make_header (kind), FALSE);

  return dyno_bench_rows (header, kind->stamp, kind->step_ms, make_rest, kind, size);
}

/* Sum, decoding and lines only; with `with_rows` the cells as well. Seconds. */
static double
time_parts (const GString *log,
            gboolean       with_rows)
{
  gint64 begin = dyno_bench_thread_us ();
  DynoTestSource memory;
  DynoImportWatch watch = { 0 };
  DynoImportOptions options = { 0 };
  g_autoptr(DynoImportReader) reader = NULL;
  g_autoptr(DynoImportLayout) layout = NULL;
  g_autoptr(DynoImportTable) table = NULL;
  g_autoptr(DynoImportRows) rows = NULL;
  const char *text;
  gsize length;
  double seconds;

  dyno_test_source_init (&memory, log->str, log->len, log->len);
  reader = dyno_import_reader_new (&memory.source, &watch, NULL);
  while (dyno_import_reader_next (reader, &text, &length, NULL) && length > 0)
    {
      gsize skip = 0;

      if (with_rows && layout == NULL)
        {
          layout = dyno_import_layout_detect (text, length, FALSE, dyno_dialect_plain (), &options,
                                              NULL);
          table = dyno_import_table_new ((const char *const *) layout->names, layout->n_columns);
          table->time_column = 0;
          rows = dyno_import_rows_new (layout, table, &watch, length);
          skip = layout->data_offset;
        }
      if (with_rows)
        dyno_import_rows_read (rows, text + skip, length - skip,
                               dyno_import_reader_fraction (reader), FALSE, NULL);
    }
  seconds = (double) (dyno_bench_thread_us () - begin) / 1e6;

  return seconds;
}

static double
time_whole (const GString *log,
            gboolean       is_preview,
            gsize         *n_values,
            gsize         *n_cells)
{
  gint64 begin = dyno_bench_thread_us ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = dyno_import_bytes ("bench", log->str, log->len, NULL, NULL,
                                                          is_preview ? NULL : &samples, &error);
  double seconds;

  if (report == NULL)
    g_error ("%s", error->message);
  *n_values = report->values;
  *n_cells = report->cells + report->rows; /* the stamps are a column, too */
  seconds = (double) (dyno_bench_thread_us () - begin) / 1e6;

  return seconds;
}

/* Resident memory of this process at its highest since the last call, MiB. The
 * kernel forgets the old peak when asked to. */
static double
take_peak (void)
{
  g_autofree char *text = NULL;
  const char *line = NULL;
  double kib = NAN;

  if (g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    line = strstr (text, "VmHWM:");
  if (line != NULL)
    kib = g_ascii_strtod (line + strlen ("VmHWM:"), NULL);
  g_file_set_contents_full ("/proc/self/clear_refs", "5", 1, G_FILE_SET_CONTENTS_NONE, 0600, NULL);

  return kib / 1024;
}

/* What an import needs above 8 bytes a cell, MiB. */
static double
measure_memory (const GString *log)
{
  double before;
  double peak;
  gsize n_values = 0;
  gsize n_cells = 0;

  malloc_trim (0);
  take_peak ();
  before = dyno_bench_rss_mib ();
  time_whole (log, FALSE, &n_values, &n_cells);
  peak = take_peak ();

  return peak - before - (double) n_cells * 8 / 1048576;
}

static void
print_rate (const char *kind,
            const char *part,
            gsize       bytes,
            double      seconds)
{
  g_autofree char *figure = g_strdup_printf ("%s_%s", kind, part);

  dyno_bench_figure (figure, (double) bytes / 1e6 / seconds, "MB/s");
}

static void
run_kind (const Kind *kind,
          gsize       size)
{
  GString *log = make_log (kind, size);
  double reader = INFINITY;
  double rows = INFINITY;
  double preview = INFINITY;
  double whole = INFINITY;
  gsize n_values = 0;
  gsize n_cells = 0;
  g_autofree char *cells = g_strdup_printf ("%s_per_value", kind->name);
  g_autofree char *memory = g_strdup_printf ("%s_memory_above_cells", kind->name);

  dyno_bench_figure (memory, measure_memory (log), "MiB");
  for (int round = 0; round < N_ROUNDS; round++)
    {
      reader = fmin (reader, time_parts (log, FALSE));
      rows = fmin (rows, time_parts (log, TRUE));
      preview = fmin (preview, time_whole (log, TRUE, &n_values, &n_cells));
      whole = fmin (whole, time_whole (log, FALSE, &n_values, &n_cells));
    }
  print_rate (kind->name, "whole", log->len, whole);
  print_rate (kind->name, "preview", log->len, preview);
  print_rate (kind->name, "reader_only", log->len, reader);
  print_rate (kind->name, "cells_only", log->len, rows - reader);
  print_rate (kind->name, "columns_only", log->len, whole - rows);
  dyno_bench_figure (cells, whole / (double) n_values * 1e9, "ns");
  g_string_free (log, TRUE);
}

int
main (int    argc,
      char **argv)
{
  gsize mib = argc > 1 ? (gsize) g_ascii_strtoull (argv[1], NULL, 10) : 256;

  dyno_bench_begin ("capture-import");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (argc <= 2 || g_str_equal (argv[2], kinds[i].name))
        run_kind (&kinds[i], mib * 1024 * 1024);
    }

  return EXIT_SUCCESS;
}
