/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pipeline-private.h"

#include <string.h>

#include "dyno-idempotency.h"
#include "dyno-reply.h"

/* What the headers ask for, before the body is read. */

/* Whether one of the media types between bars is wanted by one of the ranges. */
static gboolean
is_wanted (GSList     *ranges,
           const char *media)
{
  g_auto(GStrv) types = g_strsplit (media, "|", -1);

  for (GSList *l = ranges; l != NULL; l = l->next)
    {
      const char *range = l->data;
      gsize length = strcspn (range, "*");

      if (g_str_equal (range, "*/*"))
        return TRUE;
      for (guint i = 0; types[i] != NULL; i++)
        {
          gsize plain = strcspn (types[i], ";");

          if (range[length] == '*' ? g_ascii_strncasecmp (types[i], range, length) == 0
                                   : strlen (range) == plain
                                       && g_ascii_strncasecmp (types[i], range, plain) == 0)
            return TRUE;
        }
    }

  return FALSE;
}

/* What a client may ask for to get an answer: a problem+json reader reads errors at
 * least. */
static char *
media_of (const DynoRoute *route)
{
  if (route->flags & DYNO_ROUTE_STREAM)
    return g_strdup ("text/event-stream");
  if (route->reply_media != NULL && route->reply == NULL)
    return g_strdup (route->reply_media);

  return g_strconcat ("application/json|application/problem+json",
                      route->reply_media != NULL ? "|" : "",
                      route->reply_media != NULL ? route->reply_media : "", NULL);
}

gboolean
dyno_pipeline_check_accept (DynoRequest *request)
{
  const char *accept = dyno_request_get_header (request, "Accept");
  g_autofree char *media = media_of (request->match->route);
  GSList *ranges;
  gboolean passes;

  if (accept == NULL || dyno_route_status (request->match->route) == 204)
    return TRUE;

  ranges = soup_header_parse_quality_list (accept, NULL);
  passes = is_wanted (ranges, media);
  soup_header_free_list (ranges);
  if (!passes)
    dyno_reply_refuse (request, "NOT_ACCEPTABLE");

  return passes;
}

static gboolean
takes_type (const DynoRoute *route,
            const char      *type)
{
  g_autofree char *small = g_ascii_strdown (type != NULL ? type : "", -1);
  g_auto(GStrv) types = NULL;

  if (!(route->flags & DYNO_ROUTE_UPLOAD))
    return g_str_equal (small, "application/json");
  if (g_str_equal (small, "multipart/form-data"))
    return (route->flags & DYNO_ROUTE_MULTIPART) != 0;
  if (route->body_media == NULL)
    return TRUE;

  types = g_strsplit (route->body_media, "|", -1);

  return g_strv_contains ((const char *const *) types, small);
}

gboolean
dyno_pipeline_check_type (DynoRequest *request)
{
  const DynoRoute *route = request->match->route;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (request->message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  gboolean is_empty = dyno_connection_get_body_length (request->connection) == 0;

  if (!dyno_route_has_body (route) || (is_empty && type == NULL) || takes_type (route, type))
    return TRUE;

  dyno_reply_refuse (request, "UNSUPPORTED_MEDIA_TYPE");

  return FALSE;
}

static gboolean
refuse_tag (DynoRequest *request)
{
  dyno_reply_problem (request, &(DynoProblem) {
    .code = "BAD_REQUEST",
    .message = "If-Match must be the one ETag that you were given with what you read.",
  });

  return FALSE;
}

/* "<id>-<version>" with its quotes. 0: another form. */
static gint64
read_tag (const char  *tag,
          char       **id)
{
  gsize length = strlen (tag);
  g_autofree char *text = NULL;
  char *dash;
  guint64 version = 0;

  if (length < 5 || tag[0] != '"' || tag[length - 1] != '"')
    return 0;

  text = g_strndup (tag + 1, length - 2);
  dash = strrchr (text, '-');
  if (strchr (text, '"') != NULL || dash == NULL
      || !g_ascii_string_to_unsigned (dash + 1, 10, 1, G_MAXINT64, &version, NULL))
    return 0;

  *id = g_strndup (text, (gsize) (dash - text));

  return (gint64) version;
}

gboolean
dyno_pipeline_check_version (DynoRequest *request)
{
  const char *tag = dyno_request_get_header (request, "If-Match");
  const char *wanted = g_hash_table_lookup (request->match->args, "id");
  g_autofree char *id = NULL;

  if (!dyno_route_has_if_match (request->match->route))
    return TRUE;
  if (tag == NULL)
    {
      dyno_reply_refuse (request, "PRECONDITION_REQUIRED");
      return FALSE;
    }

  if (g_str_has_prefix (tag, "W/\""))
    {
      /* A weak tag never matches (RFC 9110, 13.1.1). */
      dyno_reply_refuse (request, "PRECONDITION_FAILED");
      return FALSE;
    }
  request->version = read_tag (tag, &id);
  if (request->version == 0)
    return refuse_tag (request);
  if (wanted == NULL || g_str_equal (wanted, id))
    return TRUE;

  dyno_reply_refuse (request, "PRECONDITION_FAILED");

  return FALSE;
}

gboolean
dyno_pipeline_check_key (DynoRequest *request)
{
  const DynoRoute *route = request->match->route;
  const char *header = dyno_request_get_header (request, "Idempotency-Key");
  g_autoptr(GError) error = NULL;
  g_autofree char *key = NULL;

  if (!dyno_route_takes_key (route))
    return TRUE;
  if (header == NULL && route->flags & DYNO_ROUTE_IDEMPOTENT)
    {
      dyno_reply_refuse (request, "IDEMPOTENCY_KEY_REQUIRED");
      return FALSE;
    }

  key = dyno_idempotency_read_key (header, &error);
  if (error != NULL)
    dyno_reply_error (request, error);

  return error == NULL;
}

gboolean
dyno_pipeline_set_deadline (DynoRequest *request)
{
  const char *asked = dyno_request_get_header (request, "X-Request-Timeout-Ms");
  gint64 limit_us = dyno_route_deadline_us (request->match->route);
  guint64 asked_ms;

  if (asked != NULL && !g_ascii_string_to_unsigned (asked, 10, 1, 30000, &asked_ms, NULL))
    {
      dyno_reply_problem (request, &(DynoProblem) {
        .code = "BAD_REQUEST", .message = "X-Request-Timeout-Ms must be from 1 to 30000." });
      return FALSE;
    }

  if (asked != NULL && limit_us != 0)
    limit_us = MIN (limit_us, (gint64) asked_ms * 1000);
  if (limit_us != 0)
    request->deadline_us = request->started_us + limit_us;

  return TRUE;
}
