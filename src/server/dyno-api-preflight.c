/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Is all as it must be before a pull? */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-preflight-job.h"

static const DynoField check_fields[] = {
  { "name", DYNO_ANY_TEXT, 0, "What was looked at" },
  { "status", DYNO_WORD ("pass|warn|fail|skip"), 0, "How it is" },
  { "message", DYNO_ANY_TEXT, 0, "What was found" },
  { "fix", DYNO_ANY_TEXT, DYNO_NULLABLE, "The one thing that mends it" },
  { "details", DYNO_ANY, DYNO_NULLABLE, "The numbers behind it" },
  { NULL }
};
static const DynoSchema check_schema = { "PreflightCheck", "One of the checks", check_fields };

static const DynoField preflight_fields[] = {
  { "passed", DYNO_BOOLEAN, 0, "No check failed" },
  { "at", DYNO_TIME, 0, "When it ended" },
  { "sample_s", DYNO_ANY_NUMBER, 0, "Seconds that were watched" },
  { "mode", DYNO_WORD ("blocking|advisory"), 0, "Whether a failure keeps from arming" },
  { "si_verified", DYNO_BOOLEAN, 0, "Force, speed and power agree" },
  { "checks", DYNO_LIST (DYNO_OBJECT (&check_schema)), 0, "In their order" },
  { "can_override", DYNO_BOOLEAN, 0, "It keeps from arming, unless a reason is given" },
  { NULL }
};
static const DynoSchema preflight_schema = { "Preflight", "Is all as it must be before a pull",
                                             preflight_fields };

static void
get_preflight (DynoRequest *request)
{
  DynoLive *live = dyno_shop_get_live (dyno_request_get_shop (request));
  g_autoptr(DynoPreflight) preflight = dyno_live_ref_preflight (live);
  DynoJsonWriter *w;

  if (preflight == NULL)
    {
      dyno_reply_problem (request, &(DynoProblem) { .code = "NOT_FOUND",
                                                    .message = "No preflight was run yet." });
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_shape_preflight (w, preflight);
  dyno_reply_json (request, w);
}

static void
post_preflight (DynoRequest *request)
{
  DynoPreflightOptions options = { .sample_s = dyno_request_number (request, "sample_s"),
                                   .is_blocking = g_str_equal (dyno_request_text (request, "mode"),
                                                               "blocking") };
  g_autoptr(GError) error = NULL;
  g_autofree char *job_id
    = dyno_preflight_job_start (dyno_request_get_shop (request), &options, &error);

  if (job_id != NULL)
    dyno_reply_job (request, job_id, NULL);
  else
    dyno_reply_error (request, error);
}

static const DynoField preflight_body[] = {
  { "sample_s", DYNO_NUMBER (5, 60), 0, "Seconds to watch", "15" },
  { "mode", DYNO_WORD ("blocking|advisory"), 0, "Whether a failure keeps from arming", "advisory" },
  { NULL }
};

static const DynoField job_fields[] = {
  { "job_id", DYNO_ID ("job"), 0, "The job" },
  { "status", DYNO_WORD ("queued"), 0, "Always this word" },
  { NULL }
};
static const DynoSchema job_schema = { "JobBegun", "A job that has begun", job_fields };

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/preflight", DYNO_MAY (LIVE_READ), get_preflight,
              .reply = &preflight_schema, .also = DYNO_STATUSES (404),
              .summary = "The last preflight"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/preflight", DYNO_MAY (LIVE_CONTROL), post_preflight,
              .flags = DYNO_ROUTE_BODY_OPTIONAL, .body = preflight_body, .status = 202,
              .reply = &job_schema, .summary = "Runs it; the job is of kind preflight"),
};

const DynoRouteTable dyno_api_preflight = {
  "Preflight", "The thirteen checks before a pull.", rows, G_N_ELEMENTS (rows)
};
