/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-plan.h"

#include "dyno-clock.h"
#include "dyno-shape-private.h"

#define DECIMALS 3

static void
write_range (DynoJsonWriter *w,
             const char     *name,
             const double    range[2])
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  dyno_json_writer_rounded (w, range[0], DECIMALS);
  dyno_json_writer_rounded (w, range[1], DECIMALS);
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

/* Coverage, its cells as rows of engine speed */

typedef void (*CellWriter) (DynoJsonWriter         *w,
                            const DynoCoverageCell *cell);

static void
write_hits (DynoJsonWriter         *w,
            const DynoCoverageCell *cell)
{
  dyno_json_writer_integer (w, cell->hits);
}

static void
write_last_seen (DynoJsonWriter         *w,
                 const DynoCoverageCell *cell)
{
  g_autofree char *text = cell->seen_ms > 0 ? dyno_clock_format_utc (cell->seen_ms * 1000) : NULL;

  dyno_json_writer_string (w, text);
}

static void
write_cells (DynoJsonWriter        *w,
             const char            *name,
             const DynoPlannerView *view,
             CellWriter             write)
{
  guint columns = view->coverage->shape.load.n;

  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < view->summary->n_cells; i++)
    {
      if (i % columns == 0)
        dyno_json_writer_begin_array (w);
      write (w, &view->summary->cells[i]);
      if (i % columns == columns - 1)
        dyno_json_writer_end_array (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_coverage (DynoJsonWriter        *w,
                const DynoPlannerView *view)
{
  const DynoCoverageSummary *summary = view->summary;
  const char grade[] = { summary->grade, '\0' };

  dyno_json_writer_name (w, "coverage");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "cells", summary->n_cells);
  dyno_json_writer_add_integer (w, "covered", summary->n_covered);
  dyno_json_writer_add_integer (w, "weak", summary->n_weak);
  dyno_json_writer_add_rounded (w, "pct", summary->pct, DECIMALS);
  dyno_json_writer_add_string (w, "grade", grade);
  dyno_json_writer_add_integer (w, "runs", view->coverage->runs->len);
  dyno_json_writer_add_integer (w, "runs_on_other_axes", view->n_other_axes);
  write_axis (w, "rpm", &view->coverage->shape.rpm);
  write_axis (w, "map_kpa", &view->coverage->shape.load);
  write_cells (w, "hits", view, write_hits);
  write_cells (w, "last_seen", view, write_last_seen);
  dyno_json_writer_end_object (w);
}

/* Gaps and steps */

static void
write_gaps (DynoJsonWriter *w,
            const GArray   *gaps)
{
  dyno_json_writer_name (w, "gaps");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < gaps->len; i++)
    {
      const DynoPlanGap *gap = &g_array_index (gaps, DynoPlanGap, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "name", gap->name);
      write_range (w, "rpm_range", gap->rpm);
      write_range (w, "map_range", gap->map_kpa);
      dyno_json_writer_add_integer (w, "empty_cells", gap->n_empty);
      dyno_json_writer_add_integer (w, "total_cells", gap->n_cells);
      dyno_json_writer_add_string (w, "impact", dyno_impact_name (gap->impact));
      dyno_json_writer_add_string (w, "type", dyno_gap_type_name (gap->type));
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
write_channels (DynoJsonWriter    *w,
                const char *const *channels)
{
  dyno_json_writer_name (w, "required_channels");
  dyno_json_writer_begin_array (w);
  for (; *channels != NULL; channels++)
    dyno_json_writer_string (w, *channels);
  dyno_json_writer_end_array (w);
}

static void
write_null (DynoJsonWriter *w,
            const char     *name)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_null (w);
}

/* Where the step leads; null for anywhere. */
static void
write_box (DynoJsonWriter     *w,
           const DynoPlanStep *step)
{
  const double gears[] = { step->gears[0], step->gears[1] };

  if (step->has_box)
    {
      write_range (w, "rpm_range", step->rpm);
      write_range (w, "map_range", step->map_kpa);
    }
  else
    {
      write_null (w, "rpm_range");
      write_null (w, "map_range");
    }
  if (step->gears[0] > 0)
    write_range (w, "gears", gears);
  else
    write_null (w, "gears");
}

static void
write_step (DynoJsonWriter     *w,
            const DynoPlanStep *step)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", step->name);
  dyno_json_writer_add_string (w, "goal", step->goal);
  dyno_json_writer_add_string (w, "how", step->how);
  write_box (w, step);
  dyno_json_writer_add_string (w, "test_type", dyno_plan_test_name (step->type));
  write_channels (w, step->channels);
  dyno_json_writer_add_string (w, "success_criteria", step->success);
  dyno_shape_add_text (w, "risk_notes", step->risk);
  dyno_json_writer_add_integer (w, "priority", step->priority);
  dyno_json_writer_add_integer (w, "pulls", step->n_pulls);
  dyno_json_writer_add_rounded (w, "minutes", step->minutes, DECIMALS);
  dyno_json_writer_add_rounded (w, "expected_gain", step->gain_pct, DECIMALS);
  dyno_json_writer_add_rounded (w, "score", step->score, DECIMALS);
  dyno_json_writer_add_boolean (w, "is_cut", step->is_cut);
  dyno_json_writer_end_object (w);
}

static void
write_dropped (DynoJsonWriter  *w,
               const GPtrArray *dropped)
{
  dyno_json_writer_name (w, "dropped");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < dropped->len; i++)
    {
      const DynoPlanDrop *drop = g_ptr_array_index (dropped, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "name", drop->name);
      dyno_json_writer_add_string (w, "reason", drop->reason);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

void
dyno_shape_next_tests (DynoJsonWriter *w,
                       const DynoPlan *plan)
{
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < plan->steps->len; i++)
    write_step (w, g_ptr_array_index (plan->steps, i));
  dyno_json_writer_end_array (w);
}

void
dyno_shape_plan_constraints (DynoJsonWriter            *w,
                             const DynoPlanConstraints *constraints)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "min_rpm", constraints->min_rpm, DECIMALS);
  dyno_json_writer_add_rounded (w, "max_rpm", constraints->max_rpm, DECIMALS);
  dyno_json_writer_add_rounded (w, "min_map_kpa", constraints->min_map_kpa, DECIMALS);
  dyno_json_writer_add_rounded (w, "max_map_kpa", constraints->max_map_kpa, DECIMALS);
  dyno_json_writer_add_integer (w, "max_pulls", constraints->max_pulls);
  dyno_json_writer_add_string (w, "environment",
                               dyno_plan_environment_name (constraints->environment));
  dyno_json_writer_end_object (w);
}

void
dyno_shape_plan (DynoJsonWriter        *w,
                 const DynoPlannerView *view)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "vehicle_id", view->vehicle_id);
  dyno_json_writer_add_string (w, "vehicle", view->vehicle);
  write_coverage (w, view);
  write_gaps (w, view->plan->gaps);
  dyno_json_writer_name (w, "next_tests");
  dyno_shape_next_tests (w, view->plan);
  write_dropped (w, view->plan->dropped);
  dyno_json_writer_name (w, "constraints");
  dyno_shape_plan_constraints (w, &view->constraints);
  dyno_json_writer_add_boolean (w, "constraints_are_default", view->is_default);
  dyno_json_writer_end_object (w);
}
