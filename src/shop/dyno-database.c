/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-database.h"

#include "dyno-shop-private.h"

static gpointer
info (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_info_async (store, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_info_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation info_operation = { "database-info", info,
                                              (GDestroyNotify) dyno_store_info_free, TRUE };

void
dyno_database_info_async (DynoShop            *shop,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &info_operation, NULL, NULL, cancellable, callback, user_data);
}

DynoStoreInfo *
dyno_database_info_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &info_operation, error);
}

static gpointer
check (const DynoErrand *errand,
       gpointer          data,
       GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_check_async (store, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_check_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation check_operation = { "database-check", check,
                                               (GDestroyNotify) dyno_store_check_free, TRUE };

void
dyno_database_check_async (DynoShop            *shop,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  dyno_operation_start (shop, &check_operation, NULL, NULL, cancellable, callback, user_data);
}

DynoStoreCheck *
dyno_database_check_finish (GAsyncResult *result,
                            GError      **error)
{
  return dyno_operation_finish (result, &check_operation, error);
}

static gpointer
backup (const DynoErrand *errand,
        gpointer          path,
        GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_backup_async (store, path, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_backup_finish (store, dyno_await_wait (errand->await), error)
           ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation backup_operation = { "database-backup", backup, NULL, TRUE };

void
dyno_database_backup_async (DynoShop            *shop,
                            const char          *path,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  dyno_operation_start (shop, &backup_operation, g_strdup (path), g_free, cancellable, callback,
                        user_data);
}

gboolean
dyno_database_backup_finish (GAsyncResult *result,
                             GError      **error)
{
  return dyno_operation_finish (result, &backup_operation, error) != NULL;
}
