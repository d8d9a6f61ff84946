/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-tables.h"

#include <math.h>

#define CORRECTION_DECIMALS 2

void
dyno_export_tables_free (DynoExportTables *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->rpm);
  g_free (self->map_kpa);
  for (guint i = 0; i < DYNO_N_EXPORT_SIDES; i++)
    {
      g_free (self->correction[i]);
      g_free (self->hits[i]);
      g_free (self->afr_error[i]);
    }
  g_free (self);
}

static double *
read_axis (const DynoJson *list,
           guint          *n)
{
  double *values;

  *n = dyno_json_type (list) == DYNO_JSON_ARRAY ? dyno_json_n_elements (list) : 0;
  values = g_new (double, MAX (*n, 1));
  for (guint i = 0; i < *n; i++)
    values[i] = dyno_json_number (dyno_json_element (list, i), NAN);

  return values;
}

/* A row an engine speed; NULL where it is not there. */
static double *
read_cells (const DynoExportTables *self,
            const DynoJson         *rows)
{
  double *values;

  if (dyno_json_type (rows) != DYNO_JSON_ARRAY || dyno_json_n_elements (rows) != self->n_rpm)
    return NULL;
  values = g_new (double, MAX (self->n_rpm * self->n_map, 1));
  for (guint row = 0; row < self->n_rpm; row++)
    {
      const DynoJson *cells = dyno_json_element (rows, row);

      for (guint i = 0; i < self->n_map; i++)
        values[row * self->n_map + i] = dyno_json_number (dyno_json_element (cells, i), NAN);
    }

  return values;
}

static void
read_side (DynoExportTables *self,
           DynoExportSide     side,
           const DynoJson   *json)
{
  self->correction[side] = read_cells (self, dyno_json_member (json, "correction"));
  self->hits[side] = read_cells (self, dyno_json_member (json, "hits"));
  self->afr_error[side] = read_cells (self, dyno_json_member (json, "afr_error"));
}

/* Weighted by hits; a cell that one side alone has is that side's. */
static double *
combine_values (const DynoExportTables *self,
                double *const          *sides)
{
  guint n = self->n_rpm * self->n_map;
  double *values = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      double sum = 0;
      double weight = 0;

      for (guint side = DYNO_EXPORT_FRONT; side <= DYNO_EXPORT_REAR; side++)
        {
          double value = sides[side] != NULL ? sides[side][i] : NAN;
          double hits = self->hits[side] != NULL ? self->hits[side][i] : 0;

          if (isnan (value) || !(hits > 0))
            continue;
          sum += value * hits;
          weight += hits;
        }
      values[i] = weight > 0 ? sum / weight : NAN;
    }

  return values;
}

/* Of the readings that a correction was made of. */
static double *
combine_hits (const DynoExportTables *self)
{
  guint n = self->n_rpm * self->n_map;
  double *values = g_new0 (double, MAX (n, 1));

  for (guint side = DYNO_EXPORT_FRONT; side <= DYNO_EXPORT_REAR; side++)
    {
      if (self->correction[side] == NULL || self->hits[side] == NULL)
        continue;
      for (guint i = 0; i < n; i++)
        {
          if (!isnan (self->correction[side][i]) && self->hits[side][i] > 0)
            values[i] += self->hits[side][i];
        }
    }

  return values;
}

static void
combine (DynoExportTables *self)
{
  if (self->correction[DYNO_EXPORT_FRONT] == NULL && self->correction[DYNO_EXPORT_REAR] == NULL)
    return;
  self->correction[DYNO_EXPORT_COMBINED] = combine_values (self, self->correction);
  self->afr_error[DYNO_EXPORT_COMBINED] = combine_values (self, self->afr_error);
  self->hits[DYNO_EXPORT_COMBINED] = combine_hits (self);
}

DynoExportTables *
dyno_export_tables_parse (const char *text)
{
  g_autoptr(DynoJson) json
    = text != NULL ? dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL) : NULL;
  const DynoJson *grid = dyno_json_member (json, "grid");
  g_autoptr(DynoExportTables) self = g_new0 (DynoExportTables, 1);

  self->id = g_strdup (dyno_json_get_string (json, "id"));
  self->rpm = read_axis (dyno_json_member (grid, "rpm"), &self->n_rpm);
  self->map_kpa = read_axis (dyno_json_member (grid, "map_kpa"), &self->n_map);
  if (self->n_rpm == 0 || self->n_map == 0)
    return NULL;
  read_side (self, DYNO_EXPORT_FRONT, dyno_json_member (json, "front"));
  read_side (self, DYNO_EXPORT_REAR, dyno_json_member (json, "rear"));
  combine (self);

  return g_steal_pointer (&self);
}

gboolean
dyno_export_tables_grid (const DynoExportTables *self,
                         DynoExportSide           side,
                         DynoExportGrid         *grid)
{
  if (self->correction[side] == NULL)
    return FALSE;
  *grid = (DynoExportGrid) { self->rpm, self->n_rpm, self->map_kpa, self->n_map,
                             self->correction[side], CORRECTION_DECIMALS };

  return TRUE;
}
