/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A count never goes back in time: a caller whose `now` is a little older than that of
 * the caller before him is judged as if he had come at the same moment. */

#include "config.h"

#include "dyno-limit-count.h"

#include <string.h>

#define K DYNO_LIMIT_SLOTS

G_STATIC_ASSERT (sizeof (DynoLimitCount) == 136);

static gint64
divide_up (gint64 a,
           gint64 b)
{
  return (a + b - 1) / b;
}

/* Fixed window. */

gint64
dyno_limit_count_window (const DynoLimitPolicy *policy,
                         gint64                 now_us)
{
  return now_us / policy->window_us;
}

/* A clock that jumped backwards keeps the later window, so that midnight cannot be had
 * twice. More than one window ahead the clock had been wrong: what was used counts for
 * the present window then. */
static void
enter_window (DynoLimitCount        *self,
              const DynoLimitPolicy *policy,
              gint64                 now_us)
{
  gint64 window = dyno_limit_count_window (policy, now_us);

  if (window > self->when)
    self->count = 0;
  if (window > self->when || window + 1 < self->when)
    self->when = window;
}

/* Sliding window: slot s = ⌊t · K / W⌋, and the slots s − K … s count. */

static gint64
slot_of (const DynoLimitPolicy *policy,
         gint64                 t_us)
{
  return t_us * K / policy->window_us;
}

static gint64
slot_start_us (const DynoLimitPolicy *policy,
               gint64                 slot)
{
  return divide_up (slot * policy->window_us, K);
}

static void
enter_slot (DynoLimitCount        *self,
            const DynoLimitPolicy *policy,
            gint64                 now_us)
{
  gint64 slot = slot_of (policy, now_us);

  if (self->count == 0 || slot - self->when > K)
    {
      memset (self->slots, 0, sizeof self->slots);
      self->count = 0;
      self->when = MAX (slot, self->when);
    }
  while (self->when < slot)
    {
      guint16 *oldest = &self->slots[++self->when % (K + 1)];

      self->count -= *oldest;
      *oldest = 0;
    }
}

/* The time until `freed` of what is used has left the window. */
static gint64
sliding_until (const DynoLimitCount  *self,
               const DynoLimitPolicy *policy,
               gint64                 freed,
               gint64                 now_us)
{
  gint64 slot = MAX (0, self->when - K);

  for (; slot < self->when; slot++)
    {
      freed -= self->slots[slot % (K + 1)];
      if (freed <= 0)
        break;
    }

  return slot_start_us (policy, slot + K + 1) - now_us;
}

/* Token bucket: TAT is the moment at which the bucket is full again. */

static gint64
token_us (const DynoLimitPolicy *policy,
          gint64                 limit)
{
  return divide_up (policy->window_us, limit);
}

static gint64
bucket_debt_us (const DynoLimitCount *self,
                gint64                now_us)
{
  return MAX (0, self->when - now_us);
}

/* All three. */

static void
enter (DynoLimitCount        *self,
       const DynoLimitPolicy *policy,
       gint64                 now_us)
{
  if (policy->algorithm == DYNO_LIMIT_FIXED_WINDOW)
    enter_window (self, policy, now_us);
  else if (policy->algorithm == DYNO_LIMIT_SLIDING_WINDOW)
    enter_slot (self, policy, now_us);
}

gint64
dyno_limit_count_remaining (DynoLimitCount        *self,
                            const DynoLimitPolicy *policy,
                            gint64                 limit,
                            gint64                 now_us)
{
  gint64 t_us;

  enter (self, policy, now_us);
  if (policy->algorithm != DYNO_LIMIT_TOKEN_BUCKET)
    return MAX (0, limit - (gint64) self->count);

  t_us = token_us (policy, limit);
  return MAX (0, (policy->burst * t_us - bucket_debt_us (self, now_us)) / t_us);
}

gint64
dyno_limit_count_until (DynoLimitCount        *self,
                        const DynoLimitPolicy *policy,
                        gint64                 limit,
                        gint64                 wanted,
                        gint64                 now_us)
{
  gint64 remaining = dyno_limit_count_remaining (self, policy, limit, now_us);
  gint64 most = policy->algorithm == DYNO_LIMIT_TOKEN_BUCKET ? policy->burst : limit;

  if (wanted <= remaining)
    return 0;
  if (wanted > most)
    return policy->window_us;

  switch (policy->algorithm)
    {
    case DYNO_LIMIT_FIXED_WINDOW:
      return (self->when + 1) * policy->window_us - now_us;

    case DYNO_LIMIT_SLIDING_WINDOW:
      return sliding_until (self, policy, (gint64) self->count - limit + wanted, now_us);

    case DYNO_LIMIT_TOKEN_BUCKET:
    default:
      return bucket_debt_us (self, now_us) - (policy->burst - wanted) * token_us (policy, limit);
    }
}

void
dyno_limit_count_debit (DynoLimitCount        *self,
                        const DynoLimitPolicy *policy,
                        gint64                 limit,
                        gint64                 cost,
                        gint64                 now_us)
{
  enter (self, policy, now_us);

  if (policy->algorithm == DYNO_LIMIT_TOKEN_BUCKET)
    {
      self->when = MAX (self->when, now_us) + cost * token_us (policy, limit);
      return;
    }

  self->count += cost;
  if (policy->algorithm == DYNO_LIMIT_SLIDING_WINDOW)
    self->slots[self->when % (K + 1)] += cost;
}

guint32
dyno_limit_count_share (DynoLimitCount        *self,
                        const DynoLimitPolicy *policy,
                        gint64                 limit,
                        gint64                 now_us)
{
  gint64 used;
  gint64 whole;

  enter (self, policy, now_us);
  used = self->count;
  whole = limit;
  if (policy->algorithm == DYNO_LIMIT_TOKEN_BUCKET)
    {
      /* In milliseconds, so that 31 bits more still fit. */
      used = divide_up (bucket_debt_us (self, now_us), 1000);
      whole = divide_up (policy->burst * token_us (policy, limit), 1000);
    }

  /* Rounded up: ⌊share · L⌋ gives back the very number for every L below 2³¹. */
  return divide_up (MIN (used, whole) * DYNO_LIMIT_WHOLE_SHARE, whole);
}

static gint64
newest_slot (const DynoLimitCount *self)
{
  gint64 slot = self->when;

  while (self->slots[slot % (K + 1)] == 0)
    slot--;

  return slot;
}

void
dyno_limit_count_leave (DynoLimitCount        *self,
                        const DynoLimitPolicy *policy,
                        gint64                 limit,
                        gint64                 now_us,
                        DynoLimitDebt         *debt)
{
  guint32 share = dyno_limit_count_share (self, policy, limit, now_us);
  gint64 when = self->when;
  gboolean is_over;

  if (share == 0)
    return;

  if (policy->algorithm == DYNO_LIMIT_SLIDING_WINDOW)
    when = newest_slot (self);
  is_over = policy->algorithm == DYNO_LIMIT_SLIDING_WINDOW ? debt->when < self->when - K
                                                           : debt->when < when;
  debt->share = is_over ? share : MAX (debt->share, share);
  debt->when = MAX (debt->when, when);
}

void
dyno_limit_count_inherit (DynoLimitCount        *self,
                          const DynoLimitPolicy *policy,
                          gint64                 limit,
                          gint64                 now_us,
                          const DynoLimitDebt   *debt)
{
  guint32 used = (guint64) debt->share * (guint64) limit / DYNO_LIMIT_WHOLE_SHARE;

  *self = (DynoLimitCount) { 0 };
  enter (self, policy, now_us);

  if (policy->algorithm == DYNO_LIMIT_TOKEN_BUCKET)
    self->when = MIN (debt->when, now_us + policy->burst * token_us (policy, limit));
  else if (policy->algorithm == DYNO_LIMIT_FIXED_WINDOW && debt->when >= self->when)
    {
      self->when = debt->when;
      self->count = used;
    }
  else if (policy->algorithm == DYNO_LIMIT_SLIDING_WINDOW && debt->when >= self->when - K)
    {
      self->when = MAX (self->when, debt->when);
      self->slots[debt->when % (K + 1)] = used;
      self->count = used;
    }
}
