/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-identical.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Equal columns have the same number of readings, minimum and maximum; of those that
 * share these a hash is made; of those that share it the cells are compared. Time is
 * that of a pass or two, whatever the log holds. */

typedef struct
{
  const DynoImportColumn *column; /* (borrowed) */
  guint                   index;
  guint64                 hash;
} Candidate;

static int
compare_numbers (double a,
                 double b)
{
  return a < b ? -1 : a > b;
}

static int
compare_keys (const Candidate *a,
              const Candidate *b)
{
  if (a->column->n != b->column->n)
    return a->column->n < b->column->n ? -1 : 1;
  if (a->column->min != b->column->min)
    return compare_numbers (a->column->min, b->column->min);

  return compare_numbers (a->column->max, b->column->max);
}

static int
compare_candidates (const void *a,
                    const void *b)
{
  const Candidate *x = a;
  const Candidate *y = b;
  int keys = compare_keys (x, y);

  if (keys != 0)
    return keys;
  if (x->hash != y->hash)
    return x->hash < y->hash ? -1 : 1;

  return x->index < y->index ? -1 : x->index > y->index;
}

static guint64
get_bits (double value)
{
  double one_nan_one_zero = isnan (value) ? NAN : value + 0.0; /* −0 and 0 are equal */
  guint64 bits;

  memcpy (&bits, &one_nan_one_zero, sizeof bits);

  return bits;
}

/* Four sums beside each other: one would wait for its own multiplication. */
static guint64
hash_values (const DynoNumbers *numbers)
{
  const guint64 factor = G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  guint64 hash[4] = { 1, 2, 3, 4 };
  gsize n = numbers->n;
  gsize i = 0;

  for (; i + 4 <= n; i += 4)
    {
      for (gsize k = 0; k < 4; k++)
        {
          hash[k] = (hash[k] ^ get_bits (dyno_numbers_at (numbers, i + k))) * factor;
          hash[k] ^= hash[k] >> 32;
        }
    }
  for (; i < n; i++)
    hash[0] = (hash[0] ^ get_bits (dyno_numbers_at (numbers, i))) * factor;

  return ((hash[0] * factor ^ hash[1]) * factor ^ hash[2]) * factor ^ hash[3];
}

/* The end of those that share a key with the first. */
static guint
find_end (const Candidate *candidates,
          guint            first,
          guint            n,
          gboolean         with_hash)
{
  guint end = first + 1;

  while (end < n && compare_keys (&candidates[first], &candidates[end]) == 0
         && (!with_hash || candidates[first].hash == candidates[end].hash))
    end++;

  return end;
}

/* Columns that are full and hold one number are equal when that is: no need to look. */
static gboolean
is_one_number (const DynoImportColumn *column,
               gsize                   n_rows)
{
  return column->min == column->max && column->n == n_rows;
}

static void
mark_equal (const Candidate *candidates,
            guint            n,
            gsize            n_rows,
            GCancellable    *cancellable,
            int             *identical_to)
{
  for (guint i = 1; i < n && !g_cancellable_is_cancelled (cancellable); i++)
    {
      if (is_one_number (candidates[0].column, n_rows)
          || dyno_import_column_equals (candidates[0].column, candidates[i].column, n_rows))
        identical_to[candidates[i].index] = (int) candidates[0].index;
    }
}

static guint
collect (const DynoImportTable *table,
         Candidate             *candidates)
{
  guint n = 0;

  for (guint i = 0; i < table->n_columns; i++)
    {
      const DynoImportColumn *column = &table->columns[i];

      if (!column->is_dropped && column->n > 0)
        candidates[n++] = (Candidate){ column, i, 0 };
    }

  return n;
}

int *
dyno_import_find_identical (const DynoImportTable *table,
                            GCancellable          *cancellable)
{
  g_autofree Candidate *candidates = g_new (Candidate, MAX (table->n_columns, 1));
  int *identical_to = g_new (int, MAX (table->n_columns, 1));
  guint n = collect (table, candidates);

  for (guint i = 0; i < table->n_columns; i++)
    identical_to[i] = -1;

  qsort (candidates, n, sizeof *candidates, compare_candidates);
  for (guint first = 0; first < n;)
    {
      guint end = find_end (candidates, first, n, FALSE);
      gboolean is_open
        = end - first > 1 && !is_one_number (candidates[first].column, table->n_rows);

      for (guint i = first;
           is_open && i < end && !g_cancellable_is_cancelled (cancellable); i++)
        candidates[i].hash = hash_values (&candidates[i].column->numbers);
      qsort (candidates + first, end - first, sizeof *candidates, compare_candidates);
      while (first < end)
        {
          guint next = find_end (candidates, first, end, TRUE);

          mark_equal (candidates + first, next - first, table->n_rows, cancellable, identical_to);
          first = next;
        }
    }

  return identical_to;
}
