/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-cell.h"

#include "dyno-import-clock.h"
#include "dyno-number.h"

#include <math.h>
#include <string.h>

static gboolean
is_blank (char c,
          char delimiter)
{
  return c == ' ' || (c == '\t' && delimiter != '\t');
}

static const char *
skip_blanks (const char *p,
             char        delimiter)
{
  while (is_blank (*p, delimiter))
    p++;

  return p;
}

static gboolean
ends_cell (char c,
           char delimiter)
{
  return c == delimiter || dyno_import_is_line_end (c);
}

static DynoImportCell
read_plain (const char **text,
            const char  *begin,
            char         delimiter)
{
  DynoImportCell cell = { .text = begin };
  const char *end = begin;

  while (!ends_cell (*end, delimiter))
    end++;
  *text = end;
  while (end > begin && is_blank (end[-1], delimiter))
    end--;
  cell.length = (gsize) (end - begin);

  return cell;
}

typedef enum
{
  QUOTE_CLOSED,
  QUOTE_UNCLOSED, /* *close is the end of the line */
  QUOTE_LITERAL,  /* something other than blanks follows the closing one */
} QuoteKind;

/* `begin` is behind the opening quote. */
static QuoteKind
find_closing_quote (const char  *begin,
                    char         delimiter,
                    const char **close)
{
  const char *p = begin;

  for (; !dyno_import_is_line_end (*p); p++)
    {
      if (*p != '"')
        continue;
      if (p[1] == '"')
        p++;
      else
        break;
    }
  *close = p;
  if (*p != '"')
    return QUOTE_UNCLOSED;

  return ends_cell (*skip_blanks (p + 1, delimiter), delimiter) ? QUOTE_CLOSED : QUOTE_LITERAL;
}

DynoImportCell
dyno_import_cell_next (const char **text,
                       char         delimiter)
{
  const char *begin = skip_blanks (*text, delimiter);
  const char *close;
  QuoteKind kind;
  DynoImportCell cell;

  if (*begin != '"')
    return read_plain (text, begin, delimiter);
  kind = find_closing_quote (begin + 1, delimiter, &close);
  if (kind == QUOTE_LITERAL)
    return read_plain (text, begin, delimiter);

  *text = kind == QUOTE_UNCLOSED ? close : skip_blanks (close + 1, delimiter);
  cell = (DynoImportCell){ .is_quoted = TRUE, .is_unclosed = kind == QUOTE_UNCLOSED };
  cell.text = skip_blanks (begin + 1, '\0');
  while (close > cell.text && is_blank (close[-1], '\0'))
    close--;
  cell.length = close > cell.text ? (gsize) (close - cell.text) : 0;

  return cell;
}

static gboolean
is_one_of (const DynoImportCell *cell,
           const char *const    *words)
{
  for (; *words != NULL; words++)
    {
      if (strlen (*words) == cell->length
          && g_ascii_strncasecmp (*words, cell->text, cell->length) == 0)
        return TRUE;
    }

  return FALSE;
}

DynoImportCellKind
dyno_import_cell_read (const DynoImportCell *cell,
                       char                  mark,
                       double               *value)
{
  static const char *const missing[] = { "nan", "n/a", "na", "-", "--", "null", "inf", "*",
                                         "-nan", "+nan", "-inf", "+inf", NULL };
  static const char *const on[] = { "on", "yes", "true", "high", "active", NULL };
  static const char *const off[] = { "off", "no", "false", "low", "inactive", NULL };
  DynoImportClock clock;

  *value = NAN;
  if (cell->length == 0)
    return DYNO_IMPORT_CELL_BLANK;
  if (dyno_number_read (cell->text, mark, value) == cell->text + cell->length)
    return DYNO_IMPORT_CELL_NUMBER;

  *value = NAN;
  if (is_one_of (cell, missing))
    return DYNO_IMPORT_CELL_MISSING;
  if (is_one_of (cell, on) || is_one_of (cell, off))
    {
      *value = is_one_of (cell, on) ? 1 : 0;
      return DYNO_IMPORT_CELL_FLAG;
    }

  return dyno_import_clock_parse (cell->text, cell->length, &clock) ? DYNO_IMPORT_CELL_CLOCK
                                                                    : DYNO_IMPORT_CELL_TEXT;
}

gboolean
dyno_import_cell_is_number (const DynoImportCell *cell,
                            char                  mark)
{
  double value;

  return dyno_import_cell_read (cell, mark, &value) == DYNO_IMPORT_CELL_NUMBER;
}

gboolean
dyno_import_cell_has_both_marks (const DynoImportCell *cell)
{
  gboolean has_both = memchr (cell->text, ',', cell->length) != NULL
                      && memchr (cell->text, '.', cell->length) != NULL;

  for (gsize i = 0; has_both && i < cell->length; i++)
    has_both = g_ascii_isdigit (cell->text[i]) || strchr ("+-.,", cell->text[i]) != NULL;

  return has_both;
}

char *
dyno_import_cell_dup (const DynoImportCell *cell)
{
  g_autoptr(GString) text = g_string_sized_new (cell->length);

  for (gsize i = 0; i < cell->length; i++)
    {
      if (cell->text[i] != '\0')
        g_string_append_c (text, cell->text[i]);
      if (cell->is_quoted && cell->text[i] == '"' && i + 1 < cell->length
          && cell->text[i + 1] == '"')
        i++;
    }

  return g_utf8_make_valid (text->str, (gssize) text->len);
}

const char *
dyno_import_line_next (const char *text)
{
  while (!dyno_import_is_line_end (*text))
    text++;
  if (text[0] == '\r' && text[1] == '\n')
    text++;

  return text + 1;
}

gboolean
dyno_import_line_is_skipped (const char *text)
{
  const char *p = skip_blanks (text, '\0');

  return dyno_import_is_line_end (*p) || *text == '#' || *text == '*'
         || (text[0] == '/' && text[1] == '/');
}
