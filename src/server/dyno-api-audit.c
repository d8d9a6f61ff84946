/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Who did what, and whether the record of it is whole. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-page.h"
#include "dyno-audit.h"
#include "dyno-shape-key.h"

static void
shape_row (DynoJsonWriter *w,
           gconstpointer   item)
{
  dyno_shape_audit (w, item);
}

static char *
place_of (gconstpointer item)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, ((const DynoAuditRecord *) item)->seq);
}

static void
reply_rows (DynoRequest *request,
            GPtrArray   *rows)
{
  dyno_api_page_reply (request, rows, shape_row, place_of);
}

DYNO_API_ANSWER (rows_listed, GPtrArray, dyno_audit_list_finish, reply_rows)

static void
list_rows (DynoRequest *request)
{
  DynoAuditQuery *query = g_new0 (DynoAuditQuery, 1);
  const char *cursor = dyno_request_get_cursor (request);

  query->event = g_strdup (dyno_request_text (request, "event"));
  query->actor = g_strdup (dyno_request_text (request, "actor"));
  query->resource = g_strdup (dyno_request_text (request, "resource"));
  query->success = dyno_request_has (request, "success")
                   ? dyno_request_boolean (request, "success") : -1;
  query->from_ms = dyno_request_time_us (request, "from") / 1000;
  query->to_ms = dyno_request_time_us (request, "to") / 1000;
  query->before_seq = cursor != NULL ? g_ascii_strtoll (cursor, NULL, 10) : 0;
  query->limit = dyno_api_page_wanted (request);
  DYNO_API_ASK (request, rows_listed, dyno_audit_list_async, query);
}

static void
reply_verdict (DynoRequest      *request,
               DynoAuditVerdict *verdict)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_shape_audit_verdict (w, verdict);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (verified, DynoAuditVerdict, dyno_audit_verify_finish, reply_verdict)

static void
verify (DynoRequest *request)
{
  DYNO_API_ASK (request, verified, dyno_audit_verify_async);
}

/* The rows */

static const DynoField audit_query[] = {
  { "event", DYNO_TEXT (1, 64), 0, "Only this event, like key.created" },
  { "actor", DYNO_TEXT (1, 64), 0, "Only what this user, key or address did" },
  { "resource", DYNO_TEXT (1, 64), 0, "Only of this kind of thing, or of the thing of this id" },
  { "success", DYNO_BOOLEAN, 0, "Only what was done, or only what was refused" },
  { "from", DYNO_TIME, 0, "From then on" },
  { "to", DYNO_TIME, 0, "Before then" },
  { NULL }
};

static const DynoField audit_fields[] = {
  { "seq", DYNO_COUNT, 0, "Number in the chain" },
  { "at", DYNO_TIME, 0, "When" },
  { "event", DYNO_ANY_TEXT, 0, "What, like key.created" },
  { "severity", DYNO_WORD ("info|warning|critical"), 0, "How much it matters" },
  { "actor", DYNO_ANY_TEXT, DYNO_NULLABLE, "Who: an id, or an address" },
  { "actor_kind", DYNO_ANY_TEXT, DYNO_NULLABLE, "What he is" },
  { "key_id", DYNO_ANY_TEXT, DYNO_NULLABLE, "By which key" },
  { "sid", DYNO_ANY_TEXT, DYNO_NULLABLE, "In which login session" },
  { "ip", DYNO_ANY_TEXT, DYNO_NULLABLE, "From where" },
  { "correlation_id", DYNO_ANY_TEXT, DYNO_NULLABLE, "Of the request" },
  { "resource_type", DYNO_ANY_TEXT, DYNO_NULLABLE, "Kind of the thing" },
  { "resource_id", DYNO_ANY_TEXT, DYNO_NULLABLE, "Its id" },
  { "action", DYNO_ANY_TEXT, DYNO_NULLABLE, "What was done to it" },
  { "success", DYNO_BOOLEAN, 0, "Whether it was done" },
  { "status", DYNO_INTEGER (100, 599), DYNO_NULLABLE, "Of the reply" },
  { "details", DYNO_MAP (200, DYNO_ANY), DYNO_NULLABLE, "More of it" },
  { NULL }
};
static const DynoSchema audit_schema = { "AuditRow", "Something that somebody did",
                                         audit_fields };

static const DynoField verdict_fields[] = {
  { "ok", DYNO_BOOLEAN, 0, "Nothing was changed or taken away" },
  { "rows", DYNO_COUNT, 0, "How many rows there are" },
  { "first_seq", DYNO_COUNT, 0, "The oldest" },
  { "last_seq", DYNO_COUNT, 0, "The newest" },
  { "head", DYNO_ANY_TEXT, DYNO_NULLABLE, "Hash of the newest" },
  { "first_bad_seq", DYNO_COUNT, DYNO_OPTIONAL, "The first row that is not as it was" },
  { NULL }
};
static const DynoSchema verdict_schema = { "AuditVerdict", "Whether the audit is whole",
                                           verdict_fields };

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/audit", DYNO_MAY (AUDIT_READ), list_rows,
              .flags = DYNO_ROUTE_PAGE, .query = audit_query, .reply = &audit_schema,
              .summary = "Who did what, the newest first"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/audit/verify", DYNO_MAY (AUDIT_READ), verify,
              .limit = DYNO_CLASS (HEAVY), .reply = &verdict_schema,
              .summary = "Whether the audit is whole"),
};

const DynoRouteTable dyno_api_audit = {
  "Audit", "Who did what.", rows, G_N_ELEMENTS (rows)
};
