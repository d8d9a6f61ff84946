/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Looking at keys and revoking them, and who may; part of dyno-keys.h. */

#include "config.h"

#include "dyno-error.h"
#include "dyno-key-terms.h"
#include "dyno-keys-private.h"
#include "dyno-shop-private.h"

#define MOST_ROWS 201 /* a page, and the row that says there is another */
#define USUAL_ROWS 50

DynoScopes
dyno_key_record_scopes (const DynoKeyRecord *record)
{
  DynoScopes scopes;

  return dyno_key_terms_scopes (record->scopes, &scopes) ? scopes : 0;
}

gboolean
dyno_keys_may_manage (const DynoErrand *errand)
{
  return dyno_principal_may (errand->asker->principal, DYNO_SCOPE_KEYS_MANAGE);
}

gboolean
dyno_keys_insist (DynoScopes   wanted,
                  DynoScopes   held,
                  GError     **error)
{
  g_auto(GStrv) missing = dyno_scopes_names (wanted & ~held);

  if (missing[0] == NULL)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_DENIED, "authorization",
                  "This needs the permission “%s”, which is not yours to use or to give.",
                  missing[0]);

  return FALSE;
}

static gboolean
may_look (const DynoErrand *errand,
          GError          **error)
{
  return dyno_keys_may_manage (errand)
         || dyno_keys_insist (DYNO_SCOPE_BIT (DYNO_SCOPE_KEYS_SELF),
                              errand->asker->principal->scopes, error);
}

DynoKeyRecord *
dyno_keys_find_own (const DynoErrand  *errand,
                    const char        *key_id,
                    GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoKeyRecord) record = NULL;

  if (!may_look (errand, error))
    return NULL;
  dyno_store_get_key_async (store, key_id, NULL, dyno_await_cb, errand->await);
  record = dyno_store_get_key_finish (store, dyno_await_wait (errand->await), error);
  if (record == NULL || dyno_keys_may_manage (errand)
      || g_strcmp0 (record->user_id, errand->asker->principal->user_id) == 0)
    return g_steal_pointer (&record);
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no such key.");

  return NULL;
}

static gpointer
get (const DynoErrand *errand,
     gpointer          key_id,
     GError          **error)
{
  return dyno_keys_find_own (errand, key_id, error);
}

static const DynoOperation get_operation = { "key-get", get,
                                             (GDestroyNotify) dyno_key_record_free, TRUE, FALSE };

void
dyno_keys_get_async (DynoShop            *shop,
                     const char          *key_id,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  dyno_operation_start (shop, &get_operation, g_strdup (key_id), g_free, cancellable, callback,
                        user_data);
}

DynoKeyRecord *
dyno_keys_get_finish (GAsyncResult *result,
                      GError      **error)
{
  return dyno_operation_finish (result, &get_operation, error);
}

static gpointer
list (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  const DynoKeyQuery *asked = data;
  DynoStore *store = errand->shop->store;
  DynoKeyQuery *query;

  if (!may_look (errand, error))
    return NULL;
  query = g_new0 (DynoKeyQuery, 1);
  query->user_id = g_strdup (dyno_keys_may_manage (errand) ? asked->user_id
                                                           : errand->asker->principal->user_id);
  query->state = g_strdup (asked->state);
  query->before_ms = asked->before_ms;
  query->before_id = g_strdup (asked->before_id);
  query->limit = asked->limit == 0 ? USUAL_ROWS : MIN (asked->limit, MOST_ROWS);
  dyno_store_list_keys_async (store, query, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_list_keys_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation list_operation = { "key-list", list, (GDestroyNotify) g_ptr_array_unref,
                                              TRUE, FALSE };

void
dyno_keys_list_async (DynoShop            *shop,
                      DynoKeyQuery        *query,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  dyno_operation_start (shop, &list_operation, query, (GDestroyNotify) dyno_key_query_free,
                        cancellable, callback, user_data);
}

GPtrArray *
dyno_keys_list_finish (GAsyncResult *result,
                       GError      **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

static gpointer
revoke_key (const DynoErrand *errand,
            gpointer          key_id,
            GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoKeyRecord) record = dyno_keys_find_own (errand, key_id, error);

  if (record == NULL)
    return NULL;
  dyno_audit_carry (errand, DYNO_AUDIT_KEY_REVOKED, "key", record->id, NULL);
  dyno_store_revoke_key_async (store, record->id, errand->asker->principal->user_id, NULL,
                               dyno_await_cb, errand->await);
  if (!dyno_store_revoke_key_finish (store, dyno_await_wait (errand->await), error)
      || !dyno_keys_reload (errand, record->id, "revoked", error))
    return NULL;

  return DYNO_OPERATION_DONE;
}

static const DynoOperation revoke_operation = { "key-revoke", revoke_key, NULL, TRUE, TRUE };

void
dyno_keys_revoke_async (DynoShop            *shop,
                        const char          *key_id,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  dyno_operation_start (shop, &revoke_operation, g_strdup (key_id), g_free, cancellable, callback,
                        user_data);
}

gboolean
dyno_keys_revoke_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &revoke_operation, error) != NULL;
}
