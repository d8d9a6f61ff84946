/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-lineup.h"
#include "dyno-pulls.h"

G_BEGIN_DECLS

/* When runs begin and end in a stream of batches: the detector of room analysis,
 * fed with the provider in use, at work while armed or while a run by hand is
 * open. Time is that of the samples; where they stop it goes on with the receive
 * clock. Pure; one thread at a time. */

typedef struct _DynoTrigger DynoTrigger;

/* `func` hears of runs only: STARTED, TAKEN_OVER, ENDED, RESUMED, KEPT, DISCARDED.
 * It must not call back. */
DynoTrigger *dyno_trigger_new         (DynoPullsFunc       func,
                                       gpointer            user_data);
void         dyno_trigger_free        (DynoTrigger        *self);

/* Off: a run that is open goes on to its end. */
void         dyno_trigger_arm         (DynoTrigger        *self,
                                       gboolean            is_on);
gboolean     dyno_trigger_is_armed    (const DynoTrigger  *self);
/* By hand. FALSE where one by hand is open already. */
gboolean     dyno_trigger_start       (DynoTrigger        *self);
/* FALSE where no run is open. */
gboolean     dyno_trigger_stop        (DynoTrigger        *self);
/* The stream is over: a run that is open ends as far as it came. */
void         dyno_trigger_finish      (DynoTrigger        *self);

/* `lineup` has seen the batch. */
void         dyno_trigger_push        (DynoTrigger        *self,
                                       const DynoLineup   *lineup,
                                       const DynoBatch    *batch);

/* The present moment on the axis of the stamps; 0 before the first sample. */
gint64       dyno_trigger_now_us      (const DynoTrigger  *self);
/* Arrival less stamp of the newest sample: from the one clock to the other. */
gint64       dyno_trigger_lag_us      (const DynoTrigger  *self);
/* The run that is open, from start to verdict; FALSE without one. */
gboolean     dyno_trigger_run         (const DynoTrigger  *self,
                                       DynoPullEvent      *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTrigger, dyno_trigger_free)

G_END_DECLS
