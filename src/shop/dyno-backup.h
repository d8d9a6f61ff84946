/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store-backups.h"

G_BEGIN_DECLS

/* Backups (service.md 9.3): the database as it was at one moment, with the files that
 * its rows name, in one sealed file dynoai-<UTC>.dynobk (dyno-backup-file.h says how).
 * A backup is known only once it was opened again and compared.
 *
 * The vault must be open: else the errors of dyno_vault_ref_key (). Who may ask is the
 * face's business; nobody may restore over the network (dyno-restore.h). What becomes
 * of a backup is told on the bus (DYNO_TOPIC_HEALTH, subject "backup"). */

typedef struct _DynoShop DynoShop;

/* Makes one now, then lets old ones of the schedule go. As a job (kind "backup");
 * `job_id` (nullable) gets its id at once, free it. `is_scheduled`: nobody asked for
 * it, so that it may go again by itself. UNAVAILABLE "disk_full", asked beforehand;
 * CORRUPT "backup" where what was written is not good, and is removed. */
void        dyno_backup_make_async        (DynoShop            *shop,
                                           gboolean             is_scheduled,
                                           char               **job_id,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
DynoBackup *dyno_backup_make_finish       (GAsyncResult        *result,
                                           GError             **error);

/* Newest first. (element-type DynoBackup) */
void        dyno_backup_list_async        (DynoShop            *shop,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
GPtrArray  *dyno_backup_list_finish       (GAsyncResult        *result,
                                           GError             **error);

/* NOT_FOUND. */
void        dyno_backup_get_async         (DynoShop            *shop,
                                           const char          *backup_id,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
DynoBackup *dyno_backup_get_finish        (GAsyncResult        *result,
                                           GError             **error);

/* Opens it again: every chunk, page, reference, sample, table and row of the audit. As
 * a job (kind "backup-verify"). `is_drill`: also as a restore would, for writing. What is
 * wrong is noted with it, and is the error: CORRUPT, NOT_FOUND where the file is gone,
 * DENIED "backup_key". */
void        dyno_backup_verify_async      (DynoShop            *shop,
                                           const char          *backup_id,
                                           gboolean             is_drill,
                                           char               **job_id,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
DynoBackup *dyno_backup_verify_finish     (GAsyncResult        *result,
                                           GError             **error);

/* The same for any file. */
void        dyno_backup_verify_file_async  (DynoShop            *shop,
                                            const char          *path,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
gboolean    dyno_backup_verify_file_finish (GAsyncResult        *result,
                                            GError             **error);

/* File and row; a file that is gone already is no matter. NOT_FOUND. */
void        dyno_backup_delete_async      (DynoShop            *shop,
                                           const char          *backup_id,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
gboolean    dyno_backup_delete_finish     (GAsyncResult        *result,
                                           GError             **error);

/* Whether there is a recovery code. −1: error; 0: none yet. */
void        dyno_backup_has_code_async    (DynoShop            *shop,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
int         dyno_backup_has_code_finish   (GAsyncResult        *result,
                                           GError             **error);

/* A new recovery code, to be written down: it is shown this once. Backups from now on
 * are opened by it; earlier ones by the code of their time. (transfer full) */
void        dyno_backup_renew_code_async  (DynoShop            *shop,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
char       *dyno_backup_renew_code_finish (GAsyncResult        *result,
                                           GError             **error);

/* What the hour of store.backup_hour wants: a backup where one is due (also one that
 * was missed), and a drill of the newest where the last is a week ago. FALSE only with
 * an error; nothing to do is none. */
void        dyno_backup_tend_async        (DynoShop            *shop,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
gboolean    dyno_backup_tend_finish       (GAsyncResult        *result,
                                           GError             **error);

G_END_DECLS
