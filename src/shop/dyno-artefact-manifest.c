/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-artefact-private.h"

#include "dyno-grid-json.h"
#include "dyno-json.h"
#include "dyno-shape.h"

/* What the files are and what they were made of (analysis.md 7.2); members sorted
 * by name. */

/* What a reader finds in a file. */
static const char *
schema_of (const DynoArtefact *artefact)
{
  static const struct
  {
    const char *begin;
    const char *schema;
  } schemas[] = {
    { "findings", "org.dynoai.findings/1" }, { "ledger", "org.dynoai.ledger/1" },
    { "paste", "org.dynoai.paste/1" },       { "power_curve", "org.dynoai.curve/1" },
    { "report", "org.dynoai.report/1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (schemas); i++)
    {
      if (g_str_has_prefix (artefact->name, schemas[i].begin))
        return schemas[i].schema;
    }

  return g_str_equal (artefact->type, "csv") ? "org.dynoai.grid/1" : NULL;
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
      dyno_json_writer_add_integer (w, "bytes", (gint64) artefact->size);
      dyno_json_writer_add_integer (w, "cols", artefact->n_columns);
      dyno_json_writer_add_string (w, "name", artefact->name);
      dyno_json_writer_add_integer (w, "rows", (gint64) artefact->n_rows);
      dyno_json_writer_add_string (w, "schema", schema_of (artefact));
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
write_passport (DynoJsonWriter       *w,
                const DynoCorrection *correction)
{
  DynoJsonWriter *own = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  g_autoptr(DynoJson) passport = NULL;

  dyno_shape_correction (own, correction);
  text = dyno_json_writer_finish (own);
  passport = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);
  dyno_json_writer_name (w, "correction");
  dyno_manifest_write_sorted (w, passport);
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
  write_passport (w, &figures->correction);
  dyno_json_writer_add_rounded (w, "peak_power_kw", figures->peak_power.value, 4);
  dyno_json_writer_add_rounded (w, "peak_power_rpm", figures->peak_power.x, 1);
  dyno_json_writer_add_rounded (w, "peak_torque_nm", figures->peak_torque.value, 4);
  dyno_json_writer_add_rounded (w, "peak_torque_rpm", figures->peak_torque.x, 1);
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
  dyno_manifest_write_channels (w, result->set->runs[0].samples);
  dyno_json_writer_add_string (w, "fingerprint", facts->fingerprint);
  dyno_manifest_write_further_inputs (w, facts->inputs);
  write_gates (w, result);
  dyno_json_writer_name (w, "grid");
  dyno_grid_shape_write (&result->set->shape, w);
  dyno_manifest_write_input (w, facts->inputs);
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
