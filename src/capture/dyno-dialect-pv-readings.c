/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include "dyno-error.h"
#include "dyno-import-cell.h"
#include "dyno-number.h"

#include <math.h>
#include <string.h>

/* The readings of a Power Vision log, "time,signal,value", a line each: collected, put in
 * order, and made into rows of one stamp each. */

#define MAX_CELLS (G_GUINT64_CONSTANT (64) * 1024 * 1024)
#define MAX_INDEX 1000000 /* of a signal */

/* A whole number from 0 to MAX_INDEX, or −1. */
int
dyno_dialect_pv_parse_index (const DynoImportCell *cell)
{
  int index = 0;

  if (cell->length == 0)
    return -1;
  for (gsize i = 0; i < cell->length; i++)
    {
      if (!g_ascii_isdigit (cell->text[i]) || index > MAX_INDEX / 10)
        return -1;
      index = index * 10 + (cell->text[i] - '0');
    }

  return index;
}

typedef struct
{
  double     t_ms;
  double     value;
  guint32    column;
  DynoReject reason;
} Reading;

typedef struct
{
  GArray     *readings;   /* (owned) of Reading */
  GHashTable *columns;    /* (owned) index of a signal to its column */
  double     *last_ms;    /* (owned) of each column */
  guint       n_columns;
  gboolean    is_mixed;   /* a stamp lies before that of another signal */
  gboolean    is_broken;  /* or before one of its own */
  guint64     n_unknown;  /* readings of signals that nobody declared */
  guint64     n_missing;
  guint64     n_malformed;
} Lines;

static gpointer
lines_begin (const DynoImportLayout *layout)
{
  Lines *self = g_new0 (Lines, 1);

  self->readings = g_array_new (FALSE, FALSE, sizeof (Reading));
  self->columns = g_hash_table_new (NULL, NULL);
  self->n_columns = layout->n_columns;
  self->last_ms = g_new (double, layout->n_columns);
  for (guint i = 0; i < layout->n_columns; i++)
    {
      guint64 index = g_ascii_strtoull (layout->kinds[i], NULL, 10);

      self->last_ms[i] = -INFINITY;
      if (i > 0)
        g_hash_table_insert (self->columns, GUINT_TO_POINTER (index), GUINT_TO_POINTER (i));
    }

  return self;
}

static void
lines_free (gpointer lines)
{
  Lines *self = lines;

  g_array_unref (self->readings);
  g_hash_table_unref (self->columns);
  g_free (self->last_ms);
  g_free (self);
}

/* Hexadecimal only where it says so. */
static gboolean
parse_hexadecimal (const DynoImportCell *cell,
                   double               *value)
{
  if (cell->length < 3 || cell->length > 15 || cell->text[0] != '0'
      || g_ascii_tolower (cell->text[1]) != 'x')
    return FALSE;

  *value = 0;
  for (gsize i = 2; i < cell->length; i++)
    {
      if (!g_ascii_isxdigit (cell->text[i]))
        return FALSE;
      *value = *value * 16 + g_ascii_xdigit_value (cell->text[i]);
    }

  return TRUE;
}

static void
read_value (Lines                *self,
            const DynoImportCell *cell,
            Reading              *reading)
{
  reading->reason = DYNO_REJECT_NONE;
  if (parse_hexadecimal (cell, &reading->value))
    return;
  switch (dyno_import_cell_read (cell, '.', &reading->value))
    {
    case DYNO_IMPORT_CELL_NUMBER:
      if (isinf (reading->value))
        reading->reason = DYNO_REJECT_NOT_FINITE;
      break;
    case DYNO_IMPORT_CELL_MISSING:
      self->n_missing++;
      break;
    case DYNO_IMPORT_CELL_CLOCK:
    case DYNO_IMPORT_CELL_TEXT:
      reading->reason = DYNO_REJECT_UNPARSABLE;
      break;
    case DYNO_IMPORT_CELL_BLANK:
    case DYNO_IMPORT_CELL_FLAG:
    default:
      break;
    }
  if (reading->reason != DYNO_REJECT_NONE)
    reading->value = NAN;
}

static void
add_reading (Lines         *self,
             const Reading *reading)
{
  const Reading *last = self->readings->len > 0
                            ? &g_array_index (self->readings, Reading, self->readings->len - 1)
                            : NULL;

  self->is_mixed |= last != NULL && reading->t_ms < last->t_ms;
  self->is_broken |= reading->t_ms < self->last_ms[reading->column];
  self->last_ms[reading->column] = reading->t_ms;
  g_array_append_vals (self->readings, reading, 1);
}

static void
read_line (Lines      *self,
           const char *line)
{
  DynoImportCell cells[3] = { 0 };
  Reading reading = { 0 };
  guint n = 0;
  int index;

  for (const char *p = line; n < G_N_ELEMENTS (cells); p++)
    {
      cells[n++] = dyno_import_cell_next (&p, ',');
      if (dyno_import_is_line_end (*p))
        break;
    }
  index = dyno_dialect_pv_parse_index (&cells[1]);
  if (n < G_N_ELEMENTS (cells) || index < 0
      || !dyno_number_parse (cells[0].text, cells[0].length, '.', &reading.t_ms)
      || !isfinite (reading.t_ms))
    {
      self->n_malformed++;
      return;
    }
  reading.column = GPOINTER_TO_UINT (g_hash_table_lookup (self->columns, GINT_TO_POINTER (index)));
  if (reading.column == 0)
    {
      self->n_unknown++;
      return;
    }
  read_value (self, &cells[2], &reading);
  add_reading (self, &reading);
}

static void
lines_read (gpointer    lines,
            const char *text,
            gsize       length)
{
  const char *end = text + length;

  for (const char *p = text; p < end; p = dyno_import_line_next (p))
    {
      if (!dyno_import_line_is_skipped (p))
        read_line (lines, p);
    }
}

static int
compare_readings (gconstpointer a,
                  gconstpointer b)
{
  const Reading *x = a;
  const Reading *y = b;

  return x->t_ms < y->t_ms ? -1 : x->t_ms > y->t_ms;
}

/* A row ends where the stamp changes or its signal was read already. */
static gboolean
begins_row (const DynoImportBatch *batch,
            const Reading         *reading,
            const gboolean        *is_filled)
{
  if (batch->n_rows == 0 || is_filled[reading->column])
    return TRUE;

  return batch->cells[batch->n_rows - 1] != reading->t_ms;
}

static void
begin_row (DynoImportBatch *batch,
           guint            n_columns,
           double           t_ms,
           gboolean        *is_filled)
{
  for (guint column = 0; column < n_columns; column++)
    batch->cells[column * batch->stride + batch->n_rows] = column == 0 ? t_ms : NAN;
  memset (is_filled, 0, n_columns * sizeof *is_filled);
  batch->n_rows++;
}

static gboolean
check_cells (const Lines           *self,
             const DynoImportTable *table,
             GError               **error)
{
  if (table->n_rows * (guint64) self->n_columns <= MAX_CELLS)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "import_limit",
                  "The log has more than %" G_GSIZE_FORMAT " stamps of %u signals. "
                  "Export fewer signals or a shorter part.",
                  table->n_rows, self->n_columns - 1);

  return FALSE;
}

static gboolean
make_rows (const Lines     *self,
           DynoImportTable *table,
           DynoImportBatch *batch,
           GError         **error)
{
  g_autofree gboolean *is_filled = g_new0 (gboolean, self->n_columns);

  for (guint i = 0; i < self->readings->len; i++)
    {
      const Reading *reading = &g_array_index (self->readings, Reading, i);
      DynoImportOddCell odd = { .column = reading->column, .reason = reading->reason };

      if (begins_row (batch, reading, is_filled))
        {
          if (batch->n_rows == batch->capacity)
            dyno_import_table_append (table, batch, 0);
          if (!check_cells (self, table, error))
            return FALSE;
          begin_row (batch, self->n_columns, reading->t_ms, is_filled);
        }
      is_filled[reading->column] = TRUE;
      batch->cells[reading->column * batch->stride + batch->n_rows - 1] = reading->value;
      odd.row = batch->n_rows - 1;
      if (odd.reason != DYNO_REJECT_NONE)
        g_array_append_val (batch->odd, odd);
    }
  dyno_import_table_append (table, batch, 0);

  return TRUE;
}

/* Signals written one after the other are put in order, where each has a clock that
 * never goes back; else the clock is mended like any other. */
static gboolean
lines_finish (gpointer         lines,
              DynoImportTable *table,
              GError         **error)
{
  Lines *self = lines;
  g_autoptr(DynoImportBatch) batch
      = dyno_import_batch_new (self->n_columns, MAX (self->readings->len, 1));

  if (self->is_mixed && !self->is_broken)
    g_array_sort (self->readings, compare_readings); /* equal stamps stay as they are */

  return make_rows (self, table, batch, error);
}

static void
lines_describe (gpointer          lines,
                DynoImportReport *report)
{
  const Lines *self = lines;

  report->missing += self->n_missing;
  if (self->n_unknown > 0)
    dyno_import_report_warn (report, "unknown_signal", NULL, self->n_unknown,
                             "%" G_GUINT64_FORMAT
                             " readings belong to signals that were not declared, and were dropped",
                             self->n_unknown);
  if (self->n_malformed > 0)
    dyno_import_report_warn (report, "malformed_lines", NULL, self->n_malformed,
                             "%" G_GUINT64_FORMAT
                             " lines are no readings “time,signal,value” and were dropped",
                             self->n_malformed);
}

const DynoDialectLines dyno_dialect_pv_readings = {
  .begin = lines_begin,
  .read = lines_read,
  .finish = lines_finish,
  .describe = lines_describe,
  .free = lines_free,
};
