/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-log.h"
#include "dyno-metrics.h"
#include "dyno-test-service.h"

/* Forty secrets are sent through every route that takes one, good ones are made and used;
 * none of them is found afterwards: not in an error, the log, the metrics, or any file
 * of the data folder (database, journal and audit with it). */

#define N_SECRETS 40

typedef struct
{
  DynoTestService *f;
  GPtrArray       *secrets; /* (owned) of utf8 */
  char            *bearer;  /* (owned) of somebody who is logged in */
} Plant;

static char *
new_secret (guint i)
{
  return g_strdup_printf ("Vq%02uzKt8Wx%02uJr5Mh%02u", i, 97 - i, i);
}

/* In the body, where that has %s. Nothing of it is in what the client is told. */
static void
send (Plant      *plant,
      const char *secret,
      const char *target,
      const char *body,
      const char *header,
      const char *value)
{
  g_autofree char *path = g_strconcat ("/api/v1", target, NULL);
  g_auto(GStrv) parts = g_strsplit (body, "%s", -1);
  g_autofree char *text = g_strjoinv (secret, parts);
  g_autoptr(DynoTestReply) reply
    = dyno_test_service_ask (plant->f, "POST", path, text, header, value, NULL);

  g_assert_cmpuint (reply->status, >=, 400);
  g_assert_cmpuint (reply->status, <, 500);
  if (strstr (reply->body, secret) != NULL)
    g_error ("%s tells a secret: %s", target, reply->body);
}

static void
send_everywhere (Plant      *plant,
                 const char *secret)
{
  static const struct
  {
    const char *target;
    const char *body;
  } rows[] = {
    { "/auth/login", "{\"email\":\"admin@shop.example\",\"password\":\"%s\"}" },
    { "/auth/login", "{\"email\":\"a\",\"password\":\"%s\"}" },
    { "/auth/login", "{\"email\":\"admin@shop.example\",\"passwort\":\"%s\"}" },
    { "/auth/login", "{\"email\":\"admin@shop.example\",\"password\":\"%s\"" },
    { "/auth/register", "{\"email\":\"x@shop.example\",\"password\":\"%s\","
                        "\"display_name\":\"X\",\"invite_code\":\"%s\"}" },
    { "/auth/refresh", "{\"refresh_token\":\"dynort_%s\"}" },
    { "/auth/refresh", "{\"refresh_token\":\"eyJ%s.a.b\"}" },
    { "/auth/password", "{\"email\":\"admin@shop.example\",\"reset_code\":\"%s\","
                        "\"new_password\":\"%s\"}" },
    { "/pair", "{\"code\":\"%s\",\"name\":\"Tablet\"}" },
  };
  g_autofree char *key = g_strconcat ("dynoai_", secret, NULL);
  g_autofree char *token = g_strdup_printf ("Bearer eyJhbGciOiJSUzI1NiJ9.%s.%s", secret, secret);
  g_autofree char *basic = g_strconcat ("Basic ", secret, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    send (plant, secret, rows[i].target, rows[i].body, NULL, NULL);
  send (plant, secret, "/auth/reauth", "{\"password\":\"%s\"}", "Authorization", plant->bearer);
  send (plant, secret, "/auth/password",
        "{\"current_password\":\"%s\",\"new_password\":\"%s\"}", "Authorization", plant->bearer);
  send (plant, secret, "/auth/logout", "{}", "X-API-Key", key);
  send (plant, secret, "/auth/logout", "{}", "Authorization", token);
  send (plant, secret, "/auth/logout", "{}", "Authorization", basic);
}

/* Secrets that are good: each is made, used, and looked for. */
static void
make_good (Plant *plant)
{
  DynoTestService *f = plant->f;
  g_autoptr(DynoTestReply) login = dyno_test_service_login (f, "admin");
  g_autofree char *bearer = dyno_test_service_bearer (login);
  g_autofree char *key = dyno_test_service_make_key (f, bearer, "runs:read");
  g_autofree char *refresh = g_strdup_printf ("{\"refresh_token\":\"%s\"}",
                                              dyno_test_reply_text (login, "refresh_token"));
  g_autoptr(DynoTestReply) next
    = dyno_test_service_ask (f, "POST", "/api/v1/auth/refresh", refresh, NULL);
  g_autoptr(DynoTestReply) me
    = dyno_test_service_ask (f, "GET", "/api/v1/me", NULL, "X-API-Key", key, NULL);
  g_autoptr(DynoTestReply) invitation
    = dyno_test_service_ask (f, "POST", "/api/v1/users/invitations", "{\"role\":\"viewer\"}",
                             "Authorization", bearer, NULL);
  const char *const good[] = { DYNO_TEST_PASSWORD, key + strlen ("dynoai_") + 4,
                               dyno_test_reply_text (login, "refresh_token"),
                               dyno_test_reply_text (next, "refresh_token"),
                               dyno_test_reply_text (login, "access_token"),
                               dyno_test_reply_text (invitation, "invite_code") };

  dyno_test_assert_reply (next, 200, NULL);
  dyno_test_assert_reply (me, 200, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_nonnull (good[i]);
      g_ptr_array_add (plant->secrets, g_strdup (good[i]));
    }
}

/* Looking for them */

static void
search (Plant      *plant,
        const char *where,
        const char *text,
        gsize       length)
{
  for (guint i = 0; i < plant->secrets->len; i++)
    {
      const char *secret = g_ptr_array_index (plant->secrets, i);

      if (memmem (text, length, secret, strlen (secret)) != NULL)
        g_error ("%s holds secret %u, %s", where, i, secret);
    }
}

static guint
search_folder (Plant      *plant,
               const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      gsize length;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        n += search_folder (plant, path);
      else if (g_file_get_contents (path, &text, &length, NULL))
        {
          search (plant, path, text, length);
          n++;
        }
    }

  return n;
}

static void
search_everything (Plant *plant)
{
  g_autofree char *metrics = dyno_metrics_print (DYNO_METRICS_TEXT);
  g_autofree char *log = g_build_filename (plant->f->shop.folder, "log", "dynoai.log", NULL);
  g_autofree char *lines = NULL;

  search (plant, "The metrics", metrics, strlen (metrics));
  g_assert_nonnull (strstr (metrics, "dynoai_auth_attempts_total{kind=\"password\""));
  dyno_log_flush ();
  g_assert_true (g_file_get_contents (log, &lines, NULL, NULL));
  g_assert_nonnull (strstr (lines, "/api/v1/auth/login"));
  g_assert_cmpuint (search_folder (plant, plant->f->shop.folder), >=, 3);
}

static void
begin_log (DynoTestService *f)
{
  g_autofree char *folder = g_build_filename (f->shop.folder, "log", NULL);
  const DynoLogFile file = { .folder = folder, .level = G_LOG_LEVEL_INFO };
  g_autoptr(GError) error = NULL;

  dyno_log_install (G_LOG_LEVEL_INFO, DYNO_LOG_TEXT);
  g_assert_true (dyno_log_begin_file (&file, &error));
  g_assert_no_error (error);
}

static void
test_secrets (DynoTestService *f,
              gconstpointer    unused)
{
  g_autofree char *id = dyno_test_service_add_user (f, "bo", DYNO_ROLE_VIEWER);
  Plant plant = { f, g_ptr_array_new_with_free_func (g_free), NULL };

  begin_log (f);
  make_good (&plant);
  plant.bearer = dyno_test_service_log_in (f, "bo");
  for (guint i = 0; i < N_SECRETS; i++)
    {
      g_ptr_array_add (plant.secrets, new_secret (i));
      send_everywhere (&plant, g_ptr_array_index (plant.secrets, plant.secrets->len - 1));
    }
  search_everything (&plant);
  dyno_test_service_stop (f);
  search_everything (&plant);
  dyno_log_end_file ();
  g_free (plant.bearer);
  g_ptr_array_unref (plant.secrets);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  DYNO_TEST_SERVICE_ADD ("/server/api-secrets/secrets", test_secrets);

  return g_test_run ();
}
