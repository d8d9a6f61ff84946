/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-pipeline-private.h"

#include <string.h>

#include "dyno-body.h"
#include "dyno-query.h"
#include "dyno-reply.h"
#include "dyno-sealed-cursor.h"

/* What the query and the body say. */

#define JSON_CAP  (1024 * 1024)     /* bytes */
#define SMALL_CAP (16 * 1024)
#define LARGE_CAP (4 * 1024 * 1024)

static gboolean
refuse_flaws (DynoRequest *request,
              DynoFlaws   *flaws)
{
  g_autofree char *first = dyno_flaws_first (flaws);

  dyno_reply_problem (request, &(DynoProblem) { .code = "VALIDATION_ERROR", .detail = first,
                                                .flaws = flaws });

  return FALSE;
}

static gboolean
open_cursor (DynoRequest *request)
{
  const char *sealed = g_hash_table_lookup (request->query, "cursor");
  g_autofree char *filter = NULL;
  g_autoptr(GError) error = NULL;

  if (!(request->match->route->flags & DYNO_ROUTE_PAGE) || sealed == NULL)
    return TRUE;

  filter = dyno_request_filter (request);
  request->cursor = dyno_sealed_cursor_open (request->service->cursor_key, sealed, filter, &error);
  if (request->cursor == NULL)
    dyno_reply_error (request, error);

  return request->cursor != NULL;
}

gboolean
dyno_pipeline_read_query (DynoRequest *request)
{
  const DynoRoute *route = request->match->route;
  const DynoField *more = route->flags & DYNO_ROUTE_PAGE ? dyno_page_fields : NULL;
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();

  request->query = dyno_query_parse (request->path->query, route->query, more, flaws);
  if (dyno_flaws_count (flaws) > 0)
    return refuse_flaws (request, flaws);

  return open_cursor (request);
}

static guint64
cap_of (DynoRequest *request)
{
  DynoRouteFlags flags = request->match->route->flags;

  if (!dyno_route_has_body (request->match->route))
    return 0;
  if (flags & DYNO_ROUTE_SMALL_BODY)
    return SMALL_CAP;
  if (flags & DYNO_ROUTE_LARGE_BODY)
    return LARGE_CAP;

  return flags & DYNO_ROUTE_UPLOAD ? request->service->max_upload : JSON_CAP;
}

static gboolean
append_cb (const guint8  *bytes,
           gsize          size,
           gpointer       data,
           GError       **error)
{
  DynoRequest *request = data;

  return dyno_upload_append (request->upload, bytes, size, error);
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              gpointer           data)
{
  DynoRequest *request = g_object_get_data (G_OBJECT (message), DYNO_REQUEST_OF_MESSAGE);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (chunk, &size);

  if (request == NULL || request->upload_error != NULL)
    return;

  if (request->multipart != NULL)
    dyno_multipart_feed (request->multipart, bytes, size, &request->upload_error);
  else
    dyno_upload_append (request->upload, bytes, size, &request->upload_error);
}

/* FALSE where the form has no boundary. */
static gboolean
open_form (DynoRequest  *request,
           GError      **error)
{
  const char *type = dyno_request_get_header (request, "Content-Type");

  if (type == NULL || g_ascii_strncasecmp (type, "multipart/", strlen ("multipart/")) != 0)
    return TRUE;

  request->multipart = dyno_multipart_new (type, append_cb, request, error);

  return request->multipart != NULL;
}

/* The bytes go to a file as they come; nothing of them stays in memory. */
static gboolean
open_upload (DynoRequest *request)
{
  SoupMessageBody *body = soup_server_message_get_request_body (request->message);
  g_autoptr(GError) error = NULL;

  if (open_form (request, &error))
    request->upload = dyno_upload_new (request->service->upload_folder, &error);
  if (request->upload == NULL)
    {
      dyno_reply_error (request, error);
      return FALSE;
    }

  soup_message_body_set_accumulate (body, FALSE);
  g_signal_connect (request->message, "got-chunk", G_CALLBACK (got_chunk_cb), NULL);

  return TRUE;
}

gboolean
dyno_pipeline_open_body (DynoRequest *request)
{
  if (!dyno_connection_set_body_cap (request->connection, cap_of (request)))
    return dyno_pipeline_check_refusal (request);
  if (request->match->route->flags & DYNO_ROUTE_UPLOAD)
    return open_upload (request);

  return TRUE;
}

/* The fields of a form are held against the query's table. */
static gboolean
read_form (DynoRequest *request)
{
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();

  if (request->multipart == NULL)
    return TRUE;

  dyno_query_add_form (request->query, dyno_multipart_get_fields (request->multipart),
                       request->match->route->query, flaws);

  return dyno_flaws_count (flaws) == 0 || refuse_flaws (request, flaws);
}

static gboolean
close_upload (DynoRequest *request)
{
  dyno_upload_close (request->upload);
  if (request->upload_error == NULL && request->multipart != NULL)
    dyno_multipart_close (request->multipart, &request->upload_error);

  if (request->upload_error != NULL)
    dyno_reply_error (request, request->upload_error);
  else if (dyno_upload_get_size (request->upload) == 0)
    dyno_reply_problem (request, &(DynoProblem) { .code = "BAD_REQUEST",
                                                  .message = "The body is empty." });

  return request->status == 0 && read_form (request);
}

static gboolean
read_json (DynoRequest *request)
{
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();
  g_autoptr(GError) error = NULL;

  request->bytes = soup_message_body_flatten (
    soup_server_message_get_request_body (request->message));
  request->body = dyno_body_parse (request->match->route, request->bytes, flaws, &error);
  if (request->body == NULL)
    {
      dyno_reply_error (request, error);
      return FALSE;
    }

  return dyno_flaws_count (flaws) == 0 || refuse_flaws (request, flaws);
}

gboolean
dyno_pipeline_read_body (DynoRequest *request)
{
  if (request->upload != NULL)
    return close_upload (request);

  return request->match->route->body == NULL || read_json (request);
}
