/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "dyno-test-ctl.h"
#include "dyno-test.h"

/* `analyze DIR` as a program: all files of a folder, and again. */

#define N_LOGS 5

typedef struct
{
  DynoTestCtl *ctl;    /* (owned) */
  char        *folder; /* (owned) of the logs */
  char        *out;    /* (owned) of the results */
} Fixture;

static void
fixture_set_up (Fixture       *f,
                gconstpointer  unused)
{
  f->ctl = dyno_test_ctl_new ();
  f->folder = g_build_filename (f->ctl->folder, "logs", NULL);
  f->out = g_build_filename (f->ctl->folder, "out", NULL);
  g_assert_cmpint (g_mkdir (f->folder, 0700), ==, 0);
}

static void
fixture_tear_down (Fixture       *f,
                   gconstpointer  unused)
{
  dyno_test_ctl_free (f->ctl);
  g_free (f->folder);
  g_free (f->out);
}

static void
write_logs (Fixture *f,
            guint    n_rows)
{
  for (guint i = 0; i < N_LOGS; i++)
    {
      g_autofree char *name = g_strdup_printf ("logs/%u.csv", i);
      g_autofree char *path = dyno_test_ctl_write_log (f->ctl, name, 12.2 + 0.4 * i, n_rows);
    }
}

static void
write_stray (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->folder, "2.txt", NULL);

  g_assert_true (g_file_set_contents (path, "no log at all\n", -1, NULL));
}

static char *
read_result (const Fixture *f,
             const char    *log,
             const char    *name)
{
  g_autofree char *path = g_build_filename (f->out, log, name, NULL);

  return dyno_test_read (path, NULL);
}

static void
assert_totals (const DynoJson *summary,
               gint64          n_done,
               gint64          n_kept,
               gint64          n_failed)
{
  const DynoJson *totals = dyno_test_member (summary, "totals", DYNO_JSON_OBJECT);

  g_assert_cmpint (dyno_json_get_integer (totals, "done", -1), ==, n_done);
  g_assert_cmpint (dyno_json_get_integer (totals, "kept", -1), ==, n_kept);
  g_assert_cmpint (dyno_json_get_integer (totals, "failed", -1), ==, n_failed);
}

static DynoJson *
analyze (Fixture    *f,
         int         status,
         const char *option,
         const char *value)
{
  g_autoptr(DynoTestEnd) end
    = dyno_test_ctl_run (f->ctl, "analyze", f->folder, "--out", f->out, "--json", option, value,
                         NULL);

  dyno_test_end_assert (end, status);

  return dyno_test_end_json (end);
}

static const char *
get_word (const DynoJson *summary,
          guint           index,
          const char     *member)
{
  const DynoJson *files = dyno_json_member (summary, "files");

  return dyno_json_get_string (dyno_json_element (files, index), member);
}

/* One document for all; a file that is none is told and does not keep the others out. */
static void
test_summary (Fixture       *f,
              gconstpointer  unused)
{
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(DynoJson) summary = NULL;
  const DynoJson *file;

  write_logs (f, 400);
  write_stray (f);
  end = dyno_test_ctl_run (f->ctl, "analyze", f->folder, "--out", f->out, "--json", NULL);
  dyno_test_end_assert (end, 3);
  dyno_test_end_assert_body (end, NULL);
  g_assert_nonnull (strstr (end->err, "2.txt"));
  summary = dyno_test_end_json (end);
  assert_totals (summary, N_LOGS, 0, 1);
  file = dyno_json_element (dyno_json_member (summary, "files"), 0);
  g_assert_cmpstr (dyno_json_get_string (file, "file"), ==, "0.csv");
  g_assert_true (dyno_json_get_boolean (file, "ok", FALSE));
  g_assert_cmpint (dyno_json_get_integer (file, "hits_front", 0), >, 300);
  g_assert_cmpint (dyno_json_get_integer (file, "cells_front", 0), ==, 1);
  g_assert_true (g_str_has_prefix (dyno_json_get_string (file, "fingerprint"), "sha256:"));
  dyno_test_member (file, "warnings", DYNO_JSON_ARRAY);
  dyno_test_member_or_null (file, "peak_power_kw", DYNO_JSON_NUMBER);
  file = dyno_json_element (dyno_json_member (summary, "files"), 2);
  g_assert_cmpstr (dyno_json_get_string (file, "file"), ==, "2.csv");
  file = dyno_json_element (dyno_json_member (summary, "files"), 3);
  g_assert_cmpstr (dyno_json_get_string (file, "state"), ==, "failed");
  g_assert_cmpstr (dyno_json_get_string (dyno_json_member (file, "error"), "reason"), ==,
                   "import_no_data");
}

static void
assert_error_manifest (const Fixture *f,
                       const char    *log,
                       const char    *code)
{
  g_autofree char *text = read_result (f, log, "manifest.json");
  g_autoptr(DynoJson) manifest = dyno_json_parse (text, -1, NULL);

  g_assert_cmpstr (dyno_json_get_string (manifest, "schema"), ==, "org.dynoai.analysis/1");
  g_assert_cmpstr (dyno_json_get_string (manifest, "status"), ==, "error");
  g_assert_cmpstr (dyno_json_get_string (manifest, "stage"), ==, "load");
  g_assert_cmpstr (dyno_json_get_string (manifest, "code"), ==, code);
  g_assert_nonnull (dyno_json_get_string (manifest, "message"));
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (manifest, "outputs")), ==, 0);
}

/* A file that fails says in its folder why; that is no result to be kept, and it takes
 * the place of one of other bytes. */
static void
test_failure (Fixture       *f,
              gconstpointer  unused)
{
  g_autofree char *log = dyno_test_ctl_write_log (f->ctl, "logs/2.txt", 12.6, 400);
  g_autofree char *delta = g_build_filename (f->out, "2.txt", "ve_delta_front.csv", NULL);
  g_autofree char *mended = NULL;
  g_autoptr(DynoJson) first = analyze (f, 0, NULL, NULL);
  g_autoptr(DynoJson) last = NULL;

  g_assert_true (g_file_test (delta, G_FILE_TEST_EXISTS));
  write_stray (f);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(DynoJson) summary = analyze (f, 3, NULL, NULL);

      assert_totals (summary, 0, 0, 1);
      assert_error_manifest (f, "2.txt", "import_no_data");
      g_assert_false (g_file_test (delta, G_FILE_TEST_EXISTS));
    }

  mended = dyno_test_ctl_write_log (f->ctl, "logs/2.txt", 12.6, 400);
  last = analyze (f, 0, NULL, NULL);
  assert_totals (last, 1, 0, 0);
  g_assert_true (g_file_test (delta, G_FILE_TEST_EXISTS));
}

static void
test_jobs (Fixture       *f,
           gconstpointer  unused)
{
  static const char *const jobs[] = { "1", "2", "7" };
  g_autofree char *first = NULL;
  g_autofree char *text = NULL;

  write_logs (f, 400);
  write_stray (f);
  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autoptr(DynoTestEnd) json
        = dyno_test_ctl_run (f->ctl, "analyze", f->folder, "--json", "--jobs", jobs[i], NULL);
      g_autoptr(DynoTestEnd) lines
        = dyno_test_ctl_run (f->ctl, "analyze", f->folder, "--jobs", jobs[i], NULL);

      dyno_test_end_assert (json, 3);
      g_assert_cmpstr (json->out, ==, first != NULL ? first : json->out);
      g_assert_cmpstr (lines->out, ==, text != NULL ? text : lines->out);
      g_free (first);
      g_free (text);
      first = g_strdup (json->out);
      text = g_strdup (lines->out);
    }
  g_assert_nonnull (strstr (text, "6 files: 5 analysed, 0 there already, 1 failed"));
}

/* What is there and right stays; what was touched is made again, with the same bytes. */
static void
test_again (Fixture       *f,
            gconstpointer  unused)
{
  g_autofree char *delta = NULL;
  g_autofree char *mended = NULL;
  g_autofree char *touched = g_build_filename (f->out, "1.csv", "ve_delta_front.csv", NULL);
  g_autofree char *missing = g_build_filename (f->out, "2.csv", "manifest.json", NULL);
  g_autofree char *changed = NULL;
  g_autoptr(DynoJson) first = NULL;
  g_autoptr(DynoJson) second = NULL;
  g_autoptr(DynoJson) third = NULL;

  write_logs (f, 400);
  first = analyze (f, 0, NULL, NULL);
  assert_totals (first, N_LOGS, 0, 0);
  delta = read_result (f, "1.csv", "ve_delta_front.csv");

  second = analyze (f, 0, "--jobs", "1");
  assert_totals (second, 0, N_LOGS, 0);
  for (guint i = 0; i < N_LOGS; i++)
    g_assert_cmpstr (get_word (first, i, "fingerprint"), ==, get_word (second, i, "fingerprint"));

  g_assert_true (g_file_set_contents (touched, "RPM,80\r\n3000,99.00\r\n", -1, NULL));
  g_assert_cmpint (g_unlink (missing), ==, 0);
  changed = dyno_test_ctl_write_log (f->ctl, "logs/3.csv", 13.0, 300);
  third = analyze (f, 0, NULL, NULL);
  assert_totals (third, 3, 2, 0);
  g_assert_cmpstr (get_word (third, 0, "state"), ==, "kept");
  g_assert_cmpstr (get_word (third, 1, "state"), ==, "done");
  g_assert_cmpstr (get_word (third, 3, "state"), ==, "done");
  mended = read_result (f, "1.csv", "ve_delta_front.csv");
  g_assert_cmpstr (mended, ==, delta);
}

/* Other options are other results, those of reading as well. */
static void
test_other_options (Fixture       *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoJson) first = NULL;
  g_autoptr(DynoJson) clamped = NULL;
  g_autoptr(DynoJson) mapped = NULL;
  g_autoptr(DynoJson) again = NULL;

  write_logs (f, 400);
  first = analyze (f, 0, NULL, NULL);
  clamped = analyze (f, 0, "--clamp", "3");
  assert_totals (clamped, N_LOGS, 0, 0);
  mapped = analyze (f, 0, "--map", "AFR Rear=none");
  assert_totals (mapped, N_LOGS, 0, 0);
  again = analyze (f, 0, "--map", "AFR Rear=none");
  assert_totals (again, 0, N_LOGS, 0);
}

static gboolean
has_result (gpointer data)
{
  const Fixture *f = data;
  g_autoptr(GDir) dir = g_dir_open (f->out, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (*name != '.')
        return TRUE;
    }

  return FALSE;
}

static guint
count_results (const Fixture *f)
{
  g_autoptr(GDir) dir = g_dir_open (f->out, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (*name == '.')
        g_error ("%s is half written", name);
      n++;
    }

  return n;
}

/* Ctrl-C leaves what is finished whole, and nothing beside; the next time goes on. */
static void
test_interrupt (Fixture       *f,
                gconstpointer  unused)
{
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(DynoJson) stopped = NULL;
  g_autoptr(DynoJson) again = NULL;
  GSubprocess *process;
  guint n_whole;

  write_logs (f, 60000);
  process = dyno_test_ctl_start (f->ctl, "analyze", f->folder, "--out", f->out, "--jobs", "1",
                                 "--json", NULL);
  dyno_test_wait_for (has_result, f, 60);
  g_subprocess_send_signal (process, SIGINT);
  end = dyno_test_ctl_wait (process);
  n_whole = count_results (f);
  g_assert_cmpuint (n_whole, >=, 1);
  if (n_whole < N_LOGS)
    {
      dyno_test_end_assert (end, 130);
      stopped = dyno_test_end_json (end);
      assert_totals (stopped, n_whole, 0, 0);
    }

  again = analyze (f, 0, NULL, NULL);
  assert_totals (again, N_LOGS - n_whole, n_whole, 0);
}

/* A folder that a killed program left half written is made anew. */
static void
test_killed (Fixture       *f,
             gconstpointer  unused)
{
  g_autofree char *aside = g_build_filename (f->out, ".0.csv.part", NULL);
  g_autofree char *half = g_build_filename (aside, "manifest.json", NULL);
  g_autoptr(DynoJson) summary = NULL;

  write_logs (f, 400);
  g_assert_cmpint (g_mkdir_with_parents (aside, 0700), ==, 0);
  g_assert_true (g_file_set_contents (half, "{", -1, NULL));
  summary = analyze (f, 0, NULL, NULL);
  assert_totals (summary, N_LOGS, 0, 0);
  g_assert_cmpuint (count_results (f), ==, N_LOGS);
}

static void
test_empty (Fixture       *f,
            gconstpointer  unused)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (f->ctl, "analyze", f->folder, NULL);
  g_autoptr(DynoTestEnd) usage = NULL;

  dyno_test_end_assert (end, 4);
  g_assert_nonnull (strstr (end->err, "no files"));
  usage = dyno_test_ctl_run (f->ctl, "analyze", f->folder, "--min-hits", "-1", NULL);
  dyno_test_end_assert (usage, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/ctl/folder/summary", Fixture, NULL, fixture_set_up, test_summary,
              fixture_tear_down);
  g_test_add ("/ctl/folder/failure", Fixture, NULL, fixture_set_up, test_failure,
              fixture_tear_down);
  g_test_add ("/ctl/folder/jobs", Fixture, NULL, fixture_set_up, test_jobs, fixture_tear_down);
  g_test_add ("/ctl/folder/again", Fixture, NULL, fixture_set_up, test_again, fixture_tear_down);
  g_test_add ("/ctl/folder/other-options", Fixture, NULL, fixture_set_up, test_other_options,
              fixture_tear_down);
  g_test_add ("/ctl/folder/interrupt", Fixture, NULL, fixture_set_up, test_interrupt,
              fixture_tear_down);
  g_test_add ("/ctl/folder/killed", Fixture, NULL, fixture_set_up, test_killed, fixture_tear_down);
  g_test_add ("/ctl/folder/empty", Fixture, NULL, fixture_set_up, test_empty, fixture_tear_down);

  return g_test_run ();
}
