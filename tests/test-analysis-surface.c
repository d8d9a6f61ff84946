/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-surface.h"
#include "dyno-test-set.h"
#include "dyno-valley.h"

#include <math.h>

#define CELL(row, column) ((row) * 9 + (column)) /* on 11x9 */

typedef DynoTestRows Rows;

static Rows *
steady (gsize n)
{
  Rows *rows = dyno_test_rows_new (n);

  dyno_test_rows_fill (rows, 0, n, DYNO_CHANNEL_RPM, 2500);
  dyno_test_rows_fill (rows, 0, n, DYNO_CHANNEL_MAP, 50);
  dyno_test_rows_fill (rows, 0, n, DYNO_CHANNEL_MIX_F, 13.5);
  dyno_test_rows_fill (rows, 0, n, DYNO_CHANNEL_TARGET_F, 13);

  return rows;
}

static DynoSurfaces *
make (Rows *rows)
{
  g_autoptr(DynoVeSet) set = dyno_test_make_set (dyno_test_rows_finish (rows, TRUE), "11x9");
  g_autoptr(DynoModes) modes = dyno_modes_find (set, NULL);

  return dyno_surfaces_make (set, modes, NULL);
}

/* Lean is positive; a cell has its value from three hits on. */
static void
test_mixture_error (void)
{
  Rows *rows = steady (103);
  g_autoptr(DynoSurfaces) surfaces = NULL;
  const DynoSurface *front;

  dyno_test_rows_fill (rows, 0, 103, DYNO_CHANNEL_RPM, 2500);
  dyno_test_rows_fill (rows, 100, 103, DYNO_CHANNEL_RPM, 4000);
  surfaces = make (rows);
  front = &surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_F];
  g_assert_cmpuint (front->n_cells, ==, 2);
  g_assert_cmpuint (front->n_samples, ==, 103);
  g_assert_cmpuint (front->grid->hits[CELL (2, 3)], ==, 100);
  g_assert_cmpuint (front->grid->hits[CELL (5, 3)], ==, 3);
  dyno_assert_near (front->grid->values[CELL (2, 3)], 0.5, 1e-12);
  dyno_assert_near (front->mean, 0.5, 1e-12);
  dyno_assert_near (front->coverage_pct, 200.0 / 99, 1e-12);
  g_assert_true (isnan (front->grid->values[CELL (3, 3)]));

  g_assert_null (surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_R].grid);
  g_assert_null (surfaces->surfaces[DYNO_SURFACE_SPARK_F].grid);
  g_assert_null (surfaces->surfaces[DYNO_SURFACE_KNOCK].grid);
  g_assert_false (surfaces->has_knock);
}

static void
test_few_hits (void)
{
  g_autoptr(DynoSurfaces) surfaces = make (steady (2));
  const DynoSurface *front = &surfaces->surfaces[DYNO_SURFACE_MIX_ERROR_F];

  g_assert_cmpuint (front->n_cells, ==, 0);
  g_assert_cmpuint (front->grid->hits[CELL (2, 3)], ==, 2);
  g_assert_true (isnan (front->mean));
  g_assert_true (isnan (front->p95));
}

/* A sensor without contact, or an idle below the axes, makes no value. */
static void
test_left_out (void)
{
  Rows *rows = steady (100);
  g_autoptr(DynoSurfaces) pegged = NULL;
  g_autoptr(DynoSurfaces) outside = NULL;

  dyno_test_rows_fill (rows, 0, 100, DYNO_CHANNEL_MIX_F, 22.4);
  pegged = make (rows);
  g_assert_cmpuint (pegged->surfaces[DYNO_SURFACE_MIX_ERROR_F].n_samples, ==, 0);

  rows = steady (100);
  dyno_test_rows_fill (rows, 0, 100, DYNO_CHANNEL_RPM, 900);
  outside = make (rows);
  g_assert_cmpuint (outside->surfaces[DYNO_SURFACE_MIX_ERROR_F].n_samples, ==, 0);
}

/* Held copies are no hits: a spark read every fifth row. */
static void
test_updates (void)
{
  Rows *rows = steady (100);
  g_autoptr(DynoSurfaces) surfaces = NULL;

  for (gsize i = 0; i < 100; i += 5)
    dyno_test_rows_set (rows, i, DYNO_CHANNEL_SPARK, 25);
  surfaces = make (rows);
  g_assert_cmpuint (surfaces->surfaces[DYNO_SURFACE_SPARK_F].n_samples, ==, 20);
  g_assert_true (surfaces->surfaces[DYNO_SURFACE_SPARK_F].is_shared);
  dyno_assert_near (surfaces->surfaces[DYNO_SURFACE_SPARK_R].mean, 25, 1e-12);
}

/* Knock is a matter of full load; that of the worse cylinder counts. */
static void
test_knock (void)
{
  Rows *rows = steady (100);
  g_autoptr(DynoSurfaces) dead = NULL;
  g_autoptr(DynoSurfaces) alive = NULL;

  dyno_test_rows_fill (rows, 0, 100, DYNO_CHANNEL_KNOCK, 0);
  dead = make (rows);
  g_assert_cmpuint (dead->surfaces[DYNO_SURFACE_KNOCK].n_samples, ==, 0);
  g_assert_false (dead->has_knock);

  rows = steady (100);
  dyno_test_rows_fill (rows, 0, 100, DYNO_CHANNEL_MAP, 90);
  dyno_test_rows_fill (rows, 0, 100, DYNO_CHANNEL_KNOCK_F, 1);
  dyno_test_rows_fill (rows, 0, 100, DYNO_CHANNEL_KNOCK_R, 0);
  dyno_test_rows_fill (rows, 50, 100, DYNO_CHANNEL_KNOCK_R, 3);
  alive = make (rows);
  g_assert_true (alive->has_knock);
  dyno_assert_near (alive->surfaces[DYNO_SURFACE_KNOCK].mean, 2, 1e-12);
}

static void
test_advice (void)
{
  g_autoptr(DynoSurfaces) surfaces = make (steady (100));
  g_autoptr(DynoAdvice) advice = dyno_surfaces_advise (surfaces);
  DynoValleys valleys;
  g_autoptr(DynoAdvice) valley_advice = NULL;

  g_assert_cmpuint (advice->findings->len, ==, 1);
  g_assert_cmpstr (((const DynoFinding *) g_ptr_array_index (advice->findings, 0))->kind, ==,
                   "mix_error_f");

  dyno_valleys_find (surfaces, &valleys);
  g_assert_cmpuint (valleys.n, ==, 0);
  valley_advice = dyno_valleys_advise (&valleys, surfaces);
  g_assert_false (dyno_advice_is_available (valley_advice));
  g_assert_cmpstr (g_ptr_array_index (valley_advice->missing, 0), ==, "spark");
}

/* Spark of a row of the grid at high load. */
static DynoGrid *
make_spark (const double *spark,
            guint         n,
            guint32       hits)
{
  DynoGridShape shape;
  DynoGrid *grid;

  g_assert_true (dyno_grid_shape_named (&shape, "11x9"));
  grid = dyno_grid_new (&shape);
  for (guint i = 0; i < n; i++)
    {
      grid->values[CELL (i, 7)] = spark[i];
      grid->hits[CELL (i, 7)] = hits;
    }

  return grid;
}

static void
test_planted_valley (void)
{
  const double spark[] = { 30, 30, 30, 26, 24, 26, 30, 30, 30, 30, 30 };
  g_autoptr(DynoGrid) grid = make_spark (spark, 11, 6);
  DynoValley valley;

  g_assert_true (dyno_valley_find (grid, &valley));
  g_assert_cmpfloat (valley.rpm, ==, 3500);
  g_assert_cmpfloat (valley.rpm_low, ==, 3000);
  g_assert_cmpfloat (valley.rpm_high, ==, 4000);
  dyno_assert_near (valley.least_deg, (26 + 24 + 26) / 3.0, 1e-12);
  dyno_assert_near (valley.depth_deg, 30 - (26 + 24 + 26) / 3.0, 1e-12);
  dyno_assert_near (valley.map_kpa, 90, 1e-12);
  dyno_assert_near (valley.confidence, 0.4 + 0.25 + 0.2, 1e-12);
}

/* Holes are filled from both sides. */
static void
test_valley_with_holes (void)
{
  const double spark[] = { 30, 30, NAN, 24, 20, NAN, 24, 30, NAN, NAN, NAN };
  g_autoptr(DynoGrid) grid = make_spark (spark, 11, 1);
  DynoValley valley;

  g_assert_true (dyno_valley_find (grid, &valley));
  g_assert_cmpfloat (valley.rpm, ==, 3500);
  dyno_assert_near (valley.least_deg, (24 + 20 + 22) / 3.0, 1e-12);
}

/* A flat curve, a slope, a step and a dip at the edge are no valley. */
static void
test_no_valley (void)
{
  static const double curves[][11] = {
    { 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30 },
    { 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30 },
    { 30, 30, 30, 30, 30, 24, 24, 24, 24, 24, 24 },
    { 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 20 },
    { 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30 },
    { NAN, NAN, NAN, 30, 20, 30, 30, NAN, NAN, NAN, NAN },
    { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (curves); i++)
    {
      g_autoptr(DynoGrid) grid = make_spark (curves[i], 11, 10);
      DynoValley valley;

      g_assert_false (dyno_valley_find (grid, &valley));
    }
}

static const struct
{
  const char *name;
  guint       kind;
} golden[] = {
  { "spark_front", DYNO_SURFACE_SPARK_F },         { "spark_rear", DYNO_SURFACE_SPARK_R },
  { "afr_error_front", DYNO_SURFACE_MIX_ERROR_F }, { "afr_error_rear", DYNO_SURFACE_MIX_ERROR_R },
  { "knock_activity", DYNO_SURFACE_KNOCK },
};

static void
assert_cells (const DynoGrid *grid,
              const DynoJson *values,
              const DynoJson *hits)
{
  for (guint row = 0; row < grid->shape.rpm.n; row++)
    {
      for (guint c = 0; c < grid->shape.load.n; c++)
        {
          guint cell = row * grid->shape.load.n + c;

          dyno_assert_near (grid->values[cell],
                            dyno_json_number (dyno_json_element (dyno_json_element (values, row),
                                                                 c), NAN), 1e-6);
          g_assert_cmpint (grid->hits[cell], ==,
                           dyno_json_integer (dyno_json_element (dyno_json_element (hits, row), c),
                                              -1));
        }
    }
}

static void
assert_surface (const DynoSurface *surface,
                const DynoJson    *wanted)
{
  const DynoJson *stats = dyno_json_member (wanted, "stats");

  assert_cells (surface->grid, dyno_json_member (wanted, "values"),
                dyno_json_member (wanted, "hit_count"));
  dyno_assert_near (surface->min, dyno_json_get_number (stats, "min", NAN), 1e-6);
  dyno_assert_near (surface->max, dyno_json_get_number (stats, "max", NAN), 1e-6);
  dyno_assert_near (surface->mean, dyno_json_get_number (stats, "mean", NAN), 1e-6);
  dyno_assert_near (surface->p05, dyno_json_get_number (stats, "p05", NAN), 1e-6);
  dyno_assert_near (surface->p95, dyno_json_get_number (stats, "p95", NAN), 1e-6);
  g_assert_cmpint (surface->n_cells, ==, dyno_json_get_integer (stats, "non_nan_cells", -1));
  g_assert_cmpint ((gint64) surface->n_samples, ==,
                   dyno_json_get_integer (stats, "total_samples", -1));
  dyno_assert_near (surface->coverage_pct, dyno_json_get_number (stats, "coverage_pct", NAN), 0.05);
}

static void
assert_valley (const DynoValley *valley,
               const DynoJson   *compare,
               const char       *cylinder)
{
  g_autofree char *depth = g_strconcat (cylinder, "_depth_deg", NULL);
  g_autofree char *least = g_strconcat (cylinder, "_valley_min", NULL);
  g_autofree char *center = g_strconcat (cylinder, "_rpm_center", NULL);

  g_assert_nonnull (valley);
  dyno_assert_near (valley->depth_deg, dyno_json_get_number (compare, depth, NAN), 1e-6);
  dyno_assert_near (valley->least_deg, dyno_json_get_number (compare, least, NAN), 1e-6);
  g_assert_cmpfloat (valley->rpm, ==, dyno_json_get_number (compare, center, NAN));
  g_assert_cmpfloat (valley->rpm_low, ==, 3000);
  g_assert_cmpfloat (valley->rpm_high, ==, 4000);
  dyno_assert_near (valley->map_kpa, 87.5, 1e-9);
}

static void
test_golden_compat (void)
{
  g_autoptr(DynoJson) wanted = dyno_test_shared_json ("golden/nextgen_full/NextGenAnalysis.json");
  g_autoptr(DynoJson) compare = NULL;
  g_autoptr(DynoVeSet) set = NULL;
  g_autoptr(DynoModes) modes = NULL;
  g_autoptr(DynoSurfaces) surfaces = NULL;
  DynoValleys valleys;

  if (wanted == NULL)
    return;

  compare = dyno_test_shared_json ("golden/nextgen_full/compare_valleys.json");
  set = dyno_test_make_set (dyno_test_read_nextgen (), "11x5");
  modes = dyno_modes_find_compat (set);
  surfaces = dyno_surfaces_make_compat (set, modes);
  for (guint i = 0; i < G_N_ELEMENTS (golden); i++)
    assert_surface (&surfaces->surfaces[golden[i].kind],
                    dyno_json_member (dyno_json_member (wanted, "surfaces"), golden[i].name));

  dyno_valleys_find (surfaces, &valleys);
  g_assert_cmpuint (valleys.n, ==, 2);
  assert_valley (dyno_valleys_get (&valleys, DYNO_VALLEY_FRONT), compare, "front");
  assert_valley (dyno_valleys_get (&valleys, DYNO_VALLEY_REAR), compare, "rear");
  dyno_assert_near (valleys.valleys[0].confidence, 0.85, 1e-9);
  dyno_assert_near (valleys.valleys[1].confidence, 1.0, 1e-9);
}

/* Ours finds the same valleys in the same log. */
static void
test_golden_ours (void)
{
  DynoSamples *samples = dyno_test_read_nextgen ();
  g_autoptr(DynoVeSet) set = NULL;
  g_autoptr(DynoModes) modes = NULL;
  g_autoptr(DynoSurfaces) surfaces = NULL;
  g_autoptr(DynoAdvice) advice = NULL;
  DynoValleys valleys;

  if (samples == NULL)
    return;

  set = dyno_test_make_set (samples, "11x9");
  modes = dyno_modes_find (set, NULL);
  surfaces = dyno_surfaces_make (set, modes, NULL);
  dyno_valleys_find (surfaces, &valleys);
  g_assert_cmpuint (valleys.n, ==, 2);
  dyno_assert_near (dyno_valleys_get (&valleys, DYNO_VALLEY_FRONT)->depth_deg, 3.63, 0.15);
  dyno_assert_near (dyno_valleys_get (&valleys, DYNO_VALLEY_REAR)->depth_deg, 6.54, 0.15);

  advice = dyno_valleys_advise (&valleys, surfaces);
  g_assert_cmpuint (advice->findings->len, ==, 2);
  g_assert_cmpuint (((const DynoFinding *) g_ptr_array_index (advice->findings, 0))->cells->len, >,
                    0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/surface/mixture-error", test_mixture_error);
  g_test_add_func ("/analysis/surface/few-hits", test_few_hits);
  g_test_add_func ("/analysis/surface/left-out", test_left_out);
  g_test_add_func ("/analysis/surface/updates", test_updates);
  g_test_add_func ("/analysis/surface/knock", test_knock);
  g_test_add_func ("/analysis/surface/advice", test_advice);
  g_test_add_func ("/analysis/surface/golden-compat", test_golden_compat);
  g_test_add_func ("/analysis/surface/golden-ours", test_golden_ours);
  g_test_add_func ("/analysis/valley/planted", test_planted_valley);
  g_test_add_func ("/analysis/valley/holes", test_valley_with_holes);
  g_test_add_func ("/analysis/valley/none", test_no_valley);

  return g_test_run ();
}
