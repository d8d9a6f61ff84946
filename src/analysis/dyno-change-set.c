/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-change-set.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"

#define SHOWN_CELLS 10

static void
edit_clear (gpointer data)
{
  DynoEdit *edit = data;

  g_free (edit->before);
  g_free (edit->after);
}

DynoChangeSet *
dyno_change_set_new (DynoTable *base)
{
  DynoChangeSet *self = g_new0 (DynoChangeSet, 1);

  self->base = dyno_table_ref (base);
  self->base_sha256 = dyno_table_bytes_sha256 (base);
  self->edits = g_array_new (FALSE, TRUE, sizeof (DynoEdit));
  g_array_set_clear_func (self->edits, edit_clear);

  return self;
}

void
dyno_change_set_free (DynoChangeSet *self)
{
  if (self == NULL)
    return;

  dyno_table_unref (self->base);
  g_free (self->base_sha256);
  g_array_unref (self->edits);
  g_free (self);
}

gboolean
dyno_change_set_add (DynoChangeSet *self,
                     guint          cell,
                     double         value,
                     double         delta_pct,
                     double         limit_pct)
{
  const DynoTable *base = self->base;
  DynoEdit edit = { .cell = cell, .delta_pct = delta_pct, .limit_pct = limit_pct };

  if (base->is_read_only || isnan (base->cells[cell].value) || !isfinite (value))
    return FALSE;
  edit.after = base->form->format (base, cell, value);
  /* What rounds to the number that stands there is no change, however it is written. */
  if (dyno_table_read (base, edit.after) == base->cells[cell].value)
    {
      g_free (edit.after);
      return FALSE;
    }
  edit.before = dyno_table_text (base, cell);
  g_array_append_val (self->edits, edit);

  return TRUE;
}

/* Padding */

/* The edit of each cell, or −1. */
static gint *
index_edits (const DynoChangeSet *self)
{
  guint n = dyno_table_n_cells (self->base);
  gint *at = g_new (gint, n);

  for (guint i = 0; i < n; i++)
    at[i] = -1;
  for (guint i = 0; i < self->edits->len; i++)
    at[g_array_index (self->edits, DynoEdit, i).cell] = (gint) i;

  return at;
}

/* `stride` leads from a cell of the row or column to the next, `step` to its twin. */
static gboolean
are_twins (const DynoTable *table,
           guint            first,
           guint            n,
           guint            stride,
           guint            step)
{
  for (guint i = 0; i < n; i++)
    {
      double value = table->cells[first + i * stride].value;
      double twin = table->cells[first + i * stride - step].value;

      if (value != twin && !(isnan (value) && isnan (twin)))
        return FALSE;
    }

  return TRUE;
}

static void
follow (DynoChangeSet *self,
        gint          *at,
        guint          first,
        guint          n,
        guint          stride,
        guint          step)
{
  if (!are_twins (self->base, first, n, stride, step))
    return;
  for (guint i = 0; i < n; i++)
    {
      guint cell = first + i * stride;
      DynoEdit twin;

      if (at[cell - step] < 0 || at[cell] >= 0)
        continue;
      twin = g_array_index (self->edits, DynoEdit, at[cell - step]);
      twin.cell = cell;
      twin.before = dyno_table_text (self->base, cell);
      twin.after = g_strdup (twin.after);
      twin.is_padding = TRUE;
      at[cell] = (gint) self->edits->len;
      g_array_append_val (self->edits, twin);
    }
}

static gint
compare_edits (gconstpointer a,
               gconstpointer b)
{
  guint first = ((const DynoEdit *) a)->cell;
  guint second = ((const DynoEdit *) b)->cell;

  return (first > second) - (first < second);
}

void
dyno_change_set_settle (DynoChangeSet *self)
{
  const DynoTable *base = self->base;
  g_autofree gint *at = index_edits (self);

  for (guint r = MAX (base->axis_rows, 1); r < base->n_rows; r++)
    follow (self, at, dyno_table_cell (base, r, 0), base->n_columns, 1, base->n_columns);
  for (guint c = MAX (base->axis_columns, 1); c < base->n_columns; c++)
    follow (self, at, c, base->n_rows, base->n_columns, 1);
  g_array_sort (self->edits, compare_edits);
}

/* Applying */

static gboolean refuse_cell (const DynoTable *table, guint cell, DynoAnalysisError **error,
                             const char *format, ...) G_GNUC_PRINTF (4, 5);

static gboolean
refuse_cell (const DynoTable    *table,
             guint               cell,
             DynoAnalysisError **error,
             const char         *format,
             ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  dyno_analysis_error_set (error, DYNO_ANALYSIS_REFUSED, "Cell %g, %g of “%s”: %s",
                           table->row_labels[cell / table->n_columns],
                           table->column_labels[cell % table->n_columns], table->name, why);

  return FALSE;
}

static gboolean
has_sum (GBytes     *bytes,
         const char *sha256)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  g_autofree char *sum = dyno_crypt_sha256_hex (data, size);

  return g_strcmp0 (sum, sha256) == 0;
}

/* Where each cell gets the text of its edit. (transfer container) */
static const char **
list_texts (const DynoChangeSet *self,
            gboolean             is_undo)
{
  const char **texts = g_new0 (const char *, dyno_table_n_cells (self->base));

  for (guint i = 0; i < self->edits->len; i++)
    {
      const DynoEdit *edit = &g_array_index (self->edits, DynoEdit, i);

      texts[edit->cell] = is_undo ? edit->before : edit->after;
    }

  return texts;
}

static gboolean
are_edits_of_base (const DynoChangeSet *self,
                   DynoAnalysisError  **error)
{
  for (guint i = 0; i < self->edits->len; i++)
    {
      const DynoEdit *edit = &g_array_index (self->edits, DynoEdit, i);
      g_autofree char *text = dyno_table_text (self->base, edit->cell);

      if (!g_str_equal (text, edit->before))
        return refuse_cell (self->base, edit->cell, error, "“%s” stands there, not “%s”.", text,
                            edit->before);
    }

  return TRUE;
}

static gboolean
is_within_limit (const DynoTable    *base,
                 const DynoEdit     *edit,
                 double              after,
                 DynoAnalysisError **error)
{
  double before = base->cells[edit->cell].value;
  double delta = (after / before - 1) * 100;
  double half_unit = fabs (50 * pow (10, -(double) base->cells[edit->cell].decimals) / before);

  /* A form may write fewer decimals than the cell had: its own are those of the table. */
  half_unit = MAX (half_unit, fabs (50 * pow (10, -(double) base->decimals) / before));
  if (isnan (edit->limit_pct) || fabs (delta) <= edit->limit_pct + half_unit + 1e-9)
    return TRUE;

  return refuse_cell (base, edit->cell, error, "it would change by %.2f %%, more than %.2f %%.",
                      delta, edit->limit_pct);
}

static gboolean
is_as_wanted (const DynoChangeSet *self,
              const DynoTable     *after,
              DynoAnalysisError  **error)
{
  g_autofree const char **wanted = list_texts (self, FALSE);

  for (guint i = 0; i < dyno_table_n_cells (self->base); i++)
    {
      g_autofree char *old = dyno_table_text (self->base, i);
      g_autofree char *text = dyno_table_text (after, i);

      if (!g_str_equal (text, wanted[i] != NULL ? wanted[i] : old))
        return refuse_cell (self->base, i, error, "“%s” came out.", text);
      if (wanted[i] != NULL && after->cells[i].value != dyno_table_read (self->base, wanted[i]))
        return refuse_cell (self->base, i, error, "“%s” reads as another number.", text);
    }
  for (guint i = 0; i < self->edits->len; i++)
    {
      const DynoEdit *edit = &g_array_index (self->edits, DynoEdit, i);

      if (!is_within_limit (self->base, edit, after->cells[edit->cell].value, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
gives_base_back (const DynoChangeSet *self,
                 const DynoTable     *after,
                 DynoAnalysisError  **error)
{
  g_autofree const char **texts = list_texts (self, TRUE);
  g_autoptr(GBytes) back = dyno_table_replace (after, texts);

  if (has_sum (back, self->base_sha256))
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_REFUSED,
                           "The change of “%s” could not be undone to the byte.",
                           self->base->name);

  return FALSE;
}

DynoTable *
dyno_change_set_apply (const DynoChangeSet *self,
                       GBytes              *base,
                       DynoAnalysisError  **error)
{
  g_autofree const char **texts = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(DynoTable) after = NULL;

  if (!has_sum (base, self->base_sha256))
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_REFUSED,
                               "The table “%s” is not the one that the change was made for. Make "
                               "the preview again.",
                               self->base->name);
      return NULL;
    }
  if (!are_edits_of_base (self, error))
    return NULL;
  texts = list_texts (self, FALSE);
  bytes = dyno_table_replace (self->base, texts);
  after = self->base->form->parse (bytes, error);
  if (after == NULL)
    return NULL;
  if (!dyno_table_same_axes (self->base, after)
      || !is_as_wanted (self, after, error) || !gives_base_back (self, after, error))
    return NULL;

  return dyno_table_rename (after, self->base->name, self->base->kind, self->base->side);
}

/* Undoing */

static void
append_value (GString *text,
              double   value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE] = "blank";

  if (isfinite (value))
    g_ascii_formatd (number, sizeof number, "%.6g", value);
  g_string_append (text, number);
}

char *
dyno_change_differences (const DynoTable *base,
                         const DynoTable *applied,
                         const DynoTable *current)
{
  GString *text = g_string_new (NULL);
  guint n = 0;

  if (!dyno_table_same_axes (base, applied) || !dyno_table_same_axes (base, current))
    return g_string_free (g_string_append (text, "it has other axes"), FALSE);
  for (guint i = 0; i < dyno_table_n_cells (base); i++)
    {
      double now = current->cells[i].value;

      if (now == applied->cells[i].value || (isnan (now) && isnan (applied->cells[i].value)))
        continue;
      if (n++ >= SHOWN_CELLS)
        continue;
      g_string_append_printf (text, "%s%g, %g: base ", n > 1 ? "; " : "",
                              base->row_labels[i / base->n_columns],
                              base->column_labels[i % base->n_columns]);
      append_value (text, base->cells[i].value);
      g_string_append (text, ", applied ");
      append_value (text, applied->cells[i].value);
      g_string_append (text, ", now ");
      append_value (text, now);
    }
  if (n > SHOWN_CELLS)
    g_string_append_printf (text, "; and %u more", n - SHOWN_CELLS);

  return g_string_free (text, n == 0);
}

GBytes *
dyno_change_undo (GBytes             *base,
                  const char         *base_sha256,
                  GBytes             *current,
                  const char         *applied_sha256,
                  const char         *differences,
                  DynoAnalysisError **error)
{
  if (!has_sum (base, base_sha256))
    dyno_analysis_error_set (error, DYNO_ANALYSIS_REFUSED,
                             "The base table that was kept is damaged: its SHA-256 is not the "
                             "one that was noted.");
  else if (!has_sum (current, applied_sha256))
    dyno_analysis_error_set (error, DYNO_ANALYSIS_REFUSED,
                             "The table was changed since: %s. Undo that first, or restore the "
                             "earlier version.",
                             differences != NULL ? differences
                                                 : "not its numbers, but how they are written");
  else
    return g_bytes_ref (base);

  return NULL;
}
