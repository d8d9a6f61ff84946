/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-connection-private.h"

/* What the rest of the room may ask of a connection; its life is in
 * dyno-connection-life.c and dyno-connection-end.c. */

static GQuark
connection_quark (void)
{
  return g_quark_from_static_string ("dyno-connection");
}

const char *
dyno_listener_kind_name (DynoListenerKind kind)
{
  static const char *const names[DYNO_N_LISTENERS] = {
    [DYNO_LISTENER_LOOPBACK] = "loopback",
    [DYNO_LISTENER_LAN] = "lan",
    [DYNO_LISTENER_ADMIN] = "admin",
  };

  g_return_val_if_fail (kind < DYNO_N_LISTENERS, names[0]);

  return names[kind];
}

/* libsoup gives back the very address object that a stream came with, and no more of
 * it: what hangs on that object is found again at every message. */
DynoConnection *
dyno_connection_of (SoupServerMessage *message)
{
  return g_object_get_qdata (G_OBJECT (soup_server_message_get_remote_address (message)),
                             connection_quark ());
}

GSocketAddress *
dyno_connection_make_address (DynoConnection *self)
{
  g_autoptr(GInetAddress) any = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  GSocketAddress *address = g_inet_socket_address_new (any, 0);

  g_object_set_qdata_full (G_OBJECT (address), connection_quark (), dyno_connection_ref (self),
                           (GDestroyNotify) dyno_connection_unref);

  return address;
}

DynoConnection *
dyno_connection_ref (DynoConnection *self)
{
  g_ref_count_inc (&self->ref_count);

  return self;
}

void
dyno_connection_unref (DynoConnection *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->state == DYNO_CONNECTION_GONE);
  g_clear_object (&self->peer);
  g_clear_object (&self->socket);
  g_clear_object (&self->base);
  dyno_guard_free (self->guard);
  g_free (self);
}

DynoListenerKind
dyno_connection_get_kind (DynoConnection *self)
{
  return self->kind;
}

GInetAddress *
dyno_connection_get_peer (DynoConnection *self)
{
  return self->peer;
}

guint16
dyno_connection_get_local_port (DynoConnection *self)
{
  return self->local_port;
}

gboolean
dyno_connection_is_tls (DynoConnection *self)
{
  return self->is_tls;
}

const char *
dyno_connection_get_method (DynoConnection *self)
{
  return dyno_guard_get_method (self->guard);
}

const char *
dyno_connection_get_target (DynoConnection *self)
{
  return dyno_guard_get_target (self->guard);
}

gint64
dyno_connection_get_body_length (DynoConnection *self)
{
  return dyno_guard_get_body_length (self->guard);
}

const DynoRefusal *
dyno_connection_get_refusal (DynoConnection *self)
{
  return dyno_guard_get_refusal (self->guard);
}

gboolean
dyno_connection_set_body_cap (DynoConnection *self,
                              guint64         n_bytes)
{
  g_return_val_if_fail (self->message != NULL, FALSE);

  dyno_guard_open_body (self->guard, n_bytes);

  return dyno_guard_get_refusal (self->guard) == NULL;
}

void
dyno_connection_close_after_reply (DynoConnection *self)
{
  SoupMessageHeaders *headers;

  g_return_if_fail (self->message != NULL);

  headers = soup_server_message_get_response_headers (self->message);
  soup_message_headers_replace (headers, "Connection", "close");
  self->is_last = TRUE;
}
