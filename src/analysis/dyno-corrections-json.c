/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-corrections.h"

#include <math.h>

#include "dyno-clamp.h"

/* The kept form of an analysis, read back; part of dyno-corrections.h. */

static gboolean
refuse (DynoAnalysisError **error,
        const char         *what)
{
  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_TABLE,
                           "The kept analysis cannot be read: %s. Analyse the runs again.", what);

  return FALSE;
}

static gboolean
read_axis (const DynoJson     *json,
           DynoAxis           *axis,
           DynoAnalysisError **error)
{
  double values[DYNO_AXIS_MAX];
  guint n = dyno_json_n_elements (json);

  for (guint i = 0; i < MIN (n, DYNO_AXIS_MAX); i++)
    values[i] = dyno_json_number (dyno_json_element (json, i), NAN);

  return n <= DYNO_AXIS_MAX && dyno_axis_init (axis, values, n, NULL)
           ? TRUE : refuse (error, "it has no grid");
}

static const DynoJson *
cell_of (const DynoJson *grid,
         guint           row,
         guint           column)
{
  return dyno_json_element (dyno_json_element (grid, row), column);
}

static DynoConfidence
find_confidence (const char *name)
{
  for (guint i = 0; i < DYNO_N_CONFIDENCES; i++)
    {
      if (g_strcmp0 (dyno_confidence_name ((DynoConfidence) i), name) == 0)
        return (DynoConfidence) i;
    }

  return DYNO_CONFIDENCE_SKIP;
}

static DynoCellReason
find_reason (const char *name)
{
  for (guint i = 0; i < DYNO_N_CELL_REASONS; i++)
    {
      if (g_strcmp0 (dyno_cell_reason_name ((DynoCellReason) i), name) == 0)
        return (DynoCellReason) i;
    }

  return DYNO_CELL_NO_DATA;
}

static void
read_cell (const DynoJson      *cylinder,
           const DynoVeOptions *options,
           guint                row,
           guint                column,
           DynoVeCell          *cell)
{
  const struct
  {
    const char *name;
    double     *value;
  } numbers[] = { { "raw", &cell->raw },
                  { "smoothed", &cell->smoothed },
                  { "correction", &cell->limited },
                  { "standard_error", &cell->se } };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    *numbers[i].value = dyno_json_number (
      cell_of (dyno_json_member (cylinder, numbers[i].name), row, column), NAN);
  cell->hits = (guint32) CLAMP (
    dyno_json_integer (cell_of (dyno_json_member (cylinder, "hits"), row, column), 0), 0,
    G_MAXINT32);
  cell->confidence = find_confidence (
    dyno_json_string (cell_of (dyno_json_member (cylinder, "confidence"), row, column)));
  cell->reason = find_reason (
    dyno_json_string (cell_of (dyno_json_member (cylinder, "cell_reason"), row, column)));
  cell->limit = dyno_clamp_limit_pct (options, cell->confidence);
}

static void
read_side (const DynoJson      *json,
           const DynoVeOptions *options,
           DynoTableSide        side,
           DynoCorrections     *self)
{
  const DynoJson *cylinder = dyno_json_member (json, dyno_table_side_name (side));
  guint n_columns = self->shape.load.n;
  DynoVeCell *cells;

  if (!dyno_json_get_boolean (cylinder, "has_sensor", FALSE))
    return;
  cells = dyno_corrections_side (self, side);
  for (guint i = 0; i < dyno_grid_shape_cells (&self->shape); i++)
    read_cell (cylinder, options, i / n_columns, i % n_columns, &cells[i]);
}

static void
read_facts (const DynoJson  *json,
            DynoCorrections *self)
{
  const DynoJson *gates = dyno_json_member (json, "gates_unavailable");
  const DynoJson *balance = dyno_json_member (json, "balance");

  self->math_version = g_strdup (dyno_json_get_string (json, "math_version"));
  self->fingerprint = g_strdup (dyno_json_get_string (json, "fingerprint"));
  self->result_id = g_strdup (dyno_json_get_string (json, "id"));
  self->base_sha256 = g_strdup (dyno_json_get_string (json, "base_sha256"));
  self->bias_mean_pct = dyno_json_get_number (balance, "mean_pct", NAN);
  self->bias_worst_pct = dyno_json_get_number (balance, "worst_pct", NAN);
  for (guint i = 0; i < dyno_json_n_elements (gates); i++)
    {
      const char *gate = dyno_json_string (dyno_json_element (gates, i));

      g_ptr_array_add (self->gates_unavailable, g_strdup (gate != NULL ? gate : "?"));
    }
}

DynoCorrections *
dyno_corrections_from_json (const DynoJson     *json,
                            DynoAnalysisError **error)
{
  const DynoJson *grid = dyno_json_member (json, "grid");
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoCorrections) self = NULL;
  DynoGridShape shape;

  if (!read_axis (dyno_json_member (grid, "rpm"), &shape.rpm, error)
      || !read_axis (dyno_json_member (grid, "map_kpa"), &shape.load, error)
      || !dyno_ve_options_set_all (options, dyno_json_member (json, "options"), error))
    return NULL;
  self = dyno_corrections_new (&shape);
  self->edge_rpm[0] = options->edge_rpm[0];
  self->edge_rpm[1] = options->edge_rpm[1];
  read_facts (json, self);
  read_side (json, options, DYNO_TABLE_FRONT, self);
  read_side (json, options, DYNO_TABLE_REAR, self);
  dyno_corrections_combine (self);

  return g_steal_pointer (&self);
}
