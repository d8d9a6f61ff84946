/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Span, admission, credential and limits of a request; part of dyno-http-face.h. */

#include "config.h"

#include "dyno-http-face-private.h"

#include <string.h>

#include "dyno-limit-header.h"
#include "dyno-metrics.h"
#include "dyno-reply.h"
#include "dyno-trace.h"

#define SPAN   "http-span"
#define TICKET "http-ticket"

/* The head is there */

static gboolean
take_peer (DynoHttpFace *self,
           DynoRequest  *request)
{
  GInetAddress *peer = dyno_request_get_peer (request);
  const char *lines = dyno_request_get_header (request, "X-Forwarded-For");
  g_autoptr(GInetAddress) client = NULL;
  g_autoptr(GError) error = NULL;
  DynoForwardedSource source;

  if (peer == NULL || lines == NULL)
    return TRUE;

  client = dyno_forwarded_resolve (self->forwarded, peer, lines, &source, &error);
  if (client == NULL)
    {
      dyno_reply_error (request, error);
      return FALSE;
    }
  if (source == DYNO_FORWARDED_IGNORED)
    dyno_metrics_add (DYNO_METRIC_FORWARDED_IGNORED, 1, NULL);
  dyno_request_set_peer (request, client);

  return TRUE;
}

static DynoVerdict
begun (DynoRequest *request,
       gpointer     data)
{
  DynoHttpFace *self = data;
  DynoTraceContext remote;
  gboolean is_known = dyno_trace_parse (dyno_request_get_header (request, "traceparent"),
                                        dyno_request_get_header (request, "tracestate"), &remote);

  dyno_metrics_shift (DYNO_METRIC_HTTP_ACTIVE, 1, NULL);
  dyno_request_set_data (request, SPAN,
                         dyno_span_new ("HTTP", DYNO_SPAN_SERVER, is_known ? &remote : NULL), NULL);

  return take_peer (self, request) ? DYNO_VERDICT_PASS : DYNO_VERDICT_ANSWERED;
}

/* Room in the house */

const char *
dyno_http_priority_name (DynoPriority priority)
{
  static const char *const names[DYNO_N_PRIORITIES] = { "P0", "P1", "P2", "P3" };

  return names[priority];
}

static void
shed (DynoRequest  *request,
      DynoPriority  priority)
{
  const DynoProblem problem = { .code = "SERVICE_UNAVAILABLE", .reason = "OVERLOADED",
                                .message = "Too much is going on. Try again in a second.",
                                .retry_after_s = 1 };

  dyno_metrics_add (DYNO_METRIC_SHED, 1, dyno_http_priority_name (priority), NULL);
  dyno_reply_problem (request, &problem);
}

static void
admitted (DynoAdmissionAnswer answer,
          gpointer            data)
{
  g_autoptr(DynoRequest) request = data;

  if (answer == DYNO_ADMISSION_GO)
    {
      dyno_pipeline_resume (request);
      return;
    }

  dyno_request_set_data (request, TICKET, NULL, NULL);
  if (answer == DYNO_ADMISSION_EXPIRED)
    dyno_reply_refuse (request, "TIMEOUT");
  else
    shed (request, dyno_route_get_priority (dyno_request_get_route (request)));
}

static DynoVerdict
turn_away (DynoRequest *request)
{
  dyno_reply_problem (request, &(DynoProblem) { .code = "SERVICE_UNAVAILABLE",
                                                .reason = "DRAINING",
                                                .message = "The service is about to end. Try "
                                                           "again in a moment.",
                                                .retry_after_s = 1 });

  return DYNO_VERDICT_ANSWERED;
}

/* A stream stays for hours and has a cap of its own. */
static DynoVerdict
admit (DynoRequest *request,
       gpointer     data)
{
  DynoHttpFace *self = data;
  const DynoRoute *route = dyno_request_get_route (request);
  DynoPriority priority = dyno_route_get_priority (route);
  gint64 deadline_us = dyno_request_get_started_us (request) + dyno_route_deadline_us (route);
  DynoTicket *ticket = NULL;
  DynoAdmissionAnswer answer;

  if (self->service.is_draining && priority != DYNO_PRIORITY_VITAL)
    return turn_away (request);
  if (route->flags & DYNO_ROUTE_STREAM)
    return DYNO_VERDICT_PASS;

  answer = dyno_admission_enter (self->admission, priority, deadline_us, admitted, request, &ticket);
  dyno_request_set_data (request, TICKET, ticket, NULL);
  if (answer == DYNO_ADMISSION_GO)
    return DYNO_VERDICT_PASS;
  if (answer == DYNO_ADMISSION_WAIT)
    {
      dyno_request_ref (request);
      return DYNO_VERDICT_WAIT;
    }
  shed (request, priority);

  return DYNO_VERDICT_ANSWERED;
}

/* Limits */

static gboolean
is_exempt (DynoRequest *request)
{
  const DynoPrincipal *principal = dyno_request_get_principal (request);

  return dyno_request_get_peer (request) == NULL
         || (principal != NULL && principal->kind == DYNO_PRINCIPAL_OWNER);
}

static void
add_headers (DynoRequest            *request,
             const DynoLimitVerdict *verdict)
{
  DynoLimitHeaders headers;

  dyno_limit_write_headers (verdict, &headers);
  dyno_reply_header (request, "X-RateLimit-Limit", headers.limit);
  dyno_reply_header (request, "X-RateLimit-Remaining", headers.remaining);
  dyno_reply_header (request, "X-RateLimit-Reset", headers.reset);
  dyno_reply_header (request, "RateLimit-Policy", headers.policies);
  dyno_reply_header (request, "RateLimit", headers.tightest);
}

static void
refuse (DynoRequest            *request,
        const DynoLimitVerdict *verdict)
{
  const DynoLimitReading *worst = &verdict->readings[verdict->tightest];
  g_autofree char *detail = dyno_limit_write_sentence (verdict);
  g_autofree char *message
    = g_strdup_printf ("Too many requests. Try again in %" G_GINT64_FORMAT " seconds.",
                       verdict->retry_after_s);
  g_autofree char *details
    = g_strdup_printf ("{\"limit\":%" G_GINT64_FORMAT ",\"window\":%" G_GINT64_FORMAT "}",
                       worst->limit, worst->window_us / G_USEC_PER_SEC);
  const char *policies[DYNO_LIMIT_MAX_TAKES + 1] = { NULL };
  const DynoProblem problem = { .code = "RATE_LIMIT_EXCEEDED", .message = message,
                                .detail = detail, .details = details, .policies = policies,
                                .retry_after_s = (guint) verdict->retry_after_s };
  guint n = 0;

  for (gsize i = 0; i < verdict->n; i++)
    {
      if (!verdict->readings[i].is_violated)
        continue;
      policies[n++] = verdict->readings[i].policy;
      dyno_metrics_add (DYNO_METRIC_RATE_LIMIT_REJECTED, 1, verdict->readings[i].policy, NULL);
    }
  dyno_reply_problem (request, &problem);
}

/* FALSE: it is over the limit, and answered. `is_question`: nothing is debited. */
static gboolean
hold_against (DynoHttpFace   *self,
              DynoRequest    *request,
              DynoLimitClass  limit,
              gboolean        is_question)
{
  const DynoPrincipal *principal = dyno_request_get_principal (request);
  char address[DYNO_LIMIT_SUBJECT_SIZE];
  DynoLimitCaller caller = { .address = address };
  DynoLimitTake takes[DYNO_LIMIT_MAX_TAKES];
  DynoLimitVerdict verdict;
  gint64 now_us = dyno_clock_monotonic_us (self->clock);
  gboolean is_good;
  gsize n;

  dyno_limit_name_address (dyno_request_get_peer (request), address);
  if (principal != NULL)
    {
      caller.principal = dyno_principal_id (principal);
      caller.per_minute = principal->per_minute;
      caller.per_day = principal->per_day;
    }
  n = dyno_limit_plan (&self->rules, limit, &caller, takes);
  is_good = is_question ? dyno_limit_ask (self->limit, n, takes, now_us, &verdict)
                        : dyno_limit_take (self->limit, n, takes, now_us, &verdict);
  if (!is_question || !is_good)
    add_headers (request, &verdict);
  if (!is_good)
    refuse (request, &verdict);

  return is_good;
}

static DynoVerdict
check_address (DynoRequest *request,
               gpointer     data)
{
  return dyno_request_get_peer (request) == NULL
           || hold_against (data, request, DYNO_LIMIT_BEFORE_AUTH, TRUE)
         ? DYNO_VERDICT_PASS : DYNO_VERDICT_ANSWERED;
}

static DynoVerdict
check_limits (DynoRequest *request,
              gpointer     data)
{
  return is_exempt (request)
           || hold_against (data, request, dyno_route_get_limit (dyno_request_get_route (request)), FALSE)
         ? DYNO_VERDICT_PASS : DYNO_VERDICT_ANSWERED;
}

/* The credential */

static const char *
kind_of (const DynoAuthRequest *asked)
{
  return asked->authorization != NULL && strstr (asked->authorization, "eyJ") != NULL ? "jwt" : "key";
}

/* Whoever shows a bad one is counted by his address; where that is full, he is told so
 * instead of what was wrong. */
static DynoVerdict
refuse_credential (DynoHttpFace          *self,
                   DynoRequest           *request,
                   const DynoAuthRefusal *refusal,
                   const GError          *error)
{
  if (dyno_request_get_peer (request) != NULL
      && !hold_against (self, request,
                        refusal->is_guess ? DYNO_LIMIT_FAILED_AUTH : DYNO_LIMIT_OPEN, FALSE))
    return DYNO_VERDICT_ANSWERED;

  if (refusal->challenge != NULL)
    dyno_reply_header (request, "WWW-Authenticate", refusal->challenge);
  dyno_reply_error (request, error);

  return DYNO_VERDICT_ANSWERED;
}

static gboolean
is_forwarded_untrusted (DynoHttpFace *self,
                        DynoRequest  *request)
{
  GInetAddress *peer = dyno_connection_get_peer (dyno_request_get_connection (request));

  return peer != NULL
         && (dyno_request_get_header (request, "Forwarded") != NULL
             || dyno_request_get_header (request, "X-Forwarded-For") != NULL)
         && !dyno_forwarded_is_trusted (self->forwarded, peer);
}

/* Nobody need be somebody here. */
static gboolean
takes_anybody (DynoRequest *request)
{
  DynoAccessKind kind = dyno_request_get_route (request)->access.kind;

  return kind == DYNO_ACCESS_OPEN || (kind == DYNO_ACCESS_LOOPBACK && dyno_request_is_local (request));
}

static DynoVerdict
authenticate (DynoRequest *request,
              gpointer     data)
{
  DynoHttpFace *self = data;
  const DynoRoute *route = dyno_request_get_route (request);
  const DynoAuthRequest asked
    = { .authorization = dyno_request_get_header (request, "Authorization"),
        .api_key = dyno_request_get_header (request, "X-API-Key"),
        .address = dyno_request_get_peer (request),
        .is_admin = dyno_request_get_peer (request) == NULL,
        .is_forwarded = is_forwarded_untrusted (self, request),
        .is_always_open = (route->flags & DYNO_ROUTE_WHILE_SETUP) != 0 };
  g_autoptr(DynoPrincipal) principal = NULL;
  g_autoptr(GError) error = NULL;
  DynoAuthRefusal refusal = { 0 };
  DynoAuthOutcome outcome = dyno_auth_check (self->auth, &asked, &principal, &refusal, &error);

  if (outcome != DYNO_AUTH_ABSENT && !asked.is_admin)
    dyno_metrics_add (DYNO_METRIC_AUTH_ATTEMPTS, 1, kind_of (&asked),
                      outcome == DYNO_AUTH_GRANTED ? "success" : "failure", NULL);
  if (outcome == DYNO_AUTH_GRANTED)
    dyno_request_set_principal (request, principal);
  if (outcome == DYNO_AUTH_GRANTED || (outcome == DYNO_AUTH_ABSENT && takes_anybody (request)))
    return DYNO_VERDICT_PASS;

  return refuse_credential (self, request, &refusal, error);
}

/* The end */

static void
finished (DynoRequest *request,
          guint        status,
          gint64       duration_us,
          gpointer     data)
{
  DynoHttpFace *self = data;
  DynoTicket *ticket = dyno_request_get_data (request, TICKET);
  DynoSpan *span = dyno_request_get_data (request, SPAN);

  dyno_metrics_shift (DYNO_METRIC_HTTP_ACTIVE, -1, NULL);
  if (ticket != NULL)
    dyno_admission_leave (self->admission, ticket);
  dyno_http_account (self, request, status, duration_us);
  if (status >= 500)
    dyno_span_fail (span, dyno_request_get_code (request));
  dyno_span_end (span);
}

const DynoPipelineHooks dyno_http_hooks = {
  .begun = begun,
  .admit = admit,
  .address = check_address,
  .authenticate = authenticate,
  .limit = check_limits,
  .finished = finished,
};
