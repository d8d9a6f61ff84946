/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-connection-private.h"

#include "dyno-guard-stream.h"
#include "dyno-tls.h"

/* From accept to libsoup, and how long it is waited for. Every byte that moves may move the
 * connection's one deadline. */

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

void
dyno_connection_move_deadline (DynoConnection *self)
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
  dyno_connection_move_deadline (self);
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
      dyno_connection_move_deadline (self);
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
closed_cb (gpointer data)
{
  DynoConnection *self = data;

  dyno_connection_end_request (self);
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
  dyno_connection_move_deadline (self);
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

void
dyno_connection_drain (DynoConnection *self)
{
  DynoGuardPhase phase = dyno_guard_get_phase (self->guard);

  if (self->message != NULL)
    dyno_connection_close_after_reply (self);
  else if (self->state == DYNO_CONNECTION_SERVED && phase == DYNO_GUARD_IDLE)
    dyno_connection_cut (self);
}
