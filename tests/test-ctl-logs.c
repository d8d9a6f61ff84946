/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "dyno-test-ctl.h"

/* Work on files: import, power, analyze. */

#define WINPEP "logs/wrl-dyno-check/134power.csv"
#define OTHER_WINPEP "logs/wrl-dyno-check/RunFile_40.csv"
#define LIVE_LOG "logs/dynoai3/jetdrive_log_20251218_230024.csv"

/* Every member that cli.md promises. */
static void
assert_report (const DynoJson *report)
{
  static const char *const numbers[] = { "rows", "columns", "duration_s", "rate_hz" };
  static const char *const arrays[] = { "channels", "assumptions", "warnings" };
  const DynoJson *channels = dyno_json_member (report, "channels");

  dyno_test_member (report, "file", DYNO_JSON_STRING);
  dyno_test_member_or_null (report, "run_id", DYNO_JSON_STRING);
  dyno_test_member (report, "dialect", DYNO_JSON_STRING);
  dyno_test_member (report, "rejected", DYNO_JSON_OBJECT);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    dyno_test_member (report, numbers[i], DYNO_JSON_NUMBER);
  for (gsize i = 0; i < G_N_ELEMENTS (arrays); i++)
    dyno_test_member (report, arrays[i], DYNO_JSON_ARRAY);
  for (guint i = 0; i < dyno_json_n_elements (channels); i++)
    {
      const DynoJson *channel = dyno_json_element (channels, i);

      dyno_test_member (channel, "column", DYNO_JSON_STRING);
      dyno_test_member_or_null (channel, "canonical", DYNO_JSON_STRING);
      dyno_test_member_or_null (channel, "unit", DYNO_JSON_STRING);
      dyno_test_member_or_null (channel, "confidence", DYNO_JSON_NUMBER);
    }
}

static void
test_import (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *path = dyno_test_shared_file (WINPEP);
  g_autoptr(DynoJson) preview = NULL;
  g_autoptr(DynoJson) report = NULL;
  g_autoptr(DynoJson) again = NULL;
  g_autoptr(DynoTestEnd) refused = NULL;

  if (path == NULL)
    return;
  preview = dyno_test_ctl_run_json (ctl, 0, "import", "--dry-run", path, NULL);
  assert_report (preview);
  dyno_test_member (preview, "run_id", DYNO_JSON_NULL);
  /* A preview needs no store and makes none. */
  g_assert_false (g_file_test (ctl->data, G_FILE_TEST_EXISTS));

  report = dyno_test_ctl_run_json (ctl, 0, "import", path, "--vehicle", "Car", NULL);
  assert_report (report);
  g_assert_cmpstr (dyno_json_get_string (report, "dialect"), ==, "winpep");
  g_assert_cmpint (dyno_json_get_integer (report, "rows", 0), ==, 275);
  g_assert_true (g_str_has_prefix (dyno_json_get_string (report, "run_id"), "run_"));

  refused = dyno_test_ctl_run (ctl, "import", path, "--json", NULL);
  dyno_test_end_assert (refused, 5);
  g_assert_cmpstr (refused->out, ==, "");
  dyno_test_end_assert_body (refused, "import_duplicate");
  again = dyno_test_ctl_run_json (ctl, 0, "import", path, "--again", NULL);
  g_assert_cmpstr (dyno_json_get_string (again, "run_id"), !=,
                   dyno_json_get_string (report, "run_id"));
}

/* One bad file does not keep the others out; the status is that of the first. */
static void
test_import_several (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *one = dyno_test_shared_file (WINPEP);
  g_autofree char *other = dyno_test_shared_file (OTHER_WINPEP);
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(GPtrArray) reports = NULL;

  if (one == NULL || other == NULL)
    return;
  end = dyno_test_ctl_run (ctl, "import", one, "nowhere.csv", other, "--json", NULL);
  dyno_test_end_assert (end, 4);
  dyno_test_end_assert_body (end, "import_io");
  reports = dyno_test_end_lines (end);
  g_assert_cmpuint (reports->len, ==, 2);
  g_assert_cmpstr (dyno_json_get_string (reports->pdata[0], "file"), ==, "134power.csv");
  g_assert_cmpstr (dyno_json_get_string (reports->pdata[1], "file"), ==, "RunFile_40.csv");
}

typedef struct
{
  const char *reason;
  const char *text;
  int         status;
} Refusal;

/* formats.md A.11: nothing is stored, the word and the status say why. */
static void
test_import_refusals (void)
{
  static const Refusal refusals[] = {
    { "import_empty", "", 3 },
    { "import_no_data", "Time,RPM\n", 3 },
    { "import_binary_unknown", "\x01\x02\x03\x04\x05\x06\x07\x08", 3 },
    { "import_is_tune", "<PVV></PVV>", 3 },
    { "import_format_unsupported", "%PDF-1.4\n", 3 },
    { "import_no_time", "RPM,MAP\n1000,50\n1100,51\n1200,52\n", 3 },
  };
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *path = g_build_filename (ctl->folder, "log.csv", NULL);
  g_autoptr(DynoJson) runs = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr(DynoTestEnd) end = NULL;

      g_assert_true (g_file_set_contents (path, refusals[i].text, -1, NULL));
      end = dyno_test_ctl_run (ctl, "import", path, "--json", NULL);
      dyno_test_end_assert (end, refusals[i].status);
      g_assert_cmpstr (end->out, ==, "");
      dyno_test_end_assert_body (end, refusals[i].reason);
    }
  runs = dyno_test_ctl_run_json (ctl, 0, "runs", "list", NULL);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (runs, "runs")), ==, 0);
}

/* What the file leaves open is decided on the command line. */
static void
test_import_choices (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *path = g_build_filename (ctl->folder, "log.csv", NULL);
  g_autoptr(DynoJson) report = NULL;
  const DynoJson *channels;

  g_assert_true (g_file_set_contents (path, "N,P\n1000,50\n1100,51\n1200,52\n1300,53\n", -1, NULL));
  report = dyno_test_ctl_run_json (ctl, 0, "import", path, "--rate", "20", "--map", "N=rpm",
                                   "--map", "P=map", "--unit", "P=kPa", NULL);
  channels = dyno_json_member (report, "channels");
  dyno_assert_near (dyno_json_get_number (report, "rate_hz", 0), 20, 1e-9);
  g_assert_cmpstr (dyno_json_get_string (dyno_json_element (channels, 0), "canonical"), ==, "rpm");
  g_assert_cmpstr (dyno_json_get_string (dyno_json_element (channels, 1), "canonical"), ==, "map");
  dyno_assert_near (dyno_json_get_number (dyno_json_element (channels, 0), "confidence", 0), 1, 0);
}

/* Root mean square of the relative difference of two curves where both are. */
static double
curve_distance (const DynoJson *a,
                const DynoJson *b,
                const char     *member)
{
  const DynoJson *one = dyno_test_member (a, "curve", DYNO_JSON_ARRAY);
  const DynoJson *other = dyno_test_member (b, "curve", DYNO_JSON_ARRAY);
  double sum = 0;

  g_assert_cmpuint (dyno_json_n_elements (one), >, 10);
  g_assert_cmpuint (dyno_json_n_elements (one), ==, dyno_json_n_elements (other));
  for (guint i = 0; i < dyno_json_n_elements (one); i++)
    {
      const DynoJson *p = dyno_json_element (one, i);
      const DynoJson *q = dyno_json_element (other, i);
      double d = dyno_json_get_number (p, member, NAN) / dyno_json_get_number (q, member, NAN) - 1;

      dyno_assert_near (dyno_json_get_number (p, "rpm", 0), dyno_json_get_number (q, "rpm", 1), 0);
      sum += d * d;
    }

  return sqrt (sum / dyno_json_n_elements (one));
}

/* Real runs: derived against the dyno's own figures, weather and mass. */
static void
assert_power_of (const char *shared,
                 double      torque_rms,
                 double      printed_factor,
                 double      mass_kg)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *path = dyno_test_shared_file (shared);
  g_autoptr(DynoJson) derived = NULL;
  g_autoptr(DynoJson) logged = NULL;
  const DynoJson *correction;

  if (path == NULL)
    return;
  derived = dyno_test_ctl_run_json (ctl, 0, "power", path, NULL);
  logged = dyno_test_ctl_run_json (ctl, 0, "power", path, "--as-logged", NULL);
  g_assert_cmpfloat (curve_distance (derived, logged, "power_kw"), <, 0.002);
  g_assert_cmpfloat (curve_distance (derived, logged, "torque_nm"), <, torque_rms);
  correction = dyno_test_member (derived, "correction", DYNO_JSON_OBJECT);
  g_assert_cmpstr (dyno_json_get_string (correction, "standard"), ==, "sae-1990");
  dyno_assert_near (dyno_json_get_number (correction, "factor", 0), printed_factor, 0.0005);
  dyno_test_member (correction, "inputs", DYNO_JSON_OBJECT);
  dyno_test_member (correction, "warning", DYNO_JSON_STRING);
  dyno_assert_near (dyno_json_get_number (dyno_test_member (derived, "dyno", DYNO_JSON_OBJECT),
                                          "effective_mass_kg", 0) / mass_kg, 1, 0.01);
  g_assert_false (g_file_test (ctl->data, G_FILE_TEST_EXISTS));
}

static void
test_power_of_files (void)
{
  /* It slips: its own torque, power and engine speed part by up to 0.5 %. */
  assert_power_of (WINPEP, 0.003, 1.2454, 1328.7);
  assert_power_of (OTHER_WINPEP, 0.002, 1.238, 1310);
}

static void
test_power_options (void)
{
  static const char *const standards[][2] = {
    { "none", "none" },          { "sae1990", "sae-1990" }, { "sae2004", "sae-2004" },
    { "std", "std-j607" },       { "din", "din-70020" },    { "eec", "iso-1585" },
    { "jis", "jis-d1001" },      { "std-j607", "std-j607" },
  };
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *path = dyno_test_shared_file (WINPEP);
  g_autoptr(DynoTestEnd) text = NULL;

  if (path == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (standards); i++)
    {
      g_autoptr(DynoJson) power
        = dyno_test_ctl_run_json (ctl, 0, "power", path, "--correction", standards[i][0],
                                  "--step", "1000", "--smoothing", "4", NULL);

      g_assert_cmpstr (dyno_json_get_string (dyno_json_member (power, "correction"), "standard"),
                       ==,
                       standards[i][1]);
      g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (power, "curve")), ==, 4);
    }
  text = dyno_test_ctl_run (ctl, "power", path, NULL);
  dyno_test_end_assert (text, 0);
  g_assert_nonnull (strstr (text->out, "Power       207.2 kW at 6885 rpm\n"));
  g_assert_nonnull (strstr (text->out, "factor 1.2454"));
  g_assert_nonnull (strstr (text->out, "The dyno weighs 1328.7 kg"));
}

/* The cell of 3000 rpm and 80 kPa on the grid 11x9. */
static const DynoJson *
middle_cell (const DynoJson *analysis,
             const char     *cylinder,
             const char     *grid)
{
  const DynoJson *side = dyno_test_member (analysis, cylinder, DYNO_JSON_OBJECT);

  return dyno_json_element (dyno_json_element (dyno_test_member (side, grid, DYNO_JSON_ARRAY), 3),
                            6);
}

static void
assert_members (const DynoJson *analysis)
{
  static const char *const objects[] = { "grid", "front", "rear", "rejected", "delay_ms",
                                         "spark" };
  static const char *const either[] = { "anomalies", "confidence", "next_tests" };
  static const char *const grids[] = { "correction", "hits", "afr_error", "confidence", "zone" };
  const DynoJson *files = dyno_test_member (analysis, "files", DYNO_JSON_ARRAY);

  dyno_test_member (analysis, "fingerprint", DYNO_JSON_STRING);
  dyno_test_member (analysis, "math_version", DYNO_JSON_STRING);
  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    dyno_test_member (analysis, objects[i], DYNO_JSON_OBJECT);
  for (gsize i = 0; i < G_N_ELEMENTS (either); i++)
    g_assert_nonnull (dyno_json_member (analysis, either[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (grids); i++)
    middle_cell (analysis, "front", grids[i]);
  dyno_test_member (dyno_json_member (analysis, "grid"), "rpm", DYNO_JSON_ARRAY);
  dyno_test_member (dyno_json_member (analysis, "grid"), "map_kpa", DYNO_JSON_ARRAY);
  for (guint i = 0; i < dyno_json_n_elements (files); i++)
    {
      dyno_test_member (dyno_json_element (files, i), "name", DYNO_JSON_STRING);
      dyno_test_member (dyno_json_element (files, i), "sha256", DYNO_JSON_STRING);
      dyno_test_member (dyno_json_element (files, i), "bytes", DYNO_JSON_NUMBER);
    }
}

static void
test_analyze (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *lean = dyno_test_ctl_write_log (ctl, "lean.csv", 14.3, 400);
  g_autofree char *rich = dyno_test_ctl_write_log (ctl, "rich.csv", 12.5, 400);
  g_autoptr(DynoJson) more = dyno_test_ctl_run_json (ctl, 0, "analyze", lean, NULL);
  g_autoptr(DynoJson) again = dyno_test_ctl_run_json (ctl, 0, "analyze", lean, NULL);
  g_autoptr(DynoJson) less
    = dyno_test_ctl_run_json (ctl, 0, "analyze", rich, "--clamp", "3", "--math", "1.0.0", NULL);
  g_autoptr(DynoTestEnd) text = dyno_test_ctl_run (ctl, "analyze", lean, NULL);

  assert_members (more);
  dyno_assert_near (dyno_json_number (middle_cell (more, "front", "raw"), 0), 10, 0.01);
  dyno_assert_near (dyno_json_number (middle_cell (more, "rear", "correction"), 0), 7, 1e-3);
  dyno_assert_near (dyno_json_number (middle_cell (more, "front", "afr_error"), 0), 1.3, 1e-3);
  /* A cell without hits has no number. */
  g_assert_cmpint (dyno_json_type (dyno_json_element (dyno_json_element (
                     dyno_json_member (dyno_json_member (more, "front"), "correction"), 0), 0)), ==,
                   DYNO_JSON_NULL);
  g_assert_cmpstr (dyno_json_get_string (more, "fingerprint"), ==,
                   dyno_json_get_string (again, "fingerprint"));
  g_assert_cmpstr (dyno_json_get_string (less, "math_version"), ==, "1.0.0");
  dyno_assert_near (dyno_json_number (middle_cell (less, "front", "raw"), 0), -3.5, 0.01);
  dyno_assert_near (dyno_json_number (middle_cell (less, "front", "correction"), 0), -3, 1e-3);
  dyno_test_end_assert (text, 0);
  g_assert_nonnull (strstr (text->out, "Front: "));
  g_assert_nonnull (strstr (text->out, "+7.0"));
}

static void
test_analyze_explain (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *lean = dyno_test_ctl_write_log (ctl, "lean.csv", 14.3, 400);
  g_autoptr(DynoJson) analysis
    = dyno_test_ctl_run_json (ctl, 0, "analyze", lean, "--explain", "3010,78", NULL);
  g_autoptr(DynoTestEnd) text
    = dyno_test_ctl_run (ctl, "analyze", lean, "--explain", "3010,78", "--units", "us", NULL);
  g_autoptr(DynoTestEnd) beyond = dyno_test_ctl_run (ctl, "analyze", lean, "--explain", "9000,80",
                                                     NULL);
  const DynoJson *stories = dyno_test_member (analysis, "explain", DYNO_JSON_ARRAY);
  const DynoJson *front = dyno_json_element (stories, 0);

  assert_members (analysis);
  g_assert_cmpuint (dyno_json_n_elements (stories), ==, 2);
  g_assert_cmpstr (dyno_json_get_string (front, "cylinder"), ==, "front");
  dyno_assert_near (dyno_json_get_number (front, "rpm", 0), 3000, 0);
  dyno_assert_near (dyno_json_get_number (front, "map_kpa", 0), 80, 0);
  dyno_test_member (front, "sentence", DYNO_JSON_STRING);
  dyno_test_member (front, "rejected", DYNO_JSON_OBJECT);
  g_assert_cmpuint (dyno_json_n_elements (dyno_test_member (front, "samples", DYNO_JSON_ARRAY)), ==,
                    dyno_json_get_integer (front, "hits", 0));
  dyno_test_end_assert (text, 0);
  g_assert_nonnull (strstr (text->out, "Front, 3000 rpm, 23.6 inHg"));
  dyno_test_end_assert (beyond, 3);
  g_assert_nonnull (strstr (beyond->err, "The grid of this analysis reaches from"));
}

/* A moment of the second of two logs; what is no moment, and one that is too late. */
static void
test_analyze_explain_moment (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *lean = dyno_test_ctl_write_log (ctl, "lean.csv", 14.3, 400);
  g_autofree char *rich = dyno_test_ctl_write_log (ctl, "rich.csv", 12.35, 400);
  g_autoptr(DynoJson) analysis
    = dyno_test_ctl_run_json (ctl, 0, "analyze", lean, rich, "--explain", "2:3.3s", NULL);
  g_autoptr(DynoTestEnd) text = dyno_test_ctl_run (ctl, "analyze", lean, "--explain", "3.3s", NULL);
  g_autoptr(DynoTestEnd) late = dyno_test_ctl_run (ctl, "analyze", lean, "--explain", "999s", NULL);
  g_autoptr(DynoTestEnd) no_run = dyno_test_ctl_run (ctl, "analyze", lean, "--explain", "2:1s",
                                                     NULL);
  g_autoptr(DynoTestEnd) wrong = dyno_test_ctl_run (ctl, "analyze", lean, "--explain", "1.5:1s",
                                                    NULL);
  const DynoJson *samples = dyno_test_member (analysis, "explain", DYNO_JSON_ARRAY);
  const DynoJson *front = dyno_json_element (samples, 0);

  assert_members (analysis);
  g_assert_cmpuint (dyno_json_n_elements (samples), ==, 2);
  g_assert_cmpint (dyno_json_get_integer (front, "run", 0), ==, 2);
  g_assert_cmpstr (dyno_json_get_string (front, "reason"), ==, "accepted");
  dyno_assert_near (dyno_json_get_number (front, "t_s", 0), 3.3, 0.02);
  dyno_assert_near (dyno_json_get_number (front, "afr", 0), 12.35, 0.1);
  dyno_assert_near (dyno_json_get_number (front, "factor", 0),
                    dyno_json_get_number (front, "afr", 0) / 13, 1e-6);
  dyno_assert_near (dyno_json_get_number (dyno_json_member (front, "cell"), "rpm", 0), 3000, 0);
  dyno_test_end_assert (text, 0);
  g_assert_nonnull (strstr (text->out, "% more fuel"));
  dyno_test_end_assert (late, 3);
  g_assert_nonnull (strstr (late->err, "The run reaches from"));
  dyno_test_end_assert (no_run, 3);
  dyno_test_end_assert (wrong, 2);
}

/* The files are those of the manifest, byte for byte; the base names the axes. */
static void
test_analyze_out (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *lean = dyno_test_ctl_write_log (ctl, "lean.csv", 14.3, 400);
  g_autofree char *base = g_build_filename (ctl->folder, "base.csv", NULL);
  g_autofree char *out = g_build_filename (ctl->folder, "out", NULL);
  g_autofree char *first = g_build_filename (out, "ve_delta_front.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr(DynoJson) analysis = NULL;
  const DynoJson *files;

  g_assert_true (g_file_set_contents (base, "RPM,60,80,100\n2000,80,82,84\n3000,85,87,90\n", -1,
                                      NULL));
  analysis = dyno_test_ctl_run_json (ctl, 0, "analyze", lean, "--base", base, "--out", out, NULL);
  files = dyno_json_member (analysis, "files");
  for (guint i = 0; i < dyno_json_n_elements (files); i++)
    {
      const DynoJson *file = dyno_json_element (files, i);
      g_autofree char *path = g_build_filename (out, dyno_json_get_string (file, "name"), NULL);
      g_autofree char *bytes = NULL;
      g_autofree char *sum = NULL;
      gsize size;

      bytes = dyno_test_read (path, &size);
      sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, size);
      g_assert_cmpint (dyno_json_get_integer (file, "bytes", -1), ==, (gint64) size);
      g_assert_cmpstr (dyno_json_get_string (file, "sha256"), ==, sum);
    }
  text = dyno_test_read (first, NULL);
  g_assert_cmpstr (text, ==, "RPM,60,80,100\r\n2000,,,\r\n3000,,7.00,\r\n");
}

/* What is missing is said, and nothing is invented. */
static void
test_analyze_refusals (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *path = dyno_test_shared_file (WINPEP);
  g_autofree char *lean = dyno_test_ctl_write_log (ctl, "lean.csv", 14.3, 400);
  g_autofree char *one = g_build_filename (ctl->folder, "one.csv", NULL);
  g_autofree char *other = g_build_filename (ctl->folder, "other.csv", NULL);
  g_autofree char *rear = g_strconcat ("rear=", other, NULL);
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(DynoTestEnd) mixed = NULL;

  g_assert_true (g_file_set_contents (one, "RPM,60,80\n2000,80,82\n3000,85,87\n", -1, NULL));
  g_assert_true (g_file_set_contents (other, "RPM,60,90\n2000,80,82\n3000,85,87\n", -1, NULL));
  mixed = dyno_test_ctl_run (ctl, "analyze", lean, "--base", one, "--base", rear, NULL);
  dyno_test_end_assert (mixed, 3);
  g_assert_nonnull (strstr (mixed->err, "has other axes"));
  if (path == NULL)
    return;
  end = dyno_test_ctl_run (ctl, "analyze", path, NULL);
  dyno_test_end_assert (end, 3);
  g_assert_nonnull (strstr (end->err, "The log has no manifold pressure (map)"));
}

/* A log of our own capture of old: read as it was written. */
static void
test_live_log (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *path = dyno_test_shared_file (LIVE_LOG);
  g_autoptr(DynoJson) report = NULL;

  if (path == NULL)
    return;
  report = dyno_test_ctl_run_json (ctl, 0, "import", path, NULL);
  assert_report (report);
  g_assert_cmpstr (dyno_json_get_string (report, "dialect"), ==, "jetdrive-capture");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/import/report", test_import);
  g_test_add_func ("/ctl/import/several", test_import_several);
  g_test_add_func ("/ctl/import/refusals", test_import_refusals);
  g_test_add_func ("/ctl/import/choices", test_import_choices);
  g_test_add_func ("/ctl/import/live-log", test_live_log);
  g_test_add_func ("/ctl/power/files", test_power_of_files);
  g_test_add_func ("/ctl/power/options", test_power_options);
  g_test_add_func ("/ctl/analyze/corrections", test_analyze);
  g_test_add_func ("/ctl/analyze/explain", test_analyze_explain);
  g_test_add_func ("/ctl/analyze/explain-moment", test_analyze_explain_moment);
  g_test_add_func ("/ctl/analyze/out", test_analyze_out);
  g_test_add_func ("/ctl/analyze/refusals", test_analyze_refusals);

  return g_test_run ();
}
