/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-rows-private.h"

#include "dyno-error.h"
#include "dyno-import-cell.h"
#include "dyno-number.h"

#include <math.h>

#define MAX_CELL (64 * 1024)
#define MIN_ROW_LENGTH 2 /* a digit and the line end */
#define FREE_CELLS (4 * 1024 * 1024) /* that a log of any size may have */
#define MAX_CELLS_PER_BYTE 4         /* even a blank one takes a byte for its delimiter */

static guint
count_needed (const DynoImportLayout *layout)
{
  guint n = layout->n_columns;

  while (n > 0 && layout->names[n - 1][0] == '\0')
    n--;

  return MAX (n, 1);
}

DynoImportRows *
dyno_import_rows_new (const DynoImportLayout *layout,
                      DynoImportTable        *table,
                      const DynoImportWatch  *watch,
                      gsize                   length)
{
  DynoImportRows *self = g_new0 (DynoImportRows, 1);

  self->layout = layout;
  self->table = table;
  self->watch = watch;
  self->n_columns = layout->n_columns;
  self->n_needed = count_needed (layout);
  self->clock_column = DYNO_IMPORT_NO_COLUMN;
  self->stamps
      = (DynoImportStampReader){ .delimiter = layout->delimiter, .mark = layout->time_decimal };
  self->batch = dyno_import_batch_new (layout->n_columns, length / MIN_ROW_LENGTH + 1);
  self->markers = g_array_new (FALSE, FALSE, sizeof (DynoImportMarker));

  return self;
}

void
dyno_import_rows_free (DynoImportRows *self)
{
  if (self == NULL)
    return;

  dyno_import_lanes_free (self->lanes);
  for (guint k = 0; k < self->markers->len; k++)
    g_free (g_array_index (self->markers, DynoImportMarker, k).text);
  g_array_unref (self->markers);
  dyno_import_batch_free (self->batch);
  dyno_import_stamp_clear (&self->stamps);
  g_free (self->counts.ragged[0]);
  g_free (self->counts.ragged[1]);
  g_free (self);
}

const DynoImportStampReader *
dyno_import_rows_stamps (const DynoImportRows *self)
{
  return &self->stamps;
}

const DynoImportRowCounts *
dyno_import_rows_counts (const DynoImportRows *self)
{
  return &self->counts;
}

void
dyno_import_rows_take_markers (DynoImportRows   *self,
                               DynoImportReport *report)
{
  g_array_append_vals (report->markers, self->markers->data, self->markers->len);
  g_array_set_size (self->markers, 0);
}

/* Stamps that the short way for cells would misread go a way of their own. */
static void
find_stamp_form (DynoImportRows *self,
                 const char     *text,
                 const char     *end)
{
  guint column = (guint) self->table->time_column;

  if (self->stamps.is_known || self->table->time_column < 0
      || !dyno_import_stamp_find_form (&self->stamps, text, end, column))
    return;
  if (self->stamps.form != DYNO_IMPORT_STAMP_NUMBER
      || self->layout->time_decimal != self->layout->decimal)
    self->clock_column = column;
}

gsize
dyno_import_rows_expect (const DynoImportRows *self,
                         gsize                 n_more)
{
  double n = (double) (self->table->n_rows + n_more);

  if (self->fraction <= 0.001 || self->fraction >= 1)
    return 0;

  return (gsize) (n / self->fraction * 1.02) + 16;
}

gboolean
dyno_import_rows_has_room (const DynoImportRows *self,
                           gsize                 n_more)
{
  guint64 n_before = self->done == NULL ? self->table->n_rows : self->n_done;

  return (n_before + n_more) * self->n_columns <= FREE_CELLS + MAX_CELLS_PER_BYTE * self->n_bytes;
}

/* Of a lane: the full batch waits for its turn. */
static void
put_aside (DynoImportRows *self)
{
  self->n_done += self->batch->n_rows;
  g_ptr_array_add (self->done, self->batch);
  self->batch = dyno_import_batch_new (self->n_columns, G_MAXSIZE);
}

static gboolean
flush (DynoImportRows *self,
       GError        **error)
{
  if (!dyno_import_rows_has_room (self, self->batch->n_rows))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "import_limit",
                      "The header names %u columns but the rows above line %" G_GUINT64_FORMAT
                      " are nearly empty. Export the log again.",
                      self->n_columns, self->counts.n_lines + 1);
      return FALSE;
    }
  if (self->done != NULL)
    {
      put_aside (self);
      return TRUE;
    }
  dyno_import_table_append (self->table, self->batch,
                            dyno_import_rows_expect (self, self->batch->n_rows));

  return dyno_import_watch_step (self->watch, self->fraction, "read", error);
}

static double *
get_target (const DynoImportRows *self,
            guint                 column)
{
  return self->batch->cells + column * self->batch->stride + self->batch->n_rows;
}

static void
note_odd (DynoImportRows *self,
          guint           column,
          DynoReject      reason)
{
  DynoImportOddCell odd = { self->batch->n_rows, column, reason };

  g_array_append_val (self->batch->odd, odd);
}

static double
read_odd_cell (DynoImportRows       *self,
               const DynoImportCell *cell,
               guint                 column)
{
  double value;

  switch (dyno_import_cell_read (cell, self->layout->decimal, &value))
    {
    case DYNO_IMPORT_CELL_NUMBER:
      if (!isinf (value))
        return value;
      note_odd (self, column, DYNO_REJECT_NOT_FINITE);
      return NAN;
    case DYNO_IMPORT_CELL_FLAG:
      return value;
    case DYNO_IMPORT_CELL_MISSING:
      self->counts.n_missing += (int) column != self->table->time_column;
      return NAN;
    case DYNO_IMPORT_CELL_CLOCK:
    case DYNO_IMPORT_CELL_TEXT:
      note_odd (self, column, DYNO_REJECT_UNPARSABLE);
      return NAN;
    case DYNO_IMPORT_CELL_BLANK:
    default:
      return NAN;
    }
}

/* The long way: quotes, words, stamps, cells that nobody asked for. NULL for one
 * beyond the limit. */
static const char *
read_cell_slowly (DynoImportRows *self,
                  const char     *text,
                  guint           column,
                  GError        **error)
{
  DynoImportCell cell = dyno_import_cell_next (&text, self->layout->delimiter);
  double *target;

  self->counts.n_unclosed += cell.is_unclosed;
  if (cell.length > MAX_CELL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "import_limit",
                      "Cell %u of line %" G_GUINT64_FORMAT " is longer than 64 KiB. "
                      "Check that its quotes are closed.", column + 1, self->counts.n_lines + 1);
      return NULL;
    }

  self->is_filled |= cell.length > 0;
  if (column >= self->n_columns)
    {
      if (cell.length > 0)
        self->row_width = column + 1;
      self->counts.n_extra += cell.length > 0;
      return text;
    }
  target = get_target (self, column);
  if (column != self->clock_column)
    *target = read_odd_cell (self, &cell, column);
  else if (!dyno_import_stamp_read (&self->stamps, &cell, target))
    {
      *target = NAN;
      if (cell.length > 0)
        note_odd (self, column, DYNO_REJECT_UNPARSABLE);
    }

  return text;
}

/* A number of any length, in quotes or not. NULL when the cell is anything else. */
static const char *
read_any_number (const char *text,
                 char        delimiter,
                 char        mark,
                 double     *value)
{
  gboolean is_quoted = *text == '"';

  /* An unquoted comma cannot be both. */
  if (mark == delimiter && !is_quoted)
    return NULL;
  text = dyno_number_read (text + is_quoted, mark, value);
  if (text == NULL || isinf (*value) || (is_quoted && *text++ != '"'))
    return NULL;
  while (*text == ' ')
    text++;

  return *text == delimiter || dyno_import_is_line_end (*text) ? text : NULL;
}

/* Cells from `column` on while they are numbers or blank: the short way. Afterwards
 * the text stands at the beginning of the first other cell, or at the line end. */
static inline const char *
read_numbers (const DynoImportRows *self,
              const char           *text,
              guint                *column,
              guint                 end,
              gboolean             *is_filled)
{
  const char delimiter = self->layout->delimiter;
  const char mark = self->layout->decimal;
  const gboolean is_apart = mark != delimiter; /* else only quotes part them */
  const gsize stride = self->batch->stride;
  double *cell = get_target (self, *column);
  guint c = *column;

  for (; c < end; c++, cell += stride, text++)
    {
      const char *p;

      while (*text == ' ')
        text++;
      if (*text == delimiter)
        {
          *cell = NAN;
          continue;
        }
      p = is_apart ? dyno_number_read_short (text, mark, cell) : NULL;
      while (p != NULL && *p == ' ')
        p++;
      if (p == NULL || (*p != delimiter && !dyno_import_is_line_end (*p)))
        p = read_any_number (text, delimiter, mark, cell);
      if (p == NULL)
        {
          if (dyno_import_is_line_end (*text))
            *cell = NAN;
          break;
        }
      text = p;
      *is_filled = TRUE;
      if (*text != delimiter)
        break;
    }
  *column = c;

  return text;
}

static void
note_ragged (DynoImportRows *self,
             const char     *line)
{
  guint n = self->counts.n_ragged > 0;

  if (self->counts.n_ragged < 2)
    self->counts.ragged[n] = dyno_import_line_quote (self->counts.n_lines + 1, line);
  self->counts.n_ragged++;
}

/* A row with another number of cells than there are columns: missing ones were
 * blank, superfluous ones counted when they held something. */
static void
end_odd_row (DynoImportRows *self,
             const char     *line,
             guint           n_cells)
{
  guint least = MIN (self->n_columns, self->layout->row_width);

  for (guint column = n_cells; column < self->n_columns; column++)
    *get_target (self, column) = NAN;
  if (n_cells + 1 < least || self->row_width > self->n_columns + 1)
    note_ragged (self, line);
}

static const char *
end_line (DynoImportRows *self,
          const char     *text)
{
  self->counts.n_lines++;
  if (*text == '\n')
    self->counts.n_lf++;
  else if (text[1] == '\n')
    {
      self->counts.n_crlf++;
      text++;
    }
  else
    self->counts.n_cr++;

  return text + 1;
}

/* Where the short way must stop: at stamps that are no numbers, behind the last
 * column. */
static guint
find_end (const DynoImportRows *self,
          guint                 column)
{
  if (column == self->clock_column)
    return column;

  return column < self->clock_column ? MIN (self->clock_column, self->n_columns) : self->n_columns;
}

static const char *
read_odd_column (DynoImportRows *self,
                 const char     *text,
                 guint           column,
                 GError        **error)
{
  const char *end = NULL;

  if (column == self->clock_column)
    end = dyno_import_stamp_read_quickly (&self->stamps, text, get_target (self, column));
  self->is_filled |= end != NULL;

  return end != NULL ? end : read_cell_slowly (self, text, column, error);
}

/* One line into the batch's next row. The end of the line, or NULL with an error. */
static const char *
read_row (DynoImportRows *self,
          const char     *line,
          guint          *n_cells,
          GError        **error)
{
  const char *p = line;
  gboolean is_filled = FALSE;
  guint column = 0;

  self->row_width = 0;
  self->is_filled = FALSE;
  for (;; column++, p++)
    {
      guint end = find_end (self, column);

      if (column < end)
        p = read_numbers (self, p, &column, end, &is_filled);
      if (column < end && dyno_import_is_line_end (*p))
        break;
      p = read_odd_column (self, p, column, error);
      if (p == NULL)
        return NULL;
      if (dyno_import_is_line_end (*p))
        break;
    }
  self->is_filled |= is_filled;
  *n_cells = column + 1;
  if (*n_cells != self->n_columns && self->is_filled)
    end_odd_row (self, line, *n_cells);

  return p;
}

static gboolean
check_line (DynoImportRows *self,
            gsize           length,
            GError        **error)
{
  if (length <= DYNO_IMPORT_MAX_LINE)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "import_limit",
                  "Line %" G_GUINT64_FORMAT " is longer than 1 MiB. "
                  "Check that the file is a log with one row a line.", self->counts.n_lines + 1);

  return FALSE;
}

static const char *
skip_line (const char *text)
{
  while (!dyno_import_is_line_end (*text))
    text++;

  return text;
}

/* The text of a marker is its line, without quotes around it. A lane does not know its
 * place. */
static const char *
take_marker (DynoImportRows *self,
             const char     *line)
{
  const char *end = skip_line (line);
  DynoImportMarker marker = { .before_row = self->table->n_rows + self->batch->n_rows + 1 };
  g_autofree char *text = g_utf8_make_valid (line, (gssize) (end - line));

  self->has_marker = TRUE;
  if (self->markers == NULL)
    return end;
  g_strdelimit (text, "\"", ' ');
  marker.text = g_strdup (g_strstrip (text));
  g_array_append_val (self->markers, marker);

  return end;
}

/* Markers may stand between the names and the first row. */
static gboolean
is_marker_above (const DynoImportRows *self,
                 const char           *line)
{
  return self->layout->is_marker != NULL && self->layout->header_line > 0
         && self->counts.n_lines >= self->layout->header_line && self->layout->is_marker (line);
}

void
dyno_import_rows_skip (DynoImportRows *self,
                       const char     *text,
                       gsize           length)
{
  const char *end = text + length;

  while (text < end)
    text = end_line (self, is_marker_above (self, text) ? take_marker (self, text)
                                                        : skip_line (text));
}

/* Lines that hold no row. NULL for one that does. */
static const char *
skip_other_line (DynoImportRows *self,
                 const char     *line)
{
  if (dyno_import_line_is_skipped (line))
    return skip_line (line);
  if (self->layout->is_marker != NULL && self->layout->is_marker (line))
    return take_marker (self, line);

  return NULL;
}

static void
drop_last_row (DynoImportRows *self)
{
  GArray *odd = self->batch->odd;

  self->batch->n_rows--;
  while (odd->len > 0
         && g_array_index (odd, DynoImportOddCell, odd->len - 1).row == self->batch->n_rows)
    g_array_set_size (odd, odd->len - 1);
  self->counts.has_cut_row = TRUE;
}

gboolean
dyno_import_rows_read_lines (DynoImportRows *self,
                             const char     *text,
                             const char     *end,
                             guint          *n_cells,
                             GError        **error)
{
  for (const char *p = text; p < end;)
    {
      const char *line = p;

      if (self->batch->n_rows == self->batch->capacity && !flush (self, error))
        return FALSE;
      self->is_filled = FALSE;
      p = skip_other_line (self, line);
      if (p == NULL)
        p = read_row (self, line, n_cells, error);
      if (p == NULL || !check_line (self, (gsize) (p - line), error))
        return FALSE;
      self->batch->n_rows += (guint) self->is_filled;
      p = end_line (self, p);
    }

  return TRUE;
}

gboolean
dyno_import_rows_read (DynoImportRows *self,
                       const char     *text,
                       gsize           length,
                       double          fraction,
                       gboolean        is_cut,
                       GError        **error)
{
  const char *end = text + length;
  guint n_cells = 0;

  self->fraction = fraction;
  self->n_bytes += length;
  find_stamp_form (self, text, end);
  if (!is_cut && dyno_import_lanes_read (self, text, length))
    return dyno_import_lanes_take (self, error);

  if (!dyno_import_rows_read_lines (self, text, end, &n_cells, error))
    return FALSE;
  if (is_cut && self->is_filled && n_cells < self->n_needed)
    drop_last_row (self);

  return flush (self, error);
}
