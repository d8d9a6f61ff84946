/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-artefact-private.h"

#include "dyno-grid-json.h"
#include "dyno-json.h"

/* What the files are and what they were made of (analysis.md 7.2); members sorted
 * by name. */

static void
write_channels (DynoJsonWriter     *w,
                const DynoVeResult *result)
{
  const DynoSamples *samples = result->set->runs[0].samples;

  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < dyno_samples_n_columns (samples); i++)
    {
      const DynoColumn *column = dyno_samples_column (samples, i);

      if (column->channel == DYNO_CHANNEL_NONE)
        continue;
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "canonical", dyno_channel_info (column->channel)->name);
      dyno_json_writer_add_string (w, "column", column->name);
      dyno_json_writer_add_string (w, "unit", column->unit->symbol);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

void
dyno_manifest_write_inputs (DynoJsonWriter          *w,
                            const DynoManifestFacts *facts)
{
  dyno_json_writer_name (w, "input");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < facts->n_inputs; i++)
    {
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "name", facts->names[i]);
      dyno_json_writer_add_string (w, "sha256", facts->sums[i]);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

void
dyno_manifest_write_outputs (DynoJsonWriter *w,
                             GPtrArray      *artefacts)
{
  dyno_json_writer_name (w, "outputs");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < artefacts->len; i++)
    {
      const DynoArtefact *artefact = g_ptr_array_index (artefacts, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_integer (w, "bytes", (gint64) g_bytes_get_size (artefact->bytes));
      dyno_json_writer_add_integer (w, "cols", artefact->n_columns);
      dyno_json_writer_add_string (w, "name", artefact->name);
      dyno_json_writer_add_integer (w, "rows", artefact->n_rows);
      dyno_json_writer_add_string (w, "sha256", artefact->sha256);
      dyno_json_writer_add_string (w, "type", artefact->type);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static guint
count_values (const DynoVeResult *result,
              guint               cylinder)
{
  guint n = 0;

  for (guint i = 0; i < result->n_cells; i++)
    n += !isnan (result->cylinders[cylinder].cells[i].raw);

  return n;
}

static void
write_stats (DynoJsonWriter     *w,
             const DynoVeResult *result)
{
  const DynoVeCylinder *front = &result->cylinders[0];
  const DynoVeCylinder *rear = &result->cylinders[1];

  dyno_json_writer_name (w, "stats");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "accepted_front", (gint64) front->counts[DYNO_GATE_ACCEPTED]);
  dyno_json_writer_add_integer (w, "accepted_rear", (gint64) rear->counts[DYNO_GATE_ACCEPTED]);
  dyno_json_writer_add_integer (w, "cells", result->n_cells);
  dyno_json_writer_add_integer (w, "cells_with_data_front", count_values (result, 0));
  dyno_json_writer_add_integer (w, "cells_with_data_rear", count_values (result, 1));
  dyno_json_writer_name (w, "reasons");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_N_GATES; i++)
    {
      guint64 n = (front->has_sensor ? front->counts[i] : 0)
                  + (rear->has_sensor ? rear->counts[i] : 0);

      if (n > 0)
        dyno_json_writer_add_integer (w, dyno_gate_name ((DynoGate) i), (gint64) n);
    }
  dyno_json_writer_end_object (w);
  dyno_json_writer_add_integer (w, "rows", (gint64) result->n_rows);
  dyno_json_writer_end_object (w);
}

static void
write_words (DynoJsonWriter *w,
             const char     *name,
             GPtrArray      *notes)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < notes->len; i++)
    dyno_json_writer_string (w, ((const DynoNote *) g_ptr_array_index (notes, i))->text);
  dyno_json_writer_end_array (w);
}

static void
write_gates (DynoJsonWriter     *w,
             const DynoVeResult *result)
{
  dyno_json_writer_name (w, "gates_unavailable");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < DYNO_N_GATES; i++)
    {
      if ((result->gates_unavailable >> i & 1) != 0)
        dyno_json_writer_string (w, dyno_gate_name ((DynoGate) i));
    }
  dyno_json_writer_end_array (w);
}

void
dyno_manifest_write_base (DynoJsonWriter *w,
                          const char     *sha256,
                          const char *const *sums)
{
  dyno_json_writer_name (w, "base_table");
  if (sha256 == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "sha256", sha256);
  if (sums != NULL)
    {
      dyno_json_writer_name (w, "tables");
      dyno_json_writer_begin_array (w);
      for (guint i = 0; sums[i] != NULL; i++)
        dyno_json_writer_string (w, sums[i]);
      dyno_json_writer_end_array (w);
    }
  dyno_json_writer_end_object (w);
}

static void
write_power (DynoJsonWriter      *w,
             const DynoPullPower *power)
{
  const DynoPower *figures = power != NULL ? power->power : NULL;

  dyno_json_writer_name (w, "power");
  if (figures == NULL || figures->curve->n == 0)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "factor", figures->correction.factor, 6);
  dyno_json_writer_add_rounded (w, "peak_power_kw", figures->peak_power.value, 4);
  dyno_json_writer_add_rounded (w, "peak_torque_nm", figures->peak_torque.value, 4);
  dyno_json_writer_add_string (w, "standard",
                               dyno_standard_info (figures->correction.standard)->id);
  dyno_json_writer_end_object (w);
}

DynoArtefact *
dyno_manifest_finish (DynoJsonWriter *w)
{
  g_autofree char *json = NULL;
  GString *text;

  dyno_json_writer_end_object (w);
  json = dyno_json_writer_finish (w);
  text = g_string_new (json);
  g_string_append_c (text, '\n');

  return dyno_artefact_new (g_strdup ("manifest.json"), "json", 0, 0, text);
}

DynoArtefact *
dyno_artefact_make_manifest (const DynoVeResult      *result,
                             const DynoPullPower     *power,
                             GPtrArray               *artefacts,
                             const DynoManifestFacts *facts)
{
  DynoJsonWriter *w = dyno_json_writer_new (TRUE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "applicable", TRUE);
  write_words (w, "assumptions", result->assumptions);
  dyno_manifest_write_base (w, facts->base_sha256, facts->base_sums);
  write_channels (w, result);
  dyno_json_writer_add_string (w, "fingerprint", facts->fingerprint);
  write_gates (w, result);
  dyno_json_writer_name (w, "grid");
  dyno_grid_shape_write (&result->set->shape, w);
  dyno_manifest_write_inputs (w, facts);
  dyno_json_writer_add_string (w, "math_version", facts->math_version);
  dyno_json_writer_name (w, "options");
  dyno_json_writer_raw (w, result->options);
  dyno_manifest_write_outputs (w, artefacts);
  write_power (w, power);
  dyno_json_writer_add_string (w, "profile", "default");
  dyno_json_writer_add_boolean (w, "required_channels_present", TRUE);
  dyno_json_writer_add_string (w, "schema", "org.dynoai.analysis/1");
  write_stats (w, result);
  dyno_json_writer_add_string (w, "tool_version", DYNO_VERSION);
  write_words (w, "warnings", result->warnings);

  return dyno_manifest_finish (w);
}
