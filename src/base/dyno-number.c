/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-number.h"

#include <float.h>
#include <math.h>

#define MAX_DIGITS 19   /* that 64 bits hold, whatever they are */
#define MAX_FIVES 27    /* 5^27 < 2^63 */
#define MAX_TENS 22     /* 10^22 is a double */
#define MAX_EXPONENT 99999

#if defined __SIZEOF_INT128__
#define HAS_128 1
typedef unsigned __int128 Wide;
#else
#define HAS_128 0
#endif

typedef struct
{
  guint64 mantissa; /* all digits as one number; wrong above MAX_DIGITS */
  gsize   n_digits;
} Digits;

static const char *
read_digits (const char *text,
             Digits     *digits)
{
  static const guint64 ten[9] = { 1,      10,      100,      1000,     10000,
                                  100000, 1000000, 10000000, 100000000 };
  guint n;

  do
    {
      guint64 eight = dyno_number_load_eight (text);

      n = dyno_number_count_digits (eight);
      if (n == 0)
        break;
      digits->mantissa = digits->mantissa * ten[n] + dyno_number_join_digits (eight, n);
      digits->n_digits += n;
      text += n;
    }
  while (n == 8);

  return text;
}

/* An "e" without digits is no exponent: the number ends before it. */
static const char *
read_exponent (const char *text,
               int        *exponent)
{
  const char *p = text + 1;
  gboolean is_negative = *p == '-';
  int number = 0;

  if (*p == '-' || *p == '+')
    p++;
  if (!g_ascii_isdigit (*p))
    return text;
  for (; g_ascii_isdigit (*p); p++)
    number = MIN (number * 10 + (*p - '0'), MAX_EXPONENT);
  *exponent = is_negative ? -number : number;

  return p;
}

#if HAS_128
static double
power_of_two (int exponent)
{
  guint64 bits = (guint64) (exponent + 1023) << 52;
  double power;

  memcpy (&power, &bits, sizeof power);

  return power;
}

/* The double nearest to (wide + something below 1 if not `is_exact`) · 2^exponent,
 * half to even. Without the something `wide` may be small. */
static double
round_wide (Wide     wide,
            gboolean is_exact,
            int      exponent)
{
  guint64 high = (guint64) (wide >> 64);
  int n_bits = high != 0 ? 128 - __builtin_clzll (high) : 64 - __builtin_clzll ((guint64) wide);
  int shift = n_bits - DBL_MANT_DIG;
  guint64 mantissa;
  Wide rest;
  Wide half;

  if (shift <= 0)
    return (double) (guint64) wide * power_of_two (exponent);

  mantissa = (guint64) (wide >> shift);
  rest = wide & (((Wide) 1 << shift) - 1);
  half = (Wide) 1 << (shift - 1);
  if (rest > half || (rest == half && (!is_exact || (mantissa & 1) != 0)))
    mantissa++;

  return (double) mantissa * power_of_two (exponent + shift);
}

/* mantissa · 10^tens with 10^k as 5^k · 2^k; the division keeps at least 64 bits
 * of the quotient. mantissa > 0, |tens| ≤ MAX_FIVES. */
static double
scale_wide (guint64 mantissa,
            int     tens)
{
  static const guint64 five[MAX_FIVES + 1] = {
    G_GUINT64_CONSTANT (1), G_GUINT64_CONSTANT (5), G_GUINT64_CONSTANT (25),
    G_GUINT64_CONSTANT (125), G_GUINT64_CONSTANT (625), G_GUINT64_CONSTANT (3125),
    G_GUINT64_CONSTANT (15625), G_GUINT64_CONSTANT (78125), G_GUINT64_CONSTANT (390625),
    G_GUINT64_CONSTANT (1953125), G_GUINT64_CONSTANT (9765625), G_GUINT64_CONSTANT (48828125),
    G_GUINT64_CONSTANT (244140625), G_GUINT64_CONSTANT (1220703125),
    G_GUINT64_CONSTANT (6103515625), G_GUINT64_CONSTANT (30517578125),
    G_GUINT64_CONSTANT (152587890625), G_GUINT64_CONSTANT (762939453125),
    G_GUINT64_CONSTANT (3814697265625), G_GUINT64_CONSTANT (19073486328125),
    G_GUINT64_CONSTANT (95367431640625), G_GUINT64_CONSTANT (476837158203125),
    G_GUINT64_CONSTANT (2384185791015625), G_GUINT64_CONSTANT (11920928955078125),
    G_GUINT64_CONSTANT (59604644775390625), G_GUINT64_CONSTANT (298023223876953125),
    G_GUINT64_CONSTANT (1490116119384765625), G_GUINT64_CONSTANT (7450580596923828125),
  };
  int zeros = __builtin_clzll (mantissa);
  Wide wide;

  if (tens >= 0)
    return round_wide ((Wide) mantissa * five[tens], TRUE, tens);

  wide = (Wide) (mantissa << zeros) << 64;

  return round_wide (wide / five[-tens], wide % five[-tens] == 0, tens - zeros - 64);
}
#endif

/* mantissa · 10^tens where that can be had exactly without strtod (). */
static gboolean
scale_exactly (guint64 mantissa,
               int     tens,
               double *value)
{
  static const double ten[MAX_TENS + 1] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                            1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                            1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

  if (mantissa == 0)
    *value = 0;
  else if (FLT_EVAL_METHOD == 0 && mantissa <= G_GUINT64_CONSTANT (1) << DBL_MANT_DIG
           && ABS (tens) <= MAX_TENS)
    *value = tens < 0 ? (double) mantissa / ten[-tens] : (double) mantissa * ten[tens];
#if HAS_128
  else if (ABS (tens) <= MAX_FIVES)
    *value = scale_wide (mantissa, tens);
#endif
  else
    return FALSE;

  return TRUE;
}

/* `length` bytes that are a number by the form above. */
static double
read_slowly (const char *text,
             gsize       length,
             char        mark)
{
  char room[64];
  g_autofree char *more = length >= sizeof room ? g_malloc (length + 1) : NULL;
  char *copy = more != NULL ? more : room;
  char *at;

  memcpy (copy, text, length);
  copy[length] = '\0';
  at = memchr (copy, mark, length);
  if (at != NULL)
    *at = '.';

  return fabs (g_ascii_strtod (copy, NULL));
}

const char *
dyno_number_read_long (const char *text,
                       char        mark,
                       double     *value)
{
  gboolean is_negative = *text == '-';
  const char *p = text + (*text == '-' || *text == '+');
  Digits digits = { 0, 0 };
  gsize n_part = 0;
  int exponent = 0;

  p = read_digits (p, &digits);
  if (*p == mark)
    {
      n_part = digits.n_digits;
      p = read_digits (p + 1, &digits);
      n_part = digits.n_digits - n_part;
    }
  if (digits.n_digits == 0)
    return NULL;
  if ((*p | 0x20) == 'e')
    p = read_exponent (p, &exponent);

  if (digits.n_digits > MAX_DIGITS
      || !scale_exactly (digits.mantissa, exponent - (int) n_part, value))
    *value = read_slowly (text, (gsize) (p - text), mark);
  if (is_negative)
    *value = -*value;

  return p;
}

gboolean
dyno_number_parse (const char *text,
                   gsize       length,
                   char        mark,
                   double     *value)
{
  char room[64];
  g_autofree char *more = NULL;
  char *copy = room;

  if (length + DYNO_NUMBER_PADDING > sizeof room)
    copy = more = g_malloc (length + DYNO_NUMBER_PADDING);
  memcpy (copy, text, length);
  memset (copy + length, 0, DYNO_NUMBER_PADDING);

  return dyno_number_read (copy, mark, value) == copy + length;
}
