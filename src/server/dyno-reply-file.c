/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-reply.h"

#include <string.h>

#include "dyno-request-private.h"

#define PIECE (64 * 1024) /* bytes read ahead of the client: one piece */

/* A stream on its way out: read a piece, let the wire send it, read the next. It is the
 * request's own, so it ends with the stream or with the client. */
typedef struct
{
  DynoRequest  *request;    /* (borrowed) owns this */
  GInputStream *stream;     /* (owned) */
  gulong        on_wrote;   /* of "wrote-chunk" */
  gboolean      is_reading; /* then the message is paused, and the request held */
  gboolean      is_done;
} Pump;

static void
pump_free (gpointer data)
{
  Pump *pump = data;

  g_signal_handler_disconnect (pump->request->message, pump->on_wrote);
  g_clear_object (&pump->stream);
  g_free (pump);
}

/* A body that breaks off must not look whole: the connection closes. */
static void
pump_pass_on (Pump   *pump,
              GBytes *piece)
{
  SoupServerMessage *message = pump->request->message;
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  pump->is_done = piece == NULL || g_bytes_get_size (piece) == 0;
  if (piece == NULL)
    dyno_connection_close_after_reply (pump->request->connection);
  if (pump->is_done)
    soup_message_body_complete (body);
  else
    soup_message_body_append_bytes (body, piece);
  soup_server_message_unpause (message);
}

static void
pump_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Pump *pump = user_data;
  g_autoptr(DynoRequest) request = pump->request;
  g_autoptr(GBytes) piece = g_input_stream_read_bytes_finish (pump->stream, result, NULL);

  pump->is_reading = FALSE;
  if (!request->is_over)
    pump_pass_on (pump, piece);
}

static void
pump_read (Pump *pump)
{
  pump->is_reading = TRUE;
  soup_server_message_pause (pump->request->message);
  g_input_stream_read_bytes_async (pump->stream, PIECE, G_PRIORITY_DEFAULT,
                                   pump->request->cancellable, pump_read_cb, pump);
  dyno_request_ref (pump->request);
}

static void
wrote_chunk_cb (SoupServerMessage *message,
                gpointer           user_data)
{
  Pump *pump = user_data;

  if (!pump->is_reading && !pump->is_done)
    pump_read (pump);
}

static void
pump_start (DynoRequest  *self,
            GInputStream *stream)
{
  Pump *pump = g_new0 (Pump, 1);

  pump->request = self;
  pump->stream = g_object_ref (stream);
  pump->on_wrote = g_signal_connect (self->message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb),
                                     pump);
  dyno_request_set_data (self, "pump", pump, pump_free);
  pump_read (pump);
}

/* RFC 6266 with RFC 8187: the name in UTF-8, percent-encoded, so that nothing in it can
 * end the header. */
static void
put_disposition (DynoRequest *self,
                 const char  *name)
{
  g_autofree char *escaped = NULL;
  g_autofree char *value = NULL;

  if (name == NULL)
    return;

  escaped = g_uri_escape_string (name, NULL, FALSE);
  value = g_strconcat ("attachment; filename*=UTF-8''", escaped, NULL);
  dyno_reply_header (self, "Content-Disposition", value);
}

void
dyno_reply_bytes (DynoRequest *self,
                  const char  *media,
                  const char  *name,
                  GBytes      *bytes)
{
  put_disposition (self, name);
  dyno_reply_send (self, self->wanted != 0 ? self->wanted : dyno_route_status (self->match->route),
                   media, bytes);
}

gboolean
dyno_reply_open (DynoRequest *self,
                 const char  *media)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);

  if (dyno_request_is_over (self))
    return FALSE;

  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (body, FALSE);
  dyno_reply_send_head (self, dyno_route_status (self->match->route), media);
  dyno_reply_go (self);

  return TRUE;
}

void
dyno_reply_stream (DynoRequest  *self,
                   const char   *media,
                   const char   *name,
                   GInputStream *stream)
{
  put_disposition (self, name);
  if (dyno_reply_open (self, media) && !g_str_equal (self->method, "HEAD"))
    pump_start (self, stream);
}
