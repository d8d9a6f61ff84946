/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-accept.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_ACCEPTS 64 /* a turn of the loop */
#define PAUSE_MS    250
#define QUIET_US    (10 * G_USEC_PER_SEC) /* between two log lines of one kind */

typedef struct
{
  DynoAccept   *accept;   /* (borrowed) */
  DynoListener *listener; /* (borrowed) */
  GSource      *source;   /* (owned) */
  gpointer      tag;      /* of the descriptor in the source */
} Door;

struct _DynoAccept
{
  GPtrArray      *listeners; /* (owned) of DynoListener */
  GArray         *doors;     /* (owned) of Door, one a listener */
  DynoRoster     *roster;    /* (borrowed) */
  DynoAcceptFunc  accepted;
  gpointer        data;      /* (borrowed) */
  int             reserve;   /* a descriptor to give up when there is no other; -1: none */
  GSource        *pause;     /* (owned) (nullable) while accepting stands still */
  gint64          told_us;   /* when the log had the last line on it */
};

/* Out of descriptors */

static void
open_reserve (DynoAccept *self)
{
  if (self->reserve < 0)
    self->reserve = open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void
set_doors (DynoAccept *self,
           gboolean    is_open)
{
  for (guint i = 0; i < self->doors->len; i++)
    {
      Door *door = &g_array_index (self->doors, Door, i);

      g_source_modify_unix_fd (door->source, door->tag, is_open ? G_IO_IN : 0);
    }
}

static gboolean
go_on_cb (gpointer data)
{
  DynoAccept *self = data;

  g_clear_pointer (&self->pause, g_source_unref);
  open_reserve (self);
  set_doors (self, TRUE);

  return G_SOURCE_REMOVE;
}

/* Whoever waits longest is told by a close; the rest wait in the kernel. */
static void
stand_still (DynoAccept *self,
             int         fd,
             int         code)
{
  gint64 now_us = g_get_monotonic_time ();

  if (self->reserve >= 0)
    {
      int refused;

      close (self->reserve);
      refused = accept4 (fd, NULL, NULL, SOCK_CLOEXEC);
      if (refused >= 0)
        close (refused);
      self->reserve = -1;
      open_reserve (self);
    }
  dyno_roster_get_counts (self->roster)->n_accept_paused++;
  if (self->told_us == 0 || now_us - self->told_us >= QUIET_US)
    {
      self->told_us = now_us;
      g_message ("No connection can be accepted for the moment: %s. Trying again.",
                 g_strerror (code));
    }

  set_doors (self, FALSE);
  self->pause = g_timeout_source_new (PAUSE_MS);
  g_source_set_callback (self->pause, go_on_cb, self, NULL);
  g_source_attach (self->pause, g_main_context_get_thread_default ());
}

/* Who comes */

static gboolean
is_own_user (int fd)
{
  struct ucred peer;
  socklen_t size = sizeof peer;

  return getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid ();
}

/* An IPv4 address that came through an IPv6 socket counts as what it is. (transfer full) */
static GInetAddress *
address_of (const struct sockaddr_storage *name)
{
  const struct sockaddr_in *v4 = (const void *) name;
  const struct sockaddr_in6 *v6 = (const void *) name;

  if (name->ss_family == AF_INET)
    return g_inet_address_new_from_bytes ((const guint8 *) &v4->sin_addr, G_SOCKET_FAMILY_IPV4);
  if (IN6_IS_ADDR_V4MAPPED (&v6->sin6_addr))
    return g_inet_address_new_from_bytes (v6->sin6_addr.s6_addr + 12, G_SOCKET_FAMILY_IPV4);

  return g_inet_address_new_from_bytes (v6->sin6_addr.s6_addr, G_SOCKET_FAMILY_IPV6);
}

/* Whether it may come in at all; counted where it may not. */
static gboolean
may_enter (DynoAccept       *self,
           int               fd,
           DynoListenerKind  kind,
           GInetAddress     *peer)
{
  if (kind == DYNO_LISTENER_ADMIN && !is_own_user (fd))
    return FALSE;
  if (dyno_roster_has_room (self->roster, kind, peer))
    return TRUE;
  dyno_roster_get_counts (self->roster)->n_closed_at_cap++;

  return FALSE;
}

/* Takes `fd`. */
static void
take (DynoAccept                    *self,
      DynoListener                  *listener,
      int                            fd,
      const struct sockaddr_storage *name)
{
  g_autoptr(GInetAddress) peer = NULL;
  g_autoptr(GSocket) socket = NULL;
  int one = 1;

  if (listener->kind != DYNO_LISTENER_ADMIN)
    peer = address_of (name);
  if (may_enter (self, fd, listener->kind, peer))
    socket = g_socket_new_from_fd (fd, NULL);
  if (socket == NULL)
    {
      close (fd);
      return;
    }

  if (peer != NULL)
    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  self->accepted (socket, listener->kind, listener->port, peer, self->data);
}

/* What went wrong with the one connection only, not with the listener. */
static gboolean
is_of_one (int code)
{
  static const int codes[] = {
    ECONNABORTED, EINTR, EPROTO, ENOPROTOOPT, EHOSTDOWN, EHOSTUNREACH, ENETDOWN, ENETUNREACH,
    ENONET, EOPNOTSUPP, EPERM,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i] == code)
      return TRUE;

  return FALSE;
}

static gboolean
knock_cb (gpointer data)
{
  Door *door = data;
  DynoAccept *self = door->accept;
  int listening = g_socket_get_fd (door->listener->socket);

  for (guint i = 0; i < MAX_ACCEPTS; i++)
    {
      struct sockaddr_storage name = { 0 };
      socklen_t size = sizeof name;
      int fd = accept4 (listening, (struct sockaddr *) &name, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);

      if (fd >= 0)
        take (self, door->listener, fd, &name);
      else if (errno == EAGAIN || errno == EWOULDBLOCK)
        break;
      else if (!is_of_one (errno))
        {
          stand_still (self, listening, errno);
          break;
        }
    }

  return G_SOURCE_CONTINUE;
}

/* One descriptor, shut and opened without losing the source. */
static gboolean
door_source_dispatch (GSource     *source,
                      GSourceFunc  callback,
                      gpointer     user_data)
{
  return callback (user_data);
}

static void
open_door (DynoAccept   *self,
           Door         *door,
           DynoListener *listener)
{
  static GSourceFuncs funcs = { NULL, NULL, door_source_dispatch };
  GSource *source = g_source_new (&funcs, sizeof (GSource));
  gpointer tag = g_source_add_unix_fd (source, g_socket_get_fd (listener->socket), G_IO_IN);

  *door = (Door){ self, listener, source, tag };
  g_source_set_callback (source, knock_cb, door, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

DynoAccept *
dyno_accept_new (GPtrArray      *listeners,
                 DynoRoster     *roster,
                 DynoAcceptFunc  accepted,
                 gpointer        data)
{
  DynoAccept *self = g_new0 (DynoAccept, 1);

  self->listeners = listeners;
  self->roster = roster;
  self->accepted = accepted;
  self->data = data;
  self->reserve = -1;
  open_reserve (self);
  self->doors = g_array_sized_new (FALSE, TRUE, sizeof (Door), listeners->len);
  g_array_set_size (self->doors, listeners->len);
  for (guint i = 0; i < listeners->len; i++)
    open_door (self, &g_array_index (self->doors, Door, i), g_ptr_array_index (listeners, i));

  return self;
}

void
dyno_accept_free (DynoAccept *self)
{
  if (self->pause != NULL)
    {
      g_source_destroy (self->pause);
      g_source_unref (self->pause);
    }
  for (guint i = 0; i < self->doors->len; i++)
    {
      GSource *source = g_array_index (self->doors, Door, i).source;

      g_source_destroy (source);
      g_source_unref (source);
    }
  g_array_unref (self->doors);
  g_ptr_array_unref (self->listeners);
  if (self->reserve >= 0)
    close (self->reserve);
  g_free (self);
}
