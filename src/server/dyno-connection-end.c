/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-connection-private.h"

/* How a connection ends. Closing a socket with unread bytes in it sends a reset, which
 * takes the last reply away from the client: a refused upload is therefore shut on our
 * side only, and read into nothing for a while. */

#define DISCARD_SIZE   16384
#define MAX_DISCARDS   64 /* reads in one turn of the loop */

void
dyno_connection_finish (DynoConnection *self)
{
  if (self->state == DYNO_CONNECTION_GONE)
    return;

  self->state = DYNO_CONNECTION_GONE;
  if (self->lingering != NULL)
    {
      g_source_destroy (self->lingering);
      g_clear_pointer (&self->lingering, g_source_unref);
    }
  /* A TLS good-bye waits for room in the socket: who gives none gets none. */
  if (self->is_tls && g_socket_condition_check (self->socket, G_IO_OUT) != G_IO_OUT)
    g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  g_io_stream_close (self->base, NULL, NULL);
  g_socket_close (self->socket, NULL);
  dyno_roster_remove (self->roster, self);
}

/* FALSE: nothing more will come. */
static gboolean
discard (DynoConnection *self)
{
  char bytes[DISCARD_SIZE];

  for (guint i = 0; i < MAX_DISCARDS; i++)
    {
      g_autoptr(GError) error = NULL;
      gssize n = g_socket_receive_with_blocking (self->socket, bytes, sizeof bytes, FALSE, NULL,
                                                 &error);

      if (n <= 0)
        return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
    }

  return TRUE;
}

static gboolean
lingering_cb (GSocket      *socket,
              GIOCondition  condition,
              gpointer      data)
{
  DynoConnection *self = data;

  if (discard (self))
    return G_SOURCE_CONTINUE;
  dyno_connection_finish (self);

  return G_SOURCE_REMOVE;
}

static void
linger (DynoConnection *self)
{
  const DynoPatience *patience = dyno_roster_get_patience (self->roster);

  self->state = DYNO_CONNECTION_LINGERING;
  if (self->is_tls && g_socket_condition_check (self->socket, G_IO_OUT) == G_IO_OUT)
    g_output_stream_close (g_io_stream_get_output_stream (self->base), NULL, NULL);
  g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
  self->lingering = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->lingering, G_SOURCE_FUNC (lingering_cb), self, NULL);
  g_source_attach (self->lingering, g_main_context_get_thread_default ());
  dyno_roster_set_deadline (self->roster, self, g_get_monotonic_time () + patience->linger_us);
}

void
dyno_connection_close (DynoConnection *self)
{
  gboolean is_unread = self->is_unread || dyno_guard_has_leftover (self->guard);

  if (is_unread && !self->is_cut && self->state == DYNO_CONNECTION_SERVED)
    linger (self);
  else
    dyno_connection_finish (self);
}
