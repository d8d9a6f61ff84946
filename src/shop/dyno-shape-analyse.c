/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-private.h"
#include "dyno-shape-advice.h"
#include "dyno-shape-analyse.h"
#include "dyno-shape-plan.h"
#include "dyno-shape-spark.h"

#include <math.h>

/* A VE analysis; part of dyno-shape.h. */

#define DECIMALS 6 /* what libm may differ in between two processors lies behind these */

static const char *const sides[DYNO_VE_CYLINDERS] = { "front", "rear" };

static void
write_strings (DynoJsonWriter    *w,
               const char        *name,
               const char *const *texts)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (; texts != NULL && *texts != NULL; texts++)
    dyno_json_writer_string (w, *texts);
  dyno_json_writer_end_array (w);
}

static void
write_axis (DynoJsonWriter *w,
            const char     *name,
            const DynoAxis *axis)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < axis->n; i++)
    dyno_json_writer_rounded (w, axis->at[i], DECIMALS);
  dyno_json_writer_end_array (w);
}

void
dyno_shape_add_grid (DynoJsonWriter      *w,
                     const DynoGridShape *shape)
{
  dyno_json_writer_name (w, "grid");
  dyno_json_writer_begin_object (w);
  write_axis (w, "rpm", &shape->rpm);
  write_axis (w, "map_kpa", &shape->load);
  dyno_json_writer_end_object (w);
}

/* Cells, as rows of engine speed */

typedef void (*CellWriter) (DynoJsonWriter   *w,
                            const DynoVeCell *cell);

static void
write_limited (DynoJsonWriter   *w,
               const DynoVeCell *cell)
{
  dyno_json_writer_rounded (w, cell->limited, DECIMALS);
}

static void
write_raw (DynoJsonWriter   *w,
           const DynoVeCell *cell)
{
  dyno_json_writer_rounded (w, cell->raw, DECIMALS);
}

static void
write_smoothed (DynoJsonWriter   *w,
                const DynoVeCell *cell)
{
  dyno_json_writer_rounded (w, cell->smoothed, DECIMALS);
}

static void
write_error (DynoJsonWriter   *w,
             const DynoVeCell *cell)
{
  dyno_json_writer_rounded (w, cell->se, DECIMALS);
}

static void
write_hits (DynoJsonWriter   *w,
            const DynoVeCell *cell)
{
  dyno_json_writer_integer (w, cell->hits);
}

static void
write_mix_error (DynoJsonWriter   *w,
                 const DynoVeCell *cell)
{
  dyno_json_writer_rounded (w, cell->mean_mix - cell->mean_target, DECIMALS);
}

/* How sure one is of nothing is no word. */
static void
write_confidence (DynoJsonWriter   *w,
                  const DynoVeCell *cell)
{
  dyno_json_writer_string (w, cell->hits > 0 ? dyno_confidence_name (cell->confidence) : NULL);
}

static void
write_zone (DynoJsonWriter   *w,
            const DynoVeCell *cell)
{
  dyno_json_writer_string (w, dyno_zone_name (cell->zone));
}

static void
write_reason (DynoJsonWriter   *w,
              const DynoVeCell *cell)
{
  dyno_json_writer_string (w, dyno_cell_reason_name (cell->reason));
}

static void
write_cells (DynoJsonWriter      *w,
             const char          *name,
             const DynoGridShape *shape,
             const DynoVeCell    *cells,
             CellWriter           write)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint r = 0; r < shape->rpm.n; r++)
    {
      dyno_json_writer_begin_array (w);
      for (guint c = 0; c < shape->load.n; c++)
        write (w, &cells[r * shape->load.n + c]);
      dyno_json_writer_end_array (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_cylinder (DynoJsonWriter       *w,
                const char           *name,
                const DynoGridShape  *shape,
                const DynoVeCylinder *cylinder)
{
  static const struct
  {
    const char *name;
    CellWriter  write;
  } grids[] = {
    { "correction", write_limited },      { "hits", write_hits },
    { "afr_error", write_mix_error },     { "confidence", write_confidence },
    { "zone", write_zone },               { "raw", write_raw },
    { "smoothed", write_smoothed },       { "standard_error", write_error },
    { "cell_reason", write_reason },
  };

  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < G_N_ELEMENTS (grids); i++)
    write_cells (w, grids[i].name, shape, cylinder->cells, grids[i].write);
  dyno_json_writer_add_boolean (w, "has_sensor", cylinder->has_sensor);
  dyno_json_writer_add_integer (w, "accepted", (gint64) cylinder->counts[DYNO_GATE_ACCEPTED]);
  dyno_json_writer_end_object (w);
}

static void
write_combined (DynoJsonWriter     *w,
                const DynoVeResult *result)
{
  const DynoGridShape *shape = &result->set->shape;

  dyno_json_writer_name (w, "combined");
  dyno_json_writer_begin_array (w);
  for (guint r = 0; r < shape->rpm.n; r++)
    {
      dyno_json_writer_begin_array (w);
      for (guint c = 0; c < shape->load.n; c++)
        dyno_json_writer_rounded (w, result->combined[r * shape->load.n + c], DECIMALS);
      dyno_json_writer_end_array (w);
    }
  dyno_json_writer_end_array (w);
}

/* Rows */

/* Of both sensors: a row counts once for each. */
static void
write_rejected (DynoJsonWriter     *w,
                const DynoVeResult *result)
{
  dyno_json_writer_name (w, "rejected");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_N_GATES; i++)
    {
      guint64 n = 0;

      for (guint k = 0; k < DYNO_VE_CYLINDERS; k++)
        n += result->cylinders[k].has_sensor ? result->cylinders[k].counts[i] : 0;
      if (n > 0 && i != DYNO_GATE_ACCEPTED)
        dyno_json_writer_add_integer (w, dyno_gate_name ((DynoGate) i), (gint64) n);
    }
  dyno_json_writer_end_object (w);
}

static void
write_blind_gates (DynoJsonWriter     *w,
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

/* The way of the mixture to its sensor */

static void
write_bin (DynoJsonWriter     *w,
           const DynoDelayBin *bin)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "flow_low", bin->flow_low, DECIMALS);
  dyno_json_writer_add_rounded (w, "flow_high", bin->flow_high, DECIMALS);
  dyno_json_writer_add_rounded (w, "tau", bin->tau_ms, DECIMALS);
  dyno_json_writer_add_rounded (w, "half_width", bin->half_width_ms, DECIMALS);
  dyno_json_writer_add_rounded (w, "r", bin->r, DECIMALS);
  dyno_json_writer_add_rounded (w, "r_zero", bin->r_zero, DECIMALS);
  dyno_json_writer_add_rounded (w, "variance", bin->variance, 9);
  dyno_json_writer_add_rounded (w, "variance_zero", bin->variance_zero, 9);
  dyno_json_writer_add_string (w, "verdict", dyno_delay_verdict_name (bin->verdict));
  dyno_json_writer_end_object (w);
}

static void
write_delay (DynoJsonWriter       *w,
             const char           *name,
             const DynoVeCylinder *cylinder)
{
  const DynoDelay *delay = &cylinder->delay;

  dyno_json_writer_name (w, name);
  if (!cylinder->has_sensor)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "mode", dyno_delay_mode_name (delay->mode));
  dyno_json_writer_add_rounded (w, "fixed",
                                delay->mode == DYNO_DELAY_FIXED ? delay->fixed_s * 1000 : NAN,
                                DECIMALS);
  dyno_json_writer_name (w, "bins");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < delay->n_bins; i++)
    write_bin (w, &delay->bins[i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}

static void
write_delays (DynoJsonWriter     *w,
              const DynoVeResult *result)
{
  dyno_json_writer_name (w, "delay_ms");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    write_delay (w, sides[i], &result->cylinders[i]);
  dyno_json_writer_end_object (w);
}

static void
write_balance (DynoJsonWriter     *w,
               const DynoVeResult *result)
{
  const DynoVeBalance *balance = &result->balance;

  dyno_json_writer_name (w, "balance");
  if (balance->bias == DYNO_BIAS_UNKNOWN)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "bias", dyno_bias_name (balance->bias));
  dyno_json_writer_add_rounded (w, "mean_pct", balance->mean_pct, DECIMALS);
  dyno_json_writer_add_rounded (w, "worst_pct", balance->worst_pct, DECIMALS);
  dyno_json_writer_add_integer (w, "cells", balance->n_cells);
  dyno_json_writer_end_object (w);
}

static void
write_notes (DynoJsonWriter *w,
             const char     *name,
             GPtrArray      *notes)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < notes->len; i++)
    {
      const DynoNote *note = g_ptr_array_index (notes, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "code", note->code);
      dyno_json_writer_add_string (w, "text", note->text);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

void
dyno_shape_add_files (DynoJsonWriter *w,
                      GPtrArray      *files)
{
  dyno_json_writer_name (w, "files");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < files->len; i++)
    {
      const DynoArtefact *file = g_ptr_array_index (files, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "name", file->name);
      dyno_json_writer_add_string (w, "sha256", file->sha256);
      dyno_json_writer_add_integer (w, "bytes", (gint64) file->size);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_counsel (DynoJsonWriter      *w,
               const DynoGridShape *shape,
               const DynoCounsel   *counsel)
{
  g_autoptr(GPtrArray) all = dyno_counsel_list (counsel);

  dyno_json_writer_name (w, "anomalies");
  dyno_shape_findings (w, shape, dyno_advices_find (counsel->advices, "anomalies"));
  dyno_json_writer_name (w, "confidence");
  dyno_shape_confidence (w, shape, &counsel->advices->confidence);
  dyno_json_writer_name (w, "advice");
  dyno_shape_advice (w, shape, all);
  dyno_json_writer_name (w, "next_tests");
  dyno_shape_next_tests (w, counsel->outlook->plan);
  dyno_json_writer_name (w, "spark");
  dyno_shape_spark (w, shape, counsel->spark);
}

void
dyno_shape_analyse_members (DynoJsonWriter    *w,
                            const DynoAnalyse *self,
                            GPtrArray         *files)
{
  const DynoVeResult *result = self->result;

  dyno_json_writer_add_string (w, "id", self->id);
  write_strings (w, "run_ids", (const char *const *) self->run_ids);
  dyno_json_writer_add_string (w, "fingerprint", self->fingerprint);
  dyno_json_writer_add_string (w, "math_version", self->math_version);
  dyno_json_writer_add_string (w, "base_sha256", self->base_sha256);
  dyno_json_writer_name (w, "options");
  dyno_json_writer_raw (w, result->options);
  dyno_shape_add_grid (w, &result->set->shape);
  for (guint i = 0; i < DYNO_VE_CYLINDERS; i++)
    write_cylinder (w, sides[i], &result->set->shape, &result->cylinders[i]);
  write_combined (w, result);
  dyno_json_writer_add_integer (w, "rows", (gint64) result->n_rows);
  write_rejected (w, result);
  write_blind_gates (w, result);
  write_delays (w, result);
  write_balance (w, result);
  write_counsel (w, &result->set->shape, self->counsel);
  write_notes (w, "assumptions", result->assumptions);
  write_notes (w, "warnings", result->warnings);
  dyno_shape_add_files (w, files);
}

void
dyno_shape_analyse (DynoJsonWriter    *w,
                    const DynoAnalyse *self)
{
  dyno_json_writer_begin_object (w);
  dyno_shape_analyse_members (w, self, self->files);
  dyno_json_writer_end_object (w);
}
