/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* Customers and their vehicles. */

static DynoCustomer *
put_customer (DynoTestShop *f,
              const char   *name,
              GError      **error)
{
  DynoCustomer *customer = g_new0 (DynoCustomer, 1);

  customer->name = g_strdup (name);

  return dyno_test_ask (f, dyno_people_put_customer, error, customer);
}

static DynoVehicle *
put_vehicle (DynoTestShop *f,
             const char   *label,
             const char   *customer_id,
             const char   *data,
             GError      **error)
{
  DynoVehicle *vehicle = g_new0 (DynoVehicle, 1);

  vehicle->label = g_strdup (label);
  vehicle->customer_id = g_strdup (customer_id);
  vehicle->data = g_strdup (data);

  return dyno_test_ask (f, dyno_people_put_vehicle, error, vehicle);
}

static void
test_vehicle_of_a_customer (DynoTestShop *f,
                            gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) in_use = NULL;
  g_autoptr(GError) stale = NULL;
  g_autoptr(DynoCustomer) customer = put_customer (f, "Renée O'Hara", &error);
  g_autoptr(DynoVehicle) vehicle = NULL;
  g_autoptr(GPtrArray) theirs = NULL;
  g_autoptr(GPtrArray) customers = NULL;

  g_assert_no_error (error);
  vehicle = put_vehicle (f, "FXDLS Rosa", customer->id, "{\"stoich\":14.1}", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (vehicle->customer_name, ==, "Renée O'Hara");
  theirs = dyno_test_ask (f, dyno_people_list_vehicles, &error, customer->id);
  g_assert_cmpuint (theirs->len, ==, 1);
  customers = dyno_test_ask0 (f, dyno_people_list_customers, &error);
  g_assert_cmpuint (((DynoCustomer *) customers->pdata[0])->n_vehicles, ==, 1);

  g_assert_false (dyno_test_ask (f, dyno_people_delete_customer, &in_use, customer->id, 0));
  g_assert_error (in_use, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (in_use), ==, "in_use");
  g_assert_false (dyno_test_ask (f, dyno_people_delete_vehicle, &stale, vehicle->id,
                                 vehicle->revision + 1));
  g_assert_cmpstr (dyno_error_get_reason (stale), ==, "stale");
  g_assert_true (dyno_test_ask (f, dyno_people_delete_vehicle, &error, vehicle->id,
                                vehicle->revision));
  g_assert_true (dyno_test_ask (f, dyno_people_delete_customer, &error, customer->id, 0));
  g_assert_no_error (error);
}

static void
test_refused (DynoTestShop *f,
              gconstpointer unused)
{
  static const char *const bad_data[] = { "[1]", "{\"a\":", "5" };
  g_autoptr(GError) no_name = NULL;
  g_autoptr(GError) no_label = NULL;
  g_autoptr(GError) no_id = NULL;
  g_autoptr(GError) no_customer = NULL;

  g_assert_null (put_customer (f, "  ", &no_name));
  g_assert_error (no_name, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_null (put_vehicle (f, "", NULL, NULL, &no_label));
  g_assert_error (no_label, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_null (put_vehicle (f, "A", "cus_00000000000000000000", NULL, &no_customer));
  g_assert_error (no_customer, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_data); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (put_vehicle (f, "A", NULL, bad_data[i], &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
    }
  g_assert_null (dyno_test_ask (f, dyno_people_ensure_vehicle, &no_id, "veh_00000000000000000000"));
  g_assert_error (no_id, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

/* A label that is known is that vehicle, whatever its case; an unknown one makes one. */
static void
test_ensure (DynoTestShop *f,
             gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) blank = NULL;
  g_autoptr(DynoVehicle) made = dyno_test_ask (f, dyno_people_ensure_vehicle, &error, "Road King");
  g_autoptr(DynoVehicle) again = NULL;
  g_autoptr(DynoVehicle) by_id = NULL;
  g_autoptr(GPtrArray) all = NULL;

  g_assert_no_error (error);
  again = dyno_test_ask (f, dyno_people_ensure_vehicle, &error, "road king");
  g_assert_cmpstr (again->id, ==, made->id);
  by_id = dyno_test_ask (f, dyno_people_ensure_vehicle, &error, made->id);
  g_assert_cmpstr (by_id->id, ==, made->id);
  g_assert_null (dyno_test_ask (f, dyno_people_ensure_vehicle, &blank, " "));
  g_assert_error (blank, DYNO_ERROR, DYNO_ERROR_INVALID);
  all = dyno_test_ask (f, dyno_people_list_vehicles, &error, NULL);
  g_assert_cmpuint (all->len, ==, 1);
}

/* Two people change the same vehicle. */
static void
test_stale (DynoTestShop *f,
            gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) stale = NULL;
  g_autoptr(DynoVehicle) seen = dyno_test_ask (f, dyno_people_ensure_vehicle, &error, "Dyna");
  g_autoptr(DynoVehicle) first = NULL;
  DynoVehicle *mine = g_new0 (DynoVehicle, 1);
  DynoVehicle *theirs = g_new0 (DynoVehicle, 1);

  mine->id = g_strdup (seen->id);
  mine->label = g_strdup ("Dyna 103");
  mine->revision = seen->revision;
  first = dyno_test_ask (f, dyno_people_put_vehicle, &error, mine);
  g_assert_no_error (error);
  g_assert_cmpstr (first->label, ==, "Dyna 103");
  theirs->id = g_strdup (seen->id);
  theirs->label = g_strdup ("Dyna 110");
  theirs->revision = seen->revision;
  g_assert_null (dyno_test_ask (f, dyno_people_put_vehicle, &stale, theirs));
  g_assert_error (stale, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (stale), ==, "stale");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/people/vehicle-of-a-customer", test_vehicle_of_a_customer);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/people/refused", test_refused);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/people/ensure", test_ensure);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/people/stale", test_stale);

  return g_test_run ();
}
