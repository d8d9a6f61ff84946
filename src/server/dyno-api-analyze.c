/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The upload of the first releases: a log that is imported and analysed in one, with
 * options under their old names. */

#include "config.h"

#include <string.h>

#include "dyno-api-ask.h"
#include "dyno-api-import-job.h"
#include "dyno-import-look.h"

/* The old names. `option` NULL: what it meant is done differently now. */
static const struct
{
  const char *name;
  const char *option;
  const char *why;
} options[] = {
  { "smoothPasses", "smooth_passes" },
  { "clamp", "clamp_pct" },
  { "rearBias", "rear_bias_pct" },
  { "rearRuleDeg", "rear_rule_deg" },
  { "hotExtra", "hot_extra_deg" },
  { "decelManagement", NULL, "Deceleration is always looked at and never changes the correction." },
  { "decelSeverity", "decel_severity" },
  { "decelRpmMin", NULL, "Where deceleration is looked at is no option any more." },
  { "decelRpmMax", NULL, "Where deceleration is looked at is no option any more." },
  { "balanceCylinders", NULL, "The balance of the cylinders is always looked at." },
  { "balanceMode", "balance_mode" },
  { "balanceMaxCorrection", "balance_max_pct" },
};

static const DynoField form[] = {
  { "smoothPasses", DYNO_INTEGER (0, 5), 0, "smooth_passes" },
  { "clamp", DYNO_NUMBER (1, 15), 0, "clamp_pct" },
  { "rearBias", DYNO_NUMBER (-5, 5), 0, "rear_bias_pct" },
  { "rearRuleDeg", DYNO_NUMBER (0, 8), 0, "rear_rule_deg" },
  { "hotExtra", DYNO_NUMBER (-4, 0), 0, "hot_extra_deg" },
  { "decelManagement", DYNO_BOOLEAN, 0, "Without effect: a warning says why" },
  { "decelSeverity", DYNO_WORD ("low|medium|high"), 0, "decel_severity" },
  { "decelRpmMin", DYNO_NUMBER (0, 20000), 0, "Without effect: a warning says why" },
  { "decelRpmMax", DYNO_NUMBER (0, 20000), 0, "Without effect: a warning says why" },
  { "balanceCylinders", DYNO_BOOLEAN, 0, "Without effect: a warning says why" },
  { "balanceMode", DYNO_WORD ("equalize|match_front|match_rear"), 0, "balance_mode" },
  { "balanceMaxCorrection", DYNO_NUMBER (0, 5), 0, "balance_max_pct" },
  { NULL }
};

static const DynoField warning_fields[] = {
  { "option", DYNO_ANY_TEXT, 0, "The option that was sent" },
  { "text", DYNO_ANY_TEXT, 0, "Why it has no effect" },
  { NULL }
};
static const DynoSchema warning_schema = { "AnalyzeWarning", "An option without effect",
                                           warning_fields };

static const DynoField begun_fields[] = {
  { "runId", DYNO_ID ("run"), 0, "The run that it makes" },
  { "status", DYNO_WORD ("queued"), 0, "It is on its way" },
  { "message", DYNO_ANY_TEXT, 0, "For a person" },
  { "job_id", DYNO_ID ("job"), 0, "The job" },
  { "warnings", DYNO_LIST (DYNO_OBJECT (&warning_schema)), 0, "Options without effect" },
  { NULL }
};
static const DynoSchema begun_schema = { "AnalyzeBegun", "An upload that is being analysed",
                                         begun_fields };

/* The last part of what the client calls the file. NULL where it is no .csv or .txt. */
static const char *
file_name (DynoRequest *request)
{
  const char *name = dyno_request_get_file_name (request);
  const char *last = name != NULL ? strrchr (name, '/') : NULL;
  g_autofree char *small = name != NULL ? g_ascii_strdown (name, -1) : NULL;

  if (small == NULL || !(g_str_has_suffix (small, ".csv") || g_str_has_suffix (small, ".txt")))
    return NULL;

  return last != NULL ? last + 1 : name;
}

/* (transfer full) */
static char **
take_settings (DynoRequest *request)
{
  g_autoptr(GStrvBuilder) settings = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      if (options[i].option == NULL || !dyno_request_has (request, options[i].name))
        continue;
      g_strv_builder_add (settings, options[i].option);
      g_strv_builder_add (settings, dyno_request_text (request, options[i].name));
    }

  return g_strv_builder_end (settings);
}

/* (transfer full) */
static DynoImportRequest *
make_import (DynoRequest *request)
{
  DynoImportRequest *wanted = dyno_api_import_new (request, file_name (request));

  wanted->again = TRUE;
  wanted->analyses = TRUE;
  wanted->settings = take_settings (request);

  return wanted;
}

static void
write_warnings (DynoJsonWriter *w,
                DynoRequest    *request)
{
  dyno_json_writer_name (w, "warnings");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      if (options[i].option != NULL || !dyno_request_has (request, options[i].name))
        continue;
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "option", options[i].name);
      dyno_json_writer_add_string (w, "text", options[i].why);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
reply_begun (DynoRequest    *request,
             DynoImportLook *look)
{
  g_autofree char *job_id = NULL;
  DynoJsonWriter *w;

  if (dyno_request_is_over (request))
    return;
  if (look->run_id == NULL)
    {
      dyno_reply_refuse (request, "UNSUPPORTED_MEDIA_TYPE");
      return;
    }
  job_id = dyno_api_import_begin (request, make_import (request), look->run_id);
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "runId", look->run_id);
  dyno_json_writer_add_string (w, "status", "queued");
  dyno_json_writer_add_string (w, "message", "The log is being read and analysed.");
  dyno_json_writer_add_string (w, "job_id", job_id);
  write_warnings (w, request);
  dyno_json_writer_end_object (w);
  dyno_reply_job (request, job_id, w);
}

DYNO_API_ANSWER (import_looked, DynoImportLook, dyno_import_look_finish, reply_begun)

static void
post_analyze (DynoRequest *request)
{
  if (file_name (request) != NULL)
    DYNO_API_ASK (request, import_looked, dyno_import_look_async, make_import (request),
                  dyno_upload_get_sha256 (dyno_request_get_upload (request)));
  else
    dyno_reply_problem (request,
                        &(DynoProblem) { .code = "VALIDATION_ERROR",
                                         .message = "Send a log whose name ends in .csv or .txt." });
}

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/analyze", DYNO_MAY_BOTH (ANALYZE_RUN, RUNS_WRITE), post_analyze,
              .flags = DYNO_ROUTE_UPLOAD | DYNO_ROUTE_MULTIPART, .limit = DYNO_CLASS (ANALYZE),
              .deadline_s = 60, .query = form, .body_media = "multipart/form-data", .status = 202,
              .reply = &begun_schema, .also = DYNO_STATUSES (422, 507),
              .summary = "Imports a log and analyses it",
              .description = "A form with the part `file` and options under the names of the "
                             "first releases. Two uploads of one name are two runs."),
};

const DynoRouteTable dyno_api_analyze = {
  "Analyze", "A log in one step.", rows, G_N_ELEMENTS (rows)
};
