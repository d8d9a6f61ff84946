/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store-vehicles.h"

G_BEGIN_DECLS

/* The shop's vehicles and customers. Changes are told on the bus
 * (DYNO_TOPIC_VEHICLE, subject: the vehicle's or the customer's id). */

typedef struct _DynoShop DynoShop;

/* By label. `customer_id` NULL: all. (element-type DynoVehicle) */
void          dyno_people_list_vehicles_async    (DynoShop            *shop,
                                                  const char          *customer_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray    *dyno_people_list_vehicles_finish   (GAsyncResult        *result,
                                                  GError             **error);

/* NOT_FOUND. */
void          dyno_people_get_vehicle_async      (DynoShop            *shop,
                                                  const char          *vehicle_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoVehicle  *dyno_people_get_vehicle_finish     (GAsyncResult        *result,
                                                  GError             **error);

/* A new vehicle (id NULL) or all fields of a known one (transfer full). INVALID
 * for an empty label or for data that is no JSON object; NOT_FOUND; CONFLICT "stale". */
void          dyno_people_put_vehicle_async      (DynoShop            *shop,
                                                  DynoVehicle         *vehicle,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoVehicle  *dyno_people_put_vehicle_finish     (GAsyncResult        *result,
                                                  GError             **error);

/* The vehicle of that id or label; an unknown label makes one. NOT_FOUND for an
 * unknown id, INVALID for blanks. */
void          dyno_people_ensure_vehicle_async   (DynoShop            *shop,
                                                  const char          *id_or_label,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoVehicle  *dyno_people_ensure_vehicle_finish  (GAsyncResult        *result,
                                                  GError             **error);

/* NOT_FOUND; CONFLICT "in_use" while runs or tunes belong to it, "stale" where
 * `revision` (0: any) is not the present one. */
void          dyno_people_delete_vehicle_async   (DynoShop            *shop,
                                                  const char          *vehicle_id,
                                                  gint64               revision,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
gboolean      dyno_people_delete_vehicle_finish  (GAsyncResult        *result,
                                                  GError             **error);

/* By name. (element-type DynoCustomer) */
void          dyno_people_list_customers_async   (DynoShop            *shop,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray    *dyno_people_list_customers_finish  (GAsyncResult        *result,
                                                  GError             **error);

/* NOT_FOUND. */
void          dyno_people_get_customer_async     (DynoShop            *shop,
                                                  const char          *customer_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoCustomer *dyno_people_get_customer_finish    (GAsyncResult        *result,
                                                  GError             **error);

/* A new customer (id NULL) or all fields of a known one (transfer full). INVALID
 * for an empty name; NOT_FOUND; CONFLICT "stale". */
void          dyno_people_put_customer_async     (DynoShop            *shop,
                                                  DynoCustomer        *customer,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoCustomer *dyno_people_put_customer_finish    (GAsyncResult        *result,
                                                  GError             **error);

/* NOT_FOUND; CONFLICT "in_use" while vehicles belong to the customer, "stale". */
void          dyno_people_delete_customer_async  (DynoShop            *shop,
                                                  const char          *customer_id,
                                                  gint64               revision,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
gboolean      dyno_people_delete_customer_finish (GAsyncResult        *result,
                                                  GError             **error);

G_END_DECLS
