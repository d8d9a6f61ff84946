/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* `dynoctl export`, `verify FILE` and `import FILE.dynorun` as a person types them. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-test-ctl.h"

static char *
write_log (DynoTestCtl *ctl)
{
  g_autoptr(GString) text = g_string_new ("Time (s),RPM,Torque (Nm),AFR\n");
  char *path = g_build_filename (ctl->folder, "pull.csv", NULL);

  for (int i = 0; i <= 120; i++)
    g_string_append_printf (text, "%d.%02d,%d,200.%d,13.%d\n", i / 20, i % 20 * 5, 2000 + i * 30,
                            i % 3, 1 + i % 5);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));

  return path;
}

/* Exports and answers the document that it prints. */
static DynoJson *
export_json (DynoTestCtl *ctl,
             const char  *what,
             const char  *format,
             const char  *output)
{
  g_autoptr(DynoTestEnd) end
    = dyno_test_ctl_run (ctl, "export", what, "--format", format, "--output", output, "--json",
                         NULL);

  dyno_test_end_assert (end, 0);

  return dyno_test_end_json (end);
}

static void
test_file_is_what_is_said (void)
{
  static const char *const formats[]
    = { "csv", "json", "text", "png", "svg", "pdf", "archive" };
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = write_log (ctl);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr(DynoJson) json = export_json (ctl, log, formats[i], ctl->folder);
      const char *path = dyno_json_get_string (json, "file");
      gsize size;
      g_autofree char *bytes = dyno_test_read (path, &size);
      g_autofree char *sum = dyno_crypt_sha256_hex (bytes, size);

      g_assert_cmpstr (dyno_json_get_string (json, "sha256"), ==, sum);
    }
}

static void
test_archive_into_the_book (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = write_log (ctl);
  g_autofree char *path = g_build_filename (ctl->folder, "run.dynorun", NULL);
  g_autofree char *again = g_build_filename (ctl->folder, "again.dynorun", NULL);
  g_autoptr(DynoTestEnd) imported = NULL;
  g_autoptr(DynoTestEnd) verified = NULL;
  g_autoptr(DynoTestEnd) exported = NULL;
  g_autoptr(DynoTestEnd) damaged = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  imported = dyno_test_ctl_run (ctl, "import", log, NULL);
  dyno_test_end_assert (imported, 0);
  exported = dyno_test_ctl_run (ctl, "export", "1", "-o", path, NULL);
  dyno_test_end_assert (exported, 0);
  verified = dyno_test_ctl_run (ctl, "verify", path, NULL);
  dyno_test_end_assert (verified, 0);
  g_clear_pointer (&imported, dyno_test_end_free);
  imported = dyno_test_ctl_run (ctl, "import", path, "--as-new", "--json", NULL);
  dyno_test_end_assert (imported, 0);
  {
    g_autoptr(DynoJson) json = dyno_test_end_json (imported);

    g_assert_cmpstr (dyno_json_get_string (json, "dialect"), ==, "dynorun");
    g_assert_true (dyno_crypt_is_id (dyno_json_get_string (json, "run_id"), "run"));
  }

  bytes = dyno_test_read (path, &size);
  bytes[size / 2] ^= 4;
  g_assert_true (g_file_set_contents (again, bytes, (gssize) size, NULL));
  damaged = dyno_test_ctl_run (ctl, "verify", again, "--json", NULL);
  dyno_test_end_assert (damaged, 1);
  {
    g_autoptr(DynoJson) json = dyno_test_end_json (damaged);

    g_assert_false (dyno_json_get_boolean (json, "ok", TRUE));
    g_assert_nonnull (dyno_json_get_string (json, "first_bad"));
  }
  g_clear_pointer (&damaged, dyno_test_end_free);
  damaged = dyno_test_ctl_run (ctl, "import", again, "--json", NULL);
  dyno_test_end_assert (damaged, 3);
}

/* A log that says no date: its archive is the same run the second time, too. */
static void
test_undated_archive_is_known_again (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = write_log (ctl);
  g_autofree char *path = g_build_filename (ctl->folder, "run.dynorun", NULL);
  g_autoptr(DynoTestEnd) exported = dyno_test_ctl_run (ctl, "export", log, "-o", path, NULL);

  dyno_test_end_assert (exported, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(DynoTestEnd) imported = dyno_test_ctl_run (ctl, "import", path, NULL);

      dyno_test_end_assert (imported, 0);
      g_assert_cmpint (strstr (imported->out, "is there already") != NULL, ==, i == 1);
    }
}

/* One cell of many has readings: the correction goes out when the others are said to
 * stay as they are, and a tune it is not. */
static void
test_correction_as_pvv (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = dyno_test_ctl_write_log (ctl, "log.csv", 14.0, 400);
  g_autofree char *path = g_build_filename (ctl->folder, "correction.pvv", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr(DynoTestEnd) refused
    = dyno_test_ctl_run (ctl, "export", log, "--output", path, "--json", NULL);

  dyno_test_end_assert (refused, 3);
  dyno_test_end_assert_body (refused, "export_holes");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(DynoTestEnd) end
        = dyno_test_ctl_run (ctl, "export", log, "--output", path, "--fill", "neutral", NULL);

      dyno_test_end_assert (end, 0);
      g_free (second);
      second = g_steal_pointer (&first);
      first = dyno_test_read (path, NULL);
    }
  g_assert_cmpstr (first, ==, second);
  g_assert_true (g_str_has_prefix (first, "<PVV>\n  <!-- This is no tune"));
  g_assert_nonnull (strstr (first, "<Item name=\"Sample Count\" units=\"Samples\">"));
}

static void
assert_usage (DynoTestCtl *ctl,
              const char  *log,
              const char  *option,
              const char  *value)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (ctl, "export", log, option, value, NULL);

  dyno_test_end_assert (end, 2);
}

static void
test_wrong_words_are_usage (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *log = write_log (ctl);
  g_autoptr(DynoTestEnd) unknown = NULL;
  g_autoptr(DynoTestEnd) over = NULL;

  assert_usage (ctl, log, "--format", "xls");
  assert_usage (ctl, log, "--rate", "0");
  assert_usage (ctl, log, "--rate", "fast");
  assert_usage (ctl, log, "--decimals", "12");
  assert_usage (ctl, log, "--units", "imperial");
  assert_usage (ctl, log, "--scale", "9");
  assert_usage (ctl, log, "--fill", "zero");
  unknown = dyno_test_ctl_run (ctl, "export", log, "--format", "png", "--chart", "knock", NULL);
  dyno_test_end_assert (unknown, 4);
  over = dyno_test_ctl_run (ctl, "export", log, "--output", log, NULL);
  dyno_test_end_assert (over, 3);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ctl/export/formats", test_file_is_what_is_said);
  g_test_add_func ("/ctl/export/archive", test_archive_into_the_book);
  g_test_add_func ("/ctl/export/undated", test_undated_archive_is_known_again);
  g_test_add_func ("/ctl/export/pvv", test_correction_as_pvv);
  g_test_add_func ("/ctl/export/usage", test_wrong_words_are_usage);

  return g_test_run ();
}
