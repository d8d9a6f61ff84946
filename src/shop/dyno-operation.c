/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-operation.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-job-book.h"
#include "dyno-shop-private.h"

#define N_HASHERS     2
#define HASHING_QUEUE 8

struct _DynoOperations
{
  GMutex       lock;
  GCond        ended;
  GHashTable  *running;    /* (owned) (lock) GCancellable to its Call, both borrowed */
  GThreadPool *hashers;    /* (owned) */
  guint        n_hashing;  /* (lock) running or waiting */
  gboolean     is_closing; /* (lock) */
};

static void hash_thread (gpointer data,
                         gpointer unused);

/* One call of an operation: the data of its GTask. */
typedef struct
{
  DynoShop            *shop;        /* (owned) */
  const DynoOperation *operation;   /* static */
  gpointer             data;        /* (owned) (nullable) */
  GDestroyNotify       free_data;   /* (nullable) */
  DynoAsker           *asker;       /* (owned) */
  DynoJob             *job;         /* (owned) (nullable) until it is ended */
  char                *input;       /* (owned) (nullable) of the job */
  GCancellable        *cancellable; /* (owned) ours */
  GCancellable        *outer;       /* (owned) (nullable) the asker's */
  gulong               outer_id;
} Call;

static void
call_free (Call *call)
{
  if (call->free_data != NULL && call->data != NULL)
    call->free_data (call->data);
  g_object_unref (call->cancellable);
  g_clear_object (&call->outer);
  g_free (call->input);
  dyno_asker_unref (call->asker);
  g_clear_pointer (&call->shop, dyno_shop_unref);
  g_free (call);
}

DynoOperations *
dyno_operations_new (void)
{
  DynoOperations *self = g_new0 (DynoOperations, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->ended);
  self->running = g_hash_table_new (NULL, NULL);
  self->hashers = g_thread_pool_new (hash_thread, NULL, N_HASHERS, FALSE, NULL);

  return self;
}

void
dyno_operations_free (DynoOperations *self)
{
  if (self == NULL)
    return;

  g_assert (g_hash_table_size (self->running) == 0);
  g_hash_table_unref (self->running);
  g_thread_pool_free (self->hashers, FALSE, FALSE);
  g_cond_clear (&self->ended);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Those that are asked to end. Their handlers may call us: cancelling happens without
 * the lock. */
static GPtrArray *
dup_running (DynoOperations *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer cancellable;
  gpointer call;

  g_mutex_lock (&self->lock);
  self->is_closing = TRUE;
  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, &cancellable, &call))
    {
      if (!((Call *) call)->operation->is_kept)
        g_ptr_array_add (list, g_object_ref (cancellable));
    }
  g_mutex_unlock (&self->lock);

  return list;
}

void
dyno_operations_close (DynoOperations *self)
{
  g_autoptr(GPtrArray) running = dup_running (self);

  for (guint i = 0; i < running->len; i++)
    g_cancellable_cancel (g_ptr_array_index (running, i));

  g_mutex_lock (&self->lock);
  while (g_hash_table_size (self->running) > 0)
    g_cond_wait (&self->ended, &self->lock);
  g_mutex_unlock (&self->lock);
}

static gboolean
enter (DynoOperations *self,
       Call           *call,
       GError        **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->is_closing)
    dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "closed", "The program is being closed.");
  else if (call->operation->is_hashing && self->n_hashing >= N_HASHERS + HASHING_QUEUE)
    dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "KDF_BUSY",
                    "Too many people are logging in at this moment. Try again in a few seconds.");
  else
    {
      g_hash_table_insert (self->running, call->cancellable, call);
      self->n_hashing += call->operation->is_hashing ? 1 : 0;
      return TRUE;
    }

  return FALSE;
}

static void
leave (DynoOperations *self,
       Call           *call)
{
  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->running, call->cancellable);
  self->n_hashing -= call->operation->is_hashing ? 1 : 0;
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->lock);
}

static void
outer_cancelled_cb (GCancellable *outer,
                    gpointer      inner)
{
  g_cancellable_cancel (inner);
}

static DynoJobRecordState
record_state (DynoJobState state)
{
  static const DynoJobRecordState states[] = {
    [DYNO_JOB_RUNNING] = DYNO_JOB_RECORD_RUNNING,
    [DYNO_JOB_SUCCEEDED] = DYNO_JOB_RECORD_SUCCEEDED,
    [DYNO_JOB_FAILED] = DYNO_JOB_RECORD_FAILED,
    [DYNO_JOB_CANCELLED] = DYNO_JOB_RECORD_CANCELLED,
  };

  return states[state];
}

/* Keeps the job in the store, so that it is known after a restart. */
static void
keep_job (Call       *call,
          DynoAwait  *await,
          const char *id)
{
  g_autoptr(DynoJobInfo) info = dyno_jobs_get (call->shop->jobs, id);
  DynoJobRecord *record;

  if (call->shop->store == NULL || info == NULL)
    return;

  record = g_new0 (DynoJobRecord, 1);
  record->id = g_strdup (info->id);
  record->kind = g_strdup (info->kind);
  record->state = record_state (info->state);
  record->done = info->done;
  record->total = isnan (info->total) ? 0 : info->total;
  record->stage = g_strdup ("");
  record->message = g_strdup (info->state == DYNO_JOB_FAILED ? info->message : info->title);
  record->subject = g_strdup (info->subject);
  record->input = dyno_job_book_write_input (info->owner, call->input);
  record->error = info->state == DYNO_JOB_FAILED ? g_strdup (info->message) : NULL;
  record->started_ms = info->started_us / 1000;
  record->finished_ms = info->ended_us / 1000;
  dyno_store_put_job_async (call->shop->store, record, NULL, dyno_await_cb, await);
  dyno_store_put_job_finish (call->shop->store, dyno_await_wait (await), NULL);
}

static void
end_job (Call         *call,
         DynoAwait    *await,
         const GError *error)
{
  g_autofree char *id = NULL;

  if (call->job == NULL)
    return;

  id = g_strdup (dyno_job_id (call->job));
  dyno_job_end (g_steal_pointer (&call->job), error);
  if (await != NULL)
    keep_job (call, await, id);
}

/* pool thread. The shop may close as soon as the call has left. */
static void
run_thread (GTask        *task,
            gpointer      source,
            gpointer      task_data,
            GCancellable *unused)
{
  Call *call = task_data;
  g_autoptr(DynoAwait) await = dyno_await_new ();
  DynoErrand errand = { call->shop, call->cancellable, await, call->job, call->asker };
  GError *error = NULL;
  gpointer answer = NULL;

  if (call->job != NULL)
    keep_job (call, await, dyno_job_id (call->job));
  if (!g_cancellable_set_error_if_cancelled (call->cancellable, &error))
    answer = call->operation->run (&errand, call->data, &error);
  end_job (call, await, error);
  if (call->outer != NULL)
    g_cancellable_disconnect (call->outer, call->outer_id);
  leave (call->shop->operations, call);

  if (answer != NULL)
    g_task_return_pointer (task, answer, call->operation->free_result);
  else
    g_task_return_error (task, error);
}

static void
hash_thread (gpointer data,
             gpointer unused)
{
  g_autoptr(GTask) task = data;

  run_thread (task, NULL, g_task_get_task_data (task), NULL);
}

static void
refuse (GTask  *task,
        Call   *call,
        GError *error)
{
  end_job (call, NULL, error);
  g_task_return_error (task, error);
}

/* Takes the call over. */
static void
begin (DynoShop           *shop,
       Call               *call,
       GAsyncReadyCallback callback,
       gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, (gpointer) call->operation);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  if (!enter (shop->operations, call, &error))
    {
      refuse (task, call, error);
      return;
    }
  if (call->operation->needs_store && shop->store == NULL)
    {
      leave (shop->operations, call);
      refuse (task, call, g_error_copy (shop->trouble));
      return;
    }
  if (call->operation->is_hashing)
    g_thread_pool_push (shop->operations->hashers, g_steal_pointer (&task), NULL);
  else
    g_task_run_in_thread (task, run_thread);
}

static Call *
call_new (DynoShop            *shop,
          const DynoOperation *operation,
          gpointer             data,
          GDestroyNotify       free_data)
{
  Call *call = g_new0 (Call, 1);

  call->shop = dyno_shop_ref (shop);
  call->operation = operation;
  call->data = data;
  call->free_data = free_data;
  call->asker = dyno_asker_ref_current ();

  return call;
}

void
dyno_operation_start (DynoShop            *shop,
                      const DynoOperation *operation,
                      gpointer             data,
                      GDestroyNotify       free_data,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  Call *call;

  g_return_if_fail (shop != NULL);

  call = call_new (shop, operation, data, free_data);
  call->cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    {
      call->outer = g_object_ref (cancellable);
      call->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                                              g_object_ref (call->cancellable), g_object_unref);
    }
  begin (shop, call, callback, user_data);
}

void
dyno_operation_start_job (DynoShop            *shop,
                          const DynoOperation *operation,
                          const DynoJobOffer  *offer,
                          gpointer             data,
                          GDestroyNotify       free_data,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Call *call;

  g_return_if_fail (shop != NULL);

  call = call_new (shop, operation, data, free_data);
  call->job = dyno_jobs_begin (shop->jobs, offer->kind, offer->title, offer->unit, cancellable);
  call->input = g_strdup (offer->input);
  call->cancellable = g_object_ref (dyno_job_cancellable (call->job));
  if (offer->job_id != NULL)
    *offer->job_id = g_strdup (dyno_job_id (call->job));
  begin (shop, call, callback, user_data);
}

gpointer
dyno_operation_finish (GAsyncResult        *result,
                       const DynoOperation *operation,
                       GError             **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) operation), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
