/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-connection-private.h"

#include <glib-unix.h>
#include <poll.h>
#include <string.h>

#include "dyno-guard-stream.h"
#include "dyno-tls.h"

/* From accept to the last reply. Every byte that moves may move the connection's one
 * deadline. */

DynoConnection *
dyno_connection_new (DynoRoster       *roster,
                     DynoListenerKind  kind,
                     GSocket          *socket,
                     GInetAddress     *peer,
                     guint16           local_port)
{
  DynoConnection *self = g_new0 (DynoConnection, 1);

  g_ref_count_init (&self->ref_count);
  self->state = DYNO_CONNECTION_HANDSHAKING;
  self->roster = roster;
  self->kind = kind;
  self->socket = g_object_ref (socket);
  self->base = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  self->peer = peer != NULL ? g_object_ref (peer) : NULL;
  self->local_port = local_port;
  self->guard = dyno_guard_new ();
  self->born_us = g_get_monotonic_time ();
  self->phase_us = self->born_us;
  dyno_roster_add (roster, self);

  return self;
}

/* Deadlines */

static gint64
deadline_of (DynoConnection *self,
             gint64          now_us)
{
  const DynoPatience *patience = dyno_roster_get_patience (self->roster);

  if (self->stalled_us != 0)
    return self->stalled_us + patience->stall_us;

  return dyno_patience_get_deadline (patience, self->phase, self->phase_us,
                                     dyno_guard_get_body_length (self->guard),
                                     dyno_guard_get_received (self->guard), now_us);
}

static void
move_deadline (DynoConnection *self)
{
  gint64 now_us = g_get_monotonic_time ();
  DynoGuardPhase phase = dyno_guard_get_phase (self->guard);

  if (phase != self->phase)
    {
      self->phase = phase;
      self->phase_us = now_us;
    }
  dyno_roster_set_deadline (self->roster, self, deadline_of (self, now_us));
}

static void
moved_cb (gboolean is_stalled,
          gpointer data)
{
  DynoConnection *self = data;

  if (!is_stalled)
    self->stalled_us = 0;
  else if (self->stalled_us == 0)
    self->stalled_us = g_get_monotonic_time ();
  move_deadline (self);
}

/* Reads end, writes fail: libsoup comes to its end by itself. */
void
dyno_connection_cut (DynoConnection *self)
{
  self->is_cut = TRUE;
  dyno_guard_close (self->guard);
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  if (self->handshake != NULL)
    g_cancellable_cancel (self->handshake);
  else if (self->state == DYNO_CONNECTION_LINGERING)
    dyno_connection_finish (self);
}

static void
served_too_long (DynoConnection *self,
                 gint64          now_us)
{
  gboolean is_slow = self->phase == DYNO_GUARD_HEAD || self->phase == DYNO_GUARD_BODY;

  if (self->stalled_us != 0)
    {
      dyno_roster_get_counts (self->roster)->n_stalled++;
      dyno_connection_cut (self);
    }
  else if (is_slow)
    {
      dyno_guard_refuse (self->guard, DYNO_REFUSAL_TIMEOUT);
      move_deadline (self);
    }
  else
    dyno_connection_cut (self);
}

void
dyno_connection_time_is_up (DynoConnection *self,
                            gint64          now_us)
{
  gint64 deadline_us;

  if (self->state != DYNO_CONNECTION_SERVED)
    {
      dyno_connection_cut (self);
      return;
    }

  deadline_us = deadline_of (self, now_us);
  if (deadline_us > now_us)
    dyno_roster_set_deadline (self->roster, self, deadline_us);
  else if (deadline_us > 0)
    served_too_long (self, now_us);
}

/* Into libsoup */

static void
end_request (DynoConnection *self)
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
closed_cb (gpointer data)
{
  DynoConnection *self = data;

  end_request (self);
  dyno_connection_close (self);
}

static void
enter_soup (DynoConnection *self,
            SoupServer     *soup)
{
  static const DynoGuardStreamWatch watch = { moved_cb, closed_cb };
  g_autoptr(GIOStream) stream = dyno_guard_stream_new (self->base, self->guard, &watch, self);
  g_autoptr(GSocketAddress) address = dyno_connection_make_address (self);

  /* The stream outlives neither the guard nor its watcher. */
  g_object_set_data_full (G_OBJECT (stream), "dyno-connection", dyno_connection_ref (self),
                          (GDestroyNotify) dyno_connection_unref);
  self->state = DYNO_CONNECTION_SERVED;
  self->phase_us = g_get_monotonic_time ();
  move_deadline (self);
  soup_server_accept_iostream (soup, stream, address, address, NULL);
}

typedef struct
{
  DynoConnection *connection; /* (owned) */
  SoupServer     *soup;       /* (owned) */
} Entering;

static void
shaken_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Entering *entering = user_data;
  g_autoptr(DynoConnection) self = entering->connection;
  g_autoptr(SoupServer) soup = entering->soup;
  GIOStream *tls = dyno_tls_shake_hands_finish (result, NULL);

  g_clear_object (&self->handshake);
  if (tls == NULL || self->is_cut)
    {
      dyno_roster_get_counts (self->roster)->n_handshakes_failed++;
      g_clear_object (&tls);
      dyno_connection_close (self);
      return;
    }

  g_object_unref (self->base);
  self->base = tls;
  self->is_tls = TRUE;
  if (dyno_roster_is_draining (self->roster))
    dyno_connection_close (self);
  else
    enter_soup (self, soup);
}

void
dyno_connection_enter (DynoConnection  *self,
                       SoupServer      *soup,
                       GTlsCertificate *certificate)
{
  const DynoPatience *patience = dyno_roster_get_patience (self->roster);
  Entering *entering;

  if (certificate == NULL)
    {
      enter_soup (self, soup);
      return;
    }

  entering = g_new (Entering, 1);
  *entering = (Entering){ dyno_connection_ref (self), g_object_ref (soup) };
  self->handshake = g_cancellable_new ();
  dyno_roster_set_deadline (self->roster, self, self->born_us + patience->handshake_us);
  dyno_tls_shake_hands_async (self->base, certificate, self->handshake, shaken_cb, entering);
}

/* The request in hand */

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
  move_deadline (self);
}

void
dyno_connection_body_came (DynoConnection    *self,
                           SoupServerMessage *message)
{
  gpointer data;
  const DynoServerCallbacks *callbacks = dyno_roster_get_callbacks (self->roster, &data);

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

  end_request (self);
  if (self->is_last || dyno_roster_is_draining (self->roster))
    dyno_guard_close (self->guard);
  dyno_guard_next (self->guard);
  move_deadline (self);
}

void
dyno_connection_drain (DynoConnection *self)
{
  DynoGuardPhase phase = dyno_guard_get_phase (self->guard);

  if (self->message != NULL)
    dyno_connection_close_after_reply (self);
  else if (self->state == DYNO_CONNECTION_SERVED && phase == DYNO_GUARD_IDLE)
    dyno_connection_cut (self);
}
