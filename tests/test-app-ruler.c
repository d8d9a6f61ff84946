/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ruler.h"
#include "dyno-test.h"

#include <math.h>

static void
count_cb (DynoRuler *ruler,
          int       *n)
{
  (*n)++;
}

static void
assert_range (DynoRuler *ruler,
              double     min,
              double     max)
{
  double a;
  double b;

  dyno_ruler_get_range (ruler, &a, &b);
  dyno_assert_near (a, min, 1e-9);
  dyno_assert_near (b, max, 1e-9);
}

static void
test_place_and_back (void)
{
  DynoRuler *x = dyno_ruler_new (DYNO_QUANTITY_ROTATION, FALSE);
  DynoRuler *y = dyno_ruler_new (DYNO_QUANTITY_POWER, TRUE);
  int n_changed = 0;

  g_signal_connect (x, "changed", G_CALLBACK (count_cb), &n_changed);
  dyno_ruler_set_length (x, 1000, 1000);
  dyno_ruler_set_range (x, 1000, 6000);
  dyno_ruler_set_length (y, 200, 0);
  dyno_ruler_set_range (y, 0, 100);
  g_assert_cmpint (n_changed, ==, 2);
  dyno_ruler_set_range (x, 1000, 6000);
  g_assert_cmpint (n_changed, ==, 2);

  g_assert_cmpfloat (dyno_ruler_place (x, 1000), ==, 0);
  g_assert_cmpfloat (dyno_ruler_place (x, 6000), ==, 1000);
  g_assert_cmpfloat (dyno_ruler_place (y, 0), ==, 200);
  g_assert_cmpfloat (dyno_ruler_place (y, 100), ==, 0);
  for (int i = 0; i < 1000; i += 7)
    dyno_assert_near (dyno_ruler_place (x, dyno_ruler_value (x, i)), i, 1e-12);
  g_assert_finalize_object (x);
  g_assert_finalize_object (y);
}

/* Whatever is asked for, the range is finite, not empty, and on whole columns. */
static void
test_any_range (void)
{
  static const double ends[] = { 0,   1,    -1,  5252,     1e-300,   -1e9,
                                 1e9, 1e15, NAN, INFINITY, -INFINITY };
  DynoRuler *x = dyno_ruler_new (DYNO_QUANTITY_TIME, FALSE);

  dyno_ruler_set_length (x, 600, 1200);
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (ends); j++)
      {
        double min;
        double max;
        gint64 first;
        guint n;
        double dx;

        dyno_ruler_set_range (x, ends[i], ends[j]);
        dyno_ruler_get_range (x, &min, &max);
        dx = dyno_ruler_get_columns (x, &first, &n);
        g_assert_true (isfinite (min) && isfinite (max));
        g_assert_cmpfloat (min, <, max);
        g_assert_cmpuint (n, ==, 1200);
        g_assert_cmpfloat ((double) first * dx, ==, min);
        g_assert_cmpfloat ((double) first * dx, <, (double) (first + 1) * dx);
        g_assert_true (isfinite (dyno_ruler_place (x, 0)));
      }
  g_assert_finalize_object (x);
}

static void
test_fit (void)
{
  DynoRuler *x = dyno_ruler_new (DYNO_QUANTITY_ROTATION, FALSE);
  DynoRuler *y = dyno_ruler_new (DYNO_QUANTITY_POWER, TRUE);
  double min;
  double max;

  g_assert_false (dyno_ruler_fit (x));
  dyno_ruler_set_length (x, 800, 800);
  dyno_ruler_set_limits (x, 1512, 5937);
  g_assert_true (dyno_ruler_fit (x));
  dyno_ruler_get_range (x, &min, &max);
  g_assert_cmpfloat (min, <=, 1512);
  g_assert_cmpfloat (min, >, 1512 - 6); /* a column */
  g_assert_cmpfloat (max, >, 5937);
  g_assert_cmpfloat (max, <, 5937 + 6);

  dyno_ruler_set_length (y, 300, 0);
  dyno_ruler_set_limits (y, 12.3, 86.4);
  dyno_ruler_fit (y);
  assert_range (y, 0, 90); /* from zero, to half a tick */
  dyno_ruler_set_limits (y, 12.31, 14.7);
  dyno_ruler_fit (y);
  assert_range (y, 0, 15);
  dyno_ruler_set_quantity (y, DYNO_QUANTITY_AFR);
  dyno_ruler_set_limits (y, 12.31, 14.7);
  dyno_ruler_fit (y);
  assert_range (y, 12.2, 14.8); /* zero is far */
  dyno_ruler_set_limits (y, 7, 7);
  dyno_ruler_fit (y);
  g_assert_cmpfloat (dyno_ruler_place (y, 7), >, 0);
  g_assert_cmpfloat (dyno_ruler_place (y, 7), <, 300);

  /* In the unit of the reader: 86.4 kW are 115.9 hp. */
  dyno_ruler_set_quantity (y, DYNO_QUANTITY_POWER);
  dyno_ruler_set_unit (y, dyno_unit_find ("hp"));
  dyno_ruler_set_limits (y, 0, 86.4);
  dyno_ruler_fit (y);
  assert_range (y, 0, dyno_unit_to_si (dyno_unit_find ("hp"), 120));
  g_assert_finalize_object (x);
  g_assert_finalize_object (y);
}

static void
test_zoom_keeps_its_place (void)
{
  DynoRuler *x = dyno_ruler_new (DYNO_QUANTITY_TIME, FALSE);
  double place;
  double min;
  double max;

  dyno_ruler_set_length (x, 1000, 1000);
  dyno_ruler_set_limits (x, 0, 60);
  dyno_ruler_set_range (x, 0, 60);
  place = dyno_ruler_place (x, 20);
  for (int i = 0; i < 10; i++)
    dyno_ruler_zoom (x, 1.25, 20);
  g_assert_cmpfloat (fabs (dyno_ruler_place (x, 20) - place), <, 6); /* half a px each time */
  dyno_ruler_get_range (x, &min, &max);
  dyno_assert_near (max - min, 60 / pow (1.25, 10), 1e-9);

  /* Neither in nor out without end. */
  for (int i = 0; i < 400; i++)
    dyno_ruler_zoom (x, 2, 20);
  dyno_ruler_get_range (x, &min, &max);
  g_assert_cmpfloat (max - min, >=, 60e-7 * 0.999);
  for (int i = 0; i < 400; i++)
    dyno_ruler_zoom (x, 0.5, 20);
  dyno_ruler_get_range (x, &min, &max);
  g_assert_cmpfloat (max - min, <=, 1200.001);
  g_assert_finalize_object (x);
}

static void
test_pan_leaves_a_tenth (void)
{
  DynoRuler *x = dyno_ruler_new (DYNO_QUANTITY_TIME, FALSE);
  gint64 first;
  guint n;
  double dx;
  double min;
  double max;

  dyno_ruler_set_length (x, 1000, 1000);
  dyno_ruler_set_limits (x, 0, 60);
  dyno_ruler_set_range (x, 20, 40);
  dx = dyno_ruler_get_columns (x, &first, &n);
  dyno_ruler_pan (x, 17);
  g_assert_cmpfloat (dyno_ruler_get_columns (x, &first, &n), ==, dx);
  g_assert_cmpint (first, ==, 1017);
  dyno_ruler_pan (x, 0.2);
  g_assert_cmpfloat (dyno_ruler_get_columns (x, &first, &n), ==, dx);
  g_assert_cmpint (first, ==, 1017);

  dyno_ruler_pan (x, 1e9);
  dyno_ruler_get_range (x, &min, &max);
  dyno_assert_near (min, 58, dx);
  dyno_ruler_pan (x, -1e9);
  dyno_ruler_get_range (x, &min, &max);
  dyno_assert_near (max, 2, 2 * dx);
  g_assert_finalize_object (x);
}

/* A live view moves by whole columns and only when one is full. */
static void
test_scroll (void)
{
  DynoRuler *x = dyno_ruler_new (DYNO_QUANTITY_TIME, FALSE);
  guint n_moved = 0;
  double min;
  double max;

  dyno_ruler_set_length (x, 1200, 1200);
  dyno_ruler_set_range (x, 0, 30);
  for (int i = 0; i <= 60; i++)
    n_moved += dyno_ruler_scroll_to (x, 100 + i / 60.0);
  /* 40 columns a second, and one for the jump. */
  g_assert_cmpuint (n_moved, ==, 41);
  dyno_ruler_get_range (x, &min, &max);
  g_assert_cmpfloat (max, >, 101);
  g_assert_cmpfloat (max, <=, 101 + 30 / 1200. + 1e-9);
  dyno_assert_near (max - min, 30, 1e-9);
  g_assert_finalize_object (x);
}

static void
test_follow (void)
{
  DynoRuler *y = dyno_ruler_new (DYNO_QUANTITY_ROTATION, TRUE);

  dyno_ruler_set_length (y, 240, 0);
  dyno_ruler_follow (y, 900, 3000);
  assert_range (y, 0, 3200);
  dyno_ruler_follow (y, 900, 3210);
  assert_range (y, 0, 3500);
  dyno_ruler_follow (y, 900, 2100); /* more than 60 % are used: stays */
  assert_range (y, 0, 3500);
  dyno_ruler_follow (y, 900, 1900);
  assert_range (y, 0, 2000);
  dyno_ruler_follow (y, INFINITY, -INFINITY); /* nothing in view */
  assert_range (y, 0, 2000);
  g_assert_finalize_object (y);
}

static void
assert_ticks (DynoRuler  *ruler,
              const char *expected)
{
  DynoRulerTick ticks[32];
  guint n = dyno_ruler_ticks (ruler, ticks, G_N_ELEMENTS (ticks));
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s@%.0f", i > 0 ? " " : "", ticks[i].text, ticks[i].place);
  dyno_ruler_clear_ticks (ticks, n);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_ticks (void)
{
  DynoRuler *x = dyno_ruler_new (DYNO_QUANTITY_TIME, FALSE);
  DynoRuler *y = dyno_ruler_new (DYNO_QUANTITY_TEMPERATURE, TRUE);

  dyno_ruler_set_length (x, 300, 300);
  dyno_ruler_set_range (x, 0, 30);
  assert_ticks (x, "0@0 10@100 20@200 30@300");
  dyno_ruler_set_relative (x, TRUE);
  assert_ticks (x, "−30@0 −20@100 −10@200 0@300");
  dyno_ruler_scroll_to (x, 1234.56);
  assert_ticks (x, "−30@0 −20@100 −10@200 0@300");

  dyno_ruler_set_length (y, 180, 0);
  dyno_ruler_set_range (y, 0, 100);
  assert_ticks (y, "0@180 50@90 100@0");
  dyno_ruler_set_unit (y, dyno_unit_find ("°F"));
  assert_ticks (y, "100@112 200@12");
  g_assert_finalize_object (x);
  g_assert_finalize_object (y);
}

static void
test_format (void)
{
  DynoRuler *y = dyno_ruler_new (DYNO_QUANTITY_POWER, TRUE);
  g_autofree char *with_unit = dyno_ruler_format (y, 86.42, TRUE);
  g_autofree char *bare = dyno_ruler_format (y, -0.01, FALSE);
  g_autofree char *none = dyno_ruler_format (y, NAN, FALSE);

  g_assert_cmpstr (with_unit, ==, "86.4 kW");
  g_assert_cmpstr (bare, ==, "0.0");
  g_assert_cmpstr (none, ==, "—");
  g_assert_finalize_object (y);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ruler/place-and-back", test_place_and_back);
  g_test_add_func ("/ruler/any-range", test_any_range);
  g_test_add_func ("/ruler/fit", test_fit);
  g_test_add_func ("/ruler/zoom-keeps-its-place", test_zoom_keeps_its_place);
  g_test_add_func ("/ruler/pan-leaves-a-tenth", test_pan_leaves_a_tenth);
  g_test_add_func ("/ruler/scroll", test_scroll);
  g_test_add_func ("/ruler/follow", test_follow);
  g_test_add_func ("/ruler/ticks", test_ticks);
  g_test_add_func ("/ruler/format", test_format);

  return g_test_run ();
}
