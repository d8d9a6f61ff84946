/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Somebody comes in by himself: with the code of an invitation, or without where the
 * house is open. */

#include "config.h"

#include <string.h>

#include "dyno-crypt-password.h"
#include "dyno-crypt-seal.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"
#include "dyno-users-private.h"

typedef struct
{
  char     *email;    /* (owned) (nullable) as typed, then as it is kept */
  char     *password; /* (owned) */
  char     *name;     /* (owned) (nullable) the same */
  GBytes   *code;     /* (owned) (nullable) its SHA-256 */
  gboolean  has_code; /* one was given, whatever it was */
  char     *user_id;  /* (owned) (nullable) for whom the code is alone; else a new one's */
  gboolean  is_local;
} Args;

void
dyno_users_forget_text (char *text)
{
  if (text != NULL)
    dyno_crypt_wipe (text, strlen (text));
  g_free (text);
}

static void
args_free (Args *args)
{
  g_free (args->email);
  dyno_users_forget_text (args->password);
  g_free (args->name);
  g_clear_pointer (&args->code, g_bytes_unref);
  g_free (args->user_id);
  g_free (args);
}

static gboolean
refuse_code (GError **error)
{
  dyno_error_set (error, DYNO_ERROR_DENIED, "code",
                  "This code does not serve (any more). Ask for a new one.");

  return FALSE;
}

static gboolean
is_open_for (const DynoErrand *errand,
             const Args       *args,
             GError          **error)
{
  g_autofree char *mode = dyno_config_dup (errand->shop->config, "auth.registration");

  if (strcmp (mode, "closed") != 0
      && (args->has_code || (strcmp (mode, "open") == 0 && args->is_local)))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_DENIED, "REGISTRATION_CLOSED",
                  "Nobody makes an account here by himself. Ask an administrator for an "
                  "invitation.");

  return FALSE;
}

static gboolean
check_code (const DynoErrand *errand,
            Args             *args,
            GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoCode) code = NULL;

  if (!args->has_code)
    return TRUE;
  if (args->code == NULL)
    return refuse_code (error);
  dyno_store_try_code_async (store, DYNO_CODE_INVITATION, args->code, args->email,
                             errand->cancellable, dyno_await_cb, errand->await);
  code = dyno_store_try_code_finish (store, dyno_await_wait (errand->await), error);
  if (code == NULL)
    return FALSE;
  args->user_id = g_strdup (code->user_id);

  return code->id != NULL || refuse_code (error);
}

static gboolean
check_person (Args    *args,
              GError **error)
{
  g_autofree char *email = dyno_users_check_email (args->email, error);
  g_autofree char *name = email != NULL ? dyno_users_check_name (args->name, error) : NULL;

  if (name == NULL || !dyno_crypt_password_judge (args->password, email, name, error))
    return FALSE;
  g_free (args->email);
  g_free (args->name);
  args->email = g_steal_pointer (&email);
  args->name = g_steal_pointer (&name);

  return TRUE;
}

static DynoUser *
accept (const DynoErrand *errand,
        const Args       *args,
        GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autofree char *kept = dyno_users_hash (errand, args->password, error);
  DynoUser *user;

  if (kept == NULL)
    return NULL;

  user = g_new0 (DynoUser, 1);
  user->email = g_strdup (args->email);
  user->display_name = g_strdup (args->name);
  user->password = g_steal_pointer (&kept);
  user->role = g_strdup (dyno_role_name (DYNO_ROLE_VIEWER));
  user->per_day = DYNO_USER_PER_DAY;
  user->id = args->user_id != NULL ? g_strdup (args->user_id) : dyno_crypt_new_id ("usr");
  dyno_access_note (errand, DYNO_AUDIT_USER_CREATED, user->id, errand->asker->ip, "user", user->id);
  dyno_store_accept_user_async (store, user, args->code, errand->cancellable, dyno_await_cb,
                                errand->await);

  return dyno_store_accept_user_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
register_user (const DynoErrand *errand,
               gpointer          data,
               GError          **error)
{
  Args *args = data;
  g_autoptr(DynoUser) user = NULL;

  if (!is_open_for (errand, args, error) || !check_person (args, error)
      || !check_code (errand, args, error))
    return NULL;
  user = accept (errand, args, error);
  if (user == NULL || !dyno_access_changed (errand, user->id, "changed", error))
    return NULL;

  return dyno_users_strip (g_steal_pointer (&user));
}

static const DynoOperation register_operation = { "register", register_user,
                                                  (GDestroyNotify) dyno_user_free, TRUE, TRUE,
                                                  TRUE };

void
dyno_users_register_async (DynoShop               *shop,
                           const DynoRegistration *registration,
                           GCancellable           *cancellable,
                           GAsyncReadyCallback     callback,
                           gpointer                user_data)
{
  Args *args = g_new0 (Args, 1);

  args->email = g_strdup (registration->email);
  args->password = g_strdup (registration->password);
  args->name = g_strdup (registration->display_name);
  args->has_code = registration->code != NULL;
  args->code = dyno_access_code_sum (registration->code);
  args->is_local = registration->is_local;
  dyno_operation_start (shop, &register_operation, args, (GDestroyNotify) args_free, cancellable,
                        callback, user_data);
}

DynoUser *
dyno_users_register_finish (GAsyncResult *result,
                            GError      **error)
{
  return dyno_operation_finish (result, &register_operation, error);
}
