/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-compat.h"

#include <math.h>
#include <string.h>

/* The grids as text; part of dyno-compat.h. */

#define MOST_DIGITS 17

typedef void (*CellWriter) (GString                *text,
                            const DynoCompatResult *self,
                            guint                   cell);

static void
append (GString    *text,
        const char *format,
        double      value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE + 64];

  g_string_append (text, g_ascii_formatd (number, sizeof number, format, value));
}

/* As Python writes a float: the shortest text that reads back, never without a point
 * or an exponent. */
static void
append_shortest (GString *text,
                 double   value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  char format[8];
  guint digits = 0;

  do
    {
      g_snprintf (format, sizeof format, "%%.%ug", ++digits);
      g_ascii_formatd (number, sizeof number, format, value);
    }
  while (digits < MOST_DIGITS && g_ascii_strtod (number, NULL) != value);
  g_string_append (text, number);
  if (strpbrk (number, ".e") == NULL)
    g_string_append (text, ".0");
}

static void
write_multiplier (GString                *text,
                  const DynoCompatResult *self,
                  guint                   cell)
{
  append (text, "%.4f", self->multiplier[cell]);
}

static void
write_error (GString                *text,
             const DynoCompatResult *self,
             guint                   cell)
{
  double value = self->error[cell];

  if (self->profile == DYNO_COMPAT_WORKFLOW)
    {
      if (!isnan (value))
        append_shortest (text, value);
    }
  else if (isnan (value))
    g_string_append (text, "N/A");
  else
    append (text, "%.2f", value);
}

static void
write_hits (GString                *text,
            const DynoCompatResult *self,
            guint                   cell)
{
  g_string_append_printf (text, "%u", self->hits[cell]);
}

static char *
write_grid (const DynoCompatResult *self,
            const char             *corner,
            CellWriter              write)
{
  const DynoGridShape *shape = &self->shape;
  const char *line_end = self->profile == DYNO_COMPAT_WORKFLOW ? "\n" : "\r\n";
  GString *text = g_string_new (corner);

  for (guint c = 0; c < shape->load.n; c++)
    g_string_append_printf (text, ",%d", (int) shape->load.at[c]);
  g_string_append (text, line_end);
  for (guint r = 0; r < shape->rpm.n; r++)
    {
      g_string_append_printf (text, "%d", (int) shape->rpm.at[r]);
      for (guint c = 0; c < shape->load.n; c++)
        {
          g_string_append_c (text, ',');
          write (text, self, r * shape->load.n + c);
        }
      g_string_append (text, line_end);
    }

  return g_string_free (text, FALSE);
}

/* One engine wrote its analysis by another library, which names the rows alone. */
static const char *
corner_of (const DynoCompatResult *self)
{
  return self->profile == DYNO_COMPAT_WORKFLOW ? "RPM" : "RPM\\MAP";
}

char *
dyno_compat_correction_csv (const DynoCompatResult *self)
{
  return write_grid (self, "RPM\\MAP", write_multiplier);
}

char *
dyno_compat_error_csv (const DynoCompatResult *self)
{
  return write_grid (self, corner_of (self), write_error);
}

char *
dyno_compat_hits_csv (const DynoCompatResult *self)
{
  return write_grid (self, corner_of (self), write_hits);
}
