/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Changing keys; part of dyno-keys.h. */

#include "config.h"

#include "dyno-key-terms.h"
#include "dyno-keys-private.h"
#include "dyno-shop-private.h"

static gboolean
change_scopes (const DynoErrand  *errand,
               DynoScopes         wanted,
               DynoKeyRecord     *record,
               GError           **error)
{
  DynoScopes held = dyno_key_record_scopes (record) | errand->asker->principal->scopes;

  if (!dyno_keys_insist (wanted, held, error))
    return FALSE;
  g_free (record->scopes);
  record->scopes = dyno_key_terms_put_scopes (wanted);

  return TRUE;
}

static gboolean
change_cidrs (const char *const  *cidrs,
              DynoKeyRecord      *record,
              GError            **error)
{
  char *text = dyno_key_terms_put_cidrs (cidrs, error);

  if (text == NULL)
    return FALSE;
  g_free (record->cidrs);
  record->cidrs = text;

  return TRUE;
}

static gboolean
change_name (const char     *name,
             DynoKeyRecord  *record,
             GError        **error)
{
  if (!dyno_keys_check_name (name, error))
    return FALSE;
  g_free (record->name);
  record->name = g_strdup (name);

  return TRUE;
}

static gboolean
apply (const DynoErrand  *errand,
       const DynoKeyWish        *wish,
       DynoKeyRecord     *record,
       GError           **error)
{
  const DynoKeyRequest *to = &wish->request;

  if ((wish->members & DYNO_KEY_SET_PER_MINUTE) != 0)
    record->per_minute = to->per_minute;
  if ((wish->members & DYNO_KEY_SET_PER_DAY) != 0)
    record->per_day = to->per_day;

  return ((wish->members & DYNO_KEY_SET_NAME) == 0 || change_name (wish->name, record, error))
         && ((wish->members & DYNO_KEY_SET_SCOPES) == 0
             || change_scopes (errand, to->scopes, record, error))
         && ((wish->members & DYNO_KEY_SET_CIDRS) == 0
             || change_cidrs ((const char *const *) wish->cidrs, record, error))
         && ((wish->members & DYNO_KEY_SET_EXPIRES) == 0
             || dyno_keys_find_expiry (errand, to, &record->expires_ms, error))
         && dyno_keys_check_numbers (record->per_minute, record->per_day, error);
}

static gpointer
change (const DynoErrand *errand,
        gpointer          data,
        GError          **error)
{
  const DynoKeyWish *wish = data;
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoKeyRecord) record = dyno_keys_find_own (errand, wish->key_id, error);
  g_autoptr(DynoKeyRecord) changed = NULL;

  if (record == NULL || !apply (errand, wish, record, error))
    return NULL;
  record->revision = wish->revision;
  dyno_keys_carry (errand, DYNO_AUDIT_KEY_CHANGED, record);
  dyno_store_edit_key_async (store, g_steal_pointer (&record), NULL, dyno_await_cb,
                             errand->await);
  changed = dyno_store_edit_key_finish (store, dyno_await_wait (errand->await), error);
  if (changed == NULL || !dyno_keys_reload (errand, changed->id, "changed", error))
    return NULL;

  return g_steal_pointer (&changed);
}

static const DynoOperation change_operation = { "key-change", change,
                                                (GDestroyNotify) dyno_key_record_free, TRUE,
                                                TRUE };

void
dyno_keys_change_async (DynoShop            *shop,
                        const char          *key_id,
                        const DynoKeyChange *to,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  DynoKeyWish *wish = dyno_key_wish_new (key_id, &to->to);

  wish->members = to->members;
  wish->revision = to->revision;
  dyno_operation_start (shop, &change_operation, wish, dyno_key_wish_free, cancellable, callback,
                        user_data);
}

DynoKeyRecord *
dyno_keys_change_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &change_operation, error);
}
