/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-grid.h"
#include "dyno-noise.h"
#include "dyno-target.h"
#include "dyno-test.h"

#include <math.h>

static void
assert_refused (const double *values,
                guint         n,
                const char   *named)
{
  g_autoptr(DynoAnalysisError) error = NULL;
  DynoAxis axis;

  g_assert_false (dyno_axis_init (&axis, values, n, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_BAD_AXIS);
  g_assert_nonnull (strstr (error->message, named));
}

static void
test_bad_axes (void)
{
  const double one[] = { 1500 };
  const double equal[] = { 1500, 2000, 2000 };
  const double descending[] = { 1500, 1400 };
  const double missing[] = { 1500, NAN };
  double many[DYNO_AXIS_MAX + 1];

  for (guint i = 0; i < G_N_ELEMENTS (many); i++)
    many[i] = i;
  assert_refused (one, 1, "2 to 64");
  assert_refused (equal, 3, "2000");
  assert_refused (descending, 2, "1400");
  assert_refused (missing, 2, "nan");
  assert_refused (many, G_N_ELEMENTS (many), "65");
}

static void
test_padding_is_cut (void)
{
  const double repeated[] = { 1000, 2000, 3000, 3000, 3000 };
  const double falling[] = { 1000, 2000, 0, 0 };
  const double one[] = { 1000, 1000, 1000 };
  DynoAxis axis;

  g_assert_true (dyno_axis_init_padded (&axis, repeated, 5, NULL));
  g_assert_cmpuint (axis.n, ==, 3);
  g_assert_true (dyno_axis_init_padded (&axis, falling, 4, NULL));
  g_assert_cmpuint (axis.n, ==, 2);
  g_assert_false (dyno_axis_init_padded (&axis, one, 3, NULL));
  g_assert_false (dyno_axis_init_padded (&axis, NULL, 0, NULL));
}

/* The rule as the specification says it: an ascending scan with strict <. */
static guint
scan_nearest (const DynoAxis *axis,
              double          value)
{
  guint best = 0;

  for (guint i = 1; i < axis->n; i++)
    {
      if (fabs (axis->at[i] - value) < fabs (axis->at[best] - value))
        best = i;
    }

  return best;
}

static void
test_nearest_is_the_scan (void)
{
  DynoNoise noise;

  dyno_noise_init (&noise, 7, 0);
  for (int round = 0; round < 200; round++)
    {
      DynoAxis axis;
      double at[DYNO_AXIS_MAX];
      guint n = 2 + dyno_noise_bits (&noise) % 63;

      at[0] = 500;
      for (guint i = 1; i < n; i++)
        at[i] = at[i - 1] + 1 + (double) (dyno_noise_bits (&noise) % 1000);
      g_assert_true (dyno_axis_init (&axis, at, n, NULL));
      for (int k = 0; k < 200; k++)
        {
          double value = (double) (dyno_noise_bits (&noise) % 80000) / 2;

          g_assert_cmpuint (dyno_axis_nearest (&axis, value), ==, scan_nearest (&axis, value));
        }
    }
}

static void
assert_bins (const DynoJson *cases,
             const DynoAxis *axis)
{
  g_assert_cmpuint (dyno_json_n_elements (cases), >, 0);
  for (guint i = 0; i < dyno_json_n_elements (cases); i++)
    {
      const DynoJson *row = dyno_json_element (cases, i);
      double value = dyno_json_number (dyno_json_element (row, 0), NAN);
      double bin = dyno_json_number (dyno_json_element (row, 1), NAN);

      g_assert_cmpfloat (axis->at[dyno_axis_nearest (axis, value)], ==, bin);
    }
}

static void
test_golden_nearest_bin (void)
{
  g_autoptr(DynoJson) cases = dyno_test_shared_json ("golden/nearest_bin/cases.json");
  DynoGridShape shape;

  if (cases == NULL)
    return;
  g_assert_true (dyno_grid_shape_named (&shape, "11x5"));
  assert_bins (dyno_json_member (cases, "rpm"), &shape.rpm);
  assert_bins (dyno_json_member (cases, "kpa"), &shape.load);
}

static void
test_ties_go_down (void)
{
  static const double rows[][2] = { { 42.5, 35 }, { 57.5, 50 }, { 72.5, 65 }, { 87.5, 80 } };
  DynoGridShape shape;

  g_assert_true (dyno_grid_shape_named (&shape, "11x5"));
  g_assert_cmpfloat (shape.rpm.at[dyno_axis_nearest (&shape.rpm, 1750)], ==, 1500);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpfloat (shape.load.at[dyno_axis_nearest (&shape.load, rows[i][0])], ==, rows[i][1]);
}

static void
test_out_of_grid (void)
{
  DynoGridShape shape;

  g_assert_true (dyno_grid_shape_named (&shape, "11x9"));
  g_assert_false (dyno_axis_holds (&shape.rpm, 900));
  g_assert_false (dyno_axis_holds (&shape.rpm, 1249.9));
  g_assert_true (dyno_axis_holds (&shape.rpm, 1250));
  g_assert_true (dyno_axis_holds (&shape.rpm, 6750));
  g_assert_false (dyno_axis_holds (&shape.rpm, 6750.1));
  g_assert_false (dyno_axis_holds (&shape.load, 14.9));
  g_assert_true (dyno_axis_holds (&shape.load, 105));
  g_assert_false (dyno_axis_holds (&shape.load, NAN));
}

static void
test_bilinear_is_exact_for_planes (void)
{
  g_autoptr(DynoGrid) grid = NULL;
  DynoGridShape shape;

  g_assert_true (dyno_grid_shape_named (&shape, "11x9"));
  grid = dyno_grid_new (&shape);
  g_assert_true (isnan (dyno_grid_interpolate (grid, 3000, 50)));
  for (guint r = 0; r < shape.rpm.n; r++)
    {
      for (guint c = 0; c < shape.load.n; c++)
        grid->values[r * shape.load.n + c] = 2 + shape.rpm.at[r] / 1000 - shape.load.at[c] / 50;
    }
  dyno_assert_near (dyno_grid_interpolate (grid, 3210, 47), 2 + 3.21 - 0.94, 1e-12);
  dyno_assert_near (dyno_grid_interpolate (grid, 6500, 100), 2 + 6.5 - 2, 1e-12);
  dyno_assert_near (dyno_grid_interpolate (grid, 9000, 200), 2 + 6.5 - 2, 1e-12);
  dyno_assert_near (dyno_grid_interpolate (grid, 0, 0), 2 + 1.5 - 0.4, 1e-12);
  g_assert_true (isnan (dyno_grid_interpolate (grid, NAN, 50)));
}

static void
test_empty_cell_without_weight (void)
{
  g_autoptr(DynoGrid) grid = NULL;
  DynoGridShape shape;

  g_assert_true (dyno_grid_shape_named (&shape, "11x9"));
  grid = dyno_grid_new (&shape);
  grid->values[3 * 9 + 4] = 5;
  g_assert_cmpfloat (dyno_grid_interpolate (grid, 3000, 60), ==, 5);
  g_assert_true (isnan (dyno_grid_interpolate (grid, 3000, 61)));
}

static void
test_target (void)
{
  g_autoptr(DynoTarget) target = dyno_target_new_default ();
  g_autoptr(DynoTarget) copy = NULL;
  g_autoptr(DynoAnalysisError) error = NULL;
  const double kpa[] = { 30, 90 };
  const double afr[] = { 14, 60 };

  g_assert_cmpfloat (dyno_target_afr (target, 3000, 10), ==, 14.7);
  dyno_assert_near (dyno_target_afr (target, 3000, 35), 14.6, 1e-12);
  dyno_assert_near (dyno_target_afr (target, 3000, 95), 12.35, 1e-12);
  g_assert_cmpfloat (dyno_target_afr (target, 3000, 250), ==, 12.2);
  g_assert_true (isnan (dyno_target_afr (target, 3000, NAN)));
  copy = dyno_target_copy (target);
  g_assert_cmpfloat (dyno_target_afr (copy, 3000, 70), ==, 13.0);
  g_assert_null (dyno_target_new_by_map (kpa, afr, 2, &error));
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_BAD_TABLE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/grid/bad-axes", test_bad_axes);
  g_test_add_func ("/analysis/grid/padding", test_padding_is_cut);
  g_test_add_func ("/analysis/grid/nearest-is-the-scan", test_nearest_is_the_scan);
  g_test_add_func ("/analysis/grid/golden-nearest-bin", test_golden_nearest_bin);
  g_test_add_func ("/analysis/grid/ties-go-down", test_ties_go_down);
  g_test_add_func ("/analysis/grid/out-of-grid", test_out_of_grid);
  g_test_add_func ("/analysis/grid/bilinear-planes", test_bilinear_is_exact_for_planes);
  g_test_add_func ("/analysis/grid/empty-cell", test_empty_cell_without_weight);
  g_test_add_func ("/analysis/grid/target", test_target);

  return g_test_run ();
}
