/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "dyno-error.h"
#include "dyno-interfaces.h"

#define DATAGRAM_SIZE 65536
#define CONTROL_SIZE 256
#define KERNEL_UNKNOWN 0xFFFFFFFFu
#define LOOPBACK_IFINDEX 1 /* of every Linux machine and namespace */
#define LONGEST_KERNEL_US (60 * G_USEC_PER_SEC)

struct _DynoWire
{
  int                rx;
  int                tx;
  guint32            group;
  guint16            port;
  guint16            tx_port;
  guint              buffer;    /* bytes granted */
  guint32            overflow;  /* the kernel's 32-bit counter */
  guint64            drops;
  GArray            *joined;    /* (owned) of guint32 ifindex */

  guint8            *room;      /* (owned) one place a datagram */
  struct mmsghdr     messages[DYNO_WIRE_MOST_AT_ONCE];
  struct iovec       vectors[DYNO_WIRE_MOST_AT_ONCE];
  struct sockaddr_in senders[DYNO_WIRE_MOST_AT_ONCE];
  union
  {
    struct cmsghdr align;
    char           bytes[CONTROL_SIZE];
  } controls[DYNO_WIRE_MOST_AT_ONCE];
};

static gboolean
set_int (int fd,
         int level,
         int option,
         int value)
{
  return setsockopt (fd, level, option, &value, sizeof value) == 0;
}

static gboolean
fail (GError     **error,
      const char  *what)
{
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, NULL, "The network refuses to %s: %s.", what,
                  g_strerror (errno));

  return FALSE;
}

static gboolean
bind_to (int     fd,
         guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (port),
                                 .sin_addr.s_addr = htonl (INADDR_ANY) };

  return bind (fd, (struct sockaddr *) &address, sizeof address) == 0;
}

/* The forced size needs a privilege; the other is cut to net.core.rmem_max. */
static guint
ask_for_buffer (int fd,
                int bytes)
{
  int granted = 0;
  socklen_t size = sizeof granted;

  if (!set_int (fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes))
    set_int (fd, SOL_SOCKET, SO_RCVBUF, bytes);
  getsockopt (fd, SOL_SOCKET, SO_RCVBUF, &granted, &size);

  return (guint) MAX (granted, 0);
}

static gboolean
open_receiver (DynoWire              *self,
               const DynoWireConfig  *config,
               GError               **error)
{
  self->rx = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->rx < 0)
    return fail (error, "open a socket");

  set_int (self->rx, SOL_SOCKET, SO_REUSEADDR, 1);
  if (!bind_to (self->rx, self->port))
    {
      if (errno != EADDRINUSE)
        return fail (error, "bind the port");
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "port_busy",
                      "Another program holds UDP port %u without sharing it. Close it (`ss -lunp` "
                      "names it).", self->port);
      return FALSE;
    }
  if (!set_int (self->rx, IPPROTO_IP, IP_MULTICAST_ALL, 0)
      || !set_int (self->rx, IPPROTO_IP, IP_PKTINFO, 1))
    return fail (error, "set up multicast");

  set_int (self->rx, SOL_SOCKET, SO_RXQ_OVFL, 1);
  set_int (self->rx, SOL_SOCKET, SO_TIMESTAMPNS, 1);
  self->buffer = ask_for_buffer (self->rx, config->receive_buffer > 0 ? config->receive_buffer
                                                                      : DYNO_WIRE_RECEIVE_BUFFER);

  return TRUE;
}

static gboolean
open_sender (DynoWire              *self,
             const DynoWireConfig  *config,
             GError               **error)
{
  struct sockaddr_in address;
  socklen_t size = sizeof address;

  self->tx = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->tx < 0)
    return fail (error, "open a socket");

  set_int (self->tx, SOL_SOCKET, SO_REUSEADDR, 1);
  if (!bind_to (self->tx, 0) || getsockname (self->tx, (struct sockaddr *) &address, &size) != 0)
    return fail (error, "bind a port");
  self->tx_port = ntohs (address.sin_port);
  if (!set_int (self->tx, IPPROTO_IP, IP_MULTICAST_TTL, CLAMP (config->ttl, 0, 32))
      || !set_int (self->tx, IPPROTO_IP, IP_MULTICAST_LOOP, 1))
    return fail (error, "set up multicast");

  return TRUE;
}

static void
prepare_messages (DynoWire *self)
{
  self->room = g_malloc (DYNO_WIRE_MOST_AT_ONCE * DATAGRAM_SIZE);
  for (gsize i = 0; i < DYNO_WIRE_MOST_AT_ONCE; i++)
    {
      struct msghdr *head = &self->messages[i].msg_hdr;

      self->vectors[i].iov_base = self->room + i * DATAGRAM_SIZE;
      self->vectors[i].iov_len = DATAGRAM_SIZE;
      head->msg_iov = &self->vectors[i];
      head->msg_iovlen = 1;
      head->msg_name = &self->senders[i];
      head->msg_control = &self->controls[i];
    }
}

DynoWire *
dyno_wire_open (const DynoWireConfig  *config,
                GError               **error)
{
  g_autoptr(DynoWire) self = g_new0 (DynoWire, 1);

  self->rx = -1;
  self->tx = -1;
  self->port = config->port;
  self->joined = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (!dyno_address_parse (config->group, &self->group) || !IN_MULTICAST (self->group))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                      "%s is no multicast group. The group of JETDRIVE is 224.0.2.10.",
                      config->group);
      return NULL;
    }
  if (!open_receiver (self, config, error) || !open_sender (self, config, error))
    return NULL;
  prepare_messages (self);

  return g_steal_pointer (&self);
}

void
dyno_wire_free (DynoWire *self)
{
  if (self == NULL)
    return;

  while (self->joined->len > 0)
    dyno_wire_leave (self, g_array_index (self->joined, guint32, 0));
  if (self->rx >= 0)
    close (self->rx);
  if (self->tx >= 0)
    close (self->tx);
  g_array_unref (self->joined);
  g_free (self->room);
  g_free (self);
}

static struct ip_mreqn
membership (const DynoWire *self,
            guint32         ifindex)
{
  struct ip_mreqn request = { .imr_ifindex = (int) ifindex };

  request.imr_multiaddr.s_addr = htonl (self->group);

  return request;
}

gboolean
dyno_wire_join (DynoWire  *self,
                guint32    ifindex,
                GError   **error)
{
  struct ip_mreqn request = membership (self, ifindex);

  if (setsockopt (self->rx, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) != 0)
    return errno == EADDRINUSE ? TRUE : fail (error, "join the group");
  g_array_append_val (self->joined, ifindex);

  return TRUE;
}

void
dyno_wire_leave (DynoWire *self,
                 guint32   ifindex)
{
  struct ip_mreqn request = membership (self, ifindex);

  /* An interface that is gone has left already. */
  setsockopt (self->rx, IPPROTO_IP, IP_DROP_MEMBERSHIP, &request, sizeof request);
  for (guint i = self->joined->len; i > 0; i--)
    {
      if (g_array_index (self->joined, guint32, i - 1) == ifindex)
        g_array_remove_index (self->joined, i - 1);
    }
}

int
dyno_wire_fd (const DynoWire *self)
{
  return self->rx;
}

static gint64
realtime_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);

  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The kernel's counter has 32 bits and says how many were lost since opening. */
static void
note_overflow (DynoWire *self,
               guint32   overflow)
{
  self->drops += (guint32) (overflow - self->overflow);
  self->overflow = overflow;
}

static guint32
kernel_time (const struct timespec *stamp,
             gint64                 now_ns)
{
  gint64 age_us = (now_ns - ((gint64) stamp->tv_sec * 1000000000 + stamp->tv_nsec)) / 1000;

  /* A clock that was set in between tells nothing. */
  return age_us >= 0 && age_us < LONGEST_KERNEL_US ? (guint32) age_us : KERNEL_UNKNOWN;
}

static void
read_control (DynoWire      *self,
              struct msghdr *head,
              gint64         now_ns,
              DynoDatagram  *datagram)
{
  for (struct cmsghdr *c = CMSG_FIRSTHDR (head); c != NULL; c = CMSG_NXTHDR (head, c))
    {
      if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
        {
          struct in_pktinfo info;

          memcpy (&info, CMSG_DATA (c), sizeof info);
          datagram->ifindex = (guint32) info.ipi_ifindex;
        }
      else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS)
        {
          struct timespec stamp;

          memcpy (&stamp, CMSG_DATA (c), sizeof stamp);
          datagram->kernel_us = kernel_time (&stamp, now_ns);
        }
      else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL)
        {
          guint32 overflow;

          memcpy (&overflow, CMSG_DATA (c), sizeof overflow);
          note_overflow (self, overflow);
        }
    }
}

guint
dyno_wire_receive (DynoWire     *self,
                   DynoDatagram  datagrams[DYNO_WIRE_MOST_AT_ONCE])
{
  gint64 arrival_us, now_ns;
  int n;

  for (gsize i = 0; i < DYNO_WIRE_MOST_AT_ONCE; i++)
    {
      self->messages[i].msg_hdr.msg_namelen = sizeof self->senders[i];
      self->messages[i].msg_hdr.msg_controllen = sizeof self->controls[i];
      self->messages[i].msg_hdr.msg_flags = 0;
    }
  n = recvmmsg (self->rx, self->messages, DYNO_WIRE_MOST_AT_ONCE, MSG_DONTWAIT, NULL);
  arrival_us = g_get_monotonic_time ();
  now_ns = realtime_ns ();

  for (int i = 0; i < n; i++)
    {
      struct msghdr *head = &self->messages[i].msg_hdr;

      datagrams[i] = (DynoDatagram){ .data = self->vectors[i].iov_base,
                                     .size = self->messages[i].msg_len,
                                     .address = ntohl (self->senders[i].sin_addr.s_addr),
                                     .port = ntohs (self->senders[i].sin_port),
                                     .arrival_us = arrival_us,
                                     .kernel_us = KERNEL_UNKNOWN,
                                     .is_truncated = (head->msg_flags & MSG_TRUNC) != 0 };
      read_control (self, head, now_ns, &datagrams[i]);
    }

  return (guint) MAX (n, 0);
}

gboolean
dyno_wire_send (DynoWire     *self,
                guint32       ifindex,
                const guint8 *data,
                gsize         size)
{
  union
  {
    struct cmsghdr align;
    char           bytes[CMSG_SPACE (sizeof (struct in_pktinfo))];
  } control = { 0 };
  struct in_pktinfo info = { .ipi_ifindex = (int) ifindex };
  struct sockaddr_in to = { .sin_family = AF_INET,
                            .sin_port = htons (self->port),
                            .sin_addr.s_addr = htonl (self->group) };
  struct iovec vector = { (gpointer) data, size };
  struct msghdr head = { .msg_name = &to,
                         .msg_namelen = sizeof to,
                         .msg_iov = &vector,
                         .msg_iovlen = 1,
                         .msg_control = &control,
                         .msg_controllen = sizeof control.bytes };
  struct cmsghdr *c = CMSG_FIRSTHDR (&head);

  /* On a machine without another address the kernel would say 0.0.0.0, and our own
   * echo would be a stranger's. */
  if (ifindex == LOOPBACK_IFINDEX)
    info.ipi_spec_dst.s_addr = htonl (INADDR_LOOPBACK);
  c->cmsg_level = IPPROTO_IP;
  c->cmsg_type = IP_PKTINFO;
  c->cmsg_len = CMSG_LEN (sizeof info);
  memcpy (CMSG_DATA (c), &info, sizeof info);

  return sendmsg (self->tx, &head, MSG_NOSIGNAL) == (gssize) size;
}

guint32
dyno_wire_group (const DynoWire *self)
{
  return self->group;
}

guint16
dyno_wire_tx_port (const DynoWire *self)
{
  return self->tx_port;
}

guint
dyno_wire_buffer (const DynoWire *self)
{
  return self->buffer;
}

guint64
dyno_wire_drops (const DynoWire *self)
{
  return self->drops;
}
