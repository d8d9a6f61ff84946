/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* The checks before a pull: the judging with made-up readings on a real list of
 * channels, then the watching over the wire. */

#define N_PAIRS 60

static DynoTestDyno *
start_dyno (DynoTestShop *f,
            const char   *cycle,
            double        speed)
{
  DynoSimulatorConfig config = dyno_test_dyno_config ();
  DynoTestDyno *dyno;

  config.cycle = cycle;
  config.speed = speed;
  dyno = dyno_test_dyno_start (&config);
  dyno_test_shop_wait_phase (f, DYNO_ARM_LIVE, 20);

  return dyno;
}

static void
put (GArray **array,
     double   value)
{
  if (*array == NULL)
    *array = g_array_new (FALSE, FALSE, sizeof (DynoPreflightReading));
  for (guint i = 0; i < N_PAIRS; i++)
    {
      DynoPreflightReading reading = { i * 50000, value };

      g_array_append_val (*array, reading);
    }
}

/* A good bench under load: 2000 N at 100 km/h, 55.6 kW at 4000 1/min. */
static void
make_good (DynoPreflightView *view,
           DynoCaptureState  *state)
{
  *view = (DynoPreflightView){ .state = dyno_capture_state_ref (state),
                               .watched_s = 15,
                               .loss_percent = 0,
                               .overall = DYNO_OVERALL_OK,
                               .disk_free = G_GUINT64_CONSTANT (100000000000),
                               .journal_bytes_s = 10000 };
  put (&view->readings[DYNO_CHANNEL_FORCE], 2000);
  put (&view->readings[DYNO_CHANNEL_SPEED], 100);
  put (&view->readings[DYNO_CHANNEL_POWER], 2000 * 100 / 3600.0);
  put (&view->readings[DYNO_CHANNEL_RPM], 4000);
  put (&view->readings[DYNO_CHANNEL_TORQUE], 2000 * 100 / 3600.0 * 9549.296586 / 4000);
  put (&view->readings[DYNO_CHANNEL_GEAR_RATIO], 40);
  put (&view->looks[DYNO_CHANNEL_SPEED], 100);
  put (&view->looks[DYNO_CHANNEL_RPM], 4000);
  put (&view->looks[DYNO_CHANNEL_MIX_F], 12.8);
  put (&view->looks[DYNO_CHANNEL_MIX_R], 13.1);
  put (&view->looks[DYNO_CHANNEL_TPS], 80);
  put (&view->looks[DYNO_CHANNEL_BARO], 99);
  put (&view->looks[DYNO_CHANNEL_AMBIENT_TEMP], 25);
  put (&view->looks[DYNO_CHANNEL_HUMIDITY], 0);
  put (&view->looks[DYNO_CHANNEL_CORRECTION], 1);
}

static void
set (GArray *array,
     double  value)
{
  for (guint i = 0; i < array->len; i++)
    g_array_index (array, DynoPreflightReading, i).value = value;
}

static void
scale (GArray *array,
       double  factor)
{
  for (guint i = 0; i < array->len; i++)
    g_array_index (array, DynoPreflightReading, i).value *= factor;
}

/* One thing is wrong: one check says so, and what to do. */
typedef struct
{
  DynoChannel         look;    /* DYNO_CHANNEL_NONE: a reading is scaled */
  DynoChannel         reading;
  double              value;
  DynoPreflightKind   kind;
  DynoPreflightStatus status;
  const char         *word;
} Case;

static const Case cases[] = {
  { DYNO_CHANNEL_RPM, 0, 25000, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_FAIL, "25000" },
  { DYNO_CHANNEL_RPM, 0, 13.5, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_FAIL, "air/fuel" },
  { DYNO_CHANNEL_RPM, 0, 300, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_WARN, "drum turns" },
  { DYNO_CHANNEL_MIX_F, 0, 0.9, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_FAIL, "λ" },
  { DYNO_CHANNEL_MIX_R, 0, 4000, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_FAIL, "engine speed" },
  { DYNO_CHANNEL_MIX_F, 0, 25, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_WARN, "25" },
  { DYNO_CHANNEL_TPS, 0, 140, DYNO_PREFLIGHT_THROTTLE, DYNO_PREFLIGHT_FAIL, "throttle" },
  { 0, DYNO_CHANNEL_POWER, 1 / 0.745699872, DYNO_PREFLIGHT_POWER, DYNO_PREFLIGHT_FAIL, "hp" },
  { 0, DYNO_CHANNEL_FORCE, 0.224808943, DYNO_PREFLIGHT_POWER, DYNO_PREFLIGHT_FAIL, "lbf" },
  { 0, DYNO_CHANNEL_TORQUE, 0.737562149, DYNO_PREFLIGHT_TORQUE, DYNO_PREFLIGHT_FAIL, "lbf·ft" },
  { 0, DYNO_CHANNEL_GEAR_RATIO, 1.05, DYNO_PREFLIGHT_GEAR, DYNO_PREFLIGHT_WARN, "gear" },
  { 0, DYNO_CHANNEL_GEAR_RATIO, 1.3, DYNO_PREFLIGHT_GEAR, DYNO_PREFLIGHT_FAIL, "gear" },
  { DYNO_CHANNEL_CORRECTION, 0, 1.01, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_WARN, "1.01" },
  { DYNO_CHANNEL_BARO, 0, 50, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_FAIL, "" },
};

static void
assert_case (DynoCaptureState *state,
             const Case       *wrong)
{
  DynoPreflightView view;
  g_autoptr(DynoPreflight) preflight = NULL;
  const DynoPreflightCheck *check;

  make_good (&view, state);
  if (wrong->look != DYNO_CHANNEL_NONE)
    set (view.looks[wrong->look], wrong->value);
  else
    scale (view.readings[wrong->reading], wrong->value);
  preflight = dyno_preflight_judge (&view, NULL, 1);
  dyno_preflight_view_clear (&view);
  check = &preflight->checks[wrong->kind];
  g_test_message ("%s: %s", dyno_preflight_kind_name (wrong->kind), check->message);
  g_assert_cmpint (check->status, ==, wrong->status);
  g_assert_nonnull (strstr (check->message, wrong->word));
  g_assert_nonnull (check->fix);
  g_assert_cmpint (preflight->has_passed, ==, wrong->status != DYNO_PREFLIGHT_FAIL);
}

static void
test_judge (DynoTestShop *f,
            gconstpointer unused)
{
  g_autoptr(DynoCaptureState) state = NULL;
  g_autoptr(DynoPreflight) good = NULL;
  g_autoptr(DynoPreflight) lossy = NULL;
  g_autoptr(DynoPreflight) full = NULL;
  g_autoptr(DynoPreflight) absent = NULL;
  DynoPreflightView view;
  DynoTestDyno *dyno;

  if (!dyno_test_shop_has_wire ())
    return;
  dyno = start_dyno (f, "pulls", 1);
  state = dyno_live_ref_capture (dyno_shop_get_live (f->shop));
  make_good (&view, state);
  good = dyno_preflight_judge (&view, NULL, 1);
  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    g_test_message ("%s: %s", dyno_preflight_kind_name (i), good->checks[i].message);
  g_assert_true (good->has_passed);
  g_assert_true (good->si_verified);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_case (state, &cases[i]);

  view.loss_percent = 7;
  lossy = dyno_preflight_judge (&view, NULL, 1);
  g_assert_cmpint (lossy->checks[DYNO_PREFLIGHT_HEALTH].status, ==, DYNO_PREFLIGHT_FAIL);
  view.loss_percent = 0;
  view.disk_free = 1000000;
  full = dyno_preflight_judge (&view, NULL, 1);
  g_assert_cmpint (full->checks[DYNO_PREFLIGHT_DISK].status, ==, DYNO_PREFLIGHT_FAIL);
  view.wanted = "Another dyno";
  absent = dyno_preflight_judge (&view, NULL, 1);
  g_assert_cmpint (absent->checks[DYNO_PREFLIGHT_PROVIDER].status, ==, DYNO_PREFLIGHT_FAIL);
  dyno_preflight_view_clear (&view);
  dyno_test_dyno_free (dyno);
}

static DynoPreflight *
run (DynoTestShop *f,
     gboolean      is_blocking)
{
  DynoPreflightOptions options = { .sample_s = 5, .is_blocking = is_blocking };
  g_autoptr(GError) error = NULL;
  DynoPreflight *preflight;

  dyno_preflight_async (f->shop, &options, NULL, NULL, NULL, dyno_await_cb, f->await);
  preflight = dyno_preflight_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    g_test_message ("%s %s: %s", dyno_preflight_status_name (preflight->checks[i].status),
                    dyno_preflight_kind_name (i), preflight->checks[i].message);

  return preflight;
}

/* A pull while it watches: the badge, and arming that asks for it is let through. */
static void
test_watch (DynoTestShop *f,
            gconstpointer unused)
{
  DynoArmOptions blocking = { .is_blocking = TRUE };
  g_autoptr(DynoPreflight) preflight = NULL;
  g_autoptr(DynoPreflight) kept = NULL;
  g_autoptr(GError) error = NULL;
  DynoTestDyno *dyno;

  if (!dyno_test_shop_has_wire ())
    return;
  dyno = start_dyno (f, "pulls", 2);
  preflight = run (f, TRUE);
  g_assert_true (preflight->has_passed);
  g_assert_true (preflight->si_verified);
  kept = dyno_live_ref_preflight (dyno_shop_get_live (f->shop));
  g_assert_true (kept == preflight);
  g_assert_true (dyno_test_ask (f, dyno_arm_arm, &error, &blocking));
  g_assert_no_error (error);
  dyno_test_dyno_free (dyno);
}

/* A stopped engine never fails; what cannot be judged says why. */
static void
test_engine_off (DynoTestShop *f,
                 gconstpointer unused)
{
  g_autoptr(DynoPreflight) preflight = NULL;
  DynoTestDyno *dyno;

  if (!dyno_test_shop_has_wire ())
    return;
  dyno = start_dyno (f, "idle", 1);
  preflight = run (f, FALSE);
  g_assert_true (preflight->has_passed);
  g_assert_false (preflight->si_verified);
  g_assert_cmpint (preflight->checks[DYNO_PREFLIGHT_POWER].status, ==, DYNO_PREFLIGHT_SKIP);
  g_assert_cmpint (preflight->checks[DYNO_PREFLIGHT_GEAR].status, ==, DYNO_PREFLIGHT_SKIP);
  dyno_test_dyno_free (dyno);
}

/* Without a dyno it fails, and arming that asks for it needs a reason. */
static void
test_no_dyno (DynoTestShop *f,
              gconstpointer unused)
{
  DynoArmOptions blocking = { .is_blocking = TRUE };
  DynoArmOptions override = { .is_blocking = TRUE, .override = "Sensor is being changed" };
  g_autoptr(DynoPreflight) preflight = NULL;
  g_autoptr(GError) refused = NULL;
  g_autoptr(GError) error = NULL;
  DynoTestDyno *dyno;

  if (!dyno_test_shop_has_wire ())
    return;
  preflight = run (f, TRUE);
  g_assert_false (preflight->has_passed);
  g_assert_cmpint (preflight->checks[DYNO_PREFLIGHT_LINK].status, ==, DYNO_PREFLIGHT_FAIL);
  dyno = start_dyno (f, "idle", 1);
  g_assert_false (dyno_test_ask (f, dyno_arm_arm, &refused, &blocking));
  g_assert_error (refused, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (refused), ==, "PREFLIGHT_REQUIRED");
  g_assert_true (dyno_test_ask (f, dyno_arm_arm, &error, &override));
  g_assert_no_error (error);
  dyno_test_dyno_free (dyno);
}

static void
test_not_listening (DynoTestShop *f,
                    gconstpointer unused)
{
  g_autoptr(GError) error = NULL;

  dyno_preflight_async (f->shop, NULL, NULL, NULL, NULL, dyno_await_cb, f->await);
  g_assert_null (dyno_preflight_finish (dyno_await_wait (f->await), &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD ("/shop/preflight/judge", test_judge);
  DYNO_TEST_SHOP_ADD ("/shop/preflight/watch", test_watch);
  DYNO_TEST_SHOP_ADD ("/shop/preflight/engine-off", test_engine_off);
  DYNO_TEST_SHOP_ADD ("/shop/preflight/no-dyno", test_no_dyno);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/preflight/not-listening", test_not_listening);

  return g_test_run ();
}
