/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-knock.h"
#include "dyno-test-plant.h"
#include "dyno-test.h"

#define CELL DYNO_TEST_PLANT_CELL
#define ROWS 40

static DynoKnock *
knock_of (const DynoTestPlant *plant)
{
  g_autoptr(DynoVeResult) result = dyno_test_plant_analyse (plant, NULL);

  return dyno_knock_new (result);
}

/* Knock in rows `first`… of a cell. */
static void
plant_knock (double       *knock,
             guint         cell,
             const double *values,
             guint         n)
{
  for (guint i = 0; i < n; i++)
    knock[cell * ROWS + 10 + i] = values[i];
}

static void
test_cells (void)
{
  static const double many[] = { 1, 2, 3, 4 };
  static const double few[] = { 2, 1 };
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
  double *front = dyno_test_plant_channel (plant, DYNO_CHANNEL_KNOCK_F, 0);
  g_autoptr(DynoKnock) knock = NULL;
  const DynoKnockCell *cells;

  plant_knock (front, CELL (3, 6), many, 4);
  plant_knock (front, CELL (4, 7), few, 2);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_IAT, 30)[CELL (3, 6) * ROWS + 5] = 51;
  knock = knock_of (plant);
  cells = knock->cylinders[0].cells;

  g_assert_true (knock->cylinders[0].is_live);
  g_assert_false (knock->cylinders[0].is_count || knock->is_shared);
  g_assert_false (knock->cylinders[1].is_live);
  g_assert_cmpuint (cells[CELL (3, 6)].rows, ==, ROWS);
  g_assert_cmpuint (cells[CELL (3, 6)].knock_rows, ==, 4);
  dyno_assert_near (cells[CELL (3, 6)].knock, 3.7, 1e-12);
  dyno_assert_near (cells[CELL (3, 6)].max, 4, 0);
  dyno_assert_near (cells[CELL (3, 6)].iat_max_c, 51, 1e-9);
  g_assert_false (cells[CELL (3, 6)].is_single_event);
  dyno_assert_near (cells[CELL (4, 7)].knock, 2, 0);
  g_assert_true (cells[CELL (4, 7)].is_single_event);
  dyno_assert_near (cells[CELL (0, 0)].knock, 0, 0);
  g_assert_cmpuint (knock->cylinders[1].cells[CELL (3, 6)].rows, ==, 0);
  g_assert_true (isnan (knock->cylinders[1].cells[CELL (3, 6)].knock));
}

/* A plain channel counts for both; one that never moves is no sensor. */
static void
test_shared_and_dead (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
  double *shared = dyno_test_plant_channel (plant, DYNO_CHANNEL_KNOCK, 0);
  g_autoptr(DynoKnock) dead = knock_of (plant);
  g_autoptr(DynoKnock) live = NULL;

  g_assert_true (dead->is_shared);
  g_assert_false (dyno_knock_is_live (dead));
  shared[CELL (2, 2) * ROWS] = 1;
  live = knock_of (plant);
  g_assert_true (live->cylinders[0].is_live && live->cylinders[1].is_live);
  dyno_assert_near (live->cylinders[1].cells[CELL (2, 2)].knock, 1, 0);
}

/* Knock needs no mixture, but speed and pressure within their ranges. */
static void
test_gates (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (ROWS);
  double *knock = dyno_test_plant_channel (plant, DYNO_CHANNEL_KNOCK_R, 0);
  g_autoptr(DynoKnock) found = NULL;

  for (guint i = 0; i < ROWS; i++)
    {
      knock[CELL (5, 5) * ROWS + i] = 2;
      plant->columns[DYNO_CHANNEL_MIX_R][CELL (5, 5) * ROWS + i] = NAN;
      plant->columns[DYNO_CHANNEL_MAP][CELL (6, 6) * ROWS + i] = NAN;
      plant->columns[DYNO_CHANNEL_RPM][CELL (0, 3) * ROWS + i] = 900;
    }
  found = knock_of (plant);
  g_assert_cmpuint (found->cylinders[1].cells[CELL (5, 5)].knock_rows, ==, ROWS);
  g_assert_cmpuint (found->cylinders[1].cells[CELL (6, 6)].rows, ==, 0);
  g_assert_cmpuint (found->cylinders[1].cells[CELL (0, 3)].rows, ==, 0);
}

static double
cell_number (const DynoJson *grid,
             guint           row,
             guint           column)
{
  return dyno_json_number (dyno_json_element (dyno_json_element (grid, row), column), NAN);
}

/* The optimiser's figure, without its reward for silence. */
static void
test_severity (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/knock_opt_micro/cases.json");

  dyno_assert_near (dyno_knock_severity (100, 11), -4, 0);
  dyno_assert_near (dyno_knock_severity (100, 10), -2, 0);
  dyno_assert_near (dyno_knock_severity (100, 0), 0, 0);
  dyno_assert_near (dyno_knock_severity (0, 0), 0, 0);
  if (golden == NULL)
    return;

  /* Its worst rate stands in row 4000, 95 kPa; what it gave for silence is not ours. */
  dyno_assert_near (
      dyno_knock_severity (100, (guint32) (100 * dyno_json_get_number (golden, "max_rate", NAN))),
      cell_number (dyno_json_member (golden, "safe"), 4, 4), 0);
  g_assert_cmpfloat (dyno_knock_severity (30, 0), <,
                     cell_number (dyno_json_member (golden, "aggressive"), 5, 3));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/knock/cells", test_cells);
  g_test_add_func ("/analysis/knock/shared-and-dead", test_shared_and_dead);
  g_test_add_func ("/analysis/knock/gates", test_gates);
  g_test_add_func ("/analysis/knock/severity", test_severity);

  return g_test_run ();
}
