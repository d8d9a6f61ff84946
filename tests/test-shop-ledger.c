/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-analyse-ledger.h"
#include "dyno-error.h"
#include "dyno-ledger.h"
#include "dyno-shape-ledger.h"
#include "dyno-test-log.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* The reason ledger by pages and by moments, against ledger.csv.gz. */

#define N_ROWS 500 /* 10 s at 3000/70; the throttle snaps at 4 s, MAP is missing at 7 s */
#define PAGE 97    /* lines; no divisor of all */

static void
take (DynoSamplesBuilder *builder,
      DynoChannel         channel,
      const char         *unit,
      double              value,
      double              wobble)
{
  double values[N_ROWS];

  for (guint i = 0; i < N_ROWS; i++)
    values[i] = value + wobble * (i % 3);
  if (channel == DYNO_CHANNEL_TPS)
    {
      for (guint i = 200; i < 220; i++)
        values[i] = 80;
    }
  if (channel == DYNO_CHANNEL_MAP)
    {
      for (guint i = 350; i < 420; i++)
        values[i] = NAN;
    }
  dyno_test_take (builder, channel, unit, values, N_ROWS);
}

static DynoSamples *
make_samples (void)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (N_ROWS);
  double *time = g_new (double, N_ROWS);

  for (guint i = 0; i < N_ROWS; i++)
    time[i] = i * 0.02;
  dyno_samples_builder_take_time (builder, time);
  take (builder, DYNO_CHANNEL_RPM, "rpm", 3000, 1);
  take (builder, DYNO_CHANNEL_MAP, "kPa", 70, 0.1);
  take (builder, DYNO_CHANNEL_TPS, "%", 20, 0);
  take (builder, DYNO_CHANNEL_MIX_F, "AFR", 13.6, 0.05);
  take (builder, DYNO_CHANNEL_MIX_R, "AFR", 12.9, 0.05);
  take (builder, DYNO_CHANNEL_TARGET, "AFR", 13, 0);

  return dyno_samples_builder_finish (builder);
}

/* Twice the same samples: two runs. */
static DynoAnalyse *
analyse (DynoTestShop *f,
         guint         n_runs)
{
  DynoAnalyseRequest *request = dyno_analyse_request_new ();
  g_autoptr(DynoSamples) samples = make_samples ();
  g_autoptr(GError) error = NULL;
  DynoAnalyse *found;

  for (guint i = 0; i < n_runs; i++)
    dyno_analyse_request_add_samples (request, samples, "log.csv", NULL);
  dyno_analyse_async (f->shop, request, NULL, NULL, dyno_await_cb, f->await);
  found = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  return found;
}

static char **
read_ledger (DynoTestShop      *f,
             const DynoAnalyse *found)
{
  g_autofree char *path = g_build_filename (f->folder, "ledger.csv.gz", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GZlibDecompressor) gzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr(GFileInputStream) packed = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  g_assert_true (dyno_ledger_write (found->result, path, NULL, NULL));
  packed = g_file_read (file, NULL, NULL);
  stream = g_converter_input_stream_new (G_INPUT_STREAM (packed), G_CONVERTER (gzip));
  while ((n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (text, buffer, n);

  return g_strsplit (text->str, "\r\n", -1);
}

static void
assert_line (const DynoAnalyse  *found,
             const DynoVeSample *sample,
             const char         *line)
{
  const DynoGridShape *shape = &found->result->set->shape;
  g_auto(GStrv) words = g_strsplit (line, ",", -1);

  g_assert_cmpuint (g_strv_length (words), ==, 7);
  g_assert_cmpuint (g_ascii_strtoull (words[0], NULL, 10), ==,
                    found->result->set->runs[sample->run].first + sample->row + 1);
  dyno_assert_near (g_ascii_strtod (words[1], NULL), sample->time_s, 1e-3);
  g_assert_cmpstr (words[2], ==, sample->cylinder == 0 ? "front" : "rear");
  g_assert_cmpstr (words[3], ==, dyno_gate_name (sample->reason));
  if (sample->reason != DYNO_GATE_ACCEPTED)
    {
      g_assert_cmpstr (words[6], ==, "");
      g_assert_true (isnan (sample->factor));
      return;
    }
  dyno_assert_near (g_ascii_strtod (words[4], NULL),
                    shape->rpm.at[sample->cell / shape->load.n], 0.5);
  dyno_assert_near (g_ascii_strtod (words[5], NULL),
                    shape->load.at[sample->cell % shape->load.n], 0.5);
  dyno_assert_near (g_ascii_strtod (words[6], NULL), sample->factor, 1e-6);
}

/* Page after page it says what the file says, of both runs. */
static void
test_pages (DynoTestShop *f,
            gconstpointer unused)
{
  g_autoptr(DynoAnalyse) found = analyse (f, 2);
  g_auto(GStrv) lines = read_ledger (f, found);
  DynoLedgerQuery query;

  dyno_ledger_query_init (&query);
  query.limit = PAGE;
  for (query.offset = 0; query.offset < 4 * N_ROWS; query.offset += PAGE)
    {
      g_autoptr(DynoLedgerPage) page = dyno_analyse_ledger (found, &query);

      g_assert_cmpuint (page->n_lines, ==, 4 * N_ROWS);
      g_assert_cmpuint (page->samples->len, ==, MIN (PAGE, 4 * N_ROWS - query.offset));
      for (guint i = 0; i < page->samples->len; i++)
        assert_line (found, &g_array_index (page->samples, DynoVeSample, i),
                     lines[1 + query.offset + i]);
    }
}

static guint64
count_lines (const DynoAnalyse *found,
             guint              cylinders,
             guint32            reasons,
             guint              cell,
             gsize              first,
             gsize              end)
{
  DynoLedgerQuery query = { first, end, cylinders, reasons, cell, 0, 1 };
  g_autoptr(DynoLedgerPage) page = dyno_analyse_ledger (found, &query);

  return page->n_lines;
}

/* By reason, cylinder, cell and rows: the counts are those of the result. */
static void
test_filters (DynoTestShop *f,
              gconstpointer unused)
{
  g_autoptr(DynoAnalyse) found = analyse (f, 1);
  const DynoVeResult *result = found->result;
  guint n_reasons = 0;

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      for (guint gate = 0; gate < DYNO_N_GATES; gate++)
        {
          g_assert_cmpuint (count_lines (found, 1u << c, 1u << gate, DYNO_NO_CELL, 0, 0), ==,
                            result->cylinders[c].counts[gate]);
          n_reasons += result->cylinders[c].counts[gate] > 0;
        }
      for (guint cell = 0; cell < result->n_cells; cell++)
        g_assert_cmpuint (count_lines (found, 1u << c, 1, cell, 0, 0), ==,
                          result->cylinders[c].cells[cell].hits);
    }
  g_assert_cmpuint (n_reasons, >=, 6); /* accepted and two more for each */
  g_assert_cmpuint (count_lines (found, 0, 0, DYNO_NO_CELL, 10, 20), ==, 20);
  g_assert_cmpuint (count_lines (found, 2, 0, DYNO_NO_CELL, N_ROWS - 3, 0), ==, 3);
  g_assert_cmpuint (count_lines (found, 0, 0, DYNO_NO_CELL, N_ROWS, 0), ==, 0);
}

static void
assert_sentence (const DynoAnalyse  *found,
                 const DynoVeSample *sample,
                 const char         *wanted)
{
  g_autofree char *sentence = dyno_ve_sample_sentence (found->result, sample);

  g_assert_nonnull (strstr (sentence, wanted));
}

static void
test_moment (DynoTestShop *f,
             gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) no_run = NULL;
  g_autoptr(DynoAnalyse) found = analyse (f, 2);
  g_autoptr(GArray) good = dyno_analyse_explain_moment (found, 1, 3.007, &error);
  g_autoptr(GArray) moving = dyno_analyse_explain_moment (found, 0, 4.1, &error);
  g_autoptr(GArray) blind = dyno_analyse_explain_moment (found, 0, 7.8, &error);
  const DynoVeSample *sample;

  g_assert_no_error (error);
  g_assert_cmpuint (good->len, ==, 2);
  sample = &g_array_index (good, DynoVeSample, 0);
  g_assert_cmpuint (sample->run, ==, 1);
  g_assert_cmpuint (sample->row, ==, 150);
  g_assert_cmpint (sample->reason, ==, DYNO_GATE_ACCEPTED);
  dyno_assert_near (sample->factor, 13.6 / 13, 1e-9);
  g_assert_cmpfloat (sample->delay_s, >, 0);
  dyno_assert_near (sample->rpm, 3001, 1);
  assert_sentence (found, sample, "asks for 4.6 % more fuel");
  assert_sentence (found, &g_array_index (good, DynoVeSample, 1), "less fuel");
  g_assert_cmpint (g_array_index (moving, DynoVeSample, 0).reason, ==, DYNO_GATE_TRANSIENT);
  sample = &g_array_index (blind, DynoVeSample, 0);
  g_assert_cmpint (sample->reason, ==, DYNO_GATE_NO_MAP);
  g_assert_true (isnan (sample->map_kpa) && isnan (sample->factor));
  assert_sentence (found, sample, "pressure is missing");

  g_assert_null (dyno_analyse_explain_moment (found, 0, 12, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "out_of_log");
  g_assert_null (dyno_analyse_explain_moment (found, 2, 1, &no_run));
  g_assert_error (no_run, DYNO_ERROR, DYNO_ERROR_INVALID);
}

/* For API and window: null where nothing is known. */
static void
test_shape (DynoTestShop *f,
            gconstpointer unused)
{
  g_autoptr(DynoAnalyse) found = analyse (f, 1);
  DynoLedgerQuery query = { 390, 391, 1, 0, DYNO_NO_CELL, 0, 10 };
  g_autoptr(DynoLedgerPage) page = dyno_analyse_ledger (found, &query);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  g_autoptr(DynoJson) json = NULL;
  const DynoJson *sample;

  dyno_shape_ledger (w, found, page);
  text = dyno_json_writer_finish (w);
  json = dyno_json_parse (text, -1, NULL);
  sample = dyno_json_element (dyno_json_member (json, "samples"), 0);
  g_assert_cmpint (dyno_json_get_integer (json, "total", 0), ==, 1);
  g_assert_cmpint (dyno_json_get_integer (sample, "row", 0), ==, 391);
  g_assert_cmpstr (dyno_json_get_string (sample, "reason"), ==, "no-map");
  g_assert_cmpint (dyno_json_type (dyno_json_member (sample, "map_kpa")), ==, DYNO_JSON_NULL);
  g_assert_cmpint (dyno_json_type (dyno_json_member (sample, "cell")), ==, DYNO_JSON_NULL);
  g_assert_cmpint (dyno_json_type (dyno_json_member (sample, "factor")), ==, DYNO_JSON_NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/ledger/pages", test_pages);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/ledger/filters", test_filters);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/ledger/moment", test_moment);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/ledger/shape", test_shape);

  return g_test_run ();
}
