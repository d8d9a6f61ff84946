/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-login-set.h"

typedef struct
{
  const DynoLoginUser *user; /* (borrowed) of the set */
  gint64               expires_ms;
} Session;

struct _DynoLoginSet
{
  gatomicrefcount  ref_count;
  GHashTable      *users;    /* (owned) id to DynoLoginUser */
  GHashTable      *sessions; /* (owned) sid to Session */
  GHashTable      *revoked;  /* (owned) a set of jti */
  gboolean         has_admin;
};

static void
user_free (DynoLoginUser *user)
{
  g_free (user->id);
  g_free (user->email);
  g_free (user->name);
  g_free (user);
}

static void
add_user (DynoLoginSet   *self,
          const DynoUser *row)
{
  DynoLoginUser *user;
  DynoRole role;

  if (!dyno_role_find (row->role, &role))
    return;

  user = g_new0 (DynoLoginUser, 1);
  user->id = g_strdup (row->id);
  user->email = g_strdup (row->email);
  user->name = g_strdup (row->display_name);
  user->role = role;
  user->is_active = row->status == DYNO_USER_ACTIVE;
  user->epoch = row->epoch;
  user->per_day = row->per_day;
  g_hash_table_insert (self->users, user->id, user);
  if (user->is_active && role == DYNO_ROLE_ADMIN)
    self->has_admin = TRUE;
}

static void
add_session (DynoLoginSet        *self,
             const DynoLiveLogin *row)
{
  const DynoLoginUser *user = g_hash_table_lookup (self->users, row->user_id);
  Session *session;

  if (user == NULL || !user->is_active)
    return;

  session = g_new0 (Session, 1);
  session->user = user;
  session->expires_ms = row->expires_ms;
  g_hash_table_insert (self->sessions, g_strdup (row->sid), session);
}

DynoLoginSet *
dyno_login_set_new (const DynoLoginAuthority *authority)
{
  DynoLoginSet *self = g_new0 (DynoLoginSet, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) user_free);
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->revoked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < authority->users->len; i++)
    add_user (self, g_ptr_array_index (authority->users, i));
  for (guint i = 0; i < authority->logins->len; i++)
    add_session (self, g_ptr_array_index (authority->logins, i));
  for (guint i = 0; i < authority->jtis->len; i++)
    g_hash_table_add (self->revoked, g_strdup (g_ptr_array_index (authority->jtis, i)));

  return self;
}

DynoLoginSet *
dyno_login_set_ref (DynoLoginSet *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
dyno_login_set_unref (DynoLoginSet *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->sessions);
  g_hash_table_unref (self->revoked);
  g_hash_table_unref (self->users);
  g_free (self);
}

const DynoLoginUser *
dyno_login_set_get_user (const DynoLoginSet *self,
                         const char         *user_id)
{
  return g_hash_table_lookup (self->users, user_id);
}

const DynoLoginUser *
dyno_login_set_get_session (const DynoLoginSet *self,
                            const char         *sid,
                            gint64              now_ms)
{
  const Session *session = g_hash_table_lookup (self->sessions, sid);

  return session != NULL && now_ms < session->expires_ms ? session->user : NULL;
}

gboolean
dyno_login_set_is_revoked (const DynoLoginSet *self,
                           const char         *jti)
{
  return g_hash_table_contains (self->revoked, jti);
}

gboolean
dyno_login_set_has_admin (const DynoLoginSet *self)
{
  return self->has_admin;
}

guint
dyno_login_set_n_sessions (const DynoLoginSet *self,
                           gint64              now_ms)
{
  GHashTableIter iter;
  gpointer session;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    n += now_ms < ((Session *) session)->expires_ms ? 1 : 0;

  return n;
}
