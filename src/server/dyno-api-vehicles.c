/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Customers and their vehicles. */

#include "config.h"

#include "dyno-api-list.h"
#include "dyno-api-ask.h"
#include "dyno-vehicle-card.h"

/* What a customer and a vehicle are on the wire */

static const DynoField customer_fields[] = {
  { "id", DYNO_ID ("cus"), 0, "Id" },
  { "name", DYNO_TEXT (1, 100), 0, "Name" },
  { "phone", DYNO_TEXT (0, 100), DYNO_NULLABLE, "Telephone" },
  { "email", DYNO_ANY_TEXT, DYNO_NULLABLE, "E-mail address" },
  { "address", DYNO_NOTE (0, 1000), DYNO_NULLABLE, "Address" },
  { "notes", DYNO_NOTE (0, 10000), DYNO_NULLABLE, "Notes of the shop" },
  { "vehicles", DYNO_COUNT, 0, "Vehicles of this customer" },
  { "version", DYNO_COUNT, 0, "For If-Match" },
  { "created_at", DYNO_TIME, 0, "Made" },
  { "updated_at", DYNO_TIME, 0, "Changed last" },
  { NULL }
};
static const DynoSchema customer_schema = { "Customer", "Whom a vehicle belongs to", customer_fields };

static const DynoField engine_fields[] = {
  { "family", DYNO_TEXT (0, 100), DYNO_OPTIONAL | DYNO_NULLABLE, "Like Milwaukee-Eight 114" },
  { "displacement_cc", DYNO_NUMBER (1, 100000), DYNO_OPTIONAL | DYNO_NULLABLE, "Displacement" },
  { "cylinders", DYNO_INTEGER (1, 24), DYNO_OPTIONAL | DYNO_NULLABLE, "Number of cylinders" },
  { "cams", DYNO_TEXT (0, 100), DYNO_OPTIONAL | DYNO_NULLABLE, "Cams" },
  { "fuel", DYNO_TEXT (0, 100), DYNO_OPTIONAL | DYNO_NULLABLE, "What it burns" },
  { NULL }
};
static const DynoSchema engine_schema = { "Engine", "What drives a vehicle", engine_fields };

#define CARD_FIELDS                                                                               \
  { "engine", DYNO_OBJECT (&engine_schema), DYNO_OPTIONAL | DYNO_NULLABLE, "Engine" },            \
  { "gearing", DYNO_MAP (40, DYNO_ANY), DYNO_OPTIONAL | DYNO_NULLABLE, "Ratios, by gear" },       \
  { "tyre", DYNO_TEXT (0, 100), DYNO_OPTIONAL | DYNO_NULLABLE, "Size of the driven tyre" },       \
  { "limits", DYNO_MAP (40, DYNO_ANY), DYNO_OPTIONAL | DYNO_NULLABLE,                             \
    "Alarms of the live page, by channel" },                                                      \
  { "aliases", DYNO_ARRAY (40, DYNO_TEXT (1, 100)), DYNO_OPTIONAL | DYNO_NULLABLE,                \
    "Other names that people call it by" }

static const DynoField vehicle_fields[] = {
  { "id", DYNO_ID ("veh"), 0, "Id" },
  { "label", DYNO_TEXT (1, 100), 0, "What the shop calls it" },
  { "customer_id", DYNO_ID ("cus"), DYNO_NULLABLE, "Whose it is" },
  { "customer", DYNO_ANY_TEXT, DYNO_NULLABLE, "The customer's name" },
  { "make", DYNO_ANY_TEXT, DYNO_NULLABLE, "Maker" },
  { "model", DYNO_ANY_TEXT, DYNO_NULLABLE, "Model" },
  { "year", DYNO_INTEGER (1880, 2200), DYNO_NULLABLE, "Model year" },
  { "vin", DYNO_ANY_TEXT, DYNO_NULLABLE, "Vehicle identification number" },
  { "plate", DYNO_ANY_TEXT, DYNO_NULLABLE, "Licence plate" },
  CARD_FIELDS,
  { "runs", DYNO_COUNT, 0, "Runs of it that are kept" },
  { "version", DYNO_COUNT, 0, "For If-Match" },
  { "created_at", DYNO_TIME, 0, "Made" },
  { "updated_at", DYNO_TIME, 0, "Changed last" },
  { NULL }
};
static const DynoSchema vehicle_schema = { "Vehicle", "What is run on the dyno", vehicle_fields };

static const char *
customer_id (gconstpointer item)
{
  return ((const DynoCustomer *) item)->id;
}

static void
shape_customer (DynoJsonWriter *w,
                gconstpointer   item)
{
  dyno_shape_customer (w, item);
}

static const char *
vehicle_id (gconstpointer item)
{
  return ((const DynoVehicle *) item)->id;
}

static void
shape_vehicle (DynoJsonWriter *w,
               gconstpointer   item)
{
  dyno_vehicle_card_shape (w, item);
}

/* Reading */

static void
reply_customers (DynoRequest *request,
                 GPtrArray   *customers)
{
  dyno_api_list_reply (request, customers, customer_id, shape_customer);
}

DYNO_API_ANSWER (customers_listed, GPtrArray, dyno_people_list_customers_finish, reply_customers)

static void
list_customers (DynoRequest *request)
{
  DYNO_API_ASK (request, customers_listed, dyno_people_list_customers_async);
}

static void
reply_vehicles (DynoRequest *request,
                GPtrArray   *vehicles)
{
  dyno_api_list_reply (request, vehicles, vehicle_id, shape_vehicle);
}

DYNO_API_ANSWER (vehicles_listed, GPtrArray, dyno_people_list_vehicles_finish, reply_vehicles)

static void
list_vehicles (DynoRequest *request)
{
  DYNO_API_ASK (request, vehicles_listed, dyno_people_list_vehicles_async,
                dyno_request_text (request, "customer_id"));
}

static void
reply_customer (DynoRequest  *request,
                DynoCustomer *customer)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_reply_tag (request, customer->id, customer->revision);
  dyno_shape_customer (w, customer);
  dyno_api_reply_kept (request, customer->id, w);
}

DYNO_API_ANSWER (customer_found, DynoCustomer, dyno_people_get_customer_finish, reply_customer)

static void
get_customer (DynoRequest *request)
{
  DYNO_API_ASK (request, customer_found, dyno_people_get_customer_async,
                dyno_request_text (request, "id"));
}

static void
reply_vehicle (DynoRequest *request,
               DynoVehicle *vehicle)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_reply_tag (request, vehicle->id, vehicle->revision);
  dyno_vehicle_card_shape (w, vehicle);
  dyno_api_reply_kept (request, vehicle->id, w);
}

DYNO_API_ANSWER (vehicle_found, DynoVehicle, dyno_people_get_vehicle_finish, reply_vehicle)

static void
get_vehicle (DynoRequest *request)
{
  DYNO_API_ASK (request, vehicle_found, dyno_people_get_vehicle_async,
                dyno_request_text (request, "id"));
}

/* Changing: what the request does not name stays */

static void
take_text (DynoRequest  *request,
           const char   *name,
           char        **text)
{
  if (!dyno_request_has (request, name))
    return;
  g_free (*text);
  *text = g_strdup (dyno_request_text (request, name));
}

DYNO_API_ANSWER (customer_put, DynoCustomer, dyno_people_put_customer_finish, reply_customer)

/* `customer` is taken over. */
static void
put_customer (DynoRequest  *request,
              DynoCustomer *customer)
{
  take_text (request, "name", &customer->name);
  take_text (request, "phone", &customer->phone);
  take_text (request, "email", &customer->email);
  take_text (request, "address", &customer->address);
  take_text (request, "notes", &customer->notes);
  customer->revision = dyno_request_get_version (request);
  DYNO_API_ASK (request, customer_put, dyno_people_put_customer_async, customer);
}

static void
post_customer (DynoRequest *request)
{
  put_customer (request, g_new0 (DynoCustomer, 1));
}

static void
change_customer (DynoRequest  *request,
                 DynoCustomer *known)
{
  put_customer (request, dyno_customer_copy (known));
}

DYNO_API_ANSWER (customer_to_change, DynoCustomer, dyno_people_get_customer_finish, change_customer)

static void
patch_customer (DynoRequest *request)
{
  DYNO_API_ASK (request, customer_to_change, dyno_people_get_customer_async,
                dyno_request_text (request, "id"));
}

DYNO_API_ANSWER (vehicle_put, DynoVehicle, dyno_people_put_vehicle_finish, reply_vehicle)

/* `vehicle` is taken over. */
static void
put_vehicle (DynoRequest *request,
             DynoVehicle *vehicle)
{
  take_text (request, "label", &vehicle->label);
  take_text (request, "customer_id", &vehicle->customer_id);
  take_text (request, "make", &vehicle->make);
  take_text (request, "model", &vehicle->model);
  take_text (request, "vin", &vehicle->vin);
  take_text (request, "plate", &vehicle->plate);
  if (dyno_request_has (request, "year"))
    vehicle->year = (int) dyno_request_integer (request, "year");
  dyno_vehicle_card_take (vehicle, dyno_request_get_body (request));
  vehicle->revision = dyno_request_get_version (request);
  DYNO_API_ASK (request, vehicle_put, dyno_people_put_vehicle_async, vehicle);
}

static void
post_vehicle (DynoRequest *request)
{
  put_vehicle (request, g_new0 (DynoVehicle, 1));
}

static void
change_vehicle (DynoRequest *request,
                DynoVehicle *known)
{
  put_vehicle (request, dyno_vehicle_copy (known));
}

DYNO_API_ANSWER (vehicle_to_change, DynoVehicle, dyno_people_get_vehicle_finish, change_vehicle)

static void
patch_vehicle (DynoRequest *request)
{
  DYNO_API_ASK (request, vehicle_to_change, dyno_people_get_vehicle_async,
                dyno_request_text (request, "id"));
}

DYNO_API_DONE (customer_deleted, dyno_people_delete_customer_finish)

static void
delete_customer (DynoRequest *request)
{
  DYNO_API_ASK (request, customer_deleted, dyno_people_delete_customer_async,
                dyno_request_text (request, "id"), dyno_request_get_version (request));
}

DYNO_API_DONE (vehicle_deleted, dyno_people_delete_vehicle_finish)

static void
delete_vehicle (DynoRequest *request)
{
  DYNO_API_ASK (request, vehicle_deleted, dyno_people_delete_vehicle_async,
                dyno_request_text (request, "id"), dyno_request_get_version (request));
}

/* The rows */

#define CUSTOMER_BODY(flags)                                                             \
  { "name", DYNO_TEXT (1, 100), (flags), "Name" },                                       \
  { "phone", DYNO_TEXT (0, 100), DYNO_NULLABLE, "Telephone" },                           \
  { "email", DYNO_EMAIL, DYNO_NULLABLE, "E-mail address" },                              \
  { "address", DYNO_NOTE (0, 1000), DYNO_NULLABLE, "Address" },                          \
  { "notes", DYNO_NOTE (0, 10000), DYNO_NULLABLE, "Notes of the shop" },                 \
  { NULL }

#define VEHICLE_BODY(flags)                                                              \
  { "label", DYNO_TEXT (1, 100), (flags), "What the shop calls it" },                    \
  { "customer_id", DYNO_ID ("cus"), DYNO_NULLABLE, "Whose it is" },                      \
  { "make", DYNO_TEXT (0, 100), DYNO_NULLABLE, "Maker" },                                \
  { "model", DYNO_TEXT (0, 100), DYNO_NULLABLE, "Model" },                               \
  { "year", DYNO_INTEGER (1880, 2200), DYNO_NULLABLE, "Model year" },                    \
  { "vin", DYNO_TEXT (0, 40), DYNO_NULLABLE, "Vehicle identification number" },          \
  { "plate", DYNO_TEXT (0, 40), DYNO_NULLABLE, "Licence plate" },                        \
  CARD_FIELDS,                                                                           \
  { NULL }

static const DynoField customer_post[] = { CUSTOMER_BODY (DYNO_REQUIRED) };
static const DynoField customer_patch[] = { CUSTOMER_BODY (0) };
static const DynoField vehicle_post[] = { VEHICLE_BODY (DYNO_REQUIRED) };
static const DynoField vehicle_patch[] = { VEHICLE_BODY (0) };
static const DynoField customer_args[] = { DYNO_ID_ARG ("cus", "The customer"), { NULL } };
static const DynoField vehicle_args[] = { DYNO_ID_ARG ("veh", "The vehicle"), { NULL } };
static const DynoField vehicle_query[] = {
  { "customer_id", DYNO_ID ("cus"), 0, "Only vehicles of this customer" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/customers", DYNO_MAY (SHOP_READ), list_customers,
              .flags = DYNO_ROUTE_PAGE, .reply = &customer_schema, .summary = "Customers by name"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/customers", DYNO_MAY (SHOP_WRITE), post_customer,
              .body = customer_post, .status = 201, .reply = &customer_schema,
              .summary = "A new customer"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/customers/{id}", DYNO_MAY (SHOP_READ), get_customer,
              .args = customer_args, .reply = &customer_schema, .summary = "One customer"),
  DYNO_ROUTE (DYNO_PATCH, "/api/v1/customers/{id}", DYNO_MAY (SHOP_WRITE), patch_customer,
              .args = customer_args, .body = customer_patch, .reply = &customer_schema,
              .summary = "Changes a customer"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/customers/{id}", DYNO_MAY (SHOP_WRITE), delete_customer,
              .args = customer_args, .also = DYNO_STATUSES (409), .summary = "Deletes a customer",
              .description = "Refused while vehicles belong to the customer."),
  DYNO_ROUTE (DYNO_GET, "/api/v1/vehicles", DYNO_MAY (SHOP_READ), list_vehicles,
              .flags = DYNO_ROUTE_PAGE, .query = vehicle_query, .reply = &vehicle_schema,
              .summary = "Vehicles by label"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/vehicles", DYNO_MAY (SHOP_WRITE), post_vehicle,
              .body = vehicle_post, .status = 201, .reply = &vehicle_schema,
              .summary = "A new vehicle"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/vehicles/{id}", DYNO_MAY (SHOP_READ), get_vehicle,
              .args = vehicle_args, .reply = &vehicle_schema, .summary = "One vehicle"),
  DYNO_ROUTE (DYNO_PATCH, "/api/v1/vehicles/{id}", DYNO_MAY (SHOP_WRITE), patch_vehicle,
              .args = vehicle_args, .body = vehicle_patch, .reply = &vehicle_schema,
              .summary = "Changes a vehicle"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/vehicles/{id}", DYNO_MAY (SHOP_WRITE), delete_vehicle,
              .args = vehicle_args, .also = DYNO_STATUSES (409), .summary = "Deletes a vehicle",
              .description = "Refused while runs or tunes belong to it."),
};

const DynoRouteTable dyno_api_vehicles = {
  "Shop records", "Customers and their vehicles.", rows, G_N_ELEMENTS (rows)
};
