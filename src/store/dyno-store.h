/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-clock.h"
#include "dyno-rider.h"
#include "dyno-store-analyses.h"
#include "dyno-store-audit.h"
#include "dyno-store-backups.h"
#include "dyno-store-bundle.h"
#include "dyno-store-capture.h"
#include "dyno-store-care.h"
#include "dyno-store-changes.h"
#include "dyno-store-constraints.h"
#include "dyno-store-coverage.h"
#include "dyno-store-day-usage.h"
#include "dyno-store-exports.h"
#include "dyno-store-files.h"
#include "dyno-store-idempotency.h"
#include "dyno-store-jobs.h"
#include "dyno-store-keys.h"
#include "dyno-store-logins.h"
#include "dyno-store-privacy.h"
#include "dyno-store-retain.h"
#include "dyno-store-runs.h"
#include "dyno-store-samples.h"
#include "dyno-store-search.h"
#include "dyno-store-secrets.h"
#include "dyno-store-settings.h"
#include "dyno-store-signing.h"
#include "dyno-store-tables.h"
#include "dyno-store-users.h"
#include "dyno-store-vehicles.h"
#include "dyno-store-verdicts.h"

G_BEGIN_DECLS

/* What a shop keeps: one SQLite database in the data folder. This header, with
 * those it includes, and dyno-lock.h are all that other rooms may use of this
 * room.
 *
 * Every verb is one transaction. It may be called from any thread and is
 * answered in the caller's main context (that of the main thread, for a thread
 * that has none of its own); a write is answered when it is on the disk. What a
 * verb takes `(transfer full)` it owns from the call on. Structs that a verb
 * answers belong to the caller.
 *
 * Errors of every verb, beside its own:
 *   UNAVAILABLE  disk_full, read_only, busy, io, or the store is closed; nothing
 *                was changed, and the same call may succeed later
 *   CORRUPT      the file is damaged
 *   G_IO_ERROR_CANCELLED  before the verb began, or in the middle of a read
 *
 * Times are ms since 1970 (UTC), stamps µs of the sample clock. A text that is
 * not there is NULL, a number that is not there NaN. */

typedef struct _DynoStore DynoStore;

typedef enum
{
  DYNO_STORE_DEFAULT    = 0,      /* open what is there, bring it up to date */
  DYNO_STORE_CREATE     = 1 << 0, /* make folder and database where they are missing */
  DYNO_STORE_READONLY   = 1 << 1, /* every write fails with read_only; no check of pages */
  DYNO_STORE_NO_MIGRATE = 1 << 2, /* an older database is refused (schema_older) */
} DynoStoreFlags;

/* Opens <folder>/dynoai.db: verifies it (every page, when it was not closed
 * properly), brings its tables up to date, each step after a verified copy into
 * <folder>/backups, and marks jobs that were running as interrupted. The caller
 * holds the folder's lock (dyno-lock.h). `clock` (nullable, borrowed) replaces
 * the system's. Fails also with
 *   NOT_FOUND  there is no database and CREATE is not given
 *   CONFLICT   schema_newer, schema_older, not_ours
 *   CORRUPT    database, schema_drift */
void       dyno_store_open_async   (const char          *folder,
                                    DynoStoreFlags       flags,
                                    DynoClock           *clock,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data);
DynoStore *dyno_store_open_finish  (GAsyncResult        *result,
                                    GError             **error);

/* Finishes what was asked, readers first, then the writer; empties the log and
 * closes. From then on every verb fails with UNAVAILABLE. */
void       dyno_store_close_async  (DynoStore           *self,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data);
gboolean   dyno_store_close_finish (DynoStore           *self,
                                    GAsyncResult        *result,
                                    GError             **error);

/* Closes, and waits for it, where that has not been done. */
void       dyno_store_free         (DynoStore           *self);

const char *dyno_store_get_folder  (DynoStore           *self);

/* Writes that wait for the disk. Any thread. */
guint      dyno_store_n_waiting    (DynoStore           *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoStore, dyno_store_free)

G_END_DECLS
