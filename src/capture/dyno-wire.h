/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The sockets of one node (jetdrive.md §5.2): one that receives for all joined
 * interfaces, bound to 0.0.0.0 and the shared port, and one that sends from a
 * port of its own, so that our echoes can be told. Used by one thread at a
 * time. */

#define DYNO_WIRE_MOST_AT_ONCE 32
#define DYNO_WIRE_RECEIVE_BUFFER (8 * 1024 * 1024)
#define DYNO_WIRE_SMALL_BUFFER (1024 * 1024)

typedef struct
{
  const char *group;          /* "224.0.2.10" */
  guint16     port;
  int         ttl;            /* 0…32 */
  int         receive_buffer; /* bytes to ask for; 0: DYNO_WIRE_RECEIVE_BUFFER */
} DynoWireConfig;

/* One datagram, valid until the next dyno_wire_receive (). */
typedef struct
{
  const guint8 *data;       /* (borrowed) */
  gsize         size;
  guint32       address;    /* of the sender, IPv4, host byte order */
  guint16       port;
  guint32       ifindex;    /* where it came in; 0 unknown */
  gint64        arrival_us; /* when it was read, monotonic */
  guint32       kernel_us;  /* from the kernel's stamp to the reading; 0xFFFFFFFF unknown */
  gboolean      is_truncated;
} DynoDatagram;

typedef struct _DynoWire DynoWire;

/* DYNO_ERROR_UNAVAILABLE, reason "port_busy" where another program holds the
 * port without sharing it; DYNO_ERROR_INVALID for a group that is none. */
DynoWire *dyno_wire_open      (const DynoWireConfig *config,
                               GError              **error);
/* Leaves all groups. */
void      dyno_wire_free      (DynoWire             *self);

/* Joining twice is no error. */
gboolean  dyno_wire_join      (DynoWire             *self,
                               guint32               ifindex,
                               GError              **error);
void      dyno_wire_leave     (DynoWire             *self,
                               guint32               ifindex);

/* To wait on. */
int       dyno_wire_fd        (const DynoWire       *self);

/* Takes what is there, at most DYNO_WIRE_MOST_AT_ONCE, without waiting; 0: nothing. */
guint     dyno_wire_receive   (DynoWire             *self,
                               DynoDatagram          datagrams[DYNO_WIRE_MOST_AT_ONCE]);

/* To the group over that interface. FALSE where the system refuses. */
gboolean  dyno_wire_send      (DynoWire             *self,
                               guint32               ifindex,
                               const guint8         *data,
                               gsize                 size);

guint32   dyno_wire_group     (const DynoWire       *self);
guint16   dyno_wire_tx_port   (const DynoWire       *self);
guint     dyno_wire_buffer    (const DynoWire       *self); /* bytes granted */
guint64   dyno_wire_drops     (const DynoWire       *self); /* by the kernel, since opening */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoWire, dyno_wire_free)

G_END_DECLS
