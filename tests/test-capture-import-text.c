/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-import.h"
#include "dyno-test.h"

#include <math.h>
#include <string.h>

/* How text becomes cells: encodings, delimiters, headers, odd cells, and what is
 * refused (formats.md A.2 to A.4, A.6, A.11). */

typedef struct
{
  DynoImportReport *report;  /* (owned) */
  DynoSamples      *samples; /* (owned) */
} Log;

static Log
read_bytes (const void              *bytes,
            gsize                    n,
            const DynoImportOptions *options)
{
  g_autoptr(GError) error = NULL;
  Log log = { 0 };

  log.report = dyno_import_bytes ("a.csv", bytes, n, options, NULL, &log.samples, &error);
  g_assert_no_error (error);

  return log;
}

static Log
read_text (const char *text)
{
  return read_bytes (text, strlen (text), NULL);
}

static void
log_clear (Log *log)
{
  dyno_import_report_free (log->report);
  dyno_samples_unref (log->samples);
}

static double
get (const Log  *log,
     const char *name,
     gsize       row)
{
  const DynoColumn *column = dyno_samples_find_name (log->samples, name);

  g_assert_nonnull (column);
  g_assert_cmpuint (row, <, dyno_samples_n_rows (log->samples));

  return dyno_column_value (column, row);
}

static void
assert_refused (const void              *bytes,
                gsize                    n,
                const DynoImportOptions *options,
                const char              *reason,
                const char              *words)
{
  g_autoptr(GError) error = NULL;
  DynoSamples *samples = NULL;

  g_assert_null (dyno_import_bytes ("a.csv", bytes, n, options, NULL, &samples, &error));
  g_assert_null (samples);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” says nothing of “%s”", error->message, words);
}

static void
assert_text_refused (const char *text,
                     const char *reason,
                     const char *words)
{
  assert_refused (text, strlen (text), NULL, reason, words);
}

/* A literal with its NULs and its length. */
#define BYTES(literal) literal, sizeof literal - 1

/* A.2 */
static void
test_magic (void)
{
  static const struct
  {
    const char *bytes;
    gsize       n;
    const char *reason;
    const char *words;
  } files[] = {
    { BYTES (""), "import_empty", "empty" },
    { BYTES ("MLVLG\0\0\1 and so on"), "import_corrupt", "MegaLogViewer" },
    { BYTES ("<PVV>\n"), "import_is_tune", "tables import" },
    { BYTES ("\xEF\xBB\xBF \n<?xml version=\"1.0\"?>\n<!-- a > b -->\r\n<PVV x=\"1\">"),
      "import_is_tune", ".pvv" },
    { BYTES ("DYNOJDJ1........"), "import_format_unsupported", "journal" },
    { BYTES ("\xD4\xC3\xB2\xA1\2\0\4\0"), "import_format_unsupported", "capture" },
    { BYTES ("\x4D\x3C\xB2\xA1\2\0\4\0"), "import_format_unsupported", "capture" },
    { BYTES ("\xA1\xB2\xC3\xD4\0\2\0\4"), "import_format_unsupported", "capture" },
    { BYTES ("\xA1\xB2\x3C\x4D\0\2\0\4"), "import_format_unsupported", "capture" },
    { BYTES ("%PDF-1.4\n"), "import_format_unsupported", "PDF" },
    { BYTES ("\xFE\xCE\xFA\xCE\1\2\3\4"), "import_format_unsupported", "CSV, Time, 50 ms" },
    { BYTES ("MDF     4.10"), "import_format_unsupported", "ASAM" },
    { BYTES ("\1\2\3\4lf3\0"), "import_format_unsupported", "Link" },
    { BYTES ("<hCNF\0\0\0"), "import_format_unsupported", "AiM" },
    { BYTES ("PK\3\4\24\0"), "import_format_unsupported", "sheet as CSV" },
    { BYTES ("SQLite format 3\0"), "import_format_unsupported", "SQLite" },
    { BYTES ("[info]\r\n[chan1]\r\nname=rpm\r\n"), "import_format_unsupported", "Emerald" },
    { BYTES ("a,b\0c\n1,2\n"), "import_binary_unknown", "CSV" },
    { BYTES ("\1\2\3\4\5\6\7\10\16\17\n1,2\n"), "import_binary_unknown", "CSV" },
    { BYTES ("%DataLog%\r\nDataLogVersion : 1.1\r\n"), "import_no_data", "Haltech" },
    { BYTES ("\"Format:\",\"1.0\"\n\"Signals:\"\n\"Time(ms)\",\"Signal\",\"Value\"\n0,0,1\n"),
      "import_no_header", "Power Vision" },
    { BYTES ("VCDS Version\nGroup A:,'002,,,Group B:,'020\n,TIME,,,TIME,\n,0.1,760,,0.2,18\n"),
      "import_layout_unsupported", "stamps" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    assert_refused (files[i].bytes, files[i].n, NULL, files[i].reason, files[i].words);
}

static void
append_utf16 (GString    *out,
              const char *text,
              gboolean    is_little)
{
  glong n;
  g_autofree gunichar2 *units = g_utf8_to_utf16 (text, -1, NULL, &n, NULL);

  for (glong i = 0; i < n; i++)
    {
      char low = (char) (units[i] & 0xFF);
      char high = (char) (units[i] >> 8);

      g_string_append_c (out, is_little ? low : high);
      g_string_append_c (out, is_little ? high : low);
    }
}

/* A.3: byte order marks, none, surrogates, half a character at the end. */
static void
test_utf16 (void)
{
  const char *text = "Time;Öltemp 😀 (°C);RPM\n0,0;80,5;1000\n0,1;80,6;1010\n";

  for (int kind = 0; kind < 8; kind++)
    {
      gboolean is_little = kind % 2 == 0;
      gboolean has_mark = kind / 2 % 2 == 0;
      gboolean is_odd = kind / 4 == 1;
      g_autoptr(GString) bytes = g_string_new (NULL);
      Log log;

      if (has_mark)
        append_utf16 (bytes, "\xEF\xBB\xBF", is_little);
      append_utf16 (bytes, text, is_little);
      if (is_odd)
        g_string_append_c (bytes, 'x');
      log = read_bytes (bytes->str, bytes->len, NULL);
      g_assert_cmpstr (log.report->encoding, ==, is_little ? "utf-16le" : "utf-16be");
      g_assert_cmpint (log.report->decimal, ==, ',');
      g_assert_true (get (&log, "Öltemp 😀", 1) == 80.6);
      g_assert_cmpint (dyno_import_report_find_warning (log.report, "odd_byte") != NULL, ==,
                       is_odd);
      log_clear (&log);
    }
}

static void
test_lone_surrogates (void)
{
  static const char bytes[] = "\xFF\xFET\0i\0m\0e\0,\0\x00\xD8R\0\x00\xDC\n\0000\0,\0001\0\n\0";
  Log log = read_bytes (bytes, sizeof bytes - 1, NULL);

  g_assert_cmpuint (dyno_import_report_find_warning (log.report, "undefined_bytes")->count, ==, 2);
  g_assert_true (get (&log, "\xEF\xBF\xBDR\xEF\xBF\xBD", 0) == 1);
  log_clear (&log);
}

static void
test_windows_1252 (void)
{
  Log log = read_text ("Time,IAT (\xB0""F),P\x81\x9D\x80\n0,90,1\n1,91,2\n");

  g_assert_cmpstr (log.report->encoding, ==, "windows-1252");
  g_assert_cmpstr (dyno_samples_find (log.samples, DYNO_CHANNEL_IAT)->unit->symbol, ==, "°F");
  g_assert_cmpuint (dyno_import_report_find_warning (log.report, "undefined_bytes")->count, ==, 2);
  g_assert_true (get (&log, "P\xEF\xBF\xBD\xEF\xBF\xBD€", 1) == 2);
  log_clear (&log);
}

static void
test_utf8_marks (void)
{
  Log log = read_text ("\xEF\xBB\xBFTime,IAT (°C)\n0,20\n1,21\n");

  g_assert_cmpstr (log.report->encoding, ==, "utf-8");
  g_assert_cmpstr (log.report->time.column, ==, "Time");
  log_clear (&log);
}

/* The head is cut in the middle of a character: still UTF-8. A byte that breaks it
 * far below makes one cell unreadable, not the log. */
static void
test_utf8_at_the_head (void)
{
  for (gsize shift = 0; shift < 4; shift++)
    {
      g_autoptr(GString) text = g_string_new ("Time,RPM,A,B,Note\n");
      Log log;

      for (gsize i = 0; i < shift; i++)
        g_string_append_c (text, '#');
      g_string_append (text, "\n");
      for (int row = 0; text->len < 1300000; row++)
        g_string_append_printf (text, "%d.5,%d,1,2,ööööööööööööööööööööö😀\n", row,
                                1000 + row % 7);
      g_string_append (text, "9999999,\xF6,1,2,x\n");
      log = read_bytes (text->str, text->len, NULL);
      g_assert_cmpstr (log.report->encoding, ==, "utf-8");
      g_assert_true (isnan (get (&log, "RPM", log.report->rows - 1)));
      g_assert_true (get (&log, "RPM", 1) == 1001);
      log_clear (&log);
    }
}

static void
test_line_ends (void)
{
  static const struct
  {
    const char *text;
    const char *newline;
  } logs[] = {
    { "Time,RPM\n0,1000\n1,1001\n", "lf" },         { "Time,RPM\r\n0,1000\r\n1,1001\r\n", "crlf" },
    { "Time,RPM\r0,1000\r1,1001\r", "cr" },         { "Time,RPM\r\n0,1000\n1,1001\r\n", "mixed" },
    { "Time,RPM\n\n\r\n0,1000\r1,1001", "mixed" },  { "Time,RPM\r\n0,1000\r\n1,1001", "crlf" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (logs); i++)
    {
      Log log = read_text (logs[i].text);

      g_assert_cmpuint (log.report->rows, ==, 2);
      g_assert_cmpstr (log.report->newline, ==, logs[i].newline);
      g_assert_true (get (&log, "RPM", 1) == 1001);
      log_clear (&log);
    }
}

static void
test_quotes (void)
{
  Log log = read_text ("\"Time\",\"a \"\"b\"\", c\",pl\"ain,open\n"
                       "\"0\",\"  1.5 \",2\"3,\"4\n"
                       " \"1\" ,\"-2\",3, \"5\"\n"
                       "2,\"1\"x,4,\"6\"\"\"\n");

  g_assert_cmpuint (log.report->rows, ==, 3);
  g_assert_true (get (&log, "a \"b\", c", 0) == 1.5);
  g_assert_true (get (&log, "a \"b\", c", 1) == -2);
  g_assert_true (isnan (get (&log, "a \"b\", c", 2)));
  g_assert_true (isnan (get (&log, "pl\"ain", 0)));
  g_assert_true (get (&log, "open", 0) == 4);
  g_assert_true (get (&log, "open", 1) == 5);
  g_assert_cmpuint (log.report->rejected[DYNO_REJECT_UNPARSABLE], ==, 3);
  g_assert_cmpuint (dyno_import_report_find_warning (log.report, "unclosed_quotes")->count, ==, 1);
  log_clear (&log);
}

/* A.3: a row that was being written when the file was copied. */
static void
test_cut_row (void)
{
  Log log = read_text ("Time,RPM,TPS\n0,1000,1\n1,1001,2\n2,10");

  g_assert_cmpuint (log.report->rows, ==, 2);
  g_assert_nonnull (dyno_import_report_find_warning (log.report, "truncated"));
  log_clear (&log);

  log = read_text ("Time,RPM,TPS\n0,1000,1\n1,1001,2\n2,1002,3");
  g_assert_cmpuint (log.report->rows, ==, 3);
  g_assert_null (dyno_import_report_find_warning (log.report, "truncated"));
  log_clear (&log);
}

/* A.4: the longest run of rows tells the delimiter. */
static void
test_delimiters (void)
{
  static const struct
  {
    const char *text;
    char        delimiter;
    char        decimal;
  } logs[] = {
    { "Time\tRPM\tLoad\n0\t1000\t1,5\n1\t1001\t2\n", '\t', ',' },
    { "Time;RPM;Load\n0;1000;1,5\n1;1001;2\n", ';', ',' },
    { "Time;RPM;Load\n0;1000;1.5\n1;1001;2\n", ';', '.' },
    { "Time,RPM,Load\n0,1000,1.5\n1,1001,2\n", ',', '.' },
    { "1;2;3\n\nTime,RPM,Load\n0,1000,1.5\n1,1001,2\n", ',', '.' },
    { "Time;RPM;Load\n00:00:00,5;1000;1,5\n00:00:01.5;1001;2\n", ';', ',' },
    { "Time;RPM;Load\n0.5;1000;1,5\n1.5;1001;2\n", ';', ',' },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (logs); i++)
    {
      Log log = read_text (logs[i].text);

      g_assert_cmpint (log.report->delimiter, ==, logs[i].delimiter);
      g_assert_cmpint (log.report->decimal, ==, logs[i].decimal);
      g_assert_true (get (&log, "Load", 0) == 1.5);
      g_assert_nonnull (dyno_import_report_find_assumption (log.report, "delimiter"));
      g_assert_nonnull (dyno_import_report_find_assumption (log.report, "decimal"));
      log_clear (&log);
    }
}

static void
test_ambiguous (void)
{
  const char *both = "Time;RPM;Load;Oil\n0;1000;1,5;2\n1;1001;1.5;2\n";
  const char *thousands = "Time;RPM;Load\n0;1.000,5;1\n1;1.001,5;2\n";
  const char *wide = "Time,RPM,Load\n0,5,1000,5,1,5\n1,5,1001,5,2,5\n";
  const char *quoted = "Time,RPM,Load\n\"0,5\",\"1000,5\",\"1,5\"\n\"1,5\",\"1001\",\"2,5\"\n";
  DynoImportOptions comma = { .decimal = "comma" };
  DynoImportOptions delimiter = { .delimiter = "comma", .force = TRUE };
  Log log;

  assert_text_refused (both, "import_ambiguous_decimal", "line 2 “0;1000;1,5;2”");
  assert_text_refused (both, "import_ambiguous_decimal", "line 3 “1;1001;1.5;2”");
  assert_text_refused (thousands, "import_ambiguous_decimal", "--decimal");
  assert_text_refused (wide, "import_ambiguous_delimiter", "line 1 “Time,RPM,Load”");

  log = read_bytes (both, strlen (both), &comma);
  g_assert_true (get (&log, "Load", 0) == 1.5);
  g_assert_true (isnan (get (&log, "Load", 1)));
  g_assert_cmpuint (log.report->rejected[DYNO_REJECT_UNPARSABLE], ==, 1);
  log_clear (&log);

  log = read_bytes (wide, strlen (wide), &delimiter);
  g_assert_cmpuint (log.report->rejected[DYNO_REJECT_EXTRA_CELLS], ==, 0);
  g_assert_true (get (&log, "RPM", 0) == 5);
  g_assert_true (get (&log, "column_6", 1) == 5);
  log_clear (&log);

  log = read_bytes (quoted, strlen (quoted), &comma);
  g_assert_true (get (&log, "RPM", 0) == 1000.5);
  g_assert_true (log.report->duration_s == 1);
  log_clear (&log);
}

static void
test_headers (void)
{
  const char *text
      = "A logger 1.2\nRider,Ann\n# a comment, with a comma\n\nTime,RPM,MAP,,Ignition\n"
        "(s),(rpm),[kPa],,[°]\n"
        "*, a note\n// another\n"
        "0,,,,\n0.1,3000,80,7,\n0.2,3010,81,7,30\n\n   \n#0.25,1,2,3,4\n0.3,3020,82,,31\n";
  Log log = read_text (text);

  g_assert_cmpuint (log.report->header_line, ==, 5);
  g_assert_cmpuint (log.report->preamble_lines, ==, 4);
  g_assert_true (g_str_has_prefix (log.report->preamble, "A logger 1.2\nRider,Ann\n# a comment"));
  g_assert_true (log.report->has_unit_row);
  g_assert_cmpuint (log.report->rows, ==, 4);
  g_assert_cmpuint (log.report->nameless_columns, ==, 1);
  g_assert_cmpuint (log.report->columns, ==, 5);
  g_assert_true (isnan (get (&log, "RPM", 0)));
  g_assert_true (get (&log, "column_4", 1) == 7);
  g_assert_cmpstr (dyno_import_report_find (log.report, DYNO_CHANNEL_MAP)->unit_from, ==,
                   "unit-row");
  g_assert_cmpstr (dyno_import_report_find (log.report, DYNO_CHANNEL_MAP)->unit_text, ==, "kPa");
  log_clear (&log);
}

/* "Time,RPM,AFR" is a header although two of its cells are units. */
static void
test_header_of_unit_words (void)
{
  Log log = read_text ("Bike,Rider,Dyno\nTime,RPM,AFR\n0,3000,13\n1,3001,13.1\n");

  g_assert_cmpuint (log.report->header_line, ==, 2);
  g_assert_false (log.report->has_unit_row);
  g_assert_nonnull (dyno_samples_find (log.samples, DYNO_CHANNEL_MIX));
  log_clear (&log);
}

static void
test_no_header (void)
{
  const char *text = "0,3000,80\n0.1,3001,81\n";
  DynoImportOptions options = { .header = "Time,RPM,MAP" };
  Log log;

  assert_text_refused (text, "import_no_header", "--header");
  log = read_bytes (text, strlen (text), &options);
  g_assert_cmpuint (log.report->header_line, ==, 0);
  g_assert_cmpuint (log.report->rows, ==, 2);
  g_assert_true (get (&log, "MAP", 1) == 81);
  log_clear (&log);
}

static void
test_no_data (void)
{
  assert_text_refused ("\n\n \n", "import_no_data", "only blank lines");
  assert_text_refused ("hello\nworld\n", "import_no_data", "--delimiter");
  assert_text_refused ("Time,RPM,AFR\n", "import_no_data", "header of 3 columns");
  assert_text_refused ("Time,RPM,AFR\n,,\n", "import_no_data", "line 1 “Time,RPM,AFR”");
  assert_text_refused ("5\n6\n7\n", "import_no_data", "two numbers");
}

static void
test_no_channels (void)
{
  assert_text_refused ("Time,Clock,Other\n0,00:00:01,00:00:02\n1,00:00:03,00:00:04\n",
                       "import_no_channels", "engine");
}

/* A.4.4 and A.4.5 */
static void
test_odd_rows (void)
{
  g_autoptr(GString) text = g_string_new ("Time,RPM,MAP,AP Info:[v1][2]\n");
  const DynoImportFinding *metadata;
  Log log;

  for (int i = 0; i < 100; i++)
    g_string_append_printf (text, "%d,3000,8%d,0\n", i, i % 10);
  g_string_append (text, "100,3000\n101,3000,80,0,,,\n102,3000,80,0,5\n103,3000,80,0,5,6\n104\n");
  log = read_bytes (text->str, text->len, NULL);
  g_assert_cmpuint (log.report->rows, ==, 105);
  g_assert_cmpuint (log.report->ragged_rows, ==, 3);
  g_assert_cmpuint (log.report->rejected[DYNO_REJECT_EXTRA_CELLS], ==, 3);
  g_assert_cmpuint (log.report->columns, ==, 3);
  g_assert_true (isnan (get (&log, "MAP", 100)));
  metadata = dyno_import_report_find_assumption (log.report, "metadata_column");
  g_assert_nonnull (strstr (metadata->text, "AP Info:[v1"));
  log_clear (&log);
}

static void
test_ragged (void)
{
  g_autoptr(GString) text = g_string_new ("Time,RPM,MAP,TPS\n");
  DynoImportOptions options = { .force = TRUE };
  Log log;

  for (int i = 0; i < 90; i++)
    g_string_append_printf (text, "%d,3000,80,%d\n", i, i);
  for (int i = 90; i < 100; i++)
    g_string_append_printf (text, "%d,3000\n", i);
  assert_refused (text->str, text->len, NULL, "import_ragged",
                  "line 92 “90,3000”, line 93 “91,3000”");
  log = read_bytes (text->str, text->len, &options);
  g_assert_cmpuint (log.report->rows, ==, 100);
  g_assert_cmpuint (dyno_import_report_find_warning (log.report, "ragged")->count, ==, 10);
  log_clear (&log);
}

/* A.6: what a cell may hold. Blank is missing, never 0 and never the cell before. */
static void
test_cells (void)
{
  static const struct
  {
    const char *cell;
    double      value;
    DynoReject  reason;
  } cells[] = {
    { "1.5", 1.5, 0 },         { "+1.5", 1.5, 0 },       { "-.5", -0.5, 0 },      { "5.", 5, 0 },
    { "1e3", 1000, 0 },        { "1E-2", 0.01, 0 },      { "", NAN, 0 },          { "  ", NAN, 0 },
    { "NaN", NAN, 0 },         { "nan", NAN, 0 },        { "-nan", NAN, 0 },      { "N/A", NAN, 0 },
    { "NA", NAN, 0 },          { "-", NAN, 0 },          { "--", NAN, 0 },
    { "null", NAN, 0 },
    { "inf", NAN, 0 },         { "*", NAN, 0 },          { "On", 1, 0 },          { "OFF", 0, 0 },
    { "yes", 1, 0 },           { "No", 0, 0 },           { "True", 1, 0 },        { "false", 0, 0 },
    { "High", 1, 0 },          { "low", 0, 0 },          { "Active", 1, 0 },
    { "inactive", 0, 0 },
    { "0x1A", NAN, DYNO_REJECT_UNPARSABLE },             { "1 2", NAN, DYNO_REJECT_UNPARSABLE },
    { "12:00:00", NAN, DYNO_REJECT_UNPARSABLE },         { "1e999", NAN, DYNO_REJECT_NOT_FINITE },
    { "-1e999", NAN, DYNO_REJECT_NOT_FINITE },           { "12 V", NAN, DYNO_REJECT_UNPARSABLE },
    { "0.1000000000000000055511151231257827", 0.1, 0 },  { "\"7\"", 7, 0 },
  };
  g_autoptr(GString) text = g_string_new ("Time,Cell,Good\n");
  const DynoColumn *column;
  Log log;

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    g_string_append_printf (text, "%u,%s,1\n", (guint) i, cells[i].cell);
  log = read_bytes (text->str, text->len, NULL);
  column = dyno_samples_find_name (log.samples, "Cell");
  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      dyno_assert_near (dyno_column_value (column, i), cells[i].value, 0);
      g_assert_cmpint (column->reasons[i], ==, cells[i].reason);
    }
  g_assert_cmpuint (log.report->missing, ==, 10);
  g_assert_cmpuint (log.report->blank, ==, 2);
  g_assert_cmpuint (log.report->rejected[DYNO_REJECT_UNPARSABLE], ==, 4);
  g_assert_cmpuint (log.report->rejected[DYNO_REJECT_NOT_FINITE], ==, 2);
  log_clear (&log);
}

static void
test_sentinels (void)
{
  Log log = read_text ("Time,RPM,Boost,EGT,Ones,AFR,TPS,Battery Voltage\n"
                       "0,65535,-2147483648,99999,65535,0,200,12\n"
                       "1,3000,5,-99999,65535,13,104,13\n"
                       "2,3100,-2147483599,700,65535,14,-4,21\n");

  g_assert_cmpuint (log.report->rejected[DYNO_REJECT_SENTINEL], ==, 7);
  g_assert_cmpuint (log.report->rejected[DYNO_REJECT_SENSOR_OFF], ==, 1);
  g_assert_cmpuint (log.report->rejected[DYNO_REJECT_OUT_OF_RANGE], ==, 2);
  g_assert_true (isnan (get (&log, "RPM", 0)));
  g_assert_true (get (&log, "Boost", 2) == -2147483599.0);
  g_assert_true (get (&log, "TPS", 1) == 104);
  g_assert_cmpstr (g_ptr_array_index (log.report->constant, 0), ==, "Ones");
  g_assert_cmpint (dyno_samples_find (log.samples, DYNO_CHANNEL_MIX)->reasons[0], ==,
                   DYNO_REJECT_SENSOR_OFF);
  g_assert_cmpuint (log.report->values, ==, log.report->cells);
  log_clear (&log);
}

/* A.11 import_limit, and what is just within. */
static void
test_limits (void)
{
  g_autoptr(GString) wide = g_string_new ("Time");
  g_autoptr(GString) long_line = g_string_new ("Time,RPM\n0,1\n1,");
  g_autoptr(GString) long_cell = g_string_new ("Time,RPM\n0,1\n1,");
  g_autoptr(GString) preamble = g_string_new (NULL);
  g_autoptr(GString) thin = g_string_new ("Time");
  DynoImportOptions options = { .force = TRUE };
  Log log;

  for (int i = 1; i < 4096; i++)
    g_string_append_printf (wide, ",c%d", i);
  g_string_append (wide, "\n0");
  for (int i = 1; i < 4096; i++)
    g_string_append (wide, ",1");
  log = read_bytes (wide->str, wide->len, NULL);
  g_assert_cmpuint (log.report->columns, ==, 4096);
  log_clear (&log);
  g_string_insert (wide, 0, "More,");
  g_string_append (wide, ",2");
  assert_refused (wide->str, wide->len, NULL, "import_limit", "4097 columns");

  g_string_set_size (long_line, 2 * 1024 * 1024);
  memset (long_line->str + 15, '7', long_line->len - 15);
  assert_refused (long_line->str, long_line->len, NULL, "import_limit", "longer than 1 MiB");
  g_string_set_size (long_cell, 15 + 70000);
  memset (long_cell->str + 15, 'x', 70000);
  assert_refused (long_cell->str, long_cell->len, NULL, "import_limit", "Cell 2 of line 3");

  while (preamble->len < 1200000)
    g_string_append (preamble, "just words\n");
  g_string_append (preamble, "Time,RPM\n0,1\n");
  assert_refused (preamble->str, preamble->len, NULL, "import_limit", "1 MiB");

  for (int i = 1; i < 4000; i++)
    g_string_append_printf (thin, ",c%d", i);
  g_string_append_c (thin, '\n');
  for (int i = 0; i < 30000; i++)
    g_string_append_printf (thin, "%s\n", i % 1000 == 0 ? "0,1" : "1");
  assert_refused (thin->str, thin->len, NULL, "import_no_header", "--header");
  assert_refused (thin->str, thin->len, &options, "import_limit", "nearly empty");
}

/* 4000 names and rows of a cell would be gigabytes of nothing. */
static void
test_memory_bomb (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  DynoImportOptions options = { .force = TRUE, .row_index = TRUE };

  for (int i = 0; i < 4000; i++)
    g_string_append_printf (text, "%sc%d", i > 0 ? "," : "", i);
  g_string_append_c (text, '\n');
  for (int i = 0; i < 4000; i++)
    g_string_append (text, i > 0 ? ",1" : "1");
  for (int i = 0; i < 200000; i++)
    g_string_append (text, "\n1");
  assert_refused (text->str, text->len, NULL, "import_no_time", "--rate");
  assert_refused (text->str, text->len, &options, "import_limit", "nearly empty");
}

static void
test_gzip_bomb (void)
{
  g_autofree char *zeros = g_malloc (64 * 1024 * 1024);
  g_autoptr(GConverter) zip
      = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  gsize n_read = 0;
  gsize n = 0;
  g_autofree guint8 *zipped = g_malloc (1024 * 1024);

  memset (zeros, '1', 64 * 1024 * 1024);
  g_converter_convert (zip, zeros, 64 * 1024 * 1024, zipped, 1024 * 1024, G_CONVERTER_INPUT_AT_END,
                       &n_read, &n, NULL);
  g_assert_cmpuint (n_read, ==, 64 * 1024 * 1024);
  assert_refused (zipped, n, NULL, "import_limit", "200 times");
  memcpy (zipped + 20, "damage in the middle", 20);
  assert_refused (zipped, n, NULL, "import_corrupt", "gzip");
}

static void
assert_zipped_refused (const void *bytes,
                       gsize       size,
                       const char *words)
{
  g_autoptr(GConverter) zip
    = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  guint8 zipped[2048];
  gsize n_read;
  gsize n;

  g_converter_convert (zip, bytes, size, zipped, sizeof zipped, G_CONVERTER_INPUT_AT_END, &n_read,
                       &n, NULL);
  assert_refused (zipped, n, NULL, "import_format_unsupported", words);
}

static void
test_gzip_of_other_things (void)
{
  guint8 tar[1024] = "manifest.json";
  static const guint8 binary[64] = { 0x80, 0, 1, 2, 3 };

  memcpy (tar + 257, "ustar", 6);
  assert_zipped_refused (tar, sizeof tar, ".dynorun");
  assert_zipped_refused (binary, sizeof binary, ".emublog");
  assert_zipped_refused (BYTES ("MLVLG\0\0\1 and so on"), "Unzip it");
  assert_zipped_refused (BYTES ("PK\3\4\24\0"), "sheet as CSV");
}

static void
test_bad_options (void)
{
  static const char *const no_column[] = { "Nothing=rpm", NULL };
  static const char *const no_channel[] = { "RPM=speedo", NULL };
  static const char *const no_equals[] = { "RPM", NULL };
  static const char *const no_unit[] = { "RPM=furlong", NULL };
  const char *text = "Time,RPM\n0,1000\n1,1001\n";
  const DynoImportOptions options[] = {
    { .map = no_column },         { .map = no_channel },     { .map = no_equals },
    { .unit = no_unit },          { .unit = no_column },     { .dialect = "nonsense" },
    { .delimiter = "nonsense" },  { .delimiter = "7" },      { .decimal = "nonsense" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    assert_refused (text, strlen (text), &options[i], "import_option", "");
}

static void
test_given_dialect (void)
{
  const char *text = "Time,RPM,TPS\n0,1.2,5\n1,1.3,6\n";
  DynoImportOptions options = { .dialect = "jetdrive-capture" };
  DynoImportOptions refused = { .dialect = "haltech-nsp" };
  Log log = read_bytes (text, strlen (text), &options);

  g_assert_cmpstr (log.report->dialect, ==, "jetdrive-capture");
  log_clear (&log);
  assert_refused (text, strlen (text), &refused, "import_no_data", "Haltech");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-text/magic", test_magic);
  g_test_add_func ("/import-text/utf-16", test_utf16);
  g_test_add_func ("/import-text/lone-surrogates", test_lone_surrogates);
  g_test_add_func ("/import-text/windows-1252", test_windows_1252);
  g_test_add_func ("/import-text/utf-8-marks", test_utf8_marks);
  g_test_add_func ("/import-text/utf-8-at-the-head", test_utf8_at_the_head);
  g_test_add_func ("/import-text/line-ends", test_line_ends);
  g_test_add_func ("/import-text/quotes", test_quotes);
  g_test_add_func ("/import-text/cut-row", test_cut_row);
  g_test_add_func ("/import-text/delimiters", test_delimiters);
  g_test_add_func ("/import-text/ambiguous", test_ambiguous);
  g_test_add_func ("/import-text/headers", test_headers);
  g_test_add_func ("/import-text/header-of-unit-words", test_header_of_unit_words);
  g_test_add_func ("/import-text/no-header", test_no_header);
  g_test_add_func ("/import-text/no-data", test_no_data);
  g_test_add_func ("/import-text/no-channels", test_no_channels);
  g_test_add_func ("/import-text/odd-rows", test_odd_rows);
  g_test_add_func ("/import-text/ragged", test_ragged);
  g_test_add_func ("/import-text/cells", test_cells);
  g_test_add_func ("/import-text/sentinels", test_sentinels);
  g_test_add_func ("/import-text/limits", test_limits);
  g_test_add_func ("/import-text/memory-bomb", test_memory_bomb);
  g_test_add_func ("/import-text/gzip-bomb", test_gzip_bomb);
  g_test_add_func ("/import-text/gzip-of-other-things", test_gzip_of_other_things);
  g_test_add_func ("/import-text/bad-options", test_bad_options);
  g_test_add_func ("/import-text/given-dialect", test_given_dialect);

  return g_test_run ();
}
