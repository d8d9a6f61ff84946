/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-batch.h"
#include "dyno-clock.h"
#include "dyno-journal-file.h"

G_BEGIN_DECLS

/* The setting "whole day": everything that comes over the wire, in
 * journal/day-<UTC date>.jdj (with -2, -3 … when the program is started again on
 * that day), outside the chain. Belongs to the thread of the sink. */

typedef struct _DynoDayJournal DynoDayJournal;

DynoDayJournal *dyno_day_journal_new  (DynoJournal    *journal,
                                       DynoClock      *clock,
                                       const char     *folder,
                                       const char     *group,
                                       guint16         port);
/* Ends the file; `now_us` of the receive clock. */
void            dyno_day_journal_free (DynoDayJournal *self,
                                       gint64          now_us);
/* A new file begins with the first batch of a new day, at a key frame. */
void            dyno_day_journal_push (DynoDayJournal *self,
                                       DynoBatch      *batch);

G_END_DECLS
