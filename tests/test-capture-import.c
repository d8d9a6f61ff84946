/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-import.h"
#include "dyno-json.h"
#include "dyno-test-log.h"
#include "dyno-test.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <string.h>

/* Real logs against the facts of an independent script (expected.json). */

#define POWER_134 "logs/wrl-dyno-check/134power.csv"
#define RUN_40 "logs/wrl-dyno-check/RunFile_40.csv"
#define ZEITRONIX "logs/me7tuner/zeitronix.csv"
#define JETDRIVE "logs/dynoai3/jetdrive_log_20251218_230024.csv"

typedef struct
{
  DynoJson         *facts; /* (owned) of all files */
  const DynoJson   *fact;  /* of this one */
  DynoImportReport *report; /* (owned) */
  DynoSamples      *samples; /* (owned) */
} Golden;

/* FALSE when the shared data is not here: the test is skipped. */
static gboolean
golden_read (Golden     *self,
             const char *name)
{
  g_autofree char *expected = dyno_test_shared_file ("logs/expected.json");
  g_autofree char *path = expected != NULL ? dyno_test_shared_file (name) : NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;

  *self = (Golden){ 0 };
  if (path == NULL)
    return FALSE;

  text = dyno_test_read (expected, &length);
  self->facts = dyno_json_parse_limited (text, (gssize) length, &dyno_json_limits_own, &error);
  g_assert_no_error (error);
  self->fact = dyno_json_member (self->facts, name + strlen ("logs/"));
  self->report = dyno_import_file (path, NULL, NULL, &self->samples, &error);
  g_assert_no_error (error);

  return TRUE;
}

static void
golden_clear (Golden *self)
{
  dyno_json_free (self->facts);
  dyno_import_report_free (self->report);
  dyno_samples_unref (self->samples);
}

static void
assert_same_names (const GPtrArray *names,
                   const DynoJson  *expected)
{
  g_assert_cmpuint (names->len, ==, dyno_json_n_elements (expected));
  for (guint i = 0; i < names->len; i++)
    {
      gboolean is_found = FALSE;

      for (guint k = 0; k < names->len; k++)
        is_found |= g_str_equal (g_ptr_array_index (names, i),
                                 dyno_json_string (dyno_json_element (expected, k)));
      g_assert_true (is_found);
    }
}

static const DynoColumn *
get_column (const Golden            *golden,
            const DynoImportChannel *channel)
{
  for (guint i = 0; i < golden->report->channels->len; i++)
    {
      if (g_ptr_array_index (golden->report->channels, i) == channel)
        return dyno_samples_column (golden->samples, i);
    }

  g_assert_not_reached ();
}

static guint
count_distinct (const DynoColumn *column,
                gsize             n_rows)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_double_hash, g_double_equal);
  g_autofree double *values = dyno_test_dup_column (column);

  for (gsize row = 0; row < n_rows; row++)
    {
      if (!isnan (values[row]))
        g_hash_table_add (seen, &values[row]);
    }

  return g_hash_table_size (seen);
}

static gsize
count_values (const DynoColumn *column,
              gsize             n_rows)
{
  gsize n = 0;

  for (gsize row = 0; row < n_rows; row++)
    n += !isnan (dyno_column_value (column, row));

  return n;
}

/* The facts are rounded to six decimals. */
static void
assert_column (const Golden   *golden,
               const char     *name,
               const DynoJson *expected)
{
  const DynoImportChannel *channel = dyno_import_report_find_column (golden->report, name);
  const DynoColumn *column = get_column (golden, channel);

  g_assert_cmpint ((gint64) channel->n, ==, dyno_json_get_integer (expected, "n", -1));
  g_assert_cmpuint (count_values (column, golden->report->rows), ==, channel->n);
  g_assert_cmpint (count_distinct (column, golden->report->rows), ==,
                   dyno_json_get_integer (expected, "distinct", -1));
  dyno_assert_near (channel->min, dyno_json_get_number (expected, "min", NAN), 5.1e-7);
  dyno_assert_near (channel->max, dyno_json_get_number (expected, "max", NAN), 5.1e-7);
}

static void
assert_columns (const Golden *golden)
{
  const DynoJson *columns = dyno_json_member (golden->fact, "columns");
  g_autoptr(GPtrArray) names = dyno_json_names (columns);

  g_assert_cmpuint (names->len, ==, golden->report->channels->len);
  g_assert_cmpuint (names->len, ==, dyno_samples_n_columns (golden->samples));
  for (guint i = 0; i < names->len; i++)
    assert_column (golden, g_ptr_array_index (names, i),
                   dyno_json_member (columns, g_ptr_array_index (names, i)));
}

/* The column that stands for a group: the one that the others name. */
static const char *
get_leader (const Golden *golden,
            const char   *name)
{
  const DynoImportChannel *channel = dyno_import_report_find_column (golden->report, name);

  return channel->identical_to != NULL ? channel->identical_to : channel->column;
}

static void
assert_groups (const Golden *golden)
{
  const DynoJson *groups = dyno_json_member (golden->fact, "identical_groups");
  guint n_followers = 0;
  guint n_expected = 0;

  for (guint g = 0; g < dyno_json_n_elements (groups); g++)
    {
      const DynoJson *group = dyno_json_element (groups, g);
      const char *leader = get_leader (golden, dyno_json_string (dyno_json_element (group, 0)));

      n_expected += dyno_json_n_elements (group) - 1;
      for (guint i = 1; i < dyno_json_n_elements (group); i++)
        g_assert_cmpstr (get_leader (golden, dyno_json_string (dyno_json_element (group, i))), ==,
                         leader);
    }
  for (guint i = 0; i < golden->report->channels->len; i++)
    {
      const DynoImportChannel *channel = g_ptr_array_index (golden->report->channels, i);

      n_followers += channel->identical_to != NULL;
    }
  g_assert_cmpuint (n_followers, ==, n_expected);
}

static void
assert_facts (const Golden *golden)
{
  const DynoImportReport *report = golden->report;
  const DynoJson *fact = golden->fact;

  g_assert_cmpstr (report->sha256, ==, dyno_json_get_string (fact, "sha256"));
  g_assert_cmpint ((gint64) report->bytes, ==, dyno_json_get_integer (fact, "bytes", -1));
  g_assert_cmpstr (report->encoding, ==, dyno_json_get_string (fact, "encoding"));
  g_assert_cmpint ((gint64) report->rows, ==, dyno_json_get_integer (fact, "rows", -1));
  g_assert_cmpuint (report->rows, ==, dyno_samples_n_rows (golden->samples));
  g_assert_cmpint (report->columns, ==, dyno_json_get_integer (fact, "channels", -1) + 1);
  g_assert_cmpint (report->nameless_columns, ==, dyno_json_get_integer (fact, "nameless", -1));
  g_assert_cmpint ((gint64) report->cells, ==, dyno_json_get_integer (fact, "cells", -1));
  g_assert_cmpint ((gint64) report->blank, ==, dyno_json_get_integer (fact, "blank", -1));
  g_assert_cmpint ((gint64) report->values, ==, dyno_json_get_integer (fact, "values", -1));
  g_assert_cmpint ((gint64) report->held_rows, ==,
                   dyno_json_get_integer (fact, "rows_same_as_previous", -1));
  g_assert_cmpuint (report->gaps->len, ==, dyno_json_n_elements (dyno_json_member (fact, "gaps")));
  for (guint r = 0; r < DYNO_N_REJECTS; r++)
    g_assert_cmpuint (report->rejected[r], ==, 0);
  g_assert_true (report->duration_s == dyno_json_get_number (fact, "span_s", NAN));
  g_assert_true (dyno_samples_duration (golden->samples) == report->duration_s);
  dyno_assert_near (report->step_median_ms, dyno_json_get_number (fact, "dt_median_ms", NAN), 1e-9);
  dyno_assert_near (report->step_min_ms, dyno_json_get_number (fact, "dt_min_ms", NAN), 1e-9);
  dyno_assert_near (report->step_p99_ms, dyno_json_get_number (fact, "dt_p99_ms", NAN), 1e-9);
  dyno_assert_near (report->step_max_ms, dyno_json_get_number (fact, "dt_max_ms", NAN), 1e-9);
  dyno_assert_near (report->rate_hz, dyno_json_get_number (fact, "rate_hz", NAN), 2e-4);
  assert_same_names (report->empty, dyno_json_member (fact, "empty"));
  assert_same_names (report->constant, dyno_json_member (fact, "constant"));
  assert_groups (golden);
  assert_columns (golden);
}

/* Exactly these channels, in the order of the list. */
static void
assert_mapped (const Golden      *golden,
               const DynoChannel *channels,
               gsize              n)
{
  gsize n_mapped = 0;

  for (guint channel = DYNO_CHANNEL_TIME; channel < DYNO_N_CHANNELS; channel++)
    {
      gboolean is_expected = FALSE;

      for (gsize i = 0; i < n; i++)
        is_expected |= channels[i] == (DynoChannel) channel;
      if ((dyno_samples_find (golden->samples, (DynoChannel) channel) != NULL) != is_expected)
        g_error ("%s: %s", dyno_channel_info ((DynoChannel) channel)->name,
                 is_expected ? "absent" : "not expected");
      g_assert_cmpint (dyno_import_report_find (golden->report, (DynoChannel) channel) != NULL, ==,
                       is_expected);
      n_mapped += is_expected;
    }
  g_assert_cmpuint (n_mapped, ==, n);
}

static void
assert_peak (const Golden *golden,
             DynoChannel   channel,
             const char   *name)
{
  const DynoJson *expected = dyno_json_member (dyno_json_member (golden->fact, "run"), name);
  const DynoColumn *column = dyno_samples_find (golden->samples, channel);
  const DynoColumn *rpm = dyno_samples_find (golden->samples, DYNO_CHANNEL_RPM);
  gsize peak = G_MAXSIZE;
  gint64 n_negative = 0;

  for (gsize row = 0; row < golden->report->rows; row++)
    {
      n_negative += dyno_column_value (column, row) < 0;
      if (!isnan (dyno_column_value (column, row))
          && (peak == G_MAXSIZE || dyno_column_value (column, row) > dyno_column_value (column, peak)))
        peak = row;
    }
  g_assert_true (dyno_column_value (column, peak) == dyno_json_get_number (expected, "value", NAN));
  dyno_assert_near (dyno_column_si (column, peak), dyno_json_get_number (expected, "si", NAN),
                    5e-7);
  g_assert_cmpint ((gint64) peak + 1, ==, dyno_json_get_integer (expected, "row", -1));
  g_assert_true (dyno_samples_time (golden->samples)[peak]
                 == dyno_json_get_number (expected, "t_s", NAN));
  dyno_assert_near (dyno_column_si (rpm, peak), dyno_json_get_number (expected, "rpm", NAN), 1e-12);
  g_assert_cmpint (n_negative, ==, dyno_json_get_integer (expected, "negative_cells", -1));
}

static double
mean (const DynoColumn *column,
      gsize             n_rows)
{
  double sum = 0;
  gsize n = 0;

  for (gsize row = 0; row < n_rows; row++)
    {
      if (!isnan (dyno_column_value (column, row)))
        {
          sum += dyno_column_value (column, row);
          n++;
        }
    }

  return sum / (double) n;
}

static void
assert_winpep (const Golden *golden)
{
  const DynoJson *run = dyno_json_member (golden->fact, "run");
  const DynoColumn *baro = dyno_samples_find (golden->samples, DYNO_CHANNEL_BARO);

  g_assert_cmpstr (golden->report->dialect, ==, "winpep");
  g_assert_cmpstr (golden->report->time.form, ==, "seconds");
  g_assert_cmpint (golden->report->delimiter, ==, ',');
  g_assert_cmpint (golden->report->decimal, ==, '.');
  g_assert_cmpint ((gint64) golden->report->header_line, ==, 1);
  assert_facts (golden);
  assert_peak (golden, DYNO_CHANNEL_POWER_CORR, "power_hp");
  assert_peak (golden, DYNO_CHANNEL_POWER, "power_unc_hp");
  assert_peak (golden, DYNO_CHANNEL_TORQUE_CORR, "torque_lbft");
  assert_peak (golden, DYNO_CHANNEL_TORQUE, "torque_unc_lbft");
  g_assert_cmpstr (baro->unit->symbol, ==, "inHg");
  dyno_assert_near (mean (baro, golden->report->rows),
                    dyno_json_get_number (run, "baro_inhg_mean", NAN), 5e-5);
  dyno_assert_near (
      mean (dyno_samples_find (golden->samples, DYNO_CHANNEL_AMBIENT_TEMP), golden->report->rows),
      dyno_json_get_number (run, "temp1_f_mean", NAN), 5e-5);
  dyno_assert_near (
      mean (dyno_samples_find (golden->samples, DYNO_CHANNEL_HUMIDITY), golden->report->rows),
      dyno_json_get_number (run, "rh_mean", NAN), 5e-5);
  g_assert_nonnull (dyno_import_report_find_assumption (golden->report, "units_by_ratio"));
}

static void
test_winpep_134 (void)
{
  static const DynoChannel mapped[] = {
    DYNO_CHANNEL_RPM, DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_WB_READY_F, DYNO_CHANNEL_WB_READY_R,
    DYNO_CHANNEL_HUMIDITY, DYNO_CHANNEL_BARO, DYNO_CHANNEL_AMBIENT_TEMP, DYNO_CHANNEL_ACCEL,
    DYNO_CHANNEL_CORRECTION, DYNO_CHANNEL_FORCE, DYNO_CHANNEL_SPEED, DYNO_CHANNEL_POWER_CORR,
    DYNO_CHANNEL_POWER, DYNO_CHANNEL_TORQUE_CORR, DYNO_CHANNEL_TORQUE,
  };
  Golden golden;

  if (!golden_read (&golden, POWER_134))
    return;
  assert_winpep (&golden);
  assert_mapped (&golden, mapped, G_N_ELEMENTS (mapped));
  for (guint i = 0; i < G_N_ELEMENTS (mapped); i++)
    dyno_assert_near (dyno_import_report_find (golden.report, mapped[i])->confidence, 0.85, 1e-12);
  g_assert_cmpstr (dyno_samples_find (golden.samples, DYNO_CHANNEL_MIX_F)->unit->symbol, ==, "AFR");
  g_assert_cmpstr (dyno_samples_find (golden.samples, DYNO_CHANNEL_MIX_F)->module, ==, "DWRT AFR");
  g_assert_cmpstr (dyno_samples_find (golden.samples, DYNO_CHANNEL_POWER)->name, ==,
                   "Power (uncorrected)");
  g_assert_cmpstr (dyno_samples_find (golden.samples, DYNO_CHANNEL_POWER)->unit_text, ==, "");
  g_assert_cmpstr (dyno_samples_find_name (golden.samples, "Gear Ratio")->unit->symbol, ==,
                   "rpm/mph");
  golden_clear (&golden);
}

static void
test_winpep_40 (void)
{
  static const DynoChannel mapped[] = {
    DYNO_CHANNEL_RPM, DYNO_CHANNEL_HUMIDITY, DYNO_CHANNEL_BARO, DYNO_CHANNEL_AMBIENT_TEMP,
    DYNO_CHANNEL_ACCEL, DYNO_CHANNEL_CORRECTION, DYNO_CHANNEL_FORCE, DYNO_CHANNEL_SPEED,
    DYNO_CHANNEL_POWER_CORR, DYNO_CHANNEL_POWER, DYNO_CHANNEL_TORQUE_CORR, DYNO_CHANNEL_TORQUE,
  };
  const DynoImportChannel *volts;
  Golden golden;

  if (!golden_read (&golden, RUN_40))
    return;
  assert_winpep (&golden);
  assert_mapped (&golden, mapped, G_N_ELEMENTS (mapped));
  volts = dyno_import_report_find_column (golden.report, "(DWRT CPU) WB Volts Petrol AFR");
  g_assert_cmpint (volts->offered, ==, DYNO_CHANNEL_MIX_F);
  dyno_assert_near (volts->confidence, 0.35, 1e-12);
  g_assert_nonnull (dyno_import_report_find_warning (golden.report, "dead_sensor"));
  g_assert_nonnull (dyno_import_report_find_warning (golden.report, "no_mixture"));
  golden_clear (&golden);
}

static void
test_jetdrive (void)
{
  static const DynoChannel mapped[] = {
    DYNO_CHANNEL_RPM,     DYNO_CHANNEL_SPEED,   DYNO_CHANNEL_IAT,     DYNO_CHANNEL_ENGINE_TEMP,
    DYNO_CHANNEL_TPS,     DYNO_CHANNEL_TARGET,  DYNO_CHANNEL_SPARK_F, DYNO_CHANNEL_SPARK_R,
    DYNO_CHANNEL_KNOCK_F, DYNO_CHANNEL_KNOCK_R, DYNO_CHANNEL_VE_F,    DYNO_CHANNEL_VE_R,
    DYNO_CHANNEL_PW_F,    DYNO_CHANNEL_PW_R,    DYNO_CHANNEL_VBATT,
  };
  const DynoColumn *target;
  guint n_updates = 0;
  guint n_offers = 0;
  Golden golden;

  if (!golden_read (&golden, JETDRIVE))
    return;
  assert_facts (&golden);
  assert_mapped (&golden, mapped, G_N_ELEMENTS (mapped));
  g_assert_cmpstr (golden.report->dialect, ==, "jetdrive-capture");
  g_assert_cmpstr (golden.report->time.form, ==, "wall-clock");
  g_assert_cmpstr (golden.report->time.date, ==, "2025-12-18");
  g_assert_cmpstr (golden.report->time.first, ==, "23:00:24.584");
  g_assert_null (golden.report->time.offset);

  target = dyno_samples_find (golden.samples, DYNO_CHANNEL_TARGET);
  g_assert_cmpstr (target->unit->symbol, ==, "AFR");
  g_assert_true (dyno_column_value (target, 0) == 14.288399696350098);
  dyno_assert_near (dyno_import_report_find (golden.report, DYNO_CHANNEL_TARGET)->confidence, 0.55,
                    1e-12);
  g_assert_nonnull (dyno_import_report_find_warning (golden.report, "name_contradicts"));

  for (gsize row = 0; row < golden.report->rows; row++)
    n_updates += target->updates[row / 8] >> row % 8 & 1;
  g_assert_cmpuint (n_updates, ==, golden.report->rows - golden.report->held_rows);

  for (guint i = 0; i < golden.report->assumptions->len; i++)
    {
      const DynoImportFinding *finding = g_ptr_array_index (golden.report->assumptions, i);

      if (!g_str_equal (finding->code, "relation_offered"))
        continue;
      g_assert_true (g_str_has_prefix (finding->text, n_offers == 0
                                                          ? "chan_27 · chan_18 / 3600 = chan_21 "
                                                          : "chan_19 · chan_21 = chan_17 "));
      dyno_assert_near (finding->confidence, 0.4, 1e-12);
      n_offers++;
    }
  g_assert_cmpuint (n_offers, ==, 2);
  golden_clear (&golden);
}

static void
assert_reject (const DynoImportReport *report,
               const char             *column,
               DynoReject              reason,
               guint64                 n)
{
  const DynoImportChannel *channel = dyno_import_report_find_column (report, column);

  g_assert_nonnull (channel);
  g_assert_cmpuint (channel->rejected[reason], ==, n);
}

static void
assert_zt2_channels (const DynoImportReport *report)
{
  const DynoImportChannel *rpm = dyno_import_report_find_column (report, "Zt-2 RPM");
  const DynoImportChannel *mix = dyno_import_report_find_column (report, "Zt-2 AFR");
  const DynoImportChannel *boost = dyno_import_report_find_column (report, "Zt-2 Boost");
  const DynoImportChannel *egt = dyno_import_report_find_column (report, "Zt-2 EGT");

  g_assert_cmpint (rpm->channel, ==, DYNO_CHANNEL_RPM);
  g_assert_cmpstr (rpm->unit_from, ==, "dialect");
  dyno_assert_near (rpm->confidence, 0.85, 1e-12);
  g_assert_true (rpm->min == 739.89 && rpm->max == 6694.3);
  g_assert_cmpint (mix->channel, ==, DYNO_CHANNEL_MIX);
  g_assert_true (mix->min == 11.475 && mix->max == 21);
  g_assert_cmpint (boost->channel, ==, DYNO_CHANNEL_NONE);
  g_assert_true (boost->max == 26.3);
  g_assert_cmpstr (egt->unit->symbol, ==, "°F");
  g_assert_nonnull (dyno_import_report_find_assumption (report, "boost_sign"));
}

/* The members that formats.md A.10 shows, with its values. */
static void
assert_zt2_json (const DynoImportReport *report)
{
  static const char *const parts[] = {
    "{\"file\":\"zeitronix.csv\",\"sha256\":\"f326",
    "\"bytes\":1033424,\"run_id\":null,\"dialect\":\"zeitronix\",\"encoding\":\"utf-8\","
    "\"newline\":\"lf\",\"delimiter\":\",\",\"decimal\":\".\",\"preamble_lines\":3,"
    "\"header_line\":4,\"unit_row\":false,",
    "\"rows\":23612,\"columns\":7,\"nameless_columns\":0,\"duration_s\":491.723,\"rate_hz\":62.5,"
    "\"step_ms\":{\"median\":16,\"min\":9,\"p99\":50,\"max\":100},",
    "\"form\":\"time-of-day\",\"first\":\"05:14:12.051\",\"date\":null,",
    "\"wraps\":0,\"restarts\":0,\"equal\":0,\"backward\":0",
    "{\"column\":\"Zt-2 RPM\",\"index\":3,\"canonical\":\"rpm\",\"unit\":\"rpm\",\"unit_from\":"
    "\"dialect\",\"confidence\":0.85,\"n\":23612,\"min\":739.89,\"max\":6694.3,"
    "\"identical_to\":null",
    "\"empty\":[],\"constant\":[],\"held_rows\":1600,\"gaps\":[],\"markers\":[],"
    "\"rejected\":{\"sentinel\":210,\"out_of_range\":50},",
    "\"Zt-2 EGT\":{\"sentinel\":151}",
    "{\"code\":\"unit_assumed\",\"column\":\"Zt-2 EGT\",\"text\":\"“Zt-2 EGT” is read as °F; the "
    "file names no unit\",\"confidence\":0.6,\"change\":\"--unit \\\"Zt-2 EGT=UNIT\\\"\"}",
    "{\"code\":\"pegged\",\"column\":\"Zt-2 AFR\",\"text\":\"4396 readings sit at 21.0\","
    "\"count\":4396}",
  };
  g_autofree char *json = dyno_import_report_to_json (report, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (strstr (json, parts[i]) == NULL)
        g_error ("%s is not in %.1500s", parts[i], json);
    }
}

/* Sentinels of two kinds, a throttle at 200 %, a wideband at its end. */
static void
test_zeitronix (void)
{
  g_autofree char *path = dyno_test_shared_file (ZEITRONIX);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = NULL;

  if (path == NULL)
    return;
  report = dyno_import_file (path, NULL, NULL, &samples, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->rows, ==, 23612);
  g_assert_cmpuint (report->columns, ==, 7);
  g_assert_cmpuint (report->header_line, ==, 4);
  g_assert_cmpuint (report->preamble_lines, ==, 3);
  g_assert_true (report->duration_s == 491.723);
  g_assert_cmpstr (report->time.form, ==, "time-of-day");
  g_assert_cmpstr (report->time.first, ==, "05:14:12.051");
  g_assert_cmpuint (report->held_rows, ==, 1600);
  g_assert_cmpstr (report->dialect, ==, "zeitronix");
  g_assert_cmpuint (report->rejected[DYNO_REJECT_SENTINEL], ==, 151 + 59);
  assert_reject (report, "Zt-2 EGT", DYNO_REJECT_SENTINEL, 151);
  assert_reject (report, "Zt-2 Boost", DYNO_REJECT_SENTINEL, 59);
  assert_reject (report, "Zt-2 TPS", DYNO_REJECT_OUT_OF_RANGE, 50);
  assert_zt2_channels (report);
  assert_zt2_json (report);
  g_assert_cmpuint (report->rejected[DYNO_REJECT_OUT_OF_RANGE], ==, 50);
  g_assert_cmpuint (dyno_import_report_find_warning (report, "pegged")->count, ==, 4396);
  dyno_assert_near (report->step_p99_ms, 50, 1e-9);
  g_assert_cmpuint (report->gaps->len, ==, 0);
}

/* A preview says the same as the import. */
static void
test_preview (void)
{
  static const char *const names[] = { POWER_134, RUN_40, JETDRIVE, ZEITRONIX };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = dyno_test_shared_file (names[i]);
      g_autoptr(DynoSamples) samples = NULL;
      g_autoptr(DynoImportReport) preview = NULL;
      g_autoptr(DynoImportReport) report = NULL;
      g_autofree char *preview_json = NULL;
      g_autofree char *json = NULL;

      if (path == NULL)
        return;
      preview = dyno_import_file (path, NULL, NULL, NULL, NULL);
      report = dyno_import_file (path, NULL, NULL, &samples, NULL);
      preview_json = dyno_import_report_to_json (preview, NULL);
      json = dyno_import_report_to_json (report, NULL);
      g_assert_cmpstr (preview_json, ==, json);
    }
}

/* The locale of a program with a window changes nothing. */
static void
test_locales (void)
{
  static const char *const locales[] = { "de_DE.UTF-8", "tr_TR.UTF-8" };
  static const char *const names[] = { POWER_134, JETDRIVE, ZEITRONIX };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = dyno_test_shared_file (names[i]);
      g_autoptr(DynoImportReport) report = NULL;
      g_autofree char *json = NULL;
      g_autofree char *text = NULL;

      if (path == NULL)
        return;
      report = dyno_import_file (path, NULL, NULL, NULL, NULL);
      json = dyno_import_report_to_json (report, NULL);
      text = dyno_import_report_to_text (report);
      for (gsize k = 0; k < G_N_ELEMENTS (locales); k++)
        {
          g_autoptr(DynoImportReport) other = NULL;
          g_autofree char *other_json = NULL;
          g_autofree char *other_text = NULL;

          if (setlocale (LC_ALL, locales[k]) == NULL)
            {
              g_autofree char *message
                  = g_strdup_printf ("the locale %s is not installed here", locales[k]);

              g_test_skip (message);
              continue;
            }
          other = dyno_import_file (path, NULL, NULL, NULL, NULL);
          other_json = dyno_import_report_to_json (other, NULL);
          other_text = dyno_import_report_to_text (other);
          setlocale (LC_ALL, "C");
          g_assert_cmpstr (other_json, ==, json);
          g_assert_cmpstr (other_text, ==, text);
        }
    }
}

static const char small_log[] = "Time (s),RPM,MAP (kPa),AFR Front,Odd\n"
                                "0,3000,80,13.1,x\n"
                                "0.05,3010,81,13.2,\n"
                                "0.1,3020,82,,2\n";

static void
test_json (void)
{
  static const char *const members[] = {
    "file", "sha256", "bytes", "run_id", "dialect", "encoding", "newline", "delimiter", "decimal",
    "preamble_lines", "header_line", "unit_row", "rows", "columns", "nameless_columns",
    "duration_s",
    "rate_hz", "step_ms", "time", "channels", "empty", "constant", "held_rows", "gaps", "markers",
    "rejected", "rejected_by_column", "assumptions", "warnings",
  };
  g_autoptr(DynoImportReport) report
      = dyno_import_bytes ("a \"b\".csv", small_log, strlen (small_log), NULL, NULL, NULL, NULL);
  g_autofree char *text = dyno_import_report_to_json (report, "run_x");
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoJson) json = dyno_json_parse (text, -1, &error);
  const DynoJson *channel;

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    g_assert_nonnull (dyno_json_member (json, members[i]));
  g_assert_cmpstr (dyno_json_get_string (json, "file"), ==, "a \"b\".csv");
  g_assert_cmpstr (dyno_json_get_string (json, "run_id"), ==, "run_x");
  g_assert_cmpint (dyno_json_get_integer (json, "rows", -1), ==, 3);
  g_assert_cmpint (dyno_json_get_integer (json, "columns", -1), ==, 5);
  g_assert_cmpint (dyno_json_get_integer (dyno_json_member (json, "rejected"), "unparsable", -1),
                   ==, 1);
  g_assert_true (dyno_json_get_number (dyno_json_member (json, "step_ms"), "median", NAN) == 50);
  g_assert_true (dyno_json_get_number (json, "rate_hz", NAN) == 20);

  channel = dyno_json_element (dyno_json_member (json, "channels"), 1);
  g_assert_cmpstr (dyno_json_get_string (channel, "column"), ==, "MAP (kPa)");
  g_assert_cmpint (dyno_json_get_integer (channel, "index", -1), ==, 3);
  g_assert_cmpstr (dyno_json_get_string (channel, "canonical"), ==, "map");
  g_assert_cmpstr (dyno_json_get_string (channel, "unit"), ==, "kPa");
  g_assert_cmpstr (dyno_json_get_string (channel, "unit_from"), ==, "header");
  g_assert_true (dyno_json_get_number (channel, "confidence", NAN) == 0.95);
  channel = dyno_json_element (dyno_json_member (json, "channels"), 3);
  g_assert_cmpint (dyno_json_type (dyno_json_member (channel, "canonical")), ==, DYNO_JSON_NULL);
}

static void
test_text (void)
{
  g_autoptr(DynoImportReport) report
      = dyno_import_bytes ("a.csv", small_log, strlen (small_log), NULL, NULL, NULL, NULL);
  g_autofree char *text = dyno_import_report_to_text (report);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpstr (lines[0], ==, "a.csv: plain, 3 rows, 5 columns, 0.100 s, 20.00 Hz");
  g_assert_nonnull (strstr (text, "1 cells of “Odd” were rejected: unparsable"));
  g_assert_nonnull (strstr (text, "\nmap: “MAP (kPa)”, 80…82 kPa, 3 readings (confidence 0.95"));
}

static void
test_samples (void)
{
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report
      = dyno_import_bytes ("a.csv", small_log, strlen (small_log), NULL, NULL, &samples, NULL);
  const DynoColumn *map = dyno_samples_find (samples, DYNO_CHANNEL_MAP);
  const DynoColumn *odd = dyno_samples_find_name (samples, "Odd");

  g_assert_cmpuint (dyno_samples_n_columns (samples), ==, 4);
  g_assert_true (dyno_samples_has_time (samples));
  g_assert_true (dyno_samples_time (samples)[2] == 0.1);
  g_assert_cmpstr (map->name, ==, "MAP");
  g_assert_cmpstr (map->unit_text, ==, "kPa");
  g_assert_null (map->updates);
  g_assert_null (map->reasons);
  g_assert_cmpint (odd->reasons[0], ==, DYNO_REJECT_UNPARSABLE);
  g_assert_cmpint (odd->reasons[2], ==, DYNO_REJECT_NONE);
  g_assert_true (isnan (dyno_column_value (odd, 0)) && isnan (dyno_column_value (odd, 1)) && dyno_column_value (odd, 2) == 2);
  g_assert_true (isnan (dyno_column_value (dyno_samples_find (samples, DYNO_CHANNEL_MIX_F), 2)));
}

/* A long log of many blocks, read in small odd pieces. */

typedef struct
{
  gsize    row;
  gsize    n_rows;
  GString *pending;
  gboolean is_broken; /* reading fails in the middle */
} Endless;

static gssize
read_endless (gpointer   data,
              void      *buffer,
              gsize      size,
              GError   **error)
{
  Endless *self = data;
  gsize n;

  if (self->is_broken && self->row > 1000)
    {
      dyno_error_set (error, DYNO_ERROR_INTERNAL, "import_io", "The disk is gone.");
      return -1;
    }
  if (self->row == 0)
    g_string_append (self->pending, "Time,RPM,Value\r\n");
  while (self->pending->len < 5000 && self->row < self->n_rows)
    {
      g_string_append_printf (
          self->pending, "%" G_GSIZE_FORMAT ".%02d,%d,%" G_GSIZE_FORMAT ".25\r\n", self->row / 50,
          (int) (self->row % 50) * 2, 1000 + (int) (self->row % 5000), self->row);
      self->row++;
    }
  n = MIN (MIN (size, 4999), self->pending->len);
  memcpy (buffer, self->pending->str, n);
  g_string_erase (self->pending, 0, (gssize) n);

  return (gssize) n;
}

static void
test_many_blocks (void)
{
  Endless endless = { .n_rows = 600000, .pending = g_string_new (NULL) };
  DynoImportSource source = { "long.csv", 0, read_endless, &endless };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoImportReport) report = dyno_import_run (&source, NULL, NULL, &samples, &error);
  const DynoColumn *value;

  g_assert_no_error (error);
  g_assert_cmpuint (report->rows, ==, endless.n_rows);
  g_assert_true (report->bytes > 2 * 4 * 1024 * 1024);
  g_assert_cmpstr (report->newline, ==, "crlf");
  value = dyno_samples_find_name (samples, "Value");
  for (gsize row = 0; row < endless.n_rows; row++)
    {
      if (dyno_column_value (value, row) != (double) row + 0.25)
        g_error ("row %" G_GSIZE_FORMAT " holds %g", row, dyno_column_value (value, row));
    }
  dyno_assert_near (report->duration_s, (double) (endless.n_rows - 1) / 50, 1e-12);
  dyno_assert_near (report->step_median_ms, 20, 1e-9);
  g_string_free (endless.pending, TRUE);
}

static void
test_io_error (void)
{
  Endless endless = { .n_rows = 600000, .pending = g_string_new (NULL), .is_broken = TRUE };
  DynoImportSource source = { "long.csv", 0, read_endless, &endless };
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) absent = NULL;

  g_assert_null (dyno_import_run (&source, NULL, NULL, NULL, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INTERNAL);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "import_io");
  g_string_free (endless.pending, TRUE);

  g_assert_null (dyno_import_file ("/nowhere/at/all.csv", NULL, NULL, NULL, &absent));
  g_assert_error (absent, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_cmpstr (dyno_error_get_reason (absent), ==, "import_io");
}

typedef struct
{
  GCancellable *cancellable;
  guint         n_calls;
  guint         cancel_at;
  double        last;
} Watcher;

static void
watch_progress (double      fraction,
                const char *stage,
                gpointer    data)
{
  Watcher *self = data;

  g_assert_true (fraction >= self->last && fraction <= 1);
  g_assert_true (g_str_equal (stage, "read") || g_str_equal (stage, "columns"));
  self->last = fraction;
  self->n_calls++;
  if (self->cancellable != NULL && self->n_calls == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

static GString *
make_long_log (gsize n_rows)
{
  GString *log = g_string_new ("Time,RPM,Value\n");

  for (gsize row = 0; row < n_rows; row++)
    g_string_append_printf (log, "%" G_GSIZE_FORMAT ".5,3000,7\n", row);

  return log;
}

static void
test_progress_and_cancel (void)
{
  g_autoptr(GString) log = make_long_log (500000);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Watcher watcher = { 0 };
  DynoImportOptions options = { .progress = watch_progress, .progress_data = &watcher };
  g_autoptr(DynoImportReport) report
      = dyno_import_bytes ("a", log->str, log->len, &options, NULL, NULL, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (report);
  /* At 300 MB/s that is more often than ten times a second. */
  g_assert_cmpuint (watcher.n_calls, >, log->len / (1024 * 1024));
  dyno_assert_near (watcher.last, 1, 0);

  watcher = (Watcher){ .cancellable = cancellable, .cancel_at = 5 };
  g_assert_null (dyno_import_bytes ("a", log->str, log->len, &options, cancellable, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (watcher.n_calls, ==, 5);
}

/* Cancelled at every step there is, the last ones included, an import leaves
 * nothing. */
static void
test_cancel_anywhere (void)
{
  guint n_steps = 1;

  for (guint step = 1; step <= n_steps; step++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoImportReport) report = NULL;
      DynoSamples *samples = NULL;
      Watcher watcher = { .cancellable = cancellable, .cancel_at = step };
      DynoImportOptions options = { .progress = watch_progress, .progress_data = &watcher };

      report = dyno_import_bytes ("a", small_log, strlen (small_log), &options, cancellable,
                                  &samples, &error);
      if (report != NULL)
        {
          /* The last step was the one that cancelled: nobody asked any more. */
          g_assert_cmpuint (watcher.n_calls, ==, step);
          dyno_samples_unref (samples);
          return;
        }
      g_assert_null (samples);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      n_steps = step + 1;
    }
}

static void
test_gzip (void)
{
  g_autoptr(GString) log = make_long_log (20000);
  g_autoptr(GConverter) zip
      = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autofree guint8 *zipped = g_malloc (log->len);
  gsize n_read = 0;
  gsize n = 0;
  g_autoptr(DynoImportReport) report = NULL;
  g_autoptr(DynoImportReport) cut = NULL;

  g_converter_convert (zip, log->str, log->len, zipped, log->len, G_CONVERTER_INPUT_AT_END, &n_read,
                       &n, NULL);
  g_assert_cmpuint (n_read, ==, log->len);
  report = dyno_import_bytes ("a.gz", zipped, n, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (report->rows, ==, 20000);
  g_assert_true (report->is_gzip);
  g_assert_cmpuint (report->bytes, ==, n);

  cut = dyno_import_bytes ("a.gz", zipped, n * 3 / 4, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (cut->rows, <, 20000);
  g_assert_cmpuint (cut->rows, >, 5000);
  g_assert_nonnull (dyno_import_report_find_warning (cut, "truncated"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import/winpep-134", test_winpep_134);
  g_test_add_func ("/import/winpep-40", test_winpep_40);
  g_test_add_func ("/import/jetdrive", test_jetdrive);
  g_test_add_func ("/import/zeitronix", test_zeitronix);
  g_test_add_func ("/import/preview", test_preview);
  g_test_add_func ("/import/locales", test_locales);
  g_test_add_func ("/import/json", test_json);
  g_test_add_func ("/import/text", test_text);
  g_test_add_func ("/import/samples", test_samples);
  g_test_add_func ("/import/many-blocks", test_many_blocks);
  g_test_add_func ("/import/io-error", test_io_error);
  g_test_add_func ("/import/progress-and-cancel", test_progress_and_cancel);
  g_test_add_func ("/import/cancel-anywhere", test_cancel_anywhere);
  g_test_add_func ("/import/gzip", test_gzip);

  return g_test_run ();
}
