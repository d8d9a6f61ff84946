/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-samples.h"
#include "dyno-test.h"

#include <math.h>
#include <string.h>

static double *
copy_of (const double *values,
         gsize         n)
{
  return g_memdup2 (values, n * sizeof (double));
}

#define COPY(array) copy_of ((array), G_N_ELEMENTS (array))

static DynoSamples *
one_column (const double *values,
            gsize         n)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);

  dyno_samples_builder_take (builder, "x", NULL, DYNO_CHANNEL_IAT, dyno_unit_find ("°F"),
                             copy_of (values, n));

  return dyno_samples_builder_finish (builder);
}

static DynoSamples *
with_time (const double *time,
           gsize         n)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);

  dyno_samples_builder_take_time (builder, copy_of (time, n));

  return dyno_samples_builder_finish (builder);
}

static void
test_numbers_stay (void)
{
  const double fahrenheit[] = { 32, 212, INFINITY, -INFINITY, NAN };
  g_autoptr(DynoSamples) samples = one_column (fahrenheit, 5);
  const DynoColumn *column = dyno_samples_find (samples, DYNO_CHANNEL_IAT);
  g_autofree double *si = dyno_samples_dup_si (samples, column);
  double numbers[5];

  g_assert_cmpfloat (dyno_column_value (column, 1), ==, 212);
  dyno_assert_near (si[0], 0, 1e-12);
  dyno_assert_near (si[1], 100, 1e-12);
  g_assert_true (isnan (si[2]) && isnan (si[3]) && isnan (si[4]));
  /* One payload for all that is missing. */
  dyno_numbers_copy (&column->numbers, 0, 5, numbers);
  g_assert_cmpmem (&numbers[2], 8, &numbers[4], 8);
  g_assert_cmpmem (&numbers[3], 8, &numbers[4], 8);
  g_assert_true (isnan (dyno_column_si (NULL, 0)));
}

static void
test_mixture_units (void)
{
  const double lambda[] = { 1.0, 0.85 };
  const double afr[] = { 14.7, 13.0 };
  DynoSamplesBuilder *builder = dyno_samples_builder_new (2);
  g_autoptr(DynoSamples) samples = NULL;

  dyno_samples_builder_take (builder, "L", "", DYNO_CHANNEL_MIX_F, dyno_unit_find ("λ"),
                             COPY (lambda));
  dyno_samples_builder_take (builder, "A", "", DYNO_CHANNEL_MIX_R, dyno_unit_find ("AFR"),
                             COPY (afr));
  samples = dyno_samples_builder_finish (builder);
  dyno_assert_near (dyno_column_afr (dyno_samples_column (samples, 0), 1, 14.7), 12.495, 1e-12);
  dyno_assert_near (dyno_column_afr (dyno_samples_column (samples, 0), 0, 9.77), 9.77, 1e-12);
  dyno_assert_near (dyno_column_afr (dyno_samples_column (samples, 1), 1, 9.77), 13.0, 1e-12);
}

static void
test_a_channel_has_one_column (void)
{
  const double first[] = { 1 };
  const double second[] = { 2 };
  DynoSamplesBuilder *builder = dyno_samples_builder_new (1);
  g_autoptr(DynoSamples) samples = NULL;

  dyno_samples_builder_take (builder, "A", "", DYNO_CHANNEL_RPM, dyno_unit_find ("rpm"),
                             COPY (first));
  dyno_samples_builder_take (builder, "B", "", DYNO_CHANNEL_RPM, dyno_unit_find ("rpm"),
                             COPY (second));
  samples = dyno_samples_builder_finish (builder);
  g_assert_cmpuint (dyno_samples_n_columns (samples), ==, 2);
  g_assert_cmpstr (dyno_samples_find (samples, DYNO_CHANNEL_RPM)->name, ==, "A");
  g_assert_cmpint (dyno_samples_column (samples, 1)->channel, ==, DYNO_CHANNEL_NONE);
  g_assert_true (dyno_samples_find_name (samples, "B") == dyno_samples_column (samples, 1));
  g_assert_null (dyno_samples_find (samples, DYNO_CHANNEL_MAP));
  g_assert_null (dyno_samples_find (samples, DYNO_CHANNEL_NONE));
}

static void
assert_updates (const double *values,
                const guint8 *wanted,
                gsize         n)
{
  g_autoptr(DynoSamples) samples = one_column (values, n);
  g_autofree guint8 *updates =
      dyno_samples_dup_updates (samples, dyno_samples_column (samples, 0));

  g_assert_cmpmem (updates, n, wanted, n);
}

/* analysis.md 1.1: without update bits. */
static void
test_guessed_updates (void)
{
  const double every[] = { 1, 2, 3, 4, 4, 5, 6 };
  const guint8 all[] = { 1, 1, 1, 1, 1, 1, 1 };
  const double held[] = { 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5 };
  const guint8 thirds[] = { 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0 };
  const double holes[] = { 1, NAN, 2, NAN, 3 };
  const guint8 readings[] = { 1, 0, 1, 0, 1 };

  assert_updates (every, all, 7);
  assert_updates (held, thirds, 17);
  assert_updates (holes, readings, 5);
}

static void
test_update_bits (void)
{
  const double values[] = { 1, 1, NAN, 2, 2, 2, 2, 2, 2 };
  const guint8 bits[] = { 0x0D, 0x01 }; /* rows 0, 2, 3, 8 */
  const guint8 wanted[] = { 1, 0, 0, 1, 0, 0, 0, 0, 1 };
  DynoSamplesBuilder *builder = dyno_samples_builder_new (9);
  g_autoptr(DynoSamples) samples = NULL;
  g_autofree guint8 *updates = NULL;

  dyno_samples_builder_take (builder, "x", "", DYNO_CHANNEL_RPM, dyno_unit_find ("rpm"),
                             COPY (values));
  dyno_samples_builder_take_updates (builder, 0, g_memdup2 (bits, 2));
  samples = dyno_samples_builder_finish (builder);
  updates = dyno_samples_dup_updates (samples, dyno_samples_column (samples, 0));
  g_assert_cmpmem (updates, 9, wanted, 9);
}

/* Distances of hundreds of rows count as well as short ones. */
static void
test_long_distances (void)
{
  enum { N = 3000 };
  double values[N];
  g_autoptr(DynoSamples) samples = NULL;
  g_autofree guint8 *updates = NULL;
  guint n = 0;

  for (guint i = 0; i < N; i++)
    values[i] = i / 300;
  samples = one_column (values, N);
  g_assert_false (dyno_samples_updates_always (samples, dyno_samples_column (samples, 0)));
  updates = dyno_samples_dup_updates (samples, dyno_samples_column (samples, 0));
  for (guint i = 0; i < N; i++)
    n += updates[i];
  g_assert_cmpuint (n, ==, 10);
}

static void
test_always (void)
{
  const double steady[] = { 5, 5, 5, 5, 5, 5, 5, 5, 5 };
  const double held[] = { 1, 1, 1, 2, 2, 2, 3, 3, 3 };
  const guint8 all[] = { 0xFF, 0x01 };
  const guint8 some[] = { 0xFF, 0x00 };
  const guint8 *bits[] = { all, some };
  g_autoptr(DynoSamples) a = one_column (steady, 9);
  g_autoptr(DynoSamples) b = one_column (held, 9);

  g_assert_true (dyno_samples_updates_always (a, dyno_samples_column (a, 0)));
  g_assert_false (dyno_samples_updates_always (b, dyno_samples_column (b, 0)));
  for (guint i = 0; i < 2; i++)
    {
      DynoSamplesBuilder *builder = dyno_samples_builder_new (9);
      g_autoptr(DynoSamples) samples = NULL;

      dyno_samples_builder_take (builder, "x", "", DYNO_CHANNEL_RPM, dyno_unit_find ("rpm"),
                                 COPY (held));
      dyno_samples_builder_take_updates (builder, 0, g_memdup2 (bits[i], 2));
      samples = dyno_samples_builder_finish (builder);
      g_assert_cmpint (dyno_samples_updates_always (samples, dyno_samples_column (samples, 0)), ==,
                       i == 0);
    }
}

static void
test_gaps (void)
{
  const double fast[] = { 0, 0.02, 0.02, 0.04, 0.06, 0.55, 1.07 };
  const double slow[] = { 0, 0.1, 0.2, 0.3, 1.25, 2.30 };
  g_autoptr(DynoSamples) a = with_time (fast, 7);
  g_autoptr(DynoSamples) b = with_time (slow, 6);

  dyno_assert_near (dyno_samples_step_s (a), 0.02, 1e-12);
  g_assert_cmpfloat (dyno_samples_gap_s (a), ==, 0.5);
  g_assert_false (dyno_samples_is_gap (a, 0));
  g_assert_false (dyno_samples_is_gap (a, 5));
  g_assert_true (dyno_samples_is_gap (a, 6));
  g_assert_false (dyno_samples_is_gap (a, 7));
  dyno_assert_near (dyno_samples_gap_s (b), 1.0, 1e-9);
  g_assert_false (dyno_samples_is_gap (b, 4));
  g_assert_true (dyno_samples_is_gap (b, 5));
}

static void
test_without_time (void)
{
  const double values[] = { 1, 2, 3 };
  g_autoptr(DynoSamples) samples = one_column (values, 3);

  g_assert_false (dyno_samples_has_time (samples));
  g_assert_cmpfloat (dyno_samples_time (samples)[2], ==, 2);
  g_assert_true (isnan (dyno_samples_step_s (samples)));
  g_assert_false (dyno_samples_is_gap (samples, 1));
}

static void
test_nothing (void)
{
  g_autoptr(DynoSamples) samples = one_column (NULL, 0);
  g_autofree guint8 *updates = dyno_samples_dup_updates (samples, dyno_samples_column (samples, 0));
  g_autofree double *si = dyno_samples_dup_si (samples, dyno_samples_column (samples, 0));

  g_assert_cmpuint (dyno_samples_n_rows (samples), ==, 0);
  g_assert_cmpfloat (dyno_samples_duration (samples), ==, 0);
  g_assert_nonnull (updates);
  g_assert_nonnull (si);
}

static void
test_slice (void)
{
  const double time[] = { 0, 1, 2, 3, 4 };
  const double values[] = { 10, 11, 12, 13, 14 };
  const guint8 bits[] = { 0x15 }; /* rows 0, 2, 4 */
  DynoSamplesBuilder *builder = dyno_samples_builder_new (5);
  g_autoptr(DynoSamples) whole = NULL;
  g_autoptr(DynoSamples) part = NULL;
  const DynoColumn *column;

  dyno_samples_builder_take_time (builder, COPY (time));
  dyno_samples_builder_take (builder, "x", "m", DYNO_CHANNEL_MAP, dyno_unit_find ("psi"),
                             COPY (values));
  dyno_samples_builder_take_updates (builder, 0, g_memdup2 (bits, 1));
  dyno_samples_builder_take_excluded (builder, g_memdup2 (bits, 1));
  whole = dyno_samples_builder_finish (builder);
  part = dyno_samples_slice (whole, 2, 4);
  column = dyno_samples_find (part, DYNO_CHANNEL_MAP);

  g_assert_cmpuint (dyno_samples_n_rows (part), ==, 3);
  g_assert_cmpfloat (dyno_samples_time (part)[0], ==, 0);
  g_assert_cmpfloat (dyno_samples_duration (part), ==, 2);
  g_assert_cmpfloat (dyno_column_value (column, 0), ==, 12);
  g_assert_cmpfloat (column->scale, ==, dyno_samples_column (whole, 0)->scale);
  g_assert_cmpstr (column->unit_text, ==, "psi");
  g_assert_cmpint (column->updates[0] & 7, ==, 5);
  g_assert_cmpint (dyno_samples_excluded (part)[0] & 7, ==, 5);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/samples/numbers-stay", test_numbers_stay);
  g_test_add_func ("/analysis/samples/mixture-units", test_mixture_units);
  g_test_add_func ("/analysis/samples/one-column-a-channel", test_a_channel_has_one_column);
  g_test_add_func ("/analysis/samples/guessed-updates", test_guessed_updates);
  g_test_add_func ("/analysis/samples/update-bits", test_update_bits);
  g_test_add_func ("/analysis/samples/long-distances", test_long_distances);
  g_test_add_func ("/analysis/samples/always", test_always);
  g_test_add_func ("/analysis/samples/gaps", test_gaps);
  g_test_add_func ("/analysis/samples/without-time", test_without_time);
  g_test_add_func ("/analysis/samples/nothing", test_nothing);
  g_test_add_func ("/analysis/samples/slice", test_slice);

  return g_test_run ();
}
