/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-anomaly.h"
#include "dyno-confidence-advise.h"
#include "dyno-factors.h"
#include "dyno-test-csv.h"
#include "dyno-test-plant.h"
#include "dyno-test.h"

#include <string.h>

#define CELL DYNO_TEST_PLANT_CELL

/* The first `n` cells of 11x5 with the same hits and MAD in both cylinders. */
typedef struct
{
  guint32             hits[55];
  double              mad[55];
  double              scores[64];
  DynoConfidenceInput input;
} Made;

static void
make (Made    *made,
      guint    n,
      guint32  hits,
      double   mad)
{
  memset (made, 0, sizeof *made);
  g_assert_true (dyno_grid_shape_named (&made->input.shape, "11x5"));
  for (guint i = 0; i < 55; i++)
    {
      made->hits[i] = i < n ? hits : 0;
      made->mad[i] = i < n ? mad : NAN;
    }
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      made->input.hits[c] = made->hits;
      made->input.mad[c] = made->mad;
    }
  made->input.anomaly_scores = made->scores;
}

static void
assert_part (const DynoConfidenceReport *report,
             const DynoJson             *scores,
             DynoConfidencePart          part)
{
  const DynoJson *wanted = dyno_json_member (scores, dyno_confidence_part_name (part));

  dyno_assert_near (report->parts[part], dyno_json_get_number (wanted, "score", NAN), 0.0501);
}

static void
assert_regions (const DynoConfidenceReport *report,
                const DynoJson             *regions)
{
  for (guint r = 0; r < DYNO_N_CONFIDENCE_REGIONS; r++)
    {
      const DynoJson *wanted = dyno_json_member (regions, dyno_confidence_region_name (r));
      double mad = report->regions[r].mean_mad;

      g_assert_cmpuint (report->regions[r].n_cells, ==,
                        (guint) dyno_json_get_number (wanted, "cells_total", NAN));
      g_assert_cmpuint (report->regions[r].n_covered, ==,
                        (guint) dyno_json_get_number (wanted, "cells_covered", NAN));
      dyno_assert_near (isnan (mad) ? 0 : mad, dyno_json_get_number (wanted, "average_mad", NAN),
                        0.0051);
    }
}

static void
test_golden (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/confidence_micro/cases.json");

  for (guint i = 0; golden != NULL && i < dyno_json_n_elements (golden); i++)
    {
      const DynoJson *row = dyno_json_element (golden, i);
      const DynoJson *wanted = dyno_json_member (row, "report");
      const DynoJson *scores = dyno_json_member (row, "anomaly_scores");
      DynoConfidenceReport report;
      Made made;

      make (&made, (guint) dyno_json_get_number (row, "cells", NAN),
            (guint32) dyno_json_get_number (row, "hits_each_cyl", NAN),
            dyno_json_get_number (row, "mad", NAN));
      made.input.is_original = TRUE;
      made.input.n_clamped = (guint) dyno_json_get_number (row, "clamped", NAN);
      made.input.n_anomalies = dyno_json_n_elements (scores);
      for (guint k = 0; k < made.input.n_anomalies; k++)
        made.scores[k] = dyno_json_number (dyno_json_element (scores, k), NAN);
      dyno_confidence_report_init (&report, &made.input);

      dyno_assert_near (report.overall, dyno_json_get_number (wanted, "overall_score", NAN),
                        0.0501);
      g_assert_cmpint (report.grade, ==, dyno_json_get_string (wanted, "letter_grade")[0]);
      for (guint p = 0; p < DYNO_N_CONFIDENCE_PARTS; p++)
        assert_part (&report, dyno_json_member (wanted, "component_scores"),
                     (DynoConfidencePart) p);
      assert_regions (&report, dyno_json_member (wanted, "region_breakdown"));
    }
}

/* Hits and MAD of the original's own run. */
typedef struct
{
  guint32 hits[DYNO_VE_CYLINDERS][55];
  double  mad[DYNO_VE_CYLINDERS][55];
} Tools;

static gboolean
read_tools (Tools *tools)
{
  static const char *const files[DYNO_VE_CYLINDERS] = {
    "golden/cli_tools_realistic3600/output/Coverage_Front.csv",
    "golden/cli_tools_realistic3600/output/Coverage_Rear.csv",
  };
  static const char *const names[DYNO_VE_CYLINDERS] = { "front", "rear" };
  g_autoptr(DynoJson) found = dyno_test_shared_json (
      "golden/cli_tools_realistic3600/output/Anomaly_Hypotheses.json");

  for (guint c = 0; found != NULL && c < DYNO_VE_CYLINDERS; c++)
    {
      g_autoptr(DynoTestCsv) coverage = dyno_test_csv_read (files[c]);
      const DynoJson *mad = dyno_json_member (
          dyno_json_member (dyno_json_member (dyno_json_member (found, "correction_diagnostics"),
                                              names[c]), "per_bin_stats"), "mad");

      for (guint i = 0; i < 55; i++)
        {
          tools->hits[c][i] = (guint32) coverage->values[(1 + i % 5) * coverage->n_rows + i / 5];
          tools->mad[c][i] =
              dyno_json_number (dyno_json_element (dyno_json_element (mad, i / 5), i % 5), NAN);
        }
    }

  return found != NULL;
}

static void
test_golden_tools (void)
{
  g_autoptr(DynoJson) wanted =
      dyno_test_shared_json ("golden/cli_tools_realistic3600/output/ConfidenceReport.json");
  Tools tools;
  DynoConfidenceInput input = { .is_original = TRUE };
  DynoConfidenceReport report;

  if (wanted == NULL || !read_tools (&tools))
    return;
  g_assert_true (dyno_grid_shape_named (&input.shape, "11x5"));
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      input.hits[c] = tools.hits[c];
      input.mad[c] = tools.mad[c];
    }
  dyno_confidence_report_init (&report, &input);
  dyno_assert_near (report.overall, dyno_json_get_number (wanted, "overall_score", NAN), 0.0501);
  for (guint p = 0; p < DYNO_N_CONFIDENCE_PARTS; p++)
    assert_part (&report, dyno_json_member (wanted, "component_scores"), (DynoConfidencePart) p);
  assert_regions (&report, dyno_json_member (wanted, "region_breakdown"));
  g_assert_cmpint (report.grade, ==, 'D');
}

static double
consistency (double   mad,
             gboolean is_original)
{
  DynoConfidenceReport report;
  Made made;

  make (&made, 55, 10, mad);
  made.input.is_original = is_original;
  dyno_confidence_report_init (&report, &made.input);

  return report.parts[DYNO_CONFIDENCE_PART_CONSISTENCY];
}

static void
test_consistency (void)
{
  static const double rows[][3] = { /* MAD, ours, original */
    { 0.1, 98, 100 }, { 0.49, 90.2, 100 }, { 0.5, 90, 90 }, { 1, 70, 70 }, { 2, 30, 30 },
    { 5, 0, 0 }, { 0, 100, 100 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      dyno_assert_near (consistency (rows[i][0], FALSE), rows[i][1], 1e-9);
      dyno_assert_near (consistency (rows[i][0], TRUE), rows[i][2], 1e-9);
    }
}

/* What ours does and the original did not: gates that could not look cost, and no
 * data is a D. */
static void
test_ours (void)
{
  DynoConfidenceReport report;
  Made made;

  make (&made, 55, 6, 0.5);
  dyno_confidence_report_init (&report, &made.input);
  dyno_assert_near (report.overall, 97, 1e-9);
  g_assert_cmpuint (report.n_gains, ==, 0);
  made.input.n_gates_unavailable = 3;
  dyno_confidence_report_init (&report, &made.input);
  dyno_assert_near (report.overall, 88, 1e-9);
  make (&made, 0, 0, NAN);
  dyno_confidence_report_init (&report, &made.input);
  dyno_assert_near (report.overall, 0, 0);
  g_assert_cmpint (report.grade, ==, 'D');
  made.input.is_original = TRUE;
  dyno_confidence_report_init (&report, &made.input);
  g_assert_cmpfloat (report.overall, >, 50);
}

static void
test_anomalies_and_clamping (void)
{
  static const struct
  {
    guint  n;
    double score; /* of each */
    double points;
  } rows[] = { { 2, 2, 85 },  { 5, 2, 70 },   { 6, 2, 60 },
               { 20, 1, 0 },  { 1, 3.1, 75 }, { 2, 9, 65 } };
  static const double clamped[][2] = { { 0, 100 }, { 2, 90 }, { 3, 75 }, { 6, 50 }, { 11, 50 },
                                       { 55, 0 } };
  DynoConfidenceReport report;
  Made made;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      make (&made, 55, 6, 0.5);
      made.input.n_anomalies = rows[i].n;
      for (guint k = 0; k < rows[i].n; k++)
        made.scores[k] = rows[i].score;
      dyno_confidence_report_init (&report, &made.input);
      dyno_assert_near (report.parts[DYNO_CONFIDENCE_PART_ANOMALIES], rows[i].points, 1e-9);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (clamped); i++)
    {
      make (&made, 55, 6, 0.5);
      made.input.n_clamped = (guint) clamped[i][0];
      dyno_confidence_report_init (&report, &made.input);
      dyno_assert_near (report.parts[DYNO_CONFIDENCE_PART_CLAMPING], clamped[i][1], 1e-9);
    }
}

/* The cheapest gains: fewest hits to go, then where one drives; doing what they ask
 * brings what they promise. */
static void
test_gains (void)
{
  DynoConfidenceReport report;
  DynoConfidenceReport better;
  Made made;

  make (&made, 20, 6, 0.5);
  made.hits[30] = 4; /* 2 to go, 4500/35 */
  made.hits[41] = 1; /* 8 to go, 5500/50: edge */
  made.hits[21] = 1; /* 8 to go, 3500/50: cruise */
  dyno_confidence_report_init (&report, &made.input);
  g_assert_cmpuint (report.n_gains, ==, DYNO_CONFIDENCE_GAINS);
  g_assert_cmpuint (report.gains[0].cell, ==, 30);
  g_assert_cmpuint (report.gains[0].hits, ==, 2);
  g_assert_cmpuint (report.gains[1].cell, ==, 21);
  g_assert_cmpuint (report.gains[2].cell, ==, 41);
  g_assert_cmpuint (report.gains[3].hits, ==, 10);
  made.hits[30] += 1;
  dyno_confidence_report_init (&better, &made.input);
  dyno_assert_near (better.overall - report.overall, report.gains[0].gain, 0.101);
  g_assert_cmpuint (better.n_covered, ==, report.n_covered + 1);
}

static void
test_planted (void)
{
  for (guint has_engine_temp = 0; has_engine_temp <= 1; has_engine_temp++)
    {
      g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (40);
      g_autoptr(DynoVeResult) result = NULL;
      g_autoptr(DynoAdvice) anomalies = dyno_advice_new ("anomalies");
      g_autoptr(DynoAdvice) advice = NULL;
      DynoConfidenceReport report;

      if (has_engine_temp)
        dyno_test_plant_channel (plant, DYNO_CHANNEL_ENGINE_TEMP, 90);
      result = dyno_test_plant_analyse (plant, NULL);
      dyno_confidence_report_of_result (&report, result, anomalies);
      advice = dyno_confidence_report_advise (&report, result);
      g_assert_cmpuint (report.n_covered, ==, 99);
      g_assert_cmpuint (report.n_gates_unavailable, ==, has_engine_temp ? 0 : 1);
      g_assert_cmpint (report.grade, ==, 'A');
      g_assert_cmpfloat (report.mean_mad, >, 0);
      g_assert_cmpfloat (report.mean_mad, <, 0.2);
      g_assert_nonnull (dyno_test_find_kind (advice, "confidence"));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/confidence-report/golden", test_golden);
  g_test_add_func ("/analysis/confidence-report/golden-tools", test_golden_tools);
  g_test_add_func ("/analysis/confidence-report/consistency", test_consistency);
  g_test_add_func ("/analysis/confidence-report/ours", test_ours);
  g_test_add_func ("/analysis/confidence-report/anomalies-and-clamping",
                   test_anomalies_and_clamping);
  g_test_add_func ("/analysis/confidence-report/gains", test_gains);
  g_test_add_func ("/analysis/confidence-report/planted", test_planted);

  return g_test_run ();
}
