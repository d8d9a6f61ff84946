/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Long work: what runs, what came of it, how to end it. Jobs are personal: another's is
 * not there, but for who may read the audit. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-job-events.h"
#include "dyno-api-list.h"
#include "dyno-shape-job-card.h"

static const DynoField result_fields[] = {
  { "type", DYNO_WORD ("analysis|run|tune|backup|export|session"), 0, "What was made" },
  { "id", DYNO_ANY_TEXT, 0, "Its id" },
  { NULL }
};
static const DynoSchema result_schema = { "JobResult", "What a job made", result_fields };

static const DynoField job_fields[] = {
  { "id", DYNO_ID ("job"), 0, "Id" },
  { "kind", DYNO_ANY_TEXT, 0, "A word: import, analyse, …" },
  { "state", DYNO_WORD ("queued|running|succeeded|failed|cancelled|interrupted"), 0,
    "interrupted: the program ended first" },
  { "progress", DYNO_NUMBER (0, 1), DYNO_NULLABLE, "Null while nobody knows" },
  { "stage", DYNO_ANY_TEXT, DYNO_NULLABLE, "A word, while it runs" },
  { "message", DYNO_ANY_TEXT, DYNO_NULLABLE, "For a person" },
  { "result", DYNO_OBJECT (&result_schema), DYNO_NULLABLE, "Once it has succeeded" },
  { "error", DYNO_ANY_TEXT, DYNO_NULLABLE, "Why it failed" },
  { "input", DYNO_MAP (100, DYNO_ANY), DYNO_NULLABLE,
    "Of an earlier run of the program: what it takes to ask for it again" },
  { "created_at", DYNO_TIME, 0, "Asked for" },
  { "started_at", DYNO_TIME, DYNO_NULLABLE, "Begun" },
  { "finished_at", DYNO_TIME, DYNO_NULLABLE, "Ended" },
  { NULL }
};
static const DynoSchema job_schema = { "Job", "Long work", job_fields };

/* Whose jobs the asker sees; NULL: everybody's. */
static const char *
owner_of (DynoRequest *request)
{
  return dyno_request_may (request, DYNO_SCOPE_AUDIT_READ)
           ? NULL : dyno_request_get_principal (request)->user_id;
}

static const char *
job_id (gconstpointer item)
{
  return ((const DynoJobCard *) item)->id;
}

static void
shape_job (DynoJsonWriter *w,
           gconstpointer   item)
{
  dyno_shape_job_card (w, item);
}

static void
reply_jobs (DynoRequest *request,
            GPtrArray   *jobs)
{
  dyno_api_list_reply (request, jobs, job_id, shape_job);
}

DYNO_API_ANSWER (jobs_listed, GPtrArray, dyno_job_book_list_finish, reply_jobs)

static void
list_jobs (DynoRequest *request)
{
  DYNO_API_ASK (request, jobs_listed, dyno_job_book_list_async, owner_of (request));
}

static void
reply_job (DynoRequest *request,
           DynoJobCard *job)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_job_card (w, job);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (job_found, DynoJobCard, dyno_job_book_get_finish, reply_job)

static void
get_job (DynoRequest *request)
{
  DYNO_API_ASK (request, job_found, dyno_job_book_get_async, dyno_request_text (request, "id"),
                owner_of (request));
}

/* It ends by itself, some moments later; its last event says so. */
static void
cancel_found (DynoRequest *request,
              DynoJobCard *job)
{
  DynoShop *shop = dyno_request_get_shop (request);
  g_autoptr(GError) error = NULL;

  if (dyno_job_card_has_ended (job))
    dyno_reply_problem (request, &(DynoProblem) { .code = "CONFLICT",
                                                  .message = "The job has ended before." });
  else if (dyno_jobs_cancel (dyno_shop_get_jobs (shop), job->id, &error))
    reply_job (request, job);
  else
    dyno_reply_error (request, error);
}

DYNO_API_ANSWER (job_to_cancel, DynoJobCard, dyno_job_book_get_finish, cancel_found)

static void
cancel_job (DynoRequest *request)
{
  DYNO_API_ASK (request, job_to_cancel, dyno_job_book_get_async,
                dyno_request_text (request, "id"), owner_of (request));
}

DYNO_API_ANSWER (job_to_tell, DynoJobCard, dyno_job_book_get_finish, dyno_api_job_events_open)

static void
tell_job (DynoRequest *request)
{
  DYNO_API_ASK (request, job_to_tell, dyno_job_book_get_async, dyno_request_text (request, "id"),
                owner_of (request));
}

static const DynoField job_args[] = { DYNO_ID_ARG ("job", "The job"), { NULL } };

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/jobs", DYNO_SELF, list_jobs, .flags = DYNO_ROUTE_PAGE,
              .limit = DYNO_CLASS (LIVE), .reply = &job_schema, .summary = "Jobs, newest first"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/jobs/{id}", DYNO_SELF, get_job, .limit = DYNO_CLASS (LIVE),
              .args = job_args, .reply = &job_schema, .summary = "One job"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/jobs/{id}", DYNO_SELF, cancel_job,
              .flags = DYNO_ROUTE_NO_IF_MATCH, .limit = DYNO_CLASS (LIVE), .args = job_args,
              .status = 202, .reply = &job_schema, .also = DYNO_STATUSES (409),
              .summary = "Cancels a job"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/jobs/{id}/events", DYNO_SELF, tell_job,
              .flags = DYNO_ROUTE_STREAM, .args = job_args, .reply_media = "text/event-stream",
              .summary = "A job as it goes on",
              .description = "progress {job_id, progress, stage, message}, then done or failed "
                             "{job_id, state, result, error}; then it is closed."),
};

const DynoRouteTable dyno_api_jobs = { "Jobs", "Long work.", rows, G_N_ELEMENTS (rows) };
