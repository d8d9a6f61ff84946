/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-samples.h"
#include "dyno-steps.h"
#include "dyno-test.h"

#include <locale.h>
#include <math.h>

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* The same by sorting. */
static GArray *
sorted_steps (const double *time,
              gsize         n,
              double        least)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (double));

  for (gsize i = 1; i < n; i++)
    {
      double step = time[i] - time[i - 1];

      if (step >= least)
        g_array_append_val (steps, step);
    }
  g_array_sort (steps, compare_doubles);

  return steps;
}

static void
assert_like_sorting (const double *time,
                     gsize         n)
{
  g_autoptr(GArray) all = sorted_steps (time, n, 0);
  g_autoptr(GArray) positive = sorted_steps (time, n, 5e-324);
  guint middle = positive->len / 2;
  double median = NAN;
  DynoSteps steps;

  if (positive->len > 0)
    median = g_array_index (positive, double, middle);
  if (positive->len > 0 && positive->len % 2 == 0)
    median = (median + g_array_index (positive, double, middle - 1)) / 2;
  dyno_assert_near (dyno_steps_median (time, n), median, 0);

  dyno_steps_describe (time, n, &steps);
  dyno_assert_near (steps.median, median, 0);
  dyno_assert_near (steps.least, all->len > 0 ? g_array_index (all, double, 0) : NAN, 0);
  dyno_assert_near (steps.most, all->len > 0 ? g_array_index (all, double, all->len - 1) : NAN, 0);
  dyno_assert_near (
      steps.p99,
      all->len > 0 ? g_array_index (all, double, (guint) ceil (0.99 * all->len) - 1) : NAN, 0);
}

static void
test_like_sorting (void)
{
  for (int round = 0; round < 300; round++)
    {
      gsize n = (gsize) g_test_rand_int_range (0, 300);
      double time[300];

      for (gsize i = 0; i < n; i++)
        {
          switch (round % 3)
            {
            case 0: time[i] = g_test_rand_double_range (0, 1e6); break;
            case 1: time[i] = g_test_rand_int_range (0, 5); break;
            default: time[i] = (double) i * 0.05 + (i % 7 == 0 ? 1e-4 : 0); break;
            }
        }
      assert_like_sorting (time, n);
    }
}

/* Long enough to be sampled: a steady clock, one of two speeds, noise. */
static void
test_long (void)
{
  const gsize n = 40000;
  g_autofree double *time = g_new (double, n);

  for (int kind = 0; kind < 4; kind++)
    {
      time[0] = 0;
      for (gsize i = 1; i < n; i++)
        {
          double step = kind == 0   ? 0.016
                        : kind == 1 ? (i % 2 == 0 ? 0.5 : 0.25)
                                    : g_test_rand_double ();

          time[i] = kind == 0 ? rint ((double) i * 16) / 1000
                              : time[i - 1] + (kind == 3 && i % 3 == 0 ? 0 : step);
        }
      assert_like_sorting (time, n);
    }
}

static void
test_bad_stamps (void)
{
  const double time[] = { 0, NAN, 1, 1.5, 1.25, -INFINITY, 3, 3 };
  DynoSteps steps;

  dyno_assert_near (dyno_steps_median (time, 8), INFINITY, 0);
  dyno_assert_near (dyno_steps_median (time, 5), 0.5, 0);
  dyno_steps_describe (time, 8, &steps);
  dyno_assert_near (steps.least, 0, 0);
  dyno_assert_near (steps.most, INFINITY, 0);
  dyno_assert_near (dyno_steps_median (time, 1), NAN, 0);
  dyno_steps_describe (time, 0, &steps);
  dyno_assert_near (steps.p99, NAN, 0);
}

static void
test_samples_use_it (void)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (5);
  static const double stamps[] = { 0, 0, 1, 3, 13 };
  guint column;
  g_autoptr(DynoSamples) samples = NULL;

  dyno_samples_builder_take_time (builder, g_memdup2 (stamps, sizeof stamps));
  column = dyno_samples_builder_take (builder, "T", "", DYNO_CHANNEL_IAT, dyno_unit_find ("degF"),
                                      g_memdup2 (stamps, sizeof stamps));
  dyno_samples_builder_set_unit_text (builder, column, "deg F");
  samples = dyno_samples_builder_finish (builder);
  dyno_assert_near (dyno_samples_step_s (samples), 2, 0);
  g_assert_cmpstr (dyno_samples_column (samples, 0)->unit_text, ==, "deg F");
  dyno_assert_near (dyno_column_si (dyno_samples_column (samples, 0), 4), -19 / 1.8, 1e-12);
}

static void
test_units_without_locale (void)
{
  if (setlocale (LC_ALL, "tr_TR.UTF-8") == NULL)
    {
      g_test_skip ("the locale tr_TR.UTF-8 is not installed here");
      return;
    }
  g_assert_cmpstr (dyno_unit_find ("INHG")->symbol, ==, "inHg");
  g_assert_cmpstr (dyno_unit_find ("MI")->symbol, ==, "mi");
  setlocale (LC_ALL, "C");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/steps/like-sorting", test_like_sorting);
  g_test_add_func ("/steps/long", test_long);
  g_test_add_func ("/steps/bad-stamps", test_bad_stamps);
  g_test_add_func ("/steps/samples", test_samples_use_it);
  g_test_add_func ("/units/without-locale", test_units_without_locale);

  return g_test_run ();
}
