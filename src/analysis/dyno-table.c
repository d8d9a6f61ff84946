/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-table.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-json.h"

#define SAME_LABEL 0.01
#define DECIMALS_MAX 9

static const char *const kind_names[DYNO_N_TABLE_KINDS] = { "other", "ve-map", "ve-tps", "spark",
                                                            "afr" };
static const char *const side_names[DYNO_N_TABLE_SIDES] = { "", "front", "rear" };

const char *
dyno_table_kind_name (DynoTableKind kind)
{
  g_return_val_if_fail (kind < DYNO_N_TABLE_KINDS, "other");

  return kind_names[kind];
}

const char *
dyno_table_side_name (DynoTableSide side)
{
  g_return_val_if_fail (side < DYNO_N_TABLE_SIDES, "");

  return side_names[side];
}

static gboolean
find_name (const char *const *names,
           guint              n,
           const char        *name,
           guint             *index)
{
  for (*index = 0; *index < n; (*index)++)
    {
      if (name != NULL && g_ascii_strcasecmp (names[*index], name) == 0)
        return TRUE;
    }

  return FALSE;
}

gboolean
dyno_table_kind_find (const char    *name,
                      DynoTableKind *kind)
{
  guint index;

  if (!find_name (kind_names, DYNO_N_TABLE_KINDS, name, &index))
    return FALSE;
  *kind = (DynoTableKind) index;

  return TRUE;
}

gboolean
dyno_table_side_find (const char    *name,
                      DynoTableSide *side)
{
  guint index;

  if (!find_name (side_names, DYNO_N_TABLE_SIDES, name, &index))
    return FALSE;
  *side = (DynoTableSide) index;

  return TRUE;
}

DynoTable *
dyno_table_new (const DynoTableForm *form,
                GBytes              *bytes,
                guint                n_rows,
                guint                n_columns)
{
  DynoTable *self = g_new0 (DynoTable, 1);

  self->form = form;
  self->name = g_strdup ("");
  self->unit = g_strdup ("");
  self->n_rows = n_rows;
  self->n_columns = n_columns;
  self->row_labels = g_new0 (double, n_rows);
  self->column_labels = g_new0 (double, n_columns);
  self->cells = g_new0 (DynoTableCell, (gsize) n_rows * n_columns);
  for (guint i = 0; i < dyno_table_n_cells (self); i++)
    self->cells[i].value = NAN;
  self->mark = '.';
  self->bytes = g_bytes_ref (bytes);
  g_atomic_ref_count_init (&self->n_refs);

  return self;
}

static guint
ascending (const double *labels,
           guint         n)
{
  guint i = MIN (n, 1);

  while (i < n && labels[i] > labels[i - 1])
    i++;

  return i;
}

/* Of two that are found as often the finer one, which loses nothing. */
static guint
most_found_decimals (const DynoTable *self)
{
  guint found[DECIMALS_MAX + 1] = { 0 };
  guint best = 0;

  for (guint i = 0; i < dyno_table_n_cells (self); i++)
    {
      if (self->cells[i].length > 0)
        found[MIN (self->cells[i].decimals, DECIMALS_MAX)]++;
    }
  for (guint i = 1; i <= DECIMALS_MAX; i++)
    {
      if (found[i] > 0 && found[i] >= found[best])
        best = i;
    }

  return best;
}

void
dyno_table_settle (DynoTable *self)
{
  self->axis_rows = ascending (self->row_labels, self->n_rows);
  self->axis_columns = ascending (self->column_labels, self->n_columns);
  self->decimals = most_found_decimals (self);
}

DynoTable *
dyno_table_ref (DynoTable *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_table_unref (DynoTable *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  g_free (self->name);
  g_free (self->unit);
  g_free (self->row_labels);
  g_free (self->column_labels);
  g_free (self->cells);
  g_bytes_unref (self->bytes);
  g_free (self);
}

DynoTable *
dyno_table_rename (const DynoTable *self,
                   const char      *name,
                   DynoTableKind    kind,
                   DynoTableSide    side)
{
  DynoTable *copy = dyno_table_new (self->form, self->bytes, self->n_rows, self->n_columns);

  g_free (copy->name);
  copy->name = g_strdup (name != NULL ? name : self->name);
  g_free (copy->unit);
  copy->unit = g_strdup (self->unit);
  copy->kind = kind;
  copy->side = side;
  for (guint i = 0; i < self->n_rows; i++)
    copy->row_labels[i] = self->row_labels[i];
  for (guint i = 0; i < self->n_columns; i++)
    copy->column_labels[i] = self->column_labels[i];
  for (guint i = 0; i < dyno_table_n_cells (self); i++)
    copy->cells[i] = self->cells[i];
  copy->mark = self->mark;
  copy->is_read_only = self->is_read_only;
  dyno_table_settle (copy);

  return copy;
}

char *
dyno_table_text (const DynoTable *self,
                 guint            cell)
{
  const char *bytes = g_bytes_get_data (self->bytes, NULL);

  if (self->cells[cell].length == 0)
    return g_strdup ("");

  return g_strndup (bytes + self->cells[cell].offset, self->cells[cell].length);
}

double
dyno_table_read (const DynoTable *self,
                 const char      *text)
{
  g_autofree char *plain = g_strdup (text);
  char *end = NULL;
  double value;

  if (self->mark != '.')
    g_strdelimit (plain, ",", '.');
  /* C knows more numbers than a table does: "0x10", "inf". */
  if (plain[strspn (plain, "0123456789+-.eE")] != '\0')
    return NAN;
  value = g_ascii_strtod (plain, &end);

  return end == plain || *end != '\0' || !isfinite (value) ? NAN : value;
}

double
dyno_table_round (const DynoTable *self,
                  guint            cell,
                  double           value)
{
  g_autofree char *text = self->form->format (self, cell, value);

  return dyno_table_read (self, text);
}

static gboolean
init_axis (DynoAxis           *axis,
           const double       *labels,
           guint               n,
           const char         *what,
           DynoAnalysisError **error)
{
  if (dyno_axis_init (axis, labels, n, NULL))
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_TABLE,
                           "The table has %u ascending %s; 2 to %d are wanted.", n, what,
                           DYNO_AXIS_MAX);

  return FALSE;
}

gboolean
dyno_table_shape (const DynoTable    *self,
                  DynoGridShape      *shape,
                  DynoAnalysisError **error)
{
  return init_axis (&shape->rpm, self->row_labels, self->axis_rows, "rows", error)
         && init_axis (&shape->load, self->column_labels, self->axis_columns, "columns", error);
}

DynoGrid *
dyno_table_grid (const DynoTable    *self,
                 DynoAnalysisError **error)
{
  DynoGridShape shape;
  DynoGrid *grid;

  if (!dyno_table_shape (self, &shape, error))
    return NULL;
  grid = dyno_grid_new (&shape);
  for (guint r = 0; r < shape.rpm.n; r++)
    {
      for (guint c = 0; c < shape.load.n; c++)
        grid->values[r * shape.load.n + c] = self->cells[dyno_table_cell (self, r, c)].value;
    }

  return grid;
}

static gboolean
same_labels (const double *a,
             guint         n_a,
             const double *b,
             guint         n_b)
{
  if (n_a != n_b)
    return FALSE;
  for (guint i = 0; i < n_a; i++)
    {
      if (!(fabs (a[i] - b[i]) <= SAME_LABEL))
        return FALSE;
    }

  return TRUE;
}

gboolean
dyno_table_same_axes (const DynoTable *a,
                      const DynoTable *b)
{
  return same_labels (a->row_labels, a->n_rows, b->row_labels, b->n_rows)
         && same_labels (a->column_labels, a->n_columns, b->column_labels, b->n_columns);
}

/* Cells stand in the bytes in the order in which they are numbered. */
GBytes *
dyno_table_replace (const DynoTable   *self,
                    const char *const *texts)
{
  gsize size;
  const char *from = g_bytes_get_data (self->bytes, &size);
  g_autoptr(GByteArray) to = g_byte_array_sized_new ((guint) size + 64);
  gsize done = 0;

  for (guint i = 0; i < dyno_table_n_cells (self); i++)
    {
      const DynoTableCell *cell = &self->cells[i];

      if (texts[i] == NULL)
        continue;
      g_assert (cell->offset >= done);
      g_byte_array_append (to, (const guint8 *) from + done, (guint) (cell->offset - done));
      g_byte_array_append (to, (const guint8 *) texts[i], (guint) strlen (texts[i]));
      done = cell->offset + cell->length;
    }
  g_byte_array_append (to, (const guint8 *) from + done, (guint) (size - done));

  return g_byte_array_free_to_bytes (g_steal_pointer (&to));
}

char *
dyno_table_bytes_sha256 (const DynoTable *self)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (self->bytes, &size);

  return dyno_crypt_sha256_hex (data, size);
}

static void
append_numbers (GString      *text,
                const double *values,
                guint         n,
                gsize         stride)
{
  for (guint i = 0; i < n; i++)
    {
      double value = *(const double *) (gconstpointer) ((const char *) values + i * stride);
      char number[G_ASCII_DTOSTR_BUF_SIZE] = "-";

      if (isfinite (value))
        dyno_json_format_number (value, number);
      g_string_append (text, number);
      g_string_append_c (text, i + 1 < n ? '\t' : '\n');
    }
}

char *
dyno_table_canonical (const DynoTable *self)
{
  GString *text = g_string_new ("dynoai-table-1\n");

  g_string_append_printf (text, "%s\n", kind_names[self->kind]);
  append_numbers (text, self->row_labels, self->n_rows, sizeof (double));
  append_numbers (text, self->column_labels, self->n_columns, sizeof (double));
  for (guint r = 0; self->n_columns > 0 && r < self->n_rows; r++)
    append_numbers (text, &self->cells[dyno_table_cell (self, r, 0)].value, self->n_columns,
                    sizeof (DynoTableCell));

  return g_string_free (text, FALSE);
}

char *
dyno_table_content_sha256 (const DynoTable *self)
{
  g_autofree char *text = dyno_table_canonical (self);

  return dyno_crypt_sha256_hex (text, strlen (text));
}
