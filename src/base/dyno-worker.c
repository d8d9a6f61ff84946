/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-worker.h"

#include "dyno-error.h"

/* The queue carries jobs; a job without a task is the order to stop, always the
 * last one. `stopping` closes the door for pushes from that moment on; the lock
 * makes "look at the door, then push" one step. */

typedef struct
{
  GTask          *task; /* (owned) (nullable) NULL: stop */
  DynoWorkerFunc  func;
} Job;

struct _DynoWorker
{
  char            *name;     /* (owned) */
  DynoWorkerHooks  hooks;
  gpointer         owner;    /* (borrowed) */
  GAsyncQueue     *queue;    /* (owned) of Job, carries its own lock */
  GMutex           door;
  gboolean         stopping; /* (lock door) */
  GThread         *thread;   /* (owned) (nullable) joined by stop */
};

static Job *
job_new (GTask          *task,
         DynoWorkerFunc  func)
{
  Job *job = g_new0 (Job, 1);

  job->task = task != NULL ? g_object_ref (task) : NULL;
  job->func = func;

  return job;
}

static void
job_free (Job *job)
{
  g_clear_object (&job->task);
  g_free (job);
}

/* The next job, or NULL when the queue stayed empty for the idle time. */
static Job *
wait_for_job (DynoWorker *self)
{
  if (self->hooks.idle_us <= 0)
    return g_async_queue_pop (self->queue);

  return g_async_queue_timeout_pop (self->queue, (guint64) self->hooks.idle_us);
}

/* The next job of a batch that is already open, or NULL when the batch is over. */
static Job *
next_in_batch (DynoWorker *self,
               guint       n_done,
               gint64      deadline)
{
  gint64 left;

  if (n_done >= MAX (self->hooks.max_batch, 1))
    return NULL;

  left = deadline - g_get_monotonic_time ();
  if (left <= 0)
    return g_async_queue_try_pop (self->queue);

  return g_async_queue_timeout_pop (self->queue, (guint64) left);
}

static void
run_job (DynoWorker *self,
         Job        *job)
{
  if (job->task != NULL)
    job->func (job->task, self->owner);
}

/* Runs `job` and what may be gathered with it. FALSE: the order to stop came. */
static gboolean
run_batch (DynoWorker *self,
           Job        *job)
{
  gint64 deadline = g_get_monotonic_time () + self->hooks.gather_us;
  gboolean go_on = job->task != NULL;
  guint n_done = 0;

  if (self->hooks.begin != NULL && go_on)
    self->hooks.begin (self->owner);

  while (job != NULL && job->task != NULL)
    {
      run_job (self, job);
      job_free (job);
      job = next_in_batch (self, ++n_done, deadline);
    }

  if (self->hooks.end != NULL && n_done > 0)
    self->hooks.end (self->owner);

  if (job != NULL)
    {
      go_on = FALSE;
      job_free (job);
    }

  return go_on;
}

static gpointer
worker_thread (gpointer data)
{
  DynoWorker *self = data;
  gboolean go_on = TRUE;

  while (go_on)
    {
      Job *job = wait_for_job (self);

      if (job != NULL)
        go_on = run_batch (self, job);
      else if (self->hooks.idle != NULL)
        self->hooks.idle (self->owner);
    }

  return NULL;
}

DynoWorker *
dyno_worker_new (const char            *name,
                 const DynoWorkerHooks *hooks,
                 gpointer               owner)
{
  DynoWorker *self = g_new0 (DynoWorker, 1);

  self->name = g_strdup (name);
  if (hooks != NULL)
    self->hooks = *hooks;
  self->owner = owner;
  self->queue = g_async_queue_new_full ((GDestroyNotify) job_free);
  g_mutex_init (&self->door);
  self->thread = g_thread_new (name, worker_thread, self);

  return self;
}

void
dyno_worker_push (DynoWorker     *self,
                  GTask          *task,
                  DynoWorkerFunc  func)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (func != NULL);

  g_mutex_lock (&self->door);
  if (!self->stopping)
    {
      g_async_queue_push (self->queue, job_new (task, func));
      g_mutex_unlock (&self->door);
      return;
    }
  g_mutex_unlock (&self->door);

  g_task_return_new_error (task, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE,
                           "The program is closing; nothing was changed.");
}

gboolean
dyno_worker_is_current (DynoWorker *self)
{
  return self->thread == g_thread_self ();
}

guint
dyno_worker_n_queued (DynoWorker *self)
{
  return (guint) MAX (g_async_queue_length (self->queue), 0);
}

void
dyno_worker_stop (DynoWorker *self)
{
  g_return_if_fail (self != NULL);

  if (self->thread == NULL)
    return;
  g_return_if_fail (!dyno_worker_is_current (self));

  g_mutex_lock (&self->door);
  self->stopping = TRUE;
  g_async_queue_push (self->queue, job_new (NULL, NULL));
  g_mutex_unlock (&self->door);

  /* Still itself while it drains: owners ask. */
  g_thread_join (self->thread);
  self->thread = NULL;
}

void
dyno_worker_free (DynoWorker *self)
{
  if (self == NULL)
    return;

  dyno_worker_stop (self);
  g_async_queue_unref (self->queue);
  g_mutex_clear (&self->door);
  g_free (self->name);
  g_free (self);
}
