/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-job.h"

G_BEGIN_DECLS

/* What can be said of a file before its import begins, so that who sent it hears a refusal
 * at once: that it was imported before, and what its first MiB shows. A file of no more
 * than that is read whole. What shows later ends the job instead. */

#define DYNO_IMPORT_LOOK_BYTES (1 << 20)

typedef struct
{
  char *sha256; /* (owned) of the file */
  char *run_id; /* (owned) (nullable) that the run will have: give it to the import. NULL of an
                 * archive, whose run has its own */
} DynoImportLook;

void            dyno_import_look_free   (DynoImportLook      *self);

/* `request` (transfer full) as for dyno_import_job_async (); `sha256` of the file where it
 * is known, else NULL. CONFLICT "import_duplicate"; the refusals of formats.md A.11. */
void            dyno_import_look_async  (DynoShop            *shop,
                                         DynoImportRequest   *request,
                                         const char          *sha256,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
DynoImportLook *dyno_import_look_finish (GAsyncResult        *result,
                                         GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportLook, dyno_import_look_free)

G_END_DECLS
