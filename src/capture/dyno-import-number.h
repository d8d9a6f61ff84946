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
 * with at least one digit before the exponent. Up to 7 digits on each side of the
 * mark are read eight bytes at a time, right here; up to 19 digits with powers of
 * ten up to 27 by 128-bit integers; everything else by g_ascii_strtod ().
 *
 * `text` must be followed by DYNO_IMPORT_PADDING bytes that may be read. */

#define DYNO_IMPORT_PADDING 16

/* The byte after the number, or NULL when none begins at `text`. A number beyond
 * the range of double gives an infinity. */
const char *dyno_import_number_read_long (const char *text,
                                          char        mark,
                                          double     *value);

/* TRUE when the `length` bytes are one number and nothing else. These may stand
 * anywhere: no padding is needed. */
gboolean    dyno_import_number_parse     (const char *text,
                                          gsize       length,
                                          char        mark,
                                          double     *value);

static inline guint64
dyno_import_load_eight (const char *text)
{
  guint64 bytes;

  memcpy (&bytes, text, sizeof bytes);

  return GUINT64_FROM_LE (bytes) ^ G_GUINT64_CONSTANT (0x3030303030303030);
}

/* How many of eight bytes, loaded as above, are digits before the first that is
 * none: a digit is now 0…9, so that adding 0x76 sets no high bit. */
static inline guint
dyno_import_count_digits (guint64 eight)
{
  guint64 others = ((eight + G_GUINT64_CONSTANT (0x7676767676767676)) | eight)
                   & G_GUINT64_CONSTANT (0x8080808080808080);

  return others == 0 ? 8 : (guint) __builtin_ctzll (others) / 8;
}

/* The number that the first `n` of eight bytes spell, 0 ≤ n ≤ 8: leading zeros are
 * shifted in, then neighbours are joined to pairs, fours and eight. */
static inline guint64
dyno_import_join_digits (guint64 eight,
                         guint   n)
{
  const guint64 mask = G_GUINT64_CONSTANT (0x000000FF000000FF);

  eight = n == 0 ? 0 : eight << (64 - 8 * n);
  eight = eight * 10 + (eight >> 8);

  return ((eight & mask) * (100 + (G_GUINT64_CONSTANT (1000000) << 32))
          + (eight >> 16 & mask) * (1 + (G_GUINT64_CONSTANT (10000) << 32))) >> 32;
}

static inline const char *
dyno_import_number_read (const char *text,
                         char        mark,
                         double     *value)
{
  static const guint64 ten[8] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000 };
  static const double signed_ten[2][8] = {
    { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7 },
    { -1e0, -1e1, -1e2, -1e3, -1e4, -1e5, -1e6, -1e7 },
  };
  guint is_negative = *text == '-';
  const char *p = text + is_negative;
  guint64 whole = dyno_import_load_eight (p);
  guint n_whole = dyno_import_count_digits (whole);
  guint n_part = 0;
  guint64 mantissa;

  if (n_whole == 0 || n_whole == 8)
    return dyno_import_number_read_long (text, mark, value);

  mantissa = dyno_import_join_digits (whole, n_whole);
  p += n_whole;
  if (*p == mark)
    {
      guint64 part = dyno_import_load_eight (p + 1);

      n_part = dyno_import_count_digits (part);
      if (n_part == 8)
        return dyno_import_number_read_long (text, mark, value);
      mantissa = mantissa * ten[n_part] + dyno_import_join_digits (part, n_part);
      p += 1 + n_part;
    }
  if ((*p | 0x20) == 'e')
    return dyno_import_number_read_long (text, mark, value);

  /* Both are exact, so that the one division rounds correctly. */
  *value = (double) (gint64) mantissa / signed_ten[is_negative][n_part];

  return p;
}

G_END_DECLS
