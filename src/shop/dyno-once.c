/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-once.h"

#include "dyno-shop-private.h"

static DynoReplyRecord *
new_record (const DynoAsker *asker)
{
  DynoReplyRecord *record = g_new0 (DynoReplyRecord, 1);

  record->principal = g_strdup (dyno_principal_id (asker->principal));
  record->method = g_strdup (asker->once_method);
  record->route = g_strdup (asker->once_route);
  record->key = g_strdup (asker->once_key);

  return record;
}

static gpointer
find (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  const DynoReplyRecord *scope = data;
  DynoStore *store = errand->shop->store;

  dyno_store_get_reply_async (store, scope->principal, scope->method, scope->route, scope->key,
                              errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_get_reply_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation find_operation = { "once-find", find,
                                              (GDestroyNotify) dyno_reply_record_free, TRUE,
                                              FALSE };

void
dyno_once_find_async (DynoShop            *shop,
                      const DynoAsker     *asker,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_return_if_fail (asker->once_key != NULL);

  dyno_operation_start (shop, &find_operation, new_record (asker),
                        (GDestroyNotify) dyno_reply_record_free, cancellable, callback, user_data);
}

DynoReplyRecord *
dyno_once_find_finish (GAsyncResult *result,
                       GError      **error)
{
  return dyno_operation_finish (result, &find_operation, error);
}

static gpointer
complete (const DynoErrand *errand,
          gpointer          data,
          GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_complete_reply_async (store, dyno_reply_record_copy (data), NULL, dyno_await_cb,
                                   errand->await);

  return dyno_store_complete_reply_finish (store, dyno_await_wait (errand->await), error)
           ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation complete_operation = { "once-complete", complete, NULL, TRUE, TRUE };

void
dyno_once_complete_async (DynoShop            *shop,
                          const DynoAsker     *asker,
                          int                  status,
                          const char          *headers,
                          GBytes              *body,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  DynoReplyRecord *record;

  g_return_if_fail (asker->once_key != NULL);

  record = new_record (asker);
  record->status = status;
  record->headers = g_strdup (headers);
  record->body = body != NULL ? g_bytes_ref (body) : NULL;
  dyno_operation_start (shop, &complete_operation, record, (GDestroyNotify) dyno_reply_record_free,
                        cancellable, callback, user_data);
}

gboolean
dyno_once_complete_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &complete_operation, error) != NULL;
}
