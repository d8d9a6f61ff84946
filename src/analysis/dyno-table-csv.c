/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-table.h"

#include <math.h>
#include <string.h>

/* Tables as CSV; part of dyno-table.h. Two passes over the text: one counts and reads
 * the labels, one reads the cells. */

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define MOST_LABELS 1024
#define WRITTEN_DECIMALS 9 /* more than any table means */

typedef struct
{
  const char *text;      /* (borrowed) all of the file; not ended by NUL */
  gsize       size;
  char        delimiter;
  guint       line;      /* that is read, from 1 */
} Csv;

/* A piece of the text: first and behind the last byte. */
typedef struct
{
  gsize begin;
  gsize end;
} Span;

static gboolean refuse (const Csv *csv, DynoAnalysisError **error, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

static gboolean
refuse (const Csv          *csv,
        DynoAnalysisError **error,
        const char         *format,
        ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_TABLE, "Line %u of the table: %s", csv->line,
                           why);

  return FALSE;
}

/* The next line that is not empty and no comment, from `*at` on. */
static gboolean
next_line (Csv   *csv,
           gsize *at,
           Span  *line)
{
  while (*at < csv->size)
    {
      const char *begin = csv->text + *at;
      const char *end = memchr (begin, '\n', csv->size - *at);
      gsize length = end != NULL ? (gsize) (end - begin) : csv->size - *at;

      *line = (Span){ *at, *at + length };
      *at += length + (end != NULL);
      csv->line++;
      if (*begin == '#')
        continue;
      for (gsize i = 0; i < length; i++)
        {
          if (strchr (" \t\r", begin[i]) == NULL)
            return TRUE;
        }
    }

  return FALSE;
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

/* What is not the number: blanks, a pair of quotes, the ' of a spreadsheet. */
static Span
trim (const Csv *csv,
      Span       span)
{
  const char *text = csv->text;

  while (span.begin < span.end && is_blank (text[span.begin]))
    span.begin++;
  while (span.end > span.begin && is_blank (text[span.end - 1]))
    span.end--;
  if (span.end - span.begin >= 2 && text[span.begin] == '"' && text[span.end - 1] == '"')
    return trim (csv, (Span){ span.begin + 1, span.end - 1 });
  if (span.begin < span.end && text[span.begin] == '\'')
    span.begin++;

  return span;
}

/* The next cell of a line; FALSE behind the last. `line->begin` goes on. */
static gboolean
next_cell (const Csv *csv,
           Span      *line,
           Span      *cell)
{
  const char *found;

  if (line->begin > line->end)
    return FALSE;
  found = memchr (csv->text + line->begin, csv->delimiter, line->end - line->begin);
  *cell = (Span){ line->begin, found != NULL ? (gsize) (found - csv->text) : line->end };
  line->begin = cell->end + 1;
  *cell = trim (csv, *cell);

  return TRUE;
}

static guint
count_decimals (const char *text,
                gsize       length)
{
  const char *mark = memchr (text, '.', length);
  guint n = 0;

  if (mark == NULL)
    mark = memchr (text, ',', length);
  while (mark != NULL && mark + 1 + n < text + length && g_ascii_isdigit (mark[1 + n]))
    n++;

  return MIN (n, WRITTEN_DECIMALS);
}

/* NaN for a blank one. */
static gboolean
read_number (const Csv          *csv,
             const DynoTable    *table,
             Span                cell,
             double             *value,
             DynoAnalysisError **error)
{
  g_autofree char *text = g_strndup (csv->text + cell.begin, cell.end - cell.begin);
  g_autofree char *shown = NULL;

  *value = NAN;
  if (strlen (text) != cell.end - cell.begin)
    return refuse (csv, error, "A NUL byte stands in it.");
  if (*text == '\0')
    return TRUE;
  *value = dyno_table_read (table, text);
  if (isfinite (*value))
    return TRUE;
  shown = g_utf8_make_valid (text, MIN (strlen (text), 40));

  return refuse (csv, error, "“%s” is no number.", shown);
}

static gboolean
read_cell (const Csv          *csv,
           DynoTable          *table,
           guint               index,
           Span                span,
           DynoAnalysisError **error)
{
  DynoTableCell *cell = &table->cells[index];

  if (!read_number (csv, table, span, &cell->value, error))
    return FALSE;
  cell->offset = span.begin;
  cell->length = (guint) (span.end - span.begin);
  cell->decimals = count_decimals (csv->text + span.begin, cell->length);

  return TRUE;
}

static gboolean
read_head (const Csv          *csv,
           DynoTable          *table,
           Span                line,
           DynoAnalysisError **error)
{
  Span cell;

  next_cell (csv, &line, &cell);
  for (guint c = 0; c < table->n_columns; c++)
    {
      next_cell (csv, &line, &cell);
      if (!read_number (csv, table, cell, &table->column_labels[c], error))
        return FALSE;
      if (isnan (table->column_labels[c]))
        return refuse (csv, error, "Column %u has no label.", c + 1);
    }

  return TRUE;
}

static gboolean
is_new_label (const Csv          *csv,
              const DynoTable    *table,
              guint               row,
              DynoAnalysisError **error)
{
  for (guint i = 0; i < row; i++)
    {
      if (table->row_labels[i] == table->row_labels[row])
        return refuse (csv, error, "There is a row %g already.", table->row_labels[row]);
    }

  return TRUE;
}

static gboolean
read_row (const Csv          *csv,
          DynoTable          *table,
          guint               row,
          Span                line,
          DynoAnalysisError **error)
{
  Span cell;
  guint c = 0;

  next_cell (csv, &line, &cell);
  if (!read_number (csv, table, cell, &table->row_labels[row], error))
    return FALSE;
  if (isnan (table->row_labels[row]))
    return refuse (csv, error, "The row has no engine speed.");
  if (!is_new_label (csv, table, row, error))
    return FALSE;
  for (; next_cell (csv, &line, &cell); c++)
    {
      if (c < table->n_columns
          && !read_cell (csv, table, dyno_table_cell (table, row, c), cell, error))
        return FALSE;
    }
  if (c != table->n_columns)
    return refuse (csv, error, "%u cells where the first line has %u columns.", c,
                   table->n_columns);

  return TRUE;
}

static char
find_delimiter (const Csv *csv,
                Span       head)
{
  gsize length = head.end - head.begin;

  if (memchr (csv->text + head.begin, '\t', length) != NULL)
    return '\t';

  return memchr (csv->text + head.begin, ';', length) != NULL ? ';' : ',';
}

/* No single line is to blame for these two. */
static gboolean
refuse_empty (const Csv          *csv,
              DynoAnalysisError **error)
{
  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_TABLE,
                           csv->size == 0
                             ? "The file of the table is empty (0 bytes). Export the table again."
                             : "The file holds only blank lines and comments, no table. "
                               "Export the table again.");

  return FALSE;
}

static gboolean
refuse_shape (guint               n_rows,
              guint               n_columns,
              DynoAnalysisError **error)
{
  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_TABLE,
                           "Rows of numbers: %u, columns: %u. A table has 1 to %d of each, beside "
                           "a row and a column of labels. Export the table again.",
                           n_rows, n_columns, MOST_LABELS);

  return FALSE;
}

/* How many rows and columns; where the second pass begins. */
static gboolean
measure (Csv                *csv,
         gsize              *at,
         guint              *n_rows,
         guint              *n_columns,
         DynoAnalysisError **error)
{
  Span line;
  Span cell;
  gsize next;

  *n_rows = *n_columns = 0;
  *at = csv->size >= 3 && memcmp (csv->text, BYTE_ORDER_MARK, 3) == 0 ? 3 : 0;
  next = *at;
  if (!next_line (csv, &next, &line))
    return refuse_empty (csv, error);
  csv->delimiter = find_delimiter (csv, line);
  while (next_cell (csv, &line, &cell))
    (*n_columns)++;
  (*n_columns)--;
  while (next_line (csv, &next, &line))
    (*n_rows)++;
  csv->line = 0;
  if (*n_rows < 1 || *n_columns < 1 || *n_rows > MOST_LABELS || *n_columns > MOST_LABELS)
    return refuse_shape (*n_rows, *n_columns, error);

  return TRUE;
}

DynoTable *
dyno_table_parse (GBytes             *bytes,
                  DynoAnalysisError **error)
{
  Csv csv = { .text = g_bytes_get_data (bytes, NULL), .size = g_bytes_get_size (bytes) };
  g_autoptr(DynoTable) table = NULL;
  DynoGridShape shape;
  guint n_rows;
  guint n_columns;
  gsize at;
  Span line;

  if (!measure (&csv, &at, &n_rows, &n_columns, error))
    return NULL;
  table = dyno_table_new (&dyno_table_csv_form, bytes, n_rows, n_columns);
  table->kind = DYNO_TABLE_VE_MAP;
  table->mark = csv.delimiter == ';' && memchr (csv.text, ',', csv.size) != NULL ? ',' : '.';
  next_line (&csv, &at, &line);
  if (!read_head (&csv, table, line, error))
    return NULL;
  for (guint r = 0; r < n_rows; r++)
    {
      next_line (&csv, &at, &line);
      if (!read_row (&csv, table, r, line, error))
        return NULL;
    }
  dyno_table_settle (table);
  if (!dyno_table_shape (table, &shape, error))
    return NULL;

  return g_steal_pointer (&table);
}

/* With the decimals that the cell had. */
static char *
format_cell (const DynoTable *table,
             guint            cell,
             double           value)
{
  char format[8];
  char text[512]; /* the longest double has 309 digits before the mark */

  g_snprintf (format, sizeof format, "%%.%uf", table->cells[cell].decimals);
  g_ascii_formatd (text, sizeof text, format, value);
  if (text[0] == '-' && text[strspn (text, "-0.")] == '\0')
    memmove (text, text + 1, strlen (text));
  if (table->mark != '.')
    g_strdelimit (text, ".", table->mark);

  return g_strdup (text);
}

const DynoTableForm dyno_table_csv_form = { "csv", dyno_table_parse, format_cell };
