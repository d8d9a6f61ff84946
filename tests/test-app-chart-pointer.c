/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The pointer's column of ui.md 4.1 with a real pointer: xdotool moves it in the
 * X server of the test, and GTK sees events with their modifiers. */

#include "config.h"

#include "dyno-chart.h"
#include "dyno-test-ui.h"

#include <math.h>

#define WIDTH 900
#define HEIGHT 500

typedef struct
{
  DynoChart *chart;
  GtkWidget *window;
} Fixture;

/* One xdotool command, then time for GTK to see it. */
static void
point (const char *command)
{
  g_autofree char *line = g_strdup_printf ("xdotool %s", command);
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_command_line_sync (line, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  dyno_test_ui_run (60);
}

static void
set_up (Fixture       *f,
        gconstpointer  unused)
{
  g_autoptr(DynoSeries) series = dyno_series_new ("Run 14", DYNO_QUANTITY_POWER);
  double x[100];
  double y[100];

  for (int i = 0; i < 100; i++)
    {
      x[i] = i;
      y[i] = 50 + 40 * sin (i / 10.0);
    }
  dyno_series_set_arrays (series, 100, x, y);
  f->chart = DYNO_CHART (dyno_chart_new ());
  dyno_chart_add_pane (f->chart, "", DYNO_QUANTITY_POWER, 1);
  dyno_chart_add_layer (f->chart, 0, DYNO_LAYER_LINE, series);
  f->window = dyno_test_ui_show (GTK_WIDGET (f->chart), WIDTH, HEIGHT);
  point ("mousemove 450 200");
  point ("mousemove 451 201");
}

static void
tear_down (Fixture       *f,
           gconstpointer  unused)
{
  g_object_ref (f->chart);
  dyno_test_ui_close (f->window);
  g_assert_finalize_object (f->chart);
}

static double
span_x (Fixture *f)
{
  double min;
  double max;

  dyno_chart_get_x (f->chart, &min, &max);

  return max - min;
}

static double
span_y (Fixture *f)
{
  double min;
  double max;

  dyno_chart_get_y (f->chart, 0, DYNO_SIDE_LEFT, &min, &max);

  return max - min;
}

static double
begin_x (Fixture *f)
{
  double min;
  double max;

  dyno_chart_get_x (f->chart, &min, &max);

  return min;
}

static void
test_wheel (Fixture       *f,
            gconstpointer  unused)
{
  double x = span_x (f);
  double y = span_y (f);
  double begin;

  point ("click 4");
  g_assert_cmpfloat_with_epsilon (span_x (f), x / 1.25, 0.5);
  g_assert_cmpfloat (span_y (f), ==, y);
  point ("click 5");
  g_assert_cmpfloat_with_epsilon (span_x (f), x, 0.5);

  point ("keydown ctrl click 4 keyup ctrl");
  g_assert_cmpfloat_with_epsilon (span_x (f), x, 0.5);
  g_assert_cmpfloat_with_epsilon (span_y (f), y / 1.25, 0.01);

  begin = begin_x (f);
  point ("keydown shift click 5 keyup shift");
  g_assert_cmpfloat_with_epsilon (span_x (f), x, 0.5);
  g_assert_cmpfloat_with_epsilon (begin_x (f), begin + 0.1 * x, 1);
}

static void
test_drag (Fixture       *f,
           gconstpointer  unused)
{
  double begin;
  double step;

  point ("click 4");
  point ("click 4");
  begin = begin_x (f);
  step = span_x (f) / (WIDTH - 60);
  point ("mousedown 1 mousemove 430 200 mousemove 400 205 mousemove 351 205 mouseup 1");
  g_assert_cmpfloat_with_epsilon (begin_x (f), begin + 100 * step, 12 * step);
  g_assert_true (isnan (dyno_chart_get_cursor (f->chart, 0))); /* a drag is no click */
}

static void
test_box (Fixture       *f,
          gconstpointer  unused)
{
  double x = span_x (f);
  double y = span_y (f);

  point ("mousemove 300 100 mousedown 3 mousemove 350 150 mousemove 500 250 mouseup 3");
  g_assert_cmpfloat_with_epsilon (span_x (f), x * 200 / (WIDTH - 60), x * 0.02);
  g_assert_cmpfloat (span_y (f), <, y * 0.45);
  g_assert_cmpfloat (span_y (f), >, y * 0.25);
  gtk_widget_activate_action (GTK_WIDGET (f->chart), "chart.undo-zoom", NULL);
  dyno_test_ui_run (30);
  g_assert_cmpfloat_with_epsilon (span_x (f), x, 0.1);
  g_assert_cmpfloat_with_epsilon (span_y (f), y, 0.1);
}

static void
test_double_click (Fixture       *f,
                   gconstpointer  unused)
{
  double x = span_x (f);
  double y = span_y (f);

  point ("click 4");
  point ("keydown ctrl click 4 keyup ctrl");
  point ("click --repeat 2 --delay 30 1");
  g_assert_cmpfloat_with_epsilon (span_x (f), x, 0.5);
  g_assert_cmpfloat_with_epsilon (span_y (f), y, 0.01);

  /* On the axis of y: y alone; on that of x: x alone. */
  point ("click 4");
  point ("keydown ctrl click 4 keyup ctrl");
  dyno_test_ui_run (500);
  point ("mousemove 12 200 click --repeat 2 --delay 30 1");
  g_assert_cmpfloat (span_x (f), <, 0.9 * x);
  g_assert_cmpfloat_with_epsilon (span_y (f), y, 0.01);
  dyno_test_ui_run (500);
  point ("mousemove 450 485 click --repeat 2 --delay 30 1");
  g_assert_cmpfloat_with_epsilon (span_x (f), x, 0.5);
}

static void
test_cursors (Fixture       *f,
              gconstpointer  unused)
{
  double first;

  point ("click 1");
  first = dyno_chart_get_cursor (f->chart, 0);
  g_assert_cmpfloat_with_epsilon (first, 50, 3);
  g_assert_true (isnan (dyno_chart_get_cursor (f->chart, 1)));
  dyno_test_ui_run (500);
  point ("mousemove 600 200 keydown shift click 1 keyup shift");
  g_assert_cmpfloat (dyno_chart_get_cursor (f->chart, 0), ==, first);
  g_assert_cmpfloat (dyno_chart_get_cursor (f->chart, 1), >, first + 10);

  /* A cursor is taken and moved; the view stays. */
  dyno_test_ui_run (500);
  point ("mousemove 452 300 mousedown 1 mousemove 420 300 mousemove 300 300 mouseup 1");
  g_assert_cmpfloat_with_epsilon (dyno_chart_get_cursor (f->chart, 0), 32, 3);
  g_assert_cmpfloat_with_epsilon (begin_x (f), 0, 0.2);
}

static GtkWidget *
open_popover (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_POPOVER (child) && gtk_widget_get_mapped (child))
        return child;
    }

  return NULL;
}

static void
test_menu (Fixture       *f,
           gconstpointer  unused)
{
  g_assert_null (open_popover (GTK_WIDGET (f->chart)));
  point ("click 3");
  g_assert_nonnull (open_popover (GTK_WIDGET (f->chart)));
  gtk_popover_popdown (GTK_POPOVER (open_popover (GTK_WIDGET (f->chart))));
  dyno_test_ui_run (100);
  g_assert_null (open_popover (GTK_WIDGET (f->chart)));
}

/* Over the plot the pointer draws its line and card, and curves are left alone. */
static void
test_hover (Fixture       *f,
            gconstpointer  unused)
{
  DynoChartStats before;
  DynoChartStats after;
  g_autoptr(GdkTexture) on = NULL;
  g_autoptr(GdkTexture) off = NULL;
  DynoColour dim = dyno_palette_dim (DYNO_LOOK_LIGHT);

  dyno_test_ui_run (300);
  dyno_chart_get_stats (f->chart, &before);
  for (int i = 0; i < 10; i++)
    {
      g_autofree char *move = g_strdup_printf ("mousemove %d 250", 300 + 20 * i);

      point (move);
    }
  dyno_chart_get_stats (f->chart, &after);
  g_assert_cmpuint (after.n_drawn, ==, before.n_drawn);
  on = dyno_test_ui_shot (GTK_WIDGET (f->chart));
  point ("mousemove 450 495");
  off = dyno_test_ui_shot (GTK_WIDGET (f->chart));
  g_assert_cmpuint (dyno_test_ui_count (on, (GdkRGBA *) &dim), >,
                    dyno_test_ui_count (off, (GdkRGBA *) &dim) + 300);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *tool = g_find_program_in_path ("xdotool");

  dyno_test_ui_init (&argc, &argv);
  if (tool == NULL)
    {
      g_print ("1..0 # SKIP xdotool is not installed\n");
      return 0;
    }

#define ADD(name, func) g_test_add ("/chart-pointer/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("wheel", test_wheel);
  ADD ("drag", test_drag);
  ADD ("box", test_box);
  ADD ("double-click", test_double_click);
  ADD ("cursors", test_cursors);
  ADD ("menu", test_menu);
  ADD ("hover", test_hover);
#undef ADD

  return g_test_run ();
}
