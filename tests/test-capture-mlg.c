/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-import.h"
#include "dyno-json.h"
#include "dyno-test-mlg.h"
#include "dyno-test.h"

#include <math.h>
#include <string.h>

/* MegaLogViewer logs written here: every type of field, both versions, every trap. */

#define U8 0
#define S8 1
#define U16 2
#define S16 3
#define U32 4
#define S32 5
#define S64 6
#define F32 7

/* Time, RPM and AFR. */
static DynoTestMlg *
begin_log (guint version)
{
  DynoTestMlg *log = dyno_test_mlg_new (version);

  dyno_test_mlg_add_field (log, F32, "Time", "s", 0, 1, 0);
  dyno_test_mlg_add_field (log, U16, "RPM", "rpm", 0, 1, 0);
  dyno_test_mlg_add_field (log, U8, "AFR", "O2", 0, 0.1, 0);

  return log;
}

static void
add_rows (DynoTestMlg *log,
          guint        begin,
          guint        end)
{
  for (guint i = begin; i < end; i++)
    dyno_test_mlg_add_record (log, (double[]){ i / 64.0, 1000 + i % 5000, 100 + i % 50 });
}

static DynoImportReport *
import_log (const DynoTestMlg       *log,
            const DynoImportOptions *options,
            DynoSamples            **samples)
{
  g_autoptr(GByteArray) file = dyno_test_mlg_finish (log);
  g_autoptr(GError) error = NULL;
  DynoImportReport *report
    = dyno_import_bytes ("made.mlg", file->data, file->len, options, NULL, samples, &error);

  g_assert_no_error (error);

  return report;
}

static void
assert_refused (const GByteArray *file,
                const char       *reason,
                const char       *word)
{
  g_autoptr(GError) error = NULL;
  DynoImportReport *report
    = dyno_import_bytes ("bad.mlg", file->data, file->len, NULL, NULL, NULL, &error);

  g_assert_null (report);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
  g_assert_nonnull (strstr (error->message, word));
}

static guint64
count_warning (const DynoImportReport *report,
               const char             *code)
{
  const DynoImportFinding *warning = dyno_import_report_find_warning (report, code);

  return warning != NULL ? warning->count : 0;
}

/* value = (raw + transform) · scale, in double from the floats of the file. */
static void
test_types (gconstpointer version)
{
  static const double raw[][9]
    = { { 0, 200, -100, 60000, -30000, 4e9, -2e9, -9007199254740991.0, 1.5 },
        { 1, 0, 0, 0, 0, 0, 0, 12, -2.25 } };
  g_autoptr(DynoTestMlg) log = dyno_test_mlg_new (GPOINTER_TO_UINT (version));
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = NULL;

  dyno_test_mlg_add_field (log, U16, "Time", "s", 0, 0.001f, 0);
  for (guint type = U8; type <= F32; type++)
    {
      g_autofree char *name = g_strdup_printf ("Field %u", type);

      dyno_test_mlg_add_field (log, type, name, "", 0, 0.1, 3);
    }
  dyno_test_mlg_add_record (log, raw[0]);
  dyno_test_mlg_add_record (log, raw[1]);
  report = import_log (log, NULL, &samples);

  g_assert_cmpuint (report->rows, ==, 2);
  g_assert_cmpuint (report->columns, ==, 9);
  g_assert_cmpuint (dyno_samples_n_columns (samples), ==, 8);
  for (guint i = 0; i < 8; i++)
    {
      const DynoColumn *column = dyno_samples_column (samples, i);

      for (guint row = 0; row < 2; row++)
        g_assert_cmpfloat (dyno_column_value (column, row), ==,
                           (raw[row][i + 1] + 3) * (double) 0.1f);
    }
}

static const DynoImportFinding *
find_assumption (const DynoImportReport *report,
                 const char             *code)
{
  const DynoImportFinding *found = dyno_import_report_find_assumption (report, code);

  g_assert_nonnull (found);

  return found;
}

/* Both spellings of the type; names and styles are told, the numbers stay. */
static void
test_bits (void)
{
  static const char *const names[] = { "Running", "Crank", "", "Warmup", NULL };
  static const char *const more[] = { "Sync", NULL };
  g_autoptr(DynoTestMlg) log = begin_log (2);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = NULL;

  dyno_test_mlg_add_bits (log, 10, "Engine", names);
  dyno_test_mlg_add_bits (log, 0x11, "Status", more);
  dyno_test_mlg_add_field (log, U8, "Fan", "", 4, 1, 0);
  dyno_test_mlg_add_record (log, (double[]){ 0, 900, 147, 11, 513, 1 });
  dyno_test_mlg_add_record (log, (double[]){ 1, 901, 147, 9, 512, 0 });
  report = import_log (log, NULL, &samples);

  g_assert_cmpuint (report->columns, ==, 6);
  g_assert_cmpfloat (dyno_column_value (dyno_samples_column (samples, 2), 0), ==, 11);
  g_assert_cmpfloat (dyno_column_value (dyno_samples_column (samples, 3), 0), ==, 513);
  g_assert_cmpstr (find_assumption (report, "bit_names")->text, ==,
                   "The bits of “Engine” are: 0 Running, 1 Crank, 3 Warmup");
  g_assert_nonnull (strstr (find_assumption (report, "display_style")->text, "On/Off in “Fan”"));
}

static void
test_info (void)
{
  g_autoptr(DynoTestMlg) log = begin_log (2);
  g_autoptr(DynoImportReport) report = NULL;
  g_autoptr(GByteArray) file = NULL;
  g_autofree char *json = NULL;
  const DynoImportAttachment *tune;

  dyno_test_mlg_add_info (log, "\"rusEFI\"\nNEW_INFO_PROVIDER,Main tune,"
                               "Type:msqVisible:falseLength:31\n<msq>\nNEW_INFO_PROVIDER,</msq>\n"
                               "\"Capture Date: yes\"\nNEW_INFO_PROVIDER,Cut,Length:500\nhello");
  add_rows (log, 0, 10);
  file = dyno_test_mlg_finish (log);
  report = import_log (log, NULL, NULL);

  g_assert_cmpuint (report->rows, ==, 10);
  g_assert_cmpstr (report->preamble, ==, "\"rusEFI\"\n\"Capture Date: yes\"\n");
  g_assert_cmpuint (report->attachments->len, ==, 2);
  tune = &g_array_index (report->attachments, DynoImportAttachment, 0);
  g_assert_cmpstr (tune->name, ==, "Main tune");
  g_assert_cmpstr (tune->type, ==, "msq");
  g_assert_cmpmem (file->data + tune->offset, tune->size, "<msq>\nNEW_INFO_PROVIDER,</msq>\n", 31);
  g_assert_cmpuint (g_array_index (report->attachments, DynoImportAttachment, 1).size, ==, 5);
  g_assert_cmpuint (count_warning (report, "attachment_cut"), ==, 1);
  json = dyno_import_report_to_json (report, NULL);
  g_assert_nonnull (strstr (json, "\"attachments\":[{\"name\":\"Main tune\",\"type\":\"msq\""));
  g_assert_nonnull (strstr (json, "\"delimiter\":null"));
}

/* The counter runs over markers, too; what is lost is counted. */
static void
test_markers (void)
{
  g_autoptr(DynoTestMlg) log = begin_log (1);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = NULL;
  const DynoImportMarker *marker;

  add_rows (log, 0, 3);
  dyno_test_mlg_add_marker (log, "MARK 000 \x96 \xB0"); /* Windows-1252 */
  add_rows (log, 3, 300);
  dyno_test_mlg_skip (log, 7);
  add_rows (log, 300, 310);
  dyno_test_mlg_add_marker (log, "the end");
  report = import_log (log, NULL, &samples);

  g_assert_cmpuint (report->rows, ==, 310);
  g_assert_cmpuint (count_warning (report, "lost_records"), ==, 1);
  g_assert_nonnull (strstr (dyno_import_report_find_warning (report, "lost_records")->text,
                            "at least 7"));
  g_assert_cmpuint (report->markers->len, ==, 2);
  marker = &g_array_index (report->markers, DynoImportMarker, 0);
  g_assert_cmpuint (marker->before_row, ==, 4);
  g_assert_cmpstr (marker->text, ==, "MARK 000 – °");
  g_assert_cmpfloat (marker->at_s, ==, dyno_samples_time (samples)[3]);
}

/* Without a field Time the clock of the blocks is all there is: it wraps every 0.65 s. */
static void
test_clock (void)
{
  g_autoptr(DynoTestMlg) log = dyno_test_mlg_new (1);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = NULL;

  dyno_test_mlg_add_field (log, U16, "RPM", "rpm", 0, 1, 0);
  for (guint i = 0; i < 500; i++)
    dyno_test_mlg_add_record (log, (double[]){ 1000 + i });
  report = import_log (log, NULL, &samples);

  g_assert_cmpuint (count_warning (report, "clock_short"), ==, 1);
  g_assert_cmpuint (report->columns, ==, 2);
  for (guint i = 0; i < 500; i++)
    dyno_assert_near (dyno_samples_time (samples)[i], i * 0.01, 1e-9);
}

/* With a rate given there is no need of it. */
static void
test_rate (void)
{
  DynoImportOptions options = { .rate_hz = 20 };
  g_autoptr(DynoTestMlg) log = dyno_test_mlg_new (1);
  g_autoptr(DynoImportReport) report = NULL;

  dyno_test_mlg_add_field (log, U16, "RPM", "rpm", 0, 1, 0);
  for (guint i = 0; i < 21; i++)
    dyno_test_mlg_add_record (log, (double[]){ 1000 + i });
  report = import_log (log, &options, NULL);

  g_assert_null (dyno_import_report_find_warning (report, "clock_short"));
  dyno_assert_near (report->duration_s, 1, 1e-12);
}

/* 25.5 is a byte of ones; infinities and NaN of F32 are no readings either. */
static void
test_no_readings (void)
{
  g_autoptr(DynoTestMlg) log = begin_log (2);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = NULL;
  const DynoColumn *column;

  dyno_test_mlg_add_field (log, F32, "EGT", "C", 0, 1, 0);
  dyno_test_mlg_add_record (log, (double[]){ 0, 900, 147, 700 });
  dyno_test_mlg_add_record (log, (double[]){ 1, 950, 255, INFINITY });
  dyno_test_mlg_add_record (log, (double[]){ 2, 999, 148, NAN });
  report = import_log (log, NULL, &samples);

  g_assert_cmpuint (report->rejected[DYNO_REJECT_SENTINEL], ==, 1);
  g_assert_cmpuint (report->rejected[DYNO_REJECT_NOT_FINITE], ==, 1);
  g_assert_cmpuint (report->missing, ==, 1);
  column = dyno_samples_column (samples, 1);
  g_assert_true (isnan (dyno_column_value (column, 1)));
  g_assert_cmpuint (column->reasons[1], ==, DYNO_REJECT_SENTINEL);
}

/* Bytes that are no block are skipped when two sound ones follow. */
static void
test_resync (void)
{
  guint8 noise[70 * 1000];
  g_autoptr(DynoTestMlg) log = begin_log (1);
  g_autoptr(DynoImportReport) report = NULL;

  add_rows (log, 0, 20);
  dyno_test_mlg_add_bytes (log, "\x99\x98\x97 no block at all", 20);
  add_rows (log, 20, 40);
  report = import_log (log, NULL, NULL);
  g_assert_cmpuint (report->rows, ==, 40);
  g_assert_cmpuint (count_warning (report, "resync"), ==, 1);
  g_assert_null (dyno_import_report_find_warning (report, "truncated"));
  g_clear_pointer (&report, dyno_import_report_free);

  /* No end of it within 64 KiB. */
  memset (noise, 0x77, sizeof noise);
  dyno_test_mlg_add_bytes (log, noise, sizeof noise);
  add_rows (log, 40, 60);
  report = import_log (log, NULL, NULL);
  g_assert_cmpuint (report->rows, ==, 40);
  g_assert_cmpuint (count_warning (report, "truncated"), ==, 1);
}

/* Over several blocks of the reader, with rubbish in the middle. */
static void
test_large (void)
{
  g_autoptr(DynoTestMlg) log = begin_log (2);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = NULL;
  const guint n = 1200000;

  add_rows (log, 0, n / 2);
  dyno_test_mlg_add_bytes (log, "\xFE\xFD", 2);
  add_rows (log, n / 2, n);
  report = import_log (log, NULL, &samples);

  g_assert_cmpuint (report->bytes, >, 12 * 1024 * 1024);
  g_assert_cmpuint (report->rows, ==, n);
  g_assert_cmpuint (count_warning (report, "resync"), ==, 1);
  g_assert_cmpuint (count_warning (report, "lost_records"), ==, 0);
  for (guint i = 0; i < n; i += 997)
    g_assert_cmpfloat (dyno_column_value (dyno_samples_column (samples, 0), i), ==, 1000 + i % 5000);
}

static void
test_cut_block (void)
{
  g_autoptr(DynoTestMlg) log = begin_log (1);
  g_autoptr(GByteArray) file = NULL;
  g_autoptr(DynoImportReport) report = NULL;

  add_rows (log, 0, 10);
  file = dyno_test_mlg_finish (log);
  report = dyno_import_bytes ("cut.mlg", file->data, file->len - 3, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (report->rows, ==, 9);
  g_assert_cmpuint (count_warning (report, "truncated"), ==, 1);
}

static void
test_damaged_as_a_whole (void)
{
  g_autoptr(DynoTestMlg) log = begin_log (1);
  g_autoptr(GByteArray) file = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoImportReport) report = NULL;

  add_rows (log, 0, 200);
  file = dyno_test_mlg_finish (log);
  for (gsize i = 0; i < 10; i++)
    file->data[dyno_test_mlg_data_start (log) + 5 + i * 9 * dyno_test_mlg_block_size (log)] ^= 1;
  report = dyno_import_bytes ("x.mlg", file->data, file->len, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->rejected[DYNO_REJECT_CHECKSUM], ==, 10);
  g_assert_cmpuint (report->rows, ==, 190);

  file->data[dyno_test_mlg_data_start (log) + 5 + 99 * dyno_test_mlg_block_size (log)] ^= 1;
  assert_refused (file, "import_corrupt", "check sum");
}

static void
test_many_fields (void)
{
  g_autoptr(DynoTestMlg) log = begin_log (2);
  g_autoptr(DynoImportReport) report = NULL;
  double raw[782] = { 0, 1000, 147 };

  for (guint i = 3; i < G_N_ELEMENTS (raw); i++)
    {
      g_autofree char *name = g_strdup_printf ("Field %u", i / 2); /* each twice */

      dyno_test_mlg_add_field (log, U8, name, "", 0, 1, 0);
    }
  for (guint row = 0; row < 3; row++)
    {
      raw[0] = row;
      dyno_test_mlg_add_record (log, raw);
    }
  report = import_log (log, NULL, NULL);
  g_assert_cmpuint (report->columns, ==, 782);
  g_assert_cmpuint (report->rows, ==, 3);
  g_assert_cmpuint (count_warning (report, "duplicate_names"), >, 300);
}

static void
test_refusals (void)
{
  g_autoptr(DynoTestMlg) log = begin_log (1);
  g_autoptr(GByteArray) file = NULL;

  add_rows (log, 0, 5);
  file = dyno_test_mlg_finish (log);
  file->data[7] = 3;
  assert_refused (file, "import_version", "version 3");
  file->data[7] = 1;
  file->data[19]++; /* record length */
  assert_refused (file, "import_corrupt", "fields take 7");
  file->data[19]--;
  file->data[22] = 9; /* type of the first field */
  assert_refused (file, "import_corrupt", "type 9");
  file->data[22] = F32;
  file->data[12] = 0xFF; /* where the text begins */
  assert_refused (file, "import_corrupt", "contradicts");
  file->data[12] = 0;
  g_byte_array_set_size (file, 100);
  assert_refused (file, "import_corrupt", "byte 100");
  g_byte_array_set_size (file, 7);
  assert_refused (file, "import_corrupt", "header");
}

static void
test_no_rows (void)
{
  g_autoptr(DynoTestMlg) log = begin_log (2);
  g_autoptr(GByteArray) file = NULL;

  dyno_test_mlg_add_marker (log, "nothing else");
  file = dyno_test_mlg_finish (log);
  assert_refused (file, "import_no_data", "3 fields");
}

static void
test_text_dialect (void)
{
  DynoImportOptions options = { .dialect = "winpep" };
  g_autoptr(DynoTestMlg) log = begin_log (2);
  g_autoptr(GByteArray) file = NULL;
  g_autoptr(GError) error = NULL;

  add_rows (log, 0, 5);
  file = dyno_test_mlg_finish (log);
  g_assert_null (dyno_import_bytes ("x", file->data, file->len, &options, NULL, NULL, &error));
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "import_option");
}

static void
cancel_cb (double      fraction,
           const char *stage,
           gpointer    data)
{
  if (fraction > 0)
    g_cancellable_cancel (data);
}

static void
test_cancel (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  DynoImportOptions options = { .progress = cancel_cb, .progress_data = cancellable };
  g_autoptr(DynoTestMlg) log = begin_log (2);
  g_autoptr(GByteArray) file = NULL;
  g_autoptr(GError) error = NULL;

  add_rows (log, 0, 50000);
  file = dyno_test_mlg_finish (log);
  g_assert_null (
    dyno_import_bytes ("x", file->data, file->len, &options, cancellable, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/capture/mlg/types/1", GUINT_TO_POINTER (1), test_types);
  g_test_add_data_func ("/capture/mlg/types/2", GUINT_TO_POINTER (2), test_types);
  g_test_add_func ("/capture/mlg/bits", test_bits);
  g_test_add_func ("/capture/mlg/info", test_info);
  g_test_add_func ("/capture/mlg/markers", test_markers);
  g_test_add_func ("/capture/mlg/clock", test_clock);
  g_test_add_func ("/capture/mlg/rate", test_rate);
  g_test_add_func ("/capture/mlg/no-readings", test_no_readings);
  g_test_add_func ("/capture/mlg/resync", test_resync);
  g_test_add_func ("/capture/mlg/large", test_large);
  g_test_add_func ("/capture/mlg/cut-block", test_cut_block);
  g_test_add_func ("/capture/mlg/damaged-as-a-whole", test_damaged_as_a_whole);
  g_test_add_func ("/capture/mlg/many-fields", test_many_fields);
  g_test_add_func ("/capture/mlg/refusals", test_refusals);
  g_test_add_func ("/capture/mlg/no-rows", test_no_rows);
  g_test_add_func ("/capture/mlg/text-dialect", test_text_dialect);
  g_test_add_func ("/capture/mlg/cancel", test_cancel);

  return g_test_run ();
}
