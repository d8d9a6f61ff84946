/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Invitations and reset codes, and what a person does with one: come in, or take a new
 * password. */

#include "config.h"

#include "dyno-crypt.h"
#include "dyno-store-private.h"
#include "dyno-store-users-private.h"

static const char *const kind_names[] = { "invitation", "reset" };

void
dyno_code_free (DynoCode *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_free (self->user_id);
  g_free (self->email);
  g_free (self->role);
  g_free (self->created_by);
  g_free (self);
}

void
dyno_password_change_free (DynoPasswordChange *self)
{
  if (self == NULL)
    return;

  g_free (self->user_id);
  g_free (self->password);
  g_clear_pointer (&self->code, g_bytes_unref);
  g_free (self);
}

static gboolean
forget_older (DynoTurn     *turn,
              DynoCodeKind  kind,
              const char   *user_id,
              GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CODE_FORGET);

  dyno_statement_set_text (s, ":kind", kind_names[kind]);
  dyno_statement_set_text (s, ":user_id", user_id);

  return dyno_statement_run (s, error);
}

gboolean
dyno_code_rows_put (DynoTurn       *turn,
                    const DynoCode *code,
                    const char     *user_id,
                    GError        **error)
{
  g_autofree char *id = dyno_crypt_new_id ("inv");
  g_autofree char *email_key = dyno_user_email_key (code->email);
  DynoStatement *s;

  if (!forget_older (turn, code->kind, user_id, error))
    return FALSE;

  s = dyno_statement_begin (turn->db, DYNO_SQL_CODE_ADD);
  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_text (s, ":kind", kind_names[code->kind]);
  dyno_statement_set_bytes (s, ":sha256", code->sha256);
  dyno_statement_set_text (s, ":user_id", user_id);
  dyno_statement_set_text (s, ":email", email_key);
  dyno_statement_set_text (s, ":role", code->role);
  dyno_statement_set_text (s, ":created_by", code->created_by);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":expires_at", code->expires_ms);

  return dyno_statement_run (s, error);
}

static gpointer
put_code (DynoTurn     *turn,
          gconstpointer data,
          GError      **error)
{
  const DynoCode *code = data;

  return dyno_code_rows_put (turn, code, code->user_id, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb put_code_verb = { "put-code", put_code, NULL };

void
dyno_store_put_code_async (DynoStore          *self,
                           DynoCode           *code,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  dyno_store_write (self, &put_code_verb, code, (GDestroyNotify) dyno_code_free, cancellable,
                    callback, user_data);
}

gboolean
dyno_store_put_code_finish (DynoStore    *self,
                            GAsyncResult *result,
                            GError      **error)
{
  return dyno_call_finish (result, &put_code_verb, error) != NULL;
}

static DynoCode *
make_code (DynoStatement *row,
           DynoCodeKind   kind)
{
  DynoCode *code = g_new0 (DynoCode, 1);

  code->kind = kind;
  code->id = dyno_statement_dup_text (row, 0);
  code->user_id = dyno_statement_dup_text (row, 1);
  code->email = dyno_statement_dup_text (row, 2);
  code->role = dyno_statement_dup_text (row, 3);
  code->created_by = dyno_statement_dup_text (row, 4);
  code->expires_ms = dyno_statement_integer (row, 5);

  return code;
}

/* One without id where there is none like it. */
static DynoCode *
find_code (DynoTurn       *turn,
           const DynoCode *asked,
           GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CODE_FIND);
  g_autofree char *email_key = dyno_user_email_key (asked->email);
  DynoCode *code = NULL;
  DynoStep step;

  dyno_statement_set_text (s, ":kind", kind_names[asked->kind]);
  dyno_statement_set_bytes (s, ":sha256", asked->sha256);
  dyno_statement_set_text (s, ":email_key", email_key);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":max_tries", DYNO_CODE_MAX_TRIES);
  step = dyno_statement_step (s, error);
  if (step != DYNO_STEP_FAILED)
    code = step == DYNO_STEP_ROW ? make_code (s, asked->kind) : g_new0 (DynoCode, 1);
  dyno_statement_end (s);

  return code;
}

static gboolean
count_try (DynoTurn       *turn,
           const DynoCode *asked,
           GError        **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CODE_TRIED);
  g_autofree char *email_key = dyno_user_email_key (asked->email);

  dyno_statement_set_text (s, ":kind", kind_names[asked->kind]);
  dyno_statement_set_text (s, ":email_key", email_key);

  return dyno_statement_run (s, error);
}

static gpointer
try_code (DynoTurn     *turn,
          gconstpointer data,
          GError      **error)
{
  const DynoCode *asked = data;
  g_autoptr(DynoCode) code = find_code (turn, asked, error);

  if (code == NULL || (code->id == NULL && !count_try (turn, asked, error)))
    return NULL;

  return g_steal_pointer (&code);
}

static const DynoVerb try_code_verb = { "try-code", try_code, (GDestroyNotify) dyno_code_free };

void
dyno_store_try_code_async (DynoStore          *self,
                           DynoCodeKind        kind,
                           GBytes             *sha256,
                           const char         *email,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  DynoCode *asked = g_new0 (DynoCode, 1);

  asked->kind = kind;
  asked->sha256 = g_bytes_ref (sha256);
  asked->email = g_strdup (email);
  dyno_store_write (self, &try_code_verb, asked, (GDestroyNotify) dyno_code_free, cancellable,
                    callback, user_data);
}

DynoCode *
dyno_store_try_code_finish (DynoStore    *self,
                            GAsyncResult *result,
                            GError      **error)
{
  return dyno_call_finish (result, &try_code_verb, error);
}

static void
refuse_code (GError **error)
{
  dyno_error_set (error, DYNO_ERROR_DENIED, "code",
                  "This code does not serve (any more). Ask for a new one.");
}

gboolean
dyno_code_rows_use (DynoTurn     *turn,
                    DynoCodeKind  kind,
                    GBytes       *sha256,
                    const char   *used_by,
                    GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CODE_USE);

  dyno_statement_set_text (s, ":kind", kind_names[kind]);
  dyno_statement_set_bytes (s, ":sha256", sha256);
  dyno_statement_set_text (s, ":used_by", used_by);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  dyno_statement_set_integer (s, ":max_tries", DYNO_CODE_MAX_TRIES);
  if (!dyno_statement_run (s, error))
    return FALSE;
  if (dyno_db_n_changed (turn->db) > 0)
    return TRUE;
  refuse_code (error);

  return FALSE;
}

gboolean
dyno_user_rows_set_password (DynoTurn   *turn,
                             const char *user_id,
                             const char *password,
                             gboolean    is_same,
                             GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_USER_SET_PASSWORD);

  dyno_statement_set_text (s, ":id", user_id);
  dyno_statement_set_text (s, ":password", password);
  dyno_statement_set_integer (s, ":is_new", !is_same);
  dyno_statement_set_integer (s, ":now", turn->now_ms);

  return dyno_statement_run (s, error)
         && (is_same || dyno_login_rows_end (turn, user_id, NULL, "password", NULL, error));
}

static gpointer
set_password (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  const DynoPasswordChange *change = data;

  if (change->code != NULL
      && !dyno_code_rows_use (turn, DYNO_CODE_RESET, change->code, change->user_id, error))
    return NULL;
  if (!dyno_user_rows_set_password (turn, change->user_id, change->password, change->is_same,
                                    error))
    return NULL;

  return dyno_user_rows_get (turn, change->user_id, error);
}

static const DynoVerb set_password_verb = { "set-password", set_password,
                                            (GDestroyNotify) dyno_user_free };

void
dyno_store_set_password_async (DynoStore          *self,
                               DynoPasswordChange *change,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_write (self, &set_password_verb, change, (GDestroyNotify) dyno_password_change_free,
                    cancellable, callback, user_data);
}

DynoUser *
dyno_store_set_password_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &set_password_verb, error);
}

typedef struct
{
  DynoUser *user; /* (owned) */
  GBytes   *code; /* (owned) (nullable) */
} AcceptArgs;

static void
accept_args_free (AcceptArgs *args)
{
  dyno_user_free (args->user);
  g_clear_pointer (&args->code, g_bytes_unref);
  g_free (args);
}

static DynoUser *
welcome_known (DynoTurn       *turn,
               const char     *user_id,
               const DynoUser *given,
               GError        **error)
{
  g_autoptr(DynoUser) user = dyno_user_rows_get (turn, user_id, error);
  DynoStatement *s;

  if (user == NULL)
    return NULL;

  s = dyno_statement_begin (turn->db, DYNO_SQL_USER_WELCOME);
  dyno_statement_set_text (s, ":id", user_id);
  dyno_statement_set_text (s, ":display_name", given->display_name);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (!dyno_statement_run (s, error)
      || !dyno_user_rows_set_password (turn, user_id, given->password, FALSE, error))
    return NULL;

  return dyno_user_rows_get (turn, user_id, error);
}

static DynoUser *
welcome (DynoTurn       *turn,
         const DynoUser *given,
         const DynoCode *code,
         GError        **error)
{
  DynoUser fresh = *given;

  if (code != NULL && code->user_id != NULL)
    return welcome_known (turn, code->user_id, given, error);

  fresh.status = DYNO_USER_ACTIVE;
  if (code != NULL)
    fresh.role = code->role;

  return dyno_user_rows_add (turn, &fresh, error);
}

static gpointer
accept_user (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  const AcceptArgs *args = data;
  DynoCode asked = { .kind = DYNO_CODE_INVITATION, .sha256 = args->code,
                     .email = args->user->email };
  g_autoptr(DynoCode) code = NULL;
  g_autoptr(DynoUser) user = NULL;

  if (args->code != NULL && (code = find_code (turn, &asked, error)) == NULL)
    return NULL;
  if (code != NULL && code->id == NULL)
    {
      refuse_code (error);
      return NULL;
    }
  user = welcome (turn, args->user, code, error);
  if (user == NULL)
    return NULL;
  if (code != NULL
      && !dyno_code_rows_use (turn, DYNO_CODE_INVITATION, args->code, user->id, error))
    return NULL;

  return g_steal_pointer (&user);
}

static const DynoVerb accept_user_verb = { "accept-user", accept_user,
                                           (GDestroyNotify) dyno_user_free };

void
dyno_store_accept_user_async (DynoStore          *self,
                              DynoUser           *user,
                              GBytes             *code,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  AcceptArgs *args = g_new0 (AcceptArgs, 1);

  args->user = user;
  args->code = code != NULL ? g_bytes_ref (code) : NULL;
  dyno_store_write (self, &accept_user_verb, args, (GDestroyNotify) accept_args_free, cancellable,
                    callback, user_data);
}

DynoUser *
dyno_store_accept_user_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &accept_user_verb, error);
}
