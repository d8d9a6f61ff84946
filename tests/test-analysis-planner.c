/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-planner.h"
#include "dyno-test.h"

#include <math.h>

/* Everything covered, everything logged: the least a plan can have. */
typedef struct
{
  DynoGridShape       shape;
  guint32            *hits;
  DynoPlanFacts       facts;
  DynoPlanConstraints constraints;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer grid)
{
  guint n;

  g_assert_true (dyno_grid_shape_named (&f->shape, grid));
  n = dyno_grid_shape_cells (&f->shape);
  f->hits = g_new (guint32, n);
  for (guint i = 0; i < n; i++)
    f->hits[i] = 3;
  f->facts = (DynoPlanFacts){ .shape = &f->shape, .hits = f->hits, .coverage_pct = 50,
                              .has_modes = TRUE };
  for (guint i = 0; i < DYNO_N_MODES; i++)
    f->facts.rows[i] = 1000;
  dyno_plan_constraints_init (&f->constraints);
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  g_free (f->hits);
}

static DynoPlan *
plan (Fixture *f)
{
  return dyno_plan_make (&f->facts, &f->constraints);
}

/* Empties what lies in the box. */
static void
empty (Fixture *f,
       double   low_rpm,
       double   high_rpm,
       double   low_kpa,
       double   high_kpa)
{
  const DynoAxis *load = &f->shape.load;

  for (guint i = 0; i < dyno_grid_shape_cells (&f->shape); i++)
    {
      double rpm = f->shape.rpm.at[i / load->n];
      double kpa = load->at[i % load->n];

      if (rpm >= low_rpm && rpm <= high_rpm && kpa >= low_kpa && kpa <= high_kpa)
        f->hits[i] = 2;
    }
}

static const DynoPlanStep *
look (const DynoPlan *plan,
      const char     *prefix)
{
  for (guint i = 0; i < plan->steps->len; i++)
    {
      const DynoPlanStep *step = g_ptr_array_index (plan->steps, i);

      if (g_str_has_prefix (step->name, prefix))
        return step;
    }

  return NULL;
}

static const DynoPlanDrop *
look_dropped (const DynoPlan *plan,
              const char     *prefix)
{
  for (guint i = 0; i < plan->dropped->len; i++)
    {
      const DynoPlanDrop *drop = g_ptr_array_index (plan->dropped, i);

      if (g_str_has_prefix (drop->name, prefix))
        return drop;
    }

  return NULL;
}

/* No gap, no suspicion: only what proves that all stays so. */
static void
test_complete (Fixture      *f,
               gconstpointer unused)
{
  g_autoptr(DynoPlan) p = plan (f);

  g_assert_cmpuint (p->gaps->len, ==, 0);
  g_assert_cmpuint (p->steps->len, ==, 2);
  g_assert_nonnull (look (p, "Consistency pulls"));
  g_assert_nonnull (look (p, "Lift-off tip-outs"));
  g_assert_cmpuint (p->dropped->len, ==, 0);
}

/* An empty region is a gap, and its pull begins 500 rpm before it. */
static void
test_high_load_gap (Fixture      *f,
                    gconstpointer unused)
{
  g_autoptr(DynoPlan) p = NULL;
  const DynoPlanGap *gap;
  const DynoPlanStep *step;

  empty (f, 5000, 5500, 90, 100);
  p = plan (f);
  g_assert_cmpuint (p->gaps->len, ==, 1);
  gap = &g_array_index (p->gaps, DynoPlanGap, 0);
  g_assert_cmpint (gap->type, ==, DYNO_GAP_HIGH_MAP);
  g_assert_cmpuint (gap->n_empty, ==, 4);
  g_assert_cmpuint (gap->n_cells, ==, 8);

  step = g_ptr_array_index (p->steps, 0);
  g_assert_cmpint (step->type, ==, DYNO_TEST_WOT_PULL);
  g_assert_cmpfloat (step->rpm[0], ==, 3500);
  g_assert_cmpfloat (step->rpm[1], ==, 6000);
  g_assert_cmpfloat (step->map_kpa[0], ==, 80);
  g_assert_cmpfloat (step->map_kpa[1], ==, 100);
  g_assert_cmpuint (step->gears[0], ==, 4);
  g_assert_cmpuint (step->gears[1], ==, 5);
  g_assert_cmpfloat (step->minutes, ==, 2);
  dyno_assert_near (step->gain_pct, 5 * 2 * 1.5 / 200 * 100, 1e-12);
  dyno_assert_near (step->score, 5 * 2 * 1.5 / 2 / 50 * 1.3, 1e-12);
  g_assert_cmpstr (step->channels[0], ==, "mix_f");
  g_assert_cmpstr (step->success, !=, "");
  g_assert_cmpstr (step->risk, !=, "");
}

/* Two hits are too few, three are enough. */
static void
test_empty_is_below_three (Fixture      *f,
                           gconstpointer unused)
{
  g_autoptr(DynoPlan) p = NULL;

  empty (f, 2500, 2500, 50, 50);
  p = plan (f);
  g_assert_cmpuint (p->gaps->len, ==, 3);
  for (guint i = 0; i < p->gaps->len; i++)
    g_assert_cmpuint (g_array_index (p->gaps, DynoPlanGap, i).n_empty, ==, 1);
  g_assert_cmpint (g_array_index (p->gaps, DynoPlanGap, 0).impact, ==, DYNO_IMPACT_HIGH);
  g_assert_cmpint (g_array_index (p->gaps, DynoPlanGap, 2).impact, ==, DYNO_IMPACT_MEDIUM);
}

static void
test_few_rows (Fixture      *f,
               gconstpointer unused)
{
  g_autoptr(DynoPlan) few = NULL;
  g_autoptr(DynoPlan) unknown = NULL;

  for (guint i = 0; i < DYNO_N_MODES; i++)
    f->facts.rows[i] = 10;
  few = plan (f);
  g_assert_nonnull (look (few, "Baseline pulls"));
  g_assert_nonnull (look (few, "Steady cruise"));
  g_assert_nonnull (look (few, "Heat soak"));
  g_assert_nonnull (look (few, "More data"));
  g_assert_false (look (few, "More data")->has_box);
  g_assert_cmpfloat (look (few, "More data")->gain_pct, ==, 0);

  f->facts.has_modes = FALSE;
  unknown = plan (f);
  g_assert_null (look (unknown, "Baseline pulls"));
  g_assert_null (look (unknown, "More data"));
}

/* The two surest causes have their test; unsure ones have none. */
static void
test_causes (Fixture      *f,
             gconstpointer unused)
{
  g_autoptr(DynoPlan) p = NULL;

  dyno_plan_facts_add_cause (&f->facts, "temp_trim_broad", 0.55);
  dyno_plan_facts_add_cause (&f->facts, "knock_limit_valley_rear", 0.85);
  dyno_plan_facts_add_cause (&f->facts, "transient_tipin_hesitation", 0.7);
  dyno_plan_facts_add_cause (&f->facts, "temp_trim_high_load", 0.7);
  p = plan (f);
  g_assert_nonnull (look (p, "Knock pulls (rear cylinder)"));
  g_assert_nonnull (look (p, "Transient response"));
  g_assert_null (look (p, "Thermal baseline"));
}

/* Two causes that ask for the same test get it once. */
static void
test_same_name_once (Fixture      *f,
                     gconstpointer unused)
{
  g_autoptr(DynoPlan) p = NULL;
  guint n = 0;

  dyno_plan_facts_add_cause (&f->facts, "knock_limit_valley_rear", 0.85);
  dyno_plan_facts_add_cause (&f->facts, "knock_rear_dominant", 0.75);
  p = plan (f);
  for (guint i = 0; i < p->steps->len; i++)
    n += g_str_has_prefix (((const DynoPlanStep *) g_ptr_array_index (p->steps, i))->name,
                           "Knock pulls");
  g_assert_cmpuint (n, ==, 1);
}

/* A step is cut to what the vehicle may do, or dropped with the reason. */
static void
test_cut_and_drop (Fixture      *f,
                   gconstpointer unused)
{
  g_autoptr(DynoPlan) p = NULL;
  const DynoPlanStep *pull;

  empty (f, 2500, 4500, 80, 100);
  f->constraints.max_rpm = 4000;
  f->constraints.min_map_kpa = 60;
  p = plan (f);
  pull = look (p, "Inertia pull 2500–4500 rpm");
  g_assert_nonnull (pull);
  g_assert_true (pull->is_cut);
  g_assert_cmpfloat (pull->rpm[1], ==, 4000);
  g_assert_null (look (p, "Lift-off tip-outs"));
  g_assert_nonnull (look_dropped (p, "Lift-off tip-outs"));
  g_assert_nonnull (strstr (look_dropped (p, "Lift-off tip-outs")->reason, "60 to 100 kPa"));
}

static void
test_max_pulls (Fixture      *f,
                gconstpointer unused)
{
  g_autoptr(DynoPlan) none = NULL;
  g_autoptr(DynoPlan) one = NULL;
  guint pulls = 0;

  empty (f, 2500, 4500, 80, 100);
  f->constraints.max_pulls = 0;
  none = plan (f);
  for (guint i = 0; i < none->steps->len; i++)
    pulls += ((const DynoPlanStep *) g_ptr_array_index (none->steps, i))->n_pulls;
  g_assert_cmpuint (pulls, ==, 0);
  g_assert_nonnull (look_dropped (none, "Inertia pull"));

  f->constraints.max_pulls = 1;
  one = plan (f);
  g_assert_nonnull (look (one, "Inertia pull 2500–4500 rpm"));
  g_assert_nonnull (look_dropped (one, "Consistency pulls"));
}

static void
test_environment (Fixture      *f,
                  gconstpointer unused)
{
  g_autoptr(DynoPlan) dyno = NULL;
  g_autoptr(DynoPlan) street = NULL;

  empty (f, 0, 20000, 0, 400);
  f->constraints.environment = DYNO_PLAN_INERTIA_DYNO;
  dyno = plan (f);
  g_assert_nonnull (look (dyno, "Inertia pull"));
  g_assert_null (look (dyno, "Roll-on tip-ins"));
  f->constraints.environment = DYNO_PLAN_STREET;
  street = plan (f);
  g_assert_null (look (street, "Inertia pull"));
  g_assert_nonnull (look (street, "Roll-on tip-ins"));
  g_assert_nonnull (look (street, "Idle and low load"));
}

/* No step promises more than what is missing. */
static void
test_gain_is_bounded (Fixture      *f,
                      gconstpointer unused)
{
  g_autoptr(DynoPlan) p = NULL;

  f->facts.coverage_pct = 99;
  p = plan (f);
  for (guint i = 0; i < p->steps->len; i++)
    g_assert_cmpfloat (((const DynoPlanStep *) g_ptr_array_index (p->steps, i))->gain_pct, <=, 1);
}

static void
test_constraints_are_checked (void)
{
  DynoPlanConstraints c;
  DynoAnalysisError *error = NULL;

  dyno_plan_constraints_init (&c);
  g_assert_true (dyno_plan_constraints_check (&c, NULL));
  c.min_rpm = 7000;
  g_assert_false (dyno_plan_constraints_check (&c, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_BAD_OPTION);
  g_assert_nonnull (strstr (error->message, "min_rpm 7000"));
  g_clear_pointer (&error, dyno_analysis_error_free);
  c.min_rpm = NAN;
  g_assert_false (dyno_plan_constraints_check (&c, NULL));
  dyno_plan_constraints_init (&c);
  c.max_map_kpa = 500;
  g_assert_false (dyno_plan_constraints_check (&c, NULL));
  dyno_plan_constraints_init (&c);
  c.max_pulls = 101;
  g_assert_false (dyno_plan_constraints_check (&c, NULL));
}

static void
test_advice (Fixture      *f,
             gconstpointer unused)
{
  g_autoptr(DynoPlan) p = plan (f);
  g_autoptr(DynoAdvice) advice = dyno_plan_advise (p);

  g_assert_cmpuint (advice->findings->len, ==, p->steps->len);
  g_assert_cmpuint (((const DynoFinding *) g_ptr_array_index (advice->findings, 0))
                        ->next_checks->len, ==, 1);
}

/* The original's plan: its gaps and its steps in their order, by box and score. */
static void
assert_gaps (const DynoPlan *p,
             const DynoJson *wanted)
{
  g_assert_cmpuint (p->gaps->len, ==, dyno_json_n_elements (wanted));
  for (guint i = 0; i < p->gaps->len; i++)
    {
      const DynoPlanGap *gap = &g_array_index (p->gaps, DynoPlanGap, i);
      const DynoJson *other = dyno_json_element (wanted, i);

      g_assert_cmpfloat (gap->rpm[0], ==,
                         dyno_json_number (dyno_json_element (dyno_json_member (other, "rpm_range"),
                                                              0), NAN));
      g_assert_cmpint (gap->n_empty, ==, dyno_json_get_integer (other, "empty_cells", -1));
      g_assert_cmpint (gap->n_cells, ==, dyno_json_get_integer (other, "total_cells", -1));
      g_assert_cmpstr (dyno_impact_name (gap->impact), ==, dyno_json_get_string (other, "impact"));
    }
}

static void
assert_step (const DynoPlanStep *step,
             const DynoJson     *wanted)
{
  const DynoJson *rpm = dyno_json_member (wanted, "rpm_range");
  const DynoJson *map = dyno_json_member (wanted, "map_range");

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpfloat (step->rpm[i], ==, dyno_json_number (dyno_json_element (rpm, i), NAN));
      g_assert_cmpfloat (step->map_kpa[i], ==, dyno_json_number (dyno_json_element (map, i), NAN));
    }
  g_assert_cmpstr (dyno_test_type_name (step->type), ==,
                   dyno_json_get_string (wanted, "test_type"));
  g_assert_cmpint (step->priority, ==, dyno_json_get_integer (wanted, "priority", -1));
  dyno_assert_near (step->gain_pct,
                    dyno_json_get_number (wanted, "expected_coverage_gain", NAN), 1e-6);
  dyno_assert_near (step->score, dyno_json_get_number (wanted, "efficiency_score", NAN), 0.00501);
}

static void
read_hits (Fixture        *f,
           const DynoJson *rows)
{
  for (guint i = 0; i < dyno_grid_shape_cells (&f->shape); i++)
    f->hits[i] = (guint32) dyno_json_integer (
        dyno_json_element (dyno_json_element (rows, i / f->shape.load.n), i % f->shape.load.n), 0);
}

static void
read_facts (Fixture        *f,
            const DynoJson *root)
{
  const DynoJson *spark = dyno_json_member (dyno_json_member (root, "surfaces"), "spark_front");
  const DynoJson *counts = dyno_json_member (dyno_json_member (root, "mode_summary"), "counts");

  read_hits (f, dyno_json_member (spark, "hit_count"));
  f->facts.coverage_pct = 100.0 * (4 * 13 + 11) / 275;
  for (guint i = 0; i < DYNO_N_MODES; i++)
    f->facts.rows[i] = (gsize) dyno_json_get_integer (counts, dyno_mode_name (i), 0);
  dyno_plan_facts_add_cause (&f->facts, "knock_limit_valley_rear", 0.85);
  dyno_plan_facts_add_cause (&f->facts, "transient_tipin_hesitation", 0.85);
  f->constraints.min_rpm = 0;
  f->constraints.max_pulls = 100;
}

static void
test_golden (Fixture      *f,
             gconstpointer unused)
{
  g_autoptr(DynoJson) root = dyno_test_shared_json ("golden/nextgen_full/NextGenAnalysis.json");
  const DynoJson *tests = dyno_json_member (root, "next_tests");
  const DynoJson *steps = dyno_json_member (tests, "steps");
  g_autoptr(DynoPlan) p = NULL;

  if (root == NULL)
    return;

  read_facts (f, root);
  p = plan (f);
  assert_gaps (p, dyno_json_member (tests, "coverage_gaps_detailed"));
  g_assert_cmpuint (p->steps->len, ==, dyno_json_n_elements (steps));
  for (guint i = 0; i < p->steps->len; i++)
    assert_step (g_ptr_array_index (p->steps, i), dyno_json_element (steps, i));
}

#define ADD(path, grid, function) g_test_add (path, Fixture, grid, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/analysis/planner/complete", "11x9", test_complete);
  ADD ("/analysis/planner/high-load-gap", "11x9", test_high_load_gap);
  ADD ("/analysis/planner/empty-is-below-three", "11x9", test_empty_is_below_three);
  ADD ("/analysis/planner/few-rows", "11x9", test_few_rows);
  ADD ("/analysis/planner/causes", "11x9", test_causes);
  ADD ("/analysis/planner/same-name-once", "11x9", test_same_name_once);
  ADD ("/analysis/planner/cut-and-drop", "11x9", test_cut_and_drop);
  ADD ("/analysis/planner/max-pulls", "11x9", test_max_pulls);
  ADD ("/analysis/planner/environment", "11x9", test_environment);
  ADD ("/analysis/planner/gain-is-bounded", "11x9", test_gain_is_bounded);
  ADD ("/analysis/planner/advice", "11x9", test_advice);
  ADD ("/analysis/planner/golden", "11x5", test_golden);
  g_test_add_func ("/analysis/planner/constraints", test_constraints_are_checked);

  return g_test_run ();
}
