/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-layout.h"

#include "dyno-dialects.h"
#include "dyno-error.h"
#include "dyno-import-cell.h"
#include "dyno-import-head.h"
#include "dyno-import-reader.h"
#include "dyno-import-search.h"

#include <string.h>

#define MAX_NAMES 1000 /* lines searched for a header without data */

static gboolean
refuse_no_data (const DynoImportSearch *self,
                gboolean                is_all,
                GError                **error)
{
  for (guint i = 0; i < MIN (self->lines->len, MAX_NAMES); i++)
    {
      for (guint c = 0; c < self->n_candidates; c++)
        {
          char delimiter = self->candidates[c].delimiter;
          DynoImportShape shape = dyno_import_line_measure (dyno_import_search_text (self, i),
                                                            delimiter, FALSE, FALSE);
          g_autofree char *quoted = NULL;

          if (!dyno_import_head_has_names (&shape)
              || !dyno_import_head_names_time (dyno_import_search_text (self, i), delimiter))
            continue;
          quoted = dyno_import_search_quote (self, i);
          dyno_error_set (
              error, DYNO_ERROR_INVALID, "import_no_data",
              "The file has a header of %u columns, %s, but no row of numbers below it. "
              "Export the log again with its data.",
              shape.n_filled, quoted);
          return FALSE;
        }
    }

  if (is_all && self->lines->len == 0)
    dyno_error_set (error, DYNO_ERROR_INVALID, "import_no_data",
                    "The file holds only blank lines and comments. Export the log again.");
  else if (is_all)
    dyno_error_set (
        error, DYNO_ERROR_INVALID, "import_no_data",
        "None of the %u lines of the file is a row of at least two numbers parted by tab, "
        "semicolon or comma. Export the log as CSV, or name the delimiter (--delimiter).",
        self->lines->len);
  else
    dyno_error_set (error, DYNO_ERROR_INVALID, "import_limit",
                    "No row of numbers begins within the first 1 MiB. Remove what stands above the "
                    "header, or name the delimiter (--delimiter).");

  return FALSE;
}

static gboolean
check_width (const DynoImportSearch    *self,
             const DynoImportCandidate *candidate,
             const DynoImportHead      *head,
             GError                   **error)
{
  g_autofree char *header = NULL;
  g_autofree char *row = NULL;
  DynoImportShape shape;

  if (candidate->delimiter != ',' || head->names < 0)
    return TRUE;
  shape = dyno_import_line_measure (dyno_import_search_text (self, (guint) head->names), ',', FALSE,
                                    FALSE);
  if (candidate->best.width != 2 * shape.width && candidate->best.width != 2 * shape.width - 1)
    return TRUE;

  header = dyno_import_search_quote (self, (guint) head->names);
  row = dyno_import_search_quote (self, candidate->best.first);
  dyno_error_set (
      error, DYNO_ERROR_INVALID, "import_ambiguous_delimiter",
      "The rows have %u cells and the header %u: the comma seems to be decimal mark and "
      "delimiter at once (%s; %s). Export with another delimiter, or say --delimiter comma.",
      candidate->best.width, shape.width, header, row);

  return FALSE;
}

/* A number with a decimal comma, or with a point, or with both (thousands). */
static void
look_for_marks (const DynoImportCell *cell,
                gboolean             *has_comma,
                gboolean             *has_point)
{
  gboolean has_both = dyno_import_cell_has_both_marks (cell);

  *has_comma = has_both
               || (memchr (cell->text, ',', cell->length) != NULL
                   && dyno_import_cell_is_number (cell, ','));
  *has_point = has_both
               || (memchr (cell->text, '.', cell->length) != NULL
                   && dyno_import_cell_is_number (cell, '.'));
}

/* Lines of the run, −1 where there is none. */
typedef struct
{
  int      comma; /* first with a decimal comma */
  int      point; /* first with a point, stamps left out */
  gboolean has_time_point;
} Marks;

static Marks
find_marks (const DynoImportSearch    *self,
            const DynoImportCandidate *candidate,
            int                        time_column)
{
  Marks marks = { -1, -1, FALSE };

  for (guint i = 0; i < candidate->best.n && (marks.comma < 0 || marks.point < 0); i++)
    {
      guint line = candidate->best.first + i;
      const char *p = dyno_import_search_text (self, line);

      for (int column = 0;; column++, p++)
        {
          DynoImportCell cell = dyno_import_cell_next (&p, candidate->delimiter);
          gboolean has_comma;
          gboolean has_point;

          look_for_marks (&cell, &has_comma, &has_point);
          if (has_comma && marks.comma < 0)
            marks.comma = (int) line;
          if (has_point && column != time_column && marks.point < 0)
            marks.point = (int) line;
          marks.has_time_point |= has_point && column == time_column;
          if (dyno_import_is_line_end (*p))
            break;
        }
    }

  return marks;
}

static gboolean
find_decimal (const DynoImportSearch    *self,
              const DynoImportCandidate *candidate,
              const DynoImportOptions   *options,
              DynoImportLayout          *layout,
              GError                   **error)
{
  int time_column = dyno_import_head_find_time ((const char *const *) layout->names);
  g_autofree char *comma = NULL;
  g_autofree char *point = NULL;
  Marks marks;

  layout->decimal = g_strcmp0 (options->decimal, "comma") == 0 ? ',' : '.';
  layout->time_decimal = layout->decimal;
  if (candidate->delimiter == ',')
    return TRUE;

  marks = find_marks (self, candidate, time_column);
  if (options->decimal == NULL && marks.comma >= 0)
    layout->decimal = ',';
  layout->time_decimal = marks.has_time_point ? '.' : layout->decimal;
  if (options->decimal != NULL || marks.comma < 0 || marks.point < 0)
    return TRUE;

  comma = dyno_import_search_quote (self, (guint) marks.comma);
  point = dyno_import_search_quote (self, (guint) marks.point);
  dyno_error_set (error, DYNO_ERROR_INVALID, "import_ambiguous_decimal",
                  "Numbers are written with a decimal comma (%s) and with a point (%s). "
                  "Say which is meant: --decimal comma or --decimal point.", comma, point);

  return FALSE;
}

/* Rows with few or odd cells may stand above the longest run: they are rows as well. */
static guint
find_first_row (const DynoImportSearch    *self,
                const DynoImportCandidate *candidate,
                const DynoImportHead      *head)
{
  guint first = candidate->best.first;
  int stop = MAX (head->header, head->units);

  while (head->header >= 0 && (int) first - 1 > stop)
    {
      DynoImportShape shape
          = dyno_import_line_measure (dyno_import_search_text (self, first - 1),
                                      candidate->delimiter, candidate->may_have_comma, FALSE);

      if (!dyno_import_head_is_near (shape.total, candidate->best.total)
          && shape.n_data < shape.n_filled)
        break;
      first--;
    }

  return first;
}

static gboolean
take_names (DynoImportLayout          *layout,
            const DynoImportSearch    *self,
            const DynoImportCandidate *candidate,
            const DynoImportHead      *head,
            const DynoImportOptions   *options,
            GError                   **error)
{
  if (options->header != NULL)
    {
      g_autofree char *line = g_strconcat (options->header, "\n", NULL);

      layout->names = dyno_import_layout_split (line, ',', candidate->best.total);
    }
  else if (head->header >= 0)
    {
      layout->names
          = dyno_import_layout_split (dyno_import_search_text (self, (guint) head->header),
                                      candidate->delimiter, candidate->best.total);
      layout->header_line = dyno_import_search_line (self, (guint) head->header)->number;
    }
  else
    {
      g_autofree char *row = dyno_import_search_quote (self, candidate->best.first);

      dyno_error_set (error, DYNO_ERROR_INVALID, "import_no_header",
                      "No line with the names of the %u columns stands above the first row, %s. "
                      "Give the names: --header \"Time,RPM,…\".", candidate->best.width, row);
      return FALSE;
    }

  return dyno_import_layout_take_names (layout, g_steal_pointer (&layout->names), error);
}

static void
take_places (DynoImportLayout          *layout,
             const DynoImportSearch    *self,
             const DynoImportCandidate *candidate,
             const DynoImportHead      *head)
{
  guint first = find_first_row (self, candidate, head);
  int top = head->header >= 0 ? head->header : (int) first;

  layout->delimiter = candidate->delimiter;
  layout->row_width = candidate->best.total;
  layout->data_line = dyno_import_search_line (self, first)->number;
  layout->data_offset = dyno_import_search_line (self, first)->offset;
  layout->n_between = head->header >= 0 ? first - 1 - (guint) MAX (head->header, head->units) : 0;
  layout->preamble = g_utf8_make_valid (
      self->text, (gssize) dyno_import_search_line (self, (guint) top)->offset);
  layout->preamble_lines = dyno_import_search_line (self, (guint) top)->number - 1;
  if (head->units >= 0)
    {
      layout->units
          = dyno_import_layout_split (dyno_import_search_text (self, (guint) head->units),
                                      candidate->delimiter, layout->n_columns);
      layout->unit_line = dyno_import_search_line (self, (guint) head->units)->number;
    }
  if (head->others >= 0)
    layout->others = dyno_import_layout_split (dyno_import_search_text (self, (guint) head->others),
                                               candidate->delimiter, layout->n_columns);
}

static DynoImportLayout *
build (const DynoImportSearch    *self,
       const DynoImportCandidate *candidate,
       const DynoDialect         *dialect,
       const DynoImportOptions   *options,
       GError                   **error)
{
  g_autoptr(DynoImportLayout) layout = g_new0 (DynoImportLayout, 1);
  DynoImportHead head = dyno_import_head_find (self, candidate, dialect);

  layout->is_marker = dialect->is_marker;
  /* Who names the delimiter, or forces, has seen that the widths differ. */
  if (head.header < 0 && (options->delimiter != NULL || options->force))
    head.header = head.names;
  if ((options->delimiter == NULL && options->header == NULL
       && !check_width (self, candidate, &head, error))
      || !take_names (layout, self, candidate, &head, options, error))
    return NULL;

  take_places (layout, self, candidate, &head);
  if (!find_decimal (self, candidate, options, layout, error))
    return NULL;

  return g_steal_pointer (&layout);
}

DynoImportLayout *
dyno_import_layout_detect (const char              *text,
                           gsize                    length,
                           gboolean                 is_all,
                           const DynoDialect       *dialect,
                           const DynoImportOptions *options,
                           GError                 **error)
{
  DynoImportLayout *layout = NULL;
  DynoImportSearch search;

  is_all = is_all && length <= DYNO_IMPORT_HEAD_SIZE;
  if (dyno_import_search_init (&search, text, dialect->is_marker, options, error)
      && dyno_import_search_run (&search, MIN (length, DYNO_IMPORT_HEAD_SIZE), error))
    {
      const DynoImportCandidate *candidate = dyno_import_search_best (&search);

      if (candidate != NULL)
        layout = build (&search, candidate, dialect, options, error);
      else
        refuse_no_data (&search, is_all, error);
    }
  dyno_import_search_clear (&search);

  return layout;
}
