/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-test-ctl.h"

/* `analyze --math legacy-cli-1.2`: the files of the old program, and that nobody can
 * take them for good ones. */

#define LEGACY "legacy-cli-1.2"
#define BANNER "LEGACY – NOT FOR USE"
#define BASE "RPM,35,50,65,80,95\n3000,60,70,80,90,100\n"

typedef struct
{
  DynoTestCtl *ctl; /* (owned) */
  char        *log; /* (owned) 40 lean rows at 3000/80 */
  char        *out; /* (owned) */
} Fixture;

static char *
write_file (DynoTestCtl *ctl,
            const char  *name,
            const char  *text)
{
  char *path = g_build_filename (ctl->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  g_autoptr(GString) log = g_string_new ("rpm,map_kpa,torque,afr cmd f,afr meas f\n");

  for (guint i = 0; i < 40; i++)
    g_string_append (log, "3000,80,90,13,13.65\n");
  f->ctl = dyno_test_ctl_new ();
  f->log = write_file (f->ctl, "lean.csv", log->str);
  f->out = g_build_filename (f->ctl->folder, "out", NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  g_free (f->log);
  g_free (f->out);
  dyno_test_ctl_free (f->ctl);
}

static char *
read_out (const char *folder,
          const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return dyno_test_read (path, NULL);
}

static DynoJson *
read_manifest (const char *folder)
{
  g_autofree char *text = read_out (folder, "manifest.json");
  DynoJson *manifest = dyno_json_parse (text, -1, NULL);

  g_assert_nonnull (manifest);

  return manifest;
}

/* Every output of the manifest is there with its sum, and the fingerprint is new to
 * nobody who asks again. */
static void
assert_outputs (const char     *folder,
                const DynoJson *manifest,
                guint           n)
{
  const DynoJson *outputs = dyno_test_member (manifest, "outputs", DYNO_JSON_ARRAY);

  g_assert_cmpuint (dyno_json_n_elements (outputs), ==, n);
  for (guint i = 0; i < n; i++)
    {
      const DynoJson *output = dyno_json_element (outputs, i);
      g_autofree char *path
        = g_build_filename (folder, dyno_json_get_string (output, "name"), NULL);
      gsize length;
      g_autofree char *text = dyno_test_read (path, &length);
      g_autofree char *sum = dyno_crypt_sha256_hex (text, length);

      g_assert_cmpstr (sum, ==, dyno_json_get_string (output, "sha256"));
      g_assert_cmpint (dyno_json_get_integer (output, "bytes", -1), ==, length);
    }
}

static void
test_files (Fixture       *f,
            gconstpointer  unused)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (f->ctl, "analyze", f->log, "--math", LEGACY,
                                                  "--out", f->out, NULL);
  g_autoptr(DynoJson) manifest = NULL;
  g_autofree char *report = NULL;
  g_autofree char *delta = NULL;

  dyno_test_end_assert (end, 0);
  g_assert_true (g_str_has_prefix (end->out, BANNER "\n"));
  report = read_out (f->out, "report.txt");
  g_assert_true (g_str_has_prefix (report, BANNER "\n"));
  delta = read_out (f->out, "VE_Correction_Delta_DYNO.csv");
  g_assert_nonnull (strstr (delta, "3000,,,,'-4.76,\r\n"));
  manifest = read_manifest (f->out);
  g_assert_false (dyno_json_get_boolean (manifest, "applicable", TRUE));
  g_assert_cmpstr (dyno_json_get_string (manifest, "math_version"), ==, LEGACY);
  g_assert_null (strstr (report, f->ctl->folder));
  assert_outputs (f->out, manifest, 17);
}

static void
test_json (Fixture       *f,
           gconstpointer  unused)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (f->ctl, "--json", "analyze", f->log, "--set",
                                                  "math_version=" LEGACY, "--clamp", "3", NULL);
  g_autoptr(DynoJson) json = NULL;
  const DynoJson *row;

  dyno_test_end_assert (end, 0);
  json = dyno_test_end_json (end);
  g_assert_false (dyno_json_get_boolean (json, "applicable", TRUE));
  g_assert_cmpstr (dyno_json_get_string (json, "notice"), ==, BANNER);
  g_assert_cmpstr (dyno_json_get_string (json, "math_version"), ==, LEGACY);
  row = dyno_json_element (dyno_test_member (json, "correction", DYNO_JSON_ARRAY), 3);
  g_assert_cmpfloat (dyno_json_number (dyno_json_element (row, 3), 0), ==, -3);
  g_assert_cmpint (dyno_json_type (dyno_json_element (row, 2)), ==, DYNO_JSON_NULL);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (json, "files")), ==, 18);
}

/* One table serves both cylinders; two serve one each, in one word or in two. */
static void
test_bases (Fixture       *f,
            gconstpointer  unused)
{
  g_autofree char *front = write_file (f->ctl, "front.csv", BASE);
  g_autofree char *rear = write_file (f->ctl, "rear.csv", "RPM,35,50,65,80,95\n3000,,,,50,\n");
  g_autofree char *pair = g_strdup_printf ("front=%s,rear=%s", front, rear);
  const char *const words[][9] = {
    { "analyze", f->log, "--math", LEGACY, "--out", f->out, "--base", front, NULL },
    { "analyze", f->log, "--math", LEGACY, "--out", f->out, "--base", pair, NULL },
  };
  static const char *const rears[] = { "3000,60.00,70.00,80.00,85.71,100.00\r\n",
                                       "3000,,,,47.62,\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr(DynoTestEnd) end = dyno_test_ctl_run_v (f->ctl, words[i]);
      g_autofree char *made_front = NULL;
      g_autofree char *made_rear = NULL;

      dyno_test_end_assert (end, 0);
      made_front = read_out (f->out, "VE_Front_Updated.csv");
      made_rear = read_out (f->out, "VE_Rear_Updated.csv");
      g_assert_nonnull (strstr (made_front, rears[0]));
      g_assert_nonnull (strstr (made_rear, rears[i]));
    }
}

static void
test_refusals (Fixture       *f,
               gconstpointer  unused)
{
  g_autofree char *bare = write_file (f->ctl, "bare.csv", "rpm,map\n3000,80\n");
  g_autofree char *base = write_file (f->ctl, "base.csv", "RPM,20,30,40,50,60\n");
  const struct
  {
    const char *words[8];
    int         status;
    const char *said;
  } bad[] = {
    { { "analyze", bare, "--math", LEGACY, NULL }, 3, "torque" },
    { { "analyze", f->log, "--math", LEGACY, "--set", "legacy_weight=hp", NULL }, 3, "hp" },
    { { "analyze", f->log, "--math", LEGACY, "--base", base, NULL }, 3, "35 kPa" },
    { { "analyze", f->log, "--math", LEGACY, "--base", "front=/no/such", NULL }, 4, "/no/such" },
    { { "analyze", f->log, f->log, "--math", LEGACY, NULL }, 2, "one log file" },
    { { "analyze", f->ctl->folder, "--math", LEGACY, NULL }, 2, "one log file" },
    { { "analyze", f->log, "--math", LEGACY, "--explain", "3000,80", NULL }, 2, "--explain" },
    { { "analyze", f->log, "--math", "legacy", NULL }, 2, LEGACY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(DynoTestEnd) end = dyno_test_ctl_run_v (f->ctl, bad[i].words);

      dyno_test_end_assert (end, bad[i].status);
      g_assert_nonnull (strstr (end->err, bad[i].said));
    }
}

/* Same bytes whatever the locale, the folder and the patterns of fresh memory. */
static void
test_same_bytes (Fixture       *f,
                 gconstpointer  unused)
{
  static const char *const locales[] = { "C", "de_DE.UTF-8", "tr_TR.UTF-8" };
  g_autofree char *path = dyno_test_shared_file ("golden/cli_root_winpep_sample15/input/"
                                                 "WinPEP_Log_Sample.csv");
  g_autofree char *first = NULL;

  if (path == NULL)
    return;
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *folder = g_strdup_printf ("%s-%u", f->out, i);
      g_autoptr(DynoTestEnd) end = NULL;
      g_autofree char *manifest = NULL;

      dyno_test_ctl_set (f->ctl, "LC_ALL", locales[i % G_N_ELEMENTS (locales)]);
      dyno_test_ctl_set (f->ctl, "TZ", i % 2 == 0 ? "UTC" : "Asia/Kathmandu");
      dyno_test_ctl_set (f->ctl, "MALLOC_PERTURB_", i % 2 == 0 ? "0" : "165");
      end = dyno_test_ctl_run (f->ctl, "analyze", path, "--math", LEGACY, "--out", folder, NULL);
      dyno_test_end_assert (end, 0);
      /* It holds the sums of all the others. */
      manifest = read_out (folder, "manifest.json");
      if (first == NULL)
        first = g_steal_pointer (&manifest);
      else
        g_assert_cmpstr (manifest, ==, first);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/ctl/legacy/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("files", test_files);
  ADD ("json", test_json);
  ADD ("bases", test_bases);
  ADD ("refusals", test_refusals);
  ADD ("same-bytes", test_same_bytes);

  return g_test_run ();
}
