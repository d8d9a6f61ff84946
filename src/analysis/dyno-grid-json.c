/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-grid-json.h"

#include <math.h>
#include <string.h>

/* An array of at most 64 numbers. */
static gboolean
read_numbers (const DynoJson *value,
              double          numbers[DYNO_AXIS_MAX],
              guint          *n)
{
  *n = dyno_json_n_elements (value);
  if (dyno_json_type (value) != DYNO_JSON_ARRAY || *n > DYNO_AXIS_MAX)
    return FALSE;
  for (guint i = 0; i < *n; i++)
    numbers[i] = dyno_json_number (dyno_json_element (value, i), NAN);

  return TRUE;
}

static gboolean
read_axis (const DynoJson *value,
           DynoAxis       *axis)
{
  double numbers[DYNO_AXIS_MAX];
  guint n;

  return read_numbers (value, numbers, &n) && dyno_axis_init (axis, numbers, n, NULL);
}

gboolean
dyno_grid_shape_read (const DynoJson *value,
                      DynoGridShape  *shape)
{
  return read_axis (dyno_json_member (value, "rpm"), &shape->rpm)
         && read_axis (dyno_json_member (value, "kpa"), &shape->load);
}

static void
write_axis (DynoJsonWriter *writer,
            const char     *name,
            const DynoAxis *axis)
{
  dyno_json_writer_name (writer, name);
  dyno_json_writer_begin_array (writer);
  for (guint i = 0; i < axis->n; i++)
    dyno_json_writer_number (writer, axis->at[i]);
  dyno_json_writer_end_array (writer);
}

void
dyno_grid_shape_write (const DynoGridShape *shape,
                       DynoJsonWriter      *writer)
{
  dyno_json_writer_begin_object (writer);
  write_axis (writer, "kpa", &shape->load);
  write_axis (writer, "rpm", &shape->rpm);
  dyno_json_writer_end_object (writer);
}

DynoGrid *
dyno_grid_read (const DynoJson *value,
                const char     *name)
{
  const DynoJson *rows = dyno_json_member (value, name);
  g_autoptr(DynoGrid) grid = NULL;
  DynoGridShape shape;

  if (!dyno_grid_shape_read (value, &shape) || dyno_json_n_elements (rows) != shape.rpm.n)
    return NULL;

  grid = dyno_grid_new (&shape);
  for (guint r = 0; r < shape.rpm.n; r++)
    {
      double numbers[DYNO_AXIS_MAX];
      guint n;

      if (!read_numbers (dyno_json_element (rows, r), numbers, &n) || n != shape.load.n)
        return NULL;
      memcpy (grid->values + r * n, numbers, n * sizeof (double));
    }

  return g_steal_pointer (&grid);
}

static void
write_values (DynoJsonWriter *writer,
              const char     *name,
              const DynoGrid *grid)
{
  dyno_json_writer_name (writer, name);
  dyno_json_writer_begin_array (writer);
  for (guint r = 0; r < grid->shape.rpm.n; r++)
    {
      dyno_json_writer_begin_array (writer);
      for (guint c = 0; c < grid->shape.load.n; c++)
        dyno_json_writer_number (writer, grid->values[r * grid->shape.load.n + c]);
      dyno_json_writer_end_array (writer);
    }
  dyno_json_writer_end_array (writer);
}

DynoTarget *
dyno_target_read (const DynoJson *value)
{
  g_autoptr(DynoGrid) grid = NULL;
  double kpa[DYNO_AXIS_MAX];
  double afr[DYNO_AXIS_MAX];
  guint n_kpa;
  guint n_afr;

  if (dyno_json_member (value, "rpm") != NULL)
    {
      grid = dyno_grid_read (value, "afr");
      return grid != NULL ? dyno_target_new_grid (grid, NULL) : NULL;
    }
  if (!read_numbers (dyno_json_member (value, "kpa"), kpa, &n_kpa)
      || !read_numbers (dyno_json_member (value, "afr"), afr, &n_afr) || n_kpa != n_afr)
    return NULL;

  return dyno_target_new_by_map (kpa, afr, n_kpa, NULL);
}

void
dyno_grid_write (const DynoGrid *grid,
                 const char     *name,
                 DynoJsonWriter *writer)
{
  gboolean is_first = strcmp (name, "kpa") < 0;

  dyno_json_writer_begin_object (writer);
  if (is_first)
    write_values (writer, name, grid);
  write_axis (writer, "kpa", &grid->shape.load);
  if (!is_first)
    write_values (writer, name, grid);
  write_axis (writer, "rpm", &grid->shape.rpm);
  dyno_json_writer_end_object (writer);
}

static void
write_by_map (const DynoTarget *table,
              DynoJsonWriter   *writer)
{
  const double *afr;
  const DynoAxis *keys = dyno_target_keys (table, &afr);
  DynoAxis values = { .n = keys->n };

  memcpy (values.at, afr, keys->n * sizeof (double));
  dyno_json_writer_begin_object (writer);
  write_axis (writer, "afr", &values);
  write_axis (writer, "kpa", keys);
  dyno_json_writer_end_object (writer);
}

void
dyno_target_write (const DynoTarget *table,
                   DynoJsonWriter   *writer)
{
  if (dyno_target_grid (table) != NULL)
    dyno_grid_write (dyno_target_grid (table), "afr", writer);
  else
    write_by_map (table, writer);
}
