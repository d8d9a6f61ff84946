/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-alias.h"
#include "dyno-import.h"
#include "dyno-test.h"

#include <math.h>
#include <string.h>

/* What columns mean: aliases, units, confidences, offers (formats.md A.6, A.7, the
 * rows winpep and jetdrive-capture of A.8). */

typedef struct
{
  DynoImportReport *report;  /* (owned) */
  DynoSamples      *samples; /* (owned) */
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

  return log;
}

static void
log_clear (Log *log)
{
  dyno_import_report_free (log->report);
  dyno_samples_unref (log->samples);
}

static void
assert_channel (const Log  *log,
                const char *column,
                DynoChannel channel,
                const char *unit,
                double      confidence)
{
  const DynoImportChannel *found = dyno_import_report_find_column (log->report, column);

  if (found == NULL)
    g_error ("no column “%s”", column);
  if (found->channel != channel || (unit != NULL && g_strcmp0 (found->unit->symbol, unit) != 0)
      || fabs (found->confidence - confidence) > 1e-9)
    g_error ("“%s” is %s in %s (%g)", column, dyno_channel_info (found->channel)->name,
             found->unit != NULL ? found->unit->symbol : "nothing", found->confidence);
}

static void
test_fold (void)
{
  static const char *const names[][2] = {
    { "AFR_Meas-F", "afr meas f" },       { "  Air Fuel  Ratio 1", "air/fuel ratio 1" },
    { "A/F", "air/fuel" },                { "Desired A/F.", "desired air/fuel" },
    { "Zt-2 RPM", "zt 2 rpm" },           { "VE_Rear ", "ve rear" },
    { "IIAT", "iiat" },                   { "A/Fs", "a/fs" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *folded = dyno_import_name_fold (names[i][0]);

      g_assert_cmpstr (folded, ==, names[i][1]);
    }
}

static void
test_names (void)
{
  static const struct
  {
    const char *cell;
    const char *module;
    const char *name;
    const char *unit_text; /* NULL: none */
    const char *unit;      /* NULL: not known */
    const char *second;
  } cells[] = {
    { "(DWRT CPU) Power (uncorrected)", "DWRT CPU", "Power (uncorrected)", NULL, NULL, NULL },
    { "(DWRT CPU) Ashcroft -14.7-45psi (Relative)", "DWRT CPU", "Ashcroft -14.7-45psi (Relative)",
      NULL, NULL, NULL },
    { "MAP (kPa)", "", "MAP", "kPa", "kPa", NULL },
    { "Time(ms)", "", "Time", "ms", "ms", NULL },
    { "(PV) IAT [deg F]", "PV", "IAT", "deg F", "°F", NULL },
    { "(J1850) Coolant Temp °F", "J1850", "Coolant Temp", "°F", "°F", NULL },
    { "(Aux) Head Temp DegF ", "Aux", "Head Temp", "DegF", "°F", NULL },
    { "Oil Temp deg C", "", "Oil Temp", "deg C", "°C", NULL },
    { "°F", "", "°F", NULL, NULL, NULL },
    { "Advance F", "", "Advance F", NULL, NULL, NULL },
    { "ET°C", "", "ET°C", NULL, NULL, NULL },
    { "Flow [g/rev]", "", "Flow", "g/rev", NULL, NULL },
    { "Flow (g/rev)", "", "Flow (g/rev)", NULL, NULL, NULL },
    { "nmot(1/min) engine speed", "", "nmot", "1/min", "rpm", "engine speed" },
    { "(kPa)", "", "(kPa)", NULL, NULL, NULL },
    { "()", "", "()", NULL, NULL, NULL },
    { "RPM ()", "", "RPM ()", NULL, NULL, NULL },
    { "(open", "", "(open", NULL, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      DynoImportName name;

      dyno_import_name_parse (&name, cells[i].cell);
      g_assert_cmpstr (name.module, ==, cells[i].module);
      g_assert_cmpstr (name.name, ==, cells[i].name);
      g_assert_cmpstr (name.unit_text, ==, cells[i].unit_text);
      g_assert_cmpstr (name.unit != NULL ? name.unit->symbol : NULL, ==, cells[i].unit);
      g_assert_cmpstr (name.second, ==, cells[i].second);
      dyno_import_name_clear (&name);
    }
}

static void
test_aliases (void)
{
  static const struct
  {
    const char *cell;
    DynoChannel channel; /* NONE: no alias */
  } names[] = {
    { "Engine RPM", DYNO_CHANNEL_RPM },                  { "ENGSPEED", DYNO_CHANNEL_RPM },
    { "nmot", DYNO_CHANNEL_RPM },                        { "Engine/RPM", DYNO_CHANNEL_RPM },
    { "RPM 2", DYNO_CHANNEL_NONE },                      { "Idle Set Speed", DYNO_CHANNEL_NONE },
    { "map_kpa", DYNO_CHANNEL_MAP },                     { "Fuel Map", DYNO_CHANNEL_NONE },
    { "Man Abs Press", DYNO_CHANNEL_MAP },               { "MAP psi", DYNO_CHANNEL_NONE },
    { "Pressure", DYNO_CHANNEL_NONE },
    { "(DWRT ATMO) Pressure", DYNO_CHANNEL_BARO },
    { "(ATMOS) Pressure", DYNO_CHANNEL_NONE },           { "Baro Pressure", DYNO_CHANNEL_BARO },
    { "Temperature 1", DYNO_CHANNEL_AMBIENT_TEMP },      { "Temperature 2", DYNO_CHANNEL_NONE },
    { "Air Fuel Ratio 1", DYNO_CHANNEL_MIX_F },          { "AFR Meas R", DYNO_CHANNEL_MIX_R },
    { "WB Volts Petrol AFR", DYNO_CHANNEL_MIX_F },
    { "WB Volts E85 AFR2", DYNO_CHANNEL_MIX_R },
    { "Volts Petrol AFR", DYNO_CHANNEL_NONE },           { "WB Volts AFR", DYNO_CHANNEL_NONE },
    { "Target Volts Petrol AFR", DYNO_CHANNEL_NONE },    { "AFR", DYNO_CHANNEL_MIX },
    { "Desired AFR", DYNO_CHANNEL_TARGET },              { "Desired A/F", DYNO_CHANNEL_TARGET },
    { "afr_cmd_f", DYNO_CHANNEL_TARGET_F },              { "AFR Cmd", DYNO_CHANNEL_TARGET },
    { "Power", DYNO_CHANNEL_POWER_CORR },
    { "Power (uncorrected)", DYNO_CHANNEL_POWER },
    { "Power Drum 1", DYNO_CHANNEL_NONE },               { "Engine Torque", DYNO_CHANNEL_TORQUE },
    { "Throttle Position", DYNO_CHANNEL_TPS },
    { "Accelerator Position", DYNO_CHANNEL_NONE },
    { "Twistgrip Position", DYNO_CHANNEL_NONE },         { "TP", DYNO_CHANNEL_TPS },
    /* Of exactly 30 bytes: cut, so a longer alias is meant; but no alias begins so. */
    { "Throttle Position Sensor Volta", DYNO_CHANNEL_NONE },
    { "PLX Manifold Absolute Pressure", DYNO_CHANNEL_MAP },
    { "chan_27", DYNO_CHANNEL_NONE },                    { "VE Rear ", DYNO_CHANNEL_VE_R },
    { "nope (1/min) Engine Speed", DYNO_CHANNEL_RPM },   { "B+", DYNO_CHANNEL_VBATT },
    { "Long Term Fuel Trim Bank 1", DYNO_CHANNEL_LTFT }, { "Gear Ratio", DYNO_CHANNEL_NONE },
    { "Front Spark Knock Retard", DYNO_CHANNEL_KNOCK_F }, { "", DYNO_CHANNEL_NONE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      DynoImportName name;
      DynoImportAlias alias;

      dyno_import_name_parse (&name, names[i].cell);
      dyno_import_alias_find (&name, &alias);
      if (alias.channel != names[i].channel)
        g_error ("“%s” is %s", names[i].cell, dyno_channel_info (alias.channel)->name);
      dyno_import_name_clear (&name);
    }
}

/* Rows with a moving engine; `cells` are printed with the row's number in it. */
static GString *
make_log (const char *header,
          const char *cells,
          int         n)
{
  GString *text = g_string_new (header);

  g_string_append_c (text, '\n');
  for (int i = 0; i < n; i++)
    {
      g_auto(GStrv) parts = g_strsplit (cells, "#", -1);
      g_autofree char *number = g_strdup_printf ("%d", i);
      g_autofree char *line = g_strjoinv (number, parts);

      g_string_append_printf (text, "%d.5,%s\n", i, line);
    }

  return text;
}

static void
test_units_by_value (void)
{
  g_autoptr(GString) text
      = make_log ("Time,RPM,Baro Pressure,IAT,CLT,AFR,Lambda 2,Desired AFR,Speed,VBatt",
                  "1.#5,29.9#,20#,18#,13.#,0.9#,1.0#,10#,13.#", 10);
  Log log = read_with (text->str, NULL);

  assert_channel (&log, "RPM", DYNO_CHANNEL_RPM, "krpm", 0.6);
  assert_channel (&log, "Baro Pressure", DYNO_CHANNEL_BARO, "inHg", 0.6);
  assert_channel (&log, "IAT", DYNO_CHANNEL_IAT, "°F", 0.6);
  assert_channel (&log, "CLT", DYNO_CHANNEL_ENGINE_TEMP, "°F", 0.6);
  assert_channel (&log, "AFR", DYNO_CHANNEL_MIX, "AFR", 0.6);
  assert_channel (&log, "Lambda 2", DYNO_CHANNEL_MIX_R, "λ", 0.6);
  /* Called AFR but holding λ: the numbers decide. */
  assert_channel (&log, "Desired AFR", DYNO_CHANNEL_TARGET, "λ", 0.5);
  assert_channel (&log, "Speed", DYNO_CHANNEL_SPEED, "km/h", 0.6);
  assert_channel (&log, "VBatt", DYNO_CHANNEL_VBATT, "V", 0.85);
  log_clear (&log);
  g_string_free (g_steal_pointer (&text), TRUE);

  text = make_log ("Time,RPM,Baro Pressure,IAT,CLT", "100#,101#,2#,9#", 10);
  log = read_with (text->str, NULL);
  assert_channel (&log, "RPM", DYNO_CHANNEL_RPM, "rpm", 0.85);
  assert_channel (&log, "Baro Pressure", DYNO_CHANNEL_BARO, "hPa", 0.6);
  assert_channel (&log, "IAT", DYNO_CHANNEL_IAT, "°C", 0.6);
  log_clear (&log);
  g_string_free (g_steal_pointer (&text), TRUE);

  text = make_log ("Time,RPM,Baro Pressure", "100#,5#", 10);
  log = read_with (text->str, NULL);
  assert_channel (&log, "Baro Pressure", DYNO_CHANNEL_NONE, "kPa", 0.4);
  log_clear (&log);
}

/* The engine that does not run says nothing about units: half of the log idles at
 * 0 rpm with a cold sensor. */
static void
test_running_rows (void)
{
  g_autoptr(GString) text = g_string_new ("Time,RPM,AFR,Engine Temp\n");
  Log log;

  for (int i = 0; i < 100; i++)
    g_string_append_printf (text, "%d,%d,%s,%d\n", i, i < 60 ? 0 : 1000 + i * 10,
                            i < 60 ? "1.1" : "14.1", i < 60 ? 60 : 190);
  log = read_with (text->str, NULL);
  assert_channel (&log, "AFR", DYNO_CHANNEL_MIX, "AFR", 0.6);
  assert_channel (&log, "Engine Temp", DYNO_CHANNEL_ENGINE_TEMP, "°F", 0.6);
  log_clear (&log);
}

static void
test_units_in_file (void)
{
  g_autoptr(GString) text
      = make_log ("Time (s),Engine Speed (1/min),MAP (psi),IAT (F),AFR Front (O2),"
                  "Lambda 2 (lambda),Throttle (V),Torque (ft-lb),Force [lbf],Acceleration (g)",
                  "100#,12.#,8#,13.#,14.#,1.#,80.#,50#,0.#", 10);
  Log log = read_with (text->str, NULL);

  assert_channel (&log, "Engine Speed (1/min)", DYNO_CHANNEL_RPM, "rpm", 0.95);
  assert_channel (&log, "MAP (psi)", DYNO_CHANNEL_MAP, "psi", 0.95);
  assert_channel (&log, "IAT (F)", DYNO_CHANNEL_IAT, "°F", 0.95);
  assert_channel (&log, "AFR Front (O2)", DYNO_CHANNEL_MIX_F, "AFR", 0.95);
  /* λ by name and unit, 14 by its numbers: these win. */
  assert_channel (&log, "Lambda 2 (lambda)", DYNO_CHANNEL_MIX_R, "AFR", 0.65);
  /* A voltage is no throttle position. */
  assert_channel (&log, "Throttle (V)", DYNO_CHANNEL_NONE, "V", 0.4);
  assert_channel (&log, "Torque (ft-lb)", DYNO_CHANNEL_TORQUE_CORR, "lbf·ft", 0.95);
  assert_channel (&log, "Force [lbf]", DYNO_CHANNEL_FORCE, "lbf", 0.95);
  assert_channel (&log, "Acceleration (g)", DYNO_CHANNEL_ACCEL, "g", 0.95);
  dyno_assert_near (dyno_column_si (dyno_samples_find (log.samples, DYNO_CHANNEL_MAP), 5),
                    12.5 * DYNO_PA_PER_PSI / 1000, 1e-12);
  g_assert_nonnull (dyno_import_report_find_warning (log.report, "name_contradicts"));
  log_clear (&log);
}

/* No unit in the file: the numbers decide, the name does not. */
static void
test_misnamed_mixture (void)
{
  g_autoptr(GString) text
      = make_log ("Time,RPM,AFR Meas F,Lambda 2,AFR Cmd F,Desired Lambda",
                  "10#0,0.9#,13.#,0.8#,14.#", 10);
  Log log = read_with (text->str, NULL);

  assert_channel (&log, "AFR Meas F", DYNO_CHANNEL_MIX_F, "λ", 0.5);
  assert_channel (&log, "Lambda 2", DYNO_CHANNEL_MIX_R, "AFR", 0.5);
  assert_channel (&log, "AFR Cmd F", DYNO_CHANNEL_TARGET_F, "λ", 0.5);
  assert_channel (&log, "Desired Lambda", DYNO_CHANNEL_TARGET, "AFR", 0.5);
  g_assert_nonnull (dyno_import_report_find_warning (log.report, "name_contradicts"));
  log_clear (&log);
}

static void
test_unit_row (void)
{
  Log log = read_with (
      "Time\tRPM\tMAP\tBoost\nsec\t1/min\tbar\tfurlong\n0\t1000\t0.5\t1\n1\t1100\t0.6\t2\n", NULL);

  assert_channel (&log, "MAP", DYNO_CHANNEL_MAP, "bar", 0.95);
  g_assert_cmpstr (dyno_import_report_find_column (log.report, "MAP")->unit_from, ==, "unit-row");
  g_assert_cmpstr (log.report->time.form, ==, "seconds");
  g_assert_cmpstr (dyno_import_report_find_warning (log.report, "unknown_unit")->column, ==,
                   "Boost");
  g_assert_cmpstr (dyno_samples_find_name (log.samples, "Boost")->unit_text, ==, "furlong");
  dyno_assert_near (dyno_column_si (dyno_samples_find (log.samples, DYNO_CHANNEL_MAP), 0), 50,
                    1e-12);
  log_clear (&log);
}

/* A constant sensor is dead only if the engine moved. */
static void
test_dead (void)
{
  g_autoptr(GString) moved = make_log ("Time,RPM,MAP (kPa),TPS (%),IAT (C)", "#00,80,9.#,20", 10);
  g_autoptr(GString) steady = make_log ("Time,RPM,MAP (kPa),TPS (%)", "300#,80,9.#", 10);
  Log log = read_with (moved->str, NULL);

  assert_channel (&log, "MAP (kPa)", DYNO_CHANNEL_NONE, "kPa", 0.45);
  assert_channel (&log, "TPS (%)", DYNO_CHANNEL_TPS, "%", 0.95);
  assert_channel (&log, "IAT (C)", DYNO_CHANNEL_IAT, "°C", 0.95);
  g_assert_cmpstr (dyno_import_report_find_warning (log.report, "dead_sensor")->column, ==,
                   "MAP (kPa)");
  g_assert_nonnull (dyno_import_report_find_assumption (log.report, "mapping_offered"));
  log_clear (&log);

  log = read_with (steady->str, NULL);
  assert_channel (&log, "MAP (kPa)", DYNO_CHANNEL_MAP, "kPa", 0.95);
  log_clear (&log);
}

/* Confidence, then the order of the aliases, then that of the file; a dead sensor
 * gives way to one that lives; an empty column is never taken. */
static void
test_choice (void)
{
  g_autoptr(GString) text
      = make_log ("Time,Throttle,TPS (%),Engine Speed,RPM,MAP,Manifold Absolute Pressure,"
                  "MAP,AFR Front,Air/Fuel Ratio 1",
                  "5.#,6.#,3#00,3#01,8#,8#,9#,13.#,", 10);
  Log log = read_with (text->str, NULL);

  assert_channel (&log, "TPS (%)", DYNO_CHANNEL_TPS, "%", 0.95);
  assert_channel (&log, "Throttle", DYNO_CHANNEL_NONE, "%", 0.85);
  assert_channel (&log, "Engine Speed", DYNO_CHANNEL_RPM, "rpm", 0.85);
  assert_channel (&log, "RPM", DYNO_CHANNEL_NONE, "rpm", 0.85);
  assert_channel (&log, "Manifold Absolute Pressure", DYNO_CHANNEL_MAP, "kPa", 0.6);
  assert_channel (&log, "MAP", DYNO_CHANNEL_NONE, "kPa", 0.6);
  assert_channel (&log, "MAP#2", DYNO_CHANNEL_NONE, "kPa", 0.6);
  assert_channel (&log, "AFR Front", DYNO_CHANNEL_MIX_F, "AFR", 0.6);
  g_assert_cmpstr (g_ptr_array_index (log.report->empty, 0), ==, "Air/Fuel Ratio 1");
  g_assert_cmpstr (dyno_import_report_find_column (log.report, "MAP")->identical_to, ==,
                   "Manifold Absolute Pressure");
  g_assert_null (
      dyno_import_report_find_column (log.report, "Manifold Absolute Pressure")->identical_to);
  g_assert_cmpuint (dyno_import_report_find_warning (log.report, "duplicate_names")->count, ==, 1);
  g_assert_nonnull (dyno_samples_find_name (log.samples, "MAP#2"));
  log_clear (&log);
}

/* The wheel's speed serves only where the drum's is not there, however well known. */
static void
test_vehicle_speed (void)
{
  Log log = read_with ("Time,RPM,Vehicle Speed (mph),Speed\n0,1000,30,50\n1,1100,31,51\n", NULL);

  assert_channel (&log, "Speed", DYNO_CHANNEL_SPEED, "km/h", 0.6);
  assert_channel (&log, "Vehicle Speed (mph)", DYNO_CHANNEL_NONE, "mph", 0.95);
  log_clear (&log);

  log = read_with ("Time,RPM,Vehicle Speed (mph)\n0,1000,30\n1,1100,31\n", NULL);
  assert_channel (&log, "Vehicle Speed (mph)", DYNO_CHANNEL_SPEED, "mph", 0.95);
  log_clear (&log);
}

/* A mixture of nothing but 0: the sensor was off, and that is all there is to say. */
static void
test_sensor_off (void)
{
  Log log = read_with ("Time,RPM,AFR Target\n0,1000,0\n1,1100,0\n", NULL);

  g_assert_cmpuint (log.report->rejected[DYNO_REJECT_SENSOR_OFF], ==, 2);
  g_assert_null (dyno_samples_find (log.samples, DYNO_CHANNEL_TARGET));
  g_assert_cmpuint (log.report->empty->len, ==, 0); /* it had numbers, all the same */
  g_assert_cmpstr (g_ptr_array_index (log.report->constant, 0), ==, "AFR Target");
  log_clear (&log);
}

static void
test_operator (void)
{
  static const char *const map[] = { "Odd=tps", "(A) Same=iat", "RPM=none", NULL };
  static const char *const unit[] = { "(A) Same=F", NULL };
  DynoImportOptions options = { .map = map, .unit = unit };
  g_autoptr(GString) text
      = make_log ("Time,RPM,Odd,TPS,(A) Same,(B) Same", "#00,5.#,6.#,90,91", 10);
  Log log = read_with (text->str, &options);

  assert_channel (&log, "Odd", DYNO_CHANNEL_TPS, "%", 1);
  assert_channel (&log, "TPS", DYNO_CHANNEL_NONE, "%", 0.85);
  assert_channel (&log, "(A) Same", DYNO_CHANNEL_IAT, "°F", 1);
  g_assert_cmpstr (dyno_import_report_find_column (log.report, "(A) Same")->unit_from, ==,
                   "operator");
  g_assert_null (dyno_samples_find (log.samples, DYNO_CHANNEL_RPM));
  log_clear (&log);
}

static void
test_remembered (void)
{
  static const char *const remembered[] = { "Odd=tps", "Gone=iat", NULL };
  static const char *const map[] = { "Odd=map", NULL };
  DynoImportOptions options = { .remembered = remembered };
  g_autoptr(GString) text = make_log ("Time,RPM,Odd", "#00,5.#", 10);
  g_autofree char *hash = NULL;
  Log log = read_with (text->str, &options);

  assert_channel (&log, "Odd", DYNO_CHANNEL_TPS, "%", 1);
  g_assert_nonnull (dyno_import_report_find_assumption (log.report, "mapping_remembered"));
  hash = g_strdup (log.report->header_hash);
  log_clear (&log);

  options.map = map;
  log = read_with (text->str, &options);
  assert_channel (&log, "Odd", DYNO_CHANNEL_MAP, "kPa", 1);
  g_assert_cmpstr (log.report->header_hash, ==, hash);
  log_clear (&log);
}

static void
test_impossible (void)
{
  Log log = read_with ("Time,RPM,Humidity\n0,1000,400\n1,1400,500\n", NULL);

  assert_channel (&log, "Humidity", DYNO_CHANNEL_NONE, "%", 0.3);
  g_assert_nonnull (dyno_import_report_find_warning (log.report, "range_contradicts"));
  g_assert_true (dyno_column_value (dyno_samples_find_name (log.samples, "Humidity"), 0) == 400);
  log_clear (&log);
}

/* A WinPEP file with known truth: power from force and speed, torque from power. */
static GString *
make_winpep (double force_to_power, /* 375 or 3600 */
             double torque_constant,
             double rpm_scale)
{
  GString *text = g_string_new (
      "Time, (DWRT ATMO) Pressure, (DWRT ATMO) Temperature 1, (DWRT CPU) Acceleration,"
      " (DWRT CPU) Distance, (DWRT CPU) Engine RPM, (DWRT CPU) Force, (DWRT CPU) Gear Ratio,"
      " (DWRT CPU) Power (uncorrected), (DWRT CPU) Speed,"
      " (DWRT CPU) Torque (uncorrected), \n");

  for (int i = 0; i < 60; i++)
    {
      double rpm = 3000 + 50 * i;
      double force = 300 + 5 * i;
      double speed = rpm / 62;
      double power = force * speed / force_to_power;
      char cells[6][G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (
          text, "%d.%02d, 24.4, 8%d.1, %d, 0.%d, %s, %s, 62, %s, %s, %s, \n", i / 20, i % 20 * 5,
          i % 10, i % 7, i, g_ascii_dtostr (cells[0], sizeof cells[0], rpm * rpm_scale),
          g_ascii_dtostr (cells[1], sizeof cells[1], force),
          g_ascii_dtostr (cells[2], sizeof cells[2], power),
          g_ascii_dtostr (cells[3], sizeof cells[3], speed),
          g_ascii_dtostr (cells[4], sizeof cells[4], power * torque_constant / rpm));
    }

  return text;
}

static void
test_winpep_us (void)
{
  g_autoptr(GString) text = make_winpep (375 / 4.0, 5252.113, 0.001);
  g_autoptr(GString) fit = make_winpep (375, 5252.113, 0.001);
  Log log = read_with (fit->str, NULL);

  g_assert_cmpstr (log.report->dialect, ==, "winpep");
  assert_channel (&log, "(DWRT CPU) Force", DYNO_CHANNEL_FORCE, "lbf", 0.85);
  assert_channel (&log, "(DWRT CPU) Speed", DYNO_CHANNEL_SPEED, "mph", 0.85);
  assert_channel (&log, "(DWRT CPU) Engine RPM", DYNO_CHANNEL_RPM, "krpm", 0.85);
  assert_channel (&log, "(DWRT ATMO) Pressure", DYNO_CHANNEL_BARO, "inHg", 0.85);
  log_clear (&log);

  /* Neither ratio: taken as US, but only just used. */
  log = read_with (text->str, NULL);
  assert_channel (&log, "(DWRT CPU) Force", DYNO_CHANNEL_FORCE, "lbf", 0.5);
  assert_channel (&log, "(DWRT CPU) Torque (uncorrected)", DYNO_CHANNEL_TORQUE, "lbf·ft", 0.5);
  dyno_assert_near (dyno_import_report_find_assumption (log.report, "units_by_ratio")->confidence,
                    0.5, 1e-12);
  log_clear (&log);
}

static void
test_winpep_si (void)
{
  g_autoptr(GString) fit = g_string_new (
      "Time, (DWRT ATMO) Pressure, (DWRT ATMO) Temperature 1, (DWRT CPU) Engine RPM,"
      " (DWRT CPU) Force, (DWRT CPU) Power (uncorrected), (DWRT CPU) Speed,"
      " (DWRT CPU) Torque (uncorrected), (DWRT CPU) Distance, \n");
  Log log;

  for (int i = 0; i < 40; i++)
    {
      double rpm = 3000 + 100 * i;
      double speed = rpm / 40;
      double power = 3000 * speed / 3600;
      char a[G_ASCII_DTOSTR_BUF_SIZE];
      char b[G_ASCII_DTOSTR_BUF_SIZE];
      char c[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (fit, "%d, 98.1, 21.%d, %d, 3000.%d, %s, %s, %s, 0.1, \n", i, i % 10,
                              (int) rpm, i % 2, g_ascii_dtostr (a, sizeof a, power),
                              g_ascii_dtostr (b, sizeof b, speed),
                              g_ascii_dtostr (c, sizeof c, power * 9549.2966 / rpm));
    }
  log = read_with (fit->str, NULL);
  assert_channel (&log, "(DWRT CPU) Force", DYNO_CHANNEL_FORCE, "N", 0.85);
  assert_channel (&log, "(DWRT CPU) Speed", DYNO_CHANNEL_SPEED, "km/h", 0.85);
  assert_channel (&log, "(DWRT CPU) Power (uncorrected)", DYNO_CHANNEL_POWER, "kW", 0.85);
  assert_channel (&log, "(DWRT CPU) Torque (uncorrected)", DYNO_CHANNEL_TORQUE, "N·m", 0.85);
  assert_channel (&log, "(DWRT CPU) Engine RPM", DYNO_CHANNEL_RPM, "rpm", 0.85);
  assert_channel (&log, "(DWRT ATMO) Temperature 1", DYNO_CHANNEL_AMBIENT_TEMP, "°C", 0.85);
  assert_channel (&log, "(DWRT ATMO) Pressure", DYNO_CHANNEL_BARO, "kPa", 0.6);
  log_clear (&log);
}

static void
test_winpep_legacy (void)
{
  g_autoptr(GString) text = g_string_new ("Time,RPM,Torque,HP,AFR\n");
  Log log;

  for (int i = 0; i < 30; i++)
    {
      char hp[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (hp, sizeof hp, "%.2f", 90 * (2.0 + 0.1 * i) * 1000 / 5252.113);
      g_string_append_printf (text, "0.%02d,%d.%d,90,%s,13.%d\n", i, 2 + i / 10, i % 10, hp,
                              i % 10);
    }
  log = read_with (text->str, NULL);
  g_assert_cmpstr (log.report->dialect, ==, "winpep");
  assert_channel (&log, "RPM", DYNO_CHANNEL_RPM, "krpm", 0.85);
  assert_channel (&log, "HP", DYNO_CHANNEL_POWER_CORR, "hp", 0.95);
  log_clear (&log);
}

/* Torque beside horsepower is told by the constant of power. */
static void
test_torque_by_ratio (void)
{
  g_autoptr(GString) text = g_string_new ("Time,Engine RPM,Torque,Horsepower\n");
  Log log;

  for (int i = 0; i < 30; i++)
    {
      char hp[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (hp, sizeof hp, "%.3f", (90 + i) * (2000 + 100 * i) / 5252.113);
      g_string_append_printf (text, "0.%02d,%d,%d,%s\n", i, 2000 + 100 * i, 90 + i, hp);
    }
  log = read_with (text->str, NULL);
  g_assert_cmpstr (log.report->dialect, ==, "plain");
  assert_channel (&log, "Torque", DYNO_CHANNEL_TORQUE_CORR, "lbf·ft", 0.6);
  assert_channel (&log, "Horsepower", DYNO_CHANNEL_POWER_CORR, "hp", 0.95);
  log_clear (&log);
}

static void
test_jetdrive_units (void)
{
  Log log = read_with ("\"Timestamp\",\"Engine Speed\",\"Vehicle Speed\",\"chan_7\",\"AFR\"\n"
                       "\"2025-01-01 00:00:00.000\",\"1000\",\"30\",\"1\",\"0.9\"\n"
                       "\"2025-01-01 00:00:00.100\",\"1500\",\"31\",\"2\",\"0.95\"\n",
                       NULL);

  g_assert_cmpstr (log.report->dialect, ==, "jetdrive-capture");
  assert_channel (&log, "Vehicle Speed", DYNO_CHANNEL_SPEED, "km/h", 0.85);
  assert_channel (&log, "AFR", DYNO_CHANNEL_MIX, "λ", 0.55);
  g_assert_true (isnan (dyno_import_report_find_column (log.report, "chan_7")->confidence));
  log_clear (&log);

  log = read_with ("timestamp_ms,rpm,map_kpa,afr\n0,1000,50,13\n20,1010,51,13.1\n", NULL);
  g_assert_cmpstr (log.report->dialect, ==, "jetdrive-capture");
  g_assert_true (log.report->duration_s == 0.02);
  log_clear (&log);
}

/* Fewer than three rows that differ prove nothing. */
static void
test_relations (void)
{
  const char *few = "\"Timestamp\",\"chan_1\",\"chan_2\",\"chan_3\"\n\"2025-01-01 "
                    "00:00:00\",\"3600\",\"2\",\"2\"\n"
                    "\"2025-01-01 00:00:01\",\"7200\",\"2.5\",\"5\"\n";
  g_autofree char *enough
      = g_strconcat (few, "\"2025-01-01 00:00:02\",\"7200\",\"3\",\"6\"\n", NULL);
  g_autofree char *wrong
      = g_strconcat (enough, "\"2025-01-01 00:00:03\",\"7200\",\"4\",\"8.001\"\n", NULL);
  const DynoImportFinding *offer;
  Log log = read_with (few, NULL);

  g_assert_null (dyno_import_report_find_assumption (log.report, "relation_offered"));
  log_clear (&log);
  log = read_with (enough, NULL);
  offer = dyno_import_report_find_assumption (log.report, "relation_offered");
  g_assert_cmpstr (offer->change, ==,
                   "--map \"chan_1=force\" --map \"chan_2=speed\" --map \"chan_3=power\"");
  g_assert_cmpuint (log.report->rejected[DYNO_REJECT_OUT_OF_RANGE], ==, 0);
  g_assert_null (dyno_samples_find (log.samples, DYNO_CHANNEL_FORCE));
  log_clear (&log);
  log = read_with (wrong, NULL);
  g_assert_null (dyno_import_report_find_assumption (log.report, "relation_offered"));
  log_clear (&log);
}

/* Equal columns by the hundred, and columns that differ in one cell only. */
static void
test_identical (void)
{
  g_autoptr(GString) text = g_string_new ("Time");
  guint n_equal = 0;
  Log log;

  for (int c = 0; c < 300; c++)
    g_string_append_printf (text, ",c%d", c);
  for (int i = 0; i < 50; i++)
    {
      g_string_append_printf (text, "\n%d", i);
      for (int c = 0; c < 300; c++)
        g_string_append_printf (text, ",%s",
                                c % 3 == 1 && i == 30   ? ""
                                : i == 20 && c % 3 == 2 ? "-0"
                                : i == 20               ? "0"
                                : i % 2                 ? "7"
                                                        : "8");
    }
  g_string_append (text, "\n");
  log = read_with (text->str, NULL);
  for (guint c = 0; c < 300; c++)
    {
      const DynoImportChannel *channel = g_ptr_array_index (log.report->channels, c);

      if (channel->identical_to == NULL)
        continue;
      n_equal++;
      g_assert_cmpstr (channel->identical_to, ==, c % 3 == 1 ? "c1" : "c0");
    }
  g_assert_cmpuint (n_equal, ==, 298);
  log_clear (&log);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-map/fold", test_fold);
  g_test_add_func ("/import-map/names", test_names);
  g_test_add_func ("/import-map/aliases", test_aliases);
  g_test_add_func ("/import-map/units-by-value", test_units_by_value);
  g_test_add_func ("/import-map/running-rows", test_running_rows);
  g_test_add_func ("/import-map/units-in-file", test_units_in_file);
  g_test_add_func ("/import-map/misnamed-mixture", test_misnamed_mixture);
  g_test_add_func ("/import-map/unit-row", test_unit_row);
  g_test_add_func ("/import-map/dead", test_dead);
  g_test_add_func ("/import-map/choice", test_choice);
  g_test_add_func ("/import-map/vehicle-speed", test_vehicle_speed);
  g_test_add_func ("/import-map/sensor-off", test_sensor_off);
  g_test_add_func ("/import-map/operator", test_operator);
  g_test_add_func ("/import-map/remembered", test_remembered);
  g_test_add_func ("/import-map/impossible", test_impossible);
  g_test_add_func ("/import-map/winpep-us", test_winpep_us);
  g_test_add_func ("/import-map/winpep-si", test_winpep_si);
  g_test_add_func ("/import-map/winpep-legacy", test_winpep_legacy);
  g_test_add_func ("/import-map/torque-by-ratio", test_torque_by_ratio);
  g_test_add_func ("/import-map/jetdrive-units", test_jetdrive_units);
  g_test_add_func ("/import-map/relations", test_relations);
  g_test_add_func ("/import-map/identical", test_identical);

  return g_test_run ();
}
