/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-listing.h"

#include "dyno-print.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LEAST_LAST_COLUMN 20 /* below it nothing is folded: the terminal may wrap */

struct _DynoListing
{
  guint      n_columns;
  char     **names;     /* (owned) without '>' */
  gboolean  *is_right;  /* (owned) */
  GPtrArray *cells;     /* (owned) of utf8, row by row, never NULL */
};

DynoListing *
dyno_listing_new (const char *const *columns)
{
  DynoListing *self = g_new0 (DynoListing, 1);

  self->n_columns = g_strv_length ((char **) columns);
  self->names = g_new0 (char *, self->n_columns + 1);
  self->is_right = g_new0 (gboolean, self->n_columns);
  self->cells = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->n_columns; i++)
    {
      self->is_right[i] = columns[i][0] == '>';
      self->names[i] = g_strdup (columns[i] + (self->is_right[i] ? 1 : 0));
    }

  return self;
}

void
dyno_listing_free (DynoListing *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->names);
  g_free (self->is_right);
  g_ptr_array_unref (self->cells);
  g_free (self);
}

void
dyno_listing_add (DynoListing *self,
                  const char  *text)
{
  char *clean = dyno_print_clean (text != NULL ? text : "");

  g_ptr_array_add (self->cells, g_strdelimit (clean, "\n", ' '));
}

void
dyno_listing_take (DynoListing *self,
                   char        *text)
{
  dyno_listing_add (self, text);
  g_free (text);
}

void
dyno_listing_add_f (DynoListing *self,
                    const char  *format,
                    ...)
{
  va_list args;

  va_start (args, format);
  dyno_listing_take (self, g_strdup_vprintf (format, args));
  va_end (args);
}

guint
dyno_listing_n_rows (const DynoListing *self)
{
  return self->cells->len / self->n_columns;
}

/* 0 for a column that is left out. */
static guint
column_width (const DynoListing *self,
              guint              column)
{
  guint width = 0;

  for (guint i = column; i < self->cells->len; i += self->n_columns)
    width = MAX (width, dyno_print_columns (self->cells->pdata[i]));

  return width > 0 ? MAX (width, dyno_print_columns (self->names[column])) : 0;
}

static void
append_blanks (GString *text,
               guint    n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_c (text, ' ');
}

/* On as many lines as it takes in `room` columns, all from `column` on. */
static void
append_folded (GString    *text,
               const char *cell,
               guint       column,
               guint       room)
{
  g_autofree char *folded = dyno_print_wrap (cell, room, 0);
  g_auto(GStrv) lines = g_strsplit (folded, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      if (line > lines)
        {
          g_string_append_c (text, '\n');
          append_blanks (text, column);
        }
      g_string_append (text, *line);
    }
}

static void
append_cell (GString    *text,
             const char *cell,
             guint       width,
             gboolean    is_right)
{
  guint own = dyno_print_columns (cell);

  if (is_right)
    append_blanks (text, width - own);
  g_string_append (text, cell);
  if (!is_right)
    append_blanks (text, width - own);
}

/* Takes the blanks at the end of a line away. */
static void
end_line (GString *text)
{
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

static void
append_row (const DynoListing *self,
            GString           *text,
            char             **cells,
            const guint       *widths,
            guint              last,
            guint              width)
{
  guint used = 0;

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (widths[i] == 0)
        continue;
      if (used > 0)
        g_string_append (text, "  ");
      used += used > 0 ? 2 : 0;
      if (i == last && !self->is_right[i] && width >= used + LEAST_LAST_COLUMN)
        append_folded (text, cells[i], used, width - used);
      else
        append_cell (text, cells[i], widths[i], self->is_right[i]);
      used += widths[i];
    }
  end_line (text);
}

static gboolean
has_head (const DynoListing *self)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (*self->names[i] != '\0')
        return TRUE;
    }

  return FALSE;
}

char *
dyno_listing_format (const DynoListing *self,
                     guint              width)
{
  GString *text = g_string_new (NULL);
  g_autofree guint *widths = g_new0 (guint, self->n_columns);
  guint last = 0;

  for (guint i = 0; i < self->n_columns; i++)
    {
      widths[i] = column_width (self, i);
      if (widths[i] > 0)
        last = i;
    }
  if (has_head (self) && self->cells->len > 0)
    append_row (self, text, self->names, widths, last, width);
  for (guint i = 0; i + self->n_columns <= self->cells->len; i += self->n_columns)
    append_row (self, text, (char **) self->cells->pdata + i, widths, last, width);

  return g_string_free (text, FALSE);
}

void
dyno_listing_print (const DynoListing *self)
{
  gboolean is_terminal = dyno_print_is_terminal (STDOUT_FILENO);
  g_autofree char *text
    = dyno_listing_format (self, is_terminal ? dyno_print_width (STDOUT_FILENO) : 0);

  dyno_print_text (text);
}
