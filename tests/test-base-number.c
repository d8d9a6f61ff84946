/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-number.h"
#include "dyno-test.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

#define N_RANDOM 1000000

static void
assert_same_bits (const char *text)
{
  double value = NAN;
  double expected = strtod (text, NULL);

  if (!dyno_number_parse (text, strlen (text), '.', &value)
      || memcmp (&value, &expected, sizeof value) != 0)
    g_error ("\"%s\": %.17g, not %.17g", text, value, expected);
}

static void
test_accepted (void)
{
  static const char *const good[] = {
    "0", "-0", "+0", "5.", ".5", "-.5", "1e5", "1E+5", "1e-5", "00012.500", "9007199254740993",
    "18446744073709551615", "18446744073709551616", "12345678", "1.2345678", "123456789.123456789",
    "14.288399696350098", "0.1", "1e22", "1e23", "1e308", "1.7976931348623157e308", "1e309",
    "-1e999", "2.2250738585072014e-308", "2.2250738585072011e-308", "4.9e-324", "2.4e-324",
    "1e-999",
    "0.000000000000000000000000000001", "100000000000000000000000000000000000000",
    "9007199254740992.5", "9007199254740993.0000000000000000000000000001", "0e99999999999999999999",
    "1e-99999999999999999999", "8.5", "4503599627370497.5", "0.30000000000000004",
    "1090544144181609348835077142190", "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    assert_same_bits (good[i]);
}

static void
test_refused (void)
{
  static const char *const bad[] = {
    "", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1,5", "1.2.3", "0x1A", "inf", "nan", "1 ",
    " 1", "--1", "+-1", "1-", "1_000", "1'000", "1e5.0", "12345678a", "1.2345678x", "\xC2\xB5",
  };
  double value;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (dyno_number_parse (bad[i], strlen (bad[i]), '.', &value));
}

static void
test_comma (void)
{
  double value = 0;

  g_assert_true (dyno_number_parse ("-12,25", 6, ',', &value));
  g_assert_true (value == -12.25);
  g_assert_true (dyno_number_parse ("0,1234567890123456789012345", 27, ',', &value));
  g_assert_true (value == 0.1234567890123456789012345);
  g_assert_false (dyno_number_parse ("1.5", 3, ',', &value));
}

static void
test_end (void)
{
  char text[32 + DYNO_NUMBER_PADDING] = "-7.125,88;1e+;3";
  double value = 0;

  g_assert_true (dyno_number_read (text, '.', &value) == text + 6);
  g_assert_true (value == -7.125);
  g_assert_true (dyno_number_read (text + 10, '.', &value) == text + 11);
  g_assert_null (dyno_number_read (text + 9, '.', &value));
}

static void
append_digits (GString *text,
               int      max)
{
  int n = g_test_rand_int_range (0, max + 1);

  for (int i = 0; i < n; i++)
    g_string_append_c (text, (char) g_test_rand_int_range ('0', '9' + 1));
}

/* Four kinds: as loggers write, of any length, with exponents, and doubles printed
 * with 15 to 18 digits. */
static void
fill_random (GString *text,
             int      kind)
{
  g_string_truncate (text, 0);
  if (g_test_rand_int_range (0, 3) == 0)
    g_string_append_c (text, g_test_rand_bit () ? '-' : '+');
  if (kind == 3)
    {
      guint64 bits = ((guint64) (guint32) g_test_rand_int () << 32) | (guint32) g_test_rand_int ();
      double value;

      memcpy (&value, &bits, sizeof value);
      value = isfinite (value) ? fabs (value) : 0.1;
      g_string_append_printf (text, "%.*g", g_test_rand_int_range (15, 19), value);
      return;
    }

  g_string_append_c (text, (char) g_test_rand_int_range ('0', '9' + 1));
  append_digits (text, kind == 0 ? 6 : 24);
  if (g_test_rand_int_range (0, 4) != 0)
    {
      g_string_append_c (text, '.');
      append_digits (text, kind == 0 ? 7 : 30);
    }
  if (kind == 2)
    g_string_append_printf (text, "e%d", g_test_rand_int_range (-345, 330));
}

static void
test_random (void)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (int i = 0; i < N_RANDOM; i++)
    {
      fill_random (text, i % 4);
      assert_same_bits (text->str);
    }
}

/* Halfway between two doubles, and one digit beside it: where wrong rounding shows. */
static void
test_halfway (void)
{
  for (int i = 0; i < 20000; i++)
    {
      guint64 mantissa = (guint64) 1 << 53
                         | ((guint64) (guint32) g_test_rand_int () << 21) >> 1
                         | (guint64) g_test_rand_int_range (0, 1 << 20);
      int shift = g_test_rand_int_range (0, 11);
      guint64 half = (mantissa << 1 | 1) << shift >> 1;
      g_autofree char *exact = g_strdup_printf ("%" G_GUINT64_FORMAT, half);
      g_autofree char *above = g_strdup_printf ("%" G_GUINT64_FORMAT ".0000001", half);
      g_autofree char *part = g_strdup_printf ("%" G_GUINT64_FORMAT "e-%d", half, shift + 3);

      assert_same_bits (exact);
      assert_same_bits (above);
      assert_same_bits (part);
    }
}

static void
test_locales (void)
{
  static const char *const locales[] = { "de_DE.UTF-8", "tr_TR.UTF-8" };
  double value = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (locales); i++)
    {
      if (setlocale (LC_ALL, locales[i]) == NULL)
        {
          g_autofree char *message
              = g_strdup_printf ("the locale %s is not installed here", locales[i]);

          g_test_skip (message);
          continue;
        }
      g_assert_true (dyno_number_parse ("1.5", 3, '.', &value) && value == 1.5);
      g_assert_true (dyno_number_parse ("1.5e-300", 8, '.', &value) && value == 1.5e-300);
      g_assert_false (dyno_number_parse ("1,5", 3, '.', &value));
    }
  setlocale (LC_ALL, "C");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/accepted", test_accepted);
  g_test_add_func ("/number/refused", test_refused);
  g_test_add_func ("/number/comma", test_comma);
  g_test_add_func ("/number/end", test_end);
  g_test_add_func ("/number/random", test_random);
  g_test_add_func ("/number/halfway", test_halfway);
  g_test_add_func ("/number/locales", test_locales);

  return g_test_run ();
}
