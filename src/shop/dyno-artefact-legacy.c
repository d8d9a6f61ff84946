/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-artefact-legacy.h"

#include <math.h>

#include "dyno-analyse-legacy.h"
#include "dyno-artefact-private.h"
#include "dyno-grid-json.h"
#include "dyno-legacy-files.h"
#include "dyno-legacy-log.h"

static const char *const sides[DYNO_LEGACY_CYLINDERS] = { "front", "rear" };

static guint
count_cells (const double cells[DYNO_LEGACY_CELLS])
{
  guint n = 0;

  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    n += !isnan (cells[i]);

  return n;
}

/* The report in words */

static void
append_cylinder (GString                  *text,
                 const DynoLegacyCylinder *cylinder,
                 const char               *name)
{
  g_string_append_printf (text, "\n%s: %u of %d cells with data\n", name,
                          count_cells (cylinder->error_pct), DYNO_LEGACY_CELLS);
  for (guint i = 0; i < DYNO_N_GATES; i++)
    {
      if (cylinder->counts[i] > 0)
        g_string_append_printf (text, "  %-22s %10" G_GUINT64_FORMAT "\n",
                                dyno_gate_name ((DynoGate) i), cylinder->counts[i]);
    }
}

static DynoArtefact *
make_report (const DynoLegacyResult *result)
{
  GString *text = g_string_new (DYNO_LEGACY_BANNER "\n\n");

  g_string_append_printf (text,
                          "mathematics %s, %" G_GSIZE_FORMAT " rows\n"
                          "The sign of these corrections is wrong: they take fuel from a lean "
                          "engine.\nThey cannot be applied to a table.\n",
                          dyno_math_version_name (DYNO_MATH_LEGACY_CLI_1_2), result->n_rows);
  for (guint i = 0; i < DYNO_LEGACY_CYLINDERS; i++)
    append_cylinder (text, &result->cylinders[i], sides[i]);

  return dyno_artefact_new (g_strdup ("report.txt"), "text", 0, 0, text);
}

GPtrArray *
dyno_artefacts_make_legacy (const DynoLegacyResult *result)
{
  GPtrArray *artefacts = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_artefact_free);
  g_autoptr(GPtrArray) files = dyno_legacy_files (result);

  for (guint i = 0; i < files->len; i++)
    {
      DynoLegacyFile *file = files->pdata[i];

      g_ptr_array_add (artefacts,
                       dyno_artefact_new (g_strdup (file->name), file->is_csv ? "csv" : "text",
                                          DYNO_LEGACY_ROWS,
                                          DYNO_LEGACY_COLUMNS + (file->is_csv ? 1 : 0),
                                          g_steal_pointer (&file->text)));
    }
  g_ptr_array_add (artefacts, make_report (result));
  dyno_artefacts_sort (artefacts);

  return artefacts;
}

/* The manifest */

static void
write_stats (DynoJsonWriter         *w,
             const DynoLegacyResult *result)
{
  const DynoLegacyCylinder *front = &result->cylinders[DYNO_LEGACY_FRONT];
  const DynoLegacyCylinder *rear = &result->cylinders[DYNO_LEGACY_REAR];

  dyno_json_writer_name (w, "stats");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "accepted_front", (gint64) front->counts[DYNO_GATE_ACCEPTED]);
  dyno_json_writer_add_integer (w, "accepted_rear", (gint64) rear->counts[DYNO_GATE_ACCEPTED]);
  dyno_json_writer_add_integer (w, "cells", DYNO_LEGACY_CELLS);
  dyno_json_writer_add_integer (w, "cells_with_data_front", count_cells (front->error_pct));
  dyno_json_writer_add_integer (w, "cells_with_data_rear", count_cells (rear->error_pct));
  dyno_json_writer_name (w, "reasons");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_N_GATES; i++)
    {
      if (front->counts[i] + rear->counts[i] > 0)
        dyno_json_writer_add_integer (w, dyno_gate_name ((DynoGate) i),
                                      (gint64) (front->counts[i] + rear->counts[i]));
    }
  dyno_json_writer_end_object (w);
  dyno_json_writer_add_integer (w, "rows", (gint64) result->n_rows);
  dyno_json_writer_end_object (w);
}

static void
write_warning (DynoJsonWriter *w)
{
  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_string (w, dyno_math_version_warning (DYNO_MATH_LEGACY_CLI_1_2));
  dyno_json_writer_end_array (w);
}

/* The columns by role. That engine knows no units, and takes every row for new. */
static void
write_channels (DynoJsonWriter *w,
                GBytes         *log)
{
  static const char *const channels[DYNO_LEGACY_N_ROLES]
    = { "rpm",   "map",     "torque",  "power", "target_f", "target_r",
        "mix_f", "mix_r",   "knock_f", "knock_r", "iat",    "tps" };
  gsize length;
  const char *text = g_bytes_get_data (log, &length);

  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  for (guint role = 0; role < DYNO_LEGACY_N_ROLES; role++)
    {
      g_autofree char *column = dyno_legacy_log_column (text, length, (DynoLegacyRole) role);

      if (column == NULL)
        continue;
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "canonical", channels[role]);
      dyno_json_writer_add_string (w, "column", column);
      dyno_json_writer_add_string (w, "unit", NULL);
      dyno_json_writer_name (w, "updates");
      dyno_json_writer_null (w);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

DynoArtefact *
dyno_artefact_make_legacy_manifest (const DynoLegacyResult  *result,
                                    const char              *options,
                                    GBytes                  *log,
                                    GPtrArray               *artefacts,
                                    const DynoManifestFacts *facts)
{
  DynoJsonWriter *w = dyno_json_writer_new (TRUE);
  DynoGridShape shape;

  dyno_grid_shape_named (&shape, "11x5");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "applicable", FALSE);
  dyno_manifest_write_base (w, facts->base_sha256, facts->base_sums);
  write_channels (w, log);
  dyno_json_writer_add_string (w, "fingerprint", facts->fingerprint);
  dyno_json_writer_name (w, "gates_unavailable");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "grid");
  dyno_grid_shape_write (&shape, w);
  dyno_manifest_write_input (w, facts->inputs);
  dyno_json_writer_add_string (w, "math_version", facts->math_version);
  dyno_json_writer_name (w, "options");
  dyno_json_writer_raw (w, options);
  dyno_manifest_write_outputs (w, artefacts);
  dyno_json_writer_name (w, "power");
  dyno_json_writer_null (w);
  dyno_json_writer_add_string (w, "profile", "legacy");
  dyno_json_writer_add_boolean (w, "required_channels_present", TRUE);
  dyno_json_writer_add_string (w, "schema", "org.dynoai.analysis/1");
  write_stats (w, result);
  dyno_json_writer_add_string (w, "tool_version", DYNO_VERSION);
  write_warning (w);

  return dyno_manifest_finish (w);
}
