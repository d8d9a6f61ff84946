/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-virtual-book.h"

#include "dyno-crypt.h"
#include "dyno-shop-private.h"
#include "dyno-virtual-tune-private.h"

#define MOST_SESSIONS 100

struct _DynoVirtualBook
{
  GMutex     lock;
  GPtrArray *sessions; /* (owned) (lock) of DynoVirtualSession, the oldest first */
};

/* Sessions */

static void
session_clear (gpointer data)
{
  DynoVirtualSession *self = data;

  g_free (self->id);
  g_free (self->job_id);
  g_clear_pointer (&self->loop, dyno_loop_free);
  g_free (self->error);
}

DynoVirtualSession *
dyno_virtual_session_ref (DynoVirtualSession *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
dyno_virtual_session_unref (DynoVirtualSession *self)
{
  g_atomic_rc_box_release_full (self, session_clear);
}

/* The same session at a later moment; its job is still to be named. */
static DynoVirtualSession *
session_next (const DynoVirtualSession *self,
              DynoVirtualState          state)
{
  DynoVirtualSession *next = g_atomic_rc_box_new0 (DynoVirtualSession);

  next->id = g_strdup (self->id);
  next->options = self->options;
  next->state = state;
  next->created_ms = self->created_ms;

  return next;
}

/* The book */

DynoVirtualBook *
dyno_virtual_book_new (void)
{
  DynoVirtualBook *self = g_new0 (DynoVirtualBook, 1);

  g_mutex_init (&self->lock);
  self->sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_virtual_session_unref);

  return self;
}

void
dyno_virtual_book_free (DynoVirtualBook *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->sessions);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* (lock) −1: it is not there. */
static int
find (DynoVirtualBook *self,
      const char      *id)
{
  for (guint i = 0; i < self->sessions->len; i++)
    {
      if (g_str_equal (((DynoVirtualSession *) self->sessions->pdata[i])->id, id))
        return (int) i;
    }

  return -1;
}

/* `session` is taken over. What was forgotten meanwhile stays so. */
static void
put (DynoVirtualBook    *self,
     DynoVirtualSession *session)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int place = find (self, session->id);

  if (place < 0)
    {
      dyno_virtual_session_unref (session);
      return;
    }
  dyno_virtual_session_unref (self->sessions->pdata[place]);
  self->sessions->pdata[place] = session;
}

static void
add (DynoVirtualBook    *self,
     DynoVirtualSession *session)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_ptr_array_add (self->sessions, dyno_virtual_session_ref (session));
  if (self->sessions->len > MOST_SESSIONS)
    g_ptr_array_remove_index (self->sessions, 0);
}

DynoVirtualSession *
dyno_virtual_book_get (DynoShop   *shop,
                       const char *id)
{
  DynoVirtualBook *self = shop->virtuals;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int place = find (self, id);

  return place >= 0 ? dyno_virtual_session_ref (self->sessions->pdata[place]) : NULL;
}

GPtrArray *
dyno_virtual_book_list (DynoShop *shop)
{
  DynoVirtualBook *self = shop->virtuals;
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_virtual_session_unref);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = self->sessions->len; i > 0; i--)
    g_ptr_array_add (list, dyno_virtual_session_ref (self->sessions->pdata[i - 1]));

  return list;
}

/* (transfer full) (nullable) */
static DynoVirtualSession *
take (DynoVirtualBook *self,
      const char      *id)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int place = find (self, id);

  return place >= 0 ? g_ptr_array_steal_index (self->sessions, (guint) place) : NULL;
}

gboolean
dyno_virtual_book_remove (DynoShop   *shop,
                          const char *id)
{
  g_autoptr(DynoVirtualSession) session = take (shop->virtuals, id);

  if (session != NULL && session->job_id != NULL)
    dyno_jobs_cancel (shop->jobs, session->job_id, NULL);

  return session != NULL;
}

/* The work */

typedef struct
{
  DynoVirtualBook    *book;    /* (borrowed) the shop's */
  DynoVirtualSession *session; /* (owned) as it was begun */
  gboolean            has_run;
} Work;

/* What was cancelled before it had a thread has ended, too. */
static void
work_free (gpointer data)
{
  Work *work = data;

  if (!work->has_run)
    put (work->book, session_next (work->session, DYNO_VIRTUAL_ENDED));
  dyno_virtual_session_unref (work->session);
  g_free (work);
}

static DynoVirtualSession *
session_of_job (const DynoErrand *errand,
                const Work       *work,
                DynoVirtualState  state)
{
  DynoVirtualSession *session = session_next (work->session, state);

  session->job_id = g_strdup (dyno_job_id (errand->job));

  return session;
}

/* pool thread */
static gpointer
run (const DynoErrand *errand,
     gpointer          data,
     GError          **error)
{
  Work *work = data;
  DynoVirtualSession *last = session_of_job (errand, work, DYNO_VIRTUAL_ENDED);
  GError *cause = NULL;

  work->has_run = TRUE;
  dyno_job_set_subject (errand->job, work->session->id);
  put (work->book, session_of_job (errand, work, DYNO_VIRTUAL_RUNNING));
  last->loop = dyno_virtual_tune_run (errand, &work->session->options, &cause);
  if (cause != NULL && !g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    last->error = g_strdup (cause->message);
  put (work->book, last);
  if (cause == NULL)
    return DYNO_OPERATION_DONE;
  g_propagate_error (error, cause);

  return NULL;
}

static const DynoOperation operation = { "virtual-session", run, NULL, FALSE };

DynoVirtualSession *
dyno_virtual_book_begin (DynoShop              *shop,
                         const DynoLoopOptions *options)
{
  DynoVirtualSession *session = g_atomic_rc_box_new0 (DynoVirtualSession);
  DynoVirtualSession *begun;
  Work *work = g_new0 (Work, 1);
  g_autofree char *input = dyno_virtual_tune_write (options);
  g_autofree char *job_id = NULL;
  DynoJobOffer offer = { "virtual-tune", "Virtual tuning", "share", input, &job_id };

  session->id = dyno_crypt_new_id ("vts");
  session->options = *options;
  session->created_ms = dyno_clock_real_us (shop->clock) / 1000;
  begun = session_next (session, DYNO_VIRTUAL_INITIALIZING);
  add (shop->virtuals, session);
  work->book = shop->virtuals;
  work->session = session;
  dyno_operation_start_job (shop, &operation, &offer, work, work_free, NULL, NULL, NULL);
  begun->job_id = g_steal_pointer (&job_id);

  return begun;
}
