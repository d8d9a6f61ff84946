/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ecu.h"
#include "dyno-test.h"

#include <math.h>

static double
cell_of (const DynoJson *rows,
         guint           i)
{
  return dyno_json_number (dyno_json_element (dyno_json_element (rows, i / 9), i % 9), NAN);
}

static void
assert_query (const DynoEcu  *ecu,
              const DynoJson *query)
{
  double rpm = dyno_json_get_number (query, "rpm", NAN);
  double map = dyno_json_get_number (query, "map", NAN);
  double air = dyno_ecu_air_mg (114, 2, map, (75 - 32) / 1.8);

  dyno_assert_near (dyno_ecu_ve (ecu, rpm, map), dyno_json_get_number (query, "ve", NAN), 1e-12);
  dyno_assert_near (dyno_ecu_target_afr (ecu, rpm, map),
                    dyno_json_get_number (query, "afr_t", NAN), 1e-12);
  dyno_assert_near (air / dyno_json_get_number (query, "air_mg", NAN), 1, 1e-12);
  dyno_assert_near (air / dyno_ecu_target_afr (ecu, rpm, map),
                    dyno_json_get_number (query, "fuel_req", NAN), 1e-11);
  dyno_assert_near (dyno_ecu_fuel_mg (ecu, rpm, map, air),
                    dyno_json_get_number (query, "fuel_del", NAN), 1e-11);
  dyno_assert_near (dyno_ecu_resulting_afr (ecu, rpm, map, 0.8),
                    dyno_json_get_number (query, "afr_at_ve080", NAN), 1e-12);
}

static void
test_golden (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/virtual_ecu/cases.json");
  const DynoJson *queries = dyno_json_member (golden, "queries");
  g_autoptr(DynoEcu) ecu = dyno_ecu_new ();
  g_autoptr(DynoGrid) lean = dyno_grid_copy (ecu->ve);

  if (golden == NULL)
    return;
  for (guint i = 0; i < 99; i++)
    {
      dyno_assert_near (ecu->ve->values[i], cell_of (dyno_json_member (golden, "baseline"), i),
                        1e-12);
      dyno_assert_near (ecu->target_afr->values[i], cell_of (dyno_json_member (golden, "afr"), i),
                        1e-12);
      lean->values[i] = cell_of (dyno_json_member (golden, "lean_seed42"), i);
    }
  dyno_ecu_set_ve (ecu, lean);
  g_assert_cmpuint (dyno_json_n_elements (queries), ==, 3);
  for (guint i = 0; i < 3; i++)
    assert_query (ecu, dyno_json_element (queries, i));
}

/* A table that says too little makes the engine lean. */
static void
test_sign (void)
{
  g_autoptr(DynoEcu) ecu = dyno_ecu_new ();
  double wanted = dyno_ecu_target_afr (ecu, 4000, 60);

  dyno_assert_near (dyno_ecu_resulting_afr (ecu, 4000, 60, dyno_ecu_actual_ve (4000, 60)), wanted,
                    1e-12);
  for (guint i = 0; i < 99; i++)
    ecu->ve->values[i] *= 0.9;
  g_assert_cmpfloat (dyno_ecu_resulting_afr (ecu, 4000, 60, dyno_ecu_actual_ve (4000, 60)), >,
                     wanted * 1.1);
  g_assert_cmpfloat (dyno_ecu_resulting_afr (ecu, 4000, 60, 10), ==, 20);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/ecu/golden", test_golden);
  g_test_add_func ("/analysis/ecu/sign", test_sign);

  return g_test_run ();
}
