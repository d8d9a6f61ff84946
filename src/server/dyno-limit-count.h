/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-limit-policy.h"

G_BEGIN_DECLS

/* The three algorithms (service.md 4.1) over what one subject has used of one policy.
 * All times are whole microseconds of the clock that the policy runs by: the wall's
 * where it is a calendar day, else the monotonic one. `limit` is L of this subject; T,
 * the time a token takes, is ⌈W / L⌉, so that rounding never gives one away.
 * Pure; whoever holds the count holds the lock. */

#define DYNO_LIMIT_SLOTS 60         /* K */
#define DYNO_LIMIT_SUBJECT_SIZE 120 /* bytes of a subject's name, NUL included */

/* Nothing used when all is zero. 136 bytes. */
typedef struct
{
  gint64  when;  /* the newest slot, the window, or TAT in µs */
  guint32 count; /* sum of the slots, or of the window */
  union
  {
    guint16 slots[DYNO_LIMIT_SLOTS + 1];      /* slot s stands at s mod 61 */
    char    subject[DYNO_LIMIT_SUBJECT_SIZE]; /* of a calendar day: whose it is */
  };
} DynoLimitCount;

/* What a forgotten count leaves to those that come after it. 16 bytes. */
typedef struct
{
  gint64  when;  /* the newest slot with something in it, the window, or TAT */
  guint32 share; /* of the limit, in 2⁻³¹; unused by a bucket */
} DynoLimitDebt;

#define DYNO_LIMIT_WHOLE_SHARE (1u << 31)

/* How many more calls of cost 1 are admitted now. Not below 0. */
gint64   dyno_limit_count_remaining (DynoLimitCount        *self,
                                     const DynoLimitPolicy *policy,
                                     gint64                 limit,
                                     gint64                 now_us);

/* Time in µs until `wanted` are admitted at once, when nothing else comes: 0 is now. W
 * for more than are ever admitted. */
gint64   dyno_limit_count_until     (DynoLimitCount        *self,
                                     const DynoLimitPolicy *policy,
                                     gint64                 limit,
                                     gint64                 wanted,
                                     gint64                 now_us);

/* Only after `remaining` said that there are so many. */
void     dyno_limit_count_debit     (DynoLimitCount        *self,
                                     const DynoLimitPolicy *policy,
                                     gint64                 limit,
                                     gint64                 cost,
                                     gint64                 now_us);

/* The share of the limit that is used now, 0 to DYNO_LIMIT_WHOLE_SHARE. */
guint32  dyno_limit_count_share     (DynoLimitCount        *self,
                                     const DynoLimitPolicy *policy,
                                     gint64                 limit,
                                     gint64                 now_us);

/* Adds what the count still owes to `debt`: whoever inherits `debt` later has at least
 * as much used, at every moment, as this one would have had. */
void     dyno_limit_count_leave     (DynoLimitCount        *self,
                                     const DynoLimitPolicy *policy,
                                     gint64                 limit,
                                     gint64                 now_us,
                                     DynoLimitDebt         *debt);

/* Makes a new count of what is left of `debt`. */
void     dyno_limit_count_inherit   (DynoLimitCount        *self,
                                     const DynoLimitPolicy *policy,
                                     gint64                 limit,
                                     gint64                 now_us,
                                     const DynoLimitDebt   *debt);

/* The number of the fixed window in which `now_us` lies: days since 1970 by the wall. */
gint64   dyno_limit_count_window    (const DynoLimitPolicy *policy,
                                     gint64                 now_us);

G_END_DECLS
