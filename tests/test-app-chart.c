/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-chart.h"
#include "dyno-test-ui.h"

#include <malloc.h>
#include <math.h>
#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000)
#define N 901 /* points of a run: 1500…6000 rpm, 5 apart */

/* Made-up runs with a known peak: power 86.4 kW at 5480 rpm. */

static double
power_of (double rpm)
{
  return 86.4 - pow ((rpm - 5480) / 500, 2);
}

static double
torque_of (double rpm)
{
  return 148 - pow ((rpm - 3400) / 400, 2);
}

static DynoSeries *
make_series (const char   *name,
             DynoQuantity  quantity,
             double      (*func) (double),
             guint         trace)
{
  DynoSeries *series = dyno_series_new (name, quantity);
  double x[N];
  double y[N];

  for (int i = 0; i < N; i++)
    {
      x[i] = 1500 + 5 * i;
      y[i] = func (x[i]);
    }
  dyno_series_set_arrays (series, N, x, y);
  dyno_series_set_trace (series, trace);

  return series;
}

/* Power over engine speed. */
static DynoChart *
make_chart (void)
{
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());
  g_autoptr(DynoSeries) power = make_series ("Run 14", DYNO_QUANTITY_POWER, power_of, 0);

  dyno_chart_set_title (chart, "Power");
  dyno_chart_set_x (chart, DYNO_QUANTITY_ROTATION, NAN, NAN);
  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_POWER, 1);
  dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, power);

  return chart;
}

/* Closes the window; the chart must go with it. */
static void
close_chart (GtkWidget *window,
             DynoChart *chart)
{
  g_object_ref (chart);
  dyno_test_ui_close (window);
  g_assert_finalize_object (chart);
}

static void
assert_x (DynoChart *chart,
          double     min,
          double     max,
          double     tolerance)
{
  double a;
  double b;

  dyno_chart_get_x (chart, &a, &b);
  g_assert_cmpfloat_with_epsilon (a, min, tolerance);
  g_assert_cmpfloat_with_epsilon (b, max, tolerance);
}

static double
span_of (DynoChart *chart)
{
  double min;
  double max;

  dyno_chart_get_x (chart, &min, &max);

  return max - min;
}

static gboolean
press (DynoChart       *chart,
       guint            key,
       GdkModifierType  modifiers)
{
  return dyno_test_ui_press (GTK_WIDGET (chart), key, modifiers);
}

/* The controller of that type and, for a gesture, that button. (transfer none) */
static gpointer
controller_of (DynoChart *chart,
               GType      type,
               guint      button)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (chart));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GObject) controller = g_list_model_get_item (controllers, i);

      if (!G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        continue;
      if (!GTK_IS_GESTURE_DRAG (controller)
          || gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (controller)) == button)
        return controller;
    }
  g_assert_not_reached ();
}

/* Looks. */

static void
test_empty (void)
{
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 600, 400);
  g_autofree char *text = dyno_chart_describe (chart);

  g_assert_cmpstr (text, ==, "Chart, 0.000 to 1.000 s.");
  dyno_chart_add_pane (chart, "Nothing", DYNO_QUANTITY_POWER, 1);
  dyno_test_ui_frames (GTK_WIDGET (chart), 2);
  close_chart (window, chart);
}

static void
test_draws_in_its_colours (void)
{
  DynoChart *chart = make_chart ();
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);
  AdwStyleManager *manager = adw_style_manager_get_default ();

  for (int dark = 0; dark < 2; dark++)
    {
      DynoLook look = dark ? DYNO_LOOK_DARK : DYNO_LOOK_LIGHT;
      DynoColour trace = dyno_palette_trace (look, 0);
      DynoColour ground = dyno_palette_ground (look);
      g_autoptr(GdkTexture) shot = NULL;

      adw_style_manager_set_color_scheme (manager, dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                        : ADW_COLOR_SCHEME_FORCE_LIGHT);
      dyno_test_ui_frames (GTK_WIDGET (chart), 3);
      shot = dyno_test_ui_shot (GTK_WIDGET (chart));
      g_assert_cmpuint (dyno_test_ui_count (shot, (GdkRGBA *) &trace), >, 300);
      g_assert_cmpuint (dyno_test_ui_count (shot, (GdkRGBA *) &ground), >, 200000);
    }
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_DEFAULT);
  close_chart (window, chart);
}

static void
test_one_node_a_pane (void)
{
  DynoChart *chart = make_chart ();
  GtkWidget *window;

  for (guint i = 1; i < 6; i++)
    {
      g_autoptr(DynoSeries) series = make_series ("", DYNO_QUANTITY_POWER, power_of, i);

      dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, series);
    }
  window = dyno_test_ui_show (GTK_WIDGET (chart), 700, 400);
  g_assert_cmpuint (dyno_test_ui_count_nodes (GTK_WIDGET (chart), GSK_CAIRO_NODE), ==, 1);
  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_TORQUE, 1);
  dyno_test_ui_frames (GTK_WIDGET (chart), 3);
  g_assert_cmpuint (dyno_test_ui_count_nodes (GTK_WIDGET (chart), GSK_CAIRO_NODE), ==, 2);
  close_chart (window, chart);
}

/* A line of constant, one of NaN, one of a single point: no warning, no NaN in
 * an axis. */
static void
test_flat_and_nan (void)
{
  static const double x[] = { 1, 2, 3 };
  static const double flat[] = { 7, 7, 7 };
  static const double none[] = { NAN, NAN, NAN };
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 600, 400);
  const double *values[] = { flat, none, flat };
  gsize counts[] = { 3, 3, 1 };

  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_AFR, 1);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr(DynoSeries) series = dyno_series_new ("s", DYNO_QUANTITY_AFR);
      guint layer = dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, series);
      double min;
      double max;

      dyno_series_set_arrays (series, counts[i], x, values[i]);
      dyno_test_ui_frames (GTK_WIDGET (chart), 2);
      dyno_chart_get_y (chart, 0, DYNO_SIDE_LEFT, &min, &max);
      g_assert_true (isfinite (min) && isfinite (max));
      g_assert_cmpfloat (min, <, max);
      dyno_chart_get_x (chart, &min, &max);
      g_assert_cmpfloat (min, <, max);
      dyno_chart_remove_layer (chart, layer);
    }
  g_assert_cmpuint (g_list_model_get_n_items (dyno_chart_get_series (chart)), ==, 0);
  close_chart (window, chart);
}

static void
test_axes (void)
{
  DynoChart *chart = make_chart ();
  g_autoptr(DynoSeries) torque = make_series ("Run 14", DYNO_QUANTITY_TORQUE, torque_of, 0);
  g_autoptr(DynoSeries) mixture = dyno_series_new ("AFR", DYNO_QUANTITY_AFR);
  GtkWidget *window;
  double min;
  double max;

  g_assert_cmpuint (dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, torque), >, 0);
  g_assert_cmpuint (dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, mixture), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (dyno_chart_get_series (chart)), ==, 2);
  window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 600);
  assert_x (chart, 1500, 6000, 7);
  dyno_chart_get_y (chart, 0, DYNO_SIDE_LEFT, &min, &max);
  g_assert_cmpfloat (min, ==, 0);
  g_assert_cmpfloat (max, >=, 86.4);
  g_assert_cmpfloat (max, <=, 100);
  dyno_chart_get_y (chart, 0, DYNO_SIDE_RIGHT, &min, &max);
  g_assert_cmpfloat (max, >=, 148);

  /* Power and torque cross at 5252 rpm where both axes have one scale in hp and
   * lbf·ft. */
  dyno_chart_set_units (chart, DYNO_UNITS_US);
  dyno_chart_link_axes (chart, 0, TRUE);
  dyno_test_ui_frames (GTK_WIDGET (chart), 3);
  dyno_chart_get_y (chart, 0, DYNO_SIDE_LEFT, &min, &max);
  max = dyno_unit_from_si (dyno_unit_find ("hp"), max);
  dyno_chart_get_y (chart, 0, DYNO_SIDE_RIGHT, &min, &min);
  dyno_assert_near (dyno_unit_from_si (dyno_unit_find ("lbf·ft"), min), max, 1e-9);
  close_chart (window, chart);
}

/* Frames. */

typedef struct
{
  DynoClock  *clock;
  DynoLive   *live;
  DynoChart  *chart;
  GtkWidget  *window;
  gint64      fed_us;
} Live;

static double
live_value (gint64 t_us)
{
  double t = (double) t_us / 1e6;

  return t > 12 && t < 13 ? NAN : 3000 + 1000 * sin (t * 3) + 60 * sin (t * 41);
}

/* Up to now on the fake clock, 50 Hz. */
static void
feed (Live *f)
{
  for (; f->fed_us <= dyno_clock_monotonic_us (f->clock); f->fed_us += 20000)
    {
      gint64 t_us = f->fed_us;
      double value = live_value (t_us);

      dyno_live_append (f->live, 0, 1, &t_us, &value);
    }
}

static void
live_set_up (Live          *f,
             gconstpointer  unused)
{
  g_autoptr(DynoSeries) series = dyno_series_new_channel (DYNO_CHANNEL_RPM);

  f->clock = dyno_clock_new_fake (0, 0);
  f->live = dyno_live_new (f->clock);
  dyno_live_bind (f->live, DYNO_CHANNEL_RPM,
                  dyno_live_add (f->live, "rpm", DYNO_QUANTITY_ROTATION));
  dyno_clock_advance (f->clock, 15 * SECOND);
  f->fed_us = 0;
  feed (f);
  f->chart = DYNO_CHART (dyno_chart_new ());
  dyno_chart_add_pane (f->chart, "", DYNO_QUANTITY_ROTATION, 1);
  dyno_chart_add_layer (f->chart, 0, DYNO_LAYER_LINE, series);
  dyno_series_set_dash (series, DYNO_DASH_TORQUE);
  dyno_chart_set_live (f->chart, f->live, 10 * SECOND);
  f->window = dyno_test_ui_show (GTK_WIDGET (f->chart), 800, 400);
}

static void
live_tear_down (Live          *f,
                gconstpointer  unused)
{
  close_chart (f->window, f->chart);
  dyno_live_unref (f->live);
  dyno_clock_free (f->clock);
}

static guint64
n_drawn (Live *f)
{
  DynoChartStats stats;

  dyno_chart_get_stats (f->chart, &stats);

  return stats.n_drawn;
}

static void
test_no_draw_without_a_column (Live          *f,
                               gconstpointer  unused)
{
  DynoChartStats before;
  DynoChartStats after;
  guint64 drawn;

  dyno_test_ui_frames (GTK_WIDGET (f->chart), 5);
  drawn = n_drawn (f);
  dyno_chart_get_stats (f->chart, &before);
  dyno_test_ui_frames (GTK_WIDGET (f->chart), 10);
  dyno_chart_get_stats (f->chart, &after);
  g_assert_cmpuint (after.n_ticks, >, before.n_ticks);
  g_assert_cmpuint (n_drawn (f), ==, drawn); /* the clock stands still */
  g_assert_cmpuint (after.n_folded, ==, before.n_folded);

  dyno_clock_advance (f->clock, 1000); /* a column is about 13 ms */
  feed (f);
  dyno_test_ui_frames (GTK_WIDGET (f->chart), 3);
  g_assert_cmpuint (n_drawn (f), <=, drawn + 1);

  drawn = n_drawn (f);
  for (int i = 0; i < 20; i++)
    {
      dyno_clock_advance (f->clock, 20000);
      feed (f);
      dyno_test_ui_frames (GTK_WIDGET (f->chart), 1);
    }
  g_assert_cmpuint (n_drawn (f), >, drawn + 5);
  g_assert_cmpuint (n_drawn (f), <=, drawn + 25);
  dyno_chart_get_stats (f->chart, &after);
  g_assert_cmpuint (after.n_folded - before.n_folded, <, 25 * 12);
}

static void
test_unmapped_does_nothing (Live          *f,
                            gconstpointer  unused)
{
  DynoChartStats before;
  DynoChartStats after;

  gtk_widget_set_visible (GTK_WIDGET (f->chart), FALSE);
  dyno_test_ui_settle ();
  dyno_chart_get_stats (f->chart, &before);
  for (int i = 0; i < 10; i++)
    {
      dyno_clock_advance (f->clock, SECOND);
      feed (f);
      dyno_test_ui_run (20);
    }
  dyno_chart_get_stats (f->chart, &after);
  g_assert_cmpuint (after.n_ticks, ==, before.n_ticks);
  g_assert_cmpuint (after.n_folded, ==, before.n_folded);
  g_assert_cmpuint (after.n_drawn, ==, before.n_drawn);
  gtk_widget_set_visible (GTK_WIDGET (f->chart), TRUE);
  dyno_test_ui_frames (GTK_WIDGET (f->chart), 3);
  dyno_chart_get_stats (f->chart, &after);
  g_assert_cmpuint (after.n_ticks, >, before.n_ticks);
  assert_x (f->chart, 15, 25, 0.05);
}

/* Parts of pixels that differ by more than antialiasing does. */
static guint
count_far (GdkTexture *one,
           GdkTexture *other)
{
  gsize width = (gsize) gdk_texture_get_width (one);
  gsize height = (gsize) gdk_texture_get_height (one);
  g_autofree guchar *a = g_malloc (width * height * 4);
  g_autofree guchar *b = g_malloc (width * height * 4);
  guint n = 0;

  g_assert_cmpint (gdk_texture_get_width (other), ==, width);
  g_assert_cmpint (gdk_texture_get_height (other), ==, height);
  gdk_texture_download (one, a, width * 4);
  gdk_texture_download (other, b, width * 4);
  for (gsize i = 0; i < width * height * 4; i++)
    n += abs (a[i] - b[i]) > 100;

  return n;
}

/* What the chart looks like now, and what it looks like drawn whole at rest: a
 * series in another colour and back again. */
static guint
compare_with_whole (DynoChart *chart)
{
  DynoSeries *series = dyno_chart_get_active (chart);
  guint trace = dyno_series_get_trace (series);
  DynoChartStats before;
  DynoChartStats after;
  g_autoptr(GdkTexture) parts = dyno_test_ui_shot (GTK_WIDGET (chart));
  g_autoptr(GdkTexture) whole = NULL;

  dyno_chart_get_stats (chart, &before);
  dyno_chart_set_following (chart, FALSE);
  dyno_series_set_trace (series, trace + 1);
  dyno_test_ui_frames (GTK_WIDGET (chart), 3);
  dyno_series_set_trace (series, trace);
  dyno_test_ui_run (400);
  dyno_chart_get_stats (chart, &after);
  g_assert_cmpuint (after.n_whole, ==, before.n_whole + 2);
  whole = dyno_test_ui_shot (GTK_WIDGET (chart));
  if (g_getenv ("DYNO_TEST_KEEP") != NULL)
    {
      g_autofree char *one = g_build_filename (g_getenv ("DYNO_TEST_KEEP"), "parts.png", NULL);
      g_autofree char *two = g_build_filename (g_getenv ("DYNO_TEST_KEEP"), "whole.png", NULL);

      gdk_texture_save_to_png (parts, one);
      gdk_texture_save_to_png (whole, two);
    }

  return count_far (parts, whole);
}

/* Scrolled column by column, the picture is the same as drawn whole: dashes,
 * gap and all. */
static void
test_scrolled_is_as_drawn_whole (Live          *f,
                                 gconstpointer  unused)
{
  DynoChartStats before;
  DynoChartStats after;

  dyno_test_ui_frames (GTK_WIDGET (f->chart), 5);
  dyno_chart_get_stats (f->chart, &before);
  for (int i = 0; i < 300; i++)
    {
      dyno_clock_advance (f->clock, 35000);
      feed (f);
      dyno_test_ui_frames (GTK_WIDGET (f->chart), 1);
    }
  dyno_chart_get_stats (f->chart, &after);
  g_assert_cmpuint (after.n_drawn - before.n_drawn, >, 200);
  g_assert_cmpuint (after.n_whole, ==, before.n_whole);
  g_assert_cmpuint (compare_with_whole (f->chart), <, 300);
}

static void
test_following (Live          *f,
                gconstpointer  unused)
{
  assert_x (f->chart, 5, 15, 0.05);
  g_assert_true (dyno_chart_get_following (f->chart));
  dyno_clock_advance (f->clock, 2 * SECOND);
  feed (f);
  dyno_test_ui_frames (GTK_WIDGET (f->chart), 2);
  assert_x (f->chart, 7, 17, 0.05);

  /* Paused, the view stands; the ring goes on. */
  dyno_chart_set_following (f->chart, FALSE);
  dyno_clock_advance (f->clock, 14 * SECOND);
  feed (f);
  dyno_test_ui_frames (GTK_WIDGET (f->chart), 2);
  assert_x (f->chart, 7, 17, 0.05);
  g_assert_cmpint (ABS (dyno_chart_get_behind_us (f->chart) - 14 * SECOND), <, 30000);
  dyno_chart_set_following (f->chart, TRUE);
  dyno_test_ui_frames (GTK_WIDGET (f->chart), 2);
  assert_x (f->chart, 21, 31, 0.05);
  g_assert_cmpint (dyno_chart_get_behind_us (f->chart), ==, 0);

  /* Zooming keeps following, with another span; panning by hand pauses. */
  g_assert_true (press (f->chart, GDK_KEY_plus, 0));
  dyno_test_ui_frames (GTK_WIDGET (f->chart), 2);
  assert_x (f->chart, 23, 31, 0.05);
  g_assert_true (dyno_chart_get_following (f->chart));
  g_assert_true (press (f->chart, GDK_KEY_Left, GDK_SHIFT_MASK));
  g_assert_false (dyno_chart_get_following (f->chart));
  assert_x (f->chart, 22.2, 30.2, 0.05);
  g_assert_true (press (f->chart, GDK_KEY_0, 0));
  dyno_test_ui_frames (GTK_WIDGET (f->chart), 2);
  g_assert_true (dyno_chart_get_following (f->chart));
  assert_x (f->chart, 21, 31, 0.05);
}

/* The link is cut: the picture goes on, the end of the curve moves to the left. */
static void
test_cut_link (Live          *f,
               gconstpointer  unused)
{
  g_autofree char *text = NULL;

  dyno_clock_advance (f->clock, 4 * SECOND);
  dyno_test_ui_frames (GTK_WIDGET (f->chart), 3);
  assert_x (f->chart, 9, 19, 0.05);
  text = dyno_chart_describe (f->chart);
  g_assert_nonnull (strstr (text, "1 gap"));
}

/* Reads the whole frame with no allocation that stays. */
static void
test_flat_memory (Live          *f,
                  gconstpointer  unused)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  g_test_skip ("the sanitizer has an allocator of its own");
#else
  struct mallinfo2 before = { 0 };

  for (int i = 0; i < 300; i++)
    {
      dyno_clock_advance (f->clock, 20000);
      feed (f);
      dyno_test_ui_frames (GTK_WIDGET (f->chart), 1);
      if (i == 150)
        before = mallinfo2 ();
    }
  g_assert_cmpuint (mallinfo2 ().uordblks, <, before.uordblks + 65536);
#endif
}

static double
wiggle (double rpm)
{
  return 50 + 30 * sin (rpm / 90) + 5 * sin (rpm / 7);
}

/* Panned to and fro: dashes, markers, a raw curve and a band. */
static void
test_panned_is_as_drawn_whole (void)
{
  static const double band_x[] = { 1500, 3000, 6000 };
  static const double low[] = { 20, 40, 20 };
  static const double high[] = { 60, 70, 90 };
  static const guint keys[] = { GDK_KEY_Left, GDK_KEY_Left, GDK_KEY_Right, GDK_KEY_Right,
                                GDK_KEY_Right, GDK_KEY_Right, GDK_KEY_Left };
  DynoChart *chart = make_chart ();
  g_autoptr(DynoSeries) dashed = make_series ("d", DYNO_QUANTITY_POWER, wiggle, 2);
  g_autoptr(DynoSeries) marked = make_series ("m", DYNO_QUANTITY_POWER, torque_of, 14);
  g_autoptr(DynoSeries) raw = make_series ("r", DYNO_QUANTITY_POWER, wiggle, 3);
  g_autoptr(DynoSeries) band = dyno_series_new ("b", DYNO_QUANTITY_POWER);
  DynoChartStats before;
  DynoChartStats after;
  GtkWidget *window;

  dyno_series_set_dash (dashed, DYNO_DASH_TORQUE);
  dyno_series_set_band (band, 3, band_x, low, high);
  dyno_chart_add_layer (chart, 0, DYNO_LAYER_BAND, band);
  dyno_chart_add_layer (chart, 0, DYNO_LAYER_RAW, raw);
  dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, dashed);
  dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, marked);
  window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);
  for (int i = 0; i < 5; i++)
    press (chart, GDK_KEY_plus, 0);
  dyno_test_ui_run (400);
  dyno_chart_get_stats (chart, &before);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      press (chart, keys[i], GDK_SHIFT_MASK);
      dyno_test_ui_frames (GTK_WIDGET (chart), 1);
    }
  dyno_chart_get_stats (chart, &after);
  g_assert_cmpuint (after.n_drawn - before.n_drawn, >=, G_N_ELEMENTS (keys) - 1);
  g_assert_cmpuint (after.n_whole, ==, before.n_whole);
  dyno_test_ui_run (300);
  g_assert_cmpuint (compare_with_whole (chart), <, 300);
  close_chart (window, chart);
}

/* Keys: each of the table. */

static void
test_zoom_keys (void)
{
  DynoChart *chart = make_chart ();
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);

  g_assert_false (press (chart, GDK_KEY_BackSpace, 0)); /* nothing to undo */
  g_assert_true (press (chart, GDK_KEY_plus, 0));
  g_assert_cmpfloat_with_epsilon (span_of (chart), 3600, 8);
  assert_x (chart, 1950, 5550, 10);
  g_assert_true (press (chart, GDK_KEY_minus, 0));
  g_assert_cmpfloat_with_epsilon (span_of (chart), 4500, 10);

  dyno_chart_set_cursor (chart, 0, 4000);
  for (int i = 0; i < 3; i++)
    press (chart, GDK_KEY_KP_Add, 0);
  assert_x (chart, 4000 - 2500 / pow (1.25, 3), 4000 + 2000 / pow (1.25, 3), 15);
  g_assert_true (press (chart, GDK_KEY_Right, GDK_SHIFT_MASK));
  assert_x (chart, 4000 - 2500 / pow (1.25, 3) + 230, 4000 + 2000 / pow (1.25, 3) + 230, 15);
  g_assert_true (press (chart, GDK_KEY_Left, GDK_SHIFT_MASK));
  g_assert_true (press (chart, GDK_KEY_x, 0));
  assert_x (chart, 1500, 6000, 7);
  g_assert_true (press (chart, GDK_KEY_plus, 0));
  g_assert_true (press (chart, GDK_KEY_y, 0));
  g_assert_cmpfloat (span_of (chart), <, 4000);
  g_assert_true (press (chart, GDK_KEY_0, 0));
  assert_x (chart, 1500, 6000, 7);
  close_chart (window, chart);
}

/* Each zoom apart in time is a step of its own; 64 are kept. */
static void
test_undo (void)
{
  DynoChart *chart = make_chart ();
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);
  guint n = 0;

  for (int i = 0; i < 80; i++)
    {
      dyno_chart_set_cursor (chart, 0, 2000 + i * 10);
      dyno_chart_set_cursor (chart, 1, 5000 - i * 10);
      g_assert_true (press (chart, GDK_KEY_Return, 0));
    }
  assert_x (chart, 2790, 4210, 6);
  while (press (chart, GDK_KEY_BackSpace, 0))
    n++;
  g_assert_cmpuint (n, ==, 64);
  assert_x (chart, 2150, 4850, 6);
  close_chart (window, chart);
}

/* A wheel that turns on is one step. */
static void
test_wheel_is_one_step (void)
{
  DynoChart *chart = make_chart ();
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);
  gpointer motion = controller_of (chart, GTK_TYPE_EVENT_CONTROLLER_MOTION, 0);
  gpointer wheel = controller_of (chart, GTK_TYPE_EVENT_CONTROLLER_SCROLL, 0);
  gboolean is_handled;

  g_signal_emit_by_name (motion, "motion", 450.0, 200.0);
  for (int i = 0; i < 5; i++)
    g_signal_emit_by_name (wheel, "scroll", 0.0, -1.0, &is_handled);
  g_assert_true (is_handled);
  g_assert_cmpfloat_with_epsilon (span_of (chart), 4500 / pow (1.25, 5), 2);
  g_assert_true (press (chart, GDK_KEY_BackSpace, 0));
  assert_x (chart, 1500, 6000, 7);
  g_signal_emit_by_name (wheel, "scroll", 1.0, 0.0, &is_handled); /* sideways pans */
  assert_x (chart, 1950, 6450, 12);
  g_signal_emit_by_name (motion, "leave");
  close_chart (window, chart);
}

static void
test_cursor_keys (void)
{
  DynoChart *chart = make_chart ();
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);
  double min;
  double max;
  double x;

  g_assert_true (press (chart, GDK_KEY_Home, 0));
  g_assert_cmpfloat (dyno_chart_get_cursor (chart, 0), ==, 1500);
  g_assert_true (press (chart, GDK_KEY_End, 0));
  g_assert_cmpfloat (dyno_chart_get_cursor (chart, 0), ==, 6000);
  g_assert_true (press (chart, GDK_KEY_Left, GDK_ALT_MASK));
  g_assert_cmpfloat (dyno_chart_get_cursor (chart, 0), ==, 5995);
  g_assert_true (press (chart, GDK_KEY_Left, GDK_ALT_MASK));
  g_assert_cmpfloat (dyno_chart_get_cursor (chart, 0), ==, 5990);
  g_assert_true (press (chart, GDK_KEY_Right, GDK_ALT_MASK));
  g_assert_cmpfloat (dyno_chart_get_cursor (chart, 0), ==, 5995);

  dyno_chart_get_x (chart, &min, &max);
  dyno_chart_set_cursor (chart, 0, 4000);
  g_assert_true (press (chart, GDK_KEY_Right, 0));
  x = dyno_chart_get_cursor (chart, 0) - 4000; /* one px */
  g_assert_cmpfloat (x, >, 4);
  g_assert_cmpfloat (x, <, 7);
  g_assert_true (press (chart, GDK_KEY_Left, GDK_CONTROL_MASK));
  dyno_assert_near (dyno_chart_get_cursor (chart, 0), 4000 - 9 * x, 1e-9);

  g_assert_true (press (chart, GDK_KEY_c, 0));
  g_assert_false (isnan (dyno_chart_get_cursor (chart, 1)));
  g_assert_true (press (chart, GDK_KEY_Home, 0));
  g_assert_cmpfloat (dyno_chart_get_cursor (chart, 1), ==, 1500);
  dyno_assert_near (dyno_chart_get_cursor (chart, 0), 4000 - 9 * x, 1e-9);
  g_assert_true (press (chart, GDK_KEY_Escape, 0));
  g_assert_true (isnan (dyno_chart_get_cursor (chart, 0)));
  g_assert_true (isnan (dyno_chart_get_cursor (chart, 1)));
  g_assert_false (press (chart, GDK_KEY_Escape, 0)); /* goes on to the dialog */
  close_chart (window, chart);
}

static double
waves (double rpm)
{
  return 50 + 20 * sin (rpm / 300);
}

static void
test_peak_valley_gap_keys (void)
{
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());
  g_autoptr(DynoSeries) series = make_series ("w", DYNO_QUANTITY_POWER, waves, 0);
  GtkWidget *window;
  double x[N];
  double y[N];

  dyno_chart_set_x (chart, DYNO_QUANTITY_ROTATION, NAN, NAN);
  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_POWER, 1);
  dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, series);
  window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);

  /* Peaks of sin (rpm / 300) from 1500: at 2356, 4241; valleys at 3298, 5184. */
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (press (chart, GDK_KEY_p, 0));
      g_assert_cmpfloat_with_epsilon (dyno_chart_get_cursor (chart, 0), i == 0 ? 2356 : 4241, 5);
    }
  dyno_chart_set_cursor (chart, 0, NAN);
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (press (chart, GDK_KEY_v, 0));
      g_assert_cmpfloat_with_epsilon (dyno_chart_get_cursor (chart, 0), i == 0 ? 3298 : 5184, 5);
    }

  for (int i = 0; i < N; i++)
    {
      x[i] = 1500 + 5 * i;
      y[i] = (i >= 100 && i < 110) || (i >= 500 && i < 520) ? NAN : waves (x[i]);
    }
  dyno_series_set_arrays (series, N, x, y);
  dyno_chart_set_cursor (chart, 0, 1500);
  for (int i = 0; i < 3; i++)
    {
      g_assert_true (press (chart, GDK_KEY_g, 0));
      g_assert_cmpfloat (dyno_chart_get_cursor (chart, 0), ==, i == 1 ? 1500 + 520 * 5
                                                                      : 1500 + 110 * 5);
    }
  close_chart (window, chart);
}

static void
test_mark_and_zoom (void)
{
  DynoChart *chart = make_chart ();
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);

  g_assert_false (press (chart, GDK_KEY_Return, 0));
  dyno_chart_set_cursor (chart, 0, 3000);
  g_assert_true (press (chart, GDK_KEY_m, 0));
  for (int i = 0; i < 20; i++)
    press (chart, GDK_KEY_Right, GDK_CONTROL_MASK);
  g_assert_true (press (chart, GDK_KEY_m, 0));
  g_assert_cmpfloat (dyno_chart_get_cursor (chart, 0), ==, 3000);
  g_assert_cmpfloat (dyno_chart_get_cursor (chart, 1), >, 3900);
  g_assert_true (press (chart, GDK_KEY_Return, 0));
  assert_x (chart, 3000, dyno_chart_get_cursor (chart, 1), 6);
  g_assert_true (press (chart, GDK_KEY_BackSpace, 0));
  assert_x (chart, 1500, 6000, 7);
  close_chart (window, chart);
}

static void
test_series_keys (void)
{
  DynoChart *chart = make_chart ();
  g_autoptr(DynoSeries) second = make_series ("Run 13", DYNO_QUANTITY_POWER, torque_of, 1);
  GtkWidget *window;
  DynoSeries *first = dyno_chart_get_active (chart);

  dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, second);
  window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);
  g_assert_true (press (chart, GDK_KEY_Page_Down, 0));
  g_assert_true (dyno_chart_get_active (chart) == second);
  g_assert_true (press (chart, GDK_KEY_Page_Down, 0));
  g_assert_true (dyno_chart_get_active (chart) == first);
  g_assert_true (press (chart, GDK_KEY_Page_Up, 0));
  g_assert_true (dyno_chart_get_active (chart) == second);

  gtk_widget_activate_action (GTK_WIDGET (chart), "chart.hide-series", NULL);
  g_assert_false (dyno_series_get_visible (second));
  gtk_widget_activate_action (GTK_WIDGET (chart), "chart.pin-series", NULL);
  g_assert_true (dyno_series_get_pinned (second));
  dyno_test_ui_frames (GTK_WIDGET (chart), 2);
  g_assert_true (press (chart, GDK_KEY_F10, GDK_SHIFT_MASK)); /* the menu opens */
  dyno_test_ui_frames (GTK_WIDGET (chart), 2);
  close_chart (window, chart);
}

/* Pointer. */

static void
test_drag_pans (void)
{
  DynoChart *chart = make_chart ();
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);
  gpointer drag = controller_of (chart, GTK_TYPE_GESTURE_DRAG, GDK_BUTTON_PRIMARY);
  double min;
  double max;
  double step;

  press (chart, GDK_KEY_plus, 0);
  press (chart, GDK_KEY_plus, 0);
  dyno_test_ui_frames (GTK_WIDGET (chart), 2);
  dyno_chart_get_x (chart, &min, &max);
  step = (max - min) / (900 - 60); /* about one px */
  g_signal_emit_by_name (drag, "drag-begin", 450.0, 200.0);
  g_signal_emit_by_name (drag, "drag-update", 2.0, 0.0); /* a hand that trembles */
  assert_x (chart, min, max, 1e-6);
  for (int i = 20; i <= 100; i++)
    g_signal_emit_by_name (drag, "drag-update", -(double) i, 3.0);
  g_signal_emit_by_name (drag, "drag-end", -100.0, 3.0);
  assert_x (chart, min + 100 * step, max + 100 * step, 8 * step);
  g_assert_true (press (chart, GDK_KEY_BackSpace, 0));
  assert_x (chart, min, max, 1e-6);
  close_chart (window, chart);
}

static void
count_range_cb (DynoChart *chart,
                double     min,
                double     max,
                guint     *n)
{
  g_assert_cmpfloat (min, <, max);
  (*n)++;
}

static void
note_cursor_cb (DynoChart *chart,
                guint      which,
                double     x,
                double    *noted)
{
  noted[which] = x;
}

static void
note_drop_cb (DynoChart  *chart,
              guint       pane,
              const char *name,
              char      **noted)
{
  g_free (*noted);
  *noted = g_strdup_printf ("%u %s", pane, name);
}

static void
test_signals (void)
{
  DynoChart *chart = make_chart ();
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);
  gpointer drop = controller_of (chart, GTK_TYPE_DROP_TARGET, 0);
  g_autofree char *dropped = NULL;
  g_auto(GValue) value = G_VALUE_INIT;
  double noted[2] = { 0, 0 };
  guint n_ranges = 0;
  gboolean is_taken;

  g_signal_connect (chart, "range-changed", G_CALLBACK (count_range_cb), &n_ranges);
  g_signal_connect (chart, "cursor-moved", G_CALLBACK (note_cursor_cb), noted);
  g_signal_connect (chart, "series-dropped", G_CALLBACK (note_drop_cb), &dropped);
  dyno_chart_set_x (chart, DYNO_QUANTITY_ROTATION, 2000, 3000);
  g_assert_cmpuint (n_ranges, ==, 1);
  press (chart, GDK_KEY_plus, 0);
  g_assert_cmpuint (n_ranges, ==, 2);
  dyno_chart_set_cursor (chart, 1, 2500);
  g_assert_cmpfloat (noted[1], ==, 2500);
  dyno_chart_set_cursor (chart, 1, NAN);
  g_assert_true (isnan (noted[1]));

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, "map");
  g_signal_emit_by_name (drop, "drop", &value, 300.0, 200.0, &is_taken);
  g_assert_true (is_taken);
  g_assert_cmpstr (dropped, ==, "0 map");
  close_chart (window, chart);
}

/* Words. */

static double
afr_of (double rpm)
{
  return rpm < 3000 ? 13.0 : rpm < 4000 ? 14.2 : 12.2;
}

static void
test_describe (void)
{
  static const double band_x[] = { 1500, 6000 };
  static const double low[] = { 12.7, 12.7 };
  static const double high[] = { 13.3, 13.3 };
  DynoChart *chart = make_chart ();
  g_autoptr(DynoSeries) mixture = make_series ("AFR front", DYNO_QUANTITY_AFR, afr_of, 1);
  g_autoptr(DynoSeries) band = dyno_series_new ("Target", DYNO_QUANTITY_AFR);
  GtkWidget *window;
  g_autofree char *text = NULL;

  dyno_series_set_band (band, 2, band_x, low, high);
  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_AFR, 1);
  dyno_chart_add_layer (chart, 1, DYNO_LAYER_BAND, band);
  dyno_chart_add_layer (chart, 1, DYNO_LAYER_LINE, mixture);
  window = dyno_test_ui_show (GTK_WIDGET (chart), 1000, 600);
  text = dyno_chart_describe (chart);
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "Power, 1"));
  g_assert_nonnull (strstr (text, "A Run 14: peak 86.4 kW at 5480.0 rpm")
                    ?: strstr (text, "A Run 14: peak 86.4 kW at 5480 rpm"));
  g_assert_nonnull (strstr (text, ", least 23.0 kW at 1500 rpm"));
  g_assert_nonnull (strstr (text, ", begins 23.0, ends 85.3"));
  g_assert_nonnull (strstr (text, "B AFR front: peak 14.20 AFR at 3000 rpm"));
  g_assert_nonnull (strstr (text, "lean from 3000 to 3995 rpm"));
  g_assert_nonnull (strstr (text, "rich from 4000 to 6000 rpm"));
  g_assert_null (strstr (text, "gap"));
  close_chart (window, chart);
}

static double
less_power_of (double rpm)
{
  return power_of (rpm) - 0.5;
}

static void
test_describe_cursor (void)
{
  DynoChart *chart = make_chart ();
  g_autoptr(DynoSeries) second = make_series ("Run 13", DYNO_QUANTITY_POWER, less_power_of, 1);
  GtkWidget *window;
  g_autofree char *none = NULL;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, second);
  window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);
  none = dyno_chart_describe_cursor (chart, 0);
  g_assert_cmpstr (none, ==, "");
  dyno_chart_set_cursor (chart, 0, 5480);
  one = dyno_chart_describe_cursor (chart, 0);
  g_assert_cmpstr (one, ==, "5480 rpm; A 86.4 kW; B 85.9 kW; difference 0.5");
  dyno_chart_set_cursor (chart, 1, 4480);
  two = dyno_chart_describe_cursor (chart, 0);
  g_assert_cmpstr (two, ==, "5480 rpm; A 86.4 kW (Δ +4.0); B 85.9 kW (Δ +4.0); difference 0.5");
  close_chart (window, chart);
}

static void
test_access (void)
{
  DynoChart *chart = make_chart ();
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);
  GtkWidget *cursor = NULL;

  gtk_test_accessible_assert_role (chart, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Power");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (chart),
                                       GTK_ACCESSIBLE_PROPERTY_ROLE_DESCRIPTION, "chart");
  g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (chart)));
  dyno_chart_set_cursor (chart, 0, 5480);
  dyno_test_ui_run (1200); /* at most once a second */
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (chart),
                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (chart)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (g_str_equal (G_OBJECT_TYPE_NAME (child), "DynoCursor") && cursor == NULL)
        cursor = child;
    }
  g_assert_nonnull (cursor);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (cursor), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "5480 rpm; A 86.4 kW");
  g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (chart),
                                                   GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT));
  close_chart (window, chart);
}

/* Runs. */

static double
run_power (double rpm)
{
  return power_of (rpm);
}

static void
test_twenty_runs (void)
{
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());
  GtkWidget *window;
  DynoChartStats stats;

  dyno_chart_set_x (chart, DYNO_QUANTITY_ROTATION, NAN, NAN);
  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_POWER, 1);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(DynoSeries) power = make_series ("r", DYNO_QUANTITY_POWER, run_power, i);
      g_autoptr(DynoSeries) torque = make_series ("r", DYNO_QUANTITY_TORQUE, torque_of, i);

      g_assert_cmpuint (dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, power), ==, 2 * i + 1);
      g_assert_cmpuint (dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, torque), ==, 2 * i + 2);
    }
  window = dyno_test_ui_show (GTK_WIDGET (chart), 1200, 700);
  dyno_test_ui_run (300);
  dyno_chart_get_stats (chart, &stats);
  g_assert_cmpuint (stats.n_lines, ==, 40);
  g_assert_cmpuint (stats.n_points, <=, 40 * 2 * 1200);

  /* In motion one point a column, at rest all of them. */
  press (chart, GDK_KEY_plus, 0);
  dyno_test_ui_frames (GTK_WIDGET (chart), 1);
  dyno_chart_get_stats (chart, &stats);
  g_assert_cmpuint (stats.n_points, <=, 40 * 1210);
  dyno_test_ui_run (400);
  dyno_chart_clear (chart);
  g_assert_cmpuint (g_list_model_get_n_items (dyno_chart_get_series (chart)), ==, 0);
  dyno_test_ui_frames (GTK_WIDGET (chart), 2);
  close_chart (window, chart);
}

/* Samples with a pause and a lost reading; over engine speed too. */
static void
test_samples (void)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (200);
  double *time = g_new (double, 200);
  double *rpm = g_new (double, 200);
  double *power = g_new (double, 200);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoSeries) series = dyno_series_new_channel (DYNO_CHANNEL_POWER);
  g_autoptr(DynoSeries) absent = dyno_series_new_channel (DYNO_CHANNEL_TORQUE);
  DynoChart *chart = DYNO_CHART (dyno_chart_new ());
  GtkWidget *window;
  DynoSeriesData data;

  for (int i = 0; i < 200; i++)
    {
      time[i] = 0.02 * i + (i >= 100 ? 2 : 0);
      rpm[i] = 2000 + 20 * i;
      power[i] = i == 50 ? NAN : i / 2.0;
    }
  dyno_samples_builder_take_time (builder, time);
  dyno_samples_builder_take (builder, "RPM", NULL, DYNO_CHANNEL_RPM, dyno_unit_find ("rpm"), rpm);
  dyno_samples_builder_take (builder, "P", NULL, DYNO_CHANNEL_POWER, dyno_unit_find ("kW"), power);
  samples = dyno_samples_builder_finish (builder);

  dyno_chart_add_pane (chart, "", DYNO_QUANTITY_POWER, 1);
  dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, series);
  dyno_chart_add_layer (chart, 0, DYNO_LAYER_LINE, absent);
  window = dyno_test_ui_show (GTK_WIDGET (chart), 800, 400);
  dyno_chart_set_samples (chart, samples);
  dyno_test_ui_frames (GTK_WIDGET (chart), 2);
  assert_x (chart, 0, 0.02 * 199 + 2, 0.02);
  {
    g_autofree char *text = dyno_chart_describe (chart);

    g_assert_nonnull (strstr (text, "2 gaps"));
    g_assert_nonnull (strstr (text, "A Torque: no values here."));
  }

  dyno_chart_set_x (chart, DYNO_QUANTITY_ROTATION, NAN, NAN);
  dyno_chart_set_samples (chart, samples);
  dyno_test_ui_frames (GTK_WIDGET (chart), 2);
  assert_x (chart, 2000, 5980, 6);
  dyno_series_get_data (series, &data);
  g_assert_cmpuint (data.n, ==, 200);
  close_chart (window, chart);
}

/* Pictures. */

static void
test_export (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  DynoChart *chart = make_chart ();
  GtkWidget *window = dyno_test_ui_show (GTK_WIDGET (chart), 900, 500);
  static const char *const names[] = { "a.png", "a.svg", "a.pdf" };
  static const char *const heads[] = { "\x89PNG", "<?xml", "%PDF" };

  dyno_chart_set_caption (chart, "SAE, CF 1.021");
  for (int kind = 0; kind < DYNO_N_PICTURE_KINDS; kind++)
    {
      g_autofree char *path = g_build_filename (folder, names[kind], NULL);
      g_autoptr(GFile) file = g_file_new_for_path (path);
      g_autoptr(GError) error = NULL;
      g_autofree char *text = NULL;
      gsize length;

      g_assert_true (dyno_chart_export (chart, kind, file, &error));
      g_assert_no_error (error);
      text = dyno_test_read (path, &length);
      g_assert_cmpuint (length, >, 2000);
      g_assert_true (strncmp (text, heads[kind], 4) == 0);
      if (kind == DYNO_PICTURE_SVG)
        g_assert_nonnull (strstr (text, "peak 86.4 kW at 5480 rpm"));
    }
  {
    g_autoptr(GFile) file = g_file_new_for_path ("/nowhere/at/all.png");
    g_autoptr(GError) error = NULL;

    g_assert_false (dyno_chart_export (chart, DYNO_PICTURE_PNG, file, &error));
    g_assert_cmpstr (error->message, !=, "");
  }
  dyno_test_remove_folder (folder);
  close_chart (window, chart);
}

int
main (int    argc,
      char **argv)
{
  dyno_test_ui_init (&argc, &argv);
  g_test_add_func ("/chart/empty", test_empty);
  g_test_add_func ("/chart/draws-in-its-colours", test_draws_in_its_colours);
  g_test_add_func ("/chart/one-node-a-pane", test_one_node_a_pane);
  g_test_add_func ("/chart/flat-and-nan", test_flat_and_nan);
  g_test_add_func ("/chart/axes", test_axes);
#define ADD(name, func) \
  g_test_add ("/chart/live/" name, Live, NULL, live_set_up, func, live_tear_down)
  ADD ("no-draw-without-a-column", test_no_draw_without_a_column);
  ADD ("unmapped-does-nothing", test_unmapped_does_nothing);
  ADD ("scrolled-is-as-drawn-whole", test_scrolled_is_as_drawn_whole);
  ADD ("following", test_following);
  ADD ("cut-link", test_cut_link);
  ADD ("flat-memory", test_flat_memory);
#undef ADD
  g_test_add_func ("/chart/panned-is-as-drawn-whole", test_panned_is_as_drawn_whole);
  g_test_add_func ("/chart/keys/zoom", test_zoom_keys);
  g_test_add_func ("/chart/keys/undo", test_undo);
  g_test_add_func ("/chart/keys/cursor", test_cursor_keys);
  g_test_add_func ("/chart/keys/peak-valley-gap", test_peak_valley_gap_keys);
  g_test_add_func ("/chart/keys/mark-and-zoom", test_mark_and_zoom);
  g_test_add_func ("/chart/keys/series", test_series_keys);
  g_test_add_func ("/chart/wheel-is-one-step", test_wheel_is_one_step);
  g_test_add_func ("/chart/drag-pans", test_drag_pans);
  g_test_add_func ("/chart/signals", test_signals);
  g_test_add_func ("/chart/describe", test_describe);
  g_test_add_func ("/chart/describe-cursor", test_describe_cursor);
  g_test_add_func ("/chart/access", test_access);
  g_test_add_func ("/chart/twenty-runs", test_twenty_runs);
  g_test_add_func ("/chart/samples", test_samples);
  g_test_add_func ("/chart/export", test_export);

  return g_test_run ();
}
