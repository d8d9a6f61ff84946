/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* Pulls of a simulated dyno on the wire become runs. */

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
  config.period_s = 12;
  config.speed = 2;
  config.noise = 0;
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 10);
  dyno_test_shop_arm (f, 0);
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


/* Commands that have nothing to work on say so. */
static void
test_nothing_there (DynoTestShop *f,
                    gconstpointer unused)
{
  DynoArmOptions blocking = { .is_blocking = TRUE, .override = "short" };
  g_autoptr(GError) no_dyno = NULL;
  g_autoptr(GError) no_dyno_by_hand = NULL;
  g_autoptr(GError) no_run = NULL;
  g_autoptr(GError) no_mark = NULL;
  g_autoptr(GError) bad_reason = NULL;
  g_autoptr(GError) bad_mark = NULL;
  g_autoptr(GError) no_vehicle = NULL;
  g_autoptr(GError) no_discard = NULL;

  g_assert_false (dyno_test_ask (f, dyno_arm_arm, &no_dyno, NULL));
  g_assert_error (no_dyno, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (no_dyno), ==, "NO_PROVIDER");
  g_assert_null (dyno_test_ask (f, dyno_arm_start, &no_dyno_by_hand, NULL));
  g_assert_cmpstr (dyno_error_get_reason (no_dyno_by_hand), ==, "NO_PROVIDER");
  g_assert_null (dyno_test_ask0 (f, dyno_arm_stop, &no_run));
  g_assert_cmpstr (dyno_error_get_reason (no_run), ==, "NOT_RECORDING");
  g_assert_null (dyno_test_ask (f, dyno_arm_mark, &no_mark, 1, "x"));
  g_assert_cmpstr (dyno_error_get_reason (no_mark), ==, "NOT_RECORDING");
  g_assert_false (dyno_test_ask (f, dyno_arm_arm, &bad_reason, &blocking));
  g_assert_error (bad_reason, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_null (dyno_test_ask (f, dyno_arm_mark, &bad_mark, 10, NULL));
  g_assert_error (bad_mark, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_false (dyno_test_ask (f, dyno_arm_set_vehicle, &no_vehicle, "veh_00000000000000000000"));
  g_assert_error (no_vehicle, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_false (dyno_test_ask (f, dyno_arm_keep, &no_discard, "run_00000000000000000000"));
  g_assert_error (no_discard, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

static DynoTestDyno *
start_idle (DynoTestShop *f)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  DynoTestDyno *dyno;

  config.cycle = "idle";
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 20);

  return dyno;
}

static DynoRunDetail *
get_run (DynoTestShop *f,
         const char   *run)
{
  g_autoptr(GError) error = NULL;
  DynoRunDetail *detail = dyno_test_ask (f, dyno_runbook_get, &error, run);

  g_assert_no_error (error);

  return detail;
}

/* By hand: title, vehicle, marks, and a second one is refused. */
static void
test_by_hand (DynoTestShop *f,
              gconstpointer unused)
{
  DynoTestDyno *dyno;
  g_autofree char *run_id = NULL;
  g_autofree char *stopped = NULL;
  g_autoptr(DynoVehicle) vehicle = NULL;
  g_autoptr(DynoArmMark) mark = NULL;
  g_autoptr(DynoRunDetail) detail = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) busy = NULL;
  const DynoRunMark *kept = NULL;

  if (!dyno_test_shop_has_wire ())
    return;
  dyno = start_idle (f);
  vehicle = dyno_test_ask (f, dyno_people_ensure_vehicle, &error, "FXDLS Rosa");
  g_assert_no_error (error);
  g_assert_true (dyno_test_ask (f, dyno_arm_set_vehicle, &error, vehicle->id));
  run_id = dyno_test_ask (f, dyno_arm_start, &error, "By \"hand\"");
  g_assert_no_error (error);
  dyno_test_shop_wait_phase (f, DYNO_ARM_RECORDING, 5);
  g_assert_null (dyno_test_ask (f, dyno_arm_start, &busy, NULL));
  g_assert_cmpstr (dyno_error_get_reason (busy), ==, "BUSY");
  g_usleep (G_USEC_PER_SEC / 2);
  mark = dyno_test_ask (f, dyno_arm_mark, &error, 3, "Knock?");
  g_assert_no_error (error);
  g_assert_cmpstr (mark->run_id, ==, run_id);
  stopped = dyno_test_ask0 (f, dyno_arm_stop, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stopped, ==, run_id);
  dyno_test_shop_wait_saved (f, 1, 20);

  detail = get_run (f, "1");
  g_assert_cmpstr (detail->run->id, ==, run_id);
  g_assert_cmpstr (detail->run->title, ==, "By \"hand\"");
  g_assert_cmpstr (detail->run->vehicle_label, ==, "FXDLS Rosa");
  g_assert_cmpint (detail->run->status, ==, DYNO_RUN_COMPLETE);
  g_assert_cmpuint (detail->channels->len, >, 40);
  g_assert_cmpuint (detail->files->len, ==, 1);
  for (guint i = 0; i < detail->marks->len; i++)
    {
      const DynoRunMark *one = g_ptr_array_index (detail->marks, i);

      if (g_str_equal (one->kind, "mark"))
        kept = one;
    }
  g_assert_nonnull (kept);
  g_assert_cmpint (kept->n, ==, 3);
  g_assert_cmpstr (kept->text, ==, "Knock?");
  dyno_assert_near ((double) (kept->t_us - detail->run->origin_us) / G_USEC_PER_SEC, mark->t_s,
                    0.1);
  assert_verified (f, detail->run);
  dyno_test_dyno_free (dyno);
}

/* A pull that is stopped soon is no run, but it can be made one. */
static void
test_discarded_and_kept (DynoTestShop *f,
                         gconstpointer unused)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  g_autofree char *run_id = NULL;
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(DynoArmState) state = NULL;
  g_autoptr(DynoArmState) after = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) twice = NULL;
  DynoTestDyno *dyno;

  if (!dyno_test_shop_has_wire ())
    return;
  config.period_s = 60;
  config.speed = 0.5;
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 20);
  dyno_test_shop_arm (f, 1);
  dyno_test_shop_wait_phase (f, DYNO_ARM_RECORDING, 30);
  g_usleep (G_USEC_PER_SEC);
  run_id = dyno_test_ask0 (f, dyno_arm_stop, &error);
  g_assert_no_error (error);
  dyno_test_shop_wait_phase (f, DYNO_ARM_ARMED, 20);

  none = dyno_test_shop_runs (f);
  g_assert_cmpuint (none->len, ==, 0);
  state = dyno_live_ref_arm (dyno_shop_get_live (f->shop));
  g_assert_cmpuint (state->n_saved, ==, 0);
  g_assert_cmpuint (state->n_discards, ==, 1);
  g_assert_cmpstr (state->discards[0].run_id, ==, run_id);
  g_assert_cmpint (state->discards[0].reason, ==, DYNO_PULL_DISCARD_SHORT);

  g_assert_true (dyno_test_ask (f, dyno_arm_keep, &error, run_id));
  g_assert_no_error (error);
  g_assert_false (dyno_test_ask (f, dyno_arm_keep, &twice, run_id));
  g_assert_error (twice, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  runs = dyno_test_shop_runs (f);
  g_assert_cmpuint (runs->len, ==, 1);
  g_assert_null (((DynoRun *) runs->pdata[0])->discarded);
  assert_verified (f, runs->pdata[0]);
  after = dyno_live_ref_arm (dyno_shop_get_live (f->shop));
  g_assert_cmpuint (after->n_discards, ==, 0);
  dyno_test_dyno_free (dyno);
}

/* Two runs were asked for: the third pull is none. */
static void
test_disarms_after_so_many (DynoTestShop *f,
                            gconstpointer unused)
{
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(DynoArmState) state = NULL;

  if (!dyno_test_shop_has_wire ())
    return;
  runs = dyno_test_shop_record (f, 2);
  g_assert_cmpuint (runs->len, ==, 2);
  state = dyno_live_ref_arm (dyno_shop_get_live (f->shop));
  g_assert_false (state->is_armed);
  for (guint i = 0; i < runs->len; i++)
    assert_verified (f, runs->pdata[i]);
}

/* The dyno goes and comes again with other ids: what was open ends and is kept,
 * and the next pull is recorded. */
static void
test_dyno_restarts (DynoTestShop *f,
                    gconstpointer unused)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  g_autofree char *run_id = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GError) error = NULL;
  DynoTestDyno *dyno;

  if (!dyno_test_shop_has_wire ())
    return;
  config.speed = 3;
  config.period_s = 12;
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 20);
  run_id = dyno_test_ask (f, dyno_arm_start, &error, "Cut by the dyno");
  g_assert_no_error (error);
  dyno_test_shop_wait_phase (f, DYNO_ARM_RECORDING, 5);
  g_assert_true (dyno_simulator_command (dyno->simulator, "restart", &error));
  g_assert_no_error (error);
  dyno_test_shop_wait_saved (f, 1, 30);
  dyno_test_shop_arm (f, 1);
  dyno_test_shop_wait_saved (f, 2, 60);

  runs = dyno_test_shop_runs (f);
  g_assert_cmpuint (runs->len, ==, 2);
  g_assert_cmpstr (((DynoRun *) runs->pdata[0])->id, ==, run_id);
  for (guint i = 0; i < runs->len; i++)
    assert_verified (f, runs->pdata[i]);
  dyno_test_dyno_free (dyno);
}

/* Closing in the middle keeps what there is, as interrupted. */
static void
test_closed_while_recording (DynoTestShop *f,
                             gconstpointer unused)
{
  DynoTestDyno *dyno;
  g_autofree char *run_id = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunDetail) detail = NULL;
  g_autoptr(DynoSamples) samples = NULL;

  if (!dyno_test_shop_has_wire ())
    return;
  dyno = start_idle (f);
  run_id = dyno_test_ask (f, dyno_arm_start, &error, "Closed");
  g_assert_no_error (error);
  g_usleep (2 * G_USEC_PER_SEC);
  dyno_test_shop_close (f);
  dyno_test_dyno_free (dyno);
  dyno_test_shop_open (f, DYNO_SHOP_DEFAULT);

  detail = get_run (f, run_id);
  g_assert_cmpint (detail->run->status, ==, DYNO_RUN_INTERRUPTED);
  g_assert_cmpstr (detail->run->title, ==, "Closed");
  assert_verified (f, detail->run);
  samples = dyno_test_ask (f, dyno_runbook_load, &error, run_id, NULL);
  g_assert_no_error (error);
  g_assert_cmpfloat (dyno_samples_time (samples)[dyno_samples_n_rows (samples) - 1], >, 1.5);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD ("/shop/record/three-pulls", test_three_pulls);
  DYNO_TEST_SHOP_ADD ("/shop/record/nothing-there", test_nothing_there);
  DYNO_TEST_SHOP_ADD ("/shop/record/by-hand", test_by_hand);
  DYNO_TEST_SHOP_ADD ("/shop/record/discarded-and-kept", test_discarded_and_kept);
  DYNO_TEST_SHOP_ADD ("/shop/record/disarms-after-so-many", test_disarms_after_so_many);
  DYNO_TEST_SHOP_ADD ("/shop/record/dyno-restarts", test_dyno_restarts);
  DYNO_TEST_SHOP_ADD ("/shop/record/closed-while-recording", test_closed_while_recording);

  return g_test_run ();
}
