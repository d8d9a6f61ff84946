/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-search.h"

#include "dyno-error.h"
#include "dyno-import-cell.h"
#include "dyno-import-reader.h"

#include <string.h>

#define ENOUGH_LINES 1000
#define MIN_DATA_SHARE 0.8
#define MAX_QUOTED 60 /* bytes of a line in a message */

char *
dyno_import_line_quote (guint64     number,
                        const char *line)
{
  gsize n = 0;
  g_autofree char *valid = NULL;

  while (n < MAX_QUOTED && !dyno_import_is_line_end (line[n]))
    n++;
  valid = g_utf8_make_valid (line, (gssize) n);

  return g_strdup_printf ("line %" G_GUINT64_FORMAT " “%s%s”", number, valid,
                          n == MAX_QUOTED ? "…" : "");
}

static gboolean
is_data (const DynoImportCell *cell,
         gboolean              may_have_comma)
{
  double value;
  DynoImportCellKind kind = dyno_import_cell_read (cell, '.', &value);

  return (kind != DYNO_IMPORT_CELL_TEXT && kind != DYNO_IMPORT_CELL_BLANK)
         || (may_have_comma
             && (dyno_import_cell_is_number (cell, ',') || dyno_import_cell_has_both_marks (cell)));
}

static gboolean
is_unit (const DynoImportCell *cell)
{
  g_autofree char *text = dyno_import_cell_dup (cell);
  gsize n = strlen (text);

  if (n > 2 && strchr ("([", text[0]) != NULL && strchr (")]", text[n - 1]) != NULL)
    return TRUE;

  return n > 0 && n < 16 && dyno_unit_find (text) != NULL;
}

DynoImportShape
dyno_import_line_measure (const char *line,
                          char        delimiter,
                          gboolean    may_have_comma,
                          gboolean    with_units)
{
  DynoImportShape shape = { 0 };

  for (const char *p = line;; p++)
    {
      DynoImportCell cell = dyno_import_cell_next (&p, delimiter);

      shape.total++;
      if (cell.length > 0)
        {
          shape.width = shape.total;
          shape.n_filled++;
          shape.n_data += (guint) is_data (&cell, may_have_comma);
          shape.n_units += (guint) (with_units && is_unit (&cell));
        }
      if (dyno_import_is_line_end (*p))
        return shape;
    }
}

static gboolean
is_data_line (const DynoImportShape *shape)
{
  return shape->total >= 2 && shape->n_filled >= 2
         && shape->n_data >= MIN_DATA_SHARE * shape->n_filled;
}

/* Lines of one width, or that differ in trailing blank cells only. */
static gboolean
fits_run (const DynoImportRun   *run,
          const DynoImportShape *shape)
{
  return shape->total == run->total || (shape->total > run->total && shape->width <= run->total)
         || (shape->total < run->total && run->width <= shape->total);
}

static void
candidate_take (DynoImportCandidate   *self,
                const DynoImportShape *shape,
                guint                  line)
{
  if (!is_data_line (shape))
    {
      self->run.n = 0;
      return;
    }

  if (self->run.n == 0 || !fits_run (&self->run, shape))
    self->run = (DynoImportRun){ .first = line, .total = shape->total };
  self->run.n++;
  self->run.width = MAX (self->run.width, shape->width);
  if (self->run.n > self->best.n)
    self->best = self->run;
}

static gboolean
search_line (DynoImportSearch *self,
             const char       *line,
             gsize             length)
{
  gboolean has_enough = FALSE;

  for (guint i = 0; i < self->n_candidates; i++)
    {
      DynoImportCandidate *candidate = &self->candidates[i];
      DynoImportShape shape = { .total = 1 };

      if (memchr (line, candidate->delimiter, length) != NULL)
        shape = dyno_import_line_measure (line, candidate->delimiter, candidate->may_have_comma,
                                          FALSE);
      candidate_take (candidate, &shape, self->lines->len - 1);
      has_enough |= candidate->best.n >= ENOUGH_LINES;
    }

  return has_enough;
}

gboolean
dyno_import_search_run (DynoImportSearch *self,
                        gsize             length,
                        GError          **error)
{
  const char *end = self->text + length;
  const char *p = self->text;
  guint64 number = 1;

  for (; p < end; number++)
    {
      DynoImportLine line = { .offset = (gsize) (p - self->text), .number = number };
      const char *next = dyno_import_line_next (p);

      if (next - p > DYNO_IMPORT_MAX_LINE)
        {
          dyno_error_set (error, DYNO_ERROR_INVALID, "import_limit",
                          "Line %" G_GUINT64_FORMAT " is longer than 1 MiB. "
                          "Check that the file is a log with one row a line.", number);
          return FALSE;
        }
      if (!dyno_import_line_is_skipped (p) && (self->is_marker == NULL || !self->is_marker (p)))
        {
          g_array_append_val (self->lines, line);
          if (search_line (self, p, (gsize) (next - p)))
            break;
        }
      p = next;
    }

  return TRUE;
}

const DynoImportLine *
dyno_import_search_line (const DynoImportSearch *self,
                         guint                   index)
{
  return &g_array_index (self->lines, DynoImportLine, index);
}

const char *
dyno_import_search_text (const DynoImportSearch *self,
                         guint                   index)
{
  return self->text + dyno_import_search_line (self, index)->offset;
}

char *
dyno_import_search_quote (const DynoImportSearch *self,
                          guint                   index)
{
  return dyno_import_line_quote (dyno_import_search_line (self, index)->number,
                                 dyno_import_search_text (self, index));
}

/* The first of equals: tab, semicolon, comma. */
DynoImportCandidate *
dyno_import_search_best (DynoImportSearch *self)
{
  DynoImportCandidate *best = &self->candidates[0];

  for (guint i = 1; i < self->n_candidates; i++)
    {
      if (self->candidates[i].best.n > best->best.n)
        best = &self->candidates[i];
    }

  return best->best.n > 0 ? best : NULL;
}

static char
parse_delimiter (const char *text)
{
  static const struct
  {
    const char *name;
    char        delimiter;
  } names[] = {
    { "tab", '\t' }, { "comma", ',' }, { "semicolon", ';' }, { "\\t", '\t' }, { "pipe", '|' }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (g_ascii_strcasecmp (text, names[i].name) == 0)
        return names[i].delimiter;
    }
  if (strlen (text) == 1 && strchr ("\t,;|:~^!&", text[0]) != NULL)
    return text[0];

  return '\0';
}

gboolean
dyno_import_search_init (DynoImportSearch        *self,
                         const char              *text,
                         DynoImportMarkerTest     is_marker,
                         const DynoImportOptions *options,
                         GError                 **error)
{
  static const char delimiters[] = "\t;,";

  *self = (DynoImportSearch){ .text = text,
                              .is_marker = is_marker,
                              .lines = g_array_new (FALSE, FALSE, sizeof (DynoImportLine)) };
  if (options->decimal != NULL && !g_str_equal (options->decimal, "point")
      && !g_str_equal (options->decimal, "comma"))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "import_option",
                      "“%s” is no decimal mark. Say --decimal point or --decimal comma.",
                      options->decimal);
      return FALSE;
    }

  self->n_candidates = options->delimiter != NULL ? 1 : 3;
  for (guint i = 0; i < self->n_candidates; i++)
    {
      DynoImportCandidate *candidate = &self->candidates[i];

      candidate->delimiter = options->delimiter != NULL ? parse_delimiter (options->delimiter)
                                                        : delimiters[i];
      candidate->may_have_comma
          = candidate->delimiter != ',' || g_strcmp0 (options->decimal, "comma") == 0;
    }
  if (self->candidates[0].delimiter != '\0')
    return TRUE;

  dyno_error_set (
      error, DYNO_ERROR_INVALID, "import_option",
      "“%s” is no delimiter. Say --delimiter comma, semicolon, tab or a single character.",
      options->delimiter);

  return FALSE;
}

void
dyno_import_search_clear (DynoImportSearch *self)
{
  g_clear_pointer (&self->lines, g_array_unref);
}
