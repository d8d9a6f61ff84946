/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-run-view.h"

#include <math.h>

#include "dyno-shape-private.h"

static void
write_card (DynoJsonWriter       *w,
            const DynoRun        *run,
            const DynoRunVerdict *verdict)
{
  dyno_shape_add_run (w, run);
  dyno_json_writer_add_rounded (w, "coverage_pct", verdict->coverage_pct, 4);
  dyno_shape_add_text (w, "grade", verdict->grade);
  dyno_shape_add_tags (w, run->tags);
  dyno_json_writer_add_boolean (w, "starred", run->is_starred);
  dyno_json_writer_add_boolean (w, "baseline", run->is_baseline);
  dyno_shape_add_text (w, "operator", verdict->operator);
  dyno_json_writer_add_integer (w, "version", run->revision);
}

void
dyno_shape_run_card (DynoJsonWriter       *w,
                     const DynoRun        *run,
                     const DynoRunVerdict *verdict)
{
  dyno_json_writer_begin_object (w);
  write_card (w, run, verdict);
  dyno_json_writer_end_object (w);
}

/* The weather of the pull; null where nobody measured it. */
static void
write_atmosphere (DynoJsonWriter *w,
                  const DynoRun  *run)
{
  g_autoptr(DynoJson) results
    = run->results != NULL ? dyno_json_parse_limited (run->results, -1, &dyno_json_limits_own, NULL)
                           : NULL;
  const DynoJson *atmosphere = dyno_json_member (results, "atmosphere");

  dyno_json_writer_name (w, "atmosphere");
  if (dyno_json_type (dyno_json_member (atmosphere, "pressure_hpa")) == DYNO_JSON_NUMBER)
    dyno_json_writer_value (w, atmosphere);
  else
    dyno_json_writer_null (w);
}

static void
write_capture (DynoJsonWriter *w,
               const DynoRun  *run)
{
  dyno_json_writer_name (w, "capture");
  dyno_json_writer_begin_object (w);
  dyno_shape_add_text (w, "provider", run->provider);
  dyno_json_writer_add_boolean (w, "simulated", run->is_simulator);
  dyno_json_writer_add_rounded (w, "loss", run->loss_pct, 4);
  dyno_shape_add_json (w, "gaps", run->gaps);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_run_view (DynoJsonWriter    *w,
                     const DynoRunView *view)
{
  const DynoRun *run = view->detail->run;

  dyno_json_writer_begin_object (w);
  write_card (w, run, view->verdict);
  dyno_shape_add_text (w, "notes", run->notes);
  dyno_json_writer_add_number (w, "gear", run->gear > 0 ? run->gear : NAN);
  dyno_json_writer_add_rounded (w, "mean_afr", run->peaks.mean_afr, 4);
  dyno_json_writer_add_rounded (w, "trim_start_s", run->trim_start_s, 6);
  dyno_json_writer_add_rounded (w, "trim_end_s", run->trim_end_s, 6);
  dyno_shape_add_text (w, "error", run->error);
  dyno_shape_add_time_ms (w, "deleted_at", run->deleted_ms);
  write_atmosphere (w, run);
  dyno_shape_add_run_lists (w, view->detail);
  write_capture (w, run);
  dyno_shape_add_json (w, "mapping", run->mapping);
  dyno_shape_add_json (w, "import", run->report);
  dyno_shape_add_json (w, "config_snapshot", run->config);
  dyno_json_writer_add_string (w, "analysis_id", view->verdict->analysis_id);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_run_file (DynoJsonWriter    *w,
                     const DynoRunFile *file)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", file->id);
  dyno_json_writer_add_string (w, "name", file->name);
  dyno_json_writer_add_string (w, "type", file->kind);
  dyno_json_writer_add_integer (w, "size", file->bytes);
  dyno_json_writer_add_string (w, "sha256", file->sha256);
  dyno_shape_add_time_ms (w, "removed_at", file->removed_ms);
  dyno_json_writer_end_object (w);
}
