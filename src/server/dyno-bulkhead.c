/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bulkhead.h"

struct _DynoBulkheadPlace
{
  GList             link; /* in the line while it waits */
  gboolean          is_waiting;
  DynoBulkheadFunc  func;
  gpointer          data; /* (borrowed) */
};

struct _DynoBulkhead
{
  DynoBulkheadKind kind; /* its name is (owned) */
  GQueue           line; /* of DynoBulkheadPlace */
  guint            n_inside;
};

DynoBulkhead *
dyno_bulkhead_new (const DynoBulkheadKind *kind)
{
  DynoBulkhead *self;

  g_return_val_if_fail (kind != NULL && kind->name != NULL && kind->places > 0, NULL);

  self = g_new0 (DynoBulkhead, 1);
  self->kind = *kind;
  self->kind.name = g_strdup (kind->name);

  return self;
}

DynoBulkhead *
dyno_bulkhead_new_named (const char *name,
                         guint       n_cores)
{
  const DynoBulkheadKind kinds[] = {
    { "analysis", MAX (n_cores, 2) - 1, 128 },
    { "bcrypt", 2, 8 },
    { "exports", 1, 128 },
    { "uploads", 4, 16 },
  };

  g_return_val_if_fail (name != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].name, name))
      return dyno_bulkhead_new (&kinds[i]);

  return NULL;
}

void
dyno_bulkhead_free (DynoBulkhead *self)
{
  g_assert (self->n_inside == 0 && self->line.length == 0);
  g_free ((char *) self->kind.name);
  g_free (self);
}

DynoBulkheadAnswer
dyno_bulkhead_enter (DynoBulkhead       *self,
                     DynoBulkheadFunc    func,
                     gpointer            data,
                     DynoBulkheadPlace **place)
{
  gboolean is_free;

  g_return_val_if_fail (self != NULL && func != NULL && place != NULL, DYNO_BULKHEAD_FULL);

  is_free = self->n_inside < self->kind.places;
  *place = NULL;
  if (!is_free && self->line.length >= self->kind.max_waiting)
    return DYNO_BULKHEAD_FULL;

  *place = g_new0 (DynoBulkheadPlace, 1);
  **place = (DynoBulkheadPlace) { .is_waiting = !is_free, .func = func, .data = data };
  (*place)->link.data = *place;
  if (is_free)
    self->n_inside++;
  else
    g_queue_push_tail_link (&self->line, &(*place)->link);

  return is_free ? DYNO_BULKHEAD_GO : DYNO_BULKHEAD_WAIT;
}

/* The place is handed over, never free in between: nobody overtakes the line. */
static void
hand_over (DynoBulkhead *self)
{
  DynoBulkheadPlace *next = g_queue_peek_head (&self->line);

  if (next == NULL)
    {
      self->n_inside--;
      return;
    }

  g_queue_unlink (&self->line, &next->link);
  next->is_waiting = FALSE;
  next->func (next->data);
}

void
dyno_bulkhead_leave (DynoBulkhead      *self,
                     DynoBulkheadPlace *place)
{
  gboolean was_waiting;

  g_return_if_fail (self != NULL && place != NULL);

  was_waiting = place->is_waiting;
  if (was_waiting)
    g_queue_unlink (&self->line, &place->link);
  g_free (place);
  if (!was_waiting)
    hand_over (self);
}

const char *
dyno_bulkhead_get_name (const DynoBulkhead *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->kind.name;
}

guint
dyno_bulkhead_get_inside (const DynoBulkhead *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_inside;
}

guint
dyno_bulkhead_get_waiting (const DynoBulkhead *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->line.length;
}
