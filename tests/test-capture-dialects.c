/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-import.h"
#include "dyno-test.h"

#include <math.h>
#include <string.h>

/* Logs of every dialect (formats.md A.8) with known truth: channels, units, numbers,
 * durations, and what the report says of them. */

typedef struct
{
  DynoImportReport *report;  /* (owned) */
  DynoSamples      *samples; /* (owned) */
} Log;

static Log
read_log (const char *text,
          const char *dialect)
{
  g_autoptr(GError) error = NULL;
  Log log = { 0 };

  log.report
      = dyno_import_bytes ("a.csv", text, strlen (text), NULL, NULL, &log.samples, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (log.report->dialect, ==, dialect);

  return log;
}

static void
log_clear (Log *log)
{
  dyno_import_report_free (log->report);
  dyno_samples_unref (log->samples);
}

/* The number of a row in SI. */
static double
get (const Log   *log,
     DynoChannel  channel,
     gsize        row)
{
  const DynoColumn *column = dyno_samples_find (log->samples, channel);

  if (column == NULL)
    g_error ("no %s", dyno_channel_info (channel)->name);
  g_assert_cmpuint (row, <, dyno_samples_n_rows (log->samples));

  return dyno_column_value (column, row) * column->scale + column->offset;
}

static const DynoImportChannel *
find (const Log  *log,
      const char *column)
{
  const DynoImportChannel *channel = dyno_import_report_find_column (log->report, column);

  if (channel == NULL)
    g_error ("no column “%s”", column);

  return channel;
}

static void
assert_channel (const Log   *log,
                const char  *column,
                DynoChannel  channel,
                const char  *unit,
                const char  *unit_from,
                double       confidence)
{
  const DynoImportChannel *found = find (log, column);

  g_assert_cmpint (found->channel, ==, channel);
  g_assert_cmpstr (found->unit != NULL ? found->unit->symbol : NULL, ==, unit);
  g_assert_cmpstr (found->unit_from, ==, unit_from);
  if (!isnan (confidence))
    dyno_assert_near (found->confidence, confidence, 1e-12);
  else
    g_assert_true (isnan (found->confidence));
}

static guint64
count_warning (const Log  *log,
               const char *code)
{
  const DynoImportFinding *finding = dyno_import_report_find_warning (log->report, code);

  return finding != NULL ? finding->count : 0;
}

static void
assert_refused (const char *text,
                const char *reason,
                const char *words)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_import_bytes ("a.csv", text, strlen (text), NULL, NULL, NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” says nothing of “%s”", error->message, words);
}

/* Haltech NSP */

#define HALTECH_HEAD \
  "%DataLog%\r\nDataLogVersion : 1.1\r\nSoftware : Haltech NSP\r\n" \
  "SoftwareVersion : 1.2.3.4\r\nDownloadDateTime : 20250720 04:09:48\r\n"

static void
append_haltech_channel (GString    *text,
                        const char *name,
                        const char *type)
{
  g_string_append_printf (text, "Channel : %s\r\nID : %u\r\nType : %s\r\nDisplayMaxMin : 9,0\r\n",
                          name, (guint) text->len, type);
}

static void
append_haltech_rows (GString *text,
                     guint    n)
{
  g_string_append (text, "Log Source : 20\r\nLog Number : 7\r\nLog : 20250718 14:15:46\r\n");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "14:15:46.%03u,%u,%u,%u,%u,%u,%u,%s,-2147483648,4%u\r\n", i * 20,
                            3000 + i, 1013 + i, 250, 2931 + i, 980 + i, 13800, i % 2 ? "" : "7", i);
}

static GString *
make_haltech (guint n)
{
  GString *text = g_string_new (HALTECH_HEAD);

  append_haltech_channel (text, "RPM", "EngineSpeed");
  append_haltech_channel (text, "Manifold Pressure", "Pressure");
  append_haltech_channel (text, "Throttle Position", "Percentage");
  append_haltech_channel (text, "Intake Air Temperature", "Temperature");
  append_haltech_channel (text, "Wideband O2 1", "AFR");
  append_haltech_channel (text, "Battery Voltage ", "BatteryVoltage");
  append_haltech_channel (text, "Gear", "Gear");
  append_haltech_channel (text, "Fuel Level", "Raw");
  append_haltech_channel (text, "Secret", "Mystery");
  append_haltech_rows (text, n);

  return text;
}

static void
test_haltech (void)
{
  g_autoptr(GString) text = make_haltech (11);
  Log log = read_log (text->str, "haltech-nsp");

  g_assert_cmpuint (log.report->rows, ==, 11);
  g_assert_cmpuint (log.report->columns, ==, 10);
  g_assert_cmpuint (log.report->header_line, ==, 0);
  g_assert_cmpuint (log.report->preamble_lines, ==, 5 + 9 * 4 + 3);
  g_assert_true (log.report->duration_s == 0.2);
  g_assert_cmpstr (log.report->newline, ==, "crlf");
  g_assert_cmpstr (log.report->time.form, ==, "time-of-day");
  g_assert_cmpstr (log.report->time.first, ==, "14:15:46.000");
  g_assert_cmpstr (log.report->time.date, ==, "2025-07-18");
  g_assert_true (get (&log, DYNO_CHANNEL_RPM, 3) == 3003);
  dyno_assert_near (get (&log, DYNO_CHANNEL_MAP, 0), 101.3, 1e-12);
  dyno_assert_near (get (&log, DYNO_CHANNEL_TPS, 0), 25, 1e-12);
  dyno_assert_near (get (&log, DYNO_CHANNEL_IAT, 0), 293.1 - 273.15, 1e-9);
  dyno_assert_near (get (&log, DYNO_CHANNEL_MIX, 2), 0.982, 1e-12);
  dyno_assert_near (get (&log, DYNO_CHANNEL_VBATT, 0), 13.8, 1e-12);
  g_assert_true (get (&log, DYNO_CHANNEL_GEAR, 0) == 7);
  g_assert_true (isnan (get (&log, DYNO_CHANNEL_GEAR, 1)));
  assert_channel (&log, "Intake Air Temperature", DYNO_CHANNEL_IAT, "K", "dialect", 0.85);
  assert_channel (&log, "Wideband O2 1", DYNO_CHANNEL_MIX, "λ", "dialect", 0.85);
  g_assert_cmpuint (find (&log, "Fuel Level")->rejected[DYNO_REJECT_SENTINEL], ==, 11);
  g_assert_true (find (&log, "Secret")->max == 410);
  g_assert_cmpuint (count_warning (&log, "unknown_type"), ==, 11);
  g_assert_nonnull (dyno_import_report_find_assumption (log.report, "scaled"));
  log_clear (&log);
}

static void
test_haltech_scales (void)
{
  static const struct
  {
    const char *type;
    double      value; /* of raw 1234 */
    const char *unit;
  } types[] = {
    { "EngineSpeed", 1234, "rpm" }, { "Raw", 1234, NULL },         { "Gear", 1234, NULL },
    { "Frequency", 1234, NULL },    { "Flow", 1234, NULL },        { "Time_ms", 1234, "ms" },
    { "Pressure", 123.4, "kPa" },   { "AbsPressure", 123.4, "kPa" }, { "Percentage", 123.4, "%" },
    { "Angle", 123.4, "°" },        { "Speed", 123.4, "km/h" },    { "Acceleration", 123.4, NULL },
    { "Temperature", 123.4, "K" },  { "BatteryVoltage", 1.234, "V" }, { "AFR", 1.234, "λ" },
    { "Decibel", 12.34, NULL },     { "GearRatio", 12.34, NULL },  { "Ratio", 12.34, NULL },
    { "Stoichiometry", 12.34, NULL }, { "Time_us", 1.234, "ms" },  { "Current", 1.234, "A" },
    { "Density", 123.4, NULL },     { "FuelVolume", 123.4, NULL }, { "FuelEconomy", 123.4, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(GString) text = g_string_new (HALTECH_HEAD);
      Log log;

      append_haltech_channel (text, "Anything", types[i].type);
      g_string_append (text, "01:00:00.000,1234\r\n01:00:00.020,1234\r\n");
      log = read_log (text->str, "haltech-nsp");
      g_assert_true (find (&log, "Anything")->min == types[i].value);
      assert_channel (&log, "Anything", DYNO_CHANNEL_NONE, types[i].unit,
                      types[i].unit != NULL ? "dialect" : NULL, NAN);
      g_assert_cmpuint (count_warning (&log, "unknown_type"), ==, 0);
      log_clear (&log);
    }
}

/* Several logs in a file: what stands between them is kept as markers. */
static void
test_haltech_blocks (void)
{
  g_autoptr(GString) text = make_haltech (4);
  Log log;

  g_string_append (text, "Log Number : 8\r\nLog : 20250718 14:16:00\r\n"
                         "14:16:00.000,4000,900,0,2931,990,13800,,,1\r\n");
  log = read_log (text->str, "haltech-nsp");
  g_assert_cmpuint (log.report->rows, ==, 5);
  g_assert_cmpuint (log.report->markers->len, ==, 2);
  g_assert_cmpuint (g_array_index (log.report->markers, DynoImportMarker, 1).before_row, ==, 5);
  g_assert_true (g_array_index (log.report->markers, DynoImportMarker, 1).at_s == 14);
  g_assert_cmpstr (g_array_index (log.report->markers, DynoImportMarker, 1).text, ==,
                   "Log : 20250718 14:16:00");
  g_assert_cmpuint (log.report->gaps->len, ==, 1);
  log_clear (&log);
  log = read_log (HALTECH_HEAD "Channel : RPM\r\nType : EngineSpeed\r\n"
                               "0.000,5000\r\n0.001,5100\r\n",
                  "haltech-nsp");
  g_assert_true (log.report->duration_s == 0.001);
  log_clear (&log);
  assert_refused (HALTECH_HEAD "Channel : RPM\r\nType : EngineSpeed\r\n", "import_no_data",
                  "1 channels");
}

/* 782 fields, as a full export has. */
static void
test_haltech_many (void)
{
  g_autoptr(GString) text = g_string_new (HALTECH_HEAD);
  Log log;

  for (guint i = 0; i < 782; i++)
    {
      g_autofree char *name = g_strdup_printf ("Channel %u", i);

      append_haltech_channel (text, i == 500 ? "RPM" : name, i == 500 ? "EngineSpeed" : "Raw");
    }
  for (guint row = 0; row < 10; row++)
    {
      g_string_append_printf (text, "10:00:0%u.000", row);
      for (guint i = 0; i < 782; i++)
        g_string_append_printf (text, ",%u", i + row);
      g_string_append (text, "\r\n");
    }
  log = read_log (text->str, "haltech-nsp");
  g_assert_cmpuint (log.report->columns, ==, 783);
  g_assert_true (get (&log, DYNO_CHANNEL_RPM, 9) == 509);
  g_assert_cmpuint (log.report->values, ==, 7820);
  log_clear (&log);
}

/* Power Vision, a line a reading */

#define PV_HEAD \
  "\"Dynojet Power Vision Log File\"\n\n\"Format:\",\"Pro-XY CSV 1.0.0\"\n\n" \
  "0,\"J1850\",\"1\",\"RPM\",\"RPM\",\"Engine, speed\",\"#FF0000\"\n" \
  "1,\"J1850\",\"2\",\"MAP\",\"kPa\",\"\",\"#00FF00\"\n" \
  "7,\"WB\",\"3\",\"WBO2 F\",\"AFR\",\"\",\"#0000FF\"\n" \
  "3,\"J1850\",\"4\",\"VE Rear \",\"%\",\"\",\"#0000FF\"\n" \
  "4,\"J1850\",\"5\",\"VSS\",\"mph\",\"\",\"#1\"\n" \
  "5,\"J1850\",\"6\",\"TP\",\"%\",\"\",\"#1\"\n\n" \
  "\"Time(ms)\",\"Signal\",\"Value\"\n"

static void
test_pv_multiline (void)
{
  Log log = read_log (PV_HEAD "100,0,2000\n100,1,41.5\n105,7,5.1\n105,3,0x50\n120,0,2.01e3\n"
                              "120,7,13.2\n121,4,30\n121,4,31\n125,99,1\n130,0,26D\nbroken\n"
                              "140,5,12\n145,5,\n",
                      "pv-multiline");
  const double *time_s = dyno_samples_time (log.samples);

  g_assert_cmpuint (log.report->rows, ==, 8);
  g_assert_cmpuint (log.report->columns, ==, 7);
  g_assert_cmpuint (log.report->preamble_lines, ==, 11);
  g_assert_cmpuint (log.report->header_line, ==, 12);
  g_assert_true (log.report->duration_s == 0.045);
  g_assert_true (time_s[1] == 0.005 && time_s[3] == 0.021 && time_s[4] == 0.021);
  g_assert_cmpstr (log.report->time.form, ==, "milliseconds");
  g_assert_cmpstr (log.report->time.first, ==, "100");
  g_assert_true (get (&log, DYNO_CHANNEL_RPM, 0) == 2000);
  g_assert_true (isnan (get (&log, DYNO_CHANNEL_RPM, 1))); /* nothing is held */
  g_assert_true (get (&log, DYNO_CHANNEL_RPM, 2) == 2010);
  g_assert_true (get (&log, DYNO_CHANNEL_MAP, 0) == 41.5);
  g_assert_true (get (&log, DYNO_CHANNEL_VE_R, 1) == 80);
  g_assert_true (get (&log, DYNO_CHANNEL_MIX_F, 2) == 13.2);
  g_assert_true (get (&log, DYNO_CHANNEL_TPS, 6) == 12);
  dyno_assert_near (get (&log, DYNO_CHANNEL_SPEED, 4), 31 * 1.609344, 1e-9);
  assert_channel (&log, "WBO2 F", DYNO_CHANNEL_MIX_F, "AFR", "unit-row", 0.95);
  g_assert_cmpuint (find (&log, "WBO2 F")->rejected[DYNO_REJECT_SENSOR_OFF], ==, 1);
  g_assert_cmpuint (find (&log, "RPM")->rejected[DYNO_REJECT_UNPARSABLE], ==, 1);
  g_assert_cmpuint (count_warning (&log, "unknown_signal"), ==, 1);
  g_assert_cmpuint (count_warning (&log, "malformed_lines"), ==, 1);
  log_clear (&log);
}

/* Signals one after the other become one run; a clock that goes back within a signal
 * is one that started again. */
static void
test_pv_multiline_order (void)
{
  g_autoptr(GString) text = g_string_new (PV_HEAD);
  Log log;

  for (guint i = 0; i < 50; i++)
    g_string_append_printf (text, "%u,0,%u\n", i * 100, 1000 + i);
  for (guint i = 0; i < 50; i++)
    g_string_append_printf (text, "%u,1,%u\n", i * 100 + 50 * (i % 2), 40 + i);
  log = read_log (text->str, "pv-multiline");
  g_assert_cmpuint (log.report->rows, ==, 75);
  g_assert_true (log.report->duration_s == 4.95);
  g_assert_cmpuint (log.report->time.restarts + log.report->time.backward, ==, 0);
  g_assert_true (get (&log, DYNO_CHANNEL_RPM, 0) == 1000 && get (&log, DYNO_CHANNEL_MAP, 0) == 40);
  log_clear (&log);

  g_string_append (text, "0,0,900\n100,0,910\n");
  log = read_log (text->str, "pv-multiline");
  g_assert_cmpuint (log.report->time.restarts, ==, 2);
  log_clear (&log);
  assert_refused (PV_HEAD, "import_no_data", "6 signals");
}

/* A signal that reads the same twice has been read twice. */
static void
test_pv_multiline_updates (void)
{
  Log log = read_log (PV_HEAD "100,0,2000\n110,0,2000\n120,0,2000\n125,1,40\n130,0,2000\n",
                      "pv-multiline");
  const DynoColumn *rpm = dyno_samples_find (log.samples, DYNO_CHANNEL_RPM);
  const DynoColumn *map = dyno_samples_find (log.samples, DYNO_CHANNEL_MAP);

  g_assert_cmpuint (log.report->rows, ==, 5);
  g_assert_cmpuint (log.report->held_rows, ==, 0);
  g_assert_nonnull (rpm->updates);
  g_assert_cmpuint (rpm->updates[0], ==, 1 | 2 | 4 | 16);
  g_assert_cmpuint (map->updates[0], ==, 8);
  log_clear (&log);
}

/* HP Tuners */

#define HPT_HEAD \
  "HP Tuners CSV Log File\nVersion: 1.0\n\n[Log Information]\n" \
  "Creation Time: 7/7/2026 10:13:47 PM\nNotes: \n\n[Channel Information]\n" \
  "0,12,11,13,51,2114,2114\n" \
  "Offset,Engine RPM (SAE),Manifold Absolute Pressure (SAE),Vehicle Speed (SAE)," \
  "AEM 30-(03x0,2340,5130),Knock Retard,Knock Retard\n" \
  "s,rpm,kPa,mph,AFR,°,°\n\n[Channel Data]\n"

static void
test_hptuners (void)
{
  Log log = read_log (HPT_HEAD "0.102,2000,,30,13.1,0,1\n0.205,,40,,13.2,,\n"
                               "16777.216,2010,,,,,2\n0.400,2020,41,,13.4,1,\n"
                               "0.500,CL - Normal,42,31,13.5,2,3\n",
                      "hptuners");

  g_assert_cmpuint (log.report->rows, ==, 5);
  g_assert_cmpuint (log.report->columns, ==, 7);
  g_assert_cmpuint (log.report->header_line, ==, 10);
  g_assert_true (log.report->has_unit_row);
  g_assert_true (log.report->duration_s == 0.398);
  g_assert_cmpuint (count_warning (&log, "clock_jump"), ==, 1);
  g_assert_cmpuint (log.report->time.clock_jumps, ==, 1);
  g_assert_cmpuint (log.report->time.restarts, ==, 0);
  assert_channel (&log, "Engine RPM (SAE)", DYNO_CHANNEL_RPM, "rpm", "unit-row", 0.95);
  assert_channel (&log, "AEM 30-(03x0,2340,5130)", DYNO_CHANNEL_NONE, "AFR", "unit-row", NAN);
  assert_channel (&log, "Knock Retard#2", DYNO_CHANNEL_NONE, "°", "unit-row", 0.95);
  g_assert_true (isnan (get (&log, DYNO_CHANNEL_RPM, 1))); /* sparse, not held */
  g_assert_true (get (&log, DYNO_CHANNEL_RPM, 2) == 2010);
  g_assert_true (get (&log, DYNO_CHANNEL_MAP, 4) == 42);
  g_assert_true (get (&log, DYNO_CHANNEL_KNOCK, 4) == 2);
  g_assert_cmpuint (find (&log, "Engine RPM (SAE)")->rejected[DYNO_REJECT_UNPARSABLE], ==, 1);
  g_assert_cmpuint (count_warning (&log, "duplicate_names"), ==, 1);
  log_clear (&log);

  log = read_log (HPT_HEAD "0.1,1,2,3,4,5,6\n0.2,1,2,3,4,5,6\n9000,1,2,3,4,5,7\n"
                           "9000.1,1,2,3,4,5,8\n",
                  "hptuners");
  g_assert_cmpuint (count_warning (&log, "clock_jump"), ==, 1);
  g_assert_cmpuint (log.report->gaps->len, ==, 1);
  log_clear (&log);

  log = read_log ("HP Tuners CSV Log File\n[Channel Information]\n0,12\nOffset,Engine RPM\n\n"
                  "[Channel Data]\n0.1,900\n0.2,910\n",
                  "hptuners");
  g_assert_false (log.report->has_unit_row);
  g_assert_true (get (&log, DYNO_CHANNEL_RPM, 1) == 910);
  log_clear (&log);

  assert_refused (HPT_HEAD, "import_no_data", "[Channel Data]");
  assert_refused ("HP Tuners CSV Log File\n[Channel Data]\n1,2\n", "import_no_header",
                  "[Channel Information]");
}

/* ECUmaster: sparse, path names, either delimiter, either mark. */
static void
test_ecumaster (void)
{
  static const char *const texts[] = {
    "TIME;engine/rpm;engine/map;sensors/tps1;sensors/clt_temp;ignition/angle;fuel/lambdaX\r\n"
    "0.000;1000;40.5;10.5;80;15.5;\r\n0.020;1010;;11.5;;;\r\n0.040;;41.5;;;;\r\n0.060;;;;;;\r\n"
    "0.080;1040;42.5;12.5;81;16.5;\r\n",
    "TIME\tengine/rpm\tengine/map\tsensors/tps1\tsensors/clt_temp\tignition/angle\tfuel/lambdaX\r\n"
    "0,000\t1000\t40,5\t10,5\t80\t15,5\t\r\n0,020\t1010\t\t11,5\t\t\t\r\n0,040\t\t41,5\t\t\t\t\r\n"
    "0,060\t\t\t\t\t\t\r\n0,080\t1040\t42,5\t12,5\t81\t16,5\t\r\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Log log = read_log (texts[i], "ecumaster");

      g_assert_cmpuint (log.report->rows, ==, 5);
      g_assert_true (log.report->duration_s == 0.08);
      g_assert_cmpint (log.report->delimiter, ==, i == 0 ? ';' : '\t');
      g_assert_cmpint (log.report->decimal, ==, i == 0 ? '.' : ',');
      assert_channel (&log, "engine/rpm", DYNO_CHANNEL_RPM, "rpm", "dialect", 0.7);
      assert_channel (&log, "engine/map", DYNO_CHANNEL_MAP, "kPa", "dialect", 0.7);
      assert_channel (&log, "sensors/tps1", DYNO_CHANNEL_TPS, "%", "dialect", 0.7);
      assert_channel (&log, "sensors/clt_temp", DYNO_CHANNEL_NONE, "°C", "dialect", NAN);
      g_assert_true (get (&log, DYNO_CHANNEL_MAP, 0) == 40.5);
      g_assert_true (isnan (get (&log, DYNO_CHANNEL_MAP, 1)));
      g_assert_true (get (&log, DYNO_CHANNEL_SPARK, 4) == 16.5);
      g_assert_cmpuint (find (&log, "engine/rpm")->n, ==, 3);
      g_assert_cmpuint (log.report->empty->len, ==, 1);
      log_clear (&log);
    }
}

/* RomRaider in two locales. */
static void
test_romraider (void)
{
  static const char *const texts[] = {
    "Time (msec),Engine Speed (rpm),Manifold Absolute Pressure (psi),A/F Sensor #1 (AFR)\r\n"
    "0,2000,7.25,14.7\r\n40,2100,7.5,14.6\r\n80,2200,7.75,14.5\r\n",
    "Time (msec);Engine Speed (rpm);Manifold Absolute Pressure (psi);A/F Sensor #1 (AFR)\r\n"
    "0;2000;7,25;14,7\r\n40;2100;7,5;14,6\r\n80;2200;7,75;14,5\r\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Log log = read_log (texts[i], "romraider");

      g_assert_true (log.report->duration_s == 0.08);
      g_assert_cmpstr (log.report->newline, ==, "crlf");
      g_assert_cmpint (log.report->decimal, ==, i == 0 ? '.' : ',');
      assert_channel (&log, "Manifold Absolute Pressure (psi)", DYNO_CHANNEL_MAP, "psi", "header",
                      0.95);
      dyno_assert_near (get (&log, DYNO_CHANNEL_MAP, 1), 7.5 * 6.894757293168, 1e-9);
      g_assert_true (get (&log, DYNO_CHANNEL_RPM, 2) == 2200);
      log_clear (&log);
    }
}

/* "Time" alone counts ms, unless it has fractions or its steps are too small for that. */
static void
test_romraider_time (void)
{
  Log log = read_log ("Time,Engine Speed (rpm)\n0,900\n50,910\n100,920\n", "romraider");

  g_assert_true (log.report->duration_s == 0.1);
  g_assert_cmpstr (log.report->time.form, ==, "milliseconds");
  log_clear (&log);
  log = read_log ("Time,Engine Speed (rpm)\n0.00,900\n0.05,910\n0.10,920\n", "plain");
  g_assert_true (log.report->duration_s == 0.1);
  log_clear (&log);
  log = read_log ("Time,Engine Speed (rpm)\n0,900\n0.05,910\n0.1,920\n", "romraider");
  g_assert_true (log.report->duration_s == 0.1);
  g_assert_cmpstr (log.report->time.form, ==, "seconds");
  log_clear (&log);
}

/* MegaLogViewer text: markers between the rows, a unit row with words of its own and
 * fewer cells than the names. */
static void
test_msl (void)
{
  Log log = read_log ("\"MS3 Format 0568.11E: MS3 1.5.2\"\n\"Capture Date: Sat Mar 07 13:30:44\"\n"
                      "Time\tSecL\tRPM\tMAP\tTPS\tAFR\tstatus1\tEAE\n"
                      "s\tsec\trpm\tkPa\t%\tO2\tbits\n"
                      "MARK 000 - Manual - first\n"
                      "0.000\t1\t1500\t40.1\t2\t14.1\t1\t100\n"
                      "0.070\t1\t1510\t40.2\t3\t14.2\t1\t101\n"
                      "\"MARK 001 - Manual - second\"\n"
                      "0.140\t1\t1520\t40.3\t4\t14.3\t1\t102\n"
                      "MARK 002 - Manual - last\n",
                      "msl");

  g_assert_cmpuint (log.report->rows, ==, 3);
  g_assert_cmpuint (log.report->columns, ==, 8);
  g_assert_cmpuint (log.report->preamble_lines, ==, 2);
  g_assert_cmpuint (log.report->header_line, ==, 3);
  g_assert_true (log.report->has_unit_row);
  g_assert_true (log.report->duration_s == 0.14);
  assert_channel (&log, "MAP", DYNO_CHANNEL_MAP, "kPa", "unit-row", 0.95);
  assert_channel (&log, "AFR", DYNO_CHANNEL_MIX, "AFR", "unit-row", 0.95);
  g_assert_cmpuint (log.report->markers->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      static const gsize rows[] = { 1, 3, 4 };
      static const double at_s[] = { 0, 0.14, 0.14 };
      const DynoImportMarker *marker = &g_array_index (log.report->markers, DynoImportMarker, i);

      g_assert_cmpuint (marker->before_row, ==, rows[i]);
      g_assert_true (marker->at_s == at_s[i]);
    }
  g_assert_cmpstr (g_array_index (log.report->markers, DynoImportMarker, 1).text, ==,
                   "MARK 001 - Manual - second");
  g_assert_cmpuint (count_warning (&log, "lines_between"), ==, 0);
  g_assert_cmpuint (count_warning (&log, "rows_without_time"), ==, 0);
  log_clear (&log);
}

/* Few tokens of the unit row are units: it is one all the same. */
static void
test_msl_units (void)
{
  Log log = read_log ("\"rusEFI\"\nTime\tRPM\tMAP\tFlags\tMode\tDuty\n"
                      "s\trpm\tbar\tbits\tword\t:1\n"
                      "0.1\t900\t0.4\t1\t2\t3\n0.2\t910\t0.5\t1\t2\t3\n",
                      "msl");

  assert_channel (&log, "MAP", DYNO_CHANNEL_MAP, "bar", "unit-row", 0.95);
  g_assert_true (get (&log, DYNO_CHANNEL_MAP, 1) == 50);
  g_assert_cmpuint (log.report->header_line, ==, 2);
  log_clear (&log);
}

/* Rows that are dropped above a marker move it. */
static void
test_markers_move (void)
{
  Log log = read_log ("\"x\"\nTime\tRPM\ns\trpm\n0.0\t900\n0.0\t900\nx\t905\n0.1\t910\n"
                      "MARK 000\n0.2\t920\n0.3\t930\n",
                      "msl");
  const DynoImportMarker *marker = &g_array_index (log.report->markers, DynoImportMarker, 0);

  g_assert_cmpuint (log.report->rows, ==, 4);
  g_assert_cmpuint (log.report->dropped_no_time, ==, 1);
  g_assert_cmpuint (log.report->dropped_equal, ==, 1);
  g_assert_cmpuint (marker->before_row, ==, 3);
  g_assert_true (marker->at_s == 0.2);
  log_clear (&log);
}

static void
test_cobb (void)
{
  Log log = read_log ("Time (sec),RPM (RPM),Man Abs Press (psi),Boost (kPa),Throttle Pos (%),"
                      "Intake Temp (F),AC Compressor Sw (on/off),"
                      "\"AP Info:[AP3-SUB-004 v1.7.5][2021 WRX, MT][Reflash: Stage1.ptm]\"\n"
                      "0,2000,14.5,-60,5,95,on,0\n0.05,2010,14.6,-59,6,95,off,0\n"
                      "0.1,2020,14.7,-58,7,95,on,0\n",
                      "cobb-ap");

  g_assert_cmpuint (log.report->columns, ==, 7);
  g_assert_cmpuint (log.report->channels->len, ==, 6);
  g_assert_true (log.report->duration_s == 0.1);
  assert_channel (&log, "Boost (kPa)", DYNO_CHANNEL_NONE, "kPa", "header", NAN);
  assert_channel (&log, "Man Abs Press (psi)", DYNO_CHANNEL_MAP, "psi", "header", 0.95);
  dyno_assert_near (get (&log, DYNO_CHANNEL_IAT, 0), 35, 1e-9);
  g_assert_true (find (&log, "AC Compressor Sw (on/off)")->max == 1);
  g_assert_nonnull (dyno_import_report_find_assumption (log.report, "metadata_column"));
  g_assert_null (dyno_import_report_find_warning (log.report, "unknown_unit"));
  log_clear (&log);
}

/* The engine's computer before the dyno's; a drum is a better speed than a wheel. */
static void
test_pv_flat (void)
{
  Log log = read_log ("\xEF\xBB\xBFTime,(DWRT CPU) Engine RPM,(Harley - ECU Type 22 SW Level 353) "
                      "Engine Speed,(PV) Engine Speed,(PV) Vehicle Speed,(DWRT CPU) Speed 1,"
                      "(DWRT CPU) Force,(DWRT CPU) Power (uncorrected),(PV) WBO2 F,(PV) MAP\n"
                      "0,2.0,2001,2002,60,40,500,53.333333,5.1,80\n"
                      "0.05,2.4,2401,2402,61,41,500,54.666667,13.1,81\n"
                      "0.1,2.8,2801,2802,62,42,500,56,13.2,82\n",
                      "pv-flat");

  g_assert_true (get (&log, DYNO_CHANNEL_RPM, 0) == 2002);
  assert_channel (&log, "(DWRT CPU) Engine RPM", DYNO_CHANNEL_NONE, "krpm", "value", 0.6);
  assert_channel (&log, "(DWRT CPU) Speed 1", DYNO_CHANNEL_SPEED, "mph", "dialect", 0.85);
  g_assert_cmpuint (find (&log, "(PV) WBO2 F")->rejected[DYNO_REJECT_SENSOR_OFF], ==, 1);
  g_assert_cmpint (find (&log, "(PV) WBO2 F")->channel, ==, DYNO_CHANNEL_MIX_F);
  g_assert_nonnull (dyno_import_report_find_assumption (log.report, "units_by_ratio"));
  log_clear (&log);
}

/* What a header says of degrees counts in any module; what the dyno's own modules do not
 * say follows from its other units; a stranger's module is left alone. */
static void
test_winpep_temperatures (void)
{
  Log log = read_log ("Time, (DWRT CPU) Engine RPM, (DWRT CPU) Force, (DWRT CPU) Speed, "
                      "(DWRT CPU) Power (uncorrected), (DWRT ATMO) Temperature 1, "
                      "(DWRT CPU) Oil Temperature, (DWRT CPU) Trans Temp (C), "
                      "(J1850) Coolant Temp °F, (Harley) IAT (F), (Thermo) Exhaust Temperature 1,\n"
                      "0, 2.0, 500, 40, 53.333333, 77, 203, 90, 212, 95, 900,\n"
                      "0.05, 2.4, 500, 41, 54.666667, 77.1, 204, 91, 213, 96, 901,\n"
                      "0.1, 2.8, 500, 42, 56, 77.2, 205, 92, 214, 97, 902,\n",
                      "winpep");

  assert_channel (&log, "(DWRT ATMO) Temperature 1", DYNO_CHANNEL_AMBIENT_TEMP, "°F", "dialect",
                  0.85);
  g_assert_cmpstr (find (&log, "(DWRT CPU) Oil Temperature")->unit->symbol, ==, "°F");
  g_assert_cmpstr (find (&log, "(DWRT CPU) Trans Temp (C)")->unit->symbol, ==, "°C");
  g_assert_cmpstr (find (&log, "(J1850) Coolant Temp °F")->unit_from, ==, "header");
  dyno_assert_near (get (&log, DYNO_CHANNEL_ENGINE_TEMP, 0), 100, 1e-9);
  dyno_assert_near (get (&log, DYNO_CHANNEL_IAT, 0), 35, 1e-9);
  g_assert_null (find (&log, "(Thermo) Exhaust Temperature 1")->unit);
  log_clear (&log);
}

/* Both forms of a capture. */
static void
test_jetdrive (void)
{
  Log log = read_log ("\"Timestamp\",\"Engine Speed\",\"chan_7\"\n"
                      "\"2025-12-18 23:59:59.900\",\"1000.0\",\"1\"\n"
                      "\"2025-12-19 00:00:00.100\",\"1010.0\",\"1\"\n",
                      "jetdrive-capture");

  dyno_assert_near (log.report->duration_s, 0.2, 1e-12);
  g_assert_cmpstr (log.report->time.form, ==, "wall-clock");
  g_assert_cmpstr (log.report->time.date, ==, "2025-12-18");
  g_assert_cmpint (find (&log, "chan_7")->channel, ==, DYNO_CHANNEL_NONE);
  log_clear (&log);

  log = read_log ("timestamp_ms,rpm,force,speed,power\n0,2000,300,40,3.4\n50,2100,310,41,3.6\n",
                  "jetdrive-capture");
  g_assert_true (log.report->duration_s == 0.05);
  g_assert_cmpstr (log.report->time.form, ==, "milliseconds");
  assert_channel (&log, "force", DYNO_CHANNEL_FORCE, "N", "dialect", 0.85);
  assert_channel (&log, "speed", DYNO_CHANNEL_SPEED, "km/h", "dialect", 0.85);
  log_clear (&log);
}

static void
test_zeitronix (void)
{
  Log log = read_log ("Filename:C:\\a.zdl\nDate Exported:12/30/2018 10:49:18 AM\n\n"
                      "\"Time\",\"Zt-2 AFR\",\"Zt-2 RPM\",\"Zt-2 Boost\",\"Zt-2 EGT\","
                      "\"MAP\",\"MAP\"\n"
                      "23:59:59.950,14.7,2000,-9.5,392,30,31\n"
                      "00:00:00.000,14.6,2400,100,99999,32,33\n"
                      "00:00:00.050,14.5,2800,-100.1,400,34,35\n"
                      "00:00:00.100,14.4,3200,3700.5,401,36,37\n",
                      "zeitronix");

  dyno_assert_near (log.report->duration_s, 0.15, 1e-12);
  g_assert_cmpuint (log.report->time.midnights, ==, 1);
  g_assert_cmpuint (find (&log, "Zt-2 Boost")->rejected[DYNO_REJECT_SENTINEL], ==, 2);
  g_assert_true (find (&log, "Zt-2 Boost")->max == 100);
  assert_channel (&log, "Zt-2 EGT", DYNO_CHANNEL_NONE, "°F", "dialect", NAN);
  g_assert_cmpint (find (&log, "MAP")->channel, ==, DYNO_CHANNEL_MAP);
  g_assert_cmpint (find (&log, "MAP#2")->channel, ==, DYNO_CHANNEL_NONE);
  g_assert_cmpuint (count_warning (&log, "duplicate_names"), ==, 1);
  log_clear (&log);
}

/* A "MAP" below 0 is the gauge that writes vacuum and boost. */
static void
test_zeitronix_map (void)
{
  Log log = read_log ("Filename:a.zdl\nDate Exported:10/19/2025\n\n"
                      "\"Time\",\"MAP\",\"RPM\",\"AFR\"\n"
                      "10:19:15.004,-21.7,1855,14.9\n10:19:15.019,5.6,2255,14.8\n"
                      "10:19:15.035,8.1,2655,14.7\n",
                      "zeitronix");

  assert_channel (&log, "MAP", DYNO_CHANNEL_NONE, NULL, NULL, NAN);
  g_assert_cmpuint (find (&log, "MAP")->n, ==, 3);
  g_assert_nonnull (dyno_import_report_find_assumption (log.report, "boost_sign"));
  log_clear (&log);
}

/* Dates above the header, in ways that have one meaning. */
static void
test_dates (void)
{
  static const struct
  {
    const char *line;
    const char *date;
  } dates[] = {
    { "2019-05-03 10:11:12", "2019-05-03" },
    { "Log : 20250718 02:15:46", "2025-07-18" },
    { "Serial 20250718", NULL },
    { "Log started at:  22.02.2014 17:47:01.046", "2014-02-22" },
    { "Firmware 1.12.2013.5", NULL },
    { "Jan 6, 2026", "2026-01-06" },
    { "Capture Date: Sat Mar 07 13:30:44 CET 2020", "2020-03-07" },
    { "Capture Date: Sat Feb 30 13:30:44 CET 2020", NULL },
    { "Date Exported:12/30/2018 10:49:18 AM", NULL },
    { "Mar 7", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autofree char *text
          = g_strdup_printf ("%s\nTime (s),RPM\n0,900\n1,901\n", dates[i].line);
      Log log = read_log (text, "plain");

      g_assert_cmpstr (log.report->time.date, ==, dates[i].date);
      log_clear (&log);
    }
}

static void
test_vcds (void)
{
  assert_refused ("8K0 907,ADVMB,3.0T,\n,,G023,F0,G024,F0,\n\nMarker,TIME,Group 23 - Field 0,TIME,"
                  "Group 24 - Field 0,\n,STAMP,Vehicle speed,STAMP,Accelerator position,\n"
                  ",, km/h,, %,\n,0.39,16,0.52,15,\n,1.91,14,2.03,29,\n",
                  "import_layout_unsupported", "one group alone");
  assert_refused ("Mittwoch,13,Mai,2020,VCDS Version: DRV\n06A,,1.8L,\n\n"
                  ",Block A:,'002,,Block B:,'7\n"
                  ",,Motordrehzahl,Last,,Lambda\n,Zeit,,,Zeit,Regler\nMarkierung,MARKE, /min,"
                  " ms,MARKE, %\n,0.25,2080,3.80,0.01,1.6\n,0.75,2160,4.40,0.50,0.0\n",
                  "import_layout_unsupported", "one group alone");
  assert_refused ("Saturday,14,March,2015,13:00:00:VCDS Version: Release 14\n"
                  "1.8l R4/5VT,,,\n,,Group A:,'003,,,Group B:,'115\n"
                  ",,Engine Speed,MAF,,,Engine Speed,Boost\n,TIME,,,,TIME,,\n"
                  "Marker,STAMP,/min, g/s,,STAMP,/min, mbar\n,0.1,760,3.1,,0.2,760,990\n",
                  "import_layout_unsupported", "one group alone");
}

/* Loggers without a signature: what makes each of them odd. */
static void
test_plain (void)
{
  static const struct
  {
    const char *text;
    const char *rpm;      /* its column */
    guint64     header_line;
    gboolean    has_unit_row;
    double      duration_s;
    guint       n_mapped;
  } logs[] = {
    { "LogWorks export\nSession 1\n\nTime,AFR,RPM,MAP,TPS\n(sec),(AFR),(RPM),(kPa),(%)\n"
      "0,14.7,2000,40,5\n0.0819,14.6,2010,41,6\n0.1638,14.5,2020,42,7\n",
      "RPM", 4, TRUE, 0.1638, 4 },
    { "# StartTime = 11/12/2019 09:48:31.4870 AM\n"
      "Time (sec), Engine RPM (RPM), Vehicle speed (MPH), Absolute throttle position (%)\n"
      "0.0124,800,0,11.7\n0.1124,810,,11.8\n0.2124,820,1,11.9\n",
      "Engine RPM (RPM)", 2, FALSE, 0.2, 2 },
    { "Time,Engine Speed (rpm),MAP (kPa),Ignition Timing (°)\n"
      "0.0412,1200,100,12.5\n0.0824,1210,101,12.5\n0.1236,1220,102,12\n",
      "Engine Speed (rpm)", 1, FALSE, 0.0824, 3 },
    { "JB4 Mobile,6.1\nVehicle,N55\nMap,2\nFirmware,30/1\n"
      "timestamp,rpm,ecu_psi,boost,iat,throttle,afr,gear,ff\n"
      "0,2000,3,4,90,80,14.1,3,0\n1,2100,4,4,91,81,13.1,3,0\n2,2200,4,5,90,82,12.1,3,0\n",
      "rpm", 5, FALSE, 2, 5 },
    { "ME7Logger 1.20\nECU: 8D0907551M\n\n"
      "TimeStamp,nmot,rl_w,tans,ws\nsec.ms,1/min,%,°C,bits\nTIME,EngineSpeed,Load,AirTemp,W\n"
      "0.025,1000,20.1,22,1\n0.075,1040,20.2,22,1\n0.125,1080,20.4,23,1\n",
      "EngineSpeed", 6, TRUE, 0.1, 1 },
    { "\n####\nLogfile created by ME7-Logger\nLog started at:  22.02.2014 17:47:01.046\n\n"
      "TimeStamp, dwkrz_0 , nmot_w    , pu_w    , rl_w , tmotlin , wped_w, zaldy\n"
      "  sec.ms , °KW     , rpm       , mbar    , -    , °C      , PED   , \n"
      "\"TIME\",\"IgnitionRetardCyl1\",\"Speed_8\",\"Baro\",\"Load\",\"Coolant\",\"Pedal\",\"\"\n"
      "    0.000, 0       , 2533      , 982.539 , 32.4 , 95.25   , 0     , 0\n"
      "    0.050, 0       , 2528      , 982.539 , 32.6 , 95.25   , -0    , 0\n",
      "Speed_8", 8, TRUE, 0.05, 1 },
    { "\n***\n**Log Started 9/20/2019 2:45:00 PM**\n\n"
      "TimeStamp,LAMB[1],TCO,MAP,N,STFT Bank 1,GEAR\nsec.ms,-,°C,hPa,rpm,%,-\nTIME,,,,,,\n"
      "0.4375,4,94.5,344.7,1988,0,3\n0.5156,4,94.5,344.1,1904,0,3\n",
      "N", 5, TRUE, 0.0781, 4 },
    { "WinLog v1.1\rlogtime, TimeStamp, nmot_w, B_br, rl_w\r51, 87.07,1706.75,0.00,46.95\r"
      "100, 87.13,1703.75,0.00,47.02\r", "nmot_w", 2, FALSE, 0.06, 1 },
    { "# made\nLogID,LogEntrySeconds,RPM,TPS,APP,IAT\n1,0.0,800,0.0,0.0,75\n2,0.1,850,2.5,5,76\n",
      "RPM", 2, FALSE, 0.1, 3 },
    { "Time (sec),Engine Speed(RPM) RPM,Boost(mBar) B,Throttle Position(%) T,Vehicle Speed(kph) V\n"
      "0.00,800,0.0,0.0,0\n0.10,850,0.1,2.5,5\n", "Engine Speed(RPM) RPM", 1, FALSE, 0.1, 3 },
    { "\"TIME\",\"RPM\",\"MassAirFlow\"\n\"91\",\"3749\",\".63\"\n\"161\",\"3836\",\".73\"\n",
      "RPM", 1, FALSE, 0.07, 1 },
    { "Time,AFR SP (AFR),Mode (),Engine Speed (rpm),IAT (°F),Gear (gear),Tool [R1.7:2025 (A (B))]\n"
      "610.678,14.7,0,2089,73.8,3,0\n610.716,14.6,0,2098,73.8,3,0\n",
      "Engine Speed (rpm)", 1, FALSE, 0.038, 4 },
    { "Time\tRPM\tMAP\tTPS\tKM/H\tGPS Date\tGPS Time\nsec\tRPM\tkPa\t%\tKMH\tdate\ttime\n"
      "0.0\t957.0\t35.0\t25.0\t0.0\t\t\n0.068\t953\t35.0\t25.0\t0.0\t22.8.2026\t15:17\n",
      "RPM", 1, TRUE, 0.068, 3 },
    { "TIME,nmot(1/min) EngineSpeed,rl_w(%) EngineLoad\n0.025,1000,20.1\n0.075,1040,20.2\n",
      "nmot(1/min) EngineSpeed", 1, FALSE, 0.05, 1 },
    { "Time,PLX Engine Speed,PLX Manifold Absolute Pressure,PLX O2 Wideband\ns,rpm,kPa,AFR\n"
      "0.1,2000,40,14.1\n0.2,2010,41,14.2\n0.3,2020,42,14.3\n",
      "PLX Engine Speed", 1, TRUE, 0.2, 3 },
    { "Log Time,RPM,TPS,IAP,AFR,Gear,Clutch,Engine Temp,IAT,\n"
      "00:00:00.040,1200,5,59,0.0,0,False,24.0,25,\n00:00:00.100,1224,12.5,59,13.2,0,True,92,26,\n"
      "00:00:00.160,3065,7.84,91.00,14.0,2,False,27.0,26.0,\n",
      "RPM", 1, FALSE, 0.12, 6 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (logs); i++)
    {
      Log log = read_log (logs[i].text, "plain");
      guint n_mapped = 0;

      for (guint k = 0; k < log.report->channels->len; k++)
        n_mapped += ((DynoImportChannel *) log.report->channels->pdata[k])->channel
                    != DYNO_CHANNEL_NONE;
      g_assert_cmpint (find (&log, logs[i].rpm)->channel, ==, DYNO_CHANNEL_RPM);
      g_assert_cmpuint (log.report->header_line, ==, logs[i].header_line);
      g_assert_cmpint (log.report->has_unit_row, ==, logs[i].has_unit_row);
      dyno_assert_near (log.report->duration_s, logs[i].duration_s, 1e-12);
      g_assert_cmpuint (n_mapped, ==, logs[i].n_mapped);
      log_clear (&log);
    }
}

/* BlueDriver: UTF-16, two lines above. */
static void
test_utf16 (void)
{
  static const char text[] = "BlueDriver Live Data\n2019-05-03 10:11:12\n"
                             "Time (s)\tEngine RPM (rpm)\tIntake Manifold Pressure (inHg)\n"
                             "0.0\t800\t10\n0.5\t\t11\n1.0\t820\t12\n";
  g_autofree gunichar2 *units = g_utf8_to_utf16 (text, -1, NULL, NULL, NULL);
  g_autoptr(GString) bytes = g_string_new_len ("\xFF\xFE", 2);
  g_autoptr(GError) error = NULL;
  Log log = { 0 };

  for (gsize i = 0; i < strlen (text); i++)
    {
      g_string_append_c (bytes, (char) units[i]);
      g_string_append_c (bytes, '\0');
    }
  log.report = dyno_import_bytes ("a", bytes->str, bytes->len, NULL, NULL, &log.samples, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (log.report->encoding, ==, "utf-16le");
  g_assert_cmpuint (log.report->preamble_lines, ==, 2);
  g_assert_cmpstr (log.report->time.date, ==, "2019-05-03");
  g_assert_true (log.report->duration_s == 1);
  dyno_assert_near (get (&log, DYNO_CHANNEL_MAP, 2), 12 * 3.386389, 1e-9);
  log_clear (&log);
}

/* Our own table: what was exported comes back as it was. */
static void
test_dynoai (void)
{
  static const char *const texts[] = {
    "Time (s),rpm (krpm),correction,spark_f (°),Engine RPM (rpm),'=sum (bits),'-1,a[b]\r\n"
    "0,2.5,1.02,,1,7,8,0.1\r\n0.1,,1.02,-1.25,2,7,8,0.30000000000000004\r\n"
    "0.1,,1.02,-1.25,2,7,8,0.30000000000000004\r\n",
    "\xEF\xBB\xBF# run: run_1\r\n# version: 1\r\n"
    "Time (s);rpm (krpm);correction;spark_f (°);Engine RPM (rpm);'=sum (bits);'-1;a[b]\r\n"
    "0;2,5;1,02;;1;7;8;0,1\r\n0,1;;1,02;-1,25;2;7;8;0,30000000000000004\r\n"
    "0,1;;1,02;-1,25;2;7;8;0,30000000000000004\r\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Log log = read_log (texts[i], "dynoai");

      g_assert_cmpuint (log.report->rows, ==, 3);
      g_assert_cmpuint (log.report->dropped_equal, ==, 0);
      g_assert_cmpuint (log.report->preamble_lines, ==, i == 0 ? 0 : 2);
      assert_channel (&log, "rpm (krpm)", DYNO_CHANNEL_RPM, "krpm", "header", 1);
      assert_channel (&log, "spark_f (°)", DYNO_CHANNEL_SPARK_F, "°", "header", 1);
      g_assert_cmpint (find (&log, "correction")->channel, ==, DYNO_CHANNEL_CORRECTION);
      dyno_assert_near (find (&log, "correction")->confidence, 1, 0);
      assert_channel (&log, "Engine RPM (rpm)", DYNO_CHANNEL_NONE, "rpm", "header", NAN);
      g_assert_cmpstr (find (&log, "'=sum (bits)")->unit_text, ==, "bits");
      g_assert_nonnull (dyno_samples_find_name (log.samples, "=sum"));
      g_assert_nonnull (dyno_samples_find_name (log.samples, "-1"));
      g_assert_true (dyno_column_value (dyno_samples_find_name (log.samples, "a[b]"), 2) == 0.1 + 0.2);
      g_assert_true (isnan (get (&log, DYNO_CHANNEL_SPARK_F, 0)));
      g_assert_true (get (&log, DYNO_CHANNEL_SPARK_F, 1) == -1.25);
      log_clear (&log);
    }
}

/* Read, or refused with a reason and a sentence. */
static void
try_bytes (const char *bytes,
           gsize       n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autofree char *copy = g_memdup2 (bytes, MAX (n, 1)); /* so that a read beyond shows */
  g_autoptr(DynoImportReport) report
      = dyno_import_bytes ("a", copy, n, NULL, NULL, &samples, &error);

  g_assert_true ((report != NULL) == (samples != NULL));
  if (report != NULL)
    {
      g_assert_cmpuint (report->rows, ==, dyno_samples_n_rows (samples));
      return;
    }
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (dyno_error_get_reason (error), "import_"));
  g_assert_true (g_str_has_suffix (error->message, "."));
}

/* Every cut, and bytes changed at random, of the dialects with a reader of their own. */
static void
test_damaged (void)
{
  g_autoptr(GString) haltech = make_haltech (6);
  const char *const texts[] = {
    haltech->str,
    PV_HEAD "100,0,2000\n100,1,41.5\n105,7,5.1\n105,3,0x50\n120,0,2.01e3\n",
    HPT_HEAD "0.102,2000,,30,13.1,0,1\n0.205,,40,,13.2,,\n16777.216,2010,,,,,2\n0.4,,,,,,\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gsize n = strlen (texts[i]);
      g_autofree char *text = g_strdup (texts[i]);

      for (gsize cut = 0; cut <= n; cut++)
        try_bytes (text, cut);
      for (guint k = 0; k < 1000; k++)
        {
          gsize at = (gsize) g_test_rand_int_range (0, (gint32) n);
          char before = text[at];

          text[at] = (char) g_test_rand_int_range (0, 256);
          try_bytes (text, n);
          text[at] = before;
        }
    }
}

/* An option that the dialect has no room for is not passed over in silence. */
static void
test_unused_option (void)
{
  g_autoptr(GString) text = make_haltech (3);
  DynoImportOptions options = { .header = "A,B", .decimal = "comma" };
  g_autoptr(DynoImportReport) report
      = dyno_import_bytes ("a", text->str, text->len, &options, NULL, NULL, NULL);
  guint n = 0;

  for (guint i = 0; i < report->warnings->len; i++)
    n += g_str_equal (((DynoImportFinding *) report->warnings->pdata[i])->code, "option_unused");
  g_assert_cmpuint (n, ==, 2);
}

/* What looks like no reading was one when it was exported. */
static void
test_dynoai_exact (void)
{
  Log log = read_log ("Time (s),rpm (rpm),mix (AFR),tps (%),Counter\r\n0,25000,0.9,150,99999\r\n"
                      "1,25100,0.9,151,99999\r\n2,25200,0.8,152,-2147483648\r\n",
                      "dynoai");

  g_assert_true (get (&log, DYNO_CHANNEL_RPM, 0) == 25000);
  g_assert_true (get (&log, DYNO_CHANNEL_TPS, 2) == 152);
  assert_channel (&log, "mix (AFR)", DYNO_CHANNEL_MIX, "AFR", "header", 1);
  g_assert_cmpuint (find (&log, "Counter")->n, ==, 3);
  for (guint r = 0; r < DYNO_N_REJECTS; r++)
    g_assert_cmpuint (log.report->rejected[r], ==, 0);
  log_clear (&log);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dialects/haltech", test_haltech);
  g_test_add_func ("/dialects/haltech-scales", test_haltech_scales);
  g_test_add_func ("/dialects/haltech-blocks", test_haltech_blocks);
  g_test_add_func ("/dialects/haltech-many", test_haltech_many);
  g_test_add_func ("/dialects/pv-multiline", test_pv_multiline);
  g_test_add_func ("/dialects/pv-multiline-order", test_pv_multiline_order);
  g_test_add_func ("/dialects/pv-multiline-updates", test_pv_multiline_updates);
  g_test_add_func ("/dialects/hptuners", test_hptuners);
  g_test_add_func ("/dialects/ecumaster", test_ecumaster);
  g_test_add_func ("/dialects/romraider", test_romraider);
  g_test_add_func ("/dialects/romraider-time", test_romraider_time);
  g_test_add_func ("/dialects/msl", test_msl);
  g_test_add_func ("/dialects/msl-units", test_msl_units);
  g_test_add_func ("/dialects/markers-move", test_markers_move);
  g_test_add_func ("/dialects/cobb", test_cobb);
  g_test_add_func ("/dialects/pv-flat", test_pv_flat);
  g_test_add_func ("/dialects/winpep-temperatures", test_winpep_temperatures);
  g_test_add_func ("/dialects/jetdrive", test_jetdrive);
  g_test_add_func ("/dialects/zeitronix", test_zeitronix);
  g_test_add_func ("/dialects/zeitronix-map", test_zeitronix_map);
  g_test_add_func ("/dialects/dates", test_dates);
  g_test_add_func ("/dialects/vcds", test_vcds);
  g_test_add_func ("/dialects/plain", test_plain);
  g_test_add_func ("/dialects/utf-16", test_utf16);
  g_test_add_func ("/dialects/dynoai", test_dynoai);
  g_test_add_func ("/dialects/dynoai-exact", test_dynoai_exact);
  g_test_add_func ("/dialects/damaged", test_damaged);
  g_test_add_func ("/dialects/unused-option", test_unused_option);

  return g_test_run ();
}
