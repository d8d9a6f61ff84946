/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-csv.h"

#include <math.h>

#include "dyno-test.h"

static void
read_row (DynoTestCsv *self,
          guint        row,
          const char  *line)
{
  g_auto(GStrv) fields = g_strsplit (line, ",", -1);

  g_assert_cmpuint (g_strv_length (fields), ==, self->n_columns);
  for (guint c = 0; c < self->n_columns; c++)
    {
      const char *field = g_strstrip (fields[c]);

      self->values[c * self->n_rows + row] = *field != '\0' ? g_ascii_strtod (field, NULL) : NAN;
    }
}

DynoTestCsv *
dyno_test_csv_read (const char *name)
{
  g_autofree char *path = dyno_test_shared_file (name);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  DynoTestCsv *self;

  if (path == NULL)
    return NULL;

  text = dyno_test_read (path, NULL);
  lines = g_strsplit (g_strstrip (text), "\n", -1);
  self = g_new0 (DynoTestCsv, 1);
  self->names = g_strsplit (g_strstrip (lines[0]), ",", -1);
  self->n_columns = g_strv_length (self->names);
  self->n_rows = g_strv_length (lines) - 1;
  self->values = g_new (double, MAX (self->n_columns * self->n_rows, 1));
  for (guint row = 0; row < self->n_rows; row++)
    read_row (self, row, lines[row + 1]);

  return self;
}

void
dyno_test_csv_free (DynoTestCsv *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->names);
  g_free (self->values);
  g_free (self);
}

const double *
dyno_test_csv_column (const DynoTestCsv *self,
                      const char        *name)
{
  guint c = 0;

  while (c < self->n_columns && !g_str_equal (self->names[c], name))
    c++;
  g_assert_cmpuint (c, <, self->n_columns);

  return self->values + c * self->n_rows;
}

DynoTable *
dyno_test_shared_table (const char *name)
{
  g_autofree char *path = dyno_test_shared_file (name);
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr(GBytes) bytes = NULL;

  if (path == NULL)
    return NULL;
  text = dyno_test_read (path, &length);
  bytes = g_bytes_new (text, length);

  return dyno_table_parse (bytes, NULL);
}
