/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-membership.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dyno-error.h"
#include "dyno-interfaces.h"
#include "dyno-json.h"

#define RETRY_US (5 * G_USEC_PER_SEC)
#define SETTLE_US 200000             /* an interface changes in several steps */
#define QUIET_US (5 * G_USEC_PER_SEC)
#define QUIET_AGAIN_US (15 * G_USEC_PER_SEC)
#define RENEW_US (120 * G_USEC_PER_SEC)

struct _DynoMembership
{
  char     *wish;          /* (owned) */
  char     *group;         /* (owned) */
  guint16   port;
  int       ttl;
  int       receive_buffer;
  guint32   narrowed_to;   /* ifindex; 0: what the wish says */

  DynoWire *wire;          /* (owned) (nullable) */
  int       netlink;
  gboolean  is_closed;     /* the sockets could not be opened */
  gboolean  is_busy;       /* because another program has the port */
  GArray   *interfaces;    /* (owned) of DynoInterface: all there are */
  GArray   *addresses;     /* (owned) of guint32: ours */
  GArray   *joined;        /* (owned) of guint32 ifindex */

  gint64    retry_us;      /* next try to open */
  gint64    look_us;       /* when to look at the interfaces again; 0: not due */
  gint64    renewed_us;
  gint64    heard_us;      /* last datagram of another node, or the beginning */
};

static int
open_netlink (void)
{
  struct sockaddr_nl address = { .nl_family = AF_NETLINK,
                                 .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR };
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);

  if (fd >= 0 && bind (fd, (struct sockaddr *) &address, sizeof address) != 0)
    {
      close (fd);
      fd = -1;
    }

  return fd;
}

DynoMembership *
dyno_membership_new (const DynoMembershipConfig *config)
{
  DynoMembership *self = g_new0 (DynoMembership, 1);

  self->wish = g_strdup (config->wish);
  self->group = g_strdup (config->group);
  self->port = config->port;
  self->ttl = config->ttl;
  self->receive_buffer = config->receive_buffer;
  self->netlink = open_netlink ();
  self->interfaces = dyno_interfaces_list ();
  self->addresses = dyno_interfaces_list_addresses ();
  self->joined = g_array_new (FALSE, FALSE, sizeof (guint32));

  return self;
}

void
dyno_membership_free (DynoMembership *self)
{
  if (self == NULL)
    return;

  dyno_wire_free (self->wire);
  if (self->netlink >= 0)
    close (self->netlink);
  g_array_unref (self->interfaces);
  g_array_unref (self->addresses);
  g_array_unref (self->joined);
  g_free (self->wish);
  g_free (self->group);
  g_free (self);
}

void
dyno_membership_set_wish (DynoMembership *self,
                          const char     *wish)
{
  g_free (self->wish);
  self->wish = g_strdup (wish);
  self->narrowed_to = 0;
  self->look_us = 1;
}

void
dyno_membership_narrow (DynoMembership *self,
                        guint32         ifindex)
{
  if (self->narrowed_to == ifindex)
    return;

  self->narrowed_to = ifindex;
  self->look_us = 1;
}

DynoWire *
dyno_membership_wire (DynoMembership *self)
{
  return self->wire;
}

int
dyno_membership_netlink_fd (const DynoMembership *self)
{
  return self->netlink;
}

static gboolean
holds (const GArray *indices,
       guint32       ifindex)
{
  for (guint i = 0; i < indices->len; i++)
    {
      if (g_array_index (indices, guint32, i) == ifindex)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_loopback (const DynoMembership *self,
             guint32               ifindex)
{
  for (guint i = 0; i < self->interfaces->len; i++)
    {
      const DynoInterface *interface = &g_array_index (self->interfaces, DynoInterface, i);

      if (interface->index == ifindex)
        return interface->is_loopback;
    }

  return FALSE;
}

/* TRUE where it was opened or the trouble is another one than before. */
static gboolean
try_to_open (DynoMembership *self,
             gint64          now_us)
{
  DynoWireConfig config = { .group = self->group,
                            .port = self->port,
                            .ttl = self->ttl,
                            .receive_buffer = self->receive_buffer };
  g_autoptr(GError) error = NULL;
  gboolean was_closed = self->is_closed;

  if (self->wire != NULL || now_us < self->retry_us)
    return FALSE;

  self->wire = dyno_wire_open (&config, &error);
  self->is_closed = self->wire == NULL;
  self->is_busy = g_strcmp0 (dyno_error_get_reason (error), "port_busy") == 0;
  self->retry_us = now_us + RETRY_US;
  self->look_us = self->wire != NULL ? 1 : 0;
  self->heard_us = now_us;
  self->renewed_us = now_us;
  if (self->is_closed && !was_closed)
    g_info ("%s", error->message);

  return self->is_closed != was_closed || self->wire != NULL;
}

static void
drop_all_but (DynoMembership *self,
              const GArray   *chosen)
{
  for (guint i = self->joined->len; i > 0; i--)
    {
      guint32 ifindex = g_array_index (self->joined, guint32, i - 1);
      gboolean stays = FALSE;

      for (guint c = 0; c < chosen->len; c++)
        stays |= g_array_index (chosen, DynoInterface, c).index == ifindex;
      if (stays)
        continue;
      dyno_wire_leave (self->wire, ifindex);
      g_array_remove_index (self->joined, i - 1);
    }
}

/* Joins what is chosen; what was joined is joined anew, for its interface may
 * have been down or changed its address in between. */
static void
join_all (DynoMembership *self,
          const GArray   *chosen)
{
  for (guint i = 0; i < chosen->len; i++)
    {
      const DynoInterface *interface = &g_array_index (chosen, DynoInterface, i);
      g_autoptr(GError) error = NULL;
      gboolean was_joined = holds (self->joined, interface->index);

      if (was_joined && !interface->is_loopback)
        dyno_wire_leave (self->wire, interface->index);
      if (dyno_wire_join (self->wire, interface->index, &error))
        {
          if (!was_joined)
            g_array_append_val (self->joined, interface->index);
        }
      else
        g_info ("Interface %s: %s", interface->name, error->message);
    }
}

static void
narrow (const DynoMembership *self,
        GArray               *chosen)
{
  for (guint i = chosen->len; i > 0 && self->narrowed_to != 0; i--)
    {
      if (g_array_index (chosen, DynoInterface, i - 1).index != self->narrowed_to)
        g_array_remove_index (chosen, i - 1);
    }
}

static gboolean
look_again (DynoMembership *self,
            gint64          now_us)
{
  g_autoptr(GArray) chosen = NULL;

  if (self->wire == NULL || self->look_us == 0 || now_us < self->look_us)
    return FALSE;

  self->look_us = 0;
  g_array_unref (self->interfaces);
  g_array_unref (self->addresses);
  self->interfaces = dyno_interfaces_list ();
  self->addresses = dyno_interfaces_list_addresses ();
  chosen = dyno_interfaces_choose (self->interfaces, self->wish);
  narrow (self, chosen);
  if (chosen->len == 0 && self->narrowed_to != 0)
    {
      /* The interface it was narrowed to is gone: listen everywhere again. */
      self->narrowed_to = 0;
      g_array_unref (chosen);
      chosen = dyno_interfaces_choose (self->interfaces, self->wish);
    }
  drop_all_but (self, chosen);
  join_all (self, chosen);

  return TRUE;
}

/* A switch with snooping and no querier forgets us; and so does a network that
 * was changed behind it. Never on lo. */
static gboolean
renew (DynoMembership *self,
       gint64          now_us)
{
  gboolean is_quiet = now_us - self->heard_us >= QUIET_US;
  gint64 pause_us = is_quiet ? MIN (QUIET_AGAIN_US, MAX (now_us - self->heard_us, QUIET_US))
                             : RENEW_US;
  gboolean renewed = FALSE;

  if (self->wire == NULL || now_us - self->renewed_us < pause_us)
    return FALSE;

  self->renewed_us = now_us;
  for (guint i = 0; i < self->joined->len; i++)
    {
      guint32 ifindex = g_array_index (self->joined, guint32, i);

      if (is_loopback (self, ifindex))
        continue;
      dyno_wire_leave (self->wire, ifindex);
      renewed |= dyno_wire_join (self->wire, ifindex, NULL);
    }

  return renewed;
}

/* What the news are does not matter: the interfaces are listed anew. */
static void
drain_netlink (DynoMembership *self,
               gint64          now_us)
{
  char news[8192];

  if (self->netlink < 0)
    return;
  while (recv (self->netlink, news, sizeof news, MSG_DONTWAIT) > 0)
    self->look_us = now_us + SETTLE_US;
}

gboolean
dyno_membership_keep (DynoMembership *self,
                      gint64          now_us,
                      gboolean       *renewed)
{
  gboolean changed;

  drain_netlink (self, now_us);
  changed = try_to_open (self, now_us);
  changed |= look_again (self, now_us);
  *renewed = renew (self, now_us);

  return changed;
}

static void
describe_interface (const DynoMembership *self,
                    DynoJsonWriter       *w,
                    const DynoInterface  *interface)
{
  g_autofree char *address = dyno_address_text (interface->address);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", interface->name);
  dyno_json_writer_add_string (w, "mac", interface->mac);
  dyno_json_writer_add_integer (w, "index", interface->index);
  dyno_json_writer_add_string (w, "address", address);
  dyno_json_writer_add_boolean (w, "up", interface->is_up);
  dyno_json_writer_add_boolean (w, "joined", holds (self->joined, interface->index));
  dyno_json_writer_add_boolean (w, "loopback", interface->is_loopback);
  dyno_json_writer_end_object (w);
}

char *
dyno_membership_describe (const DynoMembership *self)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  const char *trouble = self->is_busy           ? "port_busy"
                        : self->joined->len == 0 ? "no_interface"
                                                 : NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", "interfaces");
  dyno_json_writer_add_string (w, "trouble", trouble);
  dyno_json_writer_add_integer (w, "tx_port",
                                self->wire != NULL ? dyno_wire_tx_port (self->wire) : 0);
  dyno_json_writer_add_integer (w, "buffer",
                                self->wire != NULL ? dyno_wire_buffer (self->wire) : 0);
  dyno_json_writer_name (w, "interfaces");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->interfaces->len; i++)
    describe_interface (self, w, &g_array_index (self->interfaces, DynoInterface, i));
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

void
dyno_membership_note (DynoMembership *self,
                      gint64          now_us)
{
  self->heard_us = now_us;
}

gboolean
dyno_membership_is_own (const DynoMembership *self,
                        const DynoDatagram   *datagram)
{
  if (self->wire == NULL || datagram->port != dyno_wire_tx_port (self->wire))
    return FALSE;

  for (guint i = 0; i < self->addresses->len; i++)
    {
      if (g_array_index (self->addresses, guint32, i) == datagram->address)
        return TRUE;
    }

  return FALSE;
}

void
dyno_membership_send (DynoMembership     *self,
                      const DynoOutgoing *outgoing)
{
  for (guint i = 0; self->wire != NULL && i < self->joined->len; i++)
    {
      guint32 ifindex = g_array_index (self->joined, guint32, i);

      if (outgoing->ifindex != 0 && outgoing->ifindex != ifindex)
        continue;
      if (!dyno_wire_send (self->wire, ifindex, outgoing->data, outgoing->size))
        g_debug ("A message could not be sent over interface %u", ifindex);
    }
}
