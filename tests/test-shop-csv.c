/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Tables that leave the house (formats.md C.2, C.4, F.6). */

#include "config.h"

#include "dyno-export-csv.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-export-grid.h"
#include "dyno-import.h"
#include "dyno-test-log.h"
#include "dyno-test.h"

/* Cells */

static void
assert_number (double      value,
               int         decimals,
               const char *wanted)
{
  g_autoptr(GString) text = g_string_new (NULL);

  dyno_export_add_number (text, value, decimals, '.');
  g_assert_cmpstr (text->str, ==, wanted);
}

static void
test_numbers (void)
{
  assert_number (-1.25, 2, "-1.25");
  assert_number (-0.001, 2, "0.00");
  assert_number (-0.0, DYNO_EXPORT_FULL, "0");
  assert_number (0.1, DYNO_EXPORT_FULL, "0.1");
  assert_number (1e23, DYNO_EXPORT_FULL, "1e23");
  assert_number (1e-7, DYNO_EXPORT_FULL, "1e-07");
  assert_number (2.5, 0, "2");
  assert_number (NAN, 3, "");
  assert_number (INFINITY, 3, "");
}

/* 10 000 doubles of all sizes read back to the same bits. */
static void
test_full_numbers_read_back (void)
{
  for (guint i = 0; i < 10000; i++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      guint64 bits = (guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
      double value;
      double back;

      memcpy (&value, &bits, sizeof value);
      if (!isfinite (value) || value == 0)
        continue;
      dyno_export_add_number (text, value, DYNO_EXPORT_FULL, '.');
      back = g_ascii_strtod (text->str, NULL);
      g_assert_cmpmem (&value, sizeof value, &back, sizeof back);
      g_assert_null (strpbrk (text->str, "+'"));
    }
}

static void
assert_text (const char *value,
             const char *wanted)
{
  g_autoptr(GString) text = g_string_new (NULL);

  dyno_export_add_text (text, value, ',');
  g_assert_cmpstr (text->str, ==, wanted);
}

static void
test_texts (void)
{
  assert_text ("Engine RPM", "Engine RPM");
  assert_text ("=SUM(A1)", "'=SUM(A1)");
  assert_text ("-x", "'-x");
  assert_text ("@a,b", "\"'@a,b\"");
  assert_text ("say \"hi\"", "\"say \"\"hi\"\"\"");
  assert_text (" x", "\" x\"");
}

/* A run to export */

typedef struct
{
  const char  *name;
  DynoChannel  channel;
  const char  *unit;
  double       values[6];
} Channel;

static const Channel channels[] = {
  { "=Boost", DYNO_CHANNEL_NONE, "psi", { -1.5, NAN, 0.25, 1, 2, 3 } },
  { "Drehzahl", DYNO_CHANNEL_RPM, "rpm", { 2000, 2100.5, 2200, NAN, 2400, 2500 } },
  { "map", DYNO_CHANNEL_NONE, "kPa", { 90, 91, 92, 93, 94, 95 } },
  { "Power", DYNO_CHANNEL_POWER, "hp", { 10, 20, 30, 40, 50, 60 } },
  { "Flag", DYNO_CHANNEL_NONE, "", { 0, 0, 1, 1, 0, 0 } },
};

static DynoSamples *
make_samples (const double *time_s)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (6);

  dyno_samples_builder_take_time (builder, g_memdup2 (time_s, 6 * sizeof (double)));
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    dyno_samples_builder_take (builder, channels[i].name, "", channels[i].channel,
                               dyno_unit_find (channels[i].unit),
                               g_memdup2 (channels[i].values, sizeof channels[i].values));

  return dyno_samples_builder_finish (builder);
}

static const double even[6] = { 0, 0.05, 0.1, 0.15, 0.2, 0.25 };

/* (transfer full) lines */
static char **
export (const DynoExportCsv *options,
        const double        *time_s)
{
  g_autoptr(DynoSamples) samples = make_samples (time_s);
  g_autoptr(GBytes) bytes = dyno_export_csv (samples, options);
  g_autofree char *text
    = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_true (g_str_has_suffix (text, "\r\n"));
  text[strlen (text) - 2] = '\0';

  return g_strsplit (text, "\r\n", -1);
}

static void
test_columns_and_defaults (void)
{
  DynoExportCsv options = { 0 };
  g_auto(GStrv) lines = export (&options, even);

  g_assert_cmpuint (g_strv_length (lines), ==, 7);
  g_assert_cmpstr (lines[0], ==,
                   "Time (s),rpm (rpm),power (kW),'=Boost (kPa),map#2 (kPa),Flag");
  g_assert_cmpstr (lines[1], ==, "0.000,2000,7.46,-10.34,90.00,0.000");
  g_assert_cmpstr (lines[2], ==, "0.050,2100,14.91,,91.00,0.000");
}

static void
test_source_units (void)
{
  DynoExportCsv options;
  g_auto(GStrv) lines = NULL;

  dyno_export_csv_init_exact (&options);
  lines = export (&options, even);
  g_assert_cmpstr (lines[0], ==,
                   "Time (s),rpm (rpm),power (hp),'=Boost (psi),map#2 (kPa),Flag");
  g_assert_cmpstr (lines[2], ==, "0.05,2100.5,20,,91,0");
}

static void
test_us_units_and_comma (void)
{
  DynoExportCsv options = { .units = DYNO_EXPORT_US, .is_decimal_comma = TRUE, .has_bom = TRUE };
  g_auto(GStrv) lines = export (&options, even);

  g_assert_cmpstr (lines[0], ==, "\xef\xbb\xbfTime (s);rpm (rpm);power (hp);'=Boost (inHg);"
                                 "map#2 (inHg);Flag");
  g_assert_cmpstr (lines[1], ==, "0,000;2000;10,00;-3,05;26,58;0,000");
}

static void
test_preamble (void)
{
  g_autoptr(GPtrArray) preamble = g_ptr_array_new ();
  DynoExportCsv options = { .preamble = preamble };
  g_auto(GStrv) lines = NULL;

  g_ptr_array_add (preamble, (gpointer) "run");
  g_ptr_array_add (preamble, (gpointer) "one\nTime,rpm");
  lines = export (&options, even);
  g_assert_cmpstr (lines[0], ==, "# run: one Time,rpm");
  g_assert_true (g_str_has_prefix (lines[1], "Time (s),"));
}

static void
test_fixed_rate (void)
{
  DynoExportCsv options = { .step_s = 0.02 };
  g_auto(GStrv) lines = export (&options, even);

  g_assert_cmpuint (g_strv_length (lines), ==, 14);
  g_assert_cmpstr (lines[2], ==, "0.020,2040,10.44,-7.93,90.40,0.000");
  /* A blank row between two readings is bridged: they are near enough. */
  g_assert_cmpstr (lines[9], ==, "0.160,2320,31.32,8.27,93.20,1.000");
  /* A flag is held, never 0.6. */
  g_assert_true (g_str_has_suffix (lines[5], ",0.000"));
}

static void
test_gaps_stay_blank (void)
{
  static const double torn[6] = { 0, 0.05, 0.1, 5, 5.05, 5.1 };
  DynoExportCsv options = { .step_s = 0.5 };
  g_auto(GStrv) lines = export (&options, torn);

  g_assert_cmpuint (g_strv_length (lines), ==, 12);
  g_assert_cmpstr (lines[2], ==, "0.500,,,,,");
  g_assert_cmpstr (lines[10], ==, "4.500,,,,,");
  g_assert_cmpstr (lines[11], ==, "5.000,,29.83,6.89,93.00,1.000");
}

static void
test_means (void)
{
  DynoExportCsv options = { .step_s = 0.1, .is_mean = TRUE };
  g_auto(GStrv) lines = export (&options, even);

  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  /* 0.05 … 0.15: the readings at 0.05 and 0.1; a blank one does not count. */
  g_assert_cmpstr (lines[2], ==, "0.100,2150,18.64,1.72,91.50,1.000");
}

/* Every cell but the names is empty or a plain number. */
static void
test_cells_are_plain_numbers (void)
{
  static const DynoExportCsv all[] = {
    { 0 },
    { .has_decimals = TRUE, .decimals = DYNO_EXPORT_FULL },
    { .step_s = 0.013, .units = DYNO_EXPORT_US, .has_decimals = TRUE, .decimals = 9 },
  };

  for (guint k = 0; k < G_N_ELEMENTS (all); k++)
    {
      g_auto(GStrv) lines = export (&all[k], even);

      for (guint row = 1; lines[row] != NULL; row++)
        {
          g_auto(GStrv) cells = g_strsplit (lines[row], ",", -1);

          for (guint i = 0; cells[i] != NULL; i++)
            {
              char *end;

              g_ascii_strtod (cells[i], &end);
              g_assert_cmpstr (end, ==, "");
              g_assert_true (*cells[i] != '\'' && *cells[i] != '+');
            }
        }
    }
}

/* Exported exactly and read again, the numbers are the same bits. */
static void
test_round_trip (void)
{
  g_autofree char *path = dyno_test_shared_file ("logs/wrl-dyno-check/134power.csv");
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoSamples) back = NULL;
  g_autoptr(DynoImportReport) report = NULL;
  g_autoptr(DynoImportReport) again = NULL;
  g_autoptr(GPtrArray) columns = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  DynoExportCsv options;
  gsize size;

  if (path == NULL)
    return;
  report = dyno_import_file (path, NULL, NULL, &samples, &error);
  g_assert_no_error (error);
  dyno_export_csv_init_exact (&options);
  bytes = dyno_export_csv (samples, &options);
  again = dyno_import_bytes ("own.csv", g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes),
                             NULL, NULL, &back, &error);
  g_assert_no_error (error);
  columns = dyno_export_columns_new (samples, DYNO_EXPORT_SOURCE);
  g_assert_cmpuint (dyno_samples_n_rows (back), ==, dyno_samples_n_rows (samples));
  g_assert_cmpuint (dyno_samples_n_columns (back), ==, columns->len);
  g_assert_cmpmem (dyno_samples_time (back), dyno_samples_n_rows (back) * sizeof (double),
                   dyno_samples_time (samples), dyno_samples_n_rows (samples) * sizeof (double));
  for (guint i = 0; i < columns->len; i++)
    {
      const DynoColumn *from = ((const DynoExportColumn *) columns->pdata[i])->column;
      const DynoColumn *to = dyno_samples_column (back, i);

      g_assert_cmpstr (from->unit->symbol, ==, to->unit->symbol);
      dyno_test_assert_same_numbers (from, to);
    }
}

static void
test_locales_change_nothing (void)
{
  static const char *const locales[] = { "de_DE.UTF-8", "tr_TR.UTF-8" };
  DynoExportCsv options = { .step_s = 0.02 };
  g_auto(GStrv) wanted = export (&options, even);
  g_autofree char *before = g_strdup (setlocale (LC_ALL, NULL));
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (locales); i++)
    {
      g_auto(GStrv) lines = NULL;

      if (setlocale (LC_ALL, locales[i]) == NULL)
        continue;
      n++;
      lines = export (&options, even);
      g_assert_true (g_strv_equal ((const char *const *) wanted, (const char *const *) lines));
    }
  setlocale (LC_ALL, before);
  if (n == 0)
    g_test_skip ("neither de_DE.UTF-8 nor tr_TR.UTF-8 is installed");
}

/* Grids */

static const double rpm[] = { 1000, 1500 };
static const double kpa[] = { 20, 30, 42.5 };

static void
test_grid (void)
{
  static const double values[] = { 1.005, -2.5, NAN, 0, -0.001, 12.345 };
  static const double base[] = { 70, 71, 72, 73, 74, 75 };
  DynoExportGrid grid = { rpm, 2, kpa, 3, values, 2 };
  g_autofree char *csv = dyno_export_grid_csv (&grid, ',', '.');
  g_autofree char *filled = dyno_export_grid_paste (&grid, base, FALSE, NULL);
  g_autofree char *blank = dyno_export_grid_paste (&grid, NULL, TRUE, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (csv, ==, "RPM,20,30,42.5\r\n1000,1.00,-2.50,\r\n1500,0.00,0.00,12.35\r\n");
  g_assert_cmpstr (filled, ==, "1.00\t-2.50\t72.00\n0.00\t0.00\t12.35");
  g_assert_cmpstr (blank, ==, "1.00\t-2.50\t\n0.00\t0.00\t12.35");
  g_assert_null (dyno_export_grid_paste (&grid, NULL, FALSE, &error));
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "export_holes");
  g_assert_nonnull (strstr (error->message, "1000/42.5"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shop/csv/numbers", test_numbers);
  g_test_add_func ("/shop/csv/full-numbers", test_full_numbers_read_back);
  g_test_add_func ("/shop/csv/texts", test_texts);
  g_test_add_func ("/shop/csv/columns", test_columns_and_defaults);
  g_test_add_func ("/shop/csv/source-units", test_source_units);
  g_test_add_func ("/shop/csv/us-units", test_us_units_and_comma);
  g_test_add_func ("/shop/csv/preamble", test_preamble);
  g_test_add_func ("/shop/csv/fixed-rate", test_fixed_rate);
  g_test_add_func ("/shop/csv/gaps", test_gaps_stay_blank);
  g_test_add_func ("/shop/csv/means", test_means);
  g_test_add_func ("/shop/csv/plain-numbers", test_cells_are_plain_numbers);
  g_test_add_func ("/shop/csv/round-trip", test_round_trip);
  g_test_add_func ("/shop/csv/locales", test_locales_change_nothing);
  g_test_add_func ("/shop/csv/grid", test_grid);

  return g_test_run ();
}
