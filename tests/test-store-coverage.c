/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

static char *
keep_vehicle (DynoTestStore *f,
              const char    *label)
{
  g_autoptr(DynoVehicle) vehicle = dyno_test_verb (f, ensure_vehicle, NULL, label);

  return g_strdup (vehicle->id);
}

static DynoRun *
keep_run (DynoTestStore *f,
          const char    *vehicle_id,
          gint64         started_ms)
{
  DynoRun *run = dyno_test_make_run ("a pull");

  run->vehicle_id = g_strdup (vehicle_id);
  run->started_ms = started_ms;

  return dyno_test_keep_run (f, run);
}

/* Hits of the front that begin at `first` and grow by one a cell. */
static DynoCoverageRecord *
make_record (const char *run_id,
             const char *grid,
             guint32     first,
             gboolean    has_rear)
{
  DynoCoverageRecord *record = g_new0 (DynoCoverageRecord, 1);
  guint n;

  g_assert_true (dyno_grid_shape_named (&record->shape, grid));
  n = dyno_grid_shape_cells (&record->shape);
  record->run = dyno_coverage_run_new (run_id, 0);
  record->facts = g_strdup ("{\"rows\":3}");
  for (guint c = 0; c < (has_rear ? 2u : 1u); c++)
    {
      record->run->hits[c] = g_new (guint32, n);
      for (guint i = 0; i < n; i++)
        record->run->hits[c][i] = first + i + 1000 * c;
    }

  return record;
}

static DynoCoverageAnswer
add (DynoTestStore *f,
     const char    *run_id,
     const char    *grid,
     guint32        first)
{
  g_autoptr(GError) error = NULL;
  DynoCoverageAnswer answer =
      dyno_test_verb (f, add_coverage, &error, make_record (run_id, grid, first, TRUE));

  g_assert_no_error (error);

  return answer;
}

static GPtrArray *
list (DynoTestStore *f,
      const char    *vehicle_id)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *records = dyno_test_verb (f, list_coverage, &error, vehicle_id);

  g_assert_no_error (error);

  return records;
}

static void
assert_n (DynoTestStore *f,
          const char    *vehicle_id,
          guint          n)
{
  g_autoptr(GPtrArray) records = list (f, vehicle_id);

  g_assert_cmpuint (records->len, ==, n);
}

/* All of it is there after a restart. */
static void
test_restart (DynoTestStore *f,
              gconstpointer  unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autoptr(DynoRun) run = keep_run (f, vehicle, 77);
  g_autoptr(GPtrArray) records = NULL;
  const DynoCoverageRecord *record;

  g_assert_cmpint (add (f, run->id, "11x9", 70000), ==, DYNO_COVERAGE_COUNTED);
  dyno_test_store_reopen (f);
  records = list (f, vehicle);
  g_assert_cmpuint (records->len, ==, 1);
  record = g_ptr_array_index (records, 0);
  g_assert_cmpstr (record->run->run_id, ==, run->id);
  g_assert_cmpint (record->run->seen_ms, ==, 77);
  g_assert_cmpstr (record->facts, ==, "{\"rows\":3}");
  g_assert_cmpint (record->added_ms, ==, DYNO_TEST_STORE_BEGIN_MS);
  g_assert_cmpuint (record->shape.rpm.n, ==, 11);
  g_assert_cmpfloat (record->shape.load.at[8], ==, 100);
  for (guint i = 0; i < 99; i++)
    {
      g_assert_cmpuint (record->run->hits[0][i], ==, 70000 + i);
      g_assert_cmpuint (record->run->hits[1][i], ==, 71000 + i);
    }
}

static void
test_no_sensor (DynoTestStore *f,
                gconstpointer  unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autoptr(DynoRun) run = keep_run (f, vehicle, 1);
  g_autoptr(GPtrArray) records = NULL;

  dyno_test_verb (f, add_coverage, NULL, make_record (run->id, "11x5", 1, FALSE));
  records = list (f, vehicle);
  g_assert_nonnull (((const DynoCoverageRecord *) g_ptr_array_index (records, 0))->run->hits[0]);
  g_assert_null (((const DynoCoverageRecord *) g_ptr_array_index (records, 0))->run->hits[1]);
}

/* The second time changes nothing; other axes are another map. */
static void
test_a_run_counts_once (DynoTestStore *f,
                        gconstpointer  unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autoptr(DynoRun) run = keep_run (f, vehicle, 1);
  g_autoptr(GPtrArray) records = NULL;

  g_assert_cmpint (add (f, run->id, "11x9", 5), ==, DYNO_COVERAGE_COUNTED);
  g_assert_cmpint (add (f, run->id, "11x9", 900), ==, DYNO_COVERAGE_ALREADY_COUNTED);
  g_assert_cmpint (add (f, run->id, "11x5", 5), ==, DYNO_COVERAGE_COUNTED);
  g_assert_cmpint (add (f, run->id, "11x9", 5), ==, DYNO_COVERAGE_ALREADY_COUNTED);
  records = list (f, vehicle);
  g_assert_cmpuint (records->len, ==, 2);
  g_assert_cmpuint (((const DynoCoverageRecord *) g_ptr_array_index (records, 0))->run->hits[0][0],
                    ==, 5);
  g_assert_cmpuint (((const DynoCoverageRecord *) g_ptr_array_index (records, 1))->shape.load.n, ==,
                    5);
}

static void
test_forget (DynoTestStore *f,
             gconstpointer  unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autoptr(DynoRun) run = keep_run (f, vehicle, 1);
  g_autoptr(DynoRun) other = keep_run (f, vehicle, 1);
  g_autoptr(GError) error = NULL;

  add (f, run->id, "11x9", 1);
  add (f, run->id, "11x5", 1);
  add (f, other->id, "11x9", 1);
  g_assert_true (dyno_test_verb (f, forget_coverage, NULL, run->id));
  assert_n (f, vehicle, 1);
  g_assert_true (dyno_test_verb (f, forget_coverage, NULL, run->id));
  g_assert_cmpint (add (f, run->id, "11x9", 1), ==, DYNO_COVERAGE_COUNTED);

  g_assert_false (dyno_test_verb (f, forget_coverage, &error, "run_nobody"));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

/* A run in the trash is not counted; brought back, it is again; purged, it is gone. */
static void
test_deleted_runs (DynoTestStore *f,
                   gconstpointer  unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autoptr(DynoRun) run = keep_run (f, vehicle, 1);
  const char *ids[] = { run->id, NULL };
  g_autoptr(GPtrArray) paths = NULL;

  add (f, run->id, "11x9", 1);
  g_assert_true (dyno_test_verb (f, trash_runs, NULL, ids));
  assert_n (f, vehicle, 0);
  g_assert_true (dyno_test_verb (f, restore_runs, NULL, ids));
  assert_n (f, vehicle, 1);
  g_assert_true (dyno_test_verb (f, trash_runs, NULL, ids));
  paths = dyno_test_verb (f, purge_runs, NULL, ids, 0);
  g_assert_nonnull (paths);
  dyno_test_store_close (f);
  dyno_test_store_sql (f, "CREATE TEMP TABLE t (n INTEGER CHECK (n = 0));"
                          "INSERT INTO t SELECT count (*) FROM run_coverage;");
  dyno_test_store_open (f, DYNO_STORE_DEFAULT, NULL);
}

/* Whose the hits are says the run, also when somebody corrects it later. */
static void
test_run_changes_vehicle (DynoTestStore *f,
                          gconstpointer  unused)
{
  g_autofree char *rosa = keep_vehicle (f, "Rosa");
  g_autofree char *olga = keep_vehicle (f, "Olga");
  g_autoptr(DynoRun) run = keep_run (f, NULL, 1);
  g_autoptr(DynoRun) edited = NULL;
  DynoRun *edit = dyno_run_new ();

  add (f, run->id, "11x9", 1);
  assert_n (f, rosa, 0);
  edit->id = g_strdup (run->id);
  edit->vehicle_id = g_strdup (olga);
  edited = dyno_test_verb (f, edit_run, NULL, edit, DYNO_RUN_VEHICLE);
  g_assert_nonnull (edited);
  assert_n (f, rosa, 0);
  assert_n (f, olga, 1);
}

static void
test_unknown_run (DynoTestStore *f,
                  gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (dyno_test_verb (f, add_coverage, &error,
                                   make_record ("run_nobody", "11x9", 1, TRUE)),
                   ==, DYNO_COVERAGE_FAILED);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static void
assert_damage_is_told (DynoTestStore *f,
                       const char    *sql)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autoptr(DynoRun) run = keep_run (f, vehicle, 1);
  g_autoptr(GError) error = NULL;

  add (f, run->id, "11x9", 1);
  dyno_test_store_close (f);
  dyno_test_store_sql (f, sql);
  dyno_test_store_open (f, DYNO_STORE_DEFAULT, NULL);
  g_assert_null (dyno_test_verb (f, list_coverage, &error, vehicle));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_CORRUPT);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "coverage");
  g_assert_nonnull (strstr (error->message, run->id));
}

static void
test_damaged_hits (DynoTestStore *f,
                   gconstpointer  unused)
{
  assert_damage_is_told (f, "UPDATE run_coverage SET rear = x'0102';");
}

static void
test_damaged_axes (DynoTestStore *f,
                   gconstpointer  unused)
{
  assert_damage_is_told (f, "UPDATE run_coverage SET axes = '{';");
}

/* Constraints */

static void
assert_constraints (DynoTestStore *f,
                    const char    *vehicle_id,
                    const char    *dyno,
                    double         max_rpm,
                    gboolean       is_default)
{
  g_autoptr(GError) error = NULL;
  g_autofree DynoKeptConstraints *kept =
      dyno_test_verb (f, get_constraints, &error, vehicle_id, dyno);

  g_assert_no_error (error);
  g_assert_cmpfloat (kept->constraints.max_rpm, ==, max_rpm);
  g_assert_cmpint (kept->is_default, ==, is_default);
}

static void
set_max_rpm (DynoTestStore *f,
             const char    *vehicle_id,
             const char    *dyno,
             double         max_rpm)
{
  DynoPlanConstraints c;

  dyno_plan_constraints_init (&c);
  c.max_rpm = max_rpm;
  g_assert_true (dyno_test_verb (f, set_constraints, NULL, vehicle_id, dyno, &c, 0));
}

static void
test_constraints (DynoTestStore *f,
                  gconstpointer  unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autofree DynoKeptConstraints *kept = NULL;
  DynoPlanConstraints c = { 1100, 5200, 25, 95, 3, DYNO_PLAN_STREET };

  assert_constraints (f, vehicle, NULL, 7000, TRUE);
  g_assert_true (dyno_test_verb (f, set_constraints, NULL, vehicle, NULL, &c, 0));
  dyno_test_store_reopen (f);
  kept = dyno_test_verb (f, get_constraints, NULL, vehicle, NULL);
  g_assert_cmpfloat (kept->constraints.min_rpm, ==, 1100);
  g_assert_cmpfloat (kept->constraints.max_rpm, ==, 5200);
  g_assert_cmpfloat (kept->constraints.min_map_kpa, ==, 25);
  g_assert_cmpfloat (kept->constraints.max_map_kpa, ==, 95);
  g_assert_cmpuint (kept->constraints.max_pulls, ==, 3);
  g_assert_cmpint (kept->constraints.environment, ==, DYNO_PLAN_STREET);
  g_assert_false (kept->is_default);

  g_assert_true (dyno_test_verb (f, reset_constraints, NULL, vehicle, NULL));
  assert_constraints (f, vehicle, NULL, 7000, TRUE);
}

/* Those of a dyno go before those of any; a reset takes only its own. */
static void
test_constraints_of_a_dyno (DynoTestStore *f,
                            gconstpointer  unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autofree char *other = keep_vehicle (f, "Olga");

  set_max_rpm (f, vehicle, NULL, 6000);
  set_max_rpm (f, vehicle, "250i", 5000);
  set_max_rpm (f, vehicle, "250i", 5500);
  assert_constraints (f, vehicle, "250i", 5500, FALSE);
  assert_constraints (f, vehicle, "200iX", 6000, FALSE);
  assert_constraints (f, vehicle, NULL, 6000, FALSE);
  assert_constraints (f, other, "250i", 7000, TRUE);
  dyno_test_verb (f, reset_constraints, NULL, vehicle, "250i");
  assert_constraints (f, vehicle, "250i", 6000, FALSE);
}

static void
test_constraints_of_nobody (DynoTestStore *f,
                            gconstpointer  unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autoptr(GError) error = NULL;
  DynoPlanConstraints c;

  dyno_plan_constraints_init (&c);
  g_assert_false (dyno_test_verb (f, set_constraints, &error, "veh_nobody", NULL, &c, 0));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (dyno_test_verb (f, reset_constraints, &error, "veh_nobody", NULL));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);

  /* They do not hold a vehicle back. */
  set_max_rpm (f, vehicle, NULL, 6000);
  g_assert_true (dyno_test_verb (f, delete_vehicle, NULL, vehicle, 0));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_STORE_ADD ("/coverage/restart", test_restart);
  DYNO_TEST_STORE_ADD ("/coverage/no-sensor", test_no_sensor);
  DYNO_TEST_STORE_ADD ("/coverage/once", test_a_run_counts_once);
  DYNO_TEST_STORE_ADD ("/coverage/forget", test_forget);
  DYNO_TEST_STORE_ADD ("/coverage/deleted-runs", test_deleted_runs);
  DYNO_TEST_STORE_ADD ("/coverage/vehicle", test_run_changes_vehicle);
  DYNO_TEST_STORE_ADD ("/coverage/unknown-run", test_unknown_run);
  DYNO_TEST_STORE_ADD ("/coverage/damage/hits", test_damaged_hits);
  DYNO_TEST_STORE_ADD ("/coverage/damage/axes", test_damaged_axes);
  DYNO_TEST_STORE_ADD ("/constraints/kept", test_constraints);
  DYNO_TEST_STORE_ADD ("/constraints/dyno", test_constraints_of_a_dyno);
  DYNO_TEST_STORE_ADD ("/constraints/nobody", test_constraints_of_nobody);

  return g_test_run ();
}
