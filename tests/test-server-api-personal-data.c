/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-test-service.h"

static DynoTestReply *
ask (DynoTestService *f,
     const char      *method,
     const char      *target,
     const char      *body,
     const char      *bearer)
{
  return dyno_test_service_ask (f, method, target, body, "Authorization", bearer, NULL);
}

/* What the job made; it must succeed. (transfer full) */
static char *
wait_for (DynoTestService *f,
          DynoTestReply   *started,
          const char      *bearer)
{
  g_autofree char *path = g_strconcat ("/api/v1/jobs/", dyno_test_reply_text (started, "job_id"), NULL);

  dyno_test_assert_reply (started, 202, NULL);
  while (TRUE)
    {
      g_autoptr(DynoTestReply) job = ask (f, "GET", path, NULL, bearer);
      const char *state = dyno_test_reply_text (job, "state");

      dyno_test_assert_reply (job, 200, NULL);
      g_assert_cmpstr (state, !=, "failed");
      if (g_str_equal (state, "succeeded"))
        return g_strdup (dyno_json_get_string (dyno_json_member (job->json, "result"), "id"));
      g_usleep (10000);
    }
}

/* A zip that only who asked for it can fetch. */
static void
test_export (DynoTestService *f,
             gconstpointer    unused)
{
  g_autofree char *bo = dyno_test_service_add_user (f, "bo", DYNO_ROLE_VIEWER);
  g_autofree char *bearer = dyno_test_service_log_in (f, "bo");
  g_autofree char *admin = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) started = ask (f, "POST", "/api/v1/me/export", NULL, bearer);
  g_autofree char *id = wait_for (f, started, bearer);
  g_autofree char *path = g_strconcat ("/api/v1/me/export/", id, NULL);
  g_autoptr(DynoTestReply) zip = ask (f, "GET", path, NULL, bearer);
  g_autoptr(DynoTestReply) other = ask (f, "GET", path, NULL, admin);

  dyno_test_assert_reply (zip, 200, NULL);
  g_assert_cmpuint (zip->length, >, 100);
  g_assert_cmpint (memcmp (zip->body, "PK\3\4", 4), ==, 0);
  g_assert_nonnull (strstr (dyno_test_reply_header (zip, "Content-Disposition"), "attachment"));
  dyno_test_assert_reply (other, 404, "NOT_FOUND");
}

static void
test_erase_me (DynoTestService *f,
               gconstpointer    unused)
{
  g_autofree char *bo = dyno_test_service_add_user (f, "bo", DYNO_ROLE_VIEWER);
  g_autofree char *bearer = dyno_test_service_log_in (f, "bo");
  g_autoptr(DynoTestReply) wrong
    = ask (f, "DELETE", "/api/v1/me", "{\"password\":\"another one 123\"}", bearer);
  g_autoptr(DynoTestReply) gone
    = ask (f, "DELETE", "/api/v1/me", "{\"password\":\"" DYNO_TEST_PASSWORD "\"}", bearer);
  g_autoptr(DynoTestReply) after = ask (f, "GET", "/api/v1/me", NULL, bearer);

  g_assert_cmpuint (wrong->status, ==, 401);
  dyno_test_assert_reply (gone, 202, NULL);
  g_assert_nonnull (dyno_test_reply_text (gone, "receipt_id"));
  g_assert_cmpuint (after->status, ==, 401);
}

/* By an administrator; the last one stays. */
static void
test_erase_user (DynoTestService *f,
                 gconstpointer    unused)
{
  g_autofree char *bo = dyno_test_service_add_user (f, "bo", DYNO_ROLE_TUNER);
  g_autofree char *theirs = dyno_test_service_log_in (f, "bo");
  g_autofree char *admin = dyno_test_service_log_in (f, "admin");
  g_autofree char *path = g_strconcat ("/api/v1/users/", bo, NULL);
  g_autoptr(DynoTestReply) me = ask (f, "GET", "/api/v1/me", NULL, admin);
  g_autofree char *own = g_strconcat ("/api/v1/users/", dyno_test_reply_text (me, "id"), NULL);
  g_autoptr(DynoTestReply) denied = ask (f, "DELETE", path, NULL, theirs);
  g_autoptr(DynoTestReply) gone = ask (f, "DELETE", path, NULL, admin);
  g_autoptr(DynoTestReply) after = ask (f, "GET", "/api/v1/me", NULL, theirs);
  g_autoptr(DynoTestReply) last = ask (f, "DELETE", own, NULL, admin);

  dyno_test_assert_reply (denied, 403, "AUTHORIZATION_ERROR");
  dyno_test_assert_reply (gone, 202, NULL);
  g_assert_cmpuint (after->status, ==, 401);
  g_assert_cmpuint (last->status, ==, 409);
}

static void
test_customer (DynoTestService *f,
               gconstpointer    unused)
{
  g_autofree char *admin = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) made
    = ask (f, "POST", "/api/v1/customers", "{\"name\":\"Maria Ortiz\",\"phone\":\"555 0100\"}", admin);
  g_autofree char *path = g_strconcat ("/api/v1/customers/", dyno_test_reply_text (made, "id"), NULL);
  g_autofree char *export = g_strconcat (path, "/export", NULL);
  g_autofree char *erase = g_strconcat (path, "/erase", NULL);
  g_autoptr(DynoTestReply) started = ask (f, "POST", export, NULL, admin);
  g_autofree char *id = wait_for (f, started, admin);
  g_autoptr(DynoTestReply) gone = ask (f, "POST", erase, "{\"purge_now\":true}", admin);
  g_autoptr(DynoTestReply) after = ask (f, "GET", path, NULL, admin);

  g_assert_true (g_str_has_prefix (id, "exp_"));
  dyno_test_assert_reply (gone, 202, NULL);
  g_assert_null (after->body != NULL ? strstr (after->body, "Ortiz") : NULL);
}

static void
test_retention (DynoTestService *f,
                gconstpointer    unused)
{
  g_autofree char *admin = dyno_test_service_log_in (f, "admin");
  g_autoptr(DynoTestReply) dry = ask (f, "POST", "/api/v1/privacy/retention/run", "{}", admin);
  g_autoptr(DynoTestReply) real
    = ask (f, "POST", "/api/v1/privacy/retention/run", "{\"dry_run\":false}", admin);

  dyno_test_assert_reply (dry, 200, NULL);
  g_assert_true (dyno_json_get_boolean (dry->json, "dry_run", FALSE));
  dyno_test_assert_reply (real, 200, NULL);
  g_assert_false (dyno_json_get_boolean (real->json, "dry_run", TRUE));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  DYNO_TEST_SERVICE_ADD ("/server/api-personal-data/export", test_export);
  DYNO_TEST_SERVICE_ADD ("/server/api-personal-data/erase-me", test_erase_me);
  DYNO_TEST_SERVICE_ADD ("/server/api-personal-data/erase-user", test_erase_user);
  DYNO_TEST_SERVICE_ADD ("/server/api-personal-data/customer", test_customer);
  DYNO_TEST_SERVICE_ADD ("/server/api-personal-data/retention", test_retention);

  return g_test_run ();
}
