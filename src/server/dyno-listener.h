/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-connection.h"

G_BEGIN_DECLS

/* The sockets that are listened on. Thread of whoever makes them. */

typedef struct
{
  GSocket          *socket; /* (owned) non-blocking */
  DynoListenerKind  kind;
  guint16           port;   /* 0: the admin socket */
  char             *path;   /* (owned) (nullable) unlinked when it is freed */
} DynoListener;

/* `port` of an address, 0: a free one. INVALID for what is no literal, UNAVAILABLE when it
 * cannot be had; its reason is "no_address" when this machine has no such address. */
DynoListener *dyno_listener_new_inet  (const char        *address,
                                       guint16            port,
                                       GError           **error);

/* The admin socket: 0600 in a folder of 0700 that is made if need be. A socket that was
 * left behind is replaced: the lock on the data folder has shown that nobody listens.
 * UNAVAILABLE, DENIED (the folder is somebody else's). */
DynoListener *dyno_listener_new_admin (const char        *path,
                                       GError           **error);

/* Those that the service manager opened for us (LISTEN_PID, LISTEN_FDS); the variables
 * are taken off, so that no child believes them. Empty where there are none. Of
 * DynoListener. (transfer full) */
GPtrArray    *dyno_listener_inherit   (void);
void          dyno_listener_free      (DynoListener      *self);

/* Where the admin socket of a data folder is. `runtime` (nullable): XDG_RUNTIME_DIR;
 * `app_id` (nullable): inside Flatpak, of this program; both folders as real paths.
 * (transfer full) */
char         *dyno_listener_admin_path (const char       *runtime,
                                        const char       *app_id,
                                        const char       *data_folder,
                                        const char       *default_folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoListener, dyno_listener_free)

G_END_DECLS
