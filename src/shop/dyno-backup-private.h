/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-backup-file.h"
#include "dyno-backup.h"
#include "dyno-health.h"
#include "dyno-operation.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* Who made what nobody asked for. */
#define DYNO_BACKUP_BY_SCHEDULE "schedule"

/* What making, proving and restoring share. Blocking. */

/* How a database that stands alone is looked at. */
typedef struct
{
  DynoAwait    *await;       /* (borrowed) */
  GCancellable *cancellable; /* (borrowed) (nullable) */
  DynoClock    *clock;       /* (borrowed) (nullable) */
  GBytes       *audit_key;   /* (borrowed) */
} DynoBackupLook;

/* Members of a backup that the rows of a store name. (transfer full) (element-type utf8) */
GPtrArray  *dyno_backup_list_names    (const DynoBackupLook    *look,
                                       DynoStore               *store,
                                       GError                 **error);

/* Everything in the database of `folder`: pages, indexes, references, samples, audit
 * chain; CORRUPT "backup" names the first that is wrong. `facts` gets schema, counts
 * and the end of the audit, `names` (nullable) the members of a backup that its rows
 * name. (transfer full) (element-type utf8) */
gboolean    dyno_backup_look_at       (const DynoBackupLook    *look,
                                       const char              *folder,
                                       DynoStoreFlags           flags,
                                       DynoBackupHeader        *facts,
                                       GPtrArray              **names,
                                       GError                 **error);

/* Unpacks an open source into `folder` and looks at it: is it what its header says?
 * `is_drill`: opened for writing, as a restore does. Answers the names that came out.
 * (transfer full) (element-type utf8) */
GPtrArray  *dyno_backup_prove         (const DynoBackupLook    *look,
                                       DynoBackupSource        *source,
                                       const char              *folder,
                                       gboolean                 is_drill,
                                       GError                 **error);

/* A whole file, in a folder that goes again, with the keys of the vault. */
gboolean    dyno_backup_prove_file    (const DynoErrand        *errand,
                                       const char              *path,
                                       gboolean                 is_drill,
                                       GError                 **error);

/* Where backups go; made where it is missing. (transfer full) */
char       *dyno_backup_find_folder   (DynoShop                *shop,
                                       GError                 **error);

/* The key of the recovery code and the master key, as they were kept for backups; both
 * NULL where there is no code. (transfer full) */
gboolean    dyno_backup_load_recovery (const DynoErrand        *errand,
                                       GBytes                 **recovery,
                                       GBytes                 **master,
                                       GError                 **error);

/* Lets those go that the settings no longer keep. Never fails: what stays is tried
 * again. */
void        dyno_backup_prune         (const DynoErrand        *errand);

/* The health component `backup`: degraded where none was verified for 8 days. */
void        dyno_backup_look          (const DynoErrand        *errand,
                                       DynoComponent           *self);

/* File and row. */
gboolean    dyno_backup_remove        (const DynoErrand        *errand,
                                       const DynoBackup        *backup,
                                       GError                 **error);

G_END_DECLS
