/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A person's own: all that is kept of him, and its end (service.md 9.4). */

#include "config.h"

#include "dyno-api.h"

#include <gio/gio.h>

#include "dyno-api-ask.h"
#include "dyno-api-people.h"
#include "dyno-privacy.h"
#include "dyno-retention.h"

static const DynoField erasure_fields[] = {
  { "receipt_id", DYNO_ANY_TEXT, 0, "To be kept: proves that it was asked for" },
  { "purge_at", DYNO_TIME, 0, "When what is left goes; until then an administrator may cancel" },
  { NULL }
};
static const DynoSchema erasure_schema = { "Erasure", "An erasure that was begun", erasure_fields };

static const DynoField job_fields[] = {
  { "job_id", DYNO_ID ("job"), 0, "Where its progress is" },
  { "status", DYNO_WORD ("queued"), 0, "Always this word" },
  { NULL }
};
static const DynoSchema job_schema = { "ExportJob", "An export that is under way", job_fields };

/* Exports: the job outlives the request */

static void
start_export (DynoRequest     *request,
              DynoSubjectKind  kind,
              const char      *subject_id)
{
  g_autofree char *job_id = NULL;

  dyno_privacy_export_async (dyno_request_get_shop (request), kind, subject_id, &job_id, NULL, NULL,
                             NULL);
  dyno_reply_job (request, job_id, NULL);
}

static void
export_me (DynoRequest *request)
{
  start_export (request, DYNO_SUBJECT_USER, dyno_request_get_principal (request)->user_id);
}

static void
export_customer (DynoRequest *request)
{
  start_export (request, DYNO_SUBJECT_CUSTOMER, dyno_request_text (request, "id"));
}

static void
reply_export (DynoRequest      *request,
              DynoExportRecord *record)
{
  g_autoptr(GFile) file = g_file_new_for_path (record->path);
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInputStream) stream = g_file_read (file, NULL, &error);
  g_autofree char *name = g_strconcat (record->id, ".zip", NULL);

  if (stream != NULL)
    dyno_reply_stream (request, "application/zip", name, G_INPUT_STREAM (stream));
  else
    dyno_reply_refuse (request, "NOT_FOUND");
}

DYNO_API_ANSWER (export_found, DynoExportRecord, dyno_privacy_get_export_finish, reply_export)

static void
get_export (DynoRequest *request)
{
  DYNO_API_ASK (request, export_found, dyno_privacy_get_export_async,
                dyno_request_text (request, "id"));
}

/* Erasures */

static void
reply_erasure (DynoRequest *request,
               DynoErasure *erasure)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *at = dyno_clock_format_utc (erasure->purge_ms * 1000);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "receipt_id", erasure->receipt);
  dyno_json_writer_add_string (w, "purge_at", at);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (erased, DynoErasure, dyno_privacy_erase_finish, reply_erasure)

static void
erase (DynoRequest     *request,
       DynoSubjectKind  kind,
       const char      *subject_id)
{
  DYNO_API_ASK (request, erased, dyno_privacy_erase_async, kind, subject_id,
                dyno_request_boolean (request, "purge_now"));
}

static void
erase_user (DynoRequest *request)
{
  erase (request, DYNO_SUBJECT_USER, dyno_request_text (request, "id"));
}

static void
erase_customer (DynoRequest *request)
{
  erase (request, DYNO_SUBJECT_CUSTOMER, dyno_request_text (request, "id"));
}

static void
me_proved (GObject      *unused,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  gint64 retry_after_s = 0;
  DynoLoginTicket *ticket = dyno_login_prove_finish (result, &retry_after_s, &error);

  dyno_api_count_attempt ("password", ticket != NULL);
  if (ticket == NULL)
    {
      dyno_api_refuse_attempt (request, error, retry_after_s);
      return;
    }
  dyno_login_ticket_free (ticket);
  DYNO_API_ON_BEHALF (request, erase (request, DYNO_SUBJECT_USER,
                                      dyno_request_get_principal (request)->user_id));
}

static void
erase_me (DynoRequest *request)
{
  g_autofree char *ip = NULL;
  DynoLoginClient client = dyno_api_client (request, NULL, &ip);

  DYNO_API_ASK (request, me_proved, dyno_login_prove_async, dyno_request_get_principal (request),
                dyno_request_text (request, "password"), &client);
}

/* Retention */

static const DynoField retention_fields[] = {
  { "dry_run", DYNO_BOOLEAN, 0, "Nothing was let go" },
  { "journals", DYNO_COUNT, 0, "Packet journals of runs that stay" },
  { "runs", DYNO_COUNT, 0, "Runs in the trash" },
  { "stray_files", DYNO_COUNT, 0, "Files that belonged to nothing" },
  { "accounts", DYNO_COUNT, 0, "Accounts that were erased" },
  { "sessions", DYNO_COUNT, 0, "Login sessions that have ended" },
  { "replies", DYNO_COUNT, 0, "Replies kept for an Idempotency-Key" },
  { "jobs", DYNO_COUNT, 0, "Finished jobs" },
  { "audit_rows", DYNO_COUNT, 0, "Rows of the audit" },
  { "exports", DYNO_COUNT, 0, "Exports of personal data" },
  { "bytes", DYNO_COUNT, 0, "Of files" },
  { NULL }
};
static const DynoSchema retention_schema
  = { "RetentionReport", "What was, or would be, let go", retention_fields };

static void
write_report (DynoJsonWriter            *w,
              const DynoRetentionReport *report,
              gboolean                   is_dry)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "dry_run", is_dry);
  dyno_json_writer_add_integer (w, "journals", report->n_journals);
  dyno_json_writer_add_integer (w, "runs", report->n_runs);
  dyno_json_writer_add_integer (w, "stray_files", report->n_strays);
  dyno_json_writer_add_integer (w, "accounts", (gint64) report->n_accounts);
  dyno_json_writer_add_integer (w, "sessions", (gint64) report->n_sessions);
  dyno_json_writer_add_integer (w, "replies", (gint64) report->n_replies);
  dyno_json_writer_add_integer (w, "jobs", (gint64) report->n_jobs);
  dyno_json_writer_add_integer (w, "audit_rows", (gint64) report->n_audit_rows);
  dyno_json_writer_add_integer (w, "exports", (gint64) report->n_exports);
  dyno_json_writer_add_integer (w, "bytes", (gint64) report->bytes);
  dyno_json_writer_end_object (w);
}

static void
retained (GObject      *unused,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  g_autofree DynoRetentionReport *report = dyno_retention_finish (result, &error);
  DynoJsonWriter *w;

  if (report == NULL)
    {
      dyno_reply_error (request, error);
      return;
    }
  w = dyno_json_writer_new (FALSE);
  write_report (w, report, dyno_request_boolean (request, "dry_run"));
  dyno_reply_json (request, w);
}

static void
run_retention (DynoRequest *request)
{
  DYNO_API_ASK (request, retained, dyno_retention_async, dyno_request_boolean (request, "dry_run"));
}

/* The rows */

static const DynoField customer_args[] = { DYNO_ID_ARG ("cus", "The customer"), { NULL } };
static const DynoField export_args[] = { DYNO_ID_ARG ("exp", "The export"), { NULL } };
static const DynoField user_args[] = { DYNO_ID_ARG ("usr", "The user"), { NULL } };

#define PURGE_NOW \
  { "purge_now", DYNO_BOOLEAN, 0, "At once, and nobody can cancel it", "false" }

static const DynoField erase_query[] = { PURGE_NOW, { NULL } };
static const DynoField erase_me_body[] = {
  { "password", DYNO_SECRET (1, 256), DYNO_REQUIRED, "The present one" },
  PURGE_NOW,
  { NULL }
};
static const DynoField erase_body[] = { PURGE_NOW, { NULL } };
static const DynoField retention_body[] = {
  { "dry_run", DYNO_BOOLEAN, 0, "Only says what would be let go", "true" },
  { NULL }
};

#define MANAGED (DYNO_ROUTE_RECENT | DYNO_ROUTE_BODY_OPTIONAL)

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/v1/customers/{id}/erase", DYNO_MAY (PRIVACY_MANAGE), erase_customer,
              .args = customer_args, .body = erase_body, .flags = MANAGED,
              .limit = DYNO_CLASS (HEAVY), .status = 202, .reply = &erasure_schema,
              .also = DYNO_STATUSES (409), .summary = "Erases a customer",
              .description = "Runs and vehicles stay, without name, VIN and plate."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/customers/{id}/export", DYNO_MAY (PRIVACY_MANAGE),
              export_customer, .args = customer_args, .flags = DYNO_ROUTE_RECENT,
              .limit = DYNO_CLASS (HEAVY), .status = 202, .reply = &job_schema,
              .summary = "Exports all that is kept of a customer"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/me", DYNO_SELF, erase_me, .body = erase_me_body,
              .flags = DYNO_ROUTE_NO_IF_MATCH, .limit = DYNO_CLASS (HEAVY), .status = 202,
              .reply = &erasure_schema, .also = DYNO_STATUSES (409),
              .summary = "Erases one's own account",
              .description = "It is disabled at once; what is left goes after seven days, or now."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/me/export", DYNO_SELF, export_me, .flags = DYNO_ROUTE_RECENT,
              .limit = DYNO_CLASS (HEAVY), .status = 202, .reply = &job_schema,
              .summary = "Exports all that is kept of oneself"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/me/export/{id}", DYNO_SELF, get_export, .args = export_args,
              .flags = DYNO_ROUTE_PERSONAL, .limit = DYNO_CLASS (HEAVY),
              .reply_media = "application/zip", .summary = "Fetches an export"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/privacy/retention/run", DYNO_MAY (PRIVACY_MANAGE), run_retention,
              .body = retention_body, .flags = MANAGED, .limit = DYNO_CLASS (HEAVY),
              .reply = &retention_schema, .summary = "Lets go of what is too old"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/users/{id}", DYNO_MAY (USERS_WRITE), erase_user,
              .args = user_args, .query = erase_query,
              .flags = DYNO_ROUTE_RECENT | DYNO_ROUTE_NO_IF_MATCH, .status = 202,
              .reply = &erasure_schema, .also = DYNO_STATUSES (409), .summary = "Erases a user",
              .description = "Refused for the last administrator."),
};

const DynoRouteTable dyno_api_personal_data = {
  "Personal data", "What is kept of a person, and its end.", rows, G_N_ELEMENTS (rows)
};
