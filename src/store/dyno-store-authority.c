/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What every request is judged by, in one reading; and the end of what is over. */

#include "config.h"

#include "dyno-store-logins.h"
#include "dyno-store-private.h"
#include "dyno-throttle.h"

#define DAY_MS        (G_GINT64_CONSTANT (24) * 3600 * 1000)
#define ENDED_KEPT_MS (30 * DAY_MS)

void
dyno_login_authority_free (DynoLoginAuthority *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->users, g_ptr_array_unref);
  g_clear_pointer (&self->logins, g_ptr_array_unref);
  g_clear_pointer (&self->jtis, g_ptr_array_unref);
  g_free (self);
}

static void
live_login_free (DynoLiveLogin *login)
{
  g_free (login->sid);
  g_free (login->user_id);
  g_free (login);
}

static gpointer
make_user (DynoStatement *row)
{
  DynoUser *user = g_new0 (DynoUser, 1);

  user->id = dyno_statement_dup_text (row, 0);
  user->role = dyno_statement_dup_text (row, 1);
  dyno_user_status_find (dyno_statement_text (row, 2), &user->status);
  user->email = dyno_statement_dup_text (row, 3);
  user->display_name = dyno_statement_dup_text (row, 4);
  user->per_day = (guint) dyno_statement_integer (row, 5);
  user->epoch = dyno_statement_integer (row, 6);

  return user;
}

static gpointer
make_login (DynoStatement *row)
{
  DynoLiveLogin *login = g_new0 (DynoLiveLogin, 1);

  login->sid = dyno_statement_dup_text (row, 0);
  login->user_id = dyno_statement_dup_text (row, 1);
  login->expires_ms = dyno_statement_integer (row, 2);

  return login;
}

static gpointer
make_jti (DynoStatement *row)
{
  return dyno_statement_dup_text (row, 0);
}

static GPtrArray *
list_now (DynoTurn       *turn,
          DynoSql         sql,
          DynoRowFunc     make,
          GDestroyNotify  free_item,
          GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, sql);

  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_list (s, make, free_item, error);
}

static gpointer
load_authority (DynoTurn     *turn,
                gconstpointer unused,
                GError      **error)
{
  g_autoptr(DynoLoginAuthority) all = g_new0 (DynoLoginAuthority, 1);

  all->users = dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_USER_AUTHORITY),
                                    make_user, (GDestroyNotify) dyno_user_free, error);
  if (all->users == NULL)
    return NULL;
  all->logins = list_now (turn, DYNO_SQL_LOGIN_AUTHORITY, make_login,
                          (GDestroyNotify) live_login_free, error);
  if (all->logins == NULL)
    return NULL;
  all->jtis = list_now (turn, DYNO_SQL_JTI_AUTHORITY, make_jti, g_free, error);

  return all->jtis != NULL ? g_steal_pointer (&all) : NULL;
}

static const DynoVerb load_authority_verb = { "load-authority", load_authority,
                                              (GDestroyNotify) dyno_login_authority_free };

void
dyno_store_load_authority_async (DynoStore          *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_read (self, &load_authority_verb, NULL, NULL, cancellable, callback, user_data);
}

DynoLoginAuthority *
dyno_store_load_authority_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &load_authority_verb, error);
}

static gpointer
prune_logins (DynoTurn     *turn,
              gconstpointer unused,
              GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_LOGIN_PRUNE);

  dyno_statement_set_integer (s, ":before", turn->now_ms - ENDED_KEPT_MS);
  dyno_statement_set_integer (s, ":idle", DYNO_LOGIN_IDLE_MS);
  if (!dyno_statement_run (s, error))
    return NULL;

  s = dyno_statement_begin (turn->db, DYNO_SQL_JTI_PRUNE);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return NULL;

  s = dyno_statement_begin (turn->db, DYNO_SQL_THROTTLE_PRUNE);
  dyno_statement_set_integer (s, ":before", turn->now_ms - DAY_MS);
  dyno_statement_set_integer (s, ":stop", DYNO_THROTTLE_STOP);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb prune_logins_verb = { "prune-logins", prune_logins, NULL };

void
dyno_store_prune_logins_async (DynoStore          *self,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_write (self, &prune_logins_verb, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_store_prune_logins_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &prune_logins_verb, error) != NULL;
}
