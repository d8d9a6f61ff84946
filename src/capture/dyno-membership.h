/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-intake.h"
#include "dyno-wire.h"

G_BEGIN_DECLS

/* Which interfaces hear the group: opens the sockets and tries again while the
 * port is busy, joins what is wished for, follows the system when interfaces
 * come, go or change their address, and renews memberships that a switch may
 * have forgotten (jetdrive.md §5.2). Thread dyno-capture. */

typedef struct _DynoMembership DynoMembership;

typedef struct
{
  const char *wish; /* "auto", "all", a name, an address or a MAC */
  const char *group;
  guint16     port;
  int         ttl;
  int         receive_buffer;
} DynoMembershipConfig;

DynoMembership *dyno_membership_new        (const DynoMembershipConfig *config);
/* Leaves all groups and closes. */
void            dyno_membership_free       (DynoMembership             *self);

void            dyno_membership_set_wish   (DynoMembership             *self,
                                            const char                 *wish);
/* With "auto": hear only that interface from now on; 0: all again. */
void            dyno_membership_narrow     (DynoMembership             *self,
                                            guint32                     ifindex);

/* NULL while the port is busy. */
DynoWire       *dyno_membership_wire       (DynoMembership             *self);
/* To wait on; −1 where the system gives none. */
int             dyno_membership_netlink_fd (const DynoMembership       *self);

/* Does what is due. TRUE where something changed that the intake must hear of:
 * dyno_membership_describe (). `renewed` says whether memberships were. */
gboolean        dyno_membership_keep       (DynoMembership             *self,
                                            gint64                      now_us,
                                            gboolean                   *renewed);
/* The input "interfaces" of an intake. (transfer full) */
char           *dyno_membership_describe   (const DynoMembership       *self);

/* A datagram of another node came: the memberships work. */
void            dyno_membership_note       (DynoMembership             *self,
                                            gint64                      now_us);
/* Sent by us: from an address of this machine and our port. */
gboolean        dyno_membership_is_own     (const DynoMembership       *self,
                                            const DynoDatagram         *datagram);
void            dyno_membership_send       (DynoMembership             *self,
                                            const DynoOutgoing         *outgoing);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMembership, dyno_membership_free)

G_END_DECLS
