/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-test-ctl.h"

/* manifest.json of `analyze --out`, member by member (analysis.md 7.2), and that it says
 * of every file what is on the disk. */

#define N_ROWS 400

typedef struct
{
  DynoTestCtl *ctl;
  char        *log;
  char        *out;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer unused)
{
  f->ctl = dyno_test_ctl_new ();
  f->log = dyno_test_ctl_write_log (f->ctl, "lean.csv", 14.3, N_ROWS);
  f->out = g_build_filename (f->ctl->folder, "out", NULL);
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  dyno_test_ctl_free (f->ctl);
  g_free (f->log);
  g_free (f->out);
}

/* (transfer full) what it printed */
static DynoJson *
analyse (Fixture    *f,
         const char *option,
         const char *value)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (f->ctl, "--json", "analyze", f->log, "--out",
                                                  f->out, option, value, NULL);

  dyno_test_end_assert (end, 0);

  return dyno_test_end_json (end);
}

static DynoJson *
read_manifest (const Fixture *f)
{
  g_autofree char *path = g_build_filename (f->out, "manifest.json", NULL);
  g_autofree char *text = dyno_test_read (path, NULL);
  DynoJson *manifest = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);

  g_assert_nonnull (manifest);

  return manifest;
}

static void
assert_on_disk (const Fixture  *f,
                const DynoJson *file)
{
  g_autofree char *path = g_build_filename (f->out, dyno_json_get_string (file, "name"), NULL);
  gsize size;
  g_autofree char *bytes = dyno_test_read (path, &size);
  g_autofree char *sum
    = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, size);

  g_assert_cmpint (dyno_json_get_integer (file, "bytes", -1), ==, (gint64) size);
  g_assert_cmpstr (dyno_json_get_string (file, "sha256"), ==, sum);
}

static const DynoJson *
find_named (const DynoJson *list,
            const char     *member,
            const char     *name)
{
  for (guint i = 0; i < dyno_json_n_elements (list); i++)
    {
      const DynoJson *element = dyno_json_element (list, i);

      if (g_strcmp0 (dyno_json_get_string (element, member), name) == 0)
        return element;
    }

  return NULL;
}

/* Members sorted by name, at every depth. */
static void
assert_sorted (const DynoJson *value)
{
  if (dyno_json_type (value) == DYNO_JSON_ARRAY)
    {
      for (guint i = 0; i < dyno_json_n_elements (value); i++)
        assert_sorted (dyno_json_element (value, i));
    }
  else if (dyno_json_type (value) == DYNO_JSON_OBJECT)
    {
      g_autoptr(GPtrArray) names = dyno_json_names (value);

      for (guint i = 0; i < names->len; i++)
        {
          if (i > 0)
            g_assert_cmpint (strcmp (names->pdata[i - 1], names->pdata[i]), <, 0);
          assert_sorted (dyno_json_member (value, names->pdata[i]));
        }
    }
}

static void
assert_input (const DynoJson *manifest)
{
  const DynoJson *input = dyno_test_member (manifest, "input", DYNO_JSON_OBJECT);
  const DynoJson *assumptions = dyno_test_member (input, "assumptions", DYNO_JSON_ARRAY);

  g_assert_cmpstr (dyno_json_get_string (input, "name"), ==, "lean.csv");
  g_assert_cmpstr (dyno_json_get_string (input, "delimiter"), ==, ",");
  g_assert_cmpstr (dyno_json_get_string (input, "decimal"), ==, ".");
  g_assert_cmpstr (dyno_json_get_string (input, "newline"), ==, "lf");
  g_assert_cmpstr (dyno_json_get_string (input, "encoding"), ==, "utf-8");
  dyno_test_member (input, "dialect", DYNO_JSON_STRING);
  g_assert_cmpuint (strlen (dyno_json_get_string (input, "sha256")), ==, 64);
  g_assert_cmpint (dyno_json_get_integer (input, "bytes", 0), >, N_ROWS);
  for (guint i = 0; i < dyno_json_n_elements (assumptions); i++)
    dyno_test_member (dyno_json_element (assumptions, i), "text", DYNO_JSON_STRING);
}

static void
assert_stats (const DynoJson *manifest)
{
  const DynoJson *stats = dyno_test_member (manifest, "stats", DYNO_JSON_OBJECT);
  const DynoJson *reasons = dyno_test_member (stats, "reasons", DYNO_JSON_OBJECT);
  g_autoptr(GPtrArray) names = dyno_json_names (reasons);
  gint64 sum = 0;

  for (guint i = 0; i < names->len; i++)
    sum += dyno_json_get_integer (reasons, names->pdata[i], 0);
  g_assert_cmpint (dyno_json_get_integer (stats, "rows", 0), ==, N_ROWS);
  g_assert_cmpint (sum, ==, 2 * N_ROWS);
  g_assert_cmpint (dyno_json_get_integer (stats, "accepted_front", 0), >, 300);
  g_assert_cmpint (dyno_json_get_integer (stats, "accepted_rear", 0), >, 300);
  g_assert_cmpint (dyno_json_get_integer (stats, "cells", 0), ==, 99);
  g_assert_cmpint (dyno_json_get_integer (stats, "cells_with_data_front", 0), ==, 1);
  g_assert_cmpint (dyno_json_get_integer (stats, "cells_with_data_rear", 0), ==, 1);
}

static void
test_members (Fixture      *f,
              gconstpointer unused)
{
  static const struct
  {
    const char  *name;
    DynoJsonType type;
  } members[] = {
    { "applicable", DYNO_JSON_BOOLEAN },    { "base_table", DYNO_JSON_NULL },
    { "channels", DYNO_JSON_ARRAY },        { "fingerprint", DYNO_JSON_STRING },
    { "gates_unavailable", DYNO_JSON_ARRAY }, { "grid", DYNO_JSON_OBJECT },
    { "math_version", DYNO_JSON_STRING },   { "options", DYNO_JSON_OBJECT },
    { "outputs", DYNO_JSON_ARRAY },         { "profile", DYNO_JSON_STRING },
    { "schema", DYNO_JSON_STRING },         { "tool_version", DYNO_JSON_STRING },
    { "warnings", DYNO_JSON_ARRAY },
  };
  g_autoptr(DynoJson) printed = analyse (f, NULL, NULL);
  g_autoptr(DynoJson) manifest = read_manifest (f);
  const DynoJson *rpm;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    dyno_test_member (manifest, members[i].name, members[i].type);
  assert_sorted (manifest);
  assert_input (manifest);
  assert_stats (manifest);
  rpm = find_named (dyno_json_member (manifest, "channels"), "canonical", "rpm");
  g_assert_cmpstr (dyno_json_get_string (rpm, "unit"), ==, "rpm");
  g_assert_cmpint (dyno_json_get_integer (rpm, "updates", 0), ==, N_ROWS);
  g_assert_null (dyno_json_member (manifest, "further_inputs"));
  g_assert_cmpstr (dyno_json_get_string (manifest, "fingerprint"), ==,
                   dyno_json_get_string (printed, "fingerprint"));
}

static gsize
count_lines (const Fixture *f,
             const char    *name)
{
  g_autofree char *path = g_build_filename (f->out, name, NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GZlibDecompressor) gzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr(GFileInputStream) packed = g_file_read (file, NULL, NULL);
  g_autoptr(GInputStream) stream
    = g_converter_input_stream_new (G_INPUT_STREAM (packed), G_CONVERTER (gzip));
  char buffer[4096];
  gsize lines = 0;
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL)) > 0)
    {
      for (gssize i = 0; i < n; i++)
        lines += buffer[i] == '\n';
    }

  return lines;
}

/* All that is on the disk but manifest and provenance, the ledger too; and --json lists
 * what was written. */
static void
test_outputs (Fixture      *f,
              gconstpointer unused)
{
  g_autoptr(DynoJson) printed = analyse (f, NULL, NULL);
  g_autoptr(DynoJson) manifest = read_manifest (f);
  const DynoJson *outputs = dyno_json_member (manifest, "outputs");
  const DynoJson *files = dyno_json_member (printed, "files");
  const DynoJson *ledger = find_named (outputs, "name", "ledger.csv.gz");
  const DynoJson *delta = find_named (outputs, "name", "ve_delta_front.csv");
  g_autoptr(GDir) dir = g_dir_open (f->out, 0, NULL);
  guint n = 0;

  for (guint i = 0; i < dyno_json_n_elements (outputs); i++)
    assert_on_disk (f, dyno_json_element (outputs, i));
  for (guint i = 0; i < dyno_json_n_elements (files); i++)
    assert_on_disk (f, dyno_json_element (files, i));
  while (g_dir_read_name (dir) != NULL)
    n++;
  g_assert_cmpuint (n, ==, dyno_json_n_elements (outputs) + 2);
  g_assert_cmpuint (dyno_json_n_elements (files), ==, dyno_json_n_elements (outputs) + 1);
  g_assert_nonnull (find_named (files, "name", "manifest.json"));

  g_assert_cmpstr (dyno_json_get_string (ledger, "type"), ==, "gzip");
  g_assert_cmpstr (dyno_json_get_string (ledger, "schema"), ==, "org.dynoai.ledger/1");
  g_assert_cmpint (dyno_json_get_integer (ledger, "rows", 0), ==, 2 * N_ROWS);
  g_assert_cmpuint (count_lines (f, "ledger.csv.gz"), ==, 2 * N_ROWS + 1);
  g_assert_cmpstr (dyno_json_get_string (delta, "schema"), ==, "org.dynoai.grid/1");
  g_assert_cmpint (dyno_json_get_integer (delta, "rows", 0), ==, 11);
  g_assert_cmpint (dyno_json_get_integer (delta, "cols", 0), ==, 10);
}

/* Written or not, the fingerprint is the same: the ledger is no part of it. */
static void
test_fingerprint (Fixture      *f,
                  gconstpointer unused)
{
  g_autoptr(DynoJson) written = analyse (f, NULL, NULL);
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (f->ctl, "--json", "analyze", f->log, NULL);
  g_autoptr(DynoJson) not_written = NULL;

  dyno_test_end_assert (end, 0);
  not_written = dyno_test_end_json (end);
  g_assert_cmpstr (dyno_json_get_string (written, "fingerprint"), ==,
                   dyno_json_get_string (not_written, "fingerprint"));
}

/* The passport of the power figures, and both peaks. */
static void
test_power (Fixture      *f,
            gconstpointer unused)
{
  g_autoptr(GString) text = g_string_new ("Time (s),RPM,MAP (kPa),AFR,Torque (Nm),"
                                          "Air Temp (C),Baro (hPa)\n");
  g_autoptr(DynoJson) printed = NULL;
  g_autoptr(DynoJson) manifest = NULL;
  const DynoJson *power;
  const DynoJson *correction;

  for (guint i = 0; i < 400; i++)
    g_string_append_printf (text, "%u.%02u,%u,9%u,13.%u,%u,20,990\n", i / 50, i % 50 * 2,
                            2000 + 10 * i, i % 3, i % 4, 100 + i % 5);
  g_assert_true (g_file_set_contents (f->log, text->str, -1, NULL));
  printed = analyse (f, NULL, NULL);
  manifest = read_manifest (f);
  assert_sorted (manifest);
  power = dyno_test_member (manifest, "power", DYNO_JSON_OBJECT);
  correction = dyno_test_member (power, "correction", DYNO_JSON_OBJECT);
  dyno_test_member (power, "peak_power_kw", DYNO_JSON_NUMBER);
  dyno_test_member (power, "peak_power_rpm", DYNO_JSON_NUMBER);
  dyno_test_member (power, "peak_torque_nm", DYNO_JSON_NUMBER);
  dyno_test_member (power, "peak_torque_rpm", DYNO_JSON_NUMBER);
  dyno_test_member (correction, "standard", DYNO_JSON_STRING);
  dyno_test_member (correction, "formula", DYNO_JSON_STRING);
  dyno_test_member (correction, "factor", DYNO_JSON_NUMBER);
  dyno_test_member (correction, "inputs", DYNO_JSON_OBJECT);
}

/* Two logs: the second stands behind, the sum is of both. */
static void
test_two_inputs (Fixture      *f,
                 gconstpointer unused)
{
  g_autofree char *other = dyno_test_ctl_write_log (f->ctl, "rich.csv", 12.0, N_ROWS);
  g_autoptr(DynoTestEnd) end
    = dyno_test_ctl_run (f->ctl, "analyze", f->log, other, "--out", f->out, NULL);
  g_autoptr(DynoJson) manifest = NULL;
  const DynoJson *further;

  dyno_test_end_assert (end, 0);
  manifest = read_manifest (f);
  assert_sorted (manifest);
  assert_input (manifest);
  further = dyno_test_member (manifest, "further_inputs", DYNO_JSON_ARRAY);
  g_assert_cmpuint (dyno_json_n_elements (further), ==, 1);
  g_assert_cmpstr (dyno_json_get_string (dyno_json_element (further, 0), "name"), ==, "rich.csv");
}

/* The old engine's says which column it took for what. */
static void
test_legacy (Fixture      *f,
             gconstpointer unused)
{
  static const char log[] = "Engine RPM,MAP kPa,Torque,AFR Meas F,AFR Cmd F\n"
                            "3000,80,90,13.5,13\n3000,80,90,13.6,13\n";
  g_autoptr(DynoJson) printed = NULL;
  g_autoptr(DynoJson) manifest = NULL;
  const DynoJson *channels;
  const DynoJson *input;

  g_assert_true (g_file_set_contents (f->log, log, -1, NULL));
  printed = analyse (f, "--math", "legacy-cli-1.2");
  manifest = read_manifest (f);
  assert_sorted (manifest);
  channels = dyno_test_member (manifest, "channels", DYNO_JSON_ARRAY);
  g_assert_cmpstr (dyno_json_get_string (find_named (channels, "canonical", "rpm"), "column"), ==,
                   "Engine RPM");
  g_assert_cmpstr (dyno_json_get_string (find_named (channels, "canonical", "map"), "column"), ==,
                   "MAP kPa");
  input = dyno_test_member (manifest, "input", DYNO_JSON_OBJECT);
  g_assert_cmpint (dyno_json_get_integer (input, "bytes", 0), ==, (gint64) strlen (log));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/ctl/manifest/members", test_members);
  ADD ("/ctl/manifest/outputs", test_outputs);
  ADD ("/ctl/manifest/fingerprint", test_fingerprint);
  ADD ("/ctl/manifest/power", test_power);
  ADD ("/ctl/manifest/two-inputs", test_two_inputs);
  ADD ("/ctl/manifest/legacy", test_legacy);

  return g_test_run ();
}
