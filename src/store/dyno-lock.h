/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One process owns a data folder: it holds a lock on <folder>/dynoai.lock for
 * as long as it lives, and the file says who it is and on which socket it can
 * be asked. The kernel lets go of the lock when the process ends, however it
 * ends; a file left behind means nothing.
 *
 * The lock belongs to the open file (F_OFD_SETLK), so another part of the same
 * process is refused as well, and may read the file without losing the lock. */

typedef struct _DynoLock DynoLock;

/* Makes the folder (0700) where it is missing. `socket_path` may be NULL. Fails
 * with DYNO_ERROR_CONFLICT, reason "folder_in_use", naming the holder. */
DynoLock *dyno_lock_take        (const char *folder,
                                 const char *socket_path,
                                 GError    **error);

/* The socket on which this process can be asked from now on; NULL: none. */
void      dyno_lock_set_socket  (DynoLock   *self,
                                 const char *socket_path);
void      dyno_lock_free        (DynoLock   *self);

/* Whether somebody holds the folder. `pid` and `socket_path` (transfer full,
 * nullable) are who; both may be NULL. */
gboolean  dyno_lock_find_holder (const char *folder,
                                 int        *pid,
                                 char      **socket_path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLock, dyno_lock_free)

G_END_DECLS
