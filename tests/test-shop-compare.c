/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-shape-compare.h"
#include "dyno-test-log.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* Runs over each other, from the store and from files. */

/* The pull with its force times a factor, and with these channels alone (all: NULL). */
static DynoSamples *
pull_times (double             factor,
            const DynoChannel *without)
{
  g_autoptr(DynoSamples) all = dyno_test_pull_samples (0, NULL);
  gsize n = dyno_samples_n_rows (all);
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);

  dyno_samples_builder_take_time (builder,
                                  g_memdup2 (dyno_samples_time (all), n * sizeof (double)));
  for (guint i = 0; i < dyno_samples_n_columns (all); i++)
    {
      const DynoColumn *column = dyno_samples_column (all, i);
      double *values;

      if (without != NULL && column->channel == *without)
        continue;
      values = dyno_test_dup_column (column);
      for (gsize row = 0; column->channel == DYNO_CHANNEL_FORCE && row < n; row++)
        values[row] *= factor;
      dyno_samples_builder_take (builder, column->name, "", column->channel, column->unit, values);
    }

  return dyno_samples_builder_finish (builder);
}

static void
add_pull (DynoCompareRequest *request,
          double              factor,
          const DynoChannel  *without,
          gboolean            is_before)
{
  g_autoptr(DynoSamples) samples = pull_times (factor, without);

  dyno_compare_request_add_samples (request, samples, "pull.csv", is_before);
}

static DynoCompare *
compare (DynoTestShop       *f,
         DynoCompareRequest *request)
{
  g_autoptr(GError) error = NULL;
  DynoCompare *answer;

  dyno_compare_async (f->shop, request, NULL, dyno_await_cb, f->await);
  answer = dyno_compare_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  return answer;
}

static void
assert_refused (DynoTestShop       *f,
                DynoCompareRequest *request,
                DynoErrorCode       code,
                const char         *reason)
{
  g_autoptr(GError) error = NULL;

  dyno_compare_async (f->shop, request, NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_compare_finish (dyno_await_wait (f->await), &error));
  g_assert_error (error, DYNO_ERROR, (gint) code);
  if (reason != NULL)
    g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
}

static const DynoCompareSeries *
series (const DynoCompare *self,
        guint              index)
{
  return g_ptr_array_index (self->series, index);
}

static void
test_baseline (DynoTestShop *f,
               gconstpointer unused)
{
  DynoCompareRequest *request = dyno_compare_request_new ();
  g_autoptr(DynoCompare) answer = NULL;

  add_pull (request, 1, NULL, FALSE);
  add_pull (request, 1.05, NULL, FALSE);
  add_pull (request, 0.98, NULL, FALSE);
  answer = compare (f, request);
  g_assert_cmpuint (answer->baseline, ==, 0);
  g_assert_cmpint (answer->standard, ==, DYNO_STANDARD_SAE_1990);
  g_assert_false (answer->is_uncorrected);
  g_assert_null (series (answer, 0)->gain);
  dyno_assert_near (series (answer, 1)->gain->area.mean_pct, 5, 1e-6);
  dyno_assert_near (series (answer, 2)->gain->parts[2].mean_pct, -2, 1e-6);
  g_assert_cmpuint (answer->all->n_runs, ==, 3);
  g_assert_null (answer->before);
  g_assert_cmpint (answer->gain->verdict, ==, DYNO_GAIN_NOT_ENOUGH_RUNS);
  g_assert_cmpuint (answer->gain->missing_a, ==, 2);
  g_assert_cmpuint (answer->gain->missing_b, ==, 1);
}

static void
add_groups (DynoCompareRequest *request)
{
  static const double before[] = { 1, 1.003, 0.998 };
  static const double after[] = { 1.031, 1.029, 1.033, 1.028 };

  for (gsize i = 0; i < G_N_ELEMENTS (after); i++)
    add_pull (request, after[i], NULL, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (before); i++)
    add_pull (request, before[i], NULL, TRUE);
}

static void
test_groups (DynoTestShop *f,
             gconstpointer unused)
{
  DynoCompareRequest *request = dyno_compare_request_new ();
  g_autoptr(DynoCompare) answer = NULL;

  add_groups (request);
  answer = compare (f, request);
  g_assert_true (answer->has_groups);
  g_assert_cmpuint (answer->baseline, ==, 4);
  g_assert_cmpuint (answer->before->n_runs, ==, 3);
  g_assert_cmpuint (answer->after->n_runs, ==, 4);
  g_assert_cmpint (answer->gain->verdict, ==, DYNO_GAIN_REAL_GAIN);
  dyno_assert_near (answer->gain->area_pct, (1.03025 / (3.001 / 3) - 1) * 100, 1e-6);
}

static void
test_over_speed (DynoTestShop *f,
                 gconstpointer unused)
{
  DynoCompareRequest *request = dyno_compare_request_new ();
  g_autoptr(DynoCompare) answer = NULL;
  const DynoCurve *curve;

  request->x = DYNO_COMPARE_OVER_SPEED;
  add_pull (request, 1, NULL, FALSE);
  add_pull (request, 1.02, NULL, FALSE);
  answer = compare (f, request);
  curve = series (answer, 0)->curve;
  g_assert_true (curve->is_over_speed);
  dyno_assert_near (curve->x[0] * 36, series (answer, 0)->power->power->curve->x[0], 1e-3);
  dyno_assert_near (series (answer, 1)->gain->area.mean_pct, 2, 1e-6);
  g_assert_cmpfloat (answer->to, <, 170);
}

/* One standard for all, or none. */
static void
test_weather_missing (DynoTestShop *f,
                      gconstpointer unused)
{
  const DynoChannel baro = DYNO_CHANNEL_BARO;
  DynoCompareRequest *request = dyno_compare_request_new ();
  g_autoptr(DynoCompare) answer = NULL;

  add_pull (request, 1, NULL, FALSE);
  add_pull (request, 1, &baro, FALSE);
  answer = compare (f, request);
  g_assert_true (answer->is_uncorrected);
  g_assert_cmpint (answer->standard, ==, DYNO_STANDARD_NONE);
  g_assert_cmpfloat_with_epsilon (series (answer, 1)->gain->area.mean_pct, 0, 1e-9);
}

static void
test_runs_of_the_store (DynoTestShop *f,
                        gconstpointer unused)
{
  g_autoptr(DynoSamples) one = pull_times (1, NULL);
  g_autoptr(DynoSamples) two = pull_times (1.04, NULL);
  g_autofree char *first = dyno_test_shop_keep (f, "Stock", one);
  g_autofree char *second = dyno_test_shop_keep (f, "Pipe", two);
  DynoCompareRequest *request = dyno_compare_request_new ();
  g_autoptr(DynoCompare) answer = NULL;

  dyno_compare_request_add_run (request, second, FALSE);
  dyno_compare_request_add_run (request, first, FALSE);
  request->baseline = 1;
  request->has_options = TRUE;
  dyno_power_options_init (&request->options);
  request->options.standard = DYNO_STANDARD_STD_J607;
  request->options.level = 4;
  answer = compare (f, request);
  g_assert_cmpstr (series (answer, 0)->name, ==, "Pipe");
  g_assert_cmpstr (series (answer, 0)->run_id, ==, second);
  g_assert_true (series (answer, 1)->is_before);
  g_assert_cmpuint (series (answer, 0)->curve->level, ==, 4);
  g_assert_cmpint (series (answer, 0)->power->power->correction.standard, ==,
                   DYNO_STANDARD_STD_J607);
  dyno_assert_near (series (answer, 0)->gain->area.mean_pct, 4, 1e-6);
}

static void
test_pinned_baseline (DynoTestShop *f,
                      gconstpointer unused)
{
  g_autoptr(DynoSamples) samples = pull_times (1, NULL);
  g_autofree char *first = dyno_test_shop_keep (f, "One", samples);
  g_autofree char *second = dyno_test_shop_keep (f, "Two", samples);
  DynoCompareRequest *request = dyno_compare_request_new ();
  DynoRun *pin = dyno_run_new ();
  g_autoptr(DynoRun) pinned = NULL;
  g_autoptr(DynoCompare) answer = NULL;
  g_autoptr(GError) error = NULL;

  pin->id = g_strdup (second);
  pin->is_baseline = TRUE;
  pinned = dyno_test_ask (f, dyno_runbook_edit, &error, pin, DYNO_RUN_BASELINE);
  g_assert_no_error (error);
  dyno_compare_request_add_run (request, first, FALSE);
  dyno_compare_request_add_run (request, second, FALSE);
  answer = compare (f, request);
  g_assert_cmpuint (answer->baseline, ==, 1);
  g_assert_false (answer->has_groups);
}

static void
test_refusals (DynoTestShop *f,
               gconstpointer unused)
{
  const DynoChannel rpm = DYNO_CHANNEL_RPM;
  DynoCompareRequest *alone = dyno_compare_request_new ();
  DynoCompareRequest *all_before = dyno_compare_request_new ();
  DynoCompareRequest *many = dyno_compare_request_new ();
  DynoCompareRequest *outside = dyno_compare_request_new ();
  DynoCompareRequest *unknown = dyno_compare_request_new ();
  DynoCompareRequest *mixed = dyno_compare_request_new ();

  add_pull (alone, 1, NULL, FALSE);
  assert_refused (f, alone, DYNO_ERROR_INVALID, NULL);
  add_pull (all_before, 1, NULL, TRUE);
  add_pull (all_before, 1, NULL, TRUE);
  assert_refused (f, all_before, DYNO_ERROR_INVALID, NULL);
  for (guint i = 0; i < 21; i++)
    add_pull (many, 1, NULL, FALSE);
  assert_refused (f, many, DYNO_ERROR_TOO_LARGE, NULL);
  add_pull (outside, 1, NULL, FALSE);
  add_pull (outside, 1, NULL, FALSE);
  outside->baseline = 2;
  assert_refused (f, outside, DYNO_ERROR_INVALID, NULL);
  add_pull (unknown, 1, NULL, FALSE);
  dyno_compare_request_add_run (unknown, "run_00000000000000000000", FALSE);
  assert_refused (f, unknown, DYNO_ERROR_NOT_FOUND, NULL);
  add_pull (mixed, 1, NULL, FALSE);
  add_pull (mixed, 1, &rpm, FALSE);
  assert_refused (f, mixed, DYNO_ERROR_INVALID, "no_rpm");
}

static void
test_no_pull (DynoTestShop *f,
              gconstpointer unused)
{
  g_autoptr(DynoSamples) none = dyno_samples_builder_finish (dyno_samples_builder_new (0));
  DynoCompareRequest *request = dyno_compare_request_new ();

  add_pull (request, 1, NULL, FALSE);
  dyno_compare_request_add_samples (request, none, "empty.csv", FALSE);
  assert_refused (f, request, DYNO_ERROR_INVALID, "no_pull");
}

static void
test_shape (DynoTestShop *f,
            gconstpointer unused)
{
  DynoCompareRequest *request = dyno_compare_request_new ();
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autoptr(DynoCompare) answer = NULL;
  g_autoptr(DynoJson) json = NULL;
  g_autofree char *text = NULL;
  const DynoJson *delta;
  const DynoJson *point;

  add_groups (request);
  answer = compare (f, request);
  dyno_shape_compare (w, answer, 500);
  text = dyno_json_writer_finish (w);
  json = dyno_json_parse (text, -1, NULL);
  g_assert_nonnull (json);
  g_assert_cmpstr (dyno_json_get_string (json, "x"), ==, "rpm");
  g_assert_cmpstr (dyno_json_get_string (json, "verdict"), ==, "real-gain");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (json, "series")), ==, 7);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (json, "delta")), ==, 6);
  delta = dyno_json_element (dyno_json_member (json, "delta"), 0);
  g_assert_cmpstr (dyno_json_get_string (delta, "group"), ==, "after");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (delta, "thirds")), ==, 3);
  point = dyno_json_element (dyno_json_member (delta, "points"), 0);
  dyno_assert_near (remainder (dyno_json_get_number (point, "rpm", NAN), 500), 0, 1e-9);
  dyno_assert_near (dyno_json_get_number (point, "power_pct", NAN), 3.1, 1e-3);
  dyno_assert_near (dyno_json_get_number (json, "area_gain_pct", NAN), answer->gain->area_pct, 1e-4);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (dyno_json_member (json, "gain"),
                                                            "bins")), ==, answer->gain->n);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (json, "warnings")), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/compare/baseline", test_baseline);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/compare/groups", test_groups);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/compare/over-speed", test_over_speed);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/compare/weather-missing", test_weather_missing);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/compare/runs-of-the-store", test_runs_of_the_store);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/compare/pinned-baseline", test_pinned_baseline);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/compare/refusals", test_refusals);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/compare/no-pull", test_no_pull);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/compare/shape", test_shape);

  return g_test_run ();
}
