/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pipeline-private.h"

#include "dyno-reply.h"

/* Which row, and who may. */

#define RECENT_US (15 * 60 * G_USEC_PER_SEC) /* a password is fresh for that long */

gboolean
dyno_pipeline_read_path (DynoRequest *request)
{
  const char *target = dyno_connection_get_target (request->connection);
  g_autoptr(GError) error = NULL;

  if (g_str_equal (target, "*"))
    {
      dyno_reply_send (request, 204, NULL, NULL);
      return FALSE;
    }

  request->path = dyno_path_new (target, &error);
  if (request->path == NULL)
    dyno_reply_error (request, error);

  return request->path != NULL;
}

gboolean
dyno_pipeline_find_route (DynoRequest *request)
{
  request->match = dyno_router_match (request->service->router, request->method, request->path);
  if (request->match == NULL)
    {
      dyno_reply_refuse (request, "NOT_FOUND");
      return FALSE;
    }
  if (request->match->route != NULL)
    return TRUE;

  dyno_reply_header (request, "Allow", request->match->allow);
  if (g_str_equal (request->method, "OPTIONS"))
    dyno_reply_send (request, 204, NULL, NULL);
  else
    dyno_reply_refuse (request, "METHOD_NOT_ALLOWED");

  return FALSE;
}

/* {"required":["runs:read"]} */
static char *
write_required (const DynoRouteAccess *access)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_auto(GStrv) names = dyno_scopes_names (access->all | access->any);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "required");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; names[i] != NULL; i++)
    dyno_json_writer_string (w, names[i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static gboolean
may (const DynoPrincipal *principal,
     const DynoRouteAccess    *access)
{
  if (access->kind == DYNO_ACCESS_AUTH || access->kind == DYNO_ACCESS_SELF)
    return TRUE;

  return (principal->scopes & access->all) == access->all
         && (access->any == 0 || (principal->scopes & access->any) != 0);
}

static gboolean
refuse_access (DynoRequest      *request,
               const DynoRouteAccess *access)
{
  g_autofree char *details = write_required (access);

  dyno_reply_problem (request, &(DynoProblem) { .code = "AUTHORIZATION_ERROR",
                                                .details = details });

  return FALSE;
}

/* A key needs its permission only; a person has just said a password. */
static gboolean
is_recent (DynoRequest *request)
{
  const DynoPrincipal *principal = request->principal;
  gint64 now_us = dyno_clock_real_us (request->service->clock);

  return principal->kind != DYNO_PRINCIPAL_USER
         || now_us - principal->auth_time_ms * 1000 <= RECENT_US;
}

gboolean
dyno_pipeline_check_access (DynoRequest *request)
{
  const DynoRoute *route = request->match->route;

  if (route->access.kind == DYNO_ACCESS_OPEN
      || (route->access.kind == DYNO_ACCESS_LOOPBACK && dyno_request_is_local (request)))
    return TRUE;

  if (request->principal == NULL)
    {
      dyno_reply_refuse (request, "AUTHENTICATION_ERROR");
      return FALSE;
    }
  if (!may (request->principal, &route->access))
    return refuse_access (request, &route->access);
  if (!(route->flags & DYNO_ROUTE_RECENT) || is_recent (request))
    return TRUE;

  dyno_reply_refuse (request, "REAUTH_REQUIRED");

  return FALSE;
}
