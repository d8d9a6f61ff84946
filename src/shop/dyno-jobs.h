/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-bus.h"
#include "dyno-clock.h"

G_BEGIN_DECLS

/* The list of long work: what runs, how far it is, how to end it. Progress is
 * the work's own count of what is done, never a guess. One of the three shared
 * places: a mutex, held to copy a row. Any thread.
 *
 * Each change is news on the bus (DYNO_TOPIC_JOB, subject: the job's id), at
 * most ten a second and job. Ended jobs stay in the list until the program
 * ends, at most 200 of them. */

typedef struct _DynoJobs DynoJobs;
typedef struct _DynoJob  DynoJob;

typedef enum
{
  DYNO_JOB_RUNNING,
  DYNO_JOB_SUCCEEDED,
  DYNO_JOB_FAILED,
  DYNO_JOB_CANCELLED,
} DynoJobState;

typedef struct
{
  char         *id;         /* job_… */
  char         *kind;       /* "import", "analyse" */
  char         *title;      /* for a person: the file's or the run's name */
  char         *subject;    /* (nullable) id of what it makes or works on */
  char         *owner;      /* user id of who asked for it, "local:owner" */
  DynoJobState  state;
  double        done;       /* in `unit`; */
  double        total;      /* NaN while nobody knows */
  char         *unit;       /* "bytes", "rows", "steps" */
  char         *message;    /* (nullable) stage, or the sentence of the failure */
  gint64        started_us; /* UTC */
  gint64        ended_us;   /* 0 while it runs */
} DynoJobInfo;

/* "running", "succeeded", …: the spelling of files and wire. */
const char   *dyno_job_state_name   (DynoJobState  state);
void          dyno_job_info_free    (DynoJobInfo  *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoJobInfo, dyno_job_info_free)

DynoJobs     *dyno_jobs_new         (DynoBus      *bus,
                                     DynoClock    *clock);
void          dyno_jobs_free        (DynoJobs     *self);

/* Copies, the newest first. (transfer full) of DynoJobInfo */
GPtrArray    *dyno_jobs_list        (DynoJobs     *self);
/* NULL for an id that is not in the list. (transfer full) */
DynoJobInfo  *dyno_jobs_get         (DynoJobs     *self,
                                     const char   *id);
guint         dyno_jobs_n_running   (DynoJobs     *self);

/* Asks the job to end; it does within 500 ms. DYNO_ERROR_NOT_FOUND for an
 * unknown one; nothing happens to one that has ended. */
gboolean      dyno_jobs_cancel      (DynoJobs     *self,
                                     const char   *id,
                                     GError      **error);
void          dyno_jobs_cancel_all  (DynoJobs     *self);

/* The side of the work. The job's cancellable follows `cancellable` (nullable)
 * of the caller. (transfer full), ended by dyno_job_end (). */
DynoJob      *dyno_jobs_begin       (DynoJobs     *self,
                                     const char   *kind,
                                     const char   *title,
                                     const char   *unit,
                                     GCancellable *cancellable);
const char   *dyno_job_id           (DynoJob      *job);
GCancellable *dyno_job_cancellable  (DynoJob      *job); /* (transfer none) */
void          dyno_job_set_subject  (DynoJob      *job,
                                     const char   *subject);
void          dyno_job_set_progress (DynoJob      *job,
                                     double        done,
                                     double        total);
void          dyno_job_set_message  (DynoJob      *job,
                                     const char   *message);
/* With an error the job failed or was cancelled. Frees the job. */
void          dyno_job_end          (DynoJob      *job,
                                     const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoJobs, dyno_jobs_free)

G_END_DECLS
