/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-people.h"

#include "dyno-error.h"
#include "dyno-shop-private.h"

static gboolean
is_named (const char *name,
          const char *what,
          GError    **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name != NULL ? name : ""));

  if (*stripped != '\0')
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "name", "Give the %s a name.", what);

  return FALSE;
}

static gboolean
is_object (const char *data,
           GError    **error)
{
  g_autoptr(DynoJson) json = NULL;

  if (data == NULL || *data == '\0')
    return TRUE;
  json = dyno_json_parse (data, -1, error);
  if (json == NULL)
    return FALSE;
  if (dyno_json_type (json) == DYNO_JSON_OBJECT)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "data",
                  "What is known of a vehicle must be a JSON object.");

  return FALSE;
}

static void
publish (const DynoErrand *errand,
         const char       *id)
{
  dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_VEHICLE, id, "changed");
}

typedef struct
{
  char  *id;
  gint64 revision;
} Deletion;

static Deletion *
deletion_new (const char *id,
              gint64      revision)
{
  Deletion *self = g_new0 (Deletion, 1);

  self->id = g_strdup (id);
  self->revision = revision;

  return self;
}

static void
deletion_free (gpointer data)
{
  Deletion *self = data;

  g_free (self->id);
  g_free (self);
}

/* Vehicles */

static gpointer
list_vehicles (const DynoErrand *errand,
               gpointer          customer_id,
               GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_vehicles_async (store, customer_id, errand->cancellable, dyno_await_cb,
                                  errand->await);

  return dyno_store_list_vehicles_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation list_vehicles_operation = { "list-vehicles", list_vehicles,
                                                       (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_people_list_vehicles_async (DynoShop            *shop,
                                 const char          *customer_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  dyno_operation_start (shop, &list_vehicles_operation, g_strdup (customer_id), g_free,
                        cancellable, callback, user_data);
}

GPtrArray *
dyno_people_list_vehicles_finish (GAsyncResult *result,
                                  GError      **error)
{
  return dyno_operation_finish (result, &list_vehicles_operation, error);
}

/* The vehicle is taken over by the store; until then it is the operation's. */
static gpointer
put_vehicle (const DynoErrand *errand,
             gpointer          data,
             GError          **error)
{
  DynoVehicle **vehicle = data;
  DynoStore *store = errand->shop->store;
  DynoVehicle *kept;

  if (!is_named ((*vehicle)->label, "vehicle", error) || !is_object ((*vehicle)->data, error))
    return NULL;

  dyno_store_put_vehicle_async (store, g_steal_pointer (vehicle), errand->cancellable,
                                dyno_await_cb, errand->await);
  kept = dyno_store_put_vehicle_finish (store, dyno_await_wait (errand->await), error);
  if (kept != NULL)
    publish (errand, kept->id);

  return kept;
}

static const DynoOperation put_vehicle_operation = { "put-vehicle", put_vehicle,
                                                     (GDestroyNotify) dyno_vehicle_free, TRUE };

static void
vehicle_box_free (gpointer data)
{
  DynoVehicle **box = data;

  g_clear_pointer (box, dyno_vehicle_free);
  g_free (box);
}

void
dyno_people_put_vehicle_async (DynoShop            *shop,
                               DynoVehicle         *vehicle,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  DynoVehicle **box = g_new (DynoVehicle *, 1);

  *box = vehicle;
  dyno_operation_start (shop, &put_vehicle_operation, box, vehicle_box_free, cancellable, callback,
                        user_data);
}

DynoVehicle *
dyno_people_put_vehicle_finish (GAsyncResult *result,
                                GError      **error)
{
  return dyno_operation_finish (result, &put_vehicle_operation, error);
}

static gpointer
ensure_vehicle (const DynoErrand *errand,
                gpointer          id_or_label,
                GError          **error)
{
  DynoStore *store = errand->shop->store;
  DynoVehicle *vehicle;

  if (!is_named (id_or_label, "vehicle", error))
    return NULL;

  dyno_store_ensure_vehicle_async (store, id_or_label, errand->cancellable, dyno_await_cb,
                                   errand->await);
  vehicle = dyno_store_ensure_vehicle_finish (store, dyno_await_wait (errand->await), error);
  if (vehicle != NULL)
    publish (errand, vehicle->id);

  return vehicle;
}

static const DynoOperation ensure_operation = { "ensure-vehicle", ensure_vehicle,
                                                (GDestroyNotify) dyno_vehicle_free, TRUE };

void
dyno_people_ensure_vehicle_async (DynoShop            *shop,
                                  const char          *id_or_label,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  dyno_operation_start (shop, &ensure_operation, g_strdup (id_or_label), g_free, cancellable,
                        callback, user_data);
}

DynoVehicle *
dyno_people_ensure_vehicle_finish (GAsyncResult *result,
                                   GError      **error)
{
  return dyno_operation_finish (result, &ensure_operation, error);
}

static gpointer
delete_vehicle (const DynoErrand *errand,
                gpointer          data,
                GError          **error)
{
  const Deletion *deletion = data;
  DynoStore *store = errand->shop->store;

  dyno_store_delete_vehicle_async (store, deletion->id, deletion->revision,
                                   errand->cancellable, dyno_await_cb, errand->await);
  if (!dyno_store_delete_vehicle_finish (store, dyno_await_wait (errand->await), error))
    return NULL;
  publish (errand, deletion->id);

  return DYNO_OPERATION_DONE;
}

static const DynoOperation delete_vehicle_operation = { "delete-vehicle", delete_vehicle, NULL,
                                                        TRUE };

void
dyno_people_delete_vehicle_async (DynoShop            *shop,
                                  const char          *vehicle_id,
                                  gint64               revision,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  dyno_operation_start (shop, &delete_vehicle_operation, deletion_new (vehicle_id, revision), deletion_free,
                        cancellable, callback, user_data);
}

gboolean
dyno_people_delete_vehicle_finish (GAsyncResult *result,
                                   GError      **error)
{
  return dyno_operation_finish (result, &delete_vehicle_operation, error) != NULL;
}

/* Customers */

static gpointer
list_customers (const DynoErrand *errand,
                gpointer          data,
                GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_list_customers_async (store, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_list_customers_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation list_customers_operation = { "list-customers", list_customers,
                                                        (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_people_list_customers_async (DynoShop            *shop,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  dyno_operation_start (shop, &list_customers_operation, NULL, NULL, cancellable, callback,
                        user_data);
}

GPtrArray *
dyno_people_list_customers_finish (GAsyncResult *result,
                                   GError      **error)
{
  return dyno_operation_finish (result, &list_customers_operation, error);
}

static gpointer
put_customer (const DynoErrand *errand,
              gpointer          data,
              GError          **error)
{
  DynoCustomer **customer = data;
  DynoStore *store = errand->shop->store;
  DynoCustomer *kept;

  if (!is_named ((*customer)->name, "customer", error))
    return NULL;

  dyno_store_put_customer_async (store, g_steal_pointer (customer), errand->cancellable,
                                 dyno_await_cb, errand->await);
  kept = dyno_store_put_customer_finish (store, dyno_await_wait (errand->await), error);
  if (kept != NULL)
    publish (errand, kept->id);

  return kept;
}

static const DynoOperation put_customer_operation = { "put-customer", put_customer,
                                                      (GDestroyNotify) dyno_customer_free, TRUE };

static void
customer_box_free (gpointer data)
{
  DynoCustomer **box = data;

  g_clear_pointer (box, dyno_customer_free);
  g_free (box);
}

void
dyno_people_put_customer_async (DynoShop            *shop,
                                DynoCustomer        *customer,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  DynoCustomer **box = g_new (DynoCustomer *, 1);

  *box = customer;
  dyno_operation_start (shop, &put_customer_operation, box, customer_box_free, cancellable,
                        callback, user_data);
}

DynoCustomer *
dyno_people_put_customer_finish (GAsyncResult *result,
                                 GError      **error)
{
  return dyno_operation_finish (result, &put_customer_operation, error);
}

static gpointer
delete_customer (const DynoErrand *errand,
                 gpointer          data,
                 GError          **error)
{
  const Deletion *deletion = data;
  DynoStore *store = errand->shop->store;

  dyno_store_delete_customer_async (store, deletion->id, deletion->revision,
                                    errand->cancellable, dyno_await_cb, errand->await);
  if (!dyno_store_delete_customer_finish (store, dyno_await_wait (errand->await), error))
    return NULL;
  publish (errand, deletion->id);

  return DYNO_OPERATION_DONE;
}

static const DynoOperation delete_customer_operation = { "delete-customer", delete_customer, NULL,
                                                         TRUE };

void
dyno_people_delete_customer_async (DynoShop            *shop,
                                   const char          *customer_id,
                                   gint64               revision,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  dyno_operation_start (shop, &delete_customer_operation, deletion_new (customer_id, revision), deletion_free,
                        cancellable, callback, user_data);
}

gboolean
dyno_people_delete_customer_finish (GAsyncResult *result,
                                    GError      **error)
{
  return dyno_operation_finish (result, &delete_customer_operation, error) != NULL;
}
