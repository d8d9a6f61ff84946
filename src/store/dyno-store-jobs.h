/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Jobs, so that they are still known after a restart. One that was queued or
 * running when the program ended is `interrupted` from the next opening on, and
 * can be offered again with its input. */

typedef struct _DynoStore DynoStore;

typedef enum
{
  DYNO_JOB_RECORD_QUEUED,
  DYNO_JOB_RECORD_RUNNING,
  DYNO_JOB_RECORD_SUCCEEDED,
  DYNO_JOB_RECORD_FAILED,
  DYNO_JOB_RECORD_CANCELLED,
  DYNO_JOB_RECORD_INTERRUPTED,
  DYNO_N_JOB_RECORD_STATES
} DynoJobRecordState;

typedef struct
{
  char              *id;          /* job_…; given by the caller */
  char              *kind;        /* "import", "analyse", … */
  DynoJobRecordState state;
  double             done;        /* of `total`, in the job's own unit */
  double             total;       /* 0: unknown */
  char              *stage;
  char              *message;
  char              *subject;     /* (nullable) id of what it is about */
  char              *input;       /* (nullable) JSON: who asked for it, and what it takes to do it again */
  char              *result;      /* (nullable) JSON */
  char              *error;       /* (nullable) sentence */
  char              *reason;      /* (nullable) word */
  gint64             created_ms;  /* given by the store at the first put */
  gint64             started_ms;  /* 0: not yet */
  gint64             finished_ms; /* 0: not yet */
} DynoJobRecord;

void           dyno_job_record_free         (DynoJobRecord      *self);
const char    *dyno_job_record_state_name   (DynoJobRecordState  state);

/* Keeps a job, new or known, as it is now (transfer full). */
void           dyno_store_put_job_async     (DynoStore          *self,
                                             DynoJobRecord      *job,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
gboolean       dyno_store_put_job_finish    (DynoStore          *self,
                                             GAsyncResult       *result,
                                             GError            **error);

/* NOT_FOUND. */
void           dyno_store_get_job_async     (DynoStore          *self,
                                             const char         *job_id,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
DynoJobRecord *dyno_store_get_job_finish    (DynoStore          *self,
                                             GAsyncResult       *result,
                                             GError            **error);

/* The newest `limit` jobs of those states (set of 1 << DynoJobRecordState; 0: all).
 * (element-type DynoJobRecord) */
void           dyno_store_list_jobs_async   (DynoStore          *self,
                                             guint               states,
                                             guint               limit,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
GPtrArray     *dyno_store_list_jobs_finish  (DynoStore          *self,
                                             GAsyncResult       *result,
                                             GError            **error);

/* Removes jobs that ended before that time. */
void           dyno_store_purge_jobs_async  (DynoStore          *self,
                                             gint64              before_ms,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
gboolean       dyno_store_purge_jobs_finish (DynoStore          *self,
                                             GAsyncResult       *result,
                                             GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoJobRecord, dyno_job_record_free)

G_END_DECLS
