/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Applying and rolling back as the first releases did it: by the run. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-clock.h"
#include "dyno-shape-change.h"
#include "dyno-tune-run.h"

static void
reply_changes (DynoRequest *request,
               const char  *time_name,
               GPtrArray   *changes)
{
  const DynoChangeRecord *first
    = dyno_shape_change_find (changes, dyno_request_text (request, "table_id"));
  g_autofree char *time = dyno_clock_format_utc (first->made_ms * 1000);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  gint64 n = 0;

  for (guint i = 0; i < changes->len; i++)
    n += ((const DynoChangeRecord *) g_ptr_array_index (changes, i))->cells_changed;
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "success", TRUE);
  dyno_json_writer_add_string (w, time_name, time);
  dyno_json_writer_add_integer (w, "cells_modified", n);
  dyno_json_writer_add_string (w, "change_id", first->id);
  dyno_json_writer_add_integer (w, "version", first->version_after);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

static void
reply_applied (DynoRequest     *request,
               DynoTuneApplied *applied)
{
  reply_changes (request, "applied_at", applied->changes);
}

DYNO_API_ANSWER (applied_cb, DynoTuneApplied, dyno_tune_apply_run_finish, reply_applied)

static void
apply_run (DynoRequest *request)
{
  DYNO_API_ASK (request, applied_cb, dyno_tune_apply_run_async,
                dyno_request_text (request, "run_id"), dyno_request_text (request, "table_id"),
                dyno_request_get_principal (request)->user_id);
}

static void
reply_restored (DynoRequest      *request,
                DynoTuneRestored *restored)
{
  reply_changes (request, "rolled_back_at", restored->changes);
}

DYNO_API_ANSWER (restored_cb, DynoTuneRestored, dyno_tune_rollback_run_finish, reply_restored)

static void
roll_run_back (DynoRequest *request)
{
  DYNO_API_ASK (request, restored_cb, dyno_tune_rollback_run_async,
                dyno_request_text (request, "run_id"), dyno_request_text (request, "table_id"),
                dyno_request_get_principal (request)->user_id);
}

/* The rows */

#define CHANGE_FIELDS(time)                                                     \
  { "success", DYNO_BOOLEAN, 0, "Always true" },                                \
  { time, DYNO_TIME, 0, "When" },                                               \
  { "cells_modified", DYNO_COUNT, 0, "Cells, of all tables" },                  \
  { "change_id", DYNO_ID ("chg"), 0, "Its row of the history" },                \
  { "version", DYNO_COUNT, 0, "Of the table now" },                             \
  { NULL }

static const DynoField applied_fields[] = { CHANGE_FIELDS ("applied_at") };
static const DynoSchema applied_schema = { "RunApplied", "Corrections were applied",
                                           applied_fields };
static const DynoField restored_fields[] = { CHANGE_FIELDS ("rolled_back_at") };
static const DynoSchema restored_schema = { "RunRolledBack", "Corrections were taken back",
                                            restored_fields };

static const DynoField body[] = {
  { "run_id", DYNO_ID ("run"), DYNO_REQUIRED, "The run" },
  { "table_id", DYNO_ID ("tbl"), 0, "The table; else those that the vehicle has now" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/apply", DYNO_MAY (TUNE_APPLY), apply_run, .body = body,
              .reply = &applied_schema, .also = DYNO_STATUSES (404, 409, 422),
              .summary = "Applies the newest analysis of a run"),
  DYNO_ROUTE (DYNO_POST, "/api/rollback", DYNO_MAY (TUNE_APPLY), roll_run_back, .body = body,
              .reply = &restored_schema, .also = DYNO_STATUSES (404, 409),
              .summary = "Takes back what was applied of a run"),
};

const DynoRouteTable dyno_api_run_changes = {
  "Changes by run", "Applying and rolling back by the run.", rows, G_N_ELEMENTS (rows)
};
