/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-history.h"

#define MAX_LENGTH 64

struct _DynoHistory
{
  GPtrArray *behind; /* (owned) of page names (borrowed), the last one newest */
  GPtrArray *ahead;  /* (owned) likewise */
};

DynoHistory *
dyno_history_new (void)
{
  DynoHistory *self = g_new0 (DynoHistory, 1);

  self->behind = g_ptr_array_new ();
  self->ahead = g_ptr_array_new ();

  return self;
}

void
dyno_history_free (DynoHistory *self)
{
  g_ptr_array_unref (self->behind);
  g_ptr_array_unref (self->ahead);
  g_free (self);
}

void
dyno_history_leave (DynoHistory *self,
                    const char  *page)
{
  g_return_if_fail (page != NULL);

  g_ptr_array_set_size (self->ahead, 0);
  g_ptr_array_add (self->behind, (gpointer) page);
  if (self->behind->len > MAX_LENGTH)
    g_ptr_array_remove_index (self->behind, 0);
}

static const char *
move (GPtrArray  *from,
      GPtrArray  *to,
      const char *here)
{
  if (from->len == 0)
    return NULL;

  if (here != NULL)
    g_ptr_array_add (to, (gpointer) here);

  return g_ptr_array_steal_index (from, from->len - 1);
}

const char *
dyno_history_back (DynoHistory *self,
                   const char  *here)
{
  return move (self->behind, self->ahead, here);
}

const char *
dyno_history_forward (DynoHistory *self,
                      const char  *here)
{
  return move (self->ahead, self->behind, here);
}

gboolean
dyno_history_has_back (DynoHistory *self)
{
  return self->behind->len > 0;
}

gboolean
dyno_history_has_forward (DynoHistory *self)
{
  return self->ahead->len > 0;
}

void
dyno_history_clear (DynoHistory *self)
{
  g_ptr_array_set_size (self->behind, 0);
  g_ptr_array_set_size (self->ahead, 0);
}
