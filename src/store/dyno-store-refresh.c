/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Families of refresh tokens. A family is a login session; its tokens follow each other
 * as generations 0, 1, 2 … and only the newest one serves. The one before it may come
 * again for 30 s, from the same client and while its successor is unused: the reply was
 * lost. Anything else that was used already was stolen, from us or from the client. */

#include "config.h"

#include "dyno-store-logins-private.h"
#include "dyno-store-private.h"
#include "dyno-store-users-private.h"

void
dyno_refresh_place_free (DynoRefreshPlace *self)
{
  if (self == NULL)
    return;

  g_free (self->family);
  g_free (self);
}

void
dyno_refresh_turn_free (DynoRefreshTurn *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->token, g_bytes_unref);
  g_clear_pointer (&self->successor, g_bytes_unref);
  g_free (self->client_label);
  g_free (self->ip);
  g_free (self->user_agent);
  g_free (self);
}

void
dyno_refresh_answer_free (DynoRefreshAnswer *self)
{
  if (self == NULL)
    return;

  dyno_login_session_free (self->session);
  dyno_user_free (self->user);
  g_free (self);
}

gboolean
dyno_refresh_rows_add (DynoTurn             *turn,
                       const DynoRefreshRow *row,
                       GError              **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_REFRESH_ADD);

  dyno_statement_set_text (s, ":family", row->family);
  dyno_statement_set_integer (s, ":generation", row->generation);
  dyno_statement_set_bytes (s, ":sha256", row->sha256);
  dyno_statement_set_text (s, ":client_label", row->client_label);
  dyno_statement_set_text (s, ":ip", row->ip);
  dyno_statement_set_text (s, ":user_agent", row->user_agent);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":expires_at", row->expires_ms);

  return dyno_statement_run (s, error);
}

/* A token as it stands in the store; family NULL: not there. */
typedef struct
{
  char     *family;       /* (owned) (nullable) */
  gint64    generation;
  char     *client_label; /* (owned) (nullable) */
  char     *user_agent;   /* (owned) (nullable) */
  gboolean  is_used;
  gint64    used_ms;
} Token;

static void
token_clear (Token *token)
{
  g_free (token->family);
  g_free (token->client_label);
  g_free (token->user_agent);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Token, token_clear)

static gboolean
read_token (DynoStatement *s,
            Token         *token,
            GError       **error)
{
  DynoStep step = dyno_statement_step (s, error);

  if (step == DYNO_STEP_ROW)
    {
      token->family = dyno_statement_dup_text (s, 0);
      token->generation = dyno_statement_integer (s, 1);
      token->client_label = dyno_statement_dup_text (s, 2);
      token->user_agent = dyno_statement_dup_text (s, 3);
      token->is_used = !dyno_statement_is_null (s, 4);
      token->used_ms = dyno_statement_integer (s, 4);
    }
  dyno_statement_end (s);

  return step != DYNO_STEP_FAILED;
}

static gboolean
find_token (DynoTurn *turn,
            GBytes   *sha256,
            Token    *token,
            GError  **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_REFRESH_FIND);

  dyno_statement_set_bytes (s, ":sha256", sha256);

  return read_token (s, token, error);
}

static gboolean
get_token (DynoTurn   *turn,
           const char *family,
           gint64      generation,
           Token      *token,
           GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_REFRESH_GET);

  dyno_statement_set_text (s, ":family", family);
  dyno_statement_set_integer (s, ":generation", generation);

  return read_token (s, token, error);
}

static gpointer
find_refresh (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  g_auto(Token) token = { 0 };
  DynoRefreshPlace *place;

  if (!find_token (turn, (GBytes *) data, &token, error))
    return NULL;
  place = g_new0 (DynoRefreshPlace, 1);
  place->family = g_steal_pointer (&token.family);
  place->generation = token.generation;

  return place;
}

static const DynoVerb find_refresh_verb = { "find-refresh", find_refresh,
                                            (GDestroyNotify) dyno_refresh_place_free };

void
dyno_store_find_refresh_async (DynoStore          *self,
                               GBytes             *token,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_read (self, &find_refresh_verb, g_bytes_ref (token), (GDestroyNotify) g_bytes_unref,
                   cancellable, callback, user_data);
}

DynoRefreshPlace *
dyno_store_find_refresh_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &find_refresh_verb, error);
}

/* The token that came is the newest: its successor is kept. */
static gboolean
advance (DynoTurn               *turn,
         const DynoRefreshTurn  *asked,
         const Token            *token,
         const DynoLoginSession *session,
         GError                **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_REFRESH_USE);
  DynoRefreshRow next = { token->family, token->generation + 1, asked->successor,
                          asked->client_label != NULL ? asked->client_label : token->client_label,
                          asked->ip, asked->user_agent, session->expires_ms };

  dyno_statement_set_text (s, ":family", token->family);
  dyno_statement_set_integer (s, ":generation", token->generation);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error) || !dyno_refresh_rows_add (turn, &next, error))
    return FALSE;

  s = dyno_statement_begin (turn->db, DYNO_SQL_LOGIN_SEEN);
  dyno_statement_set_text (s, ":id", token->family);
  dyno_statement_set_text (s, ":ip", asked->ip);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error);
}

/* A used token that came again only because the reply was lost. */
static gboolean
is_retry (DynoTurn              *turn,
          const DynoRefreshTurn *asked,
          const Token           *token,
          gboolean              *answer,
          GError               **error)
{
  g_auto(Token) next = { 0 };

  if (!get_token (turn, token->family, token->generation + 1, &next, error))
    return FALSE;
  *answer = turn->now_ms - token->used_ms <= DYNO_LOGIN_GRACE_MS && next.family != NULL
            && !next.is_used
            && (asked->client_label == NULL
                || g_strcmp0 (asked->client_label, next.client_label) == 0)
            && g_strcmp0 (asked->user_agent, next.user_agent) == 0;

  return TRUE;
}

static gboolean
serve (DynoTurn              *turn,
       const DynoRefreshTurn *asked,
       const Token           *token,
       DynoRefreshAnswer     *answer,
       GError               **error)
{
  gboolean is_repeated = FALSE;

  if (!token->is_used)
    {
      answer->outcome = DYNO_REFRESH_ROTATED;
      return advance (turn, asked, token, answer->session, error);
    }
  if (!is_retry (turn, asked, token, &is_repeated, error))
    return FALSE;

  answer->outcome = is_repeated ? DYNO_REFRESH_REPEATED : DYNO_REFRESH_REUSED;

  return is_repeated
         || dyno_login_rows_end (turn, answer->session->user_id, token->family, "reuse", NULL,
                                 error);
}

static gpointer
rotate_refresh (DynoTurn     *turn,
                gconstpointer data,
                GError      **error)
{
  const DynoRefreshTurn *asked = data;
  g_autoptr(DynoRefreshAnswer) answer = g_new0 (DynoRefreshAnswer, 1);
  g_auto(Token) token = { 0 };

  answer->outcome = DYNO_REFRESH_ENDED;
  if (!find_token (turn, asked->token, &token, error))
    return NULL;
  if (token.family == NULL)
    return g_steal_pointer (&answer);
  if (!dyno_login_rows_find (turn, token.family, &answer->session, error))
    return NULL;
  answer->user = dyno_user_rows_get (turn, answer->session->user_id, error);
  if (answer->user == NULL)
    return NULL;
  if (!answer->session->is_live || answer->user->status != DYNO_USER_ACTIVE)
    return g_steal_pointer (&answer);

  return serve (turn, asked, &token, answer, error) ? g_steal_pointer (&answer) : NULL;
}

static const DynoVerb rotate_refresh_verb = { "rotate-refresh", rotate_refresh,
                                              (GDestroyNotify) dyno_refresh_answer_free };

void
dyno_store_rotate_refresh_async (DynoStore          *self,
                                 DynoRefreshTurn    *turn,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_write (self, &rotate_refresh_verb, turn, (GDestroyNotify) dyno_refresh_turn_free,
                    cancellable, callback, user_data);
}

DynoRefreshAnswer *
dyno_store_rotate_refresh_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &rotate_refresh_verb, error);
}
