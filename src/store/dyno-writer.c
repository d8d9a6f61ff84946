/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A batch fails as a whole when its commit fails, or when SQLite rolled it back
 * in the middle, as it does on a full disk. Nothing of it was acknowledged, so
 * its calls are then run again one by one: one that cannot be stored does not
 * take the others with it. */

#include "config.h"

#include "dyno-writer.h"

#include <stdatomic.h>

#include "dyno-metrics.h"
#include "dyno-worker.h"

#define MAX_BATCH 64
#define GATHER_US 5000
#define IDLE_US (2 * G_USEC_PER_SEC)
#define CHECKPOINT_BYTES (4 * 1024 * 1024)

struct _DynoWriter
{
  DynoWorker      *worker;          /* (owned) */
  DynoClock       *clock;           /* (borrowed) */
  DynoDb          *db;              /* (owned) (thread dyno-store-w) */
  GPtrArray       *batch;           /* (owned) (thread dyno-store-w) of GTask */
  gboolean         is_broken;       /* (thread dyno-store-w) the transaction is lost */
  gboolean         has_log;         /* (thread dyno-store-w) the log file is not empty */
  gboolean         is_stuck;        /* (thread dyno-store-w) the last checkpoint failed */
  gint64           begun_us;        /* (thread dyno-store-w) the batch, monotonic */
  gsize            checkpoint_at;   /* (thread dyno-store-w) bytes of log */
  _Atomic guint64  n_calls;         /* (atomic) */
  _Atomic guint64  n_commits;       /* (atomic) */
  _Atomic guint64  n_checkpoints;   /* (atomic) */
};

static void
measure (DynoWriter *self,
         const char *op,
         gint64      begun_us)
{
  dyno_metrics_observe (DYNO_METRIC_SQLITE_TXN,
                        (double) (g_get_monotonic_time () - begun_us) / G_USEC_PER_SEC, op, NULL);
  dyno_metrics_set (DYNO_METRIC_SQLITE_WAL, (double) dyno_db_wal_bytes (self->db), NULL);
  dyno_metrics_set (DYNO_METRIC_WRITER_QUEUE, dyno_worker_n_queued (self->worker), NULL);
}

static void
measure_size (DynoWriter *self)
{
  dyno_metrics_set (DYNO_METRIC_DB,
                    (double) (dyno_db_pragma (self->db, "page_count")
                              * dyno_db_pragma (self->db, "page_size")), NULL);
}

static void
checkpoint (DynoWriter *self,
            gboolean    is_truncate)
{
  gint64 begun_us = g_get_monotonic_time ();
  gboolean is_complete = FALSE;
  g_autoptr(GError) error = NULL;

  if (dyno_db_checkpoint (self->db, is_truncate, &is_complete, &error))
    self->n_checkpoints++;
  else if (!self->is_stuck)
    g_message ("The log of the database was not moved: %s", error->message);
  self->is_stuck = error != NULL;

  /* Held up by a reader or a full disk, it is tried again when as much more
   * has been written, not after each commit. */
  self->checkpoint_at = CHECKPOINT_BYTES + (is_complete ? 0 : dyno_db_wal_bytes (self->db));
  if (is_truncate && is_complete)
    self->has_log = FALSE;
  measure (self, "checkpoint", begun_us);
  measure_size (self);
}

static void
begin_batch_cb (gpointer data)
{
  DynoWriter *self = data;

  g_assert (dyno_worker_is_current (self->worker));
  self->begun_us = g_get_monotonic_time ();
  self->is_broken = !dyno_db_begin (self->db, TRUE, NULL);
}

static void
run_in_savepoint (DynoWriter *self,
                  GTask      *call)
{
  if (!dyno_db_savepoint (self->db, NULL))
    self->is_broken = TRUE;
  else if (!dyno_call_run (call, self->db, self->clock))
    dyno_db_undo_savepoint (self->db);
  else if (!dyno_db_release (self->db, NULL))
    self->is_broken = TRUE;

  if (!dyno_db_is_in_transaction (self->db))
    self->is_broken = TRUE;
}

static void
run_cb (GTask   *call,
        gpointer data)
{
  DynoWriter *self = data;

  self->n_calls++;
  g_ptr_array_add (self->batch, g_object_ref (call));
  if (!self->is_broken)
    run_in_savepoint (self, call);
}

static void
run_alone (DynoWriter *self,
           GTask      *call)
{
  GError *error = NULL;

  if (!dyno_db_begin (self->db, TRUE, &error))
    {
      dyno_call_fail (call, error);
      return;
    }
  if (dyno_call_run (call, self->db, self->clock))
    {
      if (dyno_db_commit (self->db, &error))
        self->n_commits++;
      else
        dyno_call_fail (call, error);
    }
  dyno_db_rollback (self->db);
}

static void
end_batch_cb (gpointer data)
{
  DynoWriter *self = data;

  if (!self->is_broken && dyno_db_commit (self->db, NULL))
    self->n_commits++;
  else
    self->is_broken = TRUE;
  if (self->is_broken)
    {
      dyno_db_rollback (self->db);
      for (guint i = 0; i < self->batch->len; i++)
        run_alone (self, g_ptr_array_index (self->batch, i));
    }
  measure (self, "commit", self->begun_us);

  for (guint i = 0; i < self->batch->len; i++)
    dyno_call_answer (g_ptr_array_index (self->batch, i));
  g_ptr_array_set_size (self->batch, 0);

  self->has_log = TRUE;
  if (dyno_db_wal_bytes (self->db) >= self->checkpoint_at)
    checkpoint (self, FALSE);
}

static void
idle_cb (gpointer data)
{
  DynoWriter *self = data;

  if (self->has_log)
    checkpoint (self, TRUE);
}

DynoWriter *
dyno_writer_new (DynoDb    *db,
                 DynoClock *clock)
{
  static const DynoWorkerHooks hooks = {
    .begin = begin_batch_cb,
    .end = end_batch_cb,
    .idle = idle_cb,
    .max_batch = MAX_BATCH,
    .gather_us = GATHER_US,
    .idle_us = IDLE_US,
  };
  DynoWriter *self = g_new0 (DynoWriter, 1);

  self->db = db;
  self->clock = clock;
  self->batch = g_ptr_array_new_with_free_func (g_object_unref);
  self->has_log = TRUE;
  self->checkpoint_at = CHECKPOINT_BYTES;
  self->worker = dyno_worker_new ("dyno-store-w", &hooks, self);

  return self;
}

void
dyno_writer_push (DynoWriter *self,
                  GTask      *call)
{
  dyno_worker_push (self->worker, call, run_cb);
}

guint
dyno_writer_n_waiting (DynoWriter *self)
{
  return dyno_worker_n_queued (self->worker);
}

void
dyno_writer_get_counts (DynoWriter       *self,
                        DynoWriterCounts *counts)
{
  counts->n_calls = self->n_calls;
  counts->n_commits = self->n_commits;
  counts->n_checkpoints = self->n_checkpoints;
}

void
dyno_writer_stop (DynoWriter *self)
{
  if (self->db == NULL)
    return;

  dyno_worker_stop (self->worker);
  checkpoint (self, TRUE);
  g_clear_pointer (&self->db, dyno_db_close);
}

void
dyno_writer_free (DynoWriter *self)
{
  if (self == NULL)
    return;

  dyno_writer_stop (self);
  dyno_worker_free (self->worker);
  g_ptr_array_unref (self->batch);
  g_free (self);
}
