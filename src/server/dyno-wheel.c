/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-wheel.h"

#define N_SLOTS 512 /* seconds of a round; the longest deadline of the service is 300 s */

/* A slot is a ring of entries whose head is no deadline. Slot s holds what passes in a
 * second that is s modulo N_SLOTS; what lies more than a round ahead waits a round. */
struct _DynoWheel
{
  gint64         second; /* the last one turned over */
  DynoWheelEntry slots[N_SLOTS];
};

static void
make_ring (DynoWheelEntry *head)
{
  head->previous = head;
  head->next = head;
}

static void
insert (DynoWheelEntry *head,
        DynoWheelEntry *entry)
{
  entry->previous = head->previous;
  entry->next = head;
  head->previous->next = entry;
  head->previous = entry;
}

static void
unlink_entry (DynoWheelEntry *entry)
{
  entry->previous->next = entry->next;
  entry->next->previous = entry->previous;
  entry->previous = NULL;
  entry->next = NULL;
}

DynoWheel *
dyno_wheel_new (gint64 now_us)
{
  DynoWheel *self = g_new0 (DynoWheel, 1);

  self->second = now_us / G_USEC_PER_SEC;
  for (guint i = 0; i < N_SLOTS; i++)
    make_ring (&self->slots[i]);

  return self;
}

void
dyno_wheel_free (DynoWheel *self)
{
  for (guint i = 0; i < N_SLOTS; i++)
    while (self->slots[i].next != &self->slots[i])
      unlink_entry (self->slots[i].next);
  g_free (self);
}

void
dyno_wheel_set (DynoWheel      *self,
                DynoWheelEntry *entry,
                gint64          deadline_us)
{
  /* The second in which it has passed for certain, and which is still to come. */
  gint64 second = (deadline_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  dyno_wheel_clear (entry);
  entry->deadline_us = deadline_us;
  insert (&self->slots[MAX (second, self->second + 1) % N_SLOTS], entry);
}

void
dyno_wheel_clear (DynoWheelEntry *entry)
{
  if (entry->previous != NULL)
    unlink_entry (entry);
}

/* The ring is taken off first: what is told may set itself again, or clear others. */
static void
turn_slot (DynoWheel     *self,
           DynoWheelEntry *slot,
           gint64          now_us,
           DynoWheelFunc   passed,
           gpointer        data)
{
  DynoWheelEntry due;

  if (slot->next == slot)
    return;
  make_ring (&due);
  insert (slot, &due);
  unlink_entry (slot);
  make_ring (slot);
  while (due.next != &due)
    {
      DynoWheelEntry *entry = due.next;

      unlink_entry (entry);
      if (entry->deadline_us > now_us)
        insert (slot, entry);
      else
        passed (entry, now_us, data);
    }
}

void
dyno_wheel_turn (DynoWheel     *self,
                 gint64         now_us,
                 DynoWheelFunc  passed,
                 gpointer       data)
{
  gint64 second = now_us / G_USEC_PER_SEC;
  gint64 first = MAX (self->second + 1, second - N_SLOTS + 1);

  self->second = second;
  for (gint64 i = first; i <= second; i++)
    turn_slot (self, &self->slots[i % N_SLOTS], now_us, passed, data);
}
