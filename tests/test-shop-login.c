/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-crypt-text.h"
#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

#define MASTER    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define GOOD      "ruddy pelican gearbox violin"
#define OTHER     "seven quiet harbour lanterns"
#define SECOND_US G_GINT64_CONSTANT (1000000)
#define BEGIN_US  G_GINT64_CONSTANT (1789000000000000)

static const DynoLoginClient tablet = { "Bay 2", "192.0.2.7", "tablet" };
static const DynoLoginClient thief = { NULL, "198.51.100.9", "curl" };

static DynoPrincipal *owner;

static void
set_up (DynoTestShop  *f,
        gconstpointer  registration)
{
  g_autofree char *path = NULL;
  DynoVaultState state;

  dyno_test_shop_prepare (f, dyno_test_make_folder ());
  path = g_build_filename (f->folder, "master", NULL);
  g_assert_true (g_file_set_contents (path, MASTER, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  dyno_test_shop_set (f, "DYNOAI_MASTER_KEY_FILE", path);
  if (registration != NULL)
    dyno_test_shop_set (f, "DYNOAI_REGISTRATION", registration);
  f->clock = dyno_clock_new_fake (0, BEGIN_US);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  dyno_vault_open_async (f->shop, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_vault_open_finish (dyno_await_wait (f->await), &state, NULL));
  g_assert_cmpint (state, ==, DYNO_VAULT_READY);
  g_assert_true (dyno_test_ask0 (f, dyno_login_load, NULL));
}

#define ADD(path, registration, function) \
  g_test_add ("/shop/login/" path, DynoTestShop, registration, set_up, function, \
              dyno_test_shop_tear_down)

static DynoUser *
draft (const char *email,
       const char *name,
       const char *role)
{
  DynoUser *user = g_new0 (DynoUser, 1);

  user->email = g_strdup (email);
  user->display_name = g_strdup (name);
  user->role = g_strdup (role);

  return user;
}

/* A person with a password, made at the machine. */
static DynoUser *
make_user (DynoTestShop *f,
           const char   *email,
           const char   *role)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoUserCode) told = dyno_test_ask (f, dyno_users_create, &error, owner,
                                                draft (email, "Ana", role), GOOD);

  g_assert_no_error (error);
  g_assert_null (told->code);
  g_assert_null (told->user->password);

  return g_steal_pointer (&told->user);
}

static DynoLoginTicket *
try_login (DynoTestShop           *f,
           const char             *email,
           const char             *password,
           const DynoLoginClient  *client,
           gint64                 *retry_after_s,
           GError                **error)
{
  dyno_login_open_async (f->shop, email, password, FALSE, client, NULL, dyno_await_cb, f->await);

  return dyno_login_open_finish (dyno_await_wait (f->await), retry_after_s, error);
}

static DynoLoginTicket *
log_in (DynoTestShop *f,
        const char   *email,
        const char   *password)
{
  g_autoptr(GError) error = NULL;
  DynoLoginTicket *ticket = try_login (f, email, password, &tablet, NULL, &error);

  g_assert_no_error (error);

  return ticket;
}

static void
assert_reason (const GError *error,
               int           code,
               const char   *reason)
{
  g_assert_error (error, DYNO_ERROR, code);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
}

static void
assert_no_login (DynoTestShop *f,
                 const char   *email,
                 const char   *password)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (try_login (f, email, password, &tablet, NULL, &error));
  assert_reason (error, DYNO_ERROR_DENIED, "AUTHENTICATION_ERROR");
  g_assert_cmpstr (error->message, ==, "The e-mail address or the password is wrong.");
}

static DynoPrincipal *
principal_of (const DynoUser        *user,
              const DynoLoginTicket *ticket)
{
  DynoPrincipal *principal = dyno_principal_new (DYNO_PRINCIPAL_USER);

  g_assert_true (dyno_role_find (user->role, &principal->role));
  principal->scopes = dyno_role_scopes (principal->role);
  principal->user_id = g_strdup (user->id);
  principal->email = g_strdup (user->email);
  principal->sid = g_strdup (ticket != NULL ? ticket->sid : NULL);
  principal->jti = g_strdup ("jti-1");
  principal->expires_ms = BEGIN_US / 1000 + 900000;

  return principal;
}

static gboolean
is_live (DynoTestShop *f,
         const char   *sid)
{
  g_autoptr(DynoLoginSet) set = dyno_login_ref_set (f->shop);

  return dyno_login_set_get_session (set, sid, dyno_clock_real_us (f->clock) / 1000) != NULL;
}

static gint64
epoch_of (DynoTestShop *f,
          const char   *user_id)
{
  g_autoptr(DynoLoginSet) set = dyno_login_ref_set (f->shop);
  const DynoLoginUser *user = dyno_login_set_get_user (set, user_id);

  return user != NULL ? user->epoch : -1;
}

static DynoLoginTicket *
refresh (DynoTestShop           *f,
         const char             *token,
         const DynoLoginClient  *client,
         GError                **error)
{
  return dyno_test_ask (f, dyno_login_refresh, error, token, client);
}

/* Users */

static void
test_first_admin (DynoTestShop  *f,
                  gconstpointer  unused)
{
  g_autoptr(DynoLoginSet) before = dyno_login_ref_set (f->shop);
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "admin");
  g_autoptr(DynoLoginSet) after = dyno_login_ref_set (f->shop);

  g_assert_false (dyno_login_set_has_admin (before));
  g_assert_true (dyno_login_set_has_admin (after));
  g_assert_cmpint (ana->status, ==, DYNO_USER_ACTIVE);
}

static void
test_create_checks (DynoTestShop  *f,
                    gconstpointer  unused)
{
  static const char *const emails[] = { "", "ana", "@shop", "ana@", "a@b@c", "ana @shop.example",
                                        "ana@shop.example\n" };
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "admin");
  g_autoptr(DynoPrincipal) admin = principal_of (ana, NULL);
  g_autoptr(GError) denied = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (emails); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (dyno_test_ask (f, dyno_users_create, &error, owner,
                                    draft (emails[i], "Bea", "viewer"), NULL));
      assert_reason (error, DYNO_ERROR_INVALID, "email");
    }
  g_assert_null (dyno_test_ask (f, dyno_users_create, &denied, admin,
                                draft ("bea@shop.example", "Bea", "viewer"), GOOD));
  assert_reason (denied, DYNO_ERROR_DENIED, "CONSOLE_ONLY");
}

static void
test_rights (DynoTestShop  *f,
             gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoUser) bea = make_user (f, "bea@shop.example", "viewer");
  g_autoptr(DynoPrincipal) tuner = principal_of (ana, NULL);
  g_autoptr(DynoUser) self = dyno_test_ask (f, dyno_users_get, NULL, tuner, ana->id);
  DynoUserEdit name = DYNO_USER_EDIT_NOTHING;
  DynoUserEdit role = DYNO_USER_EDIT_NOTHING;
  g_autoptr(DynoUser) renamed = NULL;
  g_autoptr(GError) one = NULL;
  g_autoptr(GError) two = NULL;
  g_autoptr(GError) three = NULL;
  g_autoptr(GError) four = NULL;

  g_assert_cmpstr (self->email, ==, "ana@shop.example");
  g_assert_null (dyno_test_ask (f, dyno_users_get, &one, tuner, bea->id));
  assert_reason (one, DYNO_ERROR_DENIED, "AUTHORIZATION_ERROR");
  g_assert_null (dyno_test_ask (f, dyno_users_list, &two, tuner, NULL, 10));
  assert_reason (two, DYNO_ERROR_DENIED, "AUTHORIZATION_ERROR");
  name.display_name = "Ana Maria";
  renamed = dyno_test_ask (f, dyno_users_edit, NULL, tuner, ana->id, ana->revision, &name);
  g_assert_cmpstr (renamed->display_name, ==, "Ana Maria");
  role.role = DYNO_ROLE_ADMIN;
  g_assert_null (dyno_test_ask (f, dyno_users_edit, &three, tuner, ana->id, 2, &role));
  assert_reason (three, DYNO_ERROR_DENIED, "AUTHORIZATION_ERROR");
  g_assert_null (dyno_test_ask (f, dyno_users_edit, &four, tuner, bea->id, 1, &name));
  assert_reason (four, DYNO_ERROR_DENIED, "AUTHORIZATION_ERROR");
}

static void
test_edit (DynoTestShop  *f,
           gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "admin");
  g_autoptr(DynoUser) bea = make_user (f, "bea@shop.example", "viewer");
  DynoUserEdit lower = DYNO_USER_EDIT_NOTHING;
  DynoUserEdit service = DYNO_USER_EDIT_NOTHING;
  g_autoptr(DynoUser) higher = NULL;
  g_autoptr(GError) last = NULL;
  g_autoptr(GError) stale = NULL;
  g_autoptr(GError) odd = NULL;
  g_autoptr(GError) local = NULL;

  lower.role = DYNO_ROLE_OPERATOR;
  service.role = DYNO_ROLE_SERVICE;
  g_assert_null (dyno_test_ask (f, dyno_users_edit, &last, owner, ana->id, 1, &lower));
  assert_reason (last, DYNO_ERROR_CONFLICT, "last_admin");
  higher = dyno_test_ask (f, dyno_users_edit, NULL, owner, bea->id, 1, &lower);
  g_assert_cmpstr (higher->role, ==, "operator");
  g_assert_cmpint (higher->revision, ==, 2);
  g_assert_cmpint (epoch_of (f, bea->id), ==, 2);
  g_assert_null (dyno_test_ask (f, dyno_users_edit, &stale, owner, bea->id, 1, &lower));
  assert_reason (stale, DYNO_ERROR_CONFLICT, "stale");
  g_assert_null (dyno_test_ask (f, dyno_users_edit, &odd, owner, bea->id, 2, &service));
  assert_reason (odd, DYNO_ERROR_INVALID, "role");
  g_assert_null (dyno_test_ask (f, dyno_users_edit, &local, owner, "local:owner", 1, &lower));
  assert_reason (local, DYNO_ERROR_INVALID, "user");
}

static DynoUser *
register_as (DynoTestShop  *f,
             const char    *email,
             const char    *code,
             gboolean       is_local,
             GError       **error)
{
  DynoRegistration registration = { email, OTHER, "Bea", code, is_local };

  return dyno_test_ask (f, dyno_users_register, error, &registration);
}

static void
test_invited (DynoTestShop  *f,
              gconstpointer  unused)
{
  g_autoptr(DynoUserCode) told = dyno_test_ask (f, dyno_users_create, NULL, owner,
                                                draft ("bea@shop.example", "B", "operator"), NULL);
  g_autoptr(DynoUser) bea = NULL;
  g_autoptr(DynoLoginTicket) ticket = NULL;
  g_autoptr(GError) again = NULL;
  g_autofree char *typed = g_ascii_strdown (told->code, -1);

  g_assert_cmpuint (strlen (told->code), ==, 13);
  g_assert_cmpint (told->user->status, ==, DYNO_USER_INVITED);
  assert_no_login (f, "bea@shop.example", OTHER);
  bea = register_as (f, "Bea@shop.example", typed, FALSE, NULL);
  g_assert_cmpstr (bea->id, ==, told->user->id);
  g_assert_cmpstr (bea->role, ==, "operator");
  ticket = log_in (f, "bea@shop.example", OTHER);
  g_assert_cmpstr (ticket->user->id, ==, bea->id);
  g_assert_null (register_as (f, "bea@shop.example", told->code, FALSE, &again));
  assert_reason (again, DYNO_ERROR_DENIED, "code");
}

static void
test_invitation (DynoTestShop  *f,
                 gconstpointer  unused)
{
  g_autoptr(DynoUserCode) told =
      dyno_test_ask (f, dyno_users_invite, NULL, owner, DYNO_ROLE_TUNER, NULL, 72);
  g_autoptr(DynoUser) bea = register_as (f, "bea@shop.example", told->code, FALSE, NULL);
  g_autoptr(GError) twice = NULL;
  g_autoptr(GError) none = NULL;
  g_autoptr(GError) junk = NULL;

  g_assert_cmpstr (bea->role, ==, "tuner");
  g_assert_null (register_as (f, "cai@shop.example", told->code, FALSE, &twice));
  assert_reason (twice, DYNO_ERROR_DENIED, "code");
  g_assert_null (register_as (f, "cai@shop.example", NULL, TRUE, &none));
  assert_reason (none, DYNO_ERROR_DENIED, "REGISTRATION_CLOSED");
  g_assert_null (register_as (f, "cai@shop.example", "junk", TRUE, &junk));
  assert_reason (junk, DYNO_ERROR_DENIED, "code");
}

static void
test_invitation_ends (DynoTestShop  *f,
                      gconstpointer  unused)
{
  g_autoptr(DynoUserCode) told = dyno_test_ask (f, dyno_users_invite, NULL, owner, DYNO_ROLE_TUNER,
                                                "bea@shop.example", 72);
  g_autoptr(GError) other = NULL;
  g_autoptr(GError) late = NULL;

  g_assert_null (register_as (f, "cai@shop.example", told->code, FALSE, &other));
  assert_reason (other, DYNO_ERROR_DENIED, "code");
  dyno_clock_advance (f->clock, 72 * 3600 * SECOND_US);
  g_assert_null (register_as (f, "bea@shop.example", told->code, FALSE, &late));
  assert_reason (late, DYNO_ERROR_DENIED, "code");
}

static void
test_open_registration (DynoTestShop  *f,
                        gconstpointer  unused)
{
  g_autoptr(DynoUser) bea = register_as (f, "bea@shop.example", NULL, TRUE, NULL);
  g_autoptr(GError) far = NULL;
  g_autoptr(GError) taken = NULL;

  g_assert_cmpstr (bea->role, ==, "viewer");
  g_assert_null (register_as (f, "cai@shop.example", NULL, FALSE, &far));
  assert_reason (far, DYNO_ERROR_DENIED, "REGISTRATION_CLOSED");
  g_assert_null (register_as (f, "BEA@shop.example", NULL, TRUE, &taken));
  assert_reason (taken, DYNO_ERROR_CONFLICT, "email");
}

static void
test_closed_registration (DynoTestShop  *f,
                          gconstpointer  unused)
{
  g_autoptr(DynoUserCode) told =
      dyno_test_ask (f, dyno_users_invite, NULL, owner, DYNO_ROLE_TUNER, NULL, 72);
  g_autoptr(GError) error = NULL;

  g_assert_null (register_as (f, "bea@shop.example", told->code, TRUE, &error));
  assert_reason (error, DYNO_ERROR_DENIED, "REGISTRATION_CLOSED");
}

/* Logging in */

static void
test_log_in (DynoTestShop  *f,
             gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) ticket = log_in (f, "Ana@Shop.example", GOOD);

  g_assert_cmpstr (ticket->user->id, ==, ana->id);
  g_assert_null (ticket->user->password);
  g_assert_true (dyno_crypt_is_token (ticket->refresh_token, "dynort_"));
  g_assert_cmpuint (strlen (ticket->refresh_token), ==, 56);
  g_assert_cmpint (ticket->auth_time_ms, ==, BEGIN_US / 1000);
  g_assert_cmpint (ticket->refresh_expires_ms, ==, BEGIN_US / 1000 + DYNO_LOGIN_SHORT_MS);
  g_assert_true (is_live (f, ticket->sid));
}

static void
test_wrong (DynoTestShop  *f,
            gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoUser) off = NULL;
  DynoUserEdit edit = DYNO_USER_EDIT_NOTHING;

  assert_no_login (f, "ana@shop.example", OTHER);
  assert_no_login (f, "nobody@shop.example", GOOD);
  assert_no_login (f, "", "");
  assert_no_login (f, "local:owner", GOOD);
  edit.status = DYNO_USER_DISABLED;
  off = dyno_test_ask (f, dyno_users_edit, NULL, owner, ana->id, 1, &edit);
  g_assert_cmpint (off->status, ==, DYNO_USER_DISABLED);
  assert_no_login (f, "ana@shop.example", GOOD);
}

static void
test_throttle (DynoTestShop  *f,
               gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoLoginTicket) ticket = NULL;
  gint64 retry_after_s = 0;

  for (guint i = 0; i < 5; i++)
    assert_no_login (f, "ana@shop.example", OTHER);
  g_assert_null (try_login (f, "ana@shop.example", GOOD, &tablet, &retry_after_s, &error));
  assert_reason (error, DYNO_ERROR_LIMITED, "login_throttled");
  g_assert_cmpint (retry_after_s, ==, 60);
  dyno_clock_advance (f->clock, 60 * SECOND_US);
  ticket = log_in (f, "ana@shop.example", GOOD);
  g_assert_nonnull (ticket);
}

/* Addresses of one household are one. */
static void
test_network (DynoTestShop  *f,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *ip = g_strdup_printf ("2001:db8:1:2::%u", i + 1);
      DynoLoginClient client = { NULL, ip, NULL };
      g_autoptr(DynoLoginTicket) ticket = NULL;

      g_clear_error (&error);
      ticket = try_login (f, "nobody@shop.example", GOOD, &client, NULL, &error);
      g_assert_null (ticket);
    }
  assert_reason (error, DYNO_ERROR_LIMITED, "login_throttled");
}

typedef struct
{
  guint n_ended;
  guint n_busy;
} Crowd;

static void
crowd_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Crowd *crowd = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_login_open_finish (result, NULL, &error));
  crowd->n_ended++;
  crowd->n_busy += g_strcmp0 (dyno_error_get_reason (error), "KDF_BUSY") == 0 ? 1 : 0;
}

/* Two are worked on, eight wait, six are sent away. */
static void
test_kdf_busy (DynoTestShop  *f,
               gconstpointer  unused)
{
  Crowd crowd = { 0, 0 };

  for (guint i = 0; i < 16; i++)
    {
      g_autofree char *ip = g_strdup_printf ("192.0.2.%u", i);
      g_autofree char *email = g_strdup_printf ("n%u@shop.example", i);
      DynoLoginClient client = { NULL, ip, NULL };

      dyno_login_open_async (f->shop, email, GOOD, FALSE, &client, NULL, crowd_cb, &crowd);
    }
  while (crowd.n_ended < 16)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  g_assert_cmpuint (crowd.n_busy, ==, 6);
}

/* Refreshing */

static void
test_refresh (DynoTestShop  *f,
              gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) first = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoLoginTicket) second = refresh (f, first->refresh_token, &tablet, NULL);
  g_autoptr(DynoLoginTicket) third = refresh (f, second->refresh_token, &tablet, NULL);

  g_assert_cmpstr (second->sid, ==, first->sid);
  g_assert_cmpint (second->auth_time_ms, ==, first->auth_time_ms);
  g_assert_cmpstr (second->refresh_token, !=, first->refresh_token);
  g_assert_cmpstr (third->refresh_token, !=, second->refresh_token);
  g_assert_cmpint (third->refresh_expires_ms, ==, first->refresh_expires_ms);
}

static void
test_lost_reply (DynoTestShop  *f,
                 gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) first = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoLoginTicket) second = refresh (f, first->refresh_token, &tablet, NULL);
  g_autoptr(DynoLoginTicket) again = NULL;
  g_autoptr(GError) late = NULL;
  g_autoptr(GError) ended = NULL;

  dyno_clock_advance (f->clock, 30 * SECOND_US);
  again = refresh (f, first->refresh_token, &tablet, NULL);
  g_assert_cmpstr (again->refresh_token, ==, second->refresh_token);
  g_assert_true (is_live (f, first->sid));
  dyno_clock_advance (f->clock, SECOND_US);
  g_assert_null (refresh (f, first->refresh_token, &tablet, &late));
  assert_reason (late, DYNO_ERROR_DENIED, "REFRESH_TOKEN_REUSED");
  g_assert_false (is_live (f, first->sid));
  g_assert_null (refresh (f, second->refresh_token, &tablet, &ended));
  assert_reason (ended, DYNO_ERROR_DENIED, "AUTHENTICATION_ERROR");
}

static void
test_stolen (DynoTestShop  *f,
             gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) first = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoLoginTicket) second = refresh (f, first->refresh_token, &tablet, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (refresh (f, first->refresh_token, &thief, &error));
  assert_reason (error, DYNO_ERROR_DENIED, "REFRESH_TOKEN_REUSED");
  g_assert_false (is_live (f, second->sid));
}

static void
test_refresh_texts (DynoTestShop  *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) ticket = log_in (f, "ana@shop.example", GOOD);
  g_autofree char *unknown = dyno_crypt_new_token ("dynort_");
  g_autofree char *key = dyno_crypt_new_token ("dynoai_");
  g_autofree char *longer = g_strconcat (ticket->refresh_token, "0", NULL);
  const char *texts[] = { "", "dynort_", unknown, key, longer, ticket->refresh_token + 1,
                          ticket->sid, "eyJhbGciOiJSUzI1NiJ9.e30.AAAA" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (refresh (f, texts[i], &tablet, &error));
      assert_reason (error, DYNO_ERROR_DENIED, "AUTHENTICATION_ERROR");
    }
  g_assert_true (is_live (f, ticket->sid));
}

/* Sixty-four threads with one token. */
typedef struct
{
  DynoShop   *shop;
  const char *token;
  char       *answer; /* (owned) (nullable) */
} Racer;

static gpointer
race_thread (gpointer data)
{
  Racer *racer = data;
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(DynoLoginTicket) ticket = NULL;

  dyno_login_refresh_async (racer->shop, racer->token, &tablet, NULL, dyno_await_cb, await);
  ticket = dyno_login_refresh_finish (dyno_await_wait (await), NULL);
  racer->answer = ticket != NULL ? g_strdup (ticket->refresh_token) : NULL;

  return NULL;
}

static void
test_race (DynoTestShop  *f,
           gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) ticket = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoLoginTicket) next = NULL;
  g_autofree char *successor = NULL;
  Racer racers[64];
  GThread *threads[64];

  for (guint i = 0; i < 64; i++)
    {
      racers[i] = (Racer) { f->shop, ticket->refresh_token, NULL };
      threads[i] = g_thread_new ("racer", race_thread, &racers[i]);
    }
  for (guint i = 0; i < 64; i++)
    {
      g_thread_join (threads[i]);
      g_assert_nonnull (racers[i].answer);
      if (successor == NULL)
        successor = g_strdup (racers[i].answer);
      g_assert_cmpstr (racers[i].answer, ==, successor);
      g_free (racers[i].answer);
    }
  next = refresh (f, successor, &tablet, NULL);
  g_assert_nonnull (next);
}

/* Ends */

static void
test_log_out (DynoTestShop  *f,
              gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) one = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoLoginTicket) two = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoLoginTicket) three = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoPrincipal) asker = principal_of (ana, one);
  g_autoptr(DynoLoginSet) set = NULL;
  guint n = 0;

  dyno_login_end_async (f->shop, asker, FALSE, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_login_end_finish (dyno_await_wait (f->await), &n, NULL));
  g_assert_cmpuint (n, ==, 1);
  g_assert_false (is_live (f, one->sid));
  g_assert_true (is_live (f, two->sid));
  set = dyno_login_ref_set (f->shop);
  g_assert_true (dyno_login_set_is_revoked (set, "jti-1"));
  dyno_login_end_async (f->shop, asker, TRUE, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_login_end_finish (dyno_await_wait (f->await), &n, NULL));
  g_assert_cmpuint (n, ==, 2);
  g_assert_false (is_live (f, three->sid));
}

static void
test_own_sessions (DynoTestShop  *f,
                   gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoUser) bea = make_user (f, "bea@shop.example", "admin");
  g_autoptr(DynoLoginTicket) ticket = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoPrincipal) mine = principal_of (ana, ticket);
  g_autoptr(DynoPrincipal) other = principal_of (bea, NULL);
  g_autoptr(GPtrArray) logins = dyno_test_ask (f, dyno_login_list, NULL, mine);
  g_autoptr(GPtrArray) none = dyno_test_ask (f, dyno_login_list, NULL, other);
  const DynoLoginSession *session = g_ptr_array_index (logins, 0);
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (logins->len, ==, 1);
  g_assert_cmpstr (session->client_label, ==, "Bay 2");
  g_assert_cmpstr (session->ip, ==, "192.0.2.7");
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_false (dyno_test_ask (f, dyno_login_end_one, &error, other, ticket->sid));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_true (is_live (f, ticket->sid));
  g_assert_true (dyno_test_ask (f, dyno_login_end_one, NULL, mine, ticket->sid));
  g_assert_false (is_live (f, ticket->sid));
}

static void
test_proof (DynoTestShop  *f,
            gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) ticket = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoPrincipal) asker = principal_of (ana, ticket);
  g_autoptr(DynoLoginTicket) proof = NULL;
  g_autoptr(GError) error = NULL;

  dyno_clock_advance (f->clock, 3600 * SECOND_US);
  dyno_login_prove_async (f->shop, asker, OTHER, &tablet, NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_login_prove_finish (dyno_await_wait (f->await), NULL, &error));
  assert_reason (error, DYNO_ERROR_DENIED, "AUTHENTICATION_ERROR");
  dyno_login_prove_async (f->shop, asker, GOOD, &tablet, NULL, dyno_await_cb, f->await);
  proof = dyno_login_prove_finish (dyno_await_wait (f->await), NULL, NULL);
  g_assert_cmpint (proof->auth_time_ms, ==, ticket->auth_time_ms + 3600000);
  g_assert_cmpstr (proof->sid, ==, ticket->sid);
  g_assert_null (proof->refresh_token);
}

static void
test_new_password (DynoTestShop  *f,
                   gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) ticket = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoPrincipal) asker = principal_of (ana, ticket);
  g_autoptr(DynoLoginTicket) fresh = NULL;
  g_autoptr(GError) weak = NULL;
  g_autoptr(GError) wrong = NULL;

  dyno_login_change_password_async (f->shop, asker, GOOD, "short", &tablet, NULL, dyno_await_cb,
                                    f->await);
  g_assert_false (dyno_login_change_password_finish (dyno_await_wait (f->await), NULL, &weak));
  assert_reason (weak, DYNO_ERROR_INVALID, "password");
  dyno_login_change_password_async (f->shop, asker, OTHER, OTHER, &tablet, NULL, dyno_await_cb,
                                    f->await);
  g_assert_false (dyno_login_change_password_finish (dyno_await_wait (f->await), NULL, &wrong));
  assert_reason (wrong, DYNO_ERROR_DENIED, "AUTHENTICATION_ERROR");
  g_assert_true (is_live (f, ticket->sid));
  dyno_login_change_password_async (f->shop, asker, GOOD, OTHER, &tablet, NULL, dyno_await_cb,
                                    f->await);
  g_assert_true (dyno_login_change_password_finish (dyno_await_wait (f->await), NULL, NULL));
  g_assert_false (is_live (f, ticket->sid));
  g_assert_cmpint (epoch_of (f, ana->id), ==, 2);
  fresh = log_in (f, "ana@shop.example", OTHER);
  g_assert_cmpstr (fresh->user->id, ==, ana->id);
}

static gboolean
reset (DynoTestShop  *f,
       const char    *email,
       const char    *code,
       GError       **error)
{
  return dyno_test_ask (f, dyno_login_reset_password, error, email, code, OTHER);
}

static void
test_reset (DynoTestShop  *f,
            gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) ticket = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoUserCode) told = dyno_test_ask (f, dyno_users_make_reset, NULL, owner, ana->id);
  g_autoptr(DynoLoginTicket) fresh = NULL;
  g_autoptr(GError) wrong = NULL;
  g_autoptr(GError) twice = NULL;

  g_assert_cmpint (told->expires_ms, ==, BEGIN_US / 1000 + 1800000);
  g_assert_false (reset (f, "bea@shop.example", told->code, &wrong));
  assert_reason (wrong, DYNO_ERROR_DENIED, "code");
  g_assert_true (reset (f, "Ana@shop.example", told->code, NULL));
  g_assert_false (is_live (f, ticket->sid));
  fresh = log_in (f, "ana@shop.example", OTHER);
  g_assert_nonnull (fresh);
  g_assert_false (reset (f, "ana@shop.example", told->code, &twice));
  assert_reason (twice, DYNO_ERROR_DENIED, "code");
}

/* The kept form of a user's password in the folder of a shop that is closed; NULL in
 * `put` leaves it. (transfer full) */
static char *
password_in_store (DynoTestShop *f,
                   const char   *user_id,
                   const char   *put)
{
  DynoStore *store = dyno_test_shop_open_store (f);
  g_autoptr(DynoUser) user = NULL;

  if (put != NULL)
    {
      DynoPasswordChange *change = g_new0 (DynoPasswordChange, 1);
      g_autoptr(DynoUser) changed = NULL;

      change->user_id = g_strdup (user_id);
      change->password = g_strdup (put);
      change->is_same = TRUE;
      dyno_store_set_password_async (store, change, NULL, dyno_await_cb, f->await);
      changed = dyno_store_set_password_finish (store, dyno_await_wait (f->await), NULL);
      g_assert_nonnull (changed);
    }
  dyno_store_get_user_async (store, user_id, NULL, dyno_await_cb, f->await);
  user = dyno_store_get_user_finish (store, dyno_await_wait (f->await), NULL);
  dyno_test_shop_close_store (f, store);

  return g_strdup (user->password);
}

static void
reopen (DynoTestShop *f)
{
  DynoVaultState state;

  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  dyno_vault_open_async (f->shop, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_vault_open_finish (dyno_await_wait (f->await), &state, NULL));
  g_assert_true (dyno_test_ask0 (f, dyno_login_load, NULL));
}

/* The bcrypt of the bare password, as another program kept it: good once, then kept
 * as ours. */
static void
test_imported_hash (DynoTestShop  *f,
                    gconstpointer  unused)
{
  static const char foreign[] = "$2b$05$abcdefghijklmnopqrstuuuXxhBPa5F2VcRGx0I6hOnUbjjc9jp2q";
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) first = NULL;
  g_autoptr(DynoLoginTicket) second = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  dyno_test_shop_close (f);
  before = password_in_store (f, ana->id, foreign);
  g_assert_cmpstr (before, ==, foreign);
  reopen (f);
  assert_no_login (f, "ana@shop.example", OTHER);
  first = log_in (f, "ana@shop.example", GOOD);
  dyno_test_shop_close (f);
  after = password_in_store (f, ana->id, NULL);
  g_assert_true (g_str_has_prefix (after, "hmac$2b$12$"));
  reopen (f);
  g_assert_true (is_live (f, first->sid));
  second = log_in (f, "ana@shop.example", GOOD);
  g_assert_nonnull (second);
}

static GPtrArray *
audit_of (DynoTestShop *f,
          const char   *event)
{
  DynoAuditQuery *query = g_new0 (DynoAuditQuery, 1);

  query->event = g_strdup (event);
  query->success = -1;

  return dyno_test_ask (f, dyno_audit_list, NULL, query);
}

static void
assert_noted (DynoTestShop *f,
              const char   *event,
              const char   *actor)
{
  g_autoptr(GPtrArray) rows = audit_of (f, event);

  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpstr (((DynoAuditRecord *) g_ptr_array_index (rows, 0))->actor, ==, actor);
}

/* Who came in and who did not, without what they typed. */
static void
test_audit (DynoTestShop  *f,
            gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "tuner");
  g_autoptr(DynoLoginTicket) first = log_in (f, "ana@shop.example", GOOD);
  g_autoptr(DynoLoginTicket) second = refresh (f, first->refresh_token, &tablet, NULL);
  g_autoptr(DynoLoginTicket) stolen = refresh (f, first->refresh_token, &thief, NULL);
  g_autoptr(GPtrArray) all = NULL;

  assert_no_login (f, "nobody@shop.example", OTHER);
  assert_noted (f, "user.created", "local:owner");
  assert_noted (f, "auth.login.success", ana->id);
  assert_noted (f, "auth.login.failure", "192.0.2.7");
  assert_noted (f, "auth.refresh_reuse", ana->id);
  all = audit_of (f, NULL);
  for (guint i = 0; i < all->len; i++)
    {
      const DynoAuditRecord *row = g_ptr_array_index (all, i);

      g_assert_null (row->details != NULL ? strchr (row->details, '@') : NULL);
    }
}

/* Pairing */

static DynoPairingTerms operator_terms = { DYNO_ROLE_OPERATOR, FALSE, 0 };

static char *
offer (DynoTestShop *f)
{
  gint64 expires_ms = 0;
  char *code = dyno_pairing_offer (f->shop, owner, &operator_terms, &expires_ms, NULL);

  g_assert_cmpuint (strlen (code), ==, 13);
  g_assert_cmpint (expires_ms, ==, dyno_clock_real_us (f->clock) / 1000 + 300000);

  return code;
}

static char *
first_request (DynoTestShop *f)
{
  g_autoptr(GPtrArray) requests = dyno_pairing_list (f->shop);
  const DynoPairingRequest *request;

  g_assert_cmpuint (requests->len, ==, 1);
  request = g_ptr_array_index (requests, 0);
  g_assert_cmpstr (request->name, ==, "Bay 2 tablet");
  g_assert_cmpstr (request->address, ==, "192.0.2.7");

  return g_strdup (request->id);
}

static void
redeem (DynoTestShop *f,
        const char   *code)
{
  dyno_pairing_redeem_async (f->shop, code, "Bay 2 tablet", "192.0.2.7", NULL, dyno_await_cb,
                             f->await);
}

static DynoPairingGrant *
redeemed (DynoTestShop  *f,
          GError       **error)
{
  return dyno_pairing_redeem_finish (dyno_await_wait (f->await), error);
}

static void
test_pairing (DynoTestShop  *f,
              gconstpointer  unused)
{
  g_autofree char *code = offer (f);
  g_autofree char *id = NULL;
  g_autoptr(DynoPairingGrant) grant = NULL;
  g_autoptr(GPtrArray) left = NULL;
  g_autoptr(GError) used = NULL;

  redeem (f, code);
  id = first_request (f);
  g_assert_true (dyno_pairing_answer (f->shop, owner, id, &operator_terms, NULL));
  grant = redeemed (f, NULL);
  g_assert_true (g_str_has_prefix (grant->user_id, "usr_"));
  g_assert_cmpint (grant->role, ==, DYNO_ROLE_OPERATOR);
  g_assert_true (grant->scopes & DYNO_SCOPE_BIT (DYNO_SCOPE_LIVE_CONTROL));
  g_assert_false (grant->scopes & DYNO_SCOPE_BIT (DYNO_SCOPE_KEYS_SELF));
  g_assert_false (grant->scopes & DYNO_SCOPE_BIT (DYNO_SCOPE_TUNE_APPLY));
  left = dyno_pairing_list (f->shop);
  g_assert_cmpuint (left->len, ==, 0);
  redeem (f, code);
  g_assert_null (redeemed (f, &used));
  assert_reason (used, DYNO_ERROR_DENIED, "code");
}

static void
test_pairing_page (DynoTestShop  *f,
                   gconstpointer  unused)
{
  DynoPairingTerms terms = { DYNO_ROLE_ADMIN, TRUE, BEGIN_US / 1000 + 1000 };
  g_autofree char *code = offer (f);
  g_autofree char *id = NULL;
  g_autoptr(DynoPairingGrant) grant = NULL;

  redeem (f, code);
  id = first_request (f);
  g_assert_true (dyno_pairing_answer (f->shop, owner, id, &terms, NULL));
  grant = redeemed (f, NULL);
  g_assert_cmpint (grant->scopes, ==,
                   DYNO_SCOPE_BIT (DYNO_SCOPE_LIVE_READ) | DYNO_SCOPE_BIT (DYNO_SCOPE_RUNS_READ));
  g_assert_cmpint (grant->expires_ms, ==, terms.expires_ms);
}

static void
test_pairing_refused (DynoTestShop  *f,
                      gconstpointer  unused)
{
  g_autoptr(DynoUser) ana = make_user (f, "ana@shop.example", "admin");
  g_autoptr(DynoPrincipal) admin = principal_of (ana, NULL);
  g_autofree char *code = offer (f);
  g_autofree char *id = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) denied = NULL;
  g_autoptr(GError) gone = NULL;

  redeem (f, code);
  id = first_request (f);
  g_assert_false (dyno_pairing_answer (f->shop, admin, id, &operator_terms, &denied));
  assert_reason (denied, DYNO_ERROR_DENIED, "CONSOLE_ONLY");
  g_assert_true (dyno_pairing_answer (f->shop, owner, id, NULL, NULL));
  g_assert_false (dyno_pairing_answer (f->shop, owner, id, &operator_terms, &gone));
  g_assert_error (gone, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_null (redeemed (f, &error));
  assert_reason (error, DYNO_ERROR_DENIED, "pairing_refused");
}

static void
test_pairing_tries (DynoTestShop  *f,
                    gconstpointer  unused)
{
  g_autofree char *code = offer (f);

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr(GError) error = NULL;

      redeem (f, i < 5 ? "0000000000000" : code);
      g_assert_null (redeemed (f, &error));
      assert_reason (error, DYNO_ERROR_DENIED, "code");
    }
}

static void
test_pairing_late (DynoTestShop  *f,
                   gconstpointer  unused)
{
  g_autofree char *code = offer (f);
  g_autoptr(GError) error = NULL;

  dyno_clock_advance (f->clock, 300 * SECOND_US);
  redeem (f, code);
  g_assert_null (redeemed (f, &error));
  assert_reason (error, DYNO_ERROR_DENIED, "code");
}

static void
test_pairing_cancelled (DynoTestShop  *f,
                        gconstpointer  unused)
{
  g_autofree char *code = offer (f);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GPtrArray) left = NULL;
  g_autoptr(GError) error = NULL;

  dyno_pairing_redeem_async (f->shop, code, "Bay 2 tablet", "192.0.2.7", cancellable,
                             dyno_await_cb, f->await);
  g_cancellable_cancel (cancellable);
  g_assert_null (redeemed (f, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  left = dyno_pairing_list (f->shop);
  g_assert_cmpuint (left->len, ==, 0);
}

static void
test_pairing_texts (DynoTestShop  *f,
                    gconstpointer  unused)
{
  g_autofree char *name = dyno_pairing_text ("bench.local", 5443, "a_b-c", "0123456789ABC");
  g_autofree char *v6 = dyno_pairing_page_text ("2001:db8::1", 5443, "0123456789ABC");

  g_assert_cmpstr (name, ==, "dynoai://pair?h=bench.local&p=5443&pin=a_b-c&c=0123456789ABC");
  g_assert_cmpstr (v6, ==, "https://[2001:db8::1]:5443/m/#c=0123456789ABC");
}

static void
add_users (void)
{
  ADD ("first-admin", NULL, test_first_admin);
  ADD ("create-checks", NULL, test_create_checks);
  ADD ("rights", NULL, test_rights);
  ADD ("edit", NULL, test_edit);
  ADD ("invited", NULL, test_invited);
  ADD ("invitation", NULL, test_invitation);
  ADD ("invitation-ends", NULL, test_invitation_ends);
  ADD ("open-registration", "open", test_open_registration);
  ADD ("closed-registration", "closed", test_closed_registration);
}

static void
add_logins (void)
{
  ADD ("log-in", NULL, test_log_in);
  ADD ("wrong", NULL, test_wrong);
  ADD ("throttle", NULL, test_throttle);
  ADD ("network", NULL, test_network);
  ADD ("kdf-busy", NULL, test_kdf_busy);
  ADD ("refresh", NULL, test_refresh);
  ADD ("lost-reply", NULL, test_lost_reply);
  ADD ("stolen", NULL, test_stolen);
  ADD ("refresh-texts", NULL, test_refresh_texts);
  ADD ("race", NULL, test_race);
  ADD ("log-out", NULL, test_log_out);
  ADD ("own-sessions", NULL, test_own_sessions);
  ADD ("proof", NULL, test_proof);
  ADD ("new-password", NULL, test_new_password);
  ADD ("reset", NULL, test_reset);
  ADD ("imported-hash", NULL, test_imported_hash);
  ADD ("audit", NULL, test_audit);
}

static void
add_pairing (void)
{
  ADD ("pairing", NULL, test_pairing);
  ADD ("pairing-page", NULL, test_pairing_page);
  ADD ("pairing-refused", NULL, test_pairing_refused);
  ADD ("pairing-tries", NULL, test_pairing_tries);
  ADD ("pairing-late", NULL, test_pairing_late);
  ADD ("pairing-cancelled", NULL, test_pairing_cancelled);
  ADD ("pairing-texts", NULL, test_pairing_texts);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  owner = dyno_principal_new_owner ();

  add_users ();
  add_logins ();
  add_pairing ();

  status = g_test_run ();
  dyno_principal_unref (owner);

  return status;
}
