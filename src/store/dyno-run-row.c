/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A run and its row, both ways. */

#include "config.h"

#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"
#include "dyno-store-vehicles-private.h"

static gint64
stamp_of (DynoStatement *row,
          int            column)
{
  return dyno_statement_is_null (row, column) ? DYNO_NO_STAMP
                                              : dyno_statement_integer (row, column);
}

static char **
split_tags (DynoStatement *row,
            int            column)
{
  const char *text = dyno_statement_text (row, column);

  return text != NULL ? g_strsplit (text, "\x1f", -1) : NULL;
}

static void
read_peaks (DynoStatement *row,
            int            i,
            DynoRunPeaks  *peaks)
{
  peaks->power_kw = dyno_statement_real (row, i++);
  peaks->power_rpm = dyno_statement_real (row, i++);
  peaks->torque_nm = dyno_statement_real (row, i++);
  peaks->torque_rpm = dyno_statement_real (row, i++);
  peaks->mean_afr = dyno_statement_real (row, i++);
  peaks->correction = dyno_statement_dup_text (row, i++);
  peaks->smoothing = dyno_statement_is_null (row, i) ? -1 : (int) dyno_statement_integer (row, i);
  peaks->factor = dyno_statement_real (row, i + 1);
}

/* The columns in the order of RUN_COLUMNS in dyno-sql.c. */
gpointer
dyno_run_rows_make (DynoStatement *row)
{
  DynoRun *run = dyno_run_new ();
  int i = 0;

  run->id = dyno_statement_dup_text (row, i++);
  run->number = dyno_statement_integer (row, i++);
  run->revision = dyno_statement_integer (row, i++);
  run->created_ms = dyno_statement_integer (row, i++);
  run->updated_ms = dyno_statement_integer (row, i++);
  run->deleted_ms = dyno_statement_integer (row, i++);
  run->vehicle_label = dyno_statement_dup_text (row, i++);
  run->customer_id = dyno_statement_dup_text (row, i++);
  run->customer_name = dyno_statement_dup_text (row, i++);
  run->title = dyno_statement_dup_text (row, i++);
  run->notes = dyno_statement_dup_text (row, i++);
  run->tags = split_tags (row, i++);
  run->is_starred = dyno_statement_integer (row, i++) != 0;
  run->is_baseline = dyno_statement_integer (row, i++) != 0;
  run->vehicle_id = dyno_statement_dup_text (row, i++);
  run->gear = (int) dyno_statement_integer (row, i++);
  run->trim_start_s = dyno_statement_real (row, i++);
  run->trim_end_s = dyno_statement_real (row, i++);
  run->status = (DynoRunStatus) dyno_run_status_find (dyno_statement_text (row, i++));
  run->source = (DynoRunSource) dyno_run_source_find (dyno_statement_text (row, i++));
  run->progress = dyno_statement_real (row, i++);
  run->error = dyno_statement_dup_text (row, i++);
  run->started_ms = dyno_statement_integer (row, i++);
  run->duration_s = dyno_statement_real (row, i++);
  run->provider = dyno_statement_dup_text (row, i++);
  run->is_simulator = dyno_statement_integer (row, i++) != 0;
  read_peaks (row, i, &run->peaks);
  i += 8;
  run->loss_pct = dyno_statement_real (row, i++);
  run->n_gaps = (guint) dyno_statement_integer (row, i++);
  run->discarded = dyno_statement_dup_text (row, i++);
  run->origin_us = stamp_of (row, i++);
  run->roll_start_us = stamp_of (row, i++);
  run->run_start_us = stamp_of (row, i++);
  run->run_end_us = stamp_of (row, i++);
  run->roll_end_us = stamp_of (row, i++);
  run->origin_run_id = dyno_statement_dup_text (row, i++);
  run->derivation = dyno_statement_dup_text (row, i);

  return run;
}

gpointer
dyno_run_rows_make_whole (DynoStatement *row)
{
  DynoRun *run = dyno_run_rows_make (row);
  int i = DYNO_SQL_N_RUN_COLUMNS;

  run->config = dyno_statement_dup_text (row, i++);
  run->results = dyno_statement_dup_text (row, i++);
  run->mapping = dyno_statement_dup_text (row, i++);
  run->report = dyno_statement_dup_text (row, i++);
  run->gaps = dyno_statement_dup_text (row, i);

  return run;
}

static void
set_stamp (DynoStatement *s,
           const char    *name,
           gint64         t_us)
{
  if (t_us != DYNO_NO_STAMP)
    dyno_statement_set_integer (s, name, t_us);
}

static void
set_peaks (DynoStatement      *s,
           const DynoRunPeaks *peaks)
{
  dyno_statement_set_real (s, ":peak_power_kw", peaks->power_kw);
  dyno_statement_set_real (s, ":peak_power_rpm", peaks->power_rpm);
  dyno_statement_set_real (s, ":peak_torque_nm", peaks->torque_nm);
  dyno_statement_set_real (s, ":peak_torque_rpm", peaks->torque_rpm);
  dyno_statement_set_real (s, ":mean_afr", peaks->mean_afr);
  dyno_statement_set_text (s, ":correction", peaks->correction);
  if (peaks->smoothing >= 0)
    dyno_statement_set_integer (s, ":smoothing", peaks->smoothing);
  dyno_statement_set_real (s, ":factor", peaks->factor);
}

/* The machine's fields, as the statements for a new and a known run name them. */
static void
set_machine_fields (DynoStatement *s,
                    const DynoRun *run)
{
  dyno_statement_set_text (s, ":status", dyno_run_status_name (run->status));
  dyno_statement_set_real (s, ":progress", run->progress);
  dyno_statement_set_text (s, ":error", run->error);
  if (run->started_ms != 0)
    dyno_statement_set_integer (s, ":started_at", run->started_ms);
  dyno_statement_set_real (s, ":duration_s", run->duration_s);
  dyno_statement_set_text (s, ":provider", run->provider);
  dyno_statement_set_integer (s, ":simulated", run->is_simulator);
  set_peaks (s, &run->peaks);
  dyno_statement_set_real (s, ":loss_pct", run->loss_pct);
  dyno_statement_set_integer (s, ":n_gaps", run->n_gaps);
  dyno_statement_set_text (s, ":discarded", run->discarded);
  set_stamp (s, ":origin_us", run->origin_us);
  set_stamp (s, ":roll_start_us", run->roll_start_us);
  set_stamp (s, ":run_start_us", run->run_start_us);
  set_stamp (s, ":run_end_us", run->run_end_us);
  set_stamp (s, ":roll_end_us", run->roll_end_us);
  dyno_statement_set_text (s, ":origin_run_id", run->origin_run_id);
  dyno_statement_set_text (s, ":derivation", run->derivation);
}

static gboolean
save_details (DynoTurn      *turn,
              gint64         number,
              const DynoRun *run,
              GError       **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_DETAILS_SET);

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_text (s, ":config", run->config);
  dyno_statement_set_text (s, ":results", run->results);
  dyno_statement_set_text (s, ":mapping", run->mapping);
  dyno_statement_set_text (s, ":report", run->report);
  dyno_statement_set_text (s, ":gaps", run->gaps);

  return dyno_statement_run (s, error);
}

gboolean
dyno_run_rows_save (DynoTurn      *turn,
                    gint64         number,
                    const DynoRun *run,
                    GError       **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_SAVE);

  dyno_statement_set_integer (s, ":run", number);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  set_machine_fields (s, run);

  return dyno_statement_run (s, error) && save_details (turn, number, run, error);
}

gboolean
dyno_run_rows_refresh_text (DynoTurn *turn,
                            gint64    number,
                            GError  **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_TEXT_OF_RUN);

  dyno_statement_set_integer (s, ":run", number);

  return dyno_statement_run (s, error);
}

gint64
dyno_run_rows_insert (DynoTurn      *turn,
                      const DynoRun *run,
                      const char    *run_id,
                      GError       **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_ADD);
  gint64 number;

  if (!dyno_vehicle_rows_is_known (turn, run->vehicle_id, error))
    return 0;

  dyno_statement_set_text (s, ":id", run_id);
  dyno_statement_set_text (s, ":source", dyno_run_source_name (run->source));
  dyno_statement_set_text (s, ":title", run->title != NULL ? run->title : "");
  dyno_statement_set_text (s, ":notes", run->notes != NULL ? run->notes : "");
  dyno_statement_set_integer (s, ":starred", run->is_starred);
  dyno_statement_set_integer (s, ":baseline", run->is_baseline);
  dyno_statement_set_text (s, ":vehicle_id", run->vehicle_id);
  if (run->gear != 0)
    dyno_statement_set_integer (s, ":gear", run->gear);
  dyno_statement_set_real (s, ":trim_start_s", run->trim_start_s);
  dyno_statement_set_real (s, ":trim_end_s", run->trim_end_s);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  set_machine_fields (s, run);
  if (!dyno_statement_run (s, error))
    return 0;

  number = dyno_db_last_number (turn->db);
  if (!save_details (turn, number, run, error)
      || !dyno_run_rows_set_tags (turn, number, (const char *const *) run->tags, error)
      || (run->notes != NULL && *run->notes != '\0'
          && !dyno_run_rows_add_note (turn, number, run->notes, error))
      || !dyno_run_rows_refresh_text (turn, number, error))
    return 0;

  return number;
}
