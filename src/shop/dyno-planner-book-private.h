/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"
#include "dyno-operation.h"
#include "dyno-planner-book.h"

G_BEGIN_DECLS

/* Counts the runs of a kept analysis; those that were counted stay as they are. What
 * goes wrong is logged: the analysis itself is as good without. */
void dyno_planner_count      (const DynoErrand   *errand,
                              const DynoAnalyse  *analyse);

/* What is remembered of a run beside its hits, as JSON: its rows by mode, and what the
 * analysis suspects. Added to the facts of a plan; `kinds` keeps the texts alive. */
void dyno_planner_read_facts (const char         *json,
                              DynoPlanFacts      *facts,
                              GPtrArray          *kinds);

G_END_DECLS
