/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-jobs.h"

#include "dyno-store-jobs-private.h"
#include "dyno-store-private.h"

static const char *const state_names[DYNO_N_JOB_RECORD_STATES] = {
  "queued", "running", "succeeded", "failed", "cancelled", "interrupted",
};

typedef struct
{
  guint  states;
  guint  limit;
  gint64 before_ms;
} JobsArgs;

void
dyno_job_record_free (DynoJobRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->kind);
  g_free (self->stage);
  g_free (self->message);
  g_free (self->subject);
  g_free (self->input);
  g_free (self->result);
  g_free (self->error);
  g_free (self->reason);
  g_free (self);
}

const char *
dyno_job_record_state_name (DynoJobRecordState state)
{
  g_return_val_if_fail (state < DYNO_N_JOB_RECORD_STATES, NULL);

  return state_names[state];
}

static DynoJobRecordState
find_state (const char *name)
{
  for (int i = 0; i < DYNO_N_JOB_RECORD_STATES; i++)
    {
      if (g_strcmp0 (state_names[i], name) == 0)
        return (DynoJobRecordState) i;
    }

  return DYNO_JOB_RECORD_INTERRUPTED;
}

gboolean
dyno_job_rows_interrupt (DynoDb  *db,
                         gint64   now_ms,
                         GError **error)
{
  DynoStatement *s = dyno_statement_begin (db, DYNO_SQL_JOB_INTERRUPT);

  dyno_statement_set_integer (s, ":now", now_ms);

  return dyno_statement_run (s, error);
}

static gpointer
make_job (DynoStatement *row)
{
  DynoJobRecord *job = g_new0 (DynoJobRecord, 1);
  int i = 0;

  job->id = dyno_statement_dup_text (row, i++);
  job->kind = dyno_statement_dup_text (row, i++);
  job->state = find_state (dyno_statement_text (row, i++));
  job->done = dyno_statement_real (row, i++);
  job->total = dyno_statement_real (row, i++);
  job->stage = dyno_statement_dup_text (row, i++);
  job->message = dyno_statement_dup_text (row, i++);
  job->subject = dyno_statement_dup_text (row, i++);
  job->input = dyno_statement_dup_text (row, i++);
  job->result = dyno_statement_dup_text (row, i++);
  job->error = dyno_statement_dup_text (row, i++);
  job->reason = dyno_statement_dup_text (row, i++);
  job->created_ms = dyno_statement_integer (row, i++);
  job->started_ms = dyno_statement_integer (row, i++);
  job->finished_ms = dyno_statement_integer (row, i);

  return job;
}

static gpointer
put_job (DynoTurn     *turn,
         gconstpointer data,
         GError      **error)
{
  const DynoJobRecord *job = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_JOB_PUT);

  dyno_statement_set_text (s, ":id", job->id);
  dyno_statement_set_text (s, ":kind", job->kind);
  dyno_statement_set_text (s, ":state", state_names[job->state]);
  dyno_statement_set_real (s, ":done", job->done);
  dyno_statement_set_real (s, ":total", job->total);
  dyno_statement_set_text (s, ":stage", job->stage != NULL ? job->stage : "");
  dyno_statement_set_text (s, ":message", job->message != NULL ? job->message : "");
  dyno_statement_set_text (s, ":subject", job->subject);
  dyno_statement_set_text (s, ":input", job->input);
  dyno_statement_set_text (s, ":result", job->result);
  dyno_statement_set_text (s, ":error", job->error);
  dyno_statement_set_text (s, ":reason", job->reason);
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (job->started_ms != 0)
    dyno_statement_set_integer (s, ":started_at", job->started_ms);
  if (job->finished_ms != 0)
    dyno_statement_set_integer (s, ":finished_at", job->finished_ms);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb put_job_verb = { "put-job", put_job, NULL };

void
dyno_store_put_job_async (DynoStore          *self,
                          DynoJobRecord      *job,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_return_if_fail (job->state < DYNO_N_JOB_RECORD_STATES);

  dyno_store_write (self, &put_job_verb, job, (GDestroyNotify) dyno_job_record_free, cancellable,
                    callback, user_data);
}

gboolean
dyno_store_put_job_finish (DynoStore    *self,
                           GAsyncResult *result,
                           GError      **error)
{
  return dyno_call_finish (result, &put_job_verb, error) != NULL;
}

static gpointer
get_job (DynoTurn     *turn,
         gconstpointer data,
         GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_JOB_GET);

  dyno_statement_set_text (s, ":id", data);

  return dyno_statement_get (s, make_job, "There is no such job.", error);
}

static const DynoVerb get_job_verb = { "get-job", get_job, (GDestroyNotify) dyno_job_record_free };

void
dyno_store_get_job_async (DynoStore          *self,
                          const char         *job_id,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  dyno_store_read (self, &get_job_verb, g_strdup (job_id), g_free, cancellable, callback,
                   user_data);
}

DynoJobRecord *
dyno_store_get_job_finish (DynoStore    *self,
                           GAsyncResult *result,
                           GError      **error)
{
  return dyno_call_finish (result, &get_job_verb, error);
}

static gpointer
list_jobs (DynoTurn     *turn,
           gconstpointer data,
           GError      **error)
{
  const JobsArgs *args = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_JOB_LIST);

  dyno_statement_set_integer (s, ":states", args->states);
  dyno_statement_set_integer (s, ":limit", args->limit);

  return dyno_statement_list (s, make_job, (GDestroyNotify) dyno_job_record_free, error);
}

static const DynoVerb list_jobs_verb = { "list-jobs", list_jobs,
                                         (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_jobs_async (DynoStore          *self,
                            guint               states,
                            guint               limit,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  JobsArgs *args = g_new0 (JobsArgs, 1);

  args->states = states;
  args->limit = limit;
  dyno_store_read (self, &list_jobs_verb, args, g_free, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_jobs_finish (DynoStore    *self,
                             GAsyncResult *result,
                             GError      **error)
{
  return dyno_call_finish (result, &list_jobs_verb, error);
}

static gpointer
purge_jobs (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const JobsArgs *args = data;
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_JOB_PURGE);

  dyno_statement_set_integer (s, ":before", args->before_ms);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb purge_jobs_verb = { "purge-jobs", purge_jobs, NULL };

void
dyno_store_purge_jobs_async (DynoStore          *self,
                             gint64              before_ms,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  JobsArgs *args = g_new0 (JobsArgs, 1);

  args->before_ms = before_ms;
  dyno_store_write (self, &purge_jobs_verb, args, g_free, cancellable, callback, user_data);
}

gboolean
dyno_store_purge_jobs_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &purge_jobs_verb, error) != NULL;
}
