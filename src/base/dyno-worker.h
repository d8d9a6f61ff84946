/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One thread with one queue of GTasks. The function of a task runs on the
 * worker's thread in the order of the pushes; the answer goes to the context
 * in which the task was made, as always with GTask.
 *
 * An owner that wants to gather several tasks into one transaction gives hooks:
 * `begin` runs before the first task of a batch, `end` after the last one.
 * Such an owner returns its tasks itself, in `end`. `idle` runs each time the
 * queue has been empty for `idle_us`. */

typedef struct _DynoWorker DynoWorker;

typedef void (*DynoWorkerFunc) (GTask   *task,
                                gpointer owner);

typedef struct
{
  void   (*begin) (gpointer owner); /* (nullable) */
  void   (*end)   (gpointer owner); /* (nullable) */
  void   (*idle)  (gpointer owner); /* (nullable) */
  guint  max_batch;                 /* tasks in a batch; 0 or 1: no gathering */
  gint64 gather_us;                 /* longest wait for a batch to fill */
  gint64 idle_us;                   /* 0: `idle` is never called */
} DynoWorkerHooks;

/* Starts the thread. `owner` is borrowed and must outlive the worker's stop. */
DynoWorker *dyno_worker_new         (const char            *name,
                                     const DynoWorkerHooks *hooks,
                                     gpointer               owner);

/* Any thread. Takes a reference on `task`. After the stop began the task is
 * answered with DYNO_ERROR_UNAVAILABLE. */
void        dyno_worker_push        (DynoWorker            *self,
                                     GTask                 *task,
                                     DynoWorkerFunc         func);

/* True on the worker's own thread; owners assert it. */
gboolean    dyno_worker_is_current  (DynoWorker            *self);

/* Tasks that wait in the queue. Any thread. */
guint       dyno_worker_n_queued    (DynoWorker            *self);

/* Runs everything that is queued, then ends the thread and waits for it. May
 * be called twice. Not from the worker's own thread. */
void        dyno_worker_stop        (DynoWorker            *self);

/* Stops first where that has not been done. */
void        dyno_worker_free        (DynoWorker            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoWorker, dyno_worker_free)

G_END_DECLS
