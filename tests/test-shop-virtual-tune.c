/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-shape-virtual-tune.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* Virtual tuning as a job. */

static void
test_job (DynoTestShop *f,
          gconstpointer unused)
{
  g_autoptr(DynoLoop) loop = NULL;
  g_autoptr(DynoJobInfo) job = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *job_id = NULL;
  DynoLoopOptions options;

  dyno_loop_options_init (&options);
  g_assert_true (dyno_virtual_tune_name (&options, "twin_cam_103", "rich", &error));
  g_assert_no_error (error);
  dyno_virtual_tune_async (f->shop, &options, &job_id, NULL, dyno_await_cb, f->await);
  g_assert_nonnull (job_id);
  loop = dyno_virtual_tune_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_cmpint (loop->outcome, ==, DYNO_LOOP_CONVERGED);
  job = dyno_jobs_get (dyno_shop_get_jobs (f->shop), job_id);
  g_assert_cmpstr (job->kind, ==, "virtual-tune");
  g_assert_cmpint (job->state, ==, DYNO_JOB_SUCCEEDED);
  g_assert_cmpstr (job->message, ==, loop->sentence);
  g_assert_nonnull (strstr (job->title, "Twin Cam 103"));
}

static void
test_cancel (DynoTestShop *f,
             gconstpointer unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(DynoJobInfo) job = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *job_id = NULL;
  DynoLoopOptions options;

  dyno_loop_options_init (&options);
  options.max_iterations = DYNO_LOOP_MOST_ITERATIONS;
  options.sensor.noise_afr = 2; /* never in tune */
  dyno_virtual_tune_async (f->shop, &options, &job_id, cancellable, dyno_await_cb, f->await);
  g_cancellable_cancel (cancellable);
  g_assert_null (dyno_virtual_tune_finish (dyno_await_wait (f->await), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  job = dyno_jobs_get (dyno_shop_get_jobs (f->shop), job_id);
  g_assert_cmpint (job->state, ==, DYNO_JOB_CANCELLED);
}

static void
test_refusals (DynoTestShop *f,
               gconstpointer unused)
{
  g_autoptr(GError) engine = NULL;
  g_autoptr(GError) scenario = NULL;
  g_autoptr(GError) option = NULL;
  DynoLoopOptions options;

  dyno_loop_options_init (&options);
  g_assert_false (dyno_virtual_tune_name (&options, "steam", NULL, &engine));
  g_assert_error (engine, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_nonnull (strstr (engine->message, "m8_131, twin_cam_103, sportbike_600"));
  g_assert_false (dyno_virtual_tune_name (&options, NULL, "fat", &scenario));
  g_assert_error (scenario, DYNO_ERROR, DYNO_ERROR_INVALID);
  options.max_iterations = 51;
  dyno_virtual_tune_async (f->shop, &options, NULL, NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_virtual_tune_finish (dyno_await_wait (f->await), &option));
  g_assert_error (option, DYNO_ERROR, DYNO_ERROR_INVALID);
}

static DynoJson *
shape_of (const DynoLoopOptions *options)
{
  g_autoptr(DynoLoop) loop = dyno_loop_run (options, NULL, NULL);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;

  dyno_shape_virtual_tune (w, loop, options);
  text = dyno_json_writer_finish (w);

  return dyno_json_parse (text, -1, NULL);
}

static void
test_shape (void)
{
  g_autoptr(DynoJson) json = NULL;
  g_autoptr(DynoJson) failed = NULL;
  const DynoJson *iterations;
  const DynoJson *table;
  DynoLoopOptions options;

  dyno_loop_options_init (&options);
  json = shape_of (&options);
  iterations = dyno_json_member (json, "iterations");
  table = dyno_json_member (json, "table");
  g_assert_cmpstr (dyno_json_get_string (json, "status"), ==, "converged");
  g_assert_cmpstr (dyno_json_get_string (json, "profile"), ==, "m8_114");
  g_assert_cmpint (dyno_json_get_integer (dyno_json_element (iterations, 0), "n", 0), ==, 1);
  g_assert_cmpfloat (dyno_json_get_number (dyno_json_element (iterations, 0), "rms", NAN), >, 1);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (table, "ve")), ==, 11);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_element (dyno_json_member (table, "ve"), 3)),
                    ==, 9);
  options.scenario = DYNO_LOOP_MIXED;
  options.sensor.drift_afr = 2.2;
  failed = shape_of (&options);
  g_assert_cmpstr (dyno_json_get_string (failed, "status"), ==, "failed");
  g_assert_cmpstr (dyno_json_get_string (failed, "reason"), ==, "diverging");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/virtual-tune/job", test_job);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/virtual-tune/cancel", test_cancel);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/virtual-tune/refusals", test_refusals);
  g_test_add_func ("/shop/virtual-tune/shape", test_shape);

  return g_test_run ();
}
