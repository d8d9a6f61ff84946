/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The network interfaces of this machine, as the system has them now. An
 * interface is remembered by name and MAC, never by its address. */

typedef struct
{
  char     name[32];
  char     mac[18];    /* "02:fc:00:00:00:01"; "" without one */
  guint32  index;
  guint32  address;    /* its first IPv4 address, host byte order; 0 without one */
  gboolean is_up;      /* and its cable is plugged in */
  gboolean is_loopback;
  gboolean has_multicast; /* by its flag; lo works without */
  gboolean is_point_to_point;
  gboolean is_bridge;  /* of a container or a virtual machine, by its name */
} DynoInterface;

/* One row an interface. (transfer full) of DynoInterface. */
GArray  *dyno_interfaces_list           (void);

/* All IPv4 addresses of this machine, host byte order. (transfer full) of guint32. */
GArray  *dyno_interfaces_list_addresses (void);

/* Those that `wish` means: "auto" (all that are up, with an address, able to
 * multicast and no bridge, and lo), "all" (with the bridges), a name, an address
 * or a MAC. A wish that matches nothing gives an empty list. (transfer full) */
GArray  *dyno_interfaces_choose         (const GArray *interfaces,
                                         const char   *wish);

/* Dotted decimal to host byte order; FALSE (and 0) for anything else. */
gboolean dyno_address_parse             (const char   *text,
                                         guint32      *address);

G_END_DECLS
