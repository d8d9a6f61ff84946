/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-limit-memory.h"

typedef struct
{
  GMutex          mutex;
  DynoLimitRules  rules; /* (lock) */
  DynoLimitStore *store; /* (owned) (lock) looks at rules */
} Memory;

gpointer
dyno_limit_memory_new (const DynoLimitRules *rules)
{
  Memory *self = g_new0 (Memory, 1);

  g_mutex_init (&self->mutex);
  self->rules = *rules;
  self->store = dyno_limit_store_new (self->rules.policies);

  return self;
}

static void
memory_free (gpointer backend)
{
  Memory *self = backend;

  dyno_limit_store_free (self->store);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
judge (const DynoLimitPolicy *policy,
       const DynoLimitTake   *take,
       DynoLimitWay          *way,
       gint64                 now_us,
       DynoLimitReading      *reading)
{
  reading->policy = policy->name;
  reading->limit = take->limit;
  reading->window_us = policy->window_us;
  reading->remaining = dyno_limit_count_remaining (&way->count, policy, take->limit, now_us);
  reading->is_violated = reading->remaining < take->cost && policy->refuses;
}

static void
debit (const DynoLimitPolicy *policy,
       const DynoLimitTake   *take,
       DynoLimitWay          *way,
       gint64                 now_us,
       DynoLimitReading      *reading)
{
  gint64 cost = MIN (take->cost, reading->remaining);

  dyno_limit_count_debit (&way->count, policy, take->limit, cost, now_us);
  way->is_dirty |= policy->is_calendar && cost > 0;
  reading->remaining -= cost;
}

/* The time until this call would be admitted, or until one more remains. */
static gint64
until (const DynoLimitPolicy  *policy,
       const DynoLimitTake    *take,
       DynoLimitWay           *way,
       gint64                  now_us,
       const DynoLimitReading *reading)
{
  gint64 most = policy->algorithm == DYNO_LIMIT_TOKEN_BUCKET ? policy->burst : take->limit;
  gint64 wanted = reading->is_violated ? take->cost : MIN (reading->remaining + 1, most);

  return dyno_limit_count_until (&way->count, policy, take->limit, wanted, now_us);
}

static void
memory_take (gpointer             backend,
             gsize                n,
             const DynoLimitTake *takes,
             gboolean             is_question,
             const DynoLimitNow  *now,
             DynoLimitReading    *readings)
{
  Memory *self = backend;
  DynoLimitWay *ways[DYNO_LIMIT_MAX_TAKES];
  gint64 now_us[DYNO_LIMIT_MAX_TAKES];
  gboolean is_refused = FALSE;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  dyno_limit_store_begin (self->store, now);
  for (gsize i = 0; i < n; i++)
    {
      const DynoLimitPolicy *policy = &self->rules.policies[takes[i].policy];

      now_us[i] = dyno_limit_now_of (now, policy);
      ways[i] = dyno_limit_store_get (self->store, takes[i].policy, takes[i].subject,
                                      takes[i].limit);
      judge (policy, &takes[i], ways[i], now_us[i], &readings[i]);
      is_refused |= readings[i].is_violated;
    }

  for (gsize i = 0; i < n; i++)
    {
      const DynoLimitPolicy *policy = &self->rules.policies[takes[i].policy];

      if (!is_refused && !is_question)
        debit (policy, &takes[i], ways[i], now_us[i], &readings[i]);
      readings[i].until_us = until (policy, &takes[i], ways[i], now_us[i], &readings[i]);
    }
}

static void
memory_rules (gpointer              backend,
              const DynoLimitRules *rules)
{
  Memory *self = backend;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (int i = 0; i < DYNO_N_POLICIES; i++)
    if (rules->policies[i].algorithm != self->rules.policies[i].algorithm
        || rules->policies[i].window_us != self->rules.policies[i].window_us)
      dyno_limit_store_forget (self->store, i);
  self->rules = *rules;
}

static int
find_calendar_policy (const Memory *self,
                      const char   *name)
{
  for (int i = 0; i < DYNO_N_POLICIES; i++)
    if (self->rules.policies[i].is_calendar && g_str_equal (self->rules.policies[i].name, name))
      return i;

  return -1;
}

/* The subject's own limit is not known before it calls. */
static void
load_day (Memory             *self,
          const DynoLimitDay *day,
          const DynoLimitNow *now)
{
  int id = find_calendar_policy (self, day->policy);
  gint64 limit;
  DynoLimitWay *way;

  if (id < 0 || day->count < 1 || day->count > DYNO_LIMIT_MAX_PER_DAY
      || day->window < dyno_limit_count_window (&self->rules.policies[id], now->wall_us))
    return;

  limit = MAX (self->rules.policies[id].limit, day->count);
  dyno_limit_store_begin (self->store, now);
  way = dyno_limit_store_get (self->store, id, day->subject, limit);
  way->count.when = day->window;
  way->count.count = MAX ((gint64) way->count.count, day->count);
}

static void
memory_load (gpointer            backend,
             const DynoLimitDay *days,
             gsize               n,
             const DynoLimitNow *now)
{
  Memory *self = backend;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (gsize i = 0; i < n; i++)
    load_day (self, &days[i], now);
}

typedef struct
{
  Memory *memory;
  GArray *days;
} Dirty;

static void
gather_day (DynoLimitWay *way,
            gpointer      data)
{
  Dirty *dirty = data;
  DynoLimitDay day = { .window = way->count.when, .count = way->count.count };

  if (!way->is_dirty)
    return;

  g_strlcpy (day.policy, dirty->memory->rules.policies[way->policy].name, sizeof day.policy);
  g_strlcpy (day.subject, way->count.subject, sizeof day.subject);
  g_array_append_val (dirty->days, day);
  way->is_dirty = FALSE;
}

static GArray *
memory_dirty (gpointer backend)
{
  Memory *self = backend;
  Dirty dirty = { self, g_array_new (FALSE, FALSE, sizeof (DynoLimitDay)) };
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  dyno_limit_store_foreach (self->store, gather_day, &dirty);

  return dirty.days;
}

const DynoLimitOps dyno_limit_memory_ops = {
  .take = memory_take,
  .rules = memory_rules,
  .load = memory_load,
  .dirty = memory_dirty,
  .free = memory_free,
};
