/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-advice.h"

#include <stdlib.h>
#include <string.h>

#define DECIMALS 6

static void
write_cell (DynoJsonWriter      *w,
            const DynoGridShape *shape,
            guint                cell)
{
  dyno_json_writer_add_rounded (w, "map_kpa", shape->load.at[cell % shape->load.n], DECIMALS);
  dyno_json_writer_add_rounded (w, "rpm", shape->rpm.at[cell / shape->load.n], DECIMALS);
}

static void
write_cells (DynoJsonWriter      *w,
             const DynoGridShape *shape,
             const GArray        *cells)
{
  dyno_json_writer_name (w, "cells");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < cells->len; i++)
    {
      dyno_json_writer_begin_object (w);
      write_cell (w, shape, g_array_index (cells, guint, i));
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static int
compare_names (const void *a,
               const void *b)
{
  const DynoFindingNumber *const *x = a;
  const DynoFindingNumber *const *y = b;

  return strcmp ((*x)->name, (*y)->name);
}

static void
write_numbers (DynoJsonWriter *w,
               const GArray   *numbers)
{
  g_autofree const DynoFindingNumber **sorted = g_new (const DynoFindingNumber *, numbers->len + 1);

  for (guint i = 0; i < numbers->len; i++)
    sorted[i] = &g_array_index (numbers, DynoFindingNumber, i);
  if (numbers->len > 1)
    qsort (sorted, numbers->len, sizeof *sorted, compare_names);

  dyno_json_writer_name (w, "numbers");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < numbers->len; i++)
    dyno_json_writer_add_rounded (w, sorted[i]->name, sorted[i]->value, DECIMALS);
  dyno_json_writer_end_object (w);
}

static void
write_samples (DynoJsonWriter *w,
               const GArray   *samples)
{
  dyno_json_writer_name (w, "samples");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < samples->len; i++)
    {
      const DynoRowRange *range = &g_array_index (samples, DynoRowRange, i);

      dyno_json_writer_begin_array (w);
      dyno_json_writer_integer (w, (gint64) range->first);
      dyno_json_writer_integer (w, (gint64) range->last);
      dyno_json_writer_end_array (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_texts (DynoJsonWriter  *w,
             const char      *name,
             const GPtrArray *texts)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < texts->len; i++)
    dyno_json_writer_string (w, g_ptr_array_index (texts, i));
  dyno_json_writer_end_array (w);
}

static void
write_finding (DynoJsonWriter      *w,
               const DynoGridShape *shape,
               const DynoFinding   *finding)
{
  dyno_json_writer_begin_object (w);
  write_cells (w, shape, finding->cells);
  dyno_json_writer_add_string (w, "evidence", dyno_evidence_name (finding->evidence));
  dyno_json_writer_add_string (w, "kind", finding->kind);
  write_texts (w, "next_checks", finding->next_checks);
  write_numbers (w, finding->numbers);
  write_samples (w, finding->samples);
  dyno_json_writer_add_rounded (w, "score", finding->score, DECIMALS);
  dyno_json_writer_add_string (w, "text", finding->text);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_findings (DynoJsonWriter      *w,
                     const DynoGridShape *shape,
                     const DynoAdvice    *advice)
{
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < advice->findings->len; i++)
    write_finding (w, shape, g_ptr_array_index (advice->findings, i));
  dyno_json_writer_end_array (w);
}

void
dyno_shape_advice (DynoJsonWriter      *w,
                   const DynoGridShape *shape,
                   GPtrArray           *advice)
{
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < advice->len; i++)
    {
      const DynoAdvice *one = g_ptr_array_index (advice, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "adviser", one->adviser);
      dyno_json_writer_add_boolean (w, "available", dyno_advice_is_available (one));
      dyno_json_writer_name (w, "findings");
      dyno_shape_findings (w, shape, one);
      write_texts (w, "missing", one->missing);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

/* Confidence. */

static void
write_gains (DynoJsonWriter             *w,
             const DynoGridShape        *shape,
             const DynoConfidenceReport *report)
{
  dyno_json_writer_name (w, "gains");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < report->n_gains; i++)
    {
      const DynoConfidenceGain *gain = &report->gains[i];

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_rounded (w, "gain", gain->gain, DECIMALS);
      dyno_json_writer_add_integer (w, "hits", gain->hits);
      write_cell (w, shape, gain->cell);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

/* Sorted by name, as they are declared in another order. */
static void
write_parts (DynoJsonWriter             *w,
             const DynoConfidenceReport *report)
{
  static const DynoConfidencePart order[DYNO_N_CONFIDENCE_PARTS] = {
    DYNO_CONFIDENCE_PART_ANOMALIES, DYNO_CONFIDENCE_PART_CLAMPING,
    DYNO_CONFIDENCE_PART_CONSISTENCY, DYNO_CONFIDENCE_PART_COVERAGE,
  };

  dyno_json_writer_name (w, "parts");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_N_CONFIDENCE_PARTS; i++)
    dyno_json_writer_add_rounded (w, dyno_confidence_part_name (order[i]), report->parts[order[i]],
                                  DECIMALS);
  dyno_json_writer_end_object (w);
}

static void
write_regions (DynoJsonWriter             *w,
               const DynoConfidenceReport *report)
{
  static const DynoConfidenceRegionId order[DYNO_N_CONFIDENCE_REGIONS] = {
    DYNO_CONFIDENCE_REGION_CRUISE, DYNO_CONFIDENCE_REGION_IDLE, DYNO_CONFIDENCE_REGION_WOT,
  };

  dyno_json_writer_name (w, "regions");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < DYNO_N_CONFIDENCE_REGIONS; i++)
    {
      const DynoConfidenceRegion *region = &report->regions[order[i]];

      dyno_json_writer_name (w, dyno_confidence_region_name (order[i]));
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_integer (w, "cells", region->n_cells);
      dyno_json_writer_add_integer (w, "covered", region->n_covered);
      dyno_json_writer_add_rounded (w, "covered_pct", region->covered_pct, DECIMALS);
      dyno_json_writer_add_rounded (w, "mean_mad", region->mean_mad, DECIMALS);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_object (w);
}

void
dyno_shape_confidence (DynoJsonWriter             *w,
                       const DynoGridShape        *shape,
                       const DynoConfidenceReport *report)
{
  const char grade[] = { report->grade, '\0' };

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "anomalies", report->n_anomalies);
  dyno_json_writer_add_rounded (w, "clamped_pct", report->clamped_pct, DECIMALS);
  dyno_json_writer_add_rounded (w, "covered_pct", report->covered_pct, DECIMALS);
  write_gains (w, shape, report);
  dyno_json_writer_add_integer (w, "gates_unavailable", report->n_gates_unavailable);
  dyno_json_writer_add_string (w, "grade", grade);
  dyno_json_writer_add_rounded (w, "mean_mad", report->mean_mad, DECIMALS);
  dyno_json_writer_add_rounded (w, "overall", report->overall, DECIMALS);
  write_parts (w, report);
  write_regions (w, report);
  dyno_json_writer_end_object (w);
}
