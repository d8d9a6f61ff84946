/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-import-clock.h"
#include "dyno-import.h"
#include "dyno-test.h"

#include <math.h>
#include <string.h>

/* Stamps: forms, units, repairs, gaps (formats.md A.5). */

typedef struct
{
  DynoImportReport *report;  /* (owned) */
  DynoSamples      *samples; /* (owned) */
  const double     *time_s;
} Log;

static Log
read_with (const char              *text,
           const DynoImportOptions *options)
{
  g_autoptr(GError) error = NULL;
  Log log = { 0 };

  log.report
      = dyno_import_bytes ("a.csv", text, strlen (text), options, NULL, &log.samples, &error);
  g_assert_no_error (error);
  log.time_s = dyno_samples_time (log.samples);

  return log;
}

/* A log with these stamps; the other column counts the rows from 1. */
static GString *
make_log (const char        *name,
          const char *const *stamps,
          gsize              n)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s,Row\n", name);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, "%s,%u\n", stamps[i], (guint) i + 1);

  return text;
}

static Log
read_stamps (const char        *name,
             const char *const *stamps,
             gsize              n)
{
  g_autoptr(GString) text = make_log (name, stamps, n);

  return read_with (text->str, NULL);
}

static void
log_clear (Log *log)
{
  dyno_import_report_free (log->report);
  dyno_samples_unref (log->samples);
}

static void
assert_refused (const char              *text,
                const DynoImportOptions *options,
                const char              *reason,
                const char              *words)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_import_bytes ("a.csv", text, strlen (text), options, NULL, NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_forms (void)
{
  static const struct
  {
    const char *name;
    const char *stamps[3];
    const char *form;
    double      step_s;
    double      confidence; /* of an assumed unit; 0: none is assumed */
  } logs[] = {
    { "Time (s)", { "5", "5.5", "6" }, "seconds", 0.5, 0 },
    { "Time [sec]", { "5", "5.5", "6" }, "seconds", 0.5, 0 },
    { "Time(ms)", { "100", "150.5", "201" }, "milliseconds", 0.0505, 0 },
    { "Time (msec)", { "0", "20", "40" }, "milliseconds", 0.02, 0 },
    { "timestamp_ms", { "0", "20", "40" }, "milliseconds", 0.02, 0 },
    { "Time (us)", { "0", "20", "40" }, "microseconds", 2e-5, 0 },
    { "LogEntrySeconds", { "0.1", "0.2", "0.3" }, "seconds", 0.1, 0 },
    { "Time", { "0", "20", "40" }, "milliseconds", 0.02, 0.7 },
    { "Zeit", { "0", "5000", "10000" }, "milliseconds", 5, 0.7 },
    { "Time", { "0", "1", "2" }, "seconds", 1, 0.7 },
    { "Time", { "0.0", "16.7", "33.4" }, "milliseconds", 0.0167, 0.6 },
    { "Time", { "1754000000", "1754000001", "1754000002" }, "unix-seconds", 1, 0.7 },
    { "Time", { "1754000000.25", "1754000000.75", "1754000001.25" }, "unix-seconds", 0.5, 0.7 },
    { "Time", { "1754000000123", "1754000000143", "1754000000163" }, "unix-milliseconds", 0.02,
      0.7 },
    { "Log Time", { "5:14:12.051", "5:14:12.067", "5:14:12.083" }, "time-of-day", 0.016, 0 },
    { "TIME", { "05:14:12,051", "05:14:12,067", "05:14:12,083" }, "time-of-day", 0.016, 0 },
    { "Time", { "05:14:12:051", "05:14:12:067", "05:14:12:083" }, "time-of-day", 0.016, 0 },
    { "Time", { "00:00:01", "00:00:02", "00:00:03" }, "time-of-day", 1, 0 },
    { "Time", { "2025-12-18T23:59:59.5", "2025-12-19T00:00:00", "2025-12-19T00:00:00.5" },
      "wall-clock", 0.5, 0 },
    { "Time", { "2025-12-18 23:59:59.5Z", "2025-12-19 00:00:00Z", "2025-12-18 23:00:00.5-01:00" },
      "wall-clock", 0.5, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (logs); i++)
    {
      /* A comma in a stamp needs quotes. */
      g_autoptr(GString) text = g_string_new (NULL);
      const DynoImportFinding *assumed;
      Log log;

      g_string_append_printf (text, "%s;Row\n", logs[i].name);
      for (gsize k = 0; k < 3; k++)
        g_string_append_printf (text, "%s;%u\n", logs[i].stamps[k], (guint) k);
      log = read_with (text->str, NULL);
      g_assert_cmpstr (log.report->time.form, ==, logs[i].form);
      g_assert_cmpuint (log.report->rows, ==, 3);
      g_assert_true (log.time_s[0] == 0);
      dyno_assert_near (log.time_s[1], logs[i].step_s, 1e-15);
      dyno_assert_near (log.time_s[2], 2 * logs[i].step_s, 1e-15);
      assumed = dyno_import_report_find_assumption (log.report, "time_unit");
      g_assert_cmpint (assumed != NULL, ==, logs[i].confidence > 0);
      if (assumed != NULL)
        dyno_assert_near (assumed->confidence, logs[i].confidence, 1e-12);
      log_clear (&log);
    }
}

static void
test_start (void)
{
  static const char *const wall[]
      = { "2025-12-18T23:00:24.584+01:00", "2025-12-18T23:00:24.600+01:00" };
  static const char *const unix_ms[] = { "1754000000123", "1754000000143" };
  Log log = read_stamps ("Time", wall, 2);

  g_assert_cmpstr (log.report->time.date, ==, "2025-12-18");
  g_assert_cmpstr (log.report->time.first, ==, "23:00:24.584");
  g_assert_cmpstr (log.report->time.offset, ==, "+01:00");
  g_assert_null (dyno_import_report_find_assumption (log.report, "zone"));
  log_clear (&log);

  log = read_stamps ("Time", unix_ms, 2);
  g_assert_cmpstr (log.report->time.date, ==, "2025-07-31");
  g_assert_cmpstr (log.report->time.first, ==, "22:13:20.123");
  g_assert_cmpstr (log.report->time.offset, ==, "Z");
  log_clear (&log);

  log = read_with ("Logger,made on 2024-02-29 at noon\nTime,RPM\n05:14:12.051,1\n05:14:12.067,2\n",
                   NULL);
  g_assert_cmpstr (log.report->time.date, ==, "2024-02-29");
  g_assert_cmpstr (log.report->time.first, ==, "05:14:12.051");
  g_assert_nonnull (dyno_import_report_find_assumption (log.report, "date"));
  log_clear (&log);
}

/* The difference of decimal stamps is that of the decimals, not of the doubles. */
static void
test_exact (void)
{
  static const char *const stamps[] = { "1000.1", "1000.15", "1000.2", "1000.3" };
  static const char *const full[] = { "0", "0.30000000000000004", "0.7" };
  Log log = read_stamps ("Time (s)", stamps, 4);

  g_assert_true (log.time_s[1] == 0.05);
  g_assert_true (log.time_s[2] == 0.1);
  g_assert_true (log.time_s[3] == 0.2);
  g_assert_true (log.report->duration_s == 0.2);
  log_clear (&log);

  log = read_stamps ("Time (s)", full, 3);
  g_assert_true (log.time_s[1] == 0.30000000000000004);
  g_assert_true (log.time_s[2] == 0.7);
  log_clear (&log);
}

static void
test_midnight (void)
{
  static const char *const stamps[]
      = { "23:59:59.500", "23:59:59.900", "00:00:00.300", "00:00:00.700" };
  static const char *const elapsed[] = { "99:59:58", "99:59:59", "00:00:00", "00:00:01" };
  Log log = read_stamps ("Time", stamps, 4);

  g_assert_cmpuint (log.report->time.midnights, ==, 1);
  g_assert_cmpuint (log.report->time.restarts, ==, 0);
  g_assert_true (log.time_s[3] == 1.2);
  log_clear (&log);

  /* Hours that count on do not begin anew at midnight. */
  log = read_stamps ("Time", elapsed, 4);
  g_assert_cmpuint (log.report->time.midnights, ==, 0);
  g_assert_cmpuint (log.report->time.restarts, ==, 1);
  g_assert_true (log.time_s[2] == 2 && log.time_s[3] == 3);
  log_clear (&log);
}

static void
test_wraps (void)
{
  static const char *const ms_16[] = { "65500", "65520", "4", "24", "44" };
  static const char *const ms_32[] = { "4294967280", "4294967290", "4", "14" };
  static const char *const tens_16[] = { "0.65", "0.655", "0.00464", "0.00964" };
  Log log = read_stamps ("Time (ms)", ms_16, 5);

  g_assert_cmpuint (log.report->time.wraps, ==, 1);
  g_assert_true (log.time_s[2] == 0.04);
  g_assert_true (log.time_s[4] == 0.08);
  log_clear (&log);

  log = read_stamps ("Time (ms)", ms_32, 4);
  g_assert_cmpuint (log.report->time.wraps, ==, 1);
  g_assert_true (log.time_s[3] == 0.030);
  log_clear (&log);

  log = read_stamps ("Time (s)", tens_16, 4);
  g_assert_cmpuint (log.report->time.wraps, ==, 1);
  g_assert_true (log.time_s[2] == 0.01);
  g_assert_true (log.time_s[3] == 0.015);
  log_clear (&log);
}

/* The clock begins anew: the rows go on one step later and are marked. */
static void
test_restart (void)
{
  static const char *const stamps[] = { "10", "10.1", "10.2", "10.3", "0", "0.1", "0.2" };
  const DynoImportMarker *marker;
  Log log = read_stamps ("Time (s)", stamps, 7);

  g_assert_cmpuint (log.report->time.restarts, ==, 1);
  g_assert_cmpuint (log.report->time.wraps, ==, 0);
  dyno_assert_near (log.time_s[4], 0.4, 1e-15);
  dyno_assert_near (log.time_s[6], 0.6, 1e-15);
  g_assert_cmpuint (log.report->markers->len, ==, 1);
  marker = &g_array_index (log.report->markers, DynoImportMarker, 0);
  g_assert_cmpuint (marker->before_row, ==, 5);
  dyno_assert_near (marker->at_s, 0.4, 1e-15);
  g_assert_nonnull (strstr (marker->text, "10.3 s"));
  log_clear (&log);
}

static void
test_disorder (void)
{
  g_autoptr(GString) text = g_string_new ("Time (s),Row\n");
  DynoImportOptions options = { .force = TRUE };
  const DynoColumn *rows;
  Log log;

  for (int i = 0; i < 200; i++)
    g_string_append_printf (text, "%d.%d,%d\n", i / 10, i == 100 ? 2 : i == 102 ? 0 : i % 10, i);
  log = read_with (text->str, NULL);
  g_assert_cmpuint (log.report->time.backward, ==, 2);
  rows = dyno_samples_find_name (log.samples, "Row");
  g_assert_true (dyno_column_value (rows, 100) == 102 && dyno_column_value (rows, 101) == 101 && dyno_column_value (rows, 102) == 100);
  for (gsize i = 1; i < 200; i++)
    g_assert_true (log.time_s[i] >= log.time_s[i - 1]);
  log_clear (&log);

  g_string_truncate (text, 0);
  g_string_append (text, "Time (s),Row\n0,1\n0.2,2\n0.1,3\n0.3,4\n");
  assert_refused (text->str, NULL, "import_time_disorder", "row 3 (0.1 after 0.2)");
  log = read_with (text->str, &options);
  g_assert_cmpuint (log.report->rows, ==, 4);
  rows = dyno_samples_find_name (log.samples, "Row");
  g_assert_true (dyno_column_value (rows, 1) == 3);
  log_clear (&log);

  assert_refused ("Time (s),Row\n40,1\n30,2\n20,3\n10,4\n", NULL, "import_time_disorder",
                  "--force");
}

static void
test_equal_stamps (void)
{
  Log log = read_with (
      "Time (s),RPM,MAP\n0,1000,80\n0.1,1001,81\n0.1,1001,81\n0.1,1002,81\n0.2,1002,81\n"
      "0.2,1002,81\n0.2,1002,81\n0.3,1003,\n0.3,1003,\n",
      NULL);
  const DynoColumn *map = dyno_samples_find (log.samples, DYNO_CHANNEL_MAP);

  g_assert_cmpuint (log.report->rows, ==, 5);
  g_assert_cmpuint (log.report->dropped_equal, ==, 4);
  g_assert_cmpuint (log.report->time.equal, ==, 1);
  g_assert_cmpuint (log.report->held_rows, ==, 1);
  g_assert_true (log.time_s[2] == 0.1 && log.time_s[3] == 0.2);
  g_assert_cmphex (map->updates[0], ==, 0x07);
  log_clear (&log);
}

static void
test_rows_without_stamp (void)
{
  Log log = read_with (
      "Time (s),RPM\n0,1000\n,1001\nx,1002\n0.1,1003\nNaN,1004\n1e999,1005\n0.2,1006\n", NULL);

  g_assert_cmpuint (log.report->rows, ==, 3);
  g_assert_cmpuint (log.report->dropped_no_time, ==, 4);
  g_assert_cmpuint (dyno_import_report_find_warning (log.report, "rows_without_time")->count, ==,
                    4);
  g_assert_true (dyno_column_value (dyno_samples_find (log.samples, DYNO_CHANNEL_RPM), 1) == 1003);
  log_clear (&log);
  assert_refused ("Time,RPM,MAP\n-,1000,80\n-,1001,81\n", NULL, "import_no_time", "“Time”");
}

static void
test_gaps (void)
{
  g_autoptr(GString) text = g_string_new ("Time (s),Row\n");
  const DynoImportGap *gap;
  Log log;

  for (int i = 0; i < 100; i++)
    g_string_append_printf (text, "%d.%02d,%d\n",
                            i / 20 + (i >= 40 ? 3 : 0) + (i >= 60 ? 90000 : 0), i % 20 * 5, i);
  log = read_with (text->str, NULL);
  g_assert_cmpuint (log.report->gaps->len, ==, 2);
  gap = &g_array_index (log.report->gaps, DynoImportGap, 0);
  g_assert_cmpuint (gap->after_row, ==, 40);
  dyno_assert_near (gap->at_s, 1.95, 1e-12);
  dyno_assert_near (gap->length_s, 3.05, 1e-12);
  g_assert_cmpuint (log.report->time.clock_jumps, ==, 1);
  g_assert_nonnull (dyno_import_report_find_warning (log.report, "gap"));
  g_assert_nonnull (dyno_import_report_find_warning (log.report, "clock_jump"));
  g_assert_true (dyno_samples_is_gap (log.samples, 40));
  log_clear (&log);
}

static void
test_no_time (void)
{
  const char *text = "RPM,MAP\n1000,80\n1001,81\n1002,82\n";
  DynoImportOptions rate = { .rate_hz = 20 };
  DynoImportOptions index = { .row_index = TRUE };
  static const char *const map[] = { "MAP=time", NULL };
  DynoImportOptions mapped = { .map = map };
  Log log;

  assert_refused (text, NULL, "import_no_time", "--rate");
  log = read_with (text, &rate);
  g_assert_true (log.time_s[2] == 0.1);
  g_assert_cmpstr (log.report->time.form, ==, "rate");
  log_clear (&log);

  log = read_with (text, &index);
  g_assert_false (dyno_samples_has_time (log.samples));
  g_assert_cmpstr (log.report->time.form, ==, "row-index");
  g_assert_true (isnan (log.report->duration_s));
  log_clear (&log);

  log = read_with (text, &mapped);
  g_assert_true (log.time_s[2] == 2);
  g_assert_null (dyno_samples_find_name (log.samples, "MAP"));
  log_clear (&log);
}

/* Given a rate, the stamps of the file are not asked. */
static void
test_rate_overrides (void)
{
  DynoImportOptions options = { .rate_hz = 4 };
  Log log = read_with ("Time,RPM\n9,1000\n3,1001\n7,1002\n", &options);

  g_assert_true (log.time_s[2] == 0.5);
  g_assert_cmpuint (dyno_samples_n_columns (log.samples), ==, 1);
  log_clear (&log);
}

static void
test_operator_unit (void)
{
  static const char *const unit[] = { "Time=ms", NULL };
  DynoImportOptions options = { .unit = unit };
  Log log = read_with ("Time,RPM\n0,1000\n1,1001\n", &options);

  g_assert_true (log.time_s[1] == 0.001);
  g_assert_null (dyno_import_report_find_assumption (log.report, "time_unit"));
  log_clear (&log);
}

static void
test_clock_text (void)
{
  static const char *const bad[] = {
    "", "1:2:3", "12:34", "12:60:00", "12:00:61", "12:00:00.", "1234:00:00", "12:00:00x",
    "-1:00:00",
    "2025-13-01 00:00:00", "2025-02-29 00:00:00", "2025-01-01", "2025-01-01 25:00:00",
    "2025-01-01 00:00:00+1",
    "2025-01-01 00:00:00+19:00", "2025-1-01 00:00:00", "20250-01-01 00:00:00",
    "2025-01-01x00:00:00",
  };
  DynoImportClock clock;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (dyno_import_clock_parse (bad[i], strlen (bad[i]), &clock));
  g_assert_true (dyno_import_clock_parse ("123:45:06.123456789123", 22, &clock));
  g_assert_true (clock.seconds == 445506.123456789);
  g_assert_true (dyno_import_clock_parse ("1970-01-02T00:00:00+0030", 24, &clock));
  g_assert_true (dyno_import_clock_since (&clock, 0) == 86400 - 1800);
  g_assert_true (dyno_import_clock_parse ("2000-03-01 00:00:00", 19, &clock));
  g_assert_cmpint (clock.day, ==, 11017);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-time/forms", test_forms);
  g_test_add_func ("/import-time/start", test_start);
  g_test_add_func ("/import-time/exact", test_exact);
  g_test_add_func ("/import-time/midnight", test_midnight);
  g_test_add_func ("/import-time/wraps", test_wraps);
  g_test_add_func ("/import-time/restart", test_restart);
  g_test_add_func ("/import-time/disorder", test_disorder);
  g_test_add_func ("/import-time/equal-stamps", test_equal_stamps);
  g_test_add_func ("/import-time/rows-without-stamp", test_rows_without_stamp);
  g_test_add_func ("/import-time/gaps", test_gaps);
  g_test_add_func ("/import-time/no-time", test_no_time);
  g_test_add_func ("/import-time/rate-overrides", test_rate_overrides);
  g_test_add_func ("/import-time/operator-unit", test_operator_unit);
  g_test_add_func ("/import-time/clock-text", test_clock_text);

  return g_test_run ();
}
