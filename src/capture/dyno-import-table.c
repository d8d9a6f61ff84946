/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-table.h"

#include <math.h>
#include <string.h>

/* A batch shall stay in the second level of the cache until it is appended. */
#define BATCH_CELLS 65536
#define MIN_BATCH_ROWS 16
#define MAX_BATCH_ROWS 16384

#define LANES 4                                              /* of a measurement */
#define ALL_MARKED G_GUINT64_CONSTANT (0x0101010101010101)   /* eight rows that changed */

/* The second "RPM" is "RPM#2", unless the file has a column of that name, too. */
static char *
name_once (GHashTable *seen,
           const char *cell)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (seen, cell));
  char *name = g_strdup (cell);

  while (g_hash_table_contains (seen, name))
    {
      g_free (name);
      name = g_strdup_printf ("%s#%u", cell, ++n);
    }
  g_hash_table_insert (seen, g_strdup (cell), GUINT_TO_POINTER (MAX (n, 1)));
  if (n > 1)
    g_hash_table_insert (seen, g_strdup (name), GUINT_TO_POINTER (1));

  return name;
}

static void
column_init (DynoImportColumn *self,
             GHashTable       *seen,
             const char       *cell,
             guint             index)
{
  g_autofree char *made = cell[0] == '\0' ? g_strdup_printf ("column_%u", index) : NULL;

  self->index = index;
  self->is_named = cell[0] != '\0';
  if (made != NULL)
    cell = made;
  self->cell = name_once (seen, cell);
  self->suffix = self->cell + strlen (cell);
  dyno_import_name_parse (&self->name, cell);
  self->min = INFINITY;
  self->max = -INFINITY;
}

DynoImportTable *
dyno_import_table_new (const char *const *cells,
                       guint              n_columns)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  DynoImportTable *self = g_new0 (DynoImportTable, 1);

  self->columns = g_new0 (DynoImportColumn, n_columns);
  self->n_columns = n_columns;
  self->time_column = -1;
  for (guint i = 0; i < n_columns; i++)
    column_init (&self->columns[i], seen, cells[i], i + 1);

  return self;
}

void
dyno_import_table_free (DynoImportTable *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < self->n_columns; i++)
    {
      g_free (self->columns[i].cell);
      dyno_import_name_clear (&self->columns[i].name);
      dyno_numbers_clear (&self->columns[i].numbers);
      g_free (self->columns[i].reasons);
    }
  g_free (self->columns);
  g_free (self->is_changed);
  g_free (self);
}

/* Columns begin to have memory with their first number. */
static void
column_grow (DynoImportColumn *self,
             gsize             n_before,
             gsize             n,
             gsize             n_expected)
{
  if (n_before + n > self->numbers.n_allocated)
    dyno_numbers_reserve (&self->numbers, MAX (n_before + n, n_expected));
  if (self->numbers.n == 0)
    dyno_numbers_append_missing (&self->numbers, n_before);
}

static gboolean
has_number (const double *values,
            gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      if (!isnan (values[i]))
        return TRUE;
    }

  return FALSE;
}

static guint64
get_bits (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);

  return bits;
}

/* Four of everything: one would wait for the result before. */
typedef struct
{
  double  min[LANES];
  double  max[LANES];
  guint64 n[LANES];
} Extent;

static inline void
extent_add (Extent *self,
            gsize   lane,
            double  value)
{
  self->n[lane] += value == value;
  self->min[lane] = value < self->min[lane] ? value : self->min[lane];
  self->max[lane] = value > self->max[lane] ? value : self->max[lane];
}

static void
measure_values (DynoImportColumn *self,
                const double     *values,
                gsize             n)
{
  Extent extent = { .n = { 0 } };
  gsize i = 0;

  for (gsize k = 0; k < LANES; k++)
    {
      extent.min[k] = self->min;
      extent.max[k] = self->max;
    }
  for (; i + LANES <= n; i += LANES)
    {
      for (gsize k = 0; k < LANES; k++)
        extent_add (&extent, k, values[i + k]);
    }
  for (; i < n; i++)
    extent_add (&extent, 0, values[i]);
  for (gsize k = 0; k < LANES; k++)
    {
      self->n += extent.n[k];
      self->min = extent.min[k] < self->min ? extent.min[k] : self->min;
      self->max = extent.max[k] > self->max ? extent.max[k] : self->max;
    }
  /* −0 or 0, whichever came first, is 0. */
  self->min += 0.0;
  self->max += 0.0;
}

/* Rows that another column has marked already need no look: eight at a time. */
static void
mark_changes (const double *values,
              gsize         n,
              guint64       last,
              guint8       *is_changed)
{
  gsize i = 1;

  is_changed[0] |= get_bits (values[0]) != last;
  while (i < n)
    {
      gsize end = MIN (i + sizeof (guint64), n);
      guint64 marks = 0;

      memcpy (&marks, is_changed + i, end - i);
      for (; marks != ALL_MARKED && i < end; i++)
        is_changed[i] |= get_bits (values[i]) != get_bits (values[i - 1]);
      i = end;
    }
}

/* Keeps, measures and compares with the row before, while the values are still in the
 * nearest cache. */
static void
column_take (DynoImportColumn *self,
             const double     *values,
             gsize             n,
             guint8           *is_changed)
{
  gsize n_before = self->numbers.n;
  double last = n_before > 0 ? dyno_numbers_at (&self->numbers, n_before - 1) : NAN;

  dyno_numbers_append (&self->numbers, values, n);
  measure_values (self, values, n);
  mark_changes (values, n, get_bits (last), is_changed);
}

static void
column_set_reason (DynoImportColumn *self,
                   gsize             row,
                   gsize             n_rows,
                   DynoReject        reason)
{
  if (self->n_reasons <= row)
    {
      gsize n = MAX (MAX (row + 1, n_rows), self->n_reasons + self->n_reasons / 2);

      self->reasons = g_realloc (self->reasons, n);
      memset (self->reasons + self->n_reasons, DYNO_REJECT_NONE, n - self->n_reasons);
      self->n_reasons = n;
    }
  self->reasons[row] = (guint8) reason;
  self->rejected[reason]++;
}

void
dyno_import_table_take (DynoImportTable *self,
                        guint            index,
                        const double    *values,
                        gsize            row,
                        gsize            n,
                        gsize            n_expected,
                        guint8          *is_changed)
{
  DynoImportColumn *column = &self->columns[index];
  g_autofree guint8 *unused = NULL;

  if (dyno_numbers_is_null (&column->numbers) && !has_number (values, n))
    return;
  /* Stamps change always; that is no new reading. They are no column in the end, either. */
  if ((int) index == self->time_column)
    {
      is_changed = unused = g_malloc0 (n);
      dyno_numbers_turn_into_doubles (&column->numbers);
    }
  column_grow (column, row, n, n_expected);
  column_take (column, values, n, is_changed);
}

void
dyno_import_table_set_reason (DynoImportTable *self,
                              guint            column,
                              gsize            row,
                              DynoReject       reason)
{
  column_set_reason (&self->columns[column], row, self->n_rows, reason);
}

/* Room for the marks of a batch, none set but that of the very first row. */
static guint8 *
add_marks (DynoImportTable *self,
           gsize            n)
{
  if (self->n_rows + n > self->n_marks)
    {
      self->n_marks = MAX (self->n_rows + n, self->n_marks + self->n_marks / 2);
      self->is_changed = g_realloc (self->is_changed, self->n_marks);
    }
  memset (self->is_changed + self->n_rows, 0, n);
  self->is_changed[0] = TRUE;

  return self->is_changed + self->n_rows;
}

void
dyno_import_table_append (DynoImportTable *self,
                          DynoImportBatch *batch,
                          gsize            n_expected)
{
  gsize n_before = self->n_rows;
  guint8 *is_changed;

  if (batch->n_rows == 0)
    return;

  is_changed = add_marks (self, batch->n_rows);
  for (guint i = 0; i < self->n_columns; i++)
    dyno_import_table_take (self, i, batch->cells + i * batch->stride, n_before, batch->n_rows,
                            n_expected, is_changed);
  self->n_rows += batch->n_rows;

  for (guint i = 0; i < batch->odd->len; i++)
    {
      const DynoImportOddCell *odd = &g_array_index (batch->odd, DynoImportOddCell, i);

      column_set_reason (&self->columns[odd->column], n_before + odd->row, self->n_rows,
                         odd->reason);
      is_changed[odd->row] = TRUE;
    }
  batch->n_rows = 0;
  g_array_set_size (batch->odd, 0);
}

void
dyno_import_table_add_rows (DynoImportTable *self,
                            gsize            n,
                            const guint8    *is_changed)
{
  gboolean is_first = self->n_rows == 0;

  memcpy (add_marks (self, n), is_changed, n);
  self->is_changed[0] |= (guint8) is_first;
  self->n_rows += n;
}

void
dyno_import_table_reject (DynoImportTable  *self,
                          DynoImportColumn *column,
                          gsize             row,
                          DynoReject        reason)
{
  dyno_numbers_set_missing (&column->numbers, row);
  column_set_reason (column, row, self->n_rows, reason);
}

void
dyno_import_table_measure (DynoImportTable  *self,
                           DynoImportColumn *column)
{
  double values[512];

  column->n = 0;
  column->min = INFINITY;
  column->max = -INFINITY;
  for (gsize row = 0; row < column->numbers.n; row += G_N_ELEMENTS (values))
    {
      gsize n = MIN (G_N_ELEMENTS (values), column->numbers.n - row);

      dyno_numbers_copy (&column->numbers, row, n, values);
      measure_values (column, values, n);
    }
}

static void
reorder_reasons (DynoImportColumn *column,
                 const gsize      *order,
                 gsize             n)
{
  guint8 *reasons;

  if (column->reasons == NULL)
    return;
  reasons = g_malloc0 (MAX (n, 1));
  memset (column->rejected, 0, sizeof column->rejected);
  for (gsize i = 0; i < n; i++)
    {
      reasons[i] = order[i] < column->n_reasons ? column->reasons[order[i]] : DYNO_REJECT_NONE;
      if (reasons[i] != DYNO_REJECT_NONE)
        column->rejected[reasons[i]]++;
    }
  g_free (column->reasons);
  column->reasons = reasons;
  column->n_reasons = n;
}

static void
compare_rows (DynoImportTable *self)
{
  guint8 *is_changed = self->is_changed;

  memset (is_changed, self->has_readings, self->n_rows);
  for (guint c = 0; c < self->n_columns; c++)
    {
      const DynoNumbers *numbers = &self->columns[c].numbers;

      if (dyno_numbers_is_null (numbers) || (int) c == self->time_column)
        continue;
      for (gsize i = 1; i < self->n_rows; i++)
        is_changed[i] |= get_bits (dyno_numbers_at (numbers, i))
                         != get_bits (dyno_numbers_at (numbers, i - 1));
    }
  if (self->n_rows > 0)
    is_changed[0] = TRUE;
}

void
dyno_import_table_reorder (DynoImportTable *self,
                           const gsize     *order,
                           gsize            n)
{
  self->n_rows = n;
  for (guint i = 0; i < self->n_columns; i++)
    {
      dyno_numbers_reorder (&self->columns[i].numbers, order, n);
      reorder_reasons (&self->columns[i], order, n);
      dyno_import_table_measure (self, &self->columns[i]);
    }
  compare_rows (self);
}

gboolean
dyno_import_column_equals (const DynoImportColumn *a,
                           const DynoImportColumn *b,
                           gsize                   n_rows)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      double x = dyno_import_column_value (a, i);
      double y = dyno_import_column_value (b, i);

      if (x != y && !(isnan (x) && isnan (y)))
        return FALSE;
    }

  return TRUE;
}

int
dyno_import_table_find (const DynoImportTable *self,
                        const char            *name)
{
  int found = -1;

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (g_str_equal (self->columns[i].cell, name))
        return (int) i;
    }
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (g_str_equal (self->columns[i].name.name, name))
        found = found == -1 ? (int) i : -2;
    }

  return found;
}

/* The stride is no multiple of 4 KiB, so that the columns of a row do not fight for
 * the same lines of the cache. */
DynoImportBatch *
dyno_import_batch_new (guint n_columns,
                       gsize max_rows)
{
  DynoImportBatch *self = g_new0 (DynoImportBatch, 1);

  self->capacity = CLAMP (BATCH_CELLS / MAX (n_columns, 1), MIN_BATCH_ROWS, MAX_BATCH_ROWS);
  self->capacity = (guint) MIN (self->capacity, MAX (max_rows, 1));
  self->stride = self->capacity < 64 ? 64 : (self->capacity | 511) + 1 + 8;
  self->cells = g_new (double, self->stride * n_columns);
  self->odd = g_array_new (FALSE, FALSE, sizeof (DynoImportOddCell));

  return self;
}

void
dyno_import_batch_free (DynoImportBatch *self)
{
  if (self == NULL)
    return;

  g_free (self->cells);
  g_array_unref (self->odd);
  g_free (self);
}
