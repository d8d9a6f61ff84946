/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Secrets are kept before the rows that name them and dropped after: what a crash leaves
 * behind is a sealed secret that nothing names, never a row without its key. */

#include "config.h"

#include "dyno-signing.h"

#include "dyno-error.h"
#include "dyno-shop-private.h"

void
dyno_signing_key_free (DynoSigningKey *self)
{
  if (self == NULL)
    return;

  g_free (self->kid);
  g_free (self->public_key);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_free (self);
}

static char *
secret_name (const char *kid)
{
  return g_strconcat ("jwt:", kid, NULL);
}

static GPtrArray *
list_records (const DynoErrand *errand,
              GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_signing_async (store, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_list_signing_finish (store, dyno_await_wait (errand->await), error);
}

static DynoSigningKey *
open_key (const DynoErrand        *errand,
          const DynoSigningRecord *record,
          GError                 **error)
{
  g_autoptr(DynoSigningKey) key = g_new0 (DynoSigningKey, 1);

  key->kid = g_strdup (record->kid);
  key->state = record->state;
  key->public_key = g_strdup (record->public_key);
  key->created_ms = record->created_ms;
  key->active_from_ms = record->active_from_ms;
  key->retired_ms = record->retired_ms;
  dyno_vault_load_secret_async (errand->shop, record->secret, errand->cancellable, dyno_await_cb,
                                errand->await);
  key->der = dyno_vault_load_secret_finish (dyno_await_wait (errand->await), error);

  return key->der != NULL ? g_steal_pointer (&key) : NULL;
}

static gpointer
load (const DynoErrand *errand,
      gpointer          unused,
      GError          **error)
{
  g_autoptr(GPtrArray) records = list_records (errand, error);
  g_autoptr(GPtrArray) keys = NULL;

  if (records == NULL)
    return NULL;
  keys = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_signing_key_free);
  for (guint i = 0; i < records->len; i++)
    {
      DynoSigningKey *key = open_key (errand, g_ptr_array_index (records, i), error);

      if (key == NULL)
        return NULL;
      g_ptr_array_add (keys, key);
    }

  return g_steal_pointer (&keys);
}

static const DynoOperation load_operation = { "load-signing", load,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_signing_load_async (DynoShop           *shop,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  dyno_operation_start (shop, &load_operation, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_signing_load_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &load_operation, error);
}

static DynoSigningRecord *
record_of (const DynoSigningKey *key)
{
  DynoSigningRecord *record = g_new0 (DynoSigningRecord, 1);

  record->kid = g_strdup (key->kid);
  record->state = key->state;
  record->public_key = g_strdup (key->public_key);
  record->secret = secret_name (key->kid);
  record->created_ms = key->created_ms;
  record->active_from_ms = key->active_from_ms;
  record->retired_ms = key->retired_ms;

  return record;
}

static gboolean
holds (GPtrArray  *records,
       const char *kid)
{
  for (guint i = 0; i < records->len; i++)
    {
      if (g_strcmp0 (((DynoSigningRecord *) g_ptr_array_index (records, i))->kid, kid) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
keep_secret (const DynoErrand     *errand,
             const DynoSigningKey *key,
             GError              **error)
{
  g_autofree char *name = secret_name (key->kid);

  dyno_vault_keep_secret_async (errand->shop, name, key->der, NULL, dyno_await_cb, errand->await);

  return dyno_vault_keep_secret_finish (dyno_await_wait (errand->await), error);
}

static gboolean
drop_secret (const DynoErrand *errand,
             const char       *kid,
             GError          **error)
{
  g_autofree char *name = secret_name (kid);

  dyno_vault_drop_secret_async (errand->shop, name, NULL, dyno_await_cb, errand->await);

  return dyno_vault_drop_secret_finish (dyno_await_wait (errand->await), error);
}

static gboolean
set_rows (const DynoErrand *errand,
          GPtrArray        *records,
          GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_set_signing_async (store, g_ptr_array_ref (records), NULL, dyno_await_cb,
                                errand->await);

  return dyno_store_set_signing_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
keep (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  GPtrArray *keys = data;
  g_autoptr(GPtrArray) before = list_records (errand, error);
  g_autoptr(GPtrArray) after =
      g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_signing_record_free);

  if (before == NULL)
    return NULL;
  for (guint i = 0; i < keys->len; i++)
    {
      const DynoSigningKey *key = g_ptr_array_index (keys, i);

      if (!holds (before, key->kid) && !keep_secret (errand, key, error))
        return NULL;
      g_ptr_array_add (after, record_of (key));
    }
  if (!set_rows (errand, after, error))
    return NULL;
  for (guint i = 0; i < before->len; i++)
    {
      const DynoSigningRecord *record = g_ptr_array_index (before, i);

      if (!holds (after, record->kid) && !drop_secret (errand, record->kid, error))
        return NULL;
    }

  return DYNO_OPERATION_DONE;
}

static const DynoOperation keep_operation = { "keep-signing", keep, NULL, TRUE, TRUE };

void
dyno_signing_keep_async (DynoShop           *shop,
                         GPtrArray          *keys,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  dyno_operation_start (shop, &keep_operation, keys, (GDestroyNotify) g_ptr_array_unref,
                        cancellable, callback, user_data);
}

gboolean
dyno_signing_keep_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &keep_operation, error) != NULL;
}
