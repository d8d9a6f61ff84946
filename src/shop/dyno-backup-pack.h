/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-backup-file.h"

G_BEGIN_DECLS

/* What stands in a backup: a tar, pressed with zstd, of the database and of the files
 * that its rows name.
 *
 *   dynoai.db   source/<run id>   journal/<run id>.jdj
 */

#define DYNO_BACKUP_DATABASE "dynoai.db"

/* TRUE for those names and for no other: no folder above, no link, no device. */
gboolean   dyno_backup_is_member (const char        *name);

/* Puts the files into the sink; `names` are members, each found below `folder`, but the
 * database at `database`. One that has gone since it was named is left out. INVALID,
 * UNAVAILABLE as the sink. */
gboolean   dyno_backup_pack      (DynoBackupSink    *sink,
                                  const char        *folder,
                                  const char        *database,
                                  GPtrArray         *names,
                                  GCancellable      *cancellable,
                                  GError           **error);

/* Unpacks all of it below `folder`, which is there and empty. CORRUPT "backup". Answers
 * the names. (transfer full) (element-type utf8) */
GPtrArray *dyno_backup_unpack    (DynoBackupSource  *source,
                                  const char        *folder,
                                  GCancellable      *cancellable,
                                  GError           **error);

G_END_DECLS
