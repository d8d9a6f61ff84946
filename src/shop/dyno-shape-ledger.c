/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-ledger.h"

#define DECIMALS 6

static void
write_cell (DynoJsonWriter     *w,
            const DynoVeResult *result,
            guint               cell)
{
  const DynoGridShape *shape = &result->set->shape;

  dyno_json_writer_name (w, "cell");
  if (cell == DYNO_NO_CELL)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_number (w, "rpm", shape->rpm.at[cell / shape->load.n]);
  dyno_json_writer_add_number (w, "map_kpa", shape->load.at[cell % shape->load.n]);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_sample (DynoJsonWriter     *w,
                   const DynoVeResult *result,
                   const DynoVeSample *sample)
{
  g_autofree char *sentence = dyno_ve_sample_sentence (result, sample);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "cylinder", dyno_ve_cylinder_name (sample->cylinder));
  dyno_json_writer_add_integer (w, "run", sample->run + 1);
  dyno_json_writer_add_integer (w, "row", (gint64) sample->row + 1);
  dyno_json_writer_add_rounded (w, "t_s", sample->time_s, DECIMALS);
  dyno_json_writer_add_rounded (w, "delay_ms", sample->delay_s * 1000, 3);
  dyno_json_writer_add_rounded (w, "rpm", sample->rpm, DECIMALS);
  dyno_json_writer_add_rounded (w, "map_kpa", sample->map_kpa, DECIMALS);
  dyno_json_writer_add_rounded (w, "afr", sample->mix_afr, DECIMALS);
  dyno_json_writer_add_rounded (w, "target_afr", sample->target_afr, DECIMALS);
  dyno_json_writer_add_string (w, "reason", dyno_gate_name (sample->reason));
  dyno_json_writer_add_string (w, "sentence", sentence);
  write_cell (w, result, sample->cell);
  dyno_json_writer_add_number (w, "factor", sample->factor);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_ledger (DynoJsonWriter       *w,
                   const DynoAnalyse    *analyse,
                   const DynoLedgerPage *page)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "total", (gint64) page->n_lines);
  dyno_json_writer_add_integer (w, "offset", (gint64) page->query.offset);
  dyno_json_writer_name (w, "samples");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < page->samples->len; i++)
    dyno_shape_sample (w, analyse->result, &g_array_index (page->samples, DynoVeSample, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
}
