/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-stream-private.h"

#include <string.h>

#define DATA_KEY "stream"
#define PING_US (15 * G_USEC_PER_SEC)
#define GOOD_BYE_US (2 * G_USEC_PER_SEC) /* then a client that does not read it is cut off */
#define PIECE (64 * 1024)                /* of what was missed, at once */

/* One write is with libsoup at a time, because its own queue has no bound: the next goes
 * when that has left. */
struct _DynoStreamClient
{
  DynoStreams      *streams;   /* (borrowed) */
  DynoRequest      *request;   /* (borrowed) owns this */
  DynoStreamWish    wish;
  DynoStreamGroup  *group;     /* (borrowed) (nullable) where live values are wanted */
  DynoStreamQueue   queue;
  DynoStreamMissed  missed;
  gulong            on_wrote;  /* of "wrote-chunk" */
  gint64            ping_us;   /* the next */
  gint64            end_us;    /* since the good-bye; 0: none */
  gboolean          is_sending;
  gboolean          is_done;
};

static void
client_free (gpointer data)
{
  DynoStreamClient *self = data;

  g_signal_handler_disconnect (dyno_request_get_message (self->request), self->on_wrote);
  g_ptr_array_remove (self->streams->clients, self);
  if (self->group != NULL)
    dyno_stream_group_leave (self->streams, self->group);
  dyno_stream_missed_clear (&self->missed);
  dyno_stream_queue_clear (&self->queue);
  dyno_streams_move_timer (self->streams);
  g_free (self);
}

static void
catch_up (DynoStreamClient *self)
{
  while (self->missed.is_behind && self->queue.n_bytes < PIECE)
    dyno_stream_missed_step (&self->missed, self->streams, &self->wish,
                             dyno_request_get_principal (self->request), &self->queue);
}

static void
send_next (DynoStreamClient *self)
{
  SoupServerMessage *message = dyno_request_get_message (self->request);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  g_autoptr(GBytes) bytes = NULL;

  if (self->is_sending || self->is_done)
    return;

  if (g_queue_is_empty (&self->queue.chunks))
    catch_up (self);
  bytes = dyno_stream_queue_pop (&self->queue);
  if (bytes == NULL && self->end_us == 0)
    return;

  self->is_sending = bytes != NULL;
  self->is_done = bytes == NULL;
  if (self->is_sending)
    soup_message_body_append_bytes (body, bytes);
  else
    soup_message_body_complete (body);
  soup_server_message_unpause (message);
}

static void
wrote_chunk_cb (SoupServerMessage *message,
                gpointer           user_data)
{
  DynoStreamClient *self = user_data;

  self->is_sending = FALSE;
  send_next (self);
}

static void
push (DynoStreamClient *self,
      GBytes           *bytes,
      guint64           seq)
{
  if (dyno_stream_queue_push (&self->queue, bytes, seq))
    send_next (self);
  else
    dyno_connection_cut (dyno_request_get_connection (self->request));
}

static void
push_text (DynoStreamClient *self,
           const char       *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  push (self, bytes, 0);
}

void
dyno_stream_client_send (DynoStreamClient *self,
                         GBytes           *bytes,
                         guint64           seq)
{
  if (!self->missed.is_behind && self->end_us == 0)
    push (self, bytes, seq);
}

void
dyno_stream_client_tell (DynoStreamClient      *self,
                         const DynoStreamEvent *event)
{
  if ((self->wish.topics & event->topic) != 0
      && dyno_stream_may_see (dyno_request_get_principal (self->request), event))
    dyno_stream_client_send (self, event->bytes, 0);
}

void
dyno_stream_client_end (DynoStreamClient *self,
                        const char       *reason)
{
  g_autofree char *text = g_strdup_printf ("event: bye\ndata: {\"reason\":\"%s\"}\n\n", reason);

  if (self->end_us != 0)
    return;

  self->end_us = dyno_clock_monotonic_us (self->streams->clock) + GOOD_BYE_US;
  dyno_stream_missed_clear (&self->missed);
  dyno_stream_queue_clear (&self->queue);
  push_text (self, text);
}

void
dyno_stream_client_check (DynoStreamClient *self)
{
  if (!dyno_stream_holds (self->streams->shop, dyno_request_get_principal (self->request),
                          self->wish.topics))
    dyno_stream_client_end (self, "auth");
}

void
dyno_stream_client_look (DynoStreamClient *self,
                         gint64            now_us)
{
  if (self->end_us != 0 && now_us >= self->end_us)
    dyno_connection_cut (dyno_request_get_connection (self->request));
  if (self->end_us != 0)
    return;

  dyno_stream_client_check (self);
  if (now_us < self->ping_us || self->end_us != 0)
    return;

  self->ping_us = now_us + PING_US;
  push_text (self, ": ping\n\n");
}

DynoStreamGroup *
dyno_stream_client_get_group (DynoStreamClient *self)
{
  return self->group;
}

DynoPrincipal *
dyno_stream_client_principal (DynoStreamClient *self)
{
  return dyno_request_get_principal (self->request);
}

void
dyno_stream_client_new (DynoStreams          *streams,
                        DynoRequest          *request,
                        const DynoStreamWish *wish)
{
  DynoStreamClient *self = g_new0 (DynoStreamClient, 1);

  self->streams = streams;
  self->request = request;
  self->wish = *wish;
  self->ping_us = dyno_clock_monotonic_us (streams->clock) + PING_US;
  dyno_stream_queue_init (&self->queue);
  self->on_wrote = g_signal_connect (dyno_request_get_message (request), "wrote-chunk",
                                     G_CALLBACK (wrote_chunk_cb), self);
  dyno_request_set_data (request, DATA_KEY, self, client_free);
  if ((wish->topics & DYNO_STREAM_LIVE) != 0)
    self->group = dyno_stream_group_join (streams, wish);
  g_ptr_array_add (streams->clients, self);
  dyno_stream_missed_begin (&self->missed, streams, wish,
                            dyno_request_get_header (request, "Last-Event-ID"), &self->queue);
  push_text (self, "retry: 2000\n\n");
}
