/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-sequence.h"

#include <string.h>

#define OLDEST_MARK 127
#define MOST_LATE_IN_A_ROW 8
#define LONGEST_LATE_US (2 * G_USEC_PER_SEC)
#define COPY_WINDOW_US 50000

static gboolean
is_missing (const DynoSequence *self,
            guint8              seq)
{
  return (self->missing[seq / 64] >> (seq % 64) & 1) != 0;
}

static void
set_missing (DynoSequence *self,
             guint8        seq,
             gboolean      missing)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << (seq % 64);

  if (missing)
    self->missing[seq / 64] |= bit;
  else
    self->missing[seq / 64] &= ~bit;
}

static void
remember (DynoSequence           *self,
          const DynoSequenceStep *step)
{
  self->memory[self->n_memory++ % DYNO_SEQUENCE_MEMORY] = *step;
}

/* The same message as one remembered, newest first. */
static const DynoSequenceStep *
recall (const DynoSequence     *self,
        const DynoSequenceStep *step)
{
  guint n = MIN (self->n_memory, DYNO_SEQUENCE_MEMORY);

  for (guint back = 1; back <= n; back++)
    {
      const DynoSequenceStep *old = &self->memory[(self->n_memory - back) % DYNO_SEQUENCE_MEMORY];

      if (old->seq == step->seq && old->sum == step->sum)
        return old;
    }

  return NULL;
}

static void
advance (DynoSequence           *self,
         const DynoSequenceStep *step,
         guint                   gap)
{
  for (guint i = 0; i < gap; i++)
    set_missing (self, (guint8) (self->last + 1 + i), TRUE);
  self->last = step->seq;
  for (guint i = 0; i <= gap; i++)
    set_missing (self, (guint8) (self->last - (OLDEST_MARK + 1) - i), FALSE);

  self->lost += gap;
  self->late_run = 0;
  self->advanced_us = step->arrival_us;
}

static void
start_over (DynoSequence           *self,
            const DynoSequenceStep *step)
{
  self->has_last = TRUE;
  self->last = step->seq;
  self->late_run = 0;
  self->advanced_us = step->arrival_us;
  memset (self->missing, 0, sizeof self->missing);
}

static DynoSequenceVerdict
take_late (DynoSequence           *self,
           const DynoSequenceStep *step)
{
  self->late_run++;
  if (self->late_run > MOST_LATE_IN_A_ROW
      || step->arrival_us - self->advanced_us > LONGEST_LATE_US)
    {
      start_over (self, step);
      self->resyncs++;
      return DYNO_SEQUENCE_RESYNC;
    }

  self->late++;
  if (is_missing (self, step->seq))
    {
      set_missing (self, step->seq, FALSE);
      self->lost--;
    }

  return DYNO_SEQUENCE_LATE;
}

static DynoSequenceVerdict
judge (DynoSequence           *self,
       const DynoSequenceStep *step,
       guint                  *gap)
{
  const DynoSequenceStep *old = recall (self, step);
  guint ahead = (guint8) (step->seq - (self->last + 1));

  if (old != NULL && old->ifindex != step->ifindex
      && step->arrival_us - old->arrival_us <= COPY_WINDOW_US)
    return DYNO_SEQUENCE_COPY;

  if (!self->has_last)
    {
      start_over (self, step);
      return DYNO_SEQUENCE_FIRST;
    }
  if (ahead <= OLDEST_MARK)
    {
      advance (self, step, ahead);
      *gap = ahead;
      return ahead == 0 ? DYNO_SEQUENCE_NEXT : DYNO_SEQUENCE_GAP;
    }

  /* The number of `last` with other content is no repeat: some senders do not
   * count, and their values are worth more than their numbers. */
  return old != NULL && !is_missing (self, step->seq) ? DYNO_SEQUENCE_DUPLICATE
                                                      : take_late (self, step);
}

DynoSequenceVerdict
dyno_sequence_track (DynoSequence           *self,
                     const DynoSequenceStep *step,
                     guint                  *gap)
{
  DynoSequenceVerdict verdict;

  *gap = 0;
  verdict = judge (self, step, gap);
  if (verdict == DYNO_SEQUENCE_COPY)
    {
      self->copies++;
      return verdict;
    }
  if (verdict == DYNO_SEQUENCE_DUPLICATE)
    {
      self->duplicates++;
      return verdict;
    }

  remember (self, step);
  self->received++;

  return verdict;
}

double
dyno_sequence_loss_percent (guint64 received,
                            guint64 lost)
{
  if (received + lost == 0)
    return 0;

  return 100.0 * (double) lost / (double) (received + lost);
}
