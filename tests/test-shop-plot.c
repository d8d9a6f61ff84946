/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-plot-text.h"
#include "dyno-plot.h"
#include "dyno-test.h"

#include <math.h>

static void
test_place_and_back (void)
{
  DynoPlotScale upright = { -10, 30, 400, 20 };

  g_assert_cmpfloat (dyno_plot_place (&upright, -10), ==, 400);
  g_assert_cmpfloat (dyno_plot_place (&upright, 30), ==, 20);
  for (int i = -20; i < 50; i++)
    dyno_assert_near (dyno_plot_value (&upright, dyno_plot_place (&upright, i)), i, 1e-12);
}

static void
test_widen (void)
{
  static const double cases[][2] = {
    { 0, 0 }, { 5, 5 }, { -1e9, -1e9 }, { NAN, NAN }, { NAN, 3 }, { 3, NAN },
    { INFINITY, INFINITY }, { -INFINITY, 2 }, { 7, 3 }, { 1e9, 1e9 + 1e-3 }, { 0, 1e-300 },
    { -1.7e308, 1.7e308 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double min = cases[i][0];
      double max = cases[i][1];

      dyno_plot_widen (&min, &max);
      g_assert_true (isfinite (min) && isfinite (max));
      g_assert_cmpfloat (min, <, max);
      if (isfinite (cases[i][0]) && isfinite (cases[i][1]))
        {
          g_assert_cmpfloat (min, <=, fmin (cases[i][0], cases[i][1]));
          g_assert_cmpfloat (max, >=, fmax (cases[i][0], cases[i][1]));
        }
    }
}

static void
assert_step_is_1_2_5 (double step)
{
  double digit = step / pow (10, floor (log10 (step * 1.0000001)));

  g_assert_true (fabs (digit - 1) < 1e-6 || fabs (digit - 2) < 1e-6 || fabs (digit - 5) < 1e-6);
}

static void
test_ticks_of_any_range (void)
{
  for (int i = 0; i < 2000; i++)
    {
      double min = g_test_rand_double_range (-1, 1) * pow (10, g_test_rand_int_range (-6, 9));
      double range = g_test_rand_double_range (0.1, 1) * pow (10, g_test_rand_int_range (-3, 9));
      double length = g_test_rand_double_range (151, 4000);
      DynoPlotTicks ticks = dyno_plot_ticks (min, min + range, length, FALSE);
      double spacing = ticks.step / range * length;
      double first = dyno_plot_tick (&ticks, 0);
      double last = dyno_plot_tick (&ticks, ticks.n - 1);
      double hair = ticks.step * 1e-6;

      assert_step_is_1_2_5 (ticks.step);
      g_assert_cmpfloat (spacing, >=, 59.999);
      g_assert_cmpfloat (spacing, <=, 150.001);
      g_assert_cmpuint (ticks.n, >=, 1);
      g_assert_cmpfloat (first, >=, min - hair);
      g_assert_cmpfloat (first - ticks.step, <, min + hair);
      g_assert_cmpfloat (last, <=, min + range + hair);
      g_assert_cmpfloat (last + ticks.step, >, min + range - hair);
    }
}

static void
test_ticks_of_nothing (void)
{
  g_assert_cmpuint (dyno_plot_ticks (1, 1, 500, FALSE).n, ==, 0);
  g_assert_cmpuint (dyno_plot_ticks (2, 1, 500, FALSE).n, ==, 0);
  g_assert_cmpuint (dyno_plot_ticks (NAN, 1, 500, FALSE).n, ==, 0);
  g_assert_cmpuint (dyno_plot_ticks (0, INFINITY, 500, FALSE).n, ==, 0);
  g_assert_cmpuint (dyno_plot_ticks (0, 1, 0, FALSE).n, ==, 0);
  g_assert_cmpuint (dyno_plot_ticks (0, 1, 1e9, FALSE).n, <=, DYNO_PLOT_MAX_TICKS);
}

static void
assert_texts (double      min,
              double      max,
              double      length,
              gboolean    is_time,
              const char *expected)
{
  DynoPlotTicks ticks = dyno_plot_ticks (min, max, length, is_time);
  g_autoptr(GString) texts = g_string_new (NULL);

  for (guint i = 0; i < ticks.n; i++)
    {
      g_autofree char *text = dyno_plot_tick_text (&ticks, i, is_time);

      g_string_append_printf (texts, "%s%s", i > 0 ? " | " : "", text);
    }
  g_assert_cmpstr (texts->str, ==, expected);
}

static void
test_tick_texts (void)
{
  assert_texts (0, 1, 400, FALSE, "0 | 0.2 | 0.4 | 0.6 | 0.8 | 1.0");
  assert_texts (0, 6000, 400, FALSE, "0 | 1000 | 2000 | 3000 | 4000 | 5000 | 6000");
  assert_texts (-20000, 10000, 300, FALSE, "−20\xe2\x80\x89" "000 | −10\xe2\x80\x89" "000 | 0 | "
                                           "10\xe2\x80\x89" "000");
  assert_texts (12.5, 14.5, 250, FALSE, "12.5 | 13.0 | 13.5 | 14.0 | 14.5");
  assert_texts (-0.02, 0.02, 250, FALSE, "−0.02 | −0.01 | 0 | 0.01 | 0.02");
}

static void
test_time_texts (void)
{
  assert_texts (0, 5, 400, TRUE, "0 | 1 | 2 | 3 | 4 | 5");
  assert_texts (-30, 0, 400, TRUE, "−30 | −25 | −20 | −15 | −10 | −5 | 0");
  assert_texts (-120, 0, 400, TRUE, "−2:00 | −1:40 | −1:20 | −1:00 | −40 | −20 | 0");
  assert_texts (0, 600, 800, TRUE, "0 | 1:00 | 2:00 | 3:00 | 4:00 | 5:00 | 6:00 | 7:00 | 8:00 | "
                                   "9:00 | 10:00");
  assert_texts (0, 7200, 250, TRUE, "0 | 30:00 | 1:00:00 | 1:30:00 | 2:00:00");
  assert_texts (0, 0.5, 400, TRUE, "0 | 0.1 | 0.2 | 0.3 | 0.4 | 0.5");
}

static void
test_round (void)
{
  double min = 3.2;
  double max = 86.4;

  dyno_plot_round (&min, &max, 300);
  g_assert_cmpfloat (min, ==, 0);
  g_assert_cmpfloat (max, ==, 100);
  dyno_plot_round (&min, &max, 300);
  g_assert_cmpfloat (min, ==, 0);
  g_assert_cmpfloat (max, ==, 100);
  min = max = 14.7;
  dyno_plot_round (&min, &max, 300);
  g_assert_cmpfloat (min, <, 14.7);
  g_assert_cmpfloat (max, >, 14.7);
}

static void
test_styles (void)
{
  DynoPlotStyle line = dyno_plot_style (DYNO_LOOK_LIGHT, DYNO_LAYER_LINE, 13, DYNO_DASH_TORQUE, 3);
  DynoPlotStyle raw = dyno_plot_style (DYNO_LOOK_DARK, DYNO_LAYER_RAW, 0, DYNO_DASH_SOLID, 3);
  DynoPlotStyle plain = dyno_plot_style (DYNO_LOOK_HIGH_CONTRAST, DYNO_LAYER_RAW, 0,
                                         DYNO_DASH_SOLID, 3);

  g_assert_cmpfloat (line.width, ==, 3);
  g_assert_true (line.is_marked);
  g_assert_cmpint (line.dash, ==, DYNO_DASH_TORQUE);
  g_assert_cmpfloat (raw.width, ==, 1);
  g_assert_cmpfloat_with_epsilon (raw.colour.alpha, 0.35, 1e-6);
  g_assert_cmpint (raw.dash, ==, DYNO_DASH_SOLID);
  g_assert_cmpfloat (plain.colour.alpha, ==, 1);
  g_assert_cmpint (plain.dash, ==, DYNO_DASH_DOTS);
}

/* What a curve leaves on a surface. */

static guint
painted (cairo_surface_t *surface,
         int              x,
         int              y)
{
  cairo_surface_flush (surface);

  return cairo_image_surface_get_data (surface)[y * cairo_image_surface_get_stride (surface) + x];
}

static void
test_gap_is_not_bridged (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 400, 20);
  cairo_t *cr = cairo_create (surface);
  DynoPlotStyle style = { { 0, 0, 0, 1 }, 2, DYNO_DASH_SOLID, FALSE };
  DynoPlotPoint points[400];

  for (int i = 0; i < 400; i++)
    points[i] = (DynoPlotPoint) { i + 0.5, i >= 200 && i < 220 ? NAN : 10 };
  points[210].y = 10; /* alone: a dot */
  dyno_plot_curve (cr, &style, points, G_N_ELEMENTS (points));

  for (int x = 2; x < 198; x++)
    g_assert_cmpuint (painted (surface, x, 9), >, 200);
  for (int x = 202; x < 209; x++)
    g_assert_cmpuint (painted (surface, x, 9), ==, 0);
  g_assert_cmpuint (painted (surface, 210, 9), >, 60);
  for (int x = 213; x < 219; x++)
    g_assert_cmpuint (painted (surface, x, 9), ==, 0);
  for (int x = 222; x < 398; x++)
    g_assert_cmpuint (painted (surface, x, 9), >, 200);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_band_and_bars (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 100, 100);
  cairo_t *cr = cairo_create (surface);
  DynoPlotStyle style = { { 0, 0, 0, 1 }, 2, DYNO_DASH_SOLID, FALSE };
  DynoPlotPoint low[3] = { { 10, 60 }, { 50, 60 }, { 90, 60 } };
  DynoPlotPoint high[3] = { { 10, 40 }, { 50, 40 }, { 90, 40 } };
  DynoPlotPoint bars[2] = { { 20, 10 }, { 60, 20 } };

  dyno_plot_band (cr, &style, low, high, 3);
  g_assert_cmpuint (painted (surface, 50, 50), ==, 255);
  g_assert_cmpuint (painted (surface, 50, 30), ==, 0);
  low[1].y = NAN;
  dyno_plot_bars (cr, &style, bars, 2, 35);
  g_assert_cmpuint (painted (surface, 20, 12), ==, 255);
  g_assert_cmpuint (painted (surface, 60, 12), ==, 0);
  g_assert_cmpuint (painted (surface, 60, 30), ==, 255);
  g_assert_cmpuint (painted (surface, 40, 30), ==, 0);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Not in that of the locale, where letters join otherwise. */
static void
test_language_of_text (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 8, 8);
  cairo_t *cr = cairo_create (surface);
  g_autoptr(PangoLayout) layout = dyno_plot_text_layout (cr);
  PangoLanguage *language = pango_context_get_language (pango_layout_get_context (layout));

  g_assert_cmpstr (pango_language_to_string (language), ==, "en");
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot/language-of-text", test_language_of_text);
  g_test_add_func ("/plot/place-and-back", test_place_and_back);
  g_test_add_func ("/plot/widen", test_widen);
  g_test_add_func ("/plot/ticks-of-any-range", test_ticks_of_any_range);
  g_test_add_func ("/plot/ticks-of-nothing", test_ticks_of_nothing);
  g_test_add_func ("/plot/tick-texts", test_tick_texts);
  g_test_add_func ("/plot/time-texts", test_time_texts);
  g_test_add_func ("/plot/round", test_round);
  g_test_add_func ("/plot/styles", test_styles);
  g_test_add_func ("/plot/gap-is-not-bridged", test_gap_is_not_bridged);
  g_test_add_func ("/plot/band-and-bars", test_band_and_bars);

  return g_test_run ();
}
