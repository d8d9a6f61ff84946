/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-private.h"

/* How a cell of a VE analysis came to its number; part of dyno-shape.h. */

#define DECIMALS 6

static void
write_rejected (DynoJsonWriter    *w,
                const DynoVeStory *story)
{
  dyno_json_writer_name (w, "rejected");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_N_GATES; i++)
    {
      if (i != DYNO_GATE_ACCEPTED && story->counts[i] > 0)
        dyno_json_writer_add_integer (w, dyno_gate_name ((DynoGate) i), (gint64) story->counts[i]);
    }
  dyno_json_writer_end_object (w);
}

static void
write_cell (DynoJsonWriter    *w,
            const DynoVeStory *story)
{
  const DynoVeCell *cell = &story->value;

  dyno_json_writer_add_integer (w, "hits", cell->hits);
  dyno_json_writer_add_rounded (w, "factor", cell->factor, DECIMALS);
  dyno_json_writer_add_rounded (w, "raw", cell->raw, DECIMALS);
  dyno_json_writer_add_rounded (w, "smoothed", cell->smoothed, DECIMALS);
  dyno_json_writer_add_rounded (w, "correction", cell->limited, DECIMALS);
  dyno_json_writer_add_rounded (w, "limit", cell->limit, DECIMALS);
  dyno_json_writer_add_rounded (w, "standard_error", cell->se, DECIMALS);
  dyno_json_writer_add_rounded (w, "spread", cell->spread, DECIMALS);
  dyno_json_writer_add_rounded (w, "mean_afr", cell->mean_mix, DECIMALS);
  dyno_json_writer_add_rounded (w, "mean_target", cell->mean_target, DECIMALS);
  dyno_json_writer_add_string (w, "zone", dyno_zone_name (cell->zone));
  dyno_json_writer_add_string (w, "confidence",
                               cell->hits > 0 ? dyno_confidence_name (cell->confidence) : NULL);
  dyno_json_writer_add_string (w, "cell_reason", dyno_cell_reason_name (cell->reason));
}

static void
write_sample (DynoJsonWriter      *w,
              DynoVeResult        *result,
              const DynoVeSamples *samples,
              gsize                i)
{
  gsize row;
  guint run = dyno_ve_result_run_of (result, samples->rows[i], &row);
  DynoSamples *source = result->set->runs[run].samples;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "run", run + 1);
  dyno_json_writer_add_integer (w, "row", (gint64) row + 1);
  dyno_json_writer_add_rounded (w, "t_s", dyno_samples_time (source)[row], DECIMALS);
  dyno_json_writer_add_rounded (w, "rpm", samples->rpm[i], DECIMALS);
  dyno_json_writer_add_rounded (w, "map_kpa", samples->map[i], DECIMALS);
  dyno_json_writer_add_number (w, "weight", samples->weights[i]);
  dyno_json_writer_add_number (w, "factor", samples->factors[i]);
  dyno_json_writer_end_object (w);
}

static void
write_samples (DynoJsonWriter    *w,
               DynoVeResult      *result,
               const DynoVeStory *story)
{
  g_autoptr(DynoVeSamples) samples
    = dyno_ve_result_cell_samples (result, story->cylinder, story->cell);

  dyno_json_writer_name (w, "samples");
  dyno_json_writer_begin_array (w);
  for (gsize i = 0; i < samples->n; i++)
    write_sample (w, result, samples, i);
  dyno_json_writer_end_array (w);
}

void
dyno_shape_story (DynoJsonWriter    *w,
                  DynoVeResult      *result,
                  const DynoVeStory *story)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "cylinder", story->cylinder == 0 ? "front" : "rear");
  dyno_json_writer_add_rounded (w, "rpm", story->rpm, DECIMALS);
  dyno_json_writer_add_rounded (w, "map_kpa", story->map, DECIMALS);
  dyno_json_writer_add_integer (w, "seen", (gint64) story->seen);
  write_cell (w, story);
  dyno_json_writer_add_string (w, "sentence", story->sentence);
  write_rejected (w, story);
  write_samples (w, result, story);
  dyno_json_writer_end_object (w);
}
