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

static DynoConfig *
load_with (const char  *variable,
           GError     **error)
{
  const char *const env[] = { variable, NULL };

  return dyno_config_load (NULL, env, error);
}

/* Each must be refused, and the sentence name the key. */
static void
test_forms (void)
{
  static const char *const bad[][2] = {
    { "DYNOAI_HOST=", NULL },
    { "DYNOAI_HOST=127.0.0.1,bench", "server.host" },
    { "DYNOAI_CORS_ORIGINS=*", "server.cors_origins" },
    { "DYNOAI_CORS_ORIGINS=https://a.example/", "server.cors_origins" },
    { "DYNOAI_ALLOWED_HOSTS=a b", "server.allowed_hosts" },
    { "TRUST_PROXY=10.0.0.0/33", "server.trust_proxy" },
    { "RATE_LIMIT_DEFAULT=60/second", "limit.default" },
    { "RATE_LIMIT_DEFAULT=60/minute;6/minute", "limit.default" },
    { "RATE_LIMIT_STORAGE=redis://x", "limit.storage" },
    { "DATABASE_URL=postgresql://x/y", "store.url" },
    { "DATABASE_URL=sqlite:///dynoai.db", "store.url" },
    { "API_KEYS_SCOPES=runs:*", "auth.keys_scopes" },
    { "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318", "trace.endpoint" },
    { "JETDRIVE_MCAST_GROUP=10.0.0.1", "capture.group" },
    { "DYNOAI_SMOOTH_PASSES=9", "analysis.smooth_passes" },
    { "DYNOAI_AFR_MIN=30", "analysis.mix_window" },
    { "MAX_CONTENT_LENGTH=64M", "server.max_upload_mb" },
    { "DYNOAI_UI_LOCALE=Deutsch", "ui.locale" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoConfig) config = load_with (bad[i][0], &error);

      if (bad[i][1] == NULL) /* an empty variable is none */
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_null (config);
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, bad[i][1]));
    }
}

static void
test_good_forms (void)
{
  const char *const env[] = {
    "DYNOAI_HOST=127.0.0.1, ::1 ,0.0.0.0",
    "DYNOAI_CORS_ORIGINS=https://a.example,http://10.0.0.5:8080",
    "DYNOAI_ALLOWED_HOSTS=bench.shop.example,dyno:5443,[fe80::1]:5443",
    "TRUST_PROXY=10.0.0.0/8,fd00::/8",
    "RATE_LIMIT_DEFAULT=30/minute;500/hour",
    "DATABASE_URL=sqlite:////srv/dyno/dynoai.db",
    "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318",
    "DYNOAI_SMOOTH_PASSES=3",
    "DYNOAI_AFR_MIN=11",
    "MAX_CONTENT_LENGTH=16777217",
    NULL,
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoConfig) config = dyno_config_load (NULL, env, &error);
  g_auto(GStrv) hosts = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *window = NULL;

  g_assert_no_error (error);
  hosts = dyno_config_dup_list (config, "server.host");
  g_assert_cmpuint (g_strv_length (hosts), ==, 3);
  g_assert_cmpstr (hosts[1], ==, "::1");
  folder = dyno_config_dup_data_dir (config);
  g_assert_cmpstr (folder, ==, "/srv/dyno");
  window = dyno_config_dup (config, "analysis.mix_window");
  g_assert_cmpstr (window, ==, "[11,18]");
  g_assert_cmpint (dyno_config_get_integer (config, "server.max_upload_mb"), ==, 17);
}

static void
test_secrets_stay_hidden (void)
{
  static const char short_one[] = "API_KEYS=abcdefghijklmnopqrstuvwxyzABCDEF,tooShortToBeAKey";
  static const char good[] = "API_KEYS=abcdefghijklmnopqrstuvwxyzABCDEF";
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoConfig) refused = load_with (short_one, &error);
  g_autoptr(DynoConfig) config = load_with (good, NULL);
  g_autofree char *shown = dyno_config_dup_shown (config, "auth.keys");
  g_autofree char *real = dyno_config_dup (config, "auth.keys");

  g_assert_null (refused);
  g_assert_nonnull (strstr (error->message, "entry 2"));
  g_assert_null (strstr (error->message, "tooShort"));
  g_assert_null (strstr (error->message, "abcdef"));
  g_assert_cmpstr (shown, ==, "[secret]");
  g_assert_cmpstr (real, ==, good + strlen ("API_KEYS="));
}

/* Without asking who is there the service stays on this machine. */
static void
test_together (void)
{
  static const char *const open_ones[] = { "API_AUTH_ENABLED=false", "RATE_LIMIT_ENABLED=false",
                                           "DYNOAI_REGISTRATION=open" };

  for (gsize i = 0; i < G_N_ELEMENTS (open_ones); i++)
    {
      const char *const lan[] = { open_ones[i], "DYNOAI_HOST=127.0.0.1,192.168.1.5", NULL };
      g_autoptr(GError) error = NULL;
      g_autoptr(GError) later = NULL;
      g_autoptr(DynoConfig) refused = dyno_config_load (NULL, lan, &error);
      g_autoptr(DynoConfig) alone = load_with (open_ones[i], NULL);
      g_autofree char *host = NULL;

      g_assert_null (refused);
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "server.host"));
      g_assert_nonnull (alone);
      g_assert_false (dyno_config_set (alone, "server.host", "0.0.0.0", &later));
      g_assert_error (later, DYNO_ERROR, DYNO_ERROR_INVALID);
      host = dyno_config_dup (alone, "server.host");
      g_assert_cmpstr (host, ==, "127.0.0.1,::1");
    }
}

static void
test_idle_names (void)
{
  const char *const env[] = { "SECRET_KEY=x", "FEATURE_X=1", "JETSTREAM_STUB=1", "PATH=/bin",
                              "JETSTREAM_ENABLED=false", NULL };
  g_autoptr(DynoConfig) config = dyno_config_load (NULL, env, NULL);
  GPtrArray *warnings = dyno_config_get_warnings (config);

  g_assert_cmpuint (warnings->len, ==, 3);
  g_assert_nonnull (strstr (g_ptr_array_index (warnings, 0), "SECRET_KEY"));
  g_assert_null (strstr (g_ptr_array_index (warnings, 0), "x "));
}

static void
test_templates (void)
{
  static const char *const names[] = { "development", "staging", "production" };

  g_assert_null (dyno_config_template ("test"));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *folder = dyno_test_make_folder ();
      g_autofree char *text = dyno_config_template (names[i]);
      g_autofree char *path = write_file (folder, text);
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoConfig) config = dyno_config_load (path, no_env, &error);
      g_autofree char *environment = NULL;

      g_assert_no_error (error);
      environment = dyno_config_dup (config, "server.environment");
      g_assert_cmpstr (environment, ==, names[i]);
      for (const DynoConfigRow *row = dyno_config_rows (); row->key != NULL; row++)
        {
          g_autofree char *line = g_strdup_printf ("%s=", strchr (row->key, '.') + 1);

          g_assert_nonnull (strstr (text, line));
          g_assert_nonnull (strstr (text, row->meaning));
        }
      dyno_test_remove_folder (folder);
    }
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
  g_test_add_func ("/config/forms", test_forms);
  g_test_add_func ("/config/good-forms", test_good_forms);
  g_test_add_func ("/config/secrets-stay-hidden", test_secrets_stay_hidden);
  g_test_add_func ("/config/together", test_together);
  g_test_add_func ("/config/idle-names", test_idle_names);
  g_test_add_func ("/config/templates", test_templates);
  g_test_add_func ("/config/set-refusals", test_set_refusals);
  g_test_add_func ("/config/folders", test_folders);

  return g_test_run ();
}
