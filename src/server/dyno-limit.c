/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-limit.h"

#include <stdatomic.h>

#include "dyno-limit-memory.h"

struct _DynoLimit
{
  const DynoLimitOps *ops;     /* (borrowed) static */
  gpointer            backend; /* (owned) by ops */
  DynoClock          *clock;   /* (borrowed) */
  _Atomic guint64     n_rejected[DYNO_N_POLICIES]; /* (atomic) read by metrics */
};

DynoLimit *
dyno_limit_new (const DynoLimitRules *rules,
                DynoClock            *clock)
{
  g_return_val_if_fail (rules != NULL, NULL);

  return dyno_limit_new_with_ops (rules, clock, &dyno_limit_memory_ops,
                                  dyno_limit_memory_new (rules));
}

DynoLimit *
dyno_limit_new_with_ops (const DynoLimitRules *rules,
                         DynoClock            *clock,
                         const DynoLimitOps   *ops,
                         gpointer              backend)
{
  DynoLimit *self;

  g_return_val_if_fail (rules != NULL && clock != NULL && ops != NULL, NULL);

  self = g_new0 (DynoLimit, 1);
  self->ops = ops;
  self->backend = backend;
  self->clock = clock;

  return self;
}

void
dyno_limit_free (DynoLimit *self)
{
  self->ops->free (self->backend);
  g_free (self);
}

void
dyno_limit_set_rules (DynoLimit            *self,
                      const DynoLimitRules *rules)
{
  g_return_if_fail (self != NULL && rules != NULL);

  self->ops->rules (self->backend, rules);
}

static gboolean
is_tighter (const DynoLimitVerdict *verdict,
            const DynoLimitReading *a,
            const DynoLimitReading *b)
{
  if (a->is_violated != b->is_violated)
    return a->is_violated;
  if (!verdict->is_admitted || a->remaining == b->remaining)
    return a->until_us > b->until_us;

  return a->remaining < b->remaining;
}

/* Callers that were refused together shall not all come back together. */
static gint64
retry_after_s (gint64 until_us)
{
  gint64 least = (until_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  gint64 late = until_us * (1.0 + g_random_double_range (0, 0.1)) / G_USEC_PER_SEC;

  return MAX (1, MAX (least, late));
}

static gboolean
conclude (DynoLimit           *self,
          const DynoLimitTake *takes,
          DynoLimitVerdict    *verdict)
{
  verdict->is_admitted = TRUE;
  for (gsize i = 0; i < verdict->n; i++)
    if (verdict->readings[i].is_violated)
      {
        verdict->is_admitted = FALSE;
        atomic_fetch_add_explicit (&self->n_rejected[takes[i].policy], 1, memory_order_relaxed);
      }

  verdict->tightest = 0;
  for (gsize i = 1; i < verdict->n; i++)
    if (is_tighter (verdict, &verdict->readings[i], &verdict->readings[verdict->tightest]))
      verdict->tightest = i;

  verdict->retry_after_s = 0;
  if (!verdict->is_admitted)
    verdict->retry_after_s = retry_after_s (verdict->readings[verdict->tightest].until_us);

  return verdict->is_admitted;
}

static gboolean
judge (DynoLimit           *self,
       gsize                n,
       const DynoLimitTake *takes,
       gboolean             is_question,
       gint64               now_us,
       DynoLimitVerdict    *verdict)
{
  DynoLimitNow now = { now_us, dyno_clock_real_us (self->clock) };

  verdict->n = n;
  verdict->wall_us = now.wall_us;
  self->ops->take (self->backend, n, takes, is_question, &now, verdict->readings);

  return conclude (self, takes, verdict);
}

gboolean
dyno_limit_take (DynoLimit           *self,
                 gsize                n,
                 const DynoLimitTake *takes,
                 gint64               now_us,
                 DynoLimitVerdict    *verdict)
{
  g_return_val_if_fail (self != NULL && verdict != NULL, FALSE);
  g_return_val_if_fail (n >= 1 && n <= DYNO_LIMIT_MAX_TAKES, FALSE);

  return judge (self, n, takes, FALSE, now_us, verdict);
}

gboolean
dyno_limit_ask (DynoLimit           *self,
                gsize                n,
                const DynoLimitTake *takes,
                gint64               now_us,
                DynoLimitVerdict    *verdict)
{
  g_return_val_if_fail (self != NULL && verdict != NULL, FALSE);
  g_return_val_if_fail (n >= 1 && n <= DYNO_LIMIT_MAX_TAKES, FALSE);

  return judge (self, n, takes, TRUE, now_us, verdict);
}

guint64
dyno_limit_get_rejected (DynoLimit         *self,
                         DynoLimitPolicyId  policy)
{
  g_return_val_if_fail (self != NULL && policy < DYNO_N_POLICIES, 0);

  return atomic_load_explicit (&self->n_rejected[policy], memory_order_relaxed);
}

void
dyno_limit_load_days (DynoLimit          *self,
                      const DynoLimitDay *days,
                      gsize               n,
                      gint64              now_us)
{
  DynoLimitNow now;

  g_return_if_fail (self != NULL && (days != NULL || n == 0));

  now = (DynoLimitNow) { now_us, dyno_clock_real_us (self->clock) };
  self->ops->load (self->backend, days, n, &now);
}

void
dyno_limit_save_days (DynoLimit             *self,
                      const DynoLimitKeeper *keeper,
                      gpointer               data)
{
  g_autoptr(GArray) days = NULL;

  g_return_if_fail (self != NULL && keeper != NULL);

  days = self->ops->dirty (self->backend);
  if (days->len > 0)
    keeper->save ((const DynoLimitDay *) days->data, days->len, data);
}
