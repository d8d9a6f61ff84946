/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-ledger.h"
#include "dyno-test-log.h"
#include "dyno-test-plant.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* The files of an analysis, read back. */

#define N_ROWS 400 /* 8 s at 3000/70, torque 80 N·m, knock in every tenth row */

static void
take (DynoSamplesBuilder *builder,
      DynoChannel         channel,
      const char         *unit,
      double              value)
{
  double values[N_ROWS];

  for (guint i = 0; i < N_ROWS; i++)
    values[i] = value;
  if (channel == DYNO_CHANNEL_KNOCK_F)
    {
      for (guint i = 0; i < N_ROWS; i++)
        values[i] = i % 10 == 0 ? value : 0;
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
  take (builder, DYNO_CHANNEL_RPM, "rpm", 3000);
  take (builder, DYNO_CHANNEL_MAP, "kPa", 70);
  take (builder, DYNO_CHANNEL_MIX_F, "AFR", 13.65);
  take (builder, DYNO_CHANNEL_TARGET, "AFR", 13);
  take (builder, DYNO_CHANNEL_TORQUE, "N·m", 80);
  take (builder, DYNO_CHANNEL_KNOCK_F, "°", 3);

  return dyno_samples_builder_finish (builder);
}

static DynoAnalyse *
analyse (DynoTestShop *f,
         DynoUnitSet   units)
{
  DynoAnalyseRequest *request = dyno_analyse_request_new ();
  g_autoptr(DynoSamples) samples = make_samples ();
  g_autoptr(GError) error = NULL;
  DynoAnalyse *found;

  request->units = units;
  dyno_analyse_request_add_samples (request, samples, "log.csv", NULL);
  dyno_analyse_async (f->shop, request, NULL, NULL, dyno_await_cb, f->await);
  found = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  return found;
}

/* (nullable) the line of 3000 rpm. (transfer full) */
static char *
line_of (const DynoAnalyse *found,
         const char        *name,
         const char        *begin)
{
  for (guint i = 0; i < found->files->len; i++)
    {
      const DynoArtefact *file = found->files->pdata[i];
      g_autofree char *text = NULL;
      const char *line;

      if (!g_str_equal (file->name, name))
        continue;
      text = g_strndup (g_bytes_get_data (file->bytes, NULL), g_bytes_get_size (file->bytes));
      line = g_str_has_prefix (text, begin) ? text : strstr (text, begin);
      g_assert_nonnull (line);

      return g_strndup (line, strcspn (line, "\r"));
    }

  return NULL;
}

/* Torque of the accepted rows, the power that goes with it, in the units asked for. */
static void
test_load_maps (DynoTestShop *f,
                gconstpointer unused)
{
  static const struct
  {
    DynoUnitSet units;
    const char *torque[2];
    const char *power[2];
  } rows[] = {
    { DYNO_UNITS_METRIC,
      { "RPM (N·m),20,30,40,50,60,70,80,90,100", "3000,,,,,,80.0,,," },
      { "RPM (kW),20,30,40,50,60,70,80,90,100", "3000,,,,,,25.1,,," } },
    { DYNO_UNITS_US,
      { "RPM (lbf·ft),20,30,40,50,60,70,80,90,100", "3000,,,,,,59.0,,," },
      { "RPM (hp),20,30,40,50,60,70,80,90,100", "3000,,,,,,33.7,,," } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(DynoAnalyse) found = analyse (f, rows[i].units);

      for (guint k = 0; k < 2; k++)
        {
          const char *begin = k == 0 ? "RPM" : "3000,";
          g_autofree char *torque = line_of (found, "torque_map.csv", begin);
          g_autofree char *power = line_of (found, "power_map.csv", begin);

          g_assert_cmpstr (torque, ==, rows[i].torque[k]);
          g_assert_cmpstr (power, ==, rows[i].power[k]);
        }
    }
}

/* The front is heard, so it has a file; the rear has none. */
static void
test_spark (DynoTestShop *f,
            gconstpointer unused)
{
  g_autoptr(DynoAnalyse) found = analyse (f, DYNO_UNITS_METRIC);
  g_autofree char *front = line_of (found, "spark_front.csv", "3000,");

  g_assert_cmpstr (front, ==, "3000,,,,,,-2.00,,,");
  g_assert_null (line_of (found, "spark_rear.csv", "3000,"));
}

static char *
unzip (const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInputStream) in = g_file_read (file, NULL, &error);
  g_autoptr(GZlibDecompressor) gzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr(GInputStream) plain
    = g_converter_input_stream_new (G_INPUT_STREAM (in), G_CONVERTER (gzip));
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();

  g_assert_no_error (error);
  g_output_stream_splice (out, plain, G_OUTPUT_STREAM_SPLICE_NONE, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (out, "", 1, NULL, NULL, NULL);
  g_output_stream_close (out, NULL, NULL);

  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (out));
}

/* A line a row of the one sensor; the counts are those of the result, and the mean of
 * the factors is that of the only cell. */
static void
test_ledger (DynoTestShop *f,
             gconstpointer unused)
{
  g_autoptr(DynoAnalyse) found = analyse (f, DYNO_UNITS_METRIC);
  g_autofree char *path = g_build_filename (f->folder, "ledger.csv.gz", NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  guint64 n_accepted = 0;
  double sum = 0;

  g_assert_true (dyno_ledger_write (found->result, path, NULL, &error));
  g_assert_no_error (error);
  text = unzip (path);
  lines = g_strsplit (text, "\r\n", -1);
  g_assert_cmpstr (lines[0], ==, "row,time,cylinder,reason,cell rpm,cell kPa,factor");
  g_assert_cmpuint (g_strv_length (lines), ==, N_ROWS + 2);
  for (guint i = 0; i < N_ROWS; i++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[i + 1], ",", -1);
      gboolean is_accepted = g_str_equal (cells[3], "accepted");

      g_assert_cmpuint (g_strv_length (cells), ==, 7);
      g_assert_cmpint (g_ascii_strtoll (cells[0], NULL, 10), ==, i + 1);
      dyno_assert_near (g_ascii_strtod (cells[1], NULL), i * 0.02, 1e-9);
      g_assert_cmpstr (cells[2], ==, "front");
      g_assert_cmpstr (cells[4], ==, is_accepted ? "3000" : "");
      g_assert_cmpstr (cells[5], ==, is_accepted ? "70" : "");
      g_assert_cmpint (*cells[6] != '\0', ==, is_accepted);
      n_accepted += is_accepted;
      sum += is_accepted ? g_ascii_strtod (cells[6], NULL) : 0;
    }
  g_assert_cmpuint (n_accepted, ==, found->result->cylinders[0].counts[DYNO_GATE_ACCEPTED]);
  g_assert_cmpuint (n_accepted, >, 0);
  dyno_assert_near (sum / (double) n_accepted, 1.05, 1e-6);
}

/* Chunks made side by side, more of them than are made at once: every row of both
 * cylinders stands there once, in its place, and the sum at the end holds. */
static void
test_ledger_large (DynoTestShop *f,
                   gconstpointer unused)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (3400);
  g_autoptr(DynoVeResult) result = dyno_test_plant_analyse (plant, NULL);
  g_autofree char *path = g_build_filename (f->folder, "large.gz", NULL);
  g_autofree char *text = NULL;
  const char *line;
  gsize n = 0;

  g_assert_cmpuint (result->n_rows, >, 5 * DYNO_VE_CHUNK);
  g_assert_true (dyno_ledger_write (result, path, NULL, NULL));
  text = unzip (path);
  for (line = strchr (text, '\n'); line[1] != '\0'; line = strchr (line + 1, '\n'))
    {
      const char *side = n % 2 == 0 ? ",front," : ",rear,";
      const char *cells = NULL;

      g_assert_cmpuint (g_ascii_strtoull (line + 1, (char **) &cells, 10), ==, n / 2 + 1);
      cells = strchr (cells + 1, ',');
      g_assert_cmpint (strncmp (cells, side, strlen (side)), ==, 0);
      n++;
    }
  g_assert_cmpuint (n, ==, 2 * result->n_rows);
}

/* Twice the same bytes; where it cannot be written, that is said and nothing stays. */
static void
test_ledger_file (DynoTestShop *f,
                  gconstpointer unused)
{
  g_autoptr(DynoAnalyse) found = analyse (f, DYNO_UNITS_METRIC);
  g_autofree char *one = g_build_filename (f->folder, "one.gz", NULL);
  g_autofree char *two = g_build_filename (f->folder, "two.gz", NULL);
  g_autofree char *nowhere = g_build_filename (f->folder, "no", "such", "folder.gz", NULL);
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  gsize n_first;
  gsize n_second;

  g_assert_true (dyno_ledger_write (found->result, one, NULL, NULL));
  g_assert_true (dyno_ledger_write (found->result, two, NULL, NULL));
  first = dyno_test_read (one, &n_first);
  second = dyno_test_read (two, &n_second);
  g_assert_cmpmem (first, n_first, second, n_second);
  g_assert_false (dyno_ledger_write (found->result, nowhere, NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);

  g_clear_error (&error);
  g_cancellable_cancel (cancelled);
  g_assert_false (dyno_ledger_write (found->result, two, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_free (second);
  second = dyno_test_read (two, &n_second);
  g_assert_cmpmem (first, n_first, second, n_second);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/artefacts/load-maps", test_load_maps);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/artefacts/spark", test_spark);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/artefacts/ledger", test_ledger);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/artefacts/ledger-file", test_ledger_file);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/artefacts/ledger-large", test_ledger_large);

  return g_test_run ();
}
