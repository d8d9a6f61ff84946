/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Customers and their vehicles. What people change carries the revision that
 * they saw: an edit of something that has changed since is a CONFLICT "stale". */

typedef struct _DynoStore DynoStore;

typedef struct
{
  char  *id;         /* cus_…; NULL in a new one */
  char  *name;
  char  *phone;      /* (nullable) when given; never NULL when answered; */
  char  *email;      /* so are all texts below */
  char  *address;
  char  *notes;
  gint64 revision;   /* 0 when given: any */
  gint64 created_ms; /* given by the store, as what follows */
  gint64 updated_ms;
  guint  n_vehicles;
} DynoCustomer;

typedef struct
{
  char  *id;            /* veh_…; NULL in a new one */
  char  *customer_id;   /* (nullable) */
  char  *label;         /* "FXDLS Rosa" */
  char  *make;
  char  *model;
  int    year;          /* 0: unknown */
  char  *vin;
  char  *plate;
  char  *data;          /* JSON object: engine, stoich, AFR targets, delay, alarms, dyno … */
  gint64 revision;      /* 0 when given: any */
  char  *customer_name; /* (nullable) given by the store, as what follows */
  gint64 created_ms;
  gint64 updated_ms;
  guint  n_runs;        /* outside the trash */
} DynoVehicle;

DynoCustomer *dyno_customer_copy (const DynoCustomer *self);
void          dyno_customer_free (DynoCustomer       *self);
DynoVehicle  *dyno_vehicle_copy  (const DynoVehicle  *self);
void          dyno_vehicle_free  (DynoVehicle        *self);

/* Keeps a new customer, or all fields of a known one (transfer full). Answers it
 * as it is now. NOT_FOUND; CONFLICT "stale". */
void          dyno_store_put_customer_async     (DynoStore           *self,
                                                 DynoCustomer        *customer,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
DynoCustomer *dyno_store_put_customer_finish    (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* NOT_FOUND. */
void          dyno_store_get_customer_async     (DynoStore           *self,
                                                 const char          *customer_id,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
DynoCustomer *dyno_store_get_customer_finish    (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* All, by name. (element-type DynoCustomer) */
void          dyno_store_list_customers_async   (DynoStore           *self,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
GPtrArray    *dyno_store_list_customers_finish  (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* NOT_FOUND; CONFLICT "in_use" while vehicles belong to the customer, "stale" where
 * `revision` (0: any) is not the present one. */
void          dyno_store_delete_customer_async  (DynoStore           *self,
                                                 const char          *customer_id,
                                                 gint64               revision,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
gboolean      dyno_store_delete_customer_finish (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* Keeps a new vehicle, or all fields of a known one (transfer full). Answers it
 * as it is now. NOT_FOUND for vehicle or customer; CONFLICT "stale". */
void          dyno_store_put_vehicle_async      (DynoStore           *self,
                                                 DynoVehicle         *vehicle,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
DynoVehicle  *dyno_store_put_vehicle_finish     (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* The vehicle of that id, else the first of that label (without case), else a
 * new one with that label. NOT_FOUND for something of the form of an id that is
 * none. */
void          dyno_store_ensure_vehicle_async   (DynoStore           *self,
                                                 const char          *id_or_label,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
DynoVehicle  *dyno_store_ensure_vehicle_finish  (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* NOT_FOUND. */
void          dyno_store_get_vehicle_async      (DynoStore           *self,
                                                 const char          *vehicle_id,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
DynoVehicle  *dyno_store_get_vehicle_finish     (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* All, or those of a customer (nullable), by label. (element-type DynoVehicle) */
void          dyno_store_list_vehicles_async    (DynoStore           *self,
                                                 const char          *customer_id,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
GPtrArray    *dyno_store_list_vehicles_finish   (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* NOT_FOUND; CONFLICT "in_use" while runs (in the trash, too) or tunes belong to
 * the vehicle, "stale" where `revision` (0: any) is not the present one. */
void          dyno_store_delete_vehicle_async   (DynoStore           *self,
                                                 const char          *vehicle_id,
                                                 gint64               revision,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
gboolean      dyno_store_delete_vehicle_finish  (DynoStore           *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCustomer, dyno_customer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoVehicle, dyno_vehicle_free)

G_END_DECLS
