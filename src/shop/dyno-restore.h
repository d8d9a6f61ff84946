/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-clock.h"

G_BEGIN_DECLS

/* A backup takes the place of a data folder that nobody holds (service.md 9.3). For
 * whoever sits at the machine, never over the network.
 *
 * The backup is unpacked beside, proved, brought up to date and settled: erasures since
 * then are done again, logins end, tokens from before are no longer good. Only then it
 * is put in place by renames; what was there stays in before-restore-<UTC>/. Until then
 * a failure changes nothing; from then on the next start finishes what was cut. Files
 * of runs that the backup does not hold, but its rows name, stay where they are. */

typedef struct
{
  const char        *data_dir;    /* (nullable) these three as in DynoShopOptions */
  const char        *config_path; /* (nullable) */
  const char *const *environment; /* (nullable) */
  const char        *backup;      /* the file */
  const char        *code;        /* (nullable) recovery code; else the master key opens it. */
                                  /* The master key of the backup then becomes that of this */
                                  /* machine, where it has none for the folder. */
  DynoClock         *clock;       /* (borrowed) (nullable) */
} DynoRestoreOptions;

typedef struct
{
  char  *data_dir;
  char  *kept;        /* (nullable) the folder with what was there before */
  gint64 created_ms;  /* of the backup */
  int    schema;      /* of the backup */
  guint  n_files;     /* that came out of it, beside the database */
  guint  n_missing;   /* that its rows name and nobody has */
  guint  n_erasures;  /* that were done again */
} DynoRestoreReport;

void               dyno_restore_report_free (DynoRestoreReport        *self);

/* CONFLICT "folder_in_use", "master_key"; NOT_FOUND; CORRUPT "backup"; DENIED
 * "backup_key", "recovery_code"; INVALID "recovery_code"; UNAVAILABLE "keyring_…",
 * "disk_full", "io". Cancelling is heard until the renames. */
void               dyno_restore_async       (const DynoRestoreOptions *options,
                                             GCancellable             *cancellable,
                                             GAsyncReadyCallback       callback,
                                             gpointer                  user_data);
DynoRestoreReport *dyno_restore_finish      (GAsyncResult             *result,
                                             GError                  **error);

/* Finishes one that was cut in its renames; the caller holds the folder's lock and has
 * not opened the database yet. Blocking. */
gboolean           dyno_restore_resume      (const char               *data_dir,
                                             GError                  **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRestoreReport, dyno_restore_report_free)

G_END_DECLS
