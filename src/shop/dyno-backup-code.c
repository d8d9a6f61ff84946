/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The recovery code; part of dyno-backup.h. Its key is kept in the vault, together
 * with the master key, because every backup carries both sealed for the code. */

#include "config.h"

#include "dyno-backup-private.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt-text.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"

#define SECRET "backup.recovery"
#define KEY_SIZE DYNO_SEAL_KEY_SIZE

static GBytes *
join (GBytes *recovery,
      GBytes *master)
{
  guint8 both[2 * KEY_SIZE];
  GBytes *secret;

  memcpy (both, g_bytes_get_data (recovery, NULL), KEY_SIZE);
  memcpy (both + KEY_SIZE, g_bytes_get_data (master, NULL), KEY_SIZE);
  secret = dyno_crypt_secret_new (both, sizeof both);
  dyno_crypt_wipe (both, sizeof both);

  return secret;
}

gboolean
dyno_backup_load_recovery (const DynoErrand  *errand,
                           GBytes           **recovery,
                           GBytes           **master,
                           GError           **error)
{
  g_autoptr(GError) missing = NULL;
  g_autoptr(GBytes) secret = dyno_vault_load (errand, SECRET, &missing);
  const guint8 *both;

  *recovery = NULL;
  *master = NULL;
  if (g_error_matches (missing, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    return TRUE;
  if (secret == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }

  both = g_bytes_get_data (secret, NULL);
  if (g_bytes_get_size (secret) == 2 * KEY_SIZE)
    {
      *recovery = dyno_crypt_secret_new (both, KEY_SIZE);
      *master = dyno_crypt_secret_new (both + KEY_SIZE, KEY_SIZE);
    }

  return TRUE;
}

static gpointer
has_code (const DynoErrand *errand,
          gpointer          unused,
          GError          **error)
{
  g_autoptr(GBytes) recovery = NULL;
  g_autoptr(GBytes) master = NULL;

  if (!dyno_backup_load_recovery (errand, &recovery, &master, error))
    return NULL;

  return GINT_TO_POINTER (recovery != NULL ? 2 : 1);
}

static const DynoOperation has_code_operation = { "backup-has-code", has_code, NULL, TRUE, FALSE };

void
dyno_backup_has_code_async (DynoShop            *shop,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  dyno_operation_start (shop, &has_code_operation, NULL, NULL, cancellable, callback, user_data);
}

int
dyno_backup_has_code_finish (GAsyncResult  *result,
                             GError       **error)
{
  return GPOINTER_TO_INT (dyno_operation_finish (result, &has_code_operation, error)) - 1;
}

static gpointer
renew (const DynoErrand *errand,
       gpointer          unused,
       GError          **error)
{
  g_autoptr(GBytes) master = dyno_vault_find_master (errand, error);
  g_autofree char *code = dyno_crypt_new_code (DYNO_CODE_LONG);
  g_autoptr(GBytes) recovery = dyno_backup_recovery_key (code, error);
  g_autoptr(GBytes) secret = NULL;

  if (master == NULL || recovery == NULL)
    return NULL;
  secret = join (recovery, master);
  dyno_audit_carry (errand, DYNO_AUDIT_BACKUP_CODE, "backup", NULL, NULL);

  return dyno_vault_keep (errand, SECRET, secret, error) ? g_steal_pointer (&code) : NULL;
}

static const DynoOperation renew_operation = { "backup-renew-code", renew, g_free, TRUE, TRUE };

void
dyno_backup_renew_code_async (DynoShop            *shop,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  dyno_operation_start (shop, &renew_operation, NULL, NULL, cancellable, callback, user_data);
}

char *
dyno_backup_renew_code_finish (GAsyncResult  *result,
                               GError       **error)
{
  return dyno_operation_finish (result, &renew_operation, error);
}
