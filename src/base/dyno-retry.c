/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Both counts are kept by the second. First attempts count in the ten seconds up to
 * now, the present one included; repeats in these, the one before (of which a part is
 * still within 10 s) and all that are to come. So the budget errs on the sparing side. */

#include "config.h"

#include "dyno-retry.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define BUDGET_S 10
#define MAX_WAIT_S 60
#define FEW_REPEATS 3
#define REPEAT_PERCENT 20
#define RING 128 /* seconds; more than BUDGET_S + 1 + MAX_WAIT_S + 1 */

struct _DynoRetry
{
  GMutex             mutex;
  DynoClock         *clock;  /* (borrowed) */
  DynoBreakerChance  chance; /* (nullable) called with the lock held */
  gpointer           chance_data;
  gint64             now_s;          /* (lock) the newest second seen */
  guint              firsts[RING];   /* (lock) a second stands at its number mod RING */
  guint              repeats[RING];  /* (lock) by the second in which they go out */
};

DynoRetry *
dyno_retry_new (DynoClock         *clock,
                DynoBreakerChance  chance,
                gpointer           chance_data)
{
  DynoRetry *self;

  g_return_val_if_fail (clock != NULL, NULL);

  self = g_new0 (DynoRetry, 1);
  g_mutex_init (&self->mutex);
  self->clock = clock;
  self->chance = chance;
  self->chance_data = chance_data;

  return self;
}

void
dyno_retry_free (DynoRetry *self)
{
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Seconds that are past are emptied for those of the future that will stand there. */
static gint64
enter_second (DynoRetry *self)
{
  gint64 now_us = dyno_clock_monotonic_us (self->clock);
  gint64 from_s = MAX (self->now_s, now_us / SECOND - RING);

  for (gint64 s = from_s + 1; s <= now_us / SECOND; s++)
    {
      gsize past = (s - BUDGET_S - 2 + RING) % RING;

      self->firsts[past] = 0;
      self->repeats[past] = 0;
      self->now_s = s;
    }

  return now_us;
}

static gboolean
has_budget (const DynoRetry *self)
{
  guint firsts = 0;
  guint repeats = 0;

  for (gint64 s = self->now_s - BUDGET_S; s <= self->now_s + MAX_WAIT_S + 1; s++)
    {
      gsize i = (s + RING) % RING;

      repeats += self->repeats[i];
      if (s > self->now_s - BUDGET_S && s <= self->now_s)
        firsts += self->firsts[i];
    }

  return repeats + 1 <= MAX (FEW_REPEATS, firsts * REPEAT_PERCENT / 100);
}

static gboolean
may_pass (DynoCallEnd end,
          guint       status)
{
  if (end == DYNO_CALL_ANSWERED)
    return status == 429 || status == 502 || status == 503 || status == 504;

  return end == DYNO_CALL_NO_CONNECTION || end == DYNO_CALL_TIMED_OUT;
}

void
dyno_retry_first (DynoRetry *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->mutex);
  enter_second (self);
  self->firsts[self->now_s % RING]++;
}

static gint64
draw_wait_us (DynoRetry *self,
              guint      attempt,
              gint64     retry_after_s)
{
  gint64 most_us = MIN (MAX_WAIT_S, 1 << (attempt - 1)) * SECOND;
  double chance = self->chance != NULL ? self->chance (self->chance_data) : g_random_double ();

  return MAX ((gint64) (most_us * chance), retry_after_s * SECOND);
}

gboolean
dyno_retry_again (DynoRetry   *self,
                  guint        attempt,
                  DynoCallEnd  end,
                  guint        status,
                  gint64       retry_after_s,
                  gint64       left_us,
                  gint64      *wait_us)
{
  g_autoptr(GMutexLocker) locker = NULL;
  gint64 now_us;

  g_return_val_if_fail (self != NULL && wait_us != NULL && attempt >= 1, FALSE);

  if (attempt >= DYNO_RETRY_ATTEMPTS || !may_pass (end, status) || retry_after_s > MAX_WAIT_S)
    return FALSE;

  locker = g_mutex_locker_new (&self->mutex);
  now_us = enter_second (self);
  *wait_us = draw_wait_us (self, attempt, retry_after_s);
  if (*wait_us >= left_us || !has_budget (self))
    return FALSE;

  self->repeats[(now_us + *wait_us) / SECOND % RING]++;
  return TRUE;
}
