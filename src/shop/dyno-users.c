/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-users.h"

#include <string.h>

#include "dyno-crypt-password.h"
#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"
#include "dyno-users-private.h"

#define HOUR_MS   (G_GINT64_CONSTANT (3600) * 1000)
#define RESET_MS  (HOUR_MS / 2)
#define INVITED_H 72
#define MAX_HOURS 720
#define MAX_NAME  100 /* code points */
#define MAX_EMAIL 254 /* bytes */
#define MAX_WORD  64  /* bytes: of locale, timezone and units */

/* What any of the operations here may be asked with. */
typedef struct
{
  DynoPrincipal *asker;    /* (owned) */
  char          *user_id;  /* (owned) (nullable) */
  char          *text;     /* (owned) (nullable) a label, an address, where a page begins */
  DynoUser      *user;     /* (owned) (nullable) */
  char          *password; /* (owned) (nullable) */
  DynoUserEdit   edit;     /* its texts are (owned) by `user` */
  gint64         revision;
  DynoRole       role;
  guint          number;   /* a limit, hours */
} Args;

static void
args_free (Args *args)
{
  dyno_principal_unref (args->asker);
  g_free (args->user_id);
  g_free (args->text);
  dyno_user_free (args->user);
  dyno_users_forget_text (args->password);
  g_free (args);
}

static Args *
args_new (DynoPrincipal *asker,
          const char    *user_id)
{
  Args *args = g_new0 (Args, 1);

  args->asker = dyno_principal_ref (asker);
  args->user_id = g_strdup (user_id);

  return args;
}

void
dyno_user_code_free (DynoUserCode *self)
{
  if (self == NULL)
    return;

  dyno_user_free (self->user);
  g_free (self->code);
  g_free (self);
}

/* What leaves the shop has no password in it. */
DynoUser *
dyno_users_strip (DynoUser *user)
{
  if (user != NULL)
    g_clear_pointer (&user->password, g_free);

  return user;
}

static gboolean
refuse (GError    **error,
        const char *reason,
        const char *sentence)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, reason, "%s", sentence);

  return FALSE;
}

static gboolean
has_blanks (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);

      if (g_unichar_isspace (letter) || g_unichar_iscntrl (letter))
        return TRUE;
    }

  return FALSE;
}

char *
dyno_users_check_email (const char *text,
                        GError    **error)
{
  g_autofree char *email = text != NULL ? g_utf8_normalize (text, -1, G_NORMALIZE_NFC) : NULL;
  const char *at = email != NULL ? strchr (email, '@') : NULL;

  if (at != NULL && at != email && at[1] != '\0' && strchr (at + 1, '@') == NULL
      && strlen (email) <= MAX_EMAIL && !has_blanks (email))
    return g_steal_pointer (&email);
  refuse (error, "email", "This is no e-mail address. It looks like name@shop.example.");

  return NULL;
}

char *
dyno_users_check_name (const char *text,
                       GError    **error)
{
  g_autofree char *name = text != NULL ? g_utf8_normalize (text, -1, G_NORMALIZE_NFC) : NULL;
  gboolean is_good = name != NULL && g_utf8_strlen (g_strstrip (name), -1) <= MAX_NAME;

  for (const char *c = name; is_good && *c != '\0'; c = g_utf8_next_char (c))
    is_good = !g_unichar_iscntrl (g_utf8_get_char (c));
  if (is_good && *name != '\0')
    return g_steal_pointer (&name);
  refuse (error, "display_name", "Give a name of 1 to 100 letters.");

  return NULL;
}

/* Takes `text` into the place of what is there. */
static gboolean
replace (char **place,
         char  *text)
{
  if (text == NULL)
    return FALSE;
  g_free (*place);
  *place = text;

  return TRUE;
}

/* Reading */

static DynoUser *
load_user (const DynoErrand *errand,
           const char       *user_id,
           GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_get_user_async (store, user_id, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_get_user_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
get_user (const DynoErrand *errand,
          gpointer          data,
          GError          **error)
{
  const Args *args = data;

  if (g_strcmp0 (args->asker->user_id, args->user_id) != 0
      && !dyno_access_may (args->asker, DYNO_SCOPE_USERS_READ, error))
    return NULL;

  return dyno_users_strip (load_user (errand, args->user_id, error));
}

static const DynoOperation get_operation = { "get-user", get_user, (GDestroyNotify) dyno_user_free,
                                             TRUE };

void
dyno_users_get_async (DynoShop           *shop,
                      DynoPrincipal      *asker,
                      const char         *user_id,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  dyno_operation_start (shop, &get_operation, args_new (asker, user_id),
                        (GDestroyNotify) args_free, cancellable, callback, user_data);
}

DynoUser *
dyno_users_get_finish (GAsyncResult *result,
                       GError      **error)
{
  return dyno_operation_finish (result, &get_operation, error);
}

static gpointer
list_users (const DynoErrand *errand,
            gpointer          data,
            GError          **error)
{
  const Args *args = data;
  DynoStore *store = errand->shop->store;
  GPtrArray *users;

  if (!dyno_access_may (args->asker, DYNO_SCOPE_USERS_READ, error))
    return NULL;
  dyno_store_list_users_async (store, args->text, args->number, errand->cancellable, dyno_await_cb,
                               errand->await);
  users = dyno_store_list_users_finish (store, dyno_await_wait (errand->await), error);
  for (guint i = 0; users != NULL && i < users->len; i++)
    dyno_users_strip (g_ptr_array_index (users, i));

  return users;
}

static const DynoOperation list_operation = { "list-users", list_users,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_users_list_async (DynoShop           *shop,
                       DynoPrincipal      *asker,
                       const char         *after,
                       guint               limit,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  Args *args = args_new (asker, NULL);

  args->text = g_strdup (after);
  args->number = limit;
  dyno_operation_start (shop, &list_operation, args, (GDestroyNotify) args_free, cancellable,
                        callback, user_data);
}

GPtrArray *
dyno_users_list_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

/* Making */

static DynoCode *
new_code (const DynoErrand *errand,
          DynoCodeKind      kind,
          gint64            life_ms,
          DynoUserCode     *told)
{
  DynoCode *code = g_new0 (DynoCode, 1);

  told->code = dyno_crypt_new_code (DYNO_CODE_SHORT);
  told->expires_ms = dyno_clock_real_us (errand->shop->clock) / 1000 + life_ms;
  code->kind = kind;
  code->sha256 = dyno_access_sum (told->code);
  code->expires_ms = told->expires_ms;

  return code;
}

static DynoUser *
put_user (const DynoErrand *errand,
          DynoUser         *user,
          DynoCode         *code,
          GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_put_user_async (store, user, code, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_put_user_finish (store, dyno_await_wait (errand->await), error);
}

/* Everything that is checked before a person is made. */
static gboolean
prepare_user (const Args *args,
              GError    **error)
{
  DynoUser *user = args->user;
  DynoRole role;

  if (!dyno_access_may (args->asker, DYNO_SCOPE_USERS_WRITE, error))
    return FALSE;
  if (!replace (&user->email, dyno_users_check_email (user->email, error))
      || !replace (&user->display_name, dyno_users_check_name (user->display_name, error)))
    return FALSE;
  if (!dyno_role_find (user->role, &role) || role == DYNO_ROLE_SERVICE)
    return refuse (error, "role", "The role is viewer, operator, tuner or admin.");
  if (args->password == NULL)
    return TRUE;
  if (args->asker->kind != DYNO_PRINCIPAL_OWNER)
    {
      dyno_error_set (error, DYNO_ERROR_DENIED, "CONSOLE_ONLY",
                      "A password for somebody else is set at this machine only.");
      return FALSE;
    }

  return dyno_crypt_password_judge (args->password, user->email, user->display_name, error);
}

char *
dyno_users_hash (const DynoErrand *errand,
                 const char       *password,
                 GError          **error)
{
  g_autoptr(GBytes) pepper = dyno_vault_ref_key (errand->shop, DYNO_VAULT_PEPPER, error);

  return pepper != NULL ? dyno_crypt_password_hash (pepper, password) : NULL;
}

static gpointer
create_user (const DynoErrand *errand,
             gpointer          data,
             GError          **error)
{
  Args *args = data;
  g_autoptr(DynoUserCode) told = g_new0 (DynoUserCode, 1);
  g_autofree char *kept = NULL;
  DynoUser *user;
  DynoCode *code = NULL;

  if (!prepare_user (args, error))
    return NULL;
  if (args->password != NULL && (kept = dyno_users_hash (errand, args->password, error)) == NULL)
    return NULL;

  user = dyno_user_copy (args->user);
  g_free (user->id);
  user->id = dyno_crypt_new_id ("usr");
  user->revision = 0;
  user->per_day = user->per_day > 0 ? user->per_day : DYNO_USER_PER_DAY;
  user->status = kept != NULL ? DYNO_USER_ACTIVE : DYNO_USER_INVITED;
  g_free (user->password);
  user->password = g_steal_pointer (&kept);
  if (user->password == NULL)
    {
      code = new_code (errand, DYNO_CODE_INVITATION, INVITED_H * HOUR_MS, told);
      code->email = g_strdup (user->email);
      code->created_by = g_strdup (args->asker->user_id);
    }
  dyno_audit_carry (errand, DYNO_AUDIT_USER_CREATED, "user", user->id, NULL);
  told->user = dyno_users_strip (put_user (errand, user, code, error));
  if (told->user == NULL || !dyno_access_changed (errand, told->user->id, "changed", error))
    return NULL;

  return g_steal_pointer (&told);
}

static const DynoOperation create_operation = { "create-user", create_user,
                                                (GDestroyNotify) dyno_user_code_free, TRUE, TRUE };
static const DynoOperation create_hashing_operation = { "create-user", create_user,
                                                        (GDestroyNotify) dyno_user_code_free, TRUE,
                                                        TRUE, TRUE };

void
dyno_users_create_async (DynoShop           *shop,
                         DynoPrincipal      *asker,
                         DynoUser           *user,
                         const char         *password,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  Args *args = args_new (asker, NULL);

  args->user = user;
  args->password = g_strdup (password);
  dyno_operation_start (shop, password != NULL ? &create_hashing_operation : &create_operation,
                        args, (GDestroyNotify) args_free, cancellable, callback, user_data);
}

DynoUserCode *
dyno_users_create_finish (GAsyncResult *result,
                          GError      **error)
{
  gboolean is_hashing = g_async_result_is_tagged (result, (gpointer) &create_hashing_operation);

  return dyno_operation_finish (
      result, is_hashing ? &create_hashing_operation : &create_operation, error);
}

/* Editing */

static gboolean
is_own_edit (const Args *args)
{
  return g_strcmp0 (args->asker->user_id, args->user_id) == 0 && args->edit.role < 0
         && args->edit.status < 0 && args->edit.per_day < 0;
}

static gboolean
edit_rights (const DynoUserEdit *edit,
             DynoUser           *user,
             GError            **error)
{
  DynoRole known;

  if (!dyno_role_find (user->role, &known))
    return refuse (error, "user", "This user belongs to the program and is not changed.");
  if (edit->role >= 0
      && (edit->role >= DYNO_N_ROLES
          || (edit->role == DYNO_ROLE_SERVICE) != (known == DYNO_ROLE_SERVICE)))
    return refuse (error, "role", "The role is viewer, operator, tuner or admin.");
  if (edit->status >= 0 && edit->status != DYNO_USER_DISABLED
      && (edit->status != DYNO_USER_ACTIVE || user->status == DYNO_USER_INVITED))
    return refuse (error, "status", "The status is active or disabled; who was invited comes in "
                                    "by the code.");
  if (edit->per_day == 0 || edit->per_day > 1000000)
    return refuse (error, "max_requests_per_day", "Requests a day are 1 to 1,000,000.");
  if (edit->role >= 0)
    replace (&user->role, g_strdup (dyno_role_name ((DynoRole) edit->role)));
  if (edit->status >= 0)
    user->status = (DynoUserStatus) edit->status;
  if (edit->per_day > 0)
    user->per_day = (guint) edit->per_day;

  return TRUE;
}

static gboolean
edit_word (char      **place,
           const char *word,
           const char *name,
           GError    **error)
{
  if (word == NULL)
    return TRUE;
  if (strlen (word) > MAX_WORD || !g_utf8_validate (word, -1, NULL) || has_blanks (word))
    return refuse (error, name, "This is too long, or no word.");

  return replace (place, g_strdup (word));
}

static gboolean
edit_person (const DynoUserEdit *edit,
             DynoUser           *user,
             GError            **error)
{
  if (edit->display_name != NULL
      && !replace (&user->display_name, dyno_users_check_name (edit->display_name, error)))
    return FALSE;
  if (edit->email != NULL && !replace (&user->email, dyno_users_check_email (edit->email, error)))
    return FALSE;

  return edit_word (&user->locale, edit->locale, "locale", error)
         && edit_word (&user->timezone, edit->timezone, "timezone", error)
         && edit_word (&user->units, edit->units, "units", error);
}

static gpointer
edit_user (const DynoErrand *errand,
           gpointer          data,
           GError          **error)
{
  const Args *args = data;
  g_autoptr(DynoUser) user = NULL;
  g_autoptr(DynoUser) changed = NULL;

  if (!is_own_edit (args) && !dyno_access_may (args->asker, DYNO_SCOPE_USERS_WRITE, error))
    return NULL;
  user = load_user (errand, args->user_id, error);
  if (user == NULL || !edit_rights (&args->edit, user, error)
      || !edit_person (&args->edit, user, error))
    return NULL;

  user->revision = args->revision;
  dyno_audit_carry (errand, user->status == DYNO_USER_DISABLED ? DYNO_AUDIT_USER_DISABLED
                                                               : DYNO_AUDIT_USER_CHANGED,
                    "user", user->id, NULL);
  changed = put_user (errand, g_steal_pointer (&user), NULL, error);
  if (changed == NULL || !dyno_access_changed (errand, changed->id, "changed", error))
    return NULL;

  return dyno_users_strip (g_steal_pointer (&changed));
}

static const DynoOperation edit_operation = { "edit-user", edit_user,
                                              (GDestroyNotify) dyno_user_free, TRUE, TRUE };

/* The texts of the edit, kept by a user that is nobody. */
static DynoUser *
copy_texts (DynoUserEdit *edit)
{
  DynoUser *texts = g_new0 (DynoUser, 1);

  edit->display_name = texts->display_name = g_strdup (edit->display_name);
  edit->email = texts->email = g_strdup (edit->email);
  edit->locale = texts->locale = g_strdup (edit->locale);
  edit->timezone = texts->timezone = g_strdup (edit->timezone);
  edit->units = texts->units = g_strdup (edit->units);

  return texts;
}

void
dyno_users_edit_async (DynoShop           *shop,
                       DynoPrincipal      *asker,
                       const char         *user_id,
                       gint64              revision,
                       const DynoUserEdit *edit,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  Args *args = args_new (asker, user_id);

  args->revision = revision;
  args->edit = *edit;
  args->user = copy_texts (&args->edit);
  dyno_operation_start (shop, &edit_operation, args, (GDestroyNotify) args_free, cancellable,
                        callback, user_data);
}

DynoUser *
dyno_users_edit_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &edit_operation, error);
}

/* Codes */

static gboolean
put_code (const DynoErrand *errand,
          const Args       *args,
          DynoAuditEvent    event,
          DynoCode         *code,
          GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_audit_carry (errand, event, "user", code->user_id, NULL);
  code->created_by = g_strdup (args->asker->user_id);
  dyno_store_put_code_async (store, code, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_put_code_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
invite (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  const Args *args = data;
  g_autoptr(DynoUserCode) told = g_new0 (DynoUserCode, 1);
  g_autofree char *email = NULL;
  DynoCode *code;

  if (!dyno_access_may (args->asker, DYNO_SCOPE_USERS_WRITE, error))
    return NULL;
  if (args->role >= DYNO_ROLE_SERVICE || args->number < 1 || args->number > MAX_HOURS)
    {
      refuse (error, "role", "Invite a viewer, operator, tuner or admin, for 1 to 720 hours.");
      return NULL;
    }
  if (args->text != NULL && (email = dyno_users_check_email (args->text, error)) == NULL)
    return NULL;

  code = new_code (errand, DYNO_CODE_INVITATION, args->number * HOUR_MS, told);
  code->email = g_steal_pointer (&email);
  code->role = g_strdup (dyno_role_name (args->role));

  return put_code (errand, args, DYNO_AUDIT_USER_INVITED, code, error) ? g_steal_pointer (&told)
                                                                       : NULL;
}

static const DynoOperation invite_operation = { "invite", invite,
                                                (GDestroyNotify) dyno_user_code_free, TRUE, TRUE };

void
dyno_users_invite_async (DynoShop           *shop,
                         DynoPrincipal      *asker,
                         DynoRole            role,
                         const char         *email,
                         guint               hours,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  Args *args = args_new (asker, NULL);

  args->role = role;
  args->text = g_strdup (email);
  args->number = hours;
  dyno_operation_start (shop, &invite_operation, args, (GDestroyNotify) args_free, cancellable,
                        callback, user_data);
}

DynoUserCode *
dyno_users_invite_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &invite_operation, error);
}

static gpointer
make_reset (const DynoErrand *errand,
            gpointer          data,
            GError          **error)
{
  const Args *args = data;
  g_autoptr(DynoUserCode) told = g_new0 (DynoUserCode, 1);
  g_autoptr(DynoUser) user = NULL;
  DynoCode *code;

  if (!dyno_access_may (args->asker, DYNO_SCOPE_USERS_WRITE, error)
      || (user = load_user (errand, args->user_id, error)) == NULL)
    return NULL;
  if (user->email == NULL)
    {
      refuse (error, "service", "This user is a program and has no password. Make a key for it.");
      return NULL;
    }

  code = new_code (errand, DYNO_CODE_RESET, RESET_MS, told);
  code->user_id = g_strdup (user->id);
  code->email = g_strdup (user->email);
  if (!put_code (errand, args, DYNO_AUDIT_USER_RESET_CODE, code, error))
    return NULL;
  told->user = dyno_users_strip (g_steal_pointer (&user));

  return g_steal_pointer (&told);
}

static const DynoOperation make_reset_operation = { "make-reset-code", make_reset,
                                                    (GDestroyNotify) dyno_user_code_free, TRUE,
                                                    TRUE };

void
dyno_users_make_reset_async (DynoShop           *shop,
                             DynoPrincipal      *asker,
                             const char         *user_id,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  dyno_operation_start (shop, &make_reset_operation, args_new (asker, user_id),
                        (GDestroyNotify) args_free, cancellable, callback, user_data);
}

DynoUserCode *
dyno_users_make_reset_finish (GAsyncResult *result,
                              GError      **error)
{
  return dyno_operation_finish (result, &make_reset_operation, error);
}

/* Programs; accounts that stopped */

static gpointer
ensure_service (const DynoErrand *errand,
                gpointer          data,
                GError          **error)
{
  const Args *args = data;
  DynoStore *store = errand->shop->store;
  g_autofree char *label = NULL;
  g_autoptr(DynoUser) user = NULL;

  if (!dyno_access_may (args->asker, DYNO_SCOPE_KEYS_MANAGE, error)
      || (label = dyno_users_check_name (args->text, error)) == NULL)
    return NULL;
  dyno_store_ensure_service_async (store, label, errand->cancellable, dyno_await_cb,
                                   errand->await);
  user = dyno_store_ensure_service_finish (store, dyno_await_wait (errand->await), error);
  if (user == NULL || !dyno_access_changed (errand, user->id, "changed", error))
    return NULL;

  return g_steal_pointer (&user);
}

static const DynoOperation ensure_service_operation = { "ensure-service", ensure_service,
                                                        (GDestroyNotify) dyno_user_free, TRUE,
                                                        TRUE };

void
dyno_users_ensure_service_async (DynoShop           *shop,
                                 DynoPrincipal      *asker,
                                 const char         *label,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  Args *args = args_new (asker, NULL);

  args->text = g_strdup (label);
  dyno_operation_start (shop, &ensure_service_operation, args, (GDestroyNotify) args_free,
                        cancellable, callback, user_data);
}

DynoUser *
dyno_users_ensure_service_finish (GAsyncResult *result,
                                  GError      **error)
{
  return dyno_operation_finish (result, &ensure_service_operation, error);
}

static gpointer
unlock (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  const Args *args = data;
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoUser) user = NULL;

  if (!dyno_access_may (args->asker, DYNO_SCOPE_USERS_WRITE, error)
      || (user = load_user (errand, args->user_id, error)) == NULL)
    return NULL;
  dyno_store_unlock_login_async (store, user->email, errand->cancellable, dyno_await_cb,
                                 errand->await);

  return dyno_store_unlock_login_finish (store, dyno_await_wait (errand->await), error)
             ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation unlock_operation = { "unlock-user", unlock, NULL, TRUE, TRUE };

void
dyno_users_unlock_async (DynoShop           *shop,
                         DynoPrincipal      *asker,
                         const char         *user_id,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  dyno_operation_start (shop, &unlock_operation, args_new (asker, user_id),
                        (GDestroyNotify) args_free, cancellable, callback, user_data);
}

gboolean
dyno_users_unlock_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &unlock_operation, error) != NULL;
}
