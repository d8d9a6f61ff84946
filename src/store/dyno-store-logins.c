/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-logins.h"

#include "dyno-store-logins-private.h"
#include "dyno-store-private.h"
#include "dyno-store-users-private.h"
#include "dyno-throttle.h"

void
dyno_login_session_free (DynoLoginSession *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->user_id);
  g_free (self->client_label);
  g_free (self->ip);
  g_free (self->user_agent);
  g_free (self);
}

void
dyno_login_opening_free (DynoLoginOpening *self)
{
  if (self == NULL)
    return;

  g_free (self->user_id);
  g_free (self->email);
  g_free (self->sid);
  g_clear_pointer (&self->token, g_bytes_unref);
  g_free (self->client_label);
  g_free (self->ip);
  g_free (self->address);
  g_free (self->user_agent);
  g_free (self->password);
  g_free (self);
}

static gpointer
make_session (DynoStatement *row)
{
  DynoLoginSession *session = g_new0 (DynoLoginSession, 1);

  session->id = dyno_statement_dup_text (row, 0);
  session->user_id = dyno_statement_dup_text (row, 1);
  session->client_label = dyno_statement_dup_text (row, 2);
  session->ip = dyno_statement_dup_text (row, 3);
  session->user_agent = dyno_statement_dup_text (row, 4);
  session->is_remembered = dyno_statement_integer (row, 5) != 0;
  session->auth_time_ms = dyno_statement_integer (row, 6);
  session->created_ms = dyno_statement_integer (row, 7);
  session->last_seen_ms = dyno_statement_integer (row, 8);
  session->expires_ms = dyno_statement_integer (row, 9);
  session->is_live = dyno_statement_integer (row, 10) != 0;

  return session;
}

gboolean
dyno_login_rows_find (DynoTurn          *turn,
                      const char        *sid,
                      DynoLoginSession **session,
                      GError           **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_LOGIN_GET);
  DynoStep step;

  dyno_statement_set_text (s, ":id", sid);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":idle", DYNO_LOGIN_IDLE_MS);
  step = dyno_statement_step (s, error);
  *session = step == DYNO_STEP_ROW ? make_session (s) : NULL;
  dyno_statement_end (s);

  return step != DYNO_STEP_FAILED;
}

/* Attempts */

typedef struct
{
  char *user_id; /* (owned) (nullable) */
  char *sid;     /* (owned) (nullable) */
  char *email;   /* (owned) (nullable) */
  char *address; /* (owned) (nullable) */
  char *jti;     /* (owned) (nullable) */
  gint64 jti_expires_ms;
} LoginArgs;

static void
login_args_free (LoginArgs *args)
{
  g_free (args->user_id);
  g_free (args->sid);
  g_free (args->email);
  g_free (args->address);
  g_free (args->jti);
  g_free (args);
}

static gpointer
take_login_turn (DynoTurn     *turn,
                 gconstpointer data,
                 GError      **error)
{
  const LoginArgs *args = data;
  g_autofree DynoLoginTurn *answer = g_new0 (DynoLoginTurn, 1);
  g_autoptr(DynoUser) user = NULL;

  if (!dyno_user_rows_find (turn, args->email, &user, error)
      || !dyno_throttle_take (turn, args->email, user != NULL ? user->id : NULL, args->address,
                              answer, error))
    return NULL;

  return g_steal_pointer (&answer);
}

static const DynoVerb take_login_turn_verb = { "take-login-turn", take_login_turn, g_free };

void
dyno_store_take_login_turn_async (DynoStore          *self,
                                  const char         *email,
                                  const char         *address,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  LoginArgs *args = g_new0 (LoginArgs, 1);

  args->email = g_strdup (email);
  args->address = g_strdup (address);
  dyno_store_write (self, &take_login_turn_verb, args, (GDestroyNotify) login_args_free,
                    cancellable, callback, user_data);
}

DynoLoginTurn *
dyno_store_take_login_turn_finish (DynoStore    *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  return dyno_call_finish (result, &take_login_turn_verb, error);
}

static gpointer
unlock_login (DynoTurn     *turn,
              gconstpointer email,
              GError      **error)
{
  return dyno_throttle_unlock (turn, email, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb unlock_login_verb = { "unlock-login", unlock_login, NULL };

void
dyno_store_unlock_login_async (DynoStore          *self,
                               const char         *email,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_write (self, &unlock_login_verb, g_strdup (email), g_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_unlock_login_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &unlock_login_verb, error) != NULL;
}

/* Sessions */

/* Leaves room for one more. */
static gboolean
evict_oldest (DynoTurn   *turn,
              const char *user_id,
              GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_LOGIN_EVICT);

  dyno_statement_set_text (s, ":user_id", user_id);
  dyno_statement_set_integer (s, ":keep", DYNO_LOGIN_MAX - 1);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":idle", DYNO_LOGIN_IDLE_MS);

  return dyno_statement_run (s, error);
}

static gboolean
add_session (DynoTurn               *turn,
             const DynoLoginOpening *opening,
             gint64                  expires_ms,
             GError                **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_LOGIN_ADD);
  DynoRefreshRow first = { opening->sid, 0, opening->token, opening->client_label, opening->ip,
                           opening->user_agent, expires_ms };

  dyno_statement_set_text (s, ":id", opening->sid);
  dyno_statement_set_text (s, ":user_id", opening->user_id);
  dyno_statement_set_text (s, ":client_label", opening->client_label);
  dyno_statement_set_text (s, ":ip", opening->ip);
  dyno_statement_set_text (s, ":user_agent", opening->user_agent);
  dyno_statement_set_integer (s, ":remember", opening->is_remembered);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":expires_at", expires_ms);

  return dyno_statement_run (s, error) && dyno_refresh_rows_add (turn, &first, error);
}

static gboolean
remember_place (DynoTurn   *turn,
                const char *user_id,
                const char *address,
                GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_ADDRESS_SET);

  dyno_statement_set_text (s, ":user_id", user_id);
  dyno_statement_set_text (s, ":address", address);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return FALSE;

  s = dyno_statement_begin (turn->db, DYNO_SQL_USER_LOGGED_IN);
  dyno_statement_set_text (s, ":id", user_id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

static gboolean
is_still_so (DynoTurn               *turn,
             const DynoLoginOpening *opening,
             GError                **error)
{
  g_autoptr(DynoUser) user = dyno_user_rows_get (turn, opening->user_id, error);

  if (user == NULL)
    return FALSE;
  if (user->status == DYNO_USER_ACTIVE && user->epoch == opening->epoch)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                  "The account has just been changed. Log in again.");

  return FALSE;
}

static gpointer
open_login (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const DynoLoginOpening *opening = data;
  gint64 expires_ms =
      turn->now_ms + (opening->is_remembered ? DYNO_LOGIN_REMEMBERED_MS : DYNO_LOGIN_SHORT_MS);
  DynoLoginSession *session = NULL;

  if (!is_still_so (turn, opening, error))
    return NULL;
  if (opening->password != NULL
      && !dyno_user_rows_set_password (turn, opening->user_id, opening->password, TRUE, error))
    return NULL;
  if (!evict_oldest (turn, opening->user_id, error)
      || !add_session (turn, opening, expires_ms, error)
      || !remember_place (turn, opening->user_id, opening->address, error)
      || !dyno_throttle_clear (turn, opening->email, opening->address, error)
      || !dyno_login_rows_find (turn, opening->sid, &session, error))
    return NULL;

  return session;
}

static const DynoVerb open_login_verb = { "open-login", open_login,
                                          (GDestroyNotify) dyno_login_session_free };

void
dyno_store_open_login_async (DynoStore          *self,
                             DynoLoginOpening   *opening,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  dyno_store_write (self, &open_login_verb, opening, (GDestroyNotify) dyno_login_opening_free,
                    cancellable, callback, user_data);
}

DynoLoginSession *
dyno_store_open_login_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &open_login_verb, error);
}

static gpointer
prove_login (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  const LoginArgs *args = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_LOGIN_PROVED);
  DynoLoginSession *session = NULL;

  dyno_statement_set_text (s, ":id", args->sid);
  dyno_statement_set_text (s, ":user_id", args->user_id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return NULL;
  if (dyno_db_n_changed (turn->db) == 0)
    {
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "This login has ended. Log in again.");
      return NULL;
    }
  if (!dyno_throttle_clear (turn, args->email, args->address, error)
      || !dyno_login_rows_find (turn, args->sid, &session, error))
    return NULL;

  return session;
}

static const DynoVerb prove_login_verb = { "prove-login", prove_login,
                                           (GDestroyNotify) dyno_login_session_free };

void
dyno_store_prove_login_async (DynoStore          *self,
                              const char         *user_id,
                              const char         *sid,
                              const char         *email,
                              const char         *address,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  LoginArgs *args = g_new0 (LoginArgs, 1);

  args->user_id = g_strdup (user_id);
  args->sid = g_strdup (sid);
  args->email = g_strdup (email);
  args->address = g_strdup (address);
  dyno_store_write (self, &prove_login_verb, args, (GDestroyNotify) login_args_free, cancellable,
                    callback, user_data);
}

DynoLoginSession *
dyno_store_prove_login_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &prove_login_verb, error);
}

static gpointer
list_logins (DynoTurn     *turn,
             gconstpointer user_id,
             GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_LOGIN_LIST);

  dyno_statement_set_text (s, ":user_id", user_id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":idle", DYNO_LOGIN_IDLE_MS);

  return dyno_statement_list (s, make_session, (GDestroyNotify) dyno_login_session_free, error);
}

static const DynoVerb list_logins_verb = { "list-logins", list_logins,
                                           (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_logins_async (DynoStore          *self,
                              const char         *user_id,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  dyno_store_read (self, &list_logins_verb, g_strdup (user_id), g_free, cancellable, callback,
                   user_data);
}

GPtrArray *
dyno_store_list_logins_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &list_logins_verb, error);
}

gboolean
dyno_login_rows_end (DynoTurn   *turn,
                     const char *user_id,
                     const char *sid,
                     const char *reason,
                     guint      *n,
                     GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_LOGIN_END);

  dyno_statement_set_text (s, ":user_id", user_id);
  dyno_statement_set_text (s, ":id", sid);
  dyno_statement_set_text (s, ":reason", reason);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return FALSE;
  if (n != NULL)
    *n = (guint) dyno_db_n_changed (turn->db);

  return TRUE;
}

static gboolean
revoke_jti (DynoTurn        *turn,
            const LoginArgs *args,
            GError         **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_JTI_REVOKE);

  dyno_statement_set_text (s, ":jti", args->jti);
  dyno_statement_set_text (s, ":user_id", args->user_id);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":expires_at", args->jti_expires_ms);

  return dyno_statement_run (s, error);
}

/* Answers the number of them plus one, so that none is no failure. */
static gpointer
end_logins (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const LoginArgs *args = data;
  guint n = 0;

  if (!dyno_login_rows_end (turn, args->user_id, args->sid, "logout", &n, error))
    return NULL;
  if (args->jti != NULL && !revoke_jti (turn, args, error))
    return NULL;

  return GUINT_TO_POINTER (n + 1);
}

static const DynoVerb end_logins_verb = { "end-logins", end_logins, NULL };

void
dyno_store_end_logins_async (DynoStore          *self,
                             const char         *user_id,
                             const char         *sid,
                             const char         *jti,
                             gint64              jti_expires_ms,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  LoginArgs *args = g_new0 (LoginArgs, 1);

  args->user_id = g_strdup (user_id);
  args->sid = g_strdup (sid);
  args->jti = g_strdup (jti);
  args->jti_expires_ms = jti_expires_ms;
  dyno_store_write (self, &end_logins_verb, args, (GDestroyNotify) login_args_free, cancellable,
                    callback, user_data);
}

gboolean
dyno_store_end_logins_finish (DynoStore    *self,
                              GAsyncResult *result,
                              guint        *n,
                              GError      **error)
{
  guint n_and_one = GPOINTER_TO_UINT (dyno_call_finish (result, &end_logins_verb, error));

  if (n_and_one == 0)
    return FALSE;
  *n = n_and_one - 1;

  return TRUE;
}
