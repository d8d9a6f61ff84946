/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-config.h"
#include "dyno-error.h"
#include "dyno-test.h"

#include <math.h>

static const char *const no_env[] = { NULL };

static char *
write_file (const char *folder,
            const char *text)
{
  char *path = g_build_filename (folder, "dynoai.conf", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static void
test_defaults_are_good (void)
{
  g_autoptr(DynoConfig) config = dyno_config_load (NULL, no_env, NULL);

  for (const DynoConfigRow *row = dyno_config_rows (); row->key != NULL; row++)
    {
      g_autofree char *value = dyno_config_dup (config, row->key);
      g_autoptr(GError) error = NULL;

      g_assert_true (dyno_config_check (row->key, value, &error));
      g_assert_no_error (error);
      g_assert_nonnull (strchr (row->key, '.'));
      g_assert_true (g_str_has_suffix (row->meaning, "."));
    }
  g_assert_true (isnan (dyno_config_get_number (config, "dyno.drum1_mass_slugs")));
  g_assert_cmpint (dyno_config_get_integer (config, "capture.port"), ==, 22344);
  g_assert_true (dyno_config_get_boolean (config, "capture.stay_armed"));
}

static void
test_strongest_source_wins (void)
{
  const char *const env[] = { "JETDRIVE_PORT=30001", "LOG_LEVEL=DEBUG", NULL };
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path =
      write_file (folder, "[capture]\nport=30000\nstay_armed=off\n[log]\nlevel=ERROR\n");
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoConfig) config = dyno_config_load (path, env, &error);

  g_assert_no_error (error);
  g_assert_cmpint (dyno_config_get_integer (config, "capture.port"), ==, 30001);
  g_assert_cmpint (dyno_config_get_origin (config, "capture.port"), ==, DYNO_CONFIG_FROM_ENVIRONMENT);
  g_assert_false (dyno_config_get_boolean (config, "capture.stay_armed"));
  g_assert_cmpint (dyno_config_get_origin (config, "capture.stay_armed"), ==, DYNO_CONFIG_FROM_FILE);

  g_assert_true (dyno_config_set (config, "capture.port", "30002", &error));
  g_assert_cmpint (dyno_config_get_integer (config, "capture.port"), ==, 30002);
  g_assert_cmpint (dyno_config_get_origin (config, "capture.port"), ==, DYNO_CONFIG_FROM_WINDOW);
  g_assert_true (dyno_config_set (config, "capture.port", NULL, &error));
  g_assert_cmpint (dyno_config_get_integer (config, "capture.port"), ==, 30001);
  dyno_test_remove_folder (folder);
}

static void
assert_refused (const char *text,
                const char *must_name)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = write_file (folder, text);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoConfig) config = dyno_config_load (path, no_env, &error);

  g_assert_null (config);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "config");
  g_assert_nonnull (strstr (error->message, must_name));
  dyno_test_remove_folder (folder);
}

static void
test_bad_files (void)
{
  assert_refused ("[capture]\nport=0\n", "capture.port");
  assert_refused ("[capture]\nport=22344.5\n", "1 to 65535");
  assert_refused ("[capture]\nport=12x\n", "12x");
  assert_refused ("[capture]\nprt=1\n", "capture.prt");
  assert_refused ("[ui]\nunits=imperial\n", "metric, us, european");
  assert_refused ("[capture]\npassive=maybe\n", "true or false");
  assert_refused ("[capture]\npre_roll_s=nan\n", "0 to 10");
  assert_refused ("[store]\ndata_dir=relative\n", "absolute");
  assert_refused ("port=1\n", "dynoai.conf");
}

static void
test_bad_environment (void)
{
  const char *const env[] = { "JETDRIVE_PORT=99999", NULL };
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_config_load (NULL, env, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
}

static void
test_set_refusals (void)
{
  g_autoptr(DynoConfig) config = dyno_config_load (NULL, no_env, NULL);
  g_autoptr(GError) boot = NULL;
  g_autoptr(GError) unknown = NULL;
  g_autoptr(GError) bad = NULL;

  g_assert_false (dyno_config_set (config, "store.data_dir", "/x", &boot));
  g_assert_error (boot, DYNO_ERROR, DYNO_ERROR_DENIED);
  g_assert_false (dyno_config_set (config, "no.such", "1", &unknown));
  g_assert_error (unknown, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_false (dyno_config_set (config, "ui.smoothing", "6", &bad));
  g_assert_error (bad, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpint (dyno_config_get_integer (config, "ui.smoothing"), ==, 2);
}

static void
test_folders (void)
{
  const char *const xdg[] = { "HOME=/home/a", "XDG_DATA_HOME=/d", NULL };
  const char *const own[] = { "HOME=/home/a", "DYNOAI_DATA_DIR=/bench1", NULL };
  g_autoptr(DynoFolders) by_xdg = dyno_folders_new (NULL, xdg);
  g_autoptr(DynoFolders) by_env = dyno_folders_new (NULL, own);
  g_autoptr(DynoFolders) by_option = dyno_folders_new ("/bench2", own);

  g_assert_cmpstr (by_xdg->data, ==, "/d/dynoai");
  g_assert_cmpstr (by_xdg->config, ==, "/home/a/.config/dynoai");
  g_assert_cmpstr (by_env->config, ==, "/bench1");
  g_assert_cmpstr (by_option->data, ==, "/bench2");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/defaults-are-good", test_defaults_are_good);
  g_test_add_func ("/config/strongest-source-wins", test_strongest_source_wins);
  g_test_add_func ("/config/bad-files", test_bad_files);
  g_test_add_func ("/config/bad-environment", test_bad_environment);
  g_test_add_func ("/config/set-refusals", test_set_refusals);
  g_test_add_func ("/config/folders", test_folders);

  return g_test_run ();
}
