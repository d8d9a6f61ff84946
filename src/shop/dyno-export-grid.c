/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-grid.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-export-cell.h"

#define CRLF "\r\n"
#define MOST_HOLES 12 /* that a sentence names */

static double
value_at (const DynoExportGrid *self,
          guint                 row,
          guint                 column)
{
  return self->values[row * self->n_columns + column];
}

static void
add_label (GString *text,
           double   label,
           char     mark)
{
  dyno_export_add_number (text, label, DYNO_EXPORT_FULL, mark);
}

char *
dyno_export_grid_csv (const DynoExportGrid *self,
                      char                  delimiter,
                      char                  mark)
{
  GString *text = g_string_new ("RPM");

  for (guint i = 0; i < self->n_columns; i++)
    {
      g_string_append_c (text, delimiter);
      add_label (text, self->columns[i], mark);
    }
  g_string_append (text, CRLF);
  for (guint row = 0; row < self->n_rpm; row++)
    {
      add_label (text, self->rpm[row], mark);
      for (guint i = 0; i < self->n_columns; i++)
        {
          g_string_append_c (text, delimiter);
          dyno_export_add_number (text, value_at (self, row, i), self->decimals, mark);
        }
      g_string_append (text, CRLF);
    }

  return g_string_free (text, FALSE);
}

static guint
count_holes (const DynoExportGrid *self,
             const double         *base,
             GString              *named)
{
  guint n = 0;

  for (guint i = 0; i < self->n_rpm * self->n_columns; i++)
    {
      if (!isnan (self->values[i]) || (base != NULL && !isnan (base[i])))
        continue;
      if (n++ >= MOST_HOLES)
        continue;
      g_string_append (named, named->len > 0 ? ", " : "");
      add_label (named, self->rpm[i / self->n_columns], '.');
      g_string_append_c (named, '/');
      add_label (named, self->columns[i % self->n_columns], '.');
    }

  return n;
}

gboolean
dyno_export_grid_is_whole (const DynoExportGrid *self,
                           const double         *base,
                           const char           *advice,
                           GError              **error)
{
  g_autoptr(GString) named = g_string_new (NULL);
  guint n = count_holes (self, base, named);

  if (n == 0)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_INVALID, "export_holes",
                  "%u cells have no data (%s%s), and a tuning program would read an empty cell as "
                  "anything. %s", n, named->str, n > MOST_HOLES ? ", …" : "", advice);

  return FALSE;
}

char *
dyno_export_grid_paste (const DynoExportGrid *self,
                        const double         *base,
                        gboolean              may_have_holes,
                        GError              **error)
{
  GString *text;

  if (!may_have_holes
      && !dyno_export_grid_is_whole (self, base, "Give the base table, or allow holes.", error))
    return NULL;

  text = g_string_new (NULL);
  for (guint row = 0; row < self->n_rpm; row++)
    {
      if (row > 0)
        g_string_append_c (text, '\n');
      for (guint i = 0; i < self->n_columns; i++)
        {
          double value = value_at (self, row, i);

          if (i > 0)
            g_string_append_c (text, '\t');
          if (isnan (value) && base != NULL)
            value = base[row * self->n_columns + i];
          dyno_export_add_number (text, value, self->decimals, '.');
        }
    }

  return g_string_free (text, FALSE);
}
