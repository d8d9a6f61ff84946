/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-connection-private.h"

#include <glib-unix.h>
#include <poll.h>
#include <string.h>

/* The request in hand: what libsoup says of it, and the callbacks of the server. */

void
dyno_connection_end_request (DynoConnection *self)
{
  SoupServerMessage *message = g_steal_pointer (&self->message);
  gpointer data;
  const DynoServerCallbacks *callbacks = dyno_roster_get_callbacks (self->roster, &data);

  if (self->leaving != NULL)
    {
      g_source_destroy (self->leaving);
      g_clear_pointer (&self->leaving, g_source_unref);
    }
  if (message != NULL)
    callbacks->end (message, self, data);
}

static void
note_refusal (DynoConnection *self)
{
  const DynoRefusal *refusal = dyno_guard_get_refusal (self->guard);

  if (refusal == NULL || self->is_counted)
    return;

  self->is_counted = TRUE;
  self->is_unread = TRUE;
  dyno_roster_get_counts (self->roster)->n_refused[dyno_refusal_get_reason (refusal)]++;
  dyno_connection_close_after_reply (self);
}

static gboolean
is_last_request (DynoConnection *self)
{
  const DynoPatience *patience = dyno_roster_get_patience (self->roster);

  return dyno_guard_says_close (self->guard) || dyno_roster_is_draining (self->roster)
         || self->n_requests >= patience->n_requests
         || g_get_monotonic_time () - self->born_us >= patience->life_us;
}

/* The next byte that libsoup writes makes it see that the client is gone. A message that
 * waits for more of its body writes only when there is some. */
static gboolean
left_cb (int          fd,
         GIOCondition condition,
         gpointer     data)
{
  DynoConnection *self = data;
  SoupServerMessage *message = self->message;

  dyno_connection_cut (self);
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC,
                            "\n", 1);
  soup_server_message_unpause (message);

  return G_SOURCE_REMOVE;
}

/* A paused message does not look at its socket. */
static void
watch_leaving (DynoConnection *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);

  if (self->leaving != NULL
      || (soup_server_message_get_status (self->message) != 0
          && soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH))
    return;

  self->leaving = g_unix_fd_source_new (g_socket_get_fd (self->socket),
                                        (GIOCondition) (POLLRDHUP | POLLHUP | POLLERR));
  g_source_set_callback (self->leaving, G_SOURCE_FUNC (left_cb), self, NULL);
  g_source_attach (self->leaving, g_main_context_get_thread_default ());
}

/* The socket has room: the reply before this one has left. If it has not, the client does
 * not read, and is cut off. */
static void
say_continue (DynoConnection *self)
{
  static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
  GOutputStream *output = g_io_stream_get_output_stream (self->base);
  gssize n;

  if (!dyno_guard_expects_continue (self->guard)
      || dyno_guard_get_phase (self->guard) != DYNO_GUARD_BODY
      || dyno_guard_has_leftover (self->guard) || dyno_guard_has_output (self->guard))
    return;
  n = g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (output), text,
                                                  strlen (text), NULL, NULL);
  if (n != (gssize) strlen (text))
    dyno_connection_cut (self);
}

static void
head_answered (DynoConnection *self)
{
  if (dyno_guard_get_phase (self->guard) == DYNO_GUARD_BODY)
    {
      self->is_unread = TRUE;
      dyno_guard_skip_body (self->guard);
      dyno_connection_close_after_reply (self);
    }
  watch_leaving (self);
}

void
dyno_connection_head_came (DynoConnection    *self,
                           SoupServerMessage *message)
{
  gpointer data;
  const DynoServerCallbacks *callbacks = dyno_roster_get_callbacks (self->roster, &data);

  if (dyno_guard_is_void (self->guard))
    {
      soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
      return;
    }

  self->message = message;
  self->n_requests++;
  dyno_roster_get_counts (self->roster)->n_requests++;
  note_refusal (self);
  if (is_last_request (self))
    dyno_connection_close_after_reply (self);

  callbacks->head (message, self, data);
  if (soup_server_message_get_status (message) != 0)
    head_answered (self);
  else
    {
      dyno_guard_open_body (self->guard, 0);
      say_continue (self);
    }
  note_refusal (self);
  dyno_connection_move_deadline (self);
}

void
dyno_connection_body_came (DynoConnection    *self,
                           SoupServerMessage *message)
{
  gpointer data;
  const DynoServerCallbacks *callbacks = dyno_roster_get_callbacks (self->roster, &data);

  if (dyno_guard_is_cut (self->guard))
    {
      soup_server_message_set_status (message, SOUP_STATUS_BAD_REQUEST, NULL);
      return;
    }

  note_refusal (self);
  callbacks->body (message, self, data);
  watch_leaving (self);
}

void
dyno_connection_reply_left (DynoConnection    *self,
                            SoupServerMessage *message)
{
  if (self->message != message)
    return;

  dyno_connection_end_request (self);
  if (self->is_last || dyno_roster_is_draining (self->roster))
    dyno_guard_close (self->guard);
  dyno_guard_next (self->guard);
  dyno_connection_move_deadline (self);
}
