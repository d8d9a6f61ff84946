/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-listener.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "dyno-crypt.h"
#include "dyno-error.h"

#define BACKLOG 512
#define FIRST_FD 3 /* sd_listen_fds (3) */

static DynoListener *
listener_new (GSocket          *socket,
              DynoListenerKind  kind,
              guint16           port,
              const char       *path)
{
  DynoListener *self = g_new0 (DynoListener, 1);

  g_socket_set_blocking (socket, FALSE);
  self->socket = g_object_ref (socket);
  self->kind = kind;
  self->port = port;
  self->path = g_strdup (path);

  return self;
}

void
dyno_listener_free (DynoListener *self)
{
  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  if (self->path != NULL)
    g_unlink (self->path);
  g_free (self->path);
  g_free (self);
}

/* Kind and port of a bound socket. FALSE: of another family. */
static gboolean
describe (GSocket          *socket,
          DynoListenerKind *kind,
          guint16          *port)
{
  g_autoptr(GSocketAddress) address = g_socket_get_local_address (socket, NULL);
  GInetSocketAddress *inet;

  *kind = DYNO_LISTENER_ADMIN;
  *port = 0;
  if (G_IS_UNIX_SOCKET_ADDRESS (address))
    return TRUE;
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return FALSE;

  inet = G_INET_SOCKET_ADDRESS (address);
  *port = g_inet_socket_address_get_port (inet);
  *kind = g_inet_address_get_is_loopback (g_inet_socket_address_get_address (inet))
            ? DYNO_LISTENER_LOOPBACK
            : DYNO_LISTENER_LAN;

  return TRUE;
}

/* Sockets of our own */

static GSocket *
listen_on (GSocketAddress  *address,
           GError         **error)
{
  GSocketFamily family = g_socket_address_get_family (address);
  g_autoptr(GSocket) socket = NULL;

  socket = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket == NULL)
    return NULL;

  g_socket_set_listen_backlog (socket, BACKLOG);
  if (family == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 1, NULL);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;

  return g_steal_pointer (&socket);
}

/* EAFNOSUPPORT and EADDRNOTAVAIL, as GIO tells them. */
static gboolean
is_no_address (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

DynoListener *
dyno_listener_new_inet (const char  *address,
                        guint16      port,
                        GError     **error)
{
  g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new_from_string (address, port);
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GError) local = NULL;
  DynoListenerKind kind;
  guint16 bound;

  if (wanted == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                      "%s is no address. DYNOAI_HOST takes numbers such as 127.0.0.1.", address);
      return NULL;
    }

  socket = listen_on (wanted, &local);
  if (socket == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, is_no_address (local) ? "no_address" : NULL,
                      "%s port %u cannot be listened on: %s", address, port, local->message);
      return NULL;
    }
  describe (socket, &kind, &bound);

  return listener_new (socket, kind, bound, NULL);
}

/* A folder that nobody else looks into. */
static gboolean
make_private_folder (const char  *folder,
                     GError     **error)
{
  struct stat info;

  if (g_mkdir_with_parents (folder, 0700) != 0 || stat (folder, &info) != 0)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, NULL, "The folder %s cannot be made: %s",
                      folder, g_strerror (errno));
      return FALSE;
    }
  if (info.st_uid != geteuid ())
    {
      dyno_error_set (error, DYNO_ERROR_DENIED, NULL,
                      "The folder %s belongs to somebody else. Remove it, or choose another.",
                      folder);
      return FALSE;
    }
  if ((info.st_mode & 0077) != 0 && chmod (folder, 0700) != 0)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, NULL, "The folder %s cannot be closed: %s",
                      folder, g_strerror (errno));
      return FALSE;
    }

  return TRUE;
}

static void
remove_left_socket (const char *path)
{
  struct stat info;

  if (lstat (path, &info) == 0 && S_ISSOCK (info.st_mode))
    g_unlink (path);
}

DynoListener *
dyno_listener_new_admin (const char  *path,
                         GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GError) local = NULL;

  if (strlen (path) >= sizeof ((struct sockaddr_un *) NULL)->sun_path)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, NULL,
                      "The path %s is too long for a socket. Choose a data folder nearer to "
                      "the root.", path);
      return NULL;
    }
  if (!make_private_folder (folder, error))
    return NULL;

  remove_left_socket (path);
  address = g_unix_socket_address_new (path);
  socket = listen_on (address, &local);
  if (socket == NULL || chmod (path, 0600) != 0)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, NULL, "The socket %s cannot be made: %s", path,
                      local != NULL ? local->message : g_strerror (errno));
      return NULL;
    }

  return listener_new (socket, DYNO_LISTENER_ADMIN, 0, path);
}

/* Sockets of the service manager */

static void
inherit_one (int        fd,
             GPtrArray *listeners)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = NULL;
  DynoListenerKind kind;
  guint16 port;

  fcntl (fd, F_SETFD, FD_CLOEXEC);
  socket = g_socket_new_from_fd (fd, &error);
  if (socket == NULL)
    g_warning ("Descriptor %d of LISTEN_FDS is no socket: %s", fd, error->message);
  else if (!describe (socket, &kind, &port))
    g_warning ("Descriptor %d of LISTEN_FDS is of a family that is not served", fd);
  else
    g_ptr_array_add (listeners, listener_new (socket, kind, port, NULL));
}

GPtrArray *
dyno_listener_inherit (void)
{
  GPtrArray *listeners = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_listener_free);
  const char *pid = g_getenv ("LISTEN_PID");
  const char *count = g_getenv ("LISTEN_FDS");
  gint64 n = count != NULL ? g_ascii_strtoll (count, NULL, 10) : 0;
  gboolean is_ours = pid != NULL && g_ascii_strtoll (pid, NULL, 10) == getpid ();

  if (!is_ours || n < 1 || n > 64)
    return listeners;

  for (int fd = FIRST_FD; fd < FIRST_FD + (int) n; fd++)
    inherit_one (fd, listeners);
  g_unsetenv ("LISTEN_PID");
  g_unsetenv ("LISTEN_FDS");
  g_unsetenv ("LISTEN_FDNAMES");

  return listeners;
}

char *
dyno_listener_admin_path (const char *runtime,
                          const char *app_id,
                          const char *data_folder,
                          const char *default_folder)
{
  g_autofree char *name = NULL;

  if (runtime == NULL || runtime[0] == '\0')
    return g_build_filename (data_folder, "admin.sock", NULL);

  if (strcmp (data_folder, default_folder) == 0)
    name = g_strdup ("admin.sock");
  else
    {
      g_autofree char *sum = dyno_crypt_sha256_hex (data_folder, strlen (data_folder));

      name = g_strdup_printf ("admin-%.8s.sock", sum);
    }
  if (app_id != NULL)
    return g_build_filename (runtime, "app", app_id, name, NULL);

  return g_build_filename (runtime, "dynoai", name, NULL);
}
