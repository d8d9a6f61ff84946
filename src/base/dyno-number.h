/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Decimal numbers of logs, correctly rounded whatever their length: the same bits
 * as strtod () in the C locale, at a tenth of its time. The locale is never asked.
 *
 *   [+-] digits [mark digits] [(e|E) [+-] digits]
 *
 * with at least one digit before the exponent. Numbers of up to seven bytes are read
 * at once, right here; up to 19 digits with powers of ten up to 27 by 128-bit
 * integers; everything else by g_ascii_strtod ().
 *
 * `text` must be followed by DYNO_NUMBER_PADDING bytes that may be read. */

#define DYNO_NUMBER_PADDING 16

/* The byte after the number, or NULL when none begins at `text`. A number beyond
 * the range of double gives an infinity. */
const char *dyno_number_read_long (const char *text,
                                   char        mark,
                                   double     *value);

/* TRUE when the `length` bytes are one number and nothing else. These may stand
 * anywhere: no padding is needed. */
gboolean    dyno_number_parse     (const char *text,
                                   gsize       length,
                                   char        mark,
                                   double     *value);

static inline guint64
dyno_number_load_eight (const char *text)
{
  guint64 bytes;

  memcpy (&bytes, text, sizeof bytes);

  return GUINT64_FROM_LE (bytes) ^ G_GUINT64_CONSTANT (0x3030303030303030);
}

/* The high bit of each byte that was no digit: a digit is now 0…9, so that adding
 * 0x76 sets no high bit. */
static inline guint64
dyno_number_find_others (guint64 eight)
{
  const guint64 high = G_GUINT64_CONSTANT (0x8080808080808080);

  return (((eight & ~high) + G_GUINT64_CONSTANT (0x7676767676767676)) | eight) & high;
}

/* How many of eight bytes are digits before the first that is none. */
static inline guint
dyno_number_count_digits (guint64 eight)
{
  guint64 others = dyno_number_find_others (eight);

  return others == 0 ? 8 : (guint) __builtin_ctzll (others) / 8;
}

/* The number that the first `n` of eight bytes spell, 1 ≤ n ≤ 8: leading zeros are
 * shifted in, then neighbours are joined to pairs, fours and eight. */
static inline guint64
dyno_number_join_digits (guint64 eight,
                         guint   n)
{
  const guint64 mask = G_GUINT64_CONSTANT (0x000000FF000000FF);

  eight <<= 64 - 8 * n;
  eight = eight * 10 + (eight >> 8);

  return ((eight & mask) * (100 + (G_GUINT64_CONSTANT (1000000) << 32))
          + (eight >> 16 & mask) * (1 + (G_GUINT64_CONSTANT (10000) << 32))) >> 32;
}

/* Numbers that end within eight bytes behind their sign and have no exponent, as
 * most of a log do: NULL for all others, even good ones. The mark is taken out from
 * between the digits, so that they are joined once. */
static inline const char *
dyno_number_read_short (const char *text,
                        char        mark,
                        double     *value)
{
  static const double ten[8] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7 };
  guint64 sign = 0;
  guint64 eight;
  guint64 others;
  guint64 behind;
  guint64 bits;
  guint n_whole;
  guint n_part = 0;
  double number;

  /* A branch, for the processor to guess: the load need not wait for it. */
  if (*text == '-')
    {
      sign = G_GUINT64_CONSTANT (1) << 63;
      text++;
    }
  eight = dyno_number_load_eight (text);
  others = dyno_number_find_others (eight);
  behind = others & (others - 1);
  if (G_UNLIKELY (behind == 0 || (others & 0x80) != 0))
    return NULL;

  n_whole = (guint) __builtin_ctzll (others) / 8;
  text += n_whole;
  if (*text == mark)
    {
      guint64 whole = (G_GUINT64_CONSTANT (1) << 8 * n_whole) - 1;

      n_part = (guint) __builtin_ctzll (behind) / 8 - n_whole - 1;
      eight = (eight & whole) | (eight >> 8 & ~whole);
      text += 1 + n_part;
    }
  if (G_UNLIKELY ((*text | 0x20) == 'e'))
    return NULL;

  /* Both are exact, so that the one division rounds correctly. The sign goes in
   * last: −0 is a number of its own. */
  number = (double) (gint64) dyno_number_join_digits (eight, n_whole + n_part) / ten[n_part];
  memcpy (&bits, &number, sizeof bits);
  bits |= sign;
  memcpy (value, &bits, sizeof bits);

  return text;
}

static inline const char *
dyno_number_read (const char *text,
                  char        mark,
                  double     *value)
{
  const char *end = dyno_number_read_short (text, mark, value);

  return end != NULL ? end : dyno_number_read_long (text, mark, value);
}

G_END_DECLS
