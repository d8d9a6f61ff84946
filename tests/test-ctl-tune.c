/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "dyno-test-ctl.h"

/* Tune tables: preview, apply, rollback and tables, on files and on the store. */

#define TEMPLATE "logs/dynoai3/pvv_template.pvv"
#define BASE "RPM,35,50,65\n1500,80.0,82.5,90.0\n2000,84.0,86.0,88.0\n"
#define PERCENTS "RPM,35,50,65\n1500,2,-3,5\n2000,,1,9\n"

static char *
path_of (DynoTestCtl *ctl,
         const char  *name)
{
  return g_build_filename (ctl->folder, name, NULL);
}

static char *
write_file (DynoTestCtl *ctl,
            const char  *name,
            const char  *text)
{
  char *path = path_of (ctl, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static void
assert_file (const char *path,
             const char *wanted)
{
  g_autofree char *text = dyno_test_read (path, NULL);

  g_assert_cmpstr (text, ==, wanted);
}

static void
assert_same_files (const char *a,
                   const char *b)
{
  gsize size_a, size_b;
  g_autofree char *text_a = dyno_test_read (a, &size_a);
  g_autofree char *text_b = dyno_test_read (b, &size_b);

  g_assert_cmpmem (text_a, size_a, text_b, size_b);
}

static const DynoJson *
cell_of (const DynoJson *answer,
         double          rpm,
         double          map_kpa)
{
  const DynoJson *cells = dyno_test_member (answer, "cells", DYNO_JSON_ARRAY);

  for (guint i = 0; i < dyno_json_n_elements (cells); i++)
    {
      const DynoJson *cell = dyno_json_element (cells, i);

      if (dyno_json_get_number (cell, "rpm", 0) == rpm
          && dyno_json_get_number (cell, "map_kpa", 0) == map_kpa)
        return cell;
    }

  return NULL;
}

/* Every member that cli.md promises. */
static void
assert_members (const DynoJson *answer)
{
  const DynoJson *cell = cell_of (answer, 2000, 65);

  dyno_test_member (answer, "blocked", DYNO_JSON_ARRAY);
  dyno_test_member (answer, "warnings", DYNO_JSON_ARRAY);
  dyno_test_member (answer, "sha256_before", DYNO_JSON_STRING);
  dyno_test_member (answer, "sha256_after", DYNO_JSON_STRING);
  g_assert_cmpfloat (dyno_json_get_number (cell, "before", 0), ==, 88);
  g_assert_cmpfloat (dyno_json_get_number (cell, "after", 0), ==, 94.2);
  g_assert_cmpfloat (dyno_json_get_number (cell, "delta_pct", 0), ==, 7);
  g_assert_cmpstr (dyno_json_get_string (cell, "zone"), ==, "cruise");
  dyno_test_member_or_null (cell, "confidence", DYNO_JSON_STRING);
  g_assert_cmpstr (dyno_json_string (dyno_json_element (dyno_json_member (cell, "reasons"), 0)), ==,
                   "clamped");
}

/* A reason of capitals is the code of the body. */
static void
assert_body (const DynoTestEnd *end,
             const char        *reason)
{
  gboolean is_code = g_ascii_isupper (*reason);
  g_autoptr(DynoJson) body = dyno_json_parse (end->err, -1, NULL);

  dyno_test_end_assert_body (end, is_code ? NULL : reason);
  if (is_code)
    g_assert_cmpstr (dyno_json_get_string (dyno_json_member (body, "error"), "code"), ==, reason);
}

static void
run_refused (DynoTestCtl *ctl,
             int          status,
             const char  *reason,
             ...)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new ();
  g_autoptr(DynoTestEnd) end = NULL;
  va_list args;

  g_ptr_array_add (words, (char *) "--json");
  va_start (args, reason);
  for (const char *word = va_arg (args, const char *); word != NULL;
       word = va_arg (args, const char *))
    g_ptr_array_add (words, (char *) word);
  va_end (args);
  g_ptr_array_add (words, NULL);
  end = dyno_test_ctl_run_v (ctl, (const char *const *) words->pdata);
  dyno_test_end_assert (end, status);
  if (reason != NULL)
    assert_body (end, reason);
}

static void
test_files (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *base = write_file (ctl, "base.csv", BASE);
  g_autofree char *percents = write_file (ctl, "percents.csv", PERCENTS);
  g_autofree char *output = path_of (ctl, "new.csv");
  g_autofree char *metadata = path_of (ctl, "new.csv.change.json");
  g_autofree char *back = path_of (ctl, "back.csv");
  g_autoptr(DynoJson) preview
    = dyno_test_ctl_run_json (ctl, 0, "preview", "--base", base, "--corrections", percents, NULL);
  g_autoptr(DynoJson) applied = NULL;
  g_autoptr(DynoJson) restored = NULL;

  assert_members (preview);
  g_assert_false (g_file_test (output, G_FILE_TEST_EXISTS));
  applied = dyno_test_ctl_run_json (ctl, 0, "apply", "--base", base, "--corrections", percents,
                                    "--output", output, "--preview-sha256",
                                    dyno_json_get_string (preview, "preview_sha256"), NULL);
  assert_members (applied);
  g_assert_cmpstr (dyno_json_get_string (applied, "metadata"), ==, metadata);
  g_assert_cmpstr (dyno_json_get_string (applied, "sha256_after"), ==,
                   dyno_json_get_string (preview, "sha256_after"));
  assert_file (output, "RPM,35,50,65\n1500,81.6,80.0,94.5\n2000,84.0,86.9,94.2\n");
  restored = dyno_test_ctl_run_json (ctl, 0, "rollback", "--current", output, "--metadata",
                                     metadata, "--output", back, NULL);
  assert_same_files (back, base);
  dyno_test_member (restored, "restored", DYNO_JSON_STRING);
  g_assert_cmpstr (dyno_json_get_string (restored, "sha256_after"), ==,
                   dyno_json_get_string (preview, "sha256_before"));
  g_assert_cmpstr (dyno_json_get_string (restored, "sha256_before"), ==,
                   dyno_json_get_string (applied, "sha256_after"));
  run_refused (ctl, 5, "already_rolled_back", "rollback", "--current", output, "--metadata",
               metadata, "--output", back, NULL);
  /* None of it needed a store. */
  g_assert_false (g_file_test (ctl->data, G_FILE_TEST_EXISTS));
}

/* What is refused leaves nothing behind. */
static void
test_refused (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *base = write_file (ctl, "base.csv", BASE);
  g_autofree char *small = write_file (ctl, "small.csv", "RPM,35,65\n1500,2,4\n2000,4,6\n");
  g_autofree char *extreme = write_file (ctl, "extreme.csv", "RPM,35,50,65\n1500,30,,\n2000,,1,\n");
  g_autofree char *percents = write_file (ctl, "percents.csv", PERCENTS);
  g_autofree char *broken = write_file (ctl, "broken.csv", "RPM,35,50\n1500,1,2\n1500,3,4\n");
  g_autofree char *output = path_of (ctl, "new.csv");

  run_refused (ctl, 3, "GRID_MISMATCH", "apply", "--base", base, "--corrections", small, "--output",
               output, NULL);
  run_refused (ctl, 5, "CHANGE_BLOCKED", "apply", "--base", base, "--corrections", extreme,
               "--output", output, NULL);
  run_refused (ctl, 5, "PREVIEW_CHANGED", "apply", "--base", base, "--corrections", percents,
               "--output", output, "--preview-sha256", "00", NULL);
  run_refused (ctl, 3, "BAD_TABLE", "preview", "--base", broken, "--corrections", percents, NULL);
  run_refused (ctl, 3, "over_source", "apply", "--base", base, "--corrections", percents,
               "--output", base, NULL);
  run_refused (ctl, 2, NULL, "apply", "--base", base, "--corrections", percents, NULL);
  run_refused (ctl, 2, NULL, "apply", "--base", base, "--corrections", extreme, "--output", output,
               "--override", "1500,35", NULL);
  run_refused (ctl, 4, "io", "preview", "--base", "nowhere.csv", "--corrections", percents, NULL);
  g_assert_false (g_file_test (output, G_FILE_TEST_EXISTS));
  assert_file (base, BASE);
}

static void
test_override_and_resample (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *base = write_file (ctl, "base.csv", BASE);
  g_autofree char *small = write_file (ctl, "small.csv", "RPM,35,65\n1500,2,4\n2000,2,2\n");
  g_autofree char *extreme = write_file (ctl, "extreme.csv", "RPM,35,50,65\n1500,30,,\n2000,,1,\n");
  g_autoptr(DynoJson) allowed
    = dyno_test_ctl_run_json (ctl, 0, "preview", "--base", base, "--corrections", extreme,
                              "--override", "1500,35", "--force-reason", "new injectors", NULL);
  g_autoptr(DynoJson) resampled = dyno_test_ctl_run_json (
      ctl, 0, "preview", "--base", base, "--corrections", small, "--resample", NULL);

  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (allowed, "blocked")), ==, 0);
  g_assert_cmpfloat (dyno_json_get_number (cell_of (allowed, 1500, 35), "after", 0), ==, 85.6);
  g_assert_cmpfloat (dyno_json_get_number (cell_of (resampled, 1500, 50), "delta_pct", 0), ==, 3);
  g_assert_cmpstr (dyno_json_get_string (cell_of (resampled, 1500, 65), "confidence"), ==, "low");
}

/* Where every value of a resampled grid comes from is said, to machines and to people. */
static void
test_resample_mapping (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *base = write_file (ctl, "base.csv", BASE);
  g_autofree char *small = write_file (ctl, "small.csv", "RPM,35,65\n1500,2,4\n2000,2,2\n");
  g_autoptr(DynoJson) json = dyno_test_ctl_run_json (ctl, 0, "preview", "--base", base,
                                                     "--corrections", small, "--resample", NULL);
  g_autoptr(DynoTestEnd) text
    = dyno_test_ctl_run (ctl, "preview", "--base", base, "--corrections", small, "--resample", NULL);
  const DynoJson *from = dyno_test_member (cell_of (json, 1500, 50), "from", DYNO_JSON_ARRAY);

  g_assert_cmpuint (dyno_json_n_elements (from), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const DynoJson *share = dyno_json_element (from, i);

      g_assert_cmpfloat (dyno_json_get_number (share, "rpm", 0), ==, 1500);
      g_assert_cmpfloat (dyno_json_get_number (share, "map_kpa", 0), ==, i == 0 ? 35 : 65);
      g_assert_cmpfloat (dyno_json_get_number (share, "weight", 0), ==, 0.5);
    }
  dyno_test_end_assert (text, 0);
  g_assert_nonnull (strstr (text->out, "Where the resampled values come from"));
  g_assert_nonnull (strstr (text->out, "35.0: 50.0 %;"));
}

/* A bit of the file or of its description, and nothing is taken back. */
static void
test_tampered (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *base = write_file (ctl, "base.csv", BASE);
  g_autofree char *percents = write_file (ctl, "percents.csv", PERCENTS);
  g_autofree char *output = path_of (ctl, "new.csv");
  g_autofree char *metadata = path_of (ctl, "new.json");
  g_autofree char *back = path_of (ctl, "back.csv");
  g_autofree char *text = NULL;
  g_autofree char *edited = NULL;
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(DynoJson) applied
    = dyno_test_ctl_run_json (ctl, 0, "apply", "--base", base, "--corrections", percents,
                              "--output", output, "--metadata", metadata, NULL);

  edited
      = write_file (ctl, "edited.csv", "RPM,35,50,65\n1500,81.7,80.0,94.5\n2000,84.0,86.9,94.2\n");
  end = dyno_test_ctl_run (ctl, "rollback", "--current", edited, "--metadata", metadata, "--output",
                           back, NULL);
  dyno_test_end_assert (end, 5);
  g_assert_nonnull (strstr (end->err, "1500, 35: base 80, applied 81.6, now 81.7"));
  text = dyno_test_read (metadata, NULL);
  *strstr (text, "\"cells_changed\": 5") = '\'';
  g_assert_true (g_file_set_contents (metadata, text, -1, NULL));
  run_refused (ctl, 5, "tampered", "rollback", "--current", output, "--metadata", metadata,
               "--output", back, NULL);
  *strstr (text, "'cells_changed\": 5") = '"';
  strstr (text, "\"cells_changed\": 5")[strlen ("\"cells_changed\": ")] = '4';
  g_assert_true (g_file_set_contents (metadata, text, -1, NULL));
  run_refused (ctl, 5, "tampered", "rollback", "--current", output, "--metadata", metadata,
               "--output", back, NULL);
  g_assert_false (g_file_test (back, G_FILE_TEST_EXISTS));
}

/* Both cylinders, one file each. */
static void
test_pair (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *base = write_file (ctl, "base.csv", BASE);
  g_autofree char *other = write_file (ctl, "other.csv", BASE);
  g_autofree char *percents = write_file (ctl, "percents.csv", PERCENTS);
  g_autofree char *front = g_strconcat ("front=", base, NULL);
  g_autofree char *rear = g_strconcat ("rear=", other, NULL);
  g_autofree char *pair = g_strconcat (front, ",", rear, NULL);
  g_autofree char *one = path_of (ctl, "one.csv");
  g_autofree char *two = path_of (ctl, "two.csv");
  g_autoptr(DynoJson) applied = NULL;

  run_refused (ctl, 5, "CHANGE_BLOCKED", "apply", "--base", front, "--base", rear, "--corrections",
               percents, "--output", one, "--output", two, NULL);
  applied = dyno_test_ctl_run_json (ctl, 0, "apply", "--base", pair, "--corrections", percents,
                                    "--cylinder", "both", "--output", one, "--output", two, NULL);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (applied, "tables")), ==, 2);
  assert_same_files (one, two);
  assert_file (one, "RPM,35,50,65\n1500,81.6,80.0,94.5\n2000,84.0,86.9,94.2\n");
}

/* Where the rear file is refused there is no front one either, nor what describes it. */
static void
test_pair_is_whole (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *base = write_file (ctl, "base.csv", BASE);
  g_autofree char *other = write_file (ctl, "other.csv", BASE);
  g_autofree char *percents = write_file (ctl, "percents.csv", PERCENTS);
  g_autofree char *pair = g_strdup_printf ("front=%s,rear=%s", base, other);
  g_autofree char *one = write_file (ctl, "one.csv", "what stood there");
  g_autofree char *two = path_of (ctl, "two.csv");
  g_autofree char *description = path_of (ctl, "one.csv.change.json");

  g_assert_cmpint (g_mkdir (two, 0700), ==, 0);
  run_refused (ctl, 7, "io", "apply", "--base", pair, "--corrections", percents, "--cylinder",
               "both", "--output", one, "--output", two, NULL);
  assert_file (one, "what stood there");
  g_assert_false (g_file_test (description, G_FILE_TEST_EXISTS));
  run_refused (ctl, 3, "over_source", "apply", "--base", pair, "--corrections", percents,
               "--cylinder", "both", "--output", one, "--output", one, NULL);
  assert_file (one, "what stood there");
}

/* 20 s in one cell of the table, 10 % lean. */
static char *
write_log (DynoTestCtl *ctl)
{
  g_autoptr(GString) text
    = g_string_new ("Time (s),Engine RPM,MAP kPa,AFR Front,AFR Rear,AFR CMD\n");

  for (guint i = 0; i < 400; i++)
    {
      double swing = i % 2 == 0 ? 0.1 : -0.1;

      g_string_append_printf (text, "%.2f,%d,80,%.1f,%.1f,13.0\n", i * 0.05,
                              i % 2 == 0 ? 3005 : 2995, 14.3 + swing, 14.3 + swing);
    }

  return write_file (ctl, "lean.csv", text->str);
}

/* The folder of an analysis; not one whose files were changed since. */
static void
test_folder (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = write_log (ctl);
  g_autofree char *base
      = write_file (ctl, "base.csv", "RPM,60,80,100\n2000,80.0,82,84\n3000,85,87.0,90\n");
  g_autofree char *later
      = write_file (ctl, "later.csv", "RPM,60,80,100\n2000,80.0,82,84\n3000,85,88.0,90\n");
  g_autofree char *out = path_of (ctl, "out");
  g_autofree char *delta = g_build_filename (out, "ve_delta_front.csv", NULL);
  g_autofree char *front = g_strconcat ("front=", base, NULL);
  g_autofree char *stale = g_strconcat ("front=", later, NULL);
  g_autoptr(DynoJson) analysis
    = dyno_test_ctl_run_json (ctl, 0, "analyze", log, "--base", base, "--out", out, NULL);
  g_autoptr(DynoJson) preview
    = dyno_test_ctl_run_json (ctl, 0, "preview", "--base", front, "--corrections", out, NULL);
  g_autoptr(DynoJson) old
    = dyno_test_ctl_run_json (ctl, 0, "preview", "--base", stale, "--corrections", out, NULL);
  const DynoJson *cell = cell_of (preview, 3000, 80);

  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (preview, "blocked")), ==, 0);
  g_assert_cmpfloat (dyno_json_get_number (cell, "after", 0), ==, 93.1);
  g_assert_cmpstr (dyno_json_get_string (cell, "confidence"), ==, "high");
  g_assert_cmpint (dyno_json_get_integer (cell, "hits", 0), >, 80);
  g_assert_cmpint (dyno_json_get_integer (preview, "cells_clamped", 0), ==, 1);
  g_assert_cmpstr (dyno_json_get_string (
                     dyno_json_element (dyno_json_member (old, "blocked"), 0), "code"), ==,
                   "stale-base");
  g_assert_true (
      g_file_set_contents (delta, "RPM,60,80,100\r\n2000,,,\r\n3000,,9.00,\r\n", -1, NULL));
  run_refused (ctl, 5, "changed_since", "preview", "--base", front, "--corrections", out, NULL);
}

static char *
first_block (const DynoJson *answer)
{
  const DynoJson *block = dyno_json_element (dyno_json_member (answer, "blocked"), 0);

  return g_strdup (dyno_json_get_string (block, "code"));
}

/* Made on both tables, a correction fits each of them by itself, and no other. */
static void
test_one_of_a_pair (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = write_log (ctl);
  g_autofree char *base
      = write_file (ctl, "base.csv", "RPM,60,80,100\n2000,80.0,82,84\n3000,85,87.0,90\n");
  g_autofree char *other
      = write_file (ctl, "other.csv", "RPM,60,80,100\n2000,80.0,82,84\n3000,85,88.0,90\n");
  g_autofree char *later
      = write_file (ctl, "later.csv", "RPM,60,80,100\n2000,80.0,82,84\n3000,85,89.0,90\n");
  g_autofree char *out = path_of (ctl, "out");
  g_autofree char *front = g_strconcat ("front=", base, NULL);
  g_autofree char *rear = g_strconcat ("rear=", other, NULL);
  g_autoptr(DynoJson) analysis = dyno_test_ctl_run_json (ctl, 0, "analyze", log, "--base", front,
                                                         "--base", rear, "--out", out, NULL);
  g_autoptr(DynoJson) one = dyno_test_ctl_run_json (
      ctl, 0, "preview", "--base", rear, "--corrections", out, "--cylinder", "rear", NULL);
  g_autoptr(DynoJson) stale = dyno_test_ctl_run_json (
      ctl, 0, "preview", "--base", later, "--corrections", out, "--cylinder", "rear", NULL);
  g_autofree char *of_one = first_block (one);
  g_autofree char *of_stale = first_block (stale);

  g_assert_cmpstr (of_one, ==, NULL);
  g_assert_cmpstr (of_stale, ==, "stale-base");
}

/* Results of the old mathematics are shown, never applied: not the folder, not a file
 * out of it. */
static void
test_legacy (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(GString) text
    = g_string_new ("Time (s),rpm,map,torque,afr cmd f,afr meas f,afr cmd r,afr meas r\n");
  g_autofree char *log = NULL;
  g_autofree char *base = NULL;
  g_autofree char *out = path_of (ctl, "legacy");
  g_autofree char *delta = g_build_filename (out, "VE_Correction_Delta_DYNO.csv", NULL);
  g_autoptr(DynoTestEnd) analysis = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (text, "%.2f,3000,80,100,13.0,14.3,13.0,14.3\n", i * 0.05);
  log = write_file (ctl, "log.csv", text->str);
  base = write_file (ctl, "base.csv",
                     "RPM,35,50,65,80,95\n2500,80.0,80,80,80,80\n3000,80.0,80,80,80,80\n");
  analysis
      = dyno_test_ctl_run (ctl, "analyze", log, "--math", "legacy-cli-1.2", "--out", out, NULL);
  dyno_test_end_assert (analysis, 0);
  g_assert_true (g_file_test (delta, G_FILE_TEST_EXISTS));
  run_refused (ctl, 5, "legacy-math", "preview", "--base", base, "--corrections", out, NULL);
  run_refused (ctl, 5, "legacy-math", "preview", "--base", base, "--corrections", delta,
               "--resample", NULL);
}

/* A whole tune on files: VE of both cylinders, every other byte kept. */
static void
test_tune_file (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *tune = dyno_test_shared_file (TEMPLATE);
  g_autofree char *percents = path_of (ctl, "percents.csv");
  g_autofree char *output = path_of (ctl, "new.pvv");
  g_autofree char *metadata = path_of (ctl, "new.pvv.change.json");
  g_autofree char *back = path_of (ctl, "back.pvv");
  g_autofree char *merged = path_of (ctl, "merged.pvv");
  g_autoptr(DynoJson) table = NULL;
  g_autoptr(DynoJson) applied = NULL;
  g_autoptr(DynoJson) restored = NULL;
  g_autoptr(DynoJson) merge = NULL;
  g_autoptr(GString) text = g_string_new ("RPM,60.1,64.9\n");
  const DynoJson *axes;

  if (tune == NULL)
    return;
  table = dyno_test_ctl_run_json (ctl, 0, "tables", "show", tune, "--table",
                                  "VE (MAP based/Front Cyl)", NULL);
  axes = dyno_test_member (table, "axes", DYNO_JSON_OBJECT);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (axes, "rpm")), ==, 27);
  g_string_append (text, "2500,2,2\n3000,2,2\n");
  g_assert_true (g_file_set_contents (percents, text->str, -1, NULL));
  applied = dyno_test_ctl_run_json (ctl, 0, "apply", "--base", tune, "--corrections", percents,
                                    "--resample", "--cylinder", "both", "--output", output, NULL);
  g_assert_cmpint (dyno_json_get_integer (applied, "cells_changed", 0), ==, 12);
  restored = dyno_test_ctl_run_json (ctl, 0, "rollback", "--current", output, "--metadata",
                                     metadata, "--output", back, NULL);
  assert_same_files (back, tune);
  merge = dyno_test_ctl_run_json (ctl, 0, "tables", "merge", tune, output, tune, "--output", merged,
                                  NULL);
  assert_same_files (merged, output);
}

/* The whole way: a log, analysed on the axes of the tune, applied to it. */
static void
test_log_to_tune (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *tune = dyno_test_shared_file (TEMPLATE);
  g_autofree char *log = write_log (ctl);
  g_autofree char *out = path_of (ctl, "out");
  g_autofree char *output = path_of (ctl, "new.pvv");
  g_autoptr(DynoJson) analysis = NULL;
  g_autoptr(DynoJson) applied = NULL;
  g_autoptr(DynoJson) imported = NULL;
  g_autofree char *id = NULL;
  g_autoptr(DynoJson) kept = NULL;

  if (tune == NULL)
    return;
  analysis = dyno_test_ctl_run_json (ctl, 0, "analyze", log, "--base", tune, "--out", out, NULL);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (
                      dyno_json_member (analysis, "grid"), "rpm")), ==, 21);
  applied = dyno_test_ctl_run_json (ctl, 0, "apply", "--base", tune, "--corrections", out,
                                    "--output", output, NULL);
  g_assert_cmpint (dyno_json_get_integer (applied, "cells_changed", 0), >, 0);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (applied, "blocked")), ==, 0);
  /* The same correction fits the same tune where the store has it. */
  imported = dyno_test_ctl_run_json (ctl, 0, "tables", "import", tune, NULL);
  id = g_strdup (dyno_json_get_string (
    dyno_json_element (dyno_json_member (imported, "tables"), 0), "tune_id"));
  kept = dyno_test_ctl_run_json (ctl, 0, "preview", "--base", id, "--corrections", out, NULL);
  g_assert_cmpint (dyno_json_get_integer (kept, "cells_changed", 0), ==,
                   dyno_json_get_integer (applied, "cells_changed", 0));
}

static void
test_merge_conflict (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *base = write_file (ctl, "base.csv", BASE);
  g_autofree char *ours
      = write_file (ctl, "ours.csv", "RPM,35,50,65\n1500,81.0,82.5,90.0\n2000,84.0,86.0,88.0\n");
  g_autofree char *theirs
      = write_file (ctl, "theirs.csv", "RPM,35,50,65\n1500,82.0,82.5,91.0\n2000,84.0,86.0,88.0\n");
  g_autofree char *output = path_of (ctl, "merged.csv");
  g_autoptr(DynoJson) open = dyno_test_ctl_run_json (ctl, 5, "tables", "merge", base, ours, theirs,
                                                     "--output", output, NULL);
  const DynoJson *conflict
    = dyno_json_element (dyno_test_member (open, "conflicts", DYNO_JSON_ARRAY), 0);
  g_autoptr(DynoJson) merged = NULL;

  g_assert_cmpfloat (dyno_json_get_number (conflict, "base", 0), ==, 80);
  g_assert_cmpfloat (dyno_json_get_number (conflict, "ours", 0), ==, 81);
  g_assert_cmpfloat (dyno_json_get_number (conflict, "theirs", 0), ==, 82);
  g_assert_false (g_file_test (output, G_FILE_TEST_EXISTS));
  merged = dyno_test_ctl_run_json (ctl, 0, "tables", "merge", base, ours, theirs, "--prefer",
                                   "theirs", "--output", output, NULL);
  assert_same_files (output, theirs);
}

/* The id of the first of a list. (transfer full) */
static char *
first_id (const DynoJson *answer,
          const char     *list)
{
  return g_strdup (dyno_json_get_string (
    dyno_json_element (dyno_test_member (answer, list, DYNO_JSON_ARRAY), 0), "id"));
}

static void
test_store (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *base = write_file (ctl, "base.csv", BASE);
  g_autofree char *percents = write_file (ctl, "percents.csv", PERCENTS);
  g_autofree char *output = path_of (ctl, "out.csv");
  g_autoptr(DynoJson) imported
    = dyno_test_ctl_run_json (ctl, 0, "tables", "import", base, "--vehicle", "Rosa", NULL);
  g_autofree char *id = first_id (imported, "tables");
  g_autoptr(DynoJson) list
    = dyno_test_ctl_run_json (ctl, 0, "tables", "list", "--vehicle", "Rosa", NULL);
  g_autoptr(DynoJson) applied
    = dyno_test_ctl_run_json (ctl, 0, "apply", "--base", id, "--corrections", percents, NULL);
  g_autoptr(DynoJson) history = dyno_test_ctl_run_json (ctl, 0, "tables", "history", id, NULL);
  g_autofree char *change = first_id (history, "changes");
  g_autoptr(DynoJson) diff = dyno_test_ctl_run_json (ctl, 0, "tables", "diff", id, NULL);
  g_autoptr(DynoJson) restored = NULL;
  g_autoptr(DynoJson) exported = NULL;

  g_assert_cmpstr (
      dyno_json_get_string (dyno_json_element (dyno_json_member (list, "tables"), 0), "vehicle"),
      ==, "Rosa");
  g_assert_cmpint (dyno_json_get_integer (applied, "version", 0), ==, 2);
  g_assert_cmpstr (dyno_json_get_string (applied, "change_id"), ==, change);
  g_assert_cmpint (dyno_json_get_integer (diff, "changed", 0), ==, 5);
  run_refused (ctl, 5, "ALREADY_APPLIED", "apply", "--base", id, "--corrections", percents, NULL);
  restored = dyno_test_ctl_run_json (ctl, 0, "rollback", "--change", change, NULL);
  run_refused (ctl, 5, "already_rolled_back", "rollback", "--change", change, NULL);
  exported = dyno_test_ctl_run_json (ctl, 0, "tables", "export", id, "--format", "csv", "--output",
                                     output, NULL);
  assert_same_files (output, base);
  run_refused (ctl, 4, NULL, "rollback", "--change", "chg_00000000000000000000", NULL);
  run_refused (ctl, 4, NULL, "tables", "show", "tbl_00000000000000000000", NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ctl/tune/files", test_files);
  g_test_add_func ("/ctl/tune/refused", test_refused);
  g_test_add_func ("/ctl/tune/override-and-resample", test_override_and_resample);
  g_test_add_func ("/ctl/tune/resample-mapping", test_resample_mapping);
  g_test_add_func ("/ctl/tune/tampered", test_tampered);
  g_test_add_func ("/ctl/tune/pair", test_pair);
  g_test_add_func ("/ctl/tune/pair-is-whole", test_pair_is_whole);
  g_test_add_func ("/ctl/tune/folder", test_folder);
  g_test_add_func ("/ctl/tune/one-of-a-pair", test_one_of_a_pair);
  g_test_add_func ("/ctl/tune/legacy", test_legacy);
  g_test_add_func ("/ctl/tune/tune-file", test_tune_file);
  g_test_add_func ("/ctl/tune/log-to-tune", test_log_to_tune);
  g_test_add_func ("/ctl/tune/merge-conflict", test_merge_conflict);
  g_test_add_func ("/ctl/tune/store", test_store);

  return g_test_run ();
}
