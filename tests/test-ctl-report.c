/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-test-ctl.h"
#include "dyno-test.h"

/* The sheet for the customer, by the program. */

#define WINPEP "logs/wrl-dyno-check/134power.csv"
#define OTHER_WINPEP "logs/wrl-dyno-check/RunFile_40.csv"

static char *
file_sum (const char *path)
{
  g_autofree char *data = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  g_assert_cmpint (memcmp (data, "%PDF-1.4", 8), ==, 0);

  return dyno_crypt_sha256_hex (data, length);
}

/* What is told is what was written. */
static void
assert_told (const DynoTestEnd *end,
             const char        *path)
{
  g_autoptr(DynoJson) json = dyno_test_end_json (end);
  g_autofree char *sum = file_sum (path);

  g_assert_cmpstr (dyno_json_get_string (json, "file"), ==, path);
  g_assert_cmpstr (dyno_json_get_string (json, "sha256"), ==, sum);
  g_assert_cmpint (dyno_json_get_integer (json, "pages", 0), >=, 1);
}

static void
test_logs (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = dyno_test_shared_file (WINPEP);
  g_autofree char *other = dyno_test_shared_file (OTHER_WINPEP);
  g_autofree char *one = g_build_filename (ctl->folder, "one.pdf", NULL);
  g_autofree char *two = g_build_filename (ctl->folder, "two.pdf", NULL);
  g_autofree char *sum_one = NULL;
  g_autofree char *sum_two = NULL;
  g_autoptr(DynoTestEnd) first = NULL;
  g_autoptr(DynoTestEnd) second = NULL;

  if (log == NULL || other == NULL)
    return;
  first = dyno_test_ctl_run (ctl, "--json", "report", log, "--baseline", other, "-o", one, NULL);
  dyno_test_end_assert (first, 0);
  assert_told (first, one);
  second = dyno_test_ctl_run (ctl, "report", log, "--baseline", other, "-o", two, NULL);
  dyno_test_end_assert (second, 0);
  sum_one = file_sum (one);
  sum_two = file_sum (two);
  g_assert_cmpstr (sum_one, ==, sum_two);
}

/* "power" of a subject as the program prints it. */
static char *
power_of (DynoTestCtl *ctl,
          const char  *subject)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (ctl, "--json", "power", subject, NULL);

  dyno_test_end_assert (end, 0);

  return g_steal_pointer (&end->out);
}

/* The run inside is the run: in another shop it gives the same curve. */
static void
test_reopened (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestCtl) elsewhere = dyno_test_ctl_new ();
  g_autofree char *run = dyno_test_ctl_import (ctl, WINPEP);
  g_autofree char *path = g_build_filename (ctl->folder, "sheet.pdf", NULL);
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;
  g_autofree char *inside = NULL;
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(DynoTestEnd) import = NULL;
  g_autoptr(DynoTestEnd) again = NULL;

  if (run == NULL)
    return;
  end = dyno_test_ctl_run (ctl, "report", run, "-o", path, NULL);
  dyno_test_end_assert (end, 0);
  import = dyno_test_ctl_run (elsewhere, "import", path, NULL);
  dyno_test_end_assert (import, 0);
  again = dyno_test_ctl_run (elsewhere, "import", path, NULL);
  dyno_test_end_assert (again, 0);
  here = power_of (ctl, run);
  there = power_of (elsewhere, run);
  inside = power_of (elsewhere, path);
  g_assert_cmpstr (here, ==, there);
  g_assert_cmpstr (here, ==, inside);
}

static void
assert_verified (DynoTestCtl *ctl,
                 const char  *path,
                 gboolean     is_good)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (ctl, "--json", "verify", path, NULL);
  g_autoptr(DynoJson) json = NULL;

  dyno_test_end_assert (end, is_good ? 0 : 1);
  json = dyno_test_end_json (end);
  g_assert_cmpint (dyno_json_get_boolean (json, "ok", !is_good), ==, is_good);
}

/* A byte of the sheet, of the run inside, of the end. */
static void
test_tampered (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = dyno_test_shared_file (WINPEP);
  g_autofree char *path = g_build_filename (ctl->folder, "sheet.pdf", NULL);
  g_autofree char *data = NULL;
  g_autoptr(DynoTestEnd) end = NULL;
  gsize length;

  if (log == NULL)
    return;
  end = dyno_test_ctl_run (ctl, "report", log, "-o", path, NULL);
  dyno_test_end_assert (end, 0);
  assert_verified (ctl, path, TRUE);
  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  for (gsize i = 1; i < 8; i++)
    {
      gsize at = length * i / 8;

      data[at] ^= 1;
      g_assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
      data[at] ^= 1;
      assert_verified (ctl, path, FALSE);
    }
}

/* Without data there is nothing to import; redacted nothing that names a person. */
static void
test_left_out (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = dyno_test_shared_file (WINPEP);
  g_autofree char *path = g_build_filename (ctl->folder, "sheet.pdf", NULL);
  g_autoptr(DynoTestEnd) bare = NULL;
  g_autoptr(DynoTestEnd) import = NULL;
  g_autoptr(DynoTestEnd) redacted = NULL;

  if (log == NULL)
    return;
  bare = dyno_test_ctl_run (ctl, "report", log, "--no-data", "-o", path, NULL);
  dyno_test_end_assert (bare, 0);
  assert_verified (ctl, path, TRUE);
  import = dyno_test_ctl_run (ctl, "--json", "import", path, NULL);
  dyno_test_end_assert (import, 3);
  dyno_test_end_assert_body (import, "import_format_unsupported");
  redacted = dyno_test_ctl_run (ctl, "report", log, "--redact", "-o", path, NULL);
  dyno_test_end_assert (redacted, 0);
  assert_verified (ctl, path, TRUE);
}

static void
test_stored_run (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *run = dyno_test_ctl_import (ctl, WINPEP);
  g_autofree char *path = g_build_filename (ctl->folder, "sheet.pdf", NULL);
  g_autoptr(DynoTestEnd) end = NULL;

  if (run == NULL)
    return;
  end = dyno_test_ctl_run (ctl, "--json", "report", "1", "--template", "full", "--paper", "letter",
                           "--units", "us", "-o", path, NULL);
  dyno_test_end_assert (end, 0);
  assert_told (end, path);
}

/* The words of a sheet; NULL without the program that reads them. */
static char *
read_words (const char *path)
{
  g_autofree char *program = g_find_program_in_path ("pdftotext");
  g_autoptr(GSubprocess) process = NULL;
  char *text = NULL;

  if (program == NULL)
    {
      g_test_skip ("pdftotext (poppler-utils) is not installed");
      return NULL;
    }
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, program, "-layout", path, "-",
                              NULL);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &text, NULL, NULL));

  return text;
}

static void
assert_words (DynoTestCtl       *ctl,
              const char *const *present,
              const char        *absent)
{
  g_autofree char *path = g_build_filename (ctl->folder, "full.pdf", NULL);
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (ctl, "report", "1", "--template", "full", "-o",
                                                  path, NULL);
  g_autofree char *words = NULL;

  dyno_test_end_assert (end, 0);
  words = read_words (path);
  for (; words != NULL && *present != NULL; present++)
    g_assert_nonnull (strstr (words, *present));
  if (words != NULL && absent != NULL)
    g_assert_null (strstr (words, absent));
}

/* (transfer full) */
static char *
first_id (DynoTestEnd *end,
          const char  *list)
{
  g_autoptr(DynoJson) json = NULL;

  dyno_test_end_assert (end, 0);
  json = dyno_test_end_json (end);

  return g_strdup (dyno_json_get_string (dyno_json_element (dyno_json_member (json, list), 0),
                                         "id"));
}

/* A run whose correction was applied: the table before and after, by how much, when and
 * by whom; taken back, only that it was. 88 + 7 % = 94.2. */
static void
test_changes (void)
{
  static const char *const applied[]
    = { "VE before, version 1", "VE, applied correction", "VE after, version 2", "94.2", "+7.0",
        "applied to VE by the shop, 1 cell, version 1 to 2", NULL };
  static const char *const undone[] = { "applied to VE", "rolled back in VE", NULL };
  static const char *const none[] = { "What the analysis found", NULL };
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = dyno_test_ctl_write_log (ctl, "lean.csv", 14.3, 400);
  g_autofree char *base = g_build_filename (ctl->folder, "ve.csv", NULL);
  g_autoptr(DynoTestEnd) import = dyno_test_ctl_run (ctl, "import", log, NULL);
  g_autoptr(DynoTestEnd) tables = NULL;
  g_autoptr(DynoTestEnd) analysis = NULL;
  g_autoptr(DynoTestEnd) apply = NULL;
  g_autoptr(DynoTestEnd) history = NULL;
  g_autoptr(DynoTestEnd) rollback = NULL;
  g_autoptr(DynoJson) found = NULL;
  g_autofree char *table = NULL;
  g_autofree char *change = NULL;

  dyno_test_end_assert (import, 0);
  assert_words (ctl, none, "Changes to the tune");
  g_assert_true (g_file_set_contents (base, "RPM,60,80\n2000,80.0,82.0\n3000,85.0,88.0\n", -1,
                                      NULL));
  tables = dyno_test_ctl_run (ctl, "--json", "tables", "import", base, NULL);
  table = first_id (tables, "tables");
  analysis = dyno_test_ctl_run (ctl, "--json", "analyze", "1", "--base", table, NULL);
  dyno_test_end_assert (analysis, 0);
  found = dyno_test_end_json (analysis);
  apply = dyno_test_ctl_run (ctl, "apply", "--base", table, "--corrections",
                             dyno_json_get_string (found, "id"), "--cylinder", "front", NULL);
  dyno_test_end_assert (apply, 0);
  assert_words (ctl, applied, NULL);

  history = dyno_test_ctl_run (ctl, "--json", "tables", "history", table, NULL);
  change = first_id (history, "changes");
  rollback = dyno_test_ctl_run (ctl, "rollback", "--change", change, NULL);
  dyno_test_end_assert (rollback, 0);
  assert_words (ctl, undone, "applied correction");
}

static void
test_refused (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = dyno_test_shared_file (WINPEP);
  g_autofree char *nowhere = g_build_filename (ctl->folder, "no", "sheet.pdf", NULL);
  g_autoptr(DynoTestEnd) no_run = dyno_test_ctl_run (ctl, "report", NULL);
  g_autoptr(DynoTestEnd) paper = dyno_test_ctl_run (ctl, "report", "x.csv", "--paper", "a5", NULL);
  g_autoptr(DynoTestEnd) absent = dyno_test_ctl_run (ctl, "report", "absent.csv", NULL);
  g_autoptr(DynoTestEnd) unwritten = NULL;
  g_autoptr(DynoTestEnd) no_logo = NULL;

  dyno_test_end_assert (no_run, 2);
  dyno_test_end_assert (paper, 2);
  dyno_test_end_assert (absent, 4);
  if (log == NULL)
    return;
  unwritten = dyno_test_ctl_run (ctl, "report", log, "-o", nowhere, NULL);
  dyno_test_end_assert (unwritten, 7);
  dyno_test_ctl_set (ctl, "DYNOAI_SHOP_LOGO", "/absent/logo.png");
  no_logo = dyno_test_ctl_run (ctl, "report", log, "-o", nowhere, NULL);
  dyno_test_end_assert (no_logo, 4);
  g_assert_nonnull (strstr (no_logo->err, "/absent/logo.png"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ctl/report/logs", test_logs);
  g_test_add_func ("/ctl/report/stored-run", test_stored_run);
  g_test_add_func ("/ctl/report/reopened", test_reopened);
  g_test_add_func ("/ctl/report/tampered", test_tampered);
  g_test_add_func ("/ctl/report/left-out", test_left_out);
  g_test_add_func ("/ctl/report/changes", test_changes);
  g_test_add_func ("/ctl/report/refused", test_refused);

  return g_test_run ();
}
