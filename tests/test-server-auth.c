/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-auth.h"
#include "dyno-crypt-text.h"
#include "dyno-error.h"
#include "dyno-test.h"

#define NOW_MS G_GINT64_CONSTANT (1789000000000)
#define ISSUER "urn:dynoai:test"
#define SID    "0199a2b4-0000-7000-8000-000000000001"
#define KEY    "dynoai_0000000000000000000000000000000000000000000AAAAAA"
#define OLD    "dynoai_1111111111111111111111111111111111111111111AAAAAA"

static DynoTokenKey *key; /* made once */

typedef struct
{
  DynoUser           *ana;       /* (borrowed) of `authority` */
  DynoLoginAuthority  authority;
  gboolean            has_key;
  DynoClock          *clock;
  DynoTokenRing      *ring;
  DynoAuth           *auth;
  DynoPrincipal      *principal;
  DynoAuthRefusal     refusal;
  GError             *error;
} Fixture;

static DynoLoginSet *
ref_set (gpointer data)
{
  return dyno_login_set_new (&((Fixture *) data)->authority);
}

/* KEY is good, OLD was. */
static DynoPrincipal *
check_key (const char   *text,
           GInetAddress *address,
           gboolean     *was_known,
           gpointer      data)
{
  DynoPrincipal *principal;

  *was_known = strcmp (text, OLD) == 0;
  if (strcmp (text, KEY) != 0)
    return NULL;

  principal = dyno_principal_new (DYNO_PRINCIPAL_KEY);
  principal->key_id = g_strdup ("key_8hT2mN4pQ6rS8tV0wX2y");
  principal->user_id = g_strdup ("usr_0aZ9bY8cX7dW6eV5fU4g");
  principal->scopes = DYNO_SCOPE_BIT (DYNO_SCOPE_METRICS_READ);

  return principal;
}

static gboolean
has_key (gpointer data)
{
  return ((Fixture *) data)->has_key;
}

static void
new_auth (Fixture  *f,
          gboolean  is_enabled)
{
  DynoAuthSource source = { ref_set, check_key, has_key, f, f->clock, ISSUER, is_enabled };

  g_clear_pointer (&f->auth, dyno_auth_free);
  f->auth = dyno_auth_new (&source);
  dyno_auth_set_ring (f->auth, f->ring);
}

static void
live_login_free (DynoLiveLogin *login)
{
  g_free (login->sid);
  g_free (login->user_id);
  g_free (login);
}

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  DynoTokenSlot slot = { key, DYNO_TOKEN_KEY_ACTIVE, 1, 1, 0 };
  DynoLiveLogin *login = g_new0 (DynoLiveLogin, 1);

  f->ana = g_new0 (DynoUser, 1);
  f->ana->id = g_strdup ("usr_0aZ9bY8cX7dW6eV5fU4g");
  f->ana->role = g_strdup ("admin");
  f->ana->status = DYNO_USER_ACTIVE;
  f->ana->email = g_strdup ("ana@shop.example");
  f->ana->display_name = g_strdup ("Ana");
  f->ana->per_day = 500;
  f->ana->epoch = 3;
  login->sid = g_strdup (SID);
  login->user_id = g_strdup (f->ana->id);
  login->expires_ms = NOW_MS + 3600000;
  f->authority.users = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_user_free);
  f->authority.logins = g_ptr_array_new_with_free_func ((GDestroyNotify) live_login_free);
  f->authority.jtis = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (f->authority.users, f->ana);
  g_ptr_array_add (f->authority.logins, login);
  f->clock = dyno_clock_new_fake (0, 1000 * NOW_MS);
  f->ring = dyno_token_ring_new (&slot, 1);
  new_auth (f, TRUE);
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  g_clear_pointer (&f->principal, dyno_principal_unref);
  g_clear_error (&f->error);
  dyno_auth_free (f->auth);
  dyno_token_ring_unref (f->ring);
  dyno_clock_free (f->clock);
  g_ptr_array_unref (f->authority.users);
  g_ptr_array_unref (f->authority.logins);
  g_ptr_array_unref (f->authority.jtis);
}

/* An access token of Ana's, as it would have been made with this epoch and session. */
static char *
token_with (Fixture    *f,
            const char *user_id,
            const char *sid,
            gint64      epoch)
{
  DynoTokenSubject subject = { user_id, "ana@shop.example", "viewer", sid, NOW_MS - 60000, epoch };

  return dyno_token_issue (f->ring, ISSUER, &subject, NOW_MS);
}

static char *
token (Fixture *f)
{
  return token_with (f, "usr_0aZ9bY8cX7dW6eV5fU4g", SID, 3);
}

static DynoAuthOutcome
check_request (Fixture               *f,
               const DynoAuthRequest *request)
{
  g_clear_pointer (&f->principal, dyno_principal_unref);
  g_clear_error (&f->error);

  return dyno_auth_check (f->auth, request, &f->principal, &f->refusal, &f->error);
}

static DynoAuthOutcome
check (Fixture    *f,
       const char *authorization,
       const char *api_key)
{
  DynoAuthRequest request = { .authorization = authorization, .api_key = api_key };

  return check_request (f, &request);
}

static DynoAuthOutcome
check_bearer (Fixture    *f,
              const char *text)
{
  g_autofree char *header = g_strconcat ("Bearer ", text, NULL);

  return check (f, header, NULL);
}

static void
assert_refused (Fixture    *f,
                int         code,
                const char *reason,
                const char *challenge,
                gboolean    is_guess)
{
  g_assert_null (f->principal);
  g_assert_error (f->error, DYNO_ERROR, code);
  g_assert_cmpstr (dyno_error_get_reason (f->error), ==, reason);
  g_assert_cmpstr (f->refusal.challenge, ==, challenge);
  g_assert_cmpint (f->refusal.is_guess, ==, is_guess);
}

static void
assert_bad_token (Fixture  *f,
                  gboolean  is_guess)
{
  assert_refused (f, DYNO_ERROR_DENIED, "AUTHENTICATION_ERROR",
                  "Bearer realm=\"dynoai\", error=\"invalid_token\"", is_guess);
}

static void
test_nobody (Fixture       *f,
             gconstpointer  unused)
{
  g_assert_cmpint (check (f, NULL, NULL), ==, DYNO_AUTH_ABSENT);
  assert_refused (f, DYNO_ERROR_DENIED, "AUTHENTICATION_ERROR", "Bearer realm=\"dynoai\"", FALSE);
}

/* Role and rights are those of the row, whatever the token says. */
static void
test_bearer (Fixture       *f,
             gconstpointer  unused)
{
  g_autofree char *text = token (f);

  g_assert_cmpint (check_bearer (f, text), ==, DYNO_AUTH_GRANTED);
  g_assert_cmpint (f->principal->kind, ==, DYNO_PRINCIPAL_USER);
  g_assert_cmpint (f->principal->role, ==, DYNO_ROLE_ADMIN);
  g_assert_cmpuint (f->principal->scopes, ==, dyno_role_scopes (DYNO_ROLE_ADMIN));
  g_assert_cmpstr (f->principal->sid, ==, SID);
  g_assert_cmpuint (f->principal->per_day, ==, 500);
  g_assert_cmpint (f->principal->expires_ms, ==, NOW_MS + 900000);
}

static void
test_schemes (Fixture       *f,
              gconstpointer  unused)
{
  g_autofree char *text = token (f);
  g_autofree char *small = g_strconcat ("bearer ", text, NULL);
  g_autofree char *two = g_strconcat ("Bearer  ", text, NULL);
  g_autofree char *more = g_strconcat ("Bearer ", text, " x", NULL);
  const char *bad[] = { "Bearer", "Bearer ", two, more, text, "Basic YW5hOnB3", "", "Token x",
                        "Bearer a,b" };

  g_assert_cmpint (check (f, small, NULL), ==, DYNO_AUTH_GRANTED);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_cmpint (check (f, bad[i], NULL), ==, DYNO_AUTH_REFUSED);
      assert_bad_token (f, TRUE);
    }
}

static void
test_expired (Fixture       *f,
              gconstpointer  unused)
{
  g_autofree char *text = token (f);

  dyno_clock_advance (f->clock, G_GINT64_CONSTANT (900000000));
  g_assert_cmpint (check_bearer (f, text), ==, DYNO_AUTH_REFUSED);
  assert_refused (f, DYNO_ERROR_DENIED, "TOKEN_EXPIRED",
                  "Bearer realm=\"dynoai\", error=\"invalid_token\"", FALSE);
}

static void
test_logged_out (Fixture       *f,
                 gconstpointer  unused)
{
  g_autofree char *text = token (f);

  g_ptr_array_set_size (f->authority.logins, 0);
  g_assert_cmpint (check_bearer (f, text), ==, DYNO_AUTH_REFUSED);
  assert_bad_token (f, FALSE);
}

static void
test_epoch (Fixture       *f,
            gconstpointer  unused)
{
  g_autofree char *text = token (f);
  g_autofree char *ahead = token_with (f, f->ana->id, SID, 4);

  g_assert_cmpint (check_bearer (f, ahead), ==, DYNO_AUTH_REFUSED);
  f->ana->epoch = 4;
  g_assert_cmpint (check_bearer (f, text), ==, DYNO_AUTH_REFUSED);
  assert_bad_token (f, FALSE);
  g_assert_cmpint (check_bearer (f, ahead), ==, DYNO_AUTH_GRANTED);
}

static void
test_disabled (Fixture       *f,
               gconstpointer  unused)
{
  g_autofree char *text = token (f);

  f->has_key = TRUE;
  f->ana->status = DYNO_USER_DISABLED;
  g_assert_cmpint (check_bearer (f, text), ==, DYNO_AUTH_REFUSED);
  assert_bad_token (f, FALSE);
}

static void
test_other_user (Fixture       *f,
                 gconstpointer  unused)
{
  g_autofree char *text = token_with (f, "usr_11111111111111111111", SID, 3);

  g_assert_cmpint (check_bearer (f, text), ==, DYNO_AUTH_REFUSED);
}

static void
test_revoked_jti (Fixture       *f,
                  gconstpointer  unused)
{
  g_autofree char *text = token (f);

  g_assert_cmpint (check_bearer (f, text), ==, DYNO_AUTH_GRANTED);
  g_ptr_array_add (f->authority.jtis, g_strdup (f->principal->jti));
  g_assert_cmpint (check_bearer (f, text), ==, DYNO_AUTH_REFUSED);
  assert_bad_token (f, FALSE);
}

static void
test_keys (Fixture       *f,
           gconstpointer  unused)
{
  g_assert_cmpint (check (f, NULL, KEY), ==, DYNO_AUTH_GRANTED);
  g_assert_cmpint (check (f, "ApiKey " KEY, NULL), ==, DYNO_AUTH_GRANTED);
  g_assert_cmpint (check (f, "Bearer " KEY, NULL), ==, DYNO_AUTH_GRANTED);
  g_assert_cmpstr (f->principal->key_id, ==, "key_8hT2mN4pQ6rS8tV0wX2y");
}

static void
test_bad_keys (Fixture       *f,
               gconstpointer  unused)
{
  g_assert_cmpint (check (f, NULL, "nonsense"), ==, DYNO_AUTH_REFUSED);
  assert_refused (f, DYNO_ERROR_DENIED, "INVALID_API_KEY", NULL, TRUE);
  g_assert_cmpint (check (f, NULL, ""), ==, DYNO_AUTH_REFUSED);
  assert_refused (f, DYNO_ERROR_DENIED, "INVALID_API_KEY", NULL, TRUE);
  g_assert_cmpint (check (f, NULL, OLD), ==, DYNO_AUTH_REFUSED);
  assert_refused (f, DYNO_ERROR_DENIED, "INVALID_API_KEY", NULL, FALSE);
  g_assert_cmpint (check (f, "ApiKey nonsense", NULL), ==, DYNO_AUTH_REFUSED);
  assert_refused (f, DYNO_ERROR_DENIED, "INVALID_API_KEY", NULL, TRUE);
  g_assert_cmpint (check (f, "Bearer nonsense", NULL), ==, DYNO_AUTH_REFUSED);
  assert_bad_token (f, TRUE);
  g_assert_cmpint (check (f, "Bearer " OLD, NULL), ==, DYNO_AUTH_REFUSED);
  assert_bad_token (f, FALSE);
}

/* One kind is never taken for another. */
static void
test_kinds_apart (Fixture       *f,
                  gconstpointer  unused)
{
  g_autofree char *access = token (f);
  g_autofree char *again = dyno_crypt_new_token ("dynort_");

  g_assert_cmpint (check (f, NULL, access), ==, DYNO_AUTH_REFUSED);
  assert_refused (f, DYNO_ERROR_DENIED, "INVALID_API_KEY", NULL, TRUE);
  g_assert_cmpint (check_bearer (f, again), ==, DYNO_AUTH_REFUSED);
  assert_bad_token (f, TRUE);
  g_assert_cmpint (check (f, NULL, again), ==, DYNO_AUTH_REFUSED);
}

static void
test_two_credentials (Fixture       *f,
                      gconstpointer  unused)
{
  g_autofree char *text = token (f);
  g_autofree char *header = g_strconcat ("Bearer ", text, NULL);

  g_assert_cmpint (check (f, header, KEY), ==, DYNO_AUTH_REFUSED);
  assert_refused (f, DYNO_ERROR_INVALID, "BAD_REQUEST", NULL, FALSE);
  g_assert_cmpint (check (f, "Basic YW5hOnB3", KEY), ==, DYNO_AUTH_REFUSED);
  assert_refused (f, DYNO_ERROR_INVALID, "BAD_REQUEST", NULL, FALSE);
  g_assert_cmpint (check (f, "Bearer " KEY, KEY), ==, DYNO_AUTH_GRANTED);
}

static void
test_admin_socket (Fixture       *f,
                   gconstpointer  unused)
{
  DynoAuthRequest request = { .is_admin = TRUE };

  g_ptr_array_set_size (f->authority.users, 0);
  g_assert_cmpint (check_request (f, &request), ==, DYNO_AUTH_GRANTED);
  g_assert_cmpint (f->principal->kind, ==, DYNO_PRINCIPAL_OWNER);
  g_assert_cmpuint (f->principal->scopes, ==, DYNO_SCOPES_ALL);
}

static void
test_setup_required (Fixture       *f,
                     gconstpointer  unused)
{
  DynoAuthRequest open = { .is_always_open = TRUE };

  g_free (f->ana->role);
  f->ana->role = g_strdup ("tuner");
  g_assert_cmpint (check (f, NULL, NULL), ==, DYNO_AUTH_REFUSED);
  assert_refused (f, DYNO_ERROR_UNAVAILABLE, "SETUP_REQUIRED", NULL, FALSE);
  g_assert_cmpint (check (f, NULL, KEY), ==, DYNO_AUTH_REFUSED);
  g_assert_cmpint (check_request (f, &open), ==, DYNO_AUTH_ABSENT);
  f->has_key = TRUE;
  g_assert_cmpint (check (f, NULL, KEY), ==, DYNO_AUTH_GRANTED);
}

static void
test_developer (Fixture       *f,
                gconstpointer  unused)
{
  DynoAuthRequest forwarded = { .is_forwarded = TRUE };

  g_ptr_array_set_size (f->authority.users, 0);
  new_auth (f, FALSE);
  g_assert_cmpint (check (f, NULL, NULL), ==, DYNO_AUTH_GRANTED);
  g_assert_cmpint (f->principal->kind, ==, DYNO_PRINCIPAL_DEVELOPER);
  g_assert_true (dyno_principal_may (f->principal, DYNO_SCOPE_TUNE_APPLY));
  g_assert_false (dyno_principal_may (f->principal, DYNO_SCOPE_USERS_WRITE));
  g_assert_cmpint (check (f, NULL, "nonsense"), ==, DYNO_AUTH_REFUSED);
  assert_refused (f, DYNO_ERROR_DENIED, "INVALID_API_KEY", NULL, TRUE);
  g_assert_cmpint (check_request (f, &forwarded), ==, DYNO_AUTH_REFUSED);
  assert_refused (f, DYNO_ERROR_DENIED, "AUTHORIZATION_ERROR", NULL, FALSE);
}

static void
test_listeners (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_auth_check_listeners (TRUE, FALSE, NULL));
  g_assert_true (dyno_auth_check_listeners (FALSE, TRUE, NULL));
  g_assert_false (dyno_auth_check_listeners (FALSE, FALSE, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
}

static void
test_permission (Fixture       *f,
                 gconstpointer  unused)
{
  g_autofree char *text = token (f);

  g_free (f->ana->role);
  f->ana->role = g_strdup ("viewer");
  f->has_key = TRUE;
  g_assert_cmpint (check_bearer (f, text), ==, DYNO_AUTH_GRANTED);
  g_assert_true (dyno_auth_require (f->principal, DYNO_SCOPE_RUNS_READ, &f->refusal, NULL));
  g_assert_false (
      dyno_auth_require (f->principal, DYNO_SCOPE_TUNE_APPLY, &f->refusal, &f->error));
  g_assert_cmpstr (f->refusal.challenge, ==,
                   "Bearer realm=\"dynoai\", error=\"insufficient_scope\"");
  g_assert_cmpstr (dyno_error_get_reason (f->error), ==, "AUTHORIZATION_ERROR");
  g_assert_nonnull (strstr (f->error->message, "tune:apply"));
}

static void
test_recent (Fixture       *f,
             gconstpointer  unused)
{
  g_autofree char *text = token (f);

  g_assert_cmpint (check_bearer (f, text), ==, DYNO_AUTH_GRANTED);
  dyno_clock_advance (f->clock, G_GINT64_CONSTANT (14 * 60) * 1000000);
  g_assert_true (dyno_auth_require_recent (f->auth, f->principal, NULL));
  dyno_clock_advance (f->clock, 1000);
  g_assert_false (dyno_auth_require_recent (f->auth, f->principal, &f->error));
  g_assert_cmpstr (dyno_error_get_reason (f->error), ==, "REAUTH_REQUIRED");
  g_clear_error (&f->error);
  g_assert_cmpint (check (f, NULL, KEY), ==, DYNO_AUTH_GRANTED);
  g_assert_true (dyno_auth_require_recent (f->auth, f->principal, NULL));
}

#define ADD(path, function) \
  g_test_add ("/server/auth/" path, Fixture, NULL, set_up, function, tear_down)

static void
add_refusals (void)
{
  ADD ("expired", test_expired);
  ADD ("logged-out", test_logged_out);
  ADD ("epoch", test_epoch);
  ADD ("disabled", test_disabled);
  ADD ("other-user", test_other_user);
  ADD ("revoked-jti", test_revoked_jti);
  ADD ("bad-keys", test_bad_keys);
  ADD ("kinds-apart", test_kinds_apart);
  ADD ("two-credentials", test_two_credentials);
  ADD ("setup-required", test_setup_required);
  ADD ("permission", test_permission);
  ADD ("recent", test_recent);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  key = dyno_token_key_generate ();

  ADD ("nobody", test_nobody);
  ADD ("bearer", test_bearer);
  ADD ("schemes", test_schemes);
  ADD ("keys", test_keys);
  ADD ("admin-socket", test_admin_socket);
  ADD ("developer", test_developer);
  g_test_add_func ("/server/auth/listeners", test_listeners);
  add_refusals ();

  status = g_test_run ();
  dyno_token_key_unref (key);

  return status;
}
