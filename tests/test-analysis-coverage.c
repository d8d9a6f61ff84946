/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analysis.h"
#include "dyno-coverage.h"
#include "dyno-test-set.h"

#define CELL(row, column) ((row) * 9 + (column)) /* on 11x9 */

static const double edge_rpm[] = { 1200, 5500 };

static DynoCoverage *
make (void)
{
  DynoGridShape shape;

  g_assert_true (dyno_grid_shape_named (&shape, "11x9"));

  return dyno_coverage_new (&shape);
}

/* Front hits in one cell; a rear sensor with its own where `rear` is not negative. */
static DynoCoverageRun *
make_run (const char *id,
          gint64      seen_ms,
          guint       cell,
          guint32     front,
          int         rear)
{
  DynoCoverageRun *run = dyno_coverage_run_new (id, seen_ms);

  run->hits[0] = g_new0 (guint32, 99);
  run->hits[0][cell] = front;
  if (rear < 0)
    return run;
  run->hits[1] = g_new0 (guint32, 99);
  run->hits[1][cell] = (guint32) rear;

  return run;
}

static void
test_empty (void)
{
  g_autoptr(DynoCoverage) coverage = make ();
  g_autoptr(DynoCoverageSummary) summary = dyno_coverage_summarise (coverage, edge_rpm);

  g_assert_cmpuint (summary->n_cells, ==, 99);
  g_assert_cmpuint (summary->n_covered, ==, 0);
  g_assert_cmpuint (summary->n_weak, ==, 0);
  g_assert_cmpfloat (summary->pct, ==, 0);
  g_assert_cmpint (summary->grade, ==, 'F');
  g_assert_cmpint (summary->cells[0].seen_ms, ==, 0);
}

/* The original counted a run twice when it was added twice. */
static void
test_a_run_counts_once (void)
{
  g_autoptr(DynoCoverage) coverage = make ();
  g_autoptr(DynoCoverageSummary) summary = NULL;

  g_assert_true (dyno_coverage_add (coverage, make_run ("run_1", 5, 0, 4, -1)));
  g_assert_false (dyno_coverage_add (coverage, make_run ("run_1", 9, 0, 4, -1)));
  summary = dyno_coverage_summarise (coverage, edge_rpm);
  g_assert_cmpuint (coverage->runs->len, ==, 1);
  g_assert_cmpuint (summary->cells[0].hits, ==, 4);
  g_assert_cmpint (summary->cells[0].seen_ms, ==, 5);
}

static void
test_remove (void)
{
  g_autoptr(DynoCoverage) coverage = make ();
  g_autoptr(DynoCoverageSummary) summary = NULL;

  dyno_coverage_add (coverage, make_run ("run_1", 5, 3, 4, -1));
  dyno_coverage_add (coverage, make_run ("run_2", 9, 3, 2, -1));
  g_assert_true (dyno_coverage_remove (coverage, "run_2"));
  g_assert_false (dyno_coverage_remove (coverage, "run_2"));
  summary = dyno_coverage_summarise (coverage, edge_rpm);
  g_assert_cmpuint (summary->cells[3].hits, ==, 4);
  g_assert_cmpint (summary->cells[3].seen_ms, ==, 5);
  g_assert_true (dyno_coverage_add (coverage, make_run ("run_2", 9, 3, 2, -1)));
}

/* Three hits cover a cell, below five it is weak, and the worse cylinder counts. */
static void
test_limits (void)
{
  static const struct
  {
    guint32 front;
    int     rear;
    guint   covered;
    guint   weak;
  } cases[] = { { 1, -1, 0, 1 }, { 2, -1, 0, 1 }, { 3, -1, 1, 1 }, { 4, -1, 1, 1 },
                { 5, -1, 1, 0 }, { 9, 0, 0, 0 },  { 9, 3, 1, 1 },  { 2, 9, 0, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(DynoCoverage) coverage = make ();
      g_autoptr(DynoCoverageSummary) summary = NULL;

      dyno_coverage_add (coverage,
                         make_run ("run_1", 1, CELL (4, 4), cases[i].front, cases[i].rear));
      summary = dyno_coverage_summarise (coverage, edge_rpm);
      g_assert_cmpuint (summary->n_covered, ==, cases[i].covered);
      g_assert_cmpuint (summary->n_weak, ==, cases[i].weak);
    }
}

/* A row from 1500 to 5000 rpm weighs 1 + 1 (decel), 3 · 5 (cruise), 3 · 4 (part) and
 * 2 (wot); the three rows from 5500 on are edge, 9 each. */
static void
test_weights (void)
{
  g_autoptr(DynoCoverage) coverage = make ();
  DynoCoverageRun *all = dyno_coverage_run_new ("run_1", 1);
  g_autoptr(DynoCoverageSummary) cruise = NULL;
  g_autoptr(DynoCoverageSummary) full = NULL;

  all->hits[0] = g_new0 (guint32, 99);
  for (guint row = 0; row < 8; row++)
    {
      for (guint column = 2; column <= 4; column++)
        all->hits[0][CELL (row, column)] = 3;
    }
  dyno_coverage_add (coverage, all);
  cruise = dyno_coverage_summarise (coverage, edge_rpm);
  g_assert_cmpuint (cruise->n_covered, ==, 24);
  dyno_assert_near (cruise->pct, 100.0 * 8 * 15 / (8 * 31 + 27), 1e-12);
  g_assert_cmpint (cruise->grade, ==, 'D');

  for (guint i = 0; i < 99; i++)
    all->hits[0][i] = 5;
  full = dyno_coverage_summarise (coverage, edge_rpm);
  g_assert_cmpfloat (full->pct, ==, 100);
  g_assert_cmpint (full->grade, ==, 'A');
}

static void
test_hits_saturate (void)
{
  g_autoptr(DynoCoverage) coverage = make ();
  g_autoptr(DynoCoverageSummary) summary = NULL;

  dyno_coverage_add (coverage, make_run ("run_1", 1, 0, G_MAXUINT32, -1));
  dyno_coverage_add (coverage, make_run ("run_2", 1, 0, 5, -1));
  summary = dyno_coverage_summarise (coverage, edge_rpm);
  g_assert_cmpuint (summary->cells[0].hits, ==, G_MAXUINT32);
}

static DynoSamples *
steady (double rpm,
        double map_kpa)
{
  DynoTestRows *rows = dyno_test_rows_new (200);

  dyno_test_rows_fill (rows, 0, 200, DYNO_CHANNEL_RPM, rpm);
  dyno_test_rows_fill (rows, 0, 200, DYNO_CHANNEL_MAP, map_kpa);
  dyno_test_rows_fill (rows, 0, 200, DYNO_CHANNEL_MIX_F, 13);
  dyno_test_rows_fill (rows, 0, 200, DYNO_CHANNEL_TARGET, 13);

  return dyno_test_rows_finish (rows, TRUE);
}

/* The runs of one analysis each have their own hits; together they are its hits. */
static void
test_runs_of_an_analysis (void)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoSamples) low = steady (2000, 40);
  g_autoptr(DynoSamples) high = steady (4000, 80);
  DynoSamples *runs[] = { low, high };
  g_autoptr(DynoVeResult) result = NULL;
  g_autoptr(DynoCoverageRun) first = NULL;
  g_autoptr(DynoCoverageRun) second = NULL;

  options->delay = DYNO_DELAY_NONE;
  result = dyno_analysis_run (runs, 2, options, NULL, NULL, NULL);
  g_assert_nonnull (result);
  first = dyno_coverage_run_of (result, 0, "run_1", 1);
  second = dyno_coverage_run_of (result, 1, "run_2", 2);
  g_assert_null (first->hits[1]);
  g_assert_cmpuint (first->hits[0][CELL (1, 2)], >, 100);
  g_assert_cmpuint (first->hits[0][CELL (5, 6)], ==, 0);
  g_assert_cmpuint (second->hits[0][CELL (5, 6)], >, 100);
  for (guint i = 0; i < result->n_cells; i++)
    g_assert_cmpuint (first->hits[0][i] + second->hits[0][i], ==,
                      result->cylinders[0].cells[i].hits);
}

static void
test_advice (void)
{
  g_autoptr(DynoCoverage) coverage = make ();
  g_autoptr(DynoCoverageSummary) summary = NULL;
  g_autoptr(DynoAdvice) advice = NULL;
  const DynoFinding *weak;

  dyno_coverage_add (coverage, make_run ("run_1", 1, 40, 2, -1));
  summary = dyno_coverage_summarise (coverage, edge_rpm);
  advice = dyno_coverage_advise (summary);
  g_assert_cmpuint (advice->findings->len, ==, 2);
  weak = g_ptr_array_index (advice->findings, 1);
  g_assert_cmpstr (weak->kind, ==, "weak-cells");
  g_assert_cmpuint (weak->cells->len, ==, 1);
  g_assert_cmpuint (g_array_index (weak->cells, guint, 0), ==, 40);
}

/* The original was given the same run twice and told of two. */
static void
test_golden (void)
{
  g_autoptr(DynoJson) root = dyno_test_shared_json ("golden/coverage_tracker/cases.json");
  const DynoJson *ids = dyno_json_member (root, "run_ids");
  g_autoptr(DynoCoverage) coverage = make ();

  if (root == NULL)
    return;

  g_assert_cmpint (dyno_json_get_integer (root, "total_runs_after_same_run_twice", -1), ==, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (dyno_coverage_add (coverage,
                                        make_run (dyno_json_string (dyno_json_element (ids, 0)), 1,
                                                  0, 3, -1)),
                     ==, i == 0);
  g_assert_cmpuint (coverage->runs->len, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/coverage/empty", test_empty);
  g_test_add_func ("/analysis/coverage/a-run-counts-once", test_a_run_counts_once);
  g_test_add_func ("/analysis/coverage/remove", test_remove);
  g_test_add_func ("/analysis/coverage/limits", test_limits);
  g_test_add_func ("/analysis/coverage/weights", test_weights);
  g_test_add_func ("/analysis/coverage/hits-saturate", test_hits_saturate);
  g_test_add_func ("/analysis/coverage/runs-of-an-analysis", test_runs_of_an_analysis);
  g_test_add_func ("/analysis/coverage/advice", test_advice);
  g_test_add_func ("/analysis/coverage/golden", test_golden);

  return g_test_run ();
}
