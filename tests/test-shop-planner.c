/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-shape-plan.h"
#include "dyno-test-set.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* From kept analyses to the plan of a vehicle. */

/* A steady run that covers one cell, with a rear sensor or without. */
static DynoSamples *
steady (double rpm,
        double map_kpa)
{
  DynoTestRows *rows = dyno_test_rows_new (400);

  dyno_test_rows_fill (rows, 0, 400, DYNO_CHANNEL_RPM, rpm);
  dyno_test_rows_fill (rows, 0, 400, DYNO_CHANNEL_MAP, map_kpa);
  dyno_test_rows_fill (rows, 0, 400, DYNO_CHANNEL_TPS, 20);
  dyno_test_rows_fill (rows, 0, 400, DYNO_CHANNEL_TARGET, 13);
  for (gsize i = 0; i < 400; i++)
    dyno_test_rows_set (rows, i, DYNO_CHANNEL_MIX_F, 13 + 0.01 * (double) (i % 7));

  return dyno_test_rows_finish (rows, TRUE);
}

/* A kept run of a vehicle (nullable). */
static char *
keep (DynoTestShop *f,
      const char   *vehicle_id,
      double        rpm,
      double        map_kpa)
{
  g_autoptr(DynoSamples) samples = steady (rpm, map_kpa);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) edited = NULL;
  DynoRun *edit = dyno_run_new ();
  char *id = dyno_test_shop_keep (f, "steady", samples);

  edit->id = g_strdup (id);
  edit->vehicle_id = g_strdup (vehicle_id);
  edited = dyno_test_ask (f, dyno_runbook_edit, &error, edit, DYNO_RUN_VEHICLE);
  g_assert_no_error (error);

  return id;
}

static char *
keep_vehicle (DynoTestShop *f,
              const char   *label)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVehicle) vehicle = dyno_test_ask (f, dyno_people_ensure_vehicle, &error, label);

  g_assert_no_error (error);

  return g_strdup (vehicle->id);
}

static void
analyse (DynoTestShop *f,
         const char   *first,
         const char   *second,
         const char   *grid)
{
  DynoAnalyseRequest *request = dyno_analyse_request_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoAnalyse) found = NULL;

  dyno_analyse_request_add_run (request, first);
  if (second != NULL)
    dyno_analyse_request_add_run (request, second);
  g_assert_true (dyno_analyse_request_set (request, "grid", grid, &error));
  g_assert_true (dyno_analyse_request_set (request, "delay", "none", &error));
  dyno_analyse_async (f->shop, request, NULL, NULL, dyno_await_cb, f->await);
  found = dyno_analyse_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_nonnull (found->id);
}

static DynoPlannerView *
get (DynoTestShop *f,
     const char   *vehicle)
{
  g_autoptr(GError) error = NULL;
  DynoPlannerView *view = dyno_test_ask (f, dyno_planner_get, &error, vehicle, NULL);

  g_assert_no_error (error);

  return view;
}

static void
assert_covered (DynoTestShop *f,
                const char   *vehicle,
                guint         n_runs,
                guint         n_covered)
{
  g_autoptr(DynoPlannerView) view = get (f, vehicle);

  g_assert_cmpuint (view->coverage->runs->len, ==, n_runs);
  g_assert_cmpuint (view->summary->n_covered, ==, n_covered);
}

/* Nothing analysed yet: all of the map is a gap, and the plan says where to begin. */
static void
test_nothing_yet (DynoTestShop *f,
                  gconstpointer unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autoptr(DynoPlannerView) view = get (f, "rosa");

  g_assert_cmpstr (view->vehicle_id, ==, vehicle);
  g_assert_cmpuint (view->summary->n_cells, ==, 99);
  g_assert_cmpuint (view->summary->n_covered, ==, 0);
  g_assert_true (view->is_default);
  g_assert_cmpuint (view->plan->gaps->len, >, 0);
  g_assert_cmpuint (view->plan->steps->len, >, 0);
}

static void
test_unknown_vehicle (DynoTestShop *f,
                      gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) vehicles = NULL;

  g_assert_null (dyno_test_ask (f, dyno_planner_get, &error, "nobody", NULL));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  vehicles = dyno_test_ask (f, dyno_people_list_vehicles, NULL, NULL);
  g_assert_cmpuint (vehicles->len, ==, 0);
}

/* Kept analyses count their runs, each once, also over a restart. */
static void
test_analyses_count (DynoTestShop *f,
                     gconstpointer unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autofree char *low = keep (f, vehicle, 2000, 40);
  g_autofree char *high = keep (f, vehicle, 4000, 80);
  g_autoptr(DynoPlannerView) view = NULL;

  analyse (f, low, NULL, "11x9");
  assert_covered (f, "Rosa", 1, 1);
  analyse (f, low, NULL, "11x9");
  assert_covered (f, "Rosa", 1, 1);
  analyse (f, low, high, "11x9");
  assert_covered (f, "Rosa", 2, 2);
  view = get (f, vehicle);
  g_assert_cmpuint (view->summary->cells[1 * 9 + 2].hits, >, 300);
  g_assert_cmpint (view->summary->cells[1 * 9 + 2].seen_ms, >, 0);
  g_assert_cmpint (view->summary->cells[0].seen_ms, ==, 0);
}

/* A plan is made on the axes of the newest analysis. */
static void
test_other_axes (DynoTestShop *f,
                 gconstpointer unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autofree char *low = keep (f, vehicle, 2000, 40);
  g_autofree char *high = keep (f, vehicle, 4000, 80);
  g_autoptr(DynoPlannerView) view = NULL;

  analyse (f, low, NULL, "11x9");
  analyse (f, high, NULL, "11x5");
  view = get (f, vehicle);
  g_assert_cmpuint (view->summary->n_cells, ==, 55);
  g_assert_cmpuint (view->coverage->runs->len, ==, 1);
  g_assert_cmpuint (view->n_other_axes, ==, 1);
}

static void
test_deleted_and_forgotten (DynoTestShop *f,
                            gconstpointer unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autofree char *low = keep (f, vehicle, 2000, 40);
  g_autofree char *high = keep (f, vehicle, 4000, 80);
  const char *ids[] = { low, NULL };
  g_autoptr(GError) error = NULL;

  analyse (f, low, high, "11x9");
  g_assert_true (dyno_test_ask (f, dyno_runbook_delete, &error, ids));
  assert_covered (f, vehicle, 1, 1);
  g_assert_true (dyno_test_ask (f, dyno_runbook_restore, &error, ids));
  assert_covered (f, vehicle, 2, 2);
  g_assert_true (dyno_test_ask (f, dyno_planner_forget_run, &error, low));
  assert_covered (f, vehicle, 1, 1);
  analyse (f, low, NULL, "11x9");
  assert_covered (f, vehicle, 2, 2);

  g_assert_false (dyno_test_ask (f, dyno_planner_forget_run, &error, "run_nobody"));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

/* What a run has been asks for no more of it. */
static void
test_rows_count (DynoTestShop *f,
                 gconstpointer unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autofree char *run = keep (f, vehicle, 2000, 40);
  g_autoptr(DynoPlannerView) view = NULL;
  guint n_cruise = 0;
  guint n_baseline = 0;

  analyse (f, run, NULL, "11x9");
  view = get (f, vehicle);
  for (guint i = 0; i < view->plan->steps->len; i++)
    {
      const DynoPlanStep *step = g_ptr_array_index (view->plan->steps, i);

      n_cruise += g_str_equal (step->name, "Steady cruise");
      n_baseline += g_str_equal (step->name, "Baseline pulls");
    }
  g_assert_cmpuint (n_cruise, ==, 0);
  g_assert_cmpuint (n_baseline, ==, 1);
}

static void
test_constraints (DynoTestShop *f,
                  gconstpointer unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  DynoPlanConstraints c;
  g_autoptr(DynoPlannerView) set = NULL;
  g_autoptr(DynoPlannerView) seen = NULL;
  g_autoptr(DynoPlannerView) reset = NULL;
  g_autoptr(GError) error = NULL;

  dyno_plan_constraints_init (&c);
  c.max_rpm = 4000;
  c.environment = DYNO_PLAN_INERTIA_DYNO;
  set = dyno_test_ask (f, dyno_planner_set_constraints, &error, vehicle, NULL, &c, 0);
  g_assert_no_error (error);
  for (guint i = 0; i < set->plan->steps->len; i++)
    g_assert_cmpfloat (((const DynoPlanStep *) g_ptr_array_index (set->plan->steps, i))->rpm[1],
                       <=, 4000);
  seen = get (f, "Rosa");
  g_assert_false (seen->is_default);
  g_assert_cmpint (seen->constraints.environment, ==, DYNO_PLAN_INERTIA_DYNO);

  reset = dyno_test_ask (f, dyno_planner_reset, &error, vehicle, NULL);
  g_assert_true (reset->is_default);
  g_assert_cmpfloat (reset->constraints.max_rpm, ==, 7000);

  c.min_rpm = 5000;
  g_assert_null (dyno_test_ask (f, dyno_planner_set_constraints, &error, vehicle, NULL, &c, 0));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
}

static const DynoJson *
member (const DynoJson *object,
        const char     *name,
        DynoJsonType    type)
{
  const DynoJson *value = dyno_json_member (object, name);

  g_assert_nonnull (value);
  g_assert_cmpint (dyno_json_type (value), ==, type);

  return value;
}

static void
assert_steps (const DynoJson *steps)
{
  static const char *const texts[] = { "name", "goal", "test_type", "success_criteria" };

  g_assert_cmpuint (dyno_json_n_elements (steps), >, 0);
  for (guint i = 0; i < dyno_json_n_elements (steps); i++)
    {
      const DynoJson *step = dyno_json_element (steps, i);

      for (guint t = 0; t < G_N_ELEMENTS (texts); t++)
        member (step, texts[t], DYNO_JSON_STRING);
      member (step, "required_channels", DYNO_JSON_ARRAY);
      member (step, "priority", DYNO_JSON_NUMBER);
      member (step, "expected_gain", DYNO_JSON_NUMBER);
      g_assert_nonnull (dyno_json_member (step, "rpm_range"));
      g_assert_nonnull (dyno_json_member (step, "map_range"));
      g_assert_nonnull (dyno_json_member (step, "risk_notes"));
    }
}

/* Every member that service.md 2.6 promises. */
static void
test_shape (DynoTestShop *f,
            gconstpointer unused)
{
  g_autofree char *vehicle = keep_vehicle (f, "Rosa");
  g_autofree char *run = keep (f, vehicle, 2000, 40);
  g_autoptr(DynoPlannerView) view = NULL;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  g_autoptr(DynoJson) json = NULL;
  const DynoJson *coverage, *constraints, *hits;

  analyse (f, run, NULL, "11x9");
  view = get (f, vehicle);
  dyno_shape_plan (w, view);
  text = dyno_json_writer_finish (w);
  json = dyno_json_parse (text, -1, NULL);
  coverage = member (json, "coverage", DYNO_JSON_OBJECT);
  g_assert_cmpint (dyno_json_get_integer (coverage, "cells", -1), ==, 99);
  g_assert_cmpint (dyno_json_get_integer (coverage, "covered", -1), ==, 1);
  member (coverage, "pct", DYNO_JSON_NUMBER);
  hits = member (coverage, "hits", DYNO_JSON_ARRAY);
  g_assert_cmpuint (dyno_json_n_elements (hits), ==, 11);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_element (hits, 10)), ==, 9);
  g_assert_cmpint (dyno_json_integer (dyno_json_element (dyno_json_element (hits, 1), 2), 0), ==,
                   view->summary->cells[11].hits);
  member (json, "gaps", DYNO_JSON_ARRAY);
  assert_steps (member (json, "next_tests", DYNO_JSON_ARRAY));
  constraints = member (json, "constraints", DYNO_JSON_OBJECT);
  g_assert_cmpint (dyno_json_get_integer (constraints, "max_pulls", -1), ==, 8);
  g_assert_cmpstr (dyno_json_get_string (constraints, "environment"), ==, "both");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/planner/nothing-yet", test_nothing_yet);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/planner/unknown-vehicle", test_unknown_vehicle);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/planner/analyses-count", test_analyses_count);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/planner/other-axes", test_other_axes);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/planner/deleted-and-forgotten", test_deleted_and_forgotten);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/planner/rows-count", test_rows_count);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/planner/constraints", test_constraints);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/planner/shape", test_shape);

  return g_test_run ();
}
