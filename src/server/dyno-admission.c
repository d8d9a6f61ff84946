/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-admission.h"

#define MEMORY_PERCENT 80

/* Of the places and of the queue. */
static const guint share_percent[DYNO_N_PRIORITIES] = {
  [DYNO_PRIORITY_VITAL] = 100000, /* without end */
  [DYNO_PRIORITY_PROMPT] = 95,
  [DYNO_PRIORITY_ORDINARY] = 85,
  [DYNO_PRIORITY_HEAVY] = 70,
};

struct _DynoTicket
{
  GList              link; /* in the queue of its priority while it waits */
  DynoPriority       priority;
  gboolean           is_waiting;
  gint64             since_us;
  gint64             deadline_us;
  DynoAdmissionFunc  func;
  gpointer           data; /* (borrowed) */
};

struct _DynoAdmission
{
  DynoClock           *clock; /* (borrowed) */
  DynoAdmissionDelay   delay; /* (nullable) */
  gpointer             delay_data;
  GQueue               queues[DYNO_N_PRIORITIES]; /* of DynoTicket, oldest first */
  DynoAdmissionCounts  counts[DYNO_N_PRIORITIES];
  guint                n_waiting;
  guint                n_in_flight;
  gint64               slow_since_us; /* the longest wait is over the target; −1: it is not */
  gboolean             is_shedding;
  gboolean             is_short_of_memory;
  gboolean             is_busy; /* a callback runs: what it changes is seen to after it */
};

DynoAdmission *
dyno_admission_new (DynoClock          *clock,
                    DynoAdmissionDelay  delay,
                    gpointer            delay_data)
{
  DynoAdmission *self;

  g_return_val_if_fail (clock != NULL, NULL);

  self = g_new0 (DynoAdmission, 1);
  self->clock = clock;
  self->delay = delay;
  self->delay_data = delay_data;
  self->slow_since_us = -1;

  return self;
}

void
dyno_admission_free (DynoAdmission *self)
{
  g_assert (self->n_waiting == 0 && self->n_in_flight == 0);
  g_free (self);
}

static gboolean
has_place (const DynoAdmission *self,
           DynoPriority         priority)
{
  return self->n_in_flight * 100 < share_percent[priority] * DYNO_ADMISSION_PLACES;
}

static gboolean
may_wait (const DynoAdmission *self,
          DynoPriority         priority)
{
  return !self->is_shedding
         && self->n_waiting * 100 < share_percent[priority] * DYNO_ADMISSION_QUEUE;
}

static gint64
longest_wait_us (const DynoAdmission *self,
                 gint64               now_us)
{
  gint64 longest_us = 0;

  for (int p = 0; p < DYNO_N_PRIORITIES; p++)
    {
      const DynoTicket *oldest = g_queue_peek_head ((GQueue *) &self->queues[p]);

      if (oldest != NULL)
        longest_us = MAX (longest_us, now_us - oldest->since_us);
    }

  return longest_us;
}

static void
judge_queue (DynoAdmission *self,
             gint64         now_us)
{
  if (longest_wait_us (self, now_us) < DYNO_ADMISSION_TARGET_US)
    {
      self->slow_since_us = -1;
      self->is_shedding = FALSE;
    }
  else if (self->slow_since_us < 0)
    self->slow_since_us = now_us;
  else if (now_us - self->slow_since_us >= DYNO_ADMISSION_INTERVAL_US)
    self->is_shedding = TRUE;
}

static void
go (DynoAdmission *self,
    DynoTicket    *ticket,
    gint64         now_us)
{
  self->n_in_flight++;
  self->counts[ticket->priority].in_flight++;
  self->counts[ticket->priority].went++;
  if (self->delay != NULL)
    self->delay (ticket->priority, now_us - ticket->since_us, self->delay_data);
}

static void
stop_waiting (DynoAdmission *self,
              DynoTicket    *ticket)
{
  g_queue_unlink (&self->queues[ticket->priority], &ticket->link);
  self->counts[ticket->priority].waiting--;
  self->n_waiting--;
  ticket->is_waiting = FALSE;
}

static void
call_back (DynoAdmission       *self,
           DynoTicket          *ticket,
           DynoAdmissionAnswer  answer)
{
  DynoAdmissionFunc func = ticket->func;
  gpointer data = ticket->data;

  if (answer != DYNO_ADMISSION_GO)
    g_free (ticket);

  self->is_busy = TRUE;
  func (answer, data);
  self->is_busy = FALSE;
}

/* Why a waiting call will not go any more; WAIT where it still may. */
static DynoAdmissionAnswer
judge_waiting (const DynoAdmission *self,
               const DynoTicket    *ticket,
               gint64               now_us)
{
  if (now_us >= ticket->deadline_us)
    return DYNO_ADMISSION_EXPIRED;
  if (self->is_shedding && now_us - ticket->since_us > DYNO_ADMISSION_INTERVAL_US)
    return DYNO_ADMISSION_SHED;

  return DYNO_ADMISSION_WAIT;
}

/* Turns away one whose time is over. FALSE: there is none. */
static gboolean
turn_one_away (DynoAdmission *self,
               gint64         now_us)
{
  for (int p = DYNO_N_PRIORITIES - 1; p >= 0; p--)
    for (GList *l = self->queues[p].head; l != NULL; l = l->next)
      {
        DynoAdmissionAnswer answer = judge_waiting (self, l->data, now_us);

        if (answer == DYNO_ADMISSION_WAIT)
          continue;
        if (answer == DYNO_ADMISSION_SHED)
          self->counts[p].shed++;
        else
          self->counts[p].expired++;
        stop_waiting (self, l->data);
        call_back (self, l->data, answer);
        return TRUE;
      }

  return FALSE;
}

/* Lets the next one in, if it has a place. */
static gboolean
let_one_in (DynoAdmission *self,
            gint64         now_us)
{
  for (int p = 0; p < DYNO_N_PRIORITIES; p++)
    {
      DynoTicket *ticket = self->is_shedding ? g_queue_peek_tail (&self->queues[p])
                                             : g_queue_peek_head (&self->queues[p]);

      if (ticket == NULL || !has_place (self, p))
        continue;
      stop_waiting (self, ticket);
      go (self, ticket, now_us);
      call_back (self, ticket, DYNO_ADMISSION_GO);
      return TRUE;
    }

  return FALSE;
}

static void
settle (DynoAdmission *self)
{
  gint64 now_us = dyno_clock_monotonic_us (self->clock);

  if (self->is_busy)
    return;

  do
    judge_queue (self, now_us);
  while (turn_one_away (self, now_us) || let_one_in (self, now_us));
}

static DynoAdmissionAnswer
judge_arrival (DynoAdmission *self,
               DynoPriority   priority,
               gint64         deadline_us,
               gint64         now_us)
{
  if (now_us >= deadline_us)
    return DYNO_ADMISSION_EXPIRED;
  if (priority == DYNO_PRIORITY_HEAVY && self->is_short_of_memory)
    return DYNO_ADMISSION_SHED;
  if (has_place (self, priority))
    return DYNO_ADMISSION_GO;

  return may_wait (self, priority) ? DYNO_ADMISSION_WAIT : DYNO_ADMISSION_SHED;
}

static void
begin_waiting (DynoAdmission *self,
               DynoTicket    *ticket)
{
  ticket->is_waiting = TRUE;
  ticket->link.data = ticket;
  g_queue_push_tail_link (&self->queues[ticket->priority], &ticket->link);
  self->counts[ticket->priority].waiting++;
  self->n_waiting++;
}

DynoAdmissionAnswer
dyno_admission_enter (DynoAdmission      *self,
                      DynoPriority        priority,
                      gint64              deadline_us,
                      DynoAdmissionFunc   func,
                      gpointer            data,
                      DynoTicket        **ticket)
{
  DynoAdmissionAnswer answer;
  gint64 now_us;

  g_return_val_if_fail (self != NULL && priority < DYNO_N_PRIORITIES, DYNO_ADMISSION_SHED);
  g_return_val_if_fail (func != NULL && ticket != NULL, DYNO_ADMISSION_SHED);

  settle (self);
  now_us = dyno_clock_monotonic_us (self->clock);
  answer = judge_arrival (self, priority, deadline_us, now_us);
  *ticket = NULL;
  if (answer == DYNO_ADMISSION_SHED)
    self->counts[priority].shed++;
  if (answer == DYNO_ADMISSION_EXPIRED)
    self->counts[priority].expired++;
  if (answer == DYNO_ADMISSION_SHED || answer == DYNO_ADMISSION_EXPIRED)
    return answer;

  *ticket = g_new0 (DynoTicket, 1);
  **ticket = (DynoTicket) { .priority = priority, .since_us = now_us, .deadline_us = deadline_us,
                            .func = func, .data = data };
  if (answer == DYNO_ADMISSION_GO)
    go (self, *ticket, now_us);
  else
    begin_waiting (self, *ticket);

  return answer;
}

void
dyno_admission_leave (DynoAdmission *self,
                      DynoTicket    *ticket)
{
  g_return_if_fail (self != NULL && ticket != NULL);

  if (ticket->is_waiting)
    stop_waiting (self, ticket);
  else
    {
      self->counts[ticket->priority].in_flight--;
      self->n_in_flight--;
    }
  g_free (ticket);
  settle (self);
}

void
dyno_admission_tick (DynoAdmission *self)
{
  g_return_if_fail (self != NULL);

  settle (self);
}

void
dyno_admission_set_memory (DynoAdmission *self,
                           guint64        rss_bytes,
                           guint64        budget_bytes)
{
  g_return_if_fail (self != NULL);

  self->is_short_of_memory = rss_bytes / 100.0 > budget_bytes / 100.0 * MEMORY_PERCENT / 100;
}

double
dyno_admission_get_load (const DynoAdmission *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return MAX ((double) self->n_in_flight / DYNO_ADMISSION_PLACES,
              (double) self->n_waiting / DYNO_ADMISSION_QUEUE);
}

gboolean
dyno_admission_is_shedding (const DynoAdmission *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_shedding;
}

void
dyno_admission_get_counts (const DynoAdmission *self,
                           DynoPriority         priority,
                           DynoAdmissionCounts *counts)
{
  g_return_if_fail (self != NULL && priority < DYNO_N_PRIORITIES && counts != NULL);

  *counts = self->counts[priority];
}
