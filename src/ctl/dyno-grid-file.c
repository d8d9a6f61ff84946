/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-grid-file.h"

#include "dyno-crypt.h"
#include "dyno-error.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define MOST_BYTES (1024 * 1024)
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* A file taken apart: lines that are not empty, and what parts their cells. */
typedef struct
{
  const char *name;      /* (borrowed) for messages */
  char      **lines;     /* (owned) */
  guint      *numbers;   /* (owned) of the lines in the file */
  guint       n_lines;
  char        delimiter;
} GridText;

static gboolean fail (const GridText *text, guint line, GError **error, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

static gboolean
fail (const GridText  *text,
      guint            line,
      GError         **error,
      const char      *format,
      ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  dyno_error_set (error, DYNO_ERROR_INVALID, "grid_file", "%s, line %u: %s", text->name,
                  line < text->n_lines ? text->numbers[line] : 1, why);

  return FALSE;
}

static char *
load (const char  *path,
      gsize       *size,
      GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(GError) cause = NULL;
  g_autofree char *bytes = g_malloc (MOST_BYTES + 1);

  stream = g_file_read (file, NULL, &cause);
  if (stream == NULL
      || !g_input_stream_read_all (G_INPUT_STREAM (stream), bytes, MOST_BYTES + 1, size, NULL,
                                   &cause))
    {
      gboolean is_absent = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

      dyno_error_set (error, is_absent ? DYNO_ERROR_NOT_FOUND : DYNO_ERROR_INVALID, "grid_file",
                      is_absent ? "There is no file %s." : "%s cannot be read.", path);
      return NULL;
    }
  if (*size == 0)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "grid_file", "%s is empty (0 bytes).", path);
      return NULL;
    }
  if (*size > MOST_BYTES)
    {
      dyno_error_set (error, DYNO_ERROR_TOO_LARGE, "grid_file",
                      "%s has more than 1 MiB: that is no grid.", path);
      return NULL;
    }
  bytes[*size] = '\0';

  return g_steal_pointer (&bytes);
}

static char
find_delimiter (const char *line)
{
  if (strchr (line, '\t') != NULL)
    return '\t';

  return strchr (line, ';') != NULL ? ';' : ',';
}

static void
grid_text_init (GridText   *self,
                const char *path,
                const char *bytes)
{
  const char *begin = g_str_has_prefix (bytes, BYTE_ORDER_MARK) ? bytes + 3 : bytes;
  g_auto(GStrv) lines = g_strsplit (begin, "\n", -1);
  guint n = g_strv_length (lines);

  self->name = path;
  self->lines = g_new0 (char *, n + 1);
  self->numbers = g_new0 (guint, n + 1);
  self->n_lines = 0;
  for (guint i = 0; i < n; i++)
    {
      if (lines[i][strspn (lines[i], " \t\r")] == '\0' || *lines[i] == '#')
        continue;
      self->numbers[self->n_lines] = i + 1;
      /* What is no UTF-8 is no number; complaints quote it. */
      self->lines[self->n_lines++] = g_utf8_make_valid (lines[i], -1);
    }
  self->delimiter = self->n_lines > 0 ? find_delimiter (self->lines[0]) : ',';
}

static void
grid_text_clear (GridText *self)
{
  g_strfreev (self->lines);
  g_free (self->numbers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GridText, grid_text_clear)

static char **
split_line (const GridText *text,
            guint           line)
{
  char delimiter[2] = { text->delimiter, '\0' };
  char **cells = g_strsplit (text->lines[line], delimiter, -1);

  for (char **cell = cells; *cell != NULL; cell++)
    {
      g_strstrip (*cell);
      if (text->delimiter == ';')
        g_strdelimit (*cell, ",", '.');
    }

  return cells;
}

/* A number, or NaN for a blank cell. Old files quote numbers: one ' goes. */
static gboolean
read_cell (const GridText  *text,
           guint            line,
           const char      *cell,
           double          *value,
           GError         **error)
{
  const char *begin = *cell == '\'' ? cell + 1 : cell;
  char *end = NULL;

  *value = NAN;
  if (*begin == '\0')
    return TRUE;
  *value = g_ascii_strtod (begin, &end);
  if (end == begin || *end != '\0' || !isfinite (*value))
    return fail (text, line, error, "“%s” is no number.", cell);

  return TRUE;
}

static gboolean
read_axis (const GridText  *text,
           guint            line,
           GArray          *values,
           DynoAxis        *axis,
           GError         **error)
{
  g_autoptr(DynoAnalysisError) cause = NULL;

  if (dyno_axis_init (axis, (const double *) (gpointer) values->data, values->len, &cause))
    return TRUE;

  return fail (text, line, error, "%s", cause->message);
}

static gboolean
read_head (const GridText  *text,
           DynoAxis        *load,
           GError         **error)
{
  g_auto(GStrv) cells = split_line (text, 0);
  g_autoptr(GArray) values = g_array_new (FALSE, FALSE, sizeof (double));

  for (char **cell = cells + 1; *cells != NULL && *cell != NULL; cell++)
    {
      double value;

      if (!read_cell (text, 0, *cell, &value, error))
        return FALSE;
      if (isnan (value))
        return fail (text, 0, error, "A column has no name: the head is RPM and the pressures.");
      g_array_append_val (values, value);
    }

  return read_axis (text, 0, values, load, error);
}

/* One row for the grid: its engine speed, then as many cells as columns. */
static gboolean
read_row (const GridText  *text,
          guint            line,
          guint            n_columns,
          GArray          *speeds,
          GArray          *values,
          GError         **error)
{
  g_auto(GStrv) cells = split_line (text, line);
  guint n = g_strv_length (cells);

  if (n != n_columns + 1)
    return fail (text, line, error, "%u cells where the head has %u.", n, n_columns + 1);

  for (guint i = 0; i < n; i++)
    {
      double value;

      if (!read_cell (text, line, cells[i], &value, error))
        return FALSE;
      if (i == 0 && isnan (value))
        return fail (text, line, error, "A row has no engine speed.");
      g_array_append_val (i == 0 ? speeds : values, value);
    }

  return TRUE;
}

static DynoGrid *
read_grid (const GridText  *text,
           GError         **error)
{
  g_autoptr(GArray) speeds = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  DynoGridShape shape;
  DynoGrid *grid;

  if (text->n_lines < 2)
    {
      fail (text, 0, error, "A grid begins with a line of RPM and the pressures.");
      return NULL;
    }
  if (!read_head (text, &shape.load, error))
    return NULL;
  for (guint i = 1; i < text->n_lines; i++)
    {
      if (!read_row (text, i, shape.load.n, speeds, values, error))
        return NULL;
    }
  if (!read_axis (text, 1, speeds, &shape.rpm, error))
    return NULL;

  grid = dyno_grid_new (&shape);
  memcpy (grid->values, values->data, values->len * sizeof (double));

  return grid;
}

static gboolean
open_text (const char  *path,
           GridText    *text,
           char       **sha256,
           GError     **error)
{
  gsize size = 0;
  g_autofree char *bytes = load (path, &size, error);

  if (bytes == NULL)
    return FALSE;
  if (sha256 != NULL)
    *sha256 = dyno_crypt_sha256_hex (bytes, size);
  grid_text_init (text, path, bytes);

  return TRUE;
}

DynoGrid *
dyno_grid_file_read (const char  *path,
                     char       **sha256,
                     GError     **error)
{
  g_auto(GridText) text = { 0 };

  return open_text (path, &text, sha256, error) ? read_grid (&text, error) : NULL;
}

/* "MAP,AFR" and pairs of them. */
static DynoTarget *
read_by_map (const GridText  *text,
             GError         **error)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(DynoAnalysisError) cause = NULL;
  DynoTarget *target;

  for (guint i = 1; i < text->n_lines; i++)
    {
      if (!read_row (text, i, 1, keys, values, error))
        return NULL;
    }
  target = dyno_target_new_by_map ((const double *) (gpointer) keys->data,
                                   (const double *) (gpointer) values->data, keys->len, &cause);
  if (target == NULL)
    fail (text, 1, error, "%s", cause->message);

  return target;
}

DynoTarget *
dyno_grid_file_read_target (const char  *path,
                            GError     **error)
{
  g_auto(GridText) text = { 0 };
  g_autoptr(DynoGrid) grid = NULL;
  g_autoptr(DynoAnalysisError) cause = NULL;
  DynoTarget *target;

  if (!open_text (path, &text, NULL, error))
    return NULL;
  if (text.n_lines > 0 && g_ascii_strncasecmp (text.lines[0], "RPM", 3) != 0)
    return read_by_map (&text, error);

  grid = read_grid (&text, error);
  if (grid == NULL)
    return NULL;
  target = dyno_target_new_grid (grid, &cause);
  if (target == NULL)
    fail (&text, 1, error, "%s", cause->message);

  return target;
}

void
dyno_grid_file_fill (DynoGrid *grid,
                     double    value)
{
  for (guint i = 0; i < dyno_grid_shape_cells (&grid->shape); i++)
    {
      if (isnan (grid->values[i]))
        grid->values[i] = value;
    }
}
