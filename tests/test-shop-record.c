/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-test-shop.h"
#include "dyno-test.h"

/* Pulls of a simulated dyno on the wire become runs. */

static void
arm (DynoTestShop *f)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_test_ask (f, dyno_arm_arm, &error, NULL));
  g_assert_no_error (error);
}

/* Peaks within 2 % of what the dyno really made; the cut within what the
 * conformance of the detector allows. */
static void
assert_run_is_pull (const DynoRun      *run,
                    const DynoTestPull *pull)
{
  double seconds = (double) (run->run_end_us - run->run_start_us) / G_USEC_PER_SEC;

  g_assert_cmpint (run->status, ==, DYNO_RUN_COMPLETE);
  g_assert_cmpint (run->source, ==, DYNO_SOURCE_SIMULATOR);
  dyno_assert_near (run->peaks.power_kw / pull->power_kw, 1, 0.02);
  dyno_assert_near (run->peaks.torque_nm / pull->torque_nm, 1, 0.02);
  dyno_assert_near (seconds, pull->duration_s, 0.6);
  dyno_assert_near ((double) (run->run_start_us - run->origin_us) / G_USEC_PER_SEC, 2, 0.01);
  g_assert_cmpint (run->roll_end_us - run->run_end_us, >=, 3 * G_USEC_PER_SEC);
  g_assert_cmpint (run->roll_end_us - run->run_end_us, <, 4 * G_USEC_PER_SEC);
}

static void
assert_verified (DynoTestShop  *f,
                 const DynoRun *run)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVerifyReport) report = NULL;

  dyno_verify_run_async (f->shop, run->id, NULL, dyno_await_cb, f->await);
  report = dyno_verify_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < report->findings->len; i++)
    g_test_message ("%s", ((DynoVerifyFinding *) g_ptr_array_index (report->findings, i))->text);
  g_assert_true (report->is_ok);
  g_assert_cmpuint (report->n_derived, ==, 1);
  g_assert_cmpuint (report->n_files, ==, 1);
}

static void
test_three_pulls (DynoTestShop *f,
                  gconstpointer unused)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  g_autoptr(GPtrArray) runs = NULL;
  DynoTestDyno *dyno;

  if (!dyno_test_shop_has_wire ())
    return;
  config.n_pulls = 3;
  config.period_s = 7;
  config.noise = 0;
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 10);
  arm (f);
  dyno_test_shop_wait_saved (f, 3, 45);

  runs = dyno_test_shop_runs (f);
  g_assert_cmpuint (runs->len, ==, 3);
  g_assert_cmpuint (dyno_test_dyno_n_pulls (dyno), ==, 3);
  for (guint i = 0; i < runs->len; i++)
    {
      DynoTestPull pull = dyno_test_dyno_pull (dyno, i);
      const DynoRun *run = g_ptr_array_index (runs, i);

      g_assert_cmpint (run->number, ==, i + 1);
      assert_run_is_pull (run, &pull);
      assert_verified (f, run);
    }
  dyno_test_dyno_free (dyno);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD ("/shop/record/three-pulls", test_three_pulls);

  return g_test_run ();
}
