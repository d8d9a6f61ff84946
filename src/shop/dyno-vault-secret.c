/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Secrets under the wrapping key; part of dyno-vault.h. */

#include "config.h"

#include "dyno-vault.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-shop-private.h"

gboolean
dyno_vault_seal_row (const DynoErrand *errand,
                     GBytes           *wrap,
                     const char       *name,
                     GBytes           *secret,
                     GError          **error)
{
  DynoStore *store = errand->shop->store;
  DynoSecretRecord *record = g_new0 (DynoSecretRecord, 1);
  g_autoptr(GBytes) label = g_bytes_new (name, strlen (name));

  record->name = g_strdup (name);
  dyno_crypt_random (record->nonce, sizeof record->nonce);
  record->ciphertext = dyno_crypt_seal (wrap, record->nonce, label, secret);
  dyno_store_set_secret_async (store, record, NULL, dyno_await_cb, errand->await);

  return dyno_store_set_secret_finish (store, dyno_await_wait (errand->await), error);
}

DynoSecretRecord *
dyno_vault_get_row (const DynoErrand  *errand,
                    const char        *name,
                    GError           **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_get_secret_async (store, name, NULL, dyno_await_cb, errand->await);

  return dyno_store_get_secret_finish (store, dyno_await_wait (errand->await), error);
}

GBytes *
dyno_vault_open_row (const DynoSecretRecord *record,
                     GBytes                 *wrap)
{
  g_autoptr(GBytes) label = g_bytes_new (record->name, strlen (record->name));

  return dyno_crypt_open (wrap, record->nonce, label, record->ciphertext);
}

typedef struct
{
  char   *name;   /* (owned) */
  GBytes *secret; /* (owned) */
} Secret;

static void
secret_free (gpointer data)
{
  Secret *secret = data;

  g_free (secret->name);
  g_bytes_unref (secret->secret);
  g_free (secret);
}

gboolean
dyno_vault_keep (const DynoErrand  *errand,
                 const char        *name,
                 GBytes            *secret,
                 GError           **error)
{
  g_autoptr(GBytes) wrap = dyno_vault_ref_key (errand->shop, DYNO_VAULT_WRAP, error);

  return wrap != NULL && dyno_vault_seal_row (errand, wrap, name, secret, error);
}

static gpointer
keep (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  const Secret *secret = data;

  return dyno_vault_keep (errand, secret->name, secret->secret, error) ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation keep_operation = { "secret-keep", keep, NULL, TRUE, TRUE };

void
dyno_vault_keep_secret_async (DynoShop            *shop,
                              const char          *name,
                              GBytes              *secret,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  Secret *data = g_new0 (Secret, 1);

  data->name = g_strdup (name);
  data->secret = g_bytes_ref (secret);
  dyno_operation_start (shop, &keep_operation, data, secret_free, cancellable, callback,
                        user_data);
}

gboolean
dyno_vault_keep_secret_finish (GAsyncResult *result,
                               GError      **error)
{
  return dyno_operation_finish (result, &keep_operation, error) != NULL;
}

GBytes *
dyno_vault_load (const DynoErrand  *errand,
                 const char        *name,
                 GError           **error)
{
  g_autoptr(GBytes) wrap = dyno_vault_ref_key (errand->shop, DYNO_VAULT_WRAP, error);
  g_autoptr(DynoSecretRecord) record = wrap != NULL ? dyno_vault_get_row (errand, name, error)
                                                        : NULL;
  GBytes *secret;

  if (record == NULL)
    return NULL;
  secret = dyno_vault_open_row (record, wrap);
  if (secret == NULL)
    dyno_error_set (error, DYNO_ERROR_CORRUPT, "secret",
                    "The kept secret “%s” was changed. Restore the last backup.", record->name);

  return secret;
}

static gpointer
load (const DynoErrand *errand,
      gpointer          name,
      GError          **error)
{
  return dyno_vault_load (errand, name, error);
}

static const DynoOperation load_operation = { "secret-load", load,
                                              (GDestroyNotify) g_bytes_unref, TRUE, FALSE };

void
dyno_vault_load_secret_async (DynoShop            *shop,
                              const char          *name,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  dyno_operation_start (shop, &load_operation, g_strdup (name), g_free, cancellable, callback,
                        user_data);
}

GBytes *
dyno_vault_load_secret_finish (GAsyncResult *result,
                               GError      **error)
{
  return dyno_operation_finish (result, &load_operation, error);
}

static gpointer
drop (const DynoErrand *errand,
      gpointer          name,
      GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_remove_secret_async (store, name, NULL, dyno_await_cb, errand->await);

  return dyno_store_remove_secret_finish (store, dyno_await_wait (errand->await), error)
           ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation drop_operation = { "secret-drop", drop, NULL, TRUE, TRUE };

void
dyno_vault_drop_secret_async (DynoShop            *shop,
                              const char          *name,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  dyno_operation_start (shop, &drop_operation, g_strdup (name), g_free, cancellable, callback,
                        user_data);
}

gboolean
dyno_vault_drop_secret_finish (GAsyncResult *result,
                               GError      **error)
{
  return dyno_operation_finish (result, &drop_operation, error) != NULL;
}
