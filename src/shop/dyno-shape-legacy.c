/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-legacy.h"

#include "dyno-shape-private.h"

#define DECIMALS 6

static void
write_cells (DynoJsonWriter *w,
             const char     *name,
             const double    cells[DYNO_LEGACY_CELLS])
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint r = 0; r < DYNO_LEGACY_ROWS; r++)
    {
      dyno_json_writer_begin_array (w);
      for (guint c = 0; c < DYNO_LEGACY_COLUMNS; c++)
        dyno_json_writer_rounded (w, cells[r * DYNO_LEGACY_COLUMNS + c], DECIMALS);
      dyno_json_writer_end_array (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_cylinder (DynoJsonWriter           *w,
                const char               *name,
                const DynoLegacyCylinder *cylinder)
{
  double hits[DYNO_LEGACY_CELLS];

  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    hits[i] = cylinder->hits[i];
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_object (w);
  write_cells (w, "afr_error_pct", cylinder->error_pct);
  write_cells (w, "hits", hits);
  write_cells (w, "spark_deg", cylinder->spark_deg);
  dyno_json_writer_end_object (w);
}

static void
write_rejected (DynoJsonWriter         *w,
                const DynoLegacyResult *result)
{
  dyno_json_writer_name (w, "rejected");
  dyno_json_writer_begin_object (w);
  for (guint i = DYNO_GATE_ACCEPTED + 1; i < DYNO_N_GATES; i++)
    {
      guint64 n = result->cylinders[DYNO_LEGACY_FRONT].counts[i]
                  + result->cylinders[DYNO_LEGACY_REAR].counts[i];

      if (n > 0)
        dyno_json_writer_add_integer (w, dyno_gate_name ((DynoGate) i), (gint64) n);
    }
  dyno_json_writer_end_object (w);
}

void
dyno_shape_legacy (DynoJsonWriter          *w,
                   const DynoLegacyAnalyse *self)
{
  DynoGridShape shape;

  dyno_grid_shape_named (&shape, "11x5");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "applicable", FALSE);
  dyno_json_writer_add_string (w, "notice", DYNO_LEGACY_BANNER);
  dyno_json_writer_add_string (w, "fingerprint", self->fingerprint);
  dyno_json_writer_add_string (w, "math_version",
                               dyno_math_version_name (DYNO_MATH_LEGACY_CLI_1_2));
  dyno_json_writer_name (w, "options");
  dyno_json_writer_raw (w, self->options);
  dyno_shape_add_grid (w, &shape);
  write_cells (w, "correction", self->result->delta_pct);
  write_cylinder (w, "front", &self->result->cylinders[DYNO_LEGACY_FRONT]);
  write_cylinder (w, "rear", &self->result->cylinders[DYNO_LEGACY_REAR]);
  dyno_json_writer_add_integer (w, "rows", (gint64) self->result->n_rows);
  write_rejected (w, self->result);
  dyno_shape_add_files (w, self->files);
  dyno_json_writer_end_object (w);
}
