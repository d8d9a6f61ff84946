/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-clamp.h"
#include "dyno-noise.h"
#include "dyno-smooth.h"
#include "dyno-test.h"

#include <math.h>
#include <string.h>

static void
assert_case (const DynoJson *row)
{
  const DynoJson *input = dyno_json_member (row, "input");
  const DynoJson *hits = dyno_json_member (row, "hits");
  const DynoJson *wanted = dyno_json_member (row, "output");
  guint columns = dyno_json_n_elements (dyno_json_element (input, 0));
  guint n = dyno_json_n_elements (input) * columns;
  g_autofree double *delta = g_new (double, n);
  g_autofree double *smoothed = g_new (double, n);
  g_autofree guint32 *counts = g_new (guint32, n);
  DynoGridShape shape;

  g_assert_true (dyno_grid_shape_named (&shape, columns == 5 ? "11x5" : "11x9"));
  g_assert_cmpuint (n, ==, dyno_grid_shape_cells (&shape));
  for (guint i = 0; i < n; i++)
    {
      delta[i] = dyno_json_number (
          dyno_json_element (dyno_json_element (input, i / columns), i % columns), NAN);
      counts[i] = (guint32) dyno_json_integer (
          dyno_json_element (dyno_json_element (hits, i / columns), i % columns), 0);
    }
  dyno_smooth (&shape, delta, counts, (guint) dyno_json_get_integer (row, "passes", 2), 1,
               smoothed);
  for (guint i = 0; i < n; i++)
    dyno_assert_near (
        smoothed[i],
        dyno_json_number (dyno_json_element (dyno_json_element (wanted, i / columns), i % columns),
                          NAN), 1e-9);
}

static void
test_golden (void)
{
  g_autoptr(DynoJson) cases = dyno_test_shared_json ("golden/house/k1k2.json");

  if (cases == NULL)
    return;
  g_assert_cmpuint (dyno_json_n_elements (cases), ==, 4);
  for (guint i = 0; i < 4; i++)
    assert_case (dyno_json_element (cases, i));
}

static void
fill (double  *delta,
      guint32 *hits,
      double   value)
{
  for (guint i = 0; i < 99; i++)
    {
      delta[i] = value;
      hits[i] = 10;
    }
}

static void
test_lone_cell_stays (void)
{
  double delta[99], smoothed[99];
  guint32 hits[99];
  DynoGridShape shape;

  g_assert_true (dyno_grid_shape_named (&shape, "11x9"));
  fill (delta, hits, NAN);
  delta[40] = 5;
  dyno_smooth (&shape, delta, hits, 2, 1, smoothed);
  for (guint i = 0; i < 99; i++)
    dyno_assert_near (smoothed[i], delta[i], 1e-12);
}

/* A field without noise is not changed; empty cells stay empty and lend nothing. */
static void
test_flat_field_stays (void)
{
  double delta[99], smoothed[99];
  guint32 hits[99];
  DynoGridShape shape;

  g_assert_true (dyno_grid_shape_named (&shape, "11x9"));
  for (double value = -6; value <= 6; value += 0.7)
    {
      fill (delta, hits, value);
      for (guint i = 0; i < 99; i += 7)
        delta[i] = NAN;
      dyno_smooth (&shape, delta, hits, 5, 1, smoothed);
      for (guint i = 0; i < 99; i++)
        dyno_assert_near (smoothed[i], delta[i], 1e-12);
    }
}

/* Turned upside down the field gives the mirrored answer: no order of scanning. */
static void
test_order_does_not_matter (void)
{
  double delta[99], smoothed[99], turned[99], again[99];
  guint32 hits[99], turned_hits[99];
  DynoGridShape shape;
  DynoNoise noise;

  g_assert_true (dyno_grid_shape_named (&shape, "11x9"));
  dyno_noise_init (&noise, 3, 0);
  for (guint i = 0; i < 99; i++)
    {
      delta[i] = i % 5 == 0 ? NAN : 2 * dyno_noise_normal (&noise);
      hits[i] = (guint32) (dyno_noise_bits (&noise) % 80);
      turned[98 - i] = delta[i];
      turned_hits[98 - i] = hits[i];
    }
  dyno_smooth (&shape, delta, hits, 3, 1, smoothed);
  dyno_smooth (&shape, turned, turned_hits, 3, 1, again);
  for (guint i = 0; i < 99; i++)
    dyno_assert_near (smoothed[i], again[98 - i], 1e-12);
}

static void
test_zones (void)
{
  static const double edge[] = { 1200, 5500 };

  g_assert_cmpint (dyno_zone_of (1200, 60, edge), ==, DYNO_ZONE_EDGE);
  g_assert_cmpint (dyno_zone_of (5500, 100, edge), ==, DYNO_ZONE_EDGE);
  g_assert_cmpint (dyno_zone_of (3000, 30, edge), ==, DYNO_ZONE_DECEL);
  g_assert_cmpint (dyno_zone_of (3000, 31, edge), ==, DYNO_ZONE_CRUISE);
  g_assert_cmpint (dyno_zone_of (3000, 69.9, edge), ==, DYNO_ZONE_CRUISE);
  g_assert_cmpint (dyno_zone_of (3000, 70, edge), ==, DYNO_ZONE_PART);
  g_assert_cmpint (dyno_zone_of (3000, 95, edge), ==, DYNO_ZONE_WOT);
}

static void
test_classes (void)
{
  static const struct
  {
    DynoZone       zone;
    guint32        hits;
    double         se;
    DynoConfidence wanted;
  } rows[] = {
    { DYNO_ZONE_CRUISE, 100, 0.1, DYNO_CONFIDENCE_HIGH },
    { DYNO_ZONE_CRUISE, 99, 0.1, DYNO_CONFIDENCE_MEDIUM },
    { DYNO_ZONE_CRUISE, 20, NAN, DYNO_CONFIDENCE_MEDIUM },
    { DYNO_ZONE_CRUISE, 19, 0.1, DYNO_CONFIDENCE_LOW },
    { DYNO_ZONE_CRUISE, 2, 0.1, DYNO_CONFIDENCE_SKIP },
    { DYNO_ZONE_PART, 80, 1.0, DYNO_CONFIDENCE_HIGH },
    { DYNO_ZONE_PART, 80, 1.01, DYNO_CONFIDENCE_MEDIUM },
    { DYNO_ZONE_PART, 80, 2.01, DYNO_CONFIDENCE_LOW },
    { DYNO_ZONE_PART, 15, 2.01, DYNO_CONFIDENCE_SKIP },
    { DYNO_ZONE_WOT, 30, 0.1, DYNO_CONFIDENCE_HIGH },
    { DYNO_ZONE_WOT, 10, 0.1, DYNO_CONFIDENCE_MEDIUM },
    { DYNO_ZONE_DECEL, 50, 0.1, DYNO_CONFIDENCE_HIGH },
    { DYNO_ZONE_EDGE, 9, 1.5, DYNO_CONFIDENCE_SKIP },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (dyno_confidence_of (rows[i].zone, rows[i].hits, rows[i].se), ==,
                     rows[i].wanted);
}

static void
test_clamp (void)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  gboolean is_clamped;

  g_assert_cmpfloat (dyno_clamp_limit_pct (options, DYNO_CONFIDENCE_HIGH), ==, 7);
  g_assert_cmpfloat (dyno_clamp_limit_pct (options, DYNO_CONFIDENCE_LOW), ==, 3);
  g_assert_true (isnan (dyno_clamp_limit_pct (options, DYNO_CONFIDENCE_SKIP)));
  options->clamp_pct = 4;
  g_assert_cmpfloat (dyno_clamp_limit_pct (options, DYNO_CONFIDENCE_HIGH), ==, 4);
  g_assert_cmpfloat (dyno_clamp_limit_pct (options, DYNO_CONFIDENCE_LOW), ==, 3);
  options->clamp_pct = 15; /* can only lower */
  g_assert_cmpfloat (dyno_clamp_limit_pct (options, DYNO_CONFIDENCE_HIGH), ==, 7);

  g_assert_cmpfloat (dyno_clamp (9, 7, &is_clamped), ==, 7);
  g_assert_true (is_clamped);
  g_assert_cmpfloat (dyno_clamp (-9, 7, &is_clamped), ==, -7);
  g_assert_cmpfloat (dyno_clamp (7.005, 7, &is_clamped), ==, 7);
  g_assert_false (is_clamped);
  g_assert_true (isnan (dyno_clamp (NAN, 7, &is_clamped)));
  g_assert_true (isnan (dyno_clamp (1, NAN, &is_clamped)));
  g_assert_false (is_clamped);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/smooth/golden", test_golden);
  g_test_add_func ("/analysis/smooth/lone-cell", test_lone_cell_stays);
  g_test_add_func ("/analysis/smooth/flat-field", test_flat_field_stays);
  g_test_add_func ("/analysis/smooth/order", test_order_does_not_matter);
  g_test_add_func ("/analysis/smooth/zones", test_zones);
  g_test_add_func ("/analysis/smooth/classes", test_classes);
  g_test_add_func ("/analysis/smooth/clamp", test_clamp);

  return g_test_run ();
}
