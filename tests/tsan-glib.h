/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Forced into every file of a thread-sanitizer build. GLib's locks and queues
 * are futexes that the sanitizer cannot see, so correct programs look racy. The
 * wrappers tell it what GLib orders: what happened before a release happens
 * before the next acquire of the same thing. Run such a build with
 * TSAN_OPTIONS=ignore_noninstrumented_modules=1. tests/test-tsan-race.c plants
 * a race that must still be found. */

#pragma once

#include <gio/gio.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);

static inline void
dyno_tsan_mutex_lock (GMutex *mutex)
{
  g_mutex_lock (mutex);
  __tsan_acquire (mutex);
}

static inline gboolean
dyno_tsan_mutex_trylock (GMutex *mutex)
{
  gboolean locked = g_mutex_trylock (mutex);

  if (locked)
    __tsan_acquire (mutex);

  return locked;
}

static inline void
dyno_tsan_mutex_unlock (GMutex *mutex)
{
  __tsan_release (mutex);
  g_mutex_unlock (mutex);
}

static inline GMutexLocker *
dyno_tsan_mutex_locker_new (GMutex *mutex)
{
  dyno_tsan_mutex_lock (mutex);

  return (GMutexLocker *) mutex;
}

static inline void
dyno_tsan_mutex_locker_free (GMutexLocker *locker)
{
  if (locker != NULL)
    dyno_tsan_mutex_unlock ((GMutex *) locker);
}

/* What g_autoptr (GMutexLocker) calls: GLib's own was compiled before the
 * wrappers below were known. */
static inline void
dyno_tsan_locker_cleanup (GMutexLocker **locker)
{
  dyno_tsan_mutex_locker_free (*locker);
}

static inline void
dyno_tsan_cond_wait (GCond  *cond,
                     GMutex *mutex)
{
  __tsan_release (mutex);
  g_cond_wait (cond, mutex);
  __tsan_acquire (mutex);
}

static inline gboolean
dyno_tsan_cond_wait_until (GCond  *cond,
                           GMutex *mutex,
                           gint64  end_time)
{
  gboolean signalled;

  __tsan_release (mutex);
  signalled = g_cond_wait_until (cond, mutex, end_time);
  __tsan_acquire (mutex);

  return signalled;
}

static inline void
dyno_tsan_async_queue_push (GAsyncQueue *queue,
                            gpointer     data)
{
  __tsan_release (data);
  g_async_queue_push (queue, data);
}

static inline gpointer
dyno_tsan_acquired (gpointer data)
{
  if (data != NULL)
    __tsan_acquire (data);

  return data;
}

typedef struct
{
  GTaskThreadFunc func;
} DynoTsanTask;

/* The data of a task is freed by whoever drops it last, after the one who answered. */
typedef struct
{
  GTask          *task; /* its address alone */
  gpointer        data;
  GDestroyNotify  destroy;
} DynoTsanTaskData;

static inline void
dyno_tsan_task_data_free (gpointer data)
{
  DynoTsanTaskData *box = (DynoTsanTaskData *) data;

  __tsan_acquire (box->task);
  if (box->destroy != NULL)
    box->destroy (box->data);
  g_free (box);
}

static inline void
dyno_tsan_task_set_task_data (GTask          *task,
                              gpointer        data,
                              GDestroyNotify  destroy)
{
  DynoTsanTaskData *box = g_new (DynoTsanTaskData, 1);

  *box = (DynoTsanTaskData){ task, data, destroy };
  g_task_set_task_data (task, box, dyno_tsan_task_data_free);
}

static inline gpointer
dyno_tsan_task_get_task_data (GTask *task)
{
  DynoTsanTaskData *box = (DynoTsanTaskData *) g_task_get_task_data (task);

  return box != NULL ? box->data : NULL;
}

static inline void
dyno_tsan_run_in_thread_cb (GTask        *task,
                            gpointer      source,
                            gpointer      data,
                            GCancellable *cancellable)
{
  GTaskThreadFunc func = (GTaskThreadFunc) g_object_get_data (G_OBJECT (task), "dyno-tsan-func");

  __tsan_acquire (task);
  func (task, source, dyno_tsan_task_get_task_data (task), cancellable);
  __tsan_release (task);
}

static inline void
dyno_tsan_task_run_in_thread (GTask           *task,
                              GTaskThreadFunc  func)
{
  g_object_set_data (G_OBJECT (task), "dyno-tsan-func", (gpointer) func);
  __tsan_release (task);
  g_task_run_in_thread (task, dyno_tsan_run_in_thread_cb);
}

/* What a pool of threads is given happens before its function runs with it. */
typedef struct
{
  GFunc    func;
  gpointer user_data;
} DynoTsanPool;

static inline void
dyno_tsan_pool_cb (gpointer data,
                   gpointer user_data)
{
  const DynoTsanPool *pool = user_data;

  __tsan_acquire (data);
  pool->func (data, pool->user_data);
}

/* The few bytes stay for the rest of the program. */
static inline GThreadPool *
dyno_tsan_thread_pool_new (GFunc     func,
                           gpointer  user_data,
                           int       n_threads,
                           gboolean  is_exclusive,
                           GError  **error)
{
  DynoTsanPool *pool = g_new0 (DynoTsanPool, 1);

  pool->func = func;
  pool->user_data = user_data;

  return g_thread_pool_new (dyno_tsan_pool_cb, pool, n_threads, is_exclusive, error);
}

static inline gboolean
dyno_tsan_thread_pool_push (GThreadPool  *pool,
                            gpointer      data,
                            GError      **error)
{
  __tsan_release (data);

  return g_thread_pool_push (pool, data, error);
}

static inline void
dyno_tsan_task_return_pointer (GTask          *task,
                               gpointer        result,
                               GDestroyNotify  destroy)
{
  __tsan_release (task);
  g_task_return_pointer (task, result, destroy);
}

static inline gpointer
dyno_tsan_task_propagate_pointer (GTask   *task,
                                  GError **error)
{
  __tsan_acquire (task);

  return g_task_propagate_pointer (task, error);
}

static inline void
dyno_tsan_task_return_error (GTask  *task,
                             GError *error)
{
  __tsan_release (task);
  g_task_return_error (task, error);
}

static inline void
dyno_tsan_task_return_boolean (GTask    *task,
                               gboolean  result)
{
  __tsan_release (task);
  g_task_return_boolean (task, result);
}

static inline gboolean
dyno_tsan_task_propagate_boolean (GTask   *task,
                                  GError **error)
{
  __tsan_acquire (task);

  return g_task_propagate_boolean (task, error);
}

/* g_main_context_invoke and sources: a source's own address orders the maker
 * and the loop that runs it. */
static inline guint
dyno_tsan_source_attach (GSource      *source,
                         GMainContext *context)
{
  __tsan_release (source);

  return g_source_attach (source, context);
}

/* Counted references: what the others did with a thing happens before whoever
 * drops the last reference frees it. */
static inline gboolean
dyno_tsan_atomic_ref_count_dec (gatomicrefcount *count)
{
  gboolean is_last;

  __tsan_release (count);
  is_last = (g_atomic_ref_count_dec) (count);
  if (is_last)
    __tsan_acquire (count);

  return is_last;
}

/* Who made a thing once hands it to all who find it made. */
static inline gboolean
dyno_tsan_once_enter (void *location)
{
  gboolean is_first = (g_once_init_enter) (location);

  if (!is_first)
    __tsan_acquire (location);

  return is_first;
}

static inline void
dyno_tsan_once_leave (void  *location,
                      gsize  result)
{
  __tsan_release (location);
  (g_once_init_leave) (location, result);
}

#undef g_once_init_enter
#undef g_once_init_leave
#define g_once_init_enter(l) dyno_tsan_once_enter ((void *) (l))
#define g_once_init_leave(l, r) dyno_tsan_once_leave ((void *) (l), (gsize) (r))
#undef g_atomic_ref_count_dec
#define g_atomic_ref_count_dec(c) dyno_tsan_atomic_ref_count_dec (c)
#define g_mutex_lock(m) dyno_tsan_mutex_lock (m)
#define g_mutex_trylock(m) dyno_tsan_mutex_trylock (m)
#define g_mutex_unlock(m) dyno_tsan_mutex_unlock (m)
#define g_mutex_locker_new(m) dyno_tsan_mutex_locker_new (m)
#define g_mutex_locker_free(l) dyno_tsan_mutex_locker_free (l)
#define glib_autoptr_cleanup_GMutexLocker dyno_tsan_locker_cleanup
#define g_cond_wait(c, m) dyno_tsan_cond_wait (c, m)
#define g_cond_wait_until(c, m, t) dyno_tsan_cond_wait_until (c, m, t)
#define g_async_queue_push(q, d) dyno_tsan_async_queue_push (q, d)
#define g_async_queue_pop(q) dyno_tsan_acquired (g_async_queue_pop (q))
#define g_async_queue_try_pop(q) dyno_tsan_acquired (g_async_queue_try_pop (q))
#define g_async_queue_timeout_pop(q, t) dyno_tsan_acquired (g_async_queue_timeout_pop (q, t))
#define g_task_set_task_data(t, p, d) dyno_tsan_task_set_task_data (t, p, (GDestroyNotify) (d))
#define g_task_get_task_data(t) dyno_tsan_task_get_task_data (t)
#define g_task_run_in_thread(t, f) dyno_tsan_task_run_in_thread (t, f)
#define g_thread_pool_new(f, d, n, x, e) dyno_tsan_thread_pool_new (f, d, n, x, e)
#define g_thread_pool_push(p, d, e) dyno_tsan_thread_pool_push (p, d, e)
#define g_task_return_pointer(t, r, d) dyno_tsan_task_return_pointer (t, r, d)
#define g_task_propagate_pointer(t, e) dyno_tsan_task_propagate_pointer (t, e)
#define g_task_return_error(t, e) dyno_tsan_task_return_error (t, e)
#define g_task_return_boolean(t, b) dyno_tsan_task_return_boolean (t, b)
#define g_task_propagate_boolean(t, e) dyno_tsan_task_propagate_boolean (t, e)
#define g_source_attach(s, c) dyno_tsan_source_attach (s, c)
