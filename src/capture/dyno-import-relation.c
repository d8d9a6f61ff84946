/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-relation.h"

#include <math.h>

#define TOLERANCE 1e-5
#define MIN_ROWS 3
#define MAX_ROWS 256  /* looked at */
#define MAX_COLUMNS 48
#define FACTOR_LOW 0.5
#define FACTOR_HIGH 2.0
#define KW_PER_N_KMH (1 / 3600.0)

typedef struct
{
  const DynoImportTable *table;              /* (borrowed) */
  guint                  columns[MAX_COLUMNS];
  guint                  n_columns;
  gsize                  rows[MAX_ROWS];     /* that differ from the row before */
  guint                  n_rows;
} Search;

static double
get (const Search *self,
     guint         place,
     guint         row)
{
  return dyno_import_column_value (&self->table->columns[self->columns[place]], self->rows[row]);
}

/* How many rows agree; 0 as soon as one does not, or with fewer than three. A zero
 * agrees with everything and counts for nothing. */
static guint
count_agreeing (const Search *self,
                guint         a,
                guint         b,
                guint         product,
                double        factor)
{
  guint n = 0;

  for (guint row = 0; row < self->n_rows; row++)
    {
      double expected = get (self, product, row);
      double found = get (self, a, row) * get (self, b, row) * factor;

      if (isnan (expected) || isnan (found))
        continue;
      if (fabs (found - expected) > TOLERANCE * fabs (expected))
        return 0;
      n += expected != 0;
    }

  return n >= MIN_ROWS ? n : 0;
}

static double
largest (const Search *self,
         guint         place)
{
  const DynoImportColumn *column = &self->table->columns[self->columns[place]];

  return fmax (fabs (column->min), fabs (column->max));
}

static gboolean
is_factor (const Search *self,
           guint         place)
{
  const DynoImportColumn *column = &self->table->columns[self->columns[place]];

  return column->min >= FACTOR_LOW && column->max <= FACTOR_HIGH;
}

static void
add (const Search          *self,
     GArray                *relations,
     DynoImportRelationKind kind,
     guint                  a,
     guint                  b,
     guint                  product,
     guint                  n_rows)
{
  DynoImportRelation relation = { kind, self->columns[a], self->columns[b], self->columns[product],
                                  n_rows };

  g_array_append_val (relations, relation);
}

/* Of force and speed the force has the larger numbers: a motorcycle pulls more newtons
 * than it drives km/h. */
static void
find_powers (const Search *self,
             GArray       *relations)
{
  for (guint a = 0; a < self->n_columns; a++)
    {
      for (guint b = a + 1; b < self->n_columns; b++)
        {
          gboolean is_a_force = largest (self, a) >= largest (self, b);

          for (guint p = 0; p < self->n_columns; p++)
            {
              guint n = p != a && p != b ? count_agreeing (self, a, b, p, KW_PER_N_KMH) : 0;

              if (n > 0)
                add (self, relations, DYNO_IMPORT_RELATION_POWER, is_a_force ? a : b,
                     is_a_force ? b : a, p, n);
            }
        }
    }
}

static void
find_corrections (const Search *self,
                  GArray       *relations)
{
  for (guint c = 0; c < self->n_columns; c++)
    {
      for (guint p = 0; is_factor (self, c) && p < self->n_columns; p++)
        {
          for (guint q = 0; p != c && q < self->n_columns; q++)
            {
              guint n = q != c && q != p ? count_agreeing (self, c, p, q, 1) : 0;

              if (n > 0)
                add (self, relations, DYNO_IMPORT_RELATION_CORRECTION, c, p, q, n);
            }
        }
    }
}

static void
search_init (Search                *self,
             const DynoImportTable *table,
             const gboolean        *is_candidate)
{
  *self = (Search){ .table = table };
  for (guint i = 0; i < table->n_columns && self->n_columns < MAX_COLUMNS; i++)
    {
      const DynoImportColumn *column = &table->columns[i];

      if (is_candidate[i] && column->n >= MIN_ROWS && !dyno_import_column_is_constant (column))
        self->columns[self->n_columns++] = i;
    }
  for (gsize row = 0; row < table->n_rows && self->n_rows < MAX_ROWS; row++)
    {
      if (table->is_changed[row])
        self->rows[self->n_rows++] = row;
    }
}

GArray *
dyno_import_find_relations (const DynoImportTable *table,
                            const gboolean        *is_candidate)
{
  GArray *relations = g_array_new (FALSE, FALSE, sizeof (DynoImportRelation));
  Search search;

  search_init (&search, table, is_candidate);
  find_powers (&search, relations);
  find_corrections (&search, relations);

  return relations;
}
