/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-faults.h"

#include <math.h>
#include <string.h>

#include "dyno-node.h"

/* A message that waits: for its time, or for others to pass it. */
typedef struct
{
  guint8 *data; /* (owned) */
  gsize   size;
  gint64  due_us;  /* G_MAXINT64: only others let it out */
  guint   n_to_pass;
} Held;

struct _DynoFaultNet
{
  guint64          chance;
  DynoFaultNetFunc func;
  gpointer         user_data;  /* (borrowed) */
  GPtrArray       *held;       /* (owned) of Held, in the order they came */
  double           drop_pct;
  guint            n_burst;    /* still to be dropped in a row */
  double           reorder_pct;
  guint            depth;
  double           duplicate_pct;
  gint64           delay_us;
  gint64           jitter_us;
};

static void
held_free (Held *held)
{
  g_free (held->data);
  g_free (held);
}

DynoFaultNet *
dyno_fault_net_new (guint64          seed,
                    DynoFaultNetFunc func,
                    gpointer         user_data)
{
  DynoFaultNet *self = g_new0 (DynoFaultNet, 1);

  self->chance = seed;
  self->func = func;
  self->user_data = user_data;
  self->held = g_ptr_array_new_with_free_func ((GDestroyNotify) held_free);

  return self;
}

void
dyno_fault_net_free (DynoFaultNet *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->held);
  g_free (self);
}

void
dyno_fault_net_set (DynoFaultNet    *self,
                    const DynoFault *fault)
{
  double first = fault->numbers[0];
  double second = isnan (fault->numbers[1]) ? 0 : fault->numbers[1];

  if (fault->verb == DYNO_FAULT_DROP)
    self->drop_pct = first;
  else if (fault->verb == DYNO_FAULT_BURST_DROP)
    self->n_burst = (guint) first;
  else if (fault->verb == DYNO_FAULT_DUPLICATE)
    self->duplicate_pct = first;
  else if (fault->verb == DYNO_FAULT_REORDER)
    {
      self->reorder_pct = first;
      self->depth = (guint) second;
    }
  else if (fault->verb == DYNO_FAULT_DELAY)
    {
      self->delay_us = (gint64) (first * 1000);
      self->jitter_us = (gint64) (second * 1000);
    }
}

static gboolean
is_chance (DynoFaultNet *self,
           double        percent)
{
  return percent > 0
         && (double) (dyno_node_chance (&self->chance) >> 11) * 0x1p-53 * 100 < percent;
}

static void
hold (DynoFaultNet *self,
      const guint8 *data,
      gsize         size,
      gint64        due_us,
      guint         n_to_pass)
{
  Held *held = g_new0 (Held, 1);

  held->data = g_memdup2 (data, MAX (size, 1));
  held->size = size;
  held->due_us = due_us;
  held->n_to_pass = n_to_pass;
  g_ptr_array_add (self->held, held);
}

/* A message goes by: who waited for that many to pass goes out behind it. */
static void
let_pass (DynoFaultNet *self)
{
  for (guint i = 0; i < self->held->len;)
    {
      Held *held = g_ptr_array_index (self->held, i);

      if (held->n_to_pass == 0 || --held->n_to_pass > 0)
        {
          i++;
          continue;
        }
      self->func (held->data, held->size, FALSE, self->user_data);
      g_ptr_array_remove_index (self->held, i);
    }
}

static gint64
pick_delay (DynoFaultNet *self)
{
  gint64 spread = self->jitter_us > 0
                    ? (gint64) (dyno_node_chance (&self->chance) % (guint64) (2 * self->jitter_us))
                        - self->jitter_us
                    : 0;

  return MAX (self->delay_us + spread, 0);
}

static void
deliver (DynoFaultNet *self,
         const guint8 *data,
         gsize         size,
         gint64        now_us)
{
  gint64 delay_us = pick_delay (self);

  if (is_chance (self, self->reorder_pct))
    {
      hold (self, data, size, G_MAXINT64, self->depth);
      return;
    }
  if (delay_us > 0)
    {
      hold (self, data, size, now_us + delay_us, 0);
      return;
    }
  self->func (data, size, FALSE, self->user_data);
  let_pass (self);
}

void
dyno_fault_net_push (DynoFaultNet *self,
                     const guint8 *data,
                     gsize         size,
                     gint64        now_us)
{
  gboolean is_dropped = self->n_burst > 0 || is_chance (self, self->drop_pct);

  if (self->n_burst > 0)
    self->n_burst--;
  if (is_dropped)
    {
      self->func (data, size, TRUE, self->user_data);
      return;
    }

  deliver (self, data, size, now_us);
  if (is_chance (self, self->duplicate_pct))
    deliver (self, data, size, now_us);
}

void
dyno_fault_net_step (DynoFaultNet *self,
                     gint64        now_us)
{
  for (guint i = 0; i < self->held->len;)
    {
      Held *held = g_ptr_array_index (self->held, i);

      if (held->due_us > now_us)
        {
          i++;
          continue;
        }
      self->func (held->data, held->size, FALSE, self->user_data);
      g_ptr_array_remove_index (self->held, i);
    }
}

void
dyno_fault_net_drain (DynoFaultNet *self)
{
  dyno_fault_net_step (self, G_MAXINT64);
}

gint64
dyno_fault_net_due (const DynoFaultNet *self)
{
  gint64 due_us = G_MAXINT64;

  for (guint i = 0; i < self->held->len; i++)
    due_us = MIN (due_us, ((Held *) g_ptr_array_index (self->held, i))->due_us);

  return due_us;
}
