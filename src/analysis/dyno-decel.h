/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-decel-overlay.h"
#include "dyno-progress.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* Popping on a shut throttle (analysis.md 4.3): where the throttle closed, how lean
 * each cylinder went, and how much fuel would quiet it. Needs real time. Any
 * thread. */

/* What is looked at, a number a row; NaN where missing. Mixtures may be NULL. */
typedef struct
{
  gsize         n;
  const double *time_s;
  DynoNumbers   rpm;     /* (borrowed) */
  DynoNumbers   tps_pct; /* (borrowed) */
  const double *afr[DYNO_VE_CYLINDERS]; /* of petrol */
} DynoDecelRows;

typedef enum
{
  DYNO_DECEL_RULES_OURS,
  /* The original: 10 ms a row whatever the time says, and a missing throttle is
   * shut. For tests of its numbers. */
  DYNO_DECEL_RULES_COMPAT,
} DynoDecelRules;

/* What an adviser of a whole result found. Immutable. */
typedef struct
{
  GArray         *events;  /* (owned) of DynoDecelEvent, rows of the set, ascending */
  DynoDecelZones  zones;
  DynoGrid       *overlay; /* (owned) fraction to add; NaN: nothing to say */
} DynoDecel;

/* Appends DynoDecelEvent, rows counted from `offset`. Nothing is an event across a
 * step in time above `gap_s`. Cut short when cancelled. */
void        dyno_decel_find      (const DynoDecelRows *rows,
                                  DynoDecelRules       rules,
                                  double               gap_s,
                                  gsize                offset,
                                  GArray              *events,
                                  const DynoProgress  *progress);

/* With `decel_severity` of the options. (transfer full) */
DynoDecel  *dyno_decel_of_result (const DynoVeResult  *result,
                                  const DynoProgress  *progress);
void        dyno_decel_free      (DynoDecel           *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoDecel, dyno_decel_free)

G_END_DECLS
