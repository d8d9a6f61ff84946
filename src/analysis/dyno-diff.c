/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-diff.h"

#include <math.h>

#define LEAST_DELTA 0.001

void
dyno_diff_free (DynoDiff *self)
{
  if (self == NULL)
    return;

  g_free (self->row_labels);
  g_free (self->column_labels);
  g_free (self->delta);
  g_array_unref (self->changed);
  g_array_unref (self->top);
  g_free (self);
}

static gboolean
is_changed (const DynoTable *from,
            const DynoTable *to,
            guint            i)
{
  double a = from->cells[i].value;
  double b = to->cells[i].value;
  guint decimals = MAX (from->cells[i].decimals, to->cells[i].decimals);

  if (isnan (a) || isnan (b))
    return isnan (a) != isnan (b);

  return fabs (b - a) > MAX (LEAST_DELTA, 0.5 * pow (10, -(double) decimals));
}

static void
add_cell (DynoDiff        *self,
          const DynoTable *from,
          const DynoTable *to,
          guint            i)
{
  DynoDiffCell cell = { i, from->row_labels[i / from->n_columns],
                        from->column_labels[i % from->n_columns], from->cells[i].value,
                        to->cells[i].value, to->cells[i].value - from->cells[i].value };

  g_array_append_val (self->changed, cell);
}

/* By size, then by place: the same tables give the same list. Blanks come first. */
static gint
compare_cells (gconstpointer a,
               gconstpointer b)
{
  const DynoDiffCell *first = a;
  const DynoDiffCell *second = b;
  double one = isnan (first->delta) ? INFINITY : fabs (first->delta);
  double other = isnan (second->delta) ? INFINITY : fabs (second->delta);

  if (one != other)
    return one > other ? -1 : 1;

  return (first->cell > second->cell) - (first->cell < second->cell);
}

static void
sum_up (DynoDiff *self)
{
  double sum = 0;
  guint n = 0;

  self->mean = self->min = self->max = NAN;
  for (guint i = 0; i < self->changed->len; i++)
    {
      double delta = g_array_index (self->changed, DynoDiffCell, i).delta;

      if (isnan (delta))
        continue;
      sum += delta;
      self->min = fmin (self->min, delta);
      self->max = fmax (self->max, delta);
      n++;
    }
  if (n > 0)
    self->mean = sum / n;
  self->top = g_array_copy (self->changed);
  g_array_sort (self->top, compare_cells);
  g_array_set_size (self->top, MIN (self->top->len, DYNO_DIFF_TOP));
}

DynoDiff *
dyno_diff_tables (const DynoTable    *from,
                  const DynoTable    *to,
                  DynoAnalysisError **error)
{
  guint n = dyno_table_n_cells (from);
  DynoDiff *self;

  if (!dyno_table_same_axes (from, to))
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_GRID_MISMATCH,
                               "The tables cannot be compared: %u × %u cells and %u × %u, or other "
                               "axes.",
                               from->n_rows, from->n_columns, to->n_rows, to->n_columns);
      return NULL;
    }
  self = g_new0 (DynoDiff, 1);
  self->n_rows = from->n_rows;
  self->n_columns = from->n_columns;
  self->row_labels = g_memdup2 (from->row_labels, from->n_rows * sizeof (double));
  self->column_labels = g_memdup2 (from->column_labels, from->n_columns * sizeof (double));
  self->delta = g_new0 (double, n);
  self->changed = g_array_new (FALSE, FALSE, sizeof (DynoDiffCell));
  for (guint i = 0; i < n; i++)
    {
      if (is_changed (from, to, i))
        add_cell (self, from, to, i);
      self->delta[i] = is_changed (from, to, i) || isnan (from->cells[i].value)
                         ? to->cells[i].value - from->cells[i].value : 0;
    }
  sum_up (self);

  return self;
}
