/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-reply.h"

#include <string.h>

#include "dyno-request-private.h"

/* application/json where the client names that and nothing else that fits, else the type
 * of RFC 9457. The bytes are the same. */
static const char *
choose_media (DynoRequest *self)
{
  const char *accept = dyno_request_get_header (self, "Accept");

  if (accept != NULL && strstr (accept, "application/json") != NULL
      && strstr (accept, "problem+json") == NULL && strstr (accept, "*/*") == NULL)
    return "application/json";

  return "application/problem+json";
}

/* RFC 6750, 3: what is missing, in the header that clients of OAuth read. */
static void
put_challenge (DynoRequest    *self,
               const DynoProblemCode *code)
{
  const char *authorization = dyno_request_get_header (self, "Authorization");
  gboolean is_bearer = authorization != NULL
                       && g_ascii_strncasecmp (authorization, "Bearer ", 7) == 0;

  if (code->status == 401 && is_bearer)
    dyno_reply_header (self, "WWW-Authenticate",
                       "Bearer realm=\"dynoai\", error=\"invalid_token\"");
  else if (code->status == 401)
    dyno_reply_header (self, "WWW-Authenticate", "Bearer realm=\"dynoai\"");
  else if (is_bearer && g_str_equal (code->word, "AUTHORIZATION_ERROR"))
    dyno_reply_header (self, "WWW-Authenticate",
                       "Bearer realm=\"dynoai\", error=\"insufficient_scope\"");
}

static void
put_retry (DynoRequest       *self,
           const DynoProblem *problem)
{
  char seconds[12];

  if (problem->retry_after_s == 0)
    return;

  g_snprintf (seconds, sizeof seconds, "%u", problem->retry_after_s);
  dyno_reply_header (self, "Retry-After", seconds);
}

static void
forget_success (DynoRequest *self)
{
  g_clear_pointer (&self->tag, g_free);
  if (!self->is_over)
    soup_message_headers_remove (soup_server_message_get_response_headers (self->message),
                                 "Location");
}

void
dyno_reply_problem (DynoRequest       *self,
                    const DynoProblem *problem)
{
  const DynoProblemCode *code = dyno_problem_code (problem);
  DynoProblemFrame frame = { dyno_request_get_path (self), self->correlation,
                             dyno_clock_real_us (self->service->clock) };
  char *text;
  g_autoptr(GBytes) body = NULL;

  if (dyno_request_is_over (self))
    return;

  forget_success (self);
  put_challenge (self, code);
  put_retry (self, problem);
  text = dyno_problem_to_json (problem, &frame);
  body = g_bytes_new_take (text, strlen (text));
  self->code = code->word;
  dyno_reply_send (self, code->status, choose_media (self), body);
}

void
dyno_reply_refuse (DynoRequest *self,
                   const char  *code)
{
  dyno_reply_problem (self, &(DynoProblem) { .code = code });
}

/* The row asks for a version, and the operation found another one. */
static gboolean
is_stale (DynoRequest  *self,
          const GError *error)
{
  const DynoRoute *route = dyno_request_get_route (self);

  return route != NULL && dyno_route_has_if_match (route)
         && g_error_matches (error, DYNO_ERROR, DYNO_ERROR_CONFLICT)
         && g_strcmp0 (dyno_error_get_reason (error), "stale") == 0;
}

/* What may not leave the house is for the log, with the id that the client got. */
static void
log_hidden (DynoRequest  *self,
            const GError *error)
{
  const DynoRoute *route = dyno_request_get_route (self);

  g_message ("%s %s failed (%s): %s", self->method, route != NULL ? route->path : "?",
             self->correlation, error->message);
}

void
dyno_reply_error (DynoRequest  *self,
                  const GError *error)
{
  DynoProblem problem = dyno_problem_from_error (error);

  if (is_stale (self, error))
    problem.code = "PRECONDITION_FAILED";
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    problem = (DynoProblem) { .code = "TIMEOUT" };
  else if (problem.message == NULL)
    log_hidden (self, error);

  dyno_reply_problem (self, &problem);
}
