/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-test-log.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* The power of a run: what the bike made, in any correction, once computed. */

static DynoPullPower *
power_of (DynoTestShop           *f,
          const char             *run_id,
          const DynoPowerOptions *options)
{
  g_autoptr(GError) error = NULL;
  DynoPullPower *power;

  dyno_pull_power_run_async (f->shop, run_id, options, NULL, dyno_await_cb, f->await);
  power = dyno_pull_power_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);

  return power;
}

static void
test_truth (DynoTestShop *f,
            gconstpointer unused)
{
  DynoBikeFigures made;
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, &made);
  g_autofree char *id = dyno_test_shop_keep (f, "Truth", samples);
  g_autoptr(DynoPullPower) power = power_of (f, id, NULL);

  g_assert_cmpint (power->power->correction.standard, ==, DYNO_STANDARD_SAE_1990);
  g_assert_cmpuint (power->power->curve->level, ==, 2);
  dyno_assert_near (power->power->peak_power.value / made.peak_power_corr_kw, 1, 0.02);
  dyno_assert_near (power->power->peak_torque.value / made.peak_torque_corr_nm, 1, 0.02);
  g_assert_true (power->has_selfcheck);
  dyno_assert_near (power->selfcheck.drum.m_eff_kg / 236.2, 1, 0.01);
}

/* The same question again is the same answer; another correction another. */
static void
test_cache (DynoTestShop *f,
            gconstpointer unused)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, NULL);
  g_autofree char *id = dyno_test_shop_keep (f, "Cache", samples);
  g_autoptr(DynoPullPower) first = power_of (f, id, NULL);
  g_autoptr(DynoPullPower) again = power_of (f, id, NULL);
  g_autoptr(DynoPullPower) plain = NULL;
  g_autoptr(DynoPullPower) smooth = NULL;
  g_autoptr(DynoPullPower) edited = NULL;
  g_autoptr(DynoRun) run = NULL;
  g_autoptr(GError) error = NULL;
  DynoRun *trim = dyno_run_new ();
  DynoPowerOptions options;

  g_assert_true (first == again);
  dyno_pull_power_defaults (f->shop, &options);
  options.standard = DYNO_STANDARD_NONE;
  plain = power_of (f, id, &options);
  g_assert_true (plain != first);
  g_assert_true (plain->samples == first->samples);
  dyno_assert_near (plain->power->peak_power.value * first->power->correction.factor,
                    first->power->peak_power.value, 1e-6);
  options.level = 5;
  smooth = power_of (f, id, &options);
  g_assert_cmpuint (smooth->power->curve->level, ==, 5);

  trim->id = g_strdup (id);
  trim->trim_start_s = 2;
  trim->trim_end_s = 3.5;
  run = dyno_test_ask (f, dyno_runbook_edit, &error, trim, DYNO_RUN_TRIM);
  g_assert_no_error (error);
  edited = power_of (f, id, NULL);
  g_assert_cmpfloat (edited->power->peak_power.value, <, first->power->peak_power.value);
}

/* The file's own columns, to be compared with what is derived. */
static void
test_as_logged (DynoTestShop *f,
                gconstpointer unused)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, NULL);
  g_autoptr(DynoPullPower) derived = NULL;
  g_autoptr(DynoPullPower) logged = NULL;
  g_autoptr(GError) error = NULL;
  DynoPowerOptions options;

  dyno_pull_power_defaults (f->shop, &options);
  dyno_pull_power_samples_async (f->shop, samples, &options, NULL, dyno_await_cb, f->await);
  derived = dyno_pull_power_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  options.as_logged = TRUE;
  dyno_pull_power_samples_async (f->shop, samples, &options, NULL, dyno_await_cb, f->await);
  logged = dyno_pull_power_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_cmpint (derived->power->input, ==, DYNO_POWER_FROM_FORCE_SPEED);
  g_assert_cmpint (logged->power->input, ==, DYNO_POWER_FROM_POWER_RPM);
  dyno_assert_near (logged->power->peak_power.value / derived->power->peak_power.value, 1, 0.002);
}

/* Speed alone is power by what the plate of the dyno says. */
static void
test_drum_of_the_plate (DynoTestShop *f,
                        gconstpointer unused)
{
  DynoBikeFigures made;
  g_autoptr(DynoSamples) all = dyno_test_pull_samples (0, &made);
  DynoSamplesBuilder *builder = dyno_samples_builder_new (dyno_samples_n_rows (all));
  static const DynoChannel wanted[] = { DYNO_CHANNEL_SPEED, DYNO_CHANNEL_RPM, DYNO_CHANNEL_TPS };
  gsize n = dyno_samples_n_rows (all);
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoPullPower) without = NULL;
  g_autoptr(DynoPullPower) with = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  dyno_samples_builder_take_time (builder,
                                  g_memdup2 (dyno_samples_time (all), n * sizeof (double)));
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      const DynoColumn *column = dyno_samples_find (all, wanted[i]);

      dyno_samples_builder_take (builder, column->name, "", wanted[i], column->unit,
                                 dyno_test_dup_column (column));
    }
  samples = dyno_samples_builder_finish (builder);
  id = dyno_test_shop_keep (f, "Speed alone", samples);
  without = power_of (f, id, NULL);
  g_assert_cmpuint (without->power->curve->n, ==, 0);
  g_assert_true (dyno_test_ask (f, dyno_shop_set_config, &error, "dyno.drum1_mass_slugs",
                                "16.185"));
  g_assert_no_error (error);
  with = power_of (f, id, NULL);
  g_assert_cmpint (with->power->input, ==, DYNO_POWER_FROM_SPEED);
  /* The plate knows the mass, not the losses. */
  dyno_assert_near (with->power->peak_power.value / made.peak_power_kw, 1, 0.06);
}

static void
test_nothing_there (DynoTestShop *f,
                    gconstpointer unused)
{
  g_autofree char *id = dyno_test_shop_keep (f, "Empty", NULL);
  g_autoptr(DynoPullPower) empty = power_of (f, id, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (empty->power->curve->n, ==, 0);
  g_assert_cmpint (empty->power->trim, !=, DYNO_TRIM_OK);
  dyno_pull_power_run_async (f->shop, "run_00000000000000000000", NULL, NULL, dyno_await_cb,
                             f->await);
  g_assert_null (dyno_pull_power_finish (dyno_await_wait (f->await), &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/power/truth", test_truth);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/power/cache", test_cache);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/power/as-logged", test_as_logged);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/power/drum-of-the-plate", test_drum_of_the_plate);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/power/nothing-there", test_nothing_there);

  return g_test_run ();
}
