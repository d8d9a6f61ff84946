/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* One vehicle, one customer; part of dyno-people.h. */

#include "config.h"

#include "dyno-people.h"

#include "dyno-shop-private.h"

static gpointer
get_vehicle (const DynoErrand *errand,
             gpointer          vehicle_id,
             GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_get_vehicle_async (store, vehicle_id, errand->cancellable, dyno_await_cb,
                                errand->await);

  return dyno_store_get_vehicle_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation get_vehicle_operation = { "get-vehicle", get_vehicle,
                                                     (GDestroyNotify) dyno_vehicle_free, TRUE };

void
dyno_people_get_vehicle_async (DynoShop            *shop,
                               const char          *vehicle_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  dyno_operation_start (shop, &get_vehicle_operation, g_strdup (vehicle_id), g_free, cancellable,
                        callback, user_data);
}

DynoVehicle *
dyno_people_get_vehicle_finish (GAsyncResult  *result,
                                GError       **error)
{
  return dyno_operation_finish (result, &get_vehicle_operation, error);
}

static gpointer
get_customer (const DynoErrand *errand,
              gpointer          customer_id,
              GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_get_customer_async (store, customer_id, errand->cancellable, dyno_await_cb,
                                 errand->await);

  return dyno_store_get_customer_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation get_customer_operation = { "get-customer", get_customer,
                                                      (GDestroyNotify) dyno_customer_free, TRUE };

void
dyno_people_get_customer_async (DynoShop            *shop,
                                const char          *customer_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  dyno_operation_start (shop, &get_customer_operation, g_strdup (customer_id), g_free, cancellable,
                        callback, user_data);
}

DynoCustomer *
dyno_people_get_customer_finish (GAsyncResult  *result,
                                 GError       **error)
{
  return dyno_operation_finish (result, &get_customer_operation, error);
}
