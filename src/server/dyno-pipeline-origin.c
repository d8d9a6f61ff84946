/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pipeline-private.h"

#include "dyno-origin.h"
#include "dyno-reply.h"

/* Under which name, and from whose page. */

#define EXPOSED                                                                              \
  "X-Correlation-ID, ETag, Link, Location, Retry-After, X-RateLimit-Limit, "                 \
  "X-RateLimit-Remaining, X-RateLimit-Reset, RateLimit, RateLimit-Policy"
#define ALLOWED_HEADERS                                                                      \
  "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-API-Key, "       \
  "X-Correlation-ID, X-Request-Timeout-Ms"

gboolean
dyno_pipeline_check_refusal (DynoRequest *request)
{
  const DynoRefusal *refusal = dyno_connection_get_refusal (request->connection);

  if (refusal == NULL)
    return TRUE;

  if (refusal->allow != NULL)
    dyno_reply_header (request, "Allow", refusal->allow);
  dyno_reply_problem (request,
                      &(DynoProblem) { .code = refusal->code, .message = refusal->sentence });

  return FALSE;
}

gboolean
dyno_pipeline_check_host (DynoRequest *request)
{
  DynoConnection *connection = request->connection;

  if (dyno_origin_knows (request->service->origin, dyno_request_get_header (request, "Host"),
                         dyno_connection_get_kind (connection),
                         dyno_connection_get_local_port (connection),
                         dyno_connection_is_tls (connection)))
    return TRUE;

  dyno_reply_refuse (request, "MISDIRECTED_REQUEST");

  return FALSE;
}

static DynoOriginVerdict
judge (DynoRequest *request)
{
  return dyno_origin_judge (request->service->origin, dyno_request_get_header (request, "Origin"),
                            dyno_request_get_header (request, "Host"),
                            dyno_connection_is_tls (request->connection));
}

static gboolean
is_from_another_site (DynoRequest       *request,
                      DynoOriginVerdict  verdict)
{
  const char *site = dyno_request_get_header (request, "Sec-Fetch-Site");

  if (verdict == DYNO_ORIGIN_LISTED)
    return FALSE;

  return verdict == DYNO_ORIGIN_FOREIGN || g_strcmp0 (site, "cross-site") == 0;
}

static void
put_cors (DynoRequest *request)
{
  dyno_reply_header (request, "Access-Control-Allow-Origin",
                     dyno_request_get_header (request, "Origin"));
  dyno_reply_header (request, "Access-Control-Expose-Headers", EXPOSED);
  soup_message_headers_append (soup_server_message_get_response_headers (request->message), "Vary",
                               "Origin");
}

static gboolean
is_preflight (DynoRequest *request)
{
  return g_str_equal (request->method, "OPTIONS")
         && dyno_request_get_header (request, "Access-Control-Request-Method") != NULL;
}

static void
answer_preflight (DynoRequest *request)
{
  dyno_reply_header (request, "Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
  dyno_reply_header (request, "Access-Control-Allow-Headers", ALLOWED_HEADERS);
  dyno_reply_header (request, "Access-Control-Max-Age", "600");
  dyno_reply_send (request, 204, NULL, NULL);
}

static gboolean
refuse_origin (DynoRequest *request)
{
  dyno_reply_refuse (request, "ORIGIN_DENIED");

  return FALSE;
}

gboolean
dyno_pipeline_check_origin (DynoRequest *request)
{
  DynoOriginVerdict verdict = judge (request);
  gboolean is_reading = g_str_equal (request->method, "GET")
                        || g_str_equal (request->method, "HEAD");

  if (verdict == DYNO_ORIGIN_LISTED)
    put_cors (request);
  if (!is_reading && is_from_another_site (request, verdict))
    return refuse_origin (request);
  if (verdict == DYNO_ORIGIN_ABSENT || !is_preflight (request))
    return TRUE;

  answer_preflight (request);

  return FALSE;
}

gboolean
dyno_pipeline_check_reader (DynoRequest *request)
{
  if (request->match->route->flags & DYNO_ROUTE_STREAM
      && is_from_another_site (request, judge (request)))
    return refuse_origin (request);

  return TRUE;
}
