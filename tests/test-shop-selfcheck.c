/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-reference.h"
#include "dyno-test-log.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* A dyno is remembered by its first good run, and later ones are judged by it. */

#define RT_150 "RT-150 of the test"

/* The same pull on a dyno whose force reads that much more. (transfer full) */
static DynoSamples *
scale_force (const DynoSamples *samples,
             double             factor)
{
  gsize n = dyno_samples_n_rows (samples);
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);

  dyno_samples_builder_take_time (builder,
                                  g_memdup2 (dyno_samples_time (samples), n * sizeof (double)));
  for (guint i = 0; i < dyno_samples_n_columns (samples); i++)
    {
      const DynoColumn *column = dyno_samples_column (samples, i);
      double *values = dyno_test_dup_column (column);

      for (gsize row = 0; column->channel == DYNO_CHANNEL_FORCE && row < n; row++)
        values[row] *= factor;
      dyno_samples_builder_take (builder, column->name, "", column->channel, column->unit, values);
    }

  return dyno_samples_builder_finish (builder);
}

static char *
shape_of (const DynoPullPower *power)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_power (w, power, 0);

  return dyno_json_writer_finish (w);
}

static DynoJson *
json_of (const DynoPullPower *power)
{
  g_autofree char *text = shape_of (power);
  g_autoptr(GError) error = NULL;
  DynoJson *json = dyno_json_parse (text, -1, &error);

  g_assert_no_error (error);

  return json;
}

static void
test_shape (void)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, NULL);
  const DynoDrum reference = { 236.2 / 1.006, 6.7, 0.05, 0.0007 };
  g_autoptr(DynoPullPower) power = NULL;
  g_autoptr(DynoJson) json = NULL;
  const DynoJson *dyno;
  const DynoJson *losses;
  const DynoJson *warning;
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  power = dyno_pull_power_make (samples, &options, &reference);
  json = json_of (power);
  dyno = dyno_json_member (json, "dyno");
  losses = dyno_json_member (dyno, "loss_kw");
  dyno_assert_near (dyno_json_get_number (dyno, "effective_mass_kg", NAN), 236.2, 0.001);
  dyno_assert_near (dyno_json_get_number (dyno_json_member (dyno, "us"), "mass_lbf_s_per_mph", NAN),
                    236.2 * 0.44704 / 4.4482216152605, 0.001);
  g_assert_cmpuint (dyno_json_n_elements (losses), ==, 3);
  dyno_assert_near (dyno_json_get_number (dyno_json_element (losses, 1), "power_kw", NAN),
                    160 / 3.6 * (6.7 + 0.05 * 160 + 0.0007 * 160 * 160) / 1000, 0.002);
  g_assert_cmpstr (dyno_json_get_string (dyno, "verdict"), ==, "drift");
  dyno_assert_near (dyno_json_get_number (dyno, "mass_off_pct", NAN), 0.6, 0.01);
  dyno_assert_near (dyno_json_get_number (dyno_json_member (dyno, "reference"), "c0_n", NAN), 6.7,
                    1e-9);
  warning = dyno_json_element (dyno_json_member (json, "warnings"),
                               dyno_json_n_elements (dyno_json_member (json, "warnings")) - 1);
  g_assert_cmpstr (dyno_json_get_string (warning, "code"), ==, "dyno-drift");
}

static void
test_coast_down (void)
{
  enum { N = 400 };
  const DynoDrum drum = { 236.2, 6.7, 0.05, 0.0007 };
  DynoSamplesBuilder *builder = dyno_samples_builder_new (N);
  double *kmh = g_new (double, N);
  double *ms2 = g_new (double, N);
  double *time_s = g_new (double, N);
  double v = 200;
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoPullPower) unknown = NULL;
  g_autoptr(DynoPullPower) power = NULL;
  g_autoptr(DynoJson) json = NULL;
  DynoPowerOptions options;

  for (guint i = 0; i < N; i++)
    {
      time_s[i] = i * 0.5;
      kmh[i] = v;
      ms2[i] = -dyno_drum_losses_n (&drum, v) / drum.m_eff_kg;
      v += ms2[i] * 0.5 * 3.6;
    }
  dyno_samples_builder_take_time (builder, time_s);
  dyno_samples_builder_take (builder, "speed", "", DYNO_CHANNEL_SPEED, dyno_unit_find ("km/h"), kmh);
  dyno_samples_builder_take (builder, "accel", "", DYNO_CHANNEL_ACCEL, dyno_unit_find ("m/s²"), ms2);
  samples = dyno_samples_builder_finish (builder);
  dyno_power_options_init (&options);
  unknown = dyno_pull_power_make (samples, &options, NULL);
  g_assert_false (unknown->has_coast_down);
  options.drum = &drum;
  power = dyno_pull_power_make (samples, &options, NULL);
  g_assert_true (power->has_coast_down);
  json = json_of (power);
  g_assert_cmpint (dyno_json_type (dyno_json_member (json, "dyno")), ==, DYNO_JSON_NULL);
  dyno_assert_near (dyno_json_get_number (dyno_json_member (json, "coast_down"), "c1_n_per_kmh",
                                          NAN), 0.05, 1e-6);
}

/* In the store */

static char *
keep_of_dyno (DynoTestShop *f,
              DynoStore    *store,
              DynoSamples  *samples)
{
  g_autoptr(DynoRun) kept = NULL;
  g_autoptr(GError) error = NULL;
  DynoRun *run = dyno_run_new ();

  run->title = g_strdup ("Pull");
  run->provider = g_strdup (RT_150);
  run->status = DYNO_RUN_COMPLETE;
  run->source = DYNO_SOURCE_CAPTURE;
  dyno_store_import_run_async (store, run, samples, NULL, NULL, NULL, NULL, dyno_await_cb,
                               f->await);
  kept = dyno_store_import_run_finish (store, dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  dyno_reference_offer (store, f->await, RT_150, kept->id, samples);

  return g_strdup (kept->id);
}

static void
assert_verdict (DynoTestShop        *f,
                const char          *run_id,
                DynoSelfcheckVerdict verdict)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoPullPower) power = NULL;

  dyno_pull_power_run_async (f->shop, run_id, NULL, NULL, dyno_await_cb, f->await);
  power = dyno_pull_power_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
  g_assert_true (power->has_reference);
  dyno_assert_near (power->reference.m_eff_kg, 236.2, 0.001);
  g_assert_cmpint (power->verdict, ==, verdict);
}

/* The first good run is the reference, and no later one takes its place. */
static void
test_verdicts (DynoTestShop *f,
               gconstpointer unused)
{
  g_autoptr(DynoSamples) first = dyno_test_pull_samples (0, NULL);
  g_autoptr(DynoSamples) drifted = scale_force (first, 1.006);
  g_autoptr(DynoSamples) changed = scale_force (first, 1.05);
  g_autofree char *good = NULL;
  g_autofree char *drifting = NULL;
  g_autofree char *other = NULL;
  DynoStore *store;

  dyno_test_shop_close (f);
  store = dyno_test_shop_open_store (f);
  good = keep_of_dyno (f, store, first);
  drifting = keep_of_dyno (f, store, drifted);
  other = keep_of_dyno (f, store, changed);
  dyno_test_shop_close_store (f, store);
  dyno_test_shop_open (f, f->flags);
  assert_verdict (f, good, DYNO_SELFCHECK_OK);
  assert_verdict (f, drifting, DYNO_SELFCHECK_DRIFT);
  assert_verdict (f, other, DYNO_SELFCHECK_CHANGED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shop/selfcheck/shape", test_shape);
  g_test_add_func ("/shop/selfcheck/coast-down", test_coast_down);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/selfcheck/verdicts", test_verdicts);

  return g_test_run ();
}
