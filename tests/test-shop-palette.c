/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* ui.md 1.1 and 1.2 as numbers. The colour mathematics stands here, apart from
 * the palette: OKLab (Ottosson 2020) and the full dichromacies of Machado,
 * Oliveira and Fernandes 2009, both over linear light. */

#include "config.h"

#include "dyno-palette.h"
#include "dyno-test.h"

#include <math.h>

#define N_SIGHTS 4

static const double sights[N_SIGHTS][3][3] = {
  { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
  { { 0.152286, 1.052583, -0.204868 },
    { 0.114503, 0.786281, 0.099216 },
    { -0.003882, -0.048116, 1.051998 } },
  { { 0.367322, 0.860646, -0.227968 },
    { 0.280085, 0.672501, 0.047413 },
    { -0.011820, 0.042940, 0.968881 } },
  { { 1.255528, -0.076749, -0.178779 },
    { -0.078411, 0.930809, 0.147602 },
    { 0.004733, 0.691367, 0.303900 } },
};

static double
linear (double part)
{
  return part <= 0.04045 ? part / 12.92 : pow ((part + 0.055) / 1.055, 2.4);
}

static void
multiply (const double m[3][3],
          const double v[3],
          double       out[3])
{
  for (int i = 0; i < 3; i++)
    out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
}

static void
oklab (DynoColour colour,
       int        sight,
       double     lab[3])
{
  static const double to_lms[3][3] = {
    { 0.4122214708, 0.5363325363, 0.0514459929 },
    { 0.2119034982, 0.6806995451, 0.1073969566 },
    { 0.0883024619, 0.2817188376, 0.6299787005 },
  };
  static const double to_lab[3][3] = {
    { 0.2104542553, 0.7936177850, -0.0040720468 },
    { 1.9779984951, -2.4285922050, 0.4505937099 },
    { 0.0259040371, 0.7827717662, -0.8086757660 },
  };
  double rgb[3] = { linear (colour.red), linear (colour.green), linear (colour.blue) };
  double seen[3];
  double lms[3];

  multiply (sights[sight], rgb, seen);
  for (int i = 0; i < 3; i++)
    seen[i] = CLAMP (seen[i], 0, 1);
  multiply (to_lms, seen, lms);
  for (int i = 0; i < 3; i++)
    lms[i] = cbrt (lms[i]);
  multiply (to_lab, lms, lab);
}

/* × 100 */
static double
distance (DynoColour a,
          DynoColour b,
          int        sight)
{
  double x[3];
  double y[3];

  oklab (a, sight, x);
  oklab (b, sight, y);

  return 100 * hypot (hypot (x[0] - y[0], x[1] - y[1]), x[2] - y[2]);
}

static double
least_distance (DynoLook look,
                guint    n_traces)
{
  double least = INFINITY;

  for (int sight = 0; sight < N_SIGHTS; sight++)
    for (guint i = 0; i < n_traces; i++)
      for (guint j = 0; j < i; j++)
        least = fmin (least, distance (dyno_palette_trace (look, i), dyno_palette_trace (look, j),
                                       sight));

  return least;
}

static void
test_traces_differ (void)
{
  for (DynoLook look = 0; look < DYNO_N_LOOKS; look++)
    {
      g_assert_cmpfloat (least_distance (look, 2), >=, 21);
      g_assert_cmpfloat (least_distance (look, 6), >=, 11.5);
      g_assert_cmpfloat (least_distance (look, 12), >=, 6.9);
    }
}

static void
test_traces_on_ground (void)
{
  for (DynoLook look = 0; look < DYNO_N_LOOKS; look++)
    for (guint i = 0; i < DYNO_N_TRACES; i++)
      g_assert_cmpfloat (dyno_palette_contrast (dyno_palette_trace (look, i),
                                                dyno_palette_ground (look)), >=, 3.0);
}

static gboolean
is_same (DynoColour a,
         DynoColour b)
{
  return a.red == b.red && a.green == b.green && a.blue == b.blue;
}

static void
test_second_round (void)
{
  g_assert_cmpstr (dyno_palette_letter (0), ==, "A");
  g_assert_cmpstr (dyno_palette_letter (11), ==, "L");
  g_assert_cmpstr (dyno_palette_letter (12), ==, "A′");
  g_assert_cmpstr (dyno_palette_letter (19), ==, "H′");
  g_assert_cmpstr (dyno_palette_letter (20), ==, "A");
  g_assert_false (dyno_palette_is_marked (11));
  for (guint i = 12; i < DYNO_N_TRACES; i++)
    {
      g_assert_true (dyno_palette_is_marked (i));
      g_assert_true (is_same (dyno_palette_trace (DYNO_LOOK_DARK, i),
                              dyno_palette_trace (DYNO_LOOK_DARK, i - 12)));
    }
}

static void
test_text_on_ground (void)
{
  for (DynoLook look = 0; look < DYNO_N_LOOKS; look++)
    {
      DynoColour ground = dyno_palette_ground (look);
      double least = dyno_look_is_high_contrast (look) ? 7 : 4.5;

      g_assert_cmpfloat (dyno_palette_contrast (dyno_palette_ink (look), ground), >=, 7);
      g_assert_cmpfloat (dyno_palette_contrast (dyno_palette_dim (look), ground), >=, least);
      g_assert_cmpfloat (dyno_palette_contrast (dyno_palette_hatch (look), ground), >=, 3);
      for (DynoStatus status = 0; status < DYNO_N_STATUSES; status++)
        g_assert_cmpfloat (dyno_palette_contrast (dyno_palette_status (look, status), ground), >=,
                           4.5);
      g_assert_cmpfloat (dyno_palette_contrast (dyno_palette_status (look, DYNO_STATUS_OFF), ground),
                         >=, least);
    }
}

/* Class k begins at |v| = (2k − 1)·R/11. */
static void
test_class_edges (void)
{
  static const double ranges[] = { 0.5, 1, 2, 3, 5, 10, 15, 25 };

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    for (int k = 1; k <= 5; k++)
      {
        double edge = (2 * k - 1) * ranges[i] / 11;
        double hair = ranges[i] * 1e-9;

        g_assert_cmpint (dyno_palette_class (edge + hair, ranges[i]), ==, k);
        g_assert_cmpint (dyno_palette_class (edge - hair, ranges[i]), ==, k - 1);
        g_assert_cmpint (dyno_palette_class (-edge - hair, ranges[i]), ==, -k);
        g_assert_cmpint (dyno_palette_class (-edge + hair, ranges[i]), ==, 1 - k);
      }
  g_assert_cmpint (dyno_palette_class (0, 15), ==, 0);
  g_assert_cmpint (dyno_palette_class (1e300, 15), ==, 5);
  g_assert_cmpint (dyno_palette_class (-INFINITY, 15), ==, -5);
  g_assert_cmpint (dyno_palette_class (NAN, 15), ==, DYNO_CLASS_NO_DATA);
}

static void
test_beyond (void)
{
  g_assert_false (dyno_palette_is_beyond (15, 15));
  g_assert_true (dyno_palette_is_beyond (15.01, 15));
  g_assert_true (dyno_palette_is_beyond (-15.01, 15));
  g_assert_false (dyno_palette_is_beyond (NAN, 15));
}

/* + is lean and orange, − is rich and blue, in both looks. */
static void
test_side_of_colour (void)
{
  for (DynoLook look = 0; look < DYNO_N_LOOKS; look++)
    for (int k = 1; k <= 5; k++)
      {
        DynoColour lean = dyno_palette_diverging (look, k);
        DynoColour rich = dyno_palette_diverging (look, -k);

        g_assert_cmpfloat (lean.red, >, lean.blue);
        g_assert_cmpfloat (rich.blue, >, rich.red);
      }
}

static void
test_cell_ink (void)
{
  for (DynoLook look = 0; look < DYNO_N_LOOKS; look++)
    {
      for (int k = -5; k <= 5; k++)
        {
          DynoColour cell = dyno_palette_diverging (look, k);

          g_assert_cmpfloat (dyno_palette_contrast (dyno_palette_ink_on (cell), cell), >=, 4.5);
        }
      for (int k = 0; k <= 5; k++)
        {
          DynoColour cell = dyno_palette_hits (look, k);

          g_assert_cmpfloat (dyno_palette_contrast (dyno_palette_ink_on (cell), cell), >=, 4.5);
        }
    }
}

static void
test_no_data (void)
{
  for (DynoLook look = 0; look < DYNO_N_LOOKS; look++)
    {
      g_assert_true (is_same (dyno_palette_diverging (look, dyno_palette_class (NAN, 2)),
                              dyno_palette_ground (look)));
      g_assert_true (is_same (dyno_palette_hits (look, dyno_palette_hits_class (0)),
                              dyno_palette_ground (look)));
      g_assert_false (is_same (dyno_palette_diverging (look, 0), dyno_palette_ground (look)));
    }
}

static void
test_hits (void)
{
  static const struct { guint64 n_hits; int class_index; } cases[] = {
    { 0, DYNO_CLASS_NO_DATA }, { 1, 0 }, { 2, 0 }, { 3, 1 }, { 9, 1 }, { 10, 2 }, { 29, 2 },
    { 30, 3 }, { 99, 3 }, { 100, 4 }, { 299, 4 }, { 300, 5 }, { G_MAXUINT64, 5 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (dyno_palette_hits_class (cases[i].n_hits), ==, cases[i].class_index);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/palette/traces-differ", test_traces_differ);
  g_test_add_func ("/palette/traces-on-ground", test_traces_on_ground);
  g_test_add_func ("/palette/second-round", test_second_round);
  g_test_add_func ("/palette/text-on-ground", test_text_on_ground);
  g_test_add_func ("/palette/class-edges", test_class_edges);
  g_test_add_func ("/palette/beyond", test_beyond);
  g_test_add_func ("/palette/side-of-colour", test_side_of_colour);
  g_test_add_func ("/palette/cell-ink", test_cell_ink);
  g_test_add_func ("/palette/no-data", test_no_data);
  g_test_add_func ("/palette/hits", test_hits);

  return g_test_run ();
}
