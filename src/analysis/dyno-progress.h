/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long work tells where it is and is told to stop. Everything may be NULL.
 * The function is called on the thread that does the work. */
typedef struct
{
  void   (*tell) (double      fraction, /* 0…1 */
                  const char *stage,    /* "gate", "bin", "smooth" */
                  gpointer    user_data);
  gpointer user_data;  /* (borrowed) */
  gint    *is_cancelled; /* (atomic) looked at every 65,536 rows at least */
} DynoProgress;

static inline void
dyno_progress_tell (const DynoProgress *self,
                    double              fraction,
                    const char         *stage)
{
  if (self != NULL && self->tell != NULL)
    self->tell (fraction, stage, self->user_data);
}

static inline gboolean
dyno_progress_is_cancelled (const DynoProgress *self)
{
  return self != NULL && self->is_cancelled != NULL && g_atomic_int_get (self->is_cancelled) != 0;
}

/* For a part of the work done on another thread: it can be stopped, and says nothing. */
static inline DynoProgress
dyno_progress_quiet (const DynoProgress *self)
{
  DynoProgress quiet = { NULL, NULL, self != NULL ? self->is_cancelled : NULL };

  return quiet;
}

/* Whether to stop, inside a loop over rows: asked for every 65,536th of them. */
static inline gboolean
dyno_progress_stops (const DynoProgress *self,
                     gsize               row)
{
  return (row & 0xFFFF) == 0 && dyno_progress_is_cancelled (self);
}

G_END_DECLS
