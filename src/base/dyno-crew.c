/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crew.h"

struct _DynoCrew
{
  GThreadPool    *pool;      /* (owned) */
  guint           n_helpers;
  GMutex          mutex;
  GCond           is_idle;
  DynoCrewPiece   piece;     /* (lock) */
  gpointer        data;      /* (lock) (borrowed) */
  guint           n_pieces;  /* (lock) */
  guint           n_begun;   /* (lock) */
  guint           n_running; /* (lock) */
};

/* A helper that comes late finds nothing to do, or already the next pieces. */
static void
work (gpointer unused,
      gpointer data)
{
  DynoCrew *self = data;

  g_mutex_lock (&self->mutex);
  while (self->n_begun < self->n_pieces)
    {
      DynoCrewPiece piece = self->piece;
      gpointer piece_data = self->data;
      guint index = self->n_begun++;

      self->n_running++;
      g_mutex_unlock (&self->mutex);
      piece (index, piece_data);
      g_mutex_lock (&self->mutex);
      self->n_running--;
    }
  if (self->n_running == 0)
    g_cond_broadcast (&self->is_idle);
  g_mutex_unlock (&self->mutex);
}

guint
dyno_crew_helpers (void)
{
  return CLAMP (g_get_num_processors (), 2, DYNO_CREW_MAX) - 1;
}

DynoCrew *
dyno_crew_new (guint n_helpers)
{
  DynoCrew *self = g_new0 (DynoCrew, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->is_idle);
  self->n_helpers = n_helpers;
  self->pool = g_thread_pool_new (work, self, (int) n_helpers, FALSE, NULL);

  return self;
}

void
dyno_crew_free (DynoCrew *self)
{
  if (self == NULL)
    return;

  dyno_crew_join (self);
  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->is_idle);
  g_free (self);
}

void
dyno_crew_start (DynoCrew      *self,
                 guint          n_pieces,
                 DynoCrewPiece  piece,
                 gpointer       data)
{
  g_mutex_lock (&self->mutex);
  g_assert (self->n_begun == self->n_pieces && self->n_running == 0);
  self->piece = piece;
  self->data = data;
  self->n_pieces = n_pieces;
  self->n_begun = 0;
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i < MIN (self->n_helpers, n_pieces); i++)
    g_thread_pool_push (self->pool, GUINT_TO_POINTER (1), NULL);
}

void
dyno_crew_join (DynoCrew *self)
{
  work (NULL, self);
  g_mutex_lock (&self->mutex);
  while (self->n_running > 0)
    g_cond_wait (&self->is_idle, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

void
dyno_crew_share (guint         n_pieces,
                 gboolean      is_large,
                 DynoCrewPiece piece,
                 gpointer      data)
{
  g_autoptr(DynoCrew) crew = NULL;

  if (n_pieces < 2 || !is_large)
    {
      for (guint i = 0; i < n_pieces; i++)
        piece (i, data);
      return;
    }

  crew = dyno_crew_new (MIN (dyno_crew_helpers (), n_pieces - 1));
  dyno_crew_start (crew, n_pieces, piece, data);
  dyno_crew_join (crew);
}
