/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-json.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-json.h"

#define MOST_TABLES 64
#define MOST_LABELS 256

gboolean
dyno_tune_json_is (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  gsize i = 0;

  while (i < size && g_ascii_isspace (data[i]))
    i++;

  return i < size && data[i] == '{';
}

static void
append_number (GString *text,
               double   value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    return;
  dyno_json_format_number (value, number);
  g_string_append (text, number);
}

static gboolean
is_axis (const DynoJson *axis)
{
  guint n = dyno_json_n_elements (axis);

  if (dyno_json_type (axis) != DYNO_JSON_ARRAY || n == 0 || n > MOST_LABELS)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      if (isnan (dyno_json_number (dyno_json_element (axis, i), NAN)))
        return FALSE;
    }

  return TRUE;
}

/* A line of numbers, each behind a comma. FALSE where they are not `n`, or something is
 * neither a number nor null. */
static gboolean
append_row (GString        *text,
            const DynoJson *row,
            guint           n)
{
  if (dyno_json_type (row) != DYNO_JSON_ARRAY || dyno_json_n_elements (row) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const DynoJson *cell = dyno_json_element (row, i);
      double value = dyno_json_number (cell, NAN);

      if (isnan (value) && dyno_json_type (cell) != DYNO_JSON_NULL)
        return FALSE;
      g_string_append_c (text, ',');
      append_number (text, value);
    }
  g_string_append (text, "\r\n");

  return TRUE;
}

/* The table as CSV. NULL where axes and cells do not fit. (transfer full) */
static GBytes *
write_csv (const DynoJson *json)
{
  const DynoJson *axes = dyno_json_member (json, "axes");
  const DynoJson *rpm = dyno_json_member (axes, "rpm");
  const DynoJson *load = dyno_json_member (axes, "map_kpa");
  const DynoJson *cells = dyno_json_member (json, "cells");
  g_autoptr(GString) text = g_string_new ("RPM");

  if (!is_axis (rpm) || !is_axis (load)
      || dyno_json_n_elements (cells) != dyno_json_n_elements (rpm)
      || !append_row (text, load, dyno_json_n_elements (load)))
    return NULL;
  for (guint r = 0; r < dyno_json_n_elements (rpm); r++)
    {
      append_number (text, dyno_json_number (dyno_json_element (rpm, r), NAN));
      if (!append_row (text, dyno_json_element (cells, r), dyno_json_n_elements (load)))
        return NULL;
    }

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static const char *
word_of (const DynoJson *json,
         const char     *name,
         const char     *otherwise)
{
  const char *word = dyno_json_get_string (json, name);

  return word != NULL ? word : otherwise;
}

static DynoTable *
parse_table (const DynoJson *json,
             guint           number,
             GError        **error)
{
  g_autoptr(GBytes) csv = write_csv (json);
  g_autoptr(DynoAnalysisError) cause = NULL;
  g_autoptr(DynoTable) table = csv != NULL ? dyno_table_parse (csv, &cause) : NULL;
  DynoTableKind kind;
  DynoTableSide side;

  if (table == NULL)
    dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_TABLE", "Table %u: %s", number,
                    cause != NULL ? cause->message
                                  : "axes.rpm and axes.map_kpa are lists of numbers, cells a list "
                                    "of rows with a number or null for each of them.");
  else if (!dyno_table_kind_find (word_of (json, "kind", "ve-map"), &kind)
           || !dyno_table_side_find (word_of (json, "cylinder", ""), &side))
    dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_TABLE",
                    "Table %u: kind is ve-map, ve-tps, spark, afr or other; cylinder is front, "
                    "rear or left out.", number);
  else
    return dyno_table_rename (table, word_of (json, "name", "VE"), kind, side);

  return NULL;
}

GPtrArray *
dyno_tune_json_parse (GBytes  *bytes,
                      GError **error)
{
  g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_table_unref);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autoptr(GError) cause = NULL;
  g_autoptr(DynoJson) json = dyno_json_parse (data, (gssize) size, &cause);
  const DynoJson *list = dyno_json_member (json, "tables");
  guint n = list != NULL ? dyno_json_n_elements (list) : 1;

  if (json == NULL || n == 0 || n > MOST_TABLES)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_TABLE", "%s",
                      cause != NULL ? cause->message : "There are 1 to 64 tables in a file.");
      return NULL;
    }
  for (guint i = 0; i < n; i++)
    {
      DynoTable *table = parse_table (list != NULL ? dyno_json_element (list, i) : json, i + 1,
                                      error);

      if (table == NULL)
        return NULL;
      g_ptr_array_add (tables, table);
    }

  return g_steal_pointer (&tables);
}
