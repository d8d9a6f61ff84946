/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Virtual tuning: an ECU with a wrong table on the virtual dyno, until it is right. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-list.h"
#include "dyno-shape-virtual-tune.h"

static const DynoField iteration_fields[] = {
  { "n", DYNO_COUNT, 0, "From 1" },
  { "max_afr_error", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Largest error of a cell, AFR" },
  { "mean", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Of all cells, AFR" },
  { "rms", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Of all cells, AFR" },
  { "max_error_pct", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Most that a cell asks for, % of fuel" },
  { "mean_error_pct", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Of all cells, % of fuel" },
  { "cells", DYNO_COUNT, 0, "Cells with enough hits" },
  { "cells_converged", DYNO_COUNT, 0, "Those that ask for nothing more" },
  { "cells_corrected", DYNO_COUNT, 0, "Those that were changed" },
  { "peak_power_kw", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Of a pull with that table" },
  { "peak_torque_nm", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Of a pull with that table" },
  { NULL }
};
static const DynoSchema iteration_schema = { "VirtualIteration", "One round of mapping",
                                             iteration_fields };

static const DynoField session_fields[] = {
  { "id", DYNO_ID ("vts"), 0, "Id" },
  { "status", DYNO_WORD ("initializing|running|converged|failed|stopped|max_iterations"), 0,
    "How it is, or how it ended" },
  { "profile", DYNO_ANY_TEXT, 0, "The engine" },
  { "scenario", DYNO_WORD ("lean|rich|mixed"), 0, "How the table is wrong at first" },
  { "max_iterations", DYNO_COUNT, 0, "Then it is given up" },
  { "seed", DYNO_COUNT, 0, "The same seed, the same session" },
  { "iterations", DYNO_LIST (DYNO_OBJECT (&iteration_schema)), 0, "Once it has ended" },
  { "reason", DYNO_ANY_TEXT, DYNO_NULLABLE, "Why it did not converge" },
  { "job_id", DYNO_ID ("job"), DYNO_NULLABLE, "Its job; null for a moment at first" },
  { "created_at", DYNO_TIME, 0, "Begun" },
  { NULL }
};
static const DynoSchema session_schema = { "VirtualSession", "Virtual tuning", session_fields };

static const char *
session_id (gconstpointer item)
{
  return ((const DynoVirtualSession *) item)->id;
}

static void
shape_session (DynoJsonWriter *w,
               gconstpointer   item)
{
  dyno_shape_virtual_session (w, item);
}

static void
list_sessions (DynoRequest *request)
{
  g_autoptr(GPtrArray) sessions = dyno_virtual_book_list (dyno_request_get_shop (request));

  dyno_api_list_reply (request, sessions, session_id, shape_session);
}

static void
post_session (DynoRequest *request)
{
  g_autoptr(DynoVirtualSession) session = NULL;
  g_autoptr(GError) error = NULL;
  DynoLoopOptions options;
  DynoJsonWriter *w;

  dyno_loop_options_init (&options);
  if (!dyno_virtual_tune_name (&options, dyno_request_text (request, "profile"),
                               dyno_request_text (request, "scenario"), &error))
    {
      dyno_reply_error (request, error);
      return;
    }
  options.max_iterations = (guint) dyno_request_integer (request, "max_iterations");
  options.sensor.seed = (guint64) dyno_request_integer (request, "seed");
  session = dyno_virtual_book_begin (dyno_request_get_shop (request), &options);
  w = dyno_json_writer_new (FALSE);
  dyno_shape_virtual_session (w, session);
  dyno_reply_created (request, session->id, w);
}

static void
get_session (DynoRequest *request)
{
  g_autoptr(DynoVirtualSession) session
    = dyno_virtual_book_get (dyno_request_get_shop (request), dyno_request_text (request, "id"));
  DynoJsonWriter *w;

  if (session == NULL)
    {
      dyno_reply_refuse (request, "NOT_FOUND");
      return;
    }
  w = dyno_json_writer_new (FALSE);
  dyno_shape_virtual_session (w, session);
  dyno_reply_json (request, w);
}

static void
delete_session (DynoRequest *request)
{
  if (dyno_virtual_book_remove (dyno_request_get_shop (request),
                                dyno_request_text (request, "id")))
    dyno_reply_empty (request);
  else
    dyno_reply_refuse (request, "NOT_FOUND");
}

/* The rows */

static const DynoField session_body[] = {
  { "profile", DYNO_TEXT (1, 40), 0, "The engine", "m8_114" },
  { "scenario", DYNO_WORD ("lean|rich|mixed"), 0, "How the table is wrong at first", "lean" },
  { "max_iterations", DYNO_INTEGER (1, DYNO_LOOP_MOST_ITERATIONS), 0, "Then it is given up",
    "10" },
  { "seed", DYNO_INTEGER (0, 4294967295.0), 0, "The same seed, the same session", "1" },
  { NULL }
};
static const DynoField session_args[] = { DYNO_ID_ARG ("vts", "The session"), { NULL } };

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/virtual/sessions", DYNO_MAY (RUNS_READ), list_sessions,
              .flags = DYNO_ROUTE_PAGE, .reply = &session_schema,
              .summary = "Sessions, newest first"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/virtual/sessions", DYNO_MAY (ANALYZE_RUN), post_session,
              .flags = DYNO_ROUTE_BODY_OPTIONAL, .limit = DYNO_CLASS (ANALYZE),
              .body = session_body, .status = 201, .reply = &session_schema,
              .summary = "Begins a session"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/virtual/sessions/{id}", DYNO_MAY (RUNS_READ), get_session,
              .args = session_args, .reply = &session_schema, .summary = "One session"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/virtual/sessions/{id}", DYNO_MAY (ANALYZE_RUN),
              delete_session, .flags = DYNO_ROUTE_NO_IF_MATCH, .args = session_args,
              .summary = "Stops a session and forgets it"),
};

const DynoRouteTable dyno_api_virtual = {
  "Virtual tuning", "Tuning an engine that is computed.", rows, G_N_ELEMENTS (rows)
};
