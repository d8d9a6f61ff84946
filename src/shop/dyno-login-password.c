/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Whatever needs a password: logging in, proving it again, changing it. An account that
 * does not exist goes the same way as a wrong password, with a hash of nothing. */

#include "config.h"

#include "dyno-crypt-password.h"
#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-login-private.h"
#include "dyno-shop-private.h"
#include "dyno-users-private.h"

typedef struct
{
  DynoPrincipal  *asker;    /* (owned) (nullable) */
  char           *email;    /* (owned) (nullable) as typed */
  char           *password; /* (owned) (nullable) */
  char           *fresh;    /* (owned) (nullable) the new one */
  GBytes         *code;     /* (owned) (nullable) SHA-256 of a reset code */
  gboolean        is_remembered;
  DynoLoginPlace  place;
} Args;

static void
args_free (Args *args)
{
  g_clear_pointer (&args->asker, dyno_principal_unref);
  g_free (args->email);
  dyno_users_forget_text (args->password);
  dyno_users_forget_text (args->fresh);
  g_clear_pointer (&args->code, g_bytes_unref);
  dyno_login_place_clear (&args->place);
  g_free (args);
}

static Args *
args_new (DynoPrincipal         *asker,
          const char            *email,
          const char            *password,
          const DynoLoginClient *client)
{
  Args *args = g_new0 (Args, 1);

  args->asker = asker != NULL ? dyno_principal_ref (asker) : NULL;
  args->email = g_strdup (email);
  args->password = g_strdup (password);
  dyno_login_place_init (&args->place, client);

  return args;
}

/* What an operation here ends with, beside an error. */
typedef struct
{
  DynoLoginTicket *ticket;        /* (owned) (nullable) */
  gint64           retry_after_s; /* > 0: not now */
  gboolean         is_stopped;
} Outcome;

static void
outcome_free (Outcome *self)
{
  if (self == NULL)
    return;

  dyno_login_ticket_free (self->ticket);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Outcome, outcome_free)

static Outcome *
finish (GAsyncResult        *result,
        const DynoOperation *operation,
        gint64              *retry_after_s,
        GError             **error)
{
  g_autoptr(Outcome) outcome = dyno_operation_finish (result, operation, error);

  if (retry_after_s != NULL)
    *retry_after_s = outcome != NULL ? outcome->retry_after_s : 0;
  if (outcome == NULL || outcome->retry_after_s == 0)
    return g_steal_pointer (&outcome);

  if (outcome->is_stopped)
    dyno_error_set (error, DYNO_ERROR_LIMITED, "login_stopped",
                    "Too many wrong passwords were given for this account. An administrator "
                    "unlocks it in the window of DynoAI.");
  else
    dyno_error_set (error, DYNO_ERROR_LIMITED, "login_throttled",
                    "Too many logins were tried. Try again in %" G_GINT64_FORMAT " seconds.",
                    outcome->retry_after_s);

  return NULL;
}

/* The account of that address; TRUE with NULL where there is none that may log in. */
static gboolean
find_user (const DynoErrand *errand,
           const char       *email,
           DynoUser        **user,
           GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GError) failure = NULL;

  dyno_store_find_user_async (store, email, NULL, dyno_await_cb, errand->await);
  *user = dyno_store_find_user_finish (store, dyno_await_wait (errand->await), &failure);
  if (*user != NULL && (*user)->status != DYNO_USER_ACTIVE)
    g_clear_pointer (user, dyno_user_free);
  if (failure == NULL || g_error_matches (failure, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

static DynoLoginTurn *
take_turn (const DynoErrand *errand,
           const Args       *args,
           GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_take_login_turn_async (store, args->email, args->place.address, NULL, dyno_await_cb,
                                    errand->await);

  return dyno_store_take_login_turn_finish (store, dyno_await_wait (errand->await), error);
}

/* What a right password has shown. */
typedef struct
{
  DynoUser *user;   /* (owned) (nullable) */
  char     *rehash; /* (owned) (nullable) the same password, to be kept anew */
} Proof;

static void
proof_clear (Proof *proof)
{
  dyno_user_free (proof->user);
  g_free (proof->rehash);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Proof, proof_clear)

static gboolean
verify (const DynoErrand *errand,
        const Args       *args,
        Proof            *proof,
        GError          **error)
{
  g_autoptr(GBytes) pepper = dyno_vault_ref_key (errand->shop, DYNO_VAULT_PEPPER, error);
  DynoPasswordVerdict verdict;

  if (pepper == NULL || !find_user (errand, args->email, &proof->user, error))
    return FALSE;
  verdict = dyno_crypt_password_verify (pepper, args->password,
                                        proof->user != NULL ? proof->user->password : NULL);
  if (verdict == DYNO_PASSWORD_RIGHT_OLD)
    proof->rehash = dyno_crypt_password_hash (pepper, args->password);
  if (verdict != DYNO_PASSWORD_WRONG)
    return TRUE;
  if (!dyno_access_tell (errand, DYNO_AUDIT_AUTH_LOGIN_FAILURE,
                         proof->user != NULL ? proof->user->id : NULL, args->place.ip, error))
    return FALSE;

  dyno_error_set (error, DYNO_ERROR_DENIED, "AUTHENTICATION_ERROR",
                  "The e-mail address or the password is wrong.");

  return FALSE;
}

/* Counts the attempt, then looks at the password. NULL: an error. An outcome with a
 * time to wait, or an empty one, and then `proof` is there. */
static Outcome *
prove (const DynoErrand *errand,
       const Args       *args,
       Proof            *proof,
       GError          **error)
{
  g_autofree DynoLoginTurn *turn = take_turn (errand, args, error);
  g_autoptr(Outcome) outcome = g_new0 (Outcome, 1);

  if (turn == NULL)
    return NULL;
  if (!turn->is_allowed)
    {
      outcome->is_stopped = turn->is_stopped;
      outcome->retry_after_s = (turn->retry_after_ms + 999) / 1000;
      return g_steal_pointer (&outcome);
    }

  return verify (errand, args, proof, error) ? g_steal_pointer (&outcome) : NULL;
}

/* Logging in */

static DynoLoginSession *
open_session (const DynoErrand *errand,
              const Args       *args,
              Proof            *proof,
              const char       *token,
              GError          **error)
{
  DynoStore *store = errand->shop->store;
  DynoLoginOpening *opening = g_new0 (DynoLoginOpening, 1);

  opening->user_id = g_strdup (proof->user->id);
  opening->epoch = proof->user->epoch;
  opening->email = g_strdup (args->email);
  opening->sid = dyno_crypt_new_uuid (dyno_clock_real_us (errand->shop->clock) / 1000);
  opening->token = dyno_access_sum (token);
  opening->client_label = g_strdup (args->place.label != NULL ? args->place.label : "");
  opening->ip = g_strdup (args->place.ip);
  opening->address = g_strdup (args->place.address);
  opening->user_agent = g_strdup (args->place.user_agent);
  opening->is_remembered = args->is_remembered;
  opening->password = g_steal_pointer (&proof->rehash);
  dyno_access_note (errand, DYNO_AUDIT_AUTH_LOGIN_SUCCESS, opening->user_id, opening->ip, "login",
                    opening->sid);
  dyno_store_open_login_async (store, opening, NULL, dyno_await_cb, errand->await);

  return dyno_store_open_login_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
open_login (const DynoErrand *errand,
            gpointer          data,
            GError          **error)
{
  const Args *args = data;
  g_auto(Proof) proof = { NULL, NULL };
  g_autoptr(Outcome) outcome = prove (errand, args, &proof, error);
  g_autoptr(DynoLoginSession) session = NULL;
  g_autofree char *token = NULL;

  if (outcome == NULL || outcome->retry_after_s > 0)
    return g_steal_pointer (&outcome);

  token = dyno_crypt_new_token (DYNO_REFRESH_PREFIX);
  session = open_session (errand, args, &proof, token, error);
  if (session == NULL || !dyno_access_changed (errand, proof.user->id, "login", error))
    return NULL;
  outcome->ticket = dyno_login_ticket_new (g_steal_pointer (&proof.user), session, token);

  return g_steal_pointer (&outcome);
}

static const DynoOperation open_operation = { "open-login", open_login,
                                              (GDestroyNotify) outcome_free, TRUE, FALSE, TRUE };

void
dyno_login_open_async (DynoShop              *shop,
                       const char            *email,
                       const char            *password,
                       gboolean               is_remembered,
                       const DynoLoginClient *client,
                       GCancellable          *cancellable,
                       GAsyncReadyCallback    callback,
                       gpointer               user_data)
{
  Args *args = args_new (NULL, email, password, client);

  args->is_remembered = is_remembered;
  dyno_operation_start (shop, &open_operation, args, (GDestroyNotify) args_free, cancellable,
                        callback, user_data);
}

DynoLoginTicket *
dyno_login_open_finish (GAsyncResult *result,
                        gint64       *retry_after_s,
                        GError      **error)
{
  g_autoptr(Outcome) outcome = finish (result, &open_operation, retry_after_s, error);

  return outcome != NULL ? g_steal_pointer (&outcome->ticket) : NULL;
}

/* Once more */

/* Who has no password has none to prove. */
static gboolean
is_person (const Args *args,
           GError    **error)
{
  if (args->asker->kind == DYNO_PRINCIPAL_USER && args->email != NULL)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_DENIED, "AUTHORIZATION_ERROR",
                  "Only a person who has logged in can do this. Log in with a password.");

  return FALSE;
}

static gpointer
prove_login (const DynoErrand *errand,
             gpointer          data,
             GError          **error)
{
  const Args *args = data;
  DynoStore *store = errand->shop->store;
  g_auto(Proof) proof = { NULL, NULL };
  g_autoptr(Outcome) outcome = NULL;
  g_autoptr(DynoLoginSession) session = NULL;

  if (!is_person (args, error) || (outcome = prove (errand, args, &proof, error)) == NULL
      || outcome->retry_after_s > 0)
    return g_steal_pointer (&outcome);

  dyno_store_prove_login_async (store, proof.user->id, args->asker->sid, args->email,
                                args->place.address, NULL, dyno_await_cb, errand->await);
  session = dyno_store_prove_login_finish (store, dyno_await_wait (errand->await), error);
  if (session == NULL)
    return NULL;
  outcome->ticket = dyno_login_ticket_new (g_steal_pointer (&proof.user), session, NULL);

  return g_steal_pointer (&outcome);
}

static const DynoOperation prove_operation = { "prove-login", prove_login,
                                               (GDestroyNotify) outcome_free, TRUE, FALSE, TRUE };

void
dyno_login_prove_async (DynoShop              *shop,
                        DynoPrincipal         *asker,
                        const char            *password,
                        const DynoLoginClient *client,
                        GCancellable          *cancellable,
                        GAsyncReadyCallback    callback,
                        gpointer               user_data)
{
  dyno_operation_start (shop, &prove_operation, args_new (asker, asker->email, password, client),
                        (GDestroyNotify) args_free, cancellable, callback, user_data);
}

DynoLoginTicket *
dyno_login_prove_finish (GAsyncResult *result,
                         gint64       *retry_after_s,
                         GError      **error)
{
  g_autoptr(Outcome) outcome = finish (result, &prove_operation, retry_after_s, error);

  return outcome != NULL ? g_steal_pointer (&outcome->ticket) : NULL;
}

/* A new one */

static gboolean
set_password (const DynoErrand *errand,
              const DynoUser   *user,
              const Args       *args,
              GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autofree char *kept = NULL;
  g_autoptr(DynoUser) changed = NULL;
  DynoPasswordChange *change;

  if (!dyno_crypt_password_judge (args->fresh, user->email, user->display_name, error)
      || (kept = dyno_users_hash (errand, args->fresh, error)) == NULL)
    return FALSE;

  change = g_new0 (DynoPasswordChange, 1);
  change->user_id = g_strdup (user->id);
  change->password = g_steal_pointer (&kept);
  change->code = args->code != NULL ? g_bytes_ref (args->code) : NULL;
  dyno_access_note (errand, DYNO_AUDIT_AUTH_PASSWORD_CHANGED, user->id, args->place.ip, "user",
                    user->id);
  dyno_store_set_password_async (store, change, NULL, dyno_await_cb, errand->await);
  changed = dyno_store_set_password_finish (store, dyno_await_wait (errand->await), error);

  return changed != NULL && dyno_access_changed (errand, user->id, "changed", error);
}

static gpointer
change_password (const DynoErrand *errand,
                 gpointer          data,
                 GError          **error)
{
  const Args *args = data;
  g_auto(Proof) proof = { NULL, NULL };
  g_autoptr(Outcome) outcome = NULL;

  if (!is_person (args, error) || (outcome = prove (errand, args, &proof, error)) == NULL)
    return NULL;
  if (outcome->retry_after_s == 0 && !set_password (errand, proof.user, args, error))
    return NULL;

  return g_steal_pointer (&outcome);
}

static const DynoOperation change_operation = { "change-password", change_password,
                                                (GDestroyNotify) outcome_free, TRUE, TRUE, TRUE };

void
dyno_login_change_password_async (DynoShop              *shop,
                                  DynoPrincipal         *asker,
                                  const char            *current,
                                  const char            *fresh,
                                  const DynoLoginClient *client,
                                  GCancellable          *cancellable,
                                  GAsyncReadyCallback    callback,
                                  gpointer               user_data)
{
  Args *args = args_new (asker, asker->email, current, client);

  args->fresh = g_strdup (fresh);
  dyno_operation_start (shop, &change_operation, args, (GDestroyNotify) args_free, cancellable,
                        callback, user_data);
}

gboolean
dyno_login_change_password_finish (GAsyncResult *result,
                                   gint64       *retry_after_s,
                                   GError      **error)
{
  g_autoptr(Outcome) outcome = finish (result, &change_operation, retry_after_s, error);

  return outcome != NULL;
}

/* Whose code that is; NULL with an error where it does not serve. */
static DynoUser *
find_by_code (const DynoErrand *errand,
              const Args       *args,
              GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoCode) code = NULL;

  if (args->code != NULL)
    {
      dyno_store_try_code_async (store, DYNO_CODE_RESET, args->code, args->email, NULL,
                                 dyno_await_cb, errand->await);
      code = dyno_store_try_code_finish (store, dyno_await_wait (errand->await), error);
      if (code == NULL)
        return NULL;
    }
  if (code == NULL || code->id == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_DENIED, "code",
                      "This code does not serve (any more). Ask for a new one.");
      return NULL;
    }
  dyno_store_get_user_async (store, code->user_id, NULL, dyno_await_cb, errand->await);

  return dyno_store_get_user_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
reset_password (const DynoErrand *errand,
                gpointer          data,
                GError          **error)
{
  const Args *args = data;
  g_autoptr(DynoUser) user = find_by_code (errand, args, error);

  return user != NULL && set_password (errand, user, args, error) ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation reset_operation = { "reset-password", reset_password, NULL, TRUE, TRUE,
                                               TRUE };

void
dyno_login_reset_password_async (DynoShop            *shop,
                                 const char          *email,
                                 const char          *code,
                                 const char          *fresh,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  DynoLoginClient nowhere = { NULL, NULL, NULL };
  Args *args = args_new (NULL, email, NULL, &nowhere);

  args->code = dyno_access_code_sum (code);
  args->fresh = g_strdup (fresh);
  dyno_operation_start (shop, &reset_operation, args, (GDestroyNotify) args_free, cancellable,
                        callback, user_data);
}

gboolean
dyno_login_reset_password_finish (GAsyncResult *result,
                                  GError      **error)
{
  return dyno_operation_finish (result, &reset_operation, error) != NULL;
}
