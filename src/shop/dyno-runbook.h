/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store-files.h"
#include "dyno-store-runs.h"
#include "dyno-store-samples.h"
#include "dyno-store-search.h"

G_BEGIN_DECLS

/* The run book: find runs, look at them, say something of them, throw them away.
 * Every change is told on the bus (DYNO_TOPIC_RUN, subject: the run's id; detail
 * "added", "changed", "removed"; a page of runs listens to all of them).
 *
 * What a query, a run and a page of runs are stands in dyno-store-search.h and
 * dyno-store-runs.h; dyno_run_query_parse () reads a search field. */

typedef struct _DynoShop DynoShop;

/* All that is known of one run but its samples. */
typedef struct
{
  DynoRun   *run;      /* (owned) with its long texts */
  GPtrArray *channels; /* (owned) of DynoRunChannel, by index */
  GPtrArray *marks;    /* (owned) of DynoRunMark, by stamp */
  GPtrArray *files;    /* (owned) of DynoRunFile, the oldest first */
} DynoRunDetail;

void           dyno_run_detail_free         (DynoRunDetail       *self);

/* A page of runs. INVALID "cursor". */
void           dyno_runbook_list_async      (DynoShop            *shop,
                                             const DynoRunQuery  *query,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoRunPage   *dyno_runbook_list_finish     (GAsyncResult        *result,
                                             GError             **error);

/* One run, in the trash or not. `run` is an id, or a number of the run book as
 * people say it ("14"). NOT_FOUND. */
void           dyno_runbook_get_async       (DynoShop            *shop,
                                             const char          *run,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoRunDetail *dyno_runbook_get_finish      (GAsyncResult        *result,
                                             GError             **error);

/* The samples, all or what `load` (nullable, copied) asks for, in SI by their
 * accessors; time in seconds from the start of the pre-roll. NOT_FOUND, CORRUPT. */
void           dyno_runbook_load_async      (DynoShop            *shop,
                                             const char          *run_id,
                                             const DynoLoad      *load,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoSamples   *dyno_runbook_load_finish     (GAsyncResult        *result,
                                             GError             **error);

/* Changes the fields of people that `fields` names: title, notes, tags, star,
 * baseline, vehicle, gear, trim. `run` (transfer full) carries them, its id, and
 * the revision that was shown (0: any). A new trim makes new peaks. Answers the
 * run as it is now. NOT_FOUND; CONFLICT "stale"; INVALID for a trim that ends
 * before it begins. */
void           dyno_runbook_edit_async      (DynoShop            *shop,
                                             DynoRun             *run,
                                             DynoRunFields        fields,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoRun       *dyno_runbook_edit_finish     (GAsyncResult        *result,
                                             GError             **error);

/* Into the trash, all or none; dyno_runbook_restore_async () takes them back out
 * for 30 days. NOT_FOUND; CONFLICT "in_hand" for a run that is being recorded. */
void           dyno_runbook_delete_async    (DynoShop            *shop,
                                             const char *const   *run_ids,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
gboolean       dyno_runbook_delete_finish   (GAsyncResult        *result,
                                             GError             **error);
/* One run, as somebody saw it at `revision` (0: any). Beside the above CONFLICT "stale". */
void           dyno_runbook_delete_seen_async  (DynoShop            *shop,
                                                const char          *run_id,
                                                gint64               revision,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
gboolean       dyno_runbook_delete_seen_finish (GAsyncResult        *result,
                                                GError             **error);
void           dyno_runbook_restore_async   (DynoShop            *shop,
                                             const char *const   *run_ids,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
gboolean       dyno_runbook_restore_finish  (GAsyncResult        *result,
                                             GError             **error);

/* Ends runs for ever, with samples, analyses and files. There is no way back. */
void           dyno_runbook_purge_async     (DynoShop            *shop,
                                             const char *const   *run_ids,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
gboolean       dyno_runbook_purge_finish    (GAsyncResult        *result,
                                             GError             **error);

/* Every tag with the number of its runs, most used first. (element-type DynoRunTag) */
void           dyno_runbook_tags_async      (DynoShop            *shop,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
GPtrArray     *dyno_runbook_tags_finish     (GAsyncResult        *result,
                                             GError             **error);

/* What the notes of a run said, newest first. (element-type DynoRunNote) */
void           dyno_runbook_notes_async     (DynoShop            *shop,
                                             const char          *run_id,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
GPtrArray     *dyno_runbook_notes_finish    (GAsyncResult        *result,
                                             GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunDetail, dyno_run_detail_free)

G_END_DECLS
