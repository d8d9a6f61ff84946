/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-reader.h"

#include "dyno-error.h"
#include "dyno-worker.h"

#define N_DESKS 2

/* One thread and its connection. */
typedef struct
{
  DynoReader *reader;  /* (borrowed) */
  DynoWorker *worker;  /* (owned) (nullable) */
  DynoDb     *db;      /* (owned) (nullable) (thread of the worker) */
  gboolean    is_busy; /* (lock) it will look at the line again */
} Desk;

struct _DynoReader
{
  DynoClock *clock;     /* (borrowed) */
  Desk       desks[N_DESKS];
  GMutex     lock;
  GQueue     line;      /* (lock) (owned) of GTask */
  gboolean   is_closed; /* (lock) */
};

/* The next call, or NULL: then the desk has said that it is free. */
static GTask *
take_next (Desk *desk)
{
  DynoReader *self = desk->reader;
  GTask *call;

  g_mutex_lock (&self->lock);
  call = g_queue_pop_head (&self->line);
  if (call == NULL)
    desk->is_busy = FALSE;
  g_mutex_unlock (&self->lock);

  return call;
}

static void
serve (Desk  *desk,
       GTask *call)
{
  GError *error = NULL;

  if (dyno_db_begin (desk->db, FALSE, &error))
    {
      dyno_db_set_cancellable (desk->db, g_task_get_cancellable (call));
      dyno_call_run (call, desk->db, desk->reader->clock);
      dyno_db_set_cancellable (desk->db, NULL);
      dyno_db_rollback (desk->db);
    }
  else
    dyno_call_fail (call, error);

  dyno_call_answer (call);
}

/* The call that was pushed only rings the bell; the line decides who is next. */
static void
ring_cb (GTask   *unused,
         gpointer data)
{
  Desk *desk = data;
  GTask *call;

  g_assert (dyno_worker_is_current (desk->worker));
  while ((call = take_next (desk)) != NULL)
    {
      serve (desk, call);
      g_object_unref (call);
    }
}

static Desk *
find_free_desk (DynoReader *self)
{
  for (guint i = 0; i < N_DESKS; i++)
    {
      if (!self->desks[i].is_busy)
        return &self->desks[i];
    }

  return NULL;
}

DynoReader *
dyno_reader_new (const char *path,
                 DynoDbMode  mode,
                 DynoClock  *clock,
                 GError    **error)
{
  static const char *const names[N_DESKS] = { "dyno-store-r1", "dyno-store-r2" };
  g_autoptr(DynoReader) self = g_new0 (DynoReader, 1);

  self->clock = clock;
  g_mutex_init (&self->lock);
  g_queue_init (&self->line);
  for (guint i = 0; i < N_DESKS; i++)
    {
      Desk *desk = &self->desks[i];

      desk->reader = self;
      desk->db = dyno_db_open (path, mode, error);
      if (desk->db == NULL)
        return NULL;
      desk->worker = dyno_worker_new (names[i], NULL, desk);
    }

  return g_steal_pointer (&self);
}

void
dyno_reader_push (DynoReader *self,
                  GTask      *call)
{
  gboolean is_closed;

  g_mutex_lock (&self->lock);
  is_closed = self->is_closed;
  if (!is_closed)
    {
      Desk *desk = find_free_desk (self);

      g_queue_push_tail (&self->line, g_object_ref (call));
      if (desk != NULL)
        {
          desk->is_busy = TRUE;
          dyno_worker_push (desk->worker, call, ring_cb);
        }
    }
  g_mutex_unlock (&self->lock);

  if (is_closed)
    g_task_return_new_error (call, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE, "The program is closing.");
}

void
dyno_reader_stop (DynoReader *self)
{
  g_mutex_lock (&self->lock);
  self->is_closed = TRUE;
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < N_DESKS; i++)
    {
      if (self->desks[i].worker != NULL)
        dyno_worker_stop (self->desks[i].worker);
      g_clear_pointer (&self->desks[i].db, dyno_db_close);
    }
}

void
dyno_reader_free (DynoReader *self)
{
  if (self == NULL)
    return;

  dyno_reader_stop (self);
  for (guint i = 0; i < N_DESKS; i++)
    g_clear_pointer (&self->desks[i].worker, dyno_worker_free);
  g_assert (g_queue_is_empty (&self->line));
  g_mutex_clear (&self->lock);
  g_free (self);
}
