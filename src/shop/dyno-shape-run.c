/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-private.h"
#include "dyno-shape-run-view.h"

#include <math.h>

/* The run book; part of dyno-shape.h. */

static void
write_named (DynoJsonWriter *w,
             const char     *name,
             const char     *id,
             const char     *label_name,
             const char     *label)
{
  dyno_json_writer_name (w, name);
  if (id == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", id);
  dyno_json_writer_add_string (w, label_name, label);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_add_tags (DynoJsonWriter *w,
                     char          **tags)
{
  dyno_json_writer_name (w, "tags");
  dyno_json_writer_begin_array (w);
  for (; tags != NULL && *tags != NULL; tags++)
    dyno_json_writer_string (w, *tags);
  dyno_json_writer_end_array (w);
}

static void
write_correction (DynoJsonWriter     *w,
                  const DynoRunPeaks *peaks)
{
  dyno_json_writer_name (w, "correction");
  if (peaks->correction == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "standard", peaks->correction);
  dyno_json_writer_add_rounded (w, "factor", peaks->factor, 6);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_add_run (DynoJsonWriter *w,
                    const DynoRun  *run)
{
  dyno_json_writer_add_string (w, "id", run->id);
  dyno_json_writer_add_integer (w, "number", run->number);
  dyno_shape_add_text (w, "title", run->title);
  dyno_json_writer_add_string (w, "status", dyno_run_status_name (run->status));
  dyno_json_writer_add_string (w, "source", dyno_run_source_name (run->source));
  dyno_shape_add_time_ms (w, "started_at", run->started_ms);
  dyno_json_writer_add_rounded (w, "duration_s", run->duration_s, 6);
  write_named (w, "vehicle", run->vehicle_id, "label", run->vehicle_label);
  write_named (w, "customer", run->customer_id, "name", run->customer_name);
  dyno_json_writer_add_rounded (w, "peak_power_kw", run->peaks.power_kw, 4);
  dyno_json_writer_add_rounded (w, "peak_power_rpm", run->peaks.power_rpm, 2);
  dyno_json_writer_add_rounded (w, "peak_torque_nm", run->peaks.torque_nm, 4);
  dyno_json_writer_add_rounded (w, "peak_torque_rpm", run->peaks.torque_rpm, 2);
  write_correction (w, &run->peaks);
}

/* The members of a row, without the braces. */
static void
write_row (DynoJsonWriter *w,
           const DynoRun  *run)
{
  dyno_shape_add_run (w, run);
  dyno_json_writer_add_rounded (w, "mean_afr", run->peaks.mean_afr, 4);
  dyno_json_writer_add_rounded (w, "loss_pct", run->loss_pct, 4);
  dyno_shape_add_text (w, "notes", run->notes);
  dyno_shape_add_tags (w, run->tags);
  dyno_json_writer_add_boolean (w, "starred", run->is_starred);
  dyno_json_writer_add_boolean (w, "baseline", run->is_baseline);
  dyno_shape_add_text (w, "error", run->error);
  dyno_shape_add_time_ms (w, "deleted_at", run->deleted_ms);
  dyno_json_writer_add_integer (w, "version", run->revision);
}

void
dyno_shape_run (DynoJsonWriter *w,
                const DynoRun  *run)
{
  dyno_json_writer_begin_object (w);
  write_row (w, run);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_runs (DynoJsonWriter    *w,
                 const DynoRunPage *page)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "runs");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < page->runs->len; i++)
    dyno_shape_run (w, g_ptr_array_index (page->runs, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_add_string (w, "next_cursor", page->cursor);
  dyno_json_writer_add_integer (w, "found", page->n_found);
  dyno_json_writer_add_integer (w, "all", page->n_all);
  dyno_json_writer_end_object (w);
}

static void
write_channel (DynoJsonWriter       *w,
               const DynoRunChannel *channel)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", channel->name);
  dyno_shape_add_text (w, "module", channel->module);
  dyno_json_writer_add_integer (w, "occurrence", channel->occurrence + 1);
  dyno_shape_add_channel (w, "canonical", channel->channel);
  dyno_json_writer_add_string (w, "unit", channel->unit);
  dyno_json_writer_add_rounded (w, "confidence", channel->confidence, 3);
  dyno_json_writer_end_object (w);
}

static void
write_mark (DynoJsonWriter    *w,
            const DynoRun     *run,
            const DynoRunMark *mark)
{
  gint64 origin_us = run->origin_us != DYNO_NO_STAMP ? run->origin_us : 0;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_number (w, "n", mark->n > 0 ? mark->n : NAN);
  dyno_json_writer_add_rounded (w, "t_s", (double) (mark->t_us - origin_us) / G_USEC_PER_SEC, 6);
  dyno_json_writer_add_string (w, "kind", mark->kind);
  dyno_shape_add_text (w, "text", mark->text);
  dyno_json_writer_end_object (w);
}

static double
run_second (const DynoRun *run,
            gint64         t_us)
{
  if (t_us == DYNO_NO_STAMP || run->origin_us == DYNO_NO_STAMP)
    return NAN;

  return (double) (t_us - run->origin_us) / G_USEC_PER_SEC;
}

/* How it was recorded; null for an imported run. */
static void
write_capture (DynoJsonWriter *w,
               const DynoRun  *run)
{
  dyno_json_writer_name (w, "capture");
  if (run->provider == NULL)
    {
      dyno_json_writer_null (w);
      return;
    }
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "provider", run->provider);
  dyno_json_writer_add_boolean (w, "simulated", run->is_simulator);
  dyno_json_writer_add_rounded (w, "pull_from_s", run_second (run, run->run_start_us), 6);
  dyno_json_writer_add_rounded (w, "pull_to_s", run_second (run, run->run_end_us), 6);
  dyno_json_writer_add_rounded (w, "length_s", run_second (run, run->roll_end_us), 6);
  dyno_json_writer_add_rounded (w, "loss", run->loss_pct, 4);
  dyno_shape_add_json (w, "gaps", run->gaps);
  dyno_shape_add_text (w, "derivation", run->derivation);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_add_run_lists (DynoJsonWriter      *w,
                          const DynoRunDetail *detail)
{
  dyno_json_writer_name (w, "channels");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < detail->channels->len; i++)
    write_channel (w, g_ptr_array_index (detail->channels, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_name (w, "markers");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < detail->marks->len; i++)
    write_mark (w, detail->run, g_ptr_array_index (detail->marks, i));
  dyno_json_writer_end_array (w);
}

static void
write_files (DynoJsonWriter      *w,
             const DynoRunDetail *detail)
{
  dyno_json_writer_name (w, "files");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < detail->files->len; i++)
    dyno_shape_run_file (w, g_ptr_array_index (detail->files, i));
  dyno_json_writer_end_array (w);
}

void
dyno_shape_run_detail (DynoJsonWriter      *w,
                       const DynoRunDetail *detail)
{
  const DynoRun *run = detail->run;

  dyno_json_writer_begin_object (w);
  write_row (w, run);
  dyno_json_writer_add_number (w, "gear", run->gear > 0 ? run->gear : NAN);
  dyno_json_writer_add_rounded (w, "trim_start_s", run->trim_start_s, 6);
  dyno_json_writer_add_rounded (w, "trim_end_s", run->trim_end_s, 6);
  write_capture (w, run);
  dyno_shape_add_run_lists (w, detail);
  write_files (w, detail);
  dyno_shape_add_json (w, "mapping", run->mapping);
  dyno_shape_add_json (w, "results", run->results);
  dyno_shape_add_json (w, "import", run->report);
  dyno_shape_add_json (w, "config_snapshot", run->config);
  dyno_json_writer_end_object (w);
}
