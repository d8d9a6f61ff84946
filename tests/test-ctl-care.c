/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "dyno-test-ctl.h"

/* What looks after a shop: verify, db, config, doctor. */

/* A shop with one imported run; its stored file. (transfer full) */
static char *
add_run (DynoTestCtl *ctl)
{
  g_autofree char *path = g_build_filename (ctl->folder, "log.csv", NULL);
  GString *text = g_string_new ("Time (s),Engine RPM,MAP kPa\n");
  g_autoptr(DynoTestEnd) end = NULL;
  g_autoptr(DynoJson) report = NULL;
  g_autofree char *source = NULL;

  for (int i = 0; i < 100; i++)
    g_string_append_printf (text, "%.2f,%d,80\n", i * 0.05, 3000 + i);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  g_string_free (text, TRUE);
  end = dyno_test_ctl_run (ctl, "import", path, "--json", NULL);
  dyno_test_end_assert (end, 0);
  report = dyno_test_end_json (end);

  return g_build_filename (ctl->data, "source", dyno_json_get_string (report, "run_id"), NULL);
}

/* One byte in the middle, another than it was. */
static void
damage (const char *path,
        double      share)
{
  g_autofree char *bytes = NULL;
  gsize size;

  bytes = dyno_test_read (path, &size);
  bytes[(gsize) ((double) size * share)] ^= 0x55;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
}

static void
test_private_folder (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *source = add_run (ctl);
  GStatBuf status;

  g_assert_cmpint (g_stat (ctl->data, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  g_assert_true (g_file_test (source, G_FILE_TEST_EXISTS));
}

static void
test_other_folder (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *other = g_build_filename (ctl->folder, "other shop", NULL);
  g_autofree char *database = g_build_filename (other, "dynoai.db", NULL);
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (ctl, "--data-dir", other, "runs", "list", NULL);

  dyno_test_end_assert (end, 0);
  g_assert_true (g_file_test (database, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (ctl->data, G_FILE_TEST_EXISTS));
}

/* An imported run is proved by its file; it is no link of the chain of journals. */
static void
test_verify (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *source = add_run (ctl);
  g_autoptr(DynoTestEnd) good = dyno_test_ctl_run (ctl, "verify", "--all", "--json", NULL);
  g_autoptr(DynoTestEnd) one = dyno_test_ctl_run (ctl, "verify", "1", NULL);
  g_autoptr(DynoTestEnd) bad = NULL;
  g_autoptr(DynoTestEnd) text = NULL;
  g_autoptr(DynoJson) verdict = NULL;
  g_autoptr(DynoJson) damaged = NULL;
  g_autofree char *run_id = g_path_get_basename (source);

  dyno_test_end_assert (good, 0);
  verdict = dyno_test_end_json (good);
  g_assert_true (dyno_json_get_boolean (verdict, "ok", FALSE));
  dyno_test_member (verdict, "first_bad", DYNO_JSON_NULL);
  dyno_test_member (verdict, "removed", DYNO_JSON_ARRAY);
  dyno_test_end_assert (one, 0);
  g_assert_nonnull (strstr (one->out, "Unchanged"));

  damage (source, 0.5);
  bad = dyno_test_ctl_run (ctl, "verify", "1", "--json", NULL);
  dyno_test_end_assert (bad, 1);
  g_assert_cmpstr (bad->err, ==, "");
  damaged = dyno_test_end_json (bad);
  g_assert_false (dyno_json_get_boolean (damaged, "ok", TRUE));
  g_assert_cmpstr (dyno_json_get_string (damaged, "first_bad"), ==, run_id);
  text = dyno_test_ctl_run (ctl, "verify", "1", NULL);
  dyno_test_end_assert (text, 1);
  g_assert_nonnull (strstr (text->out, "DAMAGED"));
}

static void
test_db_info (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *source = add_run (ctl);
  g_autoptr(DynoTestEnd) json = dyno_test_ctl_run (ctl, "db", "info", "--json", NULL);
  g_autoptr(DynoTestEnd) text = dyno_test_ctl_run (ctl, "db", "info", NULL);
  g_autoptr(DynoJson) info = NULL;

  dyno_test_end_assert (json, 0);
  info = dyno_test_end_json (json);
  g_assert_cmpint (dyno_json_get_integer (info, "schema", 0), ==,
                   dyno_json_get_integer (info, "schema_known", -1));
  g_assert_cmpint (dyno_json_get_integer (dyno_test_member (info, "tables", DYNO_JSON_OBJECT),
                                          "runs",
                                          0), ==, 1);
  dyno_test_end_assert (text, 0);
  g_assert_nonnull (strstr (text->out, "dynoai.db"));
}

static void
test_db_check (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *source = add_run (ctl);
  g_autofree char *database = g_build_filename (ctl->data, "dynoai.db", NULL);
  g_autoptr(DynoTestEnd) good = dyno_test_ctl_run (ctl, "db", "check", "--json", NULL);
  g_autoptr(DynoTestEnd) bad = NULL;
  g_autoptr(DynoJson) verdict = NULL;
  g_autoptr(DynoJson) damaged = NULL;

  dyno_test_end_assert (good, 0);
  verdict = dyno_test_end_json (good);
  g_assert_true (dyno_json_get_boolean (verdict, "ok", FALSE));
  g_assert_cmpint (dyno_json_get_integer (verdict, "runs", 0), ==, 1);

  g_assert_true (g_file_set_contents (database, "this is no database at all, whatever it was", -1,
                                      NULL));
  bad = dyno_test_ctl_run (ctl, "db", "check", "--json", NULL);
  dyno_test_end_assert (bad, 1);
  damaged = dyno_test_end_json (bad);
  g_assert_false (dyno_json_get_boolean (damaged, "ok", TRUE));
  g_assert_cmpuint (dyno_json_n_elements (dyno_test_member (damaged, "findings", DYNO_JSON_ARRAY)),
                    >,
                    0);
}

/* The copy is a shop of its own, and never written over another. */
static void
test_db_backup (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *source = add_run (ctl);
  g_autofree char *folder = g_build_filename (ctl->folder, "copy", NULL);
  g_autofree char *path = g_build_filename (folder, "dynoai.db", NULL);
  g_autoptr(DynoTestEnd) made = NULL;
  g_autoptr(DynoTestEnd) again = NULL;
  g_autoptr(DynoTestEnd) listed = NULL;
  g_autoptr(DynoJson) document = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  made = dyno_test_ctl_run (ctl, "db", "backup", "--output", path, "--json", NULL);
  dyno_test_end_assert (made, 0);
  document = dyno_test_end_json (made);
  g_assert_cmpstr (dyno_json_get_string (document, "file"), ==, path);
  again = dyno_test_ctl_run (ctl, "db", "backup", "--output", path, NULL);
  dyno_test_end_assert (again, 5);
  listed = dyno_test_ctl_run (ctl, "--data-dir", folder, "runs", "list", NULL);
  dyno_test_end_assert (listed, 0);
  g_assert_nonnull (strstr (listed->out, "log"));
}

/* (transfer full) its path */
static char *
give_master_key (DynoTestCtl *ctl)
{
  char *path = g_build_filename (ctl->folder, "master", NULL);

  g_assert_true (g_file_set_contents_full (
      path, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", -1,
      G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  dyno_test_ctl_set (ctl, "DYNOAI_MASTER_KEY_FILE", path);

  return path;
}

/* What `dynoctl db restore` into that folder says to a code on its standard input. */
static DynoTestEnd *
restore_with (DynoTestCtl *ctl,
              const char  *folder,
              const char  *backup,
              const char  *code)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
      | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = NULL;
  DynoTestEnd *end = g_new0 (DynoTestEnd, 1);

  g_subprocess_launcher_set_environ (launcher, ctl->env);
  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("DYNO_DYNOCTL"), "--data-dir",
                                         folder, "db", "restore", "--file", backup, "--code", NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, code, NULL, &end->out, &end->err, &error));
  end->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;

  return end;
}

static void
test_db_sealed_backup (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *source = add_run (ctl);
  g_autofree char *copy = g_build_filename (ctl->folder, "usb.dynobk", NULL);
  g_autofree char *content = NULL;
  g_autofree char *master = give_master_key (ctl);
  g_autoptr(DynoTestEnd) made = dyno_test_ctl_run (ctl, "db", "backup", "--output", copy, "--json", NULL);
  g_autoptr(DynoTestEnd) again = dyno_test_ctl_run (ctl, "db", "backup", NULL);
  g_autoptr(DynoTestEnd) restored = NULL;
  g_autoptr(DynoTestEnd) nothing = dyno_test_ctl_run (ctl, "db", "restore", NULL);
  g_autoptr(DynoTestEnd) plain = NULL;
  g_autoptr(DynoJson) document = NULL;
  gsize size;

  dyno_test_end_assert (made, 0);
  document = dyno_test_end_json (made);
  g_assert_cmpstr (dyno_json_get_string (document, "file"), ==, copy);
  g_assert_cmpuint (strlen (dyno_json_get_string (document, "recovery_code")), ==, 26);
  g_assert_cmpint (dyno_json_get_integer (dyno_json_member (document, "backup"), "schema", 0), ==, 6);
  content = dyno_test_read (copy, &size);
  g_assert_true (g_str_has_prefix (content, "DYNOBK1\n"));

  /* The code is shown once. */
  dyno_test_end_assert (again, 0);
  g_assert_nonnull (strstr (again->out, "/backups/dynoai-"));
  g_assert_null (strstr (again->out, "ecovery code"));
  dyno_test_end_assert (nothing, 2);
  restored = dyno_test_ctl_run (ctl, "db", "restore", "--file", copy, "--json", NULL);
  dyno_test_end_assert (restored, 0);
  plain = dyno_test_ctl_run (ctl, "runs", "list", NULL);
  dyno_test_end_assert (plain, 0);
  g_assert_nonnull (strstr (plain->out, "log"));
}

/* Case 38 of service.md 11.3, as a person does it. */
static void
test_db_restore_elsewhere (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *source = add_run (ctl);
  g_autofree char *copy = g_build_filename (ctl->folder, "usb.dynobk", NULL);
  g_autofree char *folder = g_build_filename (ctl->folder, "new", NULL);
  g_autofree char *master = give_master_key (ctl);
  g_autoptr(DynoTestEnd) made = dyno_test_ctl_run (ctl, "db", "backup", "--output", copy, "--json", NULL);
  g_autoptr(DynoJson) document = dyno_test_end_json (made);
  const char *code = dyno_json_get_string (document, "recovery_code");
  g_autofree char *typed = g_strdup_printf ("%.5s-%s\n", code, code + 5);
  g_autoptr(DynoTestEnd) wrong = NULL;
  g_autoptr(DynoTestEnd) empty = NULL;
  g_autoptr(DynoTestEnd) restored = NULL;
  g_autoptr(DynoTestEnd) listed = NULL;

  g_assert_cmpint (g_unlink (master), ==, 0);
  wrong = restore_with (ctl, folder, copy, "00000000000000000000000000\n");
  dyno_test_end_assert (wrong, 6);
  empty = restore_with (ctl, folder, copy, "");
  dyno_test_end_assert (empty, 2);
  restored = restore_with (ctl, folder, copy, typed);
  dyno_test_end_assert (restored, 0);
  g_assert_true (g_file_test (master, G_FILE_TEST_EXISTS));
  listed = dyno_test_ctl_run (ctl, "--data-dir", folder, "runs", "list", NULL);
  dyno_test_end_assert (listed, 0);
  g_assert_nonnull (strstr (listed->out, "log"));
}

static void
test_db_migrate (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *source = add_run (ctl);
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (ctl, "db", "migrate", "--json", NULL);
  g_autoptr(DynoJson) document = NULL;

  dyno_test_end_assert (end, 0);
  document = dyno_test_end_json (end);
  g_assert_cmpint (dyno_json_get_integer (document, "steps", -1), ==, 0);
  g_assert_cmpint (dyno_json_get_integer (document, "schema", -1), ==, 6);
}

static char *
setting (DynoTestCtl *ctl,
         const char  *key,
         const char  *member)
{
  g_autoptr(DynoTestEnd) end = dyno_test_ctl_run (ctl, "config", "get", key, "--json", NULL);
  g_autoptr(DynoJson) row = NULL;

  dyno_test_end_assert (end, 0);
  row = dyno_test_end_json (end);

  return g_strdup (dyno_json_get_string (row, member));
}

static void
assert_setting (DynoTestCtl *ctl,
                const char  *key,
                const char  *value,
                const char  *origin)
{
  g_autofree char *is = setting (ctl, key, "value");
  g_autofree char *from = setting (ctl, key, "origin");

  g_assert_cmpstr (is, ==, value);
  g_assert_cmpstr (from, ==, origin);
}

/* default < file < environment < window */
static void
test_config (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *file = g_build_filename (ctl->folder, "config", "dynoai", "dynoai.conf", NULL);
  g_autofree char *folder = g_path_get_dirname (file);
  g_autoptr(DynoTestEnd) set = NULL;
  g_autoptr(DynoTestEnd) unset = NULL;
  g_autoptr(DynoTestEnd) text = NULL;

  assert_setting (ctl, "ui.units", "metric", "default");
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "[ui]\nunits=us\n", -1, NULL));
  assert_setting (ctl, "ui.units", "us", "file");
  dyno_test_ctl_set (ctl, "DYNOAI_UI_UNITS", "european");
  assert_setting (ctl, "ui.units", "european", "environment");
  ctl->env = g_environ_unsetenv (ctl->env, "DYNOAI_UI_UNITS");
  set = dyno_test_ctl_run (ctl, "config", "set", "ui.units", "metric", NULL);
  dyno_test_end_assert (set, 0);
  assert_setting (ctl, "ui.units", "metric", "window");
  unset = dyno_test_ctl_run (ctl, "config", "set", "ui.units", "--unset", NULL);
  dyno_test_end_assert (unset, 0);
  assert_setting (ctl, "ui.units", "us", "file");
  text = dyno_test_ctl_run (ctl, "config", "get", "ui.units", NULL);
  g_assert_cmpstr (text->out, ==, "us\n");
}

static void
test_config_list (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) json = dyno_test_ctl_run (ctl, "config", "list", "--json", NULL);
  g_autoptr(DynoTestEnd) text = dyno_test_ctl_run (ctl, "config", "list", NULL);
  g_autoptr(DynoJson) document = NULL;
  const DynoJson *settings;

  dyno_test_end_assert (json, 0);
  dyno_test_end_assert (text, 0);
  document = dyno_test_end_json (json);
  settings = dyno_test_member (document, "settings", DYNO_JSON_ARRAY);
  g_assert_cmpuint (dyno_json_n_elements (settings), >, 10);
  for (guint i = 0; i < dyno_json_n_elements (settings); i++)
    {
      const DynoJson *row = dyno_json_element (settings, i);

      dyno_test_member (row, "value", DYNO_JSON_STRING);
      dyno_test_member (row, "origin", DYNO_JSON_STRING);
      g_assert_nonnull (strstr (text->out, dyno_json_get_string (row, "key")));
    }
}

static void
test_config_check (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autofree char *file = g_build_filename (ctl->folder, "bad.conf", NULL);
  g_autoptr(DynoTestEnd) good = dyno_test_ctl_run (ctl, "config", "check", "--json", NULL);
  g_autoptr(DynoTestEnd) bad = NULL;
  g_autoptr(DynoTestEnd) capture = NULL;
  g_autoptr(DynoTestEnd) environment = NULL;

  dyno_test_end_assert (good, 0);
  g_assert_cmpstr (good->out, ==, "{\"ok\":true,\"file\":null,\"warnings\":[]}\n");
  g_assert_true (g_file_set_contents (file, "[capture]\nport=99999\n", -1, NULL));
  bad = dyno_test_ctl_run (ctl, "--config", file, "config", "check", NULL);
  dyno_test_end_assert (bad, 3);
  g_assert_nonnull (strstr (bad->err, "capture.port"));
  g_assert_nonnull (strstr (bad->err, "1 to 65535"));
  capture = dyno_test_ctl_run (ctl, "--config", file, "capture", NULL);
  dyno_test_end_assert (capture, 3);
  dyno_test_ctl_set (ctl, "JETDRIVE_PORT", "many");
  environment = dyno_test_ctl_run (ctl, "config", "check", "--json", NULL);
  dyno_test_end_assert (environment, 3);
  dyno_test_end_assert_body (environment, "config");
}

/* What it prints is a file that it takes. */
static void
test_config_template (void)
{
  static const char *const names[] = { "development", "staging", "production" };
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) unknown = dyno_test_ctl_run (ctl, "config", "template", "mine", NULL);
  g_autofree char *file = g_build_filename (ctl->folder, "own.conf", NULL);

  dyno_test_end_assert (unknown, 4);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(DynoTestEnd) text = dyno_test_ctl_run (ctl, "config", "template", names[i], NULL);
      g_autoptr(DynoTestEnd) check = NULL;

      dyno_test_end_assert (text, 0);
      g_assert_true (g_file_set_contents (file, text->out, -1, NULL));
      check = dyno_test_ctl_run (ctl, "--config", file, "config", "check", NULL);
      dyno_test_end_assert (check, 0);
    }
}

static void
test_doctor (void)
{
  g_autoptr(DynoTestCtl) ctl = dyno_test_ctl_new ();
  g_autoptr(DynoTestEnd) json = dyno_test_ctl_run (ctl, "doctor", "--interface", "lo", "--json",
                                                   NULL);
  g_autoptr(DynoTestEnd) text = dyno_test_ctl_run (ctl, "doctor", "--interface", "lo", NULL);
  g_autoptr(DynoJson) document = NULL;
  const DynoJson *checks;

  dyno_test_end_assert (json, 0);
  dyno_test_end_assert (text, 0);
  document = dyno_test_end_json (json);
  checks = dyno_test_member (document, "checks", DYNO_JSON_ARRAY);
  g_assert_cmpuint (dyno_json_n_elements (checks), >=, 5);
  for (guint i = 0; i < dyno_json_n_elements (checks); i++)
    {
      const DynoJson *check = dyno_json_element (checks, i);

      dyno_test_member (check, "name", DYNO_JSON_STRING);
      g_assert_true (g_regex_match_simple ("^(ok|warn|fail)$",
                                           dyno_json_get_string (check, "status"),
                                           0, 0));
      dyno_test_member (check, "detail", DYNO_JSON_STRING);
      dyno_test_member_or_null (check, "fix", DYNO_JSON_STRING);
    }
  g_assert_nonnull (strstr (text->out, "keyring"));
  g_assert_nonnull (strstr (text->out, "disk"));
  g_assert_nonnull (strstr (text->out, " wrong."));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/folder/private", test_private_folder);
  g_test_add_func ("/ctl/folder/other", test_other_folder);
  g_test_add_func ("/ctl/verify/damage", test_verify);
  g_test_add_func ("/ctl/db/info", test_db_info);
  g_test_add_func ("/ctl/db/check", test_db_check);
  g_test_add_func ("/ctl/db/backup", test_db_backup);
  g_test_add_func ("/ctl/db/migrate", test_db_migrate);
  g_test_add_func ("/ctl/db/restore-elsewhere", test_db_restore_elsewhere);
  g_test_add_func ("/ctl/db/sealed-backup", test_db_sealed_backup);
  g_test_add_func ("/ctl/config/origins", test_config);
  g_test_add_func ("/ctl/config/list", test_config_list);
  g_test_add_func ("/ctl/config/check", test_config_check);
  g_test_add_func ("/ctl/config/template", test_config_template);
  g_test_add_func ("/ctl/doctor", test_doctor);

  return g_test_run ();
}
