/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-clock.h"
#include "dyno-limit-class.h"
#include "dyno-limit-store.h"

G_BEGIN_DECLS

/* May this call be made, and how many more (service.md 4). Any thread: a call is judged
 * and debited as one under one lock.
 *
 *   DynoLimitCaller caller = { .address = name, .principal = "key_…", .per_minute = 120 };
 *   n = dyno_limit_plan (rules, route->limit_class, &caller, takes);
 *   if (!dyno_limit_take (limit, n, takes, now_us, &verdict))
 *     … 429, with the headers of dyno-limit-header.h in both cases
 *
 * Before the credential is looked at, dyno_limit_ask () with DYNO_LIMIT_BEFORE_AUTH says
 * whether the address has room; nothing is debited, for a refused call debits nothing.
 * A call whose credential proved bad takes DYNO_LIMIT_FAILED_AUTH, every other the class
 * of its route; both hold the address again and debit it then. */

/* What one policy of a call says. */
typedef struct
{
  const char *policy;    /* its name; static */
  gint64      limit;     /* L */
  gint64      window_us; /* W */
  gint64      remaining; /* after this call */
  gint64      until_us;  /* refused: until this call would be admitted; else until more remain, 0
                          * when nothing is used */
  gboolean    is_violated;
} DynoLimitReading;

typedef struct
{
  gboolean         is_admitted;
  gsize            n;
  DynoLimitReading readings[DYNO_LIMIT_MAX_TAKES]; /* in the order of the takes */
  gsize            tightest;      /* index: refused, the one that lasts longest; else the one with
                                   * the fewest left */
  gint64           retry_after_s; /* 0 when admitted; else 1 or more, with 0–10 % of jitter */
  gint64           wall_us;       /* the moment of the verdict, since 1970 */
} DynoLimitVerdict;

/* What one subject used in one calendar day: what survives a restart. */
typedef struct
{
  char   policy[24];
  char   subject[DYNO_LIMIT_SUBJECT_SIZE];
  gint64 window; /* days since 1970, UTC */
  gint64 count;
} DynoLimitDay;

/* Where those days are kept. Called without the lock. */
typedef struct
{
  /* Rows that changed since the last call; counts are whole, not added. */
  void (*save) (const DynoLimitDay *days,
                gsize               n,
                gpointer            data);
} DynoLimitKeeper;

/* The seam for another place of counting (Valkey). Thread-safe. */
typedef struct
{
  /* Judges all takes, then debits all of them or none; nothing when `is_question`.
   * Fills n readings. A policy that does not refuse is not violated, and is debited only
   * as far as it has room. */
  void    (*take)  (gpointer              backend,
                    gsize                 n,
                    const DynoLimitTake  *takes,
                    gboolean              is_question,
                    const DynoLimitNow   *now,
                    DynoLimitReading     *readings);
  void    (*rules) (gpointer              backend,
                    const DynoLimitRules *rules);
  void    (*load)  (gpointer              backend,
                    const DynoLimitDay   *days,
                    gsize                 n,
                    const DynoLimitNow   *now);
  /* Days changed since the last call. (transfer full) of DynoLimitDay */
  GArray *(*dirty) (gpointer              backend);
  void    (*free)  (gpointer              backend);
} DynoLimitOps;

typedef struct _DynoLimit DynoLimit;

/* `clock` (borrowed) tells the wall's time. */
DynoLimit *dyno_limit_new           (const DynoLimitRules  *rules,
                                     DynoClock             *clock);
DynoLimit *dyno_limit_new_with_ops  (const DynoLimitRules  *rules,
                                     DynoClock             *clock,
                                     const DynoLimitOps    *ops,
                                     gpointer               backend); /* (transfer full) */
void       dyno_limit_free          (DynoLimit             *self);

/* New settings. Counts stay where algorithm and window stay. */
void       dyno_limit_set_rules     (DynoLimit             *self,
                                     const DynoLimitRules  *rules);

/* 1 to DYNO_LIMIT_MAX_TAKES takes, each pair of policy and subject once. `now_us` is
 * monotonic. Answers whether the call is admitted. */
gboolean   dyno_limit_take          (DynoLimit             *self,
                                     gsize                  n,
                                     const DynoLimitTake   *takes,
                                     gint64                 now_us,
                                     DynoLimitVerdict      *verdict);
gboolean   dyno_limit_ask           (DynoLimit             *self,
                                     gsize                  n,
                                     const DynoLimitTake   *takes,
                                     gint64                 now_us,
                                     DynoLimitVerdict      *verdict);

/* How often that policy was violated. */
guint64    dyno_limit_get_rejected  (DynoLimit             *self,
                                     DynoLimitPolicyId      policy);

/* Rows of an earlier run; those of past days are left out. Once, before the first call. */
void       dyno_limit_load_days     (DynoLimit             *self,
                                     const DynoLimitDay    *days,
                                     gsize                  n,
                                     gint64                 now_us);
/* Hands what changed to `keeper`, if anything: every 10 s and at the end. */
void       dyno_limit_save_days     (DynoLimit             *self,
                                     const DynoLimitKeeper *keeper,
                                     gpointer               data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLimit, dyno_limit_free)

G_END_DECLS
