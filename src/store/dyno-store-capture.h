/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store-files.h"
#include "dyno-store-runs.h"
#include "dyno-store-samples.h"

G_BEGIN_DECLS

/* Putting runs in: recorded second by second, or read from a file at once.
 *
 * A recording begins a run, appends a second each second without waiting, and
 * finishes it. What is appended before the finish is stored before it. After a
 * crash dyno_store_list_unfinished_async () names what was cut short; its samples
 * are then replaced by those of its journal, and it is finished as
 * DYNO_RUN_INTERRUPTED. */

/* Makes a run of status PROCESSING (that of `run` is not looked at) with its
 * first channels (element-type DynoRunChannel, nullable). Both are taken over.
 * An id that is given is used: CONFLICT "exists" where there is one. Answers the
 * run as it stands in the book. */
void       dyno_store_begin_run_async        (DynoStore           *self,
                                              DynoRun             *run,
                                              GPtrArray           *channels,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
DynoRun   *dyno_store_begin_run_finish       (DynoStore           *self,
                                              GAsyncResult        *result,
                                              GError             **error);

/* Stores one second (transfer full) with the channels it brings, in one
 * transaction. `callback` may be NULL; a recorder counts its answers to know how
 * far the disk is behind. NOT_FOUND; CONFLICT "exists" for a block that is there
 * already. */
void       dyno_store_append_second_async    (DynoStore           *self,
                                              const char          *run_id,
                                              DynoSecond          *second,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
gboolean   dyno_store_append_second_finish   (DynoStore           *self,
                                              GAsyncResult        *result,
                                              GError             **error);

/* Ends a recording in one transaction: the machine's fields of `run` (its id,
 * and the status it ends with), channels that changed, files, the journal's link
 * in the chain, marks. All are taken over; the arrays may be NULL. Answers the
 * run. NOT_FOUND; CONFLICT "finished" for a run that has ended before. */
void       dyno_store_finish_run_async       (DynoStore           *self,
                                              DynoRun             *run,
                                              GPtrArray           *channels,
                                              GPtrArray           *files,
                                              GPtrArray           *marks,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
DynoRun   *dyno_store_finish_run_finish      (DynoStore           *self,
                                              GAsyncResult        *result,
                                              GError             **error);

/* Puts other samples in the place of all that a captured run has: channels
 * (element-type DynoRunChannel) and seconds (element-type DynoSecond), both
 * taken over, in one transaction. NOT_FOUND. */
void       dyno_store_replace_samples_async  (DynoStore           *self,
                                              const char          *run_id,
                                              GPtrArray           *channels,
                                              GPtrArray           *seconds,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
gboolean   dyno_store_replace_samples_finish (DynoStore           *self,
                                              GAsyncResult        *result,
                                              GError             **error);

/* A whole run at once, from a file: `run`, its files and marks (taken over, the
 * arrays may be NULL) and its samples (immutable, a reference is taken), in one
 * transaction. `confidence` (nullable) has a number for each column. A run of
 * status PENDING is kept as COMPLETE. Answers the run. CONFLICT "exists" for an
 * id that is there. */
void       dyno_store_import_run_async       (DynoStore           *self,
                                              DynoRun             *run,
                                              DynoSamples         *samples,
                                              const double        *confidence,
                                              GPtrArray           *files,
                                              GPtrArray           *marks,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
DynoRun   *dyno_store_import_run_finish      (DynoStore           *self,
                                              GAsyncResult        *result,
                                              GError             **error);

G_END_DECLS
