/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-limit-store.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-siphash.h"

/* The tags of a set fill one cache line; the ways are touched only on a match. */
typedef struct
{
  guint64       tags[DYNO_LIMIT_STORE_WAYS]; /* hash of (policy, subject); 0 is a free way */
  DynoLimitWay  ways[DYNO_LIMIT_STORE_WAYS];
  DynoLimitDebt debts[DYNO_N_POLICIES]; /* of those that this set gave up */
} Set;

struct _DynoLimitStore
{
  const DynoLimitPolicy *policies; /* (borrowed) */
  DynoSipKey             key;      /* of this start of the program */
  DynoLimitNow           now;
  guint32                call;
  Set                    sets[DYNO_LIMIT_STORE_SETS];
};

G_STATIC_ASSERT (sizeof (DynoLimitStore) <= 3584 * 1024);

DynoLimitStore *
dyno_limit_store_new (const DynoLimitPolicy *policies)
{
  DynoLimitStore *self = g_new0 (DynoLimitStore, 1);

  self->policies = policies;
  dyno_crypt_random (&self->key, sizeof self->key);

  return self;
}

void
dyno_limit_store_free (DynoLimitStore *self)
{
  g_free (self);
}

gsize
dyno_limit_store_size (void)
{
  return sizeof (DynoLimitStore);
}

gint64
dyno_limit_now_of (const DynoLimitNow    *now,
                   const DynoLimitPolicy *policy)
{
  return policy->is_calendar ? now->wall_us : now->monotonic_us;
}

void
dyno_limit_store_begin (DynoLimitStore     *self,
                        const DynoLimitNow *now)
{
  self->now = *now;
  self->call++;
}

static guint64
hash_of (DynoLimitStore    *self,
         DynoLimitPolicyId  policy,
         const char        *subject)
{
  guint8 key[1 + DYNO_LIMIT_SUBJECT_SIZE];
  gsize length = strnlen (subject, DYNO_LIMIT_SUBJECT_SIZE - 1);
  guint64 hash;

  key[0] = policy;
  memcpy (key + 1, subject, length);
  hash = dyno_siphash (&self->key, key, 1 + length);

  return MAX (hash, 1);
}

/* What a way owes now, as a share of its limit. */
static guint32
share_of (DynoLimitStore *self,
          DynoLimitWay   *way)
{
  const DynoLimitPolicy *policy = &self->policies[way->policy];

  return dyno_limit_count_share (&way->count, policy, way->limit,
                                 dyno_limit_now_of (&self->now, policy));
}

/* A free way, else the one that owes least and is not of this call. */
static gsize
find_victim (DynoLimitStore *self,
             Set            *set)
{
  guint64 least = G_MAXUINT64;
  gsize victim = 0;

  for (gsize i = 0; i < DYNO_LIMIT_STORE_WAYS && least > 0; i++)
    {
      guint64 share;

      if (set->tags[i] == 0)
        return i;
      if (set->ways[i].call == self->call)
        continue;
      share = share_of (self, &set->ways[i]);
      if (share < least)
        {
          least = share;
          victim = i;
        }
    }

  return victim;
}

static void
give_up (DynoLimitStore *self,
         Set            *set,
         DynoLimitWay   *way)
{
  const DynoLimitPolicy *policy = &self->policies[way->policy];

  dyno_limit_count_leave (&way->count, policy, way->limit,
                          dyno_limit_now_of (&self->now, policy), &set->debts[way->policy]);
}

static DynoLimitWay *
make_way (DynoLimitStore    *self,
          Set               *set,
          guint64            tag,
          DynoLimitPolicyId  id,
          const char        *subject,
          gint64             limit)
{
  const DynoLimitPolicy *policy = &self->policies[id];
  gsize i = find_victim (self, set);
  DynoLimitWay *way = &set->ways[i];

  if (set->tags[i] != 0)
    give_up (self, set, way);

  set->tags[i] = tag;
  *way = (DynoLimitWay) { .policy = id };
  dyno_limit_count_inherit (&way->count, policy, limit, dyno_limit_now_of (&self->now, policy),
                            &set->debts[id]);
  if (policy->is_calendar)
    g_strlcpy (way->count.subject, subject, sizeof way->count.subject);

  return way;
}

DynoLimitWay *
dyno_limit_store_get (DynoLimitStore    *self,
                      DynoLimitPolicyId  policy,
                      const char        *subject,
                      gint64             limit)
{
  guint64 tag = hash_of (self, policy, subject);
  Set *set = &self->sets[tag % DYNO_LIMIT_STORE_SETS];
  DynoLimitWay *way = NULL;

  for (gsize i = 0; i < DYNO_LIMIT_STORE_WAYS && way == NULL; i++)
    if (set->tags[i] == tag)
      way = &set->ways[i];
  if (way == NULL)
    way = make_way (self, set, tag, policy, subject, limit);

  way->limit = limit;
  way->call = self->call;
  return way;
}

void
dyno_limit_store_forget (DynoLimitStore    *self,
                         DynoLimitPolicyId  policy)
{
  for (gsize s = 0; s < DYNO_LIMIT_STORE_SETS; s++)
    {
      self->sets[s].debts[policy] = (DynoLimitDebt) { 0 };
      for (gsize i = 0; i < DYNO_LIMIT_STORE_WAYS; i++)
        if (self->sets[s].ways[i].policy == policy)
          self->sets[s].tags[i] = 0;
    }
}

void
dyno_limit_store_foreach (DynoLimitStore *self,
                          void (*visit) (DynoLimitWay *way,
                                         gpointer      data),
                          gpointer        data)
{
  for (gsize s = 0; s < DYNO_LIMIT_STORE_SETS; s++)
    for (gsize i = 0; i < DYNO_LIMIT_STORE_WAYS; i++)
      if (self->sets[s].tags[i] != 0)
        visit (&self->sets[s].ways[i], data);
}
