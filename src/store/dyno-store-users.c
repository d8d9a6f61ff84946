/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-users.h"

#include "dyno-crypt.h"
#include "dyno-store-private.h"
#include "dyno-store-users-private.h"

static const char *const status_names[DYNO_N_USER_STATUSES] = {
  "invited", "active", "disabled", "erased",
};

static const char no_such_user[] = "There is no such user.";

char *
dyno_user_email_key (const char *email)
{
  return email != NULL ? g_utf8_strdown (email, -1) : NULL;
}

const char *
dyno_user_status_name (DynoUserStatus status)
{
  return status_names[status];
}

gboolean
dyno_user_status_find (const char     *name,
                       DynoUserStatus *status)
{
  for (guint i = 0; i < DYNO_N_USER_STATUSES; i++)
    {
      if (g_strcmp0 (name, status_names[i]) == 0)
        {
          *status = (DynoUserStatus) i;
          return TRUE;
        }
    }

  return FALSE;
}

void
dyno_user_free (DynoUser *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->role);
  g_free (self->email);
  g_free (self->display_name);
  g_free (self->password);
  g_free (self->locale);
  g_free (self->timezone);
  g_free (self->units);
  g_free (self);
}

DynoUser *
dyno_user_copy (const DynoUser *self)
{
  DynoUser *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->role = g_strdup (self->role);
  copy->email = g_strdup (self->email);
  copy->display_name = g_strdup (self->display_name);
  copy->password = g_strdup (self->password);
  copy->locale = g_strdup (self->locale);
  copy->timezone = g_strdup (self->timezone);
  copy->units = g_strdup (self->units);

  return copy;
}

gpointer
dyno_user_rows_make (DynoStatement *row)
{
  DynoUser *user = g_new0 (DynoUser, 1);

  user->id = dyno_statement_dup_text (row, 0);
  user->role = dyno_statement_dup_text (row, 1);
  dyno_user_status_find (dyno_statement_text (row, 2), &user->status);
  user->email = dyno_statement_dup_text (row, 3);
  user->display_name = dyno_statement_dup_text (row, 4);
  user->password = dyno_statement_dup_text (row, 5);
  user->per_day = (guint) dyno_statement_integer (row, 6);
  user->locale = dyno_statement_dup_text (row, 7);
  user->timezone = dyno_statement_dup_text (row, 8);
  user->units = dyno_statement_dup_text (row, 9);
  user->epoch = dyno_statement_integer (row, 10);
  user->revision = dyno_statement_integer (row, 11);
  user->created_ms = dyno_statement_integer (row, 12);
  user->updated_ms = dyno_statement_integer (row, 13);
  user->last_login_ms = dyno_statement_integer (row, 14);

  return user;
}

DynoUser *
dyno_user_rows_get (DynoTurn   *turn,
                    const char *user_id,
                    GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_USER_GET);

  dyno_statement_set_text (s, ":id", user_id);

  return dyno_statement_get (s, dyno_user_rows_make, no_such_user, error);
}

gboolean
dyno_user_rows_find (DynoTurn   *turn,
                     const char *email,
                     DynoUser  **user,
                     GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_USER_BY_EMAIL);
  g_autofree char *key = dyno_user_email_key (email);
  DynoStep step;

  dyno_statement_set_text (s, ":email_key", key);
  step = dyno_statement_step (s, error);
  *user = step == DYNO_STEP_ROW ? dyno_user_rows_make (s) : NULL;
  dyno_statement_end (s);

  return step != DYNO_STEP_FAILED;
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static void
set_user (DynoStatement  *s,
          const DynoUser *user)
{
  g_autofree char *key = dyno_user_email_key (user->email);

  dyno_statement_set_text (s, ":role", user->role);
  dyno_statement_set_text (s, ":status", status_names[user->status]);
  dyno_statement_set_text (s, ":email", user->email);
  dyno_statement_set_text (s, ":email_key", key);
  dyno_statement_set_text (s, ":display_name", or_empty (user->display_name));
  dyno_statement_set_integer (s, ":per_day", user->per_day);
  dyno_statement_set_text (s, ":locale", or_empty (user->locale));
  dyno_statement_set_text (s, ":timezone", or_empty (user->timezone));
  dyno_statement_set_text (s, ":units", or_empty (user->units));
}

/* Nobody else has this address, and no other service user this label. */
static gboolean
is_free (DynoTurn       *turn,
         const DynoUser *user,
         GError        **error)
{
  g_autoptr(DynoUser) other = NULL;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_USER_BY_LABEL);
  g_autofree char *holder = NULL;

  if (user->email != NULL && !dyno_user_rows_find (turn, user->email, &other, error))
    return FALSE;
  if (other != NULL && g_strcmp0 (other->id, user->id) != 0)
    {
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "email",
                      "Somebody has this e-mail address already. Take another one.");
      return FALSE;
    }
  if (g_strcmp0 (user->role, "service") != 0)
    return TRUE;

  dyno_statement_set_text (s, ":label", user->display_name);
  if (dyno_statement_step (s, error) == DYNO_STEP_ROW)
    holder = dyno_statement_dup_text (s, 0);
  dyno_statement_end (s);
  if (holder == NULL || g_strcmp0 (holder, user->id) == 0)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "label",
                  "Another program has this name already. Take another one.");

  return FALSE;
}

DynoUser *
dyno_user_rows_add (DynoTurn       *turn,
                    const DynoUser *user,
                    GError        **error)
{
  g_autofree char *id = user->id != NULL ? g_strdup (user->id) : dyno_crypt_new_id ("usr");
  DynoStatement *s;

  if (!is_free (turn, user, error))
    return NULL;
  s = dyno_statement_begin (turn->db, DYNO_SQL_USER_ADD);
  set_user (s, user);
  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_text (s, ":password", user->password);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return NULL;

  return dyno_user_rows_get (turn, id, error);
}

static gboolean
is_acting_admin (const DynoUser *user)
{
  return g_strcmp0 (user->role, "admin") == 0 && user->status == DYNO_USER_ACTIVE;
}

/* Somebody must be left who can let others in. */
static gboolean
leaves_an_admin (DynoTurn       *turn,
                 const DynoUser *known,
                 const DynoUser *user,
                 GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_USER_OTHER_ADMINS);
  DynoStep step;

  if (!is_acting_admin (known) || is_acting_admin (user))
    return TRUE;

  dyno_statement_set_text (s, ":id", known->id);
  step = dyno_statement_step (s, error);
  dyno_statement_end (s);
  if (step == DYNO_STEP_DONE)
    dyno_error_set (error, DYNO_ERROR_CONFLICT, "last_admin",
                    "This is the last administrator. Make somebody else one first.");

  return step == DYNO_STEP_ROW;
}

static gboolean
edit_row (DynoTurn       *turn,
          const DynoUser *user,
          GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_USER_EDIT);

  set_user (s, user);
  dyno_statement_set_text (s, ":id", user->id);
  dyno_statement_set_integer (s, ":revision", user->revision);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error))
    return FALSE;
  if (dyno_db_n_changed (turn->db) > 0)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                  "Somebody has changed this user in the meantime. Look again, then repeat the "
                  "change.");

  return FALSE;
}

static DynoUser *
edit_user (DynoTurn       *turn,
           const DynoUser *user,
           GError        **error)
{
  g_autoptr(DynoUser) known = dyno_user_rows_get (turn, user->id, error);

  if (known == NULL || !is_free (turn, user, error)
      || !leaves_an_admin (turn, known, user, error) || !edit_row (turn, user, error))
    return NULL;
  if (user->status != DYNO_USER_ACTIVE
      && !dyno_login_rows_end (turn, user->id, NULL, "disabled", NULL, error))
    return NULL;

  return dyno_user_rows_get (turn, user->id, error);
}

typedef struct
{
  DynoUser *user; /* (owned) */
  DynoCode *code; /* (owned) (nullable) */
} PutArgs;

static void
put_args_free (PutArgs *args)
{
  dyno_user_free (args->user);
  dyno_code_free (args->code);
  g_free (args);
}

static gpointer
put_user (DynoTurn     *turn,
          gconstpointer data,
          GError      **error)
{
  const PutArgs *args = data;
  g_autoptr(DynoUser) user = args->user->revision > 0
                                 ? edit_user (turn, args->user, error)
                                 : dyno_user_rows_add (turn, args->user, error);

  if (user == NULL)
    return NULL;
  if (args->code != NULL && !dyno_code_rows_put (turn, args->code, user->id, error))
    return NULL;

  return g_steal_pointer (&user);
}

static const DynoVerb put_user_verb = { "put-user", put_user, (GDestroyNotify) dyno_user_free };

void
dyno_store_put_user_async (DynoStore          *self,
                           DynoUser           *user,
                           DynoCode           *code,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  PutArgs *args = g_new0 (PutArgs, 1);

  args->user = user;
  args->code = code;
  dyno_store_write (self, &put_user_verb, args, (GDestroyNotify) put_args_free, cancellable,
                    callback, user_data);
}

DynoUser *
dyno_store_put_user_finish (DynoStore    *self,
                            GAsyncResult *result,
                            GError      **error)
{
  return dyno_call_finish (result, &put_user_verb, error);
}

static gpointer
get_user (DynoTurn     *turn,
          gconstpointer data,
          GError      **error)
{
  return dyno_user_rows_get (turn, data, error);
}

static const DynoVerb get_user_verb = { "get-user", get_user, (GDestroyNotify) dyno_user_free };

void
dyno_store_get_user_async (DynoStore          *self,
                           const char         *user_id,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  dyno_store_read (self, &get_user_verb, g_strdup (user_id), g_free, cancellable, callback,
                   user_data);
}

DynoUser *
dyno_store_get_user_finish (DynoStore    *self,
                            GAsyncResult *result,
                            GError      **error)
{
  return dyno_call_finish (result, &get_user_verb, error);
}

static gpointer
find_user (DynoTurn     *turn,
           gconstpointer email,
           GError      **error)
{
  DynoUser *user;

  if (dyno_user_rows_find (turn, email, &user, error) && user == NULL)
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, no_such_user);

  return user;
}

static const DynoVerb find_user_verb = { "find-user", find_user, (GDestroyNotify) dyno_user_free };

void
dyno_store_find_user_async (DynoStore          *self,
                            const char         *email,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  dyno_store_read (self, &find_user_verb, g_strdup (email), g_free, cancellable, callback,
                   user_data);
}

DynoUser *
dyno_store_find_user_finish (DynoStore    *self,
                             GAsyncResult *result,
                             GError      **error)
{
  return dyno_call_finish (result, &find_user_verb, error);
}

typedef struct
{
  char  *after; /* (owned) (nullable) */
  guint  limit;
} ListArgs;

static void
list_args_free (ListArgs *args)
{
  g_free (args->after);
  g_free (args);
}

static gpointer
list_users (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const ListArgs *args = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_USER_LIST);

  dyno_statement_set_text (s, ":after", args->after);
  dyno_statement_set_integer (s, ":limit", args->limit);

  return dyno_statement_list (s, dyno_user_rows_make, (GDestroyNotify) dyno_user_free, error);
}

static const DynoVerb list_users_verb = { "list-users", list_users,
                                          (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_users_async (DynoStore          *self,
                             const char         *after,
                             guint               limit,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  ListArgs *args = g_new0 (ListArgs, 1);

  args->after = g_strdup (after);
  args->limit = limit;
  dyno_store_read (self, &list_users_verb, args, (GDestroyNotify) list_args_free, cancellable,
                   callback, user_data);
}

GPtrArray *
dyno_store_list_users_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &list_users_verb, error);
}

DynoUser *
dyno_user_rows_ensure (DynoTurn   *turn,
                       const char *label,
                       GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_USER_BY_LABEL);
  DynoUser fresh = { .role = (char *) "service", .status = DYNO_USER_ACTIVE,
                     .display_name = (char *) label, .per_day = DYNO_USER_PER_DAY };
  DynoUser *user = NULL;
  DynoStep step;

  dyno_statement_set_text (s, ":label", label);
  step = dyno_statement_step (s, error);
  if (step == DYNO_STEP_ROW)
    user = dyno_user_rows_make (s);
  dyno_statement_end (s);
  if (step != DYNO_STEP_DONE)
    return user;

  return dyno_user_rows_add (turn, &fresh, error);
}

static gpointer
ensure_service (DynoTurn     *turn,
                gconstpointer label,
                GError      **error)
{
  return dyno_user_rows_ensure (turn, label, error);
}

static const DynoVerb ensure_service_verb = { "ensure-service", ensure_service,
                                              (GDestroyNotify) dyno_user_free };

void
dyno_store_ensure_service_async (DynoStore          *self,
                                 const char         *label,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_write (self, &ensure_service_verb, g_strdup (label), g_free, cancellable, callback,
                    user_data);
}

DynoUser *
dyno_store_ensure_service_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &ensure_service_verb, error);
}
