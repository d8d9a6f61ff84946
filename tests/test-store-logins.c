/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

#define SECOND_US G_GINT64_CONSTANT (1000000)
#define HOUR_US   (3600 * SECOND_US)
#define DAY_US    (24 * HOUR_US)

static GBytes *
sum_of (const char *text)
{
  guint8 sum[DYNO_SHA256_SIZE];

  dyno_crypt_sha256 (text, strlen (text), sum);

  return g_bytes_new (sum, sizeof sum);
}

static DynoUser *
draft (const char *email,
       const char *role)
{
  DynoUser *user = g_new0 (DynoUser, 1);

  user->role = g_strdup (role);
  user->status = DYNO_USER_ACTIVE;
  user->email = g_strdup (email);
  user->display_name = g_strdup (email);
  user->password = g_strdup ("kept");
  user->per_day = DYNO_USER_PER_DAY;

  return user;
}

static DynoUser *
keep_user (DynoTestStore *f,
           const char    *email,
           const char    *role)
{
  DynoUser *user = dyno_test_verb (f, put_user, NULL, draft (email, role), NULL);

  g_assert_nonnull (user);

  return user;
}

static DynoLoginOpening *
opening_of (const DynoUser *user,
            const char     *token)
{
  DynoLoginOpening *opening = g_new0 (DynoLoginOpening, 1);

  opening->user_id = g_strdup (user->id);
  opening->epoch = user->epoch;
  opening->email = g_strdup (user->email);
  opening->sid = dyno_crypt_new_uuid (DYNO_TEST_STORE_BEGIN_MS);
  opening->token = sum_of (token);
  opening->client_label = g_strdup ("Bay 2");
  opening->ip = g_strdup ("192.0.2.7");
  opening->address = g_strdup ("192.0.2.7");
  opening->user_agent = g_strdup ("tablet");

  return opening;
}

static DynoLoginSession *
open_login (DynoTestStore  *f,
            const DynoUser *user,
            const char     *token)
{
  DynoLoginSession *session = dyno_test_verb (f, open_login, NULL, opening_of (user, token));

  g_assert_nonnull (session);

  return session;
}

static DynoRefreshAnswer *
rotate_from (DynoTestStore *f,
             const char    *token,
             const char    *successor,
             const char    *agent)
{
  DynoRefreshTurn *turn = g_new0 (DynoRefreshTurn, 1);
  DynoRefreshAnswer *answer;

  turn->token = sum_of (token);
  turn->successor = sum_of (successor);
  turn->ip = g_strdup ("192.0.2.7");
  turn->user_agent = g_strdup (agent);
  answer = dyno_test_verb (f, rotate_refresh, NULL, turn);
  g_assert_nonnull (answer);

  return answer;
}

static DynoRefreshOutcome
rotate (DynoTestStore *f,
        const char    *token,
        const char    *successor)
{
  g_autoptr(DynoRefreshAnswer) answer = rotate_from (f, token, successor, "tablet");

  return answer->outcome;
}

/* Users */

static void
test_user (DynoTestStore *f,
           gconstpointer  unused)
{
  g_autoptr(DynoUser) user = keep_user (f, "Ana@Shop.example", "tuner");
  g_autoptr(DynoUser) by_id = dyno_test_verb (f, get_user, NULL, user->id);
  g_autoptr(DynoUser) by_mail = dyno_test_verb (f, find_user, NULL, "ANA@shop.EXAMPLE");
  g_autoptr(DynoUser) nobody = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_crypt_is_id (user->id, "usr"));
  g_assert_cmpstr (by_id->email, ==, "Ana@Shop.example");
  g_assert_cmpstr (by_mail->id, ==, user->id);
  g_assert_cmpint (by_id->epoch, ==, 1);
  g_assert_cmpint (by_id->revision, ==, 1);
  g_assert_cmpuint (by_id->per_day, ==, 10000);
  nobody = dyno_test_verb (f, get_user, &error, "usr_00000000000000000000");
  g_assert_null (nobody);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static void
assert_refused (DynoTestStore *f,
                DynoUser      *user,
                const char    *reason)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_test_verb (f, put_user, &error, user, NULL));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
}

static void
test_unique (DynoTestStore *f,
             gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoUser) bea = keep_user (f, "bea@shop.example", "tuner");
  DynoUser *edit = dyno_user_copy (bea);

  assert_refused (f, draft ("ANA@shop.example", "viewer"), "email");
  g_free (edit->email);
  edit->email = g_strdup ("Ana@shop.example");
  assert_refused (f, edit, "email");
}

static void
test_revision (DynoTestStore *f,
               gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoUser) edited = dyno_test_verb (f, put_user, NULL, dyno_user_copy (ana), NULL);

  g_assert_cmpint (edited->revision, ==, 2);
  g_assert_cmpint (edited->epoch, ==, 1);
  assert_refused (f, dyno_user_copy (ana), "stale");
}

static DynoUser *
with_role (const DynoUser *user,
           const char     *role,
           DynoUserStatus  status)
{
  DynoUser *edit = dyno_user_copy (user);

  g_free (edit->role);
  edit->role = g_strdup (role);
  edit->status = status;

  return edit;
}

static void
test_epoch (DynoTestStore *f,
            gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoUser) lower =
      dyno_test_verb (f, put_user, NULL, with_role (ana, "viewer", DYNO_USER_ACTIVE), NULL);
  g_autoptr(DynoUser) off =
      dyno_test_verb (f, put_user, NULL, with_role (lower, "viewer", DYNO_USER_DISABLED), NULL);

  g_assert_cmpint (lower->epoch, ==, 2);
  g_assert_cmpint (off->epoch, ==, 3);
}

static void
test_last_admin (DynoTestStore *f,
                 gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "admin");
  g_autoptr(DynoUser) bea = NULL;
  g_autoptr(DynoUser) lower = NULL;

  assert_refused (f, with_role (ana, "tuner", DYNO_USER_ACTIVE), "last_admin");
  assert_refused (f, with_role (ana, "admin", DYNO_USER_DISABLED), "last_admin");
  bea = keep_user (f, "bea@shop.example", "admin");
  lower = dyno_test_verb (f, put_user, NULL, with_role (ana, "tuner", DYNO_USER_ACTIVE), NULL);
  g_assert_cmpstr (lower->role, ==, "tuner");
  assert_refused (f, with_role (bea, "tuner", DYNO_USER_ACTIVE), "last_admin");
}

static void
test_disabled_ends_logins (DynoTestStore *f,
                           gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginSession) session = open_login (f, ana, "t0");
  g_autoptr(DynoUser) off =
      dyno_test_verb (f, put_user, NULL, with_role (ana, "tuner", DYNO_USER_DISABLED), NULL);
  g_autoptr(GPtrArray) logins = dyno_test_verb (f, list_logins, NULL, ana->id);

  g_assert_cmpint (off->status, ==, DYNO_USER_DISABLED);
  g_assert_cmpuint (logins->len, ==, 0);
  g_assert_cmpint (rotate (f, "t0", "t1"), ==, DYNO_REFRESH_ENDED);
}

static void
test_service (DynoTestStore *f,
              gconstpointer  unused)
{
  g_autoptr(DynoUser) one = dyno_test_verb (f, ensure_service, NULL, "Grafana");
  g_autoptr(DynoUser) again = dyno_test_verb (f, ensure_service, NULL, "Grafana");
  g_autoptr(DynoUser) other = dyno_test_verb (f, ensure_service, NULL, "Bay 2 tablet");

  g_assert_cmpstr (one->id, ==, again->id);
  g_assert_cmpstr (one->id, !=, other->id);
  g_assert_cmpstr (one->role, ==, "service");
  g_assert_null (one->password);
}

static void
test_pages (DynoTestStore *f,
            gconstpointer  unused)
{
  const char *after = NULL;
  g_autofree char *last = NULL;
  guint n = 0;

  for (int i = 0; i < 7; i++)
    {
      g_autofree char *email = g_strdup_printf ("p%d@shop.example", i);
      g_autoptr(DynoUser) user = keep_user (f, email, "viewer");

      dyno_clock_advance (f->clock, i % 2 * SECOND_US);
    }
  for (;;)
    {
      g_autoptr(GPtrArray) page = dyno_test_verb (f, list_users, NULL, after, 3);

      if (page->len == 0)
        break;
      n += page->len;
      g_free (last);
      last = g_strdup (((DynoUser *) g_ptr_array_index (page, page->len - 1))->id);
      after = last;
    }
  g_assert_cmpuint (n, ==, 7);
}

/* Codes */

static DynoCode *
code_of (DynoCodeKind  kind,
         const char   *text,
         const char   *user_id,
         const char   *email)
{
  DynoCode *code = g_new0 (DynoCode, 1);

  code->kind = kind;
  code->sha256 = sum_of (text);
  code->user_id = g_strdup (user_id);
  code->email = g_strdup (email);
  code->role = g_strdup ("operator");
  code->created_by = g_strdup ("local:owner");
  code->expires_ms = DYNO_TEST_STORE_BEGIN_MS + 1800000;

  return code;
}

static gboolean
is_good_code (DynoTestStore *f,
              DynoCodeKind   kind,
              const char    *text,
              const char    *email)
{
  g_autoptr(GBytes) sum = sum_of (text);
  g_autoptr(DynoCode) code = dyno_test_verb (f, try_code, NULL, kind, sum, email);

  return code->id != NULL;
}

static void
test_code_tries (DynoTestStore *f,
                 gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");

  dyno_test_verb (f, put_code, NULL, code_of (DYNO_CODE_RESET, "right", ana->id, ana->email));
  g_assert_false (is_good_code (f, DYNO_CODE_INVITATION, "right", "ana@shop.example"));
  g_assert_false (is_good_code (f, DYNO_CODE_RESET, "right", "bea@shop.example"));
  for (guint i = 0; i < 4; i++)
    g_assert_false (is_good_code (f, DYNO_CODE_RESET, "wrong", "Ana@Shop.example"));
  g_assert_true (is_good_code (f, DYNO_CODE_RESET, "right", "Ana@Shop.example"));
  g_assert_false (is_good_code (f, DYNO_CODE_RESET, "wrong", "ana@shop.example"));
  g_assert_false (is_good_code (f, DYNO_CODE_RESET, "right", "ana@shop.example"));
}

static void
test_code_ends (DynoTestStore *f,
                gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");

  dyno_test_verb (f, put_code, NULL, code_of (DYNO_CODE_RESET, "first", ana->id, ana->email));
  dyno_test_verb (f, put_code, NULL, code_of (DYNO_CODE_RESET, "second", ana->id, ana->email));
  g_assert_false (is_good_code (f, DYNO_CODE_RESET, "first", ana->email));
  dyno_clock_advance (f->clock, 1799 * SECOND_US);
  g_assert_true (is_good_code (f, DYNO_CODE_RESET, "second", ana->email));
  dyno_clock_advance (f->clock, 1 * SECOND_US);
  g_assert_false (is_good_code (f, DYNO_CODE_RESET, "second", ana->email));
}

static DynoPasswordChange *
change_of (const DynoUser *user,
           const char     *code,
           gboolean        is_same)
{
  DynoPasswordChange *change = g_new0 (DynoPasswordChange, 1);

  change->user_id = g_strdup (user->id);
  change->password = g_strdup ("kept anew");
  change->code = code != NULL ? sum_of (code) : NULL;
  change->is_same = is_same;

  return change;
}

static void
test_password (DynoTestStore *f,
               gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginSession) session = open_login (f, ana, "t0");
  g_autoptr(DynoUser) same = dyno_test_verb (f, set_password, NULL, change_of (ana, NULL, TRUE));
  g_autoptr(GPtrArray) before = dyno_test_verb (f, list_logins, NULL, ana->id);
  g_autoptr(DynoUser) fresh = dyno_test_verb (f, set_password, NULL, change_of (ana, NULL, FALSE));
  g_autoptr(GPtrArray) after = dyno_test_verb (f, list_logins, NULL, ana->id);

  g_assert_cmpint (same->epoch, ==, 1);
  g_assert_cmpuint (before->len, ==, 1);
  g_assert_cmpint (fresh->epoch, ==, 2);
  g_assert_cmpstr (fresh->password, ==, "kept anew");
  g_assert_cmpuint (after->len, ==, 0);
}

static void
test_reset_once (DynoTestStore *f,
                 gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoUser) fresh = NULL;
  g_autoptr(DynoUser) kept = NULL;
  g_autoptr(GError) error = NULL;

  dyno_test_verb (f, put_code, NULL, code_of (DYNO_CODE_RESET, "right", ana->id, ana->email));
  fresh = dyno_test_verb (f, set_password, NULL, change_of (ana, "right", FALSE));
  g_assert_cmpint (fresh->epoch, ==, 2);
  g_assert_null (dyno_test_verb (f, set_password, &error, change_of (ana, "right", FALSE)));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_DENIED);
  kept = dyno_test_verb (f, get_user, NULL, ana->id);
  g_assert_cmpint (kept->epoch, ==, 2);
}

static void
test_invitation (DynoTestStore *f,
                 gconstpointer  unused)
{
  g_autoptr(GBytes) sum = sum_of ("come in");
  g_autoptr(DynoUser) bea = NULL;
  g_autoptr(GError) error = NULL;

  dyno_test_verb (f, put_code, NULL, code_of (DYNO_CODE_INVITATION, "come in", NULL, NULL));
  bea = dyno_test_verb (f, accept_user, NULL, draft ("bea@shop.example", "admin"), sum);
  g_assert_cmpstr (bea->role, ==, "operator");
  g_assert_cmpint (bea->status, ==, DYNO_USER_ACTIVE);
  g_assert_null (dyno_test_verb (f, accept_user, &error, draft ("c@shop.example", "admin"), sum));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_DENIED);
}

/* An administrator made the user; the person gives name and password. */
static void
test_invited_user (DynoTestStore *f,
                   gconstpointer  unused)
{
  DynoUser *invited = draft ("bea@shop.example", "tuner");
  g_autoptr(GBytes) sum = sum_of ("for bea");
  g_autoptr(DynoUser) made = NULL;
  g_autoptr(DynoUser) come = NULL;

  g_clear_pointer (&invited->password, g_free);
  invited->status = DYNO_USER_INVITED;
  made = dyno_test_verb (f, put_user, NULL, invited,
                         code_of (DYNO_CODE_INVITATION, "for bea", NULL, "bea@shop.example"));
  come = dyno_test_verb (f, accept_user, NULL, draft ("Bea@shop.example", "admin"), sum);
  g_assert_cmpstr (come->id, ==, made->id);
  g_assert_cmpstr (come->role, ==, "tuner");
  g_assert_cmpint (come->status, ==, DYNO_USER_ACTIVE);
  g_assert_cmpstr (come->password, ==, "kept");
}

/* Logins */

static void
test_oldest_evicted (DynoTestStore *f,
                     gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(GPtrArray) logins = NULL;

  for (int i = 0; i < 12; i++)
    {
      g_autofree char *token = g_strdup_printf ("t%d", i);
      g_autoptr(DynoLoginSession) session = open_login (f, ana, token);
    }
  logins = dyno_test_verb (f, list_logins, NULL, ana->id);
  g_assert_cmpuint (logins->len, ==, 10);
  g_assert_cmpint (rotate (f, "t0", "x"), ==, DYNO_REFRESH_ENDED);
  g_assert_cmpint (rotate (f, "t1", "x"), ==, DYNO_REFRESH_ENDED);
  g_assert_cmpint (rotate (f, "t2", "x"), ==, DYNO_REFRESH_ROTATED);
}

static void
test_absolute_end (DynoTestStore *f,
                   gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  DynoLoginOpening *remembered = opening_of (ana, "m0");
  g_autoptr(DynoLoginSession) brief = open_login (f, ana, "t0");
  g_autoptr(DynoLoginSession) lasting = NULL;

  remembered->is_remembered = TRUE;
  lasting = dyno_test_verb (f, open_login, NULL, remembered);
  g_assert_cmpint (lasting->expires_ms - lasting->created_ms, ==, DYNO_LOGIN_REMEMBERED_MS);
  dyno_clock_advance (f->clock, 12 * HOUR_US - SECOND_US);
  g_assert_cmpint (rotate (f, "t0", "t1"), ==, DYNO_REFRESH_ROTATED);
  dyno_clock_advance (f->clock, SECOND_US);
  g_assert_cmpint (rotate (f, "t1", "t2"), ==, DYNO_REFRESH_ENDED);
  g_assert_cmpint (rotate (f, "m0", "m1"), ==, DYNO_REFRESH_ROTATED);
}

static void
test_idle_end (DynoTestStore *f,
               gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  DynoLoginOpening *remembered = opening_of (ana, "m0");
  g_autoptr(DynoLoginSession) session = NULL;

  remembered->is_remembered = TRUE;
  session = dyno_test_verb (f, open_login, NULL, remembered);
  dyno_clock_advance (f->clock, 7 * DAY_US - SECOND_US);
  g_assert_cmpint (rotate (f, "m0", "m1"), ==, DYNO_REFRESH_ROTATED);
  dyno_clock_advance (f->clock, 7 * DAY_US);
  g_assert_cmpint (rotate (f, "m1", "m2"), ==, DYNO_REFRESH_ENDED);
}

static void
test_stale_opening (DynoTestStore *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoUser) fresh = dyno_test_verb (f, set_password, NULL, change_of (ana, NULL, FALSE));
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_test_verb (f, open_login, &error, opening_of (ana, "t0")));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
}

static gboolean
end_logins (DynoTestStore *f,
            const char    *user_id,
            const char    *sid,
            const char    *jti,
            guint         *n)
{
  dyno_store_end_logins_async (f->store, user_id, sid, jti, DYNO_TEST_STORE_BEGIN_MS + 900000, NULL,
                               dyno_await_cb, f->await);

  return dyno_store_end_logins_finish (f->store, dyno_await_wait (f->await), n, NULL);
}

static void
test_logout (DynoTestStore *f,
             gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoUser) bea = keep_user (f, "bea@shop.example", "tuner");
  g_autoptr(DynoLoginSession) one = open_login (f, ana, "t0");
  g_autoptr(DynoLoginSession) two = open_login (f, ana, "u0");
  g_autoptr(DynoLoginAuthority) authority = NULL;
  guint n = 99;

  g_assert_true (end_logins (f, bea->id, one->id, NULL, &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (end_logins (f, ana->id, one->id, "jti-1", &n));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (rotate (f, "t0", "t1"), ==, DYNO_REFRESH_ENDED);
  authority = dyno_test_verb0 (f, load_authority, NULL);
  g_assert_cmpuint (authority->logins->len, ==, 1);
  g_assert_cmpstr (((DynoLiveLogin *) g_ptr_array_index (authority->logins, 0))->sid, ==, two->id);
  g_assert_cmpuint (authority->jtis->len, ==, 1);
  g_assert_true (end_logins (f, ana->id, NULL, NULL, &n));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (rotate (f, "u0", "u1"), ==, DYNO_REFRESH_ENDED);
}

static void
test_prune (DynoTestStore *f,
            gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginSession) one = open_login (f, ana, "t0");
  g_autoptr(GBytes) token = sum_of ("t0");
  g_autoptr(DynoRefreshPlace) before = NULL;
  g_autoptr(DynoRefreshPlace) after = NULL;

  dyno_clock_advance (f->clock, 30 * DAY_US);
  g_assert_true (dyno_test_verb0 (f, prune_logins, NULL));
  before = dyno_test_verb (f, find_refresh, NULL, token);
  g_assert_cmpstr (before->family, ==, one->id);
  dyno_clock_advance (f->clock, DAY_US);
  g_assert_true (dyno_test_verb0 (f, prune_logins, NULL));
  after = dyno_test_verb (f, find_refresh, NULL, token);
  g_assert_null (after->family);
}

/* Refresh families */

static void
test_rotation (DynoTestStore *f,
               gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginSession) session = open_login (f, ana, "t0");

  g_assert_cmpint (rotate (f, "t0", "t1"), ==, DYNO_REFRESH_ROTATED);
  g_assert_cmpint (rotate (f, "t1", "t2"), ==, DYNO_REFRESH_ROTATED);
  g_assert_cmpint (rotate (f, "t2", "t3"), ==, DYNO_REFRESH_ROTATED);
  g_assert_cmpint (rotate (f, "never", "seen"), ==, DYNO_REFRESH_ENDED);
}

static void
test_grace (DynoTestStore *f,
            gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginSession) session = open_login (f, ana, "t0");

  g_assert_cmpint (rotate (f, "t0", "t1"), ==, DYNO_REFRESH_ROTATED);
  dyno_clock_advance (f->clock, 30 * SECOND_US);
  g_assert_cmpint (rotate (f, "t0", "t1"), ==, DYNO_REFRESH_REPEATED);
  dyno_clock_advance (f->clock, SECOND_US);
  g_assert_cmpint (rotate (f, "t0", "t1"), ==, DYNO_REFRESH_REUSED);
  g_assert_cmpint (rotate (f, "t1", "t2"), ==, DYNO_REFRESH_ENDED);
}

static void
test_older_generation (DynoTestStore *f,
                       gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginSession) session = open_login (f, ana, "t0");

  g_assert_cmpint (rotate (f, "t0", "t1"), ==, DYNO_REFRESH_ROTATED);
  g_assert_cmpint (rotate (f, "t1", "t2"), ==, DYNO_REFRESH_ROTATED);
  g_assert_cmpint (rotate (f, "t0", "t1"), ==, DYNO_REFRESH_REUSED);
  g_assert_cmpint (rotate (f, "t2", "t3"), ==, DYNO_REFRESH_ENDED);
}

static void
test_other_client (DynoTestStore *f,
                   gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginSession) session = open_login (f, ana, "t0");
  g_autoptr(DynoRefreshAnswer) thief = NULL;

  g_assert_cmpint (rotate (f, "t0", "t1"), ==, DYNO_REFRESH_ROTATED);
  thief = rotate_from (f, "t0", "t1", "curl");
  g_assert_cmpint (thief->outcome, ==, DYNO_REFRESH_REUSED);
  g_assert_cmpstr (thief->session->user_id, ==, ana->id);
}

/* A small model of a family, written without a look at the store: the number of the
 * newest token, when the one before it was used, whether the family lives. */
typedef struct
{
  int      newest;
  gint64   rotated_s;
  gboolean is_alive;
} Model;

static DynoRefreshOutcome
model_use (Model *model,
           int    number,
           gint64 now_s)
{
  if (!model->is_alive)
    return DYNO_REFRESH_ENDED;
  if (number == model->newest)
    {
      model->newest++;
      model->rotated_s = now_s;
      return DYNO_REFRESH_ROTATED;
    }
  if (number == model->newest - 1 && now_s - model->rotated_s <= 30)
    return DYNO_REFRESH_REPEATED;
  model->is_alive = FALSE;

  return DYNO_REFRESH_REUSED;
}

static void
run_history (DynoTestStore  *f,
             const DynoUser *user,
             int             family,
             gint64         *now_s)
{
  Model model = { 0, 0, TRUE };
  g_autofree char *first = g_strdup_printf ("f%d-0", family);
  g_autoptr(DynoLoginSession) session = open_login (f, user, first);

  for (int step = 0; step < 8; step++)
    {
      int back = g_test_rand_int_range (0, 8);
      int number = MAX (0, model.newest - (back < 5 ? 0 : back - 4));
      g_autofree char *token = g_strdup_printf ("f%d-%d", family, number);
      g_autofree char *next = g_strdup_printf ("f%d-%d", family, number + 1);
      gint64 pause_s = g_test_rand_int_range (0, 25);

      dyno_clock_advance (f->clock, pause_s * SECOND_US);
      *now_s += pause_s;
      g_assert_cmpint (rotate (f, token, next), ==, model_use (&model, number, *now_s));
    }
}

static void
test_model (DynoTestStore *f,
            gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  gint64 now_s = 0;

  for (int family = 0; family < 60; family++)
    run_history (f, ana, family, &now_s);
}

/* The brake */

static DynoLoginTurn
take (DynoTestStore *f,
      const char    *email,
      const char    *address)
{
  g_autofree DynoLoginTurn *turn = dyno_test_verb (f, take_login_turn, NULL, email, address);

  return *turn;
}

static void
test_burst (DynoTestStore *f,
            gconstpointer  unused)
{
  DynoLoginTurn turn;

  for (int i = 0; i < 5; i++)
    {
      turn = take (f, "ana@shop.example", "192.0.2.1");
      g_assert_true (turn.is_allowed);
    }
  turn = take (f, "Ana@Shop.example", "192.0.2.1");
  g_assert_false (turn.is_allowed);
  g_assert_cmpint (turn.retry_after_ms, ==, 60000);
  turn = take (f, "bea@shop.example", "192.0.2.1");
  g_assert_true (turn.is_allowed);
  dyno_clock_advance (f->clock, 60 * SECOND_US);
  turn = take (f, "ana@shop.example", "192.0.2.1");
  g_assert_true (turn.is_allowed);
  turn = take (f, "ana@shop.example", "192.0.2.1");
  g_assert_false (turn.is_allowed);
}

static void
test_whole_address (DynoTestStore *f,
                    gconstpointer  unused)
{
  DynoLoginTurn turn;

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *email = g_strdup_printf ("u%d@shop.example", i);

      g_assert_true (take (f, email, "192.0.2.1").is_allowed);
    }
  turn = take (f, "other@shop.example", "192.0.2.1");
  g_assert_false (turn.is_allowed);
  g_assert_cmpint (turn.retry_after_ms, ==, 30000);
  g_assert_true (take (f, "other@shop.example", "192.0.2.2").is_allowed);
}

/* From ever new addresses: 1, 2, 4 … 900 s after the fifth failure. */
static void
test_growing_pause (DynoTestStore *f,
                    gconstpointer  unused)
{
  static const gint64 pauses_s[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900 };

  for (int i = 0; i < 5; i++)
    {
      g_autofree char *address = g_strdup_printf ("192.0.2.%d", i);

      g_assert_true (take (f, "ana@shop.example", address).is_allowed);
    }
  for (guint i = 0; i < G_N_ELEMENTS (pauses_s); i++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.100.%u", i);
      DynoLoginTurn turn = take (f, "ana@shop.example", address);

      g_assert_false (turn.is_allowed);
      g_assert_cmpint (turn.retry_after_ms, ==, 1000 * pauses_s[i]);
      dyno_clock_advance (f->clock, pauses_s[i] * SECOND_US);
      g_assert_true (take (f, "ana@shop.example", address).is_allowed);
    }
}

static void
test_known_place (DynoTestStore *f,
                  gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginSession) session = open_login (f, ana, "t0");

  for (int i = 0; i < 6; i++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.100.%d", i);

      take (f, "ana@shop.example", address);
    }
  g_assert_false (take (f, "ana@shop.example", "203.0.113.1").is_allowed);
  g_assert_true (take (f, "ana@shop.example", "192.0.2.7").is_allowed);
  dyno_clock_advance (f->clock, 30 * DAY_US);
  for (int i = 0; i < 6; i++)
    take (f, "ana@shop.example", "198.51.100.77");
  g_assert_false (take (f, "ana@shop.example", "192.0.2.7").is_allowed);
}

static void
test_right_password_clears (DynoTestStore *f,
                            gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = keep_user (f, "ana@shop.example", "tuner");

  for (int i = 0; i < 5; i++)
    g_assert_true (take (f, "ana@shop.example", "192.0.2.7").is_allowed);
  {
    g_autoptr(DynoLoginSession) session = open_login (f, ana, "t0");
  }
  for (int i = 0; i < 5; i++)
    g_assert_true (take (f, "ana@shop.example", "192.0.2.7").is_allowed);
}

static void
test_stop_and_unlock (DynoTestStore *f,
                      gconstpointer  unused)
{
  DynoLoginTurn turn;

  for (int i = 0; i < 100; i++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.100.%d", i);

      turn = take (f, "ana@shop.example", address);
      g_assert_true (turn.is_allowed);
      dyno_clock_advance (f->clock, 900 * SECOND_US);
    }
  turn = take (f, "ana@shop.example", "203.0.113.9");
  g_assert_false (turn.is_allowed);
  g_assert_true (turn.is_stopped);
  dyno_clock_advance (f->clock, 100 * DAY_US);
  g_assert_true (dyno_test_verb0 (f, prune_logins, NULL));
  g_assert_true (take (f, "ana@shop.example", "203.0.113.9").is_stopped);
  g_assert_true (dyno_test_verb (f, unlock_login, NULL, "Ana@shop.example"));
  g_assert_true (take (f, "ana@shop.example", "203.0.113.9").is_allowed);
}

static void
test_kept_over_restart (DynoTestStore *f,
                        gconstpointer  unused)
{
  for (int i = 0; i < 5; i++)
    g_assert_true (take (f, "ana@shop.example", "192.0.2.1").is_allowed);
  dyno_test_store_reopen (f);
  g_assert_false (take (f, "ana@shop.example", "192.0.2.1").is_allowed);
}

/* Signing keys */

static DynoSigningRecord *
signing_of (const char       *kid,
            DynoSigningState  state)
{
  DynoSigningRecord *record = g_new0 (DynoSigningRecord, 1);

  record->kid = g_strdup (kid);
  record->state = state;
  record->public_key = g_strdup ("{}");
  record->created_ms = record->active_from_ms = 1;

  return record;
}

static void
set_signing (DynoTestStore     *f,
             DynoSigningRecord *one,
             DynoSigningRecord *two)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_signing_record_free);

  g_ptr_array_add (records, one);
  if (two != NULL)
    g_ptr_array_add (records, two);
  g_assert_true (dyno_test_verb (f, set_signing, NULL, records));
}

static void
test_signing (DynoTestStore *f,
              gconstpointer  unused)
{
  g_autoptr(GPtrArray) listed = NULL;
  const DynoSigningRecord *record;

  set_signing (f, signing_of ("aaaaaaaa", DYNO_SIGNING_ACTIVE), NULL);
  set_signing (f, signing_of ("aaaaaaaa", DYNO_SIGNING_RETIRED),
               signing_of ("bbbbbbbb", DYNO_SIGNING_ACTIVE));
  set_signing (f, signing_of ("bbbbbbbb", DYNO_SIGNING_ACTIVE), NULL);
  listed = dyno_test_verb0 (f, list_signing, NULL);
  g_assert_cmpuint (listed->len, ==, 1);
  record = g_ptr_array_index (listed, 0);
  g_assert_cmpstr (record->kid, ==, "bbbbbbbb");
  g_assert_cmpint (record->state, ==, DYNO_SIGNING_ACTIVE);
}

static void
add_users (void)
{
  DYNO_TEST_STORE_ADD ("/store/logins/user", test_user);
  DYNO_TEST_STORE_ADD ("/store/logins/unique", test_unique);
  DYNO_TEST_STORE_ADD ("/store/logins/revision", test_revision);
  DYNO_TEST_STORE_ADD ("/store/logins/epoch", test_epoch);
  DYNO_TEST_STORE_ADD ("/store/logins/last-admin", test_last_admin);
  DYNO_TEST_STORE_ADD ("/store/logins/disabled-ends-logins", test_disabled_ends_logins);
  DYNO_TEST_STORE_ADD ("/store/logins/service", test_service);
  DYNO_TEST_STORE_ADD ("/store/logins/pages", test_pages);
  DYNO_TEST_STORE_ADD ("/store/logins/code-tries", test_code_tries);
  DYNO_TEST_STORE_ADD ("/store/logins/code-ends", test_code_ends);
  DYNO_TEST_STORE_ADD ("/store/logins/password", test_password);
  DYNO_TEST_STORE_ADD ("/store/logins/reset-once", test_reset_once);
  DYNO_TEST_STORE_ADD ("/store/logins/invitation", test_invitation);
  DYNO_TEST_STORE_ADD ("/store/logins/invited-user", test_invited_user);
}

static void
add_logins (void)
{
  DYNO_TEST_STORE_ADD ("/store/logins/oldest-evicted", test_oldest_evicted);
  DYNO_TEST_STORE_ADD ("/store/logins/absolute-end", test_absolute_end);
  DYNO_TEST_STORE_ADD ("/store/logins/idle-end", test_idle_end);
  DYNO_TEST_STORE_ADD ("/store/logins/stale-opening", test_stale_opening);
  DYNO_TEST_STORE_ADD ("/store/logins/logout", test_logout);
  DYNO_TEST_STORE_ADD ("/store/logins/prune", test_prune);
  DYNO_TEST_STORE_ADD ("/store/logins/rotation", test_rotation);
  DYNO_TEST_STORE_ADD ("/store/logins/grace", test_grace);
  DYNO_TEST_STORE_ADD ("/store/logins/older-generation", test_older_generation);
  DYNO_TEST_STORE_ADD ("/store/logins/other-client", test_other_client);
  DYNO_TEST_STORE_ADD ("/store/logins/model", test_model);
  DYNO_TEST_STORE_ADD ("/store/logins/burst", test_burst);
  DYNO_TEST_STORE_ADD ("/store/logins/whole-address", test_whole_address);
  DYNO_TEST_STORE_ADD ("/store/logins/growing-pause", test_growing_pause);
  DYNO_TEST_STORE_ADD ("/store/logins/known-place", test_known_place);
  DYNO_TEST_STORE_ADD ("/store/logins/right-password-clears", test_right_password_clears);
  DYNO_TEST_STORE_ADD ("/store/logins/stop-and-unlock", test_stop_and_unlock);
  DYNO_TEST_STORE_ADD ("/store/logins/kept-over-restart", test_kept_over_restart);
  DYNO_TEST_STORE_ADD ("/store/logins/signing", test_signing);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_users ();
  add_logins ();

  return g_test_run ();
}
