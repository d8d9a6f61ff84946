/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-numbers.h"

#include <math.h>
#include <string.h>

#define BLOCK 512         /* numbers that are looked at together: in the nearest cache */
#define MAX_POWER 1e5     /* see the head of dyno-numbers.h */
#define HIGH_BITS (1 << 22)
#define LIMIT 2147483647.0

void
dyno_numbers_clear (DynoNumbers *self)
{
  g_free (self->doubles);
  g_free (self->decimals);
  *self = (DynoNumbers){ .n = 0 };
}

void
dyno_numbers_copy (const DynoNumbers *self,
                   gsize              first,
                   gsize              n,
                   double            *values)
{
  const gint32 *decimals = self->decimals + first;
  const double high = self->high;
  const double low = self->low;

  if (self->doubles != NULL)
    {
      memcpy (values, self->doubles + first, n * sizeof *values);
      return;
    }
  for (gsize i = 0; i < n; i++)
    values[i] = decimals[i] == DYNO_NUMBERS_MISSING
                    ? NAN
                    : dyno_numbers_decimal (decimals[i], high, low);
}

DynoNumbers
dyno_numbers_slice (const DynoNumbers *self,
                    gsize              first,
                    gsize              n)
{
  DynoNumbers slice = *self;

  slice.n = n;
  slice.n_allocated = MAX (n, 1);
  if (self->doubles != NULL)
    slice.doubles = g_memdup2 (self->doubles + first, slice.n_allocated * sizeof (double));
  else
    slice.decimals = g_memdup2 (self->decimals + first, slice.n_allocated * sizeof (gint32));

  return slice;
}

gboolean
dyno_numbers_are_whole (const DynoNumbers *self)
{
  gsize n_missing = 0;

  if (self->doubles != NULL)
    {
      for (gsize i = 0; i < self->n; i++)
        n_missing += self->doubles[i] != self->doubles[i];
    }
  else
    {
      for (gsize i = 0; i < self->n; i++)
        n_missing += self->decimals[i] == DYNO_NUMBERS_MISSING;
    }

  return n_missing == 0;
}

/* Room */

static void
set_power (DynoNumbers *self,
           double       power)
{
  int exponent;
  double fraction = frexp (1 / power, &exponent); /* 0.5…1 */

  self->power = power;
  self->high = ldexp (floor (fraction * HIGH_BITS) / HIGH_BITS, exponent);
  self->low = (1 - self->high * power) / power;
}

static void
allocate (DynoNumbers *self,
          gsize        n)
{
  n = MAX (n, 1);
  if (self->doubles != NULL)
    self->doubles = g_renew (double, self->doubles, n);
  else
    self->decimals = g_renew (gint32, self->decimals, n);
  if (self->n_allocated == 0)
    set_power (self, 1);
  self->n_allocated = n;
}

void
dyno_numbers_reserve (DynoNumbers *self,
                      gsize        n_expected)
{
  if (n_expected > self->n_allocated)
    allocate (self, n_expected);
}

void
dyno_numbers_trim (DynoNumbers *self)
{
  if (self->n_allocated > self->n)
    allocate (self, self->n);
}

static void
make_room (DynoNumbers *self,
           gsize        n_more)
{
  if (self->n + n_more > self->n_allocated || self->n_allocated == 0)
    allocate (self, MAX (self->n + n_more, self->n_allocated + self->n_allocated / 2));
}

/* Decimals or not */

static guint64
get_bits (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);

  return bits;
}

/* rint () for |x| < 2^51, without a call: what is added leaves no bits for a fraction. */
static double
to_integer (double x)
{
  const double magic = 6755399441055744.0; /* 1.5 · 2^52 */

  return (x + magic) - magic;
}

/* FALSE unless every number comes back as it was. The loop has no branch, so that a
 * processor takes several numbers at a step. */
static gboolean
put_decimals (const DynoNumbers *self,
              const double      *values,
              gsize              n,
              gint32            *decimals)
{
  const double power = self->power;
  const double high = self->high;
  const double low = self->low;
  guint64 difference = 0;

  for (gsize i = 0; i < n; i++)
    {
      double value = values[i];
      double scaled = value * power;
      double whole = fabs (scaled) <= LIMIT ? to_integer (scaled) : 0;
      double back = whole * high + whole * low;

      back = value == value ? back : value;
      difference |= get_bits (back) ^ get_bits (value);
      decimals[i] = value == value ? (gint32) whole : DYNO_NUMBERS_MISSING;
    }

  return difference == 0;
}

/* More decimal places for all that is there; FALSE when that needs too many digits. */
static gboolean
widen (DynoNumbers *self,
       double       power)
{
  gint32 factor = (gint32) (power / self->power);
  gint32 largest = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      if (self->decimals[i] != DYNO_NUMBERS_MISSING)
        largest = MAX (largest, ABS (self->decimals[i]));
    }
  if (largest > G_MAXINT32 / factor)
    return FALSE;

  for (gsize i = 0; i < self->n; i++)
    {
      if (self->decimals[i] != DYNO_NUMBERS_MISSING)
        self->decimals[i] *= factor;
    }
  set_power (self, power);

  return TRUE;
}

void
dyno_numbers_turn_into_doubles (DynoNumbers *self)
{
  DynoNumbers doubles = { .n = self->n, .n_allocated = MAX (self->n_allocated, 1) };

  if (self->doubles != NULL)
    return;

  doubles.doubles = g_new (double, doubles.n_allocated);
  dyno_numbers_copy (self, 0, self->n, doubles.doubles);
  g_free (self->decimals);
  *self = doubles;
}

double *
dyno_numbers_steal_doubles (DynoNumbers *self)
{
  double *doubles;

  if (self->decimals != NULL)
    dyno_numbers_turn_into_doubles (self);
  doubles = g_steal_pointer (&self->doubles);
  dyno_numbers_clear (self);

  return doubles;
}

/* FALSE: the column has to be one of doubles. */
static gboolean
append_decimals (DynoNumbers  *self,
                 const double *values,
                 gsize         n)
{
  DynoNumbers wider = *self;

  while (!put_decimals (&wider, values, n, self->decimals + self->n))
    {
      if (wider.power == MAX_POWER)
        return FALSE;
      set_power (&wider, wider.power * 10);
    }

  return wider.power == self->power || widen (self, wider.power);
}

static void
append_block (DynoNumbers  *self,
              const double *values,
              gsize         n)
{
  if (self->doubles == NULL && !append_decimals (self, values, n))
    dyno_numbers_turn_into_doubles (self);
  if (self->doubles != NULL)
    memcpy (self->doubles + self->n, values, n * sizeof *values);
  self->n += n;
}

void
dyno_numbers_append (DynoNumbers  *self,
                     const double *values,
                     gsize         n)
{
  make_room (self, n);
  for (gsize i = 0; i < n; i += BLOCK)
    append_block (self, values + i, MIN (BLOCK, n - i));
}

void
dyno_numbers_append_missing (DynoNumbers *self,
                             gsize        n)
{
  make_room (self, n);
  self->n += n;
  for (gsize row = self->n - n; row < self->n; row++)
    dyno_numbers_set_missing (self, row);
}

void
dyno_numbers_set_missing (DynoNumbers *self,
                          gsize        row)
{
  if (self->doubles != NULL)
    self->doubles[row] = NAN;
  else
    self->decimals[row] = DYNO_NUMBERS_MISSING;
}

void
dyno_numbers_reorder (DynoNumbers *self,
                      const gsize *order,
                      gsize        n)
{
  DynoNumbers ordered = *self;

  if (dyno_numbers_is_null (self))
    return;
  ordered.n = n;
  ordered.n_allocated = MAX (n, 1);
  if (self->doubles != NULL)
    {
      ordered.doubles = g_new (double, ordered.n_allocated);
      for (gsize i = 0; i < n; i++)
        ordered.doubles[i] = self->doubles[order[i]];
    }
  else
    {
      ordered.decimals = g_new (gint32, ordered.n_allocated);
      for (gsize i = 0; i < n; i++)
        ordered.decimals[i] = self->decimals[order[i]];
    }
  dyno_numbers_clear (self);
  *self = ordered;
}
