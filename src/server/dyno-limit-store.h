/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-limit-count.h"

G_BEGIN_DECLS

/* Where counts are kept: 2,048 sets of 8 ways, of a size that never grows. A set that is
 * full gives up the way that owes the smallest share of its limit. What that one owed is
 * noted for its policy in this set, and each newcomer of that policy begins with it: who
 * is pushed out by a flood of other names and comes again never finds more left than he
 * had. The caller holds the lock. */

#define DYNO_LIMIT_STORE_SETS 2048
#define DYNO_LIMIT_STORE_WAYS 8

/* Both clocks at the moment of a call, in µs. */
typedef struct
{
  gint64 monotonic_us;
  gint64 wall_us; /* since 1970, UTC */
} DynoLimitNow;

typedef struct
{
  DynoLimitCount count;
  guint32        limit;    /* L of this subject */
  guint32        call;     /* the last call that asked for it: is not pushed out by it */
  guint8         policy;   /* DynoLimitPolicyId */
  guint8         is_dirty; /* a calendar day that changed since it was last saved */
} DynoLimitWay;

typedef struct _DynoLimitStore DynoLimitStore;

/* `policies` (borrowed) has DYNO_N_POLICIES entries and may change between calls, once
 * dyno_limit_store_forget () has been told which. */
DynoLimitStore *dyno_limit_store_new     (const DynoLimitPolicy *policies);
void            dyno_limit_store_free    (DynoLimitStore        *self);

/* Begins a call: what dyno_limit_store_get () answers stays until the next. */
void            dyno_limit_store_begin   (DynoLimitStore        *self,
                                          const DynoLimitNow    *now);
/* At most 8 in one call. `subject` is cut at DYNO_LIMIT_SUBJECT_SIZE. Never NULL. */
DynoLimitWay   *dyno_limit_store_get     (DynoLimitStore        *self,
                                          DynoLimitPolicyId      policy,
                                          const char            *subject,
                                          gint64                 limit);
/* Drops all counts of a policy whose algorithm or window is about to change. */
void            dyno_limit_store_forget  (DynoLimitStore        *self,
                                          DynoLimitPolicyId      policy);
void            dyno_limit_store_foreach (DynoLimitStore        *self,
                                          void (*visit) (DynoLimitWay *way,
                                                         gpointer      data),
                                          gpointer               data);

/* The time by which a policy runs. */
gint64          dyno_limit_now_of        (const DynoLimitNow    *now,
                                          const DynoLimitPolicy *policy);

/* Bytes that a store takes, all told: at most 3.5 MiB. */
gsize           dyno_limit_store_size    (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLimitStore, dyno_limit_store_free)

G_END_DECLS
