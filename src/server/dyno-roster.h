/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-patience.h"
#include "dyno-server.h"

G_BEGIN_DECLS

/* All connections of a server: who may come in, whose time is up, who is still there.
 * Thread dyno-server. */

#define DYNO_ROSTER_MAX_NETWORK     256
#define DYNO_ROSTER_MAX_ADMIN       32
#define DYNO_ROSTER_MAX_LOOPBACK    128 /* from one address */
#define DYNO_ROSTER_MAX_ADDRESS     32  /* from one address, an IPv6 /64 */
#define DYNO_ROSTER_MAX_HANDSHAKING 32

typedef struct _DynoRoster DynoRoster;

typedef void (*DynoRosterFunc) (gpointer data);

/* All borrowed; `emptied` is called when the last connection has gone. */
DynoRoster                *dyno_roster_new           (const DynoPatience        *patience,
                                                      const DynoServerCallbacks *callbacks,
                                                      gpointer                   callback_data,
                                                      DynoServerCounts          *counts,
                                                      DynoRosterFunc             emptied,
                                                      gpointer                   emptied_data);
/* All connections must be gone. */
void                       dyno_roster_free          (DynoRoster                *self);

const DynoPatience        *dyno_roster_get_patience  (DynoRoster                *self);
DynoServerCounts          *dyno_roster_get_counts    (DynoRoster                *self);
const DynoServerCallbacks *dyno_roster_get_callbacks (DynoRoster                *self,
                                                      gpointer                  *data);
guint                      dyno_roster_n_open        (DynoRoster                *self);

/* Whether the caps count both as one: the same IPv4 address, or IPv6 /64. Any thread. */
gboolean                   dyno_roster_is_one_source (GInetAddress              *a,
                                                      GInetAddress              *b);
/* Whether there is room for one more of that kind from that address (NULL: admin). */
gboolean                   dyno_roster_has_room      (DynoRoster                *self,
                                                      DynoListenerKind           kind,
                                                      GInetAddress              *peer);
void                       dyno_roster_add           (DynoRoster                *self,
                                                      DynoConnection            *connection);
void                       dyno_roster_remove        (DynoRoster                *self,
                                                      DynoConnection            *connection);
/* 0: no deadline. */
void                       dyno_roster_set_deadline  (DynoRoster                *self,
                                                      DynoConnection            *connection,
                                                      gint64                     deadline_us);

/* From now on each reply is the last of its connection; who waits for nothing goes. */
void                       dyno_roster_drain         (DynoRoster                *self);
gboolean                   dyno_roster_is_draining   (DynoRoster                *self);
/* Cuts off all that is left: reads and writes of it fail from now on. */
void                       dyno_roster_cut           (DynoRoster                *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRoster, dyno_roster_free)

G_END_DECLS
