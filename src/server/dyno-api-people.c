/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api-people.h"

#include "dyno-metrics.h"
#include "dyno-shape-user.h"

static const DynoField user_fields[] = { DYNO_USER_FIELDS, { NULL } };

const DynoSchema dyno_user_schema = { "User", "Somebody who may ask", user_fields };

void
dyno_api_reply_user (DynoRequest *request,
                     DynoUser    *user)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_reply_tag (request, user->id, user->revision);
  dyno_shape_user (w, user);
  dyno_reply_json (request, w);
}

char *
dyno_api_dup_ip (DynoRequest *request)
{
  GInetAddress *peer = dyno_request_get_peer (request);

  return peer != NULL ? g_inet_address_to_string (peer) : NULL;
}

DynoAsker *
dyno_api_push_nobody (DynoRequest *request)
{
  g_autoptr(DynoPrincipal) principal = dyno_principal_new (DYNO_PRINCIPAL_USER);
  g_autofree char *ip = dyno_api_dup_ip (request);
  DynoAsker *nobody;

  if (dyno_request_get_asker (request) != NULL)
    return NULL;

  principal->user_id = g_strdup (ip != NULL ? ip : "local");
  nobody = dyno_asker_new (principal, ip, dyno_request_get_correlation (request));
  dyno_asker_push (nobody);

  return nobody;
}

void
dyno_api_pop_nobody (DynoAsker *nobody)
{
  if (nobody == NULL)
    return;

  dyno_asker_pop (nobody);
  dyno_asker_unref (nobody);
}

void
dyno_api_count_attempt (const char *kind,
                        gboolean    is_good)
{
  dyno_metrics_add (DYNO_METRIC_AUTH_ATTEMPTS, 1, kind, is_good ? "success" : "failure", NULL);
}

void
dyno_api_refuse_attempt (DynoRequest  *request,
                         const GError *error,
                         gint64        retry_after_s)
{
  DynoProblem problem = dyno_problem_from_error (error);

  if (retry_after_s <= 0)
    {
      dyno_reply_error (request, error);
      return;
    }
  problem.retry_after_s = (guint) MIN (retry_after_s, G_MAXINT);
  dyno_reply_problem (request, &problem);
}

DynoLoginClient
dyno_api_client (DynoRequest *request,
                 const char  *label,
                 char       **ip)
{
  *ip = dyno_api_dup_ip (request);

  return (DynoLoginClient) { .label = label, .ip = *ip,
                             .user_agent = dyno_request_get_header (request, "User-Agent") };
}
