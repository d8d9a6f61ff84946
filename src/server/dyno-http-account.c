/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is told of a request that is over; part of dyno-http-face.h. */

#include "config.h"

#include "dyno-http-face-private.h"

#include "dyno-asker.h"
#include "dyno-audit.h"
#include "dyno-keys.h"
#include "dyno-log.h"
#include "dyno-metrics.h"

/* Never the path: it is somebody's words. */
static const char *
template_of (DynoRequest *request)
{
  const DynoRoute *route = dyno_request_get_route (request);

  return route != NULL ? route->path : "none";
}

static void
count (DynoRequest *request,
       guint        status,
       gint64       duration_us)
{
  char text[12];

  g_snprintf (text, sizeof text, "%u", status);
  dyno_metrics_observe (DYNO_METRIC_HTTP_DURATION, (double) duration_us / G_USEC_PER_SEC,
                        dyno_request_get_method (request), template_of (request), text, NULL);
}

static void
write_line (DynoRequest *request,
            guint        status,
            gint64       duration_us,
            const char  *ip)
{
  const DynoPrincipal *principal = dyno_request_get_principal (request);
  const DynoLogLine line = { .room = "server",
                             .event = "http.request",
                             .message = status != 0 ? "Answered" : "The client left",
                             .correlation_id = dyno_request_get_correlation (request),
                             .principal = principal != NULL ? dyno_principal_id (principal) : NULL,
                             .ip = ip,
                             .method = dyno_request_get_method (request),
                             .route = template_of (request),
                             .status = status,
                             .duration_us = duration_us,
                             .error_code = dyno_request_get_code (request) };

  dyno_log_write (status >= 500 ? G_LOG_LEVEL_WARNING : G_LOG_LEVEL_INFO, &line);
}

/* 401 and 403; somebody else's things are hidden behind 404, on routes of personal rows. */
static gboolean
is_denial (DynoRequest *request,
           guint        status)
{
  const DynoRoute *route = dyno_request_get_route (request);

  return status == 401 || status == 403
         || (status == 404 && route != NULL
             && (route->access.kind == DYNO_ACCESS_SELF || route->flags & DYNO_ROUTE_PERSONAL));
}

static void
note_denial (DynoHttpFace *self,
             DynoRequest  *request,
             guint         status,
             const char   *ip)
{
  DynoPrincipal *principal = dyno_request_get_principal (request);
  g_autoptr(DynoAsker) asker = NULL;

  if (principal == NULL)
    {
      dyno_audit_deny_address (self->shop, ip != NULL ? ip : "local", template_of (request),
                               (int) status);
      return;
    }

  asker = dyno_asker_new (principal, ip, dyno_request_get_correlation (request));
  dyno_asker_push (asker);
  dyno_audit_deny (self->shop, template_of (request), (int) status);
  dyno_asker_pop (asker);
}

void
dyno_http_account (DynoHttpFace *self,
                   DynoRequest  *request,
                   guint         status,
                   gint64        duration_us)
{
  DynoPrincipal *principal = dyno_request_get_principal (request);
  GInetAddress *peer = dyno_request_get_peer (request);
  g_autofree char *ip = peer != NULL ? g_inet_address_to_string (peer) : NULL;

  count (request, status, duration_us);
  write_line (request, status, duration_us, ip);
  if (is_denial (request, status))
    note_denial (self, request, status, ip);
  if (principal != NULL && principal->kind == DYNO_PRINCIPAL_KEY)
    dyno_keys_count (self->shop, principal, template_of (request), peer,
                     status == 401 || status == 403 || status == 429);
}
