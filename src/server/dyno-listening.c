/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-listening.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "dyno-error.h"

static gboolean
needs_certificate (const char  *what,
                   GError     **error)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                  "%s is an address beyond this machine: it needs a certificate.", what);

  return FALSE;
}

static gboolean
add_address (const DynoListening  *wishes,
             const char           *address,
             GPtrArray            *listeners,
             GError              **error)
{
  g_autoptr(GInetAddress) parsed = g_inet_address_new_from_string (address);
  gboolean is_loopback = parsed != NULL && g_inet_address_get_is_loopback (parsed);
  DynoListenerKind kind = is_loopback ? DYNO_LISTENER_LOOPBACK : DYNO_LISTENER_LAN;
  guint16 wanted = is_loopback ? wishes->port : wishes->lan_port;
  guint16 shared = dyno_listening_get_port (listeners, kind);
  g_autoptr(GError) local = NULL;
  DynoListener *listener;

  if (parsed != NULL && !is_loopback && !wishes->has_certificate)
    return needs_certificate (address, error);

  listener = dyno_listener_new_inet (address, wanted != 0 ? wanted : shared, &local);
  if (listener != NULL)
    g_ptr_array_add (listeners, listener);
  else if (!is_loopback || shared == 0
           || g_strcmp0 (dyno_error_get_reason (local), "no_address") != 0)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  return TRUE;
}

static gboolean
add_wishes (const DynoListening  *wishes,
            GPtrArray            *listeners,
            GError              **error)
{
  DynoListener *admin;

  for (guint i = 0; wishes->addresses != NULL && wishes->addresses[i] != NULL; i++)
    if (!add_address (wishes, wishes->addresses[i], listeners, error))
      return FALSE;
  if (wishes->admin_path == NULL)
    return TRUE;

  admin = dyno_listener_new_admin (wishes->admin_path, error);
  if (admin != NULL)
    g_ptr_array_add (listeners, admin);

  return admin != NULL;
}

GPtrArray *
dyno_listening_open (const DynoListening  *wishes,
                     GError              **error)
{
  g_autoptr(GPtrArray) listeners = dyno_listener_inherit ();

  if (listeners->len == 0 && !add_wishes (wishes, listeners, error))
    return NULL;
  if (dyno_listening_get_port (listeners, DYNO_LISTENER_LAN) != 0 && !wishes->has_certificate)
    {
      needs_certificate ("A socket of LISTEN_FDS", error);
      return NULL;
    }

  return g_steal_pointer (&listeners);
}

guint16
dyno_listening_get_port (GPtrArray        *listeners,
                         DynoListenerKind  kind)
{
  for (guint i = 0; i < listeners->len; i++)
    {
      DynoListener *listener = g_ptr_array_index (listeners, i);

      if (listener->kind == kind)
        return listener->port;
    }

  return 0;
}

GSocket *
dyno_listening_new_keeper (const char  *folder,
                           GError     **error)
{
  g_autofree char *path = g_build_filename (folder, ".dynoai-XXXXXX", NULL);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GError) local = NULL;
  int fd = g_mkstemp (path);

  if (fd >= 0)
    {
      close (fd);
      g_unlink (path);
      address = g_unix_socket_address_new (path);
      socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                             &local);
    }
  if (socket == NULL || !g_socket_bind (socket, address, FALSE, &local)
      || !g_socket_listen (socket, &local))
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, NULL, "No socket can be made in %s: %s",
                      folder, local != NULL ? local->message : "the folder cannot be written");
      return NULL;
    }
  g_unlink (path);

  return g_steal_pointer (&socket);
}
