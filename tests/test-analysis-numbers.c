/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-numbers.h"
#include "dyno-test.h"

static void
numbers_clear (DynoNumbers *numbers)
{
  dyno_numbers_clear (numbers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DynoNumbers, numbers_clear)

/* Bit by bit, one by one and all together. */
static void
assert_holds (const DynoNumbers *numbers,
              const double      *values,
              gsize              n)
{
  g_autofree double *copy = g_new (double, MAX (n, 1));

  g_assert_cmpuint (numbers->n, ==, n);
  dyno_numbers_copy (numbers, 0, n, copy);
  g_assert_cmpmem (copy, n * sizeof *copy, values, n * sizeof *values);
  for (gsize i = 0; i < n; i++)
    {
      double value = dyno_numbers_at (numbers, i);

      g_assert_cmpmem (&value, sizeof value, &values[i], sizeof values[i]);
      g_assert_cmpint (dyno_numbers_is_missing (numbers, i), ==, isnan (values[i]) != 0);
    }
}

/* Appended one by one, so that places are added on the way. */
static gboolean
are_decimals (const double *values,
              gsize         n)
{
  g_auto (DynoNumbers) numbers = { .n = 0 };

  for (gsize i = 0; i < n; i++)
    dyno_numbers_append (&numbers, &values[i], 1);
  assert_holds (&numbers, values, n);

  return numbers.decimals != NULL;
}

static void
test_decimals (void)
{
  const double values[] = { 0, 1, NAN, -13.2, 0.05, 12.345, 9500, NAN };
  const double places[] = { 0.1, 0.00001, -21474.83647 };
  const double integers[] = { 2147483647, -2147483647 };

  g_assert_true (are_decimals (values, G_N_ELEMENTS (values)));
  g_assert_true (are_decimals (places, G_N_ELEMENTS (places)));
  g_assert_true (are_decimals (integers, G_N_ELEMENTS (integers)));
}

static void
test_what_does_not_fit (void)
{
  const double wide[] = { 300000000, 0.5, NAN, 3 };
  const double zero[] = { 1, 0, -0.0 };
  const double noise[] = { 0.1, 0.1 + 0.2 };
  const double large[] = { 1, 2147483648.0 };
  const double least[] = { NAN, -2147483648.0 };
  const double endless[] = { 2, INFINITY, -INFINITY };
  const double thirds[] = { NAN, 1.0 / 3 };
  const double fine[] = { 0.000001 };

  g_assert_false (are_decimals (wide, G_N_ELEMENTS (wide)));
  g_assert_false (are_decimals (zero, G_N_ELEMENTS (zero)));
  g_assert_false (are_decimals (noise, G_N_ELEMENTS (noise)));
  g_assert_false (are_decimals (large, G_N_ELEMENTS (large)));
  g_assert_false (are_decimals (least, G_N_ELEMENTS (least)));
  g_assert_false (are_decimals (endless, G_N_ELEMENTS (endless)));
  g_assert_false (are_decimals (thirds, G_N_ELEMENTS (thirds)));
  g_assert_false (are_decimals (fine, G_N_ELEMENTS (fine)));
}

/* What a text of so many digits is read as; the first rows have fewer. */
static double
random_decimal (GRand *rand,
                gsize  row,
                int    places)
{
  g_autofree char *text = g_strdup_printf ("%s%d.%0*d", g_rand_boolean (rand) ? "-" : "",
                                           g_rand_int_range (rand, 1, 200), places,
                                           g_rand_int_range (rand, 0, (int) pow (10, places)));

  return row < 1500 ? g_rand_int_range (rand, 1, 200) : g_ascii_strtod (text, NULL);
}

static void
test_random_decimals (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);

  for (int places = 1; places <= 5; places++)
    {
      g_auto (DynoNumbers) numbers = { .n = 0 };
      double values[4000];

      for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        values[i] = i % 97 == 0 ? NAN : random_decimal (rand, i, places);
      dyno_numbers_append (&numbers, values, 1000);
      dyno_numbers_append (&numbers, values + 1000, 3000);
      g_assert_nonnull (numbers.decimals);
      assert_holds (&numbers, values, G_N_ELEMENTS (values));
    }
}

/* Every size of number, as its text is read. */
static void
test_all_sizes (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (5);

  for (int places = 0; places <= 5; places++)
    {
      g_auto (DynoNumbers) numbers = { .n = 0 };
      double values[20000];

      for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        {
          int digits = g_rand_int_range (rand, 1, 32);
          g_autofree char *text = g_strdup_printf ("%ue-%d", g_rand_int (rand) >> digits, places);

          values[i] = g_ascii_strtod (text, NULL);
        }
      dyno_numbers_append (&numbers, values, G_N_ELEMENTS (values));
      g_assert_nonnull (numbers.decimals);
      assert_holds (&numbers, values, G_N_ELEMENTS (values));
    }
}

/* The same with all bits at random: subnormals, NaN of the one payload, any size. */
static void
test_random_bits (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (11);

  for (guint round = 0; round < 200; round++)
    {
      g_auto (DynoNumbers) numbers = { .n = 0 };
      double values[700];

      for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        {
          guint64 bits = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);

          memcpy (&values[i], &bits, sizeof bits);
          if (isnan (values[i]))
            values[i] = NAN;
          if (i < 600)
            values[i] = (double) (bits % 1000) / 10;
        }
      dyno_numbers_append (&numbers, values, G_N_ELEMENTS (values));
      assert_holds (&numbers, values, G_N_ELEMENTS (values));
    }
}

static void
test_edit (void)
{
  const double decimals[] = { 1.5, 2.5, 3.5, 4.5 };
  const double doubles[] = { 1.0 / 3, 2.0 / 3, 1, 4.0 / 3 };
  const double *const both[] = { decimals, doubles };
  const gsize order[] = { 3, 0, 2 };

  for (gsize k = 0; k < G_N_ELEMENTS (both); k++)
    {
      const double *v = both[k];
      const double all[] = { NAN, NAN, v[0], v[1], v[2], v[3] };
      const double ordered[] = { v[1], NAN, v[0] };
      const double cut[] = { NAN, v[0] };
      g_auto (DynoNumbers) numbers = { .n = 0 };
      g_auto (DynoNumbers) slice = { .n = 0 };

      g_assert_true (dyno_numbers_is_null (&numbers));
      dyno_numbers_append_missing (&numbers, 2);
      dyno_numbers_append (&numbers, v, 4);
      assert_holds (&numbers, all, 6);
      g_assert_false (dyno_numbers_are_whole (&numbers));
      dyno_numbers_reorder (&numbers, order, 3);
      assert_holds (&numbers, ordered, 3);
      slice = dyno_numbers_slice (&numbers, 1, 2);
      assert_holds (&slice, cut, 2);
      dyno_numbers_set_missing (&slice, 1);
      g_assert_true (isnan (dyno_numbers_at (&slice, 1)));
      g_assert_false (isnan (dyno_numbers_at (&numbers, 2)));
    }
}

static void
test_steal (void)
{
  const double values[] = { 1.5, NAN, 3 };
  g_auto (DynoNumbers) numbers = { .n = 0 };
  g_autofree double *stolen = NULL;

  dyno_numbers_append (&numbers, values, 3);
  g_assert_nonnull (numbers.decimals);
  stolen = dyno_numbers_steal_doubles (&numbers);
  g_assert_cmpmem (stolen, sizeof values, values, sizeof values);
  g_assert_true (dyno_numbers_is_null (&numbers));
  g_assert_null (dyno_numbers_steal_doubles (&numbers));
}

/* A whole log's worth of room does not change what is in it. */
static void
test_room (void)
{
  const double values[] = { 0.5, 1.25, 1.0 / 3 };
  g_auto (DynoNumbers) numbers = { .n = 0 };

  dyno_numbers_reserve (&numbers, 3000000);
  g_assert_cmpuint (numbers.n_allocated, ==, 3000000);
  dyno_numbers_append (&numbers, values, 2);
  dyno_numbers_trim (&numbers);
  g_assert_cmpuint (numbers.n_allocated, ==, 2);
  dyno_numbers_append (&numbers, values + 2, 1);
  assert_holds (&numbers, values, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/numbers/decimals", test_decimals);
  g_test_add_func ("/analysis/numbers/what-does-not-fit", test_what_does_not_fit);
  g_test_add_func ("/analysis/numbers/random-decimals", test_random_decimals);
  g_test_add_func ("/analysis/numbers/all-sizes", test_all_sizes);
  g_test_add_func ("/analysis/numbers/random-bits", test_random_bits);
  g_test_add_func ("/analysis/numbers/edit", test_edit);
  g_test_add_func ("/analysis/numbers/steal", test_steal);
  g_test_add_func ("/analysis/numbers/room", test_room);

  return g_test_run ();
}
