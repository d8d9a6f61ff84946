/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-virtual-tune.h"

#include "dyno-shape-private.h"

static const char *
status_of (DynoLoopOutcome outcome)
{
  switch (outcome)
    {
    case DYNO_LOOP_CONVERGED:
      return "converged";
    case DYNO_LOOP_OUT_OF_ITERATIONS:
      return "max_iterations";
    case DYNO_LOOP_STOPPED:
      return "stopped";
    case DYNO_LOOP_DIVERGING:
    case DYNO_LOOP_LIMIT:
    default:
      return "failed";
    }
}

static gboolean
has_failed (DynoLoopOutcome outcome)
{
  return outcome == DYNO_LOOP_DIVERGING || outcome == DYNO_LOOP_LIMIT;
}

static void
write_iteration (DynoJsonWriter          *w,
                 const DynoLoopIteration *iteration,
                 guint                    n)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "n", n);
  dyno_json_writer_add_rounded (w, "max_afr_error", iteration->max_afr_error, 4);
  dyno_json_writer_add_rounded (w, "mean", iteration->mean_afr_error, 4);
  dyno_json_writer_add_rounded (w, "rms", iteration->rms_afr_error, 4);
  dyno_json_writer_add_rounded (w, "max_error_pct", iteration->max_error_pct, 4);
  dyno_json_writer_add_rounded (w, "mean_error_pct", iteration->mean_error_pct, 4);
  dyno_json_writer_add_integer (w, "cells", iteration->cells);
  dyno_json_writer_add_integer (w, "cells_converged", iteration->cells_converged);
  dyno_json_writer_add_integer (w, "cells_corrected", iteration->cells_corrected);
  dyno_json_writer_add_rounded (w, "peak_power_kw", iteration->peak_power_kw, 3);
  dyno_json_writer_add_rounded (w, "peak_torque_nm", iteration->peak_torque_nm, 3);
  dyno_json_writer_end_object (w);
}

/* `loop` (nullable): none. */
static void
write_iterations (DynoJsonWriter *w,
                  const DynoLoop *loop)
{
  dyno_json_writer_name (w, "iterations");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; loop != NULL && i < loop->iterations->len; i++)
    write_iteration (w, &g_array_index (loop->iterations, DynoLoopIteration, i), i + 1);
  dyno_json_writer_end_array (w);
}

static void
add_numbers (DynoJsonWriter *w,
             const char     *name,
             const double   *values,
             guint           n)
{
  if (name != NULL)
    dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < n; i++)
    dyno_json_writer_rounded (w, values[i], 4);
  dyno_json_writer_end_array (w);
}

static void
add_rows (DynoJsonWriter *w,
          const char     *name,
          const DynoGrid *grid)
{
  guint columns = grid->shape.load.n;

  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_array (w);
  for (guint row = 0; row < grid->shape.rpm.n; row++)
    add_numbers (w, NULL, grid->values + row * columns, columns);
  dyno_json_writer_end_array (w);
}

static void
write_table (DynoJsonWriter *w,
             const DynoLoop *loop)
{
  const DynoGridShape *shape = &loop->ve->shape;

  dyno_json_writer_begin_object (w);
  add_numbers (w, "rpm", shape->rpm.at, shape->rpm.n);
  add_numbers (w, "map_kpa", shape->load.at, shape->load.n);
  add_rows (w, "start_ve", loop->start_ve);
  add_rows (w, "ve", loop->ve);
  add_rows (w, "afr_error", loop->afr_error);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_virtual_tune (DynoJsonWriter        *w,
                         const DynoLoop        *loop,
                         const DynoLoopOptions *options)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "status", status_of (loop->outcome));
  dyno_json_writer_add_boolean (w, "converged", loop->outcome == DYNO_LOOP_CONVERGED);
  dyno_json_writer_add_string (w, "reason", has_failed (loop->outcome)
                                              ? dyno_loop_outcome_name (loop->outcome) : NULL);
  dyno_json_writer_add_string (w, "sentence", loop->sentence);
  dyno_json_writer_add_string (w, "profile", options->engine->name);
  dyno_json_writer_add_string (w, "scenario", dyno_loop_scenario_name (options->scenario));
  dyno_json_writer_add_integer (w, "seed", (gint64) options->sensor.seed);
  write_iterations (w, loop);
  dyno_json_writer_name (w, "table");
  write_table (w, loop);
  dyno_json_writer_end_object (w);
}

static const char *
status_of_session (const DynoVirtualSession *session)
{
  if (session->state == DYNO_VIRTUAL_INITIALIZING)
    return "initializing";
  if (session->state == DYNO_VIRTUAL_RUNNING)
    return "running";
  if (session->loop != NULL)
    return status_of (session->loop->outcome);

  return session->error != NULL ? "failed" : "stopped";
}

/* Why it did not converge, in words; null where it did, or has not ended. */
static const char *
reason_of_session (const DynoVirtualSession *session)
{
  if (session->loop != NULL)
    return session->loop->outcome != DYNO_LOOP_CONVERGED ? session->loop->sentence : NULL;

  return session->error;
}

void
dyno_shape_virtual_session (DynoJsonWriter           *w,
                            const DynoVirtualSession *session)
{
  const DynoLoopOptions *options = &session->options;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", session->id);
  dyno_json_writer_add_string (w, "status", status_of_session (session));
  dyno_json_writer_add_string (w, "profile", options->engine->name);
  dyno_json_writer_add_string (w, "scenario", dyno_loop_scenario_name (options->scenario));
  dyno_json_writer_add_integer (w, "max_iterations", options->max_iterations);
  dyno_json_writer_add_integer (w, "seed", (gint64) options->sensor.seed);
  write_iterations (w, session->loop);
  dyno_json_writer_add_string (w, "reason", reason_of_session (session));
  dyno_json_writer_add_string (w, "job_id", session->job_id);
  dyno_shape_add_time_ms (w, "created_at", session->created_ms);
  dyno_json_writer_end_object (w);
}
