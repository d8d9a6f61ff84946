/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-vehicles.h"

#include "dyno-crypt.h"
#include "dyno-seen.h"
#include "dyno-store-private.h"
#include "dyno-store-vehicles-private.h"

static const char no_such_vehicle[] = "There is no such vehicle.";

DynoVehicle *
dyno_vehicle_copy (const DynoVehicle *self)
{
  DynoVehicle *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->customer_id = g_strdup (self->customer_id);
  copy->label = g_strdup (self->label);
  copy->make = g_strdup (self->make);
  copy->model = g_strdup (self->model);
  copy->vin = g_strdup (self->vin);
  copy->plate = g_strdup (self->plate);
  copy->data = g_strdup (self->data);
  copy->customer_name = g_strdup (self->customer_name);

  return copy;
}

void
dyno_vehicle_free (DynoVehicle *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->customer_id);
  g_free (self->label);
  g_free (self->make);
  g_free (self->model);
  g_free (self->vin);
  g_free (self->plate);
  g_free (self->data);
  g_free (self->customer_name);
  g_free (self);
}

static gpointer
make_vehicle (DynoStatement *row)
{
  DynoVehicle *vehicle = g_new0 (DynoVehicle, 1);

  vehicle->id = dyno_statement_dup_text (row, 0);
  vehicle->customer_id = dyno_statement_dup_text (row, 1);
  vehicle->label = dyno_statement_dup_text (row, 2);
  vehicle->make = dyno_statement_dup_text (row, 3);
  vehicle->model = dyno_statement_dup_text (row, 4);
  vehicle->year = (int) dyno_statement_integer (row, 5);
  vehicle->vin = dyno_statement_dup_text (row, 6);
  vehicle->plate = dyno_statement_dup_text (row, 7);
  vehicle->data = dyno_statement_dup_text (row, 8);
  vehicle->revision = dyno_statement_integer (row, 9);
  vehicle->created_ms = dyno_statement_integer (row, 10);
  vehicle->updated_ms = dyno_statement_integer (row, 11);
  vehicle->customer_name = dyno_statement_dup_text (row, 12);
  vehicle->n_runs = (guint) dyno_statement_integer (row, 13);

  return vehicle;
}

static gpointer
get_vehicle (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_VEHICLE_GET);

  dyno_statement_set_text (s, ":id", data);

  return dyno_statement_get (s, make_vehicle, no_such_vehicle, error);
}

static gpointer
make_one (DynoStatement *row)
{
  return DYNO_VERB_DONE;
}

gboolean
dyno_vehicle_rows_is_known (DynoTurn   *turn,
                            const char *vehicle_id,
                            GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_VEHICLE_KNOWN);

  if (vehicle_id == NULL)
    return TRUE;
  dyno_statement_set_text (s, ":id", vehicle_id);

  return dyno_statement_get (s, make_one, no_such_vehicle, error) != NULL;
}

static gboolean
is_known_customer (DynoTurn   *turn,
                   const char *customer_id,
                   GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CUSTOMER_KNOWN);

  if (customer_id == NULL)
    return TRUE;
  dyno_statement_set_text (s, ":id", customer_id);

  return dyno_statement_get (s, make_one, "There is no such customer.", error) != NULL;
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

/* The vehicle as given, into a new row or the known one. */
static gboolean
write_vehicle (DynoTurn          *turn,
               const DynoVehicle *vehicle,
               const char        *id,
               GError           **error)
{
  DynoStatement *s = dyno_statement_begin (
      turn->db, vehicle->id != NULL ? DYNO_SQL_VEHICLE_EDIT : DYNO_SQL_VEHICLE_ADD);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_text (s, ":customer_id", vehicle->customer_id);
  dyno_statement_set_text (s, ":label", or_empty (vehicle->label));
  dyno_statement_set_text (s, ":make", or_empty (vehicle->make));
  dyno_statement_set_text (s, ":model", or_empty (vehicle->model));
  if (vehicle->year != 0)
    dyno_statement_set_integer (s, ":year", vehicle->year);
  dyno_statement_set_text (s, ":vin", or_empty (vehicle->vin));
  dyno_statement_set_text (s, ":plate", or_empty (vehicle->plate));
  dyno_statement_set_text (s, ":data", vehicle->data != NULL ? vehicle->data : "{}");
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (vehicle->id != NULL)
    dyno_statement_set_integer (s, ":revision", vehicle->revision);

  return dyno_statement_run (s, error);
}

static gboolean
refresh_texts (DynoTurn   *turn,
               const char *vehicle_id,
               GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_TEXT_OF_VEHICLE);

  dyno_statement_set_text (s, ":vehicle_id", vehicle_id);

  return dyno_statement_run (s, error);
}

static gpointer
put_vehicle (DynoTurn     *turn,
             gconstpointer data,
             GError      **error)
{
  const DynoVehicle *vehicle = data;
  g_autofree char *id = vehicle->id != NULL ? g_strdup (vehicle->id) : dyno_crypt_new_id ("veh");
  g_autoptr(DynoVehicle) known = NULL;

  if (!is_known_customer (turn, vehicle->customer_id, error)
      || (vehicle->id != NULL && (known = get_vehicle (turn, id, error)) == NULL)
      || !write_vehicle (turn, vehicle, id, error))
    return NULL;
  if (dyno_db_n_changed (turn->db) == 0)
    {
      dyno_seen_set_stale (error);
      return NULL;
    }
  if (!refresh_texts (turn, id, error))
    return NULL;

  return get_vehicle (turn, id, error);
}

static const DynoVerb put_vehicle_verb = { "put-vehicle", put_vehicle,
                                           (GDestroyNotify) dyno_vehicle_free };

void
dyno_store_put_vehicle_async (DynoStore          *self,
                              DynoVehicle        *vehicle,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  dyno_store_write (self, &put_vehicle_verb, vehicle, (GDestroyNotify) dyno_vehicle_free,
                    cancellable, callback, user_data);
}

DynoVehicle *
dyno_store_put_vehicle_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &put_vehicle_verb, error);
}

/* The first of that label; NULL without `error` where there is none. */
static gboolean
find_by_label (DynoTurn     *turn,
               const char   *label,
               DynoVehicle **vehicle,
               GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_VEHICLE_BY_LABEL);
  DynoStep step;

  dyno_statement_set_text (s, ":label", label);
  step = dyno_statement_step (s, error);
  *vehicle = step == DYNO_STEP_ROW ? make_vehicle (s) : NULL;
  dyno_statement_end (s);

  return step != DYNO_STEP_FAILED;
}

static gpointer
ensure_vehicle (DynoTurn     *turn,
                gconstpointer data,
                GError      **error)
{
  const char *id_or_label = data;
  DynoVehicle fresh = { .label = (char *) id_or_label };
  DynoVehicle *found;

  if (dyno_crypt_is_id (id_or_label, "veh"))
    return get_vehicle (turn, id_or_label, error);
  if (!find_by_label (turn, id_or_label, &found, error))
    return NULL;

  return found != NULL ? found : put_vehicle (turn, &fresh, error);
}

char *
dyno_vehicle_rows_ensure (DynoTurn           *turn,
                          const DynoVehicle  *vehicle,
                          const DynoCustomer *customer,
                          GError            **error)
{
  g_autoptr(DynoVehicle) found = NULL;
  g_autofree char *customer_id = NULL;
  DynoVehicle fresh = *vehicle;

  if (!find_by_label (turn, vehicle->label, &found, error))
    return NULL;
  if (found != NULL)
    return g_steal_pointer (&found->id);

  if (customer != NULL && (customer_id = dyno_customer_rows_ensure (turn, customer, error)) == NULL)
    return NULL;
  fresh.id = NULL;
  fresh.customer_id = customer_id;
  found = put_vehicle (turn, &fresh, error);

  return found != NULL ? g_steal_pointer (&found->id) : NULL;
}

static const DynoVerb ensure_vehicle_verb = { "ensure-vehicle", ensure_vehicle,
                                              (GDestroyNotify) dyno_vehicle_free };

void
dyno_store_ensure_vehicle_async (DynoStore          *self,
                                 const char         *id_or_label,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_write (self, &ensure_vehicle_verb, g_strdup (id_or_label), g_free, cancellable,
                    callback, user_data);
}

DynoVehicle *
dyno_store_ensure_vehicle_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &ensure_vehicle_verb, error);
}

static const DynoVerb get_vehicle_verb = { "get-vehicle", get_vehicle,
                                           (GDestroyNotify) dyno_vehicle_free };

void
dyno_store_get_vehicle_async (DynoStore          *self,
                              const char         *vehicle_id,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  dyno_store_read (self, &get_vehicle_verb, g_strdup (vehicle_id), g_free, cancellable, callback,
                   user_data);
}

DynoVehicle *
dyno_store_get_vehicle_finish (DynoStore    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  return dyno_call_finish (result, &get_vehicle_verb, error);
}

static gpointer
list_vehicles (DynoTurn     *turn,
               gconstpointer data,
               GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_VEHICLE_LIST);

  dyno_statement_set_text (s, ":customer_id", data);

  return dyno_statement_list (s, make_vehicle, (GDestroyNotify) dyno_vehicle_free, error);
}

static const DynoVerb list_vehicles_verb = { "list-vehicles", list_vehicles,
                                             (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_vehicles_async (DynoStore          *self,
                                const char         *customer_id,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  dyno_store_read (self, &list_vehicles_verb, g_strdup (customer_id), g_free, cancellable, callback,
                   user_data);
}

GPtrArray *
dyno_store_list_vehicles_finish (DynoStore    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return dyno_call_finish (result, &list_vehicles_verb, error);
}

static gpointer
delete_vehicle (DynoTurn     *turn,
                gconstpointer data,
                GError      **error)
{
  const DynoSeen *seen = data;
  g_autoptr(DynoVehicle) known = get_vehicle (turn, seen->id, error);
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_VEHICLE_DELETE);

  if (known == NULL || !dyno_seen_is_current (seen, known->revision, error))
    return NULL;
  dyno_statement_set_text (s, ":id", seen->id);
  if (!dyno_statement_run (s, error))
    return NULL;
  if (dyno_db_n_changed (turn->db) > 0)
    return DYNO_VERB_DONE;
  dyno_error_set (error, DYNO_ERROR_CONFLICT, "in_use",
                  "Runs or tunes belong to this vehicle. Give them to another one, or delete them "
                  "for ever first.");

  return NULL;
}

static const DynoVerb delete_vehicle_verb = { "delete-vehicle", delete_vehicle, NULL };

void
dyno_store_delete_vehicle_async (DynoStore          *self,
                                 const char         *vehicle_id,
                                 gint64              revision,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_write (self, &delete_vehicle_verb, dyno_seen_new (vehicle_id, revision),
                    dyno_seen_free, cancellable, callback, user_data);
}

gboolean
dyno_store_delete_vehicle_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &delete_vehicle_verb, error) != NULL;
}
