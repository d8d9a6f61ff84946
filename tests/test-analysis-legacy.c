/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-legacy-base.h"
#include "dyno-legacy-files.h"
#include "dyno-legacy-log.h"
#include "dyno-legacy-smooth.h"
#include "dyno-legacy.h"
#include "dyno-test.h"

#define HEADER "rpm,map_kpa,torque,afr_cmd_f,afr_meas_f,afr_cmd_r,afr_meas_r,iat,tps\n"

/* Rows of one engine state, under HEADER or another. */
static char *
make_log (const char *header,
          const char *row,
          guint       n)
{
  GString *text = g_string_new (header);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s\n", row);

  return g_string_free (text, FALSE);
}

static DynoLegacyResult *
run (const char          *log,
     const char          *option,
     const char          *value,
     const double *const  bases[DYNO_LEGACY_CYLINDERS])
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoAnalysisError) error = NULL;
  DynoLegacyResult *result;

  if (option != NULL)
    g_assert_true (dyno_ve_options_set_text (options, option, value, NULL));
  result = dyno_legacy_run (log, strlen (log), options, bases, NULL, &error);
  g_assert_null (error);
  g_assert_nonnull (result);

  return result;
}

static guint
cell_at (guint rpm,
         guint kpa)
{
  return (rpm - 1500) / 500 * DYNO_LEGACY_COLUMNS + (kpa - 35) / 15;
}

/* The original's own answers */

static char *
golden_path (const char *folder,
             const char *name)
{
  g_autofree char *path = g_build_filename ("golden", folder, name, NULL);

  return dyno_test_shared_file (path);
}

static void
compare_files (const char             *folder,
               const DynoLegacyResult *result,
               guint                   n_expected)
{
  g_autoptr(GPtrArray) files = dyno_legacy_files (result);

  g_assert_cmpuint (files->len, ==, n_expected);
  for (guint i = 0; i < files->len; i++)
    {
      const DynoLegacyFile *file = files->pdata[i];
      g_autofree char *name = g_build_filename ("output", file->name, NULL);
      g_autofree char *path = golden_path (folder, name);
      gsize length;
      g_autofree char *expected = dyno_test_read (path, &length);

      g_test_message ("%s", path);
      g_assert_cmpmem (file->text->str, file->text->len, expected, length);
    }
}

static const struct
{
  const char *folder;
  const char *input;
  const char *clamp;
} cases[] = {
  { "cli_root_dense12k", "dense_dyno_test.csv", "7" },
  { "cli_root_realistic3600_clamp7", "test_realistic.csv", "7" },
  { "cli_root_winpep_sample15", "WinPEP_Log_Sample.csv", "7" },
  { "cli_root_mini_lean", "lean.csv", "7" },
  { "cli_root_mini_knockf", "knockf.csv", "7" },
  { "cli_root_mini_knockcol", "knockcol.csv", "7" },
  { "cli_root_mini_tab", "tab.txt", "7" },
  { "cli_tools_realistic3600", "test_realistic.csv", "15" },
};

static void
test_golden (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *name = g_build_filename ("input", cases[i].input, NULL);
  g_autofree char *path = golden_path (cases[i].folder, name);
  g_autofree char *log = path != NULL ? dyno_test_read (path, NULL) : NULL;
  g_autofree DynoLegacyResult *result = NULL;

  if (log == NULL)
    return;
  result = run (log, "clamp_pct", cases[i].clamp, NULL);
  compare_files (cases[i].folder, result, 16);
}

static void
read_grid (const char *folder,
           const char *name,
           double      cells[DYNO_LEGACY_CELLS])
{
  g_autofree char *path = golden_path (folder, name);
  gsize length;
  g_autofree char *text = dyno_test_read (path, &length);

  g_assert_true (dyno_legacy_base_read (text, length, cells, NULL));
}

/* The base table itself is not in the case: VE had one decimal there, so it follows
 * from the updated table and the deltas. */
static void
test_golden_base (void)
{
  static const char folder[] = "cli_root_basefront";
  g_autofree char *path = golden_path (folder, "input/WinPEP_Log_Sample.csv");
  g_autofree char *log = path != NULL ? dyno_test_read (path, NULL) : NULL;
  g_autofree DynoLegacyResult *result = NULL;
  double delta[DYNO_LEGACY_CELLS];
  double base[DYNO_LEGACY_CELLS];
  const double *const bases[] = { base, NULL };

  if (log == NULL)
    return;
  read_grid (folder, "output/VE_Correction_Delta_DYNO.csv", delta);
  read_grid (folder, "output/VE_Front_Updated.csv", base);
  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    base[i] = isnan (delta[i]) ? base[i] : round (base[i] / (1 + delta[i] / 100) * 10) / 10;
  result = run (log, NULL, NULL, bases);
  compare_files (folder, result, 20);
}

static void
read_cells (const DynoJson *rows,
            double          cells[DYNO_LEGACY_CELLS])
{
  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    cells[i] = dyno_json_number (dyno_json_element (dyno_json_element (rows,
                                                                       i / DYNO_LEGACY_COLUMNS),
                                                    i % DYNO_LEGACY_COLUMNS), NAN);
}

static void
test_golden_smoothing (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/k1k2_micro/cases.json");
  g_autoptr(GPtrArray) names = NULL;

  if (golden == NULL)
    return;
  names = dyno_json_names (golden);
  g_assert_cmpuint (names->len, >, 0);
  for (guint i = 0; i < names->len; i++)
    {
      const DynoJson *one = dyno_json_member (golden, names->pdata[i]);
      double cells[DYNO_LEGACY_CELLS];
      double expected[DYNO_LEGACY_CELLS];

      read_cells (dyno_json_member (one, "input"), cells);
      read_cells (dyno_json_member (one, "output"), expected);
      dyno_legacy_smooth (cells, (guint) dyno_json_get_integer (one, "passes", 2));
      for (guint c = 0; c < DYNO_LEGACY_CELLS; c++)
        dyno_assert_near (cells[c], expected[c], 1e-12);
    }
}

static void
test_golden_columns (void)
{
  g_autoptr(DynoJson) golden = dyno_test_shared_json ("golden/column_match/cases.json");

  if (golden == NULL)
    return;
  for (guint i = 0; i < dyno_json_n_elements (golden); i++)
    {
      const DynoJson *one = dyno_json_element (golden, i);
      const DynoJson *lists[] = { dyno_json_member (one, "headers"), dyno_json_member (one, "cand") };
      g_autoptr(GPtrArray) headers = g_ptr_array_new ();
      g_autoptr(GPtrArray) candidates = g_ptr_array_new ();
      GPtrArray *arrays[] = { headers, candidates };
      int found;

      for (guint l = 0; l < 2; l++)
        {
          for (guint k = 0; k < dyno_json_n_elements (lists[l]); k++)
            g_ptr_array_add (arrays[l], (gpointer) dyno_json_string (dyno_json_element (lists[l], k)));
          g_ptr_array_add (arrays[l], NULL);
        }
      found = dyno_legacy_match ((const char *const *) headers->pdata,
                                 (const char *const *) candidates->pdata);
      g_assert_cmpstr (found < 0 ? NULL : headers->pdata[found], ==,
                       dyno_json_get_string (one, "match"));
    }
}

/* Rules of its own */

/* The example of A.1: a role finds the column that its words are in, first exactly. */
static void
test_columns (void)
{
  static const char *const headers[] = { "Time", "RPM 2", "Engine_RPM", "Fuel Map", "MAP", "tq",
                                         NULL };
  static const char *const rpm[] = { "rpm", NULL };
  static const char *const map[] = { "map", "kpa", NULL };
  static const char *const torque[] = { "torque", NULL };

  g_assert_cmpint (dyno_legacy_match (headers, rpm), ==, 1);
  g_assert_cmpint (dyno_legacy_match (headers, map), ==, 4);
  g_assert_cmpint (dyno_legacy_match (headers, torque), ==, -1);
}

/* 40 rows at 3000/80, commanded 13: lean takes fuel away here, up to the clamp. */
static void
test_inverted (void)
{
  static const struct
  {
    const char *measured;
    double      delta;
  } rows[] = { { "14.3", -7 }, { "12.0", 7 }, { "12.5", 4 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *row = g_strdup_printf ("3000,80,90,13,%s,,,90,50", rows[i].measured);
      g_autofree char *log = make_log (HEADER, row, 40);
      g_autofree DynoLegacyResult *result = run (log, NULL, NULL, NULL);

      dyno_assert_near (result->delta_pct[cell_at (3000, 80)], rows[i].delta, 1e-12);
      g_assert_true (isnan (result->cylinders[DYNO_LEGACY_REAR].error_pct[cell_at (3000, 80)]));
    }
}

/* Each row fails one test, in their order; the one of too little weight comes last. */
static void
test_reasons (void)
{
  static const char log[] = HEADER "3000,80,90,,13,,,90,50\n"
                                   "3000,80,90,13,,,,90,50\n"
                                   "3000,80,90,13,18.01,,,20,50\n"
                                   "3000,80,90,8.99,13,,,90,50\n"
                                   "3000,80,90,13,13,,,29.9,50\n"
                                   "3000,111,90,13,13,,,90,101\n"
                                   "3000,80,90,13,13,,,90,-0.1\n"
                                   "3000,80,4.99,13,13,,,90,50\n"
                                   "3000,80,-90,13,13,,,90,50\n"
                                   "3000,80,5,13,13,,,300,100\n"
                                   "3000,80,5,13,18,,,,\n";
  g_autofree DynoLegacyResult *result = run (log, NULL, NULL, NULL);
  const DynoLegacyCylinder *front = &result->cylinders[DYNO_LEGACY_FRONT];

  g_assert_cmpuint (result->n_rows, ==, 11);
  g_assert_cmpuint (front->counts[DYNO_GATE_NO_TARGET], ==, 1);
  g_assert_cmpuint (front->counts[DYNO_GATE_MIX_WINDOW], ==, 3);
  g_assert_cmpuint (front->counts[DYNO_GATE_IAT_RANGE], ==, 1);
  g_assert_cmpuint (front->counts[DYNO_GATE_MAP_RANGE], ==, 1);
  g_assert_cmpuint (front->counts[DYNO_GATE_TPS_RANGE], ==, 1);
  g_assert_cmpuint (front->counts[DYNO_GATE_LOW_WEIGHT], ==, 2);
  g_assert_cmpuint (front->counts[DYNO_GATE_ACCEPTED], ==, 2);
  g_assert_cmpuint (front->hits[cell_at (3000, 80)], ==, 2);
  g_assert_cmpuint (result->cylinders[DYNO_LEGACY_REAR].counts[DYNO_GATE_NO_TARGET], ==, 11);
}

/* Everything outside falls into the edge cell, ties go down. */
static void
test_edges (void)
{
  static const char log[] = HEADER "900,20,90,13,12.5,,,,\n"
                                   "9000,109,90,13,12.5,,,,\n"
                                   "1750,42.5,90,13,12.5,,,,\n";
  g_autofree DynoLegacyResult *result = run (log, NULL, NULL, NULL);
  const guint32 *hits = result->cylinders[DYNO_LEGACY_FRONT].hits;

  g_assert_cmpuint (hits[cell_at (1500, 35)], ==, 2);
  g_assert_cmpuint (hits[cell_at (6500, 95)], ==, 1);
}

/* Weighted by torque or by power; both need their column. */
static void
test_weight (void)
{
  static const char log[] = "rpm,map,torque,hp,afr cmd f,afr meas f\n"
                            "3000,80,10,90,13,13\n"
                            "3000,80,30,10,13,12.5\n"
                            "3000,80,30,,13,12\n";
  g_autofree DynoLegacyResult *torque = run (log, NULL, NULL, NULL);
  g_autofree DynoLegacyResult *hp = run (log, "legacy_weight", "hp", NULL);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoAnalysisError) error = NULL;

  dyno_assert_near (torque->cylinders[0].error_pct[cell_at (3000, 80)],
                    (30 * 4.0 + 30 * 100.0 / 12) / 70, 1e-12);
  dyno_assert_near (hp->cylinders[0].error_pct[cell_at (3000, 80)], 0.4, 1e-12);
  g_assert_cmpuint (hp->cylinders[0].hits[cell_at (3000, 80)], ==, 2);

  options->legacy_weight = DYNO_LEGACY_WEIGHT_HP;
  g_assert_null (dyno_legacy_run (HEADER, strlen (HEADER), options, NULL, NULL, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_MISSING_CHANNEL);
}

/* It shows in the rear errors of the band and never reaches the delta. */
static void
test_rear_bias (void)
{
  static const char row[] = "3000,80,90,13,12.5,13,12.5,90,50";
  g_autofree char *log = make_log (HEADER, row, 5);
  g_autofree DynoLegacyResult *plain = run (log, NULL, NULL, NULL);
  g_autofree DynoLegacyResult *biased = run (log, "rear_bias_pct", "2.5", NULL);
  guint cell = cell_at (3000, 80);

  dyno_assert_near (plain->cylinders[1].error_pct[cell], 4, 1e-12);
  dyno_assert_near (biased->cylinders[1].error_pct[cell], 6.5, 1e-12);
  dyno_assert_near (biased->cylinders[0].error_pct[cell], 4, 1e-12);
  g_assert_cmpfloat (biased->delta_pct[cell], ==, plain->delta_pct[cell]);
}

/* A.5: rear knock 1 at 125 °F, 3000/80 gives −4.17. */
static void
test_spark (void)
{
  static const char header[] = "rpm,map,torque,afr cmd r,afr meas r,knock r,iat\n";
  g_autofree char *log = make_log (header, "3000,80,90,13,13,1,125", 3);
  g_autofree char *cool = make_log (header, "3000,80,90,13,13,1,119.9", 3);
  g_autofree DynoLegacyResult *hot = run (log, NULL, NULL, NULL);
  g_autofree DynoLegacyResult *mild = run (cool, "rear_rule_deg", "3", NULL);
  guint cell = cell_at (3000, 80);

  dyno_assert_near (hot->cylinders[1].spark_deg[cell], -2.0 / 3 - 0.5 - 2 - 1, 1e-12);
  dyno_assert_near (hot->cylinders[1].spark_deg[cell_at (3500, 95)], -2, 1e-12);
  g_assert_cmpfloat (hot->cylinders[0].spark_deg[cell], ==, 0);
  dyno_assert_near (mild->cylinders[1].spark_deg[cell], -2.0 / 3 - 3, 1e-12);
}

/* Blank stays blank, without a delta the base stays; the rear table is its own. */
static void
test_bases (void)
{
  static const char text[] = "\xEF\xBB\xBFRPM,35,50,65,80,95\r\n"
                             "3000,60,61.5,,80,\r\n"
                             "3250,1,1,1,1,1\r\n"
                             "3500,,,,90,'91\r\n";
  g_autofree char *log = make_log (HEADER, "3000,80,90,13,12.5,13,12.5,90,50", 5);
  double front[DYNO_LEGACY_CELLS];
  double rear[DYNO_LEGACY_CELLS];
  const double *const bases[] = { front, rear };
  g_autofree DynoLegacyResult *result = NULL;

  g_assert_true (dyno_legacy_base_read (text, strlen (text), front, NULL));
  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    rear[i] = 50;
  result = run (log, NULL, NULL, bases);
  dyno_assert_near (result->cylinders[0].updated[cell_at (3000, 80)], 80 * 1.04, 1e-12);
  dyno_assert_near (result->cylinders[1].updated[cell_at (3000, 80)], 50 * 1.04, 1e-12);
  g_assert_cmpfloat (result->cylinders[0].updated[cell_at (3000, 50)], ==, 61.5);
  g_assert_cmpfloat (result->cylinders[0].updated[cell_at (3500, 95)], ==, 91);
  g_assert_true (isnan (result->cylinders[0].updated[cell_at (3000, 65)]));
  g_assert_true (isnan (result->cylinders[0].updated[cell_at (6500, 95)]));
}

static void
test_bad_bases (void)
{
  static const struct
  {
    const char        *text;
    DynoAnalysisReason reason;
  } bad[] = {
    { "", DYNO_ANALYSIS_BAD_TABLE },
    { "3000,1,2,3,4,5\n", DYNO_ANALYSIS_BAD_TABLE },
    { "RPM,35,50,65,80\n", DYNO_ANALYSIS_BAD_TABLE },
    { "RPM,20,30,40,50,60\n", DYNO_ANALYSIS_GRID_MISMATCH },
    { "RPM,35,50,65,80,95\n3000,x,1,1,1,1\n", DYNO_ANALYSIS_BAD_TABLE },
    { "RPM,35,50,65,80,95\n3000,1,1,1,1,inf\n", DYNO_ANALYSIS_BAD_TABLE },
    { "RPM,35,50,65,80,95\n,1,1,1,1,1\n", DYNO_ANALYSIS_BAD_TABLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(DynoAnalysisError) error = NULL;
      double cells[DYNO_LEGACY_CELLS];

      g_assert_false (dyno_legacy_base_read (bad[i].text, strlen (bad[i].text), cells, &error));
      g_assert_cmpint (error->reason, ==, bad[i].reason);
    }
}

/* One log in every form that it may have: the same result. */
static void
test_forms (void)
{
  static const char *const logs[] = {
    "rpm,map,torque,afr cmd f,afr meas f\n3000,80,90,13,12.5\n2500,65,80,13,13.5\n",
    "\xEF\xBB\xBFrpm,map,torque,afr cmd f,afr meas f\r\n3000,80,90,13,12.5\r\n2500,65,80,13,13.5",
    "RPM\tMAP\tTorque\tAFR_Cmd_F\tAFR_Meas_F\n3000\t80\t90\t13\t12.5\n2500\t65\t80\t13\t13.5\n",
    " rpm ; map ;torque; afr cmd f;afr meas f\r3000; 80 ; 90;13;12.5\r2500;65;80;+13.0;1.35e1\r",
    "note,rpm,map,torque,afr cmd f,afr meas f\n\"a,\nb \"\"c\"\"\",3000,80,90,13,\"12.5\"\n\n"
    ",2500,65,80,13,13.5,extra,cells\n,,65,80,13,13\nx,2500,nan,80,13,13\n,2500,65\n",
    "map,torque,rpm,rpm,afr cmd f,afr meas f,MAP\n80,90,1,3000,13,12.5,7\n65,80,1,2500,13,13.5,7\n",
  };
  g_autofree DynoLegacyResult *first = run (logs[0], NULL, NULL, NULL);

  for (guint i = 1; i < G_N_ELEMENTS (logs); i++)
    {
      g_autofree DynoLegacyResult *other = run (logs[i], NULL, NULL, NULL);

      g_test_message ("%s", logs[i]);
      g_assert_cmpuint (other->n_rows, ==, 2);
      g_assert_cmpmem (other->delta_pct, sizeof other->delta_pct, first->delta_pct,
                       sizeof first->delta_pct);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char        *log;
    DynoAnalysisReason reason;
    const char        *named;
  } bad[] = {
    { "", DYNO_ANALYSIS_NO_ROWS, "empty" },
    { "\n\n", DYNO_ANALYSIS_NO_ROWS, "empty" },
    { HEADER, DYNO_ANALYSIS_NO_ROWS, "MAP" },
    { HEADER "a,b,c\n,,\n", DYNO_ANALYSIS_NO_ROWS, "MAP" },
    { "rpm,map\n3000,80\n", DYNO_ANALYSIS_MISSING_CHANNEL, "torque" },
    { "torque\n90\n", DYNO_ANALYSIS_MISSING_CHANNEL, "engine speed" },
  };
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(DynoAnalysisError) error = NULL;

      g_assert_null (dyno_legacy_run (bad[i].log, strlen (bad[i].log), options, NULL, NULL,
                                      &error));
      g_assert_cmpint (error->reason, ==, bad[i].reason);
      g_assert_nonnull (strstr (error->message, bad[i].named));
    }
}

static void
test_cancelled (void)
{
  g_autofree char *log = make_log (HEADER, "3000,80,90,13,12.5,,,90,50", 3);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoAnalysisError) error = NULL;
  gint is_cancelled = TRUE;
  DynoProgress progress = { NULL, NULL, &is_cancelled };

  g_assert_null (dyno_legacy_run (log, strlen (log), options, NULL, &progress, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_CANCELLED);
}

/* MAD of the errors 0, 4 and 8.33 %: the median of 4, 0 and 4.33. */
static void
test_mad (void)
{
  static const char log[] = HEADER "3000,80,90,13,13,,,90,50\n"
                                   "3000,80,90,13,12.5,,,90,50\n"
                                   "3000,80,90,13,12,,,90,50\n";
  g_autofree DynoLegacyResult *result = run (log, NULL, NULL, NULL);

  dyno_assert_near (result->cylinders[0].mad_pct[cell_at (3000, 80)], 4, 1e-12);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat ("/analysis/legacy/golden/", cases[i].folder, NULL);

      g_test_add_data_func (name, GUINT_TO_POINTER (i), test_golden);
    }
  g_test_add_func ("/analysis/legacy/golden/cli_root_basefront", test_golden_base);
  g_test_add_func ("/analysis/legacy/golden/k1k2_micro", test_golden_smoothing);
  g_test_add_func ("/analysis/legacy/golden/column_match", test_golden_columns);
  g_test_add_func ("/analysis/legacy/columns", test_columns);
  g_test_add_func ("/analysis/legacy/inverted", test_inverted);
  g_test_add_func ("/analysis/legacy/reasons", test_reasons);
  g_test_add_func ("/analysis/legacy/edges", test_edges);
  g_test_add_func ("/analysis/legacy/weight", test_weight);
  g_test_add_func ("/analysis/legacy/rear-bias", test_rear_bias);
  g_test_add_func ("/analysis/legacy/spark", test_spark);
  g_test_add_func ("/analysis/legacy/bases", test_bases);
  g_test_add_func ("/analysis/legacy/bad-bases", test_bad_bases);
  g_test_add_func ("/analysis/legacy/forms", test_forms);
  g_test_add_func ("/analysis/legacy/refused", test_refused);
  g_test_add_func ("/analysis/legacy/cancelled", test_cancelled);
  g_test_add_func ("/analysis/legacy/mad", test_mad);

  return g_test_run ();
}
