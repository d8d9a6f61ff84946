/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-legacy-base.h"

#include <math.h>
#include <string.h>

#include "dyno-grid.h"
#include "dyno-number.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* A cell without the quote, apostrophe and blanks around it. (transfer full) */
static char *
bare (const char *cell)
{
  char *text = g_strstrip (g_strdup (cell));
  gsize length = strlen (text);

  if (length >= 2 && text[0] == '"' && text[length - 1] == '"')
    {
      memmove (text, text + 1, length - 2);
      text[length - 2] = '\0';
    }
  if (text[0] == '\'')
    memmove (text, text + 1, strlen (text));

  return g_strstrip (text);
}

/* NaN for an empty cell. */
static gboolean
read_number (const char *cell,
             double     *value)
{
  g_autofree char *text = bare (cell);

  *value = NAN;

  return *text == '\0'
         || (dyno_number_parse (text, strlen (text), '.', value) && isfinite (*value));
}

static gboolean
read_header (const char          *line,
             const DynoAxis      *load,
             DynoAnalysisError  **error)
{
  g_auto(GStrv) cells = g_strsplit (line, ",", -1);
  g_autofree char *first = bare (cells[0] != NULL ? cells[0] : "");

  if (g_ascii_strcasecmp (first, "rpm") != 0 || g_strv_length (cells) <= load->n)
    {
      dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_TABLE,
                               "The base table does not begin with RPM,35,50,65,80,95.");
      return FALSE;
    }
  for (guint i = 0; i < load->n; i++)
    {
      double kpa;

      if (read_number (cells[i + 1], &kpa) && trunc (kpa) == load->at[i])
        continue;
      dyno_analysis_error_set (error, DYNO_ANALYSIS_GRID_MISMATCH,
                               "The base table has the column “%s” where the legacy grid has "
                               "%.0f kPa.", cells[i + 1], load->at[i]);
      return FALSE;
    }

  return TRUE;
}

static gboolean
refuse_cell (const char         *cell,
             guint               line,
             DynoAnalysisError **error)
{
  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_TABLE,
                           "Line %u of the base table: “%s” is not a number.", line, cell);

  return FALSE;
}

/* The index of the row of exactly that speed, its fraction cut; −1 for another. */
static int
find_row (const DynoAxis *rpm,
          double          value)
{
  guint row = dyno_axis_nearest (rpm, value);

  return rpm->at[row] == trunc (value) ? (int) row : -1;
}

static gboolean
read_row (const char          *line,
          guint                number,
          const DynoAxis      *rpm,
          double               table[DYNO_LEGACY_CELLS],
          DynoAnalysisError  **error)
{
  g_auto(GStrv) cells = g_strsplit (line, ",", -1);
  double speed;
  int row;

  if (!read_number (cells[0], &speed) || isnan (speed))
    return refuse_cell (cells[0], number, error);
  row = find_row (rpm, speed);
  for (guint i = 0; row >= 0 && i < DYNO_LEGACY_COLUMNS; i++)
    {
      double *value = &table[(guint) row * DYNO_LEGACY_COLUMNS + i];

      *value = NAN;
      if (cells[i + 1] == NULL)
        break;
      if (!read_number (cells[i + 1], value))
        return refuse_cell (cells[i + 1], number, error);
    }

  return TRUE;
}

gboolean
dyno_legacy_base_read (const char         *text,
                       gsize               length,
                       double              cells[DYNO_LEGACY_CELLS],
                       DynoAnalysisError **error)
{
  g_autofree char *copy = g_strndup (text, length);
  g_auto(GStrv) lines
    = g_strsplit (copy + (g_str_has_prefix (copy, BYTE_ORDER_MARK) ? 3 : 0), "\n", -1);
  DynoGridShape shape;

  dyno_grid_shape_named (&shape, "11x5");
  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    cells[i] = NAN;
  if (!read_header (lines[0] != NULL ? lines[0] : "", &shape.load, error))
    return FALSE;
  for (guint i = 1; lines[i] != NULL; i++)
    {
      if (*g_strstrip (lines[i]) != '\0'
          && !read_row (lines[i], i + 1, &shape.rpm, cells, error))
        return FALSE;
    }

  return TRUE;
}
