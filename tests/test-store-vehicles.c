/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

static DynoCustomer *
make_customer (const char *name)
{
  DynoCustomer *customer = g_new0 (DynoCustomer, 1);

  customer->name = g_strdup (name);
  customer->phone = g_strdup ("0123");
  customer->email = g_strdup ("a@b.c");
  customer->notes = g_strdup ("pays in cash");

  return customer;
}

static DynoVehicle *
make_vehicle (const char *label)
{
  DynoVehicle *vehicle = g_new0 (DynoVehicle, 1);

  vehicle->label = g_strdup (label);
  vehicle->make = g_strdup ("Harley-Davidson");
  vehicle->model = g_strdup ("Low Rider");
  vehicle->year = 2021;
  vehicle->vin = g_strdup ("1HD1");
  vehicle->plate = g_strdup ("B-XY 1");
  vehicle->data = g_strdup ("{\"stoich\":14.7}");

  return vehicle;
}

static void
test_customer (DynoTestStore *f,
               gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoCustomer) kept = dyno_test_verb (f, put_customer, &error, make_customer ("Ann"));
  g_autoptr(DynoCustomer) again = NULL;
  g_autoptr(DynoCustomer) changed = NULL;
  g_autoptr(GPtrArray) all = NULL;
  DynoCustomer *edit;

  g_assert_no_error (error);
  g_assert_true (dyno_crypt_is_id (kept->id, "cus"));
  g_assert_cmpstr (kept->address, ==, "");
  dyno_test_store_reopen (f);
  again = dyno_test_verb (f, get_customer, &error, kept->id);
  g_assert_cmpstr (again->name, ==, "Ann");
  g_assert_cmpstr (again->notes, ==, "pays in cash");
  g_assert_cmpint (again->revision, ==, 1);

  edit = make_customer ("Anna");
  edit->id = g_strdup (kept->id);
  edit->revision = 1;
  changed = dyno_test_verb (f, put_customer, &error, edit);
  g_assert_no_error (error);
  g_assert_cmpstr (changed->name, ==, "Anna");
  g_assert_cmpint (changed->revision, ==, 2);

  edit = make_customer ("Late");
  edit->id = g_strdup (kept->id);
  edit->revision = 1;
  g_assert_null (dyno_test_verb (f, put_customer, &error, edit));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_clear_error (&error);

  edit = make_customer ("Nobody");
  edit->id = g_strdup ("cus_nobody");
  g_assert_null (dyno_test_verb (f, put_customer, &error, edit));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  dyno_customer_free (dyno_test_verb (f, put_customer, &error, make_customer ("abel")));
  all = dyno_test_verb0 (f, list_customers, &error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (((DynoCustomer *) all->pdata[0])->name, ==, "abel");
}

static void
test_customer_in_use (DynoTestStore *f,
                      gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoCustomer) kept = dyno_test_verb (f, put_customer, &error, make_customer ("Ann"));
  g_autoptr(DynoVehicle) vehicle = NULL;
  g_autoptr(DynoCustomer) owner = NULL;
  DynoVehicle *theirs = make_vehicle ("Rosa");

  theirs->customer_id = g_strdup (kept->id);
  vehicle = dyno_test_verb (f, put_vehicle, &error, theirs);
  g_assert_no_error (error);
  g_assert_cmpstr (vehicle->customer_name, ==, "Ann");
  owner = dyno_test_verb (f, get_customer, &error, kept->id);
  g_assert_cmpuint (owner->n_vehicles, ==, 1);

  g_assert_false (dyno_test_verb (f, delete_customer, &error, kept->id, 0));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "in_use");
  g_clear_error (&error);

  g_assert_true (dyno_test_verb (f, delete_vehicle, &error, vehicle->id, 0));
  g_assert_true (dyno_test_verb (f, delete_customer, &error, kept->id, 0));
  g_assert_no_error (error);
  g_assert_false (dyno_test_verb (f, delete_customer, &error, kept->id, 0));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static void
test_vehicle (DynoTestStore *f,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVehicle) kept = dyno_test_verb (f, put_vehicle, &error, make_vehicle ("Rosa"));
  g_autoptr(DynoVehicle) again = NULL;
  g_autoptr(DynoVehicle) changed = NULL;
  DynoVehicle *edit = make_vehicle ("Rosa II");
  DynoVehicle *wrong = make_vehicle ("x");

  g_assert_no_error (error);
  dyno_test_store_reopen (f);
  again = dyno_test_verb (f, get_vehicle, &error, kept->id);
  g_assert_cmpstr (again->label, ==, "Rosa");
  g_assert_cmpstr (again->make, ==, "Harley-Davidson");
  g_assert_cmpstr (again->model, ==, "Low Rider");
  g_assert_cmpint (again->year, ==, 2021);
  g_assert_cmpstr (again->vin, ==, "1HD1");
  g_assert_cmpstr (again->plate, ==, "B-XY 1");
  g_assert_cmpstr (again->data, ==, "{\"stoich\":14.7}");

  edit->id = g_strdup (kept->id);
  changed = dyno_test_verb (f, put_vehicle, &error, edit);
  g_assert_no_error (error);
  g_assert_cmpstr (changed->label, ==, "Rosa II");
  g_assert_cmpint (changed->revision, ==, 2);

  wrong->customer_id = g_strdup ("cus_nobody");
  g_assert_null (dyno_test_verb (f, put_vehicle, &error, wrong));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static void
test_vehicle_in_use (DynoTestStore *f,
                     gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVehicle) kept = dyno_test_verb (f, put_vehicle, &error, make_vehicle ("Rosa"));
  g_autoptr(DynoVehicle) again = NULL;
  g_autoptr(DynoRun) run = NULL;
  DynoRun *made = dyno_test_make_run ("pull");
  const char *ids[2] = { NULL, NULL };

  made->vehicle_id = g_strdup (kept->id);
  run = dyno_test_keep_run (f, made);
  again = dyno_test_verb (f, get_vehicle, &error, kept->id);
  g_assert_cmpuint (again->n_runs, ==, 1);

  /* In the trash it can come back, so the vehicle is still needed. */
  ids[0] = run->id;
  g_assert_true (dyno_test_verb (f, trash_runs, &error, ids));
  g_assert_false (dyno_test_verb (f, delete_vehicle, &error, kept->id, 0));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CONFLICT);
}

static void
test_ensure (DynoTestStore *f,
             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVehicle) made = dyno_test_verb (f, ensure_vehicle, &error, "FXDLS Rosa");
  g_autoptr(DynoVehicle) by_label = dyno_test_verb (f, ensure_vehicle, &error, "fxdls rosa");
  g_autoptr(DynoVehicle) by_id = dyno_test_verb (f, ensure_vehicle, &error, made->id);
  g_autoptr(GPtrArray) all = dyno_test_verb (f, list_vehicles, &error, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (by_label->id, ==, made->id);
  g_assert_cmpstr (by_id->id, ==, made->id);
  g_assert_cmpstr (made->data, ==, "{}");
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_null (dyno_test_verb (f, ensure_vehicle, &error, "veh_00000000000000000000"));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_STORE_ADD ("/vehicles/customer", test_customer);
  DYNO_TEST_STORE_ADD ("/vehicles/customer/in-use", test_customer_in_use);
  DYNO_TEST_STORE_ADD ("/vehicles/vehicle", test_vehicle);
  DYNO_TEST_STORE_ADD ("/vehicles/vehicle/in-use", test_vehicle_in_use);
  DYNO_TEST_STORE_ADD ("/vehicles/ensure", test_ensure);

  return g_test_run ();
}
