/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-layout.h"

#include "dyno-error.h"
#include "dyno-import-cell.h"

/* What a layout is made of, for all who make one. */

DynoImportLayout *
dyno_import_layout_new (char delimiter)
{
  DynoImportLayout *self = g_new0 (DynoImportLayout, 1);

  self->delimiter = delimiter;
  self->decimal = '.';
  self->time_decimal = '.';

  return self;
}

void
dyno_import_layout_free (DynoImportLayout *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->names);
  g_strfreev (self->units);
  g_strfreev (self->others);
  g_strfreev (self->kinds);
  g_free (self->preamble);
  g_free (self);
}

char **
dyno_import_layout_split (const char *line,
                          char        delimiter,
                          guint       n)
{
  GPtrArray *names = g_ptr_array_new ();

  for (const char *p = line;; p++)
    {
      DynoImportCell cell = dyno_import_cell_next (&p, delimiter);

      g_ptr_array_add (names, dyno_import_cell_dup (&cell));
      if (dyno_import_is_line_end (*p))
        break;
    }
  while (names->len < n)
    g_ptr_array_add (names, g_strdup (""));
  g_ptr_array_add (names, NULL);

  return (GStrv) g_ptr_array_free (names, FALSE);
}

gboolean
dyno_import_layout_take_names (DynoImportLayout *self,
                               char            **names,
                               GError          **error)
{
  self->names = names;
  self->n_columns = g_strv_length (names);
  self->row_width = MAX (self->row_width, self->n_columns);
  self->n_nameless = 0;
  for (guint i = 0; i < self->n_columns; i++)
    self->n_nameless += names[i][0] == '\0';
  if (self->n_columns <= DYNO_IMPORT_MAX_COLUMNS)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "import_limit",
                  "The log has %u columns, more than %d. Export fewer channels.", self->n_columns,
                  DYNO_IMPORT_MAX_COLUMNS);

  return FALSE;
}

/* From 1; 0 for no place. */
static guint64
count_line (const char *text,
            const char *place)
{
  guint64 number = 1;

  if (place == NULL)
    return 0;
  for (const char *p = text; p < place; p = dyno_import_line_next (p))
    number++;

  return number;
}

void
dyno_import_layout_place (DynoImportLayout *self,
                          const char       *text,
                          const char       *names,
                          const char       *units,
                          const char       *row)
{
  const char *top = names != NULL ? names : row;

  self->header_line = count_line (text, names);
  self->unit_line = count_line (text, units);
  self->data_line = count_line (text, row);
  self->data_offset = (gsize) (row - text);
  self->preamble = g_utf8_make_valid (text, (gssize) (top - text));
  self->preamble_lines = count_line (text, top) - 1;
}
