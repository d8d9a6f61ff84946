/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-listener.h"
#include "dyno-roster.h"

G_BEGIN_DECLS

/* Takes connections off the listeners: as many a turn as do not hold up those that are
 * served, none over the caps, on the admin socket none of another user's. When no
 * descriptor is left it stands still for a moment and goes on; nothing stops it for good
 * but its end. Thread dyno-server. */

typedef struct _DynoAccept DynoAccept;

/* (transfer none) `peer` is NULL on the admin socket. */
typedef void (*DynoAcceptFunc) (GSocket          *socket,
                                DynoListenerKind  kind,
                                guint16           local_port,
                                GInetAddress     *peer,
                                gpointer          data);

/* Begins at once. `listeners` of DynoListener, (transfer full). */
DynoAccept *dyno_accept_new  (GPtrArray      *listeners,
                              DynoRoster     *roster,
                              DynoAcceptFunc  accepted,
                              gpointer        data);
/* Closes the listeners. */
void        dyno_accept_free (DynoAccept     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAccept, dyno_accept_free)

G_END_DECLS
