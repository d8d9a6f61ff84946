/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-jobs.h"

#include "dyno-asker.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-metrics.h"

#include <math.h>

#define MAX_ENDED 200
#define NEWS_EVERY_US 100000

struct _DynoJobs
{
  DynoBus   *bus;   /* (owned) */
  DynoClock *clock; /* (borrowed) */
  GMutex     lock;
  GPtrArray *jobs;  /* (owned) (lock) of DynoJob, the oldest first */
};

/* Lives in the list; the work holds the same pointer until it ends the job. */
struct _DynoJob
{
  DynoJobs     *jobs;        /* (borrowed) */
  DynoJobInfo   info;        /* (lock) strings owned */
  GCancellable *cancellable; /* (owned) */
  GCancellable *outer;       /* (owned) (nullable) the caller's */
  gulong        outer_id;
  gint64        told_us;     /* (lock) monotonic, of the last news */
};

const char *
dyno_job_state_name (DynoJobState state)
{
  static const char *const names[] = { "running", "succeeded", "failed", "cancelled" };

  g_return_val_if_fail (state < G_N_ELEMENTS (names), "");

  return names[state];
}

static void
info_clear (DynoJobInfo *info)
{
  g_free (info->id);
  g_free (info->kind);
  g_free (info->title);
  g_free (info->subject);
  g_free (info->owner);
  g_free (info->unit);
  g_free (info->message);
}

void
dyno_job_info_free (DynoJobInfo *info)
{
  if (info == NULL)
    return;

  info_clear (info);
  g_free (info);
}

static DynoJobInfo *
info_copy (const DynoJobInfo *info)
{
  DynoJobInfo *copy = g_memdup2 (info, sizeof *info);

  copy->id = g_strdup (info->id);
  copy->kind = g_strdup (info->kind);
  copy->title = g_strdup (info->title);
  copy->subject = g_strdup (info->subject);
  copy->owner = g_strdup (info->owner);
  copy->unit = g_strdup (info->unit);
  copy->message = g_strdup (info->message);

  return copy;
}

/* Of the jobs that are in the list. */
static void
count (const DynoJobInfo *info,
       int                by)
{
  dyno_metrics_shift (DYNO_METRIC_JOBS, by, info->kind, dyno_job_state_name (info->state), NULL);
}

static void
job_free (DynoJob *job)
{
  count (&job->info, -1);
  info_clear (&job->info);
  g_clear_object (&job->cancellable);
  g_clear_object (&job->outer);
  g_free (job);
}

DynoJobs *
dyno_jobs_new (DynoBus   *bus,
               DynoClock *clock)
{
  DynoJobs *self = g_new0 (DynoJobs, 1);

  self->bus = dyno_bus_ref (bus);
  self->clock = clock;
  g_mutex_init (&self->lock);
  self->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);

  return self;
}

void
dyno_jobs_free (DynoJobs *self)
{
  if (self == NULL)
    return;

  g_assert (dyno_jobs_n_running (self) == 0);
  g_ptr_array_unref (self->jobs);
  g_mutex_clear (&self->lock);
  dyno_bus_unref (self->bus);
  g_free (self);
}

/* (lock) (nullable) */
static DynoJob *
find_job (DynoJobs   *self,
          const char *id)
{
  for (guint i = 0; i < self->jobs->len; i++)
    {
      DynoJob *job = g_ptr_array_index (self->jobs, i);

      if (g_str_equal (job->info.id, id))
        return job;
    }

  return NULL;
}

GPtrArray *
dyno_jobs_list (DynoJobs *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_job_info_free);

  g_mutex_lock (&self->lock);
  for (guint i = self->jobs->len; i > 0; i--)
    {
      DynoJob *job = g_ptr_array_index (self->jobs, i - 1);

      g_ptr_array_add (list, info_copy (&job->info));
    }
  g_mutex_unlock (&self->lock);

  return list;
}

DynoJobInfo *
dyno_jobs_get (DynoJobs   *self,
               const char *id)
{
  DynoJobInfo *copy = NULL;
  DynoJob *job;

  g_mutex_lock (&self->lock);
  job = find_job (self, id);
  if (job != NULL)
    copy = info_copy (&job->info);
  g_mutex_unlock (&self->lock);

  return copy;
}

guint
dyno_jobs_n_running (DynoJobs *self)
{
  guint n = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->jobs->len; i++)
    {
      DynoJob *job = g_ptr_array_index (self->jobs, i);

      n += job->info.state == DYNO_JOB_RUNNING;
    }
  g_mutex_unlock (&self->lock);

  return n;
}

/* The cancellables of the jobs that run and, where `id` is given, have it. The
 * cancelling itself happens without the lock: its handlers may call us. */
static GPtrArray *
dup_cancellables (DynoJobs   *self,
                  const char *id,
                  gboolean   *is_known)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  *is_known = FALSE;
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->jobs->len; i++)
    {
      DynoJob *job = g_ptr_array_index (self->jobs, i);

      if (id != NULL && !g_str_equal (job->info.id, id))
        continue;
      *is_known = TRUE;
      if (job->info.state == DYNO_JOB_RUNNING)
        g_ptr_array_add (found, g_object_ref (job->cancellable));
    }
  g_mutex_unlock (&self->lock);

  return found;
}

gboolean
dyno_jobs_cancel (DynoJobs    *self,
                  const char  *id,
                  GError     **error)
{
  gboolean is_known;
  g_autoptr(GPtrArray) found = dup_cancellables (self, id, &is_known);

  if (!is_known)
    {
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no job %s.", id);
      return FALSE;
    }
  for (guint i = 0; i < found->len; i++)
    g_cancellable_cancel (g_ptr_array_index (found, i));

  return TRUE;
}

void
dyno_jobs_cancel_all (DynoJobs *self)
{
  gboolean unused;
  g_autoptr(GPtrArray) found = dup_cancellables (self, NULL, &unused);

  for (guint i = 0; i < found->len; i++)
    g_cancellable_cancel (g_ptr_array_index (found, i));
}

static void
outer_cancelled_cb (GCancellable *outer,
                    gpointer      inner)
{
  g_cancellable_cancel (inner);
}

DynoJob *
dyno_jobs_begin (DynoJobs     *self,
                 const char   *kind,
                 const char   *title,
                 const char   *unit,
                 GCancellable *cancellable)
{
  DynoJob *job = g_new0 (DynoJob, 1);
  g_autofree char *id = dyno_crypt_new_id ("job");
  g_autoptr(DynoAsker) asker = dyno_asker_ref_current ();

  job->jobs = self;
  job->info.id = g_strdup (id);
  job->info.kind = g_strdup (kind);
  job->info.title = g_strdup (title);
  job->info.owner = g_strdup (asker->principal->user_id);
  job->info.unit = g_strdup (unit);
  job->info.total = NAN;
  job->info.started_us = dyno_clock_real_us (self->clock);
  job->cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    {
      job->outer = g_object_ref (cancellable);
      job->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                                             g_object_ref (job->cancellable), g_object_unref);
    }

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->jobs, job);
  count (&job->info, 1);
  g_mutex_unlock (&self->lock);
  dyno_bus_publish (self->bus, DYNO_TOPIC_JOB, id, "running");

  return job;
}

const char *
dyno_job_id (DynoJob *job)
{
  return job->info.id;
}

GCancellable *
dyno_job_cancellable (DynoJob *job)
{
  return job->cancellable;
}

void
dyno_job_set_subject (DynoJob    *job,
                      const char *subject)
{
  g_mutex_lock (&job->jobs->lock);
  g_free (job->info.subject);
  job->info.subject = g_strdup (subject);
  g_mutex_unlock (&job->jobs->lock);
}

void
dyno_job_set_progress (DynoJob *job,
                       double   done,
                       double   total)
{
  gint64 now_us = dyno_clock_monotonic_us (job->jobs->clock);
  gboolean is_news;

  g_mutex_lock (&job->jobs->lock);
  job->info.done = done;
  job->info.total = total;
  is_news = now_us - job->told_us >= NEWS_EVERY_US;
  if (is_news)
    job->told_us = now_us;
  g_mutex_unlock (&job->jobs->lock);

  if (is_news)
    dyno_bus_publish (job->jobs->bus, DYNO_TOPIC_JOB, job->info.id, "running");
}

void
dyno_job_set_message (DynoJob    *job,
                      const char *message)
{
  g_mutex_lock (&job->jobs->lock);
  g_free (job->info.message);
  job->info.message = g_strdup (message);
  g_mutex_unlock (&job->jobs->lock);
}

/* (lock) */
static void
forget_oldest_ended (DynoJobs *self)
{
  guint n_ended = 0;

  for (guint i = self->jobs->len; i > 0; i--)
    {
      DynoJob *job = g_ptr_array_index (self->jobs, i - 1);

      if (job->info.state != DYNO_JOB_RUNNING && ++n_ended > MAX_ENDED)
        g_ptr_array_remove_index (self->jobs, i - 1);
    }
}

static DynoJobState
state_after (const GError *error)
{
  if (error == NULL)
    return DYNO_JOB_SUCCEEDED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return DYNO_JOB_CANCELLED;

  return DYNO_JOB_FAILED;
}

void
dyno_job_end (DynoJob      *job,
              const GError *error)
{
  DynoJobs *self = job->jobs;
  g_autofree char *id = g_strdup (job->info.id);
  DynoJobState state = state_after (error);

  if (job->outer != NULL)
    g_cancellable_disconnect (job->outer, job->outer_id);

  g_mutex_lock (&self->lock);
  count (&job->info, -1);
  job->info.state = state;
  count (&job->info, 1);
  job->info.ended_us = dyno_clock_real_us (self->clock);
  dyno_metrics_observe (DYNO_METRIC_JOB_DURATION,
                        (double) (job->info.ended_us - job->info.started_us) / G_USEC_PER_SEC,
                        job->info.kind, NULL);
  if (state == DYNO_JOB_FAILED)
    {
      g_free (job->info.message);
      job->info.message = g_strdup (error->message);
    }
  forget_oldest_ended (self);
  g_mutex_unlock (&self->lock);

  dyno_bus_publish (self->bus, DYNO_TOPIC_JOB, id, dyno_job_state_name (state));
}
