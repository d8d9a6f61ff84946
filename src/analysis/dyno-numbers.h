/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The numbers of a column, one after the other; missing is NaN. What comes out is what
 * went in, to the last bit, and takes half the memory where that can be:
 *
 * A logger prints few digits. Numbers that are all a whole number of the same decimal
 * place, i / 10^k with |i| < 2^31 and k ≤ 5, are kept as these 32 bits. What is read is
 * the double nearest to that decimal, as reading its text gives it. The first number that
 * is none of these (−0 too) turns the column into doubles.
 *
 * Reading needs no division. 10^−k is high + low, high with so few bits that i · high is
 * exact; i · low is 2^−22 of it or less and off by 2^−52 of that. The sum before it is
 * rounded is thus off by 2^−74 of itself at most, and a decimal of five places is 2^−71
 * or more away from where rounding turns (halfway between two doubles stands a fraction
 * over 2^54, and the decimal is over 10^5).
 *
 * The members are for the functions below alone. A copy of the struct is a view: it
 * borrows, and is never cleared. */

#define DYNO_NUMBERS_MISSING G_MININT32

typedef struct
{
  double *doubles;     /* (owned) (nullable) */
  gint32 *decimals;    /* (owned) (nullable) DYNO_NUMBERS_MISSING: NaN */
  double  power;       /* 10^k of the decimals */
  double  high;        /* 10^−k is high + low */
  double  low;
  gsize   n;
  gsize   n_allocated;
} DynoNumbers;

/* None at all, which is something else than numbers that are missing. */
static inline gboolean
dyno_numbers_is_null (const DynoNumbers *self)
{
  return self->doubles == NULL && self->decimals == NULL;
}

/* The same numbers at the same place. */
static inline gboolean
dyno_numbers_is_same (const DynoNumbers *self,
                      const DynoNumbers *other)
{
  return self->doubles == other->doubles && self->decimals == other->decimals;
}

static inline double
dyno_numbers_decimal (gint32 decimal,
                      double high,
                      double low)
{
  return decimal * high + decimal * low;
}

static inline double
dyno_numbers_at (const DynoNumbers *self,
                 gsize              row)
{
  if (self->doubles != NULL)
    return self->doubles[row];

  return self->decimals[row] == DYNO_NUMBERS_MISSING
             ? (double) __builtin_nan ("")
             : dyno_numbers_decimal (self->decimals[row], self->high, self->low);
}

static inline gboolean
dyno_numbers_is_missing (const DynoNumbers *self,
                         gsize              row)
{
  if (self->doubles != NULL)
    return __builtin_isnan (self->doubles[row]) != 0;

  return self->decimals[row] == DYNO_NUMBERS_MISSING;
}

/* Row and the row before it both hold a number, and not the same. */
static inline gboolean
dyno_numbers_is_change (const DynoNumbers *self,
                        gsize              row)
{
  const gint32 *decimals = self->decimals;

  if (self->doubles != NULL)
    return self->doubles[row] < self->doubles[row - 1] || self->doubles[row] > self->doubles[row - 1];

  return decimals[row] != decimals[row - 1] && decimals[row] != DYNO_NUMBERS_MISSING
         && decimals[row - 1] != DYNO_NUMBERS_MISSING;
}

/* A view of numbers that belong to somebody else; NULL gives none. */
static inline DynoNumbers
dyno_numbers_view (const double *values,
                   gsize         n)
{
  return (DynoNumbers){ .doubles = (double *) values, .n = n };
}

void    dyno_numbers_clear          (DynoNumbers       *self);

/* The rows first … first + n − 1. */
void    dyno_numbers_copy           (const DynoNumbers *self,
                                     gsize              first,
                                     gsize              n,
                                     double            *values);
/* The same as numbers of their own. (transfer full) */
DynoNumbers dyno_numbers_slice      (const DynoNumbers *self,
                                     gsize              first,
                                     gsize              n);
/* For a column that will be stolen, so that it need not be converted then. */
void    dyno_numbers_turn_into_doubles (DynoNumbers    *self);
/* All of them as doubles; there are none afterwards. (transfer full) (nullable) */
double *dyno_numbers_steal_doubles  (DynoNumbers       *self);
/* TRUE when no number is missing. */
gboolean dyno_numbers_are_whole     (const DynoNumbers *self);

/* Room for about so many numbers in all, so that appending need not ask often. */
void    dyno_numbers_reserve        (DynoNumbers       *self,
                                     gsize              n_expected);
/* Gives back what is not used. */
void    dyno_numbers_trim           (DynoNumbers       *self);
void    dyno_numbers_append         (DynoNumbers       *self,
                                     const double      *values,
                                     gsize              n);
void    dyno_numbers_append_missing (DynoNumbers       *self,
                                     gsize              n);
void    dyno_numbers_set_missing    (DynoNumbers       *self,
                                     gsize              row);
/* Keeps the rows order[0 … n − 1], in that order. */
void    dyno_numbers_reorder        (DynoNumbers       *self,
                                     const gsize       *order,
                                     gsize              n);

G_END_DECLS
